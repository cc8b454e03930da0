/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic and bit operations of smallint, integer, bigint, real and double precision.
 *
 * A row that overflows is seen by the sign bit of (a ^ r) & (b ^ r): OR-ed over the loop it
 * vectorises, where a branch on __builtin_add_overflow does not. Integer division divides by 1
 * where the divisor is 0 and marks the row. Floats follow PostgreSQL: a result that became infinite
 * or (products, quotients) zero from finite, non-zero operands is an error.
 */
#include <math.h>

#include "functions/kernel.h"

/* ---- errors ---- */

static inline bool out_of_range_i16(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "smallint out of range");
}
static inline bool out_of_range_i32(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
}
static inline bool out_of_range_i64(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range");
}
static inline bool division_by_zero(Error *error)
{
    return error_set(error, E_DIVISION_BY_ZERO, "division by zero");
}
static inline bool float_out_of_range(Error *error, bool overflow)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: %s",
                     overflow ? "overflow" : "underflow");
}

/* ---- i16 ---- */

static inline i16 add_i16(i16 a, i16 b, i16 *r)
{
    *r = (i16)((u16)a + (u16)b);
    return (i16)((a ^ *r) & (b ^ *r));
}
static inline i16 subtract_i16(i16 a, i16 b, i16 *r)
{
    *r = (i16)((u16)a - (u16)b);
    return (i16)((a ^ b) & (a ^ *r));
}
static inline i16 multiply_i16(i16 a, i16 b, i16 *r)
{
    i32 product = (i32)a * b;
    *r = (i16)product;
    return (i16) - (product != *r);
}
static inline i16 divide_i16(i16 a, i16 b, i16 *r)
{
    bool bad = b == 0 || (a == INT16_MIN && b == -1);
    *r = (i16)(a / (bad ? 1 : b));
    return (i16)-bad;
}
static inline i16 modulo_i16(i16 a, i16 b, i16 *r)
{
    *r = (i16)(a % (b == 0 || b == -1 ? 1 : b));
    return (i16) - (b == 0);
}
static inline i16 negate_i16(i16 a, i16 *r)
{
    *r = (i16)(0 - (u16)a);
    return (i16)(a & *r);
}
static inline i16 absolute_i16(i16 a, i16 *r)
{
    *r = a < 0 ? (i16)(0 - (u16)a) : a;
    return *r;
}
static inline i16 plus_i16(i16 a, i16 *r)
{
    *r = a;
    return 0;
}
static inline i16 bit_and_i16(i16 a, i16 b, i16 *r)
{
    *r = a & b;
    return 0;
}
static inline i16 bit_or_i16(i16 a, i16 b, i16 *r)
{
    *r = a | b;
    return 0;
}
static inline i16 bit_xor_i16(i16 a, i16 b, i16 *r)
{
    *r = a ^ b;
    return 0;
}
static inline i16 bit_not_i16(i16 a, i16 *r)
{
    *r = (i16)~a;
    return 0;
}
static inline i16 shift_left_i16(i16 a, i32 b, i16 *r)
{
    *r = (i16)((u32)a << (b & 31));
    return 0;
}
static inline i16 shift_right_i16(i16 a, i32 b, i16 *r)
{
    *r = (i16)((i32)a >> (b & 31));
    return 0;
}
static inline bool raise_i16(Error *error, i16 a, i16 b)
{
    return out_of_range_i16(error);
}
static inline bool raise_one_i16(Error *error, i16 a)
{
    return out_of_range_i16(error);
}
static inline bool raise_shift_i16(Error *error, i16 a, i32 b)
{
    return out_of_range_i16(error);
}
static inline bool raise_division_i16(Error *error, i16 a, i16 b)
{
    return b == 0 ? division_by_zero(error) : out_of_range_i16(error);
}

/* ---- i32 ---- */

static inline i32 add_i32(i32 a, i32 b, i32 *r)
{
    *r = (i32)((u32)a + (u32)b);
    return (i32)((a ^ *r) & (b ^ *r));
}
static inline i32 subtract_i32(i32 a, i32 b, i32 *r)
{
    *r = (i32)((u32)a - (u32)b);
    return (i32)((a ^ b) & (a ^ *r));
}
static inline i32 multiply_i32(i32 a, i32 b, i32 *r)
{
    i64 product = (i64)a * b;
    *r = (i32)product;
    return (i32) - (product != *r);
}
static inline i32 divide_i32(i32 a, i32 b, i32 *r)
{
    bool bad = b == 0 || (a == INT32_MIN && b == -1);
    *r = (i32)(a / (bad ? 1 : b));
    return (i32)-bad;
}
static inline i32 modulo_i32(i32 a, i32 b, i32 *r)
{
    *r = (i32)(a % (b == 0 || b == -1 ? 1 : b));
    return (i32) - (b == 0);
}
static inline i32 negate_i32(i32 a, i32 *r)
{
    *r = (i32)(0 - (u32)a);
    return (i32)(a & *r);
}
static inline i32 absolute_i32(i32 a, i32 *r)
{
    *r = a < 0 ? (i32)(0 - (u32)a) : a;
    return *r;
}
static inline i32 plus_i32(i32 a, i32 *r)
{
    *r = a;
    return 0;
}
static inline i32 bit_and_i32(i32 a, i32 b, i32 *r)
{
    *r = a & b;
    return 0;
}
static inline i32 bit_or_i32(i32 a, i32 b, i32 *r)
{
    *r = a | b;
    return 0;
}
static inline i32 bit_xor_i32(i32 a, i32 b, i32 *r)
{
    *r = a ^ b;
    return 0;
}
static inline i32 bit_not_i32(i32 a, i32 *r)
{
    *r = (i32)~a;
    return 0;
}
static inline i32 shift_left_i32(i32 a, i32 b, i32 *r)
{
    *r = (i32)((u32)a << (b & 31));
    return 0;
}
static inline i32 shift_right_i32(i32 a, i32 b, i32 *r)
{
    *r = (i32)((i32)a >> (b & 31));
    return 0;
}
static inline bool raise_i32(Error *error, i32 a, i32 b)
{
    return out_of_range_i32(error);
}
static inline bool raise_one_i32(Error *error, i32 a)
{
    return out_of_range_i32(error);
}
static inline bool raise_shift_i32(Error *error, i32 a, i32 b)
{
    return out_of_range_i32(error);
}
static inline bool raise_division_i32(Error *error, i32 a, i32 b)
{
    return b == 0 ? division_by_zero(error) : out_of_range_i32(error);
}

/* ---- i64 ---- */

static inline i64 add_i64(i64 a, i64 b, i64 *r)
{
    *r = (i64)((u64)a + (u64)b);
    return (i64)((a ^ *r) & (b ^ *r));
}
static inline i64 subtract_i64(i64 a, i64 b, i64 *r)
{
    *r = (i64)((u64)a - (u64)b);
    return (i64)((a ^ b) & (a ^ *r));
}
static inline i64 multiply_i64(i64 a, i64 b, i64 *r)
{
    return -(i64)__builtin_mul_overflow(a, b, r);
}
static inline i64 divide_i64(i64 a, i64 b, i64 *r)
{
    bool bad = b == 0 || (a == INT64_MIN && b == -1);
    *r = (i64)(a / (bad ? 1 : b));
    return (i64)-bad;
}
static inline i64 modulo_i64(i64 a, i64 b, i64 *r)
{
    *r = (i64)(a % (b == 0 || b == -1 ? 1 : b));
    return (i64) - (b == 0);
}
static inline i64 negate_i64(i64 a, i64 *r)
{
    *r = (i64)(0 - (u64)a);
    return (i64)(a & *r);
}
static inline i64 absolute_i64(i64 a, i64 *r)
{
    *r = a < 0 ? (i64)(0 - (u64)a) : a;
    return *r;
}
static inline i64 plus_i64(i64 a, i64 *r)
{
    *r = a;
    return 0;
}
static inline i64 bit_and_i64(i64 a, i64 b, i64 *r)
{
    *r = a & b;
    return 0;
}
static inline i64 bit_or_i64(i64 a, i64 b, i64 *r)
{
    *r = a | b;
    return 0;
}
static inline i64 bit_xor_i64(i64 a, i64 b, i64 *r)
{
    *r = a ^ b;
    return 0;
}
static inline i64 bit_not_i64(i64 a, i64 *r)
{
    *r = (i64)~a;
    return 0;
}
static inline i64 shift_left_i64(i64 a, i32 b, i64 *r)
{
    *r = (i64)((u64)a << (b & 63));
    return 0;
}
static inline i64 shift_right_i64(i64 a, i32 b, i64 *r)
{
    *r = (i64)((i64)a >> (b & 63));
    return 0;
}
static inline bool raise_i64(Error *error, i64 a, i64 b)
{
    return out_of_range_i64(error);
}
static inline bool raise_one_i64(Error *error, i64 a)
{
    return out_of_range_i64(error);
}
static inline bool raise_shift_i64(Error *error, i64 a, i32 b)
{
    return out_of_range_i64(error);
}
static inline bool raise_division_i64(Error *error, i64 a, i64 b)
{
    return b == 0 ? division_by_zero(error) : out_of_range_i64(error);
}

/* ---- f32 ---- */

static inline i32 became_infinite_f32(f32 a, f32 b, f32 r)
{
    return -(i32)(isinf(r) && !isinf(a) && !isinf(b));
}
static inline i32 add_f32(f32 a, f32 b, f32 *r)
{
    *r = a + b;
    return became_infinite_f32(a, b, *r);
}
static inline i32 subtract_f32(f32 a, f32 b, f32 *r)
{
    *r = a - b;
    return became_infinite_f32(a, b, *r);
}
static inline i32 multiply_f32(f32 a, f32 b, f32 *r)
{
    *r = a * b;
    return became_infinite_f32(a, b, *r) | -(i32)(*r == 0 && a != 0 && b != 0);
}
static inline i32 divide_f32(f32 a, f32 b, f32 *r)
{
    bool zero = b == 0 && !isnan(a);
    *r = a / (zero ? 1 : b);
    bool overflow = isinf(*r) && !isinf(a);
    bool underflow = *r == 0 && a != 0 && !isinf(b);
    return -(i32)(zero || overflow || underflow);
}
static inline i32 negate_f32(f32 a, f32 *r)
{
    *r = -a;
    return 0;
}
static inline i32 absolute_f32(f32 a, f32 *r)
{
    *r = fabsf(a);
    return 0;
}
static inline i32 plus_f32(f32 a, f32 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_sum_f32(Error *error, f32 a, f32 b)
{
    return float_out_of_range(error, true);
}
static inline bool raise_one_f32(Error *error, f32 a)
{
    return float_out_of_range(error, true);
}
static inline bool raise_product_f32(Error *error, f32 a, f32 b)
{
    return float_out_of_range(error, isinf(a * b));
}
static inline bool raise_division_f32(Error *error, f32 a, f32 b)
{
    return b == 0 ? division_by_zero(error) : float_out_of_range(error, isinf(a / b));
}

/* ---- f64 ---- */

static inline i64 became_infinite_f64(f64 a, f64 b, f64 r)
{
    return -(i64)(isinf(r) && !isinf(a) && !isinf(b));
}
static inline i64 add_f64(f64 a, f64 b, f64 *r)
{
    *r = a + b;
    return became_infinite_f64(a, b, *r);
}
static inline i64 subtract_f64(f64 a, f64 b, f64 *r)
{
    *r = a - b;
    return became_infinite_f64(a, b, *r);
}
static inline i64 multiply_f64(f64 a, f64 b, f64 *r)
{
    *r = a * b;
    return became_infinite_f64(a, b, *r) | -(i64)(*r == 0 && a != 0 && b != 0);
}
static inline i64 divide_f64(f64 a, f64 b, f64 *r)
{
    bool zero = b == 0 && !isnan(a);
    *r = a / (zero ? 1 : b);
    bool overflow = isinf(*r) && !isinf(a);
    bool underflow = *r == 0 && a != 0 && !isinf(b);
    return -(i64)(zero || overflow || underflow);
}
static inline i64 negate_f64(f64 a, f64 *r)
{
    *r = -a;
    return 0;
}
static inline i64 absolute_f64(f64 a, f64 *r)
{
    *r = fabs(a);
    return 0;
}
static inline i64 plus_f64(f64 a, f64 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_sum_f64(Error *error, f64 a, f64 b)
{
    return float_out_of_range(error, true);
}
static inline bool raise_one_f64(Error *error, f64 a)
{
    return float_out_of_range(error, true);
}
static inline bool raise_product_f64(Error *error, f64 a, f64 b)
{
    return float_out_of_range(error, isinf(a * b));
}
static inline bool raise_division_f64(Error *error, f64 a, f64 b)
{
    return b == 0 ? division_by_zero(error) : float_out_of_range(error, isinf(a / b));
}

/* ---- the kernels ---- */

#define KERNEL add_i16_kernel
#define ROW add_i16
#define A i16
#define B i16
#define R i16
#define BAD i16
#define RAISE raise_i16
#include "functions/binary_loop.inc.h"

#define KERNEL subtract_i16_kernel
#define ROW subtract_i16
#define A i16
#define B i16
#define R i16
#define BAD i16
#define RAISE raise_i16
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_i16_kernel
#define ROW multiply_i16
#define A i16
#define B i16
#define R i16
#define BAD i16
#define RAISE raise_i16
#include "functions/binary_loop.inc.h"

#define KERNEL divide_i16_kernel
#define ROW divide_i16
#define A i16
#define B i16
#define R i16
#define BAD i16
#define RAISE raise_division_i16
#include "functions/binary_loop.inc.h"

#define KERNEL modulo_i16_kernel
#define ROW modulo_i16
#define A i16
#define B i16
#define R i16
#define BAD i16
#define RAISE raise_division_i16
#include "functions/binary_loop.inc.h"

#define KERNEL bit_and_i16_kernel
#define ROW bit_and_i16
#define A i16
#define B i16
#define R i16
#define BAD i16
#define RAISE raise_i16
#include "functions/binary_loop.inc.h"

#define KERNEL bit_or_i16_kernel
#define ROW bit_or_i16
#define A i16
#define B i16
#define R i16
#define BAD i16
#define RAISE raise_i16
#include "functions/binary_loop.inc.h"

#define KERNEL bit_xor_i16_kernel
#define ROW bit_xor_i16
#define A i16
#define B i16
#define R i16
#define BAD i16
#define RAISE raise_i16
#include "functions/binary_loop.inc.h"

#define KERNEL shift_left_i16_kernel
#define ROW shift_left_i16
#define A i16
#define B i32
#define R i16
#define BAD i16
#define RAISE raise_shift_i16
#include "functions/binary_loop.inc.h"

#define KERNEL shift_right_i16_kernel
#define ROW shift_right_i16
#define A i16
#define B i32
#define R i16
#define BAD i16
#define RAISE raise_shift_i16
#include "functions/binary_loop.inc.h"

#define KERNEL negate_i16_kernel
#define ROW negate_i16
#define A i16
#define R i16
#define BAD i16
#define RAISE raise_one_i16
#include "functions/unary_loop.inc.h"

#define KERNEL absolute_i16_kernel
#define ROW absolute_i16
#define A i16
#define R i16
#define BAD i16
#define RAISE raise_one_i16
#include "functions/unary_loop.inc.h"

#define KERNEL plus_i16_kernel
#define ROW plus_i16
#define A i16
#define R i16
#define BAD i16
#define RAISE raise_one_i16
#include "functions/unary_loop.inc.h"

#define KERNEL bit_not_i16_kernel
#define ROW bit_not_i16
#define A i16
#define R i16
#define BAD i16
#define RAISE raise_one_i16
#include "functions/unary_loop.inc.h"

#define KERNEL add_i32_kernel
#define ROW add_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_i32
#include "functions/binary_loop.inc.h"

#define KERNEL subtract_i32_kernel
#define ROW subtract_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_i32
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_i32_kernel
#define ROW multiply_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_i32
#include "functions/binary_loop.inc.h"

#define KERNEL divide_i32_kernel
#define ROW divide_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_division_i32
#include "functions/binary_loop.inc.h"

#define KERNEL modulo_i32_kernel
#define ROW modulo_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_division_i32
#include "functions/binary_loop.inc.h"

#define KERNEL bit_and_i32_kernel
#define ROW bit_and_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_i32
#include "functions/binary_loop.inc.h"

#define KERNEL bit_or_i32_kernel
#define ROW bit_or_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_i32
#include "functions/binary_loop.inc.h"

#define KERNEL bit_xor_i32_kernel
#define ROW bit_xor_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_i32
#include "functions/binary_loop.inc.h"

#define KERNEL shift_left_i32_kernel
#define ROW shift_left_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_shift_i32
#include "functions/binary_loop.inc.h"

#define KERNEL shift_right_i32_kernel
#define ROW shift_right_i32
#define A i32
#define B i32
#define R i32
#define BAD i32
#define RAISE raise_shift_i32
#include "functions/binary_loop.inc.h"

#define KERNEL negate_i32_kernel
#define ROW negate_i32
#define A i32
#define R i32
#define BAD i32
#define RAISE raise_one_i32
#include "functions/unary_loop.inc.h"

#define KERNEL absolute_i32_kernel
#define ROW absolute_i32
#define A i32
#define R i32
#define BAD i32
#define RAISE raise_one_i32
#include "functions/unary_loop.inc.h"

#define KERNEL plus_i32_kernel
#define ROW plus_i32
#define A i32
#define R i32
#define BAD i32
#define RAISE raise_one_i32
#include "functions/unary_loop.inc.h"

#define KERNEL bit_not_i32_kernel
#define ROW bit_not_i32
#define A i32
#define R i32
#define BAD i32
#define RAISE raise_one_i32
#include "functions/unary_loop.inc.h"

#define KERNEL add_i64_kernel
#define ROW add_i64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE raise_i64
#include "functions/binary_loop.inc.h"

#define KERNEL subtract_i64_kernel
#define ROW subtract_i64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE raise_i64
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_i64_kernel
#define ROW multiply_i64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE raise_i64
#include "functions/binary_loop.inc.h"

#define KERNEL divide_i64_kernel
#define ROW divide_i64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE raise_division_i64
#include "functions/binary_loop.inc.h"

#define KERNEL modulo_i64_kernel
#define ROW modulo_i64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE raise_division_i64
#include "functions/binary_loop.inc.h"

#define KERNEL bit_and_i64_kernel
#define ROW bit_and_i64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE raise_i64
#include "functions/binary_loop.inc.h"

#define KERNEL bit_or_i64_kernel
#define ROW bit_or_i64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE raise_i64
#include "functions/binary_loop.inc.h"

#define KERNEL bit_xor_i64_kernel
#define ROW bit_xor_i64
#define A i64
#define B i64
#define R i64
#define BAD i64
#define RAISE raise_i64
#include "functions/binary_loop.inc.h"

#define KERNEL shift_left_i64_kernel
#define ROW shift_left_i64
#define A i64
#define B i32
#define R i64
#define BAD i64
#define RAISE raise_shift_i64
#include "functions/binary_loop.inc.h"

#define KERNEL shift_right_i64_kernel
#define ROW shift_right_i64
#define A i64
#define B i32
#define R i64
#define BAD i64
#define RAISE raise_shift_i64
#include "functions/binary_loop.inc.h"

#define KERNEL negate_i64_kernel
#define ROW negate_i64
#define A i64
#define R i64
#define BAD i64
#define RAISE raise_one_i64
#include "functions/unary_loop.inc.h"

#define KERNEL absolute_i64_kernel
#define ROW absolute_i64
#define A i64
#define R i64
#define BAD i64
#define RAISE raise_one_i64
#include "functions/unary_loop.inc.h"

#define KERNEL plus_i64_kernel
#define ROW plus_i64
#define A i64
#define R i64
#define BAD i64
#define RAISE raise_one_i64
#include "functions/unary_loop.inc.h"

#define KERNEL bit_not_i64_kernel
#define ROW bit_not_i64
#define A i64
#define R i64
#define BAD i64
#define RAISE raise_one_i64
#include "functions/unary_loop.inc.h"

#define KERNEL add_f32_kernel
#define ROW add_f32
#define A f32
#define B f32
#define R f32
#define BAD i32
#define RAISE raise_sum_f32
#include "functions/binary_loop.inc.h"

#define KERNEL subtract_f32_kernel
#define ROW subtract_f32
#define A f32
#define B f32
#define R f32
#define BAD i32
#define RAISE raise_sum_f32
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_f32_kernel
#define ROW multiply_f32
#define A f32
#define B f32
#define R f32
#define BAD i32
#define RAISE raise_product_f32
#include "functions/binary_loop.inc.h"

#define KERNEL divide_f32_kernel
#define ROW divide_f32
#define A f32
#define B f32
#define R f32
#define BAD i32
#define RAISE raise_division_f32
#include "functions/binary_loop.inc.h"

#define KERNEL negate_f32_kernel
#define ROW negate_f32
#define A f32
#define R f32
#define BAD i32
#define RAISE raise_one_f32
#include "functions/unary_loop.inc.h"

#define KERNEL absolute_f32_kernel
#define ROW absolute_f32
#define A f32
#define R f32
#define BAD i32
#define RAISE raise_one_f32
#include "functions/unary_loop.inc.h"

#define KERNEL plus_f32_kernel
#define ROW plus_f32
#define A f32
#define R f32
#define BAD i32
#define RAISE raise_one_f32
#include "functions/unary_loop.inc.h"

#define KERNEL add_f64_kernel
#define ROW add_f64
#define A f64
#define B f64
#define R f64
#define BAD i64
#define RAISE raise_sum_f64
#include "functions/binary_loop.inc.h"

#define KERNEL subtract_f64_kernel
#define ROW subtract_f64
#define A f64
#define B f64
#define R f64
#define BAD i64
#define RAISE raise_sum_f64
#include "functions/binary_loop.inc.h"

#define KERNEL multiply_f64_kernel
#define ROW multiply_f64
#define A f64
#define B f64
#define R f64
#define BAD i64
#define RAISE raise_product_f64
#include "functions/binary_loop.inc.h"

#define KERNEL divide_f64_kernel
#define ROW divide_f64
#define A f64
#define B f64
#define R f64
#define BAD i64
#define RAISE raise_division_f64
#include "functions/binary_loop.inc.h"

#define KERNEL negate_f64_kernel
#define ROW negate_f64
#define A f64
#define R f64
#define BAD i64
#define RAISE raise_one_f64
#include "functions/unary_loop.inc.h"

#define KERNEL absolute_f64_kernel
#define ROW absolute_f64
#define A f64
#define R f64
#define BAD i64
#define RAISE raise_one_f64
#include "functions/unary_loop.inc.h"

#define KERNEL plus_f64_kernel
#define ROW plus_f64
#define A f64
#define R f64
#define BAD i64
#define RAISE raise_one_f64
#include "functions/unary_loop.inc.h"

// clang-format off
static const KernelRow rows[] = {
    {OP_ADD,         add_i16_kernel,            2, {LANE_I16, LANE_I16}, LANE_I16, SCALE_FREE},
    {OP_SUBTRACT,    subtract_i16_kernel,       2, {LANE_I16, LANE_I16}, LANE_I16, SCALE_FREE},
    {OP_MULTIPLY,    multiply_i16_kernel,       2, {LANE_I16, LANE_I16}, LANE_I16, SCALE_FREE},
    {OP_DIVIDE,      divide_i16_kernel,         2, {LANE_I16, LANE_I16}, LANE_I16, SCALE_FREE},
    {OP_MODULO,      modulo_i16_kernel,         2, {LANE_I16, LANE_I16}, LANE_I16, SCALE_FREE},
    {OP_BIT_AND,     bit_and_i16_kernel,        2, {LANE_I16, LANE_I16}, LANE_I16, SCALE_FREE},
    {OP_BIT_OR,      bit_or_i16_kernel,         2, {LANE_I16, LANE_I16}, LANE_I16, SCALE_FREE},
    {OP_BIT_XOR,     bit_xor_i16_kernel,        2, {LANE_I16, LANE_I16}, LANE_I16, SCALE_FREE},
    {OP_SHIFT_LEFT,  shift_left_i16_kernel,     2, {LANE_I16, LANE_I32}, LANE_I16, SCALE_FREE},
    {OP_SHIFT_RIGHT, shift_right_i16_kernel,    2, {LANE_I16, LANE_I32}, LANE_I16, SCALE_FREE},
    {OP_NEGATE,      negate_i16_kernel,         1, {LANE_I16},           LANE_I16, SCALE_FREE},
    {OP_ABS,         absolute_i16_kernel,       1, {LANE_I16},           LANE_I16, SCALE_FREE},
    {OP_PLUS,        plus_i16_kernel,           1, {LANE_I16},           LANE_I16, SCALE_FREE},
    {OP_BIT_NOT,     bit_not_i16_kernel,        1, {LANE_I16},           LANE_I16, SCALE_FREE},
    {OP_ADD,         add_i32_kernel,            2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_SUBTRACT,    subtract_i32_kernel,       2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_MULTIPLY,    multiply_i32_kernel,       2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_DIVIDE,      divide_i32_kernel,         2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_MODULO,      modulo_i32_kernel,         2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_BIT_AND,     bit_and_i32_kernel,        2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_BIT_OR,      bit_or_i32_kernel,         2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_BIT_XOR,     bit_xor_i32_kernel,        2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_SHIFT_LEFT,  shift_left_i32_kernel,     2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_SHIFT_RIGHT, shift_right_i32_kernel,    2, {LANE_I32, LANE_I32}, LANE_I32, SCALE_FREE},
    {OP_NEGATE,      negate_i32_kernel,         1, {LANE_I32},           LANE_I32, SCALE_FREE},
    {OP_ABS,         absolute_i32_kernel,       1, {LANE_I32},           LANE_I32, SCALE_FREE},
    {OP_PLUS,        plus_i32_kernel,           1, {LANE_I32},           LANE_I32, SCALE_FREE},
    {OP_BIT_NOT,     bit_not_i32_kernel,        1, {LANE_I32},           LANE_I32, SCALE_FREE},
    {OP_ADD,         add_i64_kernel,            2, {LANE_I64, LANE_I64}, LANE_I64, SCALE_FREE},
    {OP_SUBTRACT,    subtract_i64_kernel,       2, {LANE_I64, LANE_I64}, LANE_I64, SCALE_FREE},
    {OP_MULTIPLY,    multiply_i64_kernel,       2, {LANE_I64, LANE_I64}, LANE_I64, SCALE_FREE},
    {OP_DIVIDE,      divide_i64_kernel,         2, {LANE_I64, LANE_I64}, LANE_I64, SCALE_FREE},
    {OP_MODULO,      modulo_i64_kernel,         2, {LANE_I64, LANE_I64}, LANE_I64, SCALE_FREE},
    {OP_BIT_AND,     bit_and_i64_kernel,        2, {LANE_I64, LANE_I64}, LANE_I64, SCALE_FREE},
    {OP_BIT_OR,      bit_or_i64_kernel,         2, {LANE_I64, LANE_I64}, LANE_I64, SCALE_FREE},
    {OP_BIT_XOR,     bit_xor_i64_kernel,        2, {LANE_I64, LANE_I64}, LANE_I64, SCALE_FREE},
    {OP_SHIFT_LEFT,  shift_left_i64_kernel,     2, {LANE_I64, LANE_I32}, LANE_I64, SCALE_FREE},
    {OP_SHIFT_RIGHT, shift_right_i64_kernel,    2, {LANE_I64, LANE_I32}, LANE_I64, SCALE_FREE},
    {OP_NEGATE,      negate_i64_kernel,         1, {LANE_I64},           LANE_I64, SCALE_FREE},
    {OP_ABS,         absolute_i64_kernel,       1, {LANE_I64},           LANE_I64, SCALE_FREE},
    {OP_PLUS,        plus_i64_kernel,           1, {LANE_I64},           LANE_I64, SCALE_FREE},
    {OP_BIT_NOT,     bit_not_i64_kernel,        1, {LANE_I64},           LANE_I64, SCALE_FREE},
    {OP_ADD,         add_f32_kernel,            2, {LANE_F32, LANE_F32}, LANE_F32, SCALE_FREE},
    {OP_SUBTRACT,    subtract_f32_kernel,       2, {LANE_F32, LANE_F32}, LANE_F32, SCALE_FREE},
    {OP_MULTIPLY,    multiply_f32_kernel,       2, {LANE_F32, LANE_F32}, LANE_F32, SCALE_FREE},
    {OP_DIVIDE,      divide_f32_kernel,         2, {LANE_F32, LANE_F32}, LANE_F32, SCALE_FREE},
    {OP_NEGATE,      negate_f32_kernel,         1, {LANE_F32},           LANE_F32, SCALE_FREE},
    {OP_ABS,         absolute_f32_kernel,       1, {LANE_F32},           LANE_F32, SCALE_FREE},
    {OP_PLUS,        plus_f32_kernel,           1, {LANE_F32},           LANE_F32, SCALE_FREE},
    {OP_ADD,         add_f64_kernel,            2, {LANE_F64, LANE_F64}, LANE_F64, SCALE_FREE},
    {OP_SUBTRACT,    subtract_f64_kernel,       2, {LANE_F64, LANE_F64}, LANE_F64, SCALE_FREE},
    {OP_MULTIPLY,    multiply_f64_kernel,       2, {LANE_F64, LANE_F64}, LANE_F64, SCALE_FREE},
    {OP_DIVIDE,      divide_f64_kernel,         2, {LANE_F64, LANE_F64}, LANE_F64, SCALE_FREE},
    {OP_NEGATE,      negate_f64_kernel,         1, {LANE_F64},           LANE_F64, SCALE_FREE},
    {OP_ABS,         absolute_f64_kernel,       1, {LANE_F64},           LANE_F64, SCALE_FREE},
    {OP_PLUS,        plus_f64_kernel,           1, {LANE_F64},           LANE_F64, SCALE_FREE},
};
// clang-format on

const KernelTable FOR_INSTRUCTIONS(arithmetic_kernels) = {rows, countof(rows)};
