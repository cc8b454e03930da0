/* SPDX-License-Identifier: Apache-2.0
 *
 * The persistent map against an array of what should be in it; old versions must not change.
 */
#include "storage/persistent_map.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { KEYS = 200, STEPS = 4000 };

static i32 height_checked(const MapNode *map)
{
    if (!map)
        return 0;
    i32 left = height_checked(map->left), right = height_checked(map->right);
    assert_true(left - right <= 1 && right - left <= 1);
    assert_int_equal(map->height, 1 + max_i64(left, right));
    return map->height;
}

static void as_an_array(void **state)
{
    Error error;
    const MapNode *map = NULL;
    const i64 *expected[KEYS] = {0};
    u32 random = 5;
    for (i32 step = 0; step < STEPS; step++) {
        random = random * 1664525 + 1013904223;
        u64 key = (random >> 8) % KEYS;
        if (random >> 30 == 0) {
            assert_true(map_change_remove(&map, (MapKey){0, key}, &error));
            counted_drop(expected[key]);
            expected[key] = NULL;
        } else {
            i64 *value = counted_make(8, NULL, NULL, &error);
            *value = step;
            assert_true(map_change(&map, (MapKey){0, key}, value, &error));
            counted_drop(expected[key]);
            expected[key] = value;
        }
        if (step % 50 == 0)
            height_checked(map);
        for (u64 k = 0; k < KEYS; k += 7)
            assert_ptr_equal(map_get(map, (MapKey){0, k}), expected[k]);
    }
    u64 from = 0;
    for (u64 k = 0; k < KEYS; k++) {
        if (!expected[k])
            continue;
        const MapNode *next = map_next(map, (MapKey){0, from});
        assert_int_equal(next->key.low, k);
        from = k + 1;
        counted_drop(expected[k]);
    }
    assert_null(map_next(map, (MapKey){0, from}));
    counted_drop(map);
}

static void old_versions_stay(void **state)
{
    Error error;
    i64 *value = counted_make(8, NULL, NULL, &error);
    const MapNode *old = NULL, *fresh;
    for (u64 k = 0; k < 50; k++)
        assert_true(map_change(&old, (MapKey){1, k}, value, &error));
    assert_true(map_remove(old, (MapKey){1, 20}, &fresh, &error));
    assert_non_null(map_get(old, (MapKey){1, 20}));
    assert_null(map_get(fresh, (MapKey){1, 20}));
    counted_drop(old);
    assert_ptr_equal(map_get(fresh, (MapKey){1, 21}), value);
    counted_drop(fresh);
    assert_int_equal(counted_owners(value), 1);
    counted_drop(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_an_array),
        cmocka_unit_test(old_versions_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
