/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that build a new string from parts: joining, padding, replacing, translating, and
 * Unicode escapes and normal forms.
 */
#include "functions/text_make.h"

#include <utf8proc.h>

static inline bool concat_text(KernelCall *call, i32 i)
{
    Text a = arg_text(call, 0, i), b = arg_text(call, 1, i);
    TextMaker maker = maker_open(call);
    if (a.len == 0 || b.len == 0)
        return put_text(call, i, a.len ? a : b);
    maker_reserve(&maker, a.len + b.len);
    maker_add(&maker, a);
    maker_add(&maker, b);
    return put_made(call, i, &maker);
}
ROW_KERNEL(concat_text)

/* 22011 unless start >= 1; 22003 when the end is no int4. */
static bool overlay_range(KernelCall *call, i64 start, i64 count, i64 *end)
{
    *end = start + count;
    if (start <= 0)
        return error_set(call->error, E_SUBSTRING_ERROR, "negative substring length not allowed");
    if (*end > INT32_MAX)
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    return true;
}

TEMPLATE bool put_overlaid(KernelCall *call, i32 i, i64 count)
{
    Text text = arg_text(call, 0, i), with = arg_text(call, 1, i);
    i64 start = arg_i32(call, 2, i), end;
    if (!overlay_range(call, start, count, &end))
        return false;
    TextMaker maker = maker_open(call);
    Look look = call_look(call);
    maker_add(&maker, text_slice(text, 0, text_skip(text, start - 1, &look)));
    maker_add(&maker, with);
    maker_add(&maker, text_slice(text, text_skip(text, end - 1, &look), text.len));
    return !look.ended && put_made(call, i, &maker);
}

static inline bool overlay_count(KernelCall *call, i32 i)
{
    return put_overlaid(call, i, arg_i32(call, 3, i));
}
ROW_KERNEL(overlay_count)

static inline bool overlay_all(KernelCall *call, i32 i)
{
    return put_overlaid(call, i, utf8_length(arg_text(call, 1, i)));
}
ROW_KERNEL(overlay_all)

/* ---- padding and repeating ---- */

/* `count` characters of fill, over and over. */
static void maker_fill(TextMaker *maker, Text fill, i64 count, Look *look)
{
    i64 whole = utf8_length(fill);
    if (fill.len == 1) {
        maker_repeat(maker, fill.data[0], count);
        return;
    }
    maker_copies(maker, fill, count / whole);
    maker_add(maker, text_slice(fill, 0, text_skip(fill, count % whole, look)));
}

typedef enum PadSide { PAD_LEFT, PAD_RIGHT } PadSide;

TEMPLATE bool put_padded(KernelCall *call, i32 i, PadSide side)
{
    Text text = arg_text(call, 0, i), fill = call->nargs == 3 ? arg_text(call, 2, i) : TEXT(" ");
    i64 length = max_i64(arg_i32(call, 1, i), 0);
    Look look = call_look(call);
    i64 has = text_characters(text, &look);
    if (length * 4 > TEXT_BYTES_MAX)
        return error_set(call->error, E_PROGRAM_LIMIT_EXCEEDED, "requested length too large");
    if (has >= length) {
        text.len = text_skip(text, length, &look);
        return !look.ended && put_text(call, i, text);
    }
    if (fill.len == 0)
        return !look.ended && put_text(call, i, text);
    TextMaker maker = maker_open(call);
    if (side == PAD_RIGHT)
        maker_add(&maker, text);
    maker_fill(&maker, fill, length - has, &look);
    if (side == PAD_LEFT)
        maker_add(&maker, text);
    return !look.ended && put_made(call, i, &maker);
}

static inline bool lpad_text(KernelCall *call, i32 i)
{
    return put_padded(call, i, PAD_LEFT);
}
ROW_KERNEL(lpad_text)

static inline bool rpad_text(KernelCall *call, i32 i)
{
    return put_padded(call, i, PAD_RIGHT);
}
ROW_KERNEL(rpad_text)

static inline bool repeat_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    i64 count = max_i64(arg_i32(call, 1, i), 0);
    TextMaker maker = maker_open(call);
    if (text.len == 0)
        return put_text(call, i, text);
    maker_copies(&maker, text, count);
    return put_made(call, i, &maker);
}
ROW_KERNEL(repeat_text)

static inline bool reverse_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    char *bytes = result_bytes(call, text.len);
    i64 end = text.len;
    if (!bytes)
        return false;
    Look look = call_look(call);
    for (i64 at = 0; at < text.len && look_now(&look);) {
        i64 width, stop = min_i64(text.len, at + BYTES_PER_LOOK);
        for (; at < stop; at += width) {
            width = utf8_width((u8)text.data[at]);
            end -= width;
            memcpy(bytes + end, text.data + at, (size_t)width);
        }
    }
    return !look.ended && put_text(call, i, (Text){bytes, text.len});
}
ROW_KERNEL(reverse_text)

/* ---- replacing ---- */

static inline bool replace_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i), from = arg_text(call, 1, i), to = arg_text(call, 2, i);
    Look look = call_look(call);
    i64 at = from.len ? text_search(text, from, &look) : TEXT_NOT_FOUND;
    if (at == TEXT_NOT_FOUND)
        return !look.ended && put_text(call, i, text);
    TextMaker maker = maker_open(call);
    for (; at != TEXT_NOT_FOUND && !maker.failed; at = text_search(text, from, &look)) {
        maker_add(&maker, text_slice(text, 0, at));
        maker_add(&maker, to);
        text = text_slice(text, at + from.len, text.len);
    }
    maker_add(&maker, text);
    return !look.ended && put_made(call, i, &maker);
}
ROW_KERNEL(replace_text)

/* Index in characters of c in set, or -1 (NOT_IN_SET). */
enum { NOT_IN_SET = -1 };
static i64 set_index(Text set, u32 c, Look *look)
{
    i64 index = 0;
    for (i64 at = 0; at < set.len && look_goes_on(look); index++)
        if (utf8_next(set, &at) == c)
            return index;
    return NOT_IN_SET;
}

static inline bool translate_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i), from = arg_text(call, 1, i), to = arg_text(call, 2, i);
    TextMaker maker = maker_open(call);
    Look look = call_look(call);
    for (i64 at = 0; at < text.len && !maker.failed && look_goes_on(&look);) {
        u32 c = utf8_next(text, &at);
        i64 index = set_index(from, c, &look);
        i64 target = index == NOT_IN_SET ? 0 : text_skip(to, index, &look);
        if (index == NOT_IN_SET)
            maker_char(&maker, c);
        else if (target < to.len)
            maker_char(&maker, utf8_next(to, &target));
    }
    return !look.ended && put_made(call, i, &maker);
}
ROW_KERNEL(translate_text)

/* ---- Unicode escapes ---- */

/* The value of `count` hexadecimal digits at text[at..], or -1 (NOT_HEX). */
enum { NOT_HEX = -1 };
static i64 hex_value(Text text, i64 at, i32 count)
{
    i64 value = 0;
    if (at + count > text.len)
        return NOT_HEX;
    for (i32 k = 0; k < count; k++) {
        char c = text.data[at + k];
        i32 digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : NOT_HEX;
        if (digit == NOT_HEX)
            return NOT_HEX;
        value = value << 4 | digit;
    }
    return value;
}

/* Reads the escape behind the backslash at text[*at]; moves *at behind it. NOT_HEX: malformed. */
static i64 read_escape(Text text, i64 *at)
{
    char kind = *at + 1 < text.len ? text.data[*at + 1] : 0;
    i32 digits = kind == 'u' || kind == '+' || kind == 'U' ? (kind == 'u'   ? 4
                                                              : kind == '+' ? 6
                                                                            : 8)
                                                           : 4;
    i64 start = *at + 1 + (kind == 'u' || kind == '+' || kind == 'U');
    i64 value = hex_value(text, start, digits);
    *at = start + digits;
    return value;
}

static bool bad_surrogate(Error *error)
{
    return error_set(error, E_SYNTAX_ERROR, "invalid Unicode surrogate pair");
}

/* Adds the code point of one escape; *high keeps the first half of a surrogate pair, 0: none. */
static bool add_escaped(TextMaker *maker, i64 value, u32 *high)
{
    if (value > 0x10ffff || value == 0)
        return error_set(maker->error, E_INVALID_PARAMETER_VALUE,
                         "invalid Unicode code point: %04X", (u32)value);
    bool is_high = value >= 0xd800 && value < 0xdc00, is_low = value >= 0xdc00 && value < 0xe000;
    if ((*high != 0) != is_low)
        return bad_surrogate(maker->error);
    if (is_high) {
        *high = (u32)value;
        return true;
    }
    if (is_low)
        value = 0x10000 + ((*high & 0x3ff) << 10) + (value & 0x3ff);
    *high = 0;
    maker_char(maker, (u32)value);
    return true;
}

static inline bool unistr_text(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    TextMaker maker = maker_open(call);
    u32 high = 0;
    for (i64 at = 0; at < text.len && !maker.failed;) {
        bool escape = text.data[at] == '\\';
        bool twice = escape && at + 1 < text.len && text.data[at + 1] == '\\';
        if (!escape || twice) {
            if (high)
                return bad_surrogate(call->error);
            maker_byte(&maker, text.data[at]);
            at += twice ? 2 : 1;
            continue;
        }
        i64 value = read_escape(text, &at);
        if (value == NOT_HEX) {
            error_set(call->error, E_SYNTAX_ERROR, "invalid Unicode escape");
            return error_hint(call->error, "Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, "
                                           "or \\UXXXXXXXX.");
        }
        if (!add_escaped(&maker, value, &high))
            return false;
    }
    return high ? bad_surrogate(call->error) : put_made(call, i, &maker);
}
ROW_KERNEL(unistr_text)

/* ---- Unicode normal forms ---- */

static bool form_options(KernelCall *call, Text form, i32 *options)
{
    i32 stable = UTF8PROC_STABLE;
    if (text_equal_ignoring_case(form, TEXT("nfc")))
        *options = stable | UTF8PROC_COMPOSE;
    else if (text_equal_ignoring_case(form, TEXT("nfd")))
        *options = stable | UTF8PROC_DECOMPOSE;
    else if (text_equal_ignoring_case(form, TEXT("nfkc")))
        *options = stable | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    else if (text_equal_ignoring_case(form, TEXT("nfkd")))
        *options = stable | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
    else
        return error_set(call->error, E_INVALID_PARAMETER_VALUE, "invalid normalization form: %.*s",
                         ERROR_TEXT(form));
    return true;
}

/* Decomposes into code points, orders and composes them, writes UTF-8. points: scratch. */
static bool normalize_piece(Text text, i32 options, Buffer *points, TextMaker *maker)
{
    const u8 *data = (const u8 *)text.data;
    utf8proc_option_t chosen = (utf8proc_option_t)options;
    i64 count = utf8proc_decompose(data, text.len, NULL, 0, chosen);
    if (count < 0)
        return error_set(maker->error, E_INTERNAL_ERROR, "could not normalize text");
    if (!buffer_reserve(points, (count + 1) * 4, maker->error))
        return false;
    i32 *list = (i32 *)points->data;
    count = utf8proc_decompose(data, text.len, list, count, chosen);
    if (count >= 0)
        count = utf8proc_normalize_utf32(list, count, chosen);
    for (i64 k = 0; k < count; k++)
        maker_char(maker, (u32)list[k]);
    return !maker->failed;
}

/* Letters and the like that stand for themselves: nothing in front of one is ordered behind it or
 * composed with it. Not all of them are known here, but the frequent ones of every script: no
 * marks, no parts of Hangul syllables. */
static bool begins_anew(u32 c)
{
    if ((c >= 0x300 && c < 0x370) || (c >= 0x1100 && c < 0x3400) || c > 0xd7a3)
        return false;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
           category == UTF8PROC_CATEGORY_LO || category == UTF8PROC_CATEGORY_ND ||
           category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_PO;
}

/* The end of a piece of text[from..): some bytes further, in front of what begins anew. */
static i64 piece_end(Text text, i64 from)
{
    enum { PIECE_BYTES = 1 << 16 };
    i64 end = min_i64(from + PIECE_BYTES, text.len);
    while (end < text.len && ((u8)text.data[end] & 0xc0) == 0x80)
        end++;
    while (end < text.len) {
        i64 next = end;
        if (begins_anew(utf8_next(text, &next)))
            break;
        end = next;
    }
    return end;
}

static bool normal_form(KernelCall *call, Text text, i32 options, Text *normal)
{
    TextMaker maker = maker_open(call);
    Buffer points;
    bool good = true;
    buffer_open(&points, call->arena->budget);
    for (i64 from = 0, end; from < text.len && good; from = end) {
        end = piece_end(text, from);
        good = normalize_piece(text_slice(text, from, end), options, &points, &maker) &&
               call_goes_on(call);
    }
    buffer_close(&points);
    *normal = maker_text(&maker);
    return good;
}

static inline bool normalize_text(KernelCall *call, i32 i)
{
    i32 options = 0;
    Text normal;
    return form_options(call, arg_text(call, 1, i), &options) &&
           normal_form(call, arg_text(call, 0, i), options, &normal) && put_text(call, i, normal);
}
ROW_KERNEL(normalize_text)

static inline bool is_normalized_text(KernelCall *call, i32 i)
{
    i32 options = 0;
    Text normal, text = arg_text(call, 0, i);
    return form_options(call, arg_text(call, 1, i), &options) &&
           normal_form(call, text, options, &normal) && put_bool(call, i, text_equal(text, normal));
}
ROW_KERNEL(is_normalized_text)

// clang-format off
static const KernelRow rows[] = {
    {OP_CONCAT_TEXT,   concat_text_kernel,        2, {LANE_STR, LANE_STR},                     LANE_STR,  SCALE_FREE},
    {OP_OVERLAY,       overlay_count_kernel,      4, {LANE_STR, LANE_STR, LANE_I32, LANE_I32}, LANE_STR,  SCALE_FREE},
    {OP_OVERLAY,       overlay_all_kernel,        3, {LANE_STR, LANE_STR, LANE_I32},           LANE_STR,  SCALE_FREE},
    {OP_LPAD,          lpad_text_kernel,          3, {LANE_STR, LANE_I32, LANE_STR},           LANE_STR,  SCALE_FREE},
    {OP_LPAD,          lpad_text_kernel,          2, {LANE_STR, LANE_I32},                     LANE_STR,  SCALE_FREE},
    {OP_RPAD,          rpad_text_kernel,          3, {LANE_STR, LANE_I32, LANE_STR},           LANE_STR,  SCALE_FREE},
    {OP_RPAD,          rpad_text_kernel,          2, {LANE_STR, LANE_I32},                     LANE_STR,  SCALE_FREE},
    {OP_REPEAT,        repeat_text_kernel,        2, {LANE_STR, LANE_I32},                     LANE_STR,  SCALE_FREE},
    {OP_REVERSE,       reverse_text_kernel,       1, {LANE_STR},                               LANE_STR,  SCALE_FREE},
    {OP_REPLACE,       replace_text_kernel,       3, {LANE_STR, LANE_STR, LANE_STR},           LANE_STR,  SCALE_FREE},
    {OP_TRANSLATE,     translate_text_kernel,     3, {LANE_STR, LANE_STR, LANE_STR},           LANE_STR,  SCALE_FREE},
    {OP_UNISTR,        unistr_text_kernel,        1, {LANE_STR},                               LANE_STR,  SCALE_FREE},
    {OP_NORMALIZE,     normalize_text_kernel,     2, {LANE_STR, LANE_STR},                     LANE_STR,  SCALE_FREE},
    {OP_IS_NORMALIZED, is_normalized_text_kernel, 2, {LANE_STR, LANE_STR},                     LANE_BOOL, SCALE_FREE},
};
// clang-format on

const KernelTable text_edit_kernels = {rows, countof(rows)};
