/* SPDX-License-Identifier: Apache-2.0
 *
 * date as text, and the pieces of date/time output that timestamps share.
 *
 * yyyy-mm-dd, what loads consist of, is read by position; every other form goes through the
 * tokens. Output follows DateStyle; years before 1 AD are written as "BC".
 */
#include "types/datetime_tokens.h"
#include "types/digits.h"

const char month_names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
const char weekday_names[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

enum { SPLIT_BYTES = 129 };

/* ---- in ---- */

static inline i32 two_digits(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* yyyy-mm-dd, a date that exists. */
static bool parse_by_position(Text text, i32 *day)
{
    const char *at = text.data;
    if (text.len != 10 || at[4] != '-' || at[7] != '-')
        return false;
    static const u8 places[] = {0, 1, 2, 3, 5, 6, 8, 9};
    for (i32 i = 0; i < countof(places); i++)
        if (!is_digit(at[places[i]]))
            return false;
    CivilDate civil = {two_digits(at) * 100 + two_digits(at + 2), two_digits(at + 5),
                       two_digits(at + 8)};
    if (civil.year == 0 || !civil_is_valid(civil))
        return false;
    *day = date_from_civil(civil);
    return true;
}

static bool day_from_parts(const DateTime *parts, Text text, i32 *day, Error *error)
{
    if (parts->special == SPECIAL_INFINITY || parts->special == SPECIAL_MINUS_INFINITY) {
        *day = parts->special == SPECIAL_INFINITY ? DATE_INFINITY : DATE_MINUS_INFINITY;
        return true;
    }
    if (parts->special == SPECIAL_EPOCH) {
        *day = date_from_civil((CivilDate){1970, 1, 1});
        return true;
    }
    if (!civil_is_valid(parts->civil.date))
        return error_set(error, E_DATETIME_FIELD_OVERFLOW, "date out of range: \"%.*s\"",
                         ERROR_TEXT(text));
    *day = date_from_civil(parts->civil.date);
    return true;
}

static bool parse_by_tokens(Text text, const FormatSettings *format, i32 *day, Error *error)
{
    DateTimeFields fields;
    DateTime parts;
    DateTimeProblem problem = fields_split(text, SPLIT_BYTES, &fields);
    if (problem == DATETIME_OK)
        problem = datetime_decode(&fields, WANT_DATE_AND_TIME, format, &parts, error);
    if (problem != DATETIME_OK)
        return datetime_fail(problem, text, "date", error);
    return day_from_parts(&parts, text, day, error);
}

bool date_parse(Text text, const FormatSettings *format, i32 *day, Error *error)
{
    return parse_by_position(text, day) || parse_by_tokens(text, format, day, error);
}

/* ---- out ---- */

char *print_padded(i32 value, i32 digits, char *at)
{
    i32 count = u64_digit_count((u64)value);
    if (count < digits)
        count = digits;
    digits_write((u64)value, count, at);
    return at + count;
}

static i32 shown_year(CivilDate date)
{
    return date.year > 0 ? date.year : 1 - date.year;
}

static char *print_day_first(CivilDate date, char separator, char *at)
{
    digits_write_2((u32)date.day, at);
    at[2] = separator;
    digits_write_2((u32)date.month, at + 3);
    at[5] = separator;
    return print_padded(shown_year(date), 4, at + 6);
}

static char *print_month_first(CivilDate date, char separator, char *at)
{
    digits_write_2((u32)date.month, at);
    at[2] = separator;
    digits_write_2((u32)date.day, at + 3);
    at[5] = separator;
    return print_padded(shown_year(date), 4, at + 6);
}

char *print_civil_date(CivilDate date, const FormatSettings *format, char *at)
{
    bool day_first = format->date_order == DATEORDER_DMY;
    switch (format->date_style) {
    case DATESTYLE_ISO:
        at = print_padded(shown_year(date), 4, at);
        at[0] = '-';
        digits_write_2((u32)date.month, at + 1);
        at[3] = '-';
        digits_write_2((u32)date.day, at + 4);
        return at + 6;
    case DATESTYLE_SQL:
        return day_first ? print_day_first(date, '/', at) : print_month_first(date, '/', at);
    case DATESTYLE_POSTGRES:
        return day_first ? print_day_first(date, '-', at) : print_month_first(date, '-', at);
    case DATESTYLE_GERMAN:
        return print_day_first(date, '.', at);
    }
    unreachable();
}

char *print_era(CivilDate date, char *at)
{
    if (date.year > 0)
        return at;
    memcpy(at, " BC", 3);
    return at + 3;
}

i32 date_print(i32 day, const FormatSettings *format, char *out)
{
    if (unlikely(!date_is_finite(day))) {
        const char *text = day == DATE_INFINITY ? "infinity" : "-infinity";
        i32 len = (i32)strlen(text);
        memcpy(out, text, (size_t)len);
        return len;
    }
    CivilDate civil = date_to_civil(day);
    char *at = print_civil_date(civil, format, out);
    return (i32)(print_era(civil, at) - out);
}
