/* SPDX-License-Identifier: Apache-2.0
 *
 * RETURNING: what INSERT, UPDATE and DELETE give back, at the top of a statement or as a common
 * table expression.
 *
 * It is bound over column ids of its own: first those of the row that was written (or deleted),
 * then those of the other FROM items. Without sub-queries the operator that writes computes it, so
 * the ids become positions in the operator's row; what it reads of other FROM items comes up
 * behind the row, as further outputs of the query that finds the rows. With sub-queries the
 * operator gives whole rows, as a common table expression, and RETURNING is a query over that.
 */
#include "planner/bind.h"

typedef struct Returning {
    Binder *b;
    BoundModify *modify;
    i32 first; /* id of the first column */
    i32 row_count;
    Expr **others; /* what the columns behind the row are in the query that finds the rows */
    i32 other_count;
    BoundTarget *targets;
    i32 target_count;
} Returning;

/* ---- the scope ---- */

static i32 returning_column(Returning *r, Text name, const Expr *expr, const BoundColumn *origin)
{
    Binder *b = r->b;
    i32 id = bind_output_column(b, name, expr);
    if (origin) {
        b->bound->columns[id].relation_oid = origin->relation_oid;
        b->bound->columns[id].number = origin->number;
        b->bound->columns[id].qualifier = origin->qualifier;
    }
    return id;
}

/* row: gets the columns of the table, by attnum. */
static ScopeItem row_item(Returning *r, const WriteTarget *target, Text alias, Expr **row)
{
    Binder *b = r->b;
    const CatalogRelation *relation = target->table;
    ScopeItem item = {.alias = alias, .relation = target->named->name, .by_name = true};
    item.by_column = true;
    for (i32 i = 0; i < relation->column_count; i++) {
        const CatalogColumn *column = &relation->columns[i];
        if (column->dropped)
            continue;
        BoundColumn origin = {.relation_oid = relation->oid, .number = column->number};
        origin.qualifier = alias;
        Expr *plain = expr_column(b->q, 0, column->type, type_lane(column->type), -1);
        i32 id = returning_column(r, column->name, plain, &origin);
        row[i] = bind_column_ref(b, id, -1);
    }
    return item;
}

static ScopeItem other_item(Returning *r, const ScopeItem *item)
{
    Binder *b = r->b;
    ScopeItem copy = *item;
    copy.columns = make_array(b->q, ScopeColumn, item->column_count);
    for (i32 i = 0; i < item->column_count; i++) {
        Expr *expr = item->columns[i].expr;
        BoundColumn origin = {.relation_oid = 0};
        if (expr->kind == EXPR_COLUMN)
            origin = b->bound->columns[expr->column];
        i32 id = returning_column(r, item->columns[i].name, expr, &origin);
        copy.columns[i] = (ScopeColumn){item->columns[i].name, bind_column_ref(b, id, -1)};
        r->others[r->other_count++] = expr;
    }
    return copy;
}

/* from: the scope of the query that finds the rows, its first item the target; NULL: INSERT. */
static void open_scope(Returning *r, Scope *scope, const WriteTarget *target, Text alias,
                       const Scope *from)
{
    Binder *b = r->b;
    scope_open(b, scope);
    scope->outer = NULL;
    scope->place = PLACE_RETURNING;
    i32 items = from ? from->count : 1, columns = 0;
    for (i32 i = 1; i < items; i++)
        columns += from->items[i].column_count;
    r->others = make_array(b->q, Expr *, columns);
    scope->items = make_array(b->q, ScopeItem, items);
    r->first = b->bound->column_count;
    Expr **row = make_array(b->q, Expr *, target->table->column_count);
    scope->items[0] = row_item(r, target, alias, row);
    for (i32 i = 1; i < items; i++)
        scope->items[i] = other_item(r, &from->items[i]);
    scope->count = scope->capacity = items;
    Expr **wheres = make_array(b->q, Expr *, target->view_count);
    ScopeItem *own = &scope->items[0]; /* all ids are given: what a view selects may need more */
    own->columns = write_target_columns(b, target, row, &own->column_count, wheres);
}

/* ---- computed by the operator ---- */

typedef struct Positions {
    Returning *r;
    i32 *others; /* position of each column behind the row; 0: not used */
    i32 count;   /* positions given so far */
} Positions;

static void add_other(Positions *positions, i32 other)
{
    Returning *r = positions->r;
    Query *q = r->b->q;
    BoundQuery *query = r->modify->source;
    Expr *expr = r->others[other];
    BoundTarget *targets = make_array(q, BoundTarget, query->target_count + 1);
    memcpy(targets, query->targets, (size_t)query->target_count * sizeof *targets);
    Text name = r->b->bound->columns[r->first + r->row_count + other].name;
    targets[query->target_count] = (BoundTarget){expr, name, bind_output_column(r->b, name, expr)};
    query->targets = targets;
    query->visible_count = ++query->target_count;
    positions->others[other] = positions->count++;
}

static Expr *to_position(void *state, Query *q, Expr *expr)
{
    Positions *positions = state;
    const Returning *r = positions->r;
    if (expr->kind != EXPR_COLUMN)
        return NULL;
    i32 at = expr->column - r->first;
    if (at >= r->row_count) {
        if (!positions->others[at - r->row_count])
            add_other(positions, at - r->row_count);
        at = positions->others[at - r->row_count];
    }
    return expr_column(q, at, expr->type, expr->lane, expr->offset);
}

static ExprList give_positions(Returning *r, Expr *const *exprs, i32 count)
{
    Query *q = r->b->q;
    Positions positions = {r, make_array(q, i32, r->other_count), r->row_count};
    ExprList list = expr_list(q, exprs, count);
    for (i32 i = 0; i < count; i++)
        list.items[i] = expr_rewrite(q, list.items[i], to_position, &positions);
    return list;
}

static void set_outputs(Returning *r, ExprList list, const Text *names)
{
    BoundModify *modify = r->modify;
    modify->plan.returning = list;
    modify->outputs = make_array(r->b->q, PlanColumn, list.count);
    for (i32 i = 0; i < list.count; i++)
        modify->outputs[i] = (PlanColumn){
            .type = list.items[i]->type, .lane = list.items[i]->lane, .name = names[i]};
}

/* ---- a query over the rows ---- */

/* The modification as a common table expression: every column it can give. */
static i32 rows_as_cte(Returning *r)
{
    Binder *b = r->b;
    i32 count = r->row_count + r->other_count;
    Expr **exprs = make_array(b->q, Expr *, count);
    Text *names = make_array(b->q, Text, count);
    BoundQuery *shell = make(b->q, BoundQuery);
    shell->targets = make_array(b->q, BoundTarget, count);
    shell->target_count = shell->visible_count = count;
    for (i32 i = 0; i < count; i++) {
        exprs[i] = bind_column_ref(b, r->first + i, -1);
        names[i] = b->bound->columns[r->first + i].name;
        i32 output = bind_output_column(b, names[i], exprs[i]);
        shell->targets[i] = (BoundTarget){exprs[i], names[i], output};
    }
    set_outputs(r, give_positions(r, exprs, count), names);
    BoundCte cte = {.name = r->modify->plan.relation_name, .query = shell, .modify = r->modify};
    cte.references = 1;
    return bind_new_cte(b, cte);
}

static BoundQuery *query_over_rows(Returning *r, i32 cte)
{
    Binder *b = r->b;
    BoundQuery *query = make(b->q, BoundQuery);
    query->body = BODY_SELECT;
    query->from = make_array(b->q, BoundFrom *, 1);
    query->from_count = 1;
    BoundFrom *from = query->from[0] = make(b->q, BoundFrom);
    from->kind = FROM_CTE;
    from->cte = cte;
    from->alias = b->bound->ctes[cte].name;
    from->first_column = r->first;
    from->column_count = r->row_count + r->other_count;
    query->targets = r->targets;
    query->target_count = query->visible_count = r->target_count;
    return query;
}

/* ---- the entry ---- */

static void bind_list(Returning *r, const AstList *list, bool *subqueries)
{
    Binder *b = r->b;
    r->targets = bind_targets(b, list, &r->target_count);
    for (i32 i = 0; i < r->target_count; i++) {
        BoundTarget *target = &r->targets[i];
        target->expr = coerce_unknown(b, target->expr);
        *subqueries |= bind_find_subquery(b, target->expr) != NULL;
        target->output = bind_output_column(b, target->name, target->expr);
        if (target->expr->kind != EXPR_COLUMN)
            continue;
        const BoundColumn *origin = &b->bound->columns[target->expr->column];
        b->bound->columns[target->output].relation_oid = origin->relation_oid;
        b->bound->columns[target->output].number = origin->number;
    }
}

BoundWrite bind_returning(Binder *b, BoundModify *modify, const WriteTarget *target, Text alias,
                          const AstList *list, const Scope *from)
{
    if (!list->count)
        return (BoundWrite){.modify = modify};
    Returning r = {.b = b, .modify = modify, .row_count = modify->plan.row_count};
    Scope scope, *outer = b->scope;
    open_scope(&r, &scope, target, alias, from);
    bool subqueries = false;
    bind_list(&r, list, &subqueries);
    b->scope = outer;
    BoundWrite write = {
        .modify = modify, .returning = r.targets, .returning_count = r.target_count};
    if (subqueries) {
        write.main = rows_as_cte(&r);
        write.query = query_over_rows(&r, write.main);
        return write;
    }
    Expr **exprs = make_array(b->q, Expr *, r.target_count);
    Text *names = make_array(b->q, Text, r.target_count);
    for (i32 i = 0; i < r.target_count; i++) {
        exprs[i] = r.targets[i].expr;
        names[i] = r.targets[i].name;
    }
    set_outputs(&r, give_positions(&r, exprs, r.target_count), names);
    return write;
}
