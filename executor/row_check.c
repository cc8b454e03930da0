/* SPDX-License-Identifier: Apache-2.0
 *
 * Generated columns are expressions over the rest of the new row. NOT NULL is read off validity
 * bitmaps, a CHECK is an expression over the new row that must not be FALSE; the condition of a
 * view with CHECK OPTION must be TRUE. The first failing row is reported as PostgreSQL does it: NOT
 * NULL before CHECK, the row's values in the detail, each cut at 64 bytes.
 */
#include "executor/row_check.h"

#include "types/text_out.h"

enum { FIELD_BYTES_MAX = 64 };

void row_check_shape_make(Worker *w, const PlanModify *modify, RowCheckShape *shape)
{
    *shape = (RowCheckShape){.modify = modify};
    if (modify->generated_count) {
        Expr **exprs = make_array(w->q, Expr *, modify->generated_count);
        for (i32 i = 0; i < modify->generated_count; i++)
            exprs[i] = modify->generated[i].expr;
        shape->generated = program_compile(w->q, w->q->arena, exprs, modify->generated_count);
    }
    if (modify->check_count) {
        Expr **exprs = make_array(w->q, Expr *, modify->check_count);
        for (i32 i = 0; i < modify->check_count; i++)
            exprs[i] = modify->checks[i].expr;
        shape->checks = program_compile(w->q, w->q->arena, exprs, modify->check_count);
    }
    if (modify->returning.count)
        shape->returning =
            program_compile(w->q, w->q->arena, modify->returning.items, modify->returning.count);
}

void row_check_open(Worker *w, const RowCheckShape *shape, RowCheck *check)
{
    if (shape->generated)
        check->generated = worker_evaluator(w, shape->generated);
    if (shape->checks)
        check->checks = worker_evaluator(w, shape->checks);
    if (shape->returning)
        check->returning = worker_evaluator(w, shape->returning);
    check->columns = make_array(w->q, Vector, shape->modify->returning.count);
    check->row_columns = shape->modify->row_count;
    worker_arena(w, &check->scratch);
}

static void load_columns(Worker *w, const Chunk *rows)
{
    for (i32 i = 0; i < rows->column_count; i++)
        if (!vector_load(&rows->columns[i], rows->sel, rows->n, &w->q->error))
            query_rethrow(w->q, &w->q->error);
}

Chunk row_check_complete(Worker *w, const RowCheckShape *shape, RowCheck *check, const Chunk *rows)
{
    if (!check->generated || chunk_rows(rows) == 0)
        return *rows;
    load_columns(w, rows);
    if (!check->completed)
        check->completed = make_array(w->q, Vector, rows->column_count);
    memcpy(check->completed, rows->columns, (size_t)rows->column_count * sizeof *check->completed);
    evaluator_reset(check->generated);
    for (i32 i = 0; i < shape->modify->generated_count; i++) {
        const PlanColumn *column = &shape->modify->row[shape->modify->generated[i].column];
        Vector *made = &check->completed[shape->modify->generated[i].column];
        *made = *evaluate(w->q, check->generated, rows, i);
        verify(lane_equal(made->lane, column->lane));
        made->type = column->type;
    }
    Chunk complete = *rows;
    complete.columns = check->completed;
    return complete;
}

/* ---- messages ---- */

static void object_name(char *to, size_t size, Text name)
{
    snprintf(to, size, "%.*s", TEXT_ARG(name));
}

static _Noreturn void fail_old(Query *q, Text schema, Text table)
{
    object_name(q->error.object.schema, sizeof q->error.object.schema, schema);
    object_name(q->error.object.table, sizeof q->error.object.table, table);
    query_rethrow(q, &q->error);
}

_Noreturn void row_check_fail_old_null(Query *q, Text schema, Text table, Text column)
{
    error_set(&q->error, E_NOT_NULL_VIOLATION,
              "column \"%.*s\" of relation \"%.*s\" contains null values", TEXT_ARG(column),
              TEXT_ARG(table));
    object_name(q->error.object.column, sizeof q->error.object.column, column);
    fail_old(q, schema, table);
}

_Noreturn void row_check_fail_old_check(Query *q, Text schema, Text table, Text check)
{
    error_set(&q->error, E_CHECK_VIOLATION,
              "check constraint \"%.*s\" of relation \"%.*s\" is violated by some row",
              TEXT_ARG(check), TEXT_ARG(table));
    object_name(q->error.object.constraint, sizeof q->error.object.constraint, check);
    fail_old(q, schema, table);
}

/* Of a row that ALTER TABLE gave new columns. */
static _Noreturn void fail_filled_row(Worker *w, const PlanModify *modify, i32 column, i32 failed)
{
    if (column >= 0)
        row_check_fail_old_null(w->q, modify->schema_name, modify->relation_name,
                                modify->row[column].name);
    row_check_fail_old_check(w->q, modify->schema_name, modify->relation_name,
                             modify->checks[failed].name);
}

static void detail_value(Worker *w, const Vector *vector, i32 position, TextBuilder *builder)
{
    Value value = vector_value(vector, position);
    Text text = TEXT("null");
    static const FormatSettings plain = {.extra_float_digits = 1};
    const Environment *env = worker_input(w)->env;
    if (!value.null && !text_out_value(vector->type, &value, env ? &env->format : &plain,
                                       builder->arena, &text, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    i64 cut = utf8_cut(text, FIELD_BYTES_MAX);
    builder_add(builder, text_slice(text, 0, cut));
    if (cut < text.len)
        builder_add(builder, TEXT("..."));
}

static Text failing_row(Worker *w, const Chunk *rows, i32 columns, i32 position, Arena *scratch)
{
    TextBuilder builder;
    builder_open(&builder, w->q, scratch);
    builder_add(&builder, TEXT("("));
    for (i32 i = 0; i < columns; i++) {
        if (i)
            builder_add(&builder, TEXT(", "));
        detail_value(w, &rows->columns[i], position, &builder);
    }
    builder_add(&builder, TEXT(")"));
    return builder_text(&builder);
}

static _Noreturn void fail_row(Worker *w, const PlanModify *modify, const Chunk *rows, i32 position,
                               RowCheck *check, i32 column, i32 failed)
{
    if (modify->fills)
        fail_filled_row(w, modify, column, failed);
    Text row = failing_row(w, rows, modify->row_count, position, &check->scratch);
    Error *error = &w->q->error;
    if (column >= 0) {
        Text name = modify->row[column].name;
        error_set(error, E_NOT_NULL_VIOLATION,
                  "null value in column \"%.*s\" of relation \"%.*s\" violates not-null constraint",
                  TEXT_ARG(name), TEXT_ARG(modify->relation_name));
        object_name(error->object.column, sizeof error->object.column, name);
    } else if (modify->checks[failed].view) {
        error_set(error, E_WITH_CHECK_OPTION_VIOLATION,
                  "new row violates check option for view \"%.*s\"",
                  TEXT_ARG(modify->checks[failed].name));
        error_detail(error, "Failing row contains %.*s.", TEXT_ARG(row));
        query_rethrow(w->q, error);
    } else {
        Text name = modify->checks[failed].name;
        error_set(error, E_CHECK_VIOLATION,
                  "new row for relation \"%.*s\" violates check constraint \"%.*s\"",
                  TEXT_ARG(modify->relation_name), TEXT_ARG(name));
        object_name(error->object.constraint, sizeof error->object.constraint, name);
    }
    object_name(error->object.schema, sizeof error->object.schema, modify->schema_name);
    object_name(error->object.table, sizeof error->object.table, modify->relation_name);
    error_detail(error, "Failing row contains %.*s.", TEXT_ARG(row));
    query_rethrow(w->q, error);
}

/* ---- checks ---- */

/* First of the rows [0, limit) that is NULL in the column; limit: none. */
static i32 first_null(const Chunk *rows, i32 column, i32 limit)
{
    const Vector *vector = &rows->columns[column];
    if (!vector->valid)
        return limit;
    for (i32 i = 0; i < limit; i++)
        if (vector_is_null(vector, chunk_position(rows, i)))
            return i;
    return limit;
}

/* First that fails: is FALSE, or with strictly not TRUE. */
static i32 first_false(const Chunk *rows, const Vector *result, bool strictly, i32 limit)
{
    for (i32 i = 0; i < limit; i++) {
        Value value = vector_value(result, chunk_position(rows, i));
        if (value.null ? strictly : !value.boolean)
            return i;
    }
    return limit;
}

void row_check_run(Worker *w, const RowCheckShape *shape, RowCheck *check, const Chunk *rows)
{
    const PlanModify *modify = shape->modify;
    i32 count = chunk_rows(rows), first = count, column = -1, failed = -1;
    load_columns(w, rows);
    for (i32 i = 0; i < modify->row_count; i++) {
        i32 at = modify->not_null && modify->not_null[i] ? first_null(rows, i, first) : first;
        column = at < first ? i : column;
        first = at;
    }
    if (check->checks)
        evaluator_reset(check->checks);
    for (i32 i = 0; i < modify->check_count; i++) {
        i32 at = first_false(rows, evaluate(w->q, check->checks, rows, i), modify->checks[i].view,
                             first);
        if (at < first) {
            column = -1;
            failed = i;
        }
        first = at;
    }
    arena_reset(&check->scratch);
    if (first < count)
        fail_row(w, modify, rows, chunk_position(rows, first), check, column, failed);
}

void row_check_return(Worker *w, const RowCheckShape *shape, RowCheck *check, const Chunk *rows,
                      Chunk *out)
{
    *out = (Chunk){.n = 0};
    if (!shape->returning || chunk_rows(rows) == 0)
        return;
    const ExprList *returning = &shape->modify->returning;
    evaluator_reset(check->returning);
    for (i32 i = 0; i < returning->count; i++) {
        check->columns[i] = *evaluate(w->q, check->returning, rows, i);
        check->columns[i].type = returning->items[i]->type;
    }
    *out = (Chunk){.n = rows->n,
                   .sel = rows->sel,
                   .column_count = returning->count,
                   .columns = check->columns,
                   .arena = rows->arena};
}
