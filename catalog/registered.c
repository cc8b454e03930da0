/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading and printing regclass, regtype, regnamespace, regrole and regproc by name.
 *
 * A type's name is its name in pg_type or one of its SQL names, without modifiers. A function's
 * name is shown bare when it is the only one of that name, as PostgreSQL does.
 *
 * Memory: the query's arena. No state.
 *
 * Not here: names of regprocedure, regoper and regoperator (0A000; they are shown as numbers).
 */
#include "catalog/registered.h"

#include "catalog/catalog_kernel.h"
#include "catalog/definition.h"
#include "catalog/written_name.h"
#include "types/text_in.h"

/* ---- reading ---- */

/* Digits and "-", as types/ reads them. */
static u32 number_read(Query *q, Text text, u32 type)
{
    Error error;
    Value value;
    FormatSettings format = {0};
    TextIn in = {type_of(type), type_lane(type_of(type)), &format, q->arena};
    if (!text_in_value(&in, text, &value, &error))
        query_rethrow(q, &error);
    return (u32)value.integer;
}

/* SQL's other words for types whose row has one SQL name only. */
typedef struct TypeWord {
    const char *word;
    u32 type;
} TypeWord;
static const TypeWord type_words[] = {
    {"int", TYPE_INT4},     {"decimal", TYPE_NUMERIC},      {"dec", TYPE_NUMERIC},
    {"float", TYPE_FLOAT8}, {"char varying", TYPE_VARCHAR}, {"char", TYPE_BPCHAR},
};

static u32 type_read(Query *q, Text text)
{
    i32 count;
    const TypeRow *types = type_rows(&count);
    Text name = text_starts_with(text, TEXT("pg_catalog."))
                    ? text_slice(text, TEXT("pg_catalog.").len, text.len)
                    : text;
    for (i32 i = 0; i < countof(type_words); i++)
        if (text_equal_ignoring_case(name, text_from(type_words[i].word)))
            return type_words[i].type;
    for (i32 i = 0; i < count; i++)
        if (text_equal_ignoring_case(name, text_from(types[i].sql_name)) ||
            text_equal_ignoring_case(name, text_from(types[i].name)))
            return types[i].oid;
    query_fail(q, E_UNDEFINED_OBJECT, "type \"%.*s\" does not exist", TEXT_ARG(text));
}

/* How many functions and aggregates have this name; *oid is one of them. */
static i32 functions_named(Text name, u32 *oid)
{
    i32 count = 0;
    for (const FunctionRow *row = NULL; (row = function_next(name, row)) != NULL; count++)
        *oid = row->proc;
    for (const AggregateRow *row = NULL; (row = aggregate_next(name, row)) != NULL; count++)
        *oid = row->proc;
    return count;
}

static u32 function_read(Query *q, Text text)
{
    Text parts[WRITTEN_PARTS_MAX];
    u32 oid = 0;
    i32 given = written_name_parts(q, text, parts);
    bool in_reach = given == 1 || (given == 2 && text_equal(parts[0], TEXT("pg_catalog")));
    i32 found = in_reach ? functions_named(parts[given - 1], &oid) : 0;
    if (found == 0)
        query_fail(q, E_UNDEFINED_FUNCTION, "function \"%.*s\" does not exist", TEXT_ARG(text));
    if (found > 1)
        query_fail(q, E_AMBIGUOUS_FUNCTION, "more than one function named \"%.*s\"",
                   TEXT_ARG(text));
    return oid;
}

/* A name of one part. */
static Text single_name(Query *q, Text text)
{
    Text parts[WRITTEN_PARTS_MAX];
    if (written_name_parts(q, text, parts) != 1)
        query_fail(q, E_INVALID_NAME, "invalid name syntax");
    return parts[0];
}

static u32 role_read(Query *q, Text text)
{
    Text name = single_name(q, text);
    if (!text_equal(name, CATALOG_ROLE_NAME))
        query_fail(q, E_UNDEFINED_OBJECT, "role \"%.*s\" does not exist", TEXT_ARG(name));
    return ROLE_GOTGAN;
}

u32 registered_read(Query *q, const CatalogView *view, Text text, u32 type)
{
    if (text.len > 1 && text.data[0] == REFERENCE_MARK) /* a stored text names it by its number */
        text = text_slice(text, 1, text.len);
    if (text_is_digits(text) || text_equal(text, TEXT("-")))
        return number_read(q, text, type);
    switch (type) {
    case TYPE_REGCLASS:
        return class_by_written_name(q, view, text);
    case TYPE_REGTYPE:
        return type_read(q, text);
    case TYPE_REGNAMESPACE:
        return schema_by_written_name(q, view, single_name(q, text))->oid;
    case TYPE_REGROLE:
        return role_read(q, text);
    case TYPE_REGPROC:
        return function_read(q, text);
    default: /* no names: types/ says so */
        return number_read(q, text, type);
    }
}

/* ---- printing ---- */

static Text relation_text(Query *q, const CatalogView *view, u32 oid)
{
    const CatalogRelation *relation = catalog_relation(q, view, oid);
    const CatalogConstraint *constraint =
        relation ? NULL : constraint_by_oid(q, view, oid, &relation);
    if (!relation || (constraint && !constraint_has_index(constraint)))
        return TEXT("");
    bool bare = catalog_relation_is_visible(q, view, relation->oid);
    return qualified_name(q, bare ? TEXT("") : schema_name(q, view, relation->schema),
                          constraint ? constraint->name : relation->name);
}

static Text function_text(Query *q, u32 oid)
{
    u32 one;
    const FunctionRow *function = function_by_proc(oid);
    const AggregateRow *aggregate = function ? NULL : aggregate_by_proc(oid);
    if (!function && !aggregate)
        return TEXT("");
    Text name = text_from(function ? function->name : aggregate->name);
    bool bare = functions_named(name, &one) == 1;
    return qualified_name(q, bare ? TEXT("") : TEXT("pg_catalog"), name);
}

static Text name_text(Query *q, const CatalogView *view, u32 type, u32 oid)
{
    char name[TYPE_NAME_BYTES];
    switch (type) {
    case TYPE_REGCLASS:
        return relation_text(q, view, oid);
    case TYPE_REGTYPE:
        return type_row(oid) ? query_text(q, text_from(type_format(type_of(oid), name))) : TEXT("");
    case TYPE_REGNAMESPACE:
        return catalog_schema(q, view, oid) ? qualified_name(q, TEXT(""), schema_name(q, view, oid))
                                            : TEXT("");
    case TYPE_REGROLE:
        return oid == ROLE_GOTGAN ? CATALOG_ROLE_NAME : TEXT("");
    case TYPE_REGPROC:
        return function_text(q, oid);
    default:
        return TEXT("");
    }
}

Text registered_text(Query *q, const CatalogView *view, u32 type, u32 oid)
{
    if (oid == 0)
        return TEXT("-");
    Text name = name_text(q, view, type, oid);
    return name.len ? name : query_format(q, "%u", oid);
}

/* ---- for types/, which returns ---- */

typedef struct NameRun {
    Query q;
    QueryControl control;
    const CatalogView *view;
    u32 type;
    Text text;
    u32 oid;
} NameRun;

static void run_read(void *argument)
{
    NameRun *run = argument;
    run->oid = registered_read(&run->q, run->view, run->text, run->type);
}

static void run_print(void *argument)
{
    NameRun *run = argument;
    run->text = registered_text(&run->q, run->view, run->type, run->oid);
}

static bool names_read(const RegisteredNames *names, u32 type, Text text, Arena *arena, i64 *oid,
                       Error *error)
{
    NameRun run = {.view = names->view, .type = type, .text = text};
    query_open(&run.q, arena, &run.control);
    bool good = query_try(&run.q, run_read, &run);
    *oid = run.oid;
    if (!good)
        *error = run.q.error;
    return good;
}

static bool names_append(const RegisteredNames *names, u32 type, i64 oid, Buffer *bytes,
                         Error *error)
{
    NameRun run = {.view = names->view, .type = type, .oid = (u32)oid};
    Arena arena;
    arena_open(&arena, bytes->budget);
    query_open(&run.q, &arena, &run.control);
    bool good = query_try(&run.q, run_print, &run);
    if (!good)
        *error = run.q.error;
    good = good && buffer_append(bytes, run.text.data, run.text.len, error);
    arena_close(&arena);
    return good;
}

RegisteredNames registered_names(const CatalogView *view)
{
    return (RegisteredNames){view, names_read, names_append};
}

/* ---- the cast from text ---- */

static void from_text(Query *q, KernelCall *call, i32 i)
{
    put_i64(call, i,
            registered_read(q, call->env->catalog, arg_text(call, 0, i), call->result->type.oid));
}

KernelStatus registered_from_text(KernelCall *call)
{
    return catalog_rows(call, from_text);
}
