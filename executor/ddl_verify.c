/* SPDX-License-Identifier: Apache-2.0
 *
 * ALTER TABLE: the rows that are there against what the table shall promise from now on.
 *
 * A scan of the table as the transaction sees it after the change, on the session thread, chunk by
 * chunk: columns that became NOT NULL, then the new CHECKs. Memory: a chunk.
 */
#include "catalog/definition.h"
#include "executor/ddl.h"
#include "executor/row_check.h"

typedef struct Verify {
    const Ddl *ddl;
    const PlanCommand *command;
    const CatalogRelation *relation;
    ScanColumn *columns; /* the live ones, in order */
    const CatalogColumn **live;
    i32 count;
    Evaluator *evaluator; /* NULL: no checks */
    Relation *open;
} Verify;

static void live_columns(Verify *v)
{
    Query *q = v->ddl->q;
    v->columns = make_array(q, ScanColumn, v->relation->column_count);
    v->live = make_array(q, const CatalogColumn *, v->relation->column_count);
    for (i32 i = 0; i < v->relation->column_count; i++) {
        const CatalogColumn *column = &v->relation->columns[i];
        if (column->dropped)
            continue;
        v->live[v->count] = column;
        v->columns[v->count++] = (ScanColumn){
            .id = (ColumnId)column->number, .type = column->type, .lane = type_lane(column->type)};
    }
}

static void compile_checks(Verify *v, const ExecutionInput *input)
{
    Query *q = v->ddl->q;
    const PlanCommand *command = v->command;
    if (command->check_count == 0)
        return;
    Expr **exprs = make_array(q, Expr *, command->check_count);
    for (i32 i = 0; i < command->check_count; i++)
        exprs[i] = command->checks[i].expr;
    const Program *program = program_compile(q, q->arena, exprs, command->check_count);
    v->evaluator =
        evaluator_open(q, q->arena, program, input->env, input->parameters, input->parameter_count);
}

static Text verify_schema(const Verify *v)
{
    return schema_name(v->ddl->q, v->ddl->view, v->relation->schema);
}

static void check_nulls(const Verify *v, const Chunk *rows)
{
    for (i32 c = 0; v->command->not_null && c < v->count; c++) {
        if (!v->command->not_null[v->live[c]->number - 1])
            continue;
        for (i32 i = 0; i < chunk_rows(rows); i++)
            if (vector_is_null(&rows->columns[c], chunk_position(rows, i)))
                row_check_fail_old_null(v->ddl->q, verify_schema(v), v->relation->name,
                                        v->live[c]->name);
    }
}

static void check_rows(const Verify *v, const Chunk *rows)
{
    Query *q = v->ddl->q;
    check_nulls(v, rows);
    if (!v->evaluator)
        return;
    evaluator_reset(v->evaluator);
    for (i32 k = 0; k < v->command->check_count; k++) {
        const Vector *result = evaluate(q, v->evaluator, rows, k);
        for (i32 i = 0; i < chunk_rows(rows); i++) {
            Value value = vector_value(result, chunk_position(rows, i));
            if (!value.null && !value.boolean)
                row_check_fail_old_check(q, verify_schema(v), v->relation->name,
                                         v->command->checks[k].name);
        }
    }
}

typedef struct ScanCloser {
    const TableAccess *access;
    Scan *scan;
    Relation *relation;
} ScanCloser;

static void close_scan(void *thing)
{
    ScanCloser *closer = thing;
    if (closer->scan)
        closer->access->scan_close(closer->scan);
    closer->scan = NULL;
    if (closer->relation)
        closer->access->close(closer->relation);
    closer->relation = NULL;
}

static void scan_split(const Verify *v, const ScanSpec *spec, const Split *split,
                       ScanCloser *closer)
{
    Query *q = v->ddl->q;
    const TableAccess *access = v->relation->access;
    if (!access->scan_open(v->open, spec, split, &q->control->budget, &closer->scan, &q->error))
        query_rethrow(q, &q->error);
    for (;;) {
        Chunk rows = {.n = 0};
        u64 applied;
        query_check(q);
        ScanStatus status = access->scan_next(closer->scan, &rows, &applied, &q->error);
        if (status == SCAN_ERROR)
            query_rethrow(q, &q->error);
        if (status == SCAN_END)
            break;
        for (i32 c = 0; c < rows.column_count; c++)
            if (!vector_load(&rows.columns[c], rows.sel, rows.n, &q->error))
                query_rethrow(q, &q->error);
        check_rows(v, &rows);
    }
    access->scan_close(closer->scan);
    closer->scan = NULL;
}

void ddl_verify_rows(const Ddl *ddl, const PlanCommand *command, const ExecutionInput *input)
{
    Query *q = ddl->q;
    if (command->check_count == 0 && !command->not_null)
        return;
    Verify v = {.ddl = ddl, .command = command, .relation = command->relation};
    live_columns(&v);
    compile_checks(&v, input);
    Snapshot *now = ddl_newest_snapshot(ddl);
    ScanCloser *closer = make(q, ScanCloser);
    const TableAccess *access = closer->access = v.relation->access;
    query_defer(q, q->arena, close_scan, closer);
    if (!access->open(now, v.relation->relation, &q->control->budget, &v.open, &q->error))
        query_rethrow(q, &q->error);
    closer->relation = v.open;
    ScanSpec spec = {.columns = v.columns, .column_count = v.count};
    Split *splits;
    i32 count;
    if (!access->splits(v.open, &spec, q->arena, &splits, &count, &q->error))
        query_rethrow(q, &q->error);
    for (i32 i = 0; i < count; i++)
        scan_split(&v, &spec, &splits[i], closer);
    close_scan(closer);
}
