/* SPDX-License-Identifier: Apache-2.0
 *
 * Fetching rows by id: part of table access.
 */
#ifndef GOTGAN_FETCH_H
#define GOTGAN_FETCH_H

#include "storage/relation.h"

must_check bool native_fetch(Relation *relation, const RowId *rows, i32 n,
                             const ScanColumn *columns, i32 column_count, Chunk *out, Arena *arena,
                             Error *error);

#endif
