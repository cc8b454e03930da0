/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiling expressions: trees to steps with shared subtrees, kernels looked up once.
 *
 * Steps are kept in post-order; an open-addressing table of expr_hash finds the step of an equal
 * subtree. Nodes with VOLATILE functions are never shared (expr_equal says so).
 */
#include "expressions/eval_steps.h"

typedef struct Compiler {
    Query *q;
    Arena *arena;
    ProgramStep *steps;
    i32 count, capacity;
    i32 *table;     /* step numbers, -1 empty */
    i32 table_size; /* a power of two, at least twice count */
} Compiler;

static void table_insert(Compiler *c, i32 step)
{
    u32 at = (u32)expr_hash(c->steps[step].expr) & (u32)(c->table_size - 1);
    while (c->table[at] >= 0)
        at = (at + 1) & (u32)(c->table_size - 1);
    c->table[at] = step;
}

static void table_grow(Compiler *c)
{
    c->table_size = c->table_size ? c->table_size * 2 : 64;
    c->table = arena_alloc_array(c->q, c->arena, c->table_size, sizeof(i32));
    for (i32 i = 0; i < c->table_size; i++)
        c->table[i] = -1;
    for (i32 i = 0; i < c->count; i++)
        table_insert(c, i);
}

static i32 table_find(Compiler *c, const Expr *expr)
{
    if (!c->table_size)
        return -1;
    u32 at = (u32)expr_hash(expr) & (u32)(c->table_size - 1);
    for (; c->table[at] >= 0; at = (at + 1) & (u32)(c->table_size - 1))
        if (expr_equal(c->q, c->steps[c->table[at]].expr, expr))
            return c->table[at];
    return -1;
}

static i32 compile(Compiler *c, const Expr *expr);

typedef struct Children {
    Compiler *compiler;
    i32 *args;
    i32 count;
} Children;

static void count_child(void *state, Expr *child)
{
    ++*(i32 *)state;
}

static void compile_child(void *state, Expr *child)
{
    Children *children = state;
    i32 step = compile(children->compiler, child);
    children->args[children->count++] = step;
}

static _Noreturn void no_kernel(Query *q, const Expr *expr, const char *name)
{
    query_fail_at(q, expr->offset, E_FEATURE_NOT_SUPPORTED,
                  "function %s is not supported for these arguments", name);
}

static Lane arg_lane(const Compiler *c, const ProgramStep *step, i32 i)
{
    return c->steps[step->args[i]].expr->lane;
}

static void find_call_kernel(Compiler *c, ProgramStep *step)
{
    const Expr *expr = step->expr;
    const FunctionRow *row = expr->call.row;
    Lane *lanes = make_array(c->q, Lane, step->arg_count + 1);
    for (i32 i = 0; i < step->arg_count; i++)
        lanes[i] = arg_lane(c, step, i);
    step->kernel = kernel_find(row->operation, lanes, step->arg_count, expr->lane);
    if (!step->kernel)
        no_kernel(c->q, expr, row->name);
    step->state = kernel_state(row->operation);
}

static void find_comparison(Compiler *c, ProgramStep *step, const FunctionRow *row, i32 arg)
{
    Lane lanes[2] = {arg_lane(c, step, arg), arg_lane(c, step, arg)};
    step->kernel = kernel_find(row ? row->operation : OP_EQ, lanes, 2, lane_of(LANE_BOOL));
    if (!step->kernel)
        no_kernel(c->q, step->expr, row ? row->name : "=");
}

static void find_kernel(Compiler *c, ProgramStep *step)
{
    const Expr *expr = step->expr;
    switch (expr->kind) {
    case EXPR_CALL:
        find_call_kernel(c, step);
        return;
    case EXPR_LANE:
        step->kernel = lane_cast_find(expr->operand->lane, expr->lane);
        if (!step->kernel)
            no_kernel(c->q, expr, "lane conversion");
        return;
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
        find_comparison(c, step, expr->pair.row, 0);
        return;
    case EXPR_IN:
        find_comparison(c, step, expr->in.row, 0);
        return;
    case EXPR_GREATEST:
    case EXPR_LEAST:
        find_comparison(c, step, expr->choose.row, 0);
        return;
    case EXPR_CONSTANT:
    case EXPR_COLUMN:
    case EXPR_PARAMETER:
    case EXPR_CAST_TEXT:
    case EXPR_RELABEL:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_IS:
    case EXPR_CASE:
    case EXPR_COALESCE:
        return;
    case EXPR_AGGREGATE:
    case EXPR_WINDOW:
    case EXPR_SUBQUERY:
        verify(!"lowering left this behind");
    }
}

static bool own_volatile(const Expr *expr)
{
    return expr->kind == EXPR_CALL && (expr->call.row->flags & VOLATILE);
}

static bool own_fails(const Expr *expr)
{
    return expr->kind == EXPR_CAST_TEXT || expr->kind == EXPR_LANE ||
           (expr->kind == EXPR_CALL && (expr->call.row->flags & FAILS));
}

/* May this step run once per dictionary entry? It must be strict with one varying argument. */
static bool runs_per_entry(const Compiler *c, const ProgramStep *step)
{
    const Expr *expr = step->expr;
    if (expr->kind != EXPR_CALL || !(expr->call.row->flags & IMMUTABLE) ||
        !(expr->call.row->flags & STRICT) || (expr->call.row->flags & ENV))
        return false;
    i32 varying = 0;
    for (i32 i = 0; i < step->arg_count; i++)
        varying += !c->steps[step->args[i]].fixed;
    return varying == 1;
}

static void describe(Compiler *c, ProgramStep *step)
{
    const Expr *expr = step->expr;
    step->fixed = expr->kind != EXPR_COLUMN && !own_volatile(expr);
    step->fails = own_fails(expr);
    for (i32 i = 0; i < step->arg_count; i++) {
        step->fixed &= c->steps[step->args[i]].fixed;
        step->fails |= c->steps[step->args[i]].fails;
    }
    step->per_entry = !step->fixed && runs_per_entry(c, step);
}

static bool is_null_constant(const Expr *expr)
{
    while (expr->kind == EXPR_CAST_TEXT || expr->kind == EXPR_RELABEL || expr->kind == EXPR_LANE)
        expr = expr->operand;
    return expr->kind == EXPR_CONSTANT && expr->constant.null;
}

static void note_null_constant(void *state, Expr *child)
{
    *(bool *)state |= is_null_constant(child);
}

/* A strict function of a constant NULL: its other arguments are not evaluated, as in PostgreSQL,
 * whether or not constants have been folded before. */
static bool is_always_null(const Expr *expr)
{
    bool null = false;
    if (expr->kind == EXPR_CALL && (expr->call.row->flags & STRICT) &&
        !(expr->call.row->flags & SET))
        expr_children(expr, note_null_constant, &null);
    return null;
}

static i32 compile(Compiler *c, const Expr *expr)
{
    stack_check(c->q);
    if (is_always_null(expr)) {
        Value null = value_null(expr->lane);
        expr = expr_constant(c->q, expr->type, &null, expr->offset);
    }
    i32 known = table_find(c, expr);
    if (known >= 0)
        return known;
    i32 children_count = 0;
    expr_children(expr, count_child, &children_count);
    Children children = {c, arena_alloc_array(c->q, c->arena, children_count, sizeof(i32)), 0};
    expr_children(expr, compile_child, &children);

    c->steps = arena_grow(c->q, c->arena, c->steps, c->count, &c->capacity, sizeof *c->steps);
    ProgramStep *step = &c->steps[c->count];
    *step = (ProgramStep){.expr = expr, .args = children.args, .arg_count = children.count};
    find_kernel(c, step);
    describe(c, step);
    i32 number = c->count++;
    if (c->count * 2 > c->table_size)
        table_grow(c);
    else
        table_insert(c, number);
    return number;
}

Program *program_compile(Query *q, Arena *arena, Expr *const *exprs, i32 count)
{
    Compiler compiler = {.q = q, .arena = arena};
    Program *program = arena_alloc(q, arena, sizeof *program);
    program->roots = arena_alloc_array(q, arena, count, sizeof(i32));
    program->root_count = count;
    for (i32 i = 0; i < count; i++)
        program->roots[i] = compile(&compiler, exprs[i]);
    program->steps = compiler.steps;
    program->step_count = compiler.count;
    return program;
}
