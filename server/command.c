/* SPDX-License-Identifier: Apache-2.0
 *
 * PLAN_COMMAND: what runs by a call on the session thread instead of as a pipeline: session
 * commands, definitions, COPY TO.
 */
#include "server/session.h"

void send_text_rows(PortalCommand *command, const Text *fields, i32 columns, i32 rows)
{
    Connection *c = command->session->connection;
    for (i32 i = 0; i < rows * columns; i++) {
        if (i % columns == 0) {
            send_begin(c, 'D');
            send_i16(c, columns);
        }
        send_i32(c, (i32)fields[i].len);
        send_bytes(c, fields[i].data, fields[i].len);
        if (i % columns == columns - 1)
            send_end(c);
    }
}

void send_notices(Session *session, const PlanCommand *plan)
{
    for (i32 i = 0; i < plan->notice_count; i++) {
        const PlanNotice *notice = &plan->notices[i];
        send_notice(session->connection, notice->code == E_WARNING ? "WARNING" : "NOTICE",
                    notice->code, notice->text);
    }
}

/* ---- definitions ---- */

static void run_definition(Query *q, PortalCommand *command, const PlanTree *tree)
{
    Session *session = command->session;
    const PlanCommand *plan = &tree->root->command;
    send_notices(session, plan);
    session->wrote = true;
    ExecutionInput input = command->portal->input;
    input.transaction = session->transaction;
    bool nothing = plan->kind != COMMAND_DROP && plan->kind != COMMAND_TRUNCATE &&
                   plan->kind != COMMAND_LOCK && plan->kind != COMMAND_COMMENT && !plan->relation &&
                   !plan->schema && !plan->sequence_count;
    if (!nothing)
        ddl_run(q, tree, &input, session_wait_ticket, session);
    temporary_note_definition(session, plan->relation);
    if (plan->kind == COMMAND_CREATE_TABLE_AS)
        command->rows = 0;
}

/* A statement that a definition runs after itself, opened as what the transaction now sees. */
static Portal *nested_open(Query *q, PortalCommand *command, const Ast *ast)
{
    Session *session = command->session;
    Statement *statement = statement_make(q, session, TEXT("part of a definition"));
    statement->text = command->portal->statement->text;
    statement->ast = ast;
    Portal *portal = portal_make_nested(q, session, statement);
    q->arena = &portal->arena;
    portal_open(q, session, portal);
    portal->input = command->portal->input;
    portal->input.snapshot = portal->snapshot;
    portal->input.catalog = &portal->view;
    portal->input.env = &portal->env;
    return portal;
}

static void nested_close(Query *q, Session *session, Portal *portal, Arena *before)
{
    Statement *statement = portal->statement;
    q->arena = before;
    portal_close(session, portal);
    statement_drop(session, statement);
}

/* CREATE SCHEMA's elements: each a definition of its own, with the schema first in the path;
 * tables before views. */
static void run_element(Query *q, PortalCommand *command, const Ast *element)
{
    Arena *before = q->arena;
    Portal *portal = nested_open(q, command, element);
    PortalCommand inner = {command->session, portal, NULL, -1};
    run_definition(q, &inner, portal->plan);
    nested_close(q, command->session, portal, before);
}

/* ADD COLUMN with a volatile default: each row gets a value of its own. */
static void run_alter_table(Query *q, PortalCommand *command, const PlanTree *tree)
{
    const PlanCommand *plan = &tree->root->command;
    run_definition(q, command, tree);
    if (!plan->relation || !plan->statement)
        return;
    Arena *before = q->arena;
    Portal *portal = nested_open(q, command, plan->statement);
    _Atomic i64 *rows;
    plan_run(q, command->session, portal, portal->plan, counting_sink(q, &rows), NULL);
    nested_close(q, command->session, portal, before);
}

static void run_create_schema(Query *q, PortalCommand *command, const PlanTree *tree)
{
    const PlanCommand *plan = &tree->root->command;
    run_definition(q, command, tree);
    if (!plan->schema || !plan->statement)
        return;
    Session *session = command->session;
    const AstList *elements = &plan->statement->create_schema.elements;
    session->schema_at_work = plan->schema->name;
    for (i32 pass = 0; pass < 2; pass++)
        for (i32 i = 0; i < elements->count; i++)
            if ((elements->items[i]->kind == AST_CREATE_VIEW) == (pass == 1))
                run_element(q, command, elements->items[i]);
    session->schema_at_work = (Text){NULL, 0};
}

/* CREATE TABLE AS: the table by a definition, its rows by an ordinary INSERT in the same
 * transaction. */
void create_as_run(Query *q, PortalCommand *command, const PlanTree *tree, PlanCounters *counters)
{
    const PlanCommand *plan = &tree->root->command;
    Session *session = command->session;
    run_definition(q, command, tree);
    if (!plan->relation || !plan->explain.analyze) { /* is there, or WITH NO DATA */
        command->tag = "CREATE TABLE AS";
        command->rows = -1;
        return;
    }
    transaction_next_statement(session->transaction);
    CatalogRelation *made = plan->relation;
    PlanTree *insert = make(q, PlanTree);
    Plan *node = make(q, Plan);
    node->kind = PLAN_INSERT;
    node->inputs[0] = plan->inner->root;
    node->input_count = 1;
    node->number = plan->inner->node_count;
    node->modify.access = &native_access;
    node->modify.relation = made->oid;
    node->modify.relation_oid = made->oid;
    node->modify.relation_name = made->name;
    node->modify.row_count = made->column_count;
    node->modify.row = make_array(q, PlanColumn, made->column_count);
    node->modify.not_null = make_array(q, bool, made->column_count);
    Expr **cast = make_array(q, Expr *, made->column_count);
    for (i32 i = 0; i < made->column_count; i++) {
        const PlanColumn *from = &plan->inner->root->columns[i];
        Lane lane = type_lane(made->columns[i].type);
        node->modify.row[i] = (PlanColumn){
            .type = made->columns[i].type, .lane = lane, .name = made->columns[i].name};
        cast[i] = expr_column(q, i, from->type, from->lane, -1);
        if (!lane_equal(from->lane, lane))
            cast[i] = expr_unary(q, EXPR_LANE, cast[i], from->type, lane);
    }
    Plan *project = make(q, Plan);
    project->kind = PLAN_PROJECT;
    project->inputs[0] = plan->inner->root;
    project->input_count = 1;
    project->columns = node->modify.row;
    project->column_count = made->column_count;
    project->exprs = (ExprList){cast, made->column_count};
    project->number = plan->inner->node_count + 1;
    node->inputs[0] = project;
    *insert =
        (PlanTree){.root = node, .ctes = plan->inner->ctes, .cte_count = plan->inner->cte_count};
    insert->node_count = plan->inner->node_count + 2;
    insert->is_write = true;
    insert->changes = node;
    insert->tag = "SELECT";
    _Atomic i64 *rows;
    command->rows =
        plan_run(q, session, command->portal, insert, counting_sink(q, &rows), counters);
}

void command_run(Query *q, const PlanTree *tree, const ResultSink *sink, void *state)
{
    PortalCommand *command = state;
    const PlanCommand *plan = &tree->root->command;
    switch (plan->kind) {
    case COMMAND_SESSION:
        command_session(q, command, plan->statement);
        return;
    case COMMAND_EXPLAIN:
        explain_run(q, command, plan);
        return;
    case COMMAND_COPY_OUT:
        copy_out_run(q, command, plan);
        return;
    case COMMAND_CREATE_TABLE_AS:
        create_as_run(q, command, tree, NULL);
        return;
    case COMMAND_CREATE_SCHEMA:
        run_create_schema(q, command, tree);
        return;
    case COMMAND_ALTER_TABLE:
        run_alter_table(q, command, tree);
        return;
    case COMMAND_CREATE_TABLE:
    case COMMAND_CREATE_VIEW:
    case COMMAND_SEQUENCE:
    case COMMAND_DROP:
    case COMMAND_TRUNCATE:
    case COMMAND_LOCK:
    case COMMAND_COMMENT:
        run_definition(q, command, tree);
        return;
    }
    unreachable();
}
