/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that return rows, compared with PostgreSQL 15; rows are asked for two at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/text.h"
#include "functions/series.h"
#include "types/text_in.h"
#include "types/text_out.h"

static void check(u32 proc, const char *const *texts, const char *expected)
{
    const FunctionRow *row = function_by_proc(proc);
    const SetFunction *set = set_function_find(row->operation);
    const Environment env = {.format = {.extra_float_digits = 1}};
    Value args[FUNCTION_ARGUMENTS_MAX];
    char joined[512] = "";
    void *series;
    i32 count;
    Error error;
    Arena arena;
    arena_open(&arena, NULL);
    for (i32 i = 0; i < row->argument_count; i++) {
        Type type = type_of(row->arguments[i]);
        TextIn in = {type, type_lane(type), &env.format, &arena};
        args[i] = value_null(in.lane);
        if (texts[i])
            assert_true(text_in_value(&in, text_from(texts[i]), &args[i], &error));
    }
    assert_true(set->open(args, row->argument_count, row, &env, &arena, &series, &error));
    do {
        Vector out;
        Type type = type_of(row->result);
        assert_true(vector_make(&out, type, type_lane(type), 2, &arena, &error));
        assert_true(vector_make_valid(&out, 2, &arena, &error));
        assert_true(set->next(series, &out, 2, &count, &error));
        for (i32 i = 0; i < count; i++) {
            Text text = TEXT("NULL");
            Value value = vector_value(&out, i);
            if (!vector_is_null(&out, i))
                assert_true(text_out_value(type, &value, &env.format, &arena, &text, &error));
            i32 len = (i32)strlen(joined);
            snprintf(joined + len, sizeof joined - (size_t)len, "%s%.*s", len ? "|" : "",
                     TEXT_ARG(text));
        }
    } while (count > 0);
    assert_string_equal(joined, expected);
    arena_close(&arena);
}

#define ARGS(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

static void series_count(void **state)
{
    check(1066, ARGS("1", "10", "3"), "1|4|7|10");
    check(1066, ARGS("3", "1", "-1"), "3|2|1");
    check(1067, ARGS("2147483646", "2147483647"), "2147483646|2147483647");
    check(1067, ARGS("5", "4"), "");
    check(1069, ARGS("1", NULL), "");
    check(3259, ARGS("1.0", "2.0", "0.4"), "1.0|1.4|1.8");
    check(938, ARGS("2024-01-31", "2024-05-01", "1 month"),
          "2024-01-31 00:00:00|2024-02-29 00:00:00|2024-03-29 00:00:00|2024-04-29 00:00:00");
}

static void texts_split(void **state)
{
    check(6161, ARGS("a,b,,c", ",", "b"), "a|NULL||c");
    check(6160, ARGS("abc", NULL), "a|b|c");
    check(2765, ARGS("the quick  brown", "\\s*"), "t|h|e|q|u|i|c|k|b|r|o|w|n");
    check(2765, ARGS("a1b22c", "\\d+"), "a|b|c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_count),
        cmocka_unit_test(texts_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
