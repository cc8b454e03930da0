/* SPDX-License-Identifier: Apache-2.0
 *
 * LIMIT and OFFSET evaluated when their operator opens, or by whoever has their values. A sum that
 * leaves 64 bits is no limit at all.
 */
#include "executor/row_limit.h"

RowLimit row_limit_of(Query *q, const Value *limit, const Value *offset)
{
    RowLimit rows = {.end = INT64_MAX};
    if (!offset->null) {
        if (offset->integer < 0)
            query_fail(q, E_INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE,
                       "OFFSET must not be negative");
        rows.offset = offset->integer;
    }
    if (!limit->null) {
        if (limit->integer < 0)
            query_fail(q, E_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "LIMIT must not be negative");
        if (__builtin_add_overflow(rows.offset, limit->integer, &rows.end))
            rows.end = INT64_MAX;
    }
    return rows;
}

RowLimit row_limit_open(Worker *w, const PlanSort *sort)
{
    Value limit = {.null = true}, offset = {.null = true};
    if (sort->offset)
        offset = worker_value(w, sort->offset);
    if (sort->limit)
        limit = worker_value(w, sort->limit);
    return row_limit_of(w->q, &limit, &offset);
}
