/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists that grow in an arena: they keep what is in them, and a budget that refuses throws. Where
 * an interrupt is seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/query.h"

enum { ITEMS = 1000, LIMIT_BYTES = 1 << 20 };

typedef struct List {
    Query q;
    QueryControl control;
    Arena arena;
    i64 *items;
    i32 count, capacity, wanted;
} List;

static void fill(void *argument)
{
    List *list = argument;
    while (list->count < list->wanted) {
        make_room(&list->q, list->items, list->count, &list->capacity);
        list->items[list->count] = list->count;
        list->count++;
    }
}

static void list_open(List *list, i32 wanted)
{
    *list = (List){.wanted = wanted};
    query_control_open(&list->control, NULL, "query");
    list->control.budget.limit_bytes = LIMIT_BYTES;
    arena_open(&list->arena, &list->control.budget);
    query_open(&list->q, &list->arena, &list->control);
}

static void list_close(List *list)
{
    arena_close(&list->arena);
    budget_close(&list->control.budget);
}

static void a_list_keeps_what_is_in_it(void **unused)
{
    List list;
    list_open(&list, ITEMS);
    assert_true(query_try(&list.q, fill, &list));
    for (i32 i = 0; i < ITEMS; i++)
        assert_int_equal(list.items[i], i);
    assert_true(list.capacity >= ITEMS && list.capacity < 2 * ITEMS + 4);
    list_close(&list);
}

static void a_list_beyond_the_budget_throws(void **unused)
{
    List list;
    list_open(&list, INT32_MAX);
    assert_false(query_try(&list.q, fill, &list));
    assert_int_equal(list.q.error.code, E_OUT_OF_MEMORY);
    assert_true(list.count > ITEMS);
    list_close(&list);
}

/* Whoever has an arena of the statement, or of a part of its budget, sees the interrupt. */
static void an_arena_knows_its_statement(void **unused)
{
    List list;
    Budget part;
    Arena of_part, of_nobody;
    Error error;
    list_open(&list, 0);
    budget_open(&part, &list.control.budget, 0, "part");
    arena_open(&of_part, &part);
    arena_open(&of_nobody, NULL);
    assert_true(budget_check(list.arena.budget, &error) && budget_check(of_part.budget, &error));
    query_interrupt(&list.control, INTERRUPT_CANCEL);
    assert_false(budget_check(list.arena.budget, &error));
    assert_int_equal(error.code, E_QUERY_CANCELED);
    assert_string_equal(error.message, "canceling statement due to user request");
    assert_false(budget_check(of_part.budget, &error));
    assert_true(budget_check(of_nobody.budget, &error));
    list_close(&list);
}

/* Loops over one value end, at once or after as many steps as go by between looks. */
static void a_loop_ends_with_its_statement(void **unused)
{
    enum { BYTES = 4 * BYTES_PER_LOOK };
    List list;
    Error error;
    i64 steps = 0;
    static u8 from[BYTES], to[BYTES];
    memset(from, 1, BYTES);
    list_open(&list, 0);
    Budget *budget = &list.control.budget;
    Look look = look_open(budget, &error);
    while (steps < 10 * STEPS_PER_LOOK && look_goes_on(&look))
        steps++;
    assert_int_equal(steps, 10 * STEPS_PER_LOOK);
    assert_true(look_copy(to, from, BYTES - 1, budget, &error));
    assert_true(memcmp(to, from, BYTES - 1) == 0 && to[BYTES - 1] == 0);
    assert_true(look_clear(to + 1, BYTES - 2, budget, &error));
    assert_true(to[0] == 1 && to[1] == 0 && to[BYTES / 2] == 0 && to[BYTES - 2] == 0);
    query_interrupt(&list.control, INTERRUPT_CANCEL);
    for (steps = 0; look_goes_on(&look); steps++)
        assert_true(steps < STEPS_PER_LOOK);
    assert_true(look.ended && !look_now(&look));
    assert_int_equal(error.code, E_QUERY_CANCELED);
    look = look_open(budget, &error);
    look_passed(&look, BYTES);
    assert_false(look_goes_on(&look));
    assert_false(look_copy(to, from, BYTES, budget, &error));
    assert_true(to[0] == 1 && to[BYTES - 2] == 0);
    assert_false(look_clear(from, BYTES, budget, &error));
    assert_int_equal(from[BYTES - 1], 1);
    assert_true(look_copy(to, from, BYTES, NULL, &error) && look_clear(to, 5, budget, &error));
    list_close(&list);
}

typedef struct Resize {
    Query *q;
    Buffer buffer;
    i64 bytes;
} Resize;

static void resize(void *argument)
{
    Resize *r = argument;
    query_resize(r->q, &r->buffer, r->bytes);
}

static void a_resize_ends_with_its_statement(void **unused)
{
    List list;
    list_open(&list, 0);
    Resize r = {&list.q, {0}, 9 << 20};
    buffer_open(&r.buffer, NULL);
    assert_true(query_try(&list.q, resize, &r));
    assert_int_equal(r.buffer.len, 9 << 20);
    for (i64 i = 0; i < r.buffer.len; i++)
        assert_int_equal(r.buffer.data[i], 0);
    r.bytes = 3;
    assert_true(query_try(&list.q, resize, &r));
    assert_int_equal(r.buffer.len, 3);
    query_interrupt(&list.control, INTERRUPT_TIMEOUT);
    r.bytes = 9 << 20;
    assert_false(query_try(&list.q, resize, &r));
    assert_int_equal(list.q.error.code, E_QUERY_CANCELED);
    assert_true(r.buffer.len < r.bytes);
    buffer_close(&r.buffer);
    list_close(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_what_is_in_it),
        cmocka_unit_test(a_list_beyond_the_budget_throws),
        cmocka_unit_test(an_arena_knows_its_statement),
        cmocka_unit_test(a_loop_ends_with_its_statement),
        cmocka_unit_test(a_resize_ends_with_its_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
