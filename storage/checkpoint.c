/* SPDX-License-Identifier: Apache-2.0
 *
 * A checkpoint: start a new log file, write delete vectors that changed into a data file and the
 * state of the newest version as MANIFEST, rename it, sync the directory, and only then remove log
 * files whose records are all in it. Commits go on meanwhile; whatever fails before the rename
 * leaves the old MANIFEST and the whole log.
 */
#include "base/fault_point.h"
#include "storage/data_file.h"
#include "storage/maintenance.h"
#include "storage/manifest.h"

bool maintenance_open(Storage *storage, Error *error)
{
    storage->maintenance = counted_make((i64)sizeof(Maintenance), NULL, NULL, error);
    if (!storage->maintenance)
        return false;
    buffer_open(&storage->maintenance->deletes.places, NULL);
    storage->maintenance->checkpoint_us = storage->platform->monotonic_us(storage->platform);
    return true;
}

bool maintenance_take(Storage *storage)
{
    mutex_lock(&storage->mutex);
    bool taken = !storage->maintenance->busy && !storage->lost;
    if (taken)
        storage->maintenance->busy = true;
    mutex_unlock(&storage->mutex);
    return taken;
}

void maintenance_give(Storage *storage)
{
    mutex_lock(&storage->mutex);
    storage->maintenance->busy = false;
    mutex_unlock(&storage->mutex);
}

/* A new log file, unless somebody is writing to the log (then the next checkpoint frees more) or
 * the current one is still empty. */
static bool roll_log(Storage *storage, Error *error)
{
    mutex_lock(&storage->mutex);
    bool lead = !storage->leader && !storage->lost && storage->wal.offset > WAL_HEADER_BYTES;
    if (lead)
        storage->leader = true;
    Version start = storage->queue_first ? storage->queue_first->lsn : storage->lsn_next;
    mutex_unlock(&storage->mutex);
    if (!lead)
        return true;
    bool rolled = wal_roll(&storage->wal, start, 0, error);
    mutex_lock(&storage->mutex);
    storage->leader = false;
    mutex_unlock(&storage->mutex);
    return rolled;
}

/* The newest root, with the numbers that go with exactly its version. */
static Root *capture(Storage *storage, ManifestHead *head)
{
    mutex_lock(&storage->mutex);
    Root *root = counted_keep(storage->root);
    *head = (ManifestHead){.epoch = storage->epoch,
                           .version = root->version,
                           .commit_us = storage->commit_us_last,
                           .oid_next = storage->oid_next,
                           .group_next = storage->group_next,
                           .transaction_next = storage->transaction_next};
    memcpy(head->uuid, storage->uuid, 16);
    const MapNode *node = map_next(root->tables, (MapKey){0, 0});
    for (; node; node = map_next(root->tables, (MapKey){0, node->key.low + 1})) {
        Table *table = ((const TableVersion *)node->value)->table;
        table->sequence_saved = table->sequence_next;
    }
    mutex_unlock(&storage->mutex);
    return root;
}

/* The state as MANIFEST. Files of delete vectors that only the old one names may go afterwards. */
static bool state_write(Storage *storage, const Root *root, const ManifestHead *head, Error *error)
{
    Maintenance *maintenance = storage->maintenance;
    DeletesHeld held;
    Buffer bytes;
    buffer_open(&held.places, NULL);
    buffer_open(&bytes, NULL);
    bool good = deletes_store(storage, root, error) && deletes_hold(&held, root, error) &&
                manifest_encode(head, root, &bytes, error) &&
                manifest_write(storage, &bytes, ++maintenance->manifest_number, error);
    buffer_close(&bytes);
    DeletesHeld old = good ? maintenance->deletes : held;
    if (good)
        maintenance->deletes = held;
    deletes_release(&old);
    return good;
}

bool checkpoint_write(Storage *storage, CheckpointLog log, Error *error)
{
    ManifestHead head;
    FAULT_POINT("checkpoint_begin");
    if (log == LOG_ROLL && !roll_log(storage, error))
        return false;
    Root *root = capture(storage, &head);
    bool good = state_write(storage, root, &head, error);
    counted_drop(root);
    if (!good)
        return false;
    i64 now = storage->platform->monotonic_us(storage->platform);
    mutex_lock(&storage->mutex);
    bool lead = !storage->leader && !storage->lost;
    storage->leader |= lead;
    storage->wal_bytes = 0;
    storage->maintenance->checkpoint_version = head.version;
    storage->maintenance->checkpoint_us = now;
    mutex_unlock(&storage->mutex);
    if (!lead) /* the list of log files is in use: the next checkpoint removes them */
        return true;
    good = wal_remove_old(&storage->wal, head.version, error);
    mutex_lock(&storage->mutex);
    storage->leader = false;
    mutex_unlock(&storage->mutex);
    return good;
}
