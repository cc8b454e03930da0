/* SPDX-License-Identifier: Apache-2.0
 *
 * Quantile sketches of many row groups, and values of the delta, become quantiles of the table.
 *
 * Error: the rank of a result is off by at most a step of the sketches (1/64 of the rows, 1/32 for
 * strings and what is sampled) and what their values were off (1/512; when sampled 1.6 % in the
 * mean). More than 65,536 values (1,000 row groups) are thinned, which adds up to 1/16,384 of the
 * rows each time. A cut string stands for all that begin with it.
 *
 * Ownership law: one thread's, between open and close. Values are referred to, not copied.
 */
#ifndef GOTGAN_QUANTILE_MERGE_H
#define GOTGAN_QUANTILE_MERGE_H

#include "base/buffer.h"
#include "types/value.h"

typedef struct QuantileMerge {
    Buffer entries; /* QuantileEntry */
    f64 weight;     /* of all that was added */
} QuantileMerge;

void quantile_merge_open(QuantileMerge *merge);
void quantile_merge_close(QuantileMerge *merge);
/* Values at equally spaced ranks of so many rows, the first and the last included. */
must_check bool quantile_merge_ranks(QuantileMerge *merge, const Value *values, i32 count, f64 rows,
                                     Error *error);
/* Values that stand for equally many of so many rows. */
must_check bool quantile_merge_sample(QuantileMerge *merge, const Value *values, i32 count,
                                      f64 rows, Error *error);
/* The values at count (> 1) equally spaced ranks, in order; something must have been added. */
void quantile_merge_cut(QuantileMerge *merge, Value *values, i32 count);

#endif
