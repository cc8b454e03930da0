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

#include "parser/ast_change.h"
#include "parser/ast_definition.h"
#include "parser/ast_expression.h"
#include "parser/ast_query.h"
#include "parser/ast_session.h"

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
    AST_XML,            /* XMLELEMENT(NAME n, a), XMLPARSE(CONTENT a) and their kin */
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
    AST_FROM_XML,      /* [LATERAL] XMLTABLE(a PASSING b COLUMNS ...) [AS] a (...) */
    AST_FROM_JOIN,     /* a JOIN b ON ... | USING (...) [AS u] | NATURAL | CROSS */
    AST_FUNCTION_ITEM, /* one function of AST_FROM_FUNCTION [AS (x int4)] */
    AST_XML_COLUMN,    /* a int4 PATH b DEFAULT c NOT NULL | a FOR ORDINALITY, in XMLTABLE only */
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
    AST_SET_CONSTRAINTS, /* SET CONSTRAINTS ALL | a, s.b DEFERRED | IMMEDIATE */
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
        AstXml xml;
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
        AstFromXml from_xml;
        AstFromJoin from_join;
        AstFunctionItem function_item;
        AstXmlColumn xml_column;
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
        AstSetConstraints set_constraints;
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
