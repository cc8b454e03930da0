/* SPDX-License-Identifier: Apache-2.0
 *
 * First step of date/time input: cutting a text into fields, the words it may use, the numbers in
 * it, and the errors.
 *
 * The cutting rules are PostgreSQL's (documentation, appendix B.1): a field's form is decided by
 * its first character and by the separators met in it; punctuation elsewhere only separates.
 */
#include "types/datetime_tokens.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>

#include "types/digits.h"

bool datetime_fail(DateTimeProblem problem, Text text, const char *type, Error *error)
{
    switch (problem) {
    case DATETIME_FIELD_RANGE:
    case DATETIME_MONTH_DAY_RANGE:
        error_set(error, E_DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"%.*s\"",
                  ERROR_TEXT(text));
        if (problem == DATETIME_MONTH_DAY_RANGE)
            error_hint(error, "Perhaps you need a different \"datestyle\" setting.");
        return false;
    case DATETIME_INTERVAL_RANGE:
        return error_set(error, E_INTERVAL_FIELD_OVERFLOW,
                         "interval field value out of range: \"%.*s\"", ERROR_TEXT(text));
    case DATETIME_ZONE_RANGE:
        return error_set(error, E_INVALID_TIME_ZONE_DISPLACEMENT_VALUE,
                         "time zone displacement out of range: \"%.*s\"", ERROR_TEXT(text));
    case DATETIME_OK:
    case DATETIME_FORMAT:
        return error_set(error, E_INVALID_DATETIME_FORMAT,
                         "invalid input syntax for type %s: \"%.*s\"", type, ERROR_TEXT(text));
    case DATETIME_ERROR_SET:
        return false;
    }
    unreachable();
}

/* ---- words ---- */

typedef struct Word {
    const char *text;
    WordKind kind;
    i32 value;
} Word;

// clang-format off
static const Word words[] = {
    {"-infinity", WORD_SPECIAL, SPECIAL_MINUS_INFINITY},
    {"infinity", WORD_SPECIAL, SPECIAL_INFINITY},
    {"epoch", WORD_SPECIAL, SPECIAL_EPOCH},
    {"now", WORD_SPECIAL, SPECIAL_NOW},
    {"today", WORD_SPECIAL, SPECIAL_TODAY},
    {"tomorrow", WORD_SPECIAL, SPECIAL_TOMORROW},
    {"yesterday", WORD_SPECIAL, SPECIAL_YESTERDAY},
    {"allballs", WORD_SPECIAL, SPECIAL_ALLBALLS},
    {"ad", WORD_ERA, 0}, {"bc", WORD_ERA, 1},
    {"am", WORD_AMPM, 0}, {"pm", WORD_AMPM, 1},
    {"at", WORD_IGNORED, 0}, {"on", WORD_IGNORED, 0},
    {"dst", WORD_SUMMER, 3600},
    {"t", WORD_ISO_TIME, PART_TIME},
    {"jan", WORD_MONTH, 1}, {"january", WORD_MONTH, 1},
    {"feb", WORD_MONTH, 2}, {"february", WORD_MONTH, 2},
    {"mar", WORD_MONTH, 3}, {"march", WORD_MONTH, 3},
    {"apr", WORD_MONTH, 4}, {"april", WORD_MONTH, 4},
    {"may", WORD_MONTH, 5},
    {"jun", WORD_MONTH, 6}, {"june", WORD_MONTH, 6},
    {"jul", WORD_MONTH, 7}, {"july", WORD_MONTH, 7},
    {"aug", WORD_MONTH, 8}, {"august", WORD_MONTH, 8},
    {"sep", WORD_MONTH, 9}, {"sept", WORD_MONTH, 9}, {"september", WORD_MONTH, 9},
    {"oct", WORD_MONTH, 10}, {"october", WORD_MONTH, 10},
    {"nov", WORD_MONTH, 11}, {"november", WORD_MONTH, 11},
    {"dec", WORD_MONTH, 12}, {"december", WORD_MONTH, 12},
    {"sun", WORD_WEEKDAY, 0}, {"sunday", WORD_WEEKDAY, 0},
    {"mon", WORD_WEEKDAY, 1}, {"monday", WORD_WEEKDAY, 1},
    {"tue", WORD_WEEKDAY, 2}, {"tues", WORD_WEEKDAY, 2}, {"tuesday", WORD_WEEKDAY, 2},
    {"wed", WORD_WEEKDAY, 3}, {"weds", WORD_WEEKDAY, 3}, {"wednesday", WORD_WEEKDAY, 3},
    {"thu", WORD_WEEKDAY, 4}, {"thur", WORD_WEEKDAY, 4}, {"thurs", WORD_WEEKDAY, 4},
    {"thursday", WORD_WEEKDAY, 4},
    {"fri", WORD_WEEKDAY, 5}, {"friday", WORD_WEEKDAY, 5},
    {"sat", WORD_WEEKDAY, 6}, {"saturday", WORD_WEEKDAY, 6},
    {"y", WORD_UNIT, PART_YEAR}, {"m", WORD_UNIT, PART_MONTH}, {"d", WORD_UNIT, PART_DAY},
    {"h", WORD_UNIT, PART_HOUR}, {"mm", WORD_UNIT, PART_MINUTE}, {"s", WORD_UNIT, PART_SECOND},
    {"j", WORD_UNIT, PART_JULIAN}, {"jd", WORD_UNIT, PART_JULIAN},
    {"julian", WORD_UNIT, PART_JULIAN},
    {"dow", WORD_UNIT, PART_OTHER_UNIT}, {"doy", WORD_UNIT, PART_OTHER_UNIT},
    {"isodow", WORD_UNIT, PART_OTHER_UNIT}, {"isoyear", WORD_UNIT, PART_OTHER_UNIT},
};
// clang-format on

WordKind word_find(const char *word, i32 *value)
{
    for (i32 i = 0; i < countof(words); i++) {
        if (strcmp(words[i].text, word) == 0) {
            *value = words[i].value;
            return words[i].kind;
        }
    }
    return WORD_UNKNOWN;
}

/* ---- cutting ---- */

typedef struct Splitter {
    const char *at, *end;
    DateTimeFields *fields;
    i32 bytes_max;
    bool full;
} Splitter;

static char peek(const Splitter *s)
{
    return s->at < s->end ? *s->at : 0;
}

static bool at_alphanumeric(const Splitter *s)
{
    return is_digit(peek(s)) || is_letter(peek(s));
}

/* Moves one character, in lower case, into the field being made. */
static void take(Splitter *s)
{
    DateTimeFields *fields = s->fields;
    if (fields->used + 1 >= s->bytes_max) {
        s->full = true;
        s->at++;
        return;
    }
    fields->bytes[fields->used++] = to_lower(*s->at++);
}

static void take_digits(Splitter *s)
{
    while (is_digit(peek(s)))
        take(s);
}

static FieldForm split_digits(Splitter *s)
{
    take_digits(s);
    if (peek(s) == ':') {
        while (is_digit(peek(s)) || peek(s) == ':' || peek(s) == '.')
            take(s);
        return FIELD_TIME;
    }
    char separator = peek(s);
    if (separator != '-' && separator != '/' && separator != '.')
        return FIELD_NUMBER;
    take(s);
    if (!is_digit(peek(s))) {
        while (at_alphanumeric(s) || peek(s) == separator)
            take(s);
        return FIELD_DATE;
    }
    take_digits(s);
    if (peek(s) != separator)
        return separator == '.' ? FIELD_NUMBER : FIELD_DATE;
    while (is_digit(peek(s)) || peek(s) == separator)
        take(s);
    return FIELD_DATE;
}

static bool continues_zone_name(char c)
{
    return c && (is_digit(c) || is_letter(c) || strchr("+-/_.:", c) != NULL);
}

static FieldForm split_letters(Splitter *s, char *start)
{
    while (is_letter(peek(s)))
        take(s);
    char next = peek(s);
    bool date = next == '-' || next == '/' || next == '.';
    if (!s->full && (next == '+' || is_digit(next))) {
        i32 value;
        s->fields->bytes[s->fields->used] = 0;
        date = word_find(start, &value) == WORD_UNKNOWN;
    }
    if (!date)
        return FIELD_WORD;
    while (continues_zone_name(peek(s)))
        take(s);
    return FIELD_DATE;
}

static bool split_sign(Splitter *s, FieldForm *form)
{
    take(s);
    while (is_space(peek(s)))
        s->at++;
    if (is_digit(peek(s))) {
        while (is_digit(peek(s)) || (peek(s) && strchr(":.-", peek(s))))
            take(s);
        *form = FIELD_ZONE;
        return true;
    }
    while (is_letter(peek(s)))
        take(s);
    *form = FIELD_SIGNED_WORD;
    return is_letter(s->at[-1]);
}

static bool split_field(Splitter *s, char *start, FieldForm *form)
{
    char c = peek(s);
    if (is_digit(c)) {
        *form = split_digits(s);
    } else if (c == '.') {
        take(s);
        take_digits(s);
        *form = FIELD_NUMBER;
    } else if (is_letter(c)) {
        *form = split_letters(s, start);
    } else if (c == '+' || c == '-') {
        return split_sign(s, form);
    } else {
        return false;
    }
    return true;
}

DateTimeProblem fields_split(Text text, i32 bytes_max, DateTimeFields *fields)
{
    Splitter s = {text.data, text.data + text.len, fields, bytes_max, false};
    fields->count = 0;
    fields->used = 0;
    while (s.at < s.end) {
        char c = *s.at;
        bool starts_field = is_digit(c) || is_letter(c) || c == '.' || c == '+' || c == '-';
        if (is_space(c) || (!starts_field && ispunct((unsigned char)c))) {
            s.at++;
            continue;
        }
        if (fields->count == FIELDS_MAX)
            return DATETIME_FORMAT;
        char *start = fields->bytes + fields->used;
        if (!split_field(&s, start, &fields->forms[fields->count]) || s.full)
            return DATETIME_FORMAT;
        fields->texts[fields->count++] = start;
        fields->bytes[fields->used++] = 0;
    }
    return DATETIME_OK;
}

/* ---- numbers ---- */

ReadInteger integer_read_32(const char *at)
{
    ReadInteger read = {.end = at};
    const char *start = at;
    while (is_space(*at))
        at++;
    bool negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    if (!is_digit(*at)) {
        read.end = start;
        return read;
    }
    for (; is_digit(*at); at++)
        if (read.value <= INT32_MAX)
            read.value = read.value * 10 + (*at - '0');
    if (negative)
        read.value = -read.value;
    read.range = read.value > INT32_MAX || read.value < INT32_MIN;
    read.end = at;
    return read;
}

bool fraction_read(const char *at, i32 *us)
{
    assert(*at == '.');
    *us = 0;
    if (at[1] == 0)
        return true;
    char *end;
    f64 fraction = strtod(at, &end);
    *us = (i32)rint(fraction * 1000000);
    return *end == 0 && end > at;
}

DateTimeProblem zone_offset_read(const char *at, i32 *offset_seconds)
{
    enum { HOURS_MAX = 15 };
    if (*at != '+' && *at != '-')
        return DATETIME_FORMAT;
    ReadInteger hours = integer_read_32(at + 1), minutes = {0}, seconds = {0};
    const char *end = hours.end;
    if (*end == ':') {
        minutes = integer_read_32(end + 1);
        end = minutes.end;
        if (*end == ':') {
            seconds = integer_read_32(end + 1);
            end = seconds.end;
        }
    } else if (*end == 0 && strlen(at) > 3) {
        minutes.value = hours.value % 100;
        hours.value /= 100;
    }
    if (hours.range || hours.value < 0 || hours.value > HOURS_MAX || minutes.range ||
        minutes.value < 0 || minutes.value > 59 || seconds.range || seconds.value < 0 ||
        seconds.value > 59)
        return DATETIME_ZONE_RANGE;
    i32 total = (i32)((hours.value * 60 + minutes.value) * 60 + seconds.value);
    *offset_seconds = *at == '-' ? -total : total;
    return *end == 0 ? DATETIME_OK : DATETIME_FORMAT;
}
