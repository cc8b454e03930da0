/* SPDX-License-Identifier: Apache-2.0
 *
 * Collations: which one an expression has, by PostgreSQL's rules. All that are here order by code
 * point, so they only show in catalogues, in pg_collation_for and in the refusal of two that are
 * written against each other.
 *
 * COLLATE is an EXPR_RELABEL to the same type, which folding takes out again.
 */
#include "planner/bind.h"

typedef struct Derived {
    u32 oid;       /* COLLATION_NONE: of no type with collations, or in conflict */
    bool written;  /* by COLLATE: nothing else counts beside it */
    bool conflict; /* of columns that differ */
    i32 offset;
} Derived;

static u32 find_collation(Binder *b, Name written, i32 offset)
{
    Name name = name_in_database(b, written, offset);
    bind_check_schema(b, name, offset);
    u32 oid = COLLATION_NONE;
    if (name_is_system(name))
        oid = collation_by_name(name.parts[name.count - 1]);
    if (oid == COLLATION_NONE)
        query_fail_at(b->q, offset, E_UNDEFINED_OBJECT,
                      "collation \"%.*s\" for encoding \"UTF8\" does not exist",
                      TEXT_ARG(name_print(b->q, written)));
    return oid;
}

static u32 own_collation(Type type)
{
    return type_of(type.oid).collation;
}

Expr *bind_collate(Binder *b, const Ast *ast)
{
    Expr *operand = coerce_unknown(b, bind_expr(b, ast->collate.operand));
    char name[TYPE_NAME_BYTES];
    if (own_collation(operand->type) == COLLATION_NONE)
        query_fail_at(b->q, ast->offset, E_DATATYPE_MISMATCH,
                      "collations are not supported by type %s", type_format(operand->type, name));
    Type type = operand->type;
    type.collation = find_collation(b, ast->collate.collation, ast->offset);
    Expr *expr = expr_unary(b->q, EXPR_RELABEL, operand, type, operand->lane);
    expr->offset = ast->offset;
    return expr;
}

void bind_column_collation(Binder *b, Name collation, Type *type)
{
    char name[TYPE_NAME_BYTES];
    if (collation.count == 0)
        return;
    u32 oid = find_collation(b, collation, collation.offset);
    if (own_collation(*type) == COLLATION_NONE)
        query_fail_at(b->q, collation.offset, E_DATATYPE_MISMATCH,
                      "collations are not supported by type %s",
                      type_format(type_of(type->oid), name));
    type->collation = oid;
}

/* ---- which one an expression has ---- */

static void meet(Binder *b, Derived *all, Derived one)
{
    if (one.written && all->written && one.oid != all->oid)
        query_fail_at(b->q, one.offset, E_COLLATION_MISMATCH,
                      "collation mismatch between explicit collations \"%s\" and \"%s\"",
                      collation_name(all->oid), collation_name(one.oid));
    if (all->written || (one.oid == COLLATION_NONE && !one.conflict))
        return;
    bool first = all->oid == COLLATION_NONE && !all->conflict;
    if (first || one.written)
        *all = one;
    else if (all->conflict || one.oid == all->oid || one.oid == COLLATION_DEFAULT)
        return;
    else if (all->oid == COLLATION_DEFAULT)
        *all = one;
    else
        *all = (Derived){.conflict = true};
}

static Derived derive(Binder *b, const Expr *expr);

static void meet_list(Binder *b, Derived *all, const ExprList *list)
{
    for (i32 i = 0; i < list->count; i++)
        meet(b, all, derive(b, list->items[i]));
}

/* What the parts of an expression say that its value is made of. */
static Derived derive_parts(Binder *b, const Expr *expr)
{
    Derived all = {0};
    switch ((i32)expr->kind) {
    case EXPR_CALL:
        meet_list(b, &all, &expr->call.args);
        break;
    case EXPR_AGGREGATE:
        meet_list(b, &all, &expr->aggregate.args);
        break;
    case EXPR_CAST_TEXT:
    case EXPR_RELABEL:
    case EXPR_LANE:
        all = derive(b, expr->operand);
        break;
    case EXPR_CASE:
        meet_list(b, &all, &expr->cases.results);
        meet(b, &all, derive(b, expr->cases.otherwise));
        break;
    case EXPR_COALESCE:
        meet_list(b, &all, &expr->items);
        break;
    case EXPR_NULLIF:
        all = derive(b, expr->pair.left);
        meet(b, &all, derive(b, expr->pair.right));
        break;
    case EXPR_GREATEST:
    case EXPR_LEAST:
        meet_list(b, &all, &expr->choose.items);
        break;
    default: /* a constant, a column, a parameter, a sub-query */
        all.oid = expr->type.collation;
        break;
    }
    return all;
}

static Derived derive(Binder *b, const Expr *expr)
{
    stack_check(b->q);
    u32 own = own_collation(expr->type);
    if (own == COLLATION_NONE)
        return (Derived){0};
    if (expr->kind == EXPR_RELABEL && type_same(expr->type, expr->operand->type))
        return (Derived){.oid = expr->type.collation, .written = true, .offset = expr->offset};
    Derived all = derive_parts(b, expr);
    if (all.oid == COLLATION_NONE && !all.conflict)
        all.oid = own;
    return all;
}

i32 bind_output_column(Binder *b, Text name, const Expr *expr)
{
    Type type = expr->type;
    type.collation = derive(b, expr).oid;
    return bind_new_column(b, name, type, expr->lane);
}

u32 bind_common_collation(Binder *b, Expr *const *exprs, i32 count)
{
    Derived all = {0};
    for (i32 i = 0; i < count; i++)
        meet(b, &all, derive(b, exprs[i]));
    return all.oid;
}

Expr *bind_collation_for(Binder *b, const Expr *arg, i32 offset)
{
    char name[TYPE_NAME_BYTES];
    bool unknown = expr_is_unknown(arg);
    if (!unknown && own_collation(arg->type) == COLLATION_NONE)
        query_fail(b->q, E_DATATYPE_MISMATCH, "collations are not supported by type %s",
                   type_format(type_of(arg->type.oid), name));
    u32 oid = unknown ? COLLATION_NONE : derive(b, arg).oid;
    Value value = value_null(lane_of(LANE_STR));
    if (oid != COLLATION_NONE) {
        TextBuilder builder;
        builder_open(&builder, b->q, b->q->arena);
        print_identifier(&builder, text_from(collation_name(oid)));
        value = (Value){.lane = lane_of(LANE_STR), .str = str_from_text(builder_text(&builder))};
    }
    return expr_constant(b->q, type_of(TYPE_TEXT), &value, offset);
}
