/* SPDX-License-Identifier: Apache-2.0
 *
 * Load id and commit version of every row, through delta, flush, merge, checkpoint and crashes.
 */
#include "storage/origin.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "storage/relation.h"
#include "tests/storage_fixture.h"

enum { TABLE = 4, KEYS_MAX = 20000 };

static Platform *disk;
static Storage *storage;
static RowOrigin expected[KEYS_MAX];
static i64 key_next;
static u64 newest_load;

static int setup(void **state)
{
    disk = sim_open(3);
    storage = fixture_open(disk);
    key_next = 0;
    newest_load = 0;
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    fixture_define(t, TABLE);
    assert_true(fixture_commit(storage, t));
    return 0;
}

static int teardown(void **state)
{
    fixture_close(storage);
    sim_close(disk);
    return 0;
}

static void crash(void)
{
    fixture_crash(storage, disk);
    storage = fixture_open(disk);
}

/* One transaction that brings so many rows. */
static void insert(i64 count)
{
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    u64 load = t->id;
    assert_true(load > newest_load || newest_load == 0);
    newest_load = load;
    assert_true(fixture_insert(t, TABLE, key_next, count));
    assert_true(fixture_commit(storage, t));
    for (i64 i = 0; i < count; i++)
        expected[key_next++] = (RowOrigin){load, storage_counters(storage).version};
}

typedef struct Victims {
    RowId rows[KEYS_MAX];
    i32 count;
} Victims;

static void choose_third(void *state, i64 key, RowId row)
{
    Victims *victims = state;
    if (key % 3 == 1)
        victims->rows[victims->count++] = row;
}

static void delete_a_third(void)
{
    static Victims victims;
    static ModifyStatus status[KEYS_MAX];
    Snapshot *snapshot;
    Error error;
    victims.count = 0;
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(transaction_snapshot(t, &snapshot, &error));
    fixture_scan(snapshot, TABLE, choose_third, &victims);
    snapshot_close(snapshot);
    ModifyCall call = {.rows = victims.rows, .n = victims.count, .status = status};
    assert_true(native_access.modify(t, TABLE, &call, &error));
    assert_true(fixture_commit(storage, t));
}

/* ---- asking ---- */

typedef struct Asked {
    Relation *relation;
    i64 in_groups, in_runs, wrong;
} Asked;

static RowOrigin group_row_origin(Asked *asked, RowId row)
{
    Arena arena;
    Error error;
    OriginRun *runs;
    i32 count, run = 0, position = row_position(row);
    arena_open(&arena, NULL);
    const GroupEntry *entry = relation_group(asked->relation, row_group_of(row));
    assert_true(row_group_origins(entry->group, &arena, &runs, &count, &error));
    while (position >= runs[run].rows)
        position -= runs[run++].rows;
    RowOrigin origin = runs[run].origin;
    asked->in_groups++;
    asked->in_runs += count > 1;
    arena_close(&arena);
    return origin;
}

static void ask(void *state, i64 key, RowId row)
{
    Asked *asked = state;
    RowOrigin origin;
    if (row_kind(row) == ROW_IN_GROUP) {
        origin = group_row_origin(asked, row);
    } else {
        i32 position;
        const DeltaChunk *chunk = relation_delta_row(asked->relation, row, &position);
        origin = (RowOrigin){chunk->load[position], chunk->version[position]};
    }
    asked->wrong +=
        origin.load_id != expected[key].load_id || origin.version != expected[key].version;
}

static Asked assert_origins(void)
{
    Asked asked = {0};
    Snapshot *snapshot;
    Error error;
    assert_true(snapshot_newest(storage, &snapshot, &error));
    assert_true(relation_open(snapshot, TABLE, NULL, &asked.relation, &error));
    fixture_scan(snapshot, TABLE, ask, &asked);
    relation_close(asked.relation);
    snapshot_close(snapshot);
    assert_int_equal(asked.wrong, 0);
    assert_int_equal(storage_check(storage, NULL, NULL, &error), 0);
    return asked;
}

/* The job named so, if it has something to do, and the record it queued. */
static bool run_job(const char *name)
{
    i32 count;
    Error error;
    bool ran = false;
    const StorageJob *jobs = storage_jobs(&count);
    for (i32 i = 0; i < count; i++)
        if (strcmp(jobs[i].name, name) == 0 && jobs[i].ready(storage)) {
            ran = true;
            assert_true(jobs[i].step(storage, &error));
        }
    if (ran && jobs[0].ready(storage))
        assert_true(jobs[0].step(storage, &error));
    return ran;
}

/* ---- tests ---- */

static void loads_and_fresh_rows(void **state)
{
    insert(10);
    insert(1000);
    insert(20);
    insert(2200);
    Asked asked = assert_origins();
    assert_int_equal(asked.in_groups, 3200);
    assert_int_equal(asked.in_runs, 0);
    fixture_checkpoint(storage);
    insert(30);
    crash();
    assert_origins();
    insert(1);
    assert_origins();
}

static void flush_keeps_origins(void **state)
{
    for (i64 i = 0; i < 60; i++)
        insert(1 + i % 40);
    fixture_checkpoint(storage); /* MANIFEST has them, too */
    crash();
    assert_true(run_job("flush"));
    Asked asked = assert_origins();
    assert_true(asked.in_groups >= 1000 && asked.in_runs == asked.in_groups);
    crash();
    assert_origins();
    fixture_checkpoint(storage);
    crash();
    assert_origins();
}

static void merge_keeps_origins(void **state)
{
    for (i64 i = 0; i < 4; i++)
        insert(1200); /* the last 200 are a row group of their own */
    for (i64 i = 0; i < 60; i++)
        insert(1 + i % 40);
    assert_true(run_job("flush"));
    delete_a_third();
    i32 merges = 0;
    while (run_job("merge"))
        merges++;
    assert_true(merges >= 2);
    Asked asked = assert_origins();
    assert_true(asked.in_runs >= 800);
    delete_a_third();
    while (run_job("merge"))
        merges++;
    assert_origins();
    crash();
    assert_origins();
}

/* A rewritten row group whose rows share both has them in its address. */
static void one_origin_needs_no_runs(void **state)
{
    insert(900);
    delete_a_third();
    insert(1000);
    delete_a_third();
    assert_true(run_job("merge"));
    assert_int_equal(assert_origins().in_runs, 0);
}

static u64 random_state = 7;
static u64 draw(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

static void runs_come_back(void **state)
{
    for (i32 round = 0; round < 200; round++) {
        Arena arena;
        Error error;
        Buffer runs;
        Text bytes;
        OriginRun *back;
        i32 rows = 0, count;
        arena_open(&arena, NULL);
        buffer_open(&runs, NULL);
        for (u64 n = draw() % (round % 2 ? 20 : 2000) + 1; n > 0; n--) {
            i32 more = (i32)(draw() % 20) + 1;
            RowOrigin origin = {round % 3 ? n : draw(), round % 3 ? draw() % 3 : draw()};
            assert_true(origin_add(&runs, origin, more, &error));
            rows += more;
        }
        i64 made = runs.len / (i64)sizeof(OriginRun);
        assert_true(origins_encode((const OriginRun *)runs.data, made, &arena, &bytes, &error));
        assert_true(origins_decode(bytes, rows, &arena, &back, &count, &error));
        assert_int_equal(count, made);
        for (i32 i = 0; i < count; i++) {
            const OriginRun *run = &((const OriginRun *)runs.data)[i];
            assert_true(run->rows == back[i].rows &&
                        run->origin.load_id == back[i].origin.load_id &&
                        run->origin.version == back[i].origin.version);
        }
        assert_false(origins_decode(bytes, rows + 1, &arena, &back, &count, &error));
        assert_int_equal(error.code, E_DATA_CORRUPTED);
        for (i64 cut = 0; cut < min_i64(bytes.len, 40); cut++)
            assert_false(
                origins_decode((Text){bytes.data, cut}, rows, &arena, &back, &count, &error));
        ((char *)bytes.data)[draw() % (u64)bytes.len] ^= (char)(1 << draw() % 8);
        (void)!origins_decode(bytes, rows, &arena, &back, &count, &error); /* must not crash */
        buffer_close(&runs);
        arena_close(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(loads_and_fresh_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(flush_keeps_origins, setup, teardown),
        cmocka_unit_test_setup_teardown(merge_keeps_origins, setup, teardown),
        cmocka_unit_test_setup_teardown(one_origin_needs_no_runs, setup, teardown),
        cmocka_unit_test(runs_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
