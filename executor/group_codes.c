/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups of keys that are all dictionary codes (or constants) without hashing rows: the codes of a
 * row, taken together, index a map from combination to group. What the map does not know yet is
 * asked once per combination, by hash. A map stays valid from chunk to chunk as long as the
 * dictionaries are the same: for codes of a row group until the next one, for codes of a whole
 * table to the end. Dictionaries of tables grow; their keys have room for twice the codes of today.
 *
 * A single key with the codes of one table needs no hashing at all: its entries differ, so that a
 * code not met before is a new group. Such a table has rows but no slots until something else
 * comes.
 *
 * Memory: 4 bytes per combination on the table's budget; a map grows large only when so many rows
 * have come that filling it with zeros does not count.
 */
#include "executor/group_table.h"
#include "expressions/eval.h"
#include "types/hash_vector.h"

enum { COMBINATIONS_MAX = 1 << 14, WIDE_COMBINATIONS_MAX = 1 << 20, COMBINATIONS_PER_ROW = 8 };

/* Codes a key can have, NULL's 0 included; 0: it is not a code. */
static i64 key_values(const Vector *key, bool wide)
{
    if (key->form == VECTOR_CONSTANT)
        return wide ? 0 : 1;
    if (key->form != VECTOR_DICTIONARY || !key->dictionary_id || key->wide != wide)
        return 0;
    return wide ? (i64)power_of_two_from((u64)key->entry_count + 1) : key->entry_count + 1;
}

static i64 combinations_of(const GroupTable *table, const Vector *keys, bool wide)
{
    i64 product = 1, most = COMBINATIONS_MAX;
    bool codes = false;
    if (wide)
        most = max_i64(most,
                       min_i64(WIDE_COMBINATIONS_MAX, table->by_code.rows * COMBINATIONS_PER_ROW));
    for (i32 c = 0; c < table->layout->column_count; c++) {
        product *= key_values(&keys[c], wide);
        codes |= keys[c].form == VECTOR_DICTIONARY;
        if (product == 0 || product > most)
            return 0;
    }
    return codes ? product : 0;
}

/* Is the map for these dictionaries, as long as they are now? */
static bool map_fits(const CodeMap *map, const Vector *keys, i32 count)
{
    bool fits = map->combinations > 0;
    for (i32 c = 0; fits && c < count; c++) /* another constant is another key */
        fits = keys[c].form == VECTOR_DICTIONARY && map->ids[c] == keys[c].dictionary_id &&
               (u32)keys[c].entry_count < map->values[c];
    return fits;
}

static void map_begin(Query *q, GroupTable *table, CodeMap *map, const Vector *keys,
                      i64 combinations, bool wide)
{
    i32 count = table->layout->column_count;
    if (!map->ids) {
        map->ids = arena_alloc_array(q, table->arena, count, sizeof(u64));
        map->values = arena_alloc_array(q, table->arena, count, sizeof(u32));
    }
    for (i32 c = 0; c < count; c++) {
        map->ids[c] = keys[c].form == VECTOR_DICTIONARY ? keys[c].dictionary_id : 0;
        map->values[c] = (u32)key_values(&keys[c], wide);
    }
    map->combinations = combinations;
    map->numbers.len = 0;
    if (!buffer_resize(&map->numbers, combinations * (i64)sizeof(u32), &q->error))
        query_rethrow(q, &q->error);
}

/* The map for these keys; NULL: they are not all codes, or there are too many combinations. */
static CodeMap *map_find(Query *q, GroupTable *table, const Vector *keys)
{
    bool wide = keys[0].form == VECTOR_DICTIONARY && keys[0].wide;
    CodeMap *map = wide ? &table->by_code.wide : &table->by_code.local;
    if (map_fits(map, keys, table->layout->column_count))
        return map;
    i64 combinations = combinations_of(table, keys, wide);
    if (combinations == 0)
        return NULL;
    map_begin(q, table, map, keys, combinations, wide);
    return map;
}

TEMPLATE void key_codes(const Vector *key, const u16 *positions, i32 n, u32 values, u32 *codes,
                        bool first, bool nulls)
{
    for (i32 i = 0; i < n; i++) {
        u16 position = positions[i];
        u32 code = key->codes[position] + 1;
        if (nulls && !bit_get(key->valid, position))
            code = 0;
        codes[i] = first ? code : codes[i] * values + code;
    }
}

static void codes_combine(const GroupTable *table, const CodeMap *map, const Vector *keys,
                          const u16 *positions, i32 n)
{
    u32 *codes = table->by_code.codes;
    bool first = true;
    for (i32 c = 0; c < table->layout->column_count; c++) {
        const Vector *key = &keys[c];
        if (key->form == VECTOR_CONSTANT)
            continue;
        if (first && key->valid)
            key_codes(key, positions, n, map->values[c], codes, true, true);
        else if (first)
            key_codes(key, positions, n, map->values[c], codes, true, false);
        else if (key->valid)
            key_codes(key, positions, n, map->values[c], codes, false, true);
        else
            key_codes(key, positions, n, map->values[c], codes, false, false);
        first = false;
    }
}

/* Asks for the combinations the map does not know, each by one of its rows. */
static void map_complete(Query *q, GroupTable *table, u32 *numbers, const Vector *keys,
                         const u16 *positions, i32 n)
{
    const u32 *codes = table->by_code.codes;
    u16 at[CHUNK_ROWS];
    u32 combination[CHUNK_ROWS], groups[CHUNK_ROWS];
    i32 count = 0;
    for (i32 i = 0; i < n; i++) {
        if (likely(numbers[codes[i]]))
            continue;
        numbers[codes[i]] = UINT32_MAX; /* asked */
        at[count] = positions[i];
        combination[count++] = codes[i];
    }
    if (count == 0)
        return;
    group_table_find_hashed(q, table, keys, at, count, groups);
    for (i32 i = 0; i < count; i++)
        numbers[combination[i]] = groups[i] + 1;
}

/* Groups of one key without NULLs, from its codes; false: some are not known yet. */
static bool single_find(const Vector *key, const u32 *numbers, const u16 *positions, i32 n,
                        u32 *groups)
{
    u32 least = UINT32_MAX;
    for (i32 i = 0; i < n; i++) {
        u32 number = numbers[key->codes[positions[i]] + 1];
        least = number < least ? number : least;
        groups[i] = number - 1;
    }
    return least > 0;
}

static bool combined_find(const u32 *codes, const u32 *numbers, i32 n, u32 *groups)
{
    u32 least = UINT32_MAX;
    for (i32 i = 0; i < n; i++) {
        u32 number = numbers[codes[i]];
        least = number < least ? number : least;
        groups[i] = number - 1;
    }
    return least > 0;
}

bool group_codes_find(Query *q, GroupTable *table, const Vector *keys, const u16 *positions, i32 n,
                      u32 *groups)
{
    GroupCodes *by_code = &table->by_code;
    by_code->rows += n;
    CodeMap *map = map_find(q, table, keys);
    if (!map)
        return false;
    if (!by_code->codes)
        by_code->codes = arena_alloc_array(q, table->arena, CHUNK_ROWS, sizeof(u32));
    u32 *numbers = (u32 *)map->numbers.data;
    if (table->layout->column_count == 1 && !keys[0].valid &&
        single_find(&keys[0], numbers, positions, n, groups))
        return true;
    codes_combine(table, map, keys, positions, n);
    if (combined_find(by_code->codes, numbers, n, groups))
        return true;
    map_complete(q, table, numbers, keys, positions, n);
    return combined_find(by_code->codes, numbers, n, groups);
}

/* ---- one key with the codes of one table ---- */

bool group_codes_suit(const RowLayout *layout)
{
    return layout->column_count == 1 && layout->lanes[0].kind == LANE_STR;
}

/* Makes all of the key's codes have places; false: they are another dictionary's, or so many that
 * these few rows are not worth it. */
static bool places_cover(Query *q, GroupTable *table, const Vector *key, i32 n)
{
    CodeMap *map = &table->by_code.wide;
    bool known = map->ids && map->ids[0] == key->dictionary_id;
    if (!known && (table->count > 0 || (key->entry_count > COMBINATIONS_MAX && n < CHUNK_ROWS / 4)))
        return false;
    if (!known)
        map_begin(q, table, map, key, key_values(key, true), true);
    if ((u32)key->entry_count < map->values[0])
        return true;
    map->values[0] = (u32)key_values(key, true); /* longer by now: what is there stays */
    map->combinations = map->values[0];
    if (!buffer_resize(&map->numbers, map->combinations * (i64)sizeof(u32), &q->error))
        query_rethrow(q, &q->error);
    return true;
}

bool group_codes_place(Query *q, GroupTable *table, const Vector *key, const u16 *positions, i32 n,
                       u32 *groups)
{
    if (key->form != VECTOR_DICTIONARY || !key->wide || key->dictionary_id & ENTRIES_PARTIAL ||
        !places_cover(q, table, key, n))
        return false;
    u32 *numbers = (u32 *)table->by_code.wide.numbers.data;
    i32 fresh = 0;
    if (!key->valid && single_find(key, numbers, positions, n, groups))
        return true;
    for (i32 i = 0; i < n; i++) {
        bool null = key->valid && !bit_get(key->valid, positions[i]);
        u32 *number = &numbers[null ? 0 : key->codes[positions[i]] + 1];
        if (unlikely(*number == 0)) {
            *number = group_table_add(table, 0) + 1;
            table->fresh[fresh++] = (u16)i;
        }
        groups[i] = *number - 1;
    }
    if (fresh)
        group_table_fill_fresh(q, table, key, positions, fresh, groups);
    return true;
}

i64 group_codes_places(GroupTable *const *tables, i32 count)
{
    i64 places = 0;
    u64 id = 0;
    for (i32 i = 0; i < count; i++) {
        const CodeMap *map = &tables[i]->by_code.wide;
        if (tables[i]->hashed || !group_codes_suit(tables[i]->layout))
            return 0;
        if (tables[i]->count == 0)
            continue;
        if (!map->ids || (id && map->ids[0] != id))
            return 0;
        id = map->ids[0];
        places = max_i64(places, map->combinations);
    }
    return places;
}

void group_codes_open(Query *q, GroupTable *table, i64 n)
{
    if (!buffer_reserve(&table->rows, n * table->layout->row_bytes, &q->error))
        query_rethrow(q, &q->error);
}
