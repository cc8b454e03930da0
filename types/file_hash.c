/* SPDX-License-Identifier: Apache-2.0
 *
 * The file hash: XXH3-64 over a canonical form of the value; written into sketches, never changed.
 *
 *   lane                          bytes hashed
 *   BOOL I8 I16 I32 I64           8: the value as i64, little-endian
 *   I128 DEC64 DEC128 NUM         number (below); one number hashes alike in all four
 *   F32 F64                       8: as double; -0 as 0, every NaN as 0x7ff8000000000000
 *   STR                           the bytes
 *   FIX16                         16: the bytes
 *   INTERVAL                      16: the normalised span in us as i128, little-endian
 *
 * number = integer * 10^exponent, the integer without trailing decimal zeros (0 has exponent 0):
 * up to 38 digits: 20 bytes: the integer as i128, the exponent as i32, little-endian; more digits:
 * the text `-` if negative, the digits, `e`, the exponent. NaN and infinities: their names.
 */
#define XXH_STATIC_LINKING_ONLY
#include "types/hash_vector.h"

#include <xxhash.h>

#include "types/digits.h"
#include "types/num_limbs.h"

static u64 file_hash_bytes(const void *bytes, i64 len)
{
    return XXH3_64bits(bytes, (size_t)len);
}

static u64 file_hash_i64(i64 value)
{
    return file_hash_bytes(&value, 8);
}

static u64 file_hash_f64(f64 value)
{
    u64 bits = 0;
    if (value != value)
        bits = 0x7ff8000000000000u;
    else if (value != 0)
        memcpy(&bits, &value, 8);
    return file_hash_bytes(&bits, 8);
}

static u64 file_hash_decimal(i128 integer, i32 exponent)
{
    if (integer == 0)
        exponent = 0;
    while (integer != 0 && integer == (i64)integer && (i64)integer % 10 == 0) {
        integer = (i64)integer / 10;
        exponent++;
    }
    while (integer != 0 && integer % 10 == 0) {
        integer /= 10;
        exponent++;
    }
    u8 bytes[20];
    memcpy(bytes, &integer, 16);
    memcpy(bytes + 16, &exponent, 4);
    return file_hash_bytes(bytes, sizeof bytes);
}

/* More than 38 digits: hashed as text, in pieces. */
static u64 file_hash_digits(const Finite *finite, i64 zeros)
{
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_64bits_reset(&state);
    if (finite->negative)
        XXH3_64bits_update(&state, "-", 1);
    for (i64 i = magnitude_digits(finite->m) - 1; i >= zeros; i--) {
        char digit = (char)('0' + magnitude_digit(finite->m, i));
        XXH3_64bits_update(&state, &digit, 1);
    }
    char exponent[16];
    i32 len = snprintf(exponent, sizeof exponent, "e%lld", (long long)(zeros - finite->scale));
    XXH3_64bits_update(&state, exponent, (size_t)len);
    return XXH3_64bits_digest(&state);
}

static u64 file_hash_num(Num num)
{
    static const Text names[] = {
        [NUM_NAN] = {"NaN", 3},
        [NUM_INFINITY] = {"Infinity", 8},
        [NUM_MINUS_INFINITY] = {"-Infinity", 9},
    };
    if (num_is_special(num))
        return file_hash_bytes(names[num.kind].data, names[num.kind].len);
    if (num.kind == NUM_INLINE)
        return file_hash_decimal(num.small, -(i32)num.scale);
    Finite finite;
    finite_open(num, &finite);
    i64 zeros = magnitude_trailing_zeros(finite.m), digits = magnitude_digits(finite.m) - zeros;
    if (digits > 38)
        return file_hash_digits(&finite, zeros);
    i128 integer = 0;
    for (i64 i = digits + zeros - 1; i >= zeros; i--)
        integer = integer * 10 + magnitude_digit(finite.m, i);
    return file_hash_decimal(finite.negative ? -integer : integer, (i32)(zeros - finite.scale));
}

u64 file_hash_value(const Value *value)
{
    if (value->null)
        return 0;
    switch (lane_kind(value->lane)) {
    case LANE_BOOL:
        return file_hash_i64(value->boolean);
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
        return file_hash_i64(value->integer);
    case LANE_DEC64:
        return file_hash_decimal(value->integer, -(i32)value->lane.scale);
    case LANE_I128:
    case LANE_DEC128:
        return file_hash_decimal(value->wide, -(i32)value->lane.scale);
    case LANE_F32:
        return file_hash_f64(value->real);
    case LANE_F64:
        return file_hash_f64(value->number);
    case LANE_STR:
        return file_hash_bytes(str_data(&value->str), value->str.len);
    case LANE_NUM:
        return file_hash_num(value->num);
    case LANE_FIX16:
        return file_hash_bytes(value->fixed, 16);
    case LANE_INTERVAL: {
        i128 span = interval_span(value->interval);
        return file_hash_bytes(&span, 16);
    }
    case LANE_NONE:
    case LANE_ROW: /* never stored */
    case LANE_LIST:
    case LANE_STRUCT:
        return 0;
    }
    unreachable();
}

void file_hash_column(const Vector *vector, i32 n, u64 *hashes)
{
    assert(vector->form == VECTOR_FLAT);
    for (i32 i = 0; i < n; i++) {
        Value value = vector_value(vector, i);
        hashes[i] = file_hash_value(&value);
    }
}
