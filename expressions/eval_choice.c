/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditional values: CASE, COALESCE, NULLIF, GREATEST, LEAST. An arm is evaluated only for the
 * rows that reach it and copied to their positions of the result.
 */
#include "expressions/eval_steps.h"

/* Copies the selected rows of `from` into the step's register. */
static void copy_rows(Evaluator *e, i32 number, const Vector *from, const Rows *rows)
{
    Vector *to = &e->registers[number].result;
    for (i32 i = 0; i < rows_count(rows); i++) {
        i32 at = rows_position(rows, i);
        vector_copy_row(from, at, to, at);
    }
}

static const Vector *evaluate_arm(Query *q, Evaluator *e, i32 step, const Rows *arm)
{
    e->depth++;
    const Vector *result = step_evaluate(q, e, step, arm);
    e->depth--;
    return result;
}

/* The register, zeroed, every row NULL-able. */
static void start_result(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    Vector *result = register_flat(q, e, number, rows);
    memset(result->values, 0, (size_t)lane_array_bytes(result->lane, rows->n));
    register_valid(e, number, rows->n);
}

void step_case(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    i32 whens = step->expr->cases.conditions.count;
    start_result(q, e, number, rows);
    Rows rest = *rows;
    for (i32 i = 0; i < whens && rows_count(&rest) > 0; i++) {
        BoolMask mask;
        const Vector *condition = i == 0 ? step_evaluate(q, e, step->args[0], &rest)
                                         : evaluate_arm(q, e, step->args[i], &rest);
        bool_mask(q, e, condition, &rest, &mask);
        for (i64 w = 0; w < bit_words(rows->n); w++)
            mask.value[w] &= mask.valid[w];
        Rows hit = rest;
        hit.sel = rows_narrow(q, e, &rest, mask.value);
        if (hit.sel->count > 0)
            copy_rows(e, number, evaluate_arm(q, e, step->args[whens + i], &hit), &hit);
        for (i64 w = 0; w < bit_words(rows->n); w++)
            mask.value[w] = ~mask.value[w];
        rest.sel = rows_narrow(q, e, &rest, mask.value);
    }
    if (rows_count(&rest) > 0)
        copy_rows(e, number, evaluate_arm(q, e, step->args[2 * whens], &rest), &rest);
}

void step_coalesce(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    start_result(q, e, number, rows);
    Rows rest = *rows;
    for (i32 i = 0; i < step->arg_count && rows_count(&rest) > 0; i++) {
        const Vector *item = i == 0 ? step_evaluate(q, e, step->args[0], &rest)
                                    : evaluate_arm(q, e, step->args[i], &rest);
        copy_rows(e, number, item, &rest);
        u64 missing[MASK_WORDS];
        const u64 *valid = e->registers[number].result.valid;
        for (i64 w = 0; w < bit_words(rows->n); w++)
            missing[w] = ~valid[w];
        rest.sel = rows_narrow(q, e, &rest, missing);
    }
}

/* NULL where left = right, else left as it was before casts for the comparison. */
void step_nullif(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    const Vector *left = step_evaluate(q, e, step->args[0], rows);
    const Vector *right = step_evaluate(q, e, step->args[1], rows);
    const Vector *result = step->arg_count > 2 ? step_evaluate(q, e, step->args[2], rows) : left;
    BoolMask equal;
    compare_vectors(q, e, step, left, right, rows, &equal);
    start_result(q, e, number, rows);
    u64 differs[MASK_WORDS];
    u64 *valid = e->registers[number].result.valid;
    for (i64 w = 0; w < bit_words(rows->n); w++) {
        differs[w] = ~(equal.value[w] & equal.valid[w]);
        valid[w] &= differs[w];
    }
    Rows kept = *rows;
    kept.sel = rows_narrow(q, e, rows, differs);
    copy_rows(e, number, result, &kept);
}

/* Greatest or least of the items that are not NULL. */
void step_choose(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    const Vector **items = arena_alloc_array(q, &e->scratch, step->arg_count, sizeof *items);
    for (i32 i = 0; i < step->arg_count; i++)
        items[i] = step_evaluate(q, e, step->args[i], rows);
    start_result(q, e, number, rows);
    copy_rows(e, number, items[0], rows);
    Vector *best = &e->registers[number].result;
    for (i32 i = 1; i < step->arg_count; i++) {
        BoolMask better;
        compare_vectors(q, e, step, items[i], best, rows, &better);
        for (i64 w = 0; w < bit_words(rows->n); w++)
            better.value[w] = (better.value[w] & better.valid[w]) | ~best->valid[w];
        Rows take = *rows;
        take.sel = rows_narrow(q, e, rows, better.value);
        copy_rows(e, number, items[i], &take);
    }
}
