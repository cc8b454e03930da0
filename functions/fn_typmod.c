/* SPDX-License-Identifier: Apache-2.0
 *
 * Casts that apply a type modifier, casts of the string types, casts through text, and values that
 * only change their type.
 *
 * numeric(p,s) is applied in every decimal lane, to every decimal lane: the value is rounded to the
 * declared scale, checked against the precision and written at the result lane's scale. varchar(n)
 * and char(n) cut silently only in an explicit cast; else cutting anything but blanks is 22001.
 */
#include "functions/text_make.h"
#include "types/decimal.h"
#include "types/text_in.h"
#include "types/text_out.h"
#include "types/timestamp.h"

/* ---- numeric(p,s) ---- */

/* Rounds a NUM to the declared precision and scale and writes it in the result's lane. */
static bool put_declared_num(KernelCall *call, i32 i, Num num)
{
    i32 typmod = arg_i32(call, 1, i);
    LaneKind to = lane_kind(call->result->lane);
    i128 value;
    if (typmod != TYPMOD_NONE && !num_apply_typmod(&num, typmod, call->arena, call->error))
        return false;
    if (to == LANE_NUM)
        return put_num(call, i, num);
    if (num.kind >= NUM_NAN)
        return error_set(call->error, E_FEATURE_NOT_SUPPORTED,
                         "NaN in a numeric column of fixed precision is not supported");
    if (!num_to_i128(num, call->result->lane.scale, &value) ||
        (to == LANE_DEC64 && value != (i64)value))
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow");
    return to == LANE_DEC64 ? put_i64(call, i, (i64)value) : put_i128(call, i, value);
}

/* The same for a scaled integer, without a NUM where everything fits. */
static bool put_declared_exact(KernelCall *call, i32 i, i128 value)
{
    i32 typmod = arg_i32(call, 1, i), from = call->args[0].lane.scale;
    i32 to = call->result->lane.scale;
    LaneKind kind = lane_kind(call->result->lane);
    i128 rounded;
    Num num;
    if (kind != LANE_NUM && typmod != TYPMOD_NONE && numeric_typmod_scale(typmod) == to &&
        numeric_typmod_precision(typmod) <= DECIMAL128_DIGITS &&
        decimal_rescale(value, from, to, &rounded) &&
        decimal_fits(rounded, numeric_typmod_precision(typmod)))
        return kind == LANE_DEC64 ? put_i64(call, i, (i64)rounded) : put_i128(call, i, rounded);
    return num_from_i128(value, from, call->arena, &num, call->error) &&
           put_declared_num(call, i, num);
}

static inline bool numeric_typmod_num(KernelCall *call, i32 i)
{
    return put_declared_num(call, i, arg_num(call, 0, i));
}
ROW_KERNEL(numeric_typmod_num)
static inline bool numeric_typmod_dec64(KernelCall *call, i32 i)
{
    return put_declared_exact(call, i, arg_i64(call, 0, i));
}
ROW_KERNEL(numeric_typmod_dec64)
static inline bool numeric_typmod_dec128(KernelCall *call, i32 i)
{
    return put_declared_exact(call, i, arg_i128(call, 0, i));
}
ROW_KERNEL(numeric_typmod_dec128)

/* ---- varchar(n), char(n), name ---- */

enum { LENGTH_TYPMOD_HEADER = 4 };

/* The text cut to the declared number of characters. */
static bool cut_declared(KernelCall *call, i32 i, const char *type, Text *text)
{
    i32 typmod = arg_i32(call, 1, i);
    if (typmod < LENGTH_TYPMOD_HEADER)
        return true;
    i64 declared = typmod - LENGTH_TYPMOD_HEADER;
    Look look = call_look(call);
    i64 end = text->len <= declared ? text->len : text_skip(*text, declared, &look);
    Text rest = text_slice(*text, end, text->len);
    if (look.ended)
        return false;
    if (!arg_bool(call, 2, i) && text_without_blanks(rest).len > 0)
        return error_set(call->error, E_STRING_DATA_RIGHT_TRUNCATION,
                         "value too long for type %s(%lld)", type, (long long)declared);
    text->len = end;
    return true;
}

static inline bool varchar_typmod(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    return cut_declared(call, i, "character varying", &text) && put_text(call, i, text);
}
ROW_KERNEL(varchar_typmod)

static inline bool bpchar_typmod(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    return cut_declared(call, i, "character", &text) &&
           put_text(call, i, text_without_blanks(text));
}
ROW_KERNEL(bpchar_typmod)

/* char(n) as a value of no declared length, which carries its blanks; and that without them. */
static inline bool bpchar_pad(KernelCall *call, i32 i)
{
    Text text = padded_text(call, 0, i);
    return text.data && put_text(call, i, text);
}
ROW_KERNEL(bpchar_pad)
static inline bool bpchar_strip(KernelCall *call, i32 i)
{
    return put_text(call, i, text_without_blanks(arg_text(call, 0, i)));
}
ROW_KERNEL(bpchar_strip)

enum { NAME_BYTES_MAX = 63 };

static inline bool text_to_name(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    return put_text(call, i, text_slice(text, 0, utf8_cut(text, NAME_BYTES_MAX)));
}
ROW_KERNEL(text_to_name)

static inline bool text_to_char(KernelCall *call, i32 i)
{
    Text byte;
    return char_parse(arg_text(call, 0, i), call->arena, &byte, call->error) &&
           put_text(call, i, byte);
}
ROW_KERNEL(text_to_char)

/* The text of a "char" depends on no setting, so that its casts are immutable. */
static inline bool char_to_text(KernelCall *call, i32 i)
{
    static const FormatSettings format;
    Text text;
    Value value = vector_value(&call->args[0], arg_index(call, 0, i));
    return text_out_value(type_of(TYPE_CHAR), &value, &format, call->arena, &text, call->error) &&
           put_text(call, i, text);
}
ROW_KERNEL(char_to_text)

static inline bool char_to_int4(KernelCall *call, i32 i)
{
    Text text = arg_text(call, 0, i);
    return put_i32(call, i, text.len ? (i8)text.data[0] : 0);
}
ROW_KERNEL(char_to_int4)

static inline bool int4_to_char(KernelCall *call, i32 i)
{
    i32 value = arg_i32(call, 0, i);
    char byte = (char)value;
    if (value < INT8_MIN || value > INT8_MAX)
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "\"char\" out of range");
    return put_text(call, i, (Text){&byte, value != 0});
}
ROW_KERNEL(int4_to_char)

static inline bool bool_to_text(KernelCall *call, i32 i)
{
    return put_text(call, i, arg_bool(call, 0, i) ? TEXT("true") : TEXT("false"));
}
ROW_KERNEL(bool_to_text)

/* ---- oid ---- */

static inline bool int8_to_oid(KernelCall *call, i32 i)
{
    i64 value = arg_i64(call, 0, i);
    if (value < 0 || value > UINT32_MAX)
        return error_set(call->error, E_NUMERIC_VALUE_OUT_OF_RANGE, "OID out of range");
    return put_i64(call, i, value);
}
ROW_KERNEL(int8_to_oid)

static inline bool int4_to_oid(KernelCall *call, i32 i)
{
    return put_i64(call, i, (u32)arg_i32(call, 0, i));
}
ROW_KERNEL(int4_to_oid)

static inline bool oid_to_int4(KernelCall *call, i32 i)
{
    return put_i32(call, i, (i32)(u32)arg_i64(call, 0, i));
}
ROW_KERNEL(oid_to_int4)

/* ---- times ---- */

static inline bool timestamp_typmod(KernelCall *call, i32 i)
{
    *result_i64(call, i) = arg_i64(call, 0, i);
    return timestamp_apply_typmod(result_i64(call, i), arg_i32(call, 1, i), call->error);
}
ROW_KERNEL(timestamp_typmod)

static inline bool time_typmod(KernelCall *call, i32 i)
{
    *result_i64(call, i) = arg_i64(call, 0, i);
    return time_apply_typmod(result_i64(call, i), arg_i32(call, 1, i), call->error);
}
ROW_KERNEL(time_typmod)

static inline bool interval_typmod(KernelCall *call, i32 i)
{
    *result_interval(call, i) = arg_interval(call, 0, i);
    return interval_apply_typmod(result_interval(call, i), arg_i32(call, 1, i), call->error);
}
ROW_KERNEL(interval_typmod)

/* ---- the same value, and casts through text ---- */

static KernelStatus relabel_kernel(KernelCall *call)
{
    bool constant = call->args[0].form == VECTOR_CONSTANT && call->n > 1;
    i32 bytes = lane_bytes(call->args[0].lane);
    if (!constant && bytes) {
        memcpy(call->result->values, call->args[0].values, (size_t)bytes * (size_t)call->n);
        return KERNEL_OK;
    }
    for (i32 i = 0; i < call->n; i++) {
        i32 from = arg_index(call, 0, i);
        if (bytes)
            memcpy((u8 *)call->result->values + (i64)i * bytes,
                   (const u8 *)call->args[0].values + (i64)from * bytes, (size_t)bytes);
        else
            put_bool(call, i, arg_bool(call, 0, i));
    }
    return KERNEL_OK;
}

static inline bool to_text(KernelCall *call, i32 i)
{
    Text text;
    return any_text(call, 0, i, &text) && put_text(call, i, text);
}
ROW_KERNEL(to_text)

static inline bool from_text(KernelCall *call, i32 i)
{
    TextIn in = {.type = call->result->type,
                 .lane = call->result->lane,
                 .format = &call->env->format,
                 .arena = call->arena};
    Value value;
    if (!text_in_value(&in, arg_text(call, 0, i), &value, call->error))
        return false;
    vector_set(call->result, i, &value);
    return true;
}
ROW_KERNEL(from_text)

// clang-format off
#define STR LANE_STR
#define I32 LANE_I32
#define I64 LANE_I64
#define BIT LANE_BOOL
static const KernelRow rows[] = {
    {OP_NUMERIC_TYPMOD,   numeric_typmod_num_kernel,    2, {LANE_NUM, I32},      LANE_NUM,      SCALE_FREE},
    {OP_NUMERIC_TYPMOD,   numeric_typmod_num_kernel,    2, {LANE_NUM, I32},      LANE_DEC64,    SCALE_FREE},
    {OP_NUMERIC_TYPMOD,   numeric_typmod_num_kernel,    2, {LANE_NUM, I32},      LANE_DEC128,   SCALE_FREE},
    {OP_NUMERIC_TYPMOD,   numeric_typmod_dec64_kernel,  2, {LANE_DEC64, I32},    LANE_NUM,      SCALE_FREE},
    {OP_NUMERIC_TYPMOD,   numeric_typmod_dec64_kernel,  2, {LANE_DEC64, I32},    LANE_DEC64,    SCALE_FREE},
    {OP_NUMERIC_TYPMOD,   numeric_typmod_dec64_kernel,  2, {LANE_DEC64, I32},    LANE_DEC128,   SCALE_FREE},
    {OP_NUMERIC_TYPMOD,   numeric_typmod_dec128_kernel, 2, {LANE_DEC128, I32},   LANE_NUM,      SCALE_FREE},
    {OP_NUMERIC_TYPMOD,   numeric_typmod_dec128_kernel, 2, {LANE_DEC128, I32},   LANE_DEC64,    SCALE_FREE},
    {OP_NUMERIC_TYPMOD,   numeric_typmod_dec128_kernel, 2, {LANE_DEC128, I32},   LANE_DEC128,   SCALE_FREE},
    {OP_VARCHAR_TYPMOD,   varchar_typmod_kernel,        3, {STR, I32, BIT},      STR,           SCALE_FREE},
    {OP_BPCHAR_TYPMOD,    bpchar_typmod_kernel,         3, {STR, I32, BIT},      STR,           SCALE_FREE},
    {OP_BPCHAR_PAD,       bpchar_pad_kernel,            1, {STR},                STR,           SCALE_FREE},
    {OP_BPCHAR_STRIP,     bpchar_strip_kernel,          1, {STR},                STR,           SCALE_FREE},
    {OP_TEXT_TO_NAME,     text_to_name_kernel,          1, {STR},                STR,           SCALE_FREE},
    {OP_TEXT_TO_CHAR,     text_to_char_kernel,          1, {STR},                STR,           SCALE_FREE},
    {OP_CHAR_TO_TEXT,     char_to_text_kernel,          1, {STR},                STR,           SCALE_FREE},
    {OP_CHAR_TO_INT4,     char_to_int4_kernel,          1, {STR},                I32,           SCALE_FREE},
    {OP_INT4_TO_CHAR,     int4_to_char_kernel,          1, {I32},                STR,           SCALE_FREE},
    {OP_BOOL_TO_TEXT,     bool_to_text_kernel,          1, {BIT},                STR,           SCALE_FREE},
    {OP_INT8_TO_OID,      int8_to_oid_kernel,           1, {I64},                I64,           SCALE_FREE},
    {OP_INT4_TO_OID,      int4_to_oid_kernel,           1, {I32},                I64,           SCALE_FREE},
    {OP_OID_TO_INT4,      oid_to_int4_kernel,           1, {I64},                I32,           SCALE_FREE},
    {OP_TIMESTAMP_TYPMOD, timestamp_typmod_kernel,      2, {I64, I32},           I64,           SCALE_FREE},
    {OP_TIME_TYPMOD,      time_typmod_kernel,           2, {I64, I32},           I64,           SCALE_FREE},
    {OP_INTERVAL_TYPMOD,  interval_typmod_kernel,       2, {LANE_INTERVAL, I32}, LANE_INTERVAL, SCALE_FREE},
    {OP_RELABEL,          relabel_kernel,               1, {STR},                STR,           SCALE_FREE},
    {OP_RELABEL,          relabel_kernel,               1, {I64},                I64,           SCALE_FREE},
    {OP_TO_TEXT,          to_text_kernel,               1, {LANE_ANY},           STR,           SCALE_FREE},
    {OP_FROM_TEXT,        from_text_kernel,             1, {STR},                LANE_ANY,      SCALE_FREE},
};
// clang-format on

const KernelTable typmod_kernels = {rows, countof(rows)};
