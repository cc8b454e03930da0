/* SPDX-License-Identifier: Apache-2.0
 *
 * generate_series over int4, int8, numeric, timestamp and timestamptz, and string_to_table.
 *
 * A series keeps its next value; integers stop before they would overflow. Regular-expression
 * splitting is in fn_regex.c.
 */
#include "base/text.h"
#include "functions/regex.h"
#include "functions/series.h"
#include "types/timestamp.h"

static bool zero_step(Error *error)
{
    return error_set(error, E_INVALID_PARAMETER_VALUE, "step size cannot equal zero");
}

/* ---- what a series of any kind keeps ---- */

typedef struct Series {
    const FunctionRow *row;
    const Environment *env;
    Arena *arena;
    bool done;
    i64 next, last, step; /* int4, int8, timestamps */
    Num next_num, last_num, step_num;
    Interval interval;
    bool descending;
} Series;

static bool any_null(const Value *args, i32 nargs)
{
    for (i32 i = 0; i < nargs; i++)
        if (args[i].null)
            return true;
    return false;
}

/* ---- integers ---- */

static bool integer_open(Series *series, const Value *args, i32 nargs, Error *error)
{
    series->next = args[0].integer;
    series->last = args[1].integer;
    series->step = nargs == 3 ? args[2].integer : 1;
    series->descending = series->step < 0;
    return series->step != 0 || zero_step(error);
}

static void put_integer(Vector *out, i32 row, i64 value)
{
    if (out->lane.kind == LANE_I32)
        ((i32 *)out->values)[row] = (i32)value;
    else
        ((i64 *)out->values)[row] = value;
}

static i32 integer_next(Series *series, Vector *out, i32 max_rows)
{
    i32 count = 0;
    while (count < max_rows && !series->done) {
        bool past = series->descending ? series->next < series->last : series->next > series->last;
        if (past) {
            series->done = true;
            break;
        }
        put_integer(out, count++, series->next);
        series->done = __builtin_add_overflow(series->next, series->step, &series->next);
    }
    return count;
}

/* ---- numeric ---- */

static bool check_bound(Num num, const char *what, Error *error)
{
    if (num.kind < NUM_NAN)
        return true;
    return error_set(error, E_INVALID_PARAMETER_VALUE, "%s cannot be %s", what,
                     num.kind == NUM_NAN ? "NaN" : "infinity");
}

static bool numeric_open(Series *series, const Value *args, i32 nargs, Error *error)
{
    series->step_num = nargs == 3 ? args[2].num : num_from_i64(1);
    if (!check_bound(args[0].num, "start value", error) ||
        !check_bound(args[1].num, "stop value", error) ||
        !check_bound(series->step_num, "step size", error))
        return false;
    series->descending = num_sign(series->step_num) < 0;
    return (num_sign(series->step_num) != 0 || zero_step(error)) &&
           num_copy(args[0].num, series->arena, &series->next_num, error) &&
           num_copy(args[1].num, series->arena, &series->last_num, error) &&
           num_copy(series->step_num, series->arena, &series->step_num, error);
}

/* A step beyond what a numeric can be is behind the stop value too: the series is at its end. */
static bool numeric_step(Series *series, Error *error)
{
    Error failure;
    if (num_add(series->next_num, series->step_num, series->arena, &series->next_num, &failure))
        return true;
    series->done = failure.code == E_NUMERIC_VALUE_OUT_OF_RANGE;
    if (!series->done)
        *error = failure;
    return series->done;
}

static bool numeric_next(Series *series, Vector *out, i32 max_rows, i32 *count, Error *error)
{
    while (*count < max_rows && !series->done) {
        int order = num_compare(series->next_num, series->last_num);
        if (series->descending ? order < 0 : order > 0)
            return true;
        ((Num *)out->values)[(*count)++] = series->next_num;
        if (!numeric_step(series, error))
            return false;
    }
    return true;
}

/* ---- timestamps ---- */

static bool timestamp_open(Series *series, const Value *args, i32 nargs, Error *error)
{
    series->next = args[0].integer;
    series->last = args[1].integer;
    series->interval = args[2].interval;
    i128 span = interval_span(series->interval);
    series->descending = span < 0;
    return span != 0 || zero_step(error);
}

static bool timestamp_next(Series *series, Vector *out, i32 max_rows, i32 *count, Error *error)
{
    while (*count < max_rows) {
        if (series->descending ? series->next < series->last : series->next > series->last)
            return true;
        put_integer(out, (*count)++, series->next);
        bool local = series->row->result == TYPE_TIMESTAMP;
        if (local ? !timestamp_add(series->next, series->interval, &series->next, error)
                  : !timestamptz_add(series->next, series->interval, series->env->format.timezone,
                                     &series->next, error))
            return false;
    }
    return true;
}

/* ---- generate_series ---- */

static bool series_open(const Value *args, i32 nargs, const FunctionRow *row,
                        const Environment *env, Arena *arena, void **state, Error *error)
{
    Series *series = arena_try(arena, sizeof *series, error);
    if (!series)
        return false;
    *series = (Series){.row = row, .env = env, .arena = arena};
    *state = series;
    if (any_null(args, nargs)) {
        series->done = true;
        return true;
    }
    if (row->result == TYPE_NUMERIC)
        return numeric_open(series, args, nargs, error);
    if (row->result == TYPE_TIMESTAMP || row->result == TYPE_TIMESTAMPTZ)
        return timestamp_open(series, args, nargs, error);
    return integer_open(series, args, nargs, error);
}

static bool series_next(void *state, Vector *out, i32 max_rows, i32 *count, Error *error)
{
    Series *series = state;
    *count = 0;
    if (series->done)
        return true;
    if (series->row->result == TYPE_NUMERIC)
        return numeric_next(series, out, max_rows, count, error);
    if (series->row->result == TYPE_TIMESTAMP || series->row->result == TYPE_TIMESTAMPTZ)
        return timestamp_next(series, out, max_rows, count, error);
    *count = integer_next(series, out, max_rows);
    return true;
}

/* ---- string_to_table ---- */

typedef struct Fields {
    const Budget *budget;
    Text rest, delimiter, null_text;
    bool done, each_character, whole, has_null_text;
} Fields;

static bool copy_arg(const Value *value, Arena *arena, Text *text, Error *error)
{
    return arena_text(arena, str_text(&value->str), text, error);
}

static bool fields_open(const Value *args, i32 nargs, const FunctionRow *row,
                        const Environment *env, Arena *arena, void **state, Error *error)
{
    Fields *fields = arena_try(arena, sizeof *fields, error);
    if (!fields)
        return false;
    *state = fields;
    fields->budget = arena->budget;
    fields->each_character = args[1].null;
    fields->has_null_text = nargs == 3 && !args[2].null;
    if (args[0].null || args[0].str.len == 0) {
        fields->done = true;
        return true;
    }
    if (!copy_arg(&args[0], arena, &fields->rest, error) ||
        (!args[1].null && !copy_arg(&args[1], arena, &fields->delimiter, error)))
        return false;
    fields->whole = !args[1].null && fields->delimiter.len == 0;
    return !fields->has_null_text || copy_arg(&args[2], arena, &fields->null_text, error);
}

/* Takes the next field off the front. */
static Text take_field(Fields *fields, Look *look)
{
    Text rest = fields->rest;
    i64 end = rest.len, next = rest.len;
    if (fields->each_character) {
        end = next = utf8_width((u8)rest.data[0]);
        fields->done = next >= rest.len;
    } else {
        i64 at = fields->whole ? TEXT_NOT_FOUND : text_search(rest, fields->delimiter, look);
        fields->done = at == TEXT_NOT_FOUND;
        if (!fields->done) {
            end = at;
            next = at + fields->delimiter.len;
        }
    }
    fields->rest = text_slice(rest, next, rest.len);
    return text_slice(rest, 0, end);
}

static bool fields_next(void *state, Vector *out, i32 max_rows, i32 *count, Error *error)
{
    Fields *fields = state;
    Look look = look_open(fields->budget, error);
    for (*count = 0; *count < max_rows && !fields->done; ++*count) {
        Text field = take_field(fields, &look);
        bool null = fields->has_null_text && text_equal(field, fields->null_text);
        ((Str *)out->values)[*count] = null ? (Str){0} : str_from_text(field);
        if (null)
            bit_clear(out->valid, *count);
    }
    return !look.ended;
}

/* ---- beside others: one row, and numbers ---- */

typedef struct OneRow {
    Value value;
    bool done;
} OneRow;

static bool one_row_open(const Value *args, i32 nargs, const FunctionRow *row,
                         const Environment *env, Arena *arena, void **state, Error *error)
{
    OneRow *one = arena_try(arena, sizeof *one, error);
    if (!one)
        return false;
    one->done = false;
    *state = one;
    return value_copy(args[0], arena, &one->value, error);
}

static bool one_row_next(void *state, Vector *out, i32 max_rows, i32 *count, Error *error)
{
    OneRow *one = state;
    *count = one->done || max_rows == 0 ? 0 : 1;
    if (*count)
        vector_set(out, 0, &one->value);
    one->done |= *count > 0;
    return true;
}

static bool numbers_open(const Value *args, i32 nargs, const FunctionRow *row,
                         const Environment *env, Arena *arena, void **state, Error *error)
{
    i64 *next = arena_try(arena, sizeof *next, error);
    if (!next)
        return false;
    *next = 1;
    *state = next;
    return true;
}

static bool numbers_next(void *state, Vector *out, i32 max_rows, i32 *count, Error *error)
{
    i64 *next = state;
    for (*count = 0; *count < max_rows; ++*count)
        ((i64 *)out->values)[*count] = (*next)++;
    return true;
}

static const SetFunction generate_series_function = {series_open, series_next, NULL, false};
static const SetFunction string_to_table_function = {fields_open, fields_next, NULL, false};
static const SetFunction one_row_function = {one_row_open, one_row_next, NULL, false};
static const SetFunction row_numbers_function = {numbers_open, numbers_next, NULL, true};

const SetFunction *set_function_find(Operation operation)
{
    if (operation == OP_GENERATE_SERIES)
        return &generate_series_function;
    if (operation == OP_STRING_TO_TABLE)
        return &string_to_table_function;
    if (operation == OP_ONE_ROW)
        return &one_row_function;
    if (operation == OP_ROW_NUMBERS)
        return &row_numbers_function;
    return operation == OP_REGEXP_SPLIT_TO_TABLE ? &regexp_split_function : NULL;
}
