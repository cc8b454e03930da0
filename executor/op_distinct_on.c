/* SPDX-License-Identifier: Apache-2.0
 *
 * The first rows of each run of rows that are equal in the keys: DISTINCT ON takes one; a LIMIT and
 * OFFSET per run may be expressions over the columns and are read from the run's first row. WITH
 * TIES goes on while a row equals the last one taken in the tie columns.
 *
 * One worker runs it, since the rows of a run must come together; keys and ties of the last row are
 * kept as vectors of one row between chunks. NULLs are equal. Nothing to merge or spill.
 */
#include "executor/execution.h"
#include "executor/operators.h"
#include "executor/row_limit.h"
#include "types/hash_vector.h"

typedef struct DistinctShared {
    const Plan *plan;
    const Program *program; /* limit, offset; NULL: one row per run */
    Vector *last;           /* per column, of the last row seen */
    Arena last_arena;
    bool has_last, last_taken;
    i64 seen; /* rows of this run */
    RowLimit limit;
    Selection sel;
    u16 rows[CHUNK_ROWS];
} DistinctShared;

typedef struct DistinctLocal {
    Evaluator *evaluator;
} DistinctLocal;

static void distinct_open(Worker *w, const Plan *plan, void *state)
{
    DistinctShared *shared = state;
    const PlanSort *sort = &plan->sort;
    shared->plan = plan;
    shared->last = make_array(w->q, Vector, sort->column_count);
    shared->limit = (RowLimit){.end = 1};
    worker_arena(w, &shared->last_arena);
    if (!sort->limit && !sort->offset)
        return;
    Expr *none = expr_null(w->q, type_of(TYPE_INT8), -1);
    Expr *bounds[2] = {sort->limit ? sort->limit : none, sort->offset ? sort->offset : none};
    shared->program = program_compile(w->q, w->q->arena, bounds, 2);
}

/* Are columns from..to of the row at position equal to those of the row before it: at `before`, or
 * the last of earlier chunks? */
static bool repeats(const DistinctShared *shared, const Chunk *in, i32 position, i32 before,
                    i32 from, i32 to)
{
    if (before < 0 && !shared->has_last)
        return false;
    for (i32 i = from; i < to; i++) {
        const Vector *column = &in->columns[shared->plan->sort.columns[i].column];
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

static void run_begin(Worker *w, DistinctShared *shared, DistinctLocal *local, const Chunk *in,
                      i32 position)
{
    shared->seen = 0;
    shared->last_taken = false;
    if (!shared->program)
        return;
    Value limit = vector_value(evaluate(w->q, local->evaluator, in, 0), position);
    Value offset = vector_value(evaluate(w->q, local->evaluator, in, 1), position);
    shared->limit = row_limit_of(w->q, &limit, &offset);
}

/* Counts a row of the run; is it one of those to give out? */
static bool row_taken(DistinctShared *shared, bool ties)
{
    i64 number = shared->seen++;
    if (number < shared->limit.end)
        return number >= shared->limit.offset;
    return ties && shared->last_taken;
}

static Step distinct_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    DistinctShared *shared = state;
    DistinctLocal *local = own;
    const PlanSort *sort = &shared->plan->sort;
    i32 keys = sort->column_count - sort->tie_count, before = -1;
    for (i32 i = 0; i < sort->column_count; i++)
        if (!vector_load(&in->columns[sort->columns[i].column], in->sel, in->n, &w->q->error))
            query_rethrow(w->q, &w->q->error);
    if (shared->program && !local->evaluator)
        local->evaluator = worker_evaluator(w, shared->program);
    if (local->evaluator)
        evaluator_reset(local->evaluator);
    shared->sel = (Selection){0, shared->rows};
    for (i32 i = 0; i < chunk_rows(in); i++) {
        i32 position = chunk_position(in, i);
        if (!repeats(shared, in, position, before, 0, keys))
            run_begin(w, shared, local, in, position);
        bool ties =
            sort->with_ties && repeats(shared, in, position, before, keys, sort->column_count);
        shared->last_taken = row_taken(shared, ties);
        shared->rows[shared->sel.count] = (u16)position;
        shared->sel.count += shared->last_taken;
        before = position;
    }
    last_set(w, shared, in, before);
    *out = *in;
    out->sel = &shared->sel;
    bool over = keys == 0 && shared->seen >= shared->limit.end && !shared->last_taken;
    return over ? STEP_DONE : STEP_NEXT;
}

const OperatorKind distinct_on_operator = {
    .name = "Unique",
    .shared_size = sizeof(DistinctShared),
    .local_size = sizeof(DistinctLocal),
    .open = distinct_open,
    .transform = distinct_transform,
};
