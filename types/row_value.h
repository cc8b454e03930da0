/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as values: what a slot of the ROW lane refers to. A run of bytes that describes itself: the
 * number of fields, then for each its type, modifier and lane, and its bytes. A row can so be
 * compared, taken apart and shown wherever it gets to, next to rows of other fields.
 *
 * Two rows compare field by field with the equality and order of the fields' lanes, NULLs equal and
 * last, as PostgreSQL's record operators do.
 *
 * Ownership law: the bytes belong to whom the Str that refers to them names; fields refer into
 * them.
 */
#ifndef GOTGAN_ROW_VALUE_H
#define GOTGAN_ROW_VALUE_H

#include "base/buffer.h"
#include "types/environment.h"
#include "types/value.h"

/* ---- making ---- */

/* The bytes of a row of these values; scaled integers and such become Nums. */
must_check bool row_value_make(const Type *types, const Value *values, i32 count, Arena *arena,
                               Text *row, Error *error);

/* ---- taking apart ---- */

typedef struct RowField {
    u32 oid;
    i32 typmod;
    Lane lane;
    bool null;
    Text bytes; /* of the value, at any alignment */
} RowField;

typedef struct RowCursor {
    const char *at;
    i32 left; /* fields not read yet */
} RowCursor;

RowCursor row_fields(Text row); /* left: how many there are */
bool row_field_next(RowCursor *cursor, RowField *field);

/* Room for the limbs of any Num; large, so that it stands in functions of its own. */
enum { NUM_LIMBS_MAX = (131072 + NUM_SCALE_MAX) / 9 + 2 };
typedef struct LimbRoom {
    u32 limbs[NUM_LIMBS_MAX];
} LimbRoom;

/* Not NULL; of another lane than NUM with limbs, where row_field_num must be called. */
Value row_field_value(const RowField *field);
bool row_field_has_limbs(const RowField *field);
Num row_field_num(const RowField *field, LimbRoom *room);
/* The same of any field, its limbs in arena; NULL too. */
must_check bool row_field_read(const RowField *field, Arena *arena, Value *value, Error *error);

/* ---- comparing ---- */

/* A total order: fields of different types by their type, a row before one that goes on. */
int row_value_compare(Text a, Text b);

typedef enum RowCompare { ROW_EQUALITY, ROW_ORDER } RowCompare;
/* As PostgreSQL: rows whose types differ are an error once everything before is equal. */
must_check bool row_value_compare_strict(Text a, Text b, RowCompare what, int *order, Error *error);

/* ---- showing ---- */

/* "(1,"a b",)" */
must_check bool row_text_append(Text row, const FormatSettings *format, Buffer *bytes,
                                Error *error);

#endif
