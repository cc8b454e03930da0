-- Temporary relations as psql shows them: notices, warnings, where an error points.
create table shadowed(a int, b text);
create temp table shadowed(a int, b numeric(8,2) default 1.5);
create global temporary table outdated(a int) on commit delete rows;
select 1 as one into global temp outdated2;
create view of_temp as select * from shadowed;
create or replace view of_temp as select *, a + 1 as c from shadowed;
create temp table public.elsewhere(a int);
create temp view public.elsewhere as select 1;
create table on_commit(a int) on commit drop;
create temp table if not exists shadowed(a int);
create temp table made(a int) on commit preserve rows;
\pset format unaligned
\t on
select regexp_replace(n.nspname, '\d+', 'N'), c.relname, c.relkind, c.relpersistence
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where pg_table_is_visible(c.oid) and (n.nspname = 'public' or n.nspname like 'pg\_temp%') order by 1, 2;
\t off
drop table shadowed;
drop table shadowed cascade;
drop table if exists pg_temp.shadowed, pg_temp.nothing;
explain (costs off) select * from made;
explain (costs off, verbose) insert into made select a from pg_temp.made;
copy made from stdin;
1
2
\.
copy made to stdout;
discard temp;
copy made to stdout;
drop table if exists pg_temp.made;
drop table shadowed;
