/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups of a single integer key without hashing: an array from key - first to the group's number.
 * The array covers the keys seen so far and grows with them on either side, as long as it stays
 * small beside the number of groups (or small at all); else the table goes over to hashing for
 * good. A key column in clustered order touches the array in order.
 *
 * Rows keep their hash all the same: partitions and merges of several tables go by it.
 *
 * Memory: 4 bytes per place, on the table's budget.
 */
#include "executor/group_table.h"
#include "types/hash_vector.h"

enum { RANGE_MIN = 1 << 20, RANGE_PER_GROUP = 32 };

bool group_direct_suits(const RowLayout *layout)
{
    return layout->column_count == 1 && lane_is_integer(layout->lanes[0]);
}

static inline i64 key_at(const VectorView *view, u16 position, i32 bytes)
{
    i32 i = view_index(view, position);
    return bytes == 4   ? ((const i32 *)view->values)[i]
           : bytes == 8 ? ((const i64 *)view->values)[i]
           : bytes == 2 ? ((const i16 *)view->values)[i]
                        : ((const i8 *)view->values)[i];
}

/* Least and greatest key of the rows that are not NULL; false: all are. */
TEMPLATE bool keys_range(const VectorView *view, const u16 *positions, i32 n, i64 *least,
                         i64 *greatest, i32 bytes)
{
    i64 low = INT64_MAX, high = INT64_MIN;
    for (i32 i = 0; i < n; i++) {
        if (view_is_null(view, positions[i]))
            continue;
        i64 key = key_at(view, positions[i], bytes);
        low = key < low ? key : low;
        high = key > high ? key : high;
    }
    *least = low;
    *greatest = high;
    return low <= high;
}

static i64 range_limit(const GroupTable *table)
{
    return max_i64(RANGE_MIN, (i64)table->count * RANGE_PER_GROUP);
}

/* Makes least..greatest have places; false: that would be too many. */
static bool range_cover(Query *q, GroupTable *table, i64 least, i64 greatest)
{
    GroupDirect *direct = &table->direct;
    i64 width, limit = range_limit(table);
    bool down = false, up = true;
    if (direct->range) {
        i64 last = direct->first + direct->range - 1;
        down = least < direct->first;
        up = greatest > last;
        if (!down && !up)
            return true;
        least = min_i64(least, direct->first);
        greatest = max_i64(greatest, last);
    }
    if (__builtin_sub_overflow(greatest, least, &width) || width >= limit)
        return false;
    /* room to grow to where they grow, so that a few outliers do not make it grow again and again
     */
    i64 spare = min_i64(limit - width - 1, width / 2);
    least = down ? max_i64(least, INT64_MIN + spare) - spare : least;
    i64 range = width + 1 + (down || up ? spare : 0);
    if (least > INT64_MAX - range)
        return false;
    Buffer numbers;
    buffer_open(&numbers, direct->numbers.budget);
    if (!buffer_resize(&numbers, range * (i64)sizeof(u32), &q->error)) {
        buffer_close(&numbers);
        query_rethrow(q, &q->error);
    }
    if (direct->range)
        memcpy(numbers.data + (direct->first - least) * (i64)sizeof(u32), direct->numbers.data,
               (size_t)direct->range * sizeof(u32));
    buffer_close(&direct->numbers);
    direct->numbers = numbers;
    direct->first = least;
    direct->range = range;
    return true;
}

/* Numbers of known groups; the others are added, still without hash and key, and listed in fresh.
 */
TEMPLATE i32 numbers_find(GroupTable *table, const VectorView *view, const u16 *positions, i32 n,
                          u32 *groups, u16 *fresh, i32 bytes)
{
    GroupDirect *direct = &table->direct;
    u32 *numbers = (u32 *)direct->numbers.data;
    i32 fresh_count = 0;
    for (i32 i = 0; i < n; i++) {
        u16 position = positions[i];
        u32 *number = view_is_null(view, position)
                          ? &direct->null_number
                          : &numbers[key_at(view, position, bytes) - direct->first];
        if (unlikely(*number == 0)) {
            *number = group_table_add(table, 0) + 1;
            fresh[fresh_count++] = (u16)i;
        }
        groups[i] = *number - 1;
    }
    return fresh_count;
}

TEMPLATE bool direct_find(Query *q, GroupTable *table, const Vector *key, const u16 *positions,
                          i32 n, u32 *groups, i32 bytes)
{
    VectorView view = vector_view(key);
    i64 least, greatest;
    if (keys_range(&view, positions, n, &least, &greatest, bytes) &&
        !range_cover(q, table, least, greatest))
        return false;
    i32 fresh = numbers_find(table, &view, positions, n, groups, table->fresh, bytes);
    if (fresh)
        group_table_fill_fresh(q, table, key, positions, fresh, groups);
    return true;
}

bool group_direct_find(Query *q, GroupTable *table, const Vector *key, const u16 *positions, i32 n,
                       u32 *groups)
{
    switch (lane_bytes(key->lane)) {
    case 4:
        return direct_find(q, table, key, positions, n, groups, 4);
    case 8:
        return direct_find(q, table, key, positions, n, groups, 8);
    case 2:
        return direct_find(q, table, key, positions, n, groups, 2);
    default:
        return direct_find(q, table, key, positions, n, groups, 1);
    }
}

/* ---- several tables into one ---- */

bool group_direct_span(GroupTable *const *tables, i32 count, i64 *first, i64 *last)
{
    i64 limit = RANGE_MIN;
    *first = INT64_MAX;
    *last = INT64_MIN;
    for (i32 i = 0; i < count; i++) {
        const GroupDirect *direct = &tables[i]->direct;
        if (tables[i]->hashed)
            return false;
        if (!direct->range)
            continue;
        *first = min_i64(*first, direct->first);
        *last = max_i64(*last, direct->first + direct->range - 1);
        limit += (i64)tables[i]->count * RANGE_PER_GROUP;
    }
    /* tables that lie close together each may lie far from each other */
    return *first <= *last && (u64)*last - (u64)*first < (u64)limit;
}

/* NULL goes with the first. */
static i32 part_of(const GroupTable *table, const u8 *row, i64 first, i32 shift)
{
    return row_is_null(table->layout, row, 0)
               ? 0
               : (i32)(((u64)row_integer(table->layout, row, 0) - (u64)first) >> shift);
}

GroupPartitions group_direct_partition(Query *q, const GroupTable *table, Arena *arena, i32 parts,
                                       i64 first, i32 shift)
{
    u16 *part = arena_alloc_array(q, arena, table->count, sizeof(u16));
    for (u32 g = 0; g < table->count; g++)
        part[g] = (u16)part_of(table, group_row(table, g), first, shift);
    return group_partitions(q, arena, part, table->count, parts);
}

void group_direct_open(Query *q, GroupTable *table, i64 first, i64 range, u32 rows)
{
    GroupDirect *direct = &table->direct;
    if (!buffer_resize(&direct->numbers, range * (i64)sizeof(u32), &q->error) ||
        !buffer_reserve(&table->rows, (i64)rows * table->layout->row_bytes, &q->error))
        query_rethrow(q, &q->error);
    direct->first = first;
    direct->range = range;
}

u32 group_direct_put(GroupTable *table, const u8 *row, bool *is_new)
{
    GroupDirect *direct = &table->direct;
    u32 *number =
        row_is_null(table->layout, row, 0)
            ? &direct->null_number
            : (u32 *)direct->numbers.data + (row_integer(table->layout, row, 0) - direct->first);
    *is_new = *number == 0;
    if (*is_new) {
        *number = group_table_add(table, 0) + 1;
        memcpy(group_row(table, *number - 1), row, (size_t)table->layout->row_bytes);
    }
    return *number - 1;
}
