/* SPDX-License-Identifier: Apache-2.0
 *
 * The lock table: objects, object names and rows that open transactions hold, and who waits for
 * whom. Nobody waits in here: a conflict registers the ticket and answers WAIT; when the
 * transaction in the way ends, everyone who waited for it is granted and asks again.
 *
 * A wait that would close a circle is refused at once (40P01). That is enough because every wait
 * names the one transaction it waits for, so that waits form a graph without circles.
 *
 * Ownership law: one LockTable in the Storage, guarded by its state mutex: every function here is
 * called with it held, except lock_grant_all, which is called without.
 */
#ifndef GOTGAN_LOCK_H
#define GOTGAN_LOCK_H

#include "storage/row_id.h"
#include "storage/transaction.h"

typedef enum LockSpace {
    LOCK_OBJECTS, /* a = class, b = oid */
    LOCK_NAMES,   /* a = hash of the key */
    LOCK_ROWS,    /* a = table, b = block of rows; holders have a bitmap, one per mode */
} LockSpace;

typedef struct LockKey {
    LockSpace space;
    u64 a, b;
} LockKey;

typedef struct Lock Lock;
typedef struct LockHolder LockHolder;
struct LockHolder {
    LockHolder *next;                /* of the same lock */
    LockHolder *next_of_transaction; /* newest first */
    Lock *lock;
    Transaction *transaction;
    LockMode mode;
    u64 rows[]; /* LOCK_ROWS: ROW_BLOCK_WORDS words */
};
struct Lock {
    Lock *next; /* in the bucket */
    LockKey key;
    LockHolder *holders;
};

typedef struct LockWait LockWait;
struct LockWait {
    LockWait *next;
    Transaction *waiter, *blocker;
    Ticket *ticket;
    u64 search; /* the last that came by */
};

enum { LOCK_BUCKETS = 1 << 14 };
typedef struct LockTable {
    Lock *buckets[LOCK_BUCKETS];
    LockWait *waits;
    Budget *budget; /* of what is asked for; what follows a row counts nowhere. NULL: not counted */
    u64 search;     /* number of the last search for a circle */
    i64 key_shares; /* holders of LOCK_ROW_KEY_SHARE: only they outlive an update by others */
} LockTable;

/* What a transaction holds: the head of its list. */
typedef struct LocksHeld {
    LockHolder *newest;
} LocksHeld;

void lock_table_close(LockTable *table); /* all transactions have ended */

/* DONE, WAIT (ticket registered; NULL: only said) or ERROR (40P01, 53200). A transaction never
 * waits for itself. row: position in the block, for LOCK_ROWS. */
WriteStatus lock_take(LockTable *table, Transaction *transaction, LocksHeld *held, LockKey key,
                      i32 row, LockMode mode, Ticket *ticket, Error *error);
/* Copies whoever holds this row, except one transaction (NULL: none), to another place: its
 * container was rewritten, or the row has a new version. No budget refuses it: what made it
 * necessary is durable. */
must_check bool lock_copy_row(LockTable *table, LockKey from, i32 from_row, LockKey to, i32 to_row,
                              const Transaction *except, Error *error);
/* Frees what the transaction holds; returns the waits that it ended, to be granted. */
LockWait *lock_release_all(LockTable *table, Transaction *transaction, LocksHeld *held);
/* No mutex held: grants and frees them. */
void lock_grant_all(LockWait *waits);
/* Takes a ticket out of the waits: true when it was there (the caller then fails it). */
bool lock_forget_ticket(LockTable *table, const Ticket *ticket);

/* Arms a ticket that its waiter has not armed (again). */
void ticket_prepare(Ticket *ticket);

/* transaction.c: where a transaction keeps what it holds. */
LocksHeld *transaction_locks(Transaction *transaction);

#endif
