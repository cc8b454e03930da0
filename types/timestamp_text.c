/* SPDX-License-Identifier: Apache-2.0
 *
 * time, timestamp and timestamptz as text.
 *
 * "yyyy-mm-dd hh:mm:ss[.ffffff]" is read by position, all other forms through the tokens. Output
 * follows DateStyle; ISO shows the offset of a time zone, the other styles its abbreviation.
 */
#include "types/datetime_tokens.h"
#include "types/digits.h"

enum { SPLIT_BYTES = 154, TIME_SPLIT_BYTES = 129 };

/* ---- in ---- */

static i32 two_digits(const char *at)
{
    return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

/* ".f" to ".ffffff" behind the seconds. */
static bool fraction_by_position(const char *at, const char *end, i32 *us)
{
    *us = 0;
    if (at == end)
        return true;
    if (*at++ != '.' || end - at < 1 || end - at > 6)
        return false;
    i32 digits = 0;
    for (; at < end; at++, digits++) {
        if (!is_digit(*at))
            return false;
        *us = *us * 10 + (*at - '0');
    }
    for (; digits < 6; digits++)
        *us *= 10;
    return true;
}

static bool parse_by_position(Text text, i64 *timestamp)
{
    const char *at = text.data;
    if (text.len < 19 || at[4] != '-' || at[7] != '-' || at[10] != ' ' || at[13] != ':' ||
        at[16] != ':')
        return false;
    i32 century = two_digits(at), year = two_digits(at + 2);
    CivilTime civil = {.date = {century * 100 + year, two_digits(at + 5), two_digits(at + 8)},
                       .hour = two_digits(at + 11),
                       .minute = two_digits(at + 14),
                       .second = two_digits(at + 17)};
    if (century < 0 || year < 0 || civil.date.year == 0 || civil.hour < 0 || civil.hour > 23 ||
        civil.minute < 0 || civil.minute > 59 || civil.second < 0 || civil.second > 59)
        return false;
    return fraction_by_position(at + 19, at + text.len, &civil.us) &&
           timestamp_from_civil(civil, timestamp);
}

static bool timestamp_out_of_range(Text text, Error *error)
{
    return error_set(error, E_DATETIME_FIELD_OVERFLOW, "timestamp out of range: \"%.*s\"",
                     ERROR_TEXT(text));
}

/* True when the text was one of the special words. */
static bool special_timestamp(SpecialWord word, i64 *timestamp)
{
    if (word == SPECIAL_INFINITY)
        *timestamp = TIMESTAMP_INFINITY;
    else if (word == SPECIAL_MINUS_INFINITY)
        *timestamp = TIMESTAMP_MINUS_INFINITY;
    else if (word == SPECIAL_EPOCH)
        *timestamp = date_from_civil((CivilDate){1970, 1, 1}) * US_PER_DAY;
    return word != SPECIAL_NONE;
}

/* The local time and how far it is from UTC. */
static bool parse_parts(Text text, const char *type, const FormatSettings *format, DateTime *parts,
                        Error *error)
{
    DateTimeFields fields;
    DateTimeProblem problem = fields_split(text, SPLIT_BYTES, &fields);
    if (problem == DATETIME_OK)
        problem = datetime_decode(&fields, WANT_DATE_AND_TIME, format, parts, error);
    return problem == DATETIME_OK || datetime_fail(problem, text, type, error);
}

bool timestamp_parse(Text text, i32 typmod, const FormatSettings *format, i64 *timestamp,
                     Error *error)
{
    if (parse_by_position(text, timestamp))
        return timestamp_apply_typmod(timestamp, typmod, error);
    DateTime parts;
    if (!parse_parts(text, "timestamp", format, &parts, error))
        return false;
    if (special_timestamp(parts.special, timestamp))
        return true;
    return timestamp_from_civil(parts.civil, timestamp)
               ? timestamp_apply_typmod(timestamp, typmod, error)
               : timestamp_out_of_range(text, error);
}

/* The local day may lie outside the range as long as the UTC time does not. */
static bool local_to_utc(CivilTime civil, i32 offset_seconds, i64 *timestamp)
{
    CivilDate date = civil.date;
    if (date.year < -4713 || (date.year == -4713 && date.month < 11) || date.year > 294277)
        return false;
    i128 local = (i128)date_from_civil(civil.date) * US_PER_DAY + civil_time_of_day(&civil);
    i128 utc = local - (i128)offset_seconds * US_PER_SECOND;
    *timestamp = (i64)utc;
    return utc >= TIMESTAMP_MIN && utc < TIMESTAMP_END;
}

bool timestamptz_parse(Text text, i32 typmod, const FormatSettings *format, i64 *timestamp,
                       Error *error)
{
    if (parse_by_position(text, timestamp))
        return timestamp_to_timestamptz(*timestamp, format->timezone, timestamp, error) &&
               timestamp_apply_typmod(timestamp, typmod, error);
    DateTime parts;
    if (!parse_parts(text, "timestamp with time zone", format, &parts, error))
        return false;
    if (special_timestamp(parts.special, timestamp))
        return true;
    return local_to_utc(parts.civil, parts.offset_seconds, timestamp)
               ? timestamp_apply_typmod(timestamp, typmod, error)
               : timestamp_out_of_range(text, error);
}

bool time_parse(Text text, i32 typmod, const FormatSettings *format, i64 *time, Error *error)
{
    DateTimeFields fields;
    DateTime parts;
    DateTimeProblem problem = fields_split(text, TIME_SPLIT_BYTES, &fields);
    if (problem == DATETIME_OK)
        problem = datetime_decode(&fields, WANT_TIME, format, &parts, error);
    if (problem != DATETIME_OK)
        return datetime_fail(problem, text, "time", error);
    *time = civil_time_of_day(&parts.civil);
    return time_apply_typmod(time, typmod, error);
}

/* ---- out ---- */

char *print_clock(i32 hour, i32 minute, i32 second, i32 us, char *at)
{
    digits_write_2((u32)hour, at);
    at[2] = ':';
    digits_write_2((u32)minute, at + 3);
    at[5] = ':';
    digits_write_2((u32)second, at + 6);
    at += 8;
    if (us == 0)
        return at;
    *at++ = '.';
    i32 digits = 6;
    for (; us % 10 == 0; us /= 10)
        digits--;
    digits_write((u64)us, digits, at);
    return at + digits;
}

static char *print_offset(i32 offset_seconds, char *at)
{
    *at++ = offset_seconds < 0 ? '-' : '+';
    i32 size = offset_seconds < 0 ? -offset_seconds : offset_seconds;
    i32 hours = size / 3600, minutes = size / 60 % 60, seconds = size % 60;
    at = print_padded(hours, 2, at);
    if (minutes || seconds) {
        *at++ = ':';
        at = print_padded(minutes, 2, at);
    }
    if (seconds) {
        *at++ = ':';
        at = print_padded(seconds, 2, at);
    }
    return at;
}

/* moment: NULL for a timestamp without time zone. */
static char *print_zone(const TimezoneMoment *moment, DateStyle style, char *at)
{
    if (!moment)
        return at;
    if (style == DATESTYLE_ISO)
        return print_offset(moment->offset_seconds, at);
    *at++ = ' ';
    i64 len = min_i64(moment->abbreviation.len, 10);
    memcpy(at, moment->abbreviation.data, (size_t)len);
    return at + len;
}

/* Wed Dec 17 07:37:16 1997 PST */
static char *print_postgres_style(const CivilTime *civil, i32 weekday, const FormatSettings *format,
                                  const TimezoneMoment *moment, char *at)
{
    CivilDate date = civil->date;
    memcpy(at, weekday_names[weekday], 3);
    at[3] = ' ';
    at += 4;
    bool day_first = format->date_order == DATEORDER_DMY;
    if (day_first) {
        digits_write_2((u32)date.day, at);
        at[2] = ' ';
        at += 3;
    }
    memcpy(at, month_names[date.month - 1], 3);
    at += 3;
    if (!day_first) {
        at[0] = ' ';
        digits_write_2((u32)date.day, at + 1);
        at += 3;
    }
    *at++ = ' ';
    at = print_clock(civil->hour, civil->minute, civil->second, civil->us, at);
    *at++ = ' ';
    at = print_padded(date.year > 0 ? date.year : 1 - date.year, 4, at);
    return print_zone(moment, DATESTYLE_POSTGRES, at);
}

static i32 print_infinity(i64 timestamp, char *out)
{
    const char *text = timestamp == TIMESTAMP_INFINITY ? "infinity" : "-infinity";
    i32 len = (i32)strlen(text);
    memcpy(out, text, (size_t)len);
    return len;
}

static i32 print_local(i64 local, const TimezoneMoment *moment, const FormatSettings *format,
                       char *out)
{
    CivilTime civil = timestamp_to_civil(local);
    char *at = out;
    if (format->date_style == DATESTYLE_POSTGRES) {
        i32 weekday = date_weekday(timestamp_to_date(local));
        at = print_postgres_style(&civil, weekday, format, moment, at);
    } else {
        at = print_civil_date(civil.date, format, at);
        *at++ = ' ';
        at = print_clock(civil.hour, civil.minute, civil.second, civil.us, at);
        at = print_zone(moment, format->date_style, at);
    }
    return (i32)(print_era(civil.date, at) - out);
}

i32 timestamp_print(i64 timestamp, const FormatSettings *format, char *out)
{
    if (!timestamp_is_finite(timestamp))
        return print_infinity(timestamp, out);
    return print_local(timestamp, NULL, format, out);
}

i32 timestamptz_print(i64 timestamp, const FormatSettings *format, char *out)
{
    if (!timestamp_is_finite(timestamp))
        return print_infinity(timestamp, out);
    TimezoneMoment moment = timezone_at_utc(format->timezone, timestamp);
    return print_local(timestamp + moment.offset_seconds * US_PER_SECOND, &moment, format, out);
}

i32 time_print(i64 time, const FormatSettings *format, char *out)
{
    i64 seconds = time / US_PER_SECOND;
    char *end = print_clock((i32)(seconds / 3600), (i32)(seconds / 60 % 60), (i32)(seconds % 60),
                            (i32)(time % US_PER_SECOND), out);
    return (i32)(end - out);
}
