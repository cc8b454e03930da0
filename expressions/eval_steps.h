/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of the evaluator: the steps a Program is made of and the registers of an Evaluator.
 * Private to expressions/.
 *
 * A step is an expression node whose children are step numbers; equal subtrees share a step. A
 * register keeps a step's last result and the selection it is right for. Selections inside one
 * chunk only narrow at the top level, so a result made for a top-level selection serves every later
 * request of the chunk; a result made inside an arm (CASE, AND ...) serves that arm only.
 */
#ifndef GOTGAN_EVAL_STEPS_H
#define GOTGAN_EVAL_STEPS_H

#include "expressions/eval.h"

typedef struct ProgramStep {
    const Expr *expr;
    i32 *args; /* step numbers, in expr_children order */
    i32 arg_count;
    KernelFunction kernel;    /* CALL: of the operation; DISTINCT NULLIF IN GREATEST LEAST: of the
                                 comparison; LANE: the conversion; else NULL */
    const KernelState *state; /* CALL with compiled arguments */
    bool fixed;               /* no columns, nothing volatile: computed once per evaluator */
    bool fails;               /* some node in it may raise */
    bool per_entry;           /* one varying argument: run over dictionary entries */
} ProgramStep;

struct Program {
    ProgramStep *steps;
    i32 step_count;
    i32 *roots; /* step of exprs[i] */
    i32 root_count;
};

typedef struct Register {
    Vector result;             /* what evaluate hands out */
    Vector own;                /* FLAT buffer of this step, made on first use */
    i32 own_capacity;          /* rows it has room for: 1 or CHUNK_ROWS */
    u64 *own_valid;            /* MASK_WORDS words, used when there are NULLs */
    const Selection *made_for; /* selection pointer the result is right for ... */
    bool made, made_top;       /* ... made_top: right for the rest of the chunk */
    bool forever;              /* fixed: computed */
    void *kernel_state;
    u64 entries_id;       /* per_entry: dictionary_id the entries below belong to */
    Vector entries;       /* results per entry, in entry_arena */
    i32 entries_room;     /* how many it has room for */
    i32 entries_known;    /* how many are computed ... */
    bool *entry_is_known; /* ... and which */
    i64 entry_rows;       /* rows that had codes of this dictionary */
    Arena entry_arena;
    u64 entry_result_id;
    bool entries_null; /* some entry gave NULL */
} Register;

typedef struct ConjunctStats {
    i64 rows_in, rows_out;
    u64 ticks;
} ConjunctStats;

struct Evaluator {
    const Program *program;
    Arena *arena;      /* lives as long as the evaluator */
    Arena scratch;     /* of one chunk */
    Arena entry_arena; /* results per dictionary entry */
    const Environment *env;
    const Value *parameters;
    i32 parameter_count;
    Register *registers;
    i32 depth;                /* > 0: inside an arm */
    const Selection *top_sel; /* rows at depth 0: what lazy columns are loaded for */
    ConjunctStats *conjuncts; /* per root */
    i32 *conjunct_order;
    i64 chunks_seen;
    u16 *row_buffers; /* two result selections, used in turn, per evaluate_filter */
    i32 row_buffer_turn;
    Selection filtered[2];
};

/* The rows an arm is evaluated for. */
typedef struct Rows {
    const Chunk *chunk;
    const Selection *sel; /* NULL: 0..n-1 */
    i32 n;
} Rows;
static inline i32 rows_count(const Rows *rows)
{
    return rows->sel ? rows->sel->count : rows->n;
}
static inline i32 rows_position(const Rows *rows, i32 i)
{
    return rows->sel ? rows->sel->rows[i] : i;
}

/* The value of a step for rows; loaded, any form. */
const Vector *step_evaluate(Query *q, Evaluator *e, i32 step, const Rows *rows);
/* The step's own FLAT buffer with room for CHUNK_ROWS, zeroed where unselected rows could be
 * read (pointers), valid == NULL. */
Vector *register_flat(Query *q, Evaluator *e, i32 step, const Rows *rows);
/* Gives the buffer a validity bitmap of n ones. */
void register_valid(Evaluator *e, i32 step, i32 n);
/* Any form as FLAT or CONSTANT, for kernels. */
const Vector *vector_plain(Query *q, Evaluator *e, const Vector *in, const Rows *rows);
/* Value and validity bits of a BOOL vector for all n positions. */
typedef struct BoolMask {
    u64 value[MASK_WORDS], valid[MASK_WORDS];
} BoolMask;
void bool_mask(Query *q, Evaluator *e, const Vector *in, const Rows *rows, BoolMask *mask);
/* Bits of the selected rows. */
void rows_mask(const Rows *rows, u64 *mask);
/* The rows of `rows` whose bit is set, in scratch. */
Selection *rows_narrow(Query *q, Evaluator *e, const Rows *rows, const u64 *mask);
/* Puts a (value, valid) pair into the step's BOOL register. */
void register_set_bools(Query *q, Evaluator *e, i32 step, const Rows *rows, const u64 *value,
                        const u64 *valid);
/* Runs the step's comparison kernel over two vectors, NULL-strict, into mask. */
void compare_vectors(Query *q, Evaluator *e, const ProgramStep *step, const Vector *a,
                     const Vector *b, const Rows *rows, BoolMask *mask);

/* eval_logic.c */
void step_and_or(Query *q, Evaluator *e, i32 number, const Rows *rows);
void step_not(Query *q, Evaluator *e, i32 number, const Rows *rows);
void step_is(Query *q, Evaluator *e, i32 number, const Rows *rows);
void step_distinct(Query *q, Evaluator *e, i32 number, const Rows *rows);
void step_in(Query *q, Evaluator *e, i32 number, const Rows *rows);
/* eval_choice.c */
void step_case(Query *q, Evaluator *e, i32 number, const Rows *rows);
void step_coalesce(Query *q, Evaluator *e, i32 number, const Rows *rows);
void step_nullif(Query *q, Evaluator *e, i32 number, const Rows *rows);
void step_choose(Query *q, Evaluator *e, i32 number, const Rows *rows);

#endif
