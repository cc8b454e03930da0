/* SPDX-License-Identifier: Apache-2.0
 *
 * EXPLAIN in PostgreSQL's shape: a node, its properties, then the nodes it reads. Costs count rows
 * handled rather than disk pages.
 */
#include "planner/explain.h"

/* ---- figures ---- */

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

/* ---- nodes ---- */

static void explain_plan(Explain *e, const Plan *plan, ExplainSpot spot);

static ExplainSpot below(ExplainItem *node, const char *relationship)
{
    return (ExplainSpot){.parent = node, .relationship = relationship};
}

/* Common table expressions stand under the root, before what it reads. */
static void explain_ctes(Explain *e, ExplainItem *node)
{
    if (e->ctes_shown)
        return;
    e->ctes_shown = true;
    for (i32 i = 0; i < e->tree->cte_count; i++) {
        if (!e->tree->ctes[i].plan)
            continue;
        ExplainSpot spot = below(node, "InitPlan");
        spot.subplan = query_format(e->q, "CTE %.*s", TEXT_ARG(e->tree->ctes[i].name));
        explain_plan(e, e->tree->ctes[i].plan, spot);
    }
}

static void explain_build(Explain *e, ExplainItem *parent, const Plan *join)
{
    const Plan *side = join->inputs[1];
    bool hashed = join->kind == PLAN_HASH_JOIN;
    ExplainNode shown = {.type = hashed ? "Hash" : "Materialize", .plan = side, .waits = hashed};
    ExplainItem *node = explain_add_node(e, below(parent, "Inner"), &shown);
    explain_add_output(e, node, side, true);
    if (hashed)
        explain_add_hash(e, node, join);
    explain_add_buffers(e, node, side);
    explain_plan(e, side, below(node, "Outer"));
}

static void explain_sides(Explain *e, ExplainItem *parent, const Plan *set)
{
    ExplainNode append = {.type = "Append", .plan = set->inputs[0], .beside = set->inputs[1]};
    ExplainItem *node = explain_add_node(e, below(parent, "Outer"), &append);
    explain_add_blocks(e, node, append.plan, append.beside);
    explain_add_removed_members(e, node);
    for (i32 i = 0; i < 2; i++) {
        Text alias = query_format(e->q, "*SELECT* %d", i + 1);
        ExplainNode side = explain_subquery_scan(set->inputs[i], alias);
        ExplainItem *scan = explain_add_node(e, below(node, "Member"), &side);
        explain_add_blocks(e, scan, set->inputs[i], NULL);
        explain_plan(e, set->inputs[i], below(scan, "Subquery"));
    }
}

static void explain_inputs(Explain *e, ExplainItem *node, const Plan *core)
{
    switch ((i32)core->kind) {
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        explain_plan(e, core->inputs[0], below(node, "Outer"));
        explain_build(e, node, core);
        return;
    case PLAN_SET_OPERATION:
        explain_sides(e, node, core);
        return;
    case PLAN_APPEND:
        for (i32 i = 0; i < core->append.count; i++)
            explain_plan(e, core->append.parts[i], below(node, "Member"));
        return;
    default:
        if (core->input_count)
            explain_plan(e, core->inputs[0], below(node, "Outer"));
    }
}

/* One node for the plan and what stands above it. */
static void explain_merged(Explain *e, const Plan *plan, ExplainSpot spot)
{
    const Plan *core = explain_core(plan);
    ExplainNode shown = explain_node(e, core);
    shown.plan = plan;
    ExplainItem *node = explain_add_node(e, spot, &shown);
    ExplainItem *output = explain_add_output(e, node, plan, false);
    explain_add_properties(e, node, plan, core);
    explain_add_buffers(e, node, plan);
    if (core->kind == PLAN_APPEND && output) /* PostgreSQL's has no such property */
        output->form = FORM_TEXT;
    if (core->kind == PLAN_APPEND)
        explain_add_removed_members(e, node);
    explain_ctes(e, node);
    explain_inputs(e, node, core);
}

/* What lets all rows pass or none, decided once: a filter without columns on top, or such conjuncts
 * of a scan. What is volatile is asked for each row. */
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
    bool single = gate.below->kind == PLAN_VALUES && gate.below->values.row_count == 1;
    gate.conditions.items = make_array(e->q, Expr *, all.count);
    for (i32 i = 0; i < all.count; i++) {
        Expr *condition = all.items[i];
        if (!expr_is_fixed(e->q, condition) ||
            (!single && expr_has_flags(e->q, condition, VOLATILE)))
            continue;
        gate.conditions.items[gate.conditions.count++] = condition;
        gate.closed |= condition->kind == EXPR_CONSTANT;
    }
    if (plan->kind == PLAN_FILTER && gate.conditions.count < all.count)
        gate.conditions.count = 0; /* an ordinary filter */
    return gate;
}

static void explain_gate(Explain *e, const Plan *top, const Gate *gate, ExplainSpot spot)
{
    ExplainNode shown = {.type = "Result", .plan = top};
    ExplainPlace place = {e, {gate->below, NULL}, NULL, true, true};
    const Plan *guarded = gate->below;
    ExplainItem *node = explain_add_node(e, spot, &shown);
    explain_add_output(e, node, top, false);
    explain_text_property(e, node, "One-Time Filter", explain_conjuncts(&place, gate->conditions));
    explain_add_blocks(e, node, top, NULL);
    explain_ctes(e, node);
    if (gate->closed || (guarded->kind == PLAN_VALUES && guarded->values.row_count == 1))
        return;
    if (guarded->kind == PLAN_SCAN)
        explain_merged(e, guarded, below(node, "Outer"));
    else
        explain_plan(e, guarded, below(node, "Outer"));
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
static void explain_above(Explain *e, const Plan *top, const Plan *core, ExplainSpot spot)
{
    Text name = TEXT("");
    for (i32 i = 0; i < top->column_count && !name.len; i++)
        name = top->columns[i].qualifier;
    bool filters = has_filter(top, core);
    ExplainNode shown = {.type = "Result", .plan = top};
    if (filters)
        shown = explain_subquery_scan(top, name.len ? name : TEXT("unnamed_subquery"));
    ExplainItem *node = explain_add_node(e, spot, &shown);
    explain_add_output(e, node, top, false);
    explain_add_filter(e, node, top, core, true);
    explain_add_buffers(e, node, top);
    explain_ctes(e, node);
    explain_plan(e, core, below(node, filters ? "Subquery" : "Outer"));
}

/* Top-N: a Limit over a Sort that keeps no more than it needs. */
static void explain_top_n(Explain *e, const Plan *top, const Plan *core, ExplainSpot spot)
{
    ExplainNode limit = {.type = "Limit", .plan = top};
    ExplainItem *node = explain_add_node(e, spot, &limit);
    explain_add_output(e, node, top, false);
    explain_add_buffers(e, node, top);
    explain_ctes(e, node);
    ExplainNode sort = {.type = "Sort", .plan = core};
    node = explain_add_node(e, below(node, "Outer"), &sort);
    explain_add_output(e, node, core, false);
    explain_add_sort(e, node, core);
    explain_add_buffers(e, node, core);
    explain_inputs(e, node, core);
}

static void explain_modify(Explain *e, const Plan *plan, ExplainSpot spot)
{
    ExplainNode shown = explain_node(e, plan);
    shown.no_rows = plan->modify.returning.count == 0;
    ExplainItem *node = explain_add_node(e, spot, &shown);
    explain_add_returning(e, node, plan);
    explain_add_buffers(e, node, plan);
    explain_ctes(e, node);
    explain_inputs(e, node, plan);
}

/* A function called for each row: a join of the rows with what it gives. */
static void explain_lateral_function(Explain *e, const Plan *top, const Plan *core,
                                     ExplainSpot spot)
{
    ExplainNode join = {.type = "Nested Loop", .join = "Inner", .plan = top};
    ExplainItem *node = explain_add_node(e, spot, &join);
    explain_add_output(e, node, top, false);
    explain_add_filter(e, node, top, core, true);
    explain_add_buffers(e, node, top);
    explain_ctes(e, node);
    explain_plan(e, core->inputs[0], below(node, "Outer"));
    ExplainNode call = explain_node(e, core);
    node = explain_add_node(e, below(node, "Inner"), &call);
    explain_add_call(e, node, core);
    explain_add_blocks(e, node, core, NULL);
}

static void explain_plan(Explain *e, const Plan *plan, ExplainSpot spot)
{
    stack_check(e->q);
    const Plan *core = explain_core(plan);
    Gate gate = gate_of(e, plan);
    bool computes = explain_computes(core);
    if (gate.conditions.count)
        explain_gate(e, plan, &gate, spot);
    else if (!computes && (has_filter(plan, core) ||
                           (core->kind != PLAN_PROJECT_SET && has_computation(plan, core))))
        explain_above(e, plan, core, spot);
    else if (core->kind == PLAN_TOP_N)
        explain_top_n(e, plan, core, spot);
    else if (core->kind == PLAN_INSERT || core->kind == PLAN_UPDATE || core->kind == PLAN_DELETE)
        explain_modify(e, core, spot);
    else if (core->kind == PLAN_FUNCTION_SCAN && core->input_count)
        explain_lateral_function(e, plan, core, spot);
    else
        explain_merged(e, plan, spot);
}

/* ---- the whole ---- */

static void add_settings(Explain *e, ExplainItem *query)
{
    const ExplainOptions *options = e->options;
    if (!options->settings)
        return;
    ExplainItem *group = item_group(e->q, query, "Settings");
    group->form = FORM_STRUCTURED;
    TextBuilder line;
    builder_open(&line, e->q, e->q->arena);
    for (i32 i = 0; i < options->changed_count; i++) {
        const ExplainSetting *setting = &options->changed[i];
        item_text(e->q, group, setting->name, setting->value);
        builder_format(&line, "%s%s = '%.*s'", i ? ", " : "Settings: ", setting->name,
                       TEXT_ARG(setting->value));
    }
    if (line.len)
        item_line(e->q, query, builder_text(&line));
}

static void add_time(Explain *e, ExplainItem *query, const char *label, f64 ms)
{
    item_float(e->q, query, label, 3, ms)->unit = " ms";
}

static void add_summary(Explain *e, ExplainItem *query)
{
    const ExplainOptions *options = e->options;
    if (options->summary)
        add_time(e, query, "Planning Time", options->planning_ms);
    if (options->analyze)
        item_array(e->q, query, "Triggers")->form = FORM_STRUCTURED; /* there are none */
    if (options->summary && options->analyze)
        add_time(e, query, "Execution Time", options->execution_ms);
}

static void explain_tree(Explain *e, ExplainItem *query)
{
    const PlanTree *tree = e->tree;
    e->figures = make_array(e->q, ExplainFigures, tree->node_count);
    explain_names(e);
    figures_of(e, tree->root);
    for (i32 i = 0; i < tree->cte_count; i++)
        if (tree->ctes[i].plan)
            figures_of(e, tree->ctes[i].plan);
    if (e->options->counters)
        figures_scale(e, tree->root);
    explain_plan(e, tree->root, below(query, NULL));
    add_settings(e, query);
    add_summary(e, query);
}

Text *explain_lines(Query *q, const PlanTree *plan, const ExplainOptions *options, i32 *count)
{
    Explain e = {.q = q, .tree = plan, .options = options};
    ExplainItem document = {.kind = ITEM_ARRAY};
    if (plan)
        explain_tree(&e, item_group(q, &document, "Query"));
    else
        item_word(q, &document, "CREATE TABLE AS");
    ExplainLines lines = {.q = q};
    explain_write(&lines, &document, options->format);
    *count = lines.count;
    return lines.items;
}
