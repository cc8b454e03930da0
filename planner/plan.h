/* SPDX-License-Identifier: Apache-2.0
 *
 * Plan: what the executor runs: a tree of physical operators, const once the planner made it.
 *
 * Expressions of a node refer to the columns of its input by position; for two inputs the columns
 * of inputs[0] come first, then those of inputs[1]. columns[] is what the node gives out. Numbers
 * of nodes count from 0 in the order EXPLAIN prints them.
 *
 * Ownership law: a PlanTree lives in its own arena and is counted; whoever runs or caches it holds
 * a count.
 */
#ifndef GOTGAN_PLAN_H
#define GOTGAN_PLAN_H

#include "base/charset.h"
#include "catalog/sequence.h"
#include "expressions/expr.h"
#include "types/sort_key.h"

struct Ast;

typedef enum PlanKind {
    PLAN_SCAN,          /* a relation, filters pushed into it */
    PLAN_VALUES,        /* constant rows; one row without columns for a SELECT without FROM */
    PLAN_FUNCTION_SCAN, /* a set-returning function in FROM */
    PLAN_PROJECT_SET,   /* rows of set-returning functions side by side, per input row */
    PLAN_CTE_SCAN,      /* rows of a materialised common table expression */
    PLAN_FILTER,
    PLAN_PROJECT,
    PLAN_HASH_JOIN,   /* inputs: probe, build */
    PLAN_NESTED_LOOP, /* join without an equality; inputs: outer, inner (kept in memory) */
    PLAN_AGGREGATE,   /* also DISTINCT: no calls */
    PLAN_SORT,
    PLAN_TOP_N, /* ORDER BY ... LIMIT n */
    PLAN_LIMIT,
    PLAN_LOCK_ROWS,     /* SELECT FOR UPDATE and its weaker kinds */
    PLAN_DISTINCT_ON,   /* first rows of each run of equal keys of a sorted input */
    PLAN_APPEND,        /* UNION ALL of inputs */
    PLAN_SET_OPERATION, /* INTERSECT, EXCEPT [ALL]; UNION is an aggregate over an append */
    PLAN_INSERT,
    PLAN_UPDATE,
    PLAN_DELETE,
    PLAN_COPY_IN, /* rows read from input->source */
    PLAN_COMMAND, /* run by a call on the session thread */
} PlanKind;

typedef struct PlanColumn {
    Type type;
    Lane lane;
    Text name;      /* for EXPLAIN and results */
    Text qualifier; /* alias of its FROM item, for EXPLAIN */
} PlanColumn;

typedef struct Plan Plan;

/* Filters the scan may push; the executor evaluates low, high and set when it opens. */
typedef struct PlanScanFilter {
    i32 scan_column; /* index into PlanScan.columns */
    FilterKind kind;
    Expr *low, *high; /* without columns; NULL: open. A NULL value at run time: no row passes */
    bool low_exclusive, high_exclusive;
    ExprList set;
    Expr *test; /* TEST: a predicate without FAILS over this one column (position 0) */
} PlanScanFilter;

/* A filter that a hash join's build side publishes to a scan of its probe side. */
typedef struct PlanRuntimeFilter {
    i32 join_number; /* Plan.number of the PLAN_HASH_JOIN */
    i32 key;         /* which of its keys */
    i32 scan_column;
} PlanRuntimeFilter;

typedef struct PlanScan {
    const TableAccess *access;
    u64 relation;
    u32 relation_oid;
    Text relation_name, schema_name, alias;
    ScanColumn *columns;
    i32 column_count;
    bool want_row_ids; /* one more output column, I64, at the end */
    bool is_target;    /* they are for the UPDATE or DELETE above, not for locks */
    PlanScanFilter *filters;
    i32 filter_count;
    ExprList conjuncts; /* the rest, over the scan's columns */
    ExprList shown;     /* filters and conjuncts as they were, for EXPLAIN */
    PlanRuntimeFilter *runtime_filters;
    i32 runtime_filter_count;
} PlanScan;

typedef struct PlanValues {
    ExprList *rows; /* each of column_count expressions without columns */
    i32 row_count;
} PlanValues;

typedef struct PlanFunctionScan {
    const FunctionRow *row; /* SET; or any function: one row */
    ExprList args;          /* over the (optional) input's columns */
    bool ordinality;
} PlanFunctionScan;

/* Output: the input's columns in kept[], then a column per call. An input row gives as many rows as
 * the longest of its calls; the others are NULL there. */
typedef struct PlanProjectSet {
    ExprList calls; /* EXPR_CALL of SET functions over the input */
    i32 *kept;
    i32 kept_count;
} PlanProjectSet;

typedef enum JoinType {
    INNER_JOIN,
    LEFT_JOIN,  /* every probe row */
    RIGHT_JOIN, /* every build row */
    FULL_JOIN,
    SEMI_JOIN,      /* probe rows with a match */
    ANTI_JOIN,      /* probe rows without a match */
    NULL_ANTI_JOIN, /* NOT IN: see PlanJoin.null_aware */
    MARK_JOIN,      /* every probe row and a boolean: TRUE, FALSE or (null_aware) NULL */
    SINGLE_JOIN,    /* every probe row with its only match or NULLs; 21000 for a second match */
    /* in plans only: SEMI and ANTI with the preserved side built */
    RIGHT_SEMI_JOIN, /* build rows with a match */
    RIGHT_ANTI_JOIN, /* build rows without a match */
} JoinType;

typedef struct PlanJoin {
    JoinType type;
    ExprList probe_keys, build_keys; /* equal in number, same Types and lanes; NESTED_LOOP: none */
    bool *null_equal;                /* per key: NULL matches NULL (IS NOT DISTINCT FROM) */
    bool *published;   /* per key: some scan has a runtime filter of it; NULL: none has */
    bool null_aware;   /* NULL_ANTI, MARK: a NULL in the (last) key or in the build makes unknown */
    ExprList residual; /* over probe ++ build columns: part of the join condition */
    i32 *probe_output, *build_output; /* positions given out: probe's first, then build's, then */
    i32 probe_output_count, build_output_count; /* (MARK) the boolean */
} PlanJoin;

typedef struct PlanAggregateCall {
    const AggregateRow *row;
    ExprList args;
    Expr *filter; /* NULL: none */
    bool distinct;
    ExprSort *order;
    i32 order_count;
} PlanAggregateCall;

typedef struct PlanAggregate {
    ExprList keys;            /* none: exactly one output row */
    PlanAggregateCall *calls; /* output: keys, then calls */
    i32 call_count;
    f64 groups; /* estimate */
} PlanAggregate;

typedef struct PlanSort {
    SortColumn *columns; /* positions in the input; DISTINCT_ON: the keys, then the ties */
    i32 column_count;
    i32 tie_count;        /* DISTINCT_ON WITH TIES */
    Expr *limit, *offset; /* TOP_N, LIMIT; NULL: none. DISTINCT_ON: per run, over the input */
    bool with_ties;
} PlanSort;

typedef enum LockWaits { LOCK_WAITS, LOCK_NOWAIT, LOCK_SKIP } LockWaits;

/* Rows of one table, by the row ids in a column. */
typedef struct PlanLock {
    const TableAccess *access;
    u64 relation;
    Text relation_name;
    LockMode mode;
    LockWaits wait;
    i32 column;
} PlanLock;

/* Gives out the rows of which all locks were got. */
typedef struct PlanLockRows {
    PlanLock *locks;
    i32 lock_count;
    PlanSort limit; /* of the node above: no more rows than it wants are locked */
} PlanLockRows;

typedef struct PlanSetOperation {
    enum { SET_INTERSECT, SET_EXCEPT } operation;
    bool all;
} PlanSetOperation;

/* A generated column: computed from the rest of the new row. */
typedef struct PlanGenerated {
    i32 column; /* position in the row, where the input has NULL */
    Expr *expr;
} PlanGenerated;

typedef struct PlanCheck {
    Text name;  /* of the constraint */
    Expr *expr; /* over the new row; FALSE fails with 23514 */
    bool view;  /* the name is a view's, WITH CHECK OPTION: FALSE and NULL fail with 44000; expr
                   may be a column behind the new row */
} PlanCheck;

/* INSERT: the input gives all live columns of the table in definition order. UPDATE: the row id
 * first, then the new row. DELETE: the row id, then (RETURNING) the old row. Behind the row there
 * may be more columns, for RETURNING and checks. */
typedef struct PlanModify {
    const TableAccess *access;
    u64 relation;
    u32 relation_oid;
    Text relation_name, schema_name;
    PlanColumn *row; /* columns of the table */
    bool *not_null;
    i32 row_count;
    PlanGenerated *generated;
    i32 generated_count;
    PlanCheck *checks;
    i32 check_count;
    bool changes_key; /* UPDATE: columns of a key get values */
    bool fills;       /* UPDATE of ALTER TABLE: what fails is a row that was there */
    ExprList
        returning; /* over the new row (DELETE: the old one) and the input's columns behind it */
} PlanModify;

typedef enum CopyFormat { COPY_TEXT, COPY_CSV } CopyFormat;
typedef enum CopyHeader { HEADER_NONE, HEADER_WRITE_OR_SKIP, HEADER_MATCH } CopyHeader;
typedef struct CopyOptions {
    CopyFormat format;
    CopyHeader header;
    char delimiter, quote, escape;
    Text null;
    bool *force_quote, *force_not_null, *force_null; /* per column; NULL: none */
    bool force_quote_all;
    const Charset *charset; /* of the bytes; NULL: UTF-8 */
} CopyOptions;

typedef struct PlanCopyIn {
    CopyOptions options;
    Text relation_name; /* for CONTEXT: COPY t, line 3, column a: "x" */
    Text *column_names;
    PlanColumn *fields; /* the columns read, in order of the file */
    i32 field_count;
} PlanCopyIn;

/* ---- commands ---- */

typedef enum CommandKind {
    COMMAND_SESSION, /* SET, SHOW, BEGIN, PREPARE ...: server/command.c reads the statement */
    COMMAND_EXPLAIN,
    COMMAND_CREATE_TABLE,
    COMMAND_CREATE_TABLE_AS, /* then the rows go in by an ordinary INSERT */
    COMMAND_CREATE_VIEW,
    COMMAND_CREATE_SCHEMA,
    COMMAND_SEQUENCE, /* CREATE SEQUENCE, ALTER SEQUENCE */
    COMMAND_DROP,
    COMMAND_ALTER_TABLE,
    COMMAND_TRUNCATE,
    COMMAND_LOCK,
    COMMAND_COMMENT,
    COMMAND_COPY_OUT, /* inner into copy_out's sink */
} CommandKind;

typedef struct PlanDropItem {
    u32 object_class, oid;
    Text name;  /* as written, for messages */
    i32 column; /* CLASS_DEFAULT: the attnum; oid is the table's */
} PlanDropItem;

/* COMMENT, or a comment that LIKE copies. */
typedef struct PlanComment {
    u32 object_class, oid; /* oid 0: of the relation that is made, or: */
    i32 constraint;        /* of its i-th constraint or the index of that; -1: of none */
    i32 column;            /* attnum; 0: the object */
    Text name;             /* of the object, for messages */
    Text text;             /* len 0: none any more */
} PlanComment;
/* A sequence that a definition makes or changes, as it shall be. */
typedef struct PlanSequence {
    CatalogRelation *relation;
    CatalogSequence *sequence;
    bool is_new;
    bool restart; /* it stands at point from now on, else where it stood */
    SequencePoint point;
    i32 column; /* number of the column of the command's relation that owns it; 0: none new */
} PlanSequence;

/* What old rows have in a new column. */
typedef struct PlanBackfill {
    i32 column; /* number */
    Expr *value;
} PlanBackfill;

typedef enum ExplainFormat { EXPLAIN_TEXT, EXPLAIN_JSON, EXPLAIN_XML, EXPLAIN_YAML } ExplainFormat;

typedef struct PlanTree PlanTree;

/* Sent before the tag: "table "x" does not exist, skipping". E_WARNING makes it a WARNING. */
typedef struct PlanNotice {
    ErrorCode code;
    Text text;
} PlanNotice;

typedef struct PlanCommand {
    CommandKind kind;
    const char *tag;             /* "CREATE TABLE" */
    const struct Ast *statement; /* SESSION; CREATE_SCHEMA with elements; ALTER_TABLE: an UPDATE to
                                    run after it */
    PlanTree *inner;             /* EXPLAIN, COPY_OUT, CREATE_TABLE_AS */
    /* DDL, as catalog objects: the object as it shall be. */
    CatalogRelation *relation; /* CREATE_TABLE, CREATE_VIEW, ALTER_TABLE */
    CatalogSchema *schema;     /* CREATE_SCHEMA; CREATE_TABLE and CREATE_VIEW: the temporary schema,
                                  to be made for the relation; NULL: it is there, or not wanted */
    bool if_not_exists, replace;
    PlanDropItem *drops; /* DROP, TRUNCATE: dependents included; LOCK, COMMENT: what is locked */
    i32 drop_count;
    LockMode lock; /* LOCK */
    bool nowait;
    PlanComment *comments; /* COMMENT, CREATE_TABLE */
    i32 comment_count;
    PlanSequence *sequences; /* of SEQUENCE, CREATE_TABLE, ALTER_TABLE, TRUNCATE */
    i32 sequence_count;
    PlanNotice *notices;
    i32 notice_count;
    PlanBackfill *backfills; /* ALTER TABLE ADD COLUMN */
    i32 backfill_count;
    PlanCheck *checks; /* ALTER TABLE: every row must satisfy these, over its live columns */
    i32 check_count;
    bool
        *not_null; /* ALTER TABLE: per column: no row may be NULL there; NULL: nothing to look at */
    struct {
        bool analyze, verbose, costs, timing, summary, buffers, settings, wal;
        ExplainFormat format;
    } explain;
    CopyOptions copy;
    Text *copy_names; /* of COPY_OUT's columns */
} PlanCommand;

/* ---- the node ---- */

struct Plan {
    PlanKind kind;
    i32 number;
    Plan *inputs[2]; /* APPEND: see parts */
    i32 input_count;
    PlanColumn *columns;
    i32 column_count;
    f64 rows; /* estimate */
    f64 cost_start, cost_total;
    f64 width;      /* bytes of a row */
    bool sequences; /* its own expressions call functions about sequences */
    union {
        PlanScan scan;
        PlanValues values;
        PlanFunctionScan function;
        PlanProjectSet project_set;
        i32 cte;        /* CTE_SCAN: index into PlanTree.ctes */
        ExprList exprs; /* FILTER: conjuncts; PROJECT: one per column */
        PlanJoin join;
        PlanAggregate aggregate;
        PlanSort sort; /* SORT TOP_N LIMIT DISTINCT_ON */
        PlanLockRows lock;
        struct {
            Plan **parts;
            i32 count;
        } append;
        PlanSetOperation set;
        PlanModify modify;
        PlanCopyIn copy_in;
        PlanCommand command;
    };
};

typedef struct PlanCte {
    Text name;
    Plan *plan;
} PlanCte;

/* A whole statement. */
struct PlanTree {
    _Atomic i32 count; /* holders */
    Arena arena;
    Plan *root;
    PlanCte *ctes; /* may read each other, in any order, in no circle */
    i32 cte_count;
    i32 node_count;
    i64 planning_us;
    bool ordered;    /* the pipeline into the sink keeps order */
    bool serial;     /* holds a SERIAL function: one worker */
    bool row_by_row; /* its calls about sequences can tell rows from chunks */
    bool returns_rows;
    bool is_write;       /* needs a transaction that may write */
    bool locks_rows;     /* has a LOCK_ROWS */
    const Plan *changes; /* the node whose changed rows the tag counts; NULL: rows given */
    const char *tag;     /* "SELECT", "INSERT 0" ...: the row count follows; commands: theirs */
};
PlanTree *plan_keep(PlanTree *tree);
void plan_release(PlanTree *tree);

/* What EXPLAIN ANALYZE counts, one per plan node number. */
typedef struct PlanCounters {
    _Atomic i64 rows, chunks;
    _Atomic i64 time_us; /* sum over workers, children included for sinks' own work only */
    _Atomic i64 loops;   /* 0: never called */
    _Atomic i64 memory_bytes;
    _Atomic i64 buckets;                   /* of a hash join's table */
    _Atomic i64 buffers_hit, buffers_read; /* frames of the buffer pool */
    _Atomic i64 rows_removed;              /* by filters of this node */
} PlanCounters;

#endif
