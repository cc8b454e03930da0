/* SPDX-License-Identifier: Apache-2.0
 *
 * ALTER TABLE and its actions, which ALTER VIEW, INDEX and SEQUENCE share: the object as it shall
 * be, and what its rows must be looked at for.
 */
#include "planner/bind_ddl.h"

/* ---- actions ---- */

static CatalogColumn *altered_column(TableBind *t, Text name)
{
    i32 at = catalog_column(t->relation, name);
    if (at == CATALOG_NO_COLUMN)
        query_fail(t->b->q, E_UNDEFINED_COLUMN,
                   "column \"%.*s\" of relation \"%.*s\" does not exist", TEXT_ARG(name),
                   TEXT_ARG(t->relation->name));
    return &t->relation->columns[at];
}

/* A volatile default, a generated column: an UPDATE gives each row its own value once the column is
 * there. */
static void add_refill(TableBind *t, Text column, Ast *table)
{
    Query *q = t->b->q;
    Ast *assigned = make(q, Ast), *value = make(q, Ast), *assignment = make(q, Ast);
    assigned->kind = AST_ASSIGNED;
    assigned->assigned.column = column;
    value->kind = AST_DEFAULT;
    assignment->kind = AST_ASSIGNMENT;
    assignment->assignment.columns = (AstList){make_array(q, Ast *, 1), 1, 1};
    assignment->assignment.columns.items[0] = assigned;
    assignment->assignment.value = value;
    assigned->offset = value->offset = assignment->offset = -1;
    const Ast *before = t->command->statement;
    i32 count = before ? before->update.assignments.count : 0;
    Ast *update = make(q, Ast);
    update->kind = AST_UPDATE;
    update->offset = -1;
    update->update.table = table;
    update->update.fills = true;
    update->update.assignments = (AstList){make_array(q, Ast *, count + 1), count + 1, count + 1};
    for (i32 i = 0; i < count; i++)
        update->update.assignments.items[i] = before->update.assignments.items[i];
    update->update.assignments.items[count] = assignment;
    t->command->statement = update;
}

static void add_backfill(TableBind *t, const CatalogColumn *column, Expr *value)
{
    PlanCommand *command = t->command;
    Query *q = t->b->q;
    PlanBackfill *all = make_array(q, PlanBackfill, command->backfill_count + 1);
    if (command->backfill_count)
        memcpy(all, command->backfills, (size_t)command->backfill_count * sizeof *all);
    all[command->backfill_count++] = (PlanBackfill){column->number, value};
    command->backfills = all;
}

/* What the rows that are there have in the new column. */
static void fill_added_column(TableBind *t, const Ast *definition, CatalogColumn *column,
                              Ast *table)
{
    const AstList *constraints = &definition->column_definition.constraints;
    for (i32 i = 0; i < constraints->count; i++) {
        const Ast *constraint = constraints->items[i];
        bool generated = constraint->constraint.kind == AST_CONSTRAINT_GENERATED;
        if (!generated && constraint->constraint.kind != AST_CONSTRAINT_DEFAULT)
            continue;
        Expr *value = generated ? table_set_generated(t, column, constraint->constraint.expr)
                                : table_set_default(t, column, constraint->constraint.expr);
        if (!expr_is_fixed(t->b->q, value) || expr_has_flags(t->b->q, value, VOLATILE))
            add_refill(t, column->name, table);
        else
            add_backfill(t, column, value);
    }
}

static void alter_add_column(TableBind *t, const AstAlterAction *action, Ast *table)
{
    const Ast *definition = action->definition;
    Text name = definition->column_definition.name;
    if (catalog_column(t->relation, name) != CATALOG_NO_COLUMN) {
        if (!action->flag)
            query_fail(t->b->q, E_DUPLICATE_COLUMN,
                       "column \"%.*s\" of relation \"%.*s\" already exists", TEXT_ARG(name),
                       TEXT_ARG(t->relation->name));
        ddl_notice(t->b, t->command, E_DUPLICATE_COLUMN,
                   query_format(t->b->q,
                                "column \"%.*s\" of relation \"%.*s\" already exists, skipping",
                                TEXT_ARG(name), TEXT_ARG(t->relation->name)));
        return;
    }
    i32 index = t->relation->column_count;
    fill_added_column(t, definition, table_add_column(t, definition), table);
    table_column_constraints(t, definition, index);
    table_make_keys(t);
    if (table_default_is_pending(&t->relation->columns[index]))
        add_refill(t, name, table);
}

void table_verify(TableBind *t, Text name, Expr *check)
{
    PlanCommand *command = t->command;
    PlanCheck *all = make_array(t->b->q, PlanCheck, command->check_count + 1);
    if (command->check_count)
        memcpy(all, command->checks, (size_t)command->check_count * sizeof *all);
    all[command->check_count++] = (PlanCheck){name, check, false};
    command->checks = all;
}

static bool is_in_primary_key(const CatalogRelation *relation, i32 number)
{
    for (i32 i = 0; i < relation->constraint_count; i++)
        for (i32 j = 0; j < relation->constraints[i].column_count; j++)
            if (relation->constraints[i].kind == CONSTRAINT_PRIMARY_KEY &&
                relation->constraints[i].columns[j] == number)
                return true;
    return false;
}

/* 42601: it is an identity column; hint may be NULL. */
static _Noreturn void fail_identity(TableBind *t, const CatalogColumn *column, const char *hint)
{
    Error error;
    error_set(&error, E_SYNTAX_ERROR, "column \"%.*s\" of relation \"%.*s\" is an identity column",
              TEXT_ARG(column->name), TEXT_ARG(t->relation->name));
    if (hint)
        error_hint(&error, "%s", hint);
    query_rethrow(t->b->q, &error);
}

static void alter_not_null(TableBind *t, const AstAlterAction *action)
{
    CatalogColumn *column = altered_column(t, action->name);
    bool set = action->kind == ALTER_SET_NOT_NULL;
    if (!set && is_in_primary_key(t->relation, column->number))
        query_fail(t->b->q, E_INVALID_TABLE_DEFINITION, "column \"%.*s\" is in a primary key",
                   TEXT_ARG(action->name));
    if (!set && column->identity)
        fail_identity(t, column, NULL);
    column->not_null = set;
}

static _Noreturn void fail_default_of_generated(TableBind *t, const CatalogColumn *column,
                                                AstAlterKind kind)
{
    Error error;
    error_set(&error, E_SYNTAX_ERROR, "column \"%.*s\" of relation \"%.*s\" is a generated column",
              TEXT_ARG(column->name), TEXT_ARG(t->relation->name));
    if (kind == ALTER_DROP_DEFAULT)
        error_hint(&error, "Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.");
    query_rethrow(t->b->q, &error);
}

static void alter_default(TableBind *t, const AstAlterAction *action)
{
    CatalogColumn *column = altered_column(t, action->name);
    if (column->generated)
        fail_default_of_generated(t, column, action->kind);
    if (column->identity)
        fail_identity(t, column,
                      action->kind == ALTER_SET_DEFAULT
                          ? NULL
                          : "Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead.");
    column->default_expr = TEXT("");
    if (action->kind != ALTER_SET_DEFAULT)
        return;
    const Expr *value = table_set_default(t, column, action->expr);
    if (value->kind == EXPR_CONSTANT && value->constant.null) /* none: a view asks the table */
        column->default_expr = TEXT("");
}

/* The values stay, as those of a plain column. */
static void alter_drop_expression(TableBind *t, const AstAlterAction *action)
{
    Query *q = t->b->q;
    CatalogColumn *column = altered_column(t, action->name);
    if (column->generated) {
        column->generated = GENERATED_NOT;
        column->default_expr = TEXT("");
        return;
    }
    static const char *const words =
        "column \"%.*s\" of relation \"%.*s\" is not a stored generated column%s";
    if (!action->flag)
        query_fail(q, E_OBJECT_NOT_IN_PREREQUISITE_STATE, words, TEXT_ARG(action->name),
                   TEXT_ARG(t->relation->name), "");
    ddl_notice(
        t->b, t->command, E_SUCCESSFUL_COMPLETION,
        query_format(q, words, TEXT_ARG(action->name), TEXT_ARG(t->relation->name), ", skipping"));
}

static void alter_add_identity(TableBind *t, const AstAlterAction *action)
{
    CatalogColumn *column = altered_column(t, action->name);
    table_check_identity_type(t, column);
    const char *reason = !column->not_null
                             ? "must be declared NOT NULL before identity can be added"
                         : column->identity         ? "is already an identity column"
                         : column->default_expr.len ? "already has a default value"
                                                    : NULL;
    if (reason)
        query_fail(t->b->q, E_OBJECT_NOT_IN_PREREQUISITE_STATE,
                   "column \"%.*s\" of relation \"%.*s\" %s", TEXT_ARG(column->name),
                   TEXT_ARG(t->relation->name), reason);
    table_add_identity(t, column, action->definition);
}

/* An identity column, or NULL with a notice where missing ones are fine. */
static CatalogColumn *identity_column(TableBind *t, const AstAlterAction *action)
{
    CatalogColumn *column = altered_column(t, action->name);
    if (column->identity)
        return column;
    Text what =
        query_format(t->b->q, "column \"%.*s\" of relation \"%.*s\" is not an identity column",
                     TEXT_ARG(column->name), TEXT_ARG(t->relation->name));
    if (action->kind != ALTER_DROP_IDENTITY || !action->flag)
        query_fail(t->b->q, E_OBJECT_NOT_IN_PREREQUISITE_STATE, "%.*s", TEXT_ARG(what));
    ddl_notice(t->b, t->command, E_SUCCESSFUL_COMPLETION,
               query_format(t->b->q, "%.*s, skipping", TEXT_ARG(what)));
    return NULL;
}

static void alter_identity(TableBind *t, const AstAlterAction *action)
{
    CatalogColumn *column = identity_column(t, action);
    if (!column)
        return;
    if (action->kind == ALTER_SET_IDENTITY) {
        table_set_identity(t, column, &action->options);
        return;
    }
    column->identity = IDENTITY_NOT;
    column->default_expr = TEXT("");
    drop_identity_sequence(t, column);
}

/* PostgreSQL's order: what rests on NOT NULL comes behind what may set it. */
enum {
    PASS_DROP,
    PASS_ADD_COLUMN,
    PASS_CHANGE_COLUMN,
    PASS_ADD_KEY,
    PASS_ADD_OTHER,
    PASS_REST,
    ALTER_PASSES,
};

static i32 constraint_pass(const Ast *constraint)
{
    AstConstraintKind kind = constraint->constraint.kind;
    bool key = kind == AST_CONSTRAINT_PRIMARY_KEY || kind == AST_CONSTRAINT_UNIQUE;
    return key ? PASS_ADD_KEY : PASS_ADD_OTHER;
}

static void alter_add_constraint(TableBind *t, const AstAlterAction *action)
{
    const Ast *constraint = action->definition;
    if (constraint->constraint.not_valid)
        bind_unsupported(t->b, constraint->offset, "NOT VALID constraints");
    Text name = constraint->constraint.name;
    bool key = constraint_pass(constraint) == PASS_ADD_KEY;
    if (!key && name.data && table_constraint_is_named(t->relation, name))
        table_fail_constraint_named(t, name);
    table_constraint(t, constraint);
    table_make_keys(t);
}

static void alter_drop_constraint(TableBind *t, const AstAlterAction *action)
{
    CatalogRelation *relation = t->relation;
    i32 kept = 0, count = relation->constraint_count;
    for (i32 i = 0; i < count; i++)
        if (!text_equal(relation->constraints[i].name, action->name))
            relation->constraints[kept++] = relation->constraints[i];
    relation->constraint_count = kept;
    if (kept < count)
        return;
    if (!action->flag)
        query_fail(t->b->q, E_UNDEFINED_OBJECT,
                   "constraint \"%.*s\" of relation \"%.*s\" does not exist",
                   TEXT_ARG(action->name), TEXT_ARG(relation->name));
    ddl_notice(t->b, t->command, E_SUCCESSFUL_COMPLETION,
               query_format(t->b->q,
                            "constraint \"%.*s\" of relation \"%.*s\" does not exist, skipping",
                            TEXT_ARG(action->name), TEXT_ARG(relation->name)));
}

static const CatalogConstraint *altered_constraint(TableBind *t, Text name)
{
    const CatalogRelation *relation = t->relation;
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (text_equal(relation->constraints[i].name, name))
            return &relation->constraints[i];
    query_fail(t->b->q, E_UNDEFINED_OBJECT,
               "constraint \"%.*s\" of relation \"%.*s\" does not exist", TEXT_ARG(name),
               TEXT_ARG(relation->name));
}

static _Noreturn void fail_constraint_kind(TableBind *t, Text name, const char *wanted)
{
    query_fail(t->b->q, E_WRONG_OBJECT_TYPE, "constraint \"%.*s\" of relation \"%.*s\" is not a %s",
               TEXT_ARG(name), TEXT_ARG(t->relation->name), wanted);
}

/* Only foreign keys can become deferrable, and there are none. */
static _Noreturn void alter_constraint(TableBind *t, const AstAlterAction *action)
{
    Text name = action->definition->constraint.name;
    altered_constraint(t, name);
    fail_constraint_kind(t, name, "foreign key constraint");
}

/* A CHECK held for every row when it was made. */
static void validate_constraint(TableBind *t, const AstAlterAction *action)
{
    if (altered_constraint(t, action->name)->kind != CONSTRAINT_CHECK)
        fail_constraint_kind(t, action->name, "foreign key or check constraint");
}

static void alter_options(TableBind *t, const Ast *action)
{
    const AstAlterAction *alter = &action->alter_action;
    if (t->relation->kind != RELATION_VIEW)
        bind_unsupported(t->b, action->offset, "storage parameters in ALTER TABLE");
    if (alter->flag)
        ddl_reset_view_options(t->b, t->relation, &alter->options);
    else
        ddl_set_view_options(t->b, t->relation, &alter->options);
}

/* The columns of the table that go with the one at `at`: itself, and those made from it. */
static bool *columns_dropped_with(TableBind *t, i32 at)
{
    const CatalogRelation *relation = t->relation;
    bool *dropped = make_array(t->b->q, bool, relation->column_count);
    for (i32 i = 0; i < relation->column_count; i++)
        dropped[i] = i == at || column_is_generated_from(t->b, relation, &relation->columns[i],
                                                         &relation->columns[at]);
    return dropped;
}

/* A column goes, and constraints that name it with it. */
static void take_column_away(TableBind *t, CatalogColumn *column)
{
    CatalogRelation *relation = t->relation;
    column->dropped = true;
    i32 kept = 0;
    for (i32 i = 0; i < relation->constraint_count; i++) {
        const CatalogConstraint *constraint = &relation->constraints[i];
        bool uses = false;
        for (i32 j = 0; j < constraint->column_count; j++)
            uses |= constraint->columns[j] == column->number;
        for (i32 j = 0; j < constraint->included_count; j++)
            uses |= constraint->included[j] == column->number;
        if (!uses)
            relation->constraints[kept++] = *constraint;
    }
    relation->constraint_count = kept;
    column->identity = IDENTITY_NOT;
    column->not_null = false;
    column->default_expr = TEXT("");
    column->generated = GENERATED_NOT;
    column->name = query_format(t->b->q, "........pg.dropped.%d........", column->number);
}

static void alter_drop_column(TableBind *t, const AstAlterAction *action)
{
    Binder *b = t->b;
    CatalogRelation *relation = t->relation;
    i32 at = catalog_column(relation, action->name);
    if (at == CATALOG_NO_COLUMN) {
        if (!action->flag)
            query_fail(b->q, E_UNDEFINED_COLUMN,
                       "column \"%.*s\" of relation \"%.*s\" does not exist",
                       TEXT_ARG(action->name), TEXT_ARG(relation->name));
        ddl_notice(b, t->command, E_SUCCESSFUL_COMPLETION,
                   query_format(b->q,
                                "column \"%.*s\" of relation \"%.*s\" does not exist, skipping",
                                TEXT_ARG(action->name), TEXT_ARG(relation->name)));
        return;
    }
    const bool *dropped = columns_dropped_with(t, at);
    drop_column_dependents(t, &relation->columns[at], action->behavior);
    for (i32 i = 0; i < relation->column_count; i++)
        if (dropped[i])
            take_column_away(t, &relation->columns[i]);
}

static i32 action_pass(const AstAlterAction *action)
{
    switch ((i32)action->kind) {
    case ALTER_DROP_COLUMN:
    case ALTER_DROP_CONSTRAINT:
    case ALTER_DROP_NOT_NULL:
    case ALTER_DROP_DEFAULT:
    case ALTER_DROP_EXPRESSION:
    case ALTER_DROP_IDENTITY:
        return PASS_DROP;
    case ALTER_ADD_COLUMN:
        return PASS_ADD_COLUMN;
    case ALTER_ADD_CONSTRAINT:
        return constraint_pass(action->definition);
    case ALTER_SET_DEFAULT:
    case ALTER_ADD_IDENTITY:
        return PASS_ADD_OTHER;
    case ALTER_VALIDATE_CONSTRAINT:
    case ALTER_ALTER_CONSTRAINT:
    case ALTER_OPTIONS:
    case ALTER_OWNER:
        return PASS_REST;
    default:
        return PASS_CHANGE_COLUMN;
    }
}

static void alter_action(TableBind *t, const Ast *action, Ast *table)
{
    const AstAlterAction *alter = &action->alter_action;
    switch ((i32)alter->kind) {
    case ALTER_ADD_COLUMN:
        alter_add_column(t, alter, table);
        return;
    case ALTER_DROP_COLUMN:
        alter_drop_column(t, alter);
        return;
    case ALTER_SET_DEFAULT:
    case ALTER_DROP_DEFAULT:
        alter_default(t, alter);
        return;
    case ALTER_DROP_EXPRESSION:
        alter_drop_expression(t, alter);
        return;
    case ALTER_SET_NOT_NULL:
    case ALTER_DROP_NOT_NULL:
        alter_not_null(t, alter);
        return;
    case ALTER_ADD_IDENTITY:
        alter_add_identity(t, alter);
        return;
    case ALTER_SET_IDENTITY:
    case ALTER_DROP_IDENTITY:
        alter_identity(t, alter);
        return;
    case ALTER_ADD_CONSTRAINT:
        alter_add_constraint(t, alter);
        return;
    case ALTER_DROP_CONSTRAINT:
        alter_drop_constraint(t, alter);
        return;
    case ALTER_ALTER_CONSTRAINT:
        alter_constraint(t, alter);
    case ALTER_VALIDATE_CONSTRAINT:
        validate_constraint(t, alter);
        return;
    case ALTER_OPTIONS:
        alter_options(t, action);
        return;
    case ALTER_OWNER:
        ddl_role(t->b, alter->word);
        return;
    default:
        bind_unsupported(t->b, action->offset, "ALTER TABLE to change a column's type or storage");
    }
}

/* Columns that may now hold no NULL. An UPDATE that fills columns checks all rows itself. */
static void note_not_null(TableBind *t, const CatalogRelation *old)
{
    bool any = false, *wanted = make_array(t->b->q, bool, t->relation->column_count);
    if (t->command->statement) {
        t->command->check_count = 0;
        return;
    }
    for (i32 i = 0; i < t->relation->column_count; i++) {
        const CatalogColumn *column = &t->relation->columns[i];
        bool was = i < old->column_count && old->columns[i].not_null;
        wanted[i] = column->not_null && !was && !column->dropped;
        any |= wanted[i];
    }
    t->command->not_null = any ? wanted : NULL;
}

/* Does the action leave the object as it is? */
static bool is_check_only(const AstAlterAction *action)
{
    return action->kind == ALTER_OWNER || action->kind == ALTER_VALIDATE_CONSTRAINT;
}

/* The actions pass by pass. -> whether one of them makes the object another. */
static bool alter_actions(TableBind *t, const AstAlterTable *alter)
{
    bool changes = false;
    for (i32 pass = 0; pass < ALTER_PASSES; pass++)
        for (i32 i = 0; i < alter->actions.count; i++) {
            const AstAlterAction *action = &alter->actions.items[i]->alter_action;
            if (action_pass(action) != pass)
                continue;
            alter_action(t, alter->actions.items[i], alter->table);
            changes |= !is_check_only(action);
        }
    return changes;
}

void bind_alter_table(Binder *b, const Ast *ast)
{
    const AstAlterTable *alter = &ast->alter_table;
    PlanCommand *command = ddl_command(b, COMMAND_ALTER_TABLE, ddl_alter_tag(alter->object));
    AlterTarget target =
        ddl_alter_target(b, alter->table->from_table.name, alter->if_exists, command);
    if (!target.relation)
        return;
    ddl_check_actions(b, alter, &target);
    TableBind t = {.b = b, .relation = ddl_relation_copy(b, target.relation), .command = command};
    if (!alter_actions(&t, alter))
        return;
    table_warn_about_keys(&t);
    note_not_null(&t, target.relation);
    command->relation = t.relation;
}
