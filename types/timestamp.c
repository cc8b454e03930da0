/* SPDX-License-Identifier: Apache-2.0
 *
 * Timestamps as numbers: calendar parts, rounding to a typmod, conversions through time zones and
 * calendar arithmetic.
 *
 * A point in time and a local time are both microseconds since 2000-01-01 00:00; the calendar is
 * that of date.c. Every result is checked against the range of the type.
 */
#include "types/timestamp.h"

enum { FRACTION_DIGITS = 6 };

static bool out_of_range(Error *error)
{
    return error_set(error, E_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
}

static bool is_in_range(i64 timestamp)
{
    return timestamp >= TIMESTAMP_MIN && timestamp < TIMESTAMP_END;
}

static bool finish(i64 timestamp, i64 *result, Error *error)
{
    *result = timestamp;
    return is_in_range(timestamp) || out_of_range(error);
}

/* Days, rounded down; *us is what is left of the day. */
static i32 split_day(i64 timestamp, i64 *us)
{
    i64 day = timestamp / US_PER_DAY, rest = timestamp % US_PER_DAY;
    if (rest < 0) {
        day--;
        rest += US_PER_DAY;
    }
    *us = rest;
    return (i32)day;
}

CivilTime timestamp_to_civil(i64 timestamp)
{
    i64 us;
    i32 day = split_day(timestamp, &us);
    u32 seconds = (u32)(us / US_PER_SECOND);
    return (CivilTime){.date = date_to_civil(day),
                       .hour = (i32)(seconds / 3600),
                       .minute = (i32)(seconds / 60 % 60),
                       .second = (i32)(seconds % 60),
                       .us = (i32)(us % US_PER_SECOND)};
}

bool timestamp_from_civil(CivilTime civil, i64 *timestamp)
{
    if (!civil_is_valid(civil.date))
        return false;
    i64 us = (((i64)civil.hour * 60 + civil.minute) * 60 + civil.second) * US_PER_SECOND + civil.us;
    i64 days;
    if (__builtin_mul_overflow((i64)date_from_civil(civil.date), US_PER_DAY, &days) ||
        __builtin_add_overflow(days, us, timestamp))
        return false;
    return is_in_range(*timestamp);
}

/* ---- typmods ---- */

/* To `digits` digits of a second, half away from zero. */
static i64 round_us(i64 us, i32 digits)
{
    static const i32 units[FRACTION_DIGITS + 1] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    i64 unit = units[digits], half = unit / 2;
    return us >= 0 ? (us + half) / unit * unit : -((-us + half) / unit * unit);
}

bool timestamp_apply_typmod(i64 *timestamp, i32 typmod, Error *error)
{
    if (typmod < 0 || typmod >= FRACTION_DIGITS || !timestamp_is_finite(*timestamp))
        return true;
    *timestamp = round_us(*timestamp, typmod);
    return true;
}

bool time_apply_typmod(i64 *time, i32 typmod, Error *error)
{
    if (typmod >= 0 && typmod < FRACTION_DIGITS)
        *time = round_us(*time, typmod);
    return true;
}

/* ---- conversions ---- */

bool timestamp_to_timestamptz(i64 local, const Timezone *zone, i64 *utc, Error *error)
{
    *utc = local;
    if (!timestamp_is_finite(local))
        return true;
    i64 offset = timezone_offset_at_local(zone, local) * US_PER_SECOND;
    if (__builtin_sub_overflow(local, offset, utc))
        return out_of_range(error);
    return finish(*utc, utc, error);
}

bool timestamptz_to_timestamp(i64 utc, const Timezone *zone, i64 *local, Error *error)
{
    *local = utc;
    if (!timestamp_is_finite(utc))
        return true;
    i64 offset = timezone_at_utc(zone, utc).offset_seconds * US_PER_SECOND;
    if (__builtin_add_overflow(utc, offset, local))
        return out_of_range(error);
    return finish(*local, local, error);
}

static bool date_out_of_range(Error *error)
{
    return error_set(error, E_DATETIME_FIELD_OVERFLOW, "date out of range for timestamp");
}

bool date_to_timestamp(i32 day, i64 *timestamp, Error *error)
{
    if (!date_is_finite(day)) {
        *timestamp = day == DATE_INFINITY ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY;
        return true;
    }
    if (day >= TIMESTAMP_END / US_PER_DAY)
        return date_out_of_range(error);
    *timestamp = day * US_PER_DAY;
    return true;
}

bool date_to_timestamptz(i32 day, const Timezone *zone, i64 *utc, Error *error)
{
    i64 local;
    Error beyond = {.code = E_SUCCESSFUL_COMPLETION};
    if (!date_to_timestamp(day, &local, error))
        return false;
    return timestamp_to_timestamptz(local, zone, utc, &beyond) || date_out_of_range(error);
}

i32 timestamp_to_date(i64 timestamp)
{
    if (timestamp == TIMESTAMP_INFINITY)
        return DATE_INFINITY;
    if (timestamp == TIMESTAMP_MINUS_INFINITY)
        return DATE_MINUS_INFINITY;
    i64 us;
    return split_day(timestamp, &us);
}

/* ---- calendar arithmetic ---- */

/* The same day and time some months on; a day the month does not have becomes its last. */
static bool add_months(i64 local, i32 months, i64 *sum)
{
    CivilTime civil = timestamp_to_civil(local);
    i64 month = (i64)civil.date.year * 12 + civil.date.month - 1 + months;
    i64 year = month / 12 - (month % 12 < 0);
    if (year < -4713 || year > 5874897)
        return false;
    civil.date.year = (i32)year;
    civil.date.month = (i32)(month - year * 12) + 1;
    i32 days = month_days(civil.date.year, civil.date.month);
    if (civil.date.day > days)
        civil.date.day = days;
    return timestamp_from_civil(civil, sum);
}

static bool add_days(i64 local, i32 days, i64 *sum)
{
    i128 far = local + (i128)days * US_PER_DAY; /* the days alone may not fit into 64 bits */
    *sum = (i64)far;
    return far == *sum && is_in_range(*sum);
}

bool timestamp_add(i64 timestamp, Interval interval, i64 *sum, Error *error)
{
    *sum = timestamp;
    if (!timestamp_is_finite(timestamp))
        return true;
    if (interval.months && !add_months(*sum, interval.months, sum))
        return out_of_range(error);
    if (interval.days && !add_days(*sum, interval.days, sum))
        return out_of_range(error);
    if (__builtin_add_overflow(*sum, interval.us, sum))
        return out_of_range(error);
    return finish(*sum, sum, error);
}

/* Adds months or days to what the clocks of a zone show. */
static bool add_local(i64 *utc, i32 months, i32 days, const Timezone *zone, Error *error)
{
    i64 local;
    if (!timestamptz_to_timestamp(*utc, zone, &local, error))
        return false;
    bool added = months ? add_months(local, months, &local) : add_days(local, days, &local);
    return added ? timestamp_to_timestamptz(local, zone, utc, error) : out_of_range(error);
}

bool timestamptz_add(i64 timestamp, Interval interval, const Timezone *zone, i64 *sum, Error *error)
{
    *sum = timestamp;
    if (!timestamp_is_finite(timestamp))
        return true;
    if (interval.months && !add_local(sum, interval.months, 0, zone, error))
        return false;
    if (interval.days && !add_local(sum, 0, interval.days, zone, error))
        return false;
    if (__builtin_add_overflow(*sum, interval.us, sum))
        return out_of_range(error);
    return finish(*sum, sum, error);
}

bool timestamp_subtract(i64 a, i64 b, Interval *difference, Error *error)
{
    if (!timestamp_is_finite(a) || !timestamp_is_finite(b))
        return error_set(error, E_DATETIME_FIELD_OVERFLOW, "cannot subtract infinite timestamps");
    i64 us;
    if (__builtin_sub_overflow(a, b, &us))
        return error_set(error, E_DATETIME_FIELD_OVERFLOW, "interval out of range");
    return interval_justify_hours((Interval){.us = us}, difference, error);
}

/* later - earlier, field by field with borrowing; a borrowed month is the earlier one's. */
static Interval age_between(i64 later, i64 earlier)
{
    CivilTime a = timestamp_to_civil(later), b = timestamp_to_civil(earlier);
    i64 us_a, us_b;
    split_day(later, &us_a);
    split_day(earlier, &us_b);
    Interval age = {.us = us_a - us_b, .days = a.date.day - b.date.day};
    i32 months = (a.date.year - b.date.year) * 12 + a.date.month - b.date.month;
    if (age.us < 0) {
        age.us += US_PER_DAY;
        age.days--;
    }
    while (age.days < 0) {
        age.days += month_days(b.date.year, b.date.month);
        months--;
    }
    age.months = months;
    return age;
}

bool timestamp_age(i64 a, i64 b, Interval *age, Error *error)
{
    if (!timestamp_is_finite(a) || !timestamp_is_finite(b))
        return out_of_range(error);
    if (a >= b) {
        *age = age_between(a, b);
        return true;
    }
    *age = age_between(b, a);
    return interval_negate(*age, age, error);
}
