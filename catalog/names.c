/* SPDX-License-Identifier: Apache-2.0
 *
 * Schemas and the search path: which schema a bare name means.
 *
 * The path is what the user set; pg_catalog is searched first unless the path lists it. "$user"
 * stands for the schema named as the user. A name on the path that is no schema is passed over, as
 * PostgreSQL does.
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
    return schema_oid_by_name(view, text_equal(name, TEXT("$user")) ? view->user : name);
}

static bool schema_is_listed(const u32 *schemas, i32 count, u32 schema)
{
    for (i32 i = 0; i < count; i++)
        if (schemas[i] == schema)
            return true;
    return false;
}

const u32 *search_path_schemas(Query *q, const CatalogView *view, i32 *count)
{
    u32 *listed = make_array(q, u32, view->search_path_count + 1);
    u32 *schemas = listed + 1; /* room in front for pg_catalog */
    *count = 0;
    for (i32 i = 0; i < view->search_path_count; i++) {
        u32 schema = path_schema(view, i);
        if (schema && !schema_is_listed(schemas, *count, schema))
            schemas[(*count)++] = schema;
    }
    if (schema_is_listed(schemas, *count, SCHEMA_PG_CATALOG))
        return schemas;
    listed[0] = SCHEMA_PG_CATALOG;
    (*count)++;
    return listed;
}

const CatalogSchema *catalog_current_schema(Query *q, const CatalogView *view)
{
    for (i32 i = 0; i < view->search_path_count; i++) {
        u32 schema = path_schema(view, i);
        if (schema)
            return catalog_schema(q, view, schema);
    }
    return NULL;
}

CatalogView view_of_snapshot(const Snapshot *snapshot)
{
    return (CatalogView){.snapshot = snapshot};
}
