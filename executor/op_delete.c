/* SPDX-License-Identifier: Apache-2.0
 *
 * Delete: marks rows by id as deleted; gives RETURNING over the columns that follow the row id in
 * the input, or nothing.
 *
 * A transform that may say FULL while another transaction holds a row (row_modify.c). Merge tells
 * which rows must be looked at again; memory is one chunk and those.
 */
#include "executor/operators.h"
#include "executor/row_modify.h"

typedef struct DeleteShared {
    const Plan *plan;
    RowCheckShape shape;
} DeleteShared;

static void delete_open(Worker *w, const Plan *plan, void *state)
{
    DeleteShared *shared = state;
    shared->plan = plan;
    row_check_shape_make(w, &plan->modify, &shared->shape);
    if (!plan->modify.access->modify)
        query_fail(w->q, E_FEATURE_NOT_SUPPORTED, "cannot delete from relation \"%.*s\"",
                   TEXT_ARG(plan->modify.relation_name));
}

static Step delete_transform(Worker *w, void *state, void *local, const Chunk *in, Chunk *out)
{
    DeleteShared *shared = state;
    return row_modify_run(w, MODIFY_DELETE, shared->plan, &shared->shape, local, in, out);
}

static void delete_merge(Worker *w, void *state, void *local)
{
    const DeleteShared *shared = state;
    row_modify_end(w, shared->plan, local);
}

const OperatorKind delete_operator = {
    .name = "Delete",
    .shared_size = sizeof(DeleteShared),
    .local_size = sizeof(RowModify),
    .open = delete_open,
    .transform = delete_transform,
    .merge = delete_merge,
};
