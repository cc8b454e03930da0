/* SPDX-License-Identifier: Apache-2.0
 *
 * Rewriting rows while others write. A rewrite reads the live rows of its containers at one
 * version, writes them with their origins (origin.h) as a row group, reads that back and compares
 * (rows and a hash of every column: the conservation check), and publishes it with one record:
 * PUBLISH the new, MARKS on rows that were deleted meanwhile, RETIRE the old.
 *
 * "Meanwhile" is decided under Storage.mutex when the record gets its LSN: deletes that are
 * applied, and marks of transactions that queued before. Transactions that queue later translate
 * their marks through the Retirement (retirement.h); locks are copied when it is applied.
 * It takes no object lock: a table that was dropped, truncated or reshaped makes it give up, and
 * the file it wrote is garbage.
 *
 * Threads: one rewrite at a time (Maintenance.busy). Memory: one row group in a builder.
 */
#include "storage/rewrite.h"

#include "base/fault_point.h"
#include "storage/group_writer.h"
#include "storage/plant.h"
#include "storage/record.h"
#include "storage/relation.h"
#include "storage/retirement.h"
#include "types/hash_vector.h"

enum { MERGE_GROUPS_MIN = 4, MERGE_GROUPS_MAX = 64, DELETED_PERCENT_MAX = 20 };

struct Publication {
    CommitRequest request;
    RowGroup *written; /* counted: keeps its file from being garbage until a table has it */
    Ticket ticket;
};

typedef struct Rewrite {
    Storage *storage;
    Root *root; /* counted: what is read */
    const TableVersion *version;
    i32 chunk_count; /* flush: the first so many delta chunks */
    u64 groups[MERGE_GROUPS_MAX];
    i32 group_count;
    RowBuilder rows;
    Buffer origins; /* OriginRuns of the rows */
    Buffer pairs;   /* RowPairs */
    u64 *hashes;    /* per column: of what was read */
    Arena arena;
    RowGroup *written; /* NULL: no row was live */
    GroupSource source;
    bool queued; /* its record is on its way: publication_step ends the work */
} Rewrite;

/* ---- reading ---- */

/* Where the rows of the container at hand come from; they are asked for in order. */
typedef struct OriginCursor {
    const TableVersion *version;
    i32 chunk; /* delta: where to look first */
    const OriginRun *run;
    i32 run_end; /* row group: the first position behind the run */
} OriginCursor;

static bool cursor_open(Rewrite *r, Split split, OriginCursor *cursor, Error *error)
{
    OriginRun *runs;
    i32 count;
    *cursor = (OriginCursor){.version = r->version};
    if (split.part == SPLIT_DELTA)
        return true;
    const GroupEntry *entry = map_get(r->version->groups, (MapKey){0, split.position});
    if (!row_group_origins(entry->group, &r->arena, &runs, &count, error))
        return false;
    cursor->run = runs;
    cursor->run_end = runs[0].rows;
    return true;
}

static RowOrigin cursor_origin(OriginCursor *cursor, RowId row)
{
    if (row_kind(row) == ROW_IN_GROUP) {
        while (row_position(row) >= cursor->run_end)
            cursor->run_end += (++cursor->run)->rows;
        return cursor->run->origin;
    }
    for (;; cursor->chunk++) {
        const DeltaChunk *chunk = cursor->version->chunks[cursor->chunk];
        i32 position = delta_find(chunk, (i64)row_low(row));
        if (position != DELTA_NO_ROW)
            return (RowOrigin){chunk->load[position], chunk->version[position]};
    }
}

/* Adds the selected rows, their ids, origins and hashes. */
static bool rows_add(Rewrite *r, const Chunk *chunk, const RowId *ids, OriginCursor *cursor,
                     Error *error)
{
    i32 count = chunk_rows(chunk);
    for (i32 i = 0; i < count; i++) {
        RowPair pair = {ids[chunk_position(chunk, i)], r->rows.rows + i};
        if (!buffer_append(&r->pairs, &pair, (i64)sizeof pair, error) ||
            !origin_add(&r->origins, cursor_origin(cursor, pair.from), 1, error))
            return false;
    }
    for (i32 c = 0; c < chunk->column_count; c++)
        for (i32 i = 0; i < count; i++) {
            Value value = vector_value(&chunk->columns[c], chunk_position(chunk, i));
            r->hashes[c] += value.null ? 1 : file_hash_value(&value);
        }
    return row_builder_append(&r->rows, chunk, 0, count, error);
}

static bool scan_add(Rewrite *r, Scan *scan, OriginCursor *cursor, Error *error)
{
    Chunk chunk;
    u64 applied;
    ScanStatus status;
    while ((status = native_access.scan_next(scan, &chunk, &applied, error)) == SCAN_ROWS) {
        RowId ids[CHUNK_ROWS];
        Chunk values = chunk;
        values.column_count--;
        for (i32 i = 0; i < chunk.n; i++)
            ids[i] = vector_value(&chunk.columns[values.column_count], i).integer;
        if (!rows_add(r, &values, ids, cursor, error))
            return false;
    }
    return status == SCAN_END;
}

/* All columns of the table as it is now. */
static bool scan_spec(const Columns *columns, Arena *arena, ScanSpec *spec, Error *error)
{
    ScanColumn *list = arena_try(arena, (columns->count + 1) * (i64)sizeof *list, error);
    if (!list)
        return false;
    for (i32 c = 0; c < columns->count; c++)
        list[c] = (ScanColumn){.id = columns->list[c].id, .lane = columns->list[c].lane};
    *spec = (ScanSpec){.columns = list, .column_count = columns->count, .want_row_ids = true};
    return true;
}

static bool split_read(Rewrite *r, Relation *relation, const ScanSpec *spec, Split split,
                       Error *error)
{
    Scan *scan;
    OriginCursor cursor;
    if (!cursor_open(r, split, &cursor, error) ||
        !native_access.scan_open(relation, spec, &split, NULL, &scan, error))
        return false;
    bool good = scan_add(r, scan, &cursor, error);
    native_access.scan_close(scan);
    return good;
}

static bool rows_read(Rewrite *r, Relation *relation, Error *error)
{
    ScanSpec spec;
    if (!scan_spec(relation->columns, &r->arena, &spec, error))
        return false;
    if (r->chunk_count && !split_read(r, relation, &spec, (Split){.part = SPLIT_DELTA}, error))
        return false;
    for (i32 i = 0; i < r->group_count; i++)
        if (!split_read(r, relation, &spec, (Split){SPLIT_GROUP, r->groups[i], 0, 0}, error))
            return false;
    return true;
}

/* A snapshot whose table has only the chunks to be flushed. */
static Snapshot *limited_snapshot(Rewrite *r, Error *error)
{
    TableVersion *limited =
        table_version_make(r->version->table, r->version->columns, r->version->groups,
                           r->version->chunks, r->chunk_count, error);
    Root *root = limited ? root_copy(r->root, error) : NULL;
    bool good =
        root && map_change(&root->tables, (MapKey){0, r->version->table->id}, limited, error);
    counted_drop(limited);
    Snapshot *snapshot = good ? snapshot_of_root(r->storage, root, error) : NULL;
    counted_drop(root);
    return snapshot;
}

static bool read_all(Rewrite *r, Error *error)
{
    Relation *relation;
    Snapshot *snapshot = limited_snapshot(r, error);
    if (!snapshot)
        return false;
    bool good = relation_open(snapshot, r->version->table->id, NULL, &relation, error);
    if (good) {
        good = rows_read(r, relation, error);
        relation_close(relation);
    }
    snapshot_close(snapshot);
    return good;
}

/* ---- writing, and reading back ---- */

static bool conserved(Rewrite *r, Error *error)
{
    GroupEntry *entry = group_entry_make(r->written, NULL, error);
    Snapshot *snapshot = entry ? limited_snapshot(r, error) : NULL;
    Relation *relation = NULL;
    GroupScan *scan = NULL;
    ScanSpec spec;
    i64 rows = 0;
    u64 applied, *hashes = arena_try(&r->arena, r->rows.column_count * 8, error);
    bool good = snapshot && hashes &&
                relation_open(snapshot, r->version->table->id, NULL, &relation, error) &&
                scan_spec(relation->columns, &r->arena, &spec, error) &&
                group_scan_open(relation, &spec, entry, NULL, &scan, error);
    ScanStatus status = good ? SCAN_ROWS : SCAN_ERROR;
    Chunk chunk;
    while (good && (status = group_scan_next(scan, &chunk, &applied, error)) == SCAN_ROWS) {
        rows += chunk_rows(&chunk);
        for (i32 c = 0; c < spec.column_count; c++)
            for (i32 i = 0; i < chunk.n; i++) {
                Value value = vector_value(&chunk.columns[c], i);
                hashes[c] += value.null ? 1 : file_hash_value(&value);
            }
    }
    good = status == SCAN_END;
    if (good &&
        (rows != r->rows.rows || memcmp(hashes, r->hashes, (size_t)r->rows.column_count * 8) != 0))
        good = error_set(error, E_DATA_CORRUPTED,
                         "rows were not conserved while table %llu was rewritten",
                         (unsigned long long)r->version->table->id);
    if (scan)
        group_scan_close(scan);
    if (relation)
        relation_close(relation);
    if (snapshot)
        snapshot_close(snapshot);
    counted_drop(entry);
    return good;
}

static bool write_group(Rewrite *r, Error *error)
{
    GroupWriter writer;
    if (r->rows.rows == 0)
        return true;
    if (!group_writer_open(&writer, r->storage, DATA_FILE_GROUPS, NULL, error))
        return false;
    GroupOrigin origin = {r->source, (const OriginRun *)r->origins.data,
                          r->origins.len / (i64)sizeof(OriginRun)};
    if (!group_writer_add(&writer, &r->rows, &origin, &r->written, error)) {
        group_writer_abandon(&writer);
        return false;
    }
    RowPair *pairs = (RowPair *)r->pairs.data;
    for (i64 i = 0; i < r->rows.rows; i++)
        pairs[i].to = row_in_group(r->written->address.id, pairs[i].to);
    FAULT_POINT("rewrite_before_sync");
    return group_writer_finish(&writer, error) && conserved(r, error);
}

/* ---- publishing; Storage.mutex held ---- */

/* Are the containers still what the table has? */
static bool still_there(const Rewrite *r)
{
    const TableVersion *now = root_table(r->storage->root, r->version->table->id);
    if (!now || now->columns != r->version->columns || now->table != r->version->table ||
        now->chunk_count < r->chunk_count || commit_changes_table(r->storage, now->table->id))
        return false;
    for (i32 i = 0; i < r->chunk_count; i++)
        if (now->chunks[i] != r->version->chunks[i])
            return false;
    for (i32 i = 0; i < r->group_count; i++)
        if (!map_get(now->groups, (MapKey){0, r->groups[i]}))
            return false;
    return true;
}

static bool marked_by(const CommitRequest *request, TableId id, RowId row)
{
    const WriteTable *table =
        request->transaction ? write_set_find(&request->transaction->writes, id) : NULL;
    return table && table->mark_count && write_table_marked(table, row);
}

/* *chunk: where to look first, rows come in order. */
static bool deleted_now(const TableVersion *now, RowId row, i32 *chunk)
{
    if (row_kind(row) == ROW_IN_GROUP) {
        const GroupEntry *entry = map_get(now->groups, (MapKey){0, row_group_of(row)});
        return entry->deletes && bit_get(entry->deletes->words, row_position(row));
    }
    for (; *chunk < now->chunk_count; (*chunk)++) {
        i32 position = delta_find(now->chunks[*chunk], (i64)row_low(row));
        if (position != DELTA_NO_ROW)
            return delta_deleted(now->chunks[*chunk], position) != 0;
    }
    return true;
}

static bool deleted_meanwhile(const Rewrite *r, RowId row, i32 *chunk)
{
    const Storage *storage = r->storage;
    TableId id = r->version->table->id;
    if (deleted_now(root_table(storage->root, id), row, chunk))
        return true;
    for (const CommitRequest *request = storage->writing; request; request = request->next)
        if (marked_by(request, id, row))
            return true;
    for (const CommitRequest *request = storage->queue_first; request; request = request->next)
        if (marked_by(request, id, row))
            return true;
    return false;
}

static DeleteVector *carried_deletes(const Rewrite *r, Error *error)
{
    DeleteVector *deletes = delete_vector_copy(NULL, r->rows.rows, error);
    const RowPair *pairs = (const RowPair *)r->pairs.data;
    i32 chunk = 0;
    for (i64 i = 0; deletes && i < r->rows.rows; i++)
        if (!planted(PLANT_LOST_DELETE) && deleted_meanwhile(r, pairs[i].from, &chunk))
            delete_vector_mark(deletes, row_position(pairs[i].to));
    return deletes;
}

static bool publication_write(const Rewrite *r, Buffer *payload, i64 delta_below, Error *error)
{
    TableId id = r->version->table->id;
    ByteWriter w = {payload, error, false};
    if (r->written) {
        DeleteVector *deletes = carried_deletes(r, error);
        if (!deletes)
            return false;
        write_publish_entry(&w, id, &r->written->address);
        write_group_marks(&w, id, r->written->address.id, deletes);
        counted_drop(deletes);
    }
    if (r->chunk_count) {
        write_u8(&w, ENTRY_RETIRE_DELTA);
        write_u64(&w, id);
        write_u64(&w, (u64)delta_below);
    }
    for (i32 i = 0; i < r->group_count; i++) {
        write_u8(&w, ENTRY_RETIRE_GROUP);
        write_u64(&w, id);
        write_u64(&w, r->groups[i]);
    }
    return !w.failed;
}

static int compare_pairs(const void *a, const void *b)
{
    RowId x = ((const RowPair *)a)->from, y = ((const RowPair *)b)->from;
    return (x > y) - (x < y);
}

/* The map of where rows went; takes over the pairs. */
static Retirement *retirement_make(Rewrite *r, i64 delta_below, Error *error)
{
    Retirement *map = counted_make((i64)sizeof *map, NULL, NULL, error);
    if (!map)
        return NULL;
    i64 pairs = r->rows.rows;
    if (!buffer_append(&r->pairs, r->groups, r->group_count * (i64)sizeof r->groups[0], error)) {
        counted_drop(map);
        return NULL;
    }
    qsort(r->pairs.data, (size_t)pairs, sizeof(RowPair), compare_pairs);
    *map = (Retirement){.table = r->version->table->id,
                        .delta_below = delta_below,
                        .group_count = r->group_count,
                        .pair_count = pairs,
                        .memory = r->pairs};
    map->pairs = (const RowPair *)map->memory.data;
    map->groups = (const u64 *)(map->memory.data + pairs * (i64)sizeof(RowPair));
    buffer_open(&r->pairs, NULL);
    return map;
}

static i64 sequence_below(const Rewrite *r)
{
    if (r->chunk_count == 0)
        return 0;
    const DeltaChunk *last = r->version->chunks[r->chunk_count - 1];
    return delta_rows(last) ? last->sequence[delta_rows(last) - 1] + 1 : 0;
}

static bool enqueue(Rewrite *r, Publication *publication, Error *error)
{
    Storage *storage = r->storage;
    i64 below = sequence_below(r);
    if (!publication_write(r, &publication->request.payload, below, error))
        return false;
    Retirement *map = retirement_make(r, below, error);
    if (!map)
        return false;
    map->number = ++storage->retirement_next;
    map->older = storage->retirements;
    storage->retirements = map;
    publication->request.retirement = map;
    publication->request.ticket = &publication->ticket;
    ticket_arm(&publication->ticket, NULL, NULL);
    if (commit_enqueue(storage, &publication->request, error))
        return true;
    storage->retirements = map->older;
    retirement_free(map);
    return false;
}

static void publication_closer(void *thing)
{
    Publication *publication = thing;
    buffer_close(&publication->request.payload);
    counted_drop(publication->written);
}

static bool publish(Rewrite *r, Error *error)
{
    Storage *storage = r->storage;
    Publication *publication =
        counted_make((i64)sizeof *publication, NULL, publication_closer, error);
    if (!publication)
        return false;
    buffer_open(&publication->request.payload, NULL);
    publication->written = counted_keep(r->written);
    mutex_lock(&storage->mutex);
    bool there = still_there(r);
    bool good = !there || enqueue(r, publication, error);
    bool queued = there && good;
    if (queued)
        storage->maintenance->publication = publication;
    mutex_unlock(&storage->mutex);
    if (!queued)
        counted_drop(publication);
    r->queued = queued;
    return good;
}

/* ---- all of it ---- */

static void rewrite_close(Rewrite *r)
{
    counted_drop(r->written);
    buffer_close(&r->pairs);
    buffer_close(&r->origins);
    row_builder_close(&r->rows);
    arena_close(&r->arena);
    counted_drop(r->root);
}

static bool rewrite_run(Rewrite *r, Error *error)
{
    arena_open(&r->arena, NULL);
    buffer_open(&r->pairs, NULL);
    buffer_open(&r->origins, NULL);
    const Columns *columns = r->version->columns;
    r->hashes = arena_try(&r->arena, (columns->count + 1) * 8, error);
    bool good = r->hashes && row_builder_open(&r->rows, columns, ROW_GROUP_ROWS_MAX, NULL, error) &&
                read_all(r, error) && write_group(r, error) && publish(r, error);
    rewrite_close(r);
    return good;
}

bool publication_ready(Storage *storage)
{
    mutex_lock(&storage->mutex);
    bool ready = storage->maintenance->publication != NULL;
    mutex_unlock(&storage->mutex);
    return ready;
}

/* The publication, if its record is down or failed: the maintenance is free again. */
static Publication *publication_take(Storage *storage)
{
    Maintenance *maintenance = storage->maintenance;
    mutex_lock(&storage->mutex);
    Publication *publication = maintenance->publication;
    bool done = publication && ticket_state(&publication->ticket) != TICKET_WAITING;
    if (done) {
        maintenance->publication = NULL;
        maintenance->busy = false;
    }
    mutex_unlock(&storage->mutex);
    return done ? publication : NULL;
}

bool publication_step(Storage *storage, Error *error)
{
    commit_step(storage);
    Publication *publication = publication_take(storage);
    if (!publication)
        return true; /* another leader is writing it, or somebody else was faster */
    bool good = ticket_state(&publication->ticket) == TICKET_GRANTED;
    if (!good) {
        *error = publication->ticket.error;
        retirement_free(publication->request.retirement);
    }
    counted_drop(publication);
    return good;
}

/* ---- flush ---- */

static i64 delta_rows_of(const TableVersion *version)
{
    i64 rows = 0;
    for (i32 i = 0; i < version->chunk_count; i++)
        rows += delta_rows(version->chunks[i]);
    return rows;
}

/* The table that should be flushed: a row group's worth of rows, or the most when memory is short.
 */
static const TableVersion *flush_candidate(Storage *storage)
{
    const TableVersion *best = NULL;
    const StorageOptions *options = &storage->options;
    bool urgent =
        options->delta_bytes_max > 0 && storage->delta_bytes > options->delta_bytes_max / 2;
    const MapNode *node = map_next(storage->root->tables, (MapKey){0, 0});
    for (; node; node = map_next(storage->root->tables, (MapKey){0, node->key.low + 1})) {
        const TableVersion *version = node->value;
        i64 rows = delta_rows_of(version);
        if (rows >= (urgent ? 1 : options->row_group_rows) && (!best || rows > delta_rows_of(best)))
            best = version;
    }
    return best;
}

bool flush_ready(Storage *storage)
{
    mutex_lock(&storage->mutex);
    bool ready = !storage->maintenance->busy && !storage->lost && flush_candidate(storage);
    mutex_unlock(&storage->mutex);
    return ready;
}

/* Storage.mutex held: the chunks to take, the last one sealed. */
static void flush_choose(Rewrite *r, const TableVersion *version)
{
    i64 rows = 0;
    r->version = version;
    while (r->chunk_count < version->chunk_count) {
        i32 more = delta_rows(version->chunks[r->chunk_count]);
        if (r->chunk_count && rows + more > ROW_GROUP_ROWS_MAX)
            break;
        rows += more;
        r->chunk_count++;
    }
    if (r->chunk_count == version->chunk_count)
        version->table->sealed = true;
}

bool flush_step(Storage *storage, Error *error)
{
    Rewrite r = {.storage = storage, .source = GROUP_FLUSHED};
    if (!maintenance_take(storage))
        return true;
    mutex_lock(&storage->mutex);
    r.root = counted_keep(storage->root);
    const TableVersion *version = flush_candidate(storage);
    if (version)
        flush_choose(&r, version);
    mutex_unlock(&storage->mutex);
    bool good = true;
    if (version)
        good = rewrite_run(&r, error);
    else
        counted_drop(r.root);
    if (!r.queued)
        maintenance_give(storage);
    return good;
}

/* ---- merge ---- */

static i64 live_rows(const GroupEntry *entry)
{
    return entry->group->address.rows - (entry->deletes ? entry->deletes->count : 0);
}

/* Fills the numbers of row groups of the table that should become one. */
static bool merge_choose(Rewrite *r, const TableVersion *version, i64 full)
{
    i64 rows = 0;
    r->version = version;
    r->group_count = 0;
    const MapNode *node = map_next(version->groups, (MapKey){0, 0});
    for (; node; node = map_next(version->groups, (MapKey){0, node->key.low + 1})) {
        const GroupEntry *entry = node->value;
        i64 live = live_rows(entry), all = entry->group->address.rows;
        if ((all - live) * 100 > all * DELETED_PERCENT_MAX) { /* worth it alone */
            r->groups[0] = node->key.low;
            r->group_count = 1;
            return true;
        }
        if (live * 2 > full || rows + live > full || r->group_count == MERGE_GROUPS_MAX)
            continue;
        r->groups[r->group_count++] = node->key.low;
        rows += live;
    }
    return r->group_count >= MERGE_GROUPS_MIN;
}

static bool merge_candidate(Storage *storage, Rewrite *r)
{
    const MapNode *node = map_next(storage->root->tables, (MapKey){0, 0});
    for (; node; node = map_next(storage->root->tables, (MapKey){0, node->key.low + 1}))
        if (merge_choose(r, node->value, storage->options.row_group_rows))
            return true;
    return false;
}

bool merge_ready(Storage *storage)
{
    Rewrite r = {.storage = storage};
    Maintenance *maintenance = storage->maintenance;
    mutex_lock(&storage->mutex);
    bool changed = maintenance->merge_looked_at != storage->root->version;
    bool ready = changed && !maintenance->busy && !storage->lost && merge_candidate(storage, &r);
    if (changed && !ready && !maintenance->busy)
        maintenance->merge_looked_at = storage->root->version;
    mutex_unlock(&storage->mutex);
    return ready;
}

bool merge_step(Storage *storage, Error *error)
{
    Rewrite r = {.storage = storage, .source = GROUP_MERGED};
    if (!maintenance_take(storage))
        return true;
    mutex_lock(&storage->mutex);
    r.root = counted_keep(storage->root);
    bool found = merge_candidate(storage, &r);
    mutex_unlock(&storage->mutex);
    bool good = true;
    if (found)
        good = rewrite_run(&r, error);
    else
        counted_drop(r.root);
    if (!r.queued)
        maintenance_give(storage);
    return good;
}
