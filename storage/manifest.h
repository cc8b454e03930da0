/* SPDX-License-Identifier: Apache-2.0
 *
 * MANIFEST: the whole committed state at one version, but for the contents of data files:
 * counters, objects, tables with columns, row groups, where their delete vectors are, and delta
 * rows. Replaced by rename, never changed. Byte table in FORMAT.md.
 */
#ifndef GOTGAN_MANIFEST_H
#define GOTGAN_MANIFEST_H

#include "base/bytes.h"
#include "storage/storage_state.h"

typedef struct ManifestHead {
    u8 uuid[16];
    u32 epoch;
    Version version; /* records above it are in the WAL */
    i64 commit_us;
    u32 oid_next;
    u64 group_next, transaction_next;
} ManifestHead;

/* Every delete vector has its place (deletes.h). */
must_check bool manifest_encode(const ManifestHead *head, const Root *root, Buffer *bytes,
                                Error *error);
/* Fills storage's counters and `root`. XX001 when damaged. */
must_check bool manifest_decode(Storage *storage, const u8 *bytes, i64 len, ManifestHead *head,
                                Root *root, Error *error);
/* Writes it under a name of its own, syncs it, renames it over MANIFEST, syncs the directory. */
must_check bool manifest_write(Storage *storage, const Buffer *bytes, u32 number, Error *error);

#endif
