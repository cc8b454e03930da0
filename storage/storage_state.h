/* SPDX-License-Identifier: Apache-2.0
 *
 * The insides of Storage, Snapshot and Transaction, for storage's own files.
 *
 * Locks, in this order, and what they guard:
 *   Transaction.mutex   its WriteSet (workers append and mark concurrently)
 *   Storage.mutex       the newest Root, the lock table, open transactions, the commit queue,
 *                       counters of ids, retirements and moves; never held during I/O
 *   RowGroup.mutex      reading its footer once (held during that read)
 *   Storage.files_mutex the table of data files and the list of files to delete
 *   Relation.mutex      what is made once for all scans of a relation
 *   UnifiedDictionary.mutex  who adds entries and maps to it
 *   Cache.mutex         the buffer pool's table
 * The Wal belongs to whoever set `leader`.
 */
#ifndef GOTGAN_STORAGE_STATE_H
#define GOTGAN_STORAGE_STATE_H

#include <stdatomic.h>

#include "base/file.h"
#include "base/mutex.h"
#include "storage/lock.h"
#include "storage/storage.h"
#include "storage/table_access.h"
#include "storage/wal.h"
#include "storage/write_set.h"

typedef struct Cache Cache;
typedef struct Retirement Retirement;
typedef struct MoveSet MoveSet;
typedef struct Maintenance Maintenance;

struct Snapshot {
    Root *root; /* counted */
    Storage *storage;
    Transaction *transaction; /* NULL: committed state only */
    StatementNumber bound;    /* sees own writes of statements before it */
};

/* A record on its way to the log: of a transaction, or of a background job. */
typedef struct CommitRequest CommitRequest;
struct CommitRequest {
    CommitRequest *next;
    Ticket *ticket;
    Transaction *transaction; /* NULL: a job's */
    Retirement *retirement;   /* of a job: becomes active with the record */
    Version lsn;
    i64 commit_us;
    Buffer payload;
};

struct Transaction {
    Storage *storage;
    Isolation isolation;
    Budget *budget;
    u64 id;
    i32 session;                  /* number of the one that began it; 0: none */
    Transaction *next, *previous; /* open transactions, newest first */
    Version begun_at;             /* newest version when it began */
    Root *first_root;             /* REPEATABLE READ: of its first snapshot */

    Mutex mutex;
    WriteSet writes;
    StatementNumber statement;
    u64 retirements_seen; /* marks are translated up to this one */

    LocksHeld locks; /* guarded by Storage.mutex */
    CommitRequest commit;
};

struct Storage {
    StorageOptions options;
    Platform *platform;
    char directory[STORAGE_PATH_BYTES - 64];
    File *lock;
    u8 uuid[16];
    u32 epoch;

    Mutex mutex;
    Root *root; /* counted: newest visible */
    LockTable locks;
    Transaction *open;
    u64 transaction_next;
    CommitRequest *queue_first, *queue_last; /* not taken by the leader yet */
    CommitRequest *writing;                  /* taken by the leader, not applied yet */
    bool leader;
    Version lsn_next;
    i64 commit_us_last;
    u32 oid_next;
    u64 group_next;
    u32 file_next;
    Retirement *retirements; /* newest first */
    u64 retirement_next;
    MoveSet *moves;    /* newest first */
    _Atomic bool lost; /* the log failed: nothing can be committed any more */
    Error why_lost;
    i64 delta_rows, delta_bytes;
    _Atomic i64 wal_bytes; /* since the last checkpoint; the leader counts without the mutex */
    i64 commits, groups;

    Wal wal;
    Buffer recovering; /* scratch of open */

    Mutex files_mutex;
    DataFile *files;
    Cache *cache;
    Maintenance *maintenance;
    void *companion; /* of the floor above */
};

enum { OID_FIRST_USER = 16384 };

/* ---- storage.c ---- */
void storage_log(Storage *storage, const char *format, ...) printf_like(2, 3);
/* The log, MANIFEST or a directory could not be synced: stops the process on a real disk; on a
 * simulated one nothing can be committed from here on. Always false. */
bool storage_lose(Storage *storage, const Error *error);

/* ---- snapshot.c ---- */
/* A snapshot of committed state that is not the newest. */
must_check Snapshot *snapshot_of_root(Storage *storage, const Root *root, Error *error);

/* ---- commit.c ---- */
/* Queues a record (its payload is complete); false when the storage is lost. */
must_check bool commit_enqueue(Storage *storage, CommitRequest *request, Error *error);

/* Storage.mutex held: does a record on its way to the log define, truncate or drop the table? */
bool commit_changes_table(const Storage *storage, TableId table);

/* ---- append.c ---- */
/* The transaction's mutex held, at its commit: rows in memory above the threshold go to data files,
 * and moves that name them follow. */
must_check bool own_rows_to_files(Transaction *transaction, Error *error);
/* The transaction's mutex held: the same for the rows the statement at hand has made. */
must_check bool fresh_rows_to_files(Transaction *transaction, WriteTable *table, Error *error);

/* ---- transaction.c ---- */
/* Unlinks it from the open ones and frees its locks: the waits to grant. Storage.mutex held. */
LockWait *transaction_unlink(Transaction *transaction);
void transaction_free(Transaction *transaction);
/* Storage.mutex held. */
Version storage_oldest_open(const Storage *storage);

#endif
