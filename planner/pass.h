/* SPDX-License-Identifier: Apache-2.0
 *
 * The passes over the logical tree, as passes.c lists them. Private to planner/.
 */
#ifndef GOTGAN_PASS_H
#define GOTGAN_PASS_H

#include "planner/logical.h"

/* A pass takes a tree and gives one that means the same. */
typedef Logical *(*Pass)(Planning *p, Logical *root);

Logical *pass_fold(Planning *p, Logical *root);
Logical *pass_domain(Planning *p, Logical *root);
Logical *pass_or_factoring(Planning *p, Logical *root);
Logical *pass_pushdown(Planning *p, Logical *root);
Logical *pass_transitive(Planning *p, Logical *root);
Logical *pass_outer_to_inner(Planning *p, Logical *root);
/* FULL joins alone, pass or no pass: PostgreSQL refuses some of those that are left. */
Logical *lower_full_joins(Planning *p, Logical *root);
Logical *pass_join_order(Planning *p, Logical *root);
Logical *pass_lanes(Planning *p, Logical *root);
Logical *pass_top_n(Planning *p, Logical *root);
/* After all others, over a whole statement; wanted: the columns it gives out. */
Logical *pass_shared(Planning *p, Logical *root, const ColumnSet *wanted);

/* Is the row of this name in the table of passes switched on? */
bool pass_is_on(const Planning *p, const char *name);
/* Applies f to every expression slot of the tree. */
void each_expr(Planning *p, Logical *root, void (*f)(void *state, Planning *p, Expr **slot),
               void *state);
/* Is the conjunct never true when all these columns are NULL? */
bool rejects_null(Planning *p, const Expr *conjunct, const ColumnSet *columns);

#endif
