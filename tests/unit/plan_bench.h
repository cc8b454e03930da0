/* SPDX-License-Identifier: Apache-2.0
 *
 * A workbench for tests of the executor: plans built by hand, run to the end on a pool, rows
 * collected as text lines that a test compares with its own computation.
 */
#ifndef GOTGAN_PLAN_BENCH_H
#define GOTGAN_PLAN_BENCH_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/text.h"
#include "executor/executor.h"
#include "memory_table.h"
#include "types/text_out.h"

typedef struct Bench {
    Query q;
    Arena arena, lines_arena;
    QueryControl control;
    WorkerPool *pool;
    PlanTree tree;
    char **lines;
    i32 line_count, line_capacity;
    i32 full_every; /* the sink says FULL after every so many chunks */
    i32 chunks_seen;
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    bool woken;
    Execution *running;
    const ByteSource *source;
    i64 rows;              /* execution_rows of the last run */
    MemoryTable *waits_on; /* its ticket is granted whenever the run is busy */
    i32 suspensions;
} Bench;

static inline void bench_open(Bench *b, i32 workers)
{
    *b = (Bench){.line_count = 0};
    Error error;
    budget_open(&b->control.budget, NULL, 0, "query");
    arena_open(&b->arena, &b->control.budget);
    arena_open(&b->lines_arena, NULL);
    query_open(&b->q, &b->arena, &b->control);
    pthread_mutex_init(&b->mutex, NULL);
    pthread_cond_init(&b->cond, NULL);
    verify(worker_pool_open(&b->pool, workers, &error));
}
static inline void bench_close(Bench *b)
{
    arena_close(&b->arena);
    budget_close(&b->control.budget);
    arena_close(&b->lines_arena);
    worker_pool_close(b->pool);
    pthread_cond_destroy(&b->cond);
    pthread_mutex_destroy(&b->mutex);
}

/* ---- rows out ---- */

static inline void bench_line(Bench *b, const char *line)
{
    Error error;
    if (b->line_count == b->line_capacity) {
        i32 capacity = b->line_capacity ? b->line_capacity * 2 : 256;
        char **lines = arena_try(&b->lines_arena, capacity * (i64)sizeof(char *), &error);
        verify(lines);
        if (b->line_count)
            memcpy(lines, b->lines, (size_t)b->line_count * sizeof(char *));
        b->lines = lines;
        b->line_capacity = capacity;
    }
    Text copy;
    verify(arena_text(&b->lines_arena, text_from(line), &copy, &error));
    b->lines[b->line_count++] = (char *)(uintptr_t)copy.data;
}

static inline Step bench_sink(Worker *w, void *shared, void *local, const Chunk *in)
{
    Bench *b = shared;
    static const FormatSettings format = {.extra_float_digits = 1};
    Arena scratch;
    arena_open(&scratch, NULL);
    pthread_mutex_lock(&b->mutex);
    for (i32 i = 0; i < in->column_count; i++)
        verify(vector_load(&in->columns[i], in->sel, in->n, &w->q->error));
    for (i32 i = 0; i < chunk_rows(in); i++) {
        char line[1024];
        i32 len = 0;
        for (i32 c = 0; c < in->column_count; c++) {
            Value value = vector_value(&in->columns[c], chunk_position(in, i));
            Text text = TEXT("NULL");
            if (!value.null)
                verify(text_out_value(in->columns[c].type, &value, &format, &scratch, &text,
                                      &w->q->error));
            len += snprintf(line + len, sizeof line - (size_t)len, "%s%.*s", c ? "|" : "",
                            TEXT_ARG(text));
        }
        line[len] = 0;
        bench_line(b, line);
    }
    bool full = b->full_every && ++b->chunks_seen % b->full_every == 0;
    pthread_mutex_unlock(&b->mutex);
    arena_close(&scratch);
    return full ? STEP_FULL : STEP_NEXT;
}
static const OperatorKind bench_operator = {.name = "Bench", .sink = bench_sink};

static inline void bench_wake(void *argument)
{
    Bench *b = argument;
    pthread_mutex_lock(&b->mutex);
    b->woken = true;
    pthread_cond_signal(&b->cond);
    pthread_mutex_unlock(&b->mutex);
}

/* ---- running ---- */

typedef struct BenchRun {
    Bench *bench;
    i64 row_limit;
    i32 workers;
} BenchRun;

static inline void bench_wait(Bench *b)
{
    pthread_mutex_lock(&b->mutex);
    while (!b->woken)
        pthread_cond_wait(&b->cond, &b->mutex);
    b->woken = false;
    pthread_mutex_unlock(&b->mutex);
}

static inline void bench_body(void *argument)
{
    BenchRun *run = argument;
    Bench *b = run->bench;
    ExecutionInput input = {.pool = b->pool,
                            .workers = run->workers,
                            .source = b->source,
                            .sink = {&bench_operator, b},
                            .wake = bench_wake,
                            .wake_argument = b};
    b->running = execution_open(&b->q, &b->tree, &input);
    RunState state;
    while ((state = execution_run(&b->q, b->running, run->row_limit)) != RUN_DONE) {
        if (state == RUN_SUSPENDED) {
            b->suspensions++;
            continue;
        }
        if (b->waits_on && b->waits_on->waiting) {
            Ticket *ticket = b->waits_on->waiting;
            b->waits_on->waiting = NULL;
            ticket_grant(ticket);
        }
        execution_resume(b->running); /* the sink has room again */
        bench_wait(b);
    }
    b->rows = execution_rows(b->running);
}

/* Runs plan; the lines stand in b->lines. False: it threw, see b->q.error. */
static inline bool bench_run(Bench *b, Plan *plan, i64 row_limit, i32 workers)
{
    b->tree.root = plan;
    b->tree.node_count = 64;
    b->line_count = 0;
    b->woken = false;
    b->control.interrupt = INTERRUPT_NONE;
    BenchRun run = {b, row_limit, workers};
    bool good = query_try(&b->q, bench_body, &run);
    if (b->running)
        execution_close(b->running);
    return good;
}

static inline int line_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}
static inline void bench_sort(Bench *b)
{
    if (b->line_count)
        qsort(b->lines, (size_t)b->line_count, sizeof(char *), line_order);
}

/* ---- building plans ---- */

static inline Plan *bench_plan(Bench *b, PlanKind kind, Plan *left, Plan *right)
{
    Plan *plan = make(&b->q, Plan);
    plan->kind = kind;
    plan->inputs[0] = left;
    plan->inputs[1] = right;
    plan->input_count = (left != NULL) + (right != NULL);
    i32 highest = -1;
    if (left)
        highest = left->number;
    if (right && right->number > highest)
        highest = right->number;
    plan->number = highest + 1;
    return plan;
}
static inline void bench_columns(Bench *b, Plan *plan, i32 count, const u32 *types)
{
    plan->column_count = count;
    plan->columns = make_array(&b->q, PlanColumn, count);
    for (i32 i = 0; i < count; i++) {
        plan->columns[i].type = type_of(types[i]);
        plan->columns[i].lane = type_lane(plan->columns[i].type);
    }
}
static inline Plan *bench_scan(Bench *b, MemoryTable *table, i32 number)
{
    Plan *plan = bench_plan(b, PLAN_SCAN, NULL, NULL);
    plan->number = number;
    plan->scan.access = &memory_access;
    plan->scan.relation = (u64)(uintptr_t)table;
    plan->scan.column_count = table->column_count;
    plan->scan.columns = make_array(&b->q, ScanColumn, table->column_count);
    u32 types[MEMORY_COLUMNS];
    for (i32 i = 0; i < table->column_count; i++) {
        types[i] = table->types[i].oid;
        plan->scan.columns[i] =
            (ScanColumn){.id = (u32)i + 1, .type = table->types[i], .lane = table->lanes[i]};
    }
    bench_columns(b, plan, table->column_count, types);
    return plan;
}
static inline Expr *bench_column(Bench *b, const Plan *input, i32 column)
{
    return expr_column(&b->q, column, input->columns[column].type, input->columns[column].lane, -1);
}
static inline Expr *bench_constant(Bench *b, u32 type, i64 integer)
{
    Value value = {.lane = type_lane(type_of(type)), .integer = integer};
    return expr_constant(&b->q, type_of(type), &value, -1);
}
/* a <symbol> b for two operands of one type. */
static inline Expr *bench_call(Bench *b, const char *symbol, Expr *left, Expr *right)
{
    const FunctionRow *row = NULL;
    while ((row = operator_next(text_from(symbol), row)) != NULL)
        if (row->argument_count == 2 && row->arguments[0] == left->type.oid &&
            row->arguments[1] == right->type.oid)
            break;
    verify(row);
    Expr *args[2] = {left, right};
    return expr_call(&b->q, row, args, 2, type_of(row->result), -1);
}
static inline ExprList bench_list(Bench *b, i32 count, ...)
{
    Expr *items[16];
    va_list arguments;
    va_start(arguments, count);
    for (i32 i = 0; i < count; i++)
        items[i] = va_arg(arguments, Expr *);
    va_end(arguments);
    return expr_list(&b->q, items, count);
}
static inline Value bench_int(u32 type, i64 integer)
{
    return (Value){.lane = type_lane(type_of(type)), .integer = integer};
}
static inline Value bench_text(const char *text)
{
    return (Value){.lane = lane_of(LANE_STR), .str = str_from_text(text_from(text))};
}
static inline Value bench_null(u32 type)
{
    return value_null(type_lane(type_of(type)));
}

#endif
