/* SPDX-License-Identifier: Apache-2.0
 *
 * DROP: the relation a name means, and objects of the kinds of which there is none to drop.
 *
 * Indexes are there only as part of a key; types and collations are built in or come with a
 * relation; there are no domains, extensions and materialized views. Whatever such a DROP names is
 * missing, or stays because something requires it. As in PostgreSQL all names are looked up before
 * the first one that stays is an error.
 */
#include "catalog/definition.h"
#include "planner/bind_ddl.h"

typedef struct OtherDrop {
    DropName named; /* the name at hand */
    bool refused;
    Error refusal; /* of the first that stays */
} OtherDrop;

/* ---- words ---- */

static const char *kind_word(AstObjectKind object)
{
    return object == OBJECT_VIEW                ? "view"
           : object == OBJECT_SEQUENCE          ? "sequence"
           : object == OBJECT_INDEX             ? "index"
           : object == OBJECT_MATERIALIZED_VIEW ? "materialized view"
                                                : "table";
}

static const char *article(AstObjectKind object)
{
    return object == OBJECT_INDEX ? "an" : "a";
}

static AstObjectKind object_of(const CatalogRelation *relation)
{
    return relation->kind == RELATION_VIEW       ? OBJECT_VIEW
           : relation->kind == RELATION_SEQUENCE ? OBJECT_SEQUENCE
                                                 : OBJECT_TABLE;
}

static void skip_notice(const DropName *named, const char *kind, Text name)
{
    ddl_notice(
        named->b, named->command, E_SUCCESSFUL_COMPLETION,
        query_format(named->b->q, "%s \"%.*s\" does not exist, skipping", kind, TEXT_ARG(name)));
}

void drop_no_such_schema(const DropName *named, Text schema)
{
    if (!named->if_exists)
        query_fail(named->b->q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist",
                   TEXT_ARG(schema));
    skip_notice(named, "schema", schema);
}

/* False: the name says a schema that is not there, which IF EXISTS has said. */
static bool schema_is_there(const DropName *named)
{
    Name name = named->name;
    if (name.count == 1 ||
        catalog_qualifying_schema(named->b->q, named->b->view, name.parts[name.count - 2]))
        return true;
    drop_no_such_schema(named, name.parts[name.count - 2]);
    return false;
}

static Text last_part(Name name)
{
    return name.parts[name.count - 1];
}

/* The schema in front of the name; data == NULL: none. */
static Text schema_part(Name name)
{
    return name.count > 1 ? name.parts[name.count - 2] : (Text){NULL, 0};
}

/* Relations are named with quotes in messages, other objects without. */
static void check_dots(const DropName *named, const char *what, const char *quote)
{
    Query *q = named->b->q;
    Name name = named->name;
    Text written = name_print(q, name);
    if (name.count > 3)
        query_fail(q, E_SYNTAX_ERROR, "improper %s name (too many dotted names): %.*s", what,
                   TEXT_ARG(written));
    if (name.count == 3 && !text_equal(name.parts[0], named->b->env->database))
        query_fail(q, E_FEATURE_NOT_SUPPORTED,
                   "cross-database references are not implemented: %s%.*s%s", quote,
                   TEXT_ARG(written), quote);
}

/* ---- relations and indexes ---- */

static _Noreturn void fail_wrong_kind(const DropName *named, AstObjectKind found)
{
    Error error;
    error_set(&error, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not %s %s",
              TEXT_ARG(last_part(named->name)), article(named->object), kind_word(named->object));
    error_hint(&error, "Use DROP %s to remove %s %s.", object_word(found), article(found),
               kind_word(found));
    query_rethrow(named->b->q, &error);
}

/* Indexes and relations share their names: along the search path the first one counts. */
static const CatalogConstraint *find_index(const DropName *named, const CatalogRelation **relation)
{
    Query *q = named->b->q;
    const CatalogView *view = named->b->view;
    Text name = last_part(named->name), schema = schema_part(named->name);
    const CatalogRelation *table;
    const CatalogConstraint *index = NULL;
    if (schema.data && *relation)
        return NULL;
    if (schema.data) {
        index = index_by_name(q, view, schema, name, &table);
    } else {
        i32 count;
        const u32 *path = catalog_search_path(q, view, &count);
        u32 last = *relation ? (*relation)->schema : 0;
        for (i32 i = 0; i < count && path[i] != last && !index; i++)
            index = constraint_in_schema(q, view, path[i], name, true, &table);
    }
    if (index)
        *relation = table;
    return index;
}

const CatalogRelation *drop_named_relation(const DropName *named, const CatalogConstraint **index)
{
    Query *q = named->b->q;
    Text name = last_part(named->name);
    AstObjectKind object = named->object;
    check_dots(named, "relation", "\"");
    *index = NULL;
    if (!schema_is_there(named))
        return NULL;
    const CatalogRelation *relation =
        catalog_relation_by_name(q, named->b->view, schema_part(named->name), name);
    *index = find_index(named, &relation);
    if (!relation && named->if_exists) {
        skip_notice(named, kind_word(object), name);
        return NULL;
    }
    if (!relation)
        query_fail(q, object == OBJECT_INDEX ? E_UNDEFINED_OBJECT : E_UNDEFINED_TABLE,
                   "%s \"%.*s\" does not exist", kind_word(object), TEXT_ARG(name));
    AstObjectKind found = *index ? OBJECT_INDEX : object_of(relation);
    if (found != object)
        fail_wrong_kind(named, found);
    return relation;
}

/* The first one that stays is the statement's error. */
static void refuse(OtherDrop *other, Text what, Text owner)
{
    if (other->refused)
        return;
    other->refused = true;
    error_set(&other->refusal, E_DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop %.*s because %.*s requires it", TEXT_ARG(what), TEXT_ARG(owner));
    error_hint(&other->refusal, "You can drop %.*s instead.", TEXT_ARG(owner));
}

static void refuse_built_in(OtherDrop *other, const char *kind, Text name)
{
    if (other->refused)
        return;
    other->refused = true;
    error_set(&other->refusal, E_DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop %s %.*s because it is required by the database system", kind,
              TEXT_ARG(name));
}

static bool index_is_visible(Binder *b, const CatalogConstraint *index)
{
    DropName bare = {.b = b, .name = {.parts = (Text[]){index->name}, .count = 1}};
    const CatalogRelation *relation =
        catalog_relation_by_name(b->q, b->view, (Text){NULL, 0}, index->name);
    const CatalogConstraint *first = find_index(&bare, &relation);
    return first && first->oid == index->oid;
}

static void name_relation(OtherDrop *other)
{
    Binder *b = other->named.b;
    const CatalogConstraint *index;
    const CatalogRelation *table = drop_named_relation(&other->named, &index);
    if (!index)
        return;
    Text schema = index_is_visible(b, index) ? TEXT("") : schema_name(b->q, b->view, table->schema);
    Text name = qualified_name(b->q, schema, index->name);
    Text table_name = drop_describe(b, table);
    refuse(
        other, query_format(b->q, "index %.*s", TEXT_ARG(name)),
        query_format(b->q, "constraint %.*s on %.*s", TEXT_ARG(index->name), TEXT_ARG(table_name)));
}

/* ---- types ---- */

/* What a type is: built in, or of the rows of a relation; array: of those rows. */
typedef struct NamedType {
    const TypeRow *row;
    const CatalogRelation *relation;
    bool array;
} NamedType;

static const CatalogRelation *relation_with_rows(const DropName *named, Text name)
{
    const CatalogRelation *relation =
        catalog_relation_by_name(named->b->q, named->b->view, schema_part(named->name), name);
    return relation && relation->kind != RELATION_SEQUENCE ? relation : NULL;
}

static NamedType find_type(const DropName *named, bool array)
{
    Text name = last_part(named->name), schema = schema_part(named->name);
    NamedType found = {.array = array};
    if (!schema.data || text_equal(schema, TEXT("pg_catalog")))
        found.row = type_row_by_name(name);
    if (found.row && array)
        found.row = found.row->array_oid ? type_row(found.row->array_oid) : NULL;
    if (!found.row)
        found.relation = relation_with_rows(named, name);
    if (!found.row && !found.relation && name.len > 1 && name.data[0] == '_') {
        found.relation = relation_with_rows(named, text_slice(name, 1, name.len));
        found.array = true;
    }
    return found;
}

/* "sch.t": as messages call the type of the rows. */
static Text row_type_name(Binder *b, const CatalogRelation *relation)
{
    bool visible = catalog_relation_is_visible(b->q, b->view, relation->oid);
    return qualified_name(b->q, visible ? TEXT("") : schema_name(b->q, b->view, relation->schema),
                          relation->name);
}

static void refuse_type(OtherDrop *other, NamedType type)
{
    Binder *b = other->named.b;
    char built_in[TYPE_NAME_BYTES];
    if (type.row) {
        refuse_built_in(other, "type", text_from(type_format(type_of(type.row->oid), built_in)));
        return;
    }
    Text name = row_type_name(b, type.relation);
    Text rows = query_format(b->q, "type %.*s", TEXT_ARG(name));
    if (type.relation->schema == SCHEMA_PG_CATALOG)
        refuse_built_in(other, "type", name);
    else if (type.array)
        refuse(other, query_format(b->q, "type %.*s[]", TEXT_ARG(name)), rows);
    else
        refuse(other, rows, drop_describe(b, type.relation));
}

static void name_type(OtherDrop *other, const AstType *written)
{
    DropName *named = &other->named;
    Query *q = named->b->q;
    bool array = written->bounds.count > 0;
    named->name = written->name;
    check_dots(named, "qualified", "");
    if (!schema_is_there(named))
        return;
    Text name =
        query_format(q, "%.*s%s", TEXT_ARG(name_print(q, written->name)), array ? "[]" : "");
    NamedType type = find_type(named, array);
    if (!type.row && !type.relation && named->if_exists) {
        skip_notice(named, "type", name);
        return;
    }
    if (!type.row && !type.relation)
        query_fail(q, E_UNDEFINED_OBJECT, "type \"%.*s\" does not exist", TEXT_ARG(name));
    if (named->object == OBJECT_DOMAIN)
        query_fail(q, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a domain", TEXT_ARG(name));
    refuse_type(other, type);
}

/* ---- extensions and collations ---- */

static void name_extension(const OtherDrop *other)
{
    const DropName *named = &other->named;
    Text name = last_part(named->name);
    if (!named->if_exists)
        query_fail(named->b->q, E_UNDEFINED_OBJECT, "extension \"%.*s\" does not exist",
                   TEXT_ARG(name));
    skip_notice(named, "extension", name);
}

static void name_collation(OtherDrop *other)
{
    const DropName *named = &other->named;
    Query *q = named->b->q;
    Text written = name_print(q, named->name), schema = schema_part(named->name);
    Text name = last_part(named->name);
    check_dots(named, "qualified", "");
    if (!schema_is_there(named))
        return;
    if ((!schema.data || text_equal(schema, TEXT("pg_catalog"))) && collation_by_name(name)) {
        refuse_built_in(other, "collation", qualified_name(q, TEXT(""), name));
        return;
    }
    if (!named->if_exists)
        query_fail(q, E_UNDEFINED_OBJECT, "collation \"%.*s\" for encoding \"UTF8\" does not exist",
                   TEXT_ARG(written));
    skip_notice(named, "collation", written);
}

/* ---- the entry ---- */

/* DROP INDEX CONCURRENTLY takes one name and drops nothing else. */
static void check_concurrently(Query *q, const AstDrop *drop)
{
    if (!drop->concurrently)
        return;
    if (drop->names.count > 1)
        query_fail(q, E_FEATURE_NOT_SUPPORTED,
                   "DROP INDEX CONCURRENTLY does not support dropping multiple objects");
    if (drop->behavior == BEHAVIOR_CASCADE)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "DROP INDEX CONCURRENTLY does not support CASCADE");
}

static void name_other(OtherDrop *other, const Ast *name)
{
    if (name->kind == AST_TYPE) {
        name_type(other, &name->type);
        return;
    }
    other->named.name = name->name.name;
    if (other->named.object == OBJECT_EXTENSION)
        name_extension(other);
    else if (other->named.object == OBJECT_COLLATION)
        name_collation(other);
    else
        name_relation(other);
}

void drop_others(Binder *b, PlanCommand *command, const AstDrop *drop)
{
    OtherDrop other = {
        .named = {
            .b = b, .command = command, .object = drop->object, .if_exists = drop->if_exists}};
    check_concurrently(b->q, drop);
    for (i32 i = 0; i < drop->names.count; i++)
        name_other(&other, drop->names.items[i]);
    if (other.refused)
        query_rethrow(b->q, &other.refusal);
}
