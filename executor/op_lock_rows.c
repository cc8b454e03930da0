/* SPDX-License-Identifier: Apache-2.0
 *
 * Lock rows: gives out the rows of which every lock was got: SELECT FOR UPDATE and its weaker
 * kinds.
 *
 * A chunk is taken in pieces of as many rows as are still wanted (LIMIT), so that no more rows are
 * locked than are given out; in a piece, relation after relation. Says FULL while another
 * transaction holds a row (as row_modify.c does); with SKIP LOCKED such rows are left out, with
 * NOWAIT they are an error. A row that was changed since the snapshot needs a newer one: 40001,
 * which the session answers by running the statement again when it has had no effect yet.
 *
 * One worker; memory is a chunk of row ids. The locks belong to the transaction.
 */
#include "executor/execution.h"
#include "executor/operators.h"
#include "executor/row_limit.h"

typedef struct LockShared {
    const Plan *plan;
    RowLimit limit;
    i64 given;
} LockShared;

typedef struct LockLocal {
    bool opened, busy; /* busy: the chunk at hand is not through */
    bool waiting;
    Worker *w;
    i32 next; /* row of the chunk at which the next piece begins */
    i32 relation;
    LockRowsCall call;
    Ticket ticket;
    u32 waits;
    RowId *ids;
    ModifyStatus *status;
    i32 piece_count;
    u16 piece[CHUNK_ROWS]; /* positions of the rows of the piece that are still in */
    Selection sel;
    u16 rows[CHUNK_ROWS];
} LockLocal;

static void lock_rows_open(Worker *w, const Plan *plan, void *state)
{
    LockShared *shared = state;
    shared->plan = plan;
    shared->limit = row_limit_open(w, &plan->lock.limit);
}

static void local_close(void *thing)
{
    LockLocal *local = thing;
    if (!local->waiting || ticket_state(&local->ticket) != TICKET_WAITING)
        return;
    Error why;
    error_set(&why, E_QUERY_CANCELED, "canceling statement due to user request");
    Transaction *transaction = worker_input(local->w)->transaction;
    if (transaction)
        transaction_cancel_wait(transaction, &local->ticket, &why);
}

static void local_open(Worker *w, LockLocal *local)
{
    local->w = w;
    local->ids = make_array(w->q, RowId, CHUNK_ROWS);
    local->status = make_array(w->q, ModifyStatus, CHUNK_ROWS);
    query_defer(w->q, w->q->arena, local_close, local);
    local->opened = true;
}

/* ---- one piece ---- */

static void piece_begin(const LockShared *shared, LockLocal *local, const Chunk *in)
{
    i64 wanted = shared->limit.end == INT64_MAX ? CHUNK_ROWS : shared->limit.end - shared->given;
    i32 n = (i32)min_i64(wanted, chunk_rows(in) - local->next);
    local->piece_count = 0;
    for (i32 i = 0; i < n; i++)
        local->piece[local->piece_count++] = (u16)chunk_position(in, local->next + i);
    local->next += n;
    local->relation = 0;
}

static void call_begin(Worker *w, const PlanLock *lock, LockLocal *local, const Chunk *in)
{
    Vector *ids = &in->columns[lock->column];
    if (!vector_load(ids, in->sel, in->n, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    for (i32 i = 0; i < local->piece_count; i++)
        local->ids[i] = vector_value(ids, local->piece[i]).integer;
    execution_arm_ticket(w, &local->ticket);
    local->call = (LockRowsCall){.rows = local->ids,
                                 .n = local->piece_count,
                                 .mode = lock->mode,
                                 .status = local->status,
                                 .ticket = lock->wait == LOCK_WAITS ? &local->ticket : NULL};
}

/* True: all rows have a final status. */
static bool call_continue(Worker *w, const PlanLock *lock, LockLocal *local)
{
    if (local->waiting) {
        if (ticket_state(&local->ticket) == TICKET_WAITING)
            return false;
        if (ticket_state(&local->ticket) == TICKET_FAILED)
            query_rethrow(w->q, &local->ticket.error);
        execution_arm_ticket(w, &local->ticket);
        local->waiting = false;
    }
    if (!lock->access->lock_rows(worker_input(w)->transaction, lock->relation, &local->call,
                                 &w->q->error))
        query_rethrow(w->q, &w->q->error);
    local->waiting = local->call.done < local->call.n;
    local->waits += local->waiting;
    atomic_store(&w->q->control->lock_wait, local->waiting ? local->waits : 0);
    return !local->waiting;
}

/* The rows of the piece that are held now. */
static void call_end(Worker *w, const PlanLock *lock, LockLocal *local)
{
    i32 kept = 0;
    for (i32 i = 0; i < local->call.n; i++) {
        switch (local->status[i]) {
        case MODIFY_DONE:
            local->piece[kept++] = local->piece[i];
            continue;
        case MODIFY_SELF:
            continue;
        case MODIFY_MOVED:
        case MODIFY_GONE:
            atomic_store(&w->execution->stale, true);
            query_fail(w->q, E_SERIALIZATION_FAILURE,
                       "could not serialize access due to concurrent %s",
                       local->status[i] == MODIFY_MOVED ? "update" : "delete");
        case MODIFY_WAIT:
            if (lock->wait == LOCK_NOWAIT)
                query_fail(w->q, E_LOCK_NOT_AVAILABLE,
                           "could not obtain lock on row in relation \"%.*s\"",
                           TEXT_ARG(lock->relation_name));
            continue;
        }
    }
    local->piece_count = kept;
}

/* Locks the rows of the piece in all relations; false: waits. */
static bool piece_lock(Worker *w, const PlanLockRows *plan, LockLocal *local, const Chunk *in)
{
    for (; local->relation < plan->lock_count; local->relation++) {
        const PlanLock *lock = &plan->locks[local->relation];
        if (!local->waiting)
            call_begin(w, lock, local, in);
        if (!call_continue(w, lock, local))
            return false;
        call_end(w, lock, local);
    }
    return true;
}

static Step lock_rows_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    LockShared *shared = state;
    LockLocal *local = own;
    if (!local->opened)
        local_open(w, local);
    if (!local->busy) {
        local->busy = true;
        local->next = 0;
        local->sel = (Selection){0, local->rows};
    }
    while (local->waiting || (local->next < chunk_rows(in) && shared->given < shared->limit.end)) {
        if (!local->waiting)
            piece_begin(shared, local, in);
        if (!piece_lock(w, &shared->plan->lock, local, in))
            return STEP_FULL;
        for (i32 i = 0; i < local->piece_count; i++)
            local->rows[local->sel.count++] = local->piece[i];
        shared->given += local->piece_count;
    }
    local->busy = false;
    *out = *in;
    out->sel = &local->sel;
    return shared->given >= shared->limit.end ? STEP_DONE : STEP_NEXT;
}

const OperatorKind lock_rows_operator = {
    .name = "LockRows",
    .shared_size = sizeof(LockShared),
    .local_size = sizeof(LockLocal),
    .open = lock_rows_open,
    .transform = lock_rows_transform,
};
