/* SPDX-License-Identifier: Apache-2.0
 *
 * What a hash join's build side tells the scans of its probe side: per key the smallest and the
 * largest integer seen and, when their distance is small, one bit per value. The shared state of a
 * hash join begins with a JoinRanges, which is how a scan finds it.
 */
#ifndef GOTGAN_JOIN_RANGE_H
#define GOTGAN_JOIN_RANGE_H

#include "types/vector.h"

typedef struct JoinRange {
    bool known; /* an integer key, and the build is over */
    bool empty; /* no value at all: nothing matches */
    i64 min, max;
    u64 *bits; /* value v is there: bit v - min; NULL: range too wide, or nobody asked */
} JoinRange;

typedef struct JoinRanges {
    JoinRange *keys;
    i32 key_count;
} JoinRanges;

/* The widest range that gets bits: 8 MB of them. */
enum { JOIN_RANGE_BITS_MAX = 1 << 26 };

#endif
