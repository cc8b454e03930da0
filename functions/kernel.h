/* SPDX-License-Identifier: Apache-2.0
 *
 * What every kernel file of this folder uses: the kernel tables' row, reading arguments and writing
 * results by position, and the loop over selected rows.
 *
 * Two ways to write a kernel. Hot operations over fixed-width lanes include a *_loop.inc.h once per
 * (operation, type). All others are a row function, `bool f(KernelCall *, i32 i)`, which reads its
 * arguments with arg_*, writes its result with put_* and returns false after error_set; ROW_KERNEL
 * makes the kernel of it, with the row function inlined into each_row.
 *
 * Ownership law: results live in call->arena; texts of arguments may point into the argument
 * vector.
 */
#ifndef GOTGAN_KERNEL_H
#define GOTGAN_KERNEL_H

#include "base/instruction_set.h"
#include "functions/function.h"

enum {
    LANE_ANY = 255,  /* KernelRow.args, result: any lane */
    ARGS_ANY = 255,  /* KernelRow.nargs: any number, all of any lane */
    KERNEL_ARGS = 7, /* most arguments of a kernel with fixed lanes */
};

/* How the scales of decimal lanes must stand to each other. */
typedef enum ScaleRule {
    SCALE_FREE,     /* any */
    SCALE_SAME,     /* all alike, the result's too */
    SCALE_SAME_ARG, /* the arguments' alike */
    SCALE_SUM,      /* the result's is the sum of the arguments' */
} ScaleRule;

typedef struct KernelRow {
    Operation operation;
    KernelFunction kernel;
    u8 nargs; /* or ARGS_ANY */
    u8 args[KERNEL_ARGS];
    u8 result; /* a LaneKind, or LANE_ANY */
    u8 scales; /* a ScaleRule */
} KernelRow;

typedef struct KernelTable {
    const KernelRow *rows;
    i32 count;
} KernelTable;

/* One table per file of kernels; kernel_lookup.c lists them. */
extern const KernelTable arithmetic_kernels, decimal_kernels, compare_kernels, compare_date_kernels,
    cast_kernels, typmod_kernels, math_kernels, num_math_kernels, text_kernels, text_edit_kernels,
    text_format_kernels, bytea_kernels, like_kernels, regex_kernels, date_kernels,
    date_field_kernels, date_make_kernels, to_char_kernels, to_date_kernels, number_format_kernels,
    system_kernels, row_kernels, sample_kernels, charset_kernels;

#ifdef GOTGAN_HAS_V3
/* Those with hot loops, for x86-64-v3. */
extern const KernelTable arithmetic_kernels_v3, decimal_kernels_v3, compare_kernels_v3;
#endif

/* Per operation: what is compiled once per call site. */
typedef struct StateRow {
    Operation operation;
    KernelState state;
} StateRow;
typedef struct StateTable {
    const StateRow *rows;
    i32 count;
} StateTable;
extern const StateTable like_states, regex_states, to_char_states, to_date_states,
    number_format_states, sample_states;

/* ---- reading and writing one row ---- */

static inline i32 arg_index(const KernelCall *call, i32 arg, i32 i)
{
    return call->args[arg].form == VECTOR_CONSTANT ? 0 : i;
}
static inline bool arg_is_null(const KernelCall *call, i32 arg, i32 i)
{
    const u64 *valid = call->args[arg].valid;
    return valid && !bit_get(valid, arg_index(call, arg, i));
}
static inline bool arg_bool(const KernelCall *call, i32 arg, i32 i)
{
    return bit_get(call->args[arg].values, arg_index(call, arg, i));
}
static inline i16 arg_i16(const KernelCall *call, i32 arg, i32 i)
{
    return ((const i16 *)call->args[arg].values)[arg_index(call, arg, i)];
}
static inline i32 arg_i32(const KernelCall *call, i32 arg, i32 i)
{
    return ((const i32 *)call->args[arg].values)[arg_index(call, arg, i)];
}
static inline i64 arg_i64(const KernelCall *call, i32 arg, i32 i)
{
    return ((const i64 *)call->args[arg].values)[arg_index(call, arg, i)];
}
static inline i128 arg_i128(const KernelCall *call, i32 arg, i32 i)
{
    return ((const i128 *)call->args[arg].values)[arg_index(call, arg, i)];
}
static inline f32 arg_f32(const KernelCall *call, i32 arg, i32 i)
{
    return ((const f32 *)call->args[arg].values)[arg_index(call, arg, i)];
}
static inline f64 arg_f64(const KernelCall *call, i32 arg, i32 i)
{
    return ((const f64 *)call->args[arg].values)[arg_index(call, arg, i)];
}
static inline Num arg_num(const KernelCall *call, i32 arg, i32 i)
{
    return ((const Num *)call->args[arg].values)[arg_index(call, arg, i)];
}
static inline Interval arg_interval(const KernelCall *call, i32 arg, i32 i)
{
    return ((const Interval *)call->args[arg].values)[arg_index(call, arg, i)];
}
static inline const Str *arg_str(const KernelCall *call, i32 arg, i32 i)
{
    return (const Str *)call->args[arg].values + arg_index(call, arg, i);
}
static inline Text arg_text(const KernelCall *call, i32 arg, i32 i)
{
    return str_text(arg_str(call, arg, i));
}

/* All put_ functions return true, so that a row function can end with one. */
static inline bool put_bool(KernelCall *call, i32 i, bool value)
{
    bit_put(call->result->values, i, value);
    return true;
}
static inline bool put_i16(KernelCall *call, i32 i, i16 value)
{
    ((i16 *)call->result->values)[i] = value;
    return true;
}
static inline bool put_i32(KernelCall *call, i32 i, i32 value)
{
    ((i32 *)call->result->values)[i] = value;
    return true;
}
static inline bool put_i64(KernelCall *call, i32 i, i64 value)
{
    ((i64 *)call->result->values)[i] = value;
    return true;
}
static inline bool put_i128(KernelCall *call, i32 i, i128 value)
{
    ((i128 *)call->result->values)[i] = value;
    return true;
}
static inline bool put_f32(KernelCall *call, i32 i, f32 value)
{
    ((f32 *)call->result->values)[i] = value;
    return true;
}
static inline bool put_f64(KernelCall *call, i32 i, f64 value)
{
    ((f64 *)call->result->values)[i] = value;
    return true;
}
static inline bool put_num(KernelCall *call, i32 i, Num value)
{
    ((Num *)call->result->values)[i] = value;
    return true;
}
static inline bool put_interval(KernelCall *call, i32 i, Interval value)
{
    ((Interval *)call->result->values)[i] = value;
    return true;
}
/* Refers to the bytes, which must live as long as the chunk: in call->arena, in an argument, or
 * static. Short texts are stored inside. */
static inline bool put_text(KernelCall *call, i32 i, Text value)
{
    ((Str *)call->result->values)[i] = str_from_text(value);
    return true;
}
/* Only in kernels made with ROW_KERNEL_NULLABLE or ROW_KERNEL_ALL: the result is NULL. */
static inline bool put_null(KernelCall *call, i32 i)
{
    bit_clear(call->result->valid, i);
    i32 bytes = lane_bytes(call->result->lane);
    if (bytes)
        memset((u8 *)call->result->values + (i64)i * bytes, 0, (size_t)bytes);
    else
        bit_clear(call->result->values, i);
    return true;
}
/* The out parameter of the num_ and interval_ functions for row i. */
static inline Num *result_num(KernelCall *call, i32 i)
{
    return (Num *)call->result->values + i;
}
static inline Interval *result_interval(KernelCall *call, i32 i)
{
    return (Interval *)call->result->values + i;
}
static inline i64 *result_i64(KernelCall *call, i32 i)
{
    return (i64 *)call->result->values + i;
}

/* Room for the bytes of a result text, which are written whole; NULL: error is set. */
static inline char *result_bytes(KernelCall *call, i64 bytes)
{
    return arena_try_raw(call->arena, bytes, call->error);
}
/* 54000 when a text would exceed PostgreSQL's 1 GB. */
enum { TEXT_BYTES_MAX = 0x3fffffff - 4 };

/* ---- the loop ---- */

typedef bool (*RowFunction)(KernelCall *call, i32 i);

/* A row may take milliseconds (powers of large numerics, patterns), so that 2,048 take seconds. */
static inline bool call_is_interrupted(const KernelCall *call)
{
    return call->control && query_is_interrupted(call->control);
}

static inline bool call_goes_on(const KernelCall *call)
{
    return likely(!call_is_interrupted(call)) || query_control_check(call->control, call->error);
}
/* For loops over one value, which may be a gigabyte. */
static inline Look call_look(const KernelCall *call)
{
    return look_open(call->arena->budget, call->error);
}

/* Tells that row i failed; running out of memory or of time is not the row's fault. */
static inline KernelStatus row_failed(KernelCall *call, i32 i)
{
    call->bad = i;
    bool bad = call->error->code != E_OUT_OF_MEMORY && !call_is_interrupted(call);
    return bad ? KERNEL_BAD_ROW : KERNEL_ERROR;
}

/* Runs row for every row that is selected and, by result->valid, not NULL. */
TEMPLATE KernelStatus each_row(KernelCall *call, RowFunction row)
{
    enum { ROWS_PER_LOOK = 8 };
    const u64 *valid = call->result->valid;
    const Selection *sel = call->sel;
    i32 count = sel ? sel->count : call->n;
    for (i32 k = 0; k < count; k++) {
        if (k % ROWS_PER_LOOK == 0 && unlikely(!call_goes_on(call)))
            return KERNEL_ERROR;
        i32 i = sel ? sel->rows[k] : k;
        if (valid && !bit_get(valid, i))
            continue;
        if (unlikely(!row(call, i)))
            return row_failed(call, i);
    }
    return KERNEL_OK;
}

/* Gives the result a validity bitmap of its own that put_null may change: a copy of the one the
 * caller made, or all ones. */
must_check bool result_own_valid(KernelCall *call);

/* For row functions that may answer NULL for arguments that are not. */
TEMPLATE KernelStatus each_row_nullable(KernelCall *call, RowFunction row)
{
    if (!result_own_valid(call))
        return KERNEL_ERROR;
    return each_row(call, row);
}

/* For operations that are not STRICT: the row function sees NULLs (arg_is_null). */
TEMPLATE KernelStatus each_row_all(KernelCall *call, RowFunction row)
{
    call->result->valid = NULL;
    return each_row_nullable(call, row);
}

#define ROW_KERNEL(row)                                                                            \
    static KernelStatus row##_kernel(KernelCall *call)                                             \
    {                                                                                              \
        return each_row(call, row);                                                                \
    }
#define ROW_KERNEL_NULLABLE(row)                                                                   \
    static KernelStatus row##_kernel(KernelCall *call)                                             \
    {                                                                                              \
        return each_row_nullable(call, row);                                                       \
    }
#define ROW_KERNEL_ALL(row)                                                                        \
    static KernelStatus row##_kernel(KernelCall *call)                                             \
    {                                                                                              \
        return each_row_all(call, row);                                                            \
    }

/* ---- the shape of a call of a fixed-width loop ---- */

typedef enum Shape { FLAT_FLAT, FLAT_CONST, CONST_FLAT, CONST_CONST } Shape;

static inline Shape call_shape(const KernelCall *call)
{
    bool a = call->args[0].form == VECTOR_CONSTANT, b = call->args[1].form == VECTOR_CONSTANT;
    return a ? (b ? CONST_CONST : CONST_FLAT) : (b ? FLAT_CONST : FLAT_FLAT);
}
/* A dense loop over all n rows beats visiting few selected ones only while those are many. */
static inline bool call_is_dense(const KernelCall *call)
{
    return !call->sel || call->sel->count >= call->n / 4;
}

#endif
