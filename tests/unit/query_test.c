/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists that grow in an arena: they keep what is in them, and a budget that refuses throws.
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
    budget_open(&list->control.budget, NULL, LIMIT_BYTES, "query");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_what_is_in_it),
        cmocka_unit_test(a_list_beyond_the_budget_throws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
