/* SPDX-License-Identifier: Apache-2.0
 *
 * The raw tree's queries, and what stands in FROM; ast.h tells the law of it.
 */
#ifndef GOTGAN_AST_QUERY_H
#define GOTGAN_AST_QUERY_H

#include "parser/ast_list.h"

/* Wherever a query may stand there is an AST_QUERY (a CTE may also hold INSERT, UPDATE, DELETE). */
typedef struct AstQuery {
    Ast *with;        /* AST_WITH or NULL */
    Ast *body;        /* AST_SELECT, AST_VALUES or AST_SET_OPERATION */
    AstList order_by; /* AST_SORT */
    Ast *limit;       /* NULL: none; LIMIT ALL and LIMIT NULL: a NULL constant */
    Ast *offset;      /* NULL: none */
    AstList locking;  /* AST_LOCKING */
    bool with_ties;   /* FETCH FIRST n ROWS WITH TIES */
} AstQuery;

typedef enum AstDistinct {
    DISTINCT_NONE, /* SELECT, SELECT ALL */
    DISTINCT_ROWS, /* SELECT DISTINCT */
    DISTINCT_ON,   /* SELECT DISTINCT ON (...) */
} AstDistinct;

typedef struct AstSelect {
    AstDistinct distinct;
    bool group_distinct; /* GROUP BY DISTINCT */
    AstList distinct_on;
    AstList targets; /* AST_TARGET; SELECT without a list: empty */
    AstList from;    /* AST_FROM_*; the comma's list */
    Ast *where;
    AstList group_by; /* expressions, AST_GROUPING_SET */
    Ast *having;
    AstList windows; /* AST_WINDOW with name */
    Ast *into;       /* AST_INTO */
} AstSelect;

typedef struct AstValues {
    AstList rows; /* AST_ROW (spelled false), one or more; items may be AST_DEFAULT */
} AstValues;

typedef enum AstSetOperationKind {
    AST_SET_UNION,
    AST_SET_INTERSECT,
    AST_SET_EXCEPT
} AstSetOperationKind;

/* Evaluated left to right; for all of them ((a op b) op c). Types are matched pair by pair. */
typedef struct AstSetOperation {
    AstSetOperationKind kind;
    bool all;
    AstList inputs; /* AST_QUERY, two or more */
} AstSetOperation;

typedef struct AstWith {
    bool recursive;
    AstList ctes; /* AST_CTE */
} AstWith;

typedef enum AstMaterialized {
    MATERIALIZED_DEFAULT,
    MATERIALIZED_ALWAYS,
    MATERIALIZED_NEVER,
} AstMaterialized;

typedef enum AstSearch { SEARCH_NONE, SEARCH_DEPTH, SEARCH_BREADTH } AstSearch;

typedef struct AstCte {
    Text name;
    AstList columns; /* AST_IDENTIFIER */
    Ast *statement;  /* AST_QUERY, AST_INSERT, AST_UPDATE, AST_DELETE */
    AstMaterialized materialized;
    AstSearch search;  /* SEARCH DEPTH|BREADTH FIRST BY search_by SET search_column */
    AstList search_by; /* AST_IDENTIFIER */
    Text search_column;
    AstList cycle; /* CYCLE cycle SET cycle_mark [TO value DEFAULT value] USING path */
    Text cycle_mark, cycle_path;
    Ast *cycle_value, *cycle_default; /* NULL: true, false */
} AstCte;

typedef struct AstTarget {
    Ast *expr;  /* an expression or AST_STAR */
    Text label; /* data == NULL: none written; the binder derives it */
} AstTarget;

typedef enum AstDirection { SORT_DEFAULT, SORT_ASC, SORT_DESC, SORT_USING } AstDirection;
typedef enum AstNulls { NULLS_DEFAULT, NULLS_FIRST, NULLS_LAST } AstNulls;

typedef struct AstSort {
    Ast *expr;
    AstDirection direction;
    AstNulls nulls;
    Name op; /* USING op */
} AstSort;

typedef enum AstGroupingSetKind {
    GROUPING_EMPTY,  /* () */
    GROUPING_ROLLUP, /* items: expressions; AST_ROW (spelled false) is one step of columns */
    GROUPING_CUBE,   /* as ROLLUP */
    GROUPING_SETS,   /* items: expressions, rows, AST_GROUPING_SET */
} AstGroupingSetKind;

typedef struct AstGroupingSet {
    AstGroupingSetKind kind;
    AstList items;
} AstGroupingSet;

typedef enum AstFrameUnits {
    FRAME_DEFAULT, /* no frame clause: RANGE UNBOUNDED PRECEDING .. CURRENT ROW */
    FRAME_ROWS,
    FRAME_RANGE,
    FRAME_GROUPS,
} AstFrameUnits;

typedef enum AstBound {
    BOUND_UNBOUNDED_PRECEDING,
    BOUND_PRECEDING, /* with an expression */
    BOUND_CURRENT_ROW,
    BOUND_FOLLOWING, /* with an expression */
    BOUND_UNBOUNDED_FOLLOWING,
} AstBound;

typedef enum AstExclude {
    EXCLUDE_NO_OTHERS,
    EXCLUDE_CURRENT_ROW,
    EXCLUDE_GROUP,
    EXCLUDE_TIES,
} AstExclude;

typedef struct AstWindow {
    Text name;      /* WINDOW name AS ...; data == NULL in OVER */
    Text reference; /* OVER reference, or (reference ...) : the window it builds on */
    bool bare;      /* OVER reference, without parentheses */
    AstList partition;
    AstList order_by; /* AST_SORT */
    AstFrameUnits units;
    AstBound start, end; /* valid unless FRAME_DEFAULT; without BETWEEN end is CURRENT ROW */
    Ast *start_value, *end_value; /* for PRECEDING and FOLLOWING */
    AstExclude exclude;
} AstWindow;

typedef enum AstLockStrength {
    AST_LOCK_KEY_SHARE,
    AST_LOCK_SHARE,
    AST_LOCK_NO_KEY_UPDATE,
    AST_LOCK_UPDATE,
} AstLockStrength;
typedef enum AstLockWait { AST_LOCK_WAITS, AST_LOCK_NOWAIT, AST_LOCK_SKIP } AstLockWait;

typedef struct AstLocking {
    AstLockStrength strength;
    AstLockWait wait;
    AstList tables; /* AST_NAME; empty: all */
} AstLocking;

typedef enum AstPersistence { PERSIST_NORMAL, PERSIST_TEMP, PERSIST_UNLOGGED } AstPersistence;

typedef struct AstInto {
    Name table;
    AstPersistence persistence;
} AstInto;

/* ---- FROM items ---- */

typedef struct AstFromTable {
    Name name;
    bool only;
    Ast *alias;  /* AST_ALIAS or NULL */
    Ast *sample; /* AST_SAMPLE or NULL */
} AstFromTable;

typedef struct AstFromQuery {
    Ast *query; /* AST_QUERY */
    Ast *alias; /* AST_ALIAS (PostgreSQL 15 demands it) */
    bool lateral;
} AstFromQuery;

typedef struct AstFromFunction {
    AstList functions;   /* AST_FUNCTION_ITEM; more than one only with rows_from */
    AstList definitions; /* AST_COLUMN_DEFINITION: f(...) AS a (x int4) */
    Ast *alias;          /* AST_ALIAS or NULL */
    bool lateral, ordinality, rows_from;
} AstFromFunction;

typedef struct AstFunctionItem {
    Ast *call; /* AST_CALL, or another expression with a call's syntax (AST_SQL_VALUE ...) */
    AstList definitions; /* inside ROWS FROM: f(...) AS (x int4) */
} AstFunctionItem;

/* XMLTABLE([XMLNAMESPACES(a AS n, DEFAULT b),] row PASSING document COLUMNS ...) */
typedef struct AstFromXml {
    AstList namespaces; /* AST_TARGET; without a label: DEFAULT */
    Ast *row;
    Ast *document;
    AstList columns; /* AST_XML_COLUMN */
    Ast *alias;      /* AST_ALIAS or NULL */
    bool lateral;
} AstFromXml;

typedef struct AstXmlColumn {
    Text name;
    Ast *type;     /* AST_TYPE; NULL: FOR ORDINALITY */
    Ast *path;     /* PATH; NULL: none */
    Ast *fallback; /* DEFAULT; NULL: none */
    bool not_null; /* NULL, which may be said too, is how it is without */
} AstXmlColumn;

typedef enum AstJoinKind {
    AST_JOIN_CROSS, /* no condition */
    AST_JOIN_INNER,
    AST_JOIN_LEFT,
    AST_JOIN_RIGHT,
    AST_JOIN_FULL,
} AstJoinKind;

/* Exactly one of: CROSS, natural, using (count > 0), condition. */
typedef struct AstFromJoin {
    AstJoinKind kind;
    bool natural;
    Ast *left, *right;
    Ast *condition;   /* ON */
    AstList using;    /* AST_IDENTIFIER */
    Text using_alias; /* USING (...) AS u */
    Ast *alias;       /* (a JOIN b ...) AS x: AST_ALIAS or NULL */
} AstFromJoin;

typedef struct AstSample {
    Name method;
    AstList args;
    Ast *repeatable; /* NULL: none */
} AstSample;

typedef struct AstAlias {
    Text name;       /* data == NULL only for f(...) AS (x int4) */
    AstList columns; /* AST_IDENTIFIER */
} AstAlias;

typedef struct AstIdentifier {
    Text name;
} AstIdentifier;

typedef struct AstName {
    Name name;
} AstName;

#endif
