/* SPDX-License-Identifier: Apache-2.0
 *
 * Sequences as objects. A sequence is a relation of kind RELATION_SEQUENCE, whose one row says
 * where it stands, and an object of CLASS_SEQUENCE under the same oid: how it counts and which
 * column owns it. Where it stands is a third object, CLASS_SEQUENCE_STATE, under a number of its
 * own that the definition names, as PostgreSQL's names a file: RESTART gives another number and
 * ROLLBACK the old one back, while nextval changes the state outside of any transaction
 * (sequence_values.h).
 *
 * Ownership law: what a look-up returns lives in the arena of the Query that asked.
 */
#ifndef GOTGAN_SEQUENCE_H
#define GOTGAN_SEQUENCE_H

#include "catalog/catalog.h"

/* What ties a sequence to a column. */
typedef enum SequenceOwner {
    SEQUENCE_FREE = 0,
    SEQUENCE_OWNED = 'a',    /* serial, OWNED BY: goes with the column */
    SEQUENCE_IDENTITY = 'i', /* is the column's GENERATED AS IDENTITY */
} SequenceOwner;

typedef struct CatalogSequence {
    u32 oid;  /* of its relation */
    u32 type; /* int2, int4 or int8 */
    i64 start, increment, min, max;
    i64 cache; /* values a session takes at once */
    bool cycle;
    SequenceOwner owner_kind;
    u32 owner_table; /* 0: SEQUENCE_FREE */
    i32 owner_column;
    u32 state;       /* number of its CLASS_SEQUENCE_STATE */
    Version version; /* of the object */
} CatalogSequence;

/* Where a sequence stands: the bytes of a CLASS_SEQUENCE_STATE. */
typedef struct SequencePoint {
    i64 last;
    bool is_called; /* last has been given; else it comes next */
} SequencePoint;

/* NULL: there is no sequence of this oid. */
const CatalogSequence *catalog_sequence(Query *q, const CatalogView *view, u32 oid);
/* In order of oid; visit may throw. */
void catalog_sequences(Query *q, const CatalogView *view,
                       void (*visit)(void *state, Query *q, const CatalogSequence *sequence),
                       void *state);
/* The sequence a column owns (the one of its identity first); NULL: none. */
const CatalogSequence *catalog_column_sequence(Query *q, const CatalogView *view, u32 table,
                                               i32 column);
/* The columns that the relation of every sequence has. */
void sequence_columns(Query *q, CatalogRelation *relation);
/* The sequence whose number stands in a stored text from *at on, *at behind it; 0: no more. */
u32 stored_relation_next(Text stored, i64 *at);
/* A stored expression with the names of today. */
Text stored_expr_text(Query *q, const CatalogView *view, Text stored);

/* Durable world: WRITE_WAIT as object_put. */
WriteStatus catalog_put_sequence(Transaction *transaction, const CatalogSequence *sequence,
                                 Arena *arena, Ticket *ticket, Error *error);
WriteStatus catalog_put_sequence_state(Transaction *transaction, u32 number, SequencePoint point,
                                       Budget *budget, Ticket *ticket, Error *error);

/* relation = oid: the one row of a sequence. */
extern const TableAccess sequence_access;

#endif
