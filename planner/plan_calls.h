/* SPDX-License-Identifier: Apache-2.0
 *
 * What the calls of a finished plan ask of those who run it. Private to planner/.
 */
#ifndef GOTGAN_PLAN_CALLS_H
#define GOTGAN_PLAN_CALLS_H

#include "planner/plan.h"

/* Fills tree->serial, tree->row_by_row and each node's `sequences`. */
void plan_note_calls(Query *q, PlanTree *tree);

#endif
