/* SPDX-License-Identifier: Apache-2.0
 *
 * Chunk: up to CHUNK_ROWS rows in flight between two operators: columns that share positions and,
 * optionally, the positions that still count.
 *
 * Ownership law: as for Vector: valid until the maker's next call. arena is the maker's scratch
 * for what must live as long as the chunk.
 */
#ifndef GOTGAN_CHUNK_H
#define GOTGAN_CHUNK_H

#include "types/vector.h"

typedef struct Chunk {
    i32 n;                /* positions, 0..CHUNK_ROWS */
    const Selection *sel; /* NULL: all positions count */
    i32 column_count;
    Vector *columns;
    Arena *arena;
} Chunk;

/* Rows that count. */
static inline i32 chunk_rows(const Chunk *chunk)
{
    return chunk->sel ? chunk->sel->count : chunk->n;
}
/* Position of the i-th row that counts. */
static inline i32 chunk_position(const Chunk *chunk, i32 i)
{
    return chunk->sel ? chunk->sel->rows[i] : i;
}
/* A debug build checks all laws of chunk and vectors; release: nothing. */
void chunk_verify(const Chunk *chunk);

#endif
