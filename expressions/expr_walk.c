/* SPDX-License-Identifier: Apache-2.0
 *
 * Walking, rewriting and comparing expressions. One function, expr_slots, knows where the children
 * of each kind are; everything else is built on it, so a new kind is taught once.
 */
#include "expressions/expr.h"
#include "types/hash_vector.h"

/* The children of a node, as lists of slots: at most six runs. */
typedef struct Slots {
    Expr **run[6];
    i32 count[6];
    i32 runs;
} Slots;

static void slots_add(Slots *slots, Expr **run, i32 count)
{
    slots->run[slots->runs] = run;
    slots->count[slots->runs++] = count;
}

static void slots_add_optional(Slots *slots, Expr **slot)
{
    if (*slot)
        slots_add(slots, slot, 1);
}

static Slots expr_slots(Expr *expr)
{
    Slots slots = {.runs = 0};
    switch (expr->kind) {
    case EXPR_CONSTANT:
    case EXPR_COLUMN:
    case EXPR_PARAMETER:
        break;
    case EXPR_CALL:
        slots_add(&slots, expr->call.args.items, expr->call.args.count);
        break;
    case EXPR_CAST_TEXT:
    case EXPR_RELABEL:
    case EXPR_LANE:
    case EXPR_NOT:
        slots_add(&slots, &expr->operand, 1);
        break;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_COALESCE:
        slots_add(&slots, expr->items.items, expr->items.count);
        break;
    case EXPR_IS:
        slots_add(&slots, &expr->is.operand, 1);
        break;
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
        slots_add(&slots, &expr->pair.left, 1);
        slots_add(&slots, &expr->pair.right, 1);
        slots_add_optional(&slots, &expr->pair.result);
        break;
    case EXPR_IN:
        slots_add(&slots, &expr->in.operand, 1);
        slots_add(&slots, expr->in.items.items, expr->in.items.count);
        break;
    case EXPR_CASE:
        slots_add(&slots, expr->cases.conditions.items, expr->cases.conditions.count);
        slots_add(&slots, expr->cases.results.items, expr->cases.results.count);
        slots_add(&slots, &expr->cases.otherwise, 1);
        break;
    case EXPR_GREATEST:
    case EXPR_LEAST:
        slots_add(&slots, expr->choose.items.items, expr->choose.items.count);
        break;
    case EXPR_AGGREGATE:
    case EXPR_WINDOW:
        slots_add(&slots, expr->aggregate.args.items, expr->aggregate.args.count);
        slots_add_optional(&slots, &expr->aggregate.filter);
        break;
    case EXPR_SUBQUERY:
        slots_add(&slots, expr->subquery.comparisons.items, expr->subquery.comparisons.count);
        break;
    }
    return slots;
}

/* ORDER BY keys of aggregates lie inside structs: visited apart. */
static i32 sort_count(const Expr *expr)
{
    bool sorts = expr->kind == EXPR_AGGREGATE || expr->kind == EXPR_WINDOW;
    return sorts ? expr->aggregate.order_count : 0;
}

void expr_children(const Expr *expr, void (*visit)(void *state, Expr *child), void *state)
{
    Slots slots = expr_slots((Expr *)expr); /* slots are only read here */
    for (i32 i = 0; i < slots.runs; i++)
        for (i32 j = 0; j < slots.count[i]; j++)
            visit(state, slots.run[i][j]);
    for (i32 i = 0; i < sort_count(expr); i++)
        visit(state, expr->aggregate.order[i].key);
}

/* ---- rewriting ---- */

/* A copy of the node whose child slots may be written without touching the original. */
static Expr *expr_shell(Query *q, const Expr *expr)
{
    Expr *copy = make(q, Expr);
    *copy = *expr;
    ExprList *lists[2] = {NULL, NULL};
    switch (expr->kind) {
    case EXPR_CALL:
        lists[0] = &copy->call.args;
        break;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_COALESCE:
        lists[0] = &copy->items;
        break;
    case EXPR_IN:
        lists[0] = &copy->in.items;
        break;
    case EXPR_CASE:
        lists[0] = &copy->cases.conditions;
        lists[1] = &copy->cases.results;
        break;
    case EXPR_GREATEST:
    case EXPR_LEAST:
        lists[0] = &copy->choose.items;
        break;
    case EXPR_AGGREGATE:
    case EXPR_WINDOW:
        lists[0] = &copy->aggregate.args;
        break;
    case EXPR_SUBQUERY:
        lists[0] = &copy->subquery.comparisons;
        break;
    case EXPR_CONSTANT:
    case EXPR_COLUMN:
    case EXPR_PARAMETER:
    case EXPR_CAST_TEXT:
    case EXPR_RELABEL:
    case EXPR_LANE:
    case EXPR_NOT:
    case EXPR_IS:
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
        break;
    }
    for (i32 i = 0; i < 2 && lists[i]; i++)
        *lists[i] = expr_list(q, lists[i]->items, lists[i]->count);
    if (sort_count(expr)) {
        i32 count = sort_count(expr);
        copy->aggregate.order = make_array(q, ExprSort, count);
        memcpy(copy->aggregate.order, expr->aggregate.order, (size_t)count * sizeof(ExprSort));
    }
    return copy;
}

typedef struct Rewrite {
    Query *q;
    Expr *(*replace)(void *state, Query *q, Expr *expr);
    void *state;
} Rewrite;

static Expr *rewrite_node(const Rewrite *rewrite, Expr *expr)
{
    Query *q = rewrite->q;
    stack_check(q);
    Expr *other = rewrite->replace(rewrite->state, q, expr);
    if (other)
        return other;
    Expr *copy = NULL;
    Slots slots = expr_slots(expr);
    for (i32 i = 0; i < slots.runs; i++) {
        for (i32 j = 0; j < slots.count[i]; j++) {
            Expr *child = rewrite_node(rewrite, slots.run[i][j]);
            if (child == slots.run[i][j])
                continue;
            if (!copy)
                copy = expr_shell(q, expr);
            expr_slots(copy).run[i][j] = child;
        }
    }
    for (i32 i = 0; i < sort_count(expr); i++) {
        Expr *key = rewrite_node(rewrite, expr->aggregate.order[i].key);
        if (key == expr->aggregate.order[i].key)
            continue;
        if (!copy)
            copy = expr_shell(q, expr);
        copy->aggregate.order[i].key = key;
    }
    return copy ? copy : expr;
}

Expr *expr_rewrite(Query *q, Expr *expr, Expr *(*replace)(void *state, Query *q, Expr *expr),
                   void *state)
{
    Rewrite rewrite = {q, replace, state};
    return rewrite_node(&rewrite, expr);
}

/* ---- comparing ---- */

/* The same value to the last bit: 0 and 0.00, -0 and 0, 1 day and 24 hours are equal but not the
 * same. */
static bool constant_same(const Value *a, const Value *b)
{
    if (a->null || b->null || !value_equal(a, b))
        return a->null && b->null;
    switch (lane_kind(a->lane)) {
    case LANE_NUM:
        return a->num.scale == b->num.scale;
    case LANE_F32:
        return memcmp(&a->real, &b->real, sizeof a->real) == 0;
    case LANE_F64:
        return memcmp(&a->number, &b->number, sizeof a->number) == 0;
    case LANE_INTERVAL:
        return memcmp(&a->interval, &b->interval, sizeof a->interval) == 0;
    case LANE_ROW:
        return str_equal(&a->str, &b->str);
    case LANE_NONE:
    case LANE_BOOL:
    case LANE_I8:
    case LANE_I16:
    case LANE_I32:
    case LANE_I64:
    case LANE_I128:
    case LANE_DEC64:
    case LANE_DEC128:
    case LANE_STR:
    case LANE_FIX16:
    case LANE_LIST:
    case LANE_STRUCT:
        return true;
    }
    unreachable();
}

/* Equality of what a node holds besides its children. */
static bool node_equal(const Expr *a, const Expr *b)
{
    if (a->kind != b->kind || !type_same(a->type, b->type) || !lane_equal(a->lane, b->lane))
        return false;
    switch (a->kind) {
    case EXPR_CONSTANT:
        return constant_same(&a->constant, &b->constant);
    case EXPR_COLUMN:
        return a->column == b->column;
    case EXPR_PARAMETER:
        return a->parameter == b->parameter;
    case EXPR_CALL:
        return a->call.row == b->call.row && !(a->call.row->flags & VOLATILE);
    case EXPR_IS:
        return a->is.test == b->is.test && a->is.negated == b->is.negated;
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
        return a->pair.row == b->pair.row && a->pair.negated == b->pair.negated;
    case EXPR_IN:
        return a->in.row == b->in.row && a->in.negated == b->in.negated;
    case EXPR_GREATEST:
    case EXPR_LEAST:
        return a->choose.row == b->choose.row;
    case EXPR_AGGREGATE:
    case EXPR_WINDOW:
        return a->aggregate.row == b->aggregate.row &&
               a->aggregate.distinct == b->aggregate.distinct &&
               a->aggregate.order_count == b->aggregate.order_count &&
               !a->aggregate.filter == !b->aggregate.filter;
    case EXPR_SUBQUERY:
        return a->subquery.kind == b->subquery.kind && a->subquery.alike == b->subquery.alike &&
               a->subquery.column == b->subquery.column;
    case EXPR_CAST_TEXT:
    case EXPR_RELABEL:
    case EXPR_LANE:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_CASE:
    case EXPR_COALESCE:
        return true;
    }
    unreachable();
}

static bool sorts_equal(Query *q, const Expr *a, const Expr *b)
{
    for (i32 i = 0; i < sort_count(a); i++) {
        const ExprSort *x = &a->aggregate.order[i], *y = &b->aggregate.order[i];
        if (x->descending != y->descending || x->nulls_first != y->nulls_first ||
            !expr_equal(q, x->key, y->key))
            return false;
    }
    return true;
}

bool expr_equal(Query *q, const Expr *a, const Expr *b)
{
    stack_check(q);
    if (a == b && a->kind != EXPR_CALL)
        return true;
    if (!node_equal(a, b))
        return false;
    Slots left = expr_slots((Expr *)a), right = expr_slots((Expr *)b); /* only read */
    if (left.runs != right.runs)
        return false;
    for (i32 i = 0; i < left.runs; i++) {
        if (left.count[i] != right.count[i])
            return false;
        for (i32 j = 0; j < left.count[i]; j++)
            if (!expr_equal(q, left.run[i][j], right.run[i][j]))
                return false;
    }
    return sorts_equal(q, a, b);
}

static u64 mix(u64 hash, u64 word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15ull;
    return hash ^ hash >> 32;
}

/* Equal constants have equal hashes. Of a long string the length and the front must do: it may be a
 * gigabyte, and every compilation asks for it several times. */
static u64 constant_hash(const Value *constant)
{
    enum { FRONT_BYTES = 256 };
    if (constant->lane.kind != LANE_STR || constant->str.len <= FRONT_BYTES)
        return hash_value(constant);
    return mix(hash_bytes(str_data(&constant->str), FRONT_BYTES), constant->str.len);
}

u64 expr_hash(const Expr *expr)
{
    u64 hash = mix(expr->kind, expr->type.oid);
    if (expr->kind == EXPR_COLUMN)
        hash = mix(hash, (u64)expr->column);
    if (expr->kind == EXPR_CALL)
        hash = mix(hash, expr->call.row->proc);
    if (expr->kind == EXPR_CONSTANT && !expr->constant.null)
        hash = mix(hash, constant_hash(&expr->constant));
    Slots slots = expr_slots((Expr *)expr); /* only read */
    for (i32 i = 0; i < slots.runs; i++)
        for (i32 j = 0; j < slots.count[i]; j++)
            hash = mix(hash, expr_hash(slots.run[i][j]));
    return hash;
}

/* ---- asking ---- */

bool expr_any(Query *q, const Expr *expr, bool (*test)(void *state, const Expr *expr), void *state)
{
    stack_check(q);
    if (test(state, expr))
        return true;
    Slots slots = expr_slots((Expr *)expr); /* only read */
    for (i32 i = 0; i < slots.runs; i++)
        for (i32 j = 0; j < slots.count[i]; j++)
            if (expr_any(q, slots.run[i][j], test, state))
                return true;
    for (i32 i = 0; i < sort_count(expr); i++)
        if (expr_any(q, expr->aggregate.order[i].key, test, state))
            return true;
    return false;
}

static bool node_has_flags(void *state, const Expr *expr)
{
    u32 flags = *(const u32 *)state;
    switch (expr->kind) {
    case EXPR_CALL:
        return (expr->call.row->flags & flags) != 0;
    case EXPR_CAST_TEXT:
    case EXPR_LANE:
    case EXPR_SUBQUERY:
        return (flags & FAILS) != 0;
    case EXPR_CONSTANT:
    case EXPR_COLUMN:
    case EXPR_PARAMETER:
    case EXPR_RELABEL:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_IS:
    case EXPR_DISTINCT:
    case EXPR_IN:
    case EXPR_CASE:
    case EXPR_COALESCE:
    case EXPR_NULLIF:
    case EXPR_GREATEST:
    case EXPR_LEAST:
    case EXPR_AGGREGATE:
    case EXPR_WINDOW:
        return false;
    }
    unreachable();
}

bool expr_has_flags(Query *q, const Expr *expr, u32 flags)
{
    return expr_any(q, expr, node_has_flags, &flags);
}

static bool node_is_free(void *state, const Expr *expr)
{
    return expr->kind == EXPR_COLUMN || expr->kind == EXPR_PARAMETER ||
           expr->kind == EXPR_SUBQUERY || expr->kind == EXPR_AGGREGATE || expr->kind == EXPR_WINDOW;
}

bool expr_is_fixed(Query *q, const Expr *expr)
{
    return !expr_any(q, expr, node_is_free, NULL);
}

static bool node_is_lenient(void *state, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_CALL:
        return !(expr->call.row->flags & STRICT);
    case EXPR_CONSTANT:
    case EXPR_COLUMN:
    case EXPR_PARAMETER:
    case EXPR_CAST_TEXT:
    case EXPR_RELABEL:
    case EXPR_LANE:
    case EXPR_NOT:
        return false;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_IS:
    case EXPR_DISTINCT:
    case EXPR_IN:
    case EXPR_CASE:
    case EXPR_COALESCE:
    case EXPR_NULLIF:
    case EXPR_GREATEST:
    case EXPR_LEAST:
    case EXPR_AGGREGATE:
    case EXPR_WINDOW:
    case EXPR_SUBQUERY:
        return true;
    }
    unreachable();
}

bool expr_is_strict(Query *q, const Expr *expr)
{
    return !expr_any(q, expr, node_is_lenient, NULL);
}
