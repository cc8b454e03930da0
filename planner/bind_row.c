/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as values: ROW(...), the rows of FROM items named as a whole, and columns that hold either.
 *
 * Two rows written in place are compared field by field, with three truth values; every other
 * comparison of rows is one of values, in which NULLs are equal and last (types/row_value.h). A
 * value brings its fields' types along; what is known of them here, for field selection, is its
 * RowShape: the typmod of type record is the number of one in the Bound. It comes with a written or
 * whole row and survives as a column; CASE, VALUES and their kin lose it, as in PostgreSQL.
 */
#include "planner/bind.h"

/* A row taken apart. */
typedef struct BoundRow {
    Expr **fields;
    i32 count;
    const ScopeItem *item; /* a whole row of this item; NULL: written with ROW */
    i32 offset;
} BoundRow;

static const FunctionRow make_row = {.name = "row",
                                     .sql_name = "row",
                                     .arguments = {TYPE_ANY},
                                     .argument_count = 1,
                                     .result = TYPE_RECORD,
                                     .operation = OP_ROW_MAKE,
                                     .flags = IMMUTABLE | VARIADIC};
static const FunctionRow take_field = {.name = "field",
                                       .sql_name = "field",
                                       .arguments = {TYPE_RECORD, TYPE_INT4},
                                       .argument_count = 2,
                                       .result = TYPE_ANYELEMENT,
                                       .operation = OP_ROW_FIELD,
                                       .flags = STRICT | IMMUTABLE | FAILS};
static const FunctionRow all_null = {.name = "row_is_null",
                                     .sql_name = "row_is_null",
                                     .arguments = {TYPE_RECORD},
                                     .argument_count = 1,
                                     .result = TYPE_BOOL,
                                     .operation = OP_ROW_IS_NULL,
                                     .flags = IMMUTABLE};
static const FunctionRow none_null = {.name = "row_is_not_null",
                                      .sql_name = "row_is_not_null",
                                      .arguments = {TYPE_RECORD},
                                      .argument_count = 1,
                                      .result = TYPE_BOOL,
                                      .operation = OP_ROW_IS_NOT_NULL,
                                      .flags = IMMUTABLE};

bool bind_is_row(Binder *b, const Ast *ast)
{
    if (ast->kind == AST_ROW)
        return true;
    if (ast->kind == AST_STAR)
        return ast->star.qualifier.count > 0;
    return ast->kind == AST_COLUMN && scope_whole_row(b, ast) != NULL;
}

static void check_whole_row(Binder *b, i32 offset)
{
    if (b->scope->place != PLACE_GENERATED)
        return;
    Error error;
    error_set(&error, E_INVALID_OBJECT_DEFINITION,
              "cannot use whole-row variable in column generation expression");
    error_detail(&error, "This would cause the generated column to depend on its own value.");
    error.position = offset + 1;
    query_rethrow(b->q, &error);
}

static BoundRow whole_row(Binder *b, const ScopeItem *item, i32 offset)
{
    check_whole_row(b, offset);
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
        Text *names;
        if (item->kind == AST_STAR)
            fields = bind_star(b, item, &count);
        else if (item->kind == AST_FIELD && !item->field.field.data)
            fields = bind_field_star(b, item, &names, &count);
        else
            one = bind_expr(b, item);
        Expr **all = make_array(b->q, Expr *, row.count + count);
        for (i32 j = 0; j < row.count + count; j++)
            all[j] = j < row.count ? row.fields[j] : fields[j - row.count];
        row.fields = all;
        row.count += count;
        if (row.count > ROW_COLUMNS_MAX)
            query_fail_at(b->q, ast->offset, E_TOO_MANY_COLUMNS,
                          "ROW expressions can have at most %d entries", ROW_COLUMNS_MAX);
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

/* Is the row there at all? NULL: always, and so is the row of a join, which is made of its columns.
 * Another that an outer join may miss is known by a column that is never NULL otherwise: one
 * declared so, or one made for this. */
static Expr *row_present(Binder *b, const BoundRow *row)
{
    const ScopeItem *item = row->item;
    if (!item || !item->nullable || !item->from)
        return NULL;
    Expr *never_null = item->never_null;
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

/* IS NULL: all fields are; IS NOT NULL: none is. A row among the fields counts as not NULL. */
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

Expr *row_value_is_null(Binder *b, Expr *value, bool negated, i32 offset)
{
    Type type = type_of(TYPE_BOOL);
    return expr_call(b->q, negated ? &none_null : &all_null, &value, 1, type, offset);
}

/* ---- comparing written rows ---- */

Expr *compare_rows(Binder *b, Text symbol, Expr **left, Expr **right, i32 count, i32 offset)
{
    Text plain = operator_plain(symbol);
    bool equal = text_equal(plain, TEXT("=")), unequal = text_equal(plain, TEXT("<>"));
    Expr **parts = make_array(b->q, Expr *, count);
    if (equal || unequal) {
        for (i32 i = 0; i < count; i++)
            parts[i] = bind_operator(b, symbol, left[i], right[i], offset);
        return equal ? expr_and(b->q, parts, count) : expr_or(b->q, parts, count);
    }
    bool order = plain.len >= 1 && (plain.data[0] == '<' || plain.data[0] == '>');
    if (!order)
        bind_operator(b, symbol, left[0], right[0], offset); /* 42883 when there is none */
    if (!order)
        query_fail_at(b->q, offset, E_FEATURE_NOT_SUPPORTED,
                      "could not determine interpretation of row comparison operator %.*s",
                      TEXT_ARG(plain));
    Text strict = {plain.data, 1};
    Expr *rest = bind_operator(b, symbol, left[count - 1], right[count - 1], offset);
    for (i32 i = count - 2; i >= 0; i--) {
        Expr *tie[2] = {bind_operator(b, TEXT("="), left[i], right[i], offset), rest};
        Expr *any[2] = {bind_operator(b, strict, left[i], right[i], offset),
                        expr_and(b->q, tie, 2)};
        rest = expr_or(b->q, any, 2);
    }
    return rest;
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
    BoundRow left = written_row(b, left_ast), right = written_row(b, right_ast);
    check_counts(b, &left, &right, offset);
    return compare_rows(b, symbol, left.fields, right.fields, left.count, offset);
}

static Expr *distinct_from(Binder *b, Expr *left, Expr *right, i32 offset)
{
    Expr *expr = make(b->q, Expr);
    *expr = (Expr){.kind = EXPR_DISTINCT, .offset = offset};
    expr->type = type_of(TYPE_BOOL);
    expr->lane = lane_of(LANE_BOOL);
    expr->pair.row = bind_equality(b, &left, &right, offset);
    expr->pair.left = left;
    expr->pair.right = right;
    return expr;
}

Expr *bind_rows_distinct(Binder *b, const Ast *ast)
{
    BoundRow left = written_row(b, ast->pair.left), right = written_row(b, ast->pair.right);
    check_counts(b, &left, &right, ast->offset);
    Expr **parts = make_array(b->q, Expr *, left.count);
    for (i32 i = 0; i < left.count; i++)
        parts[i] = distinct_from(b, left.fields[i], right.fields[i], ast->offset);
    Expr *any = expr_or(b->q, parts, left.count);
    if (!ast->pair.negated)
        return any;
    return expr_unary(b->q, EXPR_NOT, any, type_of(TYPE_BOOL), lane_of(LANE_BOOL));
}

/* ---- shapes ---- */

static bool shape_equal(const RowShape *a, const RowShape *b)
{
    if (a->count != b->count || a->named != b->named)
        return false;
    for (i32 i = 0; i < a->count; i++)
        if (!type_same(a->types[i], b->types[i]) || !text_equal(a->names[i], b->names[i]))
            return false;
    return true;
}

/* The type record with the number of the shape; rows of equal shape are of the same type. */
static Type shape_type(Binder *b, const RowShape *shape)
{
    Bound *bound = b->bound;
    for (i32 i = 0; i < bound->row_shape_count; i++)
        if (shape_equal(&bound->row_shapes[i], shape))
            return type_with_typmod(TYPE_RECORD, i);
    RowShape *shapes = make_array(b->q, RowShape, bound->row_shape_count + 1);
    if (bound->row_shape_count)
        memcpy(shapes, bound->row_shapes, (size_t)bound->row_shape_count * sizeof *shapes);
    shapes[bound->row_shape_count] = *shape;
    bound->row_shapes = shapes;
    return type_with_typmod(TYPE_RECORD, bound->row_shape_count++);
}

static Type row_type(Binder *b, const BoundRow *row, Expr *const *fields)
{
    RowShape shape = {make_array(b->q, Text, row->count), make_array(b->q, Type, row->count),
                      row->count, row->item && row->item->relation.data};
    for (i32 i = 0; i < row->count; i++) {
        shape.names[i] = row->item ? row->item->columns[i].name : query_format(b->q, "f%d", i + 1);
        shape.types[i] = fields[i]->type;
    }
    return shape_type(b, &shape);
}

const RowShape *row_shape(const Bound *bound, Type type)
{
    bool known = type.oid == TYPE_RECORD && type.typmod != TYPMOD_NONE;
    return known ? &bound->row_shapes[type.typmod] : NULL;
}

/* The shape of a value that is taken apart. */
static const RowShape *shape_of(Binder *b, const Expr *value)
{
    const RowShape *shape = row_shape(b->bound, value->type);
    if (!shape)
        query_fail(b->q, E_WRONG_OBJECT_TYPE, "record type has not been registered");
    return shape;
}

/* ---- a row as one value ---- */

Expr *bind_row_value(Binder *b, const Ast *ast)
{
    BoundRow row = bind_row(b, ast);
    Expr **fields = make_array(b->q, Expr *, row.count);
    for (i32 i = 0; i < row.count; i++) {
        Expr *field = row.fields[i];
        bool typed = field->kind == EXPR_CONSTANT || !expr_is_unknown(field);
        fields[i] = typed ? field : coerce_unknown(b, field);
    }
    Expr *value =
        expr_call(b->q, &make_row, fields, row.count, row_type(b, &row, fields), ast->offset);
    Expr *present = row_present(b, &row);
    return present ? case_when(b->q, present, value) : value;
}

/* ---- (row).field ---- */

static _Noreturn void fail_no_field(Binder *b, Text name, i32 offset)
{
    query_fail_at(b->q, offset, E_UNDEFINED_COLUMN,
                  "could not identify column \"%.*s\" in record data type", TEXT_ARG(name));
}

static Expr *value_field(Binder *b, Expr *value, i32 i, i32 offset)
{
    Type type = row_shape(b->bound, value->type)->types[i];
    if (type.oid == TYPE_UNKNOWN)
        type = type_of(TYPE_TEXT);
    if (type.oid == TYPE_RECORD) /* its own fields are not known any more */
        type = type_of(TYPE_RECORD);
    Value number = {.lane = lane_of(LANE_I32), .integer = i + 1};
    Expr *args[2] = {value, expr_constant(b->q, type_of(TYPE_INT4), &number, -1)};
    Expr *field = expr_call(b->q, &take_field, args, 2, type, offset);
    field->lane = type.oid == TYPE_NUMERIC ? lane_of(LANE_NUM) : type_lane(type);
    return field;
}

/* A copy whose own fields, when it is a row, are not known. */
static Expr *plain_field(Binder *b, Expr *field)
{
    if (field->type.oid != TYPE_RECORD)
        return coerce_unknown(b, field);
    Expr *copy = make(b->q, Expr);
    *copy = *field;
    copy->type = type_of(TYPE_RECORD);
    return copy;
}

static Expr *item_field(Binder *b, const ScopeItem *item, const Ast *ast)
{
    for (i32 i = 0; i < item->column_count; i++)
        if (text_equal(item->columns[i].name, ast->field.field)) {
            Expr *copy = make(b->q, Expr);
            *copy = *item->columns[i].expr;
            copy->offset = ast->offset;
            return copy;
        }
    query_fail_at(b->q, ast->field.operand->offset, E_UNDEFINED_COLUMN,
                  "column %.*s.%.*s does not exist", TEXT_ARG(item->alias),
                  TEXT_ARG(ast->field.field));
}

/* The only field of that name. */
static i32 find_field(Binder *b, const RowShape *shape, Text name, i32 offset)
{
    for (i32 i = 0; i < shape->count; i++)
        if (text_equal(shape->names[i], name))
            return i;
    fail_no_field(b, name, offset);
}

/* Values whose fields have names for who takes them apart. */
static bool has_fields(const Expr *value)
{
    return value->kind == EXPR_COLUMN || value->type.typmod != TYPMOD_NONE;
}

/* What a field of a value is taken from. */
static Expr *bind_row_operand(Binder *b, const Ast *ast)
{
    const Ast *operand = ast->field.operand;
    Expr *value = bind_expr(b, operand);
    char name[TYPE_NAME_BYTES];
    if (value->type.oid != TYPE_RECORD) {
        const char *type = type_format(type_of(value->type.oid), name);
        if (!ast->field.field.data)
            query_fail(b->q, E_WRONG_OBJECT_TYPE, "type %s is not composite", type);
        query_fail_at(b->q, expr_location(b->q, value), E_WRONG_OBJECT_TYPE,
                      "column notation .%.*s applied to type %s, which is not a composite type",
                      TEXT_ARG(ast->field.field), type);
    }
    if (!has_fields(value) && ast->field.field.data)
        fail_no_field(b, ast->field.field, expr_location(b->q, value));
    shape_of(b, value);
    return value;
}

Expr *bind_field(Binder *b, const Ast *ast)
{
    const Ast *operand = ast->field.operand;
    const ScopeItem *item = operand->kind == AST_COLUMN ? scope_whole_row(b, operand) : NULL;
    if (!ast->field.field.data)
        query_fail_at(b->q, operand->offset, E_FEATURE_NOT_SUPPORTED,
                      "row expansion via \"*\" is not supported here");
    if (item)
        return item_field(b, item, ast);
    if (operand->kind == AST_ROW) { /* no need to make it */
        BoundRow row = bind_row(b, operand);
        for (i32 i = 0; i < row.count; i++)
            if (text_equal(ast->field.field, query_format(b->q, "f%d", i + 1)))
                return plain_field(b, row.fields[i]);
        fail_no_field(b, ast->field.field, operand->offset);
    }
    Expr *value = bind_row_operand(b, ast);
    const RowShape *shape = row_shape(b->bound, value->type);
    i32 found = find_field(b, shape, ast->field.field, expr_location(b->q, value));
    return value_field(b, value, found, ast->offset);
}

Expr **bind_field_star(Binder *b, const Ast *ast, Text **names, i32 *count)
{
    const Ast *operand = ast->field.operand;
    const ScopeItem *item = operand->kind == AST_COLUMN ? scope_whole_row(b, operand) : NULL;
    Expr *value = item ? NULL : bind_row_operand(b, ast);
    const RowShape *shape = item ? NULL : row_shape(b->bound, value->type);
    *count = item ? item->column_count : shape->count;
    *names = make_array(b->q, Text, *count);
    Expr **fields = make_array(b->q, Expr *, *count);
    for (i32 i = 0; i < *count; i++) {
        (*names)[i] = item ? item->columns[i].name : shape->names[i];
        if (item) {
            fields[i] = make(b->q, Expr);
            *fields[i] = *item->columns[i].expr;
            fields[i]->offset = ast->offset;
            bind_mark_used(b, fields[i]);
        } else {
            fields[i] = value_field(b, value, i, ast->offset);
        }
    }
    return fields;
}

/* ---- rows of VALUES ---- */

static bool is_expanded(const Ast *ast)
{
    return (ast->kind == AST_FIELD && !ast->field.field.data) ||
           (ast->kind == AST_STAR && ast->star.qualifier.count);
}

Expr **bind_values_row(Binder *b, const AstList *items, i32 *count)
{
    Expr **all = make_array(b->q, Expr *, items->count);
    *count = 0;
    for (i32 i = 0; i < items->count; i++) {
        const Ast *item = items->items[i];
        i32 more = 1;
        Text *names;
        if (!is_expanded(item)) {
            all[(*count)++] = item->kind == AST_DEFAULT ? NULL : bind_expr(b, item);
            continue;
        }
        Expr **fields = item->kind == AST_STAR ? bind_star(b, item, &more)
                                               : bind_field_star(b, item, &names, &more);
        Expr **longer = make_array(b->q, Expr *, *count + more + items->count - i);
        memcpy(longer, all, (size_t)*count * sizeof *all);
        memcpy(longer + *count, fields, (size_t)more * sizeof *fields);
        all = longer;
        *count += more;
    }
    return all;
}
