/* SPDX-License-Identifier: Apache-2.0
 *
 * Scan: rows of a relation, whatever implements it, through table access.
 *
 * open evaluates the bounds of the pushed filters (a NULL bound: no row passes), adds what finished
 * hash joins know about their keys, and asks for the splits. Workers take splits by an atomic
 * number, one scan each. Filters the table reports as not applied are applied here, then the TEST
 * filters and the other conjuncts run in the evaluator, lazily loading what they touch.
 *
 * Memory: the relation and each scan are the table's, counted by the statement's budget and closed
 * with the worker's arena. Nothing to merge, nothing to spill. It does not choose filters or
 * columns: the planner did.
 */
#include "executor/execution.h"
#include "executor/join_range.h"
#include "executor/operators.h"
#include "executor/scan_again.h"
#include "executor/scan_filter.h"

enum { FILTERS_MAX = 64, PARALLEL_ROWS_MIN = 16384 };

typedef struct ScanShared {
    const Plan *plan;
    Relation *relation;
    ScanSpec spec;
    i32 *filter_columns; /* per filter: position in the chunk */
    bool nothing;        /* some filter lets no row pass */
    Split *splits;
    i32 split_count;
    _Atomic i32 next_split;
    const Program *program; /* conjuncts, then tests */
    i32 conjunct_count;
    bool counted;     /* rows of the table count as removed until they are given out */
    ScanAgain *again; /* rows given instead of the relation's; NULL: none */
} ScanShared;

typedef struct ScanLocal {
    Worker *w;
    ScanShared *shared;
    Scan *scan;
    Evaluator *evaluator;
    Chunk chunk;
    Selection applied, passed;
    u16 *rows;
} ScanLocal;

/* ---- filters ---- */

static void filter_range(Worker *w, ScanShared *shared, const PlanScanFilter *plan,
                         ScanFilter *filter)
{
    if (plan->low) {
        filter->has_low = true;
        filter->low_exclusive = plan->low_exclusive;
        filter->low = worker_value(w, plan->low);
        shared->nothing |= filter->low.null;
    }
    if (plan->high) {
        filter->has_high = true;
        filter->high_exclusive = plan->high_exclusive;
        filter->high = worker_value(w, plan->high);
        shared->nothing |= filter->high.null;
    }
}

/* Insertion into a sorted list without doubles. */
static i32 set_insert(Value *set, i32 count, Value value)
{
    i32 at = count;
    while (at > 0 && value_compare(&set[at - 1], &value) > 0)
        at--;
    if (at > 0 && value_compare(&set[at - 1], &value) == 0)
        return count;
    memmove(&set[at + 1], &set[at], (size_t)(count - at) * sizeof *set);
    set[at] = value;
    return count + 1;
}

static void filter_set(Worker *w, ScanShared *shared, const PlanScanFilter *plan,
                       ScanFilter *filter)
{
    Value *set = make_array(w->q, Value, plan->set.count);
    for (i32 i = 0; i < plan->set.count; i++) {
        Value value = worker_value(w, plan->set.items[i]);
        if (!value.null)
            filter->set_count = set_insert(set, filter->set_count, value);
    }
    filter->set = set;
    shared->nothing |= filter->set_count == 0;
}

static ScanFilter *filter_add(ScanShared *shared, i32 column, FilterKind kind)
{
    ScanFilter *filter = &shared->spec.filters[shared->spec.filter_count];
    shared->filter_columns[shared->spec.filter_count++] = column;
    filter->column = shared->plan->scan.columns[column].id;
    filter->kind = kind;
    atomic_store(&filter->on, true);
    return filter;
}

static void plan_filters_add(Worker *w, ScanShared *shared)
{
    const PlanScan *scan = &shared->plan->scan;
    for (i32 i = 0; i < scan->filter_count; i++) {
        const PlanScanFilter *plan = &scan->filters[i];
        if (plan->kind == FILTER_TEST)
            continue; /* runs in the evaluator */
        ScanFilter *filter = filter_add(shared, plan->scan_column, plan->kind);
        if (plan->kind == FILTER_RANGE)
            filter_range(w, shared, plan, filter);
        if (plan->kind == FILTER_IN_SET)
            filter_set(w, shared, plan, filter);
    }
}

/* A join's bits as a TEST. It watches itself: a filter that lets nearly all rows pass costs more
 * than it saves and is switched off. */
typedef struct BitsTest {
    const JoinRange *range;
    ScanFilter *filter;
    _Atomic i64 asked, passed;
} BitsTest;

enum { BITS_TRIAL_ROWS = 16384 };

TEMPLATE void test_bits(const JoinRange *range, const void *values, i32 n, u64 *mask, i32 bytes)
{
    u64 width = (u64)range->max - (u64)range->min, min = (u64)range->min;
    for (i32 w = 0; w * 64 < n; w++) {
        i32 end = n - w * 64 < 64 ? n - w * 64 : 64;
        u64 in = 0;
        if (!mask[w])
            continue;
        for (i32 i = 0; i < end; i++) {
            i64 value = bytes == 4   ? ((const i32 *)values)[w * 64 + i]
                        : bytes == 8 ? ((const i64 *)values)[w * 64 + i]
                        : bytes == 2 ? ((const i16 *)values)[w * 64 + i]
                                     : ((const i8 *)values)[w * 64 + i];
            u64 at = (u64)value - min;
            u64 safe = at <= width ? at : 0;
            in |= (u64)((at <= width) & (range->bits[safe >> 6] >> (safe & 63) & 1)) << i;
        }
        mask[w] &= in;
    }
}

static i64 count_mask(const u64 *mask, i32 n)
{
    i64 count = 0;
    for (i32 w = 0; w * 64 < n; w++)
        count += __builtin_popcountll(mask[w]);
    return count;
}

static void bits_judge(BitsTest *test, i64 asked, i64 passed)
{
    asked += atomic_fetch_add_explicit(&test->asked, asked, memory_order_relaxed);
    passed += atomic_fetch_add_explicit(&test->passed, passed, memory_order_relaxed);
    if (asked > BITS_TRIAL_ROWS && passed * 8 > asked * 7)
        atomic_store(&test->filter->on, false);
}

/* Clears the bits of integers the join has not seen. */
static void test_join_bits(void *state, const Vector *values, i32 n, u64 *mask)
{
    BitsTest *test = state;
    i64 asked = count_mask(mask, n);
    switch (lane_bytes(values->lane)) {
    case 4:
        test_bits(test->range, values->values, n, mask, 4);
        break;
    case 8:
        test_bits(test->range, values->values, n, mask, 8);
        break;
    case 2:
        test_bits(test->range, values->values, n, mask, 2);
        break;
    default:
        test_bits(test->range, values->values, n, mask, 1);
        break;
    }
    bits_judge(test, asked, count_mask(mask, n));
}

static void join_filters_add(Worker *w, ScanShared *shared)
{
    const PlanScan *scan = &shared->plan->scan;
    for (i32 i = 0; i < scan->runtime_filter_count; i++) {
        const PlanRuntimeFilter *plan = &scan->runtime_filters[i];
        const JoinRanges *ranges = execution_shared(w, plan->join_number);
        if (!ranges || plan->key >= ranges->key_count || !ranges->keys[plan->key].known)
            continue;
        JoinRange *range = &ranges->keys[plan->key];
        Lane lane = scan->columns[plan->scan_column].lane;
        shared->nothing |= range->empty;
        if (range->empty || shared->spec.filter_count + 2 > FILTERS_MAX)
            continue;
        ScanFilter *filter = filter_add(shared, plan->scan_column, FILTER_RANGE);
        filter->has_low = filter->has_high = true;
        filter->low = (Value){.lane = lane, .integer = range->min};
        filter->high = (Value){.lane = lane, .integer = range->max};
        if (!range->bits)
            continue;
        filter = filter_add(shared, plan->scan_column, FILTER_TEST);
        BitsTest *test = make(w->q, BitsTest);
        test->range = range;
        test->filter = filter;
        filter->test = test_join_bits;
        filter->state = test;
        filter->identity = (u32)plan->join_number * 64 + (u32)plan->key + 1;
    }
}

/* ---- open ---- */

/* A TEST is written over position 0; here it names its column of the chunk. */
static Expr *test_column(void *state, Query *q, Expr *expr)
{
    const PlanScanFilter *filter = state;
    if (expr->kind != EXPR_COLUMN)
        return NULL;
    return expr_column(q, filter->scan_column, expr->type, expr->lane, expr->offset);
}

static void conjuncts_compile(Worker *w, ScanShared *shared)
{
    const PlanScan *scan = &shared->plan->scan;
    Expr **all = make_array(w->q, Expr *, scan->conjuncts.count + scan->filter_count);
    i32 count = 0;
    for (i32 i = 0; i < scan->filter_count; i++)
        if (scan->filters[i].kind == FILTER_TEST)
            all[count++] =
                expr_rewrite(w->q, scan->filters[i].test, test_column, &scan->filters[i]);
    for (i32 i = 0; i < scan->conjuncts.count; i++)
        all[count++] = scan->conjuncts.items[i];
    shared->conjunct_count = count;
    if (count)
        shared->program = program_compile(w->q, w->q->arena, all, count);
}

typedef struct RelationCloser {
    const TableAccess *access;
    Relation *relation;
} RelationCloser;

static void relation_close(void *thing)
{
    RelationCloser *closer = thing;
    closer->access->close(closer->relation);
}

static void relation_open(Worker *w, ScanShared *shared)
{
    Query *q = w->q;
    const PlanScan *scan = &shared->plan->scan;
    RelationCloser *closer = make(q, RelationCloser);
    if (!scan->access->open(worker_input(w)->snapshot, scan->relation, q->arena->budget,
                            &shared->relation, &q->error))
        query_rethrow(q, &q->error);
    *closer = (RelationCloser){scan->access, shared->relation};
    query_defer(q, q->arena, relation_close, closer);
}

/* For EXPLAIN ANALYZE: storage leaves out row groups and blocks no row of which can pass, so what a
 * filter removes is what is not given out. */
static void count_all_rows(Worker *w, ScanShared *shared)
{
    const TableStatistics *statistics;
    const PlanScan *scan = &shared->plan->scan;
    if (!worker_input(w)->counters || scan->shown.count == 0)
        return;
    if (!scan->access->statistics(shared->relation, &statistics, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    shared->counted = statistics->rows_exact;
    if (shared->counted)
        execution_count_removed(w, shared->plan, (i64)statistics->rows);
}

static void scan_open(Worker *w, const Plan *plan, void *state)
{
    ScanShared *shared = state;
    Query *q = w->q;
    const PlanScan *scan = &plan->scan;
    shared->plan = plan;
    if (scan->filter_count > FILTERS_MAX)
        query_fail(q, E_PROGRAM_LIMIT_EXCEEDED, "too many filters on one table");
    shared->spec.columns = scan->columns;
    shared->spec.column_count = scan->column_count;
    shared->spec.want_row_ids = scan->want_row_ids;
    shared->spec.filters = make_array(q, ScanFilter, FILTERS_MAX);
    shared->filter_columns = make_array(q, i32, FILTERS_MAX);
    plan_filters_add(w, shared);
    join_filters_add(w, shared);
    conjuncts_compile(w, shared);
    shared->again = scan_again_open(w, plan);
    if (shared->nothing || shared->again)
        return;
    relation_open(w, shared);
    count_all_rows(w, shared);
    if (!scan->access->splits(shared->relation, &shared->spec, q->arena, &shared->splits,
                              &shared->split_count, &q->error))
        query_rethrow(q, &q->error);
    i64 rows = 0;
    for (i32 i = 0; i < shared->split_count; i++)
        rows += shared->splits[i].rows;
    execution_set_morsels(w, shared, rows < PARALLEL_ROWS_MIN ? 1 : shared->split_count);
}

/* ---- rows ---- */

static void scan_end(ScanLocal *local)
{
    if (local->scan)
        local->shared->plan->scan.access->scan_close(local->scan);
    local->scan = NULL;
}

static void local_close(void *thing)
{
    scan_end(thing);
}

static void local_open(Worker *w, ScanShared *shared, ScanLocal *local)
{
    local->w = w;
    local->rows = make_array(w->q, u16, CHUNK_ROWS + 64);
    if (shared->program)
        local->evaluator = worker_evaluator(w, shared->program);
    query_defer(w->q, w->q->arena, local_close, local);
    local->shared = shared;
}

/* Takes the next split; false: none is left. */
static bool split_take(Worker *w, ScanShared *shared, ScanLocal *local)
{
    i32 number = atomic_fetch_add(&shared->next_split, 1);
    if (number >= shared->split_count) {
        atomic_store(&shared->next_split, shared->split_count);
        return false;
    }
    if (!shared->plan->scan.access->scan_open(shared->relation, &shared->spec,
                                              &shared->splits[number], w->q->arena->budget,
                                              &local->scan, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    return true;
}

static void filters_apply(Worker *w, ScanShared *shared, ScanLocal *local, u64 applied)
{
    Chunk *chunk = &local->chunk;
    for (i32 i = 0; i < shared->spec.filter_count && chunk_rows(chunk) > 0; i++) {
        if ((applied >> i & 1) || !filter_is_on(&shared->spec.filters[i]))
            continue;
        Vector *column = &chunk->columns[shared->filter_columns[i]];
        if (!vector_load(column, chunk->sel, chunk->n, &w->q->error))
            query_rethrow(w->q, &w->q->error);
        i32 kept =
            scan_filter_apply(&shared->spec.filters[i], column, chunk->sel, chunk->n, local->rows);
        local->applied = (Selection){kept, local->rows};
        chunk->sel = &local->applied;
    }
}

static void conjuncts_apply(Worker *w, ScanShared *shared, ScanLocal *local)
{
    Chunk *chunk = &local->chunk;
    if (!local->evaluator || chunk_rows(chunk) == 0)
        return;
    evaluator_reset(local->evaluator);
    evaluate_filter(w->q, local->evaluator, chunk, 0, shared->conjunct_count, &local->passed);
    if (local->passed.count < chunk_rows(chunk))
        chunk->sel = &local->passed;
}

/* Rows may be none: the next call takes the next split. */
static ScanStatus chunk_next(Worker *w, ScanShared *shared, ScanLocal *local, u64 *applied)
{
    const TableAccess *access = shared->plan->scan.access;
    if (shared->again && !shared->nothing)
        return scan_again_next(w, shared->again, &local->chunk) ? SCAN_ROWS : SCAN_END;
    if (!local->scan && !split_take(w, shared, local))
        return SCAN_END;
    ScanStatus status = access->scan_next(local->scan, &local->chunk, applied, &w->q->error);
    if (status != SCAN_END)
        return status;
    scan_end(local);
    return SCAN_ROWS;
}

static Step scan_source(Worker *w, void *state, void *own, Chunk *out)
{
    ScanShared *shared = state;
    ScanLocal *local = own;
    if (!local->shared)
        local_open(w, shared, local);
    u64 applied = 0;
    local->chunk = (Chunk){.n = 0};
    ScanStatus status = chunk_next(w, shared, local, &applied);
    if (status == SCAN_END)
        return STEP_DONE;
    if (status == SCAN_ERROR)
        query_rethrow(w->q, &w->q->error);
    i32 before = chunk_rows(&local->chunk);
    filters_apply(w, shared, local, applied);
    conjuncts_apply(w, shared, local);
    execution_count_removed(w, shared->plan,
                            (shared->counted ? 0 : before) - chunk_rows(&local->chunk));
    *out = local->chunk;
    return STEP_NEXT;
}

const OperatorKind scan_operator = {
    .name = "Seq Scan",
    .shared_size = sizeof(ScanShared),
    .local_size = sizeof(ScanLocal),
    .open = scan_open,
    .source = scan_source,
};
