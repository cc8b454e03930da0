/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands between a new row and its table: generated columns are computed, NOT NULL and CHECK
 * looked at; and RETURNING, which INSERT, UPDATE and DELETE share.
 */
#ifndef GOTGAN_ROW_CHECK_H
#define GOTGAN_ROW_CHECK_H

#include "executor/execution.h"

/* Compiled once per plan node. */
typedef struct RowCheckShape {
    const PlanModify *modify;
    const Program *generated; /* NULL: none */
    const Program *checks;    /* NULL: none */
    const Program *returning; /* NULL: none */
} RowCheckShape;

typedef struct RowCheck {
    Evaluator *generated, *checks, *returning;
    Vector *columns;
    Vector *completed; /* of a row with its generated columns; NULL: not made yet */
    i32 row_columns;   /* of the table */
    Arena scratch;
} RowCheck;

void row_check_shape_make(Worker *w, const PlanModify *modify, RowCheckShape *shape);
void row_check_open(Worker *w, const RowCheckShape *shape, RowCheck *check);
/* The rows with their generated columns; until the next call. */
Chunk row_check_complete(Worker *w, const RowCheckShape *shape, RowCheck *check, const Chunk *rows);
/* Throws 23502, 23514 or 44000 for the first row that counts in rows (the table's columns and what
 * stands behind them) and fails. */
void row_check_run(Worker *w, const RowCheckShape *shape, RowCheck *check, const Chunk *rows);
/* out = RETURNING over the rows that count; no rows when there is no RETURNING. */
void row_check_return(Worker *w, const RowCheckShape *shape, RowCheck *check, const Chunk *rows,
                      Chunk *out);

/* 23502, 23514: rows that were there when ALTER TABLE asked more of them. */
_Noreturn void row_check_fail_old_null(Query *q, Text schema, Text table, Text column);
_Noreturn void row_check_fail_old_check(Query *q, Text schema, Text table, Text check);

#endif
