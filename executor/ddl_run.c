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

/* The session's temporary schema comes with the first relation in it. */
static void make_temporary_schema(const Ddl *ddl, const PlanCommand *command)
{
    if (!command->schema)
        return;
    create_schema(ddl, command->schema);
    if (command->relation)
        command->relation->schema = command->schema->oid;
    for (i32 i = 0; i < command->sequence_count; i++)
        if (command->sequences[i].is_new)
            command->sequences[i].relation->schema = command->schema->oid;
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
        make_temporary_schema(&ddl, command);
        ddl_create_table(&ddl, command);
        ddl_comment_new(&ddl, command);
        return;
    case COMMAND_CREATE_VIEW:
        make_temporary_schema(&ddl, command);
        create_view(&ddl, command);
        return;
    case COMMAND_CREATE_SCHEMA:
        create_schema(&ddl, command->schema);
        return;
    case COMMAND_SEQUENCE:
        make_temporary_schema(&ddl, command);
        ddl_number_sequences(&ddl, command);
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
    case COMMAND_LOCK:
        ddl_lock_tables(&ddl, command);
        return;
    case COMMAND_COMMENT:
        ddl_comment(&ddl, command);
        return;
    case COMMAND_SESSION:
    case COMMAND_EXPLAIN:
    case COMMAND_COPY_OUT:
        break;
    }
    verify(!"a definition");
}
