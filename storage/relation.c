/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening takes a picture of the transaction's lists under its mutex, so that scans need no lock
 * while other workers append to them.
 */
#include "storage/relation.h"

#include "storage/lane_convert.h"
#include "storage/unified_dictionary.h"

struct RelationDictionary {
    RelationDictionary *next;
    ColumnId column;
    UnifiedDictionary *dictionary; /* counted; NULL: there is none */
};

static bool own_picture(Relation *relation, Error *error)
{
    WriteTable *own = relation->own;
    Arena *arena = &relation->arena;
    relation->own_chunks = arena_try(arena, own->chunk_count * (i64)sizeof(void *), error);
    relation->own_groups = arena_try(arena, own->group_count * (i64)sizeof(void *), error);
    if (!relation->own_chunks || !relation->own_groups)
        return false;
    for (i32 i = 0; i < own->chunk_count; i++)
        relation->own_chunks[relation->own_chunk_count++] = counted_keep(own->chunks[i]);
    for (i32 i = 0; i < own->group_count; i++)
        if (own->groups[i].statement < relation->own_bound)
            relation->own_groups[relation->own_group_count++] = counted_keep(own->groups[i].entry);
    relation->has_marks = own->mark_count > 0;
    if (own->truncated && own->truncated < relation->own_bound)
        relation->version = NULL;
    if (own->columns && own->defined && own->defined < relation->own_bound)
        relation->columns = counted_keep(own->columns);
    return true;
}

static bool relation_fill(Relation *relation, Error *error)
{
    Transaction *transaction = relation->snapshot->transaction;
    const TableVersion *version = root_table(relation->snapshot->root, relation->table);
    relation->version = version;
    bool good = true, dropped = false;
    if (transaction) {
        mutex_lock(&transaction->mutex);
        relation->own = write_set_find(&transaction->writes, relation->table);
        if (relation->own) {
            good = own_picture(relation, error);
            dropped = relation->own->dropped && relation->own->dropped < relation->own_bound;
        }
        mutex_unlock(&transaction->mutex);
    }
    if (!relation->columns && version)
        relation->columns = counted_keep(version->columns);
    if (good && (!relation->columns || dropped))
        return error_set(error, E_UNDEFINED_TABLE, "table number %llu does not exist",
                         (unsigned long long)relation->table);
    return good;
}

bool relation_open(const Snapshot *snapshot, u64 table, Budget *budget, Relation **out,
                   Error *error)
{
    Relation *relation = counted_make((i64)sizeof *relation, budget, NULL, error);
    if (!relation)
        return false;
    arena_open(&relation->arena, budget);
    mutex_open(&relation->mutex);
    relation->storage = snapshot->storage;
    relation->snapshot = snapshot_keep(snapshot);
    relation->table = table;
    relation->bound = snapshot->root->version + 1;
    relation->own_bound = snapshot->bound;
    if (relation_fill(relation, error)) {
        *out = relation;
        return true;
    }
    relation_close(relation);
    return false;
}

void relation_close(Relation *relation)
{
    for (i32 i = 0; i < relation->own_chunk_count; i++)
        counted_drop(relation->own_chunks[i]);
    for (i32 i = 0; i < relation->own_group_count; i++)
        counted_drop(relation->own_groups[i]);
    for (RelationDictionary *at = relation->dictionaries; at; at = at->next)
        counted_drop(at->dictionary);
    counted_drop(relation->columns);
    arena_close(&relation->arena);
    mutex_close(&relation->mutex);
    snapshot_close(relation->snapshot);
    counted_drop(relation);
}

void relation_hide_marked(const Relation *relation, const RowId *ids, i32 n, u64 *live)
{
    if (!relation->has_marks)
        return;
    Transaction *transaction = relation->snapshot->transaction;
    mutex_lock(&transaction->mutex);
    for (i32 i = 0; i < n; i++) {
        StatementNumber marked = write_table_marked(relation->own, ids[i]);
        if (marked && marked < relation->own_bound)
            bit_clear(live, i);
    }
    mutex_unlock(&transaction->mutex);
}

const DeltaChunk *relation_delta_row(const Relation *relation, RowId row, i32 *position)
{
    if (row_kind(row) == ROW_OWN) {
        u64 low = row_low(row);
        *position = (i32)(low & (ROW_BLOCK_ROWS - 1));
        i64 chunk = (i64)(low >> ROW_BLOCK_BITS);
        return chunk < relation->own_chunk_count &&
                       *position < delta_rows(relation->own_chunks[chunk])
                   ? relation->own_chunks[chunk]
                   : NULL;
    }
    const TableVersion *version = relation->version;
    for (i32 i = version ? version->chunk_count - 1 : -1; i >= 0; i--) {
        const DeltaChunk *chunk = version->chunks[i];
        if (!delta_rows(chunk) || chunk->sequence[0] > (i64)row_low(row))
            continue;
        *position = delta_find(chunk, (i64)row_low(row));
        return *position == DELTA_NO_ROW ? NULL : chunk;
    }
    return NULL;
}

const GroupEntry *relation_group(const Relation *relation, u64 id)
{
    for (i32 i = 0; i < relation->own_group_count; i++)
        if (relation->own_groups[i]->group->address.id == id)
            return relation->own_groups[i];
    return relation->version ? map_get(relation->version->groups, (MapKey){0, id}) : NULL;
}

bool relation_missing_column(const Relation *relation, const ScanColumn *asked, Arena *arena,
                             Vector *vector, Error *error)
{
    i32 at = columns_find(relation->columns, asked->id);
    if (at == COLUMN_NONE)
        return error_set(error, E_UNDEFINED_COLUMN, "column number %u does not exist", asked->id);
    const Value *constant = &relation->columns->list[at].constant;
    return vector_make_constant(vector, asked->type, constant, arena, error) &&
           lane_convert(vector, 1, NULL, asked->lane, arena, error);
}

/* Mutex held. */
static bool dictionary_take(Relation *relation, ColumnId column, UnifiedDictionary **out,
                            Error *error)
{
    RelationDictionary *fresh = arena_try(&relation->arena, (i64)sizeof *fresh, error);
    if (!fresh)
        return false;
    fresh->column = column;
    if (relation_group_count(relation) > 1 && /* else the row group's own is as good */
        !unified_dictionary_open(relation, column, &fresh->dictionary, error))
        return false;
    fresh->next = relation->dictionaries;
    relation->dictionaries = fresh;
    *out = fresh->dictionary;
    return true;
}

bool relation_dictionary(Relation *relation, ColumnId column, UnifiedDictionary **out, Error *error)
{
    bool good = true;
    mutex_lock(&relation->mutex);
    const RelationDictionary *found = relation->dictionaries;
    while (found && found->column != column)
        found = found->next;
    if (found)
        *out = found->dictionary;
    else
        good = dictionary_take(relation, column, out, error);
    mutex_unlock(&relation->mutex);
    return good;
}
