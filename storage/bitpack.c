/* SPDX-License-Identifier: Apache-2.0
 *
 * Packing, and single values; unpacking whole units is one of the scan's loops (scan_loops.c).
 */
#include "storage/bitpack.h"

void bitpack(const u32 values[BITPACK_UNIT], i32 width, u32 *words)
{
    memset(words, 0, (size_t)(BITPACK_LANES * width) * sizeof *words);
    for (i32 row = 0; row < BITPACK_UNIT / BITPACK_LANES; row++) {
        i32 bit = row * width, shift = bit & 31;
        const u32 *from = values + row * BITPACK_LANES;
        u32 *restrict to = words + (bit >> 5) * BITPACK_LANES;
        for (i32 lane = 0; lane < BITPACK_LANES; lane++)
            to[lane] |= from[lane] << shift;
        if (shift + width <= 32)
            continue;
        to += BITPACK_LANES;
        for (i32 lane = 0; lane < BITPACK_LANES; lane++)
            to[lane] |= from[lane] >> (32 - shift);
    }
}

u32 bitpack_get(const u32 *words, i32 width, i32 i)
{
    i32 bit = i / BITPACK_LANES * width, shift = bit & 31;
    const u32 *from = words + (bit >> 5) * BITPACK_LANES + i % BITPACK_LANES;
    u64 both = from[0];
    if (shift + width > 32)
        both |= (u64)from[BITPACK_LANES] << 32;
    return (u32)(both >> shift) & (width == 32 ? UINT32_MAX : ((u32)1 << width) - 1);
}
