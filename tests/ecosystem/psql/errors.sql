-- What a wrong query shows: severity, text, LINE with the caret, DETAIL, HINT.
selec 1;
select nosuch;
select *
  from nosuch
 where a = 1;
select a, b from (select 1 as a) s;
select 1 +;
select 'unfinished;
';
select nosuch(1);
select lenght('abc');
select 1 + 'x';
select 1 + date '2024-01-01' * 2;
select true + 1;
select 'x'::int, '2024-02-30'::date;
create table shown(id int not null, name text, price numeric(5, 2) check (price > 0));
insert into shown values (1);
insert into shown values (null, 'x', 1);
insert into shown values (1, 'x', 0);
insert into shown values (1, 'x', 1000);
insert into shown values (1, 'x', 1, 2);
insert into shown(id, nam) values (1, 'x');
insert into shown(id, id) values (1, 1);
update shown set nosuch = 1;
delete from shown where nam = 'x';
select id, count(*) from shown;
select name from shown group by id;
select count(*) from shown where count(*) > 1;
select * from shown order by 4;
select s.nosuch from shown s;
select shown.id from shown s;
select t.id from shown s;
select id from shown a, shown b;
drop table nosuch;
drop table if exists nosuch;
create table shown(a int);
create table if not exists shown(a int);
drop schema nosuch;
select 1/0;
select 2147483647 + 1;
select 9223372036854775807 + 1;
select sqrt(-1);
select substring('abc' from -1 for -2);
select repeat('äöü', 3) || 'ß', nosuch from shown;
\set VERBOSITY sqlstate
select 1/0;
\set VERBOSITY terse
select nosuch;
\set VERBOSITY default
begin;
select 1/0;
select 1;
commit;
drop table shown;
