/* SPDX-License-Identifier: Apache-2.0
 *
 * Hashes of rows in memory.
 *
 * Integers: two multiplications with shifts between (engine.md 2.5). Strings: the two words of a
 * short Str in one 64 x 64 -> 128 bit product, 16 bytes per product for long ones. Columns are
 * combined by another product, after a rotation so that their order matters. What must be equal
 * hashes alike: -0 = 0, all NaNs, numerics of any scale, intervals of one span. A CONSTANT is
 * hashed once; a DICTIONARY of few entries once per entry. No memory is taken.
 */
#include "types/hash_vector.h"

#include "types/row_value.h"

enum { ENTRIES_HASHED_FIRST = 256 };

#define SEED 0x2545f4914f6cdd1dull
#define MULTIPLY_1 0x9e3779b97f4a7c15ull
#define MULTIPLY_2 0xd6e8feb86659fd93ull
#define MULTIPLY_3 0xa0761d6478bd642full
#define NULL_HASH 0xe7037ed1a0b428dbull

static inline u64 fold_product(u64 a, u64 b)
{
    u128 product = (u128)a * b;
    return (u64)product ^ (u64)(product >> 64);
}

static inline u64 hash_u64(u64 x)
{
    u64 h = (x ^ SEED) * MULTIPLY_1;
    h ^= h >> 32;
    h *= MULTIPLY_2;
    return h ^ h >> 29;
}

static inline u64 hash_two(u64 low, u64 high)
{
    return fold_product(fold_product(low ^ MULTIPLY_1, high ^ MULTIPLY_3) ^ SEED, MULTIPLY_2);
}

static inline u64 combine(u64 hash, u64 column)
{
    return fold_product((hash << 23 | hash >> 41) ^ column, MULTIPLY_3);
}

static inline u64 load_u64(const void *at)
{
    u64 word;
    memcpy(&word, at, 8);
    return word;
}

/* 64 bytes a round through four products that do not wait for each other. -> bytes done */
static i64 hash_rounds(const char *data, i64 len, u64 *hash)
{
    u64 a = *hash, b = a ^ MULTIPLY_1, c = a ^ MULTIPLY_2, d = a ^ MULTIPLY_3;
    i64 at = 0;
    for (; at + 64 <= len; at += 64) {
        const char *p = data + at;
        a = fold_product(load_u64(p) ^ a, load_u64(p + 8) ^ MULTIPLY_3);
        b = fold_product(load_u64(p + 16) ^ b, load_u64(p + 24) ^ MULTIPLY_3);
        c = fold_product(load_u64(p + 32) ^ c, load_u64(p + 40) ^ MULTIPLY_3);
        d = fold_product(load_u64(p + 48) ^ d, load_u64(p + 56) ^ MULTIPLY_3);
    }
    *hash = hash_two(hash_two(a, b), hash_two(c, d));
    return at;
}

static u64 hash_long(const char *data, i64 len)
{
    enum { ROUNDS_FROM = 256 };
    u64 hash = (u64)len * MULTIPLY_1;
    i64 at = len < ROUNDS_FROM ? 0 : hash_rounds(data, len, &hash);
    for (; at + 16 <= len; at += 16)
        hash = fold_product(load_u64(data + at) ^ hash ^ MULTIPLY_1,
                            load_u64(data + at + 8) ^ MULTIPLY_3);
    if (at < len) { /* the last 16 bytes again: len is at least 13 */
        char tail[16] = {0};
        memcpy(tail, data + at, (size_t)(len - at));
        hash = fold_product(load_u64(tail) ^ hash ^ MULTIPLY_1, load_u64(tail + 8) ^ MULTIPLY_3);
    }
    return fold_product(hash ^ SEED, MULTIPLY_2);
}

static inline u64 hash_str(const Str *str)
{
    if (str->len <= STR_INLINE_MAX)
        return hash_two(load_u64(str), load_u64((const char *)str + 8));
    return hash_long(str->pointer, str->len);
}

u64 hash_bytes(const void *bytes, i64 len)
{
    Str str = str_from(bytes, len);
    return hash_str(&str);
}

static inline u64 hash_i128(i128 value)
{
    return hash_two((u64)value, (u64)((u128)value >> 64));
}

static inline u64 hash_f64(f64 value)
{
    u64 bits = value != value ? 0x7ff8000000000000u : value == 0 ? 0 : load_u64(&value);
    return hash_u64(bits);
}

/* ---- one function per lane: the hash of slot i ---- */

typedef u64 (*SlotHash)(const void *values, i64 i);

static inline u64 slot_bool(const void *values, i64 i)
{
    return hash_u64(bit_get(values, i));
}
static inline u64 slot_i8(const void *values, i64 i)
{
    return hash_u64((u64)(i64)((const i8 *)values)[i]);
}
static inline u64 slot_i16(const void *values, i64 i)
{
    return hash_u64((u64)(i64)((const i16 *)values)[i]);
}
static inline u64 slot_i32(const void *values, i64 i)
{
    return hash_u64((u64)(i64)((const i32 *)values)[i]);
}
static inline u64 slot_i64(const void *values, i64 i)
{
    return hash_u64(((const u64 *)values)[i]);
}
static inline u64 slot_i128(const void *values, i64 i)
{
    return hash_i128(((const i128 *)values)[i]);
}
static inline u64 slot_f32(const void *values, i64 i)
{
    return hash_f64(((const f32 *)values)[i]);
}
static inline u64 slot_f64(const void *values, i64 i)
{
    return hash_f64(((const f64 *)values)[i]);
}
static inline u64 slot_str(const void *values, i64 i)
{
    return hash_str((const Str *)values + i);
}
static inline u64 slot_num(const void *values, i64 i)
{
    return hash_u64(num_hash(((const Num *)values)[i]));
}
static inline u64 slot_fix16(const void *values, i64 i)
{
    const u8 *at = (const u8 *)values + i * 16;
    return hash_two(load_u64(at), load_u64(at + 8));
}
static inline u64 slot_interval(const void *values, i64 i)
{
    return hash_i128(interval_span(((const Interval *)values)[i]));
}
static u64 hash_row(Text row);
static inline u64 slot_row(const void *values, i64 i)
{
    return hash_row(str_text((const Str *)values + i));
}
static inline u64 slot_nothing(const void *values, i64 i)
{
    return NULL_HASH;
}

/* ---- loops over rows ---- */

typedef struct HashRows {
    VectorView view;
    const Selection *sel;
    i32 n;
    HashMode mode;
    u64 *hashes;
} HashRows;

TEMPLATE void hash_rows(const HashRows *rows, SlotHash slot_hash)
{
    const VectorView *view = &rows->view;
    i32 count = rows->sel ? rows->sel->count : rows->n;
    for (i32 i = 0; i < count; i++) {
        i32 row = rows->sel ? rows->sel->rows[i] : i;
        u64 hash =
            view_is_null(view, row) ? NULL_HASH : slot_hash(view->values, view_index(view, row));
        rows->hashes[i] = rows->mode == HASH_FIRST ? hash : combine(rows->hashes[i], hash);
    }
}

static void hash_rows_of_lane(LaneKind kind, const HashRows *rows)
{
    switch (kind) {
    case LANE_BOOL:
        hash_rows(rows, slot_bool);
        return;
    case LANE_I8:
        hash_rows(rows, slot_i8);
        return;
    case LANE_I16:
        hash_rows(rows, slot_i16);
        return;
    case LANE_I32:
        hash_rows(rows, slot_i32);
        return;
    case LANE_I64:
    case LANE_DEC64:
        hash_rows(rows, slot_i64);
        return;
    case LANE_I128:
    case LANE_DEC128:
        hash_rows(rows, slot_i128);
        return;
    case LANE_F32:
        hash_rows(rows, slot_f32);
        return;
    case LANE_F64:
        hash_rows(rows, slot_f64);
        return;
    case LANE_STR:
        hash_rows(rows, slot_str);
        return;
    case LANE_NUM:
        hash_rows(rows, slot_num);
        return;
    case LANE_FIX16:
        hash_rows(rows, slot_fix16);
        return;
    case LANE_INTERVAL:
        hash_rows(rows, slot_interval);
        return;
    case LANE_ROW:
        hash_rows(rows, slot_row);
        return;
    case LANE_NONE:
    case LANE_LIST:
    case LANE_STRUCT:
        hash_rows(rows, slot_nothing);
        return;
    }
    unreachable();
}

static void hash_all_alike(u64 hash, i32 count, HashMode mode, u64 *hashes)
{
    for (i32 i = 0; i < count; i++)
        hashes[i] = mode == HASH_FIRST ? hash : combine(hashes[i], hash);
}

/* Hashes the entries, then looks the rows' codes up. */
static void hash_dictionary(const Vector *vector, HashRows *rows)
{
    u64 entries[ENTRIES_HASHED_FIRST];
    HashRows of_entries = {.view = vector_view(vector->entries),
                           .n = vector->entry_count,
                           .mode = HASH_FIRST,
                           .hashes = entries};
    hash_rows_of_lane(lane_kind(vector->lane), &of_entries);
    i32 count = rows->sel ? rows->sel->count : rows->n;
    for (i32 i = 0; i < count; i++) {
        i32 row = rows->sel ? rows->sel->rows[i] : i;
        u64 hash = view_is_null(&rows->view, row) ? NULL_HASH : entries[vector->codes[row]];
        rows->hashes[i] = rows->mode == HASH_FIRST ? hash : combine(rows->hashes[i], hash);
    }
}

static void hash_sequence(const Vector *vector, const HashRows *rows)
{
    i32 count = rows->sel ? rows->sel->count : rows->n;
    for (i32 i = 0; i < count; i++) {
        i32 row = rows->sel ? rows->sel->rows[i] : i;
        u64 hash = hash_u64((u64)vector->start + (u64)row * (u64)vector->step);
        rows->hashes[i] = rows->mode == HASH_FIRST ? hash : combine(rows->hashes[i], hash);
    }
}

bool hash_column(const Vector *vector, const Selection *sel, i32 n, HashMode mode, u64 *hashes,
                 Error *error)
{
    assert(vector->form != VECTOR_LAZY);
    HashRows rows = {.sel = sel, .n = n, .mode = mode, .hashes = hashes};
    if (vector->form == VECTOR_SEQUENCE) {
        hash_sequence(vector, &rows);
        return true;
    }
    rows.view = vector_view(vector);
    i32 count = sel ? sel->count : n;
    if (vector->form == VECTOR_CONSTANT) {
        Value value = vector_value(vector, 0);
        hash_all_alike(hash_value(&value), count, mode, hashes);
    } else if (vector->form == VECTOR_DICTIONARY && vector->dictionary_id &&
               vector->entry_count <= ENTRIES_HASHED_FIRST && vector->entry_count < count) {
        hash_dictionary(vector, &rows);
    } else {
        hash_rows_of_lane(lane_kind(vector->lane), &rows);
    }
    return true;
}

u64 hash_value(const Value *value)
{
    if (value->null)
        return NULL_HASH;
    switch (lane_kind(value->lane)) {
    case LANE_BOOL:
        return hash_u64(value->boolean);
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
    case LANE_DEC64:
        return hash_u64((u64)value->integer);
    case LANE_I128:
    case LANE_DEC128:
        return hash_i128(value->wide);
    case LANE_F32:
        return hash_f64(value->real);
    case LANE_F64:
        return hash_f64(value->number);
    case LANE_STR:
        return hash_str(&value->str);
    case LANE_NUM:
        return slot_num(&value->num, 0);
    case LANE_FIX16:
        return slot_fix16(value->fixed, 0);
    case LANE_INTERVAL:
        return slot_interval(&value->interval, 0);
    case LANE_ROW:
        return slot_row(&value->str, 0);
    case LANE_NONE:
    case LANE_LIST:
    case LANE_STRUCT:
        return NULL_HASH;
    }
    unreachable();
}

/* ---- rows as values: their fields combined ---- */

static __attribute__((noinline)) u64 hash_limbs(const RowField *field)
{
    LimbRoom room;
    return hash_u64(num_hash(row_field_num(field, &room)));
}

static u64 hash_row(Text row)
{
    RowCursor cursor = row_fields(row);
    RowField field;
    u64 hash = hash_u64((u64)cursor.left);
    while (row_field_next(&cursor, &field)) {
        Value value = value_null(field.lane);
        if (row_field_has_limbs(&field)) {
            hash = combine(hash, hash_limbs(&field));
            continue;
        }
        if (!field.null)
            value = row_field_value(&field);
        hash = combine(hash, hash_value(&value));
    }
    return hash;
}
