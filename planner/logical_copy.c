/* SPDX-License-Identifier: Apache-2.0
 *
 * Copies of logical trees: a node alone, or a whole tree that makes columns of its own, so that
 * both may stand in one statement.
 */
#include "planner/logical.h"

Logical *logical_shell(Planning *p, const Logical *node)
{
    Logical *copy = make(p->q, Logical);
    *copy = *node;
    copy->rows = -1;
    switch (node->kind) {
    case LOGICAL_FILTER:
        copy->filter = expr_list(p->q, node->filter.items, node->filter.count);
        break;
    case LOGICAL_PROJECT:
    case LOGICAL_PROJECT_SET:
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
    case LOGICAL_VALUES:
        copy->values.rows = make_array(p->q, ExprList, node->values.row_count);
        for (i32 i = 0; i < node->values.row_count; i++)
            copy->values.rows[i] =
                expr_list(p->q, node->values.rows[i].items, node->values.rows[i].count);
        break;
    case LOGICAL_GET:
        copy->get.filters = expr_list(p->q, node->get.filters.items, node->get.filters.count);
        break;
    case LOGICAL_CTE:
    case LOGICAL_SET:
        break;
    }
    return copy;
}

/* ---- renumbering ---- */

typedef struct Renumber {
    ColumnSet made;
    i32 shift;
} Renumber;

static i32 new_id(const Renumber *renumber, i32 id)
{
    return id >= 0 && set_has(&renumber->made, id) ? id + renumber->shift : id;
}

static const i32 *new_ids(Planning *p, const Renumber *renumber, const i32 *ids, i32 count)
{
    i32 *all = make_array(p->q, i32, count);
    for (i32 i = 0; i < count; i++)
        all[i] = new_id(renumber, ids[i]);
    return all;
}

static void new_column_ids(const Renumber *renumber, LogicalColumn *columns, i32 count)
{
    for (i32 i = 0; i < count; i++)
        columns[i].id = new_id(renumber, columns[i].id);
}

static Expr *new_column(void *state, Query *q, Expr *expr)
{
    const Renumber *renumber = state;
    if (expr->kind != EXPR_COLUMN || !set_has(&renumber->made, expr->column))
        return NULL;
    return expr_column(q, expr->column + renumber->shift, expr->type, expr->lane, expr->offset);
}

static void new_slot(void *state, Planning *p, Expr **slot)
{
    *slot = expr_rewrite(p->q, *slot, new_column, state);
}

/* The ids a copied node makes. */
static void renumber_node(Planning *p, const Renumber *renumber, Logical *copy)
{
    switch (copy->kind) {
    case LOGICAL_GET: {
        BoundFrom *from = make(p->q, BoundFrom);
        *from = *copy->get.from;
        from->first_column = new_id(renumber, from->first_column);
        copy->get.from = from;
        copy->get.row_id = new_id(renumber, copy->get.row_id);
        return;
    }
    case LOGICAL_VALUES:
        copy->values.ids = new_ids(p, renumber, copy->values.ids, copy->values.id_count);
        return;
    case LOGICAL_FUNCTION:
        copy->function.first_column = new_id(renumber, copy->function.first_column);
        return;
    case LOGICAL_CTE:
        copy->cte.first_column = new_id(renumber, copy->cte.first_column);
        return;
    case LOGICAL_PROJECT:
    case LOGICAL_PROJECT_SET:
        new_column_ids(renumber, copy->project.columns, copy->project.count);
        return;
    case LOGICAL_JOIN:
    case LOGICAL_APPLY:
        copy->join.mark = new_id(renumber, copy->join.mark);
        return;
    case LOGICAL_AGGREGATE:
        new_column_ids(renumber, copy->aggregate.keys, copy->aggregate.key_count);
        new_column_ids(renumber, copy->aggregate.calls, copy->aggregate.call_count);
        return;
    case LOGICAL_SET:
        copy->set.ids = new_ids(p, renumber, copy->set.ids, copy->set.count);
        copy->set.left_ids = new_ids(p, renumber, copy->set.left_ids, copy->set.count);
        copy->set.right_ids = new_ids(p, renumber, copy->set.right_ids, copy->set.count);
        return;
    case LOGICAL_FILTER:
    case LOGICAL_DISTINCT_ON:
    case LOGICAL_SORT:
    case LOGICAL_LIMIT:
        return;
    }
}

static Logical *renumber_tree(Planning *p, Renumber *renumber, const Logical *node)
{
    stack_check(p->q);
    Logical *copy = logical_shell(p, node);
    renumber_node(p, renumber, copy);
    logical_exprs(p, copy, new_slot, renumber);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            copy->inputs[i] = renumber_tree(p, renumber, node->inputs[i]);
    return copy;
}

Logical *logical_renumber(Planning *p, const Logical *node, i32 *shift)
{
    Renumber renumber = {logical_made(p, node), 0};
    i32 first = 0, known = p->column_count;
    while (first < known && !set_has(&renumber.made, first))
        first++;
    renumber.shift = known - first;
    for (i32 id = first; id < known; id++) { /* in one run, as relations want theirs */
        BoundColumn column = p->columns[id];
        i32 copy = planning_column(p, column.name, column.type, column.lane);
        p->columns[copy] = column;
    }
    *shift = renumber.shift;
    return renumber_tree(p, &renumber, node);
}
