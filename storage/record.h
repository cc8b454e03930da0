/* SPDX-License-Identifier: Apache-2.0
 *
 * The entries of a WAL record: writing them (a transaction's writes; a job's publication) and the
 * numbers that tell them apart. Reading is apply_record's.
 */
#ifndef GOTGAN_RECORD_H
#define GOTGAN_RECORD_H

#include "base/bytes.h"
#include "storage/row_group.h"
#include "storage/storage_state.h"

typedef enum RecordEntry {
#define X(name, number, meaning) ENTRY_##name = number,
#include "storage/wal_records.def"
#undef X
} RecordEntry;

/* The whole payload of a transaction's record. Own rows get their ordinal within the table's ROWS
 * entries as sequence number (OWN_ROW_DEAD: not written). With objects the next oid goes along:
 * what is inside of them has oids too. 54000 when it gets too long. */
enum { OWN_ROW_DEAD = -1 };
must_check bool record_write(Transaction *transaction, u32 oid_next, Buffer *payload, Error *error);

void write_object_entry(ByteWriter *w, const StoredObject *object, Version before, bool dropped);
void write_publish_entry(ByteWriter *w, TableId table, const GroupAddress *address);
/* Positions of a row group that are deleted, as marks by block; deletes may be NULL. */
void write_group_marks(ByteWriter *w, TableId table, u64 group, const DeleteVector *deletes);

#endif
