/* SPDX-License-Identifier: Apache-2.0
 *
 * Applying scan filters that a table did not apply itself.
 */
#ifndef GOTGAN_SCAN_FILTER_H
#define GOTGAN_SCAN_FILTER_H

#include "storage/table_access.h"

/* Writes the positions of sel (NULL: 0..n-1) at which the loaded vector passes the filter to rows
 * (which may be sel's own); returns how many. */
i32 scan_filter_apply(const ScanFilter *filter, const Vector *vector, const Selection *sel, i32 n,
                      u16 *rows);

#endif
