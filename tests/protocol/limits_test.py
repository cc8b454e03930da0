# SPDX-License-Identifier: Apache-2.0
"""How many columns a row may have: its messages count them in 16 bits, PostgreSQL stops at 1,664."""
from pgwire import Connection

TARGETS = 'target lists can have at most 1664 entries'
ROWS = 'ROW expressions can have at most 1664 entries'


def numbers(count):
    return ', '.join(str(i) for i in range(count))


def test_columns_of_a_row(address):
    connection = Connection(address)
    connection.query('create temp table narrow (a int)')
    for sql in (f'select {numbers(1664)}', f'values ({numbers(1664)})',
                f'insert into narrow values (1) returning {numbers(1664)}'):
        result = connection.query(sql)[0]
        assert not result.error and len(result.columns) == len(result.rows[0]) == 1664
    row = connection.query(f'select row({numbers(1664)}) is null')[0]
    assert row.texts() == [['f']]
    for sql, message in ((f'select {numbers(1665)}', TARGETS), (f'values ({numbers(1665)})', TARGETS),
                         (f'select {numbers(70000)}', TARGETS),
                         (f'select * from (select {numbers(1664)}) a, (select 1) b', TARGETS),
                         (f'select {numbers(1664)} order by 1 + random()', TARGETS),
                         (f'select 1 union select {numbers(1665)}', TARGETS),
                         (f'select row({numbers(1665)}) is null', ROWS),
                         (f'insert into narrow values ({numbers(1665)})',
                          'INSERT has more expressions than target columns')):
        error = connection.query(sql)[0].error
        assert error and error.message == message, (sql[:40], error)
        assert error.code == ('42601' if message.startswith('INSERT') else '54011')
    error = connection.query(f'insert into narrow values (1) returning {numbers(1665)}')[0].error
    assert error.code == '54011'  # PostgreSQL says it in other words, when it makes the row
    connection.close()


def test_a_join_may_have_more(address):
    connection = Connection(address)
    result = connection.query(f'select count(*) from (select {numbers(1664)}) a, (select 1) b')[0]
    assert result.texts() == [['1']]
    connection.close()
