/* SPDX-License-Identifier: Apache-2.0
 *
 * Equality and order of two rows of two vectors of one lane: what hash tables check after a hash
 * matched and what sorts do after a key prefix tied.
 */
#include "types/hash_vector.h"

static inline bool words_equal(const void *a, const void *b, i32 bytes)
{
    return memcmp(a, b, (size_t)bytes) == 0;
}

/* Lanes whose equality is equality of bytes. */
static bool lane_is_bytewise(Lane lane)
{
    switch (lane_kind(lane)) {
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
    case LANE_I128:
    case LANE_DEC64:
    case LANE_DEC128:
    case LANE_FIX16:
        return true;
    case LANE_NONE:
    case LANE_BOOL:
    case LANE_F32:
    case LANE_F64:
    case LANE_STR:
    case LANE_NUM:
    case LANE_INTERVAL:
    case LANE_ROW:
    case LANE_LIST:
    case LANE_STRUCT:
        return false;
    }
    unreachable();
}

bool rows_equal(const Vector *a, i32 row_a, const Vector *b, i32 row_b)
{
    assert(lane_equal(a->lane, b->lane));
    bool a_null = vector_is_null(a, row_a), b_null = vector_is_null(b, row_b);
    if (a_null || b_null)
        return a_null && b_null;
    bool sequence = a->form == VECTOR_SEQUENCE || b->form == VECTOR_SEQUENCE;
    if (!sequence && (lane_is_bytewise(a->lane) || a->lane.kind == LANE_STR)) {
        VectorView x = vector_view(a), y = vector_view(b);
        i32 i = view_index(&x, row_a), j = view_index(&y, row_b);
        if (a->lane.kind == LANE_STR)
            return str_equal((const Str *)x.values + i, (const Str *)y.values + j);
        i32 bytes = lane_bytes(a->lane);
        return words_equal((const u8 *)x.values + (i64)i * bytes,
                           (const u8 *)y.values + (i64)j * bytes, bytes);
    }
    Value x = vector_value(a, row_a), y = vector_value(b, row_b);
    return value_compare(&x, &y) == 0;
}

int rows_compare(const Vector *a, i32 row_a, const Vector *b, i32 row_b)
{
    assert(lane_equal(a->lane, b->lane));
    bool a_null = vector_is_null(a, row_a), b_null = vector_is_null(b, row_b);
    if (a_null || b_null)
        return (int)a_null - (int)b_null;
    Value x = vector_value(a, row_a), y = vector_value(b, row_b);
    return value_compare(&x, &y);
}
