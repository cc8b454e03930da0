/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows lie in one buffer per worker; the directory is an array of chain heads. A single integer key
 * whose values lie close together is its own directory index (no hash, no comparison: a chain then
 * holds one key only); everything else goes by the low bits of the hash, and the upper 16 bits of a
 * head hold one tag bit per row of the chain, which rejects most keys that are not there without
 * touching a row.
 *
 * The directory is made by one worker in finish. To spill: parts by the top bits of the hash.
 */
#include "executor/join_table.h"

#include "types/hash_vector.h"

enum { DIRECT_RANGE_MIN = 1 << 12, DIRECT_RANGE_PER_ROW = 8, CHECK_ROWS = 1 << 16 };

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
        table->column_of[i] = -1;
        if (!used.used[i])
            continue;
        table->column_of[i] = table->key_count + table->kept_count;
        table->kept[table->kept_count++] = i;
    }
}

void join_table_open(Worker *w, const Plan *plan, JoinTable *table)
{
    Query *q = w->q;
    *table = (JoinTable){.plan = plan, .key_count = plan->join.build_keys.count};
    table->keep_unmatchable =
        plan->join.type == RIGHT_JOIN || plan->join.type == FULL_JOIN || plan->join.null_aware;
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
    row_layout_make(q, q->arena, types, lanes, count, sizeof(u8 *) + 1, &table->layout);
    table->parts = make_array(q, JoinPart *, execution_workers(w->execution));
    table->ranges.key_count = table->key_count;
    table->ranges.keys = make_array(q, JoinRange, table->key_count);
    worker_buffer(w, &table->heads);
}

/* ---- rows ---- */

static void part_close(void *thing)
{
    JoinPart *part = thing;
    buffer_close(&part->rows);
}

void join_part_open(Worker *w, JoinTable *table, JoinPart *part, Arena *arena)
{
    part->arena = arena;
    buffer_open(&part->rows, arena->budget);
    query_defer(w->q, w->q->arena, part_close, part);
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

void join_part_add(Query *q, const JoinTable *table, JoinPart *part, const Chunk *in,
                   const Vector *keys, const u16 *positions)
{
    u16 add[CHUNK_ROWS];
    u64 hashes[CHUNK_ROWS];
    u8 *rows[CHUNK_ROWS];
    i32 n = rows_to_add(table, keys, positions, chunk_rows(in), add);
    i32 width = table->layout.row_bytes;
    i64 first = part->rows.len;
    Selection sel = {n, add};
    hash_keys(q, table, keys, &sel, hashes);
    if (!buffer_resize(&part->rows, first + (i64)n * width, &q->error))
        query_rethrow(q, &q->error);
    for (i32 i = 0; i < n; i++) {
        rows[i] = part->rows.data + first + (i64)i * width;
        memcpy(rows[i], &hashes[i], sizeof(u64));
    }
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
    part->count += n;
}

void join_table_take(JoinTable *table, JoinPart *part)
{
    table->parts[table->part_count++] = part;
    table->count += part->count;
}

/* ---- directory ---- */

static bool lane_is_integer(Lane lane)
{
    switch (lane_kind(lane)) {
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
    case LANE_DEC64:
        return true;
    case LANE_NONE:
    case LANE_BOOL:
    case LANE_I128:
    case LANE_DEC128:
    case LANE_F32:
    case LANE_F64:
    case LANE_STR:
    case LANE_NUM:
    case LANE_FIX16:
    case LANE_INTERVAL:
    case LANE_LIST:
    case LANE_STRUCT:
        return false;
    }
    unreachable();
}

static inline i64 row_integer(const u8 *at, i32 bytes)
{
    i64 value = 0;
    switch (bytes) {
    case 1:
        return *(const i8 *)at;
    case 2: {
        i16 small;
        memcpy(&small, at, sizeof small);
        return small;
    }
    case 4: {
        i32 middle;
        memcpy(&middle, at, sizeof middle);
        return middle;
    }
    default:
        memcpy(&value, at, sizeof value);
        return value;
    }
}

static void part_range(const JoinTable *table, const JoinPart *part, i32 key, JoinRange *range)
{
    const RowLayout *layout = &table->layout;
    i32 bytes = lane_bytes(layout->lanes[key]), offset = layout->offsets[key];
    const u8 *end = part->rows.data + part->rows.len;
    for (const u8 *row = part->rows.data; row < end; row += layout->row_bytes) {
        if (row_is_null(layout, row, key))
            continue;
        i64 value = row_integer(row + offset, bytes);
        range->min = range->empty || value < range->min ? value : range->min;
        range->max = range->empty || value > range->max ? value : range->max;
        range->empty = false;
    }
}

static void part_bits(const JoinTable *table, const JoinPart *part, i32 key, JoinRange *range)
{
    const RowLayout *layout = &table->layout;
    i32 bytes = lane_bytes(layout->lanes[key]), offset = layout->offsets[key];
    const u8 *end = part->rows.data + part->rows.len;
    for (const u8 *row = part->rows.data; row < end; row += layout->row_bytes)
        if (!row_is_null(layout, row, key))
            bit_set(range->bits, row_integer(row + offset, bytes) - range->min);
}

/* max - min, or INT64_MAX when that does not fit. */
static i64 range_width(const JoinRange *range)
{
    i64 width;
    return __builtin_sub_overflow(range->max, range->min, &width) ? INT64_MAX : width;
}

static void ranges_make(Worker *w, JoinTable *table)
{
    for (i32 key = 0; key < table->key_count; key++) {
        JoinRange *range = &table->ranges.keys[key];
        if (!lane_is_integer(table->layout.lanes[key]))
            continue;
        range->empty = true;
        for (i32 i = 0; i < table->part_count; i++)
            part_range(table, table->parts[i], key, range);
        if (!range->empty && range_width(range) < JOIN_RANGE_BITS_MAX) {
            range->bits = make_array(w->q, u64, bit_words(range_width(range) + 1));
            for (i32 i = 0; i < table->part_count; i++)
                part_bits(table, table->parts[i], key, range);
        }
        range->known = !table->plan->join.null_equal[key];
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
    if (!buffer_resize(&table->heads, (i64)(heads * sizeof(u64)), &w->q->error))
        query_rethrow(w->q, &w->q->error);
}

static bool row_can_match(const JoinTable *table, const u8 *row)
{
    for (i32 i = 0; i < table->key_count; i++)
        if (!table->plan->join.null_equal[i] && row_is_null(&table->layout, row, i))
            return false;
    return true;
}

static void part_insert(Query *q, JoinTable *table, JoinPart *part)
{
    const RowLayout *layout = &table->layout;
    u64 *heads = (u64 *)table->heads.data;
    i32 bytes = lane_bytes(layout->lanes[0]);
    i64 n = 0;
    u8 *end = part->rows.data + part->rows.len;
    for (u8 *row = part->rows.data; row < end; row += layout->row_bytes) {
        if ((++n & (CHECK_ROWS - 1)) == 0)
            query_check(q);
        table->last_key_null |= row_is_null(layout, row, table->key_count - 1);
        if (!row_can_match(table, row))
            continue;
        u64 hash = row_hash(row);
        u64 slot = table->direct ? (u64)(row_integer(row + layout->offsets[0], bytes) - table->min)
                                 : hash & table->mask;
        u64 next = heads[slot] & POINTER_MASK;
        memcpy(row + layout->extra_offset, &next, sizeof next);
        heads[slot] = (heads[slot] & ~POINTER_MASK) | hash_tag(hash) | (u64)(uintptr_t)row;
    }
}

void join_table_finish(Worker *w, JoinTable *table)
{
    ranges_make(w, table);
    choose_directory(w, table);
    for (i32 i = 0; i < table->part_count; i++)
        part_insert(w->q, table, table->parts[i]);
}

/* ---- probe ---- */

static void probe_direct(const JoinTable *table, const Vector *key, const u16 *positions, i32 n,
                         u8 **heads)
{
    const u64 *directory = (const u64 *)table->heads.data;
    VectorView view = vector_view(key);
    i32 bytes = lane_bytes(key->lane);
    for (i32 i = 0; i < n; i++) {
        u16 position = positions[i];
        i64 index = view_index(&view, position);
        i64 value = row_integer((const u8 *)view.values + index * bytes, bytes);
        u64 slot = (u64)value - (u64)table->min;
        bool in = slot < (u64)table->range && !view_is_null(&view, position);
        heads[position] = in ? (u8 *)(uintptr_t)(directory[slot] & POINTER_MASK) : NULL;
    }
}

void join_table_probe(Query *q, const JoinTable *table, const Chunk *in, const Vector *keys,
                      const u16 *positions, u64 *hashes, u8 **heads)
{
    i32 n = chunk_rows(in);
    if (table->direct) {
        probe_direct(table, &keys[0], positions, n, heads);
        return;
    }
    Selection sel = {n, positions};
    hash_keys(q, table, keys, &sel, hashes);
    const u64 *directory = (const u64 *)table->heads.data;
    for (i32 i = 0; i < n; i++) {
        u64 head = directory[hashes[i] & table->mask];
        bool maybe = head & hash_tag(hashes[i]);
        heads[positions[i]] = maybe ? (u8 *)(uintptr_t)(head & POINTER_MASK) : NULL;
    }
    for (i32 k = 0; k < table->key_count; k++) {
        if (table->plan->join.null_equal[k] || !keys[k].valid)
            continue;
        for (i32 i = 0; i < n; i++)
            if (vector_is_null(&keys[k], positions[i]))
                heads[positions[i]] = NULL;
    }
}
