/* SPDX-License-Identifier: Apache-2.0
 *
 * Codes of 1 to 32 bits, 1,024 at a time, interleaved over 32 lanes: value i lies in lane i % 32,
 * and all lanes of a row of 32 values have the same shift, so that packing and unpacking are
 * loops over lanes that vectorise, in natural order (the idea of FastLanes, Afroozeh and Boncz,
 * VLDB 2023). Value r * 32 + l occupies bits r * width .. of lane l; word k of lane l is words[k *
 * 32 + l].
 */
#ifndef GOTGAN_BITPACK_H
#define GOTGAN_BITPACK_H

#include "storage/scan_loops.h"

enum { BITPACK_UNIT = 1024, BITPACK_LANES = 32 };

/* 32 * width words, all of them written. Values have at most width bits. */
void bitpack(const u32 values[BITPACK_UNIT], i32 width, u32 *words);
static inline void bitunpack(const u32 *words, i32 width, u32 values[BITPACK_UNIT])
{
    scan_loops()->unpack(words, width, values);
}
/* One value without unpacking the rest. */
u32 bitpack_get(const u32 *words, i32 width, i32 i);

#endif
