/* SPDX-License-Identifier: Apache-2.0
 *
 * Transactions of a session: implicit ones around statements, blocks after BEGIN, and what COMMIT,
 * ROLLBACK and an error do to them.
 */
#include "base/log.h"
#include "server/session.h"

Transaction *session_transaction(Query *q, Session *session)
{
    if (session->transaction)
        return session->transaction;
    Platform *platform = session->server->platform;
    session->transaction_us = platform->wall_us(platform);
    session->wrote = session->touched_temporary = session->used_temporary = false;
    session->settings.modes_fixed = false;
    if (session->block == BLOCK_NONE) {
        session->settings.isolation = session->settings.default_isolation;
        session->settings.read_only = session->settings.default_read_only;
    }
    if (!transaction_begin(session->server->storage, session->settings.isolation,
                           &session->control.budget, &session->transaction, &q->error)) {
        session->transaction = NULL;
        query_rethrow(q, &q->error);
    }
    transaction_set_session(session->transaction, session->pid);
    return session->transaction;
}

void session_wait_ticket(void *state, Query *q, Ticket *ticket)
{
    Session *session = state;
    Connection *c = session->connection;
    session->lock_wait = 0;
    while (ticket_state(ticket) == TICKET_WAITING) {
        commit_step(session->server->storage);
        if (ticket_state(ticket) != TICKET_WAITING)
            break;
        /* the releaser may have no way to wake this thread: look again soon */
        connection_wait(c, WAIT_EVENT, 2000);
        timeouts_check(session, ticket);
        if (c->closed)
            query_interrupt(&session->control, INTERRUPT_CONNECTION_LOST);
        if (!atomic_load(&session->control.interrupt) || !session->transaction)
            continue;
        Error why;
        error_set(&why, E_QUERY_CANCELED, "canceling statement due to user request");
        transaction_cancel_wait(session->transaction, ticket, &why);
        query_check(q);
    }
    if (ticket_state(ticket) == TICKET_FAILED)
        query_rethrow(q, &ticket->error);
}

/* Where sequences of the transaction's own stand goes into it first. */
static WriteStatus commit_begin(Session *session, Transaction *transaction, Ticket *ticket,
                                Error *error)
{
    if (sequences_before_commit(session->server->sequences, transaction, error))
        return transaction_commit_begin(transaction, ticket, error);
    transaction_rollback(transaction);
    return WRITE_ERROR;
}

/* States that DROP and RESTART left behind. What fails is tried again after the next ones. */
static void sweep_sequences(Session *session)
{
    Error error;
    if (!sequences_sweep_if_due(session->server->sequences, &error))
        log_line(LOG_WARNING, "states of sequences are left behind: %s", error.message);
}

/* The transaction at hand is rolled back. */
static void rollback_transaction(Session *session)
{
    Transaction *transaction = session->transaction;
    session->transaction = NULL;
    if (!transaction)
        return;
    u64 id = transaction_id(transaction);
    transaction_rollback(transaction);
    sequences_transaction_end(session->server->sequences, id, ENDED_BY_ROLLBACK);
}

void session_commit(Query *q, Session *session)
{
    Transaction *transaction = session->transaction;
    portals_close_all(session);
    session->block = BLOCK_NONE;
    if (!transaction) {
        settings_commit(&session->settings);
        return;
    }
    temporary_before_commit(q, session);
    Ticket ticket = {.state = TICKET_IDLE};
    session->transaction = NULL; /* gone whatever the answer is */
    u64 id = transaction_id(transaction);
    WriteStatus status = commit_begin(session, transaction, &ticket, &q->error);
    if (status == WRITE_ERROR) {
        sequences_transaction_end(session->server->sequences, id, ENDED_BY_ROLLBACK);
        settings_rollback(&session->settings);
        query_rethrow(q, &q->error);
    }
    if (status == WRITE_WAIT) {
        while (ticket_state(&ticket) ==
               TICKET_WAITING) { /* not cancellable: the outcome must be known */
            commit_step(session->server->storage);
            if (ticket_state(&ticket) == TICKET_WAITING)
                connection_wait(session->connection, WAIT_EVENT, 200);
        }
        if (ticket_state(&ticket) == TICKET_FAILED) {
            sequences_transaction_end(session->server->sequences, id, ENDED_BY_ROLLBACK);
            settings_rollback(&session->settings);
            query_rethrow(q, &ticket.error);
        }
    }
    sequences_transaction_end(session->server->sequences, id, ENDED_BY_COMMIT);
    settings_commit(&session->settings);
    sweep_sequences(session);
}

void session_rollback(Session *session)
{
    portals_close_all(session);
    rollback_transaction(session);
    session->block = BLOCK_NONE;
    settings_rollback(&session->settings);
}

void session_fail(Session *session)
{
    if (session->block == BLOCK_NONE) {
        session_rollback(session);
        return;
    }
    rollback_transaction(session);
    settings_rollback(&session->settings);
    session->block = BLOCK_FAILED;
}

char session_status(const Session *session)
{
    return session->block == BLOCK_NONE ? 'I' : session->block == BLOCK_OPEN ? 'T' : 'E';
}

void session_apply_isolation(Session *session)
{
    if (session->transaction && !session->settings.modes_fixed)
        transaction_set_isolation(session->transaction, session->settings.isolation);
}

/* The transaction of the command itself becomes the block's. Statements before it in the same
 * simple Query are in it, and their modes stay. */
static void begin_block(Query *q, Session *session, const AstTransactionModes *modes)
{
    if (session->block == BLOCK_OPEN)
        send_notice(session->connection, "WARNING", E_ACTIVE_SQL_TRANSACTION,
                    TEXT("there is already a transaction in progress"));
    session_set_modes(q, session, modes, false);
    session->block = BLOCK_OPEN;
}

static void no_block(Session *session)
{
    send_notice(session->connection, "WARNING", E_NO_ACTIVE_SQL_TRANSACTION,
                TEXT("there is no transaction in progress"));
}

/* As with max_prepared_transactions = 0: a transaction that would be prepared is rolled back, and a
 * failed one is by any of its ends. */
static void prepare_transaction(Query *q, Session *session, Text name, const char **tag)
{
    enum { IDENTIFIER_BYTES_MAX = 199 };
    bool open = session->block == BLOCK_OPEN || session->several_statements;
    if (session->block == BLOCK_NONE)
        no_block(session);
    if (session->block == BLOCK_FAILED || !open) {
        *tag = "ROLLBACK";
        session->ending = END_ROLLBACK;
        return;
    }
    session->block = BLOCK_NONE; /* the error ends it */
    if (session->used_temporary)
        query_fail(q, E_FEATURE_NOT_SUPPORTED,
                   "cannot PREPARE a transaction that has operated on temporary objects");
    if (name.len > IDENTIFIER_BYTES_MAX)
        query_fail(q, E_INVALID_PARAMETER_VALUE, "transaction identifier \"%.*s\" is too long",
                   TEXT_ARG(name));
    Error error;
    error_set(&error, E_OBJECT_NOT_IN_PREREQUISITE_STATE, "prepared transactions are disabled");
    error_hint(&error, "Set max_prepared_transactions to a nonzero value.");
    query_rethrow(q, &error);
}

bool command_transaction(Query *q, Session *session, const Ast *ast, const char **tag)
{
    const AstTransaction *command = &ast->transaction;
    session->chain = command->chain;
    if (command->chain && session->block == BLOCK_NONE)
        query_fail(q, E_NO_ACTIVE_SQL_TRANSACTION,
                   "%s AND CHAIN can only be used in transaction blocks",
                   command->command == TRANSACTION_COMMIT ? "COMMIT" : "ROLLBACK");
    switch (command->command) {
    case TRANSACTION_BEGIN:
    case TRANSACTION_START:
        begin_block(q, session, &command->modes);
        return true;
    case TRANSACTION_COMMIT:
        if (session->block == BLOCK_NONE)
            no_block(session);
        if (session->block == BLOCK_FAILED)
            *tag = "ROLLBACK";
        session->ending = session->block == BLOCK_FAILED ? END_ROLLBACK : END_COMMIT;
        return true;
    case TRANSACTION_ROLLBACK:
        if (session->block == BLOCK_NONE)
            no_block(session);
        session->ending = END_ROLLBACK;
        return true;
    case TRANSACTION_SAVEPOINT:
    case TRANSACTION_RELEASE:
    case TRANSACTION_ROLLBACK_TO:
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "SAVEPOINT is not supported yet");
    case TRANSACTION_PREPARE:
        prepare_transaction(q, session, command->name, tag);
        return true;
    case TRANSACTION_COMMIT_PREPARED:
    case TRANSACTION_ROLLBACK_PREPARED:
        query_fail(q, E_UNDEFINED_OBJECT,
                   "prepared transaction with identifier \"%.*s\" does not exist",
                   TEXT_ARG(command->name));
    }
    unreachable();
}

void session_end_block(Query *q, Session *session)
{
    SessionEnd ending = session->ending;
    session->ending = END_NOTHING;
    AstTransactionModes same = {.isolation = ISOLATION_DEFAULT};
    Isolation isolation = session->settings.isolation;
    bool chain = session->chain, read_only = session->settings.read_only;
    session->chain = false;
    if (ending == END_COMMIT)
        session_commit(q, session);
    else if (ending == END_ROLLBACK)
        session_rollback(session);
    if (ending == END_NOTHING || !chain)
        return;
    begin_block(q, session, &same);
    session->settings.isolation = isolation;
    session->settings.read_only = read_only;
}
