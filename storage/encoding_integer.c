/* SPDX-License-Identifier: Apache-2.0
 *
 * Integers as code = value - base: constant (no bytes), byte-aligned (FOR) or bit-packed.
 *
 * Codes of up to 32 bits are unpacked into a buffer of u32 that stays in the L1 cache, then base is
 * added while they are widened into the asked lane: two loops, both vectorise. FOR of 64 bits has a
 * loop of its own. NULL rows have code 0 in the file and become zero again afterwards, with a
 * mask, so that no branch depends on data.
 */
#include "storage/bitpack.h"
#include "storage/encoding.h"
#include "storage/scan_loops.h"

/* ---- loading ---- */

TEMPLATE void load_narrow(const void *from, i64 bytes, bool is_signed, i32 n, i64 *values)
{
    for (i32 i = 0; i < n; i++) {
        switch (bytes) {
        case 1:
            values[i] = is_signed ? ((const i8 *)from)[i] : ((const u8 *)from)[i];
            break;
        case 2:
            values[i] = ((const i16 *)from)[i];
            break;
        default:
            values[i] = ((const i32 *)from)[i];
        }
    }
}

static bool load_wide(const i128 *from, i32 n, i64 *values)
{
    bool fits = true;
    for (i32 i = 0; i < n; i++) {
        values[i] = (i64)from[i];
        fits &= values[i] == from[i];
    }
    return fits;
}

static bool load_nums(const Num *from, const u8 *nulls, i32 n, i64 *values, i32 *scale)
{
    for (i32 i = 0; i < n; i++) {
        values[i] = 0;
        if (nulls && nulls[i])
            continue;
        if (from[i].kind != NUM_INLINE || (*scale >= 0 && *scale != from[i].scale) ||
            from[i].scale > UINT8_MAX)
            return false;
        *scale = from[i].scale;
        values[i] = from[i].small;
    }
    return true;
}

bool integers_load(const BuilderColumn *column, i32 from, i32 n, i64 *values, i32 *scale)
{
    const u8 *data = column->values.data;
    const u8 *nulls = column->nulls.len ? column->nulls.data + from : NULL;
    switch (column->lane.kind) {
    case LANE_BOOL:
        load_narrow(data + from, 1, false, n, values);
        return true;
    case LANE_I8:
        load_narrow(data + from, 1, true, n, values);
        return true;
    case LANE_I16:
        load_narrow(data + from * 2, 2, true, n, values);
        return true;
    case LANE_I32:
        load_narrow(data + (i64)from * 4, 4, true, n, values);
        return true;
    case LANE_I64:
    case LANE_DEC64:
        memcpy(values, data + (i64)from * 8, (size_t)n * 8);
        return true;
    case LANE_I128:
    case LANE_DEC128:
        return load_wide((const i128 *)data + from, n, values);
    case LANE_NUM:
        return load_nums((const Num *)data + from, nulls, n, values, scale);
    default:
        return false;
    }
}

u8 integer_width(u64 largest, EncodingKind *encoding)
{
    i32 bits = largest ? 64 - __builtin_clzll(largest) : 0;
    *encoding = bits ? ENCODING_FOR : ENCODING_CONSTANT;
    if (bits > 32)
        return 64;
    i32 aligned = bits == 0 ? 0 : bits <= 8 ? 8 : bits <= 16 ? 16 : 32;
    if ((aligned - bits) * 100 <= aligned * 15)
        return (u8)aligned;
    *encoding = ENCODING_BITPACK;
    return (u8)bits;
}

/* ---- codes ---- */

static bool is_aligned_width(u8 width)
{
    return width == 8 || width == 16 || width == 32;
}

static void store_aligned(u8 *to, u8 width, const u32 *codes, i32 n)
{
    for (i32 i = 0; width == 8 && i < n; i++)
        to[i] = (u8)codes[i];
    for (i32 i = 0; width == 16 && i < n; i++)
        ((u16 *)to)[i] = (u16)codes[i];
    if (width == 32)
        memcpy(to, codes, (size_t)n * 4);
}

bool codes_encode(u8 width, const u32 *codes, i32 n, Buffer *out, Error *error)
{
    if (width == 0)
        return true;
    i64 bytes = is_aligned_width(width) ? (i64)n * width / 8 : BLOCK_ROWS / 8 * width;
    if (!buffer_reserve(out, bytes, error))
        return false;
    u8 *to = out->data + out->len;
    out->len += bytes;
    if (is_aligned_width(width)) {
        store_aligned(to, width, codes, n);
        return true;
    }
    u32 unit[BITPACK_UNIT], words[BITPACK_LANES * 32];
    for (i32 from = 0; from < BLOCK_ROWS; from += BITPACK_UNIT) {
        i32 count = (i32)max_i64(0, min_i64(BITPACK_UNIT, n - from));
        memset(unit, 0, sizeof unit);
        if (count)
            memcpy(unit, codes + from, (size_t)count * 4);
        bitpack(unit, width, words);
        memcpy(to, words, (size_t)(BITPACK_LANES * width) * 4);
        to += BITPACK_LANES * width * 4;
    }
    return true;
}

bool codes_decode(u8 width, const u8 *bytes, i64 len, i32 n, u32 codes[BLOCK_ROWS], Error *error)
{
    i64 needed = is_aligned_width(width) ? (i64)n * width / 8 : BLOCK_ROWS / 8 * width;
    if (len < needed)
        return encoding_damaged(error);
    switch (width) {
    case 0:
        memset(codes, 0, (size_t)n * 4);
        return true;
    case 8:
        scan_loops()->widen_u8(bytes, n, codes);
        return true;
    case 16:
        scan_loops()->widen_u16((const u16 *)bytes, n, codes);
        return true;
    case 32:
        memcpy(codes, bytes, (size_t)n * 4);
        return true;
    default:
        for (i32 from = 0; from < n; from += BITPACK_UNIT)
            scan_loops()->unpack((const u32 *)bytes + from / 32 * width, width, codes + from);
        return true;
    }
}

bool integer_encode(const Segment *segment, const BlockSource *source, Buffer *out, Error *error)
{
    i64 values[BLOCK_ROWS];
    u32 codes[BLOCK_ROWS];
    i32 scale = -1;
    const u8 *nulls = source->column->nulls.len ? source->column->nulls.data + source->from : NULL;
    bool whole = integers_load(source->column, source->from, source->n, values, &scale);
    verify(whole);
    if (segment->width == 64) {
        for (i32 i = 0; i < source->n; i++)
            values[i] = nulls && nulls[i] ? 0 : (i64)((u64)values[i] - (u64)segment->base);
        return buffer_append(out, values, (i64)source->n * 8, error);
    }
    for (i32 i = 0; i < source->n; i++)
        codes[i] = nulls && nulls[i] ? 0 : (u32)((u64)values[i] - (u64)segment->base);
    return codes_encode(segment->width, codes, source->n, out, error);
}

/* ---- decoding ---- */

static void store_bits(const u32 *codes, i64 base, const u64 *valid, i32 n, u64 *to)
{
    memset(to, 0, (size_t)bit_words(n) * 8);
    for (i32 i = 0; i < n; i++)
        to[i >> 6] |= (u64)((base + codes[i]) & 1) << (i & 63);
    for (i32 w = 0; valid && w < bit_words(n); w++)
        to[w] &= valid[w];
}

static void store_nums(const u32 *codes, const u64 *wide, const Segment *segment, const u64 *valid,
                       i32 n, Num *to)
{
    u16 scale = segment->lane.kind == LANE_DEC64 ? segment->lane.scale : segment->num_scale;
    for (i32 i = 0; i < n; i++) {
        u64 code = wide ? wide[i] : codes[i];
        to[i] =
            (Num){.kind = NUM_INLINE, .scale = scale, .small = (i64)((u64)segment->base + code)};
        if (valid && !bit_get(valid, i))
            to[i] = (Num){0};
    }
}

static bool store(const Segment *segment, const u32 *codes, const u64 *wide, i32 n,
                  const BlockTarget *target, Error *error)
{
    u64 base = (u64)segment->base;
    switch (target->lane.kind) {
    case LANE_BOOL:
        if (wide)
            return encoding_damaged(error);
        store_bits(codes, segment->base, target->valid, n, target->values);
        return true;
    case LANE_I8:
        scan_loops()->store_i8(codes, wide, base, target->valid, n, target->values);
        return true;
    case LANE_I16:
        scan_loops()->store_i16(codes, wide, base, target->valid, n, target->values);
        return true;
    case LANE_I32:
        scan_loops()->store_i32(codes, wide, base, target->valid, n, target->values);
        return true;
    case LANE_I64:
    case LANE_DEC64:
        scan_loops()->store_i64(codes, wide, base, target->valid, n, target->values);
        return true;
    case LANE_I128:
    case LANE_DEC128:
        scan_loops()->store_i128(codes, wide, base, target->valid, n, target->values);
        return true;
    case LANE_NUM:
        store_nums(codes, wide, segment, target->valid, n, target->values);
        return true;
    default:
        return encoding_damaged(error);
    }
}

bool integer_store(const Segment *segment, const u32 *codes, i32 n, const BlockTarget *target,
                   Error *error)
{
    return store(segment, codes, NULL, n, target, error);
}

bool integer_decode(const Segment *segment, const u8 *bytes, i64 len, i32 n,
                    const BlockTarget *target, Error *error)
{
    u32 codes[BLOCK_ROWS];
    if (!segment->integers)
        return encoding_damaged(error);
    if (segment->width == 64)
        return len < (i64)n * 8 ? encoding_damaged(error)
                                : store(segment, NULL, (const u64 *)bytes, n, target, error);
    return codes_decode(segment->width, bytes, len, n, codes, error) &&
           store(segment, codes, NULL, n, target, error);
}
