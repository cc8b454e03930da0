/* SPDX-License-Identifier: Apache-2.0
 *
 * Project: computes the output columns of a chunk. Positions and selection stay; a plain column
 * is passed on as it is, lazy or not.
 *
 * The program is shared, each worker has its evaluator. Nothing to merge, nothing to spill.
 */
#include "executor/execution.h"
#include "executor/operators.h"

typedef struct ProjectShared {
    const Plan *plan;
    const Program *program;
} ProjectShared;

typedef struct ProjectLocal {
    Evaluator *evaluator;
    Vector *columns;
} ProjectLocal;

static void project_open(Worker *w, const Plan *plan, void *state)
{
    ProjectShared *shared = state;
    shared->plan = plan;
    shared->program = program_compile(w->q, w->q->arena, plan->exprs.items, plan->exprs.count);
}

static Step project_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    ProjectShared *shared = state;
    ProjectLocal *local = own;
    const ExprList *exprs = &shared->plan->exprs;
    if (!local->evaluator) {
        local->columns = make_array(w->q, Vector, exprs->count);
        local->evaluator = worker_evaluator(w, shared->program);
    }
    evaluator_reset(local->evaluator);
    for (i32 i = 0; i < exprs->count; i++) {
        const Expr *expr = exprs->items[i];
        local->columns[i] = expr->kind == EXPR_COLUMN ? in->columns[expr->column]
                                                      : *evaluate(w->q, local->evaluator, in, i);
        local->columns[i].type = expr->type;
    }
    *out = (Chunk){.n = in->n,
                   .sel = in->sel,
                   .column_count = exprs->count,
                   .columns = local->columns,
                   .arena = in->arena};
    return STEP_NEXT;
}

const OperatorKind project_operator = {
    .name = "Project",
    .shared_size = sizeof(ProjectShared),
    .local_size = sizeof(ProjectLocal),
    .open = project_open,
    .transform = project_transform,
};
