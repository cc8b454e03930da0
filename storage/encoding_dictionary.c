/* SPDX-License-Identifier: Apache-2.0
 *
 * Sorted dictionaries of strings, one per row group and column: codes keep the order, so that
 * ranges, minimum and maximum are questions about codes.
 *
 * Building: a sample of rows says whether it can pay; then an open-addressing table of the values
 * by hash gives each row a preliminary code, given up when there are more than 65,536 values or
 * more than half of the rows; at last the entries are sorted, by the 8 bytes behind what all have
 * in common as long as those differ, and the codes renamed.
 */
#include <xxhash.h>

#include "storage/encoding.h"

/* Among PROBE_ROWS rows drawn from so many values that a dictionary is not worth it, fewer than
 * PROBE_DOUBLES have been seen before. */
enum { ENTRIES_MAX = 65536, PROBE_ROWS = 4096, PROBE_DOUBLES = 64 };

typedef struct StrTable {
    i32 *slots; /* entry number + 1; 0: free */
    u32 mask;
    Str *entries;
    i32 count, limit;
} StrTable;

static u32 str_hash(const Str *str)
{
    u64 words[2];
    if (str->len > STR_INLINE_MAX)
        return (u32)XXH3_64bits(str->pointer, str->len);
    memcpy(words, str, 16);
    u64 mixed = (words[0] ^ words[1] * 0x9e3779b97f4a7c15ull) * 0xc2b2ae3d27d4eb4full;
    return (u32)(mixed >> 32);
}

/* The entry's number; -1: too many entries. */
static i32 table_put(StrTable *table, const Str *str)
{
    u32 slot = str_hash(str) & table->mask;
    while (table->slots[slot]) {
        i32 entry = table->slots[slot] - 1;
        if (str_equal(&table->entries[entry], str))
            return entry;
        slot = (slot + 1) & table->mask;
    }
    if (table->count == table->limit)
        return -1;
    table->entries[table->count] = *str;
    table->slots[slot] = ++table->count;
    return table->count - 1;
}

static bool table_open(StrTable *table, i32 limit, Arena *arena, Error *error)
{
    u64 slots = power_of_two_from((u64)limit * 2 + 2);
    table->mask = (u32)slots - 1;
    table->limit = limit;
    table->count = 0;
    table->slots = arena_try(arena, (i64)slots * 4, error);
    table->entries = table->slots ? arena_try(arena, limit * (i64)sizeof(Str), error) : NULL;
    return table->entries != NULL;
}

/* How many of PROBE_ROWS rows, `step` apart, have a value seen before. */
static i32 probe_doubles(const Str *rows, i32 step, StrTable *table)
{
    memset(table->slots, 0, ((size_t)table->mask + 1) * 4);
    table->count = 0;
    for (i32 i = 0; i < PROBE_ROWS; i++)
        if (table_put(table, &rows[(i64)i * step]) < 0)
            break;
    return PROBE_ROWS - table->count;
}

/* Few different values among rows spread over the column, or among neighbours? */
static bool sample_pays(const Str *rows, i32 n, StrTable *table)
{
    if (n < PROBE_ROWS * 4)
        return true;
    return probe_doubles(rows, n / PROBE_ROWS, table) >= PROBE_DOUBLES ||
           probe_doubles(rows + n / 2, 1, table) >= PROBE_ROWS / 2;
}

typedef struct Ranked {
    u64 key; /* 8 bytes as a number, zeros behind the end */
    const Str *str;
} Ranked;

static int compare_ranked(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return str_compare(x->str, y->str);
}

/* How many bytes all begin with. */
static u32 common_prefix(const Str *entries, i32 count)
{
    const char *first = str_data(&entries[0]);
    u32 common = entries[0].len;
    for (i32 i = 1; i < count && common; i++) {
        const char *other = str_data(&entries[i]);
        u32 same = 0, most = entries[i].len < common ? entries[i].len : common;
        while (same < most && first[same] == other[same])
            same++;
        common = same;
    }
    return common;
}

static u64 key_behind(const Str *str, u32 prefix)
{
    u64 key = 0;
    u32 len = str->len - prefix;
    memcpy(&key, str_data(str) + prefix, len < sizeof key ? len : sizeof key);
    return __builtin_bswap64(key);
}

static bool sort_entries(StrTable *table, u32 *codes, i32 n, Arena *arena, Error *error)
{
    Ranked *ranked = arena_try(arena, table->count * (i64)sizeof *ranked, error);
    u32 *rank = arena_try(arena, table->count * (i64)sizeof *rank, error);
    Str *sorted = arena_try(arena, table->count * (i64)sizeof *sorted, error);
    if (!ranked || !rank || !sorted)
        return false;
    u32 prefix = table->count ? common_prefix(table->entries, table->count) : 0;
    for (i32 i = 0; i < table->count; i++)
        ranked[i] = (Ranked){key_behind(&table->entries[i], prefix), &table->entries[i]};
    qsort(ranked, (size_t)table->count, sizeof *ranked, compare_ranked);
    for (i32 i = 0; i < table->count; i++) {
        rank[ranked[i].str - table->entries] = (u32)i;
        sorted[i] = *ranked[i].str;
    }
    table->entries = sorted;
    for (i32 i = 0; i < n; i++)
        codes[i] = rank[codes[i]];
    return true;
}

bool dictionary_build(const BuilderColumn *column, i32 rows, Arena *arena, const Str **entries,
                      i32 *count, u32 **codes, bool force, Error *error)
{
    const Str *values = (const Str *)column->values.data;
    i32 limit = (i32)min_i64(force ? rows : max_i64(rows / 2, 16), ENTRIES_MAX);
    StrTable table;
    *entries = NULL;
    if (!table_open(&table, (i32)max_i64(limit, 1), arena, error))
        return false;
    if (!force && !sample_pays(values, rows, &table))
        return true;
    memset(table.slots, 0, ((size_t)table.mask + 1) * 4);
    table.count = 0;
    *codes = arena_try(arena, rows * (i64)sizeof **codes, error);
    if (!*codes)
        return false;
    for (i32 i = 0; i < rows; i++) {
        i32 entry = table_put(&table, &values[i]); /* NULLs are the empty string here */
        if (entry < 0)
            return true;
        (*codes)[i] = (u32)entry;
    }
    if (!sort_entries(&table, *codes, rows, arena, error))
        return false;
    *entries = table.entries;
    *count = table.count;
    return true;
}

bool dictionary_encode(const Segment *segment, const BlockSource *source, Buffer *out, Error *error)
{
    return codes_encode(segment->width, source->codes + source->from, source->n, out, error);
}

bool dictionary_decode(const Segment *segment, const u8 *bytes, i64 len, i32 n,
                       const BlockTarget *target, Error *error)
{
    u32 worst = 0;
    if (!codes_decode(segment->width, bytes, len, n, target->codes, error))
        return false;
    for (i32 i = 0; i < n; i++)
        worst = target->codes[i] > worst ? target->codes[i] : worst;
    return worst < (u32)segment->entries || encoding_damaged(error);
}
