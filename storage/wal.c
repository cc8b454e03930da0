/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing and parsing log files. A new file is filled with zeros and synced, and its name made
 * durable, before the first record goes into it: after that a commit is one pwrite and one
 * fdatasync that changes no metadata. Files are never reused.
 */
#include "storage/wal.h"

#include "base/crc32c.h"
#include "base/fault_point.h"
#include "base/file.h"
#include "storage/plant.h"

static const u32 RECORD_MAGIC = 0x4c574747; /* "GGWL" */
static const char FILE_MAGIC[8] = "GOTGANWL";
enum { WAL_VERSION = 1, HEADER_USED = 56, FILL_STEP = 1 << 20 };

i64 wal_record_bytes(i64 payload)
{
    return align_up(WAL_RECORD_HEADER + payload + 4, 8);
}

static void put(u8 *to, i64 at, const void *bytes, i64 len)
{
    memcpy(to + at, bytes, (size_t)len);
}

void wal_record_put(u8 *to, const WalRecord *record, u32 seed)
{
    u32 len = (u32)record->len;
    i64 total = wal_record_bytes(record->len), end = WAL_RECORD_HEADER + record->len;
    memset(to, 0, WAL_RECORD_HEADER);
    put(to, 0, &RECORD_MAGIC, 4);
    put(to, 4, &len, 4);
    put(to, 8, &record->type, 2);
    put(to, 16, &record->lsn, 8);
    put(to, 24, &record->durable_lsn, 8);
    put(to, 32, &record->commit_us, 8);
    if (len)
        put(to, WAL_RECORD_HEADER, record->payload, record->len);
    u32 crc = crc32c(seed, to, end);
    put(to, end, &crc, 4);
    memset(to + end + 4, 0, (size_t)(total - end - 4));
}

WalParse wal_record_parse(const u8 *bytes, i64 len, i64 at, u32 seed, WalRecord *record)
{
    u32 magic = 0, payload, crc;
    if (len - at < 4)
        return WAL_NOTHING;
    memcpy(&magic, bytes + at, 4);
    if (magic == 0)
        return WAL_NOTHING;
    if (magic != RECORD_MAGIC || len - at < WAL_RECORD_HEADER + 4)
        return WAL_BAD;
    const u8 *from = bytes + at;
    memcpy(&payload, from + 4, 4);
    i64 end = WAL_RECORD_HEADER + (i64)payload;
    if (payload > WAL_PAYLOAD_MAX || end + 4 > len - at)
        return WAL_BAD;
    memcpy(&crc, from + end, 4);
    if (crc != crc32c(seed, from, end))
        return WAL_BAD;
    *record = (WalRecord){
        .payload = from + WAL_RECORD_HEADER, .len = payload, .bytes = wal_record_bytes(payload)};
    memcpy(&record->type, from + 8, 2);
    memcpy(&record->lsn, from + 16, 8);
    memcpy(&record->durable_lsn, from + 24, 8);
    memcpy(&record->commit_us, from + 32, 8);
    return WAL_GOOD;
}

u32 wal_seed(const u8 uuid[16], WalFileName name)
{
    return crc32c(crc32c(0, uuid, 16), &name, sizeof name);
}

/* 0 magic, 8 version u32, 12 epoch u32, 16 sequence u32, 24 uuid, 40 start u64, 508 crc u32. */
static void header_put(u8 to[WAL_HEADER_BYTES], const u8 uuid[16], const WalFileHeader *header)
{
    u32 version = WAL_VERSION;
    memset(to, 0, WAL_HEADER_BYTES);
    put(to, 0, FILE_MAGIC, 8);
    put(to, 8, &version, 4);
    put(to, 12, &header->name.epoch, 4);
    put(to, 16, &header->name.sequence, 4);
    put(to, 24, uuid, 16);
    put(to, 40, &header->start, 8);
    u32 crc = crc32c(0, to, WAL_HEADER_BYTES - 4);
    put(to, WAL_HEADER_BYTES - 4, &crc, 4);
}

bool wal_header_parse(const u8 *bytes, i64 len, const u8 uuid[16], WalFileName name,
                      WalFileHeader *header)
{
    u8 expected[WAL_HEADER_BYTES];
    if (len < WAL_HEADER_BYTES)
        return false;
    header->name = name;
    memcpy(&header->start, bytes + 40, 8);
    header_put(expected, uuid, header);
    return memcmp(expected, bytes, WAL_HEADER_BYTES) == 0;
}

void wal_path(const char *directory, WalFileName name, char path[STORAGE_PATH_BYTES])
{
    snprintf(path, STORAGE_PATH_BYTES, "%s/wal/%08x-%08x.wal", directory, name.epoch,
             name.sequence);
}

bool wal_name_parse(const char *file, WalFileName *name)
{
    int used = 0;
    return sscanf(file, "%8x-%8x.wal%n", &name->epoch, &name->sequence, &used) == 2 && used == 21 &&
           file[used] == 0;
}

/* ---- writing ---- */

static bool fill_with_zeros(Wal *wal, File *file, i64 bytes, Error *error)
{
    Buffer zeros;
    buffer_open(&zeros, NULL);
    bool good = buffer_resize(&zeros, min_i64(bytes, FILL_STEP), error);
    for (i64 at = 0; good && at < bytes; at += zeros.len)
        good = file_write_all(wal->platform, file, zeros.data, min_i64(zeros.len, bytes - at), at,
                              error);
    buffer_close(&zeros);
    return good;
}

static bool file_prepare(Wal *wal, File *file, const WalFileHeader *header, i64 bytes, Error *error)
{
    u8 first[WAL_HEADER_BYTES];
    header_put(first, wal->uuid, header);
    return (!wal->fill || fill_with_zeros(wal, file, bytes, error)) &&
           file_write_all(wal->platform, file, first, sizeof first, 0, error) &&
           wal->platform->file_sync(wal->platform, file, error);
}

static bool sync_names(Wal *wal, Error *error)
{
    char path[STORAGE_PATH_BYTES];
    snprintf(path, sizeof path, "%s/wal", wal->directory);
    return planted(PLANT_NO_DIRECTORY_SYNC) ||
           wal->platform->directory_sync(wal->platform, path, error);
}

bool wal_roll(Wal *wal, Version start, i64 record_bytes, Error *error)
{
    WalFileHeader header = {{wal->name.epoch, wal->name.sequence + 1}, start};
    i64 bytes = max_i64(wal->file_bytes, WAL_HEADER_BYTES + record_bytes);
    char path[STORAGE_PATH_BYTES];
    File *file;
    Error ignored;
    assert(wal->staged.len == 0);
    if (!buffer_reserve(&wal->files, (i64)sizeof header, error))
        return false;
    wal_path(wal->directory, header.name, path);
    if (!wal->platform->file_open(wal->platform, path, FILE_CREATE_NEW, FILE_WAL, &file, error))
        return false;
    wal->name.sequence++; /* the name is used up, whatever happens */
    if (!file_prepare(wal, file, &header, bytes, error) || !sync_names(wal, error)) {
        /* The first error is the one to tell. */
        (void)!wal->platform->file_close(wal->platform, file, &ignored);
        (void)!wal->platform->unlink(wal->platform, path, &ignored);
        return false;
    }
    if (wal->file) /* its records are synced; closing has nothing left to lose */
        (void)!wal->platform->file_close(wal->platform, wal->file, &ignored);
    wal->file = file;
    wal->seed = wal_seed(wal->uuid, header.name);
    wal->offset = WAL_HEADER_BYTES;
    wal->bytes = bytes;
    return wal_remember(wal, &header, error);
}

bool wal_remember(Wal *wal, const WalFileHeader *header, Error *error)
{
    return buffer_append(&wal->files, header, (i64)sizeof *header, error);
}

bool wal_remove_old(Wal *wal, Version checkpoint, Error *error)
{
    WalFileHeader *files = (WalFileHeader *)wal->files.data;
    i64 count = wal->files.len / (i64)sizeof *files, gone = 0;
    char path[STORAGE_PATH_BYTES];
    bool good = true;
    while (good && gone + 1 < count && files[gone + 1].start <= checkpoint + 1) {
        wal_path(wal->directory, files[gone].name, path);
        good = wal->platform->unlink(wal->platform, path, error) || error->code == E_UNDEFINED_FILE;
        gone += good;
    }
    memmove(files, files + gone, (size_t)(count - gone) * sizeof *files);
    wal->files.len -= gone * (i64)sizeof *files;
    return good;
}

bool wal_fits(const Wal *wal, i64 record_bytes)
{
    return wal->offset + wal->staged.len + record_bytes <= wal->bytes;
}

bool wal_stage(Wal *wal, const WalRecord *record, Error *error)
{
    i64 at = wal->staged.len, bytes = wal_record_bytes(record->len);
    if (!buffer_reserve(&wal->staged, bytes, error))
        return false;
    wal_record_put(wal->staged.data + at, record, wal->seed);
    wal->staged.len += bytes;
    return true;
}

bool wal_flush(Wal *wal, Error *error)
{
    if (wal->staged.len == 0)
        return true;
    bool good = file_write_all(wal->platform, wal->file, wal->staged.data, wal->staged.len,
                               wal->offset, error);
    FAULT_POINT("wal_before_sync");
    if (good && !planted(PLANT_ACK_BEFORE_SYNC))
        good = wal->platform->file_datasync(wal->platform, wal->file, error);
    wal->offset += wal->staged.len;
    wal->staged.len = 0;
    buffer_shrink(&wal->staged, FILL_STEP);
    return good;
}

void wal_close(Wal *wal)
{
    Error ignored;
    if (wal->file) /* everything in it is synced */
        (void)!wal->platform->file_close(wal->platform, wal->file, &ignored);
    wal->file = NULL;
    buffer_close(&wal->staged);
    buffer_close(&wal->files);
}
