/* SPDX-License-Identifier: Apache-2.0
 *
 * Interval arithmetic: the three fields are added apart, scaling cascades fractions of months to
 * days and of days to microseconds, justifying moves whole units up.
 *
 * Scaling works in doubles and rounds where PostgreSQL rounds, so that results agree to the
 * microsecond.
 */
#include "types/interval.h"

#include <math.h>

enum { DAYS_PER_MONTH = 30, MONTHS_PER_YEAR = 12, SECONDS_PER_DAY = 86400, FRACTION_DIGITS = 6 };

#define DAY_US 86400000000ll
#define HOUR_US 3600000000ll
#define MINUTE_US 60000000ll

static bool out_of_range(Error *error)
{
    return error_set(error, E_DATETIME_FIELD_OVERFLOW, "interval out of range");
}

bool interval_add(Interval a, Interval b, Interval *sum, Error *error)
{
    bool overflow = __builtin_add_overflow(a.months, b.months, &sum->months);
    overflow |= __builtin_add_overflow(a.days, b.days, &sum->days);
    overflow |= __builtin_add_overflow(a.us, b.us, &sum->us);
    return !overflow || out_of_range(error);
}

bool interval_subtract(Interval a, Interval b, Interval *difference, Error *error)
{
    bool overflow = __builtin_sub_overflow(a.months, b.months, &difference->months);
    overflow |= __builtin_sub_overflow(a.days, b.days, &difference->days);
    overflow |= __builtin_sub_overflow(a.us, b.us, &difference->us);
    return !overflow || out_of_range(error);
}

bool interval_negate(Interval a, Interval *result, Error *error)
{
    return interval_subtract((Interval){0}, a, result, error);
}

/* ---- scaling ---- */

/* The three fields times or over a factor, not rounded. */
typedef struct Scaled {
    f64 months, days, us;
} Scaled;

static f64 round_to_us(f64 seconds)
{
    return rint(seconds * 1000000.0) / 1000000.0;
}

static bool fits_i32(f64 value)
{
    return value >= INT32_MIN && value <= INT32_MAX; /* false for NaN */
}

static bool cascade(Scaled scaled, Interval *result, Error *error)
{
    if (!fits_i32(scaled.months) || !fits_i32(scaled.days))
        return out_of_range(error);
    Interval r = {.months = (i32)scaled.months, .days = (i32)scaled.days};
    f64 month_days = round_to_us((scaled.months - r.months) * DAYS_PER_MONTH);
    f64 seconds = (scaled.days - r.days + month_days - (i32)month_days) * SECONDS_PER_DAY;
    seconds = round_to_us(seconds);
    i32 more_days = (i32)month_days;
    if (fabs(seconds) >= SECONDS_PER_DAY) {
        i32 whole = (i32)(seconds / SECONDS_PER_DAY);
        more_days += whole;
        seconds -= (f64)whole * SECONDS_PER_DAY;
    }
    f64 us = rint(scaled.us + seconds * 1000000.0);
    if (__builtin_add_overflow(r.days, more_days, &r.days) || !(us >= -0x1p63 && us < 0x1p63))
        return out_of_range(error);
    r.us = (i64)us;
    *result = r;
    return true;
}

bool interval_multiply(Interval a, f64 factor, Interval *result, Error *error)
{
    Scaled scaled = {a.months * factor, a.days * factor, (f64)a.us * factor};
    return cascade(scaled, result, error);
}

bool interval_divide(Interval a, f64 divisor, Interval *result, Error *error)
{
    if (divisor == 0)
        return error_set(error, E_DIVISION_BY_ZERO, "division by zero");
    Scaled scaled = {a.months / divisor, a.days / divisor, (f64)a.us / divisor};
    return cascade(scaled, result, error);
}

/* ---- justifying ---- */

/* Makes days and microseconds of one sign. */
static void align_day_sign(Interval *a)
{
    if (a->days > 0 && a->us < 0) {
        a->us += DAY_US;
        a->days--;
    } else if (a->days < 0 && a->us > 0) {
        a->us -= DAY_US;
        a->days++;
    }
}

bool interval_justify_hours(Interval a, Interval *result, Error *error)
{
    if (__builtin_add_overflow(a.days, a.us / DAY_US, &a.days))
        return out_of_range(error);
    a.us %= DAY_US;
    align_day_sign(&a);
    *result = a;
    return true;
}

bool interval_justify_days(Interval a, Interval *result, Error *error)
{
    if (__builtin_add_overflow(a.months, a.days / DAYS_PER_MONTH, &a.months))
        return out_of_range(error);
    a.days %= DAYS_PER_MONTH;
    if (a.months > 0 && a.days < 0) {
        a.days += DAYS_PER_MONTH;
        a.months--;
    } else if (a.months < 0 && a.days > 0) {
        a.days -= DAYS_PER_MONTH;
        a.months++;
    }
    *result = a;
    return true;
}

/* Days are counted in 64 bits: what hours add to them goes on into months. */
bool interval_justify_interval(Interval a, Interval *result, Error *error)
{
    i64 days = a.days + a.us / DAY_US;
    a.us %= DAY_US;
    if (__builtin_add_overflow(a.months, days / DAYS_PER_MONTH, &a.months))
        return out_of_range(error);
    a.days = (i32)(days % DAYS_PER_MONTH);
    if (a.months > 0 && (a.days < 0 || (a.days == 0 && a.us < 0))) {
        a.days += DAYS_PER_MONTH;
        a.months--;
    } else if (a.months < 0 && (a.days > 0 || (a.days == 0 && a.us > 0))) {
        a.days -= DAYS_PER_MONTH;
        a.months++;
    }
    align_day_sign(&a);
    *result = a;
    return true;
}

/* ---- typmods ---- */

/* Fields finer than the last one of the type are dropped. */
static void drop_finer_fields(Interval *interval, i32 fields)
{
    if (fields & 1 << INTERVAL_SECOND)
        return;
    if (fields & 1 << INTERVAL_MINUTE) {
        interval->us -= interval->us % MINUTE_US;
    } else if (fields & 1 << INTERVAL_HOUR) {
        interval->us -= interval->us % HOUR_US;
    } else if (fields & 1 << INTERVAL_DAY) {
        interval->us = 0;
    } else {
        interval->us = 0;
        interval->days = 0;
        if (!(fields & 1 << INTERVAL_MONTH))
            interval->months -= interval->months % MONTHS_PER_YEAR;
    }
}

bool interval_apply_typmod(Interval *interval, i32 typmod, Error *error)
{
    static const i64 units[FRACTION_DIGITS + 1] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    if (typmod < 0)
        return true;
    i32 fields = typmod >> 16 & INTERVAL_FULL_RANGE, digits = typmod & INTERVAL_FULL_PRECISION;
    if (fields != INTERVAL_FULL_RANGE)
        drop_finer_fields(interval, fields);
    if (digits == INTERVAL_FULL_PRECISION || digits >= FRACTION_DIGITS)
        return true;
    i64 unit = units[digits], half = interval->us < 0 ? -unit / 2 : unit / 2, shifted;
    if (__builtin_add_overflow(interval->us, half, &shifted))
        return out_of_range(error);
    interval->us = shifted - shifted % unit;
    return true;
}
