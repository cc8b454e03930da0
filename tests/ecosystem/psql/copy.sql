-- \copy both ways, its options and its errors.
create table copied(a int, b text, c date);
\copy copied from stdin
1	one	2024-01-01
2	\N	\N
3	tab\tand\\slash	2024-12-31
\.
\copy copied to 'out.txt'
\copy (select a, b from copied order by a) to 'out.csv' with (format csv, header)
\copy copied from 'out.txt'
select count(*), count(b), min(c) from copied;
create table copied_csv(a int, b text);
\copy copied_csv from 'out.csv' with (format csv, header match)
select * from copied_csv order by a;
\copy copied_csv(a) from stdin csv
7
8
\.
select * from copied_csv order by a;
\copy copied_csv to stdout csv header
copy copied_csv from stdin (format csv, delimiter ';', null 'none');
10;none
11;"semi;colon"
\.
select * from copied_csv where a > 9 order by a;
copy (select a, b from copied_csv where a > 9 order by a) to stdout (format csv, force_quote *);
\copy copied from stdin
5	five
6	six	2024-01-01
\.
\copy copied from stdin
5	five	not a date
\.
\copy copied from stdin
5	five	2024-01-01	more
\.
\copy copied_csv from 'out.csv' csv
\copy nosuch from 'out.csv' csv
\copy copied_csv from 'nosuch.csv' csv
\copy (select nosuch from copied) to 'x'
select count(*) from copied;
begin;
\copy copied_csv from stdin csv
99,x
\.
rollback;
select count(*) from copied_csv where a = 99;
drop table copied;
drop table copied_csv;
