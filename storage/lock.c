/* SPDX-License-Identifier: Apache-2.0
 *
 * A chained hash table of locks, each with the list of its holders, and one list of waits. Lists
 * are short: a lock has as many holders as there are writers of one block of rows; there are as
 * many waits as blocked statements.
 */
#include "storage/lock.h"

#include "base/counted.h"

static Lock **bucket_of(LockTable *table, LockKey key)
{
    u64 hash = (key.a * 0x9e3779b97f4a7c15ull) ^ (key.b * 0xc2b2ae3d27d4eb4full) ^ (u64)key.space;
    hash ^= hash >> 29;
    return &table->buckets[hash * 0x9e3779b97f4a7c15ull >> 50];
}
_Static_assert(LOCK_BUCKETS == 1 << 14, "the hash above keeps 14 bits");

static bool key_equal(LockKey x, LockKey y)
{
    return x.space == y.space && x.a == y.a && x.b == y.b;
}

static Lock *lock_find(LockTable *table, LockKey key)
{
    for (Lock *lock = *bucket_of(table, key); lock; lock = lock->next)
        if (key_equal(lock->key, key))
            return lock;
    return NULL;
}

static Lock *lock_make(LockTable *table, LockKey key, Budget *budget, Error *error)
{
    Lock *lock = counted_make((i64)sizeof *lock, budget, NULL, error);
    if (!lock)
        return NULL;
    Lock **bucket = bucket_of(table, key);
    lock->key = key;
    lock->next = *bucket;
    *bucket = lock;
    return lock;
}

static void lock_drop_unheld(LockTable *table, Lock *lock)
{
    if (lock->holders)
        return;
    Lock **bucket = bucket_of(table, lock->key);
    while (*bucket != lock)
        bucket = &(*bucket)->next;
    *bucket = lock->next;
    counted_drop(lock);
}

/* What is locked is held mode by mode: for rows each has its bitmap. */
static LockHolder *holder_find(Lock *lock, const Transaction *transaction, LockMode mode)
{
    for (LockHolder *holder = lock->holders; holder; holder = holder->next)
        if (holder->transaction == transaction && holder->mode == mode)
            return holder;
    return NULL;
}

static LockHolder *holder_make(Lock *lock, Transaction *transaction, LocksHeld *held, LockMode mode,
                               Budget *budget, Error *error)
{
    i64 bits = lock->key.space == LOCK_ROWS ? ROW_BLOCK_WORDS * 8 : 0;
    LockHolder *holder = counted_make((i64)sizeof *holder + bits, budget, NULL, error);
    if (!holder)
        return NULL;
    holder->lock = lock;
    holder->transaction = transaction;
    holder->mode = mode;
    holder->next = lock->holders;
    lock->holders = holder;
    holder->next_of_transaction = held->newest;
    held->newest = holder;
    return holder;
}

/* PostgreSQL's matrix: KEY SHARE against UPDATE only, SHARE against both kinds of UPDATE, and those
 * against each other and themselves. */
static bool row_modes_conflict(LockMode held, LockMode wanted)
{
    return (i32)held + (i32)wanted - 2 * (i32)LOCK_ROW_KEY_SHARE >= 3;
}

/* PostgreSQL's matrix of table locks: a bit for each mode that the row's mode conflicts with. */
static bool object_modes_conflict(LockMode held, LockMode wanted)
{
    static const u8 conflicts[] = {
        [LOCK_OBJECT_ACCESS_SHARE] = 0x80,           /* only with ACCESS EXCLUSIVE */
        [LOCK_OBJECT_ROW_SHARE] = 0xc0,              /* and EXCLUSIVE */
        [LOCK_OBJECT_ROW_EXCLUSIVE] = 0xf0,          /* and both kinds of SHARE */
        [LOCK_OBJECT_SHARE_UPDATE_EXCLUSIVE] = 0xf8, /* and itself */
        [LOCK_OBJECT_SHARE] = 0xec,                  /* from ROW EXCLUSIVE on, but not itself */
        [LOCK_OBJECT_SHARE_ROW_EXCLUSIVE] = 0xfc,    /* from ROW EXCLUSIVE on */
        [LOCK_OBJECT_EXCLUSIVE] = 0xfe,              /* all but ACCESS SHARE */
        [LOCK_OBJECT_ACCESS_EXCLUSIVE] = 0xff,
    };
    return conflicts[held] >> wanted & 1;
}

static bool conflicts(const LockHolder *holder, const Transaction *transaction, i32 row,
                      LockMode mode)
{
    if (holder->transaction == transaction)
        return false;
    if (holder->lock->key.space == LOCK_ROWS)
        return (holder->rows[row >> 6] >> (row & 63) & 1) && row_modes_conflict(holder->mode, mode);
    return object_modes_conflict(holder->mode, mode);
}

/* Does waiting for `from` mean, in the end, waiting for `target`? A wait is followed once in a
 * search: the workers of a statement wait apart, and ways that part may meet again. */
static bool reaches(LockTable *table, const Transaction *from, const Transaction *target)
{
    if (from == target)
        return true;
    for (LockWait *wait = table->waits; wait; wait = wait->next) {
        if (wait->waiter != from || wait->search == table->search)
            continue;
        wait->search = table->search;
        if (reaches(table, wait->blocker, target))
            return true;
    }
    return false;
}

void ticket_prepare(Ticket *ticket)
{
    if (ticket_state(ticket) != TICKET_WAITING)
        ticket_arm(ticket, ticket->wake, ticket->argument);
}

static WriteStatus wait_for(LockTable *table, Transaction *waiter, Transaction *blocker,
                            Ticket *ticket, Error *error)
{
    if (!ticket)
        return WRITE_WAIT;
    table->search++;
    if (reaches(table, blocker, waiter)) {
        error_set(error, E_DEADLOCK_DETECTED, "deadlock detected");
        return WRITE_ERROR;
    }
    LockWait *wait = counted_make((i64)sizeof *wait, table->budget, NULL, error);
    if (!wait)
        return WRITE_ERROR;
    *wait = (LockWait){table->waits, waiter, blocker, ticket, table->search};
    table->waits = wait;
    ticket_prepare(ticket);
    return WRITE_WAIT;
}

/* What is wanted: by whom, and whose memory it takes. */
typedef struct Wanted {
    Transaction *transaction;
    LocksHeld *held;
    Budget *budget; /* NULL: it must not be refused */
    LockMode mode;
} Wanted;

static WriteStatus take(LockTable *table, Wanted wanted, LockKey key, i32 row, Ticket *ticket,
                        Error *error)
{
    Lock *lock = lock_find(table, key);
    if (!lock && !(lock = lock_make(table, key, wanted.budget, error)))
        return WRITE_ERROR;
    for (const LockHolder *holder = lock->holders; holder; holder = holder->next)
        if (conflicts(holder, wanted.transaction, row, wanted.mode))
            return wait_for(table, wanted.transaction, holder->transaction, ticket, error);
    LockHolder *own = holder_find(lock, wanted.transaction, wanted.mode);
    if (!own) {
        own = holder_make(lock, wanted.transaction, wanted.held, wanted.mode, wanted.budget, error);
        if (!own) {
            lock_drop_unheld(table, lock);
            return WRITE_ERROR;
        }
        table->key_shares += wanted.mode == LOCK_ROW_KEY_SHARE;
    }
    if (key.space == LOCK_ROWS)
        own->rows[row >> 6] |= (u64)1 << (row & 63);
    return WRITE_DONE;
}

WriteStatus lock_take(LockTable *table, Transaction *transaction, LocksHeld *held, LockKey key,
                      i32 row, LockMode mode, Ticket *ticket, Error *error)
{
    return take(table, (Wanted){transaction, held, table->budget, mode}, key, row, ticket, error);
}

bool lock_copy_row(LockTable *table, LockKey from, i32 from_row, LockKey to, i32 to_row,
                   const Transaction *except, Error *error)
{
    Lock *lock = lock_find(table, from);
    if (!lock)
        return true;
    for (const LockHolder *holder = lock->holders; holder; holder = holder->next) {
        if (!(holder->rows[from_row >> 6] >> (from_row & 63) & 1) || holder->transaction == except)
            continue;
        Wanted same = {holder->transaction, transaction_locks(holder->transaction), NULL,
                       holder->mode};
        if (take(table, same, to, to_row, NULL, error) != WRITE_DONE)
            return false;
    }
    return true;
}

static void holder_unlink(LockTable *table, LockHolder *holder)
{
    Lock *lock = holder->lock;
    table->key_shares -= holder->mode == LOCK_ROW_KEY_SHARE;
    LockHolder **at = &lock->holders;
    while (*at != holder)
        at = &(*at)->next;
    *at = holder->next;
    lock_drop_unheld(table, lock);
}

LockWait *lock_release_all(LockTable *table, Transaction *transaction, LocksHeld *held)
{
    while (held->newest) {
        LockHolder *holder = held->newest;
        held->newest = holder->next_of_transaction;
        holder_unlink(table, holder);
        counted_drop(holder);
    }
    LockWait *granted = NULL, **at = &table->waits;
    while (*at) {
        LockWait *wait = *at;
        assert(wait->waiter != transaction);
        if (wait->blocker != transaction) {
            at = &wait->next;
            continue;
        }
        *at = wait->next;
        wait->next = granted;
        granted = wait;
    }
    return granted;
}

void lock_grant_all(LockWait *waits)
{
    while (waits) {
        LockWait *next = waits->next;
        ticket_grant(waits->ticket);
        counted_drop(waits);
        waits = next;
    }
}

bool lock_forget_ticket(LockTable *table, const Ticket *ticket)
{
    for (LockWait **at = &table->waits; *at; at = &(*at)->next) {
        LockWait *wait = *at;
        if (wait->ticket != ticket)
            continue;
        *at = wait->next;
        counted_drop(wait);
        return true;
    }
    return false;
}

void lock_table_close(LockTable *table)
{
    verify(table->waits == NULL);
    for (i32 i = 0; i < LOCK_BUCKETS; i++)
        verify(table->buckets[i] == NULL);
}
