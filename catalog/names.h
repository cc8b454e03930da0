/* SPDX-License-Identifier: Apache-2.0
 *
 * Names: schemas and the search path, for the look-ups of this folder.
 */
#ifndef GOTGAN_NAMES_H
#define GOTGAN_NAMES_H

#include "catalog/catalog.h"

/* 0: there is no such schema. */
u32 schema_oid_by_name(const CatalogView *view, Text name);
/* The same for what stands in front of a dot: pg_temp is the session's own. */
u32 schema_oid_in_name(const CatalogView *view, Text name);
/* Of the snapshot's session; 0: it has none. */
u32 temporary_schema_oid(const CatalogView *view);
/* Sees only what is committed or the snapshot's own; searches pg_catalog alone. */
CatalogView view_of_snapshot(const Snapshot *snapshot);

#endif
