/* SPDX-License-Identifier: Apache-2.0
 *
 * Unnesting: every APPLY becomes a join, from the innermost outwards.
 *
 * Three ways, the first that fits: (1) nothing is correlated: a plain join; (2) what is correlated
 * are filters that can be pulled up to the join's condition, or, under an aggregate without keys,
 * equalities whose inner sides become its group keys; (3) the general way of Neumann and Kemper
 * (Unnesting Arbitrary Queries, BTW 2015): the set of distinct outer values (the domain) is joined
 * into the inner side at its leaves and travels up as extra columns, aggregates gain them as keys,
 * and the outer side joins on them with IS NOT DISTINCT FROM. An aggregate without keys gives a row
 * even for nothing: the domain is left-joined to it and counts become 0 (the COUNT bug).
 *
 * The domain is read from the outer side, which becomes a common table expression for that.
 */
#include "expressions/eval.h"
#include "planner/logical.h"

/* ---- pulling filters up ---- */

typedef struct Pull {
    Planning *p;
    const ColumnSet *outer; /* columns of the left side */
    ExprList pulled;        /* conjuncts that use them */
    bool exists;            /* only whether there is a row matters */
} Pull;

static bool uses_outer(const Pull *pull, const Expr *expr)
{
    ColumnSet used = expr_columns(pull->p, expr);
    return set_intersects(&used, pull->outer);
}

static bool tree_uses_outer(Planning *p, const Logical *node, const ColumnSet *outer)
{
    ColumnSet used = logical_free(p, node);
    return set_intersects(&used, outer);
}

/* Moves the conjuncts that use outer columns from list to pull->pulled. */
static void pull_conjuncts(Pull *pull, ExprList *list)
{
    Expr **stay = make_array(pull->p->q, Expr *, list->count);
    Expr **go = make_array(pull->p->q, Expr *, list->count);
    i32 staying = 0, going = 0;
    for (i32 i = 0; i < list->count; i++) {
        if (uses_outer(pull, list->items[i]))
            go[going++] = list->items[i];
        else
            stay[staying++] = list->items[i];
    }
    *list = (ExprList){stay, staying};
    pull->pulled = list_concat(pull->p, pull->pulled, (ExprList){go, going});
}

static Logical *pull_up(Pull *pull, Logical *node);

static Logical *pull_filter(Pull *pull, Logical *node)
{
    Logical *input = pull_up(pull, node->inputs[0]);
    if (!input)
        return NULL;
    ExprList conjuncts = node->filter;
    pull_conjuncts(pull, &conjuncts);
    return logical_filter(pull->p, input, conjuncts.items, conjuncts.count);
}

static bool project_makes(const Logical *node, i32 id)
{
    for (i32 i = 0; i < node->project.count; i++)
        if (node->project.columns[i].id == id)
            return true;
    return false;
}

/* A copy of the projection that also passes the input columns the pulled conjuncts need. */
static Logical *pull_project(Pull *pull, Logical *node)
{
    Planning *p = pull->p;
    Logical *input = pull_up(pull, node->inputs[0]);
    if (!input)
        return NULL;
    ColumnSet have = logical_columns(p, input), needed = set_new(p);
    for (i32 i = 0; i < pull->pulled.count; i++)
        add_expr_columns(p, pull->pulled.items[i], &needed);
    i32 capacity = node->project.count + p->column_count;
    LogicalColumn *columns = make_array(p->q, LogicalColumn, capacity);
    i32 count = 0;
    for (i32 i = 0; i < node->project.count; i++) {
        if (!uses_outer(pull, node->project.columns[i].expr))
            columns[count++] = node->project.columns[i];
        else if (!pull->exists)
            return NULL;
    }
    for (i32 id = 0; id < p->column_count; id++)
        if (set_has(&needed, id) && set_has(&have, id) && !project_makes(node, id))
            columns[count++] = (LogicalColumn){id, planning_ref(p, id)};
    Logical *project = logical_new(p, LOGICAL_PROJECT, input, NULL);
    project->project.columns = columns;
    project->project.count = count;
    return project;
}

static Logical *pull_join(Pull *pull, Logical *node)
{
    Planning *p = pull->p;
    bool inner = node->join.type == INNER_JOIN;
    if (node->join.type == RIGHT_JOIN || node->join.type == FULL_JOIN)
        return NULL;
    for (i32 i = 0; i < node->join.null_keys.count; i++)
        if (uses_outer(pull, node->join.null_keys.items[i]))
            return NULL;
    for (i32 i = 0; !inner && i < node->join.conditions.count; i++)
        if (uses_outer(pull, node->join.conditions.items[i]))
            return NULL;
    if (!inner && tree_uses_outer(p, node->inputs[1], pull->outer))
        return NULL;
    Logical *left = pull_up(pull, node->inputs[0]);
    Logical *right = left && inner ? pull_up(pull, node->inputs[1]) : node->inputs[1];
    if (!left || !right)
        return NULL;
    Logical *join = make(p->q, Logical);
    *join = *node;
    join->inputs[0] = left;
    join->inputs[1] = right;
    if (inner)
        pull_conjuncts(pull, &join->join.conditions);
    return join;
}

static bool limit_keeps_one(const Logical *node)
{
    const Expr *limit = node->sort.limit;
    if (node->sort.offset)
        return false;
    return !limit ||
           (limit->kind == EXPR_CONSTANT && (limit->constant.null || limit->constant.integer > 0));
}

/* The tree without the filters that use outer columns (they are in pull->pulled); NULL: they
 * cannot be pulled from here. The tree given is not changed. */
static Logical *pull_up(Pull *pull, Logical *node)
{
    stack_check(pull->p->q);
    if (!tree_uses_outer(pull->p, node, pull->outer))
        return node;
    switch (node->kind) {
    case LOGICAL_FILTER:
        return pull_filter(pull, node);
    case LOGICAL_PROJECT:
        return pull_project(pull, node);
    case LOGICAL_JOIN:
        return pull_join(pull, node);
    case LOGICAL_SORT:
        return pull_up(pull, node->inputs[0]);
    case LOGICAL_LIMIT:
        return pull->exists && limit_keeps_one(node) ? pull_up(pull, node->inputs[0]) : NULL;
    case LOGICAL_AGGREGATE: /* DISTINCT */
        if (pull->exists && node->aggregate.call_count == 0 && node->aggregate.key_count > 0)
            return pull_up(pull, node->inputs[0]);
        return NULL;
    case LOGICAL_GET:
    case LOGICAL_VALUES:
    case LOGICAL_FUNCTION:
    case LOGICAL_CTE:
    case LOGICAL_APPLY:
    case LOGICAL_DISTINCT_ON:
    case LOGICAL_SET:
        return NULL;
    }
    unreachable();
}

/* pulled conditions in front of the comparisons of ANY, which must stay last. */
static Logical *join_from_apply(Planning *p, const Logical *apply, Logical *right, ExprList pulled)
{
    Logical *join = logical_new(p, LOGICAL_JOIN, apply->inputs[0], right);
    join->join = apply->join;
    join->join.conditions = list_concat(p, pulled, apply->join.conditions);
    return join;
}

static Logical *unnest_by_pulling(Planning *p, const Logical *apply, const ColumnSet *outer)
{
    JoinType type = apply->join.type;
    bool boolean = type == SEMI_JOIN || type == ANTI_JOIN || type == MARK_JOIN;
    Pull pull = {p, outer, {NULL, 0}, boolean && apply->join.conditions.count == 0};
    Logical *right = pull_up(&pull, apply->inputs[1]);
    if (!right)
        return NULL;
    return join_from_apply(p, apply, right, pull.pulled);
}

/* ---- an aggregate without keys under pulled equalities ---- */

static bool is_count(const Expr *call)
{
    Operation operation = call->aggregate.row->operation;
    return operation == OP_COUNT || operation == OP_COUNT_ROWS ||
           strcmp(call->aggregate.row->name, "regr_count") == 0;
}

/* What an aggregate gives over no rows. */
static Expr *empty_value(Planning *p, const Expr *call)
{
    if (!is_count(call))
        return expr_null(p->q, call->type, -1);
    Value zero = {.lane = call->lane};
    return expr_constant(p->q, call->type, &zero, -1);
}

static bool is_equality(const Expr *expr)
{
    return expr->kind == EXPR_CALL && expr->call.row->operation == OP_EQ &&
           expr->call.args.count == 2;
}

/* Splits outer_side = inner_side; false when the conjunct is something else. */
static bool split_equality(const Pull *pull, const Expr *expr, Expr **outer_side, Expr **inner_side)
{
    if (!is_equality(expr))
        return false;
    for (i32 i = 0; i < 2; i++) {
        Expr *own = expr->call.args.items[i], *other = expr->call.args.items[1 - i];
        ColumnSet used = expr_columns(pull->p, own);
        if (set_contains(pull->outer, &used) && !set_is_empty(&used) && !uses_outer(pull, other)) {
            *outer_side = own;
            *inner_side = other;
            return true;
        }
    }
    return false;
}

/* Groups by the inner sides of the pulled equalities; the conjuncts become outer = key. */
static bool group_by_equalities(Pull *pull, Logical *aggregate, Logical *input)
{
    Planning *p = pull->p;
    i32 count = pull->pulled.count;
    LogicalColumn *keys = make_array(p->q, LogicalColumn, count);
    for (i32 i = 0; i < count; i++) {
        Expr *outer_side, *inner_side, *sides[2];
        if (!split_equality(pull, pull->pulled.items[i], &outer_side, &inner_side))
            return false;
        i32 key = planning_column(p, TEXT("key"), inner_side->type, inner_side->lane);
        keys[i] = (LogicalColumn){key, inner_side};
        bool swapped = pull->pulled.items[i]->call.args.items[0] == inner_side;
        sides[swapped] = outer_side;
        sides[!swapped] = planning_ref(p, key);
        const Expr *old = pull->pulled.items[i];
        pull->pulled.items[i] = expr_call(p->q, old->call.row, sides, 2, old->type, old->offset);
    }
    aggregate->inputs[0] = input;
    aggregate->aggregate.keys = keys;
    aggregate->aggregate.key_count = count;
    return true;
}

/* The value of the projection over an empty input; NULL constants throughout: nothing to mend. */
static Expr *default_of(Planning *p, const Logical *project, const Logical *aggregate, i32 column)
{
    i32 *from = make_array(p->q, i32, aggregate->aggregate.call_count);
    Expr **to = make_array(p->q, Expr *, aggregate->aggregate.call_count);
    for (i32 i = 0; i < aggregate->aggregate.call_count; i++) {
        from[i] = aggregate->aggregate.calls[i].id;
        to[i] = empty_value(p, aggregate->aggregate.calls[i].expr);
    }
    Expr *expr = expr_replace_columns(p, project->project.columns[column].expr, from, to,
                                      aggregate->aggregate.call_count);
    return expr_fold(p->q, expr, p->env);
}

static Expr *case_when_null(Planning *p, Expr *marker, Expr *then, Expr *otherwise)
{
    Expr *is = make(p->q, Expr);
    *is = (Expr){.kind = EXPR_IS, .offset = -1};
    is->type = type_of(TYPE_BOOL);
    is->lane = lane_of(LANE_BOOL);
    is->is.operand = marker;
    is->is.test = IS_NULL;
    Expr *expr = make(p->q, Expr);
    *expr = (Expr){.kind = EXPR_CASE, .offset = -1};
    expr->type = otherwise->type;
    expr->lane = otherwise->lane;
    expr->cases = (ExprCase){expr_list(p->q, &is, 1), expr_list(p->q, &then, 1), otherwise};
    return expr;
}

/* Above the join: the outer columns, and the sub-query's column with its default where no group
 * was found. */
static Logical *mend_missing(Planning *p, Logical *join, const ColumnSet *left, i32 output,
                             i32 fresh, i32 key, Expr *empty)
{
    Logical *project = logical_new(p, LOGICAL_PROJECT, join, NULL);
    project->project.columns = make_array(p->q, LogicalColumn, p->column_count);
    for (i32 id = 0; id < p->column_count; id++)
        if (set_has(left, id))
            project->project.columns[project->project.count++] =
                (LogicalColumn){id, planning_ref(p, id)};
    Expr *value = case_when_null(p, planning_ref(p, key), empty, planning_ref(p, fresh));
    project->project.columns[project->project.count++] = (LogicalColumn){output, value};
    return project;
}

static bool is_null_constant(const Expr *expr)
{
    return expr->kind == EXPR_CONSTANT && expr->constant.null;
}

/* (SELECT f(aggregates) FROM ... WHERE inner = outer ...): one group per outer value. */
static Logical *unnest_scalar_aggregate(Planning *p, const Logical *apply, const ColumnSet *outer)
{
    Logical *project = apply->inputs[1];
    if (apply->join.type != SINGLE_JOIN || project->kind != LOGICAL_PROJECT ||
        project->project.count != 1)
        return NULL;
    Logical *aggregate = project->inputs[0];
    if (aggregate->kind != LOGICAL_AGGREGATE || aggregate->aggregate.key_count > 0)
        return NULL;
    Pull pull = {p, outer, {NULL, 0}, false};
    if (uses_outer(&pull, project->project.columns[0].expr))
        return NULL;
    for (i32 i = 0; i < aggregate->aggregate.call_count; i++)
        if (uses_outer(&pull, aggregate->aggregate.calls[i].expr))
            return NULL;
    Logical *input = pull_up(&pull, aggregate->inputs[0]);
    Logical *grouped = make(p->q, Logical);
    *grouped = *aggregate;
    if (!input || pull.pulled.count == 0 || !group_by_equalities(&pull, grouped, input))
        return NULL;
    Expr *empty = default_of(p, project, aggregate, 0);
    i32 output = project->project.columns[0].id;
    i32 fresh = output;
    bool mends = !is_null_constant(empty);
    if (mends)
        fresh = planning_column(p, p->columns[output].name, p->columns[output].type,
                                p->columns[output].lane);
    Logical *values = logical_new(p, LOGICAL_PROJECT, grouped, NULL);
    values->project.count = 1 + grouped->aggregate.key_count;
    values->project.columns = make_array(p->q, LogicalColumn, values->project.count);
    values->project.columns[0] = (LogicalColumn){fresh, project->project.columns[0].expr};
    for (i32 i = 0; i < grouped->aggregate.key_count; i++) {
        i32 key = grouped->aggregate.keys[i].id;
        values->project.columns[i + 1] = (LogicalColumn){key, planning_ref(p, key)};
    }
    ColumnSet left = logical_columns(p, apply->inputs[0]);
    Logical *join = join_from_apply(p, apply, values, pull.pulled);
    join->join.type = LEFT_JOIN; /* groups are unique in their keys */
    i32 key = grouped->aggregate.keys[0].id;
    return mends ? mend_missing(p, join, &left, output, fresh, key, empty) : join;
}

/* ---- the general way ---- */

typedef struct Domain {
    Planning *p;
    const ColumnSet *outer;
    i32 *columns; /* the outer columns that are used inside */
    i32 count;
    i32 cte;      /* number of the common table expression of the left side */
    i32 *cte_ids; /* its outputs, by position */
    i32 cte_count;
} Domain;

static _Noreturn void fail_domain(const Domain *d, const char *what)
{
    query_fail(d->p->q, E_FEATURE_NOT_SUPPORTED, "%s in a correlated subquery is not supported yet",
               what);
}

/* A reference to the left side with fresh ids; *first: the first of them. */
static Logical *read_left(const Domain *d, i32 *first)
{
    Planning *p = d->p;
    Logical *node = logical_new(p, LOGICAL_CTE, NULL, NULL);
    node->cte.number = d->cte;
    node->cte.column_count = d->cte_count;
    node->cte.first_column = p->column_count;
    *first = p->column_count;
    for (i32 i = 0; i < d->cte_count; i++) {
        BoundColumn column = p->columns[d->cte_ids[i]];
        planning_column(p, column.name, column.type, column.lane);
    }
    return node;
}

/* The distinct outer values, as columns ids[0..count). */
static Logical *read_domain(const Domain *d, i32 *ids)
{
    Planning *p = d->p;
    i32 first;
    Logical *left = read_left(d, &first);
    Logical *node = logical_new(p, LOGICAL_AGGREGATE, left, NULL);
    node->aggregate.key_count = d->count;
    node->aggregate.keys = make_array(p->q, LogicalColumn, d->count);
    for (i32 i = 0; i < d->count; i++) {
        i32 position = 0;
        while (d->cte_ids[position] != d->columns[i])
            position++;
        ids[i] = first + position;
        node->aggregate.keys[i] = (LogicalColumn){ids[i], planning_ref(p, ids[i])};
    }
    return node;
}

static Expr *with_domain(const Domain *d, Expr *expr, const i32 *ids)
{
    Expr **to = make_array(d->p->q, Expr *, d->count);
    for (i32 i = 0; i < d->count; i++)
        to[i] = planning_ref(d->p, ids[i]);
    return expr_replace_columns(d->p, expr, d->columns, to, d->count);
}

typedef struct Rebind {
    const Domain *domain;
    const i32 *ids;
} Rebind;

static void rebind_slot(void *state, Planning *p, Expr **slot)
{
    const Rebind *rebind = state;
    *slot = with_domain(rebind->domain, *slot, rebind->ids);
}

/* A copy of the node with lists of its own, so that rewriting leaves the original alone. */
static Logical *shell(Planning *p, const Logical *node)
{
    Logical *copy = make(p->q, Logical);
    *copy = *node;
    copy->rows = -1;
    switch (node->kind) {
    case LOGICAL_FILTER:
        copy->filter = expr_list(p->q, node->filter.items, node->filter.count);
        break;
    case LOGICAL_PROJECT:
        copy->project.columns = make_array(p->q, LogicalColumn, node->project.count);
        memcpy(copy->project.columns, node->project.columns,
               (size_t)node->project.count * sizeof(LogicalColumn));
        break;
    case LOGICAL_JOIN:
    case LOGICAL_APPLY:
        copy->join.conditions =
            expr_list(p->q, node->join.conditions.items, node->join.conditions.count);
        copy->join.null_keys =
            expr_list(p->q, node->join.null_keys.items, node->join.null_keys.count);
        break;
    case LOGICAL_AGGREGATE:
        copy->aggregate.keys = make_array(p->q, LogicalColumn, node->aggregate.key_count);
        copy->aggregate.calls = make_array(p->q, LogicalColumn, node->aggregate.call_count);
        for (i32 i = 0; i < node->aggregate.key_count; i++)
            copy->aggregate.keys[i] = node->aggregate.keys[i];
        for (i32 i = 0; i < node->aggregate.call_count; i++)
            copy->aggregate.calls[i] = node->aggregate.calls[i];
        break;
    case LOGICAL_SORT:
    case LOGICAL_LIMIT:
    case LOGICAL_DISTINCT_ON:
        copy->sort.keys = make_array(p->q, LogicalSort, node->sort.key_count);
        for (i32 i = 0; i < node->sort.key_count; i++)
            copy->sort.keys[i] = node->sort.keys[i];
        break;
    case LOGICAL_FUNCTION:
        copy->function.args = expr_list(p->q, node->function.args.items, node->function.args.count);
        break;
    case LOGICAL_GET:
    case LOGICAL_VALUES:
    case LOGICAL_CTE:
    case LOGICAL_SET:
        break;
    }
    return copy;
}

/* node with the domain joined in; ids receives the ids of the domain's columns in its output. */
static Logical *push(const Domain *d, Logical *node, i32 *ids);

static Logical *push_over(const Domain *d, Logical *node, i32 *ids)
{
    Logical *copy = shell(d->p, node);
    copy->inputs[0] = push(d, node->inputs[0], ids);
    Rebind rebind = {d, ids};
    logical_exprs(d->p, copy, rebind_slot, &rebind);
    return copy;
}

static Logical *push_project(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    Logical *copy = push_over(d, node, ids);
    LogicalColumn *columns = make_array(p->q, LogicalColumn, node->project.count + d->count);
    for (i32 i = 0; i < node->project.count; i++)
        columns[i] = copy->project.columns[i];
    for (i32 i = 0; i < d->count; i++)
        columns[node->project.count + i] = (LogicalColumn){ids[i], planning_ref(p, ids[i])};
    copy->project.columns = columns;
    copy->project.count = node->project.count + d->count;
    return copy;
}

static Expr *coalesce_zero(Planning *p, Expr *count)
{
    Value zero = {.lane = count->lane};
    Expr *items[2] = {count, expr_constant(p->q, count->type, &zero, -1)};
    Expr *expr = make(p->q, Expr);
    *expr = (Expr){.kind = EXPR_COALESCE, .offset = -1};
    expr->type = count->type;
    expr->lane = count->lane;
    expr->items = expr_list(p->q, items, 2);
    return expr;
}

/* Every domain value has a row: domain LEFT JOIN groups, with counts of nothing 0. */
static Logical *complete_groups(const Domain *d, Logical *groups, i32 *ids)
{
    Planning *p = d->p;
    i32 *own = make_array(p->q, i32, d->count);
    Logical *join = logical_new(p, LOGICAL_JOIN, read_domain(d, own), groups);
    join->join.type = LEFT_JOIN;
    join->join.null_keys = (ExprList){make_array(p->q, Expr *, 2 * d->count), 2 * d->count};
    for (i32 i = 0; i < d->count; i++) {
        join->join.null_keys.items[2 * i] = planning_ref(p, own[i]);
        join->join.null_keys.items[2 * i + 1] = planning_ref(p, ids[i]);
    }
    i32 calls = groups->aggregate.call_count;
    Logical *project = logical_new(p, LOGICAL_PROJECT, join, NULL);
    project->project.count = d->count + calls;
    project->project.columns = make_array(p->q, LogicalColumn, d->count + calls);
    for (i32 i = 0; i < d->count; i++) {
        project->project.columns[i] = (LogicalColumn){own[i], planning_ref(p, own[i])};
        ids[i] = own[i];
    }
    for (i32 i = 0; i < calls; i++) {
        LogicalColumn *call = &groups->aggregate.calls[i];
        i32 output = call->id;
        call->id = planning_column(p, p->columns[output].name, p->columns[output].type,
                                   p->columns[output].lane);
        Expr *value = planning_ref(p, call->id);
        project->project.columns[d->count + i] =
            (LogicalColumn){output, is_count(call->expr) ? coalesce_zero(p, value) : value};
    }
    return project;
}

static Logical *push_aggregate(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    Logical *copy = push_over(d, node, ids);
    i32 keys = node->aggregate.key_count;
    LogicalColumn *all = make_array(p->q, LogicalColumn, keys + d->count);
    for (i32 i = 0; i < keys; i++)
        all[i] = copy->aggregate.keys[i];
    for (i32 i = 0; i < d->count; i++)
        all[keys + i] = (LogicalColumn){ids[i], planning_ref(p, ids[i])};
    copy->aggregate.keys = all;
    copy->aggregate.key_count = keys + d->count;
    return keys == 0 ? complete_groups(d, copy, ids) : copy;
}

static void add_null_keys(const Domain *d, Logical *join, const i32 *left, const i32 *right)
{
    Planning *p = d->p;
    Expr **pairs = make_array(p->q, Expr *, 2 * d->count);
    for (i32 i = 0; i < d->count; i++) {
        pairs[2 * i] = planning_ref(p, left[i]);
        pairs[2 * i + 1] = planning_ref(p, right[i]);
    }
    join->join.null_keys = list_concat(p, join->join.null_keys, (ExprList){pairs, 2 * d->count});
}

static Logical *push_join(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    if (node->join.type == RIGHT_JOIN || node->join.type == FULL_JOIN)
        fail_domain(d, "a right or full join");
    bool in_left = tree_uses_outer(p, node->inputs[0], d->outer);
    bool in_right = tree_uses_outer(p, node->inputs[1], d->outer);
    bool only_right = node->join.type == INNER_JOIN && in_right && !in_left;
    Logical *copy = shell(p, node);
    i32 *right_ids = make_array(p->q, i32, d->count);
    if (!only_right)
        copy->inputs[0] = push(d, node->inputs[0], ids);
    if (in_right)
        copy->inputs[1] = push(d, node->inputs[1], only_right ? ids : right_ids);
    Rebind rebind = {d, ids};
    logical_exprs(p, copy, rebind_slot, &rebind);
    if (in_right && !only_right)
        add_null_keys(d, copy, ids, right_ids);
    return copy;
}

static Logical *push_set(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    i32 total = node->set.count + d->count;
    i32 *left_ids = make_array(p->q, i32, d->count), *right_ids = make_array(p->q, i32, d->count);
    Logical *copy = shell(p, node);
    copy->inputs[0] = push(d, node->inputs[0], left_ids);
    copy->inputs[1] = push(d, node->inputs[1], right_ids);
    i32 *outputs = make_array(p->q, i32, total), *lefts = make_array(p->q, i32, total);
    i32 *rights = make_array(p->q, i32, total);
    for (i32 i = 0; i < total; i++) {
        bool own = i < node->set.count;
        lefts[i] = own ? node->set.left_ids[i] : left_ids[i - node->set.count];
        rights[i] = own ? node->set.right_ids[i] : right_ids[i - node->set.count];
        if (own) {
            outputs[i] = node->set.ids[i];
            continue;
        }
        BoundColumn column = p->columns[lefts[i]];
        outputs[i] = ids[i - node->set.count] =
            planning_column(p, column.name, column.type, column.lane);
    }
    copy->set.ids = outputs;
    copy->set.left_ids = lefts;
    copy->set.right_ids = rights;
    copy->set.count = total;
    return copy;
}

/* VALUES rows that use outer columns: a projection of the domain each, appended. */
static Logical *push_values(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    if (node->values.row_count != 1)
        fail_domain(d, "VALUES with several rows");
    Logical *project = logical_new(p, LOGICAL_PROJECT, read_domain(d, ids), NULL);
    project->project.count = node->values.id_count + d->count;
    project->project.columns = make_array(p->q, LogicalColumn, project->project.count);
    for (i32 i = 0; i < node->values.id_count; i++)
        project->project.columns[i] = (LogicalColumn){
            node->values.ids[i], with_domain(d, node->values.rows[0].items[i], ids)};
    for (i32 i = 0; i < d->count; i++)
        project->project.columns[node->values.id_count + i] =
            (LogicalColumn){ids[i], planning_ref(p, ids[i])};
    return project;
}

static Logical *push_function(const Domain *d, Logical *node, i32 *ids)
{
    Logical *copy = shell(d->p, node);
    if (node->inputs[0])
        return push_over(d, node, ids);
    copy->inputs[0] = read_domain(d, ids);
    Rebind rebind = {d, ids};
    logical_exprs(d->p, copy, rebind_slot, &rebind);
    return copy;
}

/* ORDER BY ... LIMIT 1 per domain value: the first row of each in that order. */
static Logical *push_limit(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    const Expr *limit = node->sort.limit;
    bool one = limit && limit->kind == EXPR_CONSTANT && !limit->constant.null &&
               limit->constant.integer == 1 && !node->sort.offset && !node->sort.with_ties;
    if (!limit && !node->sort.offset)
        return push(d, node->inputs[0], ids);
    if (!one)
        fail_domain(d, "LIMIT or OFFSET");
    Logical *sorted = node->inputs[0];
    bool has_sort = sorted->kind == LOGICAL_SORT;
    Logical *input = push(d, has_sort ? sorted->inputs[0] : sorted, ids);
    i32 own = has_sort ? sorted->sort.key_count : 0;
    Logical *sort = logical_new(p, LOGICAL_SORT, input, NULL);
    sort->sort.keys = make_array(p->q, LogicalSort, own + d->count);
    sort->sort.key_count = own + d->count;
    Logical *first = logical_new(p, LOGICAL_DISTINCT_ON, sort, NULL);
    first->sort.keys = make_array(p->q, LogicalSort, d->count);
    first->sort.key_count = d->count;
    for (i32 i = 0; i < d->count; i++)
        sort->sort.keys[i].key = first->sort.keys[i].key = planning_ref(p, ids[i]);
    for (i32 i = 0; i < own; i++) {
        sort->sort.keys[d->count + i] = sorted->sort.keys[i];
        sort->sort.keys[d->count + i].key = with_domain(d, sorted->sort.keys[i].key, ids);
    }
    return first;
}

static Logical *push_distinct_on(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    Logical *sort = node->inputs[0];
    verify(sort->kind == LOGICAL_SORT);
    Logical *copy = shell(p, node), *order = shell(p, sort);
    order->inputs[0] = push(d, sort->inputs[0], ids);
    copy->inputs[0] = order;
    Logical *both[2] = {order, copy};
    for (i32 n = 0; n < 2; n++) {
        i32 own = both[n]->sort.key_count;
        LogicalSort *keys = make_array(p->q, LogicalSort, own + d->count);
        for (i32 i = 0; i < d->count; i++)
            keys[i].key = planning_ref(p, ids[i]);
        for (i32 i = 0; i < own; i++) {
            keys[d->count + i] = both[n]->sort.keys[i];
            keys[d->count + i].key = with_domain(d, keys[d->count + i].key, ids);
        }
        both[n]->sort.keys = keys;
        both[n]->sort.key_count = own + d->count;
    }
    return copy;
}

static Logical *push(const Domain *d, Logical *node, i32 *ids)
{
    stack_check(d->p->q);
    if (!tree_uses_outer(d->p, node, d->outer))
        return logical_join(d->p, INNER_JOIN, read_domain(d, ids), node, NULL, 0);
    switch (node->kind) {
    case LOGICAL_FILTER:
        return push_over(d, node, ids);
    case LOGICAL_PROJECT:
        return push_project(d, node, ids);
    case LOGICAL_AGGREGATE:
        return push_aggregate(d, node, ids);
    case LOGICAL_JOIN:
        return push_join(d, node, ids);
    case LOGICAL_SORT:
        return push(d, node->inputs[0], ids);
    case LOGICAL_LIMIT:
        return push_limit(d, node, ids);
    case LOGICAL_DISTINCT_ON:
        return push_distinct_on(d, node, ids);
    case LOGICAL_SET:
        return push_set(d, node, ids);
    case LOGICAL_VALUES:
        return push_values(d, node, ids);
    case LOGICAL_FUNCTION:
        return push_function(d, node, ids);
    case LOGICAL_GET:
    case LOGICAL_CTE:
    case LOGICAL_APPLY:
        break;
    }
    verify(!"correlated leaf");
    unreachable();
}

/* Adds a common table expression made by the planner; returns its number. */
static i32 add_cte(Planning *p, Logical *node)
{
    i32 number = p->cte_count++;
    Logical **all = make_array(p->q, Logical *, p->cte_count);
    for (i32 i = 0; i < number; i++)
        all[i] = p->ctes[i];
    all[number] = node;
    p->ctes = all;
    i32 **outputs = make_array(p->q, i32 *, p->cte_count);
    for (i32 i = 0; i < number; i++)
        outputs[i] = p->cte_outputs[i];
    p->cte_outputs = outputs;
    return number;
}

/* The left side again, under its own ids. */
static Logical *left_again(const Domain *d)
{
    Planning *p = d->p;
    i32 first;
    Logical *left = read_left(d, &first);
    Logical *project = logical_new(p, LOGICAL_PROJECT, left, NULL);
    project->project.count = d->cte_count;
    project->project.columns = make_array(p->q, LogicalColumn, d->cte_count);
    for (i32 i = 0; i < d->cte_count; i++)
        project->project.columns[i] = (LogicalColumn){d->cte_ids[i], planning_ref(p, first + i)};
    return project;
}

static Logical *unnest_by_domain(Planning *p, const Logical *apply, const ColumnSet *outer)
{
    ColumnSet used = logical_free(p, apply->inputs[1]);
    ColumnSet have = logical_columns(p, apply->inputs[0]);
    ColumnSet left_free = logical_free(p, apply->inputs[0]);
    Domain d = {.p = p, .outer = outer};
    if (!set_is_empty(&left_free))
        fail_domain(&d, "this form of nesting");
    if (apply->join.type == RIGHT_JOIN || apply->join.type == FULL_JOIN)
        query_fail(p->q, E_INVALID_COLUMN_REFERENCE,
                   "invalid reference to FROM-clause entry: the combining JOIN type must be INNER "
                   "or LEFT for a LATERAL reference");
    d.columns = make_array(p->q, i32, p->column_count);
    d.cte_ids = make_array(p->q, i32, p->column_count);
    i32 known = p->column_count;
    for (i32 id = 0; id < known; id++) {
        if (!set_has(&have, id))
            continue;
        d.cte_ids[d.cte_count++] = id;
        if (set_has(&used, id))
            d.columns[d.count++] = id;
    }
    d.cte = add_cte(p, apply->inputs[0]);
    p->cte_outputs[d.cte] = d.cte_ids;
    i32 *ids = make_array(p->q, i32, d.count);
    Logical *right = push(&d, apply->inputs[1], ids);
    Logical *join = logical_new(p, LOGICAL_JOIN, left_again(&d), right);
    join->join = apply->join;
    add_null_keys(&d, join, d.columns, ids);
    return join;
}

/* ---- the walk ---- */

static Logical *unnest_apply(Planning *p, Logical *apply)
{
    ColumnSet outer = logical_columns(p, apply->inputs[0]);
    if (!tree_uses_outer(p, apply->inputs[1], &outer))
        return join_from_apply(p, apply, apply->inputs[1], (ExprList){NULL, 0});
    Logical *join = unnest_by_pulling(p, apply, &outer);
    if (!join)
        join = unnest_scalar_aggregate(p, apply, &outer);
    return join ? join : unnest_by_domain(p, apply, &outer);
}

Logical *logical_unnest(Planning *p, Logical *node)
{
    stack_check(p->q);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            node->inputs[i] = logical_unnest(p, node->inputs[i]);
    return node->kind == LOGICAL_APPLY ? unnest_apply(p, node) : node;
}
