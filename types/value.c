/* SPDX-License-Identifier: Apache-2.0
 *
 * Single values: copying what they refer to, and the total order of each lane.
 */
#include "types/value.h"

#include "types/row_value.h"

static bool str_copy(Str str, Arena *arena, Str *copy, Error *error)
{
    *copy = str;
    if (str.len <= STR_INLINE_MAX)
        return true;
    Text text;
    if (!arena_text(arena, str_text(&str), &text, error))
        return false;
    *copy = str_from_text(text);
    return true;
}

bool value_copy(Value value, Arena *arena, Value *copy, Error *error)
{
    *copy = value;
    if (value.null)
        return true;
    if (lane_is_bytes(value.lane))
        return str_copy(value.str, arena, &copy->str, error);
    if (value.lane.kind == LANE_NUM)
        return num_copy(value.num, arena, &copy->num, error);
    return true;
}

/* NaN is equal to NaN and above everything; -0 = 0. */
static int f64_compare(f64 a, f64 b)
{
    bool a_nan = a != a, b_nan = b != b;
    if (a_nan || b_nan)
        return (int)a_nan - (int)b_nan;
    return (a > b) - (a < b);
}

int value_compare(const Value *a, const Value *b)
{
    assert(!a->null && !b->null && lane_equal(a->lane, b->lane));
    switch (lane_kind(a->lane)) {
    case LANE_BOOL:
        return (int)a->boolean - (int)b->boolean;
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
    case LANE_DEC64:
        return (a->integer > b->integer) - (a->integer < b->integer);
    case LANE_I128:
    case LANE_DEC128:
        return (a->wide > b->wide) - (a->wide < b->wide);
    case LANE_F32:
        return f64_compare(a->real, b->real);
    case LANE_F64:
        return f64_compare(a->number, b->number);
    case LANE_STR:
        return str_compare(&a->str, &b->str);
    case LANE_NUM:
        return num_compare(a->num, b->num);
    case LANE_FIX16:
        return memcmp(a->fixed, b->fixed, 16);
    case LANE_INTERVAL:
        return interval_compare(a->interval, b->interval);
    case LANE_ROW:
        return row_value_compare(str_text(&a->str), str_text(&b->str));
    case LANE_NONE:
    case LANE_LIST:
    case LANE_STRUCT:
        return 0;
    }
    unreachable();
}

bool value_equal(const Value *a, const Value *b)
{
    if (a->null || b->null)
        return a->null && b->null;
    if (a->lane.kind == LANE_STR && b->lane.kind == LANE_STR)
        return str_equal(&a->str, &b->str);
    return value_compare(a, b) == 0;
}
