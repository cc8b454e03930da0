/* SPDX-License-Identifier: Apache-2.0
 *
 * Joins of every type against a nested loop over the same rows, by hash and by loop, with one and
 * with four workers: NULL keys, two keys, strings, residual conditions, long chains, null-aware
 * anti and mark joins.
 */
#include "plan_bench.h"

typedef struct Case {
    JoinType type;
    i64 probe_rows, build_rows, distinct;
    bool text_key, two_keys, residual, null_aware, null_equal, nested;
} Case;

static u32 random_state;
static u32 random_next(void)
{
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

/* Columns: int4 key, text key, int8 number. */
static void fill(MemoryTable *t, i64 rows, i64 distinct)
{
    memory_table_open(t, (u32[]){TYPE_INT4, TYPE_TEXT, TYPE_INT8}, 3);
    for (i64 i = 0; i < rows; i++) {
        char text[40];
        i64 key = random_next() % distinct;
        snprintf(text, sizeof text, "a long text for key %lld", (long long)(key % 17));
        Value row[3] = {bench_int(TYPE_INT4, key), bench_text(text), bench_int(TYPE_INT8, i)};
        if (random_next() % 10 == 0)
            row[0] = bench_null(TYPE_INT4);
        memory_table_add(t, row);
    }
}

/* TRUE, FALSE, unknown of "keys agree and residual holds". */
typedef enum Truth { IS_NO, IS_YES, IS_MAYBE } Truth;

static Truth value_agrees(const Value *a, const Value *b, bool null_equal)
{
    if (a->null || b->null)
        return null_equal ? (a->null && b->null ? IS_YES : IS_NO) : IS_MAYBE;
    return value_compare(a, b) == 0 ? IS_YES : IS_NO;
}

static Truth rows_agree(const Case *c, const Value *probe, const Value *build)
{
    Truth truth = value_agrees(&probe[c->text_key], &build[c->text_key], c->null_equal);
    if (c->two_keys) {
        Truth second = value_agrees(&probe[1], &build[1], false);
        truth = truth == IS_NO || second == IS_NO ? IS_NO : truth == IS_YES ? second : truth;
    }
    if (c->residual && !((probe[2].integer + build[2].integer) % 3 > 0))
        truth = IS_NO;
    return truth;
}

static void want_pair(Bench *want, const Value *probe, const Value *build)
{
    char line[128];
    snprintf(line, sizeof line, probe ? "%lld" : "NULL", probe ? (long long)probe[2].integer : 0);
    size_t len = strlen(line);
    snprintf(line + len, sizeof line - len, build ? "|%lld" : "|NULL",
             build ? (long long)build[2].integer : 0);
    bench_line(want, line);
}

static void want_probe(Bench *want, const Case *c, const Value *probe, i64 matches, bool maybe)
{
    char line[64];
    const char *mark = matches ? "|t" : maybe && c->null_aware ? "|NULL" : "|f";
    bool take = c->type == MARK_JOIN || (c->type == SEMI_JOIN ? matches > 0 : matches == 0);
    if (c->type == NULL_ANTI_JOIN)
        take = matches == 0 && !maybe;
    snprintf(line, sizeof line, "%lld%s", (long long)probe[2].integer,
             c->type == MARK_JOIN ? mark : "");
    if (take)
        bench_line(want, line);
}

static void compute(Bench *want, const Case *c, const MemoryTable *probe, const MemoryTable *build)
{
    bool *matched = arena_alloc(&want->q, &want->lines_arena, build->count + 1);
    bool pairs = c->type <= FULL_JOIN || c->type == SINGLE_JOIN;
    for (i64 i = 0; i < probe->count; i++) {
        i64 matches = 0;
        bool maybe = false;
        for (i64 j = 0; j < build->count; j++) {
            const Value *a = memory_table_row(probe, i), *b = memory_table_row(build, j);
            Truth truth = rows_agree(c, a, b);
            maybe |= truth == IS_MAYBE;
            if (truth != IS_YES)
                continue;
            matches++;
            matched[j] = true;
            if (pairs)
                want_pair(want, a, b);
        }
        bool keeps = c->type == LEFT_JOIN || c->type == FULL_JOIN || c->type == SINGLE_JOIN;
        if (pairs && keeps && matches == 0)
            want_pair(want, memory_table_row(probe, i), NULL);
        if (!pairs)
            want_probe(want, c, memory_table_row(probe, i), matches, maybe);
    }
    for (i64 j = 0; j < build->count; j++)
        if ((c->type == RIGHT_JOIN || c->type == FULL_JOIN) && !matched[j])
            want_pair(want, NULL, memory_table_row(build, j));
}

static Plan *join_plan(Bench *b, const Case *c, MemoryTable *probe, MemoryTable *build)
{
    Plan *left = bench_scan(b, probe, 0), *right = bench_scan(b, build, 1);
    Plan *plan = bench_plan(b, c->nested ? PLAN_NESTED_LOOP : PLAN_HASH_JOIN, left, right);
    PlanJoin *join = &plan->join;
    bool pairs = c->type <= FULL_JOIN || c->type == SINGLE_JOIN;
    join->type = c->type;
    join->null_aware = c->null_aware;
    join->null_equal = make_array(&b->q, bool, 2);
    join->null_equal[0] = c->null_equal;
    i32 key = c->text_key, second = 1;
    if (c->null_aware && c->two_keys) { /* the last key is the one whose NULLs count */
        key = 1;
        second = 0;
    }
    Expr *residual = NULL;
    Expr *sum =
        bench_call(b, "+", bench_column(b, left, 2),
                   expr_column(&b->q, 5, right->columns[2].type, right->columns[2].lane, -1));
    if (c->residual)
        residual = bench_call(b, ">", bench_call(b, "%", sum, bench_constant(b, TYPE_INT8, 3)),
                              bench_constant(b, TYPE_INT8, 0));
    if (c->nested) {
        Expr *equal = bench_call(
            b, "=", bench_column(b, left, key),
            expr_column(&b->q, 3 + key, right->columns[key].type, right->columns[key].lane, -1));
        join->residual = residual ? bench_list(b, 2, equal, residual) : bench_list(b, 1, equal);
    } else {
        join->probe_keys = c->two_keys ? bench_list(b, 2, bench_column(b, left, key),
                                                    bench_column(b, left, second))
                                       : bench_list(b, 1, bench_column(b, left, key));
        join->build_keys = c->two_keys ? bench_list(b, 2, bench_column(b, right, key),
                                                    bench_column(b, right, second))
                                       : bench_list(b, 1, bench_column(b, right, key));
        if (residual)
            join->residual = bench_list(b, 1, residual);
    }
    join->probe_output = make_array(&b->q, i32, 1);
    join->probe_output[0] = 2;
    join->probe_output_count = 1;
    join->build_output = join->probe_output;
    join->build_output_count = pairs;
    u32 types[2] = {TYPE_INT8, pairs ? TYPE_INT8 : TYPE_BOOL};
    bench_columns(b, plan, 1 + (pairs || c->type == MARK_JOIN), types);
    return plan;
}

static void check_case(const Case *c)
{
    random_state = (u32)(c->type * 977 + c->distinct);
    for (i32 workers = 1; workers <= 4; workers += 3) {
        MemoryTable probe, build;
        Bench b, want;
        fill(&probe, c->probe_rows, c->distinct);
        fill(&build, c->build_rows, c->distinct);
        probe.lazy = workers > 1;
        build.split_rows = 400;
        bench_open(&b, workers);
        bench_open(&want, 1);
        compute(&want, c, &probe, &build);
        bool good = bench_run(&b, join_plan(&b, c, &probe, &build), 0, 0);
        if (!good)
            print_message("%s\n", b.q.error.message);
        assert_true(good);
        bench_sort(&b);
        bench_sort(&want);
        assert_int_equal(b.line_count, want.line_count);
        for (i32 i = 0; i < b.line_count; i++)
            assert_string_equal(b.lines[i], want.lines[i]);
        bench_close(&b);
        bench_close(&want);
        memory_table_close(&probe);
        memory_table_close(&build);
    }
}

static const JoinType pair_types[] = {INNER_JOIN, LEFT_JOIN, RIGHT_JOIN, FULL_JOIN};
static const JoinType mark_types[] = {SEMI_JOIN, ANTI_JOIN, MARK_JOIN};

static void test_integer_key(void **state)
{
    for (i32 i = 0; i < countof(pair_types); i++) {
        check_case(
            &(Case){.type = pair_types[i], .probe_rows = 3000, .build_rows = 500, .distinct = 300});
        check_case(&(Case){
            .type = pair_types[i], .probe_rows = 3000, .build_rows = 200, .distinct = 100000000});
        check_case(
            &(Case){.type = pair_types[i], .probe_rows = 300, .build_rows = 1000, .distinct = 3});
        check_case(
            &(Case){.type = pair_types[i], .probe_rows = 300, .build_rows = 0, .distinct = 3});
    }
    for (i32 i = 0; i < countof(mark_types); i++)
        check_case(
            &(Case){.type = mark_types[i], .probe_rows = 3000, .build_rows = 100, .distinct = 300});
}

static void test_other_keys(void **state)
{
    for (i32 i = 0; i < countof(pair_types); i++) {
        check_case(&(Case){.type = pair_types[i],
                           .probe_rows = 400,
                           .build_rows = 300,
                           .distinct = 100,
                           .text_key = true});
        check_case(&(Case){.type = pair_types[i],
                           .probe_rows = 3000,
                           .build_rows = 900,
                           .distinct = 1000,
                           .two_keys = true});
        check_case(&(Case){.type = pair_types[i],
                           .probe_rows = 900,
                           .build_rows = 90,
                           .distinct = 1000,
                           .null_equal = true});
    }
}

static void test_residual(void **state)
{
    for (i32 i = 0; i < countof(pair_types); i++)
        check_case(&(Case){.type = pair_types[i],
                           .probe_rows = 3000,
                           .build_rows = 500,
                           .distinct = 100,
                           .residual = true});
    for (i32 i = 0; i < countof(mark_types); i++)
        check_case(&(Case){.type = mark_types[i],
                           .probe_rows = 3000,
                           .build_rows = 100,
                           .distinct = 100,
                           .residual = true});
}

static void test_null_aware(void **state)
{
    for (i32 two = 0; two < 2; two++) {
        check_case(&(Case){.type = MARK_JOIN,
                           .probe_rows = 500,
                           .build_rows = 40,
                           .distinct = 100,
                           .null_aware = true,
                           .two_keys = two});
        check_case(&(Case){.type = NULL_ANTI_JOIN,
                           .probe_rows = 500,
                           .build_rows = 3,
                           .distinct = 100,
                           .null_aware = true,
                           .two_keys = two});
        check_case(&(Case){.type = NULL_ANTI_JOIN,
                           .probe_rows = 500,
                           .build_rows = 0,
                           .distinct = 100,
                           .null_aware = true,
                           .two_keys = two});
    }
}

static void test_nested_loop(void **state)
{
    for (i32 i = 0; i < countof(pair_types); i++) {
        check_case(&(Case){.type = pair_types[i],
                           .probe_rows = 3000,
                           .build_rows = 60,
                           .distinct = 80,
                           .nested = true});
        check_case(&(Case){.type = pair_types[i],
                           .probe_rows = 300,
                           .build_rows = 60,
                           .distinct = 2,
                           .nested = true,
                           .residual = true});
        check_case(&(Case){.type = pair_types[i],
                           .probe_rows = 300,
                           .build_rows = 0,
                           .distinct = 2,
                           .nested = true});
    }
    for (i32 i = 0; i < countof(mark_types); i++)
        check_case(&(Case){.type = mark_types[i],
                           .probe_rows = 3000,
                           .build_rows = 60,
                           .distinct = 100,
                           .nested = true});
    check_case(&(Case){.type = MARK_JOIN,
                       .probe_rows = 500,
                       .build_rows = 40,
                       .distinct = 100,
                       .null_aware = true,
                       .nested = true});
    check_case(&(Case){.type = NULL_ANTI_JOIN,
                       .probe_rows = 500,
                       .build_rows = 3,
                       .distinct = 100,
                       .null_aware = true,
                       .nested = true});
}

static void test_single(void **state)
{
    MemoryTable probe, build;
    Bench b;
    Case c = {.type = SINGLE_JOIN};
    memory_table_open(&probe, (u32[]){TYPE_INT4, TYPE_TEXT, TYPE_INT8}, 3);
    memory_table_open(&build, (u32[]){TYPE_INT4, TYPE_TEXT, TYPE_INT8}, 3);
    for (i32 i = 0; i < 5; i++) {
        Value row[3] = {bench_int(TYPE_INT4, i), bench_text("x"), bench_int(TYPE_INT8, i)};
        memory_table_add(&probe, row);
        if (i < 3)
            memory_table_add(&build, row);
    }
    bench_open(&b, 2);
    assert_true(bench_run(&b, join_plan(&b, &c, &probe, &build), 0, 0));
    bench_sort(&b);
    assert_int_equal(b.line_count, 5);
    assert_string_equal(b.lines[2], "2|2");
    assert_string_equal(b.lines[4], "4|NULL");
    memory_table_add(&build, memory_table_row(&build, 1));
    assert_false(bench_run(&b, join_plan(&b, &c, &probe, &build), 0, 0));
    assert_string_equal(error_sqlstate(b.q.error.code), "21000");
    assert_string_equal(b.q.error.message,
                        "more than one row returned by a subquery used as an expression");
    bench_close(&b);
    memory_table_close(&probe);
    memory_table_close(&build);
}

static void test_runtime_filter(void **state)
{
    MemoryTable probe, build;
    Bench b;
    Case c = {.type = INNER_JOIN};
    random_state = 5;
    fill(&probe, 3000, 1000);
    fill(&build, 20, 1000);
    bench_open(&b, 2);
    Plan *plan = join_plan(&b, &c, &probe, &build);
    assert_true(bench_run(&b, plan, 0, 0));
    i32 without = b.line_count;
    PlanRuntimeFilter filter = {.join_number = plan->number, .key = 0, .scan_column = 0};
    plan->inputs[0]->scan.runtime_filters = &filter;
    plan->inputs[0]->scan.runtime_filter_count = 1;
    assert_true(bench_run(&b, plan, 0, 0));
    assert_int_equal(b.line_count, without);
    bench_close(&b);
    memory_table_close(&probe);
    memory_table_close(&build);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integer_key),    cmocka_unit_test(test_other_keys),
        cmocka_unit_test(test_residual),       cmocka_unit_test(test_null_aware),
        cmocka_unit_test(test_nested_loop),    cmocka_unit_test(test_single),
        cmocka_unit_test(test_runtime_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
