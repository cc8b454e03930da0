/* SPDX-License-Identifier: Apache-2.0
 *
 * Open addressing over 8-byte slots (upper half of the hash and the number of the row); rows lie
 * apart in one growing buffer, so that aggregate states have a base and a stride.
 *
 * A chunk is looked up in rounds. In a round every open row walks to a free slot or to one whose
 * half hash fits. Free: it becomes a new group, its keys are written. Taken: its keys are compared,
 * a column at a time over all candidates; those that differ walk on in the next round. Slots are
 * at most half full. Top bits of the hash choose partitions, lower ones the slot.
 *
 * Two shortcuts come first: close integers are indexes (group_direct.c), dictionary codes are
 * looked up by their combination (group_codes.c).
 */
#include "executor/group_table.h"

#include "types/hash_vector.h"

enum { SLOTS_MIN = 1024, HASH_HALF = 32 };

static void table_close(void *thing)
{
    GroupTable *table = thing;
    buffer_close(&table->rows);
    buffer_close(&table->slots);
    buffer_close(&table->direct.numbers);
    buffer_close(&table->by_code.local.numbers);
    buffer_close(&table->by_code.wide.numbers);
}

/* New slots, all free. */
static void slots_resize(Query *q, GroupTable *table, u64 slots)
{
    buffer_close(&table->slots); /* what was in them need not be copied */
    query_resize(q, &table->slots, (i64)(slots * sizeof(u64)));
    table->slot_mask = slots - 1;
}

void group_table_open(Query *q, GroupTable *table, const RowLayout *layout, Arena *arena)
{
    *table = (GroupTable){.layout = layout, .arena = arena};
    buffer_open(&table->rows, arena->budget);
    buffer_open(&table->slots, arena->budget);
    buffer_open(&table->direct.numbers, arena->budget);
    buffer_open(&table->by_code.local.numbers, arena->budget);
    buffer_open(&table->by_code.wide.numbers, arena->budget);
    query_defer(q, arena, table_close, table);
    table->hashed = !group_direct_suits(layout) && !group_codes_suit(layout);
    if (table->hashed)
        slots_resize(q, table, SLOTS_MIN);
    table->hashes = arena_alloc_array(q, arena, CHUNK_ROWS, sizeof(u64));
    table->at = arena_alloc_array(q, arena, CHUNK_ROWS, sizeof(u64));
    table->which = arena_alloc_array(q, arena, CHUNK_ROWS + 1, sizeof(u16));
    table->again = arena_alloc_array(q, arena, CHUNK_ROWS + 1, sizeof(u16));
    table->fresh = arena_alloc_array(q, arena, CHUNK_ROWS + 1, sizeof(u16));
    table->candidates = arena_alloc_array(q, arena, CHUNK_ROWS, sizeof(u8 *));
}

static inline u64 *table_slots(const GroupTable *table)
{
    return (u64 *)table->slots.data;
}

/* Hash bits that neither choose the partition (top 8) nor stand in the slot come last: the slot
 * number is taken from the lower half. */
static inline u64 slot_first(const GroupTable *table, u64 hash)
{
    return hash & table->slot_mask;
}

static void slots_fill(Query *q, GroupTable *table, u64 slot_count)
{
    enum { ROWS_PER_LOOK = 1 << 16 };
    slots_resize(q, table, slot_count);
    u64 *slots = table_slots(table);
    for (u32 g = 0; g < table->count; g++) {
        if (g % ROWS_PER_LOOK == 0)
            query_check(q);
        u64 hash = row_hash(group_row(table, g));
        u64 at = slot_first(table, hash);
        while (slots[at])
            at = (at + 1) & table->slot_mask;
        slots[at] = hash >> HASH_HALF << HASH_HALF | (g + 1);
    }
}

/* Room for n more rows; the slots stay at most half full. */
static void table_reserve(Query *q, GroupTable *table, u32 n)
{
    u64 want = (u64)table->count + n;
    if (want >= UINT32_MAX)
        query_fail(q, E_PROGRAM_LIMIT_EXCEEDED, "too many groups");
    if (!buffer_reserve(&table->rows, (i64)n * table->layout->row_bytes, &q->error))
        query_rethrow(q, &q->error);
    if (table->hashed && want * 2 > table->slot_mask + 1)
        slots_fill(q, table, power_of_two_from(want * 4));
}

/* From here on by hash. */
static void table_hash(Query *q, GroupTable *table)
{
    if (table->hashed)
        return;
    table->hashed = true;
    buffer_close(&table->direct.numbers);
    slots_fill(q, table, power_of_two_from(max_i64(SLOTS_MIN, (i64)table->count * 4)));
}

u32 group_table_add(GroupTable *table, u64 hash)
{
    u32 number = table->count++;
    u8 *row = group_row(table, number);
    table->rows.len += table->layout->row_bytes;
    assert(table->rows.len <= table->rows.capacity);
    memset(row, 0, (size_t)table->layout->row_bytes);
    memcpy(row, &hash, sizeof hash);
    return number;
}

/* A new row with this hash at a free slot. Room was reserved. */
static u32 group_add(GroupTable *table, u64 at, u64 hash)
{
    u32 number = group_table_add(table, hash);
    table_slots(table)[at] = hash >> HASH_HALF << HASH_HALF | (number + 1);
    return number;
}

/* One round: open rows are which[0..open). Returns how many have a candidate; they stand at the
 * front of which again. */
static i32 round_walk(GroupTable *table, i32 open, u32 *groups, i32 *fresh_count)
{
    const u64 *slots = table_slots(table);
    i32 compare = 0;
    for (i32 i = 0; i < open; i++) {
        u16 index = table->which[i];
        u64 hash = table->hashes[index], half = hash >> HASH_HALF;
        u64 at = table->at[index];
        while (slots[at] && slots[at] >> HASH_HALF != half)
            at = (at + 1) & table->slot_mask;
        table->at[index] = at;
        if (slots[at]) {
            groups[index] = (u32)slots[at] - 1;
            table->which[compare++] = index;
        } else {
            groups[index] = group_add(table, at, hash);
            table->fresh[(*fresh_count)++] = index;
        }
        table->candidates[index] = group_row(table, groups[index]);
    }
    return compare;
}

/* Writes the keys of the rows in fresh. */
static void fresh_write(Query *q, GroupTable *table, const Vector *keys, const u16 *positions,
                        i32 count)
{
    u16 at[CHUNK_ROWS];
    u8 *rows[CHUNK_ROWS];
    for (i32 i = 0; i < count; i++) {
        at[i] = positions[table->fresh[i]];
        rows[i] = table->candidates[table->fresh[i]];
    }
    for (i32 c = 0; c < table->layout->column_count; c++)
        row_write(q, table->layout, c, &keys[c], at, rows, count, table->arena);
}

static void hash_keys(Query *q, GroupTable *table, const Vector *keys, const u16 *positions, i32 n)
{
    Selection sel = {n, positions};
    for (i32 i = 0; i < n; i++)
        table->hashes[i] = 0;
    for (i32 c = 0; c < table->layout->column_count; c++)
        if (!hash_column(&keys[c], &sel, CHUNK_ROWS, c ? HASH_COMBINE : HASH_FIRST, table->hashes,
                         &q->error))
            query_rethrow(q, &q->error);
}

u32 group_table_find_hashed(Query *q, GroupTable *table, const Vector *keys, const u16 *positions,
                            i32 n, u32 *groups)
{
    u32 first_new = table->count;
    hash_keys(q, table, keys, positions, n);
    for (i32 i = 0; i < n; i++) {
        table->which[i] = (u16)i;
        table->at[i] = slot_first(table, table->hashes[i]);
    }
    for (i32 open = n; open > 0;) {
        i32 fresh = 0, differ = 0;
        i32 compare = round_walk(table, open, groups, &fresh);
        fresh_write(q, table, keys, positions, fresh);
        for (i32 c = 0; c < table->layout->column_count && compare > 0; c++)
            compare = row_match(table->layout, c, &keys[c], positions, table->candidates,
                                table->which, compare, table->again, &differ);
        for (i32 i = 0; i < differ; i++) {
            u16 index = table->again[i];
            table->at[index] = (table->at[index] + 1) & table->slot_mask;
            table->which[i] = index;
        }
        open = differ;
    }
    return first_new;
}

u32 group_table_find(Query *q, GroupTable *table, const Vector *keys, const u16 *positions, i32 n,
                     u32 *groups)
{
    assert(n <= CHUNK_ROWS);
    u32 first_new = table->count;
    table_reserve(q, table, (u32)n);
    if (!table->hashed) {
        bool direct = group_direct_suits(table->layout);
        if (direct ? group_direct_find(q, table, &keys[0], positions, n, groups)
                   : group_codes_place(q, table, &keys[0], positions, n, groups))
            return first_new;
        table_hash(q, table);
        table_reserve(q, table, (u32)n);
    }
    if (!group_codes_find(q, table, keys, positions, n, groups))
        group_table_find_hashed(q, table, keys, positions, n, groups);
    return first_new;
}

void group_table_reserve(Query *q, GroupTable *table, u32 n)
{
    table_hash(q, table);
    table_reserve(q, table, n);
}

u32 group_table_put(Query *q, GroupTable *table, const u8 *row, bool *is_new)
{
    table_hash(q, table);
    table_reserve(q, table, 1);
    u64 hash = row_hash(row);
    u64 at = slot_first(table, hash);
    const u64 *slots = table_slots(table);
    for (; slots[at]; at = (at + 1) & table->slot_mask) {
        u32 number = (u32)slots[at] - 1;
        if (slots[at] >> HASH_HALF == hash >> HASH_HALF &&
            row_equal(table->layout, row, group_row(table, number), table->layout->column_count)) {
            *is_new = false;
            return number;
        }
    }
    u32 number = group_add(table, at, hash);
    memcpy(group_row(table, number), row, (size_t)table->layout->row_bytes);
    *is_new = true;
    return number;
}

static inline i32 partition_of(const u8 *row, i32 bits, i32 hash_offset)
{
    return bits ? (i32)(row_hash(row + hash_offset) >> (64 - bits)) : 0;
}

void group_table_fill_fresh(Query *q, GroupTable *table, const Vector *key, const u16 *positions,
                            i32 count, const u32 *groups)
{
    u16 at[CHUNK_ROWS];
    u8 *rows[CHUNK_ROWS];
    for (i32 i = 0; i < count; i++) {
        at[i] = positions[table->fresh[i]];
        rows[i] = group_row(table, groups[table->fresh[i]]);
    }
    Selection sel = {count, at};
    if (!hash_column(key, &sel, CHUNK_ROWS, HASH_FIRST, table->hashes, &q->error))
        query_rethrow(q, &q->error);
    for (i32 i = 0; i < count; i++)
        memcpy(rows[i], &table->hashes[i], sizeof(u64));
    row_write(q, table->layout, 0, key, at, rows, count, table->arena);
}

GroupPartitions group_partitions(Query *q, Arena *arena, const u16 *part, u32 count, i32 parts)
{
    GroupPartitions made = {arena_alloc_array(q, arena, count, sizeof(u32)),
                            arena_alloc_array(q, arena, parts + 1, sizeof(u32))};
    u32 *next = arena_alloc_array(q, arena, parts, sizeof(u32));
    for (u32 g = 0; g < count; g++)
        next[part[g]]++;
    u32 at = 0;
    for (i32 p = 0; p < parts; p++) {
        made.starts[p] = at;
        at += next[p];
        next[p] = made.starts[p];
    }
    made.starts[parts] = at;
    for (u32 g = 0; g < count; g++)
        made.order[next[part[g]]++] = g;
    return made;
}

GroupPartitions group_table_partition(Query *q, const GroupTable *table, Arena *arena, i32 bits,
                                      i32 hash_offset)
{
    assert(bits >= 0 && bits <= 8);
    u16 *part = arena_alloc_array(q, arena, table->count, sizeof(u16));
    for (u32 g = 0; g < table->count; g++)
        part[g] = (u16)partition_of(group_row(table, g), bits, hash_offset);
    return group_partitions(q, arena, part, table->count, 1 << bits);
}
