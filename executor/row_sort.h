/* SPDX-License-Identifier: Apache-2.0
 *
 * Sorting the rows of a RowStore.
 *
 * Ownership law: the order lives in the arena given; the store is not changed.
 */
#ifndef GOTGAN_ROW_SORT_H
#define GOTGAN_ROW_SORT_H

#include "executor/row_store.h"
#include "types/sort_key.h"

typedef struct SortedRows {
    const RowStore *store;
    RowRef *refs; /* in order */
    i64 count;
} SortedRows;

/* Orders all rows of store; rows equal in the columns keep the store's order. */
void row_sort(Query *q, const RowStore *store, const SortColumn *columns, i32 column_count,
              Arena *arena, SortedRows *sorted);
/* Are two rows of the store equal in these columns? */
bool row_refs_equal(const RowStore *store, const SortColumn *columns, i32 column_count, RowRef a,
                    RowRef b);

#endif
