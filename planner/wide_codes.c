/* SPDX-License-Identifier: Apache-2.0
 *
 * Wide codes: a scan gives strings out in codes of the whole table, instead of a row group's, where
 * somebody keeps a result per code: the groups of GROUP BY and DISTINCT, and functions that run
 * once per dictionary entry. Such a column is followed down to its scan through whatever leaves
 * vectors as they are: filters, limits, plain projections, the probe sides of hash joins.
 *
 * It is a wish: storage decides whether the table's dictionary is worth having.
 */
#include "planner/wide_codes.h"

static void want_expr(Query *q, Plan *input, const Expr *expr);

static void want(Query *q, Plan *plan, i32 position)
{
    stack_check(q);
    switch (plan->kind) {
    case PLAN_SCAN:
        if (position < plan->scan.column_count)
            plan->scan.columns[position].wide |= plan->scan.columns[position].lane.kind == LANE_STR;
        return;
    case PLAN_FILTER:
    case PLAN_LIMIT:
        want(q, plan->inputs[0], position);
        return;
    case PLAN_PROJECT:
        want_expr(q, plan->inputs[0], plan->exprs.items[position]);
        return;
    case PLAN_HASH_JOIN:
        if (position < plan->join.probe_output_count)
            want(q, plan->inputs[0], plan->join.probe_output[position]);
        return;
    case PLAN_APPEND:
        for (i32 i = 0; i < plan->append.count; i++)
            want(q, plan->append.parts[i], position);
        return;
    case PLAN_VALUES:
    case PLAN_FUNCTION_SCAN:
    case PLAN_PROJECT_SET:
    case PLAN_CTE_SCAN: /* what was kept is flat */
    case PLAN_LOCK_ROWS:
    case PLAN_NESTED_LOOP:
    case PLAN_AGGREGATE:
    case PLAN_SORT:
    case PLAN_TOP_N:
    case PLAN_DISTINCT_ON:
    case PLAN_SET_OPERATION:
    case PLAN_INSERT:
    case PLAN_UPDATE:
    case PLAN_DELETE:
    case PLAN_COPY_IN:
    case PLAN_COMMAND:
        return;
    }
}

typedef struct Varying {
    const Expr *expr;
    i32 count;
} Varying;

static void note_varying(void *state, Expr *child)
{
    Varying *varying = state;
    if (child->kind == EXPR_CONSTANT || child->kind == EXPR_PARAMETER)
        return;
    varying->expr = child;
    varying->count++;
}

/* The one argument that varies of a call that runs once per dictionary entry; else NULL. */
static const Expr *entry_argument(const Expr *expr)
{
    Varying varying = {NULL, 0};
    if (expr->kind != EXPR_CALL || !(expr->call.row->flags & IMMUTABLE) ||
        !(expr->call.row->flags & STRICT) || (expr->call.row->flags & ENV))
        return NULL;
    expr_children(expr, note_varying, &varying);
    return varying.count == 1 ? varying.expr : NULL;
}

/* The value of expr over input's columns is wanted in codes. */
static void want_expr(Query *q, Plan *input, const Expr *expr)
{
    const Expr *argument = entry_argument(expr);
    if (expr->kind == EXPR_COLUMN)
        want(q, input, expr->column);
    else if (expr->kind == EXPR_RELABEL)
        want_expr(q, input, expr->operand);
    else if (argument)
        want_expr(q, input, argument);
}

typedef struct Calls {
    Query *q;
    Plan *input;
} Calls;

static void calls_want(void *state, Expr *expr)
{
    const Calls *calls = state;
    const Expr *argument = entry_argument(expr);
    stack_check(calls->q);
    if (argument)
        want_expr(calls->q, calls->input, argument);
    expr_children(expr, calls_want, state);
}

static void list_want(Query *q, Plan *input, const ExprList *list)
{
    Calls calls = {q, input};
    for (i32 i = 0; i < list->count; i++)
        calls_want(&calls, list->items[i]);
}

static void scan_wants(Query *q, Plan *plan)
{
    list_want(q, plan, &plan->scan.conjuncts);
    for (i32 i = 0; i < plan->scan.filter_count; i++) {
        const PlanScanFilter *filter = &plan->scan.filters[i];
        if (filter->kind == FILTER_TEST && entry_argument(filter->test))
            want(q, plan, filter->scan_column);
    }
}

static void aggregate_wants(Query *q, const Plan *plan)
{
    const PlanAggregate *aggregate = &plan->aggregate;
    for (i32 i = 0; i < aggregate->keys.count; i++)
        want_expr(q, plan->inputs[0], aggregate->keys.items[i]);
    list_want(q, plan->inputs[0], &aggregate->keys);
    for (i32 i = 0; i < aggregate->call_count; i++) {
        const PlanAggregateCall *call = &aggregate->calls[i];
        for (i32 a = 0; call->distinct && a < call->args.count; a++)
            want_expr(q, plan->inputs[0], call->args.items[a]);
        list_want(q, plan->inputs[0], &call->args);
    }
}

void wide_codes_plan(Query *q, Plan *plan)
{
    stack_check(q);
    if (plan->kind == PLAN_SCAN)
        scan_wants(q, plan);
    if (plan->kind == PLAN_AGGREGATE)
        aggregate_wants(q, plan);
    if (plan->kind == PLAN_FILTER || plan->kind == PLAN_PROJECT)
        list_want(q, plan->inputs[0], &plan->exprs);
    for (i32 i = 0; i < plan->input_count; i++)
        wide_codes_plan(q, plan->inputs[i]);
    for (i32 i = 0; plan->kind == PLAN_APPEND && i < plan->append.count; i++)
        wide_codes_plan(q, plan->append.parts[i]);
}
