-- psql's own commands over the server: variables, \gdesc, \gset, \gexec, \if, \x, \pset, \timing.
\set who 'O''Brien'
select :'who' as who, length(:'who');
\set col total
select 1 as :"col";
select 1 as a, 'x'::varchar(3) as b, now() as c, 1.5::numeric(4, 2) as d, null as e \gdesc
select 42 as answer, 'six' as digits \gset
\echo :answer :digits
\if :{?answer}
select :answer * 2 as twice;
\else
select 'not reached';
\endif
select format('select %s as n', g) from generate_series(1, 3) g \gexec
create table wide(id int, note text, day date, amount numeric(8, 2), ok boolean);
insert into wide values (1, 'first', '2024-01-31', 12.50, true), (2, null, null, null, false);
select * from wide order by id;
\x on
select * from wide order by id;
\x off
\pset null '(null)'
\pset format unaligned
\pset fieldsep ','
select * from wide order by id;
\pset format csv
select * from wide order by id;
\pset format aligned
\pset border 2
select * from wide order by id;
\pset border 1
\pset null ''
\t on
select count(*) from wide;
\t off
\timing on
select 1;
\timing off
select 'a' as x \g
select 1 as one \; select 2 as two;
values (1, 'x'), (2, 'y');
table wide;
prepare by_id(int) as select note from wide where id = $1;
execute by_id(1);
deallocate by_id;
select id, note from wide where id < 0;
select from wide;
\dt
\dv
create view notes as select id, note from wide;
\dv
drop view notes;
drop table wide;
