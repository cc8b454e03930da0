/* SPDX-License-Identifier: Apache-2.0
 *
 * Integers, oids and booleans from text, and i64 to text.
 *
 * An overflow is told as soon as the digits say so, even when nonsense follows; PostgreSQL's
 * readers do the same.
 */
#include "base/text.h"
#include "types/digits.h"
#include "types/text_in.h"
#include "types/text_out.h"

static bool bad_integer(Text text, const char *type, Error *error)
{
    return error_set(error, E_INVALID_TEXT_REPRESENTATION,
                     "invalid input syntax for type %s: \"%.*s\"", type, ERROR_TEXT(text));
}

static bool integer_range(Text text, const char *type, Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE,
                     "value \"%.*s\" is out of range for type %s", ERROR_TEXT(text), type);
}

/* limit: the largest value; -limit - 1 is the smallest. */
TEMPLATE bool integer_parse(Text text, u64 limit, const char *type, i64 *value, Error *error)
{
    const char *at = text.data, *end = text.data + text.len;
    while (at < end && is_space(*at))
        at++;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    const char *digits = at;
    u64 size = 0, most = limit + negative;
    for (; at < end && is_digit(*at); at++) {
        u32 digit = (u32)(*at - '0');
        if (unlikely(at - digits >= 18) && size > (most - digit) / 10)
            return integer_range(text, type, error);
        size = size * 10 + digit;
        if (size > most)
            return integer_range(text, type, error);
    }
    bool any = at > digits;
    while (at < end && is_space(*at))
        at++;
    if (!any || at < end)
        return bad_integer(text, type, error);
    *value = negative ? (i64)(0 - size) : (i64)size;
    return true;
}

bool int2_parse(Text text, i64 *value, Error *error)
{
    return integer_parse(text, INT16_MAX, "smallint", value, error);
}

bool int4_parse(Text text, i64 *value, Error *error)
{
    return integer_parse(text, INT32_MAX, "integer", value, error);
}

bool int8_parse(Text text, i64 *value, Error *error)
{
    return integer_parse(text, INT64_MAX, "bigint", value, error);
}

/* Negative numbers down to -2^31 are taken modulo 2^32, as PostgreSQL takes them. */
bool oid_parse(Text text, i64 *value, Error *error)
{
    i64 wide = 0;
    if (!integer_parse(text, INT64_MAX, "oid", &wide, error))
        return false;
    if (wide > UINT32_MAX || wide < INT32_MIN)
        return integer_range(text, "oid", error);
    *value = (i64)(u32)wide;
    return true;
}

static bool is_prefix_of(Text text, Text word)
{
    return text.len <= word.len && text_equal_ignoring_case(text, (Text){word.data, text.len});
}

/* true, yes, on, 1 and their unique prefixes; likewise false. */
static bool bool_from_word(Text word, bool *value)
{
    if (word.len == 0)
        return false;
    if (is_prefix_of(word, TEXT("true")) || is_prefix_of(word, TEXT("yes")) ||
        text_equal_ignoring_case(word, TEXT("on")) || text_equal(word, TEXT("1"))) {
        *value = true;
        return true;
    }
    *value = false;
    return is_prefix_of(word, TEXT("false")) || is_prefix_of(word, TEXT("no")) ||
           (word.len >= 2 && is_prefix_of(word, TEXT("off"))) || text_equal(word, TEXT("0"));
}

bool bool_parse(Text text, bool *value, Error *error)
{
    const char *at = text.data, *end = text.data + text.len;
    while (at < end && is_space(*at))
        at++;
    while (at < end && is_space(end[-1]))
        end--;
    return bool_from_word((Text){at, end - at}, value) || bad_integer(text, "boolean", error);
}

i32 i64_print(i64 value, char *out)
{
    if (value >= 0)
        return u64_write((u64)value, out);
    out[0] = '-';
    return 1 + u64_write(0 - (u64)value, out + 1);
}
