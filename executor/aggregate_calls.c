/* SPDX-License-Identifier: Apache-2.0
 *
 * Feeding aggregate calls. A call with a FILTER has a program of its own: its arguments may only be
 * computed for the rows that pass, and results for fewer rows must not be found by another call.
 *
 * Memory: states and what they refer to in the worker's arena; distinct rows in group tables; per
 * chunk scratch.
 */
#include "executor/aggregate_calls.h"

enum { STATE_ALIGNMENT = 16 };

/* ---- shape ---- */

static bool call_is_plain(const PlanAggregateCall *call)
{
    return !call->filter && !call->distinct && call->order_count == 0;
}

static const AggregateKernel *call_kernel(Worker *w, const PlanAggregateCall *call, Lane result)
{
    Lane lanes[FUNCTION_ARGUMENTS_MAX];
    i32 nargs = call->args.count;
    verify(nargs <= FUNCTION_ARGUMENTS_MAX);
    for (i32 i = 0; i < nargs; i++)
        lanes[i] = call->args.items[i]->lane;
    const AggregateKernel *kernel = aggregate_find(call->row->operation, lanes, nargs, result);
    if (!kernel)
        query_fail(w->q, E_FEATURE_NOT_SUPPORTED,
                   "aggregate function %s is not supported for these arguments", call->row->name);
    return kernel;
}

/* The call's own program: filter, arguments, order keys. */
static void call_program(Worker *w, CallShape *shape)
{
    const PlanAggregateCall *call = shape->plan;
    Expr **roots = make_array(w->q, Expr *, call->args.count + call->order_count + 1);
    i32 count = 0;
    if (call->filter)
        roots[count++] = call->filter;
    for (i32 i = 0; i < call->args.count; i++)
        roots[count++] = call->args.items[i];
    for (i32 i = 0; i < call->order_count; i++)
        roots[count++] = call->order[i].key;
    shape->program = program_compile(w->q, w->q->arena, roots, count);
}

static void distinct_layout(Worker *w, const AggregateShape *shape, CallShape *call)
{
    i32 count = shape->key_count + call->plan->args.count;
    Type *types = make_array(w->q, Type, count);
    Lane *lanes = make_array(w->q, Lane, count);
    for (i32 i = 0; i < count; i++) {
        const Expr *expr = i < shape->key_count ? shape->plan->aggregate.keys.items[i]
                                                : call->plan->args.items[i - shape->key_count];
        types[i] = expr->type;
        lanes[i] = expr->lane;
    }
    row_layout_make(w->q, w->q->arena, types, lanes, count, sizeof(u64), &call->distinct_layout);
}

static void call_order(Worker *w, const AggregateShape *shape, CallShape *call)
{
    call->order = make_array(w->q, SortColumn, call->plan->order_count);
    for (i32 i = 0; i < call->plan->order_count; i++)
        call->order[i] =
            (SortColumn){shape->key_count + call->plan->args.count + i,
                         call->plan->order[i].descending, call->plan->order[i].nulls_first};
}

static void layout_make(Worker *w, AggregateShape *shape)
{
    const ExprList *keys = &shape->plan->aggregate.keys;
    Type *types = make_array(w->q, Type, keys->count);
    Lane *lanes = make_array(w->q, Lane, keys->count);
    for (i32 i = 0; i < keys->count; i++) {
        types[i] = keys->items[i]->type;
        lanes[i] = keys->items[i]->lane;
    }
    i32 bytes = STATE_ALIGNMENT; /* so that states begin aligned */
    for (i32 i = 0; i < shape->call_count; i++) {
        shape->calls[i].state_offset = bytes;
        bytes += (i32)align_up(shape->calls[i].kernel->state_bytes, STATE_ALIGNMENT);
    }
    row_layout_make(w->q, w->q->arena, types, lanes, keys->count, bytes - STATE_ALIGNMENT,
                    &shape->layout);
}

void aggregate_shape_make(Worker *w, const Plan *plan, AggregateShape *shape)
{
    const PlanAggregate *aggregate = &plan->aggregate;
    *shape = (AggregateShape){
        .plan = plan, .key_count = aggregate->keys.count, .call_count = aggregate->call_count};
    shape->calls = make_array(w->q, CallShape, shape->call_count);
    i32 roots_max = shape->key_count + shape->call_count * FUNCTION_ARGUMENTS_MAX;
    Expr **roots = make_array(w->q, Expr *, roots_max);
    i32 count = 0;
    for (; count < shape->key_count; count++)
        roots[count] = aggregate->keys.items[count];
    for (i32 i = 0; i < shape->call_count; i++) {
        CallShape *call = &shape->calls[i];
        call->plan = &aggregate->calls[i];
        call->kernel = call_kernel(w, call->plan, plan->columns[shape->key_count + i].lane);
        call->distinct = call->plan->distinct && call->plan->args.count > 0;
        call->ordered = call->plan->order_count > 0;
        shape->any_ordered |= call->ordered;
        shape->any_kept |= call->distinct || call->ordered;
        if (call->distinct)
            distinct_layout(w, shape, call);
        if (call->ordered)
            call_order(w, shape, call);
        call->first_root = count;
        if (!call_is_plain(call->plan)) {
            call_program(w, call);
            continue;
        }
        for (i32 a = 0; a < call->plan->args.count; a++)
            roots[count++] = call->plan->args.items[a];
    }
    layout_make(w, shape);
    shape->program = program_compile(w->q, w->q->arena, roots, count);
}

/* ---- states ---- */

void states_init(const AggregateShape *shape, GroupTable *table, u32 first)
{
    for (i32 i = 0; i < shape->call_count; i++) {
        const CallShape *call = &shape->calls[i];
        if (call->kernel->state_is_zero || !call->kernel->init)
            continue;
        for (u32 g = first; g < table->count; g++)
            call->kernel->init(group_row(table, g) + call->state_offset);
    }
}

Vector vector_settled(Query *q, const Vector *in, const Selection *sel, i32 n, Arena *arena)
{
    Vector out = *in;
    if (!vector_load(&out, sel, n, &q->error))
        query_rethrow(q, &q->error);
    if (out.form == VECTOR_SEQUENCE && !vector_flatten(&out, sel, n, arena, &out, &q->error))
        query_rethrow(q, &q->error);
    return out;
}

const u16 *positions_of(const Chunk *chunk, const u16 *identity)
{
    return chunk->sel ? chunk->sel->rows : identity;
}

void call_update(Query *q, const CallShape *shape, GroupTable *table, Vector *args,
                 const Selection *sel, i32 n, const u32 *groups, Arena *scratch)
{
    i32 nargs = shape->plan->args.count;
    for (i32 i = 0; i < nargs; i++)
        if (args[i].form != VECTOR_CONSTANT &&
            !vector_flatten(&args[i], sel, n, scratch, &args[i], &q->error))
            query_rethrow(q, &q->error);
    AggregateCall call = {.args = args,
                          .nargs = nargs,
                          .sel = sel,
                          .n = n,
                          .states = table->rows.data + shape->state_offset,
                          .stride = table->layout->row_bytes,
                          .groups = groups,
                          .group_count = table->count,
                          .arena = table->arena,
                          .error = &q->error};
    if (!shape->kernel->update(&call))
        query_rethrow(q, &q->error);
}

/* ---- chunks into calls that are not plain ---- */

void call_local_open(Worker *w, const AggregateShape *shape, i32 number, Arena *arena,
                     CallLocal *local)
{
    const CallShape *call = &shape->calls[number];
    if (!call->program)
        return;
    local->evaluator = worker_evaluator(w, call->program);
    if (call->ordered)
        row_store_open(&local->ordered, arena);
    else if (call->distinct)
        group_table_open(w->q, &local->distinct, &call->distinct_layout, arena);
}

/* Groups of the rows of sel, which is a part of rows' selection. */
static u32 *narrow_groups(Query *q, const ChunkGroups *rows, const Selection *sel, Arena *scratch)
{
    if (!rows->groups)
        return NULL;
    u32 *by_position = arena_alloc_array(q, scratch, CHUNK_ROWS, sizeof(u32));
    u32 *groups = arena_alloc_array(q, scratch, CHUNK_ROWS, sizeof(u32));
    i32 count = chunk_rows(rows->in);
    for (i32 i = 0; i < count; i++)
        by_position[rows->positions[i]] = rows->groups[i];
    for (i32 i = 0; i < sel->count; i++)
        groups[i] = by_position[sel->rows[i]];
    return groups;
}

/* Adds the rows' (keys, arguments) to the distinct rows; new ones remember the keys' hash. */
static void distinct_take(Worker *w, const AggregateShape *shape, CallLocal *local,
                          GroupTable *table, const Vector *columns, const Selection *sel,
                          const u32 *groups, Arena *scratch)
{
    u32 *numbers = arena_alloc_array(w->q, scratch, CHUNK_ROWS, sizeof(u32));
    GroupTable *distinct = &local->distinct;
    u32 first = group_table_find(w->q, distinct, columns, sel->rows, sel->count, numbers);
    for (i32 i = 0; i < sel->count; i++) {
        if (numbers[i] < first)
            continue;
        u64 hash = groups ? row_hash(group_row(table, groups[i])) : 0;
        memcpy(group_row(distinct, numbers[i]) + distinct->layout->extra_offset, &hash,
               sizeof hash);
    }
}

/* Keys, then the call's arguments and order keys, for the rows of part. */
static Vector *call_columns(Worker *w, const AggregateShape *shape, const CallShape *call,
                            CallLocal *local, const ChunkGroups *rows, const Chunk *part,
                            Arena *scratch)
{
    i32 count = call->plan->args.count + call->plan->order_count;
    i32 first = call->plan->filter != NULL;
    Vector *columns = arena_alloc_array(w->q, scratch, shape->key_count + count, sizeof(Vector));
    for (i32 i = 0; i < shape->key_count; i++)
        columns[i] = rows->keys[i];
    for (i32 i = 0; i < count; i++)
        columns[shape->key_count + i] = vector_settled(
            w->q, evaluate(w->q, local->evaluator, part, first + i), part->sel, part->n, scratch);
    return columns;
}

void call_take(Worker *w, const AggregateShape *shape, i32 number, CallLocal *local,
               GroupTable *table, const ChunkGroups *rows, Arena *scratch)
{
    const CallShape *call = &shape->calls[number];
    Selection sel = {chunk_rows(rows->in), rows->positions};
    evaluator_reset(local->evaluator);
    if (call->plan->filter)
        evaluate_filter(w->q, local->evaluator, rows->in, 0, 1, &sel);
    if (sel.count == 0)
        return;
    Chunk part = *rows->in;
    part.sel = &sel;
    Vector *columns = call_columns(w, shape, call, local, rows, &part, scratch);
    if (call->ordered) {
        part.columns = columns;
        part.column_count = shape->key_count + call->plan->args.count + call->plan->order_count;
        row_store_append(w->q, &local->ordered, &part);
        return;
    }
    const u32 *groups = narrow_groups(w->q, rows, &sel, scratch);
    if (call->distinct)
        distinct_take(w, shape, local, table, columns, &sel, groups, scratch);
    else
        call_update(w->q, call, table, columns + shape->key_count, &sel, part.n, groups, scratch);
}

/* ---- what was kept, into the states ---- */

/* Group numbers of n dense rows given by their key columns. */
static u32 *groups_of(Query *q, const AggregateShape *shape, GroupTable *table, const Vector *keys,
                      i32 n, Arena *scratch)
{
    if (shape->key_count == 0)
        return NULL;
    u16 positions[CHUNK_ROWS];
    for (i32 i = 0; i < n; i++)
        positions[i] = (u16)i;
    u32 *groups = arena_alloc_array(q, scratch, CHUNK_ROWS, sizeof(u32));
    u32 first_new = group_table_find(q, table, keys, positions, n, groups);
    verify(first_new == table->count); /* every kept row's group is there */
    return groups;
}

/* One batch of distinct rows into the states. */
static void distinct_batch(Query *q, const AggregateShape *shape, const CallShape *call,
                           u8 *const *rows, i32 n, GroupTable *table, Arena *scratch)
{
    ArenaMark mark = arena_mark(scratch);
    i32 count = shape->key_count + call->plan->args.count;
    Vector *columns = arena_alloc_array(q, scratch, count, sizeof(Vector));
    for (i32 i = 0; i < count; i++)
        row_read(q, &call->distinct_layout, i, rows, n, scratch, &columns[i]);
    const u32 *groups = groups_of(q, shape, table, columns, n, scratch);
    call_update(q, call, table, columns + shape->key_count, NULL, n, groups, scratch);
    arena_release(scratch, mark);
}

void distinct_feed(Query *q, const AggregateShape *shape, i32 number, const CallLocal *local, i32 p,
                   GroupTable *seen, GroupTable *table, Arena *scratch)
{
    const CallShape *call = &shape->calls[number];
    u8 *rows[CHUNK_ROWS];
    i32 n = 0;
    for (u32 i = local->parts.starts[p]; i < local->parts.starts[p + 1]; i++) {
        u8 *row = group_row(&local->distinct, local->parts.order[i]);
        bool is_new = true;
        if (seen)
            group_table_put(q, seen, row, &is_new);
        if (is_new)
            rows[n++] = row;
        if (n < CHUNK_ROWS)
            continue;
        query_check(q);
        distinct_batch(q, shape, call, rows, n, table, scratch);
        n = 0;
    }
    if (n > 0)
        distinct_batch(q, shape, call, rows, n, table, scratch);
}

/* Of n rows, the first of each (keys, arguments) not seen before. */
static Selection first_seen(Query *q, GroupTable *seen, const Vector *columns, i32 n,
                            Arena *scratch)
{
    u16 *positions = arena_alloc_array(q, scratch, CHUNK_ROWS, sizeof(u16));
    u16 *kept = arena_alloc_array(q, scratch, CHUNK_ROWS, sizeof(u16));
    u32 *numbers = arena_alloc_array(q, scratch, CHUNK_ROWS, sizeof(u32));
    bool *taken = arena_alloc_array(q, scratch, CHUNK_ROWS, sizeof(bool));
    for (i32 i = 0; i < n; i++)
        positions[i] = (u16)i;
    u32 first = group_table_find(q, seen, columns, positions, n, numbers);
    Selection sel = {0, kept};
    for (i32 i = 0; i < n; i++) {
        if (numbers[i] < first || taken[numbers[i] - first])
            continue;
        taken[numbers[i] - first] = true;
        kept[sel.count++] = (u16)i;
    }
    return sel;
}

static void ordered_batch(Query *q, const AggregateShape *shape, const CallShape *call,
                          Vector *columns, i32 n, GroupTable *seen, GroupTable *table,
                          Arena *scratch)
{
    u32 *groups = groups_of(q, shape, table, columns, n, scratch);
    if (!call->distinct) {
        call_update(q, call, table, columns + shape->key_count, NULL, n, groups, scratch);
        return;
    }
    Selection sel = first_seen(q, seen, columns, n, scratch);
    for (i32 i = 0; groups && i < sel.count; i++)
        groups[i] = groups[sel.rows[i]];
    call_update(q, call, table, columns + shape->key_count, &sel, n, groups, scratch);
}

void ordered_feed(Query *q, const AggregateShape *shape, i32 number, const RowStore *rows,
                  GroupTable *table, Arena *seen_arena, Arena *arena)
{
    const CallShape *call = &shape->calls[number];
    i32 count = shape->key_count + call->plan->args.count + call->plan->order_count;
    SortedRows sorted;
    row_sort(q, rows, call->order, call->plan->order_count, arena, &sorted);
    GroupTable *seen = arena_alloc(q, seen_arena, sizeof *seen);
    if (call->distinct)
        group_table_open(q, seen, &call->distinct_layout, seen_arena);
    Vector *columns = arena_alloc_array(q, arena, count, sizeof(Vector));
    for (i64 at = 0; at < sorted.count; at += CHUNK_ROWS) {
        query_check(q);
        ArenaMark mark = arena_mark(arena);
        i32 n = (i32)min_i64(sorted.count - at, CHUNK_ROWS);
        row_store_gather(q, rows, sorted.refs + at, n, arena, columns);
        ordered_batch(q, shape, call, columns, n, seen, table, arena);
        arena_release(arena, mark);
    }
}
