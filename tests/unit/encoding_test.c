/* SPDX-License-Identifier: Apache-2.0
 *
 * Every lane through a row group and back: random and adversarial values, NULLs, each encoding
 * forced; filters that prune must leave what filters without pruning leave; fetch equals scan.
 */
#include "storage/encoding.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <math.h>

#include "storage/bitpack.h"
#include "storage/group_writer.h"
#include "tests/storage_fixture.h"

enum { TABLE = 7, ROWS = 9000, GROUP_ROWS = 5000 };

typedef enum Pattern {
    PATTERN_RANDOM,
    PATTERN_FEW,
    PATTERN_CONSTANT,
    PATTERN_EXTREME,
    PATTERN_SORTED,
    PATTERN_NULLS,
    PATTERN_ALL_NULL,
    PATTERN_COUNT,
} Pattern;

static u64 random_state = 88172645463325252ull;
static u64 draw(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

static i64 random_integer(Lane lane, Pattern pattern, i64 row)
{
    i32 bits = lane.kind == LANE_I8    ? 8
               : lane.kind == LANE_I16 ? 16
               : lane.kind == LANE_I32 ? 32
                                       : 64;
    i64 lowest = (i64)((u64)-1 << (bits - 1));
    switch (pattern) {
    case PATTERN_RANDOM:
    case PATTERN_NULLS:
        return (i64)(draw() << (64 - bits)) >> (64 - bits + (i32)(draw() % 4));
    case PATTERN_FEW:
        return (i64)(draw() % 5) - 2;
    case PATTERN_EXTREME:
        return draw() % 3 == 0 ? lowest : draw() % 2 ? ~lowest : 0;
    case PATTERN_SORTED:
        return bits > 16 ? row * 3 - 500 : row % 100;
    case PATTERN_CONSTANT:
    case PATTERN_ALL_NULL:
    case PATTERN_COUNT:
        break;
    }
    return -7;
}

static Str random_str(Arena *arena, Pattern pattern, i64 row)
{
    static const char *const few[] = {"", "AIR", "REG AIR", "a label longer than twelve bytes"};
    Error error;
    i64 len = (i64)(draw() % 40);
    if (pattern == PATTERN_FEW)
        return str_from_text(text_from(few[draw() % 4]));
    if (pattern == PATTERN_CONSTANT)
        return str_from_text(TEXT("always the same long value"));
    if (pattern == PATTERN_EXTREME && row % 1000 == 3)
        len = row == 3 ? 1 << 20 : 5000;
    char *data = arena_try(arena, len + 1, &error);
    assert_non_null(data);
    for (i64 i = 0; i < len; i++)
        data[i] = (char)(pattern == PATTERN_SORTED ? 'a' + row / 400 : 1 + (i64)(draw() % 127));
    return str_from(data, len);
}

static Value random_value(Arena *arena, Lane lane, Pattern pattern, i64 row)
{
    static const f64 floats[] = {0.0, -0.0, 1.5, -1e300, 1e-300};
    Error error;
    Value value = {.lane = lane};
    if (pattern == PATTERN_ALL_NULL || (pattern == PATTERN_NULLS && draw() % 3 == 0))
        return value_null(lane);
    switch (lane.kind) {
    case LANE_BOOL:
        value.boolean = pattern == PATTERN_CONSTANT || draw() % 2;
        break;
    case LANE_STR:
        value.str = random_str(arena, pattern, row);
        break;
    case LANE_F32:
        value.real = (f32)random_integer(lane_of(LANE_I16), pattern, row) / 4;
        break;
    case LANE_F64:
        value.number = pattern == PATTERN_EXTREME && draw() % 6 == 0 ? (f64)NAN
                       : pattern == PATTERN_EXTREME
                           ? floats[draw() % 5]
                           : (f64)random_integer(lane_of(LANE_I32), pattern, row) / 8;
        break;
    case LANE_NUM: {
        char text[64];
        i64 whole = random_integer(lane_of(LANE_I64), pattern, row);
        i32 len = pattern == PATTERN_EXTREME
                      ? snprintf(text, sizeof text, "%lld%lld.%lld", (long long)whole,
                                 (long long)(draw() % 1000000), (long long)(draw() % 1000))
                      : snprintf(text, sizeof text, "%lld.25", (long long)whole % 100000);
        bool parsed = num_parse((Text){text, len}, arena, &value.num, &error);
        assert_true(parsed);
        break;
    }
    case LANE_I128:
    case LANE_DEC128:
        value.wide = random_integer(lane_of(LANE_I64), pattern, row);
        if (pattern == PATTERN_EXTREME)
            value.wide *= (i128)1000000007 * 1000000009;
        break;
    case LANE_FIX16:
    case LANE_INTERVAL:
        for (i32 i = 0; i < 16; i++)
            value.fixed[i] = pattern == PATTERN_CONSTANT ? 5 : (u8)(draw() % 50);
        break;
    default:
        value.integer = random_integer(lane, pattern, row);
    }
    return value;
}

typedef struct Case {
    Platform *disk;
    Storage *storage;
    Arena arena;
    Value *values;
    Lane lane;
} Case;

static Chunk case_chunk(Case *c, i64 first, i32 n, Arena *arena)
{
    Error error;
    Vector *columns = arena_try(arena, 2 * (i64)sizeof *columns, &error);
    assert_true(vector_make(&columns[0], type_of(TYPE_INT8), lane_of(LANE_I64), n, arena, &error));
    assert_true(vector_make(&columns[1], (Type){0}, c->lane, n, arena, &error));
    assert_true(vector_make_valid(&columns[1], n, arena, &error));
    for (i32 i = 0; i < n; i++) {
        ((i64 *)columns[0].values)[i] = first + i;
        vector_set(&columns[1], i, &c->values[first + i]);
    }
    return (Chunk){.n = n, .column_count = 2, .columns = columns, .arena = arena};
}

static void case_open(Case *c, Lane lane, Pattern pattern, const char *force)
{
    Error error;
    *c = (Case){.disk = sim_open(5), .lane = lane};
    arena_open(&c->arena, NULL);
    StorageOptions options = fixture_options(c->disk);
    options.row_group_rows = GROUP_ROWS;
    options.force_encoding = force;
    assert_true(storage_open(&options, &c->storage, &error));
    c->values = arena_try(&c->arena, ROWS * (i64)sizeof *c->values, &error);
    for (i64 i = 0; i < ROWS; i++)
        c->values[i] = random_value(&c->arena, lane, pattern, i);
    Transaction *t = fixture_begin(c->storage, READ_COMMITTED);
    ColumnDefinition columns[] = {
        {.id = 1, .lane = lane_of(LANE_I64), .constant = {.null = true}},
        {.id = 2, .lane = lane, .constant = {.null = true}},
    };
    assert_true(table_define(t, TABLE, columns, 2, &error));
    Append *append;
    assert_true(native_access.append_open(t, TABLE, &append, &error));
    for (i64 first = 0; first < ROWS; first += CHUNK_ROWS) {
        Arena scratch;
        arena_open(&scratch, NULL);
        Chunk chunk = case_chunk(c, first, (i32)min_i64(CHUNK_ROWS, ROWS - first), &scratch);
        if (!native_access.append(append, &chunk, &error))
            fail_msg("%s", error.message);
        arena_close(&scratch);
    }
    assert_true(native_access.append_close(append, true, &error));
    assert_true(fixture_commit(c->storage, t));
    assert_int_equal(storage_counters(c->storage).delta_rows, 0);
}

static void case_close(Case *c)
{
    fixture_close(c->storage);
    arena_close(&c->arena);
    sim_close(c->disk);
}

/* NaN is equal to NaN, -0 keeps its sign, strings compare by bytes, numerics by value and scale. */
static bool same_bits(const Value *a, const Value *b)
{
    if (a->null || b->null)
        return a->null == b->null;
    if (a->lane.kind == LANE_F64)
        return memcmp(&a->number, &b->number, 8) == 0;
    if (a->lane.kind == LANE_FIX16 || a->lane.kind == LANE_INTERVAL)
        return memcmp(a->fixed, b->fixed, 16) == 0;
    return value_equal(a, b) && (a->lane.kind != LANE_NUM || a->num.scale == b->num.scale);
}

/* What a scan gives: which rows, and that their values are right. */
typedef struct Seen {
    u8 rows[ROWS];
    RowId ids[ROWS];
    i64 splits;
} Seen;

static void see_chunk(const Case *c, const Chunk *chunk, u64 applied, i32 filters, Seen *seen)
{
    Error error;
    for (i32 k = 0; k < chunk->column_count; k++)
        assert_true(vector_load(&chunk->columns[k], chunk->sel, chunk->n, &error));
    chunk_verify(chunk);
    if (filters)
        assert_true(applied == ((u64)1 << filters) - 1);
    for (i32 i = 0; i < chunk_rows(chunk); i++) {
        i32 at = chunk_position(chunk, i);
        i64 row = vector_value(&chunk->columns[0], at).integer;
        Value value = vector_value(&chunk->columns[1], at);
        assert_in_range(row, 0, ROWS - 1);
        assert_int_equal(seen->rows[row], 0);
        seen->rows[row] = 1;
        seen->ids[row] = vector_value(&chunk->columns[2], at).integer;
        if (!same_bits(&value, &c->values[row]))
            fail_msg("row %lld of lane %s differs", (long long)row, lane_name(c->lane));
    }
}

static void see(const Case *c, ScanFilter *filters, i32 filter_count, Seen *seen)
{
    ScanColumn columns[] = {{.id = 1, .lane = lane_of(LANE_I64)}, {.id = 2, .lane = c->lane}};
    ScanSpec spec = {.columns = columns,
                     .column_count = 2,
                     .filters = filters,
                     .filter_count = filter_count,
                     .want_row_ids = true};
    Snapshot *snapshot;
    Relation *relation;
    Split *splits;
    i32 count;
    Arena arena;
    Error error;
    memset(seen, 0, sizeof *seen);
    arena_open(&arena, NULL);
    assert_true(snapshot_newest(c->storage, &snapshot, &error));
    assert_true(native_access.open(snapshot, TABLE, NULL, &relation, &error));
    assert_true(native_access.splits(relation, &spec, &arena, &splits, &count, &error));
    seen->splits = count;
    for (i32 i = 0; i < count; i++) {
        Scan *scan;
        Chunk chunk;
        u64 applied;
        ScanStatus status;
        assert_true(native_access.scan_open(relation, &spec, &splits[i], NULL, &scan, &error));
        while ((status = native_access.scan_next(scan, &chunk, &applied, &error)) == SCAN_ROWS)
            see_chunk(c, &chunk, applied, filter_count, seen);
        if (status == SCAN_ERROR)
            fail_msg("%s", error.message);
        native_access.scan_close(scan);
    }
    native_access.close(relation);
    snapshot_close(snapshot);
    arena_close(&arena);
}

static bool passes(const ScanFilter *filter, const Value *value)
{
    if (filter->kind == FILTER_IS_NULL || filter->kind == FILTER_NOT_NULL)
        return value->null == (filter->kind == FILTER_IS_NULL);
    if (value->null)
        return false;
    if (filter->kind == FILTER_IN_SET) {
        for (i32 i = 0; i < filter->set_count; i++)
            if (value_compare(value, &filter->set[i]) == 0)
                return true;
        return false;
    }
    i32 low = filter->has_low ? value_compare(value, &filter->low) : 1;
    i32 high = filter->has_high ? value_compare(value, &filter->high) : -1;
    return (filter->low_exclusive ? low > 0 : low >= 0) &&
           (filter->high_exclusive ? high < 0 : high <= 0);
}

static void check_filter(const Case *c, ScanFilter *filter)
{
    static Seen seen;
    filter->column = 2;
    atomic_store(&filter->on, true);
    see(c, filter, 1, &seen);
    for (i64 row = 0; row < ROWS; row++)
        if (seen.rows[row] != passes(filter, &c->values[row]))
            fail_msg("filter %d of lane %s: row %lld %s", filter->kind, lane_name(c->lane),
                     (long long)row, seen.rows[row] ? "passed" : "did not pass");
}

static int compare_values(const void *a, const void *b)
{
    return value_compare(a, b);
}

static void check_filters(const Case *c)
{
    ScanFilter is_null = {.kind = FILTER_IS_NULL}, not_null = {.kind = FILTER_NOT_NULL};
    check_filter(c, &is_null);
    check_filter(c, &not_null);
    Value some[3];
    i32 count = 0;
    for (i32 tries = 0; tries < 200 && count < 3; tries++) {
        const Value *value = &c->values[draw() % ROWS];
        bool fresh = !value->null;
        for (i32 i = 0; i < count; i++)
            fresh &= fresh && value_compare(&some[i], value) != 0;
        if (fresh)
            some[count++] = *value;
    }
    if (count == 0)
        return;
    qsort(some, (size_t)count, sizeof some[0], compare_values);
    ScanFilter set = {.kind = FILTER_IN_SET, .set = some, .set_count = count};
    check_filter(c, &set);
    for (i32 form = 0; form < 16; form++) {
        ScanFilter range = {.kind = FILTER_RANGE,
                            .has_low = form & 1,
                            .has_high = form & 2,
                            .low_exclusive = form & 4,
                            .high_exclusive = form & 8,
                            .low = some[0],
                            .high = some[count - 1]};
        if ((form & 3) != 0)
            check_filter(c, &range);
    }
}

static void check_fetch(const Case *c, const Seen *seen)
{
    RowId ids[50];
    i64 rows[50];
    Snapshot *snapshot;
    Relation *relation;
    Arena arena;
    Chunk chunk;
    Error error;
    ScanColumn column = {.id = 2, .lane = c->lane};
    for (i32 i = 0; i < 50; i++) {
        rows[i] = (i64)(draw() % ROWS);
        ids[i] = seen->ids[rows[i]];
    }
    arena_open(&arena, NULL);
    assert_true(snapshot_newest(c->storage, &snapshot, &error));
    assert_true(native_access.open(snapshot, TABLE, NULL, &relation, &error));
    assert_true(native_access.fetch(relation, ids, 50, &column, 1, &chunk, &arena, &error));
    for (i32 i = 0; i < 50; i++) {
        Value value = vector_value(&chunk.columns[0], i);
        assert_true(same_bits(&value, &c->values[rows[i]]));
    }
    native_access.close(relation);
    snapshot_close(snapshot);
    arena_close(&arena);
}

static void check_case(Lane lane, Pattern pattern, const char *force)
{
    static Seen seen;
    Case c;
    case_open(&c, lane, pattern, force);
    see(&c, NULL, 0, &seen);
    for (i64 row = 0; row < ROWS; row++)
        assert_int_equal(seen.rows[row], 1);
    check_fetch(&c, &seen);
    check_filters(&c);
    case_close(&c);
}

static void every_lane_comes_back(void **state)
{
    static const LaneKind kinds[] = {LANE_BOOL, LANE_I16,   LANE_I32,     LANE_I64,
                                     LANE_I128, LANE_F32,   LANE_F64,     LANE_STR,
                                     LANE_NUM,  LANE_FIX16, LANE_INTERVAL};
    for (i32 k = 0; k < countof(kinds); k++)
        for (i32 pattern = 0; pattern < PATTERN_COUNT; pattern++)
            check_case(lane_of(kinds[k]), (Pattern)pattern, NULL);
    for (i32 pattern = 0; pattern < PATTERN_COUNT; pattern++) {
        check_case(lane_decimal64(2), (Pattern)pattern, NULL);
        check_case(lane_decimal128(4), (Pattern)pattern, NULL);
    }
}

static void forced_encodings(void **state)
{
    for (i32 kind = 0; kind < ENCODING_COUNT; kind++) {
        check_case(lane_of(LANE_I32), PATTERN_NULLS, encoding_table[kind].name);
        check_case(lane_of(LANE_I64), PATTERN_FEW, encoding_table[kind].name);
        check_case(lane_of(LANE_STR), PATTERN_FEW, encoding_table[kind].name);
        check_case(lane_of(LANE_STR), PATTERN_NULLS, encoding_table[kind].name);
    }
}

static void zone_maps_prune_row_groups(void **state)
{
    static Seen seen;
    Case c;
    case_open(&c, lane_of(LANE_I64), PATTERN_SORTED, NULL);
    ScanFilter filter = {.column = 2,
                         .kind = FILTER_RANGE,
                         .has_low = true,
                         .low = {.lane = lane_of(LANE_I64), .integer = 8000 * 3 - 500}};
    atomic_store(&filter.on, true);
    see(&c, &filter, 1, &seen);
    assert_int_equal(seen.splits, 1); /* of two row groups */
    assert_int_equal(seen.rows[7999], 0);
    assert_int_equal(seen.rows[8000], 1);
    case_close(&c);
}

static void statistics_are_facts(void **state)
{
    Case c;
    Snapshot *snapshot;
    Relation *relation;
    Error error;
    const TableStatistics *statistics;
    case_open(&c, lane_of(LANE_I64), PATTERN_SORTED, NULL);
    assert_true(snapshot_newest(c.storage, &snapshot, &error));
    assert_true(native_access.open(snapshot, TABLE, NULL, &relation, &error));
    assert_true(native_access.statistics(relation, &statistics, &error));
    assert_true(statistics->rows == ROWS && statistics->rows_exact);
    const ColumnStatistics *column = &statistics->columns[1];
    assert_true(column->has_bounds && column->bounds_exact);
    assert_int_equal(column->min.integer, -500);
    assert_int_equal(column->max.integer, (ROWS - 1) * 3 - 500);
    assert_true(column->distinct > ROWS * 0.85 && column->distinct < ROWS * 1.15);
    assert_int_equal(column->quantile_count, 65);
    assert_true(column->quantiles[32].integer > ROWS && column->quantiles[32].integer < ROWS * 2);
    native_access.close(relation);
    snapshot_close(snapshot);
    case_close(&c);
}

static void files_stay_below_a_gibibyte(void **state)
{
    GroupWriter writer = {.groups = FILE_GROUPS_MAX - 1, .offset = (i64)767 << 20};
    assert_false(group_writer_is_full(&writer));
    writer.staged.len = 1 << 20;
    assert_true(group_writer_is_full(&writer));
    assert_true(group_writer_is_full(&(GroupWriter){.groups = FILE_GROUPS_MAX}));
}

static void bits_come_back(void **state)
{
    u32 values[BITPACK_UNIT], back[BITPACK_UNIT], words[BITPACK_LANES * 32];
    for (i32 width = 1; width <= 32; width++) {
        for (i32 i = 0; i < BITPACK_UNIT; i++)
            values[i] = (u32)draw() >> (32 - width);
        bitpack(values, width, words);
        bitunpack(words, width, back);
        assert_memory_equal(values, back, sizeof values);
        for (i32 i = 0; i < BITPACK_UNIT; i += 37)
            assert_int_equal(bitpack_get(words, width, i), values[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_come_back),       cmocka_unit_test(every_lane_comes_back),
        cmocka_unit_test(forced_encodings),     cmocka_unit_test(zone_maps_prune_row_groups),
        cmocka_unit_test(statistics_are_facts), cmocka_unit_test(files_stay_below_a_gibibyte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
