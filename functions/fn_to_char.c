/* SPDX-License-Identifier: Apache-2.0
 *
 * to_char of timestamps and intervals. An infinite timestamp and an empty template give NULL.
 *
 * Most fields are numbers with a least width that FM takes away. Some have other widths for
 * negative values, which only intervals have; PostgreSQL 15 answers for them what its arithmetic on
 * fields of an interval gives (a year of 0, a month of -2), and so do we.
 */
#include "functions/picture.h"
#include "functions/text_make.h"
#include "types/timestamp.h"

typedef struct Moment {
    i64 year, hour;
    i32 month, day, minute, second, us;
    i32 day_of_year;
    bool is_interval;
    i32 offset; /* seconds east of UTC */
    Text zone;  /* abbreviation; empty without a zone */
} Moment;

enum { NAME_WIDTH = 9, ROMAN_WIDTH = 4 };

/* ---- calendar ---- */

/* Julian day number, 0 = 4714-11-24 BC (proleptic Gregorian; Fliegel and Van Flandern, 1968);
 * months beyond 1..12 count on, roughly. */
static i32 julian_day(i64 year, i32 month, i32 day)
{
    bool late = month > 2;
    i64 y = year + (late ? 4800 : 4799), m = month + (late ? 1 : 13), century = y / 100;
    return (i32)(y * 365 - 32167 + y / 4 - century + century / 4 + 7834 * m / 256 + day);
}

static i32 moment_julian(const Moment *t)
{
    return julian_day(t->year, t->month, t->day);
}

/* The Monday of the year's ISO week 1: the week with 4 January in it. */
static i32 iso_year_begin(i64 year)
{
    i32 fourth = julian_day(year, 1, 4);
    return fourth - fourth % 7;
}

static i64 iso_year(const Moment *t)
{
    i32 day = moment_julian(t);
    if (day < iso_year_begin(t->year))
        return t->year - 1;
    return day >= iso_year_begin(t->year + 1) ? t->year + 1 : t->year;
}

static i32 iso_day_of_year(const Moment *t)
{
    return moment_julian(t) - iso_year_begin(iso_year(t)) + 1;
}

/* 0 = Sunday */
static i32 weekday(const Moment *t)
{
    return (moment_julian(t) + 1) % 7;
}

/* 1 for 1 BC, too: the letters BC tell them apart. */
static i64 shown_year(const Moment *t, i64 year)
{
    return t->is_interval || year > 0 ? year : 1 - year;
}

static i64 century_of(const Moment *t)
{
    if (t->is_interval)
        return t->year / 100;
    return t->year > 0 ? (t->year - 1) / 100 + 1 : t->year / 100 - 1;
}

/* ---- numbers ---- */

typedef struct NumberField {
    i64 value;
    i32 width;  /* at least, sign included; 0: as long as it is */
    bool fixed; /* FM does not change the width */
} NumberField;

static NumberField padded(i64 value, i32 width)
{
    return (NumberField){value, width, false};
}

/* A digit more where a sign stands. */
static NumberField with_sign(i64 value, i32 width, bool negative)
{
    return (NumberField){value, negative ? width + 1 : width, false};
}

/* PostgreSQL takes the width of an ISO year from the calendar's. */
static NumberField year_digits(const Moment *t, i64 year, i32 digits)
{
    static const i32 modulus[] = {0, 10, 100, 1000};
    i64 shown = shown_year(t, year);
    bool negative = shown_year(t, t->year) < 0;
    return digits == 4   ? with_sign(shown, 4, negative)
           : digits == 1 ? padded(shown % 10, 1)
                         : with_sign(shown % modulus[digits], digits, negative);
}

static NumberField fraction(const Moment *t, i32 digits)
{
    i32 value = t->us;
    for (i32 i = digits; i < 6; i++)
        value /= 10;
    return (NumberField){value, digits, true};
}

static bool time_number(const Moment *t, Field field, NumberField *number)
{
    switch ((i32)field) {
    case FIELD_HH12:
        *number = with_sign(t->hour % 12 == 0 ? 12 : t->hour % 12, 2, t->hour < 0);
        return true;
    case FIELD_HH24:
        *number = with_sign(t->hour, 2, t->hour < 0);
        return true;
    case FIELD_MI:
        *number = with_sign(t->minute, 2, t->minute < 0);
        return true;
    case FIELD_SS:
        *number = with_sign(t->second, 2, t->second < 0);
        return true;
    case FIELD_SSSS:
        *number = padded((t->hour * 60 + t->minute) * 60 + t->second, 0);
        return true;
    case FIELD_MS:
        *number = fraction(t, 3);
        return true;
    case FIELD_US:
        *number = fraction(t, 6);
        return true;
    default:
        if (field < FIELD_FF1 || field > FIELD_FF6)
            return false;
        *number = fraction(t, (i32)(field - FIELD_FF1) + 1);
        return true;
    }
}

static bool year_number(const Moment *t, Field field, NumberField *number)
{
    if (field >= FIELD_IYYY && field <= FIELD_I)
        *number = year_digits(t, iso_year(t), 4 - (i32)(field - FIELD_IYYY));
    else if (field >= FIELD_YYYY && field <= FIELD_Y)
        *number = year_digits(t, t->year, 4 - (i32)(field - FIELD_YYYY));
    else if (field == FIELD_CC)
        *number = with_sign(century_of(t), 2, century_of(t) < 0);
    else
        return false;
    return true;
}

static bool date_number(const Moment *t, Field field, NumberField *number)
{
    switch ((i32)field) {
    case FIELD_MM:
        *number = with_sign(t->month, 2, t->month < 0);
        return true;
    case FIELD_DDD:
        *number = padded(t->day_of_year, 3);
        return true;
    case FIELD_IDDD:
        *number = padded(iso_day_of_year(t), 3);
        return true;
    case FIELD_DD:
        *number = padded(t->day, 2);
        return true;
    case FIELD_D:
        *number = padded(weekday(t) + 1, 0);
        return true;
    case FIELD_ID:
        *number = padded(weekday(t) == 0 ? 7 : weekday(t), 0);
        return true;
    case FIELD_WW:
        *number = padded((t->day_of_year - 1) / 7 + 1, 2);
        return true;
    case FIELD_IW:
        *number = padded((iso_day_of_year(t) - 1) / 7 + 1, 2);
        return true;
    case FIELD_W:
        *number = padded((t->day - 1) / 7 + 1, 0);
        return true;
    case FIELD_J:
        *number = padded(moment_julian(t), 0);
        return true;
    default:
        return false;
    }
}

/* A number's digits with the ending that TH asks for. */
static void add_digits(TextMaker *maker, Text digits, i32 modifiers)
{
    maker_add(maker, digits);
    if (!(modifiers & MODIFIER_TH))
        return;
    const char *ending = ordinal_ending(digits);
    for (i32 i = 0; ending[i]; i++)
        maker_byte(maker, (char)(modifiers & MODIFIER_TH_UPPER ? char_upper((u32)ending[i])
                                                               : (u32)ending[i]));
}

static void add_number(TextMaker *maker, NumberField number, i32 modifiers)
{
    char text[32];
    i32 width = modifiers & MODIFIER_FM && !number.fixed ? 0 : number.width;
    i32 len = snprintf(text, sizeof text, "%0*lld", width, (long long)number.value);
    add_digits(maker, (Text){text, len}, modifiers);
}

/* ---- names ---- */

/* In the letters of the field's own name: MONTH, Month, month. */
static void add_name(TextMaker *maker, const char *name, i32 len, const FieldName *like, i32 width)
{
    bool small = like->name[0] >= 'a', capital = !small && like->name[1] >= 'a';
    for (i32 i = 0; i < len; i++)
        maker_byte(maker, (char)(small              ? char_lower((u32)name[i])
                                 : capital && i > 0 ? (u32)name[i]
                                                    : char_upper((u32)name[i])));
    maker_repeat(maker, ' ', max_i64(width - len, 0));
}

static const char *roman_month(const Moment *t)
{
    i32 month = t->month > 0 ? t->month : t->month == 0 ? (t->year >= 0 ? 12 : 1) : 13 + t->month;
    return picture_roman_months[month - 1];
}

static bool show_name(TextMaker *maker, const PictureItem *item, const Moment *t)
{
    const FieldName *field = item->field;
    bool pads = !(item->modifiers & (MODIFIER_FM | MODIFIER_TM));
    const char *name;
    switch ((i32)field->field) {
    case FIELD_AD:
    case FIELD_AD_DOTS:
        name = field->field == FIELD_AD ? (t->year > 0 ? "AD" : "BC")
               : t->year > 0            ? "A.D."
                                        : "B.C.";
        break;
    case FIELD_AM:
    case FIELD_AM_DOTS: {
        bool late = t->hour % 24 >= 12;
        name = field->field == FIELD_AM ? (late ? "PM" : "AM") : late ? "P.M." : "A.M.";
        break;
    }
    case FIELD_MONTH:
    case FIELD_DAY:
        name =
            field->field == FIELD_MONTH ? picture_months[t->month - 1] : picture_days[weekday(t)];
        add_name(maker, name, (i32)strlen(name), field, pads ? NAME_WIDTH : 0);
        return true;
    case FIELD_MON:
        add_name(maker, picture_months[t->month - 1], PICTURE_SHORT_NAME, field, 0);
        return true;
    case FIELD_DY:
        add_name(maker, picture_days[weekday(t)], PICTURE_SHORT_NAME, field, 0);
        return true;
    case FIELD_RM:
        if (t->month == 0 && t->year == 0)
            return true;
        name = roman_month(t);
        add_name(maker, name, (i32)strlen(name), field,
                 item->modifiers & MODIFIER_FM ? 0 : ROMAN_WIDTH);
        return true;
    default:
        return false;
    }
    /* these have capitals or none: dots are not letters */
    for (i32 i = 0; name[i]; i++)
        maker_byte(maker, (char)(field->name[0] >= 'a' ? char_lower((u32)name[i]) : (u32)name[i]));
    return true;
}

/* ---- the rest ---- */

static void show_zone(TextMaker *maker, const PictureItem *item, const Moment *t)
{
    char text[32];
    i32 away = t->offset < 0 ? -t->offset : t->offset, len = 0;
    i32 hours = away / 3600, minutes = away % 3600 / 60;
    char sign = t->offset < 0 ? '-' : '+';
    switch ((i32)item->field->field) {
    case FIELD_TZ:
        for (i64 i = 0; i < t->zone.len; i++)
            maker_byte(maker, (char)(item->field->name[0] == 't' ? char_lower((u8)t->zone.data[i])
                                                                 : (u8)t->zone.data[i]));
        return;
    case FIELD_TZH:
        len = snprintf(text, sizeof text, "%c%02d", sign, hours);
        break;
    case FIELD_TZM:
        len = snprintf(text, sizeof text, "%02d", minutes);
        break;
    case FIELD_OF:
        len = snprintf(text, sizeof text, "%c%0*d", sign, item->modifiers & MODIFIER_FM ? 0 : 2,
                       hours);
        if (minutes)
            len += snprintf(text + len, sizeof text - (size_t)len, ":%02d", minutes);
        break;
    default:
        return; /* FX: only for reading */
    }
    maker_add(maker, (Text){text, len});
}

static void show_split_year(TextMaker *maker, i32 modifiers, const Moment *t)
{
    char text[48];
    i64 year = shown_year(t, t->year), thousands = year / 1000;
    i32 len = snprintf(text, sizeof text, "%lld,%03lld", (long long)thousands,
                       (long long)(year - thousands * 1000));
    add_digits(maker, (Text){text, len}, modifiers);
}

/* What only a date has. */
static bool suits_interval(Field field)
{
    static const u8 others[] = {FIELD_AD,  FIELD_AD_DOTS, FIELD_MONTH, FIELD_MON,
                                FIELD_DAY, FIELD_DY,      FIELD_D,     FIELD_ID,
                                FIELD_TZ,  FIELD_TZH,     FIELD_TZM,   FIELD_OF};
    return !memchr(others, (i32)field, sizeof others);
}

static void show_field(TextMaker *maker, const PictureItem *item, const Moment *t)
{
    Field field = item->field->field;
    NumberField number;
    if (field == FIELD_Y_YYY)
        show_split_year(maker, item->modifiers, t);
    else if (field == FIELD_Q) {
        if (t->month)
            add_number(maker, padded((t->month - 1) / 3 + 1, 0), item->modifiers);
    } else if (time_number(t, field, &number) || year_number(t, field, &number) ||
               date_number(t, field, &number))
        add_number(maker, number, item->modifiers);
    else if (!show_name(maker, item, t))
        show_zone(maker, item, t);
}

static bool show(KernelCall *call, i32 i, const Picture *picture, const Moment *t)
{
    TextMaker maker = maker_open(call);
    for (i32 k = 0; k < picture->count && !maker.failed; k++) {
        const PictureItem *item = &picture->items[k];
        if (item->kind != PICTURE_FIELD) {
            maker_add(&maker, item->text);
            continue;
        }
        if (t->is_interval && !suits_interval(item->field->field)) {
            error_set(call->error, E_INVALID_DATETIME_FORMAT,
                      "invalid format specification for an interval value");
            error_hint(call->error, "Intervals are not tied to specific calendar dates.");
            return false;
        }
        show_field(&maker, item, t);
    }
    return put_made(call, i, &maker);
}

static Moment moment_of_local(i64 local)
{
    CivilTime civil = timestamp_to_civil(local);
    Moment t = {.year = civil.date.year,
                .hour = civil.hour,
                .month = civil.date.month,
                .day = civil.date.day,
                .minute = civil.minute,
                .second = civil.second,
                .us = civil.us};
    t.day_of_year = moment_julian(&t) - julian_day(t.year, 1, 1) + 1;
    return t;
}

static inline bool timestamp_to_char(KernelCall *call, i32 i)
{
    Picture own;
    const Picture *picture;
    i64 value = arg_i64(call, 0, i);
    if (arg_text(call, 1, i).len == 0 || !timestamp_is_finite(value))
        return put_null(call, i);
    if (!date_picture_of(call, i, &own, &picture))
        return false;
    Moment t = moment_of_local(value);
    return show(call, i, picture, &t);
}
ROW_KERNEL_NULLABLE(timestamp_to_char)

static inline bool timestamptz_to_char(KernelCall *call, i32 i)
{
    Picture own;
    const Picture *picture;
    i64 value = arg_i64(call, 0, i), local;
    const Timezone *zone = call->env->format.timezone;
    if (arg_text(call, 1, i).len == 0 || !timestamp_is_finite(value))
        return put_null(call, i);
    if (!date_picture_of(call, i, &own, &picture) ||
        !timestamptz_to_timestamp(value, zone, &local, call->error))
        return false;
    TimezoneMoment at = timezone_at_utc(zone, value);
    Moment t = moment_of_local(local);
    t.offset = at.offset_seconds;
    t.zone = at.abbreviation;
    return show(call, i, picture, &t);
}
ROW_KERNEL_NULLABLE(timestamptz_to_char)

static inline bool interval_to_char(KernelCall *call, i32 i)
{
    Picture own;
    const Picture *picture;
    Interval value = arg_interval(call, 0, i);
    if (arg_text(call, 1, i).len == 0)
        return put_null(call, i);
    if (!date_picture_of(call, i, &own, &picture))
        return false;
    i64 seconds = value.us / US_PER_SECOND;
    Moment t = {.year = value.months / 12,
                .month = value.months % 12,
                .day = value.days,
                .hour = seconds / 3600,
                .minute = (i32)(seconds % 3600 / 60),
                .second = (i32)(seconds % 60),
                .us = (i32)(value.us % US_PER_SECOND),
                .is_interval = true};
    t.day_of_year = (i32)((i64)value.months * 30 + value.days);
    return show(call, i, picture, &t);
}
ROW_KERNEL_NULLABLE(interval_to_char)

static const StateRow state_rows[] = {
    {OP_FORMAT_TIMESTAMP, {date_picture_prepare, NULL}},
    {OP_FORMAT_TIMESTAMPTZ, {date_picture_prepare, NULL}},
    {OP_FORMAT_INTERVAL, {date_picture_prepare, NULL}},
};
const StateTable to_char_states = {state_rows, countof(state_rows)};

// clang-format off
static const KernelRow rows[] = {
    {OP_FORMAT_TIMESTAMP,   timestamp_to_char_kernel,   2, {LANE_I64, LANE_STR},      LANE_STR, SCALE_FREE},
    {OP_FORMAT_TIMESTAMPTZ, timestamptz_to_char_kernel, 2, {LANE_I64, LANE_STR},      LANE_STR, SCALE_FREE},
    {OP_FORMAT_INTERVAL,    interval_to_char_kernel,    2, {LANE_INTERVAL, LANE_STR}, LANE_STR, SCALE_FREE},
};
// clang-format on
const KernelTable to_char_kernels = {rows, countof(rows)};
