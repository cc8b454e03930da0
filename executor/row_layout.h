/* SPDX-License-Identifier: Apache-2.0
 *
 * RowLayout: how a row of several columns lies in one run of bytes: what hash joins and grouping
 * keep their rows in.
 *
 *   0           u64 hash
 *   extra       bytes of the caller (a chain, aggregate states), 16-byte aligned
 *   offsets[i]  value of column i in its lane (BOOL: one byte); zero under NULL
 *   nulls       one bit per column, 1 = NULL
 *
 * Ownership law: long strings and limbs written into a row live in the heap arena given to
 * row_write, unless the query holds them.
 */
#ifndef GOTGAN_ROW_LAYOUT_H
#define GOTGAN_ROW_LAYOUT_H

#include "base/query.h"
#include "types/chunk.h"

typedef struct RowLayout {
    i32 column_count;
    Type *types;
    Lane *lanes;
    i32 *offsets;
    i32 extra_offset, null_offset;
    i32 row_bytes; /* a multiple of 8, of 16 when something in it needs that */
} RowLayout;

void row_layout_make(Query *q, Arena *arena, const Type *types, const Lane *lanes, i32 count,
                     i32 extra_bytes, RowLayout *layout);

static inline u64 row_hash(const u8 *row)
{
    u64 hash;
    memcpy(&hash, row, sizeof hash);
    return hash;
}
static inline bool row_is_null(const RowLayout *layout, const u8 *row, i32 column)
{
    return row[layout->null_offset + (column >> 3)] >> (column & 7) & 1;
}

/* An integer of 1, 2, 4 or 8 bytes, wherever it lies. */
static inline i64 integer_load(const u8 *at, i32 bytes)
{
    i64 wide;
    i32 middle;
    i16 small;
    switch (bytes) {
    case 1:
        return *(const i8 *)at;
    case 2:
        memcpy(&small, at, sizeof small);
        return small;
    case 4:
        memcpy(&middle, at, sizeof middle);
        return middle;
    default:
        memcpy(&wide, at, sizeof wide);
        return wide;
    }
}
/* A column whose lane is an integer; 0 when it is NULL. */
static inline i64 row_integer(const RowLayout *layout, const u8 *row, i32 column)
{
    return integer_load(row + layout->offsets[column], lane_bytes(layout->lanes[column]));
}

/* Writes column from positions[i] of vector (loaded, not SEQUENCE) into rows[i], i < n, whose bytes
 * were zero. */
void row_write(Query *q, const RowLayout *layout, i32 column, const Vector *vector,
               const u16 *positions, u8 *const *rows, i32 n, Arena *heap);

/* Splits the indexes which[0..n) by whether vector at positions[which] equals column of
 * rows[which]: equal ones stay at the front of which (returned: how many), the others are added to
 * differ[*differ_count..]. NULL equals NULL. */
i32 row_match(const RowLayout *layout, i32 column, const Vector *vector, const u16 *positions,
              u8 *const *rows, u16 *which, i32 n, u16 *differ, i32 *differ_count);

/* A FLAT vector of n rows: column of rows[positions[i]] at positions[i], i < count, zero elsewhere.
 * A NULL pointer gives NULL. Strings are referred to. */
void row_read_at(Query *q, const RowLayout *layout, i32 column, u8 *const *rows,
                 const u16 *positions, i32 count, i32 n, Arena *arena, Vector *out);

/* A FLAT vector of column of rows[0..n); a NULL pointer gives NULL. Strings are referred to. */
void row_read(Query *q, const RowLayout *layout, i32 column, u8 *const *rows, i32 n, Arena *arena,
              Vector *out);

/* Are the first `columns` columns of two rows equal? NULLs are. */
bool row_equal(const RowLayout *layout, const u8 *a, const u8 *b, i32 columns);

#endif
