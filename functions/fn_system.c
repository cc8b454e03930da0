/* SPDX-License-Identifier: Apache-2.0
 *
 * Information functions that need neither catalogue nor session, and uuid generation. The rest of
 * chapter 9.26 has rows in fn_table.c and kernels on higher floors (operation_attach).
 */
#include <openssl/rand.h>

#include "functions/text_make.h"
#include "types/text_out.h"

static inline bool gen_random_uuid(KernelCall *call, i32 i)
{
    u8 *bytes = (u8 *)call->result->values + (i64)i * 16;
    if (RAND_bytes(bytes, 16) != 1)
        return error_set(call->error, E_INTERNAL_ERROR, "could not generate random values");
    bytes[6] = (u8)((bytes[6] & 0x0f) | 0x40); /* RFC 4122: version 4 */
    bytes[8] = (u8)((bytes[8] & 0x3f) | 0x80); /* variant 1 */
    return true;
}
ROW_KERNEL(gen_random_uuid)

static inline bool pg_typeof(KernelCall *call, i32 i)
{
    return put_i64(call, i, call->args[0].type.oid);
}
ROW_KERNEL_ALL(pg_typeof)

/* ---- sizes ---- */

typedef struct SizeUnit {
    const char *name;
    i32 shift; /* one of it is 2^shift bytes */
} SizeUnit;
static const SizeUnit size_units[] = {{"bytes", 0}, {"kB", 10}, {"MB", 20},
                                      {"GB", 30},   {"TB", 40}, {"PB", 50}};

/* PostgreSQL's rule: a unit serves while the size is below 10,240 of it (bytes) or the rounded
 * number below 10,240; halves are rounded away from zero. */
static inline bool size_pretty_i64(KernelCall *call, i32 i)
{
    i64 size = arg_i64(call, 0, i);
    u64 magnitude = size < 0 ? 0 - (u64)size : (u64)size;
    i32 unit = 0;
    u64 shown = magnitude;
    char digits[32];
    while (unit + 1 < countof(size_units) && shown >= 10240) {
        unit++;
        i32 shift = size_units[unit].shift;
        shown = (magnitude >> (shift - 1)) + 1;
        shown >>= 1;
    }
    TextMaker maker = maker_open(call);
    if (size < 0)
        maker_byte(&maker, '-');
    maker_add(&maker, (Text){digits, i64_print((i64)shown, digits)});
    maker_byte(&maker, ' ');
    maker_add(&maker, text_from(size_units[unit].name));
    return put_made(call, i, &maker);
}
ROW_KERNEL(size_pretty_i64)

/* The number in units of 2^shift bytes, rounded half away from zero. */
static bool size_in_unit(KernelCall *call, Num size, i32 shift, Num *shown)
{
    Num quotient;
    if (shift == 0) {
        *shown = size;
        return true;
    }
    return num_div_pg(size, num_from_i64((i64)1 << shift), call->arena, &quotient, call->error) &&
           num_round(quotient, 0, call->arena, shown, call->error);
}

static inline bool size_pretty_num(KernelCall *call, i32 i)
{
    Num size = arg_num(call, 0, i), shown = size;
    i32 unit = 0;
    while (unit + 1 < countof(size_units) && num_compare(num_abs(shown), num_from_i64(10240)) >= 0)
        if (!size_in_unit(call, size, size_units[++unit].shift, &shown))
            return false;
    TextMaker maker = maker_open(call);
    if (!maker_reserve(&maker, num_text_bytes(shown)))
        return false;
    maker.len = num_print(shown, maker.bytes);
    maker_byte(&maker, ' ');
    maker_add(&maker, text_from(size_units[unit].name));
    return put_made(call, i, &maker);
}
ROW_KERNEL(size_pretty_num)

static bool invalid_size(KernelCall *call, Text text)
{
    return error_set(call->error, E_INVALID_PARAMETER_VALUE, "invalid size: \"%.*s\"",
                     ERROR_TEXT(text));
}

/* Bytes of the number in front of the unit of a size text. */
static i64 number_bytes(Text text)
{
    i64 at = 0;
    while (at < text.len && strchr("+-0123456789.", text.data[at]))
        at++;
    if (at > 0 && at + 1 < text.len && (text.data[at] == 'e' || text.data[at] == 'E') &&
        strchr("+-0123456789", text.data[at + 1])) {
        at += 2;
        while (at < text.len && text.data[at] >= '0' && text.data[at] <= '9')
            at++;
    }
    return at;
}

static bool unit_shift(Text unit, i32 *shift)
{
    static const SizeUnit names[] = {{"", 0},    {"b", 0},   {"bytes", 0}, {"kb", 10},
                                     {"mb", 20}, {"gb", 30}, {"tb", 40},   {"pb", 50}};
    for (i32 k = 0; k < countof(names); k++)
        if (text_equal_ignoring_case(unit, text_from(names[k].name))) {
            *shift = names[k].shift;
            return true;
        }
    return false;
}

static inline bool size_bytes(KernelCall *call, i32 i)
{
    Text original = arg_text(call, 0, i), text = text_trim(original);
    i64 digits = number_bytes(text), bytes;
    i32 shift;
    Num number, product;
    Error ignored;
    if (digits == 0 || !num_parse((Text){text.data, digits}, call->arena, &number, &ignored))
        return invalid_size(call, original);
    Text unit = text_trim(text_slice(text, digits, text.len));
    if (!unit_shift(unit, &shift)) {
        invalid_size(call, original);
        error_detail(call->error, "Invalid size unit: \"%.*s\".", ERROR_TEXT(unit));
        return error_hint(call->error, "Valid units are \"bytes\", \"B\", \"kB\", \"MB\", "
                                       "\"GB\", \"TB\", and \"PB\".");
    }
    if (!num_multiply(number, num_from_i64((i64)1 << shift), call->arena, &product, call->error))
        return false;
    if (!num_to_i64(product, &bytes))
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range");
    return put_i64(call, i, bytes);
}
ROW_KERNEL(size_bytes)

/* ---- encodings ---- */

enum { ENCODING_SQL_ASCII = 0, ENCODING_UTF8 = 6, ENCODING_LATIN1 = 8 };

/* Names of the encodings a client of this server can meet; others are the empty text. */
static inline bool encoding_name(KernelCall *call, i32 i)
{
    switch (arg_i32(call, 0, i)) {
    case ENCODING_SQL_ASCII:
        return put_text(call, i, TEXT("SQL_ASCII"));
    case ENCODING_UTF8:
        return put_text(call, i, TEXT("UTF8"));
    case ENCODING_LATIN1:
        return put_text(call, i, TEXT("LATIN1"));
    default:
        return put_text(call, i, TEXT(""));
    }
}
ROW_KERNEL(encoding_name)

// clang-format off
static const KernelRow rows[] = {
    {OP_GEN_RANDOM_UUID,     gen_random_uuid_kernel, 0, {0},        LANE_FIX16, SCALE_FREE},
    {OP_PG_TYPEOF,           pg_typeof_kernel,       1, {LANE_ANY}, LANE_I64,   SCALE_FREE},
    {OP_PG_SIZE_PRETTY,      size_pretty_i64_kernel, 1, {LANE_I64}, LANE_STR,   SCALE_FREE},
    {OP_PG_SIZE_PRETTY,      size_pretty_num_kernel, 1, {LANE_NUM}, LANE_STR,   SCALE_FREE},
    {OP_PG_SIZE_BYTES,       size_bytes_kernel,      1, {LANE_STR}, LANE_I64,   SCALE_FREE},
    {OP_PG_ENCODING_TO_CHAR, encoding_name_kernel,   1, {LANE_I32}, LANE_STR,   SCALE_FREE},
};
// clang-format on

const KernelTable system_kernels = {rows, countof(rows)};
