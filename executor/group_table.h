/* SPDX-License-Identifier: Apache-2.0
 *
 * GroupTable: distinct keys, numbered from 0 in the order they came, each with room for the
 * caller's bytes (aggregate states, counters).
 *
 * Ownership law: rows and slots are Buffers on the arena's budget, closed with the arena; strings
 * lie in the arena. One worker at a time.
 */
#ifndef GOTGAN_GROUP_TABLE_H
#define GOTGAN_GROUP_TABLE_H

#include "base/buffer.h"
#include "executor/row_layout.h"

typedef struct GroupTable {
    const RowLayout *layout; /* columns are the keys, extra the caller's */
    Arena *arena;
    Buffer rows;  /* row g at g * row_bytes */
    Buffer slots; /* u64: upper half of the hash | number + 1; 0: free */
    u64 slot_mask;
    u32 count;
    /* scratch of one chunk */
    u64 *hashes;
    u64 *at;
    u16 *which, *again, *fresh;
    u8 **candidates;
} GroupTable;

/* Closes with the arena. Throws 53200. */
void group_table_open(Query *q, GroupTable *table, const RowLayout *layout, Arena *arena);

static inline u8 *group_row(const GroupTable *table, u32 group)
{
    return table->rows.data + (i64)group * table->layout->row_bytes;
}

/* Finds or adds the keys at positions[0..n), n <= CHUNK_ROWS: groups[i] is the number of row i.
 * keys are loaded, not SEQUENCE. New rows have zero extra bytes; returns the number of the first
 * new one (table->count: none). */
u32 group_table_find(Query *q, GroupTable *table, const Vector *keys, const u16 *positions, i32 n,
                     u32 *groups);
/* Finds or adds a row of the same layout, whole (extra bytes included when it is new). */
u32 group_table_put(Query *q, GroupTable *table, const u8 *row, bool *is_new);
/* Group numbers ordered by the top `bits` bits of the hash at hash_offset of their rows (0: the
 * row's own): partition p is order[starts[p]..starts[p + 1]). */
typedef struct GroupPartitions {
    u32 *order, *starts;
} GroupPartitions;
GroupPartitions group_table_partition(Query *q, const GroupTable *table, Arena *arena, i32 bits,
                                      i32 hash_offset);

#endif
