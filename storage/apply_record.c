/* SPDX-License-Identifier: Apache-2.0
 *
 * Entry by entry. Delta rows go behind the rows of the table's last chunk, in place: no snapshot
 * looks that far. Everything else makes a new TableVersion of the Root being built.
 *
 * Memory: scratch of one record is an arena that goes at its end. What fails here fails after the
 * record became durable: the caller cannot go on (commit.c), or refuses to start (recover.c).
 */
#include "storage/apply_record.h"

#include "storage/record.h"
#include "storage/value_codec.h"

static bool damaged(Error *error, const char *what)
{
    return error_set(error, E_DATA_CORRUPTED, "a log record is damaged: %s", what);
}

/* ---- objects ---- */

static bool object_remove(Root *next, u32 object_class, u32 oid, Error *error)
{
    MapKey key = {object_class, oid};
    const StoredObject *old = map_get(next->objects, key);
    if (!old)
        return true;
    if (old->key.name.len &&
        !map_change_remove(&next->names, (MapKey){object_key_hash(old->key), oid}, error))
        return false;
    return map_change_remove(&next->objects, key, error);
}

bool apply_object(Root *next, const StoredObject *object, Error *error)
{
    if (!object_remove(next, object->object_class, object->oid, error))
        return false;
    StoredObject *copy = stored_object_make(object, error);
    if (!copy)
        return false;
    bool good =
        map_change(&next->objects, (MapKey){object->object_class, object->oid}, copy, error) &&
        (object->key.name.len == 0 ||
         map_change(&next->names, (MapKey){object_key_hash(object->key), object->oid}, copy,
                    error));
    counted_drop(copy);
    return good;
}

static bool read_object_entry(Storage *storage, Root *next, ByteReader *r, Version version,
                              Error *error)
{
    StoredObject object = {.version = version};
    object.object_class = object.key.object_class = read_u32(r);
    object.oid = read_u32(r);
    (void)read_u64(r); /* before: for people who read logs */
    bool dropped = read_u8(r);
    if (!dropped) {
        object.key.database = read_u32(r);
        object.key.schema = read_u32(r);
        object.key.name = read_text(r);
        object.bytes = read_text(r);
    }
    if (r->bad)
        return damaged(error, "object");
    next->catalogue_stamp = version;
    if (object.oid >= storage->oid_next)
        storage->oid_next = object.oid + 1;
    return dropped ? object_remove(next, object.object_class, object.oid, error)
                   : apply_object(next, &object, error);
}

/* Numbers that were taken since, by transactions that are not in the log yet, stay taken. */
static bool read_oids_entry(Storage *storage, ByteReader *r, Error *error)
{
    u32 oid_next = read_u32(r);
    if (r->bad)
        return damaged(error, "object numbers");
    if (oid_next > storage->oid_next)
        storage->oid_next = oid_next;
    return true;
}

/* ---- tables ---- */

static bool table_put(Root *next, TableVersion *version, Error *error)
{
    if (!version)
        return false;
    bool good = map_change(&next->tables, (MapKey){0, version->table->id}, version, error);
    counted_drop(version);
    return good;
}

bool apply_table(Root *next, TableId id, const Columns *columns, i64 sequence_next, Error *error)
{
    const TableVersion *old = root_table(next, id);
    if (old)
        return table_put(next,
                         table_version_make(old->table, columns, old->groups, old->chunks,
                                            old->chunk_count, error),
                         error);
    Table *table = counted_make((i64)sizeof *table, NULL, NULL, error);
    if (!table)
        return false;
    *table = (Table){.id = id, .sequence_next = sequence_next};
    bool good = table_put(next, table_version_make(table, columns, NULL, NULL, 0, error), error);
    counted_drop(table);
    return good;
}

static bool read_table_entry(Root *next, TableId id, ByteReader *r, Version version, Error *error)
{
    Columns *columns = read_columns(r, error);
    bool good = columns && apply_table(next, id, columns, 1, error);
    if (good)
        root_table(next, id)->table->changed_at = version;
    counted_drop(columns);
    return good;
}

static void retire_groups(const TableVersion *version)
{
    const MapNode *node = map_next(version->groups, (MapKey){0, 0});
    for (; node; node = map_next(version->groups, (MapKey){0, node->key.low + 1}))
        row_group_retire(((const GroupEntry *)node->value)->group);
}

static void forget_chunks(Storage *storage, const TableVersion *version, i32 count)
{
    for (i32 i = 0; i < count; i++) {
        storage->delta_rows -= delta_rows(version->chunks[i]);
        storage->delta_bytes -= version->chunks[i]->bytes;
    }
}

static bool drop_or_truncate(Storage *storage, Root *next, TableId id, RecordEntry entry,
                             Version version, Error *error)
{
    const TableVersion *old = root_table(next, id);
    if (!old && entry == ENTRY_DROP_TABLE)
        return true; /* made and dropped by the same transaction */
    if (!old)
        return damaged(error, "table unknown");
    old->table->changed_at = version;
    retire_groups(old);
    forget_chunks(storage, old, old->chunk_count);
    if (entry == ENTRY_DROP_TABLE)
        return map_change_remove(&next->tables, (MapKey){0, id}, error);
    return table_put(next, table_version_make(old->table, old->columns, NULL, NULL, 0, error),
                     error);
}

/* ---- rows ---- */

/* The table's last chunk if it can take a row, else a fresh one that becomes the last. */
static DeltaChunk *chunk_for_rows(Storage *storage, Root *next, TableId id, Error *error)
{
    const TableVersion *old = root_table(next, id);
    DeltaChunk *last = old->chunk_count ? old->chunks[old->chunk_count - 1] : NULL;
    if (last && !old->table->sealed && delta_rows(last) < last->capacity &&
        last->columns == old->columns)
        return last;
    i32 capacity = last && !old->table->sealed ? (i32)min_i64(last->capacity * 2, DELTA_CHUNK_ROWS)
                                               : DELTA_CHUNK_ROWS_MIN;
    DeltaChunk *fresh = delta_chunk_make(old->columns, capacity, NULL, error);
    if (!fresh)
        return NULL;
    TableVersion *version = table_version_make(old->table, old->columns, old->groups, old->chunks,
                                               old->chunk_count, error);
    TableVersion *longer = NULL;
    if (version) { /* one chunk more than the old version */
        i64 bytes =
            (i64)sizeof *longer + (version->chunk_count + 1) * (i64)sizeof version->chunks[0];
        DeltaChunk **chunks = counted_make(bytes, NULL, NULL, error);
        if (chunks) {
            memcpy(chunks, version->chunks, (size_t)version->chunk_count * sizeof *chunks);
            chunks[version->chunk_count] = fresh;
            longer = table_version_make(version->table, version->columns, version->groups, chunks,
                                        version->chunk_count + 1, error);
            counted_drop(chunks);
        }
        counted_drop(version);
    }
    counted_drop(fresh);
    old->table->sealed = false;
    if (!table_put(next, longer, error))
        return NULL;
    storage->delta_bytes += fresh->bytes;
    return fresh;
}

/* Ids of loads are not given twice, whatever a crash made of the counter in MANIFEST. */
static void remember_load(Storage *storage, u64 load_id)
{
    if (load_id > storage->transaction_next)
        storage->transaction_next = load_id;
}

/* The rows of the chunk from `start` on get what MANIFEST says about them. */
static void restore_rows(DeltaChunk *chunk, i32 start, i32 count, i32 taken, AppliedRows *from,
                         i32 *run_left)
{
    for (i32 i = 0; i < count; i++, (*run_left)--) {
        if (*run_left == 0)
            *run_left = (++from->run)->rows;
        chunk->sequence[start + i] = from->sequences[taken + i];
        chunk->version[start + i] = from->run->origin.version;
        chunk->load[start + i] = from->run->origin.load_id;
    }
}

static bool append_rows(Storage *storage, Root *next, TableId id, DeltaReader *reader,
                        AppliedRows from, Error *error)
{
    i32 run_left = from.run ? from.run->rows : 0;
    while (reader->taken < reader->n) {
        DeltaChunk *chunk = chunk_for_rows(storage, next, id, error);
        if (!chunk)
            return false;
        Table *table = root_table(next, id)->table;
        i32 start = delta_rows(chunk);
        i32 count = (i32)min_i64(reader->n - reader->taken, chunk->capacity - start);
        i64 before = chunk->bytes;
        for (i32 i = 0; i < count; i++)
            chunk->load[start + i] = from.origin.load_id;
        if (!delta_append(chunk, &reader->chunk, reader->taken, count, table->sequence_next,
                          from.origin.version, error))
            return false;
        if (from.sequences)
            restore_rows(chunk, start, count, reader->taken, &from, &run_left);
        else
            table->sequence_next += count;
        storage->delta_bytes += chunk->bytes - before;
        storage->delta_rows += count;
        reader->taken += count;
    }
    return true;
}

bool apply_rows(Storage *storage, Root *next, TableId id, ByteReader *r, AppliedRows from,
                Error *error)
{
    const TableVersion *table = root_table(next, id);
    if (!table)
        return damaged(error, "rows of an unknown table");
    Arena scratch;
    DeltaReader reader;
    remember_load(storage, from.origin.load_id);
    arena_open(&scratch, NULL);
    bool good = delta_read(r, table->columns, &scratch, &reader, error) &&
                append_rows(storage, next, id, &reader, from, error);
    arena_close(&scratch);
    return good;
}

static bool read_rows_entry(Storage *storage, Root *next, TableId id, ByteReader *r,
                            Version version, Error *error)
{
    AppliedRows from = {.origin = {read_u64(r), version}};
    return apply_rows(storage, next, id, r, from, error);
}

/* ---- marks ---- */

static bool mark_group_rows(Root *next, const TableVersion *table, RowId first,
                            const u64 bits[ROW_BLOCK_WORDS], Error *error)
{
    MapKey key = {0, row_group_of(first)};
    const GroupEntry *entry = map_get(table->groups, key);
    if (!entry)
        return damaged(error, "marks on an unknown row group");
    i32 rows = entry->group->address.rows, from = row_position(first);
    DeleteVector *deletes = delete_vector_copy(entry->deletes, rows, error);
    if (!deletes)
        return false;
    for (i32 i = 0; i < ROW_BLOCK_ROWS && from + i < rows; i++)
        if (bit_get(bits, i))
            delete_vector_mark(deletes, from + i);
    GroupEntry *changed = group_entry_make(entry->group, deletes, error);
    counted_drop(deletes);
    const MapNode *groups = NULL;
    bool good = changed && map_put(table->groups, key, changed, &groups, error) &&
                table_put(next,
                          table_version_make(table->table, table->columns, groups, table->chunks,
                                             table->chunk_count, error),
                          error);
    counted_drop(groups);
    counted_drop(changed);
    return good;
}

static bool mark_delta_row(const TableVersion *table, i64 sequence, Version version, Error *error)
{
    for (i32 i = table->chunk_count - 1; i >= 0; i--) {
        DeltaChunk *chunk = table->chunks[i];
        i32 row = delta_rows(chunk) && chunk->sequence[0] <= sequence ? delta_find(chunk, sequence)
                                                                      : DELTA_NO_ROW;
        if (row == DELTA_NO_ROW)
            continue;
        atomic_store_explicit(&chunk->deleted[row], version, memory_order_release);
        return true;
    }
    return damaged(error, "a mark on an unknown row");
}

static bool read_mark_bits(ByteReader *r, u64 bits[ROW_BLOCK_WORDS])
{
    u8 form = read_u8(r);
    memset(bits, 0, ROW_BLOCK_WORDS * 8);
    if (form == 0) {
        const u8 *bitmap = read_bytes(r, ROW_BLOCK_WORDS * 8);
        if (bitmap)
            memcpy(bits, bitmap, ROW_BLOCK_WORDS * 8);
        return bitmap != NULL;
    }
    u16 count = read_u16(r);
    for (i32 i = 0; i < count && !r->bad; i++)
        bit_set(bits, read_u16(r) & (ROW_BLOCK_ROWS - 1));
    return !r->bad;
}

static bool read_marks_entry(Root *next, TableId id, ByteReader *r, Version version, Error *error)
{
    u64 bits[ROW_BLOCK_WORDS];
    RowId first = (RowId)(read_u64(r) << ROW_BLOCK_BITS);
    const TableVersion *table = root_table(next, id);
    if (!read_mark_bits(r, bits) || !table)
        return damaged(error, "marks");
    if (row_kind(first) == ROW_IN_GROUP)
        return mark_group_rows(next, table, first, bits, error);
    for (i32 i = 0; i < ROW_BLOCK_ROWS; i++)
        if (bit_get(bits, i) && !mark_delta_row(table, (i64)row_low(first) + i, version, error))
            return false;
    return true;
}

/* ---- row groups ---- */

bool apply_publish(Storage *storage, Root *next, TableId id, ByteReader *r, Version version,
                   DeleteVector *deletes, Error *error)
{
    GroupAddress address;
    const TableVersion *table = root_table(next, id);
    if (!read_group_address(r, &address) || !table)
        return damaged(error, "row group");
    if (address.version == 0)
        address.version = version;
    remember_load(storage, address.load_id);
    RowGroup *group = row_group_make(storage, &address, error);
    if (group)
        row_group_publish(group);
    GroupEntry *entry = group ? group_entry_make(group, deletes, error) : NULL;
    const MapNode *groups = NULL;
    bool good = entry && map_put(table->groups, (MapKey){0, address.id}, entry, &groups, error) &&
                table_put(next,
                          table_version_make(table->table, table->columns, groups, table->chunks,
                                             table->chunk_count, error),
                          error);
    if (address.id >= storage->group_next)
        storage->group_next = address.id + 1;
    counted_drop(groups);
    counted_drop(entry);
    counted_drop(group);
    return good;
}

static void kill_below(DeltaChunk *chunk, i64 below, Version version)
{
    for (i32 row = 0; row < delta_rows(chunk) && chunk->sequence[row] < below; row++)
        atomic_store_explicit(&chunk->deleted[row], version, memory_order_release);
}

static bool retire_delta(Storage *storage, Root *next, TableId id, i64 below, Version version,
                         Error *error)
{
    const TableVersion *old = root_table(next, id);
    if (!old)
        return damaged(error, "retired rows of an unknown table");
    i32 gone = 0;
    while (gone < old->chunk_count && delta_rows(old->chunks[gone]) &&
           old->chunks[gone]->sequence[delta_rows(old->chunks[gone]) - 1] < below)
        gone++;
    if (gone < old->chunk_count) /* replaying, chunks may end elsewhere than they did */
        kill_below(old->chunks[gone], below, version);
    forget_chunks(storage, old, gone);
    return table_put(next,
                     table_version_make(old->table, old->columns, old->groups, old->chunks + gone,
                                        old->chunk_count - gone, error),
                     error);
}

static bool retire_group(Root *next, TableId id, u64 group, Error *error)
{
    const TableVersion *old = root_table(next, id);
    const GroupEntry *entry = old ? map_get(old->groups, (MapKey){0, group}) : NULL;
    if (!entry)
        return damaged(error, "retired row group is unknown");
    row_group_retire(entry->group);
    const MapNode *groups;
    if (!map_remove(old->groups, (MapKey){0, group}, &groups, error))
        return false;
    bool good = table_put(
        next,
        table_version_make(old->table, old->columns, groups, old->chunks, old->chunk_count, error),
        error);
    counted_drop(groups);
    return good;
}

static bool read_entry(Storage *storage, Root *next, Version version, ByteReader *r, Error *error)
{
    u8 entry = read_u8(r);
    if (entry == ENTRY_OBJECT)
        return read_object_entry(storage, next, r, version, error);
    if (entry == ENTRY_OIDS)
        return read_oids_entry(storage, r, error);
    TableId table = read_u64(r);
    if (r->bad)
        return damaged(error, "entry");
    switch ((RecordEntry)entry) {
    case ENTRY_TABLE:
        return read_table_entry(next, table, r, version, error);
    case ENTRY_DROP_TABLE:
    case ENTRY_TRUNCATE:
        return drop_or_truncate(storage, next, table, (RecordEntry)entry, version, error);
    case ENTRY_ROWS:
        return read_rows_entry(storage, next, table, r, version, error);
    case ENTRY_MARKS:
        return read_marks_entry(next, table, r, version, error);
    case ENTRY_PUBLISH:
        return apply_publish(storage, next, table, r, version, NULL, error);
    case ENTRY_RETIRE_DELTA:
        return retire_delta(storage, next, table, (i64)read_u64(r), version, error);
    case ENTRY_RETIRE_GROUP:
        return retire_group(next, table, read_u64(r), error);
    case ENTRY_OBJECT:
    case ENTRY_OIDS:
        break;
    }
    return damaged(error, "unknown kind of entry");
}

bool apply_record(Storage *storage, Root *next, Version version, const u8 *payload, i64 len,
                  Error *error)
{
    ByteReader r = bytes_reader(payload, len);
    while (r.at < r.end)
        if (!read_entry(storage, next, version, &r, error))
            return false;
    next->version = version;
    return true;
}
