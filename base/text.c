/* SPDX-License-Identifier: Apache-2.0
 *
 * Slices, UTF-8 (RFC 3629) and the builder. Plain loops: hot text work has kernels of its own.
 */
#define _GNU_SOURCE
#include "base/text.h"

#include <stdarg.h>

int text_compare(Text a, Text b)
{
    i64 common = min_i64(a.len, b.len);
    int order = common ? memcmp(a.data, b.data, (size_t)common) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static char lower_ascii(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool text_equal_ignoring_case(Text a, Text lower)
{
    if (a.len != lower.len)
        return false;
    for (i64 i = 0; i < a.len; i++)
        if (lower_ascii(a.data[i]) != lower.data[i])
            return false;
    return true;
}

Text text_from(const char *nul_terminated)
{
    return (Text){nul_terminated, nul_terminated ? (i64)strlen(nul_terminated) : 0};
}

bool text_starts_with(Text text, Text prefix)
{
    return text.len >= prefix.len && text_equal((Text){text.data, prefix.len}, prefix);
}

Text text_slice(Text text, i64 from, i64 to)
{
    assert(0 <= from && from <= to && to <= text.len);
    return (Text){text.data + from, to - from};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool text_is_digits(Text text)
{
    for (i64 i = 0; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.len > 0;
}

Text text_trim(Text text)
{
    i64 from = 0, to = text.len;
    while (from < to && is_space(text.data[from]))
        from++;
    while (to > from && is_space(text.data[to - 1]))
        to--;
    return text_slice(text, from, to);
}

Text text_without_blanks(Text text)
{
    while (text.len > 0 && text.data[text.len - 1] == ' ')
        text.len--;
    return text;
}

i64 text_find_byte(Text text, char byte)
{
    const char *found = text.len ? memchr(text.data, byte, (size_t)text.len) : NULL;
    return found ? found - text.data : text.len;
}

i64 text_find(Text text, Text needle)
{
    if (needle.len == 0)
        return 0;
    if (text.len == 0)
        return TEXT_NOT_FOUND;
    const char *found = memmem(text.data, (size_t)text.len, needle.data, (size_t)needle.len);
    return found ? found - text.data : TEXT_NOT_FOUND;
}

/* Pieces overlap by what of a needle may begin in one and end in the next. */
i64 text_search_long(Text text, Text needle, Look *look)
{
    for (i64 from = 0; look_goes_on(look); from += BYTES_PER_LOOK) {
        i64 to = min_i64(text.len, from + BYTES_PER_LOOK + max_i64(needle.len - 1, 0));
        i64 at = text_find(text_slice(text, from, to), needle);
        look_passed(look, at == TEXT_NOT_FOUND ? to - from : at);
        if (at != TEXT_NOT_FOUND)
            return from + at;
        if (to == text.len)
            break;
    }
    return TEXT_NOT_FOUND;
}

/* Bytes of the well-formed character at p (0: none), RFC 3629 section 4. */
static i32 well_formed(const u8 *p, i64 left)
{
    if (p[0] < 0x80)
        return p[0] != 0;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    i32 width = utf8_width(p[0]);
    if (left < width)
        return 0;
    u8 low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
    u8 high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high)
        return 0;
    for (i32 i = 2; i < width; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return width;
}

/* True when none of 8 bytes is zero or above 0x7f. */
static bool eight_plain(const u8 *p)
{
    const u64 ones = 0x0101010101010101ull, tops = 0x8080808080808080ull;
    u64 word;
    memcpy(&word, p, 8);
    return ((word | (word - ones)) & tops) == 0;
}

i64 utf8_bad_offset(Text text)
{
    const u8 *data = (const u8 *)text.data;
    i64 at = 0;
    while (at < text.len) {
        if (at + 8 <= text.len && eight_plain(data + at)) {
            at += 8;
            continue;
        }
        i32 width = well_formed(data + at, text.len - at);
        if (width == 0)
            return at;
        at += width;
    }
    return text.len;
}

/* Bytes that continue a character, among eight. */
static i32 eight_continue(const char *data)
{
    u64 word;
    memcpy(&word, data, sizeof word);
    return __builtin_popcountll(word >> 7 & ~word >> 6 & 0x0101010101010101ull);
}

i64 utf8_length(Text text)
{
    i64 count = text.len, i = 0;
    for (; i + 8 <= text.len; i += 8)
        count -= eight_continue(text.data + i);
    for (; i < text.len; i++)
        count -= ((u8)text.data[i] & 0xc0) == 0x80;
    return count;
}

u32 utf8_next(Text text, i64 *at)
{
    const u8 *p = (const u8 *)text.data + *at;
    i32 width = utf8_width(p[0]);
    assert(*at + width <= text.len);
    *at += width;
    switch (width) {
    case 1:
        return p[0];
    case 2:
        return ((u32)p[0] & 0x1f) << 6 | ((u32)p[1] & 0x3f);
    case 3:
        return ((u32)p[0] & 0x0f) << 12 | ((u32)p[1] & 0x3f) << 6 | ((u32)p[2] & 0x3f);
    default:
        return ((u32)p[0] & 0x07) << 18 | ((u32)p[1] & 0x3f) << 12 | ((u32)p[2] & 0x3f) << 6 |
               ((u32)p[3] & 0x3f);
    }
}

i32 utf8_put(u32 c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

i64 utf8_cut(Text text, i64 max_bytes)
{
    if (text.len <= max_bytes && text.len == 0)
        return 0;
    i64 cut = min_i64(text.len, max_bytes);
    i64 lead = cut;
    while (lead > 0 && ((u8)text.data[lead - 1] & 0xc0) == 0x80)
        lead--;
    if (lead == 0)
        return cut;
    i32 width = utf8_width((u8)text.data[lead - 1]);
    return lead - 1 + width <= cut ? cut : lead - 1;
}

void builder_open(TextBuilder *builder, Query *q, Arena *arena)
{
    *builder = (TextBuilder){.q = q, .arena = arena};
}

static void builder_reserve(TextBuilder *builder, i64 bytes)
{
    if (builder->len + bytes <= builder->capacity)
        return;
    i64 capacity = max_i64(builder->capacity * 2, builder->len + bytes + 64);
    char *data = arena_alloc(builder->q, builder->arena, capacity);
    if (builder->len)
        memcpy(data, builder->data, (size_t)builder->len);
    builder->data = data;
    builder->capacity = capacity;
}

void builder_add(TextBuilder *builder, Text text)
{
    builder_reserve(builder, text.len + 1);
    if (text.len)
        memcpy(builder->data + builder->len, text.data, (size_t)text.len);
    builder->len += text.len;
}

void builder_byte(TextBuilder *builder, char byte)
{
    builder_reserve(builder, 2);
    builder->data[builder->len++] = byte;
}

void builder_format(TextBuilder *builder, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    builder_reserve(builder, len + 1);
    vsnprintf(builder->data + builder->len, (size_t)len + 1, format, again);
    va_end(again);
    builder->len += len;
}

Text builder_text(const TextBuilder *builder)
{
    return (Text){builder->data, builder->len};
}
