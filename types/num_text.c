/* SPDX-License-Identifier: Apache-2.0
 *
 * numeric as text: PostgreSQL's input forms, and output with the display scale.
 *
 * A text of digits is first measured (digits before and behind the point, exponent), then read
 * once: up to 18 digits straight into an i64, more into limbs from the last digit on.
 */
#include <math.h>

#include "base/text.h"
#include "types/digits.h"
#include "types/num.h"
#include "types/num_limbs.h"

enum { EXPONENT_LIMIT = INT32_MAX / 2 };

/* A number's text taken apart. */
typedef struct NumberText {
    bool negative;
    const char *digits, *digits_end; /* digits and at most one point */
    i64 before, behind;              /* digits on each side of the point */
    i64 exponent;
    bool out_of_range; /* the exponent alone is too large */
} NumberText;

static bool bad_syntax(Text text, Error *error)
{
    return error_set(error, E_INVALID_TEXT_REPRESENTATION,
                     "invalid input syntax for type numeric: \"%.*s\"", ERROR_TEXT(text));
}

static Text trim_spaces(Text text)
{
    const char *at = text.data, *end = text.data + text.len;
    while (at < end && is_space(*at))
        at++;
    while (at < end && is_space(end[-1]))
        end--;
    return (Text){at, end - at};
}

/* NaN and the infinities, any letter case; text is trimmed. */
static bool parse_special(Text text, Num *num)
{
    bool negative = text.len > 0 && text.data[0] == '-';
    bool sign = negative || (text.len > 0 && text.data[0] == '+');
    Text word = text_slice(text, sign, text.len);
    if (!sign && text_equal_ignoring_case(word, TEXT("nan"))) {
        *num = num_special(NUM_NAN);
        return true;
    }
    if (text_equal_ignoring_case(word, TEXT("infinity")) ||
        text_equal_ignoring_case(word, TEXT("inf"))) {
        *num = num_special(negative ? NUM_MINUS_INFINITY : NUM_INFINITY);
        return true;
    }
    return false;
}

/* Reads what follows the 'e': white space, a sign, digits. */
static bool parse_exponent(const char *at, const char *end, NumberText *number)
{
    while (at < end && is_space(*at))
        at++;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    i64 exponent = 0;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        exponent = min_i64(exponent * 10 + (*at - '0'), (i64)INT32_MAX * 16);
    }
    number->exponent = negative ? -exponent : exponent;
    number->out_of_range = exponent >= EXPONENT_LIMIT;
    return true;
}

static bool measure(Text text, NumberText *number)
{
    *number = (NumberText){0};
    const char *at = text.data, *end = text.data + text.len;
    number->negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    number->digits = at;
    bool point = false;
    for (; at < end; at++) {
        if (is_digit(*at)) {
            number->before += !point;
            number->behind += point;
        } else if (*at == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    number->digits_end = at;
    if (number->before + number->behind == 0)
        return false;
    if (at == end)
        return true;
    return (*at == 'e' || *at == 'E') && parse_exponent(at + 1, end, number);
}

/* Limbs of the digits, read from the last one on. */
static bool read_limbs(Room room, const NumberText *number, Magnitude *m)
{
    i64 digits = number->before + number->behind;
    i64 count = (digits + LIMB_DIGITS - 1) / LIMB_DIGITS;
    u32 *limbs = arena_try(room.arena, count * (i64)sizeof(u32), room.error);
    if (!limbs)
        return false;
    u32 weight = 1;
    i64 limb = 0;
    for (const char *at = number->digits_end - 1; at >= number->digits; at--) {
        if (*at == '.')
            continue;
        limbs[limb] += (u32)(*at - '0') * weight;
        weight *= 10;
        if (weight == NUM_LIMB) {
            weight = 1;
            limb++;
        }
    }
    while (count > 0 && limbs[count - 1] == 0)
        count--;
    *m = (Magnitude){limbs, (i32)count};
    return true;
}

static void read_small(const NumberText *number, u32 small[SMALL_LIMBS], Magnitude *m)
{
    u64 value = 0;
    for (const char *at = number->digits; at < number->digits_end; at++)
        if (*at != '.')
            value = value * 10 + (u32)(*at - '0');
    *m = magnitude_of_u128(value, small);
}

/* digits * 10^exponent; a positive rest of the exponent becomes zeros. */
static bool apply_exponent(Room room, const NumberText *number, Magnitude m, Num *num)
{
    i64 scale = number->behind - number->exponent;
    if (scale >= 0)
        return num_make(room, number->negative, m, scale, num);
    if (m.count == 0) {
        *num = num_zero(0);
        return true;
    }
    if (magnitude_digits(m) - scale > 131072)
        return num_overflow(room.error);
    return magnitude_shift_up(room, m, -scale, &m) && num_make(room, number->negative, m, 0, num);
}

bool num_parse(Text text, Arena *arena, Num *num, Error *error)
{
    Room room = {.arena = arena, .error = error};
    Text trimmed = trim_spaces(text);
    NumberText number;
    if (!measure(trimmed, &number))
        return parse_special(trimmed, num) || bad_syntax(text, error);
    if (number.out_of_range)
        return num_overflow(error);
    Magnitude m;
    u32 small[SMALL_LIMBS];
    if (number.before + number.behind <= 18)
        read_small(&number, small, &m);
    else if (!read_limbs(room, &number, &m))
        return false;
    /* what was read into `small` fits an i64: no limb of it is referred to */
    return apply_exponent(room, &number, m, num);
}

bool num_from_f64(f64 value, i32 digits, Arena *arena, Num *num, Error *error)
{
    if (isnan(value)) {
        *num = num_special(NUM_NAN);
        return true;
    }
    if (isinf(value)) {
        *num = num_special(value > 0 ? NUM_INFINITY : NUM_MINUS_INFINITY);
        return true;
    }
    char text[64];
    i32 len = snprintf(text, sizeof text, "%.*g", digits, value);
    return num_parse((Text){text, len}, arena, num, error);
}

i64 num_text_bytes(Num num)
{
    if (num.kind == NUM_LIMBS)
        return 3 + max_i64((i64)num.count * LIMB_DIGITS, (i64)num.scale + 1);
    return 3 + max_i64(20, (i64)num.scale + 1);
}

static i64 print_word(Text word, char *out)
{
    memcpy(out, word.data, (size_t)word.len);
    return word.len;
}

/* Digits 10^(from - 1) .. 10^to of m. */
static char *print_digits(Magnitude m, i64 from, i64 to, char *out)
{
    for (i64 i = from; i > to;) {
        i64 limb = (i - 1) / LIMB_DIGITS;
        if (i % LIMB_DIGITS == 0 && i - LIMB_DIGITS >= to) {
            digits_write(limb < m.count ? m.limbs[limb] : 0, LIMB_DIGITS, out);
            out += LIMB_DIGITS;
            i -= LIMB_DIGITS;
        } else {
            *out++ = (char)('0' + magnitude_digit(m, i - 1));
            i--;
        }
    }
    return out;
}

i64 num_print(Num num, char *out)
{
    if (num.kind == NUM_NAN)
        return print_word(TEXT("NaN"), out);
    if (num.kind == NUM_INFINITY)
        return print_word(TEXT("Infinity"), out);
    if (num.kind == NUM_MINUS_INFINITY)
        return print_word(TEXT("-Infinity"), out);
    Finite finite;
    finite_open(num, &finite);
    char *at = out;
    if (finite.negative)
        *at++ = '-';
    i64 digits = max_i64(magnitude_digits(finite.m), (i64)finite.scale + 1);
    at = print_digits(finite.m, digits, finite.scale, at);
    if (finite.scale) {
        *at++ = '.';
        at = print_digits(finite.m, finite.scale, 0, at);
    }
    return at - out;
}
