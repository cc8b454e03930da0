/* SPDX-License-Identifier: Apache-2.0
 *
 * RowStore: rows kept in columns, chunk after chunk: what common table expressions, sorts, nested
 * loops and ordered aggregates hold their input in.
 *
 * Ownership law: vectors and the bytes of strings live in the arena given to row_store_open; one
 * worker appends, any number read afterwards.
 */
#ifndef GOTGAN_ROW_STORE_H
#define GOTGAN_ROW_STORE_H

#include "base/query.h"
#include "types/chunk.h"

typedef struct RowStore {
    Arena *arena;
    Chunk *chunks; /* all full but perhaps some; FLAT dense columns, LIFE_HELD */
    i32 chunk_count, chunk_capacity;
    i64 rows;
} RowStore;

void row_store_open(RowStore *store, Arena *arena);
/* Adds the rows that count; loads lazy columns. Throws 53200. */
void row_store_append(Query *q, RowStore *store, const Chunk *in);
/* Adds the chunks of other, whose arena must live as long. */
void row_store_join(Query *q, RowStore *store, const RowStore *other);

/* A row of a store: chunk << 16 | position. */
typedef u64 RowRef;
static inline RowRef row_ref(i32 chunk, i32 position)
{
    return (u64)chunk << 16 | (u64)position;
}
/* out[0..column_count) = FLAT vectors of the rows refs[0..n); strings are referred to. */
void row_store_gather(Query *q, const RowStore *store, const RowRef *refs, i32 n, Arena *arena,
                      Vector *out);

#endif
