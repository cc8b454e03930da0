/* SPDX-License-Identifier: Apache-2.0
 *
 * Prepared statements and portals by name: one list each, the unnamed one among them.
 */
#include "server/session.h"

Statement *statement_find(Session *session, Text name)
{
    for (Statement *s = session->statements; s; s = s->next)
        if (text_equal(s->name, name))
            return s;
    return NULL;
}

static void statement_free(Statement *statement)
{
    if (statement->prepared)
        prepared_release(statement->prepared);
    Arena arena = statement->arena; /* the Statement lies in its own arena */
    arena_close(&arena);
}

void statement_drop(Session *session, Statement *statement)
{
    Statement **link = &session->statements;
    while (*link != statement)
        link = &(*link)->next;
    *link = statement->next;
    statement->dropped = true;
    if (statement->portals == 0)
        statement_free(statement);
}

Statement *statement_make(Query *q, Session *session, Text name)
{
    Statement *old = statement_find(session, name);
    if (old && name.len > 0)
        query_fail(q, E_DUPLICATE_PREPARED_STATEMENT, "prepared statement \"%.*s\" already exists",
                   TEXT_ARG(name));
    if (old)
        statement_drop(session, old);
    Arena arena;
    arena_open(&arena, &session->control.budget);
    Statement *statement = arena_try(&arena, (i64)sizeof *statement, &q->error);
    if (!statement)
        query_rethrow(q, &q->error);
    if (!arena_text(&arena, name, &statement->name, &q->error)) {
        arena_close(&arena);
        query_rethrow(q, &q->error);
    }
    statement->arena = arena;
    statement->next = session->statements;
    session->statements = statement;
    return statement;
}

void statements_drop_unfinished(Session *session)
{
    for (Statement *s = session->statements, *next; s; s = next) {
        next = s->next;
        if (!s->lasting)
            statement_drop(session, s);
    }
}

Portal *portal_find(Session *session, Text name)
{
    for (Portal *p = session->portals; p; p = p->next)
        if (!p->nested && text_equal(p->name, name))
            return p;
    return NULL;
}

static Portal *portal_new(Query *q, Session *session, Text name, Statement *statement)
{
    Arena arena;
    arena_open(&arena, &session->control.budget);
    Portal *portal = arena_try(&arena, (i64)sizeof *portal, &q->error);
    if (!portal)
        query_rethrow(q, &q->error);
    if (!arena_text(&arena, name, &portal->name, &q->error)) {
        arena_close(&arena);
        query_rethrow(q, &q->error);
    }
    portal->arena = arena;
    portal->statement = statement;
    statement->portals++;
    portal->next = session->portals;
    session->portals = portal;
    return portal;
}

Portal *portal_make(Query *q, Session *session, Text name, Statement *statement)
{
    Portal *old = portal_find(session, name);
    if (old && name.len > 0)
        query_fail(q, E_DUPLICATE_CURSOR, "cursor \"%.*s\" already exists", TEXT_ARG(name));
    if (old)
        portal_close(session, old);
    return portal_new(q, session, name, statement);
}

Portal *portal_make_nested(Query *q, Session *session, Statement *statement)
{
    Portal *portal = portal_new(q, session, TEXT(""), statement);
    portal->nested = true;
    return portal;
}

void portal_close(Session *session, Portal *portal)
{
    Portal **link = &session->portals;
    while (*link != portal)
        link = &(*link)->next;
    *link = portal->next;
    if (session->running == portal)
        session->running = NULL;
    if (portal->run)
        execution_close(portal->run);
    PlanTree *plan = portal->plan;
    Prepared *prepared = portal->prepared;
    Snapshot *snapshot = portal->snapshot;
    Statement *statement = portal->statement;
    Arena arena = portal->arena; /* the Portal lies in its own arena */
    arena_close(&arena);         /* and so do executions of inner plans, which look at them */
    if (plan)
        plan_release(plan);
    if (prepared)
        prepared_release(prepared);
    if (snapshot)
        snapshot_close(snapshot);
    statement->portals--;
    if (statement->dropped && statement->portals == 0)
        statement_free(statement);
}

void portals_close_all(Session *session)
{
    while (session->portals)
        portal_close(session, session->portals);
}
