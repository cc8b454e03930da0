/* SPDX-License-Identifier: Apache-2.0
 *
 * FOR UPDATE, FOR NO KEY UPDATE, FOR SHARE, FOR KEY SHARE: which relations of FROM are locked.
 *
 * A relation that is locked gives its row ids as a hidden target of its query; a sub-query and a
 * view hand the clause down to theirs. Everything else in FROM has no rows to lock and is passed
 * over, unless it is named.
 */
#include "planner/bind.h"

typedef struct LockClause {
    Binder *b;
    LockMode mode;
    LockWaits wait;
    const char *words;
    bool pushed;
} LockClause;

static const char *clause_words(LockMode mode)
{
    static const char *const words[] = {"FOR KEY SHARE", "FOR SHARE", "FOR NO KEY UPDATE",
                                        "FOR UPDATE"};
    return words[mode - LOCK_ROW_KEY_SHARE];
}

static _Noreturn void fail_clause(const LockClause *clause, const char *what)
{
    query_fail(clause->b->q, E_FEATURE_NOT_SUPPORTED, "%s %s", clause->words, what);
}

/* Rows that can be locked must be those of the tables. */
static void check_query(const LockClause *clause, const BoundQuery *query)
{
    if (query->body == BODY_SET)
        fail_clause(clause, "is not allowed with UNION/INTERSECT/EXCEPT");
    if (query->distinct || query->distinct_on_count)
        fail_clause(clause, "is not allowed with DISTINCT clause");
    if (query->group_count)
        fail_clause(clause, "is not allowed with GROUP BY clause");
    if (query->having)
        fail_clause(clause, "is not allowed with HAVING clause");
    if (query->aggregate_count)
        fail_clause(clause, "is not allowed with aggregate functions");
    if (query->set_call_count && query->body == BODY_SELECT)
        fail_clause(clause, "is not allowed with set-returning functions in the target list");
}

static i32 hidden_target(Binder *b, BoundQuery *query, i32 column)
{
    BoundTarget *targets = make_array(b->q, BoundTarget, query->target_count + 1);
    if (query->target_count)
        memcpy(targets, query->targets, (size_t)query->target_count * sizeof *targets);
    Expr *expr = bind_column_ref(b, column, -1);
    i32 output = bind_new_column(b, TEXT("ctid"), expr->type, expr->lane);
    targets[query->target_count] = (BoundTarget){expr, TEXT("ctid"), output};
    query->targets = targets;
    return query->target_count++;
}

/* The stronger lock, and the answer to waiting that PostgreSQL prefers: NOWAIT, then SKIP LOCKED.
 */
static void lock_strengthen(BoundLock *lock, const LockClause *clause)
{
    if (clause->mode > lock->mode) {
        lock->mode = clause->mode;
        lock->words = clause->words;
    }
    if (lock->wait != LOCK_NOWAIT && clause->wait != LOCK_WAITS)
        lock->wait = clause->wait;
}

static void lock_relation(const LockClause *clause, BoundQuery *query, BoundFrom *from)
{
    Binder *b = clause->b;
    if (from->relation->kind == RELATION_SEQUENCE)
        query_fail(b->q, E_WRONG_OBJECT_TYPE, "cannot lock rows in sequence \"%.*s\"",
                   TEXT_ARG(from->relation->name));
    if (!from->relation->access->lock_rows)
        return;
    for (i32 i = 0; i < query->lock_count; i++) {
        if (query->locks[i].from != from)
            continue;
        lock_strengthen(&query->locks[i], clause);
        return;
    }
    from->has_row_id = true;
    from->row_id = bind_new_column(b, TEXT("ctid"), type_of(TYPE_INT8), lane_of(LANE_I64));
    BoundLock *locks = make_array(b->q, BoundLock, query->lock_count + 1);
    if (query->lock_count)
        memcpy(locks, query->locks, (size_t)query->lock_count * sizeof *locks);
    locks[query->lock_count++] = (BoundLock){.from = from,
                                             .mode = clause->mode,
                                             .wait = clause->wait,
                                             .target = hidden_target(b, query, from->row_id),
                                             .pushed = clause->pushed,
                                             .words = clause->words};
    query->locks = locks;
    bind_use(b, from->relation, USE_LOCK_ROWS);
    if (!b->bound->locks)
        b->bound->locks = clause->words;
}

static void lock_query(const LockClause *clause, BoundQuery *query);

static void lock_item(const LockClause *clause, BoundQuery *query, BoundFrom *from)
{
    stack_check(clause->b->q);
    LockClause below = *clause;
    switch (from->kind) {
    case FROM_RELATION:
        lock_relation(clause, query, from);
        return;
    case FROM_QUERY:
        below.pushed = true;
        if (from->query->body != BODY_VALUES)
            lock_query(&below, from->query);
        return;
    case FROM_JOIN:
        lock_item(clause, query, from->left);
        lock_item(clause, query, from->right);
        return;
    case FROM_CTE:
    case FROM_FUNCTION:
        return;
    }
}

static void lock_query(const LockClause *clause, BoundQuery *query)
{
    check_query(clause, query);
    for (i32 i = 0; i < query->from_count; i++)
        lock_item(clause, query, query->from[i]);
}

/* ---- OF ---- */

static BoundFrom *find_named(BoundFrom *from, Text name)
{
    if (from->kind == FROM_JOIN) {
        BoundFrom *left = find_named(from->left, name);
        return left ? left : find_named(from->right, name);
    }
    return from->alias.data && text_equal(from->alias, name) ? from : NULL;
}

static void lock_named(const LockClause *clause, BoundQuery *query, Name name)
{
    Query *q = clause->b->q;
    BoundFrom *from = NULL;
    if (name.count != 1)
        query_fail_at(q, name.offset, E_SYNTAX_ERROR, "%s must specify unqualified relation names",
                      clause->words);
    for (i32 i = 0; i < query->from_count && !from; i++)
        from = find_named(query->from[i], name.parts[0]);
    if (!from)
        query_fail_at(q, name.offset, E_UNDEFINED_TABLE,
                      "relation \"%.*s\" in %s clause not found in FROM clause",
                      TEXT_ARG(name.parts[0]), clause->words);
    const char *what = from->kind == FROM_FUNCTION ? "a function"
                       : from->kind == FROM_CTE    ? "a WITH query"
                                                   : NULL;
    if (what)
        query_fail_at(q, name.offset, E_FEATURE_NOT_SUPPORTED, "%s cannot be applied to %s",
                      clause->words, what);
    lock_item(clause, query, from);
}

void bind_locking(Binder *b, const AstList *clauses, BoundQuery *query)
{
    for (i32 i = 0; i < clauses->count; i++) {
        const AstLocking *ast = &clauses->items[i]->locking;
        LockClause clause = {.b = b, .mode = LOCK_ROW_KEY_SHARE + (LockMode)ast->strength};
        clause.words = clause_words(clause.mode);
        clause.wait = ast->wait == AST_LOCK_SKIP     ? LOCK_SKIP
                      : ast->wait == AST_LOCK_NOWAIT ? LOCK_NOWAIT
                                                     : LOCK_WAITS;
        if (query->body == BODY_VALUES)
            fail_clause(&clause, "cannot be applied to VALUES");
        if (clause.wait == LOCK_SKIP && query->with_ties)
            query_fail(b->q, E_SYNTAX_ERROR,
                       "SKIP LOCKED and WITH TIES options cannot be used together");
        check_query(&clause, query);
        for (i32 t = 0; t < ast->tables.count; t++)
            lock_named(&clause, query, ast->tables.items[t]->name.name);
        if (ast->tables.count == 0)
            lock_query(&clause, query);
    }
}
