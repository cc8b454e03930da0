/* SPDX-License-Identifier: Apache-2.0
 *
 * Scan filters: what they say about a row group, a block, a dictionary and decoded values. A filter
 * may only ever remove rows that do not pass; what storage cannot decide it leaves to the
 * executor.
 */
#ifndef GOTGAN_FILTER_H
#define GOTGAN_FILTER_H

#include "storage/footer.h"

/* Can the filter be evaluated on a column of this lane? (Its values must compare with it.) */
bool filter_fits(const ScanFilter *filter, Lane lane);
/* Does the filter ask for an order that storage does not have for the column? */
static inline bool filter_needs_other_order(const ScanFilter *filter, const Columns *columns)
{
    i32 at = columns_find(columns, filter->column);
    return (filter->kind == FILTER_RANGE || filter->kind == FILTER_IN_SET) && at != COLUMN_NONE &&
           columns->list[at].order == ORDER_NONE;
}
/* Bounds and NULL counts of the segment: can any row pass? */
bool filter_may_pass_segment(const ScanFilter *filter, const Segment *segment, i32 rows);
/* ... of its block? zone bounds are integers or, for dictionaries, codes from..to (below). */
bool filter_may_pass_block(const ScanFilter *filter, const Segment *segment, i32 block);

/* Clears in mask (n bits) the rows that do not pass. The vector is loaded; for a DICTIONARY,
 * `entry_mask` has a bit per entry (filter_entries), NULL otherwise. */
must_check bool filter_apply(const ScanFilter *filter, const Vector *vector, const u64 *entry_mask,
                             i32 n, Arena *arena, u64 *mask, Error *error);
/* The codes of sorted entries that a RANGE lets pass are from .. to, none when from > to. */
void filter_code_range(const ScanFilter *filter, const Str *entries, i32 count, i32 *from, i32 *to);
/* Clears in mask the bits of rows that are NULL or whose code is not in from .. to. */
void filter_between(const Vector *vector, i32 from, i32 to, i32 n, u64 *mask);
/* A bit per entry that passes; entries of strings are sorted. */
void filter_entries(const ScanFilter *filter, const Vector *entries, i32 count, u64 *mask);

/* A RANGE over codes (value - base) of a block: clears the bits of rows that do not pass; rows that
 * are NULL first. */
void filter_codes(const ScanFilter *filter, i64 base, const u32 *codes, const u64 *valid, i32 n,
                  u64 *mask);

#endif
