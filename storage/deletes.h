/* SPDX-License-Identifier: Apache-2.0
 *
 * Delete vectors on disk: in data files of kind `deletes`, written by a checkpoint, named by
 * MANIFEST. A vector that has not changed since an earlier checkpoint stays where it is.
 *
 * Ownership law: a stored vector keeps its DataFile; so does the DeletesHeld of the MANIFEST that
 * names it, because the file must outlive the vector until another MANIFEST is durable.
 */
#ifndef GOTGAN_DELETES_H
#define GOTGAN_DELETES_H

#include "base/bytes.h"
#include "storage/row_group.h"
#include "storage/storage_state.h"

/* The vectors that a MANIFEST names: their files may not go. */
typedef struct DeletesHeld {
    Buffer places; /* DeletesPlace, a count on each file */
} DeletesHeld;

/* Gives every vector of the root that is not on disk yet a place in a new data file, synced. One
 * caller at a time (the checkpoint). */
must_check bool deletes_store(Storage *storage, const Root *root, Error *error);

/* MANIFEST's form of where a vector is. */
void write_deletes_place(ByteWriter *w, const DeletesPlace *place);
/* Reads the vector it names of this row group. XX001 names the file. */
must_check bool read_deletes(ByteReader *r, Storage *storage, const GroupAddress *group,
                             DeleteVector **vector, Error *error);
/* Is what lies on disk what the vector says? True when it is not stored. */
must_check bool deletes_verify(Storage *storage, const GroupAddress *group,
                               const DeleteVector *vector, Error *error);

/* Counts the places of every stored vector of the root, on top of what is held. */
must_check bool deletes_hold(DeletesHeld *held, const Root *root, Error *error);
void deletes_release(DeletesHeld *held);

#endif
