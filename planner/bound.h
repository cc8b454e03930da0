/* SPDX-License-Identifier: Apache-2.0
 *
 * Bound: the analysed statement: names resolved to columns and objects, a Type on every node, casts
 * explicit, parameters numbered. Kept whole and never changed after bind: prepared statements,
 * views and EXPLAIN read it, and another executor could.
 *
 * Columns have ids unique in the statement. A FROM item owns the ids of its columns; a query owns
 * the ids of its outputs. GROUP BY over a plain column keeps the column's id; other keys and all
 * aggregates get ids of their own, so that above the grouping everything is a column. A reference
 * to a column of an outer query is just its id: what is free in a query is correlated.
 *
 * Ownership law: everything is in the arena of the Prepared it belongs to.
 */
#ifndef GOTGAN_BOUND_H
#define GOTGAN_BOUND_H

#include "planner/plan.h"

typedef struct BoundQuery BoundQuery;
typedef struct BoundFrom BoundFrom;

/* What a column id stands for. */
typedef struct BoundColumn {
    Text name;
    Type type;
    Lane lane;
    u32 relation_oid; /* origin, when it is a plain column of a relation; else 0 */
    i32 number;       /* attnum of the origin */
    Text qualifier;   /* alias of its FROM item, for messages and EXPLAIN */
    bool used;        /* named in the statement itself, not only in a view it uses */
} BoundColumn;

typedef enum BoundFromKind {
    FROM_RELATION,
    FROM_QUERY,
    FROM_CTE,
    FROM_FUNCTION,
    FROM_JOIN
} BoundFromKind;

typedef enum BoundJoinKind {
    BOUND_CROSS,
    BOUND_INNER,
    BOUND_LEFT,
    BOUND_RIGHT,
    BOUND_FULL
} BoundJoinKind;

struct BoundFrom {
    BoundFromKind kind;
    Text alias;
    i32 first_column, column_count;  /* ids of its columns; JOIN: none of its own */
    const CatalogRelation *relation; /* RELATION: columns[i] has id first_column + i, dropped too */
    BoundQuery *query;               /* QUERY: its outputs are the columns */
    Expr *sample;                    /* RELATION: percentage of its rows, float8; NULL: all */
    Expr *sample_seed;               /* RELATION: of REPEATABLE, float8; NULL: none */
    i32 cte;                         /* CTE: index into Bound.ctes */
    const FunctionRow *function;     /* FUNCTION */
    ExprList args;
    bool ordinality;
    BoundJoinKind join;
    BoundFrom *left, *right;
    Expr *condition;  /* JOIN: ON or the equalities of USING; NULL: none */
    bool has_row_id;  /* RELATION: its rows are locked: */
    i32 row_id;       /* column id of the row id */
    bool has_present; /* an outer join may miss its rows and somebody asks whether it did: */
    i32 present;      /* the id of a column that is TRUE in each of them */
    bool lateral;     /* QUERY, FUNCTION: may use columns of items before it */
};

typedef struct BoundTarget {
    Expr *expr;
    Text name;
    i32 output; /* the query's output column id; hidden sort keys have one too */
} BoundTarget;

typedef struct BoundSort {
    i32 target; /* index into targets */
    bool descending, nulls_first;
} BoundSort;

typedef struct BoundGroup {
    Expr *expr;
    i32 column; /* the id it has above the grouping */
} BoundGroup;

typedef struct BoundAggregate {
    Expr *call; /* EXPR_AGGREGATE */
    i32 column;
} BoundAggregate;

/* A call of a set-returning function in the select list: a column of its own, made by a node that
 * gives one row for each of its results. */
typedef struct BoundSetCall {
    Expr *call; /* EXPR_CALL of a SET function */
    i32 column;
    i32 depth;      /* 1 + the deepest of the set calls in its arguments */
    bool below;     /* a grouping expression uses it: made below the grouping */
    i32 above_copy; /* below: the column a copy of the call has above the grouping; -1: none */
} BoundSetCall;

/* A relation of FROM whose rows a SELECT locks. */
typedef struct BoundLock {
    const BoundFrom *from; /* RELATION */
    LockMode mode;
    LockWaits wait;
    i32 target;        /* hidden target: the row id */
    bool pushed;       /* written on a query around this one */
    const char *words; /* "FOR UPDATE" */
} BoundLock;

typedef enum BoundBody { BODY_SELECT, BODY_VALUES, BODY_SET } BoundBody;

struct BoundQuery {
    BoundBody body;
    /* SELECT */
    BoundFrom **from;
    i32 from_count;
    Expr *where;
    bool grouped; /* has GROUP BY, HAVING or aggregates */
    BoundGroup *groups;
    i32 group_count;
    BoundAggregate *aggregates;
    i32 aggregate_count;
    Expr *having;
    BoundSetCall *set_calls; /* in an order of evaluation */
    i32 set_call_count;
    BoundLock *locks;
    i32 lock_count;
    BoundTarget *targets; /* visible ones first, then hidden sort keys */
    i32 target_count, visible_count;
    bool distinct;    /* SELECT DISTINCT */
    i32 *distinct_on; /* targets of DISTINCT ON */
    i32 distinct_on_count;
    /* VALUES: visible_count expressions each; targets only name the outputs */
    ExprList *rows;
    i32 row_count;
    /* SET: left op right, outputs typed alike (casts are targets of the inputs) */
    enum { BOUND_UNION, BOUND_INTERSECT, BOUND_EXCEPT } set;
    bool all;
    BoundQuery *left, *right;
    /* all */
    BoundSort *sort;
    i32 sort_count, sort_capacity;
    Expr *limit, *offset; /* int8; NULL: none */
    bool with_ties;
};

/* INSERT, UPDATE or DELETE: a statement, or a common table expression. */
typedef struct BoundModify {
    PlanKind kind;       /* PLAN_INSERT, PLAN_UPDATE, PLAN_DELETE */
    BoundQuery *source;  /* INSERT: rows to insert, all live columns in order; UPDATE: row id, then
                            the new row; DELETE: row id, then the old row when RETURNING reads it;
                            behind them what RETURNING reads of the other FROM items */
    BoundQuery *query;   /* source, or a query over it: behind its columns, for each condition of a
                            view that has sub-queries, whether the new row satisfies it */
    PlanModify plan;     /* expressions over positions of what stands behind the row id */
    i32 row_id_column;   /* UPDATE DELETE: column id of the target's row id; -1: none */
    PlanColumn *outputs; /* of RETURNING */
} BoundModify;

typedef struct BoundCte {
    Text name;
    BoundQuery *query;   /* modify: only names the outputs */
    BoundModify *modify; /* NULL: a query */
    bool materialized;   /* written MATERIALIZED, or referenced more than once */
    bool never;          /* NOT MATERIALIZED */
    bool is_volatile;    /* calls something that may give another answer each time */
    i32 references;
} BoundCte;

/* An object the statement uses, with what it needs of it. */
typedef struct BoundUse {
    u32 object_class, oid;
    Version version;
    bool temporary; /* a relation of the session itself */
    enum {
        USE_SELECT = 1,
        USE_INSERT = 2,
        USE_UPDATE = 4,
        USE_DELETE = 8,
        USE_TRUNCATE = 16,
        USE_CHANGE = 32, /* its definition: nobody else writes it meanwhile */
        USE_LOCK_ROWS = 64
    } privileges;
} BoundUse;

/* The fields of rows of type record whose typmod is its number. */
typedef struct RowShape {
    Text *names;
    Type *types;
    i32 count;
    bool named; /* the row of a table or view */
} RowShape;

typedef enum BoundKind {
    BOUND_QUERY, /* SELECT, VALUES */
    BOUND_INSERT,
    BOUND_UPDATE,
    BOUND_DELETE,
    BOUND_COPY_IN,
    BOUND_COMMAND,
} BoundKind;

typedef struct Bound Bound;
struct Bound {
    BoundKind kind;
    Text text;            /* of the statement */
    BoundColumn *columns; /* by column id */
    i32 column_count;
    BoundQuery **subqueries; /* by EXPR_SUBQUERY's number */
    i32 subquery_count;
    BoundCte *ctes; /* in order of definition: each may use those before it */
    i32 cte_count;
    BoundUse *uses;
    i32 use_count;
    RowShape *row_shapes;
    i32 row_shape_count;
    u32 *parameter_types; /* by number - 1 */
    i32 parameter_count;

    BoundQuery *query;      /* QUERY; INSERT UPDATE DELETE: a query over the common table expression
                               `main`, when RETURNING needs one; else NULL */
    BoundModify *modify;    /* INSERT UPDATE DELETE COPY_IN */
    i32 main;               /* INSERT UPDATE DELETE with a query: the CTE that holds modify */
    BoundTarget *returning; /* what RETURNING gives, with its origin: an output column or -1 */
    i32 returning_count;
    bool is_write;     /* changes rows, in a common table expression at least */
    const char *locks; /* "FOR UPDATE": it locks rows somewhere; NULL: it does not */
    PlanCopyIn copy_in;
    ExprList copy_row; /* COPY_IN: the table's row from the fields read (positions) */
    Expr *copy_where;  /* COPY_IN: over the table's row (positions); NULL: none */
    PlanCommand command;
    Bound *inner; /* COMMAND: EXPLAIN's statement, the query of COPY TO or CREATE TABLE AS */
    const char *tag;
};

#endif
