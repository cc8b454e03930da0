/* SPDX-License-Identifier: Apache-2.0
 *
 * power(a, b) of Num, with PostgreSQL's rules for zero, negative bases and the infinities.
 *
 * A whole exponent that fits 32 bits is done by squaring, on numbers cut to the digits the result
 * needs; every other exponent by exp(b * ln(a)), first roughly, to learn how many digits the
 * result has, then with that many and eight more.
 */
#include <math.h>

#include "types/num.h"
#include "types/num_limbs.h"

enum {
    SIGNIFICANT_DIGITS_MIN = 16,
    DISPLAY_SCALE_MAX = 1000,
    RESULT_SCALE_MAX = 2000,
    DIGITS_BEFORE_POINT_MAX = 131072,
};

static i64 clamp_scale(i64 scale)
{
    return min_i64(max_i64(scale, 0), DISPLAY_SCALE_MAX);
}

static bool is_whole(Num a)
{
    if (num_is_special(a))
        return true;
    Finite finite;
    finite_open(a, &finite);
    return finite.m.count == 0 || magnitude_trailing_zeros(finite.m) >= finite.scale;
}

static bool is_odd(Num a)
{
    Finite finite;
    finite_open(a, &finite);
    return is_whole(a) && magnitude_digit(finite.m, finite.scale) % 2 == 1;
}

static bool equals_one(Num a, i64 one)
{
    return num_compare(a, num_from_i64(one)) == 0;
}

/* ---- NaN and infinities: the rules of POSIX pow() ---- */

static Num power_of_infinity(Num a, Num b)
{
    if (num_sign(b) < 0)
        return num_zero(0);
    if (a.kind == NUM_MINUS_INFINITY && is_odd(b))
        return a;
    return num_special(NUM_INFINITY);
}

static Num power_to_infinity(Num a, Num b)
{
    if (equals_one(a, -1))
        return num_from_i64(1);
    bool above_one = num_is_special(a) || num_compare(num_abs(a), num_from_i64(1)) > 0;
    return above_one == (num_sign(b) > 0) ? num_special(NUM_INFINITY) : num_zero(0);
}

static Num power_specials(Num a, Num b)
{
    if (equals_one(a, 1) || num_is_zero(b))
        return num_from_i64(1);
    if (a.kind == NUM_NAN || b.kind == NUM_NAN)
        return num_special(NUM_NAN);
    if (num_is_zero(a))
        return num_zero(0);
    if (num_is_special(b))
        return power_to_infinity(a, b);
    return power_of_infinity(a, b);
}

/* ---- whole exponents ---- */

/* m * 10^exponent, cut to a number of digits. */
typedef struct Approximate {
    Magnitude m;
    i64 exponent;
} Approximate;

static bool approximate_multiply(Room room, Approximate a, Approximate b, i64 digits,
                                 Approximate *r)
{
    Magnitude m;
    if (!magnitude_multiply(room, a.m, b.m, &m))
        return false;
    r->exponent = a.exponent + b.exponent;
    i64 surplus = magnitude_digits(m) - digits;
    if (surplus > 0) {
        r->exponent += surplus;
        return magnitude_shift_down(room, m, surplus, ROUND_HALF_UP, &r->m);
    }
    r->m = m;
    return true;
}

/* base^exponent, exponent > 0. */
static bool raise(Room room, Approximate base, u32 exponent, i64 digits, Approximate *r)
{
    bool started = false;
    for (;;) {
        if (exponent & 1) {
            if (!started)
                *r = base;
            else if (!approximate_multiply(room, *r, base, digits, r))
                return false;
            started = true;
        }
        exponent >>= 1;
        if (exponent == 0)
            return true;
        if (!approximate_multiply(room, base, base, digits, &base))
            return false;
    }
}

/* 1 / r or r, rounded to scale. */
static bool finish_power(Room room, Approximate r, bool invert, bool negative, i64 scale,
                         i64 digits, Num *result)
{
    Magnitude m = r.m;
    i64 exponent = r.exponent;
    if (invert) {
        static const u32 one[] = {1};
        Magnitude dividend;
        i64 shift = digits + magnitude_digits(r.m);
        if (!magnitude_shift_up(room, (Magnitude){one, 1}, shift, &dividend) ||
            !magnitude_divide(room, dividend, r.m, &m, NULL))
            return false;
        exponent = -shift - exponent;
    }
    if (magnitude_digits(m) + exponent > DIGITS_BEFORE_POINT_MAX)
        return num_overflow(room.error);
    i64 shift = exponent + scale;
    bool shifted = shift >= 0 ? magnitude_shift_up(room, m, shift, &m)
                              : magnitude_shift_down(room, m, -shift, ROUND_HALF_UP, &m);
    return shifted && num_make(room, negative && m.count > 0, m, scale, result);
}

/* log10(a^exponent), roughly. */
static f64 power_weight(const Finite *a, i64 exponent)
{
    i64 digits = magnitude_digits(a->m);
    f64 top = log10((f64)magnitude_top(a->m, 16));
    return (f64)exponent * (top + (f64)(digits - min_i64(digits, 16) - a->scale));
}

static bool power_by_squaring(Room room, const Finite *a, i64 exponent, i64 scale, Num *r)
{
    f64 weight = power_weight(a, exponent);
    if (weight > 3.0 * DIGITS_BEFORE_POINT_MAX)
        return num_overflow(room.error);
    if (weight + 1 < (f64)-scale || weight + 1 < -DISPLAY_SCALE_MAX) {
        *r = num_zero((i32)scale);
        return true;
    }
    i64 digits = 1 + scale + (i64)weight + (i64)log(fabs((f64)exponent)) + 8;
    digits = max_i64(digits, 8) + 4;
    Approximate base = {a->m, -(i64)a->scale}, power;
    bool negative = a->negative && (exponent & 1);
    u32 times = (u32)(exponent < 0 ? -exponent : exponent);
    return raise(room, base, times, digits, &power) &&
           finish_power(room, power, exponent < 0, negative, scale, digits, r);
}

static bool power_whole(Room room, Num a, i64 exponent, i64 scale, Num *r)
{
    if (exponent == 0) {
        Num one = num_from_i64(1);
        return num_rescale(room, one, scale, ROUND_HALF_UP, r);
    }
    if (exponent == 1)
        return num_rescale(room, a, scale, ROUND_HALF_UP, r);
    if (num_is_zero(a)) {
        if (exponent < 0)
            return error_set(room.error, E_DIVISION_BY_ZERO, "division by zero");
        *r = num_zero((i32)scale);
        return true;
    }
    if (exponent == -1)
        return num_divide_to(room, num_from_i64(1), a, scale, ROUND_HALF_UP, r);
    Finite finite;
    finite_open(a, &finite);
    return power_by_squaring(room, &finite, exponent, scale, r);
}

/* ---- all other exponents ---- */

/* round(ln(a) * b, scale), ln(a) itself to that scale. */
static bool ln_times(Room room, Num a, Num b, i64 scale, Num *r)
{
    Num logarithm, product;
    return num_ln_to(room, a, scale, &logarithm) &&
           num_multiply(logarithm, b, room.arena, &product, room.error) &&
           num_rescale(room, product, scale, ROUND_HALF_UP, r);
}

static bool power_by_logarithm(Room room, Num a, Num b, Num *r)
{
    bool negative = num_sign(a) < 0 && is_odd(b);
    Num base = num_abs(a), product;
    i64 ln_weight = num_ln_weight(base);
    if (!ln_times(room, base, b, max_i64(8 - ln_weight, 0), &product))
        return false;
    f64 value = num_to_f64(product);
    if (fabs(value) > RESULT_SCALE_MAX * 3.01) {
        if (value > 0)
            return num_overflow(room.error);
        *r = num_zero(DISPLAY_SCALE_MAX);
        return true;
    }
    i64 weight = (i64)(value * 0.434294481903252);
    i64 scale = max_i64(SIGNIFICANT_DIGITS_MIN - weight, max_i64(a.scale, b.scale));
    scale = clamp_scale(scale);
    i64 digits = max_i64(scale + weight, 0);
    if (!ln_times(room, base, b, max_i64(digits - ln_weight + 8, 0), &product) ||
        !num_exp_to(room, product, scale, r))
        return false;
    if (negative)
        *r = num_negate(*r);
    return true;
}

static bool power_finite(Room room, Num a, Num b, Num *r)
{
    i64 exponent;
    if (is_whole(b) && num_to_i64(b, &exponent) && exponent == (i32)exponent) {
        i64 scale = clamp_scale(max_i64(SIGNIFICANT_DIGITS_MIN, a.scale));
        return power_whole(room, a, exponent, scale, r);
    }
    if (num_is_zero(a)) {
        *r = num_zero(SIGNIFICANT_DIGITS_MIN);
        return true;
    }
    return power_by_logarithm(room, a, b, r);
}

bool num_power(Num a, Num b, Arena *arena, Num *r, Error *error)
{
    bool nan = a.kind == NUM_NAN || b.kind == NUM_NAN;
    if (!nan && num_is_zero(a) && num_sign(b) < 0)
        return error_set(error, E_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                         "zero raised to a negative power is undefined");
    if (!nan && num_sign(a) < 0 && !is_whole(b))
        return error_set(error, E_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                         "a negative number raised to a non-integer power yields a complex result");
    if (num_is_special(a) || num_is_special(b)) {
        *r = power_specials(a, b);
        return true;
    }
    Arena scratch;
    arena_open(&scratch, arena->budget);
    bool done = power_finite((Room){.arena = &scratch, .error = error}, a, b, r) &&
                num_copy(*r, arena, r, error);
    arena_close(&scratch);
    return done;
}
