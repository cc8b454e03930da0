/* SPDX-License-Identifier: Apache-2.0
 *
 * Integers go through i64, decimals of 128 bits and numerics through i128: two plain loops, one to
 * load and one to store, for any pair. NULL rows hold zero before and after.
 */
#include "storage/lane_convert.h"

static i128 load_wide(const Vector *vector, i32 i)
{
    switch (vector->lane.kind) {
    case LANE_I8:
        return ((const i8 *)vector->values)[i];
    case LANE_I16:
        return ((const i16 *)vector->values)[i];
    case LANE_I32:
        return ((const i32 *)vector->values)[i];
    case LANE_I64:
    case LANE_DEC64:
        return ((const i64 *)vector->values)[i];
    default:
        return ((const i128 *)vector->values)[i];
    }
}

static bool store_wide(Vector *to, i32 i, i128 value, i32 scale, Arena *arena, Error *error)
{
    switch (to->lane.kind) {
    case LANE_I8:
        ((i8 *)to->values)[i] = (i8)value;
        return true;
    case LANE_I16:
        ((i16 *)to->values)[i] = (i16)value;
        return true;
    case LANE_I32:
        ((i32 *)to->values)[i] = (i32)value;
        return true;
    case LANE_I64:
    case LANE_DEC64:
        ((i64 *)to->values)[i] = (i64)value;
        return true;
    case LANE_NUM:
        return num_from_i128(value, scale, arena, (Num *)to->values + i, error);
    default:
        ((i128 *)to->values)[i] = value;
        return true;
    }
}

static bool is_whole(Lane lane)
{
    return lane_is_integer(lane) || lane.kind == LANE_I128 || lane.kind == LANE_DEC128;
}

static bool is_null_at(const Vector *vector, i32 i)
{
    return vector->valid && !bit_get(vector->valid, i);
}

static bool convert_whole(const Vector *from, i32 n, Vector *to, Arena *arena, Error *error)
{
    i128 factor = 1;
    i32 steps = to->lane.kind == LANE_NUM ? 0 : (i32)to->lane.scale - from->lane.scale;
    if (steps < 0)
        return error_set(error, E_FEATURE_NOT_SUPPORTED, "a scan cannot lower a column's scale");
    for (i32 i = 0; i < steps; i++)
        factor *= 10;
    for (i32 i = 0; i < n; i++)
        if (!is_null_at(from, i) &&
            !store_wide(to, i, load_wide(from, i) * factor, from->lane.scale, arena, error))
            return false;
    return true;
}

static bool num_to_whole(const Vector *from, i32 n, const u64 *live, Vector *to, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        i128 value = 0;
        if (!is_null_at(from, i) &&
            !num_to_i128(((const Num *)from->values)[i], to->lane.scale, &value)) {
            if (!live || bit_get(live, i))
                return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow");
            value = 0;
        }
        if (!store_wide(to, i, value, 0, NULL, error))
            return false;
    }
    return true;
}

bool lane_convert(Vector *vector, i32 n, const u64 *live, Lane to, Arena *arena, Error *error)
{
    Lane from = vector->lane;
    if (lane_equal(from, to))
        return true;
    Vector out;
    i32 count = vector->form == VECTOR_CONSTANT ? 1 : n;
    if (!vector_make(&out, vector->type, to, count, arena, error))
        return false;
    out.form = vector->form;
    out.valid = vector->valid;
    out.life = vector->life;
    bool good;
    if (is_whole(from) && (is_whole(to) || to.kind == LANE_NUM))
        good = convert_whole(vector, count, &out, arena, error);
    else if (from.kind == LANE_NUM && is_whole(to))
        good = num_to_whole(vector, count, live, &out, error);
    else if (from.kind == LANE_F32 && to.kind == LANE_F64) {
        for (i32 i = 0; i < count; i++)
            ((f64 *)out.values)[i] = (f64)((const f32 *)vector->values)[i];
        good = true;
    } else
        good = error_set(error, E_FEATURE_NOT_SUPPORTED, "a scan cannot turn lane %s into %s",
                         lane_name(from), lane_name(to));
    *vector = out;
    return good;
}
