/* SPDX-License-Identifier: Apache-2.0
 *
 * EXPLAIN in PostgreSQL's text shape: one line per node, details indented below it, costs in rows
 * handled rather than disk pages.
 */
#include "planner/planner.h"

typedef struct Explain {
    Query *q;
    const PlanTree *tree;
    const ExplainOptions *options;
    Text *lines;
    i32 count, capacity;
} Explain;

static void add_line(Explain *e, i32 indent, Text text)
{
    if (e->count == e->capacity) {
        i32 capacity = e->capacity ? e->capacity * 2 : 32;
        Text *lines = make_array(e->q, Text, capacity);
        if (e->count)
            memcpy(lines, e->lines, (size_t)e->count * sizeof *lines);
        e->lines = lines;
        e->capacity = capacity;
    }
    e->lines[e->count++] = query_format(e->q, "%*s%.*s", indent, "", TEXT_ARG(text));
}

/* ---- names ---- */

typedef struct Names {
    const Plan *left, *right; /* the inputs an expression is over */
    const Plan *scan;         /* or the scan's own columns */
} Names;

static void column_name(void *state, TextBuilder *builder, i32 column)
{
    const Names *names = state;
    const Plan *plan = names->scan ? names->scan : names->left;
    if (!names->scan && column >= plan->column_count && names->right) {
        column -= plan->column_count;
        plan = names->right;
    }
    if (column < plan->column_count && plan->columns[column].name.len)
        builder_add(builder, plan->columns[column].name);
    else
        builder_format(builder, "column%d", column + 1);
}

static Text expr_text(Explain *e, const Names *names, const Expr *expr)
{
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    expr_print(&builder, expr, column_name, (void *)names); /* only read */
    return builder_text(&builder);
}

static void detail_list(Explain *e, i32 indent, const char *label, const Names *names,
                        ExprList list, const char *between)
{
    if (list.count == 0)
        return;
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    builder_format(&builder, "%s: ", label);
    bool conjuncts = list.count > 1 && strcmp(between, " AND ") == 0;
    if (conjuncts)
        builder_byte(&builder, '(');
    for (i32 i = 0; i < list.count; i++) {
        if (i)
            builder_add(&builder, text_from(between));
        builder_add(&builder, expr_text(e, names, list.items[i]));
    }
    if (conjuncts)
        builder_byte(&builder, ')');
    add_line(e, indent, builder_text(&builder));
}

/* ---- one line per node ---- */

static const char *join_words(const Plan *plan)
{
    bool hashed = plan->kind == PLAN_HASH_JOIN;
    switch (plan->join.type) {
    case INNER_JOIN:
        return hashed ? "Hash Join" : "Nested Loop";
    case LEFT_JOIN:
        return hashed ? "Hash Left Join" : "Nested Loop Left Join";
    case RIGHT_JOIN:
        return hashed ? "Hash Right Join" : "Nested Loop Right Join";
    case FULL_JOIN:
        return hashed ? "Hash Full Join" : "Nested Loop Full Join";
    case SEMI_JOIN:
        return hashed ? "Hash Semi Join" : "Nested Loop Semi Join";
    case ANTI_JOIN:
        return hashed ? "Hash Anti Join" : "Nested Loop Anti Join";
    case NULL_ANTI_JOIN:
        return hashed ? "Hash Null-Aware Anti Join" : "Nested Loop Null-Aware Anti Join";
    case MARK_JOIN:
        return hashed ? "Hash Mark Join" : "Nested Loop Mark Join";
    case SINGLE_JOIN:
        return hashed ? "Hash Single Join" : "Nested Loop Single Join";
    case RIGHT_SEMI_JOIN:
        return "Hash Right Semi Join";
    case RIGHT_ANTI_JOIN:
        return "Hash Right Anti Join";
    }
    unreachable();
}

static Text scan_title(Explain *e, const Plan *plan)
{
    Text alias = plan->scan.alias, name = plan->scan.relation_name;
    bool same = text_equal(alias, name) || alias.len == 0;
    return query_format(e->q, "Seq Scan on %.*s%s%.*s", TEXT_ARG(name), same ? "" : " ",
                        TEXT_ARG(same ? TEXT("") : alias));
}

static Text title(Explain *e, const Plan *plan)
{
    switch (plan->kind) {
    case PLAN_SCAN:
        return scan_title(e, plan);
    case PLAN_VALUES:
        return plan->values.row_count == 1 ? TEXT("Result") : TEXT("Values Scan");
    case PLAN_FUNCTION_SCAN:
        return query_format(e->q, "Function Scan on %s", plan->function.row->name);
    case PLAN_PROJECT_SET:
        return TEXT("ProjectSet");
    case PLAN_CTE_SCAN:
        return query_format(e->q, "CTE Scan on %.*s", TEXT_ARG(e->tree->ctes[plan->cte].name));
    case PLAN_FILTER:
        return TEXT("Filter");
    case PLAN_PROJECT:
        return TEXT("Project");
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        return text_from(join_words(plan));
    case PLAN_AGGREGATE:
        return plan->aggregate.keys.count ? TEXT("HashAggregate") : TEXT("Aggregate");
    case PLAN_SORT:
        return TEXT("Sort");
    case PLAN_TOP_N:
        return TEXT("Top-N Sort");
    case PLAN_LIMIT:
        return TEXT("Limit");
    case PLAN_DISTINCT_ON:
        return plan->sort.limit || plan->sort.offset ? TEXT("Limit") : TEXT("Unique");
    case PLAN_APPEND:
        return TEXT("Append");
    case PLAN_SET_OPERATION:
        return query_format(e->q, "HashSetOp %s%s",
                            plan->set.operation == SET_INTERSECT ? "Intersect" : "Except",
                            plan->set.all ? " All" : "");
    case PLAN_INSERT:
        return query_format(e->q, "Insert on %.*s", TEXT_ARG(plan->modify.relation_name));
    case PLAN_UPDATE:
        return query_format(e->q, "Update on %.*s", TEXT_ARG(plan->modify.relation_name));
    case PLAN_DELETE:
        return query_format(e->q, "Delete on %.*s", TEXT_ARG(plan->modify.relation_name));
    case PLAN_COPY_IN:
        return query_format(e->q, "Copy from client into %.*s",
                            TEXT_ARG(plan->copy_in.relation_name));
    case PLAN_COMMAND:
        return TEXT("Utility Statement");
    }
    unreachable();
}

static i32 row_width(const Plan *plan)
{
    i32 width = 0;
    for (i32 i = 0; i < plan->column_count; i++)
        width += max_i64(lane_bytes(plan->columns[i].lane), 1);
    return width;
}

/* Rows handled by the node and everything below it. */
static f64 total_cost(const Plan *plan)
{
    f64 cost = plan->rows;
    for (i32 i = 0; i < plan->input_count; i++)
        cost += total_cost(plan->inputs[i]) + plan->inputs[i]->rows;
    for (i32 i = 0; plan->kind == PLAN_APPEND && i < plan->append.count; i++)
        cost += total_cost(plan->append.parts[i]);
    return cost;
}

static Text node_line(Explain *e, const Plan *plan)
{
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    builder_add(&builder, title(e, plan));
    if (e->options->costs)
        builder_format(&builder, "  (cost=0.00..%.2f rows=%.0f width=%d)", total_cost(plan) / 100,
                       plan->rows, row_width(plan));
    if (e->options->counters) {
        const PlanCounters *own = &e->options->counters[plan->number];
        if (e->options->timing)
            builder_format(&builder, " (actual time=0.000..%.3f rows=%lld loops=1)",
                           (f64)own->time_us / 1000, (long long)own->rows);
        else
            builder_format(&builder, " (actual rows=%lld loops=1)", (long long)own->rows);
    }
    return builder_text(&builder);
}

/* ---- details ---- */

/* Columns whose rows a hash join further up the tree picks before they are read. */
static void runtime_filters_line(Explain *e, i32 indent, const Plan *plan)
{
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    for (i32 i = 0; i < plan->scan.runtime_filter_count; i++) {
        i32 column = plan->scan.runtime_filters[i].scan_column;
        builder_format(&builder, "%s%.*s", i ? ", " : "", TEXT_ARG(plan->columns[column].name));
    }
    if (builder.len)
        add_line(e, indent,
                 query_format(e->q, "Runtime Filter: %.*s", TEXT_ARG(builder_text(&builder))));
}

static void scan_details(Explain *e, i32 indent, const Plan *plan)
{
    Names names = {.scan = plan};
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    for (i32 i = 0; i < plan->scan.filter_count; i++) {
        const PlanScanFilter *filter = &plan->scan.filters[i];
        Text column = plan->columns[filter->scan_column].name;
        if (builder.len)
            builder_add(&builder, TEXT(" AND "));
        switch (filter->kind) {
        case FILTER_RANGE:
            if (filter->low)
                builder_format(&builder, "(%.*s %s %.*s)", TEXT_ARG(column),
                               filter->low == filter->high ? "="
                               : filter->low_exclusive     ? ">"
                                                           : ">=",
                               TEXT_ARG(expr_text(e, &names, filter->low)));
            if (filter->high && filter->high != filter->low)
                builder_format(&builder, "%s(%.*s %s %.*s)", filter->low ? " AND " : "",
                               TEXT_ARG(column), filter->high_exclusive ? "<" : "<=",
                               TEXT_ARG(expr_text(e, &names, filter->high)));
            break;
        case FILTER_IN_SET:
            builder_format(&builder, "(%.*s = ANY of %d values)", TEXT_ARG(column),
                           filter->set.count);
            break;
        case FILTER_IS_NULL:
        case FILTER_NOT_NULL:
            builder_format(&builder, "(%.*s IS %sNULL)", TEXT_ARG(column),
                           filter->kind == FILTER_NOT_NULL ? "NOT " : "");
            break;
        case FILTER_TEST: {
            Plan one = {.columns = &plan->columns[filter->scan_column], .column_count = 1};
            Names test = {.scan = &one};
            builder_add(&builder, expr_text(e, &test, filter->test));
            break;
        }
        }
    }
    if (builder.len)
        add_line(e, indent,
                 query_format(e->q, "Scan Filter: %.*s", TEXT_ARG(builder_text(&builder))));
    runtime_filters_line(e, indent, plan);
    detail_list(e, indent, "Filter", &names, plan->scan.conjuncts, " AND ");
}

static void join_details(Explain *e, i32 indent, const Plan *plan)
{
    Names probe = {.left = plan->inputs[0]}, side = {.left = plan->inputs[1]};
    Names both = {.left = plan->inputs[0], .right = plan->inputs[1]};
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    for (i32 i = 0; i < plan->join.probe_keys.count; i++)
        builder_format(&builder, "%s(%.*s %s %.*s)", i ? " AND " : "",
                       TEXT_ARG(expr_text(e, &probe, plan->join.probe_keys.items[i])),
                       plan->join.null_equal[i] ? "IS NOT DISTINCT FROM" : "=",
                       TEXT_ARG(expr_text(e, &side, plan->join.build_keys.items[i])));
    if (builder.len)
        add_line(e, indent,
                 query_format(e->q, "Hash Cond: %.*s", TEXT_ARG(builder_text(&builder))));
    detail_list(e, indent, "Join Filter", &both, plan->join.residual, " AND ");
}

static void sort_details(Explain *e, i32 indent, const Plan *plan)
{
    if (plan->sort.column_count == 0)
        return;
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    for (i32 i = 0; i < plan->sort.column_count; i++) {
        const SortColumn *column = &plan->sort.columns[i];
        builder_format(&builder, "%s%.*s%s", i ? ", " : "",
                       TEXT_ARG(plan->inputs[0]->columns[column->column].name),
                       column->descending ? " DESC" : "");
        if (column->nulls_first != column->descending)
            builder_add(&builder, column->nulls_first ? TEXT(" NULLS FIRST") : TEXT(" NULLS LAST"));
    }
    add_line(e, indent, query_format(e->q, "Sort Key: %.*s", TEXT_ARG(builder_text(&builder))));
}

static void details(Explain *e, i32 indent, const Plan *plan)
{
    Names names = {.left = plan->input_count ? plan->inputs[0] : plan};
    switch (plan->kind) {
    case PLAN_SCAN:
        scan_details(e, indent, plan);
        return;
    case PLAN_FILTER:
        detail_list(e, indent, "Filter", &names, plan->exprs, " AND ");
        return;
    case PLAN_PROJECT:
        if (e->options->verbose)
            detail_list(e, indent, "Output", &names, plan->exprs, ", ");
        return;
    case PLAN_PROJECT_SET:
        if (e->options->verbose)
            detail_list(e, indent, "Calls", &names, plan->project_set.calls, ", ");
        return;
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        join_details(e, indent, plan);
        return;
    case PLAN_AGGREGATE:
        detail_list(e, indent, "Group Key", &names, plan->aggregate.keys, ", ");
        return;
    case PLAN_SORT:
    case PLAN_TOP_N:
    case PLAN_DISTINCT_ON:
        sort_details(e, indent, plan);
        return;
    case PLAN_VALUES:
    case PLAN_FUNCTION_SCAN:
    case PLAN_CTE_SCAN:
    case PLAN_LIMIT:
    case PLAN_APPEND:
    case PLAN_SET_OPERATION:
    case PLAN_INSERT:
    case PLAN_UPDATE:
    case PLAN_DELETE:
    case PLAN_COPY_IN:
    case PLAN_COMMAND:
        return;
    }
}

static void explain_node(Explain *e, const Plan *plan, i32 depth)
{
    stack_check(e->q);
    i32 indent = depth * 6;
    if (depth == 0)
        add_line(e, 0, node_line(e, plan));
    else
        add_line(e, indent - 4, query_format(e->q, "->  %.*s", TEXT_ARG(node_line(e, plan))));
    details(e, indent + 2, plan);
    for (i32 i = 0; i < plan->input_count; i++)
        explain_node(e, plan->inputs[i], depth + 1);
    for (i32 i = 0; plan->kind == PLAN_APPEND && i < plan->append.count; i++)
        explain_node(e, plan->append.parts[i], depth + 1);
}

Text *explain_lines(Query *q, const PlanTree *plan, const ExplainOptions *options, i32 *count)
{
    Explain e = {.q = q, .tree = plan, .options = options};
    explain_node(&e, plan->root, 0);
    for (i32 i = 0; i < plan->cte_count; i++) {
        if (!plan->ctes[i].plan)
            continue;
        add_line(&e, 2, query_format(q, "CTE %.*s", TEXT_ARG(plan->ctes[i].name)));
        explain_node(&e, plan->ctes[i].plan, 1);
    }
    if (options->summary) {
        if (options->planning_ms > 0)
            add_line(&e, 0, query_format(q, "Planning Time: %.3f ms", options->planning_ms));
        if (options->analyze)
            add_line(&e, 0, query_format(q, "Execution Time: %.3f ms", options->execution_ms));
    }
    *count = e.count;
    return e.lines;
}
