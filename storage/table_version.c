/* SPDX-License-Identifier: Apache-2.0
 *
 * Making the immutable pieces of the committed state. Their memory is that of the durable state:
 * counted, not refused (README, memory).
 */
#include "storage/table_version.h"

#include <xxhash.h>

#include "base/text.h"
#include "types/vector.h"

static void columns_closer(void *thing)
{
    arena_close(&((Columns *)thing)->arena);
}

Columns *columns_make(const ColumnDefinition *list, i32 count, Error *error)
{
    Columns *columns = counted_make((i64)sizeof *columns + count * (i64)sizeof list[0], NULL,
                                    columns_closer, error);
    if (!columns)
        return NULL;
    arena_open(&columns->arena, NULL);
    columns->count = count;
    for (i32 i = 0; i < count; i++) {
        columns->list[i] = list[i];
        if (value_copy(list[i].constant, &columns->arena, &columns->list[i].constant, error))
            continue;
        counted_drop(columns);
        return NULL;
    }
    return columns;
}

i32 columns_find(const Columns *columns, ColumnId id)
{
    for (i32 i = 0; i < columns->count; i++)
        if (columns->list[i].id == id)
            return i;
    return COLUMN_NONE;
}

static void root_closer(void *thing)
{
    Root *root = thing;
    counted_drop(root->objects);
    counted_drop(root->names);
    counted_drop(root->tables);
}

Root *root_make(Error *error)
{
    return counted_make((i64)sizeof(Root), NULL, root_closer, error);
}

Root *root_copy(const Root *root, Error *error)
{
    Root *copy = root_make(error);
    if (!copy)
        return NULL;
    *copy = *root;
    counted_keep(copy->objects);
    counted_keep(copy->names);
    counted_keep(copy->tables);
    return copy;
}

const TableVersion *root_table(const Root *root, TableId table)
{
    return map_get(root->tables, (MapKey){0, table});
}

static void table_version_closer(void *thing)
{
    TableVersion *version = thing;
    counted_drop(version->table);
    counted_drop(version->columns);
    counted_drop(version->groups);
    counted_drop(atomic_load(&version->facts));
    counted_drop(version->visible);
    for (i32 i = 0; i < version->chunk_count; i++)
        counted_drop(version->chunks[i]);
}

TableVersion *table_version_make(Table *table, const Columns *columns, const MapNode *groups,
                                 DeltaChunk *const *chunks, i32 chunk_count, Error *error)
{
    i64 bytes = (i64)sizeof(TableVersion) + chunk_count * (i64)sizeof chunks[0];
    TableVersion *version = counted_make(bytes, NULL, table_version_closer, error);
    if (!version)
        return NULL;
    version->table = counted_keep(table);
    version->columns = counted_keep(columns);
    version->groups = counted_keep(groups);
    version->chunk_count = chunk_count;
    for (i32 i = 0; i < chunk_count; i++)
        version->chunks[i] = counted_keep(chunks[i]);
    return version;
}

static void group_entry_closer(void *thing)
{
    GroupEntry *entry = thing;
    counted_drop(entry->group);
    counted_drop(entry->deletes);
}

GroupEntry *group_entry_make(RowGroup *group, DeleteVector *deletes, Error *error)
{
    GroupEntry *entry = counted_make((i64)sizeof *entry, NULL, group_entry_closer, error);
    if (!entry)
        return NULL;
    entry->group = counted_keep(group);
    entry->deletes = counted_keep(deletes);
    return entry;
}

static void delete_vector_closer(void *thing)
{
    counted_drop(((DeleteVector *)thing)->place.file);
}

DeleteVector *delete_vector_copy(const DeleteVector *from, i32 rows, Error *error)
{
    i64 bytes = bit_words(rows) * 8;
    DeleteVector *copy = counted_make((i64)sizeof *from + bytes, NULL, delete_vector_closer, error);
    if (!copy)
        return NULL;
    if (from) {
        copy->count = from->count;
        memcpy(copy->words, from->words, (size_t)bytes);
    }
    copy->rows = rows;
    return copy;
}

bool delete_vector_mark(DeleteVector *vector, i32 position)
{
    assert(position < vector->rows);
    if (bit_get(vector->words, position))
        return false;
    bit_set(vector->words, position);
    vector->count++;
    return true;
}

u64 object_key_hash(ObjectKey key)
{
    u64 seed = (u64)key.object_class << 32 ^ (u64)key.database << 16 ^ key.schema;
    return XXH3_64bits_withSeed(key.name.data, (size_t)key.name.len, seed);
}

bool object_key_equal(ObjectKey a, ObjectKey b)
{
    return a.object_class == b.object_class && a.database == b.database && a.schema == b.schema &&
           text_equal(a.name, b.name);
}

StoredObject *stored_object_make(const StoredObject *object, Error *error)
{
    i64 name = object->key.name.len, bytes = object->bytes.len;
    StoredObject *copy = counted_make((i64)sizeof *copy + name + bytes + 2, NULL, NULL, error);
    if (!copy)
        return NULL;
    *copy = *object;
    char *at = (char *)(copy + 1);
    if (name)
        memcpy(at, object->key.name.data, (size_t)name);
    if (bytes)
        memcpy(at + name + 1, object->bytes.data, (size_t)bytes);
    copy->key.name = (Text){at, name};
    copy->bytes = (Text){at + name + 1, bytes};
    return copy;
}
