/* SPDX-License-Identifier: Apache-2.0
 *
 * The sums that interval input is made of. Inside types/ only.
 */
#ifndef GOTGAN_INTERVAL_PARTS_H
#define GOTGAN_INTERVAL_PARTS_H

#include "types/datetime_tokens.h"

enum { MONTHS_PER_YEAR = 12 };
#define HOUR_US 3600000000ll
#define MINUTE_US 60000000ll

typedef enum Unit {
    UNIT_NONE,
    UNIT_AGO,
    UNIT_MICROSECOND,
    UNIT_MILLISECOND,
    UNIT_SECOND,
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_YEAR,
    UNIT_DECADE,
    UNIT_CENTURY,
    UNIT_MILLENNIUM,
    UNIT_OTHER, /* a word that is known but is no unit of an interval */
} Unit;
/* Sums of what was read; years apart, for their own limit. */
typedef struct IntervalParts {
    i64 us;
    i32 days, months, years;
} IntervalParts;

/* A number with its fraction; both have the sign. */
typedef struct IntervalNumber {
    i64 whole;
    f64 fraction;
} IntervalNumber;

/* Adds a number of units (one that measures time), fractions cascading down. false: overflow. */
must_check bool parts_add(IntervalParts *parts, IntervalNumber number, Unit unit);
/* "P..." into parts that are zero. */
DateTimeProblem parts_from_iso_8601(const char *text, IntervalParts *parts);

#endif
