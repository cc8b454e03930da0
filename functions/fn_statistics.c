/* SPDX-License-Identifier: Apache-2.0
 *
 * Variance, standard deviation, correlation, covariance and linear regression.
 *
 * Floats follow Youngs and Cramer, "Some results relevant to choice of sum and sum-of-product
 * algorithms" (Technometrics 13, 1971), as PostgreSQL does, with its formula for merging two
 * partial results. Integers and numerics are exact: sums of x and x * x (WideSum, or NumSum where
 * the squares need more than 128 bits), combined at the end as numeric.
 */
#include <math.h>

#include "functions/aggregate.h"

static bool float_overflow(Error *error)
{
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

/* ---- one float ---- */

typedef struct Spread {
    f64 n, sum, squares; /* squares: sum of squared deviations from the mean */
    f64 unused;
} Spread;

static inline bool spread_f64(AggregateCall *call, Spread *state, f64 x)
{
    f64 n = state->n + 1, sum = state->sum + x;
    if (state->n > 0) {
        f64 deviation = x * n - sum;
        state->squares += deviation * deviation / (n * state->n);
        if (isinf(sum) || isinf(state->squares)) {
            if (!isinf(state->sum) && !isinf(x))
                return float_overflow(call->error);
            state->squares = NAN;
        }
    } else if (isnan(x) || isinf(x))
        state->squares = NAN;
    state->n = n;
    state->sum = sum;
    return true;
}
static inline bool spread_f32(AggregateCall *call, Spread *state, f32 x)
{
    return spread_f64(call, state, x);
}

#define UPDATE spread_f64_update
#define STATE Spread
#define T f64
#define STEP spread_f64
#include "functions/aggregate_loop.inc.h"

#define UPDATE spread_f32_update
#define STATE Spread
#define T f32
#define STEP spread_f32
#include "functions/aggregate_loop.inc.h"

static bool spread_merge(void *state, const void *other, Arena *arena, Error *error)
{
    Spread *a = state;
    const Spread *b = other;
    if (b->n == 0)
        return true;
    if (a->n == 0) {
        *a = *b;
        return true;
    }
    f64 n = a->n + b->n, difference = a->sum / a->n - b->sum / b->n;
    f64 squares = a->squares + b->squares + a->n * b->n * difference * difference / n;
    if (isinf(squares) && !isinf(a->squares) && !isinf(b->squares))
        return float_overflow(error);
    *a = (Spread){.n = n, .sum = a->sum + b->sum, .squares = squares};
    return true;
}

TEMPLATE bool spread_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, f64 less,
                          bool root)
{
    for (i32 i = 0; i < n; i++) {
        const Spread *state = state_at(states, stride, i);
        if (state->n <= less) {
            emit_null(out, first + i);
            continue;
        }
        f64 variance = state->squares / (state->n - less);
        ((f64 *)out->values)[first + i] = root ? sqrt(variance) : variance;
    }
    return true;
}

static bool spread_var_pop_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                Arena *arena, Error *error)
{
    return spread_emit(states, stride, n, out, first, 0, false);
}
static bool spread_var_samp_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                 Arena *arena, Error *error)
{
    return spread_emit(states, stride, n, out, first, 1, false);
}
static bool spread_stddev_pop_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                   Arena *arena, Error *error)
{
    return spread_emit(states, stride, n, out, first, 0, true);
}
static bool spread_stddev_samp_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                    Arena *arena, Error *error)
{
    return spread_emit(states, stride, n, out, first, 1, true);
}

/* ---- exact: integers and scaled integers whose squares fit 128 bits ---- */

typedef struct ExactSpread {
    WideSum sum, squares;
    i32 scale;
} ExactSpread;

static inline bool exact_i64(AggregateCall *call, ExactSpread *state, i64 x)
{
    wide_add(&state->sum, x);
    wide_add(&state->squares, (i128)x * x);
    state->scale = call->args[0].lane.scale;
    return true;
}
static inline bool exact_i32(AggregateCall *call, ExactSpread *state, i32 x)
{
    return exact_i64(call, state, x);
}
static inline bool exact_i16(AggregateCall *call, ExactSpread *state, i16 x)
{
    return exact_i64(call, state, x);
}

#define UPDATE exact_i16_update
#define STATE ExactSpread
#define T i16
#define STEP exact_i16
#include "functions/aggregate_loop.inc.h"

#define UPDATE exact_i32_update
#define STATE ExactSpread
#define T i32
#define STEP exact_i32
#include "functions/aggregate_loop.inc.h"

#define UPDATE exact_i64_update
#define STATE ExactSpread
#define T i64
#define STEP exact_i64
#include "functions/aggregate_loop.inc.h"

static bool exact_merge(void *state, const void *other, Arena *arena, Error *error)
{
    ExactSpread *a = state;
    const ExactSpread *b = other;
    if (b->sum.count == 0)
        return true;
    wide_merge(&a->sum, &b->sum);
    wide_merge(&a->squares, &b->squares);
    a->scale = b->scale;
    return true;
}

/* ---- exact: NUM and 128-bit lanes ---- */

static inline bool spread_num(AggregateCall *call, NumSpread *state, Num x)
{
    return num_spread_add(state, x, call->arena, call->error);
}
static inline bool spread_i128(AggregateCall *call, NumSpread *state, i128 x)
{
    Num num;
    return num_from_i128(x, call->args[0].lane.scale, call->arena, &num, call->error) &&
           spread_num(call, state, num);
}

#define UPDATE spread_num_update
#define STATE NumSpread
#define T Num
#define STEP spread_num
#include "functions/aggregate_loop.inc.h"

#define UPDATE spread_i128_update
#define STATE NumSpread
#define T i128
#define STEP spread_i128
#include "functions/aggregate_loop.inc.h"

static bool num_state_merge(void *state, const void *other, Arena *arena, Error *error)
{
    return num_spread_merge(state, other, arena, error);
}

/* ---- exact results ---- */

TEMPLATE bool exact_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                         Error *error, NumVariance kind)
{
    for (i32 i = 0; i < n; i++) {
        const ExactSpread *state = state_at(states, stride, i);
        Num sum, squares, *result = (Num *)out->values + first + i;
        if (state->sum.count <= kind.less) {
            emit_null(out, first + i);
            continue;
        }
        if (!wide_to_num(&state->sum, state->scale, arena, &sum, error) ||
            !wide_to_num(&state->squares, state->scale * 2, arena, &squares, error) ||
            !num_variance(sum, squares, state->sum.count, kind, arena, result, error))
            return false;
    }
    return true;
}

TEMPLATE bool num_spread_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                              Arena *arena, Error *error, NumVariance kind)
{
    for (i32 i = 0; i < n; i++) {
        const NumSpread *state = state_at(states, stride, i);
        if (state->sum.count <= kind.less) {
            emit_null(out, first + i);
            continue;
        }
        if (!num_spread_variance(state, kind, arena, (Num *)out->values + first + i, error))
            return false;
    }
    return true;
}

static bool exact_var_pop_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                               Arena *arena, Error *error)
{
    return exact_emit(states, stride, n, out, first, arena, error, (NumVariance){0, false});
}
static bool num_var_pop_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                             Arena *arena, Error *error)
{
    return num_spread_emit(states, stride, n, out, first, arena, error, (NumVariance){0, false});
}
static bool exact_var_samp_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                Arena *arena, Error *error)
{
    return exact_emit(states, stride, n, out, first, arena, error, (NumVariance){1, false});
}
static bool num_var_samp_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                              Arena *arena, Error *error)
{
    return num_spread_emit(states, stride, n, out, first, arena, error, (NumVariance){1, false});
}
static bool exact_stddev_pop_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                  Arena *arena, Error *error)
{
    return exact_emit(states, stride, n, out, first, arena, error, (NumVariance){0, true});
}
static bool num_stddev_pop_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                Arena *arena, Error *error)
{
    return num_spread_emit(states, stride, n, out, first, arena, error, (NumVariance){0, true});
}
static bool exact_stddev_samp_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                   Arena *arena, Error *error)
{
    return exact_emit(states, stride, n, out, first, arena, error, (NumVariance){1, true});
}
static bool num_stddev_samp_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                 Arena *arena, Error *error)
{
    return num_spread_emit(states, stride, n, out, first, arena, error, (NumVariance){1, true});
}
/* ---- two floats: regression ---- */

typedef struct Pairs {
    f64 n, sum_x, squares_x, sum_y, squares_y, products;
} Pairs;

/* One pair; the first argument of the aggregates is y. */
static bool pairs_add(Pairs *state, f64 y, f64 x, Error *error)
{
    f64 n = state->n + 1, sum_x = state->sum_x + x, sum_y = state->sum_y + y;
    if (state->n > 0) {
        f64 dx = x * n - sum_x, dy = y * n - sum_y, share = 1.0 / (n * state->n);
        state->squares_x += dx * dx * share;
        state->squares_y += dy * dy * share;
        state->products += dx * dy * share;
        bool finite = !isinf(state->sum_x) && !isinf(x) && !isinf(state->sum_y) && !isinf(y);
        bool bad = isinf(sum_x) || isinf(sum_y) || isinf(state->squares_x) ||
                   isinf(state->squares_y) || isinf(state->products);
        if (bad && finite)
            return float_overflow(error);
        if (isinf(state->squares_x))
            state->squares_x = NAN;
        if (isinf(state->squares_y))
            state->squares_y = NAN;
        if (isinf(state->products))
            state->products = NAN;
    } else {
        if (!isfinite(x))
            state->squares_x = state->products = NAN;
        if (!isfinite(y))
            state->squares_y = state->products = NAN;
    }
    state->n = n;
    state->sum_x = sum_x;
    state->sum_y = sum_y;
    return true;
}

static bool pairs_update(AggregateCall *call)
{
    const Vector *ys = &call->args[0], *xs = &call->args[1];
    i32 count = call->sel ? call->sel->count : call->n;
    for (i32 k = 0; k < count; k++) {
        i32 i = call->sel ? call->sel->rows[k] : k;
        i32 y = ys->form == VECTOR_CONSTANT ? 0 : i, x = xs->form == VECTOR_CONSTANT ? 0 : i;
        if ((ys->valid && !bit_get(ys->valid, y)) || (xs->valid && !bit_get(xs->valid, x)))
            continue;
        Pairs *state =
            (Pairs *)(call->states + (call->groups ? call->groups[k] * call->stride : 0));
        if (!pairs_add(state, ((const f64 *)ys->values)[y], ((const f64 *)xs->values)[x],
                       call->error))
            return false;
    }
    return true;
}

static bool pairs_merge(void *state, const void *other, Arena *arena, Error *error)
{
    Pairs *a = state;
    const Pairs *b = other;
    if (b->n == 0)
        return true;
    if (a->n == 0) {
        *a = *b;
        return true;
    }
    f64 n = a->n + b->n, weight = a->n * b->n / n;
    f64 dx = a->sum_x / a->n - b->sum_x / b->n, dy = a->sum_y / a->n - b->sum_y / b->n;
    a->squares_x += b->squares_x + weight * dx * dx;
    a->squares_y += b->squares_y + weight * dy * dy;
    a->products += b->products + weight * dx * dy;
    a->sum_x += b->sum_x;
    a->sum_y += b->sum_y;
    a->n = n;
    return true;
}

/* One result; false: NULL. */
static bool regression(const Pairs *p, Operation operation, f64 *r)
{
    if (p->n < 1 || (p->n < 2 && operation == OP_COVAR_SAMP))
        return false;
    switch ((i32)operation) {
    case OP_COVAR_POP:
        *r = p->products / p->n;
        return true;
    case OP_COVAR_SAMP:
        *r = p->products / (p->n - 1);
        return true;
    case OP_REGR_AVGX:
        *r = p->sum_x / p->n;
        return true;
    case OP_REGR_AVGY:
        *r = p->sum_y / p->n;
        return true;
    case OP_REGR_SXX:
        *r = p->squares_x;
        return true;
    case OP_REGR_SYY:
        *r = p->squares_y;
        return true;
    case OP_REGR_SXY:
        *r = p->products;
        return true;
    case OP_CORR:
        *r = p->products / sqrt(p->squares_x * p->squares_y);
        return p->squares_x != 0 && p->squares_y != 0;
    case OP_REGR_R2:
        *r = p->squares_y == 0 ? 1.0 : p->products * p->products / (p->squares_x * p->squares_y);
        return p->squares_x != 0;
    case OP_REGR_SLOPE:
        *r = p->products / p->squares_x;
        return p->squares_x != 0;
    case OP_REGR_INTERCEPT:
        *r = (p->sum_y - p->sum_x * p->products / p->squares_x) / p->n;
        return p->squares_x != 0;
    default:
        unreachable();
    }
}

TEMPLATE bool pairs_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                         Operation operation)
{
    for (i32 i = 0; i < n; i++) {
        const Pairs *pairs = state_at(states, stride, i);
        if (operation == OP_REGR_COUNT)
            ((i64 *)out->values)[first + i] = (i64)pairs->n;
        else if (!regression(pairs, operation, (f64 *)out->values + first + i)) {
            ((f64 *)out->values)[first + i] = 0;
            emit_null(out, first + i);
        }
    }
    return true;
}

static bool corr_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                      Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_CORR);
}
static const AggregateKernel corr_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = corr_emit,
};
static bool covar_pop_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                           Arena *arena, Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_COVAR_POP);
}
static const AggregateKernel covar_pop_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = covar_pop_emit,
};
static bool covar_samp_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                            Arena *arena, Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_COVAR_SAMP);
}
static const AggregateKernel covar_samp_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = covar_samp_emit,
};
static bool regr_avgx_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                           Arena *arena, Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_REGR_AVGX);
}
static const AggregateKernel regr_avgx_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = regr_avgx_emit,
};
static bool regr_avgy_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                           Arena *arena, Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_REGR_AVGY);
}
static const AggregateKernel regr_avgy_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = regr_avgy_emit,
};
static bool regr_count_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                            Arena *arena, Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_REGR_COUNT);
}
static const AggregateKernel regr_count_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = regr_count_emit,
};
static bool regr_intercept_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                                Arena *arena, Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_REGR_INTERCEPT);
}
static const AggregateKernel regr_intercept_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = regr_intercept_emit,
};
static bool regr_r2_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                         Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_REGR_R2);
}
static const AggregateKernel regr_r2_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = regr_r2_emit,
};
static bool regr_slope_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                            Arena *arena, Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_REGR_SLOPE);
}
static const AggregateKernel regr_slope_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = regr_slope_emit,
};
static bool regr_sxx_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_REGR_SXX);
}
static const AggregateKernel regr_sxx_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = regr_sxx_emit,
};
static bool regr_sxy_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_REGR_SXY);
}
static const AggregateKernel regr_sxy_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = regr_sxy_emit,
};
static bool regr_syy_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    return pairs_emit(states, stride, n, out, first, OP_REGR_SYY);
}
static const AggregateKernel regr_syy_kernel = {
    .state_bytes = sizeof(Pairs),
    .state_is_zero = true,
    .update = pairs_update,
    .merge = pairs_merge,
    .emit = regr_syy_emit,
};

/* ---- kernels ---- */

static const AggregateKernel var_pop_f64_kernel = {
    .state_bytes = sizeof(Spread),
    .state_is_zero = true,
    .update = spread_f64_update,
    .merge = spread_merge,
    .emit = spread_var_pop_emit,
};
static const AggregateKernel var_samp_f64_kernel = {
    .state_bytes = sizeof(Spread),
    .state_is_zero = true,
    .update = spread_f64_update,
    .merge = spread_merge,
    .emit = spread_var_samp_emit,
};
static const AggregateKernel stddev_pop_f64_kernel = {
    .state_bytes = sizeof(Spread),
    .state_is_zero = true,
    .update = spread_f64_update,
    .merge = spread_merge,
    .emit = spread_stddev_pop_emit,
};
static const AggregateKernel stddev_samp_f64_kernel = {
    .state_bytes = sizeof(Spread),
    .state_is_zero = true,
    .update = spread_f64_update,
    .merge = spread_merge,
    .emit = spread_stddev_samp_emit,
};
static const AggregateKernel var_pop_f32_kernel = {
    .state_bytes = sizeof(Spread),
    .state_is_zero = true,
    .update = spread_f32_update,
    .merge = spread_merge,
    .emit = spread_var_pop_emit,
};
static const AggregateKernel var_samp_f32_kernel = {
    .state_bytes = sizeof(Spread),
    .state_is_zero = true,
    .update = spread_f32_update,
    .merge = spread_merge,
    .emit = spread_var_samp_emit,
};
static const AggregateKernel stddev_pop_f32_kernel = {
    .state_bytes = sizeof(Spread),
    .state_is_zero = true,
    .update = spread_f32_update,
    .merge = spread_merge,
    .emit = spread_stddev_pop_emit,
};
static const AggregateKernel stddev_samp_f32_kernel = {
    .state_bytes = sizeof(Spread),
    .state_is_zero = true,
    .update = spread_f32_update,
    .merge = spread_merge,
    .emit = spread_stddev_samp_emit,
};
static const AggregateKernel var_pop_i16_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i16_update,
    .merge = exact_merge,
    .emit = exact_var_pop_emit,
};
static const AggregateKernel var_samp_i16_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i16_update,
    .merge = exact_merge,
    .emit = exact_var_samp_emit,
};
static const AggregateKernel stddev_pop_i16_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i16_update,
    .merge = exact_merge,
    .emit = exact_stddev_pop_emit,
};
static const AggregateKernel stddev_samp_i16_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i16_update,
    .merge = exact_merge,
    .emit = exact_stddev_samp_emit,
};
static const AggregateKernel var_pop_i32_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i32_update,
    .merge = exact_merge,
    .emit = exact_var_pop_emit,
};
static const AggregateKernel var_samp_i32_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i32_update,
    .merge = exact_merge,
    .emit = exact_var_samp_emit,
};
static const AggregateKernel stddev_pop_i32_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i32_update,
    .merge = exact_merge,
    .emit = exact_stddev_pop_emit,
};
static const AggregateKernel stddev_samp_i32_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i32_update,
    .merge = exact_merge,
    .emit = exact_stddev_samp_emit,
};
static const AggregateKernel var_pop_i64_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i64_update,
    .merge = exact_merge,
    .emit = exact_var_pop_emit,
};
static const AggregateKernel var_samp_i64_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i64_update,
    .merge = exact_merge,
    .emit = exact_var_samp_emit,
};
static const AggregateKernel stddev_pop_i64_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i64_update,
    .merge = exact_merge,
    .emit = exact_stddev_pop_emit,
};
static const AggregateKernel stddev_samp_i64_kernel = {
    .state_bytes = sizeof(ExactSpread),
    .state_is_zero = true,
    .update = exact_i64_update,
    .merge = exact_merge,
    .emit = exact_stddev_samp_emit,
};
static const AggregateKernel var_pop_i128_kernel = {
    .state_bytes = sizeof(NumSpread),
    .state_is_zero = true,
    .update = spread_i128_update,
    .merge = num_state_merge,
    .emit = num_var_pop_emit,
};
static const AggregateKernel var_samp_i128_kernel = {
    .state_bytes = sizeof(NumSpread),
    .state_is_zero = true,
    .update = spread_i128_update,
    .merge = num_state_merge,
    .emit = num_var_samp_emit,
};
static const AggregateKernel stddev_pop_i128_kernel = {
    .state_bytes = sizeof(NumSpread),
    .state_is_zero = true,
    .update = spread_i128_update,
    .merge = num_state_merge,
    .emit = num_stddev_pop_emit,
};
static const AggregateKernel stddev_samp_i128_kernel = {
    .state_bytes = sizeof(NumSpread),
    .state_is_zero = true,
    .update = spread_i128_update,
    .merge = num_state_merge,
    .emit = num_stddev_samp_emit,
};
static const AggregateKernel var_pop_num_kernel = {
    .state_bytes = sizeof(NumSpread),
    .state_is_zero = true,
    .update = spread_num_update,
    .merge = num_state_merge,
    .emit = num_var_pop_emit,
};
static const AggregateKernel var_samp_num_kernel = {
    .state_bytes = sizeof(NumSpread),
    .state_is_zero = true,
    .update = spread_num_update,
    .merge = num_state_merge,
    .emit = num_var_samp_emit,
};
static const AggregateKernel stddev_pop_num_kernel = {
    .state_bytes = sizeof(NumSpread),
    .state_is_zero = true,
    .update = spread_num_update,
    .merge = num_state_merge,
    .emit = num_stddev_pop_emit,
};
static const AggregateKernel stddev_samp_num_kernel = {
    .state_bytes = sizeof(NumSpread),
    .state_is_zero = true,
    .update = spread_num_update,
    .merge = num_state_merge,
    .emit = num_stddev_samp_emit,
};

// clang-format off
static const AggregateKernelRow rows[] = {
    {OP_CORR,           &corr_kernel,              2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_COVAR_POP,      &covar_pop_kernel,         2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_COVAR_SAMP,     &covar_samp_kernel,        2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_REGR_AVGX,      &regr_avgx_kernel,         2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_REGR_AVGY,      &regr_avgy_kernel,         2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_REGR_COUNT,     &regr_count_kernel,        2, {LANE_F64, LANE_F64}, LANE_I64},
    {OP_REGR_INTERCEPT, &regr_intercept_kernel,    2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_REGR_R2,        &regr_r2_kernel,           2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_REGR_SLOPE,     &regr_slope_kernel,        2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_REGR_SXX,       &regr_sxx_kernel,          2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_REGR_SXY,       &regr_sxy_kernel,          2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_REGR_SYY,       &regr_syy_kernel,          2, {LANE_F64, LANE_F64}, LANE_F64},
    {OP_VAR_POP,        &var_pop_f64_kernel,       1, {LANE_F64},           LANE_F64},
    {OP_VAR_SAMP,       &var_samp_f64_kernel,      1, {LANE_F64},           LANE_F64},
    {OP_STDDEV_POP,     &stddev_pop_f64_kernel,    1, {LANE_F64},           LANE_F64},
    {OP_STDDEV_SAMP,    &stddev_samp_f64_kernel,   1, {LANE_F64},           LANE_F64},
    {OP_VAR_POP,        &var_pop_f32_kernel,       1, {LANE_F32},           LANE_F64},
    {OP_VAR_SAMP,       &var_samp_f32_kernel,      1, {LANE_F32},           LANE_F64},
    {OP_STDDEV_POP,     &stddev_pop_f32_kernel,    1, {LANE_F32},           LANE_F64},
    {OP_STDDEV_SAMP,    &stddev_samp_f32_kernel,   1, {LANE_F32},           LANE_F64},
    {OP_VAR_POP,        &var_pop_i16_kernel,       1, {LANE_I16},           LANE_NUM},
    {OP_VAR_SAMP,       &var_samp_i16_kernel,      1, {LANE_I16},           LANE_NUM},
    {OP_STDDEV_POP,     &stddev_pop_i16_kernel,    1, {LANE_I16},           LANE_NUM},
    {OP_STDDEV_SAMP,    &stddev_samp_i16_kernel,   1, {LANE_I16},           LANE_NUM},
    {OP_VAR_POP,        &var_pop_i32_kernel,       1, {LANE_I32},           LANE_NUM},
    {OP_VAR_SAMP,       &var_samp_i32_kernel,      1, {LANE_I32},           LANE_NUM},
    {OP_STDDEV_POP,     &stddev_pop_i32_kernel,    1, {LANE_I32},           LANE_NUM},
    {OP_STDDEV_SAMP,    &stddev_samp_i32_kernel,   1, {LANE_I32},           LANE_NUM},
    {OP_VAR_POP,        &var_pop_i64_kernel,       1, {LANE_I64},           LANE_NUM},
    {OP_VAR_POP,        &var_pop_i64_kernel,       1, {LANE_DEC64},         LANE_NUM},
    {OP_VAR_SAMP,       &var_samp_i64_kernel,      1, {LANE_I64},           LANE_NUM},
    {OP_VAR_SAMP,       &var_samp_i64_kernel,      1, {LANE_DEC64},         LANE_NUM},
    {OP_STDDEV_POP,     &stddev_pop_i64_kernel,    1, {LANE_I64},           LANE_NUM},
    {OP_STDDEV_POP,     &stddev_pop_i64_kernel,    1, {LANE_DEC64},         LANE_NUM},
    {OP_STDDEV_SAMP,    &stddev_samp_i64_kernel,   1, {LANE_I64},           LANE_NUM},
    {OP_STDDEV_SAMP,    &stddev_samp_i64_kernel,   1, {LANE_DEC64},         LANE_NUM},
    {OP_VAR_POP,        &var_pop_i128_kernel,      1, {LANE_DEC128},        LANE_NUM},
    {OP_VAR_SAMP,       &var_samp_i128_kernel,     1, {LANE_DEC128},        LANE_NUM},
    {OP_STDDEV_POP,     &stddev_pop_i128_kernel,   1, {LANE_DEC128},        LANE_NUM},
    {OP_STDDEV_SAMP,    &stddev_samp_i128_kernel,  1, {LANE_DEC128},        LANE_NUM},
    {OP_VAR_POP,        &var_pop_num_kernel,       1, {LANE_NUM},           LANE_NUM},
    {OP_VAR_SAMP,       &var_samp_num_kernel,      1, {LANE_NUM},           LANE_NUM},
    {OP_STDDEV_POP,     &stddev_pop_num_kernel,    1, {LANE_NUM},           LANE_NUM},
    {OP_STDDEV_SAMP,    &stddev_samp_num_kernel,   1, {LANE_NUM},           LANE_NUM},
};
// clang-format on

const AggregateTable statistics_aggregates = {rows, countof(rows)};
