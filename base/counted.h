/* SPDX-License-Identifier: Apache-2.0
 *
 * Counted: pieces of memory that several owners share: immutable versions of tables and
 * catalogues, row groups, cached frames. Every owner holds one count; the last one to drop it
 * runs the piece's closer and gives the memory back.
 *
 * Ownership law: counted_make gives the first count. keep and drop are thread-safe; NULL is fine
 * for both. The memory is zeroed and 16-byte aligned, 64 bytes behind it are readable.
 */
#ifndef GOTGAN_COUNTED_H
#define GOTGAN_COUNTED_H

#include "base/budget.h"

/* bytes of zeroed memory taken from budget (NULL: not counted); closer (NULL: none) runs before
 * the memory goes. NULL with 53200 in error. */
must_check void *counted_make(i64 bytes, Budget *budget, void (*closer)(void *thing), Error *error);
/* Returns thing. The constness of what is shared does not bind its counter. */
void *counted_keep(const void *thing);
/* Returns thing, or NULL when its last owner has just dropped it: for tables of things that hold no
 * count themselves and are cleaned by the closer under the same mutex as this call. */
void *counted_try_keep(const void *thing);
void counted_drop(const void *thing);
/* How many owners there are; a hint unless the caller is the only one. */
i64 counted_owners(const void *thing);

#endif
