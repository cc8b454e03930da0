/* SPDX-License-Identifier: Apache-2.0
 *
 * date: days since 2000-01-01 as i32, proleptic Gregorian, 4713-11-24 BC to 5874897-12-31, with
 * the two infinities PostgreSQL gives the type.
 */
#ifndef GOTGAN_DATE_H
#define GOTGAN_DATE_H

#include "base/error.h"
#include "types/environment.h"

#define DATE_INFINITY INT32_MAX
#define DATE_MINUS_INFINITY INT32_MIN
enum { DATE_MIN = -2451545, DATE_END = 2145031949 }; /* valid: DATE_MIN <= day < DATE_END */
static inline bool date_is_finite(i32 day)
{
    return day != DATE_INFINITY && day != DATE_MINUS_INFINITY;
}

/* Astronomical year (0 = 1 BC), month 1..12, day 1..31. */
typedef struct CivilDate {
    i32 year, month, day;
} CivilDate;
i32 date_from_civil(CivilDate civil); /* any in-range civil date, day overflow carried */
CivilDate date_to_civil(i32 day);
bool civil_is_valid(CivilDate civil); /* exists and is within the type's range */
i32 date_weekday(i32 day);            /* 0 = Sunday */
i32 month_days(i32 year, i32 month);
/* The Monday of the year's ISO week 1: the week with 4 January in it. */
i32 date_iso_year_start(i32 year);
/* ISO 8601 week and its year. */
void date_iso_week(i32 day, i32 *year, i32 *week);

/* All of PostgreSQL's input forms (ISO, DateStyle order, month names, "epoch", "today" ...). */
must_check bool date_parse(Text text, const FormatSettings *format, i32 *day, Error *error);
enum { DATE_TEXT_BYTES = 32 };
i32 date_print(i32 day, const FormatSettings *format, char *out);

#endif
