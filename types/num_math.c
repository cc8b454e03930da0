/* SPDX-License-Identifier: Apache-2.0
 *
 * sqrt, exp, ln and log of Num, with PostgreSQL's result scales.
 *
 * Reals are fixed-point: a signed magnitude times 10^-(9 * places), so that scaling back after a
 * product drops whole limbs. exp halves its argument until the Taylor series converges fast and
 * squares the result as often; ln takes square roots until the argument is near 1, sums the
 * series of 2 * artanh((x - 1) / (x + 1)) and doubles as often; very large and very small
 * arguments have a power of ten taken out first. Working places exceed the result's by the digits
 * the doublings cost and nine more.
 * Memory: intermediate values live in a scratch arena on the caller's budget; only the result
 * reaches the caller's arena.
 */
#include <math.h>

#include "types/num.h"
#include "types/num_limbs.h"

enum {
    SIGNIFICANT_DIGITS_MIN = 16,
    DISPLAY_SCALE_MAX = 1000,
    RESULT_SCALE_MAX = 2000,
    GROUP_DIGITS = 4,
    EXPONENT_MAX = 6000,   /* |x| of exp(x): beyond it everything over- or underflows */
    PLAIN_DIGITS_MAX = 60, /* ln takes powers of ten out beyond this */
};

static i64 clamp_scale(i64 scale)
{
    return min_i64(max_i64(scale, 0), DISPLAY_SCALE_MAX);
}

/* Every function below a public one gets its memory from here. */
typedef struct Scratch {
    Arena arena;
    Room room;
} Scratch;

static void scratch_open(Scratch *scratch, Room caller)
{
    arena_open(&scratch->arena, caller.arena->budget);
    scratch->room = caller;
    scratch->room.arena = &scratch->arena;
}

/* Moves the result out and gives the scratch memory back. */
static bool scratch_close(Scratch *scratch, bool done, Room caller, Num *result)
{
    bool kept = done && num_copy(*result, caller.arena, result, caller.error);
    arena_close(&scratch->arena);
    return kept;
}

/* ---- fixed point ---- */

typedef struct Fixed {
    bool negative;
    Magnitude m; /* value = m * 10^-(9 * places) */
} Fixed;

static bool fixed_from(Room room, const Finite *finite, i64 places, Fixed *fixed)
{
    i64 shift = places * LIMB_DIGITS - finite->scale;
    fixed->negative = finite->negative;
    return shift >= 0 ? magnitude_shift_up(room, finite->m, shift, &fixed->m)
                      : magnitude_shift_down(room, finite->m, -shift, ROUND_DOWN, &fixed->m);
}

static bool fixed_from_small(Room room, u32 value, i64 places, Fixed *fixed)
{
    u32 limbs[SMALL_LIMBS];
    fixed->negative = false;
    return magnitude_shift_up(room, magnitude_of_u128(value, limbs), places * LIMB_DIGITS,
                              &fixed->m);
}

static bool fixed_multiply(Room room, Fixed a, Fixed b, i64 places, Fixed *r)
{
    r->negative = a.negative != b.negative;
    return magnitude_multiply(room, a.m, b.m, &r->m) &&
           magnitude_shift_down(room, r->m, places * LIMB_DIGITS, ROUND_DOWN, &r->m);
}

static bool fixed_divide(Room room, Fixed a, Fixed b, i64 places, Fixed *r)
{
    Magnitude dividend;
    r->negative = a.negative != b.negative;
    return magnitude_shift_up(room, a.m, places * LIMB_DIGITS, &dividend) &&
           magnitude_divide(room, dividend, b.m, &r->m, NULL);
}

static bool fixed_divide_small(Room room, Fixed a, u32 divisor, Fixed *r)
{
    u32 limbs[] = {divisor};
    r->negative = a.negative;
    return magnitude_divide(room, a.m, (Magnitude){limbs, 1}, &r->m, NULL);
}

static bool fixed_multiply_small(Room room, Fixed a, u32 factor, Fixed *r)
{
    u32 limbs[] = {factor};
    r->negative = a.negative;
    return magnitude_multiply(room, a.m, (Magnitude){limbs, factor != 0}, &r->m);
}

static bool fixed_add(Room room, Fixed a, Fixed b, Fixed *r)
{
    if (a.negative == b.negative) {
        r->negative = a.negative;
        return magnitude_add(room, a.m, b.m, &r->m);
    }
    bool a_larger = magnitude_compare(a.m, b.m) >= 0;
    r->negative = a_larger ? a.negative : b.negative;
    return magnitude_subtract(room, a_larger ? a.m : b.m, a_larger ? b.m : a.m, &r->m);
}

/* Rounded half away from zero to scale <= 9 * places. */
static bool fixed_to_num(Room room, Fixed fixed, i64 places, i64 scale, Num *num)
{
    Magnitude m;
    return magnitude_shift_down(room, fixed.m, places * LIMB_DIGITS - scale, ROUND_HALF_UP, &m) &&
           num_make(room, fixed.negative && m.count > 0, m, scale, num);
}

static i64 places_for(i64 digits)
{
    return (digits + LIMB_DIGITS - 1) / LIMB_DIGITS + 1;
}

/* ---- square root ---- */

bool num_sqrt_to(Room room, Num a, i64 scale, Num *result)
{
    Finite finite;
    finite_open(a, &finite);
    Scratch scratch;
    scratch_open(&scratch, room);
    Magnitude m;
    /* one digit more than wanted decides the rounding */
    i64 shift = 2 * (scale + 1) - finite.scale;
    bool shifted = shift >= 0
                       ? magnitude_shift_up(scratch.room, finite.m, shift, &m)
                       : magnitude_shift_down(scratch.room, finite.m, -shift, ROUND_DOWN, &m);
    bool done = shifted && magnitude_sqrt(scratch.room, m, &m) &&
                magnitude_shift_down(scratch.room, m, 1, ROUND_HALF_UP, &m) &&
                num_make(scratch.room, false, m, scale, result);
    return scratch_close(&scratch, done, room, result);
}

bool num_sqrt(Num a, Arena *arena, Num *r, Error *error)
{
    if (num_sign(a) < 0)
        return error_set(error, E_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                         "cannot take square root of a negative number");
    *r = a;
    if (num_is_special(a))
        return true;
    Finite finite;
    finite_open(a, &finite);
    i64 exponent = finite.m.count ? finite_exponent(&finite) : 0;
    i64 weight = (exponent - (exponent % GROUP_DIGITS + GROUP_DIGITS) % GROUP_DIGITS) /
                 GROUP_DIGITS; /* floor: of the highest group of four digits */
    i64 root_weight = (weight + 1) * GROUP_DIGITS / 2 - 1;
    i64 scale = clamp_scale(max_i64(SIGNIFICANT_DIGITS_MIN - root_weight, finite.scale));
    return num_sqrt_to((Room){.arena = arena, .error = error}, a, scale, r);
}

/* ---- exponential ---- */

/* exp(x) for 0 <= x < 0.001 by its series. */
static bool exp_series(Room room, Fixed x, i64 places, Fixed *sum)
{
    Fixed term;
    if (!fixed_from_small(room, 1, places, &term))
        return false;
    *sum = term;
    for (u32 n = 1; term.m.count > 0; n++)
        if (!fixed_multiply(room, term, x, places, &term) ||
            !fixed_divide_small(room, term, n, &term) || !fixed_add(room, *sum, term, sum))
            return false;
    return true;
}

/* exp(x), x >= 0, with about `digits` digits behind the point and before it together right. */
static bool exp_positive(Room room, const Finite *x, f64 size, i64 digits, i64 *places, Fixed *r)
{
    i32 halvings = 10; /* to below 2^-10 */
    for (f64 rest = size; rest > 1; rest /= 2)
        halvings++;
    *places = places_for(digits + halvings / 3 + LIMB_DIGITS);
    Fixed fixed;
    if (!fixed_from(room, x, *places, &fixed))
        return false;
    fixed.negative = false;
    for (i32 i = 0; i < halvings; i++)
        if (!fixed_divide_small(room, fixed, 2, &fixed))
            return false;
    if (!exp_series(room, fixed, *places, r))
        return false;
    for (i32 i = 0; i < halvings; i++)
        if (!fixed_multiply(room, *r, *r, *places, r))
            return false;
    return true;
}

static bool exp_finite(Room room, const Finite *x, f64 value, i64 scale, Num *r)
{
    f64 size = fabs(value);
    i64 weight = (i64)(size * 0.4342944819032518) + 1; /* digits of exp(|x|) before its point */
    i64 digits = x->negative ? max_i64(scale - weight, 0) + weight : scale + weight;
    i64 places;
    Fixed power, one;
    if (!exp_positive(room, x, size, digits + 4, &places, &power))
        return false;
    if (x->negative) {
        if (!fixed_from_small(room, 1, places, &one) ||
            !fixed_divide(room, one, power, places, &power))
            return false;
    }
    return fixed_to_num(room, power, places, scale, r);
}

/* |x| <= 0.01: the series at PostgreSQL's own scale, eight digits more than asked for, each term
 * rounded. Arguments of few digits hit ties there (exp(-0.00000001)), where exacter work would
 * round the other way than PostgreSQL. */
static bool exp_tiny(Room room, Num x, i64 scale, Num *r)
{
    i64 working = scale + 8;
    Num sum, term;
    if (!num_add(num_from_i64(1), x, room.arena, &sum, room.error))
        return false;
    term = x;
    for (i64 n = 2;; n++) {
        if (!num_multiply(term, x, room.arena, &term, room.error) ||
            !num_rescale(room, term, working, ROUND_HALF_UP, &term) ||
            !num_divide_to(room, term, num_from_i64(n), working, ROUND_HALF_UP, &term) ||
            !num_add(sum, term, room.arena, &sum, room.error))
            return false;
        if (num_is_zero(term))
            return num_rescale(room, sum, scale, ROUND_HALF_UP, r);
    }
}

bool num_exp_to(Room room, Num a, i64 scale, Num *result)
{
    f64 value = num_to_f64(a);
    if (fabs(value) >= EXPONENT_MAX) {
        if (value > 0)
            return num_overflow(room.error);
        *result = num_zero((i32)scale);
        return true;
    }
    Finite finite;
    finite_open(a, &finite);
    Scratch scratch;
    scratch_open(&scratch, room);
    bool done = fabs(value) <= 0.01 ? exp_tiny(scratch.room, a, scale, result)
                                    : exp_finite(scratch.room, &finite, value, scale, result);
    return scratch_close(&scratch, done, room, result);
}

bool num_exp(Num a, Arena *arena, Num *r, Error *error)
{
    if (num_is_special(a)) {
        *r = a.kind == NUM_MINUS_INFINITY ? num_zero(0) : a;
        return true;
    }
    f64 weight = num_to_f64(a) * 0.434294481903252;
    weight = fmin(fmax(weight, -RESULT_SCALE_MAX), RESULT_SCALE_MAX);
    i64 scale = clamp_scale(max_i64(SIGNIFICANT_DIGITS_MIN - (i64)weight, a.scale));
    return num_exp_to((Room){.arena = arena, .error = error}, a, scale, r);
}

/* ---- logarithms ---- */

bool num_check_logarithm(Num a, Error *error)
{
    int sign = num_sign(a);
    if (sign > 0)
        return true;
    return error_set(error, E_INVALID_ARGUMENT_FOR_LOGARITHM, "%s",
                     sign < 0 ? "cannot take logarithm of a negative number"
                              : "cannot take logarithm of zero");
}

/* 0.9 <= a <= 1.1 */
static bool is_near_one(Num a)
{
    Num low = {.kind = NUM_INLINE, .scale = 1, .small = 9};
    Num high = {.kind = NUM_INLINE, .scale = 1, .small = 11};
    return num_compare(a, low) >= 0 && num_compare(a, high) <= 0;
}

/* a - 1 for a near one: its first digit's exponent; 0 when a is 1. */
static i32 weight_near_one(Num a)
{
    Finite finite;
    finite_open(a, &finite);
    i64 scale = finite.scale;
    /* above one: the digits behind the point; below: their complement to 9s (and a last 10) */
    bool above = magnitude_digits(finite.m) > scale;
    i64 zeros = magnitude_trailing_zeros(finite.m);
    for (i64 i = scale - 1; i >= 0; i--) {
        i32 digit = magnitude_digit(finite.m, i);
        if (above ? digit != 0 : digit != 9 || i == zeros)
            return (i32)(i - scale);
    }
    return 0;
}

i32 num_ln_weight(Num a)
{
    if (num_sign(a) <= 0)
        return 0;
    if (is_near_one(a))
        return weight_near_one(a);
    Finite finite;
    finite_open(a, &finite);
    i32 taken = 8;
    u64 top = magnitude_top(finite.m, taken);
    i64 digits = magnitude_digits(finite.m);
    i64 weight = finite_exponent(&finite) - (min_i64(taken, digits) - 1);
    f64 logarithm = log((f64)top) + (f64)weight * 2.302585092994046;
    return (i32)log10(fabs(logarithm));
}

/* 2 * artanh((x - 1) / (x + 1)) for x near 1. */
static bool ln_series(Room room, Fixed x, i64 places, Fixed *sum)
{
    Fixed one, minus_one, above, below, z, square, power, term;
    if (!fixed_from_small(room, 1, places, &one))
        return false;
    minus_one = (Fixed){true, one.m};
    if (!fixed_add(room, x, minus_one, &above) || !fixed_add(room, x, one, &below) ||
        !fixed_divide(room, above, below, places, &z) ||
        !fixed_multiply(room, z, z, places, &square))
        return false;
    power = *sum = z;
    for (u32 n = 3; power.m.count > 0; n += 2)
        if (!fixed_multiply(room, power, square, places, &power) ||
            !fixed_divide_small(room, power, n, &term) || !fixed_add(room, *sum, term, sum))
            return false;
    return fixed_multiply_small(room, *sum, 2, sum);
}

/* How many square roots bring a number of this size within 1 +- 0.02. */
static i32 roots_needed(f64 logarithm)
{
    i32 roots = 0;
    for (f64 rest = fabs(logarithm); rest > 0.02; rest /= 2)
        roots++;
    return roots;
}

/* ln(m * 10^-scale) with `digits` digits behind the point right. */
static bool ln_fixed(Room room, const Finite *finite, i64 digits, i64 places, Fixed *r)
{
    f64 logarithm = log((f64)magnitude_top(finite->m, 17)) +
                    (f64)(magnitude_digits(finite->m) - min_i64(magnitude_digits(finite->m), 17) -
                          finite->scale) *
                        2.302585092994046;
    i32 roots = roots_needed(logarithm);
    Fixed x;
    if (!fixed_from(room, finite, places, &x))
        return false;
    for (i32 i = 0; i < roots; i++)
        if (!magnitude_shift_up(room, x.m, places * LIMB_DIGITS, &x.m) ||
            !magnitude_sqrt(room, x.m, &x.m))
            return false;
    return ln_series(room, x, places, r) && fixed_multiply_small(room, *r, (u32)1 << roots, r);
}

/* exponent * ln(10) added to *r. */
static bool add_powers_of_ten(Room room, i64 exponent, i64 digits, i64 places, Fixed *r)
{
    Finite ten = {.m = {(const u32[]){10}, 1}};
    Fixed ln_ten;
    if (!ln_fixed(room, &ten, digits, places, &ln_ten) ||
        !fixed_multiply_small(room, ln_ten, (u32)(exponent < 0 ? -exponent : exponent), &ln_ten))
        return false;
    ln_ten.negative = exponent < 0;
    return fixed_add(room, *r, ln_ten, r);
}

static bool ln_finite(Room room, Finite *finite, i64 scale, Num *result)
{
    i64 digits = scale + 12; /* doublings and the factor of ln(10) cost that many at most */
    i64 exponent = finite_exponent(finite), taken_out = 0, places;
    if (exponent > PLAIN_DIGITS_MAX || exponent < -PLAIN_DIGITS_MAX) {
        taken_out = exponent;
        finite->scale = (i32)(finite->scale + exponent);
    } else if (exponent < 0) {
        digits += -exponent * 2; /* the roots of a small number need its digits */
    }
    places = places_for(digits);
    Fixed r;
    if (finite->scale < 0) {
        if (!magnitude_shift_up(room, finite->m, -finite->scale, &finite->m))
            return false;
        finite->scale = 0;
    }
    if (!ln_fixed(room, finite, digits, places, &r))
        return false;
    if (taken_out && !add_powers_of_ten(room, taken_out, digits, places, &r))
        return false;
    return fixed_to_num(room, r, places, scale, result);
}

bool num_ln_to(Room room, Num a, i64 scale, Num *result)
{
    if (!num_check_logarithm(a, room.error))
        return false;
    Finite finite;
    finite_open(a, &finite);
    Scratch scratch;
    scratch_open(&scratch, room);
    bool done = ln_finite(scratch.room, &finite, scale, result);
    return scratch_close(&scratch, done, room, result);
}

bool num_ln(Num a, Arena *arena, Num *r, Error *error)
{
    if (a.kind == NUM_NAN || a.kind == NUM_INFINITY) {
        *r = a;
        return true;
    }
    if (!num_check_logarithm(a, error))
        return false;
    i64 scale = clamp_scale(max_i64(SIGNIFICANT_DIGITS_MIN - num_ln_weight(a), a.scale));
    return num_ln_to((Room){.arena = arena, .error = error}, a, scale, r);
}

/* log(base, a) where either is NaN or infinite. */
static bool log_specials(Num base, Num a, Num *r, Error *error)
{
    *r = num_special(NUM_NAN);
    if (base.kind == NUM_NAN || a.kind == NUM_NAN)
        return true;
    if (num_sign(base) < 0 || num_sign(a) < 0)
        return num_check_logarithm(num_from_i64(-1), error);
    if (num_sign(base) == 0 || num_sign(a) == 0)
        return num_check_logarithm(num_from_i64(0), error);
    if (base.kind == NUM_INFINITY)
        *r = a.kind == NUM_INFINITY ? num_special(NUM_NAN) : num_zero(0);
    else
        *r = num_special(NUM_INFINITY);
    return true;
}

bool num_log(Num base, Num a, Arena *arena, Num *r, Error *error)
{
    if (num_is_special(base) || num_is_special(a))
        return log_specials(base, a, r, error);
    if (!num_check_logarithm(base, error) || !num_check_logarithm(a, error))
        return false;
    i64 base_weight = num_ln_weight(base), weight = num_ln_weight(a);
    i64 result_weight = weight - base_weight;
    i64 scale = max_i64(SIGNIFICANT_DIGITS_MIN - result_weight, max_i64(base.scale, a.scale));
    scale = clamp_scale(scale);
    i64 base_scale = max_i64(scale + result_weight - base_weight + 8, 0);
    i64 a_scale = max_i64(scale + result_weight - weight + 8, 0);
    Room room = {.arena = arena, .error = error};
    Num ln_base, ln_a;
    return num_ln_to(room, base, base_scale, &ln_base) && num_ln_to(room, a, a_scale, &ln_a) &&
           num_divide_to(room, ln_a, ln_base, scale, ROUND_HALF_UP, r);
}
