/* SPDX-License-Identifier: Apache-2.0
 *
 * Aggregation, sorting and top-n against recomputation row by row, with one and with four workers:
 * many and few groups, NULL and string keys, FILTER, DISTINCT and ORDER BY inside calls, no input.
 */
#include "plan_bench.h"

static const FunctionRow *unused_row;

static const AggregateRow *aggregate(const char *name, u32 argument)
{
    const AggregateRow *row = NULL;
    while ((row = aggregate_next(text_from(name), row)) != NULL)
        if (argument == 0 ? row->argument_count == 0
                          : row->argument_count == 1 &&
                                (row->arguments[0] == argument || row->arguments[0] == TYPE_ANY))
            return row;
    verify(!"no such aggregate");
}

/* k int4 (NULL every 11th), t text, v int4. */
static void fill(MemoryTable *t, i64 rows, i64 groups)
{
    (void)unused_row;
    memory_table_open(t, (u32[]){TYPE_INT4, TYPE_TEXT, TYPE_INT4}, 3);
    for (i64 i = 0; i < rows; i++) {
        char text[40];
        snprintf(text, sizeof text, "a text that is long %lld", (long long)(i * 7 % groups % 50));
        Value row[3] = {bench_int(TYPE_INT4, i * 31 % groups), bench_text(text),
                        bench_int(TYPE_INT4, i % 1000)};
        if (i % 11 == 0)
            row[0] = bench_null(TYPE_INT4);
        if (i % 13 == 0)
            row[2] = bench_null(TYPE_INT4);
        memory_table_add(t, row);
    }
}

typedef struct Sums {
    i64 rows, sum, filtered, distinct_sum;
    bool any;
    bool seen[1000];
} Sums;

static Plan *sums_plan(Bench *b, Plan *scan, bool keys)
{
    Plan *plan = bench_plan(b, PLAN_AGGREGATE, scan, NULL);
    if (keys)
        plan->aggregate.keys = bench_list(b, 1, bench_column(b, scan, 0));
    plan->aggregate.call_count = 4;
    PlanAggregateCall *calls = plan->aggregate.calls = make_array(&b->q, PlanAggregateCall, 4);
    calls[0].row = aggregate("count", 0);
    calls[1].row = aggregate("sum", TYPE_INT4);
    calls[1].args = bench_list(b, 1, bench_column(b, scan, 2));
    calls[2] = calls[1];
    calls[2].filter =
        bench_call(b, ">", bench_column(b, scan, 2), bench_constant(b, TYPE_INT4, 500));
    calls[3] = calls[1];
    calls[3].distinct = true;
    bench_columns(b, plan, 4 + keys,
                  keys ? (u32[]){TYPE_INT4, TYPE_INT8, TYPE_INT8, TYPE_INT8, TYPE_INT8}
                       : (u32[]){TYPE_INT8, TYPE_INT8, TYPE_INT8, TYPE_INT8});
    return plan;
}

static void sums_line(Bench *want, const char *key, const Sums *sums)
{
    char line[200], sum[32] = "NULL", filtered[32] = "NULL", distinct[32] = "NULL";
    if (sums->any) {
        snprintf(sum, sizeof sum, "%lld", (long long)sums->sum);
        snprintf(distinct, sizeof distinct, "%lld", (long long)sums->distinct_sum);
    }
    if (sums->filtered >= 0)
        snprintf(filtered, sizeof filtered, "%lld", (long long)sums->filtered);
    snprintf(line, sizeof line, "%s%lld|%s|%s|%s", key, (long long)sums->rows, sum, filtered,
             distinct);
    bench_line(want, line);
}

static void compute(Bench *want, const MemoryTable *t, i64 groups, bool keys)
{
    Sums *sums = arena_alloc_array(&want->q, &want->lines_arena, groups + 1, sizeof *sums);
    for (i64 g = 0; g <= groups; g++)
        sums[g].filtered = -1;
    for (i64 i = 0; i < t->count; i++) {
        const Value *row = memory_table_row(t, i);
        Sums *mine = &sums[!keys ? 0 : row[0].null ? groups : row[0].integer];
        mine->rows++;
        if (row[2].null)
            continue;
        i64 v = row[2].integer;
        mine->any = true;
        mine->sum += v;
        if (v > 500)
            mine->filtered = (mine->filtered < 0 ? 0 : mine->filtered) + v;
        mine->distinct_sum += mine->seen[v] ? 0 : v;
        mine->seen[v] = true;
    }
    for (i64 g = 0; g <= groups; g++) {
        char key[32];
        snprintf(key, sizeof key, g == groups ? "NULL|" : "%lld|", (long long)g);
        if (keys ? sums[g].rows > 0 : g == 0)
            sums_line(want, keys ? key : "", &sums[g]);
    }
}

static void same_lines(Bench *b, Bench *want)
{
    bench_sort(b);
    bench_sort(want);
    assert_int_equal(b->line_count, want->line_count);
    for (i32 i = 0; i < want->line_count; i++)
        assert_string_equal(b->lines[i], want->lines[i]);
}

static void check_sums(i64 rows, i64 groups, bool keys, i32 workers)
{
    MemoryTable t;
    Bench b, want;
    fill(&t, rows, groups);
    bench_open(&b, workers);
    bench_open(&want, 1);
    compute(&want, &t, groups, keys);
    bool good = bench_run(&b, sums_plan(&b, bench_scan(&b, &t, 0), keys), 0, 0);
    if (!good)
        print_message("%s\n", b.q.error.message);
    assert_true(good);
    same_lines(&b, &want);
    bench_close(&b);
    bench_close(&want);
    memory_table_close(&t);
}

static void test_sums(void **state)
{
    for (i32 workers = 1; workers <= 4; workers += 3) {
        check_sums(40000, 10, true, workers);
        check_sums(60000, 15000, true, workers);
        check_sums(40000, 10, false, workers);
        check_sums(0, 10, false, workers);
        check_sums(0, 10, true, workers);
    }
}

static void test_distinct_rows(void **state)
{
    for (i32 workers = 1; workers <= 4; workers += 3) {
        MemoryTable t;
        Bench b;
        fill(&t, 30000, 1000);
        bench_open(&b, workers);
        Plan *scan = bench_scan(&b, &t, 0);
        Plan *plan = bench_plan(&b, PLAN_AGGREGATE, scan, NULL);
        plan->aggregate.keys = bench_list(&b, 1, bench_column(&b, scan, 1));
        bench_columns(&b, plan, 1, (u32[]){TYPE_TEXT});
        assert_true(bench_run(&b, plan, 0, 0));
        assert_int_equal(b.line_count, 50);
        bench_sort(&b);
        assert_string_equal(b.lines[0], "a text that is long 0");
        assert_string_equal(b.lines[49], "a text that is long 9");
        bench_close(&b);
        memory_table_close(&t);
    }
}

/* min of an ordered call: any order gives the same, so what is checked is that rows reach it. */
static void test_ordered_call(void **state)
{
    for (i32 workers = 1; workers <= 4; workers += 3) {
        MemoryTable t;
        Bench b, want;
        fill(&t, 20000, 10);
        bench_open(&b, workers);
        bench_open(&want, 1);
        compute(&want, &t, 10, true);
        Plan *plan = sums_plan(&b, bench_scan(&b, &t, 0), true);
        ExprSort *order = make_array(&b.q, ExprSort, 1);
        order[0].key = bench_column(&b, plan->inputs[0], 2);
        for (i32 i = 1; i < 4; i++) {
            plan->aggregate.calls[i].order = order;
            plan->aggregate.calls[i].order_count = 1;
        }
        assert_true(bench_run(&b, plan, 0, 0));
        same_lines(&b, &want);
        bench_close(&b);
        bench_close(&want);
        memory_table_close(&t);
    }
}

static Plan *sort_plan(Bench *b, Plan *scan, PlanKind kind)
{
    Plan *plan = bench_plan(b, kind, scan, NULL);
    plan->columns = scan->columns;
    plan->column_count = scan->column_count;
    plan->sort.column_count = 2;
    plan->sort.columns = make_array(&b->q, SortColumn, 2);
    plan->sort.columns[0] = (SortColumn){1, true, false};
    plan->sort.columns[1] = (SortColumn){0, false, true};
    return plan;
}

static int wanted_order(const void *a, const void *b)
{
    const Value *x = *(const Value *const *)a, *y = *(const Value *const *)b;
    int order = -value_compare(&x[1], &y[1]);
    if (order)
        return order;
    if (x[0].null || y[0].null)
        return (int)y[0].null - (int)x[0].null;
    return value_compare(&x[0], &y[0]);
}

static void check_sort(PlanKind kind, i64 limit, i64 offset, i32 workers)
{
    MemoryTable t;
    Bench b;
    fill(&t, 30000, 2000);
    bench_open(&b, workers);
    Plan *plan = sort_plan(&b, bench_scan(&b, &t, 0), kind);
    if (kind == PLAN_TOP_N) {
        plan->sort.limit = bench_constant(&b, TYPE_INT8, limit);
        plan->sort.offset = bench_constant(&b, TYPE_INT8, offset);
    }
    assert_true(bench_run(&b, plan, 0, 0));
    const Value **rows = arena_alloc_array(&b.q, &b.lines_arena, t.count, sizeof *rows);
    for (i64 i = 0; i < t.count; i++)
        rows[i] = memory_table_row(&t, i);
    qsort(rows, (size_t)t.count, sizeof *rows, wanted_order);
    i64 end = kind == PLAN_SORT ? t.count : min_i64(offset + limit, t.count);
    i64 first = kind == PLAN_SORT ? 0 : offset;
    assert_int_equal(b.line_count, max_i64(end - first, 0));
    for (i64 i = first; i < end; i++) {
        char line[100];
        if (rows[i][0].null)
            snprintf(line, sizeof line, "NULL|%.*s|", TEXT_ARG(str_text(&rows[i][1].str)));
        else
            snprintf(line, sizeof line, "%lld|%.*s|", (long long)rows[i][0].integer,
                     TEXT_ARG(str_text(&rows[i][1].str)));
        assert_memory_equal(b.lines[i - first], line, strlen(line));
    }
    bench_close(&b);
    memory_table_close(&t);
}

static void test_sort(void **state)
{
    for (i32 workers = 1; workers <= 4; workers += 3) {
        check_sort(PLAN_SORT, 0, 0, workers);
        check_sort(PLAN_TOP_N, 10, 0, workers);
        check_sort(PLAN_TOP_N, 3000, 1500, workers);
        check_sort(PLAN_TOP_N, 0, 0, workers);
        check_sort(PLAN_TOP_N, 100, 29950, workers);
    }
}

static void test_budget(void **state)
{
    MemoryTable t;
    Bench b;
    fill(&t, 60000, 60000);
    bench_open(&b, 4);
    b.control.budget.limit_bytes = 2 << 20;
    assert_false(bench_run(&b, sums_plan(&b, bench_scan(&b, &t, 0), true), 0, 0));
    assert_string_equal(error_sqlstate(b.q.error.code), "53200");
    assert_false(bench_run(&b, sort_plan(&b, bench_scan(&b, &t, 0), PLAN_SORT), 0, 0));
    assert_string_equal(error_sqlstate(b.q.error.code), "53200");
    bench_close(&b);
    memory_table_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),         cmocka_unit_test(test_distinct_rows),
        cmocka_unit_test(test_ordered_call), cmocka_unit_test(test_sort),
        cmocka_unit_test(test_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
