/* SPDX-License-Identifier: Apache-2.0
 *
 * Aggregates over small columns with NULLs, compared with PostgreSQL 15. Each runs ungrouped, as
 * two halves that are merged, and as two groups that are merged: the answer must be the same.
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

typedef struct Column {
    u32 oid;
    i32 typmod;
    const char *texts[7]; /* up to the first "end"; NULL: NULL */
} Column;

static const Column integers = {TYPE_INT4, -1, {"3", NULL, "-7", "10", "10", "2147483000"}};
static const Column bigints = {
    TYPE_INT8, -1, {"9223372036854775807", NULL, "9223372036854775806", "-5", NULL, NULL}};
static const Column numerics = {TYPE_NUMERIC, -1, {"3.25", NULL, "-7.5", "10.125", "10", "0.001"}};
/* numeric(10,3): the DEC64 lane */
static const Column decimals = {
    TYPE_NUMERIC, 10 << 16 | (3 + 4), {"3.25", NULL, "-7.5", "10.125", "10", "0.001"}};
/* numeric(30,3): the DEC128 lane */
static const Column wide = {
    TYPE_NUMERIC, 30 << 16 | (3 + 4), {"3.25", NULL, "-7.5", "10.125", "10", "0.001"}};
static const Column floats = {TYPE_FLOAT8, -1, {"3.25", NULL, "-7.5", "10.125", "10", "0.001"}};
static const Column ys = {TYPE_FLOAT8, -1, {"1", "2", NULL, "4", "3", "5"}};
static const Column xs = {TYPE_FLOAT8, -1, {"2", "3.5", "1", NULL, "5", "4"}};
static const Column words = {
    TYPE_TEXT, -1, {"pear", NULL, "a rather long apple", "fig", "an even longer banana", "kiwi"}};
static const Column commas = {TYPE_TEXT, -1, {", ", ", ", ", ", ", ", ", ", ", "}};
static const Column truths = {TYPE_BOOL, -1, {"t", NULL, "f", "t", "t", "t"}};
static const Column spans = {TYPE_INTERVAL, -1, {"1 day", NULL, "2 mons", "03:00", NULL, NULL}};

enum { ROWS = 6 };
typedef enum Way { WAY_ALONE, WAY_HALVES, WAY_GROUPS, WAYS } Way;

static Vector make_column(const Column *column, Arena *arena)
{
    Error error;
    Vector vector;
    Type type = type_with_typmod(column->oid, column->typmod);
    FormatSettings format = {.extra_float_digits = 1};
    TextIn in = {type, type_lane(type), &format, arena};
    assert_true(vector_make(&vector, type, in.lane, ROWS, arena, &error));
    assert_true(vector_make_valid(&vector, ROWS, arena, &error));
    for (i32 i = 0; i < ROWS; i++) {
        Value value = value_null(in.lane);
        if (column->texts[i])
            assert_true(text_in_value(&in, text_from(column->texts[i]), &value, &error));
        vector_set(&vector, i, &value);
    }
    return vector;
}

static void update(const AggregateKernel *kernel, AggregateCall *call, Way way, u8 *states,
                   i64 stride)
{
    static const u16 first[] = {0, 1, 2}, second[] = {3, 4, 5};
    static const u32 groups[] = {0, 1, 0, 1, 0, 1};
    Selection halves[] = {{3, first}, {3, second}};
    call->states = states;
    call->stride = stride;
    if (way == WAY_ALONE) {
        assert_true(kernel->update(call));
        return;
    }
    if (way == WAY_GROUPS) {
        call->groups = groups;
        assert_true(kernel->update(call));
    }
    for (i32 half = 0; half < 2 && way == WAY_HALVES; half++) {
        call->sel = &halves[half];
        call->states = states + half * stride;
        assert_true(kernel->update(call));
    }
    assert_true(kernel->merge(states, states + stride, call->arena, call->error));
}

static void check_text(Text got, const char *expected, bool real)
{
    char text[128], *end;
    assert_true(got.len < (i64)sizeof text);
    memcpy(text, got.data, (size_t)got.len);
    text[got.len] = 0;
    if (real && expected) {
        f64 a = strtod(expected, &end), b = strtod(text, &end);
        assert_true(fabs(a - b) <= 1e-9 * fabs(a));
        return;
    }
    assert_string_equal(text, expected);
}

static void check(u32 proc, const Column *a, const Column *b, const char *expected)
{
    const AggregateRow *row = aggregate_by_proc(proc);
    Arena arena;
    Error error = {0};
    arena_open(&arena, NULL);
    assert_non_null(row);
    Vector args[2] = {make_column(a, &arena), b ? make_column(b, &arena) : (Vector){0}};
    Lane lanes[2] = {args[0].lane, args[1].lane};
    Type type = type_of(row->result);
    bool keeps = row->operation == OP_MIN || row->operation == OP_MAX;
    Lane lane = keeps ? lanes[0] : type_lane(type);
    const AggregateKernel *kernel =
        aggregate_find(row->operation, lanes, row->argument_count, lane);
    assert_non_null(kernel);
    i64 stride = align_up(kernel->state_bytes, 16);
    for (Way way = 0; way < WAYS; way++) {
        Vector out;
        Text text;
        FormatSettings format = {.extra_float_digits = 1};
        u8 *states = arena_try(&arena, stride * 2, &error);
        for (i32 s = 0; s < 2 && kernel->init; s++)
            kernel->init(states + s * stride);
        AggregateCall call = {.args = args,
                              .nargs = row->argument_count,
                              .n = ROWS,
                              .arena = &arena,
                              .error = &error};
        update(kernel, &call, way, states, stride);
        assert_true(vector_make(&out, keeps ? args[0].type : type, lane, 1, &arena, &error));
        assert_true(vector_make_valid(&out, 1, &arena, &error));
        assert_true(kernel->emit(states, stride, 1, &out, 0, &arena, &error));
        if (!expected) {
            assert_true(vector_is_null(&out, 0));
            continue;
        }
        Value value = vector_value(&out, 0);
        assert_true(text_out_value(out.type, &value, &format, &arena, &text, &error));
        check_text(text, expected, lane.kind == LANE_F64);
    }
    arena_close(&arena);
}

static void integers_aggregate(void **state)
{
    check(2108, &integers, NULL, "2147483016");
    check(2101, &integers, NULL, "429496603.20000000");
    check(2132, &integers, NULL, "-7");
    check(2116, &integers, NULL, "2147483000");
    check(2147, &integers, NULL, "5");
    check(2719, &integers, NULL, "737869314897461801");
    check(2642, &integers, NULL, "922336643621827252");
    check(2725, &integers, NULL, "858993198");
    check(2155, &integers, NULL, "960383592");
    check(2238, &integers, NULL, "0");
    check(2239, &integers, NULL, "-5");
    check(6165, &integers, NULL, "-2147483006");
    check(2107, &bigints, NULL, "18446744073709551608");
    check(2100, &bigints, NULL, "6148914691236517203");
    check(2641, &bigints, NULL, "28356863910078205310135752038641827844");
}

static void numerics_aggregate(void **state)
{
    const Column *columns[] = {&numerics, &decimals, &wide};
    for (i32 i = 0; i < countof(columns); i++) {
        check(2114, columns[i], NULL, "15.876");
        check(2103, columns[i], NULL, "3.1752000000000000");
        check(2146, columns[i], NULL, i ? "-7.500" : "-7.5");
        check(2130, columns[i], NULL, "10.125");
        check(2723, columns[i], NULL, "43.7837301600000000");
        check(2646, columns[i], NULL, "54.7296627000000000");
        check(2729, columns[i], NULL, "6.6169275468301752");
        check(2159, columns[i], NULL, "7.3979498984515974");
    }
}

static void floats_aggregate(void **state)
{
    check(2111, &floats, NULL, "15.876");
    check(2105, &floats, NULL, "3.1752");
    check(2136, &floats, NULL, "-7.5");
    check(2120, &floats, NULL, "10.125");
    check(2722, &floats, NULL, "43.783730160000005");
    check(2158, &floats, NULL, "7.397949898451598");
}

static void pairs_aggregate(void **state)
{
    check(2829, &ys, &xs, "0.6440940481460319");
    check(2827, &ys, &xs, "1.03125");
    check(2828, &ys, &xs, "1.375");
    check(2822, &ys, &xs, "3.625");
    check(2823, &ys, &xs, "2.75");
    check(2818, &ys, &xs, "4");
    check(2826, &ys, &xs, "-0.43999999999999995");
    check(2824, &ys, &xs, "0.41485714285714287");
    check(2825, &ys, &xs, "0.88");
    check(2819, &ys, &xs, "4.6875");
    check(2821, &ys, &xs, "4.125");
    check(2820, &ys, &xs, "8.75");
}

static void texts_and_others_aggregate(void **state)
{
    static const Column nothing = {TYPE_INT4, -1, {NULL, NULL, NULL, NULL, NULL, NULL}};
    check(2145, &words, NULL, "a rather long apple");
    check(2129, &words, NULL, "pear");
    check(2517, &truths, NULL, "f");
    check(2518, &truths, NULL, "t");
    check(2113, &spans, NULL, "2 mons 1 day 03:00:00");
    check(2108, &nothing, NULL, NULL);
    check(2132, &nothing, NULL, NULL);
    check(2147, &nothing, NULL, "0");
}

static void string_agg_joins_in_order(void **state)
{
    Arena arena;
    Error error = {0};
    arena_open(&arena, NULL);
    Vector args[2] = {make_column(&words, &arena), make_column(&commas, &arena)}, out;
    Lane lanes[2] = {args[0].lane, args[1].lane};
    const AggregateKernel *kernel = aggregate_find(OP_STRING_AGG, lanes, 2, lanes[0]);
    u8 *states = arena_try(&arena, align_up(kernel->state_bytes, 16) * 2, &error);
    AggregateCall call = {.args = args, .nargs = 2, .n = ROWS, .arena = &arena, .error = &error};
    update(kernel, &call, WAY_HALVES, states, align_up(kernel->state_bytes, 16));
    assert_true(vector_make(&out, type_of(TYPE_TEXT), lanes[0], 1, &arena, &error));
    assert_true(kernel->emit(states, 0, 1, &out, 0, &arena, &error));
    Text text = str_text(out.values);
    assert_true(
        text_equal(text, TEXT("pear, a rather long apple, fig, an even longer banana, kiwi")));
    arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_aggregate),         cmocka_unit_test(numerics_aggregate),
        cmocka_unit_test(floats_aggregate),           cmocka_unit_test(pairs_aggregate),
        cmocka_unit_test(texts_and_others_aggregate), cmocka_unit_test(string_agg_joins_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
