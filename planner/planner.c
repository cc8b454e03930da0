/* SPDX-License-Identifier: Apache-2.0
 *
 * From a Prepared to a PlanTree: build, unnest, run the passes, choose operators; in an arena of
 * the plan's own. Parameters are known by now and stand as constants, so that every plan is made
 * for its values.
 */
#include "planner/planner.h"

#include "expressions/eval.h"
#include "planner/logical.h"
#include "planner/pass.h"
#include "planner/plan_calls.h"
#include "planner/prepared.h"
#include "planner/runtime_filter.h"
#include "planner/wide_codes.h"

typedef struct PlanJob {
    Query *q;
    const CatalogView *view;
    const Environment *env;
    const Bound *bound;
    const Value *values;
    u32 passes_off;
    PlanTree *tree;
} PlanJob;

static PlanTree *tree_new(Query *q)
{
    Arena arena;
    arena_open(&arena, &q->control->budget);
    PlanTree *tree = arena_try(&arena, (i64)sizeof *tree, &q->error);
    if (!tree)
        query_rethrow(q, &q->error);
    tree->arena = arena;
    atomic_store(&tree->count, 1);
    return tree;
}

PlanTree *plan_keep(PlanTree *tree)
{
    atomic_fetch_add(&tree->count, 1);
    return tree;
}

static void release_inner(Plan *plan)
{
    if (plan && plan->kind == PLAN_COMMAND && plan->command.inner)
        plan_release(plan->command.inner);
}

void plan_release(PlanTree *tree)
{
    if (atomic_fetch_sub(&tree->count, 1) != 1)
        return;
    release_inner(tree->root);
    Arena arena = tree->arena; /* the tree lies in its own arena */
    arena_close(&arena);
}

/* ---- parameters ---- */

static Expr *replace_parameter(void *state, Query *q, Expr *expr)
{
    const Planning *p = state;
    if (expr->kind != EXPR_PARAMETER || !p->values)
        return NULL;
    Value value = p->values[expr->parameter - 1];
    value.lane = expr->lane;
    return expr_constant(q, expr->type, &value, expr->offset);
}

static void replace_slot(void *state, Planning *p, Expr **slot)
{
    *slot = expr_rewrite(p->q, *slot, replace_parameter, p);
}

static void replace_parameters(Planning *p, Logical *node)
{
    stack_check(p->q);
    logical_exprs(p, node, replace_slot, NULL);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            replace_parameters(p, node->inputs[i]);
}

/* ---- constants that fail ---- */

/* PostgreSQL computes the constants of a statement before any row is read: SELECT 1/0 FROM t fails
 * for an empty t as well. The same is done here for what the statement surely computes: its own
 * clauses and the scalar sub-queries in them, not the outputs of FROM, which may be pruned. */
static void try_constants(Planning *p, const BoundQuery *query);

static bool try_subquery(void *state, const Expr *expr)
{
    Planning *p = state;
    if (expr->kind == EXPR_SUBQUERY && expr->subquery.kind == SUBQUERY_SCALAR)
        try_constants(p, p->bound->subqueries[expr->subquery.number]);
    return false;
}

static void try_expr(Planning *p, Expr *expr)
{
    if (!expr)
        return;
    expr_any(p->q, expr, try_subquery, p);
    expr_try_constants(p->q, expr_rewrite(p->q, expr, replace_parameter, p), p->env);
}

static void try_constants(Planning *p, const BoundQuery *query)
{
    stack_check(p->q);
    if (query->body == BODY_SET) {
        try_constants(p, query->left);
        try_constants(p, query->right);
        return;
    }
    if (query->body == BODY_VALUES) {
        for (i32 r = 0; r < query->row_count; r++)
            for (i32 i = 0; i < query->rows[r].count; i++)
                try_expr(p, query->rows[r].items[i]);
        return;
    }
    for (i32 i = 0; i < query->target_count; i++)
        try_expr(p, query->targets[i].expr);
    for (i32 i = 0; i < query->aggregate_count; i++)
        for (i32 j = 0; j < query->aggregates[i].call->aggregate.args.count; j++)
            try_expr(p, query->aggregates[i].call->aggregate.args.items[j]);
    try_expr(p, query->where);
    try_expr(p, query->having);
}

/* ---- numbering and facts of the whole plan ---- */

static void number_nodes(PlanTree *tree, Query *q, Plan *plan)
{
    stack_check(q);
    plan->number = tree->node_count++;
    tree->locks_rows |= plan->kind == PLAN_LOCK_ROWS;
    for (i32 i = 0; i < plan->input_count; i++)
        number_nodes(tree, q, plan->inputs[i]);
    if (plan->kind == PLAN_APPEND)
        for (i32 i = 0; i < plan->append.count; i++)
            number_nodes(tree, q, plan->append.parts[i]);
}

static bool is_ordered(const Plan *plan)
{
    switch (plan->kind) {
    case PLAN_SORT:
    case PLAN_TOP_N:
    case PLAN_DISTINCT_ON:
        return true;
    case PLAN_PROJECT:
    case PLAN_PROJECT_SET:
    case PLAN_FILTER:
    case PLAN_LIMIT:
    case PLAN_LOCK_ROWS:
        return is_ordered(plan->inputs[0]);
    case PLAN_SCAN:
    case PLAN_VALUES:
    case PLAN_FUNCTION_SCAN:
    case PLAN_CTE_SCAN:
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
    case PLAN_AGGREGATE:
    case PLAN_APPEND:
    case PLAN_SET_OPERATION:
    case PLAN_INSERT:
    case PLAN_UPDATE:
    case PLAN_DELETE:
    case PLAN_COPY_IN:
    case PLAN_COMMAND:
        return false;
    }
    unreachable();
}

/* ---- queries ---- */

/* The common table expressions that unnesting made from number `first` on. */
typedef struct MadeCtes {
    i32 first;
    bool *passed;
    const ColumnSet *wanted;
} MadeCtes;

/* Passes those that node reads, what they read themselves before them: a pass that changes the
 * lane of a column must have seen the column's maker before its readers. */
static void pass_made_ctes(Planning *p, MadeCtes *made, const Logical *node)
{
    stack_check(p->q);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            pass_made_ctes(p, made, node->inputs[i]);
    if (node->kind != LOGICAL_CTE || node->cte.number < made->first ||
        made->passed[node->cte.number - made->first])
        return;
    i32 number = node->cte.number;
    made->passed[number - made->first] = true;
    pass_made_ctes(p, made, p->ctes[number]);
    p->ctes[number] = run_passes(p, p->ctes[number], made->wanted);
    estimate_rows(p, p->ctes[number]);
}

static Logical *unnest_tree(Planning *p, Logical *node)
{
    if (p->values)
        replace_parameters(p, node);
    return logical_unnest(p, node);
}

static Logical *prepare_tree(Planning *p, Logical *node, const ColumnSet *wanted)
{
    MadeCtes made = {.first = p->cte_count, .wanted = wanted};
    node = unnest_tree(p, node);
    made.passed = make_array(p->q, bool, p->cte_count - made.first);
    pass_made_ctes(p, &made, node);
    return run_passes(p, node, wanted);
}

static i32 *visible_outputs(Planning *p, const BoundQuery *query)
{
    i32 *outputs = make_array(p->q, i32, query->visible_count);
    for (i32 i = 0; i < query->visible_count; i++)
        outputs[i] = query->targets[i].output;
    return outputs;
}

static Plan *plan_node(Query *q, PlanKind kind, Plan *input)
{
    Plan *plan = make(q, Plan);
    plan->kind = kind;
    if (input) {
        plan->inputs[0] = input;
        plan->input_count = 1;
        plan->rows = input->rows;
    }
    return plan;
}

static Plan *plan_modify(Query *q, const BoundModify *modify, Plan *input)
{
    Plan *plan = plan_node(q, modify->kind, input);
    plan->modify = modify->plan;
    plan->columns = modify->outputs;
    plan->column_count = modify->plan.returning.count;
    return plan;
}

/* A common table expression that stays apart: written (number below Bound's), or made by
 * unnesting: then all its columns. */
static Plan *plan_cte(Planning *p, i32 number)
{
    bool written = number < p->bound->cte_count;
    const BoundCte *cte = written ? &p->bound->ctes[number] : NULL;
    if (cte && cte->modify) {
        const BoundQuery *input = cte->modify->query;
        Plan *rows =
            physical_plan(p, p->ctes[number], visible_outputs(p, input), input->visible_count);
        return plan_modify(p->q, cte->modify, rows);
    }
    i32 count = 0;
    if (cte) {
        count = cte->query->visible_count;
    } else {
        ColumnSet all = logical_columns(p, p->ctes[number]);
        for (i32 id = 0; id < p->column_count; id++)
            count += set_has(&all, id);
    }
    return physical_plan(p, p->ctes[number], p->cte_outputs[number], count);
}

/* Prepares common table expressions that were written, or made while building. */
typedef struct BuiltCtes {
    bool *prepared;
    i32 count;
    ColumnSet wanted;
} BuiltCtes;

static void prepare_cte(Planning *p, BuiltCtes *built, i32 number);

/* Those that node reads. */
static void prepare_read(Planning *p, BuiltCtes *built, const Logical *node)
{
    stack_check(p->q);
    if (node->kind == LOGICAL_CTE)
        prepare_cte(p, built, node->cte.number);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            prepare_read(p, built, node->inputs[i]);
}

/* After those it reads itself. One that uses columns of an outer query is no more than unnested:
 * unnesting its readers makes another of it. */
static void prepare_cte(Planning *p, BuiltCtes *built, i32 number)
{
    if (built->prepared[number] || !p->ctes[number])
        return;
    built->prepared[number] = true;
    prepare_read(p, built, p->ctes[number]);
    bool alone = set_is_empty(&p->cte_free[number]);
    /* unnesting may add others: then the list is a new one */
    Logical *prepared =
        alone ? prepare_tree(p, p->ctes[number], &built->wanted) : unnest_tree(p, p->ctes[number]);
    p->ctes[number] = prepared;
    if (alone)
        estimate_rows(p, prepared);
}

/* Each with those that unnesting it made. */
static Logical *prepare_all(Planning *p, Logical *root)
{
    BuiltCtes built = {make_array(p->q, bool, p->cte_count), p->cte_count, set_new(p)};
    for (i32 i = 0; i < built.count; i++)
        prepare_cte(p, &built, i);
    Logical *prepared = prepare_tree(p, root, &built.wanted);
    for (i32 i = 0; i < p->cte_count; i++)
        if (!set_is_empty(&p->cte_free[i])) /* nobody reads it any more */
            p->ctes[i] = NULL;
    return prepared;
}

static void mark_read(Planning *p, bool *read, const Logical *node)
{
    stack_check(p->q);
    i32 number = node->kind == LOGICAL_CTE ? node->cte.number : -1;
    if (number >= 0 && !read[number]) {
        read[number] = true;
        if (p->ctes[number])
            mark_read(p, read, p->ctes[number]);
    }
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            mark_read(p, read, node->inputs[i]);
}

/* What nobody reads, or only others that nobody reads, is not run; but for those that write. */
static void drop_unread(Planning *p, const Logical *root)
{
    bool *read = make_array(p->q, bool, p->cte_count);
    mark_read(p, read, root);
    for (i32 i = 0; i < p->bound->cte_count; i++)
        if (p->bound->ctes[i].modify && p->ctes[i] && !read[i]) {
            read[i] = true;
            mark_read(p, read, p->ctes[i]);
        }
    for (i32 i = 0; i < p->cte_count; i++)
        if (!read[i])
            p->ctes[i] = NULL;
}

static Plan *plan_query(Planning *p, PlanTree *tree, const BoundQuery *query)
{
    bool writes = p->bound->modify && p->bound->modify->query == query;
    const BoundQuery *source = writes ? p->bound->modify->source : query;
    try_constants(p, source);
    if (writes && p->bound->kind == BOUND_INSERT && source->from_count)
        try_constants(p, source->from[0]->query); /* INSERT ... SELECT */
    Logical *root = prepare_all(p, logical_build(p, query));
    i32 *outputs = visible_outputs(p, query);
    p->first_shared = p->cte_count;
    if (pass_is_on(p, "shared_subplans")) {
        ColumnSet wanted = set_new(p);
        for (i32 i = 0; i < query->visible_count; i++)
            set_add(&wanted, outputs[i]);
        root = pass_shared(p, root, &wanted);
    }
    drop_unread(p, root);
    tree->cte_count = p->cte_count;
    tree->ctes = make_array(p->q, PlanCte, p->cte_count);
    for (i32 i = 0; i < p->cte_count; i++) {
        if (!p->ctes[i])
            continue;
        tree->ctes[i].name = i < p->bound->cte_count ? p->bound->ctes[i].name
                             : i < p->first_shared   ? TEXT("outer_rows")
                                                     : TEXT("shared_rows");
        tree->ctes[i].plan = plan_cte(p, i);
        number_nodes(tree, p->q, tree->ctes[i].plan);
        if (pass_is_on(p, "runtime_filters"))
            runtime_filters_plan(p->q, tree->ctes[i].plan);
        if (pass_is_on(p, "wide_codes"))
            wide_codes_plan(p->q, tree->ctes[i].plan);
    }
    return physical_plan(p, root, outputs, query->visible_count);
}

static void planning_open(const PlanJob *job, const Bound *bound, Planning *p)
{
    *p = (Planning){.q = job->q,
                    .view = job->view,
                    .env = job->env,
                    .bound = bound,
                    .values = bound->parameter_count ? job->values : NULL,
                    .passes_off = job->passes_off,
                    .arena = job->q->arena};
    for (i32 i = 0; i < bound->column_count; i++) {
        const BoundColumn *column = &bound->columns[i];
        i32 id = planning_column(p, column->name, column->type, column->lane);
        p->columns[id] = *column;
    }
}

/* ---- statements ---- */

static Plan *plan_copy_in(Query *q, const Bound *bound)
{
    Plan *source = plan_node(q, PLAN_COPY_IN, NULL);
    source->copy_in = bound->copy_in;
    source->columns = bound->copy_in.fields;
    source->column_count = bound->copy_in.field_count;
    Plan *row = plan_node(q, PLAN_PROJECT, source);
    row->exprs = bound->copy_row;
    row->columns = bound->modify->plan.row;
    row->column_count = bound->modify->plan.row_count;
    if (!bound->copy_where)
        return plan_modify(q, bound->modify, row);
    Plan *filter = plan_node(q, PLAN_FILTER, row);
    Expr *where = bound->copy_where;
    filter->exprs = expr_list(q, &where, 1);
    filter->columns = row->columns;
    filter->column_count = row->column_count;
    return plan_modify(q, bound->modify, filter);
}

static PlanTree *plan_bound(const PlanJob *outer, const Bound *bound);

static Plan *plan_command(const PlanJob *job, const Bound *bound)
{
    Plan *plan = plan_node(job->q, PLAN_COMMAND, NULL);
    plan->command = bound->command;
    if (!bound->inner)
        return plan;
    i64 (*clock)(void) = job->env ? job->env->clock_us : NULL;
    i64 started = clock ? clock() : 0;
    plan->command.inner = plan_bound(job, bound->inner);
    plan->command.inner->planning_us = clock ? clock() - started : 0;
    return plan;
}

static Plan *plan_write(Planning *p, PlanTree *tree, const Bound *bound)
{
    const BoundModify *modify = bound->modify;
    if (bound->query) { /* RETURNING is a query over the rows */
        Plan *root = plan_query(p, tree, bound->query);
        tree->changes = tree->ctes[bound->main].plan;
        return root;
    }
    Plan *root = plan_modify(p->q, modify, plan_query(p, tree, modify->query));
    tree->changes = root;
    return root;
}

static void plan_body(void *argument)
{
    PlanJob *job = argument;
    const Bound *bound = job->bound;
    PlanTree *tree = job->tree;
    Query *q = job->q;
    Planning p;
    planning_open(job, bound, &p);
    switch (bound->kind) {
    case BOUND_QUERY:
        tree->root = plan_query(&p, tree, bound->query);
        tree->returns_rows = true;
        break;
    case BOUND_INSERT:
    case BOUND_UPDATE:
    case BOUND_DELETE:
        tree->root = plan_write(&p, tree, bound);
        break;
    case BOUND_COPY_IN:
        tree->root = plan_copy_in(q, bound);
        tree->changes = tree->root;
        break;
    case BOUND_COMMAND:
        tree->root = plan_command(job, bound);
        break;
    }
    tree->is_write = bound->is_write;
    tree->returns_rows |= bound->returning_count > 0;
    tree->tag = bound->tag;
    number_nodes(tree, q, tree->root);
    plan_note_calls(q, tree);
    if (pass_is_on(&p, "runtime_filters"))
        runtime_filters_plan(q, tree->root);
    if (pass_is_on(&p, "wide_codes"))
        wide_codes_plan(q, tree->root);
    tree->ordered = is_ordered(tree->root);
}

static void build_body(void *argument)
{
    const PlanJob *job = argument;
    Planning p;
    planning_open(job, job->bound, &p);
    logical_build(&p, job->bound->query);
}

void plan_check_grouping(Query *q, const CatalogView *view, const Environment *env,
                         const Bound *bound)
{
    PlanJob job = {.q = q, .view = view, .env = env, .bound = bound};
    if (query_try(q, build_body, &job) || q->error.code == E_FEATURE_NOT_SUPPORTED)
        return;
    q->error.position = 0; /* it would be one of the text that is stored */
    query_rethrow(q, &q->error);
}

static PlanTree *plan_bound(const PlanJob *outer, const Bound *bound)
{
    Query *q = outer->q;
    PlanJob job = *outer;
    job.bound = bound;
    job.tree = tree_new(q);
    Arena *before = q->arena;
    q->arena = &job.tree->arena;
    bool planned = query_try(q, plan_body, &job);
    q->arena = before;
    if (!planned) {
        job.tree->root = NULL;
        plan_release(job.tree);
        query_rethrow(q, &q->error);
    }
    return job.tree;
}

PlanTree *plan_for(Query *q, const CatalogView *view, const Environment *env, Prepared *prepared,
                   const Value *values, const PlannerSettings *settings)
{
    PlanJob job = {.q = q,
                   .view = view,
                   .env = env,
                   .values = values,
                   .passes_off = settings ? settings->passes_off : 0};
    return plan_bound(&job, prepared->bound);
}
