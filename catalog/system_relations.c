/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of built-in relations: those of system_columns.def and those the server registers while
 * it starts (live ones: sessions, settings). A registered relation takes the place of a built-in
 * one of the same name.
 *
 * Columns whose PostgreSQL type has no values here yet (arrays, vectors, anyarray) are text and
 * hold what PostgreSQL prints for such a value, "{1,2}" or "1 2".
 *
 * Memory: static tables; descriptions are made in the query's arena. The registry is written before
 * the server listens and only read afterwards.
 */
#include "catalog/system_relations.h"

#include "catalog/system_fill.h"

// clang-format off
#define RELATION_BEGIN(relation, name, oid, fill) static const SystemColumn relation##_list[] = {
#define COLUMN(relation, column, type) {#column, TYPE_##type},
#define RELATION_END(relation) };
#include "catalog/system_columns.def"
#undef RELATION_BEGIN
#undef COLUMN
#undef RELATION_END

#define RELATION_BEGIN(relation, name, oid, fill)                                                  \
    {oid, name, relation##_list, countof(relation##_list), fill},
#define COLUMN(relation, column, type)
#define RELATION_END(relation)
static const SystemRelation computed[] = {
#include "catalog/system_columns.def"
};
// clang-format on

enum { REGISTERED_MAX = 64 };
static const SystemRelation *registered[REGISTERED_MAX];
static i32 registered_count;

void system_relation_register(const SystemRelation *relation)
{
    verify(registered_count < REGISTERED_MAX && relation->column_count > 0 && relation->fill);
    registered[registered_count++] = relation;
}

/* Has the server registered another one under this name? */
static bool is_replaced(const SystemRelation *relation)
{
    Text name = text_from(relation->name);
    for (i32 i = 0; i < registered_count; i++)
        if (text_equal(text_from(registered[i]->name), name))
            return true;
    return false;
}

const SystemRelation *system_relation_at(i32 i)
{
    for (i32 k = 0; k < countof(computed); k++)
        if (!is_replaced(&computed[k]) && i-- == 0)
            return &computed[k];
    return i < registered_count ? registered[i] : NULL;
}

const SystemRelation *system_relation_by_oid(u32 oid)
{
    for (i32 i = 0; i < registered_count; i++)
        if (registered[i]->oid == oid)
            return registered[i];
    for (i32 i = 0; i < countof(computed); i++)
        if (computed[i].oid == oid)
            return is_replaced(&computed[i]) ? NULL : &computed[i];
    return NULL;
}

u32 system_relation_schema(const SystemRelation *relation)
{
    Text information = TEXT("information_schema.");
    return text_starts_with(text_from(relation->name), information) ? SCHEMA_INFORMATION
                                                                    : SCHEMA_PG_CATALOG;
}

Text system_relation_name(const SystemRelation *relation)
{
    Text name = text_from(relation->name);
    i64 dot = text_find_byte(name, '.');
    return dot < name.len ? text_slice(name, dot + 1, name.len) : name;
}

static bool is_called(const SystemRelation *relation, u32 schema, Text name)
{
    return system_relation_schema(relation) == schema &&
           text_equal(system_relation_name(relation), name);
}

const SystemRelation *system_relation_by_name(u32 schema, Text name)
{
    if (schema != SCHEMA_PG_CATALOG && schema != SCHEMA_INFORMATION)
        return NULL;
    for (i32 i = 0; i < registered_count; i++)
        if (is_called(registered[i], schema, name))
            return registered[i];
    for (i32 i = 0; i < countof(computed); i++)
        if (is_called(&computed[i], schema, name))
            return &computed[i];
    return NULL;
}

Type system_column_type(const SystemColumn *column)
{
    Type type = type_of(column->type);
    return type_lane(type).kind == LANE_NONE ? type_of(TYPE_TEXT) : type;
}

const CatalogRelation *system_relation_describe(Query *q, const SystemRelation *relation)
{
    CatalogColumn *columns = make_array(q, CatalogColumn, relation->column_count);
    for (i32 i = 0; i < relation->column_count; i++)
        columns[i] = (CatalogColumn){.name = text_from(relation->columns[i].name),
                                     .type = system_column_type(&relation->columns[i]),
                                     .number = i + 1};
    CatalogRelation *described = make(q, CatalogRelation);
    *described = (CatalogRelation){
        .oid = relation->oid,
        .schema = system_relation_schema(relation),
        .name = system_relation_name(relation),
        .kind = RELATION_TABLE,
        .owner = ROLE_GOTGAN,
        .built_in = true,
        .columns = columns,
        .column_count = relation->column_count,
        .access = &system_access,
        .relation = relation->oid,
    };
    return described;
}
