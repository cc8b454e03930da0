/* SPDX-License-Identifier: Apache-2.0
 *
 * How rows are stored, as PostgreSQL's definitions say it: access method, tablespace and storage
 * parameters. There is one way to store rows and one place for them, so parameters are checked as
 * PostgreSQL 15 checks them (its documentation of CREATE TABLE and CREATE INDEX) and have no
 * effect: there are no pages to fill, no index pages, no autovacuum.
 */
#include "planner/bind_ddl.h"
#include "types/text_in.h"

typedef enum ParameterKind {
    PARAMETER_BOOLEAN,
    PARAMETER_INTEGER,
    PARAMETER_FLOAT,
    PARAMETER_CLEANUP
} ParameterKind;

/* Where a parameter may stand. */
enum { OF_TABLE = 1, OF_TOAST = 2, OF_KEY = 4 };

typedef struct Parameter {
    const char *name;
    u8 places;
    ParameterKind kind;
    f64 low, high;
} Parameter;

// clang-format off
static const Parameter parameters[] = {
    {"fillfactor",                            OF_TABLE | OF_KEY,   PARAMETER_INTEGER, 10, 100},
    {"deduplicate_items",                     OF_KEY,              PARAMETER_BOOLEAN, 0, 0},
    {"toast_tuple_target",                    OF_TABLE,            PARAMETER_INTEGER, 128, 8160},
    {"parallel_workers",                      OF_TABLE,            PARAMETER_INTEGER, 0, 1024},
    {"user_catalog_table",                    OF_TABLE,            PARAMETER_BOOLEAN, 0, 0},
    {"vacuum_truncate",                       OF_TABLE | OF_TOAST, PARAMETER_BOOLEAN, 0, 0},
    {"vacuum_index_cleanup",                  OF_TABLE | OF_TOAST, PARAMETER_CLEANUP, 0, 0},
    {"autovacuum_enabled",                    OF_TABLE | OF_TOAST, PARAMETER_BOOLEAN, 0, 0},
    {"autovacuum_vacuum_threshold",           OF_TABLE | OF_TOAST, PARAMETER_INTEGER, 0, INT32_MAX},
    {"autovacuum_vacuum_insert_threshold",    OF_TABLE | OF_TOAST, PARAMETER_INTEGER, -1, INT32_MAX},
    {"autovacuum_analyze_threshold",          OF_TABLE,            PARAMETER_INTEGER, 0, INT32_MAX},
    {"autovacuum_vacuum_scale_factor",        OF_TABLE | OF_TOAST, PARAMETER_FLOAT,   0, 100},
    {"autovacuum_vacuum_insert_scale_factor", OF_TABLE | OF_TOAST, PARAMETER_FLOAT,   0, 100},
    {"autovacuum_analyze_scale_factor",       OF_TABLE,            PARAMETER_FLOAT,   0, 100},
    {"autovacuum_vacuum_cost_delay",          OF_TABLE | OF_TOAST, PARAMETER_FLOAT,   0, 100},
    {"autovacuum_vacuum_cost_limit",          OF_TABLE | OF_TOAST, PARAMETER_INTEGER, 1, 10000},
    {"autovacuum_freeze_min_age",             OF_TABLE | OF_TOAST, PARAMETER_INTEGER, 0, 1000000000},
    {"autovacuum_freeze_max_age",             OF_TABLE | OF_TOAST, PARAMETER_INTEGER, 100000, 2000000000},
    {"autovacuum_freeze_table_age",           OF_TABLE | OF_TOAST, PARAMETER_INTEGER, 0, 2000000000},
    {"autovacuum_multixact_freeze_min_age",   OF_TABLE | OF_TOAST, PARAMETER_INTEGER, 0, 1000000000},
    {"autovacuum_multixact_freeze_max_age",   OF_TABLE | OF_TOAST, PARAMETER_INTEGER, 10000, 2000000000},
    {"autovacuum_multixact_freeze_table_age", OF_TABLE | OF_TOAST, PARAMETER_INTEGER, 0, 2000000000},
    {"log_autovacuum_min_duration",           OF_TABLE | OF_TOAST, PARAMETER_INTEGER, -1, INT32_MAX},
};
// clang-format on

static const Parameter *find_parameter(Text name, u8 place)
{
    for (i32 i = 0; i < countof(parameters); i++)
        if ((parameters[i].places & place) && text_equal(name, text_from(parameters[i].name)))
            return &parameters[i];
    return NULL;
}

static void check_number(Binder *b, const Parameter *parameter, Text text)
{
    bool whole = parameter->kind == PARAMETER_INTEGER;
    f64 value;
    Error error;
    if (!float8_parse(text, &value, &error))
        query_fail(b->q, E_INVALID_PARAMETER_VALUE, "invalid value for %s option \"%s\": %.*s",
                   whole ? "integer" : "floating point", parameter->name, TEXT_ARG(text));
    if (value >= parameter->low && value <= parameter->high)
        return;
    error_set(&error, E_INVALID_PARAMETER_VALUE, "value %.*s out of bounds for option \"%s\"",
              TEXT_ARG(text), parameter->name);
    i32 digits = whole ? 0 : 6;
    error_detail(&error, "Valid values are between \"%.*f\" and \"%.*f\".", digits, parameter->low,
                 digits, parameter->high);
    query_rethrow(b->q, &error);
}

static void check_cleanup(Binder *b, const Parameter *parameter, Text text)
{
    static const char *const known[] = {"auto", "on", "off", "true", "false",
                                        "yes",  "no", "1",   "0"};
    for (i32 i = 0; i < countof(known); i++)
        if (text_equal_ignoring_case(text, text_from(known[i])))
            return;
    Error error;
    error_set(&error, E_INVALID_PARAMETER_VALUE, "invalid value for enum option \"%s\": %.*s",
              parameter->name, TEXT_ARG(text));
    error_detail(&error, "Valid values are \"on\", \"off\", and \"auto\".");
    query_rethrow(b->q, &error);
}

static void check_value(Binder *b, const Parameter *parameter, const Ast *option)
{
    Text text = ddl_option_text(option->option.value);
    switch (parameter->kind) {
    case PARAMETER_BOOLEAN:
        ddl_check_option_flag(b, option);
        return;
    case PARAMETER_INTEGER:
    case PARAMETER_FLOAT:
        check_number(b, parameter, text);
        return;
    case PARAMETER_CLEANUP:
        check_cleanup(b, parameter, text);
        return;
    }
    unreachable();
}

static bool is_oids(const Ast *option)
{
    return !option->option.space.len && text_equal(option->option.name, TEXT("oids"));
}

static void check_oids(Binder *b, const Ast *option)
{
    bool flag;
    Error error;
    if (bool_parse(ddl_option_text(option->option.value), &flag, &error) && !flag)
        return;
    query_fail(b->q, E_FEATURE_NOT_SUPPORTED, "tables declared WITH OIDS are not supported");
}

static void check_parameters(Binder *b, const AstList *options, u8 place)
{
    for (i32 i = 0; i < options->count; i++) {
        const AstOption *option = &options->items[i]->option;
        bool toast = option->space.len > 0;
        if (toast && (place == OF_KEY || !text_equal(option->space, TEXT("toast"))))
            query_fail(b->q, E_INVALID_PARAMETER_VALUE, "unrecognized parameter namespace \"%.*s\"",
                       TEXT_ARG(option->space));
        if (place == OF_TABLE && is_oids(options->items[i])) {
            check_oids(b, options->items[i]);
            continue;
        }
        const Parameter *parameter = find_parameter(option->name, toast ? OF_TOAST : place);
        if (!parameter)
            query_fail(b->q, E_INVALID_PARAMETER_VALUE, "unrecognized parameter \"%.*s\"",
                       TEXT_ARG(option->name));
        for (i32 j = 0; j < i; j++)
            if (text_equal(options->items[j]->option.name, option->name) &&
                text_equal(options->items[j]->option.space, option->space))
                query_fail(b->q, E_INVALID_PARAMETER_VALUE,
                           "parameter \"%.*s\" specified more than once", TEXT_ARG(option->name));
        check_value(b, parameter, options->items[i]);
    }
}

static void check_tablespace(Binder *b, Text tablespace)
{
    if (tablespace.data && !text_equal(tablespace, TEXT("pg_default")))
        query_fail(b->q, E_UNDEFINED_OBJECT, "tablespace \"%.*s\" does not exist",
                   TEXT_ARG(tablespace));
}

void ddl_check_storage(Binder *b, const AstList *options, Text access_method, Text tablespace)
{
    if (access_method.data && !text_equal(access_method, TEXT("heap")))
        query_fail(b->q, E_UNDEFINED_OBJECT, "access method \"%.*s\" does not exist",
                   TEXT_ARG(access_method));
    check_tablespace(b, tablespace);
    check_parameters(b, options, OF_TABLE);
}

void ddl_check_reset(Binder *b, const AstList *options)
{
    for (i32 i = 0; i < options->count; i++)
        if (options->items[i]->option.value)
            query_fail(b->q, E_SYNTAX_ERROR, "RESET must not include values for parameters");
}

void ddl_check_key_storage(Binder *b, const AstConstraint *key)
{
    check_tablespace(b, key->tablespace);
    check_parameters(b, &key->options, OF_KEY);
}
