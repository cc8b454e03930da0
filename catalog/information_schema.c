/* SPDX-License-Identifier: Apache-2.0
 *
 * information_schema: schemata, tables, columns, views, constraints and their usage, privileges.
 * Computed here until the binder can bind the views' text at start.
 *
 * As in PostgreSQL, a NOT NULL column counts as a CHECK constraint named after its numbers, and
 * only constraints of relations in the database are listed. The one role owns everything, so that
 * nothing is hidden and every privilege is there.
 *
 * Memory: the fill's query. No state.
 */
#include "catalog/definition.h"
#include "catalog/system_fill.h"

typedef struct InformationFill {
    const CatalogView *view;
    SystemRows *rows;
} InformationFill;

/* What every row says first. */
typedef struct RelationNames {
    Value catalog, schema, name;
} RelationNames;

static RelationNames relation_names(const InformationFill *fill, Query *q,
                                    const CatalogRelation *relation)
{
    return (RelationNames){
        value_text(CATALOG_DATABASE_NAME),
        value_text(schema_name(q, fill->view, relation->schema)),
        value_text(relation->name),
    };
}

/* All but sequences, which have a relation of their own. */
typedef void VisitRelation(void *state, Query *q, const CatalogRelation *relation);

typedef struct RelationWalk {
    VisitRelation *visit;
    InformationFill *fill;
} RelationWalk;

static void visit_unless_sequence(void *state, Query *q, const CatalogRelation *relation)
{
    const RelationWalk *walk = state;
    if (relation->kind != RELATION_SEQUENCE)
        walk->visit(walk->fill, q, relation);
}

static void for_each_relation(Query *q, const Snapshot *snapshot, SystemRows *rows,
                              VisitRelation *visit)
{
    CatalogView view = view_of_snapshot(snapshot);
    InformationFill fill = {&view, rows};
    RelationWalk walk = {visit, &fill};
    catalog_relations(q, &view, visit_unless_sequence, &walk);
}

static bool is_table(const CatalogRelation *relation)
{
    return relation_shown_kind(relation) == RELATION_TABLE;
}

/* ---- names ---- */

void fill_information_catalog_name(Query *q, const Snapshot *snapshot, const Value *const *equal,
                                   SystemRows *rows)
{
    const Value row[information_catalog_name_COLUMNS] = {value_text(CATALOG_DATABASE_NAME)};
    fill_row(q, rows, row);
}

void fill_information_enabled_roles(Query *q, const Snapshot *snapshot, const Value *const *equal,
                                    SystemRows *rows)
{
    const Value row[information_enabled_roles_COLUMNS] = {value_text(CATALOG_ROLE_NAME)};
    fill_row(q, rows, row);
}

void fill_information_character_sets(Query *q, const Snapshot *snapshot, const Value *const *equal,
                                     SystemRows *rows)
{
    const Value row[information_character_sets_COLUMNS] = {
        [information_character_sets_character_set_name] = value_word("UTF8"),
        [information_character_sets_character_repertoire] = value_word("UCS"),
        [information_character_sets_form_of_use] = value_word("UTF8"),
        [information_character_sets_default_collate_catalog] = value_text(CATALOG_DATABASE_NAME),
    };
    fill_row(q, rows, row);
}

static void add_schema(void *state, Query *q, const CatalogSchema *schema)
{
    const Value row[information_schemata_COLUMNS] = {
        [information_schemata_catalog_name] = value_text(CATALOG_DATABASE_NAME),
        [information_schemata_schema_name] = value_text(schema->name),
        [information_schemata_schema_owner] = value_text(CATALOG_ROLE_NAME),
    };
    fill_row(q, state, row);
}

void fill_information_schemata(Query *q, const Snapshot *snapshot, const Value *const *equal,
                               SystemRows *rows)
{
    CatalogView view = view_of_snapshot(snapshot);
    catalog_schemas(q, &view, add_schema, rows);
}

/* ---- tables, views ---- */

static const char *table_type(const CatalogRelation *relation)
{
    if (relation->persistence == PERSISTENCE_TEMPORARY)
        return "LOCAL TEMPORARY"; /* views too, as PostgreSQL has it */
    return is_table(relation) ? "BASE TABLE" : "VIEW";
}

static void add_table(void *state, Query *q, const CatalogRelation *relation)
{
    const InformationFill *fill = state;
    RelationNames names = relation_names(fill, q, relation);
    if (catalog_is_other_temporary(fill->view, relation))
        return;
    const Value row[information_tables_COLUMNS] = {
        [information_tables_table_catalog] = names.catalog,
        [information_tables_table_schema] = names.schema,
        [information_tables_table_name] = names.name,
        [information_tables_table_type] = value_word(table_type(relation)),
        [information_tables_is_insertable_into] =
            value_yes_no(is_table(relation) || relation_writes(q, fill->view, relation).insert),
        [information_tables_is_typed] = value_yes_no(false),
    };
    fill_row(q, fill->rows, row);
}

void fill_information_tables(Query *q, const Snapshot *snapshot, const Value *const *equal,
                             SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_table);
}

static void add_view(void *state, Query *q, const CatalogRelation *relation)
{
    const InformationFill *fill = state;
    RelationNames names = relation_names(fill, q, relation);
    if (is_table(relation) || catalog_is_other_temporary(fill->view, relation))
        return;
    RelationWrites writes = relation_writes(q, fill->view, relation);
    Value row[information_views_COLUMNS] = {
        [information_views_table_catalog] = names.catalog,
        [information_views_table_schema] = names.schema,
        [information_views_table_name] = names.name,
        [information_views_check_option] =
            value_word(relation->view_check == VIEW_CHECK_LOCAL      ? "LOCAL"
                       : relation->view_check == VIEW_CHECK_CASCADED ? "CASCADED"
                                                                     : "NONE"),
        [information_views_is_updatable] = value_yes_no(writes.update && writes.delete),
        [information_views_is_insertable_into] = value_yes_no(writes.insert),
        [information_views_is_trigger_updatable] = value_yes_no(false),
        [information_views_is_trigger_deletable] = value_yes_no(false),
        [information_views_is_trigger_insertable_into] = value_yes_no(false),
    };
    if (!relation->built_in)
        row[information_views_view_definition] =
            value_text(view_definition(q, fill->view, relation));
    fill_row(q, fill->rows, row);
}

void fill_information_views(Query *q, const Snapshot *snapshot, const Value *const *equal,
                            SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_view);
}

static void add_view_tables(void *state, Query *q, const CatalogRelation *relation)
{
    const InformationFill *fill = state;
    RelationNames view = relation_names(fill, q, relation);
    if (relation->kind != RELATION_VIEW)
        return;
    for (i32 i = 0; i < relation->depend_count; i++) {
        const CatalogDependency *depends = &relation->depends[i];
        bool listed = false;
        for (i32 j = 0; j < i; j++)
            listed |= relation->depends[j].oid == depends->oid;
        if (listed)
            continue;
        const CatalogRelation *used = depends->object_class == CLASS_RELATION
                                          ? catalog_relation(q, fill->view, depends->oid)
                                          : NULL;
        if (!used)
            continue;
        RelationNames table = relation_names(fill, q, used);
        const Value row[information_view_table_usage_COLUMNS] = {
            [information_view_table_usage_view_catalog] = view.catalog,
            [information_view_table_usage_view_schema] = view.schema,
            [information_view_table_usage_view_name] = view.name,
            [information_view_table_usage_table_catalog] = table.catalog,
            [information_view_table_usage_table_schema] = table.schema,
            [information_view_table_usage_table_name] = table.name,
        };
        fill_row(q, fill->rows, row);
    }
}

void fill_information_view_table_usage(Query *q, const Snapshot *snapshot,
                                       const Value *const *equal, SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_view_tables);
}

/* ---- constraints ---- */

static const char *constraint_type(const CatalogConstraint *constraint)
{
    switch (constraint->kind) {
    case CONSTRAINT_CHECK:
        return "CHECK";
    case CONSTRAINT_PRIMARY_KEY:
        return "PRIMARY KEY";
    case CONSTRAINT_UNIQUE:
        return "UNIQUE";
    }
    unreachable();
}

static void add_table_constraint(const InformationFill *fill, Query *q,
                                 const CatalogRelation *relation, Value name,
                                 const CatalogConstraint *constraint)
{
    RelationNames names = relation_names(fill, q, relation);
    bool is_unique = constraint->kind == CONSTRAINT_UNIQUE;
    const Value row[information_table_constraints_COLUMNS] = {
        [information_table_constraints_constraint_catalog] = names.catalog,
        [information_table_constraints_constraint_schema] = names.schema,
        [information_table_constraints_constraint_name] = name,
        [information_table_constraints_table_catalog] = names.catalog,
        [information_table_constraints_table_schema] = names.schema,
        [information_table_constraints_table_name] = names.name,
        [information_table_constraints_constraint_type] = value_word(constraint_type(constraint)),
        [information_table_constraints_is_deferrable] = value_yes_no(constraint->deferrable),
        [information_table_constraints_initially_deferred] = value_yes_no(constraint->deferred),
        [information_table_constraints_enforced] = value_yes_no(true),
        [information_table_constraints_nulls_distinct] =
            is_unique ? value_yes_no(!constraint->nulls_not_distinct)
                      : value_null(lane_of(LANE_STR)),
    };
    fill_row(q, fill->rows, row);
}

/* The name under which PostgreSQL lists a NOT NULL. */
static Text not_null_name(Query *q, const CatalogRelation *relation, i32 number)
{
    return query_format(q, "%u_%u_%d_not_null", relation->schema, relation->oid, number);
}

static bool lists_not_null(const CatalogRelation *relation, const CatalogColumn *column)
{
    return relation->kind == RELATION_TABLE && column->not_null && !column->dropped;
}

static void add_table_constraints(void *state, Query *q, const CatalogRelation *relation)
{
    static const CatalogConstraint not_null = {.kind = CONSTRAINT_CHECK};
    const InformationFill *fill = state;
    if (catalog_is_other_temporary(fill->view, relation))
        return;
    for (i32 i = 0; i < relation->constraint_count; i++)
        add_table_constraint(fill, q, relation, value_text(relation->constraints[i].name),
                             &relation->constraints[i]);
    for (i32 i = 0; i < relation->column_count; i++)
        if (lists_not_null(relation, &relation->columns[i]))
            add_table_constraint(fill, q, relation, value_text(not_null_name(q, relation, i + 1)),
                                 &not_null);
}

void fill_information_table_constraints(Query *q, const Snapshot *snapshot,
                                        const Value *const *equal, SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_table_constraints);
}

static void add_check(const InformationFill *fill, Query *q, const CatalogRelation *relation,
                      Text name, Text clause)
{
    RelationNames names = relation_names(fill, q, relation);
    const Value row[information_check_constraints_COLUMNS] = {
        [information_check_constraints_constraint_catalog] = names.catalog,
        [information_check_constraints_constraint_schema] = names.schema,
        [information_check_constraints_constraint_name] = value_text(name),
        [information_check_constraints_check_clause] = value_text(clause),
    };
    fill_row(q, fill->rows, row);
}

static void add_checks(void *state, Query *q, const CatalogRelation *relation)
{
    const InformationFill *fill = state;
    for (i32 i = 0; i < relation->constraint_count; i++) {
        const CatalogConstraint *constraint = &relation->constraints[i];
        if (constraint->kind == CONSTRAINT_CHECK)
            add_check(fill, q, relation, constraint->name,
                      query_format(q, "((%.*s))", TEXT_ARG(constraint->check_expr)));
    }
    for (i32 i = 0; i < relation->column_count; i++)
        if (lists_not_null(relation, &relation->columns[i]))
            add_check(fill, q, relation, not_null_name(q, relation, i + 1),
                      query_format(q, "%.*s IS NOT NULL", TEXT_ARG(relation->columns[i].name)));
}

void fill_information_check_constraints(Query *q, const Snapshot *snapshot,
                                        const Value *const *equal, SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_checks);
}

/* One row for each column of each constraint that counts. */
typedef void AddKeyColumn(const InformationFill *fill, Query *q, const CatalogRelation *relation,
                          const CatalogConstraint *constraint, i32 at);

static void for_each_key_column(const InformationFill *fill, Query *q,
                                const CatalogRelation *relation, AddKeyColumn *add)
{
    for (i32 i = 0; i < relation->constraint_count; i++)
        for (i32 at = 0; at < relation->constraints[i].column_count; at++)
            add(fill, q, relation, &relation->constraints[i], at);
}

static Value key_column_name(const CatalogRelation *relation, const CatalogConstraint *constraint,
                             i32 at)
{
    return value_text(relation->columns[constraint->columns[at] - 1].name);
}

static void add_key_column(const InformationFill *fill, Query *q, const CatalogRelation *relation,
                           const CatalogConstraint *constraint, i32 at)
{
    RelationNames names = relation_names(fill, q, relation);
    if (!constraint_has_index(constraint))
        return;
    const Value row[information_key_column_usage_COLUMNS] = {
        [information_key_column_usage_constraint_catalog] = names.catalog,
        [information_key_column_usage_constraint_schema] = names.schema,
        [information_key_column_usage_constraint_name] = value_text(constraint->name),
        [information_key_column_usage_table_catalog] = names.catalog,
        [information_key_column_usage_table_schema] = names.schema,
        [information_key_column_usage_table_name] = names.name,
        [information_key_column_usage_column_name] = key_column_name(relation, constraint, at),
        [information_key_column_usage_ordinal_position] = value_i32(at + 1),
    };
    fill_row(q, fill->rows, row);
}

static void add_key_columns(void *state, Query *q, const CatalogRelation *relation)
{
    const InformationFill *fill = state;
    if (!catalog_is_other_temporary(fill->view, relation))
        for_each_key_column(fill, q, relation, add_key_column);
}

void fill_information_key_column_usage(Query *q, const Snapshot *snapshot,
                                       const Value *const *equal, SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_key_columns);
}

static void add_used_column(const InformationFill *fill, Query *q, const CatalogRelation *relation,
                            const CatalogConstraint *constraint, i32 at)
{
    RelationNames names = relation_names(fill, q, relation);
    const Value row[information_constraint_column_usage_COLUMNS] = {
        [information_constraint_column_usage_table_catalog] = names.catalog,
        [information_constraint_column_usage_table_schema] = names.schema,
        [information_constraint_column_usage_table_name] = names.name,
        [information_constraint_column_usage_column_name] =
            key_column_name(relation, constraint, at),
        [information_constraint_column_usage_constraint_catalog] = names.catalog,
        [information_constraint_column_usage_constraint_schema] = names.schema,
        [information_constraint_column_usage_constraint_name] = value_text(constraint->name),
    };
    fill_row(q, fill->rows, row);
}

static void add_used_columns(void *state, Query *q, const CatalogRelation *relation)
{
    for_each_key_column(state, q, relation, add_used_column);
}

void fill_information_constraint_column_usage(Query *q, const Snapshot *snapshot,
                                              const Value *const *equal, SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_used_columns);
}

static void add_used_tables(void *state, Query *q, const CatalogRelation *relation)
{
    const InformationFill *fill = state;
    RelationNames names = relation_names(fill, q, relation);
    for (i32 i = 0; i < relation->constraint_count; i++) {
        if (!constraint_has_index(&relation->constraints[i]))
            continue;
        const Value row[information_constraint_table_usage_COLUMNS] = {
            [information_constraint_table_usage_table_catalog] = names.catalog,
            [information_constraint_table_usage_table_schema] = names.schema,
            [information_constraint_table_usage_table_name] = names.name,
            [information_constraint_table_usage_constraint_catalog] = names.catalog,
            [information_constraint_table_usage_constraint_schema] = names.schema,
            [information_constraint_table_usage_constraint_name] =
                value_text(relation->constraints[i].name),
        };
        fill_row(q, fill->rows, row);
    }
}

void fill_information_constraint_table_usage(Query *q, const Snapshot *snapshot,
                                             const Value *const *equal, SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_used_tables);
}

/* ---- privileges ---- */

/* table_privileges and role_table_grants have the same columns and, with one role, rows. */
_Static_assert((i32)information_table_privileges_COLUMNS ==
                   (i32)information_role_table_grants_COLUMNS,
               "both views list grants on tables");

static void add_privileges(void *state, Query *q, const CatalogRelation *relation)
{
    static const char *const privileges[] = {"INSERT",   "SELECT",     "UPDATE", "DELETE",
                                             "TRUNCATE", "REFERENCES", "TRIGGER"};
    const InformationFill *fill = state;
    RelationNames names = relation_names(fill, q, relation);
    for (i32 i = 0; i < countof(privileges); i++) {
        const Value row[information_table_privileges_COLUMNS] = {
            [information_table_privileges_grantor] = value_text(CATALOG_ROLE_NAME),
            [information_table_privileges_grantee] = value_text(CATALOG_ROLE_NAME),
            [information_table_privileges_table_catalog] = names.catalog,
            [information_table_privileges_table_schema] = names.schema,
            [information_table_privileges_table_name] = names.name,
            [information_table_privileges_privilege_type] = value_word(privileges[i]),
            [information_table_privileges_is_grantable] = value_yes_no(true),
            [information_table_privileges_with_hierarchy] =
                value_yes_no(strcmp(privileges[i], "SELECT") == 0),
        };
        fill_row(q, fill->rows, row);
    }
}

void fill_information_table_privileges(Query *q, const Snapshot *snapshot,
                                       const Value *const *equal, SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_privileges);
}

void fill_information_role_table_grants(Query *q, const Snapshot *snapshot,
                                        const Value *const *equal, SystemRows *rows)
{
    for_each_relation(q, snapshot, rows, add_privileges);
}
