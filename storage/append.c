/* SPDX-License-Identifier: Apache-2.0
 *
 * Appending rows to a transaction. An Append collects rows in a builder of its own, so that workers
 * append without meeting each other. A full row group goes to a data file at once; what is left at
 * the end goes into the same file as a short row group, or, when there is no file yet and little
 * in all, becomes own rows of the transaction, which travel in its commit record.
 *
 * One threshold decides: a row group's worth of rows in the table or 16 MB that are in no file yet.
 * When own rows collected by earlier statements reach it they are written out together; new
 * versions that an UPDATE makes, while it runs: nobody has their ids yet.
 */
#include "storage/group_writer.h"
#include "storage/modify.h"

enum { UNWRITTEN_BYTES_MAX = 16 << 20, ROW_WENT_NOWHERE = -1 };

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
    table->based_on = storage->root->version;
    const TableVersion *version = root_table(storage->root, id);
    table->columns = version ? counted_keep(version->columns) : NULL;
    mutex_unlock(&storage->mutex);
    if (table->columns)
        return table;
    error_set(error, E_UNDEFINED_TABLE, "table number %llu does not exist", (unsigned long long)id);
    return NULL;
}

static void append_release(Append *append)
{
    RowGroup **groups = (RowGroup **)append->groups.data;
    for (i64 i = 0; i < append->groups.len / (i64)sizeof *groups; i++)
        counted_drop(groups[i]);
    buffer_close(&append->groups);
    if (group_writer_is_open(&append->writer))
        group_writer_abandon(&append->writer);
    row_builder_close(&append->rows);
    counted_drop(append->columns);
}

static void append_free(Append *append)
{
    append_release(append);
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
    if (group_writer_is_open(writer) && group_writer_is_full(writer) &&
        !group_writer_finish(writer, error))
        return false;
    return group_writer_is_open(writer) ||
           group_writer_open(writer, append->transaction->storage, DATA_FILE_GROUPS,
                             append->transaction->budget, error);
}

static bool group_append(Append *append, const RowBuilder *rows, Error *error)
{
    RowGroup *group;
    OriginRun all = {{.load_id = append->transaction->id}, rows->rows};
    GroupOrigin origin = {GROUP_LOADED, &all, 1};
    if (!file_ready(append, error) ||
        !group_writer_add(&append->writer, rows, &origin, &group, error))
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

/* Own rows [from, from + n) join the builder. */
static bool gather_rows(RowBuilder *rows, const DeltaChunk *chunk, i32 from, i32 n, Error *error)
{
    Arena scratch;
    arena_open(&scratch, NULL);
    Vector *columns =
        arena_try(&scratch, (chunk->columns->count + 1) * (i64)sizeof *columns, error);
    bool good = columns != NULL;
    for (i32 c = 0; good && c < chunk->columns->count; c++)
        good = delta_vector(chunk, c, from, n, &scratch, &columns[c], error);
    Chunk piece = {.n = n, .column_count = chunk->columns->count, .columns = columns};
    good = good && row_builder_append(rows, &piece, 0, n, error);
    arena_close(&scratch);
    return good;
}

/* Live rows from `row` on, as many as stand together and the builder has room for. */
static i32 live_run(const RowBuilder *rows, const DeltaChunk *chunk, i32 row)
{
    i32 end = row, most = rows->rows_max - rows->rows;
    while (end < delta_rows(chunk) && end - row < most && !delta_deleted(chunk, end))
        end++;
    return end - row;
}

/* Own rows in memory, from a chunk on, go through the builder into row groups. Each chunk's
 * sequence then tells where its rows went: row group (by its place in append->groups) and position,
 * as row_in_group gives it. */
static bool gather_own_rows(Append *append, WriteTable *table, i32 first_chunk, Error *error)
{
    for (i32 c = first_chunk; c < table->chunk_count; c++) {
        DeltaChunk *chunk = table->chunks[c];
        for (i32 row = 0; row < delta_rows(chunk);) {
            if (delta_deleted(chunk, row)) {
                chunk->sequence[row++] = ROW_WENT_NOWHERE;
                continue;
            }
            if (row_builder_is_full(&append->rows) && !rows_to_file(append, error))
                return false;
            u64 group = (u64)(append->groups.len / (i64)sizeof(RowGroup *));
            i32 run = live_run(&append->rows, chunk, row);
            for (i32 i = 0; i < run; i++)
                chunk->sequence[row + i] = row_in_group(group, append->rows.rows + i);
            if (!gather_rows(&append->rows, chunk, row, run, error))
                return false;
            row += run;
        }
    }
    return true;
}

/* The rows in memory have the table's present shape. */
static bool may_gather(const WriteTable *table, i32 first_chunk)
{
    for (i32 c = first_chunk; c < table->chunk_count; c++)
        if (table->chunks[c]->columns != table->columns)
            return false;
    return table->chunk_count > first_chunk;
}

static bool is_own_from(RowId row, i32 first_chunk)
{
    return row_kind(row) == ROW_OWN && row_low(row) >> ROW_BLOCK_BITS >= (u64)first_chunk;
}

/* Updates name rows of row groups from now on. From the newest move to the oldest: a row that was
 * updated again already knows where its last version went. */
static void moves_follow(const Append *append, WriteTable *table, i32 first_chunk, i32 settled)
{
    RowGroup *const *groups = (RowGroup *const *)append->groups.data;
    for (i32 c = first_chunk; c < table->chunk_count; c++) {
        i64 *went = table->chunks[c]->sequence;
        for (i32 row = 0; row < delta_rows(table->chunks[c]); row++)
            if (went[row] != ROW_WENT_NOWHERE)
                went[row] = row_in_group(groups[row_group_of(went[row])]->address.id,
                                         row_position(went[row]));
    }
    for (i32 i = table->move_count - 1; i >= settled; i--) {
        RowMove *move = &table->moves[i];
        if (is_own_from(move->to, first_chunk)) {
            i64 went = *own_row_sequence(table, move->to);
            move->to = went == ROW_WENT_NOWHERE ? move->to : went;
        }
        if (is_own_from(move->from, first_chunk) && !is_own_from(move->to, first_chunk))
            *own_row_sequence(table, move->from) = move->to;
    }
}

static void forget_own_chunks(WriteTable *table, i32 first_chunk, i32 settled)
{
    i32 kept = settled; /* a move that still names one of these rows needs none of its cells */
    for (i32 i = settled; i < table->move_count; i++)
        if (!is_own_from(table->moves[i].from, first_chunk) &&
            !is_own_from(table->moves[i].to, first_chunk))
            table->moves[kept++] = table->moves[i];
    table->move_count = table->moves_settled = kept;
    while (table->chunk_count > first_chunk) {
        DeltaChunk *chunk = table->chunks[--table->chunk_count];
        table->own_rows -= delta_rows(chunk);
        counted_drop(chunk);
    }
    if (first_chunk == 0)
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

/* What is in the builder is written; the file is synced; the transaction has the row groups. */
static bool groups_finish(Append *append, WriteTable *table, StatementNumber first, Error *error)
{
    return rows_to_file(append, error) &&
           (!group_writer_is_open(&append->writer) ||
            group_writer_finish(&append->writer, error)) &&
           keep_groups(append, table, first, error);
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
    bool gather = is_too_much(append, table) && may_gather(table, 0) && table->move_count == 0;
    if (gather) {
        first = table->chunks[0]->version[0];
        if (!gather_own_rows(append, table, 0, error))
            return false;
    }
    if (!groups_finish(append, table, first, error))
        return false;
    if (gather)
        forget_own_chunks(table, 0, 0);
    return true;
}

static bool chunks_to_file(Transaction *transaction, WriteTable *table, i32 first_chunk,
                           Error *error)
{
    Append append = {
        .transaction = transaction, .table = table->id, .columns = counted_keep(table->columns)};
    i32 rows_max = transaction->storage->options.row_group_rows;
    i32 settled = first_chunk ? table->moves_settled : 0;
    bool good =
        row_builder_open(&append.rows, table->columns, rows_max, transaction->budget, error) &&
        gather_own_rows(&append, table, first_chunk, error) &&
        groups_finish(&append, table, transaction->statement, error);
    if (good) {
        moves_follow(&append, table, first_chunk, settled);
        forget_own_chunks(table, first_chunk, settled);
    }
    append_release(&append);
    return good;
}

bool own_rows_to_files(Transaction *transaction, Error *error)
{
    i32 full = transaction->storage->options.row_group_rows;
    bool much = unwritten_bytes(&transaction->writes) >= UNWRITTEN_BYTES_MAX;
    for (WriteTable *table = transaction->writes.tables; table; table = table->next)
        if ((much || table->own_rows >= full) && !table->dropped && may_gather(table, 0) &&
            !chunks_to_file(transaction, table, 0, error))
            return false;
    return true;
}

bool fresh_rows_to_files(Transaction *transaction, WriteTable *table, Error *error)
{
    i64 rows = 0, bytes = 0;
    for (i32 c = table->fresh_chunk; c < table->chunk_count; c++) {
        rows += delta_rows(table->chunks[c]);
        bytes += table->chunks[c]->bytes;
    }
    if ((rows < transaction->storage->options.row_group_rows && bytes < UNWRITTEN_BYTES_MAX) ||
        !may_gather(table, table->fresh_chunk))
        return true;
    if (!chunks_to_file(transaction, table, table->fresh_chunk, error))
        return false;
    table->own_bytes = max_i64(0, table->own_bytes - bytes - rows * 16);
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
