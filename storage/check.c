/* SPDX-License-Identifier: Apache-2.0
 *
 * storage_check: reads every block of every row group of the newest version from disk (the buffer
 * pool is emptied first) and holds what the footers say against the values: row and NULL counts,
 * bounds, zone maps, quantile sketches, origins; headers of files; delete vectors against their
 * counts. Checksums are verified by reading.
 */
#include <stdarg.h>

#include "storage/cache.h"
#include "storage/data_file.h"
#include "storage/deletes.h"
#include "storage/origin.h"
#include "storage/quantile_sketch.h"
#include "storage/segment_read.h"

typedef struct Check {
    Storage *storage;
    void (*report)(void *state, const char *finding);
    void *state;
    i64 findings;
} Check;

static void found(Check *check, TableId table, const RowGroup *group, const char *format, ...)
    printf_like(4, 5);
static void found(Check *check, TableId table, const RowGroup *group, const char *format, ...)
{
    char finding[1024];
    va_list arguments;
    i32 len =
        snprintf(finding, sizeof finding, "table %llu, row group %llu: ", (unsigned long long)table,
                 (unsigned long long)group->address.id);
    va_start(arguments, format);
    vsnprintf(finding + len, sizeof finding - (size_t)len, format, arguments);
    va_end(arguments);
    check->findings++;
    if (check->report)
        check->report(check->state, finding);
}

typedef struct SegmentCheck {
    Check *check;
    TableId table;
    RowGroup *group;
    const Segment *segment;
    i64 nulls;
    bool wrong_bounds, wrong_zone;
} SegmentCheck;

static void check_value(SegmentCheck *c, const Vector *vector, i32 row, const Zone *zone)
{
    const Segment *segment = c->segment;
    Value value = vector_value(vector, row);
    if (value.null) {
        c->nulls++;
        return;
    }
    if (segment->has_bounds &&
        (value_compare(&value, &segment->min) < 0 || value_compare(&value, &segment->max) > 0))
        c->wrong_bounds = true;
    if (!zone)
        return;
    i64 code = vector->form == VECTOR_DICTIONARY ? (i64)vector->codes[row] : value.integer;
    bool comparable = vector->form == VECTOR_DICTIONARY || segment->lane.kind == LANE_I16 ||
                      segment->lane.kind == LANE_I32 || segment->lane.kind == LANE_I64 ||
                      segment->lane.kind == LANE_DEC64;
    c->wrong_zone |= comparable && (code < zone->min || code > zone->max);
}

static bool check_blocks(SegmentCheck *c, const Footer *footer, Error *error)
{
    SegmentReader reader;
    Arena arena;
    bool good = true;
    segment_reader_open(&reader, c->group, footer, c->segment, NULL);
    for (i32 block = 0; good && block < footer->block_count; block++) {
        Vector vector;
        arena_open(&arena, NULL);
        good = segment_block(&reader, block, (Type){0}, c->segment->lane, &arena, &vector, error);
        const Zone *zone = c->segment->zones ? &c->segment->zones[block] : NULL;
        for (i32 row = 0; good && row < block_rows(footer, block); row++)
            check_value(c, &vector, row, zone);
        arena_close(&arena);
    }
    segment_reader_close(&reader);
    return good;
}

/* Readable, in order, and as good as the bounds where it is exact. */
static void check_quantiles(Check *check, TableId table, RowGroup *group, const Segment *segment)
{
    Arena arena;
    Error error;
    Value *values = NULL;
    i32 count = 0;
    arena_open(&arena, NULL);
    bool good = quantiles_read(segment, &arena, &values, &count, &error);
    for (i32 i = 1; good && i < count; i++)
        good = value_compare(&values[i - 1], &values[i]) <= 0;
    if (good && segment->integers && segment->has_bounds)
        good = count > 0 && value_compare(&values[0], &segment->min) == 0 &&
               value_compare(&values[count - 1], &segment->max) == 0;
    if (!good)
        found(check, table, group, "column %u has a wrong quantile sketch", segment->column);
    arena_close(&arena);
}

static void check_segment(Check *check, TableId table, RowGroup *group, const Footer *footer,
                          const Segment *segment)
{
    SegmentCheck c = {check, table, group, segment, 0, false, false};
    Error error;
    if (!check_blocks(&c, footer, &error)) {
        found(check, table, group, "column %u: %s", segment->column, error.message);
        return;
    }
    if (c.nulls != segment->null_count)
        found(check, table, group, "column %u has %lld NULLs, its footer says %d", segment->column,
              (long long)c.nulls, segment->null_count);
    if (c.wrong_bounds)
        found(check, table, group, "column %u has values outside its bounds", segment->column);
    check_quantiles(check, table, group, segment);
    if (c.wrong_zone)
        found(check, table, group, "column %u has values outside their zone", segment->column);
}

static void check_origins(Check *check, TableId table, RowGroup *group)
{
    Arena arena;
    Error error;
    OriginRun *runs;
    i32 count;
    arena_open(&arena, NULL);
    if (!row_group_origins(group, &arena, &runs, &count, &error))
        found(check, table, group, "%s", error.message);
    arena_close(&arena);
}

static void check_group(Check *check, TableId table, const GroupEntry *entry)
{
    const Footer *footer;
    Error error;
    if (!data_file_verify(entry->group->file, DATA_FILE_GROUPS, &error))
        found(check, table, entry->group, "%s", error.message);
    if (!row_group_footer(entry->group, &footer, &error)) {
        found(check, table, entry->group, "%s", error.message);
        return;
    }
    for (i32 i = 0; i < footer->segment_count; i++)
        check_segment(check, table, entry->group, footer, &footer->segments[i]);
    check_origins(check, table, entry->group);
    const DeleteVector *deletes = entry->deletes;
    if (deletes && !deletes_verify(check->storage, &entry->group->address, deletes, &error))
        found(check, table, entry->group, "%s", error.message);
    if (deletes && bits_count(deletes->words, deletes->rows) != deletes->count)
        found(check, table, entry->group, "its delete vector has another count than bits");
}

static void check_table(Check *check, const TableVersion *table)
{
    const MapNode *node = map_next(table->groups, (MapKey){0, 0});
    for (; node; node = map_next(table->groups, (MapKey){0, node->key.low + 1}))
        check_group(check, table->table->id, node->value);
}

i64 storage_check(Storage *storage, void (*report)(void *state, const char *finding), void *state,
                  Error *error)
{
    Check check = {storage, report, state, 0};
    Snapshot *snapshot;
    if (!snapshot_newest(storage, &snapshot, error))
        return -1;
    cache_clear(storage);
    const MapNode *node = map_next(snapshot->root->tables, (MapKey){0, 0});
    for (; node; node = map_next(snapshot->root->tables, (MapKey){0, node->key.low + 1}))
        check_table(&check, node->value);
    snapshot_close(snapshot);
    return check.findings;
}
