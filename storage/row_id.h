/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a row is, in an i64 (RowId of table_access.h): two bits say in which kind of container.
 *
 *   0  row group: (row group id << 17) | position
 *   1  delta: sequence number of the row in its table, never reused
 *   2  own: (index of the transaction's own chunk << 11) | position
 *
 * For marks and locks rows are grouped into blocks of 2,048 neighbours: row id >> 11.
 */
#ifndef GOTGAN_ROW_ID_H
#define GOTGAN_ROW_ID_H

#include "base/base.h"

enum {
    ROW_POSITION_BITS = 17, /* 131,072 rows in a row group at most */
    ROW_KIND_SHIFT = 61,
    ROW_BLOCK_BITS = 11,
    ROW_BLOCK_ROWS = 1 << ROW_BLOCK_BITS,
    ROW_BLOCK_WORDS = ROW_BLOCK_ROWS / 64,
    ROW_GROUP_ROWS_MAX = 1 << ROW_POSITION_BITS,
};

typedef enum RowKind { ROW_IN_GROUP, ROW_IN_DELTA, ROW_OWN } RowKind;

static inline RowKind row_kind(i64 row)
{
    return (RowKind)((u64)row >> ROW_KIND_SHIFT);
}
static inline u64 row_low(i64 row)
{
    return (u64)row & (((u64)1 << ROW_KIND_SHIFT) - 1);
}
static inline i64 row_in_group(u64 group, i64 position)
{
    return (i64)(group << ROW_POSITION_BITS | (u64)position);
}
static inline u64 row_group_of(i64 row)
{
    return row_low(row) >> ROW_POSITION_BITS;
}
static inline i32 row_position(i64 row)
{
    return (i32)(row & (ROW_GROUP_ROWS_MAX - 1));
}
static inline i64 row_in_delta(i64 sequence)
{
    return (i64)((u64)ROW_IN_DELTA << ROW_KIND_SHIFT | (u64)sequence);
}
static inline i64 row_own(i32 chunk, i32 position)
{
    return (i64)((u64)ROW_OWN << ROW_KIND_SHIFT | (u64)chunk << ROW_BLOCK_BITS | (u64)position);
}
static inline u64 row_block(i64 row)
{
    return (u64)row >> ROW_BLOCK_BITS;
}
static inline i32 row_in_block(i64 row)
{
    return (i32)(row & (ROW_BLOCK_ROWS - 1));
}

#endif
