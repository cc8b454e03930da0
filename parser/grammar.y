/* SPDX-License-Identifier: Apache-2.0
 *
 * The grammar of SQL as PostgreSQL 15 speaks it: only builds the tree, by calls of ast_make.h; no
 * names are resolved and no types compared here. Made into C by Lemon (LALR(1)) at build time.
 *
 * The order: key word classes and precedences, texts and statements, queries, FROM, expressions,
 * types, data changes, definitions, session statements. Where PostgreSQL's grammar throws while it
 * builds the tree (two ORDER BY, a frame that ends before it starts, ...), so do the calls here.
 *
 * The parser's stack has a fixed size and lives on the C stack of grammar_run(); when it is
 * full the statement is refused with 54001. No destructors: everything is in the query's arena.
 *
 * Statements that are not supported yet are recognised by their first words and become
 * AST_UNSUPPORTED, so that the server can name the feature. */
%name Grammar
%token_prefix TOKEN_
%token_type {Token}
%default_type {Ast *}
%extra_context {Builder *g}
%stack_size 20000
%include {
#include "parser/ast_make.h"
#include "parser/grammar.h"
#define YYNOERRORRECOVERY 1
}
%syntax_error { build_syntax_error(g, yymajor); }
%stack_overflow { build_overflow(g); }

/* Tokens that are never part of a rule: made by the lexer for its own use. */
%token ILLEGAL UIDENT USCONST DOT_DOT.
%wildcard ANYTHING.

%nonassoc SET.
%left UNION EXCEPT.
%left INTERSECT.
%left OR.
%left AND.
%right NOT.
%nonassoc IS ISNULL NOTNULL.
%nonassoc LT GT EQ LE GE NE.
%nonassoc BETWEEN IN LIKE ILIKE SIMILAR NOT_LA.
%nonassoc ESCAPE.
%nonassoc UNBOUNDED.
%nonassoc IDENT PARTITION RANGE ROWS GROUPS PRECEDING FOLLOWING CUBE ROLLUP.
%left OP OPERATOR.
%left PLUS MINUS.
%left STAR SLASH PERCENT.
%left CARET.
%left AT.
%left COLLATE.
%right UMINUS.
%left LB RB.
%left LP RP.
%left TYPECAST.
%left DOT.
%left JOIN CROSS LEFT FULL RIGHT INNER NATURAL.

/* ---- Key word classes: the categories of keywords.def ---- */
%type unreserved_word {Token}
%type column_name_word {Token}
%type type_function_word {Token}
%type reserved_word {Token}
%type column_word {Token}
%type type_word {Token}
%type nonreserved_word {Token}
%type any_word {Token}
%type bare_word {Token}
column_word ::= IDENT.
column_word ::= unreserved_word.
column_word ::= column_name_word.
type_word ::= IDENT.
type_word ::= unreserved_word.
type_word ::= type_function_word.
nonreserved_word ::= IDENT.
nonreserved_word ::= unreserved_word.
nonreserved_word ::= column_name_word.
nonreserved_word ::= type_function_word.
any_word ::= IDENT.
any_word ::= unreserved_word.
any_word ::= column_name_word.
any_word ::= type_function_word.
any_word ::= reserved_word.
unreserved_word ::= ABORT. unreserved_word ::= ABSOLUTE. unreserved_word ::= ACCESS.
unreserved_word ::= ACTION. unreserved_word ::= ADD. unreserved_word ::= ADMIN.
unreserved_word ::= AFTER. unreserved_word ::= AGGREGATE. unreserved_word ::= ALSO.
unreserved_word ::= ALTER. unreserved_word ::= ALWAYS. unreserved_word ::= ASENSITIVE.
unreserved_word ::= ASSERTION. unreserved_word ::= ASSIGNMENT. unreserved_word ::= AT.
unreserved_word ::= ATOMIC. unreserved_word ::= ATTACH. unreserved_word ::= ATTRIBUTE.
unreserved_word ::= BACKWARD. unreserved_word ::= BEFORE. unreserved_word ::= BEGIN.
unreserved_word ::= BREADTH. unreserved_word ::= BY. unreserved_word ::= CACHE.
unreserved_word ::= CALL. unreserved_word ::= CALLED. unreserved_word ::= CASCADE.
unreserved_word ::= CASCADED. unreserved_word ::= CATALOG. unreserved_word ::= CHAIN.
unreserved_word ::= CHARACTERISTICS. unreserved_word ::= CHECKPOINT. unreserved_word ::= CLASS.
unreserved_word ::= CLOSE. unreserved_word ::= CLUSTER. unreserved_word ::= COLUMNS.
unreserved_word ::= COMMENT. unreserved_word ::= COMMENTS. unreserved_word ::= COMMIT.
unreserved_word ::= COMMITTED. unreserved_word ::= COMPRESSION. unreserved_word ::= CONFIGURATION.
unreserved_word ::= CONFLICT. unreserved_word ::= CONNECTION. unreserved_word ::= CONSTRAINTS.
unreserved_word ::= CONTENT. unreserved_word ::= CONTINUE. unreserved_word ::= CONVERSION.
unreserved_word ::= COPY. unreserved_word ::= COST. unreserved_word ::= CSV.
unreserved_word ::= CUBE. unreserved_word ::= CURRENT. unreserved_word ::= CURSOR.
unreserved_word ::= CYCLE. unreserved_word ::= DATA. unreserved_word ::= DATABASE.
unreserved_word ::= DAY. unreserved_word ::= DEALLOCATE. unreserved_word ::= DECLARE.
unreserved_word ::= DEFAULTS. unreserved_word ::= DEFERRED. unreserved_word ::= DEFINER.
unreserved_word ::= DELETE. unreserved_word ::= DELIMITER. unreserved_word ::= DELIMITERS.
unreserved_word ::= DEPENDS. unreserved_word ::= DEPTH. unreserved_word ::= DETACH.
unreserved_word ::= DICTIONARY. unreserved_word ::= DISABLE. unreserved_word ::= DISCARD.
unreserved_word ::= DOCUMENT. unreserved_word ::= DOMAIN. unreserved_word ::= DOUBLE.
unreserved_word ::= DROP. unreserved_word ::= EACH. unreserved_word ::= ENABLE.
unreserved_word ::= ENCODING. unreserved_word ::= ENCRYPTED. unreserved_word ::= ENUM.
unreserved_word ::= ESCAPE. unreserved_word ::= EVENT. unreserved_word ::= EXCLUDE.
unreserved_word ::= EXCLUDING. unreserved_word ::= EXCLUSIVE. unreserved_word ::= EXECUTE.
unreserved_word ::= EXPLAIN. unreserved_word ::= EXPRESSION. unreserved_word ::= EXTENSION.
unreserved_word ::= EXTERNAL. unreserved_word ::= FAMILY. unreserved_word ::= FILTER.
unreserved_word ::= FINALIZE. unreserved_word ::= FIRST. unreserved_word ::= FOLLOWING.
unreserved_word ::= FORCE. unreserved_word ::= FORWARD. unreserved_word ::= FUNCTION.
unreserved_word ::= FUNCTIONS. unreserved_word ::= GENERATED. unreserved_word ::= GLOBAL.
unreserved_word ::= GRANTED. unreserved_word ::= GROUPS. unreserved_word ::= HANDLER.
unreserved_word ::= HEADER. unreserved_word ::= HOLD. unreserved_word ::= HOUR.
unreserved_word ::= IDENTITY. unreserved_word ::= IF. unreserved_word ::= IMMEDIATE.
unreserved_word ::= IMMUTABLE. unreserved_word ::= IMPLICIT. unreserved_word ::= IMPORT.
unreserved_word ::= INCLUDE. unreserved_word ::= INCLUDING. unreserved_word ::= INCREMENT.
unreserved_word ::= INDEX. unreserved_word ::= INDEXES. unreserved_word ::= INHERIT.
unreserved_word ::= INHERITS. unreserved_word ::= INLINE. unreserved_word ::= INPUT.
unreserved_word ::= INSENSITIVE. unreserved_word ::= INSERT. unreserved_word ::= INSTEAD.
unreserved_word ::= INVOKER. unreserved_word ::= ISOLATION. unreserved_word ::= KEY.
unreserved_word ::= LABEL. unreserved_word ::= LANGUAGE. unreserved_word ::= LARGE.
unreserved_word ::= LAST. unreserved_word ::= LEAKPROOF. unreserved_word ::= LEVEL.
unreserved_word ::= LISTEN. unreserved_word ::= LOAD. unreserved_word ::= LOCAL.
unreserved_word ::= LOCATION. unreserved_word ::= LOCK. unreserved_word ::= LOCKED.
unreserved_word ::= LOGGED. unreserved_word ::= MAPPING. unreserved_word ::= MATCH.
unreserved_word ::= MATCHED. unreserved_word ::= MATERIALIZED. unreserved_word ::= MAXVALUE.
unreserved_word ::= MERGE. unreserved_word ::= METHOD. unreserved_word ::= MINUTE.
unreserved_word ::= MINVALUE. unreserved_word ::= MODE. unreserved_word ::= MONTH.
unreserved_word ::= MOVE. unreserved_word ::= NAME. unreserved_word ::= NAMES.
unreserved_word ::= NEW. unreserved_word ::= NEXT. unreserved_word ::= NFC.
unreserved_word ::= NFD. unreserved_word ::= NFKC. unreserved_word ::= NFKD.
unreserved_word ::= NO. unreserved_word ::= NORMALIZED. unreserved_word ::= NOTHING.
unreserved_word ::= NOTIFY. unreserved_word ::= NOWAIT. unreserved_word ::= NULLS.
unreserved_word ::= OBJECT. unreserved_word ::= OF. unreserved_word ::= OFF.
unreserved_word ::= OIDS. unreserved_word ::= OLD. unreserved_word ::= OPERATOR.
unreserved_word ::= OPTION. unreserved_word ::= OPTIONS. unreserved_word ::= ORDINALITY.
unreserved_word ::= OTHERS. unreserved_word ::= OVER. unreserved_word ::= OVERRIDING.
unreserved_word ::= OWNED. unreserved_word ::= OWNER. unreserved_word ::= PARALLEL.
unreserved_word ::= PARAMETER. unreserved_word ::= PARSER. unreserved_word ::= PARTIAL.
unreserved_word ::= PARTITION. unreserved_word ::= PASSING. unreserved_word ::= PASSWORD.
unreserved_word ::= PLANS. unreserved_word ::= POLICY. unreserved_word ::= PRECEDING.
unreserved_word ::= PREPARE. unreserved_word ::= PREPARED. unreserved_word ::= PRESERVE.
unreserved_word ::= PRIOR. unreserved_word ::= PRIVILEGES. unreserved_word ::= PROCEDURAL.
unreserved_word ::= PROCEDURE. unreserved_word ::= PROCEDURES. unreserved_word ::= PROGRAM.
unreserved_word ::= PUBLICATION. unreserved_word ::= QUOTE. unreserved_word ::= RANGE.
unreserved_word ::= READ. unreserved_word ::= REASSIGN. unreserved_word ::= RECHECK.
unreserved_word ::= RECURSIVE. unreserved_word ::= REF. unreserved_word ::= REFERENCING.
unreserved_word ::= REFRESH. unreserved_word ::= REINDEX. unreserved_word ::= RELATIVE.
unreserved_word ::= RELEASE. unreserved_word ::= RENAME. unreserved_word ::= REPEATABLE.
unreserved_word ::= REPLACE. unreserved_word ::= REPLICA. unreserved_word ::= RESET.
unreserved_word ::= RESTART. unreserved_word ::= RESTRICT. unreserved_word ::= RETURN.
unreserved_word ::= RETURNS. unreserved_word ::= REVOKE. unreserved_word ::= ROLE.
unreserved_word ::= ROLLBACK. unreserved_word ::= ROLLUP. unreserved_word ::= ROUTINE.
unreserved_word ::= ROUTINES. unreserved_word ::= ROWS. unreserved_word ::= RULE.
unreserved_word ::= SAVEPOINT. unreserved_word ::= SCHEMA. unreserved_word ::= SCHEMAS.
unreserved_word ::= SCROLL. unreserved_word ::= SEARCH. unreserved_word ::= SECOND.
unreserved_word ::= SECURITY. unreserved_word ::= SEQUENCE. unreserved_word ::= SEQUENCES.
unreserved_word ::= SERIALIZABLE. unreserved_word ::= SERVER. unreserved_word ::= SESSION.
unreserved_word ::= SET. unreserved_word ::= SETS. unreserved_word ::= SHARE.
unreserved_word ::= SHOW. unreserved_word ::= SIMPLE. unreserved_word ::= SKIP.
unreserved_word ::= SNAPSHOT. unreserved_word ::= SQL. unreserved_word ::= STABLE.
unreserved_word ::= STANDALONE. unreserved_word ::= START. unreserved_word ::= STATEMENT.
unreserved_word ::= STATISTICS. unreserved_word ::= STDIN. unreserved_word ::= STDOUT.
unreserved_word ::= STORAGE. unreserved_word ::= STORED. unreserved_word ::= STRICT.
unreserved_word ::= STRIP. unreserved_word ::= SUBSCRIPTION. unreserved_word ::= SUPPORT.
unreserved_word ::= SYSID. unreserved_word ::= SYSTEM. unreserved_word ::= TABLES.
unreserved_word ::= TABLESPACE. unreserved_word ::= TEMP. unreserved_word ::= TEMPLATE.
unreserved_word ::= TEMPORARY. unreserved_word ::= TEXT. unreserved_word ::= TIES.
unreserved_word ::= TRANSACTION. unreserved_word ::= TRANSFORM. unreserved_word ::= TRIGGER.
unreserved_word ::= TRUNCATE. unreserved_word ::= TRUSTED. unreserved_word ::= TYPE.
unreserved_word ::= TYPES. unreserved_word ::= UESCAPE. unreserved_word ::= UNBOUNDED.
unreserved_word ::= UNCOMMITTED. unreserved_word ::= UNENCRYPTED. unreserved_word ::= UNKNOWN.
unreserved_word ::= UNLISTEN. unreserved_word ::= UNLOGGED. unreserved_word ::= UNTIL.
unreserved_word ::= UPDATE. unreserved_word ::= VACUUM. unreserved_word ::= VALID.
unreserved_word ::= VALIDATE. unreserved_word ::= VALIDATOR. unreserved_word ::= VALUE.
unreserved_word ::= VARYING. unreserved_word ::= VERSION. unreserved_word ::= VIEW.
unreserved_word ::= VIEWS. unreserved_word ::= VOLATILE. unreserved_word ::= WHITESPACE.
unreserved_word ::= WITHIN. unreserved_word ::= WITHOUT. unreserved_word ::= WORK.
unreserved_word ::= WRAPPER. unreserved_word ::= WRITE. unreserved_word ::= XML.
unreserved_word ::= YEAR. unreserved_word ::= YES. unreserved_word ::= ZONE.
column_name_word ::= BETWEEN. column_name_word ::= BIGINT. column_name_word ::= BIT.
column_name_word ::= BOOLEAN. column_name_word ::= CHAR. column_name_word ::= CHARACTER.
column_name_word ::= COALESCE. column_name_word ::= DEC. column_name_word ::= DECIMAL.
column_name_word ::= EXISTS. column_name_word ::= EXTRACT. column_name_word ::= FLOAT.
column_name_word ::= GREATEST. column_name_word ::= GROUPING. column_name_word ::= INOUT.
column_name_word ::= INT. column_name_word ::= INTEGER. column_name_word ::= INTERVAL.
column_name_word ::= LEAST. column_name_word ::= NATIONAL. column_name_word ::= NCHAR.
column_name_word ::= NONE. column_name_word ::= NORMALIZE. column_name_word ::= NULLIF.
column_name_word ::= NUMERIC. column_name_word ::= OUT. column_name_word ::= OVERLAY.
column_name_word ::= POSITION. column_name_word ::= PRECISION. column_name_word ::= REAL.
column_name_word ::= ROW. column_name_word ::= SETOF. column_name_word ::= SMALLINT.
column_name_word ::= SUBSTRING. column_name_word ::= TIME. column_name_word ::= TIMESTAMP.
column_name_word ::= TREAT. column_name_word ::= TRIM. column_name_word ::= VALUES.
column_name_word ::= VARCHAR. column_name_word ::= XMLATTRIBUTES. column_name_word ::= XMLCONCAT.
column_name_word ::= XMLELEMENT. column_name_word ::= XMLEXISTS. column_name_word ::= XMLFOREST.
column_name_word ::= XMLNAMESPACES. column_name_word ::= XMLPARSE. column_name_word ::= XMLPI.
column_name_word ::= XMLROOT. column_name_word ::= XMLSERIALIZE. column_name_word ::= XMLTABLE.
type_function_word ::= AUTHORIZATION. type_function_word ::= BINARY.
type_function_word ::= COLLATION. type_function_word ::= CONCURRENTLY.
type_function_word ::= CROSS. type_function_word ::= CURRENT_SCHEMA. type_function_word ::= FREEZE.
type_function_word ::= FULL. type_function_word ::= ILIKE. type_function_word ::= INNER.
type_function_word ::= IS. type_function_word ::= ISNULL. type_function_word ::= JOIN.
type_function_word ::= LEFT. type_function_word ::= LIKE. type_function_word ::= NATURAL.
type_function_word ::= NOTNULL. type_function_word ::= OUTER. type_function_word ::= OVERLAPS.
type_function_word ::= RIGHT. type_function_word ::= SIMILAR. type_function_word ::= TABLESAMPLE.
type_function_word ::= VERBOSE.
reserved_word ::= ALL. reserved_word ::= ANALYSE. reserved_word ::= ANALYZE. reserved_word ::= AND.
reserved_word ::= ANY. reserved_word ::= ARRAY. reserved_word ::= AS. reserved_word ::= ASC.
reserved_word ::= ASYMMETRIC. reserved_word ::= BOTH. reserved_word ::= CASE.
reserved_word ::= CAST. reserved_word ::= CHECK. reserved_word ::= COLLATE.
reserved_word ::= COLUMN. reserved_word ::= CONSTRAINT. reserved_word ::= CREATE.
reserved_word ::= CURRENT_CATALOG. reserved_word ::= CURRENT_DATE. reserved_word ::= CURRENT_ROLE.
reserved_word ::= CURRENT_TIME. reserved_word ::= CURRENT_TIMESTAMP.
reserved_word ::= CURRENT_USER. reserved_word ::= DEFAULT. reserved_word ::= DEFERRABLE.
reserved_word ::= DESC. reserved_word ::= DISTINCT. reserved_word ::= DO. reserved_word ::= ELSE.
reserved_word ::= END. reserved_word ::= EXCEPT. reserved_word ::= FALSE. reserved_word ::= FETCH.
reserved_word ::= FOR. reserved_word ::= FOREIGN. reserved_word ::= FROM. reserved_word ::= GRANT.
reserved_word ::= GROUP. reserved_word ::= HAVING. reserved_word ::= IN.
reserved_word ::= INITIALLY. reserved_word ::= INTERSECT. reserved_word ::= INTO.
reserved_word ::= LATERAL. reserved_word ::= LEADING. reserved_word ::= LIMIT.
reserved_word ::= LOCALTIME. reserved_word ::= LOCALTIMESTAMP. reserved_word ::= NOT.
reserved_word ::= NULL. reserved_word ::= OFFSET. reserved_word ::= ON. reserved_word ::= ONLY.
reserved_word ::= OR. reserved_word ::= ORDER. reserved_word ::= PLACING.
reserved_word ::= PRIMARY. reserved_word ::= REFERENCES. reserved_word ::= RETURNING.
reserved_word ::= SELECT. reserved_word ::= SESSION_USER. reserved_word ::= SOME.
reserved_word ::= SYMMETRIC. reserved_word ::= TABLE. reserved_word ::= THEN. reserved_word ::= TO.
reserved_word ::= TRAILING. reserved_word ::= TRUE. reserved_word ::= UNION.
reserved_word ::= UNIQUE. reserved_word ::= USER. reserved_word ::= USING.
reserved_word ::= VARIADIC. reserved_word ::= WHEN. reserved_word ::= WHERE.
reserved_word ::= WINDOW. reserved_word ::= WITH.
/* Labels that need no AS. */
bare_word ::= IDENT. bare_word ::= ABORT. bare_word ::= ABSOLUTE. bare_word ::= ACCESS.
bare_word ::= ACTION. bare_word ::= ADD. bare_word ::= ADMIN. bare_word ::= AFTER.
bare_word ::= AGGREGATE. bare_word ::= ALL. bare_word ::= ALSO. bare_word ::= ALTER.
bare_word ::= ALWAYS. bare_word ::= ANALYSE. bare_word ::= ANALYZE. bare_word ::= AND.
bare_word ::= ANY. bare_word ::= ASC. bare_word ::= ASENSITIVE. bare_word ::= ASSERTION.
bare_word ::= ASSIGNMENT. bare_word ::= ASYMMETRIC. bare_word ::= AT. bare_word ::= ATOMIC.
bare_word ::= ATTACH. bare_word ::= ATTRIBUTE. bare_word ::= AUTHORIZATION. bare_word ::= BACKWARD.
bare_word ::= BEFORE. bare_word ::= BEGIN. bare_word ::= BETWEEN. bare_word ::= BIGINT.
bare_word ::= BINARY. bare_word ::= BIT. bare_word ::= BOOLEAN. bare_word ::= BOTH.
bare_word ::= BREADTH. bare_word ::= BY. bare_word ::= CACHE. bare_word ::= CALL.
bare_word ::= CALLED. bare_word ::= CASCADE. bare_word ::= CASCADED. bare_word ::= CASE.
bare_word ::= CAST. bare_word ::= CATALOG. bare_word ::= CHAIN. bare_word ::= CHARACTERISTICS.
bare_word ::= CHECK. bare_word ::= CHECKPOINT. bare_word ::= CLASS. bare_word ::= CLOSE.
bare_word ::= CLUSTER. bare_word ::= COALESCE. bare_word ::= COLLATE. bare_word ::= COLLATION.
bare_word ::= COLUMN. bare_word ::= COLUMNS. bare_word ::= COMMENT. bare_word ::= COMMENTS.
bare_word ::= COMMIT. bare_word ::= COMMITTED. bare_word ::= COMPRESSION.
bare_word ::= CONCURRENTLY. bare_word ::= CONFIGURATION. bare_word ::= CONFLICT.
bare_word ::= CONNECTION. bare_word ::= CONSTRAINT. bare_word ::= CONSTRAINTS.
bare_word ::= CONTENT. bare_word ::= CONTINUE. bare_word ::= CONVERSION. bare_word ::= COPY.
bare_word ::= COST. bare_word ::= CROSS. bare_word ::= CSV. bare_word ::= CUBE.
bare_word ::= CURRENT. bare_word ::= CURRENT_CATALOG. bare_word ::= CURRENT_DATE.
bare_word ::= CURRENT_ROLE. bare_word ::= CURRENT_SCHEMA. bare_word ::= CURRENT_TIME.
bare_word ::= CURRENT_TIMESTAMP. bare_word ::= CURRENT_USER. bare_word ::= CURSOR.
bare_word ::= CYCLE. bare_word ::= DATA. bare_word ::= DATABASE. bare_word ::= DEALLOCATE.
bare_word ::= DEC. bare_word ::= DECIMAL. bare_word ::= DECLARE. bare_word ::= DEFAULT.
bare_word ::= DEFAULTS. bare_word ::= DEFERRABLE. bare_word ::= DEFERRED. bare_word ::= DEFINER.
bare_word ::= DELETE. bare_word ::= DELIMITER. bare_word ::= DELIMITERS. bare_word ::= DEPENDS.
bare_word ::= DEPTH. bare_word ::= DESC. bare_word ::= DETACH. bare_word ::= DICTIONARY.
bare_word ::= DISABLE. bare_word ::= DISCARD. bare_word ::= DISTINCT. bare_word ::= DO.
bare_word ::= DOCUMENT. bare_word ::= DOMAIN. bare_word ::= DOUBLE. bare_word ::= DROP.
bare_word ::= EACH. bare_word ::= ELSE. bare_word ::= ENABLE. bare_word ::= ENCODING.
bare_word ::= ENCRYPTED. bare_word ::= END. bare_word ::= ENUM. bare_word ::= ESCAPE.
bare_word ::= EVENT. bare_word ::= EXCLUDE. bare_word ::= EXCLUDING. bare_word ::= EXCLUSIVE.
bare_word ::= EXECUTE. bare_word ::= EXISTS. bare_word ::= EXPLAIN. bare_word ::= EXPRESSION.
bare_word ::= EXTENSION. bare_word ::= EXTERNAL. bare_word ::= EXTRACT. bare_word ::= FALSE.
bare_word ::= FAMILY. bare_word ::= FINALIZE. bare_word ::= FIRST. bare_word ::= FLOAT.
bare_word ::= FOLLOWING. bare_word ::= FORCE. bare_word ::= FOREIGN. bare_word ::= FORWARD.
bare_word ::= FREEZE. bare_word ::= FULL. bare_word ::= FUNCTION. bare_word ::= FUNCTIONS.
bare_word ::= GENERATED. bare_word ::= GLOBAL. bare_word ::= GRANTED. bare_word ::= GREATEST.
bare_word ::= GROUPING. bare_word ::= GROUPS. bare_word ::= HANDLER. bare_word ::= HEADER.
bare_word ::= HOLD. bare_word ::= IDENTITY. bare_word ::= IF. bare_word ::= ILIKE.
bare_word ::= IMMEDIATE. bare_word ::= IMMUTABLE. bare_word ::= IMPLICIT. bare_word ::= IMPORT.
bare_word ::= IN. bare_word ::= INCLUDE. bare_word ::= INCLUDING. bare_word ::= INCREMENT.
bare_word ::= INDEX. bare_word ::= INDEXES. bare_word ::= INHERIT. bare_word ::= INHERITS.
bare_word ::= INITIALLY. bare_word ::= INLINE. bare_word ::= INNER. bare_word ::= INOUT.
bare_word ::= INPUT. bare_word ::= INSENSITIVE. bare_word ::= INSERT. bare_word ::= INSTEAD.
bare_word ::= INT. bare_word ::= INTEGER. bare_word ::= INTERVAL. bare_word ::= INVOKER.
bare_word ::= IS. bare_word ::= ISOLATION. bare_word ::= JOIN. bare_word ::= KEY.
bare_word ::= LABEL. bare_word ::= LANGUAGE. bare_word ::= LARGE. bare_word ::= LAST.
bare_word ::= LATERAL. bare_word ::= LEADING. bare_word ::= LEAKPROOF. bare_word ::= LEAST.
bare_word ::= LEFT. bare_word ::= LEVEL. bare_word ::= LIKE. bare_word ::= LISTEN.
bare_word ::= LOAD. bare_word ::= LOCAL. bare_word ::= LOCALTIME. bare_word ::= LOCALTIMESTAMP.
bare_word ::= LOCATION. bare_word ::= LOCK. bare_word ::= LOCKED. bare_word ::= LOGGED.
bare_word ::= MAPPING. bare_word ::= MATCH. bare_word ::= MATCHED. bare_word ::= MATERIALIZED.
bare_word ::= MAXVALUE. bare_word ::= MERGE. bare_word ::= METHOD. bare_word ::= MINVALUE.
bare_word ::= MODE. bare_word ::= MOVE. bare_word ::= NAME. bare_word ::= NAMES.
bare_word ::= NATIONAL. bare_word ::= NATURAL. bare_word ::= NCHAR. bare_word ::= NEW.
bare_word ::= NEXT. bare_word ::= NFC. bare_word ::= NFD. bare_word ::= NFKC. bare_word ::= NFKD.
bare_word ::= NO. bare_word ::= NONE. bare_word ::= NORMALIZE. bare_word ::= NORMALIZED.
bare_word ::= NOT. bare_word ::= NOTHING. bare_word ::= NOTIFY. bare_word ::= NOWAIT.
bare_word ::= NULL. bare_word ::= NULLIF. bare_word ::= NULLS. bare_word ::= NUMERIC.
bare_word ::= OBJECT. bare_word ::= OF. bare_word ::= OFF. bare_word ::= OIDS. bare_word ::= OLD.
bare_word ::= ONLY. bare_word ::= OPERATOR. bare_word ::= OPTION. bare_word ::= OPTIONS.
bare_word ::= OR. bare_word ::= ORDINALITY. bare_word ::= OTHERS. bare_word ::= OUT.
bare_word ::= OUTER. bare_word ::= OVERLAY. bare_word ::= OVERRIDING. bare_word ::= OWNED.
bare_word ::= OWNER. bare_word ::= PARALLEL. bare_word ::= PARAMETER. bare_word ::= PARSER.
bare_word ::= PARTIAL. bare_word ::= PARTITION. bare_word ::= PASSING. bare_word ::= PASSWORD.
bare_word ::= PLACING. bare_word ::= PLANS. bare_word ::= POLICY. bare_word ::= POSITION.
bare_word ::= PRECEDING. bare_word ::= PREPARE. bare_word ::= PREPARED. bare_word ::= PRESERVE.
bare_word ::= PRIMARY. bare_word ::= PRIOR. bare_word ::= PRIVILEGES. bare_word ::= PROCEDURAL.
bare_word ::= PROCEDURE. bare_word ::= PROCEDURES. bare_word ::= PROGRAM.
bare_word ::= PUBLICATION. bare_word ::= QUOTE. bare_word ::= RANGE. bare_word ::= READ.
bare_word ::= REAL. bare_word ::= REASSIGN. bare_word ::= RECHECK. bare_word ::= RECURSIVE.
bare_word ::= REF. bare_word ::= REFERENCES. bare_word ::= REFERENCING. bare_word ::= REFRESH.
bare_word ::= REINDEX. bare_word ::= RELATIVE. bare_word ::= RELEASE. bare_word ::= RENAME.
bare_word ::= REPEATABLE. bare_word ::= REPLACE. bare_word ::= REPLICA. bare_word ::= RESET.
bare_word ::= RESTART. bare_word ::= RESTRICT. bare_word ::= RETURN. bare_word ::= RETURNS.
bare_word ::= REVOKE. bare_word ::= RIGHT. bare_word ::= ROLE. bare_word ::= ROLLBACK.
bare_word ::= ROLLUP. bare_word ::= ROUTINE. bare_word ::= ROUTINES. bare_word ::= ROW.
bare_word ::= ROWS. bare_word ::= RULE. bare_word ::= SAVEPOINT. bare_word ::= SCHEMA.
bare_word ::= SCHEMAS. bare_word ::= SCROLL. bare_word ::= SEARCH. bare_word ::= SECURITY.
bare_word ::= SELECT. bare_word ::= SEQUENCE. bare_word ::= SEQUENCES. bare_word ::= SERIALIZABLE.
bare_word ::= SERVER. bare_word ::= SESSION. bare_word ::= SESSION_USER. bare_word ::= SET.
bare_word ::= SETOF. bare_word ::= SETS. bare_word ::= SHARE. bare_word ::= SHOW.
bare_word ::= SIMILAR. bare_word ::= SIMPLE. bare_word ::= SKIP. bare_word ::= SMALLINT.
bare_word ::= SNAPSHOT. bare_word ::= SOME. bare_word ::= SQL. bare_word ::= STABLE.
bare_word ::= STANDALONE. bare_word ::= START. bare_word ::= STATEMENT. bare_word ::= STATISTICS.
bare_word ::= STDIN. bare_word ::= STDOUT. bare_word ::= STORAGE. bare_word ::= STORED.
bare_word ::= STRICT. bare_word ::= STRIP. bare_word ::= SUBSCRIPTION. bare_word ::= SUBSTRING.
bare_word ::= SUPPORT. bare_word ::= SYMMETRIC. bare_word ::= SYSID. bare_word ::= SYSTEM.
bare_word ::= TABLE. bare_word ::= TABLES. bare_word ::= TABLESAMPLE. bare_word ::= TABLESPACE.
bare_word ::= TEMP. bare_word ::= TEMPLATE. bare_word ::= TEMPORARY. bare_word ::= TEXT.
bare_word ::= THEN. bare_word ::= TIES. bare_word ::= TIME. bare_word ::= TIMESTAMP.
bare_word ::= TRAILING. bare_word ::= TRANSACTION. bare_word ::= TRANSFORM. bare_word ::= TREAT.
bare_word ::= TRIGGER. bare_word ::= TRIM. bare_word ::= TRUE. bare_word ::= TRUNCATE.
bare_word ::= TRUSTED. bare_word ::= TYPE. bare_word ::= TYPES. bare_word ::= UESCAPE.
bare_word ::= UNBOUNDED. bare_word ::= UNCOMMITTED. bare_word ::= UNENCRYPTED.
bare_word ::= UNIQUE. bare_word ::= UNKNOWN. bare_word ::= UNLISTEN. bare_word ::= UNLOGGED.
bare_word ::= UNTIL. bare_word ::= UPDATE. bare_word ::= USER. bare_word ::= USING.
bare_word ::= VACUUM. bare_word ::= VALID. bare_word ::= VALIDATE. bare_word ::= VALIDATOR.
bare_word ::= VALUE. bare_word ::= VALUES. bare_word ::= VARCHAR. bare_word ::= VARIADIC.
bare_word ::= VERBOSE. bare_word ::= VERSION. bare_word ::= VIEW. bare_word ::= VIEWS.
bare_word ::= VOLATILE. bare_word ::= WHEN. bare_word ::= WHITESPACE. bare_word ::= WORK.
bare_word ::= WRAPPER. bare_word ::= WRITE. bare_word ::= XML. bare_word ::= XMLATTRIBUTES.
bare_word ::= XMLCONCAT. bare_word ::= XMLELEMENT. bare_word ::= XMLEXISTS.
bare_word ::= XMLFOREST. bare_word ::= XMLNAMESPACES. bare_word ::= XMLPARSE. bare_word ::= XMLPI.
bare_word ::= XMLROOT. bare_word ::= XMLSERIALIZE. bare_word ::= XMLTABLE. bare_word ::= YES.
bare_word ::= ZONE.
/* Kinds of objects that are not supported yet, as command tags call them. */
%type object_words {Token}
object_words(A) ::= TEXT(X) SEARCH. { A = token_say(&X, "TEXT SEARCH"); }
object_words(A) ::= EVENT(X) TRIGGER. { A = token_say(&X, "EVENT TRIGGER"); }
object_words(A) ::= FOREIGN(X) DATA WRAPPER. { A = token_say(&X, "FOREIGN DATA WRAPPER"); }
object_words(A) ::= FOREIGN(X) TABLE. { A = token_say(&X, "FOREIGN TABLE"); }
object_words(A) ::= ACCESS(X) METHOD. { A = token_say(&X, "ACCESS METHOD"); }
object_words(A) ::= OPERATOR(X) CLASS. { A = token_say(&X, "OPERATOR CLASS"); }
object_words(A) ::= OPERATOR(X) FAMILY. { A = token_say(&X, "OPERATOR FAMILY"); }
object_words ::= OPERATOR. object_words ::= FUNCTION. object_words ::= PROCEDURE.
object_words ::= AGGREGATE. object_words ::= TRIGGER. object_words ::= RULE.
object_words ::= LANGUAGE. object_words ::= POLICY. object_words ::= PUBLICATION.
object_words ::= SUBSCRIPTION. object_words ::= STATISTICS. object_words ::= CONVERSION.
object_words ::= SERVER. object_words ::= CAST. object_words ::= TRANSFORM.
%type role_object {Token}
role_object ::= ROLE.
role_object(A) ::= USER(X). { A = token_say(&X, "ROLE"); }
role_object(A) ::= GROUP(X). { A = token_say(&X, "ROLE"); }
role_object(A) ::= USER(X) MAPPING. { A = token_say(&X, "USER MAPPING"); }
%type procedural_language {Token}
procedural_language(A) ::= PROCEDURAL(X) LANGUAGE. { A = token_say(&X, "LANGUAGE"); }
%type created_language {Token}
created_language ::= procedural_language.
created_language(A) ::= TRUSTED(X) LANGUAGE. { A = token_say(&X, "LANGUAGE"); }
created_language(A) ::= TRUSTED(X) PROCEDURAL LANGUAGE. { A = token_say(&X, "LANGUAGE"); }
%type constraint_trigger {Token}
constraint_trigger(A) ::= CONSTRAINT(X) TRIGGER. { A = token_say(&X, "TRIGGER"); }
%type large_object {Token}
large_object(A) ::= LARGE(X) OBJECT. { A = token_say(&X, "LARGE OBJECT"); }
%type replaced_object {Token}
replaced_object ::= FUNCTION. replaced_object ::= PROCEDURE. replaced_object ::= AGGREGATE.
replaced_object ::= TRIGGER. replaced_object ::= RULE. replaced_object ::= LANGUAGE.
replaced_object ::= TRANSFORM. replaced_object ::= created_language.
replaced_object ::= constraint_trigger.
%type commented_object {Token}
commented_object ::= object_words. commented_object ::= ROUTINE.
commented_object ::= procedural_language. commented_object ::= large_object.
%type created_object {Token}
created_object ::= object_words. created_object ::= role_object. created_object ::= DATABASE.
created_object ::= TABLESPACE. created_object ::= TYPE. created_object ::= DOMAIN.
created_object ::= EXTENSION. created_object ::= COLLATION. created_object ::= created_language.
created_object ::= constraint_trigger.
created_object(A) ::= DEFAULT(X) CONVERSION. { A = token_say(&X, "CONVERSION"); }
%type dropped_object {Token}
dropped_object ::= object_words. dropped_object ::= role_object. dropped_object ::= DATABASE.
dropped_object ::= TABLESPACE. dropped_object ::= ROUTINE. dropped_object ::= OWNED.
dropped_object ::= procedural_language.
%type altered_object {Token}
altered_object ::= object_words. altered_object ::= role_object. altered_object ::= TABLESPACE.
altered_object ::= ROUTINE. altered_object ::= TYPE. altered_object ::= DOMAIN.
altered_object ::= EXTENSION. altered_object ::= COLLATION. altered_object ::= SYSTEM.
altered_object ::= procedural_language. altered_object ::= large_object.
altered_object(A) ::= DEFAULT(X) PRIVILEGES. { A = token_say(&X, "DEFAULT PRIVILEGES"); }
/* Small choices of words. */
%type number {Token}
number ::= ICONST. number ::= FCONST.
%type role_word {Token}
role_word ::= CURRENT_ROLE. role_word ::= CURRENT_USER. role_word ::= SESSION_USER.
%type temp_word {Token}
temp_word ::= TEMP. temp_word ::= TEMPORARY.
%type first_or_next {Token}
first_or_next ::= FIRST. first_or_next ::= NEXT.
%type row_or_rows {Token}
row_or_rows ::= ROW. row_or_rows ::= ROWS.
%type normal_form_word {Token}
normal_form_word ::= NFC. normal_form_word ::= NFD. normal_form_word ::= NFKC.
normal_form_word ::= NFKD.
%type any_or_some {Token}
any_or_some ::= ANY. any_or_some ::= SOME.
%type plain_operator {Token}
plain_operator ::= OP. plain_operator ::= PLUS. plain_operator ::= MINUS. plain_operator ::= STAR.
plain_operator ::= SLASH. plain_operator ::= PERCENT. plain_operator ::= CARET.
plain_operator ::= LT. plain_operator ::= GT. plain_operator ::= EQ. plain_operator ::= LE.
plain_operator ::= GE. plain_operator ::= NE.
%type extract_word {Token}
extract_word ::= IDENT. extract_word ::= YEAR. extract_word ::= MONTH. extract_word ::= DAY.
extract_word ::= HOUR. extract_word ::= MINUTE. extract_word ::= SECOND. extract_word ::= SCONST.
%type numeric_word {Token}
numeric_word ::= DECIMAL. numeric_word ::= DEC. numeric_word ::= NUMERIC.
%type character_word {Token}
character_word ::= CHARACTER. character_word ::= CHAR. character_word ::= NCHAR.
%type national_word {Token}
national_word ::= CHARACTER. national_word ::= CHAR.
%type replica_word {Token}
replica_word ::= NOTHING. replica_word ::= FULL. replica_word ::= DEFAULT.
%type enable_or_disable {Token}
enable_or_disable ::= ENABLE. enable_or_disable ::= DISABLE.
%type enable_words {Token}
enable_words(A) ::= ENABLE(X) ALWAYS. { A = token_say(&X, "ENABLE ALWAYS"); }
enable_words(A) ::= ENABLE(X) REPLICA. { A = token_say(&X, "ENABLE REPLICA"); }
%type row_security_word {Token}
row_security_word ::= ENABLE. row_security_word ::= DISABLE. row_security_word ::= FORCE.
%type analyze_word {Token}
analyze_word ::= ANALYZE. analyze_word ::= ANALYSE.
%type to_or_equals {Token}
to_or_equals ::= TO. to_or_equals ::= EQ.
%type xml_word {Token}
xml_word ::= DOCUMENT. xml_word ::= CONTENT.
%type lone_word {Token}
lone_word ::= GRANT. lone_word ::= REVOKE. lone_word ::= CLUSTER. lone_word ::= REINDEX.
lone_word ::= LOAD.
lone_word(A) ::= REASSIGN(X) OWNED. { A = token_say(&X, "REASSIGN OWNED"); }
lone_word(A) ::= SECURITY(X) LABEL. { A = token_say(&X, "SECURITY LABEL"); }
lone_word(A) ::= IMPORT(X) FOREIGN SCHEMA. { A = token_say(&X, "IMPORT FOREIGN SCHEMA"); }

/* ---- Texts ---- */
%start_symbol text
text ::= statement_list.
statement_list ::= statement_slot.
statement_list ::= statement_list SEMICOLON statement_slot.
statement_slot ::= .
statement_slot ::= statement(X). { build_statement(g, X); }

/* ---- Names and small things ---- */
%type dotted {Name}
%type any_name {Name}
%type attributes {Name}
dotted(A) ::= column_word(X). { A = name_one(g, &X); }
dotted(A) ::= column_word(X) indirection(I). { A = name_from_path(g, &X, I); }
any_name(A) ::= column_word(X). { A = name_one(g, &X); }
any_name(A) ::= column_word(X) attributes(B). { A = name_before(g, &X, B); }
attributes(A) ::= DOT any_word(X). { A = name_one(g, &X); }
attributes(A) ::= attributes(B) DOT any_word(X). { A = name_add(g, B, &X); }

%type identifiers {AstList}
identifiers(A) ::= column_word(X). { A = list_one(g, identifier_make(g, &X)); }
identifiers(A) ::= identifiers(L) COMMA column_word(X). { A = list_add(g, L, identifier_make(g, &X)); }
%type identifiers_in_parens {AstList}
identifiers_in_parens(A) ::= . { A = list_none(); }
identifiers_in_parens(A) ::= LP identifiers(L) RP. { A = L; }
%type any_names {AstList}
any_names(A) ::= any_name(N). { A = list_one(g, name_node(g, N)); }
any_names(A) ::= any_names(L) COMMA any_name(N). { A = list_add(g, L, name_node(g, N)); }
%type dotted_names {AstList}
dotted_names(A) ::= dotted(N). { A = list_one(g, name_node(g, relation_name(g, N))); }
dotted_names(A) ::= dotted_names(L) COMMA dotted(N). { A = list_add(g, L, name_node(g, relation_name(g, N))); }

%type new_name {NewName}
new_name(A) ::= dotted(N). { A = (NewName){relation_name(g, N), false}; }
new_name(A) ::= IF NOT EXISTS dotted(N). { A = (NewName){relation_name(g, N), true}; }
%type behavior {AstBehavior}
behavior(A) ::= . { A = BEHAVIOR_RESTRICT; }
behavior(A) ::= RESTRICT. { A = BEHAVIOR_RESTRICT; }
behavior(A) ::= CASCADE. { A = BEHAVIOR_CASCADE; }

signed_number(A) ::= number(X). { A = number_make(g, &X); }
signed_number(A) ::= PLUS number(X). { A = number_make(g, &X); }
signed_number(A) ::= MINUS(M) number(X). { A = minus_make(g, &M, number_make(g, &X)); }
%type signed_integer {i32}
signed_integer(A) ::= ICONST(X). { A = X.number; }
signed_integer(A) ::= PLUS ICONST(X). { A = X.number; }
signed_integer(A) ::= MINUS ICONST(X). { A = -X.number; }
%type role {Text}
role(A) ::= nonreserved_word(X). { A = role_name(g, &X); }
role(A) ::= role_word(X). { A = X.text; }
word_or_string(A) ::= nonreserved_word(X). { A = identifier_make(g, &X); }
word_or_string(A) ::= SCONST(X). { A = string_make(g, &X); }
setting_word(A) ::= TRUE(X). { A = identifier_make(g, &X); }
setting_word(A) ::= FALSE(X). { A = identifier_make(g, &X); }
setting_word(A) ::= ON(X). { A = identifier_make(g, &X); }
setting_word(A) ::= word_or_string(X). { A = X; }

/* ---- Queries ---- */
statement(A) ::= query(X). { A = X; }
query(A) ::= query_bare(X). [UMINUS] { A = X; }
query(A) ::= query_in_parens(X). [UMINUS] { A = X; }
query_in_parens(A) ::= LP(T) query_bare(X) RP. { A = X; X->offset = T.offset; }
query_in_parens(A) ::= LP(T) query_in_parens(X) RP. { A = X; X->offset = T.offset; }

%type locks {AstList}
%type optional_locks {AstList}
%type sort_clause {AstList}
%type optional_sort {AstList}
query_bare(A) ::= simple_query(X). { A = X; }
query_bare(A) ::= query_part(X) sort_clause(S). { A = query_options(g, X, NULL, S, NULL, list_none()); }
query_bare(A) ::= query_part(X) optional_sort(S) locks(K) optional_limits(L).
    { A = query_options(g, X, NULL, S, L, K); }
query_bare(A) ::= query_part(X) optional_sort(S) limits(L) optional_locks(K).
    { A = query_options(g, X, NULL, S, L, K); }
query_bare(A) ::= with(W) query_part(X). { A = query_options(g, X, W, list_none(), NULL, list_none()); }
query_bare(A) ::= with(W) query_part(X) sort_clause(S). { A = query_options(g, X, W, S, NULL, list_none()); }
query_bare(A) ::= with(W) query_part(X) optional_sort(S) locks(K) optional_limits(L).
    { A = query_options(g, X, W, S, L, K); }
query_bare(A) ::= with(W) query_part(X) optional_sort(S) limits(L) optional_locks(K).
    { A = query_options(g, X, W, S, L, K); }
query_part(A) ::= simple_query(X). { A = X; }
query_part(A) ::= query_in_parens(X). { A = X; }

simple_query(A) ::= SELECT(S) optional_all optional_targets(T) into(I) from(F) where(W) group(G)
    having(H) windows(N).
    { A = select_make(g, &S, NULL, T, I, F, W, G, H, N); }
simple_query(A) ::= SELECT(S) distinct(D) targets(T) into(I) from(F) where(W) group(G) having(H)
    windows(N).
    { A = select_make(g, &S, D, T, I, F, W, G, H, N); }
simple_query(A) ::= values(X). { A = X; }
simple_query(A) ::= TABLE(T) relation(R). { A = table_query(g, &T, R); }
simple_query(A) ::= query_part(L) UNION(O) quantifier(Q) query_part(R).
    { A = set_operation_make(g, &O, AST_SET_UNION, Q, L, R); }
simple_query(A) ::= query_part(L) INTERSECT(O) quantifier(Q) query_part(R).
    { A = set_operation_make(g, &O, AST_SET_INTERSECT, Q, L, R); }
simple_query(A) ::= query_part(L) EXCEPT(O) quantifier(Q) query_part(R).
    { A = set_operation_make(g, &O, AST_SET_EXCEPT, Q, L, R); }
%type quantifier {bool}
quantifier(A) ::= . { A = false; }
quantifier(A) ::= ALL. { A = true; }
quantifier(A) ::= DISTINCT. { A = false; }

values(A) ::= VALUES(V) LP(P) exprs(L) RP. { A = values_make(g, &V, row_make(g, &P, L, false)); }
values(A) ::= values(X) COMMA LP(P) exprs(L) RP. { A = values_add(g, X, row_make(g, &P, L, false)); }

with(A) ::= WITH(T) ctes(L). { A = NODE(AST_WITH, T.offset, with, false, L); }
with(A) ::= WITH_LA(T) ctes(L). { A = NODE(AST_WITH, T.offset, with, false, L); }
with(A) ::= WITH(T) RECURSIVE ctes(L). { A = NODE(AST_WITH, T.offset, with, true, L); }
optional_with(A) ::= . { A = NULL; }
optional_with(A) ::= with(X). { A = X; }
%type ctes {AstList}
ctes(A) ::= cte(X). { A = list_one(g, X); }
ctes(A) ::= ctes(L) COMMA cte(X). { A = list_add(g, L, X); }
%type materialized {AstMaterialized}
cte(A) ::= column_word(N) identifiers_in_parens(L) AS materialized(M) LP preparable(S) RP search(R)
    cycle(C).
    { A = cte_make(g, &N, L, M, S, R, C); }
materialized(A) ::= . { A = MATERIALIZED_DEFAULT; }
materialized(A) ::= MATERIALIZED. { A = MATERIALIZED_ALWAYS; }
materialized(A) ::= NOT MATERIALIZED. { A = MATERIALIZED_NEVER; }
search(A) ::= . { A = NULL; }
search(A) ::= SEARCH(T) DEPTH FIRST BY identifiers(L) SET column_word(N).
    { A = NODE(AST_CTE, T.offset, cte, .search = SEARCH_DEPTH, .search_by = L, .search_column = N.text); }
search(A) ::= SEARCH(T) BREADTH FIRST BY identifiers(L) SET column_word(N).
    { A = NODE(AST_CTE, T.offset, cte, .search = SEARCH_BREADTH, .search_by = L, .search_column = N.text); }
cycle(A) ::= . { A = NULL; }
cycle(A) ::= CYCLE(T) identifiers(L) SET column_word(M) TO constant(V) DEFAULT constant(D) USING
    column_word(P).
    { A = NODE(AST_CTE, T.offset, cte, .cycle = L, .cycle_mark = M.text, .cycle_path = P.text,
               .cycle_value = V, .cycle_default = D); }
cycle(A) ::= CYCLE(T) identifiers(L) SET column_word(M) USING column_word(P).
    { A = NODE(AST_CTE, T.offset, cte, .cycle = L, .cycle_mark = M.text, .cycle_path = P.text); }

preparable(A) ::= query(X). { A = X; }
preparable(A) ::= insert(X). { A = X; }
preparable(A) ::= update(X). { A = X; }
preparable(A) ::= delete(X). { A = X; }
preparable(A) ::= merge(X). { A = X; }

optional_all ::= .
optional_all ::= ALL.
distinct(A) ::= DISTINCT(T). { A = NODE(AST_ROW, T.offset, row, .spelled = false); }
distinct(A) ::= DISTINCT(T) ON LP exprs(L) RP. { A = NODE(AST_ROW, T.offset, row, .items = L); }

%type targets {AstList}
%type optional_targets {AstList}
optional_targets(A) ::= . { A = list_none(); }
optional_targets(A) ::= targets(L). { A = L; }
targets(A) ::= target(X). { A = list_one(g, X); }
targets(A) ::= targets(L) COMMA target(X). { A = list_add(g, L, X); }
target(A) ::= expr(X) AS any_word(N). { A = target_make(g, X, &N); }
target(A) ::= expr(X) bare_word(N). { A = target_make(g, X, &N); }
target(A) ::= expr(X). { A = target_make(g, X, NULL); }
target(A) ::= STAR(T). { A = target_make(g, NODE(AST_STAR, T.offset, star, .qualifier = {0}), NULL); }

into(A) ::= . { A = NULL; }
into(A) ::= INTO(T) dotted(N). { A = into_make(g, &T, PERSIST_NORMAL, N); }
into(A) ::= INTO(T) TABLE dotted(N). { A = into_make(g, &T, PERSIST_NORMAL, N); }
into(A) ::= INTO(T) into_persistence(P) dotted(N). { A = into_make(g, &T, P, N); }
into(A) ::= INTO(T) into_persistence(P) TABLE dotted(N). { A = into_make(g, &T, P, N); }
%type into_persistence {AstPersistence}
into_persistence(A) ::= temp_word. { A = PERSIST_TEMP; }
into_persistence(A) ::= LOCAL temp_word. { A = PERSIST_TEMP; }
into_persistence(A) ::= GLOBAL(T) temp_word. { A = PERSIST_TEMP; note_global_word(g, &T); }
into_persistence(A) ::= UNLOGGED. { A = PERSIST_UNLOGGED; }
optional_table ::= .
optional_table ::= TABLE.

%type from {AstList}
%type from_list {AstList}
from(A) ::= . { A = list_none(); }
from(A) ::= FROM from_list(L). { A = L; }
from_list(A) ::= from_item(X). { A = list_one(g, X); }
from_list(A) ::= from_list(L) COMMA from_item(X). { A = list_add(g, L, X); }
where(A) ::= . { A = NULL; }
where(A) ::= WHERE expr(X). { A = X; }
having(A) ::= . { A = NULL; }
having(A) ::= HAVING expr(X). { A = X; }

group(A) ::= . { A = NULL; }
group(A) ::= GROUP(T) BY quantifier_word(D) group_items(L). { A = NODE(AST_ROW, T.offset, row, L, D); }
%type quantifier_word {bool}
quantifier_word(A) ::= . { A = false; }
quantifier_word(A) ::= ALL. { A = false; }
quantifier_word(A) ::= DISTINCT. { A = true; }
%type group_items {AstList}
group_items(A) ::= group_item(X). { A = list_one(g, X); }
group_items(A) ::= group_items(L) COMMA group_item(X). { A = list_add(g, L, X); }
group_item(A) ::= expr(X). { A = X; }
group_item(A) ::= LP(T) RP. { A = NODE(AST_GROUPING_SET, T.offset, grouping_set, GROUPING_EMPTY); }
group_item(A) ::= ROLLUP(T) LP exprs(L) RP. { A = NODE(AST_GROUPING_SET, T.offset, grouping_set, GROUPING_ROLLUP, L); }
group_item(A) ::= CUBE(T) LP exprs(L) RP. { A = NODE(AST_GROUPING_SET, T.offset, grouping_set, GROUPING_CUBE, L); }
group_item(A) ::= GROUPING(T) SETS LP group_items(L) RP.
    { A = NODE(AST_GROUPING_SET, T.offset, grouping_set, GROUPING_SETS, L); }

%type sorts {AstList}
sort_clause(A) ::= ORDER BY sorts(L). { A = L; }
optional_sort(A) ::= . { A = list_none(); }
optional_sort(A) ::= sort_clause(L). { A = L; }
sorts(A) ::= sort(X). { A = list_one(g, X); }
sorts(A) ::= sorts(L) COMMA sort(X). { A = list_add(g, L, X); }
%type direction {AstDirection}
%type nulls {AstNulls}
sort(A) ::= expr(X) USING sort_operator(O) nulls(N). { A = NODE(AST_SORT, X->offset, sort, X, SORT_USING, N, O); }
sort(A) ::= expr(X) direction(D) nulls(N). { A = NODE(AST_SORT, X->offset, sort, X, D, N); }
%type sort_operator {Name}
sort_operator(A) ::= plain_operator(O). { A = name_one(g, &O); }
sort_operator(A) ::= OPERATOR(T) LP any_operator(N) RP. { A = N; A.offset = T.offset; }
direction(A) ::= . { A = SORT_DEFAULT; }
direction(A) ::= ASC. { A = SORT_ASC; }
direction(A) ::= DESC. { A = SORT_DESC; }
nulls(A) ::= . { A = NULLS_DEFAULT; }
nulls(A) ::= NULLS_LA FIRST. { A = NULLS_FIRST; }
nulls(A) ::= NULLS_LA LAST. { A = NULLS_LAST; }

%type limits {Limits *}
%type optional_limits {Limits *}
%type limit {Limits *}
%type offset {Limits *}
limits(A) ::= limit(L) offset(O). { A = limits_join(L, O); }
limits(A) ::= offset(O) limit(L). { A = limits_join(L, O); }
limits(A) ::= limit(L). { A = L; }
limits(A) ::= offset(O). { A = O; }
optional_limits(A) ::= . { A = NULL; }
optional_limits(A) ::= limits(L). { A = L; }
limit(A) ::= LIMIT(T) limit_value(X). { A = limits_make(g, &T, X, NULL, false); }
limit(A) ::= LIMIT(T) limit_value COMMA expr. { refuse_limit_comma(g, &T); A = NULL; }
limit(A) ::= FETCH(T) first_or_next fetch_value(X) row_or_rows ONLY. { A = limits_make(g, &T, X, NULL, false); }
limit(A) ::= FETCH(T) first_or_next fetch_value(X) row_or_rows WITH TIES. { A = limits_make(g, &T, X, NULL, true); }
limit(A) ::= FETCH(T) first_or_next row_or_rows ONLY. { A = limits_make(g, &T, integer_make(g, 1, T.offset), NULL, false); }
limit(A) ::= FETCH(T) first_or_next row_or_rows WITH TIES.
    { A = limits_make(g, &T, integer_make(g, 1, T.offset), NULL, true); }
offset(A) ::= OFFSET(T) expr(X). { A = limits_make(g, &T, NULL, X, false); }
offset(A) ::= OFFSET(T) fetch_value(X) row_or_rows. { A = limits_make(g, &T, NULL, X, false); }
limit_value(A) ::= expr(X). { A = X; }
limit_value(A) ::= ALL(T). { A = constant_make(g, CONSTANT_NULL, T.offset); }
fetch_value(A) ::= primary(X). { A = X; }
fetch_value(A) ::= PLUS(T) number(X). { A = operator_make(g, &T, NULL, number_make(g, &X)); }
fetch_value(A) ::= MINUS(T) number(X). { A = minus_make(g, &T, number_make(g, &X)); }

locks(A) ::= lock_items(L). { A = L; }
locks(A) ::= FOR READ ONLY. { A = list_none(); }
optional_locks(A) ::= . { A = list_none(); }
optional_locks(A) ::= locks(L). { A = L; }
%type lock_items {AstList}
lock_items(A) ::= lock_item(X). { A = list_one(g, X); }
lock_items(A) ::= lock_items(L) lock_item(X). { A = list_add(g, L, X); }
%type lock_tables {AstList}
%type lock_wait {AstLockWait}
lock_item(A) ::= FOR(T) UPDATE lock_tables(L) lock_wait(W). { A = NODE(AST_LOCKING, T.offset, locking, AST_LOCK_UPDATE, W, L); }
lock_item(A) ::= FOR(T) NO KEY UPDATE lock_tables(L) lock_wait(W). { A = NODE(AST_LOCKING, T.offset, locking, AST_LOCK_NO_KEY_UPDATE, W, L); }
lock_item(A) ::= FOR(T) SHARE lock_tables(L) lock_wait(W). { A = NODE(AST_LOCKING, T.offset, locking, AST_LOCK_SHARE, W, L); }
lock_item(A) ::= FOR(T) KEY SHARE lock_tables(L) lock_wait(W). { A = NODE(AST_LOCKING, T.offset, locking, AST_LOCK_KEY_SHARE, W, L); }
lock_tables(A) ::= . { A = list_none(); }
lock_tables(A) ::= OF dotted_names(L). { A = L; }
lock_wait(A) ::= . { A = AST_LOCK_WAITS; }
lock_wait(A) ::= NOWAIT. { A = AST_LOCK_NOWAIT; }
lock_wait(A) ::= SKIP LOCKED. { A = AST_LOCK_SKIP; }

/* ---- Windows ---- */
%type windows {AstList}
%type window_list {AstList}
windows(A) ::= . { A = list_none(); }
windows(A) ::= WINDOW window_list(L). { A = L; }
window_list(A) ::= window_item(X). { A = list_one(g, X); }
window_list(A) ::= window_list(L) COMMA window_item(X). { A = list_add(g, L, X); }
window_item(A) ::= column_word(N) AS window(W). { A = W; W->window.name = N.text; }
over(A) ::= . { A = NULL; }
over(A) ::= OVER window(W). { A = W; }
over(A) ::= OVER column_word(N). { A = NODE(AST_WINDOW, N.offset, window, .reference = N.text, .bare = true); }
%type window_base {Text}
%type partition {AstList}
window(A) ::= LP(T) window_base(B) partition(P) optional_sort(S) frame(F) RP. { A = window_make(g, &T, B, P, S, F); }
window_base(A) ::= column_word(N). { A = N.text; }
window_base(A) ::= . [OP] { A = (Text){0}; }
partition(A) ::= . { A = list_none(); }
partition(A) ::= PARTITION BY exprs(L). { A = L; }
%type exclude {AstExclude}
frame(A) ::= . { A = NULL; }
frame(A) ::= RANGE frame_extent(F) exclude(X). { A = frame_make(F, FRAME_RANGE, X); }
frame(A) ::= ROWS frame_extent(F) exclude(X). { A = frame_make(F, FRAME_ROWS, X); }
frame(A) ::= GROUPS frame_extent(F) exclude(X). { A = frame_make(F, FRAME_GROUPS, X); }
%type frame_bound {FrameBound *}
frame_extent(A) ::= frame_bound(S). { A = frame_extent(g, S, NULL); }
frame_extent(A) ::= BETWEEN frame_bound(S) AND frame_bound(E). { A = frame_extent(g, S, E); }
frame_bound(A) ::= UNBOUNDED(T) PRECEDING. { A = frame_bound(g, T.offset, BOUND_UNBOUNDED_PRECEDING, NULL); }
frame_bound(A) ::= UNBOUNDED(T) FOLLOWING. { A = frame_bound(g, T.offset, BOUND_UNBOUNDED_FOLLOWING, NULL); }
frame_bound(A) ::= CURRENT(T) ROW. { A = frame_bound(g, T.offset, BOUND_CURRENT_ROW, NULL); }
frame_bound(A) ::= expr(X) PRECEDING. { A = frame_bound(g, X->offset, BOUND_PRECEDING, X); }
frame_bound(A) ::= expr(X) FOLLOWING. { A = frame_bound(g, X->offset, BOUND_FOLLOWING, X); }
exclude(A) ::= . { A = EXCLUDE_NO_OTHERS; }
exclude(A) ::= EXCLUDE CURRENT ROW. { A = EXCLUDE_CURRENT_ROW; }
exclude(A) ::= EXCLUDE GROUP. { A = EXCLUDE_GROUP; }
exclude(A) ::= EXCLUDE TIES. { A = EXCLUDE_TIES; }
exclude(A) ::= EXCLUDE NO OTHERS. { A = EXCLUDE_NO_OTHERS; }

/* ---- FROM ---- */
from_item(A) ::= relation(R) optional_alias(L). { A = relation_alias(R, L, NULL); }
from_item(A) ::= relation(R) optional_alias(L) sample(S). { A = relation_alias(R, L, S); }
from_item(A) ::= function_item(F) function_alias(L). { A = function_alias(g, F, L, false); }
from_item(A) ::= LATERAL function_item(F) function_alias(L). { A = function_alias(g, F, L, true); }
from_item(A) ::= xml_table(X) optional_alias(L). { A = X; X->from_xml.alias = L; }
from_item(A) ::= LATERAL xml_table(X) optional_alias(L). { A = X; X->from_xml.alias = L; X->from_xml.lateral = true; }
from_item(A) ::= query_in_parens(Q) optional_alias(L). { A = from_query_make(g, Q, L, false); }
from_item(A) ::= LATERAL query_in_parens(Q) optional_alias(L). { A = from_query_make(g, Q, L, true); }
from_item(A) ::= join(J). { A = J; }
from_item(A) ::= LP join(J) RP alias(L). { A = J; J->from_join.alias = L; }
join(A) ::= LP join(J) RP. { A = J; }
join(A) ::= from_item(L) CROSS(T) JOIN from_item(R).
    { A = join_make(g, &T, AST_JOIN_CROSS, L, R, NULL); }
join(A) ::= from_item(L) join_kind(K) JOIN(T) from_item(R) join_condition(C).
    { A = join_make(g, &T, K, L, R, C); }
join(A) ::= from_item(L) JOIN(T) from_item(R) join_condition(C).
    { A = join_make(g, &T, AST_JOIN_INNER, L, R, C); }
join(A) ::= from_item(L) NATURAL join_kind(K) JOIN(T) from_item(R).
    { A = join_make(g, &T, K, L, R, NULL); A->from_join.natural = true; }
join(A) ::= from_item(L) NATURAL JOIN(T) from_item(R).
    { A = join_make(g, &T, AST_JOIN_INNER, L, R, NULL); A->from_join.natural = true; }
%type join_kind {AstJoinKind}
join_kind(A) ::= FULL optional_outer. { A = AST_JOIN_FULL; }
join_kind(A) ::= LEFT optional_outer. { A = AST_JOIN_LEFT; }
join_kind(A) ::= RIGHT optional_outer. { A = AST_JOIN_RIGHT; }
join_kind(A) ::= INNER. { A = AST_JOIN_INNER; }
optional_outer ::= .
optional_outer ::= OUTER.
join_condition(A) ::= USING(T) LP identifiers(L) RP using_alias(U).
    { A = NODE(AST_ALIAS, T.offset, alias, U, L); }
join_condition(A) ::= ON expr(X). { A = X; }
%type using_alias {Text}
using_alias(A) ::= . { A = (Text){0}; }
using_alias(A) ::= AS column_word(N). { A = N.text; }

alias(A) ::= AS column_word(N) LP identifiers(L) RP. { A = NODE(AST_ALIAS, N.offset, alias, N.text, L); }
alias(A) ::= AS column_word(N). { A = NODE(AST_ALIAS, N.offset, alias, N.text); }
alias(A) ::= column_word(N) LP identifiers(L) RP. { A = NODE(AST_ALIAS, N.offset, alias, N.text, L); }
alias(A) ::= column_word(N). { A = NODE(AST_ALIAS, N.offset, alias, N.text); }
optional_alias(A) ::= . { A = NULL; }
optional_alias(A) ::= alias(X). { A = X; }
function_alias(A) ::= . { A = NULL; }
function_alias(A) ::= alias(X). { A = NODE(AST_FROM_FUNCTION, X->offset, from_function, .alias = X); }
function_alias(A) ::= AS(T) LP function_columns(L) RP.
    { A = NODE(AST_FROM_FUNCTION, T.offset, from_function, .definitions = L); }
function_alias(A) ::= AS column_word(N) LP function_columns(L) RP. { A = column_alias_make(g, &N, L); }
function_alias(A) ::= column_word(N) LP function_columns(L) RP. { A = column_alias_make(g, &N, L); }
%type function_columns {AstList}
function_columns(A) ::= function_column(X). { A = list_one(g, X); }
function_columns(A) ::= function_columns(L) COMMA function_column(X). { A = list_add(g, L, X); }
%type optional_collate {Name}
function_column(A) ::= column_word(N) type(T) optional_collate(C).
    { A = NODE(AST_COLUMN_DEFINITION, N.offset, column_definition, .name = N.text, .type = T, .collation = C); }
optional_collate(A) ::= . { A = (Name){0}; }
optional_collate(A) ::= COLLATE any_name(N). { A = N; }

relation(A) ::= dotted(N). { A = relation_make(g, N, false); }
relation(A) ::= dotted(N) STAR. { A = relation_make(g, N, false); }
relation(A) ::= ONLY dotted(N). { A = relation_make(g, N, true); }
relation(A) ::= ONLY LP dotted(N) RP. { A = relation_make(g, N, true); }
%type relations {AstList}
relations(A) ::= relation(X). { A = list_one(g, X); }
relations(A) ::= relations(L) COMMA relation(X). { A = list_add(g, L, X); }
sample(A) ::= TABLESAMPLE(T) function_name(N) LP exprs(L) RP repeatable(R).
    { A = NODE(AST_SAMPLE, T.offset, sample, N, L, R); }
repeatable(A) ::= . { A = NULL; }
repeatable(A) ::= REPEATABLE LP expr(X) RP. { A = X; }
%type ordinality {bool}
function_item(A) ::= plain_function(F) ordinality(O).
    { A = from_function_make(g, F->offset, list_one(g, NODE(AST_FUNCTION_ITEM, F->offset, function_item, F)), O, false); }
function_item(A) ::= ROWS(T) FROM LP row_functions(L) RP ordinality(O).
    { A = from_function_make(g, T.offset, L, O, true); }
ordinality(A) ::= . { A = false; }
ordinality(A) ::= WITH_LA ORDINALITY. { A = true; }
%type row_functions {AstList}
%type row_columns {AstList}
row_functions(A) ::= row_function(X). { A = list_one(g, X); }
row_functions(A) ::= row_functions(L) COMMA row_function(X). { A = list_add(g, L, X); }
row_function(A) ::= plain_function(F) row_columns(L). { A = NODE(AST_FUNCTION_ITEM, F->offset, function_item, F, L); }
row_columns(A) ::= . { A = list_none(); }
row_columns(A) ::= AS LP function_columns(L) RP. { A = L; }

/* ---- Expressions ---- */
expr(A) ::= primary(X). { A = X; }
expr(A) ::= expr(X) TYPECAST(O) type(T). { A = NODE(AST_CAST, O.offset, cast, X, T, CAST_COLONS); }
expr(A) ::= expr(X) COLLATE(O) any_name(N). { A = NODE(AST_COLLATE, O.offset, collate, X, N); }
expr(A) ::= expr(X) AT(O) TIME ZONE expr(Z). [AT]
    { A = special_call(g, &O, CALL_AT_TIME_ZONE, "timezone", list_two(g, Z, X)); }
expr(A) ::= PLUS(O) expr(X). [UMINUS] { A = operator_make(g, &O, NULL, X); }
expr(A) ::= MINUS(O) expr(X). [UMINUS] { A = minus_make(g, &O, X); }
expr(A) ::= expr(L) PLUS(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) MINUS(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) STAR(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) SLASH(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) PERCENT(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) CARET(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) LT(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) GT(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) EQ(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) LE(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) GE(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) NE(O) expr(R). { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) OP(O) expr(R). [OP] { A = operator_make(g, &O, L, R); }
expr(A) ::= expr(L) OPERATOR(O) LP any_operator(N) RP expr(R). [OP] { A = named_operator_make(g, &O, N, L, R); }
expr(A) ::= OP(O) expr(R). [OP] { A = operator_make(g, &O, NULL, R); }
expr(A) ::= OPERATOR(O) LP any_operator(N) RP expr(R). [OP] { A = named_operator_make(g, &O, N, NULL, R); }
expr(A) ::= expr(L) AND(O) expr(R). { A = chain_make(g, &O, AST_AND, L, R); }
expr(A) ::= expr(L) OR(O) expr(R). { A = chain_make(g, &O, AST_OR, L, R); }
expr(A) ::= NOT(O) expr(X). { A = not_make(g, &O, X); }
expr(A) ::= NOT_LA(O) expr(X). [NOT] { A = not_make(g, &O, X); }
expr(A) ::= expr(L) LIKE(O) expr(R). [LIKE] { A = like_make(g, &O, LIKE_LIKE, false, L, R, NULL); }
expr(A) ::= expr(L) LIKE(O) expr(R) ESCAPE expr(E). [LIKE] { A = like_make(g, &O, LIKE_LIKE, false, L, R, E); }
expr(A) ::= expr(L) NOT_LA(O) LIKE expr(R). [NOT_LA] { A = like_make(g, &O, LIKE_LIKE, true, L, R, NULL); }
expr(A) ::= expr(L) NOT_LA(O) LIKE expr(R) ESCAPE expr(E). [NOT_LA] { A = like_make(g, &O, LIKE_LIKE, true, L, R, E); }
expr(A) ::= expr(L) ILIKE(O) expr(R). [ILIKE] { A = like_make(g, &O, LIKE_ILIKE, false, L, R, NULL); }
expr(A) ::= expr(L) ILIKE(O) expr(R) ESCAPE expr(E). [ILIKE] { A = like_make(g, &O, LIKE_ILIKE, false, L, R, E); }
expr(A) ::= expr(L) NOT_LA(O) ILIKE expr(R). [NOT_LA] { A = like_make(g, &O, LIKE_ILIKE, true, L, R, NULL); }
expr(A) ::= expr(L) NOT_LA(O) ILIKE expr(R) ESCAPE expr(E). [NOT_LA] { A = like_make(g, &O, LIKE_ILIKE, true, L, R, E); }
expr(A) ::= expr(L) SIMILAR(O) TO expr(R). [SIMILAR] { A = like_make(g, &O, LIKE_SIMILAR, false, L, R, NULL); }
expr(A) ::= expr(L) SIMILAR(O) TO expr(R) ESCAPE expr(E). [SIMILAR] { A = like_make(g, &O, LIKE_SIMILAR, false, L, R, E); }
expr(A) ::= expr(L) NOT_LA(O) SIMILAR TO expr(R). [NOT_LA] { A = like_make(g, &O, LIKE_SIMILAR, true, L, R, NULL); }
expr(A) ::= expr(L) NOT_LA(O) SIMILAR TO expr(R) ESCAPE expr(E). [NOT_LA] { A = like_make(g, &O, LIKE_SIMILAR, true, L, R, E); }
expr(A) ::= expr(X) IS(O) NULL. [IS] { A = is_make(g, &O, X, TEST_NULL, false); }
expr(A) ::= expr(X) ISNULL(O). [IS] { A = is_make(g, &O, X, TEST_NULL, false); }
expr(A) ::= expr(X) IS(O) NOT NULL. [IS] { A = is_make(g, &O, X, TEST_NULL, true); }
expr(A) ::= expr(X) NOTNULL(O). [IS] { A = is_make(g, &O, X, TEST_NULL, true); }
expr(A) ::= expr(X) IS(O) TRUE. [IS] { A = is_make(g, &O, X, TEST_TRUE, false); }
expr(A) ::= expr(X) IS(O) NOT TRUE. [IS] { A = is_make(g, &O, X, TEST_TRUE, true); }
expr(A) ::= expr(X) IS(O) FALSE. [IS] { A = is_make(g, &O, X, TEST_FALSE, false); }
expr(A) ::= expr(X) IS(O) NOT FALSE. [IS] { A = is_make(g, &O, X, TEST_FALSE, true); }
expr(A) ::= expr(X) IS(O) UNKNOWN. [IS] { A = is_make(g, &O, X, TEST_UNKNOWN, false); }
expr(A) ::= expr(X) IS(O) NOT UNKNOWN. [IS] { A = is_make(g, &O, X, TEST_UNKNOWN, true); }
expr(A) ::= expr(X) IS(O) DOCUMENT. [IS] { A = is_make(g, &O, X, TEST_DOCUMENT, false); }
expr(A) ::= expr(X) IS(O) NOT DOCUMENT. [IS] { A = is_make(g, &O, X, TEST_DOCUMENT, true); }
expr(A) ::= expr(L) IS(O) DISTINCT FROM expr(R). [IS] { A = NODE(AST_DISTINCT_FROM, O.offset, pair, L, R, false); }
expr(A) ::= expr(L) IS(O) NOT DISTINCT FROM expr(R). [IS] { A = NODE(AST_DISTINCT_FROM, O.offset, pair, L, R, true); }
expr(A) ::= expr(X) IS(O) NORMALIZED. [IS] { A = normalized_make(g, &O, X, NULL, false); }
expr(A) ::= expr(X) IS(O) normal_form(N) NORMALIZED. [IS] { A = normalized_make(g, &O, X, N, false); }
expr(A) ::= expr(X) IS(O) NOT NORMALIZED. [IS] { A = normalized_make(g, &O, X, NULL, true); }
expr(A) ::= expr(X) IS(O) NOT normal_form(N) NORMALIZED. [IS] { A = normalized_make(g, &O, X, N, true); }
normal_form(A) ::= normal_form_word(X). { A = upper_string_make(g, &X); }
expr(A) ::= row(L) OVERLAPS(O) row(R). { A = overlaps_make(g, &O, L, R); }
expr(A) ::= expr(X) BETWEEN(O) optional_asymmetric simple_expr(L) AND expr(H). [BETWEEN]
    { A = NODE(AST_BETWEEN, O.offset, between, X, L, H, false, false); }
expr(A) ::= expr(X) NOT_LA(O) BETWEEN optional_asymmetric simple_expr(L) AND expr(H). [NOT_LA]
    { A = NODE(AST_BETWEEN, O.offset, between, X, L, H, false, true); }
expr(A) ::= expr(X) BETWEEN(O) SYMMETRIC simple_expr(L) AND expr(H). [BETWEEN]
    { A = NODE(AST_BETWEEN, O.offset, between, X, L, H, true, false); }
expr(A) ::= expr(X) NOT_LA(O) BETWEEN SYMMETRIC simple_expr(L) AND expr(H). [NOT_LA]
    { A = NODE(AST_BETWEEN, O.offset, between, X, L, H, true, true); }
optional_asymmetric ::= .
optional_asymmetric ::= ASYMMETRIC.
expr(A) ::= expr(X) IN(O) query_in_parens(Q). { A = NODE(AST_IN_QUERY, O.offset, in_query, X, Q, false); }
expr(A) ::= expr(X) IN(O) LP exprs(L) RP. [IN] { A = NODE(AST_IN_LIST, O.offset, in_list, X, L, false); }
expr(A) ::= expr(X) NOT_LA(O) IN query_in_parens(Q). [NOT_LA] { A = NODE(AST_IN_QUERY, O.offset, in_query, X, Q, true); }
expr(A) ::= expr(X) NOT_LA(O) IN LP exprs(L) RP. [NOT_LA] { A = NODE(AST_IN_LIST, O.offset, in_list, X, L, true); }
%type quantified_operator {Name}
%type quantifier_all {bool}
expr(A) ::= expr(X) quantified_operator(N) quantifier_all(Q) query_in_parens(R). [OP]
    { A = NODE(AST_QUANTIFIED, N.offset, quantified, N, Q, X, R); }
expr(A) ::= expr(X) quantified_operator(N) quantifier_all(Q) LP expr(R) RP. [OP]
    { A = NODE(AST_QUANTIFIED, N.offset, quantified, N, Q, X, R); }
quantifier_all(A) ::= any_or_some. { A = false; }
quantifier_all(A) ::= ALL. { A = true; }
quantified_operator(A) ::= plain_operator(O). { A = name_one(g, &O); }
quantified_operator(A) ::= OPERATOR(T) LP any_operator(N) RP. { A = N; A.offset = T.offset; }
quantified_operator(A) ::= LIKE(O). { A = name_of(g, O.offset, "~~"); }
quantified_operator(A) ::= NOT_LA(O) LIKE. { A = name_of(g, O.offset, "!~~"); }
quantified_operator(A) ::= ILIKE(O). { A = name_of(g, O.offset, "~~*"); }
quantified_operator(A) ::= NOT_LA(O) ILIKE. { A = name_of(g, O.offset, "!~~*"); }
expr(A) ::= UNIQUE(T) unique_nulls query_in_parens. { refuse_feature(g, &T, "UNIQUE predicate is not yet implemented"); A = NULL; }
expr(A) ::= DEFAULT(T). { A = ast_new(g, AST_DEFAULT, T.offset); }
%type unique_nulls {bool}
unique_nulls(A) ::= . { A = false; }
unique_nulls(A) ::= NULLS DISTINCT. { A = false; }
unique_nulls(A) ::= NULLS NOT DISTINCT. { A = true; }
%type any_operator {Name}
any_operator(A) ::= plain_operator(O). { A = name_one(g, &O); }
any_operator(A) ::= column_word(X) DOT any_operator(N). { A = name_before(g, &X, N); }

/* What may stand between BETWEEN and AND: no logic, no IN, no LIKE, no IS NULL. */
simple_expr(A) ::= primary(X). { A = X; }
simple_expr(A) ::= simple_expr(X) TYPECAST(O) type(T). { A = NODE(AST_CAST, O.offset, cast, X, T, CAST_COLONS); }
simple_expr(A) ::= PLUS(O) simple_expr(X). [UMINUS] { A = operator_make(g, &O, NULL, X); }
simple_expr(A) ::= MINUS(O) simple_expr(X). [UMINUS] { A = minus_make(g, &O, X); }
simple_expr(A) ::= simple_expr(L) PLUS(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) MINUS(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) STAR(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) SLASH(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) PERCENT(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) CARET(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) LT(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) GT(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) EQ(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) LE(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) GE(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) NE(O) simple_expr(R). { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) OP(O) simple_expr(R). [OP] { A = operator_make(g, &O, L, R); }
simple_expr(A) ::= simple_expr(L) OPERATOR(O) LP any_operator(N) RP simple_expr(R). [OP] { A = named_operator_make(g, &O, N, L, R); }
simple_expr(A) ::= OP(O) simple_expr(R). [OP] { A = operator_make(g, &O, NULL, R); }
simple_expr(A) ::= OPERATOR(O) LP any_operator(N) RP simple_expr(R). [OP] { A = named_operator_make(g, &O, N, NULL, R); }
simple_expr(A) ::= simple_expr(L) IS(O) DISTINCT FROM simple_expr(R). [IS] { A = NODE(AST_DISTINCT_FROM, O.offset, pair, L, R, false); }
simple_expr(A) ::= simple_expr(L) IS(O) NOT DISTINCT FROM simple_expr(R). [IS] { A = NODE(AST_DISTINCT_FROM, O.offset, pair, L, R, true); }
simple_expr(A) ::= simple_expr(X) IS(O) DOCUMENT. [IS] { A = is_make(g, &O, X, TEST_DOCUMENT, false); }
simple_expr(A) ::= simple_expr(X) IS(O) NOT DOCUMENT. [IS] { A = is_make(g, &O, X, TEST_DOCUMENT, true); }

/* What needs no parentheses anywhere. */
%type indirection {AstList}
%type optional_indirection {AstList}
primary(A) ::= column_reference(X). { A = X; }
primary(A) ::= constant(X). { A = X; }
primary(A) ::= PARAM(X) optional_indirection(I).
    { A = apply_path(g, NODE(AST_PARAMETER, X.offset, parameter, X.number), I); }
primary(A) ::= LP expr(X) RP optional_indirection(I). { A = apply_path(g, X, I); }
primary(A) ::= case(X). { A = X; }
primary(A) ::= function(X). { A = X; }
primary(A) ::= query_in_parens(Q). [UMINUS] { A = subquery_make(g, AST_SUBQUERY, Q->offset, Q); }
primary(A) ::= query_in_parens(Q) indirection(I). { A = apply_path(g, subquery_make(g, AST_SUBQUERY, Q->offset, Q), I); }
primary(A) ::= EXISTS(T) query_in_parens(Q). { A = subquery_make(g, AST_EXISTS, T.offset, Q); }
primary(A) ::= ARRAY(T) query_in_parens(Q). { A = subquery_make(g, AST_ARRAY_QUERY, T.offset, Q); }
primary(A) ::= ARRAY(T) array(X). { A = X; X->offset = T.offset; }
primary(A) ::= explicit_row(X). { A = X; }
primary(A) ::= implicit_row(X). { A = X; }
primary(A) ::= GROUPING(T) LP exprs(L) RP. { A = NODE(AST_GROUPING, T.offset, items, L); }
explicit_row(A) ::= ROW(T) LP exprs(L) RP. { A = row_make(g, &T, L, true); }
explicit_row(A) ::= ROW(T) LP RP. { A = row_make(g, &T, list_none(), true); }
implicit_row(A) ::= LP(T) exprs(L) COMMA expr(X) RP. { A = row_make(g, &T, list_add(g, L, X), false); }
row(A) ::= explicit_row(X). { A = X; }
row(A) ::= implicit_row(X). { A = X; }
array(A) ::= LB(T) exprs(L) RB. { A = NODE(AST_ARRAY, T.offset, items, L); }
array(A) ::= LB(T) arrays(L) RB. { A = NODE(AST_ARRAY, T.offset, items, L); }
array(A) ::= LB(T) RB. { A = NODE(AST_ARRAY, T.offset, items, list_none()); }
%type arrays {AstList}
arrays(A) ::= array(X). { A = list_one(g, X); }
arrays(A) ::= arrays(L) COMMA array(X). { A = list_add(g, L, X); }

column_reference(A) ::= column_word(X). { A = column_make(g, &X, list_none()); }
column_reference(A) ::= column_word(X) indirection(I). { A = column_make(g, &X, I); }
indirection(A) ::= path_step(X). { A = list_one(g, X); }
indirection(A) ::= indirection(L) path_step(X). { A = list_add(g, L, X); }
optional_indirection(A) ::= . { A = list_none(); }
optional_indirection(A) ::= optional_indirection(L) path_step(X). { A = list_add(g, L, X); }
path_step(A) ::= DOT any_word(X). { A = NODE(AST_FIELD, X.offset, field, .field = X.text); }
path_step(A) ::= DOT STAR(X). { A = NODE(AST_FIELD, X.offset, field, .field = {0}); }
path_step(A) ::= LB(T) expr(X) RB. { A = NODE(AST_SUBSCRIPT, T.offset, subscript, .low = X); }
path_step(A) ::= LB(T) slice_bound(L) COLON slice_bound(H) RB.
    { A = NODE(AST_SUBSCRIPT, T.offset, subscript, .low = L, .high = H, .slice = true); }
slice_bound(A) ::= . { A = NULL; }
slice_bound(A) ::= expr(X). { A = X; }
%type exprs {AstList}
exprs(A) ::= expr(X). { A = list_one(g, X); }
exprs(A) ::= exprs(L) COMMA expr(X). { A = list_add(g, L, X); }

constant(A) ::= ICONST(X). { A = number_make(g, &X); }
constant(A) ::= FCONST(X). { A = number_make(g, &X); }
constant(A) ::= SCONST(X). { A = string_make(g, &X); }
constant(A) ::= BCONST(X). { A = NODE(AST_CONSTANT, X.offset, constant, CONSTANT_BITS, .text = X.text); }
constant(A) ::= XCONST(X). { A = NODE(AST_CONSTANT, X.offset, constant, CONSTANT_HEX, .text = X.text); }
constant(A) ::= TRUE(X). { A = NODE(AST_CONSTANT, X.offset, constant, CONSTANT_BOOLEAN, .boolean = true); }
constant(A) ::= FALSE(X). { A = NODE(AST_CONSTANT, X.offset, constant, CONSTANT_BOOLEAN, .boolean = false); }
constant(A) ::= NULL(X). { A = constant_make(g, CONSTANT_NULL, X.offset); }
constant(A) ::= function_name(N) SCONST(S). { A = literal_make(g, type_make(g, N, list_none()), &S); }
constant(A) ::= function_name(N) LP arguments(L) optional_sort(O) RP SCONST(S).
    { A = literal_make(g, literal_type(g, N, L, O), &S); }
constant(A) ::= literal_type(T) SCONST(S). { A = literal_make(g, T, &S); }
constant(A) ::= INTERVAL(T) SCONST(S) interval_fields(F). { A = literal_make(g, interval_make(g, &T, F), &S); }
constant(A) ::= INTERVAL(T) LP ICONST(P) RP SCONST(S).
    { A = literal_make(g, interval_make(g, &T, (IntervalFields){0, P.number}), &S); }

case(A) ::= CASE(T) case_argument(X) whens(L) case_default(D) END. { A = NODE(AST_CASE, T.offset, cases, X, L, D); }
case_argument(A) ::= . { A = NULL; }
case_argument(A) ::= expr(X). { A = X; }
%type whens {AstList}
whens(A) ::= when(X). { A = list_one(g, X); }
whens(A) ::= whens(L) when(X). { A = list_add(g, L, X); }
when(A) ::= WHEN(T) expr(C) THEN expr(X). { A = NODE(AST_WHEN, T.offset, when, C, X); }
case_default(A) ::= . { A = NULL; }
case_default(A) ::= ELSE expr(X). { A = X; }

/* ---- Functions ---- */
%type function_name {Name}
function_name(A) ::= type_word(X). { A = name_one(g, &X); }
function_name(A) ::= column_word(X) indirection(I). { A = name_from_path(g, &X, I); }
function(A) ::= call(C) within_group(W) filter(F) over(O). { A = call_clauses(g, C, W, F, O); }
function(A) ::= special_function(X). { A = X; }
plain_function(A) ::= call(X). { A = X; }
plain_function(A) ::= special_function(X). { A = X; }
within_group(A) ::= . { A = NULL; }
within_group(A) ::= WITHIN(T) GROUP LP sort_clause(L) RP. { A = NODE(AST_ROW, T.offset, row, L); }
filter(A) ::= . { A = NULL; }
filter(A) ::= FILTER LP WHERE expr(X) RP. { A = X; }
call(A) ::= function_name(N) LP RP. { A = call_make(g, N, list_none(), list_none()); }
call(A) ::= function_name(N) LP arguments(L) optional_sort(S) RP. { A = call_make(g, N, L, S); }
call(A) ::= function_name(N) LP VARIADIC argument(X) optional_sort(S) RP.
    { A = call_make(g, N, list_one(g, X), S); A->call.variadic = true; }
call(A) ::= function_name(N) LP arguments(L) COMMA VARIADIC argument(X) optional_sort(S) RP.
    { A = call_make(g, N, list_add(g, L, X), S); A->call.variadic = true; }
call(A) ::= function_name(N) LP ALL arguments(L) optional_sort(S) RP. { A = call_make(g, N, L, S); }
call(A) ::= function_name(N) LP DISTINCT arguments(L) optional_sort(S) RP.
    { A = call_make(g, N, L, S); A->call.distinct = true; }
call(A) ::= function_name(N) LP STAR RP. { A = call_make(g, N, list_none(), list_none()); A->call.star = true; }
%type arguments {AstList}
arguments(A) ::= argument(X). { A = list_one(g, X); }
arguments(A) ::= arguments(L) COMMA argument(X). { A = list_add(g, L, X); }
argument(A) ::= expr(X). { A = X; }
argument(A) ::= type_word(N) COLON_EQUALS expr(X). { A = NODE(AST_NAMED_ARGUMENT, N.offset, named_argument, N.text, X); }
argument(A) ::= type_word(N) ARROW expr(X). { A = NODE(AST_NAMED_ARGUMENT, N.offset, named_argument, N.text, X); }

special_function(A) ::= COLLATION(T) FOR LP expr(X) RP.
    { A = special_call(g, &T, CALL_COLLATION_FOR, "pg_collation_for", list_one(g, X)); }
special_function(A) ::= CURRENT_DATE(T). { A = sql_value(g, &T, SQL_CURRENT_DATE, NULL); }
special_function(A) ::= CURRENT_TIME(T). { A = sql_value(g, &T, SQL_CURRENT_TIME, NULL); }
special_function(A) ::= CURRENT_TIME(T) LP ICONST(P) RP. { A = sql_value(g, &T, SQL_CURRENT_TIME, &P); }
special_function(A) ::= CURRENT_TIMESTAMP(T). { A = sql_value(g, &T, SQL_CURRENT_TIMESTAMP, NULL); }
special_function(A) ::= CURRENT_TIMESTAMP(T) LP ICONST(P) RP. { A = sql_value(g, &T, SQL_CURRENT_TIMESTAMP, &P); }
special_function(A) ::= LOCALTIME(T). { A = sql_value(g, &T, SQL_LOCALTIME, NULL); }
special_function(A) ::= LOCALTIME(T) LP ICONST(P) RP. { A = sql_value(g, &T, SQL_LOCALTIME, &P); }
special_function(A) ::= LOCALTIMESTAMP(T). { A = sql_value(g, &T, SQL_LOCALTIMESTAMP, NULL); }
special_function(A) ::= LOCALTIMESTAMP(T) LP ICONST(P) RP. { A = sql_value(g, &T, SQL_LOCALTIMESTAMP, &P); }
special_function(A) ::= CURRENT_ROLE(T). { A = sql_value(g, &T, SQL_CURRENT_ROLE, NULL); }
special_function(A) ::= CURRENT_USER(T). { A = sql_value(g, &T, SQL_CURRENT_USER, NULL); }
special_function(A) ::= SESSION_USER(T). { A = sql_value(g, &T, SQL_SESSION_USER, NULL); }
special_function(A) ::= USER(T). { A = sql_value(g, &T, SQL_USER, NULL); }
special_function(A) ::= CURRENT_CATALOG(T). { A = sql_value(g, &T, SQL_CURRENT_CATALOG, NULL); }
special_function(A) ::= CURRENT_SCHEMA(T). { A = sql_value(g, &T, SQL_CURRENT_SCHEMA, NULL); }
special_function(A) ::= CAST(T) LP expr(X) AS type(Y) RP. { A = NODE(AST_CAST, T.offset, cast, X, Y, CAST_WORD); }
special_function(A) ::= EXTRACT(T) LP extract_field(F) FROM expr(X) RP.
    { A = special_call(g, &T, CALL_EXTRACT, "extract", list_two(g, F, X)); }
extract_field(A) ::= extract_word(X). { A = string_make(g, &X); }
special_function(A) ::= NORMALIZE(T) LP expr(X) RP. { A = special_call(g, &T, CALL_NORMALIZE, "normalize", list_one(g, X)); }
special_function(A) ::= NORMALIZE(T) LP expr(X) COMMA normal_form(N) RP.
    { A = special_call(g, &T, CALL_NORMALIZE, "normalize", list_two(g, X, N)); }
special_function(A) ::= OVERLAY(T) LP expr(X) PLACING expr(Y) FROM expr(F) FOR expr(N) RP.
    { A = special_call(g, &T, CALL_OVERLAY, "overlay", list_add(g, list_add(g, list_two(g, X, Y), F), N)); }
special_function(A) ::= OVERLAY(T) LP expr(X) PLACING expr(Y) FROM expr(F) RP.
    { A = special_call(g, &T, CALL_OVERLAY, "overlay", list_add(g, list_two(g, X, Y), F)); }
special_function(A) ::= OVERLAY(T) LP optional_arguments(L) RP. { A = call_make(g, name_of(g, T.offset, "overlay"), L, list_none()); }
special_function(A) ::= POSITION(T) LP simple_expr(X) IN simple_expr(Y) RP.
    { A = special_call(g, &T, CALL_POSITION, "position", list_two(g, Y, X)); }
special_function(A) ::= SUBSTRING(T) LP expr(X) FROM expr(Y) FOR expr(Z) RP.
    { A = special_call(g, &T, CALL_SUBSTRING, "substring", list_add(g, list_two(g, X, Y), Z)); }
special_function(A) ::= SUBSTRING(T) LP expr(X) FOR expr(Z) FROM expr(Y) RP.
    { A = special_call(g, &T, CALL_SUBSTRING, "substring", list_add(g, list_two(g, X, Y), Z)); }
special_function(A) ::= SUBSTRING(T) LP expr(X) FROM expr(Y) RP.
    { A = special_call(g, &T, CALL_SUBSTRING, "substring", list_two(g, X, Y)); }
special_function(A) ::= SUBSTRING(T) LP expr(X) FOR expr(Z) RP. { A = substring_for(g, &T, X, Z); }
special_function(A) ::= SUBSTRING(T) LP expr(X) SIMILAR expr(Y) ESCAPE expr(Z) RP.
    { A = special_call(g, &T, CALL_SUBSTRING_SIMILAR, "substring", list_add(g, list_two(g, X, Y), Z)); }
special_function(A) ::= SUBSTRING(T) LP optional_arguments(L) RP. { A = call_make(g, name_of(g, T.offset, "substring"), L, list_none()); }
%type optional_arguments {AstList}
optional_arguments(A) ::= . { A = list_none(); }
optional_arguments(A) ::= arguments(L). { A = L; }
special_function(A) ::= TREAT(T) LP expr(X) AS type(Y) RP. { A = treat_make(g, &T, X, Y); }
special_function(A) ::= TRIM(T) LP BOTH trim_list(L) RP. { A = special_call(g, &T, CALL_TRIM_BOTH, "btrim", L); }
special_function(A) ::= TRIM(T) LP LEADING trim_list(L) RP. { A = special_call(g, &T, CALL_TRIM_LEADING, "ltrim", L); }
special_function(A) ::= TRIM(T) LP TRAILING trim_list(L) RP. { A = special_call(g, &T, CALL_TRIM_TRAILING, "rtrim", L); }
special_function(A) ::= TRIM(T) LP trim_list(L) RP. { A = special_call(g, &T, CALL_TRIM_BOTH, "btrim", L); }
%type trim_list {AstList}
trim_list(A) ::= expr(X) FROM exprs(L). { A = list_add(g, L, X); }
trim_list(A) ::= FROM exprs(L). { A = L; }
trim_list(A) ::= exprs(L). { A = L; }
special_function(A) ::= NULLIF(T) LP expr(X) COMMA expr(Y) RP. { A = NODE(AST_NULLIF, T.offset, pair, X, Y); }
special_function(A) ::= COALESCE(T) LP exprs(L) RP. { A = NODE(AST_COALESCE, T.offset, items, L); }
special_function(A) ::= GREATEST(T) LP exprs(L) RP. { A = NODE(AST_GREATEST, T.offset, items, L); }
special_function(A) ::= LEAST(T) LP exprs(L) RP. { A = NODE(AST_LEAST, T.offset, items, L); }

/* ---- XML ---- */
%type xml_named {AstList}
%type xml_document {bool}
%type xml_whitespace {bool}
%type xml_standalone {AstStandalone}
special_function(A) ::= XMLCONCAT(T) LP exprs(L) RP. { A = NODE(AST_XML, T.offset, xml, XML_CONCAT, .args = L); }
special_function(A) ::= XMLELEMENT(T) LP NAME any_word(N) RP. { A = xml_element(g, &T, &N, list_none(), list_none()); }
special_function(A) ::= XMLELEMENT(T) LP NAME any_word(N) COMMA XMLATTRIBUTES LP xml_named(B) RP RP.
    { A = xml_element(g, &T, &N, B, list_none()); }
special_function(A) ::= XMLELEMENT(T) LP NAME any_word(N) COMMA exprs(L) RP. { A = xml_element(g, &T, &N, list_none(), L); }
special_function(A) ::= XMLELEMENT(T) LP NAME any_word(N) COMMA XMLATTRIBUTES LP xml_named(B) RP COMMA exprs(L) RP.
    { A = xml_element(g, &T, &N, B, L); }
special_function(A) ::= XMLEXISTS(T) LP primary(X) xml_passing(Y) RP.
    { A = NODE(AST_XML, T.offset, xml, XML_EXISTS, .args = list_two(g, X, Y)); }
special_function(A) ::= XMLFOREST(T) LP xml_named(L) RP. { A = NODE(AST_XML, T.offset, xml, XML_FOREST, .named = L); }
special_function(A) ::= XMLPARSE(T) LP xml_document(D) expr(X) xml_whitespace(P) RP.
    { A = NODE(AST_XML, T.offset, xml, XML_PARSE, .args = list_one(g, X), .document = D, .preserve = P); }
special_function(A) ::= XMLPI(T) LP NAME any_word(N) RP. { A = NODE(AST_XML, T.offset, xml, XML_PI, N.text); }
special_function(A) ::= XMLPI(T) LP NAME any_word(N) COMMA expr(X) RP.
    { A = NODE(AST_XML, T.offset, xml, XML_PI, N.text, .args = list_one(g, X)); }
special_function(A) ::= XMLROOT(T) LP expr(X) COMMA xml_version(V) xml_standalone(S) RP.
    { A = NODE(AST_XML, T.offset, xml, XML_ROOT, .args = list_two(g, X, V), .standalone = S); }
special_function(A) ::= XMLSERIALIZE(T) LP xml_document(D) expr(X) AS simple_type(Y) RP.
    { A = NODE(AST_XML, T.offset, xml, XML_SERIALIZE, .args = list_one(g, X), .type = Y, .document = D); }
xml_named(A) ::= xml_named_item(X). { A = list_one(g, X); }
xml_named(A) ::= xml_named(L) COMMA xml_named_item(X). { A = list_add(g, L, X); }
xml_named_item(A) ::= expr(X) AS any_word(N). { A = target_make(g, X, &N); }
xml_named_item(A) ::= expr(X). { A = target_make(g, X, NULL); }
xml_document(A) ::= DOCUMENT. { A = true; }
xml_document(A) ::= CONTENT. { A = false; }
xml_whitespace(A) ::= . { A = false; }
xml_whitespace(A) ::= PRESERVE WHITESPACE. { A = true; }
xml_whitespace(A) ::= STRIP WHITESPACE. { A = false; }
xml_version(A) ::= VERSION expr(X). { A = X; }
xml_version(A) ::= VERSION NO VALUE. { A = constant_make(g, CONSTANT_NULL, NO_START); }
xml_standalone(A) ::= . { A = STANDALONE_ABSENT; }
xml_standalone(A) ::= COMMA STANDALONE YES. { A = STANDALONE_YES; }
xml_standalone(A) ::= COMMA STANDALONE NO. { A = STANDALONE_NO; }
xml_standalone(A) ::= COMMA STANDALONE NO VALUE. { A = STANDALONE_NO_VALUE; }
xml_passing(A) ::= PASSING primary(X). { A = X; }
xml_passing(A) ::= PASSING primary(X) xml_mechanism. { A = X; }
xml_passing(A) ::= PASSING xml_mechanism primary(X). { A = X; }
xml_passing(A) ::= PASSING xml_mechanism primary(X) xml_mechanism. { A = X; }
xml_mechanism ::= BY REF.
xml_mechanism ::= BY VALUE.

%type xml_namespaces {AstList}
%type xml_columns {AstList}
%type xml_column_options {AstList}
xml_table(A) ::= XMLTABLE(T) LP primary(R) xml_passing(D) COLUMNS xml_columns(C) RP.
    { A = NODE(AST_FROM_XML, T.offset, from_xml, .row = R, .document = D, .columns = C); }
xml_table(A) ::= XMLTABLE(T) LP XMLNAMESPACES LP xml_namespaces(N) RP COMMA primary(R) xml_passing(D) COLUMNS xml_columns(C) RP.
    { A = NODE(AST_FROM_XML, T.offset, from_xml, N, R, D, C); }
xml_namespaces(A) ::= xml_namespace(X). { A = list_one(g, X); }
xml_namespaces(A) ::= xml_namespaces(L) COMMA xml_namespace(X). { A = list_add(g, L, X); }
xml_namespace(A) ::= simple_expr(X) AS any_word(N). { A = target_make(g, X, &N); }
xml_namespace(A) ::= DEFAULT(T) simple_expr(X). { A = NODE(AST_TARGET, T.offset, target, X); }
xml_columns(A) ::= xml_column(X). { A = list_one(g, X); }
xml_columns(A) ::= xml_columns(L) COMMA xml_column(X). { A = list_add(g, L, X); }
xml_column(A) ::= column_word(N) FOR ORDINALITY. { A = NODE(AST_XML_COLUMN, N.offset, xml_column, N.text); }
xml_column(A) ::= column_word(N) type(T) xml_column_options(L). { A = xml_column_make(g, &N, T, L); }
xml_column_options(A) ::= . { A = list_none(); }
xml_column_options(A) ::= xml_column_options(L) xml_column_option(X). { A = list_add(g, L, X); }
xml_column_option(A) ::= IDENT(N) simple_expr(X). { A = NODE(AST_OPTION, N.offset, option, .name = N.text, .value = X); }
xml_column_option(A) ::= DEFAULT(T) simple_expr(X). { A = option_make(g, &T, "default", X); }
xml_column_option(A) ::= NOT(T) NULL. { A = option_make(g, &T, "not null", NULL); }
xml_column_option(A) ::= NULL(T). { A = option_make(g, &T, "null", NULL); }

/* ---- Types ---- */
%type array_bounds {AstList}
type(A) ::= simple_type(T) array_bounds(B). { A = type_array(T, B, false); }
type(A) ::= SETOF simple_type(T) array_bounds(B). { A = type_array(T, B, true); }
type(A) ::= simple_type(T) ARRAY LB ICONST(N) RB. { A = type_array(T, list_one(g, number_make(g, &N)), false); }
type(A) ::= SETOF simple_type(T) ARRAY LB ICONST(N) RB. { A = type_array(T, list_one(g, number_make(g, &N)), true); }
type(A) ::= simple_type(T) ARRAY. { A = type_array(T, list_one(g, NULL), false); }
type(A) ::= SETOF simple_type(T) ARRAY. { A = type_array(T, list_one(g, NULL), true); }
array_bounds(A) ::= . { A = list_none(); }
array_bounds(A) ::= array_bounds(L) LB RB. { A = list_add(g, L, NULL); }
array_bounds(A) ::= array_bounds(L) LB ICONST(N) RB. { A = list_add(g, L, number_make(g, &N)); }
simple_type(A) ::= type_word(X) type_modifiers(M). { A = type_make(g, name_one(g, &X), M); }
simple_type(A) ::= type_word(X) attributes(B) type_modifiers(M). { A = type_make(g, name_before(g, &X, B), M); }
simple_type(A) ::= literal_type(T). { A = type_finish(g, T); }
simple_type(A) ::= INTERVAL(T) interval_fields(F). { A = interval_make(g, &T, F); }
simple_type(A) ::= INTERVAL(T) LP ICONST(P) RP. { A = interval_make(g, &T, (IntervalFields){0, P.number}); }
%type type_modifiers {AstList}
type_modifiers(A) ::= . { A = list_none(); }
type_modifiers(A) ::= LP exprs(L) RP. { A = L; }
literal_type(A) ::= INT(T). { A = system_type(g, &T, "int4", list_none()); }
literal_type(A) ::= INTEGER(T). { A = system_type(g, &T, "int4", list_none()); }
literal_type(A) ::= SMALLINT(T). { A = system_type(g, &T, "int2", list_none()); }
literal_type(A) ::= BIGINT(T). { A = system_type(g, &T, "int8", list_none()); }
literal_type(A) ::= REAL(T). { A = system_type(g, &T, "float4", list_none()); }
literal_type(A) ::= FLOAT(T). { A = system_type(g, &T, "float8", list_none()); }
literal_type(A) ::= FLOAT(T) LP ICONST(P) RP. { A = float_type(g, &T, &P); }
literal_type(A) ::= DOUBLE(T) PRECISION. { A = system_type(g, &T, "float8", list_none()); }
literal_type(A) ::= numeric_word(T) type_modifiers(M). { A = system_type(g, &T, "numeric", M); }
literal_type(A) ::= BOOLEAN(T). { A = system_type(g, &T, "bool", list_none()); }
literal_type(A) ::= BIT(T) varying(V) LP exprs(L) RP. { A = system_type(g, &T, V ? "varbit" : "bit", L); }
literal_type(A) ::= BIT(T) varying(V). { A = system_type(g, &T, V ? "varbit" : "bit", list_none()); }
literal_type(A) ::= character(C) LP ICONST(P) RP. { A = C; C->type.modifiers = list_one(g, number_make(g, &P)); }
literal_type(A) ::= character(C). { A = C; }
character(A) ::= character_word(T) varying(V). { A = system_type(g, &T, V ? "varchar" : "bpchar", list_none()); }
character(A) ::= VARCHAR(T). { A = system_type(g, &T, "varchar", list_none()); }
character(A) ::= NATIONAL(T) national_word varying(V). { A = system_type(g, &T, V ? "varchar" : "bpchar", list_none()); }
%type varying {bool}
varying(A) ::= . { A = false; }
varying(A) ::= VARYING. { A = true; }
literal_type(A) ::= TIMESTAMP(T) LP ICONST(P) RP zone(Z).
    { A = system_type(g, &T, Z ? "timestamptz" : "timestamp", list_one(g, number_make(g, &P))); }
literal_type(A) ::= TIMESTAMP(T) zone(Z). { A = system_type(g, &T, Z ? "timestamptz" : "timestamp", list_none()); }
literal_type(A) ::= TIME(T) LP ICONST(P) RP zone(Z).
    { A = system_type(g, &T, Z ? "timetz" : "time", list_one(g, number_make(g, &P))); }
literal_type(A) ::= TIME(T) zone(Z). { A = system_type(g, &T, Z ? "timetz" : "time", list_none()); }
%type zone {bool}
zone(A) ::= . { A = false; }
zone(A) ::= WITH_LA TIME ZONE. { A = true; }
zone(A) ::= WITHOUT TIME ZONE. { A = false; }
%type interval_fields {IntervalFields}
%type interval_second {i32}
interval_fields(A) ::= . { A = (IntervalFields){0, NO_PRECISION}; }
interval_fields(A) ::= YEAR. { A = (IntervalFields){AST_INTERVAL_YEAR, NO_PRECISION}; }
interval_fields(A) ::= MONTH. { A = (IntervalFields){AST_INTERVAL_MONTH, NO_PRECISION}; }
interval_fields(A) ::= DAY. { A = (IntervalFields){AST_INTERVAL_DAY, NO_PRECISION}; }
interval_fields(A) ::= HOUR. { A = (IntervalFields){AST_INTERVAL_HOUR, NO_PRECISION}; }
interval_fields(A) ::= MINUTE. { A = (IntervalFields){AST_INTERVAL_MINUTE, NO_PRECISION}; }
interval_fields(A) ::= interval_second(P). { A = (IntervalFields){AST_INTERVAL_SECOND, P}; }
interval_fields(A) ::= YEAR TO MONTH. { A = (IntervalFields){AST_INTERVAL_YEAR | AST_INTERVAL_MONTH, NO_PRECISION}; }
interval_fields(A) ::= DAY TO HOUR. { A = (IntervalFields){AST_INTERVAL_DAY | AST_INTERVAL_HOUR, NO_PRECISION}; }
interval_fields(A) ::= DAY TO MINUTE. { A = (IntervalFields){AST_INTERVAL_DAY | AST_INTERVAL_HOUR | AST_INTERVAL_MINUTE, NO_PRECISION}; }
interval_fields(A) ::= DAY TO interval_second(P).
    { A = (IntervalFields){AST_INTERVAL_DAY | AST_INTERVAL_HOUR | AST_INTERVAL_MINUTE | AST_INTERVAL_SECOND, P}; }
interval_fields(A) ::= HOUR TO MINUTE. { A = (IntervalFields){AST_INTERVAL_HOUR | AST_INTERVAL_MINUTE, NO_PRECISION}; }
interval_fields(A) ::= HOUR TO interval_second(P).
    { A = (IntervalFields){AST_INTERVAL_HOUR | AST_INTERVAL_MINUTE | AST_INTERVAL_SECOND, P}; }
interval_fields(A) ::= MINUTE TO interval_second(P). { A = (IntervalFields){AST_INTERVAL_MINUTE | AST_INTERVAL_SECOND, P}; }
interval_second(A) ::= SECOND. { A = NO_PRECISION; }
interval_second(A) ::= SECOND LP ICONST(P) RP. { A = P.number; }

/* ---- Data changes ---- */
statement(A) ::= insert(X). { A = X; }
statement(A) ::= update(X). { A = X; }
statement(A) ::= delete(X). { A = X; }
statement(A) ::= merge(X). { A = X; }
%type returning {AstList}
returning(A) ::= . { A = list_none(); }
returning(A) ::= RETURNING targets(L). { A = L; }
insert(A) ::= optional_with(W) INSERT(T) INTO dotted(N) insert_source(S) on_conflict(C) returning(R).
    { A = insert_make(g, &T, W, N, NULL, S, C, R); }
insert(A) ::= optional_with(W) INSERT(T) INTO dotted(N) AS column_word(L) insert_source(S) on_conflict(C)
    returning(R).
    { A = insert_make(g, &T, W, N, &L, S, C, R); }
%type overriding {AstOverriding}
insert_source(A) ::= query(Q). { A = NODE(AST_INSERT, Q->offset, insert, .source = Q); }
insert_source(A) ::= OVERRIDING overriding(O) VALUE query(Q). { A = NODE(AST_INSERT, Q->offset, insert, .source = Q, .overriding = O); }
insert_source(A) ::= LP(T) assigned_columns(L) RP query(Q). { A = NODE(AST_INSERT, T.offset, insert, .source = Q, .columns = L); }
insert_source(A) ::= LP(T) assigned_columns(L) RP OVERRIDING overriding(O) VALUE query(Q).
    { A = NODE(AST_INSERT, T.offset, insert, .source = Q, .columns = L, .overriding = O); }
insert_source(A) ::= DEFAULT(T) VALUES. { A = NODE(AST_INSERT, T.offset, insert, .source = NULL); }
overriding(A) ::= USER. { A = OVERRIDING_USER; }
overriding(A) ::= SYSTEM. { A = OVERRIDING_SYSTEM; }
%type assigned_columns {AstList}
assigned_columns(A) ::= assigned(X). { A = list_one(g, X); }
assigned_columns(A) ::= assigned_columns(L) COMMA assigned(X). { A = list_add(g, L, X); }
assigned(A) ::= column_word(N) optional_indirection(I). { A = assigned_make(g, &N, I); }
on_conflict(A) ::= . { A = NULL; }
on_conflict(A) ::= ON(T) CONFLICT conflict_target(C) DO UPDATE SET assignments(L) where(W).
    { A = on_conflict_make(&T, C, true, L, W); }
on_conflict(A) ::= ON(T) CONFLICT conflict_target(C) DO NOTHING. { A = on_conflict_make(&T, C, false, list_none(), NULL); }
conflict_target(A) ::= . { A = NODE(AST_ON_CONFLICT, 0, on_conflict, .where = NULL); }
conflict_target(A) ::= LP(T) index_elements(L) RP where(W). { A = NODE(AST_ON_CONFLICT, T.offset, on_conflict, L, W); }
conflict_target(A) ::= ON(T) CONSTRAINT column_word(N). { A = NODE(AST_ON_CONFLICT, T.offset, on_conflict, .constraint = N.text); }

update(A) ::= optional_with(W) UPDATE(T) relation_with_alias(R) SET assignments(L) from(F) where_or_current(C)
    returning(G).
    { A = NODE(AST_UPDATE, T.offset, update, W, R, L, F, C, G, false); }
delete(A) ::= optional_with(W) DELETE(T) FROM relation_with_alias(R) delete_using(U) where_or_current(C) returning(G).
    { A = NODE(AST_DELETE, T.offset, delete, W, R, U, C, G); }
%type delete_using {AstList}
delete_using(A) ::= . { A = list_none(); }
delete_using(A) ::= USING from_list(L). { A = L; }
relation_with_alias(A) ::= relation(R). [UMINUS] { A = R; }
relation_with_alias(A) ::= relation(R) column_word(N).
    { A = relation_alias(R, NODE(AST_ALIAS, N.offset, alias, N.text), NULL); }
relation_with_alias(A) ::= relation(R) AS column_word(N).
    { A = relation_alias(R, NODE(AST_ALIAS, N.offset, alias, N.text), NULL); }
where_or_current(A) ::= . { A = NULL; }
where_or_current(A) ::= WHERE expr(X). { A = X; }
where_or_current(A) ::= WHERE CURRENT(T) OF column_word(N). { A = NODE(AST_CURRENT_OF, T.offset, current_of, N.text); }
%type assignments {AstList}
assignments(A) ::= assignment(X). { A = list_one(g, X); }
assignments(A) ::= assignments(L) COMMA assignment(X). { A = list_add(g, L, X); }
assignment(A) ::= assigned(N) EQ expr(X). { A = NODE(AST_ASSIGNMENT, N->offset, assignment, list_one(g, N), false, X); }
assignment(A) ::= LP(T) assigned_columns(L) RP EQ expr(X). { A = NODE(AST_ASSIGNMENT, T.offset, assignment, L, true, X); }

merge(A) ::= optional_with(W) MERGE(T) INTO relation_with_alias(R) USING from_item(S) ON expr(C) merge_whens(L).
    { A = NODE(AST_MERGE, T.offset, merge, W, R, S, C, L); }
%type merge_whens {AstList}
merge_whens(A) ::= merge_when(X). { A = list_one(g, X); }
merge_whens(A) ::= merge_whens(L) merge_when(X). { A = list_add(g, L, X); }
merge_when(A) ::= WHEN(T) MATCHED merge_condition(C) THEN UPDATE SET assignments(L).
    { A = NODE(AST_MERGE_WHEN, T.offset, merge_when, true, MERGE_UPDATE, .condition = C, .assignments = L); }
merge_when(A) ::= WHEN(T) MATCHED merge_condition(C) THEN DELETE.
    { A = NODE(AST_MERGE_WHEN, T.offset, merge_when, true, MERGE_DELETE, .condition = C); }
merge_when(A) ::= WHEN(T) MATCHED merge_condition(C) THEN DO NOTHING.
    { A = NODE(AST_MERGE_WHEN, T.offset, merge_when, true, MERGE_NOTHING, .condition = C); }
merge_when(A) ::= WHEN(T) NOT MATCHED merge_condition(C) THEN INSERT merge_insert(I). { A = merge_insert_make(&T, C, I); }
merge_when(A) ::= WHEN(T) NOT MATCHED merge_condition(C) THEN DO NOTHING.
    { A = NODE(AST_MERGE_WHEN, T.offset, merge_when, false, MERGE_NOTHING, .condition = C); }
merge_condition(A) ::= . { A = NULL; }
merge_condition(A) ::= AND expr(X). { A = X; }
merge_insert(A) ::= VALUES(T) LP exprs(V) RP.
    { A = NODE(AST_MERGE_WHEN, T.offset, merge_when, .values = V); }
merge_insert(A) ::= OVERRIDING(T) overriding(O) VALUE VALUES LP exprs(V) RP.
    { A = NODE(AST_MERGE_WHEN, T.offset, merge_when, .overriding = O, .values = V); }
merge_insert(A) ::= LP(T) assigned_columns(L) RP VALUES LP exprs(V) RP.
    { A = NODE(AST_MERGE_WHEN, T.offset, merge_when, .columns = L, .values = V); }
merge_insert(A) ::= LP(T) assigned_columns(L) RP OVERRIDING overriding(O) VALUE VALUES LP exprs(V) RP.
    { A = NODE(AST_MERGE_WHEN, T.offset, merge_when, .overriding = O, .columns = L, .values = V); }
merge_insert(A) ::= DEFAULT(T) VALUES. { A = NODE(AST_MERGE_WHEN, T.offset, merge_when, .condition = NULL); }

statement(A) ::= TRUNCATE(T) optional_table relations(L) restart(R) behavior(B).
    { A = NODE(AST_TRUNCATE, T.offset, truncate, L, R, B); }
%type restart {bool}
restart(A) ::= . { A = false; }
restart(A) ::= CONTINUE IDENTITY. { A = false; }
restart(A) ::= RESTART IDENTITY. { A = true; }

/* ---- COPY ---- */
%type copy_options {AstList}
%type copy_end {CopyEnd}
%type copy_direction {bool}
statement(A) ::= COPY(T) copy_binary(B) dotted(N) identifiers_in_parens(L) copy_direction(D) program(P) copy_end(E)
    copy_delimiter(S) optional_with_word copy_options(O) copy_where(W).
    { A = copy_make(g, &T, relation_name(g, N), L, D, P, E, copy_old_options(g, B, S, O), W); }
statement(A) ::= COPY(T) LP preparable(Q) RP TO program(P) copy_end(E) optional_with_word copy_options(O).
    { A = copy_make(g, &T, (Name){0}, list_none(), false, P, E, O, NULL); A->copy.query = Q; }
copy_where(A) ::= . { A = NULL; }
copy_where(A) ::= WHERE(T) expr(X). { A = NODE(AST_TARGET, T.offset, target, .expr = X); }
copy_binary(A) ::= . { A = NULL; }
copy_binary(A) ::= BINARY(T). { A = word_option(g, &T, "format", "binary"); }
copy_direction(A) ::= FROM. { A = true; }
copy_direction(A) ::= TO. { A = false; }
%type program {bool}
program(A) ::= . { A = false; }
program(A) ::= PROGRAM. { A = true; }
copy_end(A) ::= SCONST(S). { A = (CopyEnd){S.text, S.offset}; }
copy_end(A) ::= STDIN(S). { A = (CopyEnd){{0}, S.offset}; }
copy_end(A) ::= STDOUT(S). { A = (CopyEnd){{0}, S.offset}; }
copy_delimiter(A) ::= . { A = NULL; }
copy_delimiter(A) ::= optional_using DELIMITERS(T) SCONST(S). { A = option_make(g, &T, "delimiter", string_make(g, &S)); }
optional_using ::= .
optional_using ::= USING.
optional_with_word ::= .
optional_with_word ::= WITH.
optional_with_word ::= WITH_LA.
copy_options(A) ::= copy_old_list(L). { A = L; }
copy_options(A) ::= LP copy_option_list(L) RP. { A = L; }
%type copy_old_list {AstList}
copy_old_list(A) ::= . { A = list_none(); }
copy_old_list(A) ::= copy_old_list(L) copy_old(X). { A = list_add(g, L, X); }
copy_old(A) ::= BINARY(T). { A = word_option(g, &T, "format", "binary"); }
copy_old(A) ::= FREEZE(T). { A = word_option(g, &T, "freeze", "true"); }
copy_old(A) ::= DELIMITER(T) optional_as SCONST(S). { A = option_make(g, &T, "delimiter", string_make(g, &S)); }
copy_old(A) ::= NULL(T) optional_as SCONST(S). { A = option_make(g, &T, "null", string_make(g, &S)); }
copy_old(A) ::= CSV(T). { A = word_option(g, &T, "format", "csv"); }
copy_old(A) ::= HEADER(T). { A = word_option(g, &T, "header", "true"); }
copy_old(A) ::= QUOTE(T) optional_as SCONST(S). { A = option_make(g, &T, "quote", string_make(g, &S)); }
copy_old(A) ::= ESCAPE(T) optional_as SCONST(S). { A = option_make(g, &T, "escape", string_make(g, &S)); }
copy_old(A) ::= FORCE(T) QUOTE identifiers(L). { A = option_make(g, &T, "force_quote", row_make(g, &T, L, false)); }
copy_old(A) ::= FORCE(T) QUOTE STAR(S). { A = option_make(g, &T, "force_quote", NODE(AST_STAR, S.offset, star, {0})); }
copy_old(A) ::= FORCE(T) NOT NULL identifiers(L). { A = option_make(g, &T, "force_not_null", row_make(g, &T, L, false)); }
copy_old(A) ::= FORCE(T) NULL identifiers(L). { A = option_make(g, &T, "force_null", row_make(g, &T, L, false)); }
copy_old(A) ::= ENCODING(T) SCONST(S). { A = option_make(g, &T, "encoding", string_make(g, &S)); }
optional_as ::= .
optional_as ::= AS.
%type copy_option_list {AstList}
copy_option_list(A) ::= copy_option(X). { A = list_one(g, X); }
copy_option_list(A) ::= copy_option_list(L) COMMA copy_option(X). { A = list_add(g, L, X); }
copy_option(A) ::= any_word(N) copy_argument(X). { A = NODE(AST_OPTION, N.offset, option, .name = N.text, .value = X); }
copy_argument(A) ::= . { A = NULL; }
copy_argument(A) ::= setting_word(X). { A = X; }
copy_argument(A) ::= signed_number(X). { A = X; }
copy_argument(A) ::= STAR(T). { A = NODE(AST_STAR, T.offset, star, {0}); }
copy_argument(A) ::= LP(T) copy_words(L) RP. { A = row_make(g, &T, L, false); }
%type copy_words {AstList}
copy_words(A) ::= setting_word(X). { A = list_one(g, X); }
copy_words(A) ::= copy_words(L) COMMA setting_word(X). { A = list_add(g, L, X); }

/* ---- Tables ---- */
%type persistence {AstPersistence}
persistence(A) ::= . { A = PERSIST_NORMAL; }
persistence(A) ::= temp_word. { A = PERSIST_TEMP; }
persistence(A) ::= LOCAL temp_word. { A = PERSIST_TEMP; }
persistence(A) ::= GLOBAL(T) temp_word. { A = PERSIST_TEMP; note_global_word(g, &T); }
persistence(A) ::= UNLOGGED. { A = PERSIST_UNLOGGED; }
statement(A) ::= create_table(X). { A = X; }
create_table(A) ::= CREATE(T) persistence(P) TABLE new_name(N) LP table_elements(L) RP inherits(I)
    access_method(M) with_options(O) on_commit(C) tablespace(S).
    { A = NODE(AST_CREATE_TABLE, T.offset, create_table, N.name, P, C, N.if_not_exists, L, I, O, M, S); }
%type table_elements {AstList}
%type table_element_list {AstList}
table_elements(A) ::= . { A = list_none(); }
table_elements(A) ::= table_element_list(L). { A = L; }
table_element_list(A) ::= table_element(X). { A = list_one(g, X); }
table_element_list(A) ::= table_element_list(L) COMMA table_element(X). { A = list_add(g, L, X); }
table_element(A) ::= column_definition(X). { A = X; }
table_element(A) ::= table_constraint(X). { A = X; }
table_element(A) ::= LIKE(T) dotted(N) like_options(O). { A = NODE(AST_TABLE_LIKE, T.offset, table_like, relation_name(g, N), O); }
%type like_options {i32}
%type like_option {i32}
like_options(A) ::= . { A = 0; }
like_options(A) ::= like_options(L) INCLUDING like_option(X). { A = L | X; }
like_options(A) ::= like_options(L) EXCLUDING like_option(X). { A = L & ~X; }
like_option(A) ::= COMMENTS. { A = LIKE_COMMENTS; }
like_option(A) ::= COMPRESSION. { A = LIKE_COMPRESSION; }
like_option(A) ::= CONSTRAINTS. { A = LIKE_CONSTRAINTS; }
like_option(A) ::= DEFAULTS. { A = LIKE_DEFAULTS; }
like_option(A) ::= IDENTITY. { A = LIKE_IDENTITY; }
like_option(A) ::= GENERATED. { A = LIKE_GENERATED; }
like_option(A) ::= INDEXES. { A = LIKE_INDEXES; }
like_option(A) ::= STATISTICS. { A = LIKE_STATISTICS; }
like_option(A) ::= STORAGE. { A = LIKE_STORAGE; }
like_option(A) ::= ALL. { A = LIKE_ALL; }
%type inherits {AstList}
inherits(A) ::= . { A = list_none(); }
inherits(A) ::= INHERITS LP dotted_names(L) RP. { A = L; }
%type access_method {Text}
access_method(A) ::= . { A = (Text){0}; }
access_method(A) ::= USING column_word(N). { A = N.text; }
%type with_options {AstList}
with_options(A) ::= . { A = list_none(); }
with_options(A) ::= WITH LP options(L) RP. { A = L; }
with_options(A) ::= WITHOUT OIDS. { A = list_none(); }
%type on_commit {AstOnCommit}
on_commit(A) ::= . { A = AST_ON_COMMIT_DEFAULT; }
on_commit(A) ::= ON COMMIT DROP. { A = AST_ON_COMMIT_DROP; }
on_commit(A) ::= ON COMMIT DELETE ROWS. { A = AST_ON_COMMIT_DELETE; }
on_commit(A) ::= ON COMMIT PRESERVE ROWS. { A = AST_ON_COMMIT_PRESERVE; }
%type tablespace {Text}
tablespace(A) ::= . { A = (Text){0}; }
tablespace(A) ::= TABLESPACE column_word(N). { A = N.text; }

%type compression {Text}
column_definition(A) ::= column_word(N) type(T) compression(C) column_qualifiers(L).
    { A = column_definition_make(g, &N, T, C, L); }
compression(A) ::= . { A = (Text){0}; }
compression(A) ::= COMPRESSION word_or_default(X). { A = X; }
%type word_or_default {Text}
word_or_default(A) ::= column_word(X). { A = X.text; }
word_or_default(A) ::= DEFAULT. { A = TEXT("default"); }
%type column_qualifiers {AstList}
column_qualifiers(A) ::= . { A = list_none(); }
column_qualifiers(A) ::= column_qualifiers(L) column_qualifier(X). { A = qualifier_add(g, L, X); }
column_qualifier(A) ::= CONSTRAINT(T) column_word(N) column_constraint(C). { A = constraint_name(C, &T, &N); }
column_qualifier(A) ::= column_constraint(C). { A = C; }
column_qualifier(A) ::= COLLATE(T) any_name(N). { A = NODE(AST_COLLATE, T.offset, collate, NULL, N); }
column_qualifier(A) ::= constraint_attribute(X). { A = X; }
column_constraint(A) ::= NOT(T) NULL. { A = constraint_make(g, &T, AST_CONSTRAINT_NOT_NULL, NULL); }
column_constraint(A) ::= NULL(T). { A = constraint_make(g, &T, AST_CONSTRAINT_NULL, NULL); }
column_constraint(A) ::= UNIQUE(T) unique_nulls(U) with_options(O) index_tablespace(S).
    { A = NODE(AST_CONSTRAINT, T.offset, constraint, AST_CONSTRAINT_UNIQUE, .nulls_not_distinct = U, .options = O, .tablespace = S); }
column_constraint(A) ::= PRIMARY(T) KEY with_options(O) index_tablespace(S).
    { A = NODE(AST_CONSTRAINT, T.offset, constraint, AST_CONSTRAINT_PRIMARY_KEY, .options = O, .tablespace = S); }
column_constraint(A) ::= CHECK(T) LP expr(X) RP no_inherit(I).
    { A = NODE(AST_CONSTRAINT, T.offset, constraint, AST_CONSTRAINT_CHECK, .expr = X, .no_inherit = I); }
column_constraint(A) ::= DEFAULT(T) simple_expr(X). { A = constraint_make(g, &T, AST_CONSTRAINT_DEFAULT, X); }
column_constraint(A) ::= GENERATED(T) ALWAYS AS IDENTITY identity_options(O).
    { A = NODE(AST_CONSTRAINT, T.offset, constraint, AST_CONSTRAINT_IDENTITY, .always = true, .options = O); }
column_constraint(A) ::= GENERATED(T) BY DEFAULT AS IDENTITY identity_options(O).
    { A = NODE(AST_CONSTRAINT, T.offset, constraint, AST_CONSTRAINT_IDENTITY, .always = false, .options = O); }
column_constraint(A) ::= GENERATED(T) ALWAYS AS LP expr(X) RP STORED. { A = constraint_make(g, &T, AST_CONSTRAINT_GENERATED, X); }
column_constraint(A) ::= GENERATED BY(T) DEFAULT AS LP expr RP STORED. { refuse_generated(g, &T); A = NULL; }
column_constraint(A) ::= REFERENCES(T) dotted(N) identifiers_in_parens(L) match(M) key_actions(K).
    { A = foreign_key_make(g, &T, list_none(), relation_name(g, N), L, M, K); }
%type index_tablespace {Text}
index_tablespace(A) ::= . { A = (Text){0}; }
index_tablespace(A) ::= USING INDEX TABLESPACE column_word(N). { A = N.text; }
%type no_inherit {bool}
no_inherit(A) ::= . { A = false; }
no_inherit(A) ::= NO INHERIT. { A = true; }
%type identity_options {AstList}
identity_options(A) ::= . { A = list_none(); }
identity_options(A) ::= LP sequence_option_list(L) RP. { A = L; }
%type match {AstMatch}
match(A) ::= . { A = MATCH_SIMPLE; }
match(A) ::= MATCH FULL. { A = MATCH_FULL; }
match(A) ::= MATCH(T) PARTIAL. { refuse_feature(g, &T, "MATCH PARTIAL not yet implemented"); A = MATCH_PARTIAL; }
match(A) ::= MATCH SIMPLE. { A = MATCH_SIMPLE; }
%type key_action {KeyAction}
key_actions(A) ::= . { A = NODE(AST_CONSTRAINT, 0, constraint, AST_CONSTRAINT_FOREIGN_KEY); }
key_actions(A) ::= ON(T) UPDATE key_action(U). { U.offset = T.offset; A = key_actions_make(g, &U, NULL); }
key_actions(A) ::= ON DELETE key_action(D). { A = key_actions_make(g, NULL, &D); }
key_actions(A) ::= ON(T) UPDATE key_action(U) ON DELETE key_action(D). { U.offset = T.offset; A = key_actions_make(g, &U, &D); }
key_actions(A) ::= ON DELETE key_action(D) ON(T) UPDATE key_action(U). { U.offset = T.offset; A = key_actions_make(g, &U, &D); }
key_action(A) ::= NO(T) ACTION. { A = (KeyAction){REFERENTIAL_NO_ACTION, T.offset, list_none()}; }
key_action(A) ::= RESTRICT(T). { A = (KeyAction){REFERENTIAL_RESTRICT, T.offset, list_none()}; }
key_action(A) ::= CASCADE(T). { A = (KeyAction){REFERENTIAL_CASCADE, T.offset, list_none()}; }
key_action(A) ::= SET(T) NULL identifiers_in_parens(L). { A = (KeyAction){REFERENTIAL_SET_NULL, T.offset, L}; }
key_action(A) ::= SET(T) DEFAULT identifiers_in_parens(L). { A = (KeyAction){REFERENTIAL_SET_DEFAULT, T.offset, L}; }

/* Attributes of a constraint travel as AST_OPTION until they are applied to it. */
constraint_attribute(A) ::= DEFERRABLE(T). { A = attribute_make(g, &T, ATTRIBUTE_DEFERRABLE); }
constraint_attribute(A) ::= NOT(T) DEFERRABLE. { A = attribute_make(g, &T, ATTRIBUTE_NOT_DEFERRABLE); }
constraint_attribute(A) ::= INITIALLY(T) DEFERRED. { A = attribute_make(g, &T, ATTRIBUTE_DEFERRED); }
constraint_attribute(A) ::= INITIALLY(T) IMMEDIATE. { A = attribute_make(g, &T, ATTRIBUTE_IMMEDIATE); }
%type table_attributes {AstList}
table_attributes(A) ::= . { A = list_none(); }
table_attributes(A) ::= table_attributes(L) constraint_attribute(X). { A = list_add(g, L, X); }
table_attributes(A) ::= table_attributes(L) NOT(T) VALID. { A = list_add(g, L, attribute_make(g, &T, ATTRIBUTE_NOT_VALID)); }
table_attributes(A) ::= table_attributes(L) NO(T) INHERIT. { A = list_add(g, L, attribute_make(g, &T, ATTRIBUTE_NO_INHERIT)); }
table_constraint(A) ::= CONSTRAINT(T) column_word(N) table_constraint_body(C). { A = constraint_name(C, &T, &N); }
table_constraint(A) ::= table_constraint_body(C). { A = C; }
table_constraint_body(A) ::= CHECK(T) LP expr(X) RP table_attributes(L).
    { A = attributes_apply(g, constraint_make(g, &T, AST_CONSTRAINT_CHECK, X), L); }
table_constraint_body(A) ::= UNIQUE(T) unique_nulls(U) LP identifiers(C) RP including(I) with_options(O) index_tablespace(S)
    table_attributes(L).
    { A = attributes_apply(g, NODE(AST_CONSTRAINT, T.offset, constraint, AST_CONSTRAINT_UNIQUE, .nulls_not_distinct = U,
          .columns = C, .including = I, .options = O, .tablespace = S), L); }
table_constraint_body(A) ::= UNIQUE(T) USING INDEX column_word(N) table_attributes(L).
    { A = attributes_apply(g, NODE(AST_CONSTRAINT, T.offset, constraint, AST_CONSTRAINT_UNIQUE, .index = N.text), L); }
table_constraint_body(A) ::= PRIMARY(T) KEY LP identifiers(C) RP including(I) with_options(O) index_tablespace(S)
    table_attributes(L).
    { A = attributes_apply(g, NODE(AST_CONSTRAINT, T.offset, constraint, AST_CONSTRAINT_PRIMARY_KEY,
          .columns = C, .including = I, .options = O, .tablespace = S), L); }
table_constraint_body(A) ::= PRIMARY(T) KEY USING INDEX column_word(N) table_attributes(L).
    { A = attributes_apply(g, NODE(AST_CONSTRAINT, T.offset, constraint, AST_CONSTRAINT_PRIMARY_KEY, .index = N.text), L); }
table_constraint_body(A) ::= FOREIGN(T) KEY LP identifiers(C) RP REFERENCES dotted(N) identifiers_in_parens(F) match(M)
    key_actions(K) table_attributes(L).
    { A = attributes_apply(g, foreign_key_make(g, &T, C, relation_name(g, N), F, M, K), L); }
table_constraint_body(A) ::= exclude_start. { A = NULL; }
exclude_start ::= EXCLUDE(T) LP. { refuse_feature(g, &T, "EXCLUDE constraints are not supported yet"); }
exclude_start ::= EXCLUDE(T) USING. { refuse_feature(g, &T, "EXCLUDE constraints are not supported yet"); }
%type including {AstList}
including(A) ::= . { A = list_none(); }
including(A) ::= INCLUDE LP identifiers(L) RP. { A = L; }

statement(A) ::= create_as(X). { A = X; }
create_as(A) ::= CREATE(T) persistence(P) TABLE create_as_target(I) AS query(Q) with_data(D).
    { A = create_as_make(&T, I, P, Q, D); }
create_as(A) ::= CREATE(T) persistence(P) TABLE create_as_target(I) AS execute(Q) with_data(D).
    { A = create_as_make(&T, I, P, Q, D); }
create_as_target(A) ::= new_name(N) identifiers_in_parens(L) access_method(M) with_options(O) on_commit(C) tablespace(S).
    { A = NODE(AST_CREATE_TABLE_AS, N.name.offset, create_table_as, N.name, .if_not_exists = N.if_not_exists, .on_commit = C, .columns = L, .options = O,
               .access_method = M, .tablespace = S); }
%type with_data {bool}
with_data(A) ::= . { A = false; }
with_data(A) ::= WITH DATA. { A = false; }
with_data(A) ::= WITH NO DATA. { A = true; }
create_as(A) ::= CREATE(T) MATERIALIZED VIEW matview_target(I) AS query(Q) with_data(D).
    { A = create_as_make(&T, I, PERSIST_NORMAL, Q, D); A->create_table_as.materialized = true; }
create_as(A) ::= CREATE(T) UNLOGGED MATERIALIZED VIEW matview_target(I) AS query(Q) with_data(D).
    { A = create_as_make(&T, I, PERSIST_UNLOGGED, Q, D); A->create_table_as.materialized = true; }
matview_target(A) ::= new_name(N) identifiers_in_parens(L) access_method(M) with_options(O) tablespace(S).
    { A = NODE(AST_CREATE_TABLE_AS, N.name.offset, create_table_as, N.name, .if_not_exists = N.if_not_exists, .columns = L, .options = O,
               .access_method = M, .tablespace = S); }
refresh(A) ::= REFRESH(T) MATERIALIZED VIEW concurrently(C) dotted(N) with_data(D).
    { A = NODE(AST_REFRESH, T.offset, refresh, relation_name(g, N), C, D); }
statement(A) ::= refresh(X). { A = X; }
%type concurrently {bool}
concurrently(A) ::= . { A = false; }
concurrently(A) ::= CONCURRENTLY. { A = true; }

statement(A) ::= create_view(X). { A = X; }
create_view(A) ::= CREATE(T) persistence(P) VIEW dotted(N) identifiers_in_parens(L) view_options(O) AS query(Q) check_option(C).
    { A = NODE(AST_CREATE_VIEW, T.offset, create_view, relation_name(g, N), false, false, P, L, O, Q, C); }
create_view(A) ::= CREATE(T) OR REPLACE persistence(P) VIEW dotted(N) identifiers_in_parens(L) view_options(O) AS query(Q)
    check_option(C).
    { A = NODE(AST_CREATE_VIEW, T.offset, create_view, relation_name(g, N), true, false, P, L, O, Q, C); }
create_view(A) ::= CREATE(T) persistence(P) RECURSIVE VIEW dotted(N) LP identifiers(L) RP view_options(O) AS query(Q)
    check_option(C).
    { A = recursive_view(g, NODE(AST_CREATE_VIEW, T.offset, create_view, relation_name(g, N), false, true, P, L, O, Q, C)); }
create_view(A) ::= CREATE(T) OR REPLACE persistence(P) RECURSIVE VIEW dotted(N) LP identifiers(L) RP view_options(O)
    AS query(Q) check_option(C).
    { A = recursive_view(g, NODE(AST_CREATE_VIEW, T.offset, create_view, relation_name(g, N), true, true, P, L, O, Q, C)); }
%type view_options {AstList}
view_options(A) ::= . { A = list_none(); }
view_options(A) ::= WITH LP options(L) RP. { A = L; }
%type check_option {AstCheckOption}
check_option(A) ::= . { A = CHECK_NONE; }
check_option(A) ::= WITH CHECK OPTION. { A = CHECK_CASCADED; }
check_option(A) ::= WITH CASCADED CHECK OPTION. { A = CHECK_CASCADED; }
check_option(A) ::= WITH LOCAL CHECK OPTION. { A = CHECK_LOCAL; }

/* Options in parentheses: name, name = value, space.name = value. */
%type options {AstList}
options(A) ::= option(X). { A = list_one(g, X); }
options(A) ::= options(L) COMMA option(X). { A = list_add(g, L, X); }
option(A) ::= any_word(N). { A = NODE(AST_OPTION, N.offset, option, .name = N.text); }
option(A) ::= any_word(N) EQ option_value(X). { A = NODE(AST_OPTION, N.offset, option, .name = N.text, .value = X); }
option(A) ::= any_word(S) DOT any_word(N). { A = NODE(AST_OPTION, S.offset, option, S.text, N.text); }
option(A) ::= any_word(S) DOT any_word(N) EQ option_value(X). { A = NODE(AST_OPTION, S.offset, option, S.text, N.text, X); }
option_value(A) ::= type(T). { A = T; }
option_value(A) ::= reserved_word(X). { A = identifier_make(g, &X); }
option_value(A) ::= plain_operator(X). { A = identifier_make(g, &X); }
option_value(A) ::= signed_number(X). { A = X; }
option_value(A) ::= SCONST(X). { A = string_make(g, &X); }
option_value(A) ::= NONE(X). { A = identifier_make(g, &X); }

/* ---- Schemas, sequences, indexes ---- */
%type schema_elements {AstList}
statement(A) ::= CREATE(T) SCHEMA schema_name(N) AUTHORIZATION role(R) schema_elements(L).
    { A = create_schema_make(g, &T, N, R, false, L); }
statement(A) ::= CREATE(T) SCHEMA column_word(N) schema_elements(L).
    { A = create_schema_make(g, &T, N.text, (Text){0}, false, L); }
statement(A) ::= CREATE(T) SCHEMA IF NOT EXISTS schema_name(N) AUTHORIZATION role(R) schema_elements(L).
    { A = create_schema_make(g, &T, N, R, true, L); }
statement(A) ::= CREATE(T) SCHEMA IF NOT EXISTS column_word(N) schema_elements(L).
    { A = create_schema_make(g, &T, N.text, (Text){0}, true, L); }
%type schema_name {Text}
schema_name(A) ::= . { A = (Text){0}; }
schema_name(A) ::= column_word(N). { A = N.text; }
schema_elements(A) ::= . { A = list_none(); }
schema_elements(A) ::= schema_elements(L) schema_element(X). { A = list_add(g, L, X); }
schema_element(A) ::= create_table(X). { A = X; }
schema_element(A) ::= create_view(X). { A = X; }
schema_element(A) ::= create_index(X). { A = X; }
schema_element(A) ::= create_sequence(X). { A = X; }

statement(A) ::= create_sequence(X). { A = X; }
create_sequence(A) ::= CREATE(T) persistence(P) SEQUENCE new_name(N) sequence_options(L).
    { A = NODE(AST_CREATE_SEQUENCE, T.offset, create_sequence, N.name, .if_not_exists = N.if_not_exists, .persistence = P, .options = L); }
%type sequence_options {AstList}
%type sequence_option_list {AstList}
sequence_options(A) ::= . { A = list_none(); }
sequence_options(A) ::= sequence_option_list(L). { A = L; }
sequence_option_list(A) ::= sequence_option(X). { A = list_one(g, X); }
sequence_option_list(A) ::= sequence_option_list(L) sequence_option(X). { A = list_add(g, L, X); }
sequence_option(A) ::= AS(T) simple_type(X). { A = option_make(g, &T, "as", X); }
sequence_option(A) ::= CACHE(T) signed_number(X). { A = option_make(g, &T, "cache", X); }
sequence_option(A) ::= CYCLE(T). { A = word_option(g, &T, "cycle", "true"); }
sequence_option(A) ::= NO(T) CYCLE. { A = word_option(g, &T, "cycle", "false"); }
sequence_option(A) ::= INCREMENT(T) optional_by signed_number(X). { A = option_make(g, &T, "increment", X); }
sequence_option(A) ::= MAXVALUE(T) signed_number(X). { A = option_make(g, &T, "maxvalue", X); }
sequence_option(A) ::= MINVALUE(T) signed_number(X). { A = option_make(g, &T, "minvalue", X); }
sequence_option(A) ::= NO(T) MAXVALUE. { A = option_make(g, &T, "maxvalue", NULL); }
sequence_option(A) ::= NO(T) MINVALUE. { A = option_make(g, &T, "minvalue", NULL); }
sequence_option(A) ::= OWNED(T) BY any_name(N). { A = option_make(g, &T, "owned_by", name_node(g, N)); }
sequence_option(A) ::= SEQUENCE(T) NAME any_name(N). { A = option_make(g, &T, "sequence_name", name_node(g, N)); }
sequence_option(A) ::= START(T) optional_with_word signed_number(X). { A = option_make(g, &T, "start", X); }
sequence_option(A) ::= RESTART(T). { A = option_make(g, &T, "restart", NULL); }
sequence_option(A) ::= RESTART(T) optional_with_word signed_number(X). { A = option_make(g, &T, "restart", X); }
optional_by ::= .
optional_by ::= BY.

statement(A) ::= create_index(X). { A = X; }
create_index(A) ::= CREATE(T) unique(U) INDEX concurrently(C) index_name(N) ON relation(R) access_method(M) LP index_elements(L) RP
    index_including(I) unique_nulls(D) index_options(O) tablespace(S) where(W).
    { A = create_index_make(&T, U, C, N, D, W);
      A->create_index.table = R; A->create_index.method = M; A->create_index.elements = L;
      A->create_index.including = I; A->create_index.options = O; A->create_index.tablespace = S; }
index_name(A) ::= . { A = NODE(AST_CREATE_INDEX, 0, create_index, .unique = false); }
index_name(A) ::= column_word(N). { A = NODE(AST_CREATE_INDEX, 0, create_index, .name = N.text); }
index_name(A) ::= IF NOT EXISTS column_word(N). { A = NODE(AST_CREATE_INDEX, 0, create_index, .name = N.text, .if_not_exists = true); }
%type unique {bool}
unique(A) ::= . { A = false; }
unique(A) ::= UNIQUE. { A = true; }
%type index_options {AstList}
index_options(A) ::= . { A = list_none(); }
index_options(A) ::= WITH LP options(L) RP. { A = L; }
%type index_including {AstList}
index_including(A) ::= . { A = list_none(); }
index_including(A) ::= INCLUDE LP index_elements(L) RP. { A = L; }
%type index_elements {AstList}
index_elements(A) ::= index_element(X). { A = list_one(g, X); }
index_elements(A) ::= index_elements(L) COMMA index_element(X). { A = list_add(g, L, X); }
index_element(A) ::= index_key(X) optional_collate(C) operator_class(K) direction(D) nulls(N).
    { A = index_element_make(X, C, K, D, N); }
index_key(A) ::= column_word(N).
    { A = NODE(AST_INDEX_ELEMENT, N.offset, index_element, column_make(g, &N, list_none())); }
index_key(A) ::= plain_function(F). { A = NODE(AST_INDEX_ELEMENT, F->offset, index_element, F); }
index_key(A) ::= LP(T) expr(X) RP. { A = NODE(AST_INDEX_ELEMENT, T.offset, index_element, X); }
operator_class(A) ::= . { A = NULL; }
operator_class(A) ::= any_name(N). { A = NODE(AST_INDEX_ELEMENT, N.offset, index_element, .operator_class = N); }
operator_class(A) ::= any_name(N) LP options(L) RP. { A = NODE(AST_INDEX_ELEMENT, N.offset, index_element, .operator_class = N, .options = L); }

/* ---- DROP, ALTER, COMMENT ---- */
%type relation_kind {AstObjectKind}
relation_kind(A) ::= TABLE. { A = OBJECT_TABLE; }
relation_kind(A) ::= SEQUENCE. { A = OBJECT_SEQUENCE; }
relation_kind(A) ::= VIEW. { A = OBJECT_VIEW; }
relation_kind(A) ::= MATERIALIZED VIEW. { A = OBJECT_MATERIALIZED_VIEW; }
relation_kind(A) ::= COLLATION. { A = OBJECT_COLLATION; }
statement(A) ::= DROP(T) relation_kind(K) any_names(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, K, L, false, false, B); }
statement(A) ::= DROP(T) relation_kind(K) IF EXISTS any_names(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, K, L, true, false, B); }
statement(A) ::= DROP(T) INDEX concurrently(C) any_names(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, OBJECT_INDEX, L, false, C, B); }
statement(A) ::= DROP(T) INDEX concurrently(C) IF EXISTS any_names(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, OBJECT_INDEX, L, true, C, B); }
statement(A) ::= DROP(T) bare_kind(K) plain_names(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, K, L, false, false, B); }
statement(A) ::= DROP(T) bare_kind(K) IF EXISTS plain_names(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, K, L, true, false, B); }
statement(A) ::= DROP(T) TYPE type_list(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, OBJECT_TYPE, L, false, false, B); }
statement(A) ::= DROP(T) TYPE IF EXISTS type_list(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, OBJECT_TYPE, L, true, false, B); }
statement(A) ::= DROP(T) DOMAIN type_list(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, OBJECT_DOMAIN, L, false, false, B); }
statement(A) ::= DROP(T) DOMAIN IF EXISTS type_list(L) behavior(B). { A = NODE(AST_DROP, T.offset, drop, OBJECT_DOMAIN, L, true, false, B); }
%type bare_kind {AstObjectKind}
bare_kind(A) ::= SCHEMA. { A = OBJECT_SCHEMA; }
bare_kind(A) ::= EXTENSION. { A = OBJECT_EXTENSION; }
%type plain_names {AstList}
plain_names(A) ::= column_word(N). { A = list_one(g, name_node(g, name_one(g, &N))); }
plain_names(A) ::= plain_names(L) COMMA column_word(N). { A = list_add(g, L, name_node(g, name_one(g, &N))); }

/* ALTER of a relation: the target first, as an AST_ALTER_TABLE without actions. What may follow is
 * most for a table, least for an index. */
table_target(A) ::= TABLE relation(R). { A = NODE(AST_ALTER_TABLE, 0, alter_table, OBJECT_TABLE, R, false); }
table_target(A) ::= TABLE IF EXISTS relation(R). { A = NODE(AST_ALTER_TABLE, 0, alter_table, OBJECT_TABLE, R, true); }
view_target(A) ::= VIEW dotted(N). { A = alter_target_make(g, OBJECT_VIEW, N, false); }
view_target(A) ::= VIEW IF EXISTS dotted(N). { A = alter_target_make(g, OBJECT_VIEW, N, true); }
view_target(A) ::= MATERIALIZED VIEW dotted(N). { A = alter_target_make(g, OBJECT_MATERIALIZED_VIEW, N, false); }
view_target(A) ::= MATERIALIZED VIEW IF EXISTS dotted(N). { A = alter_target_make(g, OBJECT_MATERIALIZED_VIEW, N, true); }
index_target(A) ::= INDEX dotted(N). { A = alter_target_make(g, OBJECT_INDEX, N, false); }
index_target(A) ::= INDEX IF EXISTS dotted(N). { A = alter_target_make(g, OBJECT_INDEX, N, true); }
statement(A) ::= ALTER(T) table_target(R) table_rest(X). { A = alter_make(g, &T, R, X); }
statement(A) ::= ALTER(T) view_target(R) view_rest(X). { A = alter_make(g, &T, R, X); }
statement(A) ::= ALTER(T) index_target(R) alter_rest(X). { A = alter_make(g, &T, R, X); }
statement(A) ::= ALTER(T) SEQUENCE dotted(N) sequence_rest(X). { A = alter_make(g, &T, alter_target_make(g, OBJECT_SEQUENCE, N, false), X); }
statement(A) ::= ALTER(T) SEQUENCE IF EXISTS dotted(N) sequence_rest(X). { A = alter_make(g, &T, alter_target_make(g, OBJECT_SEQUENCE, N, true), X); }
statement(A) ::= ALTER(T) SEQUENCE dotted(N) sequence_option_list(L).
    { A = NODE(AST_CREATE_SEQUENCE, T.offset, create_sequence, relation_name(g, N), true, .options = L); }
statement(A) ::= ALTER(T) SEQUENCE IF EXISTS dotted(N) sequence_option_list(L).
    { A = NODE(AST_CREATE_SEQUENCE, T.offset, create_sequence, relation_name(g, N), true, true, .options = L); }
table_rest(A) ::= view_rest(X). { A = X; }
table_rest(A) ::= RENAME CONSTRAINT column_word(N) TO column_word(M).
    { A = NODE(AST_RENAME, 0, rename, OBJECT_CONSTRAINT, .from = N.text, .to = M.text); }
view_rest(A) ::= sequence_rest(X). { A = X; }
view_rest(A) ::= RENAME optional_column column_word(N) TO column_word(M).
    { A = NODE(AST_RENAME, 0, rename, OBJECT_COLUMN, .from = N.text, .to = M.text); }
sequence_rest(A) ::= alter_rest(X). { A = X; }
sequence_rest(A) ::= SET SCHEMA column_word(N). { A = NODE(AST_ALTER_OBJECT, 0, alter_object, .schema = N.text); }
alter_rest(A) ::= alter_actions(L). { A = NODE(AST_ALTER_TABLE, 0, alter_table, .actions = L); }
alter_rest(A) ::= RENAME TO column_word(N). { A = NODE(AST_RENAME, 0, rename, OBJECT_TABLE, .to = N.text); }
optional_column ::= .
optional_column ::= COLUMN.
statement(A) ::= ALTER(T) SCHEMA column_word(N) RENAME TO column_word(M).
    { A = NODE(AST_RENAME, T.offset, rename, OBJECT_SCHEMA, OBJECT_SCHEMA, .name = name_one(g, &N), .to = M.text); }
statement(A) ::= ALTER(T) SCHEMA column_word(N) OWNER TO role(R).
    { A = NODE(AST_ALTER_OBJECT, T.offset, alter_object, OBJECT_SCHEMA, name_one(g, &N), .owner = R); }
statement(A) ::= ALTER(T) DATABASE column_word(N) RENAME TO column_word(M).
    { A = NODE(AST_RENAME, T.offset, rename, OBJECT_DATABASE, OBJECT_DATABASE, .name = name_one(g, &N), .to = M.text); }
statement(A) ::= ALTER(T) DATABASE column_word(N) OWNER TO role(R).
    { A = NODE(AST_ALTER_OBJECT, T.offset, alter_object, OBJECT_DATABASE, name_one(g, &N), .owner = R); }

%type alter_actions {AstList}
alter_actions(A) ::= alter_action(X). { A = list_one(g, X); }
alter_actions(A) ::= alter_actions(L) COMMA alter_action(X). { A = list_add(g, L, X); }
alter_action(A) ::= ADD(T) column_definition(X). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ADD_COLUMN, .definition = X); }
alter_action(A) ::= ADD(T) IF NOT EXISTS column_definition(X). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ADD_COLUMN, true, .definition = X); }
alter_action(A) ::= ADD(T) COLUMN column_definition(X). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ADD_COLUMN, .definition = X); }
alter_action(A) ::= ADD(T) COLUMN IF NOT EXISTS column_definition(X). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ADD_COLUMN, true, .definition = X); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) SET DEFAULT expr(X). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_DEFAULT, .name = N.text, .expr = X); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) DROP DEFAULT. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_DEFAULT, .name = N.text); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) DROP NOT NULL. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_NOT_NULL, .name = N.text); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) SET NOT NULL. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_NOT_NULL, .name = N.text); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) DROP EXPRESSION. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_EXPRESSION, .name = N.text); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) DROP EXPRESSION IF EXISTS. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_EXPRESSION, true, .name = N.text); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) SET STATISTICS signed_integer(I).
    { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_STATISTICS, .name = N.text, .number = integer_make(g, I, T.offset)); }
alter_action(A) ::= ALTER(T) optional_column ICONST(N) SET STATISTICS signed_integer(I).
    { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_STATISTICS, .expr = number_make(g, &N), .number = integer_make(g, I, T.offset)); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) SET LP options(L) RP. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_COLUMN_OPTIONS, .name = N.text, .options = L); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) RESET LP options(L) RP. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_COLUMN_OPTIONS, true, .name = N.text, .options = L); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) SET STORAGE column_word(W). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_STORAGE, .name = N.text, .word = W.text); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) SET COMPRESSION word_or_default(W). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_COMPRESSION, .name = N.text, .word = W); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) ADD GENERATED(S) ALWAYS AS IDENTITY identity_options(O).
    { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ADD_IDENTITY, .name = N.text,
          .definition = NODE(AST_CONSTRAINT, S.offset, constraint, AST_CONSTRAINT_IDENTITY, .always = true, .options = O)); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) ADD GENERATED(S) BY DEFAULT AS IDENTITY identity_options(O).
    { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ADD_IDENTITY, .name = N.text,
          .definition = NODE(AST_CONSTRAINT, S.offset, constraint, AST_CONSTRAINT_IDENTITY, .always = false, .options = O)); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) identity_changes(L). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_IDENTITY, .name = N.text, .options = L); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) DROP IDENTITY. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_IDENTITY, .name = N.text); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) DROP IDENTITY IF EXISTS. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_IDENTITY, true, .name = N.text); }
%type identity_changes {AstList}
identity_changes(A) ::= identity_change(X). { A = list_one(g, X); }
identity_changes(A) ::= identity_changes(L) identity_change(X). { A = list_add(g, L, X); }
identity_change(A) ::= RESTART(T). { A = option_make(g, &T, "restart", NULL); }
identity_change(A) ::= RESTART(T) optional_with_word signed_number(X). { A = option_make(g, &T, "restart", X); }
identity_change(A) ::= SET sequence_option(X). { A = X; }
identity_change(A) ::= SET GENERATED(T) ALWAYS. { A = word_option(g, &T, "generated", "always"); }
identity_change(A) ::= SET GENERATED(T) BY DEFAULT. { A = word_option(g, &T, "generated", "default"); }
alter_action(A) ::= DROP(T) optional_column column_word(N) behavior(B). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_COLUMN, false, B, N.text); }
alter_action(A) ::= DROP(T) optional_column IF EXISTS column_word(N) behavior(B). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_COLUMN, true, B, N.text); }
alter_action(A) ::= ALTER(T) optional_column column_word(N) optional_set_data TYPE type(Y) optional_collate(C) alter_using(X).
    { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_COLUMN_TYPE, .name = N.text, .expr = X,
          .definition = NODE(AST_COLUMN_DEFINITION, Y->offset, column_definition, .name = N.text, .type = Y, .collation = C)); }
optional_set_data ::= .
optional_set_data ::= SET DATA.
alter_using(A) ::= . { A = NULL; }
alter_using(A) ::= USING expr(X). { A = X; }
alter_action(A) ::= ADD(T) table_constraint(X). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ADD_CONSTRAINT, .definition = X); }
alter_action(A) ::= ALTER(T) CONSTRAINT column_word(N) table_attributes(L).
    { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ALTER_CONSTRAINT, .definition = altered_constraint_make(g, &N, L)); }
alter_action(A) ::= VALIDATE(T) CONSTRAINT column_word(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_VALIDATE_CONSTRAINT, .name = N.text); }
alter_action(A) ::= DROP(T) CONSTRAINT column_word(N) behavior(B). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_CONSTRAINT, false, B, N.text); }
alter_action(A) ::= DROP(T) CONSTRAINT IF EXISTS column_word(N) behavior(B). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_DROP_CONSTRAINT, true, B, N.text); }
alter_action(A) ::= OWNER(T) TO role(R). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_OWNER, .word = R); }
alter_action(A) ::= SET(T) TABLESPACE column_word(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_TABLESPACE, .word = N.text); }
alter_action(A) ::= SET(T) ACCESS METHOD column_word(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ACCESS_METHOD, .word = N.text); }
alter_action(A) ::= SET(T) LOGGED. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_LOGGED); }
alter_action(A) ::= SET(T) UNLOGGED. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_SET_LOGGED, true); }
alter_action(A) ::= SET(T) LP options(L) RP. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_OPTIONS, .options = L); }
alter_action(A) ::= RESET(T) LP options(L) RP. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_OPTIONS, true, .options = L); }
alter_action(A) ::= CLUSTER(T) ON column_word(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_CLUSTER_ON, .word = N.text); }
alter_action(A) ::= SET(T) WITHOUT CLUSTER. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_CLUSTER_ON); }
alter_action(A) ::= INHERIT(T) dotted(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_INHERIT, .parent = relation_name(g, N)); }
alter_action(A) ::= NO(T) INHERIT dotted(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_INHERIT, true, .parent = relation_name(g, N)); }
alter_action(A) ::= REPLICA(T) IDENTITY replica_word(W). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_REPLICA_IDENTITY, .word = W.text); }
alter_action(A) ::= REPLICA(T) IDENTITY USING INDEX column_word(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_REPLICA_IDENTITY, .name = N.text); }
alter_action(A) ::= enable_or_disable(T) TRIGGER column_word(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_TRIGGER, .word = T.text, .name = N.text); }
alter_action(A) ::= enable_words(T) TRIGGER column_word(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_TRIGGER, .word = T.text, .name = N.text); }
alter_action(A) ::= enable_or_disable(T) TRIGGER ALL. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_TRIGGER, .word = T.text); }
alter_action(A) ::= enable_or_disable(T) TRIGGER USER. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_TRIGGER, true, .word = T.text); }
alter_action(A) ::= enable_or_disable(T) RULE column_word(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_RULE, .word = T.text, .name = N.text); }
alter_action(A) ::= enable_words(T) RULE column_word(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_RULE, .word = T.text, .name = N.text); }
alter_action(A) ::= OF(T) any_name(N). { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_OF_TYPE, .parent = N); }
alter_action(A) ::= NOT(T) OF. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_OF_TYPE, true); }
alter_action(A) ::= SET(T) WITHOUT OIDS. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_WITHOUT_OIDS); }
alter_action(A) ::= row_security_word(T) ROW LEVEL SECURITY. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ROW_SECURITY, .word = T.text); }
alter_action(A) ::= NO(T) FORCE ROW LEVEL SECURITY. { A = NODE(AST_ALTER_ACTION, T.offset, alter_action, ALTER_ROW_SECURITY, .word = TEXT("no force")); }

%type comment_kind {AstObjectKind}
%type comment_text {Text}
statement(A) ::= COMMENT(T) ON comment_kind(K) any_name(N) IS comment_text(S). { A = NODE(AST_COMMENT, T.offset, comment, K, N, .text = S); }
statement(A) ::= COMMENT(T) ON COLUMN any_name(N) IS comment_text(S). { A = NODE(AST_COMMENT, T.offset, comment, OBJECT_COLUMN, N, .text = S); }
statement(A) ::= COMMENT(T) ON bare_comment_kind(K) column_word(N) IS comment_text(S).
    { A = NODE(AST_COMMENT, T.offset, comment, K, name_one(g, &N), .text = S); }
statement(A) ::= COMMENT(T) ON CONSTRAINT column_word(C) ON any_name(N) IS comment_text(S).
    { A = NODE(AST_COMMENT, T.offset, comment, OBJECT_CONSTRAINT, N, C.text, S); }
comment_kind(A) ::= relation_kind(K). { A = K; }
comment_kind(A) ::= INDEX. { A = OBJECT_INDEX; }
comment_kind(A) ::= TYPE. { A = OBJECT_TYPE; }
comment_kind(A) ::= DOMAIN. { A = OBJECT_DOMAIN; }
%type bare_comment_kind {AstObjectKind}
bare_comment_kind(A) ::= bare_kind(K). { A = K; }
bare_comment_kind(A) ::= DATABASE. { A = OBJECT_DATABASE; }
bare_comment_kind(A) ::= ROLE. { A = OBJECT_ROLE; }
bare_comment_kind(A) ::= TABLESPACE. { A = OBJECT_TABLESPACE; }
comment_text(A) ::= SCONST(S). { A = S.text; }
comment_text(A) ::= NULL. { A = (Text){0}; }

/* ---- Session statements ---- */
statement(A) ::= EXPLAIN(T) explainable(X). { A = explain_make(g, &T, list_none(), X); }
statement(A) ::= EXPLAIN(T) analyze(N) verbose(V) explainable(X). { A = explain_make(g, &T, list_of_four(g, N, V, NULL, NULL), X); }
statement(A) ::= EXPLAIN(T) VERBOSE(V) explainable(X). { A = explain_make(g, &T, list_one(g, option_make(g, &V, "verbose", NULL)), X); }
statement(A) ::= EXPLAIN(T) LP utility_options(L) RP explainable(X). { A = explain_make(g, &T, L, X); }
analyze(A) ::= analyze_word(T). { A = option_make(g, &T, "analyze", NULL); }
verbose(A) ::= . { A = NULL; }
verbose(A) ::= VERBOSE(T). { A = option_make(g, &T, "verbose", NULL); }
%type utility_options {AstList}
utility_options(A) ::= utility_option(X). { A = list_one(g, X); }
utility_options(A) ::= utility_options(L) COMMA utility_option(X). { A = list_add(g, L, X); }
utility_option(A) ::= nonreserved_word(N) utility_value(X). { A = NODE(AST_OPTION, N.offset, option, .name = N.text, .value = X); }
utility_option(A) ::= analyze_word(N) utility_value(X). { A = NODE(AST_OPTION, N.offset, option, .name = TEXT("analyze"), .value = X); }
utility_value(A) ::= . { A = NULL; }
utility_value(A) ::= setting_word(X). { A = X; }
utility_value(A) ::= signed_number(X). { A = X; }
explainable(A) ::= preparable(X). { A = X; }
explainable(A) ::= declare(X). { A = X; }
explainable(A) ::= create_as(X). { A = X; }
explainable(A) ::= refresh(X). { A = X; }
explainable(A) ::= execute(X). { A = X; }

statement(A) ::= SET(T) set_rest(X). { A = X; X->offset = T.offset; }
statement(A) ::= SET(T) LOCAL set_rest(X). { A = set_local(X, &T); }
statement(A) ::= SET(T) SESSION set_rest(X). { A = X; X->offset = T.offset; }
%type constraints_mode {bool}
statement(A) ::= SET(T) CONSTRAINTS ALL constraints_mode(D). { A = NODE(AST_SET_CONSTRAINTS, T.offset, set_constraints, list_none(), D); }
statement(A) ::= SET(T) CONSTRAINTS dotted_names(L) constraints_mode(D). { A = NODE(AST_SET_CONSTRAINTS, T.offset, set_constraints, L, D); }
constraints_mode(A) ::= DEFERRED. { A = true; }
constraints_mode(A) ::= IMMEDIATE. { A = false; }
%type modes {AstTransactionModes}
%type optional_modes {AstTransactionModes}
%type mode {AstTransactionModes}
set_rest(A) ::= TRANSACTION modes(M). { A = NODE(AST_SET_TRANSACTION, 0, set_transaction, .modes = M); }
set_rest(A) ::= TRANSACTION SNAPSHOT SCONST(S). { A = NODE(AST_SET_TRANSACTION, 0, set_transaction, .snapshot = S.text); }
set_rest(A) ::= SESSION CHARACTERISTICS AS TRANSACTION modes(M). { A = NODE(AST_SET_TRANSACTION, 0, set_transaction, true, .modes = M); }
%type setting {Text}
%type setting_values {AstList}
set_rest(A) ::= setting(N) to_or_equals setting_values(L). { A = NODE(AST_SET, 0, set, .name = N, .values = L); }
set_rest(A) ::= setting(N) to_or_equals DEFAULT. { A = NODE(AST_SET, 0, set, .action = SET_TO_DEFAULT, .name = N); }
set_rest(A) ::= setting(N) FROM CURRENT. { A = NODE(AST_SET, 0, set, .action = SET_FROM_CURRENT, .name = N); }
set_rest(A) ::= TIME ZONE zone_value(X). { A = setting_make(g, "timezone", X); }
set_rest(A) ::= CATALOG SCONST(S). { refuse_feature(g, &S, "current database cannot be changed"); A = NULL; }
set_rest(A) ::= SCHEMA SCONST(S). { A = setting_make(g, "search_path", string_make(g, &S)); }
set_rest(A) ::= NAMES SCONST(S). { A = setting_make(g, "client_encoding", string_make(g, &S)); }
set_rest(A) ::= NAMES DEFAULT. { A = setting_make(g, "client_encoding", NULL); }
set_rest(A) ::= NAMES. { A = setting_make(g, "client_encoding", NULL); }
set_rest(A) ::= ROLE word_or_string(X). { A = setting_make(g, "role", X); }
set_rest(A) ::= SESSION AUTHORIZATION word_or_string(X). { A = setting_make(g, "session_authorization", X); }
set_rest(A) ::= SESSION AUTHORIZATION DEFAULT. { A = setting_make(g, "session_authorization", NULL); }
set_rest(A) ::= XML OPTION xml_word(X). { A = setting_make(g, "xmloption", identifier_make(g, &X)); }
setting(A) ::= column_word(N). { A = N.text; }
setting(A) ::= setting(S) DOT column_word(N). { A = setting_dot(g, S, &N); }
setting_values(A) ::= setting_value(X). { A = list_one(g, X); }
setting_values(A) ::= setting_values(L) COMMA setting_value(X). { A = list_add(g, L, X); }
setting_value(A) ::= setting_word(X). { A = X; }
setting_value(A) ::= signed_number(X). { A = X; }
zone_value(A) ::= SCONST(X). { A = string_make(g, &X); }
zone_value(A) ::= IDENT(X). { A = identifier_make(g, &X); }
zone_value(A) ::= INTERVAL(T) SCONST(S) interval_fields(F). { A = zone_interval(g, &T, &S, F); }
zone_value(A) ::= INTERVAL(T) LP ICONST(P) RP SCONST(S). { A = literal_make(g, interval_make(g, &T, (IntervalFields){0, P.number}), &S); }
zone_value(A) ::= signed_number(X). { A = X; }
zone_value(A) ::= DEFAULT. { A = NULL; }
zone_value(A) ::= LOCAL. { A = NULL; }
statement(A) ::= RESET(T) setting(N). { A = NODE(AST_SET, T.offset, set, .action = SET_RESET, .name = N); }
statement(A) ::= RESET(T) TIME ZONE. { A = NODE(AST_SET, T.offset, set, .action = SET_RESET, .name = TEXT("timezone")); }
statement(A) ::= RESET(T) TRANSACTION ISOLATION LEVEL. { A = NODE(AST_SET, T.offset, set, .action = SET_RESET, .name = TEXT("transaction_isolation")); }
statement(A) ::= RESET(T) SESSION AUTHORIZATION. { A = NODE(AST_SET, T.offset, set, .action = SET_RESET, .name = TEXT("session_authorization")); }
statement(A) ::= RESET(T) ALL. { A = NODE(AST_SET, T.offset, set, .action = SET_RESET_ALL); }
statement(A) ::= SHOW(T) setting(N). { A = NODE(AST_SHOW, T.offset, show, N); }
statement(A) ::= SHOW(T) TIME ZONE. { A = NODE(AST_SHOW, T.offset, show, TEXT("timezone")); }
statement(A) ::= SHOW(T) TRANSACTION ISOLATION LEVEL. { A = NODE(AST_SHOW, T.offset, show, TEXT("transaction_isolation")); }
statement(A) ::= SHOW(T) SESSION AUTHORIZATION. { A = NODE(AST_SHOW, T.offset, show, TEXT("session_authorization")); }
statement(A) ::= SHOW(T) ALL. { A = NODE(AST_SHOW, T.offset, show, {0}); }

statement(A) ::= ABORT(T) transaction_word chain(C). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_ROLLBACK, .chain = C); }
statement(A) ::= BEGIN(T) transaction_word optional_modes(M). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_BEGIN, M); }
statement(A) ::= START(T) TRANSACTION optional_modes(M). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_START, M); }
statement(A) ::= COMMIT(T) transaction_word chain(C). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_COMMIT, .chain = C); }
statement(A) ::= END(T) transaction_word chain(C). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_COMMIT, .chain = C); }
statement(A) ::= ROLLBACK(T) transaction_word chain(C). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_ROLLBACK, .chain = C); }
statement(A) ::= SAVEPOINT(T) column_word(N). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_SAVEPOINT, .name = N.text); }
statement(A) ::= RELEASE(T) SAVEPOINT column_word(N). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_RELEASE, .name = N.text); }
statement(A) ::= RELEASE(T) column_word(N). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_RELEASE, .name = N.text); }
statement(A) ::= ROLLBACK(T) transaction_word TO SAVEPOINT column_word(N). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_ROLLBACK_TO, .name = N.text); }
statement(A) ::= ROLLBACK(T) transaction_word TO column_word(N). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_ROLLBACK_TO, .name = N.text); }
statement(A) ::= PREPARE(T) TRANSACTION SCONST(S). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_PREPARE, .name = S.text); }
statement(A) ::= COMMIT(T) PREPARED SCONST(S). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_COMMIT_PREPARED, .name = S.text); }
statement(A) ::= ROLLBACK(T) PREPARED SCONST(S). { A = NODE(AST_TRANSACTION, T.offset, transaction, TRANSACTION_ROLLBACK_PREPARED, .name = S.text); }
transaction_word ::= .
transaction_word ::= WORK.
transaction_word ::= TRANSACTION.
%type chain {bool}
chain(A) ::= . { A = false; }
chain(A) ::= AND CHAIN. { A = true; }
chain(A) ::= AND NO CHAIN. { A = false; }
optional_modes(A) ::= . { A = (AstTransactionModes){0}; }
optional_modes(A) ::= modes(M). { A = M; }
modes(A) ::= mode(M). { A = M; }
modes(A) ::= modes(L) COMMA mode(M). { A = modes_join(L, M); }
modes(A) ::= modes(L) mode(M). { A = modes_join(L, M); }
mode(A) ::= ISOLATION LEVEL READ UNCOMMITTED. { A = (AstTransactionModes){.isolation = ISOLATION_READ_UNCOMMITTED}; }
mode(A) ::= ISOLATION LEVEL READ COMMITTED. { A = (AstTransactionModes){.isolation = ISOLATION_READ_COMMITTED}; }
mode(A) ::= ISOLATION LEVEL REPEATABLE READ. { A = (AstTransactionModes){.isolation = ISOLATION_REPEATABLE_READ}; }
mode(A) ::= ISOLATION LEVEL SERIALIZABLE. { A = (AstTransactionModes){.isolation = ISOLATION_SERIALIZABLE}; }
mode(A) ::= READ ONLY. { A = (AstTransactionModes){.access = ACCESS_READ_ONLY}; }
mode(A) ::= READ WRITE. { A = (AstTransactionModes){.access = ACCESS_READ_WRITE}; }
mode(A) ::= DEFERRABLE. { A = (AstTransactionModes){.deferrable = DEFERRABLE_YES}; }
mode(A) ::= NOT DEFERRABLE. { A = (AstTransactionModes){.deferrable = DEFERRABLE_NO}; }

%type type_list {AstList}
statement(A) ::= PREPARE(T) column_word(N) AS preparable(X). { A = NODE(AST_PREPARE, T.offset, prepare, N.text, .statement = X); }
statement(A) ::= PREPARE(T) column_word(N) LP type_list(L) RP AS preparable(X). { A = NODE(AST_PREPARE, T.offset, prepare, N.text, L, X); }
type_list(A) ::= type(X). { A = list_one(g, X); }
type_list(A) ::= type_list(L) COMMA type(X). { A = list_add(g, L, X); }
statement(A) ::= execute(X). { A = X; }
execute(A) ::= EXECUTE(T) column_word(N). { A = NODE(AST_EXECUTE, T.offset, execute, N.text); }
execute(A) ::= EXECUTE(T) column_word(N) LP exprs(L) RP. { A = NODE(AST_EXECUTE, T.offset, execute, N.text, L); }
statement(A) ::= DEALLOCATE(T) column_word(N). { A = NODE(AST_DEALLOCATE, T.offset, word, N.text); }
statement(A) ::= DEALLOCATE(T) PREPARE column_word(N). { A = NODE(AST_DEALLOCATE, T.offset, word, N.text); }
statement(A) ::= DEALLOCATE(T) ALL. { A = NODE(AST_DEALLOCATE, T.offset, word, {0}); }
statement(A) ::= DEALLOCATE(T) PREPARE ALL. { A = NODE(AST_DEALLOCATE, T.offset, word, {0}); }

statement(A) ::= declare(X). { A = X; }
declare(A) ::= DECLARE(T) column_word(N) cursor_options(O) CURSOR hold(H) FOR query(Q). { A = declare_make(&T, &N, O, H, Q); }
cursor_options(A) ::= . { A = NODE(AST_DECLARE, 0, declare, .hold = false); }
cursor_options(A) ::= cursor_options(X) NO SCROLL. { A = X; X->declare.scroll = CHOICE_NO; }
cursor_options(A) ::= cursor_options(X) SCROLL. { A = X; X->declare.scroll = CHOICE_YES; }
cursor_options(A) ::= cursor_options(X) BINARY. { A = X; X->declare.binary = true; }
cursor_options(A) ::= cursor_options(X) ASENSITIVE. { A = X; X->declare.insensitive = CHOICE_NO; }
cursor_options(A) ::= cursor_options(X) INSENSITIVE. { A = X; X->declare.insensitive = CHOICE_YES; }
%type hold {bool}
hold(A) ::= . { A = false; }
hold(A) ::= WITH HOLD. { A = true; }
hold(A) ::= WITHOUT HOLD. { A = false; }
%type from_or_in {bool}
statement(A) ::= FETCH(T) fetch(X). { A = X; X->offset = T.offset; }
statement(A) ::= MOVE(T) fetch(X). { A = X; X->offset = T.offset; X->fetch.move = true; }
fetch(A) ::= column_word(N). { A = fetch_make(g, &N, FETCH_FORWARD, 1); }
fetch(A) ::= from_or_in column_word(N). { A = fetch_make(g, &N, FETCH_FORWARD, 1); }
fetch(A) ::= NEXT optional_from column_word(N). { A = fetch_make(g, &N, FETCH_FORWARD, 1); }
fetch(A) ::= PRIOR optional_from column_word(N). { A = fetch_make(g, &N, FETCH_BACKWARD, 1); }
fetch(A) ::= FIRST optional_from column_word(N). { A = fetch_make(g, &N, FETCH_ABSOLUTE, 1); }
fetch(A) ::= LAST optional_from column_word(N). { A = fetch_make(g, &N, FETCH_ABSOLUTE, -1); }
fetch(A) ::= ABSOLUTE signed_integer(I) optional_from column_word(N). { A = fetch_make(g, &N, FETCH_ABSOLUTE, I); }
fetch(A) ::= RELATIVE signed_integer(I) optional_from column_word(N). { A = fetch_make(g, &N, FETCH_RELATIVE, I); }
fetch(A) ::= signed_integer(I) optional_from column_word(N). { A = fetch_make(g, &N, FETCH_FORWARD, I); }
fetch(A) ::= ALL optional_from column_word(N). { A = fetch_make(g, &N, FETCH_FORWARD, FETCH_ALL); }
fetch(A) ::= FORWARD optional_from column_word(N). { A = fetch_make(g, &N, FETCH_FORWARD, 1); }
fetch(A) ::= FORWARD signed_integer(I) optional_from column_word(N). { A = fetch_make(g, &N, FETCH_FORWARD, I); }
fetch(A) ::= FORWARD ALL optional_from column_word(N). { A = fetch_make(g, &N, FETCH_FORWARD, FETCH_ALL); }
fetch(A) ::= BACKWARD optional_from column_word(N). { A = fetch_make(g, &N, FETCH_BACKWARD, 1); }
fetch(A) ::= BACKWARD signed_integer(I) optional_from column_word(N). { A = fetch_make(g, &N, FETCH_BACKWARD, I); }
fetch(A) ::= BACKWARD ALL optional_from column_word(N). { A = fetch_make(g, &N, FETCH_BACKWARD, FETCH_ALL); }
from_or_in(A) ::= FROM. { A = true; }
from_or_in(A) ::= IN. { A = true; }
optional_from ::= .
optional_from ::= from_or_in.
statement(A) ::= CLOSE(T) column_word(N). { A = NODE(AST_CLOSE, T.offset, word, N.text); }
statement(A) ::= CLOSE(T) ALL. { A = NODE(AST_CLOSE, T.offset, word, {0}); }

statement(A) ::= DISCARD(T) ALL. { A = NODE(AST_DISCARD, T.offset, discard, DISCARD_ALL); }
statement(A) ::= DISCARD(T) temp_word. { A = NODE(AST_DISCARD, T.offset, discard, DISCARD_TEMP); }
statement(A) ::= DISCARD(T) PLANS. { A = NODE(AST_DISCARD, T.offset, discard, DISCARD_PLANS); }
statement(A) ::= DISCARD(T) SEQUENCES. { A = NODE(AST_DISCARD, T.offset, discard, DISCARD_SEQUENCES); }
statement(A) ::= CHECKPOINT(T). { A = ast_new(g, AST_CHECKPOINT, T.offset); }
%type vacuum_targets {AstList}
%type vacuum_target_list {AstList}
statement(A) ::= VACUUM(T) full(F) freeze(Z) verbose(V) vacuum_analyze(N) vacuum_targets(L).
    { A = NODE(AST_VACUUM, T.offset, vacuum, false, list_of_four(g, F, Z, V, N), L); }
statement(A) ::= VACUUM(T) LP utility_options(O) RP vacuum_targets(L). { A = NODE(AST_VACUUM, T.offset, vacuum, false, O, L); }
statement(A) ::= analyze_word(T) verbose(V) vacuum_targets(L). { A = NODE(AST_VACUUM, T.offset, vacuum, true, list_of_four(g, V, NULL, NULL, NULL), L); }
statement(A) ::= analyze_word(T) LP utility_options(O) RP vacuum_targets(L). { A = NODE(AST_VACUUM, T.offset, vacuum, true, O, L); }
full(A) ::= . { A = NULL; }
full(A) ::= FULL(T). { A = option_make(g, &T, "full", NULL); }
freeze(A) ::= . { A = NULL; }
freeze(A) ::= FREEZE(T). { A = option_make(g, &T, "freeze", NULL); }
vacuum_analyze(A) ::= . { A = NULL; }
vacuum_analyze(A) ::= analyze(X). { A = X; }
vacuum_targets(A) ::= . { A = list_none(); }
vacuum_targets(A) ::= vacuum_target_list(L). { A = L; }
vacuum_target_list(A) ::= vacuum_target(X). { A = list_one(g, X); }
vacuum_target_list(A) ::= vacuum_target_list(L) COMMA vacuum_target(X). { A = list_add(g, L, X); }
vacuum_target(A) ::= dotted(N) identifiers_in_parens(L). { A = NODE(AST_VACUUM_TARGET, N.offset, vacuum_target, relation_name(g, N), L); }
%type lock_mode {AstLockMode}
%type nowait {bool}
statement(A) ::= LOCK(T) optional_table relations(L) lock_mode(M) nowait(W). { A = NODE(AST_LOCK, T.offset, lock, L, M, W); }
lock_mode(A) ::= . { A = MODE_ACCESS_EXCLUSIVE; }
lock_mode(A) ::= IN ACCESS SHARE MODE. { A = MODE_ACCESS_SHARE; }
lock_mode(A) ::= IN ROW SHARE MODE. { A = MODE_ROW_SHARE; }
lock_mode(A) ::= IN ROW EXCLUSIVE MODE. { A = MODE_ROW_EXCLUSIVE; }
lock_mode(A) ::= IN SHARE UPDATE EXCLUSIVE MODE. { A = MODE_SHARE_UPDATE_EXCLUSIVE; }
lock_mode(A) ::= IN SHARE MODE. { A = MODE_SHARE; }
lock_mode(A) ::= IN SHARE ROW EXCLUSIVE MODE. { A = MODE_SHARE_ROW_EXCLUSIVE; }
lock_mode(A) ::= IN EXCLUSIVE MODE. { A = MODE_EXCLUSIVE; }
lock_mode(A) ::= IN ACCESS EXCLUSIVE MODE. { A = MODE_ACCESS_EXCLUSIVE; }
nowait(A) ::= . { A = false; }
nowait(A) ::= NOWAIT. { A = true; }
statement(A) ::= LISTEN(T) column_word(N). { A = NODE(AST_LISTEN, T.offset, word, N.text); }
statement(A) ::= UNLISTEN(T) column_word(N). { A = NODE(AST_UNLISTEN, T.offset, word, N.text); }
statement(A) ::= UNLISTEN(T) STAR. { A = NODE(AST_UNLISTEN, T.offset, word, {0}); }
statement(A) ::= NOTIFY(T) column_word(N). { A = NODE(AST_NOTIFY, T.offset, notify, N.text); }
statement(A) ::= NOTIFY(T) column_word(N) COMMA SCONST(S). { A = NODE(AST_NOTIFY, T.offset, notify, N.text, S.text); }
statement(A) ::= DO(T) do_items(X). { A = X; X->offset = T.offset; }
do_items(A) ::= do_item(X). { A = X; }
do_items(A) ::= do_items(L) do_item(X). { A = do_join(g, L, X); }
do_item(A) ::= SCONST(S). { A = NODE(AST_DO, S.offset, do_block, .body = S.text); }
do_item(A) ::= LANGUAGE(T) SCONST(N). { A = NODE(AST_DO, T.offset, do_block, .language = N.text); }
do_item(A) ::= LANGUAGE(T) nonreserved_word(N). { A = NODE(AST_DO, T.offset, do_block, .language = N.text); }
statement(A) ::= CALL(T) call(C). { A = NODE(AST_CALL_PROCEDURE, T.offset, call_procedure, C); }

/* ---- Recognised by their first words ---- */
statement(A) ::= lone_word(X) anything. { A = unsupported_make(g, &X, NULL, NULL); }
statement(A) ::= CREATE(X) created_object(Y) anything. { A = unsupported_make(g, &X, &Y, NULL); }
statement(A) ::= CREATE(X) persistence TABLE(Y) new_name LP table_elements RP inherits PARTITION(Z) BY anything. { Z = token_say(&Z, "PARTITION BY"); A = unsupported_make(g, &X, &Y, &Z); }
statement(A) ::= CREATE(X) persistence TABLE(Y) new_name PARTITION(Z) OF anything. { Z = token_say(&Z, "PARTITION OF"); A = unsupported_make(g, &X, &Y, &Z); }
statement(A) ::= CREATE(X) persistence TABLE(Y) new_name OF(Z) anything. { A = unsupported_make(g, &X, &Y, &Z); }
statement(A) ::= CREATE(X) OR REPLACE replaced_object(Y) anything. { A = unsupported_make(g, &X, &Y, NULL); }
statement(A) ::= DROP(X) dropped_object(Y) anything. { A = unsupported_make(g, &X, &Y, NULL); }
statement(A) ::= ALTER(X) altered_object(Y) anything. { A = unsupported_make(g, &X, &Y, NULL); }
statement(A) ::= ALTER(X) DATABASE(Y) column_word anything. { A = unsupported_make(g, &X, &Y, NULL); }
statement(A) ::= ALTER(X) stored_kind(Y) ALL IN TABLESPACE(Z) anything. { Z = token_say(&Z, "ALL IN TABLESPACE"); A = unsupported_make(g, &X, &Y, &Z); }
statement(A) ::= ALTER(X) table_target partition_words(Y) anything. { A = unsupported_make(g, &X, &Y, NULL); }
statement(A) ::= ALTER(X) index_target ATTACH(Y) PARTITION anything. { Y = token_say(&Y, "INDEX ATTACH PARTITION"); A = unsupported_make(g, &X, &Y, NULL); }
statement(A) ::= ALTER(X) index_target DEPENDS(Y) ON anything. { Y = token_say(&Y, "INDEX DEPENDS ON"); A = unsupported_make(g, &X, &Y, NULL); }
statement(A) ::= ALTER(X) index_target NO(Y) DEPENDS anything. { Y = token_say(&Y, "INDEX NO DEPENDS ON"); A = unsupported_make(g, &X, &Y, NULL); }
%type stored_kind {Token}
stored_kind ::= TABLE. stored_kind ::= INDEX.
stored_kind(A) ::= MATERIALIZED(X) VIEW. { A = token_say(&X, "MATERIALIZED VIEW"); }
%type partition_words {Token}
partition_words(A) ::= ATTACH(X) PARTITION. { A = token_say(&X, "TABLE ATTACH PARTITION"); }
partition_words(A) ::= DETACH(X) PARTITION. { A = token_say(&X, "TABLE DETACH PARTITION"); }
statement(A) ::= COMMENT(X) ON(Y) commented_object(Z) anything. { A = unsupported_make(g, &X, &Y, &Z); }
anything ::= .
anything ::= anything ANYTHING.

/* ---- The driver: here because the parser's struct is known only here ---- */
%code {
void grammar_run(Builder *g)
{
    yyParser parser;
    Token token;
    i32 kind;
    GrammarInit(&parser, g);
    do {
        kind = lexer_next(&g->lexer, &token);
        build_see(g, &token);
        Grammar(&parser, kind, token);
        if (kind == TOKEN_SEMICOLON)
            g->start = NO_START;
    } while (kind != 0);
}
}
