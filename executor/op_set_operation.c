/* SPDX-License-Identifier: Apache-2.0
 *
 * INTERSECT and EXCEPT, with and without ALL: rows as groups with a counter per side.
 *
 * The right input comes first, then the left one, into the same sink; finish runs after each and
 * turns the side. Each worker counts in a group table of its own (keys are all columns, NULLs
 * equal); after the left side the tables are put together, and one worker gives out each row as
 * often as its counters say: min(l, r) or max(l - r, 0) for ALL; once if r > 0 (or r = 0) and
 * l > 0 without. Memory and spilling as for aggregation.
 */
#include "executor/aggregate_calls.h"
#include "executor/operators.h"

typedef struct Counts {
    i64 left, right;
} Counts;

typedef struct SetLocal {
    bool opened;
    Arena arena, scratch;
    GroupTable table;
    Vector *keys;
    u16 *identity;
    u32 *groups;
} SetLocal;

typedef struct SetShared {
    const Plan *plan;
    RowLayout layout;
    bool left; /* the side at hand */
    Arena arena, scratch;
    GroupTable table; /* of all workers */
    u32 next_group;
    i64 copies; /* of next_group already given out */
    Vector *columns;
} SetShared;

static void set_open(Worker *w, const Plan *plan, void *state)
{
    SetShared *shared = state;
    i32 count = plan->column_count;
    Type *types = make_array(w->q, Type, count);
    Lane *lanes = make_array(w->q, Lane, count);
    for (i32 i = 0; i < count; i++) {
        types[i] = plan->columns[i].type;
        lanes[i] = plan->columns[i].lane;
    }
    shared->plan = plan;
    row_layout_make(w->q, w->q->arena, types, lanes, count, sizeof(Counts), &shared->layout);
    shared->columns = make_array(w->q, Vector, count);
    worker_arena(w, &shared->arena);
    worker_arena(w, &shared->scratch);
    group_table_open(w->q, &shared->table, &shared->layout, &shared->arena);
}

static void local_open(Worker *w, const SetShared *shared, SetLocal *local)
{
    worker_arena(w, &local->arena);
    worker_arena(w, &local->scratch);
    group_table_open(w->q, &local->table, &shared->layout, &local->arena);
    local->keys = make_array(w->q, Vector, shared->plan->column_count);
    local->groups = make_array(w->q, u32, CHUNK_ROWS);
    local->identity = make_array(w->q, u16, CHUNK_ROWS);
    for (i32 i = 0; i < CHUNK_ROWS; i++)
        local->identity[i] = (u16)i;
    local->opened = true;
}

static Counts *group_counts(const GroupTable *table, u32 group)
{
    return (Counts *)(group_row(table, group) + table->layout->extra_offset);
}

static Step set_sink(Worker *w, void *state, void *own, const Chunk *in)
{
    SetShared *shared = state;
    SetLocal *local = own;
    if (!local->opened)
        local_open(w, shared, local);
    arena_reset(&local->scratch);
    for (i32 i = 0; i < shared->plan->column_count; i++) {
        if (!vector_load(&in->columns[i], in->sel, in->n, &w->q->error))
            query_rethrow(w->q, &w->q->error);
        local->keys[i] = vector_settled(w->q, &in->columns[i], in->sel, in->n, &local->scratch);
    }
    group_table_find(w->q, &local->table, local->keys, positions_of(in, local->identity),
                     chunk_rows(in), local->groups);
    for (i32 i = 0; i < chunk_rows(in); i++) {
        Counts *counts = group_counts(&local->table, local->groups[i]);
        counts->left += shared->left;
        counts->right += !shared->left;
    }
    return STEP_NEXT;
}

/* After the left side: this worker's rows into the table of all. */
static void set_merge(Worker *w, void *state, void *own)
{
    SetShared *shared = state;
    SetLocal *local = own;
    if (!shared->left || !local->opened)
        return;
    for (u32 g = 0; g < local->table.count; g++) {
        if ((g & 0xffff) == 0)
            query_check(w->q);
        bool is_new;
        u32 group = group_table_put(w->q, &shared->table, group_row(&local->table, g), &is_new);
        if (is_new)
            continue;
        Counts *into = group_counts(&shared->table, group);
        into->left += group_counts(&local->table, g)->left;
        into->right += group_counts(&local->table, g)->right;
    }
}

static void set_finish(Worker *w, void *state)
{
    SetShared *shared = state;
    shared->left = true;
}

static i64 copies_of(const PlanSetOperation *set, const Counts *counts)
{
    if (set->operation == SET_INTERSECT)
        return set->all ? min_i64(counts->left, counts->right)
                        : counts->left > 0 && counts->right > 0;
    return set->all ? max_i64(counts->left - counts->right, 0)
                    : counts->left > 0 && counts->right == 0;
}

static Step set_source(Worker *w, void *state, void *own, Chunk *out)
{
    SetShared *shared = state;
    u8 *rows[CHUNK_ROWS];
    i32 n = 0;
    while (n < CHUNK_ROWS && shared->next_group < shared->table.count) {
        const Counts *counts = group_counts(&shared->table, shared->next_group);
        if (shared->copies >= copies_of(&shared->plan->set, counts)) {
            shared->next_group++;
            shared->copies = 0;
            continue;
        }
        rows[n++] = group_row(&shared->table, shared->next_group);
        shared->copies++;
    }
    if (n == 0)
        return STEP_DONE;
    arena_reset(&shared->scratch);
    for (i32 i = 0; i < shared->plan->column_count; i++)
        row_read(w->q, &shared->layout, i, rows, n, &shared->scratch, &shared->columns[i]);
    *out = (Chunk){.n = n,
                   .column_count = shared->plan->column_count,
                   .columns = shared->columns,
                   .arena = &shared->scratch};
    return STEP_NEXT;
}

const OperatorKind set_operation_operator = {
    .name = "HashSetOp",
    .shared_size = sizeof(SetShared),
    .local_size = sizeof(SetLocal),
    .open = set_open,
    .source = set_source,
    .sink = set_sink,
    .merge = set_merge,
    .finish = set_finish,
};
