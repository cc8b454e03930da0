/* SPDX-License-Identifier: Apache-2.0
 *
 * The one entry of definitions, and those that are only a catalogue object: views and schemas.
 */
#include "executor/ddl.h"

static void create_view(const Ddl *ddl, const PlanCommand *command)
{
    CatalogRelation *view = command->relation;
    bool replaces = view->oid != 0;
    if (replaces)
        ddl_lock(ddl, CLASS_RELATION, view->oid);
    else
        view->oid = ddl_oid(ddl);
    ddl_put_relation(ddl, view, command->replace);
}

static void create_schema(const Ddl *ddl, CatalogSchema *schema)
{
    Ticket ticket = {.state = TICKET_IDLE};
    WriteStatus status;
    if (schema->oid) /* it gets another name */
        ddl_lock(ddl, CLASS_SCHEMA, schema->oid);
    else
        schema->oid = ddl_oid(ddl);
    while ((status = catalog_put_schema(ddl->transaction, schema, ddl->q->arena, &ticket,
                                        &ddl->q->error)) != WRITE_DONE)
        ddl_wait(ddl, status, &ticket);
}

void ddl_run(Query *q, const PlanTree *plan, const ExecutionInput *input, TicketWait wait,
             void *wait_state)
{
    const PlanCommand *command = &plan->root->command;
    Ddl ddl = {.q = q,
               .storage = snapshot_storage(input->snapshot),
               .transaction = input->transaction,
               .view = input->catalog,
               .wait = wait,
               .wait_state = wait_state};
    switch (command->kind) {
    case COMMAND_CREATE_TABLE:
    case COMMAND_CREATE_TABLE_AS:
        ddl_create_table(&ddl, command);
        return;
    case COMMAND_CREATE_VIEW:
        create_view(&ddl, command);
        return;
    case COMMAND_CREATE_SCHEMA:
        create_schema(&ddl, command->schema);
        return;
    case COMMAND_SEQUENCE:
        ddl_put_sequences(&ddl, command);
        return;
    case COMMAND_DROP:
        ddl_drop(&ddl, command);
        return;
    case COMMAND_ALTER_TABLE:
        ddl_alter_table(&ddl, command, input);
        return;
    case COMMAND_TRUNCATE:
        ddl_truncate(&ddl, command);
        return;
    case COMMAND_SESSION:
    case COMMAND_EXPLAIN:
    case COMMAND_COPY_OUT:
        break;
    }
    verify(!"a definition");
}
