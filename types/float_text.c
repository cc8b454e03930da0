/* SPDX-License-Identifier: Apache-2.0
 *
 * real and double precision as text.
 *
 * Out: the shortest digits that read back as the same value, found by trying precisions upwards,
 * in PostgreSQL's layout: fixed notation for decimal exponents -4..14 (real: -4..5), else
 * d.ddde+XX. A candidate exactly half-way between two values is not taken, although it would read
 * back by the rule of even mantissas: PostgreSQL does not take it either.
 * In: up to 15 digits and a small exponent are an integer times or over an exact power of ten,
 * rounded once (W. D. Clinger, How to read floating point numbers accurately); everything else
 * goes through strtod, which is correctly rounded in this C library.
 */
#include <errno.h>
#include <math.h>

#include "types/digits.h"
#include "types/text_in.h"
#include "types/text_out.h"

enum { DIGITS_MAX = 17, FIXED_EXPONENT_MIN = -4 };

/* ---- out ---- */

/* value = 0.d1d2d3... * 10^(exponent + 1), digits without zeros at the end. */
typedef struct ShortDigits {
    char digits[DIGITS_MAX + 1];
    i32 count, exponent;
} ShortDigits;

/* Takes "d.ddde+XX" apart. */
static void digits_from_scientific(const char *text, ShortDigits *out)
{
    out->count = 0;
    const char *at = text;
    for (; *at != 'e'; at++)
        if (*at != '.')
            out->digits[out->count++] = *at;
    out->exponent = (i32)strtol(at + 1, NULL, 10);
    while (out->count > 1 && out->digits[out->count - 1] == '0')
        out->count--;
}

/* Whether text lies exactly in the middle between value and a neighbour. */
static bool is_half_way(const char *text, f64 value, f64 below, f64 above)
{
    long double exact = strtold(text, NULL);
    return exact == ((long double)value + above) / 2 || exact == ((long double)value + below) / 2;
}

/* Makes the digits of "d.ddde+XX" one larger in the last place; false: all are nines. */
static bool next_digits_up(char *text)
{
    char *at = strchr(text, 'e') - 1;
    while (at >= text && (*at == '9' || *at == '.'))
        at--;
    if (at < text)
        return false;
    ++*at;
    for (at++; *at != 'e'; at++)
        if (*at != '.')
            *at = '0';
    return true;
}

/* Below a power of two the values lie twice as close as above it: the nearest text of some length
 * may not read back although the next one up does. */
static bool is_power_of_two(f64 value)
{
    int exponent;
    return frexp(value, &exponent) == 0.5;
}

static bool reads_back_f64(const char *text, f64 value)
{
    return strtod(text, NULL) == value &&
           !is_half_way(text, value, nextafter(value, 0), nextafter(value, INFINITY));
}

static bool reads_back_f32(const char *text, f32 value)
{
    return strtof(text, NULL) == value &&
           !is_half_way(text, value, nextafterf(value, 0), nextafterf(value, INFINITY));
}

static void shortest_f64(f64 value, ShortDigits *out)
{
    char text[FLOAT_TEXT_BYTES];
    bool power = is_power_of_two(value);
    /* a normal double that has a text of up to 15 digits gets it from 15 */
    for (i32 precision = value < 2.3e-308 ? 1 : 15; precision <= DIGITS_MAX; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, value);
        if (reads_back_f64(text, value) || (power && precision < DIGITS_MAX &&
                                            next_digits_up(text) && reads_back_f64(text, value)))
            break;
    }
    digits_from_scientific(text, out);
}

static void shortest_f32(f32 value, ShortDigits *out)
{
    char text[FLOAT_TEXT_BYTES];
    bool power = is_power_of_two(value);
    for (i32 precision = value < 1.2e-38f ? 1 : 6; precision <= 9; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, (f64)value);
        if (reads_back_f32(text, value) ||
            (power && precision < 9 && next_digits_up(text) && reads_back_f32(text, value)))
            break;
    }
    digits_from_scientific(text, out);
}

static char *put_bytes(char *at, const char *bytes, i32 count)
{
    memcpy(at, bytes, (size_t)count);
    return at + count;
}

static char *put_zeros(char *at, i32 count)
{
    memset(at, '0', (size_t)count);
    return at + count;
}

static char *layout_fixed(const ShortDigits *number, char *at)
{
    i32 before = number->exponent + 1; /* digits in front of the point */
    if (before <= 0) {
        at = put_bytes(at, "0.", 2);
        at = put_zeros(at, -before);
        return put_bytes(at, number->digits, number->count);
    }
    if (number->count <= before) {
        at = put_bytes(at, number->digits, number->count);
        return put_zeros(at, before - number->count);
    }
    at = put_bytes(at, number->digits, before);
    *at++ = '.';
    return put_bytes(at, number->digits + before, number->count - before);
}

static char *layout_scientific(const ShortDigits *number, char *at)
{
    *at++ = number->digits[0];
    if (number->count > 1) {
        *at++ = '.';
        at = put_bytes(at, number->digits + 1, number->count - 1);
    }
    *at++ = 'e';
    *at++ = number->exponent < 0 ? '-' : '+';
    i32 size = number->exponent < 0 ? -number->exponent : number->exponent;
    i32 digits = size >= 100 ? 3 : 2;
    digits_write((u64)size, digits, at);
    return at + digits;
}

static i32 layout(const ShortDigits *number, bool negative, i32 fixed_exponent_max, char *out)
{
    char *at = out;
    if (negative)
        *at++ = '-';
    bool fixed = number->exponent >= FIXED_EXPONENT_MIN && number->exponent <= fixed_exponent_max;
    at = fixed ? layout_fixed(number, at) : layout_scientific(number, at);
    return (i32)(at - out);
}

/* NaN, the infinities and zeros; 0: an ordinary number. */
static i32 print_special(f64 value, char *out)
{
    const char *text = isnan(value)   ? "NaN"
                       : isinf(value) ? (value > 0 ? "Infinity" : "-Infinity")
                       : value == 0   ? (signbit(value) ? "-0" : "0")
                                      : "";
    i32 len = (i32)strlen(text);
    memcpy(out, text, (size_t)len);
    return len;
}

/* extra_float_digits <= 0: a fixed number of digits. */
static i32 print_digits(f64 value, i32 digits, char *out)
{
    char text[FLOAT_TEXT_BYTES];
    i32 len = snprintf(text, sizeof text, "%.*g", digits < 1 ? 1 : digits, value);
    memcpy(out, text, (size_t)len);
    return len;
}

i32 float8_print(f64 value, i32 extra_float_digits, char *out)
{
    i32 len = print_special(value, out);
    if (len)
        return len;
    if (extra_float_digits <= 0)
        return print_digits(value, 15 + extra_float_digits, out);
    ShortDigits number;
    shortest_f64(fabs(value), &number);
    return layout(&number, value < 0, 14, out);
}

i32 float4_print(f32 value, i32 extra_float_digits, char *out)
{
    i32 len = print_special(value, out);
    if (len)
        return len;
    if (extra_float_digits <= 0)
        return print_digits(value, 6 + extra_float_digits, out);
    ShortDigits number;
    shortest_f32(fabsf(value), &number);
    return layout(&number, value < 0, 5, out);
}

/* ---- in ---- */

enum { COPY_BYTES = 1024, SIGNIFICANT_MAX = 800 };
#define EXPONENT_HUGE INT64_C(1000000000000)

/* A plain decimal number of at most 15 digits whose power of ten is exact. */
static bool parse_exactly(const char *at, const char *end, f64 *value)
{
    static const f64 powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool negative = at < end && *at == '-';
    at += negative;
    if (end - at > 16 || at == end)
        return false;
    u64 mantissa = 0;
    i32 digits = 0, behind = 0;
    bool point = false;
    for (; at < end; at++) {
        if (is_digit(*at)) {
            mantissa = mantissa * 10 + (u32)(*at - '0');
            digits++;
            behind += point;
        } else if (*at == '.' && !point) {
            point = true;
        } else {
            return false;
        }
    }
    if (digits == 0 || digits > 15)
        return false;
    f64 size = (f64)mantissa / powers[behind];
    *value = negative ? -size : size;
    return true;
}

/* e, a sign or none, and digits up to the end of the text; so many digits that only "huge" can be
 * meant stay a huge number. */
static bool read_exponent(Text text, i64 at, i64 *exponent)
{
    bool negative = false;
    *exponent = 0;
    if (at == text.len)
        return true;
    if (text.data[at] != 'e' && text.data[at] != 'E')
        return false;
    at++;
    if (at < text.len && (text.data[at] == '-' || text.data[at] == '+'))
        negative = text.data[at++] == '-';
    if (at == text.len)
        return false;
    for (; at < text.len; at++) {
        if (!is_digit(text.data[at]))
            return false;
        if (*exponent < EXPONENT_HUGE)
            *exponent = *exponent * 10 + (text.data[at] - '0');
    }
    if (negative)
        *exponent = -*exponent;
    return true;
}

/* Copies a very long number with its digits cut to what can matter: a digit 1 stands for the
 * rest, the exponent makes up for it. Plain decimal notation only; false: something else. */
static bool shorten(Text text, char *out)
{
    i64 at = 0, taken = 0, dropped = 0, len = 0;
    bool point = false, significant = false, rest = false;
    if (text.data[0] == '-' || text.data[0] == '+')
        out[len++] = text.data[at++];
    for (; at < text.len && (is_digit(text.data[at]) || (text.data[at] == '.' && !point)); at++) {
        if (text.data[at] == '.') {
            point = true;
            continue;
        }
        significant |= text.data[at] != '0';
        if (taken < SIGNIFICANT_MAX && significant) {
            out[len++] = text.data[at];
            taken++;
            dropped -= point;
        } else {
            rest |= text.data[at] != '0';
            dropped += !point && significant;
            dropped -= point && !significant;
        }
    }
    i64 exponent;
    if (!read_exponent(text, at, &exponent))
        return false;
    if (taken == 0)
        out[len++] = '0';
    snprintf(out + len, 64, "%se%lld", rest ? "1" : "", (long long)(exponent + dropped - rest));
    return true;
}

typedef struct FloatType {
    const char *name;
    bool single;
} FloatType;

static bool bad_float(Text text, const FloatType *type, Error *error)
{
    return error_set(error, E_INVALID_TEXT_REPRESENTATION,
                     "invalid input syntax for type %s: \"%.*s\"", type->name, ERROR_TEXT(text));
}

static bool float_parse(Text text, const FloatType *type, f64 *value, Error *error)
{
    const char *start = text.data, *stop = text.data + text.len;
    while (start < stop && is_space(*start))
        start++;
    while (start < stop && is_space(stop[-1]))
        stop--;
    Text number = {start, stop - start};
    char copy[COPY_BYTES];
    if (number.len == 0)
        return bad_float(text, type, error);
    if (number.len < COPY_BYTES) {
        memcpy(copy, number.data, (size_t)number.len);
        copy[number.len] = 0;
    } else if (!shorten(number, copy)) {
        return bad_float(text, type, error);
    }
    char *end;
    errno = 0;
    *value = type->single ? strtof(copy, &end) : strtod(copy, &end);
    bool range = errno == ERANGE && (*value == 0 || isinf(*value));
    if (end == copy)
        return bad_float(text, type, error);
    if (range)
        return error_set(
            error, E_NUMERIC_VALUE_OUT_OF_RANGE, "\"%.*s\" is out of range for type %s",
            number.len < COPY_BYTES ? (int)(end - copy) : (int)number.len, number.data, type->name);
    return *end == 0 || bad_float(text, type, error);
}

bool float8_parse(Text text, f64 *value, Error *error)
{
    static const FloatType type = {"double precision", false};
    return parse_exactly(text.data, text.data + text.len, value) ||
           float_parse(text, &type, value, error);
}

bool float4_parse(Text text, f32 *value, Error *error)
{
    static const FloatType type = {"real", true};
    f64 wide;
    if (!float_parse(text, &type, &wide, error))
        return false;
    *value = (f32)wide;
    return true;
}
