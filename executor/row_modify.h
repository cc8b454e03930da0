/* SPDX-License-Identifier: Apache-2.0
 *
 * Changing rows by id: what UPDATE and DELETE share: one modify call per chunk that may have to
 * wait for another transaction in the middle.
 */
#ifndef GOTGAN_ROW_MODIFY_H
#define GOTGAN_ROW_MODIFY_H

#include "executor/row_check.h"

typedef struct RowModify {
    bool opened;
    bool waiting; /* the call at hand is not through; the same input comes again */
    RowCheck check;
    Arena scratch; /* of the input at hand */
    Vector *columns;
    Chunk dense; /* what follows the row id: new or old rows, and what else RETURNING reads */
    Chunk rows;  /* the table's columns of it */
    RowId *ids;
    ModifyStatus *status;
    RowId *newest;
    ModifyCall call;
    Ticket ticket;
    u32 waits; /* calls that had to wait so far */
    Worker *w;
    RowId *moved; /* newest ids of rows to look at again */
    i32 moved_count, moved_capacity;
    Selection done;
    u16 done_rows[CHUNK_ROWS];
} RowModify;

/* New rows are written for UPDATE, rows go for DELETE. */
typedef enum ModifyKind { MODIFY_UPDATE, MODIFY_DELETE } ModifyKind;

/* One chunk: row ids first. STEP_FULL: waits, call again with the same input. */
Step row_modify_run(Worker *w, ModifyKind kind, const Plan *plan, const RowCheckShape *shape,
                    RowModify *modify, const Chunk *in, Chunk *out);

/* After the last chunk: hands on the rows that moved. */
void row_modify_end(Worker *w, const Plan *plan, RowModify *modify);

#endif
