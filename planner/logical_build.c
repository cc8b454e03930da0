/* SPDX-License-Identifier: Apache-2.0
 *
 * Bound to Logical: FROM to joins, the clauses of SELECT to a stack of nodes, sub-queries inside
 * expressions to APPLY nodes below the expression that uses them.
 *
 * Sub-queries by what they are and where they stand:
 *   conjunct EXISTS / IN / op ANY          SEMI_JOIN
 *   conjunct NOT EXISTS                    ANTI_JOIN
 *   conjunct NOT IN / NOT (op ANY)         NULL_ANTI_JOIN (three-valued)
 *   the same anywhere else                 MARK_JOIN, the boolean in their place
 *   op ALL                                 NOT (negated op ANY)
 *   (SELECT x)                             SINGLE_JOIN, its column in their place
 */
#include "expressions/eval.h"
#include "planner/bind.h"
#include "planner/logical.h"

static Logical *build_query(Planning *p, const BoundQuery *query);

/* ---- FROM ---- */

static bool statistics_open(Planning *p, Logical *get)
{
    const CatalogRelation *relation = get->get.from->relation;
    Relation *open;
    Error error;
    if (!relation->access->statistics)
        return false;
    if (!relation->access->open(p->view->snapshot, relation->relation, &p->q->control->budget,
                                &open, &error))
        query_rethrow(p->q, &error);
    query_defer(p->q, p->q->arena, (void (*)(void *))relation->access->close, open);
    if (!relation->access->statistics(open, &get->get.statistics, &error))
        query_rethrow(p->q, &error);
    return true;
}

/* The target of an UPDATE or DELETE also gives its row ids. */
static i32 row_id_of(const BoundModify *modify, const BoundFrom *from)
{
    bool target = modify && modify->row_id_column >= 0 && modify->source->from[0] == from;
    return target ? modify->row_id_column : -1;
}

static Logical *build_get(Planning *p, const BoundFrom *from)
{
    Logical *get = logical_new(p, LOGICAL_GET, NULL, NULL);
    get->get.from = from;
    get->get.row_id = from->has_row_id ? from->row_id : row_id_of(p->bound->modify, from);
    for (i32 i = 0; i < p->bound->cte_count && get->get.row_id < 0; i++)
        get->get.row_id = row_id_of(p->bound->ctes[i].modify, from);
    statistics_open(p, get);
    return from->sample ? logical_sample(p, get) : get;
}

/* A CTE used once, or correlated, is built in place; its outputs get the reference's ids. */
static Logical *build_cte(Planning *p, const BoundFrom *from)
{
    const BoundCte *cte = &p->bound->ctes[from->cte];
    if (p->ctes[from->cte]) {
        Logical *node = logical_new(p, LOGICAL_CTE, NULL, NULL);
        node->cte.number = from->cte;
        node->cte.first_column = from->first_column;
        node->cte.column_count = from->column_count;
        return node;
    }
    i32 shift = 0; /* of its column ids: each copy has its own */
    Logical *copy = build_query(p, cte->query);
    if (cte->references > 1)
        copy = logical_renumber(p, copy, &shift);
    Logical *project = logical_new(p, LOGICAL_PROJECT, copy, NULL);
    project->project.count = from->column_count;
    project->project.columns = make_array(p->q, LogicalColumn, from->column_count);
    for (i32 i = 0; i < from->column_count; i++) {
        i32 output = cte->query->targets[i].output + shift;
        project->project.columns[i] =
            (LogicalColumn){from->first_column + i, planning_ref(p, output)};
    }
    return project;
}

static Logical *build_function(Planning *p, const BoundFrom *from)
{
    Logical *node = logical_new(p, LOGICAL_FUNCTION, NULL, NULL);
    node->function.row = from->function;
    node->function.args = expr_list(p->q, from->args.items, from->args.count);
    node->function.first_column = from->first_column;
    node->function.ordinality = from->ordinality;
    return node;
}

static Logical *build_from(Planning *p, const BoundFrom *from);

static Logical *lower_join(Planning *p, const BoundFrom *from, Logical *left, Logical *right);

static Logical *build_join(Planning *p, const BoundFrom *from)
{
    return lower_join(p, from, build_from(p, from->left), build_from(p, from->right));
}

static Logical *build_item(Planning *p, const BoundFrom *from)
{
    switch (from->kind) {
    case FROM_RELATION:
        return build_get(p, from);
    case FROM_QUERY:
        return build_query(p, from->query);
    case FROM_CTE:
        return build_cte(p, from);
    case FROM_FUNCTION:
        return build_function(p, from);
    case FROM_JOIN:
        return build_join(p, from);
    }
    unreachable();
}

static Logical *build_from(Planning *p, const BoundFrom *from)
{
    stack_check(p->q);
    Logical *node = build_item(p, from);
    if (!from->has_present)
        return node;
    ColumnSet have = logical_columns(p, node);
    Logical *project = logical_new(p, LOGICAL_PROJECT, node, NULL);
    project->project.columns = make_array(p->q, LogicalColumn, p->column_count);
    for (i32 id = 0; id < p->column_count; id++)
        if (set_has(&have, id))
            project->project.columns[project->project.count++] =
                (LogicalColumn){id, planning_ref(p, id)};
    project->project.columns[project->project.count++] =
        (LogicalColumn){from->present, expr_boolean(p->q, true)};
    return project;
}

/* One row without columns. */
static Logical *build_one_row(Planning *p)
{
    Logical *values = logical_new(p, LOGICAL_VALUES, NULL, NULL);
    values->values.row_count = 1;
    values->values.rows = make_array(p->q, ExprList, 1);
    return values;
}

static Logical *build_from_list(Planning *p, const BoundQuery *query)
{
    if (query->from_count == 0)
        return build_one_row(p);
    Logical *node = build_from(p, query->from[0]);
    for (i32 i = 1; i < query->from_count; i++) {
        Logical *right = build_from(p, query->from[i]);
        ColumnSet outer = logical_free(p, right), have = logical_columns(p, node);
        bool lateral = set_intersects(&outer, &have);
        Logical *join = logical_new(p, lateral ? LOGICAL_APPLY : LOGICAL_JOIN, node, right);
        join->join.type = INNER_JOIN;
        node = join;
    }
    return node;
}

/* ---- sub-queries in expressions ---- */

typedef struct Lowering {
    Planning *p;
    Logical *input;          /* grows an APPLY for each sub-query met */
    const ColumnSet *hidden; /* columns below a grouping that are not grouped; NULL: none */
} Lowering;

static Expr *expr_not(Planning *p, Expr *operand)
{
    if (operand->kind == EXPR_NOT)
        return operand->operand;
    return expr_unary(p->q, EXPR_NOT, operand, type_of(TYPE_BOOL), lane_of(LANE_BOOL));
}

static bool is_subquery(void *state, const Expr *expr)
{
    return expr->kind == EXPR_SUBQUERY;
}

static bool has_subquery(Planning *p, const Expr *expr)
{
    return expr_any(p->q, expr, is_subquery, NULL);
}

typedef struct HiddenUse {
    const ColumnSet *hidden;
    const Expr *first; /* in the statement's text; NULL: none */
} HiddenUse;

static bool note_hidden(void *state, const Expr *expr)
{
    HiddenUse *use = state;
    if (expr->kind == EXPR_COLUMN && set_has(use->hidden, expr->column) &&
        (!use->first || expr->offset < use->first->offset))
        use->first = expr;
    return false;
}

static void note_hidden_in_slot(void *state, Planning *p, Expr **slot)
{
    expr_any(p->q, *slot, note_hidden, state);
}

static void note_hidden_below(HiddenUse *use, Planning *p, Logical *node)
{
    stack_check(p->q);
    logical_exprs(p, node, note_hidden_in_slot, use);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            note_hidden_below(use, p, node->inputs[i]);
}

static _Noreturn void fail_hidden(Planning *p, i32 id, i32 offset)
{
    const BoundColumn *column = &p->columns[id];
    query_fail_at(p->q, offset, E_GROUPING_ERROR,
                  "subquery uses ungrouped column \"%.*s%s%.*s\" from outer query",
                  TEXT_ARG(column->qualifier), column->qualifier.len ? "." : "",
                  TEXT_ARG(column->name));
}

/* 42803 at the first hidden column that the sub-query uses. */
static void check_hidden(const Lowering *lowering, Logical *right)
{
    Planning *p = lowering->p;
    if (!lowering->hidden)
        return;
    HiddenUse use = {lowering->hidden, NULL};
    note_hidden_below(&use, p, right);
    if (use.first)
        fail_hidden(p, use.first->column, use.first->offset);
    ColumnSet used = logical_free(p, right); /* also of common table expressions */
    for (i32 id = 0; id < p->column_count; id++)
        if (set_has(lowering->hidden, id) && set_has(&used, id))
            fail_hidden(p, id, -1);
}

static Logical *apply_node(const Lowering *lowering, JoinType type, const BoundQuery *query,
                           ExprList conditions)
{
    Planning *p = lowering->p;
    Logical *apply = logical_new(p, LOGICAL_APPLY, lowering->input, build_query(p, query));
    check_hidden(lowering, apply->inputs[1]);
    apply->join.type = type;
    apply->join.conditions = conditions;
    return apply;
}

static Expr *lower_expr(Lowering *lowering, Expr *expr);

/* The comparisons of ANY with sub-queries inside their operands lowered first. */
static ExprList lower_comparisons(Lowering *lowering, const Expr *expr)
{
    ExprList list = expr_list(lowering->p->q, expr->subquery.comparisons.items,
                              expr->subquery.comparisons.count);
    for (i32 i = 0; i < list.count; i++)
        list.items[i] = lower_expr(lowering, list.items[i]);
    return list;
}

/* A three-valued join has one compared condition: its last. */
static ExprList one_condition(Planning *p, ExprList list)
{
    if (list.count <= 1)
        return list;
    Expr *all = expr_and(p->q, list.items, list.count);
    return expr_list(p->q, &all, 1);
}

/* x op ALL (q) is NOT (x negated-op ANY (q)). */
static Expr *all_as_any(Planning *p, const Expr *all)
{
    Expr *any = make(p->q, Expr);
    *any = *all;
    any->subquery.kind = SUBQUERY_ANY;
    any->subquery.comparisons =
        expr_list(p->q, all->subquery.comparisons.items, all->subquery.comparisons.count);
    for (i32 i = 0; i < any->subquery.comparisons.count; i++)
        any->subquery.comparisons.items[i] = expr_not(p, any->subquery.comparisons.items[i]);
    if (any->subquery.comparisons.count > 1) { /* NOT (a AND b) is one condition */
        Expr *both =
            expr_and(p->q, all->subquery.comparisons.items, all->subquery.comparisons.count);
        Expr *negated = expr_not(p, both);
        any->subquery.comparisons = expr_list(p->q, &negated, 1);
    }
    return expr_not(p, any);
}

static Expr *lower_mark(Lowering *lowering, const Expr *expr)
{
    Planning *p = lowering->p;
    ExprList conditions = {NULL, 0};
    if (expr->subquery.kind == SUBQUERY_ANY)
        conditions = one_condition(p, lower_comparisons(lowering, expr));
    Logical *apply =
        apply_node(lowering, MARK_JOIN, p->bound->subqueries[expr->subquery.number], conditions);
    apply->join.mark = planning_column(p, TEXT("mark"), type_of(TYPE_BOOL), lane_of(LANE_BOOL));
    apply->join.null_aware = expr->subquery.kind == SUBQUERY_ANY;
    lowering->input = apply;
    return planning_ref(p, apply->join.mark);
}

static Expr *lower_scalar(Lowering *lowering, const Expr *expr)
{
    Planning *p = lowering->p;
    const BoundQuery *query = p->bound->subqueries[expr->subquery.number];
    i32 output = query->targets[expr->subquery.column].output;
    ColumnSet have = logical_columns(p, lowering->input);
    if (!set_has(&have, output)) /* another of its columns may have brought it in already */
        lowering->input = apply_node(lowering, SINGLE_JOIN, query, (ExprList){NULL, 0});
    return planning_ref(p, output);
}

/* The comparison with the columns of the only row, which are NULL when there is none. */
static Expr *lower_row(Lowering *lowering, const Expr *expr)
{
    ExprList comparisons = lower_comparisons(lowering, expr);
    const BoundQuery *query = lowering->p->bound->subqueries[expr->subquery.number];
    lowering->input = apply_node(lowering, SINGLE_JOIN, query, (ExprList){NULL, 0});
    return comparisons.items[0];
}

static Expr *lower_one(void *state, Query *q, Expr *expr)
{
    Lowering *lowering = state;
    if (expr->kind != EXPR_SUBQUERY)
        return NULL;
    switch (expr->subquery.kind) {
    case SUBQUERY_SCALAR:
        return lower_scalar(lowering, expr);
    case SUBQUERY_ROW:
        return lower_row(lowering, expr);
    case SUBQUERY_EXISTS:
    case SUBQUERY_ANY:
        return lower_mark(lowering, expr);
    case SUBQUERY_ALL:
        return lower_expr(lowering, all_as_any(lowering->p, expr));
    }
    unreachable();
}

static Expr *lower_expr(Lowering *lowering, Expr *expr)
{
    if (!has_subquery(lowering->p, expr))
        return expr;
    return expr_rewrite(lowering->p->q, expr, lower_one, lowering);
}

/* A conjunct that is a sub-query by itself becomes a semi or anti join: true when it did. */
static bool lower_conjunct_join(Lowering *lowering, const Expr *conjunct)
{
    Planning *p = lowering->p;
    bool negated = conjunct->kind == EXPR_NOT;
    const Expr *expr = negated ? conjunct->operand : conjunct;
    if (expr->kind != EXPR_SUBQUERY || expr->subquery.kind == SUBQUERY_SCALAR ||
        expr->subquery.kind == SUBQUERY_ROW)
        return false;
    if (expr->subquery.kind == SUBQUERY_ALL) {
        Expr *as_any = all_as_any(p, expr);
        return lower_conjunct_join(lowering, negated ? as_any->operand : as_any);
    }
    const BoundQuery *query = p->bound->subqueries[expr->subquery.number];
    ExprList conditions = {NULL, 0};
    JoinType type = negated ? ANTI_JOIN : SEMI_JOIN;
    if (expr->subquery.kind == SUBQUERY_ANY) {
        conditions = lower_comparisons(lowering, expr);
        type = negated ? NULL_ANTI_JOIN : SEMI_JOIN;
        if (negated)
            conditions = one_condition(p, conditions);
    }
    lowering->input = apply_node(lowering, type, query, conditions);
    lowering->input->join.null_aware = type == NULL_ANTI_JOIN;
    return true;
}

static Logical *build_filter(Planning *p, Logical *input, Expr *condition, const ColumnSet *hidden)
{
    ExprList conjuncts = split_conjuncts(p, condition);
    Expr **plain = make_array(p->q, Expr *, conjuncts.count);
    i32 count = 0;
    for (i32 i = 0; i < conjuncts.count; i++) /* cheap filters below the joins of sub-queries */
        if (!has_subquery(p, conjuncts.items[i]))
            plain[count++] = conjuncts.items[i];
    Lowering lowering = {p, logical_filter(p, input, plain, count), hidden};
    count = 0;
    for (i32 i = 0; i < conjuncts.count; i++) {
        if (!has_subquery(p, conjuncts.items[i]))
            continue;
        if (!lower_conjunct_join(&lowering, conjuncts.items[i]))
            plain[count++] = lower_expr(&lowering, conjuncts.items[i]);
    }
    return logical_filter(p, lowering.input, plain, count);
}

Logical *logical_one_row(Planning *p, i32 column, Expr *value)
{
    Lowering lowering = {p, build_one_row(p), NULL};
    Expr *lowered = lower_expr(&lowering, value);
    Logical *project = logical_new(p, LOGICAL_PROJECT, lowering.input, NULL);
    project->project.count = 1;
    project->project.columns = make_array(p->q, LogicalColumn, 1);
    project->project.columns[0] = (LogicalColumn){column, lowered};
    return project;
}

/* ---- sub-queries in ON ---- */

/* A conjunct of an outer join: its sub-query runs below the join, on the one side it uses. NULL: it
 * uses both. */
static Expr *lower_on_side(Planning *p, Expr *conjunct, Logical **left, Logical **right)
{
    Logical **sides[2] = {right, left};
    for (i32 s = 0; s < 2; s++) {
        Lowering lowering = {p, *sides[s], NULL};
        Expr *lowered = lower_expr(&lowering, conjunct);
        ColumnSet outer = logical_free(p, lowering.input),
                  other = logical_columns(p, *sides[1 - s]);
        if (set_intersects(&outer, &other))
            continue;
        *sides[s] = lowering.input;
        return lowered;
    }
    return NULL;
}

/* The rows of kept, each with those of the other side that pass, or none of which does. */
static Logical *apply_over_both(Planning *p, JoinType type, Logical *kept, Logical *other,
                                ExprList plain, Expr *over_both)
{
    Logical *filtered = build_filter(p, other, over_both, NULL);
    Logical *apply = logical_new(p, LOGICAL_APPLY, kept, filtered);
    apply->join.type = type;
    apply->join.conditions = plain;
    return apply;
}

/* The rows of a CTE under the ids they have in its query. */
static Logical *cte_again(Planning *p, i32 number, i32 count)
{
    Logical *read = planning_cte_ref(p, number, count);
    Logical *project = logical_new(p, LOGICAL_PROJECT, read, NULL);
    project->project.count = count;
    project->project.columns = make_array(p->q, LogicalColumn, count);
    for (i32 i = 0; i < count; i++)
        project->project.columns[i] =
            (LogicalColumn){p->cte_outputs[number][i], planning_ref(p, read->cte.first_column + i)};
    return project;
}

static i32 *set_ids(Planning *p, const ColumnSet *set, i32 *count)
{
    i32 *ids = make_array(p->q, i32, p->column_count);
    *count = 0;
    for (i32 id = 0; id < p->column_count; id++)
        if (set_has(set, id))
            ids[(*count)++] = id;
    return ids;
}

/* A side of a full join; the last of its columns numbers its rows. */
typedef struct JoinSide {
    i32 cte, *ids, count, number;
} JoinSide;

static JoinSide side_apart(Planning *p, Logical *node)
{
    JoinSide side = {.cte = 0};
    Logical *rows = logical_number_rows(p, node, &side.number);
    ColumnSet have = logical_columns(p, rows);
    side.cte = planning_cte(p, rows);
    side.ids = set_ids(p, &have, &side.count);
    verify(side.ids[side.count - 1] == side.number);
    p->cte_outputs[side.cte] = side.ids;
    return side;
}

/* Rows with the columns of one side as columns of both: the other's are NULL. */
static Logical *null_extended(Planning *p, Logical *rows, const JoinSide *sides, i32 kept,
                              i32 shift, i32 *fresh)
{
    i32 count = sides[0].count + sides[1].count;
    Logical *project = logical_new(p, LOGICAL_PROJECT, rows, NULL);
    project->project.count = count;
    project->project.columns = make_array(p->q, LogicalColumn, count);
    for (i32 i = 0; i < count; i++) {
        i32 s = i >= sides[0].count, id = sides[s].ids[i - (s ? sides[0].count : 0)];
        BoundColumn column = p->columns[id];
        Value null = value_null(column.lane);
        fresh[i] = planning_column(p, column.name, column.type, column.lane);
        Expr *value =
            s == kept ? planning_ref(p, id + shift) : expr_constant(p->q, column.type, &null, -1);
        project->project.columns[i] = (LogicalColumn){fresh[i], value};
    }
    return project;
}

/* left.x = right.y, which PostgreSQL wants of the condition of a full join. */
static bool has_equality(Planning *p, ExprList conditions, const Logical *left,
                         const Logical *right)
{
    ColumnSet sides[2] = {logical_columns(p, left), logical_columns(p, right)};
    for (i32 i = 0; i < conditions.count; i++) {
        const Expr *condition = conditions.items[i];
        if (condition->kind != EXPR_CALL || condition->call.row->operation != OP_EQ)
            continue;
        ColumnSet a = expr_columns(p, condition->call.args.items[0]);
        ColumnSet b = expr_columns(p, condition->call.args.items[1]);
        bool straight = set_intersects(&a, &sides[0]) && set_intersects(&b, &sides[1]);
        bool swapped = set_intersects(&a, &sides[1]) && set_intersects(&b, &sides[0]);
        bool mixed = (set_intersects(&a, &sides[0]) && set_intersects(&a, &sides[1])) ||
                     (set_intersects(&b, &sides[0]) && set_intersects(&b, &sides[1]));
        if ((straight || swapped) && !mixed)
            return true;
    }
    return false;
}

/* The rows of a side that are in no pair. */
static Logical *without_partner(Planning *p, const JoinSide *side, i32 pairs, i32 pair_columns,
                                i32 position, i32 *shift)
{
    Logical *rows = cte_again(p, side->cte, side->count);
    Logical *read = planning_cte_ref(p, pairs, pair_columns);
    Logical *anti = logical_new(p, LOGICAL_JOIN, rows, read);
    Expr *same = planning_same(p, side->number, read->cte.first_column + position);
    anti->join.type = ANTI_JOIN;
    anti->join.null_keys = expr_list(p->q, (Expr *[]){same->pair.left, same->pair.right}, 2);
    return logical_renumber(p, anti, shift);
}

/* A full join: the pairs that pass and, appended, the rows of both sides that are in none. Sides
 * and pairs are common table expressions, so that they are made once; the rows of the sides have
 * numbers. */
static Logical *apply_full(Planning *p, Logical *left, Logical *right, ExprList plain, Expr *all)
{
    if (!has_equality(p, plain, left, right))
        query_fail(p->q, E_FEATURE_NOT_SUPPORTED,
                   "FULL JOIN is only supported with merge-joinable or hash-joinable join "
                   "conditions");
    JoinSide sides[2] = {side_apart(p, left), side_apart(p, right)};
    i32 count = sides[0].count + sides[1].count;
    i32 *ids = make_array(p->q, i32, count), *parts[4];
    for (i32 i = 0; i < count; i++)
        ids[i] = i < sides[0].count ? sides[0].ids[i] : sides[1].ids[i - sides[0].count];
    Logical *join =
        logical_join(p, INNER_JOIN, cte_again(p, sides[0].cte, sides[0].count),
                     cte_again(p, sides[1].cte, sides[1].count), plain.items, plain.count);
    Logical *passed = logical_new(p, LOGICAL_PROJECT, build_filter(p, join, all, NULL), NULL);
    passed->project.count = count;
    passed->project.columns = make_array(p->q, LogicalColumn, count);
    for (i32 i = 0; i < count; i++)
        passed->project.columns[i] = (LogicalColumn){ids[i], planning_ref(p, ids[i])};
    i32 pairs = planning_cte(p, passed);
    p->cte_outputs[pairs] = ids;
    for (i32 i = 0; i < 4; i++)
        parts[i] = make_array(p->q, i32, count);
    Logical *node = planning_cte_ref(p, pairs, count);
    for (i32 i = 0; i < count; i++)
        parts[0][i] = node->cte.first_column + i;
    for (i32 s = 0; s < 2; s++) {
        i32 shift, at = s ? count - 1 : sides[0].count - 1; /* the numbers are last */
        Logical *rows = without_partner(p, &sides[s], pairs, count, at, &shift);
        rows = null_extended(p, rows, sides, s, shift, parts[1 + s]);
        if (s == 0)
            columns_like(p, ids, count, parts[3]);
        node = logical_union_all(p, node, rows, s ? ids : parts[3], s ? parts[3] : parts[0],
                                 parts[1 + s], count);
    }
    return node;
}

/* An outer join whose condition has sub-queries over both sides: for each preserved row, those of
 * the other side that pass them. */
static Logical *apply_outer(Planning *p, JoinType type, Logical *left, Logical *right,
                            ExprList plain, ExprList over_both)
{
    Expr *all = expr_and(p->q, over_both.items, over_both.count);
    if (type == FULL_JOIN)
        return apply_full(p, left, right, plain, all);
    bool right_kept = type == RIGHT_JOIN;
    return apply_over_both(p, LEFT_JOIN, right_kept ? right : left, right_kept ? left : right,
                           plain, all);
}

static Logical *lower_join(Planning *p, const BoundFrom *from, Logical *left, Logical *right)
{
    static const JoinType types[] = {[BOUND_CROSS] = INNER_JOIN,
                                     [BOUND_INNER] = INNER_JOIN,
                                     [BOUND_LEFT] = LEFT_JOIN,
                                     [BOUND_RIGHT] = RIGHT_JOIN,
                                     [BOUND_FULL] = FULL_JOIN};
    ExprList conjuncts = split_conjuncts(p, from->condition);
    ExprList plain = {make_array(p->q, Expr *, conjuncts.count + 1), 0}, above = plain;
    above.items = make_array(p->q, Expr *, conjuncts.count + 1);
    bool inner = types[from->join] == INNER_JOIN;
    for (i32 i = 0; i < conjuncts.count; i++) {
        Expr *conjunct = conjuncts.items[i], *lowered;
        if (!has_subquery(p, conjunct))
            plain.items[plain.count++] = conjunct;
        else if (inner)
            above.items[above.count++] = conjunct;
        else if (lowered = lower_on_side(p, conjunct, &left, &right), lowered)
            plain.items[plain.count++] = lowered;
        else
            above.items[above.count++] = conjunct;
    }
    if (!inner && above.count)
        return apply_outer(p, types[from->join], left, right, plain, above);
    ColumnSet outer = logical_free(p, right), have = logical_columns(p, left);
    bool lateral = set_intersects(&outer, &have);
    Logical *join = logical_new(p, lateral ? LOGICAL_APPLY : LOGICAL_JOIN, left, right);
    join->join.type = types[from->join];
    join->join.conditions = plain;
    if (above.count == 0)
        return join;
    return build_filter(p, join, expr_and(p->q, above.items, above.count), NULL);
}

/* ---- SELECT ---- */

static Logical *build_aggregate(Planning *p, Logical *input, const BoundQuery *query)
{
    Lowering lowering = {p, input, NULL};
    Logical *node = logical_aggregate(p, query->group_count, query->aggregate_count);
    for (i32 i = 0; i < query->group_count; i++)
        logical_group_by(p, node, query->groups[i].column,
                         lower_expr(&lowering, query->groups[i].expr));
    for (i32 i = 0; i < query->aggregate_count; i++)
        node->aggregate.calls[node->aggregate.call_count++] = (LogicalColumn){
            query->aggregates[i].column, lower_expr(&lowering, query->aggregates[i].call)};
    node->inputs[0] = lowering.input;
    return node;
}

static Logical *build_project(Planning *p, Logical *input, const BoundQuery *query,
                              const ColumnSet *hidden)
{
    Lowering lowering = {p, input, hidden};
    LogicalColumn *columns = make_array(p->q, LogicalColumn, query->target_count);
    for (i32 i = 0; i < query->target_count; i++)
        columns[i] = (LogicalColumn){query->targets[i].output,
                                     lower_expr(&lowering, query->targets[i].expr)};
    Logical *project = logical_new(p, LOGICAL_PROJECT, lowering.input, NULL);
    project->project.columns = columns;
    project->project.count = query->target_count;
    return project;
}

/* ---- set-returning functions ---- */

/* The set calls below or above the grouping, a node for each depth, the deepest arguments first. */
static Logical *build_set_calls(Planning *p, Logical *input, const BoundQuery *query, bool below,
                                const ColumnSet *hidden)
{
    i32 deepest = 0;
    for (i32 i = 0; i < query->set_call_count; i++)
        if (query->set_calls[i].below == below)
            deepest = (i32)max_i64(deepest, query->set_calls[i].depth);
    Lowering lowering = {p, input, hidden};
    for (i32 depth = 1; depth <= deepest; depth++) {
        LogicalColumn *columns = make_array(p->q, LogicalColumn, query->set_call_count);
        i32 count = 0;
        for (i32 i = 0; i < query->set_call_count; i++) {
            const BoundSetCall *own = &query->set_calls[i];
            if (own->below == below && own->depth == depth)
                columns[count++] = (LogicalColumn){own->column, lower_expr(&lowering, own->call)};
        }
        if (count == 0)
            continue;
        Logical *node = logical_new(p, LOGICAL_PROJECT_SET, lowering.input, NULL);
        node->project.columns = columns;
        node->project.count = count;
        lowering.input = node;
    }
    return lowering.input;
}

static bool is_set_column(void *state, const Expr *expr)
{
    const BoundQuery *query = state;
    for (i32 i = 0; expr->kind == EXPR_COLUMN && i < query->set_call_count; i++)
        if (!query->set_calls[i].below && query->set_calls[i].column == expr->column)
            return true;
    return false;
}

static bool sorts_by(const BoundQuery *query, i32 target, i32 count)
{
    for (i32 i = 0; i < count; i++)
        if (query->sort[i].target == target)
            return true;
    return false;
}

/* Does ORDER BY or DISTINCT ON look at the target? */
static bool orders_by(const BoundQuery *query, i32 target)
{
    for (i32 i = 0; i < query->distinct_on_count; i++)
        if (query->distinct_on[i] == target)
            return true;
    return sorts_by(query, target, query->sort_count);
}

/* Set calls and volatile targets that neither DISTINCT nor the order looks at come after the sort,
 * as in PostgreSQL: the rows of one input row then stay together, in their own order, and nextval
 * counts in the order asked for. */
static bool targets_after_sort(Planning *p, const BoundQuery *query)
{
    bool above = false;
    for (i32 i = 0; i < query->set_call_count; i++)
        above |= !query->set_calls[i].below;
    for (i32 i = 0; i < query->target_count && query->lock_count == 0; i++)
        above |= !orders_by(query, i) && expr_has_flags(p->q, query->targets[i].expr, VOLATILE);
    if (!above || query->sort_count == 0 || query->distinct)
        return false;
    for (i32 i = 0; i < query->target_count; i++)
        if (orders_by(query, i) &&
            expr_any(p->q, query->targets[i].expr, is_set_column, (void *)query)) /* only read */
            return false;
    return true;
}

static LogicalSort *sort_keys(Planning *p, const BoundQuery *query)
{
    LogicalSort *keys = make_array(p->q, LogicalSort, query->sort_count);
    for (i32 i = 0; i < query->sort_count; i++)
        keys[i] = (LogicalSort){logical_key(p, query->targets[query->sort[i].target].output),
                                query->sort[i].descending, query->sort[i].nulls_first};
    return keys;
}

/* The input's columns as they are, with room for some more. */
static Logical *project_all(Planning *p, Logical *input, i32 room)
{
    ColumnSet have = logical_columns(p, input);
    Logical *project = logical_new(p, LOGICAL_PROJECT, input, NULL);
    project->project.columns = make_array(p->q, LogicalColumn, p->column_count + room);
    for (i32 id = 0; id < p->column_count; id++)
        if (set_has(&have, id))
            project->project.columns[project->project.count++] =
                (LogicalColumn){id, planning_ref(p, id)};
    return project;
}

/* Keys are columns: others are computed below the sort. */
static void keys_as_columns(Planning *p, Logical *sort)
{
    Logical *project = NULL;
    for (i32 i = 0; i < sort->sort.key_count; i++) {
        Expr **key = &sort->sort.keys[i].key;
        if ((*key)->kind == EXPR_COLUMN)
            continue;
        if (!project)
            project = project_all(p, sort->inputs[0], sort->sort.key_count);
        i32 id = planning_column(p, TEXT(""), (*key)->type, (*key)->lane);
        project->project.columns[project->project.count++] = (LogicalColumn){id, *key};
        *key = planning_ref(p, id);
    }
    if (project)
        sort->inputs[0] = project;
}

static Logical *build_sort(Planning *p, Logical *input, const BoundQuery *query)
{
    Logical *sort = logical_new(p, LOGICAL_SORT, input, NULL);
    sort->sort.keys = sort_keys(p, query);
    sort->sort.key_count = query->sort_count;
    keys_as_columns(p, sort);
    return sort;
}

/* DISTINCT ON keeps the first row of each key in the order of ORDER BY, keys first. */
static Logical *build_distinct_on(Planning *p, Logical *input, const BoundQuery *query)
{
    i32 total = query->sort_count + query->distinct_on_count, count = 0;
    i32 *targets = make_array(p->q, i32, total); /* of the keys */
    Logical *sort = logical_new(p, LOGICAL_SORT, input, NULL);
    sort->sort.keys = make_array(p->q, LogicalSort, total);
    LogicalSort *own = sort_keys(p, query);
    for (i32 i = 0; i < query->sort_count; i++) {
        targets[count] = query->sort[i].target;
        sort->sort.keys[count++] = own[i];
    }
    for (i32 i = 0; i < query->distinct_on_count; i++) {
        i32 target = query->distinct_on[i];
        if (sorts_by(query, target, query->sort_count))
            continue;
        targets[count] = target;
        sort->sort.keys[count++] =
            (LogicalSort){logical_key(p, query->targets[target].output), false, false};
    }
    sort->sort.key_count = count;
    keys_as_columns(p, sort);
    Logical *node = logical_new(p, LOGICAL_DISTINCT_ON, sort, NULL);
    node->sort.keys = make_array(p->q, LogicalSort, query->distinct_on_count);
    node->sort.key_count = query->distinct_on_count;
    for (i32 i = 0; i < query->distinct_on_count; i++)
        for (i32 k = count - 1; k >= 0; k--)
            if (targets[k] == query->distinct_on[i])
                node->sort.keys[i].key = sort->sort.keys[k].key;
    return node;
}

typedef struct SetOperand {
    Planning *p;
    const BoundQuery *query;
} SetOperand;

/* A sub-query that is asked with what a set call gives, which only stands above the sort. */
static bool asks_set_column(void *state, const Expr *expr)
{
    const SetOperand *search = state;
    if (expr->kind != EXPR_SUBQUERY)
        return false;
    for (i32 i = 0; i < expr->subquery.comparisons.count; i++)
        if (expr_any(search->p->q, expr->subquery.comparisons.items[i], is_set_column,
                     (void *)search->query)) /* only read */
            return true;
    return false;
}

/* The expression with its sub-queries below the sort: the join that answers one keeps no order. */
static Expr *lower_below_sort(Lowering *lowering, const BoundQuery *query, Expr *expr)
{
    SetOperand search = {lowering->p, query};
    return expr_any(lowering->p->q, expr, asks_set_column, &search) ? expr
                                                                    : lower_expr(lowering, expr);
}

/* The input with its sort keys and sub-queries computed, sorted, then the set calls and the other
 * targets. */
static Logical *build_sorted_targets(Planning *p, Logical *input, const BoundQuery *query,
                                     const ColumnSet *hidden)
{
    Lowering lowering = {p, input, hidden};
    Expr **targets = make_array(p->q, Expr *, query->target_count);
    for (i32 i = 0; i < query->target_count; i++)
        targets[i] = lower_below_sort(&lowering, query, query->targets[i].expr);
    BoundQuery lowered = *query;
    lowered.set_calls = make_array(p->q, BoundSetCall, query->set_call_count);
    for (i32 i = 0; i < query->set_call_count; i++) {
        lowered.set_calls[i] = query->set_calls[i];
        if (!lowered.set_calls[i].below)
            lowered.set_calls[i].call =
                lower_below_sort(&lowering, query, query->set_calls[i].call);
    }
    Logical *keyed = project_all(p, lowering.input, query->target_count);
    for (i32 i = 0; i < query->target_count; i++)
        if (orders_by(query, i))
            keyed->project.columns[keyed->project.count++] =
                (LogicalColumn){query->targets[i].output, targets[i]};
    Logical *ordered =
        query->distinct_on_count ? build_distinct_on(p, keyed, query) : build_sort(p, keyed, query);
    lowering.input = build_set_calls(p, ordered, &lowered, false, hidden);
    Logical *project = logical_new(p, LOGICAL_PROJECT, NULL, NULL);
    project->project.count = query->target_count;
    project->project.columns = make_array(p->q, LogicalColumn, query->target_count);
    for (i32 i = 0; i < query->target_count; i++) {
        i32 output = query->targets[i].output;
        Expr *expr =
            orders_by(query, i) ? planning_ref(p, output) : lower_expr(&lowering, targets[i]);
        project->project.columns[i] = (LogicalColumn){output, expr};
    }
    project->inputs[0] = lowering.input;
    return project;
}

static i32 *output_ids(Planning *p, const BoundQuery *query)
{
    i32 *ids = make_array(p->q, i32, query->visible_count);
    for (i32 i = 0; i < query->visible_count; i++)
        ids[i] = query->targets[i].output;
    return ids;
}

/* HAVING without aggregates and without GROUP BY: there is one group whatever FROM and WHERE give,
 * and nothing of it is looked at. As in PostgreSQL they are not run. */
static bool is_one_group(const BoundQuery *query)
{
    return query->grouped && query->group_count == 0 && query->aggregate_count == 0;
}

static Logical *build_select(Planning *p, const BoundQuery *query)
{
    Logical *node = is_one_group(query)
                        ? build_one_row(p)
                        : build_filter(p, build_from_list(p, query), query->where, NULL);
    ColumnSet hidden = {NULL, 0};
    if (query->grouped) {
        node = build_set_calls(p, node, query, true, NULL);
        hidden = logical_columns(p, node);
        node = build_aggregate(p, node, query);
        ColumnSet shown = logical_columns(p, node);
        for (i32 i = 0; i < hidden.word_count && i < shown.word_count; i++)
            hidden.words[i] &= ~shown.words[i];
        node = build_filter(p, node, query->having, &hidden);
    }
    const ColumnSet *hides = query->grouped ? &hidden : NULL;
    if (targets_after_sort(p, query))
        return build_sorted_targets(p, node, query, hides);
    node = build_set_calls(p, node, query, false, hides);
    node = build_project(p, node, query, hides);
    if (query->distinct)
        node = logical_distinct(p, node, output_ids(p, query), query->visible_count);
    if (query->distinct_on_count)
        node = build_distinct_on(p, node, query);
    return node;
}

/* ---- VALUES and set operations ---- */

static bool rows_have_subqueries(Planning *p, const BoundQuery *query)
{
    for (i32 r = 0; r < query->row_count; r++)
        for (i32 i = 0; i < query->rows[r].count; i++)
            if (has_subquery(p, query->rows[r].items[i]))
                return true;
    return false;
}

/* Rows with sub-queries: each row its own projection, all of them appended. */
static Logical *build_computed_values(Planning *p, const BoundQuery *query)
{
    Logical *all = NULL;
    const i32 *all_ids = NULL;
    for (i32 r = 0; r < query->row_count; r++) {
        Lowering lowering = {p, build_one_row(p), NULL};
        LogicalColumn *columns = make_array(p->q, LogicalColumn, query->visible_count);
        i32 *ids = make_array(p->q, i32, query->visible_count);
        for (i32 i = 0; i < query->visible_count; i++) {
            Expr *expr = lower_expr(&lowering, query->rows[r].items[i]);
            bool only = query->row_count == 1;
            ids[i] = only ? query->targets[i].output
                          : planning_column(p, query->targets[i].name, expr->type, expr->lane);
            columns[i] = (LogicalColumn){ids[i], expr};
        }
        Logical *row = logical_new(p, LOGICAL_PROJECT, lowering.input, NULL);
        row->project.columns = columns;
        row->project.count = query->visible_count;
        if (!all) {
            all = row;
            all_ids = ids;
            continue;
        }
        bool last = r == query->row_count - 1;
        i32 *joined = make_array(p->q, i32, query->visible_count);
        for (i32 i = 0; i < query->visible_count; i++)
            joined[i] = last ? query->targets[i].output
                             : planning_column(p, query->targets[i].name, columns[i].expr->type,
                                               columns[i].expr->lane);
        all = logical_union_all(p, all, row, joined, all_ids, ids, query->visible_count);
        all_ids = joined;
    }
    return all;
}

static Logical *build_values(Planning *p, const BoundQuery *query)
{
    if (rows_have_subqueries(p, query))
        return build_computed_values(p, query);
    Logical *node = logical_new(p, LOGICAL_VALUES, NULL, NULL);
    node->values.ids = output_ids(p, query);
    node->values.id_count = query->visible_count;
    node->values.row_count = query->row_count;
    node->values.rows = make_array(p->q, ExprList, query->row_count);
    for (i32 r = 0; r < query->row_count; r++)
        node->values.rows[r] = expr_list(p->q, query->rows[r].items, query->rows[r].count);
    return node;
}

static Logical *build_set(Planning *p, const BoundQuery *query)
{
    i32 count = query->visible_count;
    SetSides sides = {build_query(p, query->left), build_query(p, query->right),
                      output_ids(p, query->left), output_ids(p, query->right), count};
    i32 *ids = output_ids(p, query);
    if (query->set != BOUND_UNION)
        return logical_set_operation(
            p, query->set == BOUND_INTERSECT ? LOGICAL_INTERSECT : LOGICAL_EXCEPT, query->all,
            &sides, ids);
    Logical *all =
        logical_union_all(p, sides.left, sides.right, ids, sides.left_ids, sides.right_ids, count);
    return query->all ? all : logical_distinct(p, all, ids, count);
}

/* LIMIT and OFFSET of a query over what input gives; the node has no input yet. */
static Logical *limit_node(Planning *p, LogicalKind kind, const Logical *input,
                           const BoundQuery *query)
{
    Logical *limit = logical_new(p, kind, NULL, NULL);
    limit->sort.limit = query->limit;
    limit->sort.offset = query->offset;
    limit->sort.with_ties = query->with_ties;
    if (query->with_ties) {
        limit->sort.keys = input->kind == LOGICAL_SORT ? input->sort.keys : sort_keys(p, query);
        limit->sort.key_count = query->sort_count;
        limit->sort.tie_count = kind == LOGICAL_DISTINCT_ON ? query->sort_count : 0;
    }
    return limit;
}

static bool limit_has_subquery(Planning *p, const BoundQuery *query)
{
    return (query->limit && has_subquery(p, query->limit)) ||
           (query->offset && has_subquery(p, query->offset));
}

/* A sub-query in LIMIT or OFFSET becomes a column of the rows; the limit is that of the one run
 * all rows are, read from its first row. */
static Logical *build_computed_limit(Planning *p, Logical *node, const BoundQuery *query)
{
    bool locked = node->kind == LOGICAL_LIMIT;
    Logical *sort = locked ? node->inputs[0] : node;
    bool sorted = sort->kind == LOGICAL_SORT;
    Logical *limit = limit_node(p, LOGICAL_DISTINCT_ON, sort, query);
    Lowering lowering = {p, sorted ? sort->inputs[0] : node, NULL};
    if (limit->sort.limit)
        limit->sort.limit = lower_expr(&lowering, limit->sort.limit);
    if (limit->sort.offset)
        limit->sort.offset = lower_expr(&lowering, limit->sort.offset);
    if (sorted)
        sort->inputs[0] = lowering.input;
    limit->inputs[0] = sorted ? node : lowering.input;
    if (query->with_ties)
        keys_as_columns(p, limit);
    return limit;
}

/* Rows are locked after they are sorted and before they are counted. */
static Logical *build_locks(Planning *p, Logical *node, const BoundQuery *query)
{
    Logical *locks = logical_new(p, LOGICAL_LIMIT, node, NULL);
    locks->sort.locks = query->locks;
    locks->sort.key_count = query->lock_count;
    locks->sort.keys = make_array(p->q, LogicalSort, query->lock_count);
    for (i32 i = 0; i < query->lock_count; i++)
        locks->sort.keys[i].key = planning_ref(p, query->targets[query->locks[i].target].output);
    return locks;
}

/* Volatile targets are computed for no more rows than are wanted: nextval must not run ahead. */
static bool is_computed_behind_limit(Planning *p, const Logical *node, const BoundQuery *query)
{
    bool is_volatile = false;
    if (node->kind != LOGICAL_PROJECT || query->with_ties)
        return false;
    for (i32 i = 0; i < node->project.count; i++)
        is_volatile |= expr_has_flags(p->q, node->project.columns[i].expr, VOLATILE);
    return is_volatile;
}

static Logical *build_query(Planning *p, const BoundQuery *query)
{
    stack_check(p->q);
    Logical *node = query->body == BODY_SELECT   ? build_select(p, query)
                    : query->body == BODY_VALUES ? build_values(p, query)
                                                 : build_set(p, query);
    bool sorted =
        query->distinct_on_count || (query->body == BODY_SELECT && targets_after_sort(p, query));
    if (query->sort_count && !sorted)
        node = build_sort(p, node, query);
    if (query->lock_count)
        node = build_locks(p, node, query);
    if (!query->limit && !query->offset)
        return node;
    if (limit_has_subquery(p, query))
        return build_computed_limit(p, node, query);
    Logical *limit = limit_node(p, LOGICAL_LIMIT, node, query);
    if (is_computed_behind_limit(p, node, query)) {
        limit->inputs[0] = node->inputs[0];
        node->inputs[0] = limit;
        return node;
    }
    limit->inputs[0] = node;
    if (query->with_ties)
        keys_as_columns(p, limit);
    return limit;
}

/* CTEs that stay apart: asked for, volatile, or used more than once (NOT MATERIALIZED is honoured
 * for a single use). A query that nobody reads is not run. */
static bool keeps_apart(const BoundCte *cte)
{
    bool apart = cte->materialized || cte->is_volatile || cte->references > 1;
    return cte->modify || (cte->references && apart);
}

/* A CTE that stays apart. One that uses columns of an outer query is put in place at each use,
 * unless each use would then draw its own numbers: unnesting makes one for all outer rows of it. */
static void build_cte_query(Planning *p, i32 number)
{
    const BoundCte *cte = &p->bound->ctes[number];
    Logical *node = build_query(p, cte->modify ? cte->modify->query : cte->query);
    ColumnSet outer = logical_free(p, node);
    p->cte_outputs[number] = output_ids(p, cte->query);
    if (!set_is_empty(&outer) && !logical_is_volatile(p, node))
        return;
    p->ctes[number] = node;
    p->cte_free[number] = outer;
}

Logical *logical_build(Planning *p, const BoundQuery *query)
{
    p->cte_count = p->bound->cte_count;
    p->ctes = make_array(p->q, Logical *, p->cte_count);
    p->cte_outputs = make_array(p->q, i32 *, p->cte_count);
    p->cte_free = make_array(p->q, ColumnSet, p->cte_count);
    for (i32 i = 0; i < p->bound->cte_count; i++)
        if (keeps_apart(&p->bound->ctes[i]))
            build_cte_query(p, i);
        else if (!p->bound->ctes[i].references)
            build_query(p, p->bound->ctes[i].query); /* for its errors: it is not run */
    return build_query(p, query);
}
