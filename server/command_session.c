/* SPDX-License-Identifier: Apache-2.0
 *
 * Session commands: SET, SHOW, DEALLOCATE, DISCARD, CLOSE, UNLISTEN, CHECKPOINT, ANALYZE, VACUUM;
 * PREPARE and EXECUTE are in command_execute.c.
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

/* The modes of a transaction are fixed by its first query. */
static void check_not_queried(Query *q, const Session *session, const AstTransactionModes *modes)
{
    if (session->block == BLOCK_NONE || !session->queried)
        return;
    if (modes->isolation != ISOLATION_DEFAULT)
        query_fail(q, E_ACTIVE_SQL_TRANSACTION,
                   "SET TRANSACTION ISOLATION LEVEL must be called before any query");
    if (modes->access == ACCESS_READ_WRITE && session->settings.read_only)
        query_fail(q, E_ACTIVE_SQL_TRANSACTION,
                   "transaction read-write mode must be set before any query");
}

static void check_set_mode(Query *q, const Session *session, Text name)
{
    AstTransactionModes modes = {.isolation = ISOLATION_DEFAULT};
    if (text_equal(name, TEXT("transaction_isolation")))
        modes.isolation = ISOLATION_READ_COMMITTED;
    check_not_queried(q, session, &modes);
}

static void run_set(Query *q, Session *session, const AstSet *set)
{
    Settings *settings = &session->settings;
    bool local = set->scope == SET_LOCAL;
    bool good = true;
    if (local && session->block == BLOCK_NONE)
        send_notice(session->connection, "WARNING", E_NO_ACTIVE_SQL_TRANSACTION,
                    TEXT("SET LOCAL can only be used in transaction blocks"));
    check_set_mode(q, session, set->name);
    switch (set->action) {
    case SET_VALUES:
        good = setting_set(settings, set->name, values_text(q, set), local, &q->error);
        break;
    case SET_TO_DEFAULT:
    case SET_RESET:
        good = setting_reset(settings, set->name, &q->error);
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

static void run_set_transaction(Query *q, Session *session, const AstSetTransaction *set)
{
    static const char *const names[] = {NULL, "read uncommitted", "read committed",
                                        "repeatable read", "serializable"};
    if (set->snapshot.data)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "SET TRANSACTION SNAPSHOT is not supported");
    if (!set->session && session->block == BLOCK_NONE)
        send_notice(session->connection, "WARNING", E_NO_ACTIVE_SQL_TRANSACTION,
                    TEXT("SET TRANSACTION can only be used in transaction blocks"));
    bool good = true;
    if (!set->session)
        check_not_queried(q, session, &set->modes);
    if (set->modes.isolation != ISOLATION_DEFAULT) {
        if (set->modes.isolation == ISOLATION_SERIALIZABLE && !set->session)
            query_fail(q, E_FEATURE_NOT_SUPPORTED,
                       "SERIALIZABLE transactions are not supported yet");
        Text name =
            set->session ? TEXT("default_transaction_isolation") : TEXT("transaction_isolation");
        good = setting_set(&session->settings, name, text_from(names[set->modes.isolation]),
                           !set->session, &q->error);
    }
    if (good && set->modes.access != ACCESS_DEFAULT) {
        Text name =
            set->session ? TEXT("default_transaction_read_only") : TEXT("transaction_read_only");
        good = setting_set(&session->settings, name,
                           set->modes.access == ACCESS_READ_ONLY ? TEXT("on") : TEXT("off"),
                           !set->session, &q->error);
    }
    if (!good)
        query_rethrow(q, &q->error);
    session_apply_isolation(session);
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
    if (session->block != BLOCK_NONE)
        query_fail(q, E_ACTIVE_SQL_TRANSACTION,
                   "DISCARD ALL cannot run inside a transaction block");
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
