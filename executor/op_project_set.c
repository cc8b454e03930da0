/* SPDX-License-Identifier: Apache-2.0
 *
 * ProjectSet: set-returning functions of a select list, side by side: an input row gives as many
 * rows as the longest of its calls has; the columns of the shorter ones are NULL in the rest. A
 * STRICT function with a NULL argument has no rows.
 *
 * Output chunks are filled over several input rows; a call longer than a chunk says MORE and goes
 * on. Each worker does this for its own chunks. Memory: an arena per call, reset when it opens, and
 * one for the rows of a chunk. Nothing to merge or spill: rows are made as they are wanted.
 */
#include "executor/join_output.h"
#include "executor/operators.h"
#include "functions/series.h"

typedef struct SetShared {
    const Plan *plan;
    const Program *program; /* the arguments of all calls, one call after the other */
    const SetFunction **functions;
    i32 *first_args;
} SetShared;

/* One call's place in its rows. */
typedef struct SetCall {
    const SetFunction *function;
    Arena arena;
    void *state;
    bool running;
    Vector rows; /* what next() wrote last */
    Vector out;
} SetCall;

typedef struct SetLocal {
    bool opened;
    Evaluator *evaluator;
    Arena arena; /* of the vectors made once */
    Arena scratch;
    SetCall *calls;
    bool row_open; /* the calls of input_row are under way */
    i32 input_row;
    Vector *columns;
    u32 codes[CHUNK_ROWS]; /* input position of each output row */
} SetLocal;

static void set_open(Worker *w, const Plan *plan, void *state)
{
    SetShared *shared = state;
    const PlanProjectSet *set = &plan->project_set;
    i32 total = 0;
    shared->plan = plan;
    shared->functions = make_array(w->q, const SetFunction *, set->calls.count);
    shared->first_args = make_array(w->q, i32, set->calls.count);
    for (i32 i = 0; i < set->calls.count; i++) {
        const Expr *call = set->calls.items[i];
        shared->functions[i] = set_function_find(call->call.row->operation);
        shared->first_args[i] = total;
        verify(shared->functions[i] && call->call.args.count <= FUNCTION_ARGUMENTS_MAX);
        total += call->call.args.count;
    }
    Expr **args = make_array(w->q, Expr *, total);
    for (i32 i = 0; i < set->calls.count; i++)
        for (i32 j = 0; j < set->calls.items[i]->call.args.count; j++)
            args[shared->first_args[i] + j] = set->calls.items[i]->call.args.items[j];
    shared->program = program_compile(w->q, w->q->arena, args, total);
}

static void call_end(SetCall *call)
{
    if (call->running && call->function->drop)
        call->function->drop(call->state);
    call->running = false;
}

static void call_close(void *thing)
{
    call_end(thing);
}

static void vector_open(Worker *w, const PlanColumn *column, Arena *arena, Vector *vector)
{
    if (!vector_make(vector, column->type, column->lane, CHUNK_ROWS, arena, &w->q->error) ||
        !vector_make_valid(vector, CHUNK_ROWS, arena, &w->q->error))
        query_rethrow(w->q, &w->q->error);
}

static void local_open(Worker *w, SetShared *shared, SetLocal *local)
{
    const Plan *plan = shared->plan;
    worker_arena(w, &local->arena);
    worker_arena(w, &local->scratch);
    local->evaluator = worker_evaluator(w, shared->program);
    local->columns = make_array(w->q, Vector, plan->column_count);
    local->calls = make_array(w->q, SetCall, plan->project_set.calls.count);
    for (i32 i = 0; i < plan->project_set.calls.count; i++) {
        SetCall *call = &local->calls[i];
        const PlanColumn *column = &plan->columns[plan->project_set.kept_count + i];
        call->function = shared->functions[i];
        worker_arena(w, &call->arena);
        vector_open(w, column, &local->arena, &call->rows);
        vector_open(w, column, &local->arena, &call->out);
        query_defer(w->q, w->q->arena, call_close, call);
    }
    local->opened = true;
}

/* Opens a call for the input row at a position; it stays closed when it has no rows. */
static void call_begin(Worker *w, SetShared *shared, SetLocal *local, i32 number, const Chunk *in,
                       i32 position)
{
    SetCall *call = &local->calls[number];
    const Expr *expr = shared->plan->project_set.calls.items[number];
    Value args[FUNCTION_ARGUMENTS_MAX];
    bool any_null = false;
    arena_reset(&call->arena);
    for (i32 i = 0; i < expr->call.args.count; i++) {
        const Vector *vector = evaluate(w->q, local->evaluator, in, shared->first_args[number] + i);
        Value value = vector_value(vector, position);
        if (!value_copy(value, &call->arena, &args[i], &w->q->error))
            query_rethrow(w->q, &w->q->error);
        any_null |= value.null;
    }
    if (any_null && (expr->call.row->flags & STRICT))
        return;
    call->state = NULL;
    if (!call->function->open(args, expr->call.args.count, expr->call.row, worker_input(w)->env,
                              &call->arena, &call->state, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    call->running = true;
}

static void rows_valid(Vector *vector)
{
    memset(vector->valid, 0xff, (size_t)MASK_WORDS * sizeof(u64));
}

/* Up to `room` rows of a call into its output from row `at`; returns how many there were. */
static i32 call_rows(Worker *w, SetLocal *local, SetCall *call, i32 at, i32 room)
{
    i32 done = 0;
    while (call->running && done < room) {
        i32 count = 0;
        rows_valid(&call->rows);
        if (!call->function->next(call->state, &call->rows, room - done, &count, &w->q->error) ||
            !vector_keep(&call->rows, count, LIFE_CHUNK, &local->scratch, &w->q->error))
            query_rethrow(w->q, &w->q->error);
        if (count == 0)
            call_end(call);
        for (i32 i = 0; i < count; i++)
            vector_copy_row(&call->rows, i, &call->out, at + done + i);
        done += count;
    }
    return done;
}

/* Rows of all calls for one input row from row `at` on; false: they go on in the next chunk. */
static bool row_fill(Worker *w, SetShared *shared, SetLocal *local, i32 position, i32 *at)
{
    i32 room = CHUNK_ROWS - *at, longest = 0;
    i32 count = shared->plan->project_set.calls.count;
    i32 *got = arena_alloc_array(w->q, &local->scratch, count, sizeof *got);
    for (i32 i = 0; i < count; i++) {
        got[i] = 0;
        if (!local->calls[i].function->follows)
            got[i] = call_rows(w, local, &local->calls[i], *at, room);
        longest = (i32)max_i64(longest, got[i]);
    }
    for (i32 i = 0; i < count; i++)
        if (local->calls[i].function->follows)
            got[i] = call_rows(w, local, &local->calls[i], *at, longest);
    for (i32 i = 0; i < count; i++) {
        Value null = value_null(local->calls[i].out.lane);
        for (i32 row = got[i]; row < longest; row++)
            vector_set(&local->calls[i].out, *at + row, &null);
    }
    for (i32 row = 0; row < longest; row++)
        local->codes[*at + row] = (u32)position;
    *at += longest;
    return longest < room;
}

/* No bits behind the n rows. */
static void valid_cut(Vector *vector, i32 n)
{
    memset(vector->valid + bit_words(n), 0, (size_t)(MASK_WORDS - bit_words(n)) * sizeof(u64));
    if (n & 63)
        vector->valid[n >> 6] &= ((u64)1 << (n & 63)) - 1;
}

static void rows_emit(Worker *w, SetShared *shared, SetLocal *local, const Chunk *in, i32 n,
                      Chunk *out)
{
    const PlanProjectSet *set = &shared->plan->project_set;
    for (i32 i = 0; i < set->kept_count; i++)
        join_probe_column(w->q, in, set->kept[i], local->codes, n, &local->scratch,
                          &local->columns[i]);
    for (i32 i = 0; i < set->calls.count; i++) {
        Vector *made = &local->calls[i].out;
        valid_cut(made, n);
        local->columns[set->kept_count + i] = *made;
    }
    *out = (Chunk){.n = n,
                   .column_count = set->kept_count + set->calls.count,
                   .columns = local->columns,
                   .arena = &local->scratch};
}

static Step set_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    SetShared *shared = state;
    SetLocal *local = own;
    if (!local->opened)
        local_open(w, shared, local);
    i32 count = shared->plan->project_set.calls.count, filled = 0;
    arena_reset(&local->scratch);
    if (local->input_row == 0 && !local->row_open)
        evaluator_reset(local->evaluator);
    for (i32 i = 0; i < count; i++)
        rows_valid(&local->calls[i].out);
    while (filled < CHUNK_ROWS && local->input_row < chunk_rows(in)) {
        i32 position = chunk_position(in, local->input_row);
        query_check(w->q);
        for (i32 i = 0; i < count && !local->row_open; i++)
            call_begin(w, shared, local, i, in, position);
        local->row_open = !row_fill(w, shared, local, position, &filled);
        local->input_row += !local->row_open;
    }
    rows_emit(w, shared, local, in, filled, out);
    if (local->input_row < chunk_rows(in))
        return STEP_MORE;
    local->input_row = 0;
    return STEP_NEXT;
}

const OperatorKind project_set_operator = {
    .name = "ProjectSet",
    .shared_size = sizeof(SetShared),
    .local_size = sizeof(SetLocal),
    .open = set_open,
    .transform = set_transform,
};
