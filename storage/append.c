/* SPDX-License-Identifier: Apache-2.0
 *
 * Appending rows to a transaction. Chunks are collected as own rows.
 */
#include "base/counted.h"
#include "storage/modify.h"

struct Append {
    Transaction *transaction;
    TableId table;
    i32 chunk_start, row_start; /* where the first row of this Append went, -1: nowhere yet */
};

WriteTable *write_table_for_rows(Transaction *transaction, TableId id, Error *error)
{
    WriteTable *table = write_set_table(&transaction->writes, id, error);
    if (!table || table->columns)
        return table;
    Storage *storage = transaction->storage;
    mutex_lock(&storage->mutex);
    const TableVersion *version = root_table(storage->root, id);
    table->columns = version ? counted_keep(version->columns) : NULL;
    mutex_unlock(&storage->mutex);
    if (table->columns)
        return table;
    error_set(error, E_UNDEFINED_TABLE, "table number %llu does not exist", (unsigned long long)id);
    return NULL;
}

bool native_append_open(Transaction *transaction, u64 relation, Append **out, Error *error)
{
    Append *append = counted_make((i64)sizeof *append, transaction->budget, NULL, error);
    if (!append)
        return false;
    append->transaction = transaction;
    append->table = relation;
    mutex_lock(&transaction->mutex);
    bool good = write_table_for_rows(transaction, relation, error) != NULL;
    mutex_unlock(&transaction->mutex);
    if (good)
        *out = append;
    else
        counted_drop(append);
    return good;
}

bool native_append(Append *append, const Chunk *chunk, Error *error)
{
    Transaction *transaction = append->transaction;
    for (i32 c = 0; c < chunk->column_count; c++)
        if (!vector_load(&chunk->columns[c], chunk->sel, chunk->n, error))
            return false;
    mutex_lock(&transaction->mutex);
    WriteTable *table = write_table_for_rows(transaction, append->table, error);
    bool good = table && write_table_append(&transaction->writes, table, chunk,
                                            transaction->statement, NULL, error);
    mutex_unlock(&transaction->mutex);
    return good;
}

bool native_append_close(Append *append, bool keep, Error *error)
{
    counted_drop(append);
    return true;
}
