/* SPDX-License-Identifier: Apache-2.0
 *
 * A transaction's writes as one payload. Order within a table: TABLE, TRUNCATE, PUBLISH, ROWS,
 * MARKS, so that applying them front to back is right; DROP_TABLE stands alone.
 */
#include "storage/record.h"

#include "storage/retirement.h"
#include "storage/value_codec.h"

void write_object_entry(ByteWriter *w, const StoredObject *object, Version before, bool dropped)
{
    write_u8(w, ENTRY_OBJECT);
    write_u32(w, object->object_class);
    write_u32(w, object->oid);
    write_u64(w, before);
    write_u8(w, dropped);
    if (dropped)
        return;
    write_u32(w, object->key.database);
    write_u32(w, object->key.schema);
    write_text(w, object->key.name);
    write_text(w, object->bytes);
}

static void write_objects(ByteWriter *w, const WriteSet *set)
{
    for (const OwnObject *own = set->objects; own; own = own->older) {
        const StoredObject *object = &own->object;
        if (write_set_object(set, object->object_class, object->oid, UINT64_MAX) == own)
            write_object_entry(w, object, own->before, own->dropped);
    }
}

static void write_entry(ByteWriter *w, RecordEntry entry, TableId table)
{
    write_u8(w, (u8)entry);
    write_u64(w, table);
}

void write_publish_entry(ByteWriter *w, TableId table, const GroupAddress *address)
{
    write_entry(w, ENTRY_PUBLISH, table);
    write_group_address(w, address);
}

/* ---- rows ---- */

static void write_own_chunk(ByteWriter *w, TableId table, u64 load_id, DeltaChunk *chunk,
                            i64 *ordinal)
{
    i32 live[DELTA_CHUNK_ROWS], count = 0;
    for (i32 row = 0; row < delta_rows(chunk); row++) {
        bool dead = delta_deleted(chunk, row) != 0;
        chunk->sequence[row] = dead ? OWN_ROW_DEAD : (*ordinal)++;
        live[count] = row;
        count += !dead;
    }
    if (count == 0)
        return;
    write_entry(w, ENTRY_ROWS, table);
    write_u64(w, load_id);
    delta_write(w, chunk, live, count);
}

/* ---- marks ---- */

enum { MARKS_AS_BITMAP, MARKS_AS_POSITIONS };

static void write_marks(ByteWriter *w, TableId table, u64 block, const u64 bits[ROW_BLOCK_WORDS])
{
    i64 count = bits_count(bits, ROW_BLOCK_ROWS);
    if (count == 0)
        return;
    write_entry(w, ENTRY_MARKS, table);
    write_u64(w, block);
    bool bitmap = count > ROW_BLOCK_ROWS / 16;
    write_u8(w, bitmap ? MARKS_AS_BITMAP : MARKS_AS_POSITIONS);
    if (bitmap) {
        write_bytes(w, bits, ROW_BLOCK_WORDS * 8);
        return;
    }
    write_u16(w, (u16)count);
    for (i32 i = 0; i < ROW_BLOCK_ROWS; i++)
        if (bit_get(bits, i))
            write_u16(w, (u16)i);
}

void write_group_marks(ByteWriter *w, TableId table, u64 group, const DeleteVector *deletes)
{
    if (!deletes)
        return;
    u64 first = row_block(row_in_group(group, 0));
    i64 words = bit_words(deletes->rows);
    for (i64 at = 0; at < words; at += ROW_BLOCK_WORDS) {
        u64 bits[ROW_BLOCK_WORDS] = {0};
        memcpy(bits, deletes->words + at, (size_t)min_i64(ROW_BLOCK_WORDS, words - at) * 8);
        write_marks(w, table, first + (u64)(at / ROW_BLOCK_WORDS), bits);
    }
}

static bool is_own_group(const WriteTable *table, RowId row)
{
    for (i32 i = 0; i < table->group_count; i++)
        if (table->groups[i].entry->group->address.id == row_group_of(row))
            return row_kind(row) == ROW_IN_GROUP;
    return false;
}

static void write_table_marks_entries(ByteWriter *w, Storage *storage, const WriteTable *table)
{
    for (const MarkBlock *block = table->marks; block; block = block->next) {
        RowId first = (RowId)(block->block << ROW_BLOCK_BITS);
        if (table->truncated && !is_own_group(table, first))
            continue;
        u64 bits[ROW_BLOCK_WORDS];
        memcpy(bits, block->bits, sizeof bits);
        mutex_lock(&storage->mutex);
        for (i32 i = 0; i < ROW_BLOCK_ROWS; i++)
            if (bit_get(bits, i) && retirements_cover(storage, table->id, first + i))
                bit_clear(bits, i);
        mutex_unlock(&storage->mutex);
        write_marks(w, table->id, block->block, bits);
    }
}

static void write_table(ByteWriter *w, const Transaction *transaction, WriteTable *table)
{
    i64 ordinal = 0;
    if (table->dropped) {
        write_entry(w, ENTRY_DROP_TABLE, table->id);
        return;
    }
    if (table->defined) {
        write_entry(w, ENTRY_TABLE, table->id);
        write_columns(w, table->columns);
    }
    if (table->truncated)
        write_entry(w, ENTRY_TRUNCATE, table->id);
    for (i32 i = 0; i < table->group_count; i++)
        write_publish_entry(w, table->id, &table->groups[i].entry->group->address);
    for (i32 i = 0; i < table->chunk_count; i++)
        write_own_chunk(w, table->id, transaction->id, table->chunks[i], &ordinal);
    write_table_marks_entries(w, transaction->storage, table);
}

bool record_write(Transaction *transaction, u32 oid_next, Buffer *payload, Error *error)
{
    payload->len = 0;
    ByteWriter w = {payload, error, false};
    write_objects(&w, &transaction->writes);
    if (transaction->writes.objects) {
        write_u8(&w, ENTRY_OIDS);
        write_u32(&w, oid_next);
    }
    for (WriteTable *table = transaction->writes.tables; table; table = table->next)
        write_table(&w, transaction, table);
    if (w.failed)
        return false;
    return payload->len < WAL_PAYLOAD_MAX - 4096 ||
           error_set(error, E_PROGRAM_LIMIT_EXCEEDED,
                     "the transaction changed too many rows: its log record would exceed 64 MB");
}
