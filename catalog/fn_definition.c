/* SPDX-License-Identifier: Apache-2.0
 *
 * pg_get_expr, pg_get_viewdef, pg_get_constraintdef, pg_get_indexdef: definitions as SQL text.
 * All answer NULL for an oid that names nothing of the kind.
 *
 * Memory: the call's arena. No state.
 */
#include "catalog/catalog_kernel.h"
#include "catalog/definition.h"
#include "catalog/sequence.h"
#include "catalog/written_name.h"

static void put_text_or_null(KernelCall *call, i32 i, Text text)
{
    if (text.len)
        put_text(call, i, text);
    else
        put_null(call, i);
}

static void get_expr(Query *q, KernelCall *call, i32 i)
{
    bool pretty = call->nargs == 3 && arg_bool(call, 2, i);
    Text named = stored_expr_text(q, call->env->catalog, arg_text(call, 0, i));
    put_text(call, i, expression_definition(q, named, pretty));
}
CATALOG_KERNEL(get_expr)

static void put_view_definition(Query *q, KernelCall *call, i32 i, const CatalogRelation *relation)
{
    bool is_view = relation && relation->kind == RELATION_VIEW;
    put_text_or_null(call, i,
                     is_view ? view_definition(q, call->env->catalog, relation) : TEXT(""));
}

static void get_viewdef(Query *q, KernelCall *call, i32 i)
{
    put_view_definition(q, call, i, catalog_relation(q, call->env->catalog, arg_oid(call, 0, i)));
}
CATALOG_KERNEL(get_viewdef)

static void get_viewdef_name(Query *q, KernelCall *call, i32 i)
{
    put_view_definition(q, call, i,
                        relation_by_written_name(q, call->env->catalog, arg_text(call, 0, i)));
}
CATALOG_KERNEL(get_viewdef_name)

static void get_constraintdef(Query *q, KernelCall *call, i32 i)
{
    const CatalogRelation *relation;
    const CatalogConstraint *constraint =
        constraint_by_oid(q, call->env->catalog, arg_oid(call, 0, i), &relation);
    bool pretty = call->nargs == 2 && arg_bool(call, 1, i);
    put_text_or_null(
        call, i, constraint ? constraint_definition(q, relation, constraint, pretty) : TEXT(""));
}
CATALOG_KERNEL(get_constraintdef)

/* Column 0 is the whole index; pretty leaves the schema out where the table is found without. */
static Text index_text(Query *q, const KernelCall *call, i32 i, const CatalogRelation *relation,
                       const CatalogConstraint *constraint)
{
    const CatalogView *view = call->env->catalog;
    i32 column = call->nargs == 3 ? arg_i32(call, 1, i) : 0;
    bool pretty = call->nargs == 3 && arg_bool(call, 2, i);
    if (column < 0 || column > index_column_count(constraint))
        return TEXT("");
    if (column > 0) {
        Text name = relation->columns[index_column(constraint, column - 1) - 1].name;
        return qualified_name(q, TEXT(""), name);
    }
    bool bare = pretty && catalog_relation_is_visible(q, view, relation->oid);
    return index_definition(q, bare ? TEXT("") : schema_name(q, view, relation->schema), relation,
                            constraint);
}

static void get_indexdef(Query *q, KernelCall *call, i32 i)
{
    const CatalogRelation *relation;
    const CatalogConstraint *constraint =
        constraint_by_oid(q, call->env->catalog, arg_oid(call, 0, i), &relation);
    bool is_index = constraint && constraint_has_index(constraint);
    put_text_or_null(call, i, is_index ? index_text(q, call, i, relation, constraint) : TEXT(""));
}
CATALOG_KERNEL(get_indexdef)

void attach_definition_functions(void)
{
    attach(OP_PG_GET_EXPR, get_expr_kernel);
    attach(OP_PG_GET_VIEWDEF, get_viewdef_kernel);
    attach(OP_PG_GET_VIEWDEF_NAME, get_viewdef_name_kernel);
    attach(OP_PG_GET_CONSTRAINTDEF, get_constraintdef_kernel);
    attach(OP_PG_GET_INDEXDEF, get_indexdef_kernel);
}
