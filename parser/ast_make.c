/* SPDX-License-Identifier: Apache-2.0
 *
 * Constructors for lists, names, expressions and types.
 *
 * A node takes as many bytes as its kind's member needs (ast_bytes): a literal in a list of a
 * million literals must not pay for CREATE TABLE. Chains of AND, OR and || are flattened while
 * they are built: the grammar is left-recursive, so the left operand is the chain so far.
 */
#include "parser/ast_make.h"

// clang-format off
static const u16 ast_bytes[AST_KIND_COUNT] = {
#define KIND(kind, member) [kind] = offsetof(Ast, member) + sizeof(((Ast *)0)->member),
#define BARE(kind) [kind] = sizeof(AstKind) + sizeof(i32),
#define FIELD(member, field, type)
#include "parser/ast_fields.def"
#undef KIND
#undef BARE
#undef FIELD
};
// clang-format on

Ast *ast_new(Builder *g, AstKind kind, i32 offset)
{
    assert(ast_bytes[kind] >= 8);
    Ast *ast = arena_alloc(g->q, g->q->arena, ast_bytes[kind]);
    ast->kind = kind;
    ast->offset = offset;
    return ast;
}

AstList list_none(void)
{
    return (AstList){0};
}

AstList list_one(Builder *g, Ast *item)
{
    return list_add(g, list_none(), item);
}

AstList list_two(Builder *g, Ast *a, Ast *b)
{
    return list_add(g, list_one(g, a), b);
}

AstList list_of_four(Builder *g, Ast *a, Ast *b, Ast *c, Ast *d)
{
    Ast *items[] = {a, b, c, d};
    AstList list = list_none();
    for (i32 i = 0; i < countof(items); i++)
        if (items[i])
            list = list_add(g, list, items[i]);
    return list;
}

AstList list_add(Builder *g, AstList list, Ast *item)
{
    make_room(g->q, list.items, list.count, &list.capacity);
    list.items[list.count++] = item;
    return list;
}

static Name name_join(Builder *g, const Name *a, const Name *b)
{
    Name name = {make_array(g->q, Text, a->count + b->count), a->count + b->count, a->offset};
    memcpy(name.parts, a->parts, sizeof(Text) * (size_t)a->count);
    memcpy(name.parts + a->count, b->parts, sizeof(Text) * (size_t)b->count);
    return name;
}

Name name_one(Builder *g, const Token *token)
{
    Name name = {make_array(g->q, Text, 1), 1, token->offset};
    name.parts[0] = token->text;
    return name;
}

Name name_of(Builder *g, i32 offset, const char *part)
{
    Token token = {.text = text_from(part), .offset = offset};
    return name_one(g, &token);
}

Name name_add(Builder *g, Name name, const Token *token)
{
    Name last = name_one(g, token);
    return name_join(g, &name, &last);
}

Name name_before(Builder *g, const Token *token, Name rest)
{
    Name first = name_one(g, token);
    return name_join(g, &first, &rest);
}

Name name_from_path(Builder *g, const Token *token, AstList path)
{
    Name name = {make_array(g->q, Text, path.count + 1), path.count + 1, token->offset};
    name.parts[0] = token->text;
    for (i32 i = 0; i < path.count; i++) {
        const Ast *step = path.items[i];
        if (step->kind != AST_FIELD || !step->field.field.data)
            lexer_fail(&g->lexer, g->token, g->lexer.end, "syntax error");
        name.parts[i + 1] = step->field.field;
    }
    return name;
}

Name relation_name(Builder *g, Name name)
{
    if (name.count <= 3)
        return name;
    TextBuilder dotted;
    builder_open(&dotted, g->q, g->q->arena);
    for (i32 i = 0; i < name.count; i++) {
        if (i)
            builder_byte(&dotted, '.');
        print_identifier(&dotted, name.parts[i]);
    }
    query_fail_at(g->q, name.offset, E_SYNTAX_ERROR,
                  "improper qualified name (too many dotted names): %.*s",
                  TEXT_ARG(builder_text(&dotted)));
}

Ast *name_node(Builder *g, Name name)
{
    return NODE(AST_NAME, name.offset, name, name);
}

Ast *identifier_make(Builder *g, const Token *token)
{
    return NODE(AST_IDENTIFIER, token->offset, identifier, token->text);
}

/* ---- Expressions ---- */

Ast *constant_make(Builder *g, AstConstantKind kind, i32 offset)
{
    return NODE(AST_CONSTANT, offset, constant, .kind = kind);
}

Ast *number_make(Builder *g, const Token *token)
{
    i64 value = 0;
    bool whole = token->text.len <= 10;
    for (i64 i = 0; i < token->text.len && whole; i++) {
        char c = token->text.data[i];
        whole = c >= '0' && c <= '9';
        value = value * 10 + (c - '0');
    }
    AstConstantKind kind = whole && value <= INT32_MAX ? CONSTANT_INTEGER : CONSTANT_NUMERIC;
    return NODE(AST_CONSTANT, token->offset, constant, .kind = kind, .text = token->text);
}

Ast *integer_make(Builder *g, i32 value, i32 offset)
{
    return NODE(AST_CONSTANT, offset, constant, .kind = CONSTANT_INTEGER,
                .text = query_format(g->q, "%d", value));
}

Ast *string_make(Builder *g, const Token *token)
{
    return NODE(AST_CONSTANT, token->offset, constant, .kind = CONSTANT_STRING,
                .text = token->text.data ? token->text : TEXT(""));
}

Ast *upper_string_make(Builder *g, const Token *token)
{
    char *upper = arena_alloc(g->q, g->q->arena, token->text.len + 1);
    for (i64 i = 0; i < token->text.len; i++) {
        char c = token->text.data[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    return NODE(AST_CONSTANT, token->offset, constant, .kind = CONSTANT_STRING,
                .text = {upper, token->text.len});
}

static bool is_number(const Ast *ast)
{
    return ast->kind == AST_CONSTANT &&
           (ast->constant.kind == CONSTANT_INTEGER || ast->constant.kind == CONSTANT_NUMERIC);
}

Ast *minus_make(Builder *g, const Token *op, Ast *operand)
{
    if (!is_number(operand))
        return operator_make(g, op, NULL, operand);
    Text text = operand->constant.text;
    Text negated = text.data[0] == '-' ? text_slice(text, 1, text.len)
                                       : query_format(g->q, "-%.*s", TEXT_ARG(text));
    return NODE(AST_CONSTANT, op->offset, constant, .kind = operand->constant.kind,
                .text = negated);
}

static Ast *concatenation_make(Builder *g, const Token *op, Ast *left, Ast *right)
{
    bool grows = left->kind == AST_CONCATENATION;
    AstList operands = grows ? left->concatenation.operands : list_one(g, left);
    i32 *offsets = grows ? left->concatenation.offsets : NULL;
    i32 before = operands.capacity;
    i32 at = operands.count - 1;
    operands = list_add(g, operands, right);
    if (!offsets || operands.capacity != before) {
        i32 *more = make_array(g->q, i32, operands.capacity);
        if (offsets)
            memcpy(more, offsets, sizeof(i32) * (size_t)at);
        offsets = more;
    }
    offsets[at] = op->offset;
    i32 offset = grows ? left->offset : op->offset;
    return NODE(AST_CONCATENATION, offset, concatenation, operands, offsets);
}

Ast *operator_make(Builder *g, const Token *op, Ast *left, Ast *right)
{
    if (left && text_equal(op->text, TEXT("||")))
        return concatenation_make(g, op, left, right);
    return NODE(AST_OPERATOR, op->offset, operator, .name = name_one(g, op), .left = left,
                .right = right);
}

Ast *named_operator_make(Builder *g, const Token *op, Name name, Ast *left, Ast *right)
{
    return NODE(AST_OPERATOR, op->offset, operator, name, left, right, true);
}

Ast *chain_make(Builder *g, const Token *op, AstKind kind, Ast *left, Ast *right)
{
    if (left->kind != kind)
        return NODE(kind, op->offset, items, list_two(g, left, right));
    left->items.items = list_add(g, left->items.items, right);
    return left;
}

Ast *not_make(Builder *g, const Token *op, Ast *operand)
{
    return NODE(AST_NOT, op->offset, unary, operand);
}

Ast *like_make(Builder *g, const Token *op, AstLikeKind kind, bool negated, Ast *operand,
               Ast *pattern, Ast *escape)
{
    return NODE(AST_LIKE, op->offset, like, kind, negated, operand, pattern, escape);
}

Ast *is_make(Builder *g, const Token *op, Ast *operand, AstTest test, bool negated)
{
    return NODE(AST_IS, op->offset, is, operand, test, negated);
}

Ast *normalized_make(Builder *g, const Token *op, Ast *operand, Ast *form, bool negated)
{
    AstList args = form ? list_two(g, operand, form) : list_one(g, operand);
    Ast *call = special_call(g, op, CALL_IS_NORMALIZED, "is_normalized", args);
    return negated ? not_make(g, op, call) : call;
}

Ast *overlaps_make(Builder *g, const Token *op, Ast *left, Ast *right)
{
    if (left->row.items.count != 2)
        query_fail_at(g->q, left->offset, E_SYNTAX_ERROR,
                      "wrong number of parameters on left side of OVERLAPS expression");
    if (right->row.items.count != 2)
        query_fail_at(g->q, right->offset, E_SYNTAX_ERROR,
                      "wrong number of parameters on right side of OVERLAPS expression");
    AstList args = list_two(g, left->row.items.items[0], left->row.items.items[1]);
    args = list_add(g, args, right->row.items.items[0]);
    args = list_add(g, args, right->row.items.items[1]);
    return special_call(g, op, CALL_OVERLAPS, "overlaps", args);
}

Ast *row_make(Builder *g, const Token *at, AstList items, bool spelled)
{
    return NODE(AST_ROW, at->offset, row, items, spelled);
}

Ast *subquery_make(Builder *g, AstKind kind, i32 offset, Ast *query)
{
    return NODE(kind, offset, unary, query);
}

/* A star may only stand at the end. */
static void check_path(Builder *g, AstList path)
{
    for (i32 i = 0; i + 1 < path.count; i++)
        if (path.items[i]->kind == AST_FIELD && !path.items[i]->field.field.data)
            lexer_fail(&g->lexer, g->token, g->lexer.end, "improper use of \"*\"");
}

Ast *apply_path(Builder *g, Ast *operand, AstList path)
{
    check_path(g, path);
    for (i32 i = 0; i < path.count; i++) {
        Ast *step = path.items[i];
        if (step->kind == AST_FIELD)
            step->field.operand = operand;
        else
            step->subscript.operand = operand;
        operand = step;
    }
    return operand;
}

Ast *column_make(Builder *g, const Token *first, AstList path)
{
    check_path(g, path);
    Name name = {make_array(g->q, Text, path.count + 1), 1, first->offset};
    name.parts[0] = first->text;
    i32 used = 0;
    while (used < path.count && path.items[used]->kind == AST_FIELD &&
           path.items[used]->field.field.data)
        name.parts[name.count++] = path.items[used++]->field.field;
    if (used + 1 == path.count && path.items[used]->kind == AST_FIELD)
        return NODE(AST_STAR, first->offset, star, name);
    Ast *column = NODE(AST_COLUMN, first->offset, column, name);
    if (used == path.count)
        return column;
    AstList rest = {path.items + used, path.count - used, path.count - used};
    return apply_path(g, column, rest);
}

Ast *call_make(Builder *g, Name name, AstList args, AstList order_by)
{
    return NODE(AST_CALL, name.offset, call, .name = name, .args = args, .order_by = order_by);
}

Ast *call_clauses(Builder *g, Ast *call, Ast *within_group, Ast *filter, Ast *over)
{
    if (within_group) {
        const char *clash = call->call.order_by.count ? "multiple ORDER BY clauses"
                            : call->call.distinct     ? "DISTINCT"
                            : call->call.variadic     ? "VARIADIC"
                                                      : NULL;
        if (clash)
            query_fail_at(g->q, within_group->offset, E_SYNTAX_ERROR,
                          "cannot use %s with WITHIN GROUP", clash);
        call->call.order_by = within_group->row.items;
        call->call.within_group = true;
    }
    call->call.filter = filter;
    call->call.over = over;
    return call;
}

static Name system_name(Builder *g, i32 offset, const char *name)
{
    Name schema = name_of(g, offset, "pg_catalog"), last = name_of(g, offset, name);
    return name_join(g, &schema, &last);
}

Ast *special_call(Builder *g, const Token *at, AstCallForm form, const char *name, AstList args)
{
    return NODE(AST_CALL, at->offset, call, .name = system_name(g, at->offset, name), .args = args,
                .form = form);
}

Ast *substring_for(Builder *g, const Token *at, Ast *text, Ast *length)
{
    AstList args = list_two(g, text, integer_make(g, 1, NO_START));
    Ast *type = system_type(g, at, "int4", list_none());
    Ast *cast = NODE(AST_CAST, NO_START, cast, length, type, CAST_WORD);
    return special_call(g, at, CALL_SUBSTRING, "substring", list_add(g, args, cast));
}

/* TREAT(a AS t) calls the function named like the type. */
Ast *treat_make(Builder *g, const Token *at, Ast *operand, Ast *type)
{
    Text last = type->type.name.parts[type->type.name.count - 1];
    Ast *call = call_make(g, system_name(g, at->offset, ""), list_one(g, operand), list_none());
    call->call.name.parts[1] = last;
    return call;
}

Ast *xml_element(Builder *g, const Token *at, const Token *name, AstList attributes, AstList args)
{
    return NODE(AST_XML, at->offset, xml, XML_ELEMENT, name->text, attributes, .args = args);
}

Ast *sql_value(Builder *g, const Token *at, AstSqlValueKind kind, const Token *precision)
{
    return NODE(AST_SQL_VALUE, at->offset, sql_value, kind,
                precision ? precision->number : NO_PRECISION);
}

/* ---- Types ---- */

Ast *type_make(Builder *g, Name name, AstList modifiers)
{
    return NODE(AST_TYPE, name.offset, type, .name = name, .modifiers = modifiers,
                .precision = NO_PRECISION);
}

Ast *system_type(Builder *g, const Token *at, const char *name, AstList modifiers)
{
    Ast *type = type_make(g, system_name(g, at->offset, name), modifiers);
    type->type.system = true;
    return type;
}

Ast *type_finish(Builder *g, Ast *type)
{
    Text name = type->type.name.parts[1];
    bool implied = text_equal(name, TEXT("bpchar")) || text_equal(name, TEXT("bit"));
    if (implied && type->type.modifiers.count == 0)
        type->type.modifiers = list_one(g, integer_make(g, 1, type->offset));
    return type;
}

Ast *type_array(Ast *type, AstList bounds, bool setof)
{
    type->type.bounds = bounds;
    type->type.setof = setof;
    return type;
}

Ast *float_type(Builder *g, const Token *at, const Token *precision)
{
    if (precision->number < 1)
        query_fail_at(g->q, precision->offset, E_INVALID_PARAMETER_VALUE,
                      "precision for type float must be at least 1 bit");
    if (precision->number > 53)
        query_fail_at(g->q, precision->offset, E_INVALID_PARAMETER_VALUE,
                      "precision for type float must be less than 54 bits");
    return system_type(g, at, precision->number <= 24 ? "float4" : "float8", list_none());
}

Ast *interval_make(Builder *g, const Token *at, IntervalFields fields)
{
    Ast *type = system_type(g, at, "interval", list_none());
    type->type.interval_fields = fields.fields;
    type->type.precision = fields.precision;
    return type;
}

Ast *literal_type(Builder *g, Name name, AstList args, AstList order_by)
{
    for (i32 i = 0; i < args.count; i++)
        if (args.items[i]->kind == AST_NAMED_ARGUMENT)
            query_fail_at(g->q, args.items[i]->offset, E_SYNTAX_ERROR,
                          "type modifier cannot have parameter name");
    if (order_by.count)
        query_fail_at(g->q, order_by.items[0]->offset, E_SYNTAX_ERROR,
                      "type modifier cannot have ORDER BY");
    return type_make(g, name, args);
}

Ast *literal_make(Builder *g, Ast *type, const Token *string)
{
    return NODE(AST_CAST, type->offset, cast, string_make(g, string), type, CAST_LITERAL);
}

Ast *zone_interval(Builder *g, const Token *at, const Token *string, IntervalFields fields)
{
    if ((fields.fields & ~(AST_INTERVAL_HOUR | AST_INTERVAL_MINUTE)) ||
        fields.fields == AST_INTERVAL_MINUTE)
        query_fail_at(g->q, string->offset, E_SYNTAX_ERROR,
                      "time zone interval must be HOUR or HOUR TO MINUTE");
    return literal_make(g, interval_make(g, at, fields), string);
}
