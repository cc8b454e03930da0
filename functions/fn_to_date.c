/* SPDX-License-Identifier: Apache-2.0
 *
 * to_date and to_timestamp: an input read by a template.
 *
 * Reading takes two steps. The walk collects numbers by field, each at most once with one value;
 * then they are put together into a date and a time. Unless FX stands before, blanks around fields
 * are stepped over and a separator of the template takes one of the input, if there is one.
 */
#include "functions/picture.h"
#include "functions/text_make.h"
#include "types/digits.h"
#include "types/timestamp.h"

typedef struct Reading {
    KernelCall *call;
    Text input;
    i64 at;
    i32 extra;  /* blanks stepped over that the template did not ask for */
    bool exact; /* FX */
    Calendar calendar;
    bool twelve_hours;
    i32 afternoon, bc; /* 1: yes; 0: no, or nothing said of it */
    i32 hour, minute, second, second_of_day, millisecond, microsecond, fraction_digits;
    i32 weekday, day, day_of_year, month, year, century, week, week_of_month, julian;
    i32 year_digits; /* of the last year field */
    i32 zone_sign, zone_hour, zone_minute;
} Reading;

static char here(const Reading *r)
{
    return r->at < r->input.len ? r->input.data[r->at] : 0;
}

static void skip_blanks(Reading *r)
{
    while (r->at < r->input.len && is_space(here(r))) {
        r->at++;
        r->extra++;
    }
}

/* ---- numbers ---- */

static bool set_once(Reading *r, i32 *field, i64 value, const FieldName *name)
{
    if (*field == 0 || *field == value) {
        *field = (i32)value;
        return true;
    }
    error_set(r->call->error, E_INVALID_DATETIME_FORMAT,
              "conflicting values for \"%s\" field in formatting string", name->name);
    return error_detail(r->call->error,
                        "This value contradicts a previous setting for the same field type.");
}

/* Does something follow the item that cannot be a digit of its number? */
static bool ends_by_itself(const PictureItem *items, i32 count, i32 i)
{
    if (items[i].modifiers & MODIFIER_TH)
        return true;
    if (++i == count)
        return true;
    if (items[i].kind == PICTURE_FIELD)
        return !items[i].field->digits;
    return items[i].text.len != 1 || !is_digit(items[i].text.data[0]);
}

/* Blanks, a sign and digits of text[from..to), as strtol reads them; returns the end, `from` when
 * there is no number. Values are kept below 10^18. */
static i64 read_digits(Text text, i64 from, i64 to, i64 *value)
{
    i64 at = from, limit = 100000000000000000;
    *value = 0;
    while (at < to && is_space(text.data[at]))
        at++;
    bool negative = at < to && text.data[at] == '-';
    at += at < to && (negative || text.data[at] == '+');
    i64 first = at;
    for (; at < to && is_digit(text.data[at]); at++)
        if (*value < limit)
            *value = *value * 10 + (text.data[at] - '0');
    if (negative)
        *value = -*value;
    return at == first ? from : at;
}

static bool bad_value(Reading *r, i64 from, i64 len, const FieldName *name)
{
    Text shown = text_slice(r->input, from, r->input.len);
    shown.len = utf8_cut(shown, len);
    return error_set(r->call->error, E_INVALID_DATETIME_FORMAT, "invalid value \"%.*s\" for \"%s\"",
                     ERROR_TEXT(shown), name->name);
}

static bool hint_at_fill_mode(Reading *r)
{
    return error_hint(r->call->error,
                      "If your source string is not fixed-width, try using the \"FM\" modifier.");
}

/* Exactly `width` characters: another field follows directly. */
static bool read_fixed(Reading *r, i32 width, const FieldName *name, i64 *value)
{
    i64 left = r->input.len - r->at;
    if (left < width) {
        error_set(r->call->error, E_INVALID_DATETIME_FORMAT,
                  "source string too short for \"%s\" formatting field", name->name);
        error_detail(r->call->error, "Field requires %d characters, but only %lld remain.", width,
                     (long long)left);
        return hint_at_fill_mode(r);
    }
    i64 used = read_digits(r->input, r->at, r->at + width, value) - r->at;
    if (used > 0 && used < width) {
        (void)bad_value(r, r->at, width, name);
        error_detail(r->call->error, "Field requires %d characters, but only %lld could be parsed.",
                     width, (long long)used);
        return hint_at_fill_mode(r);
    }
    r->at += used;
    return true;
}

/* A number of `width` digits, of any length where nothing follows that could be one of its digits.
 * *length: the characters it took. field may be NULL. */
static bool read_number(Reading *r, const Picture *picture, i32 i, i32 width, i32 *field,
                        i32 *length)
{
    const PictureItem *item = &picture->items[i];
    i64 begin = r->at, value = 0;
    while (r->at < r->input.len && is_space(here(r)))
        r->at++;
    i64 first = r->at;
    if (item->modifiers & MODIFIER_FM || ends_by_itself(picture->items, picture->count, i)) {
        i64 end = read_digits(r->input, begin, r->input.len, &value);
        r->at = end == begin ? begin : end;
    } else if (!read_fixed(r, width, item->field, &value))
        return false;
    if (r->at == begin) {
        (void)bad_value(r, first, width, item->field);
        return error_detail(r->call->error, "Value must be an integer.");
    }
    if (value < INT32_MIN || value > INT32_MAX) {
        error_set(r->call->error, E_DATETIME_FIELD_OVERFLOW,
                  "value for \"%s\" in source string is out of range", item->field->name);
        return error_detail(r->call->error, "Value must be in the range %d to %d.", INT32_MIN,
                            INT32_MAX);
    }
    if (length)
        *length = (i32)(r->at - begin);
    return !field || set_once(r, field, value, item->field);
}

/* ---- names ---- */

static const char *const halves[] = {"AM", "PM"}, *const halves_dots[] = {"A.M.", "P.M."};
static const char *const eras[] = {"AD", "BC"}, *const eras_dots[] = {"A.D.", "B.C."};

/* Does the name stand here, in letters of any case? */
static bool name_is_here(const Reading *r, const char *name, i64 len)
{
    for (i64 i = 0; i < len; i++)
        if (r->at + i >= r->input.len || to_lower(r->input.data[r->at + i]) != to_lower(name[i]))
            return false;
    return true;
}

/* One of `count` names, or of their first `letters` (0: all). From the last on, because a Roman
 * numeral may begin with a smaller one. */
static bool read_name(Reading *r, const char *const *names, i32 count, i32 letters,
                      const FieldName *name, i32 *index)
{
    for (*index = count - 1; *index >= 0; --*index) {
        i64 len = letters ? letters : (i64)strlen(names[*index]);
        if (!name_is_here(r, names[*index], len))
            continue;
        r->at += len;
        return true;
    }
    i64 end = r->at;
    while (end < r->input.len && !is_space(r->input.data[end]))
        end++;
    (void)bad_value(r, r->at, end - r->at, name);
    return error_detail(r->call->error,
                        "The given value did not match any of the allowed values for this field.");
}

static bool read_month(Reading *r, const FieldName *name, const char *const *names, i32 letters)
{
    i32 index;
    return read_name(r, names, 12, letters, name, &index) &&
           set_once(r, &r->month, index + 1, name);
}

/* The number before the 1 is added is compared, so that no two names agree: PostgreSQL 15. */
static bool read_weekday(Reading *r, const FieldName *name, i32 letters)
{
    i32 index;
    if (!read_name(r, picture_days, 7, letters, name, &index) ||
        !set_once(r, &r->weekday, index, name))
        return false;
    r->weekday++;
    return true;
}

static bool read_one_of_two(Reading *r, const FieldName *name, const char *const *names,
                            i32 *second)
{
    i32 index;
    return read_name(r, names, 2, 0, name, &index) && set_once(r, second, index, name);
}

static bool read_name_field(Reading *r, const FieldName *name)
{
    switch ((i32)name->field) {
    case FIELD_AM:
    case FIELD_AM_DOTS:
        r->twelve_hours = true;
        return read_one_of_two(r, name, name->field == FIELD_AM ? halves : halves_dots,
                               &r->afternoon);
    case FIELD_AD:
    case FIELD_AD_DOTS:
        return read_one_of_two(r, name, name->field == FIELD_AD ? eras : eras_dots, &r->bc);
    case FIELD_MONTH:
        return read_month(r, name, picture_months, 0);
    case FIELD_MON:
        return read_month(r, name, picture_months, PICTURE_SHORT_NAME);
    case FIELD_RM:
        return read_month(r, name, picture_roman_months, 0);
    case FIELD_DAY:
        return read_weekday(r, name, 0);
    default:
        return read_weekday(r, name, PICTURE_SHORT_NAME);
    }
}

/* ---- fields ---- */

static void skip_ordinal(Reading *r, const PictureItem *item)
{
    for (i32 i = 0; item->modifiers & MODIFIER_TH && i < 2 && r->at < r->input.len; i++)
        utf8_next(r->input, &r->at);
}

/* 70 is 1970 and 69 is 2069; years of three digits lie from 1520 to 2519. */
static i32 year_near_2020(i32 year)
{
    return year < 70     ? year + 2000
           : year < 100  ? year + 1900
           : year < 520  ? year + 2000
           : year < 1000 ? year + 1000
                         : year;
}

static bool read_year(Reading *r, const Picture *picture, i32 i)
{
    const FieldName *name = picture->items[i].field;
    Field first = name->field >= FIELD_YYYY ? FIELD_YYYY : FIELD_IYYY;
    i32 width = 4 - (i32)(name->field - first), length;
    if (!read_number(r, picture, i, width, &r->year, &length))
        return false;
    if (width < 4 && length < 4)
        r->year = year_near_2020(r->year);
    r->year_digits = width;
    skip_ordinal(r, &picture->items[i]);
    return true;
}

static bool read_split_year(Reading *r, const PictureItem *item)
{
    i64 thousands, rest, end = read_digits(r->input, r->at, r->input.len, &thousands);
    bool comma = end > r->at && end < r->input.len && r->input.data[end] == ',';
    i64 last = comma ? read_digits(r->input, end + 1, min_i64(end + 4, r->input.len), &rest) : 0;
    if (!comma || last == end + 1 || thousands > 1000000 || thousands < -1000000)
        return error_set(r->call->error, E_INVALID_DATETIME_FORMAT,
                         "invalid input string for \"Y,YYY\"");
    r->at = last;
    r->year_digits = 4;
    if (!set_once(r, &r->year, thousands * 1000 + rest, item->field))
        return false;
    skip_ordinal(r, item);
    return true;
}

/* Digits of a fraction: 25 are 250 thousandths. */
static bool read_fraction(Reading *r, const Picture *picture, i32 i, i32 width, i32 scale,
                          i32 *field)
{
    i32 length, value = 0;
    if (!read_number(r, picture, i, width, &value, &length) ||
        !set_once(r, field, value, picture->items[i].field))
        return false;
    for (i32 k = length; k < scale; k++)
        *field *= 10;
    skip_ordinal(r, &picture->items[i]);
    return true;
}

/* A minus may have been taken for the separator before the hour. */
static bool read_zone_hour(Reading *r, const Picture *picture, i32 i)
{
    char c = here(r);
    if (c == '+' || c == '-' || c == ' ') {
        r->zone_sign = c == '-' ? -1 : 1;
        r->at++;
    } else
        r->zone_sign = r->extra > 0 && r->at > 0 && r->input.data[r->at - 1] == '-' ? -1 : 1;
    return read_number(r, picture, i, 2, &r->zone_hour, NULL);
}

typedef struct NumericField {
    Field field;
    i32 width;
    i32 offset; /* of an i32 in Reading; -1: read and forgotten */
    bool twelve_hours;
} NumericField;

static const NumericField numeric_fields[] = {
    {FIELD_HH12, 2, offsetof(Reading, hour), true},
    {FIELD_HH24, 2, offsetof(Reading, hour), false},
    {FIELD_MI, 2, offsetof(Reading, minute), false},
    {FIELD_SS, 2, offsetof(Reading, second), false},
    {FIELD_SSSS, 4, offsetof(Reading, second_of_day), false},
    {FIELD_MM, 2, offsetof(Reading, month), false},
    {FIELD_DDD, 3, offsetof(Reading, day_of_year), false},
    {FIELD_IDDD, 3, offsetof(Reading, day_of_year), false},
    {FIELD_DD, 2, offsetof(Reading, day), false},
    {FIELD_D, 1, offsetof(Reading, weekday), false},
    {FIELD_WW, 2, offsetof(Reading, week), false},
    {FIELD_IW, 2, offsetof(Reading, week), false},
    {FIELD_Q, 1, -1, false},
    {FIELD_CC, 2, offsetof(Reading, century), false},
    {FIELD_W, 1, offsetof(Reading, week_of_month), false},
    {FIELD_J, 1, offsetof(Reading, julian), false},
};

static bool read_numeric_field(Reading *r, const Picture *picture, i32 i)
{
    const PictureItem *item = &picture->items[i];
    for (i32 k = 0; k < countof(numeric_fields); k++) {
        const NumericField *row = &numeric_fields[k];
        if (row->field != item->field->field)
            continue;
        r->twelve_hours |= row->twelve_hours;
        i32 *field = row->offset < 0 ? NULL : (i32 *)((u8 *)r + row->offset);
        i32 width = row->field == FIELD_SSSS ? (i32)strlen(item->field->name) : row->width;
        if (!read_number(r, picture, i, width, field, NULL))
            return false;
        skip_ordinal(r, item);
        return true;
    }
    return read_name_field(r, item->field);
}

static bool read_iso_weekday(Reading *r, const Picture *picture, i32 i)
{
    if (!read_number(r, picture, i, 1, &r->weekday, NULL))
        return false;
    r->weekday = r->weekday >= 7 ? 1 : r->weekday + 1; /* as D counts: Sunday is 1 */
    skip_ordinal(r, &picture->items[i]);
    return true;
}

static bool read_field(Reading *r, const Picture *picture, i32 i)
{
    const FieldName *name = picture->items[i].field;
    if (name->field >= FIELD_FF1 && name->field <= FIELD_FF6) {
        r->fraction_digits = (i32)(name->field - FIELD_FF1) + 1;
        return read_fraction(r, picture, i, r->fraction_digits, 6, &r->microsecond);
    }
    switch ((i32)name->field) {
    case FIELD_MS:
        return read_fraction(r, picture, i, 3, 3, &r->millisecond);
    case FIELD_US:
        return read_fraction(r, picture, i, 6, 6, &r->microsecond);
    case FIELD_ID:
        return read_iso_weekday(r, picture, i);
    case FIELD_TZ:
    case FIELD_OF:
        return error_set(r->call->error, E_FEATURE_NOT_SUPPORTED,
                         "formatting field \"%s\" is only supported in to_char", name->name);
    case FIELD_TZH:
        return read_zone_hour(r, picture, i);
    case FIELD_TZM:
        r->zone_sign = r->zone_sign ? r->zone_sign : 1;
        return read_number(r, picture, i, 2, &r->zone_minute, NULL);
    case FIELD_Y_YYY:
        return read_split_year(r, &picture->items[i]);
    case FIELD_IYYY:
    case FIELD_IYY:
    case FIELD_IY:
    case FIELD_I:
    case FIELD_YYYY:
    case FIELD_YYY:
    case FIELD_YY:
    case FIELD_Y:
        return read_year(r, picture, i);
    default:
        return read_numeric_field(r, picture, i);
    }
}

/* ---- the walk ---- */

static bool set_calendar(Reading *r, Calendar calendar)
{
    if (calendar == CALENDAR_ANY || r->calendar == calendar)
        return true;
    if (r->calendar == CALENDAR_ANY) {
        r->calendar = calendar;
        return true;
    }
    error_set(r->call->error, E_INVALID_DATETIME_FORMAT, "invalid combination of date conventions");
    return error_hint(r->call->error, "Do not mix Gregorian and ISO week date conventions in a "
                                      "formatting template.");
}

/* A character of the template that is no field: one of the input, more or less. */
static void pass_character(Reading *r, const PictureItem *item)
{
    if (r->exact)
        utf8_next(r->input, &r->at);
    else if (item->kind != PICTURE_TEXT) {
        r->extra--;
        if (is_space(here(r)) || picture_is_separator(here(r))) {
            r->at++;
            r->extra++;
        }
    } else if (r->extra > 0)
        r->extra--; /* one stepped over before: this may be part of a field */
    else
        utf8_next(r->input, &r->at);
}

static bool walk(Reading *r, const Picture *picture)
{
    for (i32 i = 0; i < picture->count && r->at < r->input.len; i++) {
        const PictureItem *item = &picture->items[i];
        bool field = item->kind == PICTURE_FIELD;
        if (!r->exact && (field ? item->field->field != FIELD_FX : i == 0))
            skip_blanks(r);
        if (!field) {
            if (r->at < r->input.len)
                pass_character(r, item);
            continue;
        }
        if (item->field->field == FIELD_FX) {
            r->exact = true;
            continue;
        }
        if (!set_calendar(r, item->field->calendar) || !read_field(r, picture, i))
            return false;
        if (!r->exact) {
            r->extra = 0;
            skip_blanks(r);
        }
    }
    return true;
}

/* ---- putting together ---- */

typedef struct ReadDate {
    i64 year;
    i32 month, day;
    bool checked; /* some field of the date was given */
} ReadDate;

static bool field_overflow(Reading *r)
{
    return error_set(r->call->error, E_DATETIME_FIELD_OVERFLOW,
                     "date/time field value out of range: \"%.*s\"", ERROR_TEXT(r->input));
}

static bool settle_hour(Reading *r)
{
    if (r->second_of_day) {
        i32 of_day = r->second_of_day;
        r->hour = r->hour ? r->hour : of_day / 3600;
        r->minute = r->minute ? r->minute : of_day % 3600 / 60;
        r->second = r->second ? r->second : of_day % 60;
    }
    if (!r->twelve_hours)
        return true;
    if (r->hour < 1 || r->hour > 12) {
        error_set(r->call->error, E_INVALID_DATETIME_FORMAT,
                  "hour \"%d\" is invalid for the 12-hour clock", r->hour);
        return error_hint(r->call->error,
                          "Use the 24-hour clock, or give an hour between 1 and 12.");
    }
    r->hour = r->hour % 12 + (r->afternoon ? 12 : 0);
    return true;
}

/* The year of a century's last two digits. The 21st century begins with 2001; BC counts backwards.
 */
static i64 year_of_century(i64 century, i64 last_digits)
{
    if (last_digits == 0)
        return century * 100 + (century >= 0 ? 0 : 1);
    return century >= 0 ? (century - 1) * 100 + last_digits : (century + 1) * 100 - last_digits + 1;
}

static void settle_year(const Reading *r, ReadDate *date)
{
    i64 century = r->bc ? -(i64)r->century : r->century;
    date->checked |= r->year || r->century;
    if (r->year && r->century && r->year_digits <= 2)
        date->year = year_of_century(century, r->year % 100);
    else if (r->year) {
        date->year = r->bc ? -(i64)r->year : r->year;
        date->year += date->year < 0;
    } else if (r->century)
        date->year = century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
}

static void set_day(ReadDate *date, i64 day)
{
    CivilDate civil = date_to_civil((i32)max_i64(min_i64(day, INT32_MAX), INT32_MIN));
    *date = (ReadDate){civil.year, civil.month, civil.day, true};
}

/* Years that no date and no timestamp reaches, with days that still fit 32 bits. */
enum { JULIAN_2000 = 2451545, YEAR_MAX = 5880000, YEAR_MIN = -5870000 };

static void settle_week(Reading *r, ReadDate *date)
{
    if (r->week && r->calendar == CALENDAR_ISO_WEEK) {
        /* without a day, the week's Monday */
        i32 day = r->weekday == 0 ? 0 : r->weekday == 1 ? 6 : r->weekday - 2;
        set_day(date, (i64)date_iso_year_start((i32)date->year) + (i64)(r->week - 1) * 7 + day);
    } else if (r->week)
        r->day_of_year = (r->week - 1) * 7 + 1;
    if (r->week_of_month)
        r->day = (r->week_of_month - 1) * 7 + 1;
}

static bool settle_day_of_year(Reading *r, ReadDate *date)
{
    if (!r->day_of_year || (date->month > 1 && date->day > 1))
        return true;
    if (date->year == 0 && !r->bc)
        return error_set(r->call->error, E_INVALID_DATETIME_FORMAT,
                         "cannot calculate day of year without year information");
    if (r->calendar == CALENDAR_ISO_WEEK) {
        set_day(date, (i64)date_iso_year_start((i32)date->year) + r->day_of_year - 1);
        return true;
    }
    i32 month = 1, left = r->day_of_year;
    for (; month <= 12 && left > month_days((i32)date->year, month); month++)
        left -= month_days((i32)date->year, month);
    if (date->month <= 1)
        date->month = month;
    if (date->day <= 1)
        date->day = left;
    date->checked = true;
    return true;
}

static bool settle_date(Reading *r, ReadDate *date)
{
    *date = (ReadDate){0, 1, 1, false};
    settle_year(r, date);
    date->year = max_i64(min_i64(date->year, YEAR_MAX), YEAR_MIN);
    if (r->julian)
        set_day(date, (i64)r->julian - JULIAN_2000);
    settle_week(r, date);
    date->checked |= r->day || r->month;
    date->day = r->day ? r->day : date->day;
    date->month = r->month ? r->month : date->month;
    if (!settle_day_of_year(r, date))
        return false;
    bool good = date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= 31 &&
                date->day <= month_days((i32)date->year, date->month);
    return good || !date->checked || field_overflow(r);
}

static bool check_time(Reading *r)
{
    enum { ZONE_HOUR_MAX = 15 };
    i64 fraction = (i64)r->millisecond * 1000 + r->microsecond;
    if (r->hour < 0 || r->hour >= 24 || r->minute < 0 || r->minute >= 60 || r->second < 0 ||
        r->second >= 60 || fraction < 0 || fraction >= US_PER_SECOND)
        return field_overflow(r);
    if (r->zone_sign && (r->zone_hour < 0 || r->zone_hour > ZONE_HOUR_MAX || r->zone_minute < 0 ||
                         r->zone_minute >= 60))
        return error_set(r->call->error, E_INVALID_TIME_ZONE_DISPLACEMENT_VALUE,
                         "time zone displacement out of range: \"%.*s\"", ERROR_TEXT(r->input));
    return true;
}

static bool read_row(KernelCall *call, i32 i, Reading *r, ReadDate *date)
{
    Picture own;
    const Picture *picture;
    *r = (Reading){.call = call, .input = arg_text(call, 0, i)};
    return date_picture_of(call, i, &own, &picture) && walk(r, picture) && settle_hour(r) &&
           settle_date(r, date) && check_time(r);
}

static inline bool text_to_date(KernelCall *call, i32 i)
{
    Reading r;
    ReadDate date;
    if (!read_row(call, i, &r, &date))
        return false;
    CivilDate civil = {(i32)date.year, date.month, date.day};
    if (!civil_is_valid(civil))
        return error_set(call->error, E_DATETIME_FIELD_OVERFLOW, "date out of range: \"%.*s\"",
                         ERROR_TEXT(r.input));
    return put_i32(call, i, date_from_civil(civil));
}
ROW_KERNEL(text_to_date)

static bool timestamp_out_of_range(KernelCall *call)
{
    return error_set(call->error, E_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
}

static inline bool text_to_timestamp(KernelCall *call, i32 i)
{
    Reading r;
    ReadDate date;
    i64 local, utc;
    if (!read_row(call, i, &r, &date))
        return false;
    CivilTime civil = {{(i32)date.year, date.month, date.day},
                       r.hour,
                       r.minute,
                       r.second,
                       r.millisecond * 1000 + r.microsecond};
    if (!timestamp_from_civil(civil, &local))
        return timestamp_out_of_range(call);
    if (r.zone_sign) {
        utc = local - (i64)r.zone_sign * (r.zone_hour * 60 + r.zone_minute) * 60 * US_PER_SECOND;
        if (utc < TIMESTAMP_MIN || utc >= TIMESTAMP_END)
            return timestamp_out_of_range(call);
    } else if (!timestamp_to_timestamptz(local, call->env->format.timezone, &utc, call->error))
        return false;
    if (r.fraction_digits && !timestamp_apply_typmod(&utc, r.fraction_digits, call->error))
        return false;
    return put_i64(call, i, utc);
}
ROW_KERNEL(text_to_timestamp)

static const StateRow state_rows[] = {{OP_TEXT_TO_DATE, {date_picture_prepare, NULL}},
                                      {OP_TEXT_TO_TIMESTAMP, {date_picture_prepare, NULL}}};
const StateTable to_date_states = {state_rows, countof(state_rows)};

// clang-format off
static const KernelRow rows[] = {
    {OP_TEXT_TO_DATE,      text_to_date_kernel,      2, {LANE_STR, LANE_STR}, LANE_I32, SCALE_FREE},
    {OP_TEXT_TO_TIMESTAMP, text_to_timestamp_kernel, 2, {LANE_STR, LANE_STR}, LANE_I64, SCALE_FREE},
};
// clang-format on
const KernelTable to_date_kernels = {rows, countof(rows)};
