/* SPDX-License-Identifier: Apache-2.0
 *
 * Table access: the one way to a table. Implemented by storage (native tables), by catalog (system
 * relations), later by lake tables. What crosses it knows numbers, lanes and values, no names, no
 * plans, no expressions.
 *
 * Every function is must_check in spirit: false (or SCAN_ERROR) after filling error. NULL functions
 * mean the implementation cannot (0A000). Nothing waits: see Ticket.
 *
 * Ownership law: open/close pair up; what a Relation, Scan or Append hands out lives until its next
 * call or close. A Relation may be shared by workers; a Scan or an Append belongs to one.
 */
#ifndef GOTGAN_TABLE_ACCESS_H
#define GOTGAN_TABLE_ACCESS_H

#include "storage/transaction.h"
#include "types/chunk.h"

typedef struct Relation Relation;
typedef struct Scan Scan;
typedef struct Append Append;
typedef i64 RowId; /* dies with its container; an I64 column in chunks */

/* ---- filters ---- */

typedef enum FilterKind {
    FILTER_RANGE,  /* low <= value <= high; either bound may be absent or exclusive */
    FILTER_IN_SET, /* value is one of set */
    FILTER_IS_NULL,
    FILTER_NOT_NULL,
    FILTER_TEST, /* deterministic, cannot fail, cannot throw */
} FilterKind;

typedef struct ScanFilter {
    ColumnId column;
    FilterKind kind;
    bool has_low, has_high, low_exclusive, high_exclusive;
    Value low, high;  /* RANGE: in the lane the scan asks for the column */
    const Value *set; /* IN_SET: sorted, distinct, no NULLs */
    i32 set_count;
    /* TEST: clears in mask the bits of rows that do not pass; values is FLAT (or the entries of a
     * dictionary) with n rows and no NULLs among them that count. */
    void (*test)(void *state, const Vector *values, i32 n, u64 *mask);
    void *state;
    u32 identity;    /* TEST: same identity, same answer: results per dictionary may be kept */
    _Atomic bool on; /* runtime filters may appear or retire while the scan runs */
} ScanFilter;
static inline bool filter_is_on(const ScanFilter *filter)
{
    return atomic_load_explicit(&filter->on, memory_order_relaxed);
}

typedef struct ScanColumn {
    ColumnId id;
    Type type; /* only to label the vectors */
    Lane lane; /* asked for; storage converts (a DEC column as NUM, an I32 as I64 ...) */
    bool wide; /* somebody keeps results per dictionary code: codes of the whole table, not of a
                  row group, are worth making; a wish */
} ScanColumn;

typedef struct ScanSpec {
    const ScanColumn *columns; /* chunk columns, in this order */
    i32 column_count;
    ScanFilter *
        filters; /* ANDed; NULL never passes unless IS_NULL; their columns need not be in columns */
    i32 filter_count;  /* at most 64 */
    bool want_row_ids; /* one more column at the end: RowId, I64 */
} ScanSpec;

/* A part of a relation that one worker scans: about a row group. */
typedef struct Split {
    u64 part; /* meaning is the implementation's */
    u64 position;
    i64 rows; /* estimate after pruning, for scheduling */
    i64 bytes;
} Split;

typedef enum ScanStatus { SCAN_ROWS, SCAN_END, SCAN_ERROR } ScanStatus;

/* ---- statistics ---- */

typedef struct ColumnStatistics {
    ColumnId column;
    bool bounds_exact; /* min and max are facts of the snapshot (or the column is all NULL) */
    bool has_bounds;
    Value min, max;
    f64 null_count;
    f64 distinct; /* estimate; 0: unknown */
    f64 average_bytes;
    const Value *quantiles; /* equi-depth bounds, ascending (strings cut); NULL when unknown */
    i32 quantile_count;
} ColumnStatistics;

typedef struct TableStatistics {
    f64 rows;
    bool rows_exact;
    const ColumnStatistics *columns;
    i32 column_count;
    /* A uniform sample of rows, all columns in the order of `columns`; 0 chunks: none. */
    const Chunk *sample;
    i32 sample_chunks;
} TableStatistics;

/* ---- writing ---- */

typedef enum ModifyStatus {
    MODIFY_DONE,
    MODIFY_WAIT,  /* another transaction holds the row: ticket armed */
    MODIFY_MOVED, /* READ COMMITTED: updated since the snapshot; newest tells where it is */
    MODIFY_GONE,  /* READ COMMITTED: deleted since the snapshot */
    MODIFY_SELF,  /* already changed by this statement: skipped, as PostgreSQL does */
} ModifyStatus;

typedef struct ModifyCall {
    const RowId *rows;
    i32 n;
    const Chunk *new_rows; /* NULL: delete; else n dense rows, all columns of the table */
    ModifyStatus *status;  /* per row */
    RowId *newest;         /* per row, for MODIFY_MOVED */
    bool changes_key;      /* columns of a key get values: the rows are locked against KEY SHARE */
    Ticket *ticket;        /* for the first MODIFY_WAIT; rows behind it were not tried */
    i32 done;              /* rows with a final status */
} ModifyCall;

/* Row locks without a change, to the end of the transaction. Statuses are those of modify: DONE:
 * the row is held and as the snapshot saw it. ticket NULL: nobody waits, and MODIFY_WAIT is the
 * final answer for rows that somebody else holds. */
typedef struct LockRowsCall {
    const RowId *rows;
    i32 n;
    LockMode mode; /* LOCK_ROW_... */
    ModifyStatus *status;
    Ticket *ticket;
    i32 done; /* rows with a final status; the call goes on from here */
} LockRowsCall;

typedef struct TableAccess {
    const char *name; /* "native", "system" */

    bool (*open)(const Snapshot *snapshot, u64 relation, Budget *budget, Relation **out,
                 Error *error);
    void (*close)(Relation *relation);
    /* Immutable, lives as long as the relation. */
    bool (*statistics)(Relation *relation, const TableStatistics **out, Error *error);

    /* The parts to scan under these filters, in arena. */
    bool (*splits)(Relation *relation, const ScanSpec *spec, Arena *arena, Split **splits,
                   i32 *count, Error *error);
    bool (*scan_open)(Relation *relation, const ScanSpec *spec, const Split *split, Budget *budget,
                      Scan **out, Error *error);
    /* Next chunk (n > 0 positions; the selection holds visible rows that pass the applied
     * filters). Bit i of *applied: filter i is fully applied to this chunk. */
    ScanStatus (*scan_next)(Scan *scan, Chunk *chunk, u64 *applied, Error *error);
    void (*scan_close)(Scan *scan);
    /* Rows by id, dense, in the order given, into FLAT vectors of arena. */
    bool (*fetch)(Relation *relation, const RowId *rows, i32 n, const ScanColumn *columns,
                  i32 column_count, Chunk *out, Arena *arena, Error *error);

    /* Appending: many at once into one table are fine. close(keep = false) drops what was appended
     * through this Append. Columns of the chunk: all columns of the table in definition order, in
     * their lanes; selection and every vector form allowed. */
    bool (*append_open)(Transaction *transaction, u64 relation, Append **out, Error *error);
    bool (*append)(Append *append, const Chunk *chunk, Error *error);
    bool (*append_close)(Append *append, bool keep, Error *error);
    bool (*modify)(Transaction *transaction, u64 relation, ModifyCall *call, Error *error);
    /* NULL: rows never change, there is nothing to lock. */
    bool (*lock_rows)(Transaction *transaction, u64 relation, LockRowsCall *call, Error *error);
} TableAccess;

/* Frames this thread has asked for since it began: found in the buffer pool, and read. Who wants to
 * know what a call cost asks before and after it. */
typedef struct ThreadFrames {
    i64 hits, misses;
} ThreadFrames;
ThreadFrames thread_frames(void);

/* storage's own. relation = TableId. */
extern const TableAccess native_access;

#endif
