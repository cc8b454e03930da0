/* SPDX-License-Identifier: Apache-2.0
 *
 * Nested loop: joins of every type without an equality to hash by. inputs[1] is kept in memory;
 * each chunk of inputs[0] meets its rows one at a time: a build row becomes constants beside the
 * probe columns, and the conditions run over the whole probe chunk.
 *
 * Build (sink): workers fill row stores of their own, merge hangs them together. Probe (transform):
 * pairs that pass are collected and go out as dictionaries over the probe columns when a chunk is
 * full, and an empty one after a number of build rows, MORE; rows without a match (LEFT, FULL,
 * SINGLE) or marks (SEMI, ANTI, MARK) follow at the end. RIGHT and FULL give the unmarked build
 * rows at last (source). With null_aware a condition that is NULL for some build row leaves a row
 * without a match unknown. Spill: as for a common table expression.
 */
#include "executor/join_output.h"
#include "executor/operators.h"
#include "executor/row_store.h"

enum { BUILD_ROWS_A_STEP = 64 };

typedef struct LoopShared {
    const Plan *plan;
    const Program *program; /* all conditions as one conjunction; NULL: none */
    RowStore store;
    _Atomic u8 *matched; /* RIGHT, FULL: chunk * CHUNK_ROWS + row */
    _Atomic i32 next_chunk;
} LoopShared;

typedef struct LoopLocal {
    bool store_opened, opened;
    Arena arena, scratch, row_arena;
    RowStore store;
    Evaluator *evaluator;
    Vector *columns, *pair_columns; /* output; probe ++ build of one build row */
    bool busy;
    i32 chunk, row; /* the build row to meet next */
    u64 found[MASK_WORDS], unknown[MASK_WORDS];
    i32 pair_count;
    u32 pair_probe[CHUNK_ROWS];
    RowRef pair_build[CHUNK_ROWS]; /* NO_REF: none */
    u16 kept[CHUNK_ROWS];
    Selection sel;
} LoopLocal;

#define NO_REF UINT64_MAX

static bool gives_pairs(JoinType type)
{
    return type == INNER_JOIN || type == LEFT_JOIN || type == RIGHT_JOIN || type == FULL_JOIN ||
           type == SINGLE_JOIN;
}
static bool keeps_probe_rows(JoinType type)
{
    return type == LEFT_JOIN || type == FULL_JOIN || type == SINGLE_JOIN;
}
static bool marks_build_rows(JoinType type)
{
    return type == RIGHT_JOIN || type == FULL_JOIN;
}

/* ---- build ---- */

static void loop_open(Worker *w, const Plan *plan, void *state)
{
    LoopShared *shared = state;
    shared->plan = plan;
    row_store_open(&shared->store, w->q->arena);
    if (plan->join.build_keys.count)
        query_fail(w->q, E_FEATURE_NOT_SUPPORTED, "keys of a nested loop are not supported");
    if (plan->join.residual.count) {
        Expr *all = expr_and(w->q, plan->join.residual.items, plan->join.residual.count);
        shared->program = program_compile(w->q, w->q->arena, &all, 1);
    }
}

static Step loop_sink(Worker *w, void *state, void *own, const Chunk *in)
{
    LoopLocal *local = own;
    if (!local->store_opened) {
        worker_arena(w, &local->arena);
        row_store_open(&local->store, &local->arena);
        local->store_opened = true;
    }
    row_store_append(w->q, &local->store, in);
    return STEP_NEXT;
}

static void loop_merge(Worker *w, void *state, void *own)
{
    LoopShared *shared = state;
    LoopLocal *local = own;
    row_store_join(w->q, &shared->store, &local->store);
}

static void loop_finish(Worker *w, void *state)
{
    LoopShared *shared = state;
    if (marks_build_rows(shared->plan->join.type))
        shared->matched =
            arena_alloc(w->q, w->q->arena, (i64)shared->store.chunk_count * CHUNK_ROWS);
    execution_set_morsels(w, shared, shared->store.chunk_count);
}

static void local_open(Worker *w, LoopShared *shared, LoopLocal *local)
{
    const Plan *plan = shared->plan;
    i32 both = plan->inputs[0]->column_count + plan->inputs[1]->column_count;
    worker_arena(w, &local->scratch);
    worker_arena(w, &local->row_arena);
    if (shared->program)
        local->evaluator = worker_evaluator(w, shared->program);
    local->columns = make_array(w->q, Vector, both + 1);
    local->pair_columns = make_array(w->q, Vector, both);
    local->opened = true;
}

/* ---- one build row against a chunk ---- */

static void pair_columns_set(Worker *w, LoopShared *shared, LoopLocal *local, const Chunk *in)
{
    const Chunk *build = &shared->store.chunks[local->chunk];
    i32 probe_columns = shared->plan->inputs[0]->column_count;
    arena_reset(&local->row_arena);
    for (i32 i = 0; i < probe_columns; i++)
        local->pair_columns[i] = in->columns[i];
    for (i32 i = 0; i < build->column_count; i++) {
        Value value = vector_value(&build->columns[i], local->row);
        if (!vector_make_constant(&local->pair_columns[probe_columns + i], build->columns[i].type,
                                  &value, &local->row_arena, &w->q->error))
            query_rethrow(w->q, &w->q->error);
        local->pair_columns[probe_columns + i].life = LIFE_HELD;
    }
}

/* Rows that may still want a match: those without one, where one is enough. */
static Selection open_rows(const LoopShared *shared, LoopLocal *local, const Chunk *in)
{
    JoinType type = shared->plan->join.type;
    local->sel = (Selection){0, local->kept};
    for (i32 i = 0; i < chunk_rows(in); i++) {
        u16 position = (u16)chunk_position(in, i);
        local->kept[local->sel.count] = position;
        local->sel.count += gives_pairs(type) || !bit_get(local->found, position);
    }
    return local->sel;
}

static void pair_take(Worker *w, LoopShared *shared, LoopLocal *local, u16 position)
{
    JoinType type = shared->plan->join.type;
    if (type == SINGLE_JOIN && bit_get(local->found, position))
        join_fail_second_match(w->q);
    bit_set(local->found, position);
    if (marks_build_rows(type))
        atomic_store_explicit(&shared->matched[(i64)local->chunk * CHUNK_ROWS + local->row], 1,
                              memory_order_relaxed);
    if (!gives_pairs(type))
        return;
    local->pair_probe[local->pair_count] = position;
    local->pair_build[local->pair_count++] = row_ref(local->chunk, local->row);
}

static void row_meets(Worker *w, LoopShared *shared, LoopLocal *local, const Chunk *in)
{
    Selection sel = open_rows(shared, local, in);
    if (sel.count == 0)
        return;
    const Vector *result = NULL;
    if (shared->program) {
        pair_columns_set(w, shared, local, in);
        Chunk pairs = {.n = in->n,
                       .sel = &sel,
                       .column_count = shared->plan->inputs[0]->column_count +
                                       shared->plan->inputs[1]->column_count,
                       .columns = local->pair_columns,
                       .arena = &local->row_arena};
        evaluator_reset(local->evaluator);
        result = evaluate(w->q, local->evaluator, &pairs, 0);
    }
    i32 removed = 0;
    for (i32 i = 0; i < sel.count; i++) {
        u16 position = sel.rows[i];
        Value value = {.boolean = true};
        if (result)
            value = vector_value(result, position);
        removed += value.null || !value.boolean;
        if (value.null)
            bit_set(local->unknown, position);
        else if (value.boolean)
            pair_take(w, shared, local, position);
    }
    execution_count_removed(w, shared->plan, removed);
}

/* ---- output ---- */

static void build_columns_emit(Worker *w, const LoopShared *shared, LoopLocal *local,
                               const RowRef *refs, i32 n, i32 at)
{
    const PlanJoin *join = &shared->plan->join;
    for (i32 i = 0; i < join->build_output_count; i++) {
        i32 column = join->build_output[i];
        const PlanColumn *what = &shared->plan->inputs[1]->columns[column];
        Vector *out = &local->columns[at++];
        if (!vector_make(out, what->type, what->lane, n, &local->scratch, &w->q->error) ||
            !vector_make_valid(out, n, &local->scratch, &w->q->error))
            query_rethrow(w->q, &w->q->error);
        out->life = LIFE_HELD;
        for (i32 r = 0; r < n; r++) {
            if (refs[r] == NO_REF) {
                bit_clear(out->valid, r);
                continue;
            }
            const Chunk *chunk = &shared->store.chunks[refs[r] >> 16];
            vector_copy_row(&chunk->columns[column], (i32)(refs[r] & 0xffff), out, r);
        }
    }
}

static void pairs_emit(Worker *w, LoopShared *shared, LoopLocal *local, const Chunk *in, Chunk *out)
{
    const PlanJoin *join = &shared->plan->join;
    i32 n = local->pair_count, at = 0;
    arena_reset(&local->scratch);
    for (; at < join->probe_output_count; at++)
        join_probe_column(w->q, in, join->probe_output[at], local->pair_probe, n, &local->scratch,
                          &local->columns[at]);
    build_columns_emit(w, shared, local, local->pair_build, n, at);
    *out = (Chunk){.n = n,
                   .column_count = at + join->build_output_count,
                   .columns = local->columns,
                   .arena = &local->scratch};
    local->pair_count = 0;
}

static void marks_emit(Worker *w, LoopShared *shared, LoopLocal *local, const Chunk *in, Chunk *out)
{
    const PlanJoin *join = &shared->plan->join;
    arena_reset(&local->scratch);
    local->sel = (Selection){0, local->kept};
    for (i32 i = 0; i < chunk_rows(in); i++) {
        u16 position = (u16)chunk_position(in, i);
        bool found = bit_get(local->found, position);
        bool unknown = bit_get(local->unknown, position) && !found;
        bit_put(local->unknown, position, unknown);
        bool take = join->type == MARK_JOIN || (join->type == SEMI_JOIN ? found : !found);
        if (join->type == NULL_ANTI_JOIN)
            take = !found && !unknown;
        local->kept[local->sel.count] = position;
        local->sel.count += take;
    }
    i32 at = 0;
    for (; at < join->probe_output_count; at++)
        local->columns[at] = in->columns[join->probe_output[at]];
    if (join->type == MARK_JOIN)
        join_mark_column(w->q, local->found, join->null_aware ? local->unknown : NULL, in->n,
                         &local->scratch, &local->columns[at++]);
    *out = (Chunk){.n = in->n,
                   .sel = &local->sel,
                   .column_count = at,
                   .columns = local->columns,
                   .arena = &local->scratch};
}

/* Pairs of unmatched probe rows while there is room; false: some are left. */
static bool unmatched_pairs(LoopLocal *local, const Chunk *in)
{
    for (i32 i = 0; i < chunk_rows(in); i++) {
        i32 position = chunk_position(in, i);
        if (bit_get(local->found, position))
            continue;
        if (local->pair_count == CHUNK_ROWS)
            return false;
        bit_set(local->found, position);
        local->pair_probe[local->pair_count] = (u32)position;
        local->pair_build[local->pair_count++] = NO_REF;
    }
    return true;
}

/* Moves on to the next build row; false: there is none. */
static bool build_row_next(const LoopShared *shared, LoopLocal *local)
{
    while (local->chunk < shared->store.chunk_count &&
           local->row >= shared->store.chunks[local->chunk].n) {
        local->chunk++;
        local->row = 0;
    }
    return local->chunk < shared->store.chunk_count;
}

static Step loop_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    LoopShared *shared = state;
    LoopLocal *local = own;
    JoinType type = shared->plan->join.type;
    if (!local->opened)
        local_open(w, shared, local);
    if (!local->busy) {
        memset(local->found, 0, sizeof local->found);
        memset(local->unknown, 0, sizeof local->unknown);
        local->chunk = local->row = local->pair_count = 0;
        local->busy = true;
        for (i32 i = 0; i < in->column_count; i++)
            if (!vector_load(&in->columns[i], in->sel, in->n, &w->q->error))
                query_rethrow(w->q, &w->q->error);
    }
    for (i32 met = 0; build_row_next(shared, local); local->row++) {
        if (met++ == BUILD_ROWS_A_STEP) /* others wait for this thread */
            return STEP_MORE;
        if (local->pair_count + chunk_rows(in) > CHUNK_ROWS) {
            pairs_emit(w, shared, local, in, out);
            return STEP_MORE;
        }
        query_check(w->q);
        row_meets(w, shared, local, in);
    }
    local->busy = false;
    if (!gives_pairs(type)) {
        marks_emit(w, shared, local, in, out);
        return STEP_NEXT;
    }
    local->busy = keeps_probe_rows(type) && !unmatched_pairs(local, in);
    pairs_emit(w, shared, local, in, out);
    return local->busy ? STEP_MORE : STEP_NEXT;
}

/* ---- build rows without a match ---- */

static Step loop_source(Worker *w, void *state, void *own, Chunk *out)
{
    LoopShared *shared = state;
    LoopLocal *local = own;
    const PlanJoin *join = &shared->plan->join;
    if (!local->opened)
        local_open(w, shared, local);
    i32 number = atomic_fetch_add(&shared->next_chunk, 1), n = 0, at = 0;
    if (number >= shared->store.chunk_count)
        return STEP_DONE;
    for (i32 i = 0; i < shared->store.chunks[number].n; i++)
        if (!shared->matched[(i64)number * CHUNK_ROWS + i])
            local->pair_build[n++] = row_ref(number, i);
    arena_reset(&local->scratch);
    for (; at < join->probe_output_count; at++) {
        const PlanColumn *column = &shared->plan->inputs[0]->columns[join->probe_output[at]];
        Value null = value_null(column->lane);
        if (!vector_make_constant(&local->columns[at], column->type, &null, &local->scratch,
                                  &w->q->error))
            query_rethrow(w->q, &w->q->error);
    }
    build_columns_emit(w, shared, local, local->pair_build, n, at);
    *out = (Chunk){.n = n,
                   .column_count = at + join->build_output_count,
                   .columns = local->columns,
                   .arena = &local->scratch};
    return STEP_NEXT;
}

const OperatorKind nested_loop_operator = {
    .name = "Nested Loop",
    .shared_size = sizeof(LoopShared),
    .local_size = sizeof(LoopLocal),
    .open = loop_open,
    .source = loop_source,
    .transform = loop_transform,
    .sink = loop_sink,
    .merge = loop_merge,
    .finish = loop_finish,
};
