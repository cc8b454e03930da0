/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of EXPLAIN share: how a plan is shown as PostgreSQL would show one of its own.
 *
 * A shown node is a plan together with the projections and filters right above it, where
 * PostgreSQL's node does these itself; some plans are shown as two nodes (a build side is a Hash, a
 * Top-N a Limit over a Sort). Private to planner/.
 */
#ifndef GOTGAN_EXPLAIN_H
#define GOTGAN_EXPLAIN_H

#include "planner/planner.h"

/* Of a plan with everything below it. */
typedef struct ExplainFigures {
    f64 cost_start, cost_total;
    f64 ms_start, ms_total;
    bool executed;
    i64 buffers_hit, buffers_read;
} ExplainFigures;

typedef struct Explain {
    Query *q;
    const PlanTree *tree;
    const ExplainOptions *options;
    Text *lines;
    i32 count, capacity;
    Text *names;             /* per plan number: what qualifies the columns of a leaf */
    ExplainFigures *figures; /* per plan number */
    i32 ranges;              /* leaves and targets: with several, columns are qualified */
    bool ctes_shown;
} Explain;

/* ---- explain_text.c ---- */

/* Where an expression stands. */
typedef struct ExplainPlace {
    Explain *e;
    const Plan *inputs[2]; /* what its columns count through */
    const Plan *modify;    /* or RETURNING's: the row of its table, then what stands behind it */
    bool above;            /* the inputs are other nodes: what they compute is in parentheses */
    bool qualified;
} ExplainPlace;

/* Does PostgreSQL's node compute its own outputs? */
bool explain_computes(const Plan *plan);
/* The first plan at or below that is neither a projection nor a filter. */
const Plan *explain_core(const Plan *plan);
/* Fills names and ranges. */
void explain_names(Explain *e);
/* Writes what stands in column `position` of the first input. */
void explain_column(const ExplainPlace *place, TextBuilder *builder, i32 position);
Text explain_expr(const ExplainPlace *place, const Expr *expr);
/* "label: a, b" and "label: ((a) AND (b))"; an empty list: an empty text. */
Text explain_list(const ExplainPlace *place, const char *label, ExprList list);
Text explain_conjuncts(const ExplainPlace *place, const char *label, ExprList list);
/* "Output: ..." of a plan; empty: no columns. */
Text explain_output(Explain *e, const Plan *plan, bool above);
Text explain_quoted(Explain *e, Text name);

#endif
