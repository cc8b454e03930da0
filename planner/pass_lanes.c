/* SPDX-License-Identifier: Apache-2.0
 *
 * Lanes: numeric arithmetic and comparisons on scaled integers wherever they are proven to fit.
 *
 * bind computes every numeric in the NUM lane, which is always right and slow, and columns are in
 * it, too. Here columns are read as DEC where statistics tell that none is NaN, and each numeric
 * expression gets an interval of unscaled values, from column statistics (facts of the snapshot) or
 * else from the declared precision; sums, differences, products and comparisons of DEC operands
 * stay DEC64 or DEC128 while the interval fits. Scales are those PostgreSQL would display, so
 * nothing changes in the output; arms of CASE with different scales stay NUM for that reason.
 *
 * Works bottom-up: a column whose lane changed is seen with its new lane by everything above.
 */
#include "planner/pass.h"
#include "types/decimal.h"

/* An expression in the lane found for it and, for DEC, the bounds of its unscaled value. */
typedef struct Narrow {
    Expr *expr;
    bool known;
    i128 low, high;
} Narrow;

typedef struct Interval128 {
    bool known;
    i128 low, high;
} Interval128;

typedef struct Lanes {
    Planning *p;
    Interval128 *intervals; /* by column id */
    i32 count;
} Lanes;

static const i128 DEC64_LIMIT = INT64_MAX;

static i128 dec128_limit(void)
{
    return power10_i128(38) - 1;
}

static bool is_decimal(Lane lane)
{
    return lane.kind == LANE_DEC64 || lane.kind == LANE_DEC128;
}

static Narrow unknown(Expr *expr)
{
    return (Narrow){.expr = expr};
}

/* ---- leaves ---- */

static Narrow narrow_column(Lanes *lanes, Expr *expr)
{
    Planning *p = lanes->p;
    Lane lane = p->columns[expr->column].lane;
    Expr *column = expr_column(p->q, expr->column, expr->type, lane, expr->offset);
    if (!is_decimal(lane))
        return unknown(column);
    if (expr->column < lanes->count && lanes->intervals[expr->column].known) {
        const Interval128 *own = &lanes->intervals[expr->column];
        return (Narrow){column, true, own->low, own->high};
    }
    if (expr->type.typmod == TYPMOD_NONE)
        return unknown(column);
    i32 precision = numeric_typmod_precision(expr->type.typmod);
    if (precision > DECIMAL128_DIGITS)
        return unknown(column);
    i128 limit = power10_i128(precision) - 1;
    return (Narrow){column, true, -limit, limit};
}

/* A numeric constant with its display scale as DEC64, when it fits. */
static Narrow narrow_constant(Lanes *lanes, Expr *expr)
{
    const Value *value = &expr->constant;
    i128 scaled;
    if (value->null || expr->lane.kind != LANE_NUM || value->num.kind != NUM_INLINE ||
        value->num.scale > DECIMAL64_DIGITS || !num_to_i128(value->num, value->num.scale, &scaled))
        return unknown(expr);
    Value decimal = {.lane = lane_decimal64(value->num.scale), .integer = (i64)scaled};
    Expr *constant = expr_constant(lanes->p->q, expr->type, &decimal, expr->offset);
    return (Narrow){constant, true, scaled, scaled};
}

/* ---- changing lanes ---- */

static Lane lane_for(i128 low, i128 high, i32 scale)
{
    if (scale <= DECIMAL128_DIGITS && low >= -DEC64_LIMIT && high <= DEC64_LIMIT)
        return lane_decimal64(scale);
    return lane_decimal128(scale);
}

static bool fits(i128 low, i128 high, i32 scale)
{
    return scale <= DECIMAL128_DIGITS && low >= -dec128_limit() && high <= dec128_limit();
}

static Expr *to_lane(Lanes *lanes, Expr *expr, Lane lane)
{
    if (lane_equal(expr->lane, lane))
        return expr;
    if (expr->kind == EXPR_CONSTANT && !expr->constant.null && is_decimal(lane) &&
        is_decimal(expr->lane)) {
        i128 scaled,
            old = expr->lane.kind == LANE_DEC64 ? expr->constant.integer : expr->constant.wide;
        if (decimal_rescale(old, expr->lane.scale, lane.scale, &scaled)) {
            Value value = {.lane = lane};
            if (lane.kind == LANE_DEC64)
                value.integer = (i64)scaled;
            else
                value.wide = scaled;
            return expr_constant(lanes->p->q, expr->type, &value, expr->offset);
        }
    }
    return expr_unary(lanes->p->q, EXPR_LANE, expr, expr->type, lane);
}

/* The same value at a larger scale; false: too large. */
static bool rescale(Narrow *narrow, i32 scale)
{
    i32 by = scale - narrow->expr->lane.scale;
    if (by < 0 || by > DECIMAL128_DIGITS)
        return false;
    i128 factor = power10_i128(by);
    return !__builtin_mul_overflow(narrow->low, factor, &narrow->low) &&
           !__builtin_mul_overflow(narrow->high, factor, &narrow->high) &&
           fits(narrow->low, narrow->high, scale);
}

static Narrow narrow(Lanes *lanes, Expr *expr);

/* Narrowed inside, but in the lane it had: for parents that expect it. */
static Expr *narrow_keep(Lanes *lanes, Expr *expr)
{
    return to_lane(lanes, narrow(lanes, expr).expr, expr->lane);
}

/* ---- operations ---- */

static Narrow decimal_call(Lanes *lanes, const Expr *expr, Expr **args, i32 count, i128 low,
                           i128 high, Lane lane)
{
    Expr *call = expr_call(lanes->p->q, expr->call.row, args, count, expr->type, expr->offset);
    call->lane = lane;
    return (Narrow){call, true, low, high};
}

static bool both_decimal(const Narrow *a, const Narrow *b)
{
    return a->known && b->known && is_decimal(a->expr->lane) && is_decimal(b->expr->lane);
}

static bool narrow_sum(Lanes *lanes, const Expr *expr, Narrow a, Narrow b, Narrow *result)
{
    i32 scale = a.expr->lane.scale > b.expr->lane.scale ? a.expr->lane.scale : b.expr->lane.scale;
    if (!rescale(&a, scale) || !rescale(&b, scale))
        return false;
    bool minus = expr->call.row->operation == OP_SUBTRACT;
    i128 low = minus ? a.low - b.high : a.low + b.low;
    i128 high = minus ? a.high - b.low : a.high + b.high;
    if (!fits(low, high, scale))
        return false;
    i128 least = low < a.low ? low : a.low, most = high > a.high ? high : a.high;
    least = least < b.low ? least : b.low;
    most = most > b.high ? most : b.high;
    Lane lane = lane_for(least, most, scale);
    Expr *args[2] = {to_lane(lanes, a.expr, lane), to_lane(lanes, b.expr, lane)};
    *result = decimal_call(lanes, expr, args, 2, low, high, lane);
    return true;
}

static bool narrow_product(Lanes *lanes, const Expr *expr, Narrow a, Narrow b, Narrow *result)
{
    i32 scale = a.expr->lane.scale + b.expr->lane.scale;
    i128 corners[4];
    if (__builtin_mul_overflow(a.low, b.low, &corners[0]) ||
        __builtin_mul_overflow(a.low, b.high, &corners[1]) ||
        __builtin_mul_overflow(a.high, b.low, &corners[2]) ||
        __builtin_mul_overflow(a.high, b.high, &corners[3]))
        return false;
    i128 low = corners[0], high = corners[0];
    for (i32 i = 1; i < 4; i++) {
        low = corners[i] < low ? corners[i] : low;
        high = corners[i] > high ? corners[i] : high;
    }
    if (!fits(low, high, scale))
        return false;
    Lane lane = lane_for(low, high, scale);
    Expr *args[2] = {a.expr, b.expr};
    Lane given[2] = {a.expr->lane, b.expr->lane};
    if (!kernel_find(OP_MULTIPLY, given, 2, lane)) {
        args[0] = to_lane(lanes, a.expr, lane_decimal128(a.expr->lane.scale));
        args[1] = to_lane(lanes, b.expr, lane_decimal128(b.expr->lane.scale));
        lane = lane_decimal128(scale);
    }
    *result = decimal_call(lanes, expr, args, 2, low, high, lane);
    return true;
}

static bool is_comparison(Operation operation)
{
    return operation == OP_EQ || operation == OP_NE || operation == OP_LT || operation == OP_LE ||
           operation == OP_GT || operation == OP_GE;
}

static bool narrow_comparison(Lanes *lanes, const Expr *expr, Narrow a, Narrow b, Narrow *result)
{
    i32 scale = a.expr->lane.scale > b.expr->lane.scale ? a.expr->lane.scale : b.expr->lane.scale;
    if (!rescale(&a, scale) || !rescale(&b, scale))
        return false;
    i128 low = a.low < b.low ? a.low : b.low, high = a.high > b.high ? a.high : b.high;
    Lane lane = lane_for(low, high, scale);
    Expr *args[2] = {to_lane(lanes, a.expr, lane), to_lane(lanes, b.expr, lane)};
    *result = unknown(expr_call(lanes->p->q, expr->call.row, args, 2, expr->type, expr->offset));
    return true;
}

/* The call over arguments that were narrowed inside and are in the lanes they had. Nothing is
 * narrowed twice: that would be exponential in the depth of an expression. */
static Narrow kept_call(Lanes *lanes, const Expr *expr, const Narrow *narrowed)
{
    Query *q = lanes->p->q;
    i32 count = expr->call.args.count;
    Expr **args = make_array(q, Expr *, count);
    for (i32 i = 0; i < count; i++)
        args[i] = to_lane(lanes, narrowed[i].expr, expr->call.args.items[i]->lane);
    Expr *copy = make(q, Expr);
    *copy = *expr;
    copy->call.args = (ExprList){args, count};
    return unknown(copy);
}

static bool is_arithmetic(Operation operation)
{
    return operation == OP_ADD || operation == OP_SUBTRACT || operation == OP_MULTIPLY;
}

/* + - * and comparisons of two numerics. */
static bool is_operation(const Expr *expr)
{
    Operation operation = expr->call.row->operation;
    return expr->call.args.count == 2 && expr->call.args.items[0]->type.oid == TYPE_NUMERIC &&
           expr->call.args.items[1]->type.oid == TYPE_NUMERIC &&
           (is_arithmetic(operation) || is_comparison(operation));
}

static Narrow narrow_operation(Lanes *lanes, const Expr *expr)
{
    Operation operation = expr->call.row->operation;
    Narrow args[2] = {narrow(lanes, expr->call.args.items[0]),
                      narrow(lanes, expr->call.args.items[1])};
    Narrow result;
    bool done =
        both_decimal(&args[0], &args[1]) &&
        (operation == OP_MULTIPLY   ? narrow_product(lanes, expr, args[0], args[1], &result)
         : is_comparison(operation) ? narrow_comparison(lanes, expr, args[0], args[1], &result)
                                    : narrow_sum(lanes, expr, args[0], args[1], &result));
    return done ? result : kept_call(lanes, expr, args);
}

/* numeric(p,s) of a scaled integer is one. */
static Narrow narrow_declared(Lanes *lanes, const Expr *expr)
{
    Narrow args[2] = {narrow(lanes, expr->call.args.items[0]), unknown(expr->call.args.items[1])};
    Lane lane = numeric_typmod_lane(expr->type.typmod);
    Lane given[2] = {args[0].expr->lane, args[1].expr->lane};
    if (!args[0].known || !is_decimal(given[0]) || !is_decimal(lane) ||
        !kernel_find(OP_NUMERIC_TYPMOD, given, 2, lane))
        return kept_call(lanes, expr, args);
    i128 limit = power10_i128(numeric_typmod_precision(expr->type.typmod)) - 1;
    i128 low = -limit, high = limit, rounded;
    if (decimal_rescale(args[0].low, given[0].scale, lane.scale, &rounded) && rounded > low)
        low = rounded;
    if (decimal_rescale(args[0].high, given[0].scale, lane.scale, &rounded) && rounded < high)
        high = rounded;
    Expr *operands[2] = {args[0].expr, args[1].expr};
    return decimal_call(lanes, expr, operands, 2, low, high, lane);
}

/* ---- everything else keeps the lanes it was bound with ---- */

typedef struct Enter {
    Lanes *lanes;
    const Expr *node;
} Enter;

static Expr *keep_children(void *state, Query *q, Expr *expr)
{
    const Enter *enter = state;
    return expr == enter->node ? NULL : narrow_keep(enter->lanes, expr);
}

static Expr *rebuild(Lanes *lanes, Expr *expr)
{
    Enter enter = {lanes, expr};
    return expr_rewrite(lanes->p->q, expr, keep_children, &enter);
}

static Narrow narrow(Lanes *lanes, Expr *expr)
{
    stack_check(lanes->p->q);
    if (expr->kind == EXPR_COLUMN)
        return narrow_column(lanes, expr);
    if (expr->kind == EXPR_CONSTANT)
        return narrow_constant(lanes, expr);
    if (expr->kind == EXPR_LANE && expr->lane.kind == LANE_NUM && expr->type.oid == TYPE_NUMERIC)
        return narrow(lanes, expr->operand);
    if (expr->kind == EXPR_CALL && is_operation(expr))
        return narrow_operation(lanes, expr);
    if (expr->kind == EXPR_CALL && expr->call.row->operation == OP_NUMERIC_TYPMOD)
        return narrow_declared(lanes, expr);
    return unknown(rebuild(lanes, expr));
}

/* ---- aggregates ---- */

/* SUM and AVG read DEC and give NUM; MIN and MAX stay in the lane they read. */
static Expr *narrow_aggregate(Lanes *lanes, Expr *expr)
{
    Planning *p = lanes->p;
    const ExprAggregate *aggregate = &expr->aggregate;
    if (aggregate->args.count != 1 || aggregate->args.items[0]->type.oid != TYPE_NUMERIC)
        return rebuild(lanes, expr);
    Narrow arg = narrow(lanes, aggregate->args.items[0]);
    Operation operation = aggregate->row->operation;
    bool picks = operation == OP_MIN || operation == OP_MAX;
    Lane result = picks ? arg.expr->lane : expr->lane;
    if (!is_decimal(arg.expr->lane) || aggregate->order_count ||
        !aggregate_find(operation, &arg.expr->lane, 1, result))
        return rebuild(lanes, expr);
    Expr *copy = make(p->q, Expr);
    *copy = *expr;
    copy->lane = result;
    copy->aggregate.args = expr_list(p->q, &arg.expr, 1);
    if (aggregate->filter)
        copy->aggregate.filter = narrow_keep(lanes, aggregate->filter);
    return copy;
}

/* ---- nodes ---- */

static void remember(Lanes *lanes, i32 id, Narrow narrowed)
{
    Planning *p = lanes->p;
    p->columns[id].lane = narrowed.expr->lane;
    if (id < lanes->count && narrowed.known)
        lanes->intervals[id] = (Interval128){true, narrowed.low, narrowed.high};
}

/* A column of numeric(p,s) is read as scaled integers where its bounds prove that no NaN is in it;
 * one without bounds has no values. */
static void narrow_stored(Lanes *lanes, const ColumnStatistics *own, i32 id)
{
    BoundColumn *column = &lanes->p->columns[id];
    Lane lane = column->type.oid == TYPE_NUMERIC ? numeric_typmod_lane(column->type.typmod)
                                                 : lane_of(LANE_NONE);
    if (!is_decimal(lane) || column->lane.kind != LANE_NUM || !own->bounds_exact)
        return;
    Interval128 bounds = {.known = own->has_bounds};
    if (own->has_bounds && (!num_to_i128(own->min.num, lane.scale, &bounds.low) ||
                            !num_to_i128(own->max.num, lane.scale, &bounds.high)))
        return;
    column->lane = lane;
    lanes->intervals[id] = bounds;
}

static void node_get(Lanes *lanes, Logical *node)
{
    const BoundFrom *from = node->get.from;
    const TableStatistics *statistics = node->get.statistics;
    for (i32 i = 0; statistics && i < statistics->column_count; i++) {
        i32 id = from->first_column + (i32)statistics->columns[i].column - 1;
        if (id < lanes->count)
            narrow_stored(lanes, &statistics->columns[i], id);
    }
    for (i32 i = 0; i < node->get.filters.count; i++)
        node->get.filters.items[i] = narrow_keep(lanes, node->get.filters.items[i]);
}

static void node_project(Lanes *lanes, Logical *node)
{
    for (i32 i = 0; i < node->project.count; i++) {
        LogicalColumn *column = &node->project.columns[i];
        Narrow narrowed = narrow(lanes, column->expr);
        column->expr = narrowed.expr;
        remember(lanes, column->id, narrowed);
    }
}

static void node_aggregate(Lanes *lanes, Logical *node)
{
    for (i32 i = 0; i < node->aggregate.key_count; i++) {
        Narrow narrowed = narrow(lanes, node->aggregate.keys[i].expr);
        node->aggregate.keys[i].expr = narrowed.expr;
        remember(lanes, node->aggregate.keys[i].id, narrowed);
    }
    for (i32 i = 0; i < node->aggregate.call_count; i++) {
        LogicalColumn *call = &node->aggregate.calls[i];
        call->expr = narrow_aggregate(lanes, call->expr);
        lanes->p->columns[call->id].lane = call->expr->lane;
    }
}

/* A side whose column came out in another lane than its partner: both to NUM. */
static Logical *side_to_num(Lanes *lanes, Logical *side, const i32 *ids, i32 count,
                            const bool *widen)
{
    Planning *p = lanes->p;
    Logical *project = logical_new(p, LOGICAL_PROJECT, side, NULL);
    project->project.columns = make_array(p->q, LogicalColumn, count);
    project->project.count = count;
    for (i32 i = 0; i < count; i++) {
        Expr *column = planning_ref(p, ids[i]);
        project->project.columns[i] =
            (LogicalColumn){ids[i], widen[i] ? to_lane(lanes, column, lane_of(LANE_NUM)) : column};
    }
    return project;
}

static void node_set(Lanes *lanes, Logical *node)
{
    Planning *p = lanes->p;
    bool *widen = make_array(p->q, bool, node->set.count), any = false;
    for (i32 i = 0; i < node->set.count; i++) {
        Lane left = p->columns[node->set.left_ids[i]].lane;
        widen[i] = !lane_equal(left, p->columns[node->set.right_ids[i]].lane);
        any |= widen[i];
        p->columns[node->set.ids[i]].lane = widen[i] ? lane_of(LANE_NUM) : left;
    }
    if (!any)
        return;
    /* a projection gives the column a new id: the old id keeps the lane it has below */
    i32 *ids[2] = {make_array(p->q, i32, node->set.count), make_array(p->q, i32, node->set.count)};
    for (i32 s = 0; s < 2; s++) {
        const i32 *old = s ? node->set.right_ids : node->set.left_ids;
        Logical *project = side_to_num(lanes, node->inputs[s], old, node->set.count, widen);
        for (i32 i = 0; i < node->set.count; i++) {
            LogicalColumn *column = &project->project.columns[i];
            ids[s][i] =
                planning_column(p, p->columns[old[i]].name, column->expr->type, column->expr->lane);
            column->id = ids[s][i];
        }
        node->inputs[s] = project;
    }
    node->set.left_ids = ids[0];
    node->set.right_ids = ids[1];
}

static void keep_slot(void *state, Planning *p, Expr **slot)
{
    *slot = narrow_keep(state, *slot);
}

/* IS NOT DISTINCT FROM pairs stay comparable: both sides in one lane. */
static void align_null_keys(Lanes *lanes, Logical *node)
{
    for (i32 i = 0; i + 1 < node->join.null_keys.count; i += 2) {
        Expr **pair = &node->join.null_keys.items[i];
        pair[0] = narrow(lanes, pair[0]).expr;
        pair[1] = narrow(lanes, pair[1]).expr;
        if (lane_equal(pair[0]->lane, pair[1]->lane))
            continue;
        for (i32 s = 0; s < 2; s++)
            pair[s] = to_lane(lanes, pair[s], lane_of(LANE_NUM));
    }
    for (i32 i = 0; i < node->join.conditions.count; i++)
        node->join.conditions.items[i] = narrow_keep(lanes, node->join.conditions.items[i]);
}

static void visit(Lanes *lanes, Logical *node)
{
    Planning *p = lanes->p;
    stack_check(p->q);
    for (i32 i = 0; i < 2; i++)
        if (node->inputs[i])
            visit(lanes, node->inputs[i]);
    switch (node->kind) {
    case LOGICAL_GET:
        node_get(lanes, node);
        return;
    case LOGICAL_PROJECT:
        node_project(lanes, node);
        return;
    case LOGICAL_AGGREGATE:
        node_aggregate(lanes, node);
        return;
    case LOGICAL_SET:
        node_set(lanes, node);
        return;
    case LOGICAL_CTE:
        for (i32 i = 0; i < node->cte.column_count; i++)
            p->columns[node->cte.first_column + i].lane =
                p->columns[p->cte_outputs[node->cte.number][i]].lane;
        return;
    case LOGICAL_JOIN:
        align_null_keys(lanes, node);
        return;
    case LOGICAL_FILTER:
    case LOGICAL_FUNCTION:
    case LOGICAL_PROJECT_SET:
        logical_exprs(p, node, keep_slot, lanes);
        return;
    case LOGICAL_DISTINCT_ON:
    case LOGICAL_SORT:
    case LOGICAL_LIMIT:
        for (i32 i = 0; i < node->sort.key_count; i++)
            node->sort.keys[i].key = narrow(lanes, node->sort.keys[i].key).expr;
        return;
    case LOGICAL_VALUES:
    case LOGICAL_APPLY:
        return;
    }
}

Logical *pass_lanes(Planning *p, Logical *root)
{
    if (p->bound->kind != BOUND_QUERY || p->bound->is_write)
        return root; /* the rows of INSERT and UPDATE must come in the table's lanes */
    Lanes lanes = {p, make_array(p->q, Interval128, p->column_count), p->column_count};
    visit(&lanes, root);
    return root;
}
