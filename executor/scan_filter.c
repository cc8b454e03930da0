/* SPDX-License-Identifier: Apache-2.0
 *
 * Scan filters on decoded rows: ranges over integers in typed loops, everything else value by value
 * (a set by binary search). TEST gets FLAT vectors only, as its contract says.
 */
#include "executor/scan_filter.h"

static bool value_in_range(const ScanFilter *filter, const Value *value)
{
    if (filter->has_low) {
        int order = value_compare(value, &filter->low);
        if (order < 0 || (order == 0 && filter->low_exclusive))
            return false;
    }
    if (filter->has_high) {
        int order = value_compare(value, &filter->high);
        if (order > 0 || (order == 0 && filter->high_exclusive))
            return false;
    }
    return true;
}

static bool value_in_set(const ScanFilter *filter, const Value *value)
{
    i32 low = 0, high = filter->set_count;
    while (low < high) {
        i32 middle = low + (high - low) / 2;
        int order = value_compare(value, &filter->set[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static bool test_passes(const ScanFilter *filter, const Vector *vector, i32 position)
{
    Vector one = *vector;
    u64 mask = 1;
    u64 bit = 0;
    VectorView view = vector_view(vector);
    i32 index = view_index(&view, position);
    i32 bytes = lane_bytes(vector->lane);
    one.form = VECTOR_FLAT;
    one.valid = NULL;
    one.values = (u8 *)view.values + (i64)index * bytes;
    if (vector->lane.kind == LANE_BOOL) {
        bit = bit_get(view.values, index);
        one.values = &bit;
    }
    filter->test(filter->state, &one, 1, &mask);
    return mask & 1;
}

static bool position_passes(const ScanFilter *filter, const Vector *vector, i32 position)
{
    bool null = vector_is_null(vector, position);
    if (filter->kind == FILTER_IS_NULL || null)
        return filter->kind == FILTER_IS_NULL && null;
    if (filter->kind == FILTER_TEST)
        return test_passes(filter, vector, position);
    Value value = vector_value(vector, position);
    switch (filter->kind) {
    case FILTER_RANGE:
        return value_in_range(filter, &value);
    case FILTER_IN_SET:
        return value_in_set(filter, &value);
    case FILTER_NOT_NULL:
        return true;
    case FILTER_IS_NULL:
    case FILTER_TEST:
        break;
    }
    unreachable();
}

/* The range as two inclusive integers; false: empty. */
static bool integer_bounds(const ScanFilter *filter, i64 *low, i64 *high)
{
    *low = filter->has_low ? filter->low.integer : INT64_MIN;
    *high = filter->has_high ? filter->high.integer : INT64_MAX;
    if (filter->has_low && filter->low_exclusive) {
        if (*low == INT64_MAX)
            return false;
        ++*low;
    }
    if (filter->has_high && filter->high_exclusive) {
        if (*high == INT64_MIN)
            return false;
        --*high;
    }
    return *low <= *high;
}

static inline bool in_range_i8(const VectorView *view, i32 i, i64 low, i64 high)
{
    i8 value = ((const i8 *)view->values)[view_index(view, i)];
    return value >= low && value <= high;
}
static inline bool in_range_i16(const VectorView *view, i32 i, i64 low, i64 high)
{
    i16 value = ((const i16 *)view->values)[view_index(view, i)];
    return value >= low && value <= high;
}
static inline bool in_range_i32(const VectorView *view, i32 i, i64 low, i64 high)
{
    i32 value = ((const i32 *)view->values)[view_index(view, i)];
    return value >= low && value <= high;
}
static inline bool in_range_i64(const VectorView *view, i32 i, i64 low, i64 high)
{
    i64 value = ((const i64 *)view->values)[view_index(view, i)];
    return value >= low && value <= high;
}

TEMPLATE i32 integer_range(bool (*passes)(const VectorView *, i32, i64, i64), const Vector *vector,
                           const Selection *sel, i32 n, i64 low, i64 high, u16 *rows)
{
    VectorView view = vector_view(vector);
    i32 count = sel ? sel->count : n, kept = 0;
    for (i32 i = 0; i < count; i++) {
        u16 position = sel ? sel->rows[i] : (u16)i;
        rows[kept] = position;
        kept += !view_is_null(&view, position) && passes(&view, position, low, high);
    }
    return kept;
}

static i32 slow_apply(const ScanFilter *filter, const Vector *vector, const Selection *sel, i32 n,
                      u16 *rows)
{
    i32 count = sel ? sel->count : n, kept = 0;
    for (i32 i = 0; i < count; i++) {
        u16 position = sel ? sel->rows[i] : (u16)i;
        rows[kept] = position;
        kept += position_passes(filter, vector, position);
    }
    return kept;
}

i32 scan_filter_apply(const ScanFilter *filter, const Vector *vector, const Selection *sel, i32 n,
                      u16 *rows)
{
    i64 low, high;
    if (filter->kind != FILTER_RANGE || vector->form == VECTOR_SEQUENCE)
        return slow_apply(filter, vector, sel, n, rows);
    switch (lane_kind(vector->lane)) {
    case LANE_I8:
        return integer_bounds(filter, &low, &high)
                   ? integer_range(in_range_i8, vector, sel, n, low, high, rows)
                   : 0;
    case LANE_I16:
        return integer_bounds(filter, &low, &high)
                   ? integer_range(in_range_i16, vector, sel, n, low, high, rows)
                   : 0;
    case LANE_I32:
        return integer_bounds(filter, &low, &high)
                   ? integer_range(in_range_i32, vector, sel, n, low, high, rows)
                   : 0;
    case LANE_I64:
    case LANE_DEC64:
        return integer_bounds(filter, &low, &high)
                   ? integer_range(in_range_i64, vector, sel, n, low, high, rows)
                   : 0;
    case LANE_NONE:
    case LANE_BOOL:
    case LANE_I128:
    case LANE_DEC128:
    case LANE_F32:
    case LANE_F64:
    case LANE_STR:
    case LANE_NUM:
    case LANE_FIX16:
    case LANE_INTERVAL:
    case LANE_ROW:
    case LANE_LIST:
    case LANE_STRUCT:
        return slow_apply(filter, vector, sel, n, rows);
    }
    unreachable();
}
