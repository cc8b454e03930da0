/* SPDX-License-Identifier: Apache-2.0
 *
 * bytea, uuid and "char" as text: hexadecimal digits, and the older form of octal escapes.
 */
#include "types/bytes_text.h"

#include "base/text.h"
#include "types/digits.h"
#include "types/text_in.h"
#include "types/text_out.h"

static const char hex_digits[] = "0123456789abcdef";

/* -1: not a hexadecimal digit */
static i32 hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static void put_hex(const u8 *bytes, i64 count, char *out)
{
    for (i64 i = 0; i < count; i++) {
        out[i * 2] = hex_digits[bytes[i] >> 4];
        out[i * 2 + 1] = hex_digits[bytes[i] & 15];
    }
}

/* ---- uuid ---- */

/* A hyphen may stand behind every second byte. */
static bool uuid_bytes(const char *at, const char *end, u8 *bytes)
{
    bool braces = at < end && *at == '{';
    at += braces;
    for (i32 i = 0; i < 16; i++) {
        if (end - at < 2)
            return false;
        i32 high = hex_value(at[0]), low = hex_value(at[1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (u8)(high << 4 | low);
        at += 2;
        if (i % 2 == 1 && i < 15 && at < end && *at == '-')
            at++;
    }
    if (braces && (at == end || *at++ != '}'))
        return false;
    return at == end;
}

bool uuid_parse(Text text, u8 *bytes, Error *error)
{
    return uuid_bytes(text.data, text.data + text.len, bytes) ||
           error_set(error, E_INVALID_TEXT_REPRESENTATION,
                     "invalid input syntax for type uuid: \"%.*s\"", ERROR_TEXT(text));
}

i32 uuid_print(const u8 *bytes, char *out)
{
    static const u8 groups[] = {4, 2, 2, 2, 6};
    char *at = out;
    for (i32 i = 0; i < countof(groups); i++) {
        if (i)
            *at++ = '-';
        put_hex(bytes, groups[i], at);
        bytes += groups[i];
        at += groups[i] * 2;
    }
    return (i32)(at - out);
}

/* ---- bytea ---- */

static bool bytea_from_hex(Text text, u8 *out, i64 *len, Look *look)
{
    Error *error = look->error;
    i64 count = 0;
    for (i64 at = 0; at < text.len && look_goes_on(look);) {
        char c = text.data[at];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            at++;
            continue;
        }
        i32 high = hex_value(c);
        if (high < 0)
            return error_set(error, E_INVALID_PARAMETER_VALUE,
                             "invalid hexadecimal digit: \"%.*s\"",
                             (int)min_i64(utf8_width((u8)c), text.len - at), text.data + at);
        if (++at == text.len)
            return error_set(error, E_INVALID_PARAMETER_VALUE,
                             "invalid hexadecimal data: odd number of digits");
        i32 low = hex_value(text.data[at]);
        if (low < 0)
            return error_set(
                error, E_INVALID_PARAMETER_VALUE, "invalid hexadecimal digit: \"%.*s\"",
                (int)min_i64(utf8_width((u8)text.data[at]), text.len - at), text.data + at);
        at++;
        out[count++] = (u8)(high << 4 | low);
    }
    *len = count;
    return !look->ended;
}

static bool is_octal(char c, char most)
{
    return c >= '0' && c <= most;
}

static bool bytea_from_escapes(Text text, u8 *out, i64 *len, Look *look)
{
    i64 count = 0;
    for (i64 at = 0; at < text.len && look_goes_on(look);) {
        const char *c = text.data + at;
        i64 left = text.len - at;
        if (c[0] != '\\') {
            out[count++] = (u8)c[0];
            at++;
        } else if (left >= 4 && is_octal(c[1], '3') && is_octal(c[2], '7') && is_octal(c[3], '7')) {
            out[count++] = (u8)((c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0'));
            at += 4;
        } else if (left >= 2 && c[1] == '\\') {
            out[count++] = '\\';
            at += 2;
        } else {
            return error_set(look->error, E_INVALID_TEXT_REPRESENTATION,
                             "invalid input syntax for type bytea");
        }
    }
    *len = count;
    return !look->ended;
}

bool bytea_parse(Text text, Arena *arena, Text *bytes, Error *error)
{
    u8 *out = arena_try_raw(arena, text.len + 1, error);
    Look look = look_open(arena->budget, error);
    if (!out)
        return false;
    *bytes = (Text){(const char *)out, 0};
    if (text.len >= 2 && text.data[0] == '\\' && text.data[1] == 'x')
        return bytea_from_hex((Text){text.data + 2, text.len - 2}, out, &bytes->len, &look);
    return bytea_from_escapes(text, out, &bytes->len, &look);
}

static bool is_plain(u8 byte)
{
    return byte >= 0x20 && byte <= 0x7e && byte != '\\';
}

/* Exactly the bytes of the text. */
static i64 bytea_text_bytes(Text bytes, ByteaOutput form, Look *look)
{
    if (form == BYTEA_HEX)
        return 2 + bytes.len * 2;
    i64 len = 0;
    for (i64 i = 0; i < bytes.len && look_goes_on(look); i++)
        len += is_plain((u8)bytes.data[i]) ? 1 : bytes.data[i] == '\\' ? 2 : 4;
    return len;
}

static char *put_escaped(u8 byte, char *at)
{
    *at++ = '\\';
    if (byte == '\\') {
        *at++ = '\\';
        return at;
    }
    *at++ = (char)('0' + (byte >> 6));
    *at++ = (char)('0' + (byte >> 3 & 7));
    *at++ = (char)('0' + (byte & 7));
    return at;
}

static void print_hex(Text bytes, char *out, Look *look)
{
    memcpy(out, "\\x", 2);
    for (i64 from = 0; from < bytes.len && look_goes_on(look); from += BYTES_PER_LOOK) {
        i64 count = min_i64(bytes.len - from, BYTES_PER_LOOK);
        put_hex((const u8 *)bytes.data + from, count, out + 2 + from * 2);
        look_passed(look, count);
    }
}

static void print_escaped(Text bytes, char *out, Look *look)
{
    for (i64 i = 0; i < bytes.len && look_goes_on(look); i++) {
        u8 byte = (u8)bytes.data[i];
        if (is_plain(byte))
            *out++ = (char)byte;
        else
            out = put_escaped(byte, out);
    }
}

bool bytea_append(Text bytes, ByteaOutput form, Buffer *text, Error *error)
{
    Look look = look_open(text->budget, error);
    i64 len = bytea_text_bytes(bytes, form, &look);
    if (look.ended || !buffer_reserve(text, len, error))
        return false;
    if (len == 0)
        return true; /* the buffer may have no bytes yet */
    char *out = (char *)text->data + text->len;
    if (form == BYTEA_HEX)
        print_hex(bytes, out, &look);
    else
        print_escaped(bytes, out, &look);
    text->len += len;
    return !look.ended;
}

/* ---- "char" ---- */

bool char_parse(Text text, Arena *arena, Text *byte, Error *error)
{
    const char *at = text.data;
    bool escape = text.len == 4 && at[0] == '\\' && is_octal(at[1], '7') && is_octal(at[2], '7') &&
                  is_octal(at[3], '7');
    *byte = (Text){at, min_i64(text.len, 1)};
    if (!escape)
        return true;
    char *made = arena_try(arena, 1, error);
    if (!made)
        return false;
    *made = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0')); /* \477 is \077 */
    *byte = (Text){made, *made != 0};
    return true;
}

Text char_print(Text byte, char *out)
{
    if (byte.len == 0 || (u8)byte.data[0] < 0x80)
        return byte;
    u8 value = (u8)byte.data[0];
    out[0] = '\\';
    out[1] = (char)('0' + (value >> 6));
    out[2] = (char)('0' + (value >> 3 & 7));
    out[3] = (char)('0' + (value & 7));
    return (Text){out, CHAR_TEXT_BYTES};
}
