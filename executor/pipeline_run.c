/* SPDX-License-Identifier: Apache-2.0
 *
 * The driver: one task's way through a pipeline, a chunk at a time, pushed from the source through
 * the transforms into the sink.
 *
 * All that is needed to go on stands in PipelineRun, never on the C stack: which transform said
 * MORE, the chunk on its way into the sink, how much of it the sink has. The deepest MORE goes
 * first, so a chunk is used up before the next one overwrites what it refers to. A transform that
 * says FULL gets the same input again; a source that says FULL is asked again; a sink that says
 * FULL has taken its rows. The row limit of a portal is kept here: the last chunk is cut and its
 * rest waits in the run.
 *
 * Errors: a quantum runs under the slot's own trap. Debug builds verify every chunk.
 */
#include "executor/execution.h"

typedef enum Move { MOVE_ON, MOVE_PARK, MOVE_LIMIT, MOVE_END } Move;

static void *slot_local(Slot *slot, Operator *op)
{
    void **local = &op->locals[slot->worker.index];
    if (!*local && op->kind->local_size)
        *local = arena_alloc(&slot->q, &slot->arena, (i64)op->kind->local_size);
    return *local;
}

static void run_open(Slot *slot, Pipeline *pipeline)
{
    Query *q = &slot->q;
    PipelineRun *run = &slot->run;
    u16 *slice_rows = run->slice_rows;
    *run = (PipelineRun){.pipeline = pipeline, .slice_rows = slice_rows};
    if (!run->slice_rows)
        run->slice_rows = make_array(q, u16, CHUNK_ROWS + 64);
    run->outs = make_array(q, Chunk, pipeline->count);
    run->more = make_array(q, bool, pipeline->count);
}

/* ---- counters ---- */

/* Where a call of an operator began. */
typedef struct Started {
    i64 us;
    ThreadFrames frames;
} Started;

static Started counters_start(const Execution *e)
{
    const Environment *env = e->input.env;
    if (!e->input.counters)
        return (Started){0};
    return (Started){env && env->clock_us ? env->clock_us() : 0, thread_frames()};
}

static void count_output(Slot *slot, const Operator *op, const Chunk *out, Started started)
{
    PlanCounters *counters = slot->execution->input.counters;
    if (!counters || !op->plan)
        return;
    PlanCounters *mine = &counters[op->plan->number];
    Started now = counters_start(slot->execution);
    atomic_store_explicit(&mine->loops, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&mine->time_us, now.us - started.us, memory_order_relaxed);
    atomic_fetch_add_explicit(&mine->buffers_hit, now.frames.hits - started.frames.hits,
                              memory_order_relaxed);
    atomic_fetch_add_explicit(&mine->buffers_read, now.frames.misses - started.frames.misses,
                              memory_order_relaxed);
    if (!out)
        return;
    atomic_fetch_add_explicit(&mine->rows, chunk_rows(out), memory_order_relaxed);
    atomic_fetch_add_explicit(&mine->chunks, 1, memory_order_relaxed);
}

/* ---- one step ---- */

/* Operator `level` wants no more: nothing above it needs to run. */
static void run_close_above(PipelineRun *run, i32 level)
{
    atomic_store_explicit(&run->pipeline->operators[level]->closed, true, memory_order_relaxed);
    for (i32 i = 1; i <= level && i < run->pipeline->count - 1; i++)
        run->more[i] = false;
    run->source_done = true;
}

static bool pipeline_is_closed(const Pipeline *pipeline)
{
    for (i32 i = 1; i < pipeline->count; i++)
        if (atomic_load_explicit(&pipeline->operators[i]->closed, memory_order_relaxed))
            return true;
    return false;
}

/* The rows of pending behind `sent`, at most `count`. Lazy columns are loaded for all of pending
 * first: a later slice needs its rows too. */
static Chunk pending_slice(Slot *slot, i32 count)
{
    PipelineRun *run = &slot->run;
    Chunk slice = *run->pending;
    if (run->sent == 0 && count == chunk_rows(&slice))
        return slice;
    for (i32 i = 0; i < slice.column_count; i++)
        if (!vector_load(&slice.columns[i], slice.sel, slice.n, &slot->q.error))
            query_rethrow(&slot->q, &slot->q.error);
    for (i32 i = 0; i < count; i++)
        run->slice_rows[i] = (u16)chunk_position(run->pending, run->sent + i);
    run->slice = (Selection){count, run->slice_rows};
    slice.sel = &run->slice;
    return slice;
}

static Move sink_give(Slot *slot)
{
    PipelineRun *run = &slot->run;
    Execution *e = slot->execution;
    i32 level = run->pipeline->count - 1;
    Operator *sink = run->pipeline->operators[level];
    i64 left = chunk_rows(run->pending) - run->sent;
    bool is_result = sink == e->result;
    if (is_result && e->limited) {
        left = min_i64(left, e->row_limit - atomic_load(&e->rows_given));
        if (left <= 0)
            return MOVE_LIMIT;
    }
    Chunk slice = pending_slice(slot, (i32)left);
    void *local = slot_local(slot, sink);
    Started started = counters_start(e);
    Step step = sink->kind->sink(&slot->worker, sink->shared, local, &slice);
    count_output(slot, sink, NULL, started);
    run->sent += (i32)left;
    if (run->sent == chunk_rows(run->pending)) {
        run->pending = NULL;
        run->sent = 0;
    }
    if (step == STEP_DONE) {
        run_close_above(run, level);
        run->pending = NULL;
    }
    if (is_result) {
        i64 given = atomic_fetch_add(&e->rows_given, left) + left;
        if (e->limited && given >= e->row_limit)
            return MOVE_LIMIT;
    }
    return step == STEP_FULL ? MOVE_PARK : MOVE_ON;
}

/* Takes what operator level - 1 gave through the transforms from `level` on and into the sink. */
static Move push_from(Slot *slot, i32 level)
{
    PipelineRun *run = &slot->run;
    i32 sink = run->pipeline->count - 1;
    for (; level < sink; level++) {
        const Chunk *in = &run->outs[level - 1];
        run->more[level] = false;
        if (chunk_rows(in) == 0)
            return MOVE_ON;
        Operator *op = run->pipeline->operators[level];
        void *local = slot_local(slot, op);
        Chunk *out = &run->outs[level];
        *out = (Chunk){.n = 0};
        Started started = counters_start(slot->execution);
        Step step = op->kind->transform(&slot->worker, op->shared, local, in, out);
        run->more[level] = step == STEP_MORE || step == STEP_FULL;
        if (step == STEP_FULL)
            return MOVE_PARK;
        count_output(slot, op, out, started);
        chunk_verify(out);
        if (step == STEP_DONE)
            run_close_above(run, level);
    }
    if (chunk_rows(&run->outs[sink - 1]) == 0)
        return MOVE_ON;
    run->pending = &run->outs[sink - 1];
    run->sent = 0;
    return sink_give(slot);
}

static Move source_pull(Slot *slot)
{
    PipelineRun *run = &slot->run;
    Operator *source = run->pipeline->operators[0];
    query_check(&slot->q);
    void *local = slot_local(slot, source);
    Chunk *out = &run->outs[0];
    *out = (Chunk){.n = 0};
    Started started = counters_start(slot->execution);
    Step step = source->kind->source(&slot->worker, source->shared, local, out);
    count_output(slot, source, step == STEP_NEXT || step == STEP_MORE ? out : NULL, started);
    if (step == STEP_FULL)
        return MOVE_PARK;
    if (step == STEP_DONE) {
        run->source_done = true;
        return MOVE_ON;
    }
    chunk_verify(out);
    return push_from(slot, 1);
}

static Move run_step(Slot *slot)
{
    PipelineRun *run = &slot->run;
    if (run->pending)
        return sink_give(slot);
    for (i32 level = run->pipeline->count - 2; level > 0; level--) {
        if (run->more[level]) {
            query_check(&slot->q);
            return push_from(slot, level);
        }
    }
    if (run->source_done || pipeline_is_closed(run->pipeline))
        return MOVE_END;
    return source_pull(slot);
}

/* ---- a quantum under the slot's trap ---- */

typedef struct Quantum {
    Slot *slot;
    i32 steps;
    TaskEnd end;
} Quantum;

static void quantum_body(void *argument)
{
    Quantum *quantum = argument;
    quantum->end = TASK_AGAIN;
    if (quantum->slot->run.pipeline != quantum->slot->assigned)
        run_open(quantum->slot, quantum->slot->assigned);
    for (i32 i = 0; i < quantum->steps; i++) {
        switch (run_step(quantum->slot)) {
        case MOVE_ON:
            continue;
        case MOVE_PARK:
            quantum->end = TASK_PARKED;
            return;
        case MOVE_LIMIT:
            quantum->end = TASK_LIMITED;
            return;
        case MOVE_END:
            quantum->end = TASK_FINISHED;
            return;
        }
    }
}

TaskEnd run_quantum(Slot *slot, i32 steps, const u8 *stack_end)
{
    Quantum quantum = {slot, steps, TASK_FAILED};
    slot->q.stack_end = stack_end;
    return query_try(&slot->q, quantum_body, &quantum) ? quantum.end : TASK_FAILED;
}
