/* SPDX-License-Identifier: Apache-2.0
 *
 * Snapshots and the objects in them. A look-up asks the transaction's own writes first, newest
 * first, then the persistent maps of the root.
 */
#include "base/fault_point.h"
#include "base/text.h"
#include "storage/retirement.h"
#include "storage/storage_state.h"

static void snapshot_closer(void *thing)
{
    Snapshot *snapshot = thing;
    counted_drop(snapshot->root);
    counted_drop(snapshot->transaction);
}

static Snapshot *snapshot_make(Storage *storage, Root *root, Transaction *transaction, Error *error)
{
    Snapshot *snapshot = counted_make((i64)sizeof *snapshot, NULL, snapshot_closer, error);
    if (!snapshot) {
        counted_drop(root);
        return NULL;
    }
    *snapshot = (Snapshot){root, storage, counted_keep(transaction),
                           transaction ? transaction->statement : 0};
    return snapshot;
}

static Root *newest_root(Storage *storage)
{
    mutex_lock(&storage->mutex);
    Root *root = counted_keep(storage->root);
    mutex_unlock(&storage->mutex);
    return root;
}

bool snapshot_newest(Storage *storage, Snapshot **snapshot, Error *error)
{
    *snapshot = snapshot_make(storage, newest_root(storage), NULL, error);
    return *snapshot != NULL;
}

Snapshot *snapshot_of_root(Storage *storage, const Root *root, Error *error)
{
    return snapshot_make(storage, counted_keep(root), NULL, error);
}

/* The root that the transaction reads; its mutex held. */
static Root *transaction_root(Transaction *transaction)
{
    if (transaction->isolation == READ_COMMITTED)
        return newest_root(transaction->storage);
    if (!transaction->first_root)
        transaction->first_root = newest_root(transaction->storage);
    return counted_keep(transaction->first_root);
}

/* The root before the marks: one that is newer than they are would show rows again that were
 * rewritten and marked where they were. Marks on rows that are not in the root hide nothing. */
static bool own_snapshot(Transaction *transaction, Root *(*root_of)(Transaction *transaction),
                         Snapshot **snapshot, Error *error)
{
    mutex_lock(&transaction->mutex);
    Root *root = root_of(transaction);
    FAULT_POINT("between_root_and_marks");
    bool good = retirements_translate(transaction, RETIREMENTS_APPLIED, error);
    *snapshot = snapshot_make(transaction->storage, root, transaction, error);
    mutex_unlock(&transaction->mutex);
    if (good && *snapshot)
        return true;
    counted_drop(*snapshot);
    return false;
}

bool transaction_snapshot(Transaction *transaction, Snapshot **snapshot, Error *error)
{
    return own_snapshot(transaction, transaction_root, snapshot, error);
}

static Root *root_of_now(Transaction *transaction)
{
    return newest_root(transaction->storage);
}

bool transaction_newest_snapshot(Transaction *transaction, Snapshot **snapshot, Error *error)
{
    return own_snapshot(transaction, root_of_now, snapshot, error);
}

Snapshot *snapshot_keep(const Snapshot *snapshot)
{
    return counted_keep(snapshot);
}

void snapshot_close(Snapshot *snapshot)
{
    counted_drop(snapshot);
}

Storage *snapshot_storage(const Snapshot *snapshot)
{
    return snapshot->storage;
}

Version snapshot_version(const Snapshot *snapshot)
{
    return snapshot->root->version;
}

Transaction *snapshot_transaction(const Snapshot *snapshot)
{
    return snapshot->transaction;
}

i32 snapshot_session(const Snapshot *snapshot)
{
    return snapshot->transaction ? snapshot->transaction->session : 0;
}

/* ---- objects ---- */

static const OwnObject *own_object(const Snapshot *snapshot, u32 object_class, u32 oid)
{
    return snapshot->transaction ? write_set_object(&snapshot->transaction->writes, object_class,
                                                    oid, snapshot->bound)
                                 : NULL;
}

const StoredObject *object_get(const Snapshot *snapshot, u32 object_class, u32 oid)
{
    const OwnObject *own = own_object(snapshot, object_class, oid);
    if (own)
        return own->dropped ? NULL : &own->object;
    return map_get(snapshot->root->objects, (MapKey){object_class, oid});
}

static const StoredObject *own_find(const Snapshot *snapshot, ObjectKey key)
{
    if (!snapshot->transaction)
        return NULL;
    for (const OwnObject *own = snapshot->transaction->writes.objects; own; own = own->older) {
        const StoredObject *object = &own->object;
        if (own->statement < snapshot->bound && !own->dropped &&
            object_key_equal(object->key, key) &&
            own_object(snapshot, object->object_class, object->oid) == own)
            return object;
    }
    return NULL;
}

const StoredObject *object_find(const Snapshot *snapshot, ObjectKey key)
{
    if (key.name.len == 0)
        return NULL;
    const StoredObject *own = own_find(snapshot, key);
    if (own)
        return own;
    u64 hash = object_key_hash(key);
    const MapNode *node = map_next(snapshot->root->names, (MapKey){hash, 0});
    for (; node && node->key.high == hash;
         node = map_next(snapshot->root->names, (MapKey){hash, node->key.low + 1})) {
        const StoredObject *object = node->value;
        if (object_key_equal(object->key, key) &&
            !own_object(snapshot, object->object_class, object->oid))
            return object;
    }
    return NULL;
}

/* The own object of the class with the smallest oid in from..to that is there. */
static const StoredObject *own_next(const Snapshot *snapshot, u32 object_class, u32 from)
{
    const StoredObject *best = NULL;
    if (!snapshot->transaction)
        return NULL;
    for (const OwnObject *own = snapshot->transaction->writes.objects; own; own = own->older) {
        const StoredObject *object = &own->object;
        if (object->object_class != object_class || object->oid < from || own->dropped ||
            own->statement >= snapshot->bound || (best && best->oid <= object->oid) ||
            own_object(snapshot, object_class, object->oid) != own)
            continue;
        best = object;
    }
    return best;
}

const StoredObject *object_next(const Snapshot *snapshot, u32 object_class, u32 from)
{
    const StoredObject *own = own_next(snapshot, object_class, from);
    const MapNode *node = map_next(snapshot->root->objects, (MapKey){object_class, from});
    while (node && node->key.high == object_class &&
           own_object(snapshot, object_class, (u32)node->key.low))
        node = map_next(snapshot->root->objects, (MapKey){object_class, node->key.low + 1});
    if (!node || node->key.high != object_class)
        return own;
    return own && own->oid < node->key.low ? own : node->value;
}

u64 snapshot_catalogue_stamp(const Snapshot *snapshot)
{
    u64 stamp = snapshot->root->catalogue_stamp, own_writes = 0;
    const OwnObject *own = snapshot->transaction ? snapshot->transaction->writes.objects : NULL;
    while (own && own->statement >= snapshot->bound)
        own = own->older;
    for (; own; own = own->older)
        own_writes++;
    if (own_writes == 0)
        return stamp;
    u64 mixed = snapshot->transaction->id << 32 ^ own_writes;
    return (stamp ^ mixed * 0x9e3779b97f4a7c15ull) | (u64)1 << 63;
}

/* ---- changing objects ---- */

static WriteStatus object_lock_all(Transaction *transaction, u32 object_class, u32 oid,
                                   const ObjectKey *key, Ticket *ticket, Error *error)
{
    Storage *storage = transaction->storage;
    LockKey locks[2] = {{LOCK_OBJECTS, object_class, oid}};
    i32 count = 1;
    if (key && key->name.len)
        locks[count++] = (LockKey){LOCK_NAMES, object_key_hash(*key), 0};
    WriteStatus status = WRITE_DONE;
    mutex_lock(&storage->mutex);
    for (i32 i = 0; i < count && status == WRITE_DONE; i++)
        status = lock_take(&storage->locks, transaction, &transaction->locks, locks[i], 0,
                           LOCK_OBJECT_ACCESS_EXCLUSIVE, ticket, error);
    mutex_unlock(&storage->mutex);
    return status;
}

static bool changed_since_snapshot(const Transaction *transaction, const StoredObject *newest,
                                   u32 object_class, u32 oid)
{
    if (transaction->isolation == READ_COMMITTED || !transaction->first_root)
        return false;
    const StoredObject *seen =
        map_get(transaction->first_root->objects, (MapKey){object_class, oid});
    return (seen ? seen->version : 0) != (newest ? newest->version : 0);
}

static bool own_object_add(Transaction *transaction, const StoredObject *object, bool dropped,
                           Version before, Error *error)
{
    WriteSet *set = &transaction->writes;
    OwnObject *own = arena_try(&set->arena, (i64)sizeof *own, error);
    if (!own)
        return false;
    own->object = *object;
    own->object.version = VERSION_OWN;
    own->object.key.object_class = object->object_class;
    if (!arena_text(&set->arena, object->key.name, &own->object.key.name, error) ||
        !arena_text(&set->arena, object->bytes, &own->object.bytes, error))
        return false;
    own->statement = transaction->statement;
    own->before = before;
    own->dropped = dropped;
    own->older = set->objects;
    set->objects = own;
    set->object_count++;
    return true;
}

/* object NULL: drop. The locks are held. */
static bool object_change(Transaction *transaction, u32 object_class, u32 oid,
                          const StoredObject *object, Error *error)
{
    Root *root = newest_root(transaction->storage);
    const StoredObject *newest = map_get(root->objects, (MapKey){object_class, oid});
    bool good = !changed_since_snapshot(transaction, newest, object_class, oid);
    if (!good)
        error_set(error, E_SERIALIZATION_FAILURE,
                  "could not serialize access due to concurrent update");
    StoredObject tombstone = {.object_class = object_class, .oid = oid};
    mutex_lock(&transaction->mutex);
    good = good && own_object_add(transaction, object ? object : &tombstone, object == NULL,
                                  newest ? newest->version : 0, error);
    mutex_unlock(&transaction->mutex);
    counted_drop(root);
    return good;
}

WriteStatus object_put(Transaction *transaction, const StoredObject *object, Ticket *ticket,
                       Error *error)
{
    WriteStatus status = object_lock_all(transaction, object->object_class, object->oid,
                                         &object->key, ticket, error);
    if (status != WRITE_DONE)
        return status;
    return object_change(transaction, object->object_class, object->oid, object, error)
               ? WRITE_DONE
               : WRITE_ERROR;
}

WriteStatus object_drop(Transaction *transaction, u32 object_class, u32 oid, Ticket *ticket,
                        Error *error)
{
    WriteStatus status = object_lock_all(transaction, object_class, oid, NULL, ticket, error);
    if (status != WRITE_DONE)
        return status;
    return object_change(transaction, object_class, oid, NULL, error) ? WRITE_DONE : WRITE_ERROR;
}
