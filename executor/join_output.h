/* SPDX-License-Identifier: Apache-2.0
 *
 * What joins give out: pairs of a probe row and a build row, or probe rows with a mark. Shared by
 * the hash join and the nested loop.
 */
#ifndef GOTGAN_JOIN_OUTPUT_H
#define GOTGAN_JOIN_OUTPUT_H

#include "executor/execution.h"

/* out = column of a probe chunk for pairs codes[0..n): a DICTIONARY over the vector where that is
 * possible. Loads lazy columns. */
void join_probe_column(Query *q, const Chunk *in, i32 column, const u32 *codes, i32 n, Arena *arena,
                       Vector *out);
/* A BOOL column by position: TRUE where bit of is_true, NULL where is_unknown (which may be
 * NULL). */
void join_mark_column(Query *q, const u64 *is_true, const u64 *is_unknown, i32 n, Arena *arena,
                      Vector *out);
_Noreturn void join_fail_second_match(Query *q);

#endif
