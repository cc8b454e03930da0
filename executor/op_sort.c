/* SPDX-License-Identifier: Apache-2.0
 *
 * Sort: keeps all rows, orders them once all are there, hands them out chunk by chunk.
 *
 * Workers fill row stores of their own; merge hangs them together, finish sorts the whole
 * (row_sort.c). One worker reads the result, since its order is the point; rows are gathered when
 * their chunk is made. Memory: the stores, 32 bytes and the keys per row. To spill: sorted runs of
 * a share of the budget in temporary files, merged when read.
 */
#include "executor/execution.h"
#include "executor/operators.h"
#include "executor/row_sort.h"

typedef struct SortShared {
    const Plan *plan;
    RowStore store;
    SortedRows sorted;
    Arena order_arena, scratch;
    i64 next;
    Vector *columns;
} SortShared;

typedef struct SortLocal {
    bool opened;
    Arena arena;
    RowStore store;
} SortLocal;

static void sort_open(Worker *w, const Plan *plan, void *state)
{
    SortShared *shared = state;
    shared->plan = plan;
    shared->columns = make_array(w->q, Vector, plan->column_count);
    worker_arena(w, &shared->order_arena);
    worker_arena(w, &shared->scratch);
    row_store_open(&shared->store, &shared->order_arena);
}

static Step sort_sink(Worker *w, void *state, void *own, const Chunk *in)
{
    SortLocal *local = own;
    if (!local->opened) {
        worker_arena(w, &local->arena);
        row_store_open(&local->store, &local->arena);
        local->opened = true;
    }
    row_store_append(w->q, &local->store, in);
    return STEP_NEXT;
}

static void sort_merge(Worker *w, void *state, void *own)
{
    SortShared *shared = state;
    SortLocal *local = own;
    row_store_join(w->q, &shared->store, &local->store);
    execution_count_memory(w, shared->plan, arena_bytes(&local->arena));
}

static void sort_finish(Worker *w, void *state)
{
    SortShared *shared = state;
    const PlanSort *sort = &shared->plan->sort;
    row_sort(w->q, &shared->store, sort->columns, sort->column_count, &shared->order_arena,
             &shared->sorted);
}

static Step sort_source(Worker *w, void *state, void *own, Chunk *out)
{
    SortShared *shared = state;
    i32 n = (i32)min_i64(shared->sorted.count - shared->next, CHUNK_ROWS);
    if (n == 0)
        return STEP_DONE;
    arena_reset(&shared->scratch);
    row_store_gather(w->q, &shared->store, shared->sorted.refs + shared->next, n, &shared->scratch,
                     shared->columns);
    shared->next += n;
    *out = (Chunk){.n = n,
                   .column_count = shared->plan->column_count,
                   .columns = shared->columns,
                   .arena = &shared->scratch};
    return STEP_NEXT;
}

const OperatorKind sort_operator = {
    .name = "Sort",
    .shared_size = sizeof(SortShared),
    .local_size = sizeof(SortLocal),
    .open = sort_open,
    .source = sort_source,
    .sink = sort_sink,
    .merge = sort_merge,
    .finish = sort_finish,
};
