/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions in FROM: one of its own, several side by side (ROWS FROM), WITH ORDINALITY.
 *
 * Several are a query of one row whose select list calls them: ProjectSet puts their rows beside
 * each other. A function of one row and the ordinality are such calls too.
 */
#include "planner/bind.h"

static void query_ordinality(Binder *b, BoundQuery *query, i32 id)
{
    Value one = {.lane = lane_of(LANE_I64), .integer = 1};
    Expr *number = expr_constant(b->q, type_of(TYPE_INT8), &one, -1);
    query->targets[1] = (BoundTarget){number, TEXT("ordinality"), id};
    query->target_count = query->visible_count = 2;
}

/* A function of ROWS FROM as a call that returns rows: one row for what is no such function. */
static Expr *rows_call(Binder *b, const BoundFrom *one, i32 offset)
{
    static const FunctionRow one_row = {.name = "one_row",
                                        .sql_name = "one_row",
                                        .arguments = {TYPE_ANY},
                                        .argument_count = 1,
                                        .result = TYPE_ANY,
                                        .operation = OP_ONE_ROW,
                                        .flags = IMMUTABLE | SET};
    const BoundColumn *column = &b->bound->columns[one->first_column];
    Expr *value;
    if (one->kind == FROM_QUERY) {
        value = one->query->targets[0].expr;
    } else {
        value =
            expr_call(b->q, one->function, one->args.items, one->args.count, column->type, offset);
        value->lane = column->lane;
    }
    if (one->kind == FROM_FUNCTION && (one->function->flags & SET))
        return value;
    Expr *call = expr_call(b->q, &one_row, &value, 1, value->type, offset);
    call->lane = value->lane;
    return call;
}

static void rows_from_add(Binder *b, BoundQuery *query, Expr *call, i32 column)
{
    Text name = b->bound->columns[column].name;
    query->set_calls[query->set_call_count++] = (BoundSetCall){call, column, 1, false, -1};
    query->targets[query->target_count++] = (BoundTarget){bind_column_ref(b, column, -1), name, -1};
}

/* ROWS FROM (f(), g()): their rows side by side, a query of one row with set calls. */
static BoundFrom *bind_rows_from(Binder *b, const AstFromFunction *function)
{
    static const FunctionRow numbers = {.name = "row_numbers",
                                        .sql_name = "row_numbers",
                                        .result = TYPE_INT8,
                                        .operation = OP_ROW_NUMBERS,
                                        .flags = IMMUTABLE | SET};
    const AstList *functions = &function->functions;
    BoundQuery *query = make(b->q, BoundQuery);
    query->body = BODY_SELECT;
    query->set_calls = make_array(b->q, BoundSetCall, functions->count + 1);
    query->targets = make_array(b->q, BoundTarget, functions->count + 1);
    for (i32 i = 0; i < functions->count; i++) {
        const BoundFrom *one = bind_set_function(b, functions->items[i]);
        rows_from_add(b, query, rows_call(b, one, functions->items[i]->offset), one->first_column);
    }
    if (function->ordinality) {
        Type type = type_of(TYPE_INT8);
        rows_from_add(b, query, expr_call(b->q, &numbers, NULL, 0, type, -1),
                      bind_new_column(b, TEXT("ordinality"), type, lane_of(LANE_I64)));
    }
    for (i32 i = 0; i < query->target_count;
         i++) { /* behind each other, as an item's columns are */
        BoundTarget *target = &query->targets[i];
        target->output = bind_output_column(b, target->name, target->expr);
    }
    query->visible_count = query->target_count;
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_QUERY;
    from->query = query;
    from_outputs(b, from, query);
    return from;
}

static BoundFrom *bind_functions(Binder *b, const AstFromFunction *function)
{
    LateralGuard guard = lateral_begin(b, true);
    BindPlace place = b->scope->place;
    b->scope->place = PLACE_FROM_FUNCTION;
    BoundFrom *from = function->functions.count > 1
                          ? bind_rows_from(b, function)
                          : bind_set_function(b, function->functions.items[0]);
    b->scope->place = place;
    lateral_end(b, &guard);
    from->lateral = true;
    return from;
}

static _Noreturn void refuse_definitions(Binder *b, const AstList *definitions, const char *message,
                                         const char *hint)
{
    Error error;
    error_set(&error, E_SYNTAX_ERROR, "%s", message);
    if (hint)
        error_hint(&error, "%s", hint);
    error.position = definitions->items[0]->offset + 1;
    query_rethrow(b->q, &error);
}

/* Column definition lists: none of the functions here returns records that need one. */
static void check_no_definitions(Binder *b, const AstFromFunction *function)
{
    const AstList *whole = &function->definitions, *first = whole->count ? whole : NULL;
    for (i32 i = 0; i < function->functions.count; i++) {
        const AstList *own = &function->functions.items[i]->function_item.definitions;
        if (own->count && whole->count)
            refuse_definitions(b, whole,
                               "multiple column definition lists are not allowed for the same "
                               "function",
                               NULL);
        if (own->count && !first)
            first = own;
    }
    if (whole->count && function->functions.count > 1)
        refuse_definitions(b, whole,
                           "ROWS FROM() with multiple functions cannot have a column definition "
                           "list",
                           "Put a separate column definition list for each function inside ROWS "
                           "FROM().");
    if (whole->count && function->ordinality)
        refuse_definitions(b, whole, "WITH ORDINALITY cannot be used with a column definition list",
                           "Put the column definition list inside ROWS FROM().");
    if (first)
        refuse_definitions(b, first,
                           "a column definition list is only allowed for functions returning "
                           "\"record\"",
                           NULL);
}

BoundFrom *bind_from_function(Binder *b, const Ast *item)
{
    const AstFromFunction *function = &item->from_function;
    BoundFrom *from = bind_functions(b, function);
    check_no_definitions(b, function);
    BoundColumn *column = &b->bound->columns[from->first_column];
    Text name = column->name;
    bool named = function->alias && function->alias->alias.name.data;
    from->alias = named ? function->alias->alias.name : name;
    if (named && function->functions.count == 1)
        column->name = from->alias; /* f(...) AS a: its only column is a too */
    if (function->ordinality && function->functions.count == 1) {
        i32 id = bind_new_column(b, TEXT("ordinality"), type_of(TYPE_INT8), lane_of(LANE_I64));
        from->column_count = 2;
        if (from->kind == FROM_QUERY) /* an expression: one row */
            query_ordinality(b, from->query, id);
        else
            from->ordinality = true;
    }
    scope_add_from(b, from, function->alias, name, (Text){NULL, 0}, item->offset);
    b->scope->items[b->scope->count - 1].scalar =
        from->column_count == 1 && b->bound->columns[from->first_column].type.oid != TYPE_RECORD;
    return from;
}
