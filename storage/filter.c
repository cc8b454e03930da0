/* SPDX-License-Identifier: Apache-2.0
 *
 * Integers of every lane are compared as i64 in one loop that writes masks; everything else value
 * by value through value_compare. A dictionary's entries are sorted: a RANGE over strings is a
 * range of codes, members of a set are looked for among them; a TEST asks each entry once, rows by
 * a bit.
 */
#include "storage/filter.h"

#include "storage/lane_convert.h"
#include "storage/scan_loops.h"

static bool integer_like(Lane lane)
{
    return lane_is_integer(lane);
}

static bool value_fits(const Value *value, Lane lane)
{
    return lane_equal(value->lane, lane) ||
           (integer_like(value->lane) && integer_like(lane) && value->lane.scale == lane.scale);
}

bool filter_fits(const ScanFilter *filter, Lane lane)
{
    switch (filter->kind) {
    case FILTER_RANGE:
        return (!filter->has_low || value_fits(&filter->low, lane)) &&
               (!filter->has_high || value_fits(&filter->high, lane));
    case FILTER_IN_SET:
        return filter->set_count == 0 || value_fits(&filter->set[0], lane);
    case FILTER_IS_NULL:
    case FILTER_NOT_NULL:
    case FILTER_TEST:
        return true;
    }
    return false;
}

/* Bounds of numerics are kept as DEC64 where all are whole, whatever lane a scan asks for. */
static bool bound_fits(const Value *value, Lane lane)
{
    return value_fits(value, lane) ||
           (lane.kind == LANE_DEC64 &&
            (value->lane.kind == LANE_NUM ||
             (value->lane.kind == LANE_DEC128 && value->lane.scale == lane.scale)));
}

static bool bounds_fit(const ScanFilter *filter, Lane lane)
{
    if (filter->kind == FILTER_RANGE)
        return (!filter->has_low || bound_fits(&filter->low, lane)) &&
               (!filter->has_high || bound_fits(&filter->high, lane));
    return filter->kind != FILTER_IN_SET || filter->set_count == 0 ||
           bound_fits(&filter->set[0], lane);
}

static Num as_num(const Value *value)
{
    if (value->lane.kind == LANE_NUM)
        return value->num;
    return (Num){.kind = NUM_INLINE, .scale = value->lane.scale, .small = value->integer};
}

static i128 as_wide(const Value *value)
{
    return value->lane.kind == LANE_DEC128 ? value->wide : (i128)value->integer;
}

/* One fits the lane of the other, or is a bound for it. */
static int compare(const Value *a, const Value *b)
{
    if (integer_like(a->lane) && integer_like(b->lane))
        return (a->integer > b->integer) - (a->integer < b->integer);
    if (lane_equal(a->lane, b->lane))
        return value_compare(a, b);
    if (a->lane.kind == LANE_NUM || b->lane.kind == LANE_NUM)
        return num_compare(as_num(a), as_num(b));
    i128 x = as_wide(a), y = as_wide(b);
    return (x > y) - (x < y);
}

/* Is there a value in [min, max] that passes? */
static bool range_meets(const ScanFilter *filter, const Value *min, const Value *max)
{
    if (filter->has_low) {
        int order = compare(max, &filter->low);
        if (order < 0 || (order == 0 && filter->low_exclusive))
            return false;
    }
    if (filter->has_high) {
        int order = compare(min, &filter->high);
        if (order > 0 || (order == 0 && filter->high_exclusive))
            return false;
    }
    return true;
}

static bool set_meets(const ScanFilter *filter, const Value *min, const Value *max)
{
    i32 low = 0, high = filter->set_count; /* the first member >= min */
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (compare(&filter->set[middle], min) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < filter->set_count && compare(&filter->set[low], max) <= 0;
}

static bool bounds_meet(const ScanFilter *filter, const Value *min, const Value *max)
{
    if (filter->kind == FILTER_RANGE)
        return range_meets(filter, min, max);
    return filter->kind != FILTER_IN_SET || set_meets(filter, min, max);
}

bool filter_may_pass_segment(const ScanFilter *filter, const Segment *segment, i32 rows)
{
    if (filter->kind == FILTER_IS_NULL)
        return segment->null_count > 0;
    if (segment->null_count == rows)
        return false;
    return !segment->has_bounds || !bounds_fit(filter, segment->lane) ||
           bounds_meet(filter, &segment->min, &segment->max);
}

bool filter_may_pass_block(const ScanFilter *filter, const Segment *segment, i32 block)
{
    if (!segment->zones || filter->kind == FILTER_IS_NULL)
        return true;
    Zone zone = segment->zones[block];
    if (zone.min > zone.max)
        return false;
    if (!integer_like(segment->lane) || !bounds_fit(filter, segment->lane))
        return true;
    Value min = {.lane = segment->lane, .integer = zone.min};
    Value max = {.lane = segment->lane, .integer = zone.max};
    return bounds_meet(filter, &min, &max);
}

/* ---- values ---- */

static i64 integer_at(const Vector *vector, i32 i)
{
    switch (vector->lane.kind) {
    case LANE_I8:
        return ((const i8 *)vector->values)[i];
    case LANE_I16:
        return ((const i16 *)vector->values)[i];
    case LANE_I32:
        return ((const i32 *)vector->values)[i];
    default:
        return ((const i64 *)vector->values)[i];
    }
}

typedef struct IntegerRange {
    i64 low, high;
} IntegerRange;

/* The range with both ends inside; empty: low > high. */
static IntegerRange inclusive(const ScanFilter *filter)
{
    IntegerRange range = {filter->has_low ? filter->low.integer : INT64_MIN,
                          filter->has_high ? filter->high.integer : INT64_MAX};
    bool none = (filter->has_low && filter->low_exclusive && range.low == INT64_MAX) ||
                (filter->has_high && filter->high_exclusive && range.high == INT64_MIN);
    if (none)
        return (IntegerRange){1, 0};
    range.low += filter->has_low && filter->low_exclusive;
    range.high -= filter->has_high && filter->high_exclusive;
    return range;
}

static void range_integers(const ScanFilter *filter, const Vector *vector, i32 n, u64 *mask)
{
    IntegerRange range = inclusive(filter);
    switch (vector->lane.kind) {
    case LANE_I16:
        scan_loops()->range_i16(vector->values, range.low, range.high, n, mask);
        return;
    case LANE_I32:
        scan_loops()->range_i32(vector->values, range.low, range.high, n, mask);
        return;
    case LANE_I64:
    case LANE_DEC64:
        scan_loops()->range_i64(vector->values, range.low, range.high, n, mask);
        return;
    default:
        for (i32 i = 0; i < n; i++)
            if (integer_at(vector, i) < range.low || integer_at(vector, i) > range.high)
                bit_clear(mask, i);
    }
}

static void clear_all(i32 n, u64 *mask)
{
    memset(mask, 0, (size_t)bit_words(n) * 8);
}

void filter_codes(const ScanFilter *filter, i64 base, const u32 *codes, const u64 *valid, i32 n,
                  u64 *mask)
{
    IntegerRange range = inclusive(filter);
    i128 from = (i128)range.low - base, to = (i128)range.high - base;
    for (i64 w = 0; valid && w < bit_words(n); w++)
        mask[w] &= valid[w];
    if (range.low > range.high || to < 0 || from > UINT32_MAX) {
        clear_all(n, mask);
        return;
    }
    scan_loops()->range_codes(codes, from < 0 ? 0 : (u32)from,
                              to > UINT32_MAX ? UINT32_MAX : (u32)to, n, mask);
}

static bool value_passes(const ScanFilter *filter, const Value *value)
{
    return bounds_meet(filter, value, value);
}

static void each_value(const ScanFilter *filter, const Vector *vector, i32 n, u64 *mask)
{
    for (i32 i = 0; i < n; i++) {
        if (!bit_get(mask, i))
            continue;
        Value value = vector_value(vector, i);
        if (!value_passes(filter, &value))
            bit_clear(mask, i);
    }
}

static void flat_values(const ScanFilter *filter, const Vector *vector, i32 n, u64 *mask)
{
    if (filter->kind == FILTER_TEST)
        filter->test(filter->state, vector, n, mask);
    else if (filter->kind == FILTER_RANGE && integer_like(vector->lane))
        range_integers(filter, vector, n, mask);
    else
        each_value(filter, vector, n, mask);
}

/* The first of the sorted entries that is >= value, or (past) > value. */
static i32 entry_bound(const Str *entries, i32 count, const Str *value, bool past)
{
    i32 low = 0, high = count;
    while (low < high) {
        i32 middle = (low + high) / 2;
        int order = str_compare(&entries[middle], value);
        if (order < 0 || (past && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void filter_code_range(const ScanFilter *filter, const Str *entries, i32 count, i32 *from, i32 *to)
{
    *from =
        filter->has_low ? entry_bound(entries, count, &filter->low.str, filter->low_exclusive) : 0;
    *to = filter->has_high
              ? entry_bound(entries, count, &filter->high.str, !filter->high_exclusive) - 1
              : count - 1;
}

void filter_between(const Vector *vector, i32 from, i32 to, i32 n, u64 *mask)
{
    for (i64 w = 0; vector->valid && w < bit_words(n); w++)
        mask[w] &= vector->valid[w];
    if (from > to)
        clear_all(n, mask);
    else
        scan_loops()->range_codes(vector->codes, (u32)from, (u32)to, n, mask);
}

static void members_mark(const ScanFilter *filter, const Str *entries, i32 count, u64 *mask)
{
    for (i32 i = 0; i < filter->set_count; i++) {
        i32 at = entry_bound(entries, count, &filter->set[i].str, false);
        if (at < count && str_equal(&entries[at], &filter->set[i].str))
            bit_set(mask, at);
    }
}

void filter_entries(const ScanFilter *filter, const Vector *entries, i32 count, u64 *mask)
{
    if (filter->kind == FILTER_IN_SET && entries->lane.kind == LANE_STR) {
        clear_all(count, mask);
        members_mark(filter, entries->values, count, mask);
        return;
    }
    bits_fill(mask, count);
    flat_values(filter, entries, count, mask);
}

static void by_entry(const Vector *vector, const u64 *entry_mask, i32 n, u64 *mask)
{
    for (i32 w = 0; w < bit_words(n); w++) {
        u64 passed = 0;
        i32 rows = (i32)min_i64(64, n - (i64)w * 64);
        for (i32 i = 0; i < rows; i++)
            passed |= (u64)bit_get(entry_mask, vector->codes[w * 64 + i]) << i;
        mask[w] &= passed;
    }
}

static void by_validity(FilterKind kind, const Vector *vector, i32 n, u64 *mask)
{
    bool constant = vector->form == VECTOR_CONSTANT;
    bool null = constant && vector->valid && !bit_get(vector->valid, 0);
    for (i32 w = 0; w < bit_words(n); w++) {
        u64 valid = constant        ? (null ? 0 : UINT64_MAX)
                    : vector->valid ? vector->valid[w]
                                    : UINT64_MAX;
        mask[w] &= kind == FILTER_IS_NULL ? ~valid : valid;
    }
}

bool filter_apply(const ScanFilter *filter, const Vector *vector, const u64 *entry_mask, i32 n,
                  Arena *arena, u64 *mask, Error *error)
{
    by_validity(filter->kind, vector, n, mask);
    if (filter->kind == FILTER_IS_NULL || filter->kind == FILTER_NOT_NULL)
        return true;
    if (vector->form == VECTOR_DICTIONARY) {
        by_entry(vector, entry_mask, n, mask);
        return true;
    }
    Vector flat = *vector;
    if (vector->form != VECTOR_FLAT) {
        u64 first[1] = {1};
        if (vector->valid && !bit_get(vector->valid, 0))
            return true; /* NULL: nothing is left */
        flat.form = VECTOR_FLAT;
        flat.valid = NULL;
        flat_values(filter, &flat, 1, first);
        for (i32 w = 0; !first[0] && w < bit_words(n); w++)
            mask[w] = 0;
        return true;
    }
    flat_values(filter, &flat, n, mask);
    return true;
}
