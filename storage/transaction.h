/* SPDX-License-Identifier: Apache-2.0
 *
 * Transaction: private writes, locks, and the one way to make them durable.
 *
 * Storage never waits: what would wait answers WRITE_WAIT and arms the ticket; the caller comes
 * back with the same call when the ticket is granted (TICKET_FAILED carries 40P01, 57014 ...).
 *
 * Ownership law: transaction_begin makes one, exactly one of transaction_commit (when it reports
 * done) or transaction_rollback ends and frees it. Used by one thread at a time, except append and
 * modify, which workers call concurrently.
 */
#ifndef GOTGAN_TRANSACTION_H
#define GOTGAN_TRANSACTION_H

#include "base/ticket.h"
#include "storage/snapshot.h"
#include "types/value.h"

typedef enum Isolation { READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE } Isolation;

typedef enum WriteStatus {
    WRITE_DONE,
    WRITE_WAIT,  /* ticket armed: call again when granted */
    WRITE_ERROR, /* error filled */
} WriteStatus;

must_check bool transaction_begin(Storage *storage, Isolation isolation, Budget *budget,
                                  Transaction **transaction, Error *error);
/* Starts the next statement: its writes carry the next number, and it sees those before. */
void transaction_next_statement(Transaction *transaction);
/* READ COMMITTED: newest committed state; above: that of the transaction's first snapshot; both
 * with the transaction's own writes of earlier statements. */
must_check bool transaction_snapshot(Transaction *transaction, Snapshot **snapshot, Error *error);
/* The newest committed state with the transaction's own writes, whatever its isolation: for
 * definitions, which are about all rows, and for commands that read none. */
must_check bool transaction_newest_snapshot(Transaction *transaction, Snapshot **snapshot,
                                            Error *error);
Isolation transaction_isolation(const Transaction *transaction);
/* Before its first query: snapshots taken so far were for commands that read no rows. */
void transaction_set_isolation(Transaction *transaction, Isolation isolation);
/* Nothing written, nothing locked: commit writes no record. */
bool transaction_is_clean(const Transaction *transaction);
/* A number for this transaction (txid_current). */
u64 transaction_id(const Transaction *transaction);
/* The number of the session that began it, for whoever has a snapshot of it (snapshot_session). */
void transaction_set_session(Transaction *transaction, i32 session);

void transaction_rollback(Transaction *transaction);

/* Commit in two halves. commit_begin validates, takes the LSN and queues the record; the ticket is
 * granted when the commit is durable and visible. The session thread whose ticket is first calls
 * commit_step until its ticket is done: one step writes and syncs the whole queue. After
 * WRITE_DONE (nothing to write) or a granted ticket the transaction is gone; after an error too
 * (rolled back). */
WriteStatus transaction_commit_begin(Transaction *transaction, Ticket *ticket, Error *error);
void commit_step(Storage *storage);

/* Savepoints are positions in the log of writes. */
typedef u64 Savepoint;
Savepoint transaction_savepoint(Transaction *transaction);
must_check bool transaction_rollback_to(Transaction *transaction, Savepoint savepoint,
                                        Error *error);

/* ---- objects ---- */

/* Creates or replaces (same class and oid). Waits for another transaction on the object or key;
 * then 42710-like conflicts are the caller's to see: it looks again. 40001 from REPEATABLE READ up
 * when the object changed since the snapshot. */
WriteStatus object_put(Transaction *transaction, const StoredObject *object, Ticket *ticket,
                       Error *error);
WriteStatus object_drop(Transaction *transaction, u32 object_class, u32 oid, Ticket *ticket,
                        Error *error);
typedef enum LockMode {
    /* of objects: PostgreSQL's, what LOCK TABLE names. When its portal opens, a statement that
     * locks rows takes ROW_SHARE and one that writes ROW_EXCLUSIVE; COMMENT takes
     * SHARE_UPDATE_EXCLUSIVE, other DDL and TRUNCATE ACCESS_EXCLUSIVE. Readers take none. Held to
     * the end of the transaction. */
    LOCK_OBJECT_ACCESS_SHARE,
    LOCK_OBJECT_ROW_SHARE,
    LOCK_OBJECT_ROW_EXCLUSIVE,
    LOCK_OBJECT_SHARE_UPDATE_EXCLUSIVE,
    LOCK_OBJECT_SHARE,
    LOCK_OBJECT_SHARE_ROW_EXCLUSIVE,
    LOCK_OBJECT_EXCLUSIVE,
    LOCK_OBJECT_ACCESS_EXCLUSIVE,
    /* of rows, from weak to strong: what SELECT FOR ... takes. UPDATE takes NO_KEY_UPDATE unless it
     * sets columns of a key, DELETE takes UPDATE. */
    LOCK_ROW_KEY_SHARE,
    LOCK_ROW_SHARE,
    LOCK_ROW_NO_KEY_UPDATE,
    LOCK_ROW_UPDATE,
} LockMode;
/* ticket NULL: WRITE_WAIT says that it would have to wait. */
WriteStatus object_lock(Transaction *transaction, u32 object_class, u32 oid, LockMode mode,
                        Ticket *ticket, Error *error);
/* Gives up a waiting ticket (cancel, timeout): after it returns the ticket is complete. */
void transaction_cancel_wait(Transaction *transaction, Ticket *ticket, const Error *why);

/* A number from the durable counter of OIDs (>= 16384, never reused). */
must_check bool storage_take_oid(Storage *storage, u32 *oid, Error *error);

/* ---- tables ---- */

typedef u32 ColumnId; /* never reused within a table */
typedef u64 TableId;

/* How values of a column compare where storage must know (zone maps, sorted dictionaries). */
typedef enum ColumnOrder { ORDER_OF_LANE, ORDER_NONE } ColumnOrder;

typedef struct ColumnDefinition {
    ColumnId id;
    Lane lane;
    ColumnOrder order;
    Value constant; /* what rows written before the column came have; NULL by default */
} ColumnDefinition;

/* The TABLE and DROP_TABLE entries of the transaction's record. The caller holds the object's
 * exclusive lock. table_define also changes the column list of an existing table. */
must_check bool table_define(Transaction *transaction, TableId table,
                             const ColumnDefinition *columns, i32 count, Error *error);
must_check bool table_drop(Transaction *transaction, TableId table, Error *error);
/* All rows gone for this transaction and, after commit, for others. */
must_check bool table_truncate(Transaction *transaction, TableId table, Error *error);

#endif
