/* SPDX-License-Identifier: Apache-2.0
 *
 * Schemas and the search path: which schema a bare name means.
 *
 * The path is what the user set; the session's temporary schema and then pg_catalog are searched
 * first unless the path lists them. "$user" stands for the schema named as the user, pg_temp for
 * the temporary one. A name on the path that is no schema is passed over, as PostgreSQL does.
 *
 * A temporary schema is an ordinary object named after the number of its session, which the
 * transaction of the snapshot knows: no state of the session tells that it is there, so ROLLBACK
 * needs to undo nothing.
 *
 * pg_catalog, pg_toast and information_schema are built in; public is an ordinary object that a
 * fresh directory gets and that can be dropped.
 *
 * Memory: results are in the query's arena or static. No state.
 */
#include "catalog/names.h"

#include "base/text.h"
#include "catalog/object_codec.h"

static const CatalogSchema built_in_schemas[] = {
    {.oid = SCHEMA_PG_CATALOG, .name = {"pg_catalog", 10}, .owner = ROLE_GOTGAN, .built_in = true},
    {.oid = SCHEMA_PG_TOAST, .name = {"pg_toast", 8}, .owner = ROLE_GOTGAN, .built_in = true},
    {.oid = SCHEMA_INFORMATION,
     .name = {"information_schema", 18},
     .owner = ROLE_GOTGAN,
     .built_in = true},
};

static const Text own_temporary = {"pg_temp", 7};

static ObjectKey schema_key(Text name)
{
    return (ObjectKey){CLASS_SCHEMA, DATABASE_GOTGAN, 0, name};
}

static const CatalogSchema *built_in_by_name(Text name)
{
    for (i32 i = 0; i < countof(built_in_schemas); i++)
        if (text_equal(built_in_schemas[i].name, name))
            return &built_in_schemas[i];
    return NULL;
}

static const CatalogSchema *schema_decode(Query *q, const StoredObject *object)
{
    Error error;
    CatalogSchema *schema = make(q, CatalogSchema);
    if (!object_decode(object_record(CLASS_SCHEMA), object->bytes, schema, q->arena, &error)) {
        error_detail(&error, "It is schema %u.", object->oid);
        query_rethrow(q, &error);
    }
    schema->oid = object->oid;
    schema->name = query_text(q, object->key.name);
    schema->version = object->version;
    return schema;
}

const CatalogSchema *catalog_schema(Query *q, const CatalogView *view, u32 oid)
{
    for (i32 i = 0; i < countof(built_in_schemas); i++)
        if (built_in_schemas[i].oid == oid)
            return &built_in_schemas[i];
    const StoredObject *object = object_get(view->snapshot, CLASS_SCHEMA, oid);
    return object ? schema_decode(q, object) : NULL;
}

const CatalogSchema *catalog_schema_by_name(Query *q, const CatalogView *view, Text name)
{
    const CatalogSchema *built_in = built_in_by_name(name);
    if (built_in || name.len == 0)
        return built_in;
    const StoredObject *object = object_find(view->snapshot, schema_key(name));
    return object ? schema_decode(q, object) : NULL;
}

u32 schema_oid_by_name(const CatalogView *view, Text name)
{
    const CatalogSchema *built_in = built_in_by_name(name);
    if (built_in)
        return built_in->oid;
    const StoredObject *object = name.len ? object_find(view->snapshot, schema_key(name)) : NULL;
    return object ? object->oid : 0;
}

/* ---- temporary schemas ---- */

enum { TEMPORARY_NAME_BYTES = 24 };

/* Empty: the snapshot is of no session. */
static Text temporary_name(const CatalogView *view, char bytes[TEMPORARY_NAME_BYTES])
{
    i32 session = snapshot_session(view->snapshot);
    if (session == 0)
        return (Text){NULL, 0};
    int len = snprintf(bytes, TEMPORARY_NAME_BYTES, "pg_temp_%d", session);
    return (Text){bytes, len};
}

u32 temporary_schema_oid(const CatalogView *view)
{
    char bytes[TEMPORARY_NAME_BYTES];
    return schema_oid_by_name(view, temporary_name(view, bytes));
}

const CatalogSchema *catalog_temporary_schema(Query *q, const CatalogView *view)
{
    char bytes[TEMPORARY_NAME_BYTES];
    Text name = temporary_name(view, bytes);
    const CatalogSchema *there = catalog_schema_by_name(q, view, name);
    if (there || name.len == 0)
        return there;
    CatalogSchema *schema = make(q, CatalogSchema);
    schema->name = query_text(q, name);
    schema->owner = ROLE_GOTGAN;
    return schema;
}

bool catalog_is_temporary_name(Text schema)
{
    return text_starts_with(schema, TEXT("pg_temp_"));
}

bool catalog_is_other_temporary(const CatalogView *view, const CatalogRelation *relation)
{
    return relation->persistence == PERSISTENCE_TEMPORARY &&
           relation->schema != temporary_schema_oid(view);
}

u32 schema_oid_in_name(const CatalogView *view, Text name)
{
    u32 own = text_equal(name, own_temporary) ? temporary_schema_oid(view) : 0;
    return own ? own : schema_oid_by_name(view, name);
}

const CatalogSchema *catalog_qualifying_schema(Query *q, const CatalogView *view, Text name)
{
    u32 oid = schema_oid_in_name(view, name);
    return oid ? catalog_schema(q, view, oid) : NULL;
}

void catalog_schemas(Query *q, const CatalogView *view,
                     void (*visit)(void *state, Query *q, const CatalogSchema *schema), void *state)
{
    for (i32 i = 0; i < countof(built_in_schemas); i++)
        visit(state, q, &built_in_schemas[i]);
    const StoredObject *object = object_next(view->snapshot, CLASS_SCHEMA, 0);
    for (; object; object = object_next(view->snapshot, CLASS_SCHEMA, object->oid + 1))
        visit(state, q, schema_decode(q, object));
}

/* ---- the search path ---- */

/* The i-th entry's schema; 0: none. */
static u32 path_schema(const CatalogView *view, i32 i)
{
    Text name = view->search_path[i];
    if (text_equal(name, own_temporary))
        return temporary_schema_oid(view);
    return schema_oid_by_name(view, text_equal(name, TEXT("$user")) ? view->user : name);
}

static bool schema_is_listed(const u32 *schemas, i32 count, u32 schema)
{
    for (i32 i = 0; i < count; i++)
        if (schemas[i] == schema)
            return true;
    return false;
}

/* Puts a schema in front unless the path lists it; 0: none to put. */
static u32 *search_first(u32 *schemas, i32 *count, u32 schema)
{
    if (schema == 0 || schema_is_listed(schemas, *count, schema))
        return schemas;
    (*count)++;
    schemas[-1] = schema;
    return schemas - 1;
}

/* With room for two more in front. */
static u32 *listed_schemas(Query *q, const CatalogView *view, i32 *count)
{
    enum { IN_FRONT = 2 };
    u32 *schemas = make_array(q, u32, view->search_path_count + IN_FRONT) + IN_FRONT;
    *count = 0;
    for (i32 i = 0; i < view->search_path_count; i++) {
        u32 schema = path_schema(view, i);
        if (schema && !schema_is_listed(schemas, *count, schema))
            schemas[(*count)++] = schema;
    }
    return schemas;
}

const u32 *catalog_listed_schemas(Query *q, const CatalogView *view, i32 *count)
{
    return listed_schemas(q, view, count);
}

const u32 *catalog_search_path(Query *q, const CatalogView *view, i32 *count)
{
    u32 *schemas = search_first(listed_schemas(q, view, count), count, SCHEMA_PG_CATALOG);
    return search_first(schemas, count, temporary_schema_oid(view));
}

const CatalogSchema *catalog_current_schema(Query *q, const CatalogView *view)
{
    for (i32 i = 0; i < view->search_path_count; i++) {
        u32 schema = path_schema(view, i);
        const CatalogSchema *found = schema ? catalog_schema(q, view, schema) : NULL;
        if (!found && text_equal(view->search_path[i], own_temporary))
            found = catalog_temporary_schema(q, view);
        if (found)
            return found;
    }
    return NULL;
}

CatalogView view_of_snapshot(const Snapshot *snapshot)
{
    return (CatalogView){.snapshot = snapshot};
}
