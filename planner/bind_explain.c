/* SPDX-License-Identifier: Apache-2.0
 *
 * EXPLAIN: its options, and the statement inside.
 */
#include "planner/bind_ddl.h"

typedef struct ExplainWords {
    bool timing_set, summary_set;
} ExplainWords;

static bool explain_flag(Binder *b, const Ast *option)
{
    const Ast *value = option->option.value;
    if (!value)
        return true;
    bool constant = value->kind == AST_CONSTANT; /* 1 and 0 are numbers: '1' is neither */
    bool number = constant && value->constant.kind != CONSTANT_STRING;
    Text text = value->kind == AST_IDENTIFIER ? value->identifier.name
                : constant && value->constant.kind == CONSTANT_BOOLEAN
                    ? (value->constant.boolean ? TEXT("true") : TEXT("false"))
                : constant ? value->constant.text
                           : TEXT("");
    if (text_equal_ignoring_case(text, TEXT("true")) ||
        text_equal_ignoring_case(text, TEXT("on")) || (number && text_equal(text, TEXT("1"))))
        return true;
    if (text_equal_ignoring_case(text, TEXT("false")) ||
        text_equal_ignoring_case(text, TEXT("off")) || (number && text_equal(text, TEXT("0"))))
        return false;
    query_fail(b->q, E_SYNTAX_ERROR, "%.*s requires a Boolean value",
               TEXT_ARG(option->option.name));
}

static ExplainFormat explain_format(Binder *b, const Ast *option)
{
    static const char *const names[] = {[EXPLAIN_TEXT] = "text",
                                        [EXPLAIN_JSON] = "json",
                                        [EXPLAIN_XML] = "xml",
                                        [EXPLAIN_YAML] = "yaml"};
    const Ast *value = option->option.value;
    Text name = !value                          ? TEXT("")
                : value->kind == AST_IDENTIFIER ? value->identifier.name
                : value->kind == AST_CONSTANT   ? value->constant.text
                                                : TEXT("");
    if (!value)
        query_fail(b->q, E_SYNTAX_ERROR, "format requires a parameter");
    for (i32 i = 0; i < countof(names); i++)
        if (text_equal(name, text_from(names[i])))
            return (ExplainFormat)i;
    query_fail_at(b->q, option->offset, E_INVALID_PARAMETER_VALUE,
                  "unrecognized value for EXPLAIN option \"format\": \"%.*s\"", TEXT_ARG(name));
}

static void explain_option(Binder *b, PlanCommand *command, const Ast *option, ExplainWords *words)
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
        words->timing_set = true;
    } else if (text_equal(name, TEXT("summary"))) {
        command->explain.summary = explain_flag(b, option);
        words->summary_set = true;
    } else if (text_equal(name, TEXT("buffers"))) {
        command->explain.buffers = explain_flag(b, option);
    } else if (text_equal(name, TEXT("settings"))) {
        command->explain.settings = explain_flag(b, option);
    } else if (text_equal(name, TEXT("wal"))) {
        command->explain.wal = explain_flag(b, option);
    } else if (text_equal(name, TEXT("format"))) {
        command->explain.format = explain_format(b, option);
    } else {
        query_fail_at(b->q, option->offset, E_SYNTAX_ERROR, "unrecognized EXPLAIN option \"%.*s\"",
                      TEXT_ARG(name));
    }
}

static void explain_options(Binder *b, PlanCommand *command, const AstList *options)
{
    ExplainWords words = {0};
    command->explain.costs = true;
    for (i32 i = 0; i < options->count; i++)
        explain_option(b, command, options->items[i], &words);
    bool analyze = command->explain.analyze;
    if (command->explain.wal && !analyze)
        query_fail(b->q, E_INVALID_PARAMETER_VALUE, "EXPLAIN option WAL requires ANALYZE");
    if (!words.timing_set)
        command->explain.timing = analyze;
    if (command->explain.timing && !analyze)
        query_fail(b->q, E_INVALID_PARAMETER_VALUE, "EXPLAIN option TIMING requires ANALYZE");
    if (!words.summary_set)
        command->explain.summary = analyze;
}

/* EXECUTE, also as the source of a table: the session knows the statement it names. */
static bool runs_prepared(const Ast *statement)
{
    if (statement->kind == AST_CREATE_TABLE_AS)
        return statement->create_table_as.query->kind == AST_EXECUTE;
    return statement->kind == AST_EXECUTE;
}

void bind_explain(Binder *b, const Ast *ast)
{
    PlanCommand *command = ddl_command(b, COMMAND_EXPLAIN, "EXPLAIN");
    Bound *outer = b->bound;
    const Ast *statement = ast->explain.statement;
    explain_options(b, command, &ast->explain.options);
    if (runs_prepared(statement)) {
        command->kind = COMMAND_SESSION;
        command->statement = ast;
        return;
    }
    if (statement->kind == AST_DECLARE)
        statement = statement->declare.query;
    outer->inner = ddl_bind_inner(b, statement);
}
