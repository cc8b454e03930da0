/* SPDX-License-Identifier: Apache-2.0
 *
 * Table access of native tables: the table of functions, and the splits of a relation: one per row
 * group that the filters leave, one for the committed delta, one for the transaction's own rows.
 */
#include "base/counted.h"
#include "storage/fetch.h"
#include "storage/modify.h"
#include "storage/statistics.h"

struct Scan {
    DeltaScan *delta; /* one of the two */
    GroupScan *group;
};

static i64 rows_of(DeltaChunk *const *chunks, i32 count)
{
    i64 rows = 0;
    for (i32 i = 0; i < count; i++)
        rows += delta_rows(chunks[i]);
    return rows;
}

static bool native_splits(Relation *relation, const ScanSpec *spec, Arena *arena, Split **splits,
                          i32 *count, Error *error)
{
    const TableVersion *version = relation->version;
    i64 fresh = version ? rows_of(version->chunks, version->chunk_count) : 0;
    i64 own = rows_of(relation->own_chunks, relation->own_chunk_count);
    *count = 0;
    *splits = arena_try(arena, (relation_group_count(relation) + 2) * (i64)sizeof **splits, error);
    if (!*splits || !group_splits(relation, spec, *splits, count, error))
        return false;
    if (fresh)
        (*splits)[(*count)++] = (Split){SPLIT_DELTA, 0, fresh, fresh * 64};
    if (own)
        (*splits)[(*count)++] = (Split){SPLIT_OWN_ROWS, 0, own, own * 64};
    return true;
}

static bool native_scan_open(Relation *relation, const ScanSpec *spec, const Split *split,
                             Budget *budget, Scan **out, Error *error)
{
    Scan *scan = counted_make((i64)sizeof *scan, budget, NULL, error);
    if (!scan)
        return false;
    SplitPart part = (SplitPart)split->part;
    const GroupEntry *entry = NULL;
    if (part == SPLIT_GROUP)
        entry = relation_group(relation, split->position);
    else if (part == SPLIT_OWN_GROUP)
        entry = relation->own_groups[split->position];
    bool good = entry ? group_scan_open(relation, spec, entry, budget, &scan->group, error)
                      : delta_scan_open(relation, spec, part, budget, &scan->delta, error);
    if (good)
        *out = scan;
    else
        counted_drop(scan);
    return good;
}

static ScanStatus native_scan_next(Scan *scan, Chunk *chunk, u64 *applied, Error *error)
{
    return scan->group ? group_scan_next(scan->group, chunk, applied, error)
                       : delta_scan_next(scan->delta, chunk, applied, error);
}

static void native_scan_close(Scan *scan)
{
    if (scan->group)
        group_scan_close(scan->group);
    else
        delta_scan_close(scan->delta);
    counted_drop(scan);
}

const TableAccess native_access = {
    .name = "native",
    .open = relation_open,
    .close = relation_close,
    .statistics = relation_statistics,
    .splits = native_splits,
    .scan_open = native_scan_open,
    .scan_next = native_scan_next,
    .scan_close = native_scan_close,
    .fetch = native_fetch,
    .append_open = native_append_open,
    .append = native_append,
    .append_close = native_append_close,
    .modify = native_modify,
    .lock_rows = native_lock_rows,
};
