/* SPDX-License-Identifier: Apache-2.0
 *
 * The I/O error sweep: a script of storage calls on a platform that fails its k-th call, once or
 * from then on, for k = 0, 1, 2, ... until the script meets no failure; with an I/O error, a full
 * disk and short transfers. After each run the directory is opened again without failures: every
 * answered commit must be there whole, every rolled back one absent, and storage_check content.
 *
 * Usage: faultsweep [step]. Every step-th k is tried (1: all).
 */
#include "base/platform_fault.h"
#include "tests/storage_fixture.h"

enum { TABLE = 9, COMMITS = 6, PER_COMMIT_MAX = 1500 };

typedef enum Answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO } Answer;

typedef struct Run {
    Platform *disk, *failing;
    Storage *storage;
    Answer answers[COMMITS];
    bool deleted[COMMITS]; /* its first row was deleted by a commit that was answered */
    bool delete_unknown[COMMITS];
} Run;

static const i64 sizes[COMMITS] = {5, 1500, 40, 1200, 7, 1300};

static i64 first_key(i32 commit)
{
    return 10000 * (i64)(commit + 1);
}

static StorageOptions options_for(Platform *platform)
{
    StorageOptions options = fixture_options(platform);
    options.wal_file_bytes = 16 << 10;
    return options;
}

/* 1: committed, 0: certainly not, -1: nobody knows. */
static i32 try_commit(Storage *storage, Transaction *transaction)
{
    Ticket ticket = {0};
    Error error;
    ticket_arm(&ticket, NULL, NULL);
    if (transaction_commit_begin(transaction, &ticket, &error) != WRITE_WAIT)
        return 0;
    commit_step(storage);
    return ticket_state(&ticket) == TICKET_GRANTED ? 1 : -1;
}

static void insert_step(Run *run, i32 commit)
{
    Transaction *t = fixture_begin(run->storage, READ_COMMITTED);
    if (!fixture_insert(t, TABLE, first_key(commit), sizes[commit])) {
        transaction_rollback(t);
        run->answers[commit] = ANSWER_NO;
        return;
    }
    i32 result = try_commit(run->storage, t);
    run->answers[commit] = result == 1 ? ANSWER_YES : result == 0 ? ANSWER_NO : ANSWER_NONE;
}

typedef struct Wanted {
    i64 key;
    RowId row;
    bool found;
} Wanted;

static void look_for(void *state, i64 key, RowId row)
{
    Wanted *wanted = state;
    if (key == wanted->key) {
        wanted->row = row;
        wanted->found = true;
    }
}

static void delete_step(Run *run, i32 commit)
{
    Error error;
    Snapshot *snapshot;
    Wanted wanted = {.key = first_key(commit)};
    ModifyStatus status = MODIFY_GONE;
    Transaction *t = fixture_begin(run->storage, READ_COMMITTED);
    bool good = transaction_snapshot(t, &snapshot, &error);
    verify(good);
    fixture_scan(snapshot, TABLE, look_for, &wanted);
    snapshot_close(snapshot);
    ModifyCall call = {.rows = &wanted.row, .n = 1, .status = &status};
    if (!wanted.found || !native_access.modify(t, TABLE, &call, &error) || status != MODIFY_DONE) {
        transaction_rollback(t);
        return;
    }
    i32 result = try_commit(run->storage, t);
    run->deleted[commit] = result == 1;
    run->delete_unknown[commit] = result == -1;
}

static void jobs_step(Run *run)
{
    i32 count;
    Error error;
    const StorageJob *jobs = storage_jobs(&count);
    for (i32 i = 0; i < count; i++)
        if (jobs[i].ready(run->storage))
            (void)!jobs[i].step(run->storage, &error); /* it may fail: that is the test */
}

static void script(Run *run)
{
    Error error;
    StorageOptions options = options_for(run->failing);
    if (!storage_open(&options, &run->storage, &error))
        return;
    for (i32 commit = 0; commit < COMMITS; commit++) {
        insert_step(run, commit);
        if (commit % 2 == 1)
            delete_step(run, commit - 1);
        jobs_step(run);
        if (commit == 3)
            (void)!storage_checkpoint(run->storage, &error); /* as above */
    }
    (void)!storage_close(run->storage, CLOSE_CHECKPOINT, &error);
    run->storage = NULL;
}

typedef struct Keys {
    i64 counts[COMMITS];
    bool first[COMMITS];
    i64 strange;
} Keys;

static void count_key(void *state, i64 key, RowId row)
{
    Keys *keys = state;
    i64 commit = key / 10000 - 1;
    if (commit < 0 || commit >= COMMITS || key - first_key((i32)commit) >= sizes[commit]) {
        keys->strange++;
        return;
    }
    keys->counts[commit]++;
    keys->first[commit] |= key == first_key((i32)commit);
}

/* Number of things that are wrong. */
static i64 examine(Run *run)
{
    Error error;
    Snapshot *snapshot;
    Keys keys = {0};
    run->storage = fixture_open(run->disk);
    bool got = snapshot_newest(run->storage, &snapshot, &error);
    verify(got);
    FixtureScan scan = fixture_scan(snapshot, TABLE, count_key, &keys);
    snapshot_close(snapshot);
    i64 wrong = keys.strange + scan.bad + scan.failed;
    for (i32 commit = 0; commit < COMMITS; commit++) {
        bool gone = !keys.first[commit] && (run->deleted[commit] || run->delete_unknown[commit]);
        bool whole = keys.counts[commit] == sizes[commit] - gone;
        bool none = keys.counts[commit] == 0;
        Answer answer = run->answers[commit];
        wrong += answer == ANSWER_YES ? !whole : answer == ANSWER_NO ? !none : !whole && !none;
        wrong += run->deleted[commit] && keys.first[commit];
    }
    wrong += storage_check(run->storage, NULL, NULL, &error) != 0;
    fixture_close(run->storage);
    return wrong;
}

static void make_table(Platform *disk)
{
    Storage *storage = fixture_open(disk);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    fixture_define(t, TABLE);
    bool committed = fixture_commit(storage, t);
    verify(committed);
    fixture_close(storage);
}

typedef struct Sweep {
    i64 points, wrong;
} Sweep;

/* True: the plan hit something. */
static bool try_plan(FaultPlan plan, Sweep *sweep)
{
    Run run = {.disk = sim_open(11)};
    make_table(run.disk);
    run.failing = fault_open(run.disk);
    fault_plan(run.failing, plan);
    script(&run);
    bool hit = fault_failures(run.failing) > 0;
    fault_close(run.failing);
    sim_restart(run.disk, SIM_POWER_LOSS);
    i64 wrong = examine(&run);
    if (wrong)
        printf("wrong: nth=%lld forever=%d action=%d\n", (long long)plan.nth, plan.forever,
               (i32)plan.action);
    sweep->wrong += wrong;
    sweep->points += hit;
    sim_close(run.disk);
    return hit;
}

int main(int count, char **arguments)
{
    i64 step = count > 1 ? strtoll(arguments[1], NULL, 10) : 7;
    Sweep sweep = {0};
    for (i32 action = FAULT_IO_ERROR; action <= FAULT_SHORT; action++)
        for (i32 forever = 0; forever < 2; forever++) {
            FaultPlan plan = {.file_class = FAULT_CLASS_ANY,
                              .call = action == FAULT_SHORT ? FAULT_ON_WRITE : FAULT_ON_ANY,
                              .forever = forever,
                              .action = (FaultAction)action};
            if (action == FAULT_SHORT && forever)
                continue; /* byte by byte for ever only takes time */
            while (try_plan(plan, &sweep))
                plan.nth += step;
        }
    printf("ioerr: points=%lld wrong=%lld\n", (long long)sweep.points, (long long)sweep.wrong);
    return sweep.points > 0 && sweep.wrong == 0 ? 0 : 1;
}
