/* SPDX-License-Identifier: Apache-2.0
 *
 * Date/time text taken apart: what date, time, timestamp and interval input share. Inside types/
 * only.
 *
 * Reading has three steps: fields_split cuts the text into fields by their look (digits, digits
 * with separators, letters ...), datetime_decode gives each field a meaning from what came before
 * it, and the caller turns the parts into its value.
 */
#ifndef GOTGAN_DATETIME_TOKENS_H
#define GOTGAN_DATETIME_TOKENS_H

#include "types/timestamp.h"

enum { FIELDS_MAX = 25, FIELD_TEXT_BYTES = 256 };

/* What went wrong; datetime_fail makes the error of it. */
typedef enum DateTimeProblem {
    DATETIME_OK,
    DATETIME_FORMAT,          /* 22007 */
    DATETIME_FIELD_RANGE,     /* 22008 */
    DATETIME_MONTH_DAY_RANGE, /* 22008, with a hint at DateStyle */
    DATETIME_INTERVAL_RANGE,  /* 22015 */
    DATETIME_ZONE_RANGE,      /* 22009 */
    DATETIME_ERROR_SET,       /* the error is filled already */
} DateTimeProblem;
/* type: as in messages: "timestamp with time zone". Always false. */
bool datetime_fail(DateTimeProblem problem, Text text, const char *type, Error *error);

typedef enum FieldForm {
    FIELD_NUMBER,      /* digits, perhaps with a decimal point */
    FIELD_DATE,        /* digits or letters with - / . between */
    FIELD_TIME,        /* digits with : between */
    FIELD_ZONE,        /* + or - and digits */
    FIELD_WORD,        /* letters */
    FIELD_SIGNED_WORD, /* + or - and letters */
} FieldForm;

typedef struct DateTimeFields {
    i32 count;
    FieldForm forms[FIELDS_MAX];
    char *texts[FIELDS_MAX]; /* NUL-terminated, lower case; decoding may cut them */
    char bytes[FIELD_TEXT_BYTES];
    i32 used;
} DateTimeFields;
/* bytes_max: texts that need more are refused (<= FIELD_TEXT_BYTES). */
DateTimeProblem fields_split(Text text, i32 bytes_max, DateTimeFields *fields);

/* What a word means. */
typedef enum WordKind {
    WORD_UNKNOWN,
    WORD_IGNORED, /* "at", "on" */
    WORD_SPECIAL, /* value: a SpecialWord */
    WORD_MONTH,   /* value: 1..12 */
    WORD_WEEKDAY,
    WORD_AMPM,     /* value: 1 pm */
    WORD_ERA,      /* value: 1 BC */
    WORD_UNIT,     /* value: a Part: labels the number that follows */
    WORD_ISO_TIME, /* "t" */
    WORD_SUMMER,   /* "dst": one hour more */
} WordKind;
typedef enum SpecialWord {
    SPECIAL_NONE,
    SPECIAL_NOW,
    SPECIAL_TODAY,
    SPECIAL_TOMORROW,
    SPECIAL_YESTERDAY,
    SPECIAL_ALLBALLS,
    SPECIAL_EPOCH,
    SPECIAL_INFINITY,
    SPECIAL_MINUS_INFINITY,
} SpecialWord;
/* The parts of a date and time; also the bits of the masks that tell which were seen. */
typedef enum Part {
    PART_NONE,
    PART_YEAR,
    PART_MONTH,
    PART_DAY,
    PART_HOUR,
    PART_MINUTE,
    PART_SECOND,
    PART_ZONE,
    PART_SUMMER,
    PART_DAY_OF_YEAR,
    PART_WEEKDAY,
    PART_AMPM,
    PART_ERA,
    PART_JULIAN,
    PART_TIME,
    PART_SPECIAL,    /* "epoch", "infinity": other parts are read and count for nothing */
    PART_OTHER_UNIT, /* a unit that labels nothing in input: "dow", "isoyear" ... */
} Part;
#define PART_BIT(part) (1u << (part))
#define PARTS_DATE (PART_BIT(PART_YEAR) | PART_BIT(PART_MONTH) | PART_BIT(PART_DAY))
#define PARTS_TIME (PART_BIT(PART_HOUR) | PART_BIT(PART_MINUTE) | PART_BIT(PART_SECOND))
/* The word table alone; word is lower case. */
WordKind word_find(const char *word, i32 *value);

/* A decimal number as C reads it: skips white space, takes a sign. */
typedef struct ReadInteger {
    i64 value;
    const char *end; /* == start: no digits */
    bool range;      /* does not fit 32 bits */
} ReadInteger;
ReadInteger integer_read_32(const char *at);
/* ".5" (a lone "." is 0) as microseconds, rounded to even; false: something else follows. */
must_check bool fraction_read(const char *at, i32 *us);
/* "+hh", "+hhmm", "+hh:mm", "+hh:mm:ss": seconds east of UTC. */
DateTimeProblem zone_offset_read(const char *at, i32 *offset_seconds);

typedef enum DateTimeWanted { WANT_DATE_AND_TIME, WANT_TIME } DateTimeWanted;

typedef struct DateTime {
    CivilTime civil;
    SpecialWord special; /* EPOCH or an infinity: the rest counts for nothing */
    i32 offset_seconds;  /* east of UTC: given, or that of the session's time zone */
    bool has_offset;     /* given */
} DateTime;
/* Meaning of the fields of one text. */
DateTimeProblem datetime_decode(DateTimeFields *fields, DateTimeWanted wanted,
                                const FormatSettings *format, DateTime *result, Error *error);
/* Whole microseconds of the day. */
i64 civil_time_of_day(const CivilTime *civil);

/* yyyy-mm-dd in DateStyle's layout; era: " BC" is written at the end by print_era. */
char *print_civil_date(CivilDate date, const FormatSettings *format, char *at);
char *print_era(CivilDate date, char *at);
/* At least `digits` digits, zero padded. */
char *print_padded(i32 value, i32 digits, char *at);
/* hh:mm:ss[.ffffff], zeros at the end cut. */
char *print_clock(i32 hour, i32 minute, i32 second, i32 us, char *at);
extern const char month_names[12][4], weekday_names[7][4];

#endif
