/* SPDX-License-Identifier: Apache-2.0
 *
 * Merging is sorting values that carry the number of rows they stand for: a value between two
 * ranks stands for the rows half way to its neighbours. When the list gets long it is replaced by
 * values at equally spaced ranks of itself (Manku, Rajagopalan, Lindsay: SIGMOD 1998, collapse).
 */
#include "storage/quantile_merge.h"

enum { ENTRIES_MAX = 65536, ENTRIES_KEPT = 8192 };

typedef struct QuantileEntry {
    Value value;
    f64 rows;
} QuantileEntry;

void quantile_merge_open(QuantileMerge *merge)
{
    *merge = (QuantileMerge){.weight = 0};
    buffer_open(&merge->entries, NULL);
}

void quantile_merge_close(QuantileMerge *merge)
{
    buffer_close(&merge->entries);
}

static i32 entry_count(const QuantileMerge *merge)
{
    return (i32)(merge->entries.len / (i64)sizeof(QuantileEntry));
}

static int compare_entries(const void *a, const void *b)
{
    return value_compare(&((const QuantileEntry *)a)->value, &((const QuantileEntry *)b)->value);
}

static QuantileEntry *entries_sort(QuantileMerge *merge)
{
    QuantileEntry *entries = (QuantileEntry *)merge->entries.data;
    qsort(entries, (size_t)entry_count(merge), sizeof *entries, compare_entries);
    return entries;
}

/* The entry at this many rows; *at and *before go on from one call to the next. */
static const QuantileEntry *entry_at(const QuantileEntry *entries, i32 count, f64 rows, i32 *at,
                                     f64 *before)
{
    while (*at < count - 1 && *before + entries[*at].rows < rows)
        *before += entries[(*at)++].rows;
    return &entries[*at];
}

static bool collapse(QuantileMerge *merge, Error *error)
{
    const QuantileEntry *entries = entries_sort(merge);
    i32 count = entry_count(merge), at = 0;
    f64 before = 0, step = merge->weight / ENTRIES_KEPT;
    Buffer kept;
    buffer_open(&kept, NULL);
    for (i32 i = 0; i < ENTRIES_KEPT; i++) {
        const QuantileEntry *from = entry_at(entries, count, step * (i + 0.5), &at, &before);
        QuantileEntry entry = {from->value, step};
        if (!buffer_append(&kept, &entry, (i64)sizeof entry, error)) {
            buffer_close(&kept);
            return false;
        }
    }
    buffer_close(&merge->entries);
    merge->entries = kept;
    return true;
}

static bool entry_add(QuantileMerge *merge, const Value *value, f64 rows, Error *error)
{
    QuantileEntry entry = {*value, rows};
    merge->weight += rows;
    return buffer_append(&merge->entries, &entry, (i64)sizeof entry, error);
}

bool quantile_merge_ranks(QuantileMerge *merge, const Value *values, i32 count, f64 rows,
                          Error *error)
{
    if (rows <= 0)
        return true;
    if (entry_count(merge) + count > ENTRIES_MAX && !collapse(merge, error))
        return false;
    if (count == 1)
        return entry_add(merge, values, rows, error);
    f64 step = rows / (count - 1);
    for (i32 i = 0; i < count; i++)
        if (!entry_add(merge, &values[i], i == 0 || i == count - 1 ? step / 2 : step, error))
            return false;
    return true;
}

bool quantile_merge_sample(QuantileMerge *merge, const Value *values, i32 count, f64 rows,
                           Error *error)
{
    if (entry_count(merge) + count > ENTRIES_MAX && !collapse(merge, error))
        return false;
    for (i32 i = 0; i < count; i++)
        if (!entry_add(merge, &values[i], rows / count, error))
            return false;
    return true;
}

void quantile_merge_cut(QuantileMerge *merge, Value *values, i32 count)
{
    const QuantileEntry *entries = entries_sort(merge);
    i32 have = entry_count(merge), at = 0;
    f64 before = 0;
    for (i32 i = 0; i < count; i++)
        values[i] = entry_at(entries, have, merge->weight * i / (count - 1), &at, &before)->value;
    values[count - 1] = entries[have - 1].value;
}
