/* SPDX-License-Identifier: Apache-2.0
 *
 * Project: computes the output columns of a chunk. Positions and selection stay; a plain column
 * is passed on as it is, lazy or not.
 *
 * The program is shared, each worker has its evaluator. Nothing to merge, nothing to spill.
 *
 * An expression is computed for all rows before the next one. Only calls about sequences can tell
 * that from computing row after row: where currval must see its own row's nextval, chunks of one
 * row are made.
 */
#include "executor/execution.h"
#include "executor/operators.h"

typedef struct ProjectShared {
    const Plan *plan;
    const Program *program;
    bool row_by_row;
} ProjectShared;

typedef struct ProjectLocal {
    Evaluator *evaluator;
    Vector *columns;
    i32 next; /* row_by_row: of the input's rows */
    u16 position;
    Selection one;
} ProjectLocal;

enum { SEQUENCE_CALLS_MAX = 8 }; /* more are taken to be about one sequence */

typedef struct SequenceCalls {
    Query *q;
    const Expr *calls[SEQUENCE_CALLS_MAX];
    i32 count;
    bool advances, related; /* some call moves a sequence; another may be about the same one */
} SequenceCalls;

static bool note_sequence_call(void *state, const Expr *expr)
{
    SequenceCalls *found = state;
    if (expr->kind != EXPR_CALL)
        return false;
    Operation operation = expr->call.row->operation;
    bool nextval = operation == OP_NEXTVAL;
    if (!nextval && operation != OP_SETVAL && operation != OP_CURRVAL && operation != OP_LASTVAL)
        return false;
    found->advances |= nextval || operation == OP_SETVAL;
    bool apart = nextval && expr->call.args.items[0]->kind == EXPR_CONSTANT;
    found->related |= found->count > 0 && !apart;
    for (i32 i = 0; apart && i < found->count && i < SEQUENCE_CALLS_MAX; i++) {
        const ExprList *args = &found->calls[i]->call.args;
        found->related |= args->count == 0 || args->items[0]->kind != EXPR_CONSTANT ||
                          expr_equal(found->q, args->items[0], expr->call.args.items[0]);
    }
    found->related |= found->count >= SEQUENCE_CALLS_MAX;
    if (found->count < SEQUENCE_CALLS_MAX)
        found->calls[found->count] = expr;
    found->count++;
    return false;
}

/* Two calls about what may be one sequence, and not only questions. */
static bool needs_row_by_row(Query *q, const ExprList *exprs)
{
    SequenceCalls found = {.q = q};
    for (i32 i = 0; i < exprs->count; i++)
        expr_any(q, exprs->items[i], note_sequence_call, &found);
    return found.advances && found.related;
}

static void project_open(Worker *w, const Plan *plan, void *state)
{
    ProjectShared *shared = state;
    shared->plan = plan;
    shared->program = program_compile(w->q, w->q->arena, plan->exprs.items, plan->exprs.count);
    shared->row_by_row = needs_row_by_row(w->q, &plan->exprs);
}

/* The next row of the input alone. */
static Chunk next_row(ProjectLocal *local, const Chunk *in)
{
    local->position = (u16)chunk_position(in, local->next++);
    local->one = (Selection){1, &local->position};
    Chunk row = *in;
    row.sel = &local->one;
    return row;
}

static Step project_transform(Worker *w, void *state, void *own, const Chunk *in, Chunk *out)
{
    ProjectShared *shared = state;
    ProjectLocal *local = own;
    const ExprList *exprs = &shared->plan->exprs;
    if (!local->evaluator) {
        local->columns = make_array(w->q, Vector, exprs->count);
        local->evaluator = worker_evaluator(w, shared->program);
    }
    bool single = shared->row_by_row && chunk_rows(in) > 0;
    Chunk rows = single ? next_row(local, in) : *in;
    evaluator_reset(local->evaluator);
    for (i32 i = 0; i < exprs->count; i++) {
        const Expr *expr = exprs->items[i];
        local->columns[i] = expr->kind == EXPR_COLUMN ? rows.columns[expr->column]
                                                      : *evaluate(w->q, local->evaluator, &rows, i);
        local->columns[i].type = expr->type;
    }
    *out = (Chunk){.n = rows.n,
                   .sel = rows.sel,
                   .column_count = exprs->count,
                   .columns = local->columns,
                   .arena = rows.arena};
    if (single && local->next < chunk_rows(in))
        return STEP_MORE;
    local->next = 0;
    return STEP_NEXT;
}

const OperatorKind project_operator = {
    .name = "Project",
    .shared_size = sizeof(ProjectShared),
    .local_size = sizeof(ProjectLocal),
    .open = project_open,
    .transform = project_transform,
};
