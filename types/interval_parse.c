/* SPDX-License-Identifier: Apache-2.0
 *
 * interval input: "1 year 2 mons 3 days 04:05:06", "@ 1 minute ago", SQL's "1-2 3 4:05:06" and
 * ISO 8601's "P1Y2M3DT4H5M6S".
 *
 * Fields are read from the last to the first, because a unit stands behind its number; a number
 * without unit takes the unit that the type modifier or the field behind it implies. Fractions
 * cascade down: of years to months, of months and weeks to days, of days to time. A text that is
 * no such list of fields is tried as ISO 8601.
 */
#include <errno.h>
#include <math.h>

#include "base/text.h"
#include "types/interval_parts.h"

enum { SPLIT_BYTES = 256, WORD_COMPARED = 10 };

#define UNIT_BIT(unit) (1u << (unit))
#define UNITS_SECOND                                                                               \
    (UNIT_BIT(UNIT_SECOND) | UNIT_BIT(UNIT_MILLISECOND) | UNIT_BIT(UNIT_MICROSECOND))
#define UNITS_TIME (UNIT_BIT(UNIT_HOUR) | UNIT_BIT(UNIT_MINUTE) | UNITS_SECOND)

typedef struct IntervalReader {
    DateTimeFields *fields;
    i32 range; /* field mask of the type, INTERVAL_FULL_RANGE when free */
    IntervalParts parts;
    u32 seen, found;
    Unit unit; /* of the next number (to the left) */
    bool all_negative, ago;
} IntervalReader;

// clang-format off
static const struct {
    const char *word;
    Unit unit;
} units[] = {
    {"ago", UNIT_AGO},
    {"us", UNIT_MICROSECOND}, {"usec", UNIT_MICROSECOND}, {"usecs", UNIT_MICROSECOND},
    {"usecond", UNIT_MICROSECOND}, {"useconds", UNIT_MICROSECOND},
    {"microsecon", UNIT_MICROSECOND},
    {"ms", UNIT_MILLISECOND}, {"msec", UNIT_MILLISECOND}, {"msecs", UNIT_MILLISECOND},
    {"msecond", UNIT_MILLISECOND}, {"mseconds", UNIT_MILLISECOND},
    {"millisecon", UNIT_MILLISECOND},
    {"s", UNIT_SECOND}, {"sec", UNIT_SECOND}, {"secs", UNIT_SECOND}, {"second", UNIT_SECOND},
    {"seconds", UNIT_SECOND},
    {"m", UNIT_MINUTE}, {"mm", UNIT_MINUTE}, {"min", UNIT_MINUTE}, {"mins", UNIT_MINUTE},
    {"minute", UNIT_MINUTE}, {"minutes", UNIT_MINUTE},
    {"h", UNIT_HOUR}, {"hr", UNIT_HOUR}, {"hrs", UNIT_HOUR}, {"hour", UNIT_HOUR},
    {"hours", UNIT_HOUR},
    {"d", UNIT_DAY}, {"day", UNIT_DAY}, {"days", UNIT_DAY},
    {"w", UNIT_WEEK}, {"week", UNIT_WEEK}, {"weeks", UNIT_WEEK},
    {"mon", UNIT_MONTH}, {"mons", UNIT_MONTH}, {"month", UNIT_MONTH}, {"months", UNIT_MONTH},
    {"y", UNIT_YEAR}, {"yr", UNIT_YEAR}, {"yrs", UNIT_YEAR}, {"year", UNIT_YEAR},
    {"years", UNIT_YEAR},
    {"dec", UNIT_DECADE}, {"decs", UNIT_DECADE}, {"decade", UNIT_DECADE},
    {"decades", UNIT_DECADE},
    {"c", UNIT_CENTURY}, {"cent", UNIT_CENTURY}, {"century", UNIT_CENTURY},
    {"centuries", UNIT_CENTURY},
    {"mil", UNIT_MILLENNIUM}, {"mils", UNIT_MILLENNIUM}, {"millennia", UNIT_MILLENNIUM},
    {"millennium", UNIT_MILLENNIUM},
    {"qtr", UNIT_OTHER}, {"quarter", UNIT_OTHER},
    {"timezone", UNIT_OTHER}, {"timezone_h", UNIT_OTHER}, {"timezone_m", UNIT_OTHER},
};
// clang-format on

/* Words are compared in their first ten letters: "microseconds", "milliseconds". */
static Unit unit_find(const char *word)
{
    for (i32 i = 0; i < countof(units); i++)
        if (strncmp(units[i].word, word, WORD_COMPARED) == 0)
            return units[i].unit;
    return UNIT_NONE;
}

/* ---- fields ---- */

typedef struct ReadWide {
    i64 value;
    const char *end;
    bool range;
} ReadWide;

static ReadWide integer_read_64(const char *at)
{
    char *end;
    errno = 0;
    i64 value = strtoll(at, &end, 10);
    return (ReadWide){value, end, errno == ERANGE};
}

/* [h]h:mm[:ss[.f]]; with MINUTE TO SECOND two numbers are mm:ss. */
static DateTimeProblem read_clock(IntervalReader *r, const char *text)
{
    enum { MINUTE_TO_SECOND = 1 << INTERVAL_MINUTE | 1 << INTERVAL_SECOND };
    ReadWide hours = integer_read_64(text);
    ReadInteger seconds = {0};
    i32 us = 0;
    if (hours.range)
        return DATETIME_FIELD_RANGE;
    if (*hours.end != ':')
        return DATETIME_FORMAT;
    ReadInteger minutes = integer_read_32(hours.end + 1);
    const char *at = minutes.end;
    if (minutes.range)
        return DATETIME_FIELD_RANGE;
    if (*at == '.' || (*at == 0 && r->range == MINUTE_TO_SECOND)) {
        if (*at == '.' && !fraction_read(at, &us))
            return DATETIME_FORMAT;
        if (hours.value != (i32)hours.value)
            return DATETIME_FIELD_RANGE;
        seconds = minutes;
        minutes = (ReadInteger){.value = hours.value};
        hours.value = 0;
    } else if (*at == ':') {
        seconds = integer_read_32(at + 1);
        at = seconds.end;
        if (seconds.range)
            return DATETIME_FIELD_RANGE;
        if (*at == '.' ? !fraction_read(at, &us) : *at != 0)
            return DATETIME_FORMAT;
    } else if (*at) {
        return DATETIME_FORMAT;
    }
    if (hours.value < 0 || minutes.value < 0 || minutes.value > 59 || seconds.value < 0 ||
        seconds.value > 60)
        return DATETIME_FIELD_RANGE;
    i64 rest = (minutes.value * 60 + seconds.value) * US_PER_SECOND + us;
    if (__builtin_mul_overflow(hours.value, HOUR_US, &r->parts.us) ||
        __builtin_add_overflow(r->parts.us, rest, &r->parts.us))
        return DATETIME_FIELD_RANGE;
    r->found = UNITS_TIME;
    r->unit = UNIT_DAY;
    return DATETIME_OK;
}

static DateTimeProblem read_clock_field(IntervalReader *r, const char *text, bool negative)
{
    DateTimeProblem problem = read_clock(r, text);
    if (problem == DATETIME_OK && (negative || (r->all_negative && r->parts.us > 0)))
        r->parts.us = -r->parts.us;
    return problem;
}

/* The unit of a last number that names none. */
static Unit unit_of_range(i32 range)
{
    if (range == INTERVAL_FULL_RANGE || range & 1 << INTERVAL_SECOND)
        return UNIT_SECOND;
    if (range & 1 << INTERVAL_MINUTE)
        return UNIT_MINUTE;
    if (range & 1 << INTERVAL_HOUR)
        return UNIT_HOUR;
    if (range & 1 << INTERVAL_DAY)
        return UNIT_DAY;
    return range & 1 << INTERVAL_MONTH ? UNIT_MONTH : UNIT_YEAR;
}

/* "-m" behind years: SQL's years-months. */
static DateTimeProblem read_years_months(const char *at, bool negative, IntervalNumber *number)
{
    ReadInteger months = integer_read_32(at + 1);
    if (months.range || months.value < 0 || months.value >= MONTHS_PER_YEAR)
        return DATETIME_FIELD_RANGE;
    if (*months.end)
        return DATETIME_FORMAT;
    i64 more = negative ? -months.value : months.value;
    if (__builtin_mul_overflow(number->whole, (i64)MONTHS_PER_YEAR, &number->whole) ||
        __builtin_add_overflow(number->whole, more, &number->whole))
        return DATETIME_FIELD_RANGE;
    return DATETIME_OK;
}

static DateTimeProblem read_fraction(const char *at, bool negative, f64 *fraction)
{
    char *end;
    *fraction = 0;
    if (at[1] == 0)
        return DATETIME_OK;
    *fraction = strtod(at, &end);
    if (negative)
        *fraction = -*fraction;
    return *end == 0 && end > at ? DATETIME_OK : DATETIME_FORMAT;
}

static u32 units_found(Unit unit, f64 fraction)
{
    return unit == UNIT_SECOND && fraction != 0 ? UNITS_SECOND : UNIT_BIT(unit);
}

static DateTimeProblem read_number(IntervalReader *r, const char *text)
{
    if (r->unit == UNIT_NONE)
        r->unit = unit_of_range(r->range);
    ReadWide read = integer_read_64(text);
    IntervalNumber number = {read.value, 0};
    bool negative = text[0] == '-';
    DateTimeProblem problem = DATETIME_OK;
    if (read.range)
        return DATETIME_FIELD_RANGE;
    if (*read.end == '-') {
        r->unit = UNIT_MONTH;
        problem = read_years_months(read.end, negative, &number);
    } else if (*read.end == '.') {
        problem = read_fraction(read.end, negative, &number.fraction);
    } else if (*read.end) {
        return DATETIME_FORMAT;
    }
    if (problem != DATETIME_OK)
        return problem;
    if (r->all_negative && number.whole > 0)
        number.whole = -number.whole;
    if (r->all_negative && number.fraction > 0)
        number.fraction = -number.fraction;
    if (r->unit == UNIT_AGO || r->unit == UNIT_OTHER)
        return DATETIME_FORMAT;
    if (!parts_add(&r->parts, number, r->unit))
        return DATETIME_FIELD_RANGE;
    r->found = units_found(r->unit, number.fraction);
    if (r->unit == UNIT_HOUR)
        r->unit = UNIT_DAY; /* "3 4 hours" is 3 days */
    return DATETIME_OK;
}

static DateTimeProblem read_word(IntervalReader *r, const char *word)
{
    i32 value;
    Unit unit = unit_find(word);
    if (unit == UNIT_NONE) {
        WordKind kind = word_find(word, &value);
        if (kind == WORD_IGNORED)
            return DATETIME_OK;
        if (kind != WORD_UNIT)
            return DATETIME_FORMAT;
        unit = UNIT_OTHER;
    }
    r->ago |= unit == UNIT_AGO;
    r->unit = unit;
    return DATETIME_OK;
}

static DateTimeProblem read_field(IntervalReader *r, i32 i)
{
    const char *text = r->fields->texts[i];
    r->found = 0;
    switch (r->fields->forms[i]) {
    case FIELD_TIME:
        return read_clock_field(r, text, false);
    case FIELD_ZONE:
        if (strchr(text + 1, ':')) {
            IntervalReader before = *r;
            if (read_clock_field(r, text + 1, text[0] == '-') == DATETIME_OK)
                return DATETIME_OK;
            *r = before;
        }
        return read_number(r, text);
    case FIELD_DATE:
    case FIELD_NUMBER:
        return read_number(r, text);
    case FIELD_WORD:
    case FIELD_SIGNED_WORD:
        return read_word(r, text);
    }
    unreachable();
}

/* SQL standard style: one minus in front counts for all fields when no other sign is there. */
static bool minus_counts_for_all(const DateTimeFields *fields, const FormatSettings *format)
{
    if (format->interval_style != INTERVALSTYLE_SQL_STANDARD || fields->count == 0 ||
        fields->texts[0][0] != '-')
        return false;
    for (i32 i = 1; i < fields->count; i++)
        if (fields->texts[i][0] == '-' || fields->texts[i][0] == '+')
            return false;
    return true;
}

static DateTimeProblem negate_parts(IntervalParts *parts)
{
    if (parts->us == INT64_MIN || parts->days == INT32_MIN || parts->months == INT32_MIN ||
        parts->years == INT32_MIN)
        return DATETIME_FIELD_RANGE;
    *parts = (IntervalParts){-parts->us, -parts->days, -parts->months, -parts->years};
    return DATETIME_OK;
}

static DateTimeProblem parse_fields(Text text, i32 range, const FormatSettings *format,
                                    IntervalParts *parts)
{
    DateTimeFields fields;
    DateTimeProblem problem = fields_split(text, SPLIT_BYTES, &fields);
    if (problem != DATETIME_OK)
        return problem;
    IntervalReader r = {.fields = &fields, .range = range};
    r.all_negative = minus_counts_for_all(&fields, format);
    for (i32 i = fields.count - 1; i >= 0; i--) {
        problem = read_field(&r, i);
        if (problem != DATETIME_OK)
            return problem;
        if (r.seen & r.found)
            return DATETIME_FORMAT;
        r.seen |= r.found;
    }
    if (r.seen == 0)
        return DATETIME_FORMAT;
    problem = r.ago ? negate_parts(&r.parts) : DATETIME_OK;
    *parts = r.parts;
    return problem;
}

/* ---- the whole ---- */

static DateTimeProblem parse_iso_8601(Text text, IntervalParts *parts)
{
    char copy[SPLIT_BYTES];
    if (text.len >= (i64)sizeof copy)
        return DATETIME_FORMAT;
    memcpy(copy, text.data, (size_t)text.len);
    copy[text.len] = 0;
    return parts_from_iso_8601(copy, parts);
}

bool interval_parse(Text text, i32 typmod, const FormatSettings *format, Interval *interval,
                    Error *error)
{
    IntervalParts parts = {0};
    i32 range = typmod < 0 ? INTERVAL_FULL_RANGE : typmod >> 16 & INTERVAL_FULL_RANGE;
    DateTimeProblem problem = parse_fields(text, range, format, &parts);
    if (problem == DATETIME_FORMAT) {
        parts = (IntervalParts){0};
        problem = parse_iso_8601(text, &parts);
    }
    if (problem == DATETIME_FIELD_RANGE)
        problem = DATETIME_INTERVAL_RANGE;
    if (problem != DATETIME_OK)
        return datetime_fail(problem, text, "interval", error);
    i64 months = (i64)parts.years * MONTHS_PER_YEAR + parts.months;
    if (months != (i32)months)
        return error_set(error, E_DATETIME_FIELD_OVERFLOW, "interval out of range");
    *interval = (Interval){parts.us, parts.days, (i32)months};
    return interval_apply_typmod(interval, typmod, error);
}
