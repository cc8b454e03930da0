/* SPDX-License-Identifier: Apache-2.0
 *
 * A chained hash table and a clock: the hand goes over the buckets, forgives frames that were used
 * since it last came by, and lets go of the others; each time it comes round it looks at the
 * columns too. A pinned frame that is let go stays until its pins are dropped. Frames are read
 * outside the mutex; when two readers race, the second one's copy is kept and the first one's
 * found: both are right.
 *
 * Order of checks: stored bytes against their CRC, then zstd, then the length.
 */
#include "storage/cache.h"

#include <zstd.h>

#include "base/crc32c.h"
#include "base/look.h"
#include "storage/data_file.h"
#include "storage/encoding.h"

enum { CACHE_BUCKETS = 1 << 14, PIECE_BYTES = 4 << 20 };

struct Cache {
    Mutex mutex;
    i64 bytes_max;
    CacheCounters counters;
    u32 hand;
    CachedFrame *buckets[CACHE_BUCKETS];
    CachedColumn *columns; /* a few */
};

/* Let go of under the mutex, dropped outside it. */
typedef struct LetGo {
    CachedFrame *frames;
    CachedColumn *columns;
} LetGo;

bool cache_open(Storage *storage, i64 bytes_max, Error *error)
{
    storage->cache = counted_make((i64)sizeof(Cache), NULL, NULL, error);
    if (!storage->cache)
        return false;
    mutex_open(&storage->cache->mutex);
    storage->cache->bytes_max = bytes_max;
    return true;
}

void cache_clear(Storage *storage)
{
    Cache *cache = storage->cache;
    mutex_lock(&cache->mutex);
    for (i32 i = 0; i < CACHE_BUCKETS; i++)
        while (cache->buckets[i]) {
            CachedFrame *next = cache->buckets[i]->next;
            counted_drop(cache->buckets[i]);
            cache->buckets[i] = next;
        }
    for (CachedColumn *column = cache->columns, *next; column; column = next) {
        next = column->next;
        column->listed = false;
        counted_drop(column);
    }
    cache->columns = NULL;
    cache->counters.used_bytes = 0;
    mutex_unlock(&cache->mutex);
}

void cache_close(Storage *storage)
{
    Cache *cache = storage->cache;
    if (!cache)
        return;
    cache_clear(storage);
    mutex_close(&cache->mutex);
    counted_drop(cache);
    storage->cache = NULL;
}

static u32 bucket_of(u32 epoch, u32 counter, i64 offset)
{
    u64 hash =
        ((u64)epoch << 32 | counter) * 0x9e3779b97f4a7c15ull ^ (u64)offset * 0xc2b2ae3d27d4eb4full;
    return (u32)(hash * 0x9e3779b97f4a7c15ull >> 50);
}

static CachedFrame *find(Cache *cache, const DataFile *file, i64 offset)
{
    CachedFrame *frame = cache->buckets[bucket_of(file->epoch, file->counter, offset)];
    while (frame && (frame->epoch != file->epoch || frame->counter != file->counter ||
                     frame->offset != offset))
        frame = frame->next;
    return frame;
}

/* Mutex held. Takes the columns out that were not used since last time. */
static void sweep_columns(Cache *cache, LetGo *gone)
{
    CachedColumn **at = &cache->columns;
    while (*at) {
        CachedColumn *column = *at;
        if (column->used) {
            column->used = 0;
            at = &column->next;
            continue;
        }
        *at = column->next;
        column->listed = false;
        cache->counters.used_bytes -= column->bytes;
        column->next = gone->columns;
        gone->columns = column;
    }
}

/* Mutex held. Takes unused frames out until there is room. */
static LetGo make_room(Cache *cache, i64 bytes)
{
    LetGo gone = {NULL, NULL};
    for (i32 turn = 0; turn < 2 * CACHE_BUCKETS; turn++) {
        if (cache->counters.used_bytes + bytes <= cache->bytes_max)
            break;
        if (cache->hand % CACHE_BUCKETS == 0)
            sweep_columns(cache, &gone);
        CachedFrame **at = &cache->buckets[cache->hand++ % CACHE_BUCKETS];
        while (*at) {
            CachedFrame *frame = *at;
            if (frame->used) {
                frame->used = 0;
                at = &frame->next;
                continue;
            }
            *at = frame->next;
            cache->counters.used_bytes -= frame->bytes;
            frame->next = gone.frames;
            gone.frames = frame;
        }
    }
    return gone;
}

static void drop_gone(LetGo gone)
{
    for (CachedFrame *frame = gone.frames, *next; frame; frame = next) {
        next = frame->next;
        counted_drop(frame);
    }
    for (CachedColumn *column = gone.columns, *next; column; column = next) {
        next = column->next;
        counted_drop(column);
    }
}

static void insert(Cache *cache, CachedFrame *frame)
{
    mutex_lock(&cache->mutex);
    LetGo gone = make_room(cache, frame->bytes);
    CachedFrame **bucket = &cache->buckets[bucket_of(frame->epoch, frame->counter, frame->offset)];
    frame->next = *bucket;
    frame->used = 1;
    *bucket = counted_keep(frame);
    cache->counters.used_bytes += frame->bytes;
    mutex_unlock(&cache->mutex);
    drop_gone(gone);
}

/* ---- reading ---- */

static bool damaged(const RowGroup *group, const Frame *frame, const char *what, Error *error)
{
    char path[STORAGE_PATH_BYTES];
    data_file_path(group->storage, group->file->epoch, group->file->counter, path);
    return error_set(error, E_DATA_CORRUPTED, "data file \"%s\" is damaged at offset %lld: %s",
                     path, (long long)frame->offset, what);
}

/* Takes memory for a frame; the pool gives way when the budget refuses. */
static CachedFrame *frame_make(Storage *storage, i64 len, i32 entries, Error *error)
{
    i64 strings = entries * (i64)sizeof(Str);
    i64 bytes = align_up((i64)sizeof(CachedFrame), 64) + strings + len + 192;
    CachedFrame *frame = counted_make(bytes, storage->options.budget, NULL, error);
    if (!frame && error->code == E_OUT_OF_MEMORY) {
        mutex_lock(&storage->cache->mutex);
        LetGo gone = make_room(storage->cache, storage->cache->bytes_max / 4 + bytes);
        mutex_unlock(&storage->cache->mutex);
        drop_gone(gone);
        frame = counted_make(bytes, storage->options.budget, NULL, error);
    }
    if (!frame)
        return NULL;
    u8 *memory = (u8 *)align_up((i64)(intptr_t)(frame + 1), 64);
    frame->entries = entries ? (Str *)memory : NULL;
    frame->data = (u8 *)align_up((i64)(intptr_t)(memory + strings), 64);
    frame->len = len;
    frame->bytes = bytes;
    return frame;
}

/* What is read: of which frame, and whose statement may be interrupted meanwhile. */
typedef struct FrameRead {
    RowGroup *group;
    const Segment *segment;
    const Frame *frame;
    i32 number;
    const Budget *statement;
} FrameRead;

static bool read_checked(const FrameRead *read, u8 *to, Error *error)
{
    RowGroup *group = read->group;
    Storage *storage = group->storage;
    const Frame *frame = read->frame;
    File *file;
    if (!data_file_open(group->file, &file, error))
        return false;
    u32 crc = data_crc_seed(storage, group->file->epoch, group->file->counter,
                            read->segment->column, read->number);
    for (i64 at = 0, piece; at < frame->stored; at += piece) {
        piece = min_i64(frame->stored - at, PIECE_BYTES);
        if (!file_read_all(storage->platform, file, to + at, piece, frame->offset + at, error) ||
            !budget_check(read->statement, error))
            return false;
        crc = crc32c(crc, to + at, piece);
    }
    return crc == frame->crc || damaged(group, frame, "checksum mismatch", error);
}

/* ZSTD_decompress in pieces. *whole: the bytes were those of `raw` ones. */
static bool decompress_long(const FrameRead *read, const Buffer *stored, u8 *to, bool *whole,
                            Error *error)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context)
        return error_set(error, E_OUT_OF_MEMORY, "out of memory");
    ZSTD_inBuffer in = {stored->data, read->frame->stored, 0};
    ZSTD_outBuffer out = {to, 0, 0};
    size_t left, before;
    bool good;
    do {
        before = in.pos + out.pos;
        out.size = (size_t)min_i64(read->frame->raw, (i64)out.size + PIECE_BYTES);
        left = ZSTD_decompressStream(context, &out, &in);
        good = budget_check(read->statement, error);
    } while (good && left && !ZSTD_isError(left) && in.pos + out.pos > before);
    *whole = left == 0 && out.pos == read->frame->raw;
    ZSTD_freeDCtx(context);
    return good;
}

static bool read_packed(const FrameRead *read, u8 *to, Error *error)
{
    const Frame *frame = read->frame;
    Buffer stored;
    bool whole = false;
    buffer_open(&stored, NULL);
    bool good =
        buffer_reserve(&stored, frame->stored, error) && read_checked(read, stored.data, error);
    if (good && frame->raw <= PIECE_BYTES)
        whole = ZSTD_decompress(to, frame->raw, stored.data, frame->stored) == frame->raw;
    else if (good)
        good = decompress_long(read, &stored, to, &whole, error);
    if (good && !whole)
        good = damaged(read->group, frame, "cannot be decompressed", error);
    buffer_close(&stored);
    return good;
}

static CachedFrame *load(const FrameRead *read, Error *error)
{
    RowGroup *group = read->group;
    const Frame *frame = read->frame;
    i32 entries = read->number == DICTIONARY_NUMBER ? read->segment->entries : 0;
    CachedFrame *fresh = frame_make(group->storage, frame->raw, entries, error);
    if (!fresh)
        return NULL;
    fresh->epoch = group->file->epoch;
    fresh->counter = group->file->counter;
    fresh->offset = frame->offset;
    bool good = frame->packed ? read_packed(read, fresh->data, error)
                              : read_checked(read, fresh->data, error);
    if (good && entries)
        good = strings_decode(fresh->data, fresh->len, entries, (Str *)fresh->entries, error);
    if (good)
        return fresh;
    counted_drop(fresh);
    return NULL;
}

static _Thread_local ThreadFrames own_frames;

ThreadFrames thread_frames(void)
{
    return own_frames;
}

bool cache_frame(RowGroup *group, const Segment *segment, const Frame *frame, i32 number,
                 const Budget *statement, CachedFrame **out, Error *error)
{
    Cache *cache = group->storage->cache;
    mutex_lock(&cache->mutex);
    CachedFrame *found = find(cache, group->file, frame->offset);
    if (found) {
        found->used = 1;
        counted_keep(found);
        cache->counters.hits++;
        own_frames.hits++;
    } else {
        cache->counters.misses++;
        own_frames.misses++;
        cache->counters.bytes_read += frame->stored;
    }
    mutex_unlock(&cache->mutex);
    FrameRead read = {group, segment, frame, number, statement};
    if (!found && (found = load(&read, error)))
        insert(cache, found);
    *out = found;
    return found != NULL;
}

/* ---- columns ---- */

/* Mutex held. */
static CachedColumn *find_column(const Cache *cache, TableId table, ColumnId column)
{
    CachedColumn *found = cache->columns;
    while (found && (found->table != table || found->column != column))
        found = found->next;
    return found;
}

CachedColumn *cache_column_find(Storage *storage, TableId table, ColumnId column)
{
    Cache *cache = storage->cache;
    mutex_lock(&cache->mutex);
    CachedColumn *found = find_column(cache, table, column);
    if (found) {
        found->used = 1;
        counted_keep(found);
    }
    mutex_unlock(&cache->mutex);
    return found;
}

CachedColumn *cache_column_insert(Storage *storage, CachedColumn *fresh, i64 bytes)
{
    Cache *cache = storage->cache;
    LetGo gone = {NULL, NULL};
    mutex_lock(&cache->mutex);
    CachedColumn *kept = find_column(cache, fresh->table, fresh->column);
    if (!kept) {
        kept = counted_keep(fresh);
        gone = make_room(cache, bytes);
        fresh->next = cache->columns;
        fresh->listed = true;
        fresh->bytes = bytes;
        cache->columns = fresh;
        cache->counters.used_bytes += bytes;
    }
    kept->used = 1;
    counted_keep(kept);
    mutex_unlock(&cache->mutex);
    drop_gone(gone);
    return kept;
}

i64 cache_column_grow(Storage *storage, CachedColumn *column, i64 bytes)
{
    Cache *cache = storage->cache;
    LetGo gone = {NULL, NULL};
    mutex_lock(&cache->mutex);
    if (column->listed)
        gone = make_room(cache, bytes); /* which may let go of this one too */
    column->bytes += bytes;
    if (column->listed)
        cache->counters.used_bytes += bytes;
    i64 all = column->bytes;
    mutex_unlock(&cache->mutex);
    drop_gone(gone);
    return all;
}

void cache_column_forget(Storage *storage, CachedColumn *column)
{
    Cache *cache = storage->cache;
    mutex_lock(&cache->mutex);
    CachedColumn **at = &cache->columns;
    while (*at && *at != column)
        at = &(*at)->next;
    bool had = *at != NULL;
    if (had) {
        *at = column->next;
        column->listed = false;
        cache->counters.used_bytes -= column->bytes;
    }
    mutex_unlock(&cache->mutex);
    if (had)
        counted_drop(column);
}

CacheCounters cache_counters(Storage *storage)
{
    mutex_lock(&storage->cache->mutex);
    CacheCounters counters = storage->cache->counters;
    mutex_unlock(&storage->cache->mutex);
    return counters;
}
