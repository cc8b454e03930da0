/* SPDX-License-Identifier: Apache-2.0
 *
 * Lane: how a value lies in a vector. Type is what SQL says; lane decides the kernel. Only types/
 * converts one into the other (type_lane).
 */
#ifndef GOTGAN_LANE_H
#define GOTGAN_LANE_H

#include "base/base.h"

typedef enum LaneKind {
    LANE_NONE,   /* no value: not yet known */
    LANE_BOOL,   /* one bit per row in u64 words, bit i % 64 of word i / 64 */
    LANE_I8,     /* i8; only as a narrowed integer */
    LANE_I16,    /* i16: smallint */
    LANE_I32,    /* i32: integer, date (days since 2000-01-01) */
    LANE_I64,    /* i64: bigint, oid family (zero-extended), time, timestamp[tz] (us since 2000) */
    LANE_I128,   /* i128: sums of bigint before they become numeric */
    LANE_DEC64,  /* i64 * 10^-scale: numeric(p,s), p <= 18 */
    LANE_DEC128, /* i128 * 10^-scale: numeric(p,s), p <= 38 */
    LANE_F32,    /* float: real */
    LANE_F64,    /* double: double precision */
    LANE_STR,    /* Str, 16 bytes: text, varchar, char(n), name, bytea ... */
    LANE_NUM,    /* Num, 16 bytes: numeric of any size, with its own display scale */
    LANE_FIX16,  /* 16 opaque bytes in memcmp order: uuid */
    LANE_INTERVAL, /* Interval, 16 bytes, in PostgreSQL's normalised order */
    LANE_ROW,      /* Str, 16 bytes: a row as a value, in the bytes of row_value.h */
    LANE_LIST,     /* array: {u32 offset, u32 length} into a child vector */
    LANE_STRUCT,   /* row: child vectors only */
} LaneKind;

typedef struct Lane {
    u8 kind;  /* a LaneKind */
    u8 scale; /* digits after the point: DEC64, DEC128; else 0 */
} Lane;

static inline Lane lane_of(LaneKind kind)
{
    return (Lane){(u8)kind, 0};
}
static inline Lane lane_decimal64(i32 scale)
{
    return (Lane){LANE_DEC64, (u8)scale};
}
static inline Lane lane_decimal128(i32 scale)
{
    return (Lane){LANE_DEC128, (u8)scale};
}
static inline bool lane_equal(Lane a, Lane b)
{
    return a.kind == b.kind && a.scale == b.scale;
}
static inline LaneKind lane_kind(Lane lane)
{
    return (LaneKind)lane.kind;
}

/* Slots are Strs: what is said of keeping and moving strings holds for both. */
static inline bool lane_is_bytes(Lane lane)
{
    return lane.kind == LANE_STR || lane.kind == LANE_ROW;
}

/* Held in a signed integer of at most 64 bits: I8 I16 I32 I64 DEC64. */
static inline bool lane_is_integer(Lane lane)
{
    return (lane.kind >= LANE_I8 && lane.kind <= LANE_I64) || lane.kind == LANE_DEC64;
}

/* Bytes of one value at a position; 0 for BOOL (bits), NONE and STRUCT. */
i32 lane_bytes(Lane lane);
/* Bytes of an array of n values, slack included, for any lane that has an array. */
i64 lane_array_bytes(Lane lane, i64 n);
/* As in messages and EXPLAIN: "i64", "dec64(2)". Static text. */
const char *lane_name(Lane lane);

#endif
