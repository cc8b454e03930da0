/* SPDX-License-Identifier: Apache-2.0
 *
 * Group commit. commit_begin encodes a transaction's record, gives it the next LSN and queues it;
 * whoever calls commit_step while nobody leads takes the whole queue, writes and syncs it with one
 * call each, applies the records in order and publishes one new Root; then the tickets are
 * granted. Visible only after it is durable: nobody ever acts on a row that a crash removes.
 *
 * Threads: the leader does I/O without any mutex; applying and publishing happen under
 * Storage.mutex. A failed write or sync of the log is the end (storage_lose): nothing is retried.
 * A log file that cannot be made because the disk is full fails the transactions, cleanly.
 */
#include "base/fault_point.h"
#include "base/text.h"
#include "storage/apply_record.h"
#include "storage/record.h"
#include "storage/retirement.h"

bool commit_enqueue(Storage *storage, CommitRequest *request, Error *error)
{
    if (storage->lost) {
        *error = storage->why_lost;
        return false;
    }
    request->lsn = storage->lsn_next++;
    i64 now = storage->platform->wall_us(storage->platform);
    request->commit_us = storage->commit_us_last = max_i64(now, storage->commit_us_last + 1);
    request->next = NULL;
    if (storage->queue_last)
        storage->queue_last->next = request;
    else
        storage->queue_first = request;
    storage->queue_last = request;
    return true;
}

static bool changes_table(const CommitRequest *request, TableId id)
{
    const WriteTable *table =
        request->transaction ? write_set_find(&request->transaction->writes, id) : NULL;
    return table && (table->defined || table->dropped || table->truncated);
}

bool commit_changes_table(const Storage *storage, TableId id)
{
    for (const CommitRequest *request = storage->writing; request; request = request->next)
        if (changes_table(request, id))
            return true;
    for (const CommitRequest *request = storage->queue_first; request; request = request->next)
        if (changes_table(request, id))
            return true;
    return false;
}

/* Storage.mutex held. Object locks keep tables from changing under a writer; a caller that took
 * none must not get rows of a table that is gone into the log. */
static bool tables_are_there(const Transaction *transaction, Error *error)
{
    const Storage *storage = transaction->storage;
    for (const WriteTable *table = transaction->writes.tables; table; table = table->next) {
        if (table->defined || table->dropped || table->truncated)
            continue;
        const TableVersion *now = root_table(storage->root, table->id);
        if (!now || now->table->changed_at > table->based_on ||
            commit_changes_table(storage, table->id))
            return error_set(error, E_SERIALIZATION_FAILURE,
                             "could not serialize access due to a concurrent change of a table");
    }
    return true;
}

/* True when the record is complete: nothing was rewritten while it was encoded. Only then an empty
 * one says that there is nothing to write: marks on rows that are being rewritten are left out. */
static bool enqueue_if_current(Transaction *transaction, WriteStatus *status, Error *error)
{
    Storage *storage = transaction->storage;
    mutex_lock(&storage->mutex);
    bool current = transaction->retirements_seen == storage->retirement_next;
    if (current && transaction->commit.payload.len == 0)
        *status = WRITE_DONE;
    else if (current && tables_are_there(transaction, error) &&
             commit_enqueue(storage, &transaction->commit, error))
        *status = WRITE_WAIT;
    mutex_unlock(&storage->mutex);
    return current;
}

static bool has_delta_room(Transaction *transaction, Error *error)
{
    Storage *storage = transaction->storage;
    i64 rows = 0;
    for (const WriteTable *table = transaction->writes.tables; table; table = table->next)
        rows += table->own_rows;
    mutex_lock(&storage->mutex);
    bool room =
        rows == 0 || storage->options.delta_bytes_max <= 0 ||
        storage->delta_bytes + transaction->commit.payload.len <= storage->options.delta_bytes_max;
    mutex_unlock(&storage->mutex);
    return room || error_set(error, E_OUT_OF_MEMORY,
                             "out of memory: fresh rows wait to be written to data files");
}

static bool encode(Transaction *transaction, Error *error)
{
    mutex_lock(&transaction->storage->mutex);
    u32 oid_next = transaction->storage->oid_next;
    mutex_unlock(&transaction->storage->mutex);
    mutex_lock(&transaction->mutex);
    bool good = own_rows_to_files(transaction, error) &&
                retirements_translate(transaction, RETIREMENTS_QUEUED, error);
    FAULT_POINT("between_marks_and_record");
    good = good && record_write(transaction, oid_next, &transaction->commit.payload, error);
    mutex_unlock(&transaction->mutex);
    return good && has_delta_room(transaction, error);
}

WriteStatus transaction_commit_begin(Transaction *transaction, Ticket *ticket, Error *error)
{
    WriteStatus status = WRITE_ERROR;
    bool current = false;
    while (!current && encode(transaction, error)) {
        ticket_prepare(ticket);
        transaction->commit.ticket = ticket;
        transaction->commit.transaction = transaction;
        current = enqueue_if_current(transaction, &status, error);
    }
    if (status != WRITE_WAIT)
        transaction_rollback(transaction);
    return status;
}

/* ---- the leader ---- */

static bool group_take(Storage *storage)
{
    mutex_lock(&storage->mutex);
    bool lead = !storage->leader && storage->queue_first;
    if (lead) {
        storage->leader = true;
        storage->writing = storage->queue_first;
        storage->queue_first = storage->queue_last = NULL;
    }
    mutex_unlock(&storage->mutex);
    return lead;
}

/* Writes and syncs the group. *failed: the first request that cannot be written because a new log
 * file cannot be made; NULL: all are down. False: the log is lost. */
static bool group_write(Storage *storage, CommitRequest **failed, Error *error)
{
    Wal *wal = &storage->wal;
    Version durable = storage->root->version;
    *failed = NULL;
    if (storage->lost) {
        *error = storage->why_lost;
        return false;
    }
    for (CommitRequest *request = storage->writing; request; request = request->next) {
        i64 bytes = wal_record_bytes(request->payload.len);
        if (!wal_fits(wal, bytes)) {
            if (!wal_flush(wal, error))
                return false;
            durable = request->lsn - 1;
            if (!wal_roll(wal, request->lsn, bytes, error)) {
                *failed = request;
                return true;
            }
        }
        WalRecord record = {.lsn = request->lsn,
                            .durable_lsn = durable,
                            .commit_us = request->commit_us,
                            .type = WAL_TRANSACTION,
                            .payload = request->payload.data,
                            .len = request->payload.len};
        if (!wal_stage(wal, &record, error))
            return false;
        storage->wal_bytes += bytes;
    }
    FAULT_POINT("commit_before_flush");
    bool flushed = wal_flush(wal, error);
    FAULT_POINT("commit_after_flush");
    return flushed;
}

/* ---- after it is durable; Storage.mutex held ---- */

static int compare_pairs(const void *a, const void *b)
{
    RowId x = ((const RowPair *)a)->from, y = ((const RowPair *)b)->from;
    return (x > y) - (x < y);
}

/* Where a row went, in one number: its ordinal in the record, OWN_ROW_DEAD, or below that a row of
 * a row group. */
static i64 place_of(const WriteTable *table, RowId row)
{
    return row_kind(row) == ROW_OWN ? *own_row_sequence(table, row) : OWN_ROW_DEAD - 1 - row;
}

static RowId row_at(i64 place, i64 first_sequence)
{
    return place > OWN_ROW_DEAD ? row_in_delta(first_sequence + place) : OWN_ROW_DEAD - 1 - place;
}

/* KEY SHARE allows updates by others; who holds it holds the new version too. */
static void locks_follow(Storage *storage, TableId table, const MoveSet *set,
                         const Transaction *writer)
{
    Error error;
    for (i64 i = 0; storage->locks.key_shares && i < set->count; i++) {
        const RowPair *pair = &set->pairs[i];
        LockKey from = {LOCK_ROWS, table, row_block(pair->from)};
        LockKey to = {LOCK_ROWS, table, row_block(pair->to)};
        bool copied = lock_copy_row(&storage->locks, from, row_in_block(pair->from), to,
                                    row_in_block(pair->to), writer, &error);
        verify(copied);
    }
}

/* Remembers where updated rows went, for transactions that wait for them. From the newest move to
 * the oldest, so that an own row that was updated again already knows the place of its last
 * version. */
static void moves_keep(Storage *storage, const WriteTable *table, i64 first_sequence,
                       Version version, const Transaction *writer)
{
    Error error;
    MoveSet *set = counted_make((i64)sizeof *set + table->move_count * (i64)sizeof set->pairs[0],
                                NULL, NULL, &error);
    verify(set != NULL);
    for (i32 i = table->move_count - 1; i >= 0; i--) {
        const RowMove *move = &table->moves[i];
        i64 place = place_of(table, move->to);
        if (row_kind(move->from) == ROW_OWN)
            *own_row_sequence(table, move->from) = place;
        else if (place != OWN_ROW_DEAD)
            set->pairs[set->count++] = (RowPair){retirements_newest(storage, table->id, move->from),
                                                 row_at(place, first_sequence)};
    }
    qsort(set->pairs, (size_t)set->count, sizeof set->pairs[0], compare_pairs);
    locks_follow(storage, table->id, set, writer);
    set->table = table->id;
    set->version = version;
    set->older = storage->moves;
    storage->moves = set;
}

static void retirement_activate(Storage *storage, Retirement *map, Version version)
{
    Error error;
    map->applied = true;
    map->version = version;
    for (i64 i = 0; storage->open && i < map->pair_count; i++) {
        const RowPair *pair = &map->pairs[i];
        LockKey from = {LOCK_ROWS, map->table, row_block(pair->from)};
        LockKey to = {LOCK_ROWS, map->table, row_block(pair->to)};
        bool copied = lock_copy_row(&storage->locks, from, row_in_block(pair->from), to,
                                    row_in_block(pair->to), NULL, &error);
        verify(copied);
    }
}

static i64 sequence_of(const Root *root, TableId table)
{
    const TableVersion *version = root_table(root, table);
    return version ? version->table->sequence_next : 1;
}

static bool request_apply(Storage *storage, Root *next, CommitRequest *request, Error *error)
{
    WriteTable *first = request->transaction ? request->transaction->writes.tables : NULL;
    for (WriteTable *table = first; table; table = table->next)
        table->own_rows = sequence_of(next, table->id); /* no longer needed as a count */
    if (!apply_record(storage, next, request->lsn, request->payload.data, request->payload.len,
                      error))
        return false;
    bool alone = storage->open == request->transaction && storage->open && !storage->open->next;
    for (const WriteTable *table = first; table && !alone; table = table->next)
        if (table->move_count)
            moves_keep(storage, table, table->own_rows, request->lsn, request->transaction);
    if (request->retirement)
        retirement_activate(storage, request->retirement, request->lsn);
    return true;
}

static LockWait *waits_join(LockWait *a, LockWait *b)
{
    LockWait **end = &a;
    while (*end)
        end = &(*end)->next;
    *end = b;
    return a;
}

/* Applies requests until `end`, publishes the new root. */
static bool group_apply(Storage *storage, const CommitRequest *end, LockWait **granted,
                        Error *error)
{
    Root *next = root_copy(storage->root, error), *old = storage->root;
    if (!next)
        return false;
    for (CommitRequest *request = storage->writing; request != end; request = request->next) {
        if (!request_apply(storage, next, request, error)) {
            counted_drop(next);
            return false;
        }
        storage->commits++;
    }
    storage->groups++;
    storage->root = next;
    for (CommitRequest *request = storage->writing; request != end; request = request->next)
        if (request->transaction)
            *granted = waits_join(transaction_unlink(request->transaction), *granted);
    retirements_prune(storage);
    counted_drop(old);
    return true;
}

static void request_finish(CommitRequest *request, const Error *error)
{
    Ticket *ticket = request->ticket;
    if (request->transaction)
        transaction_free(request->transaction);
    if (error)
        ticket_fail(ticket, error);
    else
        ticket_grant(ticket);
}

static void requests_finish(CommitRequest *first, const CommitRequest *end, const Error *error)
{
    while (first != end) {
        CommitRequest *next = first->next;
        request_finish(first, error);
        first = next;
    }
}

/* Everything from `failed` on, and what queued up behind it, cannot be written. Their LSNs are free
 * again. Storage.mutex held; returns the list. */
static CommitRequest *requests_give_up(Storage *storage, CommitRequest *failed, LockWait **granted)
{
    if (!failed)
        return NULL;
    CommitRequest *last = failed;
    while (last->next)
        last = last->next;
    last->next = storage->queue_first;
    storage->queue_first = storage->queue_last = NULL;
    storage->lsn_next = failed->lsn;
    for (CommitRequest *request = failed; request; request = request->next) {
        if (request->transaction)
            *granted = waits_join(transaction_unlink(request->transaction), *granted);
        if (request->retirement)
            storage->retirements = request->retirement->older;
    }
    return failed;
}

static void group_lead(Storage *storage)
{
    Error error, disk_full;
    LockWait *granted = NULL;
    CommitRequest *failed = NULL, *first = storage->writing;
    bool good = group_write(storage, &failed, &disk_full);
    if (!good)
        storage_lose(storage, &disk_full);
    mutex_lock(&storage->mutex);
    if (good && first != failed && !group_apply(storage, failed, &granted, &error)) {
        good = storage_lose(storage, &error);
        disk_full = error;
    }
    CommitRequest *given_up = requests_give_up(storage, good ? failed : first, &granted);
    storage->writing = NULL;
    storage->leader = false;
    mutex_unlock(&storage->mutex);
    if (good)
        requests_finish(first, failed, NULL);
    requests_finish(given_up, NULL, &disk_full);
    lock_grant_all(granted);
}

void commit_step(Storage *storage)
{
    while (group_take(storage))
        group_lead(storage);
}
