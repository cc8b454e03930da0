/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls: functions, operators and aggregates chosen by PostgreSQL's resolution rules (documentation
 * 10.2 and 10.3): an exact match, then candidates every argument can reach implicitly, then the
 * most exact matches, preferred types, and the guess for unknown literals.
 */
#include "planner/bind.h"

enum { ARGUMENTS_MAX = 100 };

/* A function, operator or aggregate that could be meant. */
typedef struct Candidate {
    const FunctionRow *function;
    const AggregateRow *aggregate;
    u32 types[ARGUMENTS_MAX]; /* declared types for the given number of arguments */
} Candidate;

typedef struct Candidates {
    Candidate **items;
    i32 count, capacity;
} Candidates;

static Candidate *candidate_add(Query *q, Candidates *list)
{
    make_room(q, list->items, list->count, &list->capacity);
    Candidate *candidate = make(q, Candidate);
    list->items[list->count++] = candidate;
    return candidate;
}

/* Does the row take nargs arguments? Fills the declared types. */
static bool row_takes(const u32 *arguments, i32 declared, bool variadic, i32 nargs, u32 *types)
{
    if (!variadic && declared != nargs)
        return false;
    if (variadic && nargs < declared)
        return false;
    for (i32 i = 0; i < nargs; i++)
        types[i] = arguments[i < declared ? i : declared - 1];
    return true;
}

static void add_function(Query *q, Candidates *list, const FunctionRow *row, i32 nargs)
{
    u32 types[ARGUMENTS_MAX];
    if (!row_takes(row->arguments, row->argument_count, row->flags & VARIADIC, nargs, types))
        return;
    Candidate *candidate = candidate_add(q, list);
    candidate->function = row;
    memcpy(candidate->types, types, (size_t)nargs * sizeof *types);
}

static void add_aggregate(Query *q, Candidates *list, const AggregateRow *row, i32 nargs)
{
    u32 types[ARGUMENTS_MAX];
    if (!row_takes(row->arguments, row->argument_count, false, nargs, types))
        return;
    Candidate *candidate = candidate_add(q, list);
    candidate->aggregate = row;
    memcpy(candidate->types, types, (size_t)nargs * sizeof *types);
}

/* ---- choosing ---- */

static bool is_polymorphic(u32 oid)
{
    return oid == TYPE_ANY || oid == TYPE_ANYELEMENT || oid == TYPE_ANYNONARRAY ||
           oid == TYPE_ANYCOMPATIBLE;
}

static const TypeRow *type_info(u32 oid)
{
    static const TypeRow nothing = {.category = CATEGORY_USER};
    const TypeRow *row = type_row(oid);
    return row ? row : &nothing;
}

static bool is_preferred(u32 actual, u32 declared)
{
    return type_info(declared)->preferred &&
           type_info(declared)->category == type_info(actual)->category;
}

/* Keeps the candidates with the highest score. */
static void keep_best(Candidates *list, i32 (*score)(const Candidate *, const u32 *, i32),
                      const u32 *actual, i32 nargs)
{
    i32 best = -1, kept = 0;
    for (i32 i = 0; i < list->count; i++) {
        i32 own = score(list->items[i], actual, nargs);
        if (own > best) {
            best = own;
            kept = 0;
        }
        if (own == best)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

static i32 score_exact(const Candidate *candidate, const u32 *actual, i32 nargs)
{
    i32 score = 0;
    for (i32 i = 0; i < nargs; i++)
        score += actual[i] != TYPE_UNKNOWN && candidate->types[i] == actual[i];
    return score;
}

static i32 score_preferred(const Candidate *candidate, const u32 *actual, i32 nargs)
{
    i32 score = 0;
    for (i32 i = 0; i < nargs; i++)
        if (actual[i] != TYPE_UNKNOWN)
            score +=
                candidate->types[i] == actual[i] || is_preferred(actual[i], candidate->types[i]);
    return score;
}

/* The category an unknown argument is taken to have, 0 when candidates disagree. */
static char unknown_category(const Candidates *list, i32 arg, bool *has_preferred)
{
    char category = 0;
    bool conflict = false;
    *has_preferred = false;
    for (i32 i = 0; i < list->count; i++) {
        const TypeRow *type = type_info(list->items[i]->types[arg]);
        if (!category) {
            category = type->category;
            *has_preferred = type->preferred;
        } else if (type->category == category) {
            *has_preferred |= type->preferred;
        } else if (type->category == CATEGORY_STRING) {
            category = CATEGORY_STRING;
            *has_preferred = type->preferred;
            conflict = false;
        } else if (category != CATEGORY_STRING) {
            conflict = true;
        }
    }
    return conflict ? 0 : category;
}

/* Drops candidates that do not fit the guess for unknown arguments; false: no guess. */
static bool keep_by_category(Candidates *list, const u32 *actual, i32 nargs)
{
    char categories[ARGUMENTS_MAX] = {0};
    bool preferred[ARGUMENTS_MAX] = {false};
    for (i32 i = 0; i < nargs; i++) {
        if (actual[i] != TYPE_UNKNOWN)
            continue;
        categories[i] = unknown_category(list, i, &preferred[i]);
        if (!categories[i])
            return false;
    }
    Candidate **kept = list->items;
    i32 count = 0;
    for (i32 c = 0; c < list->count; c++) {
        bool fits = true;
        for (i32 i = 0; i < nargs; i++) {
            const TypeRow *type = type_info(list->items[c]->types[i]);
            if (actual[i] == TYPE_UNKNOWN &&
                (type->category != categories[i] || (preferred[i] && !type->preferred)))
                fits = false;
        }
        if (fits) {
            Candidate *swap = kept[count];
            kept[count++] = list->items[c];
            list->items[c] = swap;
        }
    }
    if (count)
        list->count = count;
    return true;
}

static bool all_reachable(const Candidate *candidate, const u32 *actual, i32 nargs)
{
    for (i32 i = 0; i < nargs; i++)
        if (!coerce_is_possible(actual[i], candidate->types[i], CAST_IMPLICIT))
            return false;
    return true;
}

/* All known arguments of one type: are the unknown ones of that type too? */
static void keep_same_type(Candidates *list, const u32 *actual, i32 nargs)
{
    u32 known = TYPE_UNKNOWN;
    for (i32 i = 0; i < nargs; i++) {
        if (actual[i] == TYPE_UNKNOWN)
            continue;
        if (known != TYPE_UNKNOWN && known != actual[i])
            return;
        known = actual[i];
    }
    if (known == TYPE_UNKNOWN)
        return;
    u32 guessed[ARGUMENTS_MAX];
    for (i32 i = 0; i < nargs; i++)
        guessed[i] = known;
    Candidate *only = NULL;
    for (i32 i = 0; i < list->count; i++) {
        if (!all_reachable(list->items[i], guessed, nargs))
            continue;
        if (only)
            return;
        only = list->items[i];
    }
    if (only) {
        list->items[0] = only;
        list->count = 1;
    }
}

/* The one candidate PostgreSQL would choose; list->count tells none (0) or too many. */
static Candidate *choose(Candidates *list, const u32 *actual, i32 nargs)
{
    bool unknowns = false;
    for (i32 i = 0; i < nargs; i++)
        unknowns |= actual[i] == TYPE_UNKNOWN;
    for (i32 i = 0; i < list->count; i++)
        if (!unknowns && score_exact(list->items[i], actual, nargs) == nargs)
            return list->items[i];
    i32 kept = 0;
    for (i32 i = 0; i < list->count; i++)
        if (all_reachable(list->items[i], actual, nargs))
            list->items[kept++] = list->items[i];
    list->count = kept;
    if (list->count > 1)
        keep_best(list, score_exact, actual, nargs);
    if (list->count > 1)
        keep_best(list, score_preferred, actual, nargs);
    if (list->count > 1 && unknowns) {
        keep_by_category(list, actual, nargs);
        if (list->count > 1)
            keep_same_type(list, actual, nargs);
    }
    return list->count == 1 ? list->items[0] : NULL;
}

/* ---- making the call ---- */

/* An argument as declared. Polymorphic arguments of text functions arrive as their text. */
static Expr *coerce_argument(Binder *b, Expr *arg, u32 declared)
{
    if (is_polymorphic(declared)) {
        arg = coerce_unknown(b, arg);
        if (declared == TYPE_ANYELEMENT || arg->type.oid == TYPE_TEXT)
            return expr_as_num(b->q, arg);
        if (declared ==
            TYPE_ANYNONARRAY) /* text || anything casts, as PostgreSQL's function does */
            return coerce_explicit(b, arg, type_of(TYPE_TEXT), arg->offset);
        return expr_unary(b->q, EXPR_CAST_TEXT, arg, type_of(TYPE_TEXT), lane_of(LANE_STR));
    }
    Expr *cast = coerce_try(b, arg, type_of(declared), CAST_IMPLICIT, arg->offset);
    verify(cast != NULL);
    return expr_as_num(b->q, cast);
}

static Type call_result(const FunctionRow *row, Expr *const *args, i32 count)
{
    if (!is_polymorphic(row->result))
        return type_of(row->result);
    for (i32 i = 0; i < count; i++)
        if (is_polymorphic(row->arguments[min_i64(i, row->argument_count - 1)]))
            return args[i]->type;
    return type_of(TYPE_TEXT);
}

/* Patterns match against the blanks of a char, and octet_length counts them. */
static bool keeps_blanks(const FunctionRow *row)
{
    return row->operation == OP_OCTET_LENGTH || row->operation == OP_BPCHAR_TYPMOD ||
           (row->argument_count == 2 && row->arguments[1] == TYPE_TEXT);
}

Expr *bind_row_call(Binder *b, const FunctionRow *row, Expr *const *args, i32 count, i32 offset)
{
    Expr **cast = make_array(b->q, Expr *, count);
    for (i32 i = 0; i < count; i++) {
        u32 declared = row->arguments[min_i64(i, row->argument_count - 1)];
        cast[i] = coerce_argument(b, args[i], declared);
        if (declared == TYPE_BPCHAR && !keeps_blanks(row))
            cast[i] = bpchar_stripped(b->q, cast[i]);
    }
    Expr *call = expr_call(b->q, row, cast, count, call_result(row, args, count), offset);
    b->volatile_calls += (row->flags & VOLATILE) != 0;
    if (call->type.oid == TYPE_NUMERIC)
        call->lane = lane_of(LANE_NUM);
    if (call->lane.kind == LANE_NONE && row->result != TYPE_VOID && !(row->flags & SET))
        bind_unsupported(b, offset, "values of this function's result type");
    return call;
}

static void actual_types(Binder *b, Expr *const *args, i32 count, u32 *types, i32 offset)
{
    if (count > ARGUMENTS_MAX)
        query_fail_at(b->q, offset, E_TOO_MANY_ARGUMENTS,
                      "cannot pass more than %d arguments to a function", ARGUMENTS_MAX);
    for (i32 i = 0; i < count; i++)
        types[i] = args[i]->type.oid;
}

static Text types_print(Query *q, const u32 *types, i32 count)
{
    TextBuilder builder;
    builder_open(&builder, q, q->arena);
    char name[TYPE_NAME_BYTES];
    for (i32 i = 0; i < count; i++)
        builder_format(&builder, "%s%s", i ? ", " : "", type_format(type_of(types[i]), name));
    return builder_text(&builder);
}

static _Noreturn void fail_function(Binder *b, Text name, const u32 *types, i32 nargs, i32 offset,
                                    bool ambiguous)
{
    Error error;
    Text list = types_print(b->q, types, nargs);
    if (ambiguous) {
        error_set(&error, E_AMBIGUOUS_FUNCTION, "function %.*s(%.*s) is not unique", TEXT_ARG(name),
                  TEXT_ARG(list));
        error_hint(&error, "Could not choose a best candidate function. You might need to add "
                           "explicit type casts.");
    } else {
        error_set(&error, E_UNDEFINED_FUNCTION, "function %.*s(%.*s) does not exist",
                  TEXT_ARG(name), TEXT_ARG(list));
        error_hint(&error, "No function matches the given name and argument types. You might "
                           "need to add explicit type casts.");
    }
    error.position = offset + 1;
    query_rethrow(b->q, &error);
}

/* ---- operators ---- */

static _Noreturn void fail_operator(Binder *b, Text symbol, const u32 *types, i32 nargs, i32 offset,
                                    bool ambiguous)
{
    Error error;
    char left[TYPE_NAME_BYTES], right[TYPE_NAME_BYTES];
    type_format(type_of(types[0]), left);
    type_format(type_of(types[nargs - 1]), right);
    const char *what = ambiguous ? "operator is not unique" : "operator does not exist";
    ErrorCode code = ambiguous ? E_AMBIGUOUS_FUNCTION : E_UNDEFINED_FUNCTION;
    if (nargs == 2)
        error_set(&error, code, "%s: %s %.*s %s", what, left, TEXT_ARG(symbol), right);
    else
        error_set(&error, code, "%s: %.*s %s", what, TEXT_ARG(symbol), right);
    error_hint(&error, ambiguous ? "Could not choose a best candidate operator. You might need to "
                                   "add explicit type casts."
                       : nargs == 2 ? "No operator matches the given name and argument types. You "
                                      "might need to add explicit type casts."
                                    : "No operator matches the given name and argument type. You "
                                      "might need to add an explicit type cast.");
    error.position = offset + 1;
    query_rethrow(b->q, &error);
}

/* int4 = int8 and its kin have rows but no kernels: the narrower side is widened and the operator
 * of the wider type does it. */
static const FunctionRow *widened(Text symbol, const FunctionRow *row)
{
    static const u32 order[] = {TYPE_INT2, TYPE_INT4, TYPE_INT8, 0, TYPE_FLOAT4, TYPE_FLOAT8};
    if (row->argument_count != 2 || row->arguments[0] == row->arguments[1])
        return row;
    Lane lanes[2] = {type_lane(type_of(row->arguments[0])), type_lane(type_of(row->arguments[1]))};
    if (kernel_find(row->operation, lanes, 2, type_lane(type_of(row->result))))
        return row;
    i32 rank[2] = {-1, -1};
    for (i32 i = 0; i < countof(order); i++)
        for (i32 side = 0; side < 2; side++)
            if (order[i] == row->arguments[side])
                rank[side] = i;
    if (rank[0] < 0 || rank[1] < 0)
        return row;
    u32 wide = order[rank[0] > rank[1] ? rank[0] : rank[1]];
    for (const FunctionRow *other = operator_next(symbol, NULL); other;
         other = operator_next(symbol, other))
        if (other->argument_count == 2 && other->arguments[0] == wide &&
            other->arguments[1] == wide)
            return other;
    return row;
}

static const FunctionRow *resolve_operator(Binder *b, Text symbol, const u32 *actual, i32 nargs,
                                           i32 offset)
{
    u32 types[2] = {actual[0], actual[nargs - 1]};
    u32 exact[2] = {types[0], types[1]};
    if (nargs == 2 && exact[0] == TYPE_UNKNOWN)
        exact[0] = exact[1];
    else if (nargs == 2 && exact[1] == TYPE_UNKNOWN)
        exact[1] = exact[0];
    Candidates list = {NULL, 0, 0};
    Text plain = operator_plain(symbol);
    for (const FunctionRow *row = operator_next(plain, NULL); row;
         row = operator_next(plain, row)) {
        if (row->argument_count != nargs)
            continue;
        bool same = row->arguments[0] == exact[0] && row->arguments[nargs - 1] == exact[nargs - 1];
        if (same && exact[0] != TYPE_UNKNOWN)
            return widened(plain, row);
        add_function(b->q, &list, row, nargs);
    }
    Candidate *chosen = choose(&list, types, nargs);
    if (!chosen)
        fail_operator(b, symbol, types, nargs, offset, list.count > 1);
    return widened(plain, chosen->function);
}

Text operator_symbol(Binder *b, Name name, i32 offset)
{
    if (name.count == 1)
        return name.parts[0];
    Name local = name_in_database(b, name, -1);
    bind_check_schema(b, local, offset);
    return name_print(b->q, name_is_system(local) ? local : name);
}

Text operator_plain(Text symbol)
{
    Text schema = TEXT("pg_catalog.");
    return text_starts_with(symbol, schema) ? text_slice(symbol, schema.len, symbol.len) : symbol;
}

Expr *bind_operator(Binder *b, Text symbol, Expr *left, Expr *right, i32 offset)
{
    Expr *args[2] = {left ? left : right, right};
    i32 nargs = left ? 2 : 1;
    u32 types[2] = {args[0]->type.oid, args[nargs - 1]->type.oid};
    const FunctionRow *row = resolve_operator(b, symbol, types, nargs, offset);
    return bind_row_call(b, row, args, nargs, offset);
}

const FunctionRow *bind_equality(Binder *b, Expr **left, Expr **right, i32 offset)
{
    u32 types[2] = {(*left)->type.oid, (*right)->type.oid};
    const FunctionRow *row = resolve_operator(b, TEXT("="), types, 2, offset);
    *left = bpchar_stripped(b->q, coerce_argument(b, *left, row->arguments[0]));
    *right = bpchar_stripped(b->q, coerce_argument(b, *right, row->arguments[1]));
    return row;
}

/* ---- functions ---- */

/* A type's name used as a function of one argument is a cast: date(x), int4(x). */
static Expr *call_as_cast(Binder *b, Text name, Expr *arg, i32 offset)
{
    const TypeRow *type = type_row_by_name(name);
    if (!type || type->kind == 'p')
        return NULL;
    Type target = type_of(type->oid);
    bool literal = expr_is_unknown(arg);
    const CastRow *cast = cast_find(arg->type.oid, type->oid);
    bool through_text = type_is_string(type->oid) || type_is_string(arg->type.oid);
    if (!literal && !(cast && cast->method == CAST_BINARY) && !(through_text && !cast))
        return NULL;
    return coerce_try(b, arg, target, CAST_EXPLICIT, offset);
}

/* A type's name over a literal reads it, before any function is tried; over something else it is a
 * cast when no function fits. NULL: no cast; *chosen is the function, or NULL. */
static Expr *cast_or_choose(Binder *b, Text name, Expr *const *args, i32 nargs, Candidates *list,
                            Candidate **chosen, i32 offset)
{
    u32 types[ARGUMENTS_MAX] = {0};
    actual_types(b, args, nargs, types, offset);
    Expr *cast = NULL;
    if (nargs == 1 && types[0] == TYPE_UNKNOWN)
        cast = call_as_cast(b, name, args[0], offset);
    if (cast)
        return cast;
    *chosen = choose(list, types, nargs);
    if (!*chosen && nargs == 1 && list->count == 0)
        cast = call_as_cast(b, name, args[0], offset);
    return cast;
}

/* The name by which a function may be found; empty: none, no functions live in user schemas yet. */
static Text call_name(Name name)
{
    if (name.count == 3)
        name = (Name){name.parts + 1, 2, name.offset};
    return name_is_system(name) ? name.parts[name.count - 1] : (Text){"", 0};
}

/* The arguments have been looked at before. */
static void check_call_name(Binder *b, Name name)
{
    bind_check_schema(b, name_in_database(b, name, name.offset), name.offset);
}

static void gather_candidates(Query *q, Text name, i32 nargs, Candidates *list)
{
    for (const FunctionRow *row = function_next(name, NULL); row; row = function_next(name, row))
        add_function(q, list, row, nargs);
    for (const AggregateRow *row = aggregate_next(name, NULL); row; row = aggregate_next(name, row))
        add_aggregate(q, list, row, nargs);
}

Expr *bind_named_call(Binder *b, const char *name, Expr *const *args, i32 count, i32 offset)
{
    u32 types[ARGUMENTS_MAX];
    actual_types(b, args, count, types, offset);
    Candidates list = {NULL, 0, 0};
    gather_candidates(b->q, text_from(name), count, &list);
    Candidate *chosen = choose(&list, types, count);
    if (!chosen || !chosen->function)
        fail_function(b, query_format(b->q, "pg_catalog.%s", name), types, count, offset,
                      list.count > 1);
    return bind_row_call(b, chosen->function, args, count, offset);
}

/* ---- aggregates ---- */

/* How often each level had been used when a call was come to, from the innermost outwards. */
typedef struct LevelUses {
    i32 columns, aggregates;
} LevelUses;

static LevelUses *uses_so_far(Binder *b)
{
    i32 levels = 0;
    for (const Scope *scope = b->scope; scope; scope = scope->outer)
        levels++;
    LevelUses *uses = make_array(b->q, LevelUses, levels);
    levels = 0;
    for (const Scope *scope = b->scope; scope; scope = scope->outer)
        uses[levels++] = (LevelUses){scope->column_uses, scope->aggregate_uses};
    return uses;
}

static _Noreturn void fail_nested(Binder *b, i32 offset)
{
    query_fail_at(b->q, offset, E_GROUPING_ERROR, "aggregate function calls cannot be nested");
}

/* The level an aggregate belongs to: the innermost of which anything inside it, sub-queries
 * included, has used a column since `before`; else its own. */
static Scope *aggregate_scope(Binder *b, const LevelUses *before)
{
    i32 level = 0;
    for (Scope *scope = b->scope; scope; scope = scope->outer, level++) {
        if (scope->aggregate_uses != before[level].aggregates)
            fail_nested(b, scope->aggregate_offset);
        if (scope->column_uses != before[level].columns)
            return scope;
    }
    return b->scope;
}

static void check_aggregate_place(Binder *b, const Scope *scope, i32 offset)
{
    BindPlace place = scope->place;
    if (place == PLACE_TARGET || place == PLACE_HAVING || place == PLACE_ORDER)
        return;
    if (place == PLACE_AGGREGATE)
        fail_nested(b, offset);
    query_fail_at(b->q, offset, E_GROUPING_ERROR, "aggregate functions are not allowed in %s",
                  bind_place_name(place));
}

/* The column that stands for the aggregate: a new one, or that of an equal call. */
static Expr *aggregate_column(Binder *b, Scope *scope, Expr *call)
{
    scope->aggregate_uses++;
    scope->aggregate_offset = call->offset;
    for (i32 i = 0; i < scope->aggregate_count; i++)
        if (expr_equal(b->q, scope->aggregates[i].call, call))
            return bind_column_ref(b, scope->aggregates[i].column, call->offset);
    make_room(b->q, scope->aggregates, scope->aggregate_count, &scope->aggregate_capacity);
    i32 column = bind_output_column(b, text_from(call->aggregate.row->name), call);
    scope->aggregates[scope->aggregate_count++] = (BoundAggregate){call, column};
    return bind_column_ref(b, column, call->offset);
}

/* written: the arguments as they are without what implicit casts make of them. */
static void bind_aggregate_order(Binder *b, const AstCall *call, const ExprList *written,
                                 ExprAggregate *aggregate)
{
    aggregate->order_count = call->order_by.count;
    aggregate->order = make_array(b->q, ExprSort, call->order_by.count);
    for (i32 i = 0; i < call->order_by.count; i++) {
        const Ast *sort = call->order_by.items[i];
        ExprSort *order = &aggregate->order[i];
        Expr *key = bind_expr(b, sort->sort.expr);
        order->key = coerce_unknown(b, key);
        bind_sort_direction(b, sort, order->key, &order->descending, &order->nulls_first);
        bool found = false;
        for (i32 j = 0; call->distinct && j < written->count; j++)
            found |= expr_equal(b->q, written->items[j], key);
        if (call->distinct && !found)
            query_fail_at(b->q, expr_location(b->q, key), E_INVALID_COLUMN_REFERENCE,
                          "in an aggregate with DISTINCT, ORDER BY expressions must appear in "
                          "argument list");
    }
}

static Type aggregate_result(const AggregateRow *row, Expr *const *args)
{
    return is_polymorphic(row->result) ? args[0]->type : type_of(row->result);
}

static Expr *bind_aggregate(Binder *b, const Ast *ast, const AggregateRow *row, Expr **args,
                            i32 nargs, const LevelUses *before)
{
    Expr *call = make(b->q, Expr);
    call->kind = EXPR_AGGREGATE;
    call->offset = ast->offset;
    ExprAggregate *aggregate = &call->aggregate;
    aggregate->row = row;
    aggregate->distinct = ast->call.distinct;
    ExprList written = expr_list(b->q, args, nargs);
    for (i32 i = 0; i < nargs; i++) {
        args[i] = is_polymorphic(row->arguments[i])
                      ? coerce_unknown(b, args[i])
                      : coerce_argument(b, args[i], row->arguments[i]);
        if (row->arguments[i] == TYPE_BPCHAR && bpchar_is_of_any_length(args[i]))
            aggregate->row = aggregate_with_blanks(row);
        else if (aggregate->distinct)
            args[i] = bpchar_stripped(b->q, args[i]);
    }
    aggregate->args = expr_list(b->q, args, nargs);
    call->type = aggregate_result(row, args);
    if (call->type.oid == TYPE_BPCHAR) /* min and max of char(n), blanks still behind */
        call->type = args[0]->type;
    call->lane = call->type.oid == TYPE_NUMERIC ? lane_of(LANE_NUM) : type_lane(call->type);
    if (call->lane.kind == LANE_NONE)
        bind_unsupported(b, ast->offset, "array values");
    BindPlace place = b->scope->place;
    b->scope->place = PLACE_AGGREGATE;
    bind_aggregate_order(b, &ast->call, &written, aggregate);
    b->scope->place = PLACE_FILTER;
    if (ast->call.filter)
        aggregate->filter = bind_condition(b, ast->call.filter, PLACE_FILTER, "FILTER");
    b->scope->place = place;
    Scope *scope = aggregate_scope(b, before);
    check_aggregate_place(b, scope, ast->offset);
    return bpchar_padded(b->q, aggregate_column(b, scope, call), type_of(call->type.oid));
}

/* ---- the call node ---- */

static void check_plain_call(Binder *b, const Ast *ast)
{
    Text name = ast->call.name.parts[ast->call.name.count - 1];
    const char *clause = ast->call.distinct         ? "DISTINCT"
                         : ast->call.order_by.count ? "ORDER BY"
                         : ast->call.filter         ? "FILTER"
                                                    : NULL;
    if (ast->call.star)
        query_fail_at(b->q, ast->offset, E_WRONG_OBJECT_TYPE,
                      "%.*s(*) specified, but %.*s is not an aggregate function", TEXT_ARG(name),
                      TEXT_ARG(name));
    if (clause)
        query_fail_at(b->q, ast->offset, E_WRONG_OBJECT_TYPE,
                      "%s specified, but %.*s is not an aggregate function", clause,
                      TEXT_ARG(name));
}

static Expr **bind_arguments(Binder *b, const Ast *ast, bool aggregate)
{
    BindPlace place = b->scope ? b->scope->place : PLACE_UTILITY;
    Expr **args = make_array(b->q, Expr *, ast->call.args.count);
    if (aggregate)
        b->scope->place = PLACE_AGGREGATE;
    for (i32 i = 0; i < ast->call.args.count; i++) {
        const Ast *arg = ast->call.args.items[i];
        if (arg->kind == AST_NAMED_ARGUMENT)
            arg = arg->named_argument.value;
        args[i] = bind_expr(b, arg);
    }
    if (aggregate)
        b->scope->place = place;
    return args;
}

/* pg_typeof(x): known here. */
static Expr *typeof_argument(Binder *b, const Expr *arg, i32 offset)
{
    Type type = type_of(TYPE_REGTYPE);
    Value value = {.lane = type_lane(type), .integer = arg->type.oid};
    return expr_constant(b->q, type, &value, offset);
}

/* What is known of an argument before it is computed; NULL: another function. */
static Expr *known_call(Binder *b, Text name, Expr *const *args, i32 nargs, i32 offset)
{
    if (nargs == 1 && text_equal(name, TEXT("pg_typeof")))
        return typeof_argument(b, args[0], offset);
    if (nargs == 1 && text_equal(name, TEXT("pg_collation_for")))
        return bind_collation_for(b, args[0], offset);
    return NULL;
}

Expr *bind_function_call(Binder *b, const Ast *ast)
{
    const AstCall *call = &ast->call;
    if (call->over)
        bind_unsupported(b, ast->offset, "window functions");
    if (call->within_group)
        bind_unsupported(b, ast->offset, "ordered-set aggregates");
    if (call->variadic)
        bind_unsupported(b, ast->offset, "VARIADIC arguments");
    Text name = call_name(call->name);
    bool aggregate = aggregate_next(name, NULL) != NULL && b->scope;
    const LevelUses *before = aggregate ? uses_so_far(b) : NULL;
    Expr **args = bind_arguments(b, ast, aggregate);
    check_call_name(b, call->name);
    i32 nargs = call->args.count;
    u32 types[ARGUMENTS_MAX] = {0};
    args = bind_argument_names(b, ast, name, args, &nargs);
    actual_types(b, args, nargs, types, ast->offset);
    Candidates list = {NULL, 0, 0};
    gather_candidates(b->q, name, nargs, &list);
    Expr *known = known_call(b, name, args, nargs, ast->offset);
    if (known)
        return known;
    Candidate *chosen = NULL;
    Expr *cast = cast_or_choose(b, name, args, nargs, &list, &chosen, ast->offset);
    if (cast)
        return cast;
    if (!chosen)
        fail_function(b, name_print(b->q, call->name), types, call->args.count, ast->offset,
                      list.count > 1); /* without the arguments left out */
    if (chosen->aggregate && nargs == 0 && !call->star)
        query_fail_at(b->q, ast->offset, E_WRONG_OBJECT_TYPE,
                      "%.*s(*) must be used to call a parameterless aggregate function",
                      TEXT_ARG(name));
    if (chosen->aggregate)
        return bind_aggregate(b, ast, chosen->aggregate, args, nargs, before);
    check_plain_call(b, ast);
    Expr *made = bind_row_call(b, chosen->function, args, nargs, ast->offset);
    return chosen->function->flags & SET ? bind_set_call(b, made) : made;
}

/* An expression in FROM: a query of one row. */
static BoundFrom *from_expression(Binder *b, Expr *expr, Text name)
{
    expr = coerce_unknown(b, expr);
    BoundQuery *query = make(b->q, BoundQuery);
    query->body = BODY_SELECT;
    query->target_count = query->visible_count = 1;
    query->targets = make_array(b->q, BoundTarget, 2); /* room for the ordinality */
    query->targets[0] = (BoundTarget){expr, name, bind_output_column(b, name, expr)};
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_QUERY;
    from->query = query;
    from->first_column = query->targets[0].output;
    from->column_count = 1;
    return from;
}

/* A function in FROM: its row, with arguments coerced, into a FROM item. */
BoundFrom *bind_set_function(Binder *b, const Ast *item)
{
    const Ast *call = item->function_item.call;
    if (call->kind != AST_CALL)
        return from_expression(b, bind_expr(b, call), bind_target_name(b->q, call));
    Text name = call_name(call->call.name);
    Expr **args = bind_arguments(b, call, false);
    check_call_name(b, call->call.name);
    i32 nargs = call->call.args.count;
    u32 types[ARGUMENTS_MAX];
    args = bind_argument_names(b, call, name, args, &nargs);
    actual_types(b, args, nargs, types, call->offset);
    Candidates list = {NULL, 0, 0};
    gather_candidates(b->q, name, nargs, &list);
    Candidate *chosen = NULL;
    Expr *cast = known_call(b, name, args, nargs, call->offset);
    if (!cast)
        cast = cast_or_choose(b, name, args, nargs, &list, &chosen, call->offset);
    if (cast)
        return from_expression(b, cast, name);
    if (!chosen)
        fail_function(b, name_print(b->q, call->call.name), types, nargs, call->offset,
                      list.count > 1);
    if (chosen->aggregate)
        query_fail_at(b->q, call->offset, E_GROUPING_ERROR,
                      "aggregate functions are not allowed in functions in FROM");
    Expr *made = bind_row_call(b, chosen->function, args, nargs, call->offset);
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_FUNCTION;
    from->function = chosen->function;
    from->args = made->call.args;
    Lane lane = made->type.oid == TYPE_NUMERIC ? lane_of(LANE_NUM) : made->lane;
    from->first_column = bind_new_column(b, name, made->type, lane);
    from->column_count = 1;
    return from;
}
