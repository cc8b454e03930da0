/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of relations inside SQL values: what 'public."T"' means as an argument of a function.
 *
 * Ownership law: results are in q's arena.
 */
#ifndef GOTGAN_WRITTEN_NAME_H
#define GOTGAN_WRITTEN_NAME_H

#include "base/text.h"
#include "catalog/catalog.h"

enum { WRITTEN_PARTS_MAX = 4 };

/* Cuts a dotted name into its parts, folded to lower case unless quoted; more than
 * WRITTEN_PARTS_MAX parts are counted but not kept. Throws 42602 "invalid name syntax". */
i32 written_name_parts(Query *q, Text written, Text parts[WRITTEN_PARTS_MAX]);
/* Throws 42P01, 3F000, 0A000 (another database) as PostgreSQL; never NULL. */
const CatalogRelation *relation_by_written_name(Query *q, const CatalogView *view, Text written);
/* The oid of a relation, or of an index. */
u32 class_by_written_name(Query *q, const CatalogView *view, Text written);
/* Throws 3F000. The text is the name as it is: it is not folded. */
const CatalogSchema *schema_by_written_name(Query *q, const CatalogView *view, Text written);

#endif
