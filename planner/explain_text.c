/* SPDX-License-Identifier: Apache-2.0
 *
 * What EXPLAIN calls things: names of relations, columns and the expressions behind them.
 *
 * A column of a plan is shown by what makes it: a name where it is a column of a relation, else the
 * expression, in parentheses when another node has computed it.
 */
#include "planner/explain.h"

#include "parser/parser.h"

enum { EXPANDED_BYTES = 1 << 16 }; /* longer lists name columns instead of expanding them */

Text explain_quoted(Explain *e, Text name)
{
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    print_identifier(&builder, name);
    return builder_text(&builder);
}

/* ---- shapes ---- */

bool explain_computes(const Plan *plan)
{
    switch (plan->kind) {
    case PLAN_SCAN:
    case PLAN_VALUES:
    case PLAN_FUNCTION_SCAN:
    case PLAN_CTE_SCAN:
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
    case PLAN_AGGREGATE:
        return true;
    case PLAN_PROJECT_SET:
    case PLAN_FILTER:
    case PLAN_PROJECT:
    case PLAN_SORT:
    case PLAN_TOP_N:
    case PLAN_LIMIT:
    case PLAN_LOCK_ROWS:
    case PLAN_DISTINCT_ON:
    case PLAN_APPEND:
    case PLAN_SET_OPERATION:
    case PLAN_INSERT:
    case PLAN_UPDATE:
    case PLAN_DELETE:
    case PLAN_COPY_IN:
    case PLAN_COMMAND:
        return false;
    }
    unreachable();
}

const Plan *explain_core(const Plan *plan)
{
    while (plan->kind == PLAN_PROJECT || plan->kind == PLAN_FILTER)
        plan = plan->inputs[0];
    return plan;
}

/* ---- names of leaves ---- */

static Text own_qualifier(const Plan *plan)
{
    for (i32 i = plan->column_count - 1; i >= 0; i--)
        if (plan->columns[i].qualifier.len)
            return plan->columns[i].qualifier;
    return TEXT("");
}

static Text leaf_name(const Explain *e, const Plan *plan)
{
    Text own = own_qualifier(plan);
    switch ((i32)plan->kind) {
    case PLAN_SCAN:
        return plan->scan.alias.len ? plan->scan.alias : plan->scan.relation_name;
    case PLAN_CTE_SCAN:
        return own.len ? own : e->tree->ctes[plan->cte].name;
    case PLAN_FUNCTION_SCAN:
        return own.len ? own : text_from(plan->function.row->name);
    case PLAN_VALUES:
        return plan->values.row_count > 1 ? TEXT("*VALUES*") : TEXT("");
    case PLAN_INSERT:
    case PLAN_UPDATE:
    case PLAN_DELETE:
        return plan->modify.relation_name;
    default:
        return TEXT("");
    }
}

static bool is_taken(const Explain *e, Text name)
{
    for (i32 i = 0; i < e->tree->node_count; i++)
        if (text_equal(e->names[i], name))
            return true;
    return false;
}

static void name_leaves(Explain *e, const Plan *plan)
{
    stack_check(e->q);
    bool target = plan->kind == PLAN_UPDATE || plan->kind == PLAN_DELETE;
    Text name = target ? TEXT("") : leaf_name(e, plan);
    if (name.len) {
        Text unique = name;
        for (i32 i = 1; e->ranges < 1000 && is_taken(e, unique); i++)
            unique = query_format(e->q, "%.*s_%d", TEXT_ARG(name), i);
        e->names[plan->number] = unique;
        e->ranges += 1 + (plan->kind == PLAN_INSERT);
    }
    for (i32 i = 0; i < plan->input_count; i++)
        name_leaves(e, plan->inputs[i]);
    for (i32 i = 0; plan->kind == PLAN_APPEND && i < plan->append.count; i++)
        name_leaves(e, plan->append.parts[i]);
}

void explain_names(Explain *e)
{
    e->names = make_array(e->q, Text, e->tree->node_count);
    name_leaves(e, e->tree->root);
    for (i32 i = 0; i < e->tree->cte_count; i++)
        if (e->tree->ctes[i].plan)
            name_leaves(e, e->tree->ctes[i].plan);
}

/* ---- columns ---- */

static void write_name(const ExplainPlace *place, TextBuilder *builder, Text qualifier, Text name)
{
    if (place->qualified && qualifier.len) {
        print_identifier(builder, qualifier);
        builder_byte(builder, '.');
    }
    print_identifier(builder, name);
}

static void write_leaf(const ExplainPlace *place, TextBuilder *builder, const Plan *plan,
                       i32 position)
{
    Text name = plan->columns[position].name;
    if (plan->kind == PLAN_SCAN && position == plan->scan.column_count)
        name = TEXT("ctid");
    if (plan->kind == PLAN_SET_OPERATION)
        write_name(place, builder, TEXT("*SELECT* 1"), name);
    else if (name.len)
        write_name(place, builder, place->e->names[plan->number], name);
    else
        builder_format(builder, "column%d", position + 1);
}

static void write_expr(const ExplainPlace *place, TextBuilder *builder, const Expr *expr);

/* What a node computes, seen from itself or from above. */
static void write_computed(const ExplainPlace *seen, TextBuilder *builder, const Plan *input,
                           bool input_is_other, const Expr *expr)
{
    ExplainPlace inside = {seen->e, {input, NULL}, NULL, input_is_other, seen->qualified};
    if (seen->above)
        builder_byte(builder, '(');
    write_expr(&inside, builder, expr);
    if (seen->above)
        builder_byte(builder, ')');
}

static Expr *call_expr(Query *q, const PlanAggregateCall *call)
{
    Expr *expr = make(q, Expr);
    expr->kind = EXPR_AGGREGATE;
    expr->aggregate.row = call->row;
    expr->aggregate.args = call->args;
    expr->aggregate.distinct = call->distinct;
    expr->aggregate.filter = call->filter;
    expr->aggregate.order = call->order;
    expr->aggregate.order_count = call->order_count;
    return expr;
}

/* One step down from column *position of the plan: true when *plan and *position are now what the
 * column is taken from unchanged. */
static bool column_source(const Plan **plan, i32 *position, bool *above)
{
    const Plan *from = *plan;
    i32 at = *position;
    switch ((i32)from->kind) {
    case PLAN_FILTER:
        *plan = from->inputs[0];
        return true;
    case PLAN_SORT:
    case PLAN_TOP_N:
    case PLAN_LIMIT:
    case PLAN_LOCK_ROWS:
    case PLAN_DISTINCT_ON:
        *plan = from->inputs[0];
        *above = true;
        return true;
    case PLAN_PROJECT:
        if (from->exprs.items[at]->kind != EXPR_COLUMN)
            return false;
        *plan = from->inputs[0];
        *position = from->exprs.items[at]->column;
        *above |= !explain_computes(explain_core(from));
        return true;
    case PLAN_PROJECT_SET:
        if (at >= from->project_set.kept_count)
            return false;
        *plan = from->inputs[0];
        *position = from->project_set.kept[at];
        *above = true;
        return true;
    case PLAN_FUNCTION_SCAN:
        if (!from->input_count || at >= from->inputs[0]->column_count)
            return false;
        *plan = from->inputs[0];
        *above = true;
        return true;
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP: {
        const PlanJoin *join = &from->join;
        bool build = at >= join->probe_output_count;
        if (build && at - join->probe_output_count >= join->build_output_count)
            return false; /* the mark */
        *plan = from->inputs[build];
        *position =
            build ? join->build_output[at - join->probe_output_count] : join->probe_output[at];
        *above = true;
        return true;
    }
    case PLAN_AGGREGATE:
        if (at >= from->aggregate.keys.count || from->aggregate.keys.items[at]->kind != EXPR_COLUMN)
            return false;
        *plan = from->inputs[0];
        *position = from->aggregate.keys.items[at]->column;
        *above = true;
        return true;
    case PLAN_APPEND:
        *plan = from->append.parts[0];
        *above = true;
        return true;
    default:
        return false;
    }
}

void explain_column(const ExplainPlace *place, TextBuilder *builder, i32 position)
{
    const Plan *plan = place->inputs[0];
    ExplainPlace seen = *place;
    while (column_source(&plan, &position, &seen.above))
        continue;
    bool expand = builder->len < EXPANDED_BYTES;
    if (plan->kind == PLAN_PROJECT && expand) {
        write_computed(&seen, builder, plan->inputs[0], !explain_computes(explain_core(plan)),
                       plan->exprs.items[position]);
    } else if (plan->kind == PLAN_PROJECT_SET && expand) {
        i32 call = position - plan->project_set.kept_count;
        write_computed(&seen, builder, plan->inputs[0], true, plan->project_set.calls.items[call]);
    } else if (plan->kind == PLAN_AGGREGATE && expand) {
        i32 call = position - plan->aggregate.keys.count;
        const Expr *expr = call < 0 ? plan->aggregate.keys.items[position]
                                    : call_expr(place->e->q, &plan->aggregate.calls[call]);
        write_computed(&seen, builder, plan->inputs[0], call >= 0, expr);
    } else if (plan->kind == PLAN_VALUES && plan->values.row_count == 1) {
        write_computed(&seen, builder, plan, false, plan->values.rows[0].items[position]);
    } else {
        write_leaf(&seen, builder, plan, position);
    }
}

/* ---- expressions ---- */

static void write_input_column(void *state, TextBuilder *builder, i32 column)
{
    const ExplainPlace *place = state;
    ExplainPlace side = *place;
    const Plan *modify = place->modify;
    if (modify && column < modify->modify.row_count) {
        write_name(place, builder, modify->modify.relation_name, modify->modify.row[column].name);
        return;
    }
    if (modify)
        column += modify->kind != PLAN_INSERT; /* the row id stands before the row */
    if (place->inputs[1] && column >= place->inputs[0]->column_count) {
        column -= place->inputs[0]->column_count;
        side.inputs[0] = place->inputs[1];
    }
    explain_column(&side, builder, column);
}

static void write_expr(const ExplainPlace *place, TextBuilder *builder, const Expr *expr)
{
    expr_print(builder, expr, write_input_column, (void *)place); /* only read */
}

Text explain_expr(const ExplainPlace *place, const Expr *expr)
{
    TextBuilder builder;
    builder_open(&builder, place->e->q, place->e->q->arena);
    write_expr(place, &builder, expr);
    return builder_text(&builder);
}

/* One text for all, so that together they stay below what is expanded. */
typedef struct TextList {
    TextBuilder builder;
    i64 *ends;
    i32 count;
} TextList;

static void list_open(Explain *e, TextList *list, i32 count)
{
    *list = (TextList){.ends = make_array(e->q, i64, count)};
    builder_open(&list->builder, e->q, e->q->arena);
}

static ExplainTexts list_texts(Explain *e, const TextList *list)
{
    ExplainTexts texts = {make_array(e->q, Text, list->count), list->count};
    Text all = builder_text(&list->builder);
    for (i32 i = 0; i < list->count; i++)
        texts.items[i] = text_slice(all, i ? list->ends[i - 1] : 0, list->ends[i]);
    return texts;
}

ExplainTexts explain_exprs(const ExplainPlace *place, ExprList exprs)
{
    TextList list;
    list_open(place->e, &list, exprs.count);
    for (i32 i = 0; i < exprs.count; i++) {
        write_expr(place, &list.builder, exprs.items[i]);
        list.ends[list.count++] = list.builder.len;
    }
    return list_texts(place->e, &list);
}

Text explain_conjuncts(const ExplainPlace *place, ExprList list)
{
    TextBuilder builder;
    builder_open(&builder, place->e->q, place->e->q->arena);
    for (i32 i = 0; i < list.count; i++) {
        builder_add(&builder, i ? TEXT(" AND ") : list.count > 1 ? TEXT("(") : TEXT(""));
        write_expr(place, &builder, list.items[i]);
    }
    if (list.count > 1)
        builder_byte(&builder, ')');
    return builder_text(&builder);
}

ExplainTexts explain_output(Explain *e, const Plan *plan, bool above)
{
    ExplainPlace place = {e, {plan, NULL}, NULL, above, e->ranges > 1};
    TextList list;
    list_open(e, &list, plan->column_count);
    for (i32 i = 0; i < plan->column_count; i++) {
        explain_column(&place, &list.builder, i);
        list.ends[list.count++] = list.builder.len;
    }
    return list_texts(e, &list);
}
