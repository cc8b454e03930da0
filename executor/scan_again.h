/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of the target of an UPDATE or DELETE that another transaction changed after the statement's
 * snapshot was taken, read once more as they are now.
 */
#ifndef GOTGAN_SCAN_AGAIN_H
#define GOTGAN_SCAN_AGAIN_H

#include "executor/execution.h"

/* A set of rows to look at again. */
typedef struct ScanAgain {
    const Plan *plan; /* the scan of the target */
    Relation *relation;
    const RowId *rows;
    i32 count, next;
    Arena scratch; /* of the chunk given last */
} ScanAgain;

/* What the scan of this plan node shall give instead of its relation; NULL: its relation. */
ScanAgain *scan_again_open(Worker *w, const Plan *plan);
/* The next chunk, columns and row ids as the plan's scan gives them; false: no more. */
bool scan_again_next(Worker *w, ScanAgain *again, Chunk *out);

#endif
