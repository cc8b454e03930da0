/* SPDX-License-Identifier: Apache-2.0
 *
 * Changing the catalogue: objects into a transaction, the columns storage keeps for a table, and
 * what a fresh directory starts with.
 *
 * This is the durable world: everything returns. Bytes are made in a Buffer counted by the arena's
 * budget and copied by storage; nothing stays behind.
 */
#include "catalog/object_codec.h"

#include "base/text.h"
#include "types/value.h"

WriteStatus catalog_put_object(Transaction *transaction, StoredObject *object, const void *thing,
                               Budget *budget, Ticket *ticket, Error *error)
{
    Buffer bytes;
    WriteStatus status = WRITE_ERROR;
    buffer_open(&bytes, budget);
    if (object_encode(object_record(object->object_class), thing, &bytes, error)) {
        object->bytes = (Text){(const char *)bytes.data, bytes.len};
        status = object_put(transaction, object, ticket, error);
    }
    buffer_close(&bytes);
    return status;
}

WriteStatus catalog_put_relation(Transaction *transaction, const CatalogRelation *relation,
                                 Arena *arena, Ticket *ticket, Error *error)
{
    assert(relation->oid >= FIRST_USER_OID && !relation->built_in && relation->name.len > 0);
    StoredObject object = {
        .object_class = CLASS_RELATION,
        .oid = relation->oid,
        .key = {CLASS_RELATION, DATABASE_GOTGAN, relation->schema, relation->name},
    };
    return catalog_put_object(transaction, &object, relation, arena->budget, ticket, error);
}

WriteStatus catalog_put_schema(Transaction *transaction, const CatalogSchema *schema, Arena *arena,
                               Ticket *ticket, Error *error)
{
    assert(schema->oid && !schema->built_in && schema->name.len > 0);
    StoredObject object = {
        .object_class = CLASS_SCHEMA,
        .oid = schema->oid,
        .key = {CLASS_SCHEMA, DATABASE_GOTGAN, 0, schema->name},
    };
    return catalog_put_object(transaction, &object, schema, arena->budget, ticket, error);
}

/* ---- a fresh directory ---- */

/* Nobody else is here: the commit's ticket needs one step. */
static bool commit_alone(Storage *storage, Transaction *transaction, Error *error)
{
    Ticket ticket = {0};
    ticket_arm(&ticket, NULL, NULL);
    WriteStatus status = transaction_commit_begin(transaction, &ticket, error);
    if (status != WRITE_WAIT)
        return status == WRITE_DONE;
    commit_step(storage);
    if (ticket_state(&ticket) == TICKET_GRANTED)
        return true;
    *error = ticket.error;
    return false;
}

static bool make_public(Storage *storage, Budget *budget, Error *error)
{
    CatalogSchema schema = {.oid = SCHEMA_PUBLIC, .name = TEXT("public"), .owner = ROLE_GOTGAN};
    Transaction *transaction;
    Ticket ticket = {0};
    Arena arena;
    if (!transaction_begin(storage, READ_COMMITTED, budget, &transaction, error))
        return false;
    arena_open(&arena, budget);
    ticket_arm(&ticket, NULL, NULL);
    WriteStatus status = catalog_put_schema(transaction, &schema, &arena, &ticket, error);
    arena_close(&arena);
    assert(status != WRITE_WAIT); /* nobody else holds anything yet */
    if (status == WRITE_DONE)
        return commit_alone(storage, transaction, error);
    transaction_rollback(transaction);
    return false;
}

bool catalog_bootstrap(Storage *storage, Budget *budget, Error *error)
{
    Snapshot *snapshot;
    if (!snapshot_newest(storage, &snapshot, error))
        return false;
    /* A schema public that somebody dropped stays dropped: only version 0 is fresh. */
    bool fresh = snapshot_version(snapshot) == 0;
    snapshot_close(snapshot);
    return !fresh || make_public(storage, budget, error);
}

/* ---- columns ---- */

bool catalog_column_definitions(const CatalogRelation *relation, Arena *arena,
                                ColumnDefinition **columns, i32 *count, Error *error)
{
    ColumnDefinition *made = arena_try(arena, relation->column_count * (i64)sizeof *made, error);
    if (!made)
        return false;
    *count = 0;
    for (i32 i = 0; i < relation->column_count; i++) {
        const CatalogColumn *column = &relation->columns[i];
        Lane lane = type_lane(column->type);
        char type_name[TYPE_NAME_BYTES];
        if (column->dropped)
            continue;
        if (lane.kind == LANE_NONE)
            return error_set(error, E_FEATURE_NOT_SUPPORTED, "columns of type %s are not supported",
                             type_format(column->type, type_name));
        made[(*count)++] =
            (ColumnDefinition){(ColumnId)column->number, lane, ORDER_OF_LANE, value_null(lane)};
    }
    *columns = made;
    return true;
}
