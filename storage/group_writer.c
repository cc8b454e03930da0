/* SPDX-License-Identifier: Apache-2.0
 *
 * Segments one after the other: look at the column (bounds, NULLs, sketches), choose an encoding,
 * encode block by block, cut frames. What zstd shrinks by a fifth is kept compressed.
 *
 * Everything a footer points to lives in an arena of the call until it is written.
 */
#include "storage/group_writer.h"

#include <xxhash.h>
#include <zstd.h>

#include "base/crc32c.h"
#include "base/look.h"
#include "storage/quantile_sketch.h"
#include "types/decimal.h"
#include "types/hash_vector.h"

enum { STAGE_BYTES = 1 << 20, PIECE_BYTES = 4 << 20, ZSTD_LEVEL = 1, BOUND_BYTES_MAX = 1024 };

typedef struct SegmentRun {
    GroupWriter *writer;
    const RowBuilder *rows;
    const BuilderColumn *column;
    Segment *segment;
    Frame *frames;
    const u32 *codes;  /* DICTIONARY */
    QuantileKeys keys; /* of rows that are not NULL, if the column has keys */
    Arena *arena;
    u32 offsets[ROW_GROUP_ROWS_MAX / BLOCK_ROWS + 1]; /* of the frame's blocks */
    i32 first_block, blocks;
} SegmentRun;

/* ---- the file ---- */

static bool stage_flush(GroupWriter *writer, Error *error)
{
    Platform *platform = writer->storage->platform;
    for (i64 at = 0, piece; at < writer->staged.len; at += piece) {
        piece = min_i64(writer->staged.len - at, PIECE_BYTES);
        if (!file_write_all(platform, writer->handle, writer->staged.data + at, piece,
                            writer->offset, error) ||
            !budget_check(writer->staged.budget, error))
            return false;
        writer->offset += piece;
    }
    writer->staged.len = 0;
    return true;
}

bool group_writer_bytes(GroupWriter *writer, const void *bytes, i64 len, i64 *at, Error *error)
{
    *at = writer->offset + writer->staged.len;
    return buffer_append(&writer->staged, bytes, len, error) &&
           (writer->staged.len < STAGE_BYTES || stage_flush(writer, error));
}

bool group_writer_open(GroupWriter *writer, Storage *storage, DataFileKind kind, Budget *budget,
                       Error *error)
{
    *writer = (GroupWriter){.storage = storage};
    buffer_open(&writer->staged, budget);
    buffer_open(&writer->block, budget);
    buffer_open(&writer->frame, budget);
    buffer_open(&writer->packed, budget);
    buffer_open(&writer->keys, budget);
    writer->file = data_file_create(storage, error);
    if (!writer->file)
        return false;
    writer->handle = writer->file->file;
    u8 header[DATA_FILE_HEADER_BYTES];
    i64 at;
    data_file_header(writer->file, kind, header);
    if (group_writer_bytes(writer, header, sizeof header, &at, error))
        return true;
    group_writer_abandon(writer);
    return false;
}

void group_writer_abandon(GroupWriter *writer)
{
    buffer_close(&writer->staged);
    buffer_close(&writer->block);
    buffer_close(&writer->frame);
    buffer_close(&writer->packed);
    buffer_close(&writer->keys);
    counted_drop(writer->file);
    writer->file = NULL;
}

bool group_writer_finish(GroupWriter *writer, Error *error)
{
    Storage *storage = writer->storage;
    char path[STORAGE_PATH_BYTES];
    snprintf(path, sizeof path, "%s/seg", storage->directory);
    bool good = stage_flush(writer, error) &&
                storage->platform->file_sync(storage->platform, writer->handle, error);
    if (good && !storage->platform->directory_sync(storage->platform, path, error))
        good = storage_lose(storage, error);
    group_writer_abandon(writer);
    return good;
}

bool group_writer_leave(GroupWriter *writer, Error *error)
{
    bool good = stage_flush(writer, error);
    group_writer_abandon(writer);
    return good;
}

/* ---- frames ---- */

/* ZSTD_compress in pieces. *bytes: of what it makes, or an error code of zstd. */
static bool compress_long(const Buffer *from, Buffer *to, size_t *bytes, Error *error)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context)
        return error_set(error, E_OUT_OF_MEMORY, "out of memory");
    ZSTD_outBuffer out = {to->data, (size_t)to->capacity, 0};
    ZSTD_inBuffer in = {from->data, 0, 0};
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZSTD_LEVEL);
    ZSTD_CCtx_setPledgedSrcSize(context, (size_t)from->len);
    bool good = true;
    *bytes = 0;
    while (good && in.pos < (size_t)from->len && !ZSTD_isError(*bytes)) {
        in.size = (size_t)min_i64(from->len, (i64)in.size + PIECE_BYTES);
        bool last = in.size == (size_t)from->len;
        *bytes = ZSTD_compressStream2(context, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        good = budget_check(from->budget, error);
    }
    verify(!good || ZSTD_isError(*bytes) ||
           *bytes == 0); /* a frame that has no end is never kept */
    if (!ZSTD_isError(*bytes))
        *bytes = out.pos;
    ZSTD_freeCCtx(context);
    return good;
}

/* zstd of `frame` into writer->packed; true when that is worth it. */
static bool pack(GroupWriter *writer, bool *packed, Error *error)
{
    size_t bytes = 0, bound = ZSTD_compressBound((size_t)writer->frame.len);
    writer->packed.len = 0;
    if (!buffer_reserve(&writer->packed, (i64)bound, error))
        return false;
    if (writer->frame.len <= PIECE_BYTES)
        bytes = ZSTD_compress(writer->packed.data, bound, writer->frame.data,
                              (size_t)writer->frame.len, ZSTD_LEVEL);
    else if (!compress_long(&writer->frame, &writer->packed, &bytes, error))
        return false;
    *packed = !ZSTD_isError(bytes) && (i64)bytes * 5 < writer->frame.len * 4;
    writer->packed.len = *packed ? (i64)bytes : 0;
    return true;
}

/* Writes what is in writer->frame. */
static bool frame_write(SegmentRun *run, i32 number, Frame *frame, Error *error)
{
    GroupWriter *writer = run->writer;
    bool packed = false;
    bool try = run->segment->encoding == ENCODING_BYTES ||
               run->segment->encoding == ENCODING_PLAIN || number == DICTIONARY_NUMBER;
    if (try && !pack(writer, &packed, error))
        return false;
    const Buffer *bytes = packed ? &writer->packed : &writer->frame;
    u32 seed = data_crc_seed(writer->storage, writer->file->epoch, writer->file->counter,
                             run->segment->column, number);
    *frame = (Frame){.stored = (u32)bytes->len,
                     .raw = (u32)writer->frame.len,
                     .crc = crc32c(seed, bytes->data, bytes->len),
                     .first_block = run->first_block,
                     .block_count = run->blocks,
                     .packed = packed};
    return group_writer_bytes(writer, bytes->data, bytes->len, &frame->offset, error);
}

/* The blocks collected so far become a frame: their offsets, then their bytes. */
static bool frame_end(SegmentRun *run, Error *error)
{
    GroupWriter *writer = run->writer;
    if (run->blocks == 0)
        return true;
    i64 head = align_up((run->blocks + 1) * 4, 8);
    run->offsets[run->blocks] = (u32)writer->block.len;
    writer->frame.len = 0;
    if (!buffer_resize(&writer->frame, head, error))
        return false;
    for (i32 i = 0; i <= run->blocks; i++)
        run->offsets[i] += (u32)head;
    memcpy(writer->frame.data, run->offsets, (size_t)(run->blocks + 1) * 4);
    i32 number = run->segment->frame_count++;
    if (!buffer_append(&writer->frame, writer->block.data, writer->block.len, error) ||
        !frame_write(run, number, &run->frames[number], error))
        return false;
    run->first_block += run->blocks;
    run->blocks = 0;
    writer->block.len = 0;
    return true;
}

static bool write_validity(SegmentRun *run, i32 from, i32 n, Error *error)
{
    u64 words[BLOCK_WORDS] = {0};
    const u8 *nulls = run->column->nulls.data + from;
    for (i32 i = 0; i < n; i++)
        words[i >> 6] |= (u64)!nulls[i] << (i & 63);
    return buffer_append(&run->writer->block, words, sizeof words, error);
}

static bool blocks_write(SegmentRun *run, Error *error)
{
    GroupWriter *writer = run->writer;
    const Segment *segment = run->segment;
    if (segment->encoding == ENCODING_CONSTANT && segment->null_count == run->rows->rows)
        return true;
    writer->block.len = 0;
    for (i32 from = 0; from < run->rows->rows; from += BLOCK_ROWS) {
        BlockSource source = {run->column, from, (i32)min_i64(BLOCK_ROWS, run->rows->rows - from),
                              run->codes};
        run->offsets[run->blocks] = (u32)writer->block.len;
        if ((segment->null_count && !write_validity(run, from, source.n, error)) ||
            !encoding_table[segment->encoding].encode(segment, &source, &writer->block, error) ||
            !buffer_resize(&writer->block, align_up(writer->block.len, 8), error))
            return false;
        run->blocks++;
        if (writer->block.len >= writer->storage->options.frame_bytes && !frame_end(run, error))
            return false;
    }
    return frame_end(run, error);
}

/* ---- looking at a column ---- */

static i32 count_nulls(const BuilderColumn *column)
{
    i32 nulls = 0;
    for (i64 i = 0; i < column->nulls.len; i++)
        nulls += column->nulls.data[i];
    return nulls;
}

/* Values that went into the sketch lately: hashing one again changes nothing. */
enum { RECENT_BITS = 10 };
typedef struct RecentValues {
    i64 value[1 << RECENT_BITS];
    bool known[1 << RECENT_BITS];
} RecentValues;

static void sketch_integers(const SegmentRun *run, RecentValues *recent, const i64 *values,
                            const u8 *nulls, i32 n, u8 *sketch)
{
    u8 kind = run->segment->lane.kind;
    bool plain = kind != LANE_NUM && kind != LANE_DEC64 && kind != LANE_DEC128 && kind != LANE_I128;
    for (i32 i = 0; i < n; i++) {
        u64 slot = (u64)values[i] * 0x9e3779b97f4a7c15ull >> (64 - RECENT_BITS);
        if ((nulls && nulls[i]) || (recent->known[slot] && recent->value[slot] == values[i]))
            continue;
        recent->known[slot] = true;
        recent->value[slot] = values[i];
        Value value = segment_integer(run->segment, values[i]);
        sketch_add(sketch, plain ? XXH3_64bits(&values[i], 8) : file_hash_value(&value));
    }
}

/* Those that are not NULL move together: how many. */
static i32 integers_squeeze(i64 *values, const u8 *nulls, i32 n)
{
    i32 kept = 0;
    for (i32 i = 0; i < n; i++) {
        values[kept] = values[i];
        kept += !nulls[i];
    }
    return kept;
}

/* Bounds, zones, sketch and keys of a column of integers; false in *whole: it is not one. */
static bool look_at_integers(SegmentRun *run, u8 *sketch, Zone *zones, bool *whole)
{
    i64 min = INT64_MAX, max = INT64_MIN;
    i32 scale = -1, rows = run->rows->rows;
    RecentValues recent = {0};
    for (i32 from = 0; from < rows; from += BLOCK_ROWS) {
        i32 n = (i32)min_i64(BLOCK_ROWS, rows - from);
        const u8 *nulls = run->column->nulls.len ? run->column->nulls.data + from : NULL;
        Zone zone = {INT64_MAX, INT64_MIN};
        i64 *values = run->keys.keys + run->keys.n;
        *whole = integers_load(run->column, from, n, values, &scale);
        if (!*whole)
            return true;
        run->segment->num_scale = (u8)(scale < 0 ? 0 : scale);
        for (i32 i = 0; i < n; i++) {
            bool null = nulls && nulls[i];
            zone.min = !null && values[i] < zone.min ? values[i] : zone.min;
            zone.max = !null && values[i] > zone.max ? values[i] : zone.max;
        }
        sketch_integers(run, &recent, values, nulls, n, sketch);
        run->keys.n += nulls ? integers_squeeze(values, nulls, n) : n;
        zones[from / BLOCK_ROWS] = zone;
        min = min_i64(min, zone.min);
        max = max_i64(max, zone.max);
    }
    Segment *segment = run->segment;
    segment->integers = true;
    if (segment->lane.kind == LANE_NUM && segment->num_scale <= DECIMAL64_DIGITS)
        segment->lane = lane_decimal64(segment->num_scale);
    segment->zones = zones;
    segment->has_bounds = min <= max;
    segment->base = segment->has_bounds ? min : 0;
    segment->min = segment_integer(segment, min);
    segment->max = segment_integer(segment, max);
    run->keys.min = min;
    run->keys.max = max;
    segment->width =
        integer_width(segment->has_bounds ? (u64)max - (u64)min : 0, &segment->encoding);
    return true;
}

static Value cell_value(const SegmentRun *run, i32 row)
{
    Value value = {.lane = run->segment->lane};
    i64 bytes = lane_bytes(run->segment->lane);
    memcpy(value.fixed, run->column->values.data + row * bytes, (size_t)bytes);
    return value;
}

/* Bounds and sketch of any other column, value by value. */
static void look_at_values(SegmentRun *run, u8 *sketch)
{
    Segment *segment = run->segment;
    bool any = false;
    for (i32 row = 0; row < run->rows->rows; row++) {
        if (run->column->nulls.len && run->column->nulls.data[row])
            continue;
        Value value = cell_value(run, row);
        sketch_add(sketch, file_hash_value(&value));
        if (!any || value_compare(&value, &segment->min) < 0)
            segment->min = value;
        if (!any || value_compare(&value, &segment->max) > 0)
            segment->max = value;
        any = true;
    }
    bool too_long = segment->lane.kind == LANE_STR && (segment->min.str.len > BOUND_BYTES_MAX ||
                                                       segment->max.str.len > BOUND_BYTES_MAX);
    segment->has_bounds = any && !too_long;
}

/* Quantiles of a column without dictionary. */
static bool look_at_quantiles(SegmentRun *run, Error *error)
{
    Segment *segment = run->segment;
    if (segment->lane.kind == LANE_F32 || segment->lane.kind == LANE_F64)
        quantile_keys_of_floats(run->column, run->rows->rows, &run->keys);
    else if (!segment->integers)
        return quantiles_of_sample(run->column, segment->lane, run->rows->rows, run->arena,
                                   &segment->quantiles, error);
    return quantiles_of_keys(&run->keys, run->arena, &segment->quantiles, error);
}

/* The codes of each block, and bounds and sketch from the entries alone. */
static void look_at_dictionary(SegmentRun *run, const Str *entries, i32 count, u8 *sketch,
                               Zone *zones)
{
    Segment *segment = run->segment;
    bool used_empty = count == 0 || entries[0].len > 0;
    for (i32 row = 0; row < run->rows->rows; row++) {
        Zone *zone = &zones[row / BLOCK_ROWS];
        if (row % BLOCK_ROWS == 0)
            *zone = (Zone){INT64_MAX, INT64_MIN};
        if (run->column->nulls.len && run->column->nulls.data[row])
            continue;
        used_empty |= run->codes[row] == 0;
        run->keys.keys[run->keys.n++] = run->codes[row];
        zone->min = min_i64(zone->min, run->codes[row]);
        zone->max = max_i64(zone->max, run->codes[row]);
    }
    i32 first = used_empty ? 0 : 1; /* the empty string is there for NULLs only */
    for (i32 i = first; i < count; i++) {
        Value value = {.lane = segment->lane, .str = entries[i]};
        sketch_add(sketch, file_hash_value(&value));
    }
    run->keys.min = first;
    run->keys.max = count - 1;
    segment->zones = zones;
    segment->has_bounds = first < count && segment->null_count < run->rows->rows &&
                          entries[first].len <= BOUND_BYTES_MAX &&
                          entries[count - 1].len <= BOUND_BYTES_MAX;
    if (segment->has_bounds) {
        segment->min = (Value){.lane = segment->lane, .str = entries[first]};
        segment->max = (Value){.lane = segment->lane, .str = entries[count - 1]};
    }
}

static bool write_dictionary(SegmentRun *run, const Str *entries, i32 count, Error *error)
{
    Segment *segment = run->segment;
    EncodingKind codes_kind;
    segment->encoding = ENCODING_DICTIONARY;
    segment->entries = count;
    segment->width = integer_width((u64)count - 1, &codes_kind);
    run->writer->frame.len = 0;
    return strings_encode(entries, count, &run->writer->frame, error) &&
           frame_write(run, DICTIONARY_NUMBER, &segment->dictionary, error);
}

/* ---- choosing ---- */

static bool is_forced(const SegmentRun *run, EncodingKind kind)
{
    const char *force = run->writer->storage->options.force_encoding;
    return force && strcmp(force, encoding_table[kind].name) == 0;
}

static bool choose_string(SegmentRun *run, u8 *sketch, Zone *zones, Error *error)
{
    const Str *entries = NULL;
    i32 count = 0;
    u32 *codes = NULL;
    bool force = is_forced(run, ENCODING_DICTIONARY);
    if (!is_forced(run, ENCODING_BYTES) &&
        !dictionary_build(run->column, run->rows->rows, run->arena, &entries, &count, &codes, force,
                          error))
        return false;
    if (entries) {
        run->codes = codes;
        look_at_dictionary(run, entries, count, sketch, zones);
        return quantiles_of_codes(&run->keys, entries, run->arena, &run->segment->quantiles,
                                  error) &&
               write_dictionary(run, entries, count, error);
    }
    run->segment->encoding = ENCODING_BYTES;
    look_at_values(run, sketch);
    return look_at_quantiles(run, error);
}

/* An integer segment in the encoding that a test wants, where that is possible. */
static void force_integer(SegmentRun *run)
{
    Segment *segment = run->segment;
    if (is_forced(run, ENCODING_BITPACK) && segment->encoding == ENCODING_FOR &&
        segment->width <= 32)
        segment->encoding = ENCODING_BITPACK;
    if (is_forced(run, ENCODING_FOR) && segment->encoding == ENCODING_BITPACK) {
        segment->encoding = ENCODING_FOR;
        segment->width = segment->width <= 8 ? 8 : segment->width <= 16 ? 16 : 32;
    }
}

static bool choose(SegmentRun *run, u8 *sketch, Zone *zones, Error *error)
{
    Segment *segment = run->segment;
    if (segment->null_count == run->rows->rows)
        return true; /* CONSTANT, nothing but NULL */
    if (segment->lane.kind == LANE_STR)
        return choose_string(run, sketch, zones, error);
    bool whole = false;
    if (!look_at_integers(run, sketch, zones, &whole))
        return false;
    if (whole) {
        force_integer(run);
        return look_at_quantiles(run, error);
    }
    memset(sketch, 0, SKETCH_REGISTERS);
    segment->num_scale = 0;
    segment->encoding = segment->lane.kind == LANE_NUM ? ENCODING_BYTES : ENCODING_PLAIN;
    look_at_values(run, sketch);
    return look_at_quantiles(run, error);
}

/* Room for the keys of a column, twice. */
static bool keys_open(SegmentRun *run, Error *error)
{
    Buffer *keys = &run->writer->keys;
    i32 rows = run->rows->rows;
    keys->len = 0;
    if (!buffer_reserve(keys, rows * (i64)sizeof(i64) * 2, error))
        return false;
    run->keys = (QuantileKeys){.keys = (i64 *)keys->data, .scratch = (i64 *)keys->data + rows};
    return true;
}

static bool segment_write(GroupWriter *writer, const RowBuilder *rows, i32 column, Segment *segment,
                          Arena *arena, Error *error)
{
    const BuilderColumn *from = &rows->columns[column];
    i64 blocks = (rows->rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    SegmentRun run = {
        .writer = writer, .rows = rows, .column = from, .segment = segment, .arena = arena};
    *segment = (Segment){.column = from->id,
                         .lane = from->lane,
                         .null_count = count_nulls(from),
                         .raw_bytes = from->raw_bytes};
    u8 *sketch = arena_try(arena, SKETCH_REGISTERS, error);
    Zone *zones = arena_try(arena, blocks * (i64)sizeof *zones, error);
    run.frames = arena_try(arena, blocks * (i64)sizeof *run.frames, error);
    if (!sketch || !zones || !run.frames || !keys_open(&run, error) ||
        !choose(&run, sketch, zones, error))
        return false;
    segment->sketch = sketch;
    segment->frames = run.frames;
    if (segment->encoding == ENCODING_CONSTANT && segment->null_count == 0)
        return true;
    if (segment->encoding == ENCODING_CONSTANT && segment->has_bounds) {
        segment->encoding = ENCODING_FOR; /* one value and NULLs: blocks carry the validity */
        segment->width = 8;
    }
    return blocks_write(&run, error);
}

/* ---- a row group ---- */

static bool sample_write(const RowBuilder *rows, Arena *arena, Text *sample, Error *error)
{
    i32 count = (i32)min_i64(rows->rows, SAMPLE_ROWS);
    Columns *columns = NULL;
    Buffer bytes;
    Chunk chunk;
    i32 positions[SAMPLE_ROWS];
    ColumnDefinition *list = arena_try(arena, rows->column_count * (i64)sizeof *list, error);
    if (!list)
        return false;
    for (i32 c = 0; c < rows->column_count; c++)
        list[c] = (ColumnDefinition){.id = rows->columns[c].id,
                                     .lane = rows->columns[c].lane,
                                     .constant = value_null(rows->columns[c].lane)};
    columns = columns_make(list, rows->column_count, error);
    DeltaChunk *taken = columns ? delta_chunk_make(columns, SAMPLE_ROWS, NULL, error) : NULL;
    bool good = taken != NULL;
    for (i32 i = 0; good && i < count; i++) {
        i64 row = (i64)rows->rows * i / count;
        positions[i] = i;
        good = row_builder_chunk(rows, (i32)row, 1, arena, &chunk, error) &&
               delta_append(taken, &chunk, 0, 1, i, 1, error);
    }
    buffer_open(&bytes, NULL);
    ByteWriter w = {&bytes, error, !good};
    if (good)
        delta_write(&w, taken, positions, count);
    good = !w.failed && arena_text(arena, (Text){(char *)bytes.data, bytes.len}, sample, error);
    buffer_close(&bytes);
    counted_drop(taken);
    counted_drop(columns);
    return good;
}

static bool footer_stage(GroupWriter *writer, const Footer *footer, GroupAddress *address,
                         Error *error)
{
    Buffer bytes;
    buffer_open(&bytes, NULL);
    ByteWriter w = {&bytes, error, false};
    footer_write(&w, footer);
    u32 seed = data_crc_seed(writer->storage, writer->file->epoch, writer->file->counter, 0,
                             FOOTER_NUMBER);
    address->footer_bytes = (u32)bytes.len;
    address->footer_crc = w.failed ? 0 : crc32c(seed, bytes.data, bytes.len);
    bool good = !w.failed &&
                group_writer_bytes(writer, bytes.data, bytes.len, &address->footer_offset, error);
    buffer_close(&bytes);
    return good;
}

static u64 next_group_number(Storage *storage)
{
    mutex_lock(&storage->mutex);
    u64 number = storage->group_next++;
    mutex_unlock(&storage->mutex);
    return number;
}

static bool group_write(GroupWriter *writer, const RowBuilder *rows, const GroupOrigin *origin,
                        Arena *arena, GroupAddress *address, Error *error)
{
    i64 start = writer->offset + writer->staged.len;
    Footer footer = {.rows = rows->rows,
                     .block_count = (rows->rows + BLOCK_ROWS - 1) / BLOCK_ROWS,
                     .segment_count = rows->column_count};
    footer.segments = arena_try(arena, rows->column_count * (i64)sizeof(Segment), error);
    if (!footer.segments)
        return false;
    for (i32 c = 0; c < rows->column_count; c++) /* each takes some ten milliseconds */
        if (!budget_check(writer->staged.budget, error) ||
            !segment_write(writer, rows, c, &footer.segments[c], arena, error))
            return false;
    address->bytes = writer->offset + writer->staged.len - start;
    if (origin->run_count > 1 &&
        !origins_encode(origin->runs, origin->run_count, arena, &footer.origins, error))
        return false;
    return sample_write(rows, arena, &footer.sample, error) &&
           footer_stage(writer, &footer, address, error);
}

bool group_writer_add(GroupWriter *writer, const RowBuilder *rows, const GroupOrigin *origin,
                      RowGroup **group, Error *error)
{
    Arena arena;
    GroupAddress address = {.id = next_group_number(writer->storage),
                            .file_epoch = writer->file->epoch,
                            .file_counter = writer->file->counter,
                            .rows = rows->rows,
                            .source = (u8)origin->source};
    if (origin->run_count == 1) {
        address.load_id = origin->runs[0].origin.load_id;
        address.version = origin->runs[0].origin.version;
    }
    assert(rows->rows > 0);
    arena_open(&arena, NULL);
    bool good = group_write(writer, rows, origin, &arena, &address, error);
    arena_close(&arena);
    *group = good ? row_group_make(writer->storage, &address, error) : NULL;
    writer->groups++;
    return *group != NULL;
}
