/* SPDX-License-Identifier: Apache-2.0
 *
 * count, sum, avg, bool_and, bool_or and the bitwise aggregates.
 *
 * Sums of smallint and integer are 64-bit, of bigint and scaled integers 128-bit with a carry word
 * (WideSum), of NUM a NumSum: all exact, so that the order of rows and workers does not matter.
 * Float sums add in the order they come, in the type's own precision, as PostgreSQL does. An
 * average is its sum and count until the end, then one num_div_pg. The scale of a decimal argument
 * is noted in the state, because the result may be a NUM, which carries its own.
 */
#include <math.h>

#include "functions/aggregate.h"
#include "types/decimal.h"

/* ---- count ---- */

typedef struct CountState {
    i64 count;
} CountState;

static i32 call_count(const AggregateCall *call)
{
    return call->sel ? call->sel->count : call->n;
}

static bool count_rows_update(AggregateCall *call)
{
    i32 count = call_count(call);
    if (!call->groups) {
        ((CountState *)call->states)->count += count;
        return true;
    }
    for (i32 k = 0; k < count; k++)
        ((CountState *)(call->states + call->groups[k] * call->stride))->count++;
    return true;
}

static bool count_update(AggregateCall *call)
{
    const Vector *vector = &call->args[0];
    i32 step = vector->form == VECTOR_CONSTANT ? 0 : 1;
    if (!vector->valid)
        return count_rows_update(call);
    if (!call->groups && !call->sel && step) {
        ((CountState *)call->states)->count += bits_count(vector->valid, call->n);
        return true;
    }
    for (i32 k = 0; k < call_count(call); k++) {
        i32 i = (call->sel ? call->sel->rows[k] : k) * step;
        i64 group = call->groups ? call->groups[k] : 0;
        ((CountState *)(call->states + group * call->stride))->count += bit_get(vector->valid, i);
    }
    return true;
}

static bool count_merge(void *state, const void *other, Arena *arena, Error *error)
{
    ((CountState *)state)->count += ((const CountState *)other)->count;
    return true;
}

static bool count_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                       Error *error)
{
    for (i32 i = 0; i < n; i++)
        ((i64 *)out->values)[first + i] = ((const CountState *)state_at(states, stride, i))->count;
    return true;
}

static const AggregateKernel count_rows_kernel = {
    .state_bytes = sizeof(CountState),
    .state_is_zero = true,
    .update = count_rows_update,
    .merge = count_merge,
    .emit = count_emit,
};
static const AggregateKernel count_kernel = {
    .state_bytes = sizeof(CountState),
    .state_is_zero = true,
    .update = count_update,
    .merge = count_merge,
    .emit = count_emit,
};

/* sum / count as PostgreSQL's avg. */
static bool emit_average(Num sum, i64 count, Vector *out, i32 row, Arena *arena, Error *error)
{
    return num_div_pg(sum, num_from_i64(count), arena, (Num *)out->values + row, error);
}

/* ---- sum and avg of smallint and integer ---- */

typedef struct IntegerSum {
    i64 sum;
    i64 count;
} IntegerSum;

static inline bool sum_i16(AggregateCall *call, IntegerSum *state, i16 value)
{
    state->sum += value;
    state->count++;
    return true;
}
static inline bool sum_i32(AggregateCall *call, IntegerSum *state, i32 value)
{
    state->sum += value;
    state->count++;
    return true;
}

static bool integer_sum_merge(void *state, const void *other, Arena *arena, Error *error)
{
    IntegerSum *sum = state;
    sum->sum += ((const IntegerSum *)other)->sum;
    sum->count += ((const IntegerSum *)other)->count;
    return true;
}

static WideSum widen_sum(const IntegerSum *sum)
{
    return (WideSum){.low = (u128)(i128)sum->sum, .high = -(sum->sum < 0), .count = sum->count};
}

static bool integer_sum_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                             Arena *arena, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        WideSum sum = widen_sum(state_at(states, stride, i));
        if (sum.count == 0 ? !emit_null(out, first + i)
                           : !emit_exact(&sum, 0, out, first + i, arena, error))
            return false;
    }
    return true;
}

static bool integer_average_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                 Arena *arena, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const IntegerSum *sum = state_at(states, stride, i);
        if (sum->count == 0
                ? !emit_null(out, first + i)
                : !emit_average(num_from_i64(sum->sum), sum->count, out, first + i, arena, error))
            return false;
    }
    return true;
}

/* ---- sum and avg of 128-bit integers ---- */

typedef struct ExactSum {
    WideSum sum;
    i32 scale;
} ExactSum;

static inline bool sum_i128(AggregateCall *call, ExactSum *state, i128 value)
{
    wide_add(&state->sum, value);
    state->scale = call->args[0].lane.scale;
    return true;
}

static bool exact_sum_merge(void *state, const void *other, Arena *arena, Error *error)
{
    ExactSum *sum = state;
    const ExactSum *more = other;
    if (more->sum.count == 0)
        return true;
    wide_merge(&sum->sum, &more->sum);
    sum->scale = more->scale;
    return true;
}

static bool exact_sum_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                           Arena *arena, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const ExactSum *sum = state_at(states, stride, i);
        if (sum->sum.count == 0 ? !emit_null(out, first + i)
                                : !emit_exact(&sum->sum, sum->scale, out, first + i, arena, error))
            return false;
    }
    return true;
}

static bool exact_average_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                               Arena *arena, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const ExactSum *sum = state_at(states, stride, i);
        Num num;
        if (sum->sum.count == 0) {
            emit_null(out, first + i);
            continue;
        }
        if (!wide_to_num(&sum->sum, sum->scale, arena, &num, error) ||
            !emit_average(num, sum->sum.count, out, first + i, arena, error))
            return false;
    }
    return true;
}

/* ---- sum and avg of 64-bit integers: 128 bits cannot overflow ---- */

typedef struct LongSum {
    i128 sum;
    i64 count;
    i32 scale;
} LongSum;

static inline bool sum_i64(AggregateCall *call, LongSum *state, i64 value)
{
    state->sum += value;
    state->count++;
    state->scale = call->args[0].lane.scale;
    return true;
}

static bool long_sum_merge(void *state, const void *other, Arena *arena, Error *error)
{
    LongSum *sum = state;
    const LongSum *more = other;
    sum->sum += more->sum;
    sum->count += more->count;
    if (more->count)
        sum->scale = more->scale;
    return true;
}

static WideSum wide_of(const LongSum *sum)
{
    return (WideSum){.low = (u128)sum->sum, .high = -(sum->sum < 0), .count = sum->count};
}

static bool long_sum_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const LongSum *sum = state_at(states, stride, i);
        WideSum wide = wide_of(sum);
        if (sum->count == 0 ? !emit_null(out, first + i)
                            : !emit_exact(&wide, sum->scale, out, first + i, arena, error))
            return false;
    }
    return true;
}

static bool long_average_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                              Arena *arena, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const LongSum *sum = state_at(states, stride, i);
        WideSum wide = wide_of(sum);
        Num num;
        if (sum->count == 0) {
            emit_null(out, first + i);
            continue;
        }
        if (!wide_to_num(&wide, sum->scale, arena, &num, error) ||
            !emit_average(num, sum->count, out, first + i, arena, error))
            return false;
    }
    return true;
}

/* With few groups, rows of one group follow each other closely, and each addition to a state would
 * wait for the one before: a chunk is summed into four rows of 64-bit sums first. That is exact as
 * long as 2,048 values below 2^51 are added. */
enum { FEW_GROUPS = 64, LANES = 4, SAFE_BITS = 51 };

typedef struct FewSums {
    i64 sums[LANES][FEW_GROUPS];
    u32 counts[LANES][FEW_GROUPS];
} FewSums;

static u64 few_add(FewSums *few, const i64 *restrict values, const u16 *rows, const u32 *groups,
                   i32 n)
{
    u64 bits = 0;
    for (i32 k = 0; k < n; k++) {
        i64 value = values[rows ? rows[k] : k];
        bits |= (u64)(value ^ value >> 63);
        few->sums[k % LANES][groups[k]] += value;
        few->counts[k % LANES][groups[k]]++;
    }
    return bits;
}

static bool few_groups(const AggregateCall *call)
{
    const Vector *vector = &call->args[0];
    return call->groups && call->group_count > 0 && call->group_count <= FEW_GROUPS &&
           vector->form == VECTOR_FLAT && !vector->valid;
}

/* False: some value is too large, nothing was added. */
static bool sum_few(AggregateCall *call)
{
    FewSums few;
    for (i32 lane = 0; lane < LANES; lane++) {
        memset(few.sums[lane], 0, call->group_count * sizeof(i64));
        memset(few.counts[lane], 0, call->group_count * sizeof(u32));
    }
    i32 n = call->sel ? call->sel->count : call->n;
    const u16 *rows = call->sel ? call->sel->rows : NULL;
    u64 bits = few_add(&few, call->args[0].values, rows, call->groups, n);
    if (bits >> SAFE_BITS || n > 1 << (63 - SAFE_BITS - 1))
        return false;
    for (u32 g = 0; g < call->group_count; g++) {
        LongSum *state = (LongSum *)(call->states + g * call->stride);
        for (i32 lane = 0; lane < LANES; lane++) {
            state->sum += few.sums[lane][g];
            state->count += few.counts[lane][g];
        }
        state->scale = call->args[0].lane.scale;
    }
    return true;
}

/* ---- sum and avg of NUM ---- */

static inline bool sum_num(AggregateCall *call, NumSum *state, Num value)
{
    return num_sum_add(state, value, call->arena, call->error);
}

static bool num_sum_state_merge(void *state, const void *other, Arena *arena, Error *error)
{
    return num_sum_merge(state, other, arena, error);
}

TEMPLATE bool num_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                       Error *error, bool average)
{
    for (i32 i = 0; i < n; i++) {
        const NumSum *sum = state_at(states, stride, i);
        Num num;
        if (sum->count == 0) {
            emit_null(out, first + i);
            continue;
        }
        if (!num_sum_result(sum, arena, &num, error))
            return false;
        if (average && !emit_average(num, sum->count, out, first + i, arena, error))
            return false;
        if (!average)
            ((Num *)out->values)[first + i] = num;
    }
    return true;
}

static bool num_sum_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                         Error *error)
{
    return num_emit(states, stride, n, out, first, arena, error, false);
}
static bool num_average_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                             Arena *arena, Error *error)
{
    return num_emit(states, stride, n, out, first, arena, error, true);
}

/* ---- sum and avg of floats ---- */

typedef struct RealSum {
    f32 sum;
    bool any;
} RealSum;
typedef struct FloatSum {
    f64 sum;
    i64 count;
} FloatSum;

static bool float_overflow(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

/* The first value is taken as it is: -0 stays -0. */
static inline bool sum_f32(AggregateCall *call, RealSum *state, f32 value)
{
    f32 sum = state->any ? state->sum + value : value;
    if (unlikely(isinf(sum) && !isinf(value) && !isinf(state->sum)))
        return float_overflow(call->error);
    state->sum = sum;
    state->any = true;
    return true;
}
static inline bool sum_f64(AggregateCall *call, FloatSum *state, f64 value)
{
    f64 sum = state->count ? state->sum + value : value;
    if (unlikely(isinf(sum) && !isinf(value) && !isinf(state->sum)))
        return float_overflow(call->error);
    state->sum = sum;
    state->count++;
    return true;
}
static inline bool average_f32(AggregateCall *call, FloatSum *state, f32 value)
{
    return sum_f64(call, state, value);
}

static bool real_sum_merge(void *state, const void *other, Arena *arena, Error *error)
{
    AggregateCall call = {.error = error};
    const RealSum *more = other;
    return !more->any || sum_f32(&call, state, more->sum);
}

static bool float_sum_merge(void *state, const void *other, Arena *arena, Error *error)
{
    AggregateCall call = {.error = error};
    FloatSum *sum = state;
    const FloatSum *more = other;
    if (more->count == 0)
        return true;
    i64 count = sum->count + more->count;
    if (!sum_f64(&call, sum, more->sum))
        return false;
    sum->count = count;
    return true;
}

static bool real_sum_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const RealSum *sum = state_at(states, stride, i);
        if (sum->any)
            ((f32 *)out->values)[first + i] = sum->sum;
        else
            emit_null(out, first + i);
    }
    return true;
}

TEMPLATE bool float_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, bool average)
{
    for (i32 i = 0; i < n; i++) {
        const FloatSum *sum = state_at(states, stride, i);
        if (sum->count)
            ((f64 *)out->values)[first + i] = average ? sum->sum / (f64)sum->count : sum->sum;
        else
            emit_null(out, first + i);
    }
    return true;
}

static bool float_sum_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                           Arena *arena, Error *error)
{
    return float_emit(states, stride, n, out, first, false);
}
static bool float_average_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                               Arena *arena, Error *error)
{
    return float_emit(states, stride, n, out, first, true);
}

/* ---- sum and avg of interval ---- */

typedef struct IntervalSum {
    Interval sum;
    i64 count;
    i64 unused; /* states are 16-byte aligned */
} IntervalSum;

static inline bool sum_interval(AggregateCall *call, IntervalSum *state, Interval value)
{
    state->count++;
    return interval_add(state->sum, value, &state->sum, call->error);
}

static bool interval_sum_merge(void *state, const void *other, Arena *arena, Error *error)
{
    IntervalSum *sum = state;
    const IntervalSum *more = other;
    sum->count += more->count;
    return interval_add(sum->sum, more->sum, &sum->sum, error);
}

TEMPLATE bool interval_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                            Error *error, bool average)
{
    for (i32 i = 0; i < n; i++) {
        const IntervalSum *sum = state_at(states, stride, i);
        Interval *result = (Interval *)out->values + first + i;
        if (sum->count == 0) {
            emit_null(out, first + i);
            continue;
        }
        *result = sum->sum;
        if (average && !interval_divide(sum->sum, (f64)sum->count, result, error))
            return false;
    }
    return true;
}

static bool interval_sum_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                              Arena *arena, Error *error)
{
    return interval_emit(states, stride, n, out, first, error, false);
}
static bool interval_average_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                  Arena *arena, Error *error)
{
    return interval_emit(states, stride, n, out, first, error, true);
}

/* ---- bool_and, bool_or ---- */

typedef struct BoolState {
    bool seen_true, seen_false;
} BoolState;

static bool bool_update(AggregateCall *call)
{
    const Vector *vector = &call->args[0];
    i32 step = vector->form == VECTOR_CONSTANT ? 0 : 1;
    for (i32 k = 0; k < call_count(call); k++) {
        i32 i = (call->sel ? call->sel->rows[k] : k) * step;
        if (vector->valid && !bit_get(vector->valid, i))
            continue;
        i64 group = call->groups ? call->groups[k] : 0;
        BoolState *state = (BoolState *)(call->states + group * call->stride);
        bool value = bit_get(vector->values, i);
        state->seen_true |= value;
        state->seen_false |= !value;
    }
    return true;
}

static bool bool_merge(void *state, const void *other, Arena *arena, Error *error)
{
    ((BoolState *)state)->seen_true |= ((const BoolState *)other)->seen_true;
    ((BoolState *)state)->seen_false |= ((const BoolState *)other)->seen_false;
    return true;
}

TEMPLATE bool bool_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, bool is_and)
{
    for (i32 i = 0; i < n; i++) {
        const BoolState *state = state_at(states, stride, i);
        if (!state->seen_true && !state->seen_false)
            emit_null(out, first + i);
        else
            bit_put(out->values, first + i, is_and ? !state->seen_false : state->seen_true);
    }
    return true;
}

static bool bool_and_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    return bool_emit(states, stride, n, out, first, true);
}
static bool bool_or_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                         Error *error)
{
    return bool_emit(states, stride, n, out, first, false);
}

/* ---- bit_and, bit_or, bit_xor: one state keeps all three ---- */

typedef struct BitState {
    i64 zeros; /* bits that were 0 in some value */
    i64 ones;  /* bits that were 1 in some value */
    i64 odd;   /* bits that were 1 an odd number of times */
    i64 count;
} BitState;

static inline bool bits_i64(AggregateCall *call, BitState *state, i64 value)
{
    state->zeros |= ~value;
    state->ones |= value;
    state->odd ^= value;
    state->count++;
    return true;
}
static inline bool bits_i32(AggregateCall *call, BitState *state, i32 value)
{
    return bits_i64(call, state, value);
}
static inline bool bits_i16(AggregateCall *call, BitState *state, i16 value)
{
    return bits_i64(call, state, value);
}

static bool bits_merge(void *state, const void *other, Arena *arena, Error *error)
{
    BitState *bits = state;
    const BitState *more = other;
    bits->zeros |= more->zeros;
    bits->ones |= more->ones;
    bits->odd ^= more->odd;
    bits->count += more->count;
    return true;
}

static void emit_integer(Vector *out, i32 row, i64 value)
{
    if (out->lane.kind == LANE_I16)
        ((i16 *)out->values)[row] = (i16)value;
    else if (out->lane.kind == LANE_I32)
        ((i32 *)out->values)[row] = (i32)value;
    else
        ((i64 *)out->values)[row] = value;
}

TEMPLATE bool bits_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Operation op)
{
    for (i32 i = 0; i < n; i++) {
        const BitState *bits = state_at(states, stride, i);
        if (bits->count == 0)
            emit_null(out, first + i);
        else
            emit_integer(out, first + i,
                         op == OP_BITS_AND  ? ~bits->zeros
                         : op == OP_BITS_OR ? bits->ones
                                            : bits->odd);
    }
    return true;
}

static bool bits_and_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    return bits_emit(states, stride, n, out, first, OP_BITS_AND);
}
static bool bits_or_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                         Error *error)
{
    return bits_emit(states, stride, n, out, first, OP_BITS_OR);
}
static bool bits_xor_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    return bits_emit(states, stride, n, out, first, OP_BITS_XOR);
}

/* ---- updates and kernels ---- */

#define UPDATE sum_i16_update
#define STATE IntegerSum
#define T i16
#define STEP sum_i16
#include "functions/aggregate_loop.inc.h"

#define UPDATE sum_i32_update
#define STATE IntegerSum
#define T i32
#define STEP sum_i32
#include "functions/aggregate_loop.inc.h"

#define UPDATE sum_i64_each
#define STATE LongSum
#define T i64
#define STEP sum_i64
#include "functions/aggregate_loop.inc.h"

static bool sum_i64_update(AggregateCall *call)
{
    return (few_groups(call) && sum_few(call)) || sum_i64_each(call);
}

#define UPDATE sum_i128_update
#define STATE ExactSum
#define T i128
#define STEP sum_i128
#include "functions/aggregate_loop.inc.h"

#define UPDATE sum_num_update
#define STATE NumSum
#define T Num
#define STEP sum_num
#include "functions/aggregate_loop.inc.h"

#define UPDATE sum_f32_update
#define STATE RealSum
#define T f32
#define STEP sum_f32
#include "functions/aggregate_loop.inc.h"

#define UPDATE sum_f64_update
#define STATE FloatSum
#define T f64
#define STEP sum_f64
#include "functions/aggregate_loop.inc.h"

#define UPDATE average_f32_update
#define STATE FloatSum
#define T f32
#define STEP average_f32
#include "functions/aggregate_loop.inc.h"

#define UPDATE sum_interval_update
#define STATE IntervalSum
#define T Interval
#define STEP sum_interval
#include "functions/aggregate_loop.inc.h"

#define UPDATE bits_i16_update
#define STATE BitState
#define T i16
#define STEP bits_i16
#include "functions/aggregate_loop.inc.h"

#define UPDATE bits_i32_update
#define STATE BitState
#define T i32
#define STEP bits_i32
#include "functions/aggregate_loop.inc.h"

#define UPDATE bits_i64_update
#define STATE BitState
#define T i64
#define STEP bits_i64
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel sum_i16_kernel = {
    .state_bytes = sizeof(IntegerSum),
    .state_is_zero = true,
    .update = sum_i16_update,
    .merge = integer_sum_merge,
    .emit = integer_sum_emit,
};
static const AggregateKernel avg_i16_kernel = {
    .state_bytes = sizeof(IntegerSum),
    .state_is_zero = true,
    .update = sum_i16_update,
    .merge = integer_sum_merge,
    .emit = integer_average_emit,
};
static const AggregateKernel sum_i32_kernel = {
    .state_bytes = sizeof(IntegerSum),
    .state_is_zero = true,
    .update = sum_i32_update,
    .merge = integer_sum_merge,
    .emit = integer_sum_emit,
};
static const AggregateKernel avg_i32_kernel = {
    .state_bytes = sizeof(IntegerSum),
    .state_is_zero = true,
    .update = sum_i32_update,
    .merge = integer_sum_merge,
    .emit = integer_average_emit,
};
static const AggregateKernel sum_i64_kernel = {
    .state_bytes = sizeof(LongSum),
    .state_is_zero = true,
    .update = sum_i64_update,
    .merge = long_sum_merge,
    .emit = long_sum_emit,
};
static const AggregateKernel avg_i64_kernel = {
    .state_bytes = sizeof(LongSum),
    .state_is_zero = true,
    .update = sum_i64_update,
    .merge = long_sum_merge,
    .emit = long_average_emit,
};
static const AggregateKernel sum_i128_kernel = {
    .state_bytes = sizeof(ExactSum),
    .state_is_zero = true,
    .update = sum_i128_update,
    .merge = exact_sum_merge,
    .emit = exact_sum_emit,
};
static const AggregateKernel avg_i128_kernel = {
    .state_bytes = sizeof(ExactSum),
    .state_is_zero = true,
    .update = sum_i128_update,
    .merge = exact_sum_merge,
    .emit = exact_average_emit,
};
static const AggregateKernel sum_num_kernel = {
    .state_bytes = sizeof(NumSum),
    .state_is_zero = true,
    .update = sum_num_update,
    .merge = num_sum_state_merge,
    .emit = num_sum_emit,
};
static const AggregateKernel avg_num_kernel = {
    .state_bytes = sizeof(NumSum),
    .state_is_zero = true,
    .update = sum_num_update,
    .merge = num_sum_state_merge,
    .emit = num_average_emit,
};
static const AggregateKernel sum_f32_kernel = {
    .state_bytes = sizeof(RealSum),
    .state_is_zero = true,
    .update = sum_f32_update,
    .merge = real_sum_merge,
    .emit = real_sum_emit,
};
static const AggregateKernel avg_f32_kernel = {
    .state_bytes = sizeof(FloatSum),
    .state_is_zero = true,
    .update = average_f32_update,
    .merge = float_sum_merge,
    .emit = float_average_emit,
};
static const AggregateKernel sum_f64_kernel = {
    .state_bytes = sizeof(FloatSum),
    .state_is_zero = true,
    .update = sum_f64_update,
    .merge = float_sum_merge,
    .emit = float_sum_emit,
};
static const AggregateKernel avg_f64_kernel = {
    .state_bytes = sizeof(FloatSum),
    .state_is_zero = true,
    .update = sum_f64_update,
    .merge = float_sum_merge,
    .emit = float_average_emit,
};
static const AggregateKernel sum_interval_kernel = {
    .state_bytes = sizeof(IntervalSum),
    .state_is_zero = true,
    .update = sum_interval_update,
    .merge = interval_sum_merge,
    .emit = interval_sum_emit,
};
static const AggregateKernel avg_interval_kernel = {
    .state_bytes = sizeof(IntervalSum),
    .state_is_zero = true,
    .update = sum_interval_update,
    .merge = interval_sum_merge,
    .emit = interval_average_emit,
};
static const AggregateKernel bool_and_kernel = {
    .state_bytes = sizeof(BoolState),
    .state_is_zero = true,
    .update = bool_update,
    .merge = bool_merge,
    .emit = bool_and_emit,
};
static const AggregateKernel bool_or_kernel = {
    .state_bytes = sizeof(BoolState),
    .state_is_zero = true,
    .update = bool_update,
    .merge = bool_merge,
    .emit = bool_or_emit,
};
static const AggregateKernel bits_and_i16_kernel = {
    .state_bytes = sizeof(BitState),
    .state_is_zero = true,
    .update = bits_i16_update,
    .merge = bits_merge,
    .emit = bits_and_emit,
};
static const AggregateKernel bits_and_i32_kernel = {
    .state_bytes = sizeof(BitState),
    .state_is_zero = true,
    .update = bits_i32_update,
    .merge = bits_merge,
    .emit = bits_and_emit,
};
static const AggregateKernel bits_and_i64_kernel = {
    .state_bytes = sizeof(BitState),
    .state_is_zero = true,
    .update = bits_i64_update,
    .merge = bits_merge,
    .emit = bits_and_emit,
};
static const AggregateKernel bits_or_i16_kernel = {
    .state_bytes = sizeof(BitState),
    .state_is_zero = true,
    .update = bits_i16_update,
    .merge = bits_merge,
    .emit = bits_or_emit,
};
static const AggregateKernel bits_or_i32_kernel = {
    .state_bytes = sizeof(BitState),
    .state_is_zero = true,
    .update = bits_i32_update,
    .merge = bits_merge,
    .emit = bits_or_emit,
};
static const AggregateKernel bits_or_i64_kernel = {
    .state_bytes = sizeof(BitState),
    .state_is_zero = true,
    .update = bits_i64_update,
    .merge = bits_merge,
    .emit = bits_or_emit,
};
static const AggregateKernel bits_xor_i16_kernel = {
    .state_bytes = sizeof(BitState),
    .state_is_zero = true,
    .update = bits_i16_update,
    .merge = bits_merge,
    .emit = bits_xor_emit,
};
static const AggregateKernel bits_xor_i32_kernel = {
    .state_bytes = sizeof(BitState),
    .state_is_zero = true,
    .update = bits_i32_update,
    .merge = bits_merge,
    .emit = bits_xor_emit,
};
static const AggregateKernel bits_xor_i64_kernel = {
    .state_bytes = sizeof(BitState),
    .state_is_zero = true,
    .update = bits_i64_update,
    .merge = bits_merge,
    .emit = bits_xor_emit,
};

// clang-format off
static const AggregateKernelRow rows[] = {
    {OP_COUNT_ROWS,  &count_rows_kernel,    0, {},                   LANE_I64},
    {OP_COUNT,       &count_kernel,         1, {AGGREGATE_ANY_LANE}, LANE_I64},
    {OP_SUM,         &sum_i16_kernel,       1, {LANE_I16},           LANE_I64},
    {OP_SUM,         &sum_i16_kernel,       1, {LANE_I16},           LANE_NUM},
    {OP_SUM,         &sum_i16_kernel,       1, {LANE_I16},           LANE_I128},
    {OP_AVG,         &avg_i16_kernel,       1, {LANE_I16},           LANE_NUM},
    {OP_SUM,         &sum_i32_kernel,       1, {LANE_I32},           LANE_I64},
    {OP_SUM,         &sum_i32_kernel,       1, {LANE_I32},           LANE_NUM},
    {OP_SUM,         &sum_i32_kernel,       1, {LANE_I32},           LANE_I128},
    {OP_AVG,         &avg_i32_kernel,       1, {LANE_I32},           LANE_NUM},
    {OP_SUM,         &sum_i64_kernel,       1, {LANE_I64},           LANE_NUM},
    {OP_SUM,         &sum_i64_kernel,       1, {LANE_I64},           LANE_DEC128},
    {OP_SUM,         &sum_i64_kernel,       1, {LANE_I64},           LANE_DEC64},
    {OP_SUM,         &sum_i64_kernel,       1, {LANE_I64},           LANE_I128},
    {OP_SUM,         &sum_i64_kernel,       1, {LANE_I64},           LANE_I64},
    {OP_AVG,         &avg_i64_kernel,       1, {LANE_I64},           LANE_NUM},
    {OP_SUM,         &sum_i64_kernel,       1, {LANE_DEC64},         LANE_NUM},
    {OP_SUM,         &sum_i64_kernel,       1, {LANE_DEC64},         LANE_DEC128},
    {OP_SUM,         &sum_i64_kernel,       1, {LANE_DEC64},         LANE_DEC64},
    {OP_AVG,         &avg_i64_kernel,       1, {LANE_DEC64},         LANE_NUM},
    {OP_SUM,         &sum_i128_kernel,      1, {LANE_I128},          LANE_NUM},
    {OP_SUM,         &sum_i128_kernel,      1, {LANE_I128},          LANE_DEC128},
    {OP_SUM,         &sum_i128_kernel,      1, {LANE_I128},          LANE_DEC64},
    {OP_SUM,         &sum_i128_kernel,      1, {LANE_I128},          LANE_I128},
    {OP_SUM,         &sum_i128_kernel,      1, {LANE_I128},          LANE_I64},
    {OP_AVG,         &avg_i128_kernel,      1, {LANE_I128},          LANE_NUM},
    {OP_SUM,         &sum_i128_kernel,      1, {LANE_DEC128},        LANE_NUM},
    {OP_SUM,         &sum_i128_kernel,      1, {LANE_DEC128},        LANE_DEC128},
    {OP_SUM,         &sum_i128_kernel,      1, {LANE_DEC128},        LANE_DEC64},
    {OP_AVG,         &avg_i128_kernel,      1, {LANE_DEC128},        LANE_NUM},
    {OP_SUM,         &sum_num_kernel,       1, {LANE_NUM},           LANE_NUM},
    {OP_AVG,         &avg_num_kernel,       1, {LANE_NUM},           LANE_NUM},
    {OP_SUM,         &sum_f32_kernel,       1, {LANE_F32},           LANE_F32},
    {OP_AVG,         &avg_f32_kernel,       1, {LANE_F32},           LANE_F64},
    {OP_SUM,         &sum_f64_kernel,       1, {LANE_F64},           LANE_F64},
    {OP_AVG,         &avg_f64_kernel,       1, {LANE_F64},           LANE_F64},
    {OP_SUM,         &sum_interval_kernel,  1, {LANE_INTERVAL},      LANE_INTERVAL},
    {OP_AVG,         &avg_interval_kernel,  1, {LANE_INTERVAL},      LANE_INTERVAL},
    {OP_BOOL_AND,    &bool_and_kernel,      1, {LANE_BOOL},          LANE_BOOL},
    {OP_BOOL_OR,     &bool_or_kernel,       1, {LANE_BOOL},          LANE_BOOL},
    {OP_BITS_AND,    &bits_and_i16_kernel,  1, {LANE_I16},           LANE_I16},
    {OP_BITS_AND,    &bits_and_i32_kernel,  1, {LANE_I32},           LANE_I32},
    {OP_BITS_AND,    &bits_and_i64_kernel,  1, {LANE_I64},           LANE_I64},
    {OP_BITS_OR,     &bits_or_i16_kernel,   1, {LANE_I16},           LANE_I16},
    {OP_BITS_OR,     &bits_or_i32_kernel,   1, {LANE_I32},           LANE_I32},
    {OP_BITS_OR,     &bits_or_i64_kernel,   1, {LANE_I64},           LANE_I64},
    {OP_BITS_XOR,    &bits_xor_i16_kernel,  1, {LANE_I16},           LANE_I16},
    {OP_BITS_XOR,    &bits_xor_i32_kernel,  1, {LANE_I32},           LANE_I32},
    {OP_BITS_XOR,    &bits_xor_i64_kernel,  1, {LANE_I64},           LANE_I64},
};
// clang-format on

const AggregateTable FOR_INSTRUCTIONS(sum_aggregates) = {rows, countof(rows)};
