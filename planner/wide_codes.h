/* SPDX-License-Identifier: Apache-2.0
 *
 * Which scans give strings out in codes of the whole table. Private to planner/.
 */
#ifndef GOTGAN_WIDE_CODES_H
#define GOTGAN_WIDE_CODES_H

#include "planner/plan.h"

/* Sets ScanColumn.wide below plan. */
void wide_codes_plan(Query *q, Plan *plan);

#endif
