/* SPDX-License-Identifier: Apache-2.0
 *
 * Num: PostgreSQL's numeric of any size, in a 16-byte slot: an i64 inside, or base-10^9 limbs
 * elsewhere; with its own display scale; also NaN and the infinities.
 *
 * The value is  sign * magnitude * 10^-scale,  where magnitude is the integer `small` or the
 * little-endian limbs. scale is also what is printed: 1.50 is {150, scale 2}. Equality, hash and
 * order ignore it. Limits are PostgreSQL's: 131,072 digits before the point, 16,383 behind.
 *
 * Ownership law: limbs live in the arena the result was asked for (num_copy to keep them longer).
 * Results are canonical: a magnitude that fits an i64 is stored inline, limbs have no leading
 * zero.
 */
#ifndef GOTGAN_NUM_H
#define GOTGAN_NUM_H

#include "base/arena.h"

enum { NUM_INLINE, NUM_LIMBS, NUM_NAN, NUM_INFINITY, NUM_MINUS_INFINITY };
enum { NUM_SCALE_MAX = 16383, NUM_LIMB = 1000000000 };

typedef struct Num {
    u8 kind;     /* NUM_INLINE ... */
    u8 negative; /* NUM_LIMBS: sign */
    u16 scale;   /* digits behind the point, 0..16383 */
    u32 count;   /* NUM_LIMBS: number of limbs */
    union {
        i64 small;        /* NUM_INLINE: signed */
        const u32 *limbs; /* NUM_LIMBS: least significant first */
    };
} Num;
_Static_assert(sizeof(Num) == 16, "Num is two words");

static inline Num num_from_i64(i64 value)
{
    return (Num){.kind = NUM_INLINE, .small = value};
}
/* value * 10^-scale; scale 0..NUM_SCALE_MAX */
must_check bool num_from_i128(i128 value, i32 scale, Arena *arena, Num *num, Error *error);
/* PostgreSQL's float8_numeric: 15 significant digits. float4: 6. */
must_check bool num_from_f64(f64 value, i32 digits, Arena *arena, Num *num, Error *error);
must_check bool num_copy(Num value, Arena *arena, Num *copy, Error *error);

/* As text: all of PostgreSQL's input forms; 22P02 / 22003. */
must_check bool num_parse(Text text, Arena *arena, Num *num, Error *error);
/* Bytes num_print will write at most. */
i64 num_text_bytes(Num num);
/* Returns the length. */
i64 num_print(Num num, char *out);

/* NaN is equal to NaN and above everything. */
int num_compare(Num a, Num b);
/* Equal for equal numbers, whatever their scales. */
u64 num_hash(Num num);
bool num_is_zero(Num num);
int num_sign(Num num); /* -1, 0, 1; NaN: 0 */

/* Result scales are PostgreSQL's. 22003 "value overflows numeric format", 22012. */
must_check bool num_add(Num a, Num b, Arena *arena, Num *r, Error *error);
must_check bool num_subtract(Num a, Num b, Arena *arena, Num *r, Error *error);
must_check bool num_multiply(Num a, Num b, Arena *arena, Num *r, Error *error);
/* The one division: PostgreSQL's select_div_scale decides the scale, rounds half away from 0. */
must_check bool num_div_pg(Num a, Num b, Arena *arena, Num *r, Error *error);
must_check bool num_div_trunc(Num a, Num b, Arena *arena, Num *r, Error *error);
must_check bool num_mod(Num a, Num b, Arena *arena, Num *r, Error *error);
Num num_negate(Num a);
Num num_abs(Num a);
/* round(a, scale) and trunc(a, scale); scale may be negative. */
must_check bool num_round(Num a, i32 scale, Arena *arena, Num *r, Error *error);
must_check bool num_trunc(Num a, i32 scale, Arena *arena, Num *r, Error *error);
must_check bool num_ceil(Num a, Arena *arena, Num *r, Error *error);
must_check bool num_floor(Num a, Arena *arena, Num *r, Error *error);
must_check bool num_sqrt(Num a, Arena *arena, Num *r, Error *error);
must_check bool num_exp(Num a, Arena *arena, Num *r, Error *error);
must_check bool num_ln(Num a, Arena *arena, Num *r, Error *error);
must_check bool num_log(Num base, Num a, Arena *arena, Num *r, Error *error);
must_check bool num_power(Num a, Num b, Arena *arena, Num *r, Error *error);

/* Applies numeric(p,s): rounds, 22003 "numeric field overflow" with PostgreSQL's detail. */
must_check bool num_apply_typmod(Num *num, i32 typmod, Arena *arena, Error *error);

/* Conversions out: 22003 "integer out of range" etc. is the caller's text: false = does not fit
 * or is not finite; rounds half away from zero. */
must_check bool num_to_i64(Num num, i64 *value);
/* Scaled: value = round(num * 10^scale). */
must_check bool num_to_i128(Num num, i32 scale, i128 *value);
f64 num_to_f64(Num num); /* overflow gives an infinity */

/* A self-contained byte form, canonical except for the scale: storage and spill keep it.
 * Bytes num_encode will write; it returns the same number. num_decode checks every byte (XX001). */
i64 num_encoded_bytes(Num num);
i64 num_encode(Num num, u8 *out);
must_check bool num_decode(const u8 *bytes, i64 len, Arena *arena, Num *num, Error *error);

/* Running sum with a fast path; sum of an empty set is the caller's NULL. */
typedef struct NumSum {
    i128 exact;  /* sum of finite inline values at scale */
    Num spilled; /* the part that did not fit exact; limbs in arena */
    i64 count;   /* rows summed, specials included */
    i64 nan, plus_infinity, minus_infinity;
    i32 scale;     /* of exact */
    i32 scale_max; /* display scale of the result */
} NumSum;
must_check bool num_sum_add(NumSum *sum, Num value, Arena *arena, Error *error);
must_check bool num_sum_merge(NumSum *sum, const NumSum *other, Arena *arena, Error *error);
must_check bool num_sum_result(const NumSum *sum, Arena *arena, Num *result, Error *error);

/* Variance and standard deviation of sum.count values. */
typedef struct NumSpread {
    NumSum sum, squares;
} NumSpread;
typedef struct NumVariance {
    i32 less;  /* 1: of the sample, 0: of the population */
    bool root; /* the standard deviation */
} NumVariance;
must_check bool num_spread_add(NumSpread *spread, Num value, Arena *arena, Error *error);
must_check bool num_spread_merge(NumSpread *spread, const NumSpread *other, Arena *arena,
                                 Error *error);
/* More than `less` values were added. */
must_check bool num_spread_variance(const NumSpread *spread, NumVariance variance, Arena *arena,
                                    Num *result, Error *error);
/* (n * squares - sum * sum) / (n * (n - less)), perhaps its root: of sums made elsewhere. */
must_check bool num_variance(Num sum, Num squares, i64 n, NumVariance variance, Arena *arena,
                             Num *result, Error *error);

#endif
