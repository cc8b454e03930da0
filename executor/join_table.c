/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows lie in blocks of each worker; the directory is an array of chain heads. A single integer key
 * whose values lie close together is its own directory index (no hash, no comparison: a chain then
 * holds one key only); everything else goes by the low bits of the hash, and the upper 16 bits of a
 * head hold one tag bit per row of the chain, which rejects most keys that are not there without
 * touching a row.
 *
 * When all rows are there, workers put a block each into the directory: a row becomes the head of
 * its chain by compare-and-swap. Bits for runtime filters are set on the way.
 *
 * To spill: parts by the top bits of the hash.
 */
#include "executor/join_table.h"

#include "types/hash_vector.h"

enum {
    DIRECT_RANGE_MIN = 1 << 12,
    DIRECT_RANGE_PER_ROW = 8,
    BLOCK_BYTES_MIN = 16 << 10,
    BLOCK_BYTES_MAX = 1 << 20,
    PREFETCH_ROWS = 8,
};

#define POINTER_MASK (((u64)1 << 48) - 1)

static inline u64 hash_tag(u64 hash)
{
    return (u64)1 << (48 + (hash >> 56 & 15));
}

/* ---- shape ---- */

typedef struct Used {
    bool *used;
    i32 first, count;
} Used;

static bool column_used(void *state, const Expr *expr)
{
    Used *used = state;
    if (expr->kind == EXPR_COLUMN && expr->column >= used->first &&
        expr->column < used->first + used->count)
        used->used[expr->column - used->first] = true;
    return false;
}

/* The key that is just this build column, which then need not be kept twice; -1: none. */
static i32 key_of_column(const Plan *plan, i32 column)
{
    for (i32 i = 0; i < plan->join.build_keys.count; i++) {
        const Expr *key = plan->join.build_keys.items[i];
        if (key->kind == EXPR_COLUMN && key->column == column)
            return i;
    }
    return -1;
}

/* Build columns given out or read by the residual conditions. */
static void kept_columns(Worker *w, JoinTable *table)
{
    const Plan *plan = table->plan, *build = plan->inputs[1];
    Used used = {make_array(w->q, bool, build->column_count), plan->inputs[0]->column_count,
                 build->column_count};
    for (i32 i = 0; i < plan->join.residual.count; i++)
        expr_any(w->q, plan->join.residual.items[i], column_used, &used);
    for (i32 i = 0; i < plan->join.build_output_count; i++)
        used.used[plan->join.build_output[i]] = true;
    table->kept = make_array(w->q, i32, build->column_count);
    table->column_of = make_array(w->q, i32, build->column_count);
    for (i32 i = 0; i < build->column_count; i++) {
        table->column_of[i] = used.used[i] ? key_of_column(plan, i) : -1;
        if (!used.used[i] || table->column_of[i] >= 0)
            continue;
        table->column_of[i] = table->key_count + table->kept_count;
        table->kept[table->kept_count++] = i;
    }
}

void join_table_open(Worker *w, const Plan *plan, JoinTable *table)
{
    Query *q = w->q;
    *table = (JoinTable){.plan = plan, .key_count = plan->join.build_keys.count};
    JoinType type = plan->join.type;
    table->marks = type == RIGHT_JOIN || type == FULL_JOIN || type == RIGHT_SEMI_JOIN ||
                   type == RIGHT_ANTI_JOIN;
    table->keep_unmatchable = (table->marks && type != RIGHT_SEMI_JOIN) || plan->join.null_aware;
    kept_columns(w, table);
    i32 count = table->key_count + table->kept_count;
    Type *types = make_array(q, Type, count);
    Lane *lanes = make_array(q, Lane, count);
    for (i32 i = 0; i < count; i++) {
        bool is_key = i < table->key_count;
        const Expr *key = is_key ? plan->join.build_keys.items[i] : NULL;
        const PlanColumn *column =
            is_key ? NULL : &plan->inputs[1]->columns[table->kept[i - table->key_count]];
        types[i] = is_key ? key->type : column->type;
        lanes[i] = is_key ? key->lane : column->lane;
    }
    row_layout_make(q, q->arena, types, lanes, count, (i32)sizeof(u8 *) + table->marks,
                    &table->layout);
    table->parts = make_array(q, JoinPart *, execution_workers(w->execution));
    table->ranges.key_count = table->key_count;
    table->ranges.keys = make_array(q, JoinRange, table->key_count);
    worker_buffer(w, &table->heads);
}

/* ---- rows ---- */

static void part_close(void *thing)
{
    JoinPart *part = thing;
    for (i32 i = 0; i < part->block_count; i++)
        buffer_close(&part->blocks[i].rows);
}

void join_part_open(Worker *w, JoinTable *table, JoinPart *part, Arena *arena)
{
    *part = (JoinPart){.arena = arena, .block_bytes = BLOCK_BYTES_MIN};
    part->ranges = make_array(w->q, JoinRange, table->key_count);
    for (i32 i = 0; i < table->key_count; i++)
        part->ranges[i].empty = true;
    query_defer(w->q, w->q->arena, part_close, part);
    table->parts[atomic_fetch_add(&table->part_count, 1)] = part;
}

/* A block with room for one row at least. */
static JoinBlock *block_with_room(Query *q, const JoinTable *table, JoinPart *part)
{
    i64 width = table->layout.row_bytes;
    JoinBlock *last = part->block_count ? &part->blocks[part->block_count - 1] : NULL;
    if (last && last->rows.len + width <= last->rows.capacity)
        return last;
    part->blocks = arena_grow(q, part->arena, part->blocks, part->block_count,
                              &part->block_capacity, sizeof *part->blocks);
    JoinBlock *block = &part->blocks[part->block_count];
    buffer_open(&block->rows, part->arena->budget);
    if (!buffer_reserve(&block->rows, max_i64(part->block_bytes - 64, width), &q->error))
        query_rethrow(q, &q->error);
    part->block_count++;
    part->block_bytes = min_i64(part->block_bytes * 2, BLOCK_BYTES_MAX);
    return block;
}

/* Places for n rows, with what row_write does not write cleared. */
static void rows_place(Query *q, const JoinTable *table, JoinPart *part, i32 n, u8 **rows)
{
    const RowLayout *layout = &table->layout;
    i64 width = layout->row_bytes;
    for (i32 i = 0; i < n;) {
        JoinBlock *block = block_with_room(q, table, part);
        i64 room = (block->rows.capacity - block->rows.len) / width;
        i32 count = (i32)min_i64(room, n - i);
        for (i32 end = i + count; i < end; i++) {
            u8 *row = block->rows.data + block->rows.len;
            block->rows.len += width;
            memset(row + layout->extra_offset, 0, sizeof(u8 *) + table->marks);
            memset(row + layout->null_offset, 0, (size_t)(width - layout->null_offset));
            rows[i] = row;
        }
        block->count += count;
    }
    part->count += n;
}

/* Does NULL in a key that wants equality keep this row from ever matching? */
static bool key_forbids(const JoinTable *table, const Vector *keys, i32 position)
{
    for (i32 i = 0; i < table->key_count; i++)
        if (!table->plan->join.null_equal[i] && vector_is_null(&keys[i], position))
            return true;
    return false;
}

static i32 rows_to_add(const JoinTable *table, const Vector *keys, const u16 *positions, i32 n,
                       u16 *out)
{
    bool nullable = false;
    for (i32 i = 0; i < table->key_count; i++)
        nullable |= keys[i].valid != NULL;
    if (!nullable || table->keep_unmatchable) {
        memcpy(out, positions, (size_t)n * sizeof *out);
        return n;
    }
    i32 count = 0;
    for (i32 i = 0; i < n; i++)
        if (!key_forbids(table, keys, positions[i]))
            out[count++] = positions[i];
    return count;
}

static void hash_keys(Query *q, const JoinTable *table, const Vector *keys, const Selection *sel,
                      u64 *hashes)
{
    for (i32 i = 0; i < table->key_count; i++)
        if (!hash_column(&keys[i], sel, CHUNK_ROWS, i ? HASH_COMBINE : HASH_FIRST, hashes,
                         &q->error))
            query_rethrow(q, &q->error);
}

TEMPLATE void widen_range(const RowLayout *layout, i32 key, u8 *const *rows, i32 n,
                          JoinRange *range, i32 bytes)
{
    i32 offset = layout->offsets[key];
    for (i32 i = 0; i < n; i++) {
        if (row_is_null(layout, rows[i], key))
            continue;
        i64 value = integer_load(rows[i] + offset, bytes);
        range->min = range->empty || value < range->min ? value : range->min;
        range->max = range->empty || value > range->max ? value : range->max;
        range->empty = false;
    }
}

static bool wants_range(const JoinTable *table, i32 key)
{
    const PlanJoin *join = &table->plan->join;
    return lane_is_integer(table->layout.lanes[key]) && !join->null_equal[key] &&
           (table->key_count == 1 || (join->published && join->published[key]));
}

static void ranges_note(const JoinTable *table, JoinPart *part, u8 *const *rows, i32 n)
{
    for (i32 i = 0; i < table->key_count; i++) {
        if (!wants_range(table, i))
            continue;
        switch (lane_bytes(table->layout.lanes[i])) {
        case 4:
            widen_range(&table->layout, i, rows, n, &part->ranges[i], 4);
            break;
        case 8:
            widen_range(&table->layout, i, rows, n, &part->ranges[i], 8);
            break;
        default:
            widen_range(&table->layout, i, rows, n, &part->ranges[i],
                        lane_bytes(table->layout.lanes[i]));
            break;
        }
    }
}

void join_part_add(Query *q, const JoinTable *table, JoinPart *part, const Chunk *in,
                   const Vector *keys, const u16 *positions)
{
    u16 add[CHUNK_ROWS];
    u64 hashes[CHUNK_ROWS];
    u8 *rows[CHUNK_ROWS];
    i32 n = rows_to_add(table, keys, positions, chunk_rows(in), add);
    Selection sel = {n, add};
    hash_keys(q, table, keys, &sel, hashes);
    rows_place(q, table, part, n, rows);
    for (i32 i = 0; i < n; i++)
        memcpy(rows[i], &hashes[i], sizeof(u64));
    for (i32 i = 0; i < table->key_count; i++)
        row_write(q, &table->layout, i, &keys[i], add, rows, n, part->arena);
    for (i32 i = 0; i < table->kept_count; i++) {
        Vector *column = &in->columns[table->kept[i]];
        Vector flat;
        if (!vector_load(column, in->sel, in->n, &q->error))
            query_rethrow(q, &q->error);
        flat = *column;
        if (column->form == VECTOR_SEQUENCE &&
            !vector_flatten(column, in->sel, in->n, part->arena, &flat, &q->error))
            query_rethrow(q, &q->error);
        row_write(q, &table->layout, table->key_count + i, &flat, add, rows, n, part->arena);
    }
    ranges_note(table, part, rows, n);
}

/* ---- directory ---- */

/* max - min, or INT64_MAX when that does not fit. */
static i64 range_width(const JoinRange *range)
{
    i64 width;
    return __builtin_sub_overflow(range->max, range->min, &width) ? INT64_MAX : width;
}

static void range_join(JoinRange *range, const JoinRange *part)
{
    if (part->empty)
        return;
    range->min = range->empty ? part->min : min_i64(range->min, part->min);
    range->max = range->empty ? part->max : max_i64(range->max, part->max);
    range->empty = false;
}

static void ranges_make(Worker *w, JoinTable *table)
{
    const PlanJoin *join = &table->plan->join;
    for (i32 key = 0; key < table->key_count; key++) {
        JoinRange *range = &table->ranges.keys[key];
        if (!wants_range(table, key))
            continue;
        range->empty = true;
        for (i32 i = 0; i < table->part_count; i++)
            range_join(range, &table->parts[i]->ranges[key]);
        bool narrow = !range->empty && range_width(range) < JOIN_RANGE_BITS_MAX;
        if (narrow && join->published && join->published[key])
            range->bits = make_array(w->q, u64, bit_words(range_width(range) + 1));
        range->known = true;
    }
}

static void choose_directory(Worker *w, JoinTable *table)
{
    const JoinRange *range = table->key_count ? &table->ranges.keys[0] : NULL;
    u64 heads = power_of_two_from((u64)max_i64(table->count, 8) * 2);
    if (table->key_count == 1 && range->known && !range->empty) {
        i64 width = range_width(range);
        i64 limit = max_i64(DIRECT_RANGE_MIN, table->count * DIRECT_RANGE_PER_ROW);
        if (width < limit) {
            table->direct = true;
            table->min = range->min;
            table->range = width + 1;
            heads = (u64)table->range;
        }
    }
    table->mask = heads - 1;
    query_resize(w->q, &table->heads, (i64)(heads * sizeof(u64)));
}

i64 join_table_complete(Worker *w, JoinTable *table)
{
    i64 blocks = 0;
    for (i32 i = 0; i < table->part_count; i++) {
        table->count += table->parts[i]->count;
        blocks += table->parts[i]->block_count;
    }
    ranges_make(w, table);
    choose_directory(w, table);
    return blocks;
}

static bool row_can_match(const JoinTable *table, const u8 *row)
{
    for (i32 i = 0; i < table->key_count; i++)
        if (!table->plan->join.null_equal[i] && row_is_null(&table->layout, row, i))
            return false;
    return true;
}

static void bits_note(const JoinTable *table, const u8 *row)
{
    const RowLayout *layout = &table->layout;
    for (i32 i = 0; i < table->key_count; i++) {
        const JoinRange *range = &table->ranges.keys[i];
        if (!range->bits || row_is_null(layout, row, i))
            continue;
        i64 bit = row_integer(layout, row, i) - range->min;
        atomic_fetch_or_explicit((_Atomic u64 *)&range->bits[bit >> 6], (u64)1 << (bit & 63),
                                 memory_order_relaxed);
    }
}

static u64 slot_of(const JoinTable *table, const u8 *row)
{
    const RowLayout *layout = &table->layout;
    return table->direct ? (u64)row_integer(layout, row, 0) - (u64)table->min
                         : row_hash(row) & table->mask;
}

/* Makes the row the head of its chain; false: there was none before. */
static bool row_link(const JoinTable *table, u8 *row)
{
    _Atomic u64 *head = (_Atomic u64 *)table->heads.data + slot_of(table, row);
    u64 old = atomic_load_explicit(head, memory_order_relaxed), fresh;
    u64 tag = table->direct ? 0 : hash_tag(row_hash(row));
    do {
        u64 next = old & POINTER_MASK;
        memcpy(row + table->layout.extra_offset, &next, sizeof next);
        fresh = (old & ~POINTER_MASK) | tag | (u64)(uintptr_t)row;
    } while (!atomic_compare_exchange_weak_explicit(head, &old, fresh, memory_order_release,
                                                    memory_order_relaxed));
    return old & POINTER_MASK;
}

static inline void prefetch_head(const JoinTable *table, const u8 *row)
{
    u64 slot = slot_of(table, row);
    if (slot <= table->mask) /* a NULL key has no place */
        __builtin_prefetch((u64 *)table->heads.data + slot, 1);
}

bool join_table_index(JoinTable *table, i64 number)
{
    i32 p = 0;
    while (p < table->part_count && number >= table->parts[p]->block_count)
        number -= table->parts[p++]->block_count;
    if (p == table->part_count)
        return false;
    const JoinBlock *block = &table->parts[p]->blocks[number];
    i64 width = table->layout.row_bytes;
    i32 last = table->key_count - 1;
    bool chained = false, null = false;
    for (i64 i = 0; i < block->count; i++) {
        u8 *row = block->rows.data + i * width;
        if (i + PREFETCH_ROWS < block->count)
            prefetch_head(table, row + PREFETCH_ROWS * width);
        null |= row_is_null(&table->layout, row, last);
        if (!row_can_match(table, row))
            continue;
        chained |= row_link(table, row);
        bits_note(table, row);
    }
    if (chained)
        atomic_store_explicit(&table->chained, true, memory_order_relaxed);
    if (null)
        atomic_store_explicit(&table->last_key_null, true, memory_order_relaxed);
    return true;
}

/* ---- probe ---- */

TEMPLATE void probe_direct(const JoinTable *table, const VectorView *view, const u16 *positions,
                           i32 n, u8 **heads, i32 bytes)
{
    const u64 *directory = (const u64 *)table->heads.data;
    u64 min = (u64)table->min, range = (u64)table->range;
    for (i32 i = 0; i < n; i++) {
        u16 position = positions[i];
        i64 index = view_index(view, position);
        u64 slot = (u64)integer_load((const u8 *)view->values + index * bytes, bytes) - min;
        bool in = slot < range && !view_is_null(view, position);
        heads[position] = in ? (u8 *)(uintptr_t)directory[slot] : NULL;
    }
}

static void probe_by_hash(Query *q, const JoinTable *table, const Vector *keys,
                          const u16 *positions, i32 n, u64 *hashes, u8 **heads)
{
    Selection sel = {n, positions};
    hash_keys(q, table, keys, &sel, hashes);
    const u64 *directory = (const u64 *)table->heads.data;
    for (i32 i = 0; i < n; i++)
        __builtin_prefetch(&directory[hashes[i] & table->mask]);
    for (i32 i = 0; i < n; i++) {
        u64 head = directory[hashes[i] & table->mask];
        bool maybe = head & hash_tag(hashes[i]);
        u8 *row = maybe ? (u8 *)(uintptr_t)(head & POINTER_MASK) : NULL;
        heads[positions[i]] = row;
        __builtin_prefetch(row);
    }
    for (i32 k = 0; k < table->key_count; k++) {
        if (table->plan->join.null_equal[k] || !keys[k].valid)
            continue;
        for (i32 i = 0; i < n; i++)
            if (vector_is_null(&keys[k], positions[i]))
                heads[positions[i]] = NULL;
    }
}

void join_table_probe(Query *q, const JoinTable *table, const Chunk *in, const Vector *keys,
                      const u16 *positions, u64 *hashes, u8 **heads)
{
    i32 n = chunk_rows(in);
    if (!table->direct) {
        probe_by_hash(q, table, keys, positions, n, hashes, heads);
        return;
    }
    VectorView view = vector_view(&keys[0]);
    switch (lane_bytes(keys[0].lane)) {
    case 4:
        probe_direct(table, &view, positions, n, heads, 4);
        return;
    case 8:
        probe_direct(table, &view, positions, n, heads, 8);
        return;
    default:
        probe_direct(table, &view, positions, n, heads, lane_bytes(keys[0].lane));
        return;
    }
}
