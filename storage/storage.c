/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening and closing a data directory, its jobs and its figures.
 */
#include "storage/storage.h"

#include <stdarg.h>

#include "storage/cache.h"
#include "storage/data_file.h"
#include "storage/maintenance.h"
#include "storage/recover.h"
#include "storage/retirement.h"
#include "storage/rewrite.h"

StorageOptions storage_defaults(void)
{
    return (StorageOptions){
        .cache_bytes = (i64)1 << 30,
        .delta_bytes_max = (i64)512 << 20,
        .wal_file_bytes = 64 << 20,
        .checkpoint_wal_bytes = 256 << 20,
        .checkpoint_us = (i64)300 * 1000000,
        .row_group_rows = ROW_GROUP_ROWS_MAX,
        .frame_bytes = 256 << 10,
    };
}

void storage_log(Storage *storage, const char *format, ...)
{
    char line[2048];
    va_list arguments;
    if (!storage->options.log)
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    storage->options.log(storage->options.log_state, line);
}

bool storage_lose(Storage *storage, const Error *error)
{
    storage_log(storage, "the log cannot be written any more: %s", error->message);
    if (strcmp(storage->platform->name, "posix") == 0)
        verify_failed("the log can be written", error->message, 0);
    storage->why_lost = *error;
    storage->lost = true;
    return false;
}

static void storage_closer(void *thing)
{
    Storage *storage = thing;
    Error ignored;
    if (storage->maintenance && publication_ready(storage))
        (void)!publication_step(storage, &ignored); /* nobody is left to tell */
    retirements_close(storage);
    counted_drop(storage->root);
    if (storage->maintenance)
        deletes_release(&storage->maintenance->deletes);
    cache_close(storage);
    data_files_close(storage);
    lock_table_close(&storage->locks);
    wal_close(&storage->wal);
    counted_drop(storage->maintenance);
    if (storage->lock) /* a lock goes with its handle, whatever close says */
        (void)!storage->platform->file_close(storage->platform, storage->lock, &ignored);
    mutex_close(&storage->files_mutex);
    mutex_close(&storage->mutex);
}

static bool make_directories(Storage *storage, Error *error)
{
    static const char *const folders[] = {"", "/wal", "/seg", "/tmp"};
    char path[STORAGE_PATH_BYTES];
    for (i32 i = 0; i < countof(folders); i++) {
        snprintf(path, sizeof path, "%s%s", storage->directory, folders[i]);
        if (!storage->platform->directory_make(storage->platform, path, error))
            return false;
    }
    snprintf(path, sizeof path, "%s/LOCK", storage->directory);
    return storage->platform->lock_file(storage->platform, path, &storage->lock, error);
}

static bool options_are_good(const StorageOptions *options, Error *error)
{
    if (options->row_group_rows < 1 || options->row_group_rows > ROW_GROUP_ROWS_MAX)
        return error_set(error, E_INVALID_PARAMETER_VALUE, "row groups have 1 to %d rows",
                         ROW_GROUP_ROWS_MAX);
    if (strlen(options->directory) >= sizeof((Storage *)NULL)->directory)
        return error_set(error, E_INVALID_PARAMETER_VALUE, "the directory's name is too long");
    return true;
}

bool storage_open(const StorageOptions *options, Storage **storage, Error *error)
{
    if (!options_are_good(options, error))
        return false;
    Storage *fresh = counted_make((i64)sizeof *fresh, NULL, storage_closer, error);
    if (!fresh)
        return false;
    fresh->options = *options;
    fresh->platform = options->platform;
    fresh->locks.budget = options->budget;
    memcpy(fresh->directory, options->directory, strlen(options->directory) + 1);
    mutex_open(&fresh->mutex);
    mutex_open(&fresh->files_mutex);
    if (!make_directories(fresh, error) || !maintenance_open(fresh, error) ||
        !cache_open(fresh, options->cache_bytes, error) || !storage_recover(fresh, error)) {
        counted_drop(fresh);
        return false;
    }
    *storage = fresh;
    return true;
}

static bool checkpoint_now(Storage *storage, CheckpointLog log, Error *error)
{
    if (storage->lost) {
        *error = storage->why_lost;
        return false;
    }
    if (publication_ready(storage) && !publication_step(storage, error))
        return false;
    if (!maintenance_take(storage))
        return error_set(error, E_OBJECT_IN_USE, "background work is running: try again");
    bool good = checkpoint_write(storage, log, error);
    maintenance_give(storage);
    return good;
}

bool storage_checkpoint(Storage *storage, Error *error)
{
    return checkpoint_now(storage, LOG_ROLL, error);
}

bool storage_close(Storage *storage, StorageClose how, Error *error)
{
    bool good = how == CLOSE_ABANDON || checkpoint_now(storage, LOG_KEEP, error);
    counted_drop(storage);
    return good;
}

/* ---- jobs ---- */

static bool checkpoint_is_due(Storage *storage)
{
    i64 now = storage->platform->monotonic_us(storage->platform);
    mutex_lock(&storage->mutex);
    bool changed = storage->root->version != storage->maintenance->checkpoint_version;
    bool due = storage->wal_bytes >= storage->options.checkpoint_wal_bytes ||
               now - storage->maintenance->checkpoint_us >= storage->options.checkpoint_us;
    due = due && changed && !storage->maintenance->busy && !storage->lost;
    mutex_unlock(&storage->mutex);
    return due;
}

static bool delete_step(Storage *storage, Error *error)
{
    bool done;
    return data_files_delete_one(storage, &done, error);
}

static const StorageJob jobs[] = {
    {"publication", publication_ready, publication_step},
    {"flush", flush_ready, flush_step},
    {"merge", merge_ready, merge_step},
    {"checkpoint", checkpoint_is_due, storage_checkpoint},
    {"delete files", data_files_have_garbage, delete_step},
};

const StorageJob *storage_jobs(i32 *count)
{
    *count = countof(jobs);
    return jobs;
}

StorageCounters storage_counters(Storage *storage)
{
    mutex_lock(&storage->mutex);
    StorageCounters counters = {.version = storage->root->version,
                                .wal_bytes = storage->wal_bytes,
                                .delta_rows = storage->delta_rows,
                                .commits = storage->commits,
                                .groups = storage->groups};
    mutex_unlock(&storage->mutex);
    CacheCounters cache = cache_counters(storage);
    counters.cache_used_bytes = cache.used_bytes;
    counters.cache_hits = cache.hits;
    counters.cache_misses = cache.misses;
    counters.bytes_read = cache.bytes_read;
    data_files_count(storage, &counters.data_files, &counters.data_bytes);
    return counters;
}

void storage_set_companion(Storage *storage, void *companion)
{
    storage->companion = companion;
}

void *storage_companion(const Storage *storage)
{
    return storage->companion;
}
