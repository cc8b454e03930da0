/* SPDX-License-Identifier: Apache-2.0
 *
 * Top-N: ORDER BY ... LIMIT n without keeping all rows.
 *
 * Each worker collects rows until it has n and some thousands more, sorts them, keeps the best n in
 * a fresh arena and goes on; what is left of all workers is sorted once in finish, and one worker
 * hands out the rows from offset to offset + limit. Without a limit, and WITH TIES, nothing is
 * thrown away early. Memory: a small multiple of n rows per worker; a large n is a sort. To spill:
 * as op_sort.
 */
#include "executor/operators.h"
#include "executor/row_limit.h"
#include "executor/row_sort.h"

enum { SURPLUS_ROWS = 4 * 2048 };

typedef struct TopShared {
    const Plan *plan;
    RowLimit rows;
    i64 keep; /* rows a worker must hold; INT64_MAX: all */
    RowStore store;
    SortedRows sorted;
    Arena order_arena, scratch;
    i64 next, end;
    Vector *columns;
} TopShared;

typedef struct TopLocal {
    bool opened;
    Arena arena;
    RowStore store;
    Vector *columns;
} TopLocal;

static void top_open(Worker *w, const Plan *plan, void *state)
{
    TopShared *shared = state;
    shared->plan = plan;
    shared->rows = row_limit_open(w, &plan->sort);
    shared->keep = plan->sort.with_ties ? INT64_MAX : shared->rows.end;
    shared->columns = make_array(w->q, Vector, plan->column_count);
    worker_arena(w, &shared->order_arena);
    worker_arena(w, &shared->scratch);
    row_store_open(&shared->store, &shared->order_arena);
}

/* Keeps the best rows: copies them into a new arena that takes the old one's place. */
static void top_cut(Worker *w, TopShared *shared, TopLocal *local)
{
    const PlanSort *sort = &shared->plan->sort;
    SortedRows sorted;
    row_sort(w->q, &local->store, sort->columns, sort->column_count, &local->arena, &sorted);
    Arena *fresh = make(w->q, Arena);
    worker_arena(w, fresh);
    RowStore kept;
    row_store_open(&kept, fresh);
    for (i64 at = 0; at < shared->keep; at += CHUNK_ROWS) {
        query_check(w->q);
        i32 n = (i32)min_i64(shared->keep - at, CHUNK_ROWS);
        row_store_gather(w->q, &local->store, sorted.refs + at, n, &local->arena, local->columns);
        for (i32 c = 0; c < shared->plan->column_count; c++)
            local->columns[c].life = LIFE_CHUNK; /* the old arena goes */
        Chunk chunk = {
            .n = n, .column_count = shared->plan->column_count, .columns = local->columns};
        row_store_append(w->q, &kept, &chunk);
    }
    arena_close(&local->arena);
    Arena moved = *fresh;
    arena_open(fresh, moved.budget);
    local->arena = moved;
    local->store = kept;
    local->store.arena = &local->arena;
}

static Step top_sink(Worker *w, void *state, void *own, const Chunk *in)
{
    TopShared *shared = state;
    TopLocal *local = own;
    if (shared->keep == 0)
        return STEP_DONE;
    if (!local->opened) {
        worker_arena(w, &local->arena);
        row_store_open(&local->store, &local->arena);
        local->columns = make_array(w->q, Vector, shared->plan->column_count);
        local->opened = true;
    }
    row_store_append(w->q, &local->store, in);
    if (shared->keep < INT64_MAX / 4 && local->store.rows > 2 * shared->keep + SURPLUS_ROWS)
        top_cut(w, shared, local);
    return STEP_NEXT;
}

static void top_merge(Worker *w, void *state, void *own)
{
    TopShared *shared = state;
    TopLocal *local = own;
    row_store_join(w->q, &shared->store, &local->store);
    execution_count_memory(w, shared->plan, arena_bytes(&local->arena));
}

static void top_finish(Worker *w, void *state)
{
    TopShared *shared = state;
    const PlanSort *sort = &shared->plan->sort;
    row_sort(w->q, &shared->store, sort->columns, sort->column_count, &shared->order_arena,
             &shared->sorted);
    const SortedRows *sorted = &shared->sorted;
    shared->next = min_i64(shared->rows.offset, sorted->count);
    shared->end = min_i64(shared->rows.end, sorted->count);
    if (!sort->with_ties || shared->end == shared->next)
        return;
    while (shared->end < sorted->count &&
           row_refs_equal(&shared->store, sort->columns, sort->column_count,
                          sorted->refs[shared->end - 1], sorted->refs[shared->end]))
        shared->end++;
}

static Step top_source(Worker *w, void *state, void *own, Chunk *out)
{
    TopShared *shared = state;
    i32 n = (i32)min_i64(shared->end - shared->next, CHUNK_ROWS);
    if (n <= 0)
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

const OperatorKind top_n_operator = {
    .name = "Top-N Sort",
    .shared_size = sizeof(TopShared),
    .local_size = sizeof(TopLocal),
    .open = top_open,
    .source = top_source,
    .sink = top_sink,
    .merge = top_merge,
    .finish = top_finish,
};
