/* SPDX-License-Identifier: Apache-2.0
 *
 * One node of EXPLAIN: what PostgreSQL would call it, its figures, and the properties below it.
 */
#include "planner/explain.h"

#include "parser/parser.h"

/* ---- what it is ---- */

static const char *join_words(const Plan *plan, const char **type)
{
    static const char *const words[][3] = {
        [INNER_JOIN] = {"Inner", "Hash Join", "Nested Loop"},
        [LEFT_JOIN] = {"Left", "Hash Left Join", "Nested Loop Left Join"},
        [RIGHT_JOIN] = {"Right", "Hash Right Join", "Nested Loop Right Join"},
        [FULL_JOIN] = {"Full", "Hash Full Join", "Nested Loop Full Join"},
        [SEMI_JOIN] = {"Semi", "Hash Semi Join", "Nested Loop Semi Join"},
        [ANTI_JOIN] = {"Anti", "Hash Anti Join", "Nested Loop Anti Join"},
        [NULL_ANTI_JOIN] = {"Null-Aware Anti", "Hash Null-Aware Anti Join",
                            "Nested Loop Null-Aware Anti Join"},
        [MARK_JOIN] = {"Mark", "Hash Mark Join", "Nested Loop Mark Join"},
        [SINGLE_JOIN] = {"Single", "Hash Single Join", "Nested Loop Single Join"},
        [RIGHT_SEMI_JOIN] = {"Right Semi", "Hash Right Semi Join", NULL},
        [RIGHT_ANTI_JOIN] = {"Right Anti", "Hash Right Anti Join", NULL},
    };
    *type = words[plan->join.type][0];
    return words[plan->join.type][plan->kind == PLAN_HASH_JOIN ? 1 : 2];
}

static ExplainNode aggregate_node(const Plan *plan)
{
    bool hashed = plan->aggregate.keys.count > 0;
    return (ExplainNode){.type = "Aggregate",
                         .words = hashed ? "HashAggregate" : "Aggregate",
                         .strategy = hashed ? "Hashed" : "Plain",
                         .partial = "Simple"};
}

static ExplainNode set_node(const Plan *plan)
{
    static const char *const commands[][2] = {
        {"Except", "Except All"},
        {"Intersect", "Intersect All"},
    };
    static const char *const words[][2] = {
        {"HashSetOp Except", "HashSetOp Except All"},
        {"HashSetOp Intersect", "HashSetOp Intersect All"},
    };
    bool intersect = plan->set.operation == SET_INTERSECT;
    return (ExplainNode){.type = "SetOp",
                         .words = words[intersect][plan->set.all],
                         .strategy = "Hashed",
                         .command = commands[intersect][plan->set.all]};
}

/* One's own temporary schema is pg_temp, whatever its number. */
static Text shown_schema(Text schema)
{
    return catalog_is_temporary_name(schema) ? TEXT("pg_temp") : schema;
}

static ExplainNode modify_node(const Plan *plan, const char *operation)
{
    return (ExplainNode){.type = "ModifyTable",
                         .words = operation,
                         .operation = operation,
                         .label = "Relation Name",
                         .schema = shown_schema(plan->modify.schema_name),
                         .name = plan->modify.relation_name,
                         .alias = plan->modify.relation_name};
}

static ExplainNode leaf_node(const char *type, const char *label, Text schema, Text name,
                             Text alias)
{
    return (ExplainNode){
        .type = type, .label = label, .schema = shown_schema(schema), .name = name, .alias = alias};
}

static ExplainNode kind_node(Explain *e, const Plan *plan)
{
    Text name = e->names[plan->number], none = TEXT("");
    ExplainNode node = {.type = "Result"};
    switch (plan->kind) {
    case PLAN_SCAN:
        return leaf_node("Seq Scan", "Relation Name", plan->scan.schema_name,
                         plan->scan.relation_name, name);
    case PLAN_VALUES:
        return plan->values.row_count > 1
                   ? leaf_node("Values Scan", NULL, none, TEXT("*VALUES*"), name)
                   : node;
    case PLAN_FUNCTION_SCAN:
        return leaf_node("Function Scan", "Function Name", TEXT("pg_catalog"),
                         text_from(plan->function.row->name), name);
    case PLAN_PROJECT_SET:
        return (ExplainNode){.type = "ProjectSet"};
    case PLAN_CTE_SCAN:
        return leaf_node("CTE Scan", "CTE Name", none, e->tree->ctes[plan->cte].name, name);
    case PLAN_FILTER:
    case PLAN_PROJECT:
    case PLAN_COPY_IN:
        return node;
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        node.type = plan->kind == PLAN_HASH_JOIN ? "Hash Join" : "Nested Loop";
        node.words = join_words(plan, &node.join);
        return node;
    case PLAN_AGGREGATE:
        return aggregate_node(plan);
    case PLAN_SORT:
        return (ExplainNode){.type = "Sort"};
    case PLAN_TOP_N:
    case PLAN_LIMIT:
        return (ExplainNode){.type = "Limit"};
    case PLAN_LOCK_ROWS:
        return (ExplainNode){.type = "LockRows"};
    case PLAN_DISTINCT_ON:
        node.type = !plan->sort.limit && !plan->sort.offset ? "Unique"
                    : plan->sort.column_count               ? "WindowAgg"
                                                            : "Limit";
        return node;
    case PLAN_APPEND:
        return (ExplainNode){.type = "Append"};
    case PLAN_SET_OPERATION:
        return set_node(plan);
    case PLAN_INSERT:
        return modify_node(plan, "Insert");
    case PLAN_UPDATE:
        return modify_node(plan, "Update");
    case PLAN_DELETE:
        return modify_node(plan, "Delete");
    case PLAN_COMMAND:
        return (ExplainNode){.type = "Utility Statement"};
    }
    unreachable();
}

ExplainNode explain_node(Explain *e, const Plan *plan)
{
    ExplainNode node = kind_node(e, plan);
    node.plan = plan;
    return node;
}

ExplainNode explain_subquery_scan(const Plan *plan, Text alias)
{
    ExplainNode node = leaf_node("Subquery Scan", NULL, TEXT(""), alias, alias);
    node.plan = plan;
    return node;
}

/* ---- its line and its first properties ---- */

typedef struct NodeFigures {
    f64 cost_start, cost_total, rows, width;
    bool executed;
    f64 ms_start, ms_total;
    i64 actual_rows;
} NodeFigures;

static f64 row_width(const Plan *plan)
{
    f64 width = 0;
    for (i32 i = 0; i < plan->column_count; i++)
        width += plan->columns[i].lane.kind == LANE_STR
                     ? 32
                     : (f64)max_i64(lane_bytes(plan->columns[i].lane), 1);
    return width;
}

static NodeFigures node_figures(Explain *e, const ExplainNode *node)
{
    const Plan *plan = node->plan, *beside = node->beside;
    const ExplainFigures *own = &e->figures[plan->number];
    const PlanCounters *counters = e->options->counters;
    NodeFigures all = {.cost_total = own->cost_total, .ms_total = own->ms_total};
    all.executed = own->executed;
    if (!node->no_rows) {
        all.rows = plan->rows;
        all.width = row_width(plan);
        all.actual_rows = counters ? counters[plan->number].rows : 0;
    }
    if (beside) {
        all.cost_total += e->figures[beside->number].cost_total;
        all.rows += beside->rows;
        all.ms_total += e->figures[beside->number].ms_total;
        all.actual_rows += counters ? counters[beside->number].rows : 0;
    }
    all.cost_start = node->waits ? all.cost_total : own->cost_start;
    all.ms_start = node->waits ? all.ms_total : own->ms_start;
    return all;
}

/* "Seq Scan on t x": schema (VERBOSE), the relation's name, then what else it is called here. */
static void node_title(Explain *e, TextBuilder *out, const ExplainNode *node)
{
    builder_add(out, text_from(node->words ? node->words : node->type));
    if (!node->name.len)
        return;
    builder_add(out, TEXT(" on "));
    if (e->options->verbose && node->schema.len) {
        print_identifier(out, node->schema);
        builder_byte(out, '.');
    }
    print_identifier(out, node->name);
    if (node->alias.len && !text_equal(node->alias, node->name)) {
        builder_byte(out, ' ');
        print_identifier(out, node->alias);
    }
}

static Text node_line(Explain *e, const ExplainNode *node, const NodeFigures *figures)
{
    TextBuilder out;
    builder_open(&out, e->q, e->q->arena);
    node_title(e, &out, node);
    if (e->options->costs)
        builder_format(&out, "  (cost=%.2f..%.2f rows=%.0f width=%.0f)", figures->cost_start,
                       figures->cost_total, figures->rows, figures->width);
    if (e->options->counters && !figures->executed)
        builder_add(&out, TEXT(" (never executed)"));
    if (e->options->counters && figures->executed) {
        builder_add(&out, TEXT(" (actual "));
        if (e->options->timing)
            builder_format(&out, "time=%.3f..%.3f ", figures->ms_start, figures->ms_total);
        builder_format(&out, "rows=%lld loops=1)", (long long)figures->actual_rows);
    }
    return builder_text(&out);
}

static void word(Explain *e, ExplainItem *item, const char *label, const char *value)
{
    if (value)
        item_text(e->q, item, label, text_from(value))->form = FORM_STRUCTURED;
}

static void name(Explain *e, ExplainItem *item, const char *label, Text value)
{
    if (value.len)
        item_text(e->q, item, label, value)->form = FORM_STRUCTURED;
}

static void figure(Explain *e, ExplainItem *item, const char *label, i32 digits, f64 value)
{
    item_float(e->q, item, label, digits, value)->form = FORM_STRUCTURED;
}

static void flag(Explain *e, ExplainItem *item, const char *label, bool value)
{
    item_flag(e->q, item, label, value)->form = FORM_STRUCTURED;
}

static void figure_items(Explain *e, ExplainItem *item, const NodeFigures *figures)
{
    if (e->options->costs) {
        figure(e, item, "Startup Cost", 2, figures->cost_start);
        figure(e, item, "Total Cost", 2, figures->cost_total);
        figure(e, item, "Plan Rows", 0, figures->rows);
        figure(e, item, "Plan Width", 0, figures->width);
    }
    if (!e->options->counters)
        return;
    bool executed = figures->executed;
    if (e->options->timing) {
        figure(e, item, "Actual Startup Time", 3, executed ? figures->ms_start : 0);
        figure(e, item, "Actual Total Time", 3, executed ? figures->ms_total : 0);
    }
    figure(e, item, "Actual Rows", 0, executed ? (f64)figures->actual_rows : 0);
    figure(e, item, "Actual Loops", 0, executed);
}

ExplainItem *explain_add_node(Explain *e, ExplainSpot spot, const ExplainNode *node)
{
    ExplainItem *last = spot.parent->last, *item;
    NodeFigures figures = node_figures(e, node);
    if (!spot.relationship) {
        item = item_group(e->q, spot.parent, "Plan");
    } else {
        bool first = !last || last->kind != ITEM_ARRAY;
        item = item_group(e->q, first ? item_array(e->q, spot.parent, "Plans") : last, "Plan");
    }
    item->text = node_line(e, node, &figures);
    if (spot.subplan.len)
        item->before = spot.subplan;
    word(e, item, "Node Type", node->type);
    word(e, item, "Strategy", node->strategy);
    word(e, item, "Partial Mode", node->partial);
    word(e, item, "Operation", node->operation);
    word(e, item, "Parent Relationship", spot.relationship);
    name(e, item, "Subplan Name", spot.subplan);
    flag(e, item, "Parallel Aware", false);
    flag(e, item, "Async Capable", false);
    if (node->label)
        name(e, item, node->label, node->name);
    if (e->options->verbose)
        name(e, item, "Schema", node->schema);
    name(e, item, "Alias", node->alias);
    word(e, item, "Join Type", node->join);
    word(e, item, "Command", node->command);
    figure_items(e, item, &figures);
    return item;
}

/* ---- properties that many have ---- */

void explain_text_property(Explain *e, ExplainItem *node, const char *label, Text text)
{
    if (text.len)
        item_text(e->q, node, label, text);
}

static void list_property(Explain *e, ExplainItem *node, const char *label, ExplainTexts list)
{
    if (list.count)
        item_list(e->q, node, label, list);
}

ExplainItem *explain_add_output(Explain *e, ExplainItem *node, const Plan *plan, bool above)
{
    if (!e->options->verbose || plan->column_count == 0)
        return NULL;
    return item_list(e->q, node, "Output", explain_output(e, plan, above));
}

void explain_add_returning(Explain *e, ExplainItem *node, const Plan *plan)
{
    ExplainPlace place = {e, {plan->inputs[0], NULL}, plan, true, e->ranges > 1};
    if (e->options->verbose)
        list_property(e, node, "Output", explain_exprs(&place, plan->modify.returning));
}

/* In the text form only what is not zero. */
static void count_property(Explain *e, ExplainItem *node, const char *label, i64 value)
{
    item_integer(e->q, node, label, value)->form = value ? FORM_ALL : FORM_STRUCTURED;
}

static void structured_count(Explain *e, ExplainItem *node, const char *label, i64 value)
{
    item_integer(e->q, node, label, value)->form = FORM_STRUCTURED;
}

static void wal_properties(Explain *e, ExplainItem *node)
{
    static const char *const labels[] = {"WAL Records", "WAL FPI", "WAL Bytes"};
    for (i32 i = 0; e->options->wal && i < countof(labels); i++)
        structured_count(e, node, labels[i], 0); /* nothing is logged before COMMIT */
}

/* Frames are read as others read shared blocks; no others exist here, and queries write none. */
void explain_add_blocks(Explain *e, ExplainItem *node, const Plan *plan, const Plan *beside)
{
    static const char *const others[] = {"Shared Dirtied Blocks", "Shared Written Blocks",
                                         "Local Hit Blocks",      "Local Read Blocks",
                                         "Local Dirtied Blocks",  "Local Written Blocks",
                                         "Temp Read Blocks",      "Temp Written Blocks"};
    ExplainFigures all = e->figures[plan->number];
    if (beside) {
        all.buffers_hit += e->figures[beside->number].buffers_hit;
        all.buffers_read += e->figures[beside->number].buffers_read;
    }
    if (e->options->buffers && e->options->counters) {
        structured_count(e, node, "Shared Hit Blocks", all.buffers_hit);
        structured_count(e, node, "Shared Read Blocks", all.buffers_read);
        for (i32 i = 0; i < countof(others); i++)
            structured_count(e, node, others[i], 0);
    }
    wal_properties(e, node);
}

void explain_add_buffers(Explain *e, ExplainItem *node, const Plan *plan)
{
    const ExplainFigures *figures = &e->figures[plan->number];
    TextBuilder line;
    builder_open(&line, e->q, e->q->arena);
    if (figures->buffers_hit)
        builder_format(&line, " hit=%lld", (long long)figures->buffers_hit);
    if (figures->buffers_read)
        builder_format(&line, " read=%lld", (long long)figures->buffers_read);
    if (e->options->buffers && line.len)
        item_line(e->q, node,
                  query_format(e->q, "Buffers: shared%.*s", TEXT_ARG(builder_text(&line))));
    explain_add_blocks(e, node, plan, NULL);
}

void explain_add_removed_members(Explain *e, ExplainItem *node)
{
    structured_count(e, node, "Subplans Removed", 0);
}

static i64 kilobytes(const Explain *e, const Plan *plan)
{
    return (e->options->counters[plan->number].memory_bytes + 1023) / 1024;
}

/* ---- properties of some ---- */

/* The conditions right above the core and its own, ANDed; *removed: the rows they dropped. */
static Text filter_text(Explain *e, const Plan *top, const Plan *core, bool qualified, i64 *removed)
{
    ExplainPlace place = {.e = e, .qualified = qualified, .above = !explain_computes(core)};
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    i32 count = 0;
    for (const Plan *plan = top;; plan = plan->inputs[0]) {
        bool is_core = plan == core;
        ExprList all = is_core && core->kind == PLAN_SCAN ? core->scan.shown
                       : plan->kind == PLAN_FILTER        ? plan->exprs
                                                          : (ExprList){NULL, 0};
        place.inputs[0] = is_core ? plan : plan->inputs[0];
        for (i32 i = 0; i < all.count; i++)
            if (!is_core || !expr_is_fixed(e->q, all.items[i]))
                builder_format(&builder, "%s%.*s", count++ ? " AND " : "",
                               TEXT_ARG(explain_expr(&place, all.items[i])));
        if (all.count && e->options->counters)
            *removed += e->options->counters[plan->number].rows_removed;
        if (is_core)
            break;
    }
    Text text = builder_text(&builder);
    return count > 1 ? query_format(e->q, "(%.*s)", TEXT_ARG(text)) : text;
}

/* How much a hash aggregate took. */
static void group_memory(Explain *e, ExplainItem *node, const Plan *plan)
{
    if (plan->kind != PLAN_AGGREGATE || !plan->aggregate.keys.count)
        return;
    if (e->options->costs)
        structured_count(e, node, "Planned Partitions", 0);
    if (!e->options->counters)
        return;
    i64 taken = kilobytes(e, plan);
    item_line(e->q, node, query_format(e->q, "Batches: 1  Memory Usage: %lldkB", (long long)taken));
    structured_count(e, node, "HashAgg Batches", 1);
    structured_count(e, node, "Peak Memory Usage", taken);
    structured_count(e, node, "Disk Usage", 0);
}

void explain_add_filter(Explain *e, ExplainItem *node, const Plan *top, const Plan *core,
                        bool qualified)
{
    i64 removed = 0;
    Text text = filter_text(e, top, core, qualified, &removed);
    explain_text_property(e, node, "Filter", text);
    group_memory(e, node, core);
    if (text.len && e->options->counters)
        count_property(e, node, "Rows Removed by Filter", removed);
}

/* Columns whose rows a hash join further up the tree picks before they are read. */
static void runtime_filters(Explain *e, ExplainItem *node, const Plan *plan)
{
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    for (i32 i = 0; e->options->verbose && i < plan->scan.runtime_filter_count; i++) {
        i32 column = plan->scan.runtime_filters[i].scan_column;
        builder_format(&builder, "%s%.*s", i ? ", " : "Runtime Filter: ",
                       TEXT_ARG(explain_quoted(e, plan->columns[column].name)));
    }
    if (builder.len)
        item_line(e->q, node, builder_text(&builder));
}

static Text hash_condition(Explain *e, const Plan *plan, bool qualified)
{
    ExplainPlace probe = {e, {plan->inputs[0], NULL}, NULL, true, qualified};
    ExplainPlace side = {e, {plan->inputs[1], NULL}, NULL, true, qualified};
    TextBuilder builder;
    builder_open(&builder, e->q, e->q->arena);
    i32 count = plan->join.probe_keys.count;
    for (i32 i = 0; i < count; i++)
        builder_format(&builder, "%s(%s%.*s %s %.*s%s)", i ? " AND " : "",
                       plan->join.null_equal[i] ? "NOT (" : "",
                       TEXT_ARG(explain_expr(&probe, plan->join.probe_keys.items[i])),
                       plan->join.null_equal[i] ? "IS DISTINCT FROM" : "=",
                       TEXT_ARG(explain_expr(&side, plan->join.build_keys.items[i])),
                       plan->join.null_equal[i] ? ")" : "");
    Text keys = builder_text(&builder);
    return count > 1 ? query_format(e->q, "(%.*s)", TEXT_ARG(keys)) : keys;
}

static void join_properties(Explain *e, ExplainItem *node, const Plan *plan)
{
    bool qualified = e->ranges > 1 || e->options->verbose;
    ExplainPlace both = {e, {plan->inputs[0], plan->inputs[1]}, NULL, true, qualified};
    flag(e, node, "Inner Unique", false);
    explain_text_property(e, node, "Hash Cond", hash_condition(e, plan, qualified));
    explain_text_property(e, node, "Join Filter", explain_conjuncts(&both, plan->join.residual));
    if (plan->join.residual.count && e->options->counters)
        count_property(e, node, "Rows Removed by Join Filter",
                       e->options->counters[plan->number].rows_removed);
}

static ExplainTexts sort_keys(Explain *e, const Plan *plan)
{
    ExplainPlace place = {
        e, {plan->inputs[0], NULL}, NULL, true, e->ranges > 1 || e->options->verbose};
    i32 count = plan->sort.column_count;
    ExplainTexts keys = {make_array(e->q, Text, count), count};
    for (i32 i = 0; i < count; i++) {
        const SortColumn *column = &plan->sort.columns[i];
        TextBuilder builder;
        builder_open(&builder, e->q, e->q->arena);
        explain_column(&place, &builder, column->column);
        if (column->descending)
            builder_add(&builder, TEXT(" DESC"));
        if (column->nulls_first != column->descending)
            builder_add(&builder, column->nulls_first ? TEXT(" NULLS FIRST") : TEXT(" NULLS LAST"));
        keys.items[i] = builder_text(&builder);
    }
    return keys;
}

void explain_add_sort(Explain *e, ExplainItem *node, const Plan *plan)
{
    list_property(e, node, "Sort Key", sort_keys(e, plan));
    if (!e->options->counters || !e->figures[plan->number].executed)
        return;
    const char *method = plan->kind == PLAN_TOP_N ? "top-N heapsort" : "quicksort";
    i64 taken = kilobytes(e, plan);
    item_line(e->q, node,
              query_format(e->q, "Sort Method: %s  Memory: %lldkB", method, (long long)taken));
    word(e, node, "Sort Method", method);
    structured_count(e, node, "Sort Space Used", taken);
    word(e, node, "Sort Space Type", "Memory");
}

void explain_add_hash(Explain *e, ExplainItem *node, const Plan *join)
{
    if (!e->options->counters || !e->figures[join->inputs[1]->number].executed)
        return;
    i64 buckets = e->options->counters[join->number].buckets, taken = kilobytes(e, join);
    item_line(e->q, node,
              query_format(e->q, "Buckets: %lld  Batches: 1  Memory Usage: %lldkB",
                           (long long)buckets, (long long)taken));
    structured_count(e, node, "Hash Buckets", buckets);
    structured_count(e, node, "Original Hash Buckets", buckets);
    structured_count(e, node, "Hash Batches", 1);
    structured_count(e, node, "Original Hash Batches", 1);
    structured_count(e, node, "Peak Memory Usage", taken);
}

/* The first rows of each run of equal keys, said as PostgreSQL says it of a row number. */
static void run_limit(Explain *e, ExplainItem *node, const Plan *plan)
{
    ExplainPlace place = {e, {plan->inputs[0], NULL}, NULL, true, e->ranges > 1};
    if (plan->sort.limit && !plan->sort.offset && plan->sort.column_count)
        item_text(e->q, node, "Run Condition",
                  query_format(e->q, "(row_number() OVER (?) <= %.*s)",
                               TEXT_ARG(explain_expr(&place, plan->sort.limit))));
}

static void group_keys(Explain *e, ExplainItem *node, const Plan *plan)
{
    ExplainPlace place = {
        e, {plan->inputs[0], NULL}, NULL, false, e->ranges > 1 || e->options->verbose};
    place.above = !explain_computes(explain_core(plan->inputs[0]));
    list_property(e, node, "Group Key", explain_exprs(&place, plan->aggregate.keys));
}

void explain_add_call(Explain *e, ExplainItem *node, const Plan *plan)
{
    if (!e->options->verbose)
        return;
    ExplainPlace place = {e, {plan->input_count ? plan->inputs[0] : plan, NULL}, NULL, true, true};
    Expr *call = expr_call(e->q, plan->function.row, plan->function.args.items,
                           plan->function.args.count, type_of(TYPE_RECORD), -1);
    item_text(e->q, node, "Function Call", explain_expr(&place, call));
}

void explain_add_properties(Explain *e, ExplainItem *node, const Plan *top, const Plan *core)
{
    bool upper = e->ranges > 1 || e->options->verbose;
    switch ((i32)core->kind) {
    case PLAN_SCAN:
        explain_add_filter(e, node, top, core, e->options->verbose);
        runtime_filters(e, node, core);
        return;
    case PLAN_FUNCTION_SCAN:
        explain_add_call(e, node, core);
        break;
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
        join_properties(e, node, core);
        break;
    case PLAN_AGGREGATE:
        group_keys(e, node, core);
        break;
    case PLAN_SORT:
        explain_add_sort(e, node, core);
        break;
    case PLAN_DISTINCT_ON:
        run_limit(e, node, core);
        break;
    default:
        break;
    }
    explain_add_filter(e, node, top, core, upper);
}
