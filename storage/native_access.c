/* SPDX-License-Identifier: Apache-2.0
 *
 * Table access of native tables: the table of functions, splits, and fetching rows by id.
 */
#include "base/counted.h"
#include "storage/lane_convert.h"
#include "storage/modify.h"
#include "storage/relation.h"

struct Scan {
    DeltaScan *delta;
};

static void split_add(Split *splits, i32 *count, SplitPart part, u64 position, i64 rows)
{
    splits[(*count)++] = (Split){part, position, rows, rows * 64};
}

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
    *splits = arena_try(arena, 2 * (i64)sizeof **splits, error);
    if (!*splits)
        return false;
    if (fresh)
        split_add(*splits, count, SPLIT_DELTA, 0, fresh);
    if (own)
        split_add(*splits, count, SPLIT_OWN_ROWS, 0, own);
    return true;
}

static bool native_scan_open(Relation *relation, const ScanSpec *spec, const Split *split,
                             Budget *budget, Scan **out, Error *error)
{
    Scan *scan = counted_make((i64)sizeof *scan, budget, NULL, error);
    if (!scan)
        return false;
    if (!delta_scan_open(relation, spec, (SplitPart)split->part, budget, &scan->delta, error)) {
        counted_drop(scan);
        return false;
    }
    *out = scan;
    return true;
}

static ScanStatus native_scan_next(Scan *scan, Chunk *chunk, u64 *applied, Error *error)
{
    return delta_scan_next(scan->delta, chunk, applied, error);
}

static void native_scan_close(Scan *scan)
{
    delta_scan_close(scan->delta);
    counted_drop(scan);
}

static bool fetch_cell(Relation *relation, RowId row, const ScanColumn *asked, Vector *to, i32 at,
                       Arena *arena, Error *error)
{
    i32 position;
    Vector one;
    const DeltaChunk *chunk = relation_delta_row(relation, row, &position);
    if (!chunk)
        return error_set(error, E_INTERNAL_ERROR, "row %lld is not in the snapshot",
                         (long long)row);
    i32 column = columns_find(chunk->columns, asked->id);
    if (column == COLUMN_NONE ? !relation_missing_column(relation, asked, arena, &one, error)
                              : !delta_vector(chunk, column, position, 1, arena, &one, error) ||
                                    !lane_convert(&one, 1, asked->lane, arena, error))
        return false;
    vector_copy_row(&one, 0, to, at);
    return true;
}

static bool native_fetch(Relation *relation, const RowId *rows, i32 n, const ScanColumn *columns,
                         i32 column_count, Chunk *out, Arena *arena, Error *error)
{
    Vector *vectors = arena_try(arena, column_count * (i64)sizeof *vectors, error);
    if (!vectors)
        return false;
    for (i32 c = 0; c < column_count; c++) {
        if (!vector_make(&vectors[c], columns[c].type, columns[c].lane, n, arena, error) ||
            !vector_make_valid(&vectors[c], n, arena, error))
            return false;
        vectors[c].life = LIFE_PINNED;
        for (i32 i = 0; i < n; i++)
            if (!fetch_cell(relation, rows[i], &columns[c], &vectors[c], i, arena, error))
                return false;
    }
    *out = (Chunk){.n = n, .column_count = column_count, .columns = vectors, .arena = arena};
    return true;
}

static bool native_statistics(Relation *relation, const TableStatistics **out, Error *error)
{
    TableStatistics *statistics = arena_try(&relation->arena, (i64)sizeof *statistics, error);
    if (!statistics)
        return false;
    statistics->rows = (f64)(rows_of(relation->own_chunks, relation->own_chunk_count) +
                             (relation->version ? rows_of(relation->version->chunks,
                                                          relation->version->chunk_count)
                                                : 0));
    *out = statistics;
    return true;
}

const TableAccess native_access = {
    .name = "native",
    .open = relation_open,
    .close = relation_close,
    .statistics = native_statistics,
    .splits = native_splits,
    .scan_open = native_scan_open,
    .scan_next = native_scan_next,
    .scan_close = native_scan_close,
    .fetch = native_fetch,
    .append_open = native_append_open,
    .append = native_append,
    .append_close = native_append_close,
    .modify = native_modify,
};
