/* SPDX-License-Identifier: Apache-2.0
 *
 * The planner's public face: bind a statement, describe it, plan it.
 *
 * Ownership law: a Prepared is counted and has its own arena; a PlanTree likewise. Both are
 * immutable but for the plan cache inside a Prepared.
 */
#ifndef GOTGAN_PLANNER_H
#define GOTGAN_PLANNER_H

#include "planner/plan.h"

typedef struct Bound Bound;
typedef struct Prepared Prepared;

/* Optional passes can be switched off one by one: answers stay the same. */
typedef struct PlannerSettings {
    u32 passes_off; /* bit i: planner_pass(i) */
} PlannerSettings;
/* The name of the i-th optional pass; NULL: there are not so many. */
const char *planner_pass(i32 i);

/* Resolves names and types. types[0..type_count): declared parameter types, 0: infer; type_count
 * NO_PARAMETERS: a text that comes without any. Throws
 * PostgreSQL's errors with their positions. text: the whole text the ast's offsets count in. */
enum { NO_PARAMETERS = -1 };
Prepared *prepared_bind(Query *q, const CatalogView *view, const Environment *env,
                        const struct Ast *ast, Text text, const u32 *types, i32 type_count);
Prepared *prepared_keep(Prepared *prepared);
void prepared_release(Prepared *prepared);
const Bound *prepared_bound(const Prepared *prepared);
/* Do all objects it names still have the versions it was bound with, and are bare names looked for
 * in the same schemas? Never so for a definition. */
bool prepared_is_valid(Query *q, const Prepared *prepared, const CatalogView *view);

/* What Describe answers. */
typedef struct ResultColumn {
    Text name;
    Type type;
    u32 relation_oid; /* 0: not a plain column */
    i16 number;
} ResultColumn;
/* NULL and count 0: no rows come (NoData). */
const ResultColumn *prepared_columns(const Prepared *prepared, i32 *count);
const u32 *prepared_parameters(const Prepared *prepared, i32 *count);

/* An argument of EXECUTE as parameter `number`, whose type is given: an expression without columns
 * and sub-queries in q's arena. 42804 when it cannot become that type. text: the argument's. */
Expr *execute_argument_bind(Query *q, const CatalogView *view, const Environment *env,
                            const struct Ast *argument, Text text, i32 number, u32 type);

/* The plan for these parameter values under this snapshot; the caller holds a count. */
PlanTree *plan_for(Query *q, const CatalogView *view, const Environment *env, Prepared *prepared,
                   const Value *values, const PlannerSettings *settings);

/* Throws what a definition's query does wrong with grouped columns in its sub-queries (42803): only
 * the logical tree tells. What it cannot do is told when it runs. */
void plan_check_grouping(Query *q, const CatalogView *view, const Environment *env,
                         const Bound *bound);

/* ---- EXPLAIN ---- */
typedef struct ExplainSetting {
    const char *name;
    Text value;
} ExplainSetting;
typedef struct ExplainOptions {
    bool analyze, verbose, costs, timing, summary, buffers, wal, settings;
    ExplainFormat format;
    const ExplainSetting *changed; /* settings: those that have not their initial values */
    i32 changed_count;
    const PlanCounters *counters; /* ANALYZE */
    f64 planning_ms, execution_ms;
} ExplainOptions;
/* PostgreSQL's answer: lines in the text format, else one text. plan NULL: CREATE TABLE AS that
 * found the table there. */
Text *explain_lines(Query *q, const PlanTree *plan, const ExplainOptions *options, i32 *count);

#endif
