/* SPDX-License-Identifier: Apache-2.0
 *
 * Names: schemas and the search path, for the look-ups of this folder.
 */
#ifndef GOTGAN_NAMES_H
#define GOTGAN_NAMES_H

#include "catalog/catalog.h"

/* Oids of the schemas a bare name is looked for in, in order: pg_catalog first unless it is
 * listed; entries that name no schema are left out. In q's arena. */
const u32 *search_path_schemas(Query *q, const CatalogView *view, i32 *count);
/* 0: there is no such schema. */
u32 schema_oid_by_name(const CatalogView *view, Text name);
/* Sees only what is committed or the snapshot's own; searches pg_catalog alone. */
CatalogView view_of_snapshot(const Snapshot *snapshot);

#endif
