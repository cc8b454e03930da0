/* SPDX-License-Identifier: Apache-2.0
 *
 * POSIX TZ strings: "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT", "<+02>-02". Inside types/ only.
 */
#ifndef GOTGAN_TIMEZONE_RULE_H
#define GOTGAN_TIMEZONE_RULE_H

#include "types/timezone.h"

enum { ABBREVIATION_MAX = 15 };

/* A kind of local time. */
typedef struct LocalKind {
    i32 offset_seconds; /* east of UTC */
    bool is_dst;
    char abbreviation[ABBREVIATION_MAX + 1];
} LocalKind;

/* A day of the year and a time of day. */
typedef struct RuleDay {
    enum { RULE_JULIAN, RULE_DAY_OF_YEAR, RULE_MONTH_WEEK_DAY } form;
    i32 day;         /* JULIAN: 1..365 without 29 February; DAY_OF_YEAR: 0..365; else 0 = Sunday */
    i32 week, month; /* MONTH_WEEK_DAY: week 5 is the last */
    i32 seconds;     /* local time of the change, may be negative or beyond 24 hours */
} RuleDay;

typedef struct TimezoneRule {
    LocalKind standard, summer;
    bool has_summer;
    RuleDay start, end; /* of summer time; in standard and in summer time */
} TimezoneRule;

/* false: not such a string */
must_check bool rule_parse(const char *text, TimezoneRule *rule);
/* The kind that holds at a Unix time. */
const LocalKind *rule_at(const TimezoneRule *rule, i64 unix_seconds);
/* The first change after a Unix time; false: none. */
must_check bool rule_next_change(const TimezoneRule *rule, i64 unix_seconds, i64 *change);

/* Whether a zone has had one offset at all times (timezone.c). */
must_check bool timezone_is_fixed(const Timezone *zone, i32 *offset_seconds);

#endif
