/* SPDX-License-Identifier: Apache-2.0
 *
 * Set-returning functions in the select list, ORDER BY, GROUP BY and DISTINCT ON.
 *
 * Like an aggregate, such a call becomes a column of its query level; equal calls share one, so
 * that ORDER BY finds what the select list has. Calls of one depth advance together; a call inside
 * the arguments of another is a depth below it. A call that a grouping expression uses is made
 * below the grouping; whoever else wants the same call gets a copy above it.
 */
#include "planner/bind.h"

static _Noreturn void fail_set_call(Binder *b, i32 offset, const char *construct)
{
    Error error;
    error_set(&error, E_FEATURE_NOT_SUPPORTED, "set-returning functions are not allowed in %s",
              construct);
    error_hint(&error,
               "You might be able to move the set-returning function into a LATERAL FROM item.");
    error.position = offset + 1;
    query_rethrow(b->q, &error);
}

void check_no_set_calls(Binder *b, i32 before, const char *construct)
{
    if (b->scope && b->scope->set_calls_met > before)
        fail_set_call(b, b->scope->last_set_offset, construct);
}

static void check_set_place(Binder *b, i32 offset)
{
    BindPlace place = b->scope ? b->scope->place : PLACE_UTILITY;
    if (place == PLACE_TARGET || place == PLACE_ORDER || place == PLACE_GROUP ||
        place == PLACE_VALUES_SINGLE)
        return;
    Error error;
    if (place == PLACE_AGGREGATE) {
        error_set(&error, E_FEATURE_NOT_SUPPORTED,
                  "aggregate function calls cannot contain set-returning function calls");
        error_hint(
            &error,
            "You might be able to move the set-returning function into a LATERAL FROM item.");
        error.position = offset + 1;
        query_rethrow(b->q, &error);
    }
    if (place == PLACE_FROM_FUNCTION)
        query_fail_at(b->q, offset, E_FEATURE_NOT_SUPPORTED,
                      "set-returning functions must appear at top level of FROM");
    query_fail_at(b->q, offset, E_FEATURE_NOT_SUPPORTED,
                  "set-returning functions are not allowed in %s", bind_place_name(place));
}

typedef struct Deepest {
    const Scope *scope;
    i32 depth;
} Deepest;

static bool note_depth(void *state, const Expr *expr)
{
    Deepest *deepest = state;
    for (i32 i = 0; expr->kind == EXPR_COLUMN && i < deepest->scope->set_call_count; i++) {
        const BoundSetCall *call = &deepest->scope->set_calls[i];
        if (call->column == expr->column)
            deepest->depth = (i32)max_i64(deepest->depth, call->depth);
    }
    return false;
}

/* Of the set calls an expression uses; 0: none. */
static i32 deepest_call(Binder *b, const Expr *expr)
{
    Deepest deepest = {b->scope, 0};
    expr_any(b->q, expr, note_depth, &deepest);
    return deepest.depth;
}

bool has_set_call(Binder *b, const Expr *expr)
{
    return b->scope && b->scope->set_call_count > 0 && deepest_call(b, expr) > 0;
}

static BoundSetCall *set_call_add(Binder *b, Expr *call)
{
    Scope *scope = b->scope;
    make_room(b->q, scope->set_calls, scope->set_call_count, &scope->set_call_capacity);
    BoundSetCall *added = &scope->set_calls[scope->set_call_count++];
    i32 column = bind_output_column(b, text_from(call->call.row->name), call);
    *added = (BoundSetCall){call, column, deepest_call(b, call) + 1, false, -1};
    return added;
}

Expr *bind_set_call(Binder *b, Expr *call)
{
    check_set_place(b, call->offset);
    Scope *scope = b->scope;
    scope->set_calls_met++;
    scope->last_set_offset = call->offset;
    call->lane = call->type.oid == TYPE_NUMERIC ? lane_of(LANE_NUM) : type_lane(call->type);
    for (i32 i = 0; i < scope->set_call_count; i++)
        if (expr_equal(b->q, scope->set_calls[i].call, call))
            return bind_column_ref(b, scope->set_calls[i].column, call->offset);
    return bind_column_ref(b, set_call_add(b, call)->column, call->offset);
}

/* ---- around a grouping ---- */

static bool uses_column(void *state, const Expr *expr)
{
    return expr->kind == EXPR_COLUMN && expr->column == *(const i32 *)state;
}

static bool is_group_column(const BoundQuery *query, i32 column)
{
    for (i32 i = 0; i < query->group_count; i++)
        if (query->groups[i].column == column)
            return true;
    return false;
}

/* Is it used by a grouping expression, or by the arguments of a call that is? */
static bool is_below(Binder *b, const BoundQuery *query, i32 number)
{
    i32 column = query->set_calls[number].column;
    for (i32 i = 0; i < query->group_count; i++)
        if (expr_any(b->q, query->groups[i].expr, uses_column, &column))
            return true;
    for (i32 i = number + 1; i < query->set_call_count; i++)
        if (query->set_calls[i].below &&
            expr_any(b->q, query->set_calls[i].call, uses_column, &column))
            return true;
    return false;
}

i32 set_call_above(Binder *b, BoundQuery *query, i32 column)
{
    for (i32 i = 0; i < query->set_call_count; i++) {
        BoundSetCall *own = &query->set_calls[i];
        if (own->column != column || !own->below || is_group_column(query, column))
            continue;
        if (own->above_copy >= 0)
            return own->above_copy;
        own->above_copy = bind_output_column(b, text_from(own->call->call.row->name), own->call);
        BoundSetCall *copy = &query->set_calls[query->set_call_count++];
        *copy = (BoundSetCall){own->call, own->above_copy, own->depth, false, -1};
        return copy->column;
    }
    return -1;
}

void bind_set_groups(Binder *b, BoundQuery *query)
{
    i32 count = query->set_call_count;
    BoundSetCall *all = make_array(b->q, BoundSetCall, 2 * count); /* room for copies */
    for (i32 i = count - 1; i >= 0; i--) {
        query->set_calls[i].below = is_below(b, query, i);
        all[i] = query->set_calls[i];
    }
    query->set_calls = all;
}
