/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of an Execution: operators, pipelines, stages and tasks. Private to executor/.
 *
 * A pipeline is source -> transforms -> sink. Pipelines that feed one sink form a stage; stages run
 * one after the other in an order that puts a build before its probe, a common table expression
 * before its readers and both inputs before a set operation; so do the pipelines inside a stage.
 * Inside a pipeline up to execution_workers() tasks run at once, each with its own slot: a Query,
 * an arena, and one local state in each operator. When the last task of a stage has ended, merge
 * runs once per slot and finish once, alone.
 *
 * Ownership law: everything lives in the arenas of the slots or of the statement; the mutex guards
 * what the comment of a field says, all else belongs to the task that runs.
 */
#ifndef GOTGAN_EXECUTION_H
#define GOTGAN_EXECUTION_H

#include <pthread.h>

#include "executor/executor.h"
#include "expressions/eval.h"

typedef struct Operator {
    const OperatorKind *kind;
    const Plan *plan; /* NULL: the result sink, or the writer of a common table expression */
    void *shared;
    void **locals; /* per slot; NULL: not used there yet */
    bool opened;
    bool merged;         /* this stage's merge and finish have run */
    i32 morsels;         /* of a source: pieces of work, told by execution_set_morsels */
    _Atomic bool closed; /* said DONE: everything above may stop */
} Operator;

typedef struct Pipeline {
    Operator **operators; /* source, transforms, sink */
    i32 count;
    bool serial; /* one task only */
} Pipeline;

typedef struct Stage {
    Operator *sink;
    Pipeline *pipelines;
    i32 count, capacity;
} Stage;

/* Where a pipeline's task is: everything needed to go on after FULL. */
typedef struct PipelineRun {
    Pipeline *pipeline;
    Chunk *outs;          /* what operator i gave last; of all but the sink */
    bool *more;           /* transform i wants the same input again */
    bool source_done;     /* nothing more from the source */
    const Chunk *pending; /* rows on their way into the sink; NULL: none */
    i32 sent;             /* rows of pending the sink has (row limit) */
    Selection slice;      /* the rows of pending it gets next */
    u16 *slice_rows;
} PipelineRun;

typedef enum TaskEnd {
    TASK_AGAIN,    /* quantum over */
    TASK_PARKED,   /* FULL: wait for execution_resume */
    TASK_LIMITED,  /* the row limit is reached */
    TASK_FINISHED, /* no more input */
    TASK_FAILED,   /* threw: error in the slot's Query */
} TaskEnd;

typedef enum SlotState {
    SLOT_IDLE,
    SLOT_QUEUED,
    SLOT_RUNNING,
    SLOT_PARKED,
    SLOT_LIMITED
} SlotState;

/* Rows that a stage with an UPDATE or DELETE found changed by others: it runs once more for them.
 */
typedef struct RecheckRows {
    const Plan *modify; /* NULL: there are none */
    const Plan *scan;   /* the scan of its target, while that stage runs again */
    RowId *rows;
    i32 count, capacity;
} RecheckRows;

typedef struct Slot Slot;
struct Slot {
    Execution *execution;
    Worker worker;
    Query q;
    Arena arena;
    Pipeline *assigned; /* what the next quantum works on */
    PipelineRun run;
    SlotState state; /* mutex */
    u32 resumed;     /* Execution.resumes when the quantum began */
    Slot *next;      /* pool's queue */
};

typedef enum Phase { PHASE_NEW, PHASE_RUNNING, PHASE_DONE, PHASE_FAILED } Phase;

struct Execution {
    Query *q; /* the session thread's */
    PlanTree *tree;
    ExecutionInput input;
    Stage *stages;
    i32 stage_count;
    Operator **by_number; /* per plan node */
    Operator **ctes;      /* the writers; the last one keeps the rows of the root (keep_rows) */
    Operator *result;     /* the sink of the last stage */
    Slot *slots;
    i32 slot_count;
    bool limited;  /* a row limit was given: one task into the result */
    bool closed;   /* execution_close ran */
    i64 row_limit; /* rows_given at which to suspend */
    bool in_call;  /* an execution_run has answered BUSY */
    _Atomic i64 rows_given, rows_changed;
    _Atomic bool stale;  /* failed since a row to lock has changed: a newer snapshot may do */
    RecheckRows recheck; /* of the stage at its end: nobody else runs */

    pthread_mutex_t mutex;
    pthread_cond_t quiet; /* signalled when busy falls to 0 */
    Phase phase;          /* mutex */
    i32 stage, pipeline;  /* mutex: what runs now */
    i32 active;           /* mutex: tasks of the pipeline that have not ended */
    i32 busy;             /* mutex: tasks queued or running, and stage ends under way */
    bool stopping;        /* mutex: queued tasks end instead of running */
    bool suspended;       /* mutex: the row limit was reached */
    _Atomic u32 resumes;  /* counts execution_resume */
    Error error;          /* mutex: the first */
    bool failed;          /* mutex: error is set */

    Execution *pool_next; /* pool's mutex */
    Slot *queue_first, *queue_last;
};

/* ---- for operators ---- */
static inline const ExecutionInput *worker_input(const Worker *w)
{
    return &w->execution->input;
}
/* How many slots there may be: sizes of per-slot arrays. */
static inline i32 execution_workers(const Execution *execution)
{
    return execution->slot_count;
}
/* An evaluator with the statement's parameters and environment, in the worker's arena. */
Evaluator *worker_evaluator(Worker *w, const Program *program);
/* A value without columns: a bound, a LIMIT. */
Value worker_value(Worker *w, Expr *expr);
/* Opens an arena on the statement's budget that closes with the worker's. */
void worker_arena(Worker *w, Arena *arena);
/* Opens a buffer likewise. */
void worker_buffer(Worker *w, Buffer *buffer);
/* How many pieces of work the source that owns `shared` can hand out at once. */
void execution_set_morsels(Worker *w, const void *shared, i64 morsels);
/* Shared state of a plan node; NULL: there is none. */
void *execution_shared(const Worker *w, i32 plan_number);
void *execution_cte(const Worker *w, i32 cte);
/* Counts changed rows when plan is the node whose rows the statement's tag counts. */
void execution_count_rows(Worker *w, const Plan *plan, i64 rows);
/* Arms a ticket so that it resumes the execution. */
void execution_arm_ticket(Worker *w, Ticket *ticket);
/* Adds to the plan node's counters; plan NULL or no counters: nothing. */
void execution_count_removed(Worker *w, const Plan *plan, i64 rows);
void execution_count_memory(Worker *w, const Plan *plan, i64 bytes);
void execution_count_buckets(Worker *w, const Plan *plan, i64 buckets);

/* At the end of a stage: rows of the modify node's target to look at again. */
void execution_recheck(Worker *w, const Plan *modify, const RowId *rows, i32 count);

/* ---- pipeline.c ---- */
void pipelines_make(Query *q, Execution *execution);
/* Stages for the rows of execution->recheck, put behind the stage that runs now: the pipeline of
 * the modify node made anew, into the same modify operator and sink. */
void pipelines_recheck(Query *q, Execution *execution);

/* ---- pipeline_run.c ---- */
/* Runs at most `steps` chunks of slot->assigned; stack_end: of the calling thread. */
TaskEnd run_quantum(Slot *slot, i32 steps, const u8 *stack_end);

/* ---- schedule.c ---- */
/* A worker thread: runs a queued slot for one quantum. */
void slot_run(Slot *slot, const u8 *stack_end);
/* Starts the first pipeline, or goes on after a row limit. Returns the task the caller shall run
 * itself with session_run, or NULL when the pool has it. */
Slot *schedule_begin(Execution *e, const u8 *stack_end);
Slot *schedule_continue(Execution *e);
void session_run(Slot *slot, const u8 *stack_end);

/* ---- worker_pool.c ---- */
void worker_pool_queue(WorkerPool *pool, Slot *slot);

#endif
