/* SPDX-License-Identifier: Apache-2.0
 *
 * EXPLAIN: its options, and the statement inside.
 */
#include "planner/bind_ddl.h"

static bool explain_flag(Binder *b, const Ast *option)
{
    const Ast *value = option->option.value;
    if (!value)
        return true;
    Text text = value->kind == AST_IDENTIFIER ? value->identifier.name
                : value->kind == AST_CONSTANT && value->constant.kind == CONSTANT_BOOLEAN
                    ? (value->constant.boolean ? TEXT("true") : TEXT("false"))
                : value->kind == AST_CONSTANT ? value->constant.text
                                              : TEXT("");
    if (text_equal(text, TEXT("true")) || text_equal(text, TEXT("on")) ||
        text_equal(text, TEXT("1")))
        return true;
    if (text_equal(text, TEXT("false")) || text_equal(text, TEXT("off")) ||
        text_equal(text, TEXT("0")))
        return false;
    query_fail_at(b->q, option->offset, E_SYNTAX_ERROR, "%.*s requires a Boolean value",
                  TEXT_ARG(option->option.name));
}

static void explain_option(Binder *b, PlanCommand *command, const Ast *option, bool *summary_set)
{
    Text name = option->option.name;
    if (text_equal(name, TEXT("analyze"))) {
        command->explain.analyze = explain_flag(b, option);
    } else if (text_equal(name, TEXT("verbose"))) {
        command->explain.verbose = explain_flag(b, option);
    } else if (text_equal(name, TEXT("costs"))) {
        command->explain.costs = explain_flag(b, option);
    } else if (text_equal(name, TEXT("timing"))) {
        command->explain.timing = explain_flag(b, option);
    } else if (text_equal(name, TEXT("summary"))) {
        command->explain.summary = explain_flag(b, option);
        *summary_set = true;
    } else if (text_equal(name, TEXT("buffers")) || text_equal(name, TEXT("settings")) ||
               text_equal(name, TEXT("wal"))) {
        command->explain.buffers = explain_flag(b, option);
    } else if (text_equal(name, TEXT("format"))) {
        const Ast *value = option->option.value;
        if (!value || value->kind != AST_IDENTIFIER ||
            !text_equal(value->identifier.name, TEXT("text")))
            bind_unsupported(b, option->offset, "EXPLAIN formats other than text");
    } else {
        query_fail_at(b->q, option->offset, E_SYNTAX_ERROR, "unrecognized EXPLAIN option \"%.*s\"",
                      TEXT_ARG(name));
    }
}

void bind_explain(Binder *b, const Ast *ast)
{
    PlanCommand *command = ddl_command(b, COMMAND_EXPLAIN, "EXPLAIN");
    command->explain.costs = command->explain.timing = true;
    bool summary_set = false;
    for (i32 i = 0; i < ast->explain.options.count; i++)
        explain_option(b, command, ast->explain.options.items[i], &summary_set);
    if (!summary_set)
        command->explain.summary = command->explain.analyze;
    Bound *outer = b->bound;
    outer->inner = ddl_bind_inner(b, ast->explain.statement);
    if (outer->inner->kind == BOUND_COMMAND)
        bind_unsupported(b, ast->explain.statement->offset, "EXPLAIN of commands: such plans");
}
