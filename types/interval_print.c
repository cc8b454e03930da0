/* SPDX-License-Identifier: Apache-2.0
 *
 * interval output in the four IntervalStyles.
 *
 * Each style walks the same seven fields (years ... microseconds, each with its own sign) and
 * differs in how signs are shown: per field, once in front, or as "ago".
 */
#include "types/datetime_tokens.h"
#include "types/digits.h"

typedef struct IntervalFields {
    i64 years, months, days, hours, minutes, seconds, us;
} IntervalFields;

static IntervalFields fields_of(Interval interval)
{
    return (IntervalFields){
        .years = interval.months / 12,
        .months = interval.months % 12,
        .days = interval.days,
        .hours = interval.us / 3600000000ll,
        .minutes = interval.us / 60000000 % 60,
        .seconds = interval.us / US_PER_SECOND % 60,
        .us = interval.us % US_PER_SECOND,
    };
}

static i64 absolute(i64 value)
{
    return value < 0 ? -value : value;
}

static char *put(char *at, const char *text)
{
    size_t len = strlen(text);
    memcpy(at, text, len);
    return at + len;
}

static char *put_integer(char *at, i64 value)
{
    if (value < 0)
        *at++ = '-';
    return at + u64_write((u64)absolute(value), at);
}

/* Seconds without sign, zeros at the end of the fraction cut. */
static char *put_seconds(char *at, const IntervalFields *f, bool two_digits)
{
    i64 seconds = absolute(f->seconds), us = absolute(f->us);
    at = two_digits ? print_padded((i32)seconds, 2, at) : put_integer(at, seconds);
    if (us == 0)
        return at;
    *at++ = '.';
    i32 digits = 6;
    for (; us % 10 == 0; us /= 10)
        digits--;
    digits_write((u64)us, digits, at);
    return at + digits;
}

static char *put_clock(char *at, const IntervalFields *f, i32 hour_digits)
{
    i64 hours = absolute(f->hours);
    i32 digits = u64_digit_count((u64)hours);
    digits = digits < hour_digits ? hour_digits : digits;
    digits_write((u64)hours, digits, at);
    at += digits;
    *at++ = ':';
    at = print_padded((i32)absolute(f->minutes), 2, at);
    *at++ = ':';
    return put_seconds(at, f, true);
}

static bool has_time(const IntervalFields *f)
{
    return f->hours || f->minutes || f->seconds || f->us;
}

static bool time_is_negative(const IntervalFields *f)
{
    return f->hours < 0 || f->minutes < 0 || f->seconds < 0 || f->us < 0;
}

/* ---- postgres: 1 year 2 mons -3 days +04:05:06 ---- */

typedef struct SignState {
    bool none_yet, negative; /* nothing was written; the field written last was negative */
} SignState;

static char *put_unit(char *at, i64 value, const char *unit, SignState *state)
{
    if (value == 0)
        return at;
    if (!state->none_yet)
        *at++ = ' ';
    if (state->negative && value > 0)
        *at++ = '+';
    at = put_integer(at, value);
    *at++ = ' ';
    at = put(at, unit);
    if (value != 1)
        *at++ = 's';
    *state = (SignState){false, value < 0};
    return at;
}

static char *print_postgres(const IntervalFields *f, char *at)
{
    SignState state = {.none_yet = true};
    at = put_unit(at, f->years, "year", &state);
    at = put_unit(at, f->months, "mon", &state);
    at = put_unit(at, f->days, "day", &state);
    if (!state.none_yet && !has_time(f))
        return at;
    if (!state.none_yet)
        *at++ = ' ';
    if (time_is_negative(f))
        *at++ = '-';
    else if (state.negative)
        *at++ = '+';
    return put_clock(at, f, 2);
}

/* ---- postgres_verbose: @ 1 year -2 mons 3 secs ago ---- */

/* The first field that is not zero decides about "ago"; later ones show their sign against it. */
static char *put_verbose(char *at, i64 value, const char *unit, SignState *state)
{
    if (value == 0)
        return at;
    if (state->none_yet) {
        state->negative = value < 0;
        value = absolute(value);
    } else if (state->negative) {
        value = -value;
    }
    *at++ = ' ';
    at = put_integer(at, value);
    *at++ = ' ';
    at = put(at, unit);
    if (value != 1)
        *at++ = 's';
    state->none_yet = false;
    return at;
}

static char *put_verbose_seconds(char *at, const IntervalFields *f, SignState *state)
{
    if (f->seconds == 0 && f->us == 0)
        return at;
    *at++ = ' ';
    bool negative = f->seconds < 0 || f->us < 0;
    if (state->none_yet)
        state->negative = negative;
    else if (negative != state->negative)
        *at++ = '-';
    at = put_seconds(at, f, false);
    at = put(at, absolute(f->seconds) != 1 || f->us ? " secs" : " sec");
    state->none_yet = false;
    return at;
}

static char *print_verbose(const IntervalFields *f, char *at)
{
    SignState state = {.none_yet = true};
    *at++ = '@';
    at = put_verbose(at, f->years, "year", &state);
    at = put_verbose(at, f->months, "mon", &state);
    at = put_verbose(at, f->days, "day", &state);
    at = put_verbose(at, f->hours, "hour", &state);
    at = put_verbose(at, f->minutes, "min", &state);
    at = put_verbose_seconds(at, f, &state);
    if (state.none_yet)
        at = put(at, " 0");
    return state.negative ? put(at, " ago") : at;
}

/* ---- sql_standard: 1-2, 3 4:05:06, +1-2 -3 +4:05:06 ---- */

static char *put_signed(char *at, bool negative, i64 value)
{
    *at++ = negative ? '-' : '+';
    return put_integer(at, absolute(value));
}

/* Fields of both signs, or both year-month and day-time: not SQL's; every part gets a sign. */
static char *print_sql_mixed(const IntervalFields *f, char *at)
{
    at = put_signed(at, f->years < 0 || f->months < 0, f->years);
    *at++ = '-';
    at = put_integer(at, absolute(f->months));
    *at++ = ' ';
    at = put_signed(at, f->days < 0, f->days);
    *at++ = ' ';
    *at++ = time_is_negative(f) ? '-' : '+';
    return put_clock(at, f, 1);
}

static char *print_sql_standard(const IntervalFields *f, char *at)
{
    bool negative = f->years < 0 || f->months < 0 || f->days < 0 || time_is_negative(f);
    bool positive = f->years > 0 || f->months > 0 || f->days > 0 || f->hours > 0 ||
                    f->minutes > 0 || f->seconds > 0 || f->us > 0;
    bool year_month = f->years || f->months, day_time = f->days || has_time(f);
    if (!negative && !positive)
        return put(at, "0");
    if ((negative && positive) || (year_month && day_time))
        return print_sql_mixed(f, at);
    if (negative)
        *at++ = '-';
    if (year_month) {
        at = put_integer(at, absolute(f->years));
        *at++ = '-';
        return put_integer(at, absolute(f->months));
    }
    if (f->days) {
        at = put_integer(at, absolute(f->days));
        *at++ = ' ';
    }
    return put_clock(at, f, 1);
}

/* ---- iso_8601: P1Y2M3DT4H5M6S ---- */

static char *put_letter(char *at, i64 value, char letter)
{
    if (value == 0)
        return at;
    at = put_integer(at, value);
    *at++ = letter;
    return at;
}

static char *print_iso_8601(const IntervalFields *f, char *at)
{
    if (!f->years && !f->months && !f->days && !has_time(f))
        return put(at, "PT0S");
    *at++ = 'P';
    at = put_letter(at, f->years, 'Y');
    at = put_letter(at, f->months, 'M');
    at = put_letter(at, f->days, 'D');
    if (!has_time(f))
        return at;
    *at++ = 'T';
    at = put_letter(at, f->hours, 'H');
    at = put_letter(at, f->minutes, 'M');
    if (f->seconds || f->us) {
        if (f->seconds < 0 || f->us < 0)
            *at++ = '-';
        at = put_seconds(at, f, false);
        *at++ = 'S';
    }
    return at;
}

i32 interval_print(Interval interval, const FormatSettings *format, char *out)
{
    IntervalFields fields = fields_of(interval);
    switch (format->interval_style) {
    case INTERVALSTYLE_POSTGRES:
        return (i32)(print_postgres(&fields, out) - out);
    case INTERVALSTYLE_POSTGRES_VERBOSE:
        return (i32)(print_verbose(&fields, out) - out);
    case INTERVALSTYLE_SQL_STANDARD:
        return (i32)(print_sql_standard(&fields, out) - out);
    case INTERVALSTYLE_ISO_8601:
        return (i32)(print_iso_8601(&fields, out) - out);
    }
    unreachable();
}
