/* SPDX-License-Identifier: Apache-2.0
 *
 * Row builder: rows of one table collected column by column until they make a row group; the one
 * way from chunks to a data file, for loads, flush and merge.
 *
 * Ownership law: one thread's. Strings and limbs are copied into its arena.
 */
#ifndef GOTGAN_ROW_BUILDER_H
#define GOTGAN_ROW_BUILDER_H

#include "storage/delta.h"

typedef struct BuilderColumn {
    Lane lane;
    ColumnId id;
    Buffer values; /* lane_bytes per row; BOOL: a byte */
    Buffer nulls;  /* a byte per row: 1 NULL; empty while there was no NULL */
    i64 raw_bytes;
} BuilderColumn;

typedef struct RowBuilder {
    Arena arena;
    i32 rows, rows_max;
    i64 bytes; /* about: of values and strings */
    i32 column_count;
    BuilderColumn *columns;
    Arena columns_arena;
} RowBuilder;

must_check bool row_builder_open(RowBuilder *builder, const Columns *columns, i32 rows_max,
                                 Budget *budget, Error *error);
void row_builder_close(RowBuilder *builder);
/* Empty again; keeps its memory. */
void row_builder_reset(RowBuilder *builder);
/* Rows from..from + count (positions among those that count) of a chunk that has all columns. */
must_check bool row_builder_append(RowBuilder *builder, const Chunk *chunk, i32 from, i32 count,
                                   Error *error);
bool row_builder_is_full(const RowBuilder *builder);
/* A FLAT vector over rows [from, from + n) of a column, validity and bits in arena. */
must_check bool row_builder_vector(const RowBuilder *builder, i32 column, i32 from, i32 n,
                                   Arena *arena, Vector *vector, Error *error);
/* All columns of these rows as a chunk; n may exceed CHUNK_ROWS. */
must_check bool row_builder_chunk(const RowBuilder *builder, i32 from, i32 n, Arena *arena,
                                  Chunk *chunk, Error *error);

#endif
