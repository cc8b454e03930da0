/* SPDX-License-Identifier: Apache-2.0
 *
 * Normalised sort keys: bytes whose memcmp order is the SQL order of the row.
 */
#ifndef GOTGAN_SORT_KEY_H
#define GOTGAN_SORT_KEY_H

#include "base/buffer.h"
#include "types/chunk.h"

typedef struct SortColumn {
    i32 column; /* of the chunk */
    bool descending;
    bool nulls_first;
} SortColumn;

/* Bytes of the fixed part a column adds: 1 for NULL plus the width of its lane; Nums add a prefix
 * of 12 bytes, strings that and their length, rows nothing, and then memcmp-equal keys need
 * rows_compare (sort_key_is_exact), unless all strings have at most SORT_KEY_STRING_MAX bytes. */
enum { SORT_KEY_STRING_MAX = 12 };
i32 sort_key_bytes(Lane lane);
bool sort_key_is_exact(Lane lane);
/* Writes the key part of column for the i-th selected row at keys + i * stride. */
must_check bool sort_key_column(const Vector *vector, const Selection *sel, i32 n, bool descending,
                                bool nulls_first, u8 *keys, i64 stride, Error *error);

#endif
