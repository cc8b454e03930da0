/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL's binary formats: fixed-width values big-endian, strings as their bytes, numeric as
 * base-10^4 digits with weight, sign and display scale.
 *
 * One switch writes, one reads; a type without a send function in the type table, or without
 * values here, has no binary form.
 */
#include "types/binary_io.h"

#include "base/charset.h"
#include "base/text.h"
#include "types/interval.h"
#include "types/num_limbs.h"
#include "types/row_value.h"
#include "types/text_in.h"
#include "types/timestamp.h"

enum {
    TYPMOD_HEADER = 4,
    GROUP_DIGITS = 4,
    NUMERIC_HEADER = 8,
    SIGN_NEGATIVE = 0x4000,
    SIGN_NAN = 0xc000,
    SIGN_INFINITY = 0xd000,
    SIGN_MINUS_INFINITY = 0xf000,
};

static void put_big_endian(u64 value, i32 bytes, u8 *out)
{
    for (i32 i = bytes - 1; i >= 0; i--, value >>= 8)
        out[i] = (u8)value;
}

static u64 get_big_endian(const u8 *in, i32 bytes)
{
    u64 value = 0;
    for (i32 i = 0; i < bytes; i++)
        value = value << 8 | in[i];
    return value;
}

static bool append_integer(Buffer *out, u64 value, i32 bytes, Error *error)
{
    u8 wire[8];
    put_big_endian(value, bytes, wire);
    return buffer_append(out, wire, bytes, error);
}

/* Bytes of a fixed-width type on the wire; 0: not of fixed width. */
static i32 wire_bytes(u32 oid)
{
    const TypeRow *row = type_row(oid);
    if (!row || row->lane == LANE_NUM || row->lane == LANE_STR || row->length <= 0)
        return 0;
    return row->length;
}

/* ---- numeric ---- */

static i64 floor_divide(i64 a, i64 b)
{
    return a / b - (a % b < 0);
}

/* The group of four digits with this weight. */
static u32 group_at(const Finite *finite, i64 weight)
{
    u32 group = 0;
    for (i32 i = GROUP_DIGITS - 1; i >= 0; i--) {
        i64 position = weight * GROUP_DIGITS + i + finite->scale;
        group = group * 10 + (position < 0 ? 0 : (u32)magnitude_digit(finite->m, position));
    }
    return group;
}

static bool append_numeric_header(Buffer *out, i64 groups, i64 weight, u32 sign, u32 scale,
                                  Error *error)
{
    u8 header[NUMERIC_HEADER];
    put_big_endian((u64)groups, 2, header);
    put_big_endian((u64)weight, 2, header + 2);
    put_big_endian(sign, 2, header + 4);
    put_big_endian(scale, 2, header + 6);
    return buffer_append(out, header, NUMERIC_HEADER, error);
}

static bool append_numeric(Buffer *out, Num num, Error *error)
{
    static const u32 special_signs[] = {[NUM_NAN] = SIGN_NAN,
                                        [NUM_INFINITY] = SIGN_INFINITY,
                                        [NUM_MINUS_INFINITY] = SIGN_MINUS_INFINITY};
    if (num_is_special(num)) /* the infinities show the scale PostgreSQL gives them */
        return append_numeric_header(out, 0, 0, special_signs[num.kind],
                                     num.kind == NUM_NAN ? 0 : 32, error);
    Finite finite;
    finite_open(num, &finite);
    if (finite.m.count == 0)
        return append_numeric_header(out, 0, 0, 0, num.scale, error);
    i64 zeros = magnitude_trailing_zeros(finite.m);
    i64 top = floor_divide(finite_exponent(&finite), GROUP_DIGITS);
    i64 last = floor_divide(zeros - finite.scale, GROUP_DIGITS);
    if (!append_numeric_header(out, top - last + 1, top, finite.negative ? SIGN_NEGATIVE : 0,
                               num.scale, error))
        return false;
    for (i64 weight = top; weight >= last; weight--)
        if (!append_integer(out, group_at(&finite, weight), 2, error))
            return false;
    return true;
}

static bool decimal_as_num(const Value *value, Num *num, u32 limbs[SMALL_LIMBS])
{
    bool wide = value->lane.kind == LANE_I128 || value->lane.kind == LANE_DEC128;
    i128 whole = wide ? value->wide : value->integer;
    if (whole == (i64)whole) {
        *num = (Num){.kind = NUM_INLINE, .scale = value->lane.scale, .small = (i64)whole};
        return true;
    }
    Magnitude m = magnitude_of_u128(whole < 0 ? -(u128)whole : (u128)whole, limbs);
    *num = (Num){.kind = NUM_LIMBS,
                 .negative = whole < 0,
                 .scale = value->lane.scale,
                 .count = (u32)m.count,
                 .limbs = limbs};
    return true;
}

static bool bad_numeric(const char *what, Error *error)
{
    return error_set(error, E_INVALID_BINARY_REPRESENTATION,
                     "invalid %s in external \"numeric\" value", what);
}

/* Groups as decimal text "d...d.d...d": num_parse makes limbs of it. */
static bool num_from_groups(const u8 *groups, i64 count, i64 weight, bool negative, i64 scale,
                            Room room, Num *num)
{
    i64 whole_groups = max_i64(weight + 1, 0), zeros = max_i64(-weight - 1, 0);
    i64 room_groups = max_i64(whole_groups, count) + zeros + 2;
    char *text = arena_try(room.arena, room_groups * GROUP_DIGITS + 3, room.error);
    if (!text)
        return false;
    i64 len = 0;
    text[len++] = negative ? '-' : '+';
    text[len++] = '0';
    for (i64 at = max_i64(weight, -1); at >= weight - count + 1 || at >= 0; at--) {
        if (at == -1)
            text[len++] = '.';
        i64 i = weight - at;
        u64 group = i >= 0 && i < count ? get_big_endian(groups + i * 2, 2) : 0;
        if (group > 9999)
            return bad_numeric("digit", room.error);
        len += snprintf(text + len, GROUP_DIGITS + 1, "%04u", (u32)group);
    }
    return num_parse((Text){text, len}, room.arena, num, room.error) &&
           num_rescale(room, *num, scale, ROUND_DOWN, num);
}

static bool read_numeric(Text bytes, Room room, Num *num)
{
    const u8 *at = (const u8 *)bytes.data;
    if (bytes.len < NUMERIC_HEADER)
        return error_set(room.error, E_PROTOCOL_VIOLATION, "insufficient data left in message");
    i64 count = (i64)get_big_endian(at, 2);
    i64 weight = (i16)get_big_endian(at + 2, 2);
    u32 sign = (u32)get_big_endian(at + 4, 2);
    i64 scale = (i64)get_big_endian(at + 6, 2);
    if (sign == SIGN_NAN || sign == SIGN_INFINITY || sign == SIGN_MINUS_INFINITY) {
        *num = num_special(sign == SIGN_NAN        ? NUM_NAN
                           : sign == SIGN_INFINITY ? NUM_INFINITY
                                                   : NUM_MINUS_INFINITY);
        return true;
    }
    if (sign != 0 && sign != SIGN_NEGATIVE)
        return bad_numeric("sign", room.error);
    if (scale > NUM_SCALE_MAX)
        return bad_numeric("scale", room.error);
    if (bytes.len < NUMERIC_HEADER + count * 2)
        return error_set(room.error, E_PROTOCOL_VIOLATION, "insufficient data left in message");
    if (bytes.len > NUMERIC_HEADER + count * 2)
        return error_set(room.error, E_INVALID_BINARY_REPRESENTATION,
                         "incorrect binary data format");
    return num_from_groups(at + NUMERIC_HEADER, count, weight, sign != 0, scale, room, num);
}

/* ---- out ---- */

static bool append_padded(Buffer *out, Type type, const Str *str, Error *error)
{
    static const char blanks[] = "                ";
    Text text = str_text(str);
    if (!buffer_append(out, text.data, text.len, error))
        return false;
    i64 missing = 0;
    if (type.oid == TYPE_BPCHAR && type.typmod >= TYPMOD_HEADER)
        missing = type.typmod - TYPMOD_HEADER - utf8_length(text);
    for (; missing > 0; missing -= 16)
        if (!buffer_append(out, blanks, min_i64(missing, 16), error))
            return false;
    return true;
}

static bool append_interval(Buffer *out, Interval interval, Error *error)
{
    return append_integer(out, (u64)interval.us, 8, error) &&
           append_integer(out, (u32)interval.days, 4, error) &&
           append_integer(out, (u32)interval.months, 4, error);
}

static bool append_row(Buffer *out, Text row, Error *error);

static bool append_binary(Buffer *out, Type type, const Value *value, Error *error)
{
    u64 bits = 0;
    u32 limbs[SMALL_LIMBS];
    Num num;
    switch (lane_kind(value->lane)) {
    case LANE_BOOL:
        return append_integer(out, value->boolean, 1, error);
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
        if (type.oid != TYPE_NUMERIC)
            return append_integer(out, (u64)value->integer, wire_bytes(type.oid), error);
        return decimal_as_num(value, &num, limbs) && append_numeric(out, num, error);
    case LANE_I128:
    case LANE_DEC64:
    case LANE_DEC128:
        return decimal_as_num(value, &num, limbs) && append_numeric(out, num, error);
    case LANE_NUM:
        return append_numeric(out, value->num, error);
    case LANE_F32:
        memcpy(&bits, &value->real, 4);
        return append_integer(out, bits, 4, error);
    case LANE_F64:
        memcpy(&bits, &value->number, 8);
        return append_integer(out, bits, 8, error);
    case LANE_STR:
        if (type.oid == TYPE_CHAR && value->str.len == 0) /* "char" is one byte, always */
            return append_integer(out, 0, 1, error);
        return append_padded(out, type, &value->str, error);
    case LANE_FIX16:
        return buffer_append(out, value->fixed, 16, error);
    case LANE_INTERVAL:
        return append_interval(out, value->interval, error);
    case LANE_ROW:
        return append_row(out, str_text(&value->str), error);
    case LANE_NONE:
    case LANE_LIST:
    case LANE_STRUCT:
        break;
    }
    unreachable();
}

static __attribute__((noinline)) bool append_field_limbs(Buffer *out, const RowField *field,
                                                         Error *error)
{
    LimbRoom room;
    return append_numeric(out, row_field_num(field, &room), error);
}

static bool append_field(Buffer *out, const RowField *field, Error *error)
{
    i64 start = out->len;
    Type type = type_of(field->oid);
    type.typmod = field->typmod;
    if (!append_integer(out, field->oid, 4, error) || !append_integer(out, UINT32_MAX, 4, error))
        return false;
    if (field->null)
        return true;
    if (row_field_has_limbs(field)) {
        if (!append_field_limbs(out, field, error))
            return false;
    } else {
        Value value = row_field_value(field);
        if (!append_binary(out, type, &value, error))
            return false;
    }
    u32 length = __builtin_bswap32((u32)(out->len - start - 8));
    memcpy(out->data + start + 4, &length, 4);
    return true;
}

/* The number of fields; of each its type, its length or -1, and its bytes. */
static bool append_row(Buffer *out, Text row, Error *error)
{
    RowCursor cursor = row_fields(row);
    RowField field;
    if (!append_integer(out, (u64)cursor.left, 4, error))
        return false;
    while (row_field_next(&cursor, &field))
        if (!append_field(out, &field, error))
            return false;
    return true;
}

static bool has_binary_form(Type type, Lane lane, Error *error)
{
    const TypeRow *row = type_row(type.oid);
    if (row && row->send_proc && lane.kind != LANE_NONE && lane.kind < LANE_LIST)
        return true;
    char name[TYPE_NAME_BYTES];
    return error_set(error, E_UNDEFINED_FUNCTION, "no binary output function available for type %s",
                     type_format(type_of(type.oid), name));
}

static bool write_row(const Vector *vector, i32 row, Buffer *bytes, TextSpan *span, Error *error)
{
    Value value = vector_value(vector, row);
    *span = (TextSpan){bytes->len, TEXT_SPAN_NULL};
    if (value.null)
        return true;
    if (!append_binary(bytes, vector->type, &value, error))
        return false;
    i64 len = bytes->len - span->offset;
    if (len > INT32_MAX)
        return error_set(error, E_PROGRAM_LIMIT_EXCEEDED, "value exceeds %d bytes", INT32_MAX);
    span->len = (i32)len;
    return true;
}

bool binary_out_column(const Vector *vector, const Selection *sel, i32 n, Buffer *bytes,
                       TextSpan *spans, Error *error)
{
    assert(vector->form != VECTOR_LAZY);
    if (!has_binary_form(vector->type, vector->lane, error))
        return false;
    i32 count = sel ? sel->count : n;
    bool constant = vector->form == VECTOR_CONSTANT;
    for (i32 i = 0; i < count; i++) {
        if (constant && i > 0)
            spans[i] = spans[0];
        else if (!write_row(vector, sel ? sel->rows[i] : i, bytes, &spans[i], error))
            return false;
    }
    return true;
}

/* ---- in ---- */

static bool check_width(Text bytes, i32 width, Error *error)
{
    if (bytes.len < width)
        return error_set(error, E_PROTOCOL_VIOLATION, "insufficient data left in message");
    return bytes.len == width ||
           error_set(error, E_INVALID_BINARY_REPRESENTATION, "incorrect binary data format");
}

static bool check_integer(u32 oid, i64 value, Error *error)
{
    bool day = oid == TYPE_DATE && date_is_finite((i32)value);
    if (day && (value < DATE_MIN || value >= DATE_END))
        return error_set(error, E_DATETIME_FIELD_OVERFLOW, "date out of range");
    bool stamp = (oid == TYPE_TIMESTAMP || oid == TYPE_TIMESTAMPTZ) && timestamp_is_finite(value);
    if (stamp && (value < TIMESTAMP_MIN || value >= TIMESTAMP_END))
        return error_set(error, E_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    if (oid == TYPE_TIME && (value < 0 || value > US_PER_DAY))
        return error_set(error, E_DATETIME_FIELD_OVERFLOW, "time out of range");
    return true;
}

/* oids and transaction ids are unsigned, all others signed. */
static i64 widen(u32 oid, u64 wire, i32 bytes)
{
    if (bytes == 8)
        return (i64)wire;
    if (bytes == 2)
        return (i16)wire;
    return oid == TYPE_INT4 || oid == TYPE_DATE ? (i64)(i32)wire : (i64)(u32)wire;
}

static bool apply_time_typmod(Type type, i64 *value, Error *error)
{
    if (type.oid == TYPE_TIME)
        return time_apply_typmod(value, type.typmod, error);
    if (type.oid == TYPE_TIMESTAMP || type.oid == TYPE_TIMESTAMPTZ)
        return timestamp_apply_typmod(value, type.typmod, error);
    return true;
}

static bool read_integer(Type type, Text bytes, i64 *value, Error *error)
{
    i32 width = wire_bytes(type.oid);
    if (!check_width(bytes, width, error))
        return false;
    *value = widen(type.oid, get_big_endian((const u8 *)bytes.data, width), width);
    return check_integer(type.oid, *value, error) && apply_time_typmod(type, value, error);
}

/* Strings obey their type as their texts do: the same reader checks lengths and blanks. */
static bool read_string(Type type, Lane lane, Text bytes, Arena *arena, Value *value, Error *error)
{
    if (type.oid == TYPE_BYTEA) {
        value->str = str_from_text(bytes);
        return true;
    }
    if (type.oid != TYPE_CHAR && !utf8_check(bytes, error))
        return false;
    FormatSettings format = {0};
    TextIn in = {type, lane, &format, arena};
    if (type.oid == TYPE_CHAR && bytes.len == 1 && bytes.data[0] == 0)
        bytes.len = 0;
    return text_in_value(&in, bytes, value, error);
}

static bool read_decimal(Type type, Lane lane, Text bytes, Room room, Value *value)
{
    Num num;
    i128 wide;
    if (!read_numeric(bytes, room, &num) ||
        !num_apply_typmod(&num, type.typmod, room.arena, room.error))
        return false;
    if (lane.kind == LANE_NUM) {
        value->num = num;
        return true;
    }
    if (!num_to_i128(num, lane.scale, &wide))
        return error_set(room.error, E_FEATURE_NOT_SUPPORTED,
                         "numeric value cannot be kept in a column of fixed scale");
    if (lane.kind == LANE_DEC128 || lane.kind == LANE_I128) {
        value->wide = wide;
        return true;
    }
    value->integer = (i64)wide;
    return wide == (i64)wide ||
           error_set(room.error, E_FEATURE_NOT_SUPPORTED,
                     "numeric value cannot be kept in a column of fixed scale");
}

static bool read_interval(Type type, Text bytes, Interval *interval, Error *error)
{
    if (!check_width(bytes, 16, error))
        return false;
    const u8 *at = (const u8 *)bytes.data;
    *interval = (Interval){.us = (i64)get_big_endian(at, 8),
                           .days = (i32)get_big_endian(at + 8, 4),
                           .months = (i32)get_big_endian(at + 12, 4)};
    return interval_apply_typmod(interval, type.typmod, error);
}

bool binary_in_value(Type type, Lane lane, Text bytes, Arena *arena, Value *value, Error *error)
{
    *value = (Value){.lane = lane};
    const u8 *at = (const u8 *)bytes.data;
    u32 word;
    u64 bits;
    if (type.oid == TYPE_NUMERIC)
        return read_decimal(type, lane, bytes, (Room){.arena = arena, .error = error}, value);
    switch (lane_kind(lane)) {
    case LANE_BOOL:
        if (!check_width(bytes, 1, error))
            return false;
        value->boolean = at[0] != 0;
        return true;
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
        return read_integer(type, bytes, &value->integer, error);
    case LANE_F32:
        if (!check_width(bytes, 4, error))
            return false;
        word = (u32)get_big_endian(at, 4);
        memcpy(&value->real, &word, 4);
        return true;
    case LANE_F64:
        if (!check_width(bytes, 8, error))
            return false;
        bits = get_big_endian(at, 8);
        memcpy(&value->number, &bits, 8);
        return true;
    case LANE_STR:
        return read_string(type, lane, bytes, arena, value, error);
    case LANE_FIX16:
        if (!check_width(bytes, 16, error))
            return false;
        memcpy(value->fixed, at, 16);
        return true;
    case LANE_INTERVAL:
        return read_interval(type, bytes, &value->interval, error);
    case LANE_NONE:
    case LANE_I128:
    case LANE_DEC64:
    case LANE_DEC128:
    case LANE_NUM:
    case LANE_ROW:
    case LANE_LIST:
    case LANE_STRUCT:
        break;
    }
    if (lane.kind == LANE_ROW)
        return error_set(error, E_FEATURE_NOT_SUPPORTED,
                         "input of anonymous composite types is not implemented");
    char name[TYPE_NAME_BYTES];
    return error_set(error, E_UNDEFINED_FUNCTION, "no binary input function available for type %s",
                     type_format(type_of(type.oid), name));
}
