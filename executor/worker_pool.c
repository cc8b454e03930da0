/* SPDX-License-Identifier: Apache-2.0
 *
 * The pool: N threads that run tasks, a quantum at a time, fairly between executions.
 *
 * Runnable executions stand in a circle; a thread takes the first, runs one of its queued tasks for
 * a quantum and, when it has more, puts it at the end: a statement with many tasks gets no more
 * turns than one with a single task. All queues are intrusive lists under one mutex that is held
 * for a few pointer moves only; the mutex of an execution may be held when the pool's is taken,
 * never the other way round.
 *
 * A thread that has to block tells so with worker_pool_leave: then another one, started when there
 * is none, runs in its stead. Never more tasks run at once than the pool has workers, but for the
 * moment in which one comes back.
 *
 * Memory: the pool lives in an arena of its own that no budget counts (process start). Threads
 * reserve 8 MB of stack.
 */
#include "base/stack.h"
#include "executor/execution.h"

enum { STACK_BYTES = 8 << 20, STACK_KEEP = 256 << 10, WORKERS_MAX = 1024 };

struct WorkerPool {
    Arena arena;
    pthread_mutex_t mutex;
    pthread_cond_t work;
    Execution *first, *last; /* executions with queued tasks */
    bool stop;
    i32 workers;        /* tasks that may run at once */
    i32 running, away;  /* threads with a task: at work, and blocked */
    pthread_t *threads; /* WORKERS_MAX */
    i32 count;          /* threads there are */
};

/* Mutex held: the execution's turn comes after all others'. */
static void circle_append(WorkerPool *pool, Execution *e)
{
    e->pool_next = NULL;
    if (pool->last)
        pool->last->pool_next = e;
    else
        pool->first = e;
    pool->last = e;
}

void worker_pool_queue(WorkerPool *pool, Slot *slot)
{
    Execution *e = slot->execution;
    pthread_mutex_lock(&pool->mutex);
    slot->next = NULL;
    if (e->queue_last) {
        e->queue_last->next = slot;
    } else {
        e->queue_first = slot;
        circle_append(pool, e);
    }
    e->queue_last = slot;
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
}

/* Mutex held: takes the first execution's first task, and puts it at the end if it has more. */
static Slot *queue_take(WorkerPool *pool)
{
    Execution *e = pool->first;
    pool->first = e->pool_next;
    if (!pool->first)
        pool->last = NULL;
    Slot *slot = e->queue_first;
    e->queue_first = slot->next;
    if (e->queue_first)
        circle_append(pool, e);
    else
        e->queue_last = NULL;
    return slot;
}

/* The next task in turn, or NULL when the pool closes. */
static Slot *pool_take(WorkerPool *pool, bool after_another)
{
    pthread_mutex_lock(&pool->mutex);
    pool->running -= after_another;
    while ((!pool->first || pool->running >= pool->workers) && !pool->stop)
        pthread_cond_wait(&pool->work, &pool->mutex);
    Slot *slot = pool->first ? queue_take(pool) : NULL;
    pool->running += slot != NULL;
    pthread_mutex_unlock(&pool->mutex);
    return slot;
}

static void *thread_main(void *argument)
{
    WorkerPool *pool = argument;
    const u8 *stack_end = stack_lowest() + STACK_KEEP;
    Slot *slot = pool_take(pool, false);
    for (; slot; slot = pool_take(pool, true))
        slot_run(slot, stack_end);
    return NULL;
}

static bool thread_start(WorkerPool *pool, Error *error)
{
    pthread_attr_t attributes;
    int failed = pthread_attr_init(&attributes);
    if (!failed) {
        failed = pthread_attr_setstacksize(&attributes, STACK_BYTES);
        if (!failed)
            failed = pthread_create(&pool->threads[pool->count], &attributes, thread_main, pool);
        pthread_attr_destroy(&attributes);
    }
    if (failed)
        return error_set(error, E_INSUFFICIENT_RESOURCES, "could not start a worker thread");
    pool->count++;
    return true;
}

bool worker_pool_open(WorkerPool **out, i32 workers, Error *error)
{
    assert(workers > 0 && workers <= WORKERS_MAX);
    Arena arena;
    arena_open(&arena, NULL);
    WorkerPool *pool = arena_try(&arena, (i64)sizeof *pool, error);
    i64 bytes = WORKERS_MAX * (i64)sizeof(pthread_t);
    pthread_t *threads = pool ? arena_try(&arena, bytes, error) : NULL;
    if (!threads) {
        arena_close(&arena);
        return false;
    }
    pool->arena = arena;
    pool->workers = workers;
    pool->threads = threads;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->work, NULL);
    for (i32 i = 0; i < workers; i++) {
        if (!thread_start(pool, error)) {
            worker_pool_close(pool);
            return false;
        }
    }
    *out = pool;
    return true;
}

void worker_pool_close(WorkerPool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    pool->stop = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
    for (i32 i = 0; i < pool->count; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->mutex);
    Arena arena = pool->arena;
    arena_close(&arena);
}

i32 worker_pool_size(const WorkerPool *pool)
{
    return pool->workers;
}

void worker_pool_leave(WorkerPool *pool)
{
    Error ignored; /* without another thread the others have more to do */
    pthread_mutex_lock(&pool->mutex);
    pool->running--;
    pool->away++;
    bool all_busy = pool->count == pool->running + pool->away;
    bool started = all_busy && pool->count < WORKERS_MAX && thread_start(pool, &ignored);
    (void)started;
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
}

void worker_pool_return(WorkerPool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    pool->running++;
    pool->away--;
    pthread_mutex_unlock(&pool->mutex);
}
