/* SPDX-License-Identifier: Apache-2.0
 *
 * Text to values: the one switch from a type to its reader, and the column loops.
 *
 * The types a bulk load is made of (integers, scaled decimals, dates, strings) have a loop of
 * their own without a Value in between; all others go through text_in_value. Strings refer to
 * the text they were read from; char(n) loses the blanks at its end here and gets them back in
 * text_out.
 */
#include "types/text_in.h"

#include "base/text.h"
#include "types/decimal.h"
#include "types/digits.h"
#include "types/interval.h"
#include "types/timestamp.h"

enum { NAME_BYTES_MAX = 63, TYPMOD_HEADER = 4 };

/* ---- strings ---- */

/* Byte length of the first `count` characters; text.len when there are no more than that. */
static i64 bytes_of_characters(Text text, i64 count)
{
    if (text.len <= count)
        return text.len;
    i64 at = 0;
    for (i64 i = 0; i < count && at < text.len; i++)
        at += utf8_width((u8)text.data[at]);
    return min_i64(at, text.len);
}

static bool too_long(const char *type, i64 limit, Error *error)
{
    return error_set(error, E_STRING_DATA_RIGHT_TRUNCATION, "value too long for type %s(%lld)",
                     type, (long long)limit);
}

/* Blanks beyond the limit are dropped, anything else there is an error. */
static bool varchar_read(Text text, i32 typmod, Text *read, Error *error)
{
    *read = text;
    if (typmod < TYPMOD_HEADER)
        return true;
    i64 limit = typmod - TYPMOD_HEADER, bytes = bytes_of_characters(text, limit);
    read->len = bytes;
    Text surplus = {text.data + bytes, text.len - bytes};
    return text_without_blanks(surplus).len == 0 || too_long("character varying", limit, error);
}

static bool bpchar_read(Text text, i32 typmod, Text *read, Error *error)
{
    *read = text; /* without a length, blanks stay */
    if (typmod < TYPMOD_HEADER)
        return true;
    *read = text_without_blanks(text);
    i64 limit = typmod - TYPMOD_HEADER;
    return bytes_of_characters(*read, limit) == read->len || too_long("character", limit, error);
}

static bool string_read(const TextIn *in, Text text, Text *read, Error *error)
{
    *read = text;
    switch (in->type.oid) {
    case TYPE_VARCHAR:
        return varchar_read(text, in->type.typmod, read, error);
    case TYPE_BPCHAR:
        return bpchar_read(text, in->type.typmod, read, error);
    case TYPE_NAME:
        read->len = utf8_cut(text, NAME_BYTES_MAX);
        return true;
    case TYPE_CHAR:
        return char_parse(text, in->arena, read, error);
    case TYPE_BYTEA:
        return bytea_parse(text, in->arena, read, error);
    default:
        return true;
    }
}

/* ---- numeric ---- */

/* Scaled integers take the way without a Num first: it is what columns of numeric(p,s) are loaded
 * with. NaN, exponents, many digits and errors go the other one. */
static bool numeric_read(const TextIn *in, Lane exact, i32 precision, Text text, Num *num,
                         Error *error)
{
    i128 value;
    if (exact.kind == LANE_DEC64 && decimal_parse(text, exact.scale, &value) == DECIMAL_OK &&
        decimal_fits(value, precision)) {
        *num = (Num){.kind = NUM_INLINE, .scale = exact.scale, .small = (i64)value};
        return true;
    }
    return num_parse(text, in->arena, num, error) &&
           num_apply_typmod(num, in->type.typmod, in->arena, error);
}

/* ---- the rest ---- */

/* xid and cid: as C's strtoul reads them; what is no number is 0. */
static i64 transaction_id_read(Text text)
{
    char copy[32] = {0};
    memcpy(copy, text.data, (size_t)min_i64(text.len, (i64)sizeof copy - 1));
    return (i64)(u32)strtoul(copy, NULL, 0);
}

/* regclass and its kin: numbers and "-"; names need a catalogue. */
static bool registered_read(const TextIn *in, Text text, i64 *value, Error *error)
{
    u32 oid = in->type.oid;
    *value = 0;
    if (text_equal(text, TEXT("-")))
        return true;
    if (text_is_digits(text))
        return oid_parse(text, value, error);
    if (in->format && in->format->names)
        return in->format->names->read(in->format->names, oid, text, in->arena, value, error);
    const TypeRow *row = type_row(oid);
    return error_set(error, E_FEATURE_NOT_SUPPORTED,
                     "names as input of type %s are not supported here", row ? row->name : "?");
}

static bool integer_fits(Lane lane, i64 value)
{
    if (lane.kind == LANE_I8)
        return value == (i8)value;
    if (lane.kind == LANE_I16)
        return value == (i16)value;
    return lane.kind != LANE_I32 || value == (i32)value;
}

static bool integer_read(const TextIn *in, Text text, i64 *value, Error *error)
{
    i32 typmod = in->type.typmod;
    switch (in->type.oid) {
    case TYPE_INT2:
        return int2_parse(text, value, error);
    case TYPE_INT4:
        return int4_parse(text, value, error);
    case TYPE_INT8:
        return int8_parse(text, value, error);
    case TYPE_OID:
        return oid_parse(text, value, error);
    case TYPE_TIME:
        return time_parse(text, typmod, in->format, value, error);
    case TYPE_TIMESTAMP:
        return timestamp_parse(text, typmod, in->format, value, error);
    case TYPE_TIMESTAMPTZ:
        return timestamptz_parse(text, typmod, in->format, value, error);
    case TYPE_XID:
    case TYPE_CID:
        *value = transaction_id_read(text);
        return true;
    case TYPE_DATE: {
        i32 day;
        bool done = date_parse(text, in->format, &day, error);
        *value = done ? day : 0;
        return done;
    }
    default:
        return registered_read(in, text, value, error);
    }
}

static bool value_read(const TextIn *in, Text text, Value *value, Error *error)
{
    switch (lane_kind(in->lane)) {
    case LANE_BOOL:
        return bool_parse(text, &value->boolean, error);
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
        if (!integer_read(in, text, &value->integer, error))
            return false;
        return integer_fits(in->lane, value->integer) ||
               error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "value \"%.*s\" is out of range",
                         ERROR_TEXT(text));
    case LANE_F32:
        return float4_parse(text, &value->real, error);
    case LANE_F64:
        return float8_parse(text, &value->number, error);
    case LANE_FIX16:
        return uuid_parse(text, value->fixed, error);
    case LANE_INTERVAL:
        return interval_parse(text, in->type.typmod, in->format, &value->interval, error);
    case LANE_STR: {
        Text read;
        bool done = string_read(in, text, &read, error);
        value->str = done ? str_from_text(read) : (Str){0};
        return done;
    }
    case LANE_NUM:
        return numeric_read(in, lane_of(LANE_NUM), 0, text, &value->num, error);
    case LANE_NONE:
    case LANE_I128:
    case LANE_DEC64:
    case LANE_DEC128:
    case LANE_ROW:
    case LANE_LIST:
    case LANE_STRUCT:
        break;
    }
    char name[TYPE_NAME_BYTES];
    if (in->lane.kind == LANE_ROW)
        return error_set(error, E_FEATURE_NOT_SUPPORTED,
                         "input of anonymous composite types is not implemented");
    return error_set(error, E_FEATURE_NOT_SUPPORTED, "values of type %s are not supported",
                     type_format(type_of(in->type.oid), name));
}

bool text_in_value(const TextIn *in, Text text, Value *value, Error *error)
{
    *value = (Value){.lane = in->lane};
    return value_read(in, text, value, error);
}

/* ---- columns ---- */

/* The rows a call reads: text i goes to row first + i. */
typedef struct ColumnRead {
    const TextIn *in;
    const Text *texts;
    i32 n, first;
    Vector *out;
    Error *error;
} ColumnRead;

static void null_row(const ColumnRead *read, i32 row)
{
    Value null = value_null(read->out->lane);
    vector_set(read->out, row, &null);
}

/* Each loop returns the number of texts read: n, or the index of the bad one. */
static i32 read_i32(const ColumnRead *read)
{
    i32 *values = read->out->values;
    bool dates = read->in->type.oid == TYPE_DATE;
    for (i32 i = 0; i < read->n; i++) {
        i32 row = read->first + i;
        if (!read->texts[i].data) {
            null_row(read, row);
            continue;
        }
        i64 value = 0;
        bool done = dates ? date_parse(read->texts[i], read->in->format, &values[row], read->error)
                          : int4_parse(read->texts[i], &value, read->error);
        if (unlikely(!done))
            return i;
        if (!dates)
            values[row] = (i32)value;
        bit_set(read->out->valid, row);
    }
    return read->n;
}

static i32 read_int8(const ColumnRead *read)
{
    i64 *values = read->out->values;
    for (i32 i = 0; i < read->n; i++) {
        i32 row = read->first + i;
        if (!read->texts[i].data) {
            null_row(read, row);
            continue;
        }
        if (unlikely(!int8_parse(read->texts[i], &values[row], read->error)))
            return i;
        bit_set(read->out->valid, row);
    }
    return read->n;
}

static i32 read_numerics(const ColumnRead *read)
{
    Num *values = read->out->values;
    i32 typmod = read->in->type.typmod;
    Lane exact = numeric_typmod_lane(typmod);
    i32 precision = exact.kind == LANE_DEC64 ? numeric_typmod_precision(typmod) : 0;
    for (i32 i = 0; i < read->n; i++) {
        i32 row = read->first + i;
        if (!read->texts[i].data) {
            null_row(read, row);
            continue;
        }
        if (unlikely(!numeric_read(read->in, exact, precision, read->texts[i], &values[row],
                                   read->error)))
            return i;
        bit_set(read->out->valid, row);
    }
    return read->n;
}

static i32 read_strings(const ColumnRead *read)
{
    Str *values = read->out->values;
    for (i32 i = 0; i < read->n; i++) {
        i32 row = read->first + i;
        if (!read->texts[i].data) {
            null_row(read, row);
            continue;
        }
        Text text;
        if (unlikely(!string_read(read->in, read->texts[i], &text, read->error)))
            return i;
        values[row] = str_from_text(text);
        bit_set(read->out->valid, row);
    }
    return read->n;
}

static i32 read_any(const ColumnRead *read)
{
    for (i32 i = 0; i < read->n; i++) {
        i32 row = read->first + i;
        if (!read->texts[i].data) {
            null_row(read, row);
            continue;
        }
        Value value;
        if (unlikely(!text_in_value(read->in, read->texts[i], &value, read->error)))
            return i;
        vector_set(read->out, row, &value);
    }
    return read->n;
}

static i32 read_column(const ColumnRead *read)
{
    Lane lane = read->in->lane;
    u32 oid = read->in->type.oid;
    if (lane.kind == LANE_I32 && (oid == TYPE_INT4 || oid == TYPE_DATE))
        return read_i32(read);
    if (lane.kind == LANE_I64 && oid == TYPE_INT8)
        return read_int8(read);
    if (lane.kind == LANE_NUM)
        return read_numerics(read);
    if (lane.kind == LANE_STR)
        return read_strings(read);
    return read_any(read);
}

bool text_in_column(const TextIn *in, const Text *texts, i32 n, Vector *out, i32 first, i32 *bad,
                    Error *error)
{
    assert(out->form == VECTOR_FLAT && out->valid && lane_equal(in->lane, out->lane));
    ColumnRead read = {in, texts, n, first, out, error};
    i32 done = read_column(&read);
    if (done == n)
        return true;
    null_row(&read, first + done);
    *bad = done;
    return false;
}
