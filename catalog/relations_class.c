/* SPDX-License-Identifier: Apache-2.0
 *
 * pg_class, pg_attribute, pg_namespace and the views pg_tables and pg_views: relations, their
 * columns and the schemas they lie in.
 *
 * The index behind a PRIMARY KEY or UNIQUE constraint is listed as PostgreSQL lists it, as a
 * relation of kind 'i' with columns of its own; its oid and name are the constraint's.
 *
 * Memory: the fill's query. No state.
 */
#include "catalog/definition.h"
#include "catalog/system_fill.h"

enum { ACCESS_HEAP = 2, ACCESS_BTREE = 403 };

typedef struct RelationFill {
    const CatalogView *view;
    SystemRows *rows;
} RelationFill;

/* ---- pg_class ---- */

static i32 count_constraints(const CatalogRelation *relation, ConstraintKind kind)
{
    i32 count = 0;
    for (i32 i = 0; i < relation->constraint_count; i++)
        count += relation->constraints[i].kind == kind;
    return count;
}

static bool has_index(const CatalogRelation *relation)
{
    return count_constraints(relation, CONSTRAINT_PRIMARY_KEY) > 0 ||
           count_constraints(relation, CONSTRAINT_UNIQUE) > 0;
}

/* What tables, views and indexes have in common. */
static void start_class_row(const CatalogRelation *relation, Value *row)
{
    row[pg_class_relnamespace] = value_oid(relation->schema);
    row[pg_class_reltype] = row[pg_class_reloftype] = value_oid(0);
    row[pg_class_relowner] = value_oid(relation->owner);
    row[pg_class_reltablespace] = value_oid(0);
    row[pg_class_relpages] = value_i32(0);
    row[pg_class_reltuples] = value_f32(-1);
    row[pg_class_relallvisible] = value_i32(0);
    row[pg_class_reltoastrelid] = value_oid(0);
    row[pg_class_relisshared] = value_bool(false);
    row[pg_class_relpersistence] =
        value_char(relation->persistence == PERSISTENCE_TEMPORARY ? 't' : 'p');
    row[pg_class_relhastriggers] = value_bool(false);
    row[pg_class_relhassubclass] = value_bool(false);
    row[pg_class_relrowsecurity] = value_bool(false);
    row[pg_class_relforcerowsecurity] = value_bool(false);
    row[pg_class_relispopulated] = value_bool(true);
    row[pg_class_relispartition] = value_bool(false);
    row[pg_class_relrewrite] = value_oid(0);
    row[pg_class_relfrozenxid] = row[pg_class_relminmxid] = value_oid(0);
}

static void add_class_row(const RelationFill *fill, Query *q, const CatalogRelation *relation)
{
    Value row[pg_class_COLUMNS] = {0};
    char kind = relation_shown_kind(relation);
    bool is_table = kind == RELATION_TABLE;
    start_class_row(relation, row);
    row[pg_class_oid] = value_oid(relation->oid);
    row[pg_class_relname] = value_text(relation->name);
    row[pg_class_relam] = value_oid(is_table ? ACCESS_HEAP : 0);
    row[pg_class_relfilenode] =
        value_oid(kind != RELATION_VIEW && !relation->built_in ? relation->oid : 0);
    row[pg_class_relhasindex] = value_bool(has_index(relation));
    row[pg_class_relkind] = value_char(kind);
    row[pg_class_relnatts] = value_i16(relation->column_count);
    row[pg_class_relchecks] = value_i16(count_constraints(relation, CONSTRAINT_CHECK));
    row[pg_class_relhasrules] = value_bool(kind == RELATION_VIEW);
    row[pg_class_relreplident] = value_char(is_table && !relation->built_in ? 'd' : 'n');
    if (relation->view_options.len)
        row[pg_class_reloptions] =
            value_text(query_format(q, "{%.*s}", TEXT_ARG(relation->view_options)));
    fill_row(q, fill->rows, row);
}

static void add_index_class_row(const RelationFill *fill, Query *q, const CatalogRelation *relation,
                                const CatalogConstraint *constraint)
{
    Value row[pg_class_COLUMNS] = {0};
    start_class_row(relation, row);
    row[pg_class_oid] = value_oid(constraint->oid);
    row[pg_class_relname] = value_text(constraint->name);
    row[pg_class_relam] = value_oid(ACCESS_BTREE);
    row[pg_class_relfilenode] = value_oid(constraint->oid);
    row[pg_class_relhasindex] = value_bool(false);
    row[pg_class_relkind] = value_char('i');
    row[pg_class_relnatts] = value_i16(index_column_count(constraint));
    row[pg_class_relchecks] = value_i16(0);
    row[pg_class_relhasrules] = value_bool(false);
    row[pg_class_relreplident] = value_char('n');
    fill_row(q, fill->rows, row);
}

static void add_classes(void *state, Query *q, const CatalogRelation *relation)
{
    const RelationFill *fill = state;
    add_class_row(fill, q, relation);
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (constraint_has_index(&relation->constraints[i]))
            add_index_class_row(fill, q, relation, &relation->constraints[i]);
}

void fill_pg_class(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    RelationFill fill = {NULL, rows};
    fill_from_relations(q, snapshot, wanted_oid(equal, pg_class_oid), add_classes, &fill);
}

/* ---- pg_attribute ---- */

static void start_attribute_row(const CatalogColumn *column, Value *row)
{
    const TypeRow *type = type_row(column->type.oid);
    row[pg_attribute_attname] = value_text(column->name);
    row[pg_attribute_atttypid] = value_oid(column->dropped ? 0 : column->type.oid);
    row[pg_attribute_attstattarget] = value_i32(column->dropped ? 0 : -1);
    row[pg_attribute_attlen] = value_i16(type->length);
    row[pg_attribute_attndims] = value_i32(type->category == CATEGORY_ARRAY);
    row[pg_attribute_attcacheoff] = value_i32(-1);
    row[pg_attribute_atttypmod] = value_i32(column->type.typmod);
    row[pg_attribute_attbyval] = value_bool(type->by_value);
    row[pg_attribute_attalign] = value_char(type->align);
    row[pg_attribute_attstorage] = value_char(type->storage);
    row[pg_attribute_attcompression] = value_word("");
    row[pg_attribute_attidentity] =
        column->identity ? value_char((char)column->identity) : value_word("");
    row[pg_attribute_attgenerated] = value_word("");
    row[pg_attribute_atthasmissing] = value_bool(false);
    row[pg_attribute_attislocal] = value_bool(true);
    row[pg_attribute_attinhcount] = value_i32(0);
    row[pg_attribute_attcollation] = value_oid(column->type.collation);
}

static void add_attribute_row(const RelationFill *fill, Query *q, const CatalogRelation *relation,
                              const CatalogColumn *column)
{
    Value row[pg_attribute_COLUMNS] = {0};
    CatalogColumn shown = *column;
    if (column->dropped) /* nobody finds it under its old name */
        shown.name = query_format(q, "........pg.dropped.%d........", column->number);
    start_attribute_row(&shown, row);
    row[pg_attribute_attrelid] = value_oid(relation->oid);
    row[pg_attribute_attnum] = value_i16(column->number);
    row[pg_attribute_attnotnull] = value_bool(column->not_null && !column->dropped);
    row[pg_attribute_atthasdef] =
        value_bool(column->default_expr.len > 0 && !column->identity && !column->dropped);
    row[pg_attribute_attisdropped] = value_bool(column->dropped);
    if (column->generated && !column->dropped)
        row[pg_attribute_attgenerated] = value_char((char)column->generated);
    fill_row(q, fill->rows, row);
}

static void add_index_attributes(const RelationFill *fill, Query *q,
                                 const CatalogRelation *relation,
                                 const CatalogConstraint *constraint)
{
    for (i32 i = 0; i < index_column_count(constraint); i++) {
        Value row[pg_attribute_COLUMNS] = {0};
        start_attribute_row(&relation->columns[index_column(constraint, i) - 1], row);
        row[pg_attribute_attrelid] = value_oid(constraint->oid);
        row[pg_attribute_attnum] = value_i16(i + 1);
        row[pg_attribute_attnotnull] = value_bool(false);
        row[pg_attribute_atthasdef] = value_bool(false);
        row[pg_attribute_attisdropped] = value_bool(false);
        fill_row(q, fill->rows, row);
    }
}

static void add_attributes(void *state, Query *q, const CatalogRelation *relation)
{
    const RelationFill *fill = state;
    for (i32 i = 0; i < relation->column_count; i++)
        add_attribute_row(fill, q, relation, &relation->columns[i]);
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (constraint_has_index(&relation->constraints[i]))
            add_index_attributes(fill, q, relation, &relation->constraints[i]);
}

void fill_pg_attribute(Query *q, const Snapshot *snapshot, const Value *const *equal,
                       SystemRows *rows)
{
    RelationFill fill = {NULL, rows};
    fill_from_relations(q, snapshot, wanted_oid(equal, pg_attribute_attrelid), add_attributes,
                        &fill);
}

/* ---- pg_namespace ---- */

static void add_namespace(void *state, Query *q, const CatalogSchema *schema)
{
    const Value row[pg_namespace_COLUMNS] = {
        [pg_namespace_oid] = value_oid(schema->oid),
        [pg_namespace_nspname] = value_text(schema->name),
        [pg_namespace_nspowner] = value_oid(schema->owner),
    };
    fill_row(q, state, row);
}

void fill_pg_namespace(Query *q, const Snapshot *snapshot, const Value *const *equal,
                       SystemRows *rows)
{
    CatalogView view = view_of_snapshot(snapshot);
    catalog_schemas(q, &view, add_namespace, rows);
}

/* ---- pg_tables, pg_views ---- */

static void add_table(void *state, Query *q, const CatalogRelation *relation)
{
    const RelationFill *fill = state;
    if (relation_shown_kind(relation) != RELATION_TABLE)
        return;
    const Value row[pg_tables_COLUMNS] = {
        [pg_tables_schemaname] = value_text(schema_name(q, fill->view, relation->schema)),
        [pg_tables_tablename] = value_text(relation->name),
        [pg_tables_tableowner] = value_text(CATALOG_ROLE_NAME),
        [pg_tables_hasindexes] = value_bool(has_index(relation)),
        [pg_tables_hasrules] = value_bool(false),
        [pg_tables_hastriggers] = value_bool(false),
        [pg_tables_rowsecurity] = value_bool(false),
    };
    fill_row(q, fill->rows, row);
}

void fill_pg_tables(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    CatalogView view = view_of_snapshot(snapshot);
    RelationFill fill = {&view, rows};
    catalog_relations(q, &view, add_table, &fill);
}

static void add_view(void *state, Query *q, const CatalogRelation *relation)
{
    const RelationFill *fill = state;
    if (relation_shown_kind(relation) != RELATION_VIEW)
        return;
    Value row[pg_views_COLUMNS] = {
        [pg_views_schemaname] = value_text(schema_name(q, fill->view, relation->schema)),
        [pg_views_viewname] = value_text(relation->name),
        [pg_views_viewowner] = value_text(CATALOG_ROLE_NAME),
    };
    if (!relation->built_in) /* computed ones have no text */
        row[pg_views_definition] = value_text(view_definition(q, fill->view, relation));
    fill_row(q, fill->rows, row);
}

void fill_pg_views(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    CatalogView view = view_of_snapshot(snapshot);
    RelationFill fill = {&view, rows};
    catalog_relations(q, &view, add_view, &fill);
}
