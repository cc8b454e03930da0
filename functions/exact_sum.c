/* SPDX-License-Identifier: Apache-2.0
 *
 * Exact sums as results of aggregates.
 */
#include "functions/aggregate.h"

bool emit_null(Vector *out, i32 row)
{
    bit_clear(out->valid, row);
    return true;
}

bool wide_to_i128(const WideSum *sum, i128 *value)
{
    *value = (i128)sum->low;
    return sum->high == (*value < 0 ? -1 : 0);
}

/* high * 2^64 * 2^64 + low, in two halves of 64 bits so that each is a plain number. */
bool wide_to_num(const WideSum *sum, i32 scale, Arena *arena, Num *num, Error *error)
{
    i128 value;
    Num high, middle, low, half;
    if (wide_to_i128(sum, &value))
        return num_from_i128(value, scale, arena, num, error);
    return num_from_i128((i128)1 << 64, 0, arena, &half, error) &&
           num_from_i128(sum->high, scale, arena, &high, error) &&
           num_from_i128((i128)(sum->low >> 64), scale, arena, &middle, error) &&
           num_from_i128((i128)(u64)sum->low, scale, arena, &low, error) &&
           num_multiply(high, half, arena, &high, error) &&
           num_add(high, middle, arena, &high, error) &&
           num_multiply(high, half, arena, &high, error) && num_add(high, low, arena, num, error);
}

bool emit_exact(const WideSum *sum, i32 scale, Vector *out, i32 row, Arena *arena, Error *error)
{
    i128 value;
    if (out->lane.kind == LANE_NUM)
        return wide_to_num(sum, scale, arena, (Num *)out->values + row, error);
    bool narrow = out->lane.kind == LANE_I64 || out->lane.kind == LANE_DEC64;
    if (!wide_to_i128(sum, &value) || (narrow && value != (i64)value))
        return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE,
                         out->lane.kind == LANE_I64 ? "bigint out of range"
                                                    : "numeric field overflow");
    if (narrow)
        ((i64 *)out->values)[row] = (i64)value;
    else
        ((i128 *)out->values)[row] = value;
    return true;
}
