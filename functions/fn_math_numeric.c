/* SPDX-License-Identifier: Apache-2.0
 *
 * Mathematical functions of numeric. The arithmetic is types/num.h; here are the functions built
 * from it: gcd, lcm, factorial, sign, scales, width_bucket.
 */
#include "functions/kernel.h"

typedef bool (*NumFunction)(Num a, Arena *arena, Num *r, Error *error);

TEMPLATE bool put_num_of(KernelCall *call, i32 i, NumFunction function)
{
    return function(arg_num(call, 0, i), call->arena, result_num(call, i), call->error);
}

static inline bool ceil_num(KernelCall *call, i32 i)
{
    return put_num_of(call, i, num_ceil);
}
ROW_KERNEL(ceil_num)
static inline bool floor_num(KernelCall *call, i32 i)
{
    return put_num_of(call, i, num_floor);
}
ROW_KERNEL(floor_num)
static inline bool sqrt_num(KernelCall *call, i32 i)
{
    return put_num_of(call, i, num_sqrt);
}
ROW_KERNEL(sqrt_num)
static inline bool exp_num(KernelCall *call, i32 i)
{
    return put_num_of(call, i, num_exp);
}
ROW_KERNEL(exp_num)
static inline bool ln_num(KernelCall *call, i32 i)
{
    return put_num_of(call, i, num_ln);
}
ROW_KERNEL(ln_num)

static inline bool log10_num(KernelCall *call, i32 i)
{
    return num_log(num_from_i64(10), arg_num(call, 0, i), call->arena, result_num(call, i),
                   call->error);
}
ROW_KERNEL(log10_num)
static inline bool log_num(KernelCall *call, i32 i)
{
    return num_log(arg_num(call, 0, i), arg_num(call, 1, i), call->arena, result_num(call, i),
                   call->error);
}
ROW_KERNEL(log_num)
static inline bool power_num(KernelCall *call, i32 i)
{
    return num_power(arg_num(call, 0, i), arg_num(call, 1, i), call->arena, result_num(call, i),
                     call->error);
}
ROW_KERNEL(power_num)
static inline bool div_trunc_num(KernelCall *call, i32 i)
{
    return num_div_trunc(arg_num(call, 0, i), arg_num(call, 1, i), call->arena, result_num(call, i),
                         call->error);
}
ROW_KERNEL(div_trunc_num)

/* ---- rounding ---- */

static inline bool round_num(KernelCall *call, i32 i)
{
    return num_round(arg_num(call, 0, i), 0, call->arena, result_num(call, i), call->error);
}
ROW_KERNEL(round_num)
static inline bool round_to_num(KernelCall *call, i32 i)
{
    return num_round(arg_num(call, 0, i), arg_i32(call, 1, i), call->arena, result_num(call, i),
                     call->error);
}
ROW_KERNEL(round_to_num)
static inline bool trunc_num(KernelCall *call, i32 i)
{
    return num_trunc(arg_num(call, 0, i), 0, call->arena, result_num(call, i), call->error);
}
ROW_KERNEL(trunc_num)
static inline bool trunc_to_num(KernelCall *call, i32 i)
{
    return num_trunc(arg_num(call, 0, i), arg_i32(call, 1, i), call->arena, result_num(call, i),
                     call->error);
}
ROW_KERNEL(trunc_to_num)

/* ---- sign and scales ---- */

static inline bool sign_num(KernelCall *call, i32 i)
{
    Num num = arg_num(call, 0, i);
    return put_num(call, i, num.kind == NUM_NAN ? num : num_from_i64(num_sign(num)));
}
ROW_KERNEL(sign_num)

static inline bool scale_num(KernelCall *call, i32 i)
{
    Num num = arg_num(call, 0, i);
    return num.kind >= NUM_NAN ? put_null(call, i) : put_i32(call, i, num.scale);
}
ROW_KERNEL_NULLABLE(scale_num)

/* The value without zeros at its end: the smallest scale that still is the same number. */
static bool trim_zeros(KernelCall *call, Num num, Num *trimmed)
{
    *trimmed = num;
    if (num.kind == NUM_INLINE) {
        for (; trimmed->scale > 0 && trimmed->small % 10 == 0; trimmed->scale--)
            trimmed->small /= 10;
        return true;
    }
    while (num.kind == NUM_LIMBS && trimmed->scale > 0) {
        Num shorter;
        if (!num_trunc(*trimmed, trimmed->scale - 1, call->arena, &shorter, call->error))
            return false;
        if (num_compare(shorter, *trimmed) != 0)
            break;
        *trimmed = shorter;
    }
    return true;
}

static inline bool min_scale_num(KernelCall *call, i32 i)
{
    Num num = arg_num(call, 0, i);
    if (num.kind >= NUM_NAN)
        return put_null(call, i);
    return trim_zeros(call, num, &num) && put_i32(call, i, num.scale);
}
ROW_KERNEL_NULLABLE(min_scale_num)

static inline bool trim_scale_num(KernelCall *call, i32 i)
{
    return trim_zeros(call, arg_num(call, 0, i), result_num(call, i));
}
ROW_KERNEL(trim_scale_num)

/* ---- divisors and products ---- */

/* Euclid's algorithm; the result has the larger display scale. */
static bool divisor_of(KernelCall *call, Num a, Num b, Num *divisor)
{
    Num rest, zero = {.kind = NUM_INLINE};
    if (a.kind >= NUM_NAN || b.kind >= NUM_NAN) {
        *divisor = (Num){.kind = NUM_NAN};
        return true;
    }
    zero.scale = a.scale > b.scale ? a.scale : b.scale;
    while (!num_is_zero(b)) {
        if (!num_mod(a, b, call->arena, &rest, call->error))
            return false;
        a = b;
        b = rest;
    }
    return num_add(num_abs(a), zero, call->arena, divisor, call->error);
}

static inline bool gcd_num(KernelCall *call, i32 i)
{
    return divisor_of(call, arg_num(call, 0, i), arg_num(call, 1, i), result_num(call, i));
}
ROW_KERNEL(gcd_num)

static inline bool lcm_num(KernelCall *call, i32 i)
{
    Num a = arg_num(call, 0, i), b = arg_num(call, 1, i), divisor, quotient, product;
    if (!divisor_of(call, a, b, &divisor))
        return false;
    if (divisor.kind >= NUM_NAN)
        return put_num(call, i, divisor);
    u16 scale = divisor.scale;
    Num zero = {.kind = NUM_INLINE, .scale = scale};
    if (num_is_zero(a) || num_is_zero(b))
        return put_num(call, i, zero);
    return num_div_trunc(a, divisor, call->arena, &quotient, call->error) &&
           num_multiply(quotient, b, call->arena, &product, call->error) &&
           num_round(num_abs(product), scale, call->arena, result_num(call, i), call->error);
}
ROW_KERNEL(lcm_num)

enum { FACTORIAL_MAX = 32177 }; /* a larger one overflows numeric, as PostgreSQL tests first */

/* The product of all k with from <= k < to, by halves: few large products instead of one per k. */
static bool product_of(KernelCall *call, i64 from, i64 to, Num *product)
{
    enum { FACTORS = 4 }; /* their product fits an i64 */
    Num left, right;
    if (to - from > FACTORS)
        return product_of(call, from, from + (to - from) / 2, &left) &&
               product_of(call, from + (to - from) / 2, to, &right) &&
               num_multiply(left, right, call->arena, product, call->error);
    i64 small = 1;
    for (i64 k = from; k < to; k++)
        small *= k;
    *product = num_from_i64(small);
    return true;
}

static inline bool factorial_i64(KernelCall *call, i32 i)
{
    i64 n = arg_i64(call, 0, i);
    if (n < 0)
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE,
                         "factorial of a negative number is undefined");
    if (n > FACTORIAL_MAX)
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE,
                         "value overflows numeric format");
    return product_of(call, 2, n + 1, result_num(call, i));
}
ROW_KERNEL(factorial_i64)

/* ---- width_bucket ---- */

static bool bucket_error(KernelCall *call, const char *message)
{
    return error_set(call->error, E_INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, "%s", message);
}

/* floor(distance * count / span + 1), with PostgreSQL's rounding of the quotient, for an operand
 * between the bounds. */
static bool bucket_between(KernelCall *call, i32 i, Num distance, Num span)
{
    Num product, whole;
    i64 bucket;
    Num count = num_from_i64(arg_i32(call, 3, i));
    return num_multiply(distance, count, call->arena, &product, call->error) &&
           num_div_pg(product, span, call->arena, &product, call->error) &&
           num_floor(product, call->arena, &whole, call->error) &&
           (num_to_i64(whole, &bucket) || bucket_error(call, "bucket out of range")) &&
           put_i32(call, i, (i32)bucket + 1);
}

static inline bool width_bucket_num(KernelCall *call, i32 i)
{
    Num x = arg_num(call, 0, i), low = arg_num(call, 1, i), high = arg_num(call, 2, i);
    i32 count = arg_i32(call, 3, i);
    Num distance, span;
    if (count <= 0)
        return bucket_error(call, "count must be greater than zero");
    if (x.kind == NUM_NAN || low.kind == NUM_NAN || high.kind == NUM_NAN)
        return bucket_error(call, "operand, lower bound, and upper bound cannot be NaN");
    if (low.kind > NUM_NAN || high.kind > NUM_NAN)
        return bucket_error(call, "lower and upper bounds must be finite");
    int order = num_compare(low, high);
    if (order == 0)
        return bucket_error(call, "lower bound cannot equal upper bound");
    if (num_compare(x, low) * order > 0)
        return put_i32(call, i, 0);
    if (num_compare(x, high) * order <= 0) {
        if (count == INT32_MAX)
            return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
        return put_i32(call, i, count + 1);
    }
    return num_subtract(x, low, call->arena, &distance, call->error) &&
           num_subtract(high, low, call->arena, &span, call->error) &&
           bucket_between(call, i, num_abs(distance), num_abs(span));
}
ROW_KERNEL(width_bucket_num)

// clang-format off
#define NUM LANE_NUM
#define I32 LANE_I32
static const KernelRow rows[] = {
    {OP_CEIL,         ceil_num_kernel,         1, {NUM},                NUM, SCALE_FREE},
    {OP_FLOOR,        floor_num_kernel,        1, {NUM},                NUM, SCALE_FREE},
    {OP_SQUARE_ROOT,  sqrt_num_kernel,         1, {NUM},                NUM, SCALE_FREE},
    {OP_EXP,          exp_num_kernel,          1, {NUM},                NUM, SCALE_FREE},
    {OP_LN,           ln_num_kernel,           1, {NUM},                NUM, SCALE_FREE},
    {OP_LOG10,        log10_num_kernel,        1, {NUM},                NUM, SCALE_FREE},
    {OP_LOG,          log_num_kernel,          2, {NUM, NUM},           NUM, SCALE_FREE},
    {OP_POWER,        power_num_kernel,        2, {NUM, NUM},           NUM, SCALE_FREE},
    {OP_DIV_TRUNC,    div_trunc_num_kernel,    2, {NUM, NUM},           NUM, SCALE_FREE},
    {OP_ROUND,        round_num_kernel,        1, {NUM},                NUM, SCALE_FREE},
    {OP_ROUND_TO,     round_to_num_kernel,     2, {NUM, I32},           NUM, SCALE_FREE},
    {OP_TRUNC,        trunc_num_kernel,        1, {NUM},                NUM, SCALE_FREE},
    {OP_TRUNC_TO,     trunc_to_num_kernel,     2, {NUM, I32},           NUM, SCALE_FREE},
    {OP_SIGN,         sign_num_kernel,         1, {NUM},                NUM, SCALE_FREE},
    {OP_SCALE,        scale_num_kernel,        1, {NUM},                I32, SCALE_FREE},
    {OP_MIN_SCALE,    min_scale_num_kernel,    1, {NUM},                I32, SCALE_FREE},
    {OP_TRIM_SCALE,   trim_scale_num_kernel,   1, {NUM},                NUM, SCALE_FREE},
    {OP_GCD,          gcd_num_kernel,          2, {NUM, NUM},           NUM, SCALE_FREE},
    {OP_LCM,          lcm_num_kernel,          2, {NUM, NUM},           NUM, SCALE_FREE},
    {OP_FACTORIAL,    factorial_i64_kernel,    1, {LANE_I64},           NUM, SCALE_FREE},
    {OP_WIDTH_BUCKET, width_bucket_num_kernel, 4, {NUM, NUM, NUM, I32}, I32, SCALE_FREE},
};
// clang-format on

const KernelTable num_math_kernels = {rows, countof(rows)};
