/* SPDX-License-Identifier: Apache-2.0
 *
 * Definitions: the catalogue object and, for tables, storage's column list in one transaction. Runs
 * on the session thread; a wait for another transaction goes through the caller's wait, and after
 * it names are looked up again.
 */
#include "catalog/definition.h"
#include "executor/ddl.h"

void ddl_wait(const Ddl *ddl, WriteStatus status, Ticket *ticket)
{
    if (status == WRITE_ERROR)
        query_rethrow(ddl->q, &ddl->q->error);
    ddl->wait(ddl->wait_state, ddl->q, ticket);
    *ticket = (Ticket){.state = TICKET_IDLE};
}

void ddl_lock_mode(const Ddl *ddl, u32 object_class, u32 oid, LockMode mode)
{
    Ticket ticket = {.state = TICKET_IDLE};
    WriteStatus status;
    while ((status = object_lock(ddl->transaction, object_class, oid, mode, &ticket,
                                 &ddl->q->error)) != WRITE_DONE)
        ddl_wait(ddl, status, &ticket);
}

void ddl_lock(const Ddl *ddl, u32 object_class, u32 oid)
{
    ddl_lock_mode(ddl, object_class, oid, LOCK_OBJECT_ACCESS_EXCLUSIVE);
}

u32 ddl_oid(const Ddl *ddl)
{
    u32 oid;
    if (!storage_take_oid(ddl->storage, &oid, &ddl->q->error))
        query_rethrow(ddl->q, &ddl->q->error);
    return oid;
}

static void close_snapshot(void *snapshot)
{
    snapshot_close(snapshot);
}

Snapshot *ddl_newest_snapshot(const Ddl *ddl)
{
    Snapshot *snapshot;
    if (!transaction_newest_snapshot(ddl->transaction, &snapshot, &ddl->q->error))
        query_rethrow(ddl->q, &ddl->q->error);
    query_defer(ddl->q, ddl->q->arena, close_snapshot, snapshot);
    return snapshot;
}

CatalogView ddl_view_now(const Ddl *ddl)
{
    Snapshot *snapshot;
    if (!transaction_snapshot(ddl->transaction, &snapshot, &ddl->q->error))
        query_rethrow(ddl->q, &ddl->q->error);
    query_defer(ddl->q, ddl->q->arena, close_snapshot, snapshot);
    CatalogView view = *ddl->view;
    view.snapshot = snapshot;
    return view;
}

static _Noreturn void fail_schema_gone(const Ddl *ddl, const CatalogRelation *relation)
{
    query_fail(ddl->q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist",
               TEXT_ARG(schema_name(ddl->q, ddl->view, relation->schema)));
}

/* After a wait: somebody else may have made the name. */
static void check_name_free(const Ddl *ddl, const CatalogRelation *relation, bool replace)
{
    CatalogView view = ddl_view_now(ddl);
    const CatalogSchema *schema = catalog_schema(ddl->q, &view, relation->schema);
    if (!schema)
        fail_schema_gone(ddl, relation);
    const CatalogRelation *other =
        catalog_relation_by_name(ddl->q, &view, schema->name, relation->name);
    if (other && other->oid != relation->oid && !replace)
        query_fail(ddl->q, E_DUPLICATE_TABLE, "relation \"%.*s\" already exists",
                   TEXT_ARG(relation->name));
}

/* The schema that a relation comes into stays there to the end of the transaction. */
static void hold_schema(const Ddl *ddl, const CatalogRelation *relation)
{
    Snapshot *now = ddl_newest_snapshot(ddl);
    const StoredObject *before = object_get(now, CLASS_RELATION, relation->oid);
    bool comes = !before || before->key.schema != relation->schema;
    if (!comes || relation->persistence == PERSISTENCE_TEMPORARY) /* whose schema is one's own */
        return;
    ddl_lock_mode(ddl, CLASS_SCHEMA, relation->schema, LOCK_OBJECT_ACCESS_SHARE);
    if (!object_get(ddl_newest_snapshot(ddl), CLASS_SCHEMA, relation->schema))
        fail_schema_gone(ddl, relation);
}

void ddl_put_relation(const Ddl *ddl, const CatalogRelation *relation, bool replace)
{
    Ticket ticket = {.state = TICKET_IDLE};
    WriteStatus status;
    hold_schema(ddl, relation);
    while ((status = catalog_put_relation(ddl->transaction, relation, ddl->q->arena, &ticket,
                                          &ddl->q->error)) != WRITE_DONE) {
        ddl_wait(ddl, status, &ticket);
        check_name_free(ddl, relation, replace);
    }
}

/* values: per column number - 1, what rows that are there have in a new column; NULL: no column is
 * new. */
static void define_columns(const Ddl *ddl, const CatalogRelation *relation, const Value *values)
{
    ColumnDefinition *columns;
    i32 count;
    Query *q = ddl->q;
    if (!catalog_column_definitions(relation, q->arena, &columns, &count, &q->error))
        query_rethrow(q, &q->error);
    for (i32 i = 0; values && i < count; i++)
        if (!values[columns[i].id - 1].null)
            columns[i].constant = values[columns[i].id - 1];
    if (!table_define(ddl->transaction, relation->oid, columns, count, &q->error))
        query_rethrow(q, &q->error);
}

void ddl_create_table(const Ddl *ddl, const PlanCommand *command)
{
    CatalogRelation *relation = command->relation;
    ddl_number_sequences(ddl, command); /* older than their table, as DROP tells them */
    relation->oid = ddl_oid(ddl);
    ddl_put_sequences(ddl, command);
    for (i32 i = 0; i < relation->constraint_count; i++)
        relation->constraints[i].oid = ddl_oid(ddl);
    ddl_put_relation(ddl, relation, false);
    define_columns(ddl, relation, NULL);
}

static void drop_objects(const Ddl *ddl, const PlanCommand *command);

/* What old rows get in the new columns. */
static Value *backfill_values(const Ddl *ddl, const PlanCommand *command,
                              const ExecutionInput *input)
{
    Query *q = ddl->q;
    i32 count = command->relation->column_count;
    Value *values = make_array(q, Value, count);
    for (i32 i = 0; i < count; i++)
        values[i].null = true;
    for (i32 i = 0; i < command->backfill_count; i++) {
        const PlanBackfill *backfill = &command->backfills[i];
        values[backfill->column - 1] = evaluate_once(q, q->arena, backfill->value, input->env,
                                                     input->parameters, input->parameter_count);
    }
    return values;
}

void ddl_alter_table(const Ddl *ddl, const PlanCommand *command, const ExecutionInput *input)
{
    CatalogRelation *relation = command->relation;
    ddl_lock(ddl, CLASS_RELATION, relation->oid);
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (!relation->constraints[i].oid)
            relation->constraints[i].oid = ddl_oid(ddl);
    drop_objects(ddl, command);
    ddl_alter_comments(ddl, relation);
    ddl_number_sequences(ddl, command);
    ddl_put_sequences(ddl, command);
    ddl_put_relation(ddl, relation, false);
    if (relation->kind != RELATION_TABLE)
        return;
    Value *values = backfill_values(ddl, command, input);
    define_columns(ddl, relation, values);
    transaction_next_statement(ddl->transaction);
    ddl_verify_rows(ddl, command, input);
}

void ddl_truncate(const Ddl *ddl, const PlanCommand *command)
{
    for (i32 i = 0; i < command->drop_count; i++)
        ddl_lock(ddl, CLASS_RELATION, command->drops[i].oid);
    for (i32 i = 0; i < command->drop_count; i++)
        if (!table_truncate(ddl->transaction, command->drops[i].oid, &ddl->q->error))
            query_rethrow(ddl->q, &ddl->q->error);
    ddl_put_sequences(ddl, command);
}

/* ---- LOCK ---- */

static void lock_at_once(const Ddl *ddl, const PlanDropItem *item, LockMode mode)
{
    WriteStatus status =
        object_lock(ddl->transaction, item->object_class, item->oid, mode, NULL, &ddl->q->error);
    if (status == WRITE_WAIT)
        query_fail(ddl->q, E_LOCK_NOT_AVAILABLE, "could not obtain lock on relation \"%.*s\"",
                   TEXT_ARG(item->name));
    if (status == WRITE_ERROR)
        query_rethrow(ddl->q, &ddl->q->error);
}

/* What was dropped while this waited is not there to be locked. */
static void check_still_there(const Ddl *ddl, const PlanDropItem *item)
{
    Snapshot *now;
    if (!transaction_newest_snapshot(ddl->transaction, &now, &ddl->q->error))
        query_rethrow(ddl->q, &ddl->q->error);
    bool there = object_get(now, item->object_class, item->oid) != NULL;
    snapshot_close(now);
    if (!there && item->oid >= FIRST_USER_OID)
        query_fail(ddl->q, E_UNDEFINED_TABLE, "relation \"%.*s\" does not exist",
                   TEXT_ARG(item->name));
}

void ddl_lock_tables(const Ddl *ddl, const PlanCommand *command)
{
    for (i32 i = 0; i < command->drop_count; i++) {
        const PlanDropItem *item = &command->drops[i];
        if (command->nowait)
            lock_at_once(ddl, item, command->lock);
        else
            ddl_lock_mode(ddl, item->object_class, item->oid, command->lock);
        check_still_there(ddl, item);
    }
}

/* ---- DROP ---- */

static void drop_object(const Ddl *ddl, u32 object_class, u32 oid)
{
    Ticket ticket = {.state = TICKET_IDLE};
    WriteStatus status;
    while ((status = object_drop(ddl->transaction, object_class, oid, &ticket, &ddl->q->error)) !=
           WRITE_DONE)
        ddl_wait(ddl, status, &ticket);
}

static void drop_relation(const Ddl *ddl, const CatalogView *view, const PlanDropItem *item)
{
    const CatalogRelation *relation = catalog_relation(ddl->q, view, item->oid);
    if (!relation)
        query_fail(ddl->q, E_UNDEFINED_TABLE, "relation \"%.*s\" does not exist",
                   TEXT_ARG(item->name));
    drop_object(ddl, CLASS_RELATION, item->oid);
    if (relation->kind == RELATION_SEQUENCE) {
        drop_object(ddl, CLASS_SEQUENCE, item->oid);
        ddl_retire_sequence(ddl);
    }
    if (relation->kind == RELATION_TABLE &&
        !table_drop(ddl->transaction, item->oid, &ddl->q->error))
        query_rethrow(ddl->q, &ddl->q->error);
}

/* The table as it is now, also when a default of it has just gone. */
static void drop_default(const Ddl *ddl, const PlanDropItem *item)
{
    Query *q = ddl->q;
    transaction_next_statement(ddl->transaction);
    CatalogView view = ddl_view_now(ddl);
    const CatalogRelation *table = catalog_relation(q, &view, item->oid);
    if (!table)
        return;
    CatalogRelation changed = *table;
    changed.columns = make_array(q, CatalogColumn, table->column_count);
    memcpy(changed.columns, table->columns, (size_t)table->column_count * sizeof *table->columns);
    changed.columns[item->column - 1].default_expr = TEXT("");
    ddl_put_relation(ddl, &changed, false);
}

typedef struct SchemaDrop {
    const PlanCommand *command;
    const PlanDropItem *schema;
} SchemaDrop;

static void check_goes_too(void *state, Query *q, const CatalogRelation *relation)
{
    const SchemaDrop *drop = state;
    for (i32 i = 0; i < drop->command->drop_count; i++)
        if (drop->command->drops[i].oid == relation->oid)
            return;
    query_fail(q, E_DEPENDENT_OBJECTS_STILL_EXIST,
               "cannot drop schema %.*s because other objects depend on it",
               TEXT_ARG(drop->schema->name));
}

/* While the lock of a schema was waited for, something may have come into it. */
static void check_nothing_came(const Ddl *ddl, const PlanCommand *command)
{
    CatalogView now = *ddl->view;
    now.snapshot = ddl_newest_snapshot(ddl);
    for (i32 i = 0; i < command->drop_count; i++) {
        SchemaDrop drop = {command, &command->drops[i]};
        if (drop.schema->object_class == CLASS_SCHEMA)
            catalog_relations_of_schema(ddl->q, &now, drop.schema->oid, check_goes_too, &drop);
    }
}

static void drop_objects(const Ddl *ddl, const PlanCommand *command)
{
    for (i32 i = 0; i < command->drop_count; i++) {
        const PlanDropItem *item = &command->drops[i];
        ddl_lock(ddl, item->object_class == CLASS_DEFAULT ? CLASS_RELATION : item->object_class,
                 item->oid);
    }
    check_nothing_came(ddl, command);
    CatalogView view = ddl_view_now(ddl);
    for (i32 i = 0; i < command->drop_count; i++) {
        const PlanDropItem *item = &command->drops[i];
        ddl_drop_comments(ddl, &view, item->object_class, item->oid);
        if (item->object_class == CLASS_RELATION)
            drop_relation(ddl, &view, item);
        else if (item->object_class == CLASS_DEFAULT)
            drop_default(ddl, item);
        else
            drop_object(ddl, item->object_class, item->oid);
    }
}

void ddl_drop(const Ddl *ddl, const PlanCommand *command)
{
    drop_objects(ddl, command);
}
