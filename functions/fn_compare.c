/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparisons: = <> < <= > >= over every lane that has an order, into bit masks.
 *
 * Fixed-width lanes compare 64 rows at a time (compare_loop.inc.h). Booleans are compared as words
 * of 64 rows. Floats follow PostgreSQL: NaN is equal to NaN and above everything. Values that hold
 * pointers are only touched where they are selected.
 * date, timestamp and timestamptz with each other: fn_compare_dates.c.
 */
#include <math.h>

#include "functions/kernel.h"

typedef struct Fixed16 {
    u8 bytes[16];
} Fixed16;

/* Bit i of the result is the lowest bit of bytes[i]. */
static inline u64 pack_bytes(const u8 *bytes)
{
    u64 mask = 0;
    for (i32 i = 0; i < 8; i++) {
        u64 word;
        memcpy(&word, bytes + i * 8, 8);
        mask |= (word * 0x0102040810204080ull >> 56) << (i * 8);
    }
    return mask;
}

static inline bool eq_i8(i8 a, i8 b)
{
    return a == b;
}
static inline bool ne_i8(i8 a, i8 b)
{
    return a != b;
}
static inline bool lt_i8(i8 a, i8 b)
{
    return a < b;
}
static inline bool le_i8(i8 a, i8 b)
{
    return a <= b;
}
static inline bool gt_i8(i8 a, i8 b)
{
    return a > b;
}
static inline bool ge_i8(i8 a, i8 b)
{
    return a >= b;
}
static inline bool eq_i16(i16 a, i16 b)
{
    return a == b;
}
static inline bool ne_i16(i16 a, i16 b)
{
    return a != b;
}
static inline bool lt_i16(i16 a, i16 b)
{
    return a < b;
}
static inline bool le_i16(i16 a, i16 b)
{
    return a <= b;
}
static inline bool gt_i16(i16 a, i16 b)
{
    return a > b;
}
static inline bool ge_i16(i16 a, i16 b)
{
    return a >= b;
}
static inline bool eq_i32(i32 a, i32 b)
{
    return a == b;
}
static inline bool ne_i32(i32 a, i32 b)
{
    return a != b;
}
static inline bool lt_i32(i32 a, i32 b)
{
    return a < b;
}
static inline bool le_i32(i32 a, i32 b)
{
    return a <= b;
}
static inline bool gt_i32(i32 a, i32 b)
{
    return a > b;
}
static inline bool ge_i32(i32 a, i32 b)
{
    return a >= b;
}
static inline bool eq_i64(i64 a, i64 b)
{
    return a == b;
}
static inline bool ne_i64(i64 a, i64 b)
{
    return a != b;
}
static inline bool lt_i64(i64 a, i64 b)
{
    return a < b;
}
static inline bool le_i64(i64 a, i64 b)
{
    return a <= b;
}
static inline bool gt_i64(i64 a, i64 b)
{
    return a > b;
}
static inline bool ge_i64(i64 a, i64 b)
{
    return a >= b;
}
static inline bool eq_i128(i128 a, i128 b)
{
    return a == b;
}
static inline bool ne_i128(i128 a, i128 b)
{
    return a != b;
}
static inline bool lt_i128(i128 a, i128 b)
{
    return a < b;
}
static inline bool le_i128(i128 a, i128 b)
{
    return a <= b;
}
static inline bool gt_i128(i128 a, i128 b)
{
    return a > b;
}
static inline bool ge_i128(i128 a, i128 b)
{
    return a >= b;
}
static inline bool eq_f32(f32 a, f32 b)
{
    return (a == b) | ((a != a) & (b != b));
}
static inline bool lt_f32(f32 a, f32 b)
{
    return (a < b) | ((b != b) & (a == a));
}
static inline bool ne_f32(f32 a, f32 b)
{
    return !eq_f32(a, b);
}
static inline bool le_f32(f32 a, f32 b)
{
    return !lt_f32(b, a);
}
static inline bool gt_f32(f32 a, f32 b)
{
    return lt_f32(b, a);
}
static inline bool ge_f32(f32 a, f32 b)
{
    return !lt_f32(a, b);
}
static inline bool eq_f64(f64 a, f64 b)
{
    return (a == b) | ((a != a) & (b != b));
}
static inline bool lt_f64(f64 a, f64 b)
{
    return (a < b) | ((b != b) & (a == a));
}
static inline bool ne_f64(f64 a, f64 b)
{
    return !eq_f64(a, b);
}
static inline bool le_f64(f64 a, f64 b)
{
    return !lt_f64(b, a);
}
static inline bool gt_f64(f64 a, f64 b)
{
    return lt_f64(b, a);
}
static inline bool ge_f64(f64 a, f64 b)
{
    return !lt_f64(a, b);
}
static inline bool eq_str(Str a, Str b)
{
    return str_equal(&a, &b);
}
static inline bool ne_str(Str a, Str b)
{
    return !str_equal(&a, &b);
}
static inline bool lt_str(Str a, Str b)
{
    return str_compare(&a, &b) < 0;
}
static inline bool le_str(Str a, Str b)
{
    return str_compare(&a, &b) <= 0;
}
static inline bool gt_str(Str a, Str b)
{
    return str_compare(&a, &b) > 0;
}
static inline bool ge_str(Str a, Str b)
{
    return str_compare(&a, &b) >= 0;
}
static inline bool eq_num(Num a, Num b)
{
    return num_compare(a, b) == 0;
}
static inline bool ne_num(Num a, Num b)
{
    return num_compare(a, b) != 0;
}
static inline bool lt_num(Num a, Num b)
{
    return num_compare(a, b) < 0;
}
static inline bool le_num(Num a, Num b)
{
    return num_compare(a, b) <= 0;
}
static inline bool gt_num(Num a, Num b)
{
    return num_compare(a, b) > 0;
}
static inline bool ge_num(Num a, Num b)
{
    return num_compare(a, b) >= 0;
}
static inline bool eq_fixed(Fixed16 a, Fixed16 b)
{
    return memcmp(a.bytes, b.bytes, 16) == 0;
}
static inline bool ne_fixed(Fixed16 a, Fixed16 b)
{
    return memcmp(a.bytes, b.bytes, 16) != 0;
}
static inline bool lt_fixed(Fixed16 a, Fixed16 b)
{
    return memcmp(a.bytes, b.bytes, 16) < 0;
}
static inline bool le_fixed(Fixed16 a, Fixed16 b)
{
    return memcmp(a.bytes, b.bytes, 16) <= 0;
}
static inline bool gt_fixed(Fixed16 a, Fixed16 b)
{
    return memcmp(a.bytes, b.bytes, 16) > 0;
}
static inline bool ge_fixed(Fixed16 a, Fixed16 b)
{
    return memcmp(a.bytes, b.bytes, 16) >= 0;
}
static inline bool eq_interval(Interval a, Interval b)
{
    return interval_span(a) == interval_span(b);
}
static inline bool ne_interval(Interval a, Interval b)
{
    return interval_span(a) != interval_span(b);
}
static inline bool lt_interval(Interval a, Interval b)
{
    return interval_span(a) < interval_span(b);
}
static inline bool le_interval(Interval a, Interval b)
{
    return interval_span(a) <= interval_span(b);
}
static inline bool gt_interval(Interval a, Interval b)
{
    return interval_span(a) > interval_span(b);
}
static inline bool ge_interval(Interval a, Interval b)
{
    return interval_span(a) >= interval_span(b);
}

#define KERNEL eq_i8_kernel
#define ROW eq_i8
#define T i8
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ne_i8_kernel
#define ROW ne_i8
#define T i8
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL lt_i8_kernel
#define ROW lt_i8
#define T i8
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL le_i8_kernel
#define ROW le_i8
#define T i8
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL gt_i8_kernel
#define ROW gt_i8
#define T i8
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ge_i8_kernel
#define ROW ge_i8
#define T i8
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL eq_i16_kernel
#define ROW eq_i16
#define T i16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ne_i16_kernel
#define ROW ne_i16
#define T i16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL lt_i16_kernel
#define ROW lt_i16
#define T i16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL le_i16_kernel
#define ROW le_i16
#define T i16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL gt_i16_kernel
#define ROW gt_i16
#define T i16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ge_i16_kernel
#define ROW ge_i16
#define T i16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL eq_i32_kernel
#define ROW eq_i32
#define T i32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ne_i32_kernel
#define ROW ne_i32
#define T i32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL lt_i32_kernel
#define ROW lt_i32
#define T i32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL le_i32_kernel
#define ROW le_i32
#define T i32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL gt_i32_kernel
#define ROW gt_i32
#define T i32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ge_i32_kernel
#define ROW ge_i32
#define T i32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL eq_i64_kernel
#define ROW eq_i64
#define T i64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ne_i64_kernel
#define ROW ne_i64
#define T i64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL lt_i64_kernel
#define ROW lt_i64
#define T i64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL le_i64_kernel
#define ROW le_i64
#define T i64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL gt_i64_kernel
#define ROW gt_i64
#define T i64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ge_i64_kernel
#define ROW ge_i64
#define T i64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL eq_i128_kernel
#define ROW eq_i128
#define T i128
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ne_i128_kernel
#define ROW ne_i128
#define T i128
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL lt_i128_kernel
#define ROW lt_i128
#define T i128
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL le_i128_kernel
#define ROW le_i128
#define T i128
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL gt_i128_kernel
#define ROW gt_i128
#define T i128
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ge_i128_kernel
#define ROW ge_i128
#define T i128
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL eq_f32_kernel
#define ROW eq_f32
#define T f32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ne_f32_kernel
#define ROW ne_f32
#define T f32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL lt_f32_kernel
#define ROW lt_f32
#define T f32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL le_f32_kernel
#define ROW le_f32
#define T f32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL gt_f32_kernel
#define ROW gt_f32
#define T f32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ge_f32_kernel
#define ROW ge_f32
#define T f32
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL eq_f64_kernel
#define ROW eq_f64
#define T f64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ne_f64_kernel
#define ROW ne_f64
#define T f64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL lt_f64_kernel
#define ROW lt_f64
#define T f64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL le_f64_kernel
#define ROW le_f64
#define T f64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL gt_f64_kernel
#define ROW gt_f64
#define T f64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ge_f64_kernel
#define ROW ge_f64
#define T f64
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL eq_str_kernel
#define ROW eq_str
#define T Str
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL ne_str_kernel
#define ROW ne_str
#define T Str
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL lt_str_kernel
#define ROW lt_str
#define T Str
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL le_str_kernel
#define ROW le_str
#define T Str
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL gt_str_kernel
#define ROW gt_str
#define T Str
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL ge_str_kernel
#define ROW ge_str
#define T Str
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL eq_num_kernel
#define ROW eq_num
#define T Num
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL ne_num_kernel
#define ROW ne_num
#define T Num
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL lt_num_kernel
#define ROW lt_num
#define T Num
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL le_num_kernel
#define ROW le_num
#define T Num
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL gt_num_kernel
#define ROW gt_num
#define T Num
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL ge_num_kernel
#define ROW ge_num
#define T Num
#define SPARSE 1
#include "functions/compare_loop.inc.h"

#define KERNEL eq_fixed_kernel
#define ROW eq_fixed
#define T Fixed16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ne_fixed_kernel
#define ROW ne_fixed
#define T Fixed16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL lt_fixed_kernel
#define ROW lt_fixed
#define T Fixed16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL le_fixed_kernel
#define ROW le_fixed
#define T Fixed16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL gt_fixed_kernel
#define ROW gt_fixed
#define T Fixed16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ge_fixed_kernel
#define ROW ge_fixed
#define T Fixed16
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL eq_interval_kernel
#define ROW eq_interval
#define T Interval
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ne_interval_kernel
#define ROW ne_interval
#define T Interval
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL lt_interval_kernel
#define ROW lt_interval
#define T Interval
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL le_interval_kernel
#define ROW le_interval
#define T Interval
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL gt_interval_kernel
#define ROW gt_interval
#define T Interval
#define SPARSE 0
#include "functions/compare_loop.inc.h"

#define KERNEL ge_interval_kernel
#define ROW ge_interval
#define T Interval
#define SPARSE 0
#include "functions/compare_loop.inc.h"

/* ---- bool: words of 64 rows ---- */

static inline u64 eq_word(u64 a, u64 b)
{
    return ~(a ^ b);
}
static inline u64 ne_word(u64 a, u64 b)
{
    return a ^ b;
}
static inline u64 lt_word(u64 a, u64 b)
{
    return ~a & b;
}
static inline u64 le_word(u64 a, u64 b)
{
    return ~a | b;
}
static inline u64 gt_word(u64 a, u64 b)
{
    return a & ~b;
}
static inline u64 ge_word(u64 a, u64 b)
{
    return a | ~b;
}

/* The word of an argument: a constant is all zeros or all ones. */
static inline u64 bool_word(const Vector *vector, i64 word)
{
    const u64 *words = vector->values;
    return vector->form == VECTOR_CONSTANT ? 0 - (words[0] & 1) : words[word];
}

TEMPLATE KernelStatus each_word(KernelCall *call, u64 (*row)(u64 a, u64 b))
{
    u64 *out = call->result->values;
    for (i64 word = 0; word < bit_words(call->n); word++)
        out[word] = row(bool_word(&call->args[0], word), bool_word(&call->args[1], word));
    if (call->n & 63)
        out[call->n >> 6] &= ((u64)1 << (call->n & 63)) - 1;
    return KERNEL_OK;
}

static KernelStatus eq_bool_kernel(KernelCall *call)
{
    return each_word(call, eq_word);
}
static KernelStatus ne_bool_kernel(KernelCall *call)
{
    return each_word(call, ne_word);
}
static KernelStatus lt_bool_kernel(KernelCall *call)
{
    return each_word(call, lt_word);
}
static KernelStatus le_bool_kernel(KernelCall *call)
{
    return each_word(call, le_word);
}
static KernelStatus gt_bool_kernel(KernelCall *call)
{
    return each_word(call, gt_word);
}
static KernelStatus ge_bool_kernel(KernelCall *call)
{
    return each_word(call, ge_word);
}

// clang-format off
static const KernelRow rows[] = {
    {OP_EQ,                         eq_i8_kernel,                      2, {LANE_I8, LANE_I8},              LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_i8_kernel,                      2, {LANE_I8, LANE_I8},              LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_i8_kernel,                      2, {LANE_I8, LANE_I8},              LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_i8_kernel,                      2, {LANE_I8, LANE_I8},              LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_i8_kernel,                      2, {LANE_I8, LANE_I8},              LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_i8_kernel,                      2, {LANE_I8, LANE_I8},              LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_i16_kernel,                     2, {LANE_I16, LANE_I16},            LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_i16_kernel,                     2, {LANE_I16, LANE_I16},            LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_i16_kernel,                     2, {LANE_I16, LANE_I16},            LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_i16_kernel,                     2, {LANE_I16, LANE_I16},            LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_i16_kernel,                     2, {LANE_I16, LANE_I16},            LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_i16_kernel,                     2, {LANE_I16, LANE_I16},            LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_i32_kernel,                     2, {LANE_I32, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_i32_kernel,                     2, {LANE_I32, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_i32_kernel,                     2, {LANE_I32, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_i32_kernel,                     2, {LANE_I32, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_i32_kernel,                     2, {LANE_I32, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_i32_kernel,                     2, {LANE_I32, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_i64_kernel,                     2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_i64_kernel,                     2, {LANE_DEC64, LANE_DEC64},        LANE_BOOL, SCALE_SAME_ARG},
    {OP_NE,                         ne_i64_kernel,                     2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_i64_kernel,                     2, {LANE_DEC64, LANE_DEC64},        LANE_BOOL, SCALE_SAME_ARG},
    {OP_LT,                         lt_i64_kernel,                     2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_i64_kernel,                     2, {LANE_DEC64, LANE_DEC64},        LANE_BOOL, SCALE_SAME_ARG},
    {OP_LE,                         le_i64_kernel,                     2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_i64_kernel,                     2, {LANE_DEC64, LANE_DEC64},        LANE_BOOL, SCALE_SAME_ARG},
    {OP_GT,                         gt_i64_kernel,                     2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_i64_kernel,                     2, {LANE_DEC64, LANE_DEC64},        LANE_BOOL, SCALE_SAME_ARG},
    {OP_GE,                         ge_i64_kernel,                     2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_i64_kernel,                     2, {LANE_DEC64, LANE_DEC64},        LANE_BOOL, SCALE_SAME_ARG},
    {OP_EQ,                         eq_i128_kernel,                    2, {LANE_I128, LANE_I128},          LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_i128_kernel,                    2, {LANE_DEC128, LANE_DEC128},      LANE_BOOL, SCALE_SAME_ARG},
    {OP_NE,                         ne_i128_kernel,                    2, {LANE_I128, LANE_I128},          LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_i128_kernel,                    2, {LANE_DEC128, LANE_DEC128},      LANE_BOOL, SCALE_SAME_ARG},
    {OP_LT,                         lt_i128_kernel,                    2, {LANE_I128, LANE_I128},          LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_i128_kernel,                    2, {LANE_DEC128, LANE_DEC128},      LANE_BOOL, SCALE_SAME_ARG},
    {OP_LE,                         le_i128_kernel,                    2, {LANE_I128, LANE_I128},          LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_i128_kernel,                    2, {LANE_DEC128, LANE_DEC128},      LANE_BOOL, SCALE_SAME_ARG},
    {OP_GT,                         gt_i128_kernel,                    2, {LANE_I128, LANE_I128},          LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_i128_kernel,                    2, {LANE_DEC128, LANE_DEC128},      LANE_BOOL, SCALE_SAME_ARG},
    {OP_GE,                         ge_i128_kernel,                    2, {LANE_I128, LANE_I128},          LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_i128_kernel,                    2, {LANE_DEC128, LANE_DEC128},      LANE_BOOL, SCALE_SAME_ARG},
    {OP_EQ,                         eq_f32_kernel,                     2, {LANE_F32, LANE_F32},            LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_f32_kernel,                     2, {LANE_F32, LANE_F32},            LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_f32_kernel,                     2, {LANE_F32, LANE_F32},            LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_f32_kernel,                     2, {LANE_F32, LANE_F32},            LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_f32_kernel,                     2, {LANE_F32, LANE_F32},            LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_f32_kernel,                     2, {LANE_F32, LANE_F32},            LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_f64_kernel,                     2, {LANE_F64, LANE_F64},            LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_f64_kernel,                     2, {LANE_F64, LANE_F64},            LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_f64_kernel,                     2, {LANE_F64, LANE_F64},            LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_f64_kernel,                     2, {LANE_F64, LANE_F64},            LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_f64_kernel,                     2, {LANE_F64, LANE_F64},            LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_f64_kernel,                     2, {LANE_F64, LANE_F64},            LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_str_kernel,                     2, {LANE_STR, LANE_STR},            LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_str_kernel,                     2, {LANE_STR, LANE_STR},            LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_str_kernel,                     2, {LANE_STR, LANE_STR},            LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_str_kernel,                     2, {LANE_STR, LANE_STR},            LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_str_kernel,                     2, {LANE_STR, LANE_STR},            LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_str_kernel,                     2, {LANE_STR, LANE_STR},            LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_num_kernel,                     2, {LANE_NUM, LANE_NUM},            LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_num_kernel,                     2, {LANE_NUM, LANE_NUM},            LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_num_kernel,                     2, {LANE_NUM, LANE_NUM},            LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_num_kernel,                     2, {LANE_NUM, LANE_NUM},            LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_num_kernel,                     2, {LANE_NUM, LANE_NUM},            LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_num_kernel,                     2, {LANE_NUM, LANE_NUM},            LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_fixed_kernel,                   2, {LANE_FIX16, LANE_FIX16},        LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_fixed_kernel,                   2, {LANE_FIX16, LANE_FIX16},        LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_fixed_kernel,                   2, {LANE_FIX16, LANE_FIX16},        LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_fixed_kernel,                   2, {LANE_FIX16, LANE_FIX16},        LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_fixed_kernel,                   2, {LANE_FIX16, LANE_FIX16},        LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_fixed_kernel,                   2, {LANE_FIX16, LANE_FIX16},        LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_interval_kernel,                2, {LANE_INTERVAL, LANE_INTERVAL},  LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_interval_kernel,                2, {LANE_INTERVAL, LANE_INTERVAL},  LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_interval_kernel,                2, {LANE_INTERVAL, LANE_INTERVAL},  LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_interval_kernel,                2, {LANE_INTERVAL, LANE_INTERVAL},  LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_interval_kernel,                2, {LANE_INTERVAL, LANE_INTERVAL},  LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_interval_kernel,                2, {LANE_INTERVAL, LANE_INTERVAL},  LANE_BOOL, SCALE_FREE},
    {OP_EQ,                         eq_bool_kernel,                    2, {LANE_BOOL, LANE_BOOL},          LANE_BOOL, SCALE_FREE},
    {OP_NE,                         ne_bool_kernel,                    2, {LANE_BOOL, LANE_BOOL},          LANE_BOOL, SCALE_FREE},
    {OP_LT,                         lt_bool_kernel,                    2, {LANE_BOOL, LANE_BOOL},          LANE_BOOL, SCALE_FREE},
    {OP_LE,                         le_bool_kernel,                    2, {LANE_BOOL, LANE_BOOL},          LANE_BOOL, SCALE_FREE},
    {OP_GT,                         gt_bool_kernel,                    2, {LANE_BOOL, LANE_BOOL},          LANE_BOOL, SCALE_FREE},
    {OP_GE,                         ge_bool_kernel,                    2, {LANE_BOOL, LANE_BOOL},          LANE_BOOL, SCALE_FREE},
};
// clang-format on

const KernelTable FOR_INSTRUCTIONS(compare_kernels) = {rows, countof(rows)};
