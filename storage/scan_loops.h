/* SPDX-License-Identifier: Apache-2.0
 *
 * The loops of a scan that touch every row: unpacking codes, comparing, widening. Built once per
 * instruction set (base/instruction_set.h).
 */
#ifndef GOTGAN_SCAN_LOOPS_H
#define GOTGAN_SCAN_LOOPS_H

#include "base/instruction_set.h"
#include "types/vector.h"

typedef struct ScanLoops {
    /* As bitunpack (bitpack.h) says. */
    void (*unpack)(const u32 *words, i32 width, u32 *values);
    /* Codes of one or two bytes as they lie in a block. */
    void (*widen_u8)(const u8 *bytes, i32 n, u32 *codes);
    void (*widen_u16)(const u16 *bytes, i32 n, u32 *codes);
    /* to[i] = base + code; the code is in codes, or in wide when that is not NULL; zero where a bit
     * of valid (unless NULL) is clear. */
    void (*store_i8)(const u32 *codes, const u64 *wide, u64 base, const u64 *valid, i32 n, i8 *to);
    void (*store_i16)(const u32 *codes, const u64 *wide, u64 base, const u64 *valid, i32 n,
                      i16 *to);
    void (*store_i32)(const u32 *codes, const u64 *wide, u64 base, const u64 *valid, i32 n,
                      i32 *to);
    void (*store_i64)(const u32 *codes, const u64 *wide, u64 base, const u64 *valid, i32 n,
                      i64 *to);
    void (*store_i128)(const u32 *codes, const u64 *wide, u64 base, const u64 *valid, i32 n,
                       i128 *to);
    /* Clears the bits of values outside low .. high. */
    void (*range_i16)(const i16 *values, i64 low, i64 high, i32 n, u64 *mask);
    void (*range_i32)(const i32 *values, i64 low, i64 high, i32 n, u64 *mask);
    void (*range_i64)(const i64 *values, i64 low, i64 high, i32 n, u64 *mask);
    /* The same for codes in from .. to. */
    void (*range_codes)(const u32 *codes, u32 from, u32 to, i32 n, u64 *mask);
} ScanLoops;

extern const ScanLoops scan_loops_table;
#ifdef GOTGAN_HAS_V3
extern const ScanLoops scan_loops_table_v3;
#endif

static inline const ScanLoops *scan_loops(void)
{
#ifdef GOTGAN_HAS_V3
    if (instruction_set() == INSTRUCTIONS_V3)
        return &scan_loops_table_v3;
#endif
    return &scan_loops_table;
}

#endif
