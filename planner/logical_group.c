/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows that count as the same: the keys of GROUP BY and DISTINCT, UNION, INTERSECT and EXCEPT.
 *
 * Values of bpchar without a length are the same whatever blanks stand behind them, but each shows
 * its own. They are grouped by what they are without blanks, and a group shows the value of its
 * first row, as PostgreSQL's hash tables do.
 */
#include "functions/function.h"
#include "planner/bind.h"
#include "planner/logical.h"

Logical *logical_union_all(Planning *p, Logical *left, Logical *right, const i32 *ids,
                           const i32 *left_ids, const i32 *right_ids, i32 count)
{
    Logical *node = logical_new(p, LOGICAL_SET, left, right);
    node->set.operation = LOGICAL_UNION;
    node->set.all = true;
    node->set.ids = ids;
    node->set.left_ids = left_ids;
    node->set.right_ids = right_ids;
    node->set.count = count;
    return node;
}

Expr *logical_key(Planning *p, i32 id)
{
    return bpchar_stripped(p->q, planning_ref(p, id));
}

Logical *logical_aggregate(Planning *p, i32 keys, i32 calls)
{
    Logical *node = logical_new(p, LOGICAL_AGGREGATE, NULL, NULL);
    node->aggregate.keys = make_array(p->q, LogicalColumn, keys);
    node->aggregate.calls = make_array(p->q, LogicalColumn, keys + calls);
    return node;
}

static Expr *first_of_group(Planning *p, Expr *expr)
{
    Expr *call = make(p->q, Expr);
    *call = (Expr){.kind = EXPR_AGGREGATE, .offset = expr->offset};
    call->type = expr->type;
    call->lane = expr->lane;
    call->aggregate.row = aggregate_first_bpchar();
    call->aggregate.args = expr_list(p->q, &expr, 1);
    return call;
}

i32 logical_group_by(Planning *p, Logical *node, i32 id, Expr *expr)
{
    Expr *key = bpchar_stripped(p->q, expr);
    if (key != expr) {
        node->aggregate.calls[node->aggregate.call_count++] =
            (LogicalColumn){id, first_of_group(p, expr)};
        id = planning_column(p, TEXT(""), key->type, key->lane);
    }
    node->aggregate.keys[node->aggregate.key_count++] = (LogicalColumn){id, key};
    return id;
}

/* *keys: the columns the rows are compared by. */
static Logical *distinct_with_keys(Planning *p, Logical *input, const i32 *ids, i32 count,
                                   i32 *keys)
{
    Logical *node = logical_aggregate(p, count, 0);
    node->inputs[0] = input;
    for (i32 i = 0; i < count; i++)
        keys[i] = logical_group_by(p, node, ids[i], planning_ref(p, ids[i]));
    return node;
}

Logical *logical_distinct(Planning *p, Logical *input, const i32 *ids, i32 count)
{
    return distinct_with_keys(p, input, ids, count, make_array(p->q, i32, count));
}

static bool shows_blanks(Planning *p, const i32 *ids, i32 count)
{
    for (i32 i = 0; i < count; i++)
        if (logical_key(p, ids[i])->kind != EXPR_COLUMN)
            return true;
    return false;
}

/* The side with its columns as they are compared: *ids become theirs. */
static Logical *side_as_keys(Planning *p, Logical *side, i32 *ids, i32 count)
{
    Logical *project = logical_new(p, LOGICAL_PROJECT, side, NULL);
    project->project.columns = make_array(p->q, LogicalColumn, count);
    project->project.count = count;
    for (i32 i = 0; i < count; i++) {
        Expr *key = logical_key(p, ids[i]);
        ids[i] = planning_column(p, p->columns[ids[i]].name, key->type, key->lane);
        project->project.columns[i] = (LogicalColumn){ids[i], key};
    }
    return project;
}

/* INTERSECT and EXCEPT over such values: the different rows of the left side that the right side
 * has, or has not. */
static Logical *set_as_join(Planning *p, LogicalSetKind kind, SetSides *sides, const i32 *ids)
{
    i32 count = sides->count, *keys = make_array(p->q, i32, count);
    Logical *left = distinct_with_keys(p, sides->left, sides->left_ids, count, keys);
    Logical *right = side_as_keys(p, sides->right, sides->right_ids, count);
    Logical *join = logical_new(p, LOGICAL_JOIN, left, right);
    join->join.type = kind == LOGICAL_INTERSECT ? SEMI_JOIN : ANTI_JOIN;
    join->join.null_keys = (ExprList){make_array(p->q, Expr *, 2 * count), 2 * count};
    Logical *project = logical_new(p, LOGICAL_PROJECT, join, NULL);
    project->project.columns = make_array(p->q, LogicalColumn, count);
    project->project.count = count;
    for (i32 i = 0; i < count; i++) {
        join->join.null_keys.items[2 * i] = planning_ref(p, keys[i]);
        join->join.null_keys.items[2 * i + 1] = planning_ref(p, sides->right_ids[i]);
        project->project.columns[i] = (LogicalColumn){ids[i], planning_ref(p, sides->left_ids[i])};
    }
    return project;
}

Logical *logical_set_operation(Planning *p, LogicalSetKind kind, bool all, SetSides *sides,
                               const i32 *ids)
{
    i32 count = sides->count;
    if (shows_blanks(p, sides->left_ids, count) || shows_blanks(p, sides->right_ids, count)) {
        if (!all)
            return set_as_join(p, kind, sides, ids);
        sides->left = side_as_keys(p, sides->left, sides->left_ids, count);
        sides->right = side_as_keys(p, sides->right, sides->right_ids, count);
    }
    Logical *node = logical_union_all(p, sides->left, sides->right, ids, sides->left_ids,
                                      sides->right_ids, count);
    node->set.operation = kind;
    node->set.all = all;
    return node;
}
