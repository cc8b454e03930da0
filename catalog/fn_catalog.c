/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that look into the catalogue: visibility, names of roles and types, sizes; and the loop
 * that all such kernels share.
 *
 * A kernel returns, a look-up throws: the loop opens a query of its own over the call's arena, runs
 * the rows inside its trap and hands what was thrown back as the row's error.
 *
 * Memory: the call's arena, until the chunk ends. No state; attached while the server starts.
 */
#include "catalog/catalog_kernel.h"
#include "catalog/definition.h"
#include "catalog/registered.h"
#include "catalog/system_fill.h"

/* ---- the loop ---- */

typedef struct CatalogLoop {
    KernelCall *call;
    CatalogRow *row;
    i32 at; /* the row that is running */
    Query q;
    QueryControl control;
} CatalogLoop;

static void run_rows(void *argument)
{
    CatalogLoop *loop = argument;
    KernelCall *call = loop->call;
    const Selection *sel = call->sel;
    i32 count = sel ? sel->count : call->n;
    for (i32 k = 0; k < count; k++) {
        loop->at = sel ? sel->rows[k] : k;
        if (bit_get(call->result->valid, loop->at))
            loop->row(&loop->q, call, loop->at);
    }
}

KernelStatus catalog_rows(KernelCall *call, CatalogRow *row)
{
    CatalogLoop loop = {.call = call, .row = row};
    assert(call->env && call->env->catalog);
    if (!result_own_valid(call))
        return KERNEL_ERROR;
    query_open(&loop.q, call->arena, &loop.control);
    if (query_try(&loop.q, run_rows, &loop))
        return KERNEL_OK;
    *call->error = loop.q.error;
    return row_failed(call, loop.at);
}

KernelStatus catalog_rows_all(KernelCall *call, CatalogRow *row)
{
    call->result->valid = NULL;
    return catalog_rows(call, row);
}

void attach(Operation operation, KernelFunction kernel)
{
    bool attached = operation_attach(operation, kernel);
    verify(attached);
}

static const CatalogView *view_of(const KernelCall *call)
{
    return call->env->catalog;
}

/* ---- visibility: NULL when there is no such thing ---- */

static bool relation_exists(const CatalogView *view, u32 oid)
{
    return object_get(view->snapshot, CLASS_RELATION, oid) || system_relation_by_oid(oid);
}

static void table_is_visible(Query *q, KernelCall *call, i32 i)
{
    const CatalogView *view = view_of(call);
    u32 oid = arg_oid(call, 0, i);
    const CatalogRelation *indexed = NULL;
    if (!relation_exists(view, oid) && constraint_by_oid(q, view, oid, &indexed))
        oid = indexed->oid; /* an index is seen where its table is */
    if (!relation_exists(view, oid))
        put_null(call, i);
    else
        put_bool(call, i, catalog_relation_is_visible(q, view, oid));
}
CATALOG_KERNEL(table_is_visible)

/* What is built in lies in pg_catalog, which is always searched and has no rivals yet. */
static void put_visible_if(KernelCall *call, i32 i, bool exists)
{
    if (exists)
        put_bool(call, i, true);
    else
        put_null(call, i);
}

static void type_is_visible(Query *q, KernelCall *call, i32 i)
{
    put_visible_if(call, i, type_row(arg_oid(call, 0, i)) != NULL);
}
CATALOG_KERNEL(type_is_visible)

static void function_is_visible(Query *q, KernelCall *call, i32 i)
{
    put_visible_if(call, i, procedure_exists(arg_oid(call, 0, i)));
}
CATALOG_KERNEL(function_is_visible)

static bool operator_exists(u32 oid)
{
    i32 count;
    const FunctionRow *functions = function_rows(&count);
    for (i32 i = 0; i < count && oid; i++)
        if (functions[i].oper == oid)
            return true;
    return false;
}

static void operator_is_visible(Query *q, KernelCall *call, i32 i)
{
    put_visible_if(call, i, operator_exists(arg_oid(call, 0, i)));
}
CATALOG_KERNEL(operator_is_visible)

/* ---- names ---- */

static void current_schema(Query *q, KernelCall *call, i32 i)
{
    const CatalogSchema *schema = catalog_current_schema(q, view_of(call));
    if (schema)
        put_text(call, i, schema->name);
    else
        put_null(call, i);
}
CATALOG_KERNEL(current_schema)

/* As PostgreSQL prints it: in quotes when an array's text would be read otherwise. */
static void print_element(TextBuilder *out, Text name)
{
    bool quotes = text_equal_ignoring_case(name, TEXT("null"));
    for (i64 i = 0; i < name.len; i++)
        quotes |= strchr("\"\\{}, \t\n\r\v\f", name.data[i]) != NULL;
    if (quotes)
        builder_byte(out, '"');
    for (i64 i = 0; i < name.len; i++) {
        if (name.data[i] == '"' || name.data[i] == '\\')
            builder_byte(out, '\\');
        builder_byte(out, name.data[i]);
    }
    if (quotes)
        builder_byte(out, '"');
}

/* true: with the schemas that are searched unasked. */
static void current_schemas(Query *q, KernelCall *call, i32 i)
{
    const CatalogView *view = view_of(call);
    i32 count;
    const u32 *path = arg_bool(call, 0, i) ? catalog_search_path(q, view, &count)
                                           : catalog_listed_schemas(q, view, &count);
    TextBuilder out;
    builder_open(&out, q, q->arena);
    builder_byte(&out, '{');
    for (i32 k = 0; k < count; k++) {
        if (k)
            builder_byte(&out, ',');
        print_element(&out, schema_name(q, view, path[k]));
    }
    builder_byte(&out, '}');
    put_text(call, i, builder_text(&out));
}
CATALOG_KERNEL(current_schemas)

static void my_temp_schema(Query *q, KernelCall *call, i32 i)
{
    const CatalogSchema *schema = catalog_temporary_schema(q, view_of(call));
    put_i64(call, i, schema ? schema->oid : 0);
}
CATALOG_KERNEL(my_temp_schema)

static void is_other_temp_schema(Query *q, KernelCall *call, i32 i)
{
    const CatalogSchema *own = catalog_temporary_schema(q, view_of(call));
    const CatalogSchema *schema = catalog_schema(q, view_of(call), arg_oid(call, 0, i));
    put_bool(call, i,
             schema && catalog_is_temporary_name(schema->name) &&
                 !(own && own->oid == schema->oid));
}
CATALOG_KERNEL(is_other_temp_schema)

static void user_by_id(Query *q, KernelCall *call, i32 i)
{
    u32 oid = arg_oid(call, 0, i);
    put_text(call, i,
             oid == ROLE_GOTGAN ? CATALOG_ROLE_NAME : query_format(q, "unknown (OID=%u)", oid));
}
CATALOG_KERNEL(user_by_id)

/* With a modifier that says "none" the SQL names of char(n) and bit(n) would mean a length of 1:
 * PostgreSQL shows the internal names then. */
static Text type_name_text(Query *q, Type type, bool has_typmod)
{
    char name[TYPE_NAME_BYTES];
    bool unlimited = has_typmod && type.typmod < 0;
    if (type.oid == 0)
        return TEXT("-");
    if (!type_row(type.oid))
        return TEXT("???");
    if (unlimited && (type.oid == TYPE_BPCHAR || type.oid == TYPE_BPCHAR_ARRAY))
        return type.oid == TYPE_BPCHAR ? TEXT("bpchar") : TEXT("bpchar[]");
    if (unlimited && type.oid == TYPE_BIT)
        return TEXT("\"bit\"");
    return query_text(q, text_from(type_format(type, name)));
}

static void format_type(Query *q, KernelCall *call, i32 i)
{
    if (arg_is_null(call, 0, i)) {
        put_null(call, i);
        return;
    }
    Type type = {.oid = arg_oid(call, 0, i), .typmod = TYPMOD_NONE};
    bool has_typmod = !arg_is_null(call, 1, i);
    if (has_typmod)
        type.typmod = arg_i32(call, 1, i);
    put_text(call, i, type_name_text(q, type, has_typmod));
}

static KernelStatus format_type_kernel(KernelCall *call)
{
    return catalog_rows_all(call, format_type);
}

/* ---- sizes ---- */

/* Bytes of all parts of a table as storage estimates them. */
static i64 table_bytes(Query *q, const KernelCall *call, const CatalogRelation *relation)
{
    Error error;
    Relation *opened;
    Split *splits;
    ScanSpec spec = {0};
    i32 count = 0;
    i64 bytes = 0;
    if (relation->built_in || relation->kind != RELATION_TABLE)
        return 0;
    if (!relation->access->open(view_of(call)->snapshot, relation->relation, call->arena->budget,
                                &opened, &error))
        query_rethrow(q, &error);
    bool good = relation->access->splits(opened, &spec, q->arena, &splits, &count, &error);
    for (i32 k = 0; good && k < count; k++)
        bytes += splits[k].bytes;
    relation->access->close(opened);
    if (!good)
        query_rethrow(q, &error);
    return bytes;
}

static void put_relation_bytes(Query *q, KernelCall *call, i32 i)
{
    const CatalogView *view = view_of(call);
    const CatalogRelation *indexed, *relation = catalog_relation(q, view, arg_oid(call, 0, i));
    if (relation)
        put_i64(call, i, table_bytes(q, call, relation));
    else if (constraint_by_oid(q, view, arg_oid(call, 0, i), &indexed))
        put_i64(call, i, 0); /* a key is kept in no file of its own */
    else
        put_null(call, i);
}
CATALOG_KERNEL(put_relation_bytes)

static bool is_fork(Text name)
{
    return text_equal(name, TEXT("main")) || text_equal(name, TEXT("fsm")) ||
           text_equal(name, TEXT("vm")) || text_equal(name, TEXT("init"));
}

static void relation_size(Query *q, KernelCall *call, i32 i)
{
    Error error;
    if (call->nargs == 2 && !is_fork(arg_text(call, 1, i))) {
        error_set(&error, E_INVALID_PARAMETER_VALUE, "invalid fork name");
        error_hint(&error, "Valid fork names are \"main\", \"fsm\", \"vm\", and \"init\".");
        query_rethrow(q, &error);
    }
    put_relation_bytes(q, call, i);
    if (call->nargs == 2 && !text_equal(arg_text(call, 1, i), TEXT("main")) &&
        bit_get(call->result->valid, i))
        put_i64(call, i, 0);
}
CATALOG_KERNEL(relation_size)

/* ---- others ---- */

static void is_in_recovery(Query *q, KernelCall *call, i32 i)
{
    put_bool(call, i, false);
}
CATALOG_KERNEL(is_in_recovery)

void catalog_attach_functions(void)
{
    attach(OP_PG_TABLE_IS_VISIBLE, table_is_visible_kernel);
    attach(OP_PG_TYPE_IS_VISIBLE, type_is_visible_kernel);
    attach(OP_PG_FUNCTION_IS_VISIBLE, function_is_visible_kernel);
    attach(OP_PG_OPERATOR_IS_VISIBLE, operator_is_visible_kernel);
    attach(OP_CURRENT_SCHEMA, current_schema_kernel);
    attach(OP_CURRENT_SCHEMAS, current_schemas_kernel);
    attach(OP_PG_MY_TEMP_SCHEMA, my_temp_schema_kernel);
    attach(OP_PG_IS_OTHER_TEMP_SCHEMA, is_other_temp_schema_kernel);
    attach(OP_PG_GET_USERBYID, user_by_id_kernel);
    attach(OP_FORMAT_TYPE, format_type_kernel);
    attach(OP_TEXT_TO_REGCLASS, registered_from_text);
    attach(OP_PG_RELATION_SIZE, relation_size_kernel);
    attach(OP_PG_TABLE_SIZE, put_relation_bytes_kernel);
    attach(OP_PG_TOTAL_RELATION_SIZE, put_relation_bytes_kernel);
    attach(OP_PG_IS_IN_RECOVERY, is_in_recovery_kernel);
    attach_definition_functions();
    attach_privilege_functions();
    attach_comment_functions();
    attach_sequence_functions();
}
