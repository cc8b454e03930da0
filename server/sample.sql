-- The schema `sample`: a shop with its customers, products, orders, order lines and web events.
-- About a million rows, the same on every machine: generate_series and integer arithmetic only.
-- `gotgand --sample` runs this text on a fresh directory; PostgreSQL 15 runs it as it is.
--
-- Numbers that look drawn come from one multiplication after the other, modulo the prime
-- 2147483647: (g * 48271 % 2147483647) * 69621 % 2147483647.
begin;

create schema sample;

create table sample.customers (
    customer_id integer not null,
    name        text not null,
    city        text not null,
    country     text not null,
    segment     text not null,
    joined      date not null
);

create table sample.products (
    product_id integer not null,
    name       text not null,
    category   text not null,
    price      numeric(10, 2) not null
);

create table sample.orders (
    order_id    integer not null,
    customer_id integer not null,
    ordered_at  timestamp not null,
    status      text not null
);

create table sample.order_lines (
    order_id   integer not null,
    line       integer not null,
    product_id integer not null,
    quantity   integer not null,
    unit_price numeric(10, 2) not null
);

create table sample.web_events (
    event_id    bigint not null,
    happened_at timestamptz not null,
    customer_id integer,                -- null: nobody was logged in
    kind        text not null,
    page        text not null,
    duration_ms integer not null
);

insert into sample.customers
select g, f.name || ' ' || l.name, c.city, c.country,
       case when g % 10 = 0 then 'enterprise' when g % 10 < 4 then 'business' else 'consumer' end,
       date '2020-01-01' + (g::bigint * 48271 % 2147483647 % 1461)::integer
from generate_series(1, 20000) g
join (values (0, 'Ada'), (1, 'Bela'), (2, 'Chidi'), (3, 'Dana'), (4, 'Emil'), (5, 'Farah'),
             (6, 'Goro'), (7, 'Hanna'), (8, 'Ines'), (9, 'Jun'), (10, 'Kofi'), (11, 'Lena'),
             (12, 'Minh'), (13, 'Noor'), (14, 'Olga'), (15, 'Pau')) f (id, name) on f.id = g % 16
join (values (0, 'Abe'), (1, 'Bauer'), (2, 'Costa'), (3, 'Diop'), (4, 'Eriksen'), (5, 'Fischer'),
             (6, 'Garcia'), (7, 'Hansen'), (8, 'Ito'), (9, 'Jensen'), (10, 'Kim'), (11, 'Lopez'),
             (12, 'Mensah')) l (id, name) on l.id = g / 16 % 13
join (values (0, 'Berlin', 'Germany'), (1, 'Hamburg', 'Germany'), (2, 'Lyon', 'France'),
             (3, 'Paris', 'France'), (4, 'Madrid', 'Spain'), (5, 'Seoul', 'South Korea'),
             (6, 'Busan', 'South Korea'), (7, 'Osaka', 'Japan'), (8, 'Nairobi', 'Kenya'),
             (9, 'Oslo', 'Norway'), (10, 'Lima', 'Peru')) c (id, city, country)
  on c.id = g::bigint * 69621 % 2147483647 % 11;

insert into sample.products
select g, t.name || ' no. ' || g, t.category,
       t.price + (g::bigint * 48271 % 2147483647 % 4000)::numeric / 100
from generate_series(1, 1000) g
join (values (0, 'Notebook', 'paper', 2), (1, 'Pencil', 'paper', 1), (2, 'Lamp', 'light', 25),
             (3, 'Chair', 'furniture', 80), (4, 'Desk', 'furniture', 150),
             (5, 'Keyboard', 'computers', 30), (6, 'Screen', 'computers', 120),
             (7, 'Kettle', 'kitchen', 20), (8, 'Cup', 'kitchen', 4)) t (id, name, category, price)
  on t.id = g % 9;

-- The later of two days: the shop grows over its three years.
insert into sample.orders
select g, 1 + (g::bigint * 69621 % 2147483647 % 20000)::integer,
       timestamp '2022-01-01'
         + greatest(g::bigint * 48271 % 2147483647 % 1096,
                    (g::bigint + 7) * 69621 % 2147483647 % 1096) * interval '1 day'
         + (g::bigint * 16807 % 2147483647 % 86400) * interval '1 second',
       case when g % 25 = 0 then 'returned' when g % 40 = 1 then 'cancelled' else 'shipped' end
from generate_series(1, 150000) g;

-- Every order has room for six lines and uses one to six of them.
insert into sample.order_lines
select s.order_id, s.line, p.product_id,
       1 + (s.order_id::bigint * s.line * 16807 % 2147483647 % 5)::integer, p.price
from (select (g + 5) / 6 as order_id, 1 + (g + 5) % 6 as line
      from generate_series(1, 900000) g) s
join sample.products p
  on p.product_id = 1 + (s.order_id::bigint * 48271 + s.line * 7919) % 2147483647 * 69621
                        % 2147483647 % 1000
where s.line <= 1 + s.order_id::bigint * 48271 % 2147483647 % 6;

insert into sample.web_events
select g,
       timestamptz '2024-01-01 00:00:00+00'
         + (g::bigint * 86 + g::bigint * 48271 % 2147483647 % 86) * interval '1 second',
       case when g % 3 > 0 then 1 + (g::bigint * 48271 % 2147483647 % 20000)::integer end,
       case when g % 20 = 0 then 'buy' when g % 20 < 5 then 'basket' else 'view' end,
       case when g % 7 = 0 then '/' else '/product/' || 1 + g::bigint * 69621 % 2147483647 % 1000 end,
       (20 + g::bigint * 16807 % 2147483647 % 5000)::integer
from generate_series(1, 350000) g;

commit;
