/* SPDX-License-Identifier: Apache-2.0
 *
 * Table access of built-in relations and of sequences: a scan computes all rows when it opens and
 * then hands them out chunk by chunk.
 *
 * The rows are made by the relation's fill function, which runs in a query of its own inside
 * scan_open: its own arena, trap and budget, so that nothing is thrown through the caller. Filters
 * of the form column = value are given to fill as hints and are tested again for each row before it
 * is kept, so that a look-up in a large relation keeps few rows; no filter is reported as applied,
 * the caller tests all of them.
 *
 * Memory: rows are vectors of CHUNK_ROWS in the scan's arena, only for the columns asked for. One
 * scan belongs to one thread; relations are immutable.
 *
 * Not here: row ids, appending, modifying (0A000 by NULL functions or an error).
 */
#include "base/counted.h"
#include "catalog/sequence.h"
#include "catalog/system_relations.h"
#include "storage/lane_convert.h"

struct Relation {
    const SystemRelation *system;
    u32 number; /* a sequence's oid; else the relation's own */
    Snapshot *snapshot;
    TableStatistics statistics;
};

typedef struct RowBlock RowBlock;
struct RowBlock {
    RowBlock *next;
    i32 n;
    Vector *columns;
};

struct SystemRows {
    const SystemRelation *system;
    const ScanSpec *spec;
    const Value **equal; /* one per column of the relation; NULL: any value */
    Arena *arena;
    RowBlock *first, *last;
};

struct Scan {
    Arena arena;
    SystemRows rows;
    const RowBlock *next;
};

/* Estimate of a relation's rows: functions and operators are many, the rest is small. */
enum { GUESSED_ROWS = 200 };

static void system_close_relation(void *thing)
{
    Relation *relation = thing;
    snapshot_close(relation->snapshot);
}

static bool open_relation(const Snapshot *snapshot, const SystemRelation *system, u64 number,
                          Budget *budget, Relation **out, Error *error)
{
    Relation *relation = counted_make((i64)sizeof *relation, budget, system_close_relation, error);
    if (!relation)
        return false;
    relation->system = system;
    relation->number = (u32)number;
    relation->snapshot = snapshot_keep(snapshot);
    relation->statistics.rows = system == &sequence_relation ? 1 : GUESSED_ROWS;
    *out = relation;
    return true;
}

static bool system_open(const Snapshot *snapshot, u64 number, Budget *budget, Relation **out,
                        Error *error)
{
    const SystemRelation *system =
        number <= UINT32_MAX ? system_relation_by_oid((u32)number) : NULL;
    if (!system)
        return error_set(error, E_INTERNAL_ERROR, "there is no built-in relation %llu",
                         (unsigned long long)number);
    return open_relation(snapshot, system, number, budget, out, error);
}

static bool sequence_open(const Snapshot *snapshot, u64 number, Budget *budget, Relation **out,
                          Error *error)
{
    return open_relation(snapshot, &sequence_relation, number, budget, out, error);
}

static void system_close(Relation *relation)
{
    counted_drop(relation);
}

static bool system_statistics(Relation *relation, const TableStatistics **out, Error *error)
{
    *out = &relation->statistics;
    return true;
}

static bool system_splits(Relation *relation, const ScanSpec *spec, Arena *arena, Split **splits,
                          i32 *count, Error *error)
{
    *splits = arena_try(arena, (i64)sizeof **splits, error);
    if (!*splits)
        return false;
    **splits = (Split){.rows = (i64)relation->statistics.rows,
                       .bytes = (i64)relation->statistics.rows * 64};
    *count = 1;
    return true;
}

/* ---- rows ---- */

static Lane natural_lane(const SystemRelation *system, ColumnId column)
{
    return type_lane(system_column_type(&system->columns[column - 1]));
}

static bool add_block(SystemRows *rows, Error *error)
{
    const ScanSpec *spec = rows->spec;
    RowBlock *block = arena_try(rows->arena, (i64)sizeof *block, error);
    if (!block)
        return false;
    block->columns = arena_try(rows->arena, spec->column_count * (i64)sizeof(Vector), error);
    if (!block->columns)
        return false;
    for (i32 i = 0; i < spec->column_count; i++) {
        Vector *vector = &block->columns[i];
        if (!vector_make(vector, spec->columns[i].type,
                         natural_lane(rows->system, spec->columns[i].id), CHUNK_ROWS, rows->arena,
                         error) ||
            !vector_make_valid(vector, CHUNK_ROWS, rows->arena, error))
            return false;
        memset(vector->valid, 0, MASK_WORDS * sizeof(u64)); /* a row sets its bit */
        vector->life = LIFE_PINNED;
    }
    *(rows->last ? &rows->last->next : &rows->first) = block;
    rows->last = block;
    return true;
}

static Value row_value(const SystemRows *rows, const Value *values, i32 column)
{
    Value value = values[column];
    Lane lane = natural_lane(rows->system, (ColumnId)column + 1);
    if (value.null || value.lane.kind == LANE_NONE)
        return value_null(lane);
    assert(lane_equal(value.lane, lane));
    return value;
}

static bool row_is_wanted(const SystemRows *rows, const Value *values)
{
    for (i32 i = 0; i < rows->system->column_count; i++) {
        if (!rows->equal[i])
            continue;
        Value value = row_value(rows, values, i);
        if (value.null || value_compare(&value, rows->equal[i]) != 0)
            return false;
    }
    return true;
}

bool system_row(SystemRows *rows, const Value *values, Error *error)
{
    if (!row_is_wanted(rows, values))
        return true;
    if ((!rows->last || rows->last->n == CHUNK_ROWS) && !add_block(rows, error))
        return false;
    RowBlock *block = rows->last;
    for (i32 i = 0; i < rows->spec->column_count; i++) {
        Value copy, value = row_value(rows, values, (i32)rows->spec->columns[i].id - 1);
        if (!value_copy(value, rows->arena, &copy, error))
            return false;
        vector_set(&block->columns[i], block->n, &copy);
    }
    block->n++;
    return true;
}

/* ---- filters as hints ---- */

static bool is_equality(const ScanFilter *filter, Lane lane)
{
    return filter->kind == FILTER_RANGE && filter->has_low && filter->has_high &&
           !filter->low_exclusive && !filter->high_exclusive && !filter->low.null &&
           lane_equal(filter->low.lane, lane) && lane_equal(filter->high.lane, lane) &&
           value_compare(&filter->low, &filter->high) == 0;
}

static bool collect_hints(SystemRows *rows, Error *error)
{
    const SystemRelation *system = rows->system;
    rows->equal = arena_try(rows->arena, system->column_count * (i64)sizeof *rows->equal, error);
    if (!rows->equal)
        return false;
    for (i32 i = 0; i < rows->spec->filter_count; i++) {
        const ScanFilter *filter = &rows->spec->filters[i];
        assert(filter->column >= 1 && filter->column <= (ColumnId)system->column_count);
        if (atomic_load_explicit(&filter->on, memory_order_relaxed) &&
            is_equality(filter, natural_lane(system, filter->column)))
            rows->equal[filter->column - 1] = &filter->low;
    }
    return true;
}

/* ---- filling ---- */

typedef struct FillRun {
    Query q;
    QueryControl control;
    Arena arena;
    const Relation *relation;
    SystemRows *rows;
} FillRun;

static void run_fill(void *argument)
{
    FillRun *run = argument;
    const SystemRelation *system = run->relation->system;
    if (system == &sequence_relation) {
        fill_sequence(&run->q, run->relation->snapshot, run->relation->number, run->rows);
        return;
    }
    system->fill(&run->q, run->relation->snapshot, run->rows->equal, run->rows);
}

static bool fill_rows(const Relation *relation, SystemRows *rows, Budget *budget, Error *error)
{
    FillRun run = {.relation = relation, .rows = rows};
    query_control_open(&run.control, budget, "system relation");
    arena_open(&run.arena, &run.control.budget);
    query_open(&run.q, &run.arena, &run.control);
    bool good = query_try(&run.q, run_fill, &run);
    if (!good)
        *error = run.q.error;
    arena_close(&run.arena);
    budget_close(&run.control.budget);
    return good;
}

/* Blocks in the lanes the scan asks for. */
static bool convert_lanes(SystemRows *rows, Error *error)
{
    for (RowBlock *block = rows->first; block; block = block->next)
        for (i32 i = 0; i < rows->spec->column_count; i++)
            if (!lane_convert(&block->columns[i], block->n, NULL, rows->spec->columns[i].lane,
                              rows->arena, error))
                return false;
    return true;
}

/* ---- the scan ---- */

static void system_scan_free(void *thing)
{
    Scan *scan = thing;
    arena_close(&scan->arena);
}

static bool fill_scan(Scan *scan, const Relation *relation, const ScanSpec *spec, Budget *budget,
                      Error *error)
{
    scan->rows = (SystemRows){.system = relation->system, .spec = spec, .arena = &scan->arena};
    if (!collect_hints(&scan->rows, error) || !fill_rows(relation, &scan->rows, budget, error) ||
        !convert_lanes(&scan->rows, error))
        return false;
    scan->next = scan->rows.first;
    return true;
}

static bool system_scan_open(Relation *relation, const ScanSpec *spec, const Split *split,
                             Budget *budget, Scan **out, Error *error)
{
    if (spec->want_row_ids)
        return error_set(error, E_FEATURE_NOT_SUPPORTED, "rows of \"%s\" have no row ids",
                         relation->system->name);
    Scan *scan = counted_make((i64)sizeof *scan, budget, system_scan_free, error);
    if (!scan)
        return false;
    arena_open(&scan->arena, budget);
    if (!fill_scan(scan, relation, spec, budget, error)) {
        counted_drop(scan);
        return false;
    }
    *out = scan;
    return true;
}

static ScanStatus system_scan_next(Scan *scan, Chunk *chunk, u64 *applied, Error *error)
{
    const RowBlock *block = scan->next;
    if (!block)
        return SCAN_END;
    *chunk = (Chunk){.n = block->n,
                     .column_count = scan->rows.spec->column_count,
                     .columns = block->columns,
                     .arena = &scan->arena};
    *applied = 0;
    scan->next = block->next;
    return SCAN_ROWS;
}

static void system_scan_close(Scan *scan)
{
    counted_drop(scan);
}

const TableAccess system_access = {
    .name = "system",
    .open = system_open,
    .close = system_close,
    .statistics = system_statistics,
    .splits = system_splits,
    .scan_open = system_scan_open,
    .scan_next = system_scan_next,
    .scan_close = system_scan_close,
};

const TableAccess sequence_access = {
    .name = "sequence",
    .open = sequence_open,
    .close = system_close,
    .statistics = system_statistics,
    .splits = system_splits,
    .scan_open = system_scan_open,
    .scan_next = system_scan_next,
    .scan_close = system_scan_close,
};
