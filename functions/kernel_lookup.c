/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding the kernel of an operation: by the lanes of its arguments and result, and the scales of
 * decimal lanes; and the kernels that higher floors attach at start.
 *
 * The tables of the kernel files are sorted into one list by operation on the first look-up.
 * attached[] is written by operation_attach while the server starts, before any other thread
 * runs, and only read after that.
 */
#include <pthread.h>

#include "functions/kernel.h"
#include "functions/series.h"

enum { KERNELS_MAX = 2048 };

static const KernelTable *const tables[] = {
    &arithmetic_kernels, &decimal_kernels,   &compare_kernels,     &compare_date_kernels,
    &cast_kernels,       &typmod_kernels,    &math_kernels,        &num_math_kernels,
    &text_kernels,       &text_edit_kernels, &text_format_kernels, &bytea_kernels,
    &like_kernels,       &regex_kernels,     &date_kernels,        &date_field_kernels,
    &date_make_kernels,  &to_char_kernels,   &to_date_kernels,     &number_format_kernels,
    &system_kernels,     &row_kernels,       &sample_kernels,      &charset_kernels,
};

/* The table that is used in the place of tables[t]. */
static const KernelTable *table_chosen(i32 t)
{
#ifdef GOTGAN_HAS_V3
    static const KernelTable *const wide[countof(tables)] = {
        &arithmetic_kernels_v3, &decimal_kernels_v3, &compare_kernels_v3};
    if (instruction_set() == INSTRUCTIONS_V3 && wide[t])
        return wide[t];
#endif
    return tables[t];
}

static const KernelRow *sorted[KERNELS_MAX];
static u16 first_of[OPERATION_COUNT + 1];
static pthread_once_t built = PTHREAD_ONCE_INIT;
static KernelFunction attached[OPERATION_COUNT];

static void index_build(void)
{
    u16 at[OPERATION_COUNT + 1] = {0};
    for (i32 t = 0; t < countof(tables); t++)
        for (i32 i = 0; i < tables[t]->count; i++)
            first_of[tables[t]->rows[i].operation + 1]++;
    for (i32 op = 0; op < OPERATION_COUNT; op++)
        first_of[op + 1] = (u16)(first_of[op + 1] + first_of[op]);
    verify(first_of[OPERATION_COUNT] <= KERNELS_MAX);
    memcpy(at, first_of, sizeof at);
    for (i32 t = 0; t < countof(tables); t++)
        for (i32 i = 0; i < tables[t]->count; i++) /* the same rows for every instruction set */
            sorted[at[tables[t]->rows[i].operation]++] = &table_chosen(t)->rows[i];
}

static bool is_decimal(Lane lane)
{
    return lane.kind == LANE_DEC64 || lane.kind == LANE_DEC128;
}

/* Whether the scales stand as the rule of the row wants. */
static bool scales_fit(ScaleRule rule, const Lane *args, i32 nargs, Lane result)
{
    i32 sum = 0;
    if (rule == SCALE_FREE)
        return true;
    for (i32 i = 0; i < nargs; i++) {
        sum += args[i].scale;
        if (rule != SCALE_SUM && is_decimal(args[i]) && args[i].scale != args[0].scale)
            return false;
    }
    if (rule == SCALE_SAME_ARG)
        return true;
    return result.scale == (rule == SCALE_SUM ? sum : args[0].scale);
}

static bool row_fits(const KernelRow *row, const Lane *args, i32 nargs, Lane result)
{
    if (row->result != LANE_ANY && row->result != result.kind)
        return false;
    if (row->nargs == ARGS_ANY)
        return true;
    if (row->nargs != nargs)
        return false;
    for (i32 i = 0; i < nargs; i++)
        if (row->args[i] != LANE_ANY && row->args[i] != args[i].kind)
            return false;
    return scales_fit((ScaleRule)row->scales, args, nargs, result);
}

KernelFunction kernel_find(Operation operation, const Lane *args, i32 nargs, Lane result)
{
    verify((u32)operation < OPERATION_COUNT);
    pthread_once(&built, index_build);
    for (i32 i = first_of[operation]; i < first_of[operation + 1]; i++)
        if (row_fits(sorted[i], args, nargs, result))
            return sorted[i]->kernel;
    return attached[operation];
}

const KernelState *kernel_state(Operation operation)
{
    static const StateTable *const states[] = {&like_states,          &regex_states,
                                               &to_char_states,       &to_date_states,
                                               &number_format_states, &sample_states};
    for (i32 t = 0; t < countof(states); t++)
        for (i32 i = 0; i < states[t]->count; i++)
            if (states[t]->rows[i].operation == operation)
                return &states[t]->rows[i].state;
    return NULL;
}

bool operation_attach(Operation operation, KernelFunction kernel)
{
    pthread_once(&built, index_build);
    if (attached[operation] || first_of[operation] != first_of[operation + 1])
        return false;
    attached[operation] = kernel;
    return true;
}

/* The lane an argument has after the binder widened int2 with int8, or float4 with float8. */
static Lane widened(Lane lane, const Lane *args, i32 nargs)
{
    for (i32 i = 0; i < nargs; i++) {
        bool integers = lane.kind >= LANE_I16 && lane.kind <= LANE_I64 &&
                        args[i].kind >= LANE_I16 && args[i].kind <= LANE_I64;
        bool floats = lane.kind == LANE_F32 && args[i].kind == LANE_F64;
        if ((integers || floats) && args[i].kind > lane.kind)
            lane = args[i];
    }
    return lane;
}

static bool row_has_kernel(const FunctionRow *row)
{
    Lane args[FUNCTION_ARGUMENTS_MAX], wide[FUNCTION_ARGUMENTS_MAX];
    Lane result = type_lane(type_of(row->result));
    if (row->flags & SET)
        return set_function_find(row->operation) != NULL;
    for (i32 i = 0; i < row->argument_count; i++)
        args[i] = type_lane(type_of(row->arguments[i]));
    if (kernel_find(row->operation, args, row->argument_count, result))
        return true;
    for (i32 i = 0; i < row->argument_count; i++)
        wide[i] = widened(args[i], args, row->argument_count);
    return kernel_find(row->operation, wide, row->argument_count, result) != NULL;
}

const FunctionRow *kernel_missing(void)
{
    i32 count;
    const FunctionRow *rows = function_rows(&count);
    for (i32 i = 0; i < count; i++)
        if (!row_has_kernel(&rows[i]))
            return &rows[i];
    return NULL;
}

bool result_own_valid(KernelCall *call)
{
    i64 words = bit_words(call->n);
    u64 *own = arena_try(call->arena, words * 8, call->error);
    if (!own)
        return false;
    if (call->result->valid)
        memcpy(own, call->result->valid, (size_t)words * 8);
    else
        bits_fill(own, call->n);
    call->result->valid = own;
    return true;
}
