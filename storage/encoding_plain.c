/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as they are: PLAIN for lanes of fixed width, BYTES for strings (offsets and bytes) and for
 * numerics in the byte form of num_encode. Decoded strings point into the block.
 */
#include "storage/encoding.h"

#include "base/look.h"

bool plain_encode(const Segment *segment, const BlockSource *source, Buffer *out, Error *error)
{
    i64 bytes = lane_bytes(segment->lane);
    return buffer_append(out, source->column->values.data + source->from * bytes, source->n * bytes,
                         error);
}

bool plain_decode(const Segment *segment, const u8 *bytes, i64 len, i32 n,
                  const BlockTarget *target, Error *error)
{
    i64 wanted = n * (i64)lane_bytes(segment->lane);
    if (len < wanted)
        return encoding_damaged(error);
    memcpy(target->values, bytes, (size_t)wanted);
    return true;
}

/* ---- strings ---- */

bool strings_encode(const Str *strings, i32 count, Buffer *out, Error *error)
{
    i64 total = 0;
    for (i32 i = 0; i < count; i++)
        total += strings[i].len;
    if (total > FRAME_RAW_MAX / 2)
        return error_set(error, E_PROGRAM_LIMIT_EXCEEDED, "strings of a block exceed 512 MB");
    if (!buffer_reserve(out, (count + 1) * 4 + total, error))
        return false;
    u32 *offsets = (u32 *)(out->data + out->len);
    u8 *to = (u8 *)(offsets + count + 1);
    u32 at = 0;
    for (i32 i = 0; i < count; i++) {
        offsets[i] = at;
        if (!look_copy(to + at, str_data(&strings[i]), strings[i].len, out->budget, error))
            return false;
        at += strings[i].len;
    }
    offsets[count] = at;
    out->len += (count + 1) * 4 + total;
    return true;
}

bool strings_decode(const u8 *bytes, i64 len, i32 count, Str *strings, Error *error)
{
    const u32 *offsets = (const u32 *)bytes;
    i64 head = (count + (i64)1) * 4;
    if (len < head || offsets[0] != 0 || offsets[count] > len - head)
        return encoding_damaged(error);
    const char *text = (const char *)bytes + head;
    bool ordered = true;
    for (i32 i = 0; i < count; i++)
        ordered &= offsets[i] <= offsets[i + 1];
    if (!ordered)
        return encoding_damaged(error);
    for (i32 i = 0; i < count; i++)
        strings[i] = str_from(text + offsets[i], offsets[i + 1] - offsets[i]);
    return true;
}

/* ---- numerics ---- */

static bool nums_encode(const Num *nums, i32 n, Buffer *out, Error *error)
{
    i64 head = out->len, total = 0;
    for (i32 i = 0; i < n; i++)
        total += num_encoded_bytes(nums[i]);
    if (!buffer_reserve(out, (n + 1) * 4 + total, error))
        return false;
    out->len += (n + 1) * 4;
    u32 at = 0;
    for (i32 i = 0; i < n; i++) {
        memcpy(out->data + head + i * 4, &at, 4);
        at += (u32)num_encode(nums[i], out->data + out->len);
        out->len = head + (n + 1) * 4 + at;
    }
    memcpy(out->data + head + n * 4, &at, 4);
    return true;
}

static bool nums_decode(const u8 *bytes, i64 len, i32 n, const BlockTarget *target, Error *error)
{
    Str encoded[BLOCK_ROWS];
    Num *nums = target->values;
    if (!strings_decode(bytes, len, n, encoded, error))
        return false;
    for (i32 i = 0; i < n; i++) {
        nums[i] = (Num){0};
        if (target->valid && !bit_get(target->valid, i))
            continue;
        if (!num_decode((const u8 *)str_data(&encoded[i]), encoded[i].len, target->arena, &nums[i],
                        error))
            return false;
    }
    return true;
}

bool bytes_encode(const Segment *segment, const BlockSource *source, Buffer *out, Error *error)
{
    const void *values = source->column->values.data;
    return segment->lane.kind == LANE_NUM
               ? nums_encode((const Num *)values + source->from, source->n, out, error)
               : strings_encode((const Str *)values + source->from, source->n, out, error);
}

bool bytes_decode(const Segment *segment, const u8 *bytes, i64 len, i32 n,
                  const BlockTarget *target, Error *error)
{
    return segment->lane.kind == LANE_NUM ? nums_decode(bytes, len, n, target, error)
                                          : strings_decode(bytes, len, n, target->values, error);
}
