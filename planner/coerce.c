/* SPDX-License-Identifier: Apache-2.0
 *
 * Coercion: PostgreSQL's rules for turning one type into another, and for the common type of
 * several expressions (documentation chapter 10).
 *
 * An unknown literal is read by the target type's reader at once; every other cast follows the cast
 * table, through text where PostgreSQL does it through I/O functions; a typmod is applied by the
 * type's length function. numeric arguments of calls and comparisons are brought to the NUM lane
 * here; the lane pass takes that back where scaled integers are proven enough.
 */
#include "functions/cast.h"
#include "planner/bind.h"
#include "types/text_in.h"

bool expr_is_unknown(const Expr *expr)
{
    return expr->type.oid == TYPE_UNKNOWN;
}

static const TypeRow *row_of(u32 oid)
{
    static const TypeRow nothing = {.category = CATEGORY_USER};
    const TypeRow *row = type_row(oid);
    return row ? row : &nothing;
}

bool type_is_string(u32 oid)
{
    return row_of(oid)->category == CATEGORY_STRING;
}

static bool type_is_any(u32 oid)
{
    return oid == TYPE_ANY || oid == TYPE_ANYELEMENT || oid == TYPE_ANYNONARRAY ||
           oid == TYPE_ANYCOMPATIBLE;
}

/* ---- lanes of numeric ---- */

Expr *expr_as_lane(Query *q, Expr *expr, Lane lane)
{
    if (lane_equal(expr->lane, lane))
        return expr;
    if (expr->kind == EXPR_CONSTANT && expr->constant.null) {
        Value null = value_null(lane);
        return expr_constant(q, expr->type, &null, expr->offset);
    }
    if (expr->kind == EXPR_LANE && lane_equal(expr->operand->lane, lane))
        return expr->operand;
    return expr_unary(q, EXPR_LANE, expr, expr->type, lane);
}

Expr *expr_as_num(Query *q, Expr *expr)
{
    if (expr->type.oid != TYPE_NUMERIC || expr->lane.kind == LANE_NUM)
        return expr;
    if (expr->kind == EXPR_CONSTANT && !expr->constant.null) {
        Value value = {.lane = lane_of(LANE_NUM)};
        i128 scaled =
            expr->lane.kind == LANE_DEC128 ? expr->constant.wide : (i128)expr->constant.integer;
        if (!num_from_i128(scaled, expr->lane.scale, q->arena, &value.num, &q->error))
            query_rethrow(q, &q->error);
        return expr_constant(q, expr->type, &value, expr->offset);
    }
    return expr_as_lane(q, expr, lane_of(LANE_NUM));
}

void exprs_same_lane(Query *q, Expr **exprs, i32 count)
{
    for (i32 i = 1; i < count; i++) {
        if (lane_equal(exprs[i]->lane, exprs[0]->lane))
            continue;
        for (i32 j = 0; j < count; j++)
            exprs[j] = expr_as_num(q, exprs[j]);
        return;
    }
}

/* ---- is there a way ---- */

/* Through I/O functions: to a string by assignment, from a string only explicitly. */
static bool goes_through_text(u32 source, u32 target, CastContext context)
{
    if (row_of(source)->kind == 'p' || row_of(target)->kind == 'p')
        return false;
    if (type_is_string(target) && context != CAST_IMPLICIT)
        return true;
    return type_is_string(source) && context == CAST_EXPLICIT;
}

static bool context_allows(CastContext wanted, CastContext context)
{
    if (wanted == CAST_IMPLICIT)
        return true;
    return wanted == CAST_ASSIGNMENT ? context != CAST_IMPLICIT : context == CAST_EXPLICIT;
}

bool coerce_is_possible(u32 source, u32 target, CastContext context)
{
    if (source == target || source == TYPE_UNKNOWN || type_is_any(target))
        return true;
    if (source == TYPE_RECORD) /* through its text */
        return type_is_string(target) && context != CAST_IMPLICIT;
    if (target == TYPE_RECORD)
        return false;
    const CastRow *cast = cast_find(source, target);
    if (cast)
        return context_allows(cast->context, context);
    return goes_through_text(source, target, context);
}

/* ---- making it so ---- */

/* A statement that names a relation in a literal is bound again when that relation changes. */
static void use_named_relation(Binder *b, u32 oid)
{
    const CatalogRelation *relation =
        oid >= FIRST_USER_OID ? catalog_relation(b->q, b->view, oid) : NULL;
    if (relation)
        bind_use(b, relation, 0);
}

/* The value an unknown literal has as a type: read once, here. */
static Expr *coerce_literal(Binder *b, Expr *expr, Type target)
{
    if (expr->constant.null)
        return expr_null(b->q, target, expr->offset);
    if (target.oid == TYPE_UNKNOWN)
        return expr;
    if (target.oid == TYPE_RECORD)
        query_fail_at(b->q, expr->offset, E_FEATURE_NOT_SUPPORTED,
                      "input of anonymous composite types is not implemented");
    if (type_row(target.oid) == NULL || row_of(target.oid)->lane == LANE_NONE)
        query_fail_at(b->q, expr->offset, E_FEATURE_NOT_SUPPORTED,
                      "values of type %s are not supported",
                      type_row(target.oid) ? type_row(target.oid)->sql_name : "unknown");
    TextIn in = {target, type_lane(target), &b->env->format, b->q->arena};
    Value value;
    Text text = str_text(&expr->constant.str);
    if (target.oid == TYPE_NUMERIC && target.typmod == TYPMOD_NONE)
        in.lane = lane_of(LANE_NUM);
    if (!text_in_value(&in, text, &value, &b->q->error)) {
        b->q->error.position = expr->offset + 1;
        query_rethrow(b->q, &b->q->error);
    }
    if (!value_copy(value, b->q->arena, &value, &b->q->error))
        query_rethrow(b->q, &b->q->error);
    stored_note_literal(b, expr->offset, target, &value);
    if (target.oid == TYPE_REGCLASS)
        use_named_relation(b, (u32)value.integer);
    return expr_constant(b->q, target, &value, expr->offset);
}

static Expr *coerce_parameter(Binder *b, Expr *expr, Type target)
{
    u32 *type = &b->bound->parameter_types[expr->parameter - 1];
    if (*type == 0 || *type == TYPE_UNKNOWN)
        *type = target.oid;
    Type own = type_of(*type);
    Expr *typed = make(b->q, Expr);
    *typed = *expr;
    typed->type = own;
    typed->lane = type_lane(own);
    return typed;
}

static Expr *relabel(Query *q, Expr *expr, Type target)
{
    if (type_same(expr->type, target))
        return expr;
    if (expr->kind == EXPR_CONSTANT) {
        Expr *other = expr_constant(q, target, &expr->constant, expr->offset);
        return other;
    }
    return expr_unary(q, EXPR_RELABEL, expr, target, expr->lane);
}

/* ---- character without a length ----
 *
 * Values of char(n) lie without their blanks at the end, which n tells when they are shown. Values
 * of bpchar without a length (what CASE makes of char(3) and char(5), a literal) carry theirs;
 * compared, and passed to most functions, are they without. */

bool bpchar_is_of_any_length(const Expr *expr)
{
    return expr->type.oid == TYPE_BPCHAR && expr->type.typmod == TYPMOD_NONE;
}

Expr *bpchar_stripped(Query *q, Expr *expr)
{
    static const FunctionRow row = {.name = "rtrim",
                                    .arguments = {TYPE_BPCHAR},
                                    .argument_count = 1,
                                    .result = TYPE_BPCHAR,
                                    .operation = OP_BPCHAR_STRIP,
                                    .flags = STRICT | IMMUTABLE};
    if (!bpchar_is_of_any_length(expr))
        return expr;
    if (expr->kind != EXPR_CONSTANT || expr->constant.null)
        return expr_call(q, &row, &expr, 1, expr->type, expr->offset);
    Value value = expr->constant;
    value.str = str_from_text(text_without_blanks(str_text(&expr->constant.str)));
    return expr_constant(q, expr->type, &value, expr->offset);
}

Expr *bpchar_padded(Query *q, Expr *expr, Type target)
{
    static const FunctionRow row = {.name = "bpchar",
                                    .arguments = {TYPE_BPCHAR},
                                    .argument_count = 1,
                                    .result = TYPE_BPCHAR,
                                    .operation = OP_BPCHAR_PAD,
                                    .flags = STRICT | IMMUTABLE};
    if (target.oid != TYPE_BPCHAR || target.typmod != TYPMOD_NONE ||
        expr->type.oid != TYPE_BPCHAR || bpchar_is_of_any_length(expr))
        return expr;
    return expr_call(q, &row, &expr, 1, target, expr->offset);
}

static bool has_typmod_function(u32 oid)
{
    const CastRow *cast = cast_find(oid, oid);
    return cast && cast->method == CAST_FUNCTION;
}

static Expr *integer_constant(Query *q, i64 integer)
{
    Value value = {.lane = lane_of(LANE_I32), .integer = integer};
    return expr_constant(q, type_of(TYPE_INT4), &value, -1);
}

/* varchar(n), numeric(p,s), timestamp(p) ...: the length function, when the typmod changes. */
static Expr *apply_typmod(Binder *b, Expr *expr, Type target, CastContext context)
{
    if (target.typmod == TYPMOD_NONE && expr->type.oid == target.oid)
        return expr; /* what is constrained more stays so */
    if (target.typmod == TYPMOD_NONE || expr->type.typmod == target.typmod ||
        !has_typmod_function(target.oid))
        return relabel(b->q, expr, target);
    const FunctionRow *row = function_by_proc(cast_find(target.oid, target.oid)->proc);
    verify(row != NULL);
    Expr *args[3] = {expr_as_num(b->q, expr), integer_constant(b->q, target.typmod),
                     expr_boolean(b->q, context == CAST_EXPLICIT)};
    Expr *call = expr_call(b->q, row, args, row->argument_count, target, expr->offset);
    if (target.oid == TYPE_NUMERIC)
        call->lane = lane_of(LANE_NUM);
    return call;
}

static Expr *cast_by_function(Binder *b, Expr *expr, const FunctionRow *row, Type target,
                              CastContext context)
{
    Expr *args[3] = {expr_as_num(b->q, bpchar_stripped(b->q, expr)), NULL, NULL};
    if (row->argument_count > 1)
        args[1] = integer_constant(b->q, target.typmod);
    if (row->argument_count > 2)
        args[2] = expr_boolean(b->q, context == CAST_EXPLICIT);
    Type result = row->argument_count > 1 ? target : type_of(row->result);
    Expr *call = expr_call(b->q, row, args, row->argument_count, result, expr->offset);
    if (result.oid == TYPE_NUMERIC)
        call->lane = lane_of(LANE_NUM);
    if (row->result != target.oid)
        call = relabel(b->q, call, type_of(target.oid));
    return apply_typmod(b, call, target, context);
}

static Expr *cast_by_text(Binder *b, Expr *expr, Type target, CastContext context)
{
    if (row_of(target.oid)->lane == LANE_NONE)
        bind_unsupported(b, expr->offset, "values of this type");
    Type plain = type_of(target.oid);
    Expr *cast = expr_unary(b->q, EXPR_CAST_TEXT, expr, plain, type_lane(plain));
    return apply_typmod(b, cast, target, context);
}

/* The same bytes under another type, but for the two casts whose values lie differently here. */
static Expr *cast_binary(Query *q, Expr *expr, Type target)
{
    static const FunctionRow rows[] = {
        {.name = "oid",
         .arguments = {TYPE_INT4},
         .argument_count = 1,
         .result = TYPE_OID,
         .operation = OP_INT4_TO_OID,
         .flags = STRICT | IMMUTABLE},
        {.name = "int4",
         .arguments = {TYPE_OID},
         .argument_count = 1,
         .result = TYPE_INT4,
         .operation = OP_OID_TO_INT4,
         .flags = STRICT | IMMUTABLE},
    };
    Operation operation = binary_cast_operation(expr->type.oid, target.oid);
    for (i32 i = 0; i < countof(rows); i++)
        if (rows[i].operation == operation)
            return expr_call(q, &rows[i], &expr, 1, target, expr->offset);
    return relabel(q, expr, target);
}

Expr *coerce_try(Binder *b, Expr *expr, Type target, CastContext context, i32 offset)
{
    if (type_is_any(target.oid))
        return expr_is_unknown(expr) ? coerce_unknown(b, expr) : expr;
    if (expr_is_unknown(expr) && expr->kind == EXPR_PARAMETER)
        expr = coerce_parameter(b, expr, target);
    if (expr_is_unknown(expr) && expr->kind == EXPR_CONSTANT) {
        /* read without the typmod, which the length function applies, as PostgreSQL does */
        Type read = target.oid == TYPE_INTERVAL ? target : type_of(target.oid);
        return apply_typmod(b, coerce_literal(b, expr, read), target, context);
    }
    if (expr->type.oid == target.oid)
        return apply_typmod(b, expr, target, context);
    if (!coerce_is_possible(expr->type.oid, target.oid, context))
        return NULL;
    if (expr->type.oid == TYPE_RECORD)
        return cast_by_text(b, expr, target, context);
    const CastRow *cast = cast_find(expr->type.oid, target.oid);
    if (!cast || cast->method == CAST_INOUT)
        return cast_by_text(b, expr, target, context);
    if (cast->method == CAST_BINARY)
        return apply_typmod(b, cast_binary(b->q, expr, type_of(target.oid)), target, context);
    const FunctionRow *row = function_by_proc(cast->proc);
    if (!row)
        return cast_by_text(b, expr, target, context);
    return cast_by_function(b, expr, row, target, context);
}

/* A cast that names no length takes the one of its operand away. */
static Expr *without_typmod(Query *q, Expr *cast, Type target)
{
    if (target.typmod != TYPMOD_NONE || cast->type.oid != target.oid ||
        cast->type.typmod == TYPMOD_NONE)
        return cast;
    Type type = type_of(target.oid);
    type.collation = cast->type.collation;
    return target.oid == TYPE_BPCHAR ? bpchar_padded(q, cast, type) : relabel(q, cast, type);
}

Expr *coerce_explicit(Binder *b, Expr *expr, Type target, i32 offset)
{
    Expr *cast = coerce_try(b, expr, target, CAST_EXPLICIT, offset);
    if (cast)
        cast = without_typmod(b->q, cast, target);
    if (cast && cast != expr && cast->kind != EXPR_CONSTANT)
        cast->offset = offset; /* where CAST stands */
    if (cast)
        return cast;
    char from[TYPE_NAME_BYTES], to[TYPE_NAME_BYTES];
    query_fail_at(b->q, offset, E_CANNOT_COERCE, "cannot cast type %s to %s",
                  type_format(type_of(expr->type.oid), from), type_format(type_of(target.oid), to));
}

Expr *coerce_assignment(Binder *b, Expr *expr, Type target, Text column, i32 offset)
{
    Expr *cast = coerce_try(b, expr, target, CAST_ASSIGNMENT, offset);
    if (cast)
        return expr_as_lane(b->q, bpchar_padded(b->q, cast, target), type_lane(target));
    char from[TYPE_NAME_BYTES], to[TYPE_NAME_BYTES];
    Error error;
    error_set(&error, E_DATATYPE_MISMATCH,
              "column \"%.*s\" is of type %s but expression is of type %s", TEXT_ARG(column),
              type_format(type_of(target.oid), to), type_format(type_of(expr->type.oid), from));
    error_hint(&error, "You will need to rewrite or cast the expression.");
    i32 location = expr_location(b->q, expr);
    location = location < 0 ? offset : location;
    error.position = location < 0 ? 0 : location + 1;
    query_rethrow(b->q, &error);
}

Expr *coerce_unknown(Binder *b, Expr *expr)
{
    if (!expr_is_unknown(expr))
        return expr;
    Expr *text = coerce_try(b, expr, type_of(TYPE_TEXT), CAST_IMPLICIT, expr->offset);
    verify(text != NULL);
    return text;
}

/* ---- the common type ---- */

/* PostgreSQL's select_common_type: the first known type, changed to a later one when that is
 * preferred or can be reached and not the other way round. */
Type coerce_common_type(Binder *b, Expr *const *exprs, i32 count, const char *construct)
{
    u32 common = TYPE_UNKNOWN;
    for (i32 i = 0; i < count; i++) {
        u32 own = exprs[i]->type.oid;
        if (own == TYPE_UNKNOWN || own == common)
            continue;
        if (common == TYPE_UNKNOWN) {
            common = own;
            continue;
        }
        if (row_of(own)->category != row_of(common)->category) {
            char x[TYPE_NAME_BYTES], y[TYPE_NAME_BYTES];
            query_fail_at(b->q, expr_location(b->q, exprs[i]), E_DATATYPE_MISMATCH,
                          "%s types %s and %s cannot be matched", construct,
                          type_format(type_of(common), x), type_format(type_of(own), y));
        }
        if (!row_of(common)->preferred && coerce_is_possible(common, own, CAST_IMPLICIT) &&
            !coerce_is_possible(own, common, CAST_IMPLICIT))
            common = own;
    }
    if (common == TYPE_UNKNOWN)
        return type_of(TYPE_TEXT);
    if (common == TYPE_RECORD) /* nobody takes such rows apart */
        return type_of(TYPE_RECORD);
    i32 typmod = TYPMOD_NONE;
    bool first = true;
    for (i32 i = 0; i < count; i++) { /* the typmod survives when all agree on it */
        bool literal = expr_is_unknown(exprs[i]);
        if (exprs[i]->type.oid != common || literal)
            return type_of(common);
        if (!first && exprs[i]->type.typmod != typmod)
            return type_of(common);
        typmod = exprs[i]->type.typmod;
        first = false;
    }
    return type_with_typmod(common, typmod);
}

void coerce_all(Binder *b, Expr **exprs, i32 count, Type type, const char *construct)
{
    for (i32 i = 0; i < count; i++) {
        Expr *cast = coerce_try(b, exprs[i], type, CAST_IMPLICIT, exprs[i]->offset);
        if (!cast) {
            char x[TYPE_NAME_BYTES], y[TYPE_NAME_BYTES];
            query_fail_at(b->q, expr_location(b->q, exprs[i]), E_CANNOT_COERCE,
                          "%s could not convert type %s to %s", construct,
                          type_format(type_of(exprs[i]->type.oid), x),
                          type_format(type_of(type.oid), y));
        }
        exprs[i] = bpchar_padded(b->q, cast, type);
    }
    exprs_same_lane(b->q, exprs, count);
}
