/* SPDX-License-Identifier: Apache-2.0
 *
 * Options of views: CREATE VIEW ... WITH (...), WITH CHECK OPTION, which is only another way to
 * write one of them, and ALTER VIEW ... SET (...) and RESET (...). They are kept as they were
 * written, one behind the other; only check_option does something.
 */
#include "planner/bind_ddl.h"

static ViewCheck view_check(Binder *b, const Ast *option)
{
    Text text = ddl_option_text(option->option.value);
    if (text_equal_ignoring_case(text, TEXT("local")))
        return VIEW_CHECK_LOCAL;
    if (text_equal_ignoring_case(text, TEXT("cascaded")))
        return VIEW_CHECK_CASCADED;
    Error error;
    error_set(&error, E_INVALID_PARAMETER_VALUE,
              "invalid value for enum option \"check_option\": %.*s", TEXT_ARG(text));
    error_detail(&error, "Valid values are \"local\" and \"cascaded\".");
    query_rethrow(b->q, &error);
}

/* PostgreSQL takes options of a toast table, which a view has not, and leaves them aside. */
static void check_spaces(Binder *b, const AstList *options)
{
    for (i32 i = 0; i < options->count; i++) {
        Text space = options->items[i]->option.space;
        if (space.data && !text_equal(space, TEXT("toast")))
            query_fail(b->q, E_INVALID_PARAMETER_VALUE, "unrecognized parameter namespace \"%.*s\"",
                       TEXT_ARG(space));
    }
}

/* The options without the one of this name. */
static Text options_without(Binder *b, Text written, Text name)
{
    TextBuilder kept;
    builder_open(&kept, b->q, b->q->arena);
    for (i64 from = 0, end; from < written.len; from = end + 1) {
        Text rest = text_slice(written, from, written.len);
        i64 comma = text_find_byte(rest, ',');
        end = comma < 0 ? written.len : from + comma;
        Text option = text_slice(written, from, end);
        if (!text_equal(text_slice(option, 0, text_find_byte(option, '=')), name))
            builder_format(&kept, "%s%.*s", kept.len ? "," : "", TEXT_ARG(option));
    }
    return builder_text(&kept);
}

static void set_option(Binder *b, CatalogRelation *view, Text name, Text value)
{
    Text others = options_without(b, view->view_options, name);
    view->view_options = query_format(b->q, "%.*s%s%.*s=%.*s", TEXT_ARG(others),
                                      others.len ? "," : "", TEXT_ARG(name), TEXT_ARG(value));
}

static _Noreturn void fail_option_twice(Binder *b, Text name)
{
    query_fail(b->q, E_INVALID_PARAMETER_VALUE, "parameter \"%.*s\" specified more than once",
               TEXT_ARG(name));
}

static void check_written_once(Binder *b, const AstList *options, i32 at)
{
    const AstOption *option = &options->items[at]->option;
    for (i32 i = 0; i < at; i++)
        if (!options->items[i]->option.space.data &&
            text_equal(options->items[i]->option.name, option->name))
            fail_option_twice(b, option->name);
}

static void set_options(Binder *b, CatalogRelation *view, const AstList *options)
{
    check_spaces(b, options);
    for (i32 i = 0; i < options->count; i++) {
        const Ast *option = options->items[i];
        Text name = option->option.name;
        if (option->option.space.data)
            continue;
        check_written_once(b, options, i);
        if (text_equal(name, TEXT("check_option")))
            view->view_check = view_check(b, option);
        else if (text_equal(name, TEXT("security_barrier")) ||
                 text_equal(name, TEXT("security_invoker")))
            ddl_check_option_flag(b, option);
        else
            query_fail(b->q, E_INVALID_PARAMETER_VALUE, "unrecognized parameter \"%.*s\"",
                       TEXT_ARG(name));
        set_option(b, view, name, ddl_option_text(option->option.value));
    }
}

/* 0A000 for CHECK OPTION of a view that takes no rows. */
static void check_takes_rows(Binder *b, const CatalogRelation *view)
{
    const char *reason = view_form_detail(view->view_form);
    if (!view->view_check || !reason)
        return;
    Error error;
    error_set(&error, E_FEATURE_NOT_SUPPORTED,
              "WITH CHECK OPTION is supported only on automatically updatable views");
    error_hint(&error, "%s", reason);
    query_rethrow(b->q, &error);
}

void ddl_view_options(Binder *b, const AstCreateView *create, CatalogRelation *view)
{
    static const Text check_option = {"check_option", 12};
    set_options(b, view, &create->options);
    if (create->check != CHECK_NONE) {
        bool local = create->check == CHECK_LOCAL;
        if (view->view_check != VIEW_CHECK_NONE)
            fail_option_twice(b, check_option);
        view->view_check = local ? VIEW_CHECK_LOCAL : VIEW_CHECK_CASCADED;
        set_option(b, view, check_option, local ? TEXT("local") : TEXT("cascaded"));
    }
    check_takes_rows(b, view);
}

void ddl_set_view_options(Binder *b, CatalogRelation *view, const AstList *options)
{
    set_options(b, view, options);
    check_takes_rows(b, view);
}

void ddl_reset_view_options(Binder *b, CatalogRelation *view, const AstList *options)
{
    for (i32 i = 0; i < options->count; i++) {
        const AstOption *option = &options->items[i]->option;
        if (option->value)
            query_fail(b->q, E_SYNTAX_ERROR, "RESET must not include values for parameters");
        if (option->space.data)
            continue; /* it names none of the view's */
        view->view_options = options_without(b, view->view_options, option->name);
        if (text_equal(option->name, TEXT("check_option")))
            view->view_check = VIEW_CHECK_NONE;
    }
}
