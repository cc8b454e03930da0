/* SPDX-License-Identifier: Apache-2.0
 *
 * The payload of a log record, applied: any bytes give a state or XX001. Seeds are the records of
 * real transactions, taken from the log of a simulated disk.
 */
#include "storage/apply_record.h"
#include "storage/wal.h"
#include "tests/fuzz/fuzz.h"
#include "tests/storage_fixture.h"

enum { TABLE = 5 };

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    Platform *disk = sim_open(1);
    Storage *storage = fixture_open(disk);
    Error error;
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    fixture_define(t, TABLE);
    bool ready = fixture_insert(t, TABLE, 1, 30) && fixture_commit(storage, t);
    verify(ready);
    Root *next = root_copy(storage->root, &error);
    verify(next != NULL);
    WalRecord record; /* the bytes as a file's, too */
    (void)wal_record_parse(data, (i64)size, 0, 0, &record);
    bool applied = apply_record(storage, next, 9, data, (i64)size, &error);
    if (!applied && error.code != E_DATA_CORRUPTED)
        verify_failed(error.message, __FILE__, __LINE__);
    counted_drop(next);
    bool closed = storage_close(storage, CLOSE_ABANDON, &error);
    verify(closed);
    sim_close(disk);
    return 0;
}

typedef struct Victims {
    RowId rows[4];
    i32 count;
} Victims;

static void take_row(void *state, i64 key, RowId row)
{
    Victims *victims = state;
    if (victims->count < 4)
        victims->rows[victims->count++] = row;
}

static void change_rows(Storage *storage, Transaction *t)
{
    Victims victims = {.count = 0};
    ModifyStatus status[4];
    Snapshot *snapshot;
    Error error;
    bool got = transaction_snapshot(t, &snapshot, &error);
    verify(got);
    fixture_scan(snapshot, TABLE, take_row, &victims);
    snapshot_close(snapshot);
    ModifyCall call = {.rows = victims.rows, .n = victims.count, .status = status};
    bool modified = native_access.modify(t, TABLE, &call, &error);
    verify(modified);
}

static void one_of_each(Storage *storage, Transaction *t, i32 number)
{
    Error error;
    Ticket ticket = {0};
    StoredObject object = {.object_class = 1,
                           .oid = 16384,
                           .key = {1, 5, 6, TEXT("name")},
                           .bytes = TEXT("bytes of an object")};
    bool good = true;
    switch (number) {
    case 0:
        good = fixture_insert(t, TABLE, 100, 20);
        break;
    case 1:
        good = fixture_insert(t, TABLE, 100, 1500); /* a row group */
        break;
    case 2:
        change_rows(storage, t);
        break;
    case 3:
        good = object_put(t, &object, &ticket, &error) == WRITE_DONE;
        break;
    case 4:
        good = table_truncate(t, TABLE, &error) && fixture_insert(t, TABLE, 7, 3);
        break;
    default:
        good = table_drop(t, TABLE, &error);
    }
    verify(good);
}

static void keep_payload(Platform *disk, Buffer *bytes)
{
    static const char path[] = "data/wal/00000001-00000001.wal";
    static u8 whole[1 << 20];
    Error error;
    File *file;
    i64 size = 0, at = WAL_HEADER_BYTES;
    bool good = disk->file_open(disk, path, FILE_READ, FILE_WAL, &file, &error) &&
                disk->file_size(disk, file, &size, &error) && size <= (i64)sizeof whole &&
                file_read_all(disk, file, whole, size, 0, &error);
    verify(good);
    u32 len = 0;
    while (at + WAL_RECORD_HEADER < size) { /* the last record's */
        u32 magic;
        memcpy(&magic, whole + at, 4);
        if (magic == 0)
            break;
        memcpy(&len, whole + at + 4, 4);
        bytes->len = 0;
        good = buffer_append(bytes, whole + at + WAL_RECORD_HEADER, len, &error);
        verify(good);
        at += wal_record_bytes(len);
    }
    good = disk->file_close(disk, file, &error);
    verify(good);
}

bool fuzz_seed(i32 number, Buffer *bytes)
{
    if (number > 5)
        return false;
    Platform *disk = sim_open(1);
    Storage *storage = fixture_open(disk);
    Error error;
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    fixture_define(t, TABLE);
    bool good = fixture_insert(t, TABLE, 1, 30) && fixture_commit(storage, t);
    verify(good);
    t = fixture_begin(storage, READ_COMMITTED);
    one_of_each(storage, t, number);
    good = fixture_commit(storage, t);
    verify(good);
    good = storage_close(storage, CLOSE_ABANDON, &error);
    verify(good);
    keep_payload(disk, bytes);
    sim_close(disk);
    return true;
}
