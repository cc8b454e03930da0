/* SPDX-License-Identifier: Apache-2.0
 *
 * The buffer pool: frames of data files, checked and decompressed, by (file, offset).
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
/* Reads through the pool. number: of the frame in its segment, or DICTIONARY_NUMBER. */
must_check bool cache_frame(RowGroup *group, const Segment *segment, const Frame *frame, i32 number,
                            CachedFrame **out, Error *error);

typedef struct CacheCounters {
    i64 used_bytes, hits, misses, bytes_read;
} CacheCounters;
CacheCounters cache_counters(Storage *storage);

#endif
