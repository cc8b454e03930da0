/* SPDX-License-Identifier: Apache-2.0
 *
 * Appending copies with one memcpy where the vector is flat and dense, row by row otherwise. The
 * null bytes of a column come into being with its first NULL.
 */
#include "storage/row_builder.h"

#include "base/look.h"

enum { RAW_BYTES_MAX = 256 << 20 };

static i64 cell_bytes(Lane lane)
{
    return lane.kind == LANE_BOOL ? 1 : lane_bytes(lane);
}

bool row_builder_open(RowBuilder *builder, const Columns *columns, i32 rows_max, Budget *budget,
                      Error *error)
{
    *builder = (RowBuilder){.rows_max = rows_max, .column_count = columns->count};
    arena_open(&builder->arena, budget);
    arena_open(&builder->columns_arena, budget);
    builder->columns =
        arena_try(&builder->columns_arena, columns->count * (i64)sizeof *builder->columns, error);
    if (!builder->columns)
        return false;
    for (i32 c = 0; c < columns->count; c++) {
        builder->columns[c].lane = columns->list[c].lane;
        builder->columns[c].id = columns->list[c].id;
        buffer_open(&builder->columns[c].values, budget);
        buffer_open(&builder->columns[c].nulls, budget);
    }
    return true;
}

void row_builder_close(RowBuilder *builder)
{
    for (i32 c = 0; builder->columns && c < builder->column_count; c++) {
        buffer_close(&builder->columns[c].values);
        buffer_close(&builder->columns[c].nulls);
    }
    arena_close(&builder->columns_arena);
    arena_close(&builder->arena);
}

void row_builder_reset(RowBuilder *builder)
{
    for (i32 c = 0; c < builder->column_count; c++) {
        builder->columns[c].values.len = 0;
        builder->columns[c].nulls.len = 0;
        builder->columns[c].raw_bytes = 0;
    }
    arena_reset(&builder->arena);
    builder->rows = 0;
    builder->bytes = 0;
}

bool row_builder_is_full(const RowBuilder *builder)
{
    return builder->rows >= builder->rows_max || builder->bytes >= RAW_BYTES_MAX;
}

static bool keep_str(RowBuilder *builder, BuilderColumn *column, Str *str, Error *error)
{
    column->raw_bytes += str->len;
    if (str->len <= STR_INLINE_MAX)
        return true;
    char *copy = arena_try_raw(&builder->arena, str->len, error);
    if (!copy || !look_copy(copy, str->pointer, str->len, builder->arena.budget, error))
        return false;
    str->pointer = copy;
    builder->bytes += str->len;
    return true;
}

/* Strings and limbs of the rows just copied become the builder's. */
static bool keep_cells(RowBuilder *builder, BuilderColumn *column, i32 from, i32 count,
                       Error *error)
{
    if (column->lane.kind == LANE_STR) {
        Str *cells = (Str *)column->values.data + from;
        for (i32 i = 0; i < count; i++)
            if (!keep_str(builder, column, &cells[i], error))
                return false;
    } else if (column->lane.kind == LANE_NUM) {
        Num *cells = (Num *)column->values.data + from;
        for (i32 i = 0; i < count; i++)
            if (!num_copy(cells[i], &builder->arena, &cells[i], error))
                return false;
    }
    return true;
}

static bool nulls_begin(RowBuilder *builder, BuilderColumn *column, Error *error)
{
    return column->nulls.len || buffer_resize(&column->nulls, builder->rows, error);
}

TEMPLATE void copy_cells(u8 *to, const VectorView *view, const Chunk *chunk, i32 from, i32 count,
                         i64 bytes)
{
    const u8 *values = view->values;
    for (i32 i = 0; i < count; i++)
        memcpy(to + i * bytes, values + view_index(view, chunk_position(chunk, from + i)) * bytes,
               (size_t)bytes);
}

static void copy_bits(u8 *to, const VectorView *view, const Chunk *chunk, i32 from, i32 count)
{
    for (i32 i = 0; i < count; i++)
        to[i] = bit_get(view->values, view_index(view, chunk_position(chunk, from + i)));
}

static void copy_values(u8 *to, const Vector *vector, const VectorView *view, const Chunk *chunk,
                        i32 from, i32 count)
{
    i64 bytes = cell_bytes(vector->lane);
    if (vector->lane.kind == LANE_BOOL) {
        copy_bits(to, view, chunk, from, count);
        return;
    }
    if (!chunk->sel && vector->form == VECTOR_FLAT) {
        memcpy(to, (const u8 *)view->values + from * bytes, (size_t)(count * bytes));
        return;
    }
    switch (bytes) {
    case 2:
        copy_cells(to, view, chunk, from, count, 2);
        return;
    case 4:
        copy_cells(to, view, chunk, from, count, 4);
        return;
    case 8:
        copy_cells(to, view, chunk, from, count, 8);
        return;
    case 16:
        copy_cells(to, view, chunk, from, count, 16);
        return;
    default:
        copy_cells(to, view, chunk, from, count, bytes);
    }
}

/* Null bytes of the rows; the cells of NULLs become zero. */
static bool copy_nulls(RowBuilder *builder, BuilderColumn *column, const VectorView *view,
                       const Chunk *chunk, i32 from, i32 count, Error *error)
{
    if (!view->valid && column->nulls.len == 0)
        return true;
    i64 bytes = cell_bytes(column->lane);
    if (!nulls_begin(builder, column, error) ||
        !buffer_resize(&column->nulls, builder->rows + count, error))
        return false;
    u8 *cells = column->values.data + builder->rows * bytes;
    for (i32 i = 0; view->valid && i < count; i++)
        if (view_is_null(view, chunk_position(chunk, from + i))) {
            column->nulls.data[builder->rows + i] = 1;
            memset(cells + i * bytes, 0, (size_t)bytes);
        }
    return true;
}

static bool append_sequence(BuilderColumn *column, const Vector *vector, const Chunk *chunk,
                            i32 from, i32 count, i64 *to)
{
    for (i32 i = 0; i < count; i++)
        to[i] = vector->start + chunk_position(chunk, from + i) * vector->step;
    return true;
}

static bool append_column(RowBuilder *builder, BuilderColumn *column, const Vector *vector,
                          const Chunk *chunk, i32 from, i32 count, Error *error)
{
    i64 bytes = cell_bytes(column->lane);
    if (!lane_equal(column->lane, vector->lane))
        return error_set(error, E_INTERNAL_ERROR, "column %u has lane %s, its table wants %s",
                         column->id, lane_name(vector->lane), lane_name(column->lane));
    if (!buffer_reserve(&column->values, count * bytes, error))
        return false;
    u8 *to = column->values.data + builder->rows * bytes;
    column->values.len += count * bytes;
    builder->bytes += count * bytes;
    column->raw_bytes += column->lane.kind == LANE_STR ? 0 : count * bytes;
    VectorView view = {0};
    if (vector->form == VECTOR_SEQUENCE) {
        append_sequence(column, vector, chunk, from, count, (i64 *)to);
    } else {
        view = vector_view(vector);
        copy_values(to, vector, &view, chunk, from, count);
    }
    return copy_nulls(builder, column, &view, chunk, from, count, error) &&
           keep_cells(builder, column, builder->rows, count, error);
}

bool row_builder_append(RowBuilder *builder, const Chunk *chunk, i32 from, i32 count, Error *error)
{
    if (chunk->column_count != builder->column_count)
        return error_set(error, E_INTERNAL_ERROR, "a row has %d columns, its table %d",
                         chunk->column_count, builder->column_count);
    for (i32 c = 0; c < builder->column_count; c++)
        if (!append_column(builder, &builder->columns[c], &chunk->columns[c], chunk, from, count,
                           error))
            return false;
    builder->rows += count;
    return true;
}

/* ---- looking at what was collected ---- */

static u64 *bits_of(const u8 *bytes, i32 n, bool invert, Arena *arena, Error *error)
{
    u64 *words = arena_try(arena, bit_words(n) * 8 + 64, error);
    for (i32 i = 0; words && i < n; i++)
        words[i >> 6] |= (u64)((bytes[i] != 0) != invert) << (i & 63);
    return words;
}

bool row_builder_vector(const RowBuilder *builder, i32 column, i32 from, i32 n, Arena *arena,
                        Vector *vector, Error *error)
{
    const BuilderColumn *in = &builder->columns[column];
    *vector = (Vector){.form = VECTOR_FLAT, .lane = in->lane, .life = LIFE_CHUNK};
    vector->values = in->values.data + from * cell_bytes(in->lane);
    if (in->nulls.len) {
        vector->valid = bits_of(in->nulls.data + from, n, true, arena, error);
        if (!vector->valid)
            return false;
    }
    if (in->lane.kind == LANE_BOOL) {
        vector->values = bits_of(in->values.data + from, n, false, arena, error);
        return vector->values != NULL;
    }
    return true;
}

bool row_builder_chunk(const RowBuilder *builder, i32 from, i32 n, Arena *arena, Chunk *chunk,
                       Error *error)
{
    Vector *columns = arena_try(arena, builder->column_count * (i64)sizeof *columns, error);
    if (!columns)
        return false;
    for (i32 c = 0; c < builder->column_count; c++)
        if (!row_builder_vector(builder, c, from, n, arena, &columns[c], error))
            return false;
    *chunk =
        (Chunk){.n = n, .column_count = builder->column_count, .columns = columns, .arena = arena};
    return true;
}
