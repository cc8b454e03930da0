/* SPDX-License-Identifier: Apache-2.0
 *
 * A frame starts with the u32 offsets of its blocks; a block of a segment with NULLs starts with
 * 256 bytes of validity. Every offset is checked: decoders never leave their bytes.
 */
#include "storage/segment_read.h"

#include "storage/encoding.h"
#include "storage/lane_convert.h"

void segment_reader_open(SegmentReader *reader, RowGroup *group, const Footer *footer,
                         const Segment *segment, const Budget *statement)
{
    *reader = (SegmentReader){.group = group,
                              .statement = statement,
                              .footer = footer,
                              .segment = segment,
                              .column_number = (i32)(segment - footer->segments),
                              .frame_number = -1};
}

void segment_reader_close(SegmentReader *reader)
{
    counted_drop(reader->frame);
    counted_drop(reader->dictionary);
    reader->frame = reader->dictionary = NULL;
}

bool segment_dictionary(SegmentReader *reader, Error *error)
{
    if (reader->dictionary)
        return true;
    if (!cache_frame(reader->group, reader->segment, &reader->segment->dictionary,
                     DICTIONARY_NUMBER, reader->statement, &reader->dictionary, error))
        return false;
    reader->entries = (Vector){.form = VECTOR_FLAT,
                               .life = LIFE_PINNED,
                               .lane = reader->segment->lane,
                               .values = (void *)reader->dictionary->entries};
    return true;
}

/* Brings the block's frame into hand and finds its bytes. */
static bool block_bytes(SegmentReader *reader, i32 block, const u8 **bytes, i64 *len, Error *error)
{
    const Segment *segment = reader->segment;
    i32 number = reader->frame_number < 0 ? 0 : reader->frame_number;
    if (segment->frames[number].first_block > block)
        number = 0;
    while (segment->frames[number].first_block + segment->frames[number].block_count <= block)
        number++;
    if (number != reader->frame_number) {
        CachedFrame *fresh;
        if (!cache_frame(reader->group, segment, &segment->frames[number], number,
                         reader->statement, &fresh, error))
            return false;
        counted_drop(reader->frame);
        reader->frame = fresh;
        reader->frame_number = number;
    }
    const Frame *frame = &segment->frames[number];
    const u32 *offsets = (const u32 *)reader->frame->data + (block - frame->first_block);
    if (reader->frame->len < (frame->block_count + (i64)1) * 4 || offsets[0] > offsets[1] ||
        offsets[1] > reader->frame->len || offsets[0] % 8)
        return encoding_damaged(error);
    *bytes = reader->frame->data + offsets[0];
    *len = offsets[1] - offsets[0];
    return true;
}

/* Validity of the block, NULL when all rows are valid; moves behind it. */
static bool take_validity(const Segment *segment, i32 n, const u8 **bytes, i64 *len, Arena *arena,
                          u64 **valid, Error *error)
{
    *valid = NULL;
    if (segment->null_count == 0)
        return true;
    if (*len < BLOCK_WORDS * 8)
        return encoding_damaged(error);
    u64 words[BLOCK_WORDS];
    memcpy(words, *bytes, sizeof words);
    *bytes += sizeof words;
    *len -= (i64)sizeof words;
    if (n % 64)
        words[n / 64] &= ((u64)1 << n % 64) - 1;
    if (bits_count(words, n) == n)
        return true;
    *valid = arena_try(arena, sizeof words + 64, error);
    if (!*valid)
        return false;
    memcpy(*valid, words, (size_t)bit_words(n) * 8);
    return true;
}

static bool all_null(const SegmentReader *reader, Type type, Lane to, Arena *arena, Vector *vector,
                     Error *error)
{
    Value null = value_null(to);
    return vector_make_constant(vector, type, &null, arena, error);
}

/* Can the integer decoder write this lane? */
static bool writes_lane(const Segment *segment, Lane to)
{
    if (!segment->integers)
        return false;
    if (to.kind == LANE_NUM)
        return segment->lane.kind == LANE_DEC64;
    bool from_integer = lane_is_integer(segment->lane) || segment->lane.kind == LANE_DEC128 ||
                        segment->lane.kind == LANE_I128;
    bool to_integer = lane_is_integer(to) || to.kind == LANE_DEC128 || to.kind == LANE_I128;
    return from_integer && to_integer && segment->lane.scale == to.scale;
}

/* Room for n values, which all are written. */
static void *values_make(Arena *arena, i64 bytes, Error *error)
{
    u8 *memory = arena_try_raw(arena, bytes + 128, error);
    return memory ? (void *)align_up((i64)(intptr_t)memory, 64) : NULL;
}

static bool decode(SegmentReader *reader, i32 n, const u8 *bytes, i64 len, Arena *arena,
                   Vector *vector, Error *error)
{
    const Segment *segment = reader->segment;
    BlockTarget target = {.lane = vector->lane, .valid = vector->valid, .arena = arena};
    bool dictionary = segment->encoding == ENCODING_DICTIONARY;
    i64 room = dictionary ? BLOCK_ROWS * 4 : lane_array_bytes(vector->lane, BLOCK_ROWS);
    void *memory = values_make(arena, room, error);
    if (!memory)
        return false;
    target.codes = (u32 *)memory;
    target.values = memory;
    if (!encoding_table[segment->encoding].decode(segment, bytes, len, n, &target, error))
        return false;
    if (!dictionary) {
        vector->values = memory;
        return true;
    }
    vector->form = VECTOR_DICTIONARY;
    vector->codes = target.codes;
    vector->entries = &reader->entries;
    vector->entry_count = segment->entries;
    vector->dictionary_id = (u64)reader->group->dictionary_ids + (u64)reader->column_number;
    return true;
}

bool segment_has_codes(const SegmentReader *reader, Lane to)
{
    const Segment *segment = reader->segment;
    bool packed = segment->encoding == ENCODING_FOR || segment->encoding == ENCODING_BITPACK;
    return packed && segment->width <= 32 && segment->lane.kind != LANE_BOOL &&
           lane_is_integer(segment->lane) && lane_is_integer(to) && writes_lane(segment, to);
}

bool segment_codes(SegmentReader *reader, i32 block, Arena *arena, BlockCodes *codes, Error *error)
{
    const Segment *segment = reader->segment;
    i32 n = block_rows(reader->footer, block);
    const u8 *bytes;
    i64 len;
    codes->codes = values_make(arena, BLOCK_ROWS * (i64)sizeof(u32), error);
    return codes->codes && block_bytes(reader, block, &bytes, &len, error) &&
           take_validity(segment, n, &bytes, &len, arena, &codes->valid, error) &&
           codes_decode(segment->width, bytes, len, n, codes->codes, error);
}

bool segment_block_of_codes(SegmentReader *reader, i32 block, const BlockCodes *codes, Type type,
                            Lane to, Arena *arena, Vector *vector, Error *error)
{
    i32 n = block_rows(reader->footer, block);
    *vector = (Vector){.form = VECTOR_FLAT, .life = LIFE_CHUNK, .lane = to, .type = type};
    vector->valid = codes->valid;
    vector->values = values_make(arena, lane_array_bytes(to, BLOCK_ROWS), error);
    BlockTarget target = {
        .lane = to, .values = vector->values, .valid = codes->valid, .arena = arena};
    return vector->values && integer_store(reader->segment, codes->codes, n, &target, error);
}

bool segment_block(SegmentReader *reader, i32 block, Type type, Lane to, Arena *arena,
                   Vector *vector, Error *error)
{
    const Segment *segment = reader->segment;
    i32 n = block_rows(reader->footer, block);
    const u8 *bytes = NULL;
    i64 len = 0;
    if (segment->encoding == ENCODING_CONSTANT && !segment->integers)
        return all_null(reader, type, to, arena, vector, error);
    Lane lane = writes_lane(segment, to) ? to : segment->lane;
    *vector = (Vector){.form = VECTOR_FLAT, .life = LIFE_CHUNK, .lane = lane, .type = type};
    if (segment->encoding == ENCODING_DICTIONARY) {
        if (!segment_dictionary(reader, error))
            return false;
        vector->life = LIFE_PINNED;
        reader->entries.type = type;
    }
    if (segment->frame_count &&
        (!block_bytes(reader, block, &bytes, &len, error) ||
         !take_validity(segment, n, &bytes, &len, arena, &vector->valid, error)))
        return false;
    return decode(reader, n, bytes, len, arena, vector, error) &&
           lane_convert(vector, n, NULL, to, arena, error);
}
