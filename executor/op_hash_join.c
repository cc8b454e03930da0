/* SPDX-License-Identifier: Apache-2.0
 *
 * Hash join: inputs[1] is built into a JoinTable, inputs[0] streams past it.
 *
 * Build (sink): each worker keeps rows of its own; when all are there, join_index puts them into
 * the directory, a block per piece of work. Probe (transform): the keys of a chunk give each row a
 * chain; in rounds each open row looks at the next row of its chain, all of a round at once: keys
 * are compared a column at a time, residual conditions run on a chunk of the candidates, which at
 * one per position lie where the probe columns lie. When no probe row has two matches the probe
 * columns go out untouched, under a selection, with build columns gathered at the same positions;
 * otherwise pairs are collected and probe columns become dictionaries.
 *
 * RIGHT, FULL, RIGHT_SEMI and RIGHT_ANTI mark the build rows that match and give out those that are
 * marked or not at the end (source), in pieces.
 *
 * NULL_ANTI and MARK with null_aware: a row without a match is unknown when its last key, or some
 * build row's that agrees in the other keys, is NULL.
 *
 * Memory: rows of the build side in the workers' buffers; per chunk scratch. To spill: partitions
 * by the top bits of the hash, build and probe rows alike.
 */
#include "executor/aggregate_calls.h"
#include "executor/join_output.h"
#include "executor/join_table.h"
#include "executor/operators.h"

typedef struct JoinShared {
    JoinTable table; /* first: scans find its ranges here */
    const Plan *plan;
    const Program *build_program, *probe_program, *residual_program;
    bool has_residual;
    i32 *residual_probe; /* probe columns that the residual conditions read */
    i32 residual_probe_count;
    _Atomic i64 next_piece; /* of the build rows given out at the end */
} JoinShared;

typedef struct JoinLocal {
    bool opened;
    Arena arena; /* strings of the part */
    JoinPart part;
    bool part_opened;
    Evaluator *build, *probe, *residual;
    Arena input, scratch; /* until the next input; until the next output */
    Vector *keys;
    u16 identity[CHUNK_ROWS];
    u64 hashes[CHUNK_ROWS];
    /* the input at hand, by position */
    bool busy;
    bool emitted; /* some pairs of this input went out already */
    bool doubled; /* some probe row has two matches */
    u8 *chain[CHUNK_ROWS];
    u8 *match[CHUNK_ROWS];
    u64 found[MASK_WORDS], unknown[MASK_WORDS];
    i32 open_count;
    u16 open[CHUNK_ROWS + 1];
    u16 hits[CHUNK_ROWS + 1];
    u16 misses[CHUNK_ROWS + 1];
    u16 kept[CHUNK_ROWS + 64];
    /* pairs to give out */
    i32 pair_count;
    u32 pair_probe[CHUNK_ROWS];
    u8 *pair_build[CHUNK_ROWS];
    Vector *residual_columns, *columns;
    Selection sel;
} JoinLocal;

static bool gives_pairs(JoinType type)
{
    return type == INNER_JOIN || type == LEFT_JOIN || type == RIGHT_JOIN || type == FULL_JOIN ||
           type == SINGLE_JOIN;
}
static bool keeps_probe_rows(JoinType type)
{
    return type == LEFT_JOIN || type == FULL_JOIN || type == SINGLE_JOIN;
}
static bool marks_build_rows(JoinType type)
{
    return type == RIGHT_JOIN || type == FULL_JOIN || type == RIGHT_SEMI_JOIN ||
           type == RIGHT_ANTI_JOIN;
}
/* Only build rows go out. */
static bool keeps_build_only(JoinType type)
{
    return type == RIGHT_SEMI_JOIN || type == RIGHT_ANTI_JOIN;
}

/* ---- build ---- */

typedef struct ResidualColumns {
    JoinShared *shared;
    bool *seen;
    i32 probe_columns;
} ResidualColumns;

static bool note_residual_column(void *state, const Expr *expr)
{
    ResidualColumns *note = state;
    if (expr->kind != EXPR_COLUMN || expr->column >= note->probe_columns ||
        note->seen[expr->column])
        return false;
    note->seen[expr->column] = true;
    note->shared->residual_probe[note->shared->residual_probe_count++] = expr->column;
    return false;
}

static void residual_compile(Worker *w, JoinShared *shared)
{
    const ExprList *residual = &shared->plan->join.residual;
    i32 probe_columns = shared->plan->inputs[0]->column_count;
    shared->has_residual = true;
    shared->residual_program = program_compile(w->q, w->q->arena, residual->items, residual->count);
    shared->residual_probe = make_array(w->q, i32, probe_columns);
    ResidualColumns note = {shared, make_array(w->q, bool, probe_columns), probe_columns};
    for (i32 i = 0; i < residual->count; i++)
        expr_any(w->q, residual->items[i], note_residual_column, &note);
}

static void join_open(Worker *w, const Plan *plan, void *state)
{
    JoinShared *shared = state;
    const PlanJoin *join = &plan->join;
    shared->plan = plan;
    join_table_open(w, plan, &shared->table);
    shared->build_program =
        program_compile(w->q, w->q->arena, join->build_keys.items, join->build_keys.count);
    shared->probe_program =
        program_compile(w->q, w->q->arena, join->probe_keys.items, join->probe_keys.count);
    if (join->residual.count > 0)
        residual_compile(w, shared);
}

static void local_open(Worker *w, JoinShared *shared, JoinLocal *local)
{
    Query *q = w->q;
    const Plan *plan = shared->plan;
    worker_arena(w, &local->arena);
    worker_arena(w, &local->input);
    worker_arena(w, &local->scratch);
    local->build = worker_evaluator(w, shared->build_program);
    local->probe = worker_evaluator(w, shared->probe_program);
    if (shared->has_residual)
        local->residual = worker_evaluator(w, shared->residual_program);
    local->keys = make_array(q, Vector, shared->table.key_count);
    i32 both = plan->inputs[0]->column_count + plan->inputs[1]->column_count;
    local->residual_columns = make_array(q, Vector, both);
    local->columns = make_array(q, Vector, both + 1);
    for (i32 i = 0; i < CHUNK_ROWS; i++)
        local->identity[i] = (u16)i;
    local->opened = true;
}

static void keys_evaluate(Worker *w, JoinLocal *local, Evaluator *evaluator, const Chunk *in,
                          i32 count)
{
    evaluator_reset(evaluator);
    arena_reset(&local->input);
    for (i32 i = 0; i < count; i++)
        local->keys[i] =
            vector_settled(w->q, evaluate(w->q, evaluator, in, i), in->sel, in->n, &local->input);
}

static Step join_sink(Worker *w, void *state, void *own, const Chunk *in)
{
    JoinShared *shared = state;
    JoinLocal *local = own;
    if (chunk_rows(in) == 0)
        return STEP_NEXT;
    if (!local->opened)
        local_open(w, shared, local);
    if (!local->part_opened) {
        join_part_open(w, &shared->table, &local->part, &local->arena);
        local->part_opened = true;
    }
    keys_evaluate(w, local, local->build, in, shared->table.key_count);
    join_part_add(w->q, &shared->table, &local->part, in, local->keys,
                  positions_of(in, local->identity));
    return STEP_NEXT;
}

/* Rows given out at once of a block. */
static i64 block_pieces(const JoinBlock *block)
{
    return (block->count + CHUNK_ROWS - 1) / CHUNK_ROWS;
}

static void join_finish(Worker *w, void *state)
{
    JoinShared *shared = state;
    i64 pieces = 0, bytes = 0;
    for (i32 p = 0; p < shared->table.part_count; p++) {
        const JoinPart *part = shared->table.parts[p];
        bytes += arena_bytes(part->arena);
        for (i32 i = 0; i < part->block_count; i++) {
            pieces += block_pieces(&part->blocks[i]);
            bytes += part->blocks[i].rows.capacity;
        }
    }
    execution_set_morsels(w, shared, pieces);
    execution_count_memory(w, shared->plan, bytes);
}

/* ---- the directory ---- */

typedef struct IndexShared {
    JoinShared *join;
    _Atomic i64 next_block;
} IndexShared;

void *join_index_shared(Query *q, void *join)
{
    IndexShared *index = make(q, IndexShared);
    index->join = join;
    return index;
}

static void index_open(Worker *w, const Plan *plan, void *state)
{
    IndexShared *index = state;
    const JoinTable *table = &index->join->table;
    execution_set_morsels(w, index, join_table_complete(w, &index->join->table));
    execution_count_memory(w, table->plan, table->heads.capacity);
    execution_count_buckets(w, table->plan, table->heads.capacity / (i64)sizeof(u64));
}

static Step index_source(Worker *w, void *state, void *own, Chunk *out)
{
    IndexShared *index = state;
    *out = (Chunk){.n = 0};
    i64 number = atomic_fetch_add(&index->next_block, 1);
    return join_table_index(&index->join->table, number) ? STEP_NEXT : STEP_DONE;
}

/* ---- probe: one round ---- */

static void probe_start(Worker *w, JoinShared *shared, JoinLocal *local, const Chunk *in)
{
    const u16 *positions = positions_of(in, local->identity);
    for (i32 i = 0; i < shared->residual_probe_count;
         i++) /* once, not for the rows of each round */
        if (!vector_load(&in->columns[shared->residual_probe[i]], in->sel, in->n, &w->q->error))
            query_rethrow(w->q, &w->q->error);
    keys_evaluate(w, local, local->probe, in, shared->table.key_count);
    memset(local->found, 0, sizeof local->found);
    memset(local->unknown, 0, sizeof local->unknown);
    join_table_probe(w->q, &shared->table, in, local->keys, positions, local->hashes, local->chain);
    local->open_count = 0;
    for (i32 i = 0; i < chunk_rows(in); i++) {
        u16 position = positions[i];
        local->match[position] = NULL;
        local->open[local->open_count] = position;
        local->open_count += local->chain[position] != NULL;
    }
    local->pair_count = 0;
    local->emitted = local->doubled = false;
    local->busy = true;
}

/* Narrows hits[0..count) to the candidates that satisfy the residual conditions. */
static i32 residual_pass(Worker *w, JoinShared *shared, JoinLocal *local, const Chunk *in,
                         i32 count)
{
    const JoinTable *table = &shared->table;
    i32 probe_columns = shared->plan->inputs[0]->column_count;
    i32 build_columns = shared->plan->inputs[1]->column_count;
    ArenaMark mark = arena_mark(&local->scratch);
    for (i32 i = 0; i < probe_columns; i++)
        local->residual_columns[i] = in->columns[i];
    for (i32 i = 0; i < build_columns; i++)
        if (table->column_of[i] >= 0)
            row_read_at(w->q, &table->layout, table->column_of[i], local->chain, local->hits, count,
                        in->n, &local->scratch, &local->residual_columns[probe_columns + i]);
    Selection sel = {count, local->hits}, passed;
    Chunk pairs = {.n = in->n,
                   .sel = &sel,
                   .column_count = probe_columns + build_columns,
                   .columns = local->residual_columns,
                   .arena = &local->scratch};
    evaluator_reset(local->residual);
    evaluate_filter(w->q, local->residual, &pairs, 0, shared->plan->join.residual.count, &passed);
    memcpy(local->kept, passed.rows, (size_t)passed.count * sizeof(u16));
    memcpy(local->hits, local->kept, (size_t)passed.count * sizeof(u16));
    arena_release(&local->scratch, mark);
    execution_count_removed(w, shared->plan, count - passed.count);
    return passed.count;
}

/* Candidates of this round that match, ascending in hits; returns how many. */
static i32 round_match(Worker *w, JoinShared *shared, JoinLocal *local, const Chunk *in)
{
    const JoinTable *table = &shared->table;
    i32 count = local->open_count;
    memcpy(local->hits, local->open, (size_t)count * sizeof(u16));
    for (i32 k = 0; !table->direct && k < table->key_count && count > 0; k++) {
        i32 misses = 0; /* they stay in open: the next row of their chain may match */
        count = row_match(&table->layout, k, &local->keys[k], local->identity, local->chain,
                          local->hits, count, local->misses, &misses);
    }
    if (shared->has_residual && count > 0)
        count = residual_pass(w, shared, local, in, count);
    return count;
}

/* Chains of one row and nothing more to ask: matches stay at their positions, no pairs. */
static void hits_take_single(JoinShared *shared, JoinLocal *local, i32 count)
{
    bool pairs = gives_pairs(shared->plan->join.type);
    for (i32 i = 0; i < count; i++) {
        u16 position = local->hits[i];
        bit_set(local->found, position);
        if (pairs)
            local->match[position] = local->chain[position];
    }
}

static void rows_mark(const JoinTable *table, const JoinLocal *local, i32 count)
{
    for (i32 i = 0; i < count; i++) {
        _Atomic u8 *matched = join_row_matched(table, local->chain[local->hits[i]]);
        if (!atomic_load_explicit(matched, memory_order_relaxed))
            atomic_store_explicit(matched, 1, memory_order_relaxed);
    }
}

static void hits_take(Worker *w, JoinShared *shared, JoinLocal *local, i32 count)
{
    JoinType type = shared->plan->join.type;
    for (i32 i = 0; i < count; i++) {
        u16 position = local->hits[i];
        u8 *row = local->chain[position];
        bool again = bit_get(local->found, position);
        if (again && type == SINGLE_JOIN)
            join_fail_second_match(w->q);
        local->doubled |= again;
        bit_set(local->found, position);
        if (!gives_pairs(type)) {
            local->chain[position] = NULL; /* one match is enough */
            continue;
        }
        local->match[position] = row;
        local->pair_probe[local->pair_count] = position;
        local->pair_build[local->pair_count++] = row;
    }
}

/* What the hits of a round do. */
static void round_take(Worker *w, JoinShared *shared, JoinLocal *local, i32 count)
{
    JoinType type = shared->plan->join.type;
    if (marks_build_rows(type))
        rows_mark(&shared->table, local, count);
    if (keeps_build_only(type))
        return;
    if (shared->table.chained)
        hits_take(w, shared, local, count);
    else
        hits_take_single(shared, local, count);
}

static void chains_advance(const JoinShared *shared, JoinLocal *local)
{
    i32 open = 0;
    if (!shared->table.chained)
        local->open_count = 0;
    for (i32 i = 0; i < local->open_count; i++) {
        u16 position = local->open[i];
        u8 *row = local->chain[position];
        local->chain[position] = row ? join_row_next(&shared->table, row) : NULL;
        local->open[open] = position;
        open += local->chain[position] != NULL;
    }
    local->open_count = open;
}

/* ---- output ---- */

static void pairs_emit(Worker *w, JoinShared *shared, JoinLocal *local, const Chunk *in, Chunk *out)
{
    const PlanJoin *join = &shared->plan->join;
    i32 n = local->pair_count, at = 0;
    for (i32 i = 0; i < join->probe_output_count; i++)
        join_probe_column(w->q, in, join->probe_output[i], local->pair_probe, n, &local->scratch,
                          &local->columns[at++]);
    for (i32 i = 0; i < join->build_output_count; i++)
        row_read(w->q, &shared->table.layout, shared->table.column_of[join->build_output[i]],
                 local->pair_build, n, &local->scratch, &local->columns[at++]);
    *out = (Chunk){.n = n, .column_count = at, .columns = local->columns, .arena = &local->scratch};
    local->pair_count = 0;
    local->emitted = true;
}

/* At most one match per probe row: probe columns stay where they are. */
static void positions_emit(Worker *w, JoinShared *shared, JoinLocal *local, const Chunk *in,
                           Chunk *out)
{
    const PlanJoin *join = &shared->plan->join;
    bool all = keeps_probe_rows(join->type);
    const u16 *positions = positions_of(in, local->identity);
    local->sel = (Selection){0, local->kept};
    for (i32 i = 0; i < chunk_rows(in); i++) {
        u16 position = positions[i];
        local->kept[local->sel.count] = position;
        local->sel.count += all || local->match[position];
    }
    i32 at = 0;
    for (i32 i = 0; i < join->probe_output_count; i++)
        local->columns[at++] = in->columns[join->probe_output[i]];
    for (i32 i = 0; i < join->build_output_count; i++)
        row_read_at(w->q, &shared->table.layout, shared->table.column_of[join->build_output[i]],
                    local->match, local->kept, local->sel.count, in->n, &local->scratch,
                    &local->columns[at++]);
    *out = (Chunk){.n = in->n,
                   .sel = &local->sel,
                   .column_count = at,
                   .columns = local->columns,
                   .arena = &local->scratch};
}

static bool agrees_but_last(const JoinTable *table, const JoinLocal *local, i32 position, u8 *row)
{
    u16 at = (u16)position;
    for (i32 k = 0; k < table->key_count - 1; k++) {
        u16 which = 0, differ[2];
        i32 differ_count = 0;
        bool null = vector_is_null(&local->keys[k], position);
        if ((null && !table->plan->join.null_equal[k]) ||
            row_match(&table->layout, k, &local->keys[k], &at, &row, &which, 1, differ,
                      &differ_count) == 0)
            return false;
    }
    return true;
}

/* Does some build row that agrees in all keys but the last leave this row unknown? */
static bool slow_unknown(const JoinTable *table, const JoinLocal *local, i32 position)
{
    i32 last = table->key_count - 1;
    bool probe_null = vector_is_null(&local->keys[last], position);
    for (i32 p = 0; p < table->part_count; p++)
        for (i32 b = 0; b < table->parts[p]->block_count; b++) {
            const JoinBlock *block = &table->parts[p]->blocks[b];
            u8 *row = block->rows.data;
            for (i64 i = 0; i < block->count; i++, row += table->layout.row_bytes)
                if ((probe_null || row_is_null(&table->layout, row, last)) &&
                    agrees_but_last(table, local, position, row))
                    return true;
        }
    return false;
}

static void unknowns_find(Worker *w, const JoinShared *shared, JoinLocal *local, const Chunk *in)
{
    const JoinTable *table = &shared->table;
    const u16 *positions = positions_of(in, local->identity);
    if (!shared->plan->join.null_aware || table->count == 0)
        return;
    const Vector *last = &local->keys[table->key_count - 1];
    for (i32 i = 0; i < chunk_rows(in); i++) {
        u16 position = positions[i];
        if (bit_get(local->found, position))
            continue;
        if (!table->last_key_null && !vector_is_null(last, position))
            continue;
        if (table->key_count == 1 || slow_unknown(table, local, position))
            bit_set(local->unknown, position);
        if ((i & 63) == 0)
            query_check(w->q);
    }
}

/* SEMI, ANTI, NULL_ANTI, MARK: probe rows under a selection. */
static void marks_emit(Worker *w, JoinShared *shared, JoinLocal *local, const Chunk *in, Chunk *out)
{
    const PlanJoin *join = &shared->plan->join;
    const u16 *positions = positions_of(in, local->identity);
    unknowns_find(w, shared, local, in);
    local->sel = (Selection){0, local->kept};
    for (i32 i = 0; i < chunk_rows(in); i++) {
        u16 position = positions[i];
        bool found = bit_get(local->found, position);
        bool unknown = bit_get(local->unknown, position);
        bool take = join->type == MARK_JOIN || (join->type == SEMI_JOIN ? found : !found);
        if (join->type == NULL_ANTI_JOIN)
            take = !found && !unknown;
        local->kept[local->sel.count] = position;
        local->sel.count += take;
    }
    i32 at = 0;
    for (i32 i = 0; i < join->probe_output_count; i++)
        local->columns[at++] = in->columns[join->probe_output[i]];
    if (join->type == MARK_JOIN)
        join_mark_column(w->q, local->found, join->null_aware ? local->unknown : NULL, in->n,
                         &local->scratch, &local->columns[at++]);
    *out = (Chunk){.n = in->n,
                   .sel = &local->sel,
                   .column_count = at,
                   .columns = local->columns,
                   .arena = &local->scratch};
}

/* Pairs of unmatched probe rows, as far as there is room; false: some are left. */
static bool unmatched_pairs(JoinLocal *local, const Chunk *in)
{
    const u16 *positions = positions_of(in, local->identity);
    for (i32 i = 0; i < chunk_rows(in); i++) {
        u16 position = positions[i];
        if (bit_get(local->found, position))
            continue;
        if (local->pair_count == CHUNK_ROWS)
            return false;
        bit_set(local->found, position);
        local->pair_probe[local->pair_count] = position;
        local->pair_build[local->pair_count++] = NULL;
    }
    return true;
}

/* All chains are walked: what goes out last of this input. */
static Step probe_end(Worker *w, JoinShared *shared, JoinLocal *local, const Chunk *in, Chunk *out)
{
    JoinType type = shared->plan->join.type;
    bool complete = true;
    if (keeps_build_only(type)) {
        *out = (Chunk){.n = 0};
    } else if (!gives_pairs(type)) {
        marks_emit(w, shared, local, in, out);
    } else if (!local->emitted && !local->doubled) {
        positions_emit(w, shared, local, in, out);
    } else {
        if (keeps_probe_rows(type))
            complete = unmatched_pairs(local, in);
        pairs_emit(w, shared, local, in, out);
    }
    local->busy = !complete;
    return complete ? STEP_NEXT : STEP_MORE;
}

static Step join_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    JoinShared *shared = state;
    JoinLocal *local = own;
    if (!local->opened)
        local_open(w, shared, local);
    arena_reset(&local->scratch);
    if (!local->busy)
        probe_start(w, shared, local, in);
    while (local->open_count > 0) {
        if (local->pair_count + local->open_count > CHUNK_ROWS) {
            pairs_emit(w, shared, local, in, out);
            return STEP_MORE;
        }
        query_check(w->q);
        round_take(w, shared, local, round_match(w, shared, local, in));
        chains_advance(shared, local);
    }
    return probe_end(w, shared, local, in, out);
}

/* ---- build rows at the end ---- */

/* Finds the number-th piece of all blocks; NULL: there is none. */
static const JoinBlock *piece_find(const JoinTable *table, i64 number, i64 *from)
{
    for (i32 p = 0; p < table->part_count; p++)
        for (i32 i = 0; i < table->parts[p]->block_count; i++) {
            const JoinBlock *block = &table->parts[p]->blocks[i];
            if (number < block_pieces(block)) {
                *from = number * CHUNK_ROWS;
                return block;
            }
            number -= block_pieces(block);
        }
    return NULL;
}

/* The rows of the number-th piece that are marked, or those that are not; false: no such piece. */
static bool marked_rows(const JoinTable *table, i64 number, bool marked, u8 **rows, i32 *n)
{
    i64 from = 0;
    const JoinBlock *block = piece_find(table, number, &from);
    if (!block)
        return false;
    i64 end = min_i64(block->count, from + CHUNK_ROWS);
    *n = 0;
    for (i64 i = from; i < end; i++) {
        u8 *row = block->rows.data + i * table->layout.row_bytes;
        bool found = atomic_load_explicit(join_row_matched(table, row), memory_order_relaxed);
        rows[*n] = row;
        *n += found == marked;
    }
    return true;
}

static Step join_source(Worker *w, void *state, void *own, Chunk *out)
{
    JoinShared *shared = state;
    JoinLocal *local = own;
    const PlanJoin *join = &shared->plan->join;
    if (!local->opened)
        local_open(w, shared, local);
    i64 number = atomic_fetch_add(&shared->next_piece, 1);
    i32 n = 0, at = 0;
    bool marked = join->type == RIGHT_SEMI_JOIN;
    if (!marked_rows(&shared->table, number, marked, local->pair_build, &n))
        return STEP_DONE;
    arena_reset(&local->scratch);
    for (i32 i = 0; i < join->probe_output_count; i++) {
        const PlanColumn *column = &shared->plan->inputs[0]->columns[join->probe_output[i]];
        Value null = value_null(column->lane);
        if (!vector_make_constant(&local->columns[at++], column->type, &null, &local->scratch,
                                  &w->q->error))
            query_rethrow(w->q, &w->q->error);
    }
    for (i32 i = 0; i < join->build_output_count; i++)
        row_read(w->q, &shared->table.layout, shared->table.column_of[join->build_output[i]],
                 local->pair_build, n, &local->scratch, &local->columns[at++]);
    *out = (Chunk){.n = n, .column_count = at, .columns = local->columns, .arena = &local->scratch};
    return STEP_NEXT;
}

const OperatorKind hash_join_operator = {
    .name = "Hash Join",
    .shared_size = sizeof(JoinShared),
    .local_size = sizeof(JoinLocal),
    .open = join_open,
    .source = join_source,
    .transform = join_transform,
    .sink = join_sink,
    .finish = join_finish,
};

const OperatorKind join_index_operator = {
    .name = "Hash Join Directory",
    .shared_size = sizeof(IndexShared),
    .open = index_open,
    .source = index_source,
};
