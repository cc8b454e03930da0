/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups of keys that are all dictionary codes (or constants) without hashing rows: the codes of a
 * row, taken together, index a map from combination to group. What the map does not know yet is
 * asked once per combination, by hash. The map stays valid from chunk to chunk as long as the
 * dictionaries are the same.
 *
 * Memory: 4 bytes per combination, at most COMBINATIONS_MAX, in the table's arena.
 */
#include "executor/group_table.h"

enum { COMBINATIONS_MAX = 1 << 14 };

/* Values a key can have: its dictionary's entries and NULL; 0: it is not a code. */
static i32 key_values(const Vector *key)
{
    if (key->form == VECTOR_CONSTANT)
        return 1;
    return key->form == VECTOR_DICTIONARY && key->dictionary_id ? key->entry_count + 1 : 0;
}

static i32 combinations_of(const GroupTable *table, const Vector *keys)
{
    i64 product = 1;
    bool codes = false;
    for (i32 c = 0; c < table->layout->column_count; c++) {
        product *= key_values(&keys[c]);
        codes |= keys[c].form == VECTOR_DICTIONARY;
        if (product == 0 || product > COMBINATIONS_MAX)
            return 0;
    }
    return codes ? (i32)product : 0;
}

static void codes_open(Query *q, GroupTable *table)
{
    GroupCodes *by_code = &table->by_code;
    by_code->ids = arena_alloc_array(q, table->arena, table->layout->column_count, sizeof(u64));
    by_code->map = arena_alloc_array(q, table->arena, COMBINATIONS_MAX, sizeof(u32));
    by_code->codes = arena_alloc_array(q, table->arena, CHUNK_ROWS, sizeof(u32));
}

/* Forgets the map unless it is for these very dictionaries. */
static void map_check(GroupTable *table, const Vector *keys, i32 combinations)
{
    GroupCodes *by_code = &table->by_code;
    bool same = by_code->combinations == combinations;
    for (i32 c = 0; c < table->layout->column_count; c++) {
        u64 id = keys[c].form == VECTOR_DICTIONARY ? keys[c].dictionary_id : 0;
        same &= id != 0 && by_code->ids[c] == id; /* another constant is another key */
        by_code->ids[c] = id;
    }
    by_code->combinations = combinations;
    if (!same)
        memset(by_code->map, 0, (size_t)combinations * sizeof(u32));
}

static void codes_combine(GroupTable *table, const Vector *keys, const u16 *positions, i32 n)
{
    u32 *codes = table->by_code.codes;
    memset(codes, 0, (size_t)n * sizeof(u32));
    for (i32 c = 0; c < table->layout->column_count; c++) {
        const Vector *key = &keys[c];
        if (key->form == VECTOR_CONSTANT)
            continue;
        u32 values = (u32)key->entry_count + 1;
        if (!key->valid) {
            for (i32 i = 0; i < n; i++)
                codes[i] = codes[i] * values + key->codes[positions[i]];
            continue;
        }
        for (i32 i = 0; i < n; i++) {
            bool valid = bit_get(key->valid, positions[i]);
            codes[i] =
                codes[i] * values + (valid ? key->codes[positions[i]] : (u32)key->entry_count);
        }
    }
}

/* Asks for the combinations the map does not know, each by one of its rows. */
static void map_complete(Query *q, GroupTable *table, const Vector *keys, const u16 *positions,
                         i32 n)
{
    GroupCodes *by_code = &table->by_code;
    u16 at[CHUNK_ROWS];
    u32 combination[CHUNK_ROWS], groups[CHUNK_ROWS];
    i32 count = 0;
    for (i32 i = 0; i < n; i++) {
        u32 *number = &by_code->map[by_code->codes[i]];
        if (likely(*number))
            continue;
        *number = UINT32_MAX; /* asked */
        at[count] = positions[i];
        combination[count++] = by_code->codes[i];
    }
    if (count == 0)
        return;
    group_table_find_hashed(q, table, keys, at, count, groups);
    for (i32 i = 0; i < count; i++)
        by_code->map[combination[i]] = groups[i] + 1;
}

bool group_codes_find(Query *q, GroupTable *table, const Vector *keys, const u16 *positions, i32 n,
                      u32 *groups)
{
    i32 combinations = combinations_of(table, keys);
    if (combinations == 0)
        return false;
    if (!table->by_code.map)
        codes_open(q, table);
    map_check(table, keys, combinations);
    codes_combine(table, keys, positions, n);
    map_complete(q, table, keys, positions, n);
    const GroupCodes *by_code = &table->by_code;
    for (i32 i = 0; i < n; i++)
        groups[i] = by_code->map[by_code->codes[i]] - 1;
    return true;
}
