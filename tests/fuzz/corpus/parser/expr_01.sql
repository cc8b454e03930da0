SELECT a IS NORMALIZED, a IS NFC NORMALIZED, a IS NOT NFKD NORMALIZED, normalize(a), normalize(a, NFD);
SELECT a BETWEEN 1 AND 2, a NOT BETWEEN 1 + 1 AND 2, a BETWEEN SYMMETRIC b AND c, a BETWEEN ASYMMETRIC b AND c, a NOT BETWEEN SYMMETRIC 1 AND 2;
SELECT a BETWEEN b AND c AND d BETWEEN e AND f;
SELECT a IN (1), a IN (1, 2, 3), a NOT IN (SELECT 1), a IN (SELECT 1 UNION SELECT 2), (a, b) IN ((1, 2), (3, 4)), a NOT IN (b);
SELECT a LIKE 'x%', a NOT LIKE b, a ILIKE b, a NOT ILIKE b ESCAPE '!', a LIKE b ESCAPE c || d, a SIMILAR TO b, a NOT SIMILAR TO b ESCAPE 'x';
SELECT a = ANY (b), a < ALL (SELECT 1), a <> SOME (ARRAY[1, 2]), a LIKE ANY (b), a NOT LIKE ALL (b), a ILIKE ANY (SELECT 1), a NOT ILIKE ANY (b), a OPERATOR(pg_catalog.=) ANY (b);
SELECT a = ANY ((SELECT b)::int[]), a = ANY ('{1,2}');
SELECT a AT TIME ZONE 'UTC', a AT TIME ZONE 'x' AT TIME ZONE 'y', (a + b) AT TIME ZONE c;
SELECT a COLLATE "C", a COLLATE pg_catalog."C" < b, (a || b) COLLATE x;
SELECT a::int, a::int::text, CAST(a AS numeric(10, 2)), (a + b)::s.t, 'x'::varchar(3), a::int[], a::int[3][], a::int ARRAY, a::int ARRAY[4];
SELECT a::int2, a::smallint, a::int, a::integer, a::int4, a::bigint, a::real, a::float, a::float(10), a::float(30), a::double precision, a::decimal, a::dec(5), a::numeric(5, 2), a::boolean;
SELECT a::char, a::char(3), a::character varying, a::character varying(5), a::varchar, a::national character(3), a::nchar varying(4), a::bpchar, a::bit, a::bit(3), a::bit varying, a::bit varying(5), a::"char"
