/* SPDX-License-Identifier: Apache-2.0
 *
 * Which scans are told what a hash join's build side found. Private to planner/.
 */
#ifndef GOTGAN_RUNTIME_FILTER_H
#define GOTGAN_RUNTIME_FILTER_H

#include "planner/plan.h"

/* Fills PlanScan.runtime_filters and PlanJoin.published below plan, whose nodes are numbered. */
void runtime_filters_plan(Query *q, Plan *plan);

#endif
