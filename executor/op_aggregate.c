/* SPDX-License-Identifier: Apache-2.0
 *
 * Aggregate: GROUP BY with aggregate calls, aggregates over everything, and DISTINCT (no calls).
 *
 * Each worker groups its rows in a table of its own: a chunk's keys become group numbers, then each
 * call updates its states with them. When the input is over, a lone table is handed out as it is;
 * several are cut into 64 partitions, by the top bits of the hash unless their keys are integers or
 * codes that lie close together, and workers merge and give out a partition each: rows are put into
 * a fresh table whole, states of equal keys merged. DISTINCT and ordered calls are fed from what
 * was kept for them once a partition's groups are complete; with ordered calls there is one
 * partition. Without keys there is exactly one group, input or not.
 *
 * Memory: rows of groups in one growing buffer per worker, strings and what states refer to in its
 * arena. To spill: partitions, whose rows are complete in themselves.
 */
#include "executor/aggregate_calls.h"
#include "executor/operators.h"

enum { PARTITION_BITS = 6, PARTITION_GROUPS_MIN = 8192 };

typedef struct AggregateLocal {
    bool opened;
    Arena arena, scratch;
    GroupTable table;
    Evaluator *evaluator;
    CallLocal *calls;
    Vector *keys, *args;
    u16 *identity;
    u32 *groups;
    GroupPartitions parts;
    /* giving out */
    Arena merge_arena;
    bool merge_opened;
    GroupTable *merged; /* the partition at hand; NULL: take the next */
    u32 next_group;
    Vector *columns;
} AggregateLocal;

typedef struct AggregateShared {
    AggregateShape shape;
    AggregateLocal **locals; /* that have seen rows */
    i32 local_count;
    i32 bits;
    bool alone;  /* one table: handed out as it is */
    bool by_key; /* partitions are ranges of the (integer) key, not of the hash */
    i64 places;  /* > 0: partitions are ranges of so many places of the key's codes */
    i64 first_key;
    i32 key_shift;
    _Atomic i32 next_partition;
} AggregateShared;

static void aggregate_open(Worker *w, const Plan *plan, void *state)
{
    AggregateShared *shared = state;
    aggregate_shape_make(w, plan, &shared->shape);
    shared->locals = make_array(w->q, AggregateLocal *, execution_workers(w->execution));
}

/* ---- input ---- */

/* The group of everything, when there are no keys. */
static void single_group(Query *q, const AggregateShape *shape, GroupTable *table)
{
    bool is_new = false;
    u8 *row = arena_alloc(q, table->arena, shape->layout.row_bytes);
    group_table_put(q, table, row, &is_new);
    if (is_new)
        states_init(shape, table, table->count - 1);
}

static void local_open(Worker *w, AggregateShared *shared, AggregateLocal *local)
{
    Query *q = w->q;
    const AggregateShape *shape = &shared->shape;
    worker_arena(w, &local->arena);
    worker_arena(w, &local->scratch);
    group_table_open(q, &local->table, &shape->layout, &local->arena);
    local->evaluator = worker_evaluator(w, shape->program);
    local->calls = make_array(q, CallLocal, shape->call_count);
    for (i32 i = 0; i < shape->call_count; i++)
        call_local_open(w, shape, i, &local->arena, &local->calls[i]);
    local->keys = make_array(q, Vector, shape->key_count);
    local->args = make_array(q, Vector, FUNCTION_ARGUMENTS_MAX);
    local->identity = make_array(q, u16, CHUNK_ROWS);
    for (i32 i = 0; i < CHUNK_ROWS; i++)
        local->identity[i] = (u16)i;
    local->groups = make_array(q, u32, CHUNK_ROWS);
    if (shape->key_count == 0)
        single_group(q, shape, &local->table);
    local->opened = true;
}

static void keys_group(Worker *w, const AggregateShape *shape, AggregateLocal *local,
                       const Chunk *in)
{
    for (i32 i = 0; i < shape->key_count; i++)
        local->keys[i] = vector_settled(w->q, evaluate(w->q, local->evaluator, in, i), in->sel,
                                        in->n, &local->scratch);
    if (shape->key_count == 0)
        return;
    u32 first = group_table_find(w->q, &local->table, local->keys,
                                 positions_of(in, local->identity), chunk_rows(in), local->groups);
    states_init(shape, &local->table, first);
}

static void plain_call(Worker *w, const AggregateShape *shape, const CallShape *call,
                       AggregateLocal *local, const Chunk *in)
{
    for (i32 a = 0; a < call->plan->args.count; a++)
        local->args[a] =
            vector_settled(w->q, evaluate(w->q, local->evaluator, in, call->first_root + a),
                           in->sel, in->n, &local->scratch);
    call_update(w->q, call, &local->table, local->args, in->sel, in->n,
                shape->key_count ? local->groups : NULL, &local->scratch);
}

static Step aggregate_sink(Worker *w, void *state, void *own, const Chunk *in)
{
    AggregateShared *shared = state;
    AggregateLocal *local = own;
    const AggregateShape *shape = &shared->shape;
    if (!local->opened)
        local_open(w, shared, local);
    arena_reset(&local->scratch);
    evaluator_reset(local->evaluator);
    keys_group(w, shape, local, in);
    ChunkGroups rows = {in, local->keys, positions_of(in, local->identity),
                        shape->key_count ? local->groups : NULL};
    for (i32 i = 0; i < shape->call_count; i++) {
        const CallShape *call = &shape->calls[i];
        if (call->program)
            call_take(w, shape, i, &local->calls[i], &local->table, &rows, &local->scratch);
        else
            plain_call(w, shape, call, local, in);
    }
    return STEP_NEXT;
}

static void aggregate_merge(Worker *w, void *state, void *own)
{
    AggregateShared *shared = state;
    AggregateLocal *local = own;
    if (!local->opened)
        return;
    shared->locals[shared->local_count++] = local;
    execution_count_memory(w, shared->shape.plan,
                           arena_bytes(&local->arena) + local->table.rows.capacity +
                               local->table.slots.capacity + local->table.direct.numbers.capacity);
}

/* Tables that index by their key, or its code, are cut and merged by it too. */
static void cut_by_key(Worker *w, AggregateShared *shared)
{
    GroupTable **tables = make_array(w->q, GroupTable *, shared->local_count);
    i64 last;
    for (i32 i = 0; i < shared->local_count; i++)
        tables[i] = &shared->locals[i]->table;
    if (!shared->bits || shared->shape.any_kept)
        return;
    shared->by_key = group_direct_span(tables, shared->local_count, &shared->first_key, &last);
    if (!shared->by_key) {
        shared->places = group_codes_places(tables, shared->local_count);
        shared->first_key = 0;
        last = shared->places - 1;
    }
    if (!shared->by_key && !shared->places)
        return;
    u64 width = (u64)last - (u64)shared->first_key;
    while (width >> shared->key_shift >> shared->bits)
        shared->key_shift++;
}

static void aggregate_finish(Worker *w, void *state)
{
    AggregateShared *shared = state;
    const AggregateShape *shape = &shared->shape;
    i64 groups = 0;
    for (i32 i = 0; i < shared->local_count; i++)
        groups += shared->locals[i]->table.count;
    shared->alone = shared->local_count == 1;
    bool cut = !shared->alone && !shape->any_ordered && groups > PARTITION_GROUPS_MIN;
    shared->bits = cut ? PARTITION_BITS : 0;
    cut_by_key(w, shared);
    for (i32 i = 0; i < shared->local_count; i++) {
        AggregateLocal *local = shared->locals[i];
        if (shared->by_key)
            local->parts =
                group_direct_partition(w->q, &local->table, &local->arena, 1 << shared->bits,
                                       shared->first_key, shared->key_shift);
        else if (!shared->alone && !shared->places)
            local->parts =
                group_table_partition(w->q, &local->table, &local->arena, shared->bits, 0);
        for (i32 c = 0; c < shape->call_count; c++)
            if (shape->calls[c].distinct && !shape->calls[c].ordered)
                local->calls[c].parts = group_table_partition(
                    w->q, &local->calls[c].distinct, &local->arena, shared->bits,
                    shape->calls[c].distinct_layout.extra_offset);
    }
    execution_set_morsels(w, shared, (i64)1 << shared->bits);
}

/* ---- output ---- */

static void states_merge(Query *q, const AggregateShape *shape, u8 *into, const u8 *from,
                         Arena *arena)
{
    for (i32 i = 0; i < shape->call_count; i++) {
        const CallShape *call = &shape->calls[i];
        if (call->distinct || call->ordered)
            continue; /* still initial */
        if (!call->kernel->merge(into + call->state_offset, from + call->state_offset, arena,
                                 &q->error))
            query_rethrow(q, &q->error);
    }
}

/* The same for tables whose groups have places: place by place. */
static void places_merge(Query *q, AggregateShared *shared, i32 p, GroupTable *merged)
{
    const AggregateShape *shape = &shared->shape;
    i64 first = (i64)p << shared->key_shift;
    i64 end = min_i64(first + ((i64)1 << shared->key_shift), shared->places);
    group_codes_open(q, merged, max_i64(end - first, 0));
    for (i64 place = first; place < end; place++) {
        u8 *into = NULL;
        if ((place & 0xffff) == 0)
            query_check(q);
        for (i32 i = 0; i < shared->local_count; i++) {
            const GroupTable *table = &shared->locals[i]->table;
            u32 number = group_codes_at(table, place);
            if (number == 0)
                continue;
            const u8 *row = group_row(table, number - 1);
            if (into) {
                states_merge(q, shape, into, row, merged->arena);
                continue;
            }
            into = group_row(merged, group_table_add(merged, 0));
            memcpy(into, row, (size_t)shape->layout.row_bytes);
        }
    }
}

/* Groups of partition p of all workers in one fresh table. */
static void partition_merge(Query *q, AggregateShared *shared, i32 p, GroupTable *merged)
{
    const AggregateShape *shape = &shared->shape;
    u32 most = 0, all = 0;
    for (i32 i = 0; i < shared->local_count; i++) {
        const u32 *starts = shared->locals[i]->parts.starts;
        u32 rows = starts[p + 1] - starts[p];
        most = rows > most ? rows : most;
        all += rows;
    }
    if (shared->by_key)
        group_direct_open(q, merged, (i64)((u64)shared->first_key + ((u64)p << shared->key_shift)),
                          (i64)1 << shared->key_shift, all);
    else
        group_table_reserve(q, merged, most);
    for (i32 i = 0; i < shared->local_count; i++) {
        const AggregateLocal *from = shared->locals[i];
        for (u32 g = from->parts.starts[p]; g < from->parts.starts[p + 1]; g++) {
            if ((g & 0xffff) == 0)
                query_check(q);
            const u8 *row = group_row(&from->table, from->parts.order[g]);
            bool is_new;
            u32 group = shared->by_key ? group_direct_put(merged, row, &is_new)
                                       : group_table_put(q, merged, row, &is_new);
            if (!is_new)
                states_merge(q, shape, group_row(merged, group), row, merged->arena);
        }
    }
}

static void ordered_all(Query *q, AggregateShared *shared, i32 call, GroupTable *table,
                        AggregateLocal *local)
{
    RowStore rows;
    row_store_open(&rows, &local->merge_arena);
    for (i32 i = 0; i < shared->local_count; i++)
        row_store_join(q, &rows, &shared->locals[i]->calls[call].ordered);
    arena_reset(&local->scratch);
    ordered_feed(q, &shared->shape, call, &rows, table, &local->merge_arena, &local->scratch);
}

static void distinct_all(Query *q, AggregateShared *shared, i32 call, i32 p, GroupTable *table,
                         AggregateLocal *local)
{
    GroupTable *seen = NULL;
    if (!shared->alone) {
        seen = arena_alloc(q, &local->merge_arena, sizeof *seen);
        group_table_open(q, seen, &shared->shape.calls[call].distinct_layout, &local->merge_arena);
    }
    arena_reset(&local->scratch);
    for (i32 i = 0; i < shared->local_count; i++)
        distinct_feed(q, &shared->shape, call, &shared->locals[i]->calls[call], p, seen, table,
                      &local->scratch);
}

/* Makes partition p ready to be given out. */
static void partition_open(Worker *w, AggregateShared *shared, AggregateLocal *local, i32 p)
{
    const AggregateShape *shape = &shared->shape;
    arena_reset(&local->merge_arena);
    if (shared->alone) {
        local->merged = &shared->locals[0]->table;
    } else {
        local->merged = arena_alloc(w->q, &local->merge_arena, sizeof *local->merged);
        group_table_open(w->q, local->merged, &shape->layout, &local->merge_arena);
        if (shared->places)
            places_merge(w->q, shared, p, local->merged);
        else
            partition_merge(w->q, shared, p, local->merged);
        if (shape->key_count == 0 && local->merged->count == 0)
            single_group(w->q, shape, local->merged);
    }
    for (i32 i = 0; i < shape->call_count; i++) {
        if (shape->calls[i].ordered)
            ordered_all(w->q, shared, i, local->merged, local);
        else if (shape->calls[i].distinct)
            distinct_all(w->q, shared, i, p, local->merged, local);
    }
    local->next_group = 0;
}

static void groups_emit(Query *q, const AggregateShape *shape, AggregateLocal *local, i32 n)
{
    GroupTable *table = local->merged;
    u8 *rows[CHUNK_ROWS];
    for (i32 i = 0; i < n; i++)
        rows[i] = group_row(table, local->next_group + (u32)i);
    for (i32 i = 0; i < shape->key_count; i++)
        row_read(q, &shape->layout, i, rows, n, &local->scratch, &local->columns[i]);
    for (i32 i = 0; i < shape->call_count; i++) {
        const CallShape *call = &shape->calls[i];
        const PlanColumn *what = &shape->plan->columns[shape->key_count + i];
        Vector *out = &local->columns[shape->key_count + i];
        if (!vector_make(out, what->type, what->lane, n, &local->scratch, &q->error) ||
            !vector_make_valid(out, n, &local->scratch, &q->error) ||
            !call->kernel->emit(rows[0] + call->state_offset, table->layout->row_bytes, n, out, 0,
                                &local->scratch, &q->error))
            query_rethrow(q, &q->error);
    }
}

static void output_open(Worker *w, AggregateShared *shared, AggregateLocal *local)
{
    const AggregateShape *shape = &shared->shape;
    if (!local->opened)
        worker_arena(w, &local->scratch);
    worker_arena(w, &local->merge_arena);
    local->columns = make_array(w->q, Vector, shape->key_count + shape->call_count);
    local->merge_opened = true;
}

static Step aggregate_source(Worker *w, void *state, void *own, Chunk *out)
{
    AggregateShared *shared = state;
    AggregateLocal *local = own;
    const AggregateShape *shape = &shared->shape;
    if (!local->merge_opened)
        output_open(w, shared, local);
    if (!local->merged) {
        i32 p = atomic_fetch_add(&shared->next_partition, 1);
        if (p >= 1 << shared->bits)
            return STEP_DONE;
        partition_open(w, shared, local, p);
    }
    i32 n = (i32)min_i64((i64)local->merged->count - local->next_group, CHUNK_ROWS);
    if (n <= 0) {
        local->merged = NULL;
        return STEP_NEXT; /* empty: the next call takes the next partition */
    }
    arena_reset(&local->scratch);
    groups_emit(w->q, shape, local, n);
    local->next_group += (u32)n;
    *out = (Chunk){.n = n,
                   .column_count = shape->key_count + shape->call_count,
                   .columns = local->columns,
                   .arena = &local->scratch};
    return STEP_NEXT;
}

const OperatorKind aggregate_operator = {
    .name = "HashAggregate",
    .shared_size = sizeof(AggregateShared),
    .local_size = sizeof(AggregateLocal),
    .open = aggregate_open,
    .source = aggregate_source,
    .sink = aggregate_sink,
    .merge = aggregate_merge,
    .finish = aggregate_finish,
};
