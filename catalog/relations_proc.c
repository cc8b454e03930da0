/* SPDX-License-Identifier: Apache-2.0
 *
 * pg_proc, pg_operator, pg_aggregate and pg_language: what can be called.
 *
 * Rows are those of the function, operator and aggregate tables of functions/, followed by the
 * functions that only pg_type and pg_am name (system_procs.def). Gotgan's aggregates are not made
 * of transition functions: pg_aggregate says so with zeros.
 *
 * Memory: static tables, the fill's query. No state.
 */
#include "catalog/system_fill.h"
#include "functions/function.h"

enum { LANGUAGE_INTERNAL = 12, LANGUAGE_C = 13, LANGUAGE_SQL = 14 };

/* ---- pg_proc ---- */

/* What all kinds of functions have in common. */
static void start_proc_row(u32 oid, const char *name, i32 argument_count, u32 result, Value *row)
{
    row[pg_proc_oid] = value_oid(oid);
    row[pg_proc_proname] = value_word(name);
    row[pg_proc_pronamespace] = value_oid(SCHEMA_PG_CATALOG);
    row[pg_proc_proowner] = value_oid(ROLE_GOTGAN);
    row[pg_proc_prolang] = value_oid(LANGUAGE_INTERNAL);
    row[pg_proc_procost] = value_f32(1);
    row[pg_proc_prorows] = value_f32(0);
    row[pg_proc_provariadic] = value_oid(0);
    row[pg_proc_prosupport] = value_oid(0);
    row[pg_proc_prokind] = value_char('f');
    row[pg_proc_prosecdef] = row[pg_proc_proleakproof] = value_bool(false);
    row[pg_proc_proretset] = value_bool(false);
    row[pg_proc_provolatile] = value_char('i');
    row[pg_proc_proparallel] = value_char('s');
    row[pg_proc_pronargs] = value_i16(argument_count);
    row[pg_proc_pronargdefaults] = value_i16(0);
    row[pg_proc_prorettype] = value_oid(result);
    row[pg_proc_prosrc] = value_word(name);
}

/* All arguments are IN, the last one VARIADIC. */
static void put_variadic(Query *q, const FunctionRow *function, Value *row)
{
    TextBuilder modes;
    builder_open(&modes, q, q->arena);
    builder_byte(&modes, '{');
    for (i32 i = 0; i + 1 < function->argument_count; i++)
        builder_add(&modes, TEXT("i,"));
    builder_add(&modes, TEXT("v}"));
    row[pg_proc_proargmodes] = value_text(builder_text(&modes));
    row[pg_proc_proallargtypes] =
        value_text(array_text(q, (const i32 *)function->arguments, function->argument_count));
    row[pg_proc_provariadic] = value_oid(function->arguments[function->argument_count - 1]);
}

static void add_function(Query *q, SystemRows *rows, const FunctionRow *function)
{
    Value row[pg_proc_COLUMNS] = {0};
    u32 flags = function->flags;
    bool serial = flags & SERIAL;
    start_proc_row(function->proc, function->name, function->argument_count, function->result, row);
    row[pg_proc_prorows] = value_f32(flags & SET ? 1000 : 0);
    row[pg_proc_proisstrict] = value_bool(flags & STRICT);
    row[pg_proc_proretset] = value_bool(flags & SET);
    row[pg_proc_provolatile] = value_char(flags & IMMUTABLE ? 'i' : flags & STABLE ? 's' : 'v');
    row[pg_proc_proparallel] = value_char(serial ? 'u' : 's');
    row[pg_proc_proargtypes] =
        value_text(vector_text(q, (const i32 *)function->arguments, function->argument_count));
    if (flags & VARIADIC)
        put_variadic(q, function, row);
    fill_row(q, rows, row);
}

static void add_aggregate_proc(Query *q, SystemRows *rows, const AggregateRow *aggregate)
{
    Value row[pg_proc_COLUMNS] = {0};
    start_proc_row(aggregate->proc, aggregate->name, aggregate->argument_count, aggregate->result,
                   row);
    row[pg_proc_prokind] = value_char('a');
    row[pg_proc_proisstrict] = value_bool(false);
    row[pg_proc_proargtypes] =
        value_text(vector_text(q, (const i32 *)aggregate->arguments, aggregate->argument_count));
    row[pg_proc_prosrc] = value_word("aggregate_dummy");
    fill_row(q, rows, row);
}

typedef struct SystemProc {
    u32 oid;
    i32 argument_count;
    const char *name, *arguments;
    u32 result;
    char volatility;
    bool strict;
} SystemProc;
// clang-format off
#define X(oid, count, name, arguments, result, volatility, strict)                                 \
    {oid, count, name, arguments, result, volatility, strict},
static const SystemProc system_procs[] = {
#include "catalog/system_procs.def"
};
#undef X
// clang-format on

bool procedure_exists(u32 oid)
{
    for (i32 i = 0; i < countof(system_procs); i++)
        if (system_procs[i].oid == oid)
            return true;
    return function_by_proc(oid) || aggregate_by_proc(oid);
}

static void add_system_proc(Query *q, SystemRows *rows, const SystemProc *proc)
{
    Value row[pg_proc_COLUMNS] = {0};
    if (function_by_proc(proc->oid))
        return;
    start_proc_row(proc->oid, proc->name, proc->argument_count, proc->result, row);
    row[pg_proc_proisstrict] = value_bool(proc->strict);
    row[pg_proc_provolatile] = value_char(proc->volatility);
    row[pg_proc_proargtypes] = value_word(proc->arguments);
    fill_row(q, rows, row);
}

void fill_pg_proc(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    i32 functions, aggregates;
    const FunctionRow *function = function_rows(&functions);
    const AggregateRow *aggregate = aggregate_rows(&aggregates);
    u32 oid = wanted_oid(equal, pg_proc_oid);
    if (oid && function_by_proc(oid)) {
        add_function(q, rows, function_by_proc(oid));
        return;
    }
    for (i32 i = 0; i < functions; i++)
        add_function(q, rows, &function[i]);
    for (i32 i = 0; i < aggregates; i++)
        add_aggregate_proc(q, rows, &aggregate[i]);
    for (i32 i = 0; i < countof(system_procs); i++)
        add_system_proc(q, rows, &system_procs[i]);
}

/* ---- pg_operator ---- */

void fill_pg_operator(Query *q, const Snapshot *snapshot, const Value *const *equal,
                      SystemRows *rows)
{
    i32 count;
    const FunctionRow *functions = function_rows(&count);
    for (i32 i = 0; i < count; i++) {
        const FunctionRow *function = &functions[i];
        if (function->oper == 0)
            continue;
        bool binary = function->argument_count == 2;
        const FunctionRow *commutator = binary ? operator_commutator(function) : NULL;
        const FunctionRow *negator = operator_negator(function);
        bool is_equality = strcmp(function->sql_name, "=") == 0;
        const Value row[pg_operator_COLUMNS] = {
            [pg_operator_oid] = value_oid(function->oper),
            [pg_operator_oprname] = value_word(function->sql_name),
            [pg_operator_oprnamespace] = value_oid(SCHEMA_PG_CATALOG),
            [pg_operator_oprowner] = value_oid(ROLE_GOTGAN),
            [pg_operator_oprkind] = value_char(binary ? 'b' : 'l'),
            [pg_operator_oprcanmerge] = value_bool(is_equality),
            [pg_operator_oprcanhash] = value_bool(is_equality),
            [pg_operator_oprleft] = value_oid(binary ? function->arguments[0] : 0),
            [pg_operator_oprright] = value_oid(function->arguments[binary ? 1 : 0]),
            [pg_operator_oprresult] = value_oid(function->result),
            [pg_operator_oprcom] = value_oid(commutator ? commutator->oper : 0),
            [pg_operator_oprnegate] = value_oid(negator ? negator->oper : 0),
            [pg_operator_oprcode] = value_oid(function->proc),
            [pg_operator_oprrest] = value_oid(0),
            [pg_operator_oprjoin] = value_oid(0),
        };
        fill_row(q, rows, row);
    }
}

/* ---- pg_aggregate ---- */

void fill_pg_aggregate(Query *q, const Snapshot *snapshot, const Value *const *equal,
                       SystemRows *rows)
{
    i32 count;
    const AggregateRow *aggregates = aggregate_rows(&count);
    Value none = value_oid(0);
    for (i32 i = 0; i < count; i++) {
        const Value row[pg_aggregate_COLUMNS] = {
            [pg_aggregate_aggfnoid] = value_oid(aggregates[i].proc),
            [pg_aggregate_aggkind] = value_char('n'),
            [pg_aggregate_aggnumdirectargs] = value_i16(0),
            [pg_aggregate_aggtransfn] = none,
            [pg_aggregate_aggfinalfn] = none,
            [pg_aggregate_aggcombinefn] = none,
            [pg_aggregate_aggserialfn] = none,
            [pg_aggregate_aggdeserialfn] = none,
            [pg_aggregate_aggmtransfn] = none,
            [pg_aggregate_aggminvtransfn] = none,
            [pg_aggregate_aggmfinalfn] = none,
            [pg_aggregate_aggfinalextra] = value_bool(false),
            [pg_aggregate_aggmfinalextra] = value_bool(false),
            [pg_aggregate_aggfinalmodify] = value_char('r'),
            [pg_aggregate_aggmfinalmodify] = value_char('r'),
            [pg_aggregate_aggsortop] = none,
            [pg_aggregate_aggtranstype] = none,
            [pg_aggregate_aggtransspace] = value_i32(0),
            [pg_aggregate_aggmtranstype] = none,
            [pg_aggregate_aggmtransspace] = value_i32(0),
        };
        fill_row(q, rows, row);
    }
}

/* ---- pg_language ---- */

typedef struct LanguageRow {
    u32 oid;
    const char *name;
    bool trusted;
    u32 validator;
} LanguageRow;
static const LanguageRow languages[] = {
    {LANGUAGE_INTERNAL, "internal", false, 2246},
    {LANGUAGE_C, "c", false, 2247},
    {LANGUAGE_SQL, "sql", true, 2248},
};

void fill_pg_language(Query *q, const Snapshot *snapshot, const Value *const *equal,
                      SystemRows *rows)
{
    for (i32 i = 0; i < countof(languages); i++) {
        const Value row[pg_language_COLUMNS] = {
            [pg_language_oid] = value_oid(languages[i].oid),
            [pg_language_lanname] = value_word(languages[i].name),
            [pg_language_lanowner] = value_oid(ROLE_GOTGAN),
            [pg_language_lanispl] = value_bool(false),
            [pg_language_lanpltrusted] = value_bool(languages[i].trusted),
            [pg_language_lanplcallfoid] = value_oid(0),
            [pg_language_laninline] = value_oid(0),
            [pg_language_lanvalidator] = value_oid(languages[i].validator),
        };
        fill_row(q, rows, row);
    }
}
