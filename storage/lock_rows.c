/* SPDX-License-Identifier: Apache-2.0
 *
 * Row locks without a change, for SELECT FOR UPDATE and its weaker kinds: the lock and the look
 * whether the row is still there happen as in modify.c, under one hold of Storage.mutex; nothing is
 * marked and nothing goes into the log. Locks are bits in the lock table, given back when the
 * transaction ends.
 */
#include "storage/modify.h"
#include "storage/retirement.h"
#include "storage/storage_state.h"

typedef struct LockRun {
    Transaction *transaction;
    Storage *storage;
    TableId table;
    const WriteTable *own; /* what the transaction wrote to the table; NULL: nothing */
    LockRowsCall *call;
    Error *error;
} LockRun;

/* Storage.mutex held. The row is not the transaction's own. */
static WriteStatus committed_lock(LockRun *run, RowId newest, ModifyStatus *status)
{
    Storage *storage = run->storage;
    WriteStatus taken =
        lock_take(&storage->locks, run->transaction, &run->transaction->locks,
                  (LockKey){LOCK_ROWS, run->table, row_block(newest)}, row_in_block(newest),
                  run->call->mode, run->call->ticket, run->error);
    *status = MODIFY_DONE;
    if (taken != WRITE_DONE || !row_is_gone(storage, run->table, newest))
        return taken;
    bool updated = moves_find(storage, run->table, newest) != ROW_NOT_MOVED;
    if (run->transaction->isolation != READ_COMMITTED) {
        error_set(run->error, E_SERIALIZATION_FAILURE,
                  "could not serialize access due to concurrent %s", updated ? "update" : "delete");
        return WRITE_ERROR;
    }
    *status = updated ? MODIFY_MOVED : MODIFY_GONE;
    return WRITE_DONE;
}

static WriteStatus one_lock(LockRun *run, RowId row, ModifyStatus *status)
{
    WriteStatus result = WRITE_DONE;
    *status = MODIFY_DONE;
    if (row_kind(row) == ROW_OWN)
        return WRITE_DONE;
    mutex_lock(&run->storage->mutex);
    RowId newest = retirements_newest(run->storage, run->table, row);
    if (run->own && (write_table_marked(run->own, newest) || write_table_marked(run->own, row)))
        *status = MODIFY_SELF;
    else if (!run->own || !row_in_own_group(run->own, row))
        result = committed_lock(run, newest, status);
    mutex_unlock(&run->storage->mutex);
    return result;
}

static bool all_locks(LockRun *run)
{
    LockRowsCall *call = run->call;
    for (; call->done < call->n; call->done++) {
        ModifyStatus *status = &call->status[call->done];
        WriteStatus result = one_lock(run, call->rows[call->done], status);
        if (result == WRITE_ERROR)
            return false;
        if (result != WRITE_WAIT)
            continue;
        *status = MODIFY_WAIT;
        if (call->ticket)
            return true;
    }
    return true;
}

bool native_lock_rows(Transaction *transaction, u64 relation, LockRowsCall *call, Error *error)
{
    LockRun run = {.transaction = transaction,
                   .storage = transaction->storage,
                   .table = relation,
                   .call = call,
                   .error = error};
    mutex_lock(&transaction->mutex);
    run.own = write_set_find(&transaction->writes, relation);
    bool good = all_locks(&run);
    mutex_unlock(&transaction->mutex);
    return good;
}
