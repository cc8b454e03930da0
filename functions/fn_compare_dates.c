/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparisons of date, timestamp and timestamptz with each other, without a cast that could fail.
 *
 * A day is its midnight, and against a timestamptz local time is read in the session's time zone. A
 * day or a local time that is too far for a timestamp is beyond all finite ones, but not infinite.
 */
#include "functions/kernel.h"
#include "types/timestamp.h"

#define TOO_LATE (TIMESTAMP_INFINITY - 1)
#define TOO_EARLY (TIMESTAMP_MINUS_INFINITY + 1)

/* A day as a timestamp, or TOO_LATE. */
static i64 day_start(i32 day)
{
    if (day == DATE_INFINITY)
        return TIMESTAMP_INFINITY;
    if (day == DATE_MINUS_INFINITY)
        return TIMESTAMP_MINUS_INFINITY;
    i128 us = (i128)day * US_PER_DAY;
    return us >= TIMESTAMP_END ? TOO_LATE : (i64)us;
}

/* Local time as UTC in the session's time zone, or TOO_LATE or TOO_EARLY. */
static i64 utc_of(const KernelCall *call, i64 local)
{
    Error ignored;
    i64 utc;
    if (!timestamp_is_finite(local))
        return local;
    if (timestamp_to_timestamptz(local, call->env->format.timezone, &utc, &ignored))
        return utc;
    return local < 0 ? TOO_EARLY : TOO_LATE;
}

static inline i32 order_i64(i64 a, i64 b)
{
    return (a > b) - (a < b);
}

static inline i32 order_date_timestamp(const KernelCall *call, i32 i)
{
    return order_i64(day_start(arg_i32(call, 0, i)), arg_i64(call, 1, i));
}
static inline i32 order_timestamp_date(const KernelCall *call, i32 i)
{
    return order_i64(arg_i64(call, 0, i), day_start(arg_i32(call, 1, i)));
}
static inline i32 order_date_timestamptz(const KernelCall *call, i32 i)
{
    return order_i64(utc_of(call, day_start(arg_i32(call, 0, i))), arg_i64(call, 1, i));
}
static inline i32 order_timestamptz_date(const KernelCall *call, i32 i)
{
    return order_i64(arg_i64(call, 0, i), utc_of(call, day_start(arg_i32(call, 1, i))));
}
static inline i32 order_timestamp_timestamptz(const KernelCall *call, i32 i)
{
    return order_i64(utc_of(call, arg_i64(call, 0, i)), arg_i64(call, 1, i));
}
static inline i32 order_timestamptz_timestamp(const KernelCall *call, i32 i)
{
    return order_i64(arg_i64(call, 0, i), utc_of(call, arg_i64(call, 1, i)));
}

static inline bool date_eq_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamp(call, i) == 0);
}
ROW_KERNEL(date_eq_timestamp)
static inline bool date_ne_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamp(call, i) != 0);
}
ROW_KERNEL(date_ne_timestamp)
static inline bool date_lt_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamp(call, i) < 0);
}
ROW_KERNEL(date_lt_timestamp)
static inline bool date_le_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamp(call, i) <= 0);
}
ROW_KERNEL(date_le_timestamp)
static inline bool date_gt_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamp(call, i) > 0);
}
ROW_KERNEL(date_gt_timestamp)
static inline bool date_ge_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamp(call, i) >= 0);
}
ROW_KERNEL(date_ge_timestamp)
static inline bool date_eq_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamptz(call, i) == 0);
}
ROW_KERNEL(date_eq_timestamptz)
static inline bool date_ne_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamptz(call, i) != 0);
}
ROW_KERNEL(date_ne_timestamptz)
static inline bool date_lt_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamptz(call, i) < 0);
}
ROW_KERNEL(date_lt_timestamptz)
static inline bool date_le_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamptz(call, i) <= 0);
}
ROW_KERNEL(date_le_timestamptz)
static inline bool date_gt_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamptz(call, i) > 0);
}
ROW_KERNEL(date_gt_timestamptz)
static inline bool date_ge_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_date_timestamptz(call, i) >= 0);
}
ROW_KERNEL(date_ge_timestamptz)
static inline bool timestamp_eq_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_date(call, i) == 0);
}
ROW_KERNEL(timestamp_eq_date)
static inline bool timestamp_ne_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_date(call, i) != 0);
}
ROW_KERNEL(timestamp_ne_date)
static inline bool timestamp_lt_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_date(call, i) < 0);
}
ROW_KERNEL(timestamp_lt_date)
static inline bool timestamp_le_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_date(call, i) <= 0);
}
ROW_KERNEL(timestamp_le_date)
static inline bool timestamp_gt_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_date(call, i) > 0);
}
ROW_KERNEL(timestamp_gt_date)
static inline bool timestamp_ge_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_date(call, i) >= 0);
}
ROW_KERNEL(timestamp_ge_date)
static inline bool timestamp_eq_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_timestamptz(call, i) == 0);
}
ROW_KERNEL(timestamp_eq_timestamptz)
static inline bool timestamp_ne_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_timestamptz(call, i) != 0);
}
ROW_KERNEL(timestamp_ne_timestamptz)
static inline bool timestamp_lt_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_timestamptz(call, i) < 0);
}
ROW_KERNEL(timestamp_lt_timestamptz)
static inline bool timestamp_le_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_timestamptz(call, i) <= 0);
}
ROW_KERNEL(timestamp_le_timestamptz)
static inline bool timestamp_gt_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_timestamptz(call, i) > 0);
}
ROW_KERNEL(timestamp_gt_timestamptz)
static inline bool timestamp_ge_timestamptz(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamp_timestamptz(call, i) >= 0);
}
ROW_KERNEL(timestamp_ge_timestamptz)
static inline bool timestamptz_eq_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_date(call, i) == 0);
}
ROW_KERNEL(timestamptz_eq_date)
static inline bool timestamptz_ne_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_date(call, i) != 0);
}
ROW_KERNEL(timestamptz_ne_date)
static inline bool timestamptz_lt_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_date(call, i) < 0);
}
ROW_KERNEL(timestamptz_lt_date)
static inline bool timestamptz_le_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_date(call, i) <= 0);
}
ROW_KERNEL(timestamptz_le_date)
static inline bool timestamptz_gt_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_date(call, i) > 0);
}
ROW_KERNEL(timestamptz_gt_date)
static inline bool timestamptz_ge_date(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_date(call, i) >= 0);
}
ROW_KERNEL(timestamptz_ge_date)
static inline bool timestamptz_eq_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_timestamp(call, i) == 0);
}
ROW_KERNEL(timestamptz_eq_timestamp)
static inline bool timestamptz_ne_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_timestamp(call, i) != 0);
}
ROW_KERNEL(timestamptz_ne_timestamp)
static inline bool timestamptz_lt_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_timestamp(call, i) < 0);
}
ROW_KERNEL(timestamptz_lt_timestamp)
static inline bool timestamptz_le_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_timestamp(call, i) <= 0);
}
ROW_KERNEL(timestamptz_le_timestamp)
static inline bool timestamptz_gt_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_timestamp(call, i) > 0);
}
ROW_KERNEL(timestamptz_gt_timestamp)
static inline bool timestamptz_ge_timestamp(KernelCall *call, i32 i)
{
    return put_bool(call, i, order_timestamptz_timestamp(call, i) >= 0);
}
ROW_KERNEL(timestamptz_ge_timestamp)

// clang-format off
static const KernelRow rows[] = {
    {OP_DATE_EQ_TIMESTAMP,          date_eq_timestamp_kernel,          2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_NE_TIMESTAMP,          date_ne_timestamp_kernel,          2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_LT_TIMESTAMP,          date_lt_timestamp_kernel,          2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_LE_TIMESTAMP,          date_le_timestamp_kernel,          2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_GT_TIMESTAMP,          date_gt_timestamp_kernel,          2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_GE_TIMESTAMP,          date_ge_timestamp_kernel,          2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_EQ_TIMESTAMPTZ,        date_eq_timestamptz_kernel,        2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_NE_TIMESTAMPTZ,        date_ne_timestamptz_kernel,        2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_LT_TIMESTAMPTZ,        date_lt_timestamptz_kernel,        2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_LE_TIMESTAMPTZ,        date_le_timestamptz_kernel,        2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_GT_TIMESTAMPTZ,        date_gt_timestamptz_kernel,        2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_DATE_GE_TIMESTAMPTZ,        date_ge_timestamptz_kernel,        2, {LANE_I32, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_EQ_DATE,          timestamp_eq_date_kernel,          2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_NE_DATE,          timestamp_ne_date_kernel,          2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_LT_DATE,          timestamp_lt_date_kernel,          2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_LE_DATE,          timestamp_le_date_kernel,          2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_GT_DATE,          timestamp_gt_date_kernel,          2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_GE_DATE,          timestamp_ge_date_kernel,          2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_EQ_TIMESTAMPTZ,   timestamp_eq_timestamptz_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_NE_TIMESTAMPTZ,   timestamp_ne_timestamptz_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_LT_TIMESTAMPTZ,   timestamp_lt_timestamptz_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_LE_TIMESTAMPTZ,   timestamp_le_timestamptz_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_GT_TIMESTAMPTZ,   timestamp_gt_timestamptz_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMP_GE_TIMESTAMPTZ,   timestamp_ge_timestamptz_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_EQ_DATE,        timestamptz_eq_date_kernel,        2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_NE_DATE,        timestamptz_ne_date_kernel,        2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_LT_DATE,        timestamptz_lt_date_kernel,        2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_LE_DATE,        timestamptz_le_date_kernel,        2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_GT_DATE,        timestamptz_gt_date_kernel,        2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_GE_DATE,        timestamptz_ge_date_kernel,        2, {LANE_I64, LANE_I32},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_EQ_TIMESTAMP,   timestamptz_eq_timestamp_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_NE_TIMESTAMP,   timestamptz_ne_timestamp_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_LT_TIMESTAMP,   timestamptz_lt_timestamp_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_LE_TIMESTAMP,   timestamptz_le_timestamp_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_GT_TIMESTAMP,   timestamptz_gt_timestamp_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
    {OP_TIMESTAMPTZ_GE_TIMESTAMP,   timestamptz_ge_timestamp_kernel,   2, {LANE_I64, LANE_I64},            LANE_BOOL, SCALE_FREE},
};
// clang-format on

const KernelTable compare_date_kernels = {rows, countof(rows)};
