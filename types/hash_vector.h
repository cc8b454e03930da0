/* SPDX-License-Identifier: Apache-2.0
 *
 * Equality, order and hash of rows: what GROUP BY, joins, DISTINCT, set operations and sorts share.
 * One lane has one equality: -0 = 0, NaN = NaN, numerics ignore scale, intervals are normalised.
 * Two vectors compared have one Lane.
 */
#ifndef GOTGAN_HASH_VECTOR_H
#define GOTGAN_HASH_VECTOR_H

#include "types/chunk.h"

/* hashes[i] for the i-th selected row (sel NULL: 0..n-1); HASH_COMBINE mixes the column into the
 * hashes that are there. NULL hashes to a constant. Bits are good from top to bottom: the top 8
 * choose a partition. Not stable between versions: never in a file except spill. */
typedef enum HashMode { HASH_FIRST, HASH_COMBINE } HashMode;
must_check bool hash_column(const Vector *vector, const Selection *sel, i32 n, HashMode mode,
                            u64 *hashes, Error *error);
u64 hash_value(const Value *value);
u64 hash_bytes(const void *bytes, i64 len);

/* The file hash of architecture c17: XXH3-64 over the canonical value, never changed. */
u64 file_hash_value(const Value *value);
void file_hash_column(const Vector *vector, i32 n, u64 *hashes); /* FLAT; NULL rows: 0 */

/* Rows of loaded vectors; NULLs are equal to each other and after everything. */
bool rows_equal(const Vector *a, i32 row_a, const Vector *b, i32 row_b);
int rows_compare(const Vector *a, i32 row_a, const Vector *b, i32 row_b);

#endif
