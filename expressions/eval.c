/* SPDX-License-Identifier: Apache-2.0
 *
 * Running a Program over a chunk: step_evaluate walks the steps on demand, keeps results in
 * registers and decides what a kernel sees: plain vectors, the rows to do, the validity of the
 * result. Filters narrow a selection conjunct by conjunct in an order measured as they run.
 *
 * Memory: each register owns one buffer of a chunk's size for the life of the evaluator; strings
 * made by kernels live in the chunk's scratch arena. What it does not do: choose kernels
 * (program.c), decide three-valued logic (eval_logic.c) or conditional evaluation (eval_choice.c).
 */
#include "expressions/eval_steps.h"

#include "base/clock.h"
#include "types/text_in.h"
#include "types/text_out.h"

enum { RERANK_CHUNKS = 64 };

static void evaluator_close(void *thing)
{
    Evaluator *e = thing;
    for (i32 i = 0; i < e->program->step_count; i++) {
        const KernelState *state = e->program->steps[i].state;
        if (state && state->drop && e->registers[i].kernel_state)
            state->drop(e->registers[i].kernel_state);
        arena_close(&e->registers[i].entry_arena);
    }
    arena_close(&e->scratch);
}

Evaluator *evaluator_open(Query *q, Arena *arena, const Program *program, const Environment *env,
                          const Value *parameters, i32 parameter_count)
{
    Evaluator *e = arena_alloc(q, arena, sizeof *e);
    e->program = program;
    e->arena = arena;
    e->env = env;
    e->parameters = parameters;
    e->parameter_count = parameter_count;
    e->registers = arena_alloc_array(q, arena, program->step_count, sizeof(Register));
    e->conjuncts = arena_alloc_array(q, arena, program->root_count, sizeof(ConjunctStats));
    e->conjunct_order = arena_alloc_array(q, arena, program->root_count, sizeof(i32));
    for (i32 i = 0; i < program->root_count; i++)
        e->conjunct_order[i] = i;
    arena_open(&e->scratch, arena->budget);
    for (i32 i = 0; i < program->step_count; i++)
        arena_open(&e->registers[i].entry_arena, arena->budget);
    query_defer(q, arena, evaluator_close, e);
    return e;
}

void evaluator_reset(Evaluator *e)
{
    for (i32 i = 0; i < e->program->step_count; i++)
        e->registers[i].made = false;
    arena_reset(&e->scratch);
}

/* ---- registers ---- */

static bool lane_has_pointers(Lane lane)
{
    return lane_is_bytes(lane) || lane.kind == LANE_NUM;
}

Vector *register_flat(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    Register *r = &e->registers[number];
    const Expr *expr = e->program->steps[number].expr;
    if (r->own_capacity < rows->n) {
        r->own_capacity = rows->n == 1 ? 1 : CHUNK_ROWS;
        if (!vector_make(&r->own, expr->type, expr->lane, r->own_capacity, e->arena, &q->error))
            query_rethrow(q, &q->error);
        r->own_valid = arena_alloc(q, e->arena, MASK_WORDS * (i64)sizeof(u64));
    } else if (expr->lane.kind == LANE_BOOL || (rows->sel && lane_has_pointers(expr->lane))) {
        /* a dense kernel may look at rows nobody selected: no stale pointers there */
        memset(r->own.values, 0, (size_t)lane_array_bytes(expr->lane, r->own_capacity));
    }
    r->own.valid = NULL;
    r->own.life = LIFE_CHUNK;
    r->result = r->own;
    return &r->result;
}

void register_valid(Evaluator *e, i32 number, i32 n)
{
    Register *r = &e->registers[number];
    memset(r->own_valid, 0, MASK_WORDS * sizeof(u64));
    bits_fill(r->own_valid, n);
    r->result.valid = r->own_valid;
}

void rows_mask(const Rows *rows, u64 *mask)
{
    memset(mask, 0, MASK_WORDS * sizeof(u64));
    if (!rows->sel) {
        bits_fill(mask, rows->n);
        return;
    }
    for (i32 i = 0; i < rows->sel->count; i++)
        bit_set(mask, rows->sel->rows[i]);
}

Selection *rows_narrow(Query *q, Evaluator *e, const Rows *rows, const u64 *mask)
{
    Selection *sel = arena_alloc(q, &e->scratch, sizeof *sel);
    u16 *list = arena_alloc(q, &e->scratch, (CHUNK_ROWS + 64) * (i64)sizeof(u16));
    sel->rows = list;
    if (!rows->sel) {
        sel->count = mask_to_rows(mask, rows->n, list);
        return sel;
    }
    for (i32 i = 0; i < rows->sel->count; i++) {
        list[sel->count] = rows->sel->rows[i];
        sel->count += bit_get(mask, rows->sel->rows[i]);
    }
    return sel;
}

const Vector *vector_plain(Query *q, Evaluator *e, const Vector *in, const Rows *rows)
{
    if (in->form == VECTOR_FLAT || in->form == VECTOR_CONSTANT)
        return in;
    Vector *flat = arena_alloc(q, &e->scratch, sizeof *flat);
    if (!vector_flatten(in, rows->sel, rows->n, &e->scratch, flat, &q->error))
        query_rethrow(q, &q->error);
    return flat;
}

static void dictionary_mask(const Vector *in, i32 n, BoolMask *mask)
{
    const u64 *entries = in->entries->values;
    for (i64 w = 0; w < bit_words(n); w++) {
        u64 word = 0;
        i32 end = (i32)min_i64(64, n - w * 64);
        for (i32 i = 0; i < end; i++)
            word |= (u64)bit_get(entries, in->codes[w * 64 + i]) << i;
        mask->valid[w] = in->valid ? in->valid[w] : UINT64_MAX;
        mask->value[w] = word & mask->valid[w];
    }
}

void bool_mask(Query *q, Evaluator *e, const Vector *in, const Rows *rows, BoolMask *mask)
{
    i64 words = bit_words(rows->n);
    if (in->form == VECTOR_DICTIONARY) {
        dictionary_mask(in, rows->n, mask);
        return;
    }
    in = vector_plain(q, e, in, rows);
    if (in->form == VECTOR_CONSTANT) {
        bool valid = !vector_is_null(in, 0);
        bool value = valid && bit_get(in->values, 0);
        memset(mask->value, value ? 0xff : 0, (size_t)words * 8);
        memset(mask->valid, valid ? 0xff : 0, (size_t)words * 8);
        return;
    }
    memcpy(mask->value, in->values, (size_t)words * 8);
    if (in->valid)
        memcpy(mask->valid, in->valid, (size_t)words * 8);
    else
        memset(mask->valid, 0xff, (size_t)words * 8);
}

void register_set_bools(Query *q, Evaluator *e, i32 number, const Rows *rows, const u64 *value,
                        const u64 *valid)
{
    Vector *result = register_flat(q, e, number, rows);
    u64 live[MASK_WORDS];
    rows_mask(rows, live);
    u64 missing = 0;
    u64 *out = result->values;
    for (i64 w = 0; w < bit_words(rows->n); w++) {
        out[w] = value[w] & valid[w] & live[w];
        missing |= ~valid[w] & live[w];
    }
    if (!missing)
        return;
    register_valid(e, number, rows->n);
    for (i64 w = 0; w < bit_words(rows->n); w++)
        result->valid[w] &= valid[w] | ~live[w];
}

/* ---- calls ---- */

/* result->valid = AND of the arguments'; true when a CONSTANT argument is NULL: all is. */
static bool merge_validity(Evaluator *e, i32 number, const Vector *const *args, i32 count, i32 n)
{
    Vector *result = &e->registers[number].result;
    for (i32 i = 0; i < count; i++) {
        if (!args[i]->valid)
            continue;
        if (args[i]->form == VECTOR_CONSTANT) {
            if (vector_is_null(args[i], 0))
                return true;
            continue;
        }
        if (!result->valid)
            register_valid(e, number, n);
        for (i64 w = 0; w < bit_words(n); w++)
            result->valid[w] &= args[i]->valid[w];
    }
    return false;
}

/* Law 3: zero under NULL. */
static void zero_under_null(Vector *vector, i32 n)
{
    if (!vector->valid)
        return;
    u64 *values = vector->values;
    i32 width = lane_bytes(vector->lane);
    for (i64 w = 0; w < bit_words(n); w++) {
        if (vector->lane.kind == LANE_BOOL) {
            values[w] &= vector->valid[w];
            continue;
        }
        u64 nulls = ~vector->valid[w];
        if (w == bit_words(n) - 1 && n % 64)
            nulls &= ((u64)1 << n % 64) - 1;
        for (; nulls; nulls &= nulls - 1)
            memset((u8 *)vector->values + (w * 64 + __builtin_ctzll(nulls)) * width, 0,
                   (size_t)width);
    }
}

static void result_constant_null(Query *q, Evaluator *e, i32 number)
{
    const Expr *expr = e->program->steps[number].expr;
    Value null = value_null(expr->lane);
    if (!vector_make_constant(&e->registers[number].result, expr->type, &null, &e->scratch,
                              &q->error))
        query_rethrow(q, &q->error);
}

static void kernel_prepare(Query *q, Evaluator *e, i32 number, const Vector *const *args)
{
    const ProgramStep *step = &e->program->steps[number];
    Register *r = &e->registers[number];
    if (!step->state || !step->state->prepare || r->kernel_state)
        return;
    const Value **constants = arena_alloc_array(q, e->arena, step->arg_count, sizeof *constants);
    for (i32 i = 0; i < step->arg_count; i++) {
        if (!e->program->steps[step->args[i]].fixed)
            continue;
        Value *value = arena_alloc(q, e->arena, sizeof *value);
        if (!value_copy(vector_value(args[i], 0), e->arena, value, &q->error))
            query_rethrow(q, &q->error);
        constants[i] = value;
    }
    if (!step->state->prepare(constants, step->arg_count, step->expr->call.row, e->arena,
                              &r->kernel_state, &q->error))
        query_rethrow(q, &q->error);
}

/* Runs the kernel over args (FLAT or CONSTANT) into *result, whose validity is set. */
static void kernel_run(Query *q, Evaluator *e, i32 number, const Vector *const *args, i32 nargs,
                       const Rows *rows, Arena *arena, Vector *result)
{
    const ProgramStep *step = &e->program->steps[number];
    Vector *list = arena_alloc_array(q, &e->scratch, nargs, sizeof(Vector));
    for (i32 i = 0; i < nargs; i++)
        list[i] = *args[i];
    Ticket ticket = {.state = TICKET_IDLE};
    KernelCall call = {.args = list,
                       .nargs = nargs,
                       .result = result,
                       .sel = rows->sel,
                       .n = rows->n,
                       .arena = arena,
                       .state = e->registers[number].kernel_state,
                       .env = e->env,
                       .ticket = &ticket,
                       .control = q->control,
                       .error = &q->error};
    KernelStatus status = step->kernel(&call);
    if (status == KERNEL_OK)
        return;
    verify(status != KERNEL_WAIT); /* SERIAL waits come with the statements that need them */
    query_rethrow(q, &q->error);
}

static bool all_constant(const Vector *const *args, i32 count)
{
    for (i32 i = 0; i < count; i++)
        if (args[i]->form != VECTOR_CONSTANT)
            return false;
    return true;
}

/* All arguments CONSTANT: one row is computed and stands for all. */
static void call_constant(Query *q, Evaluator *e, i32 number, const Vector *const *args, i32 nargs)
{
    const ProgramStep *step = &e->program->steps[number];
    const Expr *expr = step->expr;
    Register *r = &e->registers[number];
    Arena *arena = step->fixed ? e->arena : &e->scratch;
    Rows one = {.n = 1};
    if (!vector_make(&r->result, expr->type, expr->lane, 1, arena, &q->error))
        query_rethrow(q, &q->error);
    bool strict = expr->kind != EXPR_CALL || (expr->call.row->flags & STRICT);
    for (i32 i = 0; strict && i < nargs; i++) {
        if (vector_is_null(args[i], 0)) {
            Value null = value_null(expr->lane);
            if (!vector_make_constant(&r->result, expr->type, &null, arena, &q->error))
                query_rethrow(q, &q->error);
            return;
        }
    }
    kernel_run(q, e, number, args, nargs, &one, arena, &r->result);
    zero_under_null(&r->result, 1);
    r->result.form = VECTOR_CONSTANT;
    r->result.life = step->fixed ? LIFE_HELD : LIFE_CHUNK;
}

/* ---- once per dictionary entry ---- */

/* Forgets the results of another dictionary. Partial: entries are computed when rows name them. */
static void entries_begin(Register *r, const ProgramStep *step, const Vector *codes)
{
    bool partial = (step->expr->call.row->flags & FAILS) || codes->wide ||
                   (codes->dictionary_id & ENTRIES_PARTIAL);
    if (r->entries_id == codes->dictionary_id)
        return;
    arena_reset(&r->entry_arena);
    r->entries_id = codes->dictionary_id;
    r->entries_room = r->entries_known = 0;
    r->entry_is_known = NULL;
    r->entry_rows = 0;
    r->entries_null = false;
    r->entry_result_id = dictionary_id_new() | (partial ? ENTRIES_PARTIAL : 0);
}

/* Room for the results of all entries there are by now. */
static void entries_reserve(Query *q, Register *r, const Expr *expr, i32 count)
{
    if (count <= r->entries_room)
        return;
    Vector before = r->entries;
    const bool *known = r->entry_is_known;
    i32 room = (i32)power_of_two_from((u64)max_i64(count, 64));
    if (!vector_make(&r->entries, expr->type, expr->lane, room, &r->entry_arena, &q->error))
        query_rethrow(q, &q->error);
    r->entry_is_known = arena_alloc_array(q, &r->entry_arena, room, sizeof(bool));
    if (known) {
        memcpy(r->entries.values, before.values,
               (size_t)lane_array_bytes(expr->lane, r->entries_room));
        memcpy(r->entry_is_known, known, (size_t)r->entries_room);
    }
    r->entries_room = room;
}

static bool all_known(const Register *r, const Vector *codes, const Rows *rows)
{
    bool known = true;
    if (r->entries_known == codes->entry_count)
        return true;
    if (!rows->sel) {
        for (i32 i = 0; i < rows->n; i++)
            known &= r->entry_is_known[codes->codes[i]];
        return known;
    }
    for (i32 i = 0; i < rows->sel->count; i++)
        known &= r->entry_is_known[codes->codes[rows->sel->rows[i]]];
    return known;
}

/* Entries to compute now: those that rows name, or all of them at once. */
static i32 entries_missing(Register *r, const Vector *codes, const Rows *rows, u32 *missing)
{
    i32 count = 0;
    if (all_known(r, codes, rows))
        return 0;
    if (!(r->entry_result_id & ENTRIES_PARTIAL)) {
        for (; count < codes->entry_count; count++)
            missing[count] = (u32)count;
        return count;
    }
    for (i32 i = 0; i < rows_count(rows); i++) {
        i32 at = rows_position(rows, i);
        u32 code = codes->codes[at];
        if (r->entry_is_known[code] || (codes->valid && !bit_get(codes->valid, at)))
            continue;
        r->entry_is_known[code] = true;
        missing[count++] = code;
    }
    return count;
}

static void entries_compute(Query *q, Evaluator *e, i32 number, const Vector **args, i32 nargs,
                            i32 varying, const u32 *missing, i32 count)
{
    const Expr *expr = e->program->steps[number].expr;
    Register *r = &e->registers[number];
    const Vector *codes = args[varying];
    Vector asked, answers;
    Rows all = {.n = count};
    if (!vector_gather(codes->entries, missing, count, &e->scratch, &asked, &q->error) ||
        !vector_make(&answers, expr->type, expr->lane, count, &e->scratch, &q->error))
        query_rethrow(q, &q->error);
    args[varying] = &asked;
    kernel_run(q, e, number, args, nargs, &all, &e->scratch, &answers);
    args[varying] = codes;
    r->entries_null |= answers.valid != NULL;
    answers.valid = NULL;
    if (!vector_keep(&answers, count, LIFE_HELD, &r->entry_arena, &q->error))
        query_rethrow(q, &q->error);
    for (i32 i = 0; i < count; i++) {
        vector_copy_row(&answers, i, &r->entries, (i32)missing[i]);
        r->entry_is_known[missing[i]] = true;
    }
    r->entries_known += count;
}

/* A large dictionary is worth it when many rows have its codes. */
static bool entries_pay(const Register *r, const Vector *codes)
{
    return codes->entry_count <= CHUNK_ROWS || r->entry_rows * 2 >= codes->entry_count;
}

/* One varying DICTIONARY argument with an identity: the kernel runs over its entries, once. */
static bool call_per_entry(Query *q, Evaluator *e, i32 number, const Vector **args, i32 nargs,
                           const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    Register *r = &e->registers[number];
    i32 varying = 0;
    while (varying < nargs && args[varying]->form == VECTOR_CONSTANT)
        varying++;
    if (varying == nargs || args[varying]->form != VECTOR_DICTIONARY ||
        !args[varying]->dictionary_id ||
        (args[varying]->entry_count > CHUNK_ROWS && !args[varying]->wide))
        return false;
    for (i32 i = 0; i < nargs; i++)
        if (i != varying && vector_is_null(args[i], 0))
            return false;
    const Vector *codes = args[varying];
    u32 missing[CHUNK_ROWS];
    entries_begin(r, step, codes);
    r->entry_rows += rows_count(rows);
    if (r->entries_null || !entries_pay(r, codes))
        return false;
    entries_reserve(q, r, step->expr, codes->entry_count);
    i32 count = entries_missing(r, codes, rows, missing);
    if (count)
        entries_compute(q, e, number, args, nargs, varying, missing, count);
    if (r->entries_null)
        return false;
    r->result = *codes;
    r->result.type = step->expr->type;
    r->result.lane = step->expr->lane;
    r->result.entries = &r->entries;
    r->result.dictionary_id = r->entry_result_id;
    r->result.life = LIFE_CHUNK; /* another dictionary may come */
    return true;
}

static void step_call(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    const Expr *expr = step->expr;
    i32 nargs = step->arg_count;
    const Vector **args = arena_alloc_array(q, &e->scratch, nargs, sizeof *args);
    for (i32 i = 0; i < nargs; i++)
        args[i] = step_evaluate(q, e, step->args[i], rows);
    kernel_prepare(q, e, number, args);
    if (all_constant(args, nargs) &&
        !(expr->kind == EXPR_CALL && (expr->call.row->flags & VOLATILE))) {
        call_constant(q, e, number, args, nargs);
        return;
    }
    if (step->per_entry && call_per_entry(q, e, number, args, nargs, rows))
        return;
    for (i32 i = 0; i < nargs; i++)
        args[i] = vector_plain(q, e, args[i], rows);
    Vector *result = register_flat(q, e, number, rows);
    bool strict = expr->kind != EXPR_CALL || (expr->call.row->flags & STRICT);
    if (strict && merge_validity(e, number, args, nargs, rows->n)) {
        result_constant_null(q, e, number);
        return;
    }
    if (!strict)
        result->valid = NULL;
    kernel_run(q, e, number, args, nargs, rows, &e->scratch, result);
    zero_under_null(result, rows->n);
}

void compare_vectors(Query *q, Evaluator *e, const ProgramStep *step, const Vector *a,
                     const Vector *b, const Rows *rows, BoolMask *mask)
{
    a = vector_plain(q, e, a, rows);
    b = vector_plain(q, e, b, rows);
    Vector args[2] = {*a, *b};
    Vector result = {.form = VECTOR_FLAT,
                     .lane = lane_of(LANE_BOOL),
                     .type = type_of(TYPE_BOOL),
                     .values = mask->value,
                     .valid = mask->valid};
    memset(mask->value, 0, sizeof mask->value);
    memset(mask->valid, 0, sizeof mask->valid);
    bits_fill(mask->valid, rows->n);
    for (i32 i = 0; i < 2; i++) {
        if (!args[i].valid)
            continue;
        bool constant = args[i].form == VECTOR_CONSTANT;
        u64 word = constant && vector_is_null(&args[i], 0) ? 0 : ~(u64)0;
        for (i64 w = 0; w < bit_words(rows->n); w++)
            mask->valid[w] &= constant ? word : args[i].valid[w];
    }
    KernelCall call = {.args = args,
                       .nargs = 2,
                       .result = &result,
                       .sel = rows->sel,
                       .n = rows->n,
                       .arena = &e->scratch,
                       .env = e->env,
                       .error = &q->error};
    if (all_constant((const Vector *const[]){&args[0], &args[1]}, 2)) {
        call.n = 1;
        call.sel = NULL;
        if (step->kernel(&call) != KERNEL_OK)
            query_rethrow(q, &q->error);
        bool value = bit_get(mask->value, 0);
        memset(mask->value, value ? 0xff : 0, (size_t)bit_words(rows->n) * 8);
        return;
    }
    if (step->kernel(&call) != KERNEL_OK)
        query_rethrow(q, &q->error);
}

/* ---- the small steps ---- */

static void step_constant(Query *q, Evaluator *e, i32 number, const Value *value)
{
    const Expr *expr = e->program->steps[number].expr;
    if (!vector_make_constant(&e->registers[number].result, expr->type, value, e->arena, &q->error))
        query_rethrow(q, &q->error);
    e->registers[number].result.life = LIFE_HELD;
}

static void step_parameter(Query *q, Evaluator *e, i32 number)
{
    const Expr *expr = e->program->steps[number].expr;
    if (expr->parameter > e->parameter_count)
        query_fail_at(q, expr->offset, E_UNDEFINED_PARAMETER, "no value found for parameter %d",
                      expr->parameter);
    const Value *value = &e->parameters[expr->parameter - 1];
    verify(value->null || lane_equal(value->lane, expr->lane));
    Value typed = *value;
    typed.lane = expr->lane;
    step_constant(q, e, number, &typed);
}

static void step_column(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const Expr *expr = e->program->steps[number].expr;
    assert(expr->column < rows->chunk->column_count);
    Vector *column = &rows->chunk->columns[expr->column];
    if (!vector_load(column, e->top_sel, rows->n, &q->error))
        query_rethrow(q, &q->error);
    verify(lane_equal(column->lane, expr->lane));
    e->registers[number].result = *column;
}

/* Through text and back, row by row into a FLAT vector. */
static void step_cast_text(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    const Vector *in = step_evaluate(q, e, step->args[0], rows);
    static const FormatSettings plain_format = {.extra_float_digits = 1};
    const FormatSettings *format = e->env ? &e->env->format : &plain_format;
    Vector *result = register_flat(q, e, number, rows);
    register_valid(e, number, rows->n);
    TextIn to = {step->expr->type, step->expr->lane, format, &e->scratch};
    for (i32 i = 0; i < rows_count(rows); i++) {
        i32 at = rows_position(rows, i);
        if (vector_is_null(in, at)) {
            bit_clear(result->valid, at);
            continue;
        }
        Value from = vector_value(in, at), value;
        Text text;
        if (!text_out_value(in->type, &from, format, &e->scratch, &text, &q->error) ||
            !text_in_value(&to, text, &value, &q->error))
            query_rethrow(q, &q->error);
        vector_set(result, at, &value);
    }
    zero_under_null(result, rows->n);
}

static void step_relabel(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    Vector *result = &e->registers[number].result;
    *result = *step_evaluate(q, e, step->args[0], rows);
    result->type = step->expr->type;
}

static void step_run(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const Expr *expr = e->program->steps[number].expr;
    switch (expr->kind) {
    case EXPR_CONSTANT:
        step_constant(q, e, number, &expr->constant);
        return;
    case EXPR_PARAMETER:
        step_parameter(q, e, number);
        return;
    case EXPR_COLUMN:
        step_column(q, e, number, rows);
        return;
    case EXPR_CALL:
    case EXPR_LANE:
        step_call(q, e, number, rows);
        return;
    case EXPR_CAST_TEXT:
        step_cast_text(q, e, number, rows);
        return;
    case EXPR_RELABEL:
        step_relabel(q, e, number, rows);
        return;
    case EXPR_AND:
    case EXPR_OR:
        step_and_or(q, e, number, rows);
        return;
    case EXPR_NOT:
        step_not(q, e, number, rows);
        return;
    case EXPR_IS:
        step_is(q, e, number, rows);
        return;
    case EXPR_DISTINCT:
        step_distinct(q, e, number, rows);
        return;
    case EXPR_IN:
        step_in(q, e, number, rows);
        return;
    case EXPR_CASE:
        step_case(q, e, number, rows);
        return;
    case EXPR_COALESCE:
        step_coalesce(q, e, number, rows);
        return;
    case EXPR_NULLIF:
        step_nullif(q, e, number, rows);
        return;
    case EXPR_GREATEST:
    case EXPR_LEAST:
        step_choose(q, e, number, rows);
        return;
    case EXPR_AGGREGATE:
    case EXPR_WINDOW:
    case EXPR_SUBQUERY:
        break;
    }
    verify(!"not an expression the evaluator knows");
}

const Vector *step_evaluate(Query *q, Evaluator *e, i32 number, const Rows *rows)
{
    const ProgramStep *step = &e->program->steps[number];
    Register *r = &e->registers[number];
    if (r->forever || (r->made && (r->made_top || r->made_for == rows->sel)))
        return &r->result;
    if (step->fixed && step->expr->kind != EXPR_CONSTANT && step->expr->kind != EXPR_PARAMETER &&
        step->expr->kind != EXPR_CALL && step->expr->kind != EXPR_LANE) {
        /* one row is enough; what it refers to must outlive the chunk */
        Rows one = {.n = 1};
        step_run(q, e, number, &one);
        Value value = vector_value(&r->result, 0), kept;
        if (!value_copy(value, e->arena, &kept, &q->error))
            query_rethrow(q, &q->error);
        step_constant(q, e, number, &kept);
    } else {
        step_run(q, e, number, rows);
    }
    r->forever = step->fixed;
    r->made = true;
    r->made_top = e->depth == 0 || step->expr->kind == EXPR_COLUMN;
    r->made_for = rows->sel;
    return &r->result;
}

/* ---- the public face ---- */

const Vector *evaluate(Query *q, Evaluator *e, const Chunk *in, i32 which)
{
    assert(which >= 0 && which < e->program->root_count);
    Rows rows = {in, in->sel, in->n};
    e->top_sel = in->sel;
    return step_evaluate(q, e, e->program->roots[which], &rows);
}

/* Cheapest per row dropped first; a conjunct that may fail is a fence nothing moves across. */
static f64 conjunct_rank(const ConjunctStats *stats)
{
    f64 in = (f64)stats->rows_in + 1;
    f64 dropped = (in - (f64)stats->rows_out) / in;
    return ((f64)stats->ticks / in) / (dropped + 0.01);
}

static void conjuncts_rerank(Evaluator *e, i32 first, i32 count)
{
    for (i32 i = first + 1; i < first + count; i++) {
        i32 moving = e->conjunct_order[i];
        if (e->program->steps[e->program->roots[moving]].fails)
            continue;
        i32 at = i;
        while (at > first) {
            i32 before = e->conjunct_order[at - 1];
            if (e->program->steps[e->program->roots[before]].fails ||
                conjunct_rank(&e->conjuncts[before]) <= conjunct_rank(&e->conjuncts[moving]))
                break;
            e->conjunct_order[at] = before;
            at--;
        }
        e->conjunct_order[at] = moving;
    }
    for (i32 i = first; i < first + count; i++)
        e->conjuncts[i] = (ConjunctStats){.rows_in = 0};
}

void evaluate_filter(Query *q, Evaluator *e, const Chunk *in, i32 first, i32 count, Selection *out)
{
    Rows rows = {in, in->sel, in->n};
    if (++e->chunks_seen % RERANK_CHUNKS == 0)
        conjuncts_rerank(e, first, count);
    for (i32 i = first; i < first + count && rows_count(&rows) > 0; i++) {
        i32 which = e->conjunct_order[i];
        u64 start = clock_ticks();
        e->top_sel = rows.sel;
        const Vector *result = step_evaluate(q, e, e->program->roots[which], &rows);
        BoolMask mask;
        bool_mask(q, e, result, &rows, &mask);
        for (i64 w = 0; w < bit_words(rows.n); w++)
            mask.value[w] &= mask.valid[w];
        Selection *narrow = rows_narrow(q, e, &rows, mask.value);
        ConjunctStats *stats = &e->conjuncts[which];
        stats->rows_in += rows_count(&rows);
        stats->rows_out += narrow->count;
        stats->ticks += clock_ticks() - start;
        rows.sel = narrow;
    }
    if (!rows.sel) {
        u64 all[MASK_WORDS];
        rows_mask(&rows, all);
        rows.sel = rows_narrow(q, e, &rows, all);
    }
    *out = *rows.sel;
}

Value evaluate_once(Query *q, Arena *arena, Expr *expr, const Environment *env,
                    const Value *parameters, i32 parameter_count)
{
    const Program *program = program_compile(q, arena, &expr, 1);
    Evaluator *e = evaluator_open(q, arena, program, env, parameters, parameter_count);
    Chunk one = {.n = 1, .arena = arena};
    const Vector *result = evaluate(q, e, &one, 0);
    Value value;
    if (!value_copy(vector_value(result, 0), arena, &value, &q->error))
        query_rethrow(q, &q->error);
    return value;
}
