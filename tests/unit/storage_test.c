/* SPDX-License-Identifier: Apache-2.0
 *
 * Storage from the outside: commit, snapshots, deletes and updates, waits, restart.
 */
#include "storage/storage.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/fault_point.h"
#include "tests/storage_fixture.h"

enum { TABLE = 20000 };

static Platform *disk;
static Storage *storage;

static int setup(void **state)
{
    disk = sim_open(1);
    storage = fixture_open(disk);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    fixture_define(t, TABLE);
    assert_true(fixture_commit(storage, t));
    return 0;
}

static int teardown(void **state)
{
    fault_point_watch(NULL, NULL);
    fixture_close(storage);
    sim_close(disk);
    return 0;
}

static void insert(i64 first, i64 count)
{
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(fixture_insert(t, TABLE, first, count));
    assert_true(fixture_commit(storage, t));
}

static void assert_table(i64 count, i64 sum)
{
    FixtureScan scan = fixture_scan_newest(storage, TABLE);
    assert_int_equal(scan.count, count);
    assert_int_equal(scan.sum, sum);
    assert_int_equal(scan.bad, 0);
}

typedef struct Found {
    i64 key;
    RowId rows[8];
    i32 count;
} Found;

static void find_row(void *state, i64 key, RowId row)
{
    Found *found = state;
    if (key == found->key)
        found->rows[found->count++] = row;
}

static RowId row_of(Transaction *t, i64 key)
{
    Snapshot *snapshot;
    Error error;
    Found found = {.key = key};
    assert_true(transaction_snapshot(t, &snapshot, &error));
    fixture_scan(snapshot, TABLE, find_row, &found);
    snapshot_close(snapshot);
    assert_int_equal(found.count, 1);
    return found.rows[0];
}

static FixtureScan own_view(Transaction *t)
{
    Snapshot *snapshot;
    Error error;
    assert_true(transaction_snapshot(t, &snapshot, &error));
    FixtureScan scan = fixture_scan(snapshot, TABLE, NULL, NULL);
    snapshot_close(snapshot);
    return scan;
}

static i32 modify(Transaction *t, RowId row, i64 new_key, Ticket *ticket, RowId *newest)
{
    Arena arena;
    Error error;
    ModifyStatus status = MODIFY_DONE;
    arena_open(&arena, NULL);
    Chunk chunk = fixture_chunk(&arena, new_key, 1);
    ModifyCall call = {.rows = &row,
                       .n = 1,
                       .new_rows = new_key >= 0 ? &chunk : NULL,
                       .status = &status,
                       .newest = newest,
                       .ticket = ticket};
    bool good = native_access.modify(t, TABLE, &call, &error);
    arena_close(&arena);
    return good ? (i32)status : -(i32)error.code;
}

static void rows_come_back(void **state)
{
    assert_table(0, 0);
    insert(1, 10);
    assert_table(10, 55);
    insert(11, 5000);
    assert_table(5010, (i64)5010 * 5011 / 2);
    fixture_close(storage);
    storage = fixture_open(disk);
    assert_table(5010, (i64)5010 * 5011 / 2);
    insert(5011, 1);
    assert_table(5011, (i64)5011 * 5012 / 2);
}

static void abandoned_storage_replays_its_log(void **state)
{
    Error error;
    insert(1, 100);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_int_equal(modify(t, row_of(t, 7), -1, NULL, NULL), MODIFY_DONE);
    assert_true(fixture_commit(storage, t));
    assert_true(storage_close(storage, CLOSE_ABANDON, &error));
    sim_restart(disk, SIM_POWER_LOSS);
    storage = fixture_open(disk);
    assert_table(99, 5050 - 7);
}

static void a_statement_does_not_see_its_own_rows(void **state)
{
    insert(1, 3);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(fixture_insert(t, TABLE, 10, 2));
    assert_int_equal(own_view(t).count, 3);
    transaction_next_statement(t);
    assert_int_equal(own_view(t).count, 5);
    assert_int_equal(modify(t, row_of(t, 2), -1, NULL, NULL), MODIFY_DONE);
    assert_int_equal(modify(t, row_of(t, 11), -1, NULL, NULL), MODIFY_DONE);
    assert_int_equal(own_view(t).count, 5);
    transaction_next_statement(t);
    assert_int_equal(own_view(t).sum, 1 + 3 + 10);
    assert_table(3, 6);
    assert_true(fixture_commit(storage, t));
    assert_table(3, 14);
}

static void rollback_leaves_nothing(void **state)
{
    insert(1, 3);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(fixture_insert(t, TABLE, 10, 2));
    assert_int_equal(modify(t, row_of(t, 2), 50, NULL, NULL), MODIFY_DONE);
    transaction_rollback(t);
    assert_table(3, 6);
}

static void statistics_see_fresh_and_own_rows(void **state)
{
    Error error;
    Snapshot *snapshot;
    Relation *relation;
    const TableStatistics *statistics;
    insert(1, 100);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(fixture_insert(t, TABLE, 500, 10));
    assert_true(fixture_insert(t, TABLE, 10000, 2500)); /* row groups of its own */
    transaction_next_statement(t);
    for (i32 own = 0; own < 2; own++) {
        bool got = own ? transaction_snapshot(t, &snapshot, &error)
                       : snapshot_newest(storage, &snapshot, &error);
        assert_true(got);
        assert_true(native_access.open(snapshot, TABLE, NULL, &relation, &error));
        assert_true(native_access.statistics(relation, &statistics, &error));
        assert_true(statistics->rows == (own ? 2610 : 100));
        assert_int_equal(statistics->columns[0].min.integer, 1);
        assert_int_equal(statistics->columns[0].max.integer, own ? 12499 : 100);
        assert_true(statistics->columns[0].bounds_exact);
        assert_true(statistics->columns[1].null_count == (own ? 522 : 20));
        if (!own) {
            assert_int_equal(statistics->sample[0].n, min_i64(CHUNK_ROWS, 100));
            assert_true(statistics->columns[0].distinct > 90);
            assert_int_equal(statistics->columns[0].quantiles[64].integer, 100);
        }
        native_access.close(relation);
        snapshot_close(snapshot);
    }
    transaction_rollback(t);
}

static void savepoints(void **state)
{
    Error error;
    insert(1, 3);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(fixture_insert(t, TABLE, 10, 1));
    Savepoint savepoint = transaction_savepoint(t);
    assert_true(fixture_insert(t, TABLE, 20, 1));
    assert_int_equal(modify(t, row_of(t, 10), -1, NULL, NULL), MODIFY_DONE);
    assert_int_equal(modify(t, row_of(t, 1), -1, NULL, NULL), MODIFY_DONE);
    assert_true(transaction_rollback_to(t, savepoint, &error));
    assert_int_equal(own_view(t).sum, 6 + 10);
    assert_true(fixture_commit(storage, t));
    assert_table(4, 16);
}

static void repeatable_read_keeps_its_snapshot(void **state)
{
    insert(1, 3);
    Transaction *t = fixture_begin(storage, REPEATABLE_READ);
    assert_int_equal(own_view(t).count, 3);
    RowId row = row_of(t, 1);
    insert(4, 1);
    Transaction *other = fixture_begin(storage, READ_COMMITTED);
    assert_int_equal(modify(other, row_of(other, 1), -1, NULL, NULL), MODIFY_DONE);
    assert_true(fixture_commit(storage, other));
    assert_int_equal(own_view(t).sum, 6);
    assert_int_equal(modify(t, row, -1, NULL, NULL), -(i32)E_SERIALIZATION_FAILURE);
    transaction_rollback(t);
    assert_table(3, 9);
}

static void read_committed_follows_an_update(void **state)
{
    insert(1, 3);
    Transaction *first = fixture_begin(storage, READ_COMMITTED);
    Transaction *second = fixture_begin(storage, READ_COMMITTED);
    RowId row = row_of(second, 2), newest = 0;
    Ticket ticket = {0};
    ticket_arm(&ticket, NULL, NULL);
    assert_int_equal(modify(first, row, 102, NULL, NULL), MODIFY_DONE);
    assert_int_equal(modify(second, row, 202, &ticket, &newest), MODIFY_WAIT);
    assert_int_equal(ticket_state(&ticket), TICKET_WAITING);
    assert_true(fixture_commit(storage, first));
    assert_int_equal(ticket_state(&ticket), TICKET_GRANTED);
    assert_int_equal(modify(second, row, 202, &ticket, &newest), MODIFY_MOVED);
    assert_true(newest == row_of(second, 102));
    assert_int_equal(modify(second, newest, 302, &ticket, NULL), MODIFY_DONE);
    assert_true(fixture_commit(storage, second));
    assert_table(3, 1 + 3 + 302);
}

typedef struct AllRows {
    RowId rows[4000];
    i64 keys[4000];
    i32 count;
} AllRows;

static void keep_row(void *state, i64 key, RowId row)
{
    AllRows *all = state;
    all->keys[all->count] = key;
    all->rows[all->count++] = row;
}

/* More new rows than the commit record takes: they go to a data file, and are followed there. */
static void large_update(void **state)
{
    static AllRows all;
    Snapshot *snapshot;
    Error error;
    RowId newest = 0;
    Ticket ticket = {0};
    all.count = 0;
    insert(1, 3000);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    Transaction *other = fixture_begin(storage, READ_COMMITTED);
    assert_true(transaction_snapshot(t, &snapshot, &error));
    fixture_scan(snapshot, TABLE, keep_row, &all);
    snapshot_close(snapshot);
    assert_int_equal(all.count, 3000);
    for (i32 i = 0; i < all.count; i++)
        assert_int_equal(modify(t, all.rows[i], all.keys[i] + 10000, NULL, NULL), MODIFY_DONE);
    assert_int_equal(modify(other, all.rows[77], -1, &ticket, &newest), MODIFY_WAIT);
    assert_true(fixture_commit(storage, t));
    assert_int_equal(storage_counters(storage).delta_rows, 0);
    assert_table(3000, (i64)3000 * 3001 / 2 + 3000 * 10000);
    assert_int_equal(modify(other, all.rows[77], -1, &ticket, &newest), MODIFY_MOVED);
    assert_true(newest == row_of(other, all.keys[77] + 10000));
    assert_int_equal(modify(other, newest, -1, &ticket, &newest), MODIFY_DONE);
    assert_true(fixture_commit(storage, other));
    fixture_close(storage);
    storage = fixture_open(disk);
    assert_table(2999, (i64)3000 * 3001 / 2 + 2999 * 10000 - all.keys[77]);
    assert_int_equal(storage_check(storage, NULL, NULL, &error), 0);
}

/* The same rows twice in one transaction, each time more than stay in memory: who waited is led to
 * the last version at once. */
static void large_update_twice(void **state)
{
    static AllRows all;
    Snapshot *snapshot;
    Error error;
    RowId newest = 0;
    Ticket ticket = {0};
    insert(1, 3000);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    Transaction *other = fixture_begin(storage, READ_COMMITTED);
    RowId first = row_of(other, 75), second = row_of(other, 80), third = row_of(other, 85);
    for (i32 round = 0; round < 2; round++) {
        all.count = 0;
        assert_true(transaction_snapshot(t, &snapshot, &error));
        fixture_scan(snapshot, TABLE, keep_row, &all);
        snapshot_close(snapshot);
        assert_int_equal(all.count, 3000);
        for (i32 i = 0; i < all.count; i++)
            assert_int_equal(modify(t, all.rows[i], all.keys[i] + 10000, NULL, NULL), MODIFY_DONE);
        transaction_next_statement(t);
    }
    assert_int_equal(modify(t, row_of(t, 20080), -1, NULL, NULL), MODIFY_DONE);
    transaction_next_statement(t);
    assert_int_equal(modify(t, row_of(t, 20085), 30085, NULL, NULL), MODIFY_DONE);
    assert_int_equal(modify(other, first, -1, &ticket, &newest), MODIFY_WAIT);
    assert_true(fixture_commit(storage, t));
    assert_int_equal(modify(other, first, -1, &ticket, &newest), MODIFY_MOVED);
    assert_true(newest == row_of(other, 20075));
    assert_int_equal(modify(other, second, -1, &ticket, &newest), MODIFY_GONE);
    assert_int_equal(modify(other, third, -1, &ticket, &newest), MODIFY_MOVED);
    assert_true(newest == row_of(other, 30085));
    transaction_rollback(other);
    i64 sum = (i64)3000 * 3001 / 2 + 3000 * 20000 - 20080 + 10000;
    assert_table(2999, sum);
    fixture_close(storage);
    storage = fixture_open(disk);
    assert_table(2999, sum);
    assert_int_equal(storage_check(storage, NULL, NULL, &error), 0);
}

/* Keys 1 to 1200, all of them in the delta. */
static void insert_fresh(void)
{
    for (i64 i = 0; i < 12; i++)
        insert(1 + i * 100, 100);
}

static void run_job(const char *name)
{
    i32 count;
    Error error;
    const StorageJob *jobs = storage_jobs(&count);
    for (i32 i = 0; i < count; i++)
        if (strcmp(jobs[i].name, name) == 0) {
            assert_true(jobs[i].ready(storage));
            assert_true(jobs[i].step(storage, &error));
        }
}

/* Deletes wait across a flush: the lock and the mark go with the row. */
static void flush_under_an_open_delete(void **state)
{
    RowId newest = 0;
    Ticket ticket = {0};
    insert_fresh();
    Transaction *first = fixture_begin(storage, READ_COMMITTED);
    Transaction *second = fixture_begin(storage, READ_COMMITTED);
    RowId row = row_of(first, 500);
    assert_int_equal(modify(first, row, -1, NULL, NULL), MODIFY_DONE);
    run_job("flush");
    assert_int_equal(storage_counters(storage).delta_rows, 1200); /* queued, not yet applied */
    run_job("publication");
    assert_int_equal(storage_counters(storage).delta_rows, 0);
    assert_int_equal(own_view(second).count, 1200);
    transaction_next_statement(first);
    assert_int_equal(own_view(first).count, 1199);
    RowId moved = row_of(second, 500);
    assert_true(moved != row);
    assert_int_equal(modify(second, moved, -1, &ticket, &newest), MODIFY_WAIT);
    assert_true(fixture_commit(storage, first));
    assert_int_equal(modify(second, moved, -1, &ticket, &newest), MODIFY_GONE);
    transaction_rollback(second);
    assert_table(1199, (i64)1200 * 1201 / 2 - 500);
}

/* ---- what other threads do in between ---- */

#ifndef NDEBUG /* release builds have no fault points */
typedef struct Interruption {
    const char *point, *job; /* where which job runs, once */
} Interruption;

static void interrupt_once(void *state, const char *point)
{
    Interruption *interruption = state;
    if (!interruption->point || strcmp(interruption->point, point) != 0)
        return;
    interruption->point = NULL;
    run_job(interruption->job);
}

/* A flush that is queued while a commit is encoded: the delete is all the transaction has, and the
 * row it marked is being rewritten. */
static void flush_while_a_delete_commits(void **state)
{
    Interruption flush = {"between_marks_and_record", "flush"};
    insert_fresh();
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_int_equal(modify(t, row_of(t, 500), -1, NULL, NULL), MODIFY_DONE);
    fault_point_watch(interrupt_once, &flush);
    assert_true(fixture_commit(storage, t));
    assert_null(flush.point);
    run_job("publication");
    assert_int_equal(storage_counters(storage).delta_rows, 0);
    assert_table(1199, (i64)1200 * 1201 / 2 - 500);
}

/* A flush that is applied while a transaction takes a snapshot: its own delete stays hidden. */
static void flush_while_a_snapshot_is_taken(void **state)
{
    Interruption publication = {"between_root_and_marks", "publication"};
    insert_fresh();
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_int_equal(modify(t, row_of(t, 500), -1, NULL, NULL), MODIFY_DONE);
    transaction_next_statement(t);
    run_job("flush");
    fault_point_watch(interrupt_once, &publication);
    assert_int_equal(own_view(t).count, 1199);
    assert_null(publication.point);
    assert_int_equal(own_view(t).count, 1199);
    assert_true(fixture_commit(storage, t));
    assert_table(1199, (i64)1200 * 1201 / 2 - 500);
}
#endif

static void deadlock_is_refused(void **state)
{
    insert(1, 2);
    Transaction *first = fixture_begin(storage, READ_COMMITTED);
    Transaction *second = fixture_begin(storage, READ_COMMITTED);
    RowId one = row_of(first, 1), two = row_of(first, 2);
    Ticket ticket = {0};
    assert_int_equal(modify(first, one, -1, NULL, NULL), MODIFY_DONE);
    assert_int_equal(modify(second, two, -1, NULL, NULL), MODIFY_DONE);
    assert_int_equal(modify(first, two, -1, &ticket, NULL), MODIFY_WAIT);
    assert_int_equal(modify(second, one, -1, &ticket, NULL), -(i32)E_DEADLOCK_DETECTED);
    transaction_rollback(second);
    assert_int_equal(ticket_state(&ticket), TICKET_GRANTED);
    assert_int_equal(modify(first, two, -1, &ticket, NULL), MODIFY_DONE);
    assert_true(fixture_commit(storage, first));
    assert_table(0, 0);
}

static void truncate_and_drop(void **state)
{
    Error error;
    insert(1, 10);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(table_truncate(t, TABLE, &error));
    transaction_next_statement(t);
    assert_int_equal(own_view(t).count, 0);
    assert_true(fixture_insert(t, TABLE, 40, 2));
    assert_table(10, 55);
    assert_true(fixture_commit(storage, t));
    assert_table(2, 81);
    t = fixture_begin(storage, READ_COMMITTED);
    assert_true(table_drop(t, TABLE, &error));
    assert_true(fixture_commit(storage, t));
    assert_int_equal(fixture_scan_newest(storage, TABLE).count, -1);
}

static void made_changed_and_dropped_at_once(void **state)
{
    Error error;
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    fixture_define(t, TABLE + 1);
    fixture_define(t, TABLE + 2);
    transaction_next_statement(t);
    assert_true(fixture_insert(t, TABLE + 1, 1, 5));
    assert_true(fixture_insert(t, TABLE + 2, 1, 2500));
    transaction_next_statement(t);
    assert_true(table_drop(t, TABLE + 1, &error));
    assert_true(table_truncate(t, TABLE + 2, &error));
    transaction_next_statement(t);
    assert_true(fixture_insert(t, TABLE + 2, 7, 3));
    assert_true(fixture_commit(storage, t));
    assert_int_equal(fixture_scan_newest(storage, TABLE + 1).count, -1);
    assert_int_equal(fixture_scan_newest(storage, TABLE + 2).sum, 24);
    assert_true(storage_close(storage, CLOSE_ABANDON, &error));
    sim_restart(disk, SIM_KILL);
    storage = fixture_open(disk);
    assert_int_equal(fixture_scan_newest(storage, TABLE + 1).count, -1);
    assert_int_equal(fixture_scan_newest(storage, TABLE + 2).sum, 24);
}

static void writer_without_lock_meets_a_drop(void **state)
{
    Error error;
    Ticket ticket = {0};
    insert(1, 5);
    Transaction *writer = fixture_begin(storage, READ_COMMITTED);
    assert_int_equal(modify(writer, row_of(writer, 3), -1, NULL, NULL), MODIFY_DONE);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(table_truncate(t, TABLE, &error));
    assert_true(fixture_commit(storage, t));
    assert_int_equal(transaction_commit_begin(writer, &ticket, &error), WRITE_ERROR);
    assert_int_equal(error.code, E_SERIALIZATION_FAILURE);
    assert_table(0, 0);
}

static void added_column_has_its_constant(void **state)
{
    Error error;
    insert(1, 4);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    ColumnDefinition columns[] = {
        {.id = 3, .lane = lane_of(LANE_I64), .constant = {.lane = lane_of(LANE_I64), .integer = 7}},
        {.id = 2, .lane = lane_of(LANE_STR), .constant = {.null = true}},
    };
    assert_true(table_define(t, TABLE, columns, 2, &error));
    assert_true(fixture_commit(storage, t));
    ScanColumn asked = {.id = 3, .type = type_of(TYPE_INT8), .lane = lane_of(LANE_I64)};
    Snapshot *snapshot;
    Relation *relation;
    Arena arena;
    arena_open(&arena, NULL);
    assert_true(snapshot_newest(storage, &snapshot, &error));
    assert_true(native_access.open(snapshot, TABLE, NULL, &relation, &error));
    ScanSpec spec = {.columns = &asked, .column_count = 1, .want_row_ids = true};
    Split *splits;
    i32 count;
    assert_true(native_access.splits(relation, &spec, &arena, &splits, &count, &error));
    assert_int_equal(count, 1);
    Scan *scan;
    Chunk chunk;
    u64 applied;
    assert_true(native_access.scan_open(relation, &spec, splits, NULL, &scan, &error));
    assert_int_equal(native_access.scan_next(scan, &chunk, &applied, &error), SCAN_ROWS);
    assert_int_equal(vector_value(&chunk.columns[0], 0).integer, 7);
    native_access.scan_close(scan);
    native_access.close(relation);
    snapshot_close(snapshot);
    arena_close(&arena);
}

static StoredObject object(u32 oid, const char *name, const char *bytes)
{
    return (StoredObject){.object_class = 1,
                          .oid = oid,
                          .key = {1, 5, 2200, text_from(name)},
                          .bytes = text_from(bytes)};
}

static void put(Transaction *t, u32 oid, const char *name, const char *bytes)
{
    Error error;
    StoredObject o = object(oid, name, bytes);
    assert_int_equal(object_put(t, &o, NULL, &error), WRITE_DONE);
}

static void objects(void **state)
{
    Error error;
    Snapshot *old, *own, *fresh;
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    put(t, 16500, "a", "first");
    put(t, 16501, "b", "second");
    assert_true(fixture_commit(storage, t));
    assert_true(snapshot_newest(storage, &old, &error));
    t = fixture_begin(storage, READ_COMMITTED);
    put(t, 16500, "renamed", "third");
    put(t, 16400, "c", "fourth");
    assert_int_equal(object_drop(t, 1, 16501, NULL, &error), WRITE_DONE);
    transaction_next_statement(t);
    assert_true(transaction_snapshot(t, &own, &error));
    assert_int_equal(object_next(own, 1, 0)->oid, 16400);
    assert_int_equal(object_next(own, 1, 16401)->oid, 16500);
    assert_null(object_next(own, 1, 16501));
    assert_null(object_find(own, (ObjectKey){1, 5, 2200, TEXT("a")}));
    assert_int_equal(object_find(own, (ObjectKey){1, 5, 2200, TEXT("renamed")})->oid, 16500);
    assert_true(object_get(own, 1, 16500)->version == VERSION_OWN);
    assert_true(snapshot_catalogue_stamp(own) != snapshot_catalogue_stamp(old));
    snapshot_close(own);
    assert_true(fixture_commit(storage, t));
    fixture_close(storage = (snapshot_close(old), storage));
    storage = fixture_open(disk);
    assert_true(snapshot_newest(storage, &fresh, &error));
    assert_null(object_get(fresh, 1, 16501));
    assert_true(text_equal(object_get(fresh, 1, 16500)->bytes, TEXT("third")));
    assert_true(
        text_equal(object_find(fresh, (ObjectKey){1, 5, 2200, TEXT("c")})->bytes, TEXT("fourth")));
    snapshot_close(fresh);
    u32 oid;
    assert_true(storage_take_oid(storage, &oid, &error));
    assert_int_equal(oid, 16502);
}

static void second_process_is_refused(void **state)
{
    Error error;
    Storage *other;
    StorageOptions options = fixture_options(disk);
    assert_false(storage_open(&options, &other, &error));
    assert_int_equal(error.code, E_OBJECT_IN_USE);
}

/* From the table "Conflicting Lock Modes" of PostgreSQL's documentation, a row per mode held.
 */
static void object_modes_conflict_as_in_postgresql(void **state)
{
    static const char *const table[] = {
        ".......x", "......xx", "....xxxx", "...xxxxx",
        "..xx.xxx", "..xxxxxx", ".xxxxxxx", "xxxxxxxx",
    };
    Error error;
    for (i32 held = 0; held < 8; held++)
        for (i32 wanted = 0; wanted < 8; wanted++) {
            Transaction *first = fixture_begin(storage, READ_COMMITTED);
            Transaction *second = fixture_begin(storage, READ_COMMITTED);
            LockMode mode = LOCK_OBJECT_ACCESS_SHARE + (LockMode)held;
            LockMode other = LOCK_OBJECT_ACCESS_SHARE + (LockMode)wanted;
            assert_int_equal(object_lock(first, 1259, 1, mode, NULL, &error), WRITE_DONE);
            assert_int_equal(object_lock(first, 1259, 1, other, NULL, &error), WRITE_DONE);
            assert_int_equal(object_lock(second, 1259, 2, mode, NULL, &error), WRITE_DONE);
            transaction_rollback(first);
            first = fixture_begin(storage, READ_COMMITTED);
            assert_int_equal(object_lock(first, 1259, 1, mode, NULL, &error), WRITE_DONE);
            assert_int_equal(object_lock(second, 1259, 1, other, NULL, &error),
                             table[held][wanted] == 'x' ? WRITE_WAIT : WRITE_DONE);
            transaction_rollback(first);
            assert_int_equal(object_lock(second, 1259, 1, other, NULL, &error), WRITE_DONE);
            transaction_rollback(second);
        }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(object_modes_conflict_as_in_postgresql),
        TEST(rows_come_back),
        TEST(abandoned_storage_replays_its_log),
        TEST(a_statement_does_not_see_its_own_rows),
        TEST(rollback_leaves_nothing),
        TEST(statistics_see_fresh_and_own_rows),
        TEST(savepoints),
        TEST(repeatable_read_keeps_its_snapshot),
        TEST(read_committed_follows_an_update),
        TEST(large_update),
        TEST(large_update_twice),
        TEST(flush_under_an_open_delete),
#ifndef NDEBUG
        TEST(flush_while_a_delete_commits),
        TEST(flush_while_a_snapshot_is_taken),
#endif
        TEST(deadlock_is_refused),
        TEST(truncate_and_drop),
        TEST(made_changed_and_dropped_at_once),
        TEST(writer_without_lock_meets_a_drop),
        TEST(added_column_has_its_constant),
        TEST(objects),
        TEST(second_process_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
