/* SPDX-License-Identifier: Apache-2.0
 *
 * The calendar: days since 2000-01-01 to year, month, day and back; weekdays and ISO weeks.
 *
 * Both directions count in years that start on 1 March, so that the leap day is the last of its
 * year, and in eras of 400 years, which all have 146,097 days; month lengths from March on follow
 * (153 * m + 2) / 5. Text is date_text.c.
 */
#include "types/date.h"

enum {
    ERA_DAYS = 146097,
    /* days from 0000-03-01 to 2000-01-01 */
    EPOCH_FROM_MARCH_0 = 730425,
    /* so many eras are added that years and days of the whole range become positive */
    ERA_SHIFT = 20000,
};

/* Days since the epoch without any limit of range. */
static i64 days_of_civil(i64 year, i32 month, i64 day)
{
    i64 march_year = month <= 2 ? year - 1 : year;
    i64 shifted = march_year + (i64)ERA_SHIFT * 400;
    i64 era = shifted / 400;
    i64 year_of_era = shifted - era * 400;
    i64 march_month = month > 2 ? month - 3 : month + 9;
    i64 day_of_year = (153 * march_month + 2) / 5;
    i64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (era - ERA_SHIFT) * ERA_DAYS + day_of_era + day - 1 - EPOCH_FROM_MARCH_0;
}

i32 date_from_civil(CivilDate civil)
{
    assert(civil.month >= 1 && civil.month <= 12);
    return (i32)days_of_civil(civil.year, civil.month, civil.day);
}

CivilDate date_to_civil(i32 day)
{
    u64 from_march_0 = (u64)((i64)day + EPOCH_FROM_MARCH_0 + (i64)ERA_SHIFT * ERA_DAYS);
    u64 era = from_march_0 / ERA_DAYS;
    u32 day_of_era = (u32)(from_march_0 % ERA_DAYS);
    u32 year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    u32 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    u32 march_month = (5 * day_of_year + 2) / 153;
    u32 day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    u32 month = march_month < 10 ? march_month + 3 : march_month - 9;
    i64 year = (i64)(era * 400 + year_of_era) - (i64)ERA_SHIFT * 400 + (month <= 2);
    return (CivilDate){(i32)year, (i32)month, (i32)day_of_month};
}

static bool year_is_leap(i32 year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

i32 month_days(i32 year, i32 month)
{
    static const u8 days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= 12);
    return month == 2 && year_is_leap(year) ? 29 : days[month - 1];
}

bool civil_is_valid(CivilDate civil)
{
    if (civil.year < -4713 || civil.year > 5874897 || civil.month < 1 || civil.month > 12)
        return false;
    if (civil.day < 1 || civil.day > month_days(civil.year, civil.month))
        return false;
    return days_of_civil(civil.year, civil.month, civil.day) >= DATE_MIN;
}

i32 date_weekday(i32 day)
{
    i32 weekday = (i32)(((i64)day + 6) % 7); /* 2000-01-01 was a Saturday */
    return weekday < 0 ? weekday + 7 : weekday;
}

i32 date_iso_year_start(i32 year)
{
    i32 fourth = date_from_civil((CivilDate){year, 1, 4});
    return fourth - (date_weekday(fourth) + 6) % 7;
}

void date_iso_week(i32 day, i32 *year, i32 *week)
{
    *year = date_to_civil(day).year;
    if (day >= date_iso_year_start(*year + 1))
        ++*year;
    else if (day < date_iso_year_start(*year))
        --*year;
    *week = (day - date_iso_year_start(*year)) / 7 + 1;
}
