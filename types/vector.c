/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectors: making, loading, flattening, gathering, and single rows.
 *
 * Every copying function works on the width of a lane, not on its meaning: five widths (and bits)
 * cover all lanes. Strings and limbs are referred to, except by vector_keep.
 * Memory comes from the arena of the caller, rounded up so that arrays are 64-byte aligned and
 * have 64 readable bytes behind them.
 */
#include "types/vector.h"

#include <stdatomic.h>

#include "base/look.h"

/* Far above the ids that row groups derive from their numbers. */
#define DICTIONARY_ID_FIRST ((u64)1 << 62)

u64 dictionary_id_new(void)
{
    static _Atomic u64 next = DICTIONARY_ID_FIRST;
    return atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
}

/* 64-byte aligned. */
static void *array_make_raw(Arena *arena, i64 bytes, Error *error)
{
    u8 *memory = arena_try_raw(arena, bytes + 64, error);
    return memory ? (void *)align_up((i64)(uintptr_t)memory, 64) : NULL;
}

/* The same, zeroed. */
static void *array_make(Arena *arena, i64 bytes, Error *error)
{
    void *memory = array_make_raw(arena, bytes, error);
    return memory ? memset(memory, 0, (size_t)bytes) : NULL;
}

bool vector_make_raw(Vector *vector, Type type, Lane lane, i64 n, Arena *arena, Error *error)
{
    *vector = (Vector){.form = VECTOR_FLAT, .life = LIFE_CHUNK, .lane = lane, .type = type};
    vector->values = array_make_raw(arena, lane_array_bytes(lane, n), error);
    return vector->values != NULL;
}

bool vector_make(Vector *vector, Type type, Lane lane, i64 n, Arena *arena, Error *error)
{
    *vector = (Vector){.form = VECTOR_FLAT, .life = LIFE_CHUNK, .lane = lane, .type = type};
    vector->values = array_make(arena, lane_array_bytes(lane, n), error);
    return vector->values != NULL;
}

bool vector_make_valid(Vector *vector, i64 n, Arena *arena, Error *error)
{
    assert(vector->form == VECTOR_FLAT);
    vector->valid = array_make(arena, lane_array_bytes(lane_of(LANE_BOOL), n), error);
    if (!vector->valid)
        return false;
    bits_fill(vector->valid, n);
    return true;
}

bool vector_make_constant(Vector *vector, Type type, const Value *value, Arena *arena, Error *error)
{
    if (!vector_make(vector, type, value->lane, 1, arena, error))
        return false;
    if (value->null && !vector_make_valid(vector, 1, arena, error))
        return false;
    vector_set(vector, 0, value);
    vector->form = VECTOR_CONSTANT;
    return true;
}

bool vector_load(Vector *vector, const Selection *sel, i32 n, Error *error)
{
    if (vector->form != VECTOR_LAZY)
        return true;
    LazyColumn *lazy = vector->lazy;
    if (!lazy->load(lazy->state, sel, n, vector, error))
        return false;
    assert(vector->form != VECTOR_LAZY);
    return true;
}

/* ---- copying between positions ---- */

/* Moves one value of a lane; BOOL apart. */
TEMPLATE void slot_copy(const void *from, i64 from_index, void *to, i64 to_index, i32 bytes)
{
    memcpy((u8 *)to + to_index * bytes, (const u8 *)from + from_index * bytes, (size_t)bytes);
}

static void slot_copy_any(const void *from, i64 from_index, void *to, i64 to_index, Lane lane)
{
    if (lane.kind == LANE_BOOL)
        bit_put(to, to_index, bit_get(from, from_index));
    else
        slot_copy(from, from_index, to, to_index, lane_bytes(lane));
}

/* to[rows[i]] = from[view_index(rows[i])] for the selected rows. */
TEMPLATE void spread_slots(const VectorView *view, const Selection *sel, i32 n, void *to, i32 bytes)
{
    i32 count = sel ? sel->count : n;
    for (i32 i = 0; i < count; i++) {
        i32 row = sel ? sel->rows[i] : i;
        slot_copy(view->values, view_index(view, row), to, row, bytes);
    }
}

static void spread_bits(const VectorView *view, const Selection *sel, i32 n, u64 *to)
{
    i32 count = sel ? sel->count : n;
    for (i32 i = 0; i < count; i++) {
        i32 row = sel ? sel->rows[i] : i;
        bit_put(to, row, bit_get(view->values, view_index(view, row)));
    }
}

static void spread(const VectorView *view, const Selection *sel, i32 n, Vector *out)
{
    switch (lane_bytes(out->lane)) {
    case 0:
        if (out->lane.kind == LANE_BOOL)
            spread_bits(view, sel, n, out->values);
        return;
    case 1:
        spread_slots(view, sel, n, out->values, 1);
        return;
    case 2:
        spread_slots(view, sel, n, out->values, 2);
        return;
    case 4:
        spread_slots(view, sel, n, out->values, 4);
        return;
    case 8:
        spread_slots(view, sel, n, out->values, 8);
        return;
    default:
        spread_slots(view, sel, n, out->values, 16);
        return;
    }
}

/* Marks rows that are NULL in the view, in out. */
static bool spread_nulls(const VectorView *view, const Selection *sel, i32 n, Arena *arena,
                         Vector *out, Error *error)
{
    if (!view->valid)
        return true;
    if (!vector_make_valid(out, n, arena, error))
        return false;
    i32 count = sel ? sel->count : n;
    i32 bytes = lane_bytes(out->lane);
    for (i32 i = 0; i < count; i++) {
        i32 row = sel ? sel->rows[i] : i;
        if (!view_is_null(view, row))
            continue;
        bit_clear(out->valid, row);
        if (bytes)
            memset((u8 *)out->values + (i64)row * bytes, 0, (size_t)bytes);
        else if (out->lane.kind == LANE_BOOL)
            bit_clear(out->values, row);
    }
    return true;
}

static void flatten_sequence(const Vector *in, i32 n, Vector *out)
{
    i64 *values = out->values;
    for (i32 i = 0; i < n; i++)
        values[i] = (i64)((u64)in->start + (u64)i * (u64)in->step);
}

bool vector_flatten(const Vector *in, const Selection *sel, i32 n, Arena *arena, Vector *out,
                    Error *error)
{
    assert(in->form != VECTOR_LAZY);
    if (in->form == VECTOR_FLAT) {
        *out = *in;
        return true;
    }
    StringLife life = in->life;
    Vector flat;
    if (!vector_make(&flat, in->type, in->lane, n, arena, error))
        return false;
    flat.life = life;
    if (in->form == VECTOR_SEQUENCE) {
        flatten_sequence(in, n, &flat);
    } else {
        VectorView view = vector_view(in);
        spread(&view, sel, n, &flat);
        if (!spread_nulls(&view, sel, n, arena, &flat, error))
            return false;
    }
    *out = flat;
    return true;
}

/* Row i of out = row rows[i] of the view, values only. */
TEMPLATE void gather_slots(const VectorView *view, const u32 *rows, i32 count, void *to, i32 bytes)
{
    for (i32 i = 0; i < count; i++)
        if (rows[i] != VECTOR_NO_ROW)
            slot_copy(view->values, view_index(view, (i32)rows[i]), to, i, bytes);
}

static void gather_bits(const VectorView *view, const u32 *rows, i32 count, u64 *to)
{
    for (i32 i = 0; i < count; i++)
        if (rows[i] != VECTOR_NO_ROW && bit_get(view->values, view_index(view, (i32)rows[i])))
            bit_set(to, i);
}

static void gather_values(const VectorView *view, const u32 *rows, i32 count, Vector *out)
{
    switch (lane_bytes(out->lane)) {
    case 0:
        if (out->lane.kind == LANE_BOOL)
            gather_bits(view, rows, count, out->values);
        return;
    case 1:
        gather_slots(view, rows, count, out->values, 1);
        return;
    case 2:
        gather_slots(view, rows, count, out->values, 2);
        return;
    case 4:
        gather_slots(view, rows, count, out->values, 4);
        return;
    case 8:
        gather_slots(view, rows, count, out->values, 8);
        return;
    default:
        gather_slots(view, rows, count, out->values, 16);
        return;
    }
}

static bool gathers_nulls(const u64 *valid, const u32 *rows, i32 count)
{
    if (valid)
        return true;
    for (i32 i = 0; i < count; i++)
        if (rows[i] == VECTOR_NO_ROW)
            return true;
    return false;
}

static bool gather_sequence(const Vector *in, const u32 *rows, i32 count, Vector *out)
{
    i64 *values = out->values;
    for (i32 i = 0; i < count; i++)
        if (rows[i] != VECTOR_NO_ROW)
            values[i] = (i64)((u64)in->start + (u64)rows[i] * (u64)in->step);
    return true;
}

bool vector_gather(const Vector *in, const u32 *rows, i32 count, Arena *arena, Vector *out,
                   Error *error)
{
    assert(in->form != VECTOR_LAZY);
    Vector flat;
    if (!vector_make(&flat, in->type, in->lane, count, arena, error))
        return false;
    flat.life = in->life;
    bool sequence = in->form == VECTOR_SEQUENCE;
    VectorView view = sequence ? (VectorView){.stride = 1} : vector_view(in);
    if (sequence)
        gather_sequence(in, rows, count, &flat);
    else
        gather_values(&view, rows, count, &flat);
    if (gathers_nulls(view.valid, rows, count)) {
        if (!vector_make_valid(&flat, count, arena, error))
            return false;
        for (i32 i = 0; i < count; i++)
            if (rows[i] == VECTOR_NO_ROW || view_is_null(&view, (i32)rows[i]))
                bit_clear(flat.valid, i);
    }
    *out = flat;
    return true;
}

/* ---- keeping ---- */

static i64 long_string_bytes(const Str *strings, i32 n)
{
    i64 bytes = 0;
    for (i32 i = 0; i < n; i++)
        bytes += strings[i].len > STR_INLINE_MAX ? strings[i].len : 0;
    return bytes;
}

static bool keep_strings(Str *strings, i32 n, Arena *arena, Error *error)
{
    i64 bytes = long_string_bytes(strings, n);
    if (bytes == 0)
        return true;
    char *heap = arena_try_raw(arena, bytes + 64, error);
    if (!heap)
        return false;
    memset(heap + bytes, 0, 64); /* wide loads may reach there */
    for (i32 i = 0; i < n; i++) {
        if (strings[i].len <= STR_INLINE_MAX)
            continue;
        if (!look_copy(heap, strings[i].pointer, strings[i].len, arena->budget, error))
            return false;
        strings[i].pointer = heap;
        heap += strings[i].len;
    }
    return true;
}

static bool keep_nums(Num *nums, i32 n, Arena *arena, Error *error)
{
    for (i32 i = 0; i < n; i++)
        if (nums[i].kind == NUM_LIMBS && !num_copy(nums[i], arena, &nums[i], error))
            return false;
    return true;
}

bool vector_keep(Vector *vector, i32 n, StringLife life, Arena *arena, Error *error)
{
    assert(vector->form == VECTOR_FLAT);
    vector->life = life;
    if (lane_is_bytes(vector->lane))
        return keep_strings(vector->values, n, arena, error);
    if (vector->lane.kind == LANE_NUM)
        return keep_nums(vector->values, n, arena, error);
    return true;
}

/* ---- single rows ---- */

VectorView vector_view(const Vector *vector)
{
    assert(vector->form != VECTOR_LAZY && vector->form != VECTOR_SEQUENCE);
    if (vector->form == VECTOR_DICTIONARY)
        return (VectorView){vector->entries->values, vector->valid, vector->codes, 1};
    return (VectorView){vector->values, vector->valid, NULL, vector->form != VECTOR_CONSTANT};
}

bool vector_is_null(const Vector *vector, i32 position)
{
    if (!vector->valid)
        return false;
    return !bit_get(vector->valid, vector->form == VECTOR_CONSTANT ? 0 : position);
}

void vector_copy_row(const Vector *in, i32 from, Vector *out, i32 to)
{
    assert(out->form == VECTOR_FLAT && lane_equal(in->lane, out->lane));
    if (in->form == VECTOR_SEQUENCE) {
        ((i64 *)out->values)[to] = (i64)((u64)in->start + (u64)from * (u64)in->step);
        if (out->valid)
            bit_set(out->valid, to);
        return;
    }
    VectorView view = vector_view(in);
    slot_copy_any(view.values, view_index(&view, from), out->values, to, in->lane);
    assert(out->valid || !view_is_null(&view, from));
    if (out->valid)
        bit_put(out->valid, to, !view_is_null(&view, from));
}

static Value slot_value(Lane lane, const void *values, i64 i)
{
    Value value = {.lane = lane};
    switch (lane_kind(lane)) {
    case LANE_BOOL:
        value.boolean = bit_get(values, i);
        return value;
    case LANE_I8:
        value.integer = ((const i8 *)values)[i];
        return value;
    case LANE_I16:
        value.integer = ((const i16 *)values)[i];
        return value;
    case LANE_I32:
        value.integer = ((const i32 *)values)[i];
        return value;
    case LANE_I64:
    case LANE_DEC64:
    case LANE_F64:
    case LANE_LIST:
        memcpy(&value.integer, (const i64 *)values + i, 8);
        return value;
    case LANE_F32:
        value.real = ((const f32 *)values)[i];
        return value;
    case LANE_I128:
    case LANE_DEC128:
    case LANE_STR:
    case LANE_NUM:
    case LANE_FIX16:
    case LANE_INTERVAL:
    case LANE_ROW:
        memcpy(value.fixed, (const u8 *)values + i * 16, 16);
        return value;
    case LANE_NONE:
    case LANE_STRUCT:
        return value;
    }
    unreachable();
}

Value vector_value(const Vector *vector, i32 position)
{
    if (vector_is_null(vector, position))
        return value_null(vector->lane);
    if (vector->form == VECTOR_SEQUENCE) {
        i64 integer = (i64)((u64)vector->start + (u64)position * (u64)vector->step);
        return (Value){.lane = vector->lane, .integer = integer};
    }
    VectorView view = vector_view(vector);
    return slot_value(vector->lane, view.values, view_index(&view, position));
}

void vector_set(Vector *vector, i32 position, const Value *value)
{
    assert(vector->form == VECTOR_FLAT && lane_equal(vector->lane, value->lane));
    assert(vector->valid || !value->null);
    if (vector->valid)
        bit_put(vector->valid, position, !value->null);
    i32 bytes = lane_bytes(vector->lane);
    if (vector->lane.kind == LANE_BOOL)
        bit_put(vector->values, position, !value->null && value->boolean);
    else if (bytes && value->null)
        memset((u8 *)vector->values + (i64)position * bytes, 0, (size_t)bytes);
    else if (bytes) /* little-endian: the low bytes of the union are the narrow integer */
        memcpy((u8 *)vector->values + (i64)position * bytes, value->fixed, (size_t)bytes);
}
