/* SPDX-License-Identifier: Apache-2.0
 *
 * The one evaluator: expressions compiled to a linear list of steps over registers, run over a
 * chunk at a time. Used by query pipelines, constant folding, selectivity on samples, defaults,
 * CHECK and generated columns.
 *
 * NULLs, selection and errors are decided here and nowhere else: AND/OR/CASE/COALESCE evaluate an
 * arm only for the rows that reach it; operations that may fail run on selected valid rows; an
 * operation over a DICTIONARY with an identity runs once per entry, one that may fail only over
 * entries that selected valid rows name; constants and equal subtrees are computed once.
 *
 * A Program is immutable and shared by workers; an Evaluator (registers, kernel states, statistics
 * for conjunct order) belongs to one.
 */
#ifndef GOTGAN_EVAL_H
#define GOTGAN_EVAL_H

#include "expressions/expr.h"

/* In the dictionary_id of a result: its entries are computed as selected rows name them, and some
 * may be equal. Wide dictionaries without it are a table's own, whose entries differ. */
#define ENTRIES_PARTIAL ((u64)1 << 61)

typedef struct Program Program;
typedef struct Evaluator Evaluator;

/* Compiles exprs[0..count) over inputs whose lanes the COLUMN nodes carry. Throws 0A000 when there
 * is no kernel. */
Program *program_compile(Query *q, Arena *arena, Expr *const *exprs, i32 count);
/* parameters[n - 1] is the value of $n, in the lane of its nodes. Closes with its arena. */
Evaluator *evaluator_open(Query *q, Arena *arena, const Program *program, const Environment *env,
                          const Value *parameters, i32 parameter_count);
/* Value of exprs[which] for the rows that count in `in`; loads lazy columns on first touch. The
 * vector is loaded, of any form, right at those rows, and valid until evaluator_reset. */
const Vector *evaluate(Query *q, Evaluator *evaluator, const Chunk *in, i32 which);
/* Narrows in->sel to the rows for which all of exprs[first..first+count) are true: cheap and
 * selective conjuncts first, measured as it runs; conjuncts that may fail keep their order behind
 * what guards them. *out is the result (count may be 0); it lives until evaluator_reset. */
void evaluate_filter(Query *q, Evaluator *evaluator, const Chunk *in, i32 first, i32 count,
                     Selection *out);
/* Forgets the results of the last chunk. Call before each new chunk. */
void evaluator_reset(Evaluator *evaluator);

/* The value of an expression without columns, e.g. a bound, a LIMIT, a default. */
Value evaluate_once(Query *q, Arena *arena, Expr *expr, const Environment *env,
                    const Value *parameters, i32 parameter_count);

/* Constant folding (fold.c): replaces fixed IMMUTABLE subtrees by their values (STABLE ones too
 * when env is given), simplifies AND/OR/NOT/CASE with constant arms. An expression that raises is
 * left in place, to raise when and if it runs. */
Expr *expr_fold(Query *q, Expr *expr, const Environment *env);
/* Throws what a part of the expression raises that is constant and IMMUTABLE, unless AND, OR, CASE
 * or COALESCE are decided before it. */
void expr_try_constants(Query *q, Expr *expr, const Environment *env);

#endif
