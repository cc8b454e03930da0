/* SPDX-License-Identifier: Apache-2.0
 *
 * Generated columns: GENERATED ALWAYS AS (expression) STORED.
 *
 * The expression is bound over the positions of the table's row, as a CHECK is, and kept where
 * other columns keep their DEFAULT. Statements that write rows give no values for such columns;
 * the operator that writes computes them from the rest of the row, before anything is checked. No
 * expression reads a generated column, so their order does not matter.
 *
 * What must not change when a row is read again must not depend on anything but the row: only
 * immutable functions may be used. As in PostgreSQL the cast to the column's type is not looked at.
 */
#include "expressions/eval.h"
#include "planner/bind_ddl.h"

typedef struct GeneratedBind {
    Binder *b;
    const CatalogRelation *relation;
    const CatalogColumn *column;
} GeneratedBind;

/* ---- what may stand in the expression ---- */

/* Do settings of the session change how values of the type are read from text, or written? */
static bool text_depends_on_settings(u32 oid, bool read)
{
    switch (oid) {
    case TYPE_DATE:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
    case TYPE_INTERVAL:
    case TYPE_RECORD:
        return true;
    case TYPE_TIME:
    case TYPE_TIMETZ:
        return read;
    default:
        return false;
    }
}

/* The operator || writes its other operand as text; all else is told by the function's row. */
static bool call_is_mutable(const Expr *expr)
{
    if (expr->call.row->operation != OP_CONCAT_TEXT_ANY)
        return (expr->call.row->flags & (STABLE | VOLATILE)) != 0;
    for (i32 i = 0; i < expr->call.args.count; i++)
        if (text_depends_on_settings(expr->call.args.items[i]->type.oid, false))
            return true;
    return false;
}

static bool is_mutable(void *state, const Expr *expr)
{
    if (expr->kind == EXPR_CALL)
        return call_is_mutable(expr);
    return expr->kind == EXPR_CAST_TEXT &&
           (text_depends_on_settings(expr->operand->type.oid, false) ||
            text_depends_on_settings(expr->type.oid, true));
}

typedef struct GeneratedSearch {
    const CatalogRelation *relation;
    const Expr *found;
} GeneratedSearch;

static bool is_generated(void *state, const Expr *expr)
{
    GeneratedSearch *search = state;
    if (expr->kind != EXPR_COLUMN ||
        !relation_live_column(search->relation, expr->column)->generated)
        return false;
    search->found = expr;
    return true;
}

static _Noreturn void fail_nested(Binder *b, const CatalogColumn *read, i32 offset)
{
    Error error;
    error_set(&error, E_INVALID_OBJECT_DEFINITION,
              "cannot use generated column \"%.*s\" in column generation expression",
              TEXT_ARG(read->name));
    error_detail(&error, "A generated column cannot reference another generated column.");
    error.position = offset + 1;
    query_rethrow(b->q, &error);
}

static void check_expression(const GeneratedBind *bind, Expr *expr)
{
    Binder *b = bind->b;
    const Expr *subquery = bind_find_subquery(b, expr);
    if (subquery)
        query_fail_at(b->q, subquery->offset, E_FEATURE_NOT_SUPPORTED,
                      "cannot use subquery in column generation expression");
    GeneratedSearch search = {.relation = bind->relation};
    if (expr_any(b->q, expr, is_generated, &search))
        fail_nested(b, relation_live_column(bind->relation, search.found->column),
                    search.found->offset);
    /* PostgreSQL looks at what is left when constants are folded: a strict function of NULL is not
     */
    if (expr_any(b->q, expr, is_mutable, NULL) &&
        expr_any(b->q, expr_fold(b->q, expr, NULL), is_mutable, NULL))
        query_fail(b->q, E_INVALID_OBJECT_DEFINITION, "generation expression is not immutable");
}

/* ---- binding ---- */

static Expr *bind_in_row(const GeneratedBind *bind, const Ast *ast, Text stored)
{
    Binder *b = bind->b;
    Scope scope, *outer = b->scope;
    b->scope = NULL;
    scope_open(b, &scope);
    bind_row_scope(b, bind->relation);
    scope.place = PLACE_GENERATED;
    Expr *expr = ast ? bind_expr(b, ast) : bind_stored_expr(b, stored);
    b->scope = outer;
    return expr;
}

static Expr *bind_generated_expr(void *state, const Ast *ast)
{
    const GeneratedBind *bind = state;
    Binder *b = bind->b;
    const CatalogColumn *column = bind->column;
    Expr *expr = bind_in_row(bind, ast, TEXT(""));
    check_expression(bind, expr);
    if (!coerce_try(b, expr, column->type, CAST_ASSIGNMENT, ast->offset))
        table_fail_default_type(b, column, expr, -1);
    return coerce_assignment(b, expr, column->type, column->name, ast->offset);
}

Expr *table_set_generated(TableBind *t, CatalogColumn *column, const Ast *ast)
{
    GeneratedBind bind = {t->b, t->relation, column};
    Expr *expr = bind_generated_expr(&bind, ast);
    column->generated = GENERATED_STORED;
    column->default_expr = stored_expr(t->b, ast, bind_generated_expr, &bind);
    return expr;
}

void table_rename_in_generated(TableBind *t, CatalogColumn *column, Text from, Text to)
{
    GeneratedBind bind = {t->b, t->relation, column};
    column->default_expr =
        stored_rename(t->b, column->default_expr, bind_generated_expr, &bind, from, to);
}

/* The expression of a generated column, over positions of the row. */
static Expr *generated_expr(Binder *b, const CatalogRelation *relation, const CatalogColumn *column)
{
    GeneratedBind bind = {b, relation, column};
    Expr *expr = bind_in_row(&bind, NULL, column->default_expr);
    return coerce_assignment(b, expr, column->type, column->name, -1);
}

void bind_generated(Binder *b, const CatalogRelation *relation, PlanModify *modify)
{
    modify->generated = make_array(b->q, PlanGenerated, modify->row_count);
    for (i32 i = 0; i < modify->row_count; i++) {
        const CatalogColumn *column = relation_live_column(relation, i);
        if (column->generated)
            modify->generated[modify->generated_count++] =
                (PlanGenerated){i, generated_expr(b, relation, column)};
    }
}

/* ---- who reads what ---- */

static bool reads_position(void *state, const Expr *expr)
{
    const bool *positions = state;
    return expr->kind == EXPR_COLUMN && positions[expr->column];
}

bool generated_reads(Binder *b, const Expr *expr, const bool *positions)
{
    return expr_any(b->q, expr, reads_position, (void *)positions); /* only read */
}

bool column_is_generated_from(Binder *b, const CatalogRelation *relation,
                              const CatalogColumn *column, const CatalogColumn *source)
{
    if (!column->generated || column->dropped)
        return false;
    bool *positions = make_array(b->q, bool, relation->column_count);
    positions[relation_live_position(relation, source->number)] = true;
    return generated_reads(b, generated_expr(b, relation, column), positions);
}

/* ---- values that are given, to identity columns as well ---- */

static _Noreturn void fail_given(Binder *b, const CatalogColumn *column, GivenBy by)
{
    Error error;
    error_set(&error, E_GENERATED_ALWAYS,
              by == GIVEN_BY_UPDATE ? "column \"%.*s\" can only be updated to DEFAULT"
                                    : "cannot insert a non-DEFAULT value into column \"%.*s\"",
              TEXT_ARG(column->name));
    error_detail(&error, "Column \"%.*s\" is %s.", TEXT_ARG(column->name),
                 column->generated ? "a generated column"
                                   : "an identity column defined as GENERATED ALWAYS");
    if (column->identity && by == GIVEN_BY_INSERT)
        error_hint(&error, "Use OVERRIDING SYSTEM VALUE to override.");
    query_rethrow(b->q, &error);
}

void check_given_values(Binder *b, const CatalogRelation *relation, const bool *given, GivenBy by)
{
    for (i32 i = 0, live = 0; i < relation->column_count; i++) {
        const CatalogColumn *column = &relation->columns[i];
        if (column->dropped)
            continue;
        bool always =
            column->generated || (column->identity == IDENTITY_ALWAYS && by != GIVEN_BY_OVERRIDING);
        if (given[live++] && always)
            fail_given(b, column, by);
    }
}

/* ---- COPY ---- */

void check_copied_column(Binder *b, const CatalogColumn *column)
{
    if (!column->generated)
        return;
    Error error;
    error_set(&error, E_INVALID_COLUMN_REFERENCE, "column \"%.*s\" is a generated column",
              TEXT_ARG(column->name));
    error_detail(&error, "Generated columns cannot be used in COPY.");
    query_rethrow(b->q, &error);
}

/* The rows are chosen before their generated columns are computed. */
void check_copy_where(Binder *b, const CatalogRelation *relation, const Expr *condition)
{
    GeneratedSearch search = {.relation = relation};
    if (!expr_any(b->q, condition, is_generated, &search))
        return;
    Error error;
    error_set(&error, E_INVALID_COLUMN_REFERENCE,
              "generated columns are not supported in COPY FROM WHERE conditions");
    error_detail(&error, "Column \"%.*s\" is a generated column.",
                 TEXT_ARG(relation_live_column(relation, search.found->column)->name));
    query_rethrow(b->q, &error);
}
