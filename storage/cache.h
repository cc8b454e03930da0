/* SPDX-License-Identifier: Apache-2.0
 *
 * The buffer pool: frames of data files, checked and decompressed, by (file, offset), and what was
 * made from them for whole columns (unified dictionaries), by (table, column).
 *
 * Ownership law: a frame is counted: who gets one has a pin (a count) and drops it. The pool holds
 * a count of its own until the frame is evicted; bytes count against its limit while it does.
 */
#ifndef GOTGAN_CACHE_H
#define GOTGAN_CACHE_H

#include "storage/footer.h"

typedef struct CachedFrame {
    struct CachedFrame *next; /* in its bucket; the pool's */
    u32 epoch, counter;
    i64 offset;
    i64 bytes;          /* that it counts */
    u32 used;           /* looked up since the clock's hand came by */
    i64 len;            /* of data */
    const Str *entries; /* a dictionary's, in data's memory; NULL: a frame of blocks */
    u8 *data;           /* 64-byte aligned; 64 more bytes are readable */
} CachedFrame;

must_check bool cache_open(Storage *storage, i64 bytes_max, Error *error);
void cache_close(Storage *storage);
/* Lets go of every frame. */
void cache_clear(Storage *storage);
/* Reads through the pool. number: of the frame in its segment, or DICTIONARY_NUMBER. statement:
 * whose interrupt ends reading a large one; NULL: nobody's. */
must_check bool cache_frame(RowGroup *group, const Segment *segment, const Frame *frame, i32 number,
                            const Budget *statement, CachedFrame **out, Error *error);

/* What is kept for a column of a table: the head of a counted thing that grows. */
typedef struct CachedColumn {
    struct CachedColumn *next; /* the pool's, like all below */
    TableId table;
    ColumnId column;
    bool listed; /* the pool has it: its bytes count */
    u32 used;
    i64 bytes;
} CachedColumn;

/* With a count for the caller; NULL: there is none. */
CachedColumn *cache_column_find(Storage *storage, TableId table, ColumnId column);
/* Gives the pool a count of its own, unless it has one for this column by now: that one, or fresh,
 * with a count for the caller. */
CachedColumn *cache_column_insert(Storage *storage, CachedColumn *fresh, i64 bytes);
/* It has so many bytes more; returns how many it has now. */
i64 cache_column_grow(Storage *storage, CachedColumn *column, i64 bytes);
/* The pool lets go of it. */
void cache_column_forget(Storage *storage, CachedColumn *column);

typedef struct CacheCounters {
    i64 used_bytes, hits, misses, bytes_read;
} CacheCounters;
CacheCounters cache_counters(Storage *storage);

#endif
