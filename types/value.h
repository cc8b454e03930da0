/* SPDX-License-Identifier: Apache-2.0
 *
 * Value: one value alone: constants, parameters, bounds, defaults. Never a row of data.
 *
 * Ownership law: long strings and limbs are referred to; value_copy moves them into an arena.
 */
#ifndef GOTGAN_VALUE_H
#define GOTGAN_VALUE_H

#include "base/arena.h"
#include "types/interval.h"
#include "types/num.h"
#include "types/str.h"
#include "types/type.h"

typedef struct Value {
    Lane lane;
    bool null; /* then the union is zero */
    union {
        bool boolean; /* BOOL */
        i64 integer;  /* I8 I16 I32 I64 DEC64, sign-extended */
        i128 wide;    /* I128 DEC128 */
        f32 real;     /* F32 */
        f64 number;   /* F64 */
        Str str;      /* STR ROW */
        Num num;      /* NUM */
        Interval interval;
        u8 fixed[16]; /* FIX16 */
    };
} Value;

static inline Value value_null(Lane lane)
{
    return (Value){.lane = lane, .null = true};
}
must_check bool value_copy(Value value, Arena *arena, Value *copy, Error *error);
/* Total order of the lane, as vectors have it; both not null and of one lane. */
int value_compare(const Value *a, const Value *b);
/* NULLs equal. */
bool value_equal(const Value *a, const Value *b);

#endif
