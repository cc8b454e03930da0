/* SPDX-License-Identifier: Apache-2.0
 *
 * Values to text: the one switch from a type to its writer, and the column loops.
 *
 * Types with a bounded text reserve room for the whole column at once and are written without
 * further checks, the frequent ones by loops of their own. A CONSTANT is written once, all spans
 * point to it; of a DICTIONARY each entry that a row uses is written once.
 */
#include "types/text_out.h"

#include "base/text.h"
#include "types/bytes_text.h"
#include "types/decimal.h"
#include "types/interval.h"
#include "types/row_value.h"
#include "types/timestamp.h"

enum { TYPMOD_HEADER = 4, INTEGER_BYTES = 24 };

/* ---- one value ---- */

/* regclass and its kin: their text is a name. */
static bool is_registered(u32 oid)
{
    switch (oid) {
    case TYPE_REGPROC:
    case TYPE_REGPROCEDURE:
    case TYPE_REGOPER:
    case TYPE_REGOPERATOR:
    case TYPE_REGCLASS:
    case TYPE_REGTYPE:
    case TYPE_REGNAMESPACE:
    case TYPE_REGROLE:
        return true;
    default:
        return false;
    }
}

/* Most bytes the text of any value of a bounded lane takes; 0: depends on the value. */
static i64 bounded_bytes(Lane lane, u32 oid)
{
    if (is_registered(oid))
        return 0;
    switch (lane_kind(lane)) {
    case LANE_BOOL:
        return 1;
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
        return oid == TYPE_DATE ? DATE_TEXT_BYTES
               : oid == TYPE_TIMESTAMP || oid == TYPE_TIMESTAMPTZ || oid == TYPE_TIME
                   ? TIMESTAMP_TEXT_BYTES
                   : INTEGER_BYTES;
    case LANE_I128:
    case LANE_DEC64:
    case LANE_DEC128:
        return DECIMAL_TEXT_BYTES;
    case LANE_F32:
    case LANE_F64:
        return FLOAT_TEXT_BYTES;
    case LANE_FIX16:
        return UUID_TEXT_BYTES;
    case LANE_INTERVAL:
        return INTERVAL_TEXT_BYTES;
    case LANE_NONE:
    case LANE_STR:
    case LANE_NUM:
    case LANE_ROW:
    case LANE_LIST:
    case LANE_STRUCT:
        return 0;
    }
    unreachable();
}

static i32 print_integer(u32 oid, i64 value, const FormatSettings *format, char *out)
{
    switch (oid) {
    case TYPE_DATE:
        return date_print((i32)value, format, out);
    case TYPE_TIME:
        return time_print(value, format, out);
    case TYPE_TIMESTAMP:
        return timestamp_print(value, format, out);
    case TYPE_TIMESTAMPTZ:
        return timestamptz_print(value, format, out);
    default:
        return i64_print(value, out);
    }
}

/* A value of a bounded lane. */
static i32 print_bounded(u32 oid, const Value *value, const FormatSettings *format, char *out)
{
    switch (lane_kind(value->lane)) {
    case LANE_BOOL:
        out[0] = value->boolean ? 't' : 'f';
        return 1;
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
        return print_integer(oid, value->integer, format, out);
    case LANE_DEC64:
        return decimal_print_i64(value->integer, value->lane.scale, out);
    case LANE_I128:
    case LANE_DEC128:
        return decimal_print(value->wide, value->lane.scale, out);
    case LANE_F32:
        return float4_print(value->real, format->extra_float_digits, out);
    case LANE_F64:
        return float8_print(value->number, format->extra_float_digits, out);
    case LANE_FIX16:
        return uuid_print(value->fixed, out);
    case LANE_INTERVAL:
        return interval_print(value->interval, format, out);
    case LANE_NONE:
    case LANE_STR:
    case LANE_NUM:
    case LANE_ROW:
    case LANE_LIST:
    case LANE_STRUCT:
        break;
    }
    unreachable();
}

/* Appends a string; char(n) is padded to n characters again. */
static bool append_str(Type type, const Str *str, const FormatSettings *format, Buffer *bytes,
                       Error *error)
{
    Text text = str_text(str);
    if (type.oid == TYPE_BYTEA)
        return bytea_append(text, format->bytea_output, bytes, error);
    i64 blanks = 0;
    char escaped[CHAR_TEXT_BYTES];
    if (type.oid == TYPE_CHAR)
        text = char_print(text, escaped);
    if (type.oid == TYPE_BPCHAR && type.typmod >= TYPMOD_HEADER)
        blanks = max_i64(type.typmod - TYPMOD_HEADER - utf8_length(text), 0);
    if (!buffer_reserve(bytes, text.len + blanks, error) ||
        !buffer_append(bytes, text.data, text.len, error))
        return false;
    if (blanks)
        memset(bytes->data + bytes->len, ' ', (size_t)blanks);
    bytes->len += blanks;
    return true;
}

static bool append_registered(u32 type, i64 oid, const FormatSettings *format, Buffer *bytes,
                              Error *error)
{
    if (oid == 0)
        return buffer_append(bytes, "-", 1, error);
    if (format->names)
        return format->names->append(format->names, type, oid, bytes, error);
    if (!buffer_reserve(bytes, INTEGER_BYTES, error))
        return false;
    bytes->len += i64_print(oid, (char *)bytes->data + bytes->len);
    return true;
}

static bool append_num(Num num, Buffer *bytes, Error *error)
{
    if (!buffer_reserve(bytes, num_text_bytes(num), error))
        return false;
    bytes->len += num_print(num, (char *)bytes->data + bytes->len);
    return true;
}

static bool no_output(Type type, Error *error)
{
    char name[TYPE_NAME_BYTES];
    return error_set(error, E_FEATURE_NOT_SUPPORTED, "values of type %s are not supported",
                     type_format(type_of(type.oid), name));
}

bool text_out_append(Type type, const Value *value, const FormatSettings *format, Buffer *bytes,
                     Error *error)
{
    i64 bound = bounded_bytes(value->lane, type.oid);
    if (bound) {
        if (!buffer_reserve(bytes, bound, error))
            return false;
        bytes->len += print_bounded(type.oid, value, format, (char *)bytes->data + bytes->len);
        return true;
    }
    if (is_registered(type.oid))
        return append_registered(type.oid, value->integer, format, bytes, error);
    if (value->lane.kind == LANE_STR)
        return append_str(type, &value->str, format, bytes, error);
    if (value->lane.kind == LANE_NUM)
        return append_num(value->num, bytes, error);
    if (value->lane.kind == LANE_ROW)
        return row_text_append(str_text(&value->str), format, bytes, error);
    return no_output(type, error);
}

bool text_out_value(Type type, const Value *value, const FormatSettings *format, Arena *arena,
                    Text *text, Error *error)
{
    assert(!value->null);
    Buffer bytes;
    buffer_open(&bytes, arena->budget);
    bool done = text_out_append(type, value, format, &bytes, error) &&
                arena_text(arena, (Text){(const char *)bytes.data, bytes.len}, text, error);
    buffer_close(&bytes);
    return done;
}

/* ---- columns ---- */

typedef struct ColumnWrite {
    const Vector *vector;
    const Selection *sel;
    i32 count;
    const FormatSettings *format;
    Buffer *bytes;
    TextSpan *spans;
    Error *error;
} ColumnWrite;

static inline i32 row_at(const ColumnWrite *write, i32 i)
{
    return write->sel ? write->sel->rows[i] : i;
}

typedef enum FastKind { FAST_I16, FAST_I32, FAST_I64, FAST_DATE, FAST_DECIMAL } FastKind;

TEMPLATE i32 print_fast(FastKind kind, const VectorView *view, i32 at, Lane lane,
                        const FormatSettings *format, char *out)
{
    switch (kind) {
    case FAST_I16:
        return i64_print(((const i16 *)view->values)[at], out);
    case FAST_I32:
        return i64_print(((const i32 *)view->values)[at], out);
    case FAST_I64:
        return i64_print(((const i64 *)view->values)[at], out);
    case FAST_DATE:
        return date_print(((const i32 *)view->values)[at], format, out);
    case FAST_DECIMAL:
        return decimal_print_i64(((const i64 *)view->values)[at], lane.scale, out);
    }
    unreachable();
}

/* Room for all rows is reserved by the caller. */
TEMPLATE void write_fast(const ColumnWrite *write, FastKind kind)
{
    VectorView view = vector_view(write->vector);
    char *start = (char *)write->bytes->data, *out = start + write->bytes->len;
    for (i32 i = 0; i < write->count; i++) {
        i32 row = row_at(write, i);
        if (view_is_null(&view, row)) {
            write->spans[i] = (TextSpan){out - start, TEXT_SPAN_NULL};
            continue;
        }
        i32 len = print_fast(kind, &view, view_index(&view, row), write->vector->lane,
                             write->format, out);
        write->spans[i] = (TextSpan){out - start, len};
        out += len;
    }
    write->bytes->len = out - start;
}

/* Loops for the frequent types; false: there is none. */
static bool write_by_loop(const ColumnWrite *write)
{
    u32 oid = write->vector->type.oid;
    LaneKind kind = lane_kind(write->vector->lane);
    if (oid == TYPE_DATE && kind == LANE_I32)
        write_fast(write, FAST_DATE);
    else if (kind == LANE_DEC64)
        write_fast(write, FAST_DECIMAL);
    else if (oid != TYPE_INT2 && oid != TYPE_INT4 && oid != TYPE_INT8)
        return false;
    else if (kind == LANE_I16)
        write_fast(write, FAST_I16);
    else if (kind == LANE_I32)
        write_fast(write, FAST_I32);
    else if (kind == LANE_I64)
        write_fast(write, FAST_I64);
    else
        return false;
    return true;
}

static void write_bounded(const ColumnWrite *write)
{
    Buffer *bytes = write->bytes;
    u32 oid = write->vector->type.oid;
    for (i32 i = 0; i < write->count; i++) {
        Value value = vector_value(write->vector, row_at(write, i));
        write->spans[i] = (TextSpan){bytes->len, TEXT_SPAN_NULL};
        if (value.null)
            continue;
        i32 len = print_bounded(oid, &value, write->format, (char *)bytes->data + bytes->len);
        write->spans[i].len = len;
        bytes->len += len;
    }
}

static bool span_fits(i64 len, Error *error)
{
    return len <= INT32_MAX || error_set(error, E_PROGRAM_LIMIT_EXCEEDED,
                                         "text of a value exceeds %d bytes", INT32_MAX);
}

static bool write_one(const ColumnWrite *write, i32 row, TextSpan *span)
{
    Value value = vector_value(write->vector, row);
    i64 start = write->bytes->len;
    *span = (TextSpan){start, TEXT_SPAN_NULL};
    if (value.null)
        return true;
    if (!text_out_append(write->vector->type, &value, write->format, write->bytes, write->error) ||
        !span_fits(write->bytes->len - start, write->error))
        return false;
    span->len = (i32)(write->bytes->len - start);
    return true;
}

static bool write_rows(const ColumnWrite *write)
{
    i64 bound = bounded_bytes(write->vector->lane, write->vector->type.oid);
    if (bound && write->vector->form != VECTOR_SEQUENCE) {
        if (!buffer_reserve(write->bytes, bound * write->count, write->error))
            return false;
        if (!write_by_loop(write))
            write_bounded(write);
        return true;
    }
    for (i32 i = 0; i < write->count; i++)
        if (!write_one(write, row_at(write, i), &write->spans[i]))
            return false;
    return true;
}

static bool write_constant(const ColumnWrite *write)
{
    TextSpan span;
    if (!write_one(write, 0, &span))
        return false;
    for (i32 i = 0; i < write->count; i++)
        write->spans[i] = span;
    return true;
}

/* known: a span per entry, all zero at the start; len is kept as len + 1, 0: not written yet. */
static bool write_codes(const ColumnWrite *write, TextSpan *known)
{
    const Vector *vector = write->vector;
    for (i32 i = 0; i < write->count; i++) {
        i32 row = row_at(write, i);
        if (vector_is_null(vector, row)) {
            write->spans[i] = (TextSpan){write->bytes->len, TEXT_SPAN_NULL};
            continue;
        }
        TextSpan *entry = &known[vector->codes[row]];
        if (entry->len == 0) {
            if (!write_one(write, row, entry))
                return false;
            entry->len++;
        }
        write->spans[i] = (TextSpan){entry->offset, entry->len - 1};
    }
    return true;
}

static bool write_dictionary(const ColumnWrite *write)
{
    Buffer known;
    buffer_open(&known, write->bytes->budget);
    i64 bytes = (i64)write->vector->entry_count * (i64)sizeof(TextSpan);
    bool done =
        buffer_resize(&known, bytes, write->error) && write_codes(write, (TextSpan *)known.data);
    buffer_close(&known);
    return done;
}

bool text_out_column(const Vector *vector, const Selection *sel, i32 n,
                     const FormatSettings *format, Buffer *bytes, TextSpan *spans, Error *error)
{
    enum { ENTRIES_PER_ROW_MAX = 4 };
    assert(vector->form != VECTOR_LAZY);
    ColumnWrite write = {vector, sel, sel ? sel->count : n, format, bytes, spans, error};
    if (write.count == 0)
        return true;
    if (vector->form == VECTOR_CONSTANT)
        return write_constant(&write);
    if (vector->form == VECTOR_DICTIONARY &&
        vector->entry_count <= (i64)write.count * ENTRIES_PER_ROW_MAX)
        return write_dictionary(&write);
    return write_rows(&write);
}
