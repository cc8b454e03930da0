/* SPDX-License-Identifier: Apache-2.0
 *
 * POSIX TZ strings (IEEE 1003.1, environment variable TZ, with the extended hours of RFC 8536).
 *
 * A string without change days gets those of the United States, ",M3.2.0,M11.1.0", as
 * PostgreSQL does. Everything is computed from the year on each call; years are the ones of
 * standard time.
 */
#include "types/timezone_rule.h"

#include "types/date.h"
#include "types/digits.h"

enum { DAY_SECONDS = 86400, EPOCH_DAY_2000 = 10957, HOURS_MAX = 167 };

static const char *parse_name(const char *at, char name[ABBREVIATION_MAX + 1])
{
    i32 len = 0;
    bool quoted = *at == '<';
    if (quoted)
        at++;
    for (; *at && (quoted ? *at != '>' : !is_digit(*at) && *at != ',' && *at != '-' && *at != '+');
         at++)
        if (len < ABBREVIATION_MAX)
            name[len++] = *at;
    name[len] = 0;
    if (quoted && *at++ != '>')
        return NULL;
    return at;
}

static const char *parse_number(const char *at, i32 min, i32 max, i32 *value)
{
    if (!at || !is_digit(*at))
        return NULL;
    *value = 0;
    for (; is_digit(*at); at++) {
        *value = *value * 10 + (*at - '0');
        if (*value > max)
            return NULL;
    }
    return *value < min ? NULL : at;
}

/* hh[:mm[:ss]] */
static const char *parse_time(const char *at, i32 *seconds)
{
    i32 hours = 0, minutes = 0, rest = 0;
    at = parse_number(at, 0, HOURS_MAX, &hours);
    if (at && *at == ':')
        at = parse_number(at + 1, 0, 59, &minutes);
    if (at && *at == ':')
        at = parse_number(at + 1, 0, 60, &rest);
    *seconds = hours * 3600 + minutes * 60 + rest;
    return at;
}

static const char *parse_offset(const char *at, i32 *seconds)
{
    bool negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    at = parse_time(at, seconds);
    if (at && negative)
        *seconds = -*seconds;
    return at;
}

static const char *parse_day(const char *at, RuleDay *day)
{
    *day = (RuleDay){.seconds = 2 * 3600};
    if (*at == 'J') {
        day->form = RULE_JULIAN;
        at = parse_number(at + 1, 1, 365, &day->day);
    } else if (*at == 'M') {
        day->form = RULE_MONTH_WEEK_DAY;
        at = parse_number(at + 1, 1, 12, &day->month);
        at = at && *at == '.' ? parse_number(at + 1, 1, 5, &day->week) : NULL;
        at = at && *at == '.' ? parse_number(at + 1, 0, 6, &day->day) : NULL;
    } else {
        day->form = RULE_DAY_OF_YEAR;
        at = parse_number(at, 0, 365, &day->day);
    }
    if (at && *at == '/')
        at = parse_offset(at + 1, &day->seconds);
    return at;
}

static bool parse_days(const char *at, TimezoneRule *rule)
{
    if (*at == 0)
        at = ",M3.2.0,M11.1.0";
    if (*at != ',' && *at != ';')
        return false;
    at = parse_day(at + 1, &rule->start);
    if (!at || *at != ',')
        return false;
    at = parse_day(at + 1, &rule->end);
    return at && *at == 0;
}

bool rule_parse(const char *text, TimezoneRule *rule)
{
    *rule = (TimezoneRule){0};
    i32 west;
    const char *at = parse_name(text, rule->standard.abbreviation);
    if (!at || *at == 0)
        return false;
    at = parse_offset(at, &west);
    if (!at)
        return false;
    rule->standard.offset_seconds = -west;
    if (*at == 0)
        return true;
    rule->has_summer = true;
    rule->summer.is_dst = true;
    at = parse_name(at, rule->summer.abbreviation);
    if (!at || rule->summer.abbreviation[0] == 0)
        return false;
    rule->summer.offset_seconds = rule->standard.offset_seconds + 3600;
    if (*at && *at != ',' && *at != ';') {
        at = parse_offset(at, &west);
        rule->summer.offset_seconds = -west;
    }
    return at && parse_days(at, rule);
}

/* Days since 2000 of a rule's day in a year. */
static i32 rule_day(const RuleDay *rule, i32 year)
{
    i32 first = date_from_civil((CivilDate){year, 1, 1});
    if (rule->form == RULE_DAY_OF_YEAR)
        return first + rule->day;
    if (rule->form == RULE_JULIAN)
        return first + rule->day - 1 + (rule->day > 59 && month_days(year, 2) == 29);
    i32 start = date_from_civil((CivilDate){year, rule->month, 1});
    i32 day = start + (rule->day - date_weekday(start) + 7) % 7 + (rule->week - 1) * 7;
    return day >= start + month_days(year, rule->month) ? day - 7 : day;
}

/* Unix time of a change in a year; offset is that in force before it. */
static i64 change_at(const RuleDay *rule, i32 year, i32 offset_seconds)
{
    return ((i64)rule_day(rule, year) + EPOCH_DAY_2000) * DAY_SECONDS + rule->seconds -
           offset_seconds;
}

static i32 year_at(const TimezoneRule *rule, i64 unix_seconds)
{
    i64 local = unix_seconds + rule->standard.offset_seconds;
    i64 day = local / DAY_SECONDS - (local % DAY_SECONDS < 0);
    return date_to_civil((i32)(day - EPOCH_DAY_2000)).year;
}

const LocalKind *rule_at(const TimezoneRule *rule, i64 unix_seconds)
{
    if (!rule->has_summer)
        return &rule->standard;
    i32 year = year_at(rule, unix_seconds);
    i64 start = change_at(&rule->start, year, rule->standard.offset_seconds);
    i64 end = change_at(&rule->end, year, rule->summer.offset_seconds);
    bool summer = start < end ? unix_seconds >= start && unix_seconds < end
                              : unix_seconds >= start || unix_seconds < end;
    return summer ? &rule->summer : &rule->standard;
}

bool rule_next_change(const TimezoneRule *rule, i64 unix_seconds, i64 *change)
{
    if (!rule->has_summer)
        return false;
    i32 year = year_at(rule, unix_seconds);
    bool found = false;
    for (i32 i = -1; i <= 1; i++) {
        i64 start = change_at(&rule->start, year + i, rule->standard.offset_seconds);
        i64 end = change_at(&rule->end, year + i, rule->summer.offset_seconds);
        if (start > unix_seconds && (!found || start < *change)) {
            *change = start;
            found = true;
        }
        if (end > unix_seconds && (!found || end < *change)) {
            *change = end;
            found = true;
        }
    }
    return found;
}
