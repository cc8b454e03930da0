/* SPDX-License-Identifier: Apache-2.0
 *
 * Storage: a data directory, opened. It creates no thread, sleeps nowhere and reads no clock but
 * the platform's: background work is a list of jobs that somebody else steps.
 *
 * Ownership law: one Storage per directory; everything else (snapshots, transactions) must be
 * closed before storage_close.
 */
#ifndef GOTGAN_STORAGE_H
#define GOTGAN_STORAGE_H

#include "base/platform.h"
#include "storage/snapshot.h"

typedef struct StorageOptions {
    Platform *platform;
    const char *directory;      /* made when it does not exist */
    Budget *budget;             /* cache, delta and WAL buffers are counted here */
    i64 cache_bytes;            /* of the buffer pool */
    i64 delta_bytes_max;        /* above it writers get 53200 until a flush made room */
    i64 wal_file_bytes;         /* 64 MB; tests 1 MB */
    i64 checkpoint_wal_bytes;   /* a checkpoint is due after so much WAL (256 MB) */
    i64 checkpoint_us;          /* or so much time (5 minutes) */
    i32 row_group_rows;         /* 131,072; tests 1,000 */
    i32 frame_bytes;            /* 256 KiB; tests small */
    const char *force_encoding; /* NULL: by sample; else the encoding's name, where it applies */
    void (*log)(void *state, const char *line); /* recovery and damage reports; NULL: nobody */
    void *log_state;
} StorageOptions;

/* The documented defaults; platform and directory are left for the caller. */
StorageOptions storage_defaults(void);

/* Locks the directory, recovers, makes durable what it shows. 55006: in use by another process;
 * XX001: damaged, the message names file and offset. */
must_check bool storage_open(const StorageOptions *options, Storage **storage, Error *error);
/* Checkpoints (unless crashed is asked for by tests), then closes everything. */
typedef enum StorageClose { CLOSE_CHECKPOINT, CLOSE_ABANDON } StorageClose;
must_check bool storage_close(Storage *storage, StorageClose how, Error *error);

/* Writes a checkpoint now: flushes the delta into data files, replaces MANIFEST, frees WAL. */
must_check bool storage_checkpoint(Storage *storage, Error *error);

/* Background work: flush, merge, checkpoint, deletion of retired files. step does a bounded piece;
 * false: it failed, error tells, the job stays and backs off. */
typedef struct StorageJob {
    const char *name;
    bool (*ready)(Storage *storage);
    bool (*step)(Storage *storage, Error *error);
} StorageJob;
const StorageJob *storage_jobs(i32 *count);

/* What the floor above keeps for this directory; storage never looks at it. */
void storage_set_companion(Storage *storage, void *companion);
void *storage_companion(const Storage *storage);

/* Figures for EXPLAIN, tests and later views. */
typedef struct StorageCounters {
    u64 version;   /* newest visible */
    i64 wal_bytes; /* since the last checkpoint */
    i64 delta_rows;
    i64 data_files, data_bytes;
    i64 cache_used_bytes, cache_hits, cache_misses, bytes_read;
    i64 commits, groups; /* group commit: records per sync = commits / groups */
} StorageCounters;
StorageCounters storage_counters(Storage *storage);

/* Verifies every file, frame and statistic against the data; reports each finding. Returns the
 * number of findings, or -1 with error when it could not run. */
i64 storage_check(Storage *storage, void (*report)(void *state, const char *finding), void *state,
                  Error *error);

#endif
