/* SPDX-License-Identifier: Apache-2.0
 *
 * The simulated crash test: the real storage on a disk that loses power. One thread plays four
 * writers, group commit and the background jobs in an order drawn from the seed; at a random call
 * the machine goes down (power loss or kill -9), also during recovery, and comes back.
 *
 * The oracle is a model outside: the transactions that were acknowledged, in order, and those whose
 * commit was asked for but not answered. After each recovery the tables must be exactly the acked
 * transactions plus some of the others, each whole; what was once shown must stay. Every
 * transaction leaves a row with its number in a table of its own, which tells which of the
 * unanswered ones arrived.
 *
 * Usage: simcrash [histories] [seed]. Prints one line that must have zeros, then (not in release
 * builds) plants five bugs in the protocol and counts how many of them are caught.
 */
#define GOTGAN_BASE_MAY_ALLOCATE
#include "base/fault_point.h"
#include "storage/plant.h"
#include "tests/storage_fixture.h"

enum {
    TABLES = 3,
    LOG_TABLE = 100, /* a row per transaction */
    WRITERS = 4,
    CRASHES = 4,
    KEYS_MAX = 1 << 17,
    OPERATIONS_MAX = 24,
    TRANSACTIONS_MAX = 4096,
    OBJECTS = 8,
    STEPS = 160,
    OID_FIRST = 16384,
};

typedef enum OperationKind { INSERT_ROWS, DELETE_ROW, UPDATE_ROW, PUT_OBJECT } OperationKind;
typedef struct Operation {
    OperationKind kind;
    i32 table;
    i64 key, count; /* INSERT: first and how many; DELETE: key; UPDATE: key, count = new key */
} Operation;

typedef enum Fate { FATE_OPEN, FATE_IN_DOUBT, FATE_ACKED, FATE_GONE } Fate;
typedef struct Planned {
    Fate fate;
    i64 order; /* of its commit_begin */
    i32 count;
    Operation operations[OPERATIONS_MAX];
} Planned;

typedef struct Writer {
    Transaction *transaction;
    i32 number; /* of its Planned */
    Ticket ticket;
    bool committing;
} Writer;

typedef struct Tally {
    i64 histories, recoveries, acked_lost, unacked_visible, partial, wrong_rows, refused;
} Tally;

typedef struct History {
    Platform *disk;
    Storage *storage;
    Tally *tally;
    Planned *planned;
    i32 planned_count;
    i64 order_next, key_next;
    u8 *present[TABLES]; /* by key: rows of committed transactions */
    u8 *busy;            /* keys that an open transaction changes: whose */
    i32 object_values[OBJECTS];
    bool object_busy[OBJECTS];
    bool talk; /* a single history: say what is wrong */
    Writer writers[WRITERS];
} History;

static void *take(size_t bytes)
{
    void *memory = calloc(1, bytes);
    verify(memory != NULL);
    return memory;
}

static u64 draw(History *h, u64 below)
{
    return sim_random(h->disk) % below;
}

static i64 violations(const Tally *t)
{
    return t->acked_lost + t->unacked_visible + t->partial + t->wrong_rows + t->refused;
}

/* ---- the model ---- */

static void model_apply(History *h, const Planned *planned)
{
    for (i32 i = 0; i < planned->count; i++) {
        const Operation *op = &planned->operations[i];
        switch (op->kind) {
        case INSERT_ROWS:
            memset(h->present[op->table] + op->key, 1, (size_t)op->count);
            break;
        case DELETE_ROW:
            h->present[op->table][op->key] = 0;
            break;
        case UPDATE_ROW:
            h->present[op->table][op->key] = 0;
            h->present[op->table][op->count] = 1;
            break;
        case PUT_OBJECT:
            h->object_values[op->key] = (i32)op->count;
            break;
        }
    }
}

static void forget_busy(History *h, const Planned *planned)
{
    for (i32 i = 0; i < planned->count; i++) {
        const Operation *op = &planned->operations[i];
        if (op->kind == DELETE_ROW || op->kind == UPDATE_ROW)
            h->busy[op->key] = 0;
        if (op->kind == PUT_OBJECT)
            h->object_busy[op->key] = false;
    }
}

/* ---- writers ---- */

static Operation *operation_add(Planned *planned, OperationKind kind, i32 table, i64 key, i64 count)
{
    Operation *op = &planned->operations[planned->count++];
    *op = (Operation){kind, table, key, count};
    return op;
}

static void writer_insert(History *h, Writer *writer)
{
    i32 table = (i32)draw(h, TABLES);
    i64 count = draw(h, 12) == 0 ? 900 + (i64)draw(h, 700) : 1 + (i64)draw(h, 20);
    if (h->key_next + count + 64 >= KEYS_MAX)
        return;
    Planned *planned = &h->planned[writer->number];
    if (!fixture_insert(writer->transaction, (TableId)table + 1, h->key_next, count))
        return; /* down, or refused: the transaction will not commit (below) */
    operation_add(planned, INSERT_ROWS, table, h->key_next, count);
    h->key_next += count;
}

typedef struct Victim {
    History *h;
    u8 mark;       /* of the writer, in busy */
    i64 own;       /* rows that it deleted itself, and sees */
    i64 seen, key; /* rows to choose from; the chosen one */
    RowId row;
} Victim;

static u8 busy_mark(const History *h, const Writer *writer)
{
    return (u8)(1 + (writer - h->writers));
}

/* Reservoir sampling of a row nobody else touches. */
static void choose_victim(void *state, i64 key, RowId row)
{
    Victim *victim = state;
    victim->own += victim->h->busy[key] == victim->mark;
    if (victim->h->busy[key])
        return;
    if (draw(victim->h, (u64)++victim->seen) == 0) {
        victim->key = key;
        victim->row = row;
    }
}

static void writer_modify(History *h, Writer *writer)
{
    Planned *planned = &h->planned[writer->number];
    i32 table = (i32)draw(h, TABLES);
    Snapshot *snapshot;
    Error error;
    Arena arena;
    Victim victim = {.h = h, .mark = busy_mark(h, writer)};
    transaction_next_statement(writer->transaction);
    if (!transaction_snapshot(writer->transaction, &snapshot, &error))
        return;
    FixtureScan scan = fixture_scan(snapshot, (TableId)table + 1, choose_victim, &victim);
    snapshot_close(snapshot);
    h->tally->wrong_rows += scan.bad + victim.own + (scan.failed && !sim_is_down(h->disk));
    if (h->talk && (scan.bad || victim.own || scan.failed))
        printf("table %d: %lld bad rows, %lld deleted ones, failed %d\n", table + 1,
               (long long)scan.bad, (long long)victim.own, scan.failed);
    if (victim.seen == 0 || scan.failed)
        return;
    arena_open(&arena, NULL);
    bool update = draw(h, 2);
    i64 new_key = update ? h->key_next++ : 0;
    Chunk chunk = fixture_chunk(&arena, new_key, 1);
    ModifyStatus status = MODIFY_GONE;
    ModifyCall call = {.rows = &victim.row,
                       .n = 1,
                       .new_rows = update ? &chunk : NULL,
                       .status = &status,
                       .ticket = &writer->ticket};
    bool good = native_access.modify(writer->transaction, (TableId)table + 1, &call, &error);
    arena_close(&arena);
    if (!good)
        return;
    h->tally->wrong_rows += status != MODIFY_DONE;
    if (h->talk && status != MODIFY_DONE)
        printf("table %d key %lld: modify answered %d\n", table + 1, (long long)victim.key,
               (i32)status);
    h->busy[victim.key] = victim.mark;
    operation_add(planned, update ? UPDATE_ROW : DELETE_ROW, table, victim.key, new_key);
}

static void writer_object(History *h, Writer *writer)
{
    u32 object = (u32)draw(h, OBJECTS);
    char bytes[32], name[32];
    Error error;
    if (h->object_busy[object])
        return;
    snprintf(bytes, sizeof bytes, "%d", writer->number);
    snprintf(name, sizeof name, "object %u", object);
    StoredObject stored = {.object_class = 1,
                           .oid = OID_FIRST + object,
                           .key = {1, 0, 0, text_from(name)},
                           .bytes = text_from(bytes)};
    if (object_put(writer->transaction, &stored, &writer->ticket, &error) != WRITE_DONE)
        return;
    h->object_busy[object] = true;
    operation_add(&h->planned[writer->number], PUT_OBJECT, 0, object, writer->number);
}

static void writer_begin(History *h, Writer *writer)
{
    if (h->planned_count == TRANSACTIONS_MAX)
        return;
    *writer = (Writer){.transaction = fixture_begin(h->storage, READ_COMMITTED),
                       .number = h->planned_count++};
    h->planned[writer->number] = (Planned){.fate = FATE_OPEN};
}

static void writer_end(History *h, Writer *writer, Fate fate)
{
    Planned *planned = &h->planned[writer->number];
    planned->fate = fate;
    if (fate == FATE_ACKED)
        model_apply(h, planned);
    if (fate != FATE_IN_DOUBT)
        forget_busy(h, planned);
    writer->transaction = NULL;
    writer->committing = false;
}

static void writer_commit(History *h, Writer *writer)
{
    Error error;
    Planned *planned = &h->planned[writer->number];
    if (!fixture_insert(writer->transaction, LOG_TABLE, writer->number + 1, 1)) {
        transaction_rollback(writer->transaction);
        writer_end(h, writer, FATE_GONE);
        return;
    }
    planned->order = h->order_next++;
    ticket_arm(&writer->ticket, NULL, NULL);
    WriteStatus status = transaction_commit_begin(writer->transaction, &writer->ticket, &error);
    writer->committing = status == WRITE_WAIT;
    if (status != WRITE_WAIT)
        writer_end(h, writer, FATE_GONE);
}

/* Acks count while the machine is up. */
static void collect_answers(History *h)
{
    for (i32 i = 0; i < WRITERS; i++) {
        Writer *writer = &h->writers[i];
        if (!writer->committing || ticket_state(&writer->ticket) == TICKET_WAITING)
            continue;
        bool granted = ticket_state(&writer->ticket) == TICKET_GRANTED && !sim_is_down(h->disk);
        writer_end(h, writer, granted ? FATE_ACKED : FATE_IN_DOUBT);
    }
}

static void writer_step(History *h, Writer *writer)
{
    if (writer->committing)
        return;
    if (!writer->transaction) {
        writer_begin(h, writer);
        return;
    }
    u64 what = draw(h, 10);
    if (h->planned[writer->number].count == OPERATIONS_MAX || what == 0)
        writer_commit(h, writer);
    else if (what < 5)
        writer_insert(h, writer);
    else if (what < 8)
        writer_modify(h, writer);
    else if (what < 9)
        writer_object(h, writer);
    else {
        transaction_rollback(writer->transaction);
        writer_end(h, writer, FATE_GONE);
    }
}

/* ---- running until the machine goes down ---- */

static void job_step(History *h)
{
    i32 count;
    Error error;
    const StorageJob *jobs = storage_jobs(&count);
    const StorageJob *job = &jobs[draw(h, (u64)count)];
    if (job->ready(h->storage))
        (void)!job->step(h->storage, &error); /* it fails when the machine goes down */
}

static void run(History *h)
{
    Error error;
    for (i32 step = 0; step < STEPS && !sim_is_down(h->disk); step++) {
        u64 what = draw(h, 20);
        if (what < 12)
            writer_step(h, &h->writers[draw(h, WRITERS)]);
        else if (what < 15)
            commit_step(h->storage);
        else if (what < 18)
            job_step(h);
        else if (what < 19)
            sim_advance(h->disk, 1000000 * (i64)draw(h, 400));
        else
            (void)!storage_checkpoint(h->storage, &error); /* as above */
        collect_answers(h);
    }
}

/* The process is gone: nothing is answered any more. */
static void abandon(History *h)
{
    Error error;
    commit_step(h->storage); /* frees what is queued: every call fails */
    for (i32 i = 0; i < WRITERS; i++) {
        Writer *writer = &h->writers[i];
        if (!writer->transaction)
            continue;
        if (writer->committing) {
            writer_end(h, writer, FATE_IN_DOUBT);
            continue;
        }
        transaction_rollback(writer->transaction);
        writer_end(h, writer, FATE_GONE);
    }
    bool closed = storage_close(h->storage, CLOSE_ABANDON, &error);
    verify(closed);
    h->storage = NULL;
}

/* ---- looking ---- */

typedef struct Seen {
    u8 *found; /* by key */
    i64 duplicates;
} Seen;

static void look_at(void *state, i64 key, RowId row)
{
    Seen *seen = state;
    if (key < 0 || key >= KEYS_MAX || seen->found[key])
        seen->duplicates++;
    else
        seen->found[key] = 1;
}

static Seen look(History *h, Snapshot *snapshot, TableId table)
{
    Seen result = {.found = take(KEYS_MAX)};
    FixtureScan scan = fixture_scan(snapshot, table, look_at, &result);
    h->tally->wrong_rows += scan.bad + result.duplicates + (scan.count < 0) + scan.failed;
    return result;
}

/* Which of the unanswered transactions arrived; what must not be missing, or there. */
static void settle_fates(History *h, const u8 *logged)
{
    for (i32 i = 0; i < h->planned_count; i++) {
        Planned *planned = &h->planned[i];
        bool there = logged[i + 1];
        h->tally->acked_lost += planned->fate == FATE_ACKED && !there;
        h->tally->unacked_visible += planned->fate == FATE_GONE && there;
    }
    /* In the order of their LSNs: arrived ones are committed from now on. */
    for (i64 order = 0; order < h->order_next; order++)
        for (i32 i = 0; i < h->planned_count; i++) {
            Planned *planned = &h->planned[i];
            if (planned->fate != FATE_IN_DOUBT || planned->order != order)
                continue;
            planned->fate = logged[i + 1] ? FATE_ACKED : FATE_GONE;
            forget_busy(h, planned);
            if (logged[i + 1])
                model_apply(h, planned);
        }
}

static void compare_rows(History *h, const u8 *found, i32 table)
{
    i64 missing = 0, extra = 0;
    for (i64 key = 0; key < KEYS_MAX; key++) {
        missing += h->present[table][key] && !found[key];
        extra += !h->present[table][key] && found[key];
        if (h->talk && h->present[table][key] != found[key])
            printf("table %d key %lld: %s\n", table + 1, (long long)key,
                   found[key] ? "should not be there" : "missing");
    }
    h->tally->partial += missing > 0;
    h->tally->wrong_rows += extra;
}

static void compare_objects(History *h, const Snapshot *snapshot)
{
    for (u32 i = 0; i < OBJECTS; i++) {
        const StoredObject *object = object_get(snapshot, 1, OID_FIRST + i);
        char bytes[32];
        snprintf(bytes, sizeof bytes, "%d", h->object_values[i]);
        bool same = object ? h->object_values[i] >= 0 && text_equal(object->bytes, text_from(bytes))
                           : h->object_values[i] < 0;
        h->tally->wrong_rows += !same;
    }
}

static void examine(History *h)
{
    Snapshot *snapshot;
    Error error;
    bool got = snapshot_newest(h->storage, &snapshot, &error);
    verify(got);
    Seen logged = look(h, snapshot, LOG_TABLE);
    settle_fates(h, logged.found);
    free(logged.found);
    for (i32 table = 0; table < TABLES; table++) {
        Seen rows = look(h, snapshot, (TableId)table + 1);
        compare_rows(h, rows.found, table);
        free(rows.found);
    }
    compare_objects(h, snapshot);
    snapshot_close(snapshot);
}

/* ---- one history ---- */

/* The machine may go down at any named point. Where no lock of Storage is held other threads may
 * come in between: a job's step, and the group commit. */
static void fault_point(void *state, const char *name)
{
    History *h = state;
    if (draw(h, 100) == 0)
        sim_crash_at(h->disk, sim_calls(h->disk));
    if (strncmp(name, "between_", 8) != 0 || draw(h, 4))
        return;
    job_step(h);
    if (draw(h, 2))
        commit_step(h->storage);
}

/* Opens after a crash; recovery may crash, too. False: it refuses to start. */
static bool recover(History *h)
{
    StorageOptions options = fixture_options(h->disk);
    options.checkpoint_us = 20000000;
    options.checkpoint_wal_bytes = 100000;
    options.wal_file_bytes = 32 << 10;
    Error error;
    for (;;) {
        sim_restart(h->disk, draw(h, 2) ? SIM_POWER_LOSS : SIM_KILL);
        if (draw(h, 3) == 0)
            sim_crash_at(h->disk, sim_calls(h->disk) + (i64)draw(h, 30));
        h->tally->recoveries++;
        if (storage_open(&options, &h->storage, &error))
            return true;
        if (sim_is_down(h->disk))
            continue;
        h->tally->refused++;
        if (h->talk)
            printf("refused: %s %s\n", error.message, error.detail);
        return false;
    }
}

static void make_tables(History *h)
{
    Transaction *t = fixture_begin(h->storage, READ_COMMITTED);
    for (TableId table = 1; table <= TABLES; table++)
        fixture_define(t, table);
    fixture_define(t, LOG_TABLE);
    bool committed = fixture_commit(h->storage, t);
    verify(committed);
}

static void history_run(u64 seed, Tally *tally, bool talk)
{
    History h = {.disk = sim_open(seed), .tally = tally, .key_next = 1, .talk = talk};
    h.planned = take(TRANSACTIONS_MAX * sizeof *h.planned);
    h.busy = take(KEYS_MAX);
    for (i32 i = 0; i < TABLES; i++)
        h.present[i] = take(KEYS_MAX);
    memset(h.object_values, -1, sizeof h.object_values);
    h.storage = fixture_open(h.disk);
    make_tables(&h);
    for (i32 crash = 0; crash < CRASHES; crash++) {
        sim_crash_at(h.disk,
                     sim_calls(h.disk) + (i64)(draw(&h, 3) ? 5 + draw(&h, 250) : draw(&h, 40)));
        fault_point_watch(fault_point, &h);
        run(&h);
        fault_point_watch(NULL, NULL);
        abandon(&h);
        if (!recover(&h))
            break;
        sim_crash_at(h.disk, -1); /* reading must not meet the crash */
        examine(&h);
    }
    if (h.storage) {
        sim_crash_at(h.disk, -1);
        abandon(&h);
        sim_restart(h.disk, SIM_POWER_LOSS);
        StorageOptions options = fixture_options(h.disk);
        Error error;
        tally->recoveries++;
        if (storage_open(&options, &h.storage, &error)) {
            examine(&h);
            tally->wrong_rows += storage_check(h.storage, NULL, NULL, &error) != 0;
            abandon(&h);
        } else {
            tally->refused++;
        }
    }
    tally->histories++;
    free(h.planned);
    free(h.busy);
    for (i32 i = 0; i < TABLES; i++)
        free(h.present[i]);
    sim_close(h.disk);
}

static bool run_all(i64 count, u64 seed)
{
    Tally tally = {0};
    for (i64 i = 0; i < count; i++) {
        i64 before = violations(&tally);
        history_run(seed + (u64)i, &tally, count == 1);
        if (violations(&tally) > before)
            printf("violation in history with seed %llu: simcrash 1 %llu\n",
                   (unsigned long long)(seed + (u64)i), (unsigned long long)(seed + (u64)i));
    }
    printf("simcrash: histories=%lld recoveries=%lld acked_lost=%lld unacked_visible=%lld "
           "partial_txn=%lld wrong_rows=%lld refused=%lld seed=%llu\n",
           (long long)tally.histories, (long long)tally.recoveries, (long long)tally.acked_lost,
           (long long)tally.unacked_visible, (long long)tally.partial, (long long)tally.wrong_rows,
           (long long)tally.refused, (unsigned long long)seed);
    return tally.histories > 0 && violations(&tally) == 0;
}

#ifndef NDEBUG
static bool plant_all(i64 limit, u64 seed)
{
    static const struct {
        PlantedBug bug;
        const char *name;
    } plants[] = {
        {PLANT_NO_DIRECTORY_SYNC, "no directory sync after a new log file"},
        {PLANT_RENAME_BEFORE_SYNC, "MANIFEST renamed before its sync"},
        {PLANT_ACK_BEFORE_SYNC, "answer before sync"},
        {PLANT_RECOVERY_WITHOUT_SYNC, "recovery does not sync what it shows"},
        {PLANT_LOST_DELETE, "deletes lost by flush and merge"},
        {PLANT_DELETES_WITHOUT_SYNC, "delete vectors named before their sync"},
    };
    i32 caught = 0;
    for (i32 p = 0; p < countof(plants); p++) {
        Tally tally = {0};
        plant_bug(plants[p].bug);
        while (tally.histories < limit && violations(&tally) == 0)
            history_run(seed + 500000 + (u64)tally.histories, &tally, false);
        plant_bug(PLANT_NOTHING);
        caught += violations(&tally) > 0;
        printf("  %s: %s after %lld histories\n", plants[p].name,
               violations(&tally) ? "caught" : "NOT caught", (long long)tally.histories);
    }
    printf("planted bugs caught=%d/%d\n", caught, countof(plants));
    return caught == countof(plants);
}
#else
static bool plant_all(i64 limit, u64 seed)
{
    return true; /* release builds have no planted bugs */
}
#endif

int main(int count, char **arguments)
{
    i64 histories = count > 1 ? strtoll(arguments[1], NULL, 10) : 300;
    u64 seed = count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    bool good = run_all(histories, seed);
    if (histories > 1)
        good = plant_all(histories, seed) && good;
    return good ? 0 : 1;
}
