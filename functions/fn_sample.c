/* SPDX-License-Identifier: Apache-2.0
 *
 * What TABLESAMPLE is made of: its percentage as a share, its seed as a number, the numbers of the
 * rows of a scan, and the point of [0, 1) a row has under a seed. A row is taken when its point is
 * below the share.
 *
 * The numbers count what one call site sees, so that the pipeline that holds it runs with one
 * worker.
 */
#include "functions/kernel.h"

static bool sample_share(KernelCall *call, i32 i)
{
    if (arg_is_null(call, 0, i))
        return error_set(call->error, E_INVALID_TABLESAMPLE_ARGUMENT,
                         "TABLESAMPLE parameter cannot be null");
    f64 percent = ((const f64 *)call->args[0].values)[arg_index(call, 0, i)];
    if (!(percent >= 0 && percent <= 100))
        return error_set(call->error, E_INVALID_TABLESAMPLE_ARGUMENT,
                         "sample percentage must be between 0 and 100");
    return put_f64(call, i, percent / 100);
}
ROW_KERNEL_ALL(sample_share)

/* Equal seeds give equal numbers: -0 is 0, every NaN the same. */
static bool sample_seed(KernelCall *call, i32 i)
{
    if (arg_is_null(call, 0, i))
        return error_set(call->error, E_INVALID_TABLESAMPLE_REPEAT,
                         "TABLESAMPLE REPEATABLE parameter cannot be null");
    f64 seed = ((const f64 *)call->args[0].values)[arg_index(call, 0, i)];
    i64 bits = 0;
    if (seed != seed)
        bits = INT64_MAX;
    else if (seed != 0)
        memcpy(&bits, &seed, sizeof bits);
    return put_i64(call, i, bits);
}
ROW_KERNEL_ALL(sample_seed)

/* The finalizer of MurmurHash3 (Appleby), twice: neighbours are far apart. */
static u64 scatter(u64 x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdull;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ull;
    return x ^ x >> 33;
}

static bool sample_point(KernelCall *call, i32 i)
{
    u64 seed = scatter((u64)arg_i64(call, 1, i) + 0x9e3779b97f4a7c15ull);
    u64 hash = scatter((u64)arg_i64(call, 0, i) ^ seed);
    return put_f64(call, i, (f64)(hash >> 11) * 0x1p-53);
}
ROW_KERNEL(sample_point)

static bool counter_prepare(const Value *const *constants, i32 nargs, const FunctionRow *row,
                            Arena *arena, void **state, Error *error)
{
    i64 *count = arena_try(arena, sizeof *count, error);
    if (!count)
        return false;
    *count = 0;
    *state = count;
    return true;
}

static bool row_counter(KernelCall *call, i32 i)
{
    return put_i64(call, i, ++*(i64 *)call->state);
}

static KernelStatus row_counter_kernel(KernelCall *call)
{
    verify(call->state != NULL);
    return each_row(call, row_counter);
}

static const StateRow state_rows[] = {{OP_ROW_COUNTER, {counter_prepare, NULL}}};
const StateTable sample_states = {state_rows, countof(state_rows)};

// clang-format off
static const KernelRow rows[] = {
    {OP_SAMPLE_SHARE, sample_share_kernel, 1, {LANE_F64},           LANE_F64, SCALE_FREE},
    {OP_SAMPLE_SEED,  sample_seed_kernel,  1, {LANE_F64},           LANE_I64, SCALE_FREE},
    {OP_SAMPLE_POINT, sample_point_kernel, 2, {LANE_I64, LANE_I64}, LANE_F64, SCALE_FREE},
    {OP_ROW_COUNTER,  row_counter_kernel,  0, {0},                  LANE_I64, SCALE_FREE},
};
// clang-format on

const KernelTable sample_kernels = {rows, countof(rows)};
