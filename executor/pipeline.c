/* SPDX-License-Identifier: Apache-2.0
 *
 * From a plan tree to pipelines: which node is a source, a transform or a sink, and what must run
 * before what.
 *
 * The tree is walked from the root down with the list of operators that stand between here and the
 * sink. A node that streams puts itself in front of the list; a node that must see all its input
 * first (sort, aggregate, the build side of a join) becomes the sink of a stage of its own, made
 * and appended before the stage that reads it. Stages therefore stand in an order in which they
 * can run. A common table expression is a stage where its first reader stands; those without a
 * reader (they write) come in their order.
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
    [PLAN_LOCK_ROWS]     = &lock_rows_operator,
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
    bool *cte_built;
    bool again; /* for execution->recheck */
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
    if (plan && plan->number < b->execution->tree->node_count)
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

/* The tail with rows one by one from the first operator on that calls functions about sequences,
 * where that makes a difference. */
static Tail tail_of_single_rows(Builder *b, Tail tail)
{
    i32 at = 0;
    while (at < tail.count && !(tail.operators[at]->plan && tail.operators[at]->plan->sequences))
        at++;
    if (!b->execution->tree->row_by_row || at == tail.count)
        return tail;
    Tail rest = {tail.operators + at, tail.count - at};
    Tail single = tail_put(b, operator_make(b, &single_rows_operator, NULL, NULL), rest);
    for (i32 i = at - 1; i >= 0; i--)
        single = tail_put(b, tail.operators[i], single);
    return single;
}

static void pipeline_add(Builder *b, Stage *stage, Operator *source, Tail tail)
{
    make_room(b->q, stage->pipelines, stage->count, &stage->capacity);
    Tail all = tail_put(b, source, tail_of_single_rows(b, tail));
    Pipeline *added = &stage->pipelines[stage->count++];
    *added = (Pipeline){.operators = all.operators, .count = all.count};
    for (i32 i = 0; i < all.count;
         i++) /* its runs, and what a limit counts, must come to one worker */
        added->serial |= all.operators[i]->kind == &distinct_on_operator ||
                         all.operators[i]->kind == &lock_rows_operator;
}

static void plan_build(Builder *b, const Plan *plan, Stage *stage, Tail tail);

static Stage *stage_append(Builder *b, Stage stage)
{
    Execution *e = b->execution;
    make_room(b->q, e->stages, e->stage_count, &b->stage_capacity);
    e->stages[e->stage_count] = stage;
    return &e->stages[e->stage_count++];
}

/* A stage that takes all rows of plan into sink; appended behind those it depends on. Stays in
 * place until the next is appended. */
static Stage *stage_build(Builder *b, const Plan *plan, Operator *sink)
{
    Stage stage = {.sink = sink};
    plan_build(b, plan, &stage, tail_put(b, sink, (Tail){NULL, 0}));
    return stage_append(b, stage);
}

/* The stage that writes a common table expression: once, before the first stage that reads it. */
static void cte_build(Builder *b, i32 cte)
{
    const Plan *plan = b->execution->tree->ctes[cte].plan;
    if (b->cte_built[cte] || !plan) /* NULL: put in place where it is used */
        return;
    b->cte_built[cte] = true;
    if (b->again)
        b->execution->ctes[cte] = operator_make(b, &cte_operator, NULL, NULL);
    stage_build(b, plan, b->execution->ctes[cte]);
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
        if (b->again && plan->scan.is_target)
            b->execution->recheck.scan = plan;
        pipeline_add(b, stage, operator_of(b, plan), tail);
        return;
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
    case PLAN_LOCK_ROWS:
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

/* The stage takes the root's rows: an order of theirs is kept by one task. */
static void stage_order(const PlanTree *tree, Stage *stage)
{
    for (i32 i = 0; i < stage->count; i++)
        stage->pipelines[i].serial |= tree->ordered;
}

/* The root's rows into a store, and a pipeline that gives them out. */
static void keep_rows_build(Builder *b)
{
    Query *q = b->q;
    Execution *e = b->execution;
    PlanTree *tree = e->tree;
    Plan *reader = make(q, Plan);
    reader->kind = PLAN_CTE_SCAN;
    reader->cte = tree->cte_count;
    reader->number = tree->node_count; /* no node of the tree */
    stage_build(b, tree->root, e->ctes[tree->cte_count]);
    stage_order(tree, &e->stages[e->stage_count - 1]);
    Stage stage = {.sink = e->result};
    pipeline_add(b, &stage, operator_of(b, reader), tail_put(b, e->result, (Tail){NULL, 0}));
    stage_append(b, stage);
}

void pipelines_make(Query *q, Execution *e)
{
    PlanTree *tree = e->tree;
    Builder b = {.q = q, .execution = e, .cte_built = make_array(q, bool, tree->cte_count)};
    e->by_number = make_array(q, Operator *, tree->node_count);
    e->ctes = make_array(q, Operator *, tree->cte_count + 1);
    for (i32 i = 0; i <= tree->cte_count; i++)
        e->ctes[i] = operator_make(&b, &cte_operator, NULL, NULL);
    for (i32 i = 0; i < tree->cte_count; i++)
        cte_build(&b, i);
    e->result = operator_make(&b, e->input.sink.kind, NULL, e->input.sink.state);
    if (e->input.keep_rows)
        keep_rows_build(&b);
    else
        stage_build(&b, tree->root, e->result);
    stage_order(tree, &e->stages[e->stage_count - 1]);
}

/* ---- rows that others changed ---- */

static int compare_rows(const void *a, const void *b)
{
    const RowId *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* A target row that met several others is there several times. */
static void recheck_sort(RecheckRows *recheck)
{
    qsort(recheck->rows, (size_t)recheck->count, sizeof *recheck->rows, compare_rows);
    i32 kept = 0;
    for (i32 i = 0; i < recheck->count; i++)
        if (i == 0 || recheck->rows[i] != recheck->rows[i - 1])
            recheck->rows[kept++] = recheck->rows[i];
    recheck->count = kept;
}

/* Does the plan read the target of an UPDATE or DELETE above it, itself or by a common table
 * expression that unnesting made? */
static bool reads_target(Query *q, const PlanTree *tree, const Plan *plan)
{
    stack_check(q);
    if (!plan || plan->kind == PLAN_UPDATE || plan->kind == PLAN_DELETE)
        return false;
    if (plan->kind == PLAN_SCAN)
        return plan->scan.is_target && plan->scan.want_row_ids;
    if (plan->kind == PLAN_CTE_SCAN)
        return reads_target(q, tree, tree->ctes[plan->cte].plan);
    for (i32 i = 0; i < plan->input_count; i++)
        if (reads_target(q, tree, plan->inputs[i]))
            return true;
    for (i32 i = 0; plan->kind == PLAN_APPEND && i < plan->append.count; i++)
        if (reads_target(q, tree, plan->append.parts[i]))
            return true;
    return false;
}

/* The operators from the modify node on, taken from the stage's own pipeline. */
static Tail recheck_tail(Builder *b, const Stage *stage, const Plan *modify)
{
    const Pipeline *pipeline = &stage->pipelines[0];
    i32 at = 1;
    while (pipeline->operators[at]->plan != modify)
        at++;
    Operator *op = pipeline->operators[at];
    op->merged = false;
    return (Tail){pipeline->operators + at, pipeline->count - at};
}

void pipelines_recheck(Query *q, Execution *e)
{
    RecheckRows *recheck = &e->recheck;
    const Plan *modify = recheck->modify;
    Builder b = {.q = q, .execution = e, .again = true};
    b.cte_built = make_array(q, bool, e->tree->cte_count);
    for (i32 i = 0; i < e->tree->cte_count; i++) /* others that it reads are there */
        b.cte_built[i] = !reads_target(q, e->tree, e->tree->ctes[i].plan);
    recheck_sort(recheck);
    Stage *before = e->stages, now = before[e->stage];
    i32 count = e->stage_count, at = e->stage + 1;
    e->stages = NULL;
    e->stage_count = 0;
    Stage again = {.sink = now.sink};
    plan_build(&b, modify->inputs[0], &again, recheck_tail(&b, &now, modify));
    stage_append(&b, again);
    Stage *made = e->stages;
    i32 made_count = e->stage_count;
    e->stages = make_array(q, Stage, count + made_count);
    e->stage_count = count + made_count;
    memcpy(e->stages, before, (size_t)at * sizeof *before);
    memcpy(e->stages + at, made, (size_t)made_count * sizeof *made);
    memcpy(e->stages + at + made_count, before + at, (size_t)(count - at) * sizeof *before);
    recheck->modify = NULL; /* taken over by the stages */
}
