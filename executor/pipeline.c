/* SPDX-License-Identifier: Apache-2.0
 *
 * From a plan tree to pipelines: which node is a source, a transform or a sink, and what must run
 * before what.
 *
 * The tree is walked from the root down with the list of operators that stand between here and the
 * sink. A node that streams puts itself in front of the list; a node that must see all its input
 * first (sort, aggregate, the build side of a join) becomes the sink of a stage of its own, made
 * and appended before the stage that reads it. Stages therefore stand in an order in which they
 * can run.
 *
 * Memory: the statement's arena, on the session thread.
 */
#include "executor/execution.h"
#include "executor/operators.h"

/* clang-format off */
static const OperatorKind *const kinds[] = {
    [PLAN_SCAN]          = &scan_operator,
    [PLAN_VALUES]        = &values_operator,
    [PLAN_FUNCTION_SCAN] = &function_scan_operator,
    [PLAN_PROJECT_SET]   = &project_set_operator,
    [PLAN_CTE_SCAN]      = &cte_operator,
    [PLAN_FILTER]        = &filter_operator,
    [PLAN_PROJECT]       = &project_operator,
    [PLAN_NESTED_LOOP]   = &nested_loop_operator,
    [PLAN_HASH_JOIN]     = &hash_join_operator,
    [PLAN_AGGREGATE]     = &aggregate_operator,
    [PLAN_SORT]          = &sort_operator,
    [PLAN_TOP_N]         = &top_n_operator,
    [PLAN_LIMIT]         = &limit_operator,
    [PLAN_DISTINCT_ON]   = &distinct_on_operator,
    [PLAN_SET_OPERATION] = &set_operation_operator,
    [PLAN_INSERT]        = &insert_operator,
    [PLAN_UPDATE]        = &update_operator,
    [PLAN_DELETE]        = &delete_operator,
    [PLAN_COPY_IN]       = &copy_in_operator,
};
/* clang-format on */

/* Operators between a node and its sink, nearest first. */
typedef struct Tail {
    Operator **operators;
    i32 count;
} Tail;

typedef struct Builder {
    Query *q;
    Execution *execution;
    i32 stage_capacity;
} Builder;

static Operator *operator_make(Builder *b, const OperatorKind *kind, const Plan *plan, void *shared)
{
    Query *q = b->q;
    Operator *op = make(q, Operator);
    op->kind = kind;
    op->plan = plan;
    op->shared = shared ? shared : arena_alloc(q, q->arena, (i64)kind->shared_size);
    op->locals = make_array(q, void *, b->execution->slot_count);
    op->morsels = 1;
    if (plan)
        b->execution->by_number[plan->number] = op;
    return op;
}

static Operator *operator_of(Builder *b, const Plan *plan)
{
    const OperatorKind *kind =
        (size_t)plan->kind < (size_t)countof(kinds) ? kinds[plan->kind] : NULL;
    if (!kind)
        query_fail(b->q, E_FEATURE_NOT_SUPPORTED, "operator %d of the executor is not supported",
                   (int)plan->kind);
    return operator_make(b, kind, plan, NULL);
}

static Tail tail_put(Builder *b, Operator *op, Tail tail)
{
    Tail longer = {make_array(b->q, Operator *, tail.count + 1), tail.count + 1};
    longer.operators[0] = op;
    for (i32 i = 0; i < tail.count; i++)
        longer.operators[i + 1] = tail.operators[i];
    return longer;
}

static void pipeline_add(Builder *b, Stage *stage, Operator *source, Tail tail)
{
    if (stage->count == stage->capacity) {
        i32 capacity = stage->capacity ? stage->capacity * 2 : 2;
        Pipeline *pipelines = make_array(b->q, Pipeline, capacity);
        for (i32 i = 0; i < stage->count; i++)
            pipelines[i] = stage->pipelines[i];
        stage->pipelines = pipelines;
        stage->capacity = capacity;
    }
    Tail all = tail_put(b, source, tail);
    Pipeline *added = &stage->pipelines[stage->count++];
    *added = (Pipeline){.operators = all.operators, .count = all.count};
    for (i32 i = 0; i < all.count; i++) /* its runs must come to one worker */
        added->serial |= all.operators[i]->kind == &distinct_on_operator;
}

static void plan_build(Builder *b, const Plan *plan, Stage *stage, Tail tail);

/* A stage that takes all rows of plan into sink; appended behind those it depends on. Stays in
 * place until the next is appended. */
static Stage *stage_build(Builder *b, const Plan *plan, Operator *sink)
{
    Stage stage = {.sink = sink};
    plan_build(b, plan, &stage, tail_put(b, sink, (Tail){NULL, 0}));
    Execution *e = b->execution;
    if (e->stage_count == b->stage_capacity) {
        b->stage_capacity = b->stage_capacity ? b->stage_capacity * 2 : 4;
        Stage *stages = make_array(b->q, Stage, b->stage_capacity);
        for (i32 i = 0; i < e->stage_count; i++)
            stages[i] = e->stages[i];
        e->stages = stages;
    }
    e->stages[e->stage_count] = stage;
    return &e->stages[e->stage_count++];
}

/* The stage that writes a common table expression: once, before the first stage that reads it. */
static void cte_build(Builder *b, i32 number)
{
    Execution *e = b->execution;
    if (e->ctes[number])
        return;
    e->ctes[number] = operator_make(b, &cte_operator, NULL, NULL);
    if (e->tree->ctes[number].plan) /* NULL: put in place where it is used */
        stage_build(b, e->tree->ctes[number].plan, e->ctes[number]);
}

static bool join_gives_build_rows(const Plan *plan)
{
    return plan->join.type == RIGHT_JOIN || plan->join.type == FULL_JOIN ||
           plan->join.type == RIGHT_SEMI_JOIN || plan->join.type == RIGHT_ANTI_JOIN;
}

static void join_build(Builder *b, const Plan *plan, Stage *stage, Tail tail)
{
    Operator *join = operator_of(b, plan);
    Stage *build = stage_build(b, plan->inputs[1], join);
    if (plan->kind == PLAN_HASH_JOIN) {
        void *index = join_index_shared(b->q, join->shared);
        pipeline_add(b, build, operator_make(b, &join_index_operator, NULL, index),
                     tail_put(b, join, (Tail){NULL, 0}));
    }
    plan_build(b, plan->inputs[0], stage, tail_put(b, join, tail));
    if (join_gives_build_rows(plan))
        pipeline_add(b, stage, join, tail);
}

static void plan_build(Builder *b, const Plan *plan, Stage *stage, Tail tail)
{
    stack_check(b->q);
    switch (plan->kind) {
    case PLAN_CTE_SCAN:
        cte_build(b, plan->cte);
        pipeline_add(b, stage, operator_of(b, plan), tail);
        return;
    case PLAN_SCAN:
    case PLAN_VALUES:
    case PLAN_COPY_IN:
        pipeline_add(b, stage, operator_of(b, plan), tail);
        return;
    case PLAN_FUNCTION_SCAN:
        if (plan->input_count == 0) {
            pipeline_add(b, stage, operator_of(b, plan), tail);
            return;
        }
        plan_build(b, plan->inputs[0], stage, tail_put(b, operator_of(b, plan), tail));
        return;
    case PLAN_FILTER:
    case PLAN_PROJECT:
    case PLAN_PROJECT_SET:
    case PLAN_LIMIT:
    case PLAN_DISTINCT_ON:
    case PLAN_INSERT:
    case PLAN_UPDATE:
    case PLAN_DELETE:
        plan_build(b, plan->inputs[0], stage, tail_put(b, operator_of(b, plan), tail));
        return;
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        join_build(b, plan, stage, tail);
        return;
    case PLAN_AGGREGATE:
    case PLAN_SORT:
    case PLAN_TOP_N: {
        Operator *op = operator_of(b, plan);
        stage_build(b, plan->inputs[0], op);
        pipeline_add(b, stage, op, tail);
        return;
    }
    case PLAN_APPEND:
        for (i32 i = 0; i < plan->append.count; i++)
            plan_build(b, plan->append.parts[i], stage, tail);
        return;
    case PLAN_SET_OPERATION: {
        Operator *op = operator_of(b, plan);
        stage_build(b, plan->inputs[1], op);
        stage_build(b, plan->inputs[0], op);
        pipeline_add(b, stage, op, tail);
        return;
    }
    case PLAN_COMMAND:
        break;
    }
    query_fail(b->q, E_FEATURE_NOT_SUPPORTED, "a command cannot be part of a query");
}

void pipelines_make(Query *q, Execution *e)
{
    Builder b = {.q = q, .execution = e};
    PlanTree *tree = e->tree;
    e->by_number = make_array(q, Operator *, tree->node_count);
    e->ctes = make_array(q, Operator *, tree->cte_count);
    for (i32 i = 0; i < tree->cte_count; i++)
        cte_build(&b, i);
    e->result = operator_make(&b, e->input.sink.kind, NULL, e->input.sink.state);
    stage_build(&b, tree->root, e->result);
    Stage *last = &e->stages[e->stage_count - 1];
    for (i32 i = 0; i < last->count; i++)
        last->pipelines[i].serial |= tree->ordered;
}
