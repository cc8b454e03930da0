/* SPDX-License-Identifier: Apache-2.0
 *
 * Where rows come from: the hidden columns `load id` (the transaction that brought them) and
 * `commit version`. Flush and merge carry them along: a row group whose rows share both has them in
 * its address; any other has them in its footer, as runs.
 *
 * Ownership law: runs lie where the caller says.
 */
#ifndef GOTGAN_ORIGIN_H
#define GOTGAN_ORIGIN_H

#include "base/bytes.h"
#include "storage/transaction.h"

typedef struct RowGroup RowGroup;

typedef struct RowOrigin {
    u64 load_id;
    Version version; /* 0 in a record being written: its own */
} RowOrigin;

/* Neighbouring rows of one origin. */
typedef struct OriginRun {
    RowOrigin origin;
    i32 rows;
} OriginRun;

/* Appends rows to a list of OriginRuns. */
must_check bool origin_add(Buffer *runs, RowOrigin origin, i32 rows, Error *error);

/* Runs as bytes in arena (FORMAT.md, "origins"). */
must_check bool origins_encode(const OriginRun *runs, i64 count, Arena *arena, Text *bytes,
                               Error *error);
/* Runs of exactly so many rows; XX001. */
must_check bool origins_decode(Text bytes, i32 rows, Arena *arena, OriginRun **runs, i32 *count,
                               Error *error);

/* Those of a row group, in order of position, in arena. */
must_check bool row_group_origins(RowGroup *group, Arena *arena, OriginRun **runs, i32 *count,
                                  Error *error);

#endif
