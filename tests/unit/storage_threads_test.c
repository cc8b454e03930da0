/* SPDX-License-Identifier: Apache-2.0
 *
 * Storage under threads, on real files: writers that insert, move and delete, readers whose sums
 * must always fit, and the jobs. Every transaction inserts pairs of keys k and -k, so that any
 * snapshot sums to zero. Run it under the tsan flavour.
 */
#include "storage/storage.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/storage_fixture.h"

enum { TABLE = 3, WRITERS = 3, ROUNDS = 60, ROWS_PER_ROUND = 100 };

static Storage *storage;
static _Atomic bool stop;
static _Atomic i64 committed, reads;

static void define(Transaction *t)
{
    Error error;
    ColumnDefinition column = {.id = 1, .lane = lane_of(LANE_I64), .constant = {.null = true}};
    bool defined = table_define(t, TABLE, &column, 1, &error);
    verify(defined);
}

static bool commit(Transaction *t)
{
    Ticket ticket = {0};
    Error error;
    ticket_arm(&ticket, NULL, NULL);
    WriteStatus status = transaction_commit_begin(t, &ticket, &error);
    while (status == WRITE_WAIT && ticket_state(&ticket) == TICKET_WAITING) {
        commit_step(storage);
        sched_yield();
    }
    return status == WRITE_DONE || ticket_state(&ticket) == TICKET_GRANTED;
}

static void append_pairs(Transaction *t, i64 first, i64 pairs)
{
    Append *append;
    Error error;
    bool good = native_access.append_open(t, TABLE, &append, &error);
    verify(good);
    for (i64 i = 0; i < pairs * 2;) {
        i64 values[CHUNK_ROWS];
        i32 n = (i32)min_i64(CHUNK_ROWS, pairs * 2 - i);
        for (i32 k = 0; k < n; k++, i++)
            values[k] = i % 2 ? -(first + i / 2) : first + i / 2;
        Vector vector = {.form = VECTOR_FLAT, .lane = lane_of(LANE_I64), .values = values};
        Chunk chunk = {.n = n, .column_count = 1, .columns = &vector};
        good = native_access.append(append, &chunk, &error);
        verify(good);
    }
    good = native_access.append_close(append, true, &error);
    verify(good);
}

typedef struct Picked {
    i64 key;
    RowId rows[2]; /* of key and of -key */
    i64 sum, count;
} Picked;

static bool scan_all(Transaction *t, Picked *picked)
{
    static const ScanColumn column = {.id = 1, .lane = {LANE_I64, 0}};
    ScanSpec spec = {.columns = &column, .column_count = 1, .want_row_ids = true};
    Snapshot *snapshot;
    Relation *relation;
    Arena arena;
    Split *splits;
    i32 count;
    Error error;
    bool good = t ? transaction_snapshot(t, &snapshot, &error)
                  : snapshot_newest(storage, &snapshot, &error);
    verify(good);
    arena_open(&arena, NULL);
    good = native_access.open(snapshot, TABLE, NULL, &relation, &error) &&
           native_access.splits(relation, &spec, &arena, &splits, &count, &error);
    verify(good);
    for (i32 i = 0; i < count; i++) {
        Scan *scan;
        Chunk chunk;
        u64 applied;
        good = native_access.scan_open(relation, &spec, &splits[i], NULL, &scan, &error);
        verify(good);
        while (native_access.scan_next(scan, &chunk, &applied, &error) == SCAN_ROWS)
            for (i32 k = 0; k < chunk_rows(&chunk); k++) {
                i32 at = chunk_position(&chunk, k);
                i64 value = vector_value(&chunk.columns[0], at).integer;
                picked->sum += value;
                picked->count++;
                if (value == picked->key || value == -picked->key)
                    picked->rows[value < 0] = vector_value(&chunk.columns[1], at).integer;
            }
        native_access.scan_close(scan);
    }
    arena_close(&arena);
    native_access.close(relation);
    snapshot_close(snapshot);
    return picked->sum == 0;
}

static void *writer(void *argument)
{
    i64 number = (i64)(intptr_t)argument;
    for (i64 round = 0; round < ROUNDS; round++) {
        i64 first = 1 + (number * ROUNDS + round) * 10000;
        i64 pairs = round % 10 == 9 ? 3000 : ROWS_PER_ROUND;
        Transaction *t = fixture_begin(storage, READ_COMMITTED);
        append_pairs(t, first, pairs);
        bool good = commit(t);
        verify(good);
        t = fixture_begin(storage, READ_COMMITTED);
        Picked picked = {.key = first + 1};
        good = scan_all(t, &picked);
        verify(good);
        ModifyStatus status[2];
        Error error;
        Ticket ticket = {0};
        ModifyCall call = {.rows = picked.rows, .n = 2, .status = status, .ticket = &ticket};
        good = native_access.modify(t, TABLE, &call, &error);
        verify(good && call.done == 2 && status[0] == MODIFY_DONE && status[1] == MODIFY_DONE);
        good = commit(t);
        verify(good);
        atomic_fetch_add(&committed, pairs * 2 - 2);
    }
    return NULL;
}

static void *reader(void *argument)
{
    while (!atomic_load(&stop)) {
        Picked picked = {0};
        bool good = scan_all(NULL, &picked);
        verify(good);
        atomic_fetch_add(&reads, 1);
    }
    return NULL;
}

static void *worker(void *argument)
{
    i32 count;
    Error error;
    const StorageJob *jobs = storage_jobs(&count);
    while (!atomic_load(&stop))
        for (i32 i = 0; i < count; i++)
            if (jobs[i].ready(storage) && !jobs[i].step(storage, &error))
                verify_failed(error.message, __FILE__, __LINE__);
    return NULL;
}

static void sums_fit_at_any_time(void **state)
{
    char directory[] = "/tmp/gotgan-storage-XXXXXX";
    pthread_t threads[WRITERS + 2];
    Error error;
    assert_non_null(mkdtemp(directory));
    StorageOptions options = fixture_options(platform_posix());
    options.directory = directory;
    options.checkpoint_us = 50000;
    assert_true(storage_open(&options, &storage, &error));
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    define(t);
    assert_true(commit(t));
    for (i64 i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, writer, (void *)(intptr_t)i), 0);
    assert_int_equal(pthread_create(&threads[WRITERS], NULL, reader, NULL), 0);
    assert_int_equal(pthread_create(&threads[WRITERS + 1], NULL, worker, NULL), 0);
    for (i32 i = 0; i < WRITERS + 2; i++) {
        if (i == WRITERS)
            atomic_store(&stop, true);
        pthread_join(threads[i], NULL);
    }
    for (i32 reopen = 0; reopen < 2; reopen++) {
        Picked picked = {0};
        assert_true(scan_all(NULL, &picked));
        assert_int_equal(picked.count, committed);
        assert_int_equal(storage_check(storage, NULL, NULL, &error), 0);
        assert_true(storage_close(storage, reopen ? CLOSE_CHECKPOINT : CLOSE_ABANDON, &error));
        if (!reopen)
            assert_true(storage_open(&options, &storage, &error));
    }
    assert_true(reads > 0);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", directory);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_fit_at_any_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
