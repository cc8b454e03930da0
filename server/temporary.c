/* SPDX-License-Identifier: Apache-2.0
 *
 * When temporary relations go: at COMMIT as ON COMMIT says, by DISCARD, and with their session.
 * What a server that died has left goes when the next one starts.
 *
 * Each way lists what there is and hands the list to the executor as a DROP or TRUNCATE, so that
 * whatever a relation consists of goes the one way everything goes. Nothing outside of a temporary
 * schema depends on what is in it: views over it are in it as well.
 *
 * The end of a session needs no client and no part of the session but its number: it is a
 * transaction of its own in a query of its own. If it fails, the log says so and the next start
 * does it.
 */
#include <poll.h>

#include "base/log.h"
#include "catalog/sequence.h"
#include "server/session.h"

enum { PAUSE_MS = 1 };

static void close_snapshot(void *snapshot)
{
    snapshot_close(snapshot);
}

/* What a transaction sees now; closes with q's arena. */
static CatalogView view_now(Query *q, Transaction *transaction)
{
    Snapshot *snapshot;
    transaction_next_statement(transaction);
    if (!transaction_snapshot(transaction, &snapshot, &q->error))
        query_rethrow(q, &q->error);
    query_defer(q, q->arena, close_snapshot, snapshot);
    return (CatalogView){.snapshot = snapshot};
}

/* ---- lists ---- */

typedef struct Items {
    PlanDropItem *list;
    i32 count, capacity;
} Items;

/* False: it is in the list. */
static bool add_item(Query *q, Items *items, u32 object_class, u32 oid, Text name)
{
    for (i32 i = 0; i < items->count; i++)
        if (items->list[i].object_class == object_class && items->list[i].oid == oid)
            return false;
    make_room(q, items->list, items->count, &items->capacity);
    items->list[items->count++] = (PlanDropItem){object_class, oid, name, 0};
    return true;
}

static void add_relation(void *items, Query *q, const CatalogRelation *relation)
{
    add_item(q, items, CLASS_RELATION, relation->oid, relation->name);
}

/* How the executor waits for locks and who is told. */
typedef struct Waiter {
    TicketWait wait;
    void *state;
} Waiter;

static void run_items(Query *q, CommandKind kind, const Items *items, const CatalogView *view,
                      Transaction *transaction, Waiter waiter)
{
    if (items->count == 0)
        return;
    Plan *root = make(q, Plan);
    root->kind = PLAN_COMMAND;
    root->command = (PlanCommand){.kind = kind, .drops = items->list, .drop_count = items->count};
    PlanTree *tree = make(q, PlanTree);
    tree->root = root;
    ExecutionInput input = {
        .snapshot = view->snapshot, .transaction = transaction, .catalog = view};
    ddl_run(q, tree, &input, waiter.wait, waiter.state);
}

/* ---- COMMIT ---- */

typedef struct OnCommitWork {
    Query *q;
    Session *session;
    CatalogView view;
    Items emptied, dropped;
} OnCommitWork;

typedef struct OwnedWork {
    OnCommitWork *work;
    u32 table;
} OwnedWork;

static void drop_owned(void *state, Query *q, const CatalogSequence *sequence)
{
    const OwnedWork *owned = state;
    if (sequence->owner_table == owned->table)
        add_relation(&owned->work->dropped, q,
                     catalog_relation(q, &owned->work->view, sequence->oid));
}

/* Its sequences, views over a table that goes, and views over those. */
static void drop_with_dependents(void *state, Query *q, const CatalogRelation *relation)
{
    OnCommitWork *work = state;
    stack_check(q);
    if (!add_item(q, &work->dropped, CLASS_RELATION, relation->oid, relation->name))
        return;
    OwnedWork owned = {work, relation->oid};
    catalog_sequences(q, &work->view, drop_owned, &owned);
    catalog_dependents(q, &work->view, relation->oid, 0, drop_with_dependents, work);
}

static void note_on_commit(void *state, Query *q, const CatalogRelation *relation)
{
    OnCommitWork *work = state;
    switch (relation->on_commit) {
    case ON_COMMIT_PRESERVE_ROWS:
        return;
    case ON_COMMIT_DELETE_ROWS:
        add_relation(&work->emptied, q, relation);
        return;
    case ON_COMMIT_DROP:
        drop_with_dependents(work, q, relation);
        return;
    }
    unreachable();
}

static void on_commit_body(void *argument)
{
    OnCommitWork *work = argument;
    Query *q = work->q;
    Transaction *transaction = work->session->transaction;
    Waiter waiter = {session_wait_ticket, work->session};
    work->view = view_now(q, transaction);
    const CatalogSchema *schema = catalog_temporary_schema(q, &work->view);
    if (!schema || schema->oid == 0)
        return;
    catalog_relations_of_schema(q, &work->view, schema->oid, note_on_commit, work);
    run_items(q, COMMAND_TRUNCATE, &work->emptied, &work->view, transaction, waiter);
    run_items(q, COMMAND_DROP, &work->dropped, &work->view, transaction, waiter);
}

void temporary_before_commit(Query *q, Session *session)
{
    if (!session->on_commit_tables || !session->touched_temporary)
        return;
    OnCommitWork work = {.q = q, .session = session};
    Arena arena, *before = q->arena; /* the snapshot in it closes before the transaction ends */
    arena_open(&arena, &session->control.budget);
    q->arena = &arena;
    bool done = query_try(q, on_commit_body, &work);
    q->arena = before;
    arena_close(&arena);
    if (done)
        return;
    Error error = q->error;
    query_rethrow(q, &error);
}

void temporary_note_definition(Session *session, const CatalogRelation *relation)
{
    if (!relation || relation->persistence != PERSISTENCE_TEMPORARY)
        return;
    session->touched_temporary = session->used_temporary = true;
    session->on_commit_tables |= relation->on_commit != ON_COMMIT_PRESERVE_ROWS;
}

void temporary_note_uses(Session *session, const Bound *bound)
{
    for (i32 i = 0; i < bound->use_count; i++) {
        session->used_temporary |= bound->uses[i].temporary;
        session->touched_temporary |=
            bound->uses[i].temporary &&
            bound->uses[i].privileges & (USE_INSERT | USE_UPDATE | USE_DELETE);
    }
}

/* ---- DISCARD ---- */

void temporary_discard(Query *q, Session *session)
{
    Items items = {.count = 0};
    CatalogView view = view_now(q, session->transaction);
    const CatalogSchema *schema = catalog_temporary_schema(q, &view);
    if (!schema || schema->oid == 0)
        return;
    catalog_relations_of_schema(q, &view, schema->oid, add_relation, &items);
    run_items(q, COMMAND_DROP, &items, &view, session->transaction,
              (Waiter){session_wait_ticket, session});
    session->wrote |= items.count > 0;
}

/* ---- the end of a session, the start of a server ---- */

typedef struct Leaving {
    Server *server;
    i32 session; /* its number; 0: whatever schema is temporary */
    Transaction *transaction;
    Items items;
    CatalogView view;
    Query q;
    QueryControl control;
    Arena arena;
} Leaving;

/* Somebody else may be at a drop of one of them. */
static void wait_for_lock(void *state, Query *q, Ticket *ticket)
{
    Leaving *leaving = state;
    while (ticket_state(ticket) == TICKET_WAITING && !atomic_load(&leaving->server->stopping)) {
        commit_step(leaving->server->storage);
        poll(NULL, 0, PAUSE_MS);
    }
    Error why;
    error_set(&why, E_OBJECT_IN_USE, "another session holds them");
    transaction_cancel_wait(leaving->transaction, ticket, &why);
    if (ticket_state(ticket) == TICKET_FAILED)
        query_rethrow(q, &ticket->error);
}

/* The schema with all that is in it. */
static void add_schema(void *state, Query *q, const CatalogSchema *schema)
{
    Leaving *leaving = state;
    if (!catalog_is_temporary_name(schema->name))
        return;
    catalog_relations_of_schema(q, &leaving->view, schema->oid, add_relation, &leaving->items);
    add_item(q, &leaving->items, CLASS_SCHEMA, schema->oid, schema->name);
}

static void leaving_body(void *argument)
{
    Leaving *leaving = argument;
    Query *q = &leaving->q;
    leaving->view = view_now(q, leaving->transaction);
    if (leaving->session == 0) {
        catalog_schemas(q, &leaving->view, add_schema, leaving);
    } else {
        const CatalogSchema *schema = catalog_temporary_schema(q, &leaving->view);
        if (schema->oid)
            add_schema(leaving, q, schema);
    }
    run_items(q, COMMAND_DROP, &leaving->items, &leaving->view, leaving->transaction,
              (Waiter){wait_for_lock, leaving});
}

/* The transaction is over afterwards. */
static bool commit_now(Storage *storage, Transaction *transaction, Error *error)
{
    Ticket ticket = {.state = TICKET_IDLE};
    ticket_arm(&ticket, NULL, NULL);
    WriteStatus status = transaction_commit_begin(transaction, &ticket, error);
    if (status != WRITE_WAIT)
        return status == WRITE_DONE;
    commit_step(storage);
    while (ticket_state(&ticket) == TICKET_WAITING) {
        poll(NULL, 0, PAUSE_MS);
        commit_step(storage);
    }
    if (ticket_state(&ticket) == TICKET_GRANTED)
        return true;
    *error = ticket.error;
    return false;
}

static bool drop_all_of(Server *server, i32 session, i32 *count, Error *error)
{
    Leaving leaving = {.server = server, .session = session};
    query_control_open(&leaving.control, &server->budget, "query");
    if (!transaction_begin(server->storage, READ_COMMITTED, &leaving.control.budget,
                           &leaving.transaction, error))
        return false;
    transaction_set_session(leaving.transaction, session);
    arena_open(&leaving.arena, &leaving.control.budget);
    query_open(&leaving.q, &leaving.arena, &leaving.control);
    bool dropped = query_try(&leaving.q, leaving_body, &leaving);
    *count = leaving.items.count;
    *error = leaving.q.error;
    arena_close(&leaving.arena);
    if (dropped)
        dropped = commit_now(server->storage, leaving.transaction, error);
    else
        transaction_rollback(leaving.transaction);
    budget_close(&leaving.control.budget);
    return dropped;
}

void temporary_drop_of_session(Session *session)
{
    Error error;
    i32 count;
    if (!drop_all_of(session->server, session->pid, &count, &error))
        log_line(LOG_WARNING, "temporary relations of session %d stay until the next start: %s",
                 session->pid, error.message);
}

bool temporary_drop_left(Server *server, Error *error)
{
    i32 count;
    if (!drop_all_of(server, 0, &count, error))
        return false;
    if (count)
        log_line(LOG_INFO, "%d temporary objects of sessions before this start are dropped", count);
    return true;
}
