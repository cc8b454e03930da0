/* SPDX-License-Identifier: Apache-2.0
 *
 * Limit: passes the rows numbered offset .. offset + limit of its input by narrowing selections.
 *
 * Rows are numbered by one atomic counter, so that several workers may share a limit without an
 * order. WITH TIES goes on while a row equals the last one passed in the sort columns: its input is
 * sorted and therefore comes through one worker; that last row is kept as vectors of one row.
 * LIMIT 0 still reads its first chunk, and then wants no more. Nothing to merge or spill.
 */
#include "executor/operators.h"
#include "executor/row_limit.h"
#include "types/hash_vector.h"

typedef struct LimitShared {
    const Plan *plan;
    RowLimit rows;
    _Atomic i64 seen;
    Vector *last; /* WITH TIES: per sort column, the last row passed */
    Arena last_arena;
    bool has_last;
} LimitShared;

typedef struct LimitLocal {
    Selection sel;
    u16 rows[CHUNK_ROWS];
} LimitLocal;

static void limit_open(Worker *w, const Plan *plan, void *state)
{
    LimitShared *shared = state;
    shared->plan = plan;
    shared->rows = row_limit_open(w, &plan->sort);
    shared->last = make_array(w->q, Vector, plan->sort.column_count);
    worker_arena(w, &shared->last_arena);
}

/* Keeps the sort columns of a row. */
static void last_set(Worker *w, LimitShared *shared, const Chunk *in, i32 position)
{
    Error *error = &w->q->error;
    const PlanSort *sort = &shared->plan->sort;
    arena_reset(&shared->last_arena);
    u32 row = (u32)position;
    for (i32 i = 0; i < sort->column_count; i++) {
        Vector *column = &in->columns[sort->columns[i].column];
        if (!vector_load(column, in->sel, in->n, error) ||
            !vector_gather(column, &row, 1, &shared->last_arena, &shared->last[i], error) ||
            !vector_keep(&shared->last[i], 1, LIFE_HELD, &shared->last_arena, error))
            query_rethrow(w->q, error);
    }
    shared->has_last = true;
}

static bool ties_with_last(Worker *w, const LimitShared *shared, const Chunk *in, i32 position)
{
    const PlanSort *sort = &shared->plan->sort;
    for (i32 i = 0; i < sort->column_count; i++) {
        Vector *column = &in->columns[sort->columns[i].column];
        if (!vector_load(column, in->sel, in->n, &w->q->error))
            query_rethrow(w->q, &w->q->error);
        if (!rows_equal(column, position, &shared->last[i], 0))
            return false;
    }
    return true;
}

/* Adds the ties behind the limit; true: a row that is no tie was met. */
static bool ties_add(Worker *w, LimitShared *shared, LimitLocal *local, const Chunk *in, i32 from)
{
    for (i32 i = from; i < chunk_rows(in); i++) {
        i32 position = chunk_position(in, i);
        if (!shared->has_last || !ties_with_last(w, shared, in, position))
            return true;
        local->rows[local->sel.count++] = (u16)position;
    }
    return false;
}

static Step limit_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    LimitShared *shared = state;
    LimitLocal *local = own;
    i32 rows = chunk_rows(in);
    i64 first = atomic_fetch_add(&shared->seen, rows);
    i64 from = min_i64(max_i64(shared->rows.offset - first, 0), rows);
    i64 to = min_i64(max_i64(shared->rows.end - first, from), rows);
    local->sel = (Selection){0, local->rows};
    for (i64 i = from; i < to; i++)
        local->rows[local->sel.count++] = (u16)chunk_position(in, (i32)i);
    bool done = first + rows >= shared->rows.end;
    if (shared->plan->sort.with_ties) {
        if (to > from)
            last_set(w, shared, in, chunk_position(in, (i32)to - 1));
        if (done)
            done =
                shared->rows.end == shared->rows.offset || ties_add(w, shared, local, in, (i32)to);
    }
    *out = *in;
    if (local->sel.count < rows)
        out->sel = &local->sel;
    return done ? STEP_DONE : STEP_NEXT;
}

const OperatorKind limit_operator = {
    .name = "Limit",
    .shared_size = sizeof(LimitShared),
    .local_size = sizeof(LimitLocal),
    .open = limit_open,
    .transform = limit_transform,
};
