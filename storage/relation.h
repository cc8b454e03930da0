/* SPDX-License-Identifier: Apache-2.0
 *
 * A table as one snapshot sees it: committed row groups and delta chunks, and the transaction's
 * own.
 *
 * Ownership law: a Relation keeps its snapshot and everything it lists; it is shared by workers and
 * immutable but for what its mutex guards.
 */
#ifndef GOTGAN_RELATION_H
#define GOTGAN_RELATION_H

#include "storage/row_group.h"
#include "storage/storage_state.h"

typedef struct UnifiedDictionary UnifiedDictionary;
typedef struct RelationDictionary RelationDictionary;

struct Relation {
    Arena arena;
    Storage *storage;
    Snapshot *snapshot; /* counted */
    TableId table;
    Version bound;               /* committed rows of versions below it are visible */
    StatementNumber own_bound;   /* own writes of statements below it */
    const TableVersion *version; /* NULL: no committed rows are visible */
    WriteTable *own;             /* NULL: nothing written by the transaction */
    const Columns *columns;      /* counted */
    DeltaChunk **own_chunks;     /* counted each */
    i32 own_chunk_count;
    GroupEntry **own_groups; /* counted each */
    i32 own_group_count;
    Mutex mutex; /* guards statistics and dictionaries */
    const TableStatistics *statistics;
    RelationDictionary *dictionaries; /* held until it is closed */
    bool has_marks; /* the transaction marked committed rows (or its own row groups) */
};

typedef enum SplitPart { SPLIT_GROUP, SPLIT_OWN_GROUP, SPLIT_DELTA, SPLIT_OWN_ROWS } SplitPart;

must_check bool relation_open(const Snapshot *snapshot, u64 table, Budget *budget, Relation **out,
                              Error *error);
void relation_close(Relation *relation);
/* Which of the n rows (a word per 64) the transaction's marks leave; ids are row ids. */
void relation_hide_marked(const Relation *relation, const RowId *ids, i32 n, u64 *live);
/* The delta chunk and position of a committed or own row that lies in one; NULL: not found. */
const DeltaChunk *relation_delta_row(const Relation *relation, RowId row, i32 *position);
const GroupEntry *relation_group(const Relation *relation, u64 id);

/* The table's unified dictionary of a column; NULL: there is none, or it is not worth it. */
must_check bool relation_dictionary(Relation *relation, ColumnId column, UnifiedDictionary **out,
                                    Error *error);

/* scan_delta.c */
typedef struct DeltaScan DeltaScan;
must_check bool delta_scan_open(Relation *relation, const ScanSpec *spec, SplitPart part,
                                Budget *budget, DeltaScan **out, Error *error);
ScanStatus delta_scan_next(DeltaScan *scan, Chunk *chunk, u64 *applied, Error *error);
void delta_scan_close(DeltaScan *scan);

/* scan_group.c */
typedef struct GroupScan GroupScan;
must_check bool group_scan_open(Relation *relation, const ScanSpec *spec, const GroupEntry *entry,
                                Budget *budget, GroupScan **out, Error *error);
ScanStatus group_scan_next(GroupScan *scan, Chunk *chunk, u64 *applied, Error *error);
void group_scan_close(GroupScan *scan);
/* Row group splits of the relation that the filters leave. */
must_check bool group_splits(Relation *relation, const ScanSpec *spec, Split *splits, i32 *count,
                             Error *error);
i64 relation_group_count(const Relation *relation);

/* A column the container does not have: its constant, in the asked lane. */
must_check bool relation_missing_column(const Relation *relation, const ScanColumn *asked,
                                        Arena *arena, Vector *vector, Error *error);

#endif
