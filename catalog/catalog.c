/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking up relations: by oid, by name along the search path, all of them, and those that depend
 * on one.
 *
 * A stored relation is decoded each time it is asked for, into the arena of the query that asks; a
 * built-in one is described from its static table. Decoded bytes are checked for sense once, here:
 * everybody behind a look-up may trust the numbers in it.
 *
 * Memory: the query's arena. No state, no threads. Changes of the catalogue are in
 * catalog_change.c.
 */
#include "base/text.h"
#include "catalog/names.h"
#include "catalog/object_codec.h"
#include "catalog/sequence.h"
#include "catalog/system_relations.h"

/* ---- decoding ---- */

static bool columns_make_sense(const CatalogRelation *relation)
{
    for (i32 i = 0; i < relation->column_count; i++)
        if (relation->columns[i].number != i + 1 || relation->columns[i].name.len == 0)
            return false;
    return true;
}

static bool numbers_make_sense(const CatalogRelation *relation, const i32 *numbers, i32 count)
{
    for (i32 i = 0; i < count; i++)
        if (numbers[i] < 1 || numbers[i] > relation->column_count)
            return false;
    return true;
}

static bool constraint_makes_sense(const CatalogRelation *relation, i32 at)
{
    const CatalogConstraint *constraint = &relation->constraints[at];
    if (constraint->kind != CONSTRAINT_CHECK && constraint->kind != CONSTRAINT_PRIMARY_KEY &&
        constraint->kind != CONSTRAINT_UNIQUE)
        return false;
    return numbers_make_sense(relation, constraint->columns, constraint->column_count) &&
           numbers_make_sense(relation, constraint->included, constraint->included_count);
}

static bool relation_makes_sense(const CatalogRelation *relation)
{
    if (relation->kind != RELATION_TABLE && relation->kind != RELATION_VIEW &&
        relation->kind != RELATION_SEQUENCE)
        return false;
    if ((relation->kind == RELATION_VIEW) != (relation->view_query.len > 0))
        return false;
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (!constraint_makes_sense(relation, i))
            return false;
    if (relation->persistence != PERSISTENCE_PERMANENT &&
        relation->persistence != PERSISTENCE_TEMPORARY)
        return false;
    if (relation->view_form == VIEW_SIMPLE &&
        (relation->kind != RELATION_VIEW || relation->reference_count == 0 ||
         relation->base_column_count != relation->column_count))
        return false;
    for (i32 i = 0; i < relation->base_column_count; i++)
        if (relation->base_columns[i] < 0)
            return false;
    return columns_make_sense(relation);
}

static const CatalogRelation *relation_decode(Query *q, const StoredObject *object)
{
    Error error;
    CatalogRelation *relation = make(q, CatalogRelation);
    bool good =
        object_decode(object_record(CLASS_RELATION), object->bytes, relation, q->arena, &error);
    if (good && !relation_makes_sense(relation))
        good = error_set(&error, E_DATA_CORRUPTED,
                         "catalogue object is damaged: its fields contradict each other");
    if (!good) {
        error_detail(&error, "It is relation %u, \"%.*s\".", object->oid,
                     TEXT_ARG(object->key.name));
        query_rethrow(q, &error);
    }
    relation->oid = object->oid;
    relation->schema = object->key.schema;
    relation->name = query_text(q, object->key.name);
    relation->version = object->version;
    relation->access = relation->kind == RELATION_TABLE      ? &native_access
                       : relation->kind == RELATION_SEQUENCE ? &sequence_access
                                                             : NULL;
    relation->relation = relation->oid;
    return relation;
}

/* ---- one relation ---- */

const CatalogRelation *catalog_relation(Query *q, const CatalogView *view, u32 oid)
{
    const StoredObject *object = object_get(view->snapshot, CLASS_RELATION, oid);
    if (object)
        return relation_decode(q, object);
    const SystemRelation *system = system_relation_by_oid(oid);
    return system ? system_relation_describe(q, system) : NULL;
}

static const StoredObject *stored_relation(const CatalogView *view, u32 schema, Text name)
{
    ObjectKey key = {CLASS_RELATION, DATABASE_GOTGAN, schema, name};
    return name.len ? object_find(view->snapshot, key) : NULL;
}

static const CatalogRelation *relation_in_schema(Query *q, const CatalogView *view, u32 schema,
                                                 Text name)
{
    const SystemRelation *system = system_relation_by_name(schema, name);
    if (system)
        return system_relation_describe(q, system);
    const StoredObject *object = stored_relation(view, schema, name);
    return object ? relation_decode(q, object) : NULL;
}

const CatalogRelation *catalog_relation_by_name(Query *q, const CatalogView *view, Text schema,
                                                Text name)
{
    if (schema.data) {
        u32 oid = schema_oid_in_name(view, schema);
        return oid ? relation_in_schema(q, view, oid, name) : NULL;
    }
    i32 count;
    const u32 *schemas = catalog_search_path(q, view, &count);
    const CatalogRelation *relation = NULL;
    for (i32 i = 0; i < count && !relation; i++)
        relation = relation_in_schema(q, view, schemas[i], name);
    return relation;
}

/* The oid of the relation of this name in a schema; 0: none. */
static u32 relation_oid(const CatalogView *view, u32 schema, Text name)
{
    const SystemRelation *system = system_relation_by_name(schema, name);
    const StoredObject *object = system ? NULL : stored_relation(view, schema, name);
    return system ? system->oid : object ? object->oid : 0;
}

bool catalog_relation_is_visible(Query *q, const CatalogView *view, u32 oid)
{
    const StoredObject *object = object_get(view->snapshot, CLASS_RELATION, oid);
    const SystemRelation *system = object ? NULL : system_relation_by_oid(oid);
    if (!object && !system)
        return false;
    Text name = object ? object->key.name : system_relation_name(system);
    i32 count;
    const u32 *schemas = catalog_search_path(q, view, &count);
    u32 first = 0;
    for (i32 i = 0; i < count && !first; i++)
        first = relation_oid(view, schemas[i], name);
    return first == oid;
}

i32 catalog_column(const CatalogRelation *relation, Text name)
{
    for (i32 i = 0; i < relation->column_count; i++)
        if (!relation->columns[i].dropped && text_equal(relation->columns[i].name, name))
            return i;
    return CATALOG_NO_COLUMN;
}

/* ---- many relations ---- */

typedef void VisitRelation(void *state, Query *q, const CatalogRelation *relation);

static void visit_stored(Query *q, const CatalogView *view, VisitRelation *visit, void *state)
{
    const StoredObject *object = object_next(view->snapshot, CLASS_RELATION, 0);
    for (; object; object = object_next(view->snapshot, CLASS_RELATION, object->oid + 1))
        visit(state, q, relation_decode(q, object));
}

void catalog_relations_of_schema(Query *q, const CatalogView *view, u32 schema,
                                 VisitRelation *visit, void *state)
{
    const StoredObject *object = object_next(view->snapshot, CLASS_RELATION, 0);
    for (; object; object = object_next(view->snapshot, CLASS_RELATION, object->oid + 1))
        if (object->key.schema == schema)
            visit(state, q, relation_decode(q, object));
}

void catalog_relations_naming(Query *q, const CatalogView *view, u32 schema, Text name,
                              VisitRelation *visit, void *state)
{
    const StoredObject *object = object_next(view->snapshot, CLASS_RELATION, 0);
    for (; object; object = object_next(view->snapshot, CLASS_RELATION, object->oid + 1))
        if (object->key.schema == schema && text_find(object->bytes, name) >= 0)
            visit(state, q, relation_decode(q, object));
}

void catalog_relations(Query *q, const CatalogView *view, VisitRelation *visit, void *state)
{
    const SystemRelation *system;
    for (i32 i = 0; (system = system_relation_at(i)) != NULL; i++)
        visit(state, q, system_relation_describe(q, system));
    visit_stored(q, view, visit, state);
}

typedef struct DependentSearch {
    u32 relation;
    i32 column; /* 0: any */
    VisitRelation *visit;
    void *state;
} DependentSearch;

static bool depends_on(const CatalogRelation *relation, u32 oid, i32 column)
{
    for (i32 i = 0; i < relation->depend_count; i++) {
        const CatalogDependency *depends = &relation->depends[i];
        if (depends->object_class == CLASS_RELATION && depends->oid == oid &&
            (column == 0 || depends->column == column))
            return true;
    }
    return false;
}

static void visit_if_dependent(void *state, Query *q, const CatalogRelation *relation)
{
    const DependentSearch *search = state;
    if (relation->oid != search->relation && depends_on(relation, search->relation, search->column))
        search->visit(search->state, q, relation);
}

void catalog_dependents(Query *q, const CatalogView *view, u32 relation, i32 column,
                        void (*visit)(void *state, Query *q, const CatalogRelation *dependent),
                        void *state)
{
    DependentSearch search = {relation, column, visit, state};
    visit_stored(q, view, visit_if_dependent, &search);
}
