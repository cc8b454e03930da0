/* SPDX-License-Identifier: Apache-2.0
 *
 * Normalised sort keys: one byte that says NULL or not, then the value as big-endian unsigned
 * bytes: integers with the sign flipped, floats in their total order (-0 = 0, NaN last, all NaNs
 * alike), intervals as their span, strings as a prefix of 12 bytes and their length up to 13, Nums
 * as a prefix of 12 bytes, rows as nothing. Descending inverts the value's bytes.
 *
 * Prefix of a Num: class (-inf, negative, zero, positive, inf, NaN), exponent of the first digit
 * (4 bytes), the first 16 digits (7 bytes); the last two inverted for negative numbers.
 */
#include "types/sort_key.h"

#include "types/num_limbs.h"

enum { PREFIX_BYTES = 12, STR_KEY_BYTES = PREFIX_BYTES + 1, NUM_KEY_DIGITS = 16 };

i32 sort_key_bytes(Lane lane)
{
    switch (lane_kind(lane)) {
    case LANE_BOOL:
        return 2;
    case LANE_STR:
        return 1 + STR_KEY_BYTES;
    case LANE_NUM:
        return 1 + PREFIX_BYTES;
    case LANE_ROW:
        return 1;
    case LANE_NONE:
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
    case LANE_I128:
    case LANE_DEC64:
    case LANE_DEC128:
    case LANE_F32:
    case LANE_F64:
    case LANE_FIX16:
    case LANE_INTERVAL:
    case LANE_LIST:
    case LANE_STRUCT:
        return 1 + lane_bytes(lane);
    }
    unreachable();
}

bool sort_key_is_exact(Lane lane)
{
    return lane.kind != LANE_STR && lane.kind != LANE_NUM && lane.kind != LANE_ROW;
}

static inline void put_big_endian(u64 value, i32 bytes, u8 *key)
{
    u64 swapped = __builtin_bswap64(value << (64 - 8 * bytes));
    memcpy(key, &swapped, (size_t)bytes);
}

static inline void put_signed(i64 value, i32 bytes, u8 *key)
{
    put_big_endian((u64)value ^ (u64)1 << (8 * bytes - 1), bytes, key);
}

static inline void put_i128(i128 value, u8 *key)
{
    put_signed((i64)(value >> 64), 8, key);
    put_big_endian((u64)value, 8, key + 8);
}

/* Bits of a double or float in an order of unsigned integers. */
static inline u64 ordered_f64(f64 value)
{
    if (value != value)
        return UINT64_MAX;
    u64 bits = 0;
    if (value != 0)
        memcpy(&bits, &value, 8);
    return bits >> 63 ? ~bits : bits | (u64)1 << 63;
}

static inline u32 ordered_f32(f32 value)
{
    if (value != value)
        return UINT32_MAX;
    u32 bits = 0;
    if (value != 0)
        memcpy(&bits, &value, 4);
    return bits >> 31 ? ~bits : bits | (u32)1 << 31;
}

static void put_num(Num num, u8 *key)
{
    static const u8 special_class[] = {[NUM_NAN] = 5, [NUM_INFINITY] = 4, [NUM_MINUS_INFINITY] = 0};
    memset(key, 0, PREFIX_BYTES);
    if (num_is_special(num)) {
        key[0] = special_class[num.kind];
        return;
    }
    int sign = num_sign(num);
    key[0] = (u8)(2 + sign);
    if (sign == 0)
        return;
    Finite finite;
    finite_open(num, &finite);
    i64 digits = magnitude_digits(finite.m);
    u64 top = magnitude_top(finite.m, NUM_KEY_DIGITS);
    for (i64 i = digits; i < NUM_KEY_DIGITS; i++)
        top *= 10;
    put_signed(finite_exponent(&finite), 4, key + 1);
    put_big_endian(top, 7, key + 5);
    if (sign < 0)
        for (i32 i = 1; i < PREFIX_BYTES; i++)
            key[i] = (u8)~key[i];
}

static inline void put_str(const Str *str, u8 *key)
{
    if (str->len <= STR_INLINE_MAX)
        memcpy(key, str_data(str), PREFIX_BYTES);
    else
        memcpy(key, str->pointer, PREFIX_BYTES);
    key[PREFIX_BYTES] = str->len <= PREFIX_BYTES ? (u8)str->len : PREFIX_BYTES + 1;
}

typedef void (*SlotKey)(const void *values, i64 i, u8 *key);

static inline void key_bool(const void *values, i64 i, u8 *key)
{
    key[0] = bit_get(values, i);
}
static inline void key_i8(const void *values, i64 i, u8 *key)
{
    put_signed(((const i8 *)values)[i], 1, key);
}
static inline void key_i16(const void *values, i64 i, u8 *key)
{
    put_signed(((const i16 *)values)[i], 2, key);
}
static inline void key_i32(const void *values, i64 i, u8 *key)
{
    put_signed(((const i32 *)values)[i], 4, key);
}
static inline void key_i64(const void *values, i64 i, u8 *key)
{
    put_signed(((const i64 *)values)[i], 8, key);
}
static inline void key_i128(const void *values, i64 i, u8 *key)
{
    put_i128(((const i128 *)values)[i], key);
}
static inline void key_f32(const void *values, i64 i, u8 *key)
{
    put_big_endian(ordered_f32(((const f32 *)values)[i]), 4, key);
}
static inline void key_f64(const void *values, i64 i, u8 *key)
{
    put_big_endian(ordered_f64(((const f64 *)values)[i]), 8, key);
}
static inline void key_str(const void *values, i64 i, u8 *key)
{
    put_str((const Str *)values + i, key);
}
static inline void key_num(const void *values, i64 i, u8 *key)
{
    put_num(((const Num *)values)[i], key);
}
static inline void key_fix16(const void *values, i64 i, u8 *key)
{
    memcpy(key, (const u8 *)values + i * 16, 16);
}
static inline void key_interval(const void *values, i64 i, u8 *key)
{
    put_i128(interval_span(((const Interval *)values)[i]), key);
}

static inline void key_nothing(const void *values, i64 i, u8 *key) {}

/* Everything about a column but its lane. */
typedef struct KeyRows {
    VectorView view;
    const Selection *sel;
    i32 n;
    bool descending, nulls_first;
    u8 *keys;
    i64 stride;
} KeyRows;

TEMPLATE void write_keys(const KeyRows *rows, SlotKey slot_key, i32 bytes)
{
    i32 count = rows->sel ? rows->sel->count : rows->n;
    u8 invert = rows->descending ? 0xff : 0;
    for (i32 i = 0; i < count; i++) {
        i32 row = rows->sel ? rows->sel->rows[i] : i;
        u8 *key = rows->keys + i * rows->stride;
        bool null = view_is_null(&rows->view, row);
        key[0] = null != rows->nulls_first;
        if (null) {
            memset(key + 1, 0, (size_t)bytes);
            continue;
        }
        slot_key(rows->view.values, view_index(&rows->view, row), key + 1);
        for (i32 j = 1; j <= bytes; j++)
            key[j] ^= invert;
    }
}

static void write_keys_of_lane(LaneKind kind, const KeyRows *rows)
{
    switch (kind) {
    case LANE_BOOL:
        write_keys(rows, key_bool, 1);
        return;
    case LANE_I8:
        write_keys(rows, key_i8, 1);
        return;
    case LANE_I16:
        write_keys(rows, key_i16, 2);
        return;
    case LANE_I32:
        write_keys(rows, key_i32, 4);
        return;
    case LANE_I64:
    case LANE_DEC64:
        write_keys(rows, key_i64, 8);
        return;
    case LANE_I128:
    case LANE_DEC128:
        write_keys(rows, key_i128, 16);
        return;
    case LANE_F32:
        write_keys(rows, key_f32, 4);
        return;
    case LANE_F64:
        write_keys(rows, key_f64, 8);
        return;
    case LANE_STR:
        write_keys(rows, key_str, STR_KEY_BYTES);
        return;
    case LANE_NUM:
        write_keys(rows, key_num, PREFIX_BYTES);
        return;
    case LANE_FIX16:
        write_keys(rows, key_fix16, 16);
        return;
    case LANE_INTERVAL:
        write_keys(rows, key_interval, 16);
        return;
    case LANE_ROW:
        write_keys(rows, key_nothing, 0);
        return;
    case LANE_NONE:
    case LANE_LIST:
    case LANE_STRUCT:
        return;
    }
    unreachable();
}

/* A SEQUENCE has no array to read: its values are made one by one. */
static void write_sequence(const Vector *vector, const KeyRows *rows)
{
    i32 count = rows->sel ? rows->sel->count : rows->n;
    for (i32 i = 0; i < count; i++) {
        i64 value = vector_value(vector, rows->sel ? rows->sel->rows[i] : i).integer;
        KeyRows one = *rows;
        one.view = (VectorView){.values = &value};
        one.sel = NULL;
        one.n = 1;
        one.keys = rows->keys + i * rows->stride;
        write_keys_of_lane(LANE_I64, &one);
    }
}

bool sort_key_column(const Vector *vector, const Selection *sel, i32 n, bool descending,
                     bool nulls_first, u8 *keys, i64 stride, Error *error)
{
    assert(vector->form != VECTOR_LAZY);
    KeyRows rows = {.sel = sel,
                    .n = n,
                    .descending = descending,
                    .nulls_first = nulls_first,
                    .keys = keys,
                    .stride = stride};
    if (lane_kind(vector->lane) == LANE_NONE || lane_kind(vector->lane) >= LANE_LIST)
        return error_set(error, E_FEATURE_NOT_SUPPORTED, "sorting by values of lane %s",
                         lane_name(vector->lane));
    if (vector->form == VECTOR_SEQUENCE) {
        write_sequence(vector, &rows);
        return true;
    }
    rows.view = vector_view(vector);
    write_keys_of_lane(lane_kind(vector->lane), &rows);
    return true;
}
