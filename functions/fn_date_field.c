/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields of dates and times: date_part, extract and date_trunc.
 *
 * A field is found once as an exact number (integer with 0, 3 or 6 digits behind the point):
 * extract shows it as numeric, date_part as double precision. Fields of an infinite timestamp are
 * infinite where the field grows for ever (year, epoch ...), else NULL. Unit names are
 * PostgreSQL's, compared by their first ten letters as there.
 */
#include <math.h>

#include "functions/text_make.h"
#include "types/timestamp.h"

typedef enum Unit {
    UNIT_UNKNOWN,
    UNIT_MICROSECOND,
    UNIT_MILLISECOND,
    UNIT_SECOND,
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_QUARTER,
    UNIT_YEAR,
    UNIT_DECADE,
    UNIT_CENTURY,
    UNIT_MILLENNIUM,
    UNIT_DOW,
    UNIT_ISODOW,
    UNIT_DOY,
    UNIT_ISOYEAR,
    UNIT_JULIAN,
    UNIT_EPOCH,
    UNIT_TIMEZONE,
    UNIT_TIMEZONE_HOUR,
    UNIT_TIMEZONE_MINUTE,
} Unit;

typedef struct UnitName {
    const char *name; /* at most UNIT_NAME_BYTES */
    Unit unit;
} UnitName;
enum { UNIT_NAME_BYTES = 10 };

// clang-format off
static const UnitName unit_names[] = {
    {"c", UNIT_CENTURY}, {"cent", UNIT_CENTURY}, {"centuries", UNIT_CENTURY}, {"century", UNIT_CENTURY},
    {"d", UNIT_DAY}, {"day", UNIT_DAY}, {"days", UNIT_DAY},
    {"dec", UNIT_DECADE}, {"decade", UNIT_DECADE}, {"decades", UNIT_DECADE}, {"decs", UNIT_DECADE},
    {"dow", UNIT_DOW}, {"doy", UNIT_DOY}, {"epoch", UNIT_EPOCH},
    {"h", UNIT_HOUR}, {"hour", UNIT_HOUR}, {"hours", UNIT_HOUR}, {"hr", UNIT_HOUR}, {"hrs", UNIT_HOUR},
    {"isodow", UNIT_ISODOW}, {"isoyear", UNIT_ISOYEAR},
    {"j", UNIT_JULIAN}, {"jd", UNIT_JULIAN}, {"julian", UNIT_JULIAN},
    {"m", UNIT_MINUTE}, {"microsecon", UNIT_MICROSECOND},
    {"mil", UNIT_MILLENNIUM}, {"millennia", UNIT_MILLENNIUM}, {"millennium", UNIT_MILLENNIUM}, {"mils", UNIT_MILLENNIUM},
    {"millisecon", UNIT_MILLISECOND}, {"ms", UNIT_MILLISECOND}, {"msec", UNIT_MILLISECOND},
    {"msecond", UNIT_MILLISECOND}, {"mseconds", UNIT_MILLISECOND}, {"msecs", UNIT_MILLISECOND},
    {"min", UNIT_MINUTE}, {"mins", UNIT_MINUTE}, {"minute", UNIT_MINUTE}, {"minutes", UNIT_MINUTE},
    {"mon", UNIT_MONTH}, {"mons", UNIT_MONTH}, {"month", UNIT_MONTH}, {"months", UNIT_MONTH},
    {"qtr", UNIT_QUARTER}, {"quarter", UNIT_QUARTER},
    {"s", UNIT_SECOND}, {"sec", UNIT_SECOND}, {"second", UNIT_SECOND}, {"seconds", UNIT_SECOND}, {"secs", UNIT_SECOND},
    {"timezone", UNIT_TIMEZONE}, {"timezone_h", UNIT_TIMEZONE_HOUR}, {"timezone_m", UNIT_TIMEZONE_MINUTE},
    {"us", UNIT_MICROSECOND}, {"usec", UNIT_MICROSECOND}, {"usecond", UNIT_MICROSECOND},
    {"useconds", UNIT_MICROSECOND}, {"usecs", UNIT_MICROSECOND},
    {"w", UNIT_WEEK}, {"week", UNIT_WEEK}, {"weeks", UNIT_WEEK},
    {"y", UNIT_YEAR}, {"year", UNIT_YEAR}, {"years", UNIT_YEAR}, {"yr", UNIT_YEAR}, {"yrs", UNIT_YEAR},
};
// clang-format on

static Unit find_unit(Text name)
{
    Text start = {name.data, min_i64(name.len, UNIT_NAME_BYTES)};
    for (i32 i = 0; i < countof(unit_names); i++)
        if (text_equal_ignoring_case(start, text_from(unit_names[i].name)))
            return unit_names[i].unit;
    return UNIT_UNKNOWN;
}

/* The unit of a row: found once per chunk when it is a constant (see unit_rows). */
static inline Unit call_unit(const KernelCall *call, Text name)
{
    return call->state ? *(const Unit *)call->state : find_unit(name);
}

TEMPLATE KernelStatus unit_rows(KernelCall *call, RowFunction row, bool nullable)
{
    Unit unit = UNIT_UNKNOWN;
    if (nullable && !result_own_valid(call))
        return KERNEL_ERROR;
    KernelCall with_unit = *call;
    if (call->args[0].form == VECTOR_CONSTANT && !arg_is_null(call, 0, 0)) {
        unit = find_unit(arg_text(call, 0, 0));
        with_unit.state = &unit;
    }
    KernelStatus status = each_row(&with_unit, row);
    call->bad = with_unit.bad;
    return status;
}

#define UNIT_KERNEL(row, nullable)                                                                 \
    static KernelStatus row##_kernel(KernelCall *call)                                             \
    {                                                                                              \
        return unit_rows(call, row, nullable);                                                     \
    }

/* Names of units in messages are in lower case. */
static bool unit_error(KernelCall *call, Unit unit, Text name, const char *type)
{
    char lower[64];
    i64 len = utf8_cut(name, (i64)sizeof lower);
    for (i64 k = 0; k < len; k++)
        lower[k] =
            (char)((u8)name.data[k] < 0x80 ? char_lower((u8)name.data[k]) : (u8)name.data[k]);
    return error_set(call->error,
                     unit == UNIT_UNKNOWN ? E_INVALID_PARAMETER_VALUE : E_FEATURE_NOT_SUPPORTED,
                     unit == UNIT_UNKNOWN ? "unit \"%.*s\" not recognized for type %s"
                                          : "unit \"%.*s\" not supported for type %s",
                     (int)len, lower, type);
}

/* A field as an exact number: value * 10^-scale. */
typedef struct Field {
    enum { FIELD_NUMBER, FIELD_SPLIT, FIELD_JULIAN, FIELD_INFINITE, FIELD_NULL } kind;
    i32 scale;
    i128 value; /* JULIAN: the day; INFINITE: the sign */
    i64 us;     /* JULIAN: of the day */
} Field;

static Field whole(i64 value)
{
    return (Field){.kind = FIELD_NUMBER, .value = value};
}
/* Seconds or milliseconds out of microseconds: SPLIT, as date_part adds whole and fraction. */
static Field split(i64 us, i32 scale)
{
    return (Field){.kind = FIELD_SPLIT, .value = us, .scale = scale};
}
static Field scaled(i128 us)
{
    return (Field){.kind = FIELD_NUMBER, .value = us, .scale = 6};
}

/* ---- calendar arithmetic on astronomical years ---- */

static i64 century_of(i64 year)
{
    return year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
}
static i64 millennium_of(i64 year)
{
    return year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
}
static i64 decade_of(i64 year)
{
    return year >= 0 ? year / 10 : -((8 - (year - 1)) / 10);
}
/* Years as written: 1 BC is -1. */
static i64 written_year(i64 year)
{
    return year > 0 ? year : year - 1;
}
enum { JULIAN_2000 = 2451545 };
#define UNIX_EPOCH_US (-946684800000000ll)

static Field field_of_week(Unit unit, i32 day)
{
    i32 year, week;
    date_iso_week(day, &year, &week);
    return whole(unit == UNIT_WEEK ? week : written_year(year));
}

/* Fields that only need the day. NULL kind: not one of those. */
static Field field_of_day(Unit unit, i32 day)
{
    CivilDate date = date_to_civil(day);
    switch ((i32)unit) {
    case UNIT_DAY:
        return whole(date.day);
    case UNIT_MONTH:
        return whole(date.month);
    case UNIT_QUARTER:
        return whole((date.month - 1) / 3 + 1);
    case UNIT_WEEK:
    case UNIT_ISOYEAR:
        return field_of_week(unit, day);
    case UNIT_YEAR:
        return whole(written_year(date.year));
    case UNIT_DECADE:
        return whole(decade_of(date.year));
    case UNIT_CENTURY:
        return whole(century_of(date.year));
    case UNIT_MILLENNIUM:
        return whole(millennium_of(date.year));
    case UNIT_DOW:
        return whole(date_weekday(day));
    case UNIT_ISODOW:
        return whole((date_weekday(day) + 6) % 7 + 1);
    case UNIT_DOY:
        return whole(day - date_from_civil((CivilDate){date.year, 1, 1}) + 1);
    default:
        return (Field){.kind = FIELD_NULL};
    }
}

/* Fields of the time of day; NULL kind: not one of those. */
static Field field_of_time(Unit unit, i64 us)
{
    i64 in_minute = us % (60 * US_PER_SECOND);
    switch ((i32)unit) {
    case UNIT_MICROSECOND:
        return whole(in_minute);
    case UNIT_MILLISECOND:
        return split(in_minute, 3);
    case UNIT_SECOND:
        return split(in_minute, 6);
    case UNIT_MINUTE:
        return whole(us / (60 * US_PER_SECOND) % 60);
    case UNIT_HOUR:
        return whole(us / (3600 * US_PER_SECOND));
    default:
        return (Field){.kind = FIELD_NULL};
    }
}

static bool grows_for_ever(Unit unit)
{
    return unit == UNIT_YEAR || unit == UNIT_DECADE || unit == UNIT_CENTURY ||
           unit == UNIT_MILLENNIUM || unit == UNIT_JULIAN || unit == UNIT_ISOYEAR ||
           unit == UNIT_EPOCH;
}

static Field field_of_infinity(Unit unit, bool negative)
{
    if (grows_for_ever(unit))
        return (Field){.kind = FIELD_INFINITE, .value = negative ? -1 : 1};
    return (Field){.kind = FIELD_NULL};
}

/* A field of local time; epoch is that of the instant `epoch_of`. */
static bool field_of_timestamp(Unit unit, i64 local, i64 epoch_of, Field *field)
{
    i32 day = timestamp_to_date(local);
    i64 us = local - (i64)day * US_PER_DAY;
    if (unit == UNIT_EPOCH) {
        *field = scaled((i128)epoch_of - UNIX_EPOCH_US);
        return true;
    }
    if (unit == UNIT_JULIAN) {
        *field = (Field){.kind = FIELD_JULIAN, .value = day + JULIAN_2000, .us = us};
        return true;
    }
    *field = field_of_day(unit, day);
    if (field->kind == FIELD_NULL)
        *field = field_of_time(unit, us);
    return field->kind != FIELD_NULL;
}

static bool field_of_interval(Unit unit, Interval interval, Field *field)
{
    i64 years = interval.months / 12;
    *field = unit == UNIT_HOUR || unit == UNIT_MINUTE || unit == UNIT_SECOND ||
                     unit == UNIT_MILLISECOND || unit == UNIT_MICROSECOND
                 ? field_of_time(unit, interval.us)
                 : (Field){.kind = FIELD_NUMBER};
    switch ((i32)unit) {
    case UNIT_HOUR:
    case UNIT_MINUTE:
    case UNIT_SECOND:
    case UNIT_MILLISECOND:
    case UNIT_MICROSECOND:
        return true;
    case UNIT_DAY:
        field->value = interval.days;
        return true;
    case UNIT_MONTH:
        field->value = interval.months % 12;
        return true;
    case UNIT_QUARTER:
        field->value = interval.months % 12 / 3 + 1;
        return true;
    case UNIT_YEAR:
        field->value = years;
        return true;
    case UNIT_DECADE:
        field->value = years / 10;
        return true;
    case UNIT_CENTURY:
        field->value = years / 100;
        return true;
    case UNIT_MILLENNIUM:
        field->value = years / 1000;
        return true;
    default:
        return false;
    }
}

/* ---- results ---- */

static bool put_field_float(KernelCall *call, i32 i, Field field)
{
    switch (field.kind) {
    case FIELD_NUMBER:
        return put_f64(call, i, field.scale ? (f64)field.value / 1000000.0 : (f64)field.value);
    case FIELD_SPLIT: {
        i64 second = (i64)(field.value / US_PER_SECOND), us = (i64)(field.value % US_PER_SECOND);
        return put_f64(call, i,
                       field.scale == 6 ? (f64)second + (f64)us / 1000000.0
                                        : (f64)second * 1000.0 + (f64)us / 1000.0);
    }
    case FIELD_JULIAN:
        return put_f64(call, i, (f64)field.value + (f64)field.us / (f64)US_PER_DAY);
    case FIELD_INFINITE:
        return put_f64(call, i, field.value < 0 ? -INFINITY : INFINITY);
    case FIELD_NULL:
        return put_null(call, i);
    }
    unreachable();
}

/* An epoch that needs more than 64 bits: PostgreSQL divides then, to about 16 digits. */
static bool put_far_epoch(KernelCall *call, i32 i, i128 us)
{
    Num num;
    return num_from_i128(us, 0, call->arena, &num, call->error) &&
           num_div_pg(num, num_from_i64(US_PER_SECOND), call->arena, &num, call->error) &&
           num_round(num, 6, call->arena, result_num(call, i), call->error);
}

static bool put_field_num(KernelCall *call, i32 i, Field field)
{
    Num num = num_from_i64((i64)field.value);
    switch (field.kind) {
    case FIELD_NUMBER:
    case FIELD_SPLIT:
        if (field.value != (i64)field.value)
            return put_far_epoch(call, i, field.value);
        num.scale = (u16)field.scale;
        return put_num(call, i, num);
    case FIELD_JULIAN: {
        Num part;
        return num_div_pg(num_from_i64(field.us), num_from_i64(US_PER_DAY), call->arena, &part,
                          call->error) &&
               num_add(num, part, call->arena, result_num(call, i), call->error);
    }
    case FIELD_INFINITE:
        return put_num(call, i, (Num){.kind = field.value < 0 ? NUM_MINUS_INFINITY : NUM_INFINITY});
    case FIELD_NULL:
        return put_null(call, i);
    }
    unreachable();
}

TEMPLATE bool put_field(KernelCall *call, i32 i, Field field, bool numeric)
{
    return numeric ? put_field_num(call, i, field) : put_field_float(call, i, field);
}

/* ---- date ---- */

static inline bool date_part_date(KernelCall *call, i32 i)
{
    Text name = arg_text(call, 0, i);
    Unit unit = call_unit(call, name);
    i32 day = arg_i32(call, 1, i);
    Field field;
    i64 start;
    bool finite = date_is_finite(day);
    if (unit == UNIT_UNKNOWN || (finite && unit >= UNIT_TIMEZONE))
        return unit_error(call, unit, name, "timestamp without time zone");
    if (!finite)
        return put_field_float(call, i, field_of_infinity(unit, day < 0));
    return date_to_timestamp(day, &start, call->error) &&
           field_of_timestamp(unit, start, start, &field) && put_field_float(call, i, field);
}
UNIT_KERNEL(date_part_date, true)

static inline bool extract_date(KernelCall *call, i32 i)
{
    Text name = arg_text(call, 0, i);
    Unit unit = call_unit(call, name);
    i32 day = arg_i32(call, 1, i);
    if (unit == UNIT_UNKNOWN || unit <= UNIT_HOUR || unit >= UNIT_TIMEZONE)
        return unit_error(call, unit, name, "date");
    if (!date_is_finite(day))
        return put_field_num(call, i, field_of_infinity(unit, day < 0));
    if (unit == UNIT_JULIAN)
        return put_field_num(call, i, whole((i64)day + JULIAN_2000));
    if (unit == UNIT_EPOCH)
        return put_field_num(call, i, whole((i64)day * 86400 - UNIX_EPOCH_US / US_PER_SECOND));
    return put_field_num(call, i, field_of_day(unit, day));
}
UNIT_KERNEL(extract_date, true)

/* ---- time ---- */

TEMPLATE bool time_field(KernelCall *call, i32 i, bool numeric)
{
    Text name = arg_text(call, 0, i);
    Unit unit = call_unit(call, name);
    i64 us = arg_i64(call, 1, i);
    Field field = unit == UNIT_EPOCH ? scaled(us) : field_of_time(unit, us);
    if (field.kind == FIELD_NULL)
        return unit_error(call, unit, name, "time without time zone");
    return put_field(call, i, field, numeric);
}

static inline bool date_part_time(KernelCall *call, i32 i)
{
    return time_field(call, i, false);
}
UNIT_KERNEL(date_part_time, false)
static inline bool extract_time(KernelCall *call, i32 i)
{
    return time_field(call, i, true);
}
UNIT_KERNEL(extract_time, false)

/* ---- timestamp ---- */

TEMPLATE bool timestamp_field(KernelCall *call, i32 i, bool numeric)
{
    Text name = arg_text(call, 0, i);
    Unit unit = call_unit(call, name);
    i64 timestamp = arg_i64(call, 1, i);
    Field field;
    bool finite = timestamp_is_finite(timestamp);
    if (unit == UNIT_UNKNOWN || (finite && unit >= UNIT_TIMEZONE))
        return unit_error(call, unit, name, "timestamp without time zone");
    if (!finite)
        return put_field(call, i, field_of_infinity(unit, timestamp < 0), numeric);
    return field_of_timestamp(unit, timestamp, timestamp, &field) &&
           put_field(call, i, field, numeric);
}

static inline bool date_part_timestamp(KernelCall *call, i32 i)
{
    return timestamp_field(call, i, false);
}
UNIT_KERNEL(date_part_timestamp, true)
static inline bool extract_timestamp(KernelCall *call, i32 i)
{
    return timestamp_field(call, i, true);
}
UNIT_KERNEL(extract_timestamp, true)

/* ---- timestamptz ---- */

static i32 offset_at(const Timezone *zone, i64 utc)
{
    return zone ? timezone_at_utc(zone, utc).offset_seconds : 0;
}

TEMPLATE bool timestamptz_field(KernelCall *call, i32 i, bool numeric)
{
    Text name = arg_text(call, 0, i);
    Unit unit = call_unit(call, name);
    i64 utc = arg_i64(call, 1, i);
    Field field;
    if (unit == UNIT_UNKNOWN)
        return unit_error(call, unit, name, "timestamp with time zone");
    if (!timestamp_is_finite(utc))
        return put_field(call, i, field_of_infinity(unit, utc < 0), numeric);
    i32 offset = offset_at(call->env->format.timezone, utc);
    if (unit == UNIT_TIMEZONE)
        return put_field(call, i, whole(offset), numeric);
    if (unit == UNIT_TIMEZONE_HOUR)
        return put_field(call, i, whole(offset / 3600), numeric);
    if (unit == UNIT_TIMEZONE_MINUTE)
        return put_field(call, i, whole(offset / 60 % 60), numeric);
    return field_of_timestamp(unit, utc + offset * US_PER_SECOND, utc, &field) &&
           put_field(call, i, field, numeric);
}

static inline bool date_part_timestamptz(KernelCall *call, i32 i)
{
    return timestamptz_field(call, i, false);
}
UNIT_KERNEL(date_part_timestamptz, true)
static inline bool extract_timestamptz(KernelCall *call, i32 i)
{
    return timestamptz_field(call, i, true);
}
UNIT_KERNEL(extract_timestamptz, true)

/* ---- interval ---- */

/* Seconds: a year has 365.25 days, a month 30. */
static bool put_interval_epoch(KernelCall *call, i32 i, Interval interval, bool numeric)
{
    i64 years = interval.months / 12, months = interval.months % 12;
    i128 seconds = ((i128)years * 1461 + months * 120 + (i128)interval.days * 4) * 21600;
    if (numeric)
        return num_from_i128(seconds * US_PER_SECOND + interval.us, 6, call->arena,
                             result_num(call, i), call->error);
    f64 epoch = (f64)interval.us / 1000000.0;
    epoch += 365.25 * 86400 * (f64)years;
    epoch += 30.0 * 86400 * (f64)months;
    epoch += 86400.0 * interval.days;
    return put_f64(call, i, epoch);
}

TEMPLATE bool interval_field(KernelCall *call, i32 i, bool numeric)
{
    Text name = arg_text(call, 0, i);
    Unit unit = call_unit(call, name);
    Interval interval = arg_interval(call, 1, i);
    Field field;
    if (unit == UNIT_EPOCH)
        return put_interval_epoch(call, i, interval, numeric);
    if (!field_of_interval(unit, interval, &field))
        return unit_error(call, unit, name, "interval");
    return put_field(call, i, field, numeric);
}

static inline bool date_part_interval(KernelCall *call, i32 i)
{
    return interval_field(call, i, false);
}
UNIT_KERNEL(date_part_interval, false)
static inline bool extract_interval(KernelCall *call, i32 i)
{
    return interval_field(call, i, true);
}
UNIT_KERNEL(extract_interval, false)

/* ---- date_trunc ---- */

static i64 floor_to(i64 value, i64 step)
{
    i64 rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

/* The first year of the decade, century or millennium of a year. */
static i32 first_year(Unit unit, i64 year)
{
    if (unit == UNIT_DECADE)
        return (i32)(year > 0 ? year / 10 * 10 : -((8 - (year - 1)) / 10) * 10);
    if (unit == UNIT_YEAR)
        return (i32)year;
    i64 span = unit == UNIT_CENTURY ? 100 : 1000;
    return (i32)(year > 0 ? (year + span - 1) / span * span - (span - 1)
                          : -((span - 1 - (year - 1)) / span) * span + 1);
}

/* The start of the unit of days that holds local time. */
static bool truncate_day(Unit unit, i64 local, i64 *start, Error *error)
{
    i32 day = timestamp_to_date(local);
    CivilDate date = date_to_civil(day);
    i32 weekday = date_weekday(day);
    if (unit == UNIT_WEEK)
        day -= weekday == 0 ? 6 : weekday - 1;
    else if (unit == UNIT_MONTH)
        day = date_from_civil((CivilDate){date.year, date.month, 1});
    else if (unit == UNIT_QUARTER)
        day = date_from_civil((CivilDate){date.year, (date.month - 1) / 3 * 3 + 1, 1});
    else if (unit >= UNIT_YEAR)
        day = date_from_civil((CivilDate){first_year(unit, date.year), 1, 1});
    *start = (i64)day * US_PER_DAY;
    if (*start < TIMESTAMP_MIN)
        return error_set(error, E_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    return true;
}

static bool truncate_local(Unit unit, i64 local, i64 *start, Error *error)
{
    static const i64 steps[] = {[UNIT_MICROSECOND] = 1,
                                [UNIT_MILLISECOND] = 1000,
                                [UNIT_SECOND] = US_PER_SECOND,
                                [UNIT_MINUTE] = 60 * US_PER_SECOND,
                                [UNIT_HOUR] = 3600 * US_PER_SECOND};
    if (unit >= UNIT_DAY)
        return truncate_day(unit, local, start, error);
    *start = floor_to(local, steps[unit]);
    return true;
}

static bool can_truncate(Unit unit)
{
    return unit >= UNIT_MICROSECOND && unit <= UNIT_MILLENNIUM;
}

/* date_trunc does not know the names of fields that are no length of time. */
static bool trunc_error(KernelCall *call, Unit unit, Text name, const char *type)
{
    return unit_error(call, unit > UNIT_MILLENNIUM && unit < UNIT_TIMEZONE ? UNIT_UNKNOWN : unit,
                      name, type);
}

static inline bool trunc_timestamp(KernelCall *call, i32 i)
{
    Text name = arg_text(call, 0, i);
    Unit unit = call_unit(call, name);
    i64 timestamp = arg_i64(call, 1, i);
    if (!timestamp_is_finite(timestamp))
        return put_i64(call, i, timestamp);
    if (!can_truncate(unit))
        return trunc_error(call, unit, name, "timestamp without time zone");
    return truncate_local(unit, timestamp, result_i64(call, i), call->error);
}
UNIT_KERNEL(trunc_timestamp, false)

/* Below a day the offset stays that of the argument; days start at local midnight. east: of the
 * zone's own time. */
static bool trunc_in_zone(KernelCall *call, i32 i, const Timezone *zone, i64 east)
{
    Text name = arg_text(call, 0, i);
    Unit unit = call_unit(call, name);
    i64 utc = arg_i64(call, 1, i), start;
    if (!timestamp_is_finite(utc))
        return put_i64(call, i, utc);
    if (!can_truncate(unit))
        return trunc_error(call, unit, name, "timestamp with time zone");
    i64 offset = offset_at(zone, utc) * US_PER_SECOND + east;
    if (!truncate_local(unit, utc + offset, &start, call->error))
        return false;
    if (unit < UNIT_DAY)
        return put_i64(call, i, start - offset);
    return timestamp_to_timestamptz(start - east, zone, result_i64(call, i), call->error);
}

static inline bool trunc_timestamptz(KernelCall *call, i32 i)
{
    return trunc_in_zone(call, i, call->env->format.timezone, 0);
}
UNIT_KERNEL(trunc_timestamptz, false)

static inline bool trunc_zone(KernelCall *call, i32 i)
{
    Text name = arg_text(call, 2, i);
    TimezoneAbbreviation meaning;
    const Timezone *zone;
    if (timezone_abbreviation(name, &meaning)) {
        if (!meaning.zone)
            return trunc_in_zone(call, i, NULL, meaning.offset_seconds * US_PER_SECOND);
        name = text_from(meaning.zone);
    }
    return timezone_find(name, &zone, call->error) && trunc_in_zone(call, i, zone, 0);
}
UNIT_KERNEL(trunc_zone, false)

static inline bool trunc_interval(KernelCall *call, i32 i)
{
    Text name = arg_text(call, 0, i);
    Unit unit = call_unit(call, name);
    Interval interval = arg_interval(call, 1, i), r = {0};
    static const i32 months[] = {
        [UNIT_MONTH] = 1,    [UNIT_QUARTER] = 3,    [UNIT_YEAR] = 12,
        [UNIT_DECADE] = 120, [UNIT_CENTURY] = 1200, [UNIT_MILLENNIUM] = 12000};
    if (!can_truncate(unit) || unit == UNIT_WEEK) {
        trunc_error(call, unit, name, "interval");
        return unit == UNIT_WEEK
                   ? error_detail(call->error, "Months usually have fractional weeks.")
                   : false;
    }
    if (unit >= UNIT_MONTH) {
        r.months = interval.months / months[unit] * months[unit];
        return put_interval(call, i, r);
    }
    r = (Interval){.months = interval.months, .days = interval.days};
    i64 magnitude = interval.us < 0 ? -interval.us : interval.us, start = 0;
    if (unit < UNIT_DAY && !truncate_local(unit, magnitude, &start, call->error))
        return false;
    r.us = interval.us < 0 ? -start : start;
    return put_interval(call, i, r);
}
UNIT_KERNEL(trunc_interval, false)

// clang-format off
#define STR LANE_STR
#define I32 LANE_I32
#define I64 LANE_I64
#define F64 LANE_F64
#define NUM LANE_NUM
#define IVL LANE_INTERVAL
static const KernelRow rows[] = {
    {OP_DATE_PART_DATE,         date_part_date_kernel,        2, {STR, I32},      F64, SCALE_FREE},
    {OP_DATE_PART_TIME,         date_part_time_kernel,        2, {STR, I64},      F64, SCALE_FREE},
    {OP_DATE_PART_TIMESTAMP,    date_part_timestamp_kernel,   2, {STR, I64},      F64, SCALE_FREE},
    {OP_DATE_PART_TIMESTAMPTZ,  date_part_timestamptz_kernel, 2, {STR, I64},      F64, SCALE_FREE},
    {OP_DATE_PART_INTERVAL,     date_part_interval_kernel,    2, {STR, IVL},      F64, SCALE_FREE},
    {OP_EXTRACT_DATE,           extract_date_kernel,          2, {STR, I32},      NUM, SCALE_FREE},
    {OP_EXTRACT_TIME,           extract_time_kernel,          2, {STR, I64},      NUM, SCALE_FREE},
    {OP_EXTRACT_TIMESTAMP,      extract_timestamp_kernel,     2, {STR, I64},      NUM, SCALE_FREE},
    {OP_EXTRACT_TIMESTAMPTZ,    extract_timestamptz_kernel,   2, {STR, I64},      NUM, SCALE_FREE},
    {OP_EXTRACT_INTERVAL,       extract_interval_kernel,      2, {STR, IVL},      NUM, SCALE_FREE},
    {OP_DATE_TRUNC_TIMESTAMP,   trunc_timestamp_kernel,       2, {STR, I64},      I64, SCALE_FREE},
    {OP_DATE_TRUNC_TIMESTAMPTZ, trunc_timestamptz_kernel,     2, {STR, I64},      I64, SCALE_FREE},
    {OP_DATE_TRUNC_ZONE,        trunc_zone_kernel,            3, {STR, I64, STR}, I64, SCALE_FREE},
    {OP_DATE_TRUNC_INTERVAL,    trunc_interval_kernel,        2, {STR, IVL},      IVL, SCALE_FREE},
};
// clang-format on

const KernelTable date_field_kernels = {rows, countof(rows)};
