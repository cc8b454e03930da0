/* SPDX-License-Identifier: Apache-2.0
 *
 * Number pictures, taken apart and filled in.
 *
 * Showing walks over the template with a counter of places. Places that the number does not reach
 * are blanks or zeros; the sign goes before the first that it does reach; behind the last place
 * come a trailing S and the end of PR's brackets. FM drops blanks and the zeros behind the point
 * that no 0 asks for.
 */
#include "functions/number_picture.h"

#include "types/digits.h"

/* ---- taking apart ---- */

static bool bad_picture(Error *error, const char *message)
{
    return error_set(error, E_SYNTAX_ERROR, "%s", message);
}

static bool add_place(NumberPicture *p, bool zero, Error *error)
{
    if (p->bracket)
        return bad_picture(error, zero ? "\"0\" must be ahead of \"PR\""
                                       : "\"9\" must be ahead of \"PR\"");
    if (!zero && p->multiplies) {
        p->shift++;
        return true;
    }
    if (zero && p->first_zero < 0 && !p->point)
        p->first_zero = p->before;
    *(p->point ? &p->behind : &p->before) += 1;
    if (zero)
        p->last_zero = p->before + p->behind;
    return true;
}

static bool add_sign(NumberPicture *p, Error *error)
{
    if (p->sign != SIGN_NOWHERE)
        return bad_picture(error, "cannot use \"S\" twice");
    if (p->plus || p->minus || p->bracket)
        return bad_picture(error, "cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
    p->sign = p->point ? SIGN_TRAILING : SIGN_LEADING;
    p->sign_at = p->before;
    return true;
}

static bool add_own_sign(NumberPicture *p, Field field, Error *error)
{
    if (p->sign != SIGN_NOWHERE)
        return bad_picture(error, field == NUMBER_MI   ? "cannot use \"S\" and \"MI\" together"
                                  : field == NUMBER_PL ? "cannot use \"S\" and \"PL\" together"
                                                       : "cannot use \"S\" and \"SG\" together");
    p->minus |= field != NUMBER_PL;
    p->plus |= field != NUMBER_MI;
    return true;
}

static bool add_scientific(NumberPicture *p, Error *error)
{
    if (p->scientific)
        return bad_picture(error, "cannot use \"EEEE\" twice");
    if (p->blank || p->fills || p->sign != SIGN_NOWHERE || p->bracket || p->minus || p->plus ||
        p->roman || p->multiplies) {
        error_set(error, E_SYNTAX_ERROR, "\"EEEE\" is incompatible with other formats");
        return error_detail(
            error, "\"EEEE\" may only be used together with digit and decimal point patterns.");
    }
    p->scientific = true;
    return true;
}

static bool add_point(NumberPicture *p, Error *error)
{
    if (p->point)
        return bad_picture(error, "multiple decimal points");
    if (p->multiplies)
        return bad_picture(error, "cannot use \"V\" and decimal point together");
    p->point = true;
    return true;
}

static bool add_number_field(NumberPicture *p, Field field, Error *error)
{
    if (p->scientific && field != NUMBER_EEEE)
        return bad_picture(error, "\"EEEE\" must be the last pattern used");
    switch ((i32)field) {
    case NUMBER_9:
    case NUMBER_0:
        return add_place(p, field == NUMBER_0, error);
    case NUMBER_D:
    case NUMBER_POINT:
        return add_point(p, error);
    case NUMBER_S:
        return add_sign(p, error);
    case NUMBER_MI:
    case NUMBER_PL:
    case NUMBER_SG:
        return add_own_sign(p, field, error);
    case NUMBER_EEEE:
        return add_scientific(p, error);
    case NUMBER_PR:
        if (p->sign != SIGN_NOWHERE || p->plus || p->minus)
            return bad_picture(error, "cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together");
        p->bracket = true;
        return true;
    case NUMBER_V:
        if (p->point)
            return bad_picture(error, "cannot use \"V\" and decimal point together");
        p->multiplies = true;
        return true;
    case NUMBER_B:
        p->blank |= p->before == 0 && p->behind == 0 && p->first_zero < 0;
        return true;
    case NUMBER_FM:
        p->fills = true;
        return true;
    case NUMBER_RN:
        p->roman = true;
        return true;
    default:
        return true;
    }
}

bool number_picture_parse(Text template, Arena *arena, NumberPicture *picture, Error *error)
{
    *picture = (NumberPicture){.first_zero = -1};
    if (!picture_parse(template, PICTURE_OF_NUMBERS, arena, &picture->picture, error))
        return false;
    const Picture *items = &picture->picture;
    for (i32 i = 0; i < items->count; i++)
        if (items->items[i].kind == PICTURE_FIELD &&
            !add_number_field(picture, items->items[i].field->field, error))
            return false;
    return true;
}

/* ---- fitting ---- */

NumberText number_fit(const NumberPicture *picture, TextMaker *maker, Text digits, bool negative)
{
    i32 before = picture->before + picture->shift;
    const char *point = digits.len ? memchr(digits.data, '.', (size_t)digits.len) : NULL;
    i32 length = (i32)(point ? point - digits.data : digits.len);
    NumberText number = {digits, negative ? '-' : '+', before > length ? before - length : 0};
    if (length > before) {
        maker_repeat(maker, '#', before);
        maker_byte(maker, '.');
        maker_repeat(maker, '#', picture->behind);
        number.digits = maker_text(maker);
    }
    return number;
}

/* ---- showing ---- */

typedef struct Showing {
    const NumberPicture *picture;
    const NumberText *number;
    TextMaker *maker;
    SignPlace sign;
    i64 digit; /* next of number->digits */
    i64 last;  /* FM: the last digit worth showing, or the point; -1: all are */
    i32 place, places;
    bool signed_already, in_number, bracket;
    bool over; /* nothing comes behind a number that has fewer digits than its template */
} Showing;

static void out(Showing *s, char c)
{
    if (c == 0)
        s->over = true;
    if (!s->over)
        maker_byte(s->maker, c);
}

static char digit_at(const Showing *s, i64 at)
{
    return at < s->number->digits.len ? s->number->digits.data[at] : 0;
}

/* "0.5" in places without 0: the zero before the point is not shown. */
static bool at_leading_zero(const Showing *s)
{
    return s->picture->first_zero < 0 && s->digit == 0 && digit_at(s, 0) == '0' &&
           s->picture->behind != 0;
}

static bool only_point_is_left(const Showing *s)
{
    return s->last >= 0 && digit_at(s, s->last) == '.';
}

static void show_sign(Showing *s)
{
    const NumberPicture *p = s->picture;
    bool reached =
        s->place >= s->number->missing || (p->first_zero >= 0 && p->first_zero == s->place);
    if (s->signed_already || !reached || (at_leading_zero(s) && !only_point_is_left(s)))
        return;
    if (s->sign != SIGN_NOWHERE) {
        if (s->sign != SIGN_LEADING)
            return;
        out(s, s->number->sign);
    } else if (s->bracket)
        out(s, s->number->sign == '+' ? ' ' : '<');
    else if (s->number->sign == '-')
        out(s, '-');
    else if (!p->fills)
        out(s, ' ');
    s->signed_already = true;
}

static void show_digit(Showing *s, Field field)
{
    char digit = digit_at(s, s->digit);
    if (digit == '.')
        out(s, '.');
    else if (s->last >= 0 && s->digit > s->last && field != NUMBER_0)
        ; /* a zero at the end that FM drops */
    else if (at_leading_zero(s)) {
        if (!s->picture->fills)
            out(s, ' ');
        else if (only_point_is_left(s))
            out(s, '0');
    } else {
        out(s, digit);
        s->in_number = true;
    }
    if (digit)
        s->digit++;
}

/* The sign or bracket behind the last place. */
static void show_end(Showing *s)
{
    i32 end = s->places + (s->number->missing ? 1 : 0) + (s->picture->point ? 1 : 0);
    if (s->last >= 0 && s->last == s->digit)
        end = s->place;
    if (s->place + 1 != end)
        return;
    if (s->signed_already && s->bracket)
        out(s, s->number->sign == '+' ? ' ' : '>');
    else if (s->sign == SIGN_TRAILING)
        out(s, s->number->sign);
}

static void show_place(Showing *s, Field field)
{
    const NumberPicture *p = s->picture;
    if (p->roman)
        return;
    s->in_number = false;
    show_sign(s);
    bool zeros = p->first_zero >= 0 && p->first_zero <= s->place;
    if (s->place >= s->number->missing)
        show_digit(s, field);
    else if (zeros) {
        out(s, '0');
        s->in_number = true;
    } else if (!p->fills)
        out(s, ' ');
    show_end(s);
    s->place++;
}

static void show_group(Showing *s)
{
    if (s->in_number)
        out(s, ',');
    else if (!s->picture->fills)
        out(s, ' ');
}

static void show_roman(Showing *s, bool small)
{
    enum { ROMAN_WIDTH = 15 };
    Text digits = s->number->digits;
    for (i64 i = digits.len; i < ROMAN_WIDTH && !s->picture->fills; i++)
        out(s, ' ');
    for (i64 i = 0; i < digits.len; i++)
        out(s, (char)(small ? char_lower((u32)digits.data[i]) : (u32)digits.data[i]));
}

static void show_ordinal(Showing *s, bool small)
{
    Text digits = s->number->digits;
    if (s->picture->roman || s->number->sign == '-' || s->picture->point ||
        (digits.len && digits.data[0] == '#'))
        return;
    char last = digits.len ? digits.data[digits.len - 1] : ' ';
    if (!is_digit(last)) {
        s->maker->failed = true;
        error_set(s->maker->error, E_INVALID_TEXT_REPRESENTATION, "\"%.*s\" is not a number",
                  TEXT_ARG(digits));
        return;
    }
    const char *ending = ordinal_ending(digits);
    for (i32 i = 0; ending[i]; i++)
        out(s, (char)(small ? (u32)ending[i] : char_upper((u32)ending[i])));
}

/* MI and PL: the sign they are for, or a blank. */
static void show_own_sign(Showing *s, char sign)
{
    if (s->number->sign == sign)
        out(s, sign);
    else if (!s->picture->fills)
        out(s, ' ');
}

static void show_number_field(Showing *s, const FieldName *name)
{
    bool small = name->name[0] >= 'a';
    switch ((i32)name->field) {
    case NUMBER_9:
    case NUMBER_0:
    case NUMBER_POINT:
    case NUMBER_D:
        show_place(s, name->field);
        return;
    case NUMBER_COMMA:
    case NUMBER_G:
        show_group(s);
        return;
    case NUMBER_L:
        out(s, ' ');
        return;
    case NUMBER_RN:
        show_roman(s, small);
        return;
    case NUMBER_TH:
        show_ordinal(s, small);
        return;
    case NUMBER_MI:
        show_own_sign(s, '-');
        return;
    case NUMBER_PL:
        show_own_sign(s, '+');
        return;
    case NUMBER_SG:
        out(s, s->number->sign);
        return;
    default:
        return;
    }
}

/* The last digit behind the point that is no zero (or the point), and not before what a 0 keeps. */
static i64 last_relevant(const NumberPicture *p, const NumberText *number)
{
    Text digits = number->digits;
    const char *point = digits.len ? memchr(digits.data, '.', (size_t)digits.len) : NULL;
    if (!p->fills || !p->point || !point)
        return -1;
    i64 last = point - digits.data;
    for (i64 i = last; i < digits.len; i++)
        if (digits.data[i] != '0')
            last = i;
    i64 kept = min_i64(digits.len - 1, p->last_zero - number->missing);
    return p->last_zero > number->missing ? max_i64(last, kept) : last;
}

static bool signed_from_the_start(const NumberPicture *p, char sign)
{
    if (p->plus || p->minus)
        return p->minus; /* MI and SG write it themselves, PL only its own */
    return sign == '+' && p->fills && p->sign == SIGN_NOWHERE;
}

void number_show(const NumberPicture *picture, const NumberText *number, TextMaker *maker)
{
    NumberPicture roman = {
        .picture = picture->picture, .roman = true, .fills = picture->fills, .first_zero = -1};
    if (picture->scientific) {
        maker_add(maker, number->digits);
        return;
    }
    const NumberPicture *p = picture->roman ? &roman : picture;
    Showing s = {.picture = p, .number = number, .maker = maker, .sign = p->sign};
    i32 before = p->before + p->shift;
    s.bracket = p->bracket && !(number->sign != '-' && p->fills && !p->plus && !p->minus);
    s.signed_already = signed_from_the_start(p, number->sign);
    if (s.sign == SIGN_LEADING && before == p->sign_at)
        s.sign = SIGN_TRAILING;
    s.last = last_relevant(p, number);
    s.places = before + p->behind - 1 + (!s.signed_already && number->missing == 0);
    for (i32 i = 0; i < p->picture.count && !maker->failed; i++) {
        const PictureItem *item = &p->picture.items[i];
        if (item->kind == PICTURE_FIELD)
            show_number_field(&s, item->field);
        else if (!s.over)
            maker_add(maker, item->text);
    }
}

/* ---- collecting ---- */

typedef struct Collecting {
    const NumberPicture *picture;
    Text input;
    i64 at;
    TextMaker *maker;
    char sign; /* 0: none seen */
    i32 before, behind;
    bool point;
} Collecting;

static char input_at(const Collecting *c, i64 at)
{
    return at < c->input.len ? c->input.data[at] : 0;
}

static void collect_leading_sign(Collecting *c)
{
    char next = input_at(c, c->at);
    bool minus = next == '-' || (c->picture->bracket && next == '<');
    if (!minus && next != '+')
        return;
    c->sign = minus ? '-' : '+';
    c->at++;
}

/* Behind the digits: S stands directly behind the last one; where MI, PL and SG stand cannot be
 * told when places are left over, so a sign is taken where it comes. */
static void collect_trailing_sign(Collecting *c, bool was_read)
{
    const NumberPicture *p = c->picture;
    char next = input_at(c, c->at + 1), here = input_at(c, c->at);
    if (p->sign != SIGN_NOWHERE) {
        if (was_read && (next == '-' || next == '+')) {
            c->sign = next;
            c->at++;
        }
    } else if (!was_read && (p->plus || p->minus) && (here == '-' || here == '+'))
        c->sign = here;
}

static void collect_place(Collecting *c, Field field)
{
    bool was_read = false;
    if (input_at(c, c->at) == ' ')
        c->at++;
    if (c->at >= c->input.len)
        return;
    if (!c->sign && (field == NUMBER_0 || field == NUMBER_9) && c->before + c->behind == 0)
        collect_leading_sign(c);
    char here = input_at(c, c->at);
    if (c->at >= c->input.len)
        return;
    if (is_digit(here)) {
        if (c->point && c->behind == c->picture->behind)
            return;
        maker_byte(c->maker, here);
        *(c->point ? &c->behind : &c->before) += 1;
        was_read = true;
    } else if (c->picture->point && !c->point && here == '.') {
        maker_byte(c->maker, '.');
        c->point = was_read = true;
    }
    if (!c->sign && c->before + c->behind > 0)
        collect_trailing_sign(c, was_read);
}

/* Places take bytes: what begins inside of a character is one byte. */
static void step(Collecting *c)
{
    u8 lead = (u8)input_at(c, c->at);
    c->at += lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

/* Steps over characters that cannot be part of the number, so many at most. */
static void skip_others(Collecting *c, i32 count)
{
    while (count-- > 0 && c->at < c->input.len) {
        char here = input_at(c, c->at);
        if (here == 0 || strchr("0123456789.,+-", here))
            return;
        step(c);
    }
}

static void collect_own_sign(Collecting *c, Field field)
{
    char here = input_at(c, c->at);
    bool wanted = (here == '-' && field != NUMBER_PL) || (here == '+' && field != NUMBER_MI);
    if (!wanted) {
        skip_others(c, 1);
        return;
    }
    c->sign = here;
    c->at++;
}

static void collect_field(Collecting *c, Field field)
{
    switch ((i32)field) {
    case NUMBER_9:
    case NUMBER_0:
    case NUMBER_POINT:
    case NUMBER_D:
        collect_place(c, field);
        c->at++;
        return;
    case NUMBER_COMMA:
    case NUMBER_G:
        if (!c->picture->fills && input_at(c, c->at) == ',')
            c->at++;
        return;
    case NUMBER_L:
        skip_others(c, 1);
        return;
    case NUMBER_TH:
        if (!c->picture->point)
            skip_others(c, 2);
        return;
    case NUMBER_MI:
    case NUMBER_PL:
    case NUMBER_SG:
        collect_own_sign(c, field);
        return;
    default:
        return;
    }
}

bool number_collect(const NumberPicture *picture, Text input, TextMaker *maker, Text *collected,
                    i32 *digits, Error *error)
{
    if (picture->scientific || picture->roman)
        return error_set(error, E_FEATURE_NOT_SUPPORTED, "\"%s\" not supported for input",
                         picture->scientific ? "EEEE" : "RN");
    Collecting c = {.picture = picture, .input = input, .maker = maker};
    maker_byte(maker, ' '); /* the sign's place */
    for (i32 i = 0; i < picture->picture.count && c.at < input.len; i++) {
        const PictureItem *item = &picture->picture.items[i];
        if (item->kind == PICTURE_FIELD)
            collect_field(&c, item->field->field);
        else
            step(&c);
    }
    if (maker->failed)
        return false;
    if (c.sign)
        maker->bytes[0] = c.sign;
    if (maker->len > 1 && maker->bytes[maker->len - 1] == '.')
        maker->len--;
    *collected = maker_text(maker);
    *digits = c.behind;
    return true;
}
