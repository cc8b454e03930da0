/* SPDX-License-Identifier: Apache-2.0
 *
 * Data files as objects in memory: one per file in seg/, shared by its row groups or delete
 * vectors. Written once (data_file_create), opened for reading when first needed, deleted by a job
 * when nothing in it is live and nobody reads it.
 *
 * Ownership law: counted; the table of files does not count. Thread-safe.
 */
#ifndef GOTGAN_DATA_FILE_H
#define GOTGAN_DATA_FILE_H

#include <stdatomic.h>

#include "storage/storage_state.h"

typedef enum DataFileKind { DATA_FILE_GROUPS, DATA_FILE_DELETES } DataFileKind;
enum { DATA_FILE_HEADER_BYTES = 64 };

struct DataFile {
    DataFile *next; /* in Storage.files */
    Storage *storage;
    u32 epoch, counter;
    File *file;       /* NULL: not open yet; guarded by Storage.files_mutex */
    _Atomic i32 live; /* row groups that committed tables have; delete vectors MANIFEST names */
    _Atomic i64 live_bytes; /* of those */
    bool garbage;           /* nobody has it any more: to be deleted */
};

void data_file_path(const Storage *storage, u32 epoch, u32 counter, char path[STORAGE_PATH_BYTES]);
/* False: not the name of a data file. */
bool data_file_name_parse(const char *name, u32 *epoch, u32 *counter);
/* The object for this file, with a count for the caller. */
must_check DataFile *data_file_get(Storage *storage, u32 epoch, u32 counter, Error *error);
/* A new file, open for writing. */
must_check DataFile *data_file_create(Storage *storage, Error *error);
/* One more (change 1) or less (-1) live row group or delete vector of so many bytes. */
void data_file_use(DataFile *file, i32 change, i64 bytes);
void data_files_count(Storage *storage, i64 *files, i64 *bytes);
/* What a file of this name and kind begins with. */
void data_file_header(const DataFile *file, DataFileKind kind, u8 header[DATA_FILE_HEADER_BYTES]);
/* Does it? XX001 names the file. */
must_check bool data_file_verify(DataFile *file, DataFileKind kind, Error *error);
/* The open file. */
must_check bool data_file_open(DataFile *file, File **out, Error *error);
/* Deletes one file that is garbage; *done: there was none. */
must_check bool data_files_delete_one(Storage *storage, bool *done, Error *error);
bool data_files_have_garbage(Storage *storage);
/* Whether something live is in this file (recovery: else it is an orphan). */
bool data_file_is_known(Storage *storage, u32 epoch, u32 counter);
/* All row groups are gone: closes what is open; garbage stays on disk for the next start. */
void data_files_close(Storage *storage);

#endif
