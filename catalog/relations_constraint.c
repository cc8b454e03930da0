/* SPDX-License-Identifier: Apache-2.0
 *
 * pg_constraint, pg_attrdef, pg_index, pg_indexes, pg_rewrite and pg_depend: what belongs to a
 * relation besides its columns.
 *
 * Where PostgreSQL gives a thing an oid of its own and Gotgan has none, the oid is derived: an
 * index has its constraint's, a view's rule the view's, a default one made of its column. Each is
 * unique in its catalogue, which is all that joins need.
 *
 * Memory: the fill's query. No state.
 */
#include "catalog/definition.h"
#include "catalog/sequence.h"
#include "catalog/system_fill.h"

enum { CLASS_REWRITE = 2618 };

typedef struct ConstraintFill {
    const CatalogView *view;
    SystemRows *rows;
} ConstraintFill;

/* ---- pg_constraint ---- */

static void add_constraint(const ConstraintFill *fill, Query *q, const CatalogRelation *relation,
                           const CatalogConstraint *constraint)
{
    bool indexed = constraint_has_index(constraint);
    Value row[pg_constraint_COLUMNS] = {
        [pg_constraint_oid] = value_oid(constraint->oid),
        [pg_constraint_conname] = value_text(constraint->name),
        [pg_constraint_connamespace] = value_oid(relation->schema),
        [pg_constraint_contype] = value_char((char)constraint->kind),
        [pg_constraint_condeferrable] = value_bool(constraint->deferrable),
        [pg_constraint_condeferred] = value_bool(constraint->deferred),
        [pg_constraint_convalidated] = value_bool(true),
        [pg_constraint_conrelid] = value_oid(relation->oid),
        [pg_constraint_contypid] = value_oid(0),
        [pg_constraint_conindid] = value_oid(indexed ? constraint->oid : 0),
        [pg_constraint_conparentid] = value_oid(0),
        [pg_constraint_confrelid] = value_oid(0),
        [pg_constraint_confupdtype] = value_char(' '),
        [pg_constraint_confdeltype] = value_char(' '),
        [pg_constraint_confmatchtype] = value_char(' '),
        [pg_constraint_conislocal] = value_bool(true),
        [pg_constraint_coninhcount] = value_i32(0),
        [pg_constraint_connoinherit] = value_bool(indexed),
        [pg_constraint_conbin] = value_text_or_null(constraint->check_expr),
    };
    if (constraint->column_count)
        row[pg_constraint_conkey] =
            value_text(array_text(q, constraint->columns, constraint->column_count));
    fill_row(q, fill->rows, row);
}

static void add_constraints(void *state, Query *q, const CatalogRelation *relation)
{
    for (i32 i = 0; i < relation->constraint_count; i++)
        add_constraint(state, q, relation, &relation->constraints[i]);
}

void fill_pg_constraint(Query *q, const Snapshot *snapshot, const Value *const *equal,
                        SystemRows *rows)
{
    ConstraintFill fill = {NULL, rows};
    fill_from_relations(q, snapshot, wanted_oid(equal, pg_constraint_conrelid), add_constraints,
                        &fill);
}

/* ---- pg_attrdef ---- */

static u32 default_oid(const CatalogRelation *relation, const CatalogColumn *column)
{
    return 0x80000000u | ((relation->oid * 1600 + (u32)column->number) & 0x7fffffffu);
}

/* What an identity column has instead is nobody's to see. */
static bool has_default(const CatalogColumn *column)
{
    return !column->dropped && !column->identity && column->default_expr.len > 0;
}

static void add_defaults(void *state, Query *q, const CatalogRelation *relation)
{
    const ConstraintFill *fill = state;
    for (i32 i = 0; i < relation->column_count; i++) {
        const CatalogColumn *column = &relation->columns[i];
        if (!has_default(column))
            continue;
        const Value row[pg_attrdef_COLUMNS] = {
            [pg_attrdef_oid] = value_oid(default_oid(relation, column)),
            [pg_attrdef_adrelid] = value_oid(relation->oid),
            [pg_attrdef_adnum] = value_i16(column->number),
            [pg_attrdef_adbin] = value_text(column->default_expr),
        };
        fill_row(q, fill->rows, row);
    }
}

void fill_pg_attrdef(Query *q, const Snapshot *snapshot, const Value *const *equal,
                     SystemRows *rows)
{
    ConstraintFill fill = {NULL, rows};
    fill_from_relations(q, snapshot, wanted_oid(equal, pg_attrdef_adrelid), add_defaults, &fill);
}

/* ---- pg_index, pg_indexes ---- */

/* The attnums of its columns, those of INCLUDE too. */
static Text index_key(Query *q, const CatalogConstraint *constraint)
{
    i32 count = index_column_count(constraint), *numbers = make_array(q, i32, count);
    for (i32 i = 0; i < count; i++)
        numbers[i] = index_column(constraint, i);
    return vector_text(q, numbers, count);
}

/* Collations or operator classes of the key's columns, one number for each. */
static Text index_numbers(Query *q, const CatalogRelation *relation,
                          const CatalogConstraint *constraint, u32 (*number)(const CatalogColumn *))
{
    i32 *numbers = make_array(q, i32, constraint->column_count);
    for (i32 i = 0; i < constraint->column_count; i++)
        numbers[i] = (i32)number(&relation->columns[constraint->columns[i] - 1]);
    return vector_text(q, numbers, constraint->column_count);
}

static u32 collation_of(const CatalogColumn *column)
{
    return column->type.collation;
}

static u32 class_of(const CatalogColumn *column)
{
    return default_operator_class(column->type.oid);
}

static u32 no_option(const CatalogColumn *column)
{
    return 0;
}

static void add_index(const ConstraintFill *fill, Query *q, const CatalogRelation *relation,
                      const CatalogConstraint *constraint)
{
    Value yes = value_bool(true), no = value_bool(false);
    const Value row[pg_index_COLUMNS] = {
        [pg_index_indexrelid] = value_oid(constraint->oid),
        [pg_index_indrelid] = value_oid(relation->oid),
        [pg_index_indnatts] = value_i16(index_column_count(constraint)),
        [pg_index_indnkeyatts] = value_i16(constraint->column_count),
        [pg_index_indisunique] = yes,
        [pg_index_indnullsnotdistinct] = value_bool(constraint->nulls_not_distinct),
        [pg_index_indisprimary] = value_bool(constraint->kind == CONSTRAINT_PRIMARY_KEY),
        [pg_index_indisexclusion] = no,
        [pg_index_indimmediate] = value_bool(!constraint->deferrable),
        [pg_index_indisclustered] = no,
        [pg_index_indisvalid] = yes,
        [pg_index_indcheckxmin] = no,
        [pg_index_indisready] = yes,
        [pg_index_indislive] = yes,
        [pg_index_indisreplident] = no,
        [pg_index_indkey] = value_text(index_key(q, constraint)),
        [pg_index_indcollation] = value_text(index_numbers(q, relation, constraint, collation_of)),
        [pg_index_indclass] = value_text(index_numbers(q, relation, constraint, class_of)),
        [pg_index_indoption] = value_text(index_numbers(q, relation, constraint, no_option)),
    };
    fill_row(q, fill->rows, row);
}

static void add_indexes(void *state, Query *q, const CatalogRelation *relation)
{
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (constraint_has_index(&relation->constraints[i]))
            add_index(state, q, relation, &relation->constraints[i]);
}

void fill_pg_index(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    ConstraintFill fill = {NULL, rows};
    fill_from_relations(q, snapshot, wanted_oid(equal, pg_index_indrelid), add_indexes, &fill);
}

static void add_index_definitions(void *state, Query *q, const CatalogRelation *relation)
{
    const ConstraintFill *fill = state;
    for (i32 i = 0; i < relation->constraint_count; i++) {
        const CatalogConstraint *constraint = &relation->constraints[i];
        if (!constraint_has_index(constraint))
            continue;
        Text schema = schema_name(q, fill->view, relation->schema);
        const Value row[pg_indexes_COLUMNS] = {
            [pg_indexes_schemaname] = value_text(schema),
            [pg_indexes_tablename] = value_text(relation->name),
            [pg_indexes_indexname] = value_text(constraint->name),
            [pg_indexes_indexdef] = value_text(index_definition(q, schema, relation, constraint)),
        };
        fill_row(q, fill->rows, row);
    }
}

void fill_pg_indexes(Query *q, const Snapshot *snapshot, const Value *const *equal,
                     SystemRows *rows)
{
    CatalogView view = view_of_snapshot(snapshot);
    ConstraintFill fill = {&view, rows};
    catalog_relations(q, &view, add_index_definitions, &fill);
}

/* ---- pg_rewrite, pg_depend ---- */

static void add_rule(void *state, Query *q, const CatalogRelation *relation)
{
    const ConstraintFill *fill = state;
    if (relation->kind != RELATION_VIEW)
        return;
    const Value row[pg_rewrite_COLUMNS] = {
        [pg_rewrite_oid] = value_oid(relation->oid),
        [pg_rewrite_rulename] = value_word("_RETURN"),
        [pg_rewrite_ev_class] = value_oid(relation->oid),
        [pg_rewrite_ev_type] = value_char('1'),
        [pg_rewrite_ev_enabled] = value_char('O'),
        [pg_rewrite_is_instead] = value_bool(true),
        [pg_rewrite_ev_qual] = value_word("<>"),
        [pg_rewrite_ev_action] = value_text(relation->view_query),
    };
    fill_row(q, fill->rows, row);
}

void fill_pg_rewrite(Query *q, const Snapshot *snapshot, const Value *const *equal,
                     SystemRows *rows)
{
    ConstraintFill fill = {NULL, rows};
    fill_from_relations(q, snapshot, wanted_oid(equal, pg_rewrite_ev_class), add_rule, &fill);
}

static void add_dependency(const ConstraintFill *fill, Query *q, u32 class, u32 oid,
                           const CatalogDependency *on, char kind)
{
    const Value row[pg_depend_COLUMNS] = {
        [pg_depend_classid] = value_oid(class),
        [pg_depend_objid] = value_oid(oid),
        [pg_depend_objsubid] = value_i32(0),
        [pg_depend_refclassid] = value_oid(on->object_class),
        [pg_depend_refobjid] = value_oid(on->oid),
        [pg_depend_refobjsubid] = value_i32(on->column),
        [pg_depend_deptype] = value_char(kind),
    };
    fill_row(q, fill->rows, row);
}

/* A default belongs to its column, and depends on the relations that its literals name. */
static void add_default_dependencies(const ConstraintFill *fill, Query *q,
                                     const CatalogRelation *relation, const CatalogColumn *column)
{
    u32 oid = default_oid(relation, column), named;
    CatalogDependency self = {CLASS_RELATION, relation->oid, column->number};
    i64 at = 0;
    add_dependency(fill, q, CLASS_DEFAULT, oid, &self, 'a');
    while ((named = stored_relation_next(column->default_expr, &at)) != 0)
        add_dependency(fill, q, CLASS_DEFAULT, oid, &(CatalogDependency){CLASS_RELATION, named, 0},
                       'n');
}

static void add_owner_dependency(const ConstraintFill *fill, Query *q, u32 oid)
{
    const CatalogSequence *sequence = catalog_sequence(q, fill->view, oid);
    if (!sequence || !sequence->owner_table)
        return;
    CatalogDependency owner = {CLASS_RELATION, sequence->owner_table, sequence->owner_column};
    add_dependency(fill, q, CLASS_RELATION, oid, &owner, (char)sequence->owner_kind);
}

/* A view's query is its rule: the rule belongs to the view and depends on what the query reads. */
static void add_dependencies(void *state, Query *q, const CatalogRelation *relation)
{
    const ConstraintFill *fill = state;
    CatalogDependency schema = {CLASS_SCHEMA, relation->schema, 0};
    CatalogDependency self = {CLASS_RELATION, relation->oid, 0};
    bool is_view = relation->kind == RELATION_VIEW;
    if (relation->built_in)
        return;
    add_dependency(fill, q, CLASS_RELATION, relation->oid, &schema, 'n');
    if (relation->kind == RELATION_SEQUENCE)
        add_owner_dependency(fill, q, relation->oid);
    for (i32 i = 0; i < relation->column_count; i++)
        if (has_default(&relation->columns[i]))
            add_default_dependencies(fill, q, relation, &relation->columns[i]);
    if (is_view)
        add_dependency(fill, q, CLASS_REWRITE, relation->oid, &self, 'i');
    for (i32 i = 0; i < relation->depend_count; i++)
        add_dependency(fill, q, is_view ? CLASS_REWRITE : CLASS_RELATION, relation->oid,
                       &relation->depends[i], 'n');
}

void fill_pg_depend(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    CatalogView view = view_of_snapshot(snapshot);
    ConstraintFill fill = {&view, rows};
    catalog_relations(q, &view, add_dependencies, &fill);
}
