/* SPDX-License-Identifier: Apache-2.0
 *
 * Casts between the number types, and conversions between the lanes of one type.
 *
 * Integers and floats are template loops. Rounding is PostgreSQL's: float to integer halves to
 * even, numeric to integer halves away from zero, float to numeric 6 or 15 significant digits.
 * Scaled integers become floats exactly rounded: by one division where both operands are exact in
 * a double, else through text. lane_cast_find shares the kernels: widening never fails, narrowing
 * fails a row with 22003.
 */
#include <math.h>

#include "functions/kernel.h"
#include "types/decimal.h"
#include "types/text_in.h"

static bool out_of_range(Error *error, const char *type)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type);
}

static bool field_overflow(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow");
}

/* ---- integers and floats ---- */

static inline i16 i8_to_i16(i8 a, i16 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i8_to_i16(Error *error, i8 a)
{
    return out_of_range(error, "smallint");
}
static inline i32 i8_to_i32(i8 a, i32 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i8_to_i32(Error *error, i8 a)
{
    return out_of_range(error, "integer");
}
static inline i64 i8_to_i64(i8 a, i64 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i8_to_i64(Error *error, i8 a)
{
    return out_of_range(error, "bigint");
}
static inline i64 i8_to_i128(i8 a, i128 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i8_to_i128(Error *error, i8 a)
{
    return out_of_range(error, "integer");
}
static inline i8 i16_to_i8(i16 a, i8 *r)
{
    *r = (i8)a;
    return (i8) - (*r != a);
}
static inline bool raise_i16_to_i8(Error *error, i16 a)
{
    return out_of_range(error, "tinyint");
}
static inline i32 i16_to_i32(i16 a, i32 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i16_to_i32(Error *error, i16 a)
{
    return out_of_range(error, "integer");
}
static inline i64 i16_to_i64(i16 a, i64 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i16_to_i64(Error *error, i16 a)
{
    return out_of_range(error, "bigint");
}
static inline i64 i16_to_i128(i16 a, i128 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i16_to_i128(Error *error, i16 a)
{
    return out_of_range(error, "integer");
}
static inline i32 i16_to_f32(i16 a, f32 *r)
{
    *r = (f32)a;
    return 0;
}
static inline bool raise_i16_to_f32(Error *error, i16 a)
{
    return out_of_range(error, "real");
}
static inline i64 i16_to_f64(i16 a, f64 *r)
{
    *r = (f64)a;
    return 0;
}
static inline bool raise_i16_to_f64(Error *error, i16 a)
{
    return out_of_range(error, "real");
}
static inline i8 i32_to_i8(i32 a, i8 *r)
{
    *r = (i8)a;
    return (i8) - (*r != a);
}
static inline bool raise_i32_to_i8(Error *error, i32 a)
{
    return out_of_range(error, "tinyint");
}
static inline i16 i32_to_i16(i32 a, i16 *r)
{
    *r = (i16)a;
    return (i16) - (*r != a);
}
static inline bool raise_i32_to_i16(Error *error, i32 a)
{
    return out_of_range(error, "smallint");
}
static inline i64 i32_to_i64(i32 a, i64 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i32_to_i64(Error *error, i32 a)
{
    return out_of_range(error, "bigint");
}
static inline i64 i32_to_i128(i32 a, i128 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i32_to_i128(Error *error, i32 a)
{
    return out_of_range(error, "integer");
}
static inline i32 i32_to_f32(i32 a, f32 *r)
{
    *r = (f32)a;
    return 0;
}
static inline bool raise_i32_to_f32(Error *error, i32 a)
{
    return out_of_range(error, "real");
}
static inline i64 i32_to_f64(i32 a, f64 *r)
{
    *r = (f64)a;
    return 0;
}
static inline bool raise_i32_to_f64(Error *error, i32 a)
{
    return out_of_range(error, "real");
}
static inline i8 i64_to_i8(i64 a, i8 *r)
{
    *r = (i8)a;
    return (i8) - (*r != a);
}
static inline bool raise_i64_to_i8(Error *error, i64 a)
{
    return out_of_range(error, "tinyint");
}
static inline i16 i64_to_i16(i64 a, i16 *r)
{
    *r = (i16)a;
    return (i16) - (*r != a);
}
static inline bool raise_i64_to_i16(Error *error, i64 a)
{
    return out_of_range(error, "smallint");
}
static inline i32 i64_to_i32(i64 a, i32 *r)
{
    *r = (i32)a;
    return (i32) - (*r != a);
}
static inline bool raise_i64_to_i32(Error *error, i64 a)
{
    return out_of_range(error, "integer");
}
static inline i64 i64_to_i128(i64 a, i128 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_i64_to_i128(Error *error, i64 a)
{
    return out_of_range(error, "integer");
}
static inline i32 i64_to_f32(i64 a, f32 *r)
{
    *r = (f32)a;
    return 0;
}
static inline bool raise_i64_to_f32(Error *error, i64 a)
{
    return out_of_range(error, "real");
}
static inline i64 i64_to_f64(i64 a, f64 *r)
{
    *r = (f64)a;
    return 0;
}
static inline bool raise_i64_to_f64(Error *error, i64 a)
{
    return out_of_range(error, "real");
}
static inline i64 i128_to_i64(i128 a, i64 *r)
{
    *r = (i64)a;
    return -(i64)(*r != a);
}
static inline bool raise_i128_to_i64(Error *error, i128 a)
{
    return out_of_range(error, "bigint");
}
static inline i16 f32_to_i16(f32 a, i16 *r)
{
    f32 whole = rintf(a);
    bool fits = whole >= -32768.0f && whole < 32768.0f;
    *r = (i16)(fits ? whole : 0);
    return (i16) - !fits;
}
static inline bool raise_f32_to_i16(Error *error, f32 a)
{
    return out_of_range(error, "smallint");
}
static inline i32 f32_to_i32(f32 a, i32 *r)
{
    f32 whole = rintf(a);
    bool fits = whole >= -2147483648.0f && whole < 2147483648.0f;
    *r = (i32)(fits ? whole : 0);
    return (i32) - !fits;
}
static inline bool raise_f32_to_i32(Error *error, f32 a)
{
    return out_of_range(error, "integer");
}
static inline i64 f32_to_i64(f32 a, i64 *r)
{
    f32 whole = rintf(a);
    bool fits = whole >= -9223372036854775808.0f && whole < 9223372036854775808.0f;
    *r = (i64)(fits ? whole : 0);
    return (i64) - !fits;
}
static inline bool raise_f32_to_i64(Error *error, f32 a)
{
    return out_of_range(error, "bigint");
}
static inline i16 f64_to_i16(f64 a, i16 *r)
{
    f64 whole = rint(a);
    bool fits = whole >= -32768.0 && whole < 32768.0;
    *r = (i16)(fits ? whole : 0);
    return (i16) - !fits;
}
static inline bool raise_f64_to_i16(Error *error, f64 a)
{
    return out_of_range(error, "smallint");
}
static inline i32 f64_to_i32(f64 a, i32 *r)
{
    f64 whole = rint(a);
    bool fits = whole >= -2147483648.0 && whole < 2147483648.0;
    *r = (i32)(fits ? whole : 0);
    return (i32) - !fits;
}
static inline bool raise_f64_to_i32(Error *error, f64 a)
{
    return out_of_range(error, "integer");
}
static inline i64 f64_to_i64(f64 a, i64 *r)
{
    f64 whole = rint(a);
    bool fits = whole >= -9223372036854775808.0 && whole < 9223372036854775808.0;
    *r = (i64)(fits ? whole : 0);
    return (i64) - !fits;
}
static inline bool raise_f64_to_i64(Error *error, f64 a)
{
    return out_of_range(error, "bigint");
}
static inline i64 f32_to_f64(f32 a, f64 *r)
{
    *r = a;
    return 0;
}
static inline bool raise_f32_to_f64(Error *error, f32 a)
{
    return out_of_range(error, "double precision");
}
static inline i32 f64_to_f32(f64 a, f32 *r)
{
    *r = (f32)a;
    return -(i32)((isinf(*r) && !isinf(a)) || (*r == 0 && a != 0));
}
static inline bool raise_f64_to_f32(Error *error, f64 a)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: %s",
                     a > 1 || a < -1 ? "overflow" : "underflow");
}

#define KERNEL i8_to_i16_kernel
#define ROW i8_to_i16
#define A i8
#define R i16
#define BAD i16
#define RAISE raise_i8_to_i16
#include "functions/unary_loop.inc.h"

#define KERNEL i8_to_i32_kernel
#define ROW i8_to_i32
#define A i8
#define R i32
#define BAD i32
#define RAISE raise_i8_to_i32
#include "functions/unary_loop.inc.h"

#define KERNEL i8_to_i64_kernel
#define ROW i8_to_i64
#define A i8
#define R i64
#define BAD i64
#define RAISE raise_i8_to_i64
#include "functions/unary_loop.inc.h"

#define KERNEL i8_to_i128_kernel
#define ROW i8_to_i128
#define A i8
#define R i128
#define BAD i64
#define RAISE raise_i8_to_i128
#include "functions/unary_loop.inc.h"

#define KERNEL i16_to_i8_kernel
#define ROW i16_to_i8
#define A i16
#define R i8
#define BAD i8
#define RAISE raise_i16_to_i8
#include "functions/unary_loop.inc.h"

#define KERNEL i16_to_i32_kernel
#define ROW i16_to_i32
#define A i16
#define R i32
#define BAD i32
#define RAISE raise_i16_to_i32
#include "functions/unary_loop.inc.h"

#define KERNEL i16_to_i64_kernel
#define ROW i16_to_i64
#define A i16
#define R i64
#define BAD i64
#define RAISE raise_i16_to_i64
#include "functions/unary_loop.inc.h"

#define KERNEL i16_to_i128_kernel
#define ROW i16_to_i128
#define A i16
#define R i128
#define BAD i64
#define RAISE raise_i16_to_i128
#include "functions/unary_loop.inc.h"

#define KERNEL i16_to_f32_kernel
#define ROW i16_to_f32
#define A i16
#define R f32
#define BAD i32
#define RAISE raise_i16_to_f32
#include "functions/unary_loop.inc.h"

#define KERNEL i16_to_f64_kernel
#define ROW i16_to_f64
#define A i16
#define R f64
#define BAD i64
#define RAISE raise_i16_to_f64
#include "functions/unary_loop.inc.h"

#define KERNEL i32_to_i8_kernel
#define ROW i32_to_i8
#define A i32
#define R i8
#define BAD i8
#define RAISE raise_i32_to_i8
#include "functions/unary_loop.inc.h"

#define KERNEL i32_to_i16_kernel
#define ROW i32_to_i16
#define A i32
#define R i16
#define BAD i16
#define RAISE raise_i32_to_i16
#include "functions/unary_loop.inc.h"

#define KERNEL i32_to_i64_kernel
#define ROW i32_to_i64
#define A i32
#define R i64
#define BAD i64
#define RAISE raise_i32_to_i64
#include "functions/unary_loop.inc.h"

#define KERNEL i32_to_i128_kernel
#define ROW i32_to_i128
#define A i32
#define R i128
#define BAD i64
#define RAISE raise_i32_to_i128
#include "functions/unary_loop.inc.h"

#define KERNEL i32_to_f32_kernel
#define ROW i32_to_f32
#define A i32
#define R f32
#define BAD i32
#define RAISE raise_i32_to_f32
#include "functions/unary_loop.inc.h"

#define KERNEL i32_to_f64_kernel
#define ROW i32_to_f64
#define A i32
#define R f64
#define BAD i64
#define RAISE raise_i32_to_f64
#include "functions/unary_loop.inc.h"

#define KERNEL i64_to_i8_kernel
#define ROW i64_to_i8
#define A i64
#define R i8
#define BAD i8
#define RAISE raise_i64_to_i8
#include "functions/unary_loop.inc.h"

#define KERNEL i64_to_i16_kernel
#define ROW i64_to_i16
#define A i64
#define R i16
#define BAD i16
#define RAISE raise_i64_to_i16
#include "functions/unary_loop.inc.h"

#define KERNEL i64_to_i32_kernel
#define ROW i64_to_i32
#define A i64
#define R i32
#define BAD i32
#define RAISE raise_i64_to_i32
#include "functions/unary_loop.inc.h"

#define KERNEL i64_to_i128_kernel
#define ROW i64_to_i128
#define A i64
#define R i128
#define BAD i64
#define RAISE raise_i64_to_i128
#include "functions/unary_loop.inc.h"

#define KERNEL i64_to_f32_kernel
#define ROW i64_to_f32
#define A i64
#define R f32
#define BAD i32
#define RAISE raise_i64_to_f32
#include "functions/unary_loop.inc.h"

#define KERNEL i64_to_f64_kernel
#define ROW i64_to_f64
#define A i64
#define R f64
#define BAD i64
#define RAISE raise_i64_to_f64
#include "functions/unary_loop.inc.h"

#define KERNEL i128_to_i64_kernel
#define ROW i128_to_i64
#define A i128
#define R i64
#define BAD i64
#define RAISE raise_i128_to_i64
#include "functions/unary_loop.inc.h"

#define KERNEL f32_to_i16_kernel
#define ROW f32_to_i16
#define A f32
#define R i16
#define BAD i16
#define RAISE raise_f32_to_i16
#include "functions/unary_loop.inc.h"

#define KERNEL f32_to_i32_kernel
#define ROW f32_to_i32
#define A f32
#define R i32
#define BAD i32
#define RAISE raise_f32_to_i32
#include "functions/unary_loop.inc.h"

#define KERNEL f32_to_i64_kernel
#define ROW f32_to_i64
#define A f32
#define R i64
#define BAD i64
#define RAISE raise_f32_to_i64
#include "functions/unary_loop.inc.h"

#define KERNEL f64_to_i16_kernel
#define ROW f64_to_i16
#define A f64
#define R i16
#define BAD i16
#define RAISE raise_f64_to_i16
#include "functions/unary_loop.inc.h"

#define KERNEL f64_to_i32_kernel
#define ROW f64_to_i32
#define A f64
#define R i32
#define BAD i32
#define RAISE raise_f64_to_i32
#include "functions/unary_loop.inc.h"

#define KERNEL f64_to_i64_kernel
#define ROW f64_to_i64
#define A f64
#define R i64
#define BAD i64
#define RAISE raise_f64_to_i64
#include "functions/unary_loop.inc.h"

#define KERNEL f32_to_f64_kernel
#define ROW f32_to_f64
#define A f32
#define R f64
#define BAD i64
#define RAISE raise_f32_to_f64
#include "functions/unary_loop.inc.h"

#define KERNEL f64_to_f32_kernel
#define ROW f64_to_f32
#define A f64
#define R f32
#define BAD i32
#define RAISE raise_f64_to_f32
#include "functions/unary_loop.inc.h"

/* ---- bool ---- */

static inline bool bool_to_i32(KernelCall *call, i32 i)
{
    return put_i32(call, i, arg_bool(call, 0, i));
}
ROW_KERNEL(bool_to_i32)

static inline bool i32_to_bool(KernelCall *call, i32 i)
{
    return put_bool(call, i, arg_i32(call, 0, i) != 0);
}
ROW_KERNEL(i32_to_bool)

/* ---- numeric: reading any exact lane as a scaled i128, writing it in any decimal lane ---- */

static inline i128 arg_exact(const KernelCall *call, LaneKind kind, i32 i)
{
    switch ((i32)kind) {
    case LANE_I8:
        return ((const i8 *)call->args[0].values)[arg_index(call, 0, i)];
    case LANE_I16:
        return arg_i16(call, 0, i);
    case LANE_I32:
        return arg_i32(call, 0, i);
    case LANE_I64:
    case LANE_DEC64:
        return arg_i64(call, 0, i);
    default:
        return arg_i128(call, 0, i);
    }
}

/* The exact value at the scale of its lane as a value of the result's decimal lane. */
static inline bool put_exact(KernelCall *call, LaneKind to, i32 i, i128 value)
{
    i32 from_scale = call->args[0].lane.scale, scale = call->result->lane.scale;
    i128 scaled = value;
    if (to == LANE_NUM)
        return num_from_i128(value, from_scale, call->arena, result_num(call, i), call->error);
    if (from_scale != scale && !decimal_rescale(value, from_scale, scale, &scaled))
        return field_overflow(call->error);
    if (to == LANE_DEC128)
        return put_i128(call, i, scaled);
    if (scaled != (i64)scaled)
        return field_overflow(call->error);
    return put_i64(call, i, (i64)scaled);
}

static inline bool i8_to_dec64(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC64, i, arg_exact(call, LANE_I8, i));
}
ROW_KERNEL(i8_to_dec64)

static inline bool i8_to_dec128(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC128, i, arg_exact(call, LANE_I8, i));
}
ROW_KERNEL(i8_to_dec128)

static inline bool i8_to_num(KernelCall *call, i32 i)
{
    return put_num(call, i, num_from_i64((i64)arg_exact(call, LANE_I8, i)));
}
ROW_KERNEL(i8_to_num)

static inline bool i16_to_dec64(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC64, i, arg_exact(call, LANE_I16, i));
}
ROW_KERNEL(i16_to_dec64)

static inline bool i16_to_dec128(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC128, i, arg_exact(call, LANE_I16, i));
}
ROW_KERNEL(i16_to_dec128)

static inline bool i16_to_num(KernelCall *call, i32 i)
{
    return put_num(call, i, num_from_i64((i64)arg_exact(call, LANE_I16, i)));
}
ROW_KERNEL(i16_to_num)

static inline bool i32_to_dec64(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC64, i, arg_exact(call, LANE_I32, i));
}
ROW_KERNEL(i32_to_dec64)

static inline bool i32_to_dec128(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC128, i, arg_exact(call, LANE_I32, i));
}
ROW_KERNEL(i32_to_dec128)

static inline bool i32_to_num(KernelCall *call, i32 i)
{
    return put_num(call, i, num_from_i64((i64)arg_exact(call, LANE_I32, i)));
}
ROW_KERNEL(i32_to_num)

static inline bool i64_to_dec64(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC64, i, arg_exact(call, LANE_I64, i));
}
ROW_KERNEL(i64_to_dec64)

static inline bool i64_to_dec128(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC128, i, arg_exact(call, LANE_I64, i));
}
ROW_KERNEL(i64_to_dec128)

static inline bool i64_to_num(KernelCall *call, i32 i)
{
    return put_num(call, i, num_from_i64((i64)arg_exact(call, LANE_I64, i)));
}
ROW_KERNEL(i64_to_num)

static inline bool i128_to_dec64(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC64, i, arg_exact(call, LANE_I128, i));
}
ROW_KERNEL(i128_to_dec64)

static inline bool i128_to_dec128(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC128, i, arg_exact(call, LANE_I128, i));
}
ROW_KERNEL(i128_to_dec128)

static inline bool i128_to_num(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_NUM, i, arg_exact(call, LANE_I128, i));
}
ROW_KERNEL(i128_to_num)

static inline bool dec64_to_dec64(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC64, i, arg_exact(call, LANE_DEC64, i));
}
ROW_KERNEL(dec64_to_dec64)

static inline bool dec64_to_dec128(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC128, i, arg_exact(call, LANE_DEC64, i));
}
ROW_KERNEL(dec64_to_dec128)

static inline bool dec64_to_num(KernelCall *call, i32 i)
{
    Num value = num_from_i64(arg_i64(call, 0, i));
    value.scale = call->args[0].lane.scale;
    return put_num(call, i, value);
}
ROW_KERNEL(dec64_to_num)

static inline bool dec128_to_dec64(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC64, i, arg_exact(call, LANE_DEC128, i));
}
ROW_KERNEL(dec128_to_dec64)

static inline bool dec128_to_dec128(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_DEC128, i, arg_exact(call, LANE_DEC128, i));
}
ROW_KERNEL(dec128_to_dec128)

static inline bool dec128_to_num(KernelCall *call, i32 i)
{
    return put_exact(call, LANE_NUM, i, arg_exact(call, LANE_DEC128, i));
}
ROW_KERNEL(dec128_to_num)

/* ---- decimals to integers and floats ---- */

/* The whole number nearest to a decimal, halves away from zero; false: not within min..max. */
static inline bool whole_of(KernelCall *call, i128 value, i64 min, i64 max, i64 *whole)
{
    i128 rounded = value;
    i32 scale = call->args[0].lane.scale;
    if (scale && !decimal_rescale(value, scale, 0, &rounded))
        return false;
    *whole = (i64)rounded;
    return rounded >= min && rounded <= max;
}

static bool float_of_decimal(i128 value, i32 scale, f64 *number, Error *error)
{
    static const f64 powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (scale < countof(powers) && value <= (1ll << 53) && value >= -(1ll << 53)) {
        *number = (f64)value / powers[scale];
        return true;
    }
    char text[DECIMAL_TEXT_BYTES];
    return float8_parse((Text){text, decimal_print(value, scale, text)}, number, error);
}

static bool real_of_decimal(i128 value, i32 scale, f32 *number, Error *error)
{
    char text[DECIMAL_TEXT_BYTES];
    return float4_parse((Text){text, decimal_print(value, scale, text)}, number, error);
}

static inline bool dec64_to_i16(KernelCall *call, i32 i)
{
    i64 whole;
    if (!whole_of(call, arg_exact(call, LANE_DEC64, i), INT16_MIN, INT16_MAX, &whole))
        return out_of_range(call->error, "smallint");
    return put_i16(call, i, (i16)whole);
}
ROW_KERNEL(dec64_to_i16)

static inline bool dec64_to_i32(KernelCall *call, i32 i)
{
    i64 whole;
    if (!whole_of(call, arg_exact(call, LANE_DEC64, i), INT32_MIN, INT32_MAX, &whole))
        return out_of_range(call->error, "integer");
    return put_i32(call, i, (i32)whole);
}
ROW_KERNEL(dec64_to_i32)

static inline bool dec64_to_i64(KernelCall *call, i32 i)
{
    i64 whole;
    if (!whole_of(call, arg_exact(call, LANE_DEC64, i), INT64_MIN, INT64_MAX, &whole))
        return out_of_range(call->error, "bigint");
    return put_i64(call, i, (i64)whole);
}
ROW_KERNEL(dec64_to_i64)

static inline bool dec64_to_f64(KernelCall *call, i32 i)
{
    return float_of_decimal(arg_exact(call, LANE_DEC64, i), call->args[0].lane.scale,
                            (f64 *)call->result->values + i, call->error);
}
ROW_KERNEL(dec64_to_f64)

static inline bool dec64_to_f32(KernelCall *call, i32 i)
{
    return real_of_decimal(arg_exact(call, LANE_DEC64, i), call->args[0].lane.scale,
                           (f32 *)call->result->values + i, call->error);
}
ROW_KERNEL(dec64_to_f32)

static inline bool dec128_to_i16(KernelCall *call, i32 i)
{
    i64 whole;
    if (!whole_of(call, arg_exact(call, LANE_DEC128, i), INT16_MIN, INT16_MAX, &whole))
        return out_of_range(call->error, "smallint");
    return put_i16(call, i, (i16)whole);
}
ROW_KERNEL(dec128_to_i16)

static inline bool dec128_to_i32(KernelCall *call, i32 i)
{
    i64 whole;
    if (!whole_of(call, arg_exact(call, LANE_DEC128, i), INT32_MIN, INT32_MAX, &whole))
        return out_of_range(call->error, "integer");
    return put_i32(call, i, (i32)whole);
}
ROW_KERNEL(dec128_to_i32)

static inline bool dec128_to_i64(KernelCall *call, i32 i)
{
    i64 whole;
    if (!whole_of(call, arg_exact(call, LANE_DEC128, i), INT64_MIN, INT64_MAX, &whole))
        return out_of_range(call->error, "bigint");
    return put_i64(call, i, (i64)whole);
}
ROW_KERNEL(dec128_to_i64)

static inline bool dec128_to_f64(KernelCall *call, i32 i)
{
    return float_of_decimal(arg_exact(call, LANE_DEC128, i), call->args[0].lane.scale,
                            (f64 *)call->result->values + i, call->error);
}
ROW_KERNEL(dec128_to_f64)

static inline bool dec128_to_f32(KernelCall *call, i32 i)
{
    return real_of_decimal(arg_exact(call, LANE_DEC128, i), call->args[0].lane.scale,
                           (f32 *)call->result->values + i, call->error);
}
ROW_KERNEL(dec128_to_f32)

/* ---- NUM ---- */

static bool not_a_number(Error *error, Num num, const char *type)
{
    return error_set(error, E_FEATURE_NOT_SUPPORTED, "cannot convert %s to %s",
                     num.kind == NUM_NAN ? "NaN" : "infinity", type);
}

static inline bool num_to_whole(KernelCall *call, i32 i, i64 min, i64 max, const char *type,
                                i64 *whole)
{
    Num num = arg_num(call, 0, i);
    if (num.kind >= NUM_NAN)
        return not_a_number(call->error, num, type);
    if (!num_to_i64(num, whole) || *whole < min || *whole > max)
        return out_of_range(call->error, type);
    return true;
}

static inline bool num_to_i16_row(KernelCall *call, i32 i)
{
    i64 whole;
    return num_to_whole(call, i, INT16_MIN, INT16_MAX, "smallint", &whole) &&
           put_i16(call, i, (i16)whole);
}
ROW_KERNEL(num_to_i16_row)

static inline bool num_to_i32_row(KernelCall *call, i32 i)
{
    i64 whole;
    return num_to_whole(call, i, INT32_MIN, INT32_MAX, "integer", &whole) &&
           put_i32(call, i, (i32)whole);
}
ROW_KERNEL(num_to_i32_row)

static inline bool num_to_i64_row(KernelCall *call, i32 i)
{
    i64 whole;
    return num_to_whole(call, i, INT64_MIN, INT64_MAX, "bigint", &whole) &&
           put_i64(call, i, (i64)whole);
}
ROW_KERNEL(num_to_i64_row)

static inline bool num_to_f64_row(KernelCall *call, i32 i)
{
    Num num = arg_num(call, 0, i);
    f64 value = num_to_f64(num);
    if (isinf(value) && num.kind <= NUM_LIMBS)
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE,
                         "value is out of range for type double precision");
    return put_f64(call, i, value);
}
ROW_KERNEL(num_to_f64_row)

static inline bool num_to_f32_row(KernelCall *call, i32 i)
{
    Num num = arg_num(call, 0, i);
    char *text = result_bytes(call, num_text_bytes(num));
    return text && float4_parse((Text){text, num_print(num, text)}, (f32 *)call->result->values + i,
                                call->error);
}
ROW_KERNEL(num_to_f32_row)

static inline bool f64_to_num(KernelCall *call, i32 i)
{
    return num_from_f64(arg_f64(call, 0, i), 15, call->arena, result_num(call, i), call->error);
}
ROW_KERNEL(f64_to_num)

static inline bool f32_to_num(KernelCall *call, i32 i)
{
    return num_from_f64(arg_f32(call, 0, i), 6, call->arena, result_num(call, i), call->error);
}
ROW_KERNEL(f32_to_num)

/* A Num as a value of the result's decimal lane. */
static inline bool put_num_exact(KernelCall *call, LaneKind to, i32 i, Num num)
{
    i128 value;
    if (num.kind >= NUM_NAN)
        return not_a_number(call->error, num, "a decimal of fixed precision");
    if (!num_to_i128(num, call->result->lane.scale, &value))
        return field_overflow(call->error);
    if (to == LANE_DEC128)
        return put_i128(call, i, value);
    return value == (i64)value ? put_i64(call, i, (i64)value) : field_overflow(call->error);
}

static inline bool num_to_dec64(KernelCall *call, i32 i)
{
    return put_num_exact(call, LANE_DEC64, i, arg_num(call, 0, i));
}
ROW_KERNEL(num_to_dec64)

static inline bool num_to_dec128(KernelCall *call, i32 i)
{
    return put_num_exact(call, LANE_DEC128, i, arg_num(call, 0, i));
}
ROW_KERNEL(num_to_dec128)

static inline bool num_to_num(KernelCall *call, i32 i)
{
    return put_num(call, i, arg_num(call, 0, i));
}
ROW_KERNEL(num_to_num)

static inline bool f32_to_dec64(KernelCall *call, i32 i)
{
    Num num;
    return num_from_f64(arg_f32(call, 0, i), 6, call->arena, &num, call->error) &&
           put_num_exact(call, LANE_DEC64, i, num);
}
ROW_KERNEL(f32_to_dec64)

static inline bool f32_to_dec128(KernelCall *call, i32 i)
{
    Num num;
    return num_from_f64(arg_f32(call, 0, i), 6, call->arena, &num, call->error) &&
           put_num_exact(call, LANE_DEC128, i, num);
}
ROW_KERNEL(f32_to_dec128)

static inline bool f64_to_dec64(KernelCall *call, i32 i)
{
    Num num;
    return num_from_f64(arg_f64(call, 0, i), 15, call->arena, &num, call->error) &&
           put_num_exact(call, LANE_DEC64, i, num);
}
ROW_KERNEL(f64_to_dec64)

static inline bool f64_to_dec128(KernelCall *call, i32 i)
{
    Num num;
    return num_from_f64(arg_f64(call, 0, i), 15, call->arena, &num, call->error) &&
           put_num_exact(call, LANE_DEC128, i, num);
}
ROW_KERNEL(f64_to_dec128)

// clang-format off
static const KernelRow rows[] = {
    {OP_CAST, i8_to_i16_kernel,          1, {LANE_I8},      LANE_I16, SCALE_FREE},
    {OP_CAST, i8_to_i32_kernel,          1, {LANE_I8},      LANE_I32, SCALE_FREE},
    {OP_CAST, i8_to_i64_kernel,          1, {LANE_I8},      LANE_I64, SCALE_FREE},
    {OP_CAST, i8_to_i128_kernel,         1, {LANE_I8},      LANE_I128, SCALE_FREE},
    {OP_CAST, i16_to_i8_kernel,          1, {LANE_I16},     LANE_I8, SCALE_FREE},
    {OP_CAST, i16_to_i32_kernel,         1, {LANE_I16},     LANE_I32, SCALE_FREE},
    {OP_CAST, i16_to_i64_kernel,         1, {LANE_I16},     LANE_I64, SCALE_FREE},
    {OP_CAST, i16_to_i128_kernel,        1, {LANE_I16},     LANE_I128, SCALE_FREE},
    {OP_CAST, i16_to_f32_kernel,         1, {LANE_I16},     LANE_F32, SCALE_FREE},
    {OP_CAST, i16_to_f64_kernel,         1, {LANE_I16},     LANE_F64, SCALE_FREE},
    {OP_CAST, i32_to_i8_kernel,          1, {LANE_I32},     LANE_I8, SCALE_FREE},
    {OP_CAST, i32_to_i16_kernel,         1, {LANE_I32},     LANE_I16, SCALE_FREE},
    {OP_CAST, i32_to_i64_kernel,         1, {LANE_I32},     LANE_I64, SCALE_FREE},
    {OP_CAST, i32_to_i128_kernel,        1, {LANE_I32},     LANE_I128, SCALE_FREE},
    {OP_CAST, i32_to_f32_kernel,         1, {LANE_I32},     LANE_F32, SCALE_FREE},
    {OP_CAST, i32_to_f64_kernel,         1, {LANE_I32},     LANE_F64, SCALE_FREE},
    {OP_CAST, i64_to_i8_kernel,          1, {LANE_I64},     LANE_I8, SCALE_FREE},
    {OP_CAST, i64_to_i16_kernel,         1, {LANE_I64},     LANE_I16, SCALE_FREE},
    {OP_CAST, i64_to_i32_kernel,         1, {LANE_I64},     LANE_I32, SCALE_FREE},
    {OP_CAST, i64_to_i128_kernel,        1, {LANE_I64},     LANE_I128, SCALE_FREE},
    {OP_CAST, i64_to_f32_kernel,         1, {LANE_I64},     LANE_F32, SCALE_FREE},
    {OP_CAST, i64_to_f64_kernel,         1, {LANE_I64},     LANE_F64, SCALE_FREE},
    {OP_CAST, i128_to_i64_kernel,        1, {LANE_I128},    LANE_I64, SCALE_FREE},
    {OP_CAST, f32_to_i16_kernel,         1, {LANE_F32},     LANE_I16, SCALE_FREE},
    {OP_CAST, f32_to_i32_kernel,         1, {LANE_F32},     LANE_I32, SCALE_FREE},
    {OP_CAST, f32_to_i64_kernel,         1, {LANE_F32},     LANE_I64, SCALE_FREE},
    {OP_CAST, f64_to_i16_kernel,         1, {LANE_F64},     LANE_I16, SCALE_FREE},
    {OP_CAST, f64_to_i32_kernel,         1, {LANE_F64},     LANE_I32, SCALE_FREE},
    {OP_CAST, f64_to_i64_kernel,         1, {LANE_F64},     LANE_I64, SCALE_FREE},
    {OP_CAST, f32_to_f64_kernel,         1, {LANE_F32},     LANE_F64, SCALE_FREE},
    {OP_CAST, f64_to_f32_kernel,         1, {LANE_F64},     LANE_F32, SCALE_FREE},
    {OP_CAST, i8_to_dec64_kernel,        1, {LANE_I8},      LANE_DEC64, SCALE_FREE},
    {OP_CAST, i8_to_dec128_kernel,       1, {LANE_I8},      LANE_DEC128, SCALE_FREE},
    {OP_CAST, i8_to_num_kernel,          1, {LANE_I8},      LANE_NUM, SCALE_FREE},
    {OP_CAST, i16_to_dec64_kernel,       1, {LANE_I16},     LANE_DEC64, SCALE_FREE},
    {OP_CAST, i16_to_dec128_kernel,      1, {LANE_I16},     LANE_DEC128, SCALE_FREE},
    {OP_CAST, i16_to_num_kernel,         1, {LANE_I16},     LANE_NUM, SCALE_FREE},
    {OP_CAST, i32_to_dec64_kernel,       1, {LANE_I32},     LANE_DEC64, SCALE_FREE},
    {OP_CAST, i32_to_dec128_kernel,      1, {LANE_I32},     LANE_DEC128, SCALE_FREE},
    {OP_CAST, i32_to_num_kernel,         1, {LANE_I32},     LANE_NUM, SCALE_FREE},
    {OP_CAST, i64_to_dec64_kernel,       1, {LANE_I64},     LANE_DEC64, SCALE_FREE},
    {OP_CAST, i64_to_dec128_kernel,      1, {LANE_I64},     LANE_DEC128, SCALE_FREE},
    {OP_CAST, i64_to_num_kernel,         1, {LANE_I64},     LANE_NUM, SCALE_FREE},
    {OP_CAST, i128_to_dec64_kernel,      1, {LANE_I128},    LANE_DEC64, SCALE_FREE},
    {OP_CAST, i128_to_dec128_kernel,     1, {LANE_I128},    LANE_DEC128, SCALE_FREE},
    {OP_CAST, i128_to_num_kernel,        1, {LANE_I128},    LANE_NUM, SCALE_FREE},
    {OP_CAST, dec64_to_dec64_kernel,     1, {LANE_DEC64},   LANE_DEC64, SCALE_FREE},
    {OP_CAST, dec64_to_dec128_kernel,    1, {LANE_DEC64},   LANE_DEC128, SCALE_FREE},
    {OP_CAST, dec64_to_num_kernel,       1, {LANE_DEC64},   LANE_NUM, SCALE_FREE},
    {OP_CAST, dec128_to_dec64_kernel,    1, {LANE_DEC128},  LANE_DEC64, SCALE_FREE},
    {OP_CAST, dec128_to_dec128_kernel,   1, {LANE_DEC128},  LANE_DEC128, SCALE_FREE},
    {OP_CAST, dec128_to_num_kernel,      1, {LANE_DEC128},  LANE_NUM, SCALE_FREE},
    {OP_CAST, dec64_to_i16_kernel,       1, {LANE_DEC64},   LANE_I16, SCALE_FREE},
    {OP_CAST, dec64_to_i32_kernel,       1, {LANE_DEC64},   LANE_I32, SCALE_FREE},
    {OP_CAST, dec64_to_i64_kernel,       1, {LANE_DEC64},   LANE_I64, SCALE_FREE},
    {OP_CAST, dec64_to_f64_kernel,       1, {LANE_DEC64},   LANE_F64, SCALE_FREE},
    {OP_CAST, dec64_to_f32_kernel,       1, {LANE_DEC64},   LANE_F32, SCALE_FREE},
    {OP_CAST, dec128_to_i16_kernel,      1, {LANE_DEC128},  LANE_I16, SCALE_FREE},
    {OP_CAST, dec128_to_i32_kernel,      1, {LANE_DEC128},  LANE_I32, SCALE_FREE},
    {OP_CAST, dec128_to_i64_kernel,      1, {LANE_DEC128},  LANE_I64, SCALE_FREE},
    {OP_CAST, dec128_to_f64_kernel,      1, {LANE_DEC128},  LANE_F64, SCALE_FREE},
    {OP_CAST, dec128_to_f32_kernel,      1, {LANE_DEC128},  LANE_F32, SCALE_FREE},
    {OP_CAST, num_to_i16_row_kernel,     1, {LANE_NUM},     LANE_I16, SCALE_FREE},
    {OP_CAST, num_to_i32_row_kernel,     1, {LANE_NUM},     LANE_I32, SCALE_FREE},
    {OP_CAST, num_to_i64_row_kernel,     1, {LANE_NUM},     LANE_I64, SCALE_FREE},
    {OP_CAST, num_to_f64_row_kernel,     1, {LANE_NUM},     LANE_F64, SCALE_FREE},
    {OP_CAST, num_to_f32_row_kernel,     1, {LANE_NUM},     LANE_F32, SCALE_FREE},
    {OP_CAST, f64_to_num_kernel,         1, {LANE_F64},     LANE_NUM, SCALE_FREE},
    {OP_CAST, f32_to_num_kernel,         1, {LANE_F32},     LANE_NUM, SCALE_FREE},
    {OP_CAST, num_to_dec64_kernel,       1, {LANE_NUM},     LANE_DEC64, SCALE_FREE},
    {OP_CAST, num_to_dec128_kernel,      1, {LANE_NUM},     LANE_DEC128, SCALE_FREE},
    {OP_CAST, num_to_num_kernel,         1, {LANE_NUM},     LANE_NUM, SCALE_FREE},
    {OP_CAST, bool_to_i32_kernel,        1, {LANE_BOOL},    LANE_I32, SCALE_FREE},
    {OP_CAST, i32_to_bool_kernel,        1, {LANE_I32},     LANE_BOOL, SCALE_FREE},
    {OP_CAST, f32_to_dec64_kernel,       1, {LANE_F32},     LANE_DEC64, SCALE_FREE},
    {OP_CAST, f32_to_dec128_kernel,      1, {LANE_F32},     LANE_DEC128, SCALE_FREE},
    {OP_CAST, f64_to_dec64_kernel,       1, {LANE_F64},     LANE_DEC64, SCALE_FREE},
    {OP_CAST, f64_to_dec128_kernel,      1, {LANE_F64},     LANE_DEC128, SCALE_FREE},
};
// clang-format on

const KernelTable cast_kernels = {rows, countof(rows)};

KernelFunction lane_cast_find(Lane from, Lane to)
{
    bool decimal = from.kind == LANE_DEC64 || from.kind == LANE_DEC128;
    bool integer = from.kind >= LANE_I8 && from.kind <= LANE_I128;
    bool to_number = to.kind >= LANE_I8 && to.kind <= LANE_DEC128;
    if (from.kind == LANE_F32 ? to.kind != LANE_F64
                              : !((decimal || integer || from.kind == LANE_NUM) &&
                                  (to_number || to.kind == LANE_NUM)))
        return NULL;
    return kernel_find(OP_CAST, &from, 1, to);
}
