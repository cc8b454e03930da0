/* SPDX-License-Identifier: Apache-2.0
 *
 * nextval, setval, currval, lastval, pg_get_serial_sequence and pg_sequence_last_value.
 *
 * nextval takes the values of all rows of a chunk that name the same sequence at once.
 *
 * Memory: the call's arena. Not here: how values are given out (sequence_values.c).
 */
#include "catalog/catalog_kernel.h"
#include "catalog/definition.h"
#include "catalog/sequence_values.h"
#include "catalog/written_name.h"

/* ---- nextval ---- */

/* The rows a kernel shall do. */
typedef struct WantedRows {
    i32 *rows;
    i32 count;
} WantedRows;

static bool wanted_rows(KernelCall *call, WantedRows *wanted)
{
    i32 count = call->sel ? call->sel->count : call->n;
    wanted->count = 0;
    wanted->rows = arena_try(call->arena, count * (i64)sizeof *wanted->rows, call->error);
    if (!wanted->rows)
        return false;
    for (i32 k = 0; k < count; k++) {
        i32 i = call->sel ? call->sel->rows[k] : k;
        if (!call->result->valid || bit_get(call->result->valid, i))
            wanted->rows[wanted->count++] = i;
    }
    return true;
}

/* How many rows from the k-th on name the same sequence. */
static i32 run_length(const KernelCall *call, const WantedRows *wanted, i32 k)
{
    if (call->args[0].form == VECTOR_CONSTANT)
        return wanted->count - k;
    u32 oid = arg_oid(call, 0, wanted->rows[k]);
    i32 n = 1;
    while (k + n < wanted->count && arg_oid(call, 0, wanted->rows[k + n]) == oid)
        n++;
    return n;
}

static KernelStatus nextval_kernel(KernelCall *call)
{
    WantedRows wanted;
    i64 *values = arena_try(call->arena, call->n * (i64)sizeof *values, call->error);
    if (!values || !wanted_rows(call, &wanted))
        return KERNEL_ERROR;
    for (i32 k = 0; k < wanted.count;) {
        i32 n = run_length(call, &wanted, k);
        i64 given;
        if (!sequence_next(call->env->sequences, call->env->catalog->snapshot,
                           arg_oid(call, 0, wanted.rows[k]), values, n, &given, call->error))
            return row_failed(call, wanted.rows[k + given]);
        for (i32 i = 0; i < n; i++)
            put_i64(call, wanted.rows[k + i], values[i]);
        k += n;
    }
    return KERNEL_OK;
}

/* ---- the others, row by row ---- */

static void setval(Query *q, KernelCall *call, i32 i)
{
    Error error;
    SequencePoint point = {arg_i64(call, 1, i), call->nargs < 3 || arg_bool(call, 2, i)};
    if (!sequence_set(call->env->sequences, call->env->catalog->snapshot, arg_oid(call, 0, i),
                      point, &error))
        query_rethrow(q, &error);
    put_i64(call, i, point.last);
}
CATALOG_KERNEL(setval)

static void currval(Query *q, KernelCall *call, i32 i)
{
    Error error;
    i64 value;
    if (!sequence_current(call->env->sequences, call->env->catalog->snapshot, arg_oid(call, 0, i),
                          &value, &error))
        query_rethrow(q, &error);
    put_i64(call, i, value);
}
CATALOG_KERNEL(currval)

static void lastval(Query *q, KernelCall *call, i32 i)
{
    Error error;
    i64 value;
    if (!sequence_last(call->env->sequences, call->env->catalog->snapshot, &value, &error))
        query_rethrow(q, &error);
    put_i64(call, i, value);
}
CATALOG_KERNEL(lastval)

/* The column is taken as it is written: no folding, no quotes. */
static void serial_sequence(Query *q, KernelCall *call, i32 i)
{
    const CatalogView *view = call->env->catalog;
    Text name = arg_text(call, 1, i);
    const CatalogRelation *table = relation_by_written_name(q, view, arg_text(call, 0, i));
    i32 at = catalog_column(table, name);
    if (at == CATALOG_NO_COLUMN)
        query_fail(q, E_UNDEFINED_COLUMN, "column \"%.*s\" of relation \"%.*s\" does not exist",
                   TEXT_ARG(name), TEXT_ARG(table->name));
    const CatalogSequence *sequence =
        catalog_column_sequence(q, view, table->oid, table->columns[at].number);
    const CatalogRelation *relation = sequence ? catalog_relation(q, view, sequence->oid) : NULL;
    if (relation)
        put_text(call, i, qualified_name(q, written_schema(q, view, relation), relation->name));
    else
        put_null(call, i);
}
CATALOG_KERNEL(serial_sequence)

static void last_value(Query *q, KernelCall *call, i32 i)
{
    Error error;
    SequencePoint point;
    i64 log_count;
    if (!sequence_point(call->env->catalog->snapshot, arg_oid(call, 0, i), &point, &log_count,
                        &error))
        query_rethrow(q, &error);
    if (point.is_called)
        put_i64(call, i, point.last);
    else
        put_null(call, i);
}
CATALOG_KERNEL(last_value)

void attach_sequence_functions(void)
{
    attach(OP_NEXTVAL, nextval_kernel);
    attach(OP_SETVAL, setval_kernel);
    attach(OP_CURRVAL, currval_kernel);
    attach(OP_LASTVAL, lastval_kernel);
    attach(OP_PG_GET_SERIAL_SEQUENCE, serial_sequence_kernel);
    attach(OP_PG_SEQUENCE_LAST_VALUE, last_value_kernel);
}
