/* SPDX-License-Identifier: Apache-2.0
 *
 * Look-ups are binary searches in sorted arrays; a row may go through several maps, one hop each.
 * There are as many maps as there were flushes and merges during the oldest open transaction.
 */
#include "storage/retirement.h"

#include "storage/plant.h"

const RowPair *row_pair_find(const RowPair *pairs, i64 count, RowId from)
{
    i64 low = 0, high = count;
    while (low < high) {
        i64 middle = (low + high) / 2;
        if (pairs[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && pairs[low].from == from ? &pairs[low] : NULL;
}

RowId retirements_newest(const Storage *storage, TableId table, RowId row)
{
    const Retirement *map = storage->retirements;
    while (map) {
        const RowPair *pair = map->applied && map->table == table
                                  ? row_pair_find(map->pairs, map->pair_count, row)
                                  : NULL;
        if (!pair) {
            map = map->older;
            continue;
        }
        row = pair->to;
        map = storage->retirements;
    }
    return row;
}

static bool covers(const Retirement *map, RowId row)
{
    if (row_kind(row) == ROW_IN_DELTA)
        return (i64)row_low(row) < map->delta_below;
    for (i32 i = 0; row_kind(row) == ROW_IN_GROUP && i < map->group_count; i++)
        if (map->groups[i] == row_group_of(row))
            return true;
    return false;
}

bool retirements_cover(const Storage *storage, TableId table, RowId row)
{
    for (const Retirement *map = storage->retirements; map; map = map->older)
        if (map->table == table && covers(map, row))
            return true;
    return false;
}

RowId moves_find(const Storage *storage, TableId table, RowId row)
{
    for (const MoveSet *set = storage->moves; set; set = set->older) {
        const RowPair *pair =
            set->table == table ? row_pair_find(set->pairs, set->count, row) : NULL;
        if (pair)
            return pair->to;
    }
    return ROW_NOT_MOVED;
}

void retirement_free(Retirement *map)
{
    buffer_close(&map->memory);
    counted_drop(map);
}

static void moves_prune(Storage *storage, Version oldest)
{
    MoveSet **at = &storage->moves;
    while (*at && (*at)->version > oldest)
        at = &(*at)->older;
    while (*at) {
        MoveSet *older = (*at)->older;
        counted_drop(*at);
        *at = older;
    }
}

void retirements_prune(Storage *storage)
{
    Version oldest = storage_oldest_open(storage);
    Retirement **at = &storage->retirements;
    while (*at) {
        Retirement *map = *at;
        if (!map->applied || map->version > oldest) {
            at = &map->older;
            continue;
        }
        *at = map->older;
        retirement_free(map);
    }
    moves_prune(storage, oldest);
}

void retirements_close(Storage *storage)
{
    while (storage->retirements) {
        Retirement *older = storage->retirements->older;
        retirement_free(storage->retirements);
        storage->retirements = older;
    }
    moves_prune(storage, UINT64_MAX);
}

/* Repeats the table's marks on rows that went through the map. Marks made while it runs are on new
 * containers and are not found again. */
static bool table_translate(WriteSet *set, WriteTable *table, const Retirement *map, Error *error)
{
    for (const MarkBlock *block = table->marks; block; block = block->next) {
        RowId first = (RowId)(block->block << ROW_BLOCK_BITS);
        for (i32 i = 0; i < ROW_BLOCK_ROWS; i++) {
            if (!bit_get(block->bits, i))
                continue;
            const RowPair *pair = row_pair_find(map->pairs, map->pair_count, first + i);
            StatementNumber statement = block->statements ? block->statements[i] : block->statement;
            if (pair && !write_table_mark(set, table, pair->to, statement, error))
                return false;
        }
    }
    return true;
}

static bool translate_from(Transaction *transaction, const Retirement *map, Error *error)
{
    if (!map || map->number <= transaction->retirements_seen)
        return true;
    if (!translate_from(transaction, map->older, error)) /* oldest first */
        return false;
    WriteTable *table = write_set_find(&transaction->writes, map->table);
    return !table || planted(PLANT_LOST_DELETE) ||
           table_translate(&transaction->writes, table, map, error);
}

u64 retirements_applied(const Storage *storage)
{
    u64 newest = storage->retirement_next;
    for (const Retirement *map = storage->retirements; map && !map->applied; map = map->older)
        newest = map->number - 1;
    return newest;
}

bool retirements_translate(Transaction *transaction, RetirementReach reach, Error *error)
{
    Storage *storage = transaction->storage;
    mutex_lock(&storage->mutex);
    u64 newest =
        reach == RETIREMENTS_APPLIED ? retirements_applied(storage) : storage->retirement_next;
    const Retirement *map = storage->retirements;
    while (map && map->number > newest)
        map = map->older;
    bool good = translate_from(transaction, map, error);
    mutex_unlock(&storage->mutex);
    if (good && newest > transaction->retirements_seen)
        transaction->retirements_seen = newest;
    return good;
}
