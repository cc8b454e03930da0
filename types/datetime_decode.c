/* SPDX-License-Identifier: Apache-2.0
 *
 * Second step of date/time input: each field gets its meaning from its form and from the parts
 * that were seen before it.
 *
 * `seen` is the mask of those parts; a part met twice makes the text invalid. A number may be a
 * year, month, day, a run-together date (yyyymmdd) or time (hhmmss): its length, DateStyle's field
 * order and the mask decide (documentation, appendix B.1). A word such as "j", "t" or "y" labels
 * the number behind it. At the end the date is checked, am/pm and BC are applied and the time
 * zone's offset is found.
 */
#include <math.h>

#include "base/text.h"
#include "types/datetime_tokens.h"
#include "types/digits.h"
#include "types/timezone_rule.h"

typedef struct Decoder {
    DateTimeFields *fields;
    DateTimeWanted wanted;
    const FormatSettings *format;
    DateTime *result;
    Error *error;
    u32 seen;
    u32 found;  /* parts the field at hand gives */
    Part label; /* the word before said what the number is; PART_NONE: nothing */
    i64 year, month, day, day_of_year;
    bool text_month, two_digit_year, julian, bc;
    enum { CLOCK_24, CLOCK_AM, CLOCK_PM } clock;
    bool has_zone_offset;
    i32 zone_offset; /* seconds east; "dst" adds to it */
    const Timezone *zone;
    Text abbreviation; /* the zone was named by it; empty: by its own name */
} Decoder;

static bool has_all(u32 mask, u32 parts)
{
    return (mask & parts) == parts;
}

i64 civil_time_of_day(const CivilTime *civil)
{
    return (((i64)civil->hour * 60 + civil->minute) * 60 + civil->second) * US_PER_SECOND +
           civil->us;
}

static void set_zone_offset(Decoder *d, i32 offset_seconds)
{
    d->zone_offset = offset_seconds;
    d->has_zone_offset = true;
}

static void set_date(Decoder *d, i32 day)
{
    CivilDate civil = date_to_civil(day);
    d->year = civil.year;
    d->month = civil.month;
    d->day = civil.day;
}

static void set_time_of_day(Decoder *d, i64 us)
{
    CivilTime *civil = &d->result->civil;
    civil->hour = (i32)(us / (3600 * US_PER_SECOND));
    civil->minute = (i32)(us / (60 * US_PER_SECOND) % 60);
    civil->second = (i32)(us / US_PER_SECOND % 60);
    civil->us = (i32)(us % US_PER_SECOND);
}

/* ---- numbers ---- */

static i64 number_between(const char *from, const char *to)
{
    i64 value = 0;
    for (; from < to && is_digit(*from); from++)
        if (value <= INT32_MAX)
            value = value * 10 + (*from - '0');
    return value;
}

/* yyyymmdd, yymmdd, hhmmss or hhmm, the times also with a fraction. `seen` may pretend. */
static DateTimeProblem run_together(Decoder *d, char *text, u32 seen)
{
    char *point = strchr(text, '.');
    i64 len = point ? point - text : (i64)strlen(text);
    CivilTime *civil = &d->result->civil;
    if (point) {
        civil->us = point[1] ? (i32)rint(strtod(point, NULL) * 1000000) : 0;
    } else if (!has_all(seen, PARTS_DATE) && len >= 6) {
        d->found = PARTS_DATE;
        d->day = number_between(text + len - 2, text + len);
        d->month = number_between(text + len - 4, text + len - 2);
        d->year = number_between(text, text + len - 4);
        d->two_digit_year |= len - 4 == 2;
        return DATETIME_OK;
    }
    if (has_all(seen, PARTS_TIME) || (len != 6 && len != 4))
        return DATETIME_FORMAT;
    d->found = PARTS_TIME;
    civil->hour = (i32)number_between(text, text + 2);
    civil->minute = (i32)number_between(text + 2, text + 4);
    civil->second = (i32)number_between(text + 4, text + len);
    return DATETIME_OK;
}

static void found_year(Decoder *d, i64 value)
{
    d->found = PART_BIT(PART_YEAR);
    d->year = value;
}

static void found_month(Decoder *d, i64 value)
{
    d->found = PART_BIT(PART_MONTH);
    d->month = value;
}

static void found_day(Decoder *d, i64 value)
{
    d->found = PART_BIT(PART_DAY);
    d->day = value;
}

/* The part of a date a lone number is. */
static bool place_number(Decoder *d, i64 value, i64 len, bool text_month, u32 seen)
{
    bool year_first = len >= 3 || d->format->date_order == DATEORDER_YMD;
    switch (seen & PARTS_DATE) {
    case 0:
        if (year_first)
            found_year(d, value);
        else if (d->format->date_order == DATEORDER_DMY)
            found_day(d, value);
        else
            found_month(d, value);
        return true;
    case PART_BIT(PART_YEAR):
    case PART_BIT(PART_DAY):
        found_month(d, value);
        return true;
    case PART_BIT(PART_MONTH):
        if (text_month && year_first)
            found_year(d, value);
        else
            found_day(d, value);
        return true;
    case PART_BIT(PART_YEAR) | PART_BIT(PART_MONTH):
        if (text_month && len >= 3 && d->two_digit_year) {
            found_day(d, d->year); /* what was taken for a year was the day: 08-Jan-1999 */
            d->year = value;
            d->two_digit_year = false;
        } else {
            found_day(d, value);
        }
        return true;
    case PART_BIT(PART_MONTH) | PART_BIT(PART_DAY):
        found_year(d, value);
        return true;
    default:
        return false;
    }
}

static DateTimeProblem decode_number(Decoder *d, char *text, bool text_month, u32 seen)
{
    i64 len = (i64)strlen(text);
    ReadInteger read = integer_read_32(text);
    if (read.range)
        return DATETIME_FIELD_RANGE;
    if (read.end == text)
        return DATETIME_FORMAT;
    if (*read.end == '.') {
        if (read.end - text > 2)
            return run_together(d, text, seen | PARTS_DATE);
        if (!fraction_read(read.end, &d->result->civil.us))
            return DATETIME_FORMAT;
    } else if (*read.end) {
        return DATETIME_FORMAT;
    }
    if (len == 3 && (seen & PARTS_DATE) == PART_BIT(PART_YEAR) && read.value >= 1 &&
        read.value <= 366) {
        d->found = PART_BIT(PART_DAY_OF_YEAR) | PART_BIT(PART_MONTH) | PART_BIT(PART_DAY);
        d->day_of_year = read.value;
        return DATETIME_OK;
    }
    if (has_all(seen, PARTS_DATE))
        return run_together(d, text, seen);
    if (!place_number(d, read.value, len, text_month, seen))
        return DATETIME_FORMAT;
    if (d->found == PART_BIT(PART_YEAR))
        d->two_digit_year = len <= 2;
    return DATETIME_OK;
}

/* ---- dates with separators ---- */

/* Cuts at everything that is no digit and no letter, and between the two. */
static i32 split_date(char *text, char *pieces[FIELDS_MAX])
{
    i32 count = 0;
    while (*text && count < FIELDS_MAX) {
        while (*text && !is_digit(*text) && !is_letter(*text))
            text++;
        if (*text == 0)
            return -1; /* it ends in a separator */
        pieces[count++] = text;
        if (is_digit(*text)) {
            while (is_digit(*text))
                text++;
        } else {
            while (is_letter(*text))
                text++;
        }
        if (*text)
            *text++ = 0;
    }
    return count;
}

/* Takes month names out of the pieces (NULL in their place). */
static DateTimeProblem date_month_names(Decoder *d, char **pieces, i32 count, u32 *parts)
{
    for (i32 i = 0; i < count; i++) {
        i32 value;
        if (!is_letter(pieces[i][0]))
            continue;
        WordKind kind = word_find(pieces[i], &value);
        if (kind == WORD_IGNORED)
            continue;
        if (kind != WORD_MONTH || *parts & PART_BIT(PART_MONTH))
            return DATETIME_FORMAT;
        *parts |= PART_BIT(PART_MONTH);
        d->month = value;
        pieces[i] = NULL;
    }
    return DATETIME_OK;
}

static DateTimeProblem decode_date(Decoder *d, char *text, u32 seen)
{
    char *pieces[FIELDS_MAX];
    i32 count = split_date(text, pieces);
    if (count < 0)
        return DATETIME_FORMAT;
    u32 names = seen;
    DateTimeProblem problem = date_month_names(d, pieces, count, &names);
    if (problem != DATETIME_OK)
        return problem;
    bool text_month = names != seen;
    u32 parts = names & ~seen;
    for (i32 i = 0; i < count; i++) {
        if (!pieces[i])
            continue;
        problem = decode_number(d, pieces[i], text_month, seen | parts);
        if (problem != DATETIME_OK)
            return problem;
        if ((seen | parts) & d->found)
            return DATETIME_FORMAT;
        parts |= d->found;
    }
    d->found = parts;
    u32 all = (seen | parts) & ~(PART_BIT(PART_DAY_OF_YEAR) | PART_BIT(PART_ZONE));
    /* behind an abbreviation with a history PostgreSQL takes no date */
    return all == PARTS_DATE && d->abbreviation.len == 0 ? DATETIME_OK : DATETIME_FORMAT;
}

/* ---- times ---- */

/* hh:mm[:ss[.f]] or mm:ss.f */
static DateTimeProblem decode_time(Decoder *d, const char *text)
{
    CivilTime *civil = &d->result->civil;
    ReadInteger hours = integer_read_32(text), seconds = {0};
    d->found = PARTS_TIME;
    if (*hours.end != ':')
        return DATETIME_FORMAT;
    ReadInteger minutes = integer_read_32(hours.end + 1);
    const char *at = minutes.end;
    civil->us = 0;
    if (*at == '.') { /* always minutes and seconds */
        if (!fraction_read(at, &civil->us))
            return DATETIME_FORMAT;
        seconds = minutes;
        minutes = hours;
        hours = (ReadInteger){0};
    } else if (*at == ':') {
        seconds = integer_read_32(at + 1);
        at = seconds.end;
        if (*at == '.' ? !fraction_read(at, &civil->us) : *at != 0)
            return seconds.range ? DATETIME_FIELD_RANGE : DATETIME_FORMAT;
    } else if (*at) {
        return DATETIME_FORMAT;
    }
    if (hours.range || minutes.range || seconds.range || hours.value < 0 || minutes.value < 0 ||
        minutes.value > 59 || seconds.value < 0 || seconds.value > 60)
        return DATETIME_FIELD_RANGE;
    civil->hour = (i32)hours.value;
    civil->minute = (i32)minutes.value;
    civil->second = (i32)seconds.value;
    return DATETIME_OK;
}

/* 24:00:00 is the last time there is. */
static bool time_overflows(const CivilTime *civil)
{
    return civil->hour < 0 || civil->hour > 24 || civil->minute < 0 || civil->minute > 59 ||
           civil->second < 0 || civil->second > 60 || civil->us < 0 || civil->us > US_PER_SECOND ||
           civil_time_of_day(civil) > US_PER_DAY;
}

/* ---- zones ---- */

static DateTimeProblem decode_zone(Decoder *d, const char *text)
{
    i32 offset = 0;
    DateTimeProblem problem = zone_offset_read(text, &offset);
    set_zone_offset(d, offset);
    return problem;
}

static DateTimeProblem decode_zone_name(Decoder *d, const char *text)
{
    d->found = PART_BIT(PART_ZONE);
    return timezone_find(text_from(text), &d->zone, d->error) ? DATETIME_OK : DATETIME_ERROR_SET;
}

/* "040506-08": a time with the offset behind it. */
static DateTimeProblem decode_time_and_zone(Decoder *d, char *text, u32 seen)
{
    char *sign = strchr(text, '-');
    if (has_all(d->seen, PARTS_TIME) || !sign)
        return DATETIME_FORMAT;
    DateTimeProblem problem = decode_zone(d, sign);
    if (problem != DATETIME_OK)
        return problem;
    *sign = 0;
    problem = run_together(d, text, seen);
    d->found |= PART_BIT(PART_ZONE);
    return problem;
}

/* ---- labelled numbers ---- */

static DateTimeProblem decode_julian(Decoder *d, i64 day, const char *rest)
{
    enum { JULIAN_OF_2000 = 2451545 };
    if (day < 0)
        return DATETIME_FIELD_RANGE;
    d->found = PARTS_DATE;
    d->julian = true;
    d->result->special = SPECIAL_NONE;
    set_date(d, (i32)(day - JULIAN_OF_2000));
    if (*rest == '.') {
        f64 time = strtod(rest, NULL) * (f64)US_PER_DAY;
        d->found |= PARTS_TIME;
        set_time_of_day(d, (i64)rint(time));
    }
    return DATETIME_OK;
}

static DateTimeProblem decode_labelled(Decoder *d, char *text)
{
    Part label = d->label;
    d->label = PART_NONE;
    ReadInteger read = integer_read_32(text);
    if (read.range)
        return DATETIME_FIELD_RANGE;
    bool fraction = label == PART_JULIAN || label == PART_TIME || label == PART_SECOND;
    if (*read.end && (*read.end != '.' || !fraction))
        return DATETIME_FORMAT;
    CivilTime *civil = &d->result->civil;
    d->found = PART_BIT(label);
    if (label == PART_TIME) {
        DateTimeProblem problem = run_together(d, text, d->seen | PARTS_DATE);
        return problem == DATETIME_OK && d->found != PARTS_TIME ? DATETIME_FORMAT : problem;
    }
    if (label == PART_JULIAN)
        return decode_julian(d, read.value, read.end);
    if (label == PART_MONTH && has_all(d->seen, PART_BIT(PART_MONTH) | PART_BIT(PART_HOUR))) {
        d->found = PART_BIT(PART_MINUTE); /* "m" behind an hour */
        civil->minute = (i32)read.value;
    } else if (label == PART_YEAR) {
        d->year = read.value;
    } else if (label == PART_MONTH) {
        d->month = read.value;
    } else if (label == PART_DAY) {
        d->day = read.value;
    } else if (label == PART_HOUR) {
        civil->hour = (i32)read.value;
    } else if (label == PART_MINUTE) {
        civil->minute = (i32)read.value;
    } else if (label == PART_SECOND) {
        civil->second = (i32)read.value;
        if (*read.end == '.' && !fraction_read(read.end, &civil->us))
            return DATETIME_FORMAT;
    } else {
        return DATETIME_FORMAT;
    }
    return DATETIME_OK;
}

/* ---- words ---- */

/* The session's local now as parts. */
static i64 local_now(const Decoder *d)
{
    i64 now = d->format->now_us;
    return now + timezone_at_utc(d->format->timezone, now).offset_seconds * US_PER_SECOND;
}

static DateTimeProblem decode_special(Decoder *d, SpecialWord word)
{
    u32 zone = PART_BIT(PART_ZONE);
    i32 today = timestamp_to_date(local_now(d));
    if (d->wanted == WANT_TIME && word != SPECIAL_NOW && word != SPECIAL_ALLBALLS)
        return DATETIME_FORMAT;
    d->result->special = SPECIAL_NONE; /* "epoch now" is now */
    switch (word) {
    case SPECIAL_NOW:
        d->found = PARTS_DATE | PARTS_TIME | zone;
        set_date(d, today);
        set_time_of_day(d, local_now(d) - (i64)today * US_PER_DAY);
        set_zone_offset(d, timezone_at_utc(d->format->timezone, d->format->now_us).offset_seconds);
        d->julian = true; /* the year is astronomical */
        return DATETIME_OK;
    case SPECIAL_YESTERDAY:
    case SPECIAL_TODAY:
    case SPECIAL_TOMORROW:
        d->found = PARTS_DATE;
        d->julian = true;
        set_date(d, today + (word == SPECIAL_TOMORROW) - (word == SPECIAL_YESTERDAY));
        return DATETIME_OK;
    case SPECIAL_ALLBALLS:
        d->found = PARTS_TIME | zone;
        set_time_of_day(d, 0);
        set_zone_offset(d, 0);
        return DATETIME_OK;
    case SPECIAL_NONE:
    case SPECIAL_EPOCH:
    case SPECIAL_INFINITY:
    case SPECIAL_MINUS_INFINITY:
        d->found = PART_BIT(PART_SPECIAL);
        d->result->special = word;
        return DATETIME_OK;
    }
    unreachable();
}

static DateTimeProblem decode_month_name(Decoder *d, i32 month)
{
    if (d->wanted == WANT_TIME)
        return DATETIME_FORMAT;
    d->found = PART_BIT(PART_MONTH);
    /* a number was taken for the month, but it must have been the day: 8 January */
    if (d->seen & PART_BIT(PART_MONTH) && !d->text_month && !(d->seen & PART_BIT(PART_DAY)) &&
        d->month >= 1 && d->month <= 31) {
        d->day = d->month;
        d->found = PART_BIT(PART_DAY);
    }
    d->text_month = true;
    d->month = month;
    return DATETIME_OK;
}

/* "t": the next field must look like a time. */
static DateTimeProblem decode_iso_time(Decoder *d, i32 i)
{
    if (d->wanted == WANT_DATE_AND_TIME && !has_all(d->seen, PARTS_DATE))
        return DATETIME_FORMAT;
    if (i + 1 >= d->fields->count)
        return DATETIME_FORMAT;
    FieldForm next = d->fields->forms[i + 1];
    if (next != FIELD_NUMBER && next != FIELD_TIME && next != FIELD_DATE)
        return DATETIME_FORMAT;
    d->found = 0;
    d->label = PART_TIME;
    return DATETIME_OK;
}

static DateTimeProblem decode_abbreviation(Decoder *d, const char *word,
                                           const TimezoneAbbreviation *meaning)
{
    d->found = PART_BIT(PART_ZONE);
    if (meaning->zone) {
        d->abbreviation = text_from(word);
        bool found = timezone_find(text_from(meaning->zone), &d->zone, d->error);
        return found ? DATETIME_OK : DATETIME_ERROR_SET;
    }
    if (meaning->is_dst)
        d->found |= PART_BIT(PART_SUMMER);
    set_zone_offset(d, meaning->offset_seconds);
    return DATETIME_OK;
}

static DateTimeProblem decode_unknown_word(Decoder *d, const char *word)
{
    Error not_found;
    d->found = PART_BIT(PART_ZONE);
    bool known = timezone_find(text_from(word), &d->zone, &not_found);
    return known ? DATETIME_OK : DATETIME_FORMAT;
}

static DateTimeProblem decode_word(Decoder *d, i32 i)
{
    i32 value = 0;
    TimezoneAbbreviation zone;
    const char *word = d->fields->texts[i];
    if (timezone_abbreviation(text_from(word), &zone))
        return decode_abbreviation(d, word, &zone);
    switch (word_find(word, &value)) {
    case WORD_IGNORED:
        d->found = 0;
        return DATETIME_OK;
    case WORD_SPECIAL:
        return decode_special(d, (SpecialWord)value);
    case WORD_MONTH:
        return decode_month_name(d, value);
    case WORD_WEEKDAY:
        d->found = PART_BIT(PART_WEEKDAY);
        return d->wanted == WANT_TIME ? DATETIME_FORMAT : DATETIME_OK;
    case WORD_AMPM:
        d->found = PART_BIT(PART_AMPM);
        d->clock = value ? CLOCK_PM : CLOCK_AM;
        return DATETIME_OK;
    case WORD_ERA:
        d->found = PART_BIT(PART_ERA);
        d->bc = value;
        return DATETIME_OK;
    case WORD_UNIT:
        d->found = 0;
        d->label = (Part)value;
        return DATETIME_OK;
    case WORD_ISO_TIME:
        return decode_iso_time(d, i);
    case WORD_SUMMER:
        d->found = PART_BIT(PART_SUMMER);
        d->zone_offset += value;
        return DATETIME_OK;
    case WORD_UNKNOWN:
        return decode_unknown_word(d, word);
    }
    unreachable();
}

/* ---- one field ---- */

static DateTimeProblem decode_date_field(Decoder *d, i32 i)
{
    char *text = d->fields->texts[i];
    if (d->label == PART_JULIAN) {
        ReadInteger day = integer_read_32(text);
        d->label = PART_NONE;
        if (day.range || day.value < 0)
            return DATETIME_FIELD_RANGE;
        DateTimeProblem problem = decode_julian(d, day.value, "");
        d->found = PARTS_DATE | PARTS_TIME | PART_BIT(PART_ZONE);
        return problem == DATETIME_OK ? decode_zone(d, day.end) : problem;
    }
    bool month_and_day = has_all(d->seen, PART_BIT(PART_MONTH) | PART_BIT(PART_DAY));
    if (d->label == PART_NONE && !month_and_day)
        return decode_date(d, text, d->seen);
    if (d->label == PART_NONE && !is_digit(text[0]))
        return decode_zone_name(d, text);
    if (d->label != PART_NONE && d->label != PART_TIME)
        return DATETIME_FORMAT;
    d->label = PART_NONE;
    return decode_time_and_zone(d, text, d->seen);
}

static DateTimeProblem decode_number_field(Decoder *d, i32 i)
{
    char *text = d->fields->texts[i];
    if (d->label != PART_NONE)
        return decode_labelled(d, text);
    const char *point = strchr(text, '.');
    if (point && !(d->seen & PARTS_DATE))
        return decode_date(d, text, d->seen);
    if (point && point - text > 2)
        return run_together(d, text, d->seen);
    bool complete = has_all(d->seen, PARTS_DATE) && has_all(d->seen, PARTS_TIME);
    bool none_yet = !(d->seen & PARTS_DATE) || !(d->seen & PARTS_TIME);
    if (strlen(text) >= 6 && !complete && none_yet)
        return run_together(d, text, d->seen);
    return decode_number(d, text, d->text_month, d->seen);
}

/* Fields of a time alone: a date is allowed in front only when a date or time follows. */
static DateTimeProblem decode_time_only_number(Decoder *d, i32 i)
{
    char *text = d->fields->texts[i];
    u32 seen = d->seen | PARTS_DATE;
    if (d->label != PART_NONE)
        return decode_labelled(d, text);
    const char *point = strchr(text, '.');
    if (point) {
        if (i == 0 && d->fields->count >= 2 && d->fields->forms[d->fields->count - 1] == FIELD_DATE)
            return decode_date(d, text, d->seen);
        return point - text > 2 ? run_together(d, text, seen) : DATETIME_FORMAT;
    }
    if (strlen(text) > 4)
        return run_together(d, text, seen);
    return decode_number(d, text, false, seen);
}

static DateTimeProblem decode_time_only_date(Decoder *d, i32 i)
{
    char *text = d->fields->texts[i];
    i32 count = d->fields->count;
    d->label = PART_NONE;
    if (i == 0 && count >= 2 &&
        (d->fields->forms[count - 1] == FIELD_DATE || d->fields->forms[1] == FIELD_TIME))
        return decode_date(d, text, d->seen);
    if (is_digit(text[0]))
        return decode_time_and_zone(d, text, d->seen | PARTS_DATE);
    return decode_zone_name(d, text);
}

static DateTimeProblem decode_clock_field(Decoder *d, const char *text)
{
    if (d->label != PART_NONE && d->label != PART_TIME)
        return DATETIME_FORMAT;
    d->label = PART_NONE;
    DateTimeProblem problem = decode_time(d, text);
    if (problem == DATETIME_OK && time_overflows(&d->result->civil))
        return DATETIME_FIELD_RANGE;
    return problem;
}

static DateTimeProblem decode_field(Decoder *d, i32 i)
{
    bool time_only = d->wanted == WANT_TIME;
    switch (d->fields->forms[i]) {
    case FIELD_DATE:
        return time_only ? decode_time_only_date(d, i) : decode_date_field(d, i);
    case FIELD_NUMBER:
        return time_only ? decode_time_only_number(d, i) : decode_number_field(d, i);
    case FIELD_TIME:
        return decode_clock_field(d, d->fields->texts[i]);
    case FIELD_ZONE:
        d->found = PART_BIT(PART_ZONE);
        return decode_zone(d, d->fields->texts[i]);
    case FIELD_WORD:
    case FIELD_SIGNED_WORD:
        return decode_word(d, i);
    }
    unreachable();
}

/* ---- the whole ---- */

static DateTimeProblem settle_year(Decoder *d)
{
    if (d->julian)
        return DATETIME_OK;
    if (d->bc) {
        if (d->year <= 0)
            return DATETIME_FIELD_RANGE;
        d->year = 1 - d->year;
    } else if (d->two_digit_year) {
        if (d->year < 70)
            d->year += 2000;
        else if (d->year < 100)
            d->year += 1900;
    } else if (d->year <= 0) {
        return DATETIME_FIELD_RANGE;
    }
    return DATETIME_OK;
}

/* Years beyond what the calendar can take are out of range for every type; the caller says so. The
 * days of these years fit an i32, with a day of the year on top. */
enum { YEAR_MAX = 5880000, YEAR_MIN = -5870000 };

static DateTimeProblem settle_date(Decoder *d)
{
    DateTimeProblem problem = d->seen & PART_BIT(PART_YEAR) ? settle_year(d) : DATETIME_OK;
    if (problem != DATETIME_OK)
        return problem;
    i32 year = (i32)max_i64(min_i64(d->year, YEAR_MAX), YEAR_MIN);
    if (d->seen & PART_BIT(PART_DAY_OF_YEAR)) {
        i32 day = date_from_civil((CivilDate){year, 1, 1}) + (i32)d->day_of_year - 1;
        set_date(d, day);
        year = (i32)d->year; /* day 366 of a common year is in the next */
    }
    bool month = d->seen & PART_BIT(PART_MONTH), day = d->seen & PART_BIT(PART_DAY);
    if ((month && (d->month < 1 || d->month > 12)) || (day && (d->day < 1 || d->day > 31)))
        return DATETIME_MONTH_DAY_RANGE;
    if (has_all(d->seen, PARTS_DATE) && d->day > month_days(year, (i32)d->month))
        return DATETIME_FIELD_RANGE;
    d->result->civil.date = (CivilDate){year, (i32)d->month, (i32)d->day};
    return DATETIME_OK;
}

static DateTimeProblem settle_clock(Decoder *d)
{
    CivilTime *civil = &d->result->civil;
    if (d->clock == CLOCK_24)
        return DATETIME_OK;
    if (civil->hour > 12)
        return DATETIME_FIELD_RANGE;
    if (d->clock == CLOCK_AM && civil->hour == 12)
        civil->hour = 0;
    else if (d->clock == CLOCK_PM && civil->hour != 12)
        civil->hour += 12;
    return DATETIME_OK;
}

/* The local time in microseconds, good enough to ask a time zone (clamped far outside). */
static i64 approximate_local(const CivilTime *civil)
{
    enum { YEAR_FAR = 290000 }; /* its microseconds fit an i64 */
    CivilDate date = civil->date;
    if (date.year > YEAR_FAR)
        date.year = YEAR_FAR;
    if (date.year < -YEAR_FAR)
        date.year = -YEAR_FAR;
    i64 of_day = civil_time_of_day(civil); /* hours beyond 24 are refused later */
    return date_from_civil(date) * US_PER_DAY + min_i64(of_day, US_PER_DAY);
}

static DateTimeProblem settle_zone(Decoder *d)
{
    DateTime *result = d->result;
    bool summer = d->seen & PART_BIT(PART_SUMMER);
    result->has_offset = d->seen & PART_BIT(PART_ZONE);
    if (d->zone || !result->has_offset) {
        if (summer && !d->has_zone_offset)
            return DATETIME_FORMAT;
        const Timezone *zone = d->zone ? d->zone : d->format->timezone;
        i64 local = approximate_local(&result->civil);
        result->offset_seconds = d->abbreviation.len
                                     ? timezone_abbreviation_at_local(zone, d->abbreviation, local)
                                     : timezone_offset_at_local(zone, local);
        return DATETIME_OK;
    }
    result->offset_seconds = d->zone_offset;
    return DATETIME_OK;
}

/* A zone with summer time says nothing about a time without a date; an abbreviation does. */
static DateTimeProblem settle_time_only(Decoder *d)
{
    i32 offset;
    if (!has_all(d->seen, PARTS_TIME))
        return DATETIME_FORMAT;
    if (d->seen & PART_BIT(PART_SUMMER) && !d->has_zone_offset)
        return DATETIME_FORMAT;
    bool needs_date = d->zone && d->abbreviation.len == 0 && !timezone_is_fixed(d->zone, &offset);
    return needs_date && !has_all(d->seen, PARTS_DATE) ? DATETIME_FORMAT : DATETIME_OK;
}

static DateTimeProblem settle(Decoder *d)
{
    DateTimeProblem problem = settle_date(d);
    if (problem == DATETIME_OK)
        problem = settle_clock(d);
    if (problem != DATETIME_OK || d->result->special != SPECIAL_NONE)
        return problem;
    if (d->wanted == WANT_TIME) {
        if (time_overflows(&d->result->civil))
            return DATETIME_FIELD_RANGE;
        return settle_time_only(d);
    }
    if (!has_all(d->seen, PARTS_DATE))
        return DATETIME_FORMAT;
    return settle_zone(d);
}

DateTimeProblem datetime_decode(DateTimeFields *fields, DateTimeWanted wanted,
                                const FormatSettings *format, DateTime *result, Error *error)
{
    *result = (DateTime){0};
    Decoder d = {
        .fields = fields, .wanted = wanted, .format = format, .result = result, .error = error};
    for (i32 i = 0; i < fields->count; i++) {
        d.found = 0;
        DateTimeProblem problem = decode_field(&d, i);
        if (problem != DATETIME_OK)
            return problem;
        if (d.seen & d.found)
            return DATETIME_FORMAT;
        d.seen |= d.found;
    }
    return settle(&d);
}
