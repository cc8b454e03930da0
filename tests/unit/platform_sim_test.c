/* SPDX-License-Identifier: Apache-2.0
 *
 * The simulated disk: what a sync promises, what power loss may take, and that a seed repeats.
 */
#include "base/platform_sim.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/file.h"

static File *create(Platform *p, const char *path)
{
    Error error;
    File *file = NULL;
    assert_true(p->file_open(p, path, FILE_CREATE_NEW, FILE_OTHER, &file, &error));
    return file;
}

static i64 size_of(Platform *p, const char *path)
{
    Error error;
    File *file;
    i64 bytes = 0;
    if (!p->file_open(p, path, FILE_READ, FILE_OTHER, &file, &error))
        return -1;
    assert_true(p->file_size(p, file, &bytes, &error));
    assert_true(p->file_close(p, file, &error));
    return bytes;
}

static void synced_survives_power_loss(void **state)
{
    for (u64 seed = 0; seed < 50; seed++) {
        Platform *p = sim_open(seed);
        Error error;
        File *file = create(p, "d/a");
        assert_true(file_write_all(p, file, "hello", 5, 0, &error));
        assert_true(p->file_sync(p, file, &error));
        assert_true(p->directory_sync(p, "d", &error));
        assert_true(file_write_all(p, file, "HELLO", 5, 0, &error));
        sim_restart(p, SIM_POWER_LOSS);
        char back[5];
        assert_true(p->file_open(p, "d/a", FILE_READ, FILE_OTHER, &file, &error));
        assert_true(file_read_all(p, file, back, 5, 0, &error));
        assert_true(memcmp(back, "hello", 5) == 0 || memcmp(back, "HELLO", 5) == 0);
        sim_close(p);
    }
}

static void unsynced_is_sometimes_lost(void **state)
{
    i32 names_lost = 0, data_lost = 0, renamed = 0;
    for (u64 seed = 0; seed < 200; seed++) {
        Platform *p = sim_open(seed);
        Error error;
        File *file = create(p, "d/a");
        assert_true(file_write_all(p, file, "hello", 5, 0, &error));
        sim_restart(p, SIM_POWER_LOSS);
        i64 bytes = size_of(p, "d/a");
        names_lost += bytes < 0;
        data_lost += bytes == 0;
        file = create(p, "d/b");
        assert_true(p->directory_sync(p, "d", &error));
        assert_true(p->rename(p, "d/b", "d/c", &error));
        sim_restart(p, SIM_POWER_LOSS);
        assert_true((size_of(p, "d/b") < 0) != (size_of(p, "d/c") < 0));
        renamed += size_of(p, "d/c") >= 0;
        sim_close(p);
    }
    assert_in_range(names_lost, 40, 160);
    assert_in_range(data_lost, 5, 150);
    assert_in_range(renamed, 40, 160);
}

static void kill_keeps_but_does_not_sync(void **state)
{
    i32 lost = 0;
    for (u64 seed = 0; seed < 100; seed++) {
        Platform *p = sim_open(seed);
        Error error;
        File *file = create(p, "d/a");
        assert_true(p->directory_sync(p, "d", &error));
        assert_true(file_write_all(p, file, "hello", 5, 0, &error));
        sim_restart(p, SIM_KILL);
        assert_int_equal(size_of(p, "d/a"), 5);
        sim_restart(p, SIM_POWER_LOSS);
        lost += size_of(p, "d/a") != 5;
        sim_close(p);
    }
    assert_in_range(lost, 5, 95);
}

static void down_machine_changes_nothing(void **state)
{
    Platform *p = sim_open(3);
    Error error;
    File *file = create(p, "d/a");
    sim_crash_at(p, sim_calls(p));
    assert_false(p->file_sync(p, file, &error));
    assert_int_equal(error.code, E_IO_ERROR);
    assert_true(sim_is_down(p));
    File *other;
    assert_false(p->file_open(p, "d/b", FILE_CREATE_NEW, FILE_OTHER, &other, &error));
    sim_restart(p, SIM_KILL);
    assert_int_equal(size_of(p, "d/b"), -1);
    sim_close(p);
}

static void a_seed_repeats(void **state)
{
    u64 sums[2] = {0, 0};
    for (i32 round = 0; round < 2; round++) {
        Platform *p = sim_open(99);
        Error error;
        for (i32 i = 0; i < 20; i++) {
            char path[16];
            snprintf(path, sizeof path, "d/%d", i);
            File *file = create(p, path);
            static u8 bytes[5000];
            assert_true(file_write_all(p, file, bytes, sizeof bytes, 0, &error));
        }
        sim_restart(p, SIM_POWER_LOSS);
        for (i32 i = 0; i < 20; i++) {
            char path[16];
            snprintf(path, sizeof path, "d/%d", i);
            sums[round] = sums[round] * 31 + (u64)size_of(p, path);
        }
        sums[round] += sim_random(p);
        sim_close(p);
    }
    assert_true(sums[0] == sums[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(synced_survives_power_loss),
        cmocka_unit_test(unsynced_is_sometimes_lost),
        cmocka_unit_test(kill_keeps_but_does_not_sync),
        cmocka_unit_test(down_machine_changes_nothing),
        cmocka_unit_test(a_seed_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
