/* SPDX-License-Identifier: Apache-2.0
 *
 * information_schema.columns: each column with its type taken apart: length, precision, scale.
 *
 * The numbers are PostgreSQL's: octet length of a text without a limit is 2^30, of one with a limit
 * four bytes for each character; float precision counts bits, numeric precision decimal digits;
 * fractional seconds have 6 digits unless the type says fewer.
 *
 * Memory: the fill's query. No state.
 */
#include "catalog/definition.h"
#include "catalog/sequence.h"
#include "catalog/system_fill.h"

enum { TYPMOD_HEADER = 4, UTF8_BYTES_MAX = 4, TEXT_OCTETS = 1 << 30, SECOND_DIGITS = 6 };

static Value number_or_null(i32 number)
{
    return number < 0 ? value_null(lane_of(LANE_I32)) : value_i32(number);
}

static void put_text_length(Type type, Value *row)
{
    i32 length = -1;
    if (type.oid != TYPE_TEXT && type.oid != TYPE_VARCHAR && type.oid != TYPE_BPCHAR)
        return;
    if (type.oid != TYPE_TEXT && type.typmod >= TYPMOD_HEADER)
        length = type.typmod - TYPMOD_HEADER;
    row[information_columns_character_maximum_length] = number_or_null(length);
    row[information_columns_character_octet_length] =
        value_i32(length < 0 ? TEXT_OCTETS : length * UTF8_BYTES_MAX);
}

static void put_precision(Value *row, i32 precision, i32 radix, i32 scale)
{
    row[information_columns_numeric_precision] = number_or_null(precision);
    row[information_columns_numeric_precision_radix] = value_i32(radix);
    row[information_columns_numeric_scale] = number_or_null(scale);
}

static void put_number(Type type, Value *row)
{
    bool limited = type.typmod >= TYPMOD_HEADER;
    switch (type.oid) {
    case TYPE_INT2:
        put_precision(row, 16, 2, 0);
        return;
    case TYPE_INT4:
        put_precision(row, 32, 2, 0);
        return;
    case TYPE_INT8:
        put_precision(row, 64, 2, 0);
        return;
    case TYPE_FLOAT4:
        put_precision(row, 24, 2, -1);
        return;
    case TYPE_FLOAT8:
        put_precision(row, 53, 2, -1);
        return;
    case TYPE_NUMERIC:
        put_precision(row, limited ? numeric_typmod_precision(type.typmod) : -1, 10,
                      limited ? numeric_typmod_scale(type.typmod) : -1);
        return;
    }
}

static void put_seconds(Type type, Value *row)
{
    i32 digits = type.typmod;
    switch (type.oid) {
    case TYPE_DATE:
        digits = 0;
        break;
    case TYPE_TIME:
    case TYPE_TIMETZ:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
        digits = digits < 0 ? SECOND_DIGITS : digits;
        break;
    case TYPE_INTERVAL: /* the fields are in the upper half */
        digits = digits < 0 || (digits & 0xffff) == 0xffff ? SECOND_DIGITS : digits & 0xffff;
        break;
    default:
        return;
    }
    row[information_columns_datetime_precision] = value_i32(digits);
}

static void put_collation(Type type, Value *row)
{
    if (type.collation == COLLATION_NONE || type.collation == COLLATION_DEFAULT)
        return; /* the default one is not named */
    row[information_columns_collation_catalog] = value_text(CATALOG_DATABASE_NAME);
    row[information_columns_collation_schema] = value_word("pg_catalog");
    row[information_columns_collation_name] = value_word(collation_name(type.collation));
}

static void put_type(Query *q, Type type, Value *row)
{
    const TypeRow *known = type_row(type.oid);
    char name[TYPE_NAME_BYTES];
    Type plain = {.oid = type.oid, .typmod = TYPMOD_NONE};
    bool is_array = known->category == CATEGORY_ARRAY && known->length == -1;
    Text written = text_from(is_array ? "ARRAY" : type_format(plain, name));
    row[information_columns_data_type] = value_text(query_text(q, written));
    row[information_columns_udt_catalog] = value_text(CATALOG_DATABASE_NAME);
    row[information_columns_udt_schema] = value_word("pg_catalog");
    row[information_columns_udt_name] = value_word(known->name);
    put_text_length(type, row);
    put_number(type, row);
    put_seconds(type, row);
    put_collation(type, row);
}

static Value number_text(Query *q, i64 number)
{
    return value_text(query_format(q, "%lld", (long long)number));
}

static void put_identity(Query *q, const CatalogView *view, const CatalogRelation *relation,
                         const CatalogColumn *column, Value *row)
{
    const CatalogSequence *sequence =
        column->identity ? catalog_column_sequence(q, view, relation->oid, column->number) : NULL;
    if (!sequence)
        return;
    row[information_columns_identity_generation] =
        value_word(column->identity == IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT");
    row[information_columns_identity_start] = number_text(q, sequence->start);
    row[information_columns_identity_increment] = number_text(q, sequence->increment);
    row[information_columns_identity_maximum] = number_text(q, sequence->max);
    row[information_columns_identity_minimum] = number_text(q, sequence->min);
    row[information_columns_identity_cycle] = value_yes_no(sequence->cycle);
}

static void add_column(Query *q, SystemRows *rows, const CatalogView *view,
                       const CatalogRelation *relation, const CatalogColumn *column)
{
    bool is_table = relation_shown_kind(relation) == RELATION_TABLE;
    Text default_text = column->identity ? TEXT("") : column->default_expr;
    Value row[information_columns_COLUMNS] = {
        [information_columns_table_catalog] = value_text(CATALOG_DATABASE_NAME),
        [information_columns_table_schema] = value_text(schema_name(q, view, relation->schema)),
        [information_columns_table_name] = value_text(relation->name),
        [information_columns_column_name] = value_text(column->name),
        [information_columns_ordinal_position] = value_i32(column->number),
        [information_columns_is_nullable] = value_yes_no(!column->not_null),
        [information_columns_dtd_identifier] = value_text(query_format(q, "%d", column->number)),
        [information_columns_is_self_referencing] = value_yes_no(false),
        [information_columns_is_identity] = value_yes_no(column->identity != IDENTITY_NOT),
        [information_columns_identity_cycle] = value_yes_no(false),
        [information_columns_is_generated] = value_word(column->generated ? "ALWAYS" : "NEVER"),
        [information_columns_is_updatable] =
            value_yes_no(is_table || column_is_writable(q, view, relation, column->number)),
    };
    row[column->generated ? information_columns_generation_expression
                          : information_columns_column_default] =
        value_text_or_null(
            expression_definition(q, stored_expr_text(q, view, default_text), false));
    put_type(q, column->type, row);
    put_identity(q, view, relation, column, row);
    fill_row(q, rows, row);
}

typedef struct ColumnsFill {
    const CatalogView *view;
    SystemRows *rows;
} ColumnsFill;

static void add_columns(void *state, Query *q, const CatalogRelation *relation)
{
    const ColumnsFill *fill = state;
    if (relation->kind == RELATION_SEQUENCE || catalog_is_other_temporary(fill->view, relation))
        return;
    for (i32 i = 0; i < relation->column_count; i++)
        if (!relation->columns[i].dropped)
            add_column(q, fill->rows, fill->view, relation, &relation->columns[i]);
}

void fill_information_columns(Query *q, const Snapshot *snapshot, const Value *const *equal,
                              SystemRows *rows)
{
    static const Text path[] = {{"public", 6}}; /* a fill knows no session's: what is usual */
    CatalogView view = view_of_snapshot(snapshot);
    view.search_path = path;
    view.search_path_count = countof(path);
    ColumnsFill fill = {&view, rows};
    catalog_relations(q, &view, add_columns, &fill);
}
