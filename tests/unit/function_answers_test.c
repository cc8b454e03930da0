/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls every row of the function table that has a kernel here with the arguments of
 * function_answers.def and compares with what PostgreSQL 15 answered (made by
 * tests/functions_answers.py). Each call runs three times: with constants, with flat columns in
 * which only every third row is selected, and with flat columns of which some rows are NULL.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "base/text.h"
#include "functions/function.h"
#include "types/text_in.h"
#include "types/text_out.h"

typedef struct Answer {
    u32 proc;
    const char *args[FUNCTION_ARGUMENTS_MAX];
    const char *expected; /* NULL: NULL; "ERROR sqlstate message" */
} Answer;

// clang-format off
static const Answer answers[] = {
#include "tests/unit/function_answers.def"
};
// clang-format on

static i32 wrong; /* answers that differ; all are printed before the test fails */

static printf_like(1, 2) void report(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    wrong++;
}

static i64 clock_us(void)
{
    return 700000000000000ll;
}

static const Environment environment = {
    .format = {.extra_float_digits = 1, .now_us = 700000000000000ll},
    .transaction_us = 700000000000000ll,
    .statement_us = 700000000000000ll,
    .clock_us = clock_us,
};

enum { ROWS = 7 < CHUNK_ROWS ? 7 : CHUNK_ROWS };

typedef enum Form { FORM_CONSTANT, FORM_SELECTED, FORM_NULLS } Form;

static Type argument_type(u32 oid)
{
    if (oid == TYPE_ANY || oid == TYPE_ANYNONARRAY || oid == TYPE_ANYELEMENT)
        return type_of(TYPE_TEXT);
    return type_of(oid);
}

static Lane widened(Lane lane, const Lane *lanes, i32 n)
{
    for (i32 i = 0; i < n; i++)
        if (((lane.kind >= LANE_I16 && lane.kind <= LANE_I64 && lanes[i].kind >= LANE_I16 &&
              lanes[i].kind <= LANE_I64) ||
             (lane.kind == LANE_F32 && lanes[i].kind == LANE_F64)) &&
            lanes[i].kind > lane.kind)
            lane = lanes[i];
    return lane;
}

static Type wide_type(Type type, Lane lane)
{
    if (lane.kind == type_lane(type).kind)
        return type;
    return type_of(lane.kind == LANE_I64   ? TYPE_INT8
                   : lane.kind == LANE_I32 ? TYPE_INT4
                                           : TYPE_FLOAT8);
}

/* Finds the kernel and the types of the arguments, widened where the row has no kernel of its own.
 */
static KernelFunction find(const FunctionRow *row, i32 n, Type *types)
{
    Lane lanes[FUNCTION_ARGUMENTS_MAX], wide[FUNCTION_ARGUMENTS_MAX];
    Lane result = type_lane(type_of(row->result));
    for (i32 i = 0; i < n; i++) {
        types[i] =
            argument_type(row->arguments[i < row->argument_count ? i : row->argument_count - 1]);
        lanes[i] = type_lane(types[i]);
    }
    KernelFunction kernel = kernel_find(row->operation, lanes, n, result);
    if (kernel)
        return kernel;
    for (i32 i = 0; i < n; i++) {
        wide[i] = widened(lanes[i], lanes, n);
        types[i] = wide_type(types[i], wide[i]);
    }
    return kernel_find(row->operation, wide, n, result);
}

/* Makes the vector of one argument; false: the value itself cannot be read. */
static bool make_argument(const Answer *answer, i32 arg, Type type, Form form, Arena *arena,
                          Vector *vector, Error *error)
{
    TextIn in = {type, type_lane(type), &environment.format, arena};
    Value value = value_null(in.lane);
    Type declared = argument_type(
        function_by_proc(answer->proc)
            ->arguments[min_i64(arg, function_by_proc(answer->proc)->argument_count - 1)]);
    bool widened_real = declared.oid == TYPE_FLOAT4 && type.oid == TYPE_FLOAT8;
    if (widened_real) {
        value = (Value){.lane = in.lane};
        f32 real;
        if (!float4_parse(text_from(answer->args[arg]), &real, error))
            return false;
        value.number = real;
    } else if (answer->args[arg] &&
               !text_in_value(&in, text_from(answer->args[arg]), &value, error))
        return false;
    if (form == FORM_CONSTANT)
        return vector_make_constant(vector, type, &value, arena, error);
    assert_true(vector_make(vector, type, in.lane, ROWS, arena, error));
    assert_true(vector_make_valid(vector, ROWS, arena, error));
    for (i32 i = 0; i < ROWS; i++) {
        bool put = form == FORM_SELECTED ? i % 3 == 0 : i % 2 == 0;
        if (put)
            vector_set(vector, i, &value);
        else
            bit_clear(vector->valid, i);
    }
    return true;
}

static bool result_valid(const FunctionRow *row, const Vector *args, i32 n, i32 rows, Arena *arena,
                         Vector *result, Error *error)
{
    if (!(row->flags & STRICT))
        return true;
    if (!vector_make_valid(result, rows, arena, error))
        return false;
    for (i32 i = 0; i < rows; i++)
        for (i32 a = 0; a < n; a++)
            if (vector_is_null(&args[a], i))
                bit_clear(result->valid, i);
    return true;
}

static bool close_enough(const char *expected, Text got)
{
    char text[64], *end;
    if (got.len >= (i64)sizeof text)
        return false;
    memcpy(text, got.data, (size_t)got.len);
    text[got.len] = 0;
    f64 a = strtod(expected, &end), b = strtod(text, NULL);
    return *end == 0 && fabs(a - b) <= 1e-9 * fabs(a);
}

static void check_value(const Answer *answer, const Vector *result, i32 i, Arena *arena)
{
    Error error;
    Text text;
    if (vector_is_null(result, i)) {
        if (answer->expected)
            report("%u(%s, %s): NULL, not %s", answer->proc, answer->args[0], answer->args[1],
                   answer->expected);
        return;
    }
    Value value = vector_value(result, i);
    assert_true(text_out_value(result->type, &value, &environment.format, arena, &text, &error));
    bool real = result->lane.kind == LANE_F64 || result->lane.kind == LANE_F32;
    if (!answer->expected || (!text_equal(text, text_from(answer->expected)) &&
                              !(real && close_enough(answer->expected, text))))
        report("%u(%s, %s, %s): %.*s, not %s", answer->proc, answer->args[0], answer->args[1],
               answer->args[2], TEXT_ARG(text), answer->expected);
}

static void check_error(const Answer *answer, const Error *error)
{
    char text[2048];
    snprintf(text, sizeof text, "ERROR %s %s", error_sqlstate(error->code), error->message);
    if (!answer->expected || strcmp(text, answer->expected) != 0)
        report("%u(%s, %s, %s): %s, not %s", answer->proc, answer->args[0], answer->args[1],
               answer->args[2], text, answer->expected);
}

static i32 argument_count(const Answer *answer, const FunctionRow *row)
{
    i32 n = row->argument_count;
    if (row->flags & VARIADIC)
        for (n = 0; n < FUNCTION_ARGUMENTS_MAX && answer->args[n]; n++)
            ;
    return n;
}

static void run(const Answer *answer, Form form)
{
    static const u16 selected[] = {0, 3, 6};
    const FunctionRow *row = function_by_proc(answer->proc);
    Type types[FUNCTION_ARGUMENTS_MAX];
    Vector args[FUNCTION_ARGUMENTS_MAX], result;
    Selection sel = {3, selected};
    Error error = {0};
    Arena arena;
    assert_non_null(row);
    i32 n = argument_count(answer, row), rows = form == FORM_CONSTANT ? 1 : ROWS;
    KernelFunction kernel = find(row, n, types);
    assert_non_null(kernel);
    arena_open(&arena, NULL);
    for (i32 i = 0; i < n; i++)
        if (!make_argument(answer, i, types[i], form, &arena, &args[i], &error)) {
            check_error(answer, &error);
            arena_close(&arena);
            return;
        }
    Type type = type_of(row->result);
    assert_true(vector_make(&result, type, type_lane(type), rows, &arena, &error));
    assert_true(result_valid(row, args, n, rows, &arena, &result, &error));
    KernelCall call = {.args = args,
                       .nargs = n,
                       .result = &result,
                       .sel = form == FORM_SELECTED ? &sel : NULL,
                       .n = rows,
                       .arena = &arena,
                       .env = &environment,
                       .error = &error,
                       .bad = -1};
    KernelStatus status = kernel(&call);
    if (status != KERNEL_OK)
        check_error(answer, &error);
    else if (form == FORM_CONSTANT)
        check_value(answer, &result, 0, &arena);
    else
        for (i32 i = 0; i < ROWS; i += form == FORM_SELECTED ? 3 : 2)
            check_value(answer, &result, i, &arena);
    arena_close(&arena);
}

static void run_all(Form form)
{
    wrong = 0;
    for (i32 i = 0; i < countof(answers); i++)
        run(&answers[i], form);
    assert_int_equal(wrong, 0);
}
static void constants_answer(void **state)
{
    run_all(FORM_CONSTANT);
}
static void selected_rows_answer(void **state)
{
    run_all(FORM_SELECTED);
}
static void rows_between_nulls_answer(void **state)
{
    run_all(FORM_NULLS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_answer),
        cmocka_unit_test(selected_rows_answer),
        cmocka_unit_test(rows_between_nulls_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
