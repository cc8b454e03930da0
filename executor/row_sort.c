/* SPDX-License-Identifier: Apache-2.0
 *
 * A merge sort over (8 key bytes, row): most comparisons are one compare of two words; ties look at
 * the normalised key and, for long strings and Nums whose key is only a prefix, at the values. The
 * 8 bytes begin behind those that all keys share. Runs of 24 rows are made by insertion, then
 * merged between two arrays; the last word on a tie is the place in the store, so the sort is
 * stable.
 *
 * Memory: 16 bytes per row twice, and the normalised keys, on the arena's budget. It checks for
 * cancel once per merged run of 64 K rows.
 */
#include "executor/row_sort.h"

#include "types/hash_vector.h"
#include "types/row_value.h"

enum { RUN_ROWS = 24, CHECK_ROWS = 1 << 16, PREFIX = 8 };

typedef struct SortEntry {
    u64 prefix; /* the first key bytes that differ, as a big-endian number */
    RowRef ref;
} SortEntry;

typedef struct Sort {
    Query *q;
    const RowStore *store;
    const SortColumn *columns;
    i32 column_count;
    i32 key_columns; /* the first so many are in the keys: up to the first inexact one */
    i32 key_bytes;
    i32 shared_bytes; /* in front, the same in all keys */
    bool exact;       /* the keys alone decide */
    u8 **keys;        /* per chunk */
} Sort;

static const u8 *entry_key(const Sort *sort, RowRef ref)
{
    return sort->keys[ref >> 16] + (i64)(ref & 0xffff) * sort->key_bytes;
}

/* Rows as values, not NULL, x before y in the input: if their fields differ in type, that is an
 * error. */
static int compare_rows(const Sort *sort, Value x, Value y)
{
    int order;
    if (!row_value_compare_strict(str_text(&x.str), str_text(&y.str), ROW_ORDER, &order,
                                  &sort->q->error))
        query_rethrow(sort->q, &sort->q->error);
    return order;
}

/* Values from the first column on whose key is a prefix; the columns before it are equal. */
static int compare_values(const Sort *sort, RowRef a, RowRef b)
{
    const Chunk *x = &sort->store->chunks[a >> 16], *y = &sort->store->chunks[b >> 16];
    i32 row_a = (i32)(a & 0xffff), row_b = (i32)(b & 0xffff);
    for (i32 i = sort->key_columns - 1; i < sort->column_count; i++) {
        const SortColumn *by = &sort->columns[i];
        const Vector *left = &x->columns[by->column], *right = &y->columns[by->column];
        if (vector_is_null(left, row_a) || vector_is_null(right, row_b)) {
            int order = (int)vector_is_null(left, row_a) - (int)vector_is_null(right, row_b);
            if (order)
                return by->nulls_first ? -order : order;
            continue;
        }
        int order;
        if (left->lane.kind != LANE_ROW)
            order = rows_compare(left, row_a, right, row_b);
        else if (a < b)
            order = compare_rows(sort, vector_value(left, row_a), vector_value(right, row_b));
        else
            order = -compare_rows(sort, vector_value(right, row_b), vector_value(left, row_a));
        if (order)
            return by->descending ? -order : order;
    }
    return 0;
}

static int compare_ties(const Sort *sort, RowRef a, RowRef b)
{
    int order = 0;
    i32 looked_at = sort->shared_bytes + PREFIX;
    if (sort->key_bytes > looked_at)
        order = memcmp(entry_key(sort, a) + looked_at, entry_key(sort, b) + looked_at,
                       (size_t)(sort->key_bytes - looked_at));
    if (order == 0 && !sort->exact)
        order = compare_values(sort, a, b);
    return order ? order : (a > b) - (a < b);
}

static inline bool entry_before(const Sort *sort, const SortEntry *a, const SortEntry *b)
{
    if (likely(a->prefix != b->prefix))
        return a->prefix < b->prefix;
    return compare_ties(sort, a->ref, b->ref) < 0;
}

static void insertion_sort(const Sort *sort, SortEntry *entries, i64 n)
{
    for (i64 i = 1; i < n; i++) {
        SortEntry moving = entries[i];
        i64 at = i;
        for (; at > 0 && entry_before(sort, &moving, &entries[at - 1]); at--)
            entries[at] = entries[at - 1];
        entries[at] = moving;
    }
}

static void merge_runs(const Sort *sort, const SortEntry *from, i64 left, i64 middle, i64 right,
                       SortEntry *to)
{
    i64 a = left, b = middle;
    for (i64 at = left; at < right; at++) {
        if (unlikely((at & (CHECK_ROWS - 1)) == 0))
            query_check(sort->q);
        bool take_b = a == middle || (b < right && entry_before(sort, &from[b], &from[a]));
        to[at] = take_b ? from[b] : from[a];
        b += take_b;
        a += !take_b;
    }
}

/* Returns whichever array holds the sorted entries. */
static SortEntry *merge_sort(const Sort *sort, SortEntry *entries, SortEntry *other, i64 n)
{
    for (i64 at = 0; at < n; at += RUN_ROWS) {
        if (unlikely((at & (CHECK_ROWS - 1)) == 0))
            query_check(sort->q);
        insertion_sort(sort, entries + at, min_i64(RUN_ROWS, n - at));
    }
    for (i64 width = RUN_ROWS; width < n; width *= 2) {
        for (i64 at = 0; at < n; at += 2 * width)
            merge_runs(sort, entries, at, min_i64(at + width, n), min_i64(at + 2 * width, n),
                       other);
        SortEntry *swap = entries;
        entries = other;
        other = swap;
    }
    return entries;
}

/* Normalised keys of one chunk. */
static void chunk_keys(Sort *sort, Arena *arena, i32 number)
{
    const Chunk *chunk = &sort->store->chunks[number];
    /* PREFIX bytes are read behind the last key too */
    u8 *keys = arena_alloc(sort->q, arena, (i64)chunk->n * sort->key_bytes + PREFIX);
    i32 offset = 0;
    for (i32 i = 0; i < sort->key_columns; i++) {
        const SortColumn *by = &sort->columns[i];
        const Vector *column = &chunk->columns[by->column];
        if (!sort_key_column(column, NULL, chunk->n, by->descending, by->nulls_first, keys + offset,
                             sort->key_bytes, &sort->q->error))
            query_rethrow(sort->q, &sort->q->error);
        offset += sort_key_bytes(column->lane);
    }
    sort->keys[number] = keys;
}

/* Shortens shared_bytes to what the chunk's keys share with the first key of all. */
static void keys_share(Sort *sort, i32 number)
{
    const u8 *first = sort->keys[0], *key = sort->keys[number];
    for (i32 i = 0; i < sort->store->chunks[number].n; i++, key += sort->key_bytes) {
        if (likely(memcmp(key, first, (size_t)sort->shared_bytes) == 0))
            continue;
        i32 same = 0;
        while (key[same] == first[same])
            same++;
        sort->shared_bytes = same;
    }
}

static void chunk_entries(const Sort *sort, i32 number, SortEntry *entries)
{
    i32 left = sort->key_bytes - sort->shared_bytes;
    const u8 *key = sort->keys[number] + sort->shared_bytes;
    for (i32 i = 0; i < sort->store->chunks[number].n; i++, key += sort->key_bytes) {
        u64 prefix = 0;
        memcpy(&prefix, key, PREFIX);
        if (left < PREFIX)
            prefix &= ((u64)1 << 8 * left) - 1;
        entries[i] = (SortEntry){__builtin_bswap64(prefix), row_ref(number, i)};
    }
}

static bool strings_are_short(const RowStore *store, i32 column)
{
    for (i32 c = 0; c < store->chunk_count; c++) {
        const Str *strings = store->chunks[c].columns[column].values;
        for (i32 i = 0; i < store->chunks[c].n; i++)
            if (strings[i].len > SORT_KEY_STRING_MAX)
                return false;
    }
    return true;
}

/* Keys hold the columns up to the first inexact one: behind a prefix that ties nothing counts
 * before the values it was cut from. */
static void sort_measure(Sort *sort)
{
    const Chunk *like = &sort->store->chunks[0];
    sort->exact = true;
    for (i32 i = 0; i < sort->column_count && sort->exact; i++) {
        Lane lane = like->columns[sort->columns[i].column].lane;
        sort->key_bytes += sort_key_bytes(lane);
        sort->exact =
            sort_key_is_exact(lane) ||
            (lane.kind == LANE_STR && strings_are_short(sort->store, sort->columns[i].column));
        sort->key_columns++;
    }
}

void row_sort(Query *q, const RowStore *store, const SortColumn *columns, i32 column_count,
              Arena *arena, SortedRows *sorted)
{
    *sorted = (SortedRows){.store = store, .count = store->rows};
    sorted->refs = arena_alloc_array(q, arena, store->rows, sizeof(RowRef));
    if (store->rows == 0)
        return;
    Sort sort = {.q = q, .store = store, .columns = columns, .column_count = column_count};
    sort_measure(&sort);
    sort.keys = arena_alloc_array(q, arena, store->chunk_count, sizeof(u8 *));
    SortEntry *entries = arena_alloc_array(q, arena, store->rows, sizeof *entries);
    SortEntry *other = arena_alloc_array(q, arena, store->rows, sizeof *entries);
    i64 at = 0;
    for (i32 i = 0; i < store->chunk_count; i++) {
        query_check(q);
        chunk_keys(&sort, arena, i);
    }
    sort.shared_bytes = sort.key_bytes;
    for (i32 i = 0; i < store->chunk_count; i++) {
        query_check(q);
        keys_share(&sort, i);
    }
    for (i32 i = 0; i < store->chunk_count; at += store->chunks[i++].n) {
        query_check(q);
        chunk_entries(&sort, i, entries + at);
    }
    SortEntry *result = merge_sort(&sort, entries, other, store->rows);
    for (i64 i = 0; i < store->rows; i++) {
        if (unlikely((i & (CHECK_ROWS - 1)) == 0))
            query_check(q);
        sorted->refs[i] = result[i].ref;
    }
}

bool row_refs_equal(const RowStore *store, const SortColumn *columns, i32 column_count, RowRef a,
                    RowRef b)
{
    const Chunk *x = &store->chunks[a >> 16], *y = &store->chunks[b >> 16];
    for (i32 i = 0; i < column_count; i++) {
        i32 column = columns[i].column;
        if (!rows_equal(&x->columns[column], (i32)(a & 0xffff), &y->columns[column],
                        (i32)(b & 0xffff)))
            return false;
    }
    return true;
}
