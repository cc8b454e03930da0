/* SPDX-License-Identifier: Apache-2.0
 *
 * Loops that the compiler makes SIMD of, built once per instruction set. Unpacking runs over 32
 * lanes with a shift that is the same for all: SSE and AVX have exactly that instruction, so no
 * loop per width is needed. Comparisons write bytes first; eight bytes become eight bits by a
 * multiplication.
 */
#include "storage/scan_loops.h"

#include "storage/bitpack.h"

/* All ones where row i is valid. */
static inline u64 valid_mask(const u64 *valid, i32 i)
{
    return -(valid[i >> 6] >> (i & 63) & 1);
}

#define T i8
#define STORE store_i8
#include "storage/integer_store.inc.h"
#define T i16
#define STORE store_i16
#include "storage/integer_store.inc.h"
#define T i32
#define STORE store_i32
#include "storage/integer_store.inc.h"
#define T i64
#define STORE store_i64
#include "storage/integer_store.inc.h"
#define T i128
#define STORE store_i128
#include "storage/integer_store.inc.h"

static void unpack(const u32 *words, i32 width, u32 values[BITPACK_UNIT])
{
    u32 mask = width == 32 ? UINT32_MAX : ((u32)1 << width) - 1;
    for (i32 row = 0; row < BITPACK_UNIT / BITPACK_LANES; row++) {
        i32 bit = row * width, shift = bit & 31;
        const u32 *from = words + (bit >> 5) * BITPACK_LANES;
        u32 *restrict to = values + row * BITPACK_LANES;
        if (shift + width <= 32) {
            for (i32 lane = 0; lane < BITPACK_LANES; lane++)
                to[lane] = from[lane] >> shift & mask;
            continue;
        }
        const u32 *rest = from + BITPACK_LANES;
        i32 back = 32 - shift;
        for (i32 lane = 0; lane < BITPACK_LANES; lane++)
            to[lane] = (from[lane] >> shift | rest[lane] << back) & mask;
    }
}

static void widen_u8(const u8 *restrict bytes, i32 n, u32 *restrict codes)
{
    for (i32 i = 0; i < n; i++)
        codes[i] = bytes[i];
}
static void widen_u16(const u16 *restrict bytes, i32 n, u32 *restrict codes)
{
    for (i32 i = 0; i < n; i++)
        codes[i] = bytes[i];
}

/* 64 truth values as bits. Comparisons write bytes, which the compiler makes SIMD of; eight bytes
 * become eight bits by a multiplication. */
static inline u64 word_of_bytes(const u8 *passed)
{
    u64 word = 0;
    for (i32 i = 0; i < 64; i += 8) {
        u64 eight;
        memcpy(&eight, passed + i, sizeof eight);
        word |= (eight * 0x0102040810204080 >> 56) << i;
    }
    return word;
}

#define T i16
#define RANGE range_i16
#include "storage/filter_range.inc.h"
#define T i32
#define RANGE range_i32
#include "storage/filter_range.inc.h"
#define T i64
#define RANGE range_i64
#include "storage/filter_range.inc.h"

/* One bit per code in from .. from + width. */
TEMPLATE u64 word_of_codes(const u32 *codes, u32 from, u32 width, i32 n)
{
    u8 passed[64] = {0};
    for (i32 i = 0; i < n; i++)
        passed[i] = codes[i] - from <= width;
    return word_of_bytes(passed);
}

/* from <= code <= to; 64 rows to a word. */
static void range_codes(const u32 *codes, u32 from, u32 to, i32 n, u64 *mask)
{
    u32 width = to - from;
    for (i32 w = 0; w < bit_words(n); w++) {
        const u32 *at = codes + (i64)w * 64;
        if (mask[w])
            mask[w] &= w * 64 + 64 <= n ? word_of_codes(at, from, width, 64)
                                        : word_of_codes(at, from, width, n - w * 64);
    }
}

const ScanLoops FOR_INSTRUCTIONS(scan_loops_table) = {
    .unpack = unpack,
    .widen_u8 = widen_u8,
    .widen_u16 = widen_u16,
    .store_i8 = store_i8,
    .store_i16 = store_i16,
    .store_i32 = store_i32,
    .store_i64 = store_i64,
    .store_i128 = store_i128,
    .range_i16 = range_i16,
    .range_i32 = range_i32,
    .range_i64 = range_i64,
    .range_codes = range_codes,
};
