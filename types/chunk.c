/* SPDX-License-Identifier: Apache-2.0
 *
 * Chunks and the laws of vectors, as asserts for debug builds. With NDEBUG the bodies are empty.
 *
 * Bits behind n and zero under NULL are checked for FLAT vectors; for the other forms what the
 * form adds (codes within the dictionary, one lane with the entries).
 */
#include "types/chunk.h"

#ifdef NDEBUG

void vector_verify(const Vector *vector, const Selection *sel, i32 n) {}
void chunk_verify(const Chunk *chunk) {}

#else

static bool slot_is_zero(const Vector *vector, i32 row)
{
    if (vector->lane.kind == LANE_BOOL)
        return !bit_get(vector->values, row);
    i32 bytes = lane_bytes(vector->lane);
    const u8 *at = (const u8 *)vector->values + (i64)row * bytes;
    for (i32 i = 0; i < bytes; i++)
        if (at[i])
            return false;
    return true;
}

static void verify_bits_behind(const u64 *words, i32 n)
{
    if (n & 63)
        assert(words[n >> 6] >> (n & 63) == 0);
}

static void verify_num(const Num *num)
{
    assert(num->kind <= NUM_MINUS_INFINITY);
    assert(num->scale <= NUM_SCALE_MAX);
    if (num->kind == NUM_LIMBS)
        assert(num->count > 0 && num->limbs[num->count - 1] != 0);
}

/* Short strings are zero padded, long ones carry the prefix of their bytes. */
static void verify_str(const Str *str)
{
    if (str->len > STR_INLINE_MAX) {
        assert(str->pointer && memcmp(str->prefix, str->pointer, 4) == 0);
        return;
    }
    const char *data = str_data(str);
    for (u32 i = str->len; i < STR_INLINE_MAX; i++)
        assert(data[i] == 0);
}

static void verify_slot(const Vector *vector, i32 row)
{
    if (lane_is_bytes(vector->lane))
        verify_str((const Str *)vector->values + row);
    if (vector->lane.kind == LANE_NUM)
        verify_num((const Num *)vector->values + row);
}

static void verify_flat(const Vector *vector, const Selection *sel, i32 n)
{
    assert(vector->values || n == 0 || lane_bytes(vector->lane) == 0);
    if (n > 0 && vector->lane.kind == LANE_BOOL)
        verify_bits_behind(vector->values, n);
    if (n > 0 && vector->valid)
        verify_bits_behind(vector->valid, n);
    i32 count = sel ? sel->count : n;
    for (i32 i = 0; i < count; i++) {
        i32 row = sel ? sel->rows[i] : i;
        if (vector_is_null(vector, row))
            assert(slot_is_zero(vector, row));
        else
            verify_slot(vector, row);
    }
}

static void verify_dictionary(const Vector *vector, const Selection *sel, i32 n)
{
    const Vector *entries = vector->entries;
    assert(entries && entries->form == VECTOR_FLAT && !entries->valid);
    assert(lane_equal(entries->lane, vector->lane));
    assert(vector->entry_count > 0 || n == 0);
    i32 count = sel ? sel->count : n;
    for (i32 i = 0; i < count; i++) {
        i32 row = sel ? sel->rows[i] : i;
        assert(vector->codes[row] < (u32)vector->entry_count);
    }
}

static void verify_constant(const Vector *vector)
{
    Vector one = *vector;
    one.form = VECTOR_FLAT;
    if (vector_is_null(vector, 0))
        assert(slot_is_zero(&one, 0));
    else
        verify_slot(&one, 0);
}

void vector_verify(const Vector *vector, const Selection *sel, i32 n)
{
    assert(n >= 0);
    assert(vector->lane.kind <= LANE_STRUCT);
    assert(!sel || sel->count <= n);
    switch (vector->form) {
    case VECTOR_FLAT:
        verify_flat(vector, sel, n);
        return;
    case VECTOR_CONSTANT:
        verify_constant(vector);
        return;
    case VECTOR_DICTIONARY:
        verify_dictionary(vector, sel, n);
        return;
    case VECTOR_SEQUENCE:
        assert(vector->lane.kind == LANE_I64 && !vector->valid);
        return;
    case VECTOR_LAZY:
        assert(vector->lazy && vector->lazy->load);
        return;
    }
    unreachable();
}

static void verify_selection(const Selection *sel, i32 n)
{
    assert(sel->count >= 0 && sel->count <= n);
    for (i32 i = 0; i < sel->count; i++) {
        assert(sel->rows[i] < n);
        assert(i == 0 || sel->rows[i - 1] < sel->rows[i]);
    }
}

void chunk_verify(const Chunk *chunk)
{
    assert(chunk->n >= 0 && chunk->n <= CHUNK_ROWS);
    if (chunk->sel)
        verify_selection(chunk->sel, chunk->n);
    for (i32 i = 0; i < chunk->column_count; i++)
        vector_verify(&chunk->columns[i], chunk->sel, chunk->n);
}

#endif
