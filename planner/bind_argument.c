/* SPDX-License-Identifier: Apache-2.0
 *
 * Arguments by name, and arguments that are left out: both for the few functions of PostgreSQL
 * whose arguments have names or defaults and that are here.
 */
#include "planner/bind.h"

enum { NAMES_MAX = 7 };

typedef struct ArgumentNames {
    const char *function;
    const char *names[NAMES_MAX];
} ArgumentNames;

// clang-format off
static const ArgumentNames functions[] = {
    {"make_date",        {"year", "month", "day"}},
    {"make_time",        {"hour", "min", "sec"}},
    {"make_timestamp",   {"year", "month", "mday", "hour", "min", "sec"}},
    {"make_timestamptz", {"year", "month", "mday", "hour", "min", "sec", "timezone"}},
    {"make_interval",    {"years", "months", "weeks", "days", "hours", "mins", "secs"}},
};
// clang-format on

static const Ast *named_argument(const Ast *call, i32 i)
{
    const Ast *arg = call->call.args.items[i];
    return arg->kind == AST_NAMED_ARGUMENT ? arg : NULL;
}

static _Noreturn void fail_named(Binder *b, const Ast *call, Expr *const *args)
{
    TextBuilder builder;
    builder_open(&builder, b->q, b->q->arena);
    for (i32 i = 0; i < call->call.args.count; i++) {
        char type[TYPE_NAME_BYTES];
        const Ast *named = named_argument(call, i);
        if (i)
            builder_add(&builder, TEXT(", "));
        if (named)
            builder_format(&builder, "%.*s => ", TEXT_ARG(named->named_argument.name));
        builder_format(&builder, "%s", type_format(type_of(args[i]->type.oid), type));
    }
    Error error;
    error_set(&error, E_UNDEFINED_FUNCTION, "function %.*s(%.*s) does not exist",
              TEXT_ARG(name_print(b->q, call->call.name)), TEXT_ARG(builder_text(&builder)));
    error_hint(&error, "No function matches the given name and argument types. You might need to "
                       "add explicit type casts.");
    error.position = call->offset + 1;
    query_rethrow(b->q, &error);
}

/* What the grammar leaves to the binder: order and names that stand twice. True: some are named. */
static bool check_names(Binder *b, const Ast *call)
{
    bool any = false;
    for (i32 i = 0; i < call->call.args.count; i++) {
        const Ast *named = named_argument(call, i);
        if (!named && any)
            query_fail_at(b->q, call->call.args.items[i]->offset, E_SYNTAX_ERROR,
                          "positional argument cannot follow named argument");
        for (i32 j = 0; named && j < i; j++) {
            const Ast *other = named_argument(call, j);
            if (other && text_equal(other->named_argument.name, named->named_argument.name))
                query_fail_at(b->q, named->offset, E_SYNTAX_ERROR,
                              "argument name \"%.*s\" used more than once",
                              TEXT_ARG(named->named_argument.name));
        }
        any |= named != NULL;
    }
    return any;
}

static i32 position_of(const ArgumentNames *function, Text name)
{
    for (i32 i = 0; i < NAMES_MAX && function->names[i]; i++)
        if (text_equal(text_from(function->names[i]), name))
            return i;
    return -1;
}

static Expr *default_argument(Binder *b, const char *text)
{
    Value value = {.lane = lane_of(LANE_STR), .str = str_from_text(text_from(text))};
    return expr_constant(b->q, type_of(TYPE_UNKNOWN), &value, -1);
}

/* The arguments in the order of the declaration; *nargs: up to the last one given. */
static Expr **in_order(Binder *b, const Ast *call, Text name, Expr **args, i32 *nargs)
{
    const ArgumentNames *function = NULL;
    for (i32 i = 0; i < countof(functions); i++)
        if (text_equal(text_from(functions[i].function), name))
            function = &functions[i];
    if (!function)
        fail_named(b, call, args);
    bool interval = text_equal(name, TEXT("make_interval")); /* each has the default 0 */
    i32 needed = text_equal(name, TEXT("make_timestamptz")) ? 6 : NAMES_MAX; /* or a time zone */
    while (!function->names[needed - 1])
        needed--;
    Expr **all = make_array(b->q, Expr *, NAMES_MAX);
    i32 count = 0;
    for (i32 i = 0; i < *nargs; i++) {
        const Ast *named = named_argument(call, i);
        i32 position = named ? position_of(function, named->named_argument.name) : i;
        if (position < 0 || position >= NAMES_MAX || all[position])
            fail_named(b, call, args);
        all[position] = args[i];
        count = (i32)max_i64(count, position + 1);
    }
    for (i32 i = 0; i < max_i64(count, interval ? 0 : needed); i++) {
        if (!all[i] && !interval)
            fail_named(b, call, args);
        if (!all[i])
            all[i] = default_argument(b, "0");
    }
    *nargs = count;
    return all;
}

/* The arguments with defaults, as many as are missing. */
static Expr **with_defaults(Binder *b, Text name, Expr **args, i32 *nargs)
{
    static const struct {
        const char *name, *value;
        i32 least, most;
    } rows[] = {
        {"normalize", "NFC", 1, 2}, {"is_normalized", "NFC", 1, 2}, {"make_interval", "0", 0, 7}};
    for (i32 i = 0; i < countof(rows); i++) {
        if (!text_equal(name, text_from(rows[i].name)) || *nargs < rows[i].least ||
            *nargs >= rows[i].most)
            continue;
        Expr **all = make_array(b->q, Expr *, rows[i].most);
        for (i32 j = 0; j < rows[i].most; j++)
            all[j] = j < *nargs ? args[j] : default_argument(b, rows[i].value);
        *nargs = rows[i].most;
        return all;
    }
    return args;
}

Expr **bind_argument_names(Binder *b, const Ast *call, Text name, Expr **args, i32 *nargs)
{
    if (check_names(b, call))
        args = in_order(b, call, name, args, nargs);
    return with_defaults(b, name, args, nargs);
}
