/* SPDX-License-Identifier: Apache-2.0
 *
 * Constant folding with the ordinary evaluator: fixed subtrees become constants, AND, OR, NOT, CASE
 * and COALESCE lose arms that cannot matter, strict functions of NULL are NULL. What raises when
 * tried stays as it is: it must raise only if a row reaches it. expr_try_constants is the
 * exception: it raises what PostgreSQL raises when it folds a statement before it runs.
 */
#include "expressions/eval.h"

typedef struct Fold {
    const Environment *env; /* NULL: STABLE functions stay */
    bool raises;            /* errors of what is IMMUTABLE are thrown, not kept for the rows */
    Arena *scratch;         /* the statement's own memory: tells kernels whom an interrupt is for */
} Fold;

static bool is_constant(const Expr *expr)
{
    return expr->kind == EXPR_CONSTANT;
}
static bool is_true(const Expr *expr)
{
    return is_constant(expr) && !expr->constant.null && expr->constant.boolean;
}
static bool is_false(const Expr *expr)
{
    return is_constant(expr) && !expr->constant.null && !expr->constant.boolean;
}

typedef struct Attempt {
    Query *q;
    Expr *expr;
    const Fold *fold;
    Expr *constant;
} Attempt;

static void attempt_value(void *argument)
{
    Attempt *a = argument;
    arena_reset(a->fold->scratch);
    Value value, kept;
    value = evaluate_once(a->q, a->fold->scratch, a->expr, a->fold->env, NULL, 0);
    if (!value_copy(value, a->q->arena, &kept, &a->q->error))
        query_rethrow(a->q, &a->q->error);
    a->constant = expr_constant(a->q, a->expr->type, &kept, a->expr->offset);
}

/* The value of a fixed expression as a constant, or the expression when it raises. Running out of
 * memory or being cancelled is not the expression's fault and is thrown on. */
static Expr *fold_value(Query *q, Expr *expr, const Fold *fold)
{
    Attempt attempt = {q, expr, fold, NULL};
    if (fold->raises) {
        attempt_value(&attempt);
        return attempt.constant;
    }
    if (query_try(q, attempt_value, &attempt))
        return attempt.constant;
    ErrorCode code = q->error.code;
    if (code == E_OUT_OF_MEMORY || code == E_STATEMENT_TOO_COMPLEX ||
        query_is_interrupted(q->control))
        query_rethrow(q, &q->error);
    return expr;
}

static bool children_constant(const Expr *expr);

static void check_constant(void *state, Expr *child)
{
    if (!is_constant(child))
        *(bool *)state = false;
}

static bool children_constant(const Expr *expr)
{
    bool all = true;
    expr_children(expr, check_constant, &all);
    return all;
}

/* AND without TRUE arms, FALSE when one is FALSE (an arm that may fail before it is kept from
 * running, as PostgreSQL does); OR likewise. */
static Expr *fold_and_or(Query *q, Expr *expr)
{
    bool is_and = expr->kind == EXPR_AND;
    Expr **kept = make_array(q, Expr *, expr->items.count);
    i32 count = 0;
    for (i32 i = 0; i < expr->items.count; i++) {
        Expr *item = expr->items.items[i];
        if (is_and ? is_false(item) : is_true(item))
            return expr_boolean(q, !is_and);
        if (is_and ? is_true(item) : is_false(item))
            continue;
        kept[count++] = item;
    }
    if (count == expr->items.count)
        return expr;
    return is_and ? expr_and(q, kept, count) : expr_or(q, kept, count);
}

/* Drops WHENs that are never true and everything behind one that always is. */
static Expr *fold_case(Query *q, Expr *expr)
{
    const ExprCase *cases = &expr->cases;
    Expr **conditions = make_array(q, Expr *, cases->conditions.count);
    Expr **results = make_array(q, Expr *, cases->conditions.count);
    Expr *otherwise = cases->otherwise;
    i32 count = 0;
    for (i32 i = 0; i < cases->conditions.count; i++) {
        Expr *condition = cases->conditions.items[i];
        if (is_true(condition)) {
            otherwise = cases->results.items[i];
            break;
        }
        if (is_constant(condition))
            continue;
        conditions[count] = condition;
        results[count++] = cases->results.items[i];
    }
    if (count == cases->conditions.count)
        return expr;
    if (count == 0)
        return otherwise;
    Expr *shorter = make(q, Expr);
    *shorter = *expr;
    shorter->cases = (ExprCase){{conditions, count}, {results, count}, otherwise};
    return shorter;
}

/* COALESCE without NULL constants, ended by the first other constant. */
static Expr *fold_coalesce(Query *q, Expr *expr)
{
    Expr **kept = make_array(q, Expr *, expr->items.count);
    i32 count = 0;
    for (i32 i = 0; i < expr->items.count; i++) {
        Expr *item = expr->items.items[i];
        if (is_constant(item) && item->constant.null)
            continue;
        kept[count++] = item;
        if (is_constant(item))
            break;
    }
    if (count == 0)
        return expr_null(q, expr->type, expr->offset);
    if (count == 1)
        return kept[0];
    if (count == expr->items.count)
        return expr;
    Expr *shorter = make(q, Expr);
    *shorter = *expr;
    shorter->items = (ExprList){kept, count};
    return shorter;
}

static bool may_run_now(const Fold *fold, const Expr *expr)
{
    bool stable = fold->env && !fold->raises;
    if (expr->kind != EXPR_CALL)
        return expr->kind != EXPR_CAST_TEXT || stable || expr->type.oid == TYPE_BOOL;
    u32 flags = expr->call.row->flags;
    if (flags & (VOLATILE | SET | SERIAL))
        return false;
    return (flags & IMMUTABLE) || ((flags & STABLE) && stable);
}

typedef struct Strictness {
    bool null, raises;
} Strictness;

/* What PostgreSQL evaluates when it plans: reading dates and times depends on the session. */
static bool is_immutable(const Expr *expr)
{
    if (expr->kind == EXPR_CALL)
        return expr->call.row->flags & IMMUTABLE;
    u32 oid = expr->type.oid;
    return expr->kind == EXPR_CAST_TEXT && oid != TYPE_DATE && oid != TYPE_TIME &&
           oid != TYPE_TIMESTAMP && oid != TYPE_TIMESTAMPTZ && oid != TYPE_INTERVAL;
}

/* What children are: a constant NULL, or something that was tried and raised. */
static void look_at_argument(void *state, Expr *child)
{
    Strictness *seen = state;
    if (is_constant(child)) {
        seen->null |= child->constant.null;
        return;
    }
    Strictness below = {0};
    expr_children(child, look_at_argument, &below);
    seen->raises |= below.raises || (is_immutable(child) && children_constant(child));
}

/* A constant NULL among the arguments: the others are not evaluated, as in PostgreSQL, but for what
 * is constant and raises, which PostgreSQL evaluates before. */
static bool has_null_argument(const Expr *expr)
{
    Strictness seen = {0};
    expr_children(expr, look_at_argument, &seen);
    return seen.null && !seen.raises;
}

static bool is_always_null(const Expr *expr)
{
    if (expr->kind == EXPR_CAST_TEXT)
        return has_null_argument(expr);
    return expr->kind == EXPR_CALL && (expr->call.row->flags & STRICT) &&
           !(expr->call.row->flags & SET) && has_null_argument(expr);
}

/* COLLATE, or a cast that takes a length away: neither says anything about the value, but a bpchar
 * is shown by its length. */
static bool is_label_alone(const Expr *expr)
{
    if (expr->kind != EXPR_RELABEL || expr->operand->type.oid != expr->type.oid)
        return false;
    return expr->type.oid != TYPE_BPCHAR || type_same(expr->type, expr->operand->type);
}

static Expr *fold_node(Query *q, const Fold *fold, Expr *expr)
{
    if (is_always_null(expr))
        return expr_null(q, expr->type, expr->offset);
    if (is_label_alone(expr))
        return expr->operand;
    switch (expr->kind) {
    case EXPR_AND:
    case EXPR_OR:
        expr = fold_and_or(q, expr);
        break;
    case EXPR_CASE:
        expr = fold_case(q, expr);
        break;
    case EXPR_COALESCE:
        expr = fold_coalesce(q, expr);
        break;
    case EXPR_NULLIF: /* NULL equals nothing */
        if (has_null_argument(expr))
            return expr->pair.left;
        break;
    case EXPR_CONSTANT:
    case EXPR_COLUMN:
    case EXPR_PARAMETER:
    case EXPR_AGGREGATE:
    case EXPR_WINDOW:
    case EXPR_SUBQUERY:
        return expr;
    case EXPR_CALL:
    case EXPR_CAST_TEXT:
    case EXPR_RELABEL:
    case EXPR_LANE:
    case EXPR_NOT:
    case EXPR_IS:
    case EXPR_DISTINCT:
    case EXPR_IN:
    case EXPR_GREATEST:
    case EXPR_LEAST:
        break;
    }
    /* an AND that lost its other arms is whatever was left */
    bool leaf = is_constant(expr) || expr->kind == EXPR_COLUMN || expr->kind == EXPR_PARAMETER ||
                expr->kind == EXPR_SUBQUERY || expr->kind == EXPR_AGGREGATE ||
                expr->kind == EXPR_WINDOW;
    if (leaf || !children_constant(expr) || !may_run_now(fold, expr))
        return expr;
    return fold_value(q, expr, fold);
}

static Expr *fold_replace(void *state, Query *q, Expr *expr);

typedef struct FoldState {
    Fold fold;
    const Expr *entered; /* the node whose children are being rewritten */
} FoldState;

static bool has_arms(const Expr *expr)
{
    return expr->kind == EXPR_AND || expr->kind == EXPR_OR || expr->kind == EXPR_CASE ||
           expr->kind == EXPR_COALESCE;
}

/* AND, OR and COALESCE up to the arm that decides. */
static Expr *fold_list(Query *q, FoldState *state, Expr *expr)
{
    i32 count = expr->items.count;
    Expr **items = make_array(q, Expr *, count);
    for (i32 i = 0; i < count; i++) {
        items[i] = fold_replace(state, q, expr->items.items[i]);
        bool decides = expr->kind == EXPR_AND  ? is_false(items[i])
                       : expr->kind == EXPR_OR ? is_true(items[i])
                                               : is_constant(items[i]) && !items[i]->constant.null;
        if (!decides)
            continue;
        if (expr->kind != EXPR_COALESCE || i == 0)
            return items[i];
        count = i + 1;
    }
    Expr *copy = make(q, Expr);
    *copy = *expr;
    copy->items = (ExprList){items, count};
    return fold_node(q, &state->fold, copy);
}

/* CASE without the arms behind constant conditions that are not true, up to one that is. */
static Expr *fold_case_arms(Query *q, FoldState *state, Expr *expr)
{
    const ExprCase *cases = &expr->cases;
    i32 count = cases->conditions.count, kept = 0;
    Expr **conditions = make_array(q, Expr *, count), **results = make_array(q, Expr *, count);
    for (i32 i = 0; i < count; i++) {
        Expr *condition = fold_replace(state, q, cases->conditions.items[i]);
        if (is_constant(condition) && !is_true(condition))
            continue;
        conditions[kept] = condition;
        results[kept++] = fold_replace(state, q, cases->results.items[i]);
        if (is_true(condition))
            break;
    }
    bool ended = kept > 0 && is_true(conditions[kept - 1]);
    Expr *copy = make(q, Expr);
    *copy = *expr;
    copy->cases = (ExprCase){{conditions, kept}, {results, kept}, cases->otherwise};
    if (!ended)
        copy->cases.otherwise = fold_replace(state, q, cases->otherwise);
    return kept ? fold_node(q, &state->fold, copy) : copy->cases.otherwise;
}

/* Only the arms PostgreSQL looks at when it folds. */
static Expr *fold_arms(Query *q, FoldState *state, Expr *expr)
{
    stack_check(q);
    return expr->kind == EXPR_CASE ? fold_case_arms(q, state, expr) : fold_list(q, state, expr);
}

/* Children first: rewrite the node with itself marked as entered, then fold what came back. */
static Expr *fold_replace(void *state, Query *q, Expr *expr)
{
    FoldState *outer = state;
    if (outer->entered == expr)
        return NULL;
    if (outer->fold.raises && has_arms(expr))
        return fold_arms(q, outer, expr);
    FoldState inner = {outer->fold, expr};
    Expr *folded = expr_rewrite(q, expr, fold_replace, &inner);
    return fold_node(q, &outer->fold, folded);
}

static void close_arena(void *arena)
{
    arena_close(arena);
}

static Expr *fold(Query *q, Expr *expr, const Environment *env, bool raises)
{
    Arena *scratch = make(q, Arena);
    arena_open(scratch, &q->control->budget);
    query_defer(q, q->arena, close_arena, scratch);
    FoldState state = {{env, raises, scratch}, NULL};
    expr = fold_replace(&state, q, expr);
    arena_close(scratch);
    return expr;
}

Expr *expr_fold(Query *q, Expr *expr, const Environment *env)
{
    return fold(q, expr, env, false);
}

void expr_try_constants(Query *q, Expr *expr, const Environment *env)
{
    fold(q, expr, env, true);
}
