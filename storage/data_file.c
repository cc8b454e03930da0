/* SPDX-License-Identifier: Apache-2.0
 *
 * A list of files (a few hundred; looked up only when a row group object is made). An object whose
 * count falls to zero leaves the list; if nothing in the file is live, its name
 * goes to the garbage list instead, to be unlinked by a job: closers do no I/O on names.
 */
#include "storage/data_file.h"

#include "base/crc32c.h"

static const char MAGIC[8] = "GOTGANSG";
enum { DATA_FILE_VERSION = 1 };

void data_file_path(const Storage *storage, u32 epoch, u32 counter, char path[STORAGE_PATH_BYTES])
{
    snprintf(path, STORAGE_PATH_BYTES, "%s/seg/%08x-%08x.seg", storage->directory, epoch, counter);
}

bool data_file_name_parse(const char *name, u32 *epoch, u32 *counter)
{
    int used = 0;
    return sscanf(name, "%8x-%8x.seg%n", epoch, counter, &used) == 2 && used == 21 &&
           name[used] == 0;
}

/* A name to delete outlives its object: a copy of it, in the same list, is garbage. */
static void garbage_add(Storage *storage, u32 epoch, u32 counter)
{
    Error error;
    DataFile *garbage = counted_make((i64)sizeof *garbage, NULL, NULL, &error);
    if (!garbage)
        return; /* it stays on disk; recovery deletes orphans */
    garbage->garbage = true;
    garbage->epoch = epoch;
    garbage->counter = counter;
    garbage->next = storage->files;
    storage->files = garbage;
}

static void data_file_closer(void *thing)
{
    DataFile *file = thing;
    Storage *storage = file->storage;
    Error ignored;
    mutex_lock(&storage->files_mutex);
    DataFile **at = &storage->files;
    while (*at && *at != file)
        at = &(*at)->next;
    if (*at)
        *at = file->next;
    if (atomic_load(&file->live) == 0)
        garbage_add(storage, file->epoch, file->counter);
    mutex_unlock(&storage->files_mutex);
    if (file->file) /* only read from since it was synced */
        (void)!storage->platform->file_close(storage->platform, file->file, &ignored);
}

static DataFile *find(Storage *storage, u32 epoch, u32 counter)
{
    DataFile *file = storage->files;
    while (file && (file->garbage || file->epoch != epoch || file->counter != counter))
        file = file->next;
    return file;
}

static DataFile *file_add(Storage *storage, u32 epoch, u32 counter, Error *error)
{
    DataFile *file = counted_make((i64)sizeof *file, NULL, data_file_closer, error);
    if (!file)
        return NULL;
    file->storage = storage;
    file->epoch = epoch;
    file->counter = counter;
    file->next = storage->files;
    storage->files = file;
    return file;
}

DataFile *data_file_get(Storage *storage, u32 epoch, u32 counter, Error *error)
{
    mutex_lock(&storage->files_mutex);
    DataFile *file = find(storage, epoch, counter);
    file = file ? counted_try_keep(file) : NULL;
    if (!file) /* not known, or on its way out */
        file = file_add(storage, epoch, counter, error);
    mutex_unlock(&storage->files_mutex);
    return file;
}

DataFile *data_file_create(Storage *storage, Error *error)
{
    char path[STORAGE_PATH_BYTES];
    File *handle;
    mutex_lock(&storage->files_mutex);
    DataFile *file = file_add(storage, storage->epoch, ++storage->file_next, error);
    mutex_unlock(&storage->files_mutex);
    if (!file)
        return NULL;
    data_file_path(storage, file->epoch, file->counter, path);
    if (!storage->platform->file_open(storage->platform, path, FILE_CREATE_NEW, FILE_DATA, &handle,
                                      error)) {
        counted_drop(file);
        return NULL;
    }
    file->file = handle;
    return file;
}

void data_file_use(DataFile *file, i32 change, i64 bytes)
{
    atomic_fetch_add(&file->live, change);
    atomic_fetch_add(&file->live_bytes, change * bytes);
}

void data_files_count(Storage *storage, i64 *files, i64 *bytes)
{
    *files = *bytes = 0;
    mutex_lock(&storage->files_mutex);
    for (const DataFile *file = storage->files; file; file = file->next) {
        *files += !file->garbage && atomic_load(&file->live) > 0;
        *bytes += file->garbage ? 0 : atomic_load(&file->live_bytes);
    }
    mutex_unlock(&storage->files_mutex);
}

bool data_file_open(DataFile *file, File **out, Error *error)
{
    Storage *storage = file->storage;
    char path[STORAGE_PATH_BYTES];
    bool good = true;
    mutex_lock(&storage->files_mutex);
    if (!file->file) {
        data_file_path(storage, file->epoch, file->counter, path);
        good = storage->platform->file_open(storage->platform, path, FILE_READ, FILE_DATA,
                                            &file->file, error);
    }
    *out = file->file;
    mutex_unlock(&storage->files_mutex);
    return good;
}

/* 0 magic, 8 version u32, 12 epoch u32, 16 counter u32, 20 kind u32, 24 uuid, 60 crc u32. */
void data_file_header(const DataFile *file, DataFileKind kind, u8 header[DATA_FILE_HEADER_BYTES])
{
    u32 numbers[4] = {DATA_FILE_VERSION, file->epoch, file->counter, kind};
    memset(header, 0, DATA_FILE_HEADER_BYTES);
    memcpy(header, MAGIC, 8);
    memcpy(header + 8, numbers, sizeof numbers);
    memcpy(header + 24, file->storage->uuid, 16);
    u32 crc = crc32c(0, header, DATA_FILE_HEADER_BYTES - 4);
    memcpy(header + DATA_FILE_HEADER_BYTES - 4, &crc, 4);
}

bool data_file_verify(DataFile *file, DataFileKind kind, Error *error)
{
    File *handle;
    u8 expected[DATA_FILE_HEADER_BYTES], header[DATA_FILE_HEADER_BYTES];
    char path[STORAGE_PATH_BYTES];
    data_file_header(file, kind, expected);
    if (data_file_open(file, &handle, error) &&
        file_read_all(file->storage->platform, handle, header, sizeof header, 0, error) &&
        memcmp(header, expected, sizeof header) == 0)
        return true;
    data_file_path(file->storage, file->epoch, file->counter, path);
    return error_set(error, E_DATA_CORRUPTED, "the header of file \"%s\" is damaged", path);
}

bool data_files_have_garbage(Storage *storage)
{
    mutex_lock(&storage->files_mutex);
    const DataFile *file = storage->files;
    while (file && !file->garbage)
        file = file->next;
    mutex_unlock(&storage->files_mutex);
    /* When the log is lost nobody knows which records are down: their files must stay. */
    return file != NULL && !storage->lost;
}

bool data_files_delete_one(Storage *storage, bool *done, Error *error)
{
    char path[STORAGE_PATH_BYTES];
    mutex_lock(&storage->files_mutex);
    DataFile **at = &storage->files;
    while (*at && !(*at)->garbage)
        at = &(*at)->next;
    DataFile *garbage = *at;
    if (garbage)
        *at = garbage->next;
    mutex_unlock(&storage->files_mutex);
    *done = garbage == NULL;
    if (!garbage)
        return true;
    data_file_path(storage, garbage->epoch, garbage->counter, path);
    counted_drop(garbage);
    return storage->platform->unlink(storage->platform, path, error) ||
           error->code == E_UNDEFINED_FILE;
}

bool data_file_is_known(Storage *storage, u32 epoch, u32 counter)
{
    mutex_lock(&storage->files_mutex);
    const DataFile *file = find(storage, epoch, counter);
    bool known = file && atomic_load(&file->live) > 0;
    mutex_unlock(&storage->files_mutex);
    return known;
}

void data_files_close(Storage *storage)
{
    while (storage->files) {
        DataFile *next = storage->files->next;
        verify(storage->files->garbage);
        counted_drop(storage->files);
        storage->files = next;
    }
}
