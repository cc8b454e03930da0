/* SPDX-License-Identifier: Apache-2.0
 *
 * Built-in relations: the list of them, and the table access that computes their rows.
 *
 * Ownership law: descriptions live for ever; a CatalogRelation made of one lives in the arena of
 * the Query that asked. The list changes only while the server starts.
 */
#ifndef GOTGAN_SYSTEM_RELATIONS_H
#define GOTGAN_SYSTEM_RELATIONS_H

#include "base/text.h"
#include "catalog/catalog.h"

/* Relations in the order they are listed; NULL at the end. */
const SystemRelation *system_relation_at(i32 i);
/* NULL: none. */
const SystemRelation *system_relation_by_oid(u32 oid);
const SystemRelation *system_relation_by_name(u32 schema, Text name);
/* A SystemRelation's name may be "schema.name"; without a dot it is in pg_catalog. */
u32 system_relation_schema(const SystemRelation *relation);
Text system_relation_name(const SystemRelation *relation);
/* The type a column has: text where PostgreSQL's type has no values here yet. */
Type system_column_type(const SystemColumn *column);
/* As the catalogue's look-ups hand it out. */
const CatalogRelation *system_relation_describe(Query *q, const SystemRelation *relation);

/* relation = oid. */
extern const TableAccess system_access;

/* What a sequence is as a relation: its columns; fill_sequence makes the row of one of them. */
extern const SystemRelation sequence_relation;
void fill_sequence(Query *q, const Snapshot *snapshot, u32 oid, SystemRows *rows);

#endif
