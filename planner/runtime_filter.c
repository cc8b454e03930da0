/* SPDX-License-Identifier: Apache-2.0
 *
 * Runtime filters: what a hash join's build side knows of its keys (least, greatest, one bit per
 * value) is given to the scans that its probe rows come from, where it skips blocks and rows before
 * anything else is read of them.
 *
 * A key is followed down to a scan through whatever lets a row's fate depend on that row alone:
 * filters, plain projections, group keys (whole groups fall away), the preserved sides of joins
 * and, along a join's own equalities, its other side. Joins whose unmatched probe rows go out
 * anyway give no filter. The executor finishes a build before it opens any scan of the probe side,
 * however deep.
 */
#include "planner/runtime_filter.h"

enum { FILTERS_PER_SCAN_MAX = 8 };

typedef struct Publisher {
    Query *q;
    i32 join_number, key;
    bool used;
} Publisher;

static void publish(Publisher *p, Plan *plan, i32 position);

static void publish_scan(Publisher *p, Plan *plan, i32 position)
{
    PlanScan *scan = &plan->scan;
    if (position >= scan->column_count || !lane_is_integer(scan->columns[position].lane))
        return;
    if (!scan->runtime_filters)
        scan->runtime_filters = make_array(p->q, PlanRuntimeFilter, FILTERS_PER_SCAN_MAX);
    if (scan->runtime_filter_count == FILTERS_PER_SCAN_MAX)
        return;
    scan->runtime_filters[scan->runtime_filter_count++] =
        (PlanRuntimeFilter){p->join_number, p->key, position};
    p->used = true;
}

static void publish_expr(Publisher *p, Plan *input, const Expr *expr)
{
    if (expr->kind == EXPR_COLUMN)
        publish(p, input, expr->column);
}

static void publish_project(Publisher *p, const Plan *plan, i32 position)
{
    for (i32 i = 0; i < plan->exprs.count; i++)
        if (expr_has_flags(p->q, plan->exprs.items[i], VOLATILE | SERIAL))
            return; /* called as often as there are rows */
    publish_expr(p, plan->inputs[0], plan->exprs.items[position]);
}

/* Is a row of this side (0: probe) given out or not whatever the other rows of its side are? */
static bool side_is_free(const PlanJoin *join, i32 side)
{
    switch (join->type) {
    case INNER_JOIN:
        return true;
    case LEFT_JOIN:
    case SEMI_JOIN:
    case ANTI_JOIN:
        return side == 0;
    case RIGHT_JOIN:
    case RIGHT_SEMI_JOIN:
    case RIGHT_ANTI_JOIN:
        return side == 1;
    case FULL_JOIN:
    case NULL_ANTI_JOIN: /* an empty build side, a NULL in it, a second match matter */
    case MARK_JOIN:
    case SINGLE_JOIN:
        return false;
    }
    unreachable();
}

/* Column `position` of one side, and what it must equal on the other. */
static void publish_side(Publisher *p, const Plan *plan, i32 side, i32 position)
{
    const PlanJoin *join = &plan->join;
    if (!side_is_free(join, side))
        return;
    publish(p, plan->inputs[side], position);
    const ExprList *own = side == 0 ? &join->probe_keys : &join->build_keys;
    const ExprList *other = side == 0 ? &join->build_keys : &join->probe_keys;
    for (i32 i = 0; i < own->count; i++)
        if (!join->null_equal[i] && own->items[i]->kind == EXPR_COLUMN &&
            own->items[i]->column == position)
            publish_expr(p, plan->inputs[1 - side], other->items[i]);
}

static void publish_join(Publisher *p, const Plan *plan, i32 position)
{
    const PlanJoin *join = &plan->join;
    if (position < join->probe_output_count)
        publish_side(p, plan, 0, join->probe_output[position]);
    else if (position - join->probe_output_count < join->build_output_count)
        publish_side(p, plan, 1, join->build_output[position - join->probe_output_count]);
}

static void publish(Publisher *p, Plan *plan, i32 position)
{
    stack_check(p->q);
    switch (plan->kind) {
    case PLAN_SCAN:
        publish_scan(p, plan, position);
        return;
    case PLAN_FILTER:
    case PLAN_SORT:
        publish(p, plan->inputs[0], position);
        return;
    case PLAN_PROJECT:
        publish_project(p, plan, position);
        return;
    case PLAN_AGGREGATE:
        if (position < plan->aggregate.keys.count)
            publish_expr(p, plan->inputs[0], plan->aggregate.keys.items[position]);
        return;
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        publish_join(p, plan, position);
        return;
    case PLAN_APPEND:
        for (i32 i = 0; i < plan->append.count; i++)
            publish(p, plan->append.parts[i], position);
        return;
    case PLAN_VALUES:
    case PLAN_FUNCTION_SCAN:
    case PLAN_CTE_SCAN: /* other readers want all rows */
    case PLAN_PROJECT_SET:
    case PLAN_TOP_N:
    case PLAN_LIMIT:
    case PLAN_LOCK_ROWS:
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

static bool drops_unmatched(JoinType type)
{
    return type == INNER_JOIN || type == SEMI_JOIN || type == RIGHT_JOIN ||
           type == RIGHT_SEMI_JOIN || type == RIGHT_ANTI_JOIN;
}

static void join_publishes(Query *q, Plan *plan)
{
    PlanJoin *join = &plan->join;
    join->published = make_array(q, bool, join->probe_keys.count);
    for (i32 i = 0; i < join->probe_keys.count; i++) {
        if (join->null_equal[i] || !lane_is_integer(join->build_keys.items[i]->lane))
            continue;
        Publisher p = {q, plan->number, i, false};
        publish_expr(&p, plan->inputs[0], join->probe_keys.items[i]);
        join->published[i] = p.used;
    }
}

void runtime_filters_plan(Query *q, Plan *plan)
{
    stack_check(q);
    if (plan->kind == PLAN_HASH_JOIN && drops_unmatched(plan->join.type))
        join_publishes(q, plan);
    for (i32 i = 0; i < plan->input_count; i++)
        runtime_filters_plan(q, plan->inputs[i]);
    for (i32 i = 0; plan->kind == PLAN_APPEND && i < plan->append.count; i++)
        runtime_filters_plan(q, plan->append.parts[i]);
}
