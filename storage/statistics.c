/* SPDX-License-Identifier: Apache-2.0
 *
 * Statistics of a relation: sums and unions over the footers of its row groups. Delta rows are
 * counted and make bounds inexact; they are few. The sample is the row groups' samples, each an
 * equal number of rows per row, thinned to about 2,048 rows; quantiles are taken from it.
 *
 * Memory: the relation's arena, filled once under its mutex.
 */
#include "storage/statistics.h"

#include "storage/footer.h"

enum { SAMPLE_TARGET = 2048, QUANTILES = 33 };

typedef struct Gathering {
    Relation *relation;
    Arena *arena;
    i32 columns;
    ColumnStatistics *list;
    u8 (*sketches)[SKETCH_REGISTERS];
    f64 rows, delta_rows, raw_bytes;
    i64 groups;
    bool deleted;
    DeltaChunk *sample;
} Gathering;

static void bounds_add(ColumnStatistics *column, const Segment *segment, i32 rows, bool first)
{
    if (segment->null_count == rows)
        return;
    if (!segment->has_bounds) {
        column->bounds_exact = false;
        return;
    }
    bool fresh = !column->has_bounds;
    if (fresh || value_compare(&segment->min, &column->min) < 0)
        column->min = segment->min;
    if (fresh || value_compare(&segment->max, &column->max) > 0)
        column->max = segment->max;
    column->has_bounds = true;
}

static void column_add(Gathering *g, i32 at, const Footer *footer, f64 live)
{
    ColumnStatistics *column = &g->list[at];
    const Segment *segment = footer_segment(footer, column->column);
    if (!segment) { /* rows from before the column */
        const Value *constant = &g->relation->columns->list[at].constant;
        if (constant->null)
            column->null_count += live;
        else
            column->bounds_exact = false;
        return;
    }
    column->null_count += segment->null_count * (live / footer->rows);
    column->average_bytes += (f64)segment->raw_bytes;
    sketch_merge(g->sketches[at], segment->sketch);
    bounds_add(column, segment, footer->rows, g->groups == 0);
}

/* Every step-th row of the group's sample. */
static bool sample_add(Gathering *g, const Footer *footer, i32 step, Error *error)
{
    Arena scratch;
    DeltaReader reader;
    ByteReader r = bytes_reader(footer->sample.data, footer->sample.len);
    arena_open(&scratch, NULL);
    bool good = delta_read(&r, g->relation->columns, &scratch, &reader, error);
    i32 have = delta_rows(g->sample);
    for (i32 i = 0; good && i < reader.n && have < g->sample->capacity; i += step, have++)
        good = delta_append(g->sample, &reader.chunk, i, 1, have, 1, error);
    arena_close(&scratch);
    return good;
}

static bool group_add(Gathering *g, const GroupEntry *entry, i32 step, Error *error)
{
    const Footer *footer;
    if (!row_group_footer(entry->group, &footer, error))
        return false;
    i64 gone = entry->deletes ? entry->deletes->count : 0;
    f64 live = (f64)(footer->rows - gone);
    g->rows += live;
    g->deleted |= gone > 0;
    for (i32 c = 0; c < g->columns; c++)
        column_add(g, c, footer, live);
    g->groups++;
    return sample_add(g, footer, step, error);
}

static bool groups_add(Gathering *g, Error *error)
{
    const Relation *relation = g->relation;
    i64 rows = relation_group_count(relation) * SAMPLE_ROWS;
    i32 step = (i32)max_i64(1, (rows + SAMPLE_TARGET - 1) / SAMPLE_TARGET);
    const MapNode *groups = relation->version ? relation->version->groups : NULL;
    for (const MapNode *node = map_next(groups, (MapKey){0, 0}); node;
         node = map_next(groups, (MapKey){0, node->key.low + 1}))
        if (!group_add(g, node->value, step, error))
            return false;
    for (i32 i = 0; i < relation->own_group_count; i++)
        if (!group_add(g, relation->own_groups[i], step, error))
            return false;
    return true;
}

/* Live delta rows: counted, and into the sample while it has room. */
static bool delta_add(Gathering *g, DeltaChunk *const *chunks, i32 count, u64 bound, Error *error)
{
    for (i32 i = 0; i < count; i++) {
        const DeltaChunk *chunk = chunks[i];
        i32 made = delta_made_before(chunk, bound);
        for (i32 row = 0; row < made; row++) {
            if (!delta_is_live(chunk, row, bound))
                continue;
            g->delta_rows++;
        }
    }
    return true;
}

static int compare_values(const void *a, const void *b)
{
    return value_compare(a, b);
}

static bool quantiles_make(Gathering *g, i32 at, Error *error)
{
    i32 n = delta_rows(g->sample), count = 0;
    const DeltaColumn *from = &g->sample->column[at];
    Vector vector;
    Value *values = arena_try(g->arena, (n + 1) * (i64)sizeof *values, error);
    if (!values || !delta_vector(g->sample, at, 0, n, g->arena, &vector, error))
        return false;
    for (i32 i = 0; i < n; i++)
        if (!from->nulls[i])
            values[count++] = vector_value(&vector, i);
    if (count < QUANTILES)
        return true;
    qsort(values, (size_t)count, sizeof *values, compare_values);
    for (i32 i = 0; i < QUANTILES; i++)
        values[i] = values[(i64)i * (count - 1) / (QUANTILES - 1)];
    g->list[at].quantiles = values;
    g->list[at].quantile_count = QUANTILES;
    return true;
}

static bool sample_chunks(Gathering *g, TableStatistics *statistics, Error *error)
{
    i32 n = delta_rows(g->sample), count = (n + CHUNK_ROWS - 1) / CHUNK_ROWS;
    Chunk *chunks = arena_try(g->arena, (count + 1) * (i64)sizeof *chunks, error);
    if (!chunks)
        return false;
    for (i32 i = 0; i < count; i++) {
        i32 from = i * CHUNK_ROWS, rows = (i32)min_i64(CHUNK_ROWS, n - from);
        Vector *vectors = arena_try(g->arena, g->columns * (i64)sizeof *vectors, error);
        if (!vectors)
            return false;
        for (i32 c = 0; c < g->columns; c++)
            if (!delta_vector(g->sample, c, from, rows, g->arena, &vectors[c], error))
                return false;
        chunks[i] = (Chunk){.n = rows, .column_count = g->columns, .columns = vectors};
    }
    statistics->sample = chunks;
    statistics->sample_chunks = count;
    return true;
}

static void drop_sample(void *thing)
{
    counted_drop(thing);
}

static bool gather(Gathering *g, Error *error)
{
    const Relation *relation = g->relation;
    g->sample = delta_chunk_make(relation->columns, DELTA_CHUNK_ROWS, error);
    if (!g->sample)
        return false;
    if (!arena_defer(g->arena, drop_sample, g->sample, error)) {
        counted_drop(g->sample);
        return false;
    }
    g->list = arena_try(g->arena, (g->columns + 1) * (i64)sizeof *g->list, error);
    g->sketches = arena_try(g->arena, (g->columns + 1) * (i64)SKETCH_REGISTERS, error);
    if (!g->list || !g->sketches)
        return false;
    for (i32 c = 0; c < g->columns; c++)
        g->list[c] =
            (ColumnStatistics){.column = relation->columns->list[c].id, .bounds_exact = true};
    const TableVersion *version = relation->version;
    return groups_add(g, error) &&
           (!version ||
            delta_add(g, version->chunks, version->chunk_count, relation->bound, error)) &&
           delta_add(g, relation->own_chunks, relation->own_chunk_count, relation->own_bound,
                     error);
}

static bool statistics_make(Relation *relation, Error *error)
{
    Gathering g = {
        .relation = relation, .arena = &relation->arena, .columns = relation->columns->count};
    TableStatistics *statistics = arena_try(&relation->arena, (i64)sizeof *statistics, error);
    if (!statistics || !gather(&g, error))
        return false;
    f64 stored = g.rows;
    for (i32 c = 0; c < g.columns; c++) {
        ColumnStatistics *column = &g.list[c];
        column->bounds_exact &= g.delta_rows == 0;
        column->distinct = g.groups ? sketch_count(g.sketches[c]) : 0;
        column->average_bytes = stored > 0 ? column->average_bytes / stored : 0;
        if (!quantiles_make(&g, c, error))
            return false;
    }
    statistics->rows = g.rows + g.delta_rows;
    statistics->rows_exact = !relation->has_marks;
    statistics->columns = g.list;
    statistics->column_count = g.columns;
    if (!sample_chunks(&g, statistics, error))
        return false;
    relation->statistics = statistics;
    return true;
}

bool relation_statistics(Relation *relation, const TableStatistics **out, Error *error)
{
    mutex_lock(&relation->mutex);
    bool good = relation->statistics || statistics_make(relation, error);
    *out = relation->statistics;
    mutex_unlock(&relation->mutex);
    return good;
}
