/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic of date, time, timestamp, timestamptz and interval, casts between them, and the
 * functions that tell the time.
 *
 * Calendar rules live in types/timestamp.h and types/interval.h; here are PostgreSQL's range checks
 * and infinities. What depends on the session's time zone has ENV in its row.
 */
#include "functions/text_make.h"
#include "types/timestamp.h"

static const Timezone *call_zone(const KernelCall *call)
{
    return call->env->format.timezone;
}

static bool timestamp_out_of_range(Error *error)
{
    return error_set(error, E_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
}
static bool date_out_of_range(Error *error, const char *what)
{
    return error_set(error, E_DATETIME_FIELD_OVERFLOW, "%s", what);
}

/* ---- date and days ---- */

static bool put_day(KernelCall *call, i32 i, i32 day, i64 days)
{
    if (!date_is_finite(day))
        return put_i32(call, i, day);
    i64 sum = day + days;
    if (sum < DATE_MIN || sum >= DATE_END)
        return date_out_of_range(call->error, "date out of range");
    return put_i32(call, i, (i32)sum);
}

static inline bool date_add_days(KernelCall *call, i32 i)
{
    return put_day(call, i, arg_i32(call, 0, i), arg_i32(call, 1, i));
}
ROW_KERNEL(date_add_days)

static inline bool days_add_date(KernelCall *call, i32 i)
{
    return put_day(call, i, arg_i32(call, 1, i), arg_i32(call, 0, i));
}
ROW_KERNEL(days_add_date)

static inline bool date_subtract_days(KernelCall *call, i32 i)
{
    return put_day(call, i, arg_i32(call, 0, i), -(i64)arg_i32(call, 1, i));
}
ROW_KERNEL(date_subtract_days)

static inline bool date_subtract(KernelCall *call, i32 i)
{
    i32 a = arg_i32(call, 0, i), b = arg_i32(call, 1, i);
    if (!date_is_finite(a) || !date_is_finite(b))
        return date_out_of_range(call->error, "cannot subtract infinite dates");
    return put_i32(call, i, a - b);
}
ROW_KERNEL(date_subtract)

/* ---- date and time ---- */

/* The interval that subtracts, for a timestamp to add. Where there is none, the sum would be out of
 * range; infinities stay what they are. */
static bool negative_interval(KernelCall *call, i64 timestamp, Interval *interval)
{
    Error none_such;
    if (!timestamp_is_finite(timestamp))
        *interval = (Interval){0};
    return interval_negate(*interval, interval, &none_such) || timestamp_out_of_range(call->error);
}

static bool put_date_plus(KernelCall *call, i32 i, i32 day, Interval interval, bool subtract)
{
    i64 start;
    return date_to_timestamp(day, &start, call->error) &&
           (!subtract || negative_interval(call, start, &interval)) &&
           timestamp_add(start, interval, result_i64(call, i), call->error);
}

static inline bool date_add_interval(KernelCall *call, i32 i)
{
    return put_date_plus(call, i, arg_i32(call, 0, i), arg_interval(call, 1, i), false);
}
ROW_KERNEL(date_add_interval)

static inline bool interval_add_date(KernelCall *call, i32 i)
{
    return put_date_plus(call, i, arg_i32(call, 1, i), arg_interval(call, 0, i), false);
}
ROW_KERNEL(interval_add_date)

static inline bool date_subtract_interval(KernelCall *call, i32 i)
{
    return put_date_plus(call, i, arg_i32(call, 0, i), arg_interval(call, 1, i), true);
}
ROW_KERNEL(date_subtract_interval)

static bool date_with_time(KernelCall *call, i32 day, i64 time, i64 *timestamp)
{
    if (!date_to_timestamp(day, timestamp, call->error))
        return false;
    if (timestamp_is_finite(*timestamp))
        *timestamp += time;
    if (timestamp_is_finite(*timestamp) && *timestamp >= TIMESTAMP_END)
        return timestamp_out_of_range(call->error);
    return true;
}

static inline bool date_add_time(KernelCall *call, i32 i)
{
    return date_with_time(call, arg_i32(call, 0, i), arg_i64(call, 1, i), result_i64(call, i));
}
ROW_KERNEL(date_add_time)

static inline bool time_add_date(KernelCall *call, i32 i)
{
    return date_with_time(call, arg_i32(call, 1, i), arg_i64(call, 0, i), result_i64(call, i));
}
ROW_KERNEL(time_add_date)

static inline bool date_time_to_timestamptz(KernelCall *call, i32 i)
{
    i64 local;
    return date_with_time(call, arg_i32(call, 0, i), arg_i64(call, 1, i), &local) &&
           timestamp_to_timestamptz(local, call_zone(call), result_i64(call, i), call->error);
}
ROW_KERNEL(date_time_to_timestamptz)

/* ---- time of day ---- */

static i64 within_day(i64 us)
{
    i64 rest = us % US_PER_DAY;
    return rest < 0 ? rest + US_PER_DAY : rest;
}

static inline bool time_add_interval(KernelCall *call, i32 i)
{
    i64 us = arg_interval(call, 1, i).us % US_PER_DAY;
    return put_i64(call, i, within_day(arg_i64(call, 0, i) + us));
}
ROW_KERNEL(time_add_interval)

static inline bool interval_add_time(KernelCall *call, i32 i)
{
    i64 us = arg_interval(call, 0, i).us % US_PER_DAY;
    return put_i64(call, i, within_day(arg_i64(call, 1, i) + us));
}
ROW_KERNEL(interval_add_time)

static inline bool time_subtract_interval(KernelCall *call, i32 i)
{
    i64 us = arg_interval(call, 1, i).us % US_PER_DAY;
    return put_i64(call, i, within_day(arg_i64(call, 0, i) - us));
}
ROW_KERNEL(time_subtract_interval)

static inline bool time_subtract(KernelCall *call, i32 i)
{
    return put_interval(call, i, (Interval){.us = arg_i64(call, 0, i) - arg_i64(call, 1, i)});
}
ROW_KERNEL(time_subtract)

/* ---- timestamps ---- */

static inline bool timestamp_add_row(KernelCall *call, i32 i)
{
    return timestamp_add(arg_i64(call, 0, i), arg_interval(call, 1, i), result_i64(call, i),
                         call->error);
}
ROW_KERNEL(timestamp_add_row)

static inline bool interval_add_timestamp(KernelCall *call, i32 i)
{
    return timestamp_add(arg_i64(call, 1, i), arg_interval(call, 0, i), result_i64(call, i),
                         call->error);
}
ROW_KERNEL(interval_add_timestamp)

static inline bool timestamp_subtract_interval(KernelCall *call, i32 i)
{
    Interval interval = arg_interval(call, 1, i);
    return negative_interval(call, arg_i64(call, 0, i), &interval) &&
           timestamp_add(arg_i64(call, 0, i), interval, result_i64(call, i), call->error);
}
ROW_KERNEL(timestamp_subtract_interval)

static inline bool timestamptz_add_row(KernelCall *call, i32 i)
{
    return timestamptz_add(arg_i64(call, 0, i), arg_interval(call, 1, i), call_zone(call),
                           result_i64(call, i), call->error);
}
ROW_KERNEL(timestamptz_add_row)

static inline bool interval_add_timestamptz(KernelCall *call, i32 i)
{
    return timestamptz_add(arg_i64(call, 1, i), arg_interval(call, 0, i), call_zone(call),
                           result_i64(call, i), call->error);
}
ROW_KERNEL(interval_add_timestamptz)

static inline bool timestamptz_subtract_interval(KernelCall *call, i32 i)
{
    Interval interval = arg_interval(call, 1, i);
    return negative_interval(call, arg_i64(call, 0, i), &interval) &&
           timestamptz_add(arg_i64(call, 0, i), interval, call_zone(call), result_i64(call, i),
                           call->error);
}
ROW_KERNEL(timestamptz_subtract_interval)

static inline bool timestamp_subtract_row(KernelCall *call, i32 i)
{
    return timestamp_subtract(arg_i64(call, 0, i), arg_i64(call, 1, i), result_interval(call, i),
                              call->error);
}
ROW_KERNEL(timestamp_subtract_row)

/* ---- interval ---- */

static inline bool interval_add_row(KernelCall *call, i32 i)
{
    return interval_add(arg_interval(call, 0, i), arg_interval(call, 1, i),
                        result_interval(call, i), call->error);
}
ROW_KERNEL(interval_add_row)

static inline bool interval_subtract_row(KernelCall *call, i32 i)
{
    return interval_subtract(arg_interval(call, 0, i), arg_interval(call, 1, i),
                             result_interval(call, i), call->error);
}
ROW_KERNEL(interval_subtract_row)

static inline bool interval_negate_row(KernelCall *call, i32 i)
{
    return interval_negate(arg_interval(call, 0, i), result_interval(call, i), call->error);
}
ROW_KERNEL(interval_negate_row)

static inline bool interval_multiply_row(KernelCall *call, i32 i)
{
    return interval_multiply(arg_interval(call, 0, i), arg_f64(call, 1, i),
                             result_interval(call, i), call->error);
}
ROW_KERNEL(interval_multiply_row)

static inline bool multiply_interval_row(KernelCall *call, i32 i)
{
    return interval_multiply(arg_interval(call, 1, i), arg_f64(call, 0, i),
                             result_interval(call, i), call->error);
}
ROW_KERNEL(multiply_interval_row)

static inline bool interval_divide_row(KernelCall *call, i32 i)
{
    if (arg_f64(call, 1, i) == 0)
        return error_set(call->error, E_DIVISION_BY_ZERO, "division by zero");
    return interval_divide(arg_interval(call, 0, i), arg_f64(call, 1, i), result_interval(call, i),
                           call->error);
}
ROW_KERNEL(interval_divide_row)

static inline bool justify_days_row(KernelCall *call, i32 i)
{
    Interval result;
    return interval_justify_days(arg_interval(call, 0, i), &result, call->error) &&
           put_interval(call, i, result);
}
ROW_KERNEL(justify_days_row)

static inline bool justify_hours_row(KernelCall *call, i32 i)
{
    Interval result;
    return interval_justify_hours(arg_interval(call, 0, i), &result, call->error) &&
           put_interval(call, i, result);
}
ROW_KERNEL(justify_hours_row)

static inline bool justify_interval_row(KernelCall *call, i32 i)
{
    Interval result;
    return interval_justify_interval(arg_interval(call, 0, i), &result, call->error) &&
           put_interval(call, i, result);
}
ROW_KERNEL(justify_interval_row)

/* ---- age ---- */

static inline bool timestamp_age_row(KernelCall *call, i32 i)
{
    return timestamp_age(arg_i64(call, 0, i), arg_i64(call, 1, i), result_interval(call, i),
                         call->error);
}
ROW_KERNEL(timestamp_age_row)

static bool local_of(KernelCall *call, i64 utc, i64 *local)
{
    return timestamptz_to_timestamp(utc, call_zone(call), local, call->error);
}

static inline bool timestamptz_age_row(KernelCall *call, i32 i)
{
    i64 a, b;
    return local_of(call, arg_i64(call, 0, i), &a) && local_of(call, arg_i64(call, 1, i), &b) &&
           timestamp_age(a, b, result_interval(call, i), call->error);
}
ROW_KERNEL(timestamptz_age_row)

/* Midnight of the current local day, as local time. */
static bool today(KernelCall *call, i64 *midnight)
{
    i64 local;
    return local_of(call, call->env->transaction_us, &local) &&
           date_to_timestamp(timestamp_to_date(local), midnight, call->error);
}

static inline bool timestamp_age_today(KernelCall *call, i32 i)
{
    i64 midnight;
    return today(call, &midnight) &&
           timestamp_age(midnight, arg_i64(call, 0, i), result_interval(call, i), call->error);
}
ROW_KERNEL(timestamp_age_today)

static inline bool timestamptz_age_today(KernelCall *call, i32 i)
{
    i64 midnight, local;
    return today(call, &midnight) && local_of(call, arg_i64(call, 0, i), &local) &&
           timestamp_age(midnight, local, result_interval(call, i), call->error);
}
ROW_KERNEL(timestamptz_age_today)

/* ---- casts ---- */

static inline bool date_to_timestamp_row(KernelCall *call, i32 i)
{
    return date_to_timestamp(arg_i32(call, 0, i), result_i64(call, i), call->error);
}
ROW_KERNEL(date_to_timestamp_row)

static inline bool date_to_timestamptz_row(KernelCall *call, i32 i)
{
    return date_to_timestamptz(arg_i32(call, 0, i), call_zone(call), result_i64(call, i),
                               call->error);
}
ROW_KERNEL(date_to_timestamptz_row)

static inline bool timestamp_to_date_row(KernelCall *call, i32 i)
{
    return put_i32(call, i, timestamp_to_date(arg_i64(call, 0, i)));
}
ROW_KERNEL(timestamp_to_date_row)

static inline bool timestamptz_to_date_row(KernelCall *call, i32 i)
{
    i64 local;
    return local_of(call, arg_i64(call, 0, i), &local) &&
           put_i32(call, i, timestamp_to_date(local));
}
ROW_KERNEL(timestamptz_to_date_row)

static inline bool timestamp_to_time_row(KernelCall *call, i32 i)
{
    i64 timestamp = arg_i64(call, 0, i);
    return timestamp_is_finite(timestamp) ? put_i64(call, i, within_day(timestamp))
                                          : put_null(call, i);
}
ROW_KERNEL_NULLABLE(timestamp_to_time_row)

static inline bool timestamptz_to_time_row(KernelCall *call, i32 i)
{
    i64 local;
    if (!local_of(call, arg_i64(call, 0, i), &local))
        return false;
    return timestamp_is_finite(local) ? put_i64(call, i, within_day(local)) : put_null(call, i);
}
ROW_KERNEL_NULLABLE(timestamptz_to_time_row)

static inline bool timestamp_to_timestamptz_row(KernelCall *call, i32 i)
{
    return timestamp_to_timestamptz(arg_i64(call, 0, i), call_zone(call), result_i64(call, i),
                                    call->error);
}
ROW_KERNEL(timestamp_to_timestamptz_row)

static inline bool timestamptz_to_timestamp_row(KernelCall *call, i32 i)
{
    return local_of(call, arg_i64(call, 0, i), result_i64(call, i));
}
ROW_KERNEL(timestamptz_to_timestamp_row)

static inline bool time_to_interval_row(KernelCall *call, i32 i)
{
    return put_interval(call, i, (Interval){.us = arg_i64(call, 0, i)});
}
ROW_KERNEL(time_to_interval_row)

static inline bool interval_to_time_row(KernelCall *call, i32 i)
{
    return put_i64(call, i, within_day(arg_interval(call, 0, i).us));
}
ROW_KERNEL(interval_to_time_row)

/* ---- finite ---- */

static inline bool date_is_finite_row(KernelCall *call, i32 i)
{
    return put_bool(call, i, date_is_finite(arg_i32(call, 0, i)));
}
ROW_KERNEL(date_is_finite_row)

static inline bool timestamp_is_finite_row(KernelCall *call, i32 i)
{
    return put_bool(call, i, timestamp_is_finite(arg_i64(call, 0, i)));
}
ROW_KERNEL(timestamp_is_finite_row)

static inline bool interval_is_finite_row(KernelCall *call, i32 i)
{
    return put_bool(call, i, true);
}
ROW_KERNEL(interval_is_finite_row)

/* ---- what time it is ---- */

static inline bool now_row(KernelCall *call, i32 i)
{
    return put_i64(call, i, call->env->transaction_us);
}
ROW_KERNEL(now_row)

static inline bool statement_timestamp_row(KernelCall *call, i32 i)
{
    return put_i64(call, i, call->env->statement_us);
}
ROW_KERNEL(statement_timestamp_row)

static inline bool clock_timestamp_row(KernelCall *call, i32 i)
{
    return put_i64(call, i, call->env->clock_us());
}
ROW_KERNEL(clock_timestamp_row)

/* "Wed Feb 26 14:03:04.000123 2025 UTC" */
static inline bool timeofday_row(KernelCall *call, i32 i)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    i64 now = call->env->clock_us(), local;
    if (!local_of(call, now, &local))
        return false;
    CivilTime t = timestamp_to_civil(local);
    Text zone = TEXT("UTC");
    if (call_zone(call))
        zone = timezone_at_utc(call_zone(call), now).abbreviation;
    char *bytes = result_bytes(call, 64 + zone.len);
    if (!bytes)
        return false;
    int len =
        snprintf(bytes, (size_t)(64 + zone.len), "%.3s %.3s %02d %02d:%02d:%02d.%06d %04d %.*s",
                 days + date_weekday(timestamp_to_date(local)) * 3, months + (t.date.month - 1) * 3,
                 t.date.day, t.hour, t.minute, t.second, t.us, t.date.year, TEXT_ARG(zone));
    return put_text(call, i, (Text){bytes, len});
}
ROW_KERNEL(timeofday_row)

// clang-format off
#define I32 LANE_I32
#define I64 LANE_I64
#define F64 LANE_F64
#define IVL LANE_INTERVAL
#define BIT LANE_BOOL
static const KernelRow rows[] = {
    {OP_DATE_ADD_DAYS,                 date_add_days_kernel,                 2, {I32, I32}, I32, SCALE_FREE},
    {OP_DAYS_ADD_DATE,                 days_add_date_kernel,                 2, {I32, I32}, I32, SCALE_FREE},
    {OP_DATE_SUBTRACT_DAYS,            date_subtract_days_kernel,            2, {I32, I32}, I32, SCALE_FREE},
    {OP_DATE_SUBTRACT,                 date_subtract_kernel,                 2, {I32, I32}, I32, SCALE_FREE},
    {OP_DATE_ADD_INTERVAL,             date_add_interval_kernel,             2, {I32, IVL}, I64, SCALE_FREE},
    {OP_DATE_ADD_INTERVAL,             interval_add_date_kernel,             2, {IVL, I32}, I64, SCALE_FREE},
    {OP_DATE_SUBTRACT_INTERVAL,        date_subtract_interval_kernel,        2, {I32, IVL}, I64, SCALE_FREE},
    {OP_DATE_ADD_TIME,                 date_add_time_kernel,                 2, {I32, I64}, I64, SCALE_FREE},
    {OP_DATE_ADD_TIME,                 time_add_date_kernel,                 2, {I64, I32}, I64, SCALE_FREE},
    {OP_DATE_TIME_TO_TIMESTAMPTZ,      date_time_to_timestamptz_kernel,      2, {I32, I64}, I64, SCALE_FREE},
    {OP_TIME_ADD,                      time_add_interval_kernel,             2, {I64, IVL}, I64, SCALE_FREE},
    {OP_TIME_ADD,                      interval_add_time_kernel,             2, {IVL, I64}, I64, SCALE_FREE},
    {OP_TIME_SUBTRACT_INTERVAL,        time_subtract_interval_kernel,        2, {I64, IVL}, I64, SCALE_FREE},
    {OP_TIME_SUBTRACT,                 time_subtract_kernel,                 2, {I64, I64}, IVL, SCALE_FREE},
    {OP_TIMESTAMP_ADD,                 timestamp_add_row_kernel,             2, {I64, IVL}, I64, SCALE_FREE},
    {OP_TIMESTAMP_ADD,                 interval_add_timestamp_kernel,        2, {IVL, I64}, I64, SCALE_FREE},
    {OP_TIMESTAMP_SUBTRACT_INTERVAL,   timestamp_subtract_interval_kernel,   2, {I64, IVL}, I64, SCALE_FREE},
    {OP_TIMESTAMPTZ_ADD,               timestamptz_add_row_kernel,           2, {I64, IVL}, I64, SCALE_FREE},
    {OP_TIMESTAMPTZ_ADD,               interval_add_timestamptz_kernel,      2, {IVL, I64}, I64, SCALE_FREE},
    {OP_TIMESTAMPTZ_SUBTRACT_INTERVAL, timestamptz_subtract_interval_kernel, 2, {I64, IVL}, I64, SCALE_FREE},
    {OP_TIMESTAMP_SUBTRACT,            timestamp_subtract_row_kernel,        2, {I64, I64}, IVL, SCALE_FREE},
    {OP_ADD,                           interval_add_row_kernel,              2, {IVL, IVL}, IVL, SCALE_FREE},
    {OP_SUBTRACT,                      interval_subtract_row_kernel,         2, {IVL, IVL}, IVL, SCALE_FREE},
    {OP_NEGATE,                        interval_negate_row_kernel,           1, {IVL},      IVL, SCALE_FREE},
    {OP_MULTIPLY,                      interval_multiply_row_kernel,         2, {IVL, F64}, IVL, SCALE_FREE},
    {OP_MULTIPLY,                      multiply_interval_row_kernel,         2, {F64, IVL}, IVL, SCALE_FREE},
    {OP_DIVIDE,                        interval_divide_row_kernel,           2, {IVL, F64}, IVL, SCALE_FREE},
    {OP_JUSTIFY_DAYS,                  justify_days_row_kernel,              1, {IVL},      IVL, SCALE_FREE},
    {OP_JUSTIFY_HOURS,                 justify_hours_row_kernel,             1, {IVL},      IVL, SCALE_FREE},
    {OP_JUSTIFY_INTERVAL,              justify_interval_row_kernel,          1, {IVL},      IVL, SCALE_FREE},
    {OP_TIMESTAMP_AGE,                 timestamp_age_row_kernel,             2, {I64, I64}, IVL, SCALE_FREE},
    {OP_TIMESTAMPTZ_AGE,               timestamptz_age_row_kernel,           2, {I64, I64}, IVL, SCALE_FREE},
    {OP_TIMESTAMP_AGE_TODAY,           timestamp_age_today_kernel,           1, {I64},      IVL, SCALE_FREE},
    {OP_TIMESTAMPTZ_AGE_TODAY,         timestamptz_age_today_kernel,         1, {I64},      IVL, SCALE_FREE},
    {OP_DATE_TO_TIMESTAMP,             date_to_timestamp_row_kernel,         1, {I32},      I64, SCALE_FREE},
    {OP_DATE_TO_TIMESTAMPTZ,           date_to_timestamptz_row_kernel,       1, {I32},      I64, SCALE_FREE},
    {OP_TIMESTAMP_TO_DATE,             timestamp_to_date_row_kernel,         1, {I64},      I32, SCALE_FREE},
    {OP_TIMESTAMPTZ_TO_DATE,           timestamptz_to_date_row_kernel,       1, {I64},      I32, SCALE_FREE},
    {OP_TIMESTAMP_TO_TIME,             timestamp_to_time_row_kernel,         1, {I64},      I64, SCALE_FREE},
    {OP_TIMESTAMPTZ_TO_TIME,           timestamptz_to_time_row_kernel,       1, {I64},      I64, SCALE_FREE},
    {OP_TIMESTAMP_TO_TIMESTAMPTZ,      timestamp_to_timestamptz_row_kernel,  1, {I64},      I64, SCALE_FREE},
    {OP_TIMESTAMPTZ_TO_TIMESTAMP,      timestamptz_to_timestamp_row_kernel,  1, {I64},      I64, SCALE_FREE},
    {OP_TIME_TO_INTERVAL,              time_to_interval_row_kernel,          1, {I64},      IVL, SCALE_FREE},
    {OP_INTERVAL_TO_TIME,              interval_to_time_row_kernel,          1, {IVL},      I64, SCALE_FREE},
    {OP_DATE_IS_FINITE,                date_is_finite_row_kernel,            1, {I32},      BIT, SCALE_FREE},
    {OP_TIMESTAMP_IS_FINITE,           timestamp_is_finite_row_kernel,       1, {I64},      BIT, SCALE_FREE},
    {OP_INTERVAL_IS_FINITE,            interval_is_finite_row_kernel,        1, {IVL},      BIT, SCALE_FREE},
    {OP_NOW,                           now_row_kernel,                       0, {0},        I64, SCALE_FREE},
    {OP_STATEMENT_TIMESTAMP,           statement_timestamp_row_kernel,       0, {0},        I64, SCALE_FREE},
    {OP_CLOCK_TIMESTAMP,               clock_timestamp_row_kernel,           0, {0},        I64, SCALE_FREE},
    {OP_TIMEOFDAY,                     timeofday_row_kernel,                 0, {0},        LANE_STR, SCALE_FREE},
};
// clang-format on

const KernelTable date_kernels = {rows, countof(rows)};
