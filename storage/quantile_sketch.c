/* SPDX-License-Identifier: Apache-2.0
 *
 * Making and reading quantile sketches.
 *
 * Keys are counted in 2,048 bins between the smallest and the largest. A rank that falls into a bin
 * with few keys (n / 512) is interpolated inside it; the keys of fuller bins are gathered and
 * counted again in bins of their own. So the error of a rank is bounded whatever the distribution,
 * and a column costs one pass over its keys, two when it is skewed. Everything else is sampled.
 *
 * What is written depends on the rows alone: the row that stands for a stretch is drawn by a hash
 * of the stretch's number.
 *
 * Memory: bins on the stack (22 KB a level, at most 6 levels).
 */
#include "storage/quantile_sketch.h"

#include "base/text.h"

enum {
    BIN_BITS = 11,
    BINS = 1 << BIN_BITS,
    SORTED_MAX = 64, /* so few keys are sorted */
    PREFIX_MAX = 64, /* bytes that all strings of a sketch share */
    STRING_MAX = 27, /* bytes of a string behind them */
    NUM_MAX = 30,    /* bytes of a numeric */
    NUM_DIGITS = 15, /* of one that was longer */
};

_Static_assert(PREFIX_MAX + STRING_MAX == QUANTILE_STRING_MAX, "as the header says");

/* ---- ranks among keys ---- */

typedef struct Ranks {
    const i32 *wanted; /* ascending */
    i64 *found;
    i32 count;
} Ranks;

/* A bin whose keys are looked at again. */
typedef struct FullBin {
    i32 first_rank;         /* of its keys */
    i32 ranks, ranks_count; /* which of Ranks fall into it */
    i32 at, n;              /* its keys among the gathered ones */
    i64 min, max;
} FullBin;

typedef struct Bins {
    u32 counts[BINS], odd[BINS]; /* odd: of every other key, until they are added up */
    u8 full[BINS];               /* number + 1 of its FullBin */
    FullBin list[QUANTILE_STEPS + 1];
    i32 list_count;
    i32 shift;
} Bins;

static int compare_keys(const void *a, const void *b)
{
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

static void bins_count(Bins *bins, const QuantileKeys *keys)
{
    u64 range = (u64)keys->max - (u64)keys->min;
    i32 bits = range ? 64 - __builtin_clzll(range) : 0;
    bins->shift = bits > BIN_BITS ? bits - BIN_BITS : 0;
    bins->list_count = 0;
    memset(bins->counts, 0, sizeof bins->counts);
    memset(bins->odd, 0, sizeof bins->odd);
    memset(bins->full, 0, sizeof bins->full);
    i32 shift = bins->shift;
    u64 min = (u64)keys->min;
    const i64 *key = keys->keys;
    i32 i = 0;
    for (; i + 1 < keys->n; i += 2) { /* neighbours in one bin do not wait for each other */
        bins->counts[((u64)key[i] - min) >> shift]++;
        bins->odd[((u64)key[i + 1] - min) >> shift]++;
    }
    if (i < keys->n)
        bins->counts[((u64)key[i] - min) >> shift]++;
    for (i32 bin = 0; bin < BINS; bin++)
        bins->counts[bin] += bins->odd[bin];
}

/* The key of the rank-th of a bin's keys, taken as evenly spread. */
static i64 key_inside(const Bins *bins, const QuantileKeys *keys, i32 bin, i32 rank)
{
    u64 low = (u64)keys->min + ((u64)bin << bins->shift);
    u128 width = (u128)1 << bins->shift;
    u64 inside = (u64)(width * (u128)(2 * rank + 1) / (2 * (u128)bins->counts[bin]));
    return min_i64((i64)(low + inside), keys->max);
}

/* Finds what can be said from the counts; the rest becomes full bins. */
static void ranks_from_bins(Bins *bins, const QuantileKeys *keys, i32 slack, Ranks ranks)
{
    i32 bin = 0, before = 0, gathered = 0;
    for (i32 i = 0; i < ranks.count; i++) {
        while (ranks.wanted[i] >= before + (i32)bins->counts[bin])
            before += (i32)bins->counts[bin++];
        if (bins->shift == 0 || (i32)bins->counts[bin] <= slack) {
            ranks.found[i] = key_inside(bins, keys, bin, ranks.wanted[i] - before);
            continue;
        }
        if (!bins->full[bin]) {
            bins->list[bins->list_count] = (FullBin){.first_rank = before,
                                                     .ranks = i,
                                                     .at = gathered,
                                                     .min = INT64_MAX,
                                                     .max = INT64_MIN};
            bins->full[bin] = (u8)++bins->list_count;
            gathered += (i32)bins->counts[bin];
        }
        bins->list[bins->full[bin] - 1].ranks_count++;
    }
}

static void bins_gather(Bins *bins, const QuantileKeys *keys)
{
    i32 shift = bins->shift;
    u64 min = (u64)keys->min;
    for (i32 i = 0; i < keys->n; i++) {
        i64 key = keys->keys[i];
        u8 number = bins->full[((u64)key - min) >> shift];
        if (!number)
            continue;
        FullBin *full = &bins->list[number - 1];
        keys->scratch[full->at + full->n++] = key;
        full->min = min_i64(full->min, key);
        full->max = max_i64(full->max, key);
    }
}

static void ranks_find(QuantileKeys keys, i32 slack, Ranks ranks)
{
    if (keys.n <= SORTED_MAX) {
        qsort(keys.keys, (size_t)keys.n, sizeof keys.keys[0], compare_keys);
        for (i32 i = 0; i < ranks.count; i++)
            ranks.found[i] = keys.keys[ranks.wanted[i]];
        return;
    }
    Bins bins;
    bins_count(&bins, &keys);
    ranks_from_bins(&bins, &keys, slack, ranks);
    if (bins.list_count)
        bins_gather(&bins, &keys);
    for (i32 b = 0; b < bins.list_count; b++) { /* what was keys is free: it takes turns */
        FullBin *full = &bins.list[b];
        i32 inside[QUANTILE_STEPS + 1];
        for (i32 i = 0; i < full->ranks_count; i++)
            inside[i] = ranks.wanted[full->ranks + i] - full->first_rank;
        QuantileKeys again = {keys.scratch + full->at, keys.keys + full->at, full->n, full->min,
                              full->max};
        ranks_find(again, slack, (Ranks){inside, ranks.found + full->ranks, full->ranks_count});
    }
}

/* The keys at QUANTILE_STEPS + 1 ranks, or the only one: how many. */
static i32 keys_cut(QuantileKeys *keys, i64 found[QUANTILE_STEPS + 1])
{
    i32 wanted[QUANTILE_STEPS + 1];
    if (keys->n == 0)
        return 0;
    found[0] = keys->min;
    if (keys->min == keys->max)
        return 1;
    for (i32 i = 0; i <= QUANTILE_STEPS; i++)
        wanted[i] = (i32)((i64)i * (keys->n - 1) / QUANTILE_STEPS);
    ranks_find(*keys, keys->n / QUANTILE_SLACK_SHARE, (Ranks){wanted, found, QUANTILE_STEPS + 1});
    found[0] = keys->min;
    found[QUANTILE_STEPS] = keys->max;
    return QUANTILE_STEPS + 1;
}

/* ---- floats ---- */

/* Ascending with the values; its own inverse. */
static i64 turn64(i64 bits)
{
    return bits < 0 ? bits ^ INT64_MAX : bits;
}
static i32 turn32(i32 bits)
{
    return bits < 0 ? bits ^ INT32_MAX : bits;
}

/* NaN is above everything, the zeros are one. */
static i64 key_of_float(const BuilderColumn *column, i32 row)
{
    if (column->lane.kind == LANE_F32) {
        f32 value = ((const f32 *)column->values.data)[row];
        i32 bits;
        memcpy(&bits, &value, 4);
        return value != value ? INT32_MAX : value == 0 ? 0 : turn32(bits);
    }
    f64 value = ((const f64 *)column->values.data)[row];
    i64 bits;
    memcpy(&bits, &value, 8);
    return value != value ? INT64_MAX : value == 0 ? 0 : turn64(bits);
}

void quantile_keys_of_floats(const BuilderColumn *column, i32 rows, QuantileKeys *keys)
{
    keys->n = 0;
    keys->min = INT64_MAX;
    keys->max = INT64_MIN;
    for (i32 row = 0; row < rows; row++) {
        if (column->nulls.len && column->nulls.data[row])
            continue;
        i64 key = key_of_float(column, row);
        keys->keys[keys->n++] = key;
        keys->min = min_i64(keys->min, key);
        keys->max = max_i64(keys->max, key);
    }
}

/* ---- writing ---- */

typedef struct SketchBytes {
    u8 bytes[QUANTILE_BYTES_MAX];
    i32 len;
} SketchBytes;

static void put(SketchBytes *to, const void *bytes, i64 len)
{
    assert(to->len + len <= QUANTILE_BYTES_MAX);
    if (len)
        memcpy(to->bytes + to->len, bytes, (size_t)len);
    to->len += (i32)len;
}

static void put_u8(SketchBytes *to, i64 value)
{
    u8 byte = (u8)value;
    put(to, &byte, 1);
}

/* As read_varint reads it. */
static void put_varint(SketchBytes *to, u64 value)
{
    for (; value >= 128; value >>= 7)
        put_u8(to, (i64)(value & 127) | 128);
    put_u8(to, (i64)value);
}

static bool sketch_keep(const SketchBytes *sketch, Arena *arena, Text *out, Error *error)
{
    return arena_text(arena, (Text){(const char *)sketch->bytes, sketch->len}, out, error);
}

bool quantiles_of_keys(QuantileKeys *keys, Arena *arena, Text *out, Error *error)
{
    SketchBytes sketch = {.len = 0};
    i64 found[QUANTILE_STEPS + 1];
    i32 count = keys_cut(keys, found);
    *out = (Text){0};
    if (count == 0)
        return true;
    put_u8(&sketch, count);
    put(&sketch, &found[0], 8);
    for (i32 i = 1; i < count; i++)
        put_varint(&sketch, (u64)found[i] - (u64)found[i - 1]);
    return sketch_keep(&sketch, arena, out, error);
}

static i64 common_prefix(Text a, Text b)
{
    i64 len = min_i64(min_i64(a.len, b.len), PREFIX_MAX), same = 0;
    while (same < len && a.data[same] == b.data[same])
        same++;
    return same;
}

/* No longer than len, and no character of UTF-8 is cut in two. */
static Text text_cut(Text text, i64 len)
{
    if (text.len <= len)
        return text;
    i64 end = len;
    while (end > 0 && end > len - 3 && ((u8)text.data[end] & 0xc0) == 0x80)
        end--;
    return (Text){text.data, end};
}

/* Strings in order: the prefix of first and last, then what each has behind it. */
static void put_strings(SketchBytes *sketch, const Text *strings, i32 count)
{
    i64 prefix = common_prefix(strings[0], strings[count - 1]);
    put_u8(sketch, count);
    put_u8(sketch, prefix);
    put(sketch, strings[0].data, prefix);
    Text last = {0};
    for (i32 i = 0; i < count; i++) {
        Text rest = text_cut(strings[i], prefix + STRING_MAX);
        rest = (Text){rest.data + prefix, rest.len - prefix};
        if (i && text_compare(rest, last) < 0) /* cut shorter, before a long character */
            rest = last;
        last = rest;
        put_u8(sketch, rest.len);
        put(sketch, rest.data, rest.len);
    }
}

bool quantiles_of_codes(QuantileKeys *keys, const Str *entries, Arena *arena, Text *out,
                        Error *error)
{
    SketchBytes sketch = {.len = 0};
    i64 found[QUANTILE_STEPS + 1];
    Text strings[QUANTILE_STEPS_SAMPLED + 1];
    i32 count = keys_cut(keys, found), step = QUANTILE_STEPS / QUANTILE_STEPS_SAMPLED, n = 0;
    *out = (Text){0};
    if (count == 0)
        return true;
    for (i32 i = 0; i < count; i += step)
        strings[n++] = str_text(&entries[found[i]]);
    put_strings(&sketch, strings, n);
    return sketch_keep(&sketch, arena, out, error);
}

/* ---- sampling ---- */

static int compare_values(const void *a, const void *b)
{
    return value_compare(a, b);
}

/* A number that looks random and is always the same (the finalizer of SplitMix64). */
static u64 scrambled(u64 number)
{
    number = (number + 1) * 0x9e3779b97f4a7c15ull;
    number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9ull;
    number = (number ^ number >> 27) * 0x94d049bb133111ebull;
    return number ^ number >> 31;
}

/* Positions of the rows that are not NULL; NULL: all are. */
static bool valid_rows(const BuilderColumn *column, i32 rows, Arena *arena, i32 **list, i32 *count,
                       Error *error)
{
    *list = NULL;
    *count = rows;
    if (column->nulls.len == 0)
        return true;
    *list = arena_try(arena, rows * (i64)sizeof **list, error);
    if (!*list)
        return false;
    *count = 0;
    for (i32 row = 0; row < rows; row++)
        if (!column->nulls.data[row])
            (*list)[(*count)++] = row;
    return true;
}

static bool sample_take(const BuilderColumn *column, Lane lane, i32 rows, Arena *arena,
                        Value **sample, i32 *taken, Error *error)
{
    i32 *list, count, bytes = lane_bytes(lane);
    if (!valid_rows(column, rows, arena, &list, &count, error))
        return false;
    i32 n = (i32)min_i64(count, QUANTILE_SAMPLE_ROWS);
    Value *values = arena_try(arena, (n + 1) * (i64)sizeof *values, error);
    if (!values)
        return false;
    for (i32 i = 0; i < n; i++) {
        i64 from = (i64)count * i / n, to = (i64)count * (i + 1) / n;
        i64 row = from + (i64)(scrambled((u64)i) % (u64)(to - from));
        row = list ? list[row] : row;
        values[i] = (Value){.lane = lane};
        memcpy(values[i].fixed, column->values.data + row * bytes, (size_t)bytes);
    }
    qsort(values, (size_t)n, sizeof *values, compare_values);
    *sample = values;
    *taken = n;
    return true;
}

/* A numeric short enough to be kept, not below the one before. False: there is none. */
static bool num_shorten(Value *value, const Value *before, Arena *arena, Error *error)
{
    if (num_encoded_bytes(value->num) > NUM_MAX) {
        f64 near = num_to_f64(value->num);
        if (__builtin_isinf(near) || !num_from_f64(near, NUM_DIGITS, arena, &value->num, error) ||
            num_encoded_bytes(value->num) > NUM_MAX)
            return false;
    }
    if (before && value_compare(value, before) < 0)
        *value = *before;
    return true;
}

/* False: one is too long (it is left out of the plan's knowledge, no error). */
static bool put_nums(SketchBytes *sketch, Value *values, i32 count, Arena *arena)
{
    Error ignored;
    put_u8(sketch, count);
    for (i32 i = 0; i < count; i++) {
        u8 bytes[NUM_MAX];
        if (!num_shorten(&values[i], i ? &values[i - 1] : NULL, arena, &ignored))
            return false;
        i64 len = num_encode(values[i].num, bytes);
        put_u8(sketch, len);
        put(sketch, bytes, len);
    }
    return true;
}

bool quantiles_of_sample(const BuilderColumn *column, Lane lane, i32 rows, Arena *arena, Text *out,
                         Error *error)
{
    SketchBytes sketch = {.len = 0};
    Value *sample, chosen[QUANTILE_STEPS_SAMPLED + 1];
    Text strings[QUANTILE_STEPS_SAMPLED + 1];
    i32 n, count = QUANTILE_STEPS_SAMPLED + 1;
    *out = (Text){0};
    if (!sample_take(column, lane, rows, arena, &sample, &n, error))
        return false;
    if (n == 0)
        return true;
    for (i32 i = 0; i < count; i++) {
        const Value *value = &sample[(i64)i * (n - 1) / QUANTILE_STEPS_SAMPLED];
        chosen[i] = *value;
        if (lane.kind == LANE_STR)
            strings[i] = str_text(&value->str);
    }
    if (lane.kind == LANE_STR) {
        put_strings(&sketch, strings, count);
    } else if (lane.kind == LANE_NUM) {
        if (!put_nums(&sketch, chosen, count, arena))
            return true;
    } else {
        put_u8(&sketch, count);
        for (i32 i = 0; i < count; i++)
            put(&sketch, chosen[i].fixed, lane_bytes(lane));
    }
    return sketch_keep(&sketch, arena, out, error);
}

/* ---- reading ---- */

static Value value_of_key(const Segment *segment, i64 key)
{
    Value value = {.lane = segment->lane};
    i32 narrow = turn32((i32)key);
    i64 wide = turn64(key);
    switch (segment->lane.kind) {
    case LANE_F32:
        memcpy(&value.real, &narrow, 4);
        return value;
    case LANE_F64:
        memcpy(&value.number, &wide, 8);
        return value;
    default:
        return segment_integer(segment, key);
    }
}

static void read_keys(ByteReader *r, const Segment *segment, Value *values, i32 count)
{
    i64 key = (i64)read_u64(r);
    values[0] = value_of_key(segment, key);
    for (i32 i = 1; i < count; i++) {
        key = (i64)((u64)key + read_varint(r));
        values[i] = value_of_key(segment, key);
    }
}

static bool read_strings(ByteReader *r, Arena *arena, Value *values, i32 count, Error *error)
{
    i64 prefix_len = read_u8(r);
    const u8 *prefix = read_bytes(r, prefix_len);
    for (i32 i = 0; i < count; i++) {
        i64 len = read_u8(r);
        const u8 *rest = read_bytes(r, len);
        if (!rest)
            return true; /* bad */
        char *copy = arena_try(arena, prefix_len + len + 1, error);
        if (!copy)
            return false;
        memcpy(copy, prefix, (size_t)prefix_len);
        memcpy(copy + prefix_len, rest, (size_t)len);
        values[i] = (Value){.lane = lane_of(LANE_STR), .str = str_from(copy, prefix_len + len)};
    }
    return true;
}

static bool read_nums(ByteReader *r, Lane lane, Arena *arena, Value *values, i32 count,
                      Error *error)
{
    for (i32 i = 0; i < count; i++) {
        i64 len = read_u8(r);
        const u8 *bytes = read_bytes(r, len);
        values[i] = (Value){.lane = lane};
        if (!bytes || !num_decode(bytes, len, arena, &values[i].num, error))
            return bytes == NULL;
    }
    return true;
}

static void read_fixed(ByteReader *r, Lane lane, Value *values, i32 count)
{
    for (i32 i = 0; i < count; i++) {
        const u8 *bytes = read_bytes(r, lane_bytes(lane));
        values[i] = (Value){.lane = lane};
        if (bytes)
            memcpy(values[i].fixed, bytes, (size_t)lane_bytes(lane));
    }
}

bool quantiles_read(const Segment *segment, Arena *arena, Value **values, i32 *count, Error *error)
{
    ByteReader r = bytes_reader(segment->quantiles.data, segment->quantiles.len);
    Lane lane = segment->lane;
    bool good = true;
    *count = 0;
    if (segment->quantiles.len == 0)
        return true;
    i32 n = read_u8(&r);
    *values = arena_try(arena, (n + 1) * (i64)sizeof **values, error);
    if (!*values)
        return false;
    if (segment->integers || lane.kind == LANE_F32 || lane.kind == LANE_F64)
        read_keys(&r, segment, *values, n);
    else if (lane.kind == LANE_STR)
        good = read_strings(&r, arena, *values, n, error);
    else if (lane.kind == LANE_NUM)
        good = read_nums(&r, lane, arena, *values, n, error);
    else
        read_fixed(&r, lane, *values, n);
    *count = n;
    if (good && (r.bad || r.at != r.end || n == 0))
        good = error_set(error, E_DATA_CORRUPTED, "a quantile sketch is damaged");
    return good;
}
