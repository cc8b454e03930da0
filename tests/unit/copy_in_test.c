/* SPDX-License-Identifier: Apache-2.0
 *
 * COPY in and out, INSERT, UPDATE, DELETE and set operations: rows, messages and contexts that
 * PostgreSQL 15 gives for the same input.
 */
#include "plan_bench.h"

typedef struct Feed {
    const char *data;
    i64 len, at, step;
    bool hungry; /* answers NOTHING_NOW every other time */
    bool turn;
} Feed;

static ReadStatus feed_read(void *state, void *to, i64 len, i64 *got, Error *error)
{
    Feed *feed = state;
    feed->turn = !feed->turn;
    if (feed->hungry && feed->turn)
        return READ_NOTHING_NOW;
    *got = min_i64(min_i64(len, feed->step), feed->len - feed->at);
    if (*got == 0)
        return READ_END;
    memcpy(to, feed->data + feed->at, (size_t)*got);
    feed->at += *got;
    return READ_BYTES;
}

static const CopyOptions text_options = {
    .format = COPY_TEXT, .delimiter = '\t', .quote = '"', .escape = '"', .null = {"\\N", 2}};
static const CopyOptions csv_options = {
    .format = COPY_CSV, .delimiter = ',', .quote = '"', .escape = '"', .null = {"", 0}};

static Plan *copy_plan(Bench *b, const CopyOptions *options)
{
    Plan *plan = bench_plan(b, PLAN_COPY_IN, NULL, NULL);
    bench_columns(b, plan, 2, (u32[]){TYPE_INT4, TYPE_TEXT});
    plan->copy_in.options = *options;
    plan->copy_in.relation_name = TEXT("t");
    plan->copy_in.column_names = make_array(&b->q, Text, 2);
    plan->copy_in.column_names[0] = TEXT("a");
    plan->copy_in.column_names[1] = TEXT("b");
    plan->copy_in.fields = plan->columns;
    plan->copy_in.field_count = 2;
    return plan;
}

static bool copy_run(Bench *b, const CopyOptions *options, const char *data, i64 step)
{
    Feed feed = {.data = data, .len = (i64)strlen(data), .step = step, .hungry = step < 100};
    ByteSource source = {feed_read, &feed};
    b->source = &source;
    bool good = bench_run(b, copy_plan(b, options), 0, 0);
    b->source = NULL;
    return good;
}

static void test_text(void **state)
{
    Bench b;
    bench_open(&b, 1); /* lines in the order of the file */
    for (i64 step = 1; step < 2000; step = step * 7 + 1) {
        assert_true(copy_run(&b, &text_options,
                             "1\tone\n2\t\\N\n\\N\ta\\tb\\\\c\\n\\x41\\101\r\n4\t\n5\tlast", step));
        assert_int_equal(b.line_count, 5);
        assert_string_equal(b.lines[0], "1|one");
        assert_string_equal(b.lines[1], "2|NULL");
        assert_string_equal(b.lines[2], "NULL|a\tb\\c\nAA");
        assert_string_equal(b.lines[3], "4|");
        assert_string_equal(b.lines[4], "5|last");
    }
    assert_true(copy_run(&b, &text_options, "1\tone\n\\.\nthis is not read\n", 10000));
    assert_int_equal(b.line_count, 1);
    bench_close(&b);
}

static void test_csv(void **state)
{
    Bench b;
    CopyOptions options = csv_options;
    bench_open(&b, 1);
    options.header = HEADER_MATCH;
    for (i64 step = 1; step < 2000; step = step * 7 + 1) {
        assert_true(copy_run(&b, &options,
                             "a,b\n1,\"x,\"\"y\"\"\nz\"\n2,\n3,\"\"\n,plain\"quoted\"\n", step));
        assert_int_equal(b.line_count, 4);
        assert_string_equal(b.lines[0], "1|x,\"y\"\nz");
        assert_string_equal(b.lines[1], "2|NULL");
        assert_string_equal(b.lines[2], "3|");
        assert_string_equal(b.lines[3], "NULL|plainquoted");
    }
    assert_false(copy_run(&b, &options, "a,c\n", 1000));
    assert_string_equal(b.q.error.message,
                        "column name mismatch in header line field 2: got \"c\", expected \"b\"");
    assert_string_equal(b.q.error.context, "COPY t, line 1: \"a,c\"");
    bench_close(&b);
}

static void check_error(Bench *b, const CopyOptions *options, const char *data,
                        const char *sqlstate, const char *message, const char *context)
{
    assert_false(copy_run(b, options, data, 100000));
    assert_string_equal(b->q.error.message, message);
    assert_string_equal(error_sqlstate(b->q.error.code), sqlstate);
    assert_string_equal(b->q.error.context, context);
}

static void test_errors(void **state)
{
    Bench b;
    bench_open(&b, 2);
    check_error(&b, &text_options, "1\tx\n2\ty\nq\tz\n", "22P02",
                "invalid input syntax for type integer: \"q\"", "COPY t, line 3, column a: \"q\"");
    check_error(&b, &text_options, "1\tx\n2\n", "22P04", "missing data for column \"b\"",
                "COPY t, line 2: \"2\"");
    check_error(&b, &text_options, "1\tx\ty\n", "22P04", "extra data after last expected column",
                "COPY t, line 1: \"1\tx\ty\"");
    check_error(&b, &text_options, "1\tx\n2\ty\xff\n", "22021",
                "invalid byte sequence for encoding \"UTF8\": 0xff", "COPY t, line 2");
    check_error(&b, &csv_options, "1,\"x\n", "22P04", "unterminated CSV quoted field",
                "COPY t, line 1: \"1,\"x\n\"");
    check_error(&b, &text_options, "x\ty\n1\n", "22P02",
                "invalid input syntax for type integer: \"x\"", "COPY t, line 1, column a: \"x\"");
    bench_close(&b);
}

/* Whichever worker comes to a bad line first: the first line of the file that is bad counts. */
static void test_first_error(void **state)
{
    enum { LINES = 40000, FIRST_BAD = 21000, SECOND_BAD = 23500, LINE_BYTES = 16 };
    char *data = test_calloc(LINES, LINE_BYTES);
    char *at = data;
    for (i32 i = 1; i <= LINES; i++)
        at +=
            snprintf(at, LINE_BYTES, i == FIRST_BAD || i == SECOND_BAD ? "q%d\tx\n" : "%d\tx\n", i);
    for (i32 turn = 0; turn < 20; turn++) {
        Bench b;
        bench_open(&b, 4);
        assert_false(copy_run(&b, &text_options, data, 100000));
        assert_string_equal(b.q.error.message, "invalid input syntax for type integer: \"q21000\"");
        assert_string_equal(b.q.error.context, "COPY t, line 21000, column a: \"q21000\"");
        bench_close(&b);
    }
    test_free(data);
}

/* ---- out ---- */

typedef struct Out {
    char bytes[1 << 12];
    i64 len;
} Out;

static SinkStatus out_write(void *state, const void *bytes, i64 len, Error *error)
{
    Out *out = state;
    memcpy(out->bytes + out->len, bytes, (size_t)len);
    out->len += len;
    out->bytes[out->len] = 0;
    return SINK_TAKEN;
}

typedef struct OutRun {
    Bench *b;
    Plan *plan;
    const CopyOptions *options;
    Out *out;
} OutRun;

static void out_body(void *argument)
{
    OutRun *run = argument;
    Bench *b = run->b;
    static const FormatSettings format = {.extra_float_digits = 1};
    Text names[2] = {TEXT("a"), TEXT("b,c")};
    ByteSink to = {.write = out_write, .state = run->out};
    CopyOut *copy = copy_out_open(&b->q, run->options, run->plan->columns, names, 2, &format, to);
    ExecutionInput input = {
        .pool = b->pool, .sink = copy_out_sink(copy), .wake = bench_wake, .wake_argument = b};
    b->tree.root = run->plan;
    b->tree.node_count = 64;
    b->woken = false;
    Execution *e = execution_open(&b->q, &b->tree, &input);
    while (execution_run(&b->q, e, 0) != RUN_DONE)
        bench_wait(b);
    assert_int_equal(execution_rows(e), 3);
    execution_close(e);
}

static void check_out(const CopyOptions *options, const char *want)
{
    Bench b;
    Out out = {.len = 0};
    MemoryTable t;
    memory_table_open(&t, (u32[]){TYPE_INT4, TYPE_TEXT}, 2);
    memory_table_add(&t, (Value[]){bench_int(TYPE_INT4, 1), bench_text("a,b\t\"c\"\n\\")});
    memory_table_add(&t, (Value[]){bench_null(TYPE_INT4), bench_text("")});
    memory_table_add(&t, (Value[]){bench_int(TYPE_INT4, -3), bench_null(TYPE_TEXT)});
    bench_open(&b, 1);
    OutRun run = {&b, bench_scan(&b, &t, 0), options, &out};
    assert_true(query_try(&b.q, out_body, &run));
    assert_string_equal(out.bytes, want);
    bench_close(&b);
    memory_table_close(&t);
}

static void test_out(void **state)
{
    CopyOptions options = csv_options;
    options.header = HEADER_WRITE_OR_SKIP;
    check_out(&text_options, "1\ta,b\\t\"c\"\\n\\\\\n\\N\t\n-3\t\\N\n");
    check_out(&options, "a,\"b,c\"\n1,\"a,b\t\"\"c\"\"\n\\\"\n,\"\"\n-3,\n");
}

/* ---- changes ---- */

static void modify_shape(Bench *b, Plan *plan, MemoryTable *t, bool *not_null)
{
    plan->modify.access = &memory_access;
    plan->modify.relation = (u64)(uintptr_t)t;
    plan->modify.relation_name = TEXT("t");
    plan->modify.schema_name = TEXT("public");
    plan->modify.row_count = t->column_count;
    plan->modify.row = make_array(&b->q, PlanColumn, t->column_count);
    for (i32 i = 0; i < t->column_count; i++)
        plan->modify.row[i] = (PlanColumn){
            .type = t->types[i], .lane = t->lanes[i], .name = i ? TEXT("b") : TEXT("a")};
    plan->modify.not_null = not_null;
}

static void fill_two(MemoryTable *t, i64 rows)
{
    memory_table_open(t, (u32[]){TYPE_INT4, TYPE_INT4}, 2);
    for (i64 i = 0; i < rows; i++)
        memory_table_add(t, (Value[]){bench_int(TYPE_INT4, i), bench_int(TYPE_INT4, i % 10)});
}

static void test_insert(void **state)
{
    for (i32 workers = 1; workers <= 4; workers += 3) {
        MemoryTable from, to;
        Bench b;
        bool not_null[2] = {true, false};
        fill_two(&from, 30000);
        fill_two(&to, 0);
        bench_open(&b, workers);
        Plan *scan = bench_scan(&b, &from, 0);
        Plan *plan = bench_plan(&b, PLAN_INSERT, scan, NULL);
        modify_shape(&b, plan, &to, not_null);
        plan->modify.returning = bench_list(&b, 1, bench_column(&b, scan, 0));
        assert_true(bench_run(&b, plan, 0, 0));
        assert_int_equal(b.rows, 30000);
        assert_int_equal(b.line_count, 30000);
        assert_int_equal(to.count, 30000);
        memory_table_add(&from, (Value[]){bench_null(TYPE_INT4), bench_int(TYPE_INT4, 7)});
        assert_false(bench_run(&b, plan, 0, 0));
        assert_string_equal(
            b.q.error.message,
            "null value in column \"a\" of relation \"t\" violates not-null constraint");
        assert_string_equal(b.q.error.detail, "Failing row contains (null, 7).");
        from.count--;
        PlanCheck check = {
            TEXT("t_check"),
            bench_call(&b, "<", bench_column(&b, scan, 1), bench_constant(&b, TYPE_INT4, 9)),
            false};
        plan->modify.checks = &check;
        plan->modify.check_count = 1;
        assert_false(bench_run(&b, plan, 0, 1));
        assert_string_equal(b.q.error.message,
                            "new row for relation \"t\" violates check constraint \"t_check\"");
        assert_string_equal(b.q.error.detail, "Failing row contains (9, 9).");
        bench_close(&b);
        memory_table_close(&from);
        memory_table_close(&to);
    }
}

static void test_delete_waits(void **state)
{
    MemoryTable t;
    Bench b;
    fill_two(&t, 5000);
    bench_open(&b, 2);
    Plan *scan = bench_scan(&b, &t, 0);
    scan->scan.want_row_ids = true;
    scan->scan.is_target = true;
    scan->column_count = 0;
    bench_columns(&b, scan, 3, (u32[]){TYPE_INT4, TYPE_INT4, TYPE_INT8});
    Plan *project = bench_plan(&b, PLAN_PROJECT, scan, NULL);
    project->exprs = bench_list(&b, 2, bench_column(&b, scan, 2), bench_column(&b, scan, 0));
    bench_columns(&b, project, 2, (u32[]){TYPE_INT8, TYPE_INT4});
    Plan *plan = bench_plan(&b, PLAN_DELETE, project, NULL);
    modify_shape(&b, plan, &t, NULL);
    plan->modify.returning =
        bench_list(&b, 1, expr_column(&b.q, 0, type_of(TYPE_INT4), lane_of(LANE_I32), -1));
    t.wait_modifies = 3;
    b.waits_on = &t;
    assert_true(bench_run(&b, plan, 0, 1));
    assert_int_equal(b.rows, 5000);
    assert_int_equal(b.line_count, 5000);
    assert_int_equal(t.wait_modifies, 0);
    for (i64 i = 0; i < t.count; i++)
        assert_true(t.deleted[i]);
    bench_close(&b);
    memory_table_close(&t);
}

static i32 set_count(Bench *b, Plan *left, Plan *right, bool except, bool all)
{
    Plan *plan = bench_plan(b, PLAN_SET_OPERATION, left, right);
    plan->columns = left->columns;
    plan->column_count = left->column_count;
    plan->set.operation = except ? SET_EXCEPT : SET_INTERSECT;
    plan->set.all = all;
    assert_true(bench_run(b, plan, 0, 0));
    return b->line_count;
}

static void test_set_operations(void **state)
{
    MemoryTable x, y;
    Bench b;
    fill_two(&x, 4000);
    fill_two(&y, 1000);
    for (i32 i = 0; i < 3; i++) {
        memory_table_add(&x, (Value[]){bench_null(TYPE_INT4), bench_int(TYPE_INT4, 1)});
        if (i < 2)
            memory_table_add(&y, (Value[]){bench_null(TYPE_INT4), bench_int(TYPE_INT4, 1)});
    }
    bench_open(&b, 4);
    Plan *left = bench_scan(&b, &x, 0), *right = bench_scan(&b, &y, 1);
    assert_int_equal(set_count(&b, left, right, false, false), 1001);
    assert_int_equal(set_count(&b, left, right, false, true), 1002);
    assert_int_equal(set_count(&b, left, right, true, false), 3000);
    assert_int_equal(set_count(&b, left, right, true, true), 3001);
    bench_close(&b);
    memory_table_close(&x);
    memory_table_close(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),         cmocka_unit_test(test_csv),
        cmocka_unit_test(test_errors),       cmocka_unit_test(test_first_error),
        cmocka_unit_test(test_out),          cmocka_unit_test(test_insert),
        cmocka_unit_test(test_delete_waits), cmocka_unit_test(test_set_operations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
