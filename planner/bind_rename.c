/* SPDX-License-Identifier: Apache-2.0
 *
 * ALTER ... RENAME. Names inside stored queries do not change with a rename (bind_stored.c); those
 * inside CHECKs and the expressions of generated columns do. The index of a key and its constraint
 * have one name.
 */
#include "catalog/definition.h"
#include "planner/bind_ddl.h"

static void rename_schema(Binder *b, const AstRename *rename)
{
    PlanCommand *command = ddl_command(b, COMMAND_CREATE_SCHEMA, "ALTER SCHEMA");
    Text from = rename->name.parts[rename->name.count - 1];
    const CatalogSchema *old = catalog_schema_by_name(b->q, b->view, from);
    if (!old)
        query_fail(b->q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist", TEXT_ARG(from));
    if (catalog_schema_by_name(b->q, b->view, rename->to))
        query_fail(b->q, E_DUPLICATE_SCHEMA, "schema \"%.*s\" already exists",
                   TEXT_ARG(rename->to));
    if (old->built_in && old->oid != SCHEMA_PUBLIC)
        query_fail(b->q, E_INSUFFICIENT_PRIVILEGE, "permission denied to rename schema \"%.*s\"",
                   TEXT_ARG(from));
    ddl_check_schema_name(b, rename->to);
    if (catalog_is_temporary_name(from)) /* its name tells whose it is */
        bind_unsupported(b, -1, "another name for a temporary schema");
    command->schema = make(b->q, CatalogSchema);
    *command->schema = *old;
    command->schema->name = rename->to;
}

/* There is one database, and whoever asks is in it. */
static _Noreturn void fail_rename_database(Binder *b, const AstRename *rename)
{
    Text from = rename->name.parts[rename->name.count - 1];
    if (!text_equal(from, CATALOG_DATABASE_NAME))
        query_fail(b->q, E_INVALID_CATALOG_NAME, "database \"%.*s\" does not exist",
                   TEXT_ARG(from));
    if (text_equal(rename->to, CATALOG_DATABASE_NAME))
        query_fail(b->q, E_DUPLICATE_DATABASE, "database \"%.*s\" already exists",
                   TEXT_ARG(rename->to));
    query_fail(b->q, E_FEATURE_NOT_SUPPORTED, "current database cannot be renamed");
}

static void check_new_name(Binder *b, const CatalogRelation *relation, Text name)
{
    if (ddl_name_is_taken(b, catalog_schema(b->q, b->view, relation->schema), name))
        query_fail(b->q, E_DUPLICATE_TABLE, "relation \"%.*s\" already exists", TEXT_ARG(name));
}

static void rename_column(Binder *b, const CatalogRelation *old, CatalogRelation *relation,
                          Text from, Text to)
{
    i32 at = catalog_column(old, from);
    if (at == CATALOG_NO_COLUMN)
        query_fail(b->q, E_UNDEFINED_COLUMN, "column \"%.*s\" does not exist", TEXT_ARG(from));
    if (catalog_column(old, to) != CATALOG_NO_COLUMN)
        query_fail(b->q, E_DUPLICATE_COLUMN, "column \"%.*s\" of relation \"%.*s\" already exists",
                   TEXT_ARG(to), TEXT_ARG(old->name));
    if (old->kind == RELATION_TABLE)
        ddl_check_column_name(b, to);
    TableBind was = {.b = b, .relation = ddl_relation_copy(b, old), .command = &b->bound->command};
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (relation->constraints[i].kind == CONSTRAINT_CHECK)
            relation->constraints[i].check_expr =
                table_rename_in_check(&was, relation->constraints[i].check_expr, from, to);
    for (i32 i = 0; i < relation->column_count; i++)
        if (relation->columns[i].generated)
            table_rename_in_generated(&was, &relation->columns[i], from, to);
    relation->columns[at].name = to;
}

static void rename_constraint(TableBind *t, Text from, Text to)
{
    CatalogRelation *relation = t->relation;
    i32 at = 0;
    while (at < relation->constraint_count && !text_equal(relation->constraints[at].name, from))
        at++;
    if (at == relation->constraint_count)
        query_fail(t->b->q, E_UNDEFINED_OBJECT,
                   "constraint \"%.*s\" for table \"%.*s\" does not exist", TEXT_ARG(from),
                   TEXT_ARG(relation->name));
    if (constraint_has_index(&relation->constraints[at]))
        check_new_name(t->b, relation, to);
    if (table_constraint_is_named(relation, to))
        table_fail_constraint_named(t, to);
    relation->constraints[at].name = to;
}

/* What has columns and constraints of its own; 42809, 42704, 0A000. */
static void check_inside(Binder *b, const AstRename *rename, const AlterTarget *target)
{
    if (target->index && rename->object == OBJECT_COLUMN)
        bind_unsupported(b, -1, "another name for a column of an index");
    if (target->index)
        query_fail(b->q, E_UNDEFINED_OBJECT,
                   "constraint \"%.*s\" for table \"%.*s\" does not exist", TEXT_ARG(rename->from),
                   TEXT_ARG(target->index->name));
    if (target->relation->kind != RELATION_SEQUENCE)
        return;
    Error error;
    error_set(&error, E_WRONG_OBJECT_TYPE, "cannot rename columns of relation \"%.*s\"",
              TEXT_ARG(target->relation->name));
    error_detail(&error, "This operation is not supported for sequences.");
    query_rethrow(b->q, &error);
}

static void rename_in_relation(Binder *b, const AstRename *rename)
{
    PlanCommand *command = ddl_command(b, COMMAND_ALTER_TABLE, ddl_alter_tag(rename->relation));
    Name name = rename->table->from_table.name;
    AlterTarget target = ddl_alter_target(b, name, rename->if_exists, command);
    if (!target.relation)
        return;
    bool inside = rename->object == OBJECT_COLUMN || rename->object == OBJECT_CONSTRAINT;
    if (inside)
        check_inside(b, rename, &target);
    else if (rename->relation != OBJECT_INDEX) /* which stands for any relation here */
        ddl_check_target_kind(b, rename->relation, &target);
    CatalogRelation *relation = ddl_relation_copy(b, target.relation);
    TableBind t = {.b = b, .relation = relation, .command = command};
    if (rename->object == OBJECT_COLUMN) {
        rename_column(b, target.relation, relation, rename->from, rename->to);
    } else if (rename->object == OBJECT_CONSTRAINT) {
        rename_constraint(&t, rename->from, rename->to);
    } else if (target.index) {
        rename_constraint(&t, target.index->name, rename->to);
    } else {
        check_new_name(b, relation, rename->to);
        relation->name = rename->to;
    }
    command->relation = relation;
}

void bind_rename(Binder *b, const Ast *ast)
{
    const AstRename *rename = &ast->rename;
    if (rename->table)
        rename_in_relation(b, rename);
    else if (rename->object == OBJECT_SCHEMA)
        rename_schema(b, rename);
    else
        fail_rename_database(b, rename);
}
