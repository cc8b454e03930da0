SELECT * FROM f(1), LATERAL g(a.b) AS h, LATERAL (SELECT 1) l;
SELECT * FROM generate_series(1, 10) WITH ORDINALITY AS g (a, b);
SELECT * FROM json_to_record('{}') AS x (a int, b text COLLATE "C");
SELECT * FROM json_to_record('{}') AS (a int, b text);
SELECT * FROM ROWS FROM (f(1), g(2) AS (a int)) WITH ORDINALITY AS x;
SELECT * FROM current_date, coalesce(1, 2) AS c;
SELECT * FROM a CROSS JOIN b;
SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c USING (x, y) RIGHT OUTER JOIN d USING (z) AS u FULL JOIN e ON true;
SELECT * FROM a NATURAL JOIN b NATURAL LEFT JOIN c NATURAL INNER JOIN d;
SELECT * FROM a JOIN b JOIN c ON b.x = c.x ON a.x = b.x;
SELECT * FROM (a JOIN b ON true) AS j (x, y) JOIN (c CROSS JOIN d) ON true;
SELECT * FROM ((a JOIN b ON true))
