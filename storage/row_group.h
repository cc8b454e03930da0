/* SPDX-License-Identifier: Apache-2.0
 *
 * Row groups: up to 131,072 rows of a table, immutable, in a data file. The address is all that
 * WAL and MANIFEST know; everything else is in the footer, read when it is first needed.
 *
 * Ownership law: counted; a row group keeps its DataFile, and the last row group of a retired file
 * queues it for deletion.
 */
#ifndef GOTGAN_ROW_GROUP_H
#define GOTGAN_ROW_GROUP_H

#include "base/bytes.h"
#include "base/mutex.h"
#include "storage/storage_state.h"

typedef enum GroupSource { GROUP_LOADED, GROUP_FLUSHED, GROUP_MERGED } GroupSource;

typedef struct GroupAddress {
    u64 id;
    u32 file_epoch, file_counter;
    i64 footer_offset;
    u32 footer_bytes, footer_crc;
    i32 rows;
    u8 source;       /* a GroupSource */
    i64 bytes;       /* of its segments */
    u64 load_id;     /* transaction that brought all its rows (0: see the footer) */
    Version version; /* of its commit; 0 until then. With origins in the footer: of the rewrite */
} GroupAddress;

typedef struct Footer Footer;

struct RowGroup {
    Storage *storage;
    GroupAddress address;
    DataFile *file;       /* counted */
    Mutex mutex;          /* guards footer */
    const Footer *footer; /* counted; NULL: not read yet */
    i64 dictionary_ids;   /* of its segments: this + column index */
};

must_check RowGroup *row_group_make(Storage *storage, const GroupAddress *address, Error *error);
/* A committed table version has it: its file stays. */
void row_group_publish(RowGroup *group);
/* Its table gave it up: when the last user has gone, its file (if all in it are) may go. */
void row_group_retire(RowGroup *group);

void write_group_address(ByteWriter *w, const GroupAddress *address);
must_check bool read_group_address(ByteReader *r, GroupAddress *address);

#endif
