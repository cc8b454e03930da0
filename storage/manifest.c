/* SPDX-License-Identifier: Apache-2.0
 *
 * One buffer, one CRC at its end. Delta rows go through the same encoder as in WAL records, and
 * come back through the same functions (apply_record.h).
 */
#include "storage/manifest.h"

#include "base/crc32c.h"
#include "base/fault_point.h"
#include "storage/apply_record.h"
#include "storage/deletes.h"
#include "storage/plant.h"
#include "storage/row_group.h"
#include "storage/value_codec.h"

static const char MAGIC[8] = "GOTGANMF";
enum { MANIFEST_VERSION = 2 }; /* 2: delete vectors and origins */

static void write_head(ByteWriter *w, const ManifestHead *head)
{
    write_bytes(w, MAGIC, sizeof MAGIC);
    write_u32(w, MANIFEST_VERSION);
    write_u32(w, head->epoch);
    write_bytes(w, head->uuid, 16);
    write_u64(w, head->version);
    write_u64(w, (u64)head->commit_us);
    write_u64(w, head->group_next);
    write_u64(w, head->transaction_next);
    write_u32(w, head->oid_next);
}

static void write_objects(ByteWriter *w, const Root *root)
{
    i64 at = w->buffer->len;
    u32 count = 0;
    write_u32(w, 0);
    const MapNode *node = map_next(root->objects, (MapKey){0, 0});
    for (; node; node = map_next(root->objects, (MapKey){node->key.high, node->key.low + 1})) {
        const StoredObject *object = node->value;
        write_u32(w, object->object_class);
        write_u32(w, object->oid);
        write_u64(w, object->version);
        write_u32(w, object->key.database);
        write_u32(w, object->key.schema);
        write_text(w, object->key.name);
        write_text(w, object->bytes);
        count++;
    }
    patch_u32(w, at, count);
}

static void write_groups(ByteWriter *w, const TableVersion *table)
{
    i64 at = w->buffer->len;
    u32 count = 0;
    write_u32(w, 0);
    const MapNode *node = map_next(table->groups, (MapKey){0, 0});
    for (; node; node = map_next(table->groups, (MapKey){0, node->key.low + 1})) {
        const GroupEntry *entry = node->value;
        write_group_address(w, &entry->group->address);
        write_u8(w, entry->deletes != NULL);
        if (entry->deletes)
            write_deletes_place(w, &entry->deletes->place);
        count++;
    }
    patch_u32(w, at, count);
}

static void write_chunk_origins(ByteWriter *w, const DeltaChunk *chunk, const i32 *rows, i32 n)
{
    Buffer runs;
    Arena arena;
    Text bytes = {0};
    bool good = true;
    buffer_open(&runs, NULL);
    arena_open(&arena, NULL);
    for (i32 i = 0; good && i < n; i++) {
        RowOrigin origin = {chunk->load[rows[i]], chunk->version[rows[i]]};
        good = origin_add(&runs, origin, 1, w->error);
    }
    good = good && origins_encode((const OriginRun *)runs.data, runs.len / (i64)sizeof(OriginRun),
                                  &arena, &bytes, w->error);
    write_text(w, bytes);
    w->failed |= !good;
    buffer_close(&runs);
    arena_close(&arena);
}

static void write_chunks(ByteWriter *w, const TableVersion *table, Version version)
{
    i64 at = w->buffer->len;
    u32 count = 0;
    write_u32(w, 0);
    for (i32 i = 0; i < table->chunk_count; i++) {
        const DeltaChunk *chunk = table->chunks[i];
        i32 rows[DELTA_CHUNK_ROWS], n = 0, made = delta_made_before(chunk, version + 1);
        for (i32 row = 0; row < made; row++) {
            rows[n] = row;
            n += delta_is_live(chunk, row, version + 1);
        }
        if (n == 0)
            continue;
        write_u32(w, (u32)n);
        for (i32 row = 0; row < n; row++)
            write_u64(w, (u64)chunk->sequence[rows[row]]);
        write_chunk_origins(w, chunk, rows, n);
        delta_write(w, chunk, rows, n);
        count++;
    }
    patch_u32(w, at, count);
}

bool manifest_encode(const ManifestHead *head, const Root *root, Buffer *bytes, Error *error)
{
    ByteWriter w = {bytes, error, false};
    write_head(&w, head);
    write_objects(&w, root);
    i64 at = bytes->len;
    u32 count = 0;
    write_u32(&w, 0);
    const MapNode *node = map_next(root->tables, (MapKey){0, 0});
    for (; node; node = map_next(root->tables, (MapKey){0, node->key.low + 1})) {
        const TableVersion *table = node->value;
        write_u64(&w, table->table->id);
        write_u64(&w, (u64)table->table->sequence_saved);
        write_columns(&w, table->columns);
        write_groups(&w, table);
        write_chunks(&w, table, head->version);
        count++;
    }
    patch_u32(&w, at, count);
    write_u32(&w, w.failed ? 0 : crc32c(0, bytes->data, bytes->len));
    return !w.failed;
}

/* ---- reading ---- */

static bool damaged(Error *error)
{
    return error_set(error, E_DATA_CORRUPTED, "file \"MANIFEST\" is damaged");
}

static bool read_head(ByteReader *r, ManifestHead *head, Error *error)
{
    const u8 *magic = read_bytes(r, sizeof MAGIC);
    if (!magic || memcmp(magic, MAGIC, sizeof MAGIC) != 0)
        return damaged(error);
    if (read_u32(r) != MANIFEST_VERSION)
        return error_set(error, E_FEATURE_NOT_SUPPORTED,
                         "file \"MANIFEST\" was written by another version of the server");
    head->epoch = read_u32(r);
    const u8 *uuid = read_bytes(r, 16);
    head->version = read_u64(r);
    head->commit_us = (i64)read_u64(r);
    head->group_next = read_u64(r);
    head->transaction_next = read_u64(r);
    head->oid_next = read_u32(r);
    if (r->bad)
        return damaged(error);
    memcpy(head->uuid, uuid, 16);
    return true;
}

static bool read_objects(ByteReader *r, Root *root, Error *error)
{
    u32 count = read_u32(r);
    for (u32 i = 0; i < count; i++) {
        StoredObject object = {0};
        object.object_class = object.key.object_class = read_u32(r);
        object.oid = read_u32(r);
        object.version = read_u64(r);
        object.key.database = read_u32(r);
        object.key.schema = read_u32(r);
        object.key.name = read_text(r);
        object.bytes = read_text(r);
        if (r->bad)
            return damaged(error);
        if (!apply_object(root, &object, error))
            return false;
        if (object.version > root->catalogue_stamp)
            root->catalogue_stamp = object.version;
    }
    return !r->bad || damaged(error);
}

static bool read_group(Storage *storage, Root *root, TableId table, ByteReader *r, Error *error)
{
    GroupAddress address;
    ByteReader ahead = *r;
    if (!read_group_address(&ahead, &address))
        return damaged(error);
    DeleteVector *deletes = NULL;
    ByteReader body = *r;
    *r = ahead;
    if (read_u8(r) && !read_deletes(r, storage, &address, &deletes, error))
        return false;
    bool good = apply_publish(storage, root, table, &body, address.version, deletes, error);
    counted_drop(deletes);
    return good;
}

static bool read_chunk(Storage *storage, Root *root, TableId table, ByteReader *r, Error *error)
{
    u32 n = read_u32(r);
    i64 sequences[DELTA_CHUNK_ROWS];
    const u8 *bytes = n <= DELTA_CHUNK_ROWS ? read_bytes(r, (i64)n * 8) : NULL;
    if (!bytes)
        return damaged(error);
    memcpy(sequences, bytes, n * sizeof sequences[0]);
    Text origins = read_text(r);
    ByteReader body = *r; /* its row count must be n: sequences has no more */
    if (read_u32(&body) != n)
        return damaged(error);
    Arena arena;
    OriginRun *runs = NULL;
    i32 count;
    arena_open(&arena, NULL);
    bool good = origins_decode(origins, (i32)n, &arena, &runs, &count, error) &&
                apply_rows(storage, root, table, r,
                           (AppliedRows){.sequences = sequences, .run = runs}, error);
    arena_close(&arena);
    return good;
}

static bool read_table(Storage *storage, Root *root, ByteReader *r, Error *error)
{
    TableId id = read_u64(r);
    i64 sequence_next = (i64)read_u64(r);
    Columns *columns = read_columns(r, error);
    bool good = columns && apply_table(root, id, columns, sequence_next, error);
    counted_drop(columns);
    u32 groups = good ? read_u32(r) : 0;
    for (u32 i = 0; good && i < groups; i++)
        good = read_group(storage, root, id, r, error);
    u32 chunks = good ? read_u32(r) : 0;
    for (u32 i = 0; good && i < chunks; i++)
        good = read_chunk(storage, root, id, r, error);
    return good && (!r->bad || damaged(error));
}

bool manifest_decode(Storage *storage, const u8 *bytes, i64 len, ManifestHead *head, Root *root,
                     Error *error)
{
    u32 crc;
    if (len < 8)
        return damaged(error);
    memcpy(&crc, bytes + len - 4, 4);
    if (crc != crc32c(0, bytes, len - 4))
        return damaged(error);
    ByteReader r = bytes_reader(bytes, len - 4);
    if (!read_head(&r, head, error))
        return false;
    root->version = head->version;
    memcpy(storage->uuid, head->uuid, 16); /* checksums of data files start from it */
    if (!read_objects(&r, root, error))
        return false;
    u32 tables = read_u32(&r);
    for (u32 i = 0; i < tables; i++)
        if (!read_table(storage, root, &r, error))
            return false;
    return r.at == r.end || damaged(error);
}

/* ---- the file ---- */

static bool write_and_sync(Storage *storage, const char *path, const Buffer *bytes, Error *error)
{
    Platform *platform = storage->platform;
    File *file;
    if (!platform->file_open(platform, path, FILE_CREATE_NEW, FILE_MANIFEST, &file, error))
        return false;
    Error ignored;
    bool good = file_write_all(platform, file, bytes->data, bytes->len, 0, error) &&
                (planted(PLANT_RENAME_BEFORE_SYNC) || platform->file_sync(platform, file, error));
    return platform->file_close(platform, file, good ? error : &ignored) && good;
}

bool manifest_write(Storage *storage, const Buffer *bytes, u32 number, Error *error)
{
    Platform *platform = storage->platform;
    char fresh[STORAGE_PATH_BYTES], path[STORAGE_PATH_BYTES];
    Error ignored;
    snprintf(fresh, sizeof fresh, "%s/manifest.%08x-%08x", storage->directory, storage->epoch,
             number);
    snprintf(path, sizeof path, "%s/MANIFEST", storage->directory);
    if (!write_and_sync(storage, fresh, bytes, error)) {
        (void)!platform->unlink(platform, fresh, &ignored); /* the first error is the one to tell */
        return false;
    }
    FAULT_POINT("checkpoint_before_rename");
    if (!platform->rename(platform, fresh, path, error)) {
        (void)!platform->unlink(platform, fresh, &ignored);
        return false;
    }
    FAULT_POINT("checkpoint_after_rename");
    return platform->directory_sync(platform, storage->directory, error) ||
           storage_lose(storage, error);
}
