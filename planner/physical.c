/* SPDX-License-Identifier: Apache-2.0
 *
 * Logical to physical: which operator, which side is built, what is pushed into a scan; column ids
 * become positions and columns nobody needs are left out on the way down.
 */
#include "planner/pass.h"

/* A plan and the column id at each of its positions. */
typedef struct Built {
    Plan *plan;
    i32 *ids;
} Built;

static Built build(Planning *p, Logical *node, const ColumnSet *needed);

/* ---- positions ---- */

typedef struct Mapping {
    Planning *p;
    const i32 *ids[2]; /* of the inputs */
    i32 count[2];
} Mapping;

static i32 find_position(const Mapping *mapping, i32 id)
{
    i32 base = 0;
    for (i32 s = 0; s < 2; s++) {
        for (i32 i = 0; i < mapping->count[s]; i++)
            if (mapping->ids[s][i] == id)
                return base + i;
        base += mapping->count[s];
    }
    return -1;
}

static Expr *map_column(void *state, Query *q, Expr *expr)
{
    const Mapping *mapping = state;
    if (expr->kind != EXPR_COLUMN)
        return NULL;
    i32 position = find_position(mapping, expr->column);
    const BoundColumn *column = &mapping->p->columns[expr->column];
    if (position < 0)
        query_fail_at(q, expr->offset, E_GROUPING_ERROR,
                      "subquery uses ungrouped column \"%.*s%s%.*s\" from outer query",
                      TEXT_ARG(column->qualifier), column->qualifier.len ? "." : "",
                      TEXT_ARG(column->name));
    return expr_column(q, position, expr->type, column->lane, expr->offset);
}

static Mapping mapping_of(Planning *p, const Built *left, const Built *right)
{
    Mapping mapping = {.p = p};
    mapping.ids[0] = left->ids;
    mapping.count[0] = left->plan->column_count;
    if (right) {
        mapping.ids[1] = right->ids;
        mapping.count[1] = right->plan->column_count;
    }
    return mapping;
}

static Expr *map_expr(const Mapping *mapping, Expr *expr)
{
    return expr_rewrite(mapping->p->q, expr, map_column, (void *)mapping); /* only read */
}

static ExprList map_list(const Mapping *mapping, ExprList list)
{
    ExprList mapped = {make_array(mapping->p->q, Expr *, list.count), list.count};
    for (i32 i = 0; i < list.count; i++)
        mapped.items[i] = map_expr(mapping, list.items[i]);
    return mapped;
}

/* ---- nodes ---- */

static Built new_plan(Planning *p, PlanKind kind, i32 columns, const Logical *node)
{
    Plan *plan = make(p->q, Plan);
    plan->kind = kind;
    plan->columns = make_array(p->q, PlanColumn, columns);
    plan->rows = node ? node->rows : 1;
    return (Built){plan, make_array(p->q, i32, columns)};
}

static void add_output(Planning *p, Built *built, i32 id)
{
    const BoundColumn *column = &p->columns[id];
    Plan *plan = built->plan;
    built->ids[plan->column_count] = id;
    plan->columns[plan->column_count++] =
        (PlanColumn){column->type, column->lane, column->name, column->qualifier};
}

static void add_input(Built *built, const Built *input)
{
    built->plan->inputs[built->plan->input_count++] = input->plan;
}

/* The same columns as the input. */
static Built pass_through(Planning *p, PlanKind kind, const Built *input, const Logical *node)
{
    Built built = new_plan(p, kind, input->plan->column_count, node);
    for (i32 i = 0; i < input->plan->column_count; i++) {
        built.ids[i] = input->ids[i];
        built.plan->columns[i] = input->plan->columns[i];
    }
    built.plan->column_count = input->plan->column_count;
    add_input(&built, input);
    return built;
}

/* Exactly these columns in this order. */
static Built arrange(Planning *p, Built input, const i32 *ids, i32 count)
{
    bool same = input.plan->column_count == count;
    for (i32 i = 0; same && i < count; i++)
        same = input.ids[i] == ids[i];
    if (same)
        return input;
    Mapping mapping = mapping_of(p, &input, NULL);
    Built project = new_plan(p, PLAN_PROJECT, count, NULL);
    project.plan->rows = input.plan->rows;
    add_input(&project, &input);
    Expr **exprs = make_array(p->q, Expr *, count);
    for (i32 i = 0; i < count; i++) {
        exprs[i] = map_expr(&mapping, planning_ref(p, ids[i]));
        add_output(p, &project, ids[i]);
    }
    project.plan->exprs = (ExprList){exprs, count};
    return project;
}

/* ---- scan ---- */

static const Expr *scan_column_of(const Expr *expr, Lane *lane)
{
    if (expr->kind == EXPR_LANE && expr->operand->kind == EXPR_COLUMN)
        expr = expr->operand;
    if (expr->kind != EXPR_COLUMN)
        return NULL;
    *lane = expr->lane;
    return expr;
}

/* A constant of the comparison's lane in the scan's lane; NULL: not exactly. */
static Expr *bound_in_lane(Planning *p, Expr *bound, Lane lane)
{
    if (lane_equal(bound->lane, lane))
        return bound;
    if (bound->kind != EXPR_CONSTANT || bound->constant.null || bound->lane.kind != LANE_NUM)
        return NULL;
    if (lane.kind != LANE_DEC64 && lane.kind != LANE_DEC128)
        return NULL;
    i128 scaled;
    Num back;
    if (!num_to_i128(bound->constant.num, lane.scale, &scaled))
        return NULL;
    if (!num_from_i128(scaled, lane.scale, p->q->arena, &back, &p->q->error))
        query_rethrow(p->q, &p->q->error);
    if (num_compare(back, bound->constant.num) != 0)
        return NULL;
    if (lane.kind == LANE_DEC64 && (scaled > INT64_MAX || scaled < INT64_MIN))
        return NULL;
    Value value = {.lane = lane};
    if (lane.kind == LANE_DEC64)
        value.integer = (i64)scaled;
    else
        value.wide = scaled;
    return expr_constant(p->q, bound->type, &value, bound->offset);
}

static Operation flip(Operation operation)
{
    switch ((i32)operation) {
    case OP_LT:
        return OP_GT;
    case OP_LE:
        return OP_GE;
    case OP_GT:
        return OP_LT;
    case OP_GE:
        return OP_LE;
    default:
        return operation;
    }
}

/* column op fixed expression, both of one type: a RANGE. */
static bool range_filter(Planning *p, const Expr *conjunct, PlanScanFilter *filter, i32 *column)
{
    if (conjunct->kind != EXPR_CALL || conjunct->call.args.count != 2)
        return false;
    Operation operation = conjunct->call.row->operation;
    if (operation != OP_EQ && operation != OP_LT && operation != OP_LE && operation != OP_GT &&
        operation != OP_GE)
        return false;
    for (i32 side = 0; side < 2; side++) {
        Lane lane;
        const Expr *own = scan_column_of(conjunct->call.args.items[side], &lane);
        Expr *bound = conjunct->call.args.items[1 - side];
        if (!own || !expr_is_fixed(p->q, bound) || expr_has_flags(p->q, bound, FAILS | VOLATILE))
            continue;
        if (conjunct->call.args.items[0]->type.oid != conjunct->call.args.items[1]->type.oid)
            continue;
        bound = bound_in_lane(p, bound, lane);
        if (!bound)
            continue;
        Operation as = side == 0 ? operation : flip(operation);
        filter->kind = FILTER_RANGE;
        if (as == OP_EQ || as == OP_GT || as == OP_GE)
            filter->low = bound;
        if (as == OP_EQ || as == OP_LT || as == OP_LE)
            filter->high = bound;
        filter->low_exclusive = as == OP_GT;
        filter->high_exclusive = as == OP_LT;
        *column = own->column;
        return true;
    }
    return false;
}

static bool set_filter(Planning *p, const Expr *conjunct, PlanScanFilter *filter, i32 *column)
{
    if (conjunct->kind != EXPR_IN || conjunct->in.negated)
        return false;
    Lane lane;
    const Expr *own = scan_column_of(conjunct->in.operand, &lane);
    if (!own)
        return false;
    ExprList set = {make_array(p->q, Expr *, conjunct->in.items.count), conjunct->in.items.count};
    for (i32 i = 0; i < set.count; i++) {
        Expr *item = conjunct->in.items.items[i];
        if (item->kind != EXPR_CONSTANT || item->constant.null)
            return false;
        set.items[i] = bound_in_lane(p, item, lane);
        if (!set.items[i])
            return false;
    }
    filter->kind = FILTER_IN_SET;
    filter->set = set;
    *column = own->column;
    return true;
}

static bool null_filter(const Expr *conjunct, PlanScanFilter *filter, i32 *column)
{
    if (conjunct->kind != EXPR_IS || conjunct->is.test != IS_NULL ||
        conjunct->is.operand->kind != EXPR_COLUMN)
        return false;
    filter->kind = conjunct->is.negated ? FILTER_NOT_NULL : FILTER_IS_NULL;
    *column = conjunct->is.operand->column;
    return true;
}

/* A predicate over one column that cannot fail: storage may try it on dictionary entries. */
static bool test_filter(Planning *p, Expr *conjunct, PlanScanFilter *filter, i32 *column)
{
    ColumnSet used = expr_columns(p, conjunct);
    i32 found = -1;
    for (i32 id = 0; id < p->column_count; id++) {
        if (!set_has(&used, id))
            continue;
        if (found >= 0)
            return false;
        found = id;
    }
    if (found < 0 || p->columns[found].lane.kind != LANE_STR || !expr_is_strict(p->q, conjunct) ||
        expr_has_flags(p->q, conjunct, FAILS | VOLATILE | STABLE | ENV))
        return false;
    Expr *position = expr_column(p->q, 0, p->columns[found].type, p->columns[found].lane, -1);
    filter->kind = FILTER_TEST;
    filter->test = expr_replace_columns(p, conjunct, &found, &position, 1);
    *column = found;
    return true;
}

static void scan_filters(Planning *p, Built *built, const Logical *node)
{
    PlanScan *scan = &built->plan->scan;
    scan->filters = make_array(p->q, PlanScanFilter, node->get.filters.count);
    Expr **rest = make_array(p->q, Expr *, node->get.filters.count);
    Mapping mapping = mapping_of(p, built, NULL);
    scan->shown = map_list(&mapping, node->get.filters);
    for (i32 i = 0; i < node->get.filters.count; i++) {
        Expr *conjunct = node->get.filters.items[i];
        PlanScanFilter *filter = &scan->filters[scan->filter_count];
        *filter = (PlanScanFilter){.kind = FILTER_RANGE};
        i32 column = -1;
        bool pushed = scan->filter_count < 48 && (range_filter(p, conjunct, filter, &column) ||
                                                  set_filter(p, conjunct, filter, &column) ||
                                                  null_filter(conjunct, filter, &column) ||
                                                  test_filter(p, conjunct, filter, &column));
        if (pushed) {
            filter->scan_column = find_position(&mapping, column);
            scan->filter_count++;
        } else {
            rest[scan->conjuncts.count++] = map_expr(&mapping, conjunct);
        }
    }
    scan->conjuncts.items = rest;
}

static Built build_get(Planning *p, Logical *node, const ColumnSet *needed)
{
    const BoundFrom *from = node->get.from;
    const CatalogRelation *relation = from->relation;
    ColumnSet wanted = set_new(p);
    set_union(&wanted, needed);
    for (i32 i = 0; i < node->get.filters.count; i++)
        add_expr_columns(p, node->get.filters.items[i], &wanted);
    for (i32 i = 0; i < from->column_count && !pass_is_on(p, "column_pruning"); i++)
        if (!relation->columns[i].dropped)
            set_add(&wanted, from->first_column + i);
    Built built = new_plan(p, PLAN_SCAN, from->column_count + 1, node);
    PlanScan *scan = &built.plan->scan;
    scan->columns = make_array(p->q, ScanColumn, from->column_count);
    for (i32 i = 0; i < from->column_count; i++) {
        i32 id = from->first_column + i;
        if (!set_has(&wanted, id))
            continue;
        scan->columns[scan->column_count++] =
            (ScanColumn){.id = (ColumnId)relation->columns[i].number,
                         .type = p->columns[id].type,
                         .lane = p->columns[id].lane};
        add_output(p, &built, id);
    }
    const CatalogSchema *schema = catalog_schema(p->q, p->view, relation->schema);
    scan->access = relation->access;
    scan->relation = relation->relation;
    scan->relation_oid = relation->oid;
    scan->relation_name = relation->name;
    scan->schema_name = schema ? schema->name : TEXT("");
    scan->alias = from->alias;
    scan_filters(p, &built, node);
    if (node->get.row_id >= 0) {
        scan->want_row_ids = true;
        scan->is_target = !from->has_row_id;
        add_output(p, &built, node->get.row_id);
    }
    return built;
}

/* ---- leaves ---- */

static Built build_values(Planning *p, Logical *node)
{
    Built built = new_plan(p, PLAN_VALUES, node->values.id_count, node);
    for (i32 i = 0; i < node->values.id_count; i++)
        add_output(p, &built, node->values.ids[i]);
    built.plan->values = (PlanValues){node->values.rows, node->values.row_count};
    return built;
}

static Built build_function(Planning *p, Logical *node, const ColumnSet *needed)
{
    Built input = {NULL, NULL};
    if (node->inputs[0]) {
        ColumnSet below = set_new(p);
        set_union(&below, needed);
        for (i32 i = 0; i < node->function.args.count; i++)
            add_expr_columns(p, node->function.args.items[i], &below);
        input = build(p, node->inputs[0], &below);
    }
    i32 inputs = input.plan ? input.plan->column_count : 0;
    Built built = new_plan(p, PLAN_FUNCTION_SCAN, inputs + 2, node);
    for (i32 i = 0; i < inputs; i++)
        add_output(p, &built, input.ids[i]);
    add_output(p, &built, node->function.first_column);
    if (node->function.ordinality)
        add_output(p, &built, node->function.first_column + 1);
    PlanFunctionScan *scan = &built.plan->function;
    scan->row = node->function.row;
    scan->args = node->function.args;
    scan->ordinality = node->function.ordinality;
    if (input.plan) {
        add_input(&built, &input);
        Mapping mapping = mapping_of(p, &input, NULL);
        scan->args = map_list(&mapping, node->function.args);
    }
    return built;
}

static Built build_project_set(Planning *p, Logical *node, const ColumnSet *needed)
{
    ColumnSet below = set_new(p);
    set_union(&below, needed);
    i32 count = node->project.count;
    for (i32 i = 0; i < count; i++)
        add_expr_columns(p, node->project.columns[i].expr, &below);
    Built input = build(p, node->inputs[0], &below);
    Mapping mapping = mapping_of(p, &input, NULL);
    Built built = new_plan(p, PLAN_PROJECT_SET, input.plan->column_count + count, node);
    PlanProjectSet *set = &built.plan->project_set;
    set->kept = make_array(p->q, i32, input.plan->column_count);
    for (i32 i = 0; i < input.plan->column_count; i++) {
        if (!set_has(needed, input.ids[i]))
            continue;
        set->kept[set->kept_count++] = i;
        add_output(p, &built, input.ids[i]);
    }
    set->calls = (ExprList){make_array(p->q, Expr *, count), count};
    for (i32 i = 0; i < count; i++) {
        set->calls.items[i] = map_expr(&mapping, node->project.columns[i].expr);
        add_output(p, &built, node->project.columns[i].id);
    }
    add_input(&built, &input);
    return built;
}

static Built build_cte(Planning *p, Logical *node)
{
    Built built = new_plan(p, PLAN_CTE_SCAN, node->cte.column_count, node);
    for (i32 i = 0; i < node->cte.column_count; i++)
        add_output(p, &built, node->cte.first_column + i);
    built.plan->cte = node->cte.number;
    return built;
}

/* ---- filter, project ---- */

static Built build_filter(Planning *p, Logical *node, const ColumnSet *needed)
{
    ColumnSet below = set_new(p);
    set_union(&below, needed);
    for (i32 i = 0; i < node->filter.count; i++)
        add_expr_columns(p, node->filter.items[i], &below);
    Built input = build(p, node->inputs[0], &below);
    Built built = pass_through(p, PLAN_FILTER, &input, node);
    Mapping mapping = mapping_of(p, &input, NULL);
    built.plan->exprs = map_list(&mapping, node->filter);
    return built;
}

static Built build_project(Planning *p, Logical *node, const ColumnSet *needed)
{
    ColumnSet below = set_new(p);
    i32 count = 0;
    for (i32 i = 0; i < node->project.count; i++) {
        if (!set_has(needed, node->project.columns[i].id))
            continue;
        add_expr_columns(p, node->project.columns[i].expr, &below);
        count++;
    }
    Built input = build(p, node->inputs[0], &below);
    Mapping mapping = mapping_of(p, &input, NULL);
    Built built = new_plan(p, PLAN_PROJECT, count, node);
    Expr **exprs = make_array(p->q, Expr *, count);
    for (i32 i = 0; i < node->project.count; i++) {
        i32 id = node->project.columns[i].id;
        if (!set_has(needed, id))
            continue;
        exprs[built.plan->column_count] = map_expr(&mapping, node->project.columns[i].expr);
        add_output(p, &built, id);
    }
    built.plan->exprs = (ExprList){exprs, count};
    add_input(&built, &input);
    return built;
}

/* ---- joins ---- */

typedef struct JoinParts {
    ExprList left_keys, right_keys, residual;
    bool *null_equal;
} JoinParts;

static bool split_key(Planning *p, const Expr *condition, const ColumnSet *left,
                      const ColumnSet *right, Expr **left_key, Expr **right_key)
{
    if (condition->kind != EXPR_CALL || condition->call.row->operation != OP_EQ ||
        condition->call.args.count != 2)
        return false;
    for (i32 i = 0; i < 2; i++) {
        Expr *a = condition->call.args.items[i], *b = condition->call.args.items[1 - i];
        ColumnSet in_a = expr_columns(p, a), in_b = expr_columns(p, b);
        if (!set_contains(left, &in_a) || !set_contains(right, &in_b) || set_is_empty(&in_a) ||
            set_is_empty(&in_b) || !lane_equal(a->lane, b->lane))
            continue;
        *left_key = a;
        *right_key = b;
        return true;
    }
    return false;
}

static Expr *is_true(Planning *p, Expr *operand)
{
    Expr *is = make(p->q, Expr);
    *is = (Expr){.kind = EXPR_IS, .offset = -1};
    is->type = type_of(TYPE_BOOL);
    is->lane = lane_of(LANE_BOOL);
    is->is.operand = operand;
    is->is.test = IS_TRUE;
    return is;
}

/* pair[0] IS NOT DISTINCT FROM pair[1]. */
static Expr *not_distinct(Planning *p, Expr *const *pair)
{
    Expr *expr = make(p->q, Expr);
    *expr = (Expr){.kind = EXPR_DISTINCT, .offset = -1};
    expr->type = type_of(TYPE_BOOL);
    expr->lane = lane_of(LANE_BOOL);
    expr->pair.left = pair[0];
    expr->pair.right = pair[1];
    expr->pair.negated = true;
    return expr;
}

static JoinParts join_parts(Planning *p, const Logical *node)
{
    ColumnSet left = logical_columns(p, node->inputs[0]);
    ColumnSet right = logical_columns(p, node->inputs[1]);
    i32 total = node->join.conditions.count + node->join.null_keys.count / 2;
    JoinParts parts = {.null_equal = make_array(p->q, bool, total)};
    parts.left_keys.items = make_array(p->q, Expr *, total);
    parts.right_keys.items = make_array(p->q, Expr *, total);
    parts.residual.items = make_array(p->q, Expr *, total);
    for (i32 i = 0; i < node->join.null_keys.count; i += 2) {
        parts.null_equal[parts.left_keys.count] = true;
        parts.left_keys.items[parts.left_keys.count++] = node->join.null_keys.items[i];
        parts.right_keys.items[parts.right_keys.count++] = node->join.null_keys.items[i + 1];
    }
    for (i32 i = 0; i < node->join.conditions.count; i++) {
        Expr *condition = node->join.conditions.items[i], *a, *b;
        if (split_key(p, condition, &left, &right, &a, &b)) {
            parts.left_keys.items[parts.left_keys.count++] = a;
            parts.right_keys.items[parts.right_keys.count++] = b;
        } else {
            parts.residual.items[parts.residual.count++] = condition;
        }
    }
    bool last_is_key = node->join.conditions.count > 0 && parts.residual.count == 0;
    if (node->join.null_aware && !last_is_key) {
        /* three-valued without a compared key: one residual over all pairs, in which only the last
         * condition may be unknown */
        i32 count = node->join.conditions.count, null_keys = node->join.null_keys.count / 2;
        Expr **conditions = make_array(p->q, Expr *, null_keys + count);
        for (i32 i = 0; i < null_keys; i++)
            conditions[i] = not_distinct(p, &node->join.null_keys.items[2 * i]);
        for (i32 i = 0; i < count; i++)
            conditions[null_keys + i] = i < count - 1 ? is_true(p, node->join.conditions.items[i])
                                                      : node->join.conditions.items[i];
        Expr *all = expr_and(p->q, conditions, null_keys + count);
        parts.left_keys.count = parts.right_keys.count = 0;
        parts.residual = expr_list(p->q, &all, 1);
    }
    return parts;
}

/* Which side is built: the smaller one, where the type leaves a choice. */
static bool swap_sides(const Logical *node, bool hashed, JoinType *type)
{
    f64 left = node->inputs[0]->rows, right = node->inputs[1]->rows;
    bool smaller_left = left < right;
    *type = node->join.type;
    switch (node->join.type) {
    case INNER_JOIN:
    case FULL_JOIN:
        return smaller_left;
    case LEFT_JOIN:
        if (left * 2 < right)
            *type = RIGHT_JOIN;
        return left * 2 < right;
    case RIGHT_JOIN:
        if (right < left)
            return false;
        *type = LEFT_JOIN;
        return true;
    case SEMI_JOIN:
        *type = hashed && smaller_left ? RIGHT_SEMI_JOIN : SEMI_JOIN;
        return hashed && smaller_left;
    case ANTI_JOIN:
        *type = hashed && smaller_left ? RIGHT_ANTI_JOIN : ANTI_JOIN;
        return hashed && smaller_left;
    case NULL_ANTI_JOIN:
    case MARK_JOIN:
    case SINGLE_JOIN:
        return false;
    case RIGHT_SEMI_JOIN: /* never in a Logical */
    case RIGHT_ANTI_JOIN:
        break;
    }
    unreachable();
}

static void join_outputs(Planning *p, Built *built, const Built *probe, const Built *build_side,
                         const Logical *node, const ColumnSet *needed)
{
    PlanJoin *join = &built->plan->join;
    join->probe_output = make_array(p->q, i32, probe->plan->column_count);
    join->build_output = make_array(p->q, i32, build_side->plan->column_count);
    bool build_only = join->type == RIGHT_SEMI_JOIN || join->type == RIGHT_ANTI_JOIN;
    for (i32 i = 0; !build_only && i < probe->plan->column_count; i++) {
        if (!set_has(needed, probe->ids[i]))
            continue;
        join->probe_output[join->probe_output_count++] = i;
        add_output(p, built, probe->ids[i]);
    }
    bool both = join->type == INNER_JOIN || join->type == LEFT_JOIN || join->type == RIGHT_JOIN ||
                join->type == FULL_JOIN || join->type == SINGLE_JOIN || build_only;
    for (i32 i = 0; both && i < build_side->plan->column_count; i++) {
        if (!set_has(needed, build_side->ids[i]))
            continue;
        join->build_output[join->build_output_count++] = i;
        add_output(p, built, build_side->ids[i]);
    }
    if (join->type == MARK_JOIN)
        add_output(p, built, node->join.mark);
}

/* Every row of both sides once: PostgreSQL wants an equality for that, or no condition at all. */
static void check_full_join(Planning *p, ExprList conditions)
{
    for (i32 i = 0; i < conditions.count; i++)
        if (!expr_is_fixed(p->q, conditions.items[i]))
            query_fail(p->q, E_FEATURE_NOT_SUPPORTED,
                       "FULL JOIN is only supported with merge-joinable or hash-joinable join "
                       "conditions");
}

/* A sub-query whose value nobody reads: it is not run, as in PostgreSQL, whatever it would raise.
 */
static bool is_unread(Planning *p, const Logical *node, const ColumnSet *needed)
{
    if (node->join.type == MARK_JOIN)
        return !set_has(needed, node->join.mark) && !logical_is_volatile(p, node->inputs[1]);
    if (node->join.type != SINGLE_JOIN)
        return false;
    ColumnSet given = logical_columns(p, node->inputs[1]);
    return !set_intersects(&given, needed) && !logical_is_volatile(p, node->inputs[1]);
}

static Built build_join(Planning *p, Logical *node, const ColumnSet *needed)
{
    if (is_unread(p, node, needed))
        return build(p, node->inputs[0], needed);
    ColumnSet below = set_new(p);
    set_union(&below, needed);
    for (i32 i = 0; i < node->join.conditions.count; i++)
        add_expr_columns(p, node->join.conditions.items[i], &below);
    for (i32 i = 0; i < node->join.null_keys.count; i++)
        add_expr_columns(p, node->join.null_keys.items[i], &below);
    JoinParts parts = join_parts(p, node);
    JoinType type;
    bool hashed = parts.left_keys.count > 0;
    bool swap = swap_sides(node, hashed, &type);
    if (node->join.type == FULL_JOIN && !hashed)
        check_full_join(p, parts.residual);
    if (!hashed && (type == RIGHT_JOIN || node->join.type == RIGHT_JOIN)) {
        swap = node->join.type == RIGHT_JOIN; /* a nested loop keeps its outer side */
        type = LEFT_JOIN;
    }
    Built probe = build(p, node->inputs[swap], &below);
    Built side = build(p, node->inputs[!swap], &below);
    Mapping of_probe = mapping_of(p, &probe, NULL), of_side = mapping_of(p, &side, NULL);
    Mapping both = mapping_of(p, &probe, &side);
    i32 columns = probe.plan->column_count + side.plan->column_count + 1;
    Built built = new_plan(p, hashed ? PLAN_HASH_JOIN : PLAN_NESTED_LOOP, columns, node);
    PlanJoin *join = &built.plan->join;
    join->type = type;
    join->null_aware = node->join.null_aware;
    join->null_equal = parts.null_equal;
    join->probe_keys = map_list(&of_probe, swap ? parts.right_keys : parts.left_keys);
    join->build_keys = map_list(&of_side, swap ? parts.left_keys : parts.right_keys);
    join->residual = map_list(&both, parts.residual);
    join_outputs(p, &built, &probe, &side, node, needed);
    add_input(&built, &probe);
    add_input(&built, &side);
    return built;
}

/* ---- aggregate, sort, limit ---- */

static PlanAggregateCall map_call(const Mapping *mapping, const Expr *expr)
{
    const ExprAggregate *aggregate = &expr->aggregate;
    PlanAggregateCall call = {.row = aggregate->row, .distinct = aggregate->distinct};
    call.args = map_list(mapping, aggregate->args);
    if (aggregate->filter)
        call.filter = map_expr(mapping, aggregate->filter);
    call.order_count = aggregate->order_count;
    call.order = make_array(mapping->p->q, ExprSort, aggregate->order_count);
    for (i32 i = 0; i < aggregate->order_count; i++) {
        call.order[i] = aggregate->order[i];
        call.order[i].key = map_expr(mapping, aggregate->order[i].key);
    }
    return call;
}

static Built build_aggregate(Planning *p, Logical *node, const ColumnSet *needed)
{
    ColumnSet below = set_new(p);
    for (i32 i = 0; i < node->aggregate.key_count; i++)
        add_expr_columns(p, node->aggregate.keys[i].expr, &below);
    for (i32 i = 0; i < node->aggregate.call_count; i++)
        if (set_has(needed, node->aggregate.calls[i].id))
            add_expr_columns(p, node->aggregate.calls[i].expr, &below);
    Built input = build(p, node->inputs[0], &below);
    Mapping mapping = mapping_of(p, &input, NULL);
    i32 total = node->aggregate.key_count + node->aggregate.call_count;
    Built built = new_plan(p, PLAN_AGGREGATE, total, node);
    PlanAggregate *aggregate = &built.plan->aggregate;
    aggregate->groups = node->rows;
    Expr **keys = make_array(p->q, Expr *, node->aggregate.key_count);
    for (i32 i = 0; i < node->aggregate.key_count; i++) {
        keys[i] = map_expr(&mapping, node->aggregate.keys[i].expr);
        add_output(p, &built, node->aggregate.keys[i].id);
    }
    aggregate->keys = (ExprList){keys, node->aggregate.key_count};
    aggregate->calls = make_array(p->q, PlanAggregateCall, node->aggregate.call_count);
    for (i32 i = 0; i < node->aggregate.call_count; i++) {
        if (!set_has(needed, node->aggregate.calls[i].id))
            continue;
        aggregate->calls[aggregate->call_count++] =
            map_call(&mapping, node->aggregate.calls[i].expr);
        add_output(p, &built, node->aggregate.calls[i].id);
    }
    add_input(&built, &input);
    return built;
}

static SortColumn *sort_columns(Planning *p, const Built *input, const Logical *node)
{
    Mapping mapping = mapping_of(p, input, NULL);
    SortColumn *columns = make_array(p->q, SortColumn, node->sort.key_count);
    for (i32 i = 0; i < node->sort.key_count; i++) {
        const LogicalSort *key = &node->sort.keys[i];
        const Expr *mapped = map_expr(&mapping, key->key);
        verify(mapped->kind == EXPR_COLUMN);
        columns[i] = (SortColumn){mapped->column, key->descending, key->nulls_first};
    }
    return columns;
}

/* A relation whose rows are locked may not be missed by an outer join. */
static void check_nullable(Planning *p, const Logical *node, const BoundLock *lock, bool nullable)
{
    stack_check(p->q);
    bool own = node->kind == LOGICAL_GET && node->get.from == lock->from;
    bool handed = node->kind == LOGICAL_LIMIT && node->sort.locks && node->sort.locks->pushed;
    if (nullable && (own || handed))
        query_fail(p->q, E_FEATURE_NOT_SUPPORTED,
                   "%s cannot be applied to the nullable side of an outer join", lock->words);
    for (i32 i = 0; i < 2; i++) {
        if (!node->inputs[i])
            continue;
        JoinType type = node->kind == LOGICAL_JOIN ? node->join.type : INNER_JOIN;
        bool below = nullable || type == FULL_JOIN || (type == LEFT_JOIN && i == 1) ||
                     (type == RIGHT_JOIN && i == 0);
        check_nullable(p, node->inputs[i], lock, below);
    }
}

static Built build_locks(Planning *p, Logical *node, const ColumnSet *needed)
{
    ColumnSet below = set_new(p);
    set_union(&below, needed);
    i32 count = node->sort.key_count;
    for (i32 i = 0; i < count; i++)
        add_expr_columns(p, node->sort.keys[i].key, &below);
    Built input = build(p, node->inputs[0], &below);
    Built built = pass_through(p, PLAN_LOCK_ROWS, &input, node);
    PlanLockRows *plan = &built.plan->lock;
    plan->lock_count = count;
    plan->locks = make_array(p->q, PlanLock, count);
    const SortColumn *columns = sort_columns(p, &input, node);
    for (i32 i = 0; i < count; i++) {
        const BoundLock *lock = &node->sort.locks[i];
        const CatalogRelation *relation = lock->from->relation;
        check_nullable(p, node->inputs[0], lock, false);
        plan->locks[i] = (PlanLock){relation->access, relation->relation, relation->name,
                                    lock->mode,       lock->wait,         columns[i].column};
    }
    return built;
}

static Built build_sort(Planning *p, Logical *node, const ColumnSet *needed)
{
    if (node->sort.locks)
        return build_locks(p, node, needed);
    ColumnSet below = set_new(p);
    set_union(&below, needed);
    for (i32 i = 0; i < node->sort.key_count; i++)
        add_expr_columns(p, node->sort.keys[i].key, &below);
    Expr *bounds[2] = {node->sort.limit, node->sort.offset};
    for (i32 i = 0; i < 2; i++)
        if (bounds[i])
            add_expr_columns(p, bounds[i], &below);
    Built input = build(p, node->inputs[0], &below);
    PlanKind kind = node->kind == LOGICAL_DISTINCT_ON ? PLAN_DISTINCT_ON
                    : node->kind == LOGICAL_LIMIT     ? PLAN_LIMIT
                    : node->sort.limit                ? PLAN_TOP_N
                                                      : PLAN_SORT;
    Built built = pass_through(p, kind, &input, node);
    PlanSort *sort = &built.plan->sort;
    sort->columns = sort_columns(p, &input, node);
    sort->column_count = node->sort.key_count;
    Mapping mapping = mapping_of(p, &input, NULL);
    sort->limit = bounds[0] ? map_expr(&mapping, bounds[0]) : NULL;
    sort->offset = bounds[1] ? map_expr(&mapping, bounds[1]) : NULL;
    sort->with_ties = node->sort.with_ties;
    sort->tie_count = node->sort.tie_count;
    if (kind == PLAN_LIMIT && input.plan->kind == PLAN_LOCK_ROWS && !sort->with_ties)
        input.plan->lock.limit = *sort; /* over the same columns */
    return built;
}

/* ---- set operations ---- */

static Built set_side(Planning *p, Logical *input, const i32 *ids, i32 count)
{
    ColumnSet below = set_new(p);
    for (i32 i = 0; i < count; i++)
        set_add(&below, ids[i]);
    return arrange(p, build(p, input, &below), ids, count);
}

static Built build_set(Planning *p, Logical *node)
{
    Built sides[2] = {set_side(p, node->inputs[0], node->set.left_ids, node->set.count),
                      set_side(p, node->inputs[1], node->set.right_ids, node->set.count)};
    bool append = node->set.operation == LOGICAL_UNION;
    Built built = new_plan(p, append ? PLAN_APPEND : PLAN_SET_OPERATION, node->set.count, node);
    for (i32 i = 0; i < node->set.count; i++)
        add_output(p, &built, node->set.ids[i]);
    if (!append) {
        built.plan->set.operation =
            node->set.operation == LOGICAL_INTERSECT ? SET_INTERSECT : SET_EXCEPT;
        built.plan->set.all = node->set.all;
        add_input(&built, &sides[0]);
        add_input(&built, &sides[1]);
        return built;
    }
    i32 left_parts = sides[0].plan->kind == PLAN_APPEND ? sides[0].plan->append.count : 1;
    built.plan->append.parts = make_array(p->q, Plan *, left_parts + 1);
    if (sides[0].plan->kind == PLAN_APPEND) {
        for (i32 i = 0; i < left_parts; i++)
            built.plan->append.parts[i] = sides[0].plan->append.parts[i];
    } else {
        built.plan->append.parts[0] = sides[0].plan;
    }
    built.plan->append.parts[left_parts] = sides[1].plan;
    built.plan->append.count = left_parts + 1;
    return built;
}

static Built build(Planning *p, Logical *node, const ColumnSet *needed)
{
    stack_check(p->q);
    switch (node->kind) {
    case LOGICAL_GET:
        return build_get(p, node, needed);
    case LOGICAL_VALUES:
        return build_values(p, node);
    case LOGICAL_FUNCTION:
        return build_function(p, node, needed);
    case LOGICAL_PROJECT_SET:
        return build_project_set(p, node, needed);
    case LOGICAL_CTE:
        return build_cte(p, node);
    case LOGICAL_FILTER:
        return build_filter(p, node, needed);
    case LOGICAL_PROJECT:
        return build_project(p, node, needed);
    case LOGICAL_JOIN:
        return build_join(p, node, needed);
    case LOGICAL_AGGREGATE:
        return build_aggregate(p, node, needed);
    case LOGICAL_DISTINCT_ON:
    case LOGICAL_SORT:
    case LOGICAL_LIMIT:
        return build_sort(p, node, needed);
    case LOGICAL_SET:
        return build_set(p, node);
    case LOGICAL_APPLY:
        break;
    }
    verify(!"unnesting left an apply");
    unreachable();
}

Plan *physical_plan(Planning *p, Logical *node, const i32 *outputs, i32 count)
{
    estimate_rows(p, node);
    ColumnSet needed = set_new(p);
    for (i32 i = 0; i < count; i++)
        set_add(&needed, outputs[i]);
    return arrange(p, build(p, node, &needed), outputs, count).plan;
}
