/* SPDX-License-Identifier: Apache-2.0
 *
 * The failing platform: the n-th matching call fails, once or from then on; short transfers are
 * looped over by base/file; and byte readers never leave their bytes.
 */
#include "base/platform_fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/counted.h"
#include "base/file.h"
#include "base/platform_sim.h"

static void nth_call_fails(void **state)
{
    for (i32 forever = 0; forever < 2; forever++) {
        Platform *disk = sim_open(1), *failing = fault_open(disk);
        Error error;
        File *file;
        assert_true(failing->file_open(failing, "a", FILE_CREATE_NEW, FILE_WAL, &file, &error));
        fault_plan(failing, (FaultPlan){.file_class = FILE_WAL,
                                        .call = FAULT_ON_SYNC,
                                        .nth = 1,
                                        .forever = forever,
                                        .action = FAULT_DISK_FULL});
        assert_true(failing->file_sync(failing, file, &error));
        assert_false(failing->file_datasync(failing, file, &error));
        assert_int_equal(error.code, E_DISK_FULL);
        assert_int_equal(failing->file_sync(failing, file, &error), !forever);
        assert_true(failing->directory_sync(failing, "d", &error)); /* another class */
        assert_int_equal(fault_matches(failing), 3);
        assert_int_equal(fault_failures(failing), 1 + forever);
        assert_true(failing->file_close(failing, file, &error));
        fault_close(failing);
        sim_close(disk);
    }
}

static void short_transfers_are_looped_over(void **state)
{
    Platform *disk = sim_open(1), *failing = fault_open(disk);
    Error error;
    File *file;
    char back[26];
    assert_true(failing->file_open(failing, "a", FILE_CREATE_NEW, FILE_DATA, &file, &error));
    fault_plan(failing, (FaultPlan){.file_class = FAULT_CLASS_ANY,
                                    .call = FAULT_ON_ANY,
                                    .forever = true,
                                    .action = FAULT_SHORT});
    assert_true(file_write_all(failing, file, "abcdefghijklmnopqrstuvwxyz", 26, 3, &error));
    assert_true(file_read_all(failing, file, back, 26, 3, &error));
    assert_memory_equal(back, "abcdefghijklmnopqrstuvwxyz", 26);
    assert_false(file_read_all(failing, file, back, 26, 10, &error));
    assert_int_equal(error.code, E_DATA_CORRUPTED);
    fault_plan(failing, (FaultPlan){.nth = -1});
    assert_true(failing->file_close(failing, file, &error));
    fault_close(failing);
    sim_close(disk);
}

static void readers_stop_at_the_end(void **state)
{
    const u8 bytes[] = {1, 2, 3, 4, 5, 0, 0, 0, 'x'};
    ByteReader r = bytes_reader(bytes, sizeof bytes);
    assert_int_equal(read_u32(&r), 0x04030201);
    assert_false(r.bad);
    Text text = read_text(&r); /* says 5 bytes, one is there */
    assert_true(r.bad && text.len == 0);
    assert_int_equal(read_u64(&r), 0);
    r = bytes_reader(bytes, 3);
    assert_int_equal(read_u32(&r), 0);
    assert_true(r.bad);
}

static i32 closed;
static void close_it(void *thing)
{
    closed += *(i32 *)thing;
}

static void counted_things_close_once(void **state)
{
    Budget budget;
    Error error;
    budget_open(&budget, NULL, 1000, "test");
    i32 *thing = counted_make(sizeof *thing, &budget, close_it, &error);
    *thing = 7;
    assert_ptr_equal(counted_keep(thing), thing);
    counted_drop(thing);
    assert_int_equal(closed, 0);
    assert_ptr_equal(counted_try_keep(thing), thing);
    counted_drop(thing);
    counted_drop(thing);
    assert_int_equal(closed, 7);
    assert_null(counted_make(2000, &budget, NULL, &error));
    assert_int_equal(error.code, E_OUT_OF_MEMORY);
    budget_close(&budget);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nth_call_fails),
        cmocka_unit_test(short_transfers_are_looped_over),
        cmocka_unit_test(readers_stop_at_the_end),
        cmocka_unit_test(counted_things_close_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
