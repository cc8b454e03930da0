/* SPDX-License-Identifier: Apache-2.0
 *
 * The arguments of EXECUTE: expressions over nothing, each assigned to its parameter's type.
 */
#include "planner/bind.h"

static _Noreturn void fail_argument(Binder *b, const Expr *expr, i32 number, Type target)
{
    char from[TYPE_NAME_BYTES], to[TYPE_NAME_BYTES];
    Error error;
    error_set(&error, E_DATATYPE_MISMATCH,
              "parameter $%d of type %s cannot be coerced to the expected type %s", number,
              type_format(type_of(expr->type.oid), from), type_format(target, to));
    error_hint(&error, "You will need to rewrite or cast the expression.");
    error.position = expr->offset + 1;
    query_rethrow(b->q, &error);
}

Expr *execute_argument_bind(Query *q, const CatalogView *view, const Environment *env,
                            const Ast *argument, Text text, i32 number, u32 type)
{
    Binder b = {.q = q, .view = view, .env = env, .text = text, .parameters_fixed = true};
    b.bound = make(q, Bound);
    b.bound->text = text;
    Scope scope;
    scope_open(&b, &scope);
    scope.place = PLACE_UTILITY;
    Expr *expr = bind_expr(&b, argument);
    scope_close(&b, &scope);
    const Expr *subquery = bind_find_subquery(&b, expr);
    if (subquery)
        query_fail_at(q, subquery->offset, E_FEATURE_NOT_SUPPORTED,
                      "cannot use subquery in EXECUTE parameter");
    Type target = type_of(type);
    Expr *cast = coerce_try(&b, expr, target, CAST_ASSIGNMENT, argument->offset);
    if (!cast)
        fail_argument(&b, expr, number, target);
    return expr_as_lane(q, bpchar_padded(q, cast, target), type_lane(target));
}
