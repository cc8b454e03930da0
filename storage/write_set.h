/* SPDX-License-Identifier: Apache-2.0
 *
 * The private writes of a transaction: rows, delete marks, tables and objects, each with the number
 * of the statement that made it. Its own queries see what is before their statement number.
 *
 * Ownership law: part of one Transaction; its arena holds everything but the counted chunks.
 * Guarded by the transaction's mutex where workers come in (append, modify, scans of own rows).
 */
#ifndef GOTGAN_WRITE_SET_H
#define GOTGAN_WRITE_SET_H

#include "storage/delta.h"
#include "storage/lock.h"
#include "storage/table_access.h"
#include "storage/table_version.h"

typedef u64 StatementNumber; /* 1, 2, ...: compared like versions */

/* Marks (deletions) on 2,048 neighbouring rows. */
typedef struct MarkBlock MarkBlock;
struct MarkBlock {
    MarkBlock *next; /* of the table, newest first */
    u64 block;       /* row id >> 11 */
    u64 bits[ROW_BLOCK_WORDS];
    StatementNumber statement;   /* of all marks, while `statements` is NULL */
    StatementNumber *statements; /* of each mark */
};

/* An updated row and where its new version is. */
typedef struct RowMove {
    RowId from, to;
    StatementNumber statement;
} RowMove;

typedef struct OwnGroup {
    GroupEntry *entry;                /* counted */
    StatementNumber first, statement; /* its rows were made by statements first..statement */
} OwnGroup;

typedef struct WriteTable WriteTable;
struct WriteTable {
    WriteTable *next;
    TableId id;
    Version based_on;       /* the newest version when rows were first written or marked */
    const Columns *columns; /* counted: as this transaction sees the table; NULL: unknown */
    StatementNumber defined, dropped; /* not 0: a TABLE / DROP_TABLE entry is due */
    StatementNumber truncated;        /* of the last TRUNCATE; 0: none */

    DeltaChunk **chunks; /* own rows; version = statement */
    i32 chunk_count, chunk_capacity;
    i64 own_rows, own_bytes; /* in chunks */
    OwnGroup *groups;
    i32 group_count, group_capacity;

    MarkBlock *marks;       /* list */
    MarkBlock **mark_index; /* open addressing by block; capacity a power of two */
    i32 mark_count, mark_capacity;
    RowMove *moves;
    i32 move_count, move_capacity;
    i32 moves_settled; /* so many of them name no row of the chunks from fresh_chunk on */
    StatementNumber fresh_statement; /* of the last append */
    i32 fresh_chunk;                 /* chunks from here on hold rows of that statement only */
};

typedef struct OwnObject OwnObject;
struct OwnObject {
    OwnObject *older;
    StatementNumber statement;
    Version before; /* version it replaces; 0: new */
    bool dropped;
    StoredObject object; /* version = VERSION_OWN; dropped: class, oid and key only */
};

typedef struct WriteSet {
    Arena arena;
    WriteTable *tables;
    OwnObject *objects; /* newest first */
    i32 object_count;
} WriteSet;

WriteTable *write_set_find(const WriteSet *set, TableId table);
must_check WriteTable *write_set_table(WriteSet *set, TableId table, Error *error);
bool write_set_is_empty(const WriteSet *set);
void write_set_close(WriteSet *set);
/* Undoes everything of statements >= from. */
void write_set_rollback(WriteSet *set, StatementNumber from);

/* Appends rows (all columns, dense or selected) as own rows; ids (or NULL) gets their row ids. */
must_check bool write_table_append(WriteSet *set, WriteTable *table, const Chunk *rows,
                                   StatementNumber statement, RowId *ids, Error *error);
/* The sequence number of a row in memory: at the end scratch for where the row went. */
i64 *own_row_sequence(const WriteTable *table, RowId row);
must_check bool write_table_add_group(WriteSet *set, WriteTable *table, GroupEntry *entry,
                                      StatementNumber first, StatementNumber statement,
                                      Error *error);
/* Marks a committed row (or a row of an own group) as deleted. */
must_check bool write_table_mark(WriteSet *set, WriteTable *table, RowId row,
                                 StatementNumber statement, Error *error);
const MarkBlock *write_table_marks(const WriteTable *table, u64 block);
/* The statement that marked the row; 0: not marked. */
StatementNumber write_table_marked(const WriteTable *table, RowId row);
/* Clears in `live` the bits of rows of the block that statements before `bound` marked. */
void mark_block_hide(const MarkBlock *marks, StatementNumber bound, u64 live[ROW_BLOCK_WORDS]);
must_check bool write_table_move(WriteSet *set, WriteTable *table, RowMove move, Error *error);

/* The newest own write of an object made before bound, or NULL. */
const OwnObject *write_set_object(const WriteSet *set, u32 object_class, u32 oid,
                                  StatementNumber bound);

#endif
