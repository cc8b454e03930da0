/* SPDX-License-Identifier: Apache-2.0
 *
 * Num as bytes that stand alone, for storage and spill.
 *
 *   offset  bytes  what
 *   0       1      kind (NUM_INLINE .. NUM_MINUS_INFINITY), bit 7: negative limbs
 *   1       2      scale, little-endian; absent for NaN and the infinities
 *   3       0..8   inline: the shortest two's complement, little-endian; zero has none
 *   3       4 * n  limbs: little-endian u32, least significant first
 *
 * Each value has one form per scale; decoding refuses any other bytes.
 */
#include "types/num.h"
#include "types/num_limbs.h"

enum { HEADER_BYTES = 3, NEGATIVE_BIT = 0x80 };

/* Bytes of the shortest two's complement; 0 for 0. */
static i64 small_bytes(i64 value)
{
    i64 bytes = 0;
    while (bytes < 8 &&
           (bytes == 0 ? value != 0
                       : value != (i64)((u64)value << (64 - 8 * bytes)) >> (64 - 8 * bytes)))
        bytes++;
    return bytes;
}

i64 num_encoded_bytes(Num num)
{
    if (num_is_special(num))
        return 1;
    if (num.kind == NUM_INLINE)
        return HEADER_BYTES + small_bytes(num.small);
    return HEADER_BYTES + (i64)num.count * 4;
}

i64 num_encode(Num num, u8 *out)
{
    out[0] = (u8)(num.kind | (num.kind == NUM_LIMBS && num.negative ? NEGATIVE_BIT : 0));
    if (num_is_special(num))
        return 1;
    memcpy(out + 1, &num.scale, 2);
    i64 bytes = num_encoded_bytes(num);
    if (num.kind == NUM_INLINE)
        memcpy(out + HEADER_BYTES, &num.small, (size_t)(bytes - HEADER_BYTES));
    else
        memcpy(out + HEADER_BYTES, num.limbs, (size_t)(bytes - HEADER_BYTES));
    return bytes;
}

static bool corrupt(Error *error)
{
    return error_set(error, E_DATA_CORRUPTED, "invalid numeric value in stored data");
}

static bool decode_small(const u8 *bytes, i64 len, u16 scale, Num *num, Error *error)
{
    if (len > 8)
        return corrupt(error);
    u64 value = 0;
    for (i64 i = 0; i < len; i++)
        value |= (u64)bytes[i] << (8 * i);
    if (len > 0 && len < 8 && bytes[len - 1] & 0x80)
        value |= ~(u64)0 << (8 * len);
    if (small_bytes((i64)value) != len)
        return corrupt(error);
    *num = (Num){.kind = NUM_INLINE, .scale = scale, .small = (i64)value};
    return true;
}

static bool decode_limbs(const u8 *bytes, i64 len, u16 scale, bool negative, Room room, Num *num)
{
    i64 count = len / 4;
    if (len % 4 != 0 || count == 0 || count > 32768)
        return corrupt(room.error);
    u32 *limbs = arena_try(room.arena, len, room.error);
    if (!limbs)
        return false;
    memcpy(limbs, bytes, (size_t)len);
    for (i64 i = 0; i < count; i++)
        if (limbs[i] >= NUM_LIMB)
            return corrupt(room.error);
    Error ignored; /* a value out of range is damage here, not a user's overflow */
    if (limbs[count - 1] == 0 || !num_make((Room){.arena = room.arena, .error = &ignored}, negative,
                                           (Magnitude){limbs, (i32)count}, scale, num))
        return corrupt(room.error);
    return num->kind == NUM_LIMBS || corrupt(room.error);
}

bool num_decode(const u8 *bytes, i64 len, Arena *arena, Num *num, Error *error)
{
    if (len < 1)
        return corrupt(error);
    u8 kind = bytes[0] & (u8)~NEGATIVE_BIT;
    bool negative = bytes[0] & NEGATIVE_BIT;
    if (kind > NUM_MINUS_INFINITY || (negative && kind != NUM_LIMBS))
        return corrupt(error);
    if (kind >= NUM_NAN) {
        *num = num_special(kind);
        return len == 1 || corrupt(error);
    }
    u16 scale;
    if (len < HEADER_BYTES)
        return corrupt(error);
    memcpy(&scale, bytes + 1, 2);
    if (scale > NUM_SCALE_MAX)
        return corrupt(error);
    bytes += HEADER_BYTES;
    len -= HEADER_BYTES;
    if (kind == NUM_INLINE)
        return decode_small(bytes, len, scale, num, error);
    return decode_limbs(bytes, len, scale, negative, (Room){.arena = arena, .error = error}, num);
}
