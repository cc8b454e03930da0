/* SPDX-License-Identifier: Apache-2.0
 *
 * Recovery. MANIFEST gives the state at one version; the log files give the records after it, along
 * the chain of LSNs, never by file numbers: the next file is the one that starts where the last
 * good record ended. Each file is synced before it is read: after kill -9 records may be only in
 * the page cache, and what is shown must not vanish later.
 *
 * A record that cannot be read ends the log, if it can be a torn tail. It cannot be one when a
 * later record, in this file or another, says that it was durable (durable_lsn), or when a later
 * file starts beyond it: then the directory is damaged and the server refuses to start. So it does
 * when the file that goes on from MANIFEST is missing: a checkpoint never takes that one away.
 * Recovery changes nothing it would need again; it may crash anywhere and start over.
 */
#include "storage/recover.h"

#include "base/fault_point.h"
#include "storage/apply_record.h"
#include "storage/data_file.h"
#include "storage/footer.h"
#include "storage/maintenance.h"
#include "storage/manifest.h"
#include "storage/plant.h"
#include "storage/row_group.h"

typedef struct LogFile {
    WalFileHeader header;
    bool good; /* its header is whole */
} LogFile;

typedef struct Listing {
    Storage *storage;
    Buffer files; /* LogFiles, from wal/ */
    Buffer names; /* NUL-terminated names to remove: temporary manifests, orphans */
    u32 epoch;    /* the highest seen */
    Error *error;
    bool failed;
} Listing;

/* ---- what is there ---- */

static void list_log(void *state, const char *name)
{
    Listing *listing = state;
    LogFile file = {0};
    if (listing->failed || !wal_name_parse(name, &file.header.name))
        return;
    if (file.header.name.epoch > listing->epoch)
        listing->epoch = file.header.name.epoch;
    listing->failed = !buffer_append(&listing->files, &file, (i64)sizeof file, listing->error);
}

static void remember_name(Listing *listing, const char *name)
{
    listing->failed = listing->failed ||
                      !buffer_append(&listing->names, name, (i64)strlen(name) + 1, listing->error);
}

static void list_manifests(void *state, const char *name)
{
    if (strncmp(name, "manifest.", 9) == 0)
        remember_name(state, name);
}

static void list_data_epochs(void *state, const char *name)
{
    Listing *listing = state;
    u32 epoch, counter;
    if (data_file_name_parse(name, &epoch, &counter) && epoch > listing->epoch)
        listing->epoch = epoch;
}

static void list_orphans(void *state, const char *name)
{
    Listing *listing = state;
    u32 epoch, counter;
    if (data_file_name_parse(name, &epoch, &counter) &&
        !data_file_is_known(listing->storage, epoch, counter))
        remember_name(listing, name);
}

static bool list(Listing *listing, const char *folder, void (*entry)(void *, const char *))
{
    Storage *storage = listing->storage;
    char path[STORAGE_PATH_BYTES];
    snprintf(path, sizeof path, "%s%s", storage->directory, folder);
    return storage->platform->directory_list(storage->platform, path, entry, listing,
                                             listing->error) &&
           !listing->failed;
}

/* Unlinks what listing->names has, in `folder`. */
static bool remove_names(Listing *listing, const char *folder)
{
    Storage *storage = listing->storage;
    char path[STORAGE_PATH_BYTES];
    for (i64 at = 0; at < listing->names.len;) {
        const char *name = (const char *)listing->names.data + at;
        snprintf(path, sizeof path, "%s%s/%s", storage->directory, folder, name);
        storage_log(storage, "removing \"%s\": no committed transaction refers to it", path);
        if (!storage->platform->unlink(storage->platform, path, listing->error))
            return false;
        at += (i64)strlen(name) + 1;
    }
    listing->names.len = 0;
    return true;
}

static bool sync_directory(Storage *storage, const char *folder, Error *error)
{
    char path[STORAGE_PATH_BYTES];
    snprintf(path, sizeof path, "%s%s", storage->directory, folder);
    return storage->platform->directory_sync(storage->platform, path, error);
}

/* ---- reading whole files ---- */

/* At most limit bytes; sync: what is read is made durable first. */
static bool read_file(Storage *storage, const char *path, FileClass use, bool sync, i64 limit,
                      Buffer *bytes, Error *error)
{
    Platform *platform = storage->platform;
    File *file;
    i64 size = 0;
    Error ignored;
    if (!platform->file_open(platform, path, sync ? FILE_READ_WRITE : FILE_READ, use, &file, error))
        return false;
    bytes->len = 0;
    bool good = (!sync || platform->file_sync(platform, file, error)) &&
                platform->file_size(platform, file, &size, error);
    if (good)
        platform->file_forget(platform, file);
    size = min_i64(size, limit);
    good = good && buffer_reserve(bytes, size, error) &&
           file_read_all(platform, file, bytes->data, size, 0, error);
    bytes->len = good ? size : 0;
    (void)!platform->file_close(platform, file, &ignored); /* it was only read */
    return good;
}

/* ---- replay ---- */

static bool refuse(Storage *storage, const LogFile *file, i64 at, const char *why, Error *error)
{
    char path[STORAGE_PATH_BYTES];
    wal_path(storage->directory, file->header.name, path);
    return error_set(error, E_DATA_CORRUPTED, "log file \"%s\" is damaged at offset %lld: %s", path,
                     (long long)at, why);
}

/* A record behind an unreadable one: does it prove that LSN `missing` was durable? */
static bool proves_durable(const Buffer *bytes, i64 at, u32 seed, Version missing)
{
    WalRecord record;
    for (i64 look = align_up(at, 8); look + WAL_RECORD_HEADER < bytes->len; look += 8)
        if (wal_record_parse(bytes->data, bytes->len, look, seed, &record) == WAL_GOOD &&
            record.durable_lsn >= missing)
            return true;
    return false;
}

static bool replay_record(Storage *storage, const WalRecord *record, Root *root, Error *error)
{
    if (record->commit_us > storage->commit_us_last)
        storage->commit_us_last = record->commit_us;
    return apply_record(storage, root, record->lsn, record->payload, record->len, error);
}

/* Applies the file's records that come next in the chain. */
static bool replay_file(Storage *storage, const LogFile *file, Root *root, Buffer *bytes,
                        Error *error)
{
    u32 seed = wal_seed(storage->uuid, file->header.name);
    Version expected = file->header.start;
    i64 at = WAL_HEADER_BYTES;
    WalRecord record;
    WalParse parsed;
    while ((parsed = wal_record_parse(bytes->data, bytes->len, at, seed, &record)) == WAL_GOOD) {
        if (record.lsn != expected)
            return refuse(storage, file, at, "records are out of order", error);
        if (record.lsn == root->version + 1 && !replay_record(storage, &record, root, error))
            return false;
        storage->wal_bytes += record.bytes;
        expected++;
        at += record.bytes;
    }
    if (proves_durable(bytes, at, seed, expected))
        return refuse(storage, file, at, "a committed record cannot be read", error);
    return true;
}

static int compare_files(const void *a, const void *b)
{
    const LogFile *x = a, *y = b;
    if (x->header.start != y->header.start)
        return x->header.start < y->header.start ? -1 : 1;
    if (x->header.name.epoch != y->header.name.epoch)
        return x->header.name.epoch < y->header.name.epoch ? -1 : 1;
    return (x->header.name.sequence > y->header.name.sequence) -
           (x->header.name.sequence < y->header.name.sequence);
}

static bool read_log_file(Storage *storage, const LogFile *file, i64 limit, Buffer *bytes,
                          Error *error)
{
    char path[STORAGE_PATH_BYTES];
    wal_path(storage->directory, file->header.name, path);
    return read_file(storage, path, FILE_WAL, !planted(PLANT_RECOVERY_WITHOUT_SYNC), limit, bytes,
                     error);
}

/* Reads the headers. A file without one is what a crash left of a new file, unless it has records.
 */
static bool read_headers(Storage *storage, LogFile *files, i64 count, Buffer *bytes, Error *error)
{
    for (i64 i = 0; i < count; i++) {
        WalFileName name = files[i].header.name;
        if (!read_log_file(storage, &files[i], WAL_HEADER_BYTES, bytes, error))
            return false;
        files[i].good =
            wal_header_parse(bytes->data, bytes->len, storage->uuid, name, &files[i].header);
        if (files[i].good)
            continue;
        if (!read_log_file(storage, &files[i], INT64_MAX, bytes, error))
            return false;
        if (proves_durable(bytes, 0, wal_seed(storage->uuid, name), 0))
            return refuse(storage, &files[i], 0, "the header cannot be read", error);
    }
    return true;
}

/* Is the file there that the next record after `version` is in, or would go into? Only a directory
 * that was never written to may have none: its first file comes after its MANIFEST. */
static bool log_goes_on(const LogFile *files, i64 count, Version version)
{
    for (i64 i = 0; i < count; i++)
        if (files[i].good && files[i].header.start <= version + 1)
            return true;
    return version == 0;
}

static bool replay_files(Storage *storage, LogFile *files, i64 count, Root *root, Buffer *bytes,
                         Error *error)
{
    for (i64 i = 0; i < count; i++) {
        if (!files[i].good)
            continue;
        if (files[i].header.start > root->version + 1)
            return refuse(storage, &files[i], 0, "records before this file are missing", error);
        if (!read_log_file(storage, &files[i], INT64_MAX, bytes, error) ||
            !replay_file(storage, &files[i], root, bytes, error) ||
            !wal_remember(&storage->wal, &files[i].header, error))
            return false;
        FAULT_POINT("recovery_after_file");
    }
    return true;
}

static bool replay(Listing *listing, Root *root, Error *error)
{
    LogFile *files = (LogFile *)listing->files.data;
    i64 count = listing->files.len / (i64)sizeof *files;
    Buffer *bytes = &listing->storage->recovering;
    if (!read_headers(listing->storage, files, count, bytes, error))
        return false;
    if (!log_goes_on(files, count, root->version))
        return error_set(
            error, E_DATA_CORRUPTED,
            "the log file that goes on from version %llu of \"%s/MANIFEST\" is missing",
            (unsigned long long)root->version, listing->storage->directory);
    if (count)
        qsort(files, (size_t)count, sizeof *files, compare_files);
    bool good = replay_files(listing->storage, files, count, root, bytes, error);
    buffer_close(bytes);
    return good;
}

/* ---- a new directory ---- */

static bool write_format(Storage *storage, Error *error)
{
    Platform *platform = storage->platform;
    char path[STORAGE_PATH_BYTES], text[128];
    Error ignored;
    File *file;
    i32 len = snprintf(text, sizeof text, "gotgan data directory\nformat 1\ncluster ");
    for (i32 i = 0; i < 16; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "%02x", storage->uuid[i]);
    text[len++] = '\n';
    snprintf(path, sizeof path, "%s/FORMAT", storage->directory);
    if (!platform->unlink(platform, path, error) && error->code != E_UNDEFINED_FILE)
        return false; /* what an unfinished attempt left */
    if (!platform->file_open(platform, path, FILE_CREATE_NEW, FILE_OTHER, &file, error))
        return false;
    bool good = file_write_all(platform, file, text, len, 0, error) &&
                platform->file_sync(platform, file, error);
    return platform->file_close(platform, file, good ? error : &ignored) && good &&
           sync_directory(storage, "", error);
}

static bool initialise(Storage *storage, Error *error)
{
    ManifestHead head = {.oid_next = OID_FIRST_USER, .group_next = 1};
    Buffer bytes;
    Root *empty = root_make(error);
    if (!empty)
        return false;
    storage->platform->random_bytes(storage->platform, storage->uuid, 16);
    memcpy(head.uuid, storage->uuid, 16);
    buffer_open(&bytes, NULL);
    bool good = write_format(storage, error) && manifest_encode(&head, empty, &bytes, error) &&
                manifest_write(storage, &bytes, 0, error);
    buffer_close(&bytes);
    counted_drop(empty);
    return good;
}

/* ---- all of it ---- */

static bool read_manifest(Listing *listing, Root *root, Error *error)
{
    Storage *storage = listing->storage;
    ManifestHead head;
    char path[STORAGE_PATH_BYTES];
    snprintf(path, sizeof path, "%s/MANIFEST", storage->directory);
    Buffer *bytes = &storage->recovering;
    bool found = read_file(storage, path, FILE_MANIFEST, false, INT64_MAX, bytes, error);
    if (!found && error->code == E_UNDEFINED_FILE) {
        if (listing->files.len)
            return error_set(error, E_DATA_CORRUPTED, "file \"%s\" is missing", path);
        found = initialise(storage, error) &&
                read_file(storage, path, FILE_MANIFEST, false, INT64_MAX, bytes, error);
    }
    if (!found || !manifest_decode(storage, bytes->data, bytes->len, &head, root, error) ||
        !deletes_hold(&storage->maintenance->deletes, root, error))
        return false;
    storage->commit_us_last = head.commit_us;
    if (head.oid_next > storage->oid_next)
        storage->oid_next = head.oid_next;
    if (head.group_next > storage->group_next)
        storage->group_next = head.group_next;
    storage->transaction_next = head.transaction_next;
    if (head.epoch > listing->epoch)
        listing->epoch = head.epoch;
    return true;
}

static bool start_log(Storage *storage, u32 epoch, Error *error)
{
    storage->epoch = epoch;
    storage->lsn_next = storage->root->version + 1;
    storage->wal.platform = storage->platform;
    storage->wal.directory = storage->directory;
    storage->wal.uuid = storage->uuid;
    storage->wal.file_bytes = storage->options.wal_file_bytes;
    storage->wal.fill = storage->options.wal_file_bytes > 1 << 20;
    storage->wal.name = (WalFileName){epoch, 0};
    return wal_roll(&storage->wal, storage->lsn_next, 0, error);
}

/* Every row group that is shown is there, with the right footer. */
static bool check_groups(const Root *root, Error *error)
{
    const MapNode *node = map_next(root->tables, (MapKey){0, 0});
    for (; node; node = map_next(root->tables, (MapKey){0, node->key.low + 1})) {
        const MapNode *groups = ((const TableVersion *)node->value)->groups;
        const MapNode *group = map_next(groups, (MapKey){0, 0});
        for (; group; group = map_next(groups, (MapKey){0, group->key.low + 1})) {
            const Footer *footer;
            if (!row_group_footer(((const GroupEntry *)group->value)->group, &footer, error))
                return false;
        }
    }
    return true;
}

static bool recover(Listing *listing, Error *error)
{
    Storage *storage = listing->storage;
    if (!list(listing, "", list_manifests) || !remove_names(listing, "") ||
        !list(listing, "/wal", list_log) || !list(listing, "/seg", list_data_epochs))
        return false;
    bool skip = planted(PLANT_RECOVERY_WITHOUT_SYNC);
    if (!skip && (!sync_directory(storage, "", error) || !sync_directory(storage, "/wal", error) ||
                  !sync_directory(storage, "/seg", error)))
        return false;
    storage->root = root_make(error);
    if (!storage->root || !read_manifest(listing, storage->root, error) ||
        !replay(listing, storage->root, error) || !check_groups(storage->root, error))
        return false;
    return start_log(storage, listing->epoch + 1, error) && list(listing, "/seg", list_orphans) &&
           remove_names(listing, "/seg");
}

bool storage_recover(Storage *storage, Error *error)
{
    Listing listing = {.storage = storage, .error = error};
    storage->oid_next = OID_FIRST_USER;
    storage->group_next = 1;
    bool good = recover(&listing, error);
    buffer_close(&listing.files);
    buffer_close(&listing.names);
    buffer_close(&storage->recovering);
    return good;
}
