/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files that compute rows share: the columns of the built-in relations as numbers, their
 * fill functions, and short ways to make values.
 *
 * A fill makes one array of values per row, indexed by `relation_column`; what it does not set is
 * NULL: `Value row[pg_am_COLUMNS] = {[pg_am_oid] = value_oid(2), ...};`.
 *
 * Ownership law: system_row copies; texts of a row need to live only until the call returns.
 */
#ifndef GOTGAN_SYSTEM_FILL_H
#define GOTGAN_SYSTEM_FILL_H

#include "base/text.h"
#include "catalog/names.h"
#include "catalog/system_relations.h"

// clang-format off
#define RELATION_BEGIN(relation, name, oid, fill) enum {
#define COLUMN(relation, column, type) relation##_##column,
#define RELATION_END(relation) relation##_COLUMNS };
#include "catalog/system_columns.def"
#undef RELATION_BEGIN
#undef COLUMN
#undef RELATION_END
// clang-format on

#define RELATION_BEGIN(relation, name, oid, fill)                                                  \
    void fill(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows);
#define COLUMN(relation, column, type)
#define RELATION_END(relation)
#include "catalog/system_columns.def"
#undef RELATION_BEGIN
#undef COLUMN
#undef RELATION_END

/* system_row for the query world: throws. Values are in the lanes of their columns; a value
 * without a lane (never set) is NULL. */
void fill_row(Query *q, SystemRows *rows, const Value *values);
/* The oid a scan wants in this column; 0: any. */
u32 wanted_oid(const Value *const *equal, i32 column);
/* Visits the relations that can give rows where `oid` is the oid of a relation or of one of its
 * indexes; oid 0: all relations, built-in ones first. */
void fill_from_relations(Query *q, const Snapshot *snapshot, u32 oid,
                         void (*visit)(void *state, Query *q, const CatalogRelation *relation),
                         void *state);
/* What PostgreSQL prints for a vector ("1 2") or an array ("{1,2}") of numbers. */
Text vector_text(Query *q, const i32 *numbers, i32 count);
Text array_text(Query *q, const i32 *numbers, i32 count);

/* pg_opclass.oid of a type's default btree class; 0: it has none. */
u32 default_operator_class(u32 type);

/* Is this the oid of a row of pg_proc? */
bool procedure_exists(u32 oid);

/* 'r', 'v': what PostgreSQL says of a relation: built-in ones computed here are views there. */
char relation_shown_kind(const CatalogRelation *relation);

static inline Value value_integer(LaneKind lane, i64 integer)
{
    return (Value){.lane = lane_of(lane), .integer = integer};
}
static inline Value value_oid(u32 oid)
{
    return value_integer(LANE_I64, oid);
}
static inline Value value_i16(i32 number)
{
    return value_integer(LANE_I16, number);
}
static inline Value value_i32(i32 number)
{
    return value_integer(LANE_I32, number);
}
static inline Value value_bool(bool truth)
{
    return (Value){.lane = lane_of(LANE_BOOL), .boolean = truth};
}
static inline Value value_f32(f32 real)
{
    return (Value){.lane = lane_of(LANE_F32), .real = real};
}
static inline Value value_text(Text text)
{
    return (Value){.lane = lane_of(LANE_STR), .str = str_from_text(text)};
}
static inline Value value_word(const char *word)
{
    return value_text(text_from(word));
}
/* A "char": one byte, inside the Str. */
static inline Value value_char(char byte)
{
    return value_text((Text){&byte, 1});
}
/* NULL for the empty text. */
static inline Value value_text_or_null(Text text)
{
    return text.len ? value_text(text) : value_null(lane_of(LANE_STR));
}
/* "YES" or "NO", as information_schema says it. */
static inline Value value_yes_no(bool truth)
{
    return value_word(truth ? "YES" : "NO");
}

#endif
