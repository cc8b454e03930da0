/* SPDX-License-Identifier: Apache-2.0
 *
 * Summing up intervals: a number of some unit goes to months, days or microseconds, its fraction
 * to the next finer field; and ISO 8601 durations, "P1Y2M3DT4H5M6S" and "P0001-02-03T04:05:06".
 */
#include "types/interval_parts.h"

#include <errno.h>
#include <math.h>

#include "types/digits.h"

enum { DAYS_PER_MONTH = 30 };

static bool add_fraction_us(IntervalParts *parts, f64 fraction, i64 unit_us)
{
    f64 exact = fraction * (f64)unit_us;
    i64 us = (i64)exact;
    exact -= (f64)us;
    us += (exact > 0.5) - (exact < -0.5);
    return !__builtin_add_overflow(parts->us, us, &parts->us);
}

static bool add_us(IntervalParts *parts, IntervalNumber number, i64 unit_us)
{
    i64 us;
    return !__builtin_mul_overflow(number.whole, unit_us, &us) &&
           !__builtin_add_overflow(parts->us, us, &parts->us) &&
           add_fraction_us(parts, number.fraction, unit_us);
}

/* *sum += whole * factor within i32. */
static bool add_i32(i32 *sum, i64 whole, i32 factor)
{
    i32 product;
    return whole == (i32)whole && !__builtin_mul_overflow((i32)whole, factor, &product) &&
           !__builtin_add_overflow(*sum, product, sum);
}

static bool add_fraction_days(IntervalParts *parts, f64 fraction, i32 unit_days)
{
    f64 exact = fraction * unit_days;
    i32 days = (i32)exact;
    return add_i32(&parts->days, days, 1) && add_fraction_us(parts, exact - days, US_PER_DAY);
}

static bool add_days(IntervalParts *parts, IntervalNumber number)
{
    return add_i32(&parts->days, number.whole, 1) &&
           add_fraction_us(parts, number.fraction, US_PER_DAY);
}

static bool add_weeks(IntervalParts *parts, IntervalNumber number)
{
    return add_i32(&parts->days, number.whole, 7) && add_fraction_days(parts, number.fraction, 7);
}

static bool add_months(IntervalParts *parts, IntervalNumber number)
{
    return add_i32(&parts->months, number.whole, 1) &&
           add_fraction_days(parts, number.fraction, DAYS_PER_MONTH);
}

static bool add_years(IntervalParts *parts, IntervalNumber number, i32 factor)
{
    i32 months = (i32)rint(number.fraction * factor * MONTHS_PER_YEAR);
    return add_i32(&parts->years, number.whole, factor) && add_i32(&parts->months, months, 1);
}

bool parts_add(IntervalParts *parts, IntervalNumber number, Unit unit)
{
    switch (unit) {
    case UNIT_MICROSECOND:
        return add_us(parts, number, 1);
    case UNIT_MILLISECOND:
        return add_us(parts, number, 1000);
    case UNIT_SECOND:
        return add_us(parts, number, US_PER_SECOND);
    case UNIT_MINUTE:
        return add_us(parts, number, MINUTE_US);
    case UNIT_HOUR:
        return add_us(parts, number, HOUR_US);
    case UNIT_DAY:
        return add_days(parts, number);
    case UNIT_WEEK:
        return add_weeks(parts, number);
    case UNIT_MONTH:
        return add_months(parts, number);
    case UNIT_YEAR:
        return add_years(parts, number, 1);
    case UNIT_DECADE:
        return add_years(parts, number, 10);
    case UNIT_CENTURY:
        return add_years(parts, number, 100);
    case UNIT_MILLENNIUM:
        return add_years(parts, number, 1000);
    case UNIT_NONE:
    case UNIT_AGO:
    case UNIT_OTHER:
        break;
    }
    unreachable();
}

/* ---- ISO 8601 ---- */

typedef struct IsoReader {
    const char *at;
    IntervalParts *parts;
    IntervalNumber number; /* read last */
    i32 digits;            /* of its whole part, as written */
} IsoReader;

/* A number as strtod reads it, cut into whole part and fraction. */
static DateTimeProblem iso_number(IsoReader *r)
{
    const char *start = r->at;
    if (!is_digit(*start) && *start != '-' && *start != '.')
        return DATETIME_FORMAT;
    char *end;
    errno = 0;
    f64 value = strtod(start, &end);
    if (end == start || errno)
        return DATETIME_FORMAT;
    if (!(value >= -1e15 && value <= 1e15))
        return DATETIME_FIELD_RANGE;
    r->number.whole = (i64)value;
    r->number.fraction = value - (f64)r->number.whole;
    start += *start == '-';
    r->digits = (i32)strspn(start, "0123456789");
    r->at = end;
    return DATETIME_OK;
}

static DateTimeProblem iso_add(IsoReader *r, Unit unit)
{
    return parts_add(r->parts, r->number, unit) ? DATETIME_OK : DATETIME_FIELD_RANGE;
}

/* The number just read and those behind it, each with the next unit, `separator` between;
 * stops at the end or at stop. */
static DateTimeProblem iso_separated(IsoReader *r, const Unit *units, char separator, char stop)
{
    for (i32 i = 0;; i++) {
        DateTimeProblem problem = iso_add(r, units[i]);
        if (problem != DATETIME_OK || *r->at == 0 || (stop && *r->at == stop))
            return problem;
        if (i == 2 || *r->at++ != separator)
            return DATETIME_FORMAT;
        problem = iso_number(r);
        if (problem != DATETIME_OK)
            return problem;
    }
}

/* yyyymmdd or hhmmss in one number: the last unit gets the fraction. */
static DateTimeProblem iso_run_together(IsoReader *r, const Unit *units)
{
    i64 whole = r->number.whole;
    IntervalNumber first = {whole / 10000, 0}, second = {whole / 100 % 100, 0};
    IntervalNumber third = {whole % 100, r->number.fraction};
    bool added = parts_add(r->parts, first, units[0]) && parts_add(r->parts, second, units[1]) &&
                 parts_add(r->parts, third, units[2]);
    return added ? DATETIME_OK : DATETIME_FIELD_RANGE;
}

static Unit iso_unit(char c, bool date)
{
    static const char date_letters[] = "YMWD", time_letters[] = "HMS";
    static const Unit date_units[] = {UNIT_YEAR, UNIT_MONTH, UNIT_WEEK, UNIT_DAY};
    static const Unit time_units[] = {UNIT_HOUR, UNIT_MINUTE, UNIT_SECOND};
    const char *letters = date ? date_letters : time_letters,
               *found = c ? strchr(letters, c) : NULL;
    if (!found)
        return UNIT_NONE;
    return (date ? date_units : time_units)[found - letters];
}

/* Numbers without unit letters. */
static DateTimeProblem iso_alternative(IsoReader *r, bool date)
{
    static const Unit date_units[] = {UNIT_YEAR, UNIT_MONTH, UNIT_DAY};
    static const Unit time_units[] = {UNIT_HOUR, UNIT_MINUTE, UNIT_SECOND};
    const Unit *units = date ? date_units : time_units;
    bool ends = *r->at == 0 || (date && *r->at == 'T');
    if (ends && r->digits == (date ? 8 : 6))
        return iso_run_together(r, units);
    if (!ends && *r->at != (date ? '-' : ':'))
        return DATETIME_FORMAT;
    return iso_separated(r, units, date ? '-' : ':', date ? 'T' : 0);
}

DateTimeProblem parts_from_iso_8601(const char *text, IntervalParts *parts)
{
    IsoReader r = {.at = text + 1, .parts = parts};
    bool date = true, any = false;
    if (text[0] != 'P' || text[1] == 0)
        return DATETIME_FORMAT;
    while (*r.at) {
        if (*r.at == 'T') {
            date = any = false;
            r.at++;
            continue;
        }
        DateTimeProblem problem = iso_number(&r);
        if (problem != DATETIME_OK)
            return problem;
        Unit unit = iso_unit(*r.at, date);
        if (unit == UNIT_NONE) {
            problem = any ? DATETIME_FORMAT : iso_alternative(&r, date);
        } else {
            r.at++;
            problem = iso_add(&r, unit);
            any = true;
        }
        if (problem != DATETIME_OK)
            return problem;
    }
    return DATETIME_OK;
}
