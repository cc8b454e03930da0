/* SPDX-License-Identifier: Apache-2.0
 *
 * Where rows went. A Retirement is the map old row id -> new row id of one flush or merge, kept
 * until every transaction that was open when it was published has ended; a MoveSet is the same for
 * the updates of one commit. Without the first a delete would be lost, without the second READ
 * COMMITTED could not look again at a row it waited for.
 *
 * Ownership law: lists in Storage, guarded by its mutex; an entry is immutable but for `applied`.
 */
#ifndef GOTGAN_RETIREMENT_H
#define GOTGAN_RETIREMENT_H

#include "storage/storage_state.h"

typedef struct RowPair {
    RowId from, to;
} RowPair;

struct Retirement {
    Retirement *older;
    u64 number; /* 1, 2, ... in the order they were queued */
    TableId table;
    bool applied;      /* its record is durable and visible */
    Version version;   /* then: of which commit */
    i64 delta_below;   /* delta rows with a smaller sequence number were rewritten */
    const u64 *groups; /* row groups that were rewritten */
    i32 group_count;
    const RowPair *pairs; /* ascending by from: rows that were live when it was made */
    i64 pair_count;
    Buffer memory; /* holds groups and pairs */
};

struct MoveSet {
    MoveSet *older;
    TableId table;
    Version version;
    i64 count;
    RowPair pairs[]; /* ascending by from */
};

/* Position in an ascending array of pairs, or NULL. */
const RowPair *row_pair_find(const RowPair *pairs, i64 count, RowId from);

/* Storage.mutex held. Where the row is in the newest root (retirements that are applied). */
RowId retirements_newest(const Storage *storage, TableId table, RowId row);
/* Storage.mutex held. Is the container of these rows rewritten by a queued or applied record? */
bool retirements_cover(const Storage *storage, TableId table, RowId row);
/* Storage.mutex held. The version of a row that an update made; ROW_NOT_MOVED: none known. */
#define ROW_NOT_MOVED (-1)
RowId moves_find(const Storage *storage, TableId table, RowId row);
/* Storage.mutex held. The number up to which all are applied. */
u64 retirements_applied(const Storage *storage);
/* Storage.mutex held. Frees what no open transaction needs. */
void retirements_prune(Storage *storage);
/* One that is in no list (any more). */
void retirement_free(Retirement *map);
void retirements_close(Storage *storage);

/* The transaction's mutex held, Storage.mutex not: marks on containers that were rewritten since
 * the last call are repeated on the new ones. While rows can still be marked only applied rewrites
 * may be done with: a row of an unapplied one is marked where it still is. */
typedef enum RetirementReach { RETIREMENTS_APPLIED, RETIREMENTS_QUEUED } RetirementReach;
must_check bool retirements_translate(Transaction *transaction, RetirementReach reach,
                                      Error *error);

#endif
