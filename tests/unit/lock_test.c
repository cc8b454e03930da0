/* SPDX-License-Identifier: Apache-2.0
 *
 * The lock table by itself: circles among many waits are found, long ways that part and meet again
 * are walked once, and a refused budget leaves nothing behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "storage/lock.h"

enum { TRANSACTIONS = 64, WAYS = 2 };

/* Transactions are only told apart: the table never looks into one. */
typedef struct World {
    LockTable table;
    char transactions[TRANSACTIONS];
    LocksHeld held[TRANSACTIONS];
    Ticket tickets[TRANSACTIONS][WAYS];
} World;

static World world;

static Transaction *transaction_at(i32 i)
{
    return (Transaction *)&world.transactions[i];
}

static WriteStatus take(i32 i, u64 object, Ticket *ticket, Error *error)
{
    return lock_take(&world.table, transaction_at(i), &world.held[i],
                     (LockKey){LOCK_OBJECTS, 1, object}, 0, LOCK_OBJECT_EXCLUSIVE, ticket, error);
}

static void end_all(void)
{
    for (i32 i = 0; i < TRANSACTIONS; i++)
        lock_grant_all(lock_release_all(&world.table, transaction_at(i), &world.held[i]));
    lock_table_close(&world.table);
}

/* Each holds as many objects as there are ways, and waits for all of the one before it. */
static void ways_that_meet_again_are_walked_once(void **unused)
{
    Error error;
    world = (World){0};
    for (i32 i = 0; i < TRANSACTIONS; i++)
        for (i32 way = 0; way < WAYS; way++)
            assert_int_equal(take(i, (u64)(i * WAYS + way), NULL, &error), WRITE_DONE);
    for (i32 i = 1; i < TRANSACTIONS; i++)
        for (i32 way = 0; way < WAYS; way++)
            assert_int_equal(take(i, (u64)((i - 1) * WAYS + way), &world.tickets[i][way], &error),
                             WRITE_WAIT);
    Ticket last = {0};
    assert_int_equal(take(0, (TRANSACTIONS - 1) * WAYS, &last, &error), WRITE_ERROR);
    assert_int_equal(error.code, E_DEADLOCK_DETECTED);
    end_all();
}

static void a_refused_budget_leaves_nothing(void **unused)
{
    Error error;
    Budget budget;
    world = (World){0};
    world.table.budget = &budget;
    for (i64 limit = 0; limit < 1000; limit += 8) {
        budget_open(&budget, NULL, limit + 1, "locks");
        WriteStatus status = take(0, 7, NULL, &error);
        assert_true(status == WRITE_DONE || status == WRITE_ERROR);
        end_all();
        budget_close(&budget);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_that_meet_again_are_walked_once),
        cmocka_unit_test(a_refused_budget_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
