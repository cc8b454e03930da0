/* SPDX-License-Identifier: Apache-2.0
 *
 * Making dates and times from fields and numbers, moving them between time zones, binning, and
 * OVERLAPS.
 */
#include <math.h>

#include "functions/text_make.h"
#include "types/datetime_tokens.h"
#include "types/timestamp.h"

static bool out_of_range(Error *error, const char *what)
{
    return error_set(error, E_DATETIME_FIELD_OVERFLOW, "%s out of range", what);
}

/* ---- make_ ---- */

/* A negative year is BC; there is no year 0. shown: the year in messages. */
static bool civil_of(KernelCall *call, CivilDate given, i32 shown, CivilDate *civil)
{
    *civil = given;
    if (given.year < 0)
        civil->year++;
    bool fields = given.year != 0 && given.year != INT32_MIN && given.month >= 1 &&
                  given.month <= 12 && given.day >= 1 &&
                  given.day <= month_days(civil->year, given.month);
    if (fields && civil_is_valid(*civil))
        return true;
    return error_set(call->error, E_DATETIME_FIELD_OVERFLOW, "%s out of range: %d-%02d-%02d",
                     fields ? "date" : "date field value", shown, given.month, given.day);
}

static bool time_of(KernelCall *call, i32 hour, i32 minute, f64 second, i64 *us)
{
    f64 rest = rint(second * 1000000.0); /* rounded first: a little beyond the range is in it */
    bool fields = hour >= 0 && hour <= 24 && minute >= 0 && minute <= 59 && rest >= 0 &&
                  rest <= (f64)(60 * US_PER_SECOND);
    *us = fields ? ((i64)hour * 60 + minute) * 60 * US_PER_SECOND + (i64)rest : -1;
    if (fields && *us <= US_PER_DAY)
        return true;
    return error_set(call->error, E_DATETIME_FIELD_OVERFLOW,
                     "time field value out of range: %d:%02d:%02g", hour, minute, second);
}

static inline bool make_date(KernelCall *call, i32 i)
{
    CivilDate given = {arg_i32(call, 0, i), arg_i32(call, 1, i), arg_i32(call, 2, i)}, civil;
    bool before = given.year < 0 && given.year != INT32_MIN;
    return civil_of(call, given, before ? given.year + 1 : given.year, &civil) &&
           put_i32(call, i, date_from_civil(civil));
}
ROW_KERNEL(make_date)

static inline bool make_time(KernelCall *call, i32 i)
{
    return time_of(call, arg_i32(call, 0, i), arg_i32(call, 1, i), arg_f64(call, 2, i),
                   result_i64(call, i));
}
ROW_KERNEL(make_time)

static bool timestamp_of_fields(KernelCall *call, i32 i, i64 *timestamp)
{
    CivilDate civil;
    i64 time;
    i32 year = arg_i32(call, 0, i), month = arg_i32(call, 1, i), day = arg_i32(call, 2, i);
    i32 hour = arg_i32(call, 3, i), minute = arg_i32(call, 4, i);
    f64 second = arg_f64(call, 5, i);
    if (!civil_of(call, (CivilDate){year, month, day}, year, &civil) ||
        !time_of(call, hour, minute, second, &time))
        return false;
    i128 us = (i128)date_from_civil(civil) * US_PER_DAY + time;
    if (us >= TIMESTAMP_MIN && us < TIMESTAMP_END) {
        *timestamp = (i64)us;
        return true;
    }
    return error_set(call->error, E_DATETIME_FIELD_OVERFLOW,
                     "timestamp out of range: %d-%02d-%02d %d:%02d:%02g", year, month, day, hour,
                     minute, second);
}

static inline bool make_timestamp(KernelCall *call, i32 i)
{
    return timestamp_of_fields(call, i, result_i64(call, i));
}
ROW_KERNEL(make_timestamp)

static inline bool make_timestamptz(KernelCall *call, i32 i)
{
    i64 local;
    return timestamp_of_fields(call, i, &local) &&
           timestamp_to_timestamptz(local, call->env->format.timezone, result_i64(call, i),
                                    call->error);
}
ROW_KERNEL(make_timestamptz)

static inline bool make_interval(KernelCall *call, i32 i)
{
    f64 seconds = arg_f64(call, 6, i);
    i64 months = (i64)arg_i32(call, 0, i) * 12 + arg_i32(call, 1, i);
    i64 days = (i64)arg_i32(call, 2, i) * 7 + arg_i32(call, 3, i);
    i128 us = ((i128)arg_i32(call, 4, i) * 60 + arg_i32(call, 5, i)) * 60 * US_PER_SECOND;
    bool finite = isfinite(seconds) && fabs(seconds) < 9e12;
    if (finite)
        us += (i64)rint(seconds * 1000000.0);
    if (!finite || months != (i32)months || days != (i32)days || us != (i64)us)
        return out_of_range(call->error, "interval");
    return put_interval(call, i, (Interval){(i64)us, (i32)days, (i32)months});
}
ROW_KERNEL(make_interval)

#define SECONDS_1970_TO_2000 946684800.0

static inline bool to_timestamp(KernelCall *call, i32 i)
{
    f64 seconds = arg_f64(call, 0, i);
    if (isnan(seconds))
        return error_set(call->error, E_DATETIME_FIELD_OVERFLOW, "timestamp cannot be NaN");
    if (isinf(seconds))
        return put_i64(call, i, seconds < 0 ? TIMESTAMP_MINUS_INFINITY : TIMESTAMP_INFINITY);
    f64 us = rint((seconds - SECONDS_1970_TO_2000) * 1000000.0);
    if (us < (f64)TIMESTAMP_MIN || us >= (f64)TIMESTAMP_END)
        return error_set(call->error, E_DATETIME_FIELD_OVERFLOW, "timestamp out of range: \"%g\"",
                         seconds);
    return put_i64(call, i, (i64)us);
}
ROW_KERNEL(to_timestamp)

/* ---- time zones ---- */

/* What AT TIME ZONE names: an abbreviation with a fixed offset, a zone, or what a zone is called
 * at times. */
typedef struct ZoneName {
    const Timezone *zone; /* NULL: offset */
    Text abbreviation;    /* of the zone; empty: the zone as a whole */
    i64 offset_us;        /* east of UTC */
} ZoneName;

static bool find_zone(KernelCall *call, Text name, ZoneName *found)
{
    TimezoneAbbreviation meaning;
    *found = (ZoneName){0};
    if (!timezone_abbreviation(name, &meaning))
        return timezone_find(name, &found->zone, call->error);
    found->offset_us = meaning.offset_seconds * US_PER_SECOND;
    if (!meaning.zone)
        return true;
    found->abbreviation = name;
    return timezone_find(text_from(meaning.zone), &found->zone, call->error);
}

/* An interval as an offset: no months, no days. */
static bool interval_offset(KernelCall *call, Interval interval, ZoneName *found)
{
    *found = (ZoneName){.offset_us = interval.us / US_PER_SECOND * US_PER_SECOND};
    if (interval.months == 0 && interval.days == 0)
        return true;
    char text[INTERVAL_TEXT_BYTES];
    FormatSettings format = {.interval_style = INTERVALSTYLE_POSTGRES};
    i32 len = interval_print(interval, &format, text);
    return error_set(call->error, E_INVALID_PARAMETER_VALUE,
                     "interval time zone \"%.*s\" must not include months or days", len, text);
}

static bool put_shifted(KernelCall *call, i32 i, i64 timestamp, i64 by_us)
{
    i64 shifted;
    if (!timestamp_is_finite(timestamp))
        return put_i64(call, i, timestamp);
    if (__builtin_add_overflow(timestamp, by_us, &shifted) || shifted < TIMESTAMP_MIN ||
        shifted >= TIMESTAMP_END)
        return out_of_range(call->error, "timestamp");
    return put_i64(call, i, shifted);
}

static bool put_local(KernelCall *call, i32 i, ZoneName zone, i64 utc)
{
    if (zone.abbreviation.len && timestamp_is_finite(utc))
        zone.offset_us =
            timezone_abbreviation_at_utc(zone.zone, zone.abbreviation, utc) * US_PER_SECOND;
    else if (zone.zone)
        return timestamptz_to_timestamp(utc, zone.zone, result_i64(call, i), call->error);
    return put_shifted(call, i, utc, zone.offset_us);
}

static bool put_utc(KernelCall *call, i32 i, ZoneName zone, i64 local)
{
    if (zone.abbreviation.len && timestamp_is_finite(local))
        zone.offset_us =
            timezone_abbreviation_at_local(zone.zone, zone.abbreviation, local) * US_PER_SECOND;
    else if (zone.zone)
        return timestamp_to_timestamptz(local, zone.zone, result_i64(call, i), call->error);
    return put_shifted(call, i, local, -zone.offset_us);
}

static inline bool zone_to_timestamp(KernelCall *call, i32 i)
{
    ZoneName zone;
    return find_zone(call, arg_text(call, 0, i), &zone) &&
           put_local(call, i, zone, arg_i64(call, 1, i));
}
ROW_KERNEL(zone_to_timestamp)

static inline bool zone_to_timestamptz(KernelCall *call, i32 i)
{
    ZoneName zone;
    return find_zone(call, arg_text(call, 0, i), &zone) &&
           put_utc(call, i, zone, arg_i64(call, 1, i));
}
ROW_KERNEL(zone_to_timestamptz)

static inline bool offset_to_timestamp(KernelCall *call, i32 i)
{
    ZoneName zone;
    return interval_offset(call, arg_interval(call, 0, i), &zone) &&
           put_local(call, i, zone, arg_i64(call, 1, i));
}
ROW_KERNEL(offset_to_timestamp)

static inline bool offset_to_timestamptz(KernelCall *call, i32 i)
{
    ZoneName zone;
    return interval_offset(call, arg_interval(call, 0, i), &zone) &&
           put_utc(call, i, zone, arg_i64(call, 1, i));
}
ROW_KERNEL(offset_to_timestamptz)

/* A zone as make_timestamptz reads it: numbers are east of UTC and have a sign, as in input, not
 * west of it as in POSIX. */
static bool find_zone_of_make(KernelCall *call, Text name, ZoneName *found)
{
    i32 seconds = 0;
    if (name.len > 0 && name.data[0] >= '0' && name.data[0] <= '9') {
        error_set(call->error, E_INVALID_PARAMETER_VALUE,
                  "invalid input syntax for type numeric time zone: \"%.*s\"", ERROR_TEXT(name));
        return error_hint(call->error,
                          "Numeric time zones must have \"-\" or \"+\" as first character.");
    }
    char copy[64]; /* longer ones are names of nothing */
    snprintf(copy, sizeof copy, "%.*s", TEXT_ARG(name));
    DateTimeProblem problem = zone_offset_read(copy, &seconds);
    if (problem == DATETIME_ZONE_RANGE)
        return error_set(call->error, E_INVALID_PARAMETER_VALUE,
                         "numeric time zone \"%.*s\" out of range", ERROR_TEXT(name));
    if (problem != DATETIME_OK)
        return find_zone(call, name, found);
    *found = (ZoneName){.offset_us = seconds * US_PER_SECOND};
    return true;
}

static inline bool make_timestamptz_zone(KernelCall *call, i32 i)
{
    i64 local;
    ZoneName zone;
    return timestamp_of_fields(call, i, &local) &&
           find_zone_of_make(call, arg_text(call, 6, i), &zone) && put_utc(call, i, zone, local);
}
ROW_KERNEL(make_timestamptz_zone)

/* ---- date_bin ---- */

static inline bool date_bin(KernelCall *call, i32 i)
{
    Interval stride = arg_interval(call, 0, i);
    i64 source = arg_i64(call, 1, i), origin = arg_i64(call, 2, i), difference;
    if (!timestamp_is_finite(source))
        return put_i64(call, i, source);
    if (!timestamp_is_finite(origin))
        return out_of_range(call->error, "origin");
    if (stride.months != 0)
        return error_set(call->error, E_FEATURE_NOT_SUPPORTED,
                         "timestamps cannot be binned into intervals containing months or years");
    i128 width = (i128)stride.days * US_PER_DAY + stride.us;
    if (width != (i64)width || __builtin_sub_overflow(source, origin, &difference))
        return out_of_range(call->error, "interval");
    if (width <= 0)
        return error_set(call->error, E_DATETIME_FIELD_OVERFLOW,
                         "stride must be greater than zero");
    i64 rest = difference % (i64)width;
    i128 start = (i128)origin + difference - rest - (rest < 0 ? width : 0);
    if (start < TIMESTAMP_MIN || start >= TIMESTAMP_END)
        return out_of_range(call->error, "timestamp");
    return put_i64(call, i, (i64)start);
}
ROW_KERNEL(date_bin)

/* ---- overlaps ---- */

/* One end of a period; it may be NULL. */
typedef struct End {
    i64 at;
    bool null;
} End;

static End end_of(const KernelCall *call, i32 arg, i32 i)
{
    return (End){arg_i64(call, arg, i), arg_is_null(call, arg, i)};
}

/* The known end first; both known: the earlier first. False: both are NULL. */
static bool order_period(End *from, End *to)
{
    if ((from->null && !to->null) || (!from->null && !to->null && from->at > to->at)) {
        End swap = *from;
        *from = *to;
        *to = swap;
    }
    return !from->null;
}

/* True, false or, when an unknown end would decide, NULL. */
static bool put_overlap(KernelCall *call, i32 i, End a, End a_end, End b, End b_end)
{
    if (!order_period(&a, &a_end) || !order_period(&b, &b_end))
        return put_null(call, i);
    if (a.at == b.at)
        return a_end.null || b_end.null ? put_null(call, i) : put_bool(call, i, true);
    End end = a.at < b.at ? a_end : b_end, other_end = a.at < b.at ? b_end : a_end;
    i64 later = a.at < b.at ? b.at : a.at;
    if (end.null)
        return put_null(call, i);
    if (later < end.at)
        return put_bool(call, i, true);
    return other_end.null ? put_null(call, i) : put_bool(call, i, false);
}

typedef enum EndKind { END_TIMESTAMP, END_TIMESTAMPTZ, END_TIME } EndKind;

/* The end of a period given by its start (argument arg) and an end or a length (arg + 1). */
static bool period_end(KernelCall *call, EndKind kind, i32 arg, i32 i, End start, End *end)
{
    Error *error = call->error;
    if (call->args[arg + 1].lane.kind != LANE_INTERVAL) {
        *end = end_of(call, arg + 1, i);
        return true;
    }
    *end = (End){.null = start.null || arg_is_null(call, arg + 1, i)};
    if (end->null)
        return true;
    Interval length = arg_interval(call, arg + 1, i);
    if (kind == END_TIMESTAMP)
        return timestamp_add(start.at, length, &end->at, error);
    if (kind == END_TIMESTAMPTZ)
        return timestamptz_add(start.at, length, call->env->format.timezone, &end->at, error);
    i64 us = (start.at + length.us % US_PER_DAY) % US_PER_DAY;
    end->at = us < 0 ? us + US_PER_DAY : us;
    return true;
}

TEMPLATE bool overlap_row(KernelCall *call, i32 i, EndKind kind)
{
    End a = end_of(call, 0, i), b = end_of(call, 2, i), a_end, b_end;
    return period_end(call, kind, 0, i, a, &a_end) && period_end(call, kind, 2, i, b, &b_end) &&
           put_overlap(call, i, a, a_end, b, b_end);
}

static inline bool overlaps_timestamp(KernelCall *call, i32 i)
{
    return overlap_row(call, i, END_TIMESTAMP);
}
ROW_KERNEL_ALL(overlaps_timestamp)
static inline bool overlaps_timestamptz(KernelCall *call, i32 i)
{
    return overlap_row(call, i, END_TIMESTAMPTZ);
}
ROW_KERNEL_ALL(overlaps_timestamptz)
static inline bool overlaps_time(KernelCall *call, i32 i)
{
    return overlap_row(call, i, END_TIME);
}
ROW_KERNEL_ALL(overlaps_time)

// clang-format off
#define STR LANE_STR
#define I32 LANE_I32
#define I64 LANE_I64
#define F64 LANE_F64
#define IVL LANE_INTERVAL
#define BIT LANE_BOOL
static const KernelRow rows[] = {
    {OP_MAKE_DATE,             make_date_kernel,             3, {I32, I32, I32},                          I32, SCALE_FREE},
    {OP_MAKE_TIME,             make_time_kernel,             3, {I32, I32, F64},                          I64, SCALE_FREE},
    {OP_MAKE_TIMESTAMP,        make_timestamp_kernel,        6, {I32, I32, I32, I32, I32, F64},           I64, SCALE_FREE},
    {OP_MAKE_TIMESTAMPTZ,      make_timestamptz_kernel,      6, {I32, I32, I32, I32, I32, F64},           I64, SCALE_FREE},
    {OP_MAKE_TIMESTAMPTZ,      make_timestamptz_zone_kernel, 7, {I32, I32, I32, I32, I32, F64, STR},      I64, SCALE_FREE},
    {OP_MAKE_INTERVAL,         make_interval_kernel,         7, {I32, I32, I32, I32, I32, I32, F64},      IVL, SCALE_FREE},
    {OP_TO_TIMESTAMP,          to_timestamp_kernel,          1, {F64},                                    I64, SCALE_FREE},
    {OP_ZONE_TO_TIMESTAMP,     zone_to_timestamp_kernel,     2, {STR, I64},                               I64, SCALE_FREE},
    {OP_ZONE_TO_TIMESTAMPTZ,   zone_to_timestamptz_kernel,   2, {STR, I64},                               I64, SCALE_FREE},
    {OP_OFFSET_TO_TIMESTAMP,   offset_to_timestamp_kernel,   2, {IVL, I64},                               I64, SCALE_FREE},
    {OP_OFFSET_TO_TIMESTAMPTZ, offset_to_timestamptz_kernel, 2, {IVL, I64},                               I64, SCALE_FREE},
    {OP_DATE_BIN,              date_bin_kernel,              3, {IVL, I64, I64},                          I64, SCALE_FREE},
    {OP_OVERLAPS_TIMESTAMP,    overlaps_timestamp_kernel,    4, {I64, LANE_ANY, I64, LANE_ANY},           BIT, SCALE_FREE},
    {OP_OVERLAPS_TIMESTAMPTZ,  overlaps_timestamptz_kernel,  4, {I64, LANE_ANY, I64, LANE_ANY},           BIT, SCALE_FREE},
    {OP_OVERLAPS_TIME,         overlaps_time_kernel,         4, {I64, LANE_ANY, I64, LANE_ANY},           BIT, SCALE_FREE},
};
// clang-format on

const KernelTable date_make_kernels = {rows, countof(rows)};
