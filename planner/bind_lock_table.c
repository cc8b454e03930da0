/* SPDX-License-Identifier: Apache-2.0
 *
 * LOCK TABLE: the relations it names, and of views the relations they read: all of them are locked,
 * each behind the view that reads it.
 */
#include "planner/bind_ddl.h"

typedef struct LockTables {
    Binder *b;
    PlanCommand *command;
    i32 capacity;
} LockTables;

static bool is_listed(const LockTables *lock, u32 oid)
{
    for (i32 i = 0; i < lock->command->drop_count; i++)
        if (lock->command->drops[i].oid == oid)
            return true;
    return false;
}

static void list_relation(LockTables *lock, u32 oid, Text name)
{
    PlanCommand *command = lock->command;
    make_room(lock->b->q, command->drops, command->drop_count, &lock->capacity);
    command->drops[command->drop_count++] = (PlanDropItem){CLASS_RELATION, oid, name, 0};
}

/* name: as messages call it. */
static void add_relation(LockTables *lock, const CatalogRelation *relation, Text name)
{
    Binder *b = lock->b;
    stack_check(b->q);
    if (is_listed(lock, relation->oid))
        return;
    list_relation(lock, relation->oid, name);
    for (i32 i = 0; i < relation->reference_count; i++) {
        const CatalogRelation *below = catalog_relation(b->q, b->view, relation->references[i].oid);
        if (below)
            add_relation(lock, below, below->name);
    }
}

static void add_named(LockTables *lock, Name name)
{
    Query *q = lock->b->q;
    const CatalogRelation *relation = ddl_named_relation(lock->b, name);
    if (relation->kind != RELATION_TABLE && relation->kind != RELATION_VIEW) {
        Error error;
        error_set(&error, E_WRONG_OBJECT_TYPE, "cannot lock relation \"%.*s\"",
                  TEXT_ARG(relation->name));
        error_detail(&error, "This operation is not supported for sequences.");
        query_rethrow(q, &error);
    }
    add_relation(lock, relation, name_print(q, name));
}

void bind_lock_table(Binder *b, const Ast *ast)
{
    PlanCommand *command = ddl_command(b, COMMAND_LOCK, "LOCK TABLE");
    LockTables lock = {.b = b, .command = command};
    command->lock = LOCK_OBJECT_ACCESS_SHARE + (LockMode)(ast->lock.mode - MODE_ACCESS_SHARE);
    command->nowait = ast->lock.nowait;
    for (i32 i = 0; i < ast->lock.tables.count; i++)
        add_named(&lock, ast->lock.tables.items[i]->from_table.name);
}
