/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows are fetched by id from a snapshot taken when the scan opens: the newest committed state
 * and the transaction's own writes, while all other relations of the statement stay at its own
 * snapshot. The ids are those that modify answered; whether a row has moved on since is for the
 * next modify to say.
 *
 * One task reads them: they are few. Memory: a chunk.
 */
#include "executor/scan_again.h"

static void close_snapshot(void *snapshot)
{
    snapshot_close(snapshot);
}

static void again_close(void *thing)
{
    ScanAgain *again = thing;
    again->plan->scan.access->close(again->relation);
}

ScanAgain *scan_again_open(Worker *w, const Plan *plan)
{
    const RecheckRows *recheck = &w->execution->recheck;
    if (recheck->scan != plan)
        return NULL;
    Query *q = w->q;
    ScanAgain *again = make(q, ScanAgain);
    *again = (ScanAgain){.plan = plan, .rows = recheck->rows, .count = recheck->count};
    Snapshot *now;
    if (!transaction_snapshot(worker_input(w)->transaction, &now, &q->error))
        query_rethrow(q, &q->error);
    query_defer(q, q->arena, close_snapshot, now);
    if (!plan->scan.access->open(now, plan->scan.relation, q->arena->budget, &again->relation,
                                 &q->error))
        query_rethrow(q, &q->error);
    query_defer(q, q->arena, again_close, again);
    worker_arena(w, &again->scratch);
    return again;
}

bool scan_again_next(Worker *w, ScanAgain *again, Chunk *out)
{
    Query *q = w->q;
    const PlanScan *scan = &again->plan->scan;
    i32 n = (i32)min_i64(again->count - again->next, CHUNK_ROWS);
    if (n == 0)
        return false;
    const RowId *rows = again->rows + again->next;
    again->next += n;
    arena_reset(&again->scratch);
    Chunk fetched;
    if (!scan->access->fetch(again->relation, rows, n, scan->columns, scan->column_count, &fetched,
                             &again->scratch, &q->error))
        query_rethrow(q, &q->error);
    Vector *columns = arena_alloc_array(q, &again->scratch, scan->column_count + 1, sizeof(Vector));
    for (i32 i = 0; i < scan->column_count; i++)
        columns[i] = fetched.columns[i];
    Vector *ids = &columns[scan->column_count];
    if (!vector_make(ids, type_of(TYPE_INT8), lane_of(LANE_I64), n, &again->scratch, &q->error))
        query_rethrow(q, &q->error);
    memcpy(ids->values, rows, (size_t)n * sizeof *rows);
    *out = (Chunk){.n = n,
                   .column_count = scan->column_count + 1,
                   .columns = columns,
                   .arena = &again->scratch};
    return true;
}
