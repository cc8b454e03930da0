# SPDX-License-Identifier: Apache-2.0
"""pg_sleep: how long, for each row, and what ends it; sleepers take no worker from anybody."""
import threading
import time

from pgwire import Connection


def seconds(connection, sql):
    start = time.monotonic()
    result = connection.query(sql)[-1]
    return time.monotonic() - start, result


def table(address):
    c = Connection(address)
    c.query('drop table if exists sleepers')
    c.query('create table sleepers as select g from generate_series(1, 300000) g')
    return c


def test_length(address):
    c = Connection(address)
    for sql in ('select pg_sleep(0.2)', "select pg_sleep_for('200 milliseconds')",
                "select pg_sleep_until(clock_timestamp() + interval '0.2 s')",
                'select pg_sleep(0.1) from generate_series(1, 2)',
                'select count(pg_sleep(0.05)) from generate_series(1, 4)'):
        took, result = seconds(c, sql)
        assert not result.error and 0.19 < took < 2, (sql, took, result.error)
    took, result = seconds(c, "select pg_sleep(-1), pg_sleep('nan'), pg_sleep(null), "
                           "pg_sleep_for('-1 hour'), pg_sleep_until('-infinity')")
    assert took < 1 and result.rows == [[b'', b'', None, b'', b'']]
    assert result.columns[0].oid == 2278
    c.close()


def test_only_rows_that_are_asked(address):
    c = table(address)
    took, result = seconds(c, 'select count(*) from sleepers where g < 4 and pg_sleep(0.1) is not null')
    assert result.texts() == [['3']] and 0.29 < took < 2, took
    took, result = seconds(c, 'select case when g = 5 then pg_sleep(0.2) end from sleepers where g < 10')
    assert len(result.rows) == 9 and 0.19 < took < 2, took
    c.close()


def test_timeout(address):
    c = table(address)
    c.query('set statement_timeout = 200')
    for sql in ('select pg_sleep(20)', 'select pg_sleep(20) from sleepers',
                'select count(pg_sleep(0.001)) from sleepers', "select pg_sleep('infinity')",
                'select 1 where pg_sleep(20) is null'):
        took, result = seconds(c, sql)
        assert result.error.code == '57014' and 0.19 < took < 1, (sql, took, result.error)
    c.query('set statement_timeout = 0')
    assert c.query('select 1')[0].texts() == [['1']]
    c.close()


def test_cancel(address):
    c = table(address)
    for sql in ('select pg_sleep(20)', 'select count(pg_sleep(20)) from sleepers'):
        timer = threading.Timer(0.2, c.cancel)
        timer.start()
        took, result = seconds(c, sql)
        timer.join()
        assert result.error.code == '57014' and took < 1, (sql, took, result.error)
    c.close()


def test_sleepers_leave_the_workers_to_others(address):
    """More of them than there are workers, each inside a scan."""
    c = table(address)
    sleepers = [Connection(address) for _ in range(12)]
    threads = [threading.Thread(target=s.query, args=(
        'select count(pg_sleep(1.5)) from sleepers where g = 77',)) for s in sleepers]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    took, result = seconds(c, 'select sum(g) from sleepers')
    assert result.texts() == [['45000150000']] and took < 1, took
    for thread in threads:
        thread.join()
    assert time.monotonic() - start < 5
    for s in sleepers:
        assert s.query('select 1')[0].texts() == [['1']]
        s.close()
    c.close()
