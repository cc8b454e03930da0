/* SPDX-License-Identifier: Apache-2.0
 *
 * Segment decoders and footers: any bytes give values or XX001, never a read outside. An input is
 * {encoding, lane kind, width, flags, u16 rows} and the block's bytes; with flag 128 the bytes are
 * a footer.
 */
#include "storage/encoding.h"
#include "storage/value_codec.h"
#include "tests/fuzz/fuzz.h"

enum { HEAD = 8, FLAG_FOOTER = 128, FLAG_INTEGERS = 1 };

static void try_footer(const u8 *bytes, i64 len)
{
    Error error;
    Footer *footer = footer_parse(bytes, len, &error);
    verify(footer || error.code == E_DATA_CORRUPTED);
    counted_drop(footer);
}

static void try_block(const u8 *head, const u8 *bytes, i64 len)
{
    static u64 values[BLOCK_ROWS * 2];
    static u32 codes[BLOCK_ROWS];
    u64 valid[BLOCK_WORDS];
    Segment segment = {.encoding = (EncodingKind)(head[0] % ENCODING_COUNT),
                       .lane = {head[1] % (LANE_INTERVAL + 1), 0},
                       .width = head[2],
                       .integers = head[3] & FLAG_INTEGERS,
                       .entries = 100,
                       .base = -5};
    i32 n = 1 + (head[4] | head[5] << 8) % BLOCK_ROWS;
    bool possible = segment.width <= 32 || segment.width == 64;
    if (!lane_is_stored(segment.lane) || !possible ||
        (segment.encoding == ENCODING_DICTIONARY && segment.width > 32) ||
        (segment.encoding == ENCODING_PLAIN && lane_bytes(segment.lane) == 0))
        return; /* footer_parse lets none of these in */
    Arena arena;
    Error error;
    arena_open(&arena, NULL);
    memset(valid, 0xf7, sizeof valid);
    u8 *copy = arena_try(&arena, len + 8, &error); /* aligned, with a poisoned end under ASan */
    verify(copy != NULL);
    memcpy(copy, bytes, (size_t)len);
    BlockTarget target = {
        .lane = segment.lane, .values = values, .codes = codes, .valid = valid, .arena = &arena};
    bool good = encoding_table[segment.encoding].decode(&segment, copy, len, n, &target, &error);
    verify(good || error.code == E_DATA_CORRUPTED);
    arena_close(&arena);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    if (size < HEAD)
        return 0;
    if (data[3] & FLAG_FOOTER)
        try_footer(data + HEAD, (i64)size - HEAD);
    else
        try_block(data, data + HEAD, (i64)size - HEAD);
    return 0;
}

static void seed_footer(Buffer *bytes)
{
    static u8 sketch[SKETCH_REGISTERS];
    Error error;
    Zone zones[2] = {{1, 5}, {2, 9}};
    Frame frames[2] = {
        {.offset = 64, .stored = 10, .raw = 10, .first_block = 0, .block_count = 1},
        {.offset = 74, .stored = 5, .raw = 9, .first_block = 1, .block_count = 1, .packed = true}};
    Value low = {.lane = lane_of(LANE_STR), .str = str_from_text(TEXT("a bound of some length"))};
    Segment segments[] = {
        {.column = 1,
         .lane = lane_of(LANE_I64),
         .encoding = ENCODING_BITPACK,
         .width = 7,
         .integers = true,
         .zones = zones,
         .sketch = sketch,
         .frames = frames,
         .frame_count = 2},
        {.column = 2,
         .lane = lane_of(LANE_STR),
         .encoding = ENCODING_DICTIONARY,
         .width = 3,
         .entries = 6,
         .has_bounds = true,
         .min = low,
         .max = low,
         .sketch = sketch,
         .frames = frames,
         .frame_count = 2,
         .dictionary = frames[0]},
    };
    Footer footer = {.rows = 3000,
                     .block_count = 2,
                     .segment_count = 2,
                     .segments = segments,
                     .sample = TEXT("sample bytes")};
    ByteWriter w = {bytes, &error, false};
    footer_write(&w, &footer);
    verify(!w.failed);
}

bool fuzz_seed(i32 number, Buffer *bytes)
{
    static const u8 lanes[] = {LANE_I32, LANE_I64, LANE_BOOL, LANE_STR, LANE_NUM, LANE_F64};
    u8 head[HEAD] = {(u8)(number % ENCODING_COUNT),
                     lanes[number % countof(lanes)],
                     (u8)(number * 5 % 33),
                     number % 2 ? FLAG_INTEGERS : 0,
                     100,
                     0};
    Error error;
    if (number >= 40)
        return false;
    if (number % 4 == 3)
        head[3] = FLAG_FOOTER;
    bool good = buffer_append(bytes, head, HEAD, &error);
    if (good && number % 4 == 3)
        seed_footer(bytes);
    else
        for (u32 i = 0; good && i < 600; i++) {
            u32 offset = i < 102 ? i * 3 : i * 2654435761u;
            good = buffer_append(bytes, &offset, 4, &error);
        }
    verify(good);
    return true;
}
