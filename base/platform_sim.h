/* SPDX-License-Identifier: Apache-2.0
 *
 * The simulated platform: files in memory that can lose power. Everything follows from the seed;
 * the clock moves only when told to (and a little with every call).
 *
 * What power loss does: of a file, any subset of the writes since its last sync stays, each
 * possibly torn at 512 bytes, and its size may have grown without data (zeros); of the namespace,
 * a prefix (3 of 4 times) or any subset (1 of 4) of the changes since the directory's last sync.
 * kill -9 loses nothing, but what was not synced still is not.
 *
 * Ownership law: sim_open makes a platform, sim_close frees it. Single-threaded.
 */
#ifndef GOTGAN_PLATFORM_SIM_H
#define GOTGAN_PLATFORM_SIM_H

#include "base/platform.h"

typedef enum SimCrash { SIM_KILL, SIM_POWER_LOSS } SimCrash;

Platform *sim_open(u64 seed);
void sim_close(Platform *platform);

/* Calls that may change a disk, counted from 0: the places where a crash can fall. */
i64 sim_calls(Platform *platform);
/* From call number `call` on the machine is down: every call fails with 58030 and changes
 * nothing, until sim_restart. A write or a group of syncs may be half done. Negative: never. */
void sim_crash_at(Platform *platform, i64 call);
bool sim_is_down(Platform *platform);
/* The machine comes back after a crash of this kind; open handles and locks are gone. */
void sim_restart(Platform *platform, SimCrash how);

void sim_advance(Platform *platform, i64 us);
/* The platform's own random numbers: for schedules that follow from the same seed. */
u64 sim_random(Platform *platform);
/* Flips one bit of a file, live and durable: damage, not a crash. False: no such file or byte. */
bool sim_flip_bit(Platform *platform, const char *path, i64 offset, i32 bit);

#endif
