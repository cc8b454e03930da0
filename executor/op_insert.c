/* SPDX-License-Identifier: Apache-2.0
 *
 * Insert: completes and checks the rows of a chunk and appends them; gives RETURNING, or nothing.
 *
 * A transform, so that RETURNING streams on. Each worker has an Append of its own, opened with its
 * first rows and closed for good in merge; an Append that is still open when the execution closes
 * is dropped with what went through it. The input's columns are the table's, in order, and
 * behind them what its checks read. Memory is the transaction's.
 */
#include "executor/operators.h"
#include "executor/row_check.h"

typedef struct InsertShared {
    const Plan *plan;
    RowCheckShape shape;
} InsertShared;

typedef struct InsertLocal {
    bool opened;
    const TableAccess *access;
    Append *append; /* NULL: none is open */
    RowCheck check;
} InsertLocal;

static void insert_open(Worker *w, const Plan *plan, void *state)
{
    InsertShared *shared = state;
    shared->plan = plan;
    row_check_shape_make(w, &plan->modify, &shared->shape);
    if (!plan->modify.access->append_open)
        query_fail(w->q, E_FEATURE_NOT_SUPPORTED, "cannot insert into relation \"%.*s\"",
                   TEXT_ARG(plan->modify.relation_name));
}

static void append_drop(void *thing)
{
    InsertLocal *local = thing;
    Error ignored; /* what was appended is dropped: nothing is left to report */
    if (local->append && !local->access->append_close(local->append, false, &ignored))
        assert(ignored.code != E_SUCCESSFUL_COMPLETION);
    local->append = NULL;
}

static void local_open(Worker *w, InsertShared *shared, InsertLocal *local)
{
    const PlanModify *modify = &shared->plan->modify;
    row_check_open(w, &shared->shape, &local->check);
    local->access = modify->access;
    if (!modify->access->append_open(worker_input(w)->transaction, modify->relation, &local->append,
                                     &w->q->error))
        query_rethrow(w->q, &w->q->error);
    query_defer(w->q, w->q->arena, append_drop, local);
    local->opened = true;
}

static Step insert_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    InsertShared *shared = state;
    InsertLocal *local = own;
    if (!local->opened)
        local_open(w, shared, local);
    Chunk whole = row_check_complete(w, &shared->shape, &local->check, in), rows = whole;
    row_check_run(w, &shared->shape, &local->check, &whole);
    rows.column_count = shared->plan->modify.row_count;
    if (!local->access->append(local->append, &rows, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    execution_count_rows(w, shared->plan, chunk_rows(&rows));
    row_check_return(w, &shared->shape, &local->check, &rows, out);
    return STEP_NEXT;
}

static void insert_merge(Worker *w, void *state, void *own)
{
    InsertLocal *local = own;
    if (!local->append)
        return;
    Append *append = local->append;
    local->append = NULL;
    if (!local->access->append_close(append, true, &w->q->error))
        query_rethrow(w->q, &w->q->error);
}

const OperatorKind insert_operator = {
    .name = "Insert",
    .shared_size = sizeof(InsertShared),
    .local_size = sizeof(InsertLocal),
    .open = insert_open,
    .transform = insert_transform,
    .merge = insert_merge,
};
