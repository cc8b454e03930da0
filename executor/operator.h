/* SPDX-License-Identifier: Apache-2.0
 *
 * OperatorKind: one kind of operator: a source makes chunks, a transform turns one chunk into
 * others, a sink swallows them. A pipeline is source -> transforms -> sink; pipelines depend on
 * each other (a build before its probe).
 *
 * shared is one per query and operator, local one per worker, both zeroed and in arenas the
 * execution owns. The Plan is read-only. No operator ever sleeps: on FULL the worker parks the
 * pipeline's run and takes other work; whoever makes room queues it again. Between FULL and resume
 * no pin, mutex or trap is held except pins the run owns. Functions throw through w->q.
 */
#ifndef GOTGAN_OPERATOR_H
#define GOTGAN_OPERATOR_H

#include "planner/plan.h"

typedef struct Execution Execution;

/* What an operator function sees of the worker that runs it. */
typedef struct Worker {
    Query *q; /* of this task: its arena lives as long as the execution */
    Execution *execution;
    i32 index; /* 0..workers-1: which local state */
} Worker;

typedef enum Step {
    STEP_NEXT, /* source: out has rows; transform: out has what there was, give me the next input */
    STEP_MORE, /* transform: out has rows, call again with the same input */
    STEP_FULL, /* nothing ready now, or took it but stop for now */
    STEP_DONE, /* source: no more; transform, sink: want no more */
} Step;

typedef struct OperatorKind {
    const char *name; /* as EXPLAIN prints it */
    size_t shared_size, local_size;
    void (*open)(Worker *w, const Plan *plan, void *shared); /* once, before workers start */
    Step (*source)(Worker *w, void *shared, void *local, Chunk *out);
    Step (*transform)(Worker *w, void *shared, void *local, const Chunk *in, Chunk *out);
    Step (*sink)(Worker *w, void *shared, void *local, const Chunk *in);
    void (*merge)(Worker *w, void *shared, void *local); /* once per worker, after its last chunk */
    void (*finish)(Worker *w, void *shared);             /* once, alone, after all merges */
    bool (*reclaim)(Worker *w, void *shared, u64 bytes); /* give memory back; NULL: cannot yet */
} OperatorKind;

#endif
