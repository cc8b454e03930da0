/* SPDX-License-Identifier: Apache-2.0
 *
 * TABLESAMPLE: a filter over the scan that takes each row with the given probability. SYSTEM takes
 * rows as BERNOULLI does: there are no pages.
 *
 * REPEATABLE hashes the seed with the row's number in the order of the scan: flushing rows from
 * memory to files keeps that order, and deleted rows are not counted; a merge of small row groups
 * may change it. The rows are counted below a LIMIT without a limit, which no filter passes.
 */
#include "expressions/eval.h"
#include "planner/logical.h"

static const FunctionRow share_row = {.name = "sample_share",
                                      .sql_name = "sample_share",
                                      .arguments = {TYPE_FLOAT8},
                                      .argument_count = 1,
                                      .result = TYPE_FLOAT8,
                                      .operation = OP_SAMPLE_SHARE,
                                      .flags = IMMUTABLE | FAILS};
static const FunctionRow seed_row = {.name = "sample_seed",
                                     .sql_name = "sample_seed",
                                     .arguments = {TYPE_FLOAT8},
                                     .argument_count = 1,
                                     .result = TYPE_INT8,
                                     .operation = OP_SAMPLE_SEED,
                                     .flags = IMMUTABLE | FAILS};
static const FunctionRow point_row = {.name = "sample_point",
                                      .sql_name = "sample_point",
                                      .arguments = {TYPE_INT8, TYPE_INT8},
                                      .argument_count = 2,
                                      .result = TYPE_FLOAT8,
                                      .operation = OP_SAMPLE_POINT,
                                      .flags = STRICT | IMMUTABLE};
static bool is_unknown(void *state, const Expr *expr)
{
    return expr->kind == EXPR_COLUMN || expr->kind == EXPR_SUBQUERY;
}

/* The share and the seed, when they are known before the rows are read. */
static Expr *known_value(Planning *p, Expr *expr)
{
    if (expr_any(p->q, expr, is_unknown, NULL))
        return NULL;
    Value value = evaluate_once(p->q, p->arena, expr, p->env, p->values, p->bound->parameter_count);
    return expr_constant(p->q, expr->type, &value, -1);
}

static Expr *less(Planning *p, Expr *point, Expr *share)
{
    Expr *sides[2] = {point, share};
    const FunctionRow *row = operator_next(TEXT("<"), NULL);
    while (row->arguments[0] != TYPE_FLOAT8 || row->arguments[1] != TYPE_FLOAT8)
        row = operator_next(TEXT("<"), row);
    return expr_call(p->q, row, sides, 2, type_of(TYPE_BOOL), -1);
}

/* The scan with its rows counted; *number: the column. */
static Logical *numbered(Planning *p, Logical *get, i32 *number)
{
    Value zero = {.lane = lane_of(LANE_I64)};
    Logical *fence = logical_new(p, LOGICAL_LIMIT, logical_number_rows(p, get, number), NULL);
    fence->sort.offset = expr_constant(p->q, type_of(TYPE_INT8), &zero, -1);
    return fence;
}

/* A value with sub-queries or columns of outer queries: made once, beside the rows. */
static Logical *beside(Planning *p, Logical *rows, Expr **value)
{
    i32 column = planning_column(p, TEXT("sample"), (*value)->type, (*value)->lane);
    Logical *one = logical_one_row(p, column, *value);
    *value = planning_ref(p, column);
    return logical_join(p, INNER_JOIN, rows, one, NULL, 0);
}

Logical *logical_sample(Planning *p, Logical *get)
{
    const BoundFrom *from = get->get.from;
    Expr *sample = from->sample, *seed = from->sample_seed;
    Expr *share = expr_call(p->q, &share_row, &sample, 1, type_of(TYPE_FLOAT8), -1), *known;
    if (known = known_value(p, share), known)
        share = known;
    if (!seed) {
        Logical *rows = known ? get : beside(p, get, &share);
        Type type = type_of(TYPE_FLOAT8);
        Expr *drawn = expr_call(p->q, function_next(TEXT("random"), NULL), NULL, 0, type, -1);
        Expr *condition = less(p, drawn, share);
        return logical_filter(p, rows, &condition, 1);
    }
    i32 number;
    Logical *rows = numbered(p, get, &number);
    if (!known)
        rows = beside(p, rows, &share);
    seed = expr_call(p->q, &seed_row, &seed, 1, type_of(TYPE_INT8), -1);
    if (known = known_value(p, seed), known)
        seed = known;
    else
        rows = beside(p, rows, &seed);
    Expr *args[2] = {planning_ref(p, number), seed};
    Expr *point = expr_call(p->q, &point_row, args, 2, type_of(TYPE_FLOAT8), -1);
    Expr *condition = less(p, point, share);
    return logical_filter(p, rows, &condition, 1);
}
