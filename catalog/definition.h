/* SPDX-License-Identifier: Apache-2.0
 *
 * Definitions as SQL text: constraints, indexes and views, as PostgreSQL's pg_get_*def functions
 * print them. An index here is what a PRIMARY KEY or UNIQUE constraint stands for: it has the
 * constraint's oid and name.
 *
 * Ownership law: texts are in q's arena.
 */
#ifndef GOTGAN_DEFINITION_H
#define GOTGAN_DEFINITION_H

#include "catalog/catalog.h"

/* The one role and the one database there are. */
#define CATALOG_ROLE_NAME TEXT("gotgan")
#define CATALOG_DATABASE_NAME TEXT("gotgan")

bool constraint_has_index(const CatalogConstraint *constraint);
/* Columns of its index: those of the key, then those of INCLUDE. */
i32 index_column_count(const CatalogConstraint *constraint);
/* attnum; i counts from 0. */
i32 index_column(const CatalogConstraint *constraint, i32 i);
/* The constraint with this oid, and its relation; NULL: none. */
const CatalogConstraint *constraint_by_oid(Query *q, const CatalogView *view, u32 oid,
                                           const CatalogRelation **relation);
/* The constraint whose index has the name, and its relation; NULL: none. schema.data == NULL: along
 * the search path. */
const CatalogConstraint *index_by_name(Query *q, const CatalogView *view, Text schema, Text name,
                                       const CatalogRelation **relation);
/* One that has the name in the schema; with_index: and an index. */
const CatalogConstraint *constraint_in_schema(Query *q, const CatalogView *view, u32 schema,
                                              Text name, bool with_index,
                                              const CatalogRelation **relation);
Text constraint_definition(Query *q, const CatalogRelation *relation,
                           const CatalogConstraint *constraint, bool pretty);
/* A DEFAULT or what a generated column is made of; not pretty: operations are in parentheses. */
Text expression_definition(Query *q, Text stored, bool pretty);
/* "CREATE UNIQUE INDEX ... ON schema.table USING btree (...)". schema empty: left out. */
Text index_definition(Query *q, Text schema, const CatalogRelation *relation,
                      const CatalogConstraint *constraint);
Text view_definition(Query *q, const CatalogView *view, const CatalogRelation *relation);
/* stored_query.c: the query of a view with the names its relations have today. */
Text stored_query_text(Query *q, const CatalogView *view, const CatalogRelation *owner);
/* "schema.name" with quotes where needed; schema empty: the name alone. */
Text qualified_name(Query *q, Text schema, Text name);
/* A schema's name; "" when it is gone. */
Text schema_name(Query *q, const CatalogView *view, u32 oid);
/* As definitions write it: one's own temporary schema is pg_temp, whatever its number. */
Text written_schema(Query *q, const CatalogView *view, const CatalogRelation *relation);

#endif
