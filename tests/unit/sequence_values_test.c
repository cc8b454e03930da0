/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of a sequence on a disk that loses power at every call: none is given twice, and a clean
 * close leaves no gap.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/platform_sim.h"
#include "catalog/sequence_values.h"
#include "tests/catalog_fixture.h"

enum { SEQUENCE = 20000, STATE = 20001, ORPHAN = 20002, TAKEN = 40, CRASHES_MAX = 200 };

typedef struct World {
    Platform *platform;
    Storage *storage;
    Sequences *sequences;
    SessionSequences session;
    Snapshot *snapshot;
} World;

/* False: power went while it opened. */
static bool world_open(World *world)
{
    Error error;
    StorageOptions options = fixture_options(world->platform);
    world->storage = NULL;
    world->sequences = NULL;
    world->snapshot = NULL;
    if (!storage_open(&options, &world->storage, &error)) {
        world->storage = NULL;
        return false;
    }
    if (!sequences_open(world->storage, NULL, &world->sequences, &error)) {
        world->sequences = NULL;
        return false;
    }
    session_sequences_open(&world->session, world->sequences, NULL);
    return snapshot_newest(world->storage, &world->snapshot, &error);
}

static void world_close(World *world, StorageClose how)
{
    Error error;
    bool closed = true;
    if (world->snapshot)
        snapshot_close(world->snapshot);
    if (world->sequences) {
        session_sequences_close(&world->session);
        closed = sequences_close(world->sequences, how, &error);
        assert_true(closed || how == CLOSE_ABANDON);
    }
    if (world->storage)
        closed = storage_close(world->storage, how, &error);
    assert_true(closed || how == CLOSE_ABANDON);
}

static void put(Transaction *transaction, const CatalogSequence *sequence, u32 state)
{
    Error error;
    Arena arena;
    Ticket ticket = {0};
    arena_open(&arena, NULL);
    ticket_arm(&ticket, NULL, NULL);
    if (sequence)
        assert_int_equal(catalog_put_sequence(transaction, sequence, &arena, &ticket, &error),
                         WRITE_DONE);
    SequencePoint point = {sequence ? sequence->start : 1, false};
    assert_int_equal(catalog_put_sequence_state(transaction, state, point, NULL, &ticket, &error),
                     WRITE_DONE);
    arena_close(&arena);
}

static CatalogSequence definition(void)
{
    return (CatalogSequence){.oid = SEQUENCE,
                             .type = TYPE_INT8,
                             .start = 1,
                             .increment = 1,
                             .min = 1,
                             .max = INT64_MAX,
                             .cache = 1,
                             .state = STATE};
}

static void make_sequence(World *world)
{
    CatalogSequence sequence = definition();
    Transaction *transaction = fixture_begin(world->storage, READ_COMMITTED);
    put(transaction, &sequence, STATE);
    put(transaction, NULL, ORPHAN);
    assert_true(fixture_commit(world->storage, transaction));
    snapshot_close(world->snapshot);
    Error error;
    assert_true(snapshot_newest(world->storage, &world->snapshot, &error));
}

/* Takes values one by one; *highest follows. False: power went. */
static bool take(World *world, i64 count, i64 *highest)
{
    Error error;
    i64 value, given;
    for (i64 i = 0; i < count; i++) {
        if (!sequence_next(&world->session, world->snapshot, SEQUENCE, &value, 1, &given, &error))
            return false;
        assert_true(value > *highest);
        *highest = value;
    }
    return true;
}

static void world_make(World *world)
{
    *world = (World){.platform = sim_open(7)};
    assert_true(world_open(world));
    make_sequence(world);
}

static void no_crash_gives_a_value_twice(void **unused)
{
    World world;
    i64 highest = 0;
    world_make(&world);
    for (i32 crash = 0; crash < CRASHES_MAX; crash++) {
        sim_crash_at(world.platform, sim_calls(world.platform) + crash % 17);
        bool up = world.snapshot && take(&world, TAKEN + crash, &highest);
        world_close(&world, CLOSE_ABANDON);
        sim_crash_at(world.platform, -1);
        sim_restart(world.platform, crash % 2 ? SIM_POWER_LOSS : SIM_KILL);
        assert_true(world_open(&world));
        if (up)
            assert_true(take(&world, 1, &highest));
    }
    assert_true(highest > CRASHES_MAX);
    world_close(&world, CLOSE_ABANDON);
    sim_close(world.platform);
}

static void a_clean_close_leaves_no_gap(void **unused)
{
    World world;
    i64 highest = 0;
    world_make(&world);
    for (i32 round = 0; round < 5; round++) {
        assert_true(take(&world, TAKEN, &highest));
        assert_int_equal(highest, (round + 1) * TAKEN);
        world_close(&world, CLOSE_CHECKPOINT);
        assert_true(world_open(&world));
    }
    world_close(&world, CLOSE_CHECKPOINT);
    sim_close(world.platform);
}

static void states_without_a_sequence_are_swept(void **unused)
{
    World world;
    world_make(&world);
    assert_non_null(object_get(world.snapshot, CLASS_SEQUENCE_STATE, ORPHAN));
    world_close(&world, CLOSE_CHECKPOINT);
    assert_true(world_open(&world));
    Error error;
    snapshot_close(world.snapshot);
    assert_true(snapshot_newest(world.storage, &world.snapshot, &error));
    assert_null(object_get(world.snapshot, CLASS_SEQUENCE_STATE, ORPHAN));
    assert_non_null(object_get(world.snapshot, CLASS_SEQUENCE_STATE, STATE));
    world_close(&world, CLOSE_CHECKPOINT);
    sim_close(world.platform);
}

/* One transaction sees the other's state only when it commits; then all values are its. */
static void an_open_transaction_counts_for_itself(void **unused)
{
    World world;
    Error error;
    Snapshot *own;
    i64 values[3], given;
    world_make(&world);
    CatalogSequence again = definition();
    again.state = ORPHAN + 1;
    Transaction *transaction = fixture_begin(world.storage, READ_COMMITTED);
    put(transaction, &again, again.state);
    transaction_next_statement(transaction);
    assert_true(transaction_snapshot(transaction, &own, &error));
    i64 highest = 0;
    assert_true(take(&world, 50, &highest));
    assert_true(sequence_next(&world.session, own, SEQUENCE, values, 3, &given, &error));
    assert_int_equal(values[0], 1);
    assert_int_equal(values[2], 3);
    assert_true(take(&world, 1, &highest));
    assert_int_equal(highest, 51);
    u64 id = transaction_id(transaction);
    snapshot_close(own);
    assert_true(sequences_before_commit(world.sequences, transaction, &error));
    assert_true(fixture_commit(world.storage, transaction));
    sequences_transaction_end(world.sequences, id, ENDED_BY_COMMIT);
    assert_true(sequence_next(&world.session, world.snapshot, SEQUENCE, values, 1, &given, &error));
    assert_int_equal(values[0], 4); /* also for a snapshot from before the RESTART */
    world_close(&world, CLOSE_CHECKPOINT);
    sim_close(world.platform);
}

/* Between a commit and the word that it has ended, the new state counts for everybody else. */
static void a_committed_restart_is_durable_for_others(void **unused)
{
    World world;
    Error error;
    Snapshot *own;
    i64 value, given;
    world_make(&world);
    CatalogSequence again = definition();
    again.state = ORPHAN + 1;
    Transaction *transaction = fixture_begin(world.storage, READ_COMMITTED);
    put(transaction, &again, again.state);
    transaction_next_statement(transaction);
    assert_true(transaction_snapshot(transaction, &own, &error));
    assert_true(sequence_next(&world.session, own, SEQUENCE, &value, 1, &given, &error));
    assert_int_equal(value, 1);
    snapshot_close(own);
    assert_true(sequences_before_commit(world.sequences, transaction, &error));
    assert_true(fixture_commit(world.storage, transaction));
    i64 highest = 1;
    assert_true(take(&world, 3, &highest));
    world_close(&world, CLOSE_ABANDON);
    sim_restart(world.platform, SIM_POWER_LOSS);
    assert_true(world_open(&world));
    assert_true(take(&world, 1, &highest));
    world_close(&world, CLOSE_CHECKPOINT);
    sim_close(world.platform);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_crash_gives_a_value_twice),
        cmocka_unit_test(a_clean_close_leaves_no_gap),
        cmocka_unit_test(states_without_a_sequence_are_swept),
        cmocka_unit_test(an_open_transaction_counts_for_itself),
        cmocka_unit_test(a_committed_restart_is_durable_for_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
