/* SPDX-License-Identifier: Apache-2.0
 *
 * Platform: the world as a table of functions: files, clock, randomness, memory for the simulator.
 * The server runs on `posix`; tests run the same engine on `sim` (files in memory, power loss on
 * command) and on `fault` (wraps another platform and fails the n-th call). Only base/platform_*.c
 * calls the operating system for files.
 *
 * Calls may be short or fail; base/file.h is what others use: it loops over short transfers and
 * EINTR. Nothing here waits on anything but the device.
 */
#ifndef GOTGAN_PLATFORM_H
#define GOTGAN_PLATFORM_H

#include "base/error.h"

/* What a file is for: faults are aimed by class. */
typedef enum FileClass {
    FILE_WAL,
    FILE_DATA, /* seg/ */
    FILE_MANIFEST,
    FILE_SPILL, /* tmp/ */
    FILE_DIRECTORY,
    FILE_OTHER, /* LOCK, FORMAT, pid file, COPY's files */
} FileClass;

typedef enum FileOpen {
    FILE_READ,       /* must exist */
    FILE_READ_WRITE, /* must exist */
    FILE_CREATE_NEW, /* O_EXCL: 58P02 when it exists */
} FileOpen;

typedef struct File File;
typedef struct Platform Platform;

/* Functions return false after filling error: 58P01 does not exist, 58P02 exists, 53100 no space,
 * 58030 everything else; the message names path and cause. Paths are NUL-terminated. */
struct Platform {
    const char *name;
    void *state;

    bool (*file_open)(Platform *, const char *path, FileOpen mode, FileClass, File **, Error *);
    /* *transferred may be less than len; 0 from read: end of file. */
    bool (*file_read)(Platform *, File *, void *to, i64 len, i64 offset, i64 *transferred, Error *);
    bool (*file_write)(Platform *, File *, const void *from, i64 len, i64 offset, i64 *transferred,
                       Error *);
    bool (*file_datasync)(Platform *, File *, Error *);
    bool (*file_sync)(Platform *, File *, Error *);
    bool (*file_size)(Platform *, File *, i64 *bytes, Error *);
    bool (*file_truncate)(Platform *, File *, i64 bytes, Error *);
    /* Hint: cached clean pages of the file are not needed (POSIX_FADV_DONTNEED). */
    void (*file_forget)(Platform *, File *);
    /* Closes and frees the handle also when it reports an error. */
    bool (*file_close)(Platform *, File *, Error *);

    bool (*directory_make)(Platform *, const char *path, Error *); /* fine when it exists */
    bool (*directory_sync)(Platform *, const char *path, Error *);
    /* Calls entry(state, name) for each file, in any order; entry must not throw. */
    bool (*directory_list)(Platform *, const char *path, void (*entry)(void *, const char *name),
                           void *state, Error *);
    bool (*rename)(Platform *, const char *from, const char *to, Error *);
    bool (*unlink)(Platform *, const char *path, Error *);
    bool (*free_space)(Platform *, const char *path, i64 *bytes, i64 *total, Error *);
    /* One owner per directory: creates path if needed and locks it; E_OBJECT_IN_USE when another
     * process holds it. The lock goes with the handle. */
    bool (*lock_file)(Platform *, const char *path, File **, Error *);

    i64 (*monotonic_us)(Platform *);
    i64 (*wall_us)(Platform *); /* since 2000-01-01 00:00 UTC */
    void (*random_bytes)(Platform *, void *to, i64 len);
};

Platform *platform_posix(void);

#endif
