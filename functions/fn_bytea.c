/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions of binary strings: positions count bytes; hexadecimal, base64 and escape forms; digests
 * by OpenSSL.
 */
#include "functions/text_make.h"

/* ---- cutting and searching ---- */

static bool put_bytes_from(KernelCall *call, i32 i, i64 start, bool has_count, i64 count)
{
    Text bytes = arg_text(call, 0, i);
    if (has_count && count < 0)
        return error_set(call->error, E_SUBSTRING_ERROR, "negative substring length not allowed");
    i64 from = min_i64(max_i64(start, 1) - 1, bytes.len);
    i64 to = has_count ? min_i64(start + count - 1, bytes.len) : bytes.len;
    return put_text(call, i, text_slice(bytes, from, max_i64(to, from)));
}

static inline bool bytea_substring_count(KernelCall *call, i32 i)
{
    return put_bytes_from(call, i, arg_i32(call, 1, i), true, arg_i32(call, 2, i));
}
ROW_KERNEL(bytea_substring_count)

static inline bool bytea_substring_from(KernelCall *call, i32 i)
{
    return put_bytes_from(call, i, arg_i32(call, 1, i), false, 0);
}
ROW_KERNEL(bytea_substring_from)

TEMPLATE bool put_bytes_overlaid(KernelCall *call, i32 i, i64 count)
{
    Text bytes = arg_text(call, 0, i), with = arg_text(call, 1, i);
    i64 start = arg_i32(call, 2, i), end = start + count;
    if (start <= 0)
        return error_set(call->error, E_SUBSTRING_ERROR, "negative substring length not allowed");
    if (end > INT32_MAX)
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    TextMaker maker = maker_open(call);
    maker_add(&maker, text_slice(bytes, 0, min_i64(start - 1, bytes.len)));
    maker_add(&maker, with);
    i64 rest = min_i64(max_i64(end - 1, 0), bytes.len);
    maker_add(&maker, text_slice(bytes, rest, bytes.len));
    return put_made(call, i, &maker);
}

static inline bool bytea_overlay_count(KernelCall *call, i32 i)
{
    return put_bytes_overlaid(call, i, arg_i32(call, 3, i));
}
ROW_KERNEL(bytea_overlay_count)

static inline bool bytea_overlay_all(KernelCall *call, i32 i)
{
    return put_bytes_overlaid(call, i, arg_text(call, 1, i).len);
}
ROW_KERNEL(bytea_overlay_all)

static inline bool bytea_position(KernelCall *call, i32 i)
{
    Look look = call_look(call);
    i64 at = text_search(arg_text(call, 0, i), arg_text(call, 1, i), &look);
    return !look.ended && put_i32(call, i, at == TEXT_NOT_FOUND ? 0 : (i32)at + 1);
}
ROW_KERNEL(bytea_position)

TEMPLATE bool put_bytes_trimmed(KernelCall *call, i32 i, bool start, bool end)
{
    Text bytes = arg_text(call, 0, i), set = arg_text(call, 1, i);
    i64 from = 0, to = bytes.len;
    Look look = call_look(call);
    while (start && from < to && look_goes_on(&look) &&
           text_find_byte(set, bytes.data[from]) < set.len)
        from++;
    while (end && from < to && look_goes_on(&look) &&
           text_find_byte(set, bytes.data[to - 1]) < set.len)
        to--;
    return !look.ended && put_text(call, i, text_slice(bytes, from, to));
}

static inline bool bytea_btrim(KernelCall *call, i32 i)
{
    return put_bytes_trimmed(call, i, true, true);
}
ROW_KERNEL(bytea_btrim)
static inline bool bytea_ltrim(KernelCall *call, i32 i)
{
    return put_bytes_trimmed(call, i, true, false);
}
ROW_KERNEL(bytea_ltrim)
static inline bool bytea_rtrim(KernelCall *call, i32 i)
{
    return put_bytes_trimmed(call, i, false, true);
}
ROW_KERNEL(bytea_rtrim)

/* ---- bits and bytes ---- */

static inline bool bytea_bit_count(KernelCall *call, i32 i)
{
    Text bytes = arg_text(call, 0, i);
    i64 count = 0;
    Look look = call_look(call);
    for (i64 from = 0; from < bytes.len && look_goes_on(&look); from += BYTES_PER_LOOK) {
        i64 to = min_i64(bytes.len, from + BYTES_PER_LOOK);
        for (i64 k = from; k < to; k++)
            count += __builtin_popcount((u8)bytes.data[k]);
        look_passed(&look, to - from);
    }
    return !look.ended && put_i64(call, i, count);
}
ROW_KERNEL(bytea_bit_count)

static bool check_index(KernelCall *call, i64 index, i64 count)
{
    if (index >= 0 && index < count)
        return true;
    return error_set(call->error, E_ARRAY_SUBSCRIPT_ERROR, "index %lld out of valid range, 0..%lld",
                     (long long)index, (long long)count - 1);
}

static inline bool bytea_get_bit(KernelCall *call, i32 i)
{
    Text bytes = arg_text(call, 0, i);
    i64 bit = arg_i64(call, 1, i);
    return check_index(call, bit, bytes.len * 8) &&
           put_i32(call, i, (u8)bytes.data[bit / 8] >> (bit % 8) & 1);
}
ROW_KERNEL(bytea_get_bit)

static inline bool bytea_get_byte(KernelCall *call, i32 i)
{
    Text bytes = arg_text(call, 0, i);
    i32 index = arg_i32(call, 1, i);
    return check_index(call, index, bytes.len) && put_i32(call, i, (u8)bytes.data[index]);
}
ROW_KERNEL(bytea_get_byte)

/* A copy of the bytes with the byte at index replaced. */
static bool put_with_byte(KernelCall *call, i32 i, Text bytes, i64 index, u8 byte)
{
    char *copy = result_bytes(call, bytes.len);
    if (!copy || !look_copy(copy, bytes.data, bytes.len, call->arena->budget, call->error))
        return false;
    copy[index] = (char)byte;
    return put_text(call, i, (Text){copy, bytes.len});
}

static inline bool bytea_set_bit(KernelCall *call, i32 i)
{
    Text bytes = arg_text(call, 0, i);
    i64 bit = arg_i64(call, 1, i);
    i32 value = arg_i32(call, 2, i);
    if (!check_index(call, bit, bytes.len * 8))
        return false;
    if (value != 0 && value != 1)
        return error_set(call->error, E_INVALID_PARAMETER_VALUE, "new bit must be 0 or 1");
    u8 byte = (u8)bytes.data[bit / 8], mask = (u8)(1 << (bit % 8));
    return put_with_byte(call, i, bytes, bit / 8, value ? byte | mask : byte & (u8)~mask);
}
ROW_KERNEL(bytea_set_bit)

static inline bool bytea_set_byte(KernelCall *call, i32 i)
{
    Text bytes = arg_text(call, 0, i);
    i32 index = arg_i32(call, 1, i);
    return check_index(call, index, bytes.len) &&
           put_with_byte(call, i, bytes, index, (u8)arg_i32(call, 2, i));
}
ROW_KERNEL(bytea_set_byte)

/* ---- digests ---- */

static bool digest_pieces(const KernelCall *call, EVP_MD_CTX *context, const EVP_MD *kind,
                          Text bytes, u8 *out, unsigned *len)
{
    bool good = context && EVP_DigestInit_ex(context, kind, NULL);
    for (i64 at = 0; at < bytes.len && good && call_goes_on(call); at += BYTES_PER_LOOK)
        good = EVP_DigestUpdate(context, bytes.data + at,
                                (size_t)min_i64(bytes.len - at, BYTES_PER_LOOK));
    return good && EVP_DigestFinal_ex(context, out, len);
}

bool digest_make(const KernelCall *call, const EVP_MD *kind, Text bytes, u8 *out, unsigned *len)
{
    bool good;
    if (bytes.len <= BYTES_PER_LOOK) {
        good = EVP_Digest(bytes.data, (size_t)bytes.len, out, len, kind, NULL);
    } else {
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        good = digest_pieces(call, context, kind, bytes, out, len);
        EVP_MD_CTX_free(context);
    }
    if (!good)
        return error_set(call->error, E_INTERNAL_ERROR, "could not compute a hash");
    return call_goes_on(call);
}

TEMPLATE bool put_digest(KernelCall *call, i32 i, const EVP_MD *(*digest)(void))
{
    Text bytes = arg_text(call, 0, i);
    unsigned len = 0;
    char *out = result_bytes(call, EVP_MAX_MD_SIZE);
    if (!out)
        return false;
    return digest_make(call, digest(), bytes, (u8 *)out, &len) &&
           put_text(call, i, (Text){out, len});
}

static inline bool bytea_sha224(KernelCall *call, i32 i)
{
    return put_digest(call, i, EVP_sha224);
}
ROW_KERNEL(bytea_sha224)
static inline bool bytea_sha256(KernelCall *call, i32 i)
{
    return put_digest(call, i, EVP_sha256);
}
ROW_KERNEL(bytea_sha256)
static inline bool bytea_sha384(KernelCall *call, i32 i)
{
    return put_digest(call, i, EVP_sha384);
}
ROW_KERNEL(bytea_sha384)
static inline bool bytea_sha512(KernelCall *call, i32 i)
{
    return put_digest(call, i, EVP_sha512);
}
ROW_KERNEL(bytea_sha512)

/* ---- encode ---- */

static void encode_hex(TextMaker *maker, Text bytes)
{
    if (!maker_reserve(maker, bytes.len * 2))
        return;
    for (i64 k = 0; k < bytes.len && !maker->failed; k++) {
        maker_byte(maker, "0123456789abcdef"[(u8)bytes.data[k] >> 4]);
        maker_byte(maker, "0123456789abcdef"[(u8)bytes.data[k] & 15]);
    }
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
enum { BASE64_LINE = 76 };

/* Lines of 76 characters, as RFC 2045 has them, without a line end at the very end. */
static void encode_base64(TextMaker *maker, Text bytes)
{
    i64 column = 0;
    for (i64 k = 0; k < bytes.len && !maker->failed; k += 3, column += 4) {
        u32 group = (u32)(u8)bytes.data[k] << 16;
        i64 left = bytes.len - k;
        if (left > 1)
            group |= (u32)(u8)bytes.data[k + 1] << 8;
        if (left > 2)
            group |= (u8)bytes.data[k + 2];
        if (column == BASE64_LINE) {
            maker_byte(maker, '\n');
            column = 0;
        }
        maker_byte(maker, base64_digits[group >> 18]);
        maker_byte(maker, base64_digits[group >> 12 & 63]);
        maker_byte(maker, left > 1 ? base64_digits[group >> 6 & 63] : '=');
        maker_byte(maker, left > 2 ? base64_digits[group & 63] : '=');
    }
}

static void encode_escape(TextMaker *maker, Text bytes)
{
    for (i64 k = 0; k < bytes.len && !maker->failed; k++) {
        u8 c = (u8)bytes.data[k];
        if (c == 0 || c >= 0x80) {
            char octal[4] = {'\\', (char)('0' + (c >> 6)), (char)('0' + (c >> 3 & 7)),
                             (char)('0' + (c & 7))};
            maker_add(maker, (Text){octal, 4});
            continue;
        }
        if (c == '\\')
            maker_byte(maker, '\\');
        maker_byte(maker, (char)c);
    }
}

static bool unknown_encoding(KernelCall *call, Text name)
{
    return error_set(call->error, E_INVALID_PARAMETER_VALUE, "unrecognized encoding: \"%.*s\"",
                     ERROR_TEXT(name));
}

static inline bool encode_bytes(KernelCall *call, i32 i)
{
    Text bytes = arg_text(call, 0, i), name = arg_text(call, 1, i);
    TextMaker maker = maker_open(call);
    if (text_equal_ignoring_case(name, TEXT("hex")))
        encode_hex(&maker, bytes);
    else if (text_equal_ignoring_case(name, TEXT("base64")))
        encode_base64(&maker, bytes);
    else if (text_equal_ignoring_case(name, TEXT("escape")))
        encode_escape(&maker, bytes);
    else
        return unknown_encoding(call, name);
    return put_made(call, i, &maker);
}
ROW_KERNEL(encode_bytes)

/* ---- decode ---- */

static bool is_white(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static i32 hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 16;
}

static bool decode_hex(TextMaker *maker, Text text, Look *look)
{
    i32 high = 16;
    for (i64 k = 0; k < text.len && !maker->failed && look_goes_on(look); k++) {
        char c = text.data[k];
        if (high == 16 && is_white(c))
            continue;
        i32 digit = hex_digit(c);
        if (digit == 16)
            return error_set(maker->error, E_INVALID_PARAMETER_VALUE,
                             "invalid hexadecimal digit: \"%.*s\"", utf8_width((u8)c),
                             text.data + k);
        if (high == 16) {
            high = digit;
            continue;
        }
        maker_byte(maker, (char)(high << 4 | digit));
        high = 16;
    }
    if (high != 16 && !maker->failed && !look->ended)
        return error_set(maker->error, E_INVALID_PARAMETER_VALUE,
                         "invalid hexadecimal data: odd number of digits");
    return true;
}

static bool base64_end(TextMaker *maker, bool incomplete)
{
    error_set(maker->error, E_INVALID_PARAMETER_VALUE, "invalid base64 end sequence");
    if (incomplete)
        error_hint(maker->error,
                   "Input data is missing padding, is truncated, or is otherwise corrupted.");
    return false;
}

static bool decode_base64(TextMaker *maker, Text text, Look *look)
{
    u32 group = 0;
    i32 digits = 0, padding = 0;
    for (i64 k = 0; k < text.len && !maker->failed && look_goes_on(look); k++) {
        char c = text.data[k];
        const char *digit = c ? strchr(base64_digits, c) : NULL;
        if (is_white(c))
            continue;
        if (c == '=') {
            if (digits < 2 || padding == 2 || (padding == 0 && digits != 2 && digits != 3))
                return base64_end(maker, false);
            padding++;
        } else if (!digit || padding)
            return error_set(maker->error, E_INVALID_PARAMETER_VALUE,
                             "invalid symbol \"%.*s\" found while decoding base64 sequence",
                             utf8_width((u8)c), text.data + k);
        group = group << 6 | (u32)(c == '=' ? 0 : digit - base64_digits);
        if (++digits < 4)
            continue;
        maker_byte(maker, (char)(group >> 16));
        if (padding < 2)
            maker_byte(maker, (char)(group >> 8));
        if (padding < 1)
            maker_byte(maker, (char)group);
        group = 0;
        digits = 0;
    }
    return digits == 0 || maker->failed || look->ended || base64_end(maker, true);
}

static bool is_octal(Text text, i64 at)
{
    return at + 3 < text.len && text.data[at + 1] >= '0' && text.data[at + 1] <= '3' &&
           text.data[at + 2] >= '0' && text.data[at + 2] <= '7' && text.data[at + 3] >= '0' &&
           text.data[at + 3] <= '7';
}

static bool decode_escape(TextMaker *maker, Text text)
{
    for (i64 k = 0; k < text.len && !maker->failed; k++) {
        if (text.data[k] != '\\') {
            maker_byte(maker, text.data[k]);
        } else if (is_octal(text, k)) {
            maker_byte(maker, (char)((text.data[k + 1] - '0') << 6 | (text.data[k + 2] - '0') << 3 |
                                     (text.data[k + 3] - '0')));
            k += 3;
        } else if (k + 1 < text.len && text.data[k + 1] == '\\') {
            maker_byte(maker, '\\');
            k++;
        } else
            return error_set(maker->error, E_INVALID_TEXT_REPRESENTATION,
                             "invalid input syntax for type %s", "bytea");
    }
    return true;
}

static inline bool decode_bytes(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i), name = arg_text(call, 1, i);
    TextMaker maker = maker_open(call);
    Look look = call_look(call);
    bool good;
    if (text_equal_ignoring_case(name, TEXT("hex")))
        good = decode_hex(&maker, text, &look);
    else if (text_equal_ignoring_case(name, TEXT("base64")))
        good = decode_base64(&maker, text, &look);
    else if (text_equal_ignoring_case(name, TEXT("escape")))
        good = decode_escape(&maker, text);
    else
        return unknown_encoding(call, name);
    return good && !look.ended && put_made(call, i, &maker);
}
ROW_KERNEL(decode_bytes)

// clang-format off
static const KernelRow rows[] = {
    {OP_BYTEA_SUBSTRING, bytea_substring_count_kernel, 3, {LANE_STR, LANE_I32, LANE_I32},           LANE_STR, SCALE_FREE},
    {OP_BYTEA_SUBSTRING, bytea_substring_from_kernel,  2, {LANE_STR, LANE_I32},                     LANE_STR, SCALE_FREE},
    {OP_BYTEA_OVERLAY,   bytea_overlay_count_kernel,   4, {LANE_STR, LANE_STR, LANE_I32, LANE_I32}, LANE_STR, SCALE_FREE},
    {OP_BYTEA_OVERLAY,   bytea_overlay_all_kernel,     3, {LANE_STR, LANE_STR, LANE_I32},           LANE_STR, SCALE_FREE},
    {OP_BYTEA_POSITION,  bytea_position_kernel,        2, {LANE_STR, LANE_STR},                     LANE_I32, SCALE_FREE},
    {OP_BYTEA_BTRIM,     bytea_btrim_kernel,           2, {LANE_STR, LANE_STR},                     LANE_STR, SCALE_FREE},
    {OP_BYTEA_LTRIM,     bytea_ltrim_kernel,           2, {LANE_STR, LANE_STR},                     LANE_STR, SCALE_FREE},
    {OP_BYTEA_RTRIM,     bytea_rtrim_kernel,           2, {LANE_STR, LANE_STR},                     LANE_STR, SCALE_FREE},
    {OP_BIT_COUNT,       bytea_bit_count_kernel,       1, {LANE_STR},                               LANE_I64, SCALE_FREE},
    {OP_GET_BIT,         bytea_get_bit_kernel,         2, {LANE_STR, LANE_I64},                     LANE_I32, SCALE_FREE},
    {OP_GET_BYTE,        bytea_get_byte_kernel,        2, {LANE_STR, LANE_I32},                     LANE_I32, SCALE_FREE},
    {OP_SET_BIT,         bytea_set_bit_kernel,         3, {LANE_STR, LANE_I64, LANE_I32},           LANE_STR, SCALE_FREE},
    {OP_SET_BYTE,        bytea_set_byte_kernel,        3, {LANE_STR, LANE_I32, LANE_I32},           LANE_STR, SCALE_FREE},
    {OP_SHA224,          bytea_sha224_kernel,          1, {LANE_STR},                               LANE_STR, SCALE_FREE},
    {OP_SHA256,          bytea_sha256_kernel,          1, {LANE_STR},                               LANE_STR, SCALE_FREE},
    {OP_SHA384,          bytea_sha384_kernel,          1, {LANE_STR},                               LANE_STR, SCALE_FREE},
    {OP_SHA512,          bytea_sha512_kernel,          1, {LANE_STR},                               LANE_STR, SCALE_FREE},
    {OP_ENCODE,          encode_bytes_kernel,          2, {LANE_STR, LANE_STR},                     LANE_STR, SCALE_FREE},
    {OP_DECODE,          decode_bytes_kernel,          2, {LANE_STR, LANE_STR},                     LANE_STR, SCALE_FREE},
};
// clang-format on

const KernelTable bytea_kernels = {rows, countof(rows)};
