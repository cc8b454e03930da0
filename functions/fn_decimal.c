/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic of numeric in its three lanes.
 *
 * Scaled integers (DEC64, DEC128) add, subtract and multiply without a check: the planner chose the
 * lane so that the result fits. NUM goes through types/num.h, with a short way for two inline
 * values: same scale for sums, and for quotients a 128-bit division at the scale that
 * PostgreSQL's select_div_scale would choose.
 */
#include "functions/kernel.h"
#include "types/decimal.h"

/* ---- scaled integers ---- */

static inline i64 add_dec64(i64 a, i64 b, i64 *r)
{
    *r = (i64)((u64)a + (u64)b);
    return 0;
}
static inline i64 subtract_dec64(i64 a, i64 b, i64 *r)
{
    *r = (i64)((u64)a - (u64)b);
    return 0;
}
static inline i64 multiply_dec64(i64 a, i64 b, i64 *r)
{
    *r = (i64)((u64)a * (u64)b);
    return 0;
}
static inline i64 multiply_wide(i64 a, i64 b, i128 *r)
{
    *r = (i128)a * b;
    return 0;
}
static inline i64 negate_dec64(i64 a, i64 *r)
{
    *r = (i64)(0 - (u64)a);
    return 0;
}
static inline i64 absolute_dec64(i64 a, i64 *r)
{
    *r = a < 0 ? (i64)(0 - (u64)a) : a;
    return 0;
}
static inline i64 plus_dec64(i64 a, i64 *r)
{
    *r = a;
    return 0;
}
static inline i64 add_dec128(i128 a, i128 b, i128 *r)
{
    *r = (i128)((u128)a + (u128)b);
    return 0;
}
static inline i64 subtract_dec128(i128 a, i128 b, i128 *r)
{
    *r = (i128)((u128)a - (u128)b);
    return 0;
}
static inline i64 multiply_dec128(i128 a, i128 b, i128 *r)
{
    *r = (i128)((u128)a * (u128)b);
    return 0;
}
static inline i64 multiply_dec64_128(i64 a, i128 b, i128 *r)
{
    return multiply_dec128(a, b, r);
}
static inline i64 multiply_dec128_64(i128 a, i64 b, i128 *r)
{
    return multiply_dec128(a, b, r);
}
static inline i64 negate_dec128(i128 a, i128 *r)
{
    *r = (i128)(0 - (u128)a);
    return 0;
}
static inline i64 absolute_dec128(i128 a, i128 *r)
{
    *r = a < 0 ? (i128)(0 - (u128)a) : a;
    return 0;
}
static inline i64 plus_dec128(i128 a, i128 *r)
{
    *r = a;
    return 0;
}

/* These rows never go wrong; a caller that gets here has a sign bit where there is none. */
static inline bool raise_never(Error *error)
{
    return error_set(error, E_INTERNAL_ERROR, "decimal arithmetic went wrong");
}
#define RAISE_NEVER(error, ...) raise_never(error)

#define KERNEL add_dec64_kernel
#define ROW add_dec64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/binary_loop.inc.h"

#define KERNEL subtract_dec64_kernel
#define ROW subtract_dec64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_dec64_kernel
#define ROW multiply_dec64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_wide_kernel
#define ROW multiply_wide
#define A i64
#define B i64
#define R i128
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/binary_loop.inc.h"

#define KERNEL negate_dec64_kernel
#define ROW negate_dec64
#define A i64
#define R i64
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/unary_loop.inc.h"

#define KERNEL absolute_dec64_kernel
#define ROW absolute_dec64
#define A i64
#define R i64
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/unary_loop.inc.h"

#define KERNEL plus_dec64_kernel
#define ROW plus_dec64
#define A i64
#define R i64
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/unary_loop.inc.h"

#define KERNEL add_dec128_kernel
#define ROW add_dec128
#define A i128
#define B i128
#define R i128
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/binary_loop.inc.h"

#define KERNEL subtract_dec128_kernel
#define ROW subtract_dec128
#define A i128
#define B i128
#define R i128
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_dec128_kernel
#define ROW multiply_dec128
#define A i128
#define B i128
#define R i128
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_dec64_128_kernel
#define ROW multiply_dec64_128
#define A i64
#define B i128
#define R i128
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_dec128_64_kernel
#define ROW multiply_dec128_64
#define A i128
#define B i64
#define R i128
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/binary_loop.inc.h"

#define KERNEL negate_dec128_kernel
#define ROW negate_dec128
#define A i128
#define R i128
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/unary_loop.inc.h"

#define KERNEL absolute_dec128_kernel
#define ROW absolute_dec128
#define A i128
#define R i128
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/unary_loop.inc.h"

#define KERNEL plus_dec128_kernel
#define ROW plus_dec128
#define A i128
#define R i128
#define BAD i64
#define RAISE RAISE_NEVER
#include "functions/unary_loop.inc.h"

/* ---- NUM ---- */

static inline bool both_inline(Num a, Num b)
{
    return a.kind == NUM_INLINE && b.kind == NUM_INLINE;
}

static inline bool add_num(KernelCall *call, i32 i)
{
    Num a = arg_num(call, 0, i), b = arg_num(call, 1, i), r = a;
    if (both_inline(a, b) && a.scale == b.scale &&
        !__builtin_add_overflow(a.small, b.small, &r.small))
        return put_num(call, i, r);
    return num_add(a, b, call->arena, result_num(call, i), call->error);
}
ROW_KERNEL(add_num)

static inline bool subtract_num(KernelCall *call, i32 i)
{
    Num a = arg_num(call, 0, i), b = arg_num(call, 1, i), r = a;
    if (both_inline(a, b) && a.scale == b.scale &&
        !__builtin_sub_overflow(a.small, b.small, &r.small))
        return put_num(call, i, r);
    return num_subtract(a, b, call->arena, result_num(call, i), call->error);
}
ROW_KERNEL(subtract_num)

static inline bool multiply_num(KernelCall *call, i32 i)
{
    Num a = arg_num(call, 0, i), b = arg_num(call, 1, i), r = a;
    if (both_inline(a, b) && a.scale + b.scale <= NUM_SCALE_MAX &&
        !__builtin_mul_overflow(a.small, b.small, &r.small)) {
        r.scale = (u16)(a.scale + b.scale);
        return put_num(call, i, r);
    }
    return num_multiply(a, b, call->arena, result_num(call, i), call->error);
}
ROW_KERNEL(multiply_num)

/* The number of decimal digits of a, at least 1. */
static i32 digits_of(u64 a)
{
    i32 digits = 1;
    while (digits <= DECIMAL64_DIGITS && a >= (u64)power10_i64(digits))
        digits++;
    return digits + (a >= 10000000000000000000ull);
}

/* A number as PostgreSQL sees it: base 10,000, with the point between two digits. */
typedef struct BigDigit {
    i32 weight; /* of the first digit that is not zero */
    i32 digit;
} BigDigit;

static BigDigit first_digit(u64 magnitude, i32 scale)
{
    if (magnitude == 0)
        return (BigDigit){0, 0};
    i32 exponent = digits_of(magnitude) - 1 - scale;
    i32 weight = exponent >= 0 ? exponent / 4 : -((3 - exponent) / 4);
    i32 shift = scale + weight * 4;
    u64 digit =
        shift >= 0 ? magnitude / (u64)power10_i64(shift) : magnitude * (u64)power10_i64(-shift);
    return (BigDigit){weight, (i32)digit};
}

/* PostgreSQL's select_div_scale: at least 16 significant digits. */
static i32 quotient_scale(u64 a, i32 a_scale, u64 b, i32 b_scale)
{
    BigDigit top = first_digit(a, a_scale), bottom = first_digit(b, b_scale);
    i32 weight = top.weight - bottom.weight - (top.digit <= bottom.digit);
    i64 scale = 16 - (i64)weight * 4;
    return (i32)min_i64(max_i64(max_i64(scale, a_scale), max_i64(b_scale, 0)), 1000);
}

/* Quotient of two inline values; false: too large for 128 bits, take the long way. */
static bool divide_inline(Num a, Num b, i128 *quotient, i32 *scale)
{
    if (a.scale > DECIMAL64_DIGITS || b.scale > DECIMAL64_DIGITS || b.small == 0)
        return false;
    u64 top = a.small < 0 ? 0 - (u64)a.small : (u64)a.small;
    u64 bottom = b.small < 0 ? 0 - (u64)b.small : (u64)b.small;
    *scale = quotient_scale(top, a.scale, bottom, b.scale);
    i32 shift = *scale + b.scale - a.scale;
    if (shift + digits_of(top) > DECIMAL128_DIGITS)
        return false;
    u128 scaled = (u128)top * (u128)power10_i128(shift);
    u128 whole = scaled / bottom;
    whole += (scaled % bottom) * 2 >= bottom;
    *quotient = (a.small < 0) != (b.small < 0) ? -(i128)whole : (i128)whole;
    return true;
}

static inline bool divide_num(KernelCall *call, i32 i)
{
    Num a = arg_num(call, 0, i), b = arg_num(call, 1, i);
    i128 quotient;
    i32 scale;
    if (both_inline(a, b) && divide_inline(a, b, &quotient, &scale))
        return num_from_i128(quotient, scale, call->arena, result_num(call, i), call->error);
    return num_div_pg(a, b, call->arena, result_num(call, i), call->error);
}
ROW_KERNEL(divide_num)

static inline bool modulo_num(KernelCall *call, i32 i)
{
    return num_mod(arg_num(call, 0, i), arg_num(call, 1, i), call->arena, result_num(call, i),
                   call->error);
}
ROW_KERNEL(modulo_num)

static inline bool negate_num(KernelCall *call, i32 i)
{
    return put_num(call, i, num_negate(arg_num(call, 0, i)));
}
ROW_KERNEL(negate_num)

static inline bool absolute_num(KernelCall *call, i32 i)
{
    return put_num(call, i, num_abs(arg_num(call, 0, i)));
}
ROW_KERNEL(absolute_num)

static inline bool plus_num(KernelCall *call, i32 i)
{
    return put_num(call, i, arg_num(call, 0, i));
}
ROW_KERNEL(plus_num)

// clang-format off
static const KernelRow rows[] = {
    {OP_ADD,      add_dec64_kernel,            2, {LANE_DEC64, LANE_DEC64},   LANE_DEC64,  SCALE_SAME},
    {OP_SUBTRACT, subtract_dec64_kernel,       2, {LANE_DEC64, LANE_DEC64},   LANE_DEC64,  SCALE_SAME},
    {OP_MULTIPLY, multiply_dec64_kernel,       2, {LANE_DEC64, LANE_DEC64},   LANE_DEC64,  SCALE_SUM},
    {OP_MULTIPLY, multiply_wide_kernel,        2, {LANE_DEC64, LANE_DEC64},   LANE_DEC128, SCALE_SUM},
    {OP_NEGATE,   negate_dec64_kernel,         1, {LANE_DEC64},               LANE_DEC64,  SCALE_SAME},
    {OP_ABS,      absolute_dec64_kernel,       1, {LANE_DEC64},               LANE_DEC64,  SCALE_SAME},
    {OP_PLUS,     plus_dec64_kernel,           1, {LANE_DEC64},               LANE_DEC64,  SCALE_SAME},
    {OP_ADD,      add_dec128_kernel,           2, {LANE_DEC128, LANE_DEC128}, LANE_DEC128, SCALE_SAME},
    {OP_SUBTRACT, subtract_dec128_kernel,      2, {LANE_DEC128, LANE_DEC128}, LANE_DEC128, SCALE_SAME},
    {OP_MULTIPLY, multiply_dec128_kernel,      2, {LANE_DEC128, LANE_DEC128}, LANE_DEC128, SCALE_SUM},
    {OP_MULTIPLY, multiply_dec64_128_kernel,   2, {LANE_DEC64, LANE_DEC128},  LANE_DEC128, SCALE_SUM},
    {OP_MULTIPLY, multiply_dec128_64_kernel,   2, {LANE_DEC128, LANE_DEC64},  LANE_DEC128, SCALE_SUM},
    {OP_NEGATE,   negate_dec128_kernel,        1, {LANE_DEC128},              LANE_DEC128, SCALE_SAME},
    {OP_ABS,      absolute_dec128_kernel,      1, {LANE_DEC128},              LANE_DEC128, SCALE_SAME},
    {OP_PLUS,     plus_dec128_kernel,          1, {LANE_DEC128},              LANE_DEC128, SCALE_SAME},
    {OP_ADD,      add_num_kernel,              2, {LANE_NUM, LANE_NUM},       LANE_NUM,    SCALE_FREE},
    {OP_SUBTRACT, subtract_num_kernel,         2, {LANE_NUM, LANE_NUM},       LANE_NUM,    SCALE_FREE},
    {OP_MULTIPLY, multiply_num_kernel,         2, {LANE_NUM, LANE_NUM},       LANE_NUM,    SCALE_FREE},
    {OP_DIVIDE,   divide_num_kernel,           2, {LANE_NUM, LANE_NUM},       LANE_NUM,    SCALE_FREE},
    {OP_MODULO,   modulo_num_kernel,           2, {LANE_NUM, LANE_NUM},       LANE_NUM,    SCALE_FREE},
    {OP_NEGATE,   negate_num_kernel,           1, {LANE_NUM},                 LANE_NUM,    SCALE_FREE},
    {OP_ABS,      absolute_num_kernel,         1, {LANE_NUM},                 LANE_NUM,    SCALE_FREE},
    {OP_PLUS,     plus_num_kernel,             1, {LANE_NUM},                 LANE_NUM,    SCALE_FREE},
};
// clang-format on

const KernelTable FOR_INSTRUCTIONS(decimal_kernels) = {rows, countof(rows)};
