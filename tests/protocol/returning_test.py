# SPDX-License-Identifier: Apache-2.0
"""RETURNING through a portal with a row limit: the statement runs whole at the first Execute, its
rows are given out as they are asked for."""
from pgwire import (FLUSH, SYNC, Connection, bind_message, describe_message, execute_message,
                    parse_message)


def table_of(connection):
    connection.query('drop table if exists returned')
    connection.query('create table returned(a int, b text)')
    connection.query("insert into returned select i, 'r' || i from generate_series(1, 5) i")


def open_portal(connection, sql, rows):
    connection.send(parse_message('', sql) + bind_message('p', '') + describe_message('P', 'p') +
                    execute_message('p', rows) + FLUSH)
    return next_batch(connection)


def next_batch(connection):
    """-> rows, CommandComplete's tag or 's' or the error"""
    rows = []
    while True:
        kind, body = connection.receive()
        if kind == 'D':
            rows.append(body)
        elif kind == 'C':
            return len(rows), body[:-1].decode()
        elif kind in 'sE':
            return len(rows), kind


def more(connection, rows):
    connection.send(execute_message('p', rows) + FLUSH)
    return next_batch(connection)


def count_of(connection):
    return connection.query('select count(*) from returned')[0].texts()[0][0]


def test_rows_wait_for_execute(address):
    connection, other = Connection(address), Connection(address)
    table_of(connection)
    connection.query('begin')
    assert open_portal(connection, 'delete from returned returning a', 2) == (2, 's')
    assert more(connection, 2) == (2, 's')
    assert more(connection, 2) == (1, 'DELETE 1')
    connection.send(SYNC)
    connection.collect()
    assert count_of(connection) == '0'
    assert count_of(other) == '5'
    connection.query('commit')
    assert count_of(other) == '0'
    connection.close()
    other.close()


def test_all_is_done_at_the_first_execute(address):
    connection = Connection(address)
    table_of(connection)
    connection.query('begin')
    assert open_portal(connection, 'update returned set a = a + 10 returning a', 1) == (1, 's')
    connection.send(SYNC)  # the rest is never read
    connection.collect()
    assert connection.query('select min(a) from returned')[0].texts() == [['11']]
    connection.query('commit')
    connection.close()


def test_with_and_queries(address):
    connection = Connection(address)
    table_of(connection)
    connection.query('begin')
    sql = 'with x as (delete from returned where a > 1 returning a) select a from x order by a'
    assert open_portal(connection, sql, 3) == (3, 's')
    assert more(connection, 0) == (1, 'SELECT 1')
    connection.send(SYNC)
    connection.collect()
    assert count_of(connection) == '1'
    connection.query('commit')
    sql = "insert into returned values (7, 'x'), (8, 'y') returning a, (select count(*) from returned)"
    connection.query('begin')
    assert open_portal(connection, sql, 1) == (1, 's')
    assert more(connection, 0) == (1, 'INSERT 0 1')
    connection.send(SYNC)
    connection.collect()
    connection.query('commit')
    assert count_of(connection) == '3'
    connection.query('drop table returned')
    connection.close()
