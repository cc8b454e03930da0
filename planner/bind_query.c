/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries: WITH, SELECT, VALUES, set operations, ORDER BY, LIMIT; the names of outputs.
 *
 * The order of binding is PostgreSQL's: FROM, targets, WHERE, HAVING, GROUP BY, ORDER BY, DISTINCT,
 * LIMIT; so that the first error of a statement with several is the same one.
 */
#include "planner/bind.h"

/* ---- names of outputs ---- */

static Text name_of_type(const Ast *type)
{
    return type->type.name.parts[type->type.name.count - 1];
}

/* A name and how strongly it is meant: 2 a column or function, 1 a type or construct, 0 none. */
typedef struct TargetName {
    Text name;
    i32 strength;
} TargetName;

static TargetName target_name(Query *q, const Ast *ast)
{
    static const char *const values[] = {"current_date",    "current_time",   "current_timestamp",
                                         "localtime",       "localtimestamp", "current_role",
                                         "current_user",    "user",           "session_user",
                                         "current_catalog", "current_schema"};
    stack_check(q);
    switch ((i32)ast->kind) {
    case AST_COLUMN:
        return (TargetName){ast->column.name.parts[ast->column.name.count - 1], 2};
    case AST_FIELD:
        return (TargetName){ast->field.field, 2};
    case AST_STAR:
        if (ast->star.qualifier.count == 0)
            break;
        return (TargetName){ast->star.qualifier.parts[ast->star.qualifier.count - 1], 2};
    case AST_CALL:
        return (TargetName){ast->call.name.parts[ast->call.name.count - 1], 2};
    case AST_COALESCE:
        return (TargetName){TEXT("coalesce"), 2};
    case AST_GREATEST:
        return (TargetName){TEXT("greatest"), 2};
    case AST_LEAST:
        return (TargetName){TEXT("least"), 2};
    case AST_NULLIF:
        return (TargetName){TEXT("nullif"), 2};
    case AST_GROUPING:
        return (TargetName){TEXT("grouping"), 2};
    case AST_EXISTS:
        return (TargetName){TEXT("exists"), 2};
    case AST_ARRAY:
    case AST_ARRAY_QUERY:
        return (TargetName){TEXT("array"), 2};
    case AST_ROW:
        return (TargetName){TEXT("row"), 2};
    case AST_SQL_VALUE:
        return (TargetName){text_from(values[ast->sql_value.kind]), 2};
    case AST_COLLATE:
        return target_name(q, ast->collate.operand);
    case AST_SUBSCRIPT:
        return target_name(q, ast->subscript.operand);
    case AST_CAST: {
        TargetName inner = target_name(q, ast->cast.operand);
        return inner.strength == 2 ? inner : (TargetName){name_of_type(ast->cast.type), 1};
    }
    case AST_CASE: {
        TargetName inner = {{NULL, 0}, 0};
        if (ast->cases.otherwise)
            inner = target_name(q, ast->cases.otherwise);
        return inner.strength == 2 ? inner : (TargetName){TEXT("case"), 1};
    }
    case AST_SUBQUERY: {
        const Ast *body = ast->unary.operand->query.body;
        while (body->kind == AST_SET_OPERATION)
            body = body->set_operation.inputs.items[0]->query.body;
        if (body->kind == AST_VALUES)
            return (TargetName){TEXT("column1"), 2};
        if (body->kind != AST_SELECT || body->select.targets.count == 0)
            break;
        const AstTarget *first = &body->select.targets.items[0]->target;
        return (TargetName){first->label.data ? first->label : bind_target_name(q, first->expr), 2};
    }
    default:
        break;
    }
    return (TargetName){{NULL, 0}, 0};
}

Text bind_target_name(Query *q, const Ast *expr)
{
    TargetName name = target_name(q, expr);
    return name.strength ? name.name : TEXT("?column?");
}

/* ---- targets ---- */

typedef struct TargetList {
    BoundTarget *items;
    i32 count, capacity;
} TargetList;

static void check_target_count(Query *q, i32 count)
{
    if (count > ROW_COLUMNS_MAX)
        query_fail(q, E_TOO_MANY_COLUMNS, "target lists can have at most %d entries",
                   ROW_COLUMNS_MAX);
}

static BoundTarget *target_add(Query *q, TargetList *list, Expr *expr, Text name)
{
    check_target_count(q, list->count + 1);
    make_room(q, list->items, list->count, &list->capacity);
    list->items[list->count] = (BoundTarget){expr, name, -1};
    return &list->items[list->count++];
}

static void expand_item(Binder *b, const ScopeItem *item, TargetList *list, i32 offset)
{
    for (i32 i = 0; i < item->column_count; i++) {
        Expr *copy = make(b->q, Expr);
        *copy = *item->columns[i].expr;
        copy->offset = offset;
        bind_mark_used(b, copy);
        target_add(b->q, list, copy, item->columns[i].name);
    }
}

static void expand_star(Binder *b, const Ast *star, TargetList *list)
{
    if (star->star.qualifier.count) {
        expand_item(b, scope_find_item(b, star->star.qualifier), list, star->offset);
        return;
    }
    bool any = false;
    for (i32 i = 0; i < b->scope->count; i++) {
        if (!b->scope->items[i].by_column)
            continue;
        expand_item(b, &b->scope->items[i], list, star->offset);
        any = true;
    }
    if (!any)
        query_fail_at(b->q, star->offset, E_SYNTAX_ERROR,
                      "SELECT * with no tables specified is not valid");
}

Expr **bind_star(Binder *b, const Ast *star, i32 *count)
{
    TargetList list = {NULL, 0, 0};
    expand_star(b, star, &list);
    Expr **exprs = make_array(b->q, Expr *, list.count);
    for (i32 i = 0; i < list.count; i++)
        exprs[i] = list.items[i].expr;
    *count = list.count;
    return exprs;
}

/* (row).* */
static bool expand_field_star(Binder *b, const Ast *ast, TargetList *list)
{
    if (ast->kind != AST_FIELD || ast->field.field.data)
        return false;
    Text *names;
    i32 count;
    Expr **fields = bind_field_star(b, ast, &names, &count);
    for (i32 i = 0; i < count; i++)
        target_add(b->q, list, fields[i], names[i]);
    return true;
}

BoundTarget *bind_targets(Binder *b, const AstList *targets, i32 *count)
{
    TargetList list = {NULL, 0, 0};
    for (i32 i = 0; i < targets->count; i++) {
        const Ast *target = targets->items[i];
        if (target->target.expr->kind == AST_STAR) {
            i32 before = list.count;
            expand_star(b, target->target.expr, &list);
            stored_note_star(b, targets, target, list.items + before, list.count - before);
            continue;
        }
        if (expand_field_star(b, target->target.expr, &list))
            continue;
        Text name = target->target.label.data ? target->target.label
                                              : bind_target_name(b->q, target->target.expr);
        target_add(b->q, &list, bind_expr(b, target->target.expr), name);
    }
    *count = list.count;
    return list.items;
}

/* Gives every target an output column; plain columns pass their origin on. */
static void make_outputs(Binder *b, BoundQuery *query)
{
    for (i32 i = 0; i < query->target_count; i++) {
        BoundTarget *target = &query->targets[i];
        if (target->output >= 0)
            continue;
        target->output = bind_output_column(b, target->name, target->expr);
        if (target->expr->kind == EXPR_COLUMN) {
            const BoundColumn *origin = &b->bound->columns[target->expr->column];
            b->bound->columns[target->output].relation_oid = origin->relation_oid;
            b->bound->columns[target->output].number = origin->number;
        }
    }
}

/* ---- ORDER BY ---- */

/* USING op: is it the type's >? */
static bool sort_operator_descends(Binder *b, Name op, Expr *key)
{
    Text symbol = operator_symbol(b, op, op.offset), plain = operator_plain(symbol);
    bind_operator(b, symbol, key, key, op.offset); /* 42883 when there is none */
    bool greater = text_equal(plain, TEXT(">"));
    if (greater || text_equal(plain, TEXT("<")))
        return greater;
    Error error;
    error_set(&error, E_WRONG_OBJECT_TYPE, "operator %.*s is not a valid ordering operator",
              TEXT_ARG(plain));
    error_hint(&error, "Ordering operators must be \"<\" or \">\" members of btree operator "
                       "families.");
    error.position = op.offset + 1;
    query_rethrow(b->q, &error);
}

void bind_sort_direction(Binder *b, const Ast *sort, Expr *key, bool *descending, bool *nulls_first)
{
    *descending = sort->sort.direction == SORT_DESC;
    if (sort->sort.direction == SORT_USING)
        *descending = sort_operator_descends(b, sort->sort.op, key);
    *nulls_first =
        sort->sort.nulls == NULLS_DEFAULT ? *descending : sort->sort.nulls == NULLS_FIRST;
}

/* The visible target a bare integer or name means; -1: it is an expression. clause for errors. */
static i32 find_target(Binder *b, const TargetList *list, i32 visible, const Ast *ast,
                       const char *clause)
{
    if (ast->kind == AST_CONSTANT) {
        if (ast->constant.kind != CONSTANT_INTEGER)
            query_fail_at(b->q, ast->offset, E_SYNTAX_ERROR, "non-integer constant in %s", clause);
        i64 position = 0;
        for (i64 i = 0; i < ast->constant.text.len; i++)
            position = position * 10 + (ast->constant.text.data[i] - '0');
        if (ast->constant.text.data[0] == '-' || position < 1 || position > visible)
            query_fail_at(b->q, ast->offset, E_INVALID_COLUMN_REFERENCE,
                          "%s position %.*s is not in select list", clause,
                          TEXT_ARG(ast->constant.text));
        return (i32)position - 1;
    }
    if (ast->kind != AST_COLUMN || ast->column.name.count != 1)
        return -1;
    i32 found = -1;
    for (i32 i = 0; i < visible; i++) {
        if (!text_equal(list->items[i].name, ast->column.name.parts[0]))
            continue;
        if (found >= 0 && !expr_equal(b->q, list->items[found].expr, list->items[i].expr))
            query_fail_at(b->q, ast->offset, E_AMBIGUOUS_COLUMN, "%s \"%.*s\" is ambiguous", clause,
                          TEXT_ARG(ast->column.name.parts[0]));
        if (found < 0)
            found = i;
    }
    return found;
}

static i32 target_of_expr(Binder *b, TargetList *list, Expr *expr)
{
    for (i32 i = 0; i < list->count; i++)
        if (expr_equal(b->q, list->items[i].expr, expr))
            return i;
    target_add(b->q, list, expr, TEXT("?column?"));
    return list->count - 1;
}

static void sort_add(Binder *b, BoundQuery *query, const TargetList *list, BoundSort sort,
                     const Ast *ast)
{
    if (query->distinct && sort.target >= query->visible_count)
        query_fail_at(b->q, ast_start(b->q, ast), E_INVALID_COLUMN_REFERENCE,
                      "for SELECT DISTINCT, ORDER BY expressions must appear in select list");
    for (i32 i = 0; i < query->sort_count; i++)
        if (query->sort[i].target == sort.target)
            return;
    query->sort[query->sort_count++] = sort;
}

/* A written row sorts by its fields, NULLs last in the order of rows. */
static void sort_add_row(Binder *b, BoundQuery *query, TargetList *list, const Ast *ast)
{
    i32 count;
    const Ast *row = ast->sort.expr;
    Expr **fields = bind_row_fields(b, row, &count);
    BoundSort *more = make_array(b->q, BoundSort, query->sort_capacity += count);
    if (query->sort_count)
        memcpy(more, query->sort, (size_t)query->sort_count * sizeof *more);
    query->sort = more;
    for (i32 i = 0; i < count; i++) {
        BoundSort sort = {.target = target_of_expr(b, list, coerce_unknown(b, fields[i]))};
        bind_sort_direction(b, ast, fields[i], &sort.descending, &sort.nulls_first);
        sort.nulls_first = sort.descending;
        sort_add(b, query, list, sort, row);
    }
}

static void bind_select_sort(Binder *b, const AstList *order, BoundQuery *query, TargetList *list)
{
    query->sort_capacity = order->count;
    query->sort = make_array(b->q, BoundSort, order->count);
    b->scope->place = PLACE_ORDER;
    for (i32 i = 0; i < order->count; i++) {
        const Ast *item = order->items[i], *expr = item->sort.expr;
        BoundSort sort = {.target = find_target(b, list, query->visible_count, expr, "ORDER BY")};
        if (sort.target < 0 && expr->kind == AST_ROW) {
            sort_add_row(b, query, list, item);
            continue;
        }
        if (sort.target < 0)
            sort.target = target_of_expr(b, list, coerce_unknown(b, bind_expr(b, expr)));
        else
            list->items[sort.target].expr = coerce_unknown(b, list->items[sort.target].expr);
        bind_sort_direction(b, item, list->items[sort.target].expr, &sort.descending,
                            &sort.nulls_first);
        sort_add(b, query, list, sort, expr);
    }
    b->scope->place = PLACE_TARGET;
}

/* ---- LIMIT ---- */

static Expr *bind_limit_value(Binder *b, const Ast *ast, const char *clause)
{
    if (!ast)
        return NULL;
    BindPlace place = b->scope->place;
    b->scope->place = clause[0] == 'L' ? PLACE_LIMIT : PLACE_OFFSET;
    b->scope->limit_variable = -1;
    Expr *expr = bind_expr(b, ast);
    b->scope->place = place;
    Expr *limit = coerce_try(b, expr, type_of(TYPE_INT8), CAST_ASSIGNMENT, ast->offset);
    char name[TYPE_NAME_BYTES];
    if (!limit)
        query_fail_at(b->q, expr_location(b->q, expr), E_DATATYPE_MISMATCH,
                      "argument of %s must be type bigint, not type %s", clause,
                      type_format(type_of(expr->type.oid), name));
    if (b->scope->limit_variable >= 0)
        query_fail_at(b->q, b->scope->limit_variable, E_INVALID_COLUMN_REFERENCE,
                      "argument of %s must not contain variables", clause);
    return limit;
}

static void bind_limits(Binder *b, const AstQuery *ast, BoundQuery *query)
{
    query->offset = bind_limit_value(b, ast->offset, "OFFSET");
    query->limit = bind_limit_value(b, ast->limit, "LIMIT");
    query->with_ties = ast->with_ties;
    bool null = ast->limit && ast->limit->kind == AST_CONSTANT &&
                ast->limit->constant.kind == CONSTANT_NULL;
    if (query->with_ties && null)
        query_fail(b->q, E_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE,
                   "row count cannot be null in FETCH FIRST ... WITH TIES clause");
    if (query->with_ties && ast->order_by.count == 0)
        query_fail(b->q, E_SYNTAX_ERROR, "WITH TIES cannot be specified without ORDER BY clause");
}

/* ---- SELECT ---- */

static void bind_distinct(Binder *b, const AstSelect *select, BoundQuery *query, TargetList *list)
{
    if (select->distinct != DISTINCT_ON)
        return;
    i32 count = select->distinct_on.count;
    query->distinct_on = make_array(b->q, i32, count);
    for (i32 i = 0; i < count; i++) {
        const Ast *item = select->distinct_on.items[i];
        i32 target = find_target(b, list, query->visible_count, item, "DISTINCT ON");
        if (target < 0)
            target = target_of_expr(b, list, coerce_unknown(b, bind_expr(b, item)));
        bool again = false;
        for (i32 j = 0; j < query->distinct_on_count; j++)
            again |= query->distinct_on[j] == target;
        if (!again)
            query->distinct_on[query->distinct_on_count++] = target;
    }
    count = query->distinct_on_count;
    for (i32 i = 0; i < query->sort_count; i++) { /* leading sort keys are the DISTINCT ON keys */
        bool key = false;
        for (i32 j = 0; j < count; j++)
            key |= query->sort[i].target == query->distinct_on[j];
        if (!key && i < count)
            query_fail_at(b->q, ast_start(b->q, select->distinct_on.items[0]),
                          E_INVALID_COLUMN_REFERENCE,
                          "SELECT DISTINCT ON expressions must match initial ORDER BY expressions");
        if (i >= count)
            break;
    }
}

const Ast *query_into(const Ast *query)
{
    const Ast *body = query->query.body;
    while (body->kind == AST_SET_OPERATION)
        body = body->set_operation.inputs.items[0]->query.body;
    return body->kind == AST_SELECT ? body->select.into : NULL;
}

_Noreturn void refuse_into(Binder *b, const Ast *into, const char *message)
{
    query_fail_at(b->q, into->into.table.offset, E_SYNTAX_ERROR, "%s", message);
}

static void check_unsupported(Binder *b, const AstSelect *select)
{
    if (select->windows.count)
        bind_unsupported(b, select->windows.items[0]->offset, "window functions");
    if (select->into && select->into != b->into)
        refuse_into(b, select->into, "SELECT ... INTO is not allowed here");
}

/* keep_unknown: an input of a set operation, whose other side decides what a literal is. */
static BoundQuery *bind_select(Binder *b, const AstQuery *outer, const Ast *body, bool keep_unknown)
{
    const AstSelect *select = &body->select;
    check_unsupported(b, select);
    BoundQuery *query = make(b->q, BoundQuery);
    query->body = BODY_SELECT;
    query->distinct = select->distinct == DISTINCT_ROWS;
    bind_from_list(b, &select->from, query);
    TargetList list = {NULL, 0, 0};
    list.items = bind_targets(b, &select->targets, &list.count);
    list.capacity = list.count;
    query->visible_count = list.count;
    if (select->where)
        query->where = bind_condition(b, select->where, PLACE_WHERE, "WHERE");
    if (select->having)
        query->having = bind_condition(b, select->having, PLACE_HAVING, "HAVING");
    bind_select_sort(b, &outer->order_by, query, &list);
    bind_distinct(b, select, query, &list);
    for (i32 i = 0; i < list.count && !keep_unknown; i++)
        list.items[i].expr = coerce_unknown(b, list.items[i].expr);
    query->targets = list.items;
    query->target_count = list.count;
    bind_grouping(b, query, &select->group_by);
    return query;
}

/* ---- VALUES ---- */

static BoundQuery *bind_values(Binder *b, const Ast *body)
{
    const AstList *rows = &body->values.rows;
    BoundQuery *query = make(b->q, BoundQuery);
    query->body = BODY_VALUES;
    query->row_count = rows->count;
    query->rows = make_array(b->q, ExprList, rows->count);
    i32 width = 0;
    b->scope->place = PLACE_VALUES;
    for (i32 r = 0; r < rows->count; r++) {
        const AstList *items = &rows->items[r]->row.items;
        for (i32 i = 0; i < items->count; i++)
            if (items->items[i]->kind == AST_DEFAULT)
                bind_expr(b, items->items[i]); /* which says that it is not allowed */
        ExprList *row = &query->rows[r];
        row->items = bind_values_row(b, items, &row->count);
        width = r ? width : row->count;
        if (row->count != width)
            query_fail_at(b->q, items->count ? items->items[0]->offset : rows->items[r]->offset,
                          E_SYNTAX_ERROR, "VALUES lists must all be the same length");
    }
    check_target_count(b->q, width);
    query->targets = make_array(b->q, BoundTarget, width);
    query->target_count = query->visible_count = width;
    Expr **column = make_array(b->q, Expr *, rows->count);
    for (i32 i = 0; i < width; i++) {
        for (i32 r = 0; r < rows->count; r++)
            column[r] = query->rows[r].items[i];
        Type type = coerce_common_type(b, column, rows->count, "VALUES");
        coerce_all(b, column, rows->count, type, "VALUES");
        type.collation = bind_common_collation(b, column, rows->count);
        for (i32 r = 0; r < rows->count; r++)
            query->rows[r].items[i] = column[r];
        query->targets[i] = (BoundTarget){column[0], query_format(b->q, "column%d", i + 1), -1};
        query->targets[i].output =
            bind_new_column(b, query->targets[i].name, type, column[0]->lane);
    }
    return query;
}

/* ---- set operations ---- */

static bool is_unknown_target(const BoundQuery *query, i32 i)
{
    return query->body == BODY_SELECT && expr_is_unknown(query->targets[i].expr);
}

void bind_query_coerce(Binder *b, BoundQuery *query, const Type *types, i32 count,
                       CastContext context)
{
    for (i32 i = 0; i < count; i++) {
        BoundColumn *output = &b->bound->columns[query->targets[i].output];
        if (type_same(output->type, types[i]) && lane_equal(output->lane, type_lane(types[i])))
            continue;
        if (query->body == BODY_SELECT) {
            Expr *expr = query->targets[i].expr;
            Expr *cast = coerce_try(b, expr, types[i], context, expr->offset);
            char from[TYPE_NAME_BYTES], to[TYPE_NAME_BYTES];
            if (!cast)
                query_fail_at(b->q, expr->offset, E_CANNOT_COERCE,
                              "UNION could not convert type %s to %s",
                              type_format(type_of(expr->type.oid), from),
                              type_format(type_of(types[i].oid), to));
            query->targets[i].expr = bpchar_padded(b->q, cast, types[i]);
            output->lane = cast->lane;
        } else if (query->body == BODY_VALUES) {
            for (i32 r = 0; r < query->row_count; r++) {
                Expr **item = &query->rows[r].items[i];
                Expr *cast = coerce_try(b, *item, types[i], context, (*item)->offset);
                *item = expr_as_num(b->q, bpchar_padded(b->q, cast, types[i]));
                output->lane = (*item)->lane;
            }
        } else {
            bind_query_coerce(b, query->left, types, count, context);
            bind_query_coerce(b, query->right, types, count, context);
            output->lane = b->bound->columns[query->left->targets[i].output].lane;
        }
        output->type = types[i];
    }
}

/* Column i of every query below in the NUM lane. */
static void column_to_num(Binder *b, BoundQuery *query, i32 i)
{
    BoundTarget *target = &query->targets[i];
    Expr *first = target->expr;
    switch (query->body) {
    case BODY_SELECT:
        first = target->expr = expr_as_num(b->q, target->expr);
        break;
    case BODY_VALUES:
        for (i32 r = 0; r < query->row_count; r++)
            query->rows[r].items[i] = expr_as_num(b->q, query->rows[r].items[i]);
        first = query->rows[0].items[i];
        break;
    case BODY_SET:
        column_to_num(b, query->left, i);
        column_to_num(b, query->right, i);
        first = target->expr = bind_column_ref(b, query->left->targets[i].output, -1);
        break;
    }
    b->bound->columns[target->output].lane = first->lane;
}

/* Where the first of the outputs that were written begins; -1: nowhere. */
static i32 outputs_location(Binder *b, const BoundQuery *query)
{
    i32 offset = -1;
    while (query->body == BODY_SET)
        query = query->left;
    if (query->body == BODY_VALUES)
        return -1; /* PostgreSQL's VALUES is a FROM item */
    for (i32 i = 0; i < query->visible_count && offset < 0; i++)
        offset = expr_location(b->q, query->targets[i].expr);
    return offset;
}

/* Both sides' columns to one type and, for numeric, one lane. */
static void match_sides(Binder *b, BoundQuery *set, const char *name)
{
    BoundQuery *left = set->left, *right = set->right;
    if (left->visible_count != right->visible_count)
        query_fail_at(b->q, outputs_location(b, right), E_SYNTAX_ERROR,
                      "each %s query must have the same number of columns", name);
    i32 count = left->visible_count;
    Type *types = make_array(b->q, Type, count);
    for (i32 i = 0; i < count; i++) {
        Expr *sides[2] = {
            bind_column_ref(b, left->targets[i].output, left->targets[i].expr->offset),
            bind_column_ref(b, right->targets[i].output, right->targets[i].expr->offset)};
        for (i32 s = 0; s < 2; s++)
            if (is_unknown_target(s ? right : left, i))
                sides[s] = (s ? right : left)->targets[i].expr;
        bool left_unknown = is_unknown_target(left, i), right_unknown = is_unknown_target(right, i);
        if (left_unknown && !right_unknown)
            types[i] = sides[1]->type;
        else if (right_unknown && !left_unknown)
            types[i] = sides[0]->type;
        else
            types[i] = coerce_common_type(b, sides, 2, name);
        if (types[i].oid == TYPE_RECORD) /* for who takes its rows apart they are like the first */
            types[i] = sides[0]->type;
        if (types[i].oid == TYPE_NUMERIC && !lane_equal(sides[0]->lane, sides[1]->lane))
            types[i].typmod = TYPMOD_NONE;
    }
    bind_query_coerce(b, left, types, count, CAST_IMPLICIT);
    bind_query_coerce(b, right, types, count, CAST_IMPLICIT);
    for (i32 i = 0; i < count; i++) { /* lanes that still differ meet in NUM */
        BoundColumn *l = &b->bound->columns[left->targets[i].output];
        BoundColumn *r = &b->bound->columns[right->targets[i].output];
        if (lane_equal(l->lane, r->lane))
            continue;
        column_to_num(b, left, i);
        column_to_num(b, right, i);
        verify(lane_equal(l->lane, r->lane));
    }
}

static BoundQuery *combine(Binder *b, const Ast *body, BoundQuery *left, BoundQuery *right)
{
    static const char *const names[] = {"UNION", "INTERSECT", "EXCEPT"};
    BoundQuery *set = make(b->q, BoundQuery);
    set->body = BODY_SET;
    set->left = left;
    set->right = right;
    set->all = body->set_operation.all;
    set->set = body->set_operation.kind == AST_SET_UNION       ? BOUND_UNION
               : body->set_operation.kind == AST_SET_INTERSECT ? BOUND_INTERSECT
                                                               : BOUND_EXCEPT;
    match_sides(b, set, names[set->set]);
    set->target_count = set->visible_count = left->visible_count;
    set->targets = make_array(b->q, BoundTarget, set->target_count);
    for (i32 i = 0; i < set->target_count; i++) {
        BoundColumn column = b->bound->columns[left->targets[i].output];
        Expr *sides[2] = {bind_column_ref(b, left->targets[i].output, -1),
                          bind_column_ref(b, right->targets[i].output, -1)};
        column.type.collation = bind_common_collation(b, sides, 2);
        set->targets[i].name = left->targets[i].name;
        set->targets[i].expr = sides[0];
        set->targets[i].output = bind_new_column(b, column.name, column.type, column.lane);
    }
    return set;
}

static BoundQuery *bind_set_operation(Binder *b, const Ast *body)
{
    const AstList *inputs = &body->set_operation.inputs;
    b->set_input = true;
    BoundQuery *result = bind_query(b, inputs->items[0]);
    for (i32 i = 1; i < inputs->count; i++) {
        const Ast *into = query_into(inputs->items[i]);
        if (into)
            refuse_into(b, into, "INTO is only allowed on first SELECT of UNION/INTERSECT/EXCEPT");
        b->set_input = true;
        BoundQuery *right = bind_query(b, inputs->items[i]);
        result = combine(b, body, result, right);
    }
    return result;
}

static bool sorts_by_outputs(Binder *b, const AstList *order, BoundQuery *query)
{
    TargetList list = {query->targets, query->target_count, query->target_count};
    for (i32 i = 0; i < order->count; i++)
        if (find_target(b, &list, query->visible_count, order->items[i]->sort.expr, "ORDER BY") < 0)
            return false;
    return true;
}

/* The outputs of a query as the columns of a FROM item without a name of its own. */
static BoundFrom *from_of_query(Binder *b, BoundQuery *query, Text alias)
{
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_QUERY;
    from->query = query;
    from->alias = alias;
    bind_add_query(b, from);
    return from;
}

/* ORDER BY of a set operation: output names and positions only. What else was written must still
 * mean something. */
static _Noreturn void fail_set_order(Binder *b, const AstList *order, BoundQuery *query)
{
    i32 offset = -1;
    from_of_query(b, query, TEXT("*SELECT*"));
    b->scope->place = PLACE_ORDER;
    TargetList list = {query->targets, query->target_count, query->target_count};
    for (i32 i = 0; i < order->count && offset < 0; i++) {
        const Ast *expr = order->items[i]->sort.expr;
        if (find_target(b, &list, query->visible_count, expr, "ORDER BY") >= 0)
            continue;
        offset = expr_location(b->q, bind_expr(b, expr));
    }
    Error error;
    error_set(&error, E_FEATURE_NOT_SUPPORTED, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause");
    error_detail(&error, "Only result column names can be used, not expressions or functions.");
    error_hint(&error, "Add the expression/function to every SELECT, or move the UNION into a FROM "
                       "clause.");
    error.position = offset + 1;
    query_rethrow(b->q, &error);
}

static void bind_output_sort(Binder *b, const AstList *order, BoundQuery *query)
{
    TargetList list = {query->targets, query->target_count, query->target_count};
    query->sort = make_array(b->q, BoundSort, order->count);
    for (i32 i = 0; i < order->count; i++) {
        const Ast *sort = order->items[i];
        BoundSort *bound = &query->sort[query->sort_count++];
        bound->target = find_target(b, &list, query->visible_count, sort->sort.expr, "ORDER BY");
        bind_sort_direction(b, sort, query->targets[bound->target].expr, &bound->descending,
                            &bound->nulls_first);
    }
}

/* VALUES ordered by expressions: a SELECT of all columns from them. */
static BoundQuery *select_from_values(Binder *b, const AstList *order, BoundQuery *values)
{
    BoundQuery *query = make(b->q, BoundQuery);
    query->body = BODY_SELECT;
    query->from = make_array(b->q, BoundFrom *, 1);
    query->from[query->from_count++] = from_of_query(b, values, TEXT("*VALUES*"));
    TargetList list = {NULL, 0, 0};
    expand_item(b, &b->scope->items[0], &list, -1);
    query->visible_count = list.count;
    bind_select_sort(b, order, query, &list);
    query->targets = list.items;
    query->target_count = list.count;
    query->set_calls = b->scope->set_calls;
    query->set_call_count = b->scope->set_call_count;
    return query;
}

/* ---- WITH ---- */

i32 bind_new_cte(Binder *b, BoundCte cte)
{
    Bound *bound = b->bound;
    make_room(b->q, bound->ctes, bound->cte_count, &b->cte_capacity);
    bound->ctes[bound->cte_count] = cte;
    return bound->cte_count++;
}

static void name_cte_columns(Binder *b, const Ast *ast, BoundQuery *query)
{
    const AstList *names = &ast->cte.columns;
    if (names->count > query->visible_count)
        query_fail_at(b->q, ast->offset, E_INVALID_COLUMN_REFERENCE,
                      "WITH query \"%.*s\" has %d columns available but %d columns specified",
                      TEXT_ARG(ast->cte.name), query->visible_count, names->count);
    for (i32 i = 0; i < names->count; i++)
        b->bound->columns[query->targets[i].output].name = names->items[i]->identifier.name;
}

static BoundCte bind_cte(Binder *b, const Ast *ast)
{
    const Ast *statement = ast->cte.statement;
    if (statement->kind == AST_MERGE)
        bind_unsupported(b, ast->offset, "MERGE statements");
    if (statement->kind != AST_QUERY) {
        if (b->scope->outer || b->view_depth)
            query_fail_at(b->q, ast->offset, E_FEATURE_NOT_SUPPORTED,
                          "WITH clause containing a data-modifying statement must be at the top "
                          "level");
        return bind_write_cte(b, statement, ast->cte.name);
    }
    BoundCte cte = {.name = ast->cte.name,
                    .materialized = ast->cte.materialized == MATERIALIZED_ALWAYS,
                    .never = ast->cte.materialized == MATERIALIZED_NEVER};
    i32 volatile_calls = b->volatile_calls;
    cte.query = bind_query(b, statement);
    cte.is_volatile = b->volatile_calls > volatile_calls;
    return cte;
}

void bind_with(Binder *b, const Ast *with)
{
    if (!with)
        return;
    if (with->with.recursive)
        bind_unsupported(b, with->offset, "WITH RECURSIVE");
    for (i32 i = 0; i < with->with.ctes.count; i++) {
        const Ast *ast = with->with.ctes.items[i];
        for (i32 j = 0; j < i; j++)
            if (text_equal(with->with.ctes.items[j]->cte.name, ast->cte.name))
                query_fail_at(b->q, ast->offset, E_DUPLICATE_ALIAS,
                              "WITH query name \"%.*s\" specified more than once",
                              TEXT_ARG(ast->cte.name));
        b->scope->coming_ctes =
            (AstList){.items = with->with.ctes.items + i, .count = with->with.ctes.count - i};
        BoundCte cte = bind_cte(b, ast);
        name_cte_columns(b, ast, cte.query);
        if (ast->cte.search != SEARCH_NONE || ast->cte.cycle.count)
            query_fail_at(b->q, ast->offset, E_SYNTAX_ERROR, "WITH query is not recursive");
        CteName *name = make(b->q, CteName);
        *name = (CteName){cte.name, bind_new_cte(b, cte), b->scope->ctes};
        b->scope->ctes = name;
    }
    b->scope->coming_ctes.count = 0;
}

BoundQuery *bind_query(Binder *b, const Ast *ast)
{
    stack_check(b->q);
    const AstQuery *query_ast = &ast->query;
    bool keep_unknown = b->set_input;
    b->set_input = false;
    Scope scope;
    scope_open(b, &scope);
    bind_with(b, query_ast->with);
    BoundQuery *query;
    const Ast *body = query_ast->body;
    if (body->kind == AST_SELECT) {
        query = bind_select(b, query_ast, body, keep_unknown);
    } else {
        const AstList *order = &query_ast->order_by;
        query = body->kind == AST_VALUES ? bind_values(b, body) : bind_set_operation(b, body);
        verify(!query->sort_count && !query->limit && !query->offset);
        if (sorts_by_outputs(b, order, query))
            bind_output_sort(b, order, query);
        else if (body->kind == AST_VALUES)
            query = select_from_values(b, order, query);
        else
            fail_set_order(b, order, query);
    }
    bind_limits(b, query_ast, query);
    make_outputs(b, query);
    bind_locking(b, &query_ast->locking, query);
    scope_close(b, &scope);
    return query;
}
