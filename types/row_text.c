/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a row: its fields' texts between parentheses, quoted where they must be.
 *
 * A field's text is written in place and spread when it turns out to need quotes. Each level of
 * nesting doubles the quotes inside, so that a row in a row in a row is soon longer than any text
 * may be: nested rows are measured before the first byte is written.
 */
#include "types/row_value.h"

#include "base/text.h"
#include "types/text_out.h"

enum { ROW_TEXT_BYTES_MAX = 0x3fffffff - 4 };

static bool needs_quotes(const char *text, i64 len)
{
    for (i64 i = 0; i < len; i++)
        if (text[i] == 0 || strchr("\"\\(), \t\n\v\f\r", text[i]))
            return true;
    return len == 0;
}

static i64 count_doubled(const char *text, i64 len)
{
    i64 count = 0;
    for (i64 i = 0; i < len; i++)
        count += text[i] == '"' || text[i] == '\\';
    return count;
}

static bool too_long(Error *error)
{
    error_set(error, E_PROGRAM_LIMIT_EXCEEDED, "out of memory");
    return error_detail(error, "The text of a row would exceed %d bytes.", ROW_TEXT_BYTES_MAX);
}

/* ---- writing ---- */

static __attribute__((noinline)) bool append_limbs(const RowField *field, Buffer *bytes,
                                                   Error *error)
{
    LimbRoom room;
    Num num = row_field_num(field, &room);
    if (!buffer_reserve(bytes, num_text_bytes(num), error))
        return false;
    bytes->len += num_print(num, (char *)bytes->data + bytes->len);
    return true;
}

static bool append_plain(const RowField *field, const FormatSettings *format, Buffer *bytes,
                         Error *error)
{
    if (row_field_has_limbs(field))
        return append_limbs(field, bytes, error);
    Value value = row_field_value(field);
    Type type = type_of(field->oid);
    type.typmod = field->typmod;
    return text_out_append(type, &value, format, bytes, error);
}

/* Puts the text from start on between quotes. */
static bool quote_from(i64 start, Buffer *bytes, Error *error)
{
    i64 len = bytes->len - start;
    i64 more = 2 + count_doubled((char *)bytes->data + start, len);
    if (len + more > ROW_TEXT_BYTES_MAX)
        return too_long(error);
    if (!buffer_reserve(bytes, more, error))
        return false;
    char *text = (char *)bytes->data + start, *to = text + len + more;
    *--to = '"';
    for (i64 i = len - 1; i >= 0; i--) {
        char byte = text[i]; /* before what is written may reach it */
        *--to = byte;
        if (byte == '"' || byte == '\\')
            *--to = byte;
    }
    *--to = '"';
    bytes->len += more;
    return true;
}

static bool append_row(Text row, const FormatSettings *format, Buffer *bytes, Error *error);

static bool append_field(const RowField *field, const FormatSettings *format, Buffer *bytes,
                         Error *error)
{
    i64 start = bytes->len;
    if (field->null)
        return true;
    bool done = field->lane.kind == LANE_ROW ? append_row(field->bytes, format, bytes, error)
                                             : append_plain(field, format, bytes, error);
    if (!done)
        return false;
    if (bytes->len > start && !needs_quotes((char *)bytes->data + start, bytes->len - start))
        return true;
    return quote_from(start, bytes, error);
}

static bool append_row(Text row, const FormatSettings *format, Buffer *bytes, Error *error)
{
    RowField field;
    if (!buffer_append(bytes, "(", 1, error))
        return false;
    RowCursor cursor = row_fields(row);
    for (bool first = true; row_field_next(&cursor, &field); first = false)
        if ((!first && !buffer_append(bytes, ",", 1, error)) ||
            !append_field(&field, format, bytes, error))
            return false;
    return buffer_append(bytes, ")", 1, error);
}

/* ---- measuring ---- */

/* Of a text: its bytes, and those of them that quotes double. */
typedef struct TextMeasure {
    i64 len, doubled;
} TextMeasure;

/* scratch: empty between calls. */
static bool measure_row(Text row, const FormatSettings *format, Buffer *scratch,
                        TextMeasure *measure, Error *error)
{
    RowField field;
    RowCursor cursor = row_fields(row);
    *measure = (TextMeasure){2 + max_i64(cursor.left - 1, 0), 0};
    while (row_field_next(&cursor, &field)) {
        TextMeasure own = {0, 0};
        bool nested = field.lane.kind == LANE_ROW && !field.null, quotes = nested;
        if (nested) {
            if (!measure_row(field.bytes, format, scratch, &own, error))
                return false;
        } else if (!field.null) {
            if (!append_plain(&field, format, scratch, error))
                return false;
            own = (TextMeasure){scratch->len, count_doubled((char *)scratch->data, scratch->len)};
            quotes = needs_quotes((char *)scratch->data, scratch->len);
            scratch->len = 0;
        }
        measure->len += own.len + (quotes ? 2 + own.doubled : 0);
        measure->doubled += own.doubled * (quotes ? 2 : 1) + (quotes ? 2 : 0);
        if (measure->len > ROW_TEXT_BYTES_MAX)
            return too_long(error);
    }
    return true;
}

static bool has_rows(Text row)
{
    RowField field;
    RowCursor cursor = row_fields(row);
    while (row_field_next(&cursor, &field))
        if (field.lane.kind == LANE_ROW && !field.null)
            return true;
    return false;
}

bool row_text_append(Text row, const FormatSettings *format, Buffer *bytes, Error *error)
{
    if (has_rows(row)) {
        Buffer scratch;
        TextMeasure measure;
        buffer_open(&scratch, bytes->budget);
        bool fits = measure_row(row, format, &scratch, &measure, error) &&
                    buffer_reserve(bytes, measure.len, error);
        buffer_close(&scratch);
        if (!fits)
            return false;
    }
    return append_row(row, format, bytes, error);
}
