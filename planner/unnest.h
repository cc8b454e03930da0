/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two files of unnesting share.
 */
#ifndef GOTGAN_UNNEST_H
#define GOTGAN_UNNEST_H

#include "planner/logical.h"

/* ---- unnest.c ---- */
/* One APPLY as a join, or itself when it must wait for the APPLY around it. */
Logical *unnest_apply(Planning *p, Logical *apply);
/* Does the tree use columns of this set that it does not make? */
bool tree_uses_outer(Planning *p, const Logical *node, const ColumnSet *outer);
/* Is it an aggregate that gives 0, not NULL, over no rows? */
bool is_count(const Expr *call);

/* ---- unnest_domain.c ---- */
/* The general way; outer: the columns of the left side, which uses none from further out. */
Logical *unnest_by_domain(Planning *p, const Logical *apply, const ColumnSet *outer);

#endif
