/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions over arguments of any type: concat, concat_ws, || with a non-text operand, format,
 * quoting, and counting NULLs. Values become text as their output function shows them.
 */
#include "functions/text_make.h"
#include "types/text_in.h"

static inline bool concat_text_any(KernelCall *call, i32 i)
{
    Text a, b;
    TextMaker maker = maker_open(call);
    if (!any_text(call, 0, i, &a) || !any_text(call, 1, i, &b))
        return false;
    maker_add(&maker, a);
    maker_add(&maker, b);
    return put_made(call, i, &maker);
}
ROW_KERNEL(concat_text_any)

/* Arguments from `first` on that are not NULL, with separator between them. */
static bool put_joined(KernelCall *call, i32 i, i32 first, Text separator)
{
    TextMaker maker = maker_open(call);
    bool any = false;
    for (i32 arg = first; arg < call->nargs; arg++) {
        Text text;
        if (arg_is_null(call, arg, i))
            continue;
        if (!any_text(call, arg, i, &text))
            return false;
        if (any)
            maker_add(&maker, separator);
        maker_add(&maker, text);
        any = true;
    }
    return put_made(call, i, &maker);
}

static inline bool concat_any(KernelCall *call, i32 i)
{
    return put_joined(call, i, 0, (Text){NULL, 0});
}
ROW_KERNEL_ALL(concat_any)

static inline bool concat_ws_any(KernelCall *call, i32 i)
{
    if (arg_is_null(call, 0, i))
        return put_null(call, i);
    return put_joined(call, i, 1, arg_text(call, 0, i));
}
ROW_KERNEL_ALL(concat_ws_any)

/* ---- quoting ---- */

static inline bool quote_ident(KernelCall *call, i32 i)
{
    TextMaker maker = maker_open(call);
    maker_identifier(&maker, arg_text(call, 0, i));
    return put_made(call, i, &maker);
}
ROW_KERNEL(quote_ident)

static inline bool quote_literal(KernelCall *call, i32 i)
{
    Text text;
    TextMaker maker = maker_open(call);
    if (!any_text(call, 0, i, &text))
        return false;
    maker_literal(&maker, text);
    return put_made(call, i, &maker);
}
ROW_KERNEL(quote_literal)

static inline bool quote_nullable(KernelCall *call, i32 i)
{
    return arg_is_null(call, 0, i) ? put_text(call, i, TEXT("NULL")) : quote_literal(call, i);
}
ROW_KERNEL_ALL(quote_nullable)

/* ---- format ---- */

/* One %[position$][-][width]type of a format text. */
typedef struct FormatItem {
    i32 position;       /* 1-based argument; 0: the next one */
    i32 width_position; /* argument with the width: 0 the next one; NO_WIDTH_ARG: none */
    i32 width;
    bool left;
    char type;
} FormatItem;
enum { NO_WIDTH_ARG = -1 };

static bool format_ended(KernelCall *call)
{
    error_set(call->error, E_INVALID_PARAMETER_VALUE, "unterminated format() type specifier");
    return error_hint(call->error, "For a single \"%%\" use \"%%%%\".");
}

/* Reads digits at format[*at]; false: the number is too large. */
static bool read_number(KernelCall *call, Text format, i64 *at, bool *found, i32 *number)
{
    i64 value = 0;
    *found = false;
    for (; *at < format.len && format.data[*at] >= '0' && format.data[*at] <= '9'; ++*at) {
        value = value * 10 + (format.data[*at] - '0');
        *found = true;
        if (value > INT32_MAX)
            return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
    }
    *number = (i32)value;
    return *at < format.len || format_ended(call);
}

static bool argument_zero(KernelCall *call)
{
    return error_set(call->error, E_INVALID_PARAMETER_VALUE,
                     "format specifies argument 0, but arguments are numbered from 1");
}

/* The * of a width, and its n$. */
static bool read_width_argument(KernelCall *call, Text format, i64 *at, FormatItem *item)
{
    bool found;
    ++*at;
    if (!read_number(call, format, at, &found, &item->width_position))
        return false;
    if (!found)
        return true;
    if (format.data[*at] != '$')
        return error_set(call->error, E_INVALID_PARAMETER_VALUE,
                         "width argument position must be ended by \"$\"");
    ++*at;
    return item->width_position != 0 ? *at < format.len || format_ended(call) : argument_zero(call);
}

/* Parses behind the %; *at ends at the type letter. */
static bool read_item(KernelCall *call, Text format, i64 *at, FormatItem *item)
{
    bool found;
    i32 number = 0;
    *item = (FormatItem){.width_position = NO_WIDTH_ARG};
    if (*at >= format.len)
        return format_ended(call);
    if (!read_number(call, format, at, &found, &number))
        return false;
    if (found && format.data[*at] != '$') {
        item->width = number;
        item->type = format.data[*at];
        return true;
    }
    if (found) {
        item->position = number;
        if (number == 0)
            return argument_zero(call);
        ++*at;
    }
    for (; *at < format.len && format.data[*at] == '-'; ++*at)
        item->left = true;
    if (*at >= format.len)
        return format_ended(call);
    if (format.data[*at] == '*' ? !read_width_argument(call, format, at, item)
                                : !read_number(call, format, at, &found, &item->width))
        return false;
    if (*at >= format.len)
        return format_ended(call);
    item->type = format.data[*at];
    return true;
}

static bool too_few(KernelCall *call)
{
    return error_set(call->error, E_INVALID_PARAMETER_VALUE, "too few arguments for format()");
}

/* The width of an argument of another type: what its text says. */
static bool width_from_text(KernelCall *call, i32 arg, i32 i, i64 *width)
{
    Text text;
    Value value;
    TextIn in = {type_of(TYPE_INT4), lane_of(LANE_I32), &call->env->format, call->arena};
    if (!any_text(call, arg, i, &text) || !text_in_value(&in, text, &value, call->error))
        return false;
    *width = value.integer;
    return true;
}

/* Takes the width from its argument; what the item shows comes from the one behind it. */
static bool take_width(KernelCall *call, i32 i, FormatItem *item, i32 *next)
{
    i32 arg = item->width_position > 0 ? item->width_position : *next;
    i64 width = 0;
    *next = arg + 1;
    if (arg >= call->nargs)
        return too_few(call);
    Lane lane = call->args[arg].lane;
    if (arg_is_null(call, arg, i))
        width = 0;
    else if (lane.kind == LANE_I32)
        width = arg_i32(call, arg, i);
    else if (lane.kind == LANE_I16)
        width = arg_i16(call, arg, i);
    else if (!width_from_text(call, arg, i, &width))
        return false;
    if (width <= -INT32_MAX)
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
    item->left |= width < 0;
    item->width = (i32)(width < 0 ? -width : width);
    return true;
}

static void add_padded(TextMaker *maker, Text text, const FormatItem *item)
{
    i64 missing = item->width - (item->width ? utf8_length(text) : 0);
    if (!item->left)
        maker_repeat(maker, ' ', missing);
    maker_add(maker, text);
    if (item->left)
        maker_repeat(maker, ' ', missing);
}

static bool add_item(KernelCall *call, i32 i, TextMaker *maker, const FormatItem *item, i32 arg)
{
    Text text = {NULL, 0};
    TextMaker quoted = maker_open(call);
    bool null = arg_is_null(call, arg, i);
    if (!null && !any_text(call, arg, i, &text))
        return false;
    if (null && item->type == 'I')
        return error_set(call->error, E_NULL_VALUE_NOT_ALLOWED,
                         "null values cannot be formatted as an SQL identifier");
    if (item->type == 'I')
        maker_identifier(&quoted, text);
    else if (item->type == 'L' && !null)
        maker_literal(&quoted, text);
    else
        maker_add(&quoted, item->type == 'L' ? TEXT("NULL") : text);
    add_padded(maker, maker_text(&quoted), item);
    return !quoted.failed;
}

/* One item behind a %, *at at it; leaves *at behind it. */
static bool format_item(KernelCall *call, i32 i, Text format, i64 *at, i32 *next, TextMaker *maker)
{
    FormatItem item;
    if (!read_item(call, format, at, &item))
        return false;
    i32 width = utf8_width((u8)item.type);
    if (!strchr("sIL", item.type) || item.type == 0) {
        error_set(call->error, E_INVALID_PARAMETER_VALUE,
                  "unrecognized format() type specifier \"%.*s\"", width, format.data + *at);
        return error_hint(call->error, "For a single \"%%\" use \"%%%%\".");
    }
    ++*at;
    if (item.width_position != NO_WIDTH_ARG && !take_width(call, i, &item, next))
        return false;
    if (item.position > 0)
        *next = item.position;
    if (*next >= call->nargs)
        return too_few(call);
    return add_item(call, i, maker, &item, (*next)++);
}

static inline bool format_text(KernelCall *call, i32 i)
{
    if (arg_is_null(call, 0, i))
        return put_null(call, i);
    Text format = arg_text(call, 0, i);
    TextMaker maker = maker_open(call);
    i32 next = 1;
    for (i64 at = 0; at < format.len;) {
        i64 percent = at + text_find_byte(text_slice(format, at, format.len), '%');
        maker_add(&maker, text_slice(format, at, percent));
        at = percent + 1;
        if (percent >= format.len)
            break;
        if (at < format.len && format.data[at] == '%') {
            maker_byte(&maker, '%');
            at++;
        } else if (!format_item(call, i, format, &at, &next, &maker))
            return false;
    }
    return put_made(call, i, &maker);
}
ROW_KERNEL_ALL(format_text)

/* ---- counting NULLs ---- */

static i32 count_nulls(const KernelCall *call, i32 i)
{
    i32 count = 0;
    for (i32 arg = 0; arg < call->nargs; arg++)
        count += arg_is_null(call, arg, i);
    return count;
}

static inline bool num_nulls(KernelCall *call, i32 i)
{
    return put_i32(call, i, count_nulls(call, i));
}
ROW_KERNEL_ALL(num_nulls)

static inline bool num_not_nulls(KernelCall *call, i32 i)
{
    return put_i32(call, i, call->nargs - count_nulls(call, i));
}
ROW_KERNEL_ALL(num_not_nulls)

// clang-format off
static const KernelRow rows[] = {
    {OP_CONCAT_TEXT_ANY,    concat_text_any_kernel, 2, {LANE_ANY, LANE_ANY}, LANE_STR, SCALE_FREE},
    {OP_CONCAT,             concat_any_kernel,      ARGS_ANY, {0},           LANE_STR, SCALE_FREE},
    {OP_CONCAT_WS,          concat_ws_any_kernel,   ARGS_ANY, {0},           LANE_STR, SCALE_FREE},
    {OP_QUOTE_IDENT,        quote_ident_kernel,     1, {LANE_STR},           LANE_STR, SCALE_FREE},
    {OP_QUOTE_LITERAL,      quote_literal_kernel,   1, {LANE_STR},           LANE_STR, SCALE_FREE},
    {OP_QUOTE_NULLABLE,     quote_nullable_kernel,  1, {LANE_STR},           LANE_STR, SCALE_FREE},
    {OP_QUOTE_LITERAL_ANY,  quote_literal_kernel,   1, {LANE_ANY},           LANE_STR, SCALE_FREE},
    {OP_QUOTE_NULLABLE_ANY, quote_nullable_kernel,  1, {LANE_ANY},           LANE_STR, SCALE_FREE},
    {OP_FORMAT,             format_text_kernel,     ARGS_ANY, {0},           LANE_STR, SCALE_FREE},
    {OP_COUNT_NULLS,        num_nulls_kernel,       ARGS_ANY, {0},           LANE_I32, SCALE_FREE},
    {OP_COUNT_NOT_NULLS,    num_not_nulls_kernel,   ARGS_ANY, {0},           LANE_I32, SCALE_FREE},
};
// clang-format on

const KernelTable text_format_kernels = {rows, countof(rows)};
