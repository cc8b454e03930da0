/* SPDX-License-Identifier: Apache-2.0
 *
 * Making logical nodes, sets of column ids, and the walks every pass needs.
 */
#include "planner/logical.h"

/* ---- columns ---- */

i32 planning_column(Planning *p, Text name, Type type, Lane lane)
{
    make_room(p->q, p->columns, p->column_count, &p->column_capacity);
    p->columns[p->column_count] = (BoundColumn){.name = name, .type = type, .lane = lane};
    return p->column_count++;
}

Expr *planning_ref(Planning *p, i32 column)
{
    const BoundColumn *own = &p->columns[column];
    return expr_column(p->q, column, own->type, own->lane, -1);
}

/* ---- nodes ---- */

i32 planning_cte(Planning *p, Logical *node)
{
    i32 number = p->cte_count++;
    Logical **all = make_array(p->q, Logical *, p->cte_count);
    for (i32 i = 0; i < number; i++)
        all[i] = p->ctes[i];
    all[number] = node;
    p->ctes = all;
    i32 **outputs = make_array(p->q, i32 *, p->cte_count);
    ColumnSet *outer = make_array(p->q, ColumnSet, p->cte_count);
    for (i32 i = 0; i < number; i++) {
        outputs[i] = p->cte_outputs[i];
        outer[i] = p->cte_free[i];
    }
    outer[number] = logical_free(p, node);
    p->cte_outputs = outputs;
    p->cte_free = outer;
    return number;
}

Logical *planning_cte_ref(Planning *p, i32 number, i32 column_count)
{
    Logical *node = logical_new(p, LOGICAL_CTE, NULL, NULL);
    node->cte.number = number;
    node->cte.column_count = column_count;
    node->cte.first_column = p->column_count;
    for (i32 i = 0; i < column_count; i++) {
        BoundColumn column = p->columns[p->cte_outputs[number][i]];
        planning_column(p, column.name, column.type, column.lane);
    }
    return node;
}

Expr *planning_same(Planning *p, i32 a, i32 b)
{
    Expr *same = make(p->q, Expr);
    *same = (Expr){.kind = EXPR_DISTINCT, .offset = -1};
    same->type = type_of(TYPE_BOOL);
    same->lane = lane_of(LANE_BOOL);
    same->pair.left = planning_ref(p, a);
    same->pair.right = planning_ref(p, b);
    same->pair.negated = true;
    return same;
}

Logical *logical_new(Planning *p, LogicalKind kind, Logical *left, Logical *right)
{
    Logical *node = make(p->q, Logical);
    node->kind = kind;
    node->inputs[0] = left;
    node->inputs[1] = right;
    node->rows = -1;
    if (kind == LOGICAL_JOIN || kind == LOGICAL_APPLY)
        node->join.mark = -1;
    if (kind == LOGICAL_GET)
        node->get.row_id = -1;
    return node;
}

Logical *logical_filter(Planning *p, Logical *input, Expr *const *conjuncts, i32 count)
{
    if (count == 0)
        return input;
    ExprList list = expr_list(p->q, conjuncts, count);
    if (input->kind == LOGICAL_FILTER) {
        input->filter = list_concat(p, input->filter, list);
        return input;
    }
    Logical *node = logical_new(p, LOGICAL_FILTER, input, NULL);
    node->filter = list;
    return node;
}

Logical *logical_join(Planning *p, JoinType type, Logical *left, Logical *right,
                      Expr *const *conditions, i32 count)
{
    Logical *node = logical_new(p, LOGICAL_JOIN, left, right);
    node->join.type = type;
    node->join.conditions = expr_list(p->q, conditions, count);
    return node;
}

static bool is_true(const Expr *expr)
{
    return expr->kind == EXPR_CONSTANT && !expr->constant.null && expr->constant.boolean;
}

ExprList split_conjuncts(Planning *p, Expr *expr)
{
    ExprList list = {NULL, 0};
    if (!expr || is_true(expr))
        return list;
    if (expr->kind != EXPR_AND)
        return expr_list(p->q, &expr, 1);
    list.items = make_array(p->q, Expr *, expr->items.count);
    for (i32 i = 0; i < expr->items.count; i++)
        if (!is_true(expr->items.items[i]))
            list.items[list.count++] = expr->items.items[i];
    return list;
}

ExprList list_concat(Planning *p, ExprList a, ExprList b)
{
    ExprList list = {make_array(p->q, Expr *, a.count + b.count), 0};
    for (i32 i = 0; i < a.count; i++)
        list.items[list.count++] = a.items[i];
    for (i32 i = 0; i < b.count; i++)
        list.items[list.count++] = b.items[i];
    return list;
}

/* ---- sets ---- */

ColumnSet set_new(Planning *p)
{
    i32 words = (p->column_count + 63) / 64 + 16; /* room for columns passes will make */
    return (ColumnSet){make_array(p->q, u64, words), words};
}

void set_add(ColumnSet *set, i32 id)
{
    verify(id >= 0 && id / 64 < set->word_count);
    set->words[id / 64] |= (u64)1 << id % 64;
}

bool set_has(const ColumnSet *set, i32 id)
{
    return id / 64 < set->word_count && (set->words[id / 64] >> id % 64 & 1);
}

void set_union(ColumnSet *set, const ColumnSet *other)
{
    for (i32 i = 0; i < other->word_count; i++) {
        if (!other->words[i])
            continue;
        verify(i < set->word_count);
        set->words[i] |= other->words[i];
    }
}

bool set_intersects(const ColumnSet *a, const ColumnSet *b)
{
    for (i32 i = 0; i < a->word_count && i < b->word_count; i++)
        if (a->words[i] & b->words[i])
            return true;
    return false;
}

bool set_contains(const ColumnSet *all, const ColumnSet *part)
{
    for (i32 i = 0; i < part->word_count; i++) {
        u64 have = i < all->word_count ? all->words[i] : 0;
        if (part->words[i] & ~have)
            return false;
    }
    return true;
}

bool set_is_empty(const ColumnSet *set)
{
    for (i32 i = 0; i < set->word_count; i++)
        if (set->words[i])
            return false;
    return true;
}

static bool add_column(void *state, const Expr *expr)
{
    if (expr->kind == EXPR_COLUMN)
        set_add(state, expr->column);
    return false;
}

void add_expr_columns(Planning *p, const Expr *expr, ColumnSet *set)
{
    expr_any(p->q, expr, add_column, set);
}

ColumnSet expr_columns(Planning *p, const Expr *expr)
{
    ColumnSet set = set_new(p);
    add_expr_columns(p, expr, &set);
    return set;
}

static void add_range(ColumnSet *set, i32 first, i32 count)
{
    for (i32 i = 0; i < count; i++)
        set_add(set, first + i);
}

static void add_join_columns(Planning *p, const Logical *node, ColumnSet *set)
{
    add_logical_columns(p, node->inputs[0], set);
    switch (node->join.type) {
    case INNER_JOIN:
    case LEFT_JOIN:
    case RIGHT_JOIN:
    case FULL_JOIN:
    case SINGLE_JOIN:
        add_logical_columns(p, node->inputs[1], set);
        return;
    case MARK_JOIN:
        set_add(set, node->join.mark);
        return;
    case SEMI_JOIN:
    case ANTI_JOIN:
    case NULL_ANTI_JOIN:
    case RIGHT_SEMI_JOIN: /* never in a Logical */
    case RIGHT_ANTI_JOIN:
        return;
    }
}

/* Of a dropped column nothing is known, not even the lane in which its values lie. */
static void add_get_columns(const Logical *node, ColumnSet *set)
{
    const BoundFrom *from = node->get.from;
    for (i32 i = 0; i < from->column_count; i++)
        if (!from->relation->columns[i].dropped)
            set_add(set, from->first_column + i);
    if (node->get.row_id >= 0)
        set_add(set, node->get.row_id);
}

void add_logical_columns(Planning *p, const Logical *node, ColumnSet *set)
{
    stack_check(p->q);
    switch (node->kind) {
    case LOGICAL_GET:
        add_get_columns(node, set);
        return;
    case LOGICAL_VALUES:
        for (i32 i = 0; i < node->values.id_count; i++)
            set_add(set, node->values.ids[i]);
        return;
    case LOGICAL_FUNCTION:
        if (node->inputs[0])
            add_logical_columns(p, node->inputs[0], set);
        add_range(set, node->function.first_column, 1 + node->function.ordinality);
        return;
    case LOGICAL_PROJECT_SET:
        add_logical_columns(p, node->inputs[0], set);
        for (i32 i = 0; i < node->project.count; i++)
            set_add(set, node->project.columns[i].id);
        return;
    case LOGICAL_CTE:
        add_range(set, node->cte.first_column, node->cte.column_count);
        return;
    case LOGICAL_PROJECT:
        for (i32 i = 0; i < node->project.count; i++)
            set_add(set, node->project.columns[i].id);
        return;
    case LOGICAL_JOIN:
    case LOGICAL_APPLY:
        add_join_columns(p, node, set);
        return;
    case LOGICAL_AGGREGATE:
        for (i32 i = 0; i < node->aggregate.key_count; i++)
            set_add(set, node->aggregate.keys[i].id);
        for (i32 i = 0; i < node->aggregate.call_count; i++)
            set_add(set, node->aggregate.calls[i].id);
        return;
    case LOGICAL_SET:
        for (i32 i = 0; i < node->set.count; i++)
            set_add(set, node->set.ids[i]);
        return;
    case LOGICAL_FILTER:
    case LOGICAL_DISTINCT_ON:
    case LOGICAL_SORT:
    case LOGICAL_LIMIT:
        add_logical_columns(p, node->inputs[0], set);
        return;
    }
}

ColumnSet logical_columns(Planning *p, const Logical *node)
{
    ColumnSet set = set_new(p);
    add_logical_columns(p, node, &set);
    return set;
}

/* ---- walking ---- */

static void visit_list(Planning *p, ExprList *list, void (*visit)(void *, Planning *, Expr **),
                       void *state)
{
    for (i32 i = 0; i < list->count; i++)
        visit(state, p, &list->items[i]);
}

static void visit_columns(Planning *p, LogicalColumn *columns, i32 count,
                          void (*visit)(void *, Planning *, Expr **), void *state)
{
    for (i32 i = 0; i < count; i++)
        visit(state, p, &columns[i].expr);
}

void logical_exprs(Planning *p, Logical *node, void (*visit)(void *state, Planning *p, Expr **slot),
                   void *state)
{
    switch (node->kind) {
    case LOGICAL_GET:
        visit_list(p, &node->get.filters, visit, state);
        return;
    case LOGICAL_VALUES:
        for (i32 i = 0; i < node->values.row_count; i++)
            visit_list(p, &node->values.rows[i], visit, state);
        return;
    case LOGICAL_FUNCTION:
        visit_list(p, &node->function.args, visit, state);
        return;
    case LOGICAL_FILTER:
        visit_list(p, &node->filter, visit, state);
        return;
    case LOGICAL_PROJECT:
    case LOGICAL_PROJECT_SET:
        visit_columns(p, node->project.columns, node->project.count, visit, state);
        return;
    case LOGICAL_JOIN:
    case LOGICAL_APPLY:
        visit_list(p, &node->join.conditions, visit, state);
        visit_list(p, &node->join.null_keys, visit, state);
        return;
    case LOGICAL_AGGREGATE:
        visit_columns(p, node->aggregate.keys, node->aggregate.key_count, visit, state);
        visit_columns(p, node->aggregate.calls, node->aggregate.call_count, visit, state);
        return;
    case LOGICAL_DISTINCT_ON:
    case LOGICAL_SORT:
    case LOGICAL_LIMIT:
        for (i32 i = 0; i < node->sort.key_count; i++)
            visit(state, p, &node->sort.keys[i].key);
        if (node->sort.limit)
            visit(state, p, &node->sort.limit);
        if (node->sort.offset)
            visit(state, p, &node->sort.offset);
        return;
    case LOGICAL_CTE:
    case LOGICAL_SET:
        return;
    }
}

static void add_slot_columns(void *state, Planning *p, Expr **slot)
{
    add_expr_columns(p, *slot, state);
}

static void add_used(Planning *p, const Logical *node, ColumnSet *set)
{
    stack_check(p->q);
    logical_exprs(p, (Logical *)node, add_slot_columns, set); /* slots are only read */
    if (node->kind == LOGICAL_CTE)
        set_union(set, &p->cte_free[node->cte.number]);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            add_used(p, node->inputs[i], set);
}

static void add_made(Planning *p, const Logical *node, ColumnSet *set)
{
    add_logical_columns(p, node, set);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            add_made(p, node->inputs[i], set);
}

ColumnSet logical_made(Planning *p, const Logical *node)
{
    ColumnSet made = set_new(p);
    add_made(p, node, &made);
    return made;
}

ColumnSet logical_free(Planning *p, const Logical *node)
{
    ColumnSet used = set_new(p), made = set_new(p);
    add_used(p, node, &used);
    add_made(p, node, &made);
    for (i32 i = 0; i < used.word_count; i++)
        used.words[i] &= ~made.words[i];
    return used;
}

static void note_volatile(void *state, Planning *p, Expr **slot)
{
    *(bool *)state |= expr_has_flags(p->q, *slot, VOLATILE);
}

bool logical_is_volatile(Planning *p, const Logical *node)
{
    bool found = false;
    stack_check(p->q);
    logical_exprs(p, (Logical *)node, note_volatile, &found); /* slots are only read */
    if (node->kind == LOGICAL_CTE && !set_is_empty(&p->cte_free[node->cte.number]))
        found |= logical_is_volatile(p, p->ctes[node->cte.number]);
    for (i32 i = 0; i < 2 && !found; i++)
        found = node->inputs[i] && logical_is_volatile(p, node->inputs[i]);
    return found;
}

typedef struct Replacement {
    const i32 *from;
    Expr *const *to;
    i32 count;
} Replacement;

static Expr *replace_column(void *state, Query *q, Expr *expr)
{
    const Replacement *replacement = state;
    if (expr->kind != EXPR_COLUMN)
        return NULL;
    for (i32 i = 0; i < replacement->count; i++)
        if (replacement->from[i] == expr->column)
            return replacement->to[i];
    return NULL;
}

Expr *expr_replace_columns(Planning *p, Expr *expr, const i32 *from, Expr *const *to, i32 count)
{
    Replacement replacement = {from, to, count};
    return expr_rewrite(p->q, expr, replace_column, &replacement);
}

/* ---- numbers ---- */

Logical *logical_number_rows(Planning *p, Logical *node, i32 *number)
{
    static const FunctionRow counter = {.name = "row_counter",
                                        .sql_name = "row_counter",
                                        .result = TYPE_INT8,
                                        .operation = OP_ROW_COUNTER,
                                        .flags = STRICT | VOLATILE | SERIAL};
    ColumnSet have = logical_columns(p, node);
    i32 known = p->column_count;
    Expr *count = expr_call(p->q, &counter, NULL, 0, type_of(TYPE_INT8), -1);
    Logical *project = logical_new(p, LOGICAL_PROJECT, node, NULL);
    project->project.columns = make_array(p->q, LogicalColumn, known + 1);
    for (i32 id = 0; id < known; id++)
        if (set_has(&have, id))
            project->project.columns[project->project.count++] =
                (LogicalColumn){id, planning_ref(p, id)};
    *number = planning_column(p, TEXT("number"), count->type, count->lane);
    project->project.columns[project->project.count++] = (LogicalColumn){*number, count};
    return project;
}

void columns_like(Planning *p, const i32 *like, i32 count, i32 *ids)
{
    for (i32 i = 0; i < count; i++) {
        BoundColumn column = p->columns[like[i]];
        ids[i] = planning_column(p, column.name, column.type, column.lane);
    }
}

/* ---- checking ---- */

typedef struct Check {
    ColumnSet known;
} Check;

static void check_slot(void *state, Planning *p, Expr **slot)
{
    ColumnSet used = expr_columns(p, *slot);
    const Check *check = state;
    verify(set_contains(&check->known, &used));
}

void logical_verify(Planning *p, const Logical *node)
{
    stack_check(p->q);
    Check check = {set_new(p)};
    for (i32 i = 0; i < 2; i++) {
        if (!node->inputs[i])
            continue;
        logical_verify(p, node->inputs[i]);
        add_logical_columns(p, node->inputs[i], &check.known);
    }
    if (node->kind == LOGICAL_GET)
        add_logical_columns(p, node, &check.known);
    logical_exprs(p, (Logical *)node, check_slot, &check); /* slots are only read */
}
