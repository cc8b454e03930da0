/* SPDX-License-Identifier: Apache-2.0
 *
 * PREPARE and EXECUTE, also inside EXPLAIN and CREATE TABLE AS.
 */
#include "expressions/eval.h"
#include "server/session.h"

static void release_prepared(void *prepared)
{
    prepared_release(prepared);
}

void prepare_run(Query *q, Session *session, const Portal *portal, const AstPrepare *prepare)
{
    Statement *statement = statement_make(q, session, prepare->name);
    statement->is_sql = true;
    Arena *before = q->arena;
    q->arena = &statement->arena;
    statement->text = query_text(q, portal->statement->text);
    /* the tree must outlive this message: print it and read it back into the statement's arena */
    TextBuilder builder;
    builder_open(&builder, q, q->arena);
    ast_print(&builder, prepare->statement);
    statement->text = builder_text(&builder);
    ParsedText parsed = parse(q, statement->text);
    verify(parsed.count == 1);
    statement->ast = parsed.statements[0].ast;
    statement->type_count = prepare->types.count;
    statement->types = make_array(q, u32, prepare->types.count);
    for (i32 i = 0; i < prepare->types.count; i++) {
        const Ast *type = prepare->types.items[i];
        Name name = type->type.name;
        const TypeRow *row = type_row_by_name(name.parts[name.count - 1]);
        if (!row)
            query_fail_at(q, type->offset, E_UNDEFINED_OBJECT, "type \"%.*s\" does not exist",
                          TEXT_ARG(name.parts[name.count - 1]));
        statement->types[i] = type->type.bounds.count ? row->array_oid : row->oid;
    }
    q->arena = before;
    statement_prepare(q, session, statement);
    statement->lasting = true;
}

/* Its ast is NULL when it is the empty statement. */
static Statement *find_prepared(Query *q, Session *session, const AstExecute *execute)
{
    Statement *statement = statement_find(session, execute->name);
    if (!statement || !execute->name.len)
        query_fail(q, E_INVALID_SQL_STATEMENT_NAME, "prepared statement \"%.*s\" does not exist",
                   TEXT_ARG(execute->name));
    if (statement->ast && !statement->prepared) /* by a Parse while the transaction had failed */
        statement_revalidate(q, session, statement);
    return statement;
}

/* A portal of the statement, with the arguments as values; its arena is the query's from now on. */
static Portal *portal_with_arguments(Query *q, PortalCommand *command, Statement *statement,
                                     const Prepared *prepared, const AstExecute *execute)
{
    Session *session = command->session;
    i32 wanted = 0;
    const u32 *types = prepared_parameters(prepared, &wanted);
    if (execute->args.count != wanted) {
        error_set(&q->error, E_SYNTAX_ERROR,
                  "wrong number of parameters for prepared statement \"%.*s\"",
                  TEXT_ARG(execute->name));
        error_detail(&q->error, "Expected %d parameters but got %d.", wanted, execute->args.count);
        query_rethrow(q, &q->error);
    }
    Portal *inner = portal_make_nested(q, session, statement);
    inner->value_count = wanted;
    q->arena = &inner->arena;
    inner->values = make_array(q, Value, wanted);
    const Portal *portal = command->portal;
    for (i32 i = 0; i < wanted; i++) {
        Expr *argument =
            execute_argument_bind(q, &portal->view, &portal->env, execute->args.items[i],
                                  portal->statement->text, i + 1, types[i]);
        inner->values[i] = evaluate_once(q, q->arena, argument, &portal->env, NULL, 0);
    }
    return inner;
}

void execute_run(Query *q, PortalCommand *command, const AstExecute *execute)
{
    Session *session = command->session;
    Statement *statement = find_prepared(q, session, execute);
    if (!statement->ast)
        return;
    if (statement->ast->kind == AST_TRANSACTION) { /* it ends this portal too */
        command->tag = prepared_bound(statement->prepared)->tag;
        command_session(q, command, statement->ast);
        return;
    }
    stack_check(q);
    Arena *before = q->arena;
    Portal *inner = portal_with_arguments(q, command, statement, statement->prepared, execute);
    portal_open(q, session, inner);
    i32 columns;
    const ResultColumn *described = prepared_columns(inner->prepared, &columns);
    if (described)
        send_row_description(session->connection, described, columns, NULL, 0);
    portal_execute(q, session, inner, 0);
    q->arena = before;
    portal_close(session, inner);
    session->tag_sent = true;
}

/* ---- EXPLAIN and CREATE TABLE AS of EXECUTE ---- */

static const Ast *execute_of(const Ast *ast)
{
    if (ast->kind == AST_EXPLAIN)
        return execute_of(ast->explain.statement);
    return ast->kind == AST_CREATE_TABLE_AS ? ast->create_table_as.query : ast;
}

static _Noreturn void fail_no_select(Query *q)
{
    query_fail(q, E_WRONG_OBJECT_TYPE, "prepared statement is not a SELECT");
}

/* The statement with the prepared one in place of EXECUTE. Member by member: a node has only the
 * bytes its kind needs. */
static Ast *with_prepared(Query *q, const Ast *ast, Ast *prepared)
{
    if (ast->kind == AST_EXECUTE)
        return prepared;
    Ast *copy = make(q, Ast);
    copy->kind = ast->kind;
    copy->offset = ast->offset;
    if (ast->kind == AST_EXPLAIN) {
        copy->explain = ast->explain;
        copy->explain.statement = with_prepared(q, ast->explain.statement, prepared);
        return copy;
    }
    bool is_select = prepared->kind == AST_QUERY && !(prepared->query.body->kind == AST_SELECT &&
                                                      prepared->query.body->select.into);
    if (!is_select)
        fail_no_select(q);
    copy->create_table_as = ast->create_table_as;
    copy->create_table_as.query = prepared;
    return copy;
}

void execute_within(Query *q, PortalCommand *command, const Ast *ast)
{
    Session *session = command->session;
    const AstExecute *execute = &execute_of(ast)->execute;
    const Statement *prepared = find_prepared(q, session, execute);
    const Ast *outer = ast->kind == AST_EXPLAIN ? ast->explain.statement : ast;
    if (!prepared->ast && outer->kind == AST_CREATE_TABLE_AS)
        fail_no_select(q);
    if (!prepared->ast) /* EXPLAIN of nothing: no rows */
        return;
    Statement *whole = statement_make(q, session, TEXT("part of a command"));
    whole->ast = with_prepared(q, ast, (Ast *)prepared->ast); /* only read */
    whole->text = prepared->text;
    i32 count;
    whole->types = (u32 *)prepared_parameters(prepared->prepared, &count); /* only read */
    whole->type_count = count;
    Prepared *kept = prepared_keep(prepared->prepared);
    query_defer(q, q->arena, release_prepared, kept);
    Arena *before = q->arena;
    Portal *portal = portal_with_arguments(q, command, whole, kept, execute);
    portal_open(q, session, portal);
    portal->input = command->portal->input;
    portal->input.snapshot = portal->snapshot;
    portal->input.catalog = &portal->view;
    portal->input.env = &portal->env;
    portal->input.parameters = portal->values;
    portal->input.parameter_count = portal->value_count;
    PortalCommand inner = {session, portal, NULL, -1};
    command_run(q, portal->plan, NULL, &inner);
    command->tag = portal->plan->tag;
    if (ast->kind == AST_CREATE_TABLE_AS) /* WITH NO DATA counts too, as PostgreSQL has it */
        command->rows = inner.rows > 0 ? inner.rows : 0;
    q->arena = before;
    portal_close(session, portal);
    statement_drop(session, whole);
}
