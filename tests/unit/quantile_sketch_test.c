/* SPDX-License-Identifier: Apache-2.0
 *
 * Quantile sketches: what a segment keeps and what the table's statistics say after a merge, held
 * against the sorted values: every quantile's rank must be within the error that the headers state.
 */
#include "storage/quantile_sketch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <math.h>

#include "storage/quantile_merge.h"
#include "storage/relation.h"
#include "tests/storage_fixture.h"

enum { TABLE = 7, ROWS = 60000, GROUP_ROWS = 16000, STEPS = 64 };

/* In shares of the rows; for keys as stated, for samples three deviations more. */
static const f64 error_of_keys = 1.0 / 64 + 1.0 / 512;
static const f64 error_of_sample = 1.0 / 32 + 3 * 0.016;

static u64 random_state;
static u64 draw(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

typedef enum Shape {
    SHAPE_UNIFORM,
    SHAPE_SKEWED, /* a few values far apart hold most rows, the rest has a long tail */
    SHAPE_SORTED,
    SHAPE_FEW,
    SHAPE_NULLS, /* 19 of 20 */
    SHAPE_COUNT,
} Shape;

static i64 shaped(Shape shape, i64 row)
{
    switch (shape) {
    case SHAPE_UNIFORM:
    case SHAPE_NULLS:
        return (i64)(draw() % 1000000000) - 500000000;
    case SHAPE_SKEWED:
        return draw() % 4 == 0 ? (i64)1 << (40 + draw() % 20) : (i64)(1e6 / (1 + draw() % 100000));
    case SHAPE_SORTED:
        return row * 7 - 1000;
    case SHAPE_FEW:
        return (i64)(draw() % 5) * 1000;
    case SHAPE_COUNT:
        break;
    }
    return 0;
}

static Str shaped_str(Arena *arena, Shape shape, i64 row, bool dictionary)
{
    Error error;
    Text copy;
    char text[200];
    i64 number = dictionary ? shaped(shape, row) % 3000 : shaped(shape, row);
    i32 len = snprintf(text, sizeof text, "https://example.org/%020lld", (long long)number);
    if (!dictionary)
        len += snprintf(text + len, sizeof text - (size_t)len, "/%0120llu",
                        (unsigned long long)draw());
    assert_true(arena_text(arena, (Text){text, len}, &copy, &error));
    return str_from_text(copy);
}

typedef struct Column {
    const char *name;
    Lane lane;
    bool dictionary, sampled;
} Column;

static const Column columns[] = {
    {"bool", {LANE_BOOL, 0}, false, false},        {"i16", {LANE_I16, 0}, false, false},
    {"i32", {LANE_I32, 0}, false, false},          {"i64", {LANE_I64, 0}, false, false},
    {"i128", {LANE_I128, 0}, false, false},        {"wide i128", {LANE_I128, 0}, false, true},
    {"dec64", {LANE_DEC64, 2}, false, false},      {"dec128", {LANE_DEC128, 3}, false, true},
    {"f32", {LANE_F32, 0}, false, false},          {"f64", {LANE_F64, 0}, false, false},
    {"num", {LANE_NUM, 0}, false, true},           {"whole num", {LANE_NUM, 0}, false, false},
    {"interval", {LANE_INTERVAL, 0}, false, true}, {"fix16", {LANE_FIX16, 0}, false, true},
    {"dictionary", {LANE_STR, 0}, true, true},     {"string", {LANE_STR, 0}, false, true},
};

static Value num_value(Arena *arena, i64 number)
{
    Error error;
    Value value = {.lane = lane_of(LANE_NUM)};
    char text[120];
    i32 len = snprintf(text, sizeof text, "%lld.%03llu%s", (long long)number,
                       (unsigned long long)(draw() % 1000),
                       draw() % 2 ? "12345678901234567890123456789012345678901234567890" : "5");
    Text form = draw() % 50 == 0   ? TEXT("NaN")
                : draw() % 50 == 0 ? TEXT("-Infinity")
                                   : (Text){text, len};
    assert_true(num_parse(form, arena, &value.num, &error));
    return value;
}

static f64 float_value(i64 number)
{
    static const f64 special[] = {NAN, INFINITY, -INFINITY, -0.0, 0.0};
    return draw() % 10 == 0 ? special[draw() % 5] : (f64)number / 8;
}

static Value value_of(const Column *column, Shape shape, i64 row, Arena *arena)
{
    Value value = {.lane = column->lane};
    if (shape == SHAPE_NULLS && draw() % 20)
        return value_null(column->lane);
    i64 number = shaped(shape, row);
    switch (column->lane.kind) {
    case LANE_BOOL:
        value.boolean = number % 7 < 2;
        break;
    case LANE_I16:
        value.integer = (i16)number;
        break;
    case LANE_I32:
        value.integer = (i32)number;
        break;
    case LANE_I128:
    case LANE_DEC128:
        value.wide = column->sampled ? (i128)number * 1000000007 * 1000000009 : number;
        break;
    case LANE_F32:
        value.real = (f32)float_value(number);
        break;
    case LANE_F64:
        value.number = float_value(number);
        break;
    case LANE_NUM:
        if (!column->sampled) /* a row group lies as integers: at scale 0, 1, 2 */
            value.num = (Num){.scale = (i16)(row / GROUP_ROWS % 3), .small = number};
        else
            value = num_value(arena, number);
        break;
    case LANE_INTERVAL:
        value.interval = (Interval){.us = number, .days = (i32)(draw() % 100), .months = -1};
        break;
    case LANE_FIX16:
        number = (i64)__builtin_bswap64((u64)number + ((u64)1 << 63));
        memcpy(value.fixed, &number, 8);
        break;
    case LANE_STR:
        value.str = shaped_str(arena, shape, row, column->dictionary);
        break;
    default:
        value.integer = number;
    }
    return value;
}

/* ---- a table with one column ---- */

typedef struct Case {
    Platform *disk;
    Storage *storage;
    Arena arena;
    const Column *column;
    Value *values;
    i64 rows, filled; /* filled: not NULL, they come first in sorted */
    Value *sorted;
} Case;

static int compare_values(const void *a, const void *b)
{
    return value_compare(a, b);
}

static void case_fill(Case *c, Shape shape)
{
    Error error;
    i64 bytes = (c->rows + 1) * (i64)sizeof(Value);
    random_state = 88172645463325252ull + (u64)shape;
    c->values = arena_try(&c->arena, bytes, &error);
    c->sorted = arena_try(&c->arena, bytes, &error);
    for (i64 i = 0; i < c->rows; i++) {
        c->values[i] = value_of(c->column, shape, i, &c->arena);
        if (!c->values[i].null)
            c->sorted[c->filled++] = c->values[i];
    }
    qsort(c->sorted, (size_t)c->filled, sizeof(Value), compare_values);
}

static void case_append(Case *c, Transaction *t, i64 from, i64 to)
{
    Error error;
    Append *append;
    assert_true(native_access.append_open(t, TABLE, &append, &error));
    for (i64 first = from; first < to; first += CHUNK_ROWS) {
        Arena scratch;
        Vector vector;
        i32 n = (i32)min_i64(CHUNK_ROWS, to - first);
        arena_open(&scratch, NULL);
        assert_true(vector_make(&vector, (Type){0}, c->column->lane, n, &scratch, &error));
        assert_true(vector_make_valid(&vector, n, &scratch, &error));
        for (i32 i = 0; i < n; i++)
            vector_set(&vector, i, &c->values[first + i]);
        Chunk chunk = {.n = n, .column_count = 1, .columns = &vector, .arena = &scratch};
        assert_true(native_access.append(append, &chunk, &error));
        arena_close(&scratch);
    }
    assert_true(native_access.append_close(append, true, &error));
}

/* delta: so many rows at the end stay in the delta. */
static void case_open(Case *c, const Column *column, Shape shape, i64 rows, i64 delta)
{
    Error error;
    *c = (Case){.disk = sim_open(5), .column = column, .rows = rows};
    arena_open(&c->arena, NULL);
    case_fill(c, shape);
    StorageOptions options = fixture_options(c->disk);
    options.row_group_rows = GROUP_ROWS;
    assert_true(storage_open(&options, &c->storage, &error));
    Transaction *t = fixture_begin(c->storage, READ_COMMITTED);
    ColumnDefinition definition = {.id = 1, .lane = column->lane, .constant = {.null = true}};
    definition.constant.lane = column->lane;
    assert_true(table_define(t, TABLE, &definition, 1, &error));
    if (rows > delta)
        case_append(c, t, 0, rows - delta);
    assert_true(fixture_commit(c->storage, t));
    t = fixture_begin(c->storage, READ_COMMITTED);
    if (delta)
        case_append(c, t, rows - delta, rows);
    assert_true(fixture_commit(c->storage, t));
    assert_int_equal(storage_counters(c->storage).delta_rows, delta);
}

static void case_close(Case *c)
{
    fixture_close(c->storage);
    arena_close(&c->arena);
    sim_close(c->disk);
}

typedef void WithStatistics(Case *c, const TableStatistics *statistics, Relation *relation);

static void with_statistics(Case *c, WithStatistics *look)
{
    Snapshot *snapshot;
    Relation *relation;
    const TableStatistics *statistics;
    Error error;
    assert_true(snapshot_newest(c->storage, &snapshot, &error));
    assert_true(native_access.open(snapshot, TABLE, NULL, &relation, &error));
    if (!native_access.statistics(relation, &statistics, &error))
        fail_msg("%s", error.message);
    look(c, statistics, relation);
    native_access.close(relation);
    snapshot_close(snapshot);
}

/* ---- ranks ---- */

/* A cut string stands for all that begin with it. */
static bool is_cut(const Value *value, const Value *full)
{
    Text cut = str_text(&value->str), text = str_text(&full->str);
    return value->lane.kind == LANE_STR && cut.len < text.len &&
           memcmp(cut.data, text.data, (size_t)cut.len) == 0;
}

/* Values below (or not above) this one. */
static i64 count_below(const Case *c, const Value *value, bool equal_too)
{
    i64 low = 0, high = c->filled;
    while (low < high) {
        i64 middle = (low + high) / 2;
        int order = value_compare(&c->sorted[middle], value);
        if (order < 0 || (equal_too && (order == 0 || is_cut(value, &c->sorted[middle]))))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How far the share is outside the ranks that the value has. */
static f64 rank_error(const Case *c, const Value *value, f64 share)
{
    f64 low = (f64)count_below(c, value, false) / (f64)c->filled;
    f64 high = (f64)count_below(c, value, true) / (f64)c->filled;
    return share < low ? low - share : share > high ? share - high : 0;
}

static f64 worst_error(const Case *c, const Value *quantiles, i32 count)
{
    f64 worst = 0;
    for (i32 i = 0; i < count; i++) {
        worst = fmax(worst, rank_error(c, &quantiles[i], (f64)i / (count - 1)));
        assert_true(i == 0 || value_compare(&quantiles[i - 1], &quantiles[i]) <= 0);
    }
    return worst;
}

static void assert_ranks(Case *c, const TableStatistics *statistics, Relation *relation)
{
    const ColumnStatistics *column = &statistics->columns[0];
    assert_int_equal(column->quantile_count, STEPS + 1);
    f64 worst = worst_error(c, column->quantiles, column->quantile_count);
    f64 limit = c->column->sampled && !c->column->dictionary ? error_of_sample : error_of_keys;
    if (c->column->dictionary)
        limit += 1.0 / 64; /* half as many steps */
    if (worst > limit)
        fail_msg("%s: a quantile is off by %.4f of the rows", c->column->name, worst);
}

static void ranks_of_every_lane(void **state)
{
    for (i32 i = 0; i < countof(columns); i++)
        for (Shape shape = SHAPE_UNIFORM; shape < SHAPE_COUNT; shape++) {
            Case c;
            case_open(&c, &columns[i], shape, ROWS, 0);
            with_statistics(&c, assert_ranks);
            case_close(&c);
        }
}

/* Row groups and the delta together, each with other values. */
static void ranks_with_delta(void **state)
{
    static const Column sorted = {"i64", {LANE_I64, 0}, false, false};
    for (i64 delta = 500; delta <= 10500; delta += 10000) {
        Case c;
        case_open(&c, &sorted, SHAPE_SORTED, 3 * GROUP_ROWS + delta, delta);
        with_statistics(&c, assert_ranks);
        case_close(&c);
    }
}

/* ---- one segment ---- */

static const Segment *first_segment(Relation *relation)
{
    const MapNode *node = map_next(relation->version->groups, (MapKey){0, 0});
    const Footer *footer;
    Error error;
    assert_true(row_group_footer(((const GroupEntry *)node->value)->group, &footer, &error));
    return &footer->segments[0];
}

static u8 kept[QUANTILE_BYTES_MAX];
static i64 kept_len;

static void keep_bytes(Case *c, const TableStatistics *statistics, Relation *relation)
{
    Text bytes = first_segment(relation)->quantiles;
    assert_in_range(bytes.len, 1, QUANTILE_BYTES_MAX);
    memcpy(kept, bytes.data, (size_t)bytes.len);
    kept_len = bytes.len;
}

static void compare_bytes(Case *c, const TableStatistics *statistics, Relation *relation)
{
    Text bytes = first_segment(relation)->quantiles;
    assert_int_equal(bytes.len, kept_len);
    assert_memory_equal(bytes.data, kept, (size_t)kept_len);
}

static void same_rows_same_bytes(void **state)
{
    for (i32 i = 0; i < countof(columns); i++)
        for (i32 again = 0; again < 2; again++) {
            Case c;
            case_open(&c, &columns[i], SHAPE_SKEWED, GROUP_ROWS, 0);
            with_statistics(&c, again ? compare_bytes : keep_bytes);
            case_close(&c);
        }
}

static void few_rows(void **state)
{
    static const Column column = {"i32", {LANE_I32, 0}, false, false};
    static const i64 counts[] = {1, 2, 3, 63, 64, 65, 66, 130};
    for (i32 i = 0; i < countof(counts); i++) {
        Case c;
        Arena arena;
        Error error;
        Text bytes;
        i64 keys[130], scratch[130];
        Value *values;
        i32 count;
        Segment segment = {.lane = column.lane, .integers = true};
        for (i64 k = 0; k < counts[i]; k++)
            keys[k] = (k * 37) % counts[i];
        QuantileKeys all = {keys, scratch, (i32)counts[i], 0, counts[i] - 1};
        arena_open(&arena, NULL);
        assert_true(quantiles_of_keys(&all, &arena, &bytes, &error));
        segment.quantiles = bytes;
        assert_true(quantiles_read(&segment, &arena, &values, &count, &error));
        assert_int_equal(values[0].integer, 0);
        assert_int_equal(values[count - 1].integer, counts[i] - 1);
        arena_close(&arena);
        case_open(&c, &column, SHAPE_UNIFORM, counts[i], counts[i]);
        with_statistics(&c, assert_ranks);
        case_close(&c);
    }
}

static void damaged_sketches_are_refused(void **state)
{
    static const Lane lanes[] = {
        {LANE_I64, 0}, {LANE_STR, 0}, {LANE_NUM, 0}, {LANE_F64, 0}, {LANE_INTERVAL, 0}};
    random_state = 5;
    for (i32 i = 0; i < 20000; i++) {
        Arena arena;
        Error error;
        Value *values;
        i32 count;
        char bytes[64];
        for (i32 k = 0; k < 64; k++)
            bytes[k] = (char)(draw() % 3 ? draw() % 8 : draw());
        Segment segment = {.lane = lanes[i % countof(lanes)],
                           .integers = i % countof(lanes) == 0,
                           .quantiles = {bytes, (i64)(draw() % 64)}};
        arena_open(&arena, NULL);
        if (!quantiles_read(&segment, &arena, &values, &count, &error))
            assert_int_equal(error.code, E_DATA_CORRUPTED);
        arena_close(&arena);
    }
}

/* ---- many row groups ---- */

/* 4,000 sketches, too many to keep all their values. */
static void thinned(void **state)
{
    enum { SKETCHES = 4000 };
    Error error;
    QuantileMerge merge;
    Value values[STEPS + 1], cut[STEPS + 1];
    random_state = 9;
    quantile_merge_open(&merge);
    for (i64 i = 0; i < SKETCHES; i++) {
        for (i64 k = 0; k <= STEPS; k++)
            values[k] = (Value){.lane = lane_of(LANE_I64), .integer = i * STEPS + k};
        assert_true(quantile_merge_ranks(&merge, values, STEPS + 1, 1000, &error));
    }
    quantile_merge_cut(&merge, cut, STEPS + 1);
    for (i64 k = 0; k <= STEPS; k++)
        assert_true(fabs((f64)cut[k].integer / (SKETCHES * STEPS) - (f64)k / STEPS) < 0.004);
    quantile_merge_close(&merge);
}

/* ---- what the planner gains ---- */

static f64 selectivity(const Value *quantiles, i32 count, const Value *bound)
{
    i32 below = 0;
    while (below < count && value_compare(&quantiles[below], bound) < 0)
        below++;
    return (f64)below / count;
}

/* The sum over bounds of what is wrong about `column < bound`, from these quantiles. */
static f64 selectivity_errors(const Case *c, const Value *quantiles, i32 count)
{
    f64 sum = 0;
    for (i64 i = 1; i < 100; i++) {
        const Value *bound = &c->sorted[c->filled * i / 100];
        f64 true_share = (f64)count_below(c, bound, false) / (f64)c->filled;
        sum += fabs(selectivity(quantiles, count, bound) - true_share);
    }
    return sum / 99;
}

static void better_than_the_sample(Case *c, const TableStatistics *statistics, Relation *relation)
{
    Value sample[4096], cut[33];
    i32 n = 0;
    for (i32 i = 0; i < statistics->sample_chunks; i++)
        for (i32 k = 0; k < statistics->sample[i].n; k++)
            sample[n++] = vector_value(&statistics->sample[i].columns[0], k);
    qsort(sample, (size_t)n, sizeof sample[0], compare_values);
    for (i32 i = 0; i < 33; i++)
        cut[i] = sample[(i64)i * (n - 1) / 32];
    const ColumnStatistics *column = &statistics->columns[0];
    f64 before = selectivity_errors(c, cut, 33);
    f64 now = selectivity_errors(c, column->quantiles, column->quantile_count);
    print_message("ranges on a skewed column: off by %.4f with the sample, %.4f with sketches\n",
                  before, now);
    assert_true(now < before && now < 0.01);
}

static void skewed_ranges(void **state)
{
    static const Column column = {"i64", {LANE_I64, 0}, false, false};
    Case c;
    case_open(&c, &column, SHAPE_SKEWED, ROWS, 0);
    with_statistics(&c, better_than_the_sample);
    case_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_of_every_lane),
        cmocka_unit_test(ranks_with_delta),
        cmocka_unit_test(same_rows_same_bytes),
        cmocka_unit_test(few_rows),
        cmocka_unit_test(thinned),
        cmocka_unit_test(damaged_sketches_are_refused),
        cmocka_unit_test(skewed_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
