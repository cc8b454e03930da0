/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows by id, column by column. Neighbouring ids of a row group share the decoded block; strings
 * and limbs are copied into the caller's arena, because the frames they lie in are let go.
 */
#include "storage/fetch.h"

#include "storage/lane_convert.h"
#include "storage/retirement.h"
#include "storage/segment_read.h"

typedef struct FetchRun {
    Relation *relation;
    const ScanColumn *column;
    Arena *arena;
    Arena scratch; /* of the block in hand */
    SegmentReader reader;
    u64 block; /* row id >> 11 of the block in hand */
    bool has_block;
    Vector vector; /* of the block */
} FetchRun;

static bool not_there(RowId row, Error *error)
{
    return error_set(error, E_INTERNAL_ERROR, "row %lld is not in the snapshot", (long long)row);
}

static bool block_fetch(FetchRun *run, RowId row, Error *error)
{
    const Footer *footer;
    const GroupEntry *entry = relation_group(run->relation, row_group_of(row));
    segment_reader_close(&run->reader);
    arena_reset(&run->scratch);
    run->has_block = false;
    if (!entry || row_position(row) >= entry->group->address.rows)
        return not_there(row, error);
    if (!row_group_footer(entry->group, &footer, error))
        return false;
    const Segment *segment = footer_segment(footer, run->column->id);
    if (!segment) {
        run->has_block =
            relation_missing_column(run->relation, run->column, &run->scratch, &run->vector, error);
        return run->has_block;
    }
    segment_reader_open(&run->reader, entry->group, footer, segment, run->arena->budget);
    run->has_block = segment_block(&run->reader, row_position(row) / BLOCK_ROWS, run->column->type,
                                   run->column->lane, &run->scratch, &run->vector, error);
    return run->has_block;
}

static bool delta_fetch(FetchRun *run, RowId row, Error *error)
{
    i32 position;
    const DeltaChunk *chunk = relation_delta_row(run->relation, row, &position);
    if (!chunk)
        return not_there(row, error);
    i32 column = columns_find(chunk->columns, run->column->id);
    arena_reset(&run->scratch);
    run->has_block = false;
    if (column == COLUMN_NONE)
        return relation_missing_column(run->relation, run->column, &run->scratch, &run->vector,
                                       error);
    return delta_vector(chunk, column, position, 1, &run->scratch, &run->vector, error) &&
           lane_convert(&run->vector, 1, NULL, run->column->lane, &run->scratch, error);
}

static bool keep_cell(Vector *to, i32 at, Arena *arena, Error *error)
{
    if (to->lane.kind == LANE_NUM) {
        Num *num = (Num *)to->values + at;
        return num_copy(*num, arena, num, error);
    }
    if (to->lane.kind != LANE_STR)
        return true;
    Str *str = (Str *)to->values + at;
    Text copy;
    if (str->len <= STR_INLINE_MAX)
        return true;
    if (!arena_text(arena, str_text(str), &copy, error))
        return false;
    *str = str_from_text(copy);
    return true;
}

static bool column_fetch(FetchRun *run, const RowId *rows, i32 n, Vector *to, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        bool in_group = row_kind(rows[i]) == ROW_IN_GROUP;
        bool in_hand = in_group && run->has_block && run->block == row_block(rows[i]);
        if (!in_hand &&
            !(in_group ? block_fetch(run, rows[i], error) : delta_fetch(run, rows[i], error)))
            return false;
        run->block = row_block(rows[i]);
        vector_copy_row(&run->vector, in_group ? row_in_block(rows[i]) : 0, to, i);
        if (!keep_cell(to, i, run->arena, error))
            return false;
    }
    return true;
}

static bool is_here(const Relation *relation, RowId row)
{
    i32 position;
    return row_kind(row) == ROW_IN_GROUP ? relation_group(relation, row_group_of(row)) != NULL
                                         : relation_delta_row(relation, row, &position) != NULL;
}

/* Rows whose container was rewritten before the snapshot, found through the maps of flush and
 * merge. */
static RowId *rows_now(Relation *relation, const RowId *rows, i32 n, Arena *arena, Error *error)
{
    Storage *storage = relation->storage;
    RowId *now = arena_try(arena, n * (i64)sizeof *now, error);
    for (i32 i = 0; now && i < n; i++) {
        now[i] = rows[i];
        if (is_here(relation, rows[i]))
            continue;
        mutex_lock(&storage->mutex);
        now[i] = retirements_newest(storage, relation->table, rows[i]);
        mutex_unlock(&storage->mutex);
    }
    return now;
}

bool native_fetch(Relation *relation, const RowId *asked, i32 n, const ScanColumn *columns,
                  i32 column_count, Chunk *out, Arena *arena, Error *error)
{
    Vector *vectors = arena_try(arena, column_count * (i64)sizeof *vectors, error);
    RowId *rows = rows_now(relation, asked, n, arena, error);
    bool good = vectors != NULL && rows != NULL;
    for (i32 c = 0; good && c < column_count; c++) {
        FetchRun run = {.relation = relation, .column = &columns[c], .arena = arena};
        arena_open(&run.scratch, NULL);
        good = vector_make(&vectors[c], columns[c].type, columns[c].lane, n, arena, error) &&
               vector_make_valid(&vectors[c], n, arena, error) &&
               column_fetch(&run, rows, n, &vectors[c], error);
        segment_reader_close(&run.reader);
        arena_close(&run.scratch);
    }
    if (good)
        *out = (Chunk){.n = n, .column_count = column_count, .columns = vectors, .arena = arena};
    return good;
}
