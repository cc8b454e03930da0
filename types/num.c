/* SPDX-License-Identifier: Apache-2.0
 *
 * Num as a value: making canonical ones, taking them apart, order, hash, conversions out.
 *
 * Order and hash must ignore the scale: both look at a number as base-10^9 digits aligned to the
 * decimal point, which are made on the fly from two neighbouring limbs; no memory is needed.
 */
#include "types/num.h"

#include <math.h>

#include "types/decimal.h"
#include "types/digits.h"
#include "types/num_limbs.h"

enum { DIGITS_BEFORE_POINT_MAX = 131072 };

bool num_overflow(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
}

void finite_open(Num num, Finite *finite)
{
    assert(!num_is_special(num));
    finite->scale = num.scale;
    if (num.kind == NUM_LIMBS) {
        finite->negative = num.negative;
        finite->m = (Magnitude){num.limbs, (i32)num.count};
        return;
    }
    finite->negative = num.small < 0;
    u64 size = num.small < 0 ? -(u64)num.small : (u64)num.small;
    finite->m = magnitude_of_u128(size, finite->small);
}

static bool is_in_range(Magnitude m, i64 scale)
{
    return scale >= 0 && scale <= NUM_SCALE_MAX &&
           magnitude_digits(m) - scale <= DIGITS_BEFORE_POINT_MAX;
}

bool num_check_range(Num num, Error *error)
{
    if (num_is_special(num))
        return true;
    Finite finite;
    finite_open(num, &finite);
    return is_in_range(finite.m, finite.scale) || num_overflow(error);
}

bool num_make(Room room, bool negative, Magnitude m, i64 scale, Num *num)
{
    if (!room.unbounded && !is_in_range(m, scale))
        return num_overflow(room.error);
    assert(scale >= 0 && scale <= UINT16_MAX);
    u128 small;
    if (m.count <= 3 && magnitude_to_u128(m, &small) && small <= (u128)INT64_MAX + negative) {
        i64 value = negative ? (i64)(0 - (u64)small) : (i64)small;
        *num = (Num){.kind = NUM_INLINE, .scale = (u16)scale, .small = value};
        return true;
    }
    *num = (Num){.kind = NUM_LIMBS,
                 .negative = negative,
                 .scale = (u16)scale,
                 .count = (u32)m.count,
                 .limbs = m.limbs};
    return true;
}

bool num_from_i128(i128 value, i32 scale, Arena *arena, Num *num, Error *error)
{
    assert(scale >= 0 && scale <= NUM_SCALE_MAX);
    return num_of_i128((Room){.arena = arena, .error = error}, value, scale, num);
}

bool num_of_i128(Room room, i128 value, i32 scale, Num *num)
{
    if (value == (i64)value) {
        *num = (Num){.kind = NUM_INLINE, .scale = (u16)scale, .small = (i64)value};
        return true;
    }
    u32 *limbs = arena_try(room.arena, SMALL_LIMBS * (i64)sizeof(u32), room.error);
    if (!limbs)
        return false;
    u128 size = value < 0 ? -(u128)value : (u128)value;
    Magnitude m = magnitude_of_u128(size, limbs);
    return num_make(room, value < 0, m, scale, num);
}

bool num_copy(Num value, Arena *arena, Num *copy, Error *error)
{
    *copy = value;
    if (value.kind != NUM_LIMBS)
        return true;
    u32 *limbs = arena_try(arena, value.count * (i64)sizeof(u32), error);
    if (!limbs)
        return false;
    memcpy(limbs, value.limbs, value.count * sizeof(u32));
    copy->limbs = limbs;
    return true;
}

bool num_is_zero(Num num)
{
    return num.kind == NUM_INLINE && num.small == 0;
}

int num_sign(Num num)
{
    switch (num.kind) {
    case NUM_INLINE:
        return (num.small > 0) - (num.small < 0);
    case NUM_LIMBS:
        return num.negative ? -1 : 1;
    case NUM_INFINITY:
        return 1;
    case NUM_MINUS_INFINITY:
        return -1;
    default:
        return 0;
    }
}

/* Only -INT64_MIN leaves the inline range; its limbs are the same for every such number. */
static Num num_of_two_to_63(u16 scale)
{
    static const u32 limbs[] = {854775808, 223372036, 9};
    return (Num){.kind = NUM_LIMBS, .scale = scale, .count = 3, .limbs = limbs};
}

static bool limbs_are_two_to_63(Num num)
{
    Num two_to_63 = num_of_two_to_63(0);
    return num.count == 3 && memcmp(num.limbs, two_to_63.limbs, 3 * sizeof(u32)) == 0;
}

Num num_negate(Num a)
{
    switch (a.kind) {
    case NUM_INLINE:
        if (a.small == INT64_MIN)
            return num_of_two_to_63(a.scale);
        a.small = -a.small;
        return a;
    case NUM_LIMBS:
        if (!a.negative && limbs_are_two_to_63(a))
            return (Num){.kind = NUM_INLINE, .scale = a.scale, .small = INT64_MIN};
        a.negative = !a.negative;
        return a;
    case NUM_INFINITY:
        return num_special(NUM_MINUS_INFINITY);
    case NUM_MINUS_INFINITY:
        return num_special(NUM_INFINITY);
    default:
        return a;
    }
}

Num num_abs(Num a)
{
    return num_sign(a) < 0 ? num_negate(a) : a;
}

/* ---- digits aligned to the point ---- */

/* A finite number as base-10^9 digits: digit i weighs 10^(9 * i), first..last, i may be
 * negative. */
typedef struct Aligned {
    Magnitude m;
    i32 pad;      /* zeros appended so that the scale becomes a multiple of 9 */
    i32 behind;   /* digits behind the point */
    u32 low, up;  /* 10^(9 - pad), 10^pad */
    i32 top, end; /* weights: top is the highest digit's, end is one below the lowest's */
} Aligned;

static Aligned aligned_open(const Finite *finite)
{
    Aligned a = {.m = finite->m};
    a.pad = (LIMB_DIGITS - finite->scale % LIMB_DIGITS) % LIMB_DIGITS;
    a.behind = (finite->scale + a.pad) / LIMB_DIGITS;
    a.up = (u32)power10_i64(a.pad);
    a.low = (u32)power10_i64(LIMB_DIGITS - a.pad);
    a.top = a.m.count - a.behind; /* one more than limbs: the pad may carry over */
    a.end = -a.behind - 1;
    return a;
}

static u32 aligned_digit(const Aligned *a, i32 weight)
{
    i32 i = weight + a->behind;
    u32 here = i >= 0 && i < a->m.count ? a->m.limbs[i] : 0;
    if (a->pad == 0)
        return here;
    u32 below = i >= 1 && i - 1 < a->m.count ? a->m.limbs[i - 1] : 0;
    return here % a->low * a->up + below / a->low;
}

static int compare_magnitudes(const Finite *x, const Finite *y)
{
    if (x->scale == y->scale)
        return magnitude_compare(x->m, y->m);
    Aligned a = aligned_open(x), b = aligned_open(y);
    i32 top = a.top > b.top ? a.top : b.top, end = a.end < b.end ? a.end : b.end;
    for (i32 weight = top; weight > end; weight--) {
        u32 from_a = aligned_digit(&a, weight), from_b = aligned_digit(&b, weight);
        if (from_a != from_b)
            return from_a < from_b ? -1 : 1;
    }
    return 0;
}

/* Place of a kind in the order: -inf, finite, inf, NaN. */
static int kind_rank(Num num)
{
    return num.kind == NUM_MINUS_INFINITY ? 0
           : num.kind == NUM_INFINITY     ? 2
           : num.kind == NUM_NAN          ? 3
                                          : 1;
}

int num_compare(Num a, Num b)
{
    if (a.kind == NUM_INLINE && b.kind == NUM_INLINE && a.scale == b.scale)
        return (a.small > b.small) - (a.small < b.small);
    int rank_a = kind_rank(a), rank_b = kind_rank(b);
    if (rank_a != rank_b)
        return rank_a < rank_b ? -1 : 1;
    if (rank_a != 1)
        return 0;
    int sign_a = num_sign(a), sign_b = num_sign(b);
    if (sign_a != sign_b)
        return sign_a < sign_b ? -1 : 1;
    Finite x, y;
    finite_open(a, &x);
    finite_open(b, &y);
    int order = compare_magnitudes(&x, &y);
    return sign_a < 0 ? -order : order;
}

static u64 mix(u64 hash, u64 value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

u64 num_hash(Num num)
{
    if (num_is_special(num))
        return mix(0x51ed270b, num.kind);
    if (num_is_zero(num))
        return mix(0x51ed270b, 0);
    Finite finite;
    finite_open(num, &finite);
    Aligned a = aligned_open(&finite);
    i32 weight = a.top, last = a.end + 1;
    while (aligned_digit(&a, weight) == 0)
        weight--;
    while (aligned_digit(&a, last) == 0)
        last++;
    u64 hash = mix(0x2545f4914f6cdd1d, (u64)(i64)weight << 1 | finite.negative);
    for (; weight >= last; weight--)
        hash = mix(hash, aligned_digit(&a, weight));
    return mix(hash, 0x632be5ab);
}

/* ---- conversions out ---- */

bool num_rescale(Room room, Num num, i64 scale, Rounding rounding, Num *result)
{
    *result = num;
    if (num_is_special(num) || num.scale == scale)
        return true;
    Finite finite;
    finite_open(num, &finite);
    if (num_is_zero(num))
        return num_make(room, false, finite.m, scale, result);
    Magnitude m;
    if (scale > finite.scale) {
        if (!magnitude_shift_up(room, finite.m, scale - finite.scale, &m))
            return false;
    } else if (!magnitude_shift_down(room, finite.m, finite.scale - scale, rounding, &m)) {
        return false;
    }
    return num_make(room, finite.negative, m, scale, result);
}

/* The limbs of a number that must fit i128 at `scale`, without memory. */
static bool limbs_to_i128(Num num, i32 scale, i128 *value)
{
    Finite finite;
    finite_open(num, &finite);
    i64 drop = (i64)finite.scale - scale, digits = magnitude_digits(finite.m);
    if (digits - drop > DECIMAL128_DIGITS + 1)
        return false;
    u128 size = 0;
    for (i64 i = digits - 1; i >= 0 && i >= drop; i--)
        if (__builtin_mul_overflow(size, (u128)10, &size) ||
            __builtin_add_overflow(size, (u128)magnitude_digit(finite.m, i), &size))
            return false;
    for (i64 i = 0; i < -drop; i++)
        if (__builtin_mul_overflow(size, (u128)10, &size))
            return false;
    if (drop > 0 && drop <= digits)
        size += magnitude_digit(finite.m, drop - 1) >= 5;
    if (size > ((u128)1 << 127) - 1 + finite.negative)
        return false;
    *value = finite.negative ? (i128)(0 - size) : (i128)size;
    return true;
}

bool num_to_i128(Num num, i32 scale, i128 *value)
{
    assert(scale >= 0);
    if (num.kind == NUM_INLINE)
        return decimal_rescale(num.small, num.scale, scale, value);
    return num.kind == NUM_LIMBS && limbs_to_i128(num, scale, value);
}

bool num_to_i64(Num num, i64 *value)
{
    i128 wide;
    if (!num_to_i128(num, 0, &wide) || wide != (i64)wide)
        return false;
    *value = (i64)wide;
    return true;
}

/* Correctly rounded, through text: the first 800 digits decide every double. */
static f64 limbs_to_f64(Num num)
{
    enum { DIGITS_MAX = 800 };
    Finite finite;
    finite_open(num, &finite);
    char text[DIGITS_MAX + 32];
    i64 digits = magnitude_digits(finite.m), taken = min_i64(digits, DIGITS_MAX);
    i64 at = 0;
    if (finite.negative)
        text[at++] = '-';
    for (i64 i = 0; i < taken; i++)
        text[at++] = (char)('0' + magnitude_digit(finite.m, digits - 1 - i));
    if (taken < digits) /* a digit that breaks a tie the right way */
        text[at++] = '1';
    i64 exponent = digits - taken - (taken < digits) - finite.scale;
    snprintf(text + at, sizeof text - (size_t)at, "e%lld", (long long)exponent);
    return strtod(text, NULL);
}

f64 num_to_f64(Num num)
{
    static const f64 exact_powers[] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    };
    if (num.kind == NUM_NAN)
        return NAN;
    if (num.kind == NUM_INFINITY)
        return INFINITY;
    if (num.kind == NUM_MINUS_INFINITY)
        return -INFINITY;
    /* two exact doubles: their quotient is rounded once */
    if (num.kind == NUM_INLINE && num.scale < countof(exact_powers) && num.small <= (i64)1 << 53 &&
        num.small >= -((i64)1 << 53))
        return (f64)num.small / exact_powers[num.scale];
    return limbs_to_f64(num);
}
