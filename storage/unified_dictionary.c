/* SPDX-License-Identifier: Apache-2.0
 *
 * Open addressing over 8-byte slots (half of the hash and code + 1) beside an array of entries.
 * Looking up takes no lock: slots are written once, after the entry they name, and a full table is
 * replaced by one of twice the size while the old one stays for those who read it. Only what was
 * not found is looked up again and added under the mutex, a batch at a time.
 *
 * What was too much once is remembered: an empty dictionary stands for it in the pool, and names
 * the row group at which it was given up. When that row group has left the table, or when most row
 * groups known to a dictionary have, it begins anew.
 *
 * Memory: tables, maps and strings on the storage's budget, told to the pool, which lets go of the
 * whole.
 */
#include "storage/unified_dictionary.h"

#include "types/hash_vector.h"

enum { SLOTS_MIN = 1 << 12, MAP_BUCKETS = 64, BATCH = 512, HASH_HALF = 32, MAPS_SPARE = 64 };

typedef struct UnifiedTable {
    struct UnifiedTable *older;
    u64 mask;
    i32 limit; /* room for entries: half the slots */
    Str *entries;
    _Atomic u64 slots[];
} UnifiedTable;

struct UnifiedDictionary {
    CachedColumn cached; /* first: the pool knows it as this */
    Storage *storage;
    u64 identity;
    u64 gave_up_at; /* row group; set before others see it */
    _Atomic bool given_up;
    _Atomic(UnifiedTable *) table;
    _Atomic i32 count;
    Mutex mutex; /* who adds, and the maps */
    Arena strings;
    UnifiedMap *maps[MAP_BUCKETS];
    i32 map_count;
};

static void dictionary_closer(void *thing)
{
    UnifiedDictionary *dictionary = thing;
    for (UnifiedTable *table = atomic_load(&dictionary->table), *older; table; table = older) {
        older = table->older;
        counted_drop(table);
    }
    for (i32 i = 0; i < MAP_BUCKETS; i++)
        for (UnifiedMap *map = dictionary->maps[i], *next; map; map = next) {
            next = map->next;
            counted_drop(map);
        }
    arena_close(&dictionary->strings);
    mutex_close(&dictionary->mutex);
}

static UnifiedTable *table_make(Budget *budget, i64 slots, Error *error)
{
    i64 head = align_up((i64)sizeof(UnifiedTable) + slots * (i64)sizeof(u64), 64);
    UnifiedTable *table = counted_make(head + slots / 2 * (i64)sizeof(Str), budget, NULL, error);
    if (!table)
        return NULL;
    table->mask = (u64)slots - 1;
    table->limit = (i32)(slots / 2);
    table->entries = (Str *)((u8 *)table + head);
    return table;
}

static i64 table_bytes(const UnifiedTable *table)
{
    i64 slots = (i64)table->mask + 1;
    return (i64)sizeof *table + slots * (i64)sizeof(u64) + table->limit * (i64)sizeof(Str);
}

static UnifiedDictionary *dictionary_make(Storage *storage, TableId table, ColumnId column,
                                          Error *error)
{
    Budget *budget = storage->options.budget;
    UnifiedDictionary *fresh = counted_make((i64)sizeof *fresh, budget, dictionary_closer, error);
    if (!fresh)
        return NULL;
    mutex_open(&fresh->mutex);
    arena_open(&fresh->strings, budget);
    fresh->cached = (CachedColumn){.table = table, .column = column};
    fresh->storage = storage;
    fresh->identity = dictionary_id_new();
    return fresh;
}

/* Have most of the row groups it knows left the table? */
static bool is_stale(const UnifiedDictionary *dictionary, const Relation *relation, i64 groups)
{
    if (atomic_load(&dictionary->given_up))
        return !relation_group(relation, dictionary->gave_up_at);
    return dictionary->map_count > 2 * groups + MAPS_SPARE;
}

static bool is_stale_now(UnifiedDictionary *dictionary, const Relation *relation)
{
    i64 groups = relation_group_count(relation);
    mutex_lock(&dictionary->mutex);
    bool stale = is_stale(dictionary, relation, groups);
    mutex_unlock(&dictionary->mutex);
    return stale;
}

bool unified_dictionary_open(const Relation *relation, ColumnId column, UnifiedDictionary **out,
                             Error *error)
{
    Storage *storage = relation->storage;
    UnifiedDictionary *found =
        (UnifiedDictionary *)cache_column_find(storage, relation->table, column);
    if (found && is_stale_now(found, relation)) {
        cache_column_forget(storage, &found->cached);
        counted_drop(found);
        found = NULL;
    }
    if (!found) {
        UnifiedDictionary *fresh = dictionary_make(storage, relation->table, column, error);
        if (!fresh)
            return false;
        found =
            (UnifiedDictionary *)cache_column_insert(storage, &fresh->cached, (i64)sizeof *fresh);
        counted_drop(fresh);
    }
    if (atomic_load(&found->given_up)) {
        counted_drop(found);
        found = NULL;
    }
    *out = found;
    return true;
}

/* ---- entries ---- */

#define NO_CODE UINT32_MAX

static u32 table_find(const UnifiedTable *table, const Str *str, u64 hash)
{
    u64 half = hash >> HASH_HALF;
    for (u64 at = hash & table->mask;; at = (at + 1) & table->mask) {
        u64 slot = atomic_load_explicit(&table->slots[at], memory_order_acquire);
        if (!slot)
            return NO_CODE;
        if (slot >> HASH_HALF == half && str_equal(&table->entries[(u32)slot - 1], str))
            return (u32)slot - 1;
    }
}

static void slot_put(UnifiedTable *table, u64 hash, u32 code)
{
    u64 at = hash & table->mask;
    while (atomic_load_explicit(&table->slots[at], memory_order_relaxed))
        at = (at + 1) & table->mask;
    atomic_store_explicit(&table->slots[at], hash >> HASH_HALF << HASH_HALF | (code + 1),
                          memory_order_release);
}

static void hash_entries(const Str *entries, i32 n, u64 *hashes)
{
    Error error;
    Vector vector = {
        .form = VECTOR_FLAT, .lane = lane_of(LANE_STR), .values = (void *)(intptr_t)entries};
    bool hashed = hash_column(&vector, NULL, n, HASH_FIRST, hashes, &error);
    verify(hashed);
}

/* Mutex held. Room for n entries more; false: that would be too many, or there is no memory. */
static bool table_reserve(UnifiedDictionary *dictionary, i32 n, i64 *grown)
{
    Error error;
    UnifiedTable *old = atomic_load_explicit(&dictionary->table, memory_order_relaxed);
    i32 count = atomic_load_explicit(&dictionary->count, memory_order_relaxed);
    if (old && count + n <= old->limit)
        return true;
    i64 slots = max_i64(SLOTS_MIN, (i64)power_of_two_from((u64)(count + n) * 2));
    UnifiedTable *fresh = table_make(dictionary->storage->options.budget, slots, &error);
    if (!fresh)
        return false;
    for (i32 from = 0; from < count; from += BATCH) {
        u64 hashes[BATCH];
        i32 part = (i32)min_i64(BATCH, count - from);
        memcpy(fresh->entries + from, old->entries + from, (size_t)part * sizeof(Str));
        hash_entries(old->entries + from, part, hashes);
        for (i32 i = 0; i < part; i++)
            slot_put(fresh, hashes[i], (u32)(from + i));
    }
    fresh->older = old;
    atomic_store_explicit(&dictionary->table, fresh, memory_order_release);
    *grown += table_bytes(fresh);
    return true;
}

/* Mutex held; room was reserved. */
static bool entry_add(UnifiedDictionary *dictionary, const Str *str, u64 hash, u32 *code,
                      i64 *grown)
{
    Error error;
    UnifiedTable *table = atomic_load_explicit(&dictionary->table, memory_order_relaxed);
    i32 count = atomic_load_explicit(&dictionary->count, memory_order_relaxed);
    Str kept = *str;
    if (str->len > STR_INLINE_MAX) {
        char *copy = arena_try_raw(&dictionary->strings, str->len, &error);
        if (!copy)
            return false;
        memcpy(copy, str->pointer, str->len);
        kept.pointer = copy;
        *grown += str->len;
    }
    table->entries[count] = kept;
    slot_put(table, hash, (u32)count);
    atomic_store_explicit(&dictionary->count, count + 1, memory_order_release);
    *code = (u32)count;
    return true;
}

/* Asks for the slots of a batch, then for the entries they name, so that looking up does not wait
 * for memory one by one. */
static void batch_prefetch(const UnifiedTable *table, const u64 *hashes, i32 n)
{
    for (i32 i = 0; i < n; i++)
        __builtin_prefetch((const void *)&table->slots[hashes[i] & table->mask]);
    for (i32 i = 0; i < n; i++) {
        u64 slot =
            atomic_load_explicit(&table->slots[hashes[i] & table->mask], memory_order_acquire);
        if (slot >> HASH_HALF == hashes[i] >> HASH_HALF)
            __builtin_prefetch(&table->entries[(u32)slot - 1]);
    }
}

/* Codes of a batch of entries, new ones included; false: given up or no memory. */
static bool batch_join(UnifiedDictionary *dictionary, const Str *entries, i32 n, u32 *codes,
                       i64 *grown)
{
    u64 hashes[BATCH];
    u16 missing[BATCH];
    i32 missing_count = 0;
    bool good = true;
    UnifiedTable *table = atomic_load_explicit(&dictionary->table, memory_order_acquire);
    hash_entries(entries, n, hashes);
    if (table)
        batch_prefetch(table, hashes, n);
    for (i32 i = 0; i < n; i++) {
        codes[i] = table ? table_find(table, &entries[i], hashes[i]) : NO_CODE;
        missing[missing_count] = (u16)i;
        missing_count += codes[i] == NO_CODE;
    }
    if (missing_count == 0)
        return true;
    mutex_lock(&dictionary->mutex);
    good = table_reserve(dictionary, missing_count, grown);
    table = atomic_load_explicit(&dictionary->table, memory_order_relaxed);
    for (i32 k = 0; good && k < missing_count; k++) {
        i32 i = missing[k];
        codes[i] = table_find(table, &entries[i], hashes[i]); /* somebody may have been faster */
        if (codes[i] == NO_CODE)
            good = entry_add(dictionary, &entries[i], hashes[i], &codes[i], grown);
    }
    mutex_unlock(&dictionary->mutex);
    return good;
}

/* ---- maps ---- */

static UnifiedMap *map_of(const UnifiedDictionary *dictionary, u64 group)
{
    UnifiedMap *map = dictionary->maps[group % MAP_BUCKETS];
    while (map && map->group != group)
        map = map->next;
    return map;
}

UnifiedMap *unified_dictionary_find(UnifiedDictionary *dictionary, u64 group)
{
    mutex_lock(&dictionary->mutex);
    UnifiedMap *map = map_of(dictionary, group);
    if (map)
        counted_keep(map);
    mutex_unlock(&dictionary->mutex);
    return map;
}

/* Puts the map where others find it, unless another worker did the same work at the same time. */
static void map_publish(UnifiedDictionary *dictionary, UnifiedMap *map)
{
    mutex_lock(&dictionary->mutex);
    if (!map_of(dictionary, map->group)) {
        UnifiedMap **bucket = &dictionary->maps[map->group % MAP_BUCKETS];
        map->next = *bucket;
        *bucket = counted_keep(map);
        dictionary->map_count++;
    }
    mutex_unlock(&dictionary->mutex);
}

/* An empty one takes its place in the pool; holders keep what they have. */
static void give_up(UnifiedDictionary *dictionary, u64 group)
{
    Error error;
    if (atomic_exchange(&dictionary->given_up, true))
        return;
    UnifiedDictionary *mark = dictionary_make(dictionary->storage, dictionary->cached.table,
                                              dictionary->cached.column, &error);
    cache_column_forget(dictionary->storage, &dictionary->cached);
    if (!mark)
        return;
    mark->gave_up_at = group;
    atomic_store(&mark->given_up, true);
    counted_drop(cache_column_insert(dictionary->storage, &mark->cached, (i64)sizeof *mark));
    counted_drop(mark);
}

static bool is_too_much(const UnifiedDictionary *dictionary, i64 bytes)
{
    i64 pool = dictionary->storage->options.cache_bytes;
    return atomic_load_explicit(&dictionary->count, memory_order_relaxed) > UNIFIED_ENTRIES_MAX ||
           bytes > min_i64(UNIFIED_BYTES_MAX, pool / 4);
}

UnifiedMap *unified_dictionary_join(UnifiedDictionary *dictionary, u64 group, const Str *entries,
                                    i32 count)
{
    Error error;
    i64 bytes = (i64)sizeof(UnifiedMap) + count * (i64)sizeof(u32), grown = bytes;
    if (atomic_load_explicit(&dictionary->given_up, memory_order_relaxed))
        return NULL;
    UnifiedMap *map = counted_make(bytes, dictionary->storage->options.budget, NULL, &error);
    if (!map)
        return NULL;
    map->group = group;
    map->count = count;
    map->identity = true;
    bool good = true;
    for (i32 from = 0; good && from < count; from += BATCH) {
        i32 n = (i32)min_i64(BATCH, count - from);
        good = batch_join(dictionary, entries + from, n, map->codes + from, &grown);
        for (i32 i = from; good && i < from + n; i++)
            map->identity &= map->codes[i] == (u32)i;
    }
    if (good)
        map_publish(dictionary, map);
    bytes = cache_column_grow(dictionary->storage, &dictionary->cached, grown);
    if (is_too_much(dictionary, bytes))
        give_up(dictionary, group);
    if (good)
        return map;
    counted_drop(map);
    return NULL;
}

UnifiedView unified_dictionary_view(UnifiedDictionary *dictionary)
{
    i32 count = atomic_load_explicit(&dictionary->count, memory_order_acquire);
    const UnifiedTable *table = atomic_load_explicit(&dictionary->table, memory_order_acquire);
    return (UnifiedView){dictionary->identity, table ? table->entries : NULL, count};
}
