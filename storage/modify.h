/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing rows: the write side of table access.
 */
#ifndef GOTGAN_MODIFY_H
#define GOTGAN_MODIFY_H

#include "storage/storage_state.h"

must_check bool native_modify(Transaction *transaction, u64 relation, ModifyCall *call,
                              Error *error);

/* modify.c, Storage.mutex held: is the row no longer in the newest state? */
bool row_is_gone(const Storage *storage, TableId table, RowId row);
bool row_in_own_group(const WriteTable *table, RowId row);

/* lock_rows.c */
must_check bool native_lock_rows(Transaction *transaction, u64 relation, LockRowsCall *call,
                                 Error *error);

/* append.c */
must_check bool native_append_open(Transaction *transaction, u64 relation, Append **out,
                                   Error *error);
must_check bool native_append(Append *append, const Chunk *chunk, Error *error);
must_check bool native_append_close(Append *append, bool keep, Error *error);

/* The transaction's mutex held: its WriteTable with columns known; NULL with error. */
must_check WriteTable *write_table_for_rows(Transaction *transaction, TableId table, Error *error);

#endif
