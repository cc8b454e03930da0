/* SPDX-License-Identifier: Apache-2.0
 *
 * Decoding of '...' (continued over line ends), E'...', B'...', X'...', $tag$...$tag$, "..." and
 * the U& forms. A string without escapes and continuations stays a slice of the input.
 *
 * standard_conforming_strings is always on: a backslash in '...' is a backslash.
 */
#include "parser/lexer_string.h"
#include "base/charset.h"

static u8 byte_at(const Lexer *lexer, i64 at)
{
    return at < lexer->text.len ? (u8)lexer->text.data[at] : 0;
}

static bool is_line_end(u8 c)
{
    return c == '\n' || c == '\r';
}

/* If white space with a line end and a quote follow, the offset behind that quote; otherwise 0.
 * Comments may stand between, each ends its line. */
static i64 continued_at(const Lexer *lexer, i64 at)
{
    bool line_end = false;
    for (;; at++) {
        u8 c = byte_at(lexer, at);
        if (c == '\'' && line_end)
            return at + 1;
        if (c == '-' && byte_at(lexer, at + 1) == '-') {
            while (at < lexer->text.len && !is_line_end(byte_at(lexer, at)))
                at++;
            c = byte_at(lexer, at);
        }
        if (is_line_end(c))
            line_end = true;
        else if (c != ' ' && c != '\t' && c != '\f')
            return 0;
    }
}

static const char *unterminated(StringForm form)
{
    switch (form) {
    case STRING_BITS:
        return "unterminated bit string literal";
    case STRING_HEX:
        return "unterminated hexadecimal string literal";
    case STRING_PLAIN:
    case STRING_ESCAPES:
        return "unterminated quoted string";
    }
    unreachable();
}

static i32 hex_value(u8 c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

/* Reads exactly count hexadecimal digits; false: there are not that many. */
static bool read_hex(Text text, i64 at, i32 count, u32 *value)
{
    *value = 0;
    for (i32 i = 0; i < count; i++) {
        i32 digit = at + i < text.len ? hex_value((u8)text.data[at + i]) : -1;
        if (digit < 0)
            return false;
        *value = *value << 4 | (u32)digit;
    }
    return true;
}

static bool is_high_surrogate(u32 c)
{
    return c >= 0xd800 && c <= 0xdbff;
}
static bool is_low_surrogate(u32 c)
{
    return c >= 0xdc00 && c <= 0xdfff;
}
static u32 join_surrogates(u32 high, u32 low)
{
    return ((high & 0x3ff) << 10) + 0x10000 + (low & 0x3ff);
}

static void put_code_point(TextBuilder *out, u32 code_point)
{
    char bytes[4];
    i32 length = utf8_put(code_point, bytes);
    builder_add(out, (Text){bytes, length});
}

_Noreturn static void fail_escape(Lexer *lexer, i64 offset, ErrorCode code, const char *hint)
{
    Error *error = &lexer->q->error;
    error_set(error, code, "invalid Unicode escape");
    error_hint(error, "%s", hint);
    error->position = (i32)offset + 1;
    query_rethrow(lexer->q, error);
}

/* The state of E'...': a first surrogate half waits for its second. */
typedef struct EscapeState {
    u32 high;
    bool bytes; /* \x or octal wrote bytes: the result must be checked */
} EscapeState;

/* \uXXXX or \UXXXXXXXX at `at` (on the backslash); returns the offset behind it. */
static i64 decode_e_unicode(Lexer *lexer, i64 at, EscapeState *state, TextBuilder *out)
{
    i32 digits = byte_at(lexer, at + 1) == 'u' ? 4 : 8;
    u32 value;
    if (!read_hex(lexer->text, at + 2, digits, &value))
        fail_escape(lexer, at, E_INVALID_ESCAPE_SEQUENCE,
                    "Unicode escapes must be \\uXXXX or \\UXXXXXXXX.");
    i64 end = at + 2 + digits;
    if (state->high != 0) {
        if (!is_low_surrogate(value))
            lexer_fail(lexer, at, end, "invalid Unicode surrogate pair");
        value = join_surrogates(state->high, value);
        state->high = 0;
    } else if (is_low_surrogate(value)) {
        lexer_fail(lexer, at, end, "invalid Unicode surrogate pair");
    } else if (is_high_surrogate(value)) {
        state->high = value;
        return end;
    }
    if (value == 0 || value > 0x10ffff)
        lexer_fail(lexer, at, end, "invalid Unicode escape value");
    put_code_point(out, value);
    return end;
}

/* Octal \o, \oo, \ooo and \xH, \xHH; returns the offset behind it. */
static i64 decode_e_byte(Lexer *lexer, i64 at, i32 base, i32 digits_max, TextBuilder *out)
{
    u32 value = 0;
    for (i32 i = 0; i < digits_max; i++, at++) {
        i32 digit = hex_value(byte_at(lexer, at));
        if (digit < 0 || digit >= base)
            break;
        value = value * (u32)base + (u32)digit;
    }
    builder_byte(out, (char)value);
    return at;
}

/* One escape of E'...', at on the backslash; returns the offset behind it. */
static i64 decode_e_escape(Lexer *lexer, i64 at, EscapeState *state, TextBuilder *out)
{
    u8 c = byte_at(lexer, at + 1);
    if (c == 'u' || c == 'U')
        return decode_e_unicode(lexer, at, state, out);
    if (c >= '0' && c <= '7') {
        state->bytes = true;
        return decode_e_byte(lexer, at + 1, 8, 3, out);
    }
    if (c == 'x' && hex_value(byte_at(lexer, at + 2)) >= 0) {
        state->bytes = true;
        return decode_e_byte(lexer, at + 2, 16, 2, out);
    }
    const char *found = c ? strchr("b\bf\fn\nr\rt\t", c) : NULL;
    bool named = found && strchr("bfnrt", c) != NULL;
    builder_byte(out, named ? found[1] : (char)c);
    return at + 2;
}

static void check_bytes(Lexer *lexer, Text text)
{
    if (!utf8_check(text, &lexer->q->error))
        query_rethrow(lexer->q, &lexer->q->error);
}

/* What one round of the string's loop found. */
typedef enum StringStep { STRING_GOES_ON, STRING_ENDS } StringStep;

/* A quote at `at`: doubled, continued on another line, or the end. */
static StringStep pass_quote(Lexer *lexer, StringForm form, TextBuilder *out)
{
    bool doubles = form == STRING_PLAIN || form == STRING_ESCAPES;
    if (doubles && byte_at(lexer, lexer->at + 1) == '\'') {
        builder_byte(out, '\'');
        lexer->at += 2;
        return STRING_GOES_ON;
    }
    i64 again = continued_at(lexer, lexer->at + 1);
    lexer->at = again ? again : lexer->at + 1;
    return again ? STRING_GOES_ON : STRING_ENDS;
}

static i64 run_length(const Lexer *lexer, StringForm form)
{
    i64 at = lexer->at;
    while (at < lexer->text.len && byte_at(lexer, at) != '\'' &&
           !(form == STRING_ESCAPES && byte_at(lexer, at) == '\\'))
        at++;
    return at - lexer->at;
}

Text scan_string(Lexer *lexer, i32 literal, StringForm form)
{
    TextBuilder out;
    EscapeState state = {0};
    i64 first = run_length(lexer, form), end = lexer->at + first;
    /* The common case: no escape, no continuation. */
    if (byte_at(lexer, end) == '\'' && byte_at(lexer, end + 1) != '\'' &&
        !continued_at(lexer, end + 1)) {
        lexer->at = end + 1;
        return text_slice(lexer->text, end - first, end);
    }
    builder_open(&out, lexer->q, lexer->q->arena);
    for (;;) {
        i64 run = run_length(lexer, form);
        builder_add(&out, text_slice(lexer->text, lexer->at, lexer->at + run));
        i64 at = lexer->at += run;
        bool escape = byte_at(lexer, at) == '\\' && at + 1 < lexer->text.len;
        if (at >= lexer->text.len || (byte_at(lexer, at) == '\\' && !escape))
            lexer_fail(lexer, literal, lexer->text.len, unterminated(form));
        bool low_half = escape && (byte_at(lexer, at + 1) | 32) == 'u';
        if (state.high && (run > 0 || !low_half))
            lexer_fail(lexer, at - run, at - run + 1, "invalid Unicode surrogate pair");
        if (escape)
            lexer->at = decode_e_escape(lexer, at, &state, &out);
        else if (pass_quote(lexer, form, &out) == STRING_ENDS)
            break;
    }
    if (state.bytes)
        check_bytes(lexer, builder_text(&out));
    return builder_text(&out);
}

Text scan_delimited_name(Lexer *lexer, i32 literal, bool unicode)
{
    TextBuilder out;
    i64 start = lexer->at;
    bool doubled = false;
    builder_open(&out, lexer->q, lexer->q->arena);
    for (;; lexer->at++) {
        if (lexer->at >= lexer->text.len)
            lexer_fail(lexer, literal, lexer->text.len, "unterminated quoted identifier");
        u8 c = byte_at(lexer, lexer->at);
        if (c == '"' && byte_at(lexer, lexer->at + 1) != '"')
            break;
        if (c == '"') {
            doubled = true;
            lexer->at++;
        }
        if (doubled && out.len == 0 && lexer->at - 1 > start)
            builder_add(&out, text_slice(lexer->text, start, lexer->at - 1));
        if (doubled)
            builder_byte(&out, (char)c);
    }
    Text name = doubled ? builder_text(&out) : text_slice(lexer->text, start, lexer->at);
    lexer->at++;
    if (name.len == 0)
        lexer_fail(lexer, literal, lexer->at, "zero-length delimited identifier");
    return name;
}

static bool is_tag_start(u8 c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

/* The length of $tag$ at `at`, both dollars included; 0: there is none. */
static i64 tag_length(const Lexer *lexer, i64 at)
{
    i64 end = at + 1;
    if (is_tag_start(byte_at(lexer, end)))
        while (is_tag_start(byte_at(lexer, end)) ||
               (byte_at(lexer, end) >= '0' && byte_at(lexer, end) <= '9'))
            end++;
    return byte_at(lexer, end) == '$' ? end + 1 - at : 0;
}

bool scan_dollar_string(Lexer *lexer, i32 literal, Text *text)
{
    i64 length = tag_length(lexer, lexer->at);
    if (length == 0)
        return false;
    Text tag = text_slice(lexer->text, lexer->at, lexer->at + length);
    i64 start = lexer->at + length;
    i64 found = text_find(text_slice(lexer->text, start, lexer->text.len), tag);
    if (found == TEXT_NOT_FOUND)
        lexer_fail(lexer, literal, lexer->text.len, "unterminated dollar-quoted string");
    *text = text_slice(lexer->text, start, start + found);
    lexer->at = start + found + length;
    return true;
}

bool is_unicode_escape(Text text)
{
    if (text.len != 1)
        return false;
    u8 c = (u8)text.data[0];
    return hex_value(c) < 0 && strchr("+'\" \t\n\r\f", c) == NULL;
}

/* The number of one U& escape at raw[at]; *length: its bytes, 0: not well formed. */
static u32 unicode_escape(Text raw, i64 at, i64 *length)
{
    u32 value = 0;
    if (read_hex(raw, at + 1, 4, &value))
        *length = 5;
    else if (at + 1 < raw.len && raw.data[at + 1] == '+' && read_hex(raw, at + 2, 6, &value))
        *length = 8;
    else
        *length = 0;
    return value;
}

Text decode_unicode(Lexer *lexer, Text raw, u8 escape, i32 offset)
{
    TextBuilder out;
    u32 high = 0;
    i64 length;
    builder_open(&out, lexer->q, lexer->q->arena);
    for (i64 at = 0; at < raw.len; at += length) {
        bool escaped = (u8)raw.data[at] == escape;
        bool doubled = escaped && at + 1 < raw.len && (u8)raw.data[at + 1] == escape;
        u32 value = 0;
        length = doubled ? 2 : 1;
        if (escaped && !doubled) {
            value = unicode_escape(raw, at, &length);
            if (length == 0)
                fail_escape(lexer, offset + at, E_SYNTAX_ERROR,
                            "Unicode escapes must be \\XXXX or \\+XXXXXX.");
            if (value == 0 || value > 0x10ffff)
                query_fail_at(lexer->q, (i32)(offset + at), E_SYNTAX_ERROR,
                              "invalid Unicode escape value");
        }
        if ((high != 0) != is_low_surrogate(value))
            query_fail_at(lexer->q, (i32)(offset + at), E_SYNTAX_ERROR,
                          "invalid Unicode surrogate pair");
        if (high)
            value = join_surrogates(high, value);
        high = is_high_surrogate(value) ? value : 0;
        if (value && !high)
            put_code_point(&out, value);
        else if (!value)
            builder_byte(&out, raw.data[at]);
    }
    if (high)
        query_fail_at(lexer->q, (i32)(offset + raw.len), E_SYNTAX_ERROR,
                      "invalid Unicode surrogate pair");
    return builder_text(&out);
}
