/* SPDX-License-Identifier: Apache-2.0
 *
 * The failing platform: passes every call on to another platform, except the n-th of a kind.
 *
 * Ownership law: fault_open makes it, fault_close frees it; the wrapped platform stays the
 * caller's. Single-threaded.
 */
#ifndef GOTGAN_PLATFORM_FAULT_H
#define GOTGAN_PLATFORM_FAULT_H

#include "base/platform.h"

typedef enum FaultCall {
    FAULT_ON_OPEN,
    FAULT_ON_READ,
    FAULT_ON_WRITE,
    FAULT_ON_SYNC, /* datasync, sync and directory_sync */
    FAULT_ON_RENAME,
    FAULT_ON_UNLINK,
    FAULT_ON_OTHER,
    FAULT_ON_ANY,
} FaultCall;

typedef enum FaultAction {
    FAULT_IO_ERROR,
    FAULT_DISK_FULL,
    FAULT_SHORT, /* reads and writes transfer one byte; other calls: 58030 */
} FaultAction;

enum { FAULT_CLASS_ANY = -1 };

typedef struct FaultPlan {
    i32 file_class; /* a FileClass or FAULT_CLASS_ANY */
    FaultCall call;
    i64 nth;      /* 0: the first call that matches; negative: nothing fails */
    bool forever; /* every matching call from the n-th on, too */
    FaultAction action;
} FaultPlan;

Platform *fault_open(Platform *wrapped);
void fault_close(Platform *platform);
/* Starts counting anew. */
void fault_plan(Platform *platform, FaultPlan plan);
/* Calls seen since the plan that match its class and call; and how many of them failed. */
i64 fault_matches(Platform *platform);
i64 fault_failures(Platform *platform);

#endif
