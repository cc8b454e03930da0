/* SPDX-License-Identifier: Apache-2.0
 *
 * Function scan: the rows of a set-returning function, or the one row of any other function; with
 * ordinality if asked for; once per input row when there is an input (LATERAL).
 *
 * Arguments are evaluated per call; the function's state lives in an arena that is reset between
 * calls. As a source one worker runs it, as a transform each worker for its own chunks; a call that
 * gives more rows than a chunk holds says MORE. A STRICT function with a NULL argument gives no
 * rows. Nothing to merge or spill: rows are made as they are wanted.
 */
#include "executor/join_output.h"
#include "executor/operators.h"
#include "functions/series.h"

typedef struct FunctionShared {
    const Plan *plan;
    const Program *program; /* SET: the arguments; else the call itself */
    const SetFunction *set; /* NULL: a function of one row */
    bool done;              /* source: the only call is over */
} FunctionShared;

typedef struct FunctionLocal {
    bool opened;
    Evaluator *evaluator;
    Arena call, scratch;
    bool calling;
    i32 input_row; /* of the call under way, or the next one */
    i64 ordinal;
    void *state;
    Value args[FUNCTION_ARGUMENTS_MAX];
    Vector *columns;
    u32 codes[CHUNK_ROWS];
} FunctionLocal;

static Expr *whole_call(Worker *w, const Plan *plan)
{
    const PlanFunctionScan *scan = &plan->function;
    i32 at = plan->input_count ? plan->inputs[0]->column_count : 0;
    return expr_call(w->q, scan->row, scan->args.items, scan->args.count, plan->columns[at].type,
                     -1);
}

static void function_open(Worker *w, const Plan *plan, void *state)
{
    FunctionShared *shared = state;
    const PlanFunctionScan *scan = &plan->function;
    shared->plan = plan;
    if (!(scan->row->flags & SET)) {
        Expr *call = whole_call(w, plan);
        shared->program = program_compile(w->q, w->q->arena, &call, 1);
        return;
    }
    shared->set = set_function_find(scan->row->operation);
    if (!shared->set)
        query_fail(w->q, E_FEATURE_NOT_SUPPORTED, "set-returning function %s is not supported",
                   scan->row->name);
    verify(scan->args.count <= FUNCTION_ARGUMENTS_MAX);
    shared->program = program_compile(w->q, w->q->arena, scan->args.items, scan->args.count);
}

static void call_end(FunctionShared *shared, FunctionLocal *local)
{
    if (local->calling && shared->set && shared->set->drop)
        shared->set->drop(local->state);
    local->calling = false;
}

typedef struct CallCloser {
    FunctionShared *shared;
    FunctionLocal *local;
} CallCloser;

static void call_close(void *thing)
{
    CallCloser *closer = thing;
    call_end(closer->shared, closer->local);
}

static void local_open(Worker *w, FunctionShared *shared, FunctionLocal *local)
{
    worker_arena(w, &local->call);
    worker_arena(w, &local->scratch);
    local->evaluator = worker_evaluator(w, shared->program);
    local->columns = make_array(w->q, Vector, shared->plan->column_count);
    CallCloser *closer = make(w->q, CallCloser);
    *closer = (CallCloser){shared, local};
    query_defer(w->q, w->q->arena, call_close, closer);
    local->opened = true;
}

/* ---- one call ---- */

/* Arguments of the input row at a position; false: a STRICT function got NULL. */
static bool args_take(Worker *w, FunctionShared *shared, FunctionLocal *local, const Chunk *in,
                      i32 position)
{
    const PlanFunctionScan *scan = &shared->plan->function;
    bool any_null = false;
    for (i32 i = 0; i < scan->args.count; i++) {
        const Vector *vector = evaluate(w->q, local->evaluator, in, i);
        Value value = vector_value(vector, position);
        if (!value_copy(value, &local->call, &local->args[i], &w->q->error))
            query_rethrow(w->q, &w->q->error);
        any_null |= value.null;
    }
    return !(any_null && (scan->row->flags & STRICT));
}

static bool call_begin(Worker *w, FunctionShared *shared, FunctionLocal *local, const Chunk *in,
                       i32 position)
{
    const PlanFunctionScan *scan = &shared->plan->function;
    arena_reset(&local->call);
    local->ordinal = 0;
    local->state = NULL;
    if (!args_take(w, shared, local, in, position))
        return false;
    if (!shared->set->open(local->args, scan->args.count, scan->row, worker_input(w)->env,
                           &local->call, &local->state, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    local->calling = true;
    return true;
}

/* Next rows of the call into *out; returns how many. */
static i32 call_rows(Worker *w, FunctionShared *shared, FunctionLocal *local,
                     const PlanColumn *column, Vector *out)
{
    i32 count = 0;
    if (!vector_make(out, column->type, column->lane, CHUNK_ROWS, &local->scratch, &w->q->error) ||
        !vector_make_valid(out, CHUNK_ROWS, &local->scratch, &w->q->error) ||
        !shared->set->next(local->state, out, CHUNK_ROWS, &count, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    memset(out->valid + bit_words(count), 0, (size_t)(MASK_WORDS - bit_words(count)) * sizeof(u64));
    if (count & 63)
        out->valid[count >> 6] &= ((u64)1 << (count & 63)) - 1;
    return count;
}

static void ordinality_fill(Worker *w, FunctionLocal *local, i32 n, Vector *out)
{
    if (!vector_make(out, type_of(TYPE_INT8), lane_of(LANE_I64), n, &local->scratch, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    for (i32 i = 0; i < n; i++)
        ((i64 *)out->values)[i] = ++local->ordinal;
}

static void rows_emit(Worker *w, FunctionShared *shared, FunctionLocal *local, i32 n, i32 column,
                      Chunk *out)
{
    if (shared->plan->function.ordinality)
        ordinality_fill(w, local, n, &local->columns[column++]);
    *out = (Chunk){
        .n = n, .column_count = column, .columns = local->columns, .arena = &local->scratch};
}

/* ---- without an input ---- */

static Step scalar_source(Worker *w, FunctionShared *shared, FunctionLocal *local, Chunk *out)
{
    if (shared->done)
        return STEP_DONE;
    shared->done = true;
    Chunk one = {.n = 1, .arena = &local->scratch};
    local->columns[0] = *evaluate(w->q, local->evaluator, &one, 0);
    rows_emit(w, shared, local, 1, 1, out);
    return STEP_NEXT;
}

static Step function_source(Worker *w, void *state, void *own, Chunk *out)
{
    FunctionShared *shared = state;
    FunctionLocal *local = own;
    if (!local->opened)
        local_open(w, shared, local);
    arena_reset(&local->scratch);
    if (!shared->set)
        return scalar_source(w, shared, local, out);
    if (!local->calling) {
        Chunk one = {.n = 1, .arena = &local->scratch};
        if (shared->done || !call_begin(w, shared, local, &one, 0))
            return STEP_DONE;
        shared->done = true;
    }
    i32 n = call_rows(w, shared, local, &shared->plan->columns[0], &local->columns[0]);
    if (n == 0) {
        call_end(shared, local);
        return STEP_DONE;
    }
    rows_emit(w, shared, local, n, 1, out);
    return STEP_NEXT;
}

/* ---- over an input ---- */

/* A scalar function: one more column. */
static Step scalar_transform(Worker *w, FunctionShared *shared, FunctionLocal *local,
                             const Chunk *in, Chunk *out)
{
    i32 column = 0;
    evaluator_reset(local->evaluator);
    for (; column < in->column_count; column++)
        local->columns[column] = in->columns[column];
    local->columns[column++] = *evaluate(w->q, local->evaluator, in, 0);
    if (shared->plan->function.ordinality) {
        Value first = {.lane = lane_of(LANE_I64), .integer = 1};
        if (!vector_make_constant(&local->columns[column++], type_of(TYPE_INT8), &first,
                                  &local->scratch, &w->q->error))
            query_rethrow(w->q, &w->q->error);
    }
    *out = (Chunk){.n = in->n,
                   .sel = in->sel,
                   .column_count = column,
                   .columns = local->columns,
                   .arena = &local->scratch};
    return STEP_NEXT;
}

static Step function_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    FunctionShared *shared = state;
    FunctionLocal *local = own;
    if (!local->opened)
        local_open(w, shared, local);
    arena_reset(&local->scratch);
    if (!shared->set)
        return scalar_transform(w, shared, local, in, out);
    if (local->input_row == 0 && !local->calling)
        evaluator_reset(local->evaluator);
    i32 base = in->column_count;
    while (local->input_row < chunk_rows(in)) {
        i32 position = chunk_position(in, local->input_row);
        query_check(w->q);
        if (!local->calling && !call_begin(w, shared, local, in, position)) {
            local->input_row++;
            continue;
        }
        i32 n = call_rows(w, shared, local, &shared->plan->columns[base], &local->columns[base]);
        if (n == 0) {
            call_end(shared, local);
            local->input_row++;
            continue;
        }
        for (i32 i = 0; i < n; i++)
            local->codes[i] = (u32)position;
        for (i32 i = 0; i < base; i++)
            join_probe_column(w->q, in, i, local->codes, n, &local->scratch, &local->columns[i]);
        rows_emit(w, shared, local, n, base + 1, out);
        return STEP_MORE;
    }
    local->input_row = 0;
    return STEP_NEXT;
}

const OperatorKind function_scan_operator = {
    .name = "Function Scan",
    .shared_size = sizeof(FunctionShared),
    .local_size = sizeof(FunctionLocal),
    .open = function_open,
    .source = function_source,
    .transform = function_transform,
};
