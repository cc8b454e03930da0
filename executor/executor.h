/* SPDX-License-Identifier: Apache-2.0
 *
 * The executor's public face: open a plan, run it, close it. The seam where another executor could
 * be put. One way of a query: simple, extended, cursors and EXPLAIN ANALYZE all come through here.
 *
 * Ownership law: execution_open makes an Execution in q's arena that closes with it (or earlier
 * with execution_close); everything in ExecutionInput outlives it.
 */
#ifndef GOTGAN_EXECUTOR_H
#define GOTGAN_EXECUTOR_H

#include "base/buffer.h"
#include "base/stream.h"
#include "executor/operator.h"

/* The pool of worker threads, one per process. */
typedef struct WorkerPool WorkerPool;
must_check bool worker_pool_open(WorkerPool **pool, i32 workers, Error *error);
/* Waits until running morsels have returned. */
void worker_pool_close(WorkerPool *pool);
i32 worker_pool_size(const WorkerPool *pool);
/* A worker is about to block, and is back: meanwhile another thread runs in its stead. */
void worker_pool_leave(WorkerPool *pool);
void worker_pool_return(WorkerPool *pool);

/* Where the rows go: a sink run by workers. state is the operator's shared state. */
typedef struct ResultSink {
    const OperatorKind *kind;
    void *state;
} ResultSink;

typedef struct ExecutionInput {
    WorkerPool *pool;
    i32 workers; /* at most so many at once (SET gotgan.workers); 0: all */
    const Snapshot *snapshot;
    Transaction *transaction; /* NULL: read only */
    const Value *parameters;
    i32 parameter_count;
    const Environment *env;
    const CatalogView *catalog; /* for functions and DDL */
    const ByteSource *source;   /* COPY FROM; NULL: none */
    ResultSink sink;
    /* PLAN_COMMAND: called on the thread that calls execution_run. Rows go into sink. */
    void (*command)(Query *q, const PlanTree *plan, const ResultSink *sink, void *command_state);
    void *command_state;
    void (*wake)(void *wake_argument); /* progress: call execution_run again; any thread */
    void *wake_argument;
    PlanCounters *counters; /* one per node (EXPLAIN ANALYZE); NULL: do not count */
    bool keep_rows;         /* all rows are computed and kept before the first goes into sink */
    bool watched;           /* by the session thread, for a timeout: nothing runs on it */
} ExecutionInput;

typedef enum RunState {
    RUN_BUSY,      /* workers are at it, or wait for room or a lock: wake will be called */
    RUN_SUSPENDED, /* the row limit was reached; more may come */
    RUN_DONE,
} RunState;

Execution *execution_open(Query *q, PlanTree *plan, const ExecutionInput *input);
/* Never blocks; throws the first error of a worker. rows: give out at most so many, 0: all. A
 * plan with one morsel of work is run right here, unless it is watched. */
RunState execution_run(Query *q, Execution *execution, i64 rows);
/* Room again in the sink, or bytes again in the source: parked runs are queued. Any thread. */
void execution_resume(Execution *execution);
/* Rows inserted, updated, deleted or copied; for queries, and when rows are kept: rows given to the
 * sink. */
i64 execution_rows(const Execution *execution);
/* Stops workers (raising the interrupt if they still run), waits for the morsels under way, frees
 * everything. */
void execution_close(Execution *execution);
/* It failed (40001) since a row it had to lock has changed; with a newer snapshot it may succeed.
 */
bool execution_is_stale(const Execution *execution);

/* ---- copy: rows as text or csv over bytes ---- */

/* A sink that writes rows as COPY data into a byte sink; open one per execution. */
typedef struct CopyOut CopyOut;
CopyOut *copy_out_open(Query *q, const CopyOptions *options, const PlanColumn *columns,
                       const Text *names, i32 count, const FormatSettings *format, ByteSink to);
ResultSink copy_out_sink(CopyOut *copy);

/* ---- DDL: called from server/command.c for the DDL kinds of PLAN_COMMAND ----
 * wait: how the session thread waits for a ticket (connection_wait; tests poll). */
typedef void (*TicketWait)(void *state, Query *q, Ticket *ticket);
void ddl_run(Query *q, const PlanTree *plan, const ExecutionInput *input, TicketWait wait,
             void *wait_state);

#endif
