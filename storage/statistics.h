/* SPDX-License-Identifier: Apache-2.0
 *
 * What the planner may know about a relation, merged from footers and delta.
 */
#ifndef GOTGAN_STATISTICS_H
#define GOTGAN_STATISTICS_H

#include "storage/relation.h"

/* Made on first use, kept in the relation. */
must_check bool relation_statistics(Relation *relation, const TableStatistics **out, Error *error);

#endif
