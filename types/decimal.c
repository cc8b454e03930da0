/* SPDX-License-Identifier: Apache-2.0
 *
 * Scaled integers: powers of ten, changing the scale, reading and writing.
 *
 * The reader takes up to 38 digits in two words: the first 18 in a u64 (what a price or a
 * quantity has), the rest in 128 bits. Anything else (exponents, NaN, more digits) is left to
 * num_parse: DECIMAL_OTHER.
 */
#include "types/decimal.h"

#include "types/digits.h"

static const i64 powers[19] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

i64 power10_i64(i32 n)
{
    assert(n >= 0 && n <= 18);
    return powers[n];
}

i128 power10_i128(i32 n)
{
    assert(n >= 0 && n <= 38);
    if (n <= 18)
        return powers[n];
    i128 high = (i128)powers[18] * powers[n <= 36 ? n - 18 : 18];
    return n <= 36 ? high : high * powers[n - 36];
}

static u128 magnitude(i128 value)
{
    return value < 0 ? -(u128)value : (u128)value;
}

/* sign * size as i128; false: does not fit. */
static bool with_sign(u128 size, bool negative, i128 *value)
{
    if (size > (u128)1 << 127 || (size == (u128)1 << 127 && !negative))
        return false;
    *value = negative ? (i128)-size : (i128)size;
    return true;
}

bool decimal_rescale(i128 value, i32 from, i32 to, i128 *result)
{
    if (to >= from) {
        if (value == 0 || to == from) {
            *result = value;
            return true;
        }
        return to - from <= 38 && !__builtin_mul_overflow(value, power10_i128(to - from), result);
    }
    *result = 0;
    if (from - to > 39)
        return true;
    u128 size = magnitude(value);
    if (from - to == 39) /* below 2 * 10^38: always less than half of 10^39 */
        return true;
    u128 power = (u128)power10_i128(from - to);
    u128 quotient = size / power, rest = size % power;
    quotient += rest >= power - rest;
    return with_sign(quotient, value < 0, result);
}

bool decimal_fits(i128 value, i32 precision)
{
    return precision > 38 || magnitude(value) < (u128)power10_i128(precision);
}

/* ---- text ---- */

/* What a plain number's text says before the scale is applied. */
typedef struct PlainNumber {
    u128 digits; /* all digits taken, as one integer */
    i32 count;   /* significant digits in it */
    i32 behind;  /* of them behind the point */
    bool negative;
    bool round_up;     /* the first digit not taken is 5 or more */
    bool any;          /* there was a digit */
    bool point, ended; /* '.' was seen; digits behind the scale began */
} PlainNumber;

/* Adds one digit; false: too many. */
static bool plain_add(PlainNumber *number, i32 digit, i32 scale)
{
    number->any = true;
    if (number->point && number->behind == scale) {
        if (!number->ended)
            number->round_up = digit >= 5;
        number->ended = true;
        return true;
    }
    if (number->count == DECIMAL128_DIGITS)
        return false;
    number->digits = number->digits * 10 + (u32)digit;
    number->count += number->digits != 0;
    number->behind += number->point;
    return true;
}

static DecimalParse plain_finish(PlainNumber *number, i32 scale, i128 *value)
{
    i32 missing = scale - number->behind;
    if (number->count + missing > DECIMAL128_DIGITS && number->digits != 0)
        return DECIMAL_OTHER;
    u128 size = number->digits == 0 ? 0 : number->digits * (u128)power10_i128(missing);
    size += number->round_up;
    return with_sign(size, number->negative, value) ? DECIMAL_OK : DECIMAL_OTHER;
}

static DecimalParse parse_wide(const char *at, const char *end, bool negative, i32 scale,
                               i128 *value)
{
    PlainNumber number = {.negative = negative};
    for (; at < end; at++) {
        if (is_digit(*at)) {
            if (!plain_add(&number, *at - '0', scale))
                return DECIMAL_OTHER;
        } else if (*at == '.' && !number.point) {
            number.point = true;
        } else if (is_letter(*at)) {
            return DECIMAL_OTHER; /* an exponent, NaN, Infinity or nonsense: num_parse knows */
        } else {
            return DECIMAL_SYNTAX;
        }
    }
    return number.any ? plain_finish(&number, scale, value) : DECIMAL_SYNTAX;
}

/* At most 18 digits, none to be rounded away: false when the text is anything else. */
static inline bool parse_short(const char *at, const char *end, bool negative, i32 scale,
                               i128 *value)
{
    if (end - at > 19 || scale > DECIMAL64_DIGITS)
        return false;
    u64 digits = 0;
    const char *start = at;
    for (; at < end && is_digit(*at); at++)
        digits = digits * 10 + (u32)(*at - '0');
    i64 before = at - start, behind = 0;
    if (at < end && *at == '.') {
        const char *fraction = ++at;
        for (; at < end && is_digit(*at); at++)
            digits = digits * 10 + (u32)(*at - '0');
        behind = at - fraction;
    }
    if (at < end || behind > scale || before + behind == 0 || before + scale > DECIMAL64_DIGITS)
        return false;
    i64 scaled = (i64)digits * powers[scale - behind];
    *value = negative ? -scaled : scaled;
    return true;
}

DecimalParse decimal_parse(Text text, i32 scale, i128 *value)
{
    const char *at = text.data, *end = text.data + text.len;
    while (at < end && is_space(*at))
        at++;
    while (at < end && is_space(end[-1]))
        end--;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (parse_short(at, end, negative, scale, value))
        return DECIMAL_OK;
    return parse_wide(at, end, negative, scale, value);
}

i32 decimal_print_i64(i64 value, i32 scale, char *out)
{
    u64 size = value < 0 ? -(u64)value : (u64)value;
    char *at = out;
    if (value < 0)
        *at++ = '-';
    if (scale == 0)
        return (i32)(at - out) + u64_write(size, at);
    if (scale > DECIMAL64_DIGITS)
        return decimal_print(value, scale, out);
    u64 power = (u64)powers[scale];
    at += u64_write(size / power, at);
    *at++ = '.';
    digits_write(size % power, scale, at);
    return (i32)(at - out) + scale;
}

/* All 39 digits of size, zero padded; returns how many are significant (1 for 0). */
static i32 u128_digits(u128 size, char out[39])
{
    u64 base = (u64)powers[18];
    digits_write((u64)(size % base), 18, out + 21);
    size /= base;
    digits_write((u64)(size % base), 18, out + 3);
    digits_write((u64)(size / base), 3, out);
    i32 first = 0;
    while (first < 38 && out[first] == '0')
        first++;
    return 39 - first;
}

i32 decimal_print(i128 value, i32 scale, char *out)
{
    assert(scale >= 0 && scale <= DECIMAL128_DIGITS);
    if (value == (i64)value && scale <= DECIMAL64_DIGITS)
        return decimal_print_i64((i64)value, scale, out);
    char digits[39];
    i32 count = u128_digits(magnitude(value), digits);
    char *at = out;
    if (value < 0)
        *at++ = '-';
    i32 before = count > scale ? count - scale : 1;
    memcpy(at, digits + 39 - scale - before, (size_t)before);
    at += before;
    if (scale) {
        *at++ = '.';
        memcpy(at, digits + 39 - scale, (size_t)scale);
        at += scale;
    }
    return (i32)(at - out);
}

i32 i128_print(i128 value, char *out)
{
    return decimal_print(value, 0, out);
}
