SELECT f(), f(1), s.f(a, b), f(a => 1, b := 2), f(VARIADIC a), f(1, VARIADIC b), f(DISTINCT a, b), f(ALL a), count(*), f(a ORDER BY b DESC, c), f(DISTINCT a ORDER BY a);
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a), sum(a) FILTER (WHERE b > 1), sum(a) FILTER (WHERE b) OVER w, mode() WITHIN GROUP (ORDER BY a) FILTER (WHERE b);
SELECT EXISTS (SELECT 1), (SELECT 1), (SELECT a FROM t) + 1, ARRAY(SELECT 1), ((SELECT 1)), NOT EXISTS (SELECT 1);
SELECT ARRAY[1, 2], ARRAY[[1, 2], [3, 4]], ARRAY[]::int[], ARRAY[ARRAY[1], ARRAY[2]];
SELECT ROW(1, 2), ROW(), ROW(1), (1, 2), (1, (2, 3)), ROW(a.*, b), (a, b) = (c, d), ROW(1, 2) < ROW(3, 4);
SELECT (a, b) OVERLAPS (c, d), ROW(a, b) OVERLAPS (c, d);
SELECT (a).b, (a).*, (a).b.c, (f(x)).y, a[1], a[1][2], a[1:2], a[:2], a[1:], a[:], a.b[1].c, (a[1]).b, ($1).x, $1, $2[1], (SELECT a).b;
SELECT a.b.c, a.b.c.d, t.*, s.t.*, (t.a).*, count(t.*);
SELECT GROUPING(a, b), grouping(c) FROM t GROUP BY a;
SELECT COLLATION FOR ('x'), TREAT(a AS int);
SELECT left('abc', 1), right('abc', 2), "left"('x', 1), s.left(1), "select"(1), if(a, b), replace(a, b, c);
SELECT '', 'it''s', 'a\b', E'a\nb\'c\\d\t\x41\101\u00e9\U0001F600', U&'d\0061t\+000061', U&'d!0061' UESCAPE '!', $$a'b$$, $tag$x$$y$tag$, B'0101', X'1FaB', N'abc'
