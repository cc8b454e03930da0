/* SPDX-License-Identifier: Apache-2.0
 *
 * Logical: the relational tree that passes rewrite, over dense column ids.
 *
 * Every node gives out a set of column ids; an expression of a node may use the ids of its inputs
 * (and below an APPLY those of its left side). Passes build new nodes or change nodes in place: the
 * tree belongs to the planning arena and to one thread. logical_verify() checks after each pass in
 * debug builds that every expression finds its columns.
 */
#ifndef GOTGAN_LOGICAL_H
#define GOTGAN_LOGICAL_H

#include "planner/bound.h"

typedef enum LogicalKind {
    LOGICAL_GET, /* a relation */
    LOGICAL_VALUES,
    LOGICAL_FUNCTION,    /* a set-returning function, once per row of its input (if any) */
    LOGICAL_PROJECT_SET, /* its input's columns and those of set-returning calls side by side */
    LOGICAL_CTE,         /* a reference to a materialised CTE */
    LOGICAL_FILTER,
    LOGICAL_PROJECT, /* new columns only: what is not listed is gone */
    LOGICAL_JOIN,
    LOGICAL_APPLY,     /* a join whose right side may use columns of the left: before unnesting */
    LOGICAL_AGGREGATE, /* also DISTINCT */
    LOGICAL_DISTINCT_ON,
    LOGICAL_SORT,
    LOGICAL_LIMIT,
    LOGICAL_SET, /* UNION ALL, INTERSECT [ALL], EXCEPT [ALL] */
} LogicalKind;

/* A set of column ids. */
typedef struct ColumnSet {
    u64 *words;
    i32 word_count;
} ColumnSet;

typedef enum LogicalSetKind { LOGICAL_UNION, LOGICAL_INTERSECT, LOGICAL_EXCEPT } LogicalSetKind;

typedef struct LogicalColumn {
    i32 id;
    Expr *expr; /* PROJECT, PROJECT_SET calls, AGGREGATE keys and calls */
} LogicalColumn;

typedef struct LogicalSort {
    Expr *key;
    bool descending, nulls_first;
} LogicalSort;

typedef struct Logical Logical;

struct Logical {
    LogicalKind kind;
    Logical *inputs[2];
    f64 rows; /* estimate, filled by estimate.c; < 0: not yet */
    union {
        struct {
            const BoundFrom *from; /* column i has id from->first_column + i */
            i32 row_id;            /* column id of the row id; -1: not wanted */
            ExprList filters;      /* conjuncts pushed here */
            const TableStatistics *statistics;
            ColumnSet wanted; /* after pruning */
        } get;
        struct {
            const i32 *ids;
            i32 id_count;
            ExprList *rows;
            i32 row_count;
        } values;
        struct {
            const FunctionRow *row;
            ExprList args;
            i32 first_column;
            bool ordinality;
        } function;
        struct {
            i32 number;
            i32 first_column, column_count;
        } cte;
        ExprList filter; /* conjuncts */
        struct {
            LogicalColumn *columns;
            i32 count;
        } project; /* PROJECT_SET too */
        struct {
            JoinType type;
            ExprList conditions; /* conjuncts */
            i32 mark;            /* MARK_JOIN: id of the boolean */
            bool null_aware;
            bool null_equal;    /* equalities of `null_keys` treat NULLs as equal */
            ExprList null_keys; /* pairs (l, r), l IS NOT DISTINCT FROM r */
        } join;                 /* APPLY too */
        struct {
            LogicalColumn *keys;
            i32 key_count;
            LogicalColumn *calls; /* expr: EXPR_AGGREGATE */
            i32 call_count;
        } aggregate;
        struct {
            LogicalSort *keys;
            i32 key_count;
            Expr *limit, *offset; /* LIMIT; and SORT that became Top-N; DISTINCT_ON: per run */
            bool with_ties;
            i32 tie_count; /* DISTINCT_ON WITH TIES: how many of the keys, the last, are ties */
            const BoundLock *locks; /* LIMIT: instead of a limit, one per key, a row id */
        } sort;                     /* SORT, LIMIT, DISTINCT_ON (keys: what is distinct) */
        struct {
            LogicalSetKind operation;
            bool all;
            const i32 *ids, *left_ids, *right_ids; /* ids[i] is left_ids[i] or right_ids[i] */
            i32 count;
        } set;
    };
};

/* What the passes share while one statement is planned. */
typedef struct Planning {
    Query *q;
    const CatalogView *view;
    const Environment *env;
    const Bound *bound;
    const Value *values;  /* of parameters */
    BoundColumn *columns; /* by id; grows with new ones */
    i32 column_count, column_capacity;
    Logical **ctes;      /* by number: Bound's first, then the planner's own; NULL: inlined */
    i32 **cte_outputs;   /* column ids of each, by position */
    ColumnSet *cte_free; /* columns of outer queries it uses: for unnesting only */
    i32 cte_count;
    i32 first_shared; /* CTEs from here on are shared subplans */
    u32 passes_off;
    Arena *arena;
} Planning;

/* ---- logical_make.c: nodes and sets ---- */
i32 planning_column(Planning *p, Text name, Type type, Lane lane);
Expr *planning_ref(Planning *p, i32 column);
/* Adds a common table expression made by the planner; returns its number. */
i32 planning_cte(Planning *p, Logical *node);
/* A reference to it with fresh ids, the first of which is cte.first_column. */
Logical *planning_cte_ref(Planning *p, i32 number, i32 column_count);
/* a IS NOT DISTINCT FROM b, of one lane. */
Expr *planning_same(Planning *p, i32 a, i32 b);
Logical *logical_new(Planning *p, LogicalKind kind, Logical *left, Logical *right);
Logical *logical_filter(Planning *p, Logical *input, Expr *const *conjuncts, i32 count);
Logical *logical_join(Planning *p, JoinType type, Logical *left, Logical *right,
                      Expr *const *conditions, i32 count);
/* A conjunct list from any boolean expression: AND taken apart, TRUE dropped. */
ExprList split_conjuncts(Planning *p, Expr *expr);
ExprList list_concat(Planning *p, ExprList a, ExprList b);

ColumnSet set_new(Planning *p);
void set_add(ColumnSet *set, i32 id);
bool set_has(const ColumnSet *set, i32 id);
void set_union(ColumnSet *set, const ColumnSet *other);
bool set_intersects(const ColumnSet *a, const ColumnSet *b);
bool set_contains(const ColumnSet *all, const ColumnSet *part);
bool set_is_empty(const ColumnSet *set);
/* Ids an expression uses. */
ColumnSet expr_columns(Planning *p, const Expr *expr);
void add_expr_columns(Planning *p, const Expr *expr, ColumnSet *set);
/* Ids a node gives out. */
ColumnSet logical_columns(Planning *p, const Logical *node);
void add_logical_columns(Planning *p, const Logical *node, ColumnSet *set);
/* Ids made somewhere in the tree. */
ColumnSet logical_made(Planning *p, const Logical *node);
/* Ids used somewhere in the tree and not made in it. */
ColumnSet logical_free(Planning *p, const Logical *node);
/* The node's columns and one that numbers its rows from 1, by one worker, as they come. */
Logical *logical_number_rows(Planning *p, Logical *node, i32 *number);
/* count columns like those of like[]. */
void columns_like(Planning *p, const i32 *like, i32 count, i32 *ids);
/* Has it expressions that may give something else each time? */
bool logical_is_volatile(Planning *p, const Logical *node);
/* Expression with columns replaced: map_to[i] for map_from[i]. */
Expr *expr_replace_columns(Planning *p, Expr *expr, const i32 *from, Expr *const *to, i32 count);
/* A copy of the node with lists of its own, so that rewriting leaves the original alone. */
Logical *logical_shell(Planning *p, const Logical *node);
/* A copy of the tree that makes columns of its own: their ids are the old ones + *shift. */
Logical *logical_renumber(Planning *p, const Logical *node, i32 *shift);
/* Calls visit for every expression slot of this node alone. */
void logical_exprs(Planning *p, Logical *node, void (*visit)(void *state, Planning *p, Expr **slot),
                   void *state);

/* ---- stages ---- */
Logical *logical_build(Planning *p, const BoundQuery *query);
/* One row with the value, which may hold sub-queries (logical_build.c). */
Logical *logical_one_row(Planning *p, i32 column, Expr *value);
/* A scan of a FROM item with TABLESAMPLE (logical_sample.c). */
Logical *logical_sample(Planning *p, Logical *get);
/* ---- logical_group.c ---- */
typedef struct SetSides {
    Logical *left, *right;
    i32 *left_ids, *right_ids; /* their columns, count each */
    i32 count;
} SetSides;
/* left, and right appended to it. */
Logical *logical_union_all(Planning *p, Logical *left, Logical *right, const i32 *ids,
                           const i32 *left_ids, const i32 *right_ids, i32 count);
/* INTERSECT or EXCEPT. */
Logical *logical_set_operation(Planning *p, LogicalSetKind kind, bool all, SetSides *sides,
                               const i32 *ids);
Logical *logical_distinct(Planning *p, Logical *input, const i32 *ids, i32 count);
/* An aggregation without keys and calls, with room for so many. */
Logical *logical_aggregate(Planning *p, i32 keys, i32 calls);
/* A key of it, shown as column id; gives the id of what is compared. */
i32 logical_group_by(Planning *p, Logical *node, i32 id, Expr *expr);
/* A column as it is compared. */
Expr *logical_key(Planning *p, i32 id);

Logical *logical_unnest(Planning *p, Logical *node);
Logical *run_passes(Planning *p, Logical *root, const ColumnSet *wanted);
void logical_verify(Planning *p, const Logical *node);

/* ---- estimate.c ---- */
void estimate_rows(Planning *p, Logical *node);
f64 estimate_selectivity(Planning *p, const Logical *input, const Expr *conjunct);
/* Distinct values of an expression over a node. */
f64 estimate_distinct(Planning *p, const Logical *node, const Expr *expr);

/* ---- physical.c ---- */
Plan *physical_plan(Planning *p, Logical *node, const i32 *outputs, i32 count);

#endif
