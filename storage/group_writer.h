/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing data files: row builders in, row groups out. A file is written once by one writer,
 * synced, and only then named by a WAL record (reliability rule I2).
 *
 * Ownership law: one thread's. After finish or abandon it is closed.
 */
#ifndef GOTGAN_GROUP_WRITER_H
#define GOTGAN_GROUP_WRITER_H

#include "storage/data_file.h"
#include "storage/encoding.h"
#include "storage/origin.h"

/* A file stays below 1 GiB with one row group (256 MB of values) more. */
enum { FILE_GROUPS_MAX = 64, FILE_BYTES_FULL = 768 << 20 };

typedef struct GroupWriter {
    Storage *storage;
    DataFile *file; /* counted; NULL: closed */
    File *handle;
    i64 offset; /* where `staged` goes */
    i32 groups;
    Buffer staged, block, frame, packed;
    Buffer keys; /* of one column: quantile_sketch.h */
} GroupWriter;

must_check bool group_writer_open(GroupWriter *writer, Storage *storage, DataFileKind kind,
                                  Budget *budget, Error *error);
static inline bool group_writer_is_open(const GroupWriter *writer)
{
    return writer->file != NULL;
}
/* What is known of where the rows of a row group come from. */
typedef struct GroupOrigin {
    GroupSource source;
    const OriginRun *runs; /* of all its rows; one: it goes into the address */
    i64 run_count;
} GroupOrigin;
/* It takes no more row groups: another file must. */
static inline bool group_writer_is_full(const GroupWriter *writer)
{
    return writer->groups >= FILE_GROUPS_MAX ||
           writer->offset + writer->staged.len >= FILE_BYTES_FULL;
}
/* Writes the builder's rows (at least one) as a row group with the next number. */
must_check bool group_writer_add(GroupWriter *writer, const RowBuilder *rows,
                                 const GroupOrigin *origin, RowGroup **group, Error *error);
/* Bytes of another kind of content; *at: their offset in the file. */
must_check bool group_writer_bytes(GroupWriter *writer, const void *bytes, i64 len, i64 *at,
                                   Error *error);
/* Everything is on disk, name included; closes. */
must_check bool group_writer_finish(GroupWriter *writer, Error *error);
/* The same without a sync, for a planted bug. */
must_check bool group_writer_leave(GroupWriter *writer, Error *error);
/* Closes; the file goes when its row groups are dropped. */
void group_writer_abandon(GroupWriter *writer);

#endif
