/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparisons of a date with a fixed timestamp become comparisons of dates, so that a scan can
 * prune by them: the timestamp falls on a day, at midnight or later.
 *
 *     d < t    d < day when t is midnight, else d <= day
 *     d >= t   d >= day when t is midnight, else d > day
 *     d <= t, d > t   the same with day; d = t, d <> t only when t is midnight
 */
#include "planner/pass.h"
#include "types/timestamp.h"

static const i64 DAY_US = 86400000000;

/* The comparison of dates that `row` is with the sides as given, for a timestamp at midnight; NULL:
 * no such comparison. PostgreSQL's numbers of date_eq .. date_ne. */
static const FunctionRow *date_row(Operation operation)
{
    switch ((i32)operation) {
    case OP_DATE_EQ_TIMESTAMP:
    case OP_TIMESTAMP_EQ_DATE:
        return function_by_proc(1086);
    case OP_DATE_LT_TIMESTAMP:
    case OP_TIMESTAMP_GT_DATE:
        return function_by_proc(1087);
    case OP_DATE_LE_TIMESTAMP:
    case OP_TIMESTAMP_GE_DATE:
        return function_by_proc(1088);
    case OP_DATE_GT_TIMESTAMP:
    case OP_TIMESTAMP_LT_DATE:
        return function_by_proc(1089);
    case OP_DATE_GE_TIMESTAMP:
    case OP_TIMESTAMP_LE_DATE:
        return function_by_proc(1090);
    case OP_DATE_NE_TIMESTAMP:
    case OP_TIMESTAMP_NE_DATE:
        return function_by_proc(1091);
    default:
        return NULL;
    }
}

/* The same for a timestamp later on its day; NULL: it equals no date. */
static const FunctionRow *inside_day(const FunctionRow *row)
{
    switch ((i32)row->operation) {
    case OP_LT:
    case OP_LE:
        return function_by_proc(1088);
    case OP_GT:
    case OP_GE:
        return function_by_proc(1089);
    default:
        return NULL;
    }
}

static Expr *to_dates(void *state, Query *q, Expr *expr)
{
    if (expr->kind != EXPR_CALL || expr->call.args.count != 2)
        return NULL;
    const FunctionRow *row = date_row(expr->call.row->operation);
    if (!row)
        return NULL;
    i32 side = expr->call.args.items[0]->type.oid == TYPE_DATE ? 0 : 1;
    Expr *date = expr->call.args.items[side], *fixed = expr->call.args.items[1 - side];
    if (fixed->kind != EXPR_CONSTANT || fixed->constant.null ||
        !timestamp_is_finite(fixed->constant.integer))
        return NULL;
    i64 t = fixed->constant.integer;
    i64 day = t / DAY_US - (t % DAY_US < 0);
    if (t % DAY_US != 0)
        row = inside_day(row);
    if (!row)
        return NULL;
    Value value = {.lane = lane_of(LANE_I32), .integer = day};
    Expr *args[] = {date, expr_constant(q, type_of(TYPE_DATE), &value, fixed->offset)};
    return expr_call(q, row, args, 2, expr->type, expr->offset);
}

static void domain_slot(void *state, Planning *p, Expr **slot)
{
    *slot = expr_rewrite(p->q, *slot, to_dates, NULL);
}

Logical *pass_domain(Planning *p, Logical *root)
{
    each_expr(p, root, domain_slot, NULL);
    return root;
}
