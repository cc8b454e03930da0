/* SPDX-License-Identifier: Apache-2.0
 *
 * EXPLAIN: with ANALYZE the statement runs into a sink that counts; then its plan is shown.
 */
#include "server/session.h"

static f64 now_ms(const Session *session)
{
    Platform *platform = session->server->platform;
    return (f64)platform->monotonic_us(platform) / 1000;
}

/* The settings that can change a plan and have another value than they begin with. */
static const ExplainSetting *changed_settings(Query *q, const Session *session, i32 *count)
{
    static const char *const names[] = {"gotgan.passes_off", "gotgan.workers", "jit", "search_path",
                                        "work_mem"};
    ExplainSetting *changed = make_array(q, ExplainSetting, countof(names));
    *count = 0;
    for (i32 i = 0; i < countof(names); i++) {
        Text value;
        if (!setting_get(&session->settings, text_from(names[i]), &value, &q->error))
            query_rethrow(q, &q->error);
        if (!text_equal(value, text_from(setting_find(text_from(names[i]))->initial)))
            changed[(*count)++] = (ExplainSetting){names[i], value};
    }
    return changed;
}

/* Runs the statement as it would run by itself, its rows counted only. */
static void explain_analyze(Query *q, PortalCommand *command, const PlanTree *tree,
                            PlanCounters *counters)
{
    bool makes_table = tree->root->kind == PLAN_COMMAND;
    if (makes_table) {
        PortalCommand inner = {command->session, command->portal, NULL, -1};
        create_as_run(q, &inner, tree, counters);
        return;
    }
    _Atomic i64 *rows;
    plan_run(q, command->session, command->portal, (PlanTree *)tree, counting_sink(q, &rows),
             counters); /* only kept while it runs */
}

void explain_run(Query *q, PortalCommand *command, const PlanCommand *plan)
{
    Session *session = command->session;
    const PlanTree *tree = plan->inner, *shown = tree;
    if (tree->root->kind == PLAN_COMMAND) /* CREATE TABLE AS is shown as its query */
        shown = tree->root->command.inner;
    ExplainOptions options = {.analyze = plan->explain.analyze,
                              .verbose = plan->explain.verbose,
                              .costs = plan->explain.costs,
                              .timing = plan->explain.timing,
                              .summary = plan->explain.summary,
                              .buffers = plan->explain.buffers,
                              .wal = plan->explain.wal,
                              .settings = plan->explain.settings,
                              .format = plan->explain.format,
                              .planning_ms = (f64)tree->planning_us / 1000};
    if (plan->explain.settings)
        options.changed = changed_settings(q, session, &options.changed_count);
    if (plan->explain.analyze) {
        /* the two nodes more are what CREATE TABLE AS puts on top */
        i32 nodes = (shown ? shown->node_count : 0) + 2;
        PlanCounters *counters = make_array(q, PlanCounters, nodes);
        f64 start = now_ms(session);
        explain_analyze(q, command, tree, counters);
        options.execution_ms = now_ms(session) - start;
        options.counters = counters;
    } else if (tree->root->kind == PLAN_COMMAND) {
        send_notices(session, &tree->root->command);
    }
    i32 count = 0;
    const Text *lines = explain_lines(q, shown, &options, &count);
    send_text_rows(command, lines, 1, count);
}
