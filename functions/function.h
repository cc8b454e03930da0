/* SPDX-License-Identifier: Apache-2.0
 *
 * Every SQL function, operator, cast and aggregate: one table row each, and the kernels behind
 * them.
 *
 * A row says what SQL sees (names, types, PostgreSQL's numbers, flags, a sentence of
 * documentation) and which Operation does it. An Operation and the lanes of its arguments
 * choose a kernel; kernels exist for T x T -> T only, because the binder widens types and the
 * planner aligns lanes. Kernels never throw, never block, and are total: any bit pattern gives
 * some answer; a row may fail only if it is valid and selected.
 *
 * NULLs: for a STRICT operation the caller has computed the result's validity (AND of the
 * arguments') before the call and puts it there; the kernel may write anything under NULL, the
 * caller zeroes it. A kernel that is not STRICT sets result->valid itself.
 */
#ifndef GOTGAN_FUNCTION_H
#define GOTGAN_FUNCTION_H

#include "base/query.h"
#include "base/ticket.h"
#include "types/chunk.h"

/* What a row does, as opposed to what it is called: one name per kernel family. */
typedef enum Operation {
    OP_NONE,
#define X(name) OP_##name,
#include "functions/operations.def"
#undef X
    OPERATION_COUNT
} Operation;

enum {                /* FunctionRow.flags */
       STRICT = 1,    /* NULL in, NULL out */
       IMMUTABLE = 2, /* same arguments, same result, for ever */
       STABLE = 4,    /* the same within a statement */
       VOLATILE = 8,  /* anything */
       FAILS = 16, /* some valid input raises: never reordered, hoisted, or run for unused rows */
       ENV = 32,   /* needs the Environment */
       SET = 64,   /* returns rows */
       VARIADIC = 128,  /* the last argument repeats */
       SERIAL = 256,    /* session state or durable effect: its pipeline runs with one worker */
       EXPENSIVE = 512, /* cost class: string search, regular expressions ... */
       IMPLICIT_LANE =
           1024, /* result lane follows the arguments' (numeric arithmetic): see planner */
};

enum { FUNCTION_ARGUMENTS_MAX = 8 };

typedef struct FunctionRow {
    u32 proc;                              /* pg_proc.oid, PostgreSQL's when it has the function */
    u32 oper;                              /* pg_operator.oid; 0: not an operator */
    const char *name;                      /* pg_proc.proname: "int8pl" */
    const char *sql_name;                  /* the operator, "+", or the function's name again */
    u32 arguments[FUNCTION_ARGUMENTS_MAX]; /* type oids; a prefix operator has one */
    i32 argument_count;
    u32 result; /* type oid */
    Operation operation;
    u32 flags;
    const char *doc; /* one sentence; what it raises */
} FunctionRow;

/* The whole table (fn_table.c), sorted by nothing in particular. */
const FunctionRow *function_rows(i32 *count);
const FunctionRow *function_by_proc(u32 proc);
/* The next row with this function name (proname) after `after` (NULL: the first); NULL: no more.
 * Operators are found by their symbol with operator_next. */
const FunctionRow *function_next(Text name, const FunctionRow *after);
const FunctionRow *operator_next(Text symbol, const FunctionRow *after);
/* Operator metadata the planner needs: the operator with swapped arguments ("<" for ">"), and
 * the negation ("<>" for "="); NULL: none. */
const FunctionRow *operator_commutator(const FunctionRow *row);
const FunctionRow *operator_negator(const FunctionRow *row);

/* Casts: pg_cast. */
typedef enum CastContext {
    CAST_IMPLICIT = 'i',
    CAST_ASSIGNMENT = 'a',
    CAST_EXPLICIT = 'e'
} CastContext;
typedef enum CastMethod {
    CAST_FUNCTION = 'f', /* by the function */
    CAST_INOUT = 'i',    /* through text */
    CAST_BINARY = 'b',   /* the same bytes under another type */
} CastMethod;
typedef struct CastRow {
    u32 source, target;
    u32 proc; /* CAST_FUNCTION; source == target: applies a typmod (value, int4[, bool]) */
    CastContext context;
    CastMethod method;
} CastRow;
const CastRow *cast_rows(i32 *count);
const CastRow *cast_find(u32 source, u32 target); /* NULL: none */

/* ---- kernels ---- */

typedef enum KernelStatus {
    KERNEL_OK,
    KERNEL_BAD_ROW, /* a valid, selected row went wrong: call->bad is its position, error filled */
    KERNEL_ERROR,   /* not a row's fault: out of memory; error filled */
    KERNEL_WAIT,    /* SERIAL rows only: through the ticket */
} KernelStatus;

/* One call of one operation over one chunk. Arguments are FLAT or CONSTANT, loaded, in the lanes
 * the kernel was found for; result is FLAT with room for n rows in its lane (or CONSTANT with n = 1
 * when all arguments are CONSTANT). */
typedef struct KernelCall {
    const Vector *args;
    i32 nargs;
    Vector *result;
    const Selection *sel; /* rows to do; NULL: 0..n-1. A kernel that cannot fail may do all n */
    i32 n;
    Arena *arena; /* result strings and limbs: until the chunk ends */
    void *state;  /* this call site, this worker: what prepare made; NULL without prepare */
    const Environment *env;      /* NULL unless the row says ENV */
    Ticket *ticket;              /* SERIAL rows only */
    const QueryControl *control; /* whose interrupt ends the call; NULL: nobody's */
    Error *error;
    i32 bad;
} KernelCall;

typedef KernelStatus (*KernelFunction)(KernelCall *call);

/* NULL: no such kernel: widen first (or 0A000). */
KernelFunction kernel_find(Operation operation, const Lane *args, i32 nargs, Lane result);

/* Operations that compile something per call site (patterns, formats, generators): prepare makes
 * the state from the arguments that are CONSTANT (constants[i] NULL: not constant); drop frees
 * what the arena does not own. NULL when an operation needs neither. */
typedef struct KernelState {
    bool (*prepare)(const Value *const *constants, i32 nargs, const FunctionRow *row, Arena *arena,
                    void **state, Error *error);
    void (*drop)(void *state);
} KernelState;
const KernelState *kernel_state(Operation operation);

/* Kernels that live above this floor (catalog, executor, server) are attached at start; start
 * fails when a row has no kernel: kernel_missing tells the first such row. */
bool operation_attach(Operation operation, KernelFunction kernel); /* false: already attached */
const FunctionRow *kernel_missing(void);

/* Converts between lanes of one SQL type (narrow to wide, DEC scales, DEC to NUM); going narrower
 * fails a row with 22003. NULL: no such conversion. */
KernelFunction lane_cast_find(Lane from, Lane to);

/* ---- aggregates ---- */

/* The work of one aggregate over selected rows of a chunk. */
typedef struct AggregateCall {
    const Vector *args; /* FLAT or CONSTANT, loaded */
    i32 nargs;
    const Selection *sel;
    i32 n;
    u8 *states; /* first state; the state of group g is states + g * stride */
    i64 stride;
    const u32 *groups; /* group of the i-th selected row; NULL: all rows belong to group 0 */
    u32 group_count;   /* groups there are; 0: not told */
    Arena *arena;      /* what states refer to: lives as long as they do */
    Error *error;
} AggregateCall;

/* All functions: false after filling error. States are plain bytes (moved by memcpy), 16-byte
 * aligned; init of a state that is all zero may be skipped (state_is_zero). */
typedef struct AggregateKernel {
    i32 state_bytes;
    bool state_is_zero; /* an all-zero state is the initial one */
    void (*init)(void *state);
    bool (*update)(AggregateCall *call); /* ungrouped when call->groups is NULL */
    bool (*merge)(void *state, const void *other, Arena *arena, Error *error);
    /* Results of n states at states + i * stride into rows first.. of a FLAT vector with validity;
     * strings may refer to the states' arena. */
    bool (*emit)(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                 Error *error);
} AggregateKernel;

typedef struct AggregateRow {
    u32 proc;
    const char *name;
    u32 arguments[FUNCTION_ARGUMENTS_MAX];
    i32 argument_count; /* count(*) has 0 */
    u32 result;
    Operation operation; /* OP_SUM, OP_AVG ... */
    const char *doc;
} AggregateRow;

const AggregateRow *aggregate_rows(i32 *count);
const AggregateRow *aggregate_by_proc(u32 proc);
const AggregateRow *aggregate_next(Text name, const AggregateRow *after);
/* min or max over bpchar without a length, whose values are compared without their blanks and kept
 * with them; other rows as they are. */
const AggregateRow *aggregate_with_blanks(const AggregateRow *row);
/* The first such value of a group: for plans, SQL has no name for it. */
const AggregateRow *aggregate_first_bpchar(void);
/* The kernel for these lanes; result: the lane emit writes (sums of DEC lanes keep the scale: DEC64
 * or DEC128 or NUM, as asked). NULL: no such kernel. */
const AggregateKernel *aggregate_find(Operation operation, const Lane *args, i32 nargs,
                                      Lane result);

#endif
