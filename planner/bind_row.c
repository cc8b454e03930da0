/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as values: ROW(...) and the rows of FROM items named as a whole.
 *
 * What looks into a row (comparisons, IS NULL, field selection, ORDER BY, GROUP BY) is bound field
 * by field. Two written rows compare with three truth values; with a whole row PostgreSQL uses the
 * total order of records, in which NULLs are equal and last. A row that must be one value becomes
 * its text, of type record; that is as good as the row where equal fields have equal texts. Where
 * only equality matters the other fields are made canonical; else the typmod of the type record
 * says that the text may be shown, not compared.
 */
#include "planner/bind.h"

/* A row taken apart. */
typedef struct BoundRow {
    Expr **fields;
    i32 count;
    const ScopeItem *item; /* a whole row of this item; NULL: written with ROW */
    i32 offset;
} BoundRow;

bool bind_is_row(Binder *b, const Ast *ast)
{
    if (ast->kind == AST_ROW)
        return true;
    if (ast->kind == AST_STAR)
        return ast->star.qualifier.count > 0;
    return ast->kind == AST_COLUMN && scope_whole_row(b, ast) != NULL;
}

static BoundRow whole_row(Binder *b, const ScopeItem *item, i32 offset)
{
    BoundRow row = {make_array(b->q, Expr *, item->column_count), item->column_count, item, offset};
    for (i32 i = 0; i < row.count; i++) {
        row.fields[i] = make(b->q, Expr);
        *row.fields[i] = *item->columns[i].expr;
        row.fields[i]->offset = offset;
    }
    return row;
}

/* The fields of ROW(...), with t.* taken apart. */
static BoundRow written_row(Binder *b, const Ast *ast)
{
    BoundRow row = {NULL, 0, NULL, ast->offset};
    for (i32 i = 0; i < ast->row.items.count; i++) {
        const Ast *item = ast->row.items.items[i];
        Expr *one = NULL, **fields = &one;
        i32 count = 1;
        if (item->kind == AST_STAR)
            fields = bind_star(b, item, &count);
        else
            one = bind_expr(b, item);
        Expr **all = make_array(b->q, Expr *, row.count + count);
        for (i32 j = 0; j < row.count + count; j++)
            all[j] = j < row.count ? row.fields[j] : fields[j - row.count];
        row.fields = all;
        row.count += count;
    }
    return row;
}

static BoundRow bind_row(Binder *b, const Ast *ast)
{
    if (ast->kind == AST_ROW)
        return written_row(b, ast);
    if (ast->kind == AST_STAR)
        return whole_row(b, scope_find_item(b, ast->star.qualifier), ast->offset);
    return whole_row(b, scope_whole_row(b, ast), ast->offset);
}

Expr **bind_row_fields(Binder *b, const Ast *ast, i32 *count)
{
    BoundRow row = bind_row(b, ast);
    *count = row.count;
    return row.fields;
}

/* Is the row there at all? NULL: always; a row that an outer join may miss is known by a column
 * that is never NULL otherwise: one declared so, or one made for this. */
static Expr *row_present(Binder *b, const BoundRow *row)
{
    const ScopeItem *item = row->item;
    if (!item || !item->nullable)
        return NULL;
    Expr *never_null = item->never_null;
    if (!never_null && !item->from)
        bind_unsupported(b, row->offset, "whole-row references to a join");
    if (!never_null) {
        BoundFrom *from = item->from;
        if (!from->has_present)
            from->present =
                bind_new_column(b, TEXT("present"), type_of(TYPE_BOOL), lane_of(LANE_BOOL));
        from->has_present = true;
        never_null = bind_column_ref(b, from->present, -1);
    }
    return expr_is(b->q, never_null, IS_NULL, true, row->offset);
}

static Expr *case_when(Query *q, Expr *condition, Expr *then)
{
    Expr *expr = make(q, Expr);
    *expr = (Expr){.kind = EXPR_CASE, .offset = -1};
    expr->type = then->type;
    expr->lane = then->lane;
    Value null = value_null(then->lane);
    Expr *otherwise = expr_constant(q, then->type, &null, -1);
    expr->cases = (ExprCase){expr_list(q, &condition, 1), expr_list(q, &then, 1), otherwise};
    return expr;
}

/* ---- IS NULL ---- */

/* IS NULL: all fields are; IS NOT NULL: none is. */
Expr *bind_row_is_null(Binder *b, const Ast *ast, bool negated, i32 offset)
{
    BoundRow row = bind_row(b, ast);
    if (row.count == 0)
        return expr_boolean(b->q, true);
    Expr **tests = make_array(b->q, Expr *, row.count);
    for (i32 i = 0; i < row.count; i++)
        tests[i] = expr_is(b->q, coerce_unknown(b, row.fields[i]), IS_NULL, negated, offset);
    return expr_and(b->q, tests, row.count);
}

/* ---- comparing written rows ---- */

Expr *compare_rows(Binder *b, Text symbol, Expr **left, Expr **right, i32 count, i32 offset)
{
    bool equal = text_equal(symbol, TEXT("=")), unequal = text_equal(symbol, TEXT("<>"));
    Expr **parts = make_array(b->q, Expr *, count);
    if (equal || unequal) {
        for (i32 i = 0; i < count; i++)
            parts[i] = bind_operator(b, symbol, left[i], right[i], offset);
        return equal ? expr_and(b->q, parts, count) : expr_or(b->q, parts, count);
    }
    bool order = symbol.len >= 1 && (symbol.data[0] == '<' || symbol.data[0] == '>');
    if (!order)
        query_fail_at(b->q, offset, E_FEATURE_NOT_SUPPORTED,
                      "could not determine interpretation of row comparison operator %.*s",
                      TEXT_ARG(symbol));
    Text strict = {symbol.data, 1};
    Expr *rest = bind_operator(b, symbol, left[count - 1], right[count - 1], offset);
    for (i32 i = count - 2; i >= 0; i--) {
        Expr *tie[2] = {bind_operator(b, TEXT("="), left[i], right[i], offset), rest};
        Expr *any[2] = {bind_operator(b, strict, left[i], right[i], offset),
                        expr_and(b->q, tie, 2)};
        rest = expr_or(b->q, any, 2);
    }
    return rest;
}

/* ---- comparing records ---- */

static Expr *distinct_from(Binder *b, Expr *left, Expr *right, bool negated, i32 offset)
{
    Expr *expr = make(b->q, Expr);
    *expr = (Expr){.kind = EXPR_DISTINCT, .offset = offset};
    expr->type = type_of(TYPE_BOOL);
    expr->lane = lane_of(LANE_BOOL);
    expr->pair.row = bind_equality(b, &left, &right, offset);
    expr->pair.left = left;
    expr->pair.right = right;
    expr->pair.negated = negated;
    return expr;
}

static Expr *records_equal(Binder *b, const BoundRow *left, const BoundRow *right, i32 offset)
{
    Expr **parts = make_array(b->q, Expr *, left->count);
    for (i32 i = 0; i < left->count; i++)
        parts[i] = distinct_from(b, left->fields[i], right->fields[i], true, offset);
    return expr_and(b->q, parts, left->count);
}

/* left before right: in the first field that differs, where NULL is last. */
static Expr *record_before(Binder *b, const BoundRow *left, const BoundRow *right, i32 offset)
{
    Expr *before = expr_boolean(b->q, false);
    for (i32 i = left->count - 1; i >= 0; i--) {
        Expr *l = coerce_unknown(b, left->fields[i]), *r = coerce_unknown(b, right->fields[i]);
        Expr *less = bind_operator(b, TEXT("<"), l, r, offset);
        Expr *last[2] = {expr_is(b->q, l, IS_NULL, true, offset),
                         expr_is(b->q, r, IS_NULL, false, offset)};
        Expr *tie[2] = {distinct_from(b, l, r, true, offset), before};
        Expr *any[3] = {expr_is(b->q, less, IS_TRUE, false, offset), expr_and(b->q, last, 2),
                        expr_and(b->q, tie, 2)};
        before = expr_or(b->q, any, 3);
    }
    return before;
}

static Expr *negate(Binder *b, Expr *operand)
{
    return expr_unary(b->q, EXPR_NOT, operand, type_of(TYPE_BOOL), lane_of(LANE_BOOL));
}

/* PostgreSQL finds this out when it compares two rows. */
static void check_record_types(Binder *b, const BoundRow *left, const BoundRow *right)
{
    char x[TYPE_NAME_BYTES], y[TYPE_NAME_BYTES];
    for (i32 i = 0; i < left->count; i++) {
        u32 l = left->fields[i]->type.oid, r = right->fields[i]->type.oid;
        if (l != r)
            query_fail(b->q, E_DATATYPE_MISMATCH,
                       "cannot compare dissimilar column types %s and %s at record column %d",
                       type_format(type_of(l), x), type_format(type_of(r), y), i + 1);
        if (l == TYPE_UNKNOWN)
            query_fail(b->q, E_UNDEFINED_FUNCTION,
                       "could not identify an equality operator for type unknown");
    }
}

static Expr *compare_records(Binder *b, Text symbol, const BoundRow *left, const BoundRow *right,
                             i32 offset)
{
    Expr *result = NULL;
    check_record_types(b, left, right);
    if (text_equal(symbol, TEXT("=")))
        result = records_equal(b, left, right, offset);
    else if (text_equal(symbol, TEXT("<>")))
        result = negate(b, records_equal(b, left, right, offset));
    else if (text_equal(symbol, TEXT("<")))
        result = record_before(b, left, right, offset);
    else if (text_equal(symbol, TEXT(">")))
        result = record_before(b, right, left, offset);
    else if (text_equal(symbol, TEXT("<=")))
        result = negate(b, record_before(b, right, left, offset));
    else if (text_equal(symbol, TEXT(">=")))
        result = negate(b, record_before(b, left, right, offset));
    else
        query_fail_at(b->q, offset, E_UNDEFINED_FUNCTION,
                      "operator does not exist: record %.*s record", TEXT_ARG(symbol));
    Expr *present[2] = {row_present(b, left), row_present(b, right)};
    for (i32 i = 0; i < 2; i++)
        if (present[i])
            result = case_when(b->q, present[i], result);
    return result;
}

static void check_counts(Binder *b, const BoundRow *left, const BoundRow *right, i32 offset)
{
    if (left->count != right->count)
        query_fail_at(b->q, offset, E_SYNTAX_ERROR, "unequal number of entries in row expressions");
    if (left->count == 0)
        query_fail_at(b->q, offset, E_FEATURE_NOT_SUPPORTED, "cannot compare rows of zero length");
}

Expr *bind_row_comparison(Binder *b, Text symbol, const Ast *left_ast, const Ast *right_ast,
                          i32 offset)
{
    BoundRow left = bind_row(b, left_ast), right = bind_row(b, right_ast);
    if (!left.item && !right.item) {
        check_counts(b, &left, &right, offset);
        return compare_rows(b, symbol, left.fields, right.fields, left.count, offset);
    }
    if (left.count != right.count)
        query_fail_at(b->q, -1, E_DATATYPE_MISMATCH,
                      "cannot compare record types with different numbers of columns");
    return compare_records(b, symbol, &left, &right, offset);
}

Expr *bind_record_equality(Binder *b, const Ast *left_ast, const Ast *right_ast, i32 offset)
{
    BoundRow left = bind_row(b, left_ast), right = bind_row(b, right_ast);
    check_counts(b, &left, &right, offset);
    return compare_records(b, TEXT("="), &left, &right, offset);
}

Expr *bind_rows_distinct(Binder *b, const Ast *ast)
{
    i32 offset = ast->offset;
    BoundRow left = bind_row(b, ast->pair.left), right = bind_row(b, ast->pair.right);
    check_counts(b, &left, &right, offset);
    Expr *same = records_equal(b, &left, &right, offset);
    Expr *present[2] = {row_present(b, &left), row_present(b, &right)};
    if (present[0] || present[1]) {
        for (i32 i = 0; i < 2; i++)
            present[i] = present[i] ? present[i] : expr_boolean(b->q, true);
        Expr *both[2] = {distinct_from(b, present[0], present[1], true, offset), same};
        same = expr_and(b->q, both, 2);
    }
    return ast->pair.negated ? same : negate(b, same);
}

/* ---- a row as one value ---- */

enum { ROW_INEXACT = 0 }; /* typmod of rows whose texts may differ although they are equal */

void check_comparable(Binder *b, const Expr *expr)
{
    if (expr->type.oid == TYPE_RECORD && expr->type.typmod == ROW_INEXACT)
        bind_unsupported(b, expr->offset,
                         "DISTINCT, GROUP BY and set operations over rows with numeric, "
                         "floating-point, interval or char(n) fields");
}

static bool text_is_exact(u32 oid)
{
    switch (oid) {
    case TYPE_NUMERIC:
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
    case TYPE_INTERVAL:
    case TYPE_BPCHAR:
        return false;
    default:
        return true;
    }
}

static Expr *zero_of(Binder *b, Type type)
{
    Value value = {.lane = type_lane(type)};
    return expr_constant(b->q, type_of(type.oid), &value, -1);
}

/* A value with the same text for all that are equal. */
static Expr *canonical_field(Binder *b, Expr *field, i32 offset)
{
    switch (field->type.oid) {
    case TYPE_NUMERIC:
        return bind_named_call(b, "trim_scale", &field, 1, offset);
    case TYPE_FLOAT4:
    case TYPE_FLOAT8: /* -0 + 0 is 0 */
        return bind_operator(b, TEXT("+"), field, zero_of(b, field->type), offset);
    case TYPE_BPCHAR:
        return coerce_explicit(b, field, type_of(TYPE_TEXT), offset);
    default:
        bind_unsupported(b, offset, "row values with fields of this type");
    }
}

Expr *bind_row_value(Binder *b, const Ast *ast, RowUse use)
{
    static const FunctionRow row_text = {.name = "row",
                                         .sql_name = "row",
                                         .arguments = {TYPE_ANY},
                                         .argument_count = 1,
                                         .result = TYPE_RECORD,
                                         .operation = OP_ROW_TEXT,
                                         .flags = STABLE | ENV | VARIADIC};
    BoundRow row = bind_row(b, ast);
    Expr **fields = make_array(b->q, Expr *, row.count);
    i32 typmod = TYPMOD_NONE;
    for (i32 i = 0; i < row.count; i++) {
        fields[i] = coerce_unknown(b, row.fields[i]);
        if (text_is_exact(fields[i]->type.oid))
            continue;
        if (use == ROW_COUNTED)
            fields[i] = canonical_field(b, fields[i], ast->offset);
        else
            typmod = ROW_INEXACT;
    }
    Type type = type_with_typmod(TYPE_RECORD, typmod);
    Expr *value = expr_call(b->q, &row_text, fields, row.count, type, ast->offset);
    value->lane = lane_of(LANE_STR);
    Expr *present = row_present(b, &row);
    return present ? case_when(b->q, present, value) : value;
}

/* ---- (row).field ---- */

Expr *bind_field(Binder *b, const Ast *ast)
{
    const Ast *operand = ast->field.operand;
    const ScopeItem *item = operand->kind == AST_COLUMN ? scope_whole_row(b, operand) : NULL;
    if (item && ast->field.field.data) {
        for (i32 i = 0; i < item->column_count; i++)
            if (text_equal(item->columns[i].name, ast->field.field)) {
                Expr *copy = make(b->q, Expr);
                *copy = *item->columns[i].expr;
                copy->offset = ast->offset;
                return copy;
            }
        query_fail_at(b->q, operand->offset, E_UNDEFINED_COLUMN, "column %.*s.%.*s does not exist",
                      TEXT_ARG(item->alias), TEXT_ARG(ast->field.field));
    }
    if (operand->kind == AST_ROW) {
        BoundRow row = bind_row(b, operand);
        for (i32 i = 0; i < row.count; i++)
            if (text_equal(ast->field.field, query_format(b->q, "f%d", i + 1)))
                return coerce_unknown(b, row.fields[i]);
        query_fail_at(b->q, ast->offset, E_UNDEFINED_COLUMN,
                      "could not identify column \"%.*s\" in record data type",
                      TEXT_ARG(ast->field.field));
    }
    Expr *value = bind_expr(b, operand);
    char name[TYPE_NAME_BYTES];
    if (value->type.oid == TYPE_RECORD)
        bind_unsupported(b, ast->offset, "fields of row values");
    query_fail_at(b->q, expr_location(b->q, value), E_WRONG_OBJECT_TYPE,
                  "column notation .%.*s applied to type %s, which is not a composite type",
                  TEXT_ARG(ast->field.field), type_format(type_of(value->type.oid), name));
}
