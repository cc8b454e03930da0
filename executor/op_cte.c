/* SPDX-License-Identifier: Apache-2.0
 *
 * Common table expressions kept in memory: computed once into row stores, read by any number of
 * scans.
 *
 * As a sink each worker fills a store of its own; merge hangs them together. As a source (plan node
 * CTE_SCAN) readers take chunks by an atomic number; chunks are handed out as they lie. Memory: the
 * workers' arenas. To spill: chunks to a temporary file, oldest first.
 */
#include "executor/execution.h"
#include "executor/operators.h"
#include "executor/row_store.h"

typedef struct CteShared {
    const Plan *plan; /* reader; NULL: the writer */
    RowStore store;   /* writer: all chunks; reader: a copy of the list */
    _Atomic i32 next; /* reader */
} CteShared;

typedef struct CteLocal {
    bool opened;
    Arena arena;
    RowStore store;
} CteLocal;

static void cte_open(Worker *w, const Plan *plan, void *state)
{
    CteShared *shared = state;
    shared->plan = plan;
    if (!plan) {
        row_store_open(&shared->store, w->q->arena);
        return;
    }
    const CteShared *writer = execution_cte(w, plan->cte);
    shared->store = writer->store;
    execution_set_morsels(w, shared, shared->store.chunk_count);
}

static Step cte_sink(Worker *w, void *state, void *own, const Chunk *in)
{
    CteLocal *local = own;
    if (!local->opened) {
        worker_arena(w, &local->arena);
        row_store_open(&local->store, &local->arena);
        local->opened = true;
    }
    row_store_append(w->q, &local->store, in);
    return STEP_NEXT;
}

static void cte_merge(Worker *w, void *state, void *own)
{
    CteShared *shared = state;
    CteLocal *local = own;
    row_store_join(w->q, &shared->store, &local->store);
}

static Step cte_source(Worker *w, void *state, void *own, Chunk *out)
{
    CteShared *shared = state;
    i32 number = atomic_fetch_add(&shared->next, 1);
    if (number >= shared->store.chunk_count) {
        atomic_store(&shared->next, shared->store.chunk_count);
        return STEP_DONE;
    }
    *out = shared->store.chunks[number];
    return STEP_NEXT;
}

const OperatorKind cte_operator = {
    .name = "CTE Scan",
    .shared_size = sizeof(CteShared),
    .local_size = sizeof(CteLocal),
    .open = cte_open,
    .source = cte_source,
    .sink = cte_sink,
    .merge = cte_merge,
};
