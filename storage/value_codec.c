/* SPDX-License-Identifier: Apache-2.0
 *
 * lane kind u8, scale u8, null u8, then (when not null) 8 bytes for integers, booleans and floats,
 * 16 for the wide lanes, u32 length and bytes for strings and encoded numerics.
 */
#include "storage/value_codec.h"

enum { COLUMNS_MAX = 1664 }; /* PostgreSQL's limit of a tuple */

bool lane_is_stored(Lane lane)
{
    switch (lane.kind) {
    case LANE_BOOL:
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
    case LANE_I128:
    case LANE_DEC64:
    case LANE_DEC128:
    case LANE_F32:
    case LANE_F64:
    case LANE_STR:
    case LANE_NUM:
    case LANE_FIX16:
    case LANE_INTERVAL:
        return true;
    case LANE_NONE:
    case LANE_LIST:
    case LANE_STRUCT:
        return false;
    }
    return false;
}

static void write_num(ByteWriter *w, Num num)
{
    i64 len = num_encoded_bytes(num);
    write_u32(w, (u32)len);
    if (w->failed || !buffer_reserve(w->buffer, len, w->error)) {
        w->failed = true;
        return;
    }
    num_encode(num, w->buffer->data + w->buffer->len);
    w->buffer->len += len;
}

void write_value(ByteWriter *w, const Value *value)
{
    write_u8(w, value->lane.kind);
    write_u8(w, value->lane.scale);
    write_u8(w, value->null);
    if (value->null)
        return;
    switch (value->lane.kind) {
    case LANE_BOOL:
        write_u64(w, value->boolean);
        return;
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
    case LANE_DEC64:
        write_u64(w, (u64)value->integer);
        return;
    case LANE_F32: {
        u64 bits = 0;
        memcpy(&bits, &value->real, sizeof value->real);
        write_u64(w, bits);
        return;
    }
    case LANE_F64:
        write_bytes(w, &value->number, 8);
        return;
    case LANE_I128:
    case LANE_DEC128:
    case LANE_FIX16:
    case LANE_INTERVAL:
        write_bytes(w, value->fixed, 16);
        return;
    case LANE_STR:
        write_text(w, str_text(&value->str));
        return;
    case LANE_NUM:
        write_num(w, value->num);
        return;
    case LANE_NONE:
    case LANE_LIST:
    case LANE_STRUCT:
        break;
    }
    unreachable();
}

static bool damaged(Error *error)
{
    return error_set(error, E_DATA_CORRUPTED, "a stored value is damaged");
}

static bool read_str(ByteReader *r, Arena *arena, Value *value, Error *error)
{
    Text copy, text = read_text(r);
    if (r->bad)
        return damaged(error);
    if (!arena_text(arena, text, &copy, error))
        return false;
    value->str = str_from_text(copy);
    return true;
}

static bool read_num(ByteReader *r, Arena *arena, Value *value, Error *error)
{
    Text text = read_text(r);
    return r->bad ? damaged(error)
                  : num_decode((const u8 *)text.data, text.len, arena, &value->num, error);
}

bool read_value(ByteReader *r, Arena *arena, Value *value, Error *error)
{
    memset(value, 0, sizeof *value);
    value->lane.kind = read_u8(r);
    value->lane.scale = read_u8(r);
    u8 null = read_u8(r);
    if (r->bad || null > 1 || (!null && !lane_is_stored(value->lane)))
        return damaged(error);
    value->null = null;
    if (null)
        return true;
    switch (value->lane.kind) {
    case LANE_STR:
        return read_str(r, arena, value, error);
    case LANE_NUM:
        return read_num(r, arena, value, error);
    default:
        break;
    }
    bool wide = lane_bytes(value->lane) == 16;
    const u8 *bytes = read_bytes(r, wide ? 16 : 8);
    if (!bytes)
        return damaged(error);
    if (value->lane.kind == LANE_BOOL)
        value->boolean = bytes[0] != 0;
    else
        memcpy(value->fixed, bytes, wide ? 16 : value->lane.kind == LANE_F32 ? 4 : 8);
    return true;
}

void write_columns(ByteWriter *w, const Columns *columns)
{
    write_u32(w, (u32)columns->count);
    for (i32 i = 0; i < columns->count; i++) {
        const ColumnDefinition *column = &columns->list[i];
        write_u32(w, column->id);
        write_u8(w, column->lane.kind);
        write_u8(w, column->lane.scale);
        write_u8(w, (u8)column->order);
        write_value(w, &column->constant);
    }
}

static bool read_column(ByteReader *r, Arena *arena, ColumnDefinition *column, Error *error)
{
    column->id = read_u32(r);
    column->lane.kind = read_u8(r);
    column->lane.scale = read_u8(r);
    u8 order = read_u8(r);
    column->order = (ColumnOrder)order;
    if (r->bad || order > ORDER_NONE || !lane_is_stored(column->lane))
        return damaged(error);
    return read_value(r, arena, &column->constant, error);
}

Columns *read_columns(ByteReader *r, Error *error)
{
    u32 count = read_u32(r);
    if (r->bad || count > COLUMNS_MAX) {
        damaged(error);
        return NULL;
    }
    Arena arena;
    arena_open(&arena, NULL);
    ColumnDefinition *list = arena_try(&arena, (i64)count * (i64)sizeof *list, error);
    bool good = list != NULL;
    for (u32 i = 0; good && i < count; i++)
        good = read_column(r, &arena, &list[i], error);
    Columns *columns = good ? columns_make(list, (i32)count, error) : NULL;
    arena_close(&arena);
    return columns;
}
