/* SPDX-License-Identifier: Apache-2.0
 *
 * Expressions as text in the form PostgreSQL deparses them: operators in parentheses, constants
 * with their type where the literal alone would not tell it.
 */
#include "expressions/expr.h"
#include "types/text_out.h"

typedef struct Printer {
    TextBuilder *builder;
    void (*name_of)(void *state, TextBuilder *builder, i32 column);
    void *state;
} Printer;

static void print(const Printer *printer, const Expr *expr);

static void print_constant(const Printer *printer, const Expr *expr)
{
    TextBuilder *builder = printer->builder;
    char name[TYPE_NAME_BYTES];
    static const FormatSettings format = {.extra_float_digits = 1};
    if (expr->constant.null) {
        builder_format(builder, "NULL::%s", type_format(type_of(expr->type.oid), name));
        return;
    }
    if (expr->type.oid == TYPE_BOOL) {
        builder_add(builder, expr->constant.boolean ? TEXT("true") : TEXT("false"));
        return;
    }
    Text text;
    Query *q = builder->q;
    if (!text_out_value(expr->type, &expr->constant, &format, q->arena, &text, &q->error))
        query_rethrow(q, &q->error);
    bool plain = expr->type.oid == TYPE_INT4 ||
                 (expr->type.oid == TYPE_NUMERIC && text_find_byte(text, '.') < text.len);
    if (plain && text.len > 0 && text.data[0] != '-') {
        builder_add(builder, text);
        return;
    }
    builder_byte(builder, '\'');
    for (i64 i = 0; i < text.len; i++) {
        if (text.data[i] == '\'')
            builder_byte(builder, '\'');
        builder_byte(builder, text.data[i]);
    }
    builder_format(builder, "'::%s", type_format(type_of(expr->type.oid), name));
}

static void print_list(const Printer *printer, ExprList list, const char *between)
{
    for (i32 i = 0; i < list.count; i++) {
        if (i)
            builder_add(printer->builder, text_from(between));
        print(printer, list.items[i]);
    }
}

static void print_cast(const Printer *printer, const Expr *operand, Type type)
{
    char name[TYPE_NAME_BYTES];
    builder_byte(printer->builder, '(');
    print(printer, operand);
    builder_format(printer->builder, ")::%s", type_format(type, name));
}

static bool is_cast_function(const FunctionRow *row, Type result)
{
    const CastRow *cast = row->argument_count > 0 ? cast_find(row->arguments[0], result.oid) : NULL;
    return row->oper == 0 && cast && cast->proc == row->proc;
}

static void print_call(const Printer *printer, const Expr *expr)
{
    TextBuilder *builder = printer->builder;
    const FunctionRow *row = expr->call.row;
    ExprList args = expr->call.args;
    if (is_cast_function(row, expr->type)) {
        print_cast(printer, args.items[0], expr->type);
        return;
    }
    if (row->oper && args.count <= 2) {
        builder_byte(builder, '(');
        if (args.count == 2) {
            print(printer, args.items[0]);
            builder_byte(builder, ' ');
        }
        builder_format(builder, "%s ", row->sql_name);
        print(printer, args.items[args.count - 1]);
        builder_byte(builder, ')');
        return;
    }
    builder_format(builder, "%s(", row->name);
    print_list(printer, args, ", ");
    builder_byte(builder, ')');
}

static void print_case(const Printer *printer, const Expr *expr)
{
    TextBuilder *builder = printer->builder;
    builder_add(builder, TEXT("CASE"));
    for (i32 i = 0; i < expr->cases.conditions.count; i++) {
        builder_add(builder, TEXT(" WHEN "));
        print(printer, expr->cases.conditions.items[i]);
        builder_add(builder, TEXT(" THEN "));
        print(printer, expr->cases.results.items[i]);
    }
    builder_add(builder, TEXT(" ELSE "));
    print(printer, expr->cases.otherwise);
    builder_add(builder, TEXT(" END"));
}

static void print_aggregate(const Printer *printer, const Expr *expr)
{
    TextBuilder *builder = printer->builder;
    const ExprAggregate *aggregate = &expr->aggregate;
    builder_format(builder, "%s(%s", aggregate->row->name, aggregate->distinct ? "DISTINCT " : "");
    if (aggregate->args.count == 0)
        builder_byte(builder, '*');
    print_list(printer, aggregate->args, ", ");
    builder_byte(builder, ')');
    if (!aggregate->filter)
        return;
    builder_add(builder, TEXT(" FILTER (WHERE "));
    print(printer, aggregate->filter);
    builder_byte(builder, ')');
}

static void print_between(const Printer *printer, ExprList list, const char *open,
                          const char *between)
{
    builder_add(printer->builder, text_from(open));
    print_list(printer, list, between);
    builder_byte(printer->builder, ')');
}

static void print_is(const Printer *printer, const Expr *expr)
{
    static const char *const names[] = {"NULL", "TRUE", "FALSE", "UNKNOWN"};
    builder_byte(printer->builder, '(');
    print(printer, expr->is.operand);
    builder_format(printer->builder, " IS %s%s)", expr->is.negated ? "NOT " : "",
                   names[expr->is.test]);
}

static void print_pair(const Printer *printer, const Expr *expr)
{
    bool nullif = expr->kind == EXPR_NULLIF;
    builder_add(printer->builder, nullif ? TEXT("NULLIF(") : TEXT("("));
    print(printer, expr->pair.left);
    builder_add(printer->builder, nullif               ? TEXT(", ")
                                  : expr->pair.negated ? TEXT(" IS NOT DISTINCT FROM ")
                                                       : TEXT(" IS DISTINCT FROM "));
    print(printer, expr->pair.right);
    builder_byte(printer->builder, ')');
}

static void print_in(const Printer *printer, const Expr *expr)
{
    builder_byte(printer->builder, '(');
    print(printer, expr->in.operand);
    builder_add(printer->builder, expr->in.negated ? TEXT(" <> ALL (") : TEXT(" = ANY ("));
    print_list(printer, expr->in.items, ", ");
    builder_add(printer->builder, TEXT("))"));
}

static void print(const Printer *printer, const Expr *expr)
{
    stack_check(printer->builder->q);
    switch (expr->kind) {
    case EXPR_CONSTANT:
        print_constant(printer, expr);
        return;
    case EXPR_COLUMN:
        printer->name_of(printer->state, printer->builder, expr->column);
        return;
    case EXPR_PARAMETER:
        builder_format(printer->builder, "$%d", expr->parameter);
        return;
    case EXPR_CALL:
        print_call(printer, expr);
        return;
    case EXPR_CAST_TEXT:
    case EXPR_RELABEL:
        print_cast(printer, expr->operand, expr->type);
        return;
    case EXPR_LANE:
        print(printer, expr->operand);
        return;
    case EXPR_AND:
        print_between(printer, expr->items, "(", " AND ");
        return;
    case EXPR_OR:
        print_between(printer, expr->items, "(", " OR ");
        return;
    case EXPR_NOT:
        builder_add(printer->builder, TEXT("(NOT "));
        print(printer, expr->operand);
        builder_byte(printer->builder, ')');
        return;
    case EXPR_IS:
        print_is(printer, expr);
        return;
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
        print_pair(printer, expr);
        return;
    case EXPR_IN:
        print_in(printer, expr);
        return;
    case EXPR_CASE:
        print_case(printer, expr);
        return;
    case EXPR_COALESCE:
        print_between(printer, expr->items, "COALESCE(", ", ");
        return;
    case EXPR_GREATEST:
        print_between(printer, expr->choose.items, "GREATEST(", ", ");
        return;
    case EXPR_LEAST:
        print_between(printer, expr->choose.items, "LEAST(", ", ");
        return;
    case EXPR_AGGREGATE:
    case EXPR_WINDOW:
        print_aggregate(printer, expr);
        return;
    case EXPR_SUBQUERY:
        builder_format(printer->builder, "(SubPlan %d)", expr->subquery.number + 1);
        return;
    }
}

void expr_print(TextBuilder *builder, const Expr *expr,
                void (*name_of)(void *state, TextBuilder *builder, i32 column), void *state)
{
    Printer printer = {builder, name_of, state};
    print(&printer, expr);
}
