/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as values: making, reading and comparing them.
 *
 *   bytes  what
 *   4      number of fields
 *   and for each field
 *   4      oid of its type
 *   4      type modifier
 *   1      lane; 3 zero: fields never have a scale
 *   4      bytes of the value that follow; ROW_FIELD_NULL: NULL, none follow
 *
 * A string or row is its bytes, every other value the 16 bytes of its slot, a Num with its limbs
 * behind them. Strings move without regard to alignment, so that limbs are copied before they are
 * looked at.
 */
#include "types/row_value.h"

#define ROW_FIELD_NULL UINT32_MAX
enum { COUNT_BYTES = 4, HEADER_BYTES = 16, SLOT_BYTES = 16 };

typedef struct FieldHeader {
    u32 oid;
    i32 typmod;
    u8 lane, zero[3];
    u32 len;
} FieldHeader;
_Static_assert(sizeof(FieldHeader) == HEADER_BYTES, "no padding");

/* ---- making ---- */

/* A field's value in the one lane its type has in rows. */
static bool plain_value(const Value *value, Arena *arena, Value *plain, Error *error)
{
    *plain = *value;
    LaneKind kind = lane_kind(value->lane);
    if (value->null || (kind != LANE_DEC64 && kind != LANE_DEC128 && kind != LANE_I128))
        return true;
    *plain = (Value){.lane = lane_of(LANE_NUM)};
    i128 scaled = kind == LANE_DEC64 ? (i128)value->integer : value->wide;
    return num_from_i128(scaled, value->lane.scale, arena, &plain->num, error);
}

static i64 value_bytes(const Value *value)
{
    if (value->null)
        return 0;
    if (lane_is_bytes(value->lane))
        return value->str.len;
    bool limbs = value->lane.kind == LANE_NUM && value->num.kind == NUM_LIMBS;
    return SLOT_BYTES + (limbs ? (i64)value->num.count * 4 : 0);
}

static char *put_value(const Value *value, char *at)
{
    i64 bytes = value_bytes(value);
    if (bytes == 0)
        return at;
    if (lane_is_bytes(value->lane)) {
        memcpy(at, str_data(&value->str), (size_t)bytes);
        return at + bytes;
    }
    memcpy(at, value->fixed, SLOT_BYTES);
    if (bytes > SLOT_BYTES)
        memcpy(at + SLOT_BYTES, value->num.limbs, (size_t)(bytes - SLOT_BYTES));
    return at + bytes;
}

bool row_value_make(const Type *types, const Value *values, i32 count, Arena *arena, Text *row,
                    Error *error)
{
    i64 total = COUNT_BYTES;
    Value *plain = arena_try(arena, (i64)count * (i64)sizeof *plain + 1, error);
    if (!plain)
        return false;
    for (i32 i = 0; i < count; i++) {
        if (!plain_value(&values[i], arena, &plain[i], error))
            return false;
        total += HEADER_BYTES + value_bytes(&plain[i]);
    }
    if (total > INT32_MAX)
        return error_set(error, E_PROGRAM_LIMIT_EXCEEDED, "a row value exceeds %d bytes",
                         INT32_MAX);
    char *bytes = arena_try(arena, total, error), *at = bytes + COUNT_BYTES;
    if (!bytes)
        return false;
    memcpy(bytes, &count, COUNT_BYTES);
    for (i32 i = 0; i < count; i++) {
        FieldHeader header = {types[i].oid, types[i].typmod, plain[i].lane.kind, {0}, 0};
        header.len = plain[i].null ? ROW_FIELD_NULL : (u32)value_bytes(&plain[i]);
        memcpy(at, &header, HEADER_BYTES);
        at = put_value(&plain[i], at + HEADER_BYTES);
    }
    *row = (Text){bytes, total};
    return true;
}

/* ---- taking apart ---- */

RowCursor row_fields(Text row)
{
    RowCursor cursor = {row.data + COUNT_BYTES, 0};
    assert(row.len >= COUNT_BYTES);
    memcpy(&cursor.left, row.data, COUNT_BYTES);
    return cursor;
}

bool row_field_next(RowCursor *cursor, RowField *field)
{
    if (cursor->left == 0)
        return false;
    FieldHeader header;
    memcpy(&header, cursor->at, HEADER_BYTES);
    bool null = header.len == ROW_FIELD_NULL;
    Text bytes = {cursor->at + HEADER_BYTES, null ? 0 : header.len};
    *field = (RowField){header.oid, header.typmod, lane_of(header.lane), null, bytes};
    cursor->at += HEADER_BYTES + bytes.len;
    cursor->left--;
    return true;
}

bool row_field_has_limbs(const RowField *field)
{
    return field->lane.kind == LANE_NUM && field->bytes.len > SLOT_BYTES;
}

Value row_field_value(const RowField *field)
{
    assert(!field->null && !row_field_has_limbs(field));
    Value value = {.lane = field->lane};
    if (lane_is_bytes(field->lane))
        value.str = str_from_text(field->bytes);
    else
        memcpy(value.fixed, field->bytes.data, SLOT_BYTES);
    return value;
}

Num row_field_num(const RowField *field, LimbRoom *room)
{
    Num num;
    memcpy(&num, field->bytes.data, SLOT_BYTES);
    if (num.kind != NUM_LIMBS)
        return num;
    verify(num.count <= NUM_LIMBS_MAX);
    memcpy(room->limbs, field->bytes.data + SLOT_BYTES, (size_t)num.count * 4);
    num.limbs = room->limbs;
    return num;
}

static __attribute__((noinline)) bool read_limbs(const RowField *field, Arena *arena, Num *num,
                                                 Error *error)
{
    LimbRoom room;
    return num_copy(row_field_num(field, &room), arena, num, error);
}

bool row_field_read(const RowField *field, Arena *arena, Value *value, Error *error)
{
    *value = value_null(field->lane);
    if (field->null)
        return true;
    if (!row_field_has_limbs(field)) {
        *value = row_field_value(field);
        return true;
    }
    *value = (Value){.lane = field->lane};
    return read_limbs(field, arena, &value->num, error);
}

/* ---- comparing ---- */

static __attribute__((noinline)) int compare_limbs(const RowField *a, const RowField *b)
{
    LimbRoom room_a, room_b;
    return num_compare(row_field_num(a, &room_a), row_field_num(b, &room_b));
}

/* Of one type. */
static int compare_fields(const RowField *a, const RowField *b)
{
    if (a->null || b->null)
        return (int)a->null - (int)b->null;
    if (row_field_has_limbs(a) || row_field_has_limbs(b))
        return compare_limbs(a, b);
    Value x = row_field_value(a), y = row_field_value(b);
    return value_compare(&x, &y);
}

int row_value_compare(Text a, Text b)
{
    RowCursor x = row_fields(a), y = row_fields(b);
    RowField left, right;
    while (row_field_next(&x, &left) && row_field_next(&y, &right)) {
        if (left.oid != right.oid)
            return left.oid < right.oid ? -1 : 1;
        int order = compare_fields(&left, &right);
        if (order)
            return order;
    }
    i32 count_a = row_fields(a).left, count_b = row_fields(b).left;
    return (count_a > count_b) - (count_a < count_b);
}

static bool check_types(const RowField *a, const RowField *b, i32 number, RowCompare what,
                        Error *error)
{
    char x[TYPE_NAME_BYTES], y[TYPE_NAME_BYTES];
    if (a->oid != b->oid)
        return error_set(error, E_DATATYPE_MISMATCH,
                         "cannot compare dissimilar column types %s and %s at record column %d",
                         type_format(type_of(a->oid), x), type_format(type_of(b->oid), y), number);
    if (a->oid == TYPE_UNKNOWN)
        return error_set(error, E_UNDEFINED_FUNCTION, "could not identify %s for type unknown",
                         what == ROW_EQUALITY ? "an equality operator" : "a comparison function");
    return true;
}

bool row_value_compare_strict(Text a, Text b, RowCompare what, int *order, Error *error)
{
    RowCursor x = row_fields(a), y = row_fields(b);
    bool same_count = x.left == y.left;
    *order = 0;
    RowField left, right;
    for (i32 number = 1; row_field_next(&x, &left) && row_field_next(&y, &right); number++) {
        if (!check_types(&left, &right, number, what, error))
            return false;
        bool nested = left.lane.kind == LANE_ROW && !left.null && !right.null;
        if (!nested)
            *order = compare_fields(&left, &right);
        else if (!row_value_compare_strict(left.bytes, right.bytes, what, order, error))
            return false;
        if (*order)
            return true;
    }
    return same_count || error_set(error, E_DATATYPE_MISMATCH,
                                   "cannot compare record types with different numbers of columns");
}
