/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of a query, the same for a simple Query, Parse/Bind/Execute and PREPARE/EXECUTE:
 *
 *     parse       text  -> statements              parser/
 *     prepare     ast   -> Prepared                planner/   names and types
 *     portal_open values known: snapshot, plan     storage/, planner/
 *     run         chunks -> the client             executor/, result_writer
 *
 * and the loop that reads messages and calls it. Every stage runs inside query_try; what is thrown
 * becomes an ErrorResponse and rolls the transaction back.
 */
#include "server/session.h"
#include "base/charset.h"

/* ---- the way of a query ---- */

static void view_open(Session *session, CatalogView *view, const Snapshot *snapshot)
{
    const Settings *settings = &session->settings;
    *view =
        (CatalogView){snapshot, settings->search_path, settings->search_path_count, session->user};
    if (!session->schema_at_work.data)
        return;
    session->path_at_work[0] = session->schema_at_work;
    for (i32 i = 0; i < settings->search_path_count; i++)
        session->path_at_work[i + 1] = settings->search_path[i];
    view->search_path = session->path_at_work;
    view->search_path_count = settings->search_path_count + 1;
}

/* Commands that read no rows: they do not fix the snapshot of a REPEATABLE READ transaction. */
static bool needs_snapshot(const Ast *ast)
{
    switch ((i32)ast->kind) {
    case AST_TRANSACTION:
    case AST_SET_TRANSACTION:
    case AST_SET:
    case AST_SET_CONSTRAINTS:
    case AST_SHOW:
    case AST_DEALLOCATE:
    case AST_DISCARD:
    case AST_CLOSE:
    case AST_UNLISTEN:
    case AST_CHECKPOINT:
    case AST_LOCK:
        return false;
    default:
        return true;
    }
}

static Snapshot *session_snapshot(Query *q, Session *session, const Ast *ast)
{
    Snapshot *snapshot;
    Transaction *transaction = session_transaction(q, session);
    transaction_next_statement(transaction);
    bool newest = !needs_snapshot(ast) || (ast->kind == AST_UPDATE && ast->update.fills);
    bool good = newest ? transaction_newest_snapshot(transaction, &snapshot, &q->error)
                       : transaction_snapshot(transaction, &snapshot, &q->error);
    if (!good)
        query_rethrow(q, &q->error);
    return snapshot;
}

static void prepare_with(Query *q, Session *session, Statement *statement, const Snapshot *now)
{
    Portal describe;
    memset(&describe, 0, sizeof describe);
    view_open(session, &describe.view, now);
    session_environment(session, &describe);
    Prepared *fresh = prepared_bind(q, &describe.view, &describe.env, statement->ast,
                                    statement->text, statement->types, statement->type_count);
    if (statement->prepared)
        prepared_release(statement->prepared);
    statement->prepared = fresh;
}

static void close_snapshot(void *snapshot)
{
    snapshot_close(snapshot);
}

/* What would end the transaction or needs one of its own; NULL: all else. */
static const char *outside_command(const Ast *ast)
{
    if (ast->kind == AST_DROP && ast->drop.concurrently)
        return "DROP INDEX CONCURRENTLY";
    if (ast->kind == AST_DISCARD && ast->discard.what == DISCARD_ALL)
        return "DISCARD ALL";
    if (ast->kind != AST_TRANSACTION)
        return NULL;
    return ast->transaction.command == TRANSACTION_COMMIT_PREPARED     ? "COMMIT PREPARED"
           : ast->transaction.command == TRANSACTION_ROLLBACK_PREPARED ? "ROLLBACK PREPARED"
                                                                       : NULL;
}

static void check_outside_block(Query *q, const Session *session, const Ast *ast)
{
    const char *command = outside_command(ast);
    if (command && (session->block != BLOCK_NONE || session->several_statements))
        query_fail(q, E_ACTIVE_SQL_TRANSACTION, "%s cannot run inside a transaction block",
                   command);
}

void statement_prepare(Query *q, Session *session, Statement *statement)
{
    if (statement->ast->kind == AST_DROP) /* names are looked up here already */
        check_outside_block(q, session, statement->ast);
    Snapshot *now = session_snapshot(q, session, statement->ast);
    query_defer(q, q->arena, close_snapshot, now);
    prepare_with(q, session, statement, now);
}

static bool same_columns(const Prepared *a, const Prepared *b)
{
    i32 count_a, count_b;
    const ResultColumn *x = prepared_columns(a, &count_a), *y = prepared_columns(b, &count_b);
    if (count_a != count_b)
        return false;
    for (i32 i = 0; i < count_a; i++)
        if (!type_same(x[i].type, y[i].type) || !text_equal(x[i].name, y[i].name))
            return false;
    return true;
}

static void release_prepared(void *prepared)
{
    prepared_release(prepared);
}

/* The statement still means what it meant when it was prepared, or is bound again. */
static void revalidate(Query *q, Session *session, Statement *statement, const Snapshot *snapshot)
{
    CatalogView view;
    view_open(session, &view, snapshot);
    if (statement->prepared && prepared_is_valid(q, statement->prepared, &view))
        return;
    Prepared *old = statement->prepared ? prepared_keep(statement->prepared) : NULL;
    if (old)
        query_defer(q, q->arena, release_prepared, old);
    prepare_with(q, session, statement, snapshot);
    if (!old || same_columns(old, statement->prepared))
        return;
    prepared_release(statement->prepared);
    statement->prepared = prepared_keep(old); /* while the shape differs, every use says so */
    error_set(&q->error, E_FEATURE_NOT_SUPPORTED, "cached plan must not change result type");
    q->error.routine = "RevalidateCachedQuery"; /* JDBC and asyncpg then prepare it again */
    query_rethrow(q, &q->error);
}

void statement_revalidate(Query *q, Session *session, Statement *statement)
{
    Snapshot *now = session_snapshot(q, session, statement->ast);
    query_defer(q, q->arena, close_snapshot, now);
    revalidate(q, session, statement, now);
}

/* The lock that a statement's use of a table asks for; false: none. */
static bool lock_of_use(const BoundUse *use, LockMode *mode)
{
    if (use->privileges & (USE_TRUNCATE | USE_CHANGE))
        *mode = LOCK_OBJECT_ACCESS_EXCLUSIVE;
    else if (use->privileges & (USE_INSERT | USE_UPDATE | USE_DELETE))
        *mode = LOCK_OBJECT_ROW_EXCLUSIVE;
    else if (use->privileges & USE_LOCK_ROWS)
        *mode = LOCK_OBJECT_ROW_SHARE;
    else
        return false;
    return true;
}

/* After a wait the statement looks again. */
static bool lock_tables(Query *q, Session *session, const Bound *bound)
{
    bool waited = false;
    for (i32 i = 0; i < bound->use_count; i++) {
        const BoundUse *use = &bound->uses[i];
        LockMode mode;
        if (!lock_of_use(use, &mode))
            continue;
        for (;;) {
            Ticket ticket = {.state = TICKET_IDLE};
            WriteStatus status = object_lock(session->transaction, use->object_class, use->oid,
                                             mode, &ticket, &q->error);
            if (status == WRITE_DONE)
                break;
            if (status == WRITE_ERROR)
                query_rethrow(q, &q->error);
            session_wait_ticket(session, q, &ticket);
            waited = true;
        }
    }
    return waited;
}

static const char *locking_command(const Bound *bound)
{
    static const char *const names[] = {"SELECT FOR UPDATE", "SELECT FOR NO KEY UPDATE",
                                        "SELECT FOR SHARE", "SELECT FOR KEY SHARE"};
    for (i32 i = 0; i < countof(names); i++)
        if (strcmp(names[i] + strlen("SELECT "), bound->locks) == 0)
            return names[i];
    return names[0];
}

/* Rows of temporary tables may be changed everywhere. */
static bool writes_only_temporary(const Bound *bound)
{
    bool only = true;
    for (i32 i = 0; i < bound->use_count; i++)
        only &=
            bound->uses[i].temporary ||
            !(bound->uses[i].privileges & (USE_INSERT | USE_UPDATE | USE_DELETE | USE_LOCK_ROWS));
    return only;
}

/* What a read-only transaction calls a statement that writes; NULL: it writes nothing. */
static const char *writing_command(const Bound *bound, const Ast *ast)
{
    const PlanCommand *command = &bound->command;
    if (bound->kind != BOUND_COMMAND && writes_only_temporary(bound))
        return NULL;
    switch (bound->kind) {
    case BOUND_QUERY:
        return bound->is_write ? "SELECT" : bound->locks ? locking_command(bound) : NULL;
    case BOUND_INSERT:
        return "INSERT";
    case BOUND_UPDATE:
    case BOUND_DELETE:
        return bound->tag;
    case BOUND_COPY_IN:
        return "COPY FROM";
    case BOUND_COMMAND:
        break;
    }
    if (command->kind == COMMAND_SESSION || command->kind == COMMAND_LOCK ||
        (command->kind == COMMAND_EXPLAIN && !command->explain.analyze))
        return NULL;
    if (command->kind == COMMAND_COPY_OUT || command->kind == COMMAND_EXPLAIN)
        return writing_command(bound->inner, ast);
    if (command->kind == COMMAND_CREATE_TABLE_AS)
        return ast->kind == AST_QUERY ? "SELECT INTO" : "CREATE TABLE AS";
    return bound->tag;
}

static void check_writable(Query *q, Session *session, const Bound *bound, const Ast *ast)
{
    const char *command = session->settings.read_only ? writing_command(bound, ast) : NULL;
    if (command)
        query_fail(q, E_READ_ONLY_SQL_TRANSACTION, "cannot execute %s in a read-only transaction",
                   command);
}

/* What would be over with the statement is refused, unless more statements share its transaction.
 */
static void check_in_block(Query *q, const Session *session, const Ast *ast)
{
    if (ast->kind == AST_LOCK && session->block == BLOCK_NONE && !session->several_statements)
        query_fail(q, E_NO_ACTIVE_SQL_TRANSACTION,
                   "LOCK TABLE can only be used in transaction blocks");
}

void portal_open(Query *q, Session *session, Portal *portal)
{
    Statement *statement = portal->statement;
    check_in_block(q, session, statement->ast);
    check_outside_block(q, session, statement->ast);
    portal->snapshot = session_snapshot(q, session, statement->ast);
    revalidate(q, session, statement, portal->snapshot);
    const Bound *bound = prepared_bound(statement->prepared);
    check_writable(q, session, bound, statement->ast);
    if (lock_tables(q, session, bound)) {
        snapshot_close(portal->snapshot);
        portal->snapshot = NULL;
        portal->snapshot = session_snapshot(q, session, statement->ast);
        revalidate(q, session, statement, portal->snapshot);
    }
    portal->prepared = prepared_keep(statement->prepared);
    view_open(session, &portal->view, portal->snapshot);
    session_environment(session, portal);
    PlannerSettings settings = {session->settings.passes_off};
    portal->plan =
        plan_for(q, &portal->view, &portal->env, portal->prepared, portal->values, &settings);
    portal->opened = true;
}

/* With a row limit a statement that writes still runs whole: RETURNING's rows wait for Execute. */
static void portal_start(Query *q, Session *session, Portal *portal, i64 rows)
{
    PlanTree *plan = portal->plan;
    PortalCommand *command = make(q, PortalCommand);
    *command = (PortalCommand){session, portal, NULL, -1};
    portal->writer = result_writer_open(q, session, plan->root->columns, plan->root->column_count,
                                        portal->formats, portal->format_count, &portal->env.format);
    portal->input = (ExecutionInput){.pool = session->server->pool,
                                     .workers = (i32)session->settings.workers,
                                     .snapshot = portal->snapshot,
                                     .transaction = session->transaction,
                                     .parameters = portal->values,
                                     .parameter_count = portal->value_count,
                                     .env = &portal->env,
                                     .catalog = &portal->view,
                                     .sink = result_writer_sink(portal->writer),
                                     .command = command_run,
                                     .command_state = command,
                                     .wake = connection_wake,
                                     .wake_argument = session->connection,
                                     .watched = session->deadline_us != 0};
    const Bound *bound = prepared_bound(portal->prepared);
    if (bound->kind == BOUND_COPY_IN) {
        copy_in_begin(q, session, bound->copy_in.field_count);
        portal->input.source = copy_in_source(session);
    }
    session->wrote |= plan->is_write;
    temporary_note_uses(session, bound);
    portal->input.keep_rows =
        plan->returns_rows && ((plan->is_write && rows > 0) || plan->locks_rows);
    portal->run = execution_open(q, plan, &portal->input);
}

void session_pump(Query *q, Session *session, Execution *run)
{
    Connection *c = session->connection;
    connection_flush_some(c);
    if (connection_has_room(c) && atomic_exchange(&c->room_wanted, false))
        execution_resume(run);
    if (session->copy_source)
        copy_in_feed(q, session, run);
    i64 timeout = timeouts_check(session, NULL);
    i32 want = WAIT_EVENT | (connection_has_output(c) ? WAIT_WRITE : 0) |
               (copy_in_wants(session) ? WAIT_READ : 0);
    connection_wait(c, want, timeout);
    if (c->closed)
        query_interrupt(&session->control, INTERRUPT_CONNECTION_LOST);
    if (atomic_load(&session->control.interrupt))
        execution_resume(run);
}

static RunState run_to_end(Query *q, Session *session, Execution *run, i64 rows)
{
    RunState state;
    while ((state = execution_run(q, run, rows)) == RUN_BUSY)
        session_pump(q, session, run);
    return state;
}

i64 plan_run(Query *q, Session *session, const Portal *portal, PlanTree *plan, ResultSink sink,
             PlanCounters *counters)
{
    ExecutionInput *input = make(q, ExecutionInput);
    *input = portal->input;
    input->sink = sink;
    input->counters = counters;
    input->transaction = session->transaction;
    Execution *run = execution_open(q, plan, input);
    session->wrote |= plan->is_write;
    run_to_end(q, session, run, 0);
    i64 rows = execution_rows(run);
    execution_close(run);
    return rows;
}

static void send_tag(Session *session, Portal *portal, i64 rows)
{
    Connection *c = session->connection;
    const PlanTree *plan = portal->plan;
    if (plan->root->kind != PLAN_COMMAND) {
        send_complete(c, "%s %lld", plan->tag, (long long)rows);
        return;
    }
    const PortalCommand *command = portal->input.command_state;
    const char *tag = command->tag ? command->tag : plan->tag;
    if (command->rows >= 0)
        send_complete(c, "%s %lld", tag, (long long)command->rows);
    else
        send_complete(c, "%s", tag);
}

typedef struct PortalRun {
    Query *q;
    Session *session;
    Portal *portal;
    i64 rows;
    RunState state;
} PortalRun;

static void portal_run_body(void *argument)
{
    PortalRun *run = argument;
    run->state = run_to_end(run->q, run->session, run->portal->run, run->rows);
}

/* Nothing of the statement is left but the locks it has: it starts anew on what is there now. */
static void portal_run_again(Query *q, Session *session, Portal *portal, i64 rows)
{
    execution_close(portal->run);
    portal->run = NULL;
    plan_release(portal->plan);
    portal->plan = NULL;
    prepared_release(portal->prepared);
    portal->prepared = NULL;
    snapshot_close(portal->snapshot);
    portal->snapshot = NULL;
    portal->opened = false;
    portal_open(q, session, portal);
    portal_start(q, session, portal, rows);
    result_writer_at_once(portal->writer, rows > 0);
}

/* SELECT FOR UPDATE that came to a row which another transaction has changed meanwhile: it has
 * given out no row yet, so in READ COMMITTED it may as well have begun later. */
static RunState portal_run(Query *q, Session *session, Portal *portal, i64 rows)
{
    PortalRun run = {q, session, portal, rows, RUN_DONE};
    while (!query_try(q, portal_run_body, &run)) {
        Error error = q->error;
        bool again = execution_is_stale(portal->run) && !portal->plan->is_write &&
                     q->error.code == E_SERIALIZATION_FAILURE;
        u32 interrupt = atomic_load(&session->control.interrupt);
        again &= interrupt == INTERRUPT_NONE || interrupt == INTERRUPT_SIBLING_FAILED;
        if (!again)
            query_rethrow(q, &error);
        portal_run_again(q, session, portal, rows);
    }
    return run.state;
}

void portal_execute(Query *q, Session *session, Portal *portal, i64 rows)
{
    if (!portal->opened)
        portal_open(q, session, portal);
    if (portal->done) {
        send_tag(session, portal, 0);
        return;
    }
    session->running = portal;
    session->settings.modes_fixed |= needs_snapshot(portal->statement->ast);
    if (!portal->run)
        portal_start(q, session, portal, rows);
    result_writer_at_once(portal->writer, rows > 0);
    RunState state = portal->plan->locks_rows ? portal_run(q, session, portal, rows)
                                              : run_to_end(q, session, portal->run, rows);
    if (!connection_take_results(session->connection, &q->error))
        query_rethrow(q, &q->error);
    session->running = NULL;
    i64 total = execution_rows(portal->run);
    copy_in_end(session);
    if (state == RUN_SUSPENDED) {
        portal->sent = total;
        send_empty(session->connection, 's');
        return;
    }
    portal->done = true;
    if (session->tag_sent) { /* EXECUTE: the statement it ran has answered */
        session->tag_sent = false;
        return;
    }
    bool batch = portal->plan->returns_rows && (!portal->plan->changes || portal->input.keep_rows);
    if (session->ending == END_NOTHING) {
        send_tag(session, portal, batch ? total - portal->sent : total);
        return;
    }
    const PortalCommand *command = portal->input.command_state;
    const char *tag = command->tag ? command->tag : portal->plan->tag;
    q->arena = &session->message_arena; /* the portal goes with its transaction */
    session_end_block(q, session);
    send_complete(session->connection, "%s", tag);
}

/* ---- a simple Query ---- */

void session_check_block(Query *q, const Session *session, const Ast *ast)
{
    if (session->block != BLOCK_FAILED || !ast)
        return;
    bool ends =
        ast->kind == AST_TRANSACTION && (ast->transaction.command == TRANSACTION_COMMIT ||
                                         ast->transaction.command == TRANSACTION_ROLLBACK ||
                                         ast->transaction.command == TRANSACTION_PREPARE ||
                                         ast->transaction.command == TRANSACTION_ROLLBACK_TO);
    if (!ends)
        query_fail(
            q, E_IN_FAILED_SQL_TRANSACTION,
            "current transaction is aborted, commands ignored until end of transaction block");
}

static void run_statement(Query *q, Session *session, Text text, const Ast *ast)
{
    session_check_block(q, session, ast);
    Statement *old = statement_find(session, TEXT(""));
    if (old)
        statement_drop(session, old);
    Statement *statement = statement_make(q, session, TEXT(""));
    statement->text = text;
    statement->ast = ast;
    statement->type_count = NO_PARAMETERS;
    Portal *portal = portal_make(q, session, TEXT(""), statement);
    q->arena = &portal->arena;
    portal_open(q, session, portal);
    i32 columns;
    const ResultColumn *described = prepared_columns(portal->prepared, &columns);
    if (described)
        send_row_description(session->connection, described, columns, NULL, 0);
    portal_execute(q, session, portal, 0);
    q->arena = &session->message_arena;
    portal = portal_find(session, TEXT(""));
    if (portal)
        portal_close(session, portal);
    statement = statement_find(session, TEXT(""));
    if (statement)
        statement_drop(session, statement);
    session_report_settings(session, false);
}

typedef struct QueryMessage {
    Session *session;
    Message *message;
    Text text;
} QueryMessage;

void send_parse_notices(Query *q, Session *session, Text text, const ParsedText *parsed)
{
    for (i32 i = 0; i < parsed->truncated_count; i++) {
        const TruncatedName *name = &parsed->truncated[i];
        send_notice(session->connection, "NOTICE", E_NAME_TOO_LONG,
                    query_format(q, "identifier \"%.*s\" will be truncated to \"%.*s\"",
                                 TEXT_ARG(name->written), TEXT_ARG(name->kept)));
    }
    for (i32 i = 0; i < parsed->global_word_count; i++)
        send_notice_at(session->connection, "WARNING", E_WARNING,
                       TEXT("GLOBAL is deprecated in temporary table creation"), text,
                       parsed->global_words[i] + 1);
}

static void query_body(void *argument)
{
    QueryMessage *message = argument;
    Session *session = message->session;
    Query *q = &session->q;
    message_finish(q, message->message);
    ParsedText parsed = parse(q, message->text);
    session->several_statements = parsed.count > 1;
    if (parsed.count == 0)
        send_empty(session->connection, 'I');
    send_parse_notices(q, session, message->text, &parsed);
    for (i32 i = 0; i < parsed.count; i++)
        run_statement(q, session, message->text, parsed.statements[i].ast);
    if (session->block == BLOCK_NONE)
        session_commit(q, session);
}

/* ---- one message ---- */

static void message_begin(Session *session)
{
    atomic_fetch_add(&session->server->messages, 1);
    arena_close(&session->message_arena);
    query_open(&session->q, &session->message_arena, &session->control);
    timeouts_end(session);
    atomic_store(&session->control.interrupt, INTERRUPT_NONE);
    atomic_store(&session->control.lock_wait, 0);
    session->lock_wait = 0;
    session->ready = false;
    Platform *platform = session->server->platform;
    session->statement_us = platform->wall_us(platform);
    session->schema_at_work = (Text){NULL, 0};
    session->several_statements = false;
    timeouts_begin(session);
    if (atomic_load(&session->server->stopping))
        query_interrupt(&session->control, INTERRUPT_SHUTDOWN);
}

static void fatal(Session *session, const Error *error)
{
    send_error(session->connection, error, (Text){NULL, 0}, true);
    session->terminate = true;
}

/* What an error does: the client hears of it, portals close, the transaction is over. */
static void message_failed(Session *session, bool extended)
{
    Error error = session->q.error;
    bool ends = error.code == E_ADMIN_SHUTDOWN || error.code == E_CONNECTION_FAILURE;
    copy_in_end(session);
    portals_close_all(session);
    Error ignored;
    if (!connection_take_results(session->connection, &ignored))
        session->terminate = true;
    send_error(session->connection, &error, session->error_text, ends);
    session->error_text = (Text){NULL, 0};
    statements_drop_unfinished(session);
    arena_close(&session->message_arena); /* snapshots in it close before their transaction ends */
    session_fail(session);
    session->skip_to_sync = extended;
    session->terminate |= ends;
    if (session->copy_lost) {
        error_set(&error, E_PROTOCOL_VIOLATION,
                  "terminating connection because protocol synchronization was lost");
        fatal(session, &error);
    }
}

static void answer_ready(Session *session)
{
    if (session->terminate)
        return;
    send_ready(session->connection, session_status(session));
    session->ready = true;
    session->ready_since_us = 0;
}

static void message_query(Session *session, Message *message)
{
    Text text = message_text(message);
    QueryMessage query = {session, message, text};
    message_begin(session);
    Error error;
    /* the text must outlive the input buffer: COPY reads more messages */
    if (!arena_text(&session->message_arena, text, &query.text, &error)) {
        session->q.error = error;
        message_failed(session, false);
        answer_ready(session);
        return;
    }
    session->error_text = query.text;
    if (!utf8_check(query.text, &session->q.error) || !query_try(&session->q, query_body, &query))
        message_failed(session, false);
    session_report_settings(session, false);
    answer_ready(session);
}

typedef struct ExtendedMessage {
    Session *session;
    Message *message;
} ExtendedMessage;

static void extended_body(void *argument)
{
    ExtendedMessage *extended = argument;
    Session *session = extended->session;
    Query *q = &session->q;
    switch (extended->message->type) {
    case 'P':
        message_parse(q, session, extended->message);
        break;
    case 'B':
        message_bind(q, session, extended->message);
        break;
    case 'D':
        message_describe(q, session, extended->message);
        break;
    case 'E':
        message_execute(q, session, extended->message);
        break;
    case 'C':
        message_close(q, session, extended->message);
        break;
    default:
        message_finish(q, extended->message);
    }
}

static void sync_body(void *argument)
{
    ExtendedMessage *sync = argument;
    Session *session = sync->session;
    message_finish(&session->q, sync->message);
    if (session->block == BLOCK_NONE)
        session_commit(&session->q, session);
}

static void message_sync(Session *session, Message *message)
{
    ExtendedMessage sync = {session, message};
    bool failed = session->skip_to_sync;
    session->skip_to_sync = false;
    if (!failed) {
        message_begin(session);
        if (session->block == BLOCK_NONE)
            portals_close_all(session);
        if (!query_try(&session->q, sync_body, &sync))
            message_failed(session, false);
    }
    session_report_settings(session, false);
    answer_ready(session);
}

static void session_message(Session *session, Message *message)
{
    if (message->type == 'X') {
        session->terminate = true;
        return;
    }
    if (message->type == 'S') {
        message_sync(session, message);
        return;
    }
    if (session->skip_to_sync || message->type == 'd' || message->type == 'c' ||
        message->type == 'f')
        return; /* COPY messages outside COPY are ignored, as PostgreSQL does */
    if (message->type == 'Q') {
        message_query(session, message);
        return;
    }
    if (message->type == 'F') {
        message_begin(session);
        error_set(&session->q.error, E_FEATURE_NOT_SUPPORTED,
                  "function calls by number are not supported");
        message_failed(session, false);
        answer_ready(session);
        return;
    }
    message_begin(session);
    ExtendedMessage extended = {session, message};
    if (!query_try(&session->q, extended_body, &extended))
        message_failed(session, true);
}

static void session_loop(Session *session)
{
    Connection *c = session->connection;
    while (!session->terminate && !c->closed) {
        Message message;
        Error error;
        MessageStatus status = message_next(c, &message, &error);
        if (status == MESSAGE_READY) {
            session_message(session, &message);
            continue;
        }
        if (status == MESSAGE_BAD) {
            fatal(session, &error);
            break;
        }
        connection_flush(c);
        if (atomic_load(&session->server->stopping)) {
            error_set(&error, E_ADMIN_SHUTDOWN,
                      "terminating connection due to administrator command");
            fatal(session, &error);
            break;
        }
        i64 idle = timeouts_idle(session, &error);
        if (idle == 0) {
            fatal(session, &error);
            break;
        }
        i32 got = connection_wait(c, WAIT_READ | WAIT_EVENT, idle);
        if ((got & WAIT_READ) && !connection_fill(c, &error)) {
            if (!c->closed) /* no memory for the message */
                fatal(session, &error);
            break;
        }
    }
    connection_flush(c);
}

static void session_free(Session *session)
{
    portals_close_all(session);
    while (session->statements)
        statement_drop(session, session->statements);
    session_rollback(session);
    temporary_drop_of_session(session);
    session_sequences_close(&session->sequences);
    arena_close(&session->message_arena);
    Arena arena = session->arena; /* the Session lies in its own arena */
    arena_close(&arena);
}

/* The defaults, then those of the configuration file, which was tried when the server started. */
static void open_settings(Session *session)
{
    const ServerOptions *options = &session->server->options;
    settings_open(&session->settings);
    for (i32 i = 0; i < options->setting_count; i++) {
        Error error;
        bool good = setting_start(&session->settings, text_from(options->settings[i].name),
                                  text_from(options->settings[i].value), &error);
        verify(good);
    }
}

void session_serve(Server *server, int socket)
{
    Arena arena;
    Error error;
    arena_open(&arena, &server->budget);
    Session *session = arena_try(&arena, (i64)sizeof *session, &error);
    Connection connection;
    connection_open(&connection, socket, event_open(), &server->budget);
    if (session) {
        session->arena = arena;
        session->server = server;
        session->thread = pthread_self();
        session->connection = &connection;
        query_control_open(&session->control, &server->budget, "query");
        arena_open(&session->message_arena, &session->control.budget);
        open_settings(session);
        session_sequences_open(&session->sequences, server->sequences, &server->budget);
        session_register(server, session);
        session->ready = session_start(session);
        if (session->ready)
            session_loop(session);
        session_unregister(server, session);
        session_free(session);
    } else {
        arena_close(&arena);
    }
    connection_close(&connection);
}
