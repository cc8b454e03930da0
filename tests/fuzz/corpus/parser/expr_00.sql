SELECT 1 + 2 * 3 - 4 / 5 % 6 ^ 7;
SELECT (1 + 2) * 3, -(-1), - -1, +1, -a, -1 ^ 2, (-1)::int, -1::int, -1.5, -.5e3;
SELECT 2 ^ 3 ^ 4, a - b - c, a - (b - c);
SELECT a || b || c || (d || e), (a || b) || c, a || 1 + 2;
SELECT a AND b OR c AND NOT d OR NOT e;
SELECT (a OR b) AND (c OR d), NOT (a AND b), NOT NOT a;
SELECT a = b, a <> b, a != b, a < b, a > b, a <= b, a >= b;
SELECT a @> b, a -> 'x' ->> 'y', @ a, |/ 4, a #>> b, !! c, ~ a & b | c # d;
SELECT a OPERATOR(pg_catalog.+) b, OPERATOR(-) c, a OPERATOR(s.@@) b;
SELECT a <-> b, a+-1, a*-b, a<-b, a @-b;
SELECT a IS NULL, a IS NOT NULL, a ISNULL, a NOTNULL, a IS TRUE, a IS NOT TRUE, a IS FALSE, a IS NOT FALSE, a IS UNKNOWN, a IS NOT UNKNOWN;
SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b, a IS DOCUMENT, a IS NOT DOCUMENT
