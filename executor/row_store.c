/* SPDX-License-Identifier: Apache-2.0
 *
 * Appending gathers the selected rows of each column behind those of the last chunk while it has
 * room, so that thin selections do not leave thin chunks behind. Long strings and limbs are copied
 * into the arena unless the query holds them anyway.
 */
#include "executor/row_store.h"

void row_store_open(RowStore *store, Arena *arena)
{
    *store = (RowStore){.arena = arena};
}

static Chunk *chunk_add(Query *q, RowStore *store)
{
    store->chunks = arena_grow(q, store->arena, store->chunks, store->chunk_count,
                               &store->chunk_capacity, sizeof *store->chunks);
    return &store->chunks[store->chunk_count++];
}

/* A fresh chunk with room for CHUNK_ROWS in the columns of in. */
static Chunk *chunk_make(Query *q, RowStore *store, const Chunk *in)
{
    Vector *columns = arena_alloc_array(q, store->arena, in->column_count, sizeof(Vector));
    for (i32 i = 0; i < in->column_count; i++) {
        const Vector *like = &in->columns[i];
        if (!vector_make(&columns[i], like->type, like->lane, CHUNK_ROWS, store->arena, &q->error))
            query_rethrow(q, &q->error);
        columns[i].life = LIFE_HELD;
    }
    Chunk *chunk = chunk_add(q, store);
    *chunk = (Chunk){.column_count = in->column_count, .columns = columns, .arena = store->arena};
    return chunk;
}

/* ---- copying one column ---- */

TEMPLATE void copy_slots(const VectorView *view, const Chunk *in, i32 from, i32 count, void *to,
                         i32 bytes)
{
    for (i32 i = 0; i < count; i++) {
        i64 index = view_index(view, chunk_position(in, from + i));
        memcpy((u8 *)to + (i64)i * bytes, (const u8 *)view->values + index * bytes, (size_t)bytes);
    }
}

static void copy_bits(const VectorView *view, const Chunk *in, i32 from, i32 count, Vector *out,
                      i32 at)
{
    for (i32 i = 0; i < count; i++)
        bit_put(out->values, at + i,
                bit_get(view->values, view_index(view, chunk_position(in, from + i))));
}

static void copy_values(const VectorView *view, const Chunk *in, i32 from, i32 count, Vector *out,
                        i32 at)
{
    i32 bytes = lane_bytes(out->lane);
    u8 *to = (u8 *)out->values + (i64)at * bytes;
    switch (bytes) {
    case 0:
        if (out->lane.kind == LANE_BOOL)
            copy_bits(view, in, from, count, out, at);
        return;
    case 1:
        copy_slots(view, in, from, count, to, 1);
        return;
    case 2:
        copy_slots(view, in, from, count, to, 2);
        return;
    case 4:
        copy_slots(view, in, from, count, to, 4);
        return;
    case 8:
        copy_slots(view, in, from, count, to, 8);
        return;
    default:
        copy_slots(view, in, from, count, to, 16);
        return;
    }
}

static void copy_validity(Query *q, RowStore *store, const VectorView *view, const Chunk *in,
                          i32 from, i32 count, Vector *out, i32 at)
{
    if (!view->valid && !out->valid)
        return;
    if (!out->valid) {
        if (!vector_make_valid(out, CHUNK_ROWS, store->arena, &q->error))
            query_rethrow(q, &q->error);
        memset(out->valid, 0, MASK_WORDS * sizeof(u64));
        bits_fill(out->valid, at);
    }
    for (i32 i = 0; i < count; i++)
        bit_put(out->valid, at + i, !view_is_null(view, chunk_position(in, from + i)));
}

static void copy_column(Query *q, RowStore *store, Vector *column, const Chunk *in, i32 from,
                        i32 count, Vector *out, i32 at)
{
    Vector flat;
    if (column->form == VECTOR_SEQUENCE) {
        if (!vector_flatten(column, in->sel, in->n, store->arena, &flat, &q->error))
            query_rethrow(q, &q->error);
        column = &flat;
    }
    verify(lane_equal(column->lane, out->lane));
    VectorView view = vector_view(column);
    copy_values(&view, in, from, count, out, at);
    copy_validity(q, store, &view, in, from, count, out, at);
    bool pointers = lane_is_bytes(out->lane) || out->lane.kind == LANE_NUM;
    if (!pointers || (column->life == LIFE_HELD && lane_is_bytes(out->lane)))
        return;
    Vector part = *out;
    part.values = (u8 *)out->values + (i64)at * lane_bytes(out->lane);
    part.valid = NULL;
    if (!vector_keep(&part, count, LIFE_HELD, store->arena, &q->error))
        query_rethrow(q, &q->error);
}

void row_store_append(Query *q, RowStore *store, const Chunk *in)
{
    for (i32 i = 0; i < in->column_count; i++)
        if (!vector_load(&in->columns[i], in->sel, in->n, &q->error))
            query_rethrow(q, &q->error);
    i32 rows = chunk_rows(in);
    for (i32 from = 0; from < rows;) {
        Chunk *last = store->chunk_count ? &store->chunks[store->chunk_count - 1] : NULL;
        if (!last || last->n == CHUNK_ROWS)
            last = chunk_make(q, store, in);
        i32 count = (i32)min_i64(rows - from, CHUNK_ROWS - last->n);
        for (i32 i = 0; i < in->column_count; i++)
            copy_column(q, store, &in->columns[i], in, from, count, &last->columns[i], last->n);
        last->n += count;
        store->rows += count;
        from += count;
    }
}

void row_store_join(Query *q, RowStore *store, const RowStore *other)
{
    for (i32 i = 0; i < other->chunk_count; i++)
        *chunk_add(q, store) = other->chunks[i];
    store->rows += other->rows;
}

/* ---- gathering ---- */

TEMPLATE void gather_slots(const RowStore *store, i32 column, const RowRef *refs, i32 n, u8 *to,
                           i32 bytes)
{
    for (i32 i = 0; i < n; i++) {
        const Vector *from = &store->chunks[refs[i] >> 16].columns[column];
        memcpy(to + (i64)i * bytes, (const u8 *)from->values + (i64)(refs[i] & 0xffff) * bytes,
               (size_t)bytes);
    }
}

static void gather_bits(const RowStore *store, i32 column, const RowRef *refs, i32 n, u64 *to)
{
    for (i32 i = 0; i < n; i++)
        if (bit_get(store->chunks[refs[i] >> 16].columns[column].values, refs[i] & 0xffff))
            bit_set(to, i);
}

static void gather_values(const RowStore *store, i32 column, const RowRef *refs, i32 n, Vector *out)
{
    switch (lane_bytes(out->lane)) {
    case 0:
        if (out->lane.kind == LANE_BOOL)
            gather_bits(store, column, refs, n, out->values);
        return;
    case 1:
        gather_slots(store, column, refs, n, out->values, 1);
        return;
    case 2:
        gather_slots(store, column, refs, n, out->values, 2);
        return;
    case 4:
        gather_slots(store, column, refs, n, out->values, 4);
        return;
    case 8:
        gather_slots(store, column, refs, n, out->values, 8);
        return;
    default:
        gather_slots(store, column, refs, n, out->values, 16);
        return;
    }
}

static bool gathers_null(const RowStore *store, i32 column, const RowRef *refs, i32 n)
{
    for (i32 i = 0; i < n; i++)
        if (vector_is_null(&store->chunks[refs[i] >> 16].columns[column], (i32)(refs[i] & 0xffff)))
            return true;
    return false;
}

void row_store_gather(Query *q, const RowStore *store, const RowRef *refs, i32 n, Arena *arena,
                      Vector *out)
{
    if (store->chunk_count == 0)
        return;
    const Chunk *like = &store->chunks[0];
    for (i32 c = 0; c < like->column_count; c++) {
        if (!vector_make(&out[c], like->columns[c].type, like->columns[c].lane, n, arena,
                         &q->error))
            query_rethrow(q, &q->error);
        out[c].life = LIFE_HELD;
        gather_values(store, c, refs, n, &out[c]);
        if (!gathers_null(store, c, refs, n))
            continue;
        if (!vector_make_valid(&out[c], n, arena, &q->error))
            query_rethrow(q, &q->error);
        for (i32 i = 0; i < n; i++)
            if (vector_is_null(&store->chunks[refs[i] >> 16].columns[c], (i32)(refs[i] & 0xffff)))
                bit_clear(out[c].valid, i);
    }
}
