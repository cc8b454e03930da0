/* SPDX-License-Identifier: Apache-2.0
 *
 * Magnitude: a natural number as little-endian base-10^9 limbs without leading zeros, and the
 * arithmetic on it that Num is built from. Inside types/ only.
 *
 * Ownership law: limbs live in the arena of the Room a function was given, or belong to the
 * operand when nothing had to change; nobody writes them after they were handed out.
 */
#ifndef GOTGAN_NUM_LIMBS_H
#define GOTGAN_NUM_LIMBS_H

#include "types/num.h"

enum { LIMB_DIGITS = 9 };

typedef struct Magnitude {
    const u32 *limbs;
    i32 count; /* 0: zero; else limbs[count - 1] != 0 */
} Magnitude;

/* Where results go and how failure is told. */
typedef struct Room {
    Arena *arena;
    Error *error;
    bool unbounded; /* what is made may be beyond PostgreSQL's range: a step on the way */
} Room;

/* Room for the limbs of a u128. */
enum { SMALL_LIMBS = 5 };
Magnitude magnitude_of_u128(u128 value, u32 limbs[SMALL_LIMBS]);
/* false: does not fit */
must_check bool magnitude_to_u128(Magnitude m, u128 *value);

int magnitude_compare(Magnitude a, Magnitude b);
/* Decimal digits; 0 for zero. */
i64 magnitude_digits(Magnitude m);
/* The digit at 10^position. */
i32 magnitude_digit(Magnitude m, i64 position);
/* The value of the first `count` (<= 18) digits; all when there are fewer. */
u64 magnitude_top(Magnitude m, i32 count);
/* Decimal zeros at the end; 0 for zero. */
i64 magnitude_trailing_zeros(Magnitude m);

must_check bool magnitude_add(Room room, Magnitude a, Magnitude b, Magnitude *sum);
/* a >= b */
must_check bool magnitude_subtract(Room room, Magnitude a, Magnitude b, Magnitude *difference);
must_check bool magnitude_multiply(Room room, Magnitude a, Magnitude b, Magnitude *product);
/* m * 10^digits */
must_check bool magnitude_shift_up(Room room, Magnitude m, i64 digits, Magnitude *result);
/* m / 10^digits, and what to do with the digits dropped */
typedef enum Rounding {
    ROUND_DOWN,      /* drop them */
    ROUND_HALF_UP,   /* up when the first is 5 or more */
    ROUND_UP_IF_ANY, /* up when any is not 0 */
} Rounding;
must_check bool magnitude_shift_down(Room room, Magnitude m, i64 digits, Rounding rounding,
                                     Magnitude *result);
/* a = quotient * b + rest; b not zero; rest may be NULL. */
must_check bool magnitude_divide(Room room, Magnitude a, Magnitude b, Magnitude *quotient,
                                 Magnitude *rest);

/* Whole part of the square root. */
must_check bool magnitude_sqrt(Room room, Magnitude m, Magnitude *root);

/* A finite Num taken apart; limbs point into `small` when it is inline. */
typedef struct Finite {
    bool negative;
    i32 scale;
    Magnitude m;
    u32 small[SMALL_LIMBS];
} Finite;
void finite_open(Num num, Finite *finite);
/* Canonical Num of sign * m * 10^-scale; 22003 when out of PostgreSQL's range. */
must_check bool num_make(Room room, bool negative, Magnitude m, i64 scale, Num *num);
must_check bool num_of_i128(Room room, i128 value, i32 scale, Num *num);
/* Of numbers that may be beyond the range: 22003 when it is. */
must_check bool num_check_range(Num num, Error *error);
must_check bool num_add_in(Room room, Num a, Num b, Num *sum);
/* Scales of unbounded products add up to 65,535 at most. */
must_check bool num_multiply_in(Room room, Num a, Num b, Num *product);
/* Inline zero with a display scale. */
static inline Num num_zero(i32 scale)
{
    return (Num){.kind = NUM_INLINE, .scale = (u16)scale};
}
static inline Num num_special(u8 kind)
{
    return (Num){.kind = kind};
}
static inline bool num_is_special(Num num)
{
    return num.kind >= NUM_NAN;
}
bool num_overflow(Error *error);
/* The same value with another display scale, rounded half away from zero; scale >= 0. */
must_check bool num_rescale(Room room, Num num, i64 scale, Rounding rounding, Num *result);
/* Exponent of the first digit: 0 for 1..9, -1 for 0.1..0.9; m is not zero. */
static inline i64 finite_exponent(const Finite *finite)
{
    return magnitude_digits(finite->m) - 1 - finite->scale;
}
/* Division to a given scale. rounding: DOWN or HALF_UP. */
must_check bool num_divide_to(Room room, Num a, Num b, i64 scale, Rounding rounding, Num *result);
/* num_div_pg's scale for two finite numbers, b not zero. */
i64 num_division_scale(Num a, Num b);
/* The square root of a finite number that is not negative, to a given scale. */
must_check bool num_sqrt_to(Room room, Num a, i64 scale, Num *result);
/* The natural logarithm and the exponential of a finite number to a given scale. */
must_check bool num_ln_to(Room room, Num a, i64 scale, Num *result);
must_check bool num_exp_to(Room room, Num a, i64 scale, Num *result);
/* PostgreSQL's estimate of the decimal weight of ln(a). */
i32 num_ln_weight(Num a);
/* 2201E for zero and below; a is not special. */
must_check bool num_check_logarithm(Num a, Error *error);

#endif
