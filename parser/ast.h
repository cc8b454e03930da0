/* SPDX-License-Identifier: Apache-2.0
 *
 * Ast: the raw tree of one SQL statement, as written: names unresolved, nothing typed, nothing
 * looked up. The contract between parser/ (which builds it) and planner/ (which binds it).
 *
 * A tagged union: `kind` says which member of the union is valid; kinds without a member carry
 * nothing. Switches over AstKind name every kind (-Wswitch-enum), so a new kind lists its own
 * places to edit. `offset` is where the node's error position points: the first byte of the
 * construct, except operators, casts by `::`, IS, IN, LIKE, BETWEEN, AND, OR, COLLATE, which point
 * at the operator as PostgreSQL does. It counts bytes in the whole text given to parse().
 *
 * Chains are lists, not depth: AND, OR, ||, set operations of one kind, IN, CASE, CTEs. Optional
 * child nodes are NULL, optional texts have data == NULL, optional lists have count == 0 (where
 * an empty list and none differ, a flag says so).
 *
 * Ownership law: everything lives in the arena of the Query that parsed it and is never changed
 * after parse() returned. A node is allocated with the bytes its kind needs: never copy an Ast by
 * value. The layout is described a second time in ast_fields.def, for generic walks.
 */
#ifndef GOTGAN_AST_H
#define GOTGAN_AST_H

#include "base/text.h"

typedef struct Ast Ast;

/* for (i32 i = 0; i < list.count; i++) use(list.items[i]); */
typedef struct AstList {
    Ast **items;
    i32 count, capacity;
} AstList;

/* A dotted name: a, s.a, c.s.a; count 0: absent. Parts are folded and unquoted. */
typedef struct Name {
    Text *parts;
    i32 count;
    i32 offset; /* of the first part */
} Name;

typedef enum AstKind {
    /* ---- Expressions ---- */
    AST_CONSTANT,       /* 1  1.5  'text'  B'101'  X'1F'  TRUE  NULL */
    AST_COLUMN,         /* a  t.a  s.t.a */
    AST_STAR,           /* *  t.*  s.t.*  (a target, a RETURNING item, or in count(t.*)) */
    AST_PARAMETER,      /* $1 */
    AST_OPERATOR,       /* a + b  - a  a OPERATOR(pg_catalog.=) b */
    AST_CONCATENATION,  /* a || b || c: left to right, as if ((a || b) || c) */
    AST_AND,            /* a AND b AND c */
    AST_OR,             /* a OR b OR c */
    AST_NOT,            /* NOT a */
    AST_IS,             /* a IS [NOT] NULL|TRUE|FALSE|UNKNOWN|DOCUMENT, a ISNULL, a NOTNULL */
    AST_DISTINCT_FROM,  /* a IS [NOT] DISTINCT FROM b */
    AST_BETWEEN,        /* a [NOT] BETWEEN [SYMMETRIC] b AND c */
    AST_IN_LIST,        /* a [NOT] IN (b, c) */
    AST_IN_QUERY,       /* a [NOT] IN (SELECT ...) */
    AST_LIKE,           /* a [NOT] LIKE|ILIKE|SIMILAR TO b [ESCAPE c] */
    AST_QUANTIFIED,     /* a = ANY (b)  a < ALL (SELECT ...)  a LIKE ANY (b), then operator ~~ */
    AST_COLLATE,        /* a COLLATE "C" */
    AST_CAST,           /* a::int4  CAST(a AS int4)  date '2020-01-01' */
    AST_FIELD,          /* (a).f  (a).* */
    AST_SUBSCRIPT,      /* a[1]  a[1:2]  a[:] : one pair of brackets */
    AST_CASE,           /* CASE [a] WHEN b THEN c ... [ELSE d] END */
    AST_WHEN,           /* WHEN b THEN c, inside AST_CASE only */
    AST_COALESCE,       /* COALESCE(a, b) */
    AST_NULLIF,         /* NULLIF(a, b) */
    AST_GREATEST,       /* GREATEST(a, b) */
    AST_LEAST,          /* LEAST(a, b) */
    AST_CALL,           /* f(a, ...), with every clause a call may carry; also EXTRACT() and such */
    AST_NAMED_ARGUMENT, /* name => a, inside AST_CALL.args only */
    AST_SQL_VALUE,      /* CURRENT_DATE  CURRENT_TIMESTAMP(3)  CURRENT_USER ... */
    AST_GROUPING,       /* GROUPING(a, b) */
    AST_EXISTS,         /* EXISTS (SELECT ...) */
    AST_SUBQUERY,       /* (SELECT ...) as a value */
    AST_ARRAY_QUERY,    /* ARRAY(SELECT ...) */
    AST_ARRAY,          /* ARRAY[a, b]; inner brackets of ARRAY[[a], [b]] are AST_ARRAY too */
    AST_ROW,            /* ROW(a, b)  (a, b) */
    AST_DEFAULT,        /* DEFAULT in a VALUES row, SET a = DEFAULT, function option lists */
    AST_CURRENT_OF,     /* WHERE CURRENT OF cursor */
    AST_TYPE,           /* a type name: numeric(10,2)  int4[]  timestamp(3) with time zone */

    /* ---- Queries ---- */
    AST_QUERY,         /* [WITH ...] body [ORDER BY ...] [LIMIT ...] [OFFSET ...] [FOR ...] */
    AST_SELECT,        /* body: SELECT ... FROM ... WHERE ... (TABLE t = SELECT * FROM t) */
    AST_VALUES,        /* body: VALUES (1, 2), (3, 4) */
    AST_SET_OPERATION, /* body: q UNION|INTERSECT|EXCEPT [ALL] q ... */
    AST_WITH,          /* WITH [RECURSIVE] a AS (...), b AS (...) */
    AST_CTE,           /* a (x, y) AS [NOT] MATERIALIZED (statement) [SEARCH ...] [CYCLE ...] */
    AST_TARGET,        /* a [AS] label, in a SELECT list or RETURNING */
    AST_SORT,          /* a ASC|DESC|USING < [NULLS FIRST|LAST] */
    AST_GROUPING_SET,  /* ()  ROLLUP (...)  CUBE (...)  GROUPING SETS (...), in GROUP BY only */
    AST_WINDOW,        /* a window: WINDOW w AS (...), OVER (...), OVER w */
    AST_LOCKING,       /* FOR UPDATE|NO KEY UPDATE|SHARE|KEY SHARE [OF t] [NOWAIT|SKIP LOCKED] */
    AST_INTO,          /* SELECT ... INTO [TEMP|UNLOGGED] [TABLE] t */

    /* ---- FROM items ---- */
    AST_FROM_TABLE,    /* [ONLY] t [*] [AS a (x, y)] [TABLESAMPLE ...]; also the target of DML */
    AST_FROM_QUERY,    /* [LATERAL] (SELECT ...) [AS] a (x, y) */
    AST_FROM_FUNCTION, /* [LATERAL] f(...) | ROWS FROM (f(...), ...) [WITH ORDINALITY] [AS] a
                          (...)*/
    AST_FROM_JOIN,     /* a JOIN b ON ... | USING (...) [AS u] | NATURAL | CROSS */
    AST_FUNCTION_ITEM, /* one function of AST_FROM_FUNCTION [AS (x int4)] */
    AST_SAMPLE,        /* TABLESAMPLE method (args) [REPEATABLE (seed)] */
    AST_ALIAS,         /* AS a (x, y) */
    AST_IDENTIFIER,    /* one name in a list of names: column aliases, USING, ... */
    AST_NAME,          /* one dotted name in a list of names: DROP TABLE a, s.b */

    /* ---- Data changes ---- */
    AST_INSERT,      /* INSERT INTO t ... */
    AST_ON_CONFLICT, /* ON CONFLICT [(...) | ON CONSTRAINT c] DO NOTHING | DO UPDATE SET ... */
    AST_UPDATE,      /* UPDATE t SET ... */
    AST_DELETE,      /* DELETE FROM t ... */
    AST_MERGE,       /* MERGE INTO t USING s ON ... WHEN ... */
    AST_MERGE_WHEN,  /* WHEN [NOT] MATCHED [AND ...] THEN ... */
    AST_ASSIGNMENT,  /* SET a = 1 | (a, b) = ROW(1, 2) | (a, b) = (SELECT ...) */
    AST_ASSIGNED,    /* one assigned column: a, a[1], a.b */
    AST_TRUNCATE,    /* TRUNCATE [TABLE] t, u [RESTART IDENTITY] [CASCADE] */
    AST_COPY,        /* COPY t (a, b) | (query) FROM | TO ... */

    /* ---- Definitions ---- */
    AST_CREATE_TABLE,      /* CREATE [TEMP] TABLE [IF NOT EXISTS] t (...) */
    AST_COLUMN_DEFINITION, /* a int4 COLLATE "C" NOT NULL ...; also in function column lists */
    AST_CONSTRAINT,        /* [CONSTRAINT c] NOT NULL | CHECK (...) | PRIMARY KEY ... */
    AST_TABLE_LIKE,        /* LIKE t INCLUDING ALL */
    AST_CREATE_TABLE_AS,   /* CREATE TABLE t AS ..., CREATE MATERIALIZED VIEW */
    AST_CREATE_VIEW,       /* CREATE [OR REPLACE] VIEW v AS ... */
    AST_REFRESH,           /* REFRESH MATERIALIZED VIEW v */
    AST_CREATE_SCHEMA,     /* CREATE SCHEMA s */
    AST_CREATE_SEQUENCE,   /* CREATE SEQUENCE s, ALTER SEQUENCE s */
    AST_CREATE_INDEX,      /* CREATE [UNIQUE] INDEX i ON t (...) */
    AST_INDEX_ELEMENT,     /* a | (expr) [COLLATE c] [class] [DESC] [NULLS LAST] */
    AST_DROP,              /* DROP TABLE|VIEW|... a, b */
    AST_ALTER_TABLE,       /* ALTER TABLE|VIEW|SEQUENCE|INDEX t action, action */
    AST_ALTER_ACTION,      /* ADD COLUMN ... | DROP COLUMN ... | ... */
    AST_RENAME,            /* ALTER ... RENAME [COLUMN|CONSTRAINT a] TO b */
    AST_ALTER_OBJECT,      /* ALTER ... SET SCHEMA s, ALTER ... OWNER TO r */
    AST_COMMENT,           /* COMMENT ON TABLE t IS 'text' */
    AST_OPTION,            /* name [value] in option lists: WITH (...), COPY (...), EXPLAIN (...) */

    /* ---- Session ---- */
    AST_EXPLAIN,         /* EXPLAIN (...) statement */
    AST_SET,             /* SET [SESSION|LOCAL] name = values; RESET name */
    AST_SHOW,            /* SHOW name */
    AST_TRANSACTION,     /* BEGIN, COMMIT, ROLLBACK, SAVEPOINT ... */
    AST_SET_TRANSACTION, /* SET TRANSACTION ..., SET SESSION CHARACTERISTICS AS TRANSACTION ... */
    AST_PREPARE,         /* PREPARE p (int4) AS ... */
    AST_EXECUTE,         /* EXECUTE p (1) */
    AST_DEALLOCATE,      /* DEALLOCATE p | ALL */
    AST_DECLARE,         /* DECLARE c CURSOR FOR ... */
    AST_FETCH,           /* FETCH | MOVE ... FROM c */
    AST_CLOSE,           /* CLOSE c | ALL */
    AST_DISCARD,         /* DISCARD ALL|PLANS|SEQUENCES|TEMP */
    AST_CHECKPOINT,      /* CHECKPOINT */
    AST_VACUUM,          /* VACUUM ..., ANALYZE ... */
    AST_VACUUM_TARGET,   /* t (a, b) */
    AST_LOCK,            /* LOCK TABLE t IN ... MODE [NOWAIT] */
    AST_LISTEN,          /* LISTEN c */
    AST_UNLISTEN,        /* UNLISTEN c | * */
    AST_NOTIFY,          /* NOTIFY c, 'payload' */
    AST_DO,              /* DO [LANGUAGE l] 'text' */
    AST_CALL_PROCEDURE,  /* CALL p(...) */
    AST_UNSUPPORTED,     /* a statement that is recognised by its first words only: GRANT ... */
    AST_KIND_COUNT       /* no kind: how many there are */
} AstKind;

/* ---- Expressions ---- */

typedef enum AstConstantKind {
    CONSTANT_NULL,    /* NULL */
    CONSTANT_BOOLEAN, /* TRUE, FALSE: boolean */
    CONSTANT_INTEGER, /* digits that fit int4: text (and PostgreSQL's type int4) */
    CONSTANT_NUMERIC, /* any other number, integers beyond int4 too: text as written (integers
                         that fit int8 are int8, all others numeric: the binder's decision) */
    CONSTANT_STRING,  /* every string form: text decoded; type unknown */
    CONSTANT_BITS,    /* B'0101': text = the digits */
    CONSTANT_HEX,     /* X'1F': text = the digits; also of type bit */
} AstConstantKind;

typedef struct AstConstant {
    AstConstantKind kind;
    bool boolean;
    Text text;
} AstConstant;

/* Parts: column, or table.column, or schema.table.column, or catalog.schema.table.column. What
 * follows a subscript (a[1].b) is AST_FIELD over AST_SUBSCRIPT over AST_COLUMN. */
typedef struct AstColumn {
    Name name;
} AstColumn;

typedef struct AstStar {
    Name qualifier; /* count 0: a bare star */
} AstStar;

typedef struct AstParameter {
    i32 number; /* >= 0; $0 parses, the binder refuses it */
} AstParameter;

/* Unary operators have left == NULL (PostgreSQL 15 has no postfix operators). `!=` arrives as
 * `<>`. A minus before a number literal is folded into the literal. */
typedef struct AstOperator {
    Name name; /* last part: the operator's characters; more parts: OPERATOR(s.op) */
    Ast *left; /* NULL: prefix operator */
    Ast *right;
    bool spelled; /* written OPERATOR(...) */
} AstOperator;

typedef struct AstConcatenation {
    AstList operands; /* two or more */
    i32 *offsets;     /* operands.count - 1: where each || stands */
} AstConcatenation;

/* AST_AND, AST_OR (two or more), AST_COALESCE, AST_GREATEST, AST_LEAST, AST_GROUPING, AST_ARRAY
 * (may be empty). */
typedef struct AstItems {
    AstList items;
} AstItems;

/* AST_NOT, AST_EXISTS, AST_SUBQUERY, AST_ARRAY_QUERY: the operand or the AST_QUERY. */
typedef struct AstUnary {
    Ast *operand;
} AstUnary;

typedef enum AstTest {
    TEST_NULL,
    TEST_TRUE,
    TEST_FALSE,
    TEST_UNKNOWN,
    TEST_DOCUMENT,
} AstTest;

typedef struct AstIs {
    Ast *operand;
    AstTest test;
    bool negated;
} AstIs;

/* AST_DISTINCT_FROM, AST_NULLIF (not negated). */
typedef struct AstPair {
    Ast *left, *right;
    bool negated;
} AstPair;

typedef struct AstBetween {
    Ast *operand, *low, *high;
    bool symmetric, negated;
} AstBetween;

typedef struct AstInList {
    Ast *operand;
    AstList items; /* one or more */
    bool negated;
} AstInList;

typedef struct AstInQuery {
    Ast *operand;
    Ast *query; /* AST_QUERY */
    bool negated;
} AstInQuery;

typedef enum AstLikeKind {
    LIKE_LIKE, /* operator ~~,  negated !~~ ; with ESCAPE: pattern = like_escape(pattern, escape) */
    LIKE_ILIKE,   /* operator ~~*, negated !~~*; with ESCAPE: likewise */
    LIKE_SIMILAR, /* operator ~,   negated !~  ; pattern = similar_to_escape(pattern [, escape]) */
} AstLikeKind;

typedef struct AstLike {
    AstLikeKind kind;
    bool negated;
    Ast *operand, *pattern;
    Ast *escape; /* NULL: none */
} AstLike;

typedef struct AstQuantified {
    Name op;  /* "=", "~~" for LIKE, "!~~" for NOT LIKE ... */
    bool all; /* ALL; otherwise ANY or SOME */
    Ast *left;
    Ast *right; /* AST_QUERY, or an array expression */
} AstQuantified;

typedef struct AstCollate {
    Ast *operand;
    Name collation;
} AstCollate;

typedef enum AstCastForm {
    CAST_COLONS,  /* a::t */
    CAST_WORD,    /* CAST(a AS t) */
    CAST_LITERAL, /* t 'text' : the operand is a string constant */
} AstCastForm;

typedef struct AstCast {
    Ast *operand;
    Ast *type; /* AST_TYPE */
    AstCastForm form;
} AstCast;

typedef struct AstField {
    Ast *operand;
    Text field; /* data == NULL: (a).* */
} AstField;

typedef struct AstSubscript {
    Ast *operand;
    Ast *low;   /* NULL in a slice: open */
    Ast *high;  /* slice only; NULL: open */
    bool slice; /* a[low:high]; otherwise a[low] */
} AstSubscript;

typedef struct AstCase {
    Ast *argument;  /* NULL: CASE WHEN condition */
    AstList whens;  /* AST_WHEN, one or more */
    Ast *otherwise; /* NULL: no ELSE */
} AstCase;

typedef struct AstWhen {
    Ast *condition, *result;
} AstWhen;

/* Calls with a grammar of their own arrive as plain calls of pg_catalog functions, arguments in
 * the function's order, so that only printing looks at `form`. */
typedef enum AstCallForm {
    CALL_PLAIN,
    CALL_EXTRACT,   /* EXTRACT(f FROM a)       = pg_catalog.extract('f', a) */
    CALL_OVERLAY,   /* OVERLAY(a PLACING b FROM c [FOR d]) = overlay(a, b, c, d) */
    CALL_POSITION,  /* POSITION(a IN b)        = position(b, a) */
    CALL_SUBSTRING, /* SUBSTRING(a FROM b FOR c) = substring(a, b, c); FOR alone: (a, 1, c) */
    CALL_SUBSTRING_SIMILAR, /* SUBSTRING(a SIMILAR b ESCAPE c) = substring(a, b, c) */
    CALL_TRIM_BOTH,         /* TRIM([BOTH] [b FROM] a) = btrim(a, b) */
    CALL_TRIM_LEADING,      /* TRIM(LEADING ...)       = ltrim(a, b) */
    CALL_TRIM_TRAILING,     /* TRIM(TRAILING ...)      = rtrim(a, b) */
    CALL_NORMALIZE,         /* NORMALIZE(a [, NFC])    = normalize(a, 'NFC') */
    CALL_IS_NORMALIZED, /* a IS [NFC] NORMALIZED   = is_normalized(a, 'NFC'); NOT: AST_NOT over it
                         */
    CALL_AT_TIME_ZONE,  /* a AT TIME ZONE z        = timezone(z, a) */
    CALL_OVERLAPS,      /* (a, b) OVERLAPS (c, d)  = overlaps(a, b, c, d) */
    CALL_COLLATION_FOR, /* COLLATION FOR (a)       = pg_collation_for(a) */
} AstCallForm;

typedef struct AstCall {
    Name name;        /* special forms: {"pg_catalog", function} */
    AstList args;     /* expressions, AST_NAMED_ARGUMENT */
    AstList order_by; /* AST_SORT: f(a ORDER BY b), or WITHIN GROUP (ORDER BY b) */
    Ast *filter;      /* FILTER (WHERE a) */
    Ast *over;        /* AST_WINDOW: OVER w (only reference set) or OVER (...) */
    AstCallForm form;
    bool star;         /* f(*) */
    bool distinct;     /* f(DISTINCT a) */
    bool variadic;     /* the last argument is VARIADIC */
    bool within_group; /* order_by came from WITHIN GROUP */
} AstCall;

typedef struct AstNamedArgument {
    Text name;
    Ast *value;
} AstNamedArgument;

/* Column labels are the words in lower case. */
typedef enum AstSqlValueKind {
    SQL_CURRENT_DATE,
    SQL_CURRENT_TIME,
    SQL_CURRENT_TIMESTAMP,
    SQL_LOCALTIME,
    SQL_LOCALTIMESTAMP,
    SQL_CURRENT_ROLE,
    SQL_CURRENT_USER,
    SQL_USER,
    SQL_SESSION_USER,
    SQL_CURRENT_CATALOG,
    SQL_CURRENT_SCHEMA,
} AstSqlValueKind;

enum { NO_PRECISION = -1 };

typedef struct AstSqlValue {
    AstSqlValueKind kind;
    i32 precision; /* CURRENT_TIME(3) and such; NO_PRECISION: none */
} AstSqlValue;

typedef struct AstRow {
    AstList items; /* ROW() may be empty */
    bool spelled;  /* written with ROW */
} AstRow;

typedef struct AstCurrentOf {
    Text cursor;
    i32 parameter; /* 0: PostgreSQL 15 takes a name only */
} AstCurrentOf;

/* Interval fields as bits, PostgreSQL's typmod numbering is the binder's affair. */
enum {
    AST_INTERVAL_YEAR = 1,
    AST_INTERVAL_MONTH = 2,
    AST_INTERVAL_DAY = 4,
    AST_INTERVAL_HOUR = 8,
    AST_INTERVAL_MINUTE = 16,
    AST_INTERVAL_SECOND = 32,
};

/* Type names of the SQL grammar arrive as {"pg_catalog", internal name}: int -> int4, character
 * varying -> varchar, char -> bpchar with length 1, double precision -> float8, float(24) ->
 * float4, decimal -> numeric, time with time zone -> timetz, bit varying -> varbit, dec, real,
 * boolean ... */
typedef struct AstType {
    Name name;
    AstList modifiers;   /* expressions: (10,2); empty: none */
    AstList bounds;      /* one per array dimension: AST_CONSTANT integer, or NULL for [] */
    i32 interval_fields; /* bits; 0: all */
    i32 precision;       /* of interval(p) and SECOND(p); NO_PRECISION: none. Others: modifiers */
    bool setof;
    bool system; /* name came from the grammar, not written by the user */
} AstType;

/* ---- Queries ---- */

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

/* ---- Data changes ---- */

typedef enum AstOverriding { OVERRIDING_NONE, OVERRIDING_USER, OVERRIDING_SYSTEM } AstOverriding;

typedef struct AstInsert {
    Ast *with;
    Ast *table;      /* AST_FROM_TABLE; its alias may be set */
    AstList columns; /* AST_ASSIGNED; empty: all */
    AstOverriding overriding;
    Ast *source;       /* AST_QUERY; NULL: DEFAULT VALUES */
    Ast *on_conflict;  /* AST_ON_CONFLICT or NULL */
    AstList returning; /* AST_TARGET */
} AstInsert;

typedef struct AstOnConflict {
    AstList elements;    /* AST_INDEX_ELEMENT: the inference list; empty: none */
    Ast *where;          /* (...) WHERE of the inference */
    Text constraint;     /* ON CONSTRAINT name */
    bool update;         /* DO UPDATE; otherwise DO NOTHING */
    AstList assignments; /* AST_ASSIGNMENT */
    Ast *update_where;
} AstOnConflict;

typedef struct AstUpdate {
    Ast *with;
    Ast *table;          /* AST_FROM_TABLE */
    AstList assignments; /* AST_ASSIGNMENT */
    AstList from;
    Ast *where; /* may be AST_CURRENT_OF */
    AstList returning;
} AstUpdate;

typedef struct AstDelete {
    Ast *with;
    Ast *table;
    AstList using;
    Ast *where;
    AstList returning;
} AstDelete;

typedef struct AstMerge {
    Ast *with;
    Ast *table;
    Ast *source; /* AST_FROM_* */
    Ast *condition;
    AstList whens; /* AST_MERGE_WHEN */
} AstMerge;

typedef enum AstMergeAction {
    MERGE_NOTHING,
    MERGE_UPDATE,
    MERGE_DELETE,
    MERGE_INSERT
} AstMergeAction;

typedef struct AstMergeWhen {
    bool matched;
    AstMergeAction action;
    AstOverriding overriding;
    Ast *condition;      /* AND ...; NULL: none */
    AstList assignments; /* UPDATE */
    AstList columns;     /* INSERT: AST_ASSIGNED */
    AstList values;      /* INSERT: expressions; empty: DEFAULT VALUES */
} AstMergeWhen;

typedef struct AstAssignment {
    AstList columns; /* AST_ASSIGNED, one or more */
    bool multiple;   /* (a, b) = value, even with one column */
    Ast *value; /* expression or AST_DEFAULT; multiple: AST_ROW, AST_SUBQUERY, any expression */
} AstAssignment;

typedef struct AstAssigned {
    Text column;
    AstList path; /* AST_FIELD, AST_SUBSCRIPT with operand == NULL, in the order written */
} AstAssigned;

/* What a statement does to dependent objects. */
typedef enum AstBehavior { BEHAVIOR_RESTRICT, BEHAVIOR_CASCADE } AstBehavior;

typedef struct AstTruncate {
    AstList tables; /* AST_FROM_TABLE */
    bool restart;   /* RESTART IDENTITY */
    AstBehavior behavior;
} AstTruncate;

typedef enum AstCopyEnd { COPY_STANDARD, COPY_FILE, COPY_PROGRAM } AstCopyEnd;

/* The old option words (DELIMITER ',', CSV HEADER, BINARY ...) arrive as the options of the
 * parenthesised form: format, delimiter, null, header, quote, escape, force_quote,
 * force_not_null, force_null, encoding, freeze. */
typedef struct AstCopy {
    Name table;      /* count 0: query */
    AstList columns; /* AST_IDENTIFIER */
    Ast *query;      /* AST_QUERY, AST_INSERT, AST_UPDATE, AST_DELETE */
    bool from;       /* COPY FROM; otherwise TO */
    AstCopyEnd end;
    Text file;       /* file name or program */
    AstList options; /* AST_OPTION */
    Ast *where;
} AstCopy;

/* ---- Definitions ---- */

typedef enum AstOnCommit {
    AST_ON_COMMIT_DEFAULT,
    AST_ON_COMMIT_PRESERVE,
    AST_ON_COMMIT_DELETE,
    AST_ON_COMMIT_DROP,
} AstOnCommit;

typedef struct AstCreateTable {
    Name name;
    AstPersistence persistence;
    AstOnCommit on_commit;
    bool if_not_exists;
    AstList elements; /* AST_COLUMN_DEFINITION, AST_CONSTRAINT, AST_TABLE_LIKE */
    AstList inherits; /* AST_NAME */
    AstList options;  /* AST_OPTION: WITH (...) */
    Text access_method, tablespace;
} AstCreateTable;

typedef struct AstColumnDefinition {
    Text name;
    Ast *type; /* AST_TYPE */
    Name collation;
    Text compression;
    AstList constraints; /* AST_CONSTRAINT */
} AstColumnDefinition;

typedef enum AstConstraintKind {
    AST_CONSTRAINT_NULL,
    AST_CONSTRAINT_NOT_NULL,
    AST_CONSTRAINT_DEFAULT,     /* expr */
    AST_CONSTRAINT_CHECK,       /* expr */
    AST_CONSTRAINT_GENERATED,   /* expr: GENERATED ALWAYS AS (expr) STORED */
    AST_CONSTRAINT_IDENTITY,    /* GENERATED ALWAYS | BY DEFAULT AS IDENTITY [(options)] */
    AST_CONSTRAINT_PRIMARY_KEY, /* columns (empty in a column constraint) */
    AST_CONSTRAINT_UNIQUE,      /* columns (empty in a column constraint) */
    AST_CONSTRAINT_FOREIGN_KEY, /* columns (empty in a column constraint), references,
                                 * foreign_columns
                                 */
} AstConstraintKind;

typedef enum AstReferential {
    REFERENTIAL_NO_ACTION,
    REFERENTIAL_RESTRICT,
    REFERENTIAL_CASCADE,
    REFERENTIAL_SET_NULL,
    REFERENTIAL_SET_DEFAULT,
} AstReferential;

typedef enum AstMatch { MATCH_SIMPLE, MATCH_FULL, MATCH_PARTIAL } AstMatch;

typedef struct AstConstraint {
    AstConstraintKind kind;
    Text name; /* CONSTRAINT name; data == NULL: none */
    Ast *expr;
    bool always; /* IDENTITY: ALWAYS, not BY DEFAULT */
    bool no_inherit, not_valid;
    bool nulls_not_distinct; /* UNIQUE NULLS NOT DISTINCT */
    bool deferrable, deferred;
    AstMatch match;
    AstReferential on_update, on_delete;
    AstList columns;   /* AST_IDENTIFIER */
    AstList including; /* AST_IDENTIFIER */
    AstList options;   /* AST_OPTION: WITH (...), or the sequence options of IDENTITY */
    Name references;
    AstList foreign_columns; /* AST_IDENTIFIER */
    AstList delete_columns;  /* ON DELETE SET NULL (a, b) */
    Text index;              /* UNIQUE | PRIMARY KEY USING INDEX name */
    Text tablespace;
} AstConstraint;

/* Bits of AstTableLike.including. */
enum {
    LIKE_COMMENTS = 1,
    LIKE_COMPRESSION = 2,
    LIKE_CONSTRAINTS = 4,
    LIKE_DEFAULTS = 8,
    LIKE_GENERATED = 16,
    LIKE_IDENTITY = 32,
    LIKE_INDEXES = 64,
    LIKE_STATISTICS = 128,
    LIKE_STORAGE = 256,
    LIKE_ALL = 511,
};

typedef struct AstTableLike {
    Name name;
    i32 including; /* bits, INCLUDING and EXCLUDING applied in order */
} AstTableLike;

typedef struct AstCreateTableAs {
    Name name;
    bool materialized; /* CREATE MATERIALIZED VIEW */
    AstPersistence persistence;
    AstOnCommit on_commit;
    bool if_not_exists, no_data;
    AstList columns; /* AST_IDENTIFIER */
    AstList options; /* AST_OPTION */
    Text access_method, tablespace;
    Ast *query; /* AST_QUERY or AST_EXECUTE */
} AstCreateTableAs;

typedef enum AstCheckOption { CHECK_NONE, CHECK_LOCAL, CHECK_CASCADED } AstCheckOption;

typedef struct AstCreateView {
    Name name;
    bool replace, recursive;
    AstPersistence persistence;
    AstList columns; /* AST_IDENTIFIER */
    AstList options; /* AST_OPTION */
    Ast *query;      /* AST_QUERY */
    AstCheckOption check;
} AstCreateView;

typedef struct AstRefresh {
    Name name;
    bool concurrently, no_data;
} AstRefresh;

typedef struct AstCreateSchema {
    Text name; /* data == NULL: the role's name */
    Text role; /* AUTHORIZATION; CURRENT_USER and such as written, in lower case */
    bool if_not_exists;
    AstList elements; /* statements: CREATE TABLE, CREATE VIEW, ... */
} AstCreateSchema;

/* Options: AST_OPTION named as, cache, cycle, increment, maxvalue, minvalue, owned_by, start,
 * restart, sequence_name; NO MINVALUE is an option without a value; owned_by's value is AST_NAME.
 */
typedef struct AstCreateSequence {
    Name name;
    bool alter; /* ALTER SEQUENCE */
    bool if_exists, if_not_exists;
    AstPersistence persistence;
    AstList options;
} AstCreateSequence;

typedef struct AstCreateIndex {
    Text name; /* data == NULL: chosen by the server */
    bool unique, concurrently, if_not_exists, nulls_not_distinct;
    Ast *table; /* AST_FROM_TABLE */
    Text method;
    AstList elements;  /* AST_INDEX_ELEMENT */
    AstList including; /* AST_INDEX_ELEMENT */
    AstList options;
    Text tablespace;
    Ast *where;
} AstCreateIndex;

typedef struct AstIndexElement {
    Ast *expr; /* AST_COLUMN of one part when a plain name was written */
    Name collation, operator_class;
    AstList options; /* of the operator class */
    AstDirection direction;
    AstNulls nulls;
} AstIndexElement;

typedef enum AstObjectKind {
    OBJECT_TABLE,
    OBJECT_VIEW,
    OBJECT_MATERIALIZED_VIEW,
    OBJECT_SEQUENCE,
    OBJECT_INDEX,
    OBJECT_SCHEMA,
    OBJECT_COLUMN,
    OBJECT_CONSTRAINT,
    OBJECT_DATABASE,
    OBJECT_ROLE,
    OBJECT_TYPE,
    OBJECT_DOMAIN,
    OBJECT_TABLESPACE,
    OBJECT_EXTENSION,
    OBJECT_COLLATION,
} AstObjectKind;

typedef struct AstDrop {
    AstObjectKind object;
    AstList names; /* AST_NAME */
    bool if_exists, concurrently;
    AstBehavior behavior;
} AstDrop;

typedef struct AstAlterTable {
    AstObjectKind object;
    Ast *table; /* AST_FROM_TABLE */
    bool if_exists;
    AstList actions; /* AST_ALTER_ACTION */
} AstAlterTable;

typedef enum AstAlterKind {
    ALTER_ADD_COLUMN,          /* definition; flag: IF NOT EXISTS */
    ALTER_DROP_COLUMN,         /* name; flag: IF EXISTS; behavior */
    ALTER_COLUMN_TYPE,         /* name; definition.type, .collation; expr: USING */
    ALTER_SET_DEFAULT,         /* name; expr */
    ALTER_DROP_DEFAULT,        /* name */
    ALTER_SET_NOT_NULL,        /* name */
    ALTER_DROP_NOT_NULL,       /* name */
    ALTER_DROP_EXPRESSION,     /* name; flag: IF EXISTS */
    ALTER_SET_STATISTICS,      /* name, or a column number in expr; number: AST_CONSTANT */
    ALTER_SET_STORAGE,         /* name; word */
    ALTER_SET_COMPRESSION,     /* name; word */
    ALTER_COLUMN_OPTIONS,      /* name; options; flag: RESET */
    ALTER_ADD_IDENTITY,        /* name; definition: AST_CONSTRAINT IDENTITY */
    ALTER_SET_IDENTITY,        /* name; options (generated, restart, and a sequence's) */
    ALTER_DROP_IDENTITY,       /* name; flag: IF EXISTS */
    ALTER_ADD_CONSTRAINT,      /* definition: AST_CONSTRAINT */
    ALTER_DROP_CONSTRAINT,     /* name; flag: IF EXISTS; behavior */
    ALTER_VALIDATE_CONSTRAINT, /* name */
    ALTER_ALTER_CONSTRAINT,    /* definition: AST_CONSTRAINT with name, deferrable, deferred */
    ALTER_OWNER,               /* word: the role */
    ALTER_SET_TABLESPACE,      /* word */
    ALTER_SET_LOGGED,          /* flag: UNLOGGED */
    ALTER_OPTIONS,             /* SET (options); flag: RESET */
    ALTER_CLUSTER_ON,          /* word: the index; data == NULL: SET WITHOUT CLUSTER */
    ALTER_INHERIT,             /* parent; flag: NO INHERIT */
    ALTER_REPLICA_IDENTITY,    /* word: nothing, full, default, or using index `name` */
    ALTER_TRIGGER,       /* word: the statement part as written: "enable", "disable", ...; name */
    ALTER_ROW_SECURITY,  /* word: enable, disable, force, no force */
    ALTER_ACCESS_METHOD, /* word */
} AstAlterKind;

typedef struct AstAlterAction {
    AstAlterKind kind;
    bool flag; /* see AstAlterKind */
    AstBehavior behavior;
    Text name;
    Text word;
    Ast *definition;
    Ast *expr;
    Ast *number;     /* SET STATISTICS number */
    AstList options; /* AST_OPTION */
    Name parent;
} AstAlterAction;

typedef struct AstRename {
    AstObjectKind
        object; /* what is renamed: OBJECT_COLUMN and OBJECT_CONSTRAINT are inside relation */
    AstObjectKind relation; /* the word after ALTER: TABLE, VIEW, ... */
    Ast *table;             /* AST_FROM_TABLE; NULL: schemas, databases, roles ... */
    Name name;              /* when table == NULL */
    Text from;              /* the column or constraint */
    Text to;
    bool if_exists;
} AstRename;

typedef struct AstAlterObject {
    AstObjectKind object;
    Name name;
    Text schema; /* SET SCHEMA; data == NULL: */
    Text owner;  /* OWNER TO */
    bool if_exists;
} AstAlterObject;

typedef struct AstComment {
    AstObjectKind object; /* COLUMN: the last part of name; CONSTRAINT: constraint ON name */
    Name name;
    Text constraint;
    Text text; /* data == NULL: IS NULL */
} AstComment;

/* The value: NULL (no value), AST_CONSTANT, AST_IDENTIFIER (a bare word: on, off, csv), AST_NAME,
 * AST_TYPE, AST_STAR (force_quote *), or AST_ROW of AST_IDENTIFIER (a list). */
typedef struct AstOption {
    Text space; /* space.name in WITH (space.name = value) */
    Text name;  /* in lower case unless quoted */
    Ast *value;
} AstOption;

/* ---- Session ---- */

typedef struct AstExplain {
    AstList options; /* AST_OPTION; the words ANALYZE and VERBOSE arrive as options */
    Ast *statement;
} AstExplain;

typedef enum AstSetScope { SET_SESSION, SET_LOCAL } AstSetScope;

typedef enum AstSetAction {
    SET_VALUES,       /* SET name = values */
    SET_TO_DEFAULT,   /* SET name = DEFAULT */
    SET_RESET,        /* RESET name */
    SET_RESET_ALL,    /* RESET ALL */
    SET_FROM_CURRENT, /* SET name FROM CURRENT */
} AstSetAction;

/* The SQL spellings are settings: TIME ZONE -> timezone (LOCAL is DEFAULT; INTERVAL '..' is an
 * AST_CAST), SCHEMA -> search_path, NAMES -> client_encoding, ROLE -> role, SESSION AUTHORIZATION
 * -> session_authorization, SEED -> seed, XML OPTION -> xmloption. */
typedef struct AstSet {
    AstSetScope scope;
    AstSetAction action;
    Text name;      /* dots inside: gotgan.name */
    AstList values; /* AST_CONSTANT, AST_IDENTIFIER (a bare word), AST_CAST */
} AstSet;

typedef struct AstShow {
    Text name; /* data == NULL: ALL. TIME ZONE -> timezone, TRANSACTION ISOLATION LEVEL ->
                  transaction_isolation, SESSION AUTHORIZATION -> session_authorization */
} AstShow;

typedef enum AstIsolation {
    ISOLATION_DEFAULT,
    ISOLATION_READ_UNCOMMITTED,
    ISOLATION_READ_COMMITTED,
    ISOLATION_REPEATABLE_READ,
    ISOLATION_SERIALIZABLE,
} AstIsolation;
typedef enum AstAccess { ACCESS_DEFAULT, ACCESS_READ_WRITE, ACCESS_READ_ONLY } AstAccess;
typedef enum AstDeferrable { DEFERRABLE_DEFAULT, DEFERRABLE_YES, DEFERRABLE_NO } AstDeferrable;

/* When a mode is written twice the last one counts. */
typedef struct AstTransactionModes {
    AstIsolation isolation;
    AstAccess access;
    AstDeferrable deferrable;
} AstTransactionModes;

typedef enum AstTransactionCommand {
    TRANSACTION_BEGIN,
    TRANSACTION_START,
    TRANSACTION_COMMIT,
    TRANSACTION_ROLLBACK,
    TRANSACTION_SAVEPOINT,
    TRANSACTION_RELEASE,
    TRANSACTION_ROLLBACK_TO,
    TRANSACTION_PREPARE, /* PREPARE TRANSACTION 'id' */
    TRANSACTION_COMMIT_PREPARED,
    TRANSACTION_ROLLBACK_PREPARED,
} AstTransactionCommand;

typedef struct AstTransaction {
    AstTransactionCommand command;
    AstTransactionModes modes; /* BEGIN, START */
    Text name;                 /* of the savepoint, or the prepared transaction's id */
    bool chain;                /* AND CHAIN */
} AstTransaction;

typedef struct AstSetTransaction {
    bool session; /* SESSION CHARACTERISTICS */
    AstTransactionModes modes;
    Text snapshot; /* SET TRANSACTION SNAPSHOT 'id' */
} AstSetTransaction;

typedef struct AstPrepare {
    Text name;
    AstList types; /* AST_TYPE */
    Ast *statement;
} AstPrepare;

typedef struct AstExecute {
    Text name;
    AstList args;
} AstExecute;

/* AST_DEALLOCATE, AST_CLOSE, AST_LISTEN, AST_UNLISTEN; data == NULL: ALL, or UNLISTEN * . */
typedef struct AstWord {
    Text name;
} AstWord;

typedef enum AstChoice { CHOICE_DEFAULT, CHOICE_YES, CHOICE_NO } AstChoice;

typedef struct AstDeclare {
    Text name;
    bool binary, hold;     /* WITH HOLD */
    AstChoice scroll;      /* SCROLL, NO SCROLL */
    AstChoice insensitive; /* INSENSITIVE, ASENSITIVE (= NO) */
    Ast *query;            /* AST_QUERY */
} AstDeclare;

typedef enum AstFetchDirection {
    FETCH_FORWARD,  /* count rows; NEXT is FORWARD 1 */
    FETCH_BACKWARD, /* count rows; PRIOR is BACKWARD 1 */
    FETCH_ABSOLUTE, /* FIRST is ABSOLUTE 1, LAST is ABSOLUTE -1 */
    FETCH_RELATIVE,
} AstFetchDirection;

enum { FETCH_ALL = INT32_MAX };

typedef struct AstFetch {
    Text cursor;
    AstFetchDirection direction;
    i32 count; /* may be negative; FETCH_ALL */
    bool move; /* MOVE: rows are skipped, not sent */
} AstFetch;

typedef enum AstDiscard { DISCARD_ALL, DISCARD_PLANS, DISCARD_SEQUENCES, DISCARD_TEMP } AstDiscard;

typedef struct AstDiscardStatement {
    AstDiscard what;
} AstDiscardStatement;

typedef struct AstVacuum {
    bool analyze;    /* the statement is ANALYZE, not VACUUM */
    AstList options; /* AST_OPTION */
    AstList targets; /* AST_VACUUM_TARGET */
} AstVacuum;

typedef struct AstVacuumTarget {
    Name name;
    AstList columns; /* AST_IDENTIFIER */
} AstVacuumTarget;

/* In PostgreSQL's order of strength. */
typedef enum AstLockMode {
    MODE_ACCESS_SHARE = 1,
    MODE_ROW_SHARE,
    MODE_ROW_EXCLUSIVE,
    MODE_SHARE_UPDATE_EXCLUSIVE,
    MODE_SHARE,
    MODE_SHARE_ROW_EXCLUSIVE,
    MODE_EXCLUSIVE,
    MODE_ACCESS_EXCLUSIVE,
} AstLockMode;

typedef struct AstLock {
    AstList tables; /* AST_FROM_TABLE */
    AstLockMode mode;
    bool nowait;
} AstLock;

typedef struct AstNotify {
    Text channel;
    Text payload; /* data == NULL: none */
} AstNotify;

typedef struct AstDo {
    Text language; /* data == NULL: plpgsql */
    Text body;
} AstDo;

typedef struct AstCallProcedure {
    Ast *call; /* AST_CALL */
} AstCallProcedure;

typedef struct AstUnsupported {
    Text feature; /* "GRANT", "CREATE FUNCTION": for the message of error 0A000 */
    Text text;    /* the statement as written */
} AstUnsupported;

struct Ast {
    AstKind kind;
    i32 offset;
    union {
        AstConstant constant;
        AstColumn column;
        AstStar star;
        AstParameter parameter;
        AstOperator operator;
        AstConcatenation concatenation;
        AstItems items; /* AND OR COALESCE GREATEST LEAST GROUPING ARRAY */
        AstUnary unary; /* NOT EXISTS SUBQUERY ARRAY_QUERY */
        AstIs is;
        AstPair pair; /* DISTINCT_FROM NULLIF */
        AstBetween between;
        AstInList in_list;
        AstInQuery in_query;
        AstLike like;
        AstQuantified quantified;
        AstCollate collate;
        AstCast cast;
        AstField field;
        AstSubscript subscript;
        AstCase cases;
        AstWhen when;
        AstCall call;
        AstNamedArgument named_argument;
        AstSqlValue sql_value;
        AstRow row;
        AstCurrentOf current_of;
        AstType type;
        AstQuery query;
        AstSelect select;
        AstValues values;
        AstSetOperation set_operation;
        AstWith with;
        AstCte cte;
        AstTarget target;
        AstSort sort;
        AstGroupingSet grouping_set;
        AstWindow window;
        AstLocking locking;
        AstInto into;
        AstFromTable from_table;
        AstFromQuery from_query;
        AstFromFunction from_function;
        AstFromJoin from_join;
        AstFunctionItem function_item;
        AstSample sample;
        AstAlias alias;
        AstIdentifier identifier;
        AstName name;
        AstInsert insert;
        AstOnConflict on_conflict;
        AstUpdate update;
        AstDelete delete;
        AstMerge merge;
        AstMergeWhen merge_when;
        AstAssignment assignment;
        AstAssigned assigned;
        AstTruncate truncate;
        AstCopy copy;
        AstCreateTable create_table;
        AstColumnDefinition column_definition;
        AstConstraint constraint;
        AstTableLike table_like;
        AstCreateTableAs create_table_as;
        AstCreateView create_view;
        AstRefresh refresh;
        AstCreateSchema create_schema;
        AstCreateSequence create_sequence;
        AstCreateIndex create_index;
        AstIndexElement index_element;
        AstDrop drop;
        AstAlterTable alter_table;
        AstAlterAction alter_action;
        AstRename rename;
        AstAlterObject alter_object;
        AstComment comment;
        AstOption option;
        AstExplain explain;
        AstSet set;
        AstShow show;
        AstTransaction transaction;
        AstSetTransaction set_transaction;
        AstPrepare prepare;
        AstExecute execute;
        AstWord word; /* DEALLOCATE CLOSE LISTEN UNLISTEN */
        AstDeclare declare;
        AstFetch fetch;
        AstDiscardStatement discard;
        AstVacuum vacuum;
        AstVacuumTarget vacuum_target;
        AstLock lock;
        AstNotify notify;
        AstDo do_block;
        AstCallProcedure call_procedure;
        AstUnsupported unsupported;
    };
};

#endif
