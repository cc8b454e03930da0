/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared subplans: what a statement computes twice is computed once. Two subtrees are the same when
 * they have the same shape over the same relations and equal expressions, column ids aside; the
 * first becomes a common table expression, both become readers of it that give out the columns
 * under the ids known so far.
 *
 * It pays where much is read for few rows (a join or a grouping that keeps a quarter of what its
 * relations hold): the rows are written to memory, and runtime filters from above no longer reach
 * the scans below. The pass comes last, so that filters and join orders have settled.
 */
#include "planner/pass.h"

enum { NODES_MAX = 256 };
static const f64 ROWS_READ_MIN = 10000, READ_PER_ROW_MIN = 4;

typedef struct Sharing {
    Planning *p;
    Logical **slots[NODES_MAX]; /* where each node hangs, in pre-order */
    i32 ends[NODES_MAX];        /* number behind the last node below it */
    i32 count;
    i32 *partner; /* of a column of the second subtree, in the first; -1: none */
} Sharing;

static void collect(Sharing *s, Logical **slot)
{
    stack_check(s->p->q);
    i32 number = s->count;
    if (number == NODES_MAX)
        return;
    s->slots[s->count++] = slot;
    for (i32 i = 0; i < 2; i++)
        if ((*slot)->inputs[i])
            collect(s, &(*slot)->inputs[i]);
    s->ends[number] = s->count;
}

/* ---- the same? ---- */

static Expr *to_partner(void *state, Query *q, Expr *expr)
{
    const Sharing *s = state;
    if (expr->kind != EXPR_COLUMN || s->partner[expr->column] < 0)
        return NULL;
    return expr_column(q, s->partner[expr->column], expr->type, expr->lane, expr->offset);
}

static bool same_expr(const Sharing *s, const Expr *a, Expr *b)
{
    Query *q = s->p->q;
    return !expr_has_flags(q, a, VOLATILE | SERIAL) &&
           expr_equal(q, a, expr_rewrite(q, b, to_partner, (void *)s)); /* only read */
}

static bool same_list(const Sharing *s, const ExprList *a, const ExprList *b)
{
    bool same = a->count == b->count;
    for (i32 i = 0; same && i < a->count; i++)
        same = same_expr(s, a->items[i], b->items[i]);
    return same;
}

static bool same_columns(const Sharing *s, const LogicalColumn *a, i32 count_a,
                         const LogicalColumn *b, i32 count_b)
{
    if (count_a != count_b)
        return false;
    for (i32 i = 0; i < count_a; i++) {
        if (!same_expr(s, a[i].expr, b[i].expr))
            return false;
        s->partner[b[i].id] = a[i].id;
    }
    return true;
}

static bool same_get(const Sharing *s, const Logical *a, const Logical *b)
{
    const BoundFrom *x = a->get.from, *y = b->get.from;
    if (x->relation->oid != y->relation->oid || x->column_count != y->column_count ||
        a->get.row_id >= 0 || b->get.row_id >= 0)
        return false;
    for (i32 i = 0; i < x->column_count; i++)
        s->partner[y->first_column + i] = x->first_column + i;
    return same_list(s, &a->get.filters, &b->get.filters);
}

static bool same_join(const Sharing *s, const Logical *a, const Logical *b)
{
    bool mark = a->join.type == MARK_JOIN;
    if (a->join.type != b->join.type || a->join.null_aware != b->join.null_aware ||
        a->join.null_equal != b->join.null_equal ||
        !same_list(s, &a->join.conditions, &b->join.conditions) ||
        !same_list(s, &a->join.null_keys, &b->join.null_keys))
        return false;
    if (mark)
        s->partner[b->join.mark] = a->join.mark;
    return true;
}

static bool same_tree(const Sharing *s, const Logical *a, const Logical *b)
{
    stack_check(s->p->q);
    if (a->kind != b->kind)
        return false;
    for (i32 i = 0; i < 2; i++)
        if (!a->inputs[i] != !b->inputs[i] ||
            (a->inputs[i] && !same_tree(s, a->inputs[i], b->inputs[i])))
            return false;
    switch (a->kind) {
    case LOGICAL_GET:
        return same_get(s, a, b);
    case LOGICAL_FILTER:
        return same_list(s, &a->filter, &b->filter);
    case LOGICAL_PROJECT:
        return same_columns(s, a->project.columns, a->project.count, b->project.columns,
                            b->project.count);
    case LOGICAL_JOIN:
        return same_join(s, a, b);
    case LOGICAL_AGGREGATE:
        return same_columns(s, a->aggregate.keys, a->aggregate.key_count, b->aggregate.keys,
                            b->aggregate.key_count) &&
               same_columns(s, a->aggregate.calls, a->aggregate.call_count, b->aggregate.calls,
                            b->aggregate.call_count);
    case LOGICAL_VALUES:
    case LOGICAL_FUNCTION:
    case LOGICAL_CTE:
    case LOGICAL_PROJECT_SET:
    case LOGICAL_APPLY:
    case LOGICAL_DISTINCT_ON:
    case LOGICAL_SORT:
    case LOGICAL_LIMIT:
    case LOGICAL_SET:
        return false;
    }
    unreachable();
}

/* ---- worth it? ---- */

static f64 rows_read(const Logical *node)
{
    if (node->kind == LOGICAL_GET)
        return node->get.statistics ? node->get.statistics->rows : 0;
    f64 rows = 0;
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            rows += rows_read(node->inputs[i]);
    return rows;
}

static bool pays(Planning *p, Logical *node)
{
    if (node->kind != LOGICAL_JOIN && node->kind != LOGICAL_AGGREGATE)
        return false;
    f64 read = rows_read(node);
    estimate_rows(p, node);
    return read >= ROWS_READ_MIN && read >= node->rows * READ_PER_ROW_MIN;
}

/* ---- sharing ---- */

static void add_slot_columns(void *state, Planning *p, Expr **slot)
{
    add_expr_columns(p, *slot, state);
}

/* Columns that are used anywhere but below the two subtrees. */
static void add_used_outside(Planning *p, Logical *node, const Logical *a, const Logical *b,
                             ColumnSet *used)
{
    stack_check(p->q);
    if (node == a || node == b)
        return;
    logical_exprs(p, node, add_slot_columns, used);
    for (i32 i = 0; node->kind == LOGICAL_SET && i < node->set.count; i++) {
        set_add(used, node->set.left_ids[i]);
        set_add(used, node->set.right_ids[i]);
    }
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            add_used_outside(p, node->inputs[i], a, b, used);
}

/* A reader of the common table expression that gives out ids[0..count). */
static Logical *reader_of(Planning *p, i32 number, const i32 *outputs, const i32 *ids, i32 count,
                          f64 rows)
{
    Logical *cte = logical_new(p, LOGICAL_CTE, NULL, NULL);
    cte->cte.number = number;
    cte->cte.first_column = p->column_count;
    cte->cte.column_count = count;
    cte->rows = rows;
    for (i32 i = 0; i < count; i++) {
        BoundColumn column = p->columns[outputs[i]];
        p->columns[planning_column(p, column.name, column.type, column.lane)] = column;
    }
    Logical *project = logical_new(p, LOGICAL_PROJECT, cte, NULL);
    project->rows = rows;
    project->project.count = count;
    project->project.columns = make_array(p->q, LogicalColumn, count);
    for (i32 i = 0; i < count; i++)
        project->project.columns[i] =
            (LogicalColumn){ids[i], planning_ref(p, cte->cte.first_column + i)};
    return project;
}

static Logical *shared_of(Planning *p, Logical *a, const i32 *ids, i32 count, i32 *outputs)
{
    Logical *project = logical_new(p, LOGICAL_PROJECT, a, NULL);
    project->rows = a->rows;
    project->project.count = count;
    project->project.columns = make_array(p->q, LogicalColumn, count);
    for (i32 i = 0; i < count; i++) {
        BoundColumn column = p->columns[ids[i]];
        outputs[i] = planning_column(p, column.name, column.type, column.lane);
        p->columns[outputs[i]] = column;
        project->project.columns[i] = (LogicalColumn){outputs[i], planning_ref(p, ids[i])};
    }
    return project;
}

/* Replaces the subtrees at two slots, which are the same. */
static void share(Sharing *s, Logical *root, const ColumnSet *wanted, Logical **first,
                  Logical **second)
{
    Planning *p = s->p;
    Logical *a = *first, *b = *second;
    ColumnSet used = set_new(p), have = logical_columns(p, b);
    set_union(&used, wanted);
    add_used_outside(p, root, a, b, &used);
    i32 known = p->column_count, count = 0;
    i32 *ids = make_array(p->q, i32, known), *others = make_array(p->q, i32, known);
    i32 *outputs = make_array(p->q, i32, known);
    for (i32 id = 0; id < known; id++) {
        if (!set_has(&have, id) || !(set_has(&used, id) || set_has(&used, s->partner[id])))
            continue;
        ids[count] = s->partner[id];
        others[count++] = id;
    }
    if (count == 0)
        return; /* a bare count: nothing to keep rows by */
    i32 number = planning_cte(p, shared_of(p, a, ids, count, outputs));
    p->cte_outputs[number] = outputs;
    *first = reader_of(p, number, outputs, ids, count, a->rows);
    *second = reader_of(p, number, outputs, others, count, a->rows);
}

/* Finds the largest two subtrees that are the same and shares them. */
static bool share_one(Sharing *s, Logical *root, const ColumnSet *wanted)
{
    for (i32 i = 1; i < s->count; i++) {
        if (!pays(s->p, *s->slots[i]))
            continue;
        for (i32 j = s->ends[i]; j < s->count; j++) {
            s->partner = make_array(s->p->q, i32, s->p->column_count);
            memset(s->partner, 0xff, (size_t)s->p->column_count * sizeof(i32));
            if (!same_tree(s, *s->slots[i], *s->slots[j]))
                continue;
            i32 before = s->p->cte_count;
            share(s, root, wanted, s->slots[i], s->slots[j]);
            return s->p->cte_count > before;
        }
    }
    return false;
}

Logical *pass_shared(Planning *p, Logical *root, const ColumnSet *wanted)
{
    Sharing s = {.p = p};
    do {
        s.count = 0;
        collect(&s, &root);
    } while (s.count < NODES_MAX && share_one(&s, root, wanted));
    return root;
}
