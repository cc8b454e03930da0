/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing and parsing footers. Parsing checks every number that later code indexes with; the bytes
 * have passed their checksum, so what fails here is a bug or a forgery, and is XX001 either way.
 */
#include "storage/footer.h"

#include <math.h>

#include "base/crc32c.h"
#include "storage/data_file.h"
#include "storage/value_codec.h"

enum { SEGMENTS_MAX = 1664, FLAG_INTEGERS = 1, FLAG_BOUNDS = 2, FLAG_ZONES = 4 };

const Segment *footer_segment(const Footer *footer, ColumnId column)
{
    for (i32 i = 0; i < footer->segment_count; i++)
        if (footer->segments[i].column == column)
            return &footer->segments[i];
    return NULL;
}

Value segment_integer(const Segment *segment, i64 integer)
{
    Value value = {.lane = segment->lane};
    switch (segment->lane.kind) {
    case LANE_BOOL:
        value.boolean = integer != 0;
        break;
    case LANE_I128:
    case LANE_DEC128:
        value.wide = integer;
        break;
    case LANE_NUM:
        value.num = (Num){.kind = NUM_INLINE, .scale = segment->num_scale, .small = integer};
        break;
    default:
        value.integer = integer;
    }
    return value;
}

/* ---- writing ---- */

static void write_frame(ByteWriter *w, const Frame *frame)
{
    write_u64(w, (u64)frame->offset);
    write_u32(w, frame->stored);
    write_u32(w, frame->raw);
    write_u32(w, frame->crc);
    write_u16(w, (u16)frame->first_block);
    write_u16(w, (u16)frame->block_count);
    write_u8(w, frame->packed);
}

static void write_segment(ByteWriter *w, const Segment *segment, i32 blocks)
{
    write_u32(w, segment->column);
    write_u8(w, segment->lane.kind);
    write_u8(w, segment->lane.scale);
    write_u8(w, (u8)segment->encoding);
    write_u8(w, segment->width);
    write_u8(w, segment->num_scale);
    write_u8(w, (u8)(segment->integers * FLAG_INTEGERS | segment->has_bounds * FLAG_BOUNDS |
                     (segment->zones != NULL) * FLAG_ZONES));
    write_u64(w, (u64)segment->base);
    write_u32(w, (u32)segment->null_count);
    write_u32(w, (u32)segment->entries);
    write_u64(w, (u64)segment->raw_bytes);
    if (segment->has_bounds) {
        write_value(w, &segment->min);
        write_value(w, &segment->max);
    }
    if (segment->zones)
        write_bytes(w, segment->zones, blocks * (i64)sizeof(Zone));
    write_bytes(w, segment->sketch, SKETCH_REGISTERS);
    write_u16(w, (u16)segment->quantiles.len);
    write_bytes(w, segment->quantiles.data, segment->quantiles.len);
    if (segment->encoding == ENCODING_DICTIONARY)
        write_frame(w, &segment->dictionary);
    write_u32(w, (u32)segment->frame_count);
    for (i32 i = 0; i < segment->frame_count; i++)
        write_frame(w, &segment->frames[i]);
}

void footer_write(ByteWriter *w, const Footer *footer)
{
    write_u32(w, (u32)footer->rows);
    write_u32(w, (u32)footer->segment_count);
    for (i32 i = 0; i < footer->segment_count; i++)
        write_segment(w, &footer->segments[i], footer->block_count);
    write_text(w, footer->sample);
    write_text(w, footer->origins);
}

/* ---- parsing ---- */

static bool damaged(Error *error)
{
    return error_set(error, E_DATA_CORRUPTED, "the footer of a row group is damaged");
}

static bool read_frame(ByteReader *r, Frame *frame)
{
    frame->offset = (i64)read_u64(r);
    frame->stored = read_u32(r);
    frame->raw = read_u32(r);
    frame->crc = read_u32(r);
    frame->first_block = read_u16(r);
    frame->block_count = read_u16(r);
    frame->packed = read_u8(r);
    return !r->bad && frame->offset >= 0 && frame->stored <= FRAME_RAW_MAX &&
           frame->raw <= FRAME_RAW_MAX && (frame->packed || frame->stored == frame->raw);
}

/* The frames must hold blocks 0..count in order. */
static bool read_frames(ByteReader *r, Footer *footer, Segment *segment, Error *error)
{
    u32 count = read_u32(r);
    if (r->bad || count > (u32)footer->block_count)
        return damaged(error);
    Frame *frames = arena_try(&footer->arena, count * (i64)sizeof *frames, error);
    if (!frames)
        return false;
    i32 next = 0;
    for (u32 i = 0; i < count; i++) {
        if (!read_frame(r, &frames[i]) || frames[i].first_block != next ||
            frames[i].block_count == 0)
            return damaged(error);
        next += frames[i].block_count;
    }
    segment->frames = frames;
    segment->frame_count = (i32)count;
    bool none = segment->encoding == ENCODING_CONSTANT;
    return (none ? count == 0 : next == footer->block_count) || damaged(error);
}

static bool codes_are_good(const Segment *segment)
{
    u8 width = segment->width;
    switch (segment->encoding) {
    case ENCODING_CONSTANT:
        return true;
    case ENCODING_FOR:
        return width == 8 || width == 16 || width == 32 || width == 64;
    case ENCODING_BITPACK:
        return width >= 1 && width <= 32;
    case ENCODING_DICTIONARY:
        return width <= 32 && segment->entries > 0 && segment->lane.kind == LANE_STR;
    case ENCODING_PLAIN:
        return !segment->integers && lane_bytes(segment->lane) >= 4 &&
               segment->lane.kind != LANE_STR && segment->lane.kind != LANE_NUM;
    case ENCODING_BYTES:
        return segment->lane.kind == LANE_STR || segment->lane.kind == LANE_NUM;
    case ENCODING_COUNT:
        break;
    }
    return false;
}

static bool read_segment_head(ByteReader *r, const Footer *footer, Segment *segment, u8 *flags)
{
    segment->column = read_u32(r);
    segment->lane.kind = read_u8(r);
    segment->lane.scale = read_u8(r);
    segment->encoding = (EncodingKind)read_u8(r);
    segment->width = read_u8(r);
    segment->num_scale = read_u8(r);
    *flags = read_u8(r);
    segment->integers = *flags & FLAG_INTEGERS;
    segment->has_bounds = *flags & FLAG_BOUNDS;
    segment->base = (i64)read_u64(r);
    segment->null_count = (i32)read_u32(r);
    segment->entries = (i32)read_u32(r);
    segment->raw_bytes = (i64)read_u64(r);
    return !r->bad && lane_is_stored(segment->lane) && segment->encoding < ENCODING_COUNT &&
           segment->null_count >= 0 && segment->null_count <= footer->rows &&
           segment->entries >= 0 && codes_are_good(segment);
}

static bool read_quantiles(ByteReader *r, Footer *footer, Segment *segment, Error *error)
{
    i64 len = read_u16(r);
    const u8 *bytes = read_bytes(r, len);
    if (!bytes)
        return damaged(error);
    Text text = {(const char *)bytes, len};
    return len == 0 || arena_text(&footer->arena, text, &segment->quantiles, error);
}

static bool read_segment(ByteReader *r, Footer *footer, Segment *segment, Error *error)
{
    u8 flags;
    if (!read_segment_head(r, footer, segment, &flags))
        return damaged(error);
    if (segment->has_bounds && (!read_value(r, &footer->arena, &segment->min, error) ||
                                !read_value(r, &footer->arena, &segment->max, error)))
        return false;
    i64 zone_bytes = footer->block_count * (i64)sizeof(Zone);
    const u8 *zones = flags & FLAG_ZONES ? read_bytes(r, zone_bytes) : NULL;
    const u8 *sketch = read_bytes(r, SKETCH_REGISTERS);
    u8 *kept = sketch ? arena_try(&footer->arena, SKETCH_REGISTERS + zone_bytes, error) : NULL;
    if (!kept)
        return sketch ? false : damaged(error);
    if (zones)
        segment->zones = memcpy(kept, zones, (size_t)zone_bytes);
    segment->sketch = memcpy(kept + zone_bytes, sketch, SKETCH_REGISTERS);
    if (!read_quantiles(r, footer, segment, error))
        return false;
    if (segment->encoding == ENCODING_DICTIONARY && !read_frame(r, &segment->dictionary))
        return damaged(error);
    return read_frames(r, footer, segment, error);
}

static bool parse(ByteReader *r, Footer *footer, Error *error)
{
    u32 rows = read_u32(r), count = read_u32(r);
    if (r->bad || rows == 0 || rows > ROW_GROUP_ROWS_MAX || count > SEGMENTS_MAX)
        return damaged(error);
    footer->rows = (i32)rows;
    footer->block_count = (footer->rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    footer->segments = arena_try(&footer->arena, count * (i64)sizeof(Segment), error);
    if (!footer->segments)
        return false;
    footer->segment_count = (i32)count;
    for (u32 i = 0; i < count; i++)
        if (!read_segment(r, footer, &footer->segments[i], error))
            return false;
    Text sample = read_text(r), origins = read_text(r);
    if (r->bad)
        return damaged(error);
    return arena_text(&footer->arena, sample, &footer->sample, error) &&
           (origins.len == 0 || arena_text(&footer->arena, origins, &footer->origins, error));
}

static void footer_closer(void *thing)
{
    arena_close(&((Footer *)thing)->arena);
}

Footer *footer_parse(const u8 *bytes, i64 len, Error *error)
{
    Footer *footer = counted_make((i64)sizeof *footer, NULL, footer_closer, error);
    if (!footer)
        return NULL;
    arena_open(&footer->arena, NULL);
    ByteReader r = bytes_reader(bytes, len);
    if (parse(&r, footer, error))
        return footer;
    counted_drop(footer);
    return NULL;
}

/* ---- from the file ---- */

u32 data_crc_seed(const Storage *storage, u32 epoch, u32 counter, ColumnId column, i32 number)
{
    u32 identity[4] = {epoch, counter, column, (u32)number};
    return crc32c(crc32c(0, storage->uuid, 16), identity, sizeof identity);
}

static bool located(const RowGroup *group, Error *error)
{
    char path[STORAGE_PATH_BYTES];
    const GroupAddress *address = &group->address;
    data_file_path(group->storage, address->file_epoch, address->file_counter, path);
    error->code = E_DATA_CORRUPTED;
    return error_detail(error, "File \"%s\", offset %lld.", path,
                        (long long)address->footer_offset);
}

static bool read_footer(RowGroup *group, Error *error)
{
    const GroupAddress *address = &group->address;
    Storage *storage = group->storage;
    Buffer bytes;
    File *file;
    buffer_open(&bytes, NULL);
    bool good = data_file_open(group->file, &file, error) &&
                buffer_resize(&bytes, address->footer_bytes, error) &&
                file_read_all(storage->platform, file, bytes.data, bytes.len,
                              address->footer_offset, error);
    u32 seed = data_crc_seed(storage, address->file_epoch, address->file_counter, 0, FOOTER_NUMBER);
    if (good && crc32c(seed, bytes.data, bytes.len) != address->footer_crc)
        good = damaged(error);
    Footer *footer = good ? footer_parse(bytes.data, bytes.len, error) : NULL;
    good = footer && (footer->rows == address->rows || damaged(error));
    buffer_close(&bytes);
    if (good)
        group->footer = footer;
    else
        counted_drop(footer);
    return good || located(group, error);
}

bool row_group_footer(RowGroup *group, const Footer **footer, Error *error)
{
    mutex_lock(&group->mutex);
    bool good = group->footer || read_footer(group, error);
    *footer = group->footer;
    mutex_unlock(&group->mutex);
    return good;
}

/* ---- the sketch ---- */

void sketch_add(u8 registers[SKETCH_REGISTERS], u64 hash)
{
    u64 rest = hash << 9 | (u64)1 << 8;
    u8 rank = (u8)(__builtin_clzll(rest) + 1);
    u8 *at = &registers[hash >> 55];
    if (rank > *at)
        *at = rank;
}

void sketch_merge(u8 registers[SKETCH_REGISTERS], const u8 *other)
{
    for (i32 i = 0; i < SKETCH_REGISTERS; i++)
        if (other[i] > registers[i])
            registers[i] = other[i];
}

f64 sketch_count(const u8 registers[SKETCH_REGISTERS])
{
    f64 sum = 0, m = SKETCH_REGISTERS;
    i32 empty = 0;
    for (i32 i = 0; i < SKETCH_REGISTERS; i++) {
        sum += ldexp(1, -registers[i]);
        empty += registers[i] == 0;
    }
    f64 estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
    return estimate <= 2.5 * m && empty ? m * log(m / empty) : estimate;
}
