/* SPDX-License-Identifier: Apache-2.0
 *
 * What only fixed-width kernels have: shapes, rows that went wrong where nobody looks, decimal
 * lanes, and conversions between lanes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/text.h"
#include "functions/function.h"

enum { ROWS = 7 };

static Vector flat(Type type, Lane lane, void *values)
{
    return (Vector){.form = VECTOR_FLAT, .type = type, .lane = lane, .values = values};
}

static KernelStatus call_binary(Operation operation, Vector a, Vector b, Vector *result,
                                const Selection *sel, Error *error, i32 *bad)
{
    Vector args[] = {a, b};
    Lane lanes[] = {a.lane, b.lane};
    KernelFunction kernel = kernel_find(operation, lanes, 2, result->lane);
    KernelCall call = {
        .args = args, .nargs = 2, .result = result, .sel = sel, .n = ROWS, .error = error};
    assert_non_null(kernel);
    KernelStatus status = kernel(&call);
    *bad = call.bad;
    return status;
}

static void overflow_fails_only_selected_valid_rows(void **state)
{
    i32 a[ROWS] = {1, INT32_MAX, 3, INT32_MAX, 5, 6, 7}, b[ROWS] = {1, 1, 1, 1, 1, 1, 1};
    i32 r[ROWS], bad;
    static const u16 good[] = {0, 2, 4, 5, 6}, all_but_first[] = {2, 3, 4};
    Selection sel = {5, good}, sel_bad = {3, all_but_first};
    Error error = {0};
    u64 valid = 0x75; /* rows 1 and 3 are NULL */
    Type type = type_of(TYPE_INT4);
    Lane lane = lane_of(LANE_I32);
    Vector result = flat(type, lane, r);
    assert_int_equal(
        call_binary(OP_ADD, flat(type, lane, a), flat(type, lane, b), &result, &sel, &error, &bad),
        KERNEL_OK);
    assert_int_equal(r[6], 8);
    assert_int_equal(call_binary(OP_ADD, flat(type, lane, a), flat(type, lane, b), &result,
                                 &sel_bad, &error, &bad),
                     KERNEL_BAD_ROW);
    assert_int_equal(bad, 3);
    assert_string_equal(error.message, "integer out of range");
    result.valid = &valid;
    assert_int_equal(
        call_binary(OP_ADD, flat(type, lane, a), flat(type, lane, b), &result, NULL, &error, &bad),
        KERNEL_OK);
}

static void division_by_zero_fails_only_where_it_is_seen(void **state)
{
    i64 a[ROWS] = {10, 20, 30, 40, 50, 60, INT64_MIN}, b[ROWS] = {3, 0, -7, 1, 2, 0, -1}, r[ROWS];
    static const u16 good[] = {0, 2, 3, 4}, zero[] = {4, 5}, least[] = {6};
    Selection sel = {4, good}, sel_zero = {2, zero}, sel_least = {1, least};
    i32 bad;
    Error error = {0};
    Type type = type_of(TYPE_INT8);
    Lane lane = lane_of(LANE_I64);
    Vector result = flat(type, lane, r), x = flat(type, lane, a), y = flat(type, lane, b);
    assert_int_equal(call_binary(OP_DIVIDE, x, y, &result, &sel, &error, &bad), KERNEL_OK);
    assert_int_equal(r[0], 3);
    assert_int_equal(r[2], -4);
    assert_int_equal(call_binary(OP_DIVIDE, x, y, &result, &sel_zero, &error, &bad),
                     KERNEL_BAD_ROW);
    assert_int_equal(bad, 5);
    assert_int_equal(error.code, E_DIVISION_BY_ZERO);
    assert_int_equal(call_binary(OP_DIVIDE, x, y, &result, &sel_least, &error, &bad),
                     KERNEL_BAD_ROW);
    assert_string_equal(error.message, "bigint out of range");
    assert_int_equal(call_binary(OP_MODULO, x, y, &result, &sel_least, &error, &bad), KERNEL_OK);
    assert_int_equal(r[6], 0);
}

static void comparisons_write_masks_of_any_length(void **state)
{
    enum { N = CHUNK_ROWS < 200 ? CHUNK_ROWS : 200 };
    i32 a[N], five = 5;
    u64 mask[MASK_WORDS + 1];
    Error error;
    Vector args[] = {flat(type_of(TYPE_INT4), lane_of(LANE_I32), a),
                     flat(type_of(TYPE_INT4), lane_of(LANE_I32), &five)};
    Lane lanes[] = {args[0].lane, args[1].lane};
    Vector result = flat(type_of(TYPE_BOOL), lane_of(LANE_BOOL), mask);
    args[1].form = VECTOR_CONSTANT;
    for (i32 i = 0; i < N; i++)
        a[i] = i % 11;
    for (i32 n = 1; n <= N; n++) {
        memset(mask, 0xff, sizeof mask);
        KernelCall call = {.args = args, .nargs = 2, .result = &result, .n = n, .error = &error};
        assert_int_equal(kernel_find(OP_LT, lanes, 2, result.lane)(&call), KERNEL_OK);
        for (i32 i = 0; i < (i32)bit_words(n) * 64; i++)
            assert_int_equal(bit_get(mask, i), i < n && i % 11 < 5);
    }
}

static void decimals_multiply_into_the_sum_of_scales(void **state)
{
    i64 a[ROWS] = {150, -250, 999999999999999999, 4, 5, 6, 7}, b[ROWS] = {10, 20, 99, 1, 1, 1, 1};
    i128 r[ROWS];
    i32 bad;
    Error error;
    Type type = type_of(TYPE_NUMERIC);
    Vector result = flat(type, lane_decimal128(5), r);
    Lane lanes[] = {lane_decimal64(2), lane_decimal64(3)};
    assert_int_equal(call_binary(OP_MULTIPLY, flat(type, lanes[0], a), flat(type, lanes[1], b),
                                 &result, NULL, &error, &bad),
                     KERNEL_OK);
    assert_true(r[0] == 1500 && r[1] == -5000);
    assert_true(r[2] == (i128)999999999999999999 * 99);
    assert_null(kernel_find(OP_MULTIPLY, lanes, 2, lane_decimal128(4)));
    assert_null(kernel_find(OP_ADD, lanes, 2, lane_decimal64(3)));
    assert_null(kernel_find(OP_LT, lanes, 2, lane_of(LANE_BOOL)));
}

static void lanes_convert_and_fail_where_they_must(void **state)
{
    i64 a[ROWS] = {12345, -12355, 0, 99999999999, 5, 15, -15}, r[ROWS];
    static const u16 good[] = {0, 1, 2, 4, 5, 6};
    Selection sel = {6, good};
    Error error = {0};
    Vector arg = flat(type_of(TYPE_NUMERIC), lane_decimal64(2), a);
    Vector result = flat(type_of(TYPE_NUMERIC), lane_decimal64(1), r);
    KernelCall call = {.args = &arg, .nargs = 1, .result = &result, .n = ROWS, .error = &error};
    assert_int_equal(lane_cast_find(arg.lane, result.lane)(&call), KERNEL_OK);
    assert_int_equal(r[0], 1235);
    assert_int_equal(r[1], -1236);
    assert_int_equal(r[5], 2);
    assert_int_equal(r[6], -2);
    i32 narrow[ROWS];
    arg.lane = lane_of(LANE_I64);
    result = flat(type_of(TYPE_INT4), lane_of(LANE_I32), narrow);
    call.sel = &sel;
    assert_int_equal(lane_cast_find(arg.lane, result.lane)(&call), KERNEL_OK);
    call.sel = NULL;
    assert_int_equal(lane_cast_find(arg.lane, result.lane)(&call), KERNEL_BAD_ROW);
    assert_int_equal(call.bad, 3);
    assert_null(lane_cast_find(lane_of(LANE_STR), lane_of(LANE_I32)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overflow_fails_only_selected_valid_rows),
        cmocka_unit_test(division_by_zero_fails_only_where_it_is_seen),
        cmocka_unit_test(comparisons_write_masks_of_any_length),
        cmocka_unit_test(decimals_multiply_into_the_sum_of_scales),
        cmocka_unit_test(lanes_convert_and_fail_where_they_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
