/* SPDX-License-Identifier: Apache-2.0
 *
 * Splitting goes from one special byte to the next, found 16 bytes at a time: plain data costs no
 * branch per byte. Text: delimiter, backslash, line ends; a backslash takes the byte behind it with
 * it. Csv: delimiter, quote, line ends outside quotes; quote and escape inside.
 *
 * No memory, no errors: the caller makes messages from the status.
 */
/* before base.h, which poisons what this header mentions */
#include <emmintrin.h>

#include "base/delimited.h"

enum { STEP_BYTES = 16, LINE_BYTES_MAX = 1 << 30 };

/* First of the bytes a b c d in data[at..len), or len. */
static inline i64 find_special(const char *data, i64 at, i64 len, char a, char b, char c, char d)
{
    __m128i va = _mm_set1_epi8(a), vb = _mm_set1_epi8(b);
    __m128i vc = _mm_set1_epi8(c), vd = _mm_set1_epi8(d);
    for (; at < len; at += STEP_BYTES) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + at));
        __m128i hit =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, va), _mm_cmpeq_epi8(bytes, vb)),
                         _mm_or_si128(_mm_cmpeq_epi8(bytes, vc), _mm_cmpeq_epi8(bytes, vd)));
        int mask = _mm_movemask_epi8(hit);
        if (mask) {
            at += __builtin_ctz((unsigned)mask);
            return at < len ? at : len;
        }
    }
    return len;
}

typedef struct Split {
    const Delimited *how;
    const char *data;
    i64 from, at, len, start; /* start: of the field at hand */
    bool at_end, quoted, escaped;
    DelimitedField *fields;
    i32 room;
    DelimitedLine line;
} Split;

static void field_end(Split *split, i64 end)
{
    if (split->line.fields < split->room)
        split->fields[split->line.fields] = (DelimitedField){
            split->start, (i32)(end - split->start), split->quoted, split->escaped};
    split->line.fields++;
    split->start = end + 1;
    split->quoted = split->escaped = false;
}

static DelimitedLine line_end(Split *split, LineStatus status, i64 text_end, i64 end)
{
    split->line.status = status;
    split->line.text_bytes = text_end - split->from;
    split->line.bytes = end - split->from;
    return split->line;
}

/* The bytes are over without a line end. */
static DelimitedLine data_end(Split *split)
{
    if (split->len - split->from > LINE_BYTES_MAX)
        return line_end(split, LINE_TOO_LONG, split->len, split->len);
    if (!split->at_end)
        return line_end(split, LINE_UNFINISHED, split->len, split->len);
    field_end(split, split->len);
    return line_end(split, LINE_WHOLE, split->len, split->len);
}

/* A line end at split->at; true: the line is over, *line is it. */
static bool meets_line_end(Split *split, DelimitedLine *line)
{
    i64 at = split->at;
    if (split->data[at] == '\n') {
        field_end(split, at);
        *line = line_end(split, LINE_WHOLE, at, at + 1);
        return true;
    }
    if (split->data[at] != '\r')
        return false;
    if (at + 1 == split->len && !split->at_end) {
        *line = line_end(split, LINE_UNFINISHED, at, at);
        return true;
    }
    bool pair = at + 1 < split->len && split->data[at + 1] == '\n';
    if (!pair && at + 1 < split->len) {
        *line = line_end(split, LINE_CARRIAGE_RETURN, at, at + 1);
        return true;
    }
    field_end(split, at);
    *line = line_end(split, LINE_WHOLE, at, at + 1 + pair);
    return true;
}

/* Is the line that begins here only \. ? */
static bool is_end_mark(const Split *split, DelimitedLine *line)
{
    i64 at = split->from, left = split->len - at;
    const char *data = split->data;
    if (left < 2 || data[at] != '\\' || data[at + 1] != '.')
        return false;
    i64 end = at + 2;
    if (end < split->len && data[end] == '\r')
        end++;
    if (end < split->len && data[end] != '\n')
        return false;
    if (end == split->len && !split->at_end) {
        *line = (DelimitedLine){.status = LINE_UNFINISHED};
        return true;
    }
    *line = (DelimitedLine){.status = LINE_END_MARK, .bytes = min_i64(end + 1, split->len) - at};
    return true;
}

static DelimitedLine text_line(Split *split)
{
    DelimitedLine line;
    char delimiter = split->how->delimiter;
    for (;;) {
        split->at = find_special(split->data, split->at, split->len, delimiter, '\\', '\n', '\r');
        if (split->at >= split->len)
            return data_end(split);
        if (meets_line_end(split, &line))
            return line;
        if (split->data[split->at] == '\\') {
            split->escaped = true;
            if (split->at + 1 == split->len && !split->at_end)
                return line_end(split, LINE_UNFINISHED, split->len, split->len);
            split->at = min_i64(split->at + 2, split->len);
            continue;
        }
        field_end(split, split->at++);
    }
}

/* Behind an opening quote: moves at behind the closing one; false: the bytes end before it. */
static bool quoted_part(Split *split)
{
    char quote = split->how->quote, escape = split->how->escape;
    for (;;) {
        split->at = find_special(split->data, split->at, split->len, quote, escape, '\n', '\n');
        if (split->at >= split->len)
            return false;
        char byte = split->data[split->at];
        if (byte == '\n') {
            split->line.breaks++;
            split->at++;
            continue;
        }
        if (byte == escape) {
            if (split->at + 1 == split->len && !split->at_end)
                return false;
            char next = split->at + 1 < split->len ? split->data[split->at + 1] : 0;
            bool escapes = split->at + 1 < split->len && (next == quote || next == escape);
            if (escapes) {
                split->at += 2;
                continue;
            }
        }
        split->at++;
        if (byte == quote)
            return true;
    }
}

static DelimitedLine csv_line(Split *split)
{
    DelimitedLine line;
    char delimiter = split->how->delimiter, quote = split->how->quote;
    for (;;) {
        split->at = find_special(split->data, split->at, split->len, delimiter, quote, '\n', '\r');
        if (split->at >= split->len)
            return data_end(split);
        if (meets_line_end(split, &line))
            return line;
        if (split->data[split->at] == quote) {
            split->quoted = true;
            split->at++;
            if (quoted_part(split))
                continue;
            if (split->len - split->from > LINE_BYTES_MAX)
                return line_end(split, LINE_TOO_LONG, split->len, split->len);
            return line_end(split, split->at_end ? LINE_UNTERMINATED : LINE_UNFINISHED, split->len,
                            split->len);
        }
        field_end(split, split->at++);
    }
}

DelimitedLine delimited_line(const Delimited *how, const char *data, i64 from, i64 len, bool at_end,
                             DelimitedField *fields, i32 room)
{
    Split split = {.how = how,
                   .data = data,
                   .from = from,
                   .at = from,
                   .start = from,
                   .len = len,
                   .at_end = at_end,
                   .fields = fields,
                   .room = room};
    DelimitedLine line;
    if (is_end_mark(&split, &line))
        return line;
    return how->form == DELIMITED_TEXT ? text_line(&split) : csv_line(&split);
}

/* ---- fields without their writing ---- */

static i32 digit_of(char byte, i32 base)
{
    i32 value = byte >= '0' && byte <= '9'   ? byte - '0'
                : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                             : base;
    return value < base ? value : -1;
}

/* The number behind a backslash: at most `most` digits from *at; false: there is none. */
static bool escape_number(const char *text, i32 len, i32 *at, i32 base, i32 most, char *byte)
{
    i32 value = 0, digits = 0;
    while (digits < most && *at < len && digit_of(text[*at], base) >= 0) {
        value = value * base + digit_of(text[(*at)++], base);
        digits++;
    }
    *byte = (char)value;
    return digits > 0;
}

static char escape_letter(char letter)
{
    switch (letter) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    default:
        return letter;
    }
}

static i32 text_unescape(const char *text, i32 len, char *out, bool *made_bytes)
{
    i32 n = 0;
    for (i32 at = 0; at < len;) {
        if (text[at] != '\\' || at + 1 == len) {
            out[n++] = text[at++];
            continue;
        }
        char letter = text[++at], byte;
        if (digit_of(letter, 8) >= 0 && escape_number(text, len, &at, 8, 3, &byte)) {
            *made_bytes |= (u8)byte >= 0x80 || byte == 0;
            out[n++] = byte;
            continue;
        }
        at++;
        if (letter == 'x' && escape_number(text, len, &at, 16, 2, &byte)) {
            *made_bytes |= (u8)byte >= 0x80 || byte == 0;
            out[n++] = byte;
            continue;
        }
        out[n++] = escape_letter(letter);
    }
    return n;
}

static i32 csv_unquote(const Delimited *how, const char *text, i32 len, char *out)
{
    i32 n = 0;
    bool inside = false;
    for (i32 at = 0; at < len; at++) {
        char byte = text[at];
        if (inside && byte == how->escape && at + 1 < len &&
            (text[at + 1] == how->quote || text[at + 1] == how->escape)) {
            out[n++] = text[++at];
            continue;
        }
        if (byte == how->quote) {
            inside = !inside;
            continue;
        }
        out[n++] = byte;
    }
    return n;
}

i32 delimited_unescape(const Delimited *how, const char *data, const DelimitedField *field,
                       char *out, bool *made_bytes)
{
    *made_bytes = false;
    const char *text = data + field->offset;
    return how->form == DELIMITED_TEXT ? text_unescape(text, field->len, out, made_bytes)
                                       : csv_unquote(how, text, field->len, out);
}
