/* SPDX-License-Identifier: Apache-2.0
 *
 * Beginning, ending and locking: everything of a transaction but its commit (commit.c) and its rows
 * (append.c, modify.c).
 */
#include "base/text.h"
#include "storage/retirement.h"
#include "storage/storage_state.h"
#include "storage/value_codec.h"

static void transaction_closer(void *thing)
{
    Transaction *transaction = thing;
    write_set_close(&transaction->writes);
    counted_drop(transaction->first_root);
    buffer_close(&transaction->commit.payload);
    mutex_close(&transaction->mutex);
}

static void open_list_add(Storage *storage, Transaction *transaction)
{
    mutex_lock(&storage->mutex);
    transaction->id = ++storage->transaction_next;
    transaction->begun_at = storage->root->version;
    transaction->retirements_seen = retirements_applied(storage);
    transaction->next = storage->open;
    if (storage->open)
        storage->open->previous = transaction;
    storage->open = transaction;
    mutex_unlock(&storage->mutex);
}

bool transaction_begin(Storage *storage, Isolation isolation, Budget *budget,
                       Transaction **transaction, Error *error)
{
    if (isolation == SERIALIZABLE)
        return error_set(error, E_FEATURE_NOT_SUPPORTED,
                         "isolation level SERIALIZABLE is not supported yet");
    Transaction *fresh = counted_make((i64)sizeof **transaction, NULL, transaction_closer, error);
    if (!fresh)
        return false;
    fresh->storage = storage;
    fresh->isolation = isolation;
    fresh->budget = budget;
    fresh->statement = 1;
    mutex_open(&fresh->mutex);
    arena_open(&fresh->writes.arena, budget);
    buffer_open(&fresh->commit.payload, NULL);
    open_list_add(storage, fresh);
    *transaction = fresh;
    return true;
}

void transaction_next_statement(Transaction *transaction)
{
    mutex_lock(&transaction->mutex);
    transaction->statement++;
    mutex_unlock(&transaction->mutex);
}

void transaction_set_isolation(Transaction *transaction, Isolation isolation)
{
    mutex_lock(&transaction->mutex);
    transaction->isolation = isolation;
    mutex_unlock(&transaction->mutex);
}

Isolation transaction_isolation(const Transaction *transaction)
{
    return transaction->isolation;
}

u64 transaction_id(const Transaction *transaction)
{
    return transaction->id;
}

void transaction_set_session(Transaction *transaction, i32 session)
{
    transaction->session = session;
}

bool transaction_is_clean(const Transaction *transaction)
{
    return write_set_is_empty(&transaction->writes) && !transaction->locks.newest;
}

LocksHeld *transaction_locks(Transaction *transaction)
{
    return &transaction->locks;
}

LockWait *transaction_unlink(Transaction *transaction)
{
    Storage *storage = transaction->storage;
    if (transaction->previous)
        transaction->previous->next = transaction->next;
    else
        storage->open = transaction->next;
    if (transaction->next)
        transaction->next->previous = transaction->previous;
    return lock_release_all(&storage->locks, transaction, &transaction->locks);
}

void transaction_free(Transaction *transaction)
{
    counted_drop(transaction);
}

void transaction_rollback(Transaction *transaction)
{
    Storage *storage = transaction->storage;
    mutex_lock(&storage->mutex);
    LockWait *granted = transaction_unlink(transaction);
    retirements_prune(storage);
    mutex_unlock(&storage->mutex);
    lock_grant_all(granted);
    transaction_free(transaction);
}

Version storage_oldest_open(const Storage *storage)
{
    Version oldest = UINT64_MAX;
    for (const Transaction *open = storage->open; open; open = open->next)
        if (open->begun_at < oldest)
            oldest = open->begun_at;
    return oldest;
}

WriteStatus object_lock(Transaction *transaction, u32 object_class, u32 oid, LockMode mode,
                        Ticket *ticket, Error *error)
{
    Storage *storage = transaction->storage;
    mutex_lock(&storage->mutex);
    WriteStatus status =
        lock_take(&storage->locks, transaction, &transaction->locks,
                  (LockKey){LOCK_OBJECTS, object_class, oid}, 0, mode, ticket, error);
    mutex_unlock(&storage->mutex);
    return status;
}

void transaction_cancel_wait(Transaction *transaction, Ticket *ticket, const Error *why)
{
    Storage *storage = transaction->storage;
    mutex_lock(&storage->mutex);
    bool waited = lock_forget_ticket(&storage->locks, ticket);
    mutex_unlock(&storage->mutex);
    if (waited)
        ticket_fail(ticket, why);
    /* Else its blocker has taken it out to grant it, and is about to: a few instructions. */
    while (ticket_state(ticket) == TICKET_WAITING)
        atomic_signal_fence(memory_order_seq_cst);
}

bool storage_take_oid(Storage *storage, u32 *oid, Error *error)
{
    mutex_lock(&storage->mutex);
    bool left = storage->oid_next != 0;
    *oid = storage->oid_next;
    storage->oid_next += left;
    mutex_unlock(&storage->mutex);
    return left || error_set(error, E_PROGRAM_LIMIT_EXCEEDED, "all object numbers are used up");
}

/* ---- savepoints: statement numbers ---- */

Savepoint transaction_savepoint(Transaction *transaction)
{
    mutex_lock(&transaction->mutex);
    Savepoint savepoint = ++transaction->statement;
    mutex_unlock(&transaction->mutex);
    return savepoint;
}

/* Changes that are not undone piecemeal: definitions, and row groups that mix rows from before and
 * after. */
static bool table_changed_since(const WriteSet *set, StatementNumber from)
{
    for (const WriteTable *table = set->tables; table; table = table->next) {
        if (table->defined >= from || table->dropped >= from || table->truncated >= from)
            return true;
        for (i32 i = 0; i < table->group_count; i++)
            if (table->groups[i].first < from && table->groups[i].statement >= from)
                return true;
    }
    return false;
}

bool transaction_rollback_to(Transaction *transaction, Savepoint savepoint, Error *error)
{
    mutex_lock(&transaction->mutex);
    bool possible = !table_changed_since(&transaction->writes, savepoint);
    if (possible) {
        write_set_rollback(&transaction->writes, savepoint);
        transaction->statement++;
    }
    mutex_unlock(&transaction->mutex);
    return possible || error_set(error, E_FEATURE_NOT_SUPPORTED,
                                 "ROLLBACK TO SAVEPOINT after a change of a table's definition");
}

/* ---- tables ---- */

/* What the transaction knows about the table, with its columns filled from `root` if need be. */
static WriteTable *table_for_change(Transaction *transaction, TableId id, Error *error)
{
    Storage *storage = transaction->storage;
    mutex_lock(&storage->mutex);
    Root *root = counted_keep(storage->root);
    mutex_unlock(&storage->mutex);
    WriteTable *table = write_set_table(&transaction->writes, id, error);
    const TableVersion *version = root_table(root, id);
    if (table && !table->columns && version)
        table->columns = counted_keep(version->columns);
    counted_drop(root);
    return table;
}

/* A column that is there keeps the constant it came with: rows older than it go on having it. */
static void keep_constants(const Columns *old, Columns *fresh)
{
    for (i32 i = 0; old && i < fresh->count; i++)
        for (i32 j = 0; j < old->count; j++)
            if (old->list[j].id == fresh->list[i].id)
                fresh->list[i].constant = old->list[j].constant;
}

static Columns *merge_columns(const Columns *old, const ColumnDefinition *columns, i32 count,
                              Error *error)
{
    Columns *fresh = columns_make(columns, count, error);
    if (!fresh || !old)
        return fresh;
    keep_constants(old, fresh);
    Columns *own = columns_make(fresh->list, count, error); /* constants copied once more */
    counted_drop(fresh);
    return own;
}

static bool define_locked(Transaction *transaction, TableId id, const ColumnDefinition *columns,
                          i32 count, Error *error)
{
    WriteTable *table = table_for_change(transaction, id, error);
    Columns *fresh = table ? merge_columns(table->columns, columns, count, error) : NULL;
    if (!fresh)
        return false;
    for (i32 i = 0; i < count; i++)
        if (fresh->list[i].constant.null)
            fresh->list[i].constant = value_null(fresh->list[i].lane);
    counted_drop(table->columns);
    table->columns = fresh;
    table->defined = transaction->statement;
    return true;
}

bool table_define(Transaction *transaction, TableId table, const ColumnDefinition *columns,
                  i32 count, Error *error)
{
    for (i32 i = 0; i < count; i++)
        if (!lane_is_stored(columns[i].lane))
            return error_set(error, E_FEATURE_NOT_SUPPORTED, "a column of lane %s cannot be stored",
                             lane_name(columns[i].lane));
    mutex_lock(&transaction->mutex);
    bool defined = define_locked(transaction, table, columns, count, error);
    mutex_unlock(&transaction->mutex);
    return defined;
}

static void forget_own_rows(WriteTable *table, StatementNumber statement)
{
    for (i32 i = 0; i < table->chunk_count; i++)
        for (i32 row = 0; row < delta_rows(table->chunks[i]); row++)
            if (!delta_deleted(table->chunks[i], row))
                atomic_store(&table->chunks[i]->deleted[row], statement);
    while (table->group_count)
        counted_drop(table->groups[--table->group_count].entry);
}

bool table_drop(Transaction *transaction, TableId id, Error *error)
{
    mutex_lock(&transaction->mutex);
    WriteTable *table = table_for_change(transaction, id, error);
    if (table) {
        forget_own_rows(table, transaction->statement);
        table->dropped = transaction->statement;
    }
    mutex_unlock(&transaction->mutex);
    return table != NULL;
}

bool table_truncate(Transaction *transaction, TableId id, Error *error)
{
    mutex_lock(&transaction->mutex);
    WriteTable *table = table_for_change(transaction, id, error);
    if (table) {
        forget_own_rows(table, transaction->statement);
        table->truncated = transaction->statement;
    }
    mutex_unlock(&transaction->mutex);
    return table != NULL;
}
