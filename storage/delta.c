/* SPDX-License-Identifier: Apache-2.0
 *
 * Validity and booleans are bytes here, not bits: a writer that appends next to what a reader looks
 * at must not touch the reader's words. The bitmaps of vectors are made when a chunk is scanned.
 *
 * The arrays of a chunk are one allocation; only long strings and limbs go to its arena. Chunks of
 * a list grow from 64 to 2,048 rows, so that a thousand tables of three rows stay small.
 */
#include "storage/delta.h"

#include "storage/value_codec.h"

static void chunk_closer(void *thing)
{
    DeltaChunk *chunk = thing;
    counted_drop(chunk->columns);
    arena_close(&chunk->arena);
}

static i64 cell_bytes(Lane lane)
{
    return lane.kind == LANE_BOOL ? 1 : lane_bytes(lane);
}

static i64 column_bytes(Lane lane, i32 capacity)
{
    return align_up(capacity, 64) + align_up(capacity * cell_bytes(lane), 64) + 64;
}

DeltaChunk *delta_chunk_make(const Columns *columns, i32 capacity, Budget *budget, Error *error)
{
    i64 header = align_up((i64)sizeof(DeltaChunk) + columns->count * (i64)sizeof(DeltaColumn), 64);
    i64 bytes = header + 64 + 4 * 8 * (i64)capacity;
    for (i32 c = 0; c < columns->count; c++)
        bytes += column_bytes(columns->list[c].lane, capacity);
    DeltaChunk *chunk = counted_make(bytes, budget, chunk_closer, error);
    if (!chunk)
        return NULL;
    chunk->columns = counted_keep(columns);
    chunk->capacity = capacity;
    chunk->bytes = bytes;
    arena_open(&chunk->arena, budget);
    u8 *at = (u8 *)align_up((i64)(intptr_t)((u8 *)chunk + header), 64);
    for (i32 c = 0; c < columns->count; c++) {
        Lane lane = columns->list[c].lane;
        chunk->column[c].values = at;
        at += align_up(capacity * cell_bytes(lane), 64) + 64;
        chunk->column[c].nulls = at;
        at += align_up(capacity, 64);
    }
    chunk->sequence = (i64 *)at;
    chunk->version = (u64 *)(chunk->sequence + capacity);
    chunk->load = chunk->version + capacity;
    chunk->deleted = (_Atomic u64 *)(chunk->load + capacity);
    return chunk;
}

i32 delta_made_before(const DeltaChunk *chunk, u64 bound)
{
    i32 low = 0, high = delta_rows(chunk);
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (chunk->version[middle] < bound)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

i32 delta_find(const DeltaChunk *chunk, i64 sequence)
{
    i32 low = 0, n = delta_rows(chunk), high = n;
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (chunk->sequence[middle] < sequence)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && chunk->sequence[low] == sequence ? low : DELTA_NO_ROW;
}

/* ---- appending ---- */

static bool copy_str(DeltaChunk *chunk, const Str *from, Str *to, Error *error)
{
    *to = *from;
    if (from->len <= STR_INLINE_MAX)
        return true;
    Text copy;
    if (!arena_text(&chunk->arena, str_text(from), &copy, error))
        return false;
    chunk->bytes += from->len;
    *to = str_from_text(copy);
    return true;
}

/* One cell from a view at index; the null byte is clear. */
static bool copy_cell(DeltaChunk *chunk, Lane lane, const VectorView *view, i32 index, u8 *to,
                      Error *error)
{
    switch (lane.kind) {
    case LANE_BOOL:
        *to = bit_get(view->values, index);
        return true;
    case LANE_STR:
        return copy_str(chunk, (const Str *)view->values + index, (Str *)to, error);
    case LANE_NUM:
        return num_copy(((const Num *)view->values)[index], &chunk->arena, (Num *)to, error);
    default: {
        i64 bytes = lane_bytes(lane);
        memcpy(to, (const u8 *)view->values + index * bytes, (size_t)bytes);
        return true;
    }
    }
}

static bool append_column(DeltaChunk *chunk, i32 column, const Vector *vector, const Chunk *rows,
                          i32 from, i32 count, Error *error)
{
    Lane lane = chunk->columns->list[column].lane;
    if (!lane_equal(lane, vector->lane))
        return error_set(error, E_INTERNAL_ERROR, "column %d has lane %s, its table wants %s",
                         column, lane_name(vector->lane), lane_name(lane));
    const DeltaColumn *to = &chunk->column[column];
    i32 start = delta_rows(chunk);
    i64 bytes = cell_bytes(lane);
    VectorView view = {0};
    if (vector->form != VECTOR_SEQUENCE)
        view = vector_view(vector);
    for (i32 i = 0; i < count; i++) {
        i32 position = chunk_position(rows, from + i);
        u8 *cell = to->values + (start + i) * bytes;
        to->nulls[start + i] = 0;
        if (vector->form == VECTOR_SEQUENCE) {
            i64 value = vector->start + position * vector->step;
            memcpy(cell, &value, sizeof value);
        } else if (view_is_null(&view, position)) {
            to->nulls[start + i] = 1;
            memset(cell, 0, (size_t)bytes);
        } else if (!copy_cell(chunk, lane, &view, view_index(&view, position), cell, error)) {
            return false;
        }
    }
    return true;
}

bool delta_append(DeltaChunk *chunk, const Chunk *rows, i32 from, i32 count, i64 sequence,
                  u64 version, Error *error)
{
    i32 start = delta_rows(chunk);
    assert(count <= chunk->capacity - start);
    if (rows->column_count != chunk->columns->count)
        return error_set(error, E_INTERNAL_ERROR, "a row has %d columns, its table %d",
                         rows->column_count, chunk->columns->count);
    for (i32 c = 0; c < rows->column_count; c++)
        if (!append_column(chunk, c, &rows->columns[c], rows, from, count, error))
            return false;
    for (i32 i = 0; i < count; i++) {
        chunk->sequence[start + i] = sequence + i;
        chunk->version[start + i] = version;
        atomic_store_explicit(&chunk->deleted[start + i], 0, memory_order_relaxed);
    }
    atomic_store_explicit(&chunk->n, start + count, memory_order_release);
    return true;
}

/* ---- as bytes ---- */

static void write_num_cell(ByteWriter *w, Num num)
{
    i64 len = num_encoded_bytes(num);
    write_u32(w, (u32)len);
    if (w->failed || !buffer_reserve(w->buffer, len, w->error)) {
        w->failed = true;
        return;
    }
    num_encode(num, w->buffer->data + w->buffer->len);
    w->buffer->len += len;
}

static void write_column(ByteWriter *w, const DeltaChunk *chunk, i32 column, const i32 *rows,
                         i32 count)
{
    const DeltaColumn *from = &chunk->column[column];
    Lane lane = chunk->columns->list[column].lane;
    i64 bytes = cell_bytes(lane);
    write_u32(w, chunk->columns->list[column].id);
    write_u8(w, lane.kind);
    write_u8(w, lane.scale);
    for (i32 i = 0; i < count; i++)
        write_u8(w, from->nulls[rows[i]]);
    for (i32 i = 0; i < count; i++) {
        const u8 *cell = from->values + rows[i] * bytes;
        if (from->nulls[rows[i]])
            continue;
        if (lane.kind == LANE_STR)
            write_text(w, str_text((const Str *)cell));
        else if (lane.kind == LANE_NUM)
            write_num_cell(w, *(const Num *)cell);
        else
            write_bytes(w, cell, bytes);
    }
}

void delta_write(ByteWriter *w, const DeltaChunk *chunk, const i32 *rows, i32 count)
{
    write_u32(w, (u32)count);
    write_u32(w, (u32)chunk->columns->count);
    for (i32 c = 0; c < chunk->columns->count; c++)
        write_column(w, chunk, c, rows, count);
}

static bool damaged(Error *error)
{
    return error_set(error, E_DATA_CORRUPTED, "rows in the log are damaged");
}

static bool read_cell(ByteReader *r, Lane lane, Arena *arena, Vector *vector, i32 row, Error *error)
{
    switch (lane.kind) {
    case LANE_BOOL:
        bit_put(vector->values, row, read_u8(r) != 0);
        break;
    case LANE_STR:
        ((Str *)vector->values)[row] = str_from_text(read_text(r));
        break;
    case LANE_NUM: {
        Text bytes = read_text(r);
        if (r->bad)
            break;
        return num_decode((const u8 *)bytes.data, bytes.len, arena, (Num *)vector->values + row,
                          error);
    }
    default: {
        i64 bytes = lane_bytes(lane);
        const u8 *cell = read_bytes(r, bytes);
        if (cell)
            memcpy((u8 *)vector->values + row * bytes, cell, (size_t)bytes);
    }
    }
    return !r->bad || damaged(error);
}

static bool read_column_cells(ByteReader *r, Lane lane, i32 n, Arena *arena, Vector *vector,
                              Error *error)
{
    if (!vector_make(vector, (Type){0}, lane, n, arena, error) ||
        !vector_make_valid(vector, n, arena, error))
        return false;
    const u8 *nulls = read_bytes(r, n);
    if (!nulls)
        return damaged(error);
    for (i32 i = 0; i < n; i++) {
        if (nulls[i])
            bit_clear(vector->valid, i);
        else if (!read_cell(r, lane, arena, vector, i, error))
            return false;
    }
    return true;
}

bool delta_read(ByteReader *r, const Columns *columns, Arena *arena, DeltaReader *out, Error *error)
{
    u32 n = read_u32(r), count = read_u32(r);
    if (r->bad || n > DELTA_CHUNK_ROWS || count > 1664)
        return damaged(error);
    Vector *vectors = arena_try(arena, columns->count * (i64)sizeof *vectors, error);
    if (!vectors)
        return false;
    for (i32 c = 0; c < columns->count; c++)
        if (!vector_make_constant(&vectors[c], (Type){0}, &columns->list[c].constant, arena, error))
            return false;
    for (u32 i = 0; i < count; i++) {
        ColumnId id = read_u32(r);
        u8 kind = read_u8(r), scale = read_u8(r);
        Vector vector;
        if (r->bad || !lane_is_stored((Lane){kind, scale}))
            return damaged(error);
        if (!read_column_cells(r, (Lane){kind, scale}, (i32)n, arena, &vector, error))
            return false;
        i32 column = columns_find(columns, id);
        if (column != COLUMN_NONE && !lane_equal(vector.lane, columns->list[column].lane))
            return damaged(error);
        if (column != COLUMN_NONE)
            vectors[column] = vector;
    }
    *out = (DeltaReader){
        arena, (i32)n, 0, {.n = (i32)n, .column_count = columns->count, .columns = vectors}};
    return true;
}

/* ---- as vectors ---- */

static void bits_from_bytes(const u8 *bytes, i32 n, bool invert, u64 *words)
{
    for (i32 i = 0; i < n; i++)
        words[i >> 6] |= (u64)((bytes[i] != 0) != invert) << (i & 63);
}

static bool any_set(const u8 *bytes, i32 n)
{
    u8 all = 0;
    for (i32 i = 0; i < n; i++)
        all |= bytes[i];
    return all != 0;
}

bool delta_vector(const DeltaChunk *chunk, i32 column, i32 from, i32 n, Arena *arena,
                  Vector *vector, Error *error)
{
    Lane lane = chunk->columns->list[column].lane;
    const DeltaColumn *in = &chunk->column[column];
    *vector = (Vector){.form = VECTOR_FLAT, .life = LIFE_PINNED, .lane = lane};
    if (any_set(in->nulls + from, n)) {
        vector->valid = arena_try(arena, bit_words(n) * 8 + 64, error);
        if (!vector->valid)
            return false;
        bits_from_bytes(in->nulls + from, n, true, vector->valid);
    }
    if (lane.kind != LANE_BOOL) {
        vector->values = in->values + from * cell_bytes(lane);
        return true;
    }
    vector->values = arena_try(arena, bit_words(n) * 8 + 64, error);
    if (!vector->values)
        return false;
    bits_from_bytes(in->values + from, n, false, vector->values);
    return true;
}
