/* SPDX-License-Identifier: Apache-2.0
 *
 * Update: replaces rows by id with the new rows of the input, checked; gives RETURNING over the new
 * rows, or nothing. The input is the row id, then the table's columns.
 *
 * A transform that may say FULL while another transaction holds a row (row_modify.c). Merge tells
 * which rows must be looked at again; memory is one chunk and those.
 */
#include "executor/operators.h"
#include "executor/row_modify.h"

typedef struct UpdateShared {
    const Plan *plan;
    RowCheckShape shape;
} UpdateShared;

static void update_open(Worker *w, const Plan *plan, void *state)
{
    UpdateShared *shared = state;
    shared->plan = plan;
    row_check_shape_make(w, &plan->modify, &shared->shape);
    if (!plan->modify.access->modify)
        query_fail(w->q, E_FEATURE_NOT_SUPPORTED, "cannot update relation \"%.*s\"",
                   TEXT_ARG(plan->modify.relation_name));
}

static Step update_transform(Worker *w, void *state, void *local, const Chunk *in, Chunk *out)
{
    UpdateShared *shared = state;
    return row_modify_run(w, MODIFY_UPDATE, shared->plan, &shared->shape, local, in, out);
}

static void update_merge(Worker *w, void *state, void *local)
{
    const UpdateShared *shared = state;
    row_modify_end(w, shared->plan, local);
}

const OperatorKind update_operator = {
    .name = "Update",
    .shared_size = sizeof(UpdateShared),
    .local_size = sizeof(RowModify),
    .open = update_open,
    .transform = update_transform,
    .merge = update_merge,
};
