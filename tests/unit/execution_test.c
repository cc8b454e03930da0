/* SPDX-License-Identifier: Apache-2.0
 *
 * Pipelines, scheduling, scan, values, filter, project, limit and common table expressions: answers
 * against row-at-a-time computation, with one and with four workers; parking, row limits, errors,
 * tiny budgets.
 */
#include "executor/executor.h"
#include "plan_bench.h"

static const i32 worker_counts[] = {1, 4};

static void fill_table(MemoryTable *t, i64 rows)
{
    memory_table_open(t, (u32[]){TYPE_INT4, TYPE_INT8, TYPE_TEXT}, 3);
    for (i64 i = 0; i < rows; i++) {
        char text[32];
        snprintf(text, sizeof text, "row number %lld", (long long)i);
        Value row[3] = {bench_int(TYPE_INT4, i % 100), bench_int(TYPE_INT8, i), bench_text(text)};
        if (i % 7 == 0)
            row[0] = bench_null(TYPE_INT4);
        memory_table_add(t, row);
    }
}

static Plan *filtered_sum(Bench *b, MemoryTable *t)
{
    Plan *scan = bench_scan(b, t, 0);
    Plan *filter = bench_plan(b, PLAN_FILTER, scan, NULL);
    filter->columns = scan->columns;
    filter->column_count = scan->column_count;
    filter->exprs = bench_list(
        b, 1, bench_call(b, ">", bench_column(b, scan, 0), bench_constant(b, TYPE_INT4, 90)));
    Plan *project = bench_plan(b, PLAN_PROJECT, filter, NULL);
    project->exprs = bench_list(
        b, 2, bench_call(b, "+", bench_column(b, scan, 1), bench_constant(b, TYPE_INT8, 5)),
        bench_column(b, scan, 2));
    bench_columns(b, project, 2, (u32[]){TYPE_INT8, TYPE_TEXT});
    return project;
}

static void check_filtered(Bench *b, i64 rows)
{
    bench_sort(b);
    Bench want = {.line_count = 0};
    arena_open(&want.lines_arena, NULL);
    for (i64 i = 0; i < rows; i++) {
        char line[64];
        if (i % 7 == 0 || i % 100 <= 90)
            continue;
        snprintf(line, sizeof line, "%lld|row number %lld", (long long)i + 5, (long long)i);
        bench_line(&want, line);
    }
    bench_sort(&want);
    assert_int_equal(b->line_count, want.line_count);
    for (i32 i = 0; i < want.line_count; i++)
        assert_string_equal(b->lines[i], want.lines[i]);
    arena_close(&want.lines_arena);
}

static void test_scan_filter_project(void **state)
{
    for (i32 w = 0; w < countof(worker_counts); w++) {
        for (i32 lazy = 0; lazy < 2; lazy++) {
            for (i32 full = 0; full < 2; full++) {
                MemoryTable t;
                Bench b;
                fill_table(&t, 40000);
                t.lazy = lazy;
                bench_open(&b, worker_counts[w]);
                b.full_every = full;
                assert_true(bench_run(&b, filtered_sum(&b, &t), 0, 0));
                check_filtered(&b, 40000);
                assert_int_equal(b.rows, b.line_count);
                bench_close(&b);
                memory_table_close(&t);
            }
        }
    }
}

static void test_row_limit_suspends(void **state)
{
    MemoryTable t;
    Bench b;
    fill_table(&t, 30000);
    bench_open(&b, 4);
    assert_true(bench_run(&b, filtered_sum(&b, &t), 100, 0));
    assert_int_equal(b.suspensions, b.line_count / 100);
    check_filtered(&b, 30000);
    bench_close(&b);
    memory_table_close(&t);
}

static void test_pushed_filters(void **state)
{
    MemoryTable t;
    Bench b;
    fill_table(&t, 5000);
    bench_open(&b, 2);
    Plan *scan = bench_scan(&b, &t, 0);
    PlanScanFilter filters[2] = {
        {.scan_column = 1,
         .kind = FILTER_RANGE,
         .low = bench_constant(&b, TYPE_INT8, 100),
         .high = bench_constant(&b, TYPE_INT8, 300),
         .low_exclusive = true},
        {.scan_column = 0,
         .kind = FILTER_IN_SET,
         .set =
             bench_list(&b, 3, bench_constant(&b, TYPE_INT4, 9), bench_constant(&b, TYPE_INT4, 3),
                        expr_null(&b.q, type_of(TYPE_INT4), -1))},
    };
    scan->scan.filters = filters;
    scan->scan.filter_count = 2;
    assert_true(bench_run(&b, scan, 0, 0));
    bench_sort(&b);
    assert_int_equal(b.line_count, 3); /* 103 109 209; 203 is a multiple of 7 */
    filters[0].low = expr_null(&b.q, type_of(TYPE_INT8), -1);
    assert_true(bench_run(&b, scan, 0, 0));
    assert_int_equal(b.line_count, 0);
    bench_close(&b);
    memory_table_close(&t);
}

static Plan *limit_plan(Bench *b, Plan *input, Expr *limit, Expr *offset)
{
    Plan *plan = bench_plan(b, PLAN_LIMIT, input, NULL);
    plan->columns = input->columns;
    plan->column_count = input->column_count;
    plan->sort.limit = limit;
    plan->sort.offset = offset;
    return plan;
}

static void test_limit(void **state)
{
    for (i32 w = 0; w < countof(worker_counts); w++) {
        MemoryTable t;
        Bench b;
        fill_table(&t, 30000);
        bench_open(&b, worker_counts[w]);
        Plan *scan = bench_scan(&b, &t, 0);
        Plan *plan = limit_plan(&b, scan, bench_constant(&b, TYPE_INT8, 2500),
                                bench_constant(&b, TYPE_INT8, 29000));
        assert_true(bench_run(&b, plan, 0, 0));
        assert_int_equal(b.line_count, 1000);
        plan->sort.offset = expr_null(&b.q, type_of(TYPE_INT8), -1);
        assert_true(bench_run(&b, plan, 0, 0));
        assert_int_equal(b.line_count, 2500);
        plan->sort.limit = bench_constant(&b, TYPE_INT8, 0);
        assert_true(bench_run(&b, plan, 0, 0));
        assert_int_equal(b.line_count, 0);
        plan->sort.limit = bench_constant(&b, TYPE_INT8, -1);
        assert_false(bench_run(&b, plan, 0, 0));
        assert_string_equal(b.q.error.message, "LIMIT must not be negative");
        assert_string_equal(error_sqlstate(b.q.error.code), "2201W");
        bench_close(&b);
        memory_table_close(&t);
    }
}

static void test_values_and_append(void **state)
{
    Bench b;
    bench_open(&b, 2);
    Plan *one = bench_plan(&b, PLAN_VALUES, NULL, NULL);
    one->values.row_count = 20;
    one->values.rows = make_array(&b.q, ExprList, 20);
    for (i32 i = 0; i < 20; i++)
        one->values.rows[i] = bench_list(&b, 1,
                                         bench_call(&b, "+", bench_constant(&b, TYPE_INT4, i),
                                                    bench_constant(&b, TYPE_INT4, 1)));
    bench_columns(&b, one, 1, (u32[]){TYPE_INT4});
    Plan *append = bench_plan(&b, PLAN_APPEND, NULL, NULL);
    append->number = 5;
    append->append.count = 2;
    append->append.parts = make_array(&b.q, Plan *, 2);
    append->append.parts[0] = append->append.parts[1] = one;
    append->columns = one->columns;
    append->column_count = 1;
    assert_true(bench_run(&b, append, 0, 0));
    assert_int_equal(b.line_count, 40);
    assert_string_equal(b.lines[0], "1");
    assert_string_equal(b.lines[19], "20");
    assert_string_equal(b.lines[39], "20");
    bench_close(&b);
}

static void test_cte_is_read_twice(void **state)
{
    MemoryTable t;
    Bench b;
    fill_table(&t, 20000);
    bench_open(&b, 4);
    Plan *scan = bench_scan(&b, &t, 0);
    Plan *append = bench_plan(&b, PLAN_APPEND, NULL, NULL);
    append->number = 10;
    append->append.count = 2;
    append->append.parts = make_array(&b.q, Plan *, 2);
    for (i32 i = 0; i < 2; i++) {
        Plan *read = bench_plan(&b, PLAN_CTE_SCAN, NULL, NULL);
        read->number = 11 + i;
        read->columns = scan->columns;
        read->column_count = scan->column_count;
        append->append.parts[i] = read;
    }
    PlanCte cte = {.plan = scan};
    b.tree.ctes = &cte;
    b.tree.cte_count = 1;
    assert_true(bench_run(&b, append, 0, 0));
    assert_int_equal(b.line_count, 40000);
    bench_sort(&b);
    for (i32 i = 0; i < b.line_count; i += 2)
        assert_string_equal(b.lines[i], b.lines[i + 1]);
    bench_close(&b);
    memory_table_close(&t);
}

static void test_errors(void **state)
{
    for (i32 w = 0; w < countof(worker_counts); w++) {
        MemoryTable t;
        Bench b;
        fill_table(&t, 60000);
        bench_open(&b, worker_counts[w]);
        Plan *project = filtered_sum(&b, &t);
        project->exprs.items[0] =
            bench_call(&b, "/", bench_constant(&b, TYPE_INT8, 1),
                       bench_call(&b, "-", bench_column(&b, project->inputs[0], 1),
                                  bench_constant(&b, TYPE_INT8, 50091)));
        assert_false(bench_run(&b, project, 0, 0));
        assert_string_equal(b.q.error.message, "division by zero");
        t.fail_at_end = true;
        assert_false(bench_run(&b, filtered_sum(&b, &t), 0, 0));
        assert_string_equal(b.q.error.message, "planted failure");
        bench_close(&b);
        memory_table_close(&t);
    }
}

static void test_cancel(void **state)
{
    MemoryTable t;
    Bench b;
    fill_table(&t, 60000);
    bench_open(&b, 2);
    t.held_until = &b.control.interrupt; /* no worker is done before the query is ended */
    Plan *plan = filtered_sum(&b, &t);
    b.tree.root = plan;
    b.tree.node_count = 64;
    ExecutionInput input = {
        .pool = b.pool, .sink = {&bench_operator, &b}, .wake = bench_wake, .wake_argument = &b};
    Execution *e = execution_open(&b.q, &b.tree, &input);
    assert_int_equal(execution_run(&b.q, e, 0), RUN_BUSY);
    execution_close(e);                                                  /* while workers run */
    assert_int_equal(atomic_load(&b.control.interrupt), INTERRUPT_NONE); /* of the next statement */
    assert_int_equal(t.open_scans, 0);
    bench_close(&b);
    memory_table_close(&t);
}

static void test_tiny_budget(void **state)
{
    MemoryTable t;
    Bench b;
    fill_table(&t, 20000);
    bench_open(&b, 4);
    Plan *scan = bench_scan(&b, &t, 0);
    Plan *read = bench_plan(&b, PLAN_CTE_SCAN, NULL, NULL);
    read->number = 1;
    read->columns = scan->columns;
    read->column_count = scan->column_count;
    PlanCte cte = {.plan = scan};
    b.tree.ctes = &cte;
    b.tree.cte_count = 1;
    b.control.budget.limit_bytes = 300 << 10;
    assert_false(bench_run(&b, read, 0, 0));
    assert_string_equal(error_sqlstate(b.q.error.code), "53200");
    bench_close(&b); /* asserts that every byte came back */
    memory_table_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scan_filter_project),
        cmocka_unit_test(test_row_limit_suspends),
        cmocka_unit_test(test_pushed_filters),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_values_and_append),
        cmocka_unit_test(test_cte_is_read_twice),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_tiny_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
