/* SPDX-License-Identifier: Apache-2.0
 *
 * Delta chunks: fresh rows in memory, up to 2,048 in plain arrays, each with the version that made
 * it and the one that deleted it. The committed delta of a table and the private rows of a
 * transaction (its statement numbers in place of versions) are both lists of them.
 *
 * Ownership law: counted. One writer at a time appends behind `n` (the applier, or an Append under
 * its transaction's mutex); readers take n once and see a prefix whose cells never change, but for
 * `deleted`, which is an atomic that is set at most once (and cleared by ROLLBACK TO).
 */
#ifndef GOTGAN_DELTA_H
#define GOTGAN_DELTA_H

#include <stdatomic.h>

#include "base/bytes.h"
#include "storage/table_version.h"
#include "types/chunk.h"

enum { DELTA_CHUNK_ROWS = ROW_BLOCK_ROWS, DELTA_CHUNK_ROWS_MIN = 64 };

typedef struct DeltaColumn {
    u8 *nulls;  /* 1: NULL; then the value is zero */
    u8 *values; /* lane_bytes each; BOOL: a byte each; 64-byte aligned */
} DeltaColumn;

struct DeltaChunk {
    const Columns *columns; /* counted */
    i32 capacity;
    _Atomic i32 n;
    i64 *sequence;        /* ascending */
    u64 *version;         /* ascending */
    u64 *load;            /* transaction that brought it; 0 in write sets */
    _Atomic u64 *deleted; /* 0: not deleted */
    Arena arena;          /* long strings and limbs */
    i64 bytes;            /* of the arrays and, about, of the arena */
    DeltaColumn column[];
};

/* budget NULL: the committed state, which is not refused. */
must_check DeltaChunk *delta_chunk_make(const Columns *columns, i32 capacity, Budget *budget,
                                        Error *error);
static inline i32 delta_rows(const DeltaChunk *chunk)
{
    return atomic_load_explicit(&chunk->n, memory_order_acquire);
}
static inline u64 delta_deleted(const DeltaChunk *chunk, i32 row)
{
    return atomic_load_explicit(&chunk->deleted[row], memory_order_acquire);
}
/* Rows made before `bound` form a prefix: how many. */
i32 delta_made_before(const DeltaChunk *chunk, u64 bound);
static inline bool delta_is_live(const DeltaChunk *chunk, i32 row, u64 bound)
{
    u64 deleted = delta_deleted(chunk, row);
    return deleted == 0 || deleted >= bound;
}
/* Position of the row with this sequence number, or -1 (DELTA_NO_ROW). */
#define DELTA_NO_ROW (-1)
i32 delta_find(const DeltaChunk *chunk, i64 sequence);

/* Appends rows from..from + count of a chunk that has all columns in order (any vector form but
 * LAZY), which must fit. Positions count selected rows. */
must_check bool delta_append(DeltaChunk *chunk, const Chunk *rows, i32 from, i32 count,
                             i64 sequence, u64 version, Error *error);

/* The body of a ROWS entry: these rows of the chunk, as columns (FORMAT.md). */
void delta_write(ByteWriter *w, const DeltaChunk *chunk, const i32 *rows, i32 count);
/* A ROWS body being read: the columns are found once, rows are then copied in pieces. */
typedef struct DeltaReader {
    Arena *arena; /* scratch: decoded columns until it is reset */
    i32 n, taken;
    Chunk chunk; /* n may exceed CHUNK_ROWS */
} DeltaReader;
/* Columns missing in the bytes get their constant, unknown ones are skipped. */
must_check bool delta_read(ByteReader *r, const Columns *columns, Arena *arena, DeltaReader *out,
                           Error *error);

/* A FLAT vector over rows [from, from + n) of a column: values in place, validity built in arena.
 */
must_check bool delta_vector(const DeltaChunk *chunk, i32 column, i32 from, i32 n, Arena *arena,
                             Vector *vector, Error *error);

#endif
