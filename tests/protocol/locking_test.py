# SPDX-License-Identifier: Apache-2.0
"""SELECT FOR UPDATE that waits can be given up, and portals that lock may be read piece by piece."""
import threading
import time

from pgwire import Connection


def locked(address):
    """-> a connection in a transaction that holds row 1 of the table held"""
    holder = Connection(address)
    for result in holder.query('drop table if exists held; create table held(a int, b int);'
                               'insert into held select g, 0 from generate_series(1, 5000) g'):
        assert not result.error, result.error
    holder.query('begin')
    assert holder.query('select a from held where a = 1 for update')[0].texts() == [['1']]
    return holder


def error_of(session, sql):
    result = session.query(sql)[-1]
    assert result.error, (sql, result.tag)
    return result.error.code, result.error.message


def test_waits_are_given_up(address):
    holder, waiter = locked(address), Connection(address)
    waiter.query("set lock_timeout = '200ms'")
    got = error_of(waiter, 'select * from held where a = 1 for share')
    assert got == ('55P03', 'canceling statement due to lock timeout'), got
    waiter.query("set lock_timeout = 0; set statement_timeout = '200ms'")
    got = error_of(waiter, 'select * from held for update')
    assert got == ('57014', 'canceling statement due to statement timeout'), got
    waiter.query('set statement_timeout = 0')
    timer = threading.Timer(0.3, waiter.cancel)
    timer.start()
    got = error_of(waiter, 'select count(*) from (select * from held where a < 3 for update) s')
    timer.join()
    assert got == ('57014', 'canceling statement due to user request'), got
    # what it had locked before is free again
    assert holder.query('update held set b = 1 where a = 2')[0].tag == 'UPDATE 1'
    holder.query('commit')
    assert waiter.query('select b from held where a = 2 for update')[0].texts() == [['1']]
    waiter.close()
    holder.close()


def test_statement_starts_again(address):
    """Every wait may end in a changed row: the answer is that of the newest rows."""
    holder, waiter, other = locked(address), Connection(address), Connection(address)
    other.query('begin; select a from held where a = 2 for no key update')

    def change():
        holder.query('update held set b = 5 where a = 1; commit')
        time.sleep(0.2)
        other.query('update held set b = 6 where a = 2; commit')
    timer = threading.Timer(0.2, change)
    timer.start()
    result = waiter.query('select sum(b) from (select b from held where a < 4 for update) s')[0]
    timer.join()
    assert not result.error, result.error
    assert result.texts() == [['11']], result.texts()
    waiter.close()
    other.close()
    holder.close()


def test_writes_do_not_start_again(address):
    """A statement that also writes answers 40001 instead."""
    holder, waiter = locked(address), Connection(address)
    timer = threading.Timer(0.2, lambda: holder.query('update held set b = 5 where a = 1; commit'))
    timer.start()
    got = error_of(waiter, 'insert into held select a, b from held where a = 1 for update')
    timer.join()
    assert got == ('40001', 'could not serialize access due to concurrent update'), got
    waiter.close()
    holder.close()
