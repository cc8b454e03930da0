/* SPDX-License-Identifier: Apache-2.0
 *
 * ALTER of objects of any kind: what the name means, what may be asked of it, and the two changes
 * that are the same for all of them, SET SCHEMA and OWNER TO. There is one role, which owns
 * everything: OWNER TO only looks at the name it gives.
 */
#include "catalog/definition.h"
#include "catalog/sequence.h"
#include "planner/bind_ddl.h"

const char *ddl_alter_tag(AstObjectKind object)
{
    switch ((i32)object) {
    case OBJECT_VIEW:
        return "ALTER VIEW";
    case OBJECT_MATERIALIZED_VIEW:
        return "ALTER MATERIALIZED VIEW";
    case OBJECT_SEQUENCE:
        return "ALTER SEQUENCE";
    case OBJECT_INDEX:
        return "ALTER INDEX";
    default:
        return "ALTER TABLE";
    }
}

/* ---- what is named ---- */

CatalogRelation *ddl_relation_copy(Binder *b, const CatalogRelation *relation)
{
    CatalogRelation *copy = make(b->q, CatalogRelation);
    *copy = *relation;
    copy->columns = make_array(b->q, CatalogColumn, relation->column_count);
    if (relation->column_count)
        memcpy(copy->columns, relation->columns,
               (size_t)relation->column_count * sizeof *copy->columns);
    copy->constraints = make_array(b->q, CatalogConstraint, relation->constraint_count);
    if (relation->constraint_count)
        memcpy(copy->constraints, relation->constraints,
               (size_t)relation->constraint_count * sizeof *copy->constraints);
    return copy;
}

static AlterTarget find_target(Binder *b, Name name)
{
    AlterTarget target = {NULL, NULL};
    Text schema = name.count > 1 ? name.parts[name.count - 2] : (Text){NULL, 0};
    Text own = name.parts[name.count - 1];
    target.relation = catalog_relation_by_name(b->q, b->view, schema, own);
    if (!target.relation)
        target.index = index_by_name(b->q, b->view, schema, own, &target.relation);
    return target;
}

AlterTarget ddl_alter_target(Binder *b, Name name, bool if_exists, PlanCommand *command)
{
    ddl_check_name(b, name);
    if (!if_exists)
        ddl_named_schema(b, name);
    AlterTarget target = find_target(b, name);
    const CatalogRelation *relation = target.relation;
    if (!relation && if_exists)
        ddl_notice(b, command, E_SUCCESSFUL_COMPLETION,
                   query_format(b->q, "relation \"%.*s\" does not exist, skipping",
                                TEXT_ARG(name.parts[name.count - 1])));
    if (!relation && !if_exists)
        query_fail(b->q, E_UNDEFINED_TABLE, "relation \"%.*s\" does not exist",
                   TEXT_ARG(name_print(b->q, name)));
    if (!relation)
        return target;
    if (relation->built_in)
        query_fail(b->q, E_INSUFFICIENT_PRIVILEGE,
                   "permission denied: \"%.*s\" is a system catalog", TEXT_ARG(relation->name));
    bind_use(b, relation, USE_CHANGE);
    return target;
}

static Text target_name(const AlterTarget *target)
{
    return target->index ? target->index->name : target->relation->name;
}

bool ddl_name_is_taken(Binder *b, const CatalogSchema *schema, Text name)
{
    const CatalogRelation *relation;
    return catalog_relation_by_name(b->q, b->view, schema->name, name) ||
           constraint_in_schema(b->q, b->view, schema->oid, name, true, &relation);
}

/* ---- what may be asked of it ---- */

/* Kinds of what has a name among relations, as a set. */
enum { OF_TABLE = 1, OF_VIEW = 2, OF_SEQUENCE = 4, OF_INDEX = 8, OF_ANY = 15 };

static u32 target_kind(const AlterTarget *target)
{
    if (target->index)
        return OF_INDEX;
    return target->relation->kind == RELATION_VIEW       ? OF_VIEW
           : target->relation->kind == RELATION_SEQUENCE ? OF_SEQUENCE
                                                         : OF_TABLE;
}

void ddl_check_target_kind(Binder *b, AstObjectKind written, const AlterTarget *target)
{
    static const struct {
        AstObjectKind written;
        u32 kind;
        const char *words;
    } kinds[] = {
        {OBJECT_VIEW, OF_VIEW, "a view"},
        {OBJECT_MATERIALIZED_VIEW, 0, "a materialized view"},
        {OBJECT_SEQUENCE, OF_SEQUENCE, "a sequence"},
        {OBJECT_INDEX, OF_INDEX, "an index"},
    };
    for (i32 i = 0; i < countof(kinds); i++)
        if (kinds[i].written == written && !(kinds[i].kind & target_kind(target)))
            query_fail(b->q, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not %s",
                       TEXT_ARG(target_name(target)), kinds[i].words);
}

typedef struct ActionRow {
    u32 kinds; /* what PostgreSQL does it to */
    const char *words;
    const char *otherwise; /* with the action's flag; NULL: the same */
} ActionRow;

static const ActionRow action_rows[] = {
    [ALTER_ADD_COLUMN] = {OF_TABLE, "ADD COLUMN", NULL},
    [ALTER_DROP_COLUMN] = {OF_TABLE, "DROP COLUMN", NULL},
    [ALTER_COLUMN_TYPE] = {OF_TABLE, "ALTER COLUMN ... SET DATA TYPE", NULL},
    [ALTER_SET_DEFAULT] = {OF_TABLE | OF_VIEW, "ALTER COLUMN ... SET DEFAULT", NULL},
    [ALTER_DROP_DEFAULT] = {OF_TABLE | OF_VIEW, "ALTER COLUMN ... SET DEFAULT", NULL},
    [ALTER_SET_NOT_NULL] = {OF_TABLE, "ALTER COLUMN ... SET NOT NULL", NULL},
    [ALTER_DROP_NOT_NULL] = {OF_TABLE, "ALTER COLUMN ... DROP NOT NULL", NULL},
    [ALTER_DROP_EXPRESSION] = {OF_TABLE, "ALTER COLUMN ... DROP EXPRESSION", NULL},
    [ALTER_SET_STATISTICS] = {OF_TABLE | OF_INDEX, "ALTER COLUMN ... SET STATISTICS", NULL},
    [ALTER_SET_STORAGE] = {OF_TABLE, "ALTER COLUMN ... SET STORAGE", NULL},
    [ALTER_SET_COMPRESSION] = {OF_TABLE, "ALTER COLUMN ... SET COMPRESSION", NULL},
    [ALTER_COLUMN_OPTIONS] = {OF_TABLE, "ALTER COLUMN ... SET", "ALTER COLUMN ... RESET"},
    [ALTER_ADD_IDENTITY] = {OF_TABLE | OF_VIEW, "ALTER COLUMN ... ADD IDENTITY", NULL},
    [ALTER_SET_IDENTITY] = {OF_TABLE | OF_VIEW, "ALTER COLUMN ... SET", NULL},
    [ALTER_DROP_IDENTITY] = {OF_TABLE | OF_VIEW, "ALTER COLUMN ... DROP IDENTITY", NULL},
    [ALTER_ADD_CONSTRAINT] = {OF_TABLE, "ADD CONSTRAINT", NULL},
    [ALTER_DROP_CONSTRAINT] = {OF_TABLE, "DROP CONSTRAINT", NULL},
    [ALTER_VALIDATE_CONSTRAINT] = {OF_TABLE, "VALIDATE CONSTRAINT", NULL},
    [ALTER_ALTER_CONSTRAINT] = {OF_TABLE, "ALTER CONSTRAINT", NULL},
    [ALTER_OWNER] = {OF_ANY, "OWNER TO", NULL},
    [ALTER_SET_TABLESPACE] = {OF_TABLE | OF_INDEX, "SET TABLESPACE", NULL},
    [ALTER_SET_LOGGED] = {OF_TABLE | OF_SEQUENCE, "SET LOGGED", "SET UNLOGGED"},
    [ALTER_OPTIONS] = {OF_TABLE | OF_VIEW | OF_INDEX, "SET", "RESET"},
    [ALTER_CLUSTER_ON] = {OF_TABLE, "CLUSTER ON", NULL},
    [ALTER_INHERIT] = {OF_TABLE, "INHERIT", "NO INHERIT"},
    [ALTER_REPLICA_IDENTITY] = {OF_TABLE, "REPLICA IDENTITY", NULL},
    [ALTER_TRIGGER] = {OF_TABLE, "TRIGGER", NULL},
    [ALTER_RULE] = {OF_TABLE, "RULE", NULL},
    [ALTER_OF_TYPE] = {OF_TABLE, "OF", "NOT OF"},
    [ALTER_WITHOUT_OIDS] = {OF_TABLE, "SET WITHOUT OIDS", NULL},
    [ALTER_ROW_SECURITY] = {OF_TABLE, "ROW SECURITY", NULL},
    [ALTER_ACCESS_METHOD] = {OF_TABLE, "SET ACCESS METHOD", NULL},
};

/* "ENABLE TRIGGER", "NO FORCE ROW SECURITY": what is written, and the words behind it. */
static Text words_behind(Query *q, Text written, const char *words)
{
    TextBuilder out;
    builder_open(&out, q, q->arena);
    for (i64 i = 0; i < written.len; i++) {
        char c = written.data[i];
        builder_byte(&out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    builder_format(&out, " %s", words);
    return builder_text(&out);
}

static Text action_words(Query *q, const AstAlterAction *action)
{
    const ActionRow *row = &action_rows[action->kind];
    if (action->kind == ALTER_TRIGGER && !action->name.data)
        return words_behind(q, action->word, action->flag ? "TRIGGER USER" : "TRIGGER ALL");
    if (action->kind == ALTER_TRIGGER || action->kind == ALTER_RULE ||
        action->kind == ALTER_ROW_SECURITY)
        return words_behind(q, action->word, row->words);
    if (action->kind == ALTER_CLUSTER_ON && !action->word.data)
        return TEXT("SET WITHOUT CLUSTER");
    return text_from(action->flag && row->otherwise ? row->otherwise : row->words);
}

static _Noreturn void fail_action(Binder *b, const AstAlterAction *action,
                                  const AlterTarget *target)
{
    u32 kind = target_kind(target);
    Error error;
    error_set(&error, E_WRONG_OBJECT_TYPE,
              "ALTER action %.*s cannot be performed on relation \"%.*s\"",
              TEXT_ARG(action_words(b->q, action)), TEXT_ARG(target_name(target)));
    error_detail(&error, "This operation is not supported for %s.",
                 kind == OF_INDEX      ? "indexes"
                 : kind == OF_SEQUENCE ? "sequences"
                                       : "views");
    query_rethrow(b->q, &error);
}

void ddl_check_actions(Binder *b, const AstAlterTable *alter, const AlterTarget *target)
{
    u32 kind = target_kind(target);
    ddl_check_target_kind(b, alter->object, target);
    if (kind == OF_TABLE && catalog_is_other_temporary(b->view, target->relation))
        query_fail(b->q, E_FEATURE_NOT_SUPPORTED,
                   "cannot alter temporary tables of other sessions");
    for (i32 i = 0; i < alter->actions.count; i++) {
        const Ast *action = alter->actions.items[i];
        AstAlterKind what = action->alter_action.kind;
        if (!(action_rows[what].kinds & kind))
            fail_action(b, &action->alter_action, target);
        if ((kind == OF_INDEX || kind == OF_SEQUENCE) && what != ALTER_OWNER)
            bind_unsupported(b, action->offset, "such changes of objects other than tables");
    }
}

/* ---- OWNER TO, where it is not an action ---- */

static void bind_owner(Binder *b, const AstAlterObject *alter)
{
    bool schema = alter->object == OBJECT_SCHEMA;
    Text name = alter->name.parts[alter->name.count - 1];
    ddl_command(b, COMMAND_ALTER_TABLE, schema ? "ALTER SCHEMA" : "ALTER DATABASE");
    ddl_role(b, alter->owner);
    if (schema && !catalog_schema_by_name(b->q, b->view, name))
        query_fail(b->q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist", TEXT_ARG(name));
    if (!schema && !text_equal(name, CATALOG_DATABASE_NAME))
        query_fail(b->q, E_INVALID_CATALOG_NAME, "database \"%.*s\" does not exist",
                   TEXT_ARG(name));
}

/* ---- SET SCHEMA ---- */

static void check_movable(Binder *b, const AlterTarget *target)
{
    Query *q = b->q;
    Error error;
    if (target->index) {
        error_set(&error, E_WRONG_OBJECT_TYPE, "cannot change schema of index \"%.*s\"",
                  TEXT_ARG(target->index->name));
        error_hint(&error, "Change the schema of the table instead.");
        query_rethrow(q, &error);
    }
    const CatalogSequence *sequence = target->relation->kind == RELATION_SEQUENCE
                                          ? catalog_sequence(q, b->view, target->relation->oid)
                                          : NULL;
    if (!sequence || sequence->owner_kind == SEQUENCE_FREE)
        return;
    const CatalogRelation *table = catalog_relation(q, b->view, sequence->owner_table);
    error_set(&error, E_FEATURE_NOT_SUPPORTED, "cannot move an owned sequence into another schema");
    error_detail(&error, "Sequence \"%.*s\" is linked to table \"%.*s\".",
                 TEXT_ARG(target->relation->name), TEXT_ARG(table ? table->name : TEXT("")));
    query_rethrow(q, &error);
}

/* Where the object goes; 3F000, 0A000, 42501. */
static const CatalogSchema *new_schema(Binder *b, Text name, const CatalogRelation *relation)
{
    bool own = text_equal(name, TEXT("pg_temp"));
    const CatalogSchema *schema =
        own ? catalog_temporary_schema(b->q, b->view) : catalog_schema_by_name(b->q, b->view, name);
    if (!schema)
        query_fail(b->q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist", TEXT_ARG(name));
    if (relation->persistence == PERSISTENCE_TEMPORARY || catalog_is_temporary_name(schema->name))
        query_fail(b->q, E_FEATURE_NOT_SUPPORTED,
                   "cannot move objects into or out of temporary schemas");
    if (schema->oid == SCHEMA_PG_TOAST)
        query_fail(b->q, E_FEATURE_NOT_SUPPORTED,
                   "cannot move objects into or out of TOAST schema");
    if (schema->built_in && schema->oid != SCHEMA_PUBLIC)
        query_fail(b->q, E_INSUFFICIENT_PRIVILEGE, "permission denied for schema %.*s",
                   TEXT_ARG(name));
    return schema;
}

typedef struct SchemaMove {
    Binder *b;
    PlanCommand *command;
    const CatalogSchema *to;
} SchemaMove;

static void check_free_there(const SchemaMove *move, Text name)
{
    if (ddl_name_is_taken(move->b, move->to, name))
        query_fail(move->b->q, E_DUPLICATE_TABLE,
                   "relation \"%.*s\" already exists in schema \"%.*s\"", TEXT_ARG(name),
                   TEXT_ARG(move->to->name));
}

/* A sequence that a column of the table owns goes with it. */
static void move_if_owned(void *state, Query *q, const CatalogSequence *sequence)
{
    const SchemaMove *move = state;
    if (sequence->owner_table != move->command->relation->oid)
        return;
    const CatalogRelation *relation = catalog_relation(q, move->b->view, sequence->oid);
    bind_use(move->b, relation, USE_CHANGE);
    check_free_there(move, relation->name);
    PlanSequence *plan = ddl_change_sequence(move->b, move->command, relation);
    plan->relation->schema = move->to->oid;
}

static void bind_set_schema(Binder *b, const AstAlterObject *alter)
{
    PlanCommand *command = ddl_command(b, COMMAND_ALTER_TABLE, ddl_alter_tag(alter->object));
    AlterTarget target = ddl_alter_target(b, alter->name, alter->if_exists, command);
    if (!target.relation)
        return;
    ddl_check_target_kind(b, alter->object, &target);
    check_movable(b, &target);
    SchemaMove move = {b, command, new_schema(b, alter->schema, target.relation)};
    if (move.to->oid == target.relation->schema)
        return;
    check_free_there(&move, target.relation->name);
    CatalogRelation *relation = command->relation = ddl_relation_copy(b, target.relation);
    relation->schema = move.to->oid;
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (constraint_has_index(&relation->constraints[i]))
            check_free_there(&move, relation->constraints[i].name);
    catalog_sequences(b->q, b->view, move_if_owned, &move);
}

void bind_alter_object(Binder *b, const Ast *ast)
{
    if (ast->alter_object.schema.data)
        bind_set_schema(b, &ast->alter_object);
    else
        bind_owner(b, &ast->alter_object);
}
