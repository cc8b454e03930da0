/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening, running and closing an execution, and what operators may ask of it.
 *
 * execution_run works for a bounded time on the calling thread or finds out how far the workers
 * are; it never waits. execution_close stops workers and waits for their morsels. A PLAN_COMMAND
 * has no pipelines: its run is the call input->command.
 *
 * Memory: operators' shared states in the statement's arena, everything else in one arena per slot
 * on the statement's budget, closed together.
 */
#include "executor/execution.h"

static void execution_free(void *thing)
{
    Execution *e = thing;
    execution_close(e);
    pthread_cond_destroy(&e->quiet);
    pthread_mutex_destroy(&e->mutex);
}

static void slots_make(Query *q, Execution *e)
{
    i32 size = e->input.pool ? worker_pool_size(e->input.pool) : 1;
    e->slot_count = e->input.workers > 0 ? (i32)min_i64(e->input.workers, size) : size;
    if (e->tree->serial)
        e->slot_count = 1;
    e->slots = make_array(q, Slot, e->slot_count);
    for (i32 i = 0; i < e->slot_count; i++) {
        Slot *slot = &e->slots[i];
        slot->execution = e;
        arena_open(&slot->arena, &q->control->budget);
        slot->q = (Query){.arena = &slot->arena, .control = q->control, .stack_end = q->stack_end};
        slot->worker = (Worker){&slot->q, e, i};
    }
}

Execution *execution_open(Query *q, PlanTree *plan, const ExecutionInput *input)
{
    Execution *e = make(q, Execution);
    e->q = q;
    e->tree = plan;
    e->input = *input;
    pthread_mutex_init(&e->mutex, NULL);
    pthread_cond_init(&e->quiet, NULL);
    query_defer(q, q->arena, execution_free, e);
    if (plan->root->kind == PLAN_COMMAND)
        return e;
    slots_make(q, e);
    pipelines_make(q, e);
    return e;
}

static RunState run_command(Query *q, Execution *e)
{
    if (e->phase == PHASE_NEW) {
        e->phase = PHASE_DONE;
        e->input.command(q, e->tree, &e->input.sink, e->input.command_state);
    }
    return RUN_DONE;
}

/* How far it is; throws the first error once every task has stopped. */
static RunState run_state(Query *q, Execution *e)
{
    pthread_mutex_lock(&e->mutex);
    Phase phase = e->phase;
    bool suspended = e->suspended;
    pthread_mutex_unlock(&e->mutex);
    e->in_call = phase == PHASE_RUNNING && !suspended;
    if (phase == PHASE_FAILED)
        query_rethrow(q, &e->error);
    if (phase == PHASE_DONE)
        return RUN_DONE;
    return suspended ? RUN_SUSPENDED : RUN_BUSY;
}

RunState execution_run(Query *q, Execution *e, i64 rows)
{
    assert(!e->closed);
    if (e->tree->root->kind == PLAN_COMMAND)
        return run_command(q, e);
    if (!e->in_call) {
        bool fresh = e->phase == PHASE_NEW;
        if (fresh)
            e->limited = rows > 0;
        e->row_limit = rows > 0 ? atomic_load(&e->rows_given) + rows : INT64_MAX;
        session_run(fresh ? schedule_begin(e, q->stack_end) : schedule_continue(e), q->stack_end);
    }
    return run_state(q, e);
}

i64 execution_rows(const Execution *e)
{
    bool changed = e->tree->changes && !e->input.keep_rows;
    return atomic_load(changed ? &e->rows_changed : &e->rows_given);
}

void execution_close(Execution *e)
{
    if (e->closed)
        return;
    pthread_mutex_lock(&e->mutex);
    e->stopping = true;
    if (e->busy > 0)
        query_interrupt(e->q->control, INTERRUPT_SIBLING_FAILED);
    while (e->busy > 0)
        pthread_cond_wait(&e->quiet, &e->mutex);
    e->closed = true;
    pthread_mutex_unlock(&e->mutex);
    /* It was meant for these workers: the session's next statement has the same control. */
    u32 why = INTERRUPT_SIBLING_FAILED;
    atomic_compare_exchange_strong(&e->q->control->interrupt, &why, INTERRUPT_NONE);
    for (i32 i = e->slot_count - 1; i >= 0; i--)
        arena_close(&e->slots[i].arena);
}

/* ---- for operators ---- */

Evaluator *worker_evaluator(Worker *w, const Program *program)
{
    const ExecutionInput *input = worker_input(w);
    return evaluator_open(w->q, w->q->arena, program, input->env, input->parameters,
                          input->parameter_count);
}

Value worker_value(Worker *w, Expr *expr)
{
    const ExecutionInput *input = worker_input(w);
    return evaluate_once(w->q, w->q->arena, expr, input->env, input->parameters,
                         input->parameter_count);
}

static void close_arena(void *arena)
{
    arena_close(arena);
}

void worker_arena(Worker *w, Arena *arena)
{
    arena_open(arena, w->q->arena->budget);
    query_defer(w->q, w->q->arena, close_arena, arena);
}

static void close_buffer(void *buffer)
{
    buffer_close(buffer);
}

void worker_buffer(Worker *w, Buffer *buffer)
{
    buffer_open(buffer, w->q->arena->budget);
    query_defer(w->q, w->q->arena, close_buffer, buffer);
}

void execution_set_morsels(Worker *w, const void *shared, i64 morsels)
{
    Execution *e = w->execution;
    i32 told = (i32)min_i64(morsels, INT32_MAX);
    for (i32 s = 0; s < e->stage_count; s++)
        for (i32 p = 0; p < e->stages[s].count; p++)
            if (e->stages[s].pipelines[p].operators[0]->shared == shared)
                e->stages[s].pipelines[p].operators[0]->morsels = told;
}

void *execution_shared(const Worker *w, i32 plan_number)
{
    const Execution *e = w->execution;
    assert(plan_number >= 0 && plan_number < e->tree->node_count);
    Operator *op = e->by_number[plan_number];
    return op ? op->shared : NULL;
}

void *execution_cte(const Worker *w, i32 cte)
{
    assert(cte >= 0 && cte <= w->execution->tree->cte_count);
    return w->execution->ctes[cte]->shared;
}

void execution_count_rows(Worker *w, const Plan *plan, i64 rows)
{
    if (plan == w->execution->tree->changes)
        atomic_fetch_add(&w->execution->rows_changed, rows);
}

void execution_recheck(Worker *w, const Plan *modify, const RowId *rows, i32 count)
{
    RecheckRows *recheck = &w->execution->recheck;
    if (count == 0)
        return;
    if (recheck->modify != modify)
        *recheck = (RecheckRows){.modify = modify};
    if (recheck->count + count > recheck->capacity) {
        recheck->capacity = (recheck->count + count) * 2;
        RowId *more = make_array(w->q, RowId, recheck->capacity);
        if (recheck->count)
            memcpy(more, recheck->rows, (size_t)recheck->count * sizeof *more);
        recheck->rows = more;
    }
    memcpy(recheck->rows + recheck->count, rows, (size_t)count * sizeof *rows);
    recheck->count += count;
}

static void resume_execution(void *argument)
{
    execution_resume(argument);
}

void execution_arm_ticket(Worker *w, Ticket *ticket)
{
    *ticket = (Ticket){.state = TICKET_IDLE};
    ticket->wake = resume_execution;
    ticket->argument = w->execution;
}

void execution_count_removed(Worker *w, const Plan *plan, i64 rows)
{
    PlanCounters *counters = w->execution->input.counters;
    if (counters && plan && rows)
        atomic_fetch_add_explicit(&counters[plan->number].rows_removed, rows, memory_order_relaxed);
}

void execution_count_memory(Worker *w, const Plan *plan, i64 bytes)
{
    PlanCounters *counters = w->execution->input.counters;
    if (counters && plan)
        atomic_fetch_add_explicit(&counters[plan->number].memory_bytes, bytes,
                                  memory_order_relaxed);
}

void execution_count_buckets(Worker *w, const Plan *plan, i64 buckets)
{
    PlanCounters *counters = w->execution->input.counters;
    if (counters && plan)
        atomic_store_explicit(&counters[plan->number].buckets, buckets, memory_order_relaxed);
}

bool execution_is_stale(const Execution *e)
{
    return atomic_load(&e->stale);
}
