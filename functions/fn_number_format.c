/* SPDX-License-Identifier: Apache-2.0
 *
 * to_char of numbers and to_number.
 *
 * Integers of 32 bits and floats are written by printf, as PostgreSQL does (halves to even in
 * EEEE); bigint and numeric are rounded as numeric. An empty template gives an empty text, and NULL
 * for to_number.
 */
#include <float.h>
#include <math.h>

#include "functions/number_picture.h"

enum { ROMAN_MAX = 3999, ROMAN_BYTES = 15 };

static bool out_of_range(KernelCall *call, const char *type)
{
    return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type);
}

/* The picture of row i: what prepare made of a constant one, else its own. */
static bool picture_of(KernelCall *call, i32 i, NumberPicture *own, const NumberPicture **picture)
{
    *picture = call->state;
    if (*picture)
        return true;
    *picture = own;
    return number_picture_parse(arg_text(call, 1, i), call->arena, own, call->error);
}

static Text roman_numeral(i64 value, char out[ROMAN_BYTES])
{
    static const struct {
        i32 value;
        const char *letters;
    } parts[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                 {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                 {5, "V"},    {4, "IV"},   {1, "I"}};
    i32 len = 0;
    if (value < 1 || value > ROMAN_MAX) {
        memset(out, '#', ROMAN_BYTES);
        return (Text){out, ROMAN_BYTES};
    }
    for (i32 i = 0; i < countof(parts); i++)
        for (; value >= parts[i].value; value -= parts[i].value)
            for (i32 k = 0; parts[i].letters[k]; k++)
                out[len++] = parts[i].letters[k];
    return (Text){out, len};
}

/* A number that is ready: its digits as they are. */
static bool show_as_is(KernelCall *call, i32 i, const NumberPicture *picture, Text digits)
{
    TextMaker maker = maker_open(call);
    NumberText number = {digits, 0, 0};
    number_show(picture, &number, &maker);
    return put_made(call, i, &maker);
}

/* Digits with a '-' or without a sign; zeros are added behind the point where there is none. */
static bool show_fitted(KernelCall *call, i32 i, const NumberPicture *picture, Text digits)
{
    TextMaker zeros = maker_open(call), fitted = maker_open(call), maker = maker_open(call);
    bool negative = digits.len > 0 && digits.data[0] == '-';
    if (negative)
        digits = text_slice(digits, 1, digits.len);
    bool whole = digits.len > 0 && !memchr(digits.data, '.', (size_t)digits.len);
    if (whole && picture->behind && digits.data[0] >= '0' && digits.data[0] <= '9') {
        maker_add(&zeros, digits);
        maker_byte(&zeros, '.');
        maker_repeat(&zeros, '0', picture->behind);
        digits = maker_text(&zeros);
    }
    NumberText number = number_fit(picture, &fitted, digits, negative);
    if (zeros.failed || fitted.failed)
        return false;
    number_show(picture, &number, &maker);
    return put_made(call, i, &maker);
}

/* What EEEE shows of NaN and the infinities. */
static bool show_no_number(KernelCall *call, i32 i, const NumberPicture *picture)
{
    TextMaker maker = maker_open(call);
    enum { EXPONENT_BYTES = 4 }; /* "e+00" */
    maker_byte(&maker, ' ');
    maker_repeat(&maker, '#', picture->before);
    maker_byte(&maker, '.');
    maker_repeat(&maker, '#', picture->behind + EXPONENT_BYTES);
    return maker.failed ? false : show_as_is(call, i, picture, maker_text(&maker));
}

/* ---- integers and floats ---- */

static bool show_scientific(KernelCall *call, i32 i, const NumberPicture *picture, f64 value)
{
    if (!isfinite(value))
        return show_no_number(call, i, picture);
    i64 room = picture->behind + 32;
    char *text = result_bytes(call, room);
    if (!text)
        return false;
    i32 len = snprintf(text, (size_t)room, "%+.*e", picture->behind, value);
    if (text[0] == '+')
        text[0] = ' ';
    return show_as_is(call, i, picture, (Text){text, len});
}

/* V multiplies by a power of ten: 22003 where that, or the product, is beyond the type. (Before
 * 15.19 PostgreSQL wrapped around or went on in 64 bits.) */
static bool show_shifted(KernelCall *call, i32 i, const NumberPicture *picture, i64 value,
                         const char *type, i64 max)
{
    char text[32];
    i64 power = 1;
    for (i32 k = 0; k < picture->shift; k++)
        if (__builtin_mul_overflow(power, 10, &power) || power > max)
            return out_of_range(call, type);
    if (__builtin_mul_overflow(value, power, &value) || value > max || value < -max - 1)
        return out_of_range(call, type);
    return show_fitted(call, i, picture,
                       (Text){text, snprintf(text, sizeof text, "%lld", (long long)value)});
}

static inline bool int4_to_char(KernelCall *call, i32 i)
{
    NumberPicture own;
    const NumberPicture *picture;
    char text[ROMAN_BYTES];
    i64 value = arg_i32(call, 0, i);
    if (!picture_of(call, i, &own, &picture))
        return false;
    if (picture->picture.bytes == 0)
        return put_text(call, i, TEXT(""));
    if (picture->roman)
        return show_as_is(call, i, picture, roman_numeral(value, text));
    if (picture->scientific)
        return show_scientific(call, i, picture, (f64)value);
    return show_shifted(call, i, picture, value, "integer", INT32_MAX);
}
ROW_KERNEL(int4_to_char)

/* The text of a float with so many digits behind the point; their number is lowered where a float
 * has no more to tell. */
static bool float_text(KernelCall *call, f64 value, i32 digits, i32 *behind, Text *text)
{
    *text = isnan(value) ? TEXT("NaN") : value < 0 ? TEXT("-Infinity") : TEXT("Infinity");
    i64 whole = isfinite(value) ? snprintf(NULL, 0, "%.0f", fabs(value)) : text->len - (value < 0);
    *behind = (i32)max_i64(min_i64(*behind, digits - whole), 0);
    if (!isfinite(value))
        return true;
    i64 room = whole + *behind + 8;
    char *bytes = result_bytes(call, room);
    *text = (Text){bytes, bytes ? snprintf(bytes, (size_t)room, "%.*f", *behind, value) : 0};
    return bytes;
}

static bool show_float(KernelCall *call, i32 i, const NumberPicture *picture, f64 value, i32 digits)
{
    NumberPicture fewer = *picture;
    Text text;
    return float_text(call, value, digits, &fewer.behind, &text) &&
           show_fitted(call, i, &fewer, text);
}

/* V multiplies in the float's own precision. */
static f64 shifted(f64 value, i32 shift, i32 digits)
{
    if (shift == 0)
        return value;
    return digits == FLT_DIG ? (f64)((f32)value * (f32)pow(10, shift)) : value * pow(10, shift);
}

static bool float_to_char(KernelCall *call, i32 i, f64 value, i32 digits)
{
    NumberPicture own;
    const NumberPicture *picture;
    char text[ROMAN_BYTES];
    if (!picture_of(call, i, &own, &picture))
        return false;
    if (picture->picture.bytes == 0)
        return put_text(call, i, TEXT(""));
    if (picture->roman) {
        f64 whole = rint(value);
        bool fits = whole >= 1 && whole <= ROMAN_MAX;
        return show_as_is(call, i, picture, roman_numeral(fits ? (i64)whole : 0, text));
    }
    if (picture->scientific)
        return show_scientific(call, i, picture, value);
    return show_float(call, i, picture, shifted(value, picture->shift, digits), digits);
}

static inline bool float4_to_char(KernelCall *call, i32 i)
{
    return float_to_char(call, i, arg_f32(call, 0, i), FLT_DIG);
}
ROW_KERNEL(float4_to_char)
static inline bool float8_to_char(KernelCall *call, i32 i)
{
    return float_to_char(call, i, arg_f64(call, 0, i), DBL_DIG);
}
ROW_KERNEL(float8_to_char)

/* ---- numeric ---- */

static bool num_text(KernelCall *call, Num num, Text *text)
{
    char *bytes = result_bytes(call, num_text_bytes(num));
    if (!bytes)
        return false;
    *text = (Text){bytes, num_print(num, bytes)};
    return true;
}

/* Power of ten of the first digit that is not zero; 0 for zero. */
static i32 leading_power(Text digits)
{
    i64 point = digits.len;
    for (i64 i = digits.len - 1; i >= 0; i--)
        if (digits.data[i] == '.')
            point = i;
    for (i64 i = 0; i < digits.len; i++)
        if (digits.data[i] >= '1' && digits.data[i] <= '9')
            return (i32)(i < point ? point - i - 1 : point - i);
    return 0;
}

/* Its digits as d.ddd, rounded half away from zero to `behind` digits; a carry shows as 10.00. */
static bool show_num_scientific(KernelCall *call, i32 i, const NumberPicture *picture, Num num)
{
    Text text;
    Num rounded;
    if (num.kind >= NUM_NAN)
        return show_no_number(call, i, picture);
    if (!num_text(call, num_abs(num), &text))
        return false;
    i32 power = leading_power(text), behind = picture->behind, scale = behind - power;
    if (!num_round(num_abs(num), scale, call->arena, &rounded, call->error) ||
        !num_text(call, rounded, &text))
        return false;
    TextMaker digits = maker_open(call), maker = maker_open(call);
    i64 len = scale < 0 ? text.len + scale : text.len; /* without the zeros rounding left */
    for (i64 k = 0; k < len; k++)
        if (text.data[k] != '.' && (digits.len > 0 || text.data[k] != '0'))
            maker_byte(&digits, text.data[k]);
    maker_byte(&maker, num_sign(num) < 0 ? '-' : ' ');
    for (i64 k = min_i64(digits.len - behind - 1, 0); k < digits.len; k++) {
        if (k == digits.len - behind)
            maker_byte(&maker, '.');
        maker_byte(&maker, k < 0 ? '0' : digits.bytes[k]);
    }
    char exponent[16];
    maker_add(&maker,
              (Text){exponent, snprintf(exponent, sizeof exponent, "e%c%02d", power < 0 ? '-' : '+',
                                        power < 0 ? -power : power)});
    return !digits.failed && !maker.failed && show_as_is(call, i, picture, maker_text(&maker));
}

/* num * 10^digits */
static bool num_shift(KernelCall *call, i32 digits, Num *num)
{
    Num factor;
    return num_power(num_from_i64(10), num_from_i64(digits), call->arena, &factor, call->error) &&
           num_multiply(*num, factor, call->arena, num, call->error);
}

static bool num_to_char(KernelCall *call, i32 i, const NumberPicture *picture, Num num)
{
    Text text;
    char numeral[ROMAN_BYTES];
    if (picture->picture.bytes == 0)
        return put_text(call, i, TEXT(""));
    if (picture->scientific)
        return show_num_scientific(call, i, picture, num);
    if (picture->roman) {
        i64 value;
        if (num.kind >= NUM_NAN)
            return error_set(call->error, E_FEATURE_NOT_SUPPORTED, "cannot convert %s to integer",
                             num.kind == NUM_NAN ? "NaN" : "infinity");
        if (!num_to_i64(num, &value) || value != (i32)value)
            return out_of_range(call, "integer");
        return show_as_is(call, i, picture, roman_numeral(value, numeral));
    }
    return (picture->shift == 0 || num_shift(call, picture->shift, &num)) &&
           num_round(num, picture->behind, call->arena, &num, call->error) &&
           num_text(call, num, &text) && show_fitted(call, i, picture, text);
}

static inline bool numeric_to_char(KernelCall *call, i32 i)
{
    NumberPicture own;
    const NumberPicture *picture;
    return picture_of(call, i, &own, &picture) &&
           num_to_char(call, i, picture, arg_num(call, 0, i));
}
ROW_KERNEL(numeric_to_char)

static inline bool int8_to_char(KernelCall *call, i32 i)
{
    NumberPicture own;
    const NumberPicture *picture;
    i64 value = arg_i64(call, 0, i);
    if (!picture_of(call, i, &own, &picture))
        return false;
    if (picture->roman || picture->scientific || picture->picture.bytes == 0)
        return num_to_char(call, i, picture, num_from_i64(value));
    return show_shifted(call, i, picture, value, "bigint", INT64_MAX);
}
ROW_KERNEL(int8_to_char)

/* ---- to_number ---- */

static inline bool text_to_number(KernelCall *call, i32 i)
{
    enum { PRECISION_MAX = 1000 };
    NumberPicture own;
    const NumberPicture *picture;
    Text collected;
    Num num;
    i32 digits;
    TextMaker maker = maker_open(call);
    if (!picture_of(call, i, &own, &picture))
        return false;
    if (picture->picture.bytes == 0)
        return put_null(call, i);
    if (!number_collect(picture, arg_text(call, 0, i), &maker, &collected, &digits, call->error) ||
        !num_parse(collected, call->arena, &num, call->error))
        return false;
    i32 precision = picture->before + picture->shift + digits;
    if (precision <= PRECISION_MAX &&
        !num_apply_typmod(&num, numeric_typmod(precision, digits), call->arena, call->error))
        return false;
    return (!picture->multiplies || num_shift(call, -picture->shift, &num)) &&
           put_num(call, i, num);
}
ROW_KERNEL_NULLABLE(text_to_number)

static bool prepare_number_picture(const Value *const *constants, i32 nargs, const FunctionRow *row,
                                   Arena *arena, void **state, Error *error)
{
    *state = NULL;
    if (!constants[1] || constants[1]->null)
        return true;
    Text template;
    NumberPicture *picture = arena_try(arena, (i64)sizeof *picture, error);
    if (!picture || !arena_text(arena, str_text(&constants[1]->str), &template, error) ||
        !number_picture_parse(template, arena, picture, error))
        return false;
    *state = picture;
    return true;
}

static const StateRow state_rows[] = {
    {OP_FORMAT_INT4, {prepare_number_picture, NULL}},
    {OP_FORMAT_INT8, {prepare_number_picture, NULL}},
    {OP_FORMAT_FLOAT4, {prepare_number_picture, NULL}},
    {OP_FORMAT_FLOAT8, {prepare_number_picture, NULL}},
    {OP_FORMAT_NUMERIC, {prepare_number_picture, NULL}},
    {OP_TO_NUMBER, {prepare_number_picture, NULL}},
};
const StateTable number_format_states = {state_rows, countof(state_rows)};

// clang-format off
static const KernelRow rows[] = {
    {OP_FORMAT_INT4,    int4_to_char_kernel,    2, {LANE_I32, LANE_STR}, LANE_STR, SCALE_FREE},
    {OP_FORMAT_INT8,    int8_to_char_kernel,    2, {LANE_I64, LANE_STR}, LANE_STR, SCALE_FREE},
    {OP_FORMAT_FLOAT4,  float4_to_char_kernel,  2, {LANE_F32, LANE_STR}, LANE_STR, SCALE_FREE},
    {OP_FORMAT_FLOAT8,  float8_to_char_kernel,  2, {LANE_F64, LANE_STR}, LANE_STR, SCALE_FREE},
    {OP_FORMAT_NUMERIC, numeric_to_char_kernel, 2, {LANE_NUM, LANE_STR}, LANE_STR, SCALE_FREE},
    {OP_TO_NUMBER,       text_to_number_kernel,  2, {LANE_STR, LANE_STR}, LANE_NUM, SCALE_FREE},
};
// clang-format on
const KernelTable number_format_kernels = {rows, countof(rows)};
