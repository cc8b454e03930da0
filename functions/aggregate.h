/* SPDX-License-Identifier: Apache-2.0
 *
 * What the aggregate files share: their tables' row, exact sums wider than 128 bits, and writing
 * results.
 */
#ifndef GOTGAN_AGGREGATE_H
#define GOTGAN_AGGREGATE_H

#include "base/instruction_set.h"
#include "functions/function.h"

enum { AGGREGATE_ARGS = 2, AGGREGATE_ANY_LANE = 255 };

typedef struct AggregateKernelRow {
    Operation operation;
    const AggregateKernel *kernel;
    u8 nargs;
    u8 args[AGGREGATE_ARGS]; /* a LaneKind, or AGGREGATE_ANY_LANE */
    u8 result;               /* a LaneKind, or AGGREGATE_ANY_LANE */
} AggregateKernelRow;

typedef struct AggregateTable {
    const AggregateKernelRow *rows;
    i32 count;
} AggregateTable;

extern const AggregateTable sum_aggregates, extreme_aggregates, statistics_aggregates,
    text_aggregates;
#ifdef GOTGAN_HAS_V3
/* Those with hot loops, for x86-64-v3. */
extern const AggregateTable sum_aggregates_v3, extreme_aggregates_v3;
#endif

/* A sum of 128-bit values that cannot overflow: high * 2^128 + low. */
typedef struct WideSum {
    u128 low;
    i64 high;
    i64 count; /* values added */
} WideSum;

static inline void wide_add(WideSum *sum, i128 value)
{
    u128 low = sum->low + (u128)value;
    sum->high += (value < 0 ? -1 : 0) + (low < sum->low);
    sum->low = low;
    sum->count++;
}
static inline void wide_merge(WideSum *sum, const WideSum *other)
{
    u128 low = sum->low + other->low;
    sum->high += other->high + (low < sum->low);
    sum->low = low;
    sum->count += other->count;
}
/* false: the sum needs more than 128 bits. */
must_check bool wide_to_i128(const WideSum *sum, i128 *value);
/* The sum as sum * 10^-scale. */
must_check bool wide_to_num(const WideSum *sum, i32 scale, Arena *arena, Num *num, Error *error);

/* The state of group i. */
static inline const void *state_at(const u8 *states, i64 stride, i32 i)
{
    return states + i * stride;
}
/* A result row that is NULL; always true. */
bool emit_null(Vector *out, i32 row);

/* i128 value * 10^-scale into a FLAT result of lane I64, I128, DEC64, DEC128 or NUM; a decimal
 * lane has the same scale. 22003 "bigint out of range" and "numeric field overflow". */
must_check bool emit_exact(const WideSum *sum, i32 scale, Vector *out, i32 row, Arena *arena,
                           Error *error);

#endif
