/* SPDX-License-Identifier: Apache-2.0
 *
 * Mathematical functions of double precision and of integers.
 *
 * Range checks and errors are PostgreSQL's. The degree variants give exact answers where a person
 * expects them (sind(30) = 0.5): the argument is reduced to the first quadrant, and there sine and
 * cosine are scaled by their own value at 30 and 60 degrees, so that those come out exact.
 */
#include <math.h>

#include <openssl/rand.h>

#include "functions/kernel.h"

static bool input_out_of_range(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
}
static bool overflow(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}
static bool underflow(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
}

/* Results that became infinite from a finite argument are errors. */
static bool put_finite(KernelCall *call, i32 i, f64 x, f64 result)
{
    return isinf(result) && !isinf(x) ? overflow(call->error) : put_f64(call, i, result);
}

/* ---- rounding ---- */

static inline bool ceil_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, ceil(arg_f64(call, 0, i)));
}
ROW_KERNEL(ceil_f64)
static inline bool floor_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, floor(arg_f64(call, 0, i)));
}
ROW_KERNEL(floor_f64)
static inline bool round_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, rint(arg_f64(call, 0, i)));
}
ROW_KERNEL(round_f64)
static inline bool trunc_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, trunc(arg_f64(call, 0, i)));
}
ROW_KERNEL(trunc_f64)
static inline bool sign_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i);
    return put_f64(call, i, x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0);
}
ROW_KERNEL(sign_f64)

/* ---- roots, powers, logarithms ---- */

static inline bool sqrt_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i);
    if (x < 0)
        return error_set(call->error, E_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                         "cannot take square root of a negative number");
    return put_f64(call, i, sqrt(x));
}
ROW_KERNEL(sqrt_f64)

static inline bool cbrt_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, cbrt(arg_f64(call, 0, i)));
}
ROW_KERNEL(cbrt_f64)

static inline bool power_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i), y = arg_f64(call, 1, i);
    if (isnan(x))
        return put_f64(call, i, y == 0 ? 1.0 : x);
    if (isnan(y))
        return put_f64(call, i, x == 1 ? 1.0 : y);
    if (x == 0 && y < 0)
        return error_set(call->error, E_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                         "zero raised to a negative power is undefined");
    if (x < 0 && floor(y) != y)
        return error_set(call->error, E_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                         "a negative number raised to a non-integer power yields a complex "
                         "result");
    f64 r = pow(x, y);
    if (isinf(r) && !isinf(x) && !isinf(y))
        return overflow(call->error);
    if (r == 0 && x != 0 && !isinf(x) && !isinf(y))
        return underflow(call->error);
    return put_f64(call, i, r);
}
ROW_KERNEL(power_f64)

static inline bool exp_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i), r = exp(x);
    if (isinf(r) && !isinf(x))
        return overflow(call->error);
    if (r == 0 && !isinf(x))
        return underflow(call->error);
    return put_f64(call, i, r);
}
ROW_KERNEL(exp_f64)

static bool check_logarithm(KernelCall *call, f64 x)
{
    if (x == 0)
        return error_set(call->error, E_INVALID_ARGUMENT_FOR_LOGARITHM,
                         "cannot take logarithm of zero");
    if (x < 0)
        return error_set(call->error, E_INVALID_ARGUMENT_FOR_LOGARITHM,
                         "cannot take logarithm of a negative number");
    return true;
}

static inline bool ln_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i);
    return check_logarithm(call, x) && put_f64(call, i, log(x));
}
ROW_KERNEL(ln_f64)

static inline bool log10_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i);
    return check_logarithm(call, x) && put_f64(call, i, log10(x));
}
ROW_KERNEL(log10_f64)

/* ---- angles in radians ---- */

#define RADIANS_PER_DEGREE 0.0174532925199432957692

static inline bool pi_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, M_PI);
}
ROW_KERNEL(pi_f64)
static inline bool degrees_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i);
    return put_finite(call, i, x, x / RADIANS_PER_DEGREE);
}
ROW_KERNEL(degrees_f64)
static inline bool radians_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i), r = x * RADIANS_PER_DEGREE;
    return r == 0 && x != 0 ? underflow(call->error) : put_f64(call, i, r);
}
ROW_KERNEL(radians_f64)

/* A periodic function has no value at infinity. */
static bool put_periodic(KernelCall *call, i32 i, f64 (*function)(f64))
{
    f64 x = arg_f64(call, 0, i);
    return isinf(x) ? input_out_of_range(call->error) : put_f64(call, i, function(x));
}

static inline bool sin_f64(KernelCall *call, i32 i)
{
    return put_periodic(call, i, sin);
}
ROW_KERNEL(sin_f64)
static inline bool cos_f64(KernelCall *call, i32 i)
{
    return put_periodic(call, i, cos);
}
ROW_KERNEL(cos_f64)
static inline bool tan_f64(KernelCall *call, i32 i)
{
    return put_periodic(call, i, tan);
}
ROW_KERNEL(tan_f64)
static f64 cotangent(f64 x)
{
    return 1.0 / tan(x);
}
static inline bool cot_f64(KernelCall *call, i32 i)
{
    return put_periodic(call, i, cotangent);
}
ROW_KERNEL(cot_f64)

static bool put_arc(KernelCall *call, i32 i, f64 (*function)(f64))
{
    f64 x = arg_f64(call, 0, i);
    return x < -1 || x > 1 ? input_out_of_range(call->error) : put_f64(call, i, function(x));
}
static inline bool asin_f64(KernelCall *call, i32 i)
{
    return put_arc(call, i, asin);
}
ROW_KERNEL(asin_f64)
static inline bool acos_f64(KernelCall *call, i32 i)
{
    return put_arc(call, i, acos);
}
ROW_KERNEL(acos_f64)
static inline bool atan_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, atan(arg_f64(call, 0, i)));
}
ROW_KERNEL(atan_f64)
static inline bool atan2_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, atan2(arg_f64(call, 0, i), arg_f64(call, 1, i)));
}
ROW_KERNEL(atan2_f64)

/* ---- hyperbolic ---- */

static inline bool sinh_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, sinh(arg_f64(call, 0, i)));
}
ROW_KERNEL(sinh_f64)
static inline bool cosh_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, cosh(arg_f64(call, 0, i)));
}
ROW_KERNEL(cosh_f64)
static inline bool tanh_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, tanh(arg_f64(call, 0, i)));
}
ROW_KERNEL(tanh_f64)
static inline bool asinh_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, asinh(arg_f64(call, 0, i)));
}
ROW_KERNEL(asinh_f64)
static inline bool acosh_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i);
    return x < 1 ? input_out_of_range(call->error) : put_f64(call, i, acosh(x));
}
ROW_KERNEL(acosh_f64)
static inline bool atanh_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i);
    if (x < -1 || x > 1)
        return input_out_of_range(call->error);
    return put_f64(call, i, x == -1 ? -INFINITY : x == 1 ? INFINITY : atanh(x));
}
ROW_KERNEL(atanh_f64)

/* ---- angles in degrees ---- */

static f64 sine_within_30(f64 x)
{
    return sin(x * RADIANS_PER_DEGREE) / sin(30 * RADIANS_PER_DEGREE) / 2.0;
}
static f64 cosine_within_60(f64 x)
{
    f64 one_minus = 1.0 - cos(x * RADIANS_PER_DEGREE);
    return 1.0 - one_minus / (1.0 - cos(60 * RADIANS_PER_DEGREE)) / 2.0;
}
static f64 sine_first_quadrant(f64 x)
{
    return x <= 30 ? sine_within_30(x) : cosine_within_60(90 - x);
}
static f64 cosine_first_quadrant(f64 x)
{
    return x <= 60 ? cosine_within_60(x) : sine_within_30(90 - x);
}

static f64 sine_degrees(f64 x)
{
    f64 sign = 1;
    x = fmod(x, 360);
    if (x < 0) {
        x = -x;
        sign = -sign;
    }
    if (x > 180) {
        x = 360 - x;
        sign = -sign;
    }
    return sign * sine_first_quadrant(x > 90 ? 180 - x : x);
}

static f64 cosine_degrees(f64 x)
{
    f64 sign = 1;
    x = fabs(fmod(x, 360));
    if (x > 180)
        x = 360 - x;
    if (x > 90) {
        x = 180 - x;
        sign = -sign;
    }
    return sign * cosine_first_quadrant(x);
}

/* The angle in the first quadrant that has the same tangent up to the sign. */
static f64 reduce_tangent(f64 x, f64 *sign)
{
    *sign = 1;
    x = fmod(x, 360);
    if (x < 0) {
        x = -x;
        *sign = -*sign;
    }
    if (x > 180) {
        x = 360 - x;
        *sign = -*sign;
    }
    if (x > 90) {
        x = 180 - x;
        *sign = -*sign;
    }
    return x;
}

static f64 tangent_45(void)
{
    return sine_first_quadrant(45) / cosine_first_quadrant(45);
}
static f64 without_minus_zero(f64 x)
{
    return x == 0 ? 0.0 : x;
}
static f64 tangent_degrees(f64 x)
{
    f64 sign;
    x = reduce_tangent(x, &sign);
    f64 tangent = sine_first_quadrant(x) / cosine_first_quadrant(x);
    return without_minus_zero(sign * (tangent / tangent_45()));
}
static f64 cotangent_degrees(f64 x)
{
    f64 sign;
    x = reduce_tangent(x, &sign);
    f64 cotangent_x = cosine_first_quadrant(x) / sine_first_quadrant(x);
    return without_minus_zero(sign * (cotangent_x / (1 / tangent_45())));
}

static inline bool sind_f64(KernelCall *call, i32 i)
{
    return put_periodic(call, i, sine_degrees);
}
ROW_KERNEL(sind_f64)
static inline bool cosd_f64(KernelCall *call, i32 i)
{
    return put_periodic(call, i, cosine_degrees);
}
ROW_KERNEL(cosd_f64)
static inline bool tand_f64(KernelCall *call, i32 i)
{
    return put_periodic(call, i, tangent_degrees);
}
ROW_KERNEL(tand_f64)
static inline bool cotd_f64(KernelCall *call, i32 i)
{
    return put_periodic(call, i, cotangent_degrees);
}
ROW_KERNEL(cotd_f64)

/* Exact at 0, 1/2 and 1. */
static f64 arc_sine_first_quadrant(f64 x)
{
    if (x <= 0.5)
        return asin(x) / asin(0.5) * 30.0;
    return 90.0 - acos(x) / acos(0.5) * 60.0;
}
static f64 arc_cosine_first_quadrant(f64 x)
{
    if (x <= 0.5)
        return 90.0 - asin(x) / asin(0.5) * 30.0;
    return acos(x) / acos(0.5) * 60.0;
}
static f64 arc_sine_degrees(f64 x)
{
    return x >= 0 ? arc_sine_first_quadrant(x) : -arc_sine_first_quadrant(-x);
}
static f64 arc_cosine_degrees(f64 x)
{
    return x >= 0 ? arc_cosine_first_quadrant(x) : 90.0 + arc_sine_first_quadrant(-x);
}

static inline bool asind_f64(KernelCall *call, i32 i)
{
    return put_arc(call, i, arc_sine_degrees);
}
ROW_KERNEL(asind_f64)
static inline bool acosd_f64(KernelCall *call, i32 i)
{
    return put_arc(call, i, arc_cosine_degrees);
}
ROW_KERNEL(acosd_f64)
static inline bool atand_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, atan(arg_f64(call, 0, i)) / atan(1.0) * 45.0);
}
ROW_KERNEL(atand_f64)
static inline bool atan2d_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, atan2(arg_f64(call, 0, i), arg_f64(call, 1, i)) / atan(1.0) * 45.0);
}
ROW_KERNEL(atan2d_f64)

/* ---- integers ---- */

static bool greatest_divisor(Error *error, i64 a, i64 b, i64 min, const char *type, i64 *divisor)
{
    u64 x = a < 0 ? 0 - (u64)a : (u64)a, y = b < 0 ? 0 - (u64)b : (u64)b;
    *divisor = 0;
    while (y) {
        u64 rest = x % y;
        x = y;
        y = rest;
    }
    if (x > (u64) - (min + 1))
        return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type);
    *divisor = (i64)x;
    return true;
}

static bool least_multiple(Error *error, i64 a, i64 b, i64 min, const char *type, i64 *multiple)
{
    i64 divisor;
    *multiple = 0;
    if (a == 0 || b == 0)
        return true;
    if (!greatest_divisor(error, a, b, min, type, &divisor))
        return false;
    i128 product = (i128)(a / divisor) * b;
    product = product < 0 ? -product : product;
    if (product > -((i128)min + 1))
        return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type);
    *multiple = (i64)product;
    return true;
}

static inline bool gcd_i32(KernelCall *call, i32 i)
{
    i64 r;
    return greatest_divisor(call->error, arg_i32(call, 0, i), arg_i32(call, 1, i), INT32_MIN,
                            "integer", &r) &&
           put_i32(call, i, (i32)r);
}
ROW_KERNEL(gcd_i32)
static inline bool gcd_i64(KernelCall *call, i32 i)
{
    return greatest_divisor(call->error, arg_i64(call, 0, i), arg_i64(call, 1, i), INT64_MIN,
                            "bigint", result_i64(call, i));
}
ROW_KERNEL(gcd_i64)
static inline bool lcm_i32(KernelCall *call, i32 i)
{
    i64 r;
    return least_multiple(call->error, arg_i32(call, 0, i), arg_i32(call, 1, i), INT32_MIN,
                          "integer", &r) &&
           put_i32(call, i, (i32)r);
}
ROW_KERNEL(lcm_i32)
static inline bool lcm_i64(KernelCall *call, i32 i)
{
    return least_multiple(call->error, arg_i64(call, 0, i), arg_i64(call, 1, i), INT64_MIN,
                          "bigint", result_i64(call, i));
}
ROW_KERNEL(lcm_i64)

/* ---- width_bucket ---- */

static bool bucket_error(KernelCall *call, const char *message)
{
    return error_set(call->error, E_INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, "%s", message);
}

static i64 bucket_of(f64 x, f64 low, f64 high, i32 count)
{
    bool rising = low < high;
    if (rising ? x < low : x > low)
        return 0;
    if (rising ? x >= high : x <= high)
        return (i64)count + 1;
    f64 width = high - low;
    f64 share = isinf(width) ? (x / 2 - low / 2) / (high / 2 - low / 2) : (x - low) / width;
    i64 bucket = (i64)(count * share);
    return (bucket >= count ? count - 1 : bucket) + 1;
}

static inline bool width_bucket_f64(KernelCall *call, i32 i)
{
    f64 x = arg_f64(call, 0, i), low = arg_f64(call, 1, i), high = arg_f64(call, 2, i);
    i32 count = arg_i32(call, 3, i);
    if (count <= 0)
        return bucket_error(call, "count must be greater than zero");
    if (isnan(x) || isnan(low) || isnan(high))
        return bucket_error(call, "operand, lower bound, and upper bound cannot be NaN");
    if (isinf(low) || isinf(high))
        return bucket_error(call, "lower and upper bounds must be finite");
    if (low == high)
        return bucket_error(call, "lower bound cannot equal upper bound");
    i64 bucket = bucket_of(x, low, high, count);
    if (bucket > INT32_MAX)
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    return put_i32(call, i, (i32)bucket);
}
ROW_KERNEL(width_bucket_f64)

/* ---- random ---- */

/* xoroshiro128**: Blackman and Vigna, "Scrambled linear pseudorandom number generators". */
static u64 rotate(u64 x, i32 by)
{
    return x << by | x >> (64 - by);
}

static u64 random_next(RandomState *state)
{
    u64 a = state->a, b = state->b ^ state->a;
    u64 result = rotate(state->a * 5, 7) * 9;
    state->a = rotate(a, 24) ^ b ^ (b << 16);
    state->b = rotate(b, 37);
    return result;
}

/* SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators". */
static u64 seed_next(u64 *seed)
{
    u64 x = *seed += 0x9e3779b97f4a7c15ull;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 27) * 0x94d049bb133111ebull;
    return x ^ x >> 31;
}

static bool random_from_entropy(RandomState *state, Error *error)
{
    if (RAND_bytes((u8 *)state, 2 * sizeof(u64)) != 1)
        return error_set(error, E_INTERNAL_ERROR, "could not generate random values");
    state->a |= state->a == 0 && state->b == 0;
    state->seeded = true;
    return true;
}

static inline bool random_f64(KernelCall *call, i32 i)
{
    return put_f64(call, i, (f64)(random_next(call->state) >> 12) * 0x1p-52);
}

/* One generator per session, whichever statement and call site asks. */
static KernelStatus random_f64_kernel(KernelCall *call)
{
    RandomState own = {0}, *state = call->env ? call->env->random : &own;
    if (!state->seeded && !random_from_entropy(state, call->error))
        return KERNEL_ERROR;
    KernelCall with_state = *call;
    with_state.state = state;
    return each_row(&with_state, random_f64);
}

/* The same numbers follow as in PostgreSQL 15. */
static bool set_seed(KernelCall *call, i32 i)
{
    f64 wanted = arg_f64(call, 0, i);
    RandomState *state = call->env->random;
    if (isnan(wanted))
        return error_set(call->error, E_INVALID_PARAMETER_VALUE,
                         "setseed parameter NaN is out of allowed range [-1,1]");
    if (wanted < -1 || wanted > 1)
        return error_set(call->error, E_INVALID_PARAMETER_VALUE,
                         "setseed parameter %g is out of allowed range [-1,1]", wanted);
    u64 seed = (u64)(i64)((f64)(((i64)1 << 52) - 1) * wanted);
    state->a = seed_next(&seed);
    state->b = seed_next(&seed);
    state->seeded = true;
    return put_text(call, i, TEXT(""));
}
ROW_KERNEL(set_seed)

// clang-format off
#define F64 LANE_F64
#define I32 LANE_I32
#define I64 LANE_I64
static const KernelRow rows[] = {
    {OP_CEIL,         ceil_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_FLOOR,        floor_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_ROUND,        round_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_TRUNC,        trunc_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_SIGN,         sign_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_SQUARE_ROOT,  sqrt_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_CUBE_ROOT,    cbrt_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_POWER,        power_f64_kernel,        2, {F64, F64},           F64, SCALE_FREE},
    {OP_EXP,          exp_f64_kernel,          1, {F64},                F64, SCALE_FREE},
    {OP_LN,           ln_f64_kernel,           1, {F64},                F64, SCALE_FREE},
    {OP_LOG10,        log10_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_PI,           pi_f64_kernel,           0, {0},                  F64, SCALE_FREE},
    {OP_DEGREES,      degrees_f64_kernel,      1, {F64},                F64, SCALE_FREE},
    {OP_RADIANS,      radians_f64_kernel,      1, {F64},                F64, SCALE_FREE},
    {OP_SIN,          sin_f64_kernel,          1, {F64},                F64, SCALE_FREE},
    {OP_COS,          cos_f64_kernel,          1, {F64},                F64, SCALE_FREE},
    {OP_TAN,          tan_f64_kernel,          1, {F64},                F64, SCALE_FREE},
    {OP_COT,          cot_f64_kernel,          1, {F64},                F64, SCALE_FREE},
    {OP_ASIN,         asin_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_ACOS,         acos_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_ATAN,         atan_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_ATAN2,        atan2_f64_kernel,        2, {F64, F64},           F64, SCALE_FREE},
    {OP_SINH,         sinh_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_COSH,         cosh_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_TANH,         tanh_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_ASINH,        asinh_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_ACOSH,        acosh_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_ATANH,        atanh_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_SIND,         sind_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_COSD,         cosd_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_TAND,         tand_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_COTD,         cotd_f64_kernel,         1, {F64},                F64, SCALE_FREE},
    {OP_ASIND,        asind_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_ACOSD,        acosd_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_ATAND,        atand_f64_kernel,        1, {F64},                F64, SCALE_FREE},
    {OP_ATAN2D,       atan2d_f64_kernel,       2, {F64, F64},           F64, SCALE_FREE},
    {OP_GCD,          gcd_i32_kernel,          2, {I32, I32},           I32, SCALE_FREE},
    {OP_GCD,          gcd_i64_kernel,          2, {I64, I64},           I64, SCALE_FREE},
    {OP_LCM,          lcm_i32_kernel,          2, {I32, I32},           I32, SCALE_FREE},
    {OP_LCM,          lcm_i64_kernel,          2, {I64, I64},           I64, SCALE_FREE},
    {OP_WIDTH_BUCKET, width_bucket_f64_kernel, 4, {F64, F64, F64, I32}, I32, SCALE_FREE},
    {OP_RANDOM,       random_f64_kernel,       0, {0},                  F64, SCALE_FREE},
    {OP_SETSEED,      set_seed_kernel,         1, {F64},                LANE_STR, SCALE_FREE},
};
// clang-format on

const KernelTable math_kernels = {rows, countof(rows)};
