/* SPDX-License-Identifier: Apache-2.0
 *
 * Printing reads back: for each statement parse, print, parse and print again; the two trees and
 * the two texts are equal. The statements cover the grammar area by area; all of them are accepted
 * (or refused only after parsing) by PostgreSQL 15.
 */
#include "parser/parser.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

// clang-format off
static const char *const queries[] = {
    "SELECT 1",
    "SELECT",
    "SELECT ALL a, b FROM t",
    "SELECT DISTINCT a FROM t",
    "SELECT DISTINCT ON (a, b) a, b, c FROM t ORDER BY a, b, c DESC NULLS LAST",
    "SELECT *, t.*, s.t.* FROM s.t",
    "SELECT a AS b, c d, e \"F\", 1 x, 2 AS select FROM t",
    "SELECT a value, b name, c type, d total FROM t",
    "SELECT 1 AS year, 2 AS \"Year\"",
    "SELECT FROM t",
    "SELECT * FROM ONLY t, ONLY (u), v *, w AS x, y z, s.k AS l (m, n)",
    "SELECT * FROM (SELECT 1) AS a (b), (VALUES (1, 2), (3, 4)) v (c, d)",
    "SELECT * FROM f(1), LATERAL g(a.b) AS h, LATERAL (SELECT 1) l",
    "SELECT * FROM generate_series(1, 10) WITH ORDINALITY AS g (a, b)",
    "SELECT * FROM json_to_record('{}') AS x (a int, b text COLLATE \"C\")",
    "SELECT * FROM json_to_record('{}') AS (a int, b text)",
    "SELECT * FROM ROWS FROM (f(1), g(2) AS (a int)) WITH ORDINALITY AS x",
    "SELECT * FROM current_date, coalesce(1, 2) AS c",
    "SELECT * FROM xmltable('/a' PASSING '<a/>' COLUMNS a int, b text PATH 'x' DEFAULT 'y' || 'z' NOT NULL, c FOR ORDINALITY, d int NULL)",
    "SELECT * FROM t, LATERAL XMLTABLE(XMLNAMESPACES('x' AS y, DEFAULT 'z'), ('/a' || b) PASSING BY REF t.doc BY VALUE COLUMNS \"A\" numeric(3,1)[] \"path\" -1) AS x (p, q)",
    "SELECT * FROM xmltable(xmlnamespaces PASSING by BY REF COLUMNS passing text) xmltable, xmlelement(NAME a) AS x, xmltable",
    "SELECT xmltable, xmlelement.xmlforest, passing, document, content, xmlnamespaces FROM xmlelement",
    "SELECT * FROM a CROSS JOIN b",
    "SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c USING (x, y) RIGHT OUTER JOIN d USING (z) AS u FULL JOIN e ON true",
    "SELECT * FROM a NATURAL JOIN b NATURAL LEFT JOIN c NATURAL INNER JOIN d",
    "SELECT * FROM a JOIN b JOIN c ON b.x = c.x ON a.x = b.x",
    "SELECT * FROM (a JOIN b ON true) AS j (x, y) JOIN (c CROSS JOIN d) ON true",
    "SELECT * FROM ((a JOIN b ON true))",
    "SELECT * FROM t TABLESAMPLE bernoulli(10) REPEATABLE (3), u AS v TABLESAMPLE system(1)",
    "SELECT a FROM t WHERE a > 1 GROUP BY a HAVING count(*) > 1",
    "SELECT a, b FROM t GROUP BY DISTINCT ROLLUP (a, b), CUBE (c, (d, e)), (), GROUPING SETS ((a, b), ROLLUP (c), GROUPING SETS ((d), ()))",
    "SELECT a FROM t GROUP BY ALL a, (b, c), d + 1",
    "SELECT sum(a) OVER w, rank() OVER (w ORDER BY b) FROM t WINDOW w AS (PARTITION BY a), v AS (w ROWS 1 PRECEDING)",
    "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES)",
    "SELECT sum(a) OVER (ORDER BY b RANGE BETWEEN '1 day' PRECEDING AND INTERVAL '1' DAY FOLLOWING EXCLUDE CURRENT ROW)",
    "SELECT sum(a) OVER (GROUPS BETWEEN 1 + 2 PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE GROUP)",
    "SELECT sum(a) OVER (ROWS UNBOUNDED PRECEDING EXCLUDE NO OTHERS), sum(b) OVER ()",
    "SELECT 1 UNION SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 INTERSECT SELECT 5 EXCEPT SELECT 6",
    "(SELECT 1) UNION (SELECT 2 ORDER BY 1 LIMIT 1) ORDER BY 1",
    "SELECT 1 UNION (SELECT 2 UNION SELECT 3)",
    "(SELECT 1 UNION ALL SELECT 2) INTERSECT DISTINCT SELECT 3",
    "((SELECT 1))",
    "(SELECT 1 ORDER BY 1) LIMIT 2",
    "SELECT a FROM t ORDER BY a ASC NULLS FIRST, b USING <, c USING OPERATOR(pg_catalog.>)",
    "SELECT a FROM t LIMIT 10 OFFSET 5",
    "SELECT a FROM t OFFSET 5 LIMIT 10",
    "SELECT a FROM t OFFSET 5 ROWS FETCH FIRST 3 ROWS ONLY",
    "SELECT a FROM t ORDER BY a FETCH NEXT ROW WITH TIES",
    "SELECT a FROM t ORDER BY a FETCH FIRST (1 + 2) ROWS WITH TIES",
    "SELECT a FROM t LIMIT ALL",
    "SELECT a FROM t LIMIT NULL OFFSET 1 ROW",
    "SELECT a FROM t FOR UPDATE OF t NOWAIT FOR SHARE SKIP LOCKED",
    "SELECT a FROM t FOR NO KEY UPDATE LIMIT 1",
    "SELECT a FROM t LIMIT 1 FOR KEY SHARE",
    "SELECT a FROM t FOR READ ONLY",
    "VALUES (1, 'a'), (2, DEFAULT)",
    "VALUES (1) ORDER BY 1 LIMIT 1",
    "TABLE t",
    "TABLE ONLY s.t ORDER BY 1",
    "SELECT a INTO t FROM u",
    "SELECT a INTO TEMP TABLE t FROM u",
    "SELECT a INTO LOCAL TEMPORARY t FROM u",
    "SELECT a INTO UNLOGGED s.t FROM u",
    "WITH a AS (SELECT 1), b (x) AS MATERIALIZED (SELECT 2), c AS NOT MATERIALIZED (SELECT 3) SELECT * FROM a, b, c",
    "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT * FROM r",
    "WITH RECURSIVE r AS (SELECT 1) SEARCH DEPTH FIRST BY a, b SET o CYCLE a SET c TO 'y' DEFAULT 'n' USING p SELECT 1",
    "WITH RECURSIVE r AS (SELECT 1) SEARCH BREADTH FIRST BY a SET o SELECT 1",
    "WITH RECURSIVE r AS (SELECT 1) CYCLE a SET c USING p SELECT 1",
    "WITH x AS (INSERT INTO t VALUES (1) RETURNING *), y AS (UPDATE t SET a = 1 RETURNING a), z AS (DELETE FROM t RETURNING *) SELECT * FROM x",
    "WITH x AS (SELECT 1) SELECT * FROM x UNION SELECT 2 ORDER BY 1",
    "WITH time AS (SELECT 1) SELECT 1",
    "SELECT 1;SELECT 2 ;; SELECT 3;",
    "SELECT a FROM \"T\" t1, \"from\" AS \"select\"",
    "SELECT begin, end_, commit, day_ FROM t",
};

static const char *const expressions[] = {
    "SELECT xmlconcat(a, '<b/>', NULL)",
    "SELECT xmlelement(NAME a), xmlelement(NAME \"A b\", 1, 'x'), xmlelement(NAME select, xmlattributes(a + 1 AS \"from\", t.b)), xmlelement(NAME x, xmlattributes(1 AS a), xmlelement(NAME y), a || b)",
    "SELECT xmlelement(NAME a, xmlattributes, xmlforest) IS DOCUMENT",
    "SELECT xmlexists('a' PASSING b), xmlexists((a || 'x') PASSING BY REF (b || 'y') BY REF), xmlexists(a PASSING BY VALUE b), xmlexists(by PASSING by BY VALUE)",
    "SELECT xmlforest(a, b AS c, a + b AS \"D\")",
    "SELECT xmlparse(DOCUMENT a || b), xmlparse(CONTENT 'x' STRIP WHITESPACE), xmlparse(CONTENT x::interval day PRESERVE WHITESPACE), xmlparse(DOCUMENT content)",
    "SELECT xmlpi(NAME a), xmlpi(NAME \"b c\", 'x' || y)",
    "SELECT xmlroot(a, VERSION '1.0'), xmlroot(a, VERSION NO VALUE, STANDALONE YES), xmlroot(a, VERSION no, STANDALONE NO), xmlroot(a || b, VERSION '1' || '0', STANDALONE NO VALUE)",
    "SELECT xmlserialize(CONTENT a AS text), xmlserialize(DOCUMENT a || b AS character varying(3)), xmlserialize(CONTENT document AS s.t)",
    "SELECT 1 + 2 * 3 - 4 / 5 % 6 ^ 7",
    "SELECT (1 + 2) * 3, -(-1), - -1, +1, -a, -1 ^ 2, (-1)::int, -1::int, -1.5, -.5e3",
    "SELECT 2 ^ 3 ^ 4, a - b - c, a - (b - c)",
    "SELECT a || b || c || (d || e), (a || b) || c, a || 1 + 2",
    "SELECT a AND b OR c AND NOT d OR NOT e",
    "SELECT (a OR b) AND (c OR d), NOT (a AND b), NOT NOT a",
    "SELECT a = b, a <> b, a != b, a < b, a > b, a <= b, a >= b",
    "SELECT a @> b, a -> 'x' ->> 'y', @ a, |/ 4, a #>> b, !! c, ~ a & b | c # d",
    "SELECT a OPERATOR(pg_catalog.+) b, OPERATOR(-) c, a OPERATOR(s.@@) b",
    "SELECT a <-> b, a+-1, a*-b, a<-b, a @-b",
    "SELECT a IS NULL, a IS NOT NULL, a ISNULL, a NOTNULL, a IS TRUE, a IS NOT TRUE, a IS FALSE, a IS NOT FALSE, a IS UNKNOWN, a IS NOT UNKNOWN",
    "SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b, a IS DOCUMENT, a IS NOT DOCUMENT",
    "SELECT a IS NORMALIZED, a IS NFC NORMALIZED, a IS NOT NFKD NORMALIZED, normalize(a), normalize(a, NFD)",
    "SELECT a BETWEEN 1 AND 2, a NOT BETWEEN 1 + 1 AND 2, a BETWEEN SYMMETRIC b AND c, a BETWEEN ASYMMETRIC b AND c, a NOT BETWEEN SYMMETRIC 1 AND 2",
    "SELECT a BETWEEN b AND c AND d BETWEEN e AND f",
    "SELECT a IN (1), a IN (1, 2, 3), a NOT IN (SELECT 1), a IN (SELECT 1 UNION SELECT 2), (a, b) IN ((1, 2), (3, 4)), a NOT IN (b)",
    "SELECT a LIKE 'x%', a NOT LIKE b, a ILIKE b, a NOT ILIKE b ESCAPE '!', a LIKE b ESCAPE c || d, a SIMILAR TO b, a NOT SIMILAR TO b ESCAPE 'x'",
    "SELECT a = ANY (b), a < ALL (SELECT 1), a <> SOME (ARRAY[1, 2]), a LIKE ANY (b), a NOT LIKE ALL (b), a ILIKE ANY (SELECT 1), a NOT ILIKE ANY (b), a OPERATOR(pg_catalog.=) ANY (b)",
    "SELECT a = ANY ((SELECT b)::int[]), a = ANY ('{1,2}')",
    "SELECT a AT TIME ZONE 'UTC', a AT TIME ZONE 'x' AT TIME ZONE 'y', (a + b) AT TIME ZONE c",
    "SELECT a COLLATE \"C\", a COLLATE pg_catalog.\"C\" < b, (a || b) COLLATE x",
    "SELECT a::int, a::int::text, CAST(a AS numeric(10, 2)), (a + b)::s.t, 'x'::varchar(3), a::int[], a::int[3][], a::int ARRAY, a::int ARRAY[4]",
    "SELECT a::int2, a::smallint, a::int, a::integer, a::int4, a::bigint, a::real, a::float, a::float(10), a::float(30), a::double precision, a::decimal, a::dec(5), a::numeric(5, 2), a::boolean",
    "SELECT a::char, a::char(3), a::character varying, a::character varying(5), a::varchar, a::national character(3), a::nchar varying(4), a::bpchar, a::bit, a::bit(3), a::bit varying, a::bit varying(5), a::\"char\"",
    "SELECT a::time, a::time(3), a::time with time zone, a::time(2) with time zone, a::timestamp, a::timestamp without time zone, a::timestamp(3) with time zone, a::timestamptz(2), a::date",
    "SELECT a::interval, a::interval(3), a::interval year, a::interval year to month, a::interval day to second(3), a::interval hour to minute, a::interval second(2), a::interval minute to second",
    "SELECT date '2020-01-01', time '10:00', timestamp '2020-01-01', timestamp with time zone '2020-01-01 00:00', timestamptz(3) 'x', interval '1' day, interval '1' day to second(3), interval(3) '1 s', interval '1 year 2 months'",
    "SELECT double precision '1.5', int '1', numeric '1.5', bool 't', boolean 'f', float8 '1', char 'abc', varchar(3) 'abc', bit '101', s.t 'x', f(3) 'x', character varying 'v', time(3) with time zone 'x'",
    "SELECT CASE WHEN a THEN b END, CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END, CASE WHEN a THEN CASE WHEN b THEN c END ELSE d END",
    "SELECT COALESCE(a, b, c), NULLIF(a, b), GREATEST(a, b), LEAST(1, 2, 3)",
    "SELECT EXTRACT(year FROM a), EXTRACT('epoch' FROM b), EXTRACT(dow FROM c + d), extract(century FROM timestamp '2020-01-01')",
    "SELECT OVERLAY(a PLACING b FROM 1 FOR 2), OVERLAY(a PLACING b FROM 1), overlay(a, b, 1), POSITION('a' IN b), POSITION(a || b IN c)",
    "SELECT SUBSTRING(a FROM 1 FOR 2), SUBSTRING(a FROM 2), SUBSTRING(a FOR 3), SUBSTRING(a FOR 3 FROM 1), SUBSTRING(a, 1, 2), SUBSTRING(a SIMILAR b ESCAPE c), substring()",
    "SELECT TRIM(a), TRIM(BOTH FROM a), TRIM(LEADING 'x' FROM a), TRIM(TRAILING FROM a), TRIM('x' FROM a), TRIM(a, b), TRIM(BOTH a, b)",
    "SELECT CURRENT_DATE, CURRENT_TIME, CURRENT_TIME(3), CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(0), LOCALTIME, LOCALTIME(1), LOCALTIMESTAMP, LOCALTIMESTAMP(2)",
    "SELECT CURRENT_USER, SESSION_USER, USER, CURRENT_ROLE, CURRENT_CATALOG, CURRENT_SCHEMA, current_schema()",
    "SELECT f(), f(1), s.f(a, b), f(a => 1, b := 2), f(VARIADIC a), f(1, VARIADIC b), f(DISTINCT a, b), f(ALL a), count(*), f(a ORDER BY b DESC, c), f(DISTINCT a ORDER BY a)",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a), sum(a) FILTER (WHERE b > 1), sum(a) FILTER (WHERE b) OVER w, mode() WITHIN GROUP (ORDER BY a) FILTER (WHERE b)",
    "SELECT EXISTS (SELECT 1), (SELECT 1), (SELECT a FROM t) + 1, ARRAY(SELECT 1), ((SELECT 1)), NOT EXISTS (SELECT 1)",
    "SELECT ARRAY[1, 2], ARRAY[[1, 2], [3, 4]], ARRAY[]::int[], ARRAY[ARRAY[1], ARRAY[2]]",
    "SELECT ROW(1, 2), ROW(), ROW(1), (1, 2), (1, (2, 3)), ROW(a.*, b), (a, b) = (c, d), ROW(1, 2) < ROW(3, 4)",
    "SELECT (a, b) OVERLAPS (c, d), ROW(a, b) OVERLAPS (c, d)",
    "SELECT (a).b, (a).*, (a).b.c, (f(x)).y, a[1], a[1][2], a[1:2], a[:2], a[1:], a[:], a.b[1].c, (a[1]).b, ($1).x, $1, $2[1], (SELECT a).b",
    "SELECT a.b.c, a.b.c.d, t.*, s.t.*, (t.a).*, count(t.*)",
    "SELECT GROUPING(a, b), grouping(c) FROM t GROUP BY a",
    "SELECT COLLATION FOR ('x'), TREAT(a AS int)",
    "SELECT left('abc', 1), right('abc', 2), \"left\"('x', 1), s.left(1), \"select\"(1), if(a, b), replace(a, b, c)",
    "SELECT '', 'it''s', 'a\\b', E'a\\nb\\'c\\\\d\\t\\x41\\101\\u00e9\\U0001F600', U&'d\\0061t\\+000061', U&'d!0061' UESCAPE '!', $$a'b$$, $tag$x$$y$tag$, B'0101', X'1FaB', N'abc'",
    "SELECT \"a\"\"b\", U&\"d\\0061t\", U&\"d!0061\" UESCAPE '!', \"A b\", \"é\", é, _a$1",
    "SELECT 1, 1.5, 1., .5, 1e10, 1.5E-3, 1e+5, 2147483647, 2147483648, 9223372036854775807, 99999999999999999999, 007, 0.0",
    "SELECT /* a /* nested */ comment */ 1 -- to the end",
    "SELECT TRUE, FALSE, NULL, true AND NULL",
    "SELECT a::text COLLATE \"C\" || b, -a::int, NOT a = b, a = b IS NULL, a IS NULL = b, NOT a IS NULL",
    "SELECT a IN (1, 2) AND b, NOT a IN (1), a NOT IN (1) OR b LIKE c AND d, a + b LIKE c || d",
    "SELECT a = b AND c = d AND e = f OR g, (a AND b) AND c, a AND (b AND c), (a OR b) OR c, a OR (b OR c)",
    "SELECT interval '1' year AS y, interval '1' \"day\", a year_, date \"2020\" FROM t",
    "SELECT count(*) filter (where true) over (partition by a), sum(b) over w2",
    "SELECT pg_catalog.extract('year', a), \"extract\"(a), pg_catalog.count(*)",
};

static const char *const changes[] = {
    "INSERT INTO t VALUES (1, 2), (3, DEFAULT)",
    "INSERT INTO s.t AS x (a, b.c, d[1]) OVERRIDING SYSTEM VALUE SELECT 1, 2, 3",
    "INSERT INTO t OVERRIDING USER VALUE VALUES (1)",
    "INSERT INTO t DEFAULT VALUES RETURNING *, a AS b",
    "INSERT INTO t (a) (SELECT 1)",
    "INSERT INTO t (SELECT 1)",
    "INSERT INTO t (a) (SELECT 1) UNION SELECT 2",
    "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING",
    "INSERT INTO t VALUES (1) ON CONFLICT (a, lower(b) COLLATE \"C\" text_ops, (c + 1)) WHERE d DO UPDATE SET a = excluded.a, (b, c) = (1, 2) WHERE t.a > 1 RETURNING a",
    "INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT k DO UPDATE SET a = DEFAULT",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
    "WITH x AS (SELECT 1) INSERT INTO t WITH y AS (SELECT 2) SELECT * FROM y",
    "UPDATE t SET a = 1",
    "UPDATE ONLY s.t AS x SET a = 1, b[1] = 2, c.d = DEFAULT, (e, f) = (1, DEFAULT), (g) = ROW(1), (h, i) = (SELECT 1, 2) FROM u, v JOIN w ON true WHERE x.a = u.a RETURNING x.*",
    "UPDATE t x SET a = 1 WHERE CURRENT OF c",
    "DELETE FROM t",
    "DELETE FROM t * AS x USING u, v WHERE x.a = u.a RETURNING a, b c",
    "WITH x AS (SELECT 1) DELETE FROM t x WHERE CURRENT OF c",
    "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED AND u.b > 1 THEN UPDATE SET a = u.a, b = DEFAULT WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND u.c THEN INSERT (a, b) VALUES (1, DEFAULT) WHEN NOT MATCHED THEN DO NOTHING",
    "MERGE INTO t AS x USING (SELECT 1) AS y (z) ON true WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT DEFAULT VALUES",
    "MERGE INTO t USING u ON true WHEN NOT MATCHED THEN INSERT OVERRIDING SYSTEM VALUE VALUES (1)",
    "MERGE INTO t USING u ON true WHEN NOT MATCHED THEN INSERT (a) OVERRIDING USER VALUE VALUES (1)",
    "TRUNCATE t",
    "TRUNCATE TABLE ONLY a, b * RESTART IDENTITY CASCADE",
    "TRUNCATE a CONTINUE IDENTITY RESTRICT",
    "COPY t FROM STDIN",
    "COPY s.t (a, b) FROM '/x' WITH (FORMAT csv, HEADER, DELIMITER '|', NULL '', FORCE_NOT_NULL (a, b), FORCE_QUOTE *) WHERE a > 1",
    "COPY t TO STDOUT",
    "COPY t TO STDIN",
    "COPY t FROM STDOUT",
    "COPY (SELECT 1) TO STDOUT WITH (FORMAT binary)",
    "COPY (INSERT INTO t VALUES (1) RETURNING a) TO '/x'",
    "COPY t TO PROGRAM 'gzip'",
    "COPY t FROM STDIN WITH CSV HEADER QUOTE '\"' ESCAPE '\\' DELIMITER AS ',' NULL AS 'x' FORCE NOT NULL a, b ENCODING 'utf8' FREEZE",
    "COPY t TO STDOUT CSV FORCE QUOTE a, b",
    "COPY t TO STDOUT CSV FORCE QUOTE *",
    "COPY BINARY t FROM STDIN",
    "COPY t FROM STDIN DELIMITERS '|' WITH NULL 'x'",
    "COPY t FROM STDIN CSV FORCE NULL a",
    "COPY t FROM STDIN (HEADER match, FREEZE false, ENCODING 'x')",
    "COPY t FROM STDIN BINARY",
};

static const char *const definitions[] = {
    "CREATE TABLE t (a int)",
    "CREATE TABLE t ()",
    "CREATE TEMP TABLE IF NOT EXISTS s.t (a int NOT NULL DEFAULT 1 + 2 PRIMARY KEY, b text COLLATE \"C\" NULL UNIQUE, c numeric(10, 2) CHECK (c > 0) NO INHERIT, d int REFERENCES u (x) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)",
    "CREATE UNLOGGED TABLE t (a int CONSTRAINT nn NOT NULL CONSTRAINT df DEFAULT 'x'::text, b int GENERATED ALWAYS AS (a * 2) STORED, c int GENERATED ALWAYS AS IDENTITY, d int GENERATED BY DEFAULT AS IDENTITY (START WITH 10 INCREMENT BY 5 NO CYCLE), e text COMPRESSION pglz)",
    "CREATE TABLE t (a int, b int, CONSTRAINT pk PRIMARY KEY (a, b) INCLUDE (c) WITH (fillfactor = 70) USING INDEX TABLESPACE x, UNIQUE NULLS NOT DISTINCT (b), CHECK (a > b) NOT VALID, FOREIGN KEY (a, b) REFERENCES u MATCH FULL ON DELETE SET NULL (a) NOT DEFERRABLE, CONSTRAINT c CHECK (a > 0) NO INHERIT)",
    "CREATE TABLE t (LIKE u INCLUDING ALL EXCLUDING COMMENTS, LIKE v INCLUDING DEFAULTS, LIKE w)",
    "CREATE TABLE t (a int) INHERITS (u, v) USING heap WITH (fillfactor = 70, autovacuum_enabled = off, toast.x = 'y') ON COMMIT DELETE ROWS TABLESPACE z",
    "CREATE LOCAL TEMPORARY TABLE t (a int) ON COMMIT DROP",
    "CREATE GLOBAL TEMP TABLE t (a int) ON COMMIT PRESERVE ROWS",
    "CREATE TABLE t (a int[] DEFAULT '{}', b timestamp(3) with time zone DEFAULT now(), c varchar(10) DEFAULT (1 > 2), d interval day to second, e bool DEFAULT -1)",
    "CREATE TABLE t (a int) WITHOUT OIDS",
    "CREATE TABLE t AS SELECT 1 AS a",
    "CREATE TABLE IF NOT EXISTS t (a, b) WITH (x = 1) ON COMMIT DROP TABLESPACE s AS SELECT 1, 2 WITH NO DATA",
    "CREATE TEMP TABLE t AS EXECUTE p (1, 2) WITH DATA",
    "CREATE TABLE t AS VALUES (1)",
    "CREATE TABLE t AS TABLE u",
    "CREATE VIEW v AS SELECT 1",
    "CREATE OR REPLACE TEMP VIEW s.v (a, b) WITH (security_barrier, check_option = local) AS SELECT 1, 2 WITH LOCAL CHECK OPTION",
    "CREATE VIEW v WITH (i = select, o = <>, n = none) AS SELECT 1",
    "CREATE VIEW v AS SELECT 1 WITH CASCADED CHECK OPTION",
    "CREATE VIEW v AS SELECT 1 WITH CHECK OPTION",
    "CREATE RECURSIVE VIEW v (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM v",
    "CREATE OR REPLACE RECURSIVE VIEW s.v (n) AS VALUES (1)",
    "CREATE MATERIALIZED VIEW m AS SELECT 1",
    "CREATE MATERIALIZED VIEW IF NOT EXISTS s.m (a) USING heap WITH (x = 1) TABLESPACE y AS SELECT 1 WITH NO DATA",
    "CREATE UNLOGGED MATERIALIZED VIEW m AS SELECT 1",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    "REFRESH MATERIALIZED VIEW m WITH NO DATA",
    "CREATE SCHEMA s",
    "CREATE SCHEMA IF NOT EXISTS s AUTHORIZATION joe",
    "CREATE SCHEMA AUTHORIZATION CURRENT_USER",
    "CREATE SCHEMA s CREATE TABLE t (a int) CREATE VIEW v AS SELECT 1",
    "CREATE SEQUENCE s",
    "CREATE TEMP SEQUENCE IF NOT EXISTS s.q AS bigint INCREMENT BY -1 MINVALUE -5 MAXVALUE 10 START 5 CACHE 3 NO CYCLE OWNED BY t.a",
    "CREATE SEQUENCE q NO MINVALUE NO MAXVALUE CYCLE OWNED BY NONE",
    "ALTER SEQUENCE q RESTART WITH 5 INCREMENT 2",
    "ALTER SEQUENCE IF EXISTS s.q RESTART",
    "ALTER SEQUENCE q RENAME TO r",
    "ALTER SEQUENCE q OWNER TO joe",
    "CREATE INDEX ON t (a)",
    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING btree (a DESC NULLS LAST, lower(b) COLLATE \"C\" text_ops ASC, (c + d) NULLS FIRST) INCLUDE (e) NULLS NOT DISTINCT WITH (fillfactor = 50) TABLESPACE x WHERE a > 1",
    "CREATE INDEX i ON t (a s.int4_ops (x = 1))",
    "DROP TABLE t",
    "DROP TABLE IF EXISTS a, s.b, c CASCADE",
    "DROP VIEW v RESTRICT",
    "DROP MATERIALIZED VIEW IF EXISTS m",
    "DROP SEQUENCE q, r",
    "DROP INDEX CONCURRENTLY IF EXISTS i, j",
    "DROP INDEX i",
    "DROP SCHEMA IF EXISTS s, u CASCADE",
    "DROP TYPE IF EXISTS x",
    "DROP TYPE timestamp with time zone, int[], s.t CASCADE",
    "DROP DOMAIN IF EXISTS int, \"int\"",
    "DROP EXTENSION IF EXISTS e",
    "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 1",
    "ALTER TABLE t ADD a int, ADD IF NOT EXISTS b text, ADD COLUMN IF NOT EXISTS c text",
    "ALTER TABLE IF EXISTS ONLY s.t DROP COLUMN IF EXISTS a CASCADE, DROP b RESTRICT",
    "ALTER TABLE t ALTER COLUMN a TYPE bigint USING a::bigint, ALTER b SET DATA TYPE text COLLATE \"C\", ALTER c TYPE int",
    "ALTER TABLE t ALTER a SET DEFAULT 1 + 2, ALTER a DROP DEFAULT, ALTER a SET NOT NULL, ALTER a DROP NOT NULL, ALTER a DROP EXPRESSION IF EXISTS",
    "ALTER TABLE t ALTER a SET STATISTICS -1, ALTER 2 SET STATISTICS 100, ALTER a SET STORAGE plain, ALTER a SET COMPRESSION lz4, ALTER a SET (n_distinct = 5), ALTER a RESET (n_distinct)",
    "ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY (START 5), ALTER a SET GENERATED BY DEFAULT SET INCREMENT 5 RESTART, ALTER a DROP IDENTITY IF EXISTS, ALTER a RESTART WITH 4",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0), ADD PRIMARY KEY (a), ADD UNIQUE USING INDEX i DEFERRABLE, ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (b) NOT VALID",
    "ALTER TABLE t DROP CONSTRAINT IF EXISTS c CASCADE, VALIDATE CONSTRAINT d, ALTER CONSTRAINT e DEFERRABLE INITIALLY DEFERRED",
    "ALTER TABLE t RENAME TO u",
    "ALTER TABLE IF EXISTS t RENAME a TO b",
    "ALTER TABLE t RENAME COLUMN a TO b",
    "ALTER TABLE t RENAME CONSTRAINT a TO b",
    "ALTER TABLE t SET SCHEMA s",
    "ALTER TABLE t OWNER TO joe, SET TABLESPACE x, SET LOGGED, SET UNLOGGED, SET (fillfactor = 70), RESET (fillfactor), CLUSTER ON i, SET WITHOUT CLUSTER, SET ACCESS METHOD heap",
    "ALTER TABLE t INHERIT u, NO INHERIT v, REPLICA IDENTITY FULL, REPLICA IDENTITY USING INDEX i, ENABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER x",
    "ALTER VIEW v RENAME TO w",
    "ALTER VIEW IF EXISTS v ALTER COLUMN a SET DEFAULT 1",
    "ALTER VIEW v SET SCHEMA s",
    "ALTER VIEW v RENAME COLUMN a TO b",
    "ALTER VIEW IF EXISTS s.v SET (security_barrier, check_option = local)",
    "ALTER VIEW v RESET (security_barrier, toast.x), ALTER a DROP DEFAULT, OWNER TO joe",
    "ALTER SEQUENCE IF EXISTS s.q SET SCHEMA u",
    "ALTER SEQUENCE q SET UNLOGGED",
    "ALTER INDEX IF EXISTS s.i RENAME TO j",
    "ALTER INDEX i OWNER TO joe, ALTER COLUMN 2 SET STATISTICS 5, RESET (fillfactor)",
    "ALTER DATABASE d RENAME TO e",
    "ALTER DATABASE d OWNER TO SESSION_USER",
    "ALTER MATERIALIZED VIEW m RENAME TO n",
    "ALTER INDEX i RENAME TO j",
    "ALTER INDEX IF EXISTS i SET (fillfactor = 50)",
    "ALTER SCHEMA s RENAME TO u",
    "ALTER SCHEMA s OWNER TO CURRENT_USER",
    "COMMENT ON TABLE s.t IS 'it''s'",
    "COMMENT ON COLUMN s.t.a IS NULL",
    "COMMENT ON CONSTRAINT c ON t IS 'x'",
    "COMMENT ON SCHEMA s IS 'x'",
    "COMMENT ON DATABASE d IS 'x'",
    "COMMENT ON INDEX i IS 'x'",
};

static const char *const sessions[] = {
    "EXPLAIN SELECT 1",
    "EXPLAIN ANALYZE VERBOSE SELECT 1",
    "EXPLAIN VERBOSE INSERT INTO t VALUES (1)",
    "EXPLAIN (ANALYZE, COSTS off, FORMAT json, BUFFERS true, x 1) UPDATE t SET a = 1",
    "EXPLAIN CREATE TABLE t AS SELECT 1",
    "EXPLAIN EXECUTE p (1)",
    "EXPLAIN DECLARE c CURSOR FOR SELECT 1",
    "SET a = 1",
    "SET a TO 'x', y, 1.5, on",
    "SET SESSION a.b = -1",
    "SET LOCAL search_path TO public, \"Foo\"",
    "SET a TO DEFAULT",
    "SET a = true",
    "SET a FROM CURRENT",
    "SET TIME ZONE 'UTC'",
    "SET TIME ZONE utc",
    "SET TIME ZONE -8",
    "SET TIME ZONE LOCAL",
    "SET LOCAL TIME ZONE DEFAULT",
    "SET TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE",
    "SET SCHEMA 's'",
    "SET NAMES 'utf8'",
    "SET NAMES",
    "SET NAMES DEFAULT",
    "SET ROLE joe",
    "SET ROLE NONE",
    "SET SESSION AUTHORIZATION joe",
    "SET SESSION AUTHORIZATION DEFAULT",
    "SET XML OPTION DOCUMENT",
    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY",
    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE READ WRITE NOT DEFERRABLE",
    "SET TRANSACTION SNAPSHOT 'x'",
    "RESET a",
    "RESET a.b",
    "RESET ALL",
    "RESET TIME ZONE",
    "RESET SESSION AUTHORIZATION",
    "SHOW a",
    "SHOW a.b",
    "SHOW ALL",
    "SHOW TIME ZONE",
    "SHOW TRANSACTION ISOLATION LEVEL",
    "SHOW SESSION AUTHORIZATION",
    "BEGIN",
    "BEGIN WORK ISOLATION LEVEL REPEATABLE READ, READ ONLY, DEFERRABLE",
    "BEGIN TRANSACTION READ WRITE",
    "START TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
    "COMMIT",
    "COMMIT WORK AND CHAIN",
    "END TRANSACTION AND NO CHAIN",
    "ROLLBACK",
    "ABORT",
    "ROLLBACK AND CHAIN",
    "SAVEPOINT a",
    "RELEASE a",
    "RELEASE SAVEPOINT \"A\"",
    "ROLLBACK TO a",
    "ROLLBACK TRANSACTION TO SAVEPOINT a",
    "PREPARE TRANSACTION 'x'",
    "COMMIT PREPARED 'x'",
    "ROLLBACK PREPARED 'x'",
    "PREPARE p AS SELECT $1",
    "PREPARE p (int, text[]) AS INSERT INTO t VALUES ($1, $2)",
    "EXECUTE p",
    "EXECUTE p (1, 'x')",
    "DEALLOCATE p",
    "DEALLOCATE PREPARE p",
    "DEALLOCATE ALL",
    "DEALLOCATE PREPARE ALL",
    "DECLARE c CURSOR FOR SELECT 1",
    "DECLARE c BINARY INSENSITIVE NO SCROLL CURSOR WITH HOLD FOR SELECT 1 FOR UPDATE",
    "DECLARE c ASENSITIVE SCROLL CURSOR WITHOUT HOLD FOR VALUES (1)",
    "FETCH c",
    "FETCH FROM c",
    "FETCH NEXT FROM c",
    "FETCH PRIOR IN c",
    "FETCH FIRST c",
    "FETCH LAST FROM c",
    "FETCH ABSOLUTE -3 FROM c",
    "FETCH RELATIVE 2 FROM c",
    "FETCH 5 c",
    "FETCH -5 FROM c",
    "FETCH ALL c",
    "FETCH FORWARD c",
    "FETCH FORWARD 10 FROM c",
    "FETCH FORWARD ALL FROM c",
    "FETCH BACKWARD c",
    "FETCH BACKWARD 3 IN c",
    "FETCH BACKWARD ALL IN c",
    "MOVE 3 FROM c",
    "MOVE c",
    "CLOSE c",
    "CLOSE ALL",
    "DISCARD ALL",
    "DISCARD TEMPORARY",
    "DISCARD PLANS",
    "DISCARD SEQUENCES",
    "CHECKPOINT",
    "VACUUM",
    "VACUUM FULL FREEZE VERBOSE ANALYZE t (a, b), u",
    "VACUUM (ANALYZE, PARALLEL 2, FULL false) t",
    "ANALYZE",
    "ANALYZE VERBOSE t (a), s.u",
    "ANALYZE (VERBOSE, SKIP_LOCKED) t",
    "ANALYSE t",
    "LOCK t",
    "LOCK TABLE ONLY a, b IN ACCESS SHARE MODE NOWAIT",
    "LOCK TABLE a IN SHARE ROW EXCLUSIVE MODE",
    "LOCK a IN ROW EXCLUSIVE MODE",
    "LISTEN c",
    "UNLISTEN c",
    "UNLISTEN *",
    "NOTIFY c",
    "NOTIFY c, 'payload'",
    "DO $$begin end$$",
    "DO LANGUAGE plpgsql 'begin end'",
    "CALL p(1, a => 2)",
    "GRANT SELECT ON t TO joe",
    "REVOKE ALL ON SCHEMA s FROM public CASCADE",
    "CREATE ROLE joe LOGIN PASSWORD 'x'",
    "ALTER ROLE joe SET a = 1",
    "ALTER INDEX ALL IN TABLESPACE x SET TABLESPACE y",
    "ALTER TABLE ALL IN TABLESPACE x SET TABLESPACE y",
    "ALTER INDEX i ATTACH PARTITION j",
    "ALTER INDEX IF EXISTS i DEPENDS ON EXTENSION e",
    "ALTER INDEX i NO DEPENDS ON EXTENSION e",
    "DROP ROLE IF EXISTS joe",
    "CREATE FUNCTION f() RETURNS int AS 'select 1' LANGUAGE sql",
    "CREATE OR REPLACE FUNCTION f() RETURNS int AS 'select 1' LANGUAGE sql",
    "CREATE EXTENSION x",
    "CREATE TYPE t AS ENUM ('a', 'b')",
    "SET CONSTRAINTS ALL DEFERRED",
    "SET CONSTRAINTS a, s.b, deferred IMMEDIATE",
    "SET LOCAL TRANSACTION SNAPSHOT 'x'",
    "SET LOCAL TRANSACTION READ ONLY",
    "ALTER TABLE t ENABLE TRIGGER ALL, DISABLE TRIGGER USER, ENABLE ALWAYS TRIGGER a",
    "ALTER TABLE t ENABLE REPLICA TRIGGER a, DISABLE RULE a, ENABLE ALWAYS RULE a, ENABLE RULE a",
    "ALTER TABLE t OF s.x, NOT OF, SET WITHOUT OIDS",
    "ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)",
    "ALTER INDEX i ATTACH PARTITION p",
    "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b NOWAIT",
    "ALTER DATABASE d SET a = 1",
    "CREATE TABLE t OF s.x (PRIMARY KEY (a))",
    "DROP TEXT SEARCH PARSER p",
    "REINDEX TABLE t",
    "CLUSTER t",
};

// clang-format on

typedef struct Round {
    Query q;
    Arena arena;
    QueryControl control;
    Text text, printed, again;
    bool equal;
} Round;

static Text print_all(Query *q, const ParsedText *parsed)
{
    TextBuilder builder;
    builder_open(&builder, q, q->arena);
    for (i32 i = 0; i < parsed->count; i++) {
        if (i > 0)
            builder_add(&builder, TEXT("; "));
        ast_print(&builder, parsed->statements[i].ast);
    }
    return builder_text(&builder);
}

static void run_round(void *argument)
{
    Round *round = argument;
    ParsedText first = parse(&round->q, round->text);
    round->printed = print_all(&round->q, &first);
    ParsedText second = parse(&round->q, round->printed);
    round->again = print_all(&round->q, &second);
    round->equal = first.count == second.count;
    for (i32 i = 0; i < first.count && round->equal; i++)
        round->equal = ast_equal(&round->q, first.statements[i].ast, second.statements[i].ast);
}

static void check_rounds(const char *const *texts, i32 count)
{
    for (i32 i = 0; i < count; i++) {
        Round round = {.text = text_from(texts[i])};
        arena_open(&round.arena, NULL);
        query_open(&round.q, &round.arena, &round.control);
        bool ok = query_try(&round.q, run_round, &round);
        if (!ok)
            print_error("%s\n%s at %d\n", texts[i], round.q.error.message, round.q.error.position);
        assert_true(ok);
        if (!round.equal || !text_equal(round.printed, round.again))
            print_error("%s\n%.*s\n%.*s\n", texts[i], TEXT_ARG(round.printed),
                        TEXT_ARG(round.again));
        assert_true(round.equal);
        assert_true(text_equal(round.printed, round.again));
        arena_close(&round.arena);
    }
}

static void test_queries(void **state)
{
    check_rounds(queries, countof(queries));
}
static void test_expressions(void **state)
{
    check_rounds(expressions, countof(expressions));
}
static void test_changes(void **state)
{
    check_rounds(changes, countof(changes));
}
static void test_definitions(void **state)
{
    check_rounds(definitions, countof(definitions));
}
static void test_sessions(void **state)
{
    check_rounds(sessions, countof(sessions));
}

typedef struct Printed {
    const char *text, *expected;
} Printed;

/* The printed form itself, worked out by hand from the law in ast_print.c. */
static const Printed printed[] = {
    {"select a+b*c", "SELECT a + (b * c)"},
    {"select (a and b) and c or d", "SELECT (a AND b AND c) OR d"},
    {"select 'it''s', E'a\\\\b'", "SELECT 'it''s', E'a\\\\b'"},
    {"select \"A\" \"select\" from \"from\"", "SELECT \"A\" AS \"select\" FROM \"from\""},
    {"select 1 union select 2 union select 3", "SELECT 1 UNION SELECT 2 UNION SELECT 3"},
    {"select x::int4, x::int", "SELECT x::int4, x::integer"},
    {"select -1 ^ 2", "SELECT (-1) ^ 2"},
    {"table t", "SELECT * FROM t"},
    {"copy t from stdin csv header", "COPY t FROM STDIN WITH (format csv, header true)"},
};

static void test_printed_form(void **state)
{
    for (i32 i = 0; i < countof(printed); i++) {
        Round round = {.text = text_from(printed[i].text)};
        arena_open(&round.arena, NULL);
        query_open(&round.q, &round.arena, &round.control);
        assert_true(query_try(&round.q, run_round, &round));
        Text got = query_text(&round.q, round.printed);
        assert_string_equal(got.data, printed[i].expected);
        arena_close(&round.arena);
    }
}

static void test_quotes(void **state)
{
    assert_false(identifier_needs_quotes(TEXT("abc_1")));
    assert_false(identifier_needs_quotes(TEXT("abort")));
    assert_true(identifier_needs_quotes(TEXT("select")));
    assert_true(identifier_needs_quotes(TEXT("between")));
    assert_true(identifier_needs_quotes(TEXT("left")));
    assert_true(identifier_needs_quotes(TEXT("Abc")));
    assert_true(identifier_needs_quotes(TEXT("1a")));
    assert_true(identifier_needs_quotes(TEXT("a$")));
    assert_true(identifier_needs_quotes(TEXT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries),  cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_changes),  cmocka_unit_test(test_definitions),
        cmocka_unit_test(test_sessions), cmocka_unit_test(test_printed_form),
        cmocka_unit_test(test_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
