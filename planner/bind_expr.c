/* SPDX-License-Identifier: Apache-2.0
 *
 * Scalar expressions: every Ast kind that can be a value, to a typed Expr. What the language
 * defines by rewriting (BETWEEN, row comparisons, CASE x WHEN, LIKE ... ESCAPE) is rewritten here,
 * so that nothing below knows it existed.
 */
#include "planner/bind.h"

static Expr *bind_list_item(Binder *b, const AstList *list, i32 i)
{
    return bind_expr(b, list->items[i]);
}

/* ---- constants ---- */

static Expr *constant_integer(Binder *b, LaneKind lane, u32 type, i64 integer, i32 offset)
{
    Value value = {.lane = lane_of(lane), .integer = integer};
    return expr_constant(b->q, type_of(type), &value, offset);
}

/* Digits that fit int4 are int4, those that fit int8 int8, everything else numeric. */
static Expr *constant_number(Binder *b, Text text, i32 offset)
{
    i128 integer = 0;
    bool whole = true, negative = text.len > 0 && text.data[0] == '-';
    for (i64 i = negative; i < text.len && whole; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            whole = false;
        else if ((integer = integer * 10 + (text.data[i] - '0')) > (i128)INT64_MAX + 1)
            whole = false;
    }
    if (negative)
        integer = -integer;
    if (whole && integer >= INT32_MIN && integer <= INT32_MAX)
        return constant_integer(b, LANE_I32, TYPE_INT4, (i64)integer, offset);
    if (whole && integer >= INT64_MIN && integer <= INT64_MAX)
        return constant_integer(b, LANE_I64, TYPE_INT8, (i64)integer, offset);
    Value value = {.lane = lane_of(LANE_NUM)};
    if (!num_parse(text, b->q->arena, &value.num, &b->q->error)) {
        b->q->error.position = offset + 1;
        query_rethrow(b->q, &b->q->error);
    }
    return expr_constant(b->q, type_of(TYPE_NUMERIC), &value, offset);
}

static Expr *bind_constant(Binder *b, const Ast *ast)
{
    const AstConstant *constant = &ast->constant;
    switch (constant->kind) {
    case CONSTANT_NULL: {
        Value null = value_null(lane_of(LANE_STR));
        return expr_constant(b->q, type_of(TYPE_UNKNOWN), &null, ast->offset);
    }
    case CONSTANT_BOOLEAN: {
        Value value = {.lane = lane_of(LANE_BOOL), .boolean = constant->boolean};
        return expr_constant(b->q, type_of(TYPE_BOOL), &value, ast->offset);
    }
    case CONSTANT_INTEGER:
    case CONSTANT_NUMERIC:
        return constant_number(b, constant->text, ast->offset);
    case CONSTANT_STRING: {
        Value value = {.lane = lane_of(LANE_STR), .str = str_from_text(constant->text)};
        stored_note_string(b, ast);
        return expr_constant(b->q, type_of(TYPE_UNKNOWN), &value, ast->offset);
    }
    case CONSTANT_BITS:
    case CONSTANT_HEX:
        bind_unsupported(b, ast->offset, "bit string values");
    }
    unreachable();
}

/* What tables keep outlives the statement's values. */
static bool takes_parameters(const Binder *b)
{
    BindPlace place = b->scope ? b->scope->place : PLACE_UTILITY;
    return place != PLACE_CHECK && place != PLACE_DEFAULT && place != PLACE_GENERATED;
}

static Expr *bind_parameter(Binder *b, const Ast *ast)
{
    i32 number = ast->parameter.number;
    Bound *bound = b->bound;
    if (number < 1 || number > 65535 || !takes_parameters(b) ||
        (b->parameters_fixed && number > bound->parameter_count))
        query_fail_at(b->q, ast->offset, E_UNDEFINED_PARAMETER, "there is no parameter $%d",
                      number);
    if (number > bound->parameter_count) {
        u32 *types = make_array(b->q, u32, number);
        if (bound->parameter_count)
            memcpy(types, bound->parameter_types, (size_t)bound->parameter_count * sizeof *types);
        bound->parameter_types = types;
        bound->parameter_count = number;
    }
    u32 oid = bound->parameter_types[number - 1];
    Expr *expr = make(b->q, Expr);
    expr->kind = EXPR_PARAMETER;
    expr->offset = ast->offset;
    expr->parameter = number;
    expr->type = type_of(oid ? oid : TYPE_UNKNOWN);
    expr->lane = oid ? type_lane(expr->type) : lane_of(LANE_STR);
    return expr;
}

/* ---- conditions ---- */

static bool note_leftmost(void *state, const Expr *expr)
{
    i32 *leftmost = state;
    if (expr->offset >= 0 && (*leftmost < 0 || expr->offset < *leftmost))
        *leftmost = expr->offset;
    return false;
}

i32 expr_location(Query *q, const Expr *expr)
{
    i32 leftmost = -1;
    expr_any(q, expr, note_leftmost, &leftmost);
    return leftmost;
}

static Expr *as_boolean(Binder *b, Expr *expr, const char *what)
{
    Expr *cast = coerce_try(b, expr, type_of(TYPE_BOOL), CAST_IMPLICIT, expr->offset);
    if (cast && has_set_call(b, cast))
        query_fail_at(b->q, expr_location(b->q, expr), E_DATATYPE_MISMATCH,
                      "argument of %s must not return a set", what);
    if (cast)
        return cast;
    char name[TYPE_NAME_BYTES];
    query_fail_at(b->q, expr_location(b->q, expr), E_DATATYPE_MISMATCH,
                  "argument of %s must be type boolean, not type %s", what,
                  type_format(type_of(expr->type.oid), name));
}

Expr *bind_condition(Binder *b, const Ast *ast, BindPlace place, const char *what)
{
    BindPlace before = b->scope->place;
    b->scope->place = place;
    Expr *expr = as_boolean(b, bind_expr(b, ast), what);
    b->scope->place = before;
    return expr;
}

static Expr *bind_and_or(Binder *b, const Ast *ast)
{
    bool is_and = ast->kind == AST_AND;
    Expr **items = make_array(b->q, Expr *, ast->items.items.count);
    for (i32 i = 0; i < ast->items.items.count; i++)
        items[i] = as_boolean(b, bind_list_item(b, &ast->items.items, i), is_and ? "AND" : "OR");
    return is_and ? expr_and(b->q, items, ast->items.items.count)
                  : expr_or(b->q, items, ast->items.items.count);
}

static Expr *expr_not(Query *q, Expr *operand)
{
    return expr_unary(q, EXPR_NOT, operand, type_of(TYPE_BOOL), lane_of(LANE_BOOL));
}

static Expr *bind_not(Binder *b, const Ast *ast)
{
    Expr *expr = expr_not(b->q, as_boolean(b, bind_expr(b, ast->unary.operand), "NOT"));
    expr->offset = ast->offset;
    return expr;
}

static Expr *boolean_node(Query *q, ExprKind kind, i32 offset)
{
    Expr *expr = make(q, Expr);
    expr->kind = kind;
    expr->type = type_of(TYPE_BOOL);
    expr->lane = lane_of(LANE_BOOL);
    expr->offset = offset;
    return expr;
}

Expr *expr_is(Query *q, Expr *operand, ExprTest test, bool negated, i32 offset)
{
    Expr *expr = boolean_node(q, EXPR_IS, offset);
    expr->is.operand = operand;
    expr->is.test = test;
    expr->is.negated = negated;
    return expr;
}

static _Noreturn void bind_document_test(Binder *b, const Ast *ast)
{
    char name[TYPE_NAME_BYTES];
    Expr *operand = bind_expr(b, ast->is.operand);
    if (expr_is_unknown(operand))
        bind_unsupported(b, ast->offset, "xml values");
    query_fail_at(b->q, expr_location(b->q, operand), E_DATATYPE_MISMATCH,
                  "argument of IS DOCUMENT must be type xml, not type %s",
                  type_format(type_of(operand->type.oid), name));
}

static Expr *bind_is(Binder *b, const Ast *ast)
{
    static const ExprTest tests[] = {IS_NULL, IS_TRUE, IS_FALSE, IS_UNKNOWN};
    static const char *const names[][2] = {{"IS NULL", "IS NOT NULL"},
                                           {"IS TRUE", "IS NOT TRUE"},
                                           {"IS FALSE", "IS NOT FALSE"},
                                           {"IS UNKNOWN", "IS NOT UNKNOWN"}};
    if (ast->is.test == TEST_DOCUMENT)
        bind_document_test(b, ast);
    if (ast->is.test == TEST_NULL && bind_is_row(b, ast->is.operand))
        return bind_row_is_null(b, ast->is.operand, ast->is.negated, ast->offset);
    Expr *operand = bind_expr(b, ast->is.operand);
    if (operand->type.oid == TYPE_RECORD && ast->is.test == TEST_NULL)
        return row_value_is_null(b, operand, ast->is.negated, ast->offset);
    if (ast->is.test == TEST_NULL)
        operand = coerce_unknown(b, operand);
    else
        operand = as_boolean(b, operand, names[ast->is.test][ast->is.negated]);
    return expr_is(b->q, operand, tests[ast->is.test], ast->is.negated, ast->offset);
}

/* ---- comparisons ---- */

static Expr *expr_in(Binder *b, Expr *operand, Expr **items, i32 count, bool negated, i32 offset)
{
    Expr **all = make_array(b->q, Expr *, count + 1);
    all[0] = operand;
    memcpy(all + 1, items, (size_t)count * sizeof *items);
    Type type = coerce_common_type(b, all, count + 1, "IN");
    coerce_all(b, all, count + 1, type, "IN");
    Expr *left = all[0], *right = all[1];
    Expr *expr = boolean_node(b->q, EXPR_IN, offset);
    expr->in.row = bind_equality(b, &left, &right, offset);
    for (i32 i = 0; i <= count; i++) { /* all as the equality wants them */
        Expr *one = all[i], *same = all[i];
        bind_equality(b, &one, &same, offset);
        all[i] = one;
    }
    expr->in.operand = all[0];
    expr->in.items = expr_list(b->q, all + 1, count);
    expr->in.negated = negated;
    return expr;
}

static Expr *bind_row_subquery(Binder *b, Text symbol, const Ast *left, const Ast *query,
                               i32 offset);

static Expr *bind_operator_node(Binder *b, const Ast *ast)
{
    Name name = ast->operator.name;
    const Ast *left = ast->operator.left, *right = ast->operator.right;
    bool row = left && left->kind == AST_ROW;
    if (row && right->kind == AST_ROW)
        return bind_row_comparison(b, operator_symbol(b, name, ast->offset), left, right,
                                   ast->offset);
    if (row && right->kind == AST_SUBQUERY)
        return bind_row_subquery(b, operator_symbol(b, name, ast->offset), left,
                                 right->unary.operand, ast->offset);
    Expr *l = left ? bind_expr(b, left) : NULL;
    Expr *r = bind_expr(b, right);
    return bind_operator(b, operator_symbol(b, name, ast->offset), l, r, ast->offset);
}

static Expr *bind_concatenation(Binder *b, const Ast *ast)
{
    const AstConcatenation *chain = &ast->concatenation;
    Expr *result = bind_list_item(b, &chain->operands, 0);
    for (i32 i = 1; i < chain->operands.count; i++)
        result = bind_operator(b, TEXT("||"), result, bind_list_item(b, &chain->operands, i),
                               chain->offsets[i - 1]);
    return result;
}

static Expr *bind_distinct_from(Binder *b, const Ast *ast)
{
    if (ast->pair.left->kind == AST_ROW && ast->pair.right->kind == AST_ROW)
        return bind_rows_distinct(b, ast);
    Expr *left = bind_expr(b, ast->pair.left), *right = bind_expr(b, ast->pair.right);
    Expr *expr = boolean_node(b->q, EXPR_DISTINCT, ast->offset);
    expr->pair.row = bind_equality(b, &left, &right, ast->offset);
    expr->pair.left = left;
    expr->pair.right = right;
    expr->pair.negated = ast->pair.negated;
    return expr;
}

/* left op right, where both may be rows. */
static Expr *compare_asts(Binder *b, Text symbol, const Ast *left, const Ast *right, i32 offset)
{
    if (left->kind == AST_ROW && right->kind == AST_ROW)
        return bind_row_comparison(b, symbol, left, right, offset);
    Expr *l = bind_expr(b, left), *r = bind_expr(b, right);
    return bind_operator(b, symbol, l, r, offset);
}

static Expr *between(Binder *b, const AstBetween *ast, const Ast *low, const Ast *high, i32 offset)
{
    Expr *both[2] = {compare_asts(b, TEXT(">="), ast->operand, low, offset),
                     compare_asts(b, TEXT("<="), ast->operand, high, offset)};
    return expr_and(b->q, both, 2);
}

static Expr *bind_between(Binder *b, const Ast *ast)
{
    const AstBetween *own = &ast->between;
    Expr *result = between(b, own, own->low, own->high, ast->offset);
    if (own->symmetric) {
        Expr *either[2] = {result, between(b, own, own->high, own->low, ast->offset)};
        result = expr_or(b->q, either, 2);
    }
    return own->negated ? expr_not(b->q, result) : result;
}

static Expr *bind_row_in(Binder *b, const Ast *ast)
{
    const AstInList *in = &ast->in_list;
    Expr **any = make_array(b->q, Expr *, in->items.count);
    for (i32 i = 0; i < in->items.count; i++)
        any[i] = compare_asts(b, TEXT("="), in->operand, in->items.items[i], ast->offset);
    Expr *result = expr_or(b->q, any, in->items.count);
    return in->negated ? expr_not(b->q, result) : result;
}

static bool one_category(Expr *const *items, i32 count, const Expr *operand)
{
    char category = 0;
    for (i32 i = -1; i < count; i++) {
        const Expr *item = i < 0 ? operand : items[i];
        if (expr_is_unknown(item))
            continue;
        const TypeRow *row = type_row(item->type.oid);
        if (category && (!row || row->category != category))
            return false;
        category = row ? row->category : CATEGORY_USER;
    }
    return true;
}

static Expr *bind_in_list(Binder *b, const Ast *ast)
{
    const AstInList *in = &ast->in_list;
    if (bind_is_row(b, in->operand))
        return bind_row_in(b, ast);
    i32 count = in->items.count;
    Expr *operand = bind_expr(b, in->operand);
    Expr **items = make_array(b->q, Expr *, count);
    for (i32 i = 0; i < count; i++)
        items[i] = bind_list_item(b, &in->items, i);
    if (operand->type.oid != TYPE_RECORD && one_category(items, count, operand))
        return expr_in(b, operand, items, count, in->negated, ast->offset);
    for (i32 i = 0; i < count; i++) /* no common type, or rows: item by item */
        items[i] = bind_operator(b, TEXT("="), operand, items[i], ast->offset);
    Expr *any = expr_or(b->q, items, count);
    return in->negated ? expr_not(b->q, any) : any;
}

static Expr *bind_like(Binder *b, const Ast *ast)
{
    static const char *const symbols[3][2] = {{"~~", "!~~"}, {"~~*", "!~~*"}, {"~", "!~"}};
    const AstLike *like = &ast->like;
    Expr *operand = bind_expr(b, like->operand);
    Expr *pattern = bind_expr(b, like->pattern);
    if (like->escape || like->kind == LIKE_SIMILAR) {
        Expr *args[2] = {pattern, like->escape ? bind_expr(b, like->escape) : NULL};
        const char *function = like->kind == LIKE_SIMILAR ? "similar_to_escape" : "like_escape";
        pattern = bind_named_call(b, function, args, like->escape ? 2 : 1, ast->offset);
    }
    Text symbol = text_from(symbols[like->kind][like->negated]);
    return bind_operator(b, symbol, operand, pattern, ast->offset);
}

/* ---- casts and choices ---- */

static Expr *bind_cast(Binder *b, const Ast *ast)
{
    if (ast->cast.operand->kind == AST_ARRAY)
        bind_unsupported(b, ast->offset, "array values");
    Type type = bind_type(b, ast->cast.type);
    Expr *operand = bind_expr(b, ast->cast.operand);
    return coerce_explicit(b, operand, type, ast->offset);
}

static Expr *bind_case(Binder *b, const Ast *ast)
{
    const AstCase *cases = &ast->cases;
    i32 count = cases->whens.count, set_calls = b->scope ? b->scope->set_calls_met : 0;
    Expr *argument = NULL;
    if (cases->argument)
        argument = coerce_unknown(b, bind_expr(b, cases->argument));
    Expr **conditions = make_array(b->q, Expr *, count);
    Expr **results = make_array(b->q, Expr *, count + 1);
    for (i32 i = 0; i < count; i++) {
        const AstWhen *when = &cases->whens.items[i]->when;
        Expr *condition = bind_expr(b, when->condition);
        if (argument)
            condition =
                bind_operator(b, TEXT("="), argument, condition, cases->whens.items[i]->offset);
        conditions[i] = as_boolean(b, condition, "CASE/WHEN");
        results[i + 1] = bind_expr(b, when->result);
    }
    /* PostgreSQL looks at ELSE first when it picks the type */
    if (cases->otherwise) {
        results[0] = bind_expr(b, cases->otherwise);
    } else {
        Value null = value_null(lane_of(LANE_STR));
        results[0] = expr_constant(b->q, type_of(TYPE_UNKNOWN), &null, -1);
    }
    check_no_set_calls(b, set_calls, "CASE");
    Type type = coerce_common_type(b, results, count + 1, "CASE");
    coerce_all(b, results, count + 1, type, "CASE");
    Expr *expr = make(b->q, Expr);
    expr->kind = EXPR_CASE;
    expr->type = type;
    expr->lane = results[0]->lane;
    expr->offset = ast->offset;
    expr->cases = (ExprCase){{conditions, count}, {results + 1, count}, results[0]};
    return expr;
}

static Expr *bind_coalesce(Binder *b, const Ast *ast)
{
    i32 count = ast->items.items.count, set_calls = b->scope ? b->scope->set_calls_met : 0;
    Expr **items = make_array(b->q, Expr *, count);
    for (i32 i = 0; i < count; i++)
        items[i] = bind_list_item(b, &ast->items.items, i);
    check_no_set_calls(b, set_calls, "COALESCE");
    Type type = coerce_common_type(b, items, count, "COALESCE");
    coerce_all(b, items, count, type, "COALESCE");
    Expr *expr = make(b->q, Expr);
    expr->kind = EXPR_COALESCE;
    expr->type = type;
    expr->lane = items[0]->lane;
    expr->offset = ast->offset;
    expr->items = (ExprList){items, count};
    return expr;
}

static Expr *bind_choose(Binder *b, const Ast *ast)
{
    bool greatest = ast->kind == AST_GREATEST;
    const char *construct = greatest ? "GREATEST" : "LEAST";
    i32 count = ast->items.items.count;
    Expr **items = make_array(b->q, Expr *, count);
    for (i32 i = 0; i < count; i++)
        items[i] = bind_list_item(b, &ast->items.items, i);
    Type type = coerce_common_type(b, items, count, construct);
    coerce_all(b, items, count, type, construct);
    Expr *compared =
        bind_operator(b, greatest ? TEXT(">") : TEXT("<"), items[0], items[0], ast->offset);
    Expr *expr = make(b->q, Expr);
    expr->kind = greatest ? EXPR_GREATEST : EXPR_LEAST;
    expr->type = type;
    expr->offset = ast->offset;
    expr->choose.row = compared->call.row;
    for (i32 i = 0; i < count; i++)
        items[i] = expr_as_num(b->q, items[i]);
    expr->lane = items[0]->lane;
    expr->choose.items = (ExprList){items, count};
    return expr;
}

static Expr *bind_nullif(Binder *b, const Ast *ast)
{
    Expr *left = bind_expr(b, ast->pair.left), *right = bind_expr(b, ast->pair.right);
    Expr *expr = make(b->q, Expr);
    expr->kind = EXPR_NULLIF;
    expr->offset = ast->offset;
    expr->pair.row = bind_equality(b, &left, &right, ast->offset);
    expr->pair.left = left;
    expr->pair.right = right;
    expr->type = left->type.oid == TYPE_RECORD ? type_of(TYPE_RECORD) : left->type;
    expr->lane = left->lane;
    return expr;
}

/* CURRENT_DATE and its kin: calls of now() and the session's functions, cast. */
static Expr *bind_sql_value(Binder *b, const Ast *ast)
{
    static const struct {
        const char *function;
        u32 type; /* 0: as it is */
    } rows[] = {
        [SQL_CURRENT_DATE] = {"now", TYPE_DATE},
        [SQL_CURRENT_TIME] = {"now", TYPE_TIMETZ},
        [SQL_CURRENT_TIMESTAMP] = {"now", TYPE_TIMESTAMPTZ},
        [SQL_LOCALTIME] = {"now", TYPE_TIME},
        [SQL_LOCALTIMESTAMP] = {"now", TYPE_TIMESTAMP},
        [SQL_CURRENT_ROLE] = {"current_user", 0},
        [SQL_CURRENT_USER] = {"current_user", 0},
        [SQL_USER] = {"current_user", 0},
        [SQL_SESSION_USER] = {"session_user", 0},
        [SQL_CURRENT_CATALOG] = {"current_database", 0},
        [SQL_CURRENT_SCHEMA] = {"current_schema", 0},
    };
    AstSqlValueKind kind = ast->sql_value.kind;
    if (kind == SQL_CURRENT_TIME)
        bind_unsupported(b, ast->offset, "values of type time with time zone");
    Expr *call = bind_named_call(b, rows[kind].function, NULL, 0, ast->offset);
    if (!rows[kind].type)
        return call;
    bool precise = ast->sql_value.precision != NO_PRECISION && rows[kind].type != TYPE_DATE;
    i32 typmod = precise ? (i32)min_i64(ast->sql_value.precision, 6) : TYPMOD_NONE;
    return coerce_explicit(b, call, type_with_typmod(rows[kind].type, typmod), ast->offset);
}

/* ---- subqueries ---- */

static Expr *subquery_node(Binder *b, SubqueryKind kind, BoundQuery *query, i32 offset)
{
    Expr *expr = boolean_node(b->q, EXPR_SUBQUERY, offset);
    expr->subquery.kind = kind;
    expr->subquery.number = bind_new_subquery(b, query);
    expr->subquery.alike = expr->subquery.number;
    return expr;
}

/* The same text means the same columns at one level: GROUP BY, DISTINCT and ORDER BY know a
 * sub-query of the outputs again. */
static i32 first_alike(Binder *b, const Ast *ast, i32 number)
{
    TextBuilder builder;
    builder_open(&builder, b->q, b->q->arena);
    ast_print(&builder, ast);
    Text text = builder_text(&builder);
    for (const WrittenSubquery *w = b->scope->subqueries; w; w = w->older)
        if (text_equal(w->text, text))
            return w->number;
    WrittenSubquery *written = make(b->q, WrittenSubquery);
    *written = (WrittenSubquery){text, number, b->scope->subqueries};
    b->scope->subqueries = written;
    return number;
}

static Expr *bind_scalar_subquery(Binder *b, const Ast *ast)
{
    i32 volatile_calls = b->volatile_calls;
    BoundQuery *query = bind_query(b, ast->unary.operand);
    if (query->visible_count != 1)
        query_fail_at(b->q, ast->offset, E_SYNTAX_ERROR, "subquery must return only one column");
    Expr *expr = subquery_node(b, SUBQUERY_SCALAR, query, ast->offset);
    if (b->scope && b->volatile_calls == volatile_calls)
        expr->subquery.alike = first_alike(b, ast, expr->subquery.number);
    const BoundColumn *column = &b->bound->columns[query->targets[0].output];
    expr->type = column->type.oid == TYPE_RECORD ? type_of(TYPE_RECORD) : column->type;
    expr->lane = column->lane;
    return expr;
}

static Expr *bind_exists(Binder *b, const Ast *ast)
{
    return subquery_node(b, SUBQUERY_EXISTS, bind_query(b, ast->unary.operand), ast->offset);
}

typedef struct Compared {
    Expr **operands, **columns;
    i32 count;
    BoundQuery *query;
} Compared;

/* The operands on the left, possibly a row, and as many columns of the query. */
static Compared bind_compared(Binder *b, const Ast *left, const Ast *ast, i32 offset)
{
    Compared pair = {.count = 1};
    if (left->kind == AST_ROW) {
        pair.operands = bind_row_fields(b, left, &pair.count);
    } else {
        pair.operands = make_array(b->q, Expr *, 1);
        pair.operands[0] = bind_expr(b, left);
    }
    pair.query = bind_query(b, ast);
    i32 columns = pair.query->visible_count;
    if (columns != pair.count)
        query_fail_at(b->q, offset, E_SYNTAX_ERROR,
                      columns < pair.count ? "subquery has too few columns"
                                           : "subquery has too many columns");
    pair.columns = make_array(b->q, Expr *, columns);
    for (i32 i = 0; i < columns; i++)
        pair.columns[i] = bind_column_ref(b, pair.query->targets[i].output, offset);
    return pair;
}

/* left op (query): compared with its only row, NULL when there is none. */
static Expr *bind_row_subquery(Binder *b, Text symbol, const Ast *left, const Ast *query,
                               i32 offset)
{
    Compared pair = bind_compared(b, left, query, offset);
    Expr *all = compare_rows(b, symbol, pair.operands, pair.columns, pair.count, offset);
    Expr *expr = subquery_node(b, SUBQUERY_ROW, pair.query, offset);
    expr->subquery.comparisons = expr_list(b->q, &all, 1);
    return expr;
}

/* left op ANY|ALL (query), left possibly a row. */
static Expr *bind_quantified(Binder *b, Name op, const Ast *left, const Ast *ast, bool all,
                             i32 offset)
{
    Compared pair = bind_compared(b, left, ast, offset);
    Text symbol = operator_symbol(b, op, offset);
    bool equal = text_equal(operator_plain(symbol), TEXT("="));
    Expr *expr = subquery_node(b, all ? SUBQUERY_ALL : SUBQUERY_ANY, pair.query, offset);
    Expr **comparisons = make_array(b->q, Expr *, pair.count);
    if (pair.count > 1 && (!equal || all)) {
        comparisons[0] = compare_rows(b, symbol, pair.operands, pair.columns, pair.count, offset);
        expr->subquery.comparisons = expr_list(b->q, comparisons, 1);
        return expr;
    }
    for (i32 i = 0; i < pair.count; i++) {
        comparisons[i] = bind_operator(b, symbol, pair.operands[i], pair.columns[i], offset);
        if (comparisons[i]->type.oid != TYPE_BOOL)
            query_fail_at(b->q, offset, E_DATATYPE_MISMATCH,
                          "row comparison operator must yield type boolean, not type %s",
                          type_row(comparisons[i]->type.oid)->sql_name);
    }
    expr->subquery.comparisons = expr_list(b->q, comparisons, pair.count);
    return expr;
}

static Expr *bind_in_query(Binder *b, const Ast *ast)
{
    Text equals = TEXT("=");
    Name op = {&equals, 1, ast->offset};
    Expr *any =
        bind_quantified(b, op, ast->in_query.operand, ast->in_query.query, false, ast->offset);
    return ast->in_query.negated ? expr_not(b->q, any) : any;
}

static Expr *bind_quantified_node(Binder *b, const Ast *ast)
{
    const AstQuantified *quantified = &ast->quantified;
    if (quantified->right->kind != AST_QUERY)
        bind_unsupported(b, ast->offset, "array values");
    return bind_quantified(b, quantified->op, quantified->left, quantified->right, quantified->all,
                           ast->offset);
}

Expr *bind_expr(Binder *b, const Ast *ast)
{
    stack_check(b->q);
    switch (ast->kind) {
    case AST_CONSTANT:
        return bind_constant(b, ast);
    case AST_COLUMN:
        if (ast->column.name.count == 1 && scope_whole_row(b, ast))
            return bind_row_value(b, ast);
        return scope_find_column(b, ast);
    case AST_PARAMETER:
        return bind_parameter(b, ast);
    case AST_OPERATOR:
        return bind_operator_node(b, ast);
    case AST_CONCATENATION:
        return bind_concatenation(b, ast);
    case AST_AND:
    case AST_OR:
        return bind_and_or(b, ast);
    case AST_NOT:
        return bind_not(b, ast);
    case AST_IS:
        return bind_is(b, ast);
    case AST_DISTINCT_FROM:
        return bind_distinct_from(b, ast);
    case AST_BETWEEN:
        return bind_between(b, ast);
    case AST_IN_LIST:
        return bind_in_list(b, ast);
    case AST_IN_QUERY:
        return bind_in_query(b, ast);
    case AST_LIKE:
        return bind_like(b, ast);
    case AST_QUANTIFIED:
        return bind_quantified_node(b, ast);
    case AST_COLLATE:
        return bind_collate(b, ast);
    case AST_CAST:
        return bind_cast(b, ast);
    case AST_CASE:
        return bind_case(b, ast);
    case AST_COALESCE:
        return bind_coalesce(b, ast);
    case AST_NULLIF:
        return bind_nullif(b, ast);
    case AST_GREATEST:
    case AST_LEAST:
        return bind_choose(b, ast);
    case AST_CALL:
        return bind_function_call(b, ast);
    case AST_SQL_VALUE:
        return bind_sql_value(b, ast);
    case AST_XML:
        bind_xml(b, ast);
    case AST_EXISTS:
        return bind_exists(b, ast);
    case AST_SUBQUERY:
        return bind_scalar_subquery(b, ast);
    case AST_GROUPING:
        bind_unsupported(b, ast->offset, "GROUPING");
    case AST_ARRAY_QUERY:
        if (bind_query(b, ast->unary.operand)->visible_count != 1)
            query_fail_at(b->q, ast->offset, E_SYNTAX_ERROR,
                          "subquery must return only one column");
        bind_unsupported(b, ast->offset, "array values");
    case AST_ARRAY:
    case AST_SUBSCRIPT:
        bind_unsupported(b, ast->offset, "array values");
    case AST_ROW:
        return bind_row_value(b, ast);
    case AST_FIELD:
        return bind_field(b, ast);
    case AST_CURRENT_OF:
        bind_unsupported(b, ast->offset, "WHERE CURRENT OF");
    case AST_DEFAULT:
        query_fail_at(b->q, ast->offset, E_SYNTAX_ERROR, "DEFAULT is not allowed in this context");
    case AST_STAR:
        if (ast->star.qualifier.count)
            return bind_row_value(b, ast);
        query_fail_at(b->q, ast->offset, E_SYNTAX_ERROR,
                      "row expansion via \"*\" is not supported here");
    case AST_WHEN:
    case AST_NAMED_ARGUMENT:
    case AST_TYPE:
    case AST_QUERY:
    case AST_SELECT:
    case AST_VALUES:
    case AST_SET_OPERATION:
    case AST_WITH:
    case AST_CTE:
    case AST_TARGET:
    case AST_SORT:
    case AST_GROUPING_SET:
    case AST_WINDOW:
    case AST_LOCKING:
    case AST_INTO:
    case AST_FROM_TABLE:
    case AST_FROM_QUERY:
    case AST_FROM_FUNCTION:
    case AST_FROM_XML:
    case AST_FROM_JOIN:
    case AST_FUNCTION_ITEM:
    case AST_XML_COLUMN:
    case AST_SAMPLE:
    case AST_ALIAS:
    case AST_IDENTIFIER:
    case AST_NAME:
    case AST_INSERT:
    case AST_ON_CONFLICT:
    case AST_UPDATE:
    case AST_DELETE:
    case AST_MERGE:
    case AST_MERGE_WHEN:
    case AST_ASSIGNMENT:
    case AST_ASSIGNED:
    case AST_TRUNCATE:
    case AST_COPY:
    case AST_CREATE_TABLE:
    case AST_COLUMN_DEFINITION:
    case AST_CONSTRAINT:
    case AST_TABLE_LIKE:
    case AST_CREATE_TABLE_AS:
    case AST_CREATE_VIEW:
    case AST_REFRESH:
    case AST_CREATE_SCHEMA:
    case AST_CREATE_SEQUENCE:
    case AST_CREATE_INDEX:
    case AST_INDEX_ELEMENT:
    case AST_DROP:
    case AST_ALTER_TABLE:
    case AST_ALTER_ACTION:
    case AST_RENAME:
    case AST_ALTER_OBJECT:
    case AST_COMMENT:
    case AST_OPTION:
    case AST_EXPLAIN:
    case AST_SET:
    case AST_SHOW:
    case AST_SET_CONSTRAINTS:
    case AST_TRANSACTION:
    case AST_SET_TRANSACTION:
    case AST_PREPARE:
    case AST_EXECUTE:
    case AST_DEALLOCATE:
    case AST_DECLARE:
    case AST_FETCH:
    case AST_CLOSE:
    case AST_DISCARD:
    case AST_CHECKPOINT:
    case AST_VACUUM:
    case AST_VACUUM_TARGET:
    case AST_LOCK:
    case AST_LISTEN:
    case AST_UNLISTEN:
    case AST_NOTIFY:
    case AST_DO:
    case AST_CALL_PROCEDURE:
    case AST_UNSUPPORTED:
    case AST_KIND_COUNT:
        break; /* no expressions: the grammar never puts them here */
    }
    verify(!"an expression");
    unreachable();
}
