/* SPDX-License-Identifier: Apache-2.0
 *
 * The general way of unnesting (Neumann and Kemper, Unnesting Arbitrary Queries, BTW 2015): the set
 * of distinct outer values (the domain) is joined into the inner side at its leaves and travels up
 * as extra columns; aggregates and runs of rows gain them as keys, and the outer side joins on them
 * with IS NOT DISTINCT FROM. An aggregate without keys gives a row even for nothing: the domain is
 * left-joined to it and counts become 0 (the COUNT bug).
 *
 * The domain is read from the outer side, which becomes a common table expression for that. Where
 * the inner side is volatile, the domain has a row for each outer row: its number is one of the
 * columns. A common table expression of the inner side that uses outer columns itself is made once,
 * for the whole domain, and read by each of its readers with the domain's columns.
 */
#include "planner/unnest.h"

/* A common table expression that uses outer columns, with the domain in it. */
typedef struct PushedCte {
    i32 number, pushed;
    struct PushedCte *next;
} PushedCte;

typedef struct Domain {
    Planning *p;
    const ColumnSet *outer;
    i32 *columns; /* the outer columns that are used inside */
    i32 count;
    i32 cte;      /* number of the common table expression of the left side */
    i32 *cte_ids; /* its outputs, by position */
    i32 cte_count;
    bool per_row;     /* the inner side is volatile */
    PushedCte **ctes; /* those met so far */
} Domain;

/* Must the domain be joined in below? */
static bool needs_domain(const Domain *d, const Logical *node)
{
    return tree_uses_outer(d->p, node, d->outer) || (d->per_row && logical_is_volatile(d->p, node));
}

/* A reference to the left side with fresh ids; *first: the first of them. */
static Logical *read_left(const Domain *d, i32 *first)
{
    Logical *node = planning_cte_ref(d->p, d->cte, d->cte_count);
    *first = node->cte.first_column;
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

static Logical *push_cte(const Domain *d, const Logical *node, i32 *ids);

/* The rows of a pushed common table expression that belong to the domain's values. */
static Logical *rebind_cte(const Rebind *rebind, const Logical *node)
{
    const Domain *d = rebind->domain;
    i32 *own = make_array(d->p->q, i32, d->count);
    Logical *read = push_cte(d, node, own);
    Expr **same = make_array(d->p->q, Expr *, d->count);
    for (i32 i = 0; i < d->count; i++)
        same[i] = planning_same(d->p, own[i], rebind->ids[i]);
    return logical_filter(d->p, read, same, d->count);
}

/* A copy of a tree with the outer columns replaced throughout. */
static Logical *rebind_tree(const Rebind *rebind, const Logical *node)
{
    Planning *p = rebind->domain->p;
    stack_check(p->q);
    if (!tree_uses_outer(p, node, rebind->domain->outer))
        return (Logical *)node; /* nobody changes what is shared: it has nothing to rebind */
    if (node->kind == LOGICAL_CTE)
        return rebind_cte(rebind, node);
    Logical *copy = logical_shell(p, node);
    logical_exprs(p, copy, rebind_slot, (void *)rebind); /* only read */
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            copy->inputs[i] = rebind_tree(rebind, node->inputs[i]);
    return copy;
}

/* node with the domain joined in; ids receives the ids of the domain's columns in its output. */
static Logical *push(const Domain *d, Logical *node, i32 *ids);

static Logical *push_over(const Domain *d, Logical *node, i32 *ids)
{
    Logical *copy = logical_shell(d->p, node);
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

static Expr *coalesce(Planning *p, Expr *const *items, i32 count)
{
    Expr *expr = make(p->q, Expr);
    *expr = (Expr){.kind = EXPR_COALESCE, .offset = -1};
    expr->type = items[0]->type;
    expr->lane = items[0]->lane;
    expr->items = expr_list(p->q, items, count);
    return expr;
}

static Expr *coalesce_zero(Planning *p, Expr *count)
{
    Value zero = {.lane = count->lane};
    Expr *items[2] = {count, expr_constant(p->q, count->type, &zero, -1)};
    return coalesce(p, items, 2);
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

static void swap_null_keys(ExprList *pairs)
{
    for (i32 i = 0; i + 1 < pairs->count; i += 2) {
        Expr *left = pairs->items[i];
        pairs->items[i] = pairs->items[i + 1];
        pairs->items[i + 1] = left;
    }
}

/* Every row of a full join has the domain's values of the side that is there. */
static Logical *full_join_domain(const Domain *d, Logical *join, i32 *ids, const i32 *right_ids)
{
    Planning *p = d->p;
    ColumnSet have = logical_columns(p, join);
    i32 known = p->column_count;
    Logical *project = logical_new(p, LOGICAL_PROJECT, join, NULL);
    project->project.columns = make_array(p->q, LogicalColumn, known + d->count);
    for (i32 id = 0; id < known; id++)
        if (set_has(&have, id))
            project->project.columns[project->project.count++] =
                (LogicalColumn){id, planning_ref(p, id)};
    for (i32 i = 0; i < d->count; i++) {
        Expr *sides[2] = {planning_ref(p, ids[i]), planning_ref(p, right_ids[i])};
        Expr *either = coalesce(p, sides, 2);
        ids[i] = planning_column(p, p->columns[ids[i]].name, either->type, either->lane);
        project->project.columns[project->project.count++] = (LogicalColumn){ids[i], either};
    }
    return project;
}

static Logical *push_join(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    bool in_left = needs_domain(d, node->inputs[0]);
    bool in_right = needs_domain(d, node->inputs[1]);
    bool only_right = node->join.type == INNER_JOIN && in_right && !in_left;
    bool full = node->join.type == FULL_JOIN;
    Logical *copy = logical_shell(p, node);
    i32 *right_ids = make_array(p->q, i32, d->count);
    if (copy->join.type == RIGHT_JOIN) { /* the preserved side to the left */
        copy->join.type = LEFT_JOIN;
        copy->inputs[0] = node->inputs[1];
        copy->inputs[1] = node->inputs[0];
        in_right = in_left;
        swap_null_keys(&copy->join.null_keys);
    }
    if (!only_right)
        copy->inputs[0] = push(d, copy->inputs[0], ids);
    if (in_right || full)
        copy->inputs[1] = push(d, copy->inputs[1], only_right ? ids : right_ids);
    Rebind rebind = {d, ids};
    logical_exprs(p, copy, rebind_slot, &rebind);
    if ((in_right || full) && !only_right)
        add_null_keys(d, copy, ids, right_ids);
    return full ? full_join_domain(d, copy, ids, right_ids) : copy;
}

/* A sub-query inside that is not unnested yet: its left side gets the domain, and what its right
 * side used of it is found there. Then it can be unnested itself. */
static Logical *push_apply(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    Logical *copy = logical_shell(p, node);
    copy->inputs[0] = push(d, node->inputs[0], ids);
    Rebind rebind = {d, ids};
    logical_exprs(p, copy, rebind_slot, &rebind);
    copy->inputs[1] = rebind_tree(&rebind, node->inputs[1]);
    return unnest_apply(p, copy);
}

static Logical *push_set(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    i32 total = node->set.count + d->count;
    i32 *left_ids = make_array(p->q, i32, d->count), *right_ids = make_array(p->q, i32, d->count);
    Logical *copy = logical_shell(p, node);
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

/* One row of VALUES for each domain value; outputs: the ids its columns get. */
static Logical *push_values_row(const Domain *d, const ExprList *row, const i32 *outputs, i32 *ids)
{
    Planning *p = d->p;
    Logical *project = logical_new(p, LOGICAL_PROJECT, read_domain(d, ids), NULL);
    project->project.count = row->count + d->count;
    project->project.columns = make_array(p->q, LogicalColumn, project->project.count);
    for (i32 i = 0; i < row->count; i++)
        project->project.columns[i] =
            (LogicalColumn){outputs[i], with_domain(d, row->items[i], ids)};
    for (i32 i = 0; i < d->count; i++)
        project->project.columns[row->count + i] = (LogicalColumn){ids[i], planning_ref(p, ids[i])};
    return project;
}

/* VALUES rows that use outer columns: a projection of the domain each, appended. */
static Logical *push_values(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    i32 own = node->values.id_count, total = own + d->count, rows = node->values.row_count;
    Logical *all = NULL;
    i32 *all_ids = NULL;
    for (i32 r = 0; r < rows; r++) {
        i32 *row_ids = make_array(p->q, i32, total);
        if (rows == 1)
            memcpy(row_ids, node->values.ids, (size_t)own * sizeof *row_ids);
        else
            columns_like(p, node->values.ids, own, row_ids);
        Logical *row = push_values_row(d, &node->values.rows[r], row_ids, row_ids + own);
        if (!all) {
            all = row;
            all_ids = row_ids;
            continue;
        }
        i32 *set_ids = make_array(p->q, i32, total);
        columns_like(p, row_ids, total, set_ids);
        if (r == rows - 1)
            memcpy(set_ids, node->values.ids, (size_t)own * sizeof *set_ids);
        all = logical_union_all(p, all, row, set_ids, all_ids, row_ids, total);
        all_ids = set_ids;
    }
    memcpy(ids, all_ids + own, (size_t)d->count * sizeof *ids);
    return all;
}

static Logical *push_function(const Domain *d, Logical *node, i32 *ids)
{
    Logical *copy = logical_shell(d->p, node);
    if (node->inputs[0])
        return push_over(d, node, ids);
    copy->inputs[0] = read_domain(d, ids);
    Rebind rebind = {d, ids};
    logical_exprs(d->p, copy, rebind_slot, &rebind);
    return copy;
}

/* The domain's columns in front of the keys of a node. */
static void add_domain_keys(const Domain *d, Logical *node, const i32 *ids)
{
    i32 own = node->sort.key_count;
    LogicalSort *keys = make_array(d->p->q, LogicalSort, own + d->count);
    for (i32 i = 0; i < d->count; i++)
        keys[i].key = planning_ref(d->p, ids[i]);
    for (i32 i = 0; i < own; i++) {
        keys[d->count + i] = node->sort.keys[i];
        keys[d->count + i].key = with_domain(d, keys[d->count + i].key, ids);
    }
    node->sort.keys = keys;
    node->sort.key_count = own + d->count;
}

/* LIMIT and OFFSET read the domain's columns, too. */
static void bind_bounds(const Domain *d, Logical *node, i32 *ids)
{
    Expr **bounds[2] = {&node->sort.limit, &node->sort.offset};
    for (i32 i = 0; i < 2; i++)
        if (*bounds[i])
            *bounds[i] = with_domain(d, *bounds[i], ids);
}

/* What a node that counts rows reads, sorted by the domain first. Locks that stand between them are
 * handed to the caller; NULL: there are none. */
static Logical *push_runs(const Domain *d, Logical *input, i32 *ids, Logical **locks)
{
    Planning *p = d->p;
    bool locked = input->kind == LOGICAL_LIMIT && input->sort.locks;
    Logical *sorted = locked ? input->inputs[0] : input;
    bool has_sort = sorted->kind == LOGICAL_SORT && !sorted->sort.limit;
    Logical *sort = has_sort ? logical_shell(p, sorted) : logical_new(p, LOGICAL_SORT, NULL, NULL);
    sort->inputs[0] = push(d, has_sort ? sorted->inputs[0] : sorted, ids);
    add_domain_keys(d, sort, ids);
    *locks = locked ? logical_shell(p, input) : NULL;
    return sort;
}

/* Must rows be locked before they are counted? Those that are held elsewhere may be skipped, and
 * OFFSET passes over rows that are locked all the same. */
static bool locks_first(const Logical *limit, const Logical *locks)
{
    for (i32 i = 0; i < locks->sort.key_count; i++)
        if (locks->sort.locks[i].wait == LOCK_SKIP)
            return true;
    return limit->sort.offset != NULL;
}

/* LIMIT per domain value: the first rows of each in the order of ORDER BY. */
static Logical *push_limit(const Domain *d, Logical *node, i32 *ids)
{
    Planning *p = d->p;
    if (!node->sort.limit && !node->sort.offset)
        return push(d, node->inputs[0], ids);
    Logical *locks, *sort = push_runs(d, node->inputs[0], ids, &locks);
    Logical *first = logical_shell(p, node);
    first->kind = LOGICAL_DISTINCT_ON;
    first->inputs[0] = sort;
    first->sort.tie_count = node->sort.with_ties ? node->sort.key_count : 0;
    first->sort.key_count = first->sort.tie_count;
    add_domain_keys(d, first, ids);
    bind_bounds(d, first, ids);
    if (!locks)
        return first;
    bool before = locks_first(node, locks);
    locks->inputs[0] = before ? sort : first;
    if (before)
        first->inputs[0] = locks;
    return before ? first : locks;
}

/* Runs of rows: sorted by the domain first, each run within one domain value. */
static Logical *push_distinct_on(const Domain *d, Logical *node, i32 *ids)
{
    Logical *locks, *copy = logical_shell(d->p, node);
    copy->inputs[0] = push_runs(d, node->inputs[0], ids, &locks);
    if (locks) {
        locks->inputs[0] = copy->inputs[0];
        copy->inputs[0] = locks;
    }
    add_domain_keys(d, copy, ids);
    bind_bounds(d, copy, ids);
    return copy;
}

/* The number of the common table expression with the domain's columns behind its own. */
static i32 pushed_cte(const Domain *d, i32 number, i32 column_count)
{
    Planning *p = d->p;
    for (const PushedCte *known = *d->ctes; known; known = known->next)
        if (known->number == number)
            return known->pushed;
    i32 *ids = make_array(p->q, i32, d->count);
    Logical *rows = push(d, p->ctes[number], ids);
    PushedCte *made = make(p->q, PushedCte);
    *made = (PushedCte){number, planning_cte(p, rows), *d->ctes};
    *d->ctes = made;
    i32 *outputs = make_array(p->q, i32, column_count + d->count);
    for (i32 i = 0; i < column_count + d->count; i++)
        outputs[i] = i < column_count ? p->cte_outputs[number][i] : ids[i - column_count];
    p->cte_outputs[made->pushed] = outputs;
    return made->pushed;
}

static Logical *push_cte(const Domain *d, const Logical *node, i32 *ids)
{
    Planning *p = d->p;
    i32 own = node->cte.column_count, count = own + d->count;
    Logical *read = planning_cte_ref(p, pushed_cte(d, node->cte.number, own), count);
    Logical *project = logical_new(p, LOGICAL_PROJECT, read, NULL);
    project->project.count = count;
    project->project.columns = make_array(p->q, LogicalColumn, count);
    for (i32 i = 0; i < count; i++) {
        i32 from = read->cte.first_column + i;
        bool domain = i >= own;
        if (domain)
            ids[i - own] = planning_column(p, p->columns[from].name, p->columns[from].type,
                                           p->columns[from].lane);
        i32 to = domain ? ids[i - own] : node->cte.first_column + i;
        project->project.columns[i] = (LogicalColumn){to, planning_ref(p, from)};
    }
    return project;
}

static Logical *push(const Domain *d, Logical *node, i32 *ids)
{
    stack_check(d->p->q);
    if (!needs_domain(d, node))
        return logical_join(d->p, INNER_JOIN, read_domain(d, ids), node, NULL, 0);
    switch (node->kind) {
    case LOGICAL_FILTER:
    case LOGICAL_PROJECT_SET:
    case LOGICAL_SORT: /* string_agg may stand above */
        return push_over(d, node, ids);
    case LOGICAL_PROJECT:
        return push_project(d, node, ids);
    case LOGICAL_AGGREGATE:
        return push_aggregate(d, node, ids);
    case LOGICAL_JOIN:
        return push_join(d, node, ids);
    case LOGICAL_LIMIT: /* rows that no outer row asks for are not locked */
        return node->sort.locks ? push_over(d, node, ids) : push_limit(d, node, ids);
    case LOGICAL_DISTINCT_ON:
        return push_distinct_on(d, node, ids);
    case LOGICAL_SET:
        return push_set(d, node, ids);
    case LOGICAL_VALUES:
        return push_values(d, node, ids);
    case LOGICAL_FUNCTION:
        return push_function(d, node, ids);
    case LOGICAL_APPLY:
        return push_apply(d, node, ids);
    case LOGICAL_CTE:
        return push_cte(d, node, ids);
    case LOGICAL_GET:
        break;
    }
    verify(!"correlated leaf");
    unreachable();
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

/* The right side; EXISTS over rows that are locked stops at the first of them. */
static Logical *first_locked(Planning *p, const Logical *apply)
{
    Logical *right = apply->inputs[1];
    JoinType type = apply->join.type;
    bool exists = type == SEMI_JOIN || type == ANTI_JOIN || type == MARK_JOIN;
    if (!exists || apply->join.conditions.count || right->kind != LOGICAL_LIMIT ||
        !right->sort.locks)
        return right;
    Value one = {.lane = lane_of(LANE_I64), .integer = 1};
    Logical *limit = logical_new(p, LOGICAL_LIMIT, right, NULL);
    limit->sort.limit = expr_constant(p->q, type_of(TYPE_INT8), &one, -1);
    return limit;
}

Logical *unnest_by_domain(Planning *p, const Logical *apply, const ColumnSet *outer)
{
    ColumnSet used = logical_free(p, apply->inputs[1]);
    ColumnSet left_free = logical_free(p, apply->inputs[0]);
    PushedCte *ctes = NULL;
    Domain d = {.p = p, .outer = outer, .ctes = &ctes};
    d.per_row = logical_is_volatile(p, apply->inputs[1]);
    Logical *left = apply->inputs[0];
    i32 number;
    if (d.per_row) {
        left = logical_number_rows(p, left, &number);
        set_add(&used, number);
    }
    ColumnSet have = logical_columns(p, left);
    verify(set_is_empty(&left_free));
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
    d.cte = planning_cte(p, left);
    p->cte_outputs[d.cte] = d.cte_ids;
    i32 *ids = make_array(p->q, i32, d.count);
    Logical *right = push(&d, first_locked(p, apply), ids);
    Logical *join = logical_new(p, LOGICAL_JOIN, left_again(&d), right);
    join->join = apply->join;
    add_null_keys(&d, join, d.columns, ids);
    return join;
}
