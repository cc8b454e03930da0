/* SPDX-License-Identifier: Apache-2.0
 *
 * Snapshot: what a query sees: one version of every table and of the catalogue, and its own
 * transaction's writes before its statement number.
 *
 * Ownership law: counted; whoever gets one closes it. Everything reached through it (objects, table
 * versions, statistics) lives at least as long.
 */
#ifndef GOTGAN_SNAPSHOT_H
#define GOTGAN_SNAPSHOT_H

#include "base/arena.h"

typedef struct Storage Storage;
typedef struct Transaction Transaction;
typedef struct Snapshot Snapshot;

typedef u64 Version; /* LSN of a commit record; never reused; 0: before everything */

/* The newest committed state, without a transaction: planning, background work, tests. */
must_check bool snapshot_newest(Storage *storage, Snapshot **snapshot, Error *error);
Snapshot *snapshot_keep(const Snapshot *snapshot);
void snapshot_close(Snapshot *snapshot);
Version snapshot_version(const Snapshot *snapshot);
Storage *snapshot_storage(const Snapshot *snapshot);
/* The transaction whose own writes it shows; NULL: none. */
Transaction *snapshot_transaction(const Snapshot *snapshot);
/* The number of the session that began that transaction; 0: none did. */
i32 snapshot_session(const Snapshot *snapshot);

/* ---- objects: bytes with a name; catalog/ gives them meaning ---- */

typedef struct ObjectKey {
    u32 object_class; /* a row of catalog/classes.def */
    u32 database;     /* oid; 0: shared */
    u32 schema;       /* oid; 0: none */
    Text name;        /* unique within class, database and schema; may be empty: then no key */
} ObjectKey;

typedef struct StoredObject {
    u32 object_class, oid;
    ObjectKey key;   /* key.object_class == object_class */
    Version version; /* of the commit that wrote it; VERSION_OWN: by this transaction */
    Text bytes;
} StoredObject;
#define VERSION_OWN UINT64_MAX

/* NULL: no such object in this snapshot. */
const StoredObject *object_get(const Snapshot *snapshot, u32 object_class, u32 oid);
const StoredObject *object_find(const Snapshot *snapshot, ObjectKey key);
/* Objects of a class in order of oid, from the first with oid >= from; NULL: no more. */
const StoredObject *object_next(const Snapshot *snapshot, u32 object_class, u32 from);
/* Changes whenever any object visible in the snapshot differs: a cheap "nothing changed". */
u64 snapshot_catalogue_stamp(const Snapshot *snapshot);

#endif
