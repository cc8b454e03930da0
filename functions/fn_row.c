/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as values: making one of its fields, taking a field out, IS NULL, and the comparisons of
 * record, which raise where types differ as PostgreSQL's do.
 */
#include "functions/kernel.h"
#include "types/row_value.h"

/* ---- making ---- */

static bool row_make(KernelCall *call, i32 i)
{
    Text row;
    Type *types = arena_try(call->arena, call->nargs * (i64)sizeof *types + 1, call->error);
    Value *values = arena_try(call->arena, call->nargs * (i64)sizeof *values + 1, call->error);
    if (!types || !values)
        return false;
    for (i32 arg = 0; arg < call->nargs; arg++) {
        types[arg] = call->args[arg].type;
        values[arg] = vector_value(&call->args[arg], arg_index(call, arg, i));
    }
    return row_value_make(types, values, call->nargs, call->arena, &row, call->error) &&
           put_text(call, i, row);
}
ROW_KERNEL_ALL(row_make)

/* ---- taking apart ---- */

/* Field `number` (from 1) of a row. */
static bool find_field(KernelCall *call, Text row, i32 number, RowField *field)
{
    RowCursor cursor = row_fields(row);
    if (number > cursor.left)
        return error_set(call->error, E_INTERNAL_ERROR,
                         "attribute number %d exceeds number of columns %d", number, cursor.left);
    for (i32 k = 0; k < number; k++)
        verify(row_field_next(&cursor, field));
    u32 wanted = call->result->type.oid;
    if (field->oid == wanted || (field->oid == TYPE_UNKNOWN && wanted == TYPE_TEXT))
        return true;
    char own[TYPE_NAME_BYTES], other[TYPE_NAME_BYTES];
    error_set(call->error, E_DATATYPE_MISMATCH, "attribute %d has wrong type", number);
    return error_detail(call->error, "Table has type %s, but query expects %s.",
                        type_format(type_of(field->oid), own), type_format(type_of(wanted), other));
}

static bool put_value(KernelCall *call, i32 i, const Value *value)
{
    switch (lane_kind(value->lane)) {
    case LANE_BOOL:
        return put_bool(call, i, value->boolean);
    case LANE_I16:
        return put_i16(call, i, (i16)value->integer);
    case LANE_I32:
        return put_i32(call, i, (i32)value->integer);
    case LANE_I64:
        return put_i64(call, i, value->integer);
    case LANE_F32:
        return put_f32(call, i, value->real);
    case LANE_F64:
        return put_f64(call, i, value->number);
    case LANE_I128:
    case LANE_DEC128:
    case LANE_STR:
    case LANE_NUM:
    case LANE_FIX16:
    case LANE_INTERVAL:
    case LANE_ROW:
        memcpy((u8 *)call->result->values + (i64)i * 16, value->fixed, 16);
        return true;
    case LANE_NONE:
    case LANE_I8:
    case LANE_DEC64:
    case LANE_LIST:
    case LANE_STRUCT:
        break; /* no type's own lane */
    }
    unreachable();
}

static bool row_field(KernelCall *call, i32 i)
{
    RowField field;
    Value value;
    if (!find_field(call, arg_text(call, 0, i), arg_i32(call, 1, i), &field) ||
        !row_field_read(&field, call->arena, &value, call->error))
        return false;
    if (value.null)
        return put_null(call, i);
    verify(lane_equal(value.lane, call->result->lane));
    return put_value(call, i, &value);
}
ROW_KERNEL_NULLABLE(row_field)

/* Are all fields NULL, or all not? A row that is NULL itself counts as one of NULLs. */
static bool fields_are(KernelCall *call, i32 i, bool null)
{
    if (arg_is_null(call, 0, i))
        return put_bool(call, i, null);
    RowCursor cursor = row_fields(arg_text(call, 0, i));
    RowField field;
    while (row_field_next(&cursor, &field))
        if (field.null != null)
            return put_bool(call, i, false);
    return put_bool(call, i, true);
}

static bool row_is_null(KernelCall *call, i32 i)
{
    return fields_are(call, i, true);
}
ROW_KERNEL_ALL(row_is_null)

static bool row_is_not_null(KernelCall *call, i32 i)
{
    return fields_are(call, i, false);
}
ROW_KERNEL_ALL(row_is_not_null)

/* ---- comparing ---- */

static bool compare(KernelCall *call, i32 i, RowCompare what, int *order)
{
    return row_value_compare_strict(arg_text(call, 0, i), arg_text(call, 1, i), what, order,
                                    call->error);
}

static bool row_eq(KernelCall *call, i32 i)
{
    int order;
    return compare(call, i, ROW_EQUALITY, &order) && put_bool(call, i, order == 0);
}
ROW_KERNEL(row_eq)

static bool row_ne(KernelCall *call, i32 i)
{
    int order;
    return compare(call, i, ROW_EQUALITY, &order) && put_bool(call, i, order != 0);
}
ROW_KERNEL(row_ne)

static bool row_lt(KernelCall *call, i32 i)
{
    int order;
    return compare(call, i, ROW_ORDER, &order) && put_bool(call, i, order < 0);
}
ROW_KERNEL(row_lt)

static bool row_le(KernelCall *call, i32 i)
{
    int order;
    return compare(call, i, ROW_ORDER, &order) && put_bool(call, i, order <= 0);
}
ROW_KERNEL(row_le)

static bool row_gt(KernelCall *call, i32 i)
{
    int order;
    return compare(call, i, ROW_ORDER, &order) && put_bool(call, i, order > 0);
}
ROW_KERNEL(row_gt)

static bool row_ge(KernelCall *call, i32 i)
{
    int order;
    return compare(call, i, ROW_ORDER, &order) && put_bool(call, i, order >= 0);
}
ROW_KERNEL(row_ge)

// clang-format off
static const KernelRow rows[] = {
    {OP_ROW_MAKE,           row_make_kernel,        ARGS_ANY, {0},              LANE_ROW,  SCALE_FREE},
    {OP_ROW_FIELD,          row_field_kernel,       2, {LANE_ROW, LANE_I32},    LANE_ANY,  SCALE_FREE},
    {OP_ROW_IS_NULL,        row_is_null_kernel,     1, {LANE_ROW},              LANE_BOOL, SCALE_FREE},
    {OP_ROW_IS_NOT_NULL,    row_is_not_null_kernel, 1, {LANE_ROW},              LANE_BOOL, SCALE_FREE},
    {OP_EQ,                 row_eq_kernel,          2, {LANE_ROW, LANE_ROW},    LANE_BOOL, SCALE_FREE},
    {OP_NE,                 row_ne_kernel,          2, {LANE_ROW, LANE_ROW},    LANE_BOOL, SCALE_FREE},
    {OP_LT,                 row_lt_kernel,          2, {LANE_ROW, LANE_ROW},    LANE_BOOL, SCALE_FREE},
    {OP_LE,                 row_le_kernel,          2, {LANE_ROW, LANE_ROW},    LANE_BOOL, SCALE_FREE},
    {OP_GT,                 row_gt_kernel,          2, {LANE_ROW, LANE_ROW},    LANE_BOOL, SCALE_FREE},
    {OP_GE,                 row_ge_kernel,          2, {LANE_ROW, LANE_ROW},    LANE_BOOL, SCALE_FREE},
};
// clang-format on

const KernelTable row_kernels = {rows, countof(rows)};
