/* SPDX-License-Identifier: Apache-2.0
 *
 * Making expression nodes: one function per shape, each with the natural lane of its type.
 */
#include "expressions/expr.h"

static Expr *expr_new(Query *q, ExprKind kind, Type type, Lane lane, i32 offset)
{
    Expr *expr = make(q, Expr);
    expr->kind = kind;
    expr->type = type;
    expr->lane = lane;
    expr->offset = offset;
    return expr;
}

Expr *expr_constant(Query *q, Type type, const Value *value, i32 offset)
{
    Expr *expr = expr_new(q, EXPR_CONSTANT, type, value->lane, offset);
    expr->constant = *value;
    return expr;
}

Expr *expr_null(Query *q, Type type, i32 offset)
{
    Value value = value_null(type_lane(type));
    return expr_constant(q, type, &value, offset);
}

Expr *expr_boolean(Query *q, bool boolean)
{
    Value value = {.lane = lane_of(LANE_BOOL), .boolean = boolean};
    return expr_constant(q, type_of(TYPE_BOOL), &value, -1);
}

Expr *expr_column(Query *q, i32 column, Type type, Lane lane, i32 offset)
{
    Expr *expr = expr_new(q, EXPR_COLUMN, type, lane, offset);
    expr->column = column;
    return expr;
}

Expr *expr_call(Query *q, const FunctionRow *row, Expr *const *args, i32 count, Type result,
                i32 offset)
{
    Expr *expr = expr_new(q, EXPR_CALL, result, type_lane(result), offset);
    expr->call.row = row;
    expr->call.args = expr_list(q, args, count);
    return expr;
}

Expr *expr_unary(Query *q, ExprKind kind, Expr *operand, Type type, Lane lane)
{
    assert(kind == EXPR_CAST_TEXT || kind == EXPR_RELABEL || kind == EXPR_LANE || kind == EXPR_NOT);
    Expr *expr = expr_new(q, kind, type, lane, operand->offset);
    expr->operand = operand;
    return expr;
}

/* items with nested nodes of the same kind taken apart. */
static Expr *expr_chain(Query *q, ExprKind kind, Expr *const *items, i32 count)
{
    i32 total = 0;
    for (i32 i = 0; i < count; i++)
        total += items[i]->kind == kind ? items[i]->items.count : 1;
    if (total == 1)
        return items[0]->kind == kind ? items[0]->items.items[0] : items[0];
    Expr *expr = expr_new(q, kind, type_of(TYPE_BOOL), lane_of(LANE_BOOL), items[0]->offset);
    expr->items.items = make_array(q, Expr *, total);
    for (i32 i = 0; i < count; i++) {
        if (items[i]->kind != kind) {
            expr->items.items[expr->items.count++] = items[i];
            continue;
        }
        for (i32 j = 0; j < items[i]->items.count; j++)
            expr->items.items[expr->items.count++] = items[i]->items.items[j];
    }
    return expr;
}

Expr *expr_and(Query *q, Expr *const *items, i32 count)
{
    return count == 0 ? expr_boolean(q, true) : expr_chain(q, EXPR_AND, items, count);
}

Expr *expr_or(Query *q, Expr *const *items, i32 count)
{
    return count == 0 ? expr_boolean(q, false) : expr_chain(q, EXPR_OR, items, count);
}

ExprList expr_list(Query *q, Expr *const *items, i32 count)
{
    ExprList list = {make_array(q, Expr *, count), count};
    if (count)
        memcpy(list.items, items, (size_t)count * sizeof *items);
    return list;
}
