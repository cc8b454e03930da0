/* SPDX-License-Identifier: Apache-2.0
 *
 * The operators: one per file op_<name>.c (and copy_in.c), each exporting its kind and nothing
 * else. pipeline.c has the table from PlanKind to these.
 */
#ifndef GOTGAN_OPERATORS_H
#define GOTGAN_OPERATORS_H

#include "executor/operator.h"

extern const OperatorKind scan_operator, values_operator, function_scan_operator, cte_operator,
    filter_operator, project_operator, hash_join_operator, join_index_operator,
    nested_loop_operator, aggregate_operator, sort_operator, top_n_operator, limit_operator,
    lock_rows_operator, distinct_on_operator, set_operation_operator, project_set_operator,
    insert_operator, update_operator, delete_operator, copy_in_operator, single_rows_operator;

/* The shared state of join_index_operator, from that of the join whose directory it makes. */
void *join_index_shared(Query *q, void *join);

#endif
