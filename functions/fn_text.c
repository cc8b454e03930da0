/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that measure, search and cut strings, and change the case of letters.
 *
 * Positions count characters (code points); cutting refers to the argument's bytes and copies
 * nothing, except that a part of a short string is stored inside its slot anyway. Case mapping is
 * one code point for one; ASCII runs take a byte loop.
 */
#include "functions/text_make.h"

static inline bool length_text(KernelCall *call, i32 i)
{
    Look look = call_look(call);
    i64 length = text_characters(arg_text(call, 0, i), &look);
    return !look.ended && put_i32(call, i, (i32)length);
}
ROW_KERNEL(length_text)

/* Bytes with the blanks a char(n) has in PostgreSQL. */
static inline bool octet_length_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    Type type = call->args[0].type;
    i64 missing = type.oid == TYPE_BPCHAR && type.typmod > 4
                      ? max_i64(type.typmod - 4 - utf8_length(text), 0)
                      : 0;
    return put_i32(call, i, (i32)(text.len + missing));
}
ROW_KERNEL(octet_length_text)

static inline bool bit_length_text(KernelCall *call, i32 i)
{
    return put_i32(call, i, (i32)(arg_text(call, 0, i).len * 8));
}
ROW_KERNEL(bit_length_text)

/* ---- letter case ---- */

static bool is_ascii(Text text)
{
    u8 all = 0;
    for (i64 i = 0; i < text.len; i++)
        all |= (u8)text.data[i];
    return all < 0x80;
}

TEMPLATE bool put_mapped(KernelCall *call, i32 i, u32 (*map)(u32))
{
    Text text = arg_text(call, 0, i);
    TextMaker maker = maker_open(call);
    if (is_ascii(text)) {
        if (!maker_reserve(&maker, text.len))
            return false;
        for (; maker.len < text.len && call_goes_on(call); maker.len += BYTES_PER_LOOK)
            for (i64 k = maker.len; k < min_i64(text.len, maker.len + BYTES_PER_LOOK); k++)
                maker.bytes[k] = (char)map((u8)text.data[k]);
        return call_goes_on(call) && put_text(call, i, (Text){maker.bytes, text.len});
    }
    for (i64 at = 0; at < text.len && !maker.failed;)
        maker_char(&maker, map(utf8_next(text, &at)));
    return put_made(call, i, &maker);
}

static inline bool lower_text(KernelCall *call, i32 i)
{
    return put_mapped(call, i, char_lower);
}
ROW_KERNEL(lower_text)

static inline bool upper_text(KernelCall *call, i32 i)
{
    return put_mapped(call, i, char_upper);
}
ROW_KERNEL(upper_text)

static inline bool initcap_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    TextMaker maker = maker_open(call);
    bool inside = false;
    for (i64 at = 0; at < text.len && !maker.failed;) {
        u32 c = utf8_next(text, &at);
        maker_char(&maker, inside ? char_lower(c) : char_upper(c));
        inside = char_is_alphanumeric(c);
    }
    return put_made(call, i, &maker);
}
ROW_KERNEL(initcap_text)

/* ---- searching ---- */

static inline bool position_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    Look look = call_look(call);
    i64 at = text_search(text, arg_text(call, 1, i), &look);
    i64 before = at == TEXT_NOT_FOUND ? -1 : text_characters((Text){text.data, at}, &look);
    return !look.ended && put_i32(call, i, (i32)before + 1);
}
ROW_KERNEL(position_text)

static inline bool starts_with_text(KernelCall *call, i32 i)
{
    return put_bool(call, i, text_starts_with(arg_text(call, 0, i), arg_text(call, 1, i)));
}
ROW_KERNEL(starts_with_text)

/* The n-th field, n >= 1; empty when there are fewer. */
static Text field_from_start(Text text, Text delimiter, i32 n, Look *look)
{
    while (!look->ended) {
        i64 at = text_search(text, delimiter, look);
        if (n-- == 1)
            return at == TEXT_NOT_FOUND ? text : text_slice(text, 0, at);
        if (at == TEXT_NOT_FOUND)
            break;
        text = text_slice(text, at + delimiter.len, text.len);
    }
    return (Text){NULL, 0};
}

static i32 count_fields(Text text, Text delimiter, Look *look)
{
    i32 count = 1;
    for (i64 at; (at = text_search(text, delimiter, look)) != TEXT_NOT_FOUND; count++)
        text = text_slice(text, at + delimiter.len, text.len);
    return count;
}

static inline bool split_part_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i), delimiter = arg_text(call, 1, i);
    i32 n = arg_i32(call, 2, i);
    if (n == 0)
        return error_set(call->error, E_INVALID_PARAMETER_VALUE, "field position must not be zero");
    if (text.len == 0)
        return put_text(call, i, text);
    if (delimiter.len == 0)
        return put_text(call, i, n == 1 || n == -1 ? text : (Text){NULL, 0});
    Look look = call_look(call);
    if (n < 0)
        n += count_fields(text, delimiter, &look) + 1;
    Text field = n <= 0 ? (Text){NULL, 0} : field_from_start(text, delimiter, n, &look);
    return !look.ended && put_text(call, i, field);
}
ROW_KERNEL(split_part_text)

/* ---- cutting ---- */

/* Characters start.. of length count, which may lie anywhere; has_count false: to the end. */
static bool put_substring(KernelCall *call, i32 i, i64 start, bool has_count, i64 count)
{
    Text text = arg_text(call, 0, i);
    if (has_count && count < 0)
        return error_set(call->error, E_SUBSTRING_ERROR, "negative substring length not allowed");
    i64 end = has_count ? start + count : INT64_MAX;
    i64 from = max_i64(start, 1);
    if (end <= from)
        return put_text(call, i, (Text){NULL, 0});
    Look look = call_look(call);
    Text rest = text_slice(text, text_skip(text, from - 1, &look), text.len);
    if (has_count)
        rest.len = text_skip(rest, end - from, &look);
    return !look.ended && put_text(call, i, rest);
}

static inline bool substring_count(KernelCall *call, i32 i)
{
    return put_substring(call, i, arg_i32(call, 1, i), true, arg_i32(call, 2, i));
}
ROW_KERNEL(substring_count)

static inline bool substring_from(KernelCall *call, i32 i)
{
    return put_substring(call, i, arg_i32(call, 1, i), false, 0);
}
ROW_KERNEL(substring_from)

static inline bool left_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    i64 n = arg_i32(call, 1, i);
    Look look = call_look(call);
    i64 to = n >= 0 ? text_skip(text, n, &look) : text_skip_back(text, -n, &look);
    return !look.ended && put_text(call, i, text_slice(text, 0, to));
}
ROW_KERNEL(left_text)

static inline bool right_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    i64 n = arg_i32(call, 1, i);
    Look look = call_look(call);
    i64 from = n >= 0 ? text_skip_back(text, n, &look) : text_skip(text, -n, &look);
    return !look.ended && put_text(call, i, text_slice(text, from, text.len));
}
ROW_KERNEL(right_text)

/* ---- trimming ---- */

typedef enum TrimEnds { TRIM_START = 1, TRIM_END = 2, TRIM_BOTH = 3 } TrimEnds;

/* True when the character at text[from..to) is one of set. */
static bool is_one_of(Text set, Text text, i64 from, i64 to)
{
    for (i64 at = 0; at < set.len;) {
        i64 width = utf8_width((u8)set.data[at]);
        if (width == to - from && memcmp(set.data + at, text.data + from, (size_t)width) == 0)
            return true;
        at += width;
    }
    return false;
}

/* How many bytes at the front are characters of set; `most`: it is enough to know so many. */
static i64 leading(Text set, Text text, i64 most)
{
    i64 at = 0;
    while (at < text.len && at < most) {
        i64 next = at + utf8_width((u8)text.data[at]);
        if (!is_one_of(set, text, at, next))
            break;
        at = next;
    }
    return at;
}

static i64 trailing(Text set, Text text, i64 most)
{
    i64 to = text.len;
    while (to > 0 && text.len - to < most) {
        i64 last = to - 1;
        while (last > 0 && ((u8)text.data[last] & 0xc0) == 0x80)
            last--;
        if (!is_one_of(set, text, last, to))
            break;
        to = last;
    }
    return text.len - to;
}

static Text trim_text(Text text, Text set, TrimEnds ends, Look *look)
{
    i64 gone = ends & TRIM_START ? STEPS_PER_LOOK : 0;
    for (bool first = true; gone >= STEPS_PER_LOOK && (first || look_now(look)); first = false) {
        gone = leading(set, text, STEPS_PER_LOOK);
        text = text_slice(text, gone, text.len);
    }
    gone = ends & TRIM_END ? STEPS_PER_LOOK : 0;
    for (bool first = true; gone >= STEPS_PER_LOOK && (first || look_now(look)); first = false) {
        gone = trailing(set, text, STEPS_PER_LOOK);
        text.len -= gone;
    }
    return text;
}

TEMPLATE bool put_trimmed(KernelCall *call, i32 i, TrimEnds ends)
{
    Text set = call->nargs == 2 ? arg_text(call, 1, i) : TEXT(" ");
    Look look = call_look(call);
    Text trimmed = trim_text(arg_text(call, 0, i), set, ends, &look);
    return !look.ended && put_text(call, i, trimmed);
}

static inline bool btrim_text(KernelCall *call, i32 i)
{
    return put_trimmed(call, i, TRIM_BOTH);
}
ROW_KERNEL(btrim_text)

static inline bool ltrim_text(KernelCall *call, i32 i)
{
    return put_trimmed(call, i, TRIM_START);
}
ROW_KERNEL(ltrim_text)

static inline bool rtrim_text(KernelCall *call, i32 i)
{
    return put_trimmed(call, i, TRIM_END);
}
ROW_KERNEL(rtrim_text)

/* ---- characters and numbers ---- */

static inline bool ascii_text(KernelCall *call, i32 i)
{
    i64 at = 0;
    Text text = arg_text(call, 0, i);
    return put_i32(call, i, text.len ? (i32)utf8_next(text, &at) : 0);
}
ROW_KERNEL(ascii_text)

static inline bool chr_text(KernelCall *call, i32 i)
{
    i32 c = arg_i32(call, 0, i);
    char bytes[4];
    if (c < 0)
        return error_set(call->error, E_INVALID_PARAMETER_VALUE,
                         "character number must be positive");
    if (c == 0)
        return error_set(call->error, E_PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
    if (c > 0x10ffff)
        return error_set(call->error, E_PROGRAM_LIMIT_EXCEEDED,
                         "requested character too large for encoding: %u", (u32)c);
    if (c >= 0xd800 && c < 0xe000)
        return error_set(call->error, E_PROGRAM_LIMIT_EXCEEDED,
                         "requested character not valid for encoding: %u", (u32)c);
    return put_text(call, i, (Text){bytes, utf8_put((u32)c, bytes)});
}
ROW_KERNEL(chr_text)

static bool put_hex(KernelCall *call, i32 i, u64 value)
{
    char digits[16];
    i32 at = countof(digits);
    do
        digits[--at] = "0123456789abcdef"[value & 15];
    while (value >>= 4);
    char *bytes = result_bytes(call, 16);
    if (!bytes)
        return false;
    memcpy(bytes, digits + at, (size_t)(16 - at));
    return put_text(call, i, (Text){bytes, 16 - at});
}

static inline bool to_hex_i32(KernelCall *call, i32 i)
{
    return put_hex(call, i, (u32)arg_i32(call, 0, i));
}
ROW_KERNEL(to_hex_i32)

static inline bool to_hex_i64(KernelCall *call, i32 i)
{
    return put_hex(call, i, (u64)arg_i64(call, 0, i));
}
ROW_KERNEL(to_hex_i64)

/* MD5 in hexadecimal: a checksum here, not a protection. */
static inline bool md5_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    u8 digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    char *hex = result_bytes(call, 32);
    if (!hex)
        return false;
    if (!digest_make(call, EVP_md5(), text, digest, &len))
        return false;
    for (i32 k = 0; k < 16; k++) {
        hex[k * 2] = "0123456789abcdef"[digest[k] >> 4];
        hex[k * 2 + 1] = "0123456789abcdef"[digest[k] & 15];
    }
    return put_text(call, i, (Text){hex, 32});
}
ROW_KERNEL(md5_text)

// clang-format off
static const KernelRow rows[] = {
    {OP_LENGTH,         length_text_kernel,       1, {LANE_STR},                     LANE_I32,  SCALE_FREE},
    {OP_OCTET_LENGTH,   octet_length_text_kernel, 1, {LANE_STR},                     LANE_I32,  SCALE_FREE},
    {OP_BIT_LENGTH,     bit_length_text_kernel,   1, {LANE_STR},                     LANE_I32,  SCALE_FREE},
    {OP_LOWER,          lower_text_kernel,        1, {LANE_STR},                     LANE_STR,  SCALE_FREE},
    {OP_UPPER,          upper_text_kernel,        1, {LANE_STR},                     LANE_STR,  SCALE_FREE},
    {OP_INITCAP,        initcap_text_kernel,      1, {LANE_STR},                     LANE_STR,  SCALE_FREE},
    {OP_POSITION,       position_text_kernel,     2, {LANE_STR, LANE_STR},           LANE_I32,  SCALE_FREE},
    {OP_STARTS_WITH,    starts_with_text_kernel,  2, {LANE_STR, LANE_STR},           LANE_BOOL, SCALE_FREE},
    {OP_SPLIT_PART,     split_part_text_kernel,   3, {LANE_STR, LANE_STR, LANE_I32}, LANE_STR,  SCALE_FREE},
    {OP_SUBSTRING,      substring_count_kernel,   3, {LANE_STR, LANE_I32, LANE_I32}, LANE_STR,  SCALE_FREE},
    {OP_SUBSTRING,      substring_from_kernel,    2, {LANE_STR, LANE_I32},           LANE_STR,  SCALE_FREE},
    {OP_LEFT,           left_text_kernel,         2, {LANE_STR, LANE_I32},           LANE_STR,  SCALE_FREE},
    {OP_RIGHT,          right_text_kernel,        2, {LANE_STR, LANE_I32},           LANE_STR,  SCALE_FREE},
    {OP_BTRIM,          btrim_text_kernel,        1, {LANE_STR},                     LANE_STR,  SCALE_FREE},
    {OP_BTRIM,          btrim_text_kernel,        2, {LANE_STR, LANE_STR},           LANE_STR,  SCALE_FREE},
    {OP_LTRIM,          ltrim_text_kernel,        1, {LANE_STR},                     LANE_STR,  SCALE_FREE},
    {OP_LTRIM,          ltrim_text_kernel,        2, {LANE_STR, LANE_STR},           LANE_STR,  SCALE_FREE},
    {OP_RTRIM,          rtrim_text_kernel,        1, {LANE_STR},                     LANE_STR,  SCALE_FREE},
    {OP_RTRIM,          rtrim_text_kernel,        2, {LANE_STR, LANE_STR},           LANE_STR,  SCALE_FREE},
    {OP_ASCII,          ascii_text_kernel,        1, {LANE_STR},                     LANE_I32,  SCALE_FREE},
    {OP_CHR,            chr_text_kernel,          1, {LANE_I32},                     LANE_STR,  SCALE_FREE},
    {OP_TO_HEX,         to_hex_i32_kernel,        1, {LANE_I32},                     LANE_STR,  SCALE_FREE},
    {OP_TO_HEX,         to_hex_i64_kernel,        1, {LANE_I64},                     LANE_STR,  SCALE_FREE},
    {OP_MD5,            md5_text_kernel,          1, {LANE_STR},                     LANE_STR,  SCALE_FREE},
};
// clang-format on

const KernelTable text_kernels = {rows, countof(rows)};
