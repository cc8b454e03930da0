/* SPDX-License-Identifier: Apache-2.0
 *
 * The parser refuses what PostgreSQL 15 refuses, with its SQLSTATE, message and position; trees
 * have the promised shape; deep texts end in an answer; the key word table and the grammar agree.
 *
 * The rows of `refused` were taken from a running PostgreSQL 15.18.
 */
#include "parser/parser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "parser/lexer.h"

typedef struct Refused {
    const char *text, *sqlstate, *message;
    i32 position;
} Refused;

// clang-format off
static const Refused refused[] = {
    {"SELECT 1 +", "42601", "syntax error at end of input", 11},
    {"SELECT FROM FROM", "42601", "syntax error at or near \"FROM\"", 13},
    {"SELEC 1", "42601", "syntax error at or near \"SELEC\"", 1},
    {"SELECT 'abc", "42601", "unterminated quoted string at or near \"'abc\"", 8},
    {"SELECT \"abc", "42601", "unterminated quoted identifier at or near \"\"abc\"", 8},
    {"SELECT \"\"", "42601", "zero-length delimited identifier at or near \"\"\"\"", 8},
    {"SELECT /* abc", "42601", "unterminated /* comment at or near \"/* abc\"", 8},
    {"SELECT $$abc", "42601", "unterminated dollar-quoted string at or near \"$$abc\"", 8},
    {"SELECT B'01", "42601", "unterminated bit string literal at or near \"B'01\"", 8},
    {"SELECT X'01", "42601", "unterminated hexadecimal string literal at or near \"X'01\"", 8},
    {"SELECT 123abc", "42601", "trailing junk after numeric literal at or near \"123abc\"", 8},
    {"SELECT 1.5abc", "42601", "trailing junk after numeric literal at or near \"1.5abc\"", 8},
    {"SELECT 1e", "42601", "trailing junk after numeric literal at or near \"1e\"", 8},
    {"SELECT 1e+", "42601", "trailing junk after numeric literal at or near \"1e+\"", 8},
    {"SELECT 1e5x", "42601", "trailing junk after numeric literal at or near \"1e5x\"", 8},
    {"SELECT 1..10", "42601", "syntax error at or near \"..\"", 9},
    {"SELECT $1a", "42601", "trailing junk after parameter at or near \"$1a\"", 8},
    {"SELECT E'\\u12'", "22025", "invalid Unicode escape", 10},
    {"SELECT E'\\uD800'", "42601", "invalid Unicode surrogate pair at or near \"'\"", 16},
    {"SELECT E'\\uD800x'", "42601", "invalid Unicode surrogate pair at or near \"x\"", 16},
    {"SELECT E'\\uDC00'", "42601", "invalid Unicode surrogate pair at or near \"\\uDC00\"", 10},
    {"SELECT E'\\U00110000'", "42601", "invalid Unicode escape value at or near \"\\U00110000\"", 10},
    {"SELECT E'\\u0000'", "42601", "invalid Unicode escape value at or near \"\\u0000\"", 10},
    {"SELECT E'\\xff'", "22021", "invalid byte sequence for encoding \"UTF8\": 0xff", 0},
    {"SELECT E'\\000'", "22021", "invalid byte sequence for encoding \"UTF8\": 0x00", 0},
    {"SELECT U&'\\12'", "42601", "invalid Unicode escape", 11},
    {"SELECT U&'\\D800'", "42601", "invalid Unicode surrogate pair", 16},
    {"SELECT U&'\\DC00'", "42601", "invalid Unicode surrogate pair", 11},
    {"SELECT U&'\\+110000'", "42601", "invalid Unicode escape value", 11},
    {"SELECT U&'x' UESCAPE 'ab'", "42601", "invalid Unicode escape character at or near \"'ab'\"", 22},
    {"SELECT U&'x' UESCAPE '+'", "42601", "invalid Unicode escape character at or near \"'+'\"", 22},
    {"SELECT U&'x' UESCAPE 5", "42601", "UESCAPE must be followed by a simple string literal at or near \"5\"", 22},
    {"SELECT a FROM", "42601", "syntax error at end of input", 14},
    {"SELECT a FROM t WHERE", "42601", "syntax error at end of input", 22},
    {"SELECT a FROM t GROUP BY", "42601", "syntax error at end of input", 25},
    {"SELECT a FROM t ORDER", "42601", "syntax error at end of input", 22},
    {"SELECT a, FROM t", "42601", "syntax error at or near \"FROM\"", 11},
    {"SELECT (1", "42601", "syntax error at end of input", 10},
    {"SELECT 1)", "42601", "syntax error at or near \")\"", 9},
    {"SELECT a FROM t LIMIT 1, 2", "42601", "LIMIT #,# syntax is not supported", 17},
    {"SELECT a FROM t LIMIT 1 LIMIT 2", "42601", "syntax error at or near \"LIMIT\"", 25},
    {"(SELECT 1 LIMIT 1) LIMIT 2", "42601", "multiple LIMIT clauses not allowed", 26},
    {"(SELECT 1 ORDER BY 1) ORDER BY 1", "42601", "multiple ORDER BY clauses not allowed", 32},
    {"(SELECT 1 OFFSET 1) OFFSET 2", "42601", "multiple OFFSET clauses not allowed", 28},
    {"WITH a AS (SELECT 1) (WITH b AS (SELECT 2) SELECT 1)", "42601", "multiple WITH clauses not allowed", 1},
    {"SELECT 1 FETCH FIRST 1 ROW WITH TIES", "42601", "WITH TIES cannot be specified without ORDER BY clause", 0},
    {"SELECT 1 ORDER BY 1 FETCH FIRST 1 ROW WITH TIES FOR UPDATE SKIP LOCKED", "42601", "SKIP LOCKED and WITH TIES options cannot be used together", 0},
    {"SELECT * FROM (SELECT 1)", "42601", "subquery in FROM must have an alias", 15},
    {"SELECT * FROM (VALUES (1))", "42601", "VALUES in FROM must have an alias", 15},
    {"SELECT * FROM a JOIN b", "42601", "syntax error at end of input", 23},
    {"SELECT * FROM a CROSS JOIN b ON true", "42601", "syntax error at or near \"ON\"", 30},
    {"SELECT t.*.a FROM t", "42601", "improper use of \"*\" at or near \"FROM\"", 14},
    {"SELECT a.b.c.d FROM a.b.c.d", "42601", "improper qualified name (too many dotted names): a.b.c.d", 21},
    {"SELECT 1 year", "42601", "syntax error at or near \"year\"", 10},
    {"SELECT 1 AS", "42601", "syntax error at end of input", 12},
    {"SELECT a b c", "42601", "syntax error at or near \"c\"", 12},
    {"SELECT a < b < c", "42601", "syntax error at or near \"<\"", 14},
    {"SELECT a = b = c", "42601", "syntax error at or near \"=\"", 14},
    {"SELECT a BETWEEN 1 AND 2 BETWEEN 3 AND 4", "42601", "syntax error at or near \"BETWEEN\"", 26},
    {"SELECT a LIKE b LIKE c", "42601", "syntax error at or near \"LIKE\"", 17},
    {"SELECT a NOT b", "42601", "syntax error at or near \"b\"", 14},
    {"SELECT NOT", "42601", "syntax error at end of input", 11},
    {"SELECT a IN ()", "42601", "syntax error at or near \")\"", 14},
    {"SELECT a IN 1", "42601", "syntax error at or near \"1\"", 13},
    {"SELECT CASE END", "42601", "syntax error at or near \"END\"", 13},
    {"SELECT CASE WHEN 1 END", "42601", "syntax error at or near \"END\"", 20},
    {"SELECT f(a b)", "42601", "syntax error at or near \"b\"", 12},
    {"SELECT f(* , 1)", "42601", "syntax error at or near \",\"", 12},
    {"SELECT f(VARIADIC a, b)", "42601", "syntax error at or near \",\"", 20},
    {"SELECT f(DISTINCT *)", "42601", "syntax error at or near \"*\"", 19},
    {"SELECT sum(a) OVER (ROWS UNBOUNDED FOLLOWING)", "42P20", "frame start cannot be UNBOUNDED FOLLOWING", 26},
    {"SELECT sum(a) OVER (ROWS 1 FOLLOWING)", "42P20", "frame starting from following row cannot end with current row", 26},
    {"SELECT sum(a) OVER (ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING)", "42P20", "frame starting from following row cannot have preceding rows", 50},
    {"SELECT sum(a) OVER (ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)", "42P20", "frame starting from current row cannot have preceding rows", 50},
    {"SELECT sum(a) OVER (ROWS BETWEEN 1 PRECEDING AND UNBOUNDED PRECEDING)", "42P20", "frame end cannot be UNBOUNDED PRECEDING", 50},
    {"SELECT f(DISTINCT a) WITHIN GROUP (ORDER BY b)", "42601", "cannot use DISTINCT with WITHIN GROUP", 22},
    {"SELECT f(a ORDER BY b) WITHIN GROUP (ORDER BY c)", "42601", "cannot use multiple ORDER BY clauses with WITHIN GROUP", 24},
    {"SELECT f(VARIADIC a) WITHIN GROUP (ORDER BY c)", "42601", "cannot use VARIADIC with WITHIN GROUP", 22},
    {"SELECT (1, 2, 3) OVERLAPS (4, 5)", "42601", "wrong number of parameters on left side of OVERLAPS expression", 8},
    {"SELECT (1, 2) OVERLAPS (4, 5, 6)", "42601", "wrong number of parameters on right side of OVERLAPS expression", 24},
    {"SELECT a::float(0)", "22023", "precision for type float must be at least 1 bit", 17},
    {"SELECT a::float(54)", "22023", "precision for type float must be less than 54 bits", 17},
    {"SELECT a:: FROM t", "42601", "syntax error at or near \"FROM\"", 12},
    {"SELECT CAST(a, int)", "42601", "syntax error at or near \",\"", 14},
    {"SELECT CAST(a AS)", "42601", "syntax error at or near \")\"", 17},
    {"SELECT f(a => 1) 'x'", "42601", "type modifier cannot have parameter name", 10},
    {"SELECT UNIQUE (SELECT 1)", "0A000", "UNIQUE predicate is not yet implemented", 8},
    {"SELECT a ? b ? FROM", "42601", "syntax error at or near \"FROM\"", 16},
    {"SELECT {", "42601", "syntax error at or near \"{\"", 8},
    {"SELECT a \\ b", "42601", "syntax error at or near \"\\\"", 10},
    {"SELECT a $ b", "42601", "syntax error at or near \"$\"", 10},
    {"SELECT a @- b @", "42601", "syntax error at end of input", 16},
    {"SELECT * FROM f() AS (a)", "42601", "syntax error at or near \")\"", 24},
    {"INSERT INTO t", "42601", "syntax error at end of input", 14},
    {"INSERT t VALUES (1)", "42601", "syntax error at or near \"t\"", 8},
    {"INSERT INTO t VALUES", "42601", "syntax error at end of input", 21},
    {"INSERT INTO t VALUES ()", "42601", "syntax error at or near \")\"", 23},
    {"INSERT INTO t (a, ) VALUES (1)", "42601", "syntax error at or near \")\"", 19},
    {"INSERT INTO t (a) DEFAULT VALUES", "42601", "syntax error at or near \"DEFAULT\"", 19},
    {"INSERT INTO t VALUES (1) ON CONFLICT", "42601", "syntax error at end of input", 37},
    {"INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE", "42601", "syntax error at end of input", 47},
    {"UPDATE t", "42601", "syntax error at end of input", 9},
    {"UPDATE t SET", "42601", "syntax error at end of input", 13},
    {"UPDATE t SET a", "42601", "syntax error at end of input", 15},
    {"UPDATE t SET (a) ", "42601", "syntax error at end of input", 18},
    {"DELETE t", "42601", "syntax error at or near \"t\"", 8},
    {"DELETE FROM t WHERE", "42601", "syntax error at end of input", 20},
    {"MERGE INTO t USING u ON true", "42601", "syntax error at end of input", 29},
    {"MERGE INTO t USING u ON true WHEN MATCHED THEN INSERT VALUES (1)", "42601", "syntax error at or near \"INSERT\"", 48},
    {"CREATE", "42601", "syntax error at end of input", 7},
    {"CREATE TABLE", "42601", "syntax error at end of input", 13},
    {"CREATE TABLE t", "42601", "syntax error at end of input", 15},
    {"CREATE TABLE t (a)", "42601", "syntax error at end of input", 19},
    {"CREATE TABLE t (a int,)", "42601", "syntax error at or near \")\"", 23},
    {"CREATE TABLE t (a int DEFERRABLE)", "42601", "misplaced DEFERRABLE clause", 23},
    {"CREATE TABLE t (a int CHECK (a > 1) DEFERRABLE)", "42601", "misplaced DEFERRABLE clause", 37},
    {"CREATE TABLE t (a int COLLATE \"C\" COLLATE \"D\")", "42601", "multiple COLLATE clauses not allowed", 35},
    {"CREATE TABLE t (CHECK (true) DEFERRABLE)", "0A000", "CHECK constraints cannot be marked DEFERRABLE", 0},
    {"CREATE TABLE t (UNIQUE (a) NOT VALID)", "0A000", "UNIQUE constraints cannot be marked NOT VALID", 0},
    {"CREATE TABLE t (UNIQUE (a) DEFERRABLE NOT DEFERRABLE)", "42601", "conflicting constraint properties", 39},
    {"CREATE TABLE t (UNIQUE (a) NOT DEFERRABLE INITIALLY DEFERRED)", "42601", "constraint declared INITIALLY DEFERRED must be DEFERRABLE", 43},
    {"CREATE TABLE t (UNIQUE (a) INITIALLY DEFERRED INITIALLY IMMEDIATE)", "42601", "conflicting constraint properties", 47},
    {"CREATE TABLE t (a int REFERENCES u MATCH PARTIAL)", "0A000", "MATCH PARTIAL not yet implemented", 36},
    {"CREATE TABLE t (a int REFERENCES u ON UPDATE SET NULL (a))", "0A000", "a column list with SET NULL is only supported for ON DELETE actions", 36},
    {"CREATE TABLE t (a int GENERATED BY DEFAULT AS (1) STORED)", "42601", "for a generated column, GENERATED ALWAYS must be specified", 33},
    {"CREATE TABLE a.b.c.d (a int)", "42601", "improper qualified name (too many dotted names): a.b.c.d", 14},
    {"CREATE TABLE t.* (a int)", "42601", "syntax error at or near \"(\"", 18},
    {"CREATE VIEW v", "42601", "syntax error at end of input", 14},
    {"CREATE RECURSIVE VIEW v AS SELECT 1", "42601", "syntax error at or near \"AS\"", 25},
    {"CREATE SCHEMA", "42601", "syntax error at end of input", 14},
    {"CREATE SCHEMA IF NOT EXISTS s CREATE TABLE t (a int)", "0A000", "CREATE SCHEMA IF NOT EXISTS cannot include schema elements", 31},
    {"CREATE INDEX ON t", "42601", "syntax error at end of input", 18},
    {"CREATE INDEX ON t ()", "42601", "syntax error at or near \")\"", 20},
    {"CREATE INDEX IF NOT EXISTS ON t (a)", "42601", "syntax error at or near \"ON\"", 28},
    {"DROP TABLE", "42601", "syntax error at end of input", 11},
    {"DROP", "42601", "syntax error at end of input", 5},
    {"DROP TABLE IF t", "42601", "syntax error at or near \"t\"", 15},
    {"DROP TABLE a b", "42601", "syntax error at or near \"b\"", 14},
    {"ALTER TABLE t", "42601", "syntax error at end of input", 14},
    {"ALTER TABLE t ADD", "42601", "syntax error at end of input", 18},
    {"ALTER TABLE t ALTER a", "42601", "syntax error at end of input", 22},
    {"ALTER TABLE t RENAME a b", "42601", "syntax error at or near \"b\"", 24},
    {"ALTER VIEW v RENAME CONSTRAINT a TO b", "42601", "syntax error at or near \"CONSTRAINT\"", 21},
    {"ALTER VIEW ONLY v RENAME TO w", "42601", "syntax error at or near \"ONLY\"", 12},
    {"ALTER INDEX i SET SCHEMA s", "42601", "syntax error at or near \"SCHEMA\"", 19},
    {"ALTER INDEX i RENAME COLUMN a TO b", "42601", "syntax error at or near \"COLUMN\"", 22},
    {"ALTER INDEX i RENAME a TO b", "42601", "syntax error at or near \"a\"", 22},
    {"ALTER SEQUENCE q RENAME a TO b", "42601", "syntax error at or near \"a\"", 25},
    {"ALTER SCHEMA s SET SCHEMA u", "42601", "syntax error at or near \"SET\"", 16},
    {"ALTER TABLE t OWNER TO none", "42939", "role name \"none\" is reserved", 24},
    {"ALTER TABLE t ALTER CONSTRAINT c NOT VALID", "0A000", "FOREIGN KEY constraints cannot be marked NOT VALID", 0},
    {"ALTER TABLE t ALTER CONSTRAINT c NO INHERIT", "0A000", "FOREIGN KEY constraints cannot be marked NO INHERIT", 0},
    {"COPY t", "42601", "syntax error at end of input", 7},
    {"COPY t FROM", "42601", "syntax error at end of input", 12},
    {"COPY t FROM PROGRAM STDIN", "42601", "STDIN/STDOUT not allowed with PROGRAM", 0},
    {"COPY t TO STDOUT WHERE a", "42601", "WHERE clause not allowed with COPY TO", 18},
    {"COPY (SELECT 1) FROM STDIN", "42601", "syntax error at or near \"FROM\"", 17},
    {"SET", "42601", "syntax error at end of input", 4},
    {"SET a", "42601", "syntax error at end of input", 6},
    {"SET a =", "42601", "syntax error at end of input", 8},
    {"SET a = DEFAULT, 1", "42601", "syntax error at or near \",\"", 16},
    {"SET CATALOG 'x'", "0A000", "current database cannot be changed", 13},
    {"SHOW", "42601", "syntax error at end of input", 5},
    {"BEGIN ISOLATION LEVEL", "42601", "syntax error at end of input", 22},
    {"BEGIN READ", "42601", "syntax error at end of input", 11},
    {"COMMIT AND", "42601", "syntax error at end of input", 11},
    {"SAVEPOINT", "42601", "syntax error at end of input", 10},
    {"RELEASE", "42601", "syntax error at end of input", 8},
    {"FETCH ABSOLUTE FROM c", "42601", "syntax error at or near \"FROM\"", 16},
    {"DECLARE c FOR SELECT 1", "42601", "syntax error at or near \"FOR\"", 11},
    {"EXPLAIN", "42601", "syntax error at end of input", 8},
    {"EXPLAIN EXPLAIN SELECT 1", "42601", "syntax error at or near \"EXPLAIN\"", 9},
    {"EXPLAIN (ANALYZE SELECT 1", "42601", "syntax error at or near \"SELECT\"", 18},
    {"DO", "42601", "syntax error at end of input", 3},
    {"LOCK", "42601", "syntax error at end of input", 5},
    {"LOCK t IN MODE", "42601", "syntax error at or near \"MODE\"", 11},
    {"PREPARE p", "42601", "syntax error at end of input", 10},
    {"EXECUTE", "42601", "syntax error at end of input", 8},
    {"DISCARD", "42601", "syntax error at end of input", 8},
    {"VACUUM (", "42601", "syntax error at end of input", 9},
    {"COMMENT ON TABLE t 'x'", "42601", "syntax error at or near \"'x'\"", 20},
    {"SELECT 1; SELECT FROM WHERE; SELECT 2", "42601", "syntax error at or near \"WHERE\"", 23},
    {"SELECT 1 UNION", "42601", "syntax error at end of input", 15},
    {"SELECT 1 UNION SELECT 2 UNION ORDER BY 1", "42601", "syntax error at or near \"ORDER\"", 31},
    {"SELECT a FROM t FOR", "42601", "syntax error at end of input", 20},
    {"VALUES", "42601", "syntax error at end of input", 7},
    {"VALUES ()", "42601", "syntax error at or near \")\"", 9},
    {"TABLE", "42601", "syntax error at end of input", 6},
    {"SELECT DISTINCT FROM t", "42601", "syntax error at or near \"FROM\"", 17},
    {"SELECT interval(3) '1' day", "42601", "syntax error at or near \"day\"", 24},
    {"SELECT interval '1' day to year", "42601", "syntax error at or near \"year\"", 28},
    {"SELECT extract(year a)", "42601", "syntax error at or near \"a\"", 21},
    {"SELECT trim(BOTH)", "42601", "syntax error at or near \")\"", 17},
    {"SELECT position(a, b)", "42601", "syntax error at or near \",\"", 18},
    {"SELECT substring(a FROM)", "42601", "syntax error at or near \")\"", 24},
    {"SELECT \"abc\"def ghi", "42601", "syntax error at or near \"ghi\"", 17},
    {"SELECT 'a' 'b'", "42601", "syntax error at or near \"'b'\"", 12},
    {"SELECT N'x' y z", "42601", "syntax error at or near \"z\"", 15},
    {"SELECT current_date()", "42601", "syntax error at or near \"(\"", 20},
    {"SELECT coalesce()", "42601", "syntax error at or near \")\"", 17},
    {"SELECT nullif(1)", "42601", "syntax error at or near \")\"", 16},
    {"SELECT a[", "42601", "syntax error at end of input", 10},
    {"SELECT a[]", "42601", "syntax error at or near \"]\"", 10},
    {"SELECT ARRAY", "42601", "syntax error at end of input", 13},
    {"SELECT ARRAY[1, [2]]", "42601", "syntax error at or near \"[\"", 17},
    {"SELECT row(", "42601", "syntax error at end of input", 12},
    {"SELECT @", "42601", "syntax error at end of input", 9},
    {"SELECT * * FROM t", "42601", "syntax error at or near \"*\"", 10},
    {"SELECT a FROM t t2 t3", "42601", "syntax error at or near \"t3\"", 20},
    {"SELECT a FROM t AS", "42601", "syntax error at end of input", 19},
    {"SELECT a FROM t, ", "42601", "syntax error at end of input", 18},
    {"SELECT a FROM LATERAL t", "42601", "syntax error at end of input", 24},
    {"SELECT a FROM t TABLESAMPLE", "42601", "syntax error at end of input", 28},
    {"SELECT a FROM t WINDOW w", "42601", "syntax error at end of input", 25},
    {"SELECT a FROM t HAVING", "42601", "syntax error at end of input", 23},
    {"SELECT 1::", "42601", "syntax error at end of input", 11},
    {"SELECT a.", "42601", "syntax error at end of input", 10},
    {"SELECT a.1", "42601", "syntax error at or near \".1\"", 9},
    {"SELECT 1.a", "42601", "trailing junk after numeric literal at or near \"1.a\"", 8},
    {"SELECT .", "42601", "syntax error at or near \".\"", 8},
    {";SELECT;;x", "42601", "syntax error at or near \"x\"", 10},
    {"SELECT a < b = c", "42601", "syntax error at or near \"=\"", 14},
    {"DELETE FROM ONLY t *", "42601", "syntax error at or near \"*\"", 20},
    {"SELECT a FROM t ORDER BY a USING pg_catalog.<", "42601", "syntax error at or near \"pg_catalog\"", 34},
    {"UPDATE t SET a = a + 1 WHERE CURRENT OF $1", "42601", "syntax error at or near \"$1\"", 41},
};
// clang-format on

typedef struct Parse {
    Query q;
    Arena arena;
    QueryControl control;
    Text text;
    ParsedText parsed;
} Parse;

static void run_parse(void *argument)
{
    Parse *run = argument;
    run->parsed = parse(&run->q, run->text);
}

static bool parse_open(Parse *run, Text text)
{
    run->text = text;
    arena_open(&run->arena, NULL);
    query_open(&run->q, &run->arena, &run->control);
    return query_try(&run->q, run_parse, run);
}

static void test_refused(void **state)
{
    for (i32 i = 0; i < countof(refused); i++) {
        Parse run;
        const Refused *row = &refused[i];
        if (parse_open(&run, text_from(row->text)))
            fail_msg("accepted: %s", row->text);
        if (strcmp(run.q.error.message, row->message) != 0)
            print_error("%s\n", row->text);
        assert_string_equal(run.q.error.message, row->message);
        assert_string_equal(error_sqlstate(run.q.error.code), row->sqlstate);
        if (run.q.error.position != row->position)
            print_error("%s\n", row->text);
        assert_int_equal(run.q.error.position, row->position);
        arena_close(&run.arena);
    }
}

static const Ast *first_target(const Parse *run)
{
    const AstSelect *select = &run->parsed.statements[0].ast->query.body->select;
    return select->targets.items[0]->target.expr;
}

static void test_chains_are_lists(void **state)
{
    Parse run;
    assert_true(parse_open(&run, TEXT("select a or b or c or d")));
    assert_int_equal(first_target(&run)->kind, AST_OR);
    assert_int_equal(first_target(&run)->items.items.count, 4);
    arena_close(&run.arena);
    assert_true(parse_open(&run, TEXT("select a || b || c")));
    assert_int_equal(first_target(&run)->kind, AST_CONCATENATION);
    assert_int_equal(first_target(&run)->concatenation.operands.count, 3);
    assert_int_equal(first_target(&run)->concatenation.offsets[1], 14);
    arena_close(&run.arena);
    assert_true(parse_open(&run, TEXT("select 1 union select 2 union select 3")));
    const Ast *body = run.parsed.statements[0].ast->query.body;
    assert_int_equal(body->kind, AST_SET_OPERATION);
    assert_int_equal(body->set_operation.inputs.count, 3);
    arena_close(&run.arena);
}

static void test_precedence(void **state)
{
    Parse run;
    assert_true(parse_open(&run, TEXT("select 1 + 2 * 3 - 4")));
    const Ast *minus = first_target(&run);
    assert_memory_equal(minus->operator.name.parts[0].data, "-", 1);
    assert_int_equal(minus->offset, 17);
    const Ast *plus = minus->operator.left;
    assert_memory_equal(plus->operator.name.parts[0].data, "+", 1);
    assert_memory_equal(plus->operator.right->operator.name.parts[0].data, "*", 1);
    arena_close(&run.arena);
}

static void test_statements(void **state)
{
    Parse run;
    assert_true(parse_open(&run, TEXT(" select 1 ;; begin; /* x */ ")));
    assert_int_equal(run.parsed.count, 2);
    assert_int_equal(run.parsed.statements[0].offset, 1);
    assert_int_equal(run.parsed.statements[0].text.len, 8);
    assert_int_equal(run.parsed.statements[1].offset, 13);
    assert_int_equal(run.parsed.statements[1].text.len, 5);
    arena_close(&run.arena);
    assert_true(parse_open(&run, TEXT("")));
    assert_int_equal(run.parsed.count, 0);
    arena_close(&run.arena);
}

static void test_truncated(void **state)
{
    Parse run;
    assert_true(parse_open(&run, TEXT("select a123456789b123456789c123456789d123456789"
                                      "e123456789f123456789g123456789")));
    assert_int_equal(run.parsed.truncated_count, 1);
    assert_int_equal(run.parsed.truncated[0].kept.len, 63);
    assert_int_equal(first_target(&run)->column.name.parts[0].len, 63);
    arena_close(&run.arena);
}

/* start, then times x piece, then end: either parsed or 54001. Answers whether it parsed. */
static bool parse_repeated(const char *start, const char *piece, i32 times, const char *end)
{
    Parse run;
    Arena texts;
    Error error;
    arena_open(&texts, NULL);
    i64 length = (i64)strlen(piece), at = (i64)strlen(start);
    char *text = arena_try(&texts, at + length * times + (i64)strlen(end) + 1, &error);
    assert_non_null(text);
    memcpy(text, start, (size_t)at);
    for (i32 i = 0; i < times; i++, at += length)
        memcpy(text + at, piece, (size_t)length);
    memcpy(text + at, end, strlen(end));
    bool parsed = parse_open(&run, (Text){text, at + (i64)strlen(end)});
    if (!parsed)
        assert_string_equal(error_sqlstate(run.q.error.code), "54001");
    arena_close(&run.arena);
    arena_close(&texts);
    return parsed;
}

static void test_depth(void **state)
{
    assert_false(parse_repeated("select ", "(", 100000, "1"));
    assert_false(parse_repeated("select ", "not ", 100000, "a"));
    assert_false(parse_repeated("select ", "(select ", 100000, "1"));
    assert_false(parse_repeated("select * from ", "(select * from ", 100000, "t"));
    assert_true(parse_repeated("select ", "not ", 10000, "a"));
    assert_true(parse_repeated("select a", " or a", 100000, ""));
    assert_true(parse_repeated("select a", " and a", 100000, ""));
    assert_true(parse_repeated("select 1", " + 1", 100000, ""));
    assert_true(parse_repeated("select 1", " union all select 1", 100000, ""));
    assert_true(parse_repeated("select a in (1", ", 1", 100000, ")"));
}

/* What the category of each key word promises, tried on the grammar. */
static void test_keywords(void **state)
{
    i32 count;
    const Keyword *table = keyword_table(&count);
    for (i32 i = 0; i < count; i++) {
        const Keyword *row = &table[i];
        char text[128];
        Parse run;
        assert_ptr_equal(keyword_find(row->word), row);
        snprintf(text, sizeof text, "select 1 as %.*s", TEXT_ARG(row->word));
        assert_true(parse_open(&run, text_from(text)));
        arena_close(&run.arena);
        snprintf(text, sizeof text, "select 1 %.*s", TEXT_ARG(row->word));
        bool bare = parse_open(&run, text_from(text));
        /* ISNULL and NOTNULL are operators there, FROM and its like start an empty clause. */
        if (row->bare_label)
            assert_true(bare);
        arena_close(&run.arena);
        snprintf(text, sizeof text, "create table %.*s ()", TEXT_ARG(row->word));
        bool names = row->category == UNRESERVED || row->category == COLUMN_NAME;
        assert_int_equal(parse_open(&run, text_from(text)), names);
        arena_close(&run.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),    cmocka_unit_test(test_chains_are_lists),
        cmocka_unit_test(test_precedence), cmocka_unit_test(test_statements),
        cmocka_unit_test(test_truncated),  cmocka_unit_test(test_depth),
        cmocka_unit_test(test_keywords),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
