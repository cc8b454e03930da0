/* SPDX-License-Identifier: Apache-2.0
 *
 * Taking templates apart. At each place the longest field that begins there is taken. Names of
 * fields come in capitals and in small letters, those of months and days also as words.
 */
#include "functions/picture.h"

#include "types/digits.h"

// clang-format off
static const FieldName date_fields[] = {
    {"A.D.", FIELD_AD_DOTS, false, CALENDAR_ANY}, {"a.d.", FIELD_AD_DOTS, false, CALENDAR_ANY},
    {"B.C.", FIELD_AD_DOTS, false, CALENDAR_ANY}, {"b.c.", FIELD_AD_DOTS, false, CALENDAR_ANY},
    {"A.M.", FIELD_AM_DOTS, false, CALENDAR_ANY}, {"a.m.", FIELD_AM_DOTS, false, CALENDAR_ANY},
    {"P.M.", FIELD_AM_DOTS, false, CALENDAR_ANY}, {"p.m.", FIELD_AM_DOTS, false, CALENDAR_ANY},
    {"AD", FIELD_AD, false, CALENDAR_ANY}, {"ad", FIELD_AD, false, CALENDAR_ANY},
    {"BC", FIELD_AD, false, CALENDAR_ANY}, {"bc", FIELD_AD, false, CALENDAR_ANY},
    {"AM", FIELD_AM, false, CALENDAR_ANY}, {"am", FIELD_AM, false, CALENDAR_ANY},
    {"PM", FIELD_AM, false, CALENDAR_ANY}, {"pm", FIELD_AM, false, CALENDAR_ANY},
    {"CC", FIELD_CC, true, CALENDAR_ANY}, {"cc", FIELD_CC, true, CALENDAR_ANY},
    {"DAY", FIELD_DAY, false, CALENDAR_ANY}, {"day", FIELD_DAY, false, CALENDAR_ANY},
    {"Day", FIELD_DAY, false, CALENDAR_ANY},
    {"DDD", FIELD_DDD, true, CALENDAR_GREGORIAN}, {"ddd", FIELD_DDD, true, CALENDAR_GREGORIAN},
    {"DD", FIELD_DD, true, CALENDAR_GREGORIAN}, {"dd", FIELD_DD, true, CALENDAR_GREGORIAN},
    {"DY", FIELD_DY, false, CALENDAR_ANY}, {"dy", FIELD_DY, false, CALENDAR_ANY},
    {"Dy", FIELD_DY, false, CALENDAR_ANY},
    {"D", FIELD_D, true, CALENDAR_GREGORIAN}, {"d", FIELD_D, true, CALENDAR_GREGORIAN},
    {"FF1", FIELD_FF1, true, CALENDAR_ANY}, {"ff1", FIELD_FF1, true, CALENDAR_ANY},
    {"FF2", FIELD_FF2, true, CALENDAR_ANY}, {"ff2", FIELD_FF2, true, CALENDAR_ANY},
    {"FF3", FIELD_FF3, true, CALENDAR_ANY}, {"ff3", FIELD_FF3, true, CALENDAR_ANY},
    {"FF4", FIELD_FF4, true, CALENDAR_ANY}, {"ff4", FIELD_FF4, true, CALENDAR_ANY},
    {"FF5", FIELD_FF5, true, CALENDAR_ANY}, {"ff5", FIELD_FF5, true, CALENDAR_ANY},
    {"FF6", FIELD_FF6, true, CALENDAR_ANY}, {"ff6", FIELD_FF6, true, CALENDAR_ANY},
    {"FX", FIELD_FX, false, CALENDAR_ANY}, {"fx", FIELD_FX, false, CALENDAR_ANY},
    {"HH24", FIELD_HH24, true, CALENDAR_ANY}, {"hh24", FIELD_HH24, true, CALENDAR_ANY},
    {"HH12", FIELD_HH12, true, CALENDAR_ANY}, {"hh12", FIELD_HH12, true, CALENDAR_ANY},
    {"HH", FIELD_HH12, true, CALENDAR_ANY}, {"hh", FIELD_HH12, true, CALENDAR_ANY},
    {"IDDD", FIELD_IDDD, true, CALENDAR_ISO_WEEK}, {"iddd", FIELD_IDDD, true, CALENDAR_ISO_WEEK},
    {"ID", FIELD_ID, true, CALENDAR_ISO_WEEK}, {"id", FIELD_ID, true, CALENDAR_ISO_WEEK},
    {"IW", FIELD_IW, true, CALENDAR_ISO_WEEK}, {"iw", FIELD_IW, true, CALENDAR_ISO_WEEK},
    {"IYYY", FIELD_IYYY, true, CALENDAR_ISO_WEEK}, {"iyyy", FIELD_IYYY, true, CALENDAR_ISO_WEEK},
    {"IYY", FIELD_IYY, true, CALENDAR_ISO_WEEK}, {"iyy", FIELD_IYY, true, CALENDAR_ISO_WEEK},
    {"IY", FIELD_IY, true, CALENDAR_ISO_WEEK}, {"iy", FIELD_IY, true, CALENDAR_ISO_WEEK},
    {"I", FIELD_I, true, CALENDAR_ISO_WEEK}, {"i", FIELD_I, true, CALENDAR_ISO_WEEK},
    {"J", FIELD_J, true, CALENDAR_ANY}, {"j", FIELD_J, true, CALENDAR_ANY},
    {"MI", FIELD_MI, true, CALENDAR_ANY}, {"mi", FIELD_MI, true, CALENDAR_ANY},
    {"MM", FIELD_MM, true, CALENDAR_GREGORIAN}, {"mm", FIELD_MM, true, CALENDAR_GREGORIAN},
    {"MONTH", FIELD_MONTH, false, CALENDAR_GREGORIAN}, {"month", FIELD_MONTH, false, CALENDAR_GREGORIAN},
    {"Month", FIELD_MONTH, false, CALENDAR_GREGORIAN},
    {"MON", FIELD_MON, false, CALENDAR_GREGORIAN}, {"mon", FIELD_MON, false, CALENDAR_GREGORIAN},
    {"Mon", FIELD_MON, false, CALENDAR_GREGORIAN},
    {"MS", FIELD_MS, true, CALENDAR_ANY}, {"ms", FIELD_MS, true, CALENDAR_ANY},
    {"OF", FIELD_OF, false, CALENDAR_ANY}, {"of", FIELD_OF, false, CALENDAR_ANY},
    {"Q", FIELD_Q, true, CALENDAR_ANY}, {"q", FIELD_Q, true, CALENDAR_ANY},
    {"RM", FIELD_RM, false, CALENDAR_GREGORIAN}, {"rm", FIELD_RM, false, CALENDAR_GREGORIAN},
    {"SSSSS", FIELD_SSSS, true, CALENDAR_ANY}, {"sssss", FIELD_SSSS, true, CALENDAR_ANY},
    {"SSSS", FIELD_SSSS, true, CALENDAR_ANY}, {"ssss", FIELD_SSSS, true, CALENDAR_ANY},
    {"SS", FIELD_SS, true, CALENDAR_ANY}, {"ss", FIELD_SS, true, CALENDAR_ANY},
    {"TZH", FIELD_TZH, false, CALENDAR_ANY}, {"tzh", FIELD_TZH, false, CALENDAR_ANY},
    {"TZM", FIELD_TZM, true, CALENDAR_ANY}, {"tzm", FIELD_TZM, true, CALENDAR_ANY},
    {"TZ", FIELD_TZ, false, CALENDAR_ANY}, {"tz", FIELD_TZ, false, CALENDAR_ANY},
    {"US", FIELD_US, true, CALENDAR_ANY}, {"us", FIELD_US, true, CALENDAR_ANY},
    {"WW", FIELD_WW, true, CALENDAR_GREGORIAN}, {"ww", FIELD_WW, true, CALENDAR_GREGORIAN},
    {"W", FIELD_W, true, CALENDAR_GREGORIAN}, {"w", FIELD_W, true, CALENDAR_GREGORIAN},
    {"Y,YYY", FIELD_Y_YYY, true, CALENDAR_GREGORIAN}, {"y,yyy", FIELD_Y_YYY, true, CALENDAR_GREGORIAN},
    {"YYYY", FIELD_YYYY, true, CALENDAR_GREGORIAN}, {"yyyy", FIELD_YYYY, true, CALENDAR_GREGORIAN},
    {"YYY", FIELD_YYY, true, CALENDAR_GREGORIAN}, {"yyy", FIELD_YYY, true, CALENDAR_GREGORIAN},
    {"YY", FIELD_YY, true, CALENDAR_GREGORIAN}, {"yy", FIELD_YY, true, CALENDAR_GREGORIAN},
    {"Y", FIELD_Y, true, CALENDAR_GREGORIAN}, {"y", FIELD_Y, true, CALENDAR_GREGORIAN},
};

static const FieldName number_fields[] = {
    {",", NUMBER_COMMA, false, CALENDAR_ANY}, {".", NUMBER_POINT, false, CALENDAR_ANY},
    {"0", NUMBER_0, true, CALENDAR_ANY}, {"9", NUMBER_9, true, CALENDAR_ANY},
    {"B", NUMBER_B, false, CALENDAR_ANY}, {"b", NUMBER_B, false, CALENDAR_ANY},
    {"C", NUMBER_SP, false, CALENDAR_ANY}, {"c", NUMBER_SP, false, CALENDAR_ANY},
    {"D", NUMBER_D, false, CALENDAR_ANY}, {"d", NUMBER_D, false, CALENDAR_ANY},
    {"EEEE", NUMBER_EEEE, false, CALENDAR_ANY}, {"eeee", NUMBER_EEEE, false, CALENDAR_ANY},
    {"FM", NUMBER_FM, false, CALENDAR_ANY}, {"fm", NUMBER_FM, false, CALENDAR_ANY},
    {"G", NUMBER_G, false, CALENDAR_ANY}, {"g", NUMBER_G, false, CALENDAR_ANY},
    {"L", NUMBER_L, false, CALENDAR_ANY}, {"l", NUMBER_L, false, CALENDAR_ANY},
    {"MI", NUMBER_MI, false, CALENDAR_ANY}, {"mi", NUMBER_MI, false, CALENDAR_ANY},
    {"PL", NUMBER_PL, false, CALENDAR_ANY}, {"pl", NUMBER_PL, false, CALENDAR_ANY},
    {"PR", NUMBER_PR, false, CALENDAR_ANY}, {"pr", NUMBER_PR, false, CALENDAR_ANY},
    {"RN", NUMBER_RN, false, CALENDAR_ANY}, {"rn", NUMBER_RN, false, CALENDAR_ANY},
    {"SG", NUMBER_SG, false, CALENDAR_ANY}, {"sg", NUMBER_SG, false, CALENDAR_ANY},
    {"SP", NUMBER_SP, false, CALENDAR_ANY}, {"sp", NUMBER_SP, false, CALENDAR_ANY},
    {"S", NUMBER_S, false, CALENDAR_ANY}, {"s", NUMBER_S, false, CALENDAR_ANY},
    {"TH", NUMBER_TH, false, CALENDAR_ANY}, {"th", NUMBER_TH, false, CALENDAR_ANY},
    {"V", NUMBER_V, false, CALENDAR_ANY}, {"v", NUMBER_V, false, CALENDAR_ANY},
};
// clang-format on

const char *const picture_months[12] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
const char *const picture_days[7] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                     "Thursday", "Friday", "Saturday"};
const char *const picture_roman_months[12] = {"I",   "II",   "III", "IV", "V",  "VI",
                                              "VII", "VIII", "IX",  "X",  "XI", "XII"};

typedef struct Modifier {
    const char *name;
    i32 bits; /* 0: known, without effect */
} Modifier;
static const Modifier before[] = {
    {"FM", MODIFIER_FM}, {"fm", MODIFIER_FM}, {"TM", MODIFIER_TM}, {"tm", MODIFIER_TM}};
static const Modifier behind[] = {{"TH", MODIFIER_TH_UPPER}, {"th", MODIFIER_TH_LOWER}, {"SP", 0}};

static bool begins_with(Text text, i64 at, const char *name)
{
    i64 len = (i64)strlen(name);
    return text.len - at >= len && memcmp(text.data + at, name, (size_t)len) == 0;
}

static i64 modifier_read(Text text, i64 at, const Modifier *list, i32 count, i32 *modifiers)
{
    for (i32 i = 0; i < count; i++) {
        if (!begins_with(text, at, list[i].name))
            continue;
        *modifiers |= list[i].bits;
        return at + (i64)strlen(list[i].name);
    }
    return at;
}

static const FieldName *longest_field(Text text, i64 at, PictureUse use)
{
    const FieldName *list = use == PICTURE_OF_DATES ? date_fields : number_fields;
    i32 count = use == PICTURE_OF_DATES ? countof(date_fields) : countof(number_fields);
    const FieldName *best = NULL;
    for (i32 i = 0; i < count; i++)
        if (list[i].name[0] == text.data[at] && begins_with(text, at, list[i].name) &&
            (!best || strlen(list[i].name) > strlen(best->name)))
            best = &list[i];
    return best;
}

bool picture_is_separator(char c)
{
    return c > ' ' && c < 0x7f && !is_letter(c) && !is_digit(c);
}

static i64 add_character(Picture *picture, Text template, i64 at, PictureKind kind)
{
    i64 end = at;
    utf8_next(template, &end);
    picture->items[picture->count++] =
        (PictureItem){.kind = kind, .text = text_slice(template, at, end)};
    return end;
}

/* Behind the opening quote. */
static i64 add_quoted(Picture *picture, Text template, i64 at)
{
    while (at < template.len) {
        if (template.data[at] == '"')
            return at + 1;
        if (template.data[at] == '\\' && at + 1 < template.len)
            at++;
        at = add_character(picture, template, at, PICTURE_TEXT);
    }
    return at;
}

static i64 add_literal(Picture *picture, Text template, i64 at, PictureUse use)
{
    if (template.data[at] == '"')
        return add_quoted(picture, template, at + 1);
    if (template.data[at] == '\\' && begins_with(template, at + 1, "\""))
        at++;
    char c = template.data[at];
    PictureKind kind = PICTURE_TEXT;
    if (use == PICTURE_OF_DATES && picture_is_separator(c))
        kind = PICTURE_SEPARATOR;
    else if (is_space(c))
        kind = PICTURE_SPACE;
    return add_character(picture, template, at, kind);
}

static i64 add_item(Picture *picture, Text template, i64 at, PictureUse use)
{
    bool dates = use == PICTURE_OF_DATES;
    i32 modifiers = 0;
    if (dates)
        at = modifier_read(template, at, before, countof(before), &modifiers);
    if (at == template.len)
        return at;
    const FieldName *field = longest_field(template, at, use);
    if (!field)
        return add_literal(picture, template, at, use);
    at += (i64)strlen(field->name);
    if (dates)
        at = modifier_read(template, at, behind, countof(behind), &modifiers);
    picture->items[picture->count++] =
        (PictureItem){.kind = PICTURE_FIELD, .modifiers = modifiers, .field = field};
    return at;
}

bool picture_parse(Text template, PictureUse use, Arena *arena, Picture *picture, Error *error)
{
    *picture = (Picture){.bytes = template.len};
    picture->items = arena_try(arena, (template.len + 1) * (i64)sizeof(PictureItem), error);
    if (!picture->items)
        return false;
    for (i64 at = 0; at < template.len;)
        at = add_item(picture, template, at, use);
    return true;
}

bool date_picture_of(KernelCall *call, i32 i, Picture *own, const Picture **picture)
{
    *picture = call->state ? call->state : own;
    return call->state ||
           picture_parse(arg_text(call, 1, i), PICTURE_OF_DATES, call->arena, own, call->error);
}

bool date_picture_prepare(const Value *const *constants, i32 nargs, const FunctionRow *row,
                          Arena *arena, void **state, Error *error)
{
    *state = NULL;
    if (!constants[1] || constants[1]->null)
        return true;
    Text template;
    Picture *picture = arena_try(arena, (i64)sizeof *picture, error);
    if (!picture || !arena_text(arena, str_text(&constants[1]->str), &template, error) ||
        !picture_parse(template, PICTURE_OF_DATES, arena, picture, error))
        return false;
    *state = picture;
    return true;
}

const char *ordinal_ending(Text digits)
{
    char last = digits.len ? digits.data[digits.len - 1] : '0';
    bool teens = digits.len > 1 && digits.data[digits.len - 2] == '1';
    if (teens)
        return "th";
    return last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th";
}
