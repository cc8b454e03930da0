/* SPDX-License-Identifier: Apache-2.0
 *
 * Scheduling one execution: which pipeline runs, which slots work on it, what happens when a task
 * ends, parks or fails.
 *
 * A task that ends last carries the execution on: it merges, finishes and starts the next pipeline
 * on its own thread. A pipeline with one piece of work is run by the session thread right away, for
 * a bounded number of chunks, unless that thread has to look at a clock; all others are queued in
 * the pool. The first error is kept, the interrupt SIBLING_FAILED stops the others, parked tasks
 * are dropped.
 *
 * A thread is counted in `busy` until its last touch of the execution, the wake call included, so
 * that execution_close can wait for quiet and free everything. Nothing throws with the mutex held.
 */
#include "executor/execution.h"

enum { POOL_STEPS = 32, SESSION_STEPS = 64 };

/* ---- starting pipelines and ending stages (no mutex held, nobody else runs) ---- */

typedef struct OperatorCall {
    Slot *slot;
    Execution *execution;
    Operator *op;
    Pipeline *pipeline;
} OperatorCall;

static void open_body(void *argument)
{
    OperatorCall *call = argument;
    for (i32 i = 0; i < call->pipeline->count; i++) {
        Operator *op = call->pipeline->operators[i];
        if (op->opened)
            continue;
        op->opened = true;
        if (op->kind->open)
            op->kind->open(&call->slot->worker, op->plan, op->shared);
    }
}

static void merge_body(void *argument)
{
    OperatorCall *call = argument;
    Operator *op = call->op;
    op->kind->merge(&call->slot->worker, op->shared, op->locals[call->slot->worker.index]);
}

static void recheck_body(void *argument)
{
    OperatorCall *call = argument;
    pipelines_recheck(&call->slot->q, call->execution);
}

static void finish_body(void *argument)
{
    OperatorCall *call = argument;
    call->op->kind->finish(&call->slot->worker, call->op->shared);
}

/* Runs body under the slot's trap; false: it threw and the error is kept. */
static bool slot_try(Slot *slot, void (*body)(void *), OperatorCall *call, const u8 *stack_end)
{
    Execution *e = slot->execution;
    slot->q.stack_end = stack_end;
    call->slot = slot;
    if (query_try(&slot->q, body, call))
        return true;
    pthread_mutex_lock(&e->mutex);
    e->failed = true;
    e->error = slot->q.error;
    pthread_mutex_unlock(&e->mutex);
    return false;
}

/* merge per slot, then finish. */
static bool operator_end(Execution *e, Operator *op, const u8 *stack_end)
{
    OperatorCall call = {.execution = e, .op = op};
    for (i32 i = 0; op->kind->merge && i < e->slot_count; i++)
        if (op->locals[i] && !slot_try(&e->slots[i], merge_body, &call, stack_end))
            return false;
    return !op->kind->finish || slot_try(&e->slots[0], finish_body, &call, stack_end);
}

/* Transforms without a sink of their own (INSERT ...) end with the stage they stand in. */
static bool stage_end(Execution *e, Stage *stage, const u8 *stack_end)
{
    for (i32 p = 0; p < stage->count; p++) {
        Pipeline *pipeline = &stage->pipelines[p];
        for (i32 i = 1; i < pipeline->count - 1; i++) {
            Operator *op = pipeline->operators[i];
            if (op->kind->sink || op->merged)
                continue;
            op->merged = true;
            if (!operator_end(e, op, stack_end))
                return false;
        }
    }
    if (e->recheck.modify) { /* the same sink goes on with the rows that others changed */
        OperatorCall call = {.execution = e};
        return slot_try(&e->slots[0], recheck_body, &call, stack_end);
    }
    return operator_end(e, stage->sink, stack_end);
}

/* Ends what is over and opens the next pipeline. Returns its number of tasks; 0: nothing more to
 * do, or failed. */
static i32 execution_advance(Execution *e, const u8 *stack_end)
{
    Stage *stage = &e->stages[e->stage];
    if (++e->pipeline == stage->count) {
        if (!stage_end(e, stage, stack_end))
            return 0;
        if (e->stage + 1 == e->stage_count)
            return 0;
        stage = &e->stages[++e->stage];
        e->pipeline = 0;
    }
    Pipeline *pipeline = &stage->pipelines[e->pipeline];
    OperatorCall call = {.execution = e, .pipeline = pipeline};
    if (!slot_try(&e->slots[0], open_body, &call, stack_end))
        return 0;
    bool serial = pipeline->serial || (e->limited && stage->sink == e->result);
    i64 tasks = serial ? 1 : min_i64(e->slot_count, max_i64(1, pipeline->operators[0]->morsels));
    for (i32 i = 0; i < tasks; i++)
        e->slots[i].assigned = pipeline;
    return (i32)tasks;
}

/* May the session thread run it? What is SERIAL may touch the session, and waits with care. */
static bool is_small(const Execution *e)
{
    return e->stages[e->stage].pipelines[e->pipeline].operators[0]->morsels <= 1 &&
           (!e->input.watched || e->tree->serial);
}

/* ---- ends of tasks ---- */

static void slot_queue(Execution *e, Slot *slot)
{
    slot->state = SLOT_QUEUED;
    worker_pool_queue(e->input.pool, slot);
}

/* The last touch of a thread: wakes the session, then leaves. Called and returns without the
 * mutex. */
static void thread_leave(Execution *e, bool wake)
{
    if (wake && e->input.wake)
        e->input.wake(e->input.wake_argument);
    pthread_mutex_lock(&e->mutex);
    if (--e->busy == 0)
        pthread_cond_broadcast(&e->quiet);
    pthread_mutex_unlock(&e->mutex);
}

/* After the last task of a pipeline: this thread is counted in busy and carries on. */
static Slot *carry_on(Execution *e, const u8 *stack_end, bool in_session)
{
    i32 tasks = execution_advance(e, stack_end);
    pthread_mutex_lock(&e->mutex);
    e->active = tasks;
    Slot *here = NULL;
    if (e->failed || tasks == 0) {
        e->phase = e->failed ? PHASE_FAILED : PHASE_DONE;
    } else if (in_session && tasks == 1 && is_small(e)) {
        here = &e->slots[0];
        here->state = SLOT_RUNNING;
        e->busy++;
    } else {
        for (i32 i = 0; i < tasks; i++) {
            e->busy++;
            slot_queue(e, &e->slots[i]);
        }
    }
    bool over = e->phase != PHASE_RUNNING;
    pthread_mutex_unlock(&e->mutex);
    thread_leave(e, over && !in_session);
    return here;
}

/* Mutex held: the slot's task is over. */
static void task_drop(Execution *e, Slot *slot)
{
    slot->state = SLOT_IDLE;
    e->active--;
}

static void keep_error(Execution *e, Slot *slot)
{
    if (!e->failed) {
        e->failed = true;
        e->error = slot->q.error;
    }
    for (i32 i = 0; i < e->slot_count; i++) {
        SlotState state = e->slots[i].state;
        if (state == SLOT_PARKED || state == SLOT_LIMITED)
            task_drop(e, &e->slots[i]);
    }
    if (e->active > 0)
        query_interrupt(e->q->control, INTERRUPT_SIBLING_FAILED);
}

/* What a task's end does to the execution; returns a slot this thread shall run next, or NULL. */
static Slot *task_end(Slot *slot, TaskEnd end, const u8 *stack_end, bool in_session)
{
    Execution *e = slot->execution;
    bool wake = true;
    pthread_mutex_lock(&e->mutex);
    if (end == TASK_PARKED && atomic_load(&e->resumes) != slot->resumed)
        end = TASK_AGAIN;
    if ((e->failed || e->stopping) && end != TASK_FAILED)
        end = TASK_FINISHED;
    switch (end) {
    case TASK_AGAIN:
        slot_queue(e, slot);
        pthread_mutex_unlock(&e->mutex);
        return NULL; /* still counted: the queued task */
    case TASK_PARKED:
        slot->state = SLOT_PARKED;
        break;
    case TASK_LIMITED:
        slot->state = SLOT_LIMITED;
        e->suspended = true;
        break;
    case TASK_FINISHED:
        task_drop(e, slot);
        break;
    case TASK_FAILED:
        task_drop(e, slot);
        keep_error(e, slot);
        break;
    }
    bool last = e->active == 0 && !e->stopping;
    if (last && e->failed)
        e->phase = PHASE_FAILED;
    bool carry = last && !e->failed;
    if (end == TASK_FINISHED && !last)
        wake = false;
    pthread_mutex_unlock(&e->mutex);
    if (carry)
        return carry_on(e, stack_end, in_session);
    thread_leave(e, wake && !in_session);
    return NULL;
}

void slot_run(Slot *slot, const u8 *stack_end)
{
    Execution *e = slot->execution;
    pthread_mutex_lock(&e->mutex);
    bool run = !e->failed && !e->stopping;
    slot->state = SLOT_RUNNING;
    slot->resumed = atomic_load(&e->resumes);
    pthread_mutex_unlock(&e->mutex);
    TaskEnd end = run ? run_quantum(slot, POOL_STEPS, stack_end) : TASK_FINISHED;
    task_end(slot, end, stack_end, false);
}

void session_run(Slot *slot, const u8 *stack_end)
{
    while (slot) {
        slot->resumed = atomic_load(&slot->execution->resumes);
        TaskEnd end = run_quantum(slot, SESSION_STEPS, stack_end);
        slot = task_end(slot, end, stack_end, true);
    }
}

/* ---- from the session thread ---- */

Slot *schedule_begin(Execution *e, const u8 *stack_end)
{
    pthread_mutex_lock(&e->mutex);
    e->phase = PHASE_RUNNING;
    e->busy++;
    e->pipeline = -1;
    pthread_mutex_unlock(&e->mutex);
    return carry_on(e, stack_end, true);
}

Slot *schedule_continue(Execution *e)
{
    Slot *here = NULL;
    pthread_mutex_lock(&e->mutex);
    e->suspended = false;
    for (i32 i = 0; i < e->slot_count; i++) {
        if (e->slots[i].state != SLOT_LIMITED)
            continue;
        assert(!here);
        here = &e->slots[i];
        here->state = SLOT_RUNNING;
        e->busy++;
    }
    pthread_mutex_unlock(&e->mutex);
    return here;
}

void execution_resume(Execution *e)
{
    atomic_fetch_add(&e->resumes, 1);
    pthread_mutex_lock(&e->mutex);
    for (i32 i = 0; i < e->slot_count; i++) {
        if (e->slots[i].state != SLOT_PARKED)
            continue;
        e->busy++;
        slot_queue(e, &e->slots[i]);
    }
    pthread_mutex_unlock(&e->mutex);
}
