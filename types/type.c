/* SPDX-License-Identifier: Apache-2.0
 *
 * Types as values: making them, their lanes, their collations, and the typmods of numeric.
 *
 * A typmod of numeric is ((precision << 16) | scale in 11 bits) + 4; the scale is signed.
 */
#include "types/type.h"

#include "base/text.h"
#include "types/decimal.h"

enum { TYPMOD_OFFSET = 4, SCALE_MASK = 0x7ff, SCALE_SIGN = 0x400 };

Type type_with_typmod(u32 oid, i32 typmod)
{
    const TypeRow *row = type_row(oid);
    return (Type){oid, typmod, row ? row->collation : COLLATION_NONE};
}

Type type_of(u32 oid)
{
    return type_with_typmod(oid, TYPMOD_NONE);
}

static const struct {
    u32 oid;
    const char *name;
} collations[] = {
    {COLLATION_DEFAULT, "default"},     {COLLATION_C, "C"},           {COLLATION_POSIX, "POSIX"},
    {COLLATION_UCS_BASIC, "ucs_basic"}, {COLLATION_C_UTF8, "C.utf8"}, {COLLATION_C_UTF8, "C.UTF-8"},
};

const char *collation_name(u32 oid)
{
    for (i32 i = 0; i < countof(collations); i++)
        if (collations[i].oid == oid)
            return collations[i].name;
    return NULL;
}

u32 collation_by_name(Text name)
{
    for (i32 i = 0; i < countof(collations); i++)
        if (text_equal(text_from(collations[i].name), name))
            return collations[i].oid;
    return COLLATION_NONE;
}

i32 numeric_typmod(i32 precision, i32 scale)
{
    return ((precision << 16) | (scale & SCALE_MASK)) + TYPMOD_OFFSET;
}

i32 numeric_typmod_precision(i32 typmod)
{
    return ((typmod - TYPMOD_OFFSET) >> 16) & 0xffff;
}

i32 numeric_typmod_scale(i32 typmod)
{
    return (((typmod - TYPMOD_OFFSET) & SCALE_MASK) ^ SCALE_SIGN) - SCALE_SIGN;
}

Lane numeric_typmod_lane(i32 typmod)
{
    if (typmod < TYPMOD_OFFSET)
        return lane_of(LANE_NUM);
    i32 precision = numeric_typmod_precision(typmod), scale = numeric_typmod_scale(typmod);
    if (scale < 0 || scale > precision)
        return lane_of(LANE_NUM);
    if (precision <= DECIMAL64_DIGITS)
        return lane_decimal64(scale);
    return precision <= DECIMAL128_DIGITS ? lane_decimal128(scale) : lane_of(LANE_NUM);
}

Lane type_lane(Type type)
{
    const TypeRow *row = type_row(type.oid);
    return lane_of(row ? (LaneKind)row->lane : LANE_NONE);
}
