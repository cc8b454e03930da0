/* SPDX-License-Identifier: Apache-2.0
 *
 * The one function that turns a durable record into state: commit, recovery and tests call it.
 */
#ifndef GOTGAN_APPLY_RECORD_H
#define GOTGAN_APPLY_RECORD_H

#include "storage/origin.h"
#include "storage/storage_state.h"

/* Applies a record's payload to `next`, a Root nobody sees yet. Records must come in order of LSN,
 * one caller at a time. XX001: the payload is damaged. */
must_check bool apply_record(Storage *storage, Root *next, Version version, const u8 *payload,
                             i64 len, Error *error);

/* Where the rows of one ROWS body come from. */
typedef struct AppliedRows {
    RowOrigin origin;     /* of all */
    const i64 *sequences; /* NULL: the next ones; else from MANIFEST, */
    const OriginRun *run; /* and so are the origins */
} AppliedRows;

/* MANIFEST's way in: the same steps for one table. */
must_check bool apply_rows(Storage *storage, Root *next, TableId table, ByteReader *r,
                           AppliedRows from, Error *error);
must_check bool apply_publish(Storage *storage, Root *next, TableId table, ByteReader *r,
                              Version version, DeleteVector *deletes, Error *error);
must_check bool apply_table(Root *next, TableId table, const Columns *columns, i64 sequence_next,
                            Error *error);
must_check bool apply_object(Root *next, const StoredObject *object, Error *error);

#endif
