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

/* A single integer key whose values lie close together is an index. */
typedef struct GroupDirect {
    i64 first, range; /* keys first .. first + range - 1 have a place */
    Buffer numbers;   /* u32 per place: number + 1; 0: no such group yet */
    u32 null_number;  /* the same for NULL */
} GroupDirect;

/* What group each combination of dictionary codes was last time. */
typedef struct CodeMap {
    u64 *ids;    /* dictionaries the map is for; 0: none yet */
    u32 *values; /* per key: how many codes it tells apart, NULL included */
    i64 combinations;
    Buffer numbers; /* u32: number + 1; 0: not asked yet */
} CodeMap;

/* Keys that are all dictionary codes: a map for those of row groups, one for those of tables. */
typedef struct GroupCodes {
    CodeMap local, wide;
    u32 *codes;
    i64 rows; /* seen */
} GroupCodes;

typedef struct GroupTable {
    const RowLayout *layout; /* columns are the keys, extra the caller's */
    Arena *arena;
    Buffer rows;  /* row g at g * row_bytes */
    bool hashed;  /* slots are in use; else direct is, or by_code.wide */
    Buffer slots; /* u64: upper half of the hash | number + 1; 0: free */
    u64 slot_mask;
    u32 count;
    GroupDirect direct;
    GroupCodes by_code;
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
/* Room for n rows more at once, before group_table_put. */
void group_table_reserve(Query *q, GroupTable *table, u32 n);
/* Finds or adds a row of the same layout, whole (extra bytes included when it is new). */
u32 group_table_put(Query *q, GroupTable *table, const u8 *row, bool *is_new);
/* Group numbers ordered by partition: p is order[starts[p]..starts[p + 1]). */
typedef struct GroupPartitions {
    u32 *order, *starts;
} GroupPartitions;
/* Groups 0..count-1 by part[group] < parts (a counting sort). */
GroupPartitions group_partitions(Query *q, Arena *arena, const u16 *part, u32 count, i32 parts);
/* By the top `bits` bits of the hash at hash_offset of their rows (0: the row's own). */
GroupPartitions group_table_partition(Query *q, const GroupTable *table, Arena *arena, i32 bits,
                                      i32 hash_offset);

/* ---- group_direct.c, group_codes.c: ways of group_table_find that need no hashing ---- */
/* A new row with this hash. Room was reserved. */
u32 group_table_add(GroupTable *table, u64 hash);
/* Hash and key of the `count` new groups of a single key that table->fresh lists by their indexes
 * in positions and groups. */
void group_table_fill_fresh(Query *q, GroupTable *table, const Vector *key, const u16 *positions,
                            i32 count, const u32 *groups);
/* The row-by-row way, by hash. */
u32 group_table_find_hashed(Query *q, GroupTable *table, const Vector *keys, const u16 *positions,
                            i32 n, u32 *groups);
bool group_direct_suits(const RowLayout *layout);
/* False: the keys lie too far apart; nothing was done. */
bool group_direct_find(Query *q, GroupTable *table, const Vector *key, const u16 *positions, i32 n,
                       u32 *groups);
/* The keys that tables without hashing have places for; false: some table hashes, all are empty, or
 * they are far from each other.
 */
bool group_direct_span(GroupTable *const *tables, i32 count, i64 *first, i64 *last);
/* By (key - first) >> shift, which is below parts. */
GroupPartitions group_direct_partition(Query *q, const GroupTable *table, Arena *arena, i32 parts,
                                       i64 first, i32 shift);
/* An empty table with places for keys first .. first + range - 1 and room for so many rows ... */
void group_direct_open(Query *q, GroupTable *table, i64 first, i64 range, u32 rows);
/* ... into which rows of the same layout are put whole. */
u32 group_direct_put(GroupTable *table, const u8 *row, bool *is_new);
/* May the table do without slots while its key has the codes of one table? */
bool group_codes_suit(const RowLayout *layout);
/* False: the key has no such codes, or others than before; nothing was done. */
bool group_codes_place(Query *q, GroupTable *table, const Vector *key, const u16 *positions, i32 n,
                       u32 *groups);
/* Have all tables only places of one dictionary? How many; 0: no. */
i64 group_codes_places(GroupTable *const *tables, i32 count);
/* The group at a place, + 1; 0: none. */
static inline u32 group_codes_at(const GroupTable *table, i64 place)
{
    const CodeMap *map = &table->by_code.wide;
    return place < map->combinations ? ((const u32 *)map->numbers.data)[place] : 0;
}
/* Room for n rows of an empty table to which rows are added by their places. */
void group_codes_open(Query *q, GroupTable *table, i64 n);
/* False: not all keys are codes of small dictionaries; nothing was done. */
bool group_codes_find(Query *q, GroupTable *table, const Vector *keys, const u16 *positions, i32 n,
                      u32 *groups);

#endif
