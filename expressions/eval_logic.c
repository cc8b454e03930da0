/* SPDX-License-Identifier: Apache-2.0
 *
 * Three-valued logic on pairs of bit masks: AND, OR, NOT, IS, IS DISTINCT FROM, IN.
 *
 * AND and OR stop looking at a row as soon as its answer is known. An arm that may fail is
 * evaluated for the undecided rows only; others run over what is selected, which is cheaper than
 * making a new selection, until few rows are left.
 */
#include "expressions/eval_steps.h"

/* A row list is worth making when it drops at least this part of the rows. */
enum { NARROW_BELOW_NUMERATOR = 1, NARROW_BELOW_DENOMINATOR = 4 };

static bool mask_is_empty(const u64 *mask, i32 n)
{
    u64 any = 0;
    for (i64 w = 0; w < bit_words(n); w++)
        any |= mask[w];
    return any == 0;
}

/* The rows an arm must be evaluated for, given those still undecided. */
static Rows arm_rows(Query *q, Evaluator *e, const ProgramStep *arm, const Rows *rows,
                     const u64 *undecided)
{
    Rows narrow = *rows;
    i64 left = bits_count(undecided, rows->n);
    if (arm->fails ||
        left * NARROW_BELOW_DENOMINATOR < (i64)rows_count(rows) * NARROW_BELOW_NUMERATOR)
        narrow.sel = rows_narrow(q, e, rows, undecided);
    return narrow;
}

/* decided: FALSE ends an AND, TRUE ends an OR. */
void step_and_or(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    bool is_and = step->expr->kind == EXPR_AND;
    u64 undecided[MASK_WORDS], unknown[MASK_WORDS] = {0}, value[MASK_WORDS], valid[MASK_WORDS];
    rows_mask(rows, undecided);
    for (i32 i = 0; i < step->arg_count && !mask_is_empty(undecided, rows->n); i++) {
        Rows arm = *rows;
        if (i > 0)
            arm = arm_rows(q, e, &e->program->steps[step->args[i]], rows, undecided);
        bool narrowed = arm.sel != rows->sel;
        e->depth += narrowed;
        BoolMask mask;
        bool_mask(q, e, step_evaluate(q, e, step->args[i], &arm), &arm, &mask);
        e->depth -= narrowed;
        for (i64 w = 0; w < bit_words(rows->n); w++) {
            u64 ends = mask.valid[w] & (is_and ? ~mask.value[w] : mask.value[w]);
            unknown[w] |= ~mask.valid[w] & undecided[w];
            undecided[w] &= ~ends;
        }
    }
    for (i64 w = 0; w < bit_words(rows->n); w++) {
        unknown[w] &= undecided[w];
        value[w] = is_and ? undecided[w] & ~unknown[w] : ~undecided[w];
        valid[w] = ~unknown[w];
    }
    register_set_bools(q, e, number, rows, value, valid);
}

void step_not(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    BoolMask mask;
    bool_mask(q, e, step_evaluate(q, e, step->args[0], rows), rows, &mask);
    for (i64 w = 0; w < bit_words(rows->n); w++)
        mask.value[w] = ~mask.value[w];
    register_set_bools(q, e, number, rows, mask.value, mask.valid);
}

/* One bit per position: not NULL, for any lane. */
static void validity_mask(Query *q, Evaluator *e, const Vector *in, const Rows *rows, u64 *valid)
{
    memset(valid, 0xff, MASK_WORDS * sizeof(u64));
    if (!in->valid)
        return;
    if (in->form == VECTOR_CONSTANT)
        memset(valid, vector_is_null(in, 0) ? 0 : 0xff, MASK_WORDS * sizeof(u64));
    else
        memcpy(valid, in->valid, (size_t)bit_words(rows->n) * 8);
}

void step_is(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    const Expr *expr = step->expr;
    const Vector *in = step_evaluate(q, e, step->args[0], rows);
    u64 all[MASK_WORDS], answer[MASK_WORDS];
    memset(all, 0xff, sizeof all);
    BoolMask mask;
    if (expr->is.test == IS_NULL || expr->is.test == IS_UNKNOWN)
        validity_mask(q, e, in, rows, mask.valid);
    else
        bool_mask(q, e, in, rows, &mask);
    for (i64 w = 0; w < bit_words(rows->n); w++) {
        u64 is = 0;
        switch (expr->is.test) {
        case IS_NULL:
        case IS_UNKNOWN:
            is = ~mask.valid[w];
            break;
        case IS_TRUE:
            is = mask.valid[w] & mask.value[w];
            break;
        case IS_FALSE:
            is = mask.valid[w] & ~mask.value[w];
            break;
        }
        answer[w] = expr->is.negated ? ~is : is;
    }
    register_set_bools(q, e, number, rows, answer, all);
}

void step_distinct(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    const Vector *a = step_evaluate(q, e, step->args[0], rows);
    const Vector *b = step_evaluate(q, e, step->args[1], rows);
    u64 valid_a[MASK_WORDS], valid_b[MASK_WORDS], all[MASK_WORDS];
    memset(all, 0xff, sizeof all);
    validity_mask(q, e, a, rows, valid_a);
    validity_mask(q, e, b, rows, valid_b);
    BoolMask equal;
    compare_vectors(q, e, step, a, b, rows, &equal);
    for (i64 w = 0; w < bit_words(rows->n); w++) {
        u64 same = (valid_a[w] & valid_b[w] & equal.value[w]) | (~valid_a[w] & ~valid_b[w]);
        equal.value[w] = step->expr->pair.negated ? same : ~same;
    }
    register_set_bools(q, e, number, rows, equal.value, all);
}

/* a IN (b, c, ...) = a = b OR a = c OR ..., with NOT on top when negated. */
void step_in(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    const Vector *operand = step_evaluate(q, e, step->args[0], rows);
    u64 undecided[MASK_WORDS], unknown[MASK_WORDS] = {0}, valid[MASK_WORDS];
    rows_mask(rows, undecided);
    for (i32 i = 1; i < step->arg_count && !mask_is_empty(undecided, rows->n); i++) {
        Rows arm = *rows;
        if (i > 1)
            arm = arm_rows(q, e, &e->program->steps[step->args[i]], rows, undecided);
        bool narrowed = arm.sel != rows->sel;
        e->depth += narrowed;
        BoolMask equal;
        const Vector *item = step_evaluate(q, e, step->args[i], &arm);
        e->depth -= narrowed;
        compare_vectors(q, e, step, operand, item, &arm, &equal);
        for (i64 w = 0; w < bit_words(rows->n); w++) {
            unknown[w] |= ~equal.valid[w] & undecided[w];
            undecided[w] &= ~(equal.valid[w] & equal.value[w]);
        }
    }
    u64 value[MASK_WORDS];
    for (i64 w = 0; w < bit_words(rows->n); w++) {
        valid[w] = ~(unknown[w] & undecided[w]);
        value[w] = step->expr->in.negated ? undecided[w] : ~undecided[w];
    }
    register_set_bools(q, e, number, rows, value, valid);
}
