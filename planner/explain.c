/* SPDX-License-Identifier: Apache-2.0
 *
 * EXPLAIN in PostgreSQL's text shape: a line per node, its properties indented below it, then the
 * nodes it reads. Costs count rows handled rather than disk pages.
 */
#include "planner/explain.h"

#include "parser/parser.h"

/* ---- lines ---- */

static void add_line(Explain *e, i32 indent, Text text)
{
    if (text.len == 0)
        return;
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

/* ---- figures ---- */

static f64 row_width(const Plan *plan)
{
    f64 width = 0;
    for (i32 i = 0; i < plan->column_count; i++)
        width += plan->columns[i].lane.kind == LANE_STR
                     ? 32
                     : (f64)max_i64(lane_bytes(plan->columns[i].lane), 1);
    return width;
}

/* Does the node read all its input before it gives a row? */
static bool is_blocking(const Plan *plan)
{
    return plan->kind == PLAN_SORT || plan->kind == PLAN_TOP_N || plan->kind == PLAN_AGGREGATE ||
           plan->kind == PLAN_SET_OPERATION;
}

static void figures_add(ExplainFigures *sum, const ExplainFigures *part)
{
    sum->cost_total += part->cost_total;
    sum->ms_total += part->ms_total;
    sum->executed |= part->executed;
    sum->buffers_hit += part->buffers_hit;
    sum->buffers_read += part->buffers_read;
}

static void figures_of(Explain *e, const Plan *plan)
{
    stack_check(e->q);
    ExplainFigures sum = {.cost_total = plan->rows / 100};
    i32 parts = plan->kind == PLAN_APPEND ? plan->append.count : plan->input_count;
    for (i32 i = 0; i < parts; i++) {
        const Plan *input = plan->kind == PLAN_APPEND ? plan->append.parts[i] : plan->inputs[i];
        figures_of(e, input);
        const ExplainFigures *below = &e->figures[input->number];
        bool all = is_blocking(plan) || (plan->kind == PLAN_HASH_JOIN && i == 1);
        sum.cost_start += all ? below->cost_total : i == 0 ? below->cost_start : 0;
        sum.ms_start += all ? below->ms_total : i == 0 ? below->ms_start : 0;
        figures_add(&sum, below);
        sum.cost_total += input->rows / 100;
    }
    if (e->options->counters) {
        const PlanCounters *own = &e->options->counters[plan->number];
        sum.ms_total += (f64)own->time_us / 1000;
        sum.executed |= own->loops > 0;
        sum.buffers_hit += own->buffers_hit;
        sum.buffers_read += own->buffers_read;
    }
    e->figures[plan->number] = sum;
}

/* Times of workers are added up: they are shown as their share of the time that passed. */
static void figures_scale(Explain *e, const Plan *root)
{
    f64 sum = 0;
    for (i32 i = 0; i < e->tree->cte_count; i++)
        if (e->tree->ctes[i].plan)
            sum += e->figures[e->tree->ctes[i].plan->number].ms_total;
    sum += e->figures[root->number].ms_total;
    f64 scale = sum > e->options->execution_ms ? e->options->execution_ms / sum : 1;
    for (i32 i = 0; i < e->tree->node_count; i++) {
        e->figures[i].ms_start *= scale;
        e->figures[i].ms_total *= scale;
    }
}

/* ---- the line of a node ---- */

typedef struct NodeLine {
    Text title;
    const Plan *plan;   /* whose figures */
    bool waits;         /* gives its first row after its last input */
    bool no_rows;       /* changes rows and gives none out */
    const Plan *beside; /* another input of an Append; NULL: none */
} NodeLine;

static void actual_figures(Explain *e, TextBuilder *builder, const NodeLine *line)
{
    const ExplainFigures *figures = &e->figures[line->plan->number];
    if (!figures->executed) {
        builder_add(builder, TEXT(" (never executed)"));
        return;
    }
    i64 rows = line->no_rows ? 0 : e->options->counters[line->plan->number].rows;
    f64 ms = figures->ms_total;
    if (line->beside) {
        rows += e->options->counters[line->beside->number].rows;
        ms += e->figures[line->beside->number].ms_total;
    }
    builder_add(builder, TEXT(" (actual "));
    if (e->options->timing)
        builder_format(builder, "time=%.3f..%.3f ", line->waits ? ms : figures->ms_start, ms);
    builder_format(builder, "rows=%lld loops=1)", (long long)rows);
}

/* indent: of the parent's properties; 0: the root. Returns the indent of the node's own. */
static i32 add_node(Explain *e, i32 indent, const NodeLine *line)
{
    const ExplainFigures *figures = &e->figures[line->plan->number];
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    builder_format(&builder, "%s%.*s", indent ? "->  " : "", TEXT_ARG(line->title));
    f64 cost = figures->cost_total, rows = line->no_rows ? 0 : line->plan->rows;
    if (line->beside) {
        cost += e->figures[line->beside->number].cost_total;
        rows += line->beside->rows;
    }
    if (e->options->costs)
        builder_format(&builder, "  (cost=%.2f..%.2f rows=%.0f width=%.0f)",
                       line->waits ? cost : figures->cost_start, cost, rows,
                       line->no_rows ? 0 : row_width(line->plan));
    if (e->options->counters)
        actual_figures(e, &builder, line);
    add_line(e, indent, builder_text(&builder));
    return indent + (indent ? 6 : 2);
}

static void add_output(Explain *e, i32 indent, const Plan *plan, bool above)
{
    if (e->options->verbose)
        add_line(e, indent, explain_output(e, plan, above));
}

static void add_buffers(Explain *e, i32 indent, const Plan *plan)
{
    const ExplainFigures *figures = &e->figures[plan->number];
    if (!e->options->buffers || figures->buffers_hit + figures->buffers_read == 0)
        return;
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    builder_add(&builder, TEXT("Buffers: shared"));
    if (figures->buffers_hit)
        builder_format(&builder, " hit=%lld", (long long)figures->buffers_hit);
    if (figures->buffers_read)
        builder_format(&builder, " read=%lld", (long long)figures->buffers_read);
    add_line(e, indent, builder_text(&builder));
}

static i64 kilobytes(const Explain *e, const Plan *plan)
{
    return (e->options->counters[plan->number].memory_bytes + 1023) / 1024;
}

/* ---- titles ---- */

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

/* "Seq Scan on t x": schema (VERBOSE; pg_temp whatever its number), the relation's name, then what
 * else it is called here. */
static Text relation_title(Explain *e, const char *words, Text schema, Text name, Text alias)
{
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    builder_format(&builder, "%s on ", words);
    if (e->options->verbose && schema.len) {
        print_identifier(&builder, catalog_is_temporary_name(schema) ? TEXT("pg_temp") : schema);
        builder_byte(&builder, '.');
    }
    print_identifier(&builder, name);
    if (alias.len && !text_equal(alias, name)) {
        builder_byte(&builder, ' ');
        print_identifier(&builder, alias);
    }
    return builder_text(&builder);
}

static Text modify_title(Explain *e, const char *words, const Plan *plan)
{
    return relation_title(e, words, plan->modify.schema_name, plan->modify.relation_name, TEXT(""));
}

static Text title(Explain *e, const Plan *plan)
{
    Text name = e->names[plan->number];
    switch (plan->kind) {
    case PLAN_SCAN:
        return relation_title(e, "Seq Scan", plan->scan.schema_name, plan->scan.relation_name,
                              name);
    case PLAN_VALUES:
        return plan->values.row_count > 1
                   ? relation_title(e, "Values Scan", TEXT(""), TEXT("*VALUES*"), name)
                   : TEXT("Result");
    case PLAN_FUNCTION_SCAN:
        return relation_title(e, "Function Scan", TEXT("pg_catalog"),
                              text_from(plan->function.row->name), name);
    case PLAN_PROJECT_SET:
        return TEXT("ProjectSet");
    case PLAN_CTE_SCAN:
        return relation_title(e, "CTE Scan", TEXT(""), e->tree->ctes[plan->cte].name, name);
    case PLAN_FILTER:
    case PLAN_PROJECT:
        return TEXT("Result");
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        return text_from(join_words(plan));
    case PLAN_AGGREGATE:
        return plan->aggregate.keys.count ? TEXT("HashAggregate") : TEXT("Aggregate");
    case PLAN_SORT:
        return TEXT("Sort");
    case PLAN_TOP_N:
    case PLAN_LIMIT:
        return TEXT("Limit");
    case PLAN_LOCK_ROWS:
        return TEXT("LockRows");
    case PLAN_DISTINCT_ON:
        return !plan->sort.limit && !plan->sort.offset ? TEXT("Unique")
               : plan->sort.column_count               ? TEXT("WindowAgg")
                                                       : TEXT("Limit");
    case PLAN_APPEND:
        return TEXT("Append");
    case PLAN_SET_OPERATION:
        return query_format(e->q, "HashSetOp %s%s",
                            plan->set.operation == SET_INTERSECT ? "Intersect" : "Except",
                            plan->set.all ? " All" : "");
    case PLAN_INSERT:
        return modify_title(e, "Insert", plan);
    case PLAN_UPDATE:
        return modify_title(e, "Update", plan);
    case PLAN_DELETE:
        return modify_title(e, "Delete", plan);
    case PLAN_COPY_IN:
        return TEXT("Result");
    case PLAN_COMMAND:
        return TEXT("Utility Statement");
    }
    unreachable();
}

/* ---- properties ---- */

/* Filters right above the core, then how many rows they and the scan have dropped. */
static void filter_lines(Explain *e, i32 indent, const Plan *top, const Plan *core, bool qualified)
{
    ExprList all = {NULL, 0};
    i64 removed = 0;
    ExplainPlace place = {.e = e, .qualified = qualified};
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    i32 count = 0;
    for (const Plan *plan = top;; plan = plan->inputs[0]) {
        bool is_core = plan == core;
        all = is_core && core->kind == PLAN_SCAN ? core->scan.shown
              : plan->kind == PLAN_FILTER        ? plan->exprs
                                                 : (ExprList){NULL, 0};
        place.inputs[0] = is_core ? plan : plan->inputs[0];
        place.above = !explain_computes(core);
        for (i32 i = 0; i < all.count; i++)
            if (!is_core || !expr_is_fixed(e->q, all.items[i]))
                builder_format(&builder, "%s%.*s", count++ ? " AND " : "",
                               TEXT_ARG(explain_expr(&place, all.items[i])));
        if (all.count && e->options->counters)
            removed += e->options->counters[plan->number].rows_removed;
        if (is_core)
            break;
    }
    if (count == 0)
        return;
    Text text = builder_text(&builder);
    add_line(e, indent,
             count > 1 ? query_format(e->q, "Filter: (%.*s)", TEXT_ARG(text))
                       : query_format(e->q, "Filter: %.*s", TEXT_ARG(text)));
    if (core->kind == PLAN_AGGREGATE && e->options->counters && core->aggregate.keys.count)
        add_line(
            e, indent,
            query_format(e->q, "Batches: 1  Memory Usage: %lldkB", (long long)kilobytes(e, core)));
    if (removed > 0)
        add_line(e, indent, query_format(e->q, "Rows Removed by Filter: %lld", (long long)removed));
}

/* Columns whose rows a hash join further up the tree picks before they are read. */
static void runtime_filters_line(Explain *e, i32 indent, const Plan *plan)
{
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    for (i32 i = 0; e->options->verbose && i < plan->scan.runtime_filter_count; i++) {
        i32 column = plan->scan.runtime_filters[i].scan_column;
        builder_format(&builder, "%s%.*s", i ? ", " : "Runtime Filter: ",
                       TEXT_ARG(explain_quoted(e, plan->columns[column].name)));
    }
    add_line(e, indent, builder_text(&builder));
}

static void join_lines(Explain *e, i32 indent, const Plan *plan)
{
    bool qualified = e->ranges > 1 || e->options->verbose;
    ExplainPlace probe = {e, {plan->inputs[0], NULL}, NULL, true, qualified};
    ExplainPlace side = {e, {plan->inputs[1], NULL}, NULL, true, qualified};
    ExplainPlace both = {e, {plan->inputs[0], plan->inputs[1]}, NULL, true, qualified};
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    for (i32 i = 0; i < plan->join.probe_keys.count; i++)
        builder_format(&builder, "%s(%s%.*s %s %.*s%s)", i ? " AND " : "",
                       plan->join.null_equal[i] ? "NOT (" : "",
                       TEXT_ARG(explain_expr(&probe, plan->join.probe_keys.items[i])),
                       plan->join.null_equal[i] ? "IS DISTINCT FROM" : "=",
                       TEXT_ARG(explain_expr(&side, plan->join.build_keys.items[i])),
                       plan->join.null_equal[i] ? ")" : "");
    Text keys = builder_text(&builder);
    if (keys.len)
        add_line(e, indent,
                 plan->join.probe_keys.count > 1
                     ? query_format(e->q, "Hash Cond: (%.*s)", TEXT_ARG(keys))
                     : query_format(e->q, "Hash Cond: %.*s", TEXT_ARG(keys)));
    add_line(e, indent, explain_conjuncts(&both, "Join Filter", plan->join.residual));
    i64 removed = e->options->counters ? e->options->counters[plan->number].rows_removed : 0;
    if (removed > 0 && plan->join.residual.count)
        add_line(e, indent,
                 query_format(e->q, "Rows Removed by Join Filter: %lld", (long long)removed));
}

static void sort_lines(Explain *e, i32 indent, const Plan *plan)
{
    ExplainPlace place = {
        e, {plan->inputs[0], NULL}, NULL, true, e->ranges > 1 || e->options->verbose};
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    for (i32 i = 0; i < plan->sort.column_count; i++) {
        const SortColumn *column = &plan->sort.columns[i];
        builder_add(&builder, i ? TEXT(", ") : TEXT("Sort Key: "));
        explain_column(&place, &builder, column->column);
        if (column->descending)
            builder_add(&builder, TEXT(" DESC"));
        if (column->nulls_first != column->descending)
            builder_add(&builder, column->nulls_first ? TEXT(" NULLS FIRST") : TEXT(" NULLS LAST"));
    }
    add_line(e, indent, builder_text(&builder));
    if (e->options->counters && e->figures[plan->number].executed)
        add_line(e, indent,
                 query_format(e->q, "Sort Method: %s  Memory: %lldkB",
                              plan->kind == PLAN_TOP_N ? "top-N heapsort" : "quicksort",
                              (long long)kilobytes(e, plan)));
}

/* The first rows of each run of equal keys, said as PostgreSQL says it of a row number. */
static void run_limit_line(Explain *e, i32 indent, const Plan *plan)
{
    ExplainPlace place = {e, {plan->inputs[0], NULL}, NULL, true, e->ranges > 1};
    if (plan->sort.limit && !plan->sort.offset && plan->sort.column_count)
        add_line(e, indent,
                 query_format(e->q, "Run Condition: (row_number() OVER (?) <= %.*s)",
                              TEXT_ARG(explain_expr(&place, plan->sort.limit))));
}

static void aggregate_lines(Explain *e, i32 indent, const Plan *plan)
{
    ExplainPlace place = {
        e, {plan->inputs[0], NULL}, NULL, false, e->ranges > 1 || e->options->verbose};
    place.above = !explain_computes(explain_core(plan->inputs[0]));
    add_line(e, indent, explain_list(&place, "Group Key", plan->aggregate.keys));
}

static void function_call_line(Explain *e, i32 indent, const Plan *plan)
{
    if (!e->options->verbose)
        return;
    ExplainPlace place = {e, {plan->input_count ? plan->inputs[0] : plan, NULL}, NULL, true, true};
    Expr *call = expr_call(e->q, plan->function.row, plan->function.args.items,
                           plan->function.args.count, type_of(TYPE_RECORD), -1);
    add_line(e, indent,
             query_format(e->q, "Function Call: %.*s", TEXT_ARG(explain_expr(&place, call))));
}

static void properties(Explain *e, i32 indent, const Plan *top, const Plan *core)
{
    bool upper = e->ranges > 1 || e->options->verbose;
    bool memory_shown = false;
    switch ((i32)core->kind) {
    case PLAN_SCAN:
        filter_lines(e, indent, top, core, e->options->verbose);
        runtime_filters_line(e, indent, core);
        return;
    case PLAN_FUNCTION_SCAN:
        function_call_line(e, indent, core);
        break;
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        join_lines(e, indent, core);
        break;
    case PLAN_AGGREGATE:
        aggregate_lines(e, indent, core);
        memory_shown = top->kind == PLAN_FILTER || explain_core(top) != top;
        break;
    case PLAN_SORT:
        sort_lines(e, indent, core);
        break;
    case PLAN_DISTINCT_ON:
        run_limit_line(e, indent, core);
        break;
    default:
        break;
    }
    i32 before = e->count;
    filter_lines(e, indent, top, core, upper);
    memory_shown = memory_shown && e->count > before;
    if (core->kind == PLAN_AGGREGATE && core->aggregate.keys.count && e->options->counters &&
        !memory_shown)
        add_line(
            e, indent,
            query_format(e->q, "Batches: 1  Memory Usage: %lldkB", (long long)kilobytes(e, core)));
}

/* ---- nodes ---- */

static void explain_plan(Explain *e, const Plan *plan, i32 indent);

/* Common table expressions stand under the root, before what it reads. */
static void explain_ctes(Explain *e, i32 indent)
{
    if (e->ctes_shown)
        return;
    e->ctes_shown = true;
    for (i32 i = 0; i < e->tree->cte_count; i++) {
        if (!e->tree->ctes[i].plan)
            continue;
        add_line(e, indent, query_format(e->q, "CTE %.*s", TEXT_ARG(e->tree->ctes[i].name)));
        explain_plan(e, e->tree->ctes[i].plan, indent + 2);
    }
}

/* A node of ours that PostgreSQL has as one of its own above `plan`; returns its indent. */
static i32 extra_node(Explain *e, i32 indent, const char *words, const Plan *plan, bool waits)
{
    NodeLine line = {.title = text_from(words), .plan = plan, .waits = waits};
    i32 inside = add_node(e, indent, &line);
    add_output(e, inside, plan, true);
    return inside;
}

static void explain_build(Explain *e, i32 indent, const Plan *join)
{
    const Plan *side = join->inputs[1];
    bool hashed = join->kind == PLAN_HASH_JOIN;
    i32 inside = extra_node(e, indent, hashed ? "Hash" : "Materialize", side, hashed);
    if (hashed && e->options->counters && e->figures[side->number].executed)
        add_line(e, inside,
                 query_format(e->q, "Buckets: %lld  Batches: 1  Memory Usage: %lldkB",
                              (long long)e->options->counters[join->number].buckets,
                              (long long)kilobytes(e, join)));
    add_buffers(e, inside, side);
    explain_plan(e, side, inside);
}

static void explain_sides(Explain *e, i32 indent, const Plan *set)
{
    NodeLine append = {.title = TEXT("Append"), .plan = set->inputs[0], .beside = set->inputs[1]};
    i32 inside = add_node(e, indent, &append);
    for (i32 i = 0; i < 2; i++) {
        NodeLine side = {.plan = set->inputs[i]};
        side.title = query_format(e->q, "Subquery Scan on \"*SELECT* %d\"", i + 1);
        explain_plan(e, set->inputs[i], add_node(e, inside, &side));
    }
}

static void explain_inputs(Explain *e, i32 indent, const Plan *core)
{
    switch ((i32)core->kind) {
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        explain_plan(e, core->inputs[0], indent);
        explain_build(e, indent, core);
        return;
    case PLAN_SET_OPERATION:
        explain_sides(e, indent, core);
        return;
    case PLAN_APPEND:
        for (i32 i = 0; i < core->append.count; i++)
            explain_plan(e, core->append.parts[i], indent);
        return;
    default:
        if (core->input_count)
            explain_plan(e, core->inputs[0], indent);
    }
}

/* One node for the plan and what stands above it. */
static void explain_merged(Explain *e, const Plan *plan, i32 indent)
{
    const Plan *core = explain_core(plan);
    NodeLine line = {.title = title(e, core), .plan = plan};
    i32 inside = add_node(e, indent, &line);
    add_output(e, inside, plan, false);
    properties(e, inside, plan, core);
    add_buffers(e, inside, plan);
    explain_ctes(e, inside);
    explain_inputs(e, inside, core);
}

/* What lets all rows pass or none, decided once: a filter without columns on top, or such conjuncts
 * of a scan. */
typedef struct Gate {
    ExprList conditions;
    const Plan *below; /* what it guards */
    bool closed;       /* always */
} Gate;

static Gate gate_of(Explain *e, const Plan *plan)
{
    while (plan->kind == PLAN_PROJECT)
        plan = plan->inputs[0];
    Gate gate = {.below = plan->kind == PLAN_FILTER ? plan->inputs[0] : plan};
    ExprList all = plan->kind == PLAN_FILTER ? plan->exprs
                   : plan->kind == PLAN_SCAN ? plan->scan.shown
                                             : (ExprList){NULL, 0};
    gate.conditions.items = make_array(e->q, Expr *, all.count);
    for (i32 i = 0; i < all.count; i++) {
        Expr *condition = all.items[i];
        if (!expr_is_fixed(e->q, condition))
            continue;
        gate.conditions.items[gate.conditions.count++] = condition;
        gate.closed |= condition->kind == EXPR_CONSTANT;
    }
    if (plan->kind == PLAN_FILTER && gate.conditions.count < all.count)
        gate.conditions.count = 0; /* an ordinary filter */
    return gate;
}

static void explain_gate(Explain *e, const Plan *top, const Gate *gate, i32 indent)
{
    NodeLine line = {.title = TEXT("Result"), .plan = top};
    ExplainPlace place = {e, {gate->below, NULL}, NULL, true, true};
    const Plan *below = gate->below;
    i32 inside = add_node(e, indent, &line);
    add_output(e, inside, top, false);
    add_line(e, inside, explain_conjuncts(&place, "One-Time Filter", gate->conditions));
    explain_ctes(e, inside);
    if (gate->closed || (below->kind == PLAN_VALUES && below->values.row_count == 1))
        return;
    if (below->kind == PLAN_SCAN)
        explain_merged(e, below, inside);
    else
        explain_plan(e, below, inside);
}

static bool has_filter(const Plan *top, const Plan *core)
{
    for (; top != core; top = top->inputs[0])
        if (top->kind == PLAN_FILTER)
            return true;
    return false;
}

static bool has_computation(const Plan *top, const Plan *core)
{
    for (; top != core; top = top->inputs[0])
        for (i32 i = 0; top->kind == PLAN_PROJECT && i < top->exprs.count; i++)
            if (top->exprs.items[i]->kind != EXPR_COLUMN)
                return true;
    return false;
}

/* A node that filters or computes what one below cannot. */
static void explain_above(Explain *e, const Plan *top, const Plan *core, i32 indent)
{
    Text name = TEXT("");
    for (i32 i = 0; i < top->column_count && !name.len; i++)
        name = top->columns[i].qualifier;
    NodeLine line = {.title = TEXT("Result"), .plan = top};
    if (has_filter(top, core))
        line.title = relation_title(e, "Subquery Scan", TEXT(""),
                                    name.len ? name : TEXT("unnamed_subquery"), TEXT(""));
    i32 inside = add_node(e, indent, &line);
    add_output(e, inside, top, false);
    filter_lines(e, inside, top, core, true);
    add_buffers(e, inside, top);
    explain_ctes(e, inside);
    explain_plan(e, core, inside);
}

/* Top-N: a Limit over a Sort that keeps no more than it needs. */
static void explain_top_n(Explain *e, const Plan *top, const Plan *core, i32 indent)
{
    NodeLine limit = {.title = TEXT("Limit"), .plan = top};
    i32 inside = add_node(e, indent, &limit);
    add_output(e, inside, top, false);
    add_buffers(e, inside, top);
    explain_ctes(e, inside);
    NodeLine sort = {.title = TEXT("Sort"), .plan = core};
    inside = add_node(e, inside, &sort);
    add_output(e, inside, core, false);
    sort_lines(e, inside, core);
    add_buffers(e, inside, core);
    explain_inputs(e, inside, core);
}

static void explain_modify(Explain *e, const Plan *plan, i32 indent)
{
    ExprList returning = plan->modify.returning;
    NodeLine line = {.title = title(e, plan), .plan = plan, .no_rows = returning.count == 0};
    i32 inside = add_node(e, indent, &line);
    ExplainPlace place = {e, {plan->inputs[0], NULL}, plan, true, e->ranges > 1};
    if (e->options->verbose)
        add_line(e, inside, explain_list(&place, "Output", returning));
    add_buffers(e, inside, plan);
    explain_ctes(e, inside);
    explain_inputs(e, inside, plan);
}

/* A function called for each row: a join of the rows with what it gives. */
static void explain_lateral_function(Explain *e, const Plan *top, const Plan *core, i32 indent)
{
    NodeLine join = {.title = TEXT("Nested Loop"), .plan = top};
    i32 inside = add_node(e, indent, &join);
    add_output(e, inside, top, false);
    filter_lines(e, inside, top, core, true);
    add_buffers(e, inside, top);
    explain_ctes(e, inside);
    explain_plan(e, core->inputs[0], inside);
    NodeLine call = {.title = title(e, core), .plan = core};
    function_call_line(e, add_node(e, inside, &call), core);
}

static void explain_plan(Explain *e, const Plan *plan, i32 indent)
{
    stack_check(e->q);
    const Plan *core = explain_core(plan);
    Gate gate = gate_of(e, plan);
    bool computes = explain_computes(core);
    if (gate.conditions.count)
        explain_gate(e, plan, &gate, indent);
    else if (!computes && (has_filter(plan, core) ||
                           (core->kind != PLAN_PROJECT_SET && has_computation(plan, core))))
        explain_above(e, plan, core, indent);
    else if (core->kind == PLAN_TOP_N)
        explain_top_n(e, plan, core, indent);
    else if (core->kind == PLAN_INSERT || core->kind == PLAN_UPDATE || core->kind == PLAN_DELETE)
        explain_modify(e, core, indent);
    else if (core->kind == PLAN_FUNCTION_SCAN && core->input_count)
        explain_lateral_function(e, plan, core, indent);
    else
        explain_merged(e, plan, indent);
}

/* ---- the whole ---- */

static void summary_lines(Explain *e)
{
    const ExplainOptions *options = e->options;
    if (options->settings.len)
        add_line(e, 0, query_format(e->q, "Settings: %.*s", TEXT_ARG(options->settings)));
    if (!options->summary)
        return;
    add_line(e, 0, query_format(e->q, "Planning Time: %.3f ms", options->planning_ms));
    if (options->analyze)
        add_line(e, 0, query_format(e->q, "Execution Time: %.3f ms", options->execution_ms));
}

Text *explain_lines(Query *q, const PlanTree *plan, const ExplainOptions *options, i32 *count)
{
    Explain e = {.q = q, .tree = plan, .options = options};
    const Plan *root = plan->root;
    e.figures = make_array(q, ExplainFigures, plan->node_count);
    explain_names(&e);
    figures_of(&e, root);
    for (i32 i = 0; i < plan->cte_count; i++)
        if (plan->ctes[i].plan)
            figures_of(&e, plan->ctes[i].plan);
    if (options->counters)
        figures_scale(&e, root);
    explain_plan(&e, root, 0);
    summary_lines(&e);
    *count = e.count;
    return e.lines;
}
