/* SPDX-License-Identifier: Apache-2.0
 *
 * Constructors for queries, FROM items, windows and data changes.
 *
 * Every query is an AST_QUERY around its body. The clauses behind the body (WITH, ORDER BY, LIMIT,
 * locking) may be written outside of parentheses around a query that has some of its own;
 * query_options merges them as PostgreSQL does and refuses doubles. Set operations of one kind
 * chain into one node as long as the left input has no clauses of its own.
 */
#include "parser/ast_make.h"

static Ast *query_make(Builder *g, Ast *body)
{
    return NODE(AST_QUERY, body->offset, query, .body = body);
}

Limits *limits_make(Builder *g, const Token *at, Ast *limit, Ast *offset, bool with_ties)
{
    Limits *limits = make(g->q, Limits);
    *limits = (Limits){limit, offset, with_ties, at->offset, at->offset};
    return limits;
}

Limits *limits_join(Limits *limit, Limits *offset)
{
    limit->offset = offset->offset;
    limit->offset_at = offset->offset_at;
    return limit;
}

static void refuse_double(Builder *g, bool twice, const Ast *second, const char *what)
{
    if (twice)
        query_fail_at(g->q, ast_start(g->q, second), E_SYNTAX_ERROR, "multiple %s not allowed",
                      what);
}

static void apply_limits(Builder *g, AstQuery *query, const Limits *limits)
{
    refuse_double(g, limits->offset && query->offset, limits->offset, "OFFSET clauses");
    refuse_double(g, limits->limit && query->limit, limits->limit, "LIMIT clauses");
    if (limits->offset)
        query->offset = limits->offset;
    if (limits->limit)
        query->limit = limits->limit;
    if (!limits->with_ties)
        return;
    if (query->order_by.count == 0)
        query_fail(g->q, E_SYNTAX_ERROR, "WITH TIES cannot be specified without ORDER BY clause");
    for (i32 i = 0; i < query->locking.count; i++)
        if (query->locking.items[i]->locking.wait == AST_LOCK_SKIP)
            query_fail(g->q, E_SYNTAX_ERROR,
                       "SKIP LOCKED and WITH TIES options cannot be used together");
    query->with_ties = true;
}

Ast *query_options(Builder *g, Ast *query, Ast *with, AstList order_by, const Limits *limits,
                   AstList locking)
{
    AstQuery *clauses = &query->query;
    if (order_by.count) {
        refuse_double(g, clauses->order_by.count > 0, order_by.items[0], "ORDER BY clauses");
        clauses->order_by = order_by;
    }
    for (i32 i = 0; i < locking.count; i++)
        clauses->locking = list_add(g, clauses->locking, locking.items[i]);
    if (limits)
        apply_limits(g, clauses, limits);
    if (with) {
        refuse_double(g, clauses->with != NULL, with, "WITH clauses");
        clauses->with = with;
    }
    return query;
}

Ast *select_make(Builder *g, const Token *at, Ast *distinct, AstList targets, Ast *into,
                 AstList from, Ast *where, Ast *group, Ast *having, AstList windows)
{
    AstDistinct kind = !distinct                   ? DISTINCT_NONE
                       : distinct->row.items.count ? DISTINCT_ON
                                                   : DISTINCT_ROWS;
    Ast *body =
        NODE(AST_SELECT, at->offset, select, .distinct = kind, .targets = targets, .from = from,
             .where = where, .having = having, .windows = windows, .into = into);
    if (kind == DISTINCT_ON)
        body->select.distinct_on = distinct->row.items;
    if (group) {
        body->select.group_by = group->row.items;
        body->select.group_distinct = group->row.spelled;
    }
    return query_make(g, body);
}

Ast *table_query(Builder *g, const Token *at, Ast *relation)
{
    Ast *star = NODE(AST_STAR, NO_START, star, .qualifier = {0});
    Ast *body =
        NODE(AST_SELECT, at->offset, select, .targets = list_one(g, target_make(g, star, NULL)),
             .from = list_one(g, relation));
    return query_make(g, body);
}

Ast *values_make(Builder *g, const Token *at, Ast *row)
{
    return query_make(g, NODE(AST_VALUES, at->offset, values, list_one(g, row)));
}

Ast *values_add(Builder *g, Ast *query, Ast *row)
{
    AstValues *values = &query->query.body->values;
    values->rows = list_add(g, values->rows, row);
    return query;
}

static bool has_clauses(const AstQuery *query)
{
    return query->with || query->order_by.count || query->limit || query->offset ||
           query->locking.count;
}

Ast *set_operation_make(Builder *g, const Token *op, AstSetOperationKind kind, bool all, Ast *left,
                        Ast *right)
{
    Ast *body = left->query.body;
    bool chains = body->kind == AST_SET_OPERATION && body->set_operation.kind == kind &&
                  body->set_operation.all == all && !has_clauses(&left->query);
    if (!chains)
        return query_make(g, NODE(AST_SET_OPERATION, op->offset, set_operation, kind, all,
                                  list_two(g, left, right)));
    body->set_operation.inputs = list_add(g, body->set_operation.inputs, right);
    return left;
}

Ast *cte_make(Builder *g, const Token *name, AstList columns, AstMaterialized materialized,
              Ast *statement, const Ast *search, const Ast *cycle)
{
    Ast *ast = NODE(AST_CTE, name->offset, cte, .name = name->text, .columns = columns,
                    .statement = statement, .materialized = materialized);
    if (search) {
        ast->cte.search = search->cte.search;
        ast->cte.search_by = search->cte.search_by;
        ast->cte.search_column = search->cte.search_column;
    }
    if (cycle) {
        ast->cte.cycle = cycle->cte.cycle;
        ast->cte.cycle_mark = cycle->cte.cycle_mark;
        ast->cte.cycle_path = cycle->cte.cycle_path;
        ast->cte.cycle_value = cycle->cte.cycle_value;
        ast->cte.cycle_default = cycle->cte.cycle_default;
    }
    return ast;
}

Ast *target_make(Builder *g, Ast *expr, const Token *label)
{
    return NODE(AST_TARGET, expr->offset, target, expr, label ? label->text : (Text){0});
}

Ast *into_make(Builder *g, const Token *at, AstPersistence persistence, Name name)
{
    return NODE(AST_INTO, at->offset, into, relation_name(g, name), persistence);
}

/* ---- Windows ---- */

Ast *window_make(Builder *g, const Token *at, Text base, AstList partition, AstList order_by,
                 const Ast *frame)
{
    Ast *ast = NODE(AST_WINDOW, at->offset, window, .reference = base, .partition = partition,
                    .order_by = order_by);
    if (frame) {
        ast->window.units = frame->window.units;
        ast->window.start = frame->window.start;
        ast->window.end = frame->window.end;
        ast->window.start_value = frame->window.start_value;
        ast->window.end_value = frame->window.end_value;
        ast->window.exclude = frame->window.exclude;
    }
    return ast;
}

FrameBound *frame_bound(Builder *g, i32 offset, AstBound kind, Ast *value)
{
    FrameBound *bound = make(g->q, FrameBound);
    *bound = (FrameBound){kind, value, offset};
    return bound;
}

/* What is wrong with a frame, or NULL; *at: where. */
static const char *frame_fault(const FrameBound *start, const FrameBound *end,
                               const FrameBound **at)
{
    *at = start;
    if (start->kind == BOUND_UNBOUNDED_FOLLOWING)
        return "frame start cannot be UNBOUNDED FOLLOWING";
    if (!end)
        return start->kind == BOUND_FOLLOWING
                   ? "frame starting from following row cannot end with current row"
                   : NULL;
    *at = end;
    if (end->kind == BOUND_UNBOUNDED_PRECEDING)
        return "frame end cannot be UNBOUNDED PRECEDING";
    if (start->kind == BOUND_CURRENT_ROW && end->kind == BOUND_PRECEDING)
        return "frame starting from current row cannot have preceding rows";
    if (start->kind == BOUND_FOLLOWING &&
        (end->kind == BOUND_PRECEDING || end->kind == BOUND_CURRENT_ROW))
        return "frame starting from following row cannot have preceding rows";
    return NULL;
}

Ast *frame_extent(Builder *g, const FrameBound *start, const FrameBound *end)
{
    const FrameBound *at;
    const char *fault = frame_fault(start, end, &at);
    if (fault)
        query_fail_at(g->q, at->value ? ast_start(g->q, at->value) : at->offset, E_WINDOWING_ERROR,
                      "%s", fault);
    return NODE(AST_WINDOW, start->offset, window, .start = start->kind,
                .start_value = start->value, .end = end ? end->kind : BOUND_CURRENT_ROW,
                .end_value = end ? end->value : NULL);
}

Ast *frame_make(Ast *extent, AstFrameUnits units, AstExclude exclude)
{
    extent->window.units = units;
    extent->window.exclude = exclude;
    return extent;
}

/* ---- FROM ---- */

Ast *relation_make(Builder *g, Name name, bool only)
{
    return NODE(AST_FROM_TABLE, name.offset, from_table, .name = relation_name(g, name),
                .only = only);
}

Ast *relation_alias(Ast *relation, Ast *alias, Ast *sample)
{
    relation->from_table.alias = alias;
    relation->from_table.sample = sample;
    return relation;
}

Ast *from_function_make(Builder *g, i32 offset, AstList functions, bool ordinality, bool rows_from)
{
    return NODE(AST_FROM_FUNCTION, offset, from_function, .functions = functions,
                .ordinality = ordinality, .rows_from = rows_from);
}

Ast *column_alias_make(Builder *g, const Token *name, AstList definitions)
{
    Ast *alias = NODE(AST_ALIAS, name->offset, alias, .name = name->text);
    return NODE(AST_FROM_FUNCTION, name->offset, from_function, .definitions = definitions,
                .alias = alias);
}

Ast *function_alias(Builder *g, Ast *function, const Ast *alias, bool lateral)
{
    function->from_function.lateral = lateral;
    if (alias) {
        function->from_function.alias = alias->from_function.alias;
        function->from_function.definitions = alias->from_function.definitions;
    }
    return function;
}

Ast *from_query_make(Builder *g, Ast *query, Ast *alias, bool lateral)
{
    if (!alias) {
        bool values = query->query.body->kind == AST_VALUES && !has_clauses(&query->query);
        Error *error = &g->q->error;
        error_set(error, E_SYNTAX_ERROR, "%s in FROM must have an alias",
                  values ? "VALUES" : "subquery");
        error_hint(error, "For example, FROM (%s ...) [AS] foo.", values ? "VALUES" : "SELECT");
        error->position = query->offset + 1;
        query_rethrow(g->q, error);
    }
    return NODE(AST_FROM_QUERY, query->offset, from_query, query, alias, lateral);
}

static void refuse_second(Builder *g, const Ast *first, const Ast *option, const char *message)
{
    if (first)
        query_fail_at(g->q, option->offset, E_SYNTAX_ERROR, "%s", message);
}

/* One option of a column of XMLTABLE; *null_said: it has NULL or NOT NULL already. */
static void xml_column_option(Builder *g, AstXmlColumn *column, const Ast *option, bool *null_said)
{
    Text name = option->option.name;
    if (!option->option.value) {
        if (*null_said)
            query_fail_at(g->q, option->offset, E_SYNTAX_ERROR,
                          "conflicting or redundant NULL / NOT NULL declarations for column "
                          "\"%.*s\"",
                          TEXT_ARG(column->name));
        *null_said = true;
        column->not_null = text_equal(name, TEXT("not null"));
    } else if (text_equal(name, TEXT("default"))) {
        refuse_second(g, column->fallback, option, "only one DEFAULT value is allowed");
        column->fallback = option->option.value;
    } else if (text_equal(name, TEXT("path"))) {
        refuse_second(g, column->path, option, "only one PATH value per column is allowed");
        column->path = option->option.value;
    } else {
        query_fail_at(g->q, option->offset, E_SYNTAX_ERROR, "unrecognized column option \"%.*s\"",
                      TEXT_ARG(name));
    }
}

Ast *xml_column_make(Builder *g, const Token *name, Ast *type, AstList options)
{
    Ast *column = NODE(AST_XML_COLUMN, name->offset, xml_column, name->text, .type = type);
    bool null_said = false;
    for (i32 i = 0; i < options.count; i++)
        xml_column_option(g, &column->xml_column, options.items[i], &null_said);
    return column;
}

Ast *join_make(Builder *g, const Token *at, AstJoinKind kind, Ast *left, Ast *right, Ast *condition)
{
    Ast *join =
        NODE(AST_FROM_JOIN, at->offset, from_join, .kind = kind, .left = left, .right = right);
    if (condition && condition->kind == AST_ALIAS) {
        join->from_join.using = condition->alias.columns;
        join->from_join.using_alias = condition->alias.name;
    } else {
        join->from_join.condition = condition;
    }
    return join;
}

/* ---- Data changes ---- */

Ast *insert_make(Builder *g, const Token *at, Ast *with, Name table, const Token *alias,
                 Ast *source, Ast *on_conflict, AstList returning)
{
    Ast *relation = relation_make(g, table, false);
    if (alias)
        relation->from_table.alias = NODE(AST_ALIAS, alias->offset, alias, .name = alias->text);
    AstInsert *insert = &source->insert;
    insert->with = with;
    insert->table = relation;
    insert->on_conflict = on_conflict;
    insert->returning = returning;
    source->offset = at->offset;
    return source;
}

Ast *assigned_make(Builder *g, const Token *column, AstList path)
{
    for (i32 i = 0; i < path.count; i++)
        if (path.items[i]->kind == AST_FIELD && !path.items[i]->field.field.data &&
            i + 1 < path.count)
            lexer_fail(&g->lexer, g->token, g->lexer.end, "improper use of \"*\"");
    return NODE(AST_ASSIGNED, column->offset, assigned, column->text, path);
}

Ast *on_conflict_make(const Token *at, Ast *target, bool update, AstList assignments, Ast *where)
{
    target->offset = at->offset;
    target->on_conflict.update = update;
    target->on_conflict.assignments = assignments;
    target->on_conflict.update_where = where;
    return target;
}

Ast *merge_insert_make(const Token *at, Ast *condition, Ast *insert)
{
    insert->offset = at->offset;
    insert->merge_when.action = MERGE_INSERT;
    insert->merge_when.condition = condition;
    return insert;
}
