/* SPDX-License-Identifier: Apache-2.0
 *
 * Interval: months, days and microseconds apart, as PostgreSQL keeps them; compared by the value
 * with 30-day months and 24-hour days.
 */
#ifndef GOTGAN_INTERVAL_H
#define GOTGAN_INTERVAL_H

#include "base/error.h"
#include "types/environment.h"

typedef struct Interval {
    i64 us;
    i32 days;
    i32 months;
} Interval;
_Static_assert(sizeof(Interval) == 16, "Interval is two words");

/* Mask of fields of an interval type modifier: bit (1 << field), PostgreSQL's numbering. */
enum {
    INTERVAL_MONTH = 1,
    INTERVAL_YEAR = 2,
    INTERVAL_DAY = 3,
    INTERVAL_HOUR = 10,
    INTERVAL_MINUTE = 11,
    INTERVAL_SECOND = 12,
    INTERVAL_FULL_RANGE = 0x7fff,
    INTERVAL_FULL_PRECISION = 0xffff
};

/* The normalised value in microseconds: the one order, hash and equality of intervals. */
static inline i128 interval_span(Interval i)
{
    return (i128)i.us + ((i128)i.months * 30 + i.days) * (i128)86400000000ll;
}
static inline int interval_compare(Interval a, Interval b)
{
    i128 x = interval_span(a), y = interval_span(b);
    return (x > y) - (x < y);
}

/* 22008 "interval out of range" on overflow. */
must_check bool interval_add(Interval a, Interval b, Interval *sum, Error *error);
must_check bool interval_subtract(Interval a, Interval b, Interval *difference, Error *error);
must_check bool interval_negate(Interval a, Interval *result, Error *error);
must_check bool interval_multiply(Interval a, f64 factor, Interval *result, Error *error);
must_check bool interval_divide(Interval a, f64 divisor, Interval *result, Error *error);
must_check bool interval_justify_hours(Interval a, Interval *result, Error *error);
must_check bool interval_justify_days(Interval a, Interval *result, Error *error);
must_check bool interval_justify_interval(Interval a, Interval *result, Error *error);

/* Applies a typmod: fields and fractional digits. */
must_check bool interval_apply_typmod(Interval *interval, i32 typmod, Error *error);

/* All of PostgreSQL's input forms: units, "1 day 02:03:04", ISO 8601 "P1Y2M", SQL "1-2". */
must_check bool interval_parse(Text text, i32 typmod, const FormatSettings *format,
                               Interval *interval, Error *error);
/* Writes at most INTERVAL_TEXT_BYTES, returns the length; honours IntervalStyle. */
enum { INTERVAL_TEXT_BYTES = 128 };
i32 interval_print(Interval interval, const FormatSettings *format, char *out);

#endif
