-- What `make demo` shows: a table, a million rows, an aggregate, a join, a transaction.
\timing on
create table visits(day date, page text, milliseconds int);
insert into visits
    select date '2024-01-01' + g % 366, 'page ' || g % 50, g % 977 from generate_series(1, 1000000) g;
select date_trunc('month', day)::date as month, count(*), avg(milliseconds)::numeric(10, 2)
    from visits group by 1 order by 1;
create table owners as select 'page ' || g as page, 'team ' || g % 3 as team from generate_series(0, 49) g;
select team, count(*), max(milliseconds) from visits join owners using (page) group by team order by team;
begin;
delete from visits where page = 'page 7';
select count(*) from visits;
rollback;
select count(*) from visits;
