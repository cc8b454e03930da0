SELECT a::time, a::time(3), a::time with time zone, a::time(2) with time zone, a::timestamp, a::timestamp without time zone, a::timestamp(3) with time zone, a::timestamptz(2), a::date;
SELECT a::interval, a::interval(3), a::interval year, a::interval year to month, a::interval day to second(3), a::interval hour to minute, a::interval second(2), a::interval minute to second;
SELECT date '2020-01-01', time '10:00', timestamp '2020-01-01', timestamp with time zone '2020-01-01 00:00', timestamptz(3) 'x', interval '1' day, interval '1' day to second(3), interval(3) '1 s', interval '1 year 2 months';
SELECT double precision '1.5', int '1', numeric '1.5', bool 't', boolean 'f', float8 '1', char 'abc', varchar(3) 'abc', bit '101', s.t 'x', f(3) 'x', character varying 'v', time(3) with time zone 'x';
SELECT CASE WHEN a THEN b END, CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END, CASE WHEN a THEN CASE WHEN b THEN c END ELSE d END;
SELECT COALESCE(a, b, c), NULLIF(a, b), GREATEST(a, b), LEAST(1, 2, 3);
SELECT EXTRACT(year FROM a), EXTRACT('epoch' FROM b), EXTRACT(dow FROM c + d), extract(century FROM timestamp '2020-01-01');
SELECT OVERLAY(a PLACING b FROM 1 FOR 2), OVERLAY(a PLACING b FROM 1), overlay(a, b, 1), POSITION('a' IN b), POSITION(a || b IN c);
SELECT SUBSTRING(a FROM 1 FOR 2), SUBSTRING(a FROM 2), SUBSTRING(a FOR 3), SUBSTRING(a FOR 3 FROM 1), SUBSTRING(a, 1, 2), SUBSTRING(a SIMILAR b ESCAPE c), substring();
SELECT TRIM(a), TRIM(BOTH FROM a), TRIM(LEADING 'x' FROM a), TRIM(TRAILING FROM a), TRIM('x' FROM a), TRIM(a, b), TRIM(BOTH a, b);
SELECT CURRENT_DATE, CURRENT_TIME, CURRENT_TIME(3), CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(0), LOCALTIME, LOCALTIME(1), LOCALTIMESTAMP, LOCALTIMESTAMP(2);
SELECT CURRENT_USER, SESSION_USER, USER, CURRENT_ROLE, CURRENT_CATALOG, CURRENT_SCHEMA, current_schema()
