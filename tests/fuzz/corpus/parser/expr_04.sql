SELECT "a""b", U&"d\0061t", U&"d!0061" UESCAPE '!', "A b", "é", é, _a$1;
SELECT 1, 1.5, 1., .5, 1e10, 1.5E-3, 1e+5, 2147483647, 2147483648, 9223372036854775807, 99999999999999999999, 007, 0.0;
SELECT /* a /* nested */ comment */ 1 -- to the end;
SELECT TRUE, FALSE, NULL, true AND NULL;
SELECT a::text COLLATE "C" || b, -a::int, NOT a = b, a = b IS NULL, a IS NULL = b, NOT a IS NULL;
SELECT a IN (1, 2) AND b, NOT a IN (1), a NOT IN (1) OR b LIKE c AND d, a + b LIKE c || d;
SELECT a = b AND c = d AND e = f OR g, (a AND b) AND c, a AND (b AND c), (a OR b) OR c, a OR (b OR c);
SELECT interval '1' year AS y, interval '1' "day", a year_, date "2020" FROM t;
SELECT count(*) filter (where true) over (partition by a), sum(b) over w2;
SELECT pg_catalog.extract('year', a), "extract"(a), pg_catalog.count(*)
