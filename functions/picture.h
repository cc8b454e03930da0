/* SPDX-License-Identifier: Apache-2.0
 *
 * Pictures: the templates of to_char, to_date, to_timestamp and to_number, taken apart once
 * (PostgreSQL 15, 9.8 "Data Type Formatting Functions").
 *
 * A picture is a list of items: a field ("YYYY", "9") with its modifiers, or a character that
 * stands for itself. Which characters are fields depends on what the picture is for.
 *
 * Ownership law: items and their texts live in the arena given to picture_parse.
 */
#ifndef GOTGAN_PICTURE_H
#define GOTGAN_PICTURE_H

#include "base/text.h"
#include "functions/kernel.h"

/* One field of dates or numbers. Fields that differ in letter case only are one; the case is in the
 * name. */
typedef enum Field {
    FIELD_AD_DOTS,
    FIELD_AM_DOTS,
    FIELD_AD,
    FIELD_AM,
    FIELD_CC,
    FIELD_DAY,
    FIELD_DDD,
    FIELD_DD,
    FIELD_DY,
    FIELD_D,
    FIELD_FF1, /* ... */
    FIELD_FF2,
    FIELD_FF3,
    FIELD_FF4,
    FIELD_FF5,
    FIELD_FF6,
    FIELD_FX,
    FIELD_HH24,
    FIELD_HH12,
    FIELD_IDDD,
    FIELD_ID,
    FIELD_IW,
    FIELD_IYYY, /* ISO years of 4, 3, 2 digits and 1 ... */
    FIELD_IYY,
    FIELD_IY,
    FIELD_I,
    FIELD_J,
    FIELD_MI,
    FIELD_MM,
    FIELD_MONTH,
    FIELD_MON,
    FIELD_MS,
    FIELD_OF,
    FIELD_Q,
    FIELD_RM,
    FIELD_SSSS,
    FIELD_SS,
    FIELD_TZH,
    FIELD_TZM,
    FIELD_TZ,
    FIELD_US,
    FIELD_WW,
    FIELD_W,
    FIELD_Y_YYY,
    FIELD_YYYY, /* ... and years of the calendar, in the same order */
    FIELD_YYY,
    FIELD_YY,
    FIELD_Y,
    NUMBER_COMMA,
    NUMBER_POINT,
    NUMBER_0,
    NUMBER_9,
    NUMBER_B,
    NUMBER_D,
    NUMBER_EEEE,
    NUMBER_FM,
    NUMBER_G,
    NUMBER_L,
    NUMBER_MI,
    NUMBER_PL,
    NUMBER_PR,
    NUMBER_RN,
    NUMBER_S,
    NUMBER_SG,
    NUMBER_SP,
    NUMBER_TH,
    NUMBER_V,
} Field;

/* Which calendar a field of a date counts in; the two do not mix when a date is read. */
typedef enum Calendar { CALENDAR_ANY, CALENDAR_GREGORIAN, CALENDAR_ISO_WEEK } Calendar;

typedef struct FieldName {
    const char *name;
    Field field;
    bool digits; /* what it reads begins with a digit */
    Calendar calendar;
} FieldName;

enum {
    MODIFIER_FM = 1, /* no padding */
    MODIFIER_TM = 2, /* names in the session's language (which is the C locale's) */
    MODIFIER_TH_UPPER = 4,
    MODIFIER_TH_LOWER = 8,
    MODIFIER_TH = MODIFIER_TH_UPPER | MODIFIER_TH_LOWER,
};

typedef enum PictureKind {
    PICTURE_FIELD,
    PICTURE_SPACE,
    PICTURE_SEPARATOR, /* of dates: an ASCII sign that is no letter, digit or blank */
    PICTURE_TEXT,
} PictureKind;

typedef struct PictureItem {
    PictureKind kind;
    i32 modifiers;
    const FieldName *field; /* PICTURE_FIELD */
    Text text;              /* others: one character */
} PictureItem;

typedef enum PictureUse { PICTURE_OF_DATES, PICTURE_OF_NUMBERS } PictureUse;

typedef struct Picture {
    PictureItem *items;
    i32 count;
    i64 bytes; /* of the template */
} Picture;

/* Cannot fail but for memory: what is no field stands for itself. Double quotes enclose characters
 * that stand for themselves; a backslash before a quote takes its meaning away. */
must_check bool picture_parse(Text template, PictureUse use, Arena *arena, Picture *picture,
                              Error *error);

/* Of dates, the picture of row i in argument 1: what date_picture_prepare made of a constant one,
 * or its own. */
must_check bool date_picture_of(KernelCall *call, i32 i, Picture *own, const Picture **picture);
/* KernelState.prepare */
bool date_picture_prepare(const Value *const *constants, i32 nargs, const FunctionRow *row,
                          Arena *arena, void **state, Error *error);

/* Names in the C locale; their first three letters are the short ones. */
extern const char *const picture_months[12], *const picture_days[7]; /* January, Sunday first */
extern const char *const picture_roman_months[12];                   /* I first */
enum { PICTURE_SHORT_NAME = 3 };

/* "st", "nd", "rd", "th" for a number's decimal digits. */
const char *ordinal_ending(Text digits);

/* A character of a template that separates fields. */
bool picture_is_separator(char c);

#endif
