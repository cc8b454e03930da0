/* SPDX-License-Identifier: Apache-2.0
 *
 * Text: comparing, searching and building UTF-8 slices.
 *
 * Ownership law: functions that return a Text return a part of their argument, unless they take
 * a TextBuilder, whose arena then owns the bytes.
 */
#ifndef GOTGAN_TEXT_H
#define GOTGAN_TEXT_H

#include "base/query.h"

static inline bool text_equal(Text a, Text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, (size_t)a.len) == 0);
}
/* <0, 0, >0 in byte order, which is code point order. */
int text_compare(Text a, Text b);
/* ASCII letters alike; b is lower case. */
bool text_equal_ignoring_case(Text a, Text lower);
Text text_from(const char *nul_terminated);
bool text_starts_with(Text text, Text prefix);
Text text_slice(Text text, i64 from, i64 to);
/* Digits, one at least, and nothing else. */
bool text_is_digits(Text text);
/* Without ASCII white space at both ends. */
Text text_trim(Text text);
/* Without blanks (only those) at its end. */
Text text_without_blanks(Text text);
/* Offset of the first byte, or text.len. */
i64 text_find_byte(Text text, char byte);
/* Offset of the first occurrence of needle, or -1 (TEXT_NOT_FOUND). */
#define TEXT_NOT_FOUND (-1)
i64 text_find(Text text, Text needle);
/* The same for texts of any length; an interrupt ends it, with TEXT_NOT_FOUND. */
i64 text_search_long(Text text, Text needle, Look *look);
static inline i64 text_search(Text text, Text needle, Look *look)
{
    return likely(text.len < STEPS_PER_LOOK) ? text_find(text, needle)
                                             : text_search_long(text, needle, look);
}

/* UTF-8. All text inside the server is valid UTF-8 without NUL, checked once at its border. */
/* Offset of the first byte that is not well-formed UTF-8 or is NUL; text.len when all is good. */
i64 utf8_bad_offset(Text text);
/* Number of characters (code points). */
i64 utf8_length(Text text);
/* Bytes of the character that starts with this lead byte, 1..4. */
static inline i32 utf8_width(u8 lead)
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
/* The code point at text.data[*at]; moves *at behind it. */
u32 utf8_next(Text text, i64 *at);
/* Writes a code point, returns 1..4. */
i32 utf8_put(u32 code_point, char *out);
/* The largest length <= max_bytes that does not cut a character. */
i64 utf8_cut(Text text, i64 max_bytes);

/* A growing text in an arena, for the query world: throws 53200. */
typedef struct TextBuilder {
    Query *q;
    Arena *arena;
    char *data;
    i64 len, capacity;
} TextBuilder;
void builder_open(TextBuilder *builder, Query *q, Arena *arena);
void builder_add(TextBuilder *builder, Text text);
void builder_byte(TextBuilder *builder, char byte);
void builder_format(TextBuilder *builder, const char *format, ...) printf_like(2, 3);
Text builder_text(const TextBuilder *builder);

#endif
