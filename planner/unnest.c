/* SPDX-License-Identifier: Apache-2.0
 *
 * Unnesting: every APPLY becomes a join, from the innermost outwards.
 *
 * Three ways, the first that fits: (1) nothing is correlated: a plain join; (2) what is correlated
 * are filters that can be pulled up to the join's condition, or, under an aggregate without keys,
 * equalities whose inner sides become its group keys; (3) the general way with a domain
 * (unnest_domain.c). What is computed above pulled filters meets rows that no outer row asks for:
 * where it may raise it is computed above the join instead, or the third way is taken. An APPLY
 * that needs a domain but whose left side itself uses columns from further out stays until the
 * APPLY around it has brought those columns to it. What may give something else for each outer row
 * goes the general way, for each of them apart.
 */
#include "planner/unnest.h"
#include "expressions/eval.h"

/* ---- pulling filters up ---- */

typedef struct Pull {
    Planning *p;
    const ColumnSet *outer; /* columns of the left side */
    ExprList pulled;        /* conjuncts that use them */
    bool exists;            /* only whether there is a row matters */
    bool ordered;           /* an aggregate above takes the rows in the order they come */
    const Logical *top;     /* a projection whose columns may be computed late; NULL: none */
    LogicalColumn *late;    /* those that are: above the join */
    i32 late_count;
} Pull;

static bool uses_outer(const Pull *pull, const Expr *expr)
{
    ColumnSet used = expr_columns(pull->p, expr);
    return set_intersects(&used, pull->outer);
}

bool tree_uses_outer(Planning *p, const Logical *node, const ColumnSet *outer)
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

/* The columns of the projection that are computed where it stands; false: this way does not fit. */
static bool pull_columns(Pull *pull, const Logical *node, bool pulled, LogicalColumn *columns,
                         i32 *count)
{
    Planning *p = pull->p;
    if (node == pull->top)
        pull->late = make_array(p->q, LogicalColumn, node->project.count);
    for (i32 i = 0; i < node->project.count; i++) {
        const LogicalColumn *column = &node->project.columns[i];
        bool raises = pulled && expr_has_flags(p->q, column->expr, FAILS);
        bool outer = uses_outer(pull, column->expr);
        if (!raises && !outer)
            columns[(*count)++] = *column;
        else if (pull->exists)
            continue;
        else if (!outer && node == pull->top)
            pull->late[pull->late_count++] = *column;
        else
            return false;
    }
    return true;
}

/* A copy of the projection that also passes the input columns that what is pulled needs. */
static Logical *pull_project(Pull *pull, Logical *node)
{
    Planning *p = pull->p;
    i32 before = pull->pulled.count, count = 0;
    Logical *input = pull_up(pull, node->inputs[0]);
    if (!input)
        return NULL;
    i32 capacity = node->project.count + p->column_count;
    LogicalColumn *columns = make_array(p->q, LogicalColumn, capacity);
    if (!pull_columns(pull, node, pull->pulled.count > before, columns, &count))
        return NULL;
    ColumnSet have = logical_columns(p, input), needed = set_new(p);
    for (i32 i = 0; i < pull->pulled.count; i++)
        add_expr_columns(p, pull->pulled.items[i], &needed);
    for (i32 i = 0; i < pull->late_count; i++)
        add_expr_columns(p, pull->late[i].expr, &needed);
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

static Logical *pull_sort(Pull *pull, Logical *node)
{
    Logical *input = pull_up(pull, node->inputs[0]);
    if (!input || !pull->ordered)
        return input;
    for (i32 i = 0; i < node->sort.key_count; i++)
        if (uses_outer(pull, node->sort.keys[i].key))
            return NULL;
    Logical *sort = logical_shell(pull->p, node);
    sort->inputs[0] = input;
    return sort;
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
        return pull_sort(pull, node);
    case LOGICAL_LIMIT:
        if (node->sort.locks) /* a filter above would let more rows be locked */
            return NULL;
        return pull->exists && limit_keeps_one(node) ? pull_up(pull, node->inputs[0]) : NULL;
    case LOGICAL_AGGREGATE: /* DISTINCT */
        if (pull->exists && node->aggregate.call_count == 0 && node->aggregate.key_count > 0)
            return pull_up(pull, node->inputs[0]);
        return NULL;
    case LOGICAL_GET:
    case LOGICAL_VALUES:
    case LOGICAL_FUNCTION:
    case LOGICAL_PROJECT_SET:
    case LOGICAL_CTE:
    case LOGICAL_APPLY:
    case LOGICAL_DISTINCT_ON:
    case LOGICAL_SET:
        return NULL;
    }
    unreachable();
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

/* pulled conditions in front of the comparisons of ANY, which must stay last. */
static Logical *join_from_apply(Planning *p, const Logical *apply, Logical *right, ExprList pulled)
{
    Logical *join = logical_new(p, LOGICAL_JOIN, apply->inputs[0], right);
    join->join = apply->join;
    join->join.conditions = list_concat(p, pulled, apply->join.conditions);
    return join;
}

/* Is it NULL, and nothing raised, in a row that an outer join made up? */
static bool null_when_missing(Planning *p, const Expr *expr)
{
    ColumnSet used = expr_columns(p, expr);
    return !set_is_empty(&used) && expr_is_strict(p->q, expr);
}

/* TRUE in every row of the right side, added to its projection. */
static i32 add_marker(Planning *p, Logical *right)
{
    Value yes = {.lane = lane_of(LANE_BOOL), .boolean = true};
    i32 marker = planning_column(p, TEXT("found"), type_of(TYPE_BOOL), yes.lane);
    LogicalColumn *columns = make_array(p->q, LogicalColumn, right->project.count + 1);
    for (i32 i = 0; i < right->project.count; i++)
        columns[i] = right->project.columns[i];
    columns[right->project.count++] =
        (LogicalColumn){marker, expr_constant(p->q, type_of(TYPE_BOOL), &yes, -1)};
    right->project.columns = columns;
    return marker;
}

/* A projection that passes the columns on, with room for more. */
static Logical *project_all(Planning *p, Logical *input, const ColumnSet *columns, i32 more)
{
    Logical *project = logical_new(p, LOGICAL_PROJECT, input, NULL);
    project->project.columns = make_array(p->q, LogicalColumn, p->column_count + more);
    for (i32 id = 0; id < p->column_count; id++)
        if (set_has(columns, id))
            project->project.columns[project->project.count++] =
                (LogicalColumn){id, planning_ref(p, id)};
    return project;
}

/* The join with what is computed late above it; right: the projection they are from. */
static Logical *compute_late(const Pull *pull, const Logical *apply, Logical *right)
{
    Planning *p = pull->p;
    Expr **values = make_array(p->q, Expr *, pull->late_count);
    i32 marker = -1;
    for (i32 i = 0; i < pull->late_count; i++) {
        Expr *expr = values[i] = pull->late[i].expr;
        if (apply->join.type == INNER_JOIN || null_when_missing(p, expr))
            continue;
        if (marker < 0)
            marker = add_marker(p, right);
        values[i] =
            case_when_null(p, planning_ref(p, marker), expr_null(p->q, expr->type, -1), expr);
    }
    Logical *join = join_from_apply(p, apply, right, pull->pulled);
    ColumnSet columns = logical_columns(p, join);
    Logical *project = project_all(p, join, &columns, pull->late_count);
    for (i32 i = 0; i < pull->late_count; i++)
        project->project.columns[project->project.count++] =
            (LogicalColumn){pull->late[i].id, values[i]};
    return project;
}

static Logical *unnest_by_pulling(Planning *p, const Logical *apply, const ColumnSet *outer)
{
    JoinType type = apply->join.type;
    bool boolean = type == SEMI_JOIN || type == ANTI_JOIN || type == MARK_JOIN;
    bool late = (type == INNER_JOIN || type == LEFT_JOIN || type == SINGLE_JOIN) &&
                apply->join.conditions.count == 0;
    Pull pull = {.p = p, .outer = outer};
    pull.exists = boolean && apply->join.conditions.count == 0;
    pull.top = late && apply->inputs[1]->kind == LOGICAL_PROJECT ? apply->inputs[1] : NULL;
    Logical *right = pull_up(&pull, apply->inputs[1]);
    if (!right)
        return NULL;
    return pull.late_count ? compute_late(&pull, apply, right)
                           : join_from_apply(p, apply, right, pull.pulled);
}

/* ---- an aggregate without keys under pulled equalities ---- */

bool is_count(const Expr *call)
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

static bool is_null_constant(const Expr *expr)
{
    return expr->kind == EXPR_CONSTANT && expr->constant.null;
}

/* Can the aggregates be made for rows that no outer row asks for? *ordered: one of them takes its
 * rows in the order they come. */
static bool calls_fit(const Pull *pull, const Logical *aggregate, bool *ordered)
{
    for (i32 i = 0; i < aggregate->aggregate.call_count; i++) {
        const Expr *call = aggregate->aggregate.calls[i].expr;
        if (uses_outer(pull, call) || expr_has_flags(pull->p->q, call, FAILS))
            return false;
        *ordered |= call->aggregate.row->operation == OP_STRING_AGG &&
                    call->aggregate.order_count == 0 && !call->aggregate.distinct;
    }
    return true;
}

/* The sub-query's value for each group, beside the keys. */
static Logical *group_values(Planning *p, Logical *grouped, i32 id, Expr *value)
{
    Logical *values = logical_new(p, LOGICAL_PROJECT, grouped, NULL);
    values->project.count = 1 + grouped->aggregate.key_count;
    values->project.columns = make_array(p->q, LogicalColumn, values->project.count);
    values->project.columns[0] = (LogicalColumn){id, value};
    for (i32 i = 0; i < grouped->aggregate.key_count; i++) {
        i32 key = grouped->aggregate.keys[i].id;
        values->project.columns[i + 1] = (LogicalColumn){key, planning_ref(p, key)};
    }
    return values;
}

/* The outer side joined with the groups, which are unique in their keys; output: the column with
 * the value. What raises, and what is not NULL over no rows, stands above the join. */
static Logical *join_groups(const Pull *pull, const Logical *apply, Logical *grouped,
                            LogicalColumn output, Expr *empty)
{
    Planning *p = pull->p;
    bool raises = expr_has_flags(p->q, output.expr, FAILS), null = is_null_constant(empty);
    const BoundColumn like = p->columns[output.id];
    i32 below = null ? output.id : planning_column(p, like.name, like.type, like.lane);
    Logical *right = raises ? grouped : group_values(p, grouped, below, output.expr);
    Logical *join = join_from_apply(p, apply, right, pull->pulled);
    join->join.type = LEFT_JOIN;
    if (null && !raises)
        return join;
    Expr *value = raises ? output.expr : planning_ref(p, below);
    if (!null || !null_when_missing(p, value))
        value = case_when_null(p, planning_ref(p, grouped->aggregate.keys[0].id), empty, value);
    ColumnSet left = logical_columns(p, apply->inputs[0]);
    Logical *project = project_all(p, join, &left, 1);
    project->project.columns[project->project.count++] = (LogicalColumn){output.id, value};
    return project;
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
    Pull pull = {.p = p, .outer = outer};
    if (uses_outer(&pull, project->project.columns[0].expr) ||
        !calls_fit(&pull, aggregate, &pull.ordered))
        return NULL;
    Logical *input = pull_up(&pull, aggregate->inputs[0]);
    Logical *grouped = make(p->q, Logical);
    *grouped = *aggregate;
    if (!input || pull.pulled.count == 0 || !group_by_equalities(&pull, grouped, input))
        return NULL;
    Expr *empty = default_of(p, project, aggregate, 0);
    return join_groups(&pull, apply, grouped, project->project.columns[0], empty);
}

/* ---- the walk ---- */

Logical *unnest_apply(Planning *p, Logical *apply)
{
    ColumnSet outer = logical_columns(p, apply->inputs[0]);
    if (!tree_uses_outer(p, apply->inputs[1], &outer))
        return join_from_apply(p, apply, apply->inputs[1], (ExprList){NULL, 0});
    if (!logical_is_volatile(p, apply->inputs[1])) {
        Logical *join = unnest_by_pulling(p, apply, &outer);
        if (!join)
            join = unnest_scalar_aggregate(p, apply, &outer);
        if (join)
            return join;
    }
    ColumnSet further_out = logical_free(p, apply->inputs[0]);
    return set_is_empty(&further_out) ? unnest_by_domain(p, apply, &outer) : apply;
}

Logical *logical_unnest(Planning *p, Logical *node)
{
    stack_check(p->q);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            node->inputs[i] = logical_unnest(p, node->inputs[i]);
    return node->kind == LOGICAL_APPLY ? unnest_apply(p, node) : node;
}
