/* SPDX-License-Identifier: Apache-2.0
 *
 * The committed state as immutable versions: Root (everything at one version) -> TableVersion
 * (columns, row groups with their delete vectors, delta chunks). A commit makes a new Root that
 * shares what it did not change.
 *
 * Ownership law: all of these are counted; a maker fills one before anyone else sees it and nobody
 * writes it afterwards. Table is the exception: the few facts about a table that only the applier
 * (one at a time, in order of LSN) reads and writes.
 */
#ifndef GOTGAN_TABLE_VERSION_H
#define GOTGAN_TABLE_VERSION_H

#include <stdatomic.h>

#include "storage/persistent_map.h"
#include "storage/row_id.h"
#include "storage/transaction.h"

typedef struct DeltaChunk DeltaChunk;
typedef struct RowGroup RowGroup;
typedef struct DataFile DataFile;

typedef struct Columns {
    Arena arena; /* strings and limbs of constants */
    i32 count;
    ColumnDefinition list[];
} Columns;

/* A copy of the definitions; NULL with error. */
must_check Columns *columns_make(const ColumnDefinition *list, i32 count, Error *error);
/* Position of a column, or COLUMN_NONE. */
enum { COLUMN_NONE = -1 };
i32 columns_find(const Columns *columns, ColumnId id);

/* Where a delete vector lies on disk. */
typedef struct DeletesPlace {
    DataFile *file; /* NULL: nowhere */
    i64 offset;
    u32 bytes, crc;
} DeletesPlace;

typedef struct DeleteVector {
    i64 count;          /* ones */
    i32 rows;           /* of the row group */
    DeletesPlace place; /* a count on its file; set by checkpoints, under Storage.files_mutex */
    u64 words[];        /* bit = 1: deleted */
} DeleteVector;

/* A row group as one table version has it. */
typedef struct GroupEntry {
    RowGroup *group;
    DeleteVector *deletes; /* NULL: none */
} GroupEntry;

typedef struct Table {
    TableId id;
    i64 sequence_next;  /* of the next delta row */
    i64 sequence_saved; /* sequence_next at the version the running checkpoint writes */
    Version changed_at; /* of the last TRUNCATE or change of its columns */
    bool sealed;        /* the last delta chunk takes no more rows: a flush reads it */
} Table;

/* What the row groups of a table version say together (statistics.c). */
typedef struct GroupFacts GroupFacts;

typedef struct TableVersion {
    Table *table;
    const Columns *columns;
    const MapNode *groups;       /* {0, row group id} -> GroupEntry */
    _Atomic(GroupFacts *) facts; /* counted: made by the first who asks; NULL: nobody did */
    GroupFacts *visible;         /* counted, under Storage.mutex: the same with the delta, newest */
    i32 chunk_count;             /* of the delta, in order of sequence */
    DeltaChunk *chunks[];
} TableVersion;

typedef struct Root {
    Version version;        /* newest commit it shows */
    u64 catalogue_stamp;    /* version of the newest commit that changed an object */
    const MapNode *objects; /* {class, oid} -> StoredObject */
    const MapNode *names;   /* {hash of the key, oid} -> StoredObject */
    const MapNode *tables;  /* {0, TableId} -> TableVersion */
} Root;

must_check Root *root_make(Error *error);
/* A copy that shares everything: the start of the next version. */
must_check Root *root_copy(const Root *root, Error *error);
const TableVersion *root_table(const Root *root, TableId table);

/* A version of the table with these columns, groups and chunks (all kept). */
must_check TableVersion *table_version_make(Table *table, const Columns *columns,
                                            const MapNode *groups, DeltaChunk *const *chunks,
                                            i32 chunk_count, Error *error);
must_check GroupEntry *group_entry_make(RowGroup *group, DeleteVector *deletes, Error *error);
/* A copy of from (NULL: nothing deleted) for a row group of so many rows. */
must_check DeleteVector *delete_vector_copy(const DeleteVector *from, i32 rows, Error *error);
/* Marks a row; false: it was already. */
bool delete_vector_mark(DeleteVector *vector, i32 position);

/* Hash of class, database, schema and name: the key of Root.names. */
u64 object_key_hash(ObjectKey key);
bool object_key_equal(ObjectKey a, ObjectKey b);
/* A counted copy, name and bytes inside. */
must_check StoredObject *stored_object_make(const StoredObject *object, Error *error);

#endif
