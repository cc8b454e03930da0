/* SPDX-License-Identifier: Apache-2.0
 *
 * The ordered table of passes. Lowering passes (building, unnesting) have already run; those here
 * are optional: each can be switched off by name, and answers stay the same.
 */
#include "planner/pass.h"

#include "expressions/eval.h"
#include "planner/planner.h"

static const struct {
    const char *name;
    Pass run;
} passes[] = {
    // clang-format off
    {"fold",           pass_fold},           /* constants computed once, dead arms dropped            */
    {"domain",         pass_domain},         /* date against timestamp as date against date           */
    {"or_factoring",   pass_or_factoring},   /* common factors of OR, predicates each branch implies  */
    {"outer_to_inner", pass_outer_to_inner}, /* outer joins whose NULL rows are filtered away anyway  */
    {"transitive",     pass_transitive},     /* a = b and a < 5: b < 5                                */
    {"pushdown",       pass_pushdown},       /* filters as deep as they go                            */
    {"join_order",     pass_join_order},     /* inner joins by dynamic programming on statistics      */
    {"lanes",          pass_lanes},          /* numeric on scaled integers where they fit             */
    {"top_n",          pass_top_n},          /* ORDER BY with LIMIT keeps only the best rows          */
    {"column_pruning", NULL},     /* physical.c: scans give out what somebody uses                 */
    {"shared_subplans", NULL},    /* pass_shared.c, when all others have run on all trees          */
    {"runtime_filters", NULL},               /* runtime_filter.c, over the finished plan              */
    {"wide_codes",     NULL},                /* wide_codes.c, over the finished plan                  */
    // clang-format on
};

const char *planner_pass(i32 i)
{
    return i < countof(passes) ? passes[i].name : NULL;
}

bool pass_is_on(const Planning *p, const char *name)
{
    for (i32 i = 0; i < countof(passes); i++)
        if (strcmp(passes[i].name, name) == 0)
            return !(p->passes_off >> i & 1);
    unreachable();
}

Logical *run_passes(Planning *p, Logical *root, const ColumnSet *wanted)
{
    for (i32 i = 0; i < countof(passes); i++) {
        bool on = !(p->passes_off >> i & 1);
        if (!on && passes[i].run == pass_outer_to_inner) /* what is refused may not depend on it */
            root = p->bound->locks ? pass_outer_to_inner(p, root) : lower_full_joins(p, root);
        if (!on || !passes[i].run)
            continue;
        root = passes[i].run(p, root);
#ifndef NDEBUG
        logical_verify(p, root);
#endif
    }
    return root;
}

void each_expr(Planning *p, Logical *root, void (*f)(void *state, Planning *p, Expr **slot),
               void *state)
{
    stack_check(p->q);
    for (i32 i = 0; i < 2; i++)
        if (root->inputs[i])
            each_expr(p, root->inputs[i], f, state);
    logical_exprs(p, root, f, state);
}

/* ---- fold ---- */

static void fold_slot(void *state, Planning *p, Expr **slot)
{
    if ((*slot)->kind == EXPR_AGGREGATE) { /* its inputs, not itself */
        Expr *copy = make(p->q, Expr);
        *copy = **slot;
        copy->aggregate.args =
            expr_list(p->q, copy->aggregate.args.items, copy->aggregate.args.count);
        for (i32 i = 0; i < copy->aggregate.args.count; i++)
            copy->aggregate.args.items[i] = expr_fold(p->q, copy->aggregate.args.items[i], p->env);
        if (copy->aggregate.filter)
            copy->aggregate.filter = expr_fold(p->q, copy->aggregate.filter, p->env);
        *slot = copy;
        return;
    }
    Lane lane = (*slot)->lane;
    Expr *folded = expr_fold(p->q, *slot, p->env);
    if (lane_equal(folded->lane, lane))
        *slot = folded;
}

Logical *pass_fold(Planning *p, Logical *root)
{
    each_expr(p, root, fold_slot, NULL);
    return root;
}

/* ---- OR factoring ---- */

static bool list_has(Planning *p, const ExprList *list, const Expr *expr)
{
    for (i32 i = 0; i < list->count; i++)
        if (expr_equal(p->q, list->items[i], expr))
            return true;
    return false;
}

/* (a AND b) OR (a AND c) as a AND (b OR c). */
static Expr *factor_or(Planning *p, Expr *expr)
{
    if (expr->kind != EXPR_OR)
        return expr;
    i32 count = expr->items.count;
    ExprList *branches = make_array(p->q, ExprList, count);
    for (i32 i = 0; i < count; i++)
        branches[i] = split_conjuncts(p, expr->items.items[i]);
    ExprList common = {make_array(p->q, Expr *, branches[0].count + 1), 0};
    for (i32 j = 0; j < branches[0].count; j++) {
        bool everywhere = true;
        for (i32 i = 1; i < count; i++)
            everywhere &= list_has(p, &branches[i], branches[0].items[j]);
        if (everywhere)
            common.items[common.count++] = branches[0].items[j];
    }
    if (common.count == 0)
        return expr;
    Expr **rest = make_array(p->q, Expr *, count);
    for (i32 i = 0; i < count; i++) {
        ExprList own = {make_array(p->q, Expr *, branches[i].count + 1), 0};
        for (i32 j = 0; j < branches[i].count; j++)
            if (!list_has(p, &common, branches[i].items[j]))
                own.items[own.count++] = branches[i].items[j];
        if (own.count == 0) /* this branch is just the common part */
            return expr_and(p->q, common.items, common.count);
        rest[i] = expr_and(p->q, own.items, own.count);
    }
    common.items[common.count++] = expr_or(p->q, rest, count);
    return expr_and(p->q, common.items, common.count);
}

/* The part of each branch that uses only these columns; NULL when a branch has none. */
static Expr *implied_by_or(Planning *p, const Expr *expr, const ColumnSet *columns)
{
    Expr **parts = make_array(p->q, Expr *, expr->items.count);
    for (i32 i = 0; i < expr->items.count; i++) {
        ExprList branch = split_conjuncts(p, expr->items.items[i]);
        ExprList own = {make_array(p->q, Expr *, branch.count + 1), 0};
        for (i32 j = 0; j < branch.count; j++) {
            ColumnSet used = expr_columns(p, branch.items[j]);
            if (set_contains(columns, &used) && !set_is_empty(&used) &&
                !expr_has_flags(p->q, branch.items[j], FAILS | VOLATILE))
                own.items[own.count++] = branch.items[j];
        }
        if (own.count == 0)
            return NULL;
        parts[i] = expr_and(p->q, own.items, own.count);
    }
    return expr_or(p->q, parts, expr->items.count);
}

static void add_implied(Planning *p, const Logical *node, const Expr *expr, ExprList *list)
{
    if (node->kind == LOGICAL_GET) {
        ColumnSet columns = logical_columns(p, node), used = expr_columns(p, expr);
        if (set_contains(&columns, &used))
            return; /* the whole OR goes there */
        Expr *implied = implied_by_or(p, expr, &columns);
        if (implied)
            *list = list_concat(p, *list, (ExprList){&implied, 1});
        return;
    }
    if (node->kind == LOGICAL_JOIN && node->join.type == INNER_JOIN) {
        add_implied(p, node->inputs[0], expr, list);
        add_implied(p, node->inputs[1], expr, list);
    }
    if (node->kind == LOGICAL_FILTER)
        add_implied(p, node->inputs[0], expr, list);
}

static ExprList factor_list(Planning *p, const Logical *below, ExprList list)
{
    ExprList result = {NULL, 0};
    for (i32 i = 0; i < list.count; i++) {
        ExprList parts = split_conjuncts(p, factor_or(p, list.items[i]));
        result = list_concat(p, result, parts);
        for (i32 j = 0; j < parts.count; j++)
            if (parts.items[j]->kind == EXPR_OR)
                add_implied(p, below, parts.items[j], &result);
    }
    return result;
}

Logical *pass_or_factoring(Planning *p, Logical *root)
{
    stack_check(p->q);
    for (i32 i = 0; i < 2; i++)
        if (root->inputs[i])
            root->inputs[i] = pass_or_factoring(p, root->inputs[i]);
    if (root->kind == LOGICAL_FILTER)
        root->filter = factor_list(p, root->inputs[0], root->filter);
    if (root->kind == LOGICAL_JOIN && root->join.type == INNER_JOIN)
        root->join.conditions = factor_list(p, root, root->join.conditions);
    return root;
}

/* ---- Top-N ---- */

Logical *pass_top_n(Planning *p, Logical *root)
{
    stack_check(p->q);
    for (i32 i = 0; i < 2; i++)
        if (root->inputs[i])
            root->inputs[i] = pass_top_n(p, root->inputs[i]);
    bool limit = root->kind == LOGICAL_LIMIT && root->sort.limit && !root->sort.with_ties;
    if (!limit || root->inputs[0]->kind != LOGICAL_SORT)
        return root;
    Logical *sort = root->inputs[0];
    sort->sort.limit = root->sort.limit;
    sort->sort.offset = root->sort.offset;
    return sort;
}
