/* SPDX-License-Identifier: Apache-2.0
 *
 * GROUP BY and aggregates: what may stand above the grouping, and its columns.
 *
 * Every subexpression equal to a grouping expression becomes the group's column, every aggregate
 * already is a column (bind_call.c). What is left of this level's columns above the grouping is
 * 42803, unless the primary key of its table is grouped: then the column is a function of the key
 * and joins the groups.
 */
#include "planner/bind.h"

typedef struct GroupCheck {
    Binder *b;
    BoundQuery *query;
    bool has_groups;
} GroupCheck;

static bool level_owns(const Scope *scope, i32 column)
{
    for (i32 i = 0; i < scope->owned_count; i += 2)
        if (column >= scope->owned[i] && column < scope->owned[i] + scope->owned[i + 1])
            return true;
    return false;
}

static void group_add(Binder *b, BoundQuery *query, Expr *expr)
{
    for (i32 i = 0; i < query->group_count; i++)
        if (expr_equal(b->q, query->groups[i].expr, expr))
            return;
    BoundGroup *groups = make_array(b->q, BoundGroup, query->group_count + 1);
    if (query->group_count)
        memcpy(groups, query->groups, (size_t)query->group_count * sizeof *groups);
    i32 column =
        expr->kind == EXPR_COLUMN ? expr->column : bind_output_column(b, TEXT("?column?"), expr);
    groups[query->group_count++] = (BoundGroup){expr, column};
    query->groups = groups;
}

/* The FROM item that owns a column, looked for in joins too. */
static const BoundFrom *from_of(const BoundFrom *from, i32 column)
{
    if (from->kind == FROM_JOIN) {
        const BoundFrom *found = from_of(from->left, column);
        return found ? found : from_of(from->right, column);
    }
    bool own = column >= from->first_column && column < from->first_column + from->column_count;
    return own ? from : NULL;
}

static bool group_has_column(const BoundQuery *query, i32 column)
{
    for (i32 i = 0; i < query->group_count; i++)
        if (query->groups[i].expr->kind == EXPR_COLUMN && query->groups[i].expr->column == column)
            return true;
    return false;
}

/* Is every column of the primary key of this column's table grouped? */
static bool key_is_grouped(const BoundQuery *query, i32 column)
{
    const BoundFrom *from = NULL;
    for (i32 i = 0; i < query->from_count && !from; i++)
        from = from_of(query->from[i], column);
    if (!from || from->kind != FROM_RELATION)
        return false;
    for (i32 i = 0; i < from->relation->constraint_count; i++) {
        const CatalogConstraint *key = &from->relation->constraints[i];
        if (key->kind != CONSTRAINT_PRIMARY_KEY || key->deferrable)
            continue;
        bool all = true;
        for (i32 j = 0; j < key->column_count; j++)
            all &= group_has_column(query, from->first_column + key->columns[j] - 1);
        return all;
    }
    return false;
}

static _Noreturn void fail_ungrouped(Binder *b, const Expr *expr)
{
    const BoundColumn *column = &b->bound->columns[expr->column];
    Text dot = column->qualifier.len ? TEXT(".") : TEXT("");
    query_fail_at(b->q, expr->offset, E_GROUPING_ERROR,
                  "column \"%.*s%.*s%.*s\" must appear in the GROUP BY clause or be used in an "
                  "aggregate function",
                  TEXT_ARG(column->qualifier), TEXT_ARG(dot), TEXT_ARG(column->name));
}

static Expr *above_group(void *state, Query *q, Expr *expr)
{
    GroupCheck *check = state;
    Binder *b = check->b;
    for (i32 i = 0; i < check->query->group_count; i++)
        if (expr_equal(q, check->query->groups[i].expr, expr))
            return bind_column_ref(b, check->query->groups[i].column, expr->offset);
    i32 copy = expr->kind == EXPR_COLUMN ? set_call_above(b, check->query, expr->column) : -1;
    if (copy >= 0)
        return bind_column_ref(b, copy, expr->offset);
    if (expr->kind != EXPR_COLUMN || !level_owns(b->scope, expr->column))
        return NULL;
    if (!key_is_grouped(check->query, expr->column))
        fail_ungrouped(b, expr);
    Expr *plain = bind_column_ref(b, expr->column, expr->offset);
    group_add(b, check->query, plain);
    return plain;
}

/* ---- GROUP BY items ---- */

static i32 output_by_name(Binder *b, const BoundQuery *query, Text name, i32 offset)
{
    i32 found = -1;
    for (i32 i = 0; i < query->visible_count; i++) {
        if (!text_equal(query->targets[i].name, name))
            continue;
        if (found >= 0 && !expr_equal(b->q, query->targets[found].expr, query->targets[i].expr))
            query_fail_at(b->q, offset, E_AMBIGUOUS_COLUMN, "GROUP BY \"%.*s\" is ambiguous",
                          TEXT_ARG(name));
        found = found < 0 ? i : found;
    }
    return found;
}

static bool is_input_column(Binder *b, Text name)
{
    for (i32 i = 0; i < b->scope->count; i++) {
        const ScopeItem *item = &b->scope->items[i];
        for (i32 j = 0; item->by_column && j < item->column_count; j++)
            if (text_equal(item->columns[j].name, name))
                return true;
    }
    return false;
}

/* A position, an input column, an output name, or any expression, in this order. */
static Expr *group_item(Binder *b, BoundQuery *query, const Ast *item)
{
    if (item->kind == AST_CONSTANT) {
        if (item->constant.kind != CONSTANT_INTEGER)
            query_fail_at(b->q, item->offset, E_SYNTAX_ERROR, "non-integer constant in GROUP BY");
        i64 position = 0;
        for (i64 i = 0; i < item->constant.text.len; i++)
            position = position * 10 + (item->constant.text.data[i] - '0');
        if (item->constant.text.data[0] == '-' || position < 1 || position > query->visible_count)
            query_fail_at(b->q, item->offset, E_INVALID_COLUMN_REFERENCE,
                          "GROUP BY position %.*s is not in select list",
                          TEXT_ARG(item->constant.text));
        return query->targets[position - 1].expr;
    }
    if (item->kind == AST_COLUMN && item->column.name.count == 1 &&
        !is_input_column(b, item->column.name.parts[0])) {
        i32 output = output_by_name(b, query, item->column.name.parts[0], item->offset);
        if (output >= 0)
            return query->targets[output].expr;
    }
    return coerce_unknown(b, bind_expr(b, item));
}

typedef struct AggregateSearch {
    const Scope *scope;
    const Expr *found;
} AggregateSearch;

static bool is_aggregate_column(void *state, const Expr *expr)
{
    AggregateSearch *search = state;
    for (i32 i = 0; expr->kind == EXPR_COLUMN && i < search->scope->aggregate_count; i++)
        if (search->scope->aggregates[i].column == expr->column)
            search->found = expr;
    return search->found;
}

static void bind_group_item(Binder *b, BoundQuery *query, const Ast *item)
{
    Expr *expr = group_item(b, query, item);
    AggregateSearch search = {.scope = b->scope};
    if (expr_any(b->q, expr, is_aggregate_column, &search))
        query_fail_at(b->q, search.found->offset, E_GROUPING_ERROR,
                      "aggregate functions are not allowed in GROUP BY");
    group_add(b, query, expr);
}

static void bind_groups(Binder *b, BoundQuery *query, const AstList *group_by)
{
    BindPlace place = b->scope->place;
    b->scope->place = PLACE_GROUP;
    for (i32 i = 0; i < group_by->count; i++) {
        const Ast *item = group_by->items[i];
        if (item->kind == AST_GROUPING_SET) {
            bool empty = item->grouping_set.kind == GROUPING_EMPTY && group_by->count == 1;
            if (!empty)
                bind_unsupported(b, item->offset, "grouping sets");
            query->grouped = true;
        } else if (item->kind == AST_ROW && !item->row.spelled) { /* (a, b) is a list here */
            for (i32 j = 0; j < item->row.items.count; j++)
                bind_group_item(b, query, item->row.items.items[j]);
        } else {
            bind_group_item(b, query, item);
        }
    }
    b->scope->place = place;
}

void bind_grouping(Binder *b, BoundQuery *query, const AstList *group_by)
{
    bind_groups(b, query, group_by);
    query->grouped |= query->group_count > 0 || b->scope->aggregate_count > 0 || query->having;
    query->aggregates = b->scope->aggregates;
    query->aggregate_count = b->scope->aggregate_count;
    query->set_calls = b->scope->set_calls;
    query->set_call_count = b->scope->set_call_count;
    if (!query->grouped)
        return;
    bind_set_groups(b, query);
    GroupCheck check = {b, query, query->group_count > 0};
    for (i32 i = 0; i < query->target_count; i++)
        query->targets[i].expr = expr_rewrite(b->q, query->targets[i].expr, above_group, &check);
    if (query->having)
        query->having = expr_rewrite(b->q, query->having, above_group, &check);
    for (i32 i = 0; i < query->set_call_count; i++) /* may add copies at the end */
        if (!query->set_calls[i].below)
            query->set_calls[i].call =
                expr_rewrite(b->q, query->set_calls[i].call, above_group, &check);
}
