/* SPDX-License-Identifier: Apache-2.0
 *
 * Statistics of a relation. What its committed row groups say together is merged from their footers
 * once per table version and kept there (GroupFacts); with the rows of the committed delta added,
 * kept beside it until the delta has changed. A transaction that has written to the table itself
 * gets its own. Bounds count every row, sketches of a large delta every n-th. The sample is the row
 * groups' samples, thinned to about 2,048 rows. Quantiles are merged from the row groups' sketches
 * and the values of the delta that went into the other sketches.
 *
 * Memory: facts have an arena of their own, in which the planner's TableStatistics lie too; they
 * never change once they are shared.
 */
#include "storage/statistics.h"

#include "storage/quantile_merge.h"
#include "storage/quantile_sketch.h"
#include "types/hash_vector.h"

enum { SAMPLE_TARGET = 2048, QUANTILES = 65, DELTA_SKETCH_ALL = 4096 };

typedef struct ColumnFacts {
    bool has_bounds, bounds_exact;
    Value min, max;
    f64 null_count, raw_bytes;
    u8 sketch[SKETCH_REGISTERS];
} ColumnFacts;

/* Values of the delta, one column's: those whose turn it was, and how many they stand for. */
typedef struct FreshValues {
    Buffer values;
    f64 rows;
} FreshValues;

/* A row group that was added, while the facts are made. */
typedef struct AddedGroup {
    const Footer *footer;
    f64 live;
} AddedGroup;

struct GroupFacts {
    Arena arena;
    const Columns *columns;     /* counted */
    f64 rows;                   /* live ones */
    ColumnFacts *list;          /* per column of columns */
    FreshValues *fresh;         /* likewise; empty once it is filled */
    Buffer added;               /* AddedGroups; likewise */
    DeltaChunk *sample;         /* counted; shared by copies, which must not add to it */
    GroupFacts *base;           /* counted: of a copy; its bounds point into it */
    i64 delta_made, delta_live; /* rows of the delta it was made from */
    TableStatistics statistics;
};

/* Gives back what only making them needs. */
static void facts_made(GroupFacts *facts)
{
    for (i32 c = 0; facts->fresh && c < facts->columns->count; c++)
        buffer_close(&facts->fresh[c].values);
    buffer_close(&facts->added);
}

static void facts_closer(void *thing)
{
    GroupFacts *facts = thing;
    facts_made(facts);
    counted_drop(facts->columns);
    counted_drop(facts->sample);
    counted_drop(facts->base);
    arena_close(&facts->arena);
}

static GroupFacts *facts_make(const Columns *columns, Error *error)
{
    GroupFacts *facts = counted_make((i64)sizeof *facts, NULL, facts_closer, error);
    if (!facts)
        return NULL;
    arena_open(&facts->arena, NULL);
    facts->columns = counted_keep(columns);
    facts->list = arena_try(&facts->arena, (columns->count + 1) * (i64)sizeof(ColumnFacts), error);
    facts->fresh = arena_try(&facts->arena, (columns->count + 1) * (i64)sizeof(FreshValues), error);
    facts->sample = delta_chunk_make(columns, DELTA_CHUNK_ROWS, NULL, error);
    buffer_open(&facts->added, NULL);
    for (i32 c = 0; facts->fresh && c < columns->count; c++)
        buffer_open(&facts->fresh[c].values, NULL);
    for (i32 c = 0; facts->list && c < columns->count; c++)
        facts->list[c].bounds_exact = true;
    if (facts->list && facts->fresh && facts->sample)
        return facts;
    counted_drop(facts);
    return NULL;
}

/* A copy that can be added to; its sample is `from`'s, or an empty one of its own. */
static GroupFacts *facts_copy(GroupFacts *from, bool share_sample, Error *error)
{
    GroupFacts *copy = facts_make(from->columns, error);
    if (!copy)
        return NULL;
    copy->base = counted_keep(from);
    copy->rows = from->rows;
    memcpy(copy->list, from->list, (size_t)from->columns->count * sizeof(ColumnFacts));
    if (share_sample) {
        counted_drop(copy->sample);
        copy->sample = counted_keep(from->sample);
    }
    return copy;
}

/* ---- row groups ---- */

static bool bounds_add(GroupFacts *facts, ColumnFacts *column, const Value *low, const Value *high,
                       Error *error)
{
    if ((!column->has_bounds || value_compare(low, &column->min) < 0) &&
        !value_copy(*low, &facts->arena, &column->min, error))
        return false;
    if ((!column->has_bounds || value_compare(high, &column->max) > 0) &&
        !value_copy(*high, &facts->arena, &column->max, error))
        return false;
    column->has_bounds = true;
    return true;
}

/* A segment's bound in the lane of its column: numerics may lie as scaled integers. */
static Value bound_in_lane(Value bound, Lane lane)
{
    if (lane.kind == LANE_NUM && bound.lane.kind == LANE_DEC64)
        return (Value){
            .lane = lane,
            .num = {.kind = NUM_INLINE, .scale = bound.lane.scale, .small = bound.integer}};
    return bound;
}

static bool segment_add(GroupFacts *facts, i32 at, const Footer *footer, f64 live, Error *error)
{
    ColumnFacts *column = &facts->list[at];
    const Segment *segment = footer_segment(footer, facts->columns->list[at].id);
    if (!segment) { /* rows from before the column */
        const Value *constant = &facts->columns->list[at].constant;
        column->null_count += constant->null ? live : 0;
        if (!constant->null)
            sketch_add(column->sketch, file_hash_value(constant));
        return constant->null || bounds_add(facts, column, constant, constant, error);
    }
    column->null_count += segment->null_count * (live / footer->rows);
    column->raw_bytes += (f64)segment->raw_bytes;
    sketch_merge(column->sketch, segment->sketch);
    if (segment->null_count == footer->rows)
        return true;
    column->bounds_exact &= segment->has_bounds;
    Lane lane = facts->columns->list[at].lane;
    Value min = bound_in_lane(segment->min, lane), max = bound_in_lane(segment->max, lane);
    return !segment->has_bounds || bounds_add(facts, column, &min, &max, error);
}

/* Every step-th row of the group's sample (SAMPLE_NOTHING: none). */
enum { SAMPLE_NOTHING = 0 };
static bool sample_add(GroupFacts *facts, const Footer *footer, i32 step, Error *error)
{
    if (step == SAMPLE_NOTHING)
        return true;
    Arena scratch;
    DeltaReader reader;
    ByteReader r = bytes_reader(footer->sample.data, footer->sample.len);
    arena_open(&scratch, NULL);
    bool good = delta_read(&r, facts->columns, &scratch, &reader, error);
    i32 have = delta_rows(facts->sample);
    for (i32 i = 0; good && i < reader.n && have < facts->sample->capacity; i += step, have++)
        good = delta_append(facts->sample, &reader.chunk, i, 1, have, 1, error);
    arena_close(&scratch);
    return good;
}

static bool group_add(GroupFacts *facts, const GroupEntry *entry, i32 step, Error *error)
{
    const Footer *footer;
    if (!row_group_footer(entry->group, &footer, error))
        return false;
    f64 live = (f64)(footer->rows - (entry->deletes ? entry->deletes->count : 0));
    facts->rows += live;
    for (i32 c = 0; c < facts->columns->count; c++)
        if (!segment_add(facts, c, footer, live, error))
            return false;
    AddedGroup added = {footer, live};
    if (!buffer_append(&facts->added, &added, (i64)sizeof added, error))
        return false;
    return sample_add(facts, footer, step, error);
}

static i32 sample_step(i64 groups)
{
    return (i32)max_i64(1, (groups * SAMPLE_ROWS + SAMPLE_TARGET - 1) / SAMPLE_TARGET);
}

static GroupFacts *facts_of_groups(const Columns *columns, const MapNode *groups, i64 count,
                                   Error *error)
{
    GroupFacts *facts = facts_make(columns, error);
    bool good = facts != NULL;
    const MapNode *node = map_next(groups, (MapKey){0, 0});
    for (; good && node; node = map_next(groups, (MapKey){0, node->key.low + 1}))
        good = group_add(facts, node->value, sample_step(count), error);
    if (good)
        return facts;
    counted_drop(facts);
    return NULL;
}

/* ---- delta ---- */

static bool value_add(GroupFacts *facts, i32 c, const Value *value, bool sketch, Error *error)
{
    ColumnFacts *column = &facts->list[c];
    FreshValues *fresh = &facts->fresh[c];
    if (value->null) {
        column->null_count++;
        return true;
    }
    fresh->rows++;
    if (sketch) {
        sketch_add(column->sketch, file_hash_value(value));
        if (!buffer_append(&fresh->values, value, (i64)sizeof *value, error))
            return false;
    }
    return bounds_add(facts, column, value, value, error);
}

/* One column of a delta chunk: rows[0..n) count, every step-th in the sketch. */
static bool delta_column_add(GroupFacts *facts, i32 c, const DeltaChunk *chunk, const u16 *rows,
                             i32 n, i64 step, Error *error)
{
    const ColumnDefinition *what = &facts->columns->list[c];
    i32 at = columns_find(chunk->columns, what->id);
    bool good = true;
    if (at == COLUMN_NONE) { /* rows from before the column */
        for (i32 i = 0; good && i < n; i++)
            good = value_add(facts, c, &what->constant, i == 0, error);
        return good;
    }
    Arena scratch;
    Vector vector;
    arena_open(&scratch, NULL);
    good = n == 0 || delta_vector(chunk, at, 0, rows[n - 1] + 1, &scratch, &vector, error);
    for (i32 i = 0; good && i < n; i++) {
        Value value = vector_value(&vector, rows[i]);
        good = value_add(facts, c, &value, i % step == 0, error);
    }
    arena_close(&scratch);
    return good;
}

/* The delta's rows as the sample of a table that has no row groups. */
static bool delta_sample_add(GroupFacts *facts, const DeltaChunk *chunk, i32 row, Error *error)
{
    Arena scratch;
    arena_open(&scratch, NULL);
    Vector *columns =
        arena_try(&scratch, (chunk->columns->count + 1) * (i64)sizeof *columns, error);
    bool good = columns != NULL;
    for (i32 c = 0; good && c < chunk->columns->count; c++)
        good = delta_vector(chunk, c, row, 1, &scratch, &columns[c], error);
    Chunk one = {.n = 1, .column_count = chunk->columns->count, .columns = columns};
    i32 have = delta_rows(facts->sample);
    good = good && delta_append(facts->sample, &one, 0, 1, have, 1, error);
    arena_close(&scratch);
    return good;
}

typedef struct DeltaRows {
    DeltaChunk *const *chunks;
    i32 count;
    u64 bound;
    i64 made, live;
} DeltaRows;

static void count_live(DeltaRows *rows)
{
    for (i32 i = 0; i < rows->count; i++) {
        i32 made = delta_made_before(rows->chunks[i], rows->bound);
        rows->made += made;
        for (i32 row = 0; row < made; row++)
            rows->live += delta_is_live(rows->chunks[i], row, rows->bound);
    }
}

static i32 live_rows(const DeltaChunk *chunk, u64 bound, u16 *rows)
{
    i32 made = delta_made_before(chunk, bound), n = 0;
    for (i32 row = 0; row < made; row++)
        if (delta_is_live(chunk, row, bound))
            rows[n++] = (u16)row;
    return n;
}

static bool delta_add(GroupFacts *facts, const DeltaRows *delta, i64 step, bool sample,
                      Error *error)
{
    u16 rows[DELTA_CHUNK_ROWS];
    facts->rows += (f64)delta->live;
    for (i32 i = 0; i < delta->count; i++) {
        const DeltaChunk *chunk = delta->chunks[i];
        i32 n = live_rows(chunk, delta->bound, rows);
        for (i32 c = 0; c < facts->columns->count; c++)
            if (!delta_column_add(facts, c, chunk, rows, n, step, error))
                return false;
        bool takes = sample && chunk->columns == facts->columns;
        for (i64 row = 0; takes && row < n; row += step)
            if (delta_rows(facts->sample) < facts->sample->capacity &&
                !delta_sample_add(facts, chunk, rows[row], error))
                return false;
    }
    return true;
}

/* ---- as the planner gets it ---- */

/* What a row group knows of a column. */
static bool merge_group(QuantileMerge *merge, const ColumnDefinition *column,
                        const AddedGroup *added, Arena *arena, Error *error)
{
    const Segment *segment = footer_segment(added->footer, column->id);
    if (!segment) /* rows from before the column */
        return column->constant.null ||
               quantile_merge_ranks(merge, &column->constant, 1, added->live, error);
    Value *values;
    i32 count, rows = added->footer->rows;
    f64 live = (rows - segment->null_count) * (added->live / rows);
    if (!quantiles_read(segment, arena, &values, &count, error))
        return false;
    for (i32 i = 0; i < count; i++)
        values[i] = bound_in_lane(values[i], column->lane);
    return count == 0 || quantile_merge_ranks(merge, values, count, live, error);
}

static bool merge_all(QuantileMerge *merge, const GroupFacts *facts, i32 c, Arena *arena,
                      Error *error)
{
    const FreshValues *fresh = &facts->fresh[c];
    const AddedGroup *added = (const AddedGroup *)facts->added.data;
    bool good = true;
    if (facts->base) {
        const ColumnStatistics *base = &facts->base->statistics.columns[c];
        good = base->quantile_count == 0 ||
               quantile_merge_ranks(merge, base->quantiles, base->quantile_count,
                                    facts->base->rows - base->null_count, error);
    }
    for (i64 i = 0; good && i < facts->added.len / (i64)sizeof *added; i++)
        good = merge_group(merge, &facts->columns->list[c], &added[i], arena, error);
    i32 count = (i32)(fresh->values.len / (i64)sizeof(Value));
    return good && (count == 0 || quantile_merge_sample(merge, (const Value *)fresh->values.data,
                                                        count, fresh->rows, error));
}

/* Long strings of the delta are cut as those of sketches are. */
static bool quantiles_keep(Value *values, Arena *arena, Error *error)
{
    for (i32 i = 0; i < QUANTILES; i++) {
        Value *value = &values[i];
        if (value->lane.kind == LANE_STR && value->str.len > QUANTILE_STRING_MAX)
            value->str = str_from(value->str.pointer, QUANTILE_STRING_MAX);
        if (!value_copy(*value, arena, value, error))
            return false;
    }
    return true;
}

static bool quantiles_make(const GroupFacts *facts, i32 c, Arena *arena, ColumnStatistics *out,
                           Error *error)
{
    Arena scratch;
    QuantileMerge merge;
    arena_open(&scratch, NULL);
    quantile_merge_open(&merge);
    bool good = merge_all(&merge, facts, c, &scratch, error);
    if (good && merge.weight > 0) {
        Value *values = arena_try(arena, QUANTILES * (i64)sizeof *values, error);
        good = values != NULL;
        if (good) {
            quantile_merge_cut(&merge, values, QUANTILES);
            good = quantiles_keep(values, arena, error);
            out->quantiles = values;
            out->quantile_count = QUANTILES;
        }
    }
    quantile_merge_close(&merge);
    arena_close(&scratch);
    return good;
}

static bool sample_chunks(const GroupFacts *facts, Arena *arena, TableStatistics *statistics,
                          Error *error)
{
    i32 n = delta_rows(facts->sample), count = (n + CHUNK_ROWS - 1) / CHUNK_ROWS;
    i32 columns = facts->columns->count;
    Chunk *chunks = arena_try(arena, (count + 1) * (i64)sizeof *chunks, error);
    if (!chunks)
        return false;
    for (i32 i = 0; i < count; i++) {
        i32 from = i * CHUNK_ROWS, rows = (i32)min_i64(CHUNK_ROWS, n - from);
        Vector *vectors = arena_try(arena, (columns + 1) * (i64)sizeof *vectors, error);
        if (!vectors)
            return false;
        for (i32 c = 0; c < columns; c++)
            if (!delta_vector(facts->sample, c, from, rows, arena, &vectors[c], error))
                return false;
        chunks[i] = (Chunk){.n = rows, .column_count = columns, .columns = vectors};
    }
    statistics->sample = chunks;
    statistics->sample_chunks = count;
    return true;
}

/* Fills facts->statistics, when nothing is added any more. */
static bool statistics_fill(GroupFacts *facts, bool exact, Error *error)
{
    i32 count = facts->columns->count;
    Arena *arena = &facts->arena;
    ColumnStatistics *list = arena_try(arena, (count + 1) * (i64)sizeof *list, error);
    if (!list)
        return false;
    for (i32 c = 0; c < count; c++) {
        const ColumnFacts *column = &facts->list[c];
        bool ordered = facts->columns->list[c].order == ORDER_OF_LANE;
        list[c] = (ColumnStatistics){
            .column = facts->columns->list[c].id,
            .bounds_exact = column->bounds_exact && ordered,
            .has_bounds = column->has_bounds && ordered,
            .min = column->min,
            .max = column->max,
            .null_count = column->null_count,
            .distinct = sketch_count(column->sketch),
            .average_bytes = facts->rows > 0 ? column->raw_bytes / facts->rows : 0,
        };
        if (ordered && !quantiles_make(facts, c, arena, &list[c], error))
            return false;
    }
    facts_made(facts);
    facts->statistics = (TableStatistics){
        .rows = facts->rows, .rows_exact = exact, .columns = list, .column_count = count};
    return sample_chunks(facts, arena, &facts->statistics, error);
}

/* ---- which facts a relation has ---- */

/* Those of the relation's committed row groups, with a count for the caller. */
static GroupFacts *committed_facts(const Relation *relation, Error *error)
{
    TableVersion *version = (TableVersion *)relation->version; /* a cache in an immutable thing */
    bool shared = version && version->columns == relation->columns;
    GroupFacts *known = shared ? atomic_load(&version->facts) : NULL;
    if (known)
        return counted_keep(known);
    GroupFacts *made = facts_of_groups(relation->columns, version ? version->groups : NULL,
                                       relation_group_count(relation), error);
    if (made && !statistics_fill(made, true, error)) {
        counted_drop(made);
        return NULL;
    }
    if (made && shared && atomic_compare_exchange_strong(&version->facts, &known, made))
        counted_keep(made);
    return made;
}

/* Those of everything the relation shows, made anew. */
static GroupFacts *facts_of_relation(const Relation *relation, const DeltaRows *fresh,
                                     const DeltaRows *own, Error *error)
{
    GroupFacts *facts = committed_facts(relation, error);
    if (!facts)
        return NULL;
    i64 delta = fresh->live + own->live;
    bool sample = delta_rows(facts->sample) == 0 && relation->own_group_count == 0;
    GroupFacts *all = facts_copy(facts, !sample, error);
    counted_drop(facts);
    i64 step = delta <= DELTA_SKETCH_ALL ? 1 : (delta + SAMPLE_TARGET - 1) / SAMPLE_TARGET;
    bool good = all != NULL;
    for (i32 i = 0; good && i < relation->own_group_count; i++)
        good = group_add(all, relation->own_groups[i], SAMPLE_NOTHING, error);
    good = good && delta_add(all, fresh, step, sample, error) &&
           delta_add(all, own, step, sample, error) &&
           statistics_fill(all, !relation->has_marks, error);
    if (!good) {
        counted_drop(all);
        return NULL;
    }
    all->delta_made = fresh->made;
    all->delta_live = fresh->live;
    return all;
}

/* A table version's delta only grows and only loses rows: the two counts tell its state. */
static GroupFacts *visible_find(const Relation *relation, const DeltaRows *fresh)
{
    mutex_lock(&relation->storage->mutex);
    GroupFacts *known = relation->version->visible;
    bool same = known && known->delta_made == fresh->made && known->delta_live == fresh->live;
    if (same)
        counted_keep(known);
    mutex_unlock(&relation->storage->mutex);
    return same ? known : NULL;
}

static void visible_store(const Relation *relation, GroupFacts *facts)
{
    TableVersion *version = (TableVersion *)relation->version; /* a cache in an immutable thing */
    mutex_lock(&relation->storage->mutex);
    GroupFacts *old = version->visible;
    version->visible = counted_keep(facts);
    mutex_unlock(&relation->storage->mutex);
    counted_drop(old);
}

/* With a count for the caller. */
static GroupFacts *relation_facts(const Relation *relation, Error *error)
{
    const TableVersion *version = relation->version;
    DeltaRows fresh = {version ? version->chunks : NULL, version ? version->chunk_count : 0,
                       relation->bound, 0, 0};
    DeltaRows own = {relation->own_chunks, relation->own_chunk_count, relation->own_bound, 0, 0};
    count_live(&fresh);
    count_live(&own);
    bool alone = own.live == 0 && relation->own_group_count == 0 && !relation->has_marks;
    if (alone && fresh.live == 0)
        return committed_facts(relation, error);
    bool shared = alone && version->columns == relation->columns;
    GroupFacts *facts = shared ? visible_find(relation, &fresh) : NULL;
    if (facts)
        return facts;
    facts = facts_of_relation(relation, &fresh, &own, error);
    if (facts && shared)
        visible_store(relation, facts);
    return facts;
}

static void drop_facts(void *thing)
{
    counted_drop(thing);
}

static bool statistics_make(Relation *relation, Error *error)
{
    GroupFacts *facts = relation_facts(relation, error);
    if (!facts)
        return false;
    if (!arena_defer(&relation->arena, drop_facts, facts, error)) {
        counted_drop(facts);
        return false;
    }
    relation->statistics = &facts->statistics;
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
