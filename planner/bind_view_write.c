/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing through views: which views can, and what a row of the view is in terms of the table.
 *
 * A view that can be written selects plain columns and expressions of one relation. A statement
 * that names it as its target is bound as one on the table at the end of the chain of views: the
 * names of the view's columns stand for expressions over the table's row, found by binding the
 * select lists of the views over it, the innermost first; their WHERE clauses say which rows the
 * statement sees, and (WITH CHECK OPTION) which it may make.
 */
#include "planner/bind.h"

/* ---- which views can ---- */

static ViewForm select_form(const AstSelect *select, const BoundQuery *query)
{
    if (select->distinct != DISTINCT_NONE)
        return VIEW_WITH_DISTINCT;
    if (select->group_by.count)
        return VIEW_WITH_GROUP_BY;
    return select->having ? VIEW_WITH_HAVING : VIEW_SIMPLE;
}

static ViewForm view_form(const Ast *ast, const BoundQuery *query)
{
    const AstQuery *whole = &ast->query;
    bool selects = whole->body->kind == AST_SELECT;
    ViewForm form = selects ? select_form(&whole->body->select, query) : VIEW_SIMPLE;
    if (form != VIEW_SIMPLE)
        return form;
    if (whole->body->kind == AST_SET_OPERATION)
        return VIEW_WITH_SET_OPERATION;
    if (whole->with)
        return VIEW_WITH_WITH;
    if (whole->limit || whole->offset)
        return VIEW_WITH_LIMIT;
    if (query->aggregate_count)
        return VIEW_WITH_AGGREGATES;
    if (query->set_call_count)
        return VIEW_WITH_SET_FUNCTIONS;
    if (!selects || whole->body->select.from.count != 1 ||
        whole->body->select.from.items[0]->kind != AST_FROM_TABLE)
        return VIEW_OF_SEVERAL;
    return whole->body->select.from.items[0]->from_table.sample ? VIEW_WITH_SAMPLE : VIEW_SIMPLE;
}

void bind_view_form(Binder *b, const Ast *ast, const BoundQuery *query, CatalogRelation *view)
{
    view->view_form = view_form(ast, query);
    if (view->view_form != VIEW_SIMPLE)
        return;
    const BoundFrom *from = query->from[0];
    view->base = view->references[0].oid; /* FROM is bound first */
    view->base_column_count = view->column_count;
    view->base_columns = make_array(b->q, i32, view->column_count);
    for (i32 i = 0; i < view->column_count; i++) {
        const Expr *expr = query->targets[i].expr;
        i32 at = expr->kind == EXPR_COLUMN ? expr->column - from->first_column : -1;
        if (at >= 0 && at < from->column_count)
            view->base_columns[i] = at + 1;
    }
}

static _Noreturn void fail_view(Binder *b, const char *action, const CatalogRelation *view,
                                const char *detail)
{
    static const char *const words[][3] = {
        {"insert into", "inserting into", "INSERT"},
        {"update", "updating", "UPDATE"},
        {"delete from", "deleting from", "DELETE"},
    };
    Error error;
    i32 i = action[0] == 'i' ? 0 : action[0] == 'u' ? 1 : 2;
    error_set(&error, E_OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot %s view \"%.*s\"", action,
              TEXT_ARG(view->name));
    error_detail(&error, "%s", detail);
    error_hint(&error,
               "To enable %s the view, provide an INSTEAD OF %s trigger or an unconditional ON %s "
               "DO INSTEAD rule.",
               words[i][1], words[i][2], words[i][2]);
    query_rethrow(b->q, &error);
}

static bool has_base_column(const CatalogRelation *view)
{
    for (i32 i = 0; i < view->base_column_count; i++)
        if (view->base_columns[i])
            return true;
    return false;
}

WriteTarget bind_write_target(Binder *b, const CatalogRelation *relation, const char *action)
{
    WriteTarget target = {.named = relation, .action = action};
    i32 capacity = 0;
    for (; relation->kind == RELATION_VIEW;
         relation = catalog_relation(b->q, b->view, relation->base)) {
        const char *detail = view_form_detail(relation->view_form);
        if (target.view_count == VIEW_DEPTH_MAX)
            query_fail(b->q, E_INVALID_OBJECT_DEFINITION,
                       "infinite recursion detected in rules for relation \"%.*s\"",
                       TEXT_ARG(target.named->name));
        if (!detail && action[0] != 'd' && !has_base_column(relation))
            detail = "Views that have no updatable columns are not automatically updatable.";
        if (detail)
            fail_view(b, action, relation, detail);
        make_room(b->q, target.views, target.view_count, &capacity);
        bind_use(b, relation, USE_SELECT);
        target.views[target.view_count++] = relation;
    }
    target.table = relation;
    return target;
}

/* ---- columns ---- */

i32 write_target_column(Binder *b, const WriteTarget *target, Text name, i32 offset)
{
    const CatalogRelation *named = target->named;
    for (i32 i = 0; i < named->column_count; i++)
        if (!named->columns[i].dropped && text_equal(named->columns[i].name, name))
            return named->columns[i].number;
    query_fail_at(b->q, offset, E_UNDEFINED_COLUMN,
                  "column \"%.*s\" of relation \"%.*s\" does not exist", TEXT_ARG(name),
                  TEXT_ARG(named->name));
}

/* The attnum, one relation down, of a column of a view; 0A000 when it is none there. */
static i32 column_below(Binder *b, const WriteTarget *target, const CatalogRelation *view,
                        i32 number)
{
    i32 below = view->base_columns[number - 1];
    if (below)
        return below;
    Error error;
    error_set(&error, E_FEATURE_NOT_SUPPORTED, "cannot %s column \"%.*s\" of view \"%.*s\"",
              target->action, TEXT_ARG(view->columns[number - 1].name), TEXT_ARG(view->name));
    error_detail(&error,
                 "View columns that are not columns of their base relation are not updatable.");
    query_rethrow(b->q, &error);
}

i32 write_target_base(Binder *b, const WriteTarget *target, i32 number)
{
    for (i32 i = 0; i < target->view_count; i++)
        number = column_below(b, target, target->views[i], number);
    return number;
}

_Noreturn void write_fail_twice(Binder *b, Text column)
{
    query_fail(b->q, E_SYNTAX_ERROR, "multiple assignments to same column \"%.*s\"",
               TEXT_ARG(column));
}

/* From view to view: a column that has a value or a default hands it to the one below. */
const CatalogColumn **write_target_defaults(Binder *b, const WriteTarget *target, const bool *given)
{
    Query *q = b->q;
    const CatalogColumn **defaults =
        make_array(q, const CatalogColumn *, target->named->column_count);
    for (i32 i = 0; i < target->view_count; i++) {
        const CatalogRelation *view = target->views[i];
        const CatalogRelation *below =
            i + 1 < target->view_count ? target->views[i + 1] : target->table;
        bool *given_below = make_array(q, bool, below->column_count);
        const CatalogColumn **handed = make_array(q, const CatalogColumn *, below->column_count);
        for (i32 c = 0; c < view->column_count; c++) {
            const CatalogColumn *column = &view->columns[c];
            if (!defaults[c] && column->default_expr.len)
                defaults[c] = column;
            if (!given[c] && !defaults[c])
                continue;
            i32 at = column_below(b, target, view, column->number) - 1;
            if (given_below[at])
                write_fail_twice(b, below->columns[at].name);
            given_below[at] = true;
            handed[at] = defaults[c];
        }
        given = given_below;
        defaults = handed;
    }
    return defaults;
}

/* The FROM item of a view's query: its relation under the names of then, whose columns are the
 * expressions `below`, by attnum. */
static ScopeItem base_item(Binder *b, const CatalogRelation *view, const AstFromTable *table,
                           Expr *const *below)
{
    const CatalogReference *reference = &view->references[0];
    const Ast *alias = table->alias;
    ScopeItem item = {.alias = alias ? alias->alias.name : reference->name,
                      .schema = alias ? (Text){NULL, 0} : reference->schema,
                      .relation = reference->name,
                      .by_name = true,
                      .by_column = true};
    item.columns = make_array(b->q, ScopeColumn, reference->column_count);
    for (i32 i = 0; i < reference->column_count; i++) {
        Expr *expr = below[reference->columns[i].number - 1];
        Text name = reference->columns[i].name;
        if (!expr)
            continue; /* dropped since */
        if (alias && item.column_count < alias->alias.columns.count)
            name = alias->alias.columns.items[item.column_count]->identifier.name;
        item.columns[item.column_count++] = (ScopeColumn){name, expr};
    }
    return item;
}

/* The columns of one view, and its WHERE (NULL: none), over those of the relation below it. */
static Expr **view_columns(Binder *b, const CatalogRelation *view, Expr *const *below, Expr **where)
{
    ParseOptions stored = {PARSE_STORED};
    ParsedText parsed = parse_with(b->q, view->view_query, &stored);
    verify(parsed.count == 1);
    const AstSelect *select = &parsed.statements[0].ast->query.body->select;
    Scope scope, *outer = b->scope; /* a view sees nothing of the query that uses it */
    const CatalogRelation *frozen = b->frozen;
    b->scope = NULL;
    b->frozen = view;
    b->view_depth++;
    scope_open(b, &scope);
    scope.items = make_array(b->q, ScopeItem, 1);
    scope.items[0] = base_item(b, view, &select->from.items[0]->from_table, below);
    scope.count = scope.capacity = 1;
    *where = select->where ? bind_condition(b, select->where, PLACE_WHERE, "WHERE") : NULL;
    scope.place = PLACE_TARGET;
    Expr **columns = make_array(b->q, Expr *, view->column_count);
    for (i32 i = 0; i < view->column_count; i++)
        columns[i] = coerce_unknown(b, bind_expr(b, select->targets.items[i]->target.expr));
    b->scope = outer;
    b->frozen = frozen;
    b->view_depth--;
    return columns;
}

ScopeColumn *write_target_columns(Binder *b, const WriteTarget *target, Expr *const *table,
                                  i32 *count, Expr **wheres)
{
    Expr *const *below = table;
    for (i32 i = target->view_count - 1; i >= 0; i--)
        below = view_columns(b, target->views[i], below, &wheres[i]);
    const CatalogRelation *named = target->named;
    ScopeColumn *columns = make_array(b->q, ScopeColumn, named->column_count);
    *count = 0;
    for (i32 i = 0; i < named->column_count; i++)
        if (!named->columns[i].dropped)
            columns[(*count)++] = (ScopeColumn){named->columns[i].name, below[i]};
    return columns;
}

/* ---- WITH CHECK OPTION ---- */

/* The columns of a row by their position, as the operator that writes it finds them. */
typedef struct RowPositions {
    const BoundQuery *source;
    i32 first; /* of the outputs: the row's first column */
    i32 count;
    i32 views; /* there are no more conditions */
} RowPositions;

static Expr *row_position(void *state, Query *q, Expr *expr)
{
    const RowPositions *row = state;
    for (i32 i = 0; expr->kind == EXPR_COLUMN && i < row->count; i++)
        if (row->source->targets[row->first + i].output == expr->column)
            return expr_column(q, i, expr->type, expr->lane, expr->offset);
    return NULL;
}

/* A query that gives what the source gives: conditions with sub-queries become columns of it. */
static BoundQuery *query_over_source(Binder *b, const BoundModify *modify, i32 room)
{
    BoundQuery *source = modify->source, *query = make(b->q, BoundQuery);
    BoundFrom *from = make(b->q, BoundFrom);
    i32 count = source->target_count;
    from->kind = FROM_QUERY;
    from->query = source;
    from->alias = TEXT("*CHECK*");
    from->first_column = source->targets[0].output;
    from->column_count = count;
    query->body = BODY_SELECT;
    query->from = make_array(b->q, BoundFrom *, 1);
    query->from[0] = from;
    query->from_count = 1;
    query->targets = make_array(b->q, BoundTarget, count + room);
    query->target_count = query->visible_count = count;
    for (i32 i = 0; i < count; i++) {
        Expr *same = bind_column_ref(b, source->targets[i].output, -1);
        Text name = source->targets[i].name;
        i32 output = bind_new_column(b, name, same->type, same->lane);
        query->targets[i] = (BoundTarget){same, name, output};
    }
    return query;
}

/* What the operator looks at instead of a condition with sub-queries: a column of its input. */
static Expr *checked_column(Binder *b, const RowPositions *row, BoundModify *modify, Expr *where)
{
    if (modify->query == modify->source)
        modify->query = query_over_source(b, modify, row->views);
    BoundQuery *query = modify->query;
    i32 at = query->target_count++, output = bind_new_column(b, TEXT(""), where->type, where->lane);
    query->visible_count = query->target_count;
    query->targets[at] = (BoundTarget){where, TEXT(""), output};
    return expr_column(b->q, at - row->first, where->type, where->lane, -1);
}

typedef struct RowColumns {
    Binder *b;
    Expr **columns; /* by position */
} RowColumns;

static Expr *row_column(void *state, Query *q, Expr *expr)
{
    const RowColumns *row = state;
    return expr->kind == EXPR_COLUMN ? row->columns[expr->column] : NULL;
}

/* The new row as the source gives it, generated columns by what they are made of: they are computed
 * behind the source. */
static Expr **new_row(Binder *b, const RowPositions *positions, const PlanModify *plan)
{
    RowColumns row = {b, make_array(b->q, Expr *, plan->row_count)};
    for (i32 i = 0; i < plan->row_count; i++)
        row.columns[i] =
            bind_column_ref(b, positions->source->targets[positions->first + i].output, -1);
    for (i32 i = 0; i < plan->generated_count; i++)
        row.columns[plan->generated[i].column] =
            expr_rewrite(b->q, plan->generated[i].expr, row_column, &row);
    return row.columns;
}

/* The conditions of the views over the new row. */
static Expr **checked_conditions(Binder *b, const WriteTarget *target,
                                 const RowPositions *positions, const PlanModify *plan)
{
    const CatalogRelation *relation = target->table;
    Expr **live = new_row(b, positions, plan);
    Expr **row = make_array(b->q, Expr *, relation->column_count);
    for (i32 i = 0, at = 0; i < relation->column_count; i++)
        if (!relation->columns[i].dropped)
            row[i] = live[at++];
    Expr **wheres = make_array(b->q, Expr *, target->view_count);
    i32 columns;
    write_target_columns(b, target, row, &columns, wheres);
    return wheres;
}

void bind_view_checks(Binder *b, const WriteTarget *target, BoundModify *modify)
{
    PlanModify *plan = &modify->plan;
    i32 checked = 0;
    if (target->view_count == 0)
        return;
    RowPositions row = {modify->source, modify->row_id_column >= 0, plan->row_count,
                        target->view_count};
    Expr **wheres = checked_conditions(b, target, &row, plan);
    for (bool cascaded = false; checked < target->view_count; checked++) {
        const CatalogRelation *view = target->views[checked];
        cascaded |= view->view_check == VIEW_CHECK_CASCADED;
        if (!cascaded && view->view_check == VIEW_CHECK_NONE)
            wheres[checked] = NULL;
    }
    PlanCheck *checks = make_array(b->q, PlanCheck, plan->check_count + checked);
    if (plan->check_count)
        memcpy(checks, plan->checks, (size_t)plan->check_count * sizeof *checks);
    plan->checks = checks;
    for (i32 i = checked - 1; i >= 0; i--) {
        if (!wheres[i])
            continue;
        Expr *check = bind_find_subquery(b, wheres[i])
                          ? checked_column(b, &row, modify, wheres[i])
                          : expr_rewrite(b->q, wheres[i], row_position, &row);
        checks[plan->check_count++] = (PlanCheck){target->views[i]->name, check, true};
    }
}
