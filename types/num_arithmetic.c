/* SPDX-License-Identifier: Apache-2.0
 *
 * + - * / % of Num, with PostgreSQL's result scales and its rules for NaN and the infinities.
 *
 * Inline operands, nearly all there are, are done in 128-bit integers; what does not fit there
 * goes through magnitudes. Division chooses its scale so that at least 16 significant digits
 * come out, counting in groups of four digits as PostgreSQL does.
 */
#include "types/decimal.h"
#include "types/num.h"
#include "types/num_limbs.h"

enum {
    SIGNIFICANT_DIGITS_MIN = 16,
    DISPLAY_SCALE_MAX = 1000,
    GROUP_DIGITS = 4,   /* PostgreSQL's base is 10^4: weights count such groups */
    POWER_IN_U128 = 19, /* i64 * 10^19 fits u128 */
};

static bool division_by_zero(Error *error)
{
    return error_set(error, E_DIVISION_BY_ZERO, "division by zero");
}

static bool is_infinite(Num a)
{
    return a.kind == NUM_INFINITY || a.kind == NUM_MINUS_INFINITY;
}

static Num infinity_of_sign(int sign)
{
    return num_special(sign < 0 ? NUM_MINUS_INFINITY : NUM_INFINITY);
}

/* ---- sums ---- */

static Num add_specials(Num a, Num b)
{
    if (a.kind == NUM_NAN || b.kind == NUM_NAN)
        return num_special(NUM_NAN);
    if (is_infinite(a) && is_infinite(b))
        return a.kind == b.kind ? a : num_special(NUM_NAN);
    return is_infinite(a) ? a : b;
}

/* Both at one scale. */
static bool add_signed(Room room, const Finite *a, const Finite *b, Num *r)
{
    Magnitude m;
    if (a->negative == b->negative)
        return magnitude_add(room, a->m, b->m, &m) && num_make(room, a->negative, m, a->scale, r);
    bool a_larger = magnitude_compare(a->m, b->m) >= 0;
    const Finite *large = a_larger ? a : b, *less = a_larger ? b : a;
    if (!magnitude_subtract(room, large->m, less->m, &m))
        return false;
    return num_make(room, large->negative && m.count > 0, m, a->scale, r);
}

static bool add_limbs(Num a, Num b, Room room, Num *r)
{
    Finite x, y;
    finite_open(a, &x);
    finite_open(b, &y);
    Finite *coarse = x.scale < y.scale ? &x : &y;
    i32 scale = x.scale < y.scale ? y.scale : x.scale;
    if (!magnitude_shift_up(room, coarse->m, scale - coarse->scale, &coarse->m))
        return false;
    coarse->scale = scale;
    return add_signed(room, &x, &y, r);
}

bool num_add_in(Room room, Num a, Num b, Num *r)
{
    if (num_is_special(a) || num_is_special(b)) {
        *r = add_specials(a, b);
        return true;
    }
    i32 difference = (i32)a.scale - b.scale;
    if (a.kind == NUM_INLINE && b.kind == NUM_INLINE && difference >= -18 && difference <= 18) {
        i128 x = (i128)a.small * power10_i64(difference < 0 ? -difference : 0);
        i128 y = (i128)b.small * power10_i64(difference > 0 ? difference : 0);
        return num_of_i128(room, x + y, difference < 0 ? b.scale : a.scale, r);
    }
    return add_limbs(a, b, room, r);
}

bool num_add(Num a, Num b, Arena *arena, Num *r, Error *error)
{
    return num_add_in((Room){.arena = arena, .error = error}, a, b, r);
}

bool num_subtract(Num a, Num b, Arena *arena, Num *r, Error *error)
{
    return num_add(a, num_negate(b), arena, r, error);
}

/* ---- products ---- */

static Num multiply_specials(Num a, Num b)
{
    int sign = num_sign(a) * num_sign(b); /* 0 for NaN and for inf * 0 */
    return sign == 0 ? num_special(NUM_NAN) : infinity_of_sign(sign);
}

/* More digits behind the point than a Num can have are rounded away. */
static bool multiply_limbs(Num a, Num b, Room room, Num *r)
{
    Finite x, y;
    finite_open(a, &x);
    finite_open(b, &y);
    Magnitude m;
    if (!magnitude_multiply(room, x.m, y.m, &m))
        return false;
    i64 scale = (i64)x.scale + y.scale;
    if (scale > NUM_SCALE_MAX && !room.unbounded) {
        if (!magnitude_shift_down(room, m, scale - NUM_SCALE_MAX, ROUND_HALF_UP, &m))
            return false;
        scale = NUM_SCALE_MAX;
    }
    return num_make(room, x.negative != y.negative && m.count > 0, m, scale, r);
}

bool num_multiply_in(Room room, Num a, Num b, Num *r)
{
    if (num_is_special(a) || num_is_special(b)) {
        *r = multiply_specials(a, b);
        return true;
    }
    i32 scale = (i32)a.scale + b.scale;
    if (a.kind == NUM_INLINE && b.kind == NUM_INLINE && scale <= NUM_SCALE_MAX)
        return num_of_i128(room, (i128)a.small * b.small, scale, r);
    return multiply_limbs(a, b, room, r);
}

bool num_multiply(Num a, Num b, Arena *arena, Num *r, Error *error)
{
    return num_multiply_in((Room){.arena = arena, .error = error}, a, b, r);
}

/* ---- quotients ---- */

/* The number's highest group of four digits, aligned to the point, and that group's weight. */
typedef struct TopGroup {
    i64 weight;
    i32 digits; /* 1..9999; 0 for zero */
} TopGroup;

static i64 floor_divide(i64 a, i64 b)
{
    return a / b - (a % b < 0);
}

static TopGroup top_group(const Finite *finite)
{
    if (finite->m.count == 0)
        return (TopGroup){0, 0};
    i64 exponent = finite_exponent(finite), weight = floor_divide(exponent, GROUP_DIGITS);
    i32 taken = (i32)(exponent - weight * GROUP_DIGITS) + 1;
    i64 digits = magnitude_digits(finite->m);
    u64 top = magnitude_top(finite->m, taken);
    for (i64 i = digits; i < taken; i++) /* 1200 is {12, scale -2}: the zeros are implied */
        top *= 10;
    return (TopGroup){weight, (i32)top};
}

/* PostgreSQL's choice of a quotient's scale. */
static i64 division_scale(const Finite *a, const Finite *b)
{
    TopGroup x = top_group(a), y = top_group(b);
    i64 weight = x.weight - y.weight - (x.digits <= y.digits);
    i64 scale = SIGNIFICANT_DIGITS_MIN - weight * GROUP_DIGITS;
    scale = max_i64(scale, max_i64(a->scale, b->scale));
    return min_i64(max_i64(scale, 0), DISPLAY_SCALE_MAX);
}

i64 num_division_scale(Num a, Num b)
{
    Finite x, y;
    finite_open(a, &x);
    finite_open(b, &y);
    return division_scale(&x, &y);
}

/* When a * 10^shift fits 128 bits; false: it does not. */
static bool divide_small(const Finite *a, const Finite *b, i64 shift, Rounding rounding,
                         u128 *quotient)
{
    u128 dividend, divisor;
    if (shift < 0 || shift > POWER_IN_U128 + 18 || !magnitude_to_u128(a->m, &dividend) ||
        !magnitude_to_u128(b->m, &divisor) ||
        __builtin_mul_overflow(dividend, (u128)power10_i128((i32)shift), &dividend))
        return false;
    u128 rest;
    if (dividend <= UINT64_MAX && divisor <= UINT64_MAX) {
        *quotient = (u64)dividend / (u64)divisor;
        rest = (u64)dividend % (u64)divisor;
    } else {
        *quotient = dividend / divisor;
        rest = dividend % divisor;
    }
    if (rounding == ROUND_HALF_UP && rest >= divisor - rest)
        ++*quotient;
    return true;
}

static bool divide_limbs(Room room, const Finite *a, const Finite *b, i64 shift, Rounding rounding,
                         Magnitude *quotient)
{
    Magnitude dividend = a->m, divisor = b->m, rest, left;
    bool shifted = shift >= 0 ? magnitude_shift_up(room, dividend, shift, &dividend)
                              : magnitude_shift_up(room, divisor, -shift, &divisor);
    if (!shifted || !magnitude_divide(room, dividend, divisor, quotient, &rest))
        return false;
    if (rounding == ROUND_DOWN)
        return true;
    static const u32 one[] = {1};
    if (!magnitude_subtract(room, divisor, rest, &left))
        return false;
    return magnitude_compare(rest, left) < 0 ||
           magnitude_add(room, *quotient, (Magnitude){one, 1}, quotient);
}

static bool divide_finite(Room room, const Finite *a, const Finite *b, i64 scale, Rounding rounding,
                          Num *r)
{
    i64 shift = scale + b->scale - a->scale;
    bool negative = a->negative != b->negative;
    u128 small;
    Magnitude m;
    if (divide_small(a, b, shift, rounding, &small)) {
        u32 *limbs = NULL, inside[SMALL_LIMBS];
        if (small > INT64_MAX &&
            !(limbs = arena_try(room.arena, SMALL_LIMBS * (i64)sizeof(u32), room.error)))
            return false;
        m = magnitude_of_u128(small, limbs ? limbs : inside);
        return num_make(room, negative && m.count > 0, m, scale, r);
    }
    if (!divide_limbs(room, a, b, shift, rounding, &m))
        return false;
    return num_make(room, negative && m.count > 0, m, scale, r);
}

bool num_divide_to(Room room, Num a, Num b, i64 scale, Rounding rounding, Num *result)
{
    if (num_is_zero(b))
        return division_by_zero(room.error);
    Finite x, y;
    finite_open(a, &x);
    finite_open(b, &y);
    return divide_finite(room, &x, &y, scale, rounding, result);
}

static bool divide_specials(Num a, Num b, Num *r, Error *error)
{
    *r = num_special(NUM_NAN);
    if (a.kind == NUM_NAN || b.kind == NUM_NAN)
        return true;
    if (is_infinite(a) && is_infinite(b))
        return true;
    if (is_infinite(b)) {
        *r = num_zero(0);
        return true;
    }
    if (num_is_zero(b))
        return division_by_zero(error);
    *r = infinity_of_sign(num_sign(a) * num_sign(b));
    return true;
}

bool num_div_pg(Num a, Num b, Arena *arena, Num *r, Error *error)
{
    if (num_is_special(a) || num_is_special(b))
        return divide_specials(a, b, r, error);
    if (num_is_zero(b))
        return division_by_zero(error);
    Finite x, y;
    finite_open(a, &x);
    finite_open(b, &y);
    return divide_finite((Room){.arena = arena, .error = error}, &x, &y, division_scale(&x, &y),
                         ROUND_HALF_UP, r);
}

bool num_div_trunc(Num a, Num b, Arena *arena, Num *r, Error *error)
{
    if (num_is_special(a) || num_is_special(b))
        return divide_specials(a, b, r, error);
    return num_divide_to((Room){.arena = arena, .error = error}, a, b, 0, ROUND_DOWN, r);
}

static bool mod_specials(Num a, Num b, Num *r, Error *error)
{
    *r = num_special(NUM_NAN);
    if (a.kind == NUM_NAN || b.kind == NUM_NAN)
        return true;
    if (is_infinite(a))
        return num_is_zero(b) ? division_by_zero(error) : true;
    *r = a; /* the divisor is infinite */
    return true;
}

bool num_mod(Num a, Num b, Arena *arena, Num *r, Error *error)
{
    if (num_is_special(a) || num_is_special(b))
        return mod_specials(a, b, r, error);
    if (num_is_zero(b))
        return division_by_zero(error);
    if (a.kind == NUM_INLINE && b.kind == NUM_INLINE && a.scale == b.scale) {
        i64 rest = b.small == -1 ? 0 : a.small % b.small;
        *r = (Num){.kind = NUM_INLINE, .scale = a.scale, .small = rest};
        return true;
    }
    Room room = {.arena = arena, .error = error};
    Finite x, y;
    finite_open(a, &x);
    finite_open(b, &y);
    i32 scale = x.scale > y.scale ? x.scale : y.scale;
    Magnitude dividend, divisor, quotient, rest;
    if (!magnitude_shift_up(room, x.m, scale - x.scale, &dividend) ||
        !magnitude_shift_up(room, y.m, scale - y.scale, &divisor) ||
        !magnitude_divide(room, dividend, divisor, &quotient, &rest))
        return false;
    if (rest.limbs == x.small && !magnitude_add(room, rest, (Magnitude){NULL, 0}, &rest))
        return false;
    return num_make(room, x.negative && rest.count > 0, rest, scale, r);
}
