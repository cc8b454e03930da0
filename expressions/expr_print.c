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

/* A literal in quotes, without its type. */
static void print_quoted(TextBuilder *builder, Text text)
{
    builder_byte(builder, '\'');
    for (i64 i = 0; i < text.len; i++) {
        if (text.data[i] == '\'')
            builder_byte(builder, '\'');
        builder_byte(builder, text.data[i]);
    }
    builder_byte(builder, '\'');
}

static Text constant_text(const Printer *printer, const Expr *expr)
{
    static const FormatSettings format = {.extra_float_digits = 1};
    Query *q = printer->builder->q;
    Text text;
    if (!text_out_value(expr->type, &expr->constant, &format, q->arena, &text, &q->error))
        query_rethrow(q, &q->error);
    return text;
}

static Text without_zeros(Text text)
{
    if (text_find_byte(text, '.') == text.len)
        return text;
    while (text.data[text.len - 1] == '0')
        text.len--;
    text.len -= text.data[text.len - 1] == '.';
    return text;
}

/* A type's name in a cast, where CHARACTER alone would be character(1). */
static const char *cast_type(Type type, char name[TYPE_NAME_BYTES])
{
    bool bare = type.oid == TYPE_BPCHAR && type.typmod == TYPMOD_NONE;
    return bare ? "bpchar" : type_format(type, name);
}

static void print_constant(const Printer *printer, const Expr *expr)
{
    TextBuilder *builder = printer->builder;
    char name[TYPE_NAME_BYTES];
    if (expr->constant.null) {
        builder_format(builder, "NULL::%s", cast_type(type_of(expr->type.oid), name));
        return;
    }
    if (expr->type.oid == TYPE_BOOL) {
        builder_add(builder, expr->constant.boolean ? TEXT("true") : TEXT("false"));
        return;
    }
    Text text = constant_text(printer, expr);
    if (expr->type.oid == TYPE_NUMERIC && expr->lane.kind != LANE_NUM)
        text = without_zeros(text); /* the scale is its column's, not the literal's */
    bool plain = expr->type.oid == TYPE_INT4 ||
                 (expr->type.oid == TYPE_NUMERIC && text_find_byte(text, '.') < text.len);
    if (plain && text.len > 0 && text.data[0] != '-') {
        builder_add(builder, text);
        return;
    }
    print_quoted(builder, text);
    builder_format(builder, "::%s", cast_type(type_of(expr->type.oid), name));
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
    builder_format(printer->builder, ")::%s", cast_type(type, name));
}

static bool is_cast_function(const FunctionRow *row, Type result)
{
    const CastRow *cast = row->argument_count > 0 ? cast_find(row->arguments[0], result.oid) : NULL;
    return row->oper == 0 && cast && cast->proc == row->proc;
}

static bool is_integer(Type type)
{
    return type.oid == TYPE_INT2 || type.oid == TYPE_INT4 || type.oid == TYPE_INT8;
}

/* PostgreSQL has operators over integers of two widths; here the binder widens one side. What it
 * added is left out, so that the text is the one of those operators. */
static void print_operand(const Printer *printer, const Expr *operand)
{
    bool small = operand->kind == EXPR_CONSTANT && !operand->constant.null &&
                 is_integer(operand->type) && operand->constant.integer >= 0 &&
                 operand->constant.integer <= INT32_MAX;
    if (small) {
        builder_add(printer->builder, constant_text(printer, operand));
        return;
    }
    if (operand->kind == EXPR_CALL && is_integer(operand->type) &&
        is_cast_function(operand->call.row, operand->type) &&
        is_integer(operand->call.args.items[0]->type))
        operand = operand->call.args.items[0];
    print(printer, operand);
}

static void print_operator(const Printer *printer, const char *name, ExprList args)
{
    TextBuilder *builder = printer->builder;
    builder_byte(builder, '(');
    if (args.count == 2) {
        print_operand(printer, args.items[0]);
        builder_byte(builder, ' ');
    }
    builder_format(builder, "%s ", name);
    print_operand(printer, args.items[args.count - 1]);
    builder_byte(builder, ')');
}

/* NOT of a comparison is the opposite comparison. */
static void print_not(const Printer *printer, const Expr *operand)
{
    static const char *const pairs[][2] = {{"=", "<>"},   {"<>", "="},   {"<", ">="},
                                           {">=", "<"},   {">", "<="},   {"<=", ">"},
                                           {"~~", "!~~"}, {"!~~", "~~"}, {"~~*", "!~~*"}};
    for (i32 i = 0; operand->kind == EXPR_CALL && operand->call.row->oper && i < countof(pairs);
         i++) {
        if (!text_equal(text_from(operand->call.row->sql_name), text_from(pairs[i][0])))
            continue;
        print_operator(printer, pairs[i][1], operand->call.args);
        return;
    }
    builder_add(printer->builder, TEXT("(NOT "));
    print(printer, operand);
    builder_byte(printer->builder, ')');
}

/* Functions that SQL writes in words of its own. */
static bool print_sql_form(const Printer *printer, Text name, ExprList args)
{
    TextBuilder *builder = printer->builder;
    if (text_equal(name, TEXT("extract")) && args.count == 2 &&
        args.items[0]->kind == EXPR_CONSTANT && !args.items[0]->constant.null) {
        builder_format(builder, "EXTRACT(%.*s FROM ",
                       TEXT_ARG(constant_text(printer, args.items[0])));
        print(printer, args.items[1]);
    } else if (text_equal(name, TEXT("substring")) && args.count >= 2 &&
               args.items[1]->type.oid == TYPE_INT4) {
        builder_add(builder, TEXT("SUBSTRING("));
        print(printer, args.items[0]);
        builder_add(builder, TEXT(" FROM "));
        print(printer, args.items[1]);
        if (args.count > 2) {
            builder_add(builder, TEXT(" FOR "));
            print(printer, args.items[2]);
        }
    } else if (text_equal(name, TEXT("btrim"))) {
        builder_add(builder, TEXT("TRIM(BOTH "));
        if (args.count == 2) {
            print(printer, args.items[1]);
            builder_byte(builder, ' ');
        }
        builder_add(builder, TEXT("FROM "));
        print(printer, args.items[0]);
    } else if (text_equal(name, TEXT("position")) && args.count == 2) {
        builder_add(builder, TEXT("POSITION(("));
        print(printer, args.items[1]);
        builder_add(builder, TEXT(") IN ("));
        print(printer, args.items[0]);
        builder_byte(builder, ')');
    } else {
        return false;
    }
    builder_byte(builder, ')');
    return true;
}

/* Names of functions that are key words of the grammar. */
static bool is_key_word(Text name)
{
    static const char *const words[] = {"left",     "right",     "overlay",
                                        "position", "substring", "trim"};
    for (size_t i = 0; i < countof(words); i++)
        if (text_equal(name, text_from(words[i])))
            return true;
    return false;
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
        print_operator(printer, row->sql_name, args);
        return;
    }
    Text name = text_from(row->name);
    if (print_sql_form(printer, name, args))
        return;
    builder_format(builder, is_key_word(name) ? "\"%s\"(" : "%s(", row->name);
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
    for (i32 i = 0; i < aggregate->order_count; i++) {
        builder_add(builder, i ? TEXT(", ") : TEXT(" ORDER BY "));
        print(printer, aggregate->order[i].key);
        if (aggregate->order[i].descending)
            builder_add(builder, TEXT(" DESC"));
        if (aggregate->order[i].nulls_first != aggregate->order[i].descending)
            builder_add(builder, aggregate->order[i].nulls_first ? TEXT(" NULLS FIRST")
                                                                 : TEXT(" NULLS LAST"));
    }
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
    bool nullif = expr->kind == EXPR_NULLIF, negated = !nullif && expr->pair.negated;
    builder_add(printer->builder, nullif ? TEXT("NULLIF(") : negated ? TEXT("(NOT (") : TEXT("("));
    print(printer, expr->pair.left);
    builder_add(printer->builder, nullif ? TEXT(", ") : TEXT(" IS DISTINCT FROM "));
    print(printer, expr->pair.right);
    builder_add(printer->builder, negated ? TEXT("))") : TEXT(")"));
}

/* As array_out writes an element. */
static void print_element(TextBuilder *builder, Text text)
{
    bool quote = text.len == 0 || text_equal_ignoring_case(text, TEXT("null"));
    for (i64 i = 0; i < text.len && !quote; i++)
        quote = strchr("{}\",\\ \t\n\r\v\f", text.data[i]) != NULL;
    if (quote)
        builder_byte(builder, '"');
    for (i64 i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            builder_byte(builder, '\\');
        builder_byte(builder, text.data[i]);
    }
    if (quote)
        builder_byte(builder, '"');
}

static bool all_constant(ExprList list)
{
    for (i32 i = 0; i < list.count; i++)
        if (list.items[i]->kind != EXPR_CONSTANT)
            return false;
    return true;
}

/* The members of IN as the array they are in PostgreSQL. */
static void print_array(const Printer *printer, ExprList list)
{
    TextBuilder elements;
    Query *q = printer->builder->q;
    char name[TYPE_NAME_BYTES];
    if (!all_constant(list)) {
        builder_add(printer->builder, TEXT("ARRAY["));
        print_list(printer, list, ", ");
        builder_byte(printer->builder, ']');
        return;
    }
    builder_open(&elements, q, q->arena);
    for (i32 i = 0; i < list.count; i++) {
        builder_byte(&elements, i ? ',' : '{');
        if (list.items[i]->constant.null)
            builder_add(&elements, TEXT("NULL"));
        else
            print_element(&elements, constant_text(printer, list.items[i]));
    }
    builder_byte(&elements, '}');
    print_quoted(printer->builder, builder_text(&elements));
    builder_format(printer->builder, "::%s[]", cast_type(type_of(list.items[0]->type.oid), name));
}

static void print_in(const Printer *printer, const Expr *expr)
{
    builder_byte(printer->builder, '(');
    print(printer, expr->in.operand);
    if (expr->in.items.count == 1) {
        builder_add(printer->builder, expr->in.negated ? TEXT(" <> ") : TEXT(" = "));
        print(printer, expr->in.items.items[0]);
        builder_byte(printer->builder, ')');
        return;
    }
    builder_add(printer->builder, expr->in.negated ? TEXT(" <> ALL (") : TEXT(" = ANY ("));
    print_array(printer, expr->in.items);
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
        print_not(printer, expr->operand);
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
