/* SPDX-License-Identifier: Apache-2.0
 *
 * Scanning delta chunks: values in place, a selection of the rows the snapshot sees. No filter is
 * applied here: fresh rows are few, the executor tests them.
 *
 * A chunk of 2,048 rows is handed out in slices of CHUNK_ROWS. Committed rows and the
 * transaction's own rows differ only in the bound that makes them visible and in their row ids.
 */
#include "storage/lane_convert.h"
#include "storage/relation.h"

struct DeltaScan {
    Relation *relation;
    const ScanSpec *spec;
    DeltaChunk *const *chunks;
    i32 chunk_count;
    bool own;
    u64 bound;
    i32 chunk, row; /* next to look at */
    Arena arena;    /* of the chunk handed out last */
    Selection sel;
    Vector *vectors;
};

bool delta_scan_open(Relation *relation, const ScanSpec *spec, SplitPart part, Budget *budget,
                     DeltaScan **out, Error *error)
{
    DeltaScan *scan = counted_make((i64)sizeof *scan, budget, NULL, error);
    if (!scan)
        return false;
    arena_open(&scan->arena, budget);
    scan->relation = relation;
    scan->spec = spec;
    scan->own = part == SPLIT_OWN_ROWS;
    scan->bound = scan->own ? relation->own_bound : relation->bound;
    if (scan->own) {
        scan->chunks = relation->own_chunks;
        scan->chunk_count = relation->own_chunk_count;
    } else if (relation->version) {
        scan->chunks = relation->version->chunks;
        scan->chunk_count = relation->version->chunk_count;
    }
    *out = scan;
    return true;
}

void delta_scan_close(DeltaScan *scan)
{
    arena_close(&scan->arena);
    counted_drop(scan);
}

static bool scan_column(DeltaScan *scan, const DeltaChunk *chunk, const ScanColumn *asked, i32 from,
                        i32 n, const u64 *live, Vector *vector, Error *error)
{
    i32 column = columns_find(chunk->columns, asked->id);
    if (column == COLUMN_NONE)
        return relation_missing_column(scan->relation, asked, &scan->arena, vector, error);
    if (!delta_vector(chunk, column, from, n, &scan->arena, vector, error))
        return false;
    vector->type = asked->type;
    return lane_convert(vector, n, live, asked->lane, &scan->arena, error);
}

static RowId *row_ids(DeltaScan *scan, const DeltaChunk *chunk, i32 from, i32 n, Vector *vector,
                      Error *error)
{
    if (!vector_make(vector, type_of(TYPE_INT8), lane_of(LANE_I64), n, &scan->arena, error))
        return NULL;
    RowId *ids = vector->values;
    for (i32 i = 0; i < n; i++)
        ids[i] =
            scan->own ? row_own(scan->chunk, from + i) : row_in_delta(chunk->sequence[from + i]);
    return ids;
}

/* Hands out rows from..from + n when any of them is visible. */
static ScanStatus slice(DeltaScan *scan, const DeltaChunk *chunk, i32 from, i32 n, Chunk *out,
                        Error *error)
{
    const ScanSpec *spec = scan->spec;
    u64 live[MASK_WORDS] = {0};
    i32 columns = spec->column_count + spec->want_row_ids;
    arena_reset(&scan->arena);
    scan->vectors = arena_try(&scan->arena, (columns + 1) * (i64)sizeof *scan->vectors, error);
    u16 *rows = arena_try(&scan->arena, (n + 64) * (i64)sizeof *rows, error);
    Vector ids_vector;
    RowId *ids = scan->vectors && rows ? row_ids(scan, chunk, from, n, &ids_vector, error) : NULL;
    if (!ids)
        return SCAN_ERROR;
    for (i32 i = 0; i < n; i++)
        bit_put(live, i, delta_is_live(chunk, from + i, scan->bound));
    if (!scan->own)
        relation_hide_marked(scan->relation, ids, n, live);
    scan->sel = (Selection){mask_to_rows(live, n, rows), rows};
    if (scan->sel.count == 0)
        return SCAN_END;
    for (i32 c = 0; c < spec->column_count; c++)
        if (!scan_column(scan, chunk, &spec->columns[c], from, n, live, &scan->vectors[c], error))
            return SCAN_ERROR;
    if (spec->want_row_ids)
        scan->vectors[spec->column_count] = ids_vector;
    *out = (Chunk){.n = n,
                   .sel = scan->sel.count < n ? &scan->sel : NULL,
                   .column_count = columns,
                   .columns = scan->vectors,
                   .arena = &scan->arena};
    return SCAN_ROWS;
}

ScanStatus delta_scan_next(DeltaScan *scan, Chunk *chunk, u64 *applied, Error *error)
{
    *applied = 0;
    while (scan->chunk < scan->chunk_count) {
        const DeltaChunk *from = scan->chunks[scan->chunk];
        i32 made = delta_made_before(from, scan->bound);
        i32 n = (i32)min_i64(CHUNK_ROWS, made - scan->row);
        ScanStatus status = n > 0 ? slice(scan, from, scan->row, n, chunk, error) : SCAN_END;
        scan->row += CHUNK_ROWS;
        if (scan->row >= made) {
            scan->row = 0;
            scan->chunk++;
        }
        if (status != SCAN_END)
            return status;
    }
    return SCAN_END;
}
