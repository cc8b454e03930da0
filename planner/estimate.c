/* SPDX-License-Identifier: Apache-2.0
 *
 * How many rows: table statistics at the leaves, predicates tried on the row sample with the
 * ordinary evaluator where there is one (which sees LIKE, correlations and expressions alike), and
 * the usual formulas above: |A| |B| / max(distinct) for joins, products of distinct values for
 * groups. Estimates choose plans; no answer depends on them.
 */
#include "expressions/eval.h"
#include "planner/logical.h"

static const f64 DEFAULT_ROWS = 1000, DEFAULT_EQUAL = 0.005, DEFAULT_RANGE = 0.33,
                 DEFAULT_OTHER = 0.25;

static f64 clamp(f64 x, f64 low, f64 high)
{
    return x < low ? low : x > high ? high : x;
}

/* ---- columns back to their statistics ---- */

static const Logical *find_get(const Logical *node, i32 column)
{
    if (!node)
        return NULL;
    if (node->kind == LOGICAL_GET) {
        const BoundFrom *from = node->get.from;
        bool own = column >= from->first_column && column < from->first_column + from->column_count;
        return own ? node : NULL;
    }
    const Logical *found = find_get(node->inputs[0], column);
    return found ? found : find_get(node->inputs[1], column);
}

static const ColumnStatistics *column_statistics(const Logical *node, i32 column)
{
    const Logical *get = find_get(node, column);
    if (!get || !get->get.statistics)
        return NULL;
    i32 number = get->get.from->relation->columns[column - get->get.from->first_column].number;
    for (i32 i = 0; i < get->get.statistics->column_count; i++)
        if (get->get.statistics->columns[i].column == (ColumnId)number)
            return &get->get.statistics->columns[i];
    return NULL;
}

/* ---- on the sample ---- */

typedef struct SampleTry {
    Planning *p;
    const Logical *get;
    Expr *conjunct;
    i64 seen, passed;
} SampleTry;

/* A column of the sample, which is in the table's lanes, in the lane the plan reads it in. */
static Expr *to_sample_position(void *state, Query *q, Expr *expr)
{
    const SampleTry *attempt = state;
    if (expr->kind != EXPR_COLUMN)
        return NULL;
    const BoundFrom *from = attempt->get->get.from;
    i32 number = from->relation->columns[expr->column - from->first_column].number;
    const TableStatistics *statistics = attempt->get->get.statistics;
    for (i32 i = 0; i < statistics->column_count; i++) {
        if (statistics->columns[i].column != (ColumnId)number)
            continue;
        Expr *column = expr_column(q, i, expr->type, statistics->sample->columns[i].lane, -1);
        return lane_equal(column->lane, expr->lane)
                   ? column
                   : expr_unary(q, EXPR_LANE, column, expr->type, expr->lane);
    }
    query_fail(q, E_INTERNAL_ERROR, "the sample lacks a column");
}

static void try_on_sample(void *argument)
{
    SampleTry *attempt = argument;
    Query *q = attempt->p->q;
    Expr *expr = expr_rewrite(q, attempt->conjunct, to_sample_position, attempt);
    const Program *program = program_compile(q, q->arena, &expr, 1);
    Evaluator *evaluator = evaluator_open(q, q->arena, program, attempt->p->env, attempt->p->values,
                                          attempt->p->bound->parameter_count);
    const TableStatistics *statistics = attempt->get->get.statistics;
    for (i32 i = 0; i < statistics->sample_chunks; i++) {
        evaluator_reset(evaluator);
        Selection passed;
        evaluate_filter(q, evaluator, &statistics->sample[i], 0, 1, &passed);
        attempt->seen += chunk_rows(&statistics->sample[i]);
        attempt->passed += passed.count;
    }
}

/* The share of sample rows that pass; -1: no sample, or the conjunct raised on it, or does
 * something when it is asked (nextval, pg_sleep). */
static f64 sample_selectivity(Planning *p, const Logical *get, const Expr *conjunct)
{
    const TableStatistics *statistics = get->get.statistics;
    if (!statistics || statistics->sample_chunks == 0 ||
        expr_has_flags(p->q, conjunct, VOLATILE | SERIAL))
        return -1;
    SampleTry attempt = {p, get, (Expr *)conjunct, 0, 0}; /* rewriting copies */
    if (!query_try(p->q, try_on_sample, &attempt)) {
        ErrorCode code = p->q->error.code;
        if (code == E_QUERY_CANCELED || code == E_ADMIN_SHUTDOWN || code == E_OUT_OF_MEMORY)
            query_rethrow(p->q, &p->q->error);
        return -1;
    }
    if (attempt.seen < 64)
        return -1;
    if (attempt.passed == 0)
        return 0.5 / (f64)attempt.seen;
    return (f64)attempt.passed / (f64)attempt.seen;
}

/* ---- without a sample ---- */

static bool is_comparison(const Expr *expr, Operation operation)
{
    return expr->kind == EXPR_CALL && expr->call.row->operation == operation &&
           expr->call.args.count == 2;
}

static const Expr *plain_column(const Expr *expr)
{
    while (expr->kind == EXPR_LANE || expr->kind == EXPR_RELABEL)
        expr = expr->operand;
    return expr->kind == EXPR_COLUMN ? expr : NULL;
}

static f64 guess(Planning *p, const Logical *input, const Expr *conjunct)
{
    if (is_comparison(conjunct, OP_EQ)) {
        for (i32 i = 0; i < 2; i++) {
            const Expr *column = plain_column(conjunct->call.args.items[i]);
            const ColumnStatistics *statistics =
                column ? column_statistics(input, column->column) : NULL;
            if (statistics && statistics->distinct >= 1)
                return 1 / statistics->distinct;
        }
        return DEFAULT_EQUAL;
    }
    if (is_comparison(conjunct, OP_LT) || is_comparison(conjunct, OP_LE) ||
        is_comparison(conjunct, OP_GT) || is_comparison(conjunct, OP_GE))
        return DEFAULT_RANGE;
    if (conjunct->kind == EXPR_IN)
        return clamp(DEFAULT_EQUAL * conjunct->in.items.count, 0, 0.5);
    if (conjunct->kind == EXPR_OR) {
        f64 none = 1;
        for (i32 i = 0; i < conjunct->items.count; i++)
            none *= 1 - guess(p, input, conjunct->items.items[i]);
        return 1 - none;
    }
    if (conjunct->kind == EXPR_NOT)
        return 1 - guess(p, input, conjunct->operand);
    return DEFAULT_OTHER;
}

f64 estimate_selectivity(Planning *p, const Logical *input, const Expr *conjunct)
{
    if (conjunct->kind == EXPR_CONSTANT)
        return !conjunct->constant.null && conjunct->constant.boolean ? 1 : 0;
    if (input->kind == LOGICAL_GET) {
        f64 sampled = sample_selectivity(p, input, conjunct);
        if (sampled >= 0)
            return sampled;
    }
    return clamp(guess(p, input, conjunct), 0, 1);
}

f64 estimate_distinct(Planning *p, const Logical *node, const Expr *expr)
{
    const Expr *column = plain_column(expr);
    f64 rows = clamp(node->rows, 1, 1e18);
    if (!column)
        return clamp(rows / 10, 1, rows);
    const ColumnStatistics *statistics = column_statistics(node, column->column);
    if (!statistics || statistics->distinct < 1)
        return clamp(rows / 3, 1, rows);
    return clamp(statistics->distinct, 1, rows);
}

/* ---- nodes ---- */

static f64 filtered(Planning *p, const Logical *input, f64 rows, ExprList conjuncts)
{
    for (i32 i = 0; i < conjuncts.count; i++)
        rows *= estimate_selectivity(p, input, conjuncts.items[i]);
    return rows;
}

static f64 get_rows(Planning *p, const Logical *node)
{
    const TableStatistics *statistics = node->get.statistics;
    f64 rows = statistics ? statistics->rows : DEFAULT_ROWS;
    if (node->get.filters.count == 0)
        return rows;
    Expr *all = expr_and(p->q, node->get.filters.items, node->get.filters.count);
    f64 together = sample_selectivity(p, node, all); /* sees correlations */
    if (together >= 0)
        return clamp(rows * together, 1, rows);
    return clamp(filtered(p, node, rows, node->get.filters), 1, rows);
}

static bool splits_sides(Planning *p, const Logical *node, const Expr *equality)
{
    ColumnSet left = logical_columns(p, node->inputs[0]),
              right = logical_columns(p, node->inputs[1]);
    ColumnSet a = expr_columns(p, equality->call.args.items[0]);
    ColumnSet b = expr_columns(p, equality->call.args.items[1]);
    return (set_contains(&left, &a) && set_contains(&right, &b)) ||
           (set_contains(&left, &b) && set_contains(&right, &a));
}

/* The share of the cross product a join condition keeps. */
static f64 condition_selectivity(Planning *p, const Logical *node, const Expr *condition)
{
    if (!is_comparison(condition, OP_EQ) || !splits_sides(p, node, condition))
        return estimate_selectivity(p, node, condition);
    ColumnSet left = logical_columns(p, node->inputs[0]);
    ColumnSet a = expr_columns(p, condition->call.args.items[0]);
    i32 side = set_contains(&left, &a) ? 0 : 1;
    f64 x = estimate_distinct(p, node->inputs[side], condition->call.args.items[0]);
    f64 y = estimate_distinct(p, node->inputs[1 - side], condition->call.args.items[1]);
    return 1 / (x > y ? x : y);
}

/* The relations two plain columns that a condition equates come from; false: it is no such thing.
 */
static bool equated_gets(const Logical *node, const Expr *condition, const Logical *pair[2])
{
    if (!is_comparison(condition, OP_EQ))
        return false;
    for (i32 i = 0; i < 2; i++) {
        const Expr *column = plain_column(condition->call.args.items[i]);
        pair[i] = column ? find_get(node, column->column) : NULL;
        if (!pair[i] || !pair[i]->get.statistics)
            return false;
    }
    return pair[0] != pair[1];
}

/* What several equalities between the same two relations keep together more than each for itself:
 * columns that refer to a key of two columns are not independent. There cannot be more pairs of
 * values than the relation with fewer rows has. 1: nothing to correct. */
static f64 joint_correction(Planning *p, const Logical *node, i32 first)
{
    const ExprList *conditions = &node->join.conditions;
    const Logical *pair[2], *others[2];
    if (!equated_gets(node, conditions->items[first], pair))
        return 1;
    f64 product = 1;
    i32 count = 0;
    for (i32 i = 0; i < conditions->count; i++) {
        if (!equated_gets(node, conditions->items[i], others))
            continue;
        bool same = (others[0] == pair[0] && others[1] == pair[1]) ||
                    (others[0] == pair[1] && others[1] == pair[0]);
        if (!same)
            continue;
        if (i < first)
            return 1; /* counted with the first of them */
        product *= condition_selectivity(p, node, conditions->items[i]);
        count++;
    }
    f64 fewer = pair[0]->get.statistics->rows < pair[1]->get.statistics->rows
                    ? pair[0]->get.statistics->rows
                    : pair[1]->get.statistics->rows;
    return count > 1 && product * fewer < 1 ? 1 / (product * clamp(fewer, 1, 1e18)) : 1;
}

static f64 join_rows(Planning *p, const Logical *node)
{
    f64 left = node->inputs[0]->rows, right = node->inputs[1]->rows;
    f64 pairs = left * right;
    for (i32 i = 0; i < node->join.conditions.count; i++)
        pairs *= condition_selectivity(p, node, node->join.conditions.items[i]) *
                 (node->join.conditions.count > 1 ? joint_correction(p, node, i) : 1);
    for (i32 i = 0; i < node->join.null_keys.count; i += 2)
        pairs /= clamp(estimate_distinct(p, node->inputs[1], node->join.null_keys.items[i + 1]), 1,
                       1e18);
    switch (node->join.type) {
    case INNER_JOIN:
        return clamp(pairs, 1, 1e18);
    case LEFT_JOIN:
        return clamp(pairs, left, 1e18);
    case RIGHT_JOIN:
        return clamp(pairs, right, 1e18);
    case FULL_JOIN:
        return clamp(pairs, left + right, 1e18);
    case SEMI_JOIN:
        return clamp(pairs, 1, left);
    case ANTI_JOIN:
    case NULL_ANTI_JOIN:
        return clamp(left - pairs, left * 0.1, left);
    case MARK_JOIN:
    case SINGLE_JOIN:
        return left;
    case RIGHT_SEMI_JOIN: /* never in a Logical */
    case RIGHT_ANTI_JOIN:
        break;
    }
    unreachable();
}

static f64 grouped_rows(Planning *p, const Logical *node)
{
    if (node->aggregate.key_count == 0)
        return 1;
    f64 groups = 1, input = node->inputs[0]->rows;
    for (i32 i = 0; i < node->aggregate.key_count; i++)
        groups *= estimate_distinct(p, node->inputs[0], node->aggregate.keys[i].expr);
    return clamp(groups, 1, clamp(input, 1, 1e18));
}

static f64 limited(const Logical *node, f64 rows)
{
    const Expr *limit = node->sort.limit;
    if (!limit || limit->kind != EXPR_CONSTANT || limit->constant.null)
        return rows;
    return clamp((f64)limit->constant.integer, 0, rows);
}

static f64 own_rows(Planning *p, const Logical *node)
{
    f64 input = node->inputs[0] ? node->inputs[0]->rows : 1;
    switch (node->kind) {
    case LOGICAL_GET:
        return get_rows(p, node);
    case LOGICAL_VALUES:
        return node->values.row_count;
    case LOGICAL_FUNCTION:
    case LOGICAL_PROJECT_SET:
        return input * DEFAULT_ROWS;
    case LOGICAL_CTE: {
        const Logical *cte = p->ctes[node->cte.number];
        return cte && cte->rows >= 0 ? cte->rows : DEFAULT_ROWS;
    }
    case LOGICAL_FILTER:
        return clamp(filtered(p, node->inputs[0], input, node->filter), 1, clamp(input, 1, 1e18));
    case LOGICAL_PROJECT:
        return input;
    case LOGICAL_JOIN:
    case LOGICAL_APPLY:
        return join_rows(p, node);
    case LOGICAL_AGGREGATE:
        return grouped_rows(p, node);
    case LOGICAL_DISTINCT_ON:
        return clamp(input / 10, 1, 1e18);
    case LOGICAL_SORT:
    case LOGICAL_LIMIT:
        return limited(node, input);
    case LOGICAL_SET:
        return node->set.operation == LOGICAL_UNION ? input + node->inputs[1]->rows : input;
    }
    unreachable();
}

void estimate_rows(Planning *p, Logical *node)
{
    stack_check(p->q);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            estimate_rows(p, node->inputs[i]);
    if (node->rows < 0)
        node->rows = own_rows(p, node);
}
