/* SPDX-License-Identifier: Apache-2.0
 *
 * DISTINCT ON: of a sorted input, the first row of each run of rows that are equal in the keys.
 *
 * One worker runs it, since its input is sorted; the keys of the last row are kept as vectors of
 * one row between chunks. NULLs are equal. Nothing to merge or spill.
 */
#include "executor/execution.h"
#include "executor/operators.h"
#include "types/hash_vector.h"

typedef struct DistinctShared {
    const Plan *plan;
    Vector *last; /* per key, of the last row seen */
    Arena last_arena;
    bool has_last;
    Selection sel;
    u16 rows[CHUNK_ROWS];
} DistinctShared;

static void distinct_open(Worker *w, const Plan *plan, void *state)
{
    DistinctShared *shared = state;
    shared->plan = plan;
    shared->last = make_array(w->q, Vector, plan->sort.column_count);
    worker_arena(w, &shared->last_arena);
}

/* Is the row at position equal to the one before it: at `before`, or the last of earlier chunks? */
static bool repeats(const DistinctShared *shared, const Chunk *in, i32 position, i32 before)
{
    const PlanSort *sort = &shared->plan->sort;
    if (before < 0 && !shared->has_last)
        return false;
    for (i32 i = 0; i < sort->column_count; i++) {
        const Vector *column = &in->columns[sort->columns[i].column];
        bool equal = before >= 0 ? rows_equal(column, position, column, before)
                                 : rows_equal(column, position, &shared->last[i], 0);
        if (!equal)
            return false;
    }
    return true;
}

static void last_set(Worker *w, DistinctShared *shared, const Chunk *in, i32 position)
{
    Error *error = &w->q->error;
    const PlanSort *sort = &shared->plan->sort;
    u32 row = (u32)position;
    arena_reset(&shared->last_arena);
    for (i32 i = 0; i < sort->column_count; i++)
        if (!vector_gather(&in->columns[sort->columns[i].column], &row, 1, &shared->last_arena,
                           &shared->last[i], error) ||
            !vector_keep(&shared->last[i], 1, LIFE_HELD, &shared->last_arena, error))
            query_rethrow(w->q, error);
    shared->has_last = true;
}

static Step distinct_transform(Worker *w, void *state, void *local, const Chunk *in, Chunk *out)
{
    DistinctShared *shared = state;
    const PlanSort *sort = &shared->plan->sort;
    for (i32 i = 0; i < sort->column_count; i++)
        if (!vector_load(&in->columns[sort->columns[i].column], in->sel, in->n, &w->q->error))
            query_rethrow(w->q, &w->q->error);
    shared->sel = (Selection){0, shared->rows};
    i32 before = -1;
    for (i32 i = 0; i < chunk_rows(in); i++) {
        i32 position = chunk_position(in, i);
        shared->rows[shared->sel.count] = (u16)position;
        shared->sel.count += !repeats(shared, in, position, before);
        before = position;
    }
    last_set(w, shared, in, before);
    *out = *in;
    out->sel = &shared->sel;
    return STEP_NEXT;
}

const OperatorKind distinct_on_operator = {
    .name = "Unique",
    .shared_size = sizeof(DistinctShared),
    .open = distinct_open,
    .transform = distinct_transform,
};
