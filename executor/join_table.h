/* SPDX-License-Identifier: Apache-2.0
 *
 * JoinTable: the build side of a hash join: its rows, kept whole, and a directory from keys to
 * chains of rows.
 *
 * Built in three steps: each worker adds rows to a part of its own (join_part_add); then
 * join_table_complete sizes the directory, alone; then workers put the blocks of rows into it
 * (join_table_index). From then on the table only changes in the rows' matched marks, which workers
 * set atomically.
 *
 * Ownership law: rows are Buffers of the parts, strings lie in the parts' arenas; both live as long
 * as the execution.
 */
#ifndef GOTGAN_JOIN_TABLE_H
#define GOTGAN_JOIN_TABLE_H

#include "executor/execution.h"
#include "executor/join_range.h"
#include "executor/row_layout.h"

typedef struct JoinBlock {
    Buffer rows; /* count rows, then free room */
    i64 count;
} JoinBlock;

/* One worker's rows. */
typedef struct JoinPart {
    Arena *arena;
    JoinBlock *blocks;
    i32 block_count, block_capacity;
    i64 block_bytes; /* of the next one */
    i64 count;
    JoinRange *ranges; /* per key: min, max, empty */
} JoinPart;

typedef struct JoinTable {
    JoinRanges ranges; /* first: scans find it here */
    const Plan *plan;
    RowLayout layout; /* keys, then kept build columns */
    i32 key_count;
    i32 *kept;      /* positions in the build input */
    i32 *column_of; /* build input position -> layout column, or -1 */
    i32 kept_count;
    bool marks;            /* rows have a matched mark */
    bool keep_unmatchable; /* rows whose key is NULL are given out or asked for too */
    JoinPart **parts;
    _Atomic i32 part_count;
    i64 count;
    /* directory */
    bool direct;                /* heads[key - min]: equal keys only, nothing to compare */
    _Atomic bool chained;       /* some chain has two rows */
    _Atomic bool last_key_null; /* some row has NULL in its last key */
    i64 min, range;
    u64 mask;
    Buffer heads; /* u64: tag bits << 48 | row */
} JoinTable;

void join_table_open(Worker *w, const Plan *plan, JoinTable *table);
/* Opens a part and makes it one of the table's. */
void join_part_open(Worker *w, JoinTable *table, JoinPart *part, Arena *arena);
/* Adds the rows that count: keys are the settled key vectors. */
void join_part_add(Query *q, const JoinTable *table, JoinPart *part, const Chunk *in,
                   const Vector *keys, const u16 *positions);
/* All rows are there: makes the empty directory; returns how many blocks are to be indexed. */
i64 join_table_complete(Worker *w, JoinTable *table);
/* Puts the number-th block into the directory; false: there is no such block. */
bool join_table_index(JoinTable *table, i64 number);

/* The chain of each row that counts, at its position: heads[position], NULL where a key forbids a
 * match. keys are settled. */
void join_table_probe(Query *q, const JoinTable *table, const Chunk *in, const Vector *keys,
                      const u16 *positions, u64 *hashes, u8 **heads);

static inline u8 *join_row_next(const JoinTable *table, const u8 *row)
{
    u8 *next;
    memcpy(&next, row + table->layout.extra_offset, sizeof next);
    return next;
}
/* The byte that says some probe row matched. */
static inline _Atomic u8 *join_row_matched(const JoinTable *table, u8 *row)
{
    return (_Atomic u8 *)(row + table->layout.extra_offset + sizeof(u8 *));
}

#endif
