/* SPDX-License-Identifier: Apache-2.0
 *
 * Delete vectors in data files: what a checkpoint writes, that it comes back, what it leaves alone,
 * when a file goes, and that damage is found.
 */
#include "storage/deletes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "storage/data_file.h"
#include "tests/storage_fixture.h"

enum { TABLE = 4, GROUPS = 20, GROUP_ROWS = 4000, FILE_HEADER = 64, VECTOR_HEAD = 17 };

static Platform *disk;
static Storage *storage;

static void open_again(void)
{
    StorageOptions options = fixture_options(disk);
    Error error;
    options.row_group_rows = GROUP_ROWS;
    if (!storage_open(&options, &storage, &error))
        fail_msg("%s", error.message);
}

static int setup(void **state)
{
    disk = sim_open(3);
    open_again();
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    fixture_define(t, TABLE);
    assert_true(fixture_insert(t, TABLE, 0, (i64)GROUPS * GROUP_ROWS));
    assert_true(fixture_commit(storage, t));
    return 0;
}

static int teardown(void **state)
{
    fixture_close(storage);
    sim_close(disk);
    return 0;
}

/* Every job that is ready, but merges, until none is. */
static void run_jobs(void)
{
    i32 count;
    Error error;
    const StorageJob *jobs = storage_jobs(&count);
    for (bool again = true; again;) {
        again = false;
        for (i32 i = 0; i < count; i++)
            if (strcmp(jobs[i].name, "merge") != 0 && jobs[i].ready(storage)) {
                assert_true(jobs[i].step(storage, &error));
                again = true;
            }
    }
}

typedef struct Range {
    i64 from, to;
    RowId rows[GROUPS * GROUP_ROWS];
    i32 count;
} Range;

static void keep_row(void *state, i64 key, RowId row)
{
    Range *range = state;
    if (key >= range->from && key < range->to)
        range->rows[range->count++] = row;
}

static void delete_keys(i64 from, i64 to)
{
    static Range range;
    static ModifyStatus status[GROUPS * GROUP_ROWS];
    Error error;
    Snapshot *snapshot;
    range.from = from;
    range.to = to;
    range.count = 0;
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    assert_true(transaction_snapshot(t, &snapshot, &error));
    fixture_scan(snapshot, TABLE, keep_row, &range);
    snapshot_close(snapshot);
    assert_int_equal(range.count, to - from);
    ModifyCall call = {.rows = range.rows, .n = range.count, .status = status};
    assert_true(native_access.modify(t, TABLE, &call, &error));
    assert_true(fixture_commit(storage, t));
}

static void assert_gone(i64 count)
{
    Error error;
    FixtureScan scan = fixture_scan_newest(storage, TABLE);
    assert_int_equal(scan.count, (i64)GROUPS * GROUP_ROWS - count);
    assert_int_equal(scan.bad, 0);
    assert_int_equal(storage_check(storage, NULL, NULL, &error), 0);
}

/* ---- the files of kind `deletes` ---- */

typedef struct Files {
    i32 count;
    i64 bytes, newest_bytes;
    u32 newest_epoch, newest;
} Files;

static i64 file_bytes(const char *path, bool *deletes)
{
    Error error;
    File *file;
    u8 header[FILE_HEADER];
    i64 bytes;
    assert_true(disk->file_open(disk, path, FILE_READ, FILE_DATA, &file, &error));
    assert_true(disk->file_size(disk, file, &bytes, &error));
    assert_true(file_read_all(disk, file, header, sizeof header, 0, &error));
    assert_true(disk->file_close(disk, file, &error));
    *deletes = header[20] == DATA_FILE_DELETES;
    return bytes;
}

static void see_file(void *state, const char *name)
{
    Files *files = state;
    char path[STORAGE_PATH_BYTES];
    u32 epoch, counter;
    bool deletes;
    if (!data_file_name_parse(name, &epoch, &counter))
        return;
    data_file_path(storage, epoch, counter, path);
    i64 bytes = file_bytes(path, &deletes);
    if (!deletes)
        return;
    files->count++;
    files->bytes += bytes;
    if (epoch > files->newest_epoch || (epoch == files->newest_epoch && counter > files->newest)) {
        files->newest_epoch = epoch;
        files->newest = counter;
        files->newest_bytes = bytes;
    }
}

static Files list_files(void)
{
    Files files = {0};
    Error error;
    assert_true(disk->directory_list(disk, "data/seg", see_file, &files, &error));
    return files;
}

/* ---- tests ---- */

static void only_what_changed_is_written(void **state)
{
    delete_keys(10, 20);
    delete_keys(GROUP_ROWS, GROUP_ROWS + 7);
    assert_int_equal(list_files().count, 0);
    fixture_checkpoint(storage);
    Files files = list_files();
    assert_int_equal(files.count, 1);
    assert_int_equal(files.bytes, FILE_HEADER + 2 * VECTOR_HEAD + 17 * 4);
    fixture_checkpoint(storage);
    assert_int_equal(list_files().count, 1);
    delete_keys(30, 31);
    fixture_checkpoint(storage);
    files = list_files();
    assert_int_equal(files.count, 2);
    assert_int_equal(files.newest_bytes, FILE_HEADER + VECTOR_HEAD + 11 * 4);
    fixture_crash(storage, disk);
    open_again();
    assert_gone(18);
    fixture_checkpoint(storage);
    assert_int_equal(list_files().count, 2);
}

static void a_file_goes_when_nothing_names_it(void **state)
{
    delete_keys(0, 5);
    fixture_checkpoint(storage);
    delete_keys(5, 6);
    run_jobs();
    assert_int_equal(list_files().count, 1); /* MANIFEST still names it */
    fixture_checkpoint(storage);
    run_jobs();
    Files files = list_files();
    assert_int_equal(files.count, 1);
    assert_int_equal(files.bytes, FILE_HEADER + VECTOR_HEAD + 6 * 4);
    fixture_crash(storage, disk);
    open_again();
    assert_gone(6);
    Transaction *t = fixture_begin(storage, READ_COMMITTED);
    Error error;
    assert_true(table_truncate(t, TABLE, &error));
    assert_true(fixture_commit(storage, t));
    fixture_checkpoint(storage);
    run_jobs();
    assert_int_equal(list_files().count, 0);
}

/* More than 1,023 rows, or more bytes than the bitmap has. */
static void dense_vectors(void **state)
{
    delete_keys(0, 1500);
    delete_keys(GROUP_ROWS, GROUP_ROWS + 130);
    fixture_checkpoint(storage);
    i64 bitmap = bit_words(GROUP_ROWS) * 8;
    assert_int_equal(list_files().bytes, FILE_HEADER + 2 * (VECTOR_HEAD + bitmap));
    fixture_crash(storage, disk);
    open_again();
    assert_gone(1630);
}

static void many_files_become_one(void **state)
{
    for (i64 group = 0; group < 17; group++) {
        delete_keys(group * GROUP_ROWS, group * GROUP_ROWS + 1);
        fixture_checkpoint(storage);
    }
    run_jobs();
    Files files = list_files();
    assert_int_equal(files.count, 1);
    assert_int_equal(files.bytes, FILE_HEADER + 17 * (VECTOR_HEAD + 4));
    fixture_crash(storage, disk);
    open_again();
    assert_gone(17);
}

/* storage_check looks at headers, too: of files of either kind. */
static void damaged_headers(void **state)
{
    Error error;
    delete_keys(100, 200);
    fixture_checkpoint(storage);
    for (u32 counter = 1; counter <= 2; counter++)
        for (i64 offset = 0; offset < FILE_HEADER; offset += 9) {
            char path[STORAGE_PATH_BYTES];
            data_file_path(storage, storage->epoch, counter, path);
            assert_true(sim_flip_bit(disk, path, offset, 1));
            assert_int_equal(storage_check(storage, NULL, NULL, &error), counter == 1 ? GROUPS : 1);
            assert_true(sim_flip_bit(disk, path, offset, 1));
        }
    assert_gone(100);
}

static void damage_is_found(void **state)
{
    char path[STORAGE_PATH_BYTES];
    StorageOptions options = fixture_options(disk);
    Error error;
    delete_keys(100, 200);
    fixture_checkpoint(storage);
    Files files = list_files();
    data_file_path(storage, files.newest_epoch, files.newest, path);
    assert_true(sim_flip_bit(disk, path, FILE_HEADER + VECTOR_HEAD + 3, 2));
    assert_int_equal(storage_check(storage, NULL, NULL, &error), 1);
    fixture_crash(storage, disk);
    assert_false(storage_open(&options, &storage, &error));
    assert_int_equal(error.code, E_DATA_CORRUPTED);
    assert_string_equal(error.message, "a delete vector is damaged");
    assert_non_null(strstr(error.detail, path));
    assert_true(sim_flip_bit(disk, path, FILE_HEADER + VECTOR_HEAD + 3, 2));
    open_again();
    assert_gone(100);
    fixture_crash(storage, disk);
    assert_true(disk->unlink(disk, path, &error));
    assert_false(storage_open(&options, &storage, &error));
    assert_int_equal(error.code, E_DATA_CORRUPTED);
    assert_non_null(strstr(error.detail, path));
    sim_close(disk);
    setup(state); /* for teardown */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_what_changed_is_written, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_goes_when_nothing_names_it, setup, teardown),
        cmocka_unit_test_setup_teardown(dense_vectors, setup, teardown),
        cmocka_unit_test_setup_teardown(many_files_become_one, setup, teardown),
        cmocka_unit_test_setup_teardown(damaged_headers, setup, teardown),
        cmocka_unit_test_setup_teardown(damage_is_found, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
