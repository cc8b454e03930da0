/* SPDX-License-Identifier: Apache-2.0
 *
 * VALUES: rows of expressions without columns, a chunk at a time; one row without columns is what
 * a SELECT without FROM reads.
 *
 * Constants are copied, everything else is evaluated when its row's turn comes. Memory: a scratch
 * arena reset per chunk. One piece of work, one worker. Nothing to spill.
 */
#include "executor/execution.h"
#include "executor/operators.h"

typedef struct ValuesShared {
    const Plan *plan;
    i32 next; /* row */
    Arena scratch;
    Vector *columns;
} ValuesShared;

static void values_open(Worker *w, const Plan *plan, void *state)
{
    ValuesShared *shared = state;
    shared->plan = plan;
    shared->columns = make_array(w->q, Vector, plan->column_count);
    worker_arena(w, &shared->scratch);
}

static Value cell_value(Worker *w, Arena *scratch, Expr *expr)
{
    if (expr->kind == EXPR_CONSTANT)
        return expr->constant;
    const ExecutionInput *input = worker_input(w);
    return evaluate_once(w->q, scratch, expr, input->env, input->parameters,
                         input->parameter_count);
}

static void column_open(Worker *w, ValuesShared *shared, i32 column, i32 n)
{
    const PlanColumn *what = &shared->plan->columns[column];
    Vector *vector = &shared->columns[column];
    if (!vector_make(vector, what->type, what->lane, n, &shared->scratch, &w->q->error) ||
        !vector_make_valid(vector, n, &shared->scratch, &w->q->error))
        query_rethrow(w->q, &w->q->error);
}

/* Row after row: currval of a row is what nextval of the same row has given. */
static void row_fill(Worker *w, ValuesShared *shared, i32 row)
{
    const Plan *plan = shared->plan;
    for (i32 column = 0; column < plan->column_count; column++) {
        Expr *expr = plan->values.rows[shared->next + row].items[column];
        Value value = cell_value(w, &shared->scratch, expr);
        verify(value.null || lane_equal(value.lane, plan->columns[column].lane));
        vector_set(&shared->columns[column], row, &value);
    }
}

static Step values_source(Worker *w, void *state, void *local, Chunk *out)
{
    ValuesShared *shared = state;
    const Plan *plan = shared->plan;
    bool single = plan->sequences && w->execution->tree->row_by_row;
    i32 n = (i32)min_i64(plan->values.row_count - shared->next, single ? 1 : CHUNK_ROWS);
    if (n <= 0)
        return STEP_DONE;
    arena_reset(&shared->scratch);
    for (i32 i = 0; i < plan->column_count; i++)
        column_open(w, shared, i, n);
    for (i32 row = 0; row < n; row++)
        row_fill(w, shared, row);
    shared->next += n;
    *out = (Chunk){.n = n,
                   .column_count = plan->column_count,
                   .columns = shared->columns,
                   .arena = &shared->scratch};
    return STEP_NEXT;
}

const OperatorKind values_operator = {
    .name = "Values Scan",
    .shared_size = sizeof(ValuesShared),
    .open = values_open,
    .source = values_source,
};
