SELECT 1;
SELECT;
SELECT ALL a, b FROM t;
SELECT DISTINCT a FROM t;
SELECT DISTINCT ON (a, b) a, b, c FROM t ORDER BY a, b, c DESC NULLS LAST;
SELECT *, t.*, s.t.* FROM s.t;
SELECT a AS b, c d, e "F", 1 x, 2 AS select FROM t;
SELECT a value, b name, c type, d total FROM t;
SELECT 1 AS year, 2 AS "Year";
SELECT FROM t;
SELECT * FROM ONLY t, ONLY (u), v *, w AS x, y z, s.k AS l (m, n);
SELECT * FROM (SELECT 1) AS a (b), (VALUES (1, 2), (3, 4)) v (c, d)
