/* SPDX-License-Identifier: Apache-2.0
 *
 * The numbers behind LIMIT and OFFSET: what the limit, top-n and WITH TIES operators share.
 */
#ifndef GOTGAN_ROW_LIMIT_H
#define GOTGAN_ROW_LIMIT_H

#include "executor/execution.h"

typedef struct RowLimit {
    i64 offset;
    i64 end; /* offset + limit; INT64_MAX: no limit */
} RowLimit;

/* NULL means none; 2201W, 2201X when negative. */
RowLimit row_limit_of(Query *q, const Value *limit, const Value *offset);
/* Evaluates both expressions of a plan. */
RowLimit row_limit_open(Worker *w, const PlanSort *sort);

#endif
