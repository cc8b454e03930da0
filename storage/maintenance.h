/* SPDX-License-Identifier: Apache-2.0
 *
 * Background work: checkpoint, flush, merge, deletion of files. One piece runs at a time; each is
 * a step that returns.
 *
 * Ownership law: the Maintenance belongs to Storage; `busy` is taken under Storage.mutex.
 */
#ifndef GOTGAN_MAINTENANCE_H
#define GOTGAN_MAINTENANCE_H

#include "storage/deletes.h"

typedef struct Publication Publication;

struct Maintenance {
    bool busy;
    Publication *publication; /* a rewrite's record on its way; busy until it is down */
    Version merge_looked_at;  /* nothing to merge at this version */
    u32 manifest_number;      /* of the next MANIFEST of this run */
    i64 checkpoint_us;        /* monotonic time of the last checkpoint */
    Version checkpoint_version;
    DeletesHeld deletes; /* of the newest MANIFEST */
};

must_check bool maintenance_open(Storage *storage, Error *error);
/* False: another piece of work is running. */
bool maintenance_take(Storage *storage);
void maintenance_give(Storage *storage);

/* Writes MANIFEST for the newest version and removes the log files it makes superfluous. The
 * caller holds the maintenance. LOG_KEEP: without starting a new log file, at shutdown. */
typedef enum CheckpointLog { LOG_ROLL, LOG_KEEP } CheckpointLog;
must_check bool checkpoint_write(Storage *storage, CheckpointLog log, Error *error);

#endif
