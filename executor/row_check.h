/* SPDX-License-Identifier: Apache-2.0
 *
 * What a new row must satisfy before a table takes it: NOT NULL and CHECK; and RETURNING, which
 * INSERT, UPDATE and DELETE share.
 */
#ifndef GOTGAN_ROW_CHECK_H
#define GOTGAN_ROW_CHECK_H

#include "executor/execution.h"

/* Compiled once per plan node. */
typedef struct RowCheckShape {
    const PlanModify *modify;
    const Program *checks;    /* NULL: none */
    const Program *returning; /* NULL: none */
} RowCheckShape;

typedef struct RowCheck {
    Evaluator *checks, *returning;
    Vector *columns;
    i32 row_columns; /* of the table */
    Arena scratch;
} RowCheck;

void row_check_shape_make(Worker *w, const PlanModify *modify, RowCheckShape *shape);
void row_check_open(Worker *w, const RowCheckShape *shape, RowCheck *check);
/* Throws 23502, 23514 or 44000 for the first row that counts in rows (the table's columns and what
 * stands behind them) and fails. */
void row_check_run(Worker *w, const RowCheckShape *shape, RowCheck *check, const Chunk *rows);
/* out = RETURNING over the rows that count; no rows when there is no RETURNING. */
void row_check_return(Worker *w, const RowCheckShape *shape, RowCheck *check, const Chunk *rows,
                      Chunk *out);

#endif
