/* SPDX-License-Identifier: Apache-2.0
 *
 * Appending rows to a transaction. An Append collects rows in a builder of its own, so that workers
 * append without meeting each other. A full row group goes to a data file at once; what is left at
 * the end goes into the same file as a short row group, or, when there is no file yet and little
 * in all, becomes own rows of the transaction, which travel in its commit record.
 *
 * One threshold decides: a row group's worth of rows in the table or 16 MB that are in no file yet.
 * When own rows collected by earlier statements reach it they are written out together.
 */
#include "storage/group_writer.h"
#include "storage/modify.h"

enum { UNWRITTEN_BYTES_MAX = 16 << 20 };

struct Append {
    Transaction *transaction;
    TableId table;
    const Columns *columns; /* counted */
    RowBuilder rows;
    GroupWriter writer;
    Buffer groups; /* RowGroup *: counted, written by this Append */
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

static void append_free(Append *append)
{
    RowGroup **groups = (RowGroup **)append->groups.data;
    for (i64 i = 0; i < append->groups.len / (i64)sizeof *groups; i++)
        counted_drop(groups[i]);
    buffer_close(&append->groups);
    if (group_writer_is_open(&append->writer))
        group_writer_abandon(&append->writer);
    row_builder_close(&append->rows);
    counted_drop(append->columns);
    counted_drop(append);
}

bool native_append_open(Transaction *transaction, u64 relation, Append **out, Error *error)
{
    Append *append = counted_make((i64)sizeof *append, transaction->budget, NULL, error);
    if (!append)
        return false;
    append->transaction = transaction;
    append->table = relation;
    mutex_lock(&transaction->mutex);
    WriteTable *table = write_table_for_rows(transaction, relation, error);
    append->columns = table ? counted_keep(table->columns) : NULL;
    mutex_unlock(&transaction->mutex);
    i32 rows_max = transaction->storage->options.row_group_rows;
    if (append->columns &&
        row_builder_open(&append->rows, append->columns, rows_max, transaction->budget, error)) {
        *out = append;
        return true;
    }
    append_free(append);
    return false;
}

/* ---- to a file ---- */

static bool file_ready(Append *append, Error *error)
{
    GroupWriter *writer = &append->writer;
    if (group_writer_is_open(writer) && writer->groups == FILE_GROUPS_MAX &&
        !group_writer_finish(writer, error))
        return false;
    return group_writer_is_open(writer) || group_writer_open(writer, append->transaction->storage,
                                                             append->transaction->budget, error);
}

static bool group_append(Append *append, const RowBuilder *rows, Error *error)
{
    RowGroup *group;
    if (!file_ready(append, error) || !group_writer_add(&append->writer, rows, GROUP_LOADED,
                                                        append->transaction->id, &group, error))
        return false;
    if (buffer_append(&append->groups, &group, (i64)sizeof group, error))
        return true;
    counted_drop(group);
    return false;
}

static bool rows_to_file(Append *append, Error *error)
{
    if (append->rows.rows == 0)
        return true;
    bool good = group_append(append, &append->rows, error);
    row_builder_reset(&append->rows);
    return good;
}

bool native_append(Append *append, const Chunk *chunk, Error *error)
{
    for (i32 c = 0; c < chunk->column_count; c++)
        if (!vector_load(&chunk->columns[c], chunk->sel, chunk->n, error))
            return false;
    i32 rows = chunk_rows(chunk);
    for (i32 from = 0; from < rows;) {
        i32 piece = (i32)min_i64(rows - from, append->rows.rows_max - append->rows.rows);
        if (!row_builder_append(&append->rows, chunk, from, piece, error))
            return false;
        from += piece;
        if (row_builder_is_full(&append->rows) && !rows_to_file(append, error))
            return false;
    }
    return true;
}

/* ---- the end; the transaction's mutex held ---- */

static i64 unwritten_bytes(const WriteSet *set)
{
    i64 bytes = 0;
    for (const WriteTable *table = set->tables; table; table = table->next)
        bytes += table->own_bytes;
    return bytes;
}

static bool is_too_much(const Append *append, const WriteTable *table)
{
    const Transaction *transaction = append->transaction;
    return table->own_rows + append->rows.rows >= transaction->storage->options.row_group_rows ||
           unwritten_bytes(&transaction->writes) + append->rows.bytes >= UNWRITTEN_BYTES_MAX;
}

/* Own rows that earlier statements left in memory join the builder. A moved row's new place is a
 * row of the group, whose number is not known yet: sequence remembers its position. */
static bool gather_own_rows(Append *append, WriteTable *table, Error *error)
{
    for (i32 c = 0; c < table->chunk_count; c++) {
        DeltaChunk *chunk = table->chunks[c];
        for (i32 row = 0; row < delta_rows(chunk); row++) {
            Arena scratch;
            Vector *columns;
            if (delta_deleted(chunk, row))
                continue;
            if (row_builder_is_full(&append->rows) && !rows_to_file(append, error))
                return false;
            arena_open(&scratch, NULL);
            columns = arena_try(&scratch, chunk->columns->count * (i64)sizeof *columns, error);
            bool good = columns != NULL;
            for (i32 i = 0; good && i < chunk->columns->count; i++)
                good = delta_vector(chunk, i, row, 1, &scratch, &columns[i], error);
            Chunk one = {.n = 1, .column_count = chunk->columns->count, .columns = columns};
            good = good && row_builder_append(&append->rows, &one, 0, 1, error);
            arena_close(&scratch);
            if (!good)
                return false;
        }
    }
    return true;
}

/* May the rows in memory be written out now? Not when a savepoint or a later version of a row
 * still refers to them one by one, or when the table has changed its shape since. */
static bool may_gather(const WriteTable *table)
{
    for (i32 c = 0; c < table->chunk_count; c++)
        if (table->chunks[c]->columns != table->columns)
            return false;
    return table->move_count == 0;
}

static void forget_own_chunks(WriteTable *table)
{
    while (table->chunk_count)
        counted_drop(table->chunks[--table->chunk_count]);
    table->own_rows = table->own_bytes = 0;
}

static bool keep_groups(Append *append, WriteTable *table, StatementNumber first, Error *error)
{
    RowGroup **groups = (RowGroup **)append->groups.data;
    for (i64 i = 0; i < append->groups.len / (i64)sizeof *groups; i++) {
        GroupEntry *entry = group_entry_make(groups[i], NULL, error);
        bool good = entry && write_table_add_group(&append->transaction->writes, table, entry,
                                                   first, append->transaction->statement, error);
        counted_drop(entry);
        if (!good)
            return false;
    }
    return true;
}

static bool keep_in_memory(Append *append, WriteTable *table, Error *error)
{
    for (i32 from = 0; from < append->rows.rows; from += DELTA_CHUNK_ROWS) {
        i32 n = (i32)min_i64(DELTA_CHUNK_ROWS, append->rows.rows - from);
        Arena scratch;
        Chunk chunk;
        arena_open(&scratch, NULL);
        bool good = row_builder_chunk(&append->rows, from, n, &scratch, &chunk, error) &&
                    write_table_append(&append->transaction->writes, table, &chunk,
                                       append->transaction->statement, NULL, error);
        arena_close(&scratch);
        if (!good)
            return false;
    }
    return true;
}

static bool append_keep(Append *append, Error *error)
{
    Transaction *transaction = append->transaction;
    WriteTable *table = write_table_for_rows(transaction, append->table, error);
    if (!table)
        return false;
    bool file = group_writer_is_open(&append->writer);
    if (!file && !is_too_much(append, table))
        return keep_in_memory(append, table, error);
    StatementNumber first = transaction->statement;
    bool gather = table->chunk_count > 0 && is_too_much(append, table) && may_gather(table);
    if (gather) {
        first = table->chunks[0]->version[0];
        if (!gather_own_rows(append, table, error))
            return false;
    }
    if (!rows_to_file(append, error) ||
        (group_writer_is_open(&append->writer) && !group_writer_finish(&append->writer, error)) ||
        !keep_groups(append, table, first, error))
        return false;
    if (gather)
        forget_own_chunks(table);
    return true;
}

bool native_append_close(Append *append, bool keep, Error *error)
{
    Transaction *transaction = append->transaction;
    bool good = true;
    if (keep) {
        mutex_lock(&transaction->mutex);
        good = append_keep(append, error);
        mutex_unlock(&transaction->mutex);
    }
    append_free(append);
    return good;
}
