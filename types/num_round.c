/* SPDX-License-Identifier: Apache-2.0
 *
 * Rounding of Num: round, trunc, ceil, floor, and the typmod numeric(p,s).
 *
 * All of them drop digits of the magnitude and differ in what the dropped ones do. A negative
 * scale rounds before the point and shows no digits behind it.
 */
#include "types/num.h"
#include "types/num_limbs.h"
#include "types/type.h"

/* Beyond these no digit changes. */
enum { ROUND_SCALE_MIN = -131073, ROUND_SCALE_MAX = NUM_SCALE_MAX };

/* To a scale of any sign. */
static bool round_to(Room room, Num a, i32 scale, Rounding rounding, Num *r)
{
    if (num_is_special(a)) {
        *r = a;
        return true;
    }
    if (scale >= 0)
        return num_rescale(room, a, scale, rounding, r);
    Finite finite;
    finite_open(a, &finite);
    Magnitude m;
    if (!magnitude_shift_down(room, finite.m, (i64)finite.scale - scale, rounding, &m) ||
        !magnitude_shift_up(room, m, -(i64)scale, &m))
        return false;
    return num_make(room, finite.negative && m.count > 0, m, 0, r);
}

static i32 clamp_scale(i32 scale)
{
    return (i32)max_i64(ROUND_SCALE_MIN, min_i64(scale, ROUND_SCALE_MAX));
}

bool num_round(Num a, i32 scale, Arena *arena, Num *r, Error *error)
{
    return round_to((Room){.arena = arena, .error = error}, a, clamp_scale(scale), ROUND_HALF_UP,
                    r);
}

bool num_trunc(Num a, i32 scale, Arena *arena, Num *r, Error *error)
{
    return round_to((Room){.arena = arena, .error = error}, a, clamp_scale(scale), ROUND_DOWN, r);
}

bool num_ceil(Num a, Arena *arena, Num *r, Error *error)
{
    Rounding rounding = num_sign(a) > 0 ? ROUND_UP_IF_ANY : ROUND_DOWN;
    return round_to((Room){.arena = arena, .error = error}, a, 0, rounding, r);
}

bool num_floor(Num a, Arena *arena, Num *r, Error *error)
{
    Rounding rounding = num_sign(a) < 0 ? ROUND_UP_IF_ANY : ROUND_DOWN;
    return round_to((Room){.arena = arena, .error = error}, a, 0, rounding, r);
}

static bool field_overflow(i32 precision, i32 scale, Error *error)
{
    i32 digits = precision - scale;
    error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow");
    return error_detail(
        error,
        "A field with precision %d, scale %d must round to an absolute value less than %s%d.",
        precision, scale, digits ? "10^" : "", digits ? digits : 1);
}

bool num_apply_typmod(Num *num, i32 typmod, Arena *arena, Error *error)
{
    if (typmod == TYPMOD_NONE || num->kind == NUM_NAN)
        return true;
    i32 precision = numeric_typmod_precision(typmod), scale = numeric_typmod_scale(typmod);
    if (num_is_special(*num)) {
        error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow");
        return error_detail(error,
                            "A field with precision %d, scale %d cannot hold an infinite value.",
                            precision, scale);
    }
    Num rounded;
    if (!round_to((Room){.arena = arena, .error = error}, *num, scale, ROUND_HALF_UP, &rounded))
        return false;
    Finite finite;
    finite_open(rounded, &finite);
    if (finite.m.count && magnitude_digits(finite.m) - finite.scale > precision - scale)
        return field_overflow(precision, scale, error);
    *num = rounded;
    return true;
}
