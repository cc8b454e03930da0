/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of bytes, a column at a time: writing, comparing and reading are loops over one lane each,
 * chosen once per call. Equality is that of types/hash_vector.h: -0 = 0, NaN = NaN, numerics
 * without their scale, intervals by their span.
 */
#include "executor/row_layout.h"

#include "types/row_value.h"

static i32 slot_bytes(Lane lane)
{
    return lane.kind == LANE_BOOL ? 1 : lane_bytes(lane);
}

void row_layout_make(Query *q, Arena *arena, const Type *types, const Lane *lanes, i32 count,
                     i32 extra_bytes, RowLayout *layout)
{
    layout->column_count = count;
    layout->types = arena_alloc_array(q, arena, count, sizeof(Type));
    layout->lanes = arena_alloc_array(q, arena, count, sizeof(Lane));
    layout->offsets = arena_alloc_array(q, arena, count, sizeof(i32));
    layout->extra_offset = extra_bytes >= 16 ? 16 : 8;
    i64 at = layout->extra_offset + extra_bytes, alignment = layout->extra_offset;
    for (i32 i = 0; i < count; i++) {
        i32 bytes = slot_bytes(lanes[i]);
        layout->types[i] = types[i];
        layout->lanes[i] = lanes[i];
        at = align_up(at, bytes > 0 ? bytes : 1);
        alignment = max_i64(alignment, bytes);
        layout->offsets[i] = (i32)at;
        at += bytes;
    }
    layout->null_offset = (i32)at;
    layout->row_bytes = (i32)align_up(at + (count + 7) / 8, alignment);
}

/* ---- writing ---- */

TEMPLATE void write_slots(const VectorView *view, const u16 *positions, u8 *const *rows, i32 n,
                          i32 offset, i32 bytes)
{
    for (i32 i = 0; i < n; i++) {
        i64 index = view_index(view, positions[i]);
        memcpy(rows[i] + offset, (const u8 *)view->values + index * bytes, (size_t)bytes);
    }
}

static void write_bools(const VectorView *view, const u16 *positions, u8 *const *rows, i32 n,
                        i32 offset)
{
    for (i32 i = 0; i < n; i++)
        rows[i][offset] = bit_get(view->values, view_index(view, positions[i]));
}

static void write_nulls(const RowLayout *layout, i32 column, const VectorView *view,
                        const u16 *positions, u8 *const *rows, i32 n)
{
    if (!view->valid)
        return;
    for (i32 i = 0; i < n; i++)
        rows[i][layout->null_offset + (column >> 3)] |=
            (u8)(view_is_null(view, positions[i]) << (column & 7));
}

static void keep_strings(Query *q, u8 *const *rows, i32 n, i32 offset, Arena *heap)
{
    for (i32 i = 0; i < n; i++) {
        Str str;
        memcpy(&str, rows[i] + offset, sizeof str);
        if (str.len <= STR_INLINE_MAX)
            continue;
        char *copy = arena_try_raw(heap, str.len, &q->error);
        if (!copy || !look_copy(copy, str.pointer, str.len, heap->budget, &q->error))
            query_rethrow(q, &q->error);
        str.pointer = copy;
        memcpy(rows[i] + offset, &str, sizeof str);
    }
}

static void keep_nums(Query *q, u8 *const *rows, i32 n, i32 offset, Arena *heap)
{
    for (i32 i = 0; i < n; i++) {
        Num num, copy;
        memcpy(&num, rows[i] + offset, sizeof num);
        if (num.kind != NUM_LIMBS)
            continue;
        if (!num_copy(num, heap, &copy, &q->error))
            query_rethrow(q, &q->error);
        memcpy(rows[i] + offset, &copy, sizeof copy);
    }
}

void row_write(Query *q, const RowLayout *layout, i32 column, const Vector *vector,
               const u16 *positions, u8 *const *rows, i32 n, Arena *heap)
{
    verify(lane_equal(vector->lane, layout->lanes[column]));
    VectorView view = vector_view(vector);
    i32 offset = layout->offsets[column];
    switch (lane_bytes(vector->lane)) {
    case 0:
        if (vector->lane.kind == LANE_BOOL)
            write_bools(&view, positions, rows, n, offset);
        break;
    case 1:
        write_slots(&view, positions, rows, n, offset, 1);
        break;
    case 2:
        write_slots(&view, positions, rows, n, offset, 2);
        break;
    case 4:
        write_slots(&view, positions, rows, n, offset, 4);
        break;
    case 8:
        write_slots(&view, positions, rows, n, offset, 8);
        break;
    default:
        write_slots(&view, positions, rows, n, offset, 16);
        break;
    }
    write_nulls(layout, column, &view, positions, rows, n);
    if (lane_is_bytes(vector->lane) && vector->life != LIFE_HELD)
        keep_strings(q, rows, n, offset, heap);
    if (vector->lane.kind == LANE_NUM)
        keep_nums(q, rows, n, offset, heap);
}

/* ---- comparing: slot a (of a vector) with bytes b (of a row) ---- */

typedef bool SlotEqual(const u8 *a, const u8 *b);

static inline bool equal_1(const u8 *a, const u8 *b)
{
    return *a == *b;
}
static inline bool equal_2(const u8 *a, const u8 *b)
{
    return memcmp(a, b, 2) == 0;
}
static inline bool equal_4(const u8 *a, const u8 *b)
{
    return memcmp(a, b, 4) == 0;
}
static inline bool equal_8(const u8 *a, const u8 *b)
{
    return memcmp(a, b, 8) == 0;
}
static inline bool equal_16(const u8 *a, const u8 *b)
{
    return memcmp(a, b, 16) == 0;
}
static inline bool equal_f32(const u8 *a, const u8 *b)
{
    f32 x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x == y || (x != x && y != y);
}
static inline bool equal_f64(const u8 *a, const u8 *b)
{
    f64 x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x == y || (x != x && y != y);
}
static inline bool equal_str(const u8 *a, const u8 *b)
{
    Str x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return str_equal(&x, &y);
}
static inline bool equal_num(const u8 *a, const u8 *b)
{
    Num x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return num_compare(x, y) == 0;
}
static inline bool equal_interval(const u8 *a, const u8 *b)
{
    Interval x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return interval_compare(x, y) == 0;
}

static inline bool equal_row(const u8 *a, const u8 *b)
{
    Str x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return row_value_compare(str_text(&x), str_text(&y)) == 0;
}

typedef struct Match {
    const RowLayout *layout;
    i32 column;
    VectorView view;
    const u16 *positions;
    u8 *const *rows;
    u16 *which;
    i32 n;
    u16 *differ;
    i32 differ_count;
} Match;

TEMPLATE i32 match_slots(Match *match, i32 bytes, SlotEqual *equal)
{
    i32 offset = match->layout->offsets[match->column], kept = 0;
    for (i32 i = 0; i < match->n; i++) {
        u16 index = match->which[i];
        u16 position = match->positions[index];
        const u8 *row = match->rows[index];
        bool null = view_is_null(&match->view, position);
        i64 slot = view_index(&match->view, position);
        bool same = null == row_is_null(match->layout, row, match->column) &&
                    (null || equal((const u8 *)match->view.values + slot * bytes, row + offset));
        match->which[kept] = index;
        kept += same;
        match->differ[match->differ_count] = index;
        match->differ_count += !same;
    }
    return kept;
}

static i32 match_bools(Match *match)
{
    i32 offset = match->layout->offsets[match->column], kept = 0;
    for (i32 i = 0; i < match->n; i++) {
        u16 index = match->which[i];
        u16 position = match->positions[index];
        const u8 *row = match->rows[index];
        bool null = view_is_null(&match->view, position);
        bool value = !null && bit_get(match->view.values, view_index(&match->view, position));
        bool same = null == row_is_null(match->layout, row, match->column) && value == row[offset];
        match->which[kept] = index;
        kept += same;
        match->differ[match->differ_count] = index;
        match->differ_count += !same;
    }
    return kept;
}

static i32 match_lane(Match *match, Lane lane)
{
    switch (lane_kind(lane)) {
    case LANE_BOOL:
        return match_bools(match);
    case LANE_I8:
        return match_slots(match, 1, equal_1);
    case LANE_I16:
        return match_slots(match, 2, equal_2);
    case LANE_I32:
        return match_slots(match, 4, equal_4);
    case LANE_I64:
    case LANE_DEC64:
        return match_slots(match, 8, equal_8);
    case LANE_I128:
    case LANE_DEC128:
    case LANE_FIX16:
        return match_slots(match, 16, equal_16);
    case LANE_F32:
        return match_slots(match, 4, equal_f32);
    case LANE_F64:
        return match_slots(match, 8, equal_f64);
    case LANE_STR:
        return match_slots(match, 16, equal_str);
    case LANE_NUM:
        return match_slots(match, 16, equal_num);
    case LANE_INTERVAL:
        return match_slots(match, 16, equal_interval);
    case LANE_ROW:
        return match_slots(match, 16, equal_row);
    case LANE_NONE:
    case LANE_LIST:
    case LANE_STRUCT:
        break;
    }
    verify(!"rows of this lane are not kept");
}

i32 row_match(const RowLayout *layout, i32 column, const Vector *vector, const u16 *positions,
              u8 *const *rows, u16 *which, i32 n, u16 *differ, i32 *differ_count)
{
    verify(lane_equal(vector->lane, layout->lanes[column]));
    Match match = {layout, column, vector_view(vector), positions, rows, which,
                   n,      differ, *differ_count};
    i32 kept = match_lane(&match, vector->lane);
    *differ_count = match.differ_count;
    return kept;
}

static bool slots_equal(Lane lane, const u8 *a, const u8 *b)
{
    switch (lane_kind(lane)) {
    case LANE_BOOL:
    case LANE_I8:
        return equal_1(a, b);
    case LANE_I16:
        return equal_2(a, b);
    case LANE_I32:
        return equal_4(a, b);
    case LANE_I64:
    case LANE_DEC64:
        return equal_8(a, b);
    case LANE_I128:
    case LANE_DEC128:
    case LANE_FIX16:
        return equal_16(a, b);
    case LANE_F32:
        return equal_f32(a, b);
    case LANE_F64:
        return equal_f64(a, b);
    case LANE_STR:
        return equal_str(a, b);
    case LANE_NUM:
        return equal_num(a, b);
    case LANE_INTERVAL:
        return equal_interval(a, b);
    case LANE_ROW:
        return equal_row(a, b);
    case LANE_NONE:
    case LANE_LIST:
    case LANE_STRUCT:
        break;
    }
    verify(!"rows of this lane are not kept");
}

bool row_equal(const RowLayout *layout, const u8 *a, const u8 *b, i32 columns)
{
    for (i32 i = 0; i < columns; i++) {
        bool null = row_is_null(layout, a, i);
        if (null != row_is_null(layout, b, i))
            return false;
        i32 offset = layout->offsets[i];
        if (!null && !slots_equal(layout->lanes[i], a + offset, b + offset))
            return false;
    }
    return true;
}

/* ---- reading ---- */

/* Are all these pointers rows with a value in column? */
static bool reads_whole(const RowLayout *layout, i32 column, u8 *const *rows, i32 n)
{
    for (i32 i = 0; i < n; i++)
        if (!rows[i])
            return false;
    u8 nulls = 0;
    i32 at = layout->null_offset + (column >> 3);
    for (i32 i = 0; i < n; i++)
        nulls |= rows[i][at];
    return !(nulls >> (column & 7) & 1);
}

TEMPLATE void read_slots(u8 *const *rows, i32 n, i32 offset, u8 *to, bool whole, i32 bytes)
{
    for (i32 i = 0; i < n; i++)
        if (whole || rows[i])
            memcpy(to + (i64)i * bytes, rows[i] + offset, (size_t)bytes);
}

static void read_values(u8 *const *rows, i32 n, i32 offset, bool whole, Vector *out)
{
    switch (lane_bytes(out->lane)) {
    case 0:
        for (i32 i = 0; i < n; i++)
            if (rows[i] && out->lane.kind == LANE_BOOL && rows[i][offset])
                bit_set(out->values, i);
        return;
    case 1:
        read_slots(rows, n, offset, out->values, whole, 1);
        return;
    case 2:
        read_slots(rows, n, offset, out->values, whole, 2);
        return;
    case 4:
        read_slots(rows, n, offset, out->values, whole, 4);
        return;
    case 8:
        read_slots(rows, n, offset, out->values, whole, 8);
        return;
    default:
        read_slots(rows, n, offset, out->values, whole, 16);
        return;
    }
}

void row_read(Query *q, const RowLayout *layout, i32 column, u8 *const *rows, i32 n, Arena *arena,
              Vector *out)
{
    bool whole = reads_whole(layout, column, rows, n);
    Lane lane = layout->lanes[column];
    bool raw = whole && lane.kind != LANE_BOOL;
    bool made = raw ? vector_make_raw(out, layout->types[column], lane, n, arena, &q->error)
                    : vector_make(out, layout->types[column], lane, n, arena, &q->error);
    if (!made)
        query_rethrow(q, &q->error);
    out->life = LIFE_HELD;
    read_values(rows, n, layout->offsets[column], whole, out);
    if (whole)
        return;
    if (!vector_make_valid(out, n, arena, &q->error))
        query_rethrow(q, &q->error);
    for (i32 i = 0; i < n; i++)
        if (!rows[i] || row_is_null(layout, rows[i], column))
            bit_clear(out->valid, i);
}

TEMPLATE void read_slots_at(u8 *const *rows, const u16 *positions, i32 count, i32 offset, u8 *to,
                            i32 bytes)
{
    for (i32 i = 0; i < count; i++) {
        u16 position = positions[i];
        if (rows[position])
            memcpy(to + (i64)position * bytes, rows[position] + offset, (size_t)bytes);
    }
}

static void read_values_at(u8 *const *rows, const u16 *positions, i32 count, i32 offset,
                           Vector *out)
{
    switch (lane_bytes(out->lane)) {
    case 0:
        for (i32 i = 0; i < count; i++)
            if (rows[positions[i]] && out->lane.kind == LANE_BOOL && rows[positions[i]][offset])
                bit_set(out->values, positions[i]);
        return;
    case 1:
        read_slots_at(rows, positions, count, offset, out->values, 1);
        return;
    case 2:
        read_slots_at(rows, positions, count, offset, out->values, 2);
        return;
    case 4:
        read_slots_at(rows, positions, count, offset, out->values, 4);
        return;
    case 8:
        read_slots_at(rows, positions, count, offset, out->values, 8);
        return;
    default:
        read_slots_at(rows, positions, count, offset, out->values, 16);
        return;
    }
}

static bool is_null_row(const RowLayout *layout, i32 column, const u8 *row)
{
    return !row || row_is_null(layout, row, column);
}

void row_read_at(Query *q, const RowLayout *layout, i32 column, u8 *const *rows,
                 const u16 *positions, i32 count, i32 n, Arena *arena, Vector *out)
{
    if (!vector_make(out, layout->types[column], layout->lanes[column], n, arena, &q->error))
        query_rethrow(q, &q->error);
    out->life = LIFE_HELD;
    read_values_at(rows, positions, count, layout->offsets[column], out);
    bool nulls = false;
    for (i32 i = 0; i < count; i++)
        nulls |= is_null_row(layout, column, rows[positions[i]]);
    if (!nulls)
        return;
    if (!vector_make_valid(out, n, arena, &q->error))
        query_rethrow(q, &q->error);
    for (i32 i = 0; i < count; i++)
        if (is_null_row(layout, column, rows[positions[i]]))
            bit_clear(out->valid, positions[i]);
}
