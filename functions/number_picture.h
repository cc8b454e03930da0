/* SPDX-License-Identifier: Apache-2.0
 *
 * Number pictures: what a template of to_char and to_number says about a number as a whole, and the
 * two walks over it: a number's digits into the template's places, and an input's characters out of
 * them (PostgreSQL 15, 9.8, table "Template Patterns for Numeric Formatting"). Of the C locale:
 * point
 * ".", groups ",", a blank as currency.
 *
 * Ownership law: what is made lives in the arenas given.
 */
#ifndef GOTGAN_NUMBER_PICTURE_H
#define GOTGAN_NUMBER_PICTURE_H

#include "functions/picture.h"
#include "functions/text_make.h"

/* Where S puts the sign. */
typedef enum SignPlace { SIGN_NOWHERE, SIGN_LEADING, SIGN_TRAILING } SignPlace;

typedef struct NumberPicture {
    Picture picture;
    i32 before, behind; /* places before and behind the point */
    bool multiplies;    /* V */
    i32 shift;          /* places behind V: the number is multiplied by 10 to this */
    i32 first_zero;     /* place of the first 0 before the point; -1: none */
    i32 last_zero;      /* places up to the last 0 */
    i32 sign_at;        /* places before a leading S */
    SignPlace sign;     /* S */
    bool fills;         /* FM */
    bool point;         /* . or D */
    bool blank;         /* B */
    bool minus;         /* MI or SG */
    bool plus;          /* PL or SG */
    bool bracket;       /* PR */
    bool roman;         /* RN */
    bool scientific;    /* EEEE */
} NumberPicture;

/* 42601 for templates that contradict themselves. */
must_check bool number_picture_parse(Text template, Arena *arena, NumberPicture *picture,
                                     Error *error);

/* A number in the template's terms: its digits (with a point when the template has places behind
 * it), its sign apart. sign 0: Roman numerals. */
typedef struct NumberText {
    Text digits;
    char sign;
    i32 missing; /* places before the point that the digits do not fill */
} NumberText;

/* Digits of a number without its sign, "123" or "123.45", made fit: zeros behind the point, # where
 * the places do not suffice. */
NumberText number_fit(const NumberPicture *picture, TextMaker *maker, Text digits, bool negative);
/* Writes the number; scientific ones are their digits. 22P02 when TH meets what is no number. */
void number_show(const NumberPicture *picture, const NumberText *number, TextMaker *maker);

/* What stands in the template's places of the input, as text of a numeric with its sign; digits
 * tells how many stood behind the point. 0A000 for RN and EEEE. */
must_check bool number_collect(const NumberPicture *picture, Text input, TextMaker *maker,
                               Text *collected, i32 *digits, Error *error);

#endif
