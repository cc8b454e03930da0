/* SPDX-License-Identifier: Apache-2.0
 *
 * Filters: as deep as they go, turned around outer joins, and copied along equalities.
 *
 * A filter moves below what does not change its answer: projections (by substitution), inner joins,
 * the preserved side of outer joins, group keys of aggregates, both sides of set operations. It
 * never moves below LIMIT or DISTINCT ON, and nothing VOLATILE moves.
 */
#include "planner/pass.h"

static Logical *push(Planning *p, Logical *node, ExprList filters);

static bool is_volatile(Planning *p, const Expr *expr)
{
    return expr_has_flags(p->q, expr, VOLATILE);
}

/* Takes the conjuncts that use only `columns` out of list. */
static ExprList take_local(Planning *p, ExprList *list, const ColumnSet *columns)
{
    ExprList local = {make_array(p->q, Expr *, list->count + 1), 0};
    ExprList rest = {make_array(p->q, Expr *, list->count + 1), 0};
    for (i32 i = 0; i < list->count; i++) {
        ColumnSet used = expr_columns(p, list->items[i]);
        bool fits = set_contains(columns, &used) && !is_volatile(p, list->items[i]);
        ExprList *to = fits ? &local : &rest;
        to->items[to->count++] = list->items[i];
    }
    *list = rest;
    return local;
}

static Logical *rest_above(Planning *p, Logical *node, ExprList rest)
{
    return logical_filter(p, node, rest.items, rest.count);
}

static Logical *push_project(Planning *p, Logical *node, ExprList filters)
{
    i32 count = node->project.count;
    i32 *from = make_array(p->q, i32, count);
    Expr **to = make_array(p->q, Expr *, count);
    bool movable = true;
    for (i32 i = 0; i < count; i++) {
        from[i] = node->project.columns[i].id;
        to[i] = node->project.columns[i].expr;
        movable &= !is_volatile(p, to[i]);
    }
    ExprList below = {make_array(p->q, Expr *, filters.count + 1), 0}, above = below;
    above.items = make_array(p->q, Expr *, filters.count + 1);
    for (i32 i = 0; i < filters.count; i++) {
        if (movable && !is_volatile(p, filters.items[i]))
            below.items[below.count++] = expr_replace_columns(p, filters.items[i], from, to, count);
        else
            above.items[above.count++] = filters.items[i];
    }
    node->inputs[0] = push(p, node->inputs[0], below);
    return rest_above(p, node, above);
}

static Logical *push_inner(Planning *p, Logical *node, ExprList filters)
{
    ExprList pool = list_concat(p, node->join.conditions, filters);
    ColumnSet left = logical_columns(p, node->inputs[0]);
    ColumnSet right = logical_columns(p, node->inputs[1]);
    ExprList to_left = take_local(p, &pool, &left), to_right = take_local(p, &pool, &right);
    node->inputs[0] = push(p, node->inputs[0], to_left);
    node->inputs[1] = push(p, node->inputs[1], to_right);
    ColumnSet both = logical_columns(p, node);
    ExprList conditions = take_local(p, &pool, &both);
    node->join.conditions = conditions;
    return rest_above(p, node, pool);
}

/* Left-preserving joins: filters on the left go left; conditions on the right alone go right. */
static Logical *push_left_preserving(Planning *p, Logical *node, ExprList filters)
{
    ColumnSet left = logical_columns(p, node->inputs[0]);
    ColumnSet right = logical_columns(p, node->inputs[1]);
    ExprList to_left = take_local(p, &filters, &left), to_right = {NULL, 0};
    if (!node->join.null_aware)
        to_right = take_local(p, &node->join.conditions, &right);
    if (node->join.type == SEMI_JOIN)
        to_left = list_concat(p, to_left, take_local(p, &node->join.conditions, &left));
    node->inputs[0] = push(p, node->inputs[0], to_left);
    node->inputs[1] = push(p, node->inputs[1], to_right);
    return rest_above(p, node, filters);
}

static Logical *push_right_preserving(Planning *p, Logical *node, ExprList filters)
{
    ColumnSet left = logical_columns(p, node->inputs[0]);
    ColumnSet right = logical_columns(p, node->inputs[1]);
    ExprList to_right = take_local(p, &filters, &right);
    ExprList to_left = take_local(p, &node->join.conditions, &left);
    node->inputs[0] = push(p, node->inputs[0], to_left);
    node->inputs[1] = push(p, node->inputs[1], to_right);
    return rest_above(p, node, filters);
}

static Logical *push_join(Planning *p, Logical *node, ExprList filters)
{
    switch (node->join.type) {
    case INNER_JOIN:
        if (node->join.null_keys.count == 0)
            return push_inner(p, node, filters);
        return push_left_preserving(p, node, filters);
    case LEFT_JOIN:
    case SINGLE_JOIN:
    case SEMI_JOIN:
    case ANTI_JOIN:
    case NULL_ANTI_JOIN:
    case MARK_JOIN:
        return push_left_preserving(p, node, filters);
    case RIGHT_JOIN:
        return push_right_preserving(p, node, filters);
    case FULL_JOIN:
    case RIGHT_SEMI_JOIN: /* never in a Logical */
    case RIGHT_ANTI_JOIN:
        break;
    }
    for (i32 i = 0; i < 2; i++)
        node->inputs[i] = push(p, node->inputs[i], (ExprList){NULL, 0});
    return rest_above(p, node, filters);
}

static Logical *push_aggregate(Planning *p, Logical *node, ExprList filters)
{
    ColumnSet keys = set_new(p);
    i32 count = node->aggregate.key_count;
    i32 *from = make_array(p->q, i32, count);
    Expr **to = make_array(p->q, Expr *, count);
    for (i32 i = 0; i < count; i++) {
        set_add(&keys, node->aggregate.keys[i].id);
        from[i] = node->aggregate.keys[i].id;
        to[i] = node->aggregate.keys[i].expr;
    }
    ExprList below = {NULL, 0};
    if (count > 0)
        below = take_local(p, &filters, &keys);
    for (i32 i = 0; i < below.count; i++)
        below.items[i] = expr_replace_columns(p, below.items[i], from, to, count);
    node->inputs[0] = push(p, node->inputs[0], below);
    return rest_above(p, node, filters);
}

static Logical *push_set(Planning *p, Logical *node, ExprList filters)
{
    ExprList sides[2] = {{make_array(p->q, Expr *, filters.count + 1), 0},
                         {make_array(p->q, Expr *, filters.count + 1), 0}};
    ExprList above = {make_array(p->q, Expr *, filters.count + 1), 0};
    Expr **to[2] = {make_array(p->q, Expr *, node->set.count),
                    make_array(p->q, Expr *, node->set.count)};
    for (i32 i = 0; i < node->set.count; i++) {
        to[0][i] = planning_ref(p, node->set.left_ids[i]);
        to[1][i] = planning_ref(p, node->set.right_ids[i]);
    }
    for (i32 i = 0; i < filters.count; i++) {
        if (is_volatile(p, filters.items[i])) {
            above.items[above.count++] = filters.items[i];
            continue;
        }
        for (i32 s = 0; s < 2; s++)
            sides[s].items[sides[s].count++] =
                expr_replace_columns(p, filters.items[i], node->set.ids, to[s], node->set.count);
    }
    for (i32 s = 0; s < 2; s++)
        node->inputs[s] = push(p, node->inputs[s], sides[s]);
    return rest_above(p, node, above);
}

static Logical *push_project_set(Planning *p, Logical *node, ExprList filters)
{
    ColumnSet input = logical_columns(p, node->inputs[0]);
    ExprList below = take_local(p, &filters, &input);
    node->inputs[0] = push(p, node->inputs[0], below);
    return rest_above(p, node, filters);
}

static Logical *push_get(Planning *p, Logical *node, ExprList filters)
{
    ColumnSet own = logical_columns(p, node);
    ExprList local = take_local(p, &filters, &own);
    node->get.filters = list_concat(p, node->get.filters, local);
    return rest_above(p, node, filters);
}

static Logical *push(Planning *p, Logical *node, ExprList filters)
{
    stack_check(p->q);
    switch (node->kind) {
    case LOGICAL_FILTER:
        return push(p, node->inputs[0], list_concat(p, node->filter, filters));
    case LOGICAL_PROJECT:
        return push_project(p, node, filters);
    case LOGICAL_JOIN:
        return push_join(p, node, filters);
    case LOGICAL_AGGREGATE:
        return push_aggregate(p, node, filters);
    case LOGICAL_SORT:
        if (node->sort.limit)
            break;
        node->inputs[0] = push(p, node->inputs[0], filters);
        return node;
    case LOGICAL_SET:
        return push_set(p, node, filters);
    case LOGICAL_PROJECT_SET:
        return push_project_set(p, node, filters);
    case LOGICAL_GET:
        return push_get(p, node, filters);
    case LOGICAL_VALUES:
    case LOGICAL_FUNCTION:
    case LOGICAL_CTE:
    case LOGICAL_APPLY:
    case LOGICAL_LIMIT:
        if (!node->sort.locks)
            break;
        node->inputs[0] = push(p, node->inputs[0], filters); /* rows it drops are not locked */
        return node;
    case LOGICAL_DISTINCT_ON:
        break;
    }
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            node->inputs[i] = push(p, node->inputs[i], (ExprList){NULL, 0});
    return rest_above(p, node, filters);
}

Logical *pass_pushdown(Planning *p, Logical *root)
{
    return push(p, root, (ExprList){NULL, 0});
}

/* ---- outer to inner ---- */

bool rejects_null(Planning *p, const Expr *conjunct, const ColumnSet *columns)
{
    ColumnSet used = expr_columns(p, conjunct);
    if (!set_intersects(&used, columns))
        return false;
    if (conjunct->kind == EXPR_IS)
        return conjunct->is.test == IS_NULL && conjunct->is.negated &&
               expr_is_strict(p->q, conjunct->is.operand);
    if (conjunct->kind == EXPR_IN && !conjunct->in.negated) {
        ColumnSet operand = expr_columns(p, conjunct->in.operand);
        return set_intersects(&operand, columns) && expr_is_strict(p->q, conjunct->in.operand);
    }
    if (conjunct->kind == EXPR_OR) {
        for (i32 i = 0; i < conjunct->items.count; i++)
            if (!rejects_null(p, conjunct->items.items[i], columns))
                return false;
        return true;
    }
    if (conjunct->kind == EXPR_AND) {
        for (i32 i = 0; i < conjunct->items.count; i++)
            if (rejects_null(p, conjunct->items.items[i], columns))
                return true;
        return false;
    }
    return expr_is_strict(p->q, conjunct);
}

static bool any_rejects(Planning *p, ExprList filters, const Logical *side)
{
    ColumnSet columns = logical_columns(p, side);
    for (i32 i = 0; i < filters.count; i++)
        if (rejects_null(p, filters.items[i], &columns))
            return true;
    return false;
}

typedef enum Turned { TURN_ALL, TURN_FULL } Turned;

/* above: conjuncts that every row must pass further up and that are stated in this node's columns.
 */
static void turn_inner(Planning *p, Logical *node, ExprList above, Turned which)
{
    stack_check(p->q);
    if (node->kind == LOGICAL_FILTER) {
        turn_inner(p, node->inputs[0], list_concat(p, above, node->filter), which);
        return;
    }
    if (node->kind != LOGICAL_JOIN) {
        bool through = node->kind == LOGICAL_SORT && !node->sort.limit;
        for (i32 i = 0; i < 2; i++)
            if (node->inputs[i])
                turn_inner(p, node->inputs[i], through ? above : (ExprList){NULL, 0}, which);
        return;
    }
    bool left_rejected = any_rejects(p, above, node->inputs[0]);
    bool right_rejected = any_rejects(p, above, node->inputs[1]);
    if (node->join.type == LEFT_JOIN && right_rejected && which == TURN_ALL)
        node->join.type = INNER_JOIN;
    if (node->join.type == RIGHT_JOIN && left_rejected && which == TURN_ALL)
        node->join.type = INNER_JOIN;
    if (node->join.type == FULL_JOIN && (left_rejected || right_rejected))
        node->join.type = left_rejected && right_rejected ? INNER_JOIN
                          : left_rejected                 ? LEFT_JOIN
                                                          : RIGHT_JOIN;
    bool inner = node->join.type == INNER_JOIN || node->join.type == SEMI_JOIN;
    ExprList both = inner ? list_concat(p, above, node->join.conditions) : above;
    ExprList none = {NULL, 0};
    turn_inner(p, node->inputs[0],
               node->join.type == RIGHT_JOIN || node->join.type == FULL_JOIN ? none : both, which);
    turn_inner(p, node->inputs[1],
               node->join.type == INNER_JOIN || node->join.type == RIGHT_JOIN ? both : none, which);
}

Logical *pass_outer_to_inner(Planning *p, Logical *root)
{
    turn_inner(p, root, (ExprList){NULL, 0}, TURN_ALL);
    return root;
}

Logical *lower_full_joins(Planning *p, Logical *root)
{
    turn_inner(p, root, (ExprList){NULL, 0}, TURN_FULL);
    return root;
}

/* ---- transitive predicates ---- */

static bool is_column_equality(const Expr *expr)
{
    return expr->kind == EXPR_CALL && expr->call.row->operation == OP_EQ &&
           expr->call.args.count == 2 && expr->call.args.items[0]->kind == EXPR_COLUMN &&
           expr->call.args.items[1]->kind == EXPR_COLUMN;
}

/* A conjunct over exactly one column, cheap and safe to repeat. */
static i32 single_column(Planning *p, const Expr *expr)
{
    ColumnSet used = expr_columns(p, expr);
    i32 found = -1;
    for (i32 id = 0; id < p->column_count; id++) {
        if (!set_has(&used, id))
            continue;
        if (found >= 0)
            return -1;
        found = id;
    }
    return expr_has_flags(p->q, expr, FAILS | VOLATILE | EXPENSIVE) ? -1 : found;
}

static void collect_conjuncts(Planning *p, const Logical *node, ExprList *list)
{
    if (node->kind == LOGICAL_FILTER) {
        *list = list_concat(p, *list, node->filter);
        collect_conjuncts(p, node->inputs[0], list);
    }
    if (node->kind == LOGICAL_JOIN && node->join.type == INNER_JOIN) {
        *list = list_concat(p, *list, node->join.conditions);
        collect_conjuncts(p, node->inputs[0], list);
        collect_conjuncts(p, node->inputs[1], list);
    }
}

static bool known(Planning *p, const ExprList *a, const ExprList *b, const Expr *expr)
{
    for (i32 i = 0; i < a->count; i++)
        if (expr_equal(p->q, a->items[i], expr))
            return true;
    for (i32 i = 0; i < b->count; i++)
        if (expr_equal(p->q, b->items[i], expr))
            return true;
    return false;
}

/* New conjuncts that follow from equalities of plain columns and filters on one of them. */
static ExprList derive(Planning *p, const ExprList *list)
{
    ExprList fresh = {NULL, 0};
    bool grew = true;
    for (i32 round = 0; grew && round < 8; round++) {
        grew = false;
        ExprList all = list_concat(p, *list, fresh);
        for (i32 i = 0; i < all.count; i++) {
            if (!is_column_equality(all.items[i]))
                continue;
            const Expr *a = all.items[i]->call.args.items[0], *b = all.items[i]->call.args.items[1];
            if (!type_same(a->type, b->type) || !lane_equal(a->lane, b->lane))
                continue;
            for (i32 j = 0; j < all.count; j++) {
                i32 column = single_column(p, all.items[j]);
                if (column < 0 || (column != a->column && column != b->column))
                    continue;
                const Expr *other = column == a->column ? b : a;
                Expr *to = planning_ref(p, other->column);
                Expr *copy = expr_replace_columns(p, all.items[j], &column, &to, 1);
                if (known(p, &all, &fresh, copy))
                    continue;
                fresh = list_concat(p, fresh, (ExprList){&copy, 1});
                grew = true;
            }
        }
    }
    return fresh;
}

static Logical *add_transitive(Planning *p, Logical *node, bool inside)
{
    stack_check(p->q);
    bool cluster = node->kind == LOGICAL_FILTER ||
                   (node->kind == LOGICAL_JOIN && node->join.type == INNER_JOIN);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            node->inputs[i] = add_transitive(p, node->inputs[i], cluster);
    if (!cluster || inside)
        return node;
    ExprList list = {NULL, 0};
    collect_conjuncts(p, node, &list);
    ExprList fresh = derive(p, &list);
    return logical_filter(p, node, fresh.items, fresh.count);
}

Logical *pass_transitive(Planning *p, Logical *root)
{
    return add_transitive(p, root, false);
}
