/* SPDX-License-Identifier: Apache-2.0
 *
 * Filter: narrows the selection of a chunk to the rows for which every conjunct is true. Columns
 * are passed on as they are; lazy ones nobody touched stay lazy.
 *
 * The program is shared, each worker has its evaluator. Nothing to merge, nothing to spill.
 */
#include "executor/execution.h"
#include "executor/operators.h"

typedef struct FilterShared {
    const Plan *plan;
    const Program *program;
} FilterShared;

typedef struct FilterLocal {
    Evaluator *evaluator;
    Selection sel;
} FilterLocal;

static void filter_open(Worker *w, const Plan *plan, void *state)
{
    FilterShared *shared = state;
    shared->plan = plan;
    shared->program = program_compile(w->q, w->q->arena, plan->exprs.items, plan->exprs.count);
}

static Step filter_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    FilterShared *shared = state;
    FilterLocal *local = own;
    if (!local->evaluator)
        local->evaluator = worker_evaluator(w, shared->program);
    evaluator_reset(local->evaluator);
    evaluate_filter(w->q, local->evaluator, in, 0, shared->plan->exprs.count, &local->sel);
    *out = *in;
    if (local->sel.count < chunk_rows(in))
        out->sel = &local->sel;
    execution_count_removed(w, shared->plan, chunk_rows(in) - local->sel.count);
    return STEP_NEXT;
}

const OperatorKind filter_operator = {
    .name = "Filter",
    .shared_size = sizeof(FilterShared),
    .local_size = sizeof(FilterLocal),
    .open = filter_open,
    .transform = filter_transform,
};
