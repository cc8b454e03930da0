/* SPDX-License-Identifier: Apache-2.0
 *
 * Log records and recovery against damage: torn and flipped bytes end the log or refuse, they never
 * give other rows; a committed record that cannot be read is damage, not a tail.
 */
#include "storage/wal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/storage_fixture.h"

enum { TABLE = 4 };

static void records_come_back(void **state)
{
    static u8 bytes[4096];
    WalRecord record;
    const u8 payload[] = "some payload";
    i64 at = 0;
    for (u64 lsn = 5; lsn < 9; lsn++) {
        WalRecord put = {.lsn = lsn,
                         .durable_lsn = lsn - 2,
                         .commit_us = 77,
                         .type = WAL_TRANSACTION,
                         .payload = payload,
                         .len = (i64)lsn};
        wal_record_put(bytes + at, &put, 1234);
        at += wal_record_bytes((i64)lsn);
    }
    i64 read = 0;
    for (u64 lsn = 5; lsn < 9; lsn++) {
        assert_int_equal(wal_record_parse(bytes, sizeof bytes, read, 1234, &record), WAL_GOOD);
        assert_int_equal(record.lsn, lsn);
        assert_int_equal(record.durable_lsn, lsn - 2);
        assert_int_equal(record.len, lsn);
        assert_memory_equal(record.payload, payload, lsn);
        read += record.bytes;
    }
    assert_int_equal(read, at);
    assert_int_equal(wal_record_parse(bytes, sizeof bytes, read, 1234, &record), WAL_NOTHING);
    assert_int_equal(wal_record_parse(bytes, sizeof bytes, 0, 1235, &record), WAL_BAD);
}

static void every_flipped_bit_is_seen(void **state)
{
    u8 bytes[128], payload[20] = {1, 2, 3};
    WalRecord record, put = {.lsn = 3, .payload = payload, .len = sizeof payload};
    i64 checked = WAL_RECORD_HEADER + (i64)sizeof payload + 4;
    memset(bytes, 0, sizeof bytes);
    wal_record_put(bytes, &put, 9);
    for (i64 bit = 0; bit < checked * 8; bit++) {
        bytes[bit / 8] ^= (u8)(1 << bit % 8);
        assert_int_not_equal(wal_record_parse(bytes, sizeof bytes, 0, 9, &record), WAL_GOOD);
        bytes[bit / 8] ^= (u8)(1 << bit % 8);
    }
    for (i64 len = 0; len < checked; len++)
        assert_int_not_equal(wal_record_parse(bytes, len, 0, 9, &record), WAL_GOOD);
    assert_int_equal(wal_record_parse(bytes, sizeof bytes, 0, 9, &record), WAL_GOOD);
}

static void names(void **state)
{
    WalFileName name;
    assert_true(wal_name_parse("0000000a-00000002.wal", &name));
    assert_int_equal(name.epoch, 10);
    assert_int_equal(name.sequence, 2);
    assert_false(wal_name_parse("0000000a-00000002.wal2", &name));
    assert_false(wal_name_parse("a-2.wal", &name));
    assert_false(wal_name_parse("0000000a-00000002", &name));
}

static void commit_rows(Storage *storage, i64 first, i64 count)
{
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(fixture_insert(t, TABLE, first, count));
    assert_true(fixture_commit(storage, t));
}

/* Three commits in the first log file; then the storage is left behind as by kill -9. */
static Platform *disk_with_log(void)
{
    Platform *disk = sim_open(3);
    Storage *storage = fixture_open(disk);
    Error error;
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    fixture_define(t, TABLE);
    assert_true(fixture_commit(storage, t));
    commit_rows(storage, 1, 10);
    commit_rows(storage, 11, 10);
    commit_rows(storage, 21, 10);
    assert_true(storage_close(storage, CLOSE_ABANDON, &error));
    return disk;
}

/* Flips bits over the whole log: the answer is a refusal or a prefix of the commits. */
static void damage_is_refused_or_a_lost_tail(void **state)
{
    i32 refused = 0, tails = 0, whole = 0;
    for (i64 offset = 0;; offset += 31) {
        Platform *disk = disk_with_log();
        Storage *storage;
        Error error;
        StorageOptions options = fixture_options(disk);
        bool flipped = sim_flip_bit(disk, "data/wal/00000001-00000001.wal", offset, 3);
        if (flipped && storage_open(&options, &storage, &error)) {
            FixtureScan scan = fixture_scan_newest(storage, TABLE);
            i64 rows = scan.count < 0 ? 0 : scan.count;
            assert_true(rows % 10 == 0 && rows <= 30 && scan.bad == 0);
            /* Only the last group can be lost without proof that it was there. */
            assert_true(rows >= 20);
            tails += rows < 30;
            whole += rows == 30;
            fixture_close(storage);
        } else if (flipped) {
            assert_int_equal(error.code, E_DATA_CORRUPTED);
            refused++;
        }
        sim_close(disk);
        if (!flipped)
            break;
    }
    assert_true(refused > 20 && tails > 5 && whole > 0);
}

static void damaged_manifest_is_refused(void **state)
{
    for (i64 offset = 0; offset < 60; offset += 7) {
        Platform *disk = disk_with_log();
        Storage *storage;
        Error error;
        StorageOptions options = fixture_options(disk);
        assert_true(sim_flip_bit(disk, "data/MANIFEST", offset, 0));
        assert_false(storage_open(&options, &storage, &error));
        assert_int_equal(error.code, E_DATA_CORRUPTED);
        sim_close(disk);
    }
}

static void damaged_data_file_fails_the_read(void **state)
{
    i32 failures = 0, tried = 0;
    for (i64 offset = 64;; offset += 331) {
        Platform *disk = sim_open(9);
        Storage *storage = fixture_open(disk);
        Error error;
        Transaction *t = fixture_begin(storage, READ_COMMITTED);
        fixture_define(t, TABLE);
        assert_true(fixture_commit(storage, t));
        commit_rows(storage, 1, 2500);
        bool flipped = sim_flip_bit(disk, "data/seg/00000001-00000001.seg", offset, 5);
        Snapshot *snapshot;
        assert_true(snapshot_newest(storage, &snapshot, &error));
        FixtureScan scan = fixture_scan(snapshot, TABLE, NULL, NULL);
        snapshot_close(snapshot);
        assert_true(scan.failed || (scan.count == 2500 && scan.bad == 0));
        if (scan.failed)
            assert_true(storage_check(storage, NULL, NULL, &error) > 0);
        failures += scan.failed;
        tried += flipped;
        assert_true(storage_close(storage, CLOSE_ABANDON, &error));
        sim_close(disk);
        if (!flipped)
            break;
    }
    assert_true(failures > tried / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back),
        cmocka_unit_test(every_flipped_bit_is_seen),
        cmocka_unit_test(names),
        cmocka_unit_test(damage_is_refused_or_a_lost_tail),
        cmocka_unit_test(damaged_manifest_is_refused),
        cmocka_unit_test(damaged_data_file_fails_the_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
