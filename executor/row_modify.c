/* SPDX-License-Identifier: Apache-2.0
 *
 * A chunk of row ids (and new rows) is made dense, completed, checked, and given to the table's
 * modify. When a row is held by another transaction the call stops there with its ticket armed; the
 * run parks and the ticket's release queues it again, and the call goes on behind the rows that are
 * done.
 *
 * A row that another transaction changed since the snapshot (MOVED) is remembered: at the end of
 * the stage the statement runs once more for those rows, on their newest versions (READ COMMITTED).
 * GONE and SELF rows are skipped.
 * The ticket of a call that is still waiting when the execution closes is cancelled.
 */
#include "executor/row_modify.h"

static void modify_close(void *thing)
{
    RowModify *modify = thing;
    if (!modify->waiting || ticket_state(&modify->ticket) != TICKET_WAITING)
        return;
    Error why;
    error_set(&why, E_QUERY_CANCELED, "canceling statement due to user request");
    Transaction *transaction = worker_input(modify->w)->transaction;
    if (transaction)
        transaction_cancel_wait(transaction, &modify->ticket, &why);
}

static void modify_open(Worker *w, const Plan *plan, const RowCheckShape *shape, RowModify *modify)
{
    Query *q = w->q;
    i32 behind = plan->inputs[0]->column_count - 1;
    row_check_open(w, shape, &modify->check);
    worker_arena(w, &modify->scratch);
    modify->columns = make_array(q, Vector, behind);
    modify->ids = make_array(q, RowId, CHUNK_ROWS);
    modify->status = make_array(q, ModifyStatus, CHUNK_ROWS);
    modify->newest = make_array(q, RowId, CHUNK_ROWS);
    modify->w = w;
    query_defer(q, q->arena, modify_close, modify);
    modify->opened = true;
}

/* Row ids and the columns behind them, gathered. */
static void input_take(Worker *w, RowModify *modify, const Chunk *in)
{
    Query *q = w->q;
    i32 n = chunk_rows(in);
    arena_reset(&modify->scratch);
    u32 *rows = arena_alloc_array(q, &modify->scratch, n, sizeof(u32));
    for (i32 i = 0; i < n; i++)
        rows[i] = (u32)chunk_position(in, i);
    for (i32 c = 0; c < in->column_count; c++) {
        Vector gathered;
        if (!vector_load(&in->columns[c], in->sel, in->n, &q->error) ||
            !vector_gather(&in->columns[c], rows, n, &modify->scratch, &gathered, &q->error))
            query_rethrow(q, &q->error);
        if (c > 0) {
            modify->columns[c - 1] = gathered;
            continue;
        }
        verify(gathered.lane.kind == LANE_I64);
        for (i32 i = 0; i < n; i++)
            modify->ids[i] = ((const i64 *)gathered.values)[i];
    }
    modify->dense = (Chunk){.n = n,
                            .column_count = in->column_count - 1,
                            .columns = modify->columns,
                            .arena = &modify->scratch};
    modify->rows = modify->dense;
    modify->rows.column_count = (i32)min_i64(modify->dense.column_count, modify->check.row_columns);
}

static void new_rows_make(Worker *w, const RowCheckShape *shape, RowModify *modify)
{
    modify->dense = row_check_complete(w, shape, &modify->check, &modify->dense);
    modify->rows.columns = modify->dense.columns;
    row_check_run(w, shape, &modify->check, &modify->dense);
}

static void call_begin(Worker *w, ModifyKind kind, const PlanModify *plan, RowModify *modify)
{
    execution_arm_ticket(w, &modify->ticket);
    modify->call = (ModifyCall){.rows = modify->ids,
                                .n = modify->dense.n,
                                .new_rows = kind == MODIFY_UPDATE ? &modify->rows : NULL,
                                .status = modify->status,
                                .newest = modify->newest,
                                .changes_key = plan->changes_key,
                                .ticket = &modify->ticket};
}

/* True: all rows have a final status. */
static bool call_continue(Worker *w, const PlanModify *plan, RowModify *modify)
{
    if (modify->waiting) {
        if (ticket_state(&modify->ticket) == TICKET_WAITING)
            return false;
        if (ticket_state(&modify->ticket) == TICKET_FAILED)
            query_rethrow(w->q, &modify->ticket.error);
        execution_arm_ticket(w, &modify->ticket);
        modify->waiting = false;
    }
    if (!plan->access->modify(worker_input(w)->transaction, plan->relation, &modify->call,
                              &w->q->error))
        query_rethrow(w->q, &w->q->error);
    modify->waiting = modify->call.done < modify->call.n;
    modify->waits += modify->waiting;
    atomic_store(&w->q->control->lock_wait, modify->waiting ? modify->waits : 0);
    return !modify->waiting;
}

static void moved_add(Worker *w, RowModify *modify, RowId newest)
{
    make_room(w->q, modify->moved, modify->moved_count, &modify->moved_capacity);
    modify->moved[modify->moved_count++] = newest;
}

/* The rows that were changed. */
static void call_end(Worker *w, RowModify *modify)
{
    modify->done = (Selection){0, modify->done_rows};
    for (i32 i = 0; i < modify->call.n; i++) {
        switch (modify->status[i]) {
        case MODIFY_DONE:
            modify->done_rows[modify->done.count++] = (u16)i;
            continue;
        case MODIFY_GONE:
        case MODIFY_SELF:
            continue;
        case MODIFY_MOVED:
            moved_add(w, modify, modify->newest[i]);
            continue;
        case MODIFY_WAIT:
            verify(!"a row without an answer");
        }
    }
}

void row_modify_end(Worker *w, const Plan *plan, RowModify *modify)
{
    execution_recheck(w, plan, modify->moved, modify->moved_count);
    modify->moved_count = 0;
}

Step row_modify_run(Worker *w, ModifyKind kind, const Plan *plan, const RowCheckShape *shape,
                    RowModify *modify, const Chunk *in, Chunk *out)
{
    if (!modify->opened)
        modify_open(w, plan, shape, modify);
    if (!modify->waiting) {
        input_take(w, modify, in);
        if (kind == MODIFY_UPDATE)
            new_rows_make(w, shape, modify);
        call_begin(w, kind, &plan->modify, modify);
    }
    if (!call_continue(w, &plan->modify, modify))
        return STEP_FULL;
    call_end(w, modify);
    execution_count_rows(w, plan, modify->done.count);
    Chunk changed = modify->dense;
    if (modify->done.count < changed.n)
        changed.sel = &modify->done;
    row_check_return(w, shape, &modify->check, &changed, out);
    return STEP_NEXT;
}
