# SPDX-License-Identifier: Apache-2.0
"""What single passes of the planner do to a plan, and that answers are the same without them."""
from pgwire import Connection

SETUP = """
create table customers(id int, region int, name text);
create table sales(id int, customer int, day date, amount numeric(10,2));
insert into customers select g, g % 10, 'customer ' || g from generate_series(1, 1000) g;
insert into sales select g, g % 2000, date '2024-01-01' + g % 365, g % 500
  from generate_series(1, 40000) g;
"""


def opened(address):
    connection = Connection(address)
    for result in connection.query(SETUP):
        assert not result.error, result.error
    return connection


def plan(connection, query):
    result = connection.query('explain verbose ' + query)[-1]
    assert not result.error, result.error
    return '\n'.join(row[0].decode() for row in result.rows)


def both(connection, query, pass_name):
    """-> the plan with the pass, the plan without it; the answers are the same."""
    with_it, answer = plan(connection, query), connection.query(query)[-1].texts()
    connection.query(f'set gotgan.passes_off = {pass_name}')
    without, other = plan(connection, query), connection.query(query)[-1].texts()
    connection.query('reset gotgan.passes_off')
    assert sorted(answer) == sorted(other) and answer, pass_name
    return with_it, without


def close(connection):
    connection.query('drop table customers, sales')
    connection.close()


def test_domain(address):
    c = opened(address)
    query = "select count(*) from sales where day < date '2024-02-01' + interval '1 month'"
    with_it, without = both(c, query, 'domain')
    assert "Filter: (sales.day < '2024-03-01'::date)" in with_it, with_it
    assert "'2024-03-01'::date" not in without, without
    later = ("select count(*) from sales where day >= timestamp '2024-06-01 12:00' "
             "and day <> timestamp '2024-07-01 01:00'")
    assert "(sales.day > '2024-06-01'::date)" in both(c, later, 'domain')[0]
    close(c)


def test_runtime_filters(address):
    c = opened(address)
    query = ('select sum(amount) from sales join customers c on customer = c.id '
             'where c.region = 3')
    with_it, without = both(c, query, 'runtime_filters')
    assert 'Runtime Filter: customer' in with_it and 'Runtime Filter' not in without, with_it
    grouped = ('select c.name, s.total from customers c join (select customer, sum(amount) as total '
               "from sales group by customer) s on s.customer = c.id where c.name like '%77'")
    assert 'Runtime Filter: customer' in both(c, grouped, 'runtime_filters')[0]
    left = 'select count(c.id) from sales left join customers c on customer = c.id and c.region = 3'
    assert 'Runtime Filter' not in both(c, left, 'runtime_filters')[0]
    close(c)


def test_shared_subplans(address):
    c = opened(address)
    of = 'from sales join customers c on customer = c.id where c.region = 3'
    query = (f'select customer, sum(amount) {of} group by customer '
             f'having sum(amount) > (select sum(amount) * 0.01 {of})')
    with_it, without = both(c, query, 'shared_subplans')
    assert with_it.count('CTE Scan on shared_rows') == 2, with_it
    assert 'CTE' not in without, without
    drawn = (f'select count(*) {of} and random() >= 0 '
             f'having count(*) >= (select count(*) {of} and random() >= 0)')
    assert 'CTE' not in both(c, drawn, 'shared_subplans')[0]
    close(c)


def test_column_pruning(address):
    c = opened(address)
    with_it, without = both(c, 'select count(name) from customers', 'column_pruning')
    assert with_it != without  # the width of the scan
    close(c)


def test_semi_joins_build_the_smaller_side(address):
    c = opened(address)
    query = ('select id from customers c where region = 3 and {} '
             '(select 1 from sales where customer = c.id and amount > 490)')
    for word, name in (('exists', 'Semi'), ('not exists', 'Anti')):
        with_it, _ = both(c, query.format(word), 'join_order')
        assert f'Hash Right {name} Join' in with_it, with_it
    close(c)
