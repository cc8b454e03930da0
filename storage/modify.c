/* SPDX-License-Identifier: Apache-2.0
 *
 * DELETE and UPDATE: lock each row, look whether it is still there in the newest state, mark it,
 * and append its new version as an own row. An update is a mark that names the new row.
 *
 * The lock and the look happen under one hold of Storage.mutex; whoever waits is told so and comes
 * back with the rest. A row whose container was rewritten since it was scanned is followed to
 * where it is now, and marked in both places: older portals of this transaction still look there.
 */
#include "storage/modify.h"

#include "storage/retirement.h"
#include "storage/row_group.h"

typedef struct ModifyRun {
    Transaction *transaction;
    Storage *storage;
    WriteTable *table;
    ModifyCall *call;
    u16 *done; /* positions that get a new version */
    i32 done_count;
    Error *error;
} ModifyRun;

static bool is_gone(const TableVersion *version, RowId row)
{
    if (!version)
        return true;
    if (row_kind(row) == ROW_IN_GROUP) {
        const GroupEntry *entry = map_get(version->groups, (MapKey){0, row_group_of(row)});
        return !entry || (entry->deletes && bit_get(entry->deletes->words, row_position(row)));
    }
    for (i32 i = version->chunk_count - 1; i >= 0; i--) {
        i32 position = delta_find(version->chunks[i], (i64)row_low(row));
        if (position != DELTA_NO_ROW)
            return delta_deleted(version->chunks[i], position) != 0;
    }
    return true;
}

bool row_is_gone(const Storage *storage, TableId table, RowId row)
{
    return is_gone(root_table(storage->root, table), row);
}

bool row_in_own_group(const WriteTable *table, RowId row)
{
    for (i32 i = 0; row_kind(row) == ROW_IN_GROUP && i < table->group_count; i++)
        if (table->groups[i].entry->group->address.id == row_group_of(row))
            return true;
    return false;
}

/* Where a row that is gone went in the end, over all its updates; ROW_NOT_MOVED: it was deleted. */
static RowId last_version(const Storage *storage, TableId table, RowId row)
{
    while (row_is_gone(storage, table, row)) {
        row = moves_find(storage, table, row);
        if (row == ROW_NOT_MOVED)
            break;
        row = retirements_newest(storage, table, row);
    }
    return row;
}

static LockMode row_mode(const ModifyCall *call)
{
    return call->new_rows && !call->changes_key ? LOCK_ROW_NO_KEY_UPDATE : LOCK_ROW_UPDATE;
}

/* Storage.mutex held. */
static WriteStatus row_lock(ModifyRun *run, RowId newest, ModifyStatus *status, RowId *moved)
{
    Storage *storage = run->storage;
    TableId table = run->table->id;
    WriteStatus locked =
        lock_take(&storage->locks, run->transaction, &run->transaction->locks,
                  (LockKey){LOCK_ROWS, table, row_block(newest)}, row_in_block(newest),
                  row_mode(run->call), run->call->ticket, run->error);
    if (locked != WRITE_DONE || !row_is_gone(storage, table, newest)) {
        *status = MODIFY_DONE;
        return locked;
    }
    if (run->transaction->isolation != READ_COMMITTED) {
        bool updated = moves_find(storage, table, newest) != ROW_NOT_MOVED;
        error_set(run->error, E_SERIALIZATION_FAILURE,
                  "could not serialize access due to concurrent %s", updated ? "update" : "delete");
        return WRITE_ERROR;
    }
    *moved = last_version(storage, table, newest);
    *status = *moved == ROW_NOT_MOVED ? MODIFY_GONE : MODIFY_MOVED;
    return WRITE_DONE;
}

static WriteStatus modify_committed(ModifyRun *run, RowId row, ModifyStatus *status, RowId *moved)
{
    WriteSet *set = &run->transaction->writes;
    StatementNumber statement = run->transaction->statement;
    mutex_lock(&run->storage->mutex);
    RowId newest = retirements_newest(run->storage, run->table->id, row);
    bool marked = write_table_marked(run->table, newest) || write_table_marked(run->table, row);
    WriteStatus result = WRITE_DONE;
    *status = MODIFY_SELF;
    if (!marked && row_in_own_group(run->table, row))
        *status = MODIFY_DONE;
    else if (!marked)
        result = row_lock(run, newest, status, moved);
    mutex_unlock(&run->storage->mutex);
    if (result != WRITE_DONE || *status != MODIFY_DONE)
        return result;
    if (!write_table_mark(set, run->table, newest, statement, run->error) ||
        (newest != row && !write_table_mark(set, run->table, row, statement, run->error)))
        return WRITE_ERROR;
    return WRITE_DONE;
}

static ModifyStatus modify_own(ModifyRun *run, RowId row)
{
    u64 low = row_low(row);
    DeltaChunk *chunk = run->table->chunks[low >> ROW_BLOCK_BITS];
    i32 position = (i32)(low & (ROW_BLOCK_ROWS - 1));
    if (delta_deleted(chunk, position))
        return MODIFY_SELF;
    atomic_store_explicit(&chunk->deleted[position], run->transaction->statement,
                          memory_order_release);
    return MODIFY_DONE;
}

static WriteStatus modify_rows(ModifyRun *run)
{
    ModifyCall *call = run->call;
    for (; call->done < call->n; call->done++) {
        i32 i = call->done;
        ModifyStatus status = MODIFY_DONE;
        RowId moved = ROW_NOT_MOVED;
        WriteStatus result = WRITE_DONE;
        if (row_kind(call->rows[i]) == ROW_OWN) {
            if (row_low(call->rows[i]) >> ROW_BLOCK_BITS >= (u64)run->table->chunk_count) {
                error_set(run->error, E_INTERNAL_ERROR,
                          "the row was written to a data file since it was read");
                return WRITE_ERROR;
            }
            status = modify_own(run, call->rows[i]);
        } else {
            result = modify_committed(run, call->rows[i], &status, &moved);
        }
        if (result != WRITE_DONE)
            return result;
        call->status[i] = status;
        if (status == MODIFY_MOVED)
            call->newest[i] = moved;
        if (status == MODIFY_DONE)
            run->done[run->done_count++] = (u16)i;
    }
    return WRITE_DONE;
}

/* The new versions of the rows that were marked. */
static bool append_versions(ModifyRun *run, Arena *scratch)
{
    const Chunk *rows = run->call->new_rows;
    if (!rows || run->done_count == 0)
        return true;
    WriteSet *set = &run->transaction->writes;
    StatementNumber statement = run->transaction->statement;
    RowId *ids = arena_try(scratch, run->done_count * (i64)sizeof *ids, run->error);
    if (!ids)
        return false;
    Selection sel = {run->done_count, run->done};
    Chunk chosen = *rows;
    chosen.sel = &sel;
    if (!write_table_append(set, run->table, &chosen, statement, ids, run->error))
        return false;
    for (i32 i = 0; i < run->done_count; i++) {
        RowMove move = {run->call->rows[run->done[i]], ids[i], statement};
        if (!write_table_move(set, run->table, move, run->error))
            return false;
    }
    return fresh_rows_to_files(run->transaction, run->table, run->error);
}

static bool modify_locked(ModifyRun *run, Arena *scratch)
{
    run->done = arena_try(scratch, (run->call->n + 1) * (i64)sizeof *run->done, run->error);
    run->table = write_table_for_rows(run->transaction, run->table->id, run->error);
    if (!run->done || !run->table)
        return false;
    WriteStatus result = modify_rows(run);
    if (!append_versions(run, scratch) || result == WRITE_ERROR)
        return false;
    if (result == WRITE_WAIT)
        run->call->status[run->call->done] = MODIFY_WAIT;
    return true;
}

bool native_modify(Transaction *transaction, u64 relation, ModifyCall *call, Error *error)
{
    WriteTable wanted = {.id = relation};
    ModifyRun run = {.transaction = transaction,
                     .storage = transaction->storage,
                     .table = &wanted,
                     .call = call,
                     .error = error};
    Arena scratch;
    for (i32 c = 0; call->new_rows && c < call->new_rows->column_count; c++)
        if (!vector_load(&call->new_rows->columns[c], NULL, call->n, error))
            return false;
    arena_open(&scratch, transaction->budget);
    call->done = 0;
    mutex_lock(&transaction->mutex);
    bool good = modify_locked(&run, &scratch);
    mutex_unlock(&transaction->mutex);
    arena_close(&scratch);
    return good;
}
