/* SPDX-License-Identifier: Apache-2.0
 *
 * What the calls of a finished plan ask of those who run it: one worker for SERIAL functions, and
 * rows one by one where that can be told from chunks.
 *
 * An operator evaluates an expression for a whole chunk before the next one. Only calls about
 * sequences can tell: currval of a row must be what nextval of the same row gave, wherever in the
 * plan the two stand.
 */
#include "planner/plan_calls.h"

typedef struct PlanCalls {
    Query *q;
    PlanTree *tree;
    Plan *node;        /* at hand */
    const Expr **list; /* about sequences, met so far */
    i32 count, capacity;
    bool advances, related; /* some call moves a sequence; another may be about the same one */
} PlanCalls;

static bool is_about_sequences(Operation operation)
{
    return operation == OP_NEXTVAL || operation == OP_SETVAL || operation == OP_CURRVAL ||
           operation == OP_LASTVAL;
}

/* nextval of a sequence that no call so far is about. */
static bool stands_apart(const PlanCalls *calls, const Expr *call)
{
    const Expr *sequence = call->call.args.count ? call->call.args.items[0] : NULL;
    if (call->call.row->operation != OP_NEXTVAL || sequence->kind != EXPR_CONSTANT)
        return false;
    for (i32 i = 0; i < calls->count; i++) {
        const ExprList *args = &calls->list[i]->call.args;
        if (args->count == 0 || args->items[0]->kind != EXPR_CONSTANT ||
            expr_equal(calls->q, args->items[0], sequence))
            return false;
    }
    return true;
}

static bool note_call(void *state, const Expr *expr)
{
    PlanCalls *calls = state;
    if (expr->kind != EXPR_CALL)
        return false;
    calls->tree->serial |= (expr->call.row->flags & SERIAL) != 0;
    Operation operation = expr->call.row->operation;
    if (!is_about_sequences(operation))
        return false;
    calls->node->sequences = true;
    calls->advances |= operation == OP_NEXTVAL || operation == OP_SETVAL;
    calls->related |= calls->count > 0 && !stands_apart(calls, expr);
    make_room(calls->q, calls->list, calls->count, &calls->capacity);
    calls->list[calls->count++] = expr;
    return false;
}

static void note_expr(PlanCalls *calls, const Expr *expr)
{
    if (expr)
        expr_any(calls->q, expr, note_call, calls);
}

static void note_list(PlanCalls *calls, ExprList list)
{
    for (i32 i = 0; i < list.count; i++)
        note_expr(calls, list.items[i]);
}

static void note_join(PlanCalls *calls, const PlanJoin *join)
{
    note_list(calls, join->probe_keys);
    note_list(calls, join->build_keys);
    note_list(calls, join->residual);
}

static void note_aggregate(PlanCalls *calls, const PlanAggregate *aggregate)
{
    note_list(calls, aggregate->keys);
    for (i32 i = 0; i < aggregate->call_count; i++) {
        const PlanAggregateCall *call = &aggregate->calls[i];
        note_list(calls, call->args);
        note_expr(calls, call->filter);
        for (i32 j = 0; j < call->order_count; j++)
            note_expr(calls, call->order[j].key);
    }
}

static void note_modify(PlanCalls *calls, const PlanModify *modify)
{
    for (i32 i = 0; i < modify->generated_count; i++)
        note_expr(calls, modify->generated[i].expr);
    for (i32 i = 0; i < modify->check_count; i++)
        note_expr(calls, modify->checks[i].expr);
    note_list(calls, modify->returning);
}

static void note_node(PlanCalls *calls, const Plan *plan)
{
    switch (plan->kind) {
    case PLAN_SCAN:
        note_list(calls, plan->scan.conjuncts);
        return;
    case PLAN_VALUES:
        for (i32 i = 0; i < plan->values.row_count; i++)
            note_list(calls, plan->values.rows[i]);
        return;
    case PLAN_FILTER:
    case PLAN_PROJECT:
        note_list(calls, plan->exprs);
        return;
    case PLAN_FUNCTION_SCAN:
        note_list(calls, plan->function.args);
        return;
    case PLAN_PROJECT_SET:
        note_list(calls, plan->project_set.calls);
        return;
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        note_join(calls, &plan->join);
        return;
    case PLAN_AGGREGATE:
        note_aggregate(calls, &plan->aggregate);
        return;
    case PLAN_DISTINCT_ON:
    case PLAN_LIMIT:
    case PLAN_TOP_N:
        note_expr(calls, plan->sort.limit);
        note_expr(calls, plan->sort.offset);
        return;
    case PLAN_INSERT:
    case PLAN_UPDATE:
    case PLAN_DELETE:
        note_modify(calls, &plan->modify);
        return;
    case PLAN_SORT:
    case PLAN_LOCK_ROWS:
    case PLAN_CTE_SCAN:
    case PLAN_APPEND:
    case PLAN_SET_OPERATION:
    case PLAN_COPY_IN:
    case PLAN_COMMAND:
        return;
    }
    unreachable();
}

static void note_tree(PlanCalls *calls, Plan *plan)
{
    stack_check(calls->q);
    calls->node = plan;
    note_node(calls, plan);
    for (i32 i = 0; i < plan->input_count; i++)
        note_tree(calls, plan->inputs[i]);
    for (i32 i = 0; plan->kind == PLAN_APPEND && i < plan->append.count; i++)
        note_tree(calls, plan->append.parts[i]);
}

void plan_note_calls(Query *q, PlanTree *tree)
{
    PlanCalls calls = {.q = q, .tree = tree};
    for (i32 i = 0; i < tree->cte_count; i++)
        if (tree->ctes[i].plan)
            note_tree(&calls, tree->ctes[i].plan);
    note_tree(&calls, tree->root);
    tree->row_by_row = calls.advances && calls.related;
}
