/* SPDX-License-Identifier: Apache-2.0
 *
 * Single rows: gives each row of a chunk on by itself. Stands in front of the first operator of a
 * pipeline that calls functions about sequences, where the statement can tell rows from chunks
 * (PlanTree.row_by_row). Positions and columns stay, only the selection changes.
 *
 * Nothing is shared, nothing to merge, nothing to spill.
 */
#include "executor/operators.h"

typedef struct SingleLocal {
    i32 next; /* of the input's rows */
    u16 position;
    Selection one;
} SingleLocal;

static Step single_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    SingleLocal *local = own;
    *out = *in;
    if (chunk_rows(in) == 0)
        return STEP_NEXT;
    local->position = (u16)chunk_position(in, local->next++);
    local->one = (Selection){1, &local->position};
    out->sel = &local->one;
    if (local->next < chunk_rows(in))
        return STEP_MORE;
    local->next = 0;
    return STEP_NEXT;
}

const OperatorKind single_rows_operator = {
    .name = "Single Rows",
    .local_size = sizeof(SingleLocal),
    .transform = single_transform,
};
