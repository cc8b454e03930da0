/* SPDX-License-Identifier: Apache-2.0
 *
 * time, timestamp and timestamptz: microseconds since midnight, or since 2000-01-01 00:00 (local
 * for timestamp, UTC for timestamptz), as i64, with PostgreSQL's infinities and range.
 */
#ifndef GOTGAN_TIMESTAMP_H
#define GOTGAN_TIMESTAMP_H

#include "types/date.h"
#include "types/interval.h"
#include "types/timezone.h"

#define TIMESTAMP_INFINITY INT64_MAX
#define TIMESTAMP_MINUS_INFINITY INT64_MIN
#define US_PER_SECOND 1000000ll
#define US_PER_DAY 86400000000ll
/* valid: TIMESTAMP_MIN <= t < TIMESTAMP_END */
#define TIMESTAMP_MIN (-211813488000000000ll)
#define TIMESTAMP_END 9223371331200000000ll
static inline bool timestamp_is_finite(i64 t)
{
    return t != TIMESTAMP_INFINITY && t != TIMESTAMP_MINUS_INFINITY;
}

/* The parts of a point in time. */
typedef struct CivilTime {
    CivilDate date;
    i32 hour, minute, second, us;
} CivilTime;
CivilTime timestamp_to_civil(i64 timestamp);
/* false: out of range */
must_check bool timestamp_from_civil(CivilTime civil, i64 *timestamp);

must_check bool timestamp_parse(Text text, i32 typmod, const FormatSettings *format, i64 *timestamp,
                                Error *error);
must_check bool timestamptz_parse(Text text, i32 typmod, const FormatSettings *format,
                                  i64 *timestamp, Error *error);
must_check bool time_parse(Text text, i32 typmod, const FormatSettings *format, i64 *time,
                           Error *error);
enum { TIMESTAMP_TEXT_BYTES = 64 };
i32 timestamp_print(i64 timestamp, const FormatSettings *format, char *out);
i32 timestamptz_print(i64 timestamp, const FormatSettings *format, char *out);
i32 time_print(i64 time, const FormatSettings *format, char *out);

/* Rounds to typmod's fractional digits. */
must_check bool timestamp_apply_typmod(i64 *timestamp, i32 typmod, Error *error);
must_check bool time_apply_typmod(i64 *time, i32 typmod, Error *error);

/* Conversions through a time zone (NULL: UTC); 22008 "timestamp out of range". */
must_check bool timestamp_to_timestamptz(i64 local, const Timezone *zone, i64 *utc, Error *error);
must_check bool timestamptz_to_timestamp(i64 utc, const Timezone *zone, i64 *local, Error *error);
must_check bool date_to_timestamp(i32 day, i64 *timestamp, Error *error);
/* The day's local midnight. */
must_check bool date_to_timestamptz(i32 day, const Timezone *zone, i64 *utc, Error *error);
i32 timestamp_to_date(i64 timestamp); /* infinities kept */

/* Calendar arithmetic: months first (day clipped), then days, then microseconds. The tz form adds
 * months and days in local time. */
must_check bool timestamp_add(i64 timestamp, Interval interval, i64 *sum, Error *error);
must_check bool timestamptz_add(i64 timestamp, Interval interval, const Timezone *zone, i64 *sum,
                                Error *error);
/* a - b as days and microseconds. */
must_check bool timestamp_subtract(i64 a, i64 b, Interval *difference, Error *error);
/* age(a, b): years, months, days. */
must_check bool timestamp_age(i64 a, i64 b, Interval *age, Error *error);

#endif
