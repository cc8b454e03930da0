/* SPDX-License-Identifier: Apache-2.0
 *
 * Session commands: SET, SHOW, SET CONSTRAINTS, DEALLOCATE, DISCARD, CLOSE, UNLISTEN, CHECKPOINT,
 * ANALYZE, VACUUM; PREPARE and EXECUTE are in command_execute.c.
 */
#include "server/session.h"

/* ---- SET, SHOW ---- */

static Text value_text(Query *q, const Ast *value)
{
    if (value->kind == AST_IDENTIFIER)
        return value->identifier.name;
    if (value->kind == AST_CONSTANT && value->constant.kind == CONSTANT_BOOLEAN)
        return value->constant.boolean ? TEXT("on") : TEXT("off");
    if (value->kind == AST_CONSTANT)
        return value->constant.text;
    if (value->kind == AST_CAST) /* only SET TIME ZONE INTERVAL '...' */
        return query_format(q, "interval %.*s", TEXT_ARG(value_text(q, value->cast.operand)));
    query_fail_at(q, value->offset, E_SYNTAX_ERROR, "this is not a value of a setting");
}

static bool needs_quotes(Text text)
{
    for (i64 i = 0; i < text.len; i++)
        if (text.data[i] == ',' || text.data[i] == '"' || text.data[i] == ' ' ||
            (text.data[i] >= 'A' && text.data[i] <= 'Z') || text.data[i] == '$')
            return true;
    return text.len == 0;
}

/* A list becomes one text; members of search_path keep their quoting. */
static Text values_text(Query *q, const AstSet *set)
{
    if (set->values.count == 1 && !text_equal(set->name, TEXT("search_path")))
        return value_text(q, set->values.items[0]);
    TextBuilder builder;
    builder_open(&builder, q, q->arena);
    for (i32 i = 0; i < set->values.count; i++) {
        Text text = value_text(q, set->values.items[i]);
        bool quote = text_equal(set->name, TEXT("search_path")) && needs_quotes(text);
        builder_format(&builder, "%s%s%.*s%s", i ? ", " : "", quote ? "\"" : "", TEXT_ARG(text),
                       quote ? "\"" : "");
    }
    return builder_text(&builder);
}

/* The statements of one simple Query share a transaction, which is as good as a block. */
static void warn_outside_block(const Session *session, const char *command)
{
    char text[80];
    if (session->block != BLOCK_NONE || session->several_statements)
        return;
    int len = snprintf(text, sizeof text, "%s can only be used in transaction blocks", command);
    send_notice(session->connection, "WARNING", E_NO_ACTIVE_SQL_TRANSACTION, (Text){text, len});
}

static void run_set(Query *q, Session *session, const AstSet *set)
{
    Settings *settings = &session->settings;
    bool local = set->scope == SET_LOCAL;
    bool good = true;
    if (local)
        warn_outside_block(session, "SET LOCAL");
    if (set->values.count > 1 && !setting_is_list(set->name))
        query_fail(q, E_INVALID_PARAMETER_VALUE, "SET %.*s takes only one argument",
                   TEXT_ARG(set->name));
    switch (set->action) {
    case SET_VALUES:
        good = setting_set(settings, set->name, values_text(q, set), local, &q->error);
        break;
    case SET_TO_DEFAULT:
    case SET_RESET:
        good = setting_reset(settings, set->name, local, &q->error);
        break;
    case SET_RESET_ALL:
        settings_reset_all(settings);
        break;
    case SET_FROM_CURRENT:
        break;
    }
    if (!good)
        query_rethrow(q, &q->error);
    session_apply_isolation(session);
}

static void show_all(Query *q, PortalCommand *command)
{
    const Settings *settings = &command->session->settings;
    i32 count;
    const SettingRow *rows = setting_rows(&count);
    Text *fields = make_array(q, Text, 3 * count);
    for (i32 i = 0; i < count; i++) {
        fields[3 * i] = text_from(rows[i].name);
        if (!setting_get(settings, fields[3 * i], &fields[3 * i + 1], &q->error))
            query_rethrow(q, &q->error);
        fields[3 * i + 2] = text_from(rows[i].description);
    }
    send_text_rows(command, fields, 3, count);
}

static void run_show(Query *q, PortalCommand *command, const AstShow *show)
{
    if (!show->name.data) {
        show_all(q, command);
        return;
    }
    Text value;
    if (!setting_get(&command->session->settings, show->name, &value, &q->error))
        query_rethrow(q, &q->error);
    send_text_rows(command, &value, 1, 1);
}

/* Nothing exports snapshots, so none has a name. */
static _Noreturn void refuse_snapshot(Query *q, const Session *session, Text name)
{
    if (session->settings.modes_fixed)
        query_fail(q, E_ACTIVE_SQL_TRANSACTION,
                   "SET TRANSACTION SNAPSHOT must be called before any query");
    if (session->settings.isolation == READ_COMMITTED)
        query_fail(q, E_FEATURE_NOT_SUPPORTED,
                   "a snapshot-importing transaction must have isolation level SERIALIZABLE or "
                   "REPEATABLE READ");
    query_fail(q, E_INVALID_PARAMETER_VALUE, "invalid snapshot identifier: \"%.*s\"",
               TEXT_ARG(name));
}

void session_set_modes(Query *q, Session *session, const AstTransactionModes *modes, bool lasting)
{
    static const char *const names[] = {NULL, "read uncommitted", "read committed",
                                        "repeatable read", "serializable"};
    Settings *settings = &session->settings;
    bool good = true;
    if (modes->isolation != ISOLATION_DEFAULT)
        good = setting_set(settings,
                           lasting ? TEXT("default_transaction_isolation")
                                   : TEXT("transaction_isolation"),
                           text_from(names[modes->isolation]), !lasting, &q->error);
    if (good && modes->access != ACCESS_DEFAULT)
        good = setting_set(
            settings,
            lasting ? TEXT("default_transaction_read_only") : TEXT("transaction_read_only"),
            modes->access == ACCESS_READ_ONLY ? TEXT("on") : TEXT("off"), !lasting, &q->error);
    if (!good)
        query_rethrow(q, &q->error);
    session_apply_isolation(session);
}

static void run_set_transaction(Query *q, Session *session, const AstSetTransaction *set)
{
    if (set->snapshot.data && set->local)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "SET LOCAL TRANSACTION SNAPSHOT is not implemented");
    if (!set->session)
        warn_outside_block(session, "SET TRANSACTION");
    if (set->snapshot.data)
        refuse_snapshot(q, session, set->snapshot);
    session_set_modes(q, session, &set->modes, set->session);
}

/* ---- SET CONSTRAINTS ---- */

typedef struct ConstraintSearch {
    Text name;
    bool found;
    bool fixed; /* one of the name is not deferrable */
} ConstraintSearch;

static void look_at_constraints(void *state, Query *q, const CatalogRelation *relation)
{
    ConstraintSearch *search = state;
    for (i32 i = 0; i < relation->constraint_count; i++) {
        const CatalogConstraint *constraint = &relation->constraints[i];
        if (!text_equal(constraint->name, search->name))
            continue;
        search->found = true;
        search->fixed |= !constraint->deferrable;
    }
}

/* The schemas a constraint of the name may be in; the first one that has some counts. */
static const u32 *schemas_of_name(Query *q, const PortalCommand *command, Name name, i32 *count)
{
    const CatalogView *view = &command->portal->view;
    if (name.count == 1)
        return catalog_search_path(q, view, count);
    Text written = name.parts[name.count - 2];
    if (name.count == 3 && !text_equal(name.parts[0], command->session->database))
        query_fail(q, E_FEATURE_NOT_SUPPORTED,
                   "cross-database references are not implemented: \"%.*s.%.*s.%.*s\"",
                   TEXT_ARG(name.parts[0]), TEXT_ARG(written), TEXT_ARG(name.parts[2]));
    const CatalogSchema *schema = catalog_qualifying_schema(q, view, written);
    if (!schema)
        query_fail(q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist", TEXT_ARG(written));
    *count = 1;
    return &schema->oid;
}

static void check_constraint(Query *q, const PortalCommand *command, Name name, bool deferred)
{
    ConstraintSearch search = {.name = name.parts[name.count - 1]};
    i32 count;
    const u32 *schemas = schemas_of_name(q, command, name, &count);
    for (i32 i = 0; i < count && !search.found; i++)
        catalog_relations_naming(q, &command->portal->view, schemas[i], search.name,
                                 look_at_constraints, &search);
    if (!search.found)
        query_fail(q, E_UNDEFINED_OBJECT, "constraint \"%.*s\" does not exist",
                   TEXT_ARG(search.name));
    if (deferred && search.fixed)
        query_fail(q, E_WRONG_OBJECT_TYPE, "constraint \"%.*s\" is not deferrable",
                   TEXT_ARG(search.name));
}

/* Only what it names is looked at. When a key is checked could only matter if keys were: they are
 * declared and shown. */
static void run_set_constraints(Query *q, const PortalCommand *command,
                                const AstSetConstraints *set)
{
    warn_outside_block(command->session, "SET CONSTRAINTS");
    for (i32 i = 0; i < set->names.count; i++)
        check_constraint(q, command, set->names.items[i]->name.name, set->deferred);
}

/* ---- DEALLOCATE ---- */

static void run_deallocate(Query *q, Session *session, Text name)
{
    if (name.data) {
        Statement *statement = statement_find(session, name);
        if (!statement || !name.len)
            query_fail(q, E_INVALID_SQL_STATEMENT_NAME,
                       "prepared statement \"%.*s\" does not exist", TEXT_ARG(name));
        statement_drop(session, statement);
        return;
    }
    for (Statement *s = session->statements, *next; s; s = next) {
        next = s->next;
        if (s->name.len)
            statement_drop(session, s);
    }
}

/* ---- the rest ---- */

static void run_discard(Query *q, Session *session, const AstDiscardStatement *discard)
{
    if (discard->what == DISCARD_TEMP)
        temporary_discard(q, session);
    if (discard->what == DISCARD_SEQUENCES)
        session_sequences_close(&session->sequences);
    if (discard->what != DISCARD_ALL)
        return; /* there are no cached plans to forget */
    if (!setting_reset(&session->settings, TEXT("session_authorization"), false, &q->error))
        query_rethrow(q, &q->error);
    settings_reset_all(&session->settings);
    session_sequences_close(&session->sequences);
    run_deallocate(q, session, (Text){NULL, 0});
    temporary_discard(q, session);
}

static void run_checkpoint(Query *q, Session *session)
{
    if (!storage_checkpoint(session->server->storage, &q->error))
        query_rethrow(q, &q->error);
}

void command_session(Query *q, PortalCommand *command, const Ast *ast)
{
    Session *session = command->session;
    switch ((i32)ast->kind) {
    case AST_SET:
        run_set(q, session, &ast->set);
        return;
    case AST_SHOW:
        run_show(q, command, &ast->show);
        return;
    case AST_SET_TRANSACTION:
        run_set_transaction(q, session, &ast->set_transaction);
        return;
    case AST_SET_CONSTRAINTS:
        run_set_constraints(q, command, &ast->set_constraints);
        return;
    case AST_TRANSACTION:
        command_transaction(q, session, ast, &command->tag);
        return;
    case AST_PREPARE:
        prepare_run(q, session, command->portal, &ast->prepare);
        return;
    case AST_EXECUTE:
        execute_run(q, command, &ast->execute);
        return;
    case AST_EXPLAIN:
    case AST_CREATE_TABLE_AS:
        execute_within(q, command, ast);
        return;
    case AST_DEALLOCATE:
        run_deallocate(q, session, ast->word.name);
        return;
    case AST_DISCARD:
        run_discard(q, session, &ast->discard);
        return;
    case AST_CLOSE:
        if (ast->word.name.data)
            query_fail(q, E_INVALID_CURSOR_NAME, "cursor \"%.*s\" does not exist",
                       TEXT_ARG(ast->word.name));
        return; /* there are no cursors yet */
    case AST_UNLISTEN:
        return; /* nobody can LISTEN yet; drivers send it to be sure */
    case AST_CHECKPOINT:
        run_checkpoint(q, session);
        return;
    case AST_VACUUM:
        return; /* statistics are kept with the data, dead rows are merged in the background */
    default:
        break;
    }
    query_fail(q, E_INTERNAL_ERROR, "unexpected session command");
}
