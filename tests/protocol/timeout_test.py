# SPDX-License-Identifier: Apache-2.0
"""Timeouts that end statements and sessions, and how fast a cancel request stops what runs."""
import threading
import time

from pgwire import Closed, Connection, ServerError, message

CANCEL_SECONDS = 0.1
SLOW_BUILD_SECONDS = 0.6  # under a sanitizer


def error_of(connection, sql):
    error = connection.query(sql)[-1].error
    assert error, sql
    return error.code, error.message


def value(connection, sql):
    result = connection.query(sql)[-1]
    assert not result.error, result.error
    return result.texts()[0][0]


def locked_row(address):
    """-> a connection that holds a row of the table waited"""
    holder = Connection(address)
    holder.query('drop table if exists waited')
    holder.query('create table waited(a int, b int); insert into waited values (1, 1), (2, 2)')
    holder.query('begin')
    holder.query('update waited set b = 10 where a = 1')
    return holder


def test_lock_timeout_of_a_row(address):
    holder, waiter = locked_row(address), Connection(address)
    waiter.query("set lock_timeout = '200ms'")
    assert value(waiter, 'show lock_timeout') == '200ms'
    begin = time.monotonic()
    got = error_of(waiter, 'update waited set b = 20 where a = 1')
    assert got == ('55P03', 'canceling statement due to lock timeout'), got
    assert 0.15 < time.monotonic() - begin < 3
    assert waiter.query('update waited set b = 20 where a = 2')[0].tag == 'UPDATE 1'
    timer = threading.Timer(0.1, lambda: holder.query('commit'))
    waiter.query("set lock_timeout = '20s'")
    timer.start()
    assert waiter.query('delete from waited where a = 2')[0].tag == 'DELETE 1'
    timer.join()
    waiter.close()
    holder.close()


def test_lock_timeout_of_a_table(address):
    holder, waiter = locked_row(address), Connection(address)
    waiter.query('set lock_timeout = 100')
    for sql in ('drop table waited', 'truncate waited', 'alter table waited add column c int'):
        got = error_of(waiter, sql)
        assert got == ('55P03', 'canceling statement due to lock timeout'), (sql, got)
    waiter.query('set lock_timeout = 0')
    waiter.query('set statement_timeout = 100')
    for sql in ('drop table waited', 'delete from waited where a = 1'):
        got = error_of(waiter, sql)
        assert got == ('57014', 'canceling statement due to statement timeout'), (sql, got)
    holder.query('rollback')
    assert value(waiter, 'select sum(b) from waited') == '3'
    waiter.close()
    holder.close()


def test_statement_timeout(address):
    session = Connection(address)
    session.query("set statement_timeout = '50ms'")
    got = error_of(session, 'select count(*) from generate_series(1, 1000000000) a')
    assert got == ('57014', 'canceling statement due to statement timeout'), got
    assert value(session, 'select 1') == '1'
    session.close()


def ended(session, seconds):
    """-> the last words of a server that ends an idle session"""
    begin = time.monotonic()
    kind, body = session.receive()
    error = ServerError(body)
    assert kind == 'E' and error.severity == 'FATAL' and session.is_closed()
    assert seconds * 0.5 < time.monotonic() - begin < seconds + 3
    return error.code, error.message


def test_idle_in_transaction(address):
    holder = locked_row(address)
    holder.query("set idle_in_transaction_session_timeout = '300ms'")
    got = ended(holder, 0.3)
    assert got == ('25P03', 'terminating connection due to idle-in-transaction timeout'), got
    other = Connection(address)  # its locks and its changes are gone
    assert other.query('update waited set b = 5 where a = 1')[0].tag == 'UPDATE 1'
    other.query("set idle_in_transaction_session_timeout = '100ms'")
    time.sleep(0.4)
    assert value(other, 'select b from waited where a = 1') == '5'  # outside of a transaction
    other.query('begin; select 1/0')
    assert ended(other, 0.1)[0] == '25P03'


def test_idle_session(address):
    session = Connection(address)
    session.query("set idle_session_timeout = '100ms'")
    got = ended(session, 0.1)
    assert got == ('57P05', 'terminating connection due to idle-session timeout'), got
    session = Connection(address, {'options': '-c idle_session_timeout=100'})
    assert ended(session, 0.1)[0] == '57P05'


def test_show_all(address):
    session = Connection(address)
    session.query("set application_name = 'all of them'")
    result = session.query('show all')[0]
    assert [c.name for c in result.columns] == ['name', 'setting', 'description']
    assert [c.oid for c in result.columns] == [25, 25, 25]
    names = [name for name, _, _ in result.texts()]
    assert names == sorted(names, key=str.lower) and len(names) > 30
    settings = {name: setting for name, setting, _ in result.texts()}
    assert settings['application_name'] == 'all of them' and settings['lock_timeout'] == '0'
    assert result.tag == 'SHOW'
    for name in names:
        assert value(session, 'show ' + name) == settings[name], name
    session.close()


# ---- cancel ----

def cancelled(address, session, sql, settle=0.3):
    """Runs sql, cancels it after `settle` seconds. -> seconds from the cancel to the answer"""
    when = []

    def cancel():
        when.append(time.monotonic())
        session.cancel()
    timer = threading.Timer(settle, cancel)
    timer.start()
    result = session.query(sql)[-1]
    end = time.monotonic()
    timer.join()
    assert result.error and result.error.code == '57014', (sql, result.error, result.tag)
    assert value(session, 'select 1') == '1'
    return end - when[0]


def rows(address, count):
    session = Connection(address)
    session.query('drop table if exists big')
    session.query(f'create table big as select g as a, g % 1000 as b, g::text as c '
                  f'from generate_series(1, {count}) g')
    return session


def test_cancel_is_fast(address, program):
    limit = SLOW_BUILD_SECONDS if 'asan' in program else CANCEL_SECONDS
    session = rows(address, 300000)
    for what, sql in (
            ('scan', 'select count(*) from big x, big y where x.a + y.a = -1'),
            ('join', 'select count(*) from big x join big y using (b) join big z using (b)'),
            ('sort', 'select * from (select x.c from big x join big y on x.b = y.b '
                     'order by x.c, y.c) s offset 1000000000'),
            ('aggregate', 'select x.a, y.a, count(*) from big x join big y using (b) '
                          'group by 1, 2'),
            ('series', 'select max(a) from generate_series(1, 1000000000000) a'),
            ('copy', 'copy (select x.a from big x join big y using (b) join big z using (b) '
                     'where x.a + y.a + z.a = -1) to stdout'),
            ('insert', 'insert into big select x.a, 1, x.c from big x join big y using (b)'),
            ('update', 'update big set c = c || c where (select count(*) from big y '
                       'where y.a <> big.a and y.b = big.b) > 0')):
        took = min(cancelled(address, session, sql) for _ in range(3))
        print(f'cancel of {what}: {took * 1000:.0f} ms')
        assert took < limit, (what, took)
    session.close()


LONG = 200_000_000  # bytes of one value


def test_cancel_inside_one_value(address, program):
    limit = SLOW_BUILD_SECONDS if 'asan' in program else CANCEL_SECONDS
    session = rows(address, 1)
    session.query("create table if not exists part as select 'abcdefghij' as a, 'äbcüe' as u")
    ascii, umlauts = (f'repeat({column}, {LONG // size})' for column, size in (('a', 10), ('u', 7)))
    for what in (f'upper({umlauts})', f'initcap({ascii})', f"ltrim({ascii}, 'abcdefghij')",
                 f"translate({ascii}, 'bc', 'x')", f"{ascii} ilike '%jk%'",
                 f"encode({ascii}::bytea, 'hex')", f"decode({ascii}, 'escape')",
                 f'({ascii}::bytea)::text', f'quote_literal({ascii})',
                 f"convert_to({umlauts}, 'LATIN1')", f"convert_to({umlauts}, 'GB18030')"):
        sql = f'select count({what}) from part'
        took = min(cancelled(address, session, sql, 0.2) for _ in range(3))
        print(f'cancel of {what}: {took * 1000:.0f} ms')
        assert took < limit, (what, took)
    session.close()


def test_cancel_of_copy_from(address):
    session = rows(address, 10)
    session.send(message('Q', b'copy big from stdin\0'))
    session.receive_until('G')
    session.send(message('d', b'1\t2\tx\n'))
    time.sleep(0.1)
    begin = time.monotonic()
    session.cancel()
    kind, body = session.receive_until('E')[-1]
    assert ServerError(body).code == '57014' and time.monotonic() - begin < CANCEL_SECONDS * 5
    session.send(message('d', b'1\t2\tx\n') + message('c'))  # ignored: COPY is over
    session.receive_until('Z')
    assert value(session, 'select count(*) from big') == '10'
    session.close()


def test_cancel_while_a_lock_is_waited_for(address):
    holder, waiter = locked_row(address), Connection(address)
    for sql in ('update waited set b = 20 where a = 1', 'drop table waited'):
        assert cancelled(address, waiter, sql, 0.1) < 0.5
    holder.query('commit')
    try:
        holder.close()
    except Closed:
        pass


def test_rows_that_take_milliseconds(address):
    """2,048 of them are one call: it is left in the middle."""
    connection = Connection(address)
    connection.query('set statement_timeout = 200')
    for sql in ('select sum((9.5 + g / 1e9) ^ 8000::numeric) from generate_series(1, 20000) g',
                'select sum(length(factorial(2000 + g)::text)) from generate_series(1, 3000) g'):
        begin = time.monotonic()
        got = error_of(connection, sql)
        assert got == ('57014', 'canceling statement due to statement timeout'), got
        assert time.monotonic() - begin < 2
    connection.query('set statement_timeout = 0')
    timer = threading.Timer(0.2, connection.cancel)
    timer.start()
    begin = time.monotonic()
    assert error_of(connection, 'select sum(length(factorial(2000 + g)::text)) '
                                'from generate_series(1, 3000) g')[0] == '57014'
    assert time.monotonic() - begin < 2
    timer.join()
    connection.close()


def test_one_value_that_takes_seconds(address, program):
    """One row, and a constant: the first is a worker's, the second the session's own."""
    limit = 3 if 'asan' in program else 1
    connection = Connection(address)
    for kind, sql in (
            ('regex', "select (repeat('ab', 20000) || %s) ~ '(a.*b.*)+[xd]'"),
            ('replace', "select regexp_replace(repeat('a', 5000000) || %s, 'a', 'bb', 'g') is null"),
            ('translate', "select length(translate(repeat('abc', 20000000) || %s, 'xyzabc', '123xyz'))"),
            ('root', "select sqrt((repeat('9', 120000) || length(%s))::numeric) > 0")):
        for where, text in (('constant', sql % "'c'"),
                            ('row', sql % 'g::text' + ' from generate_series(7, 7) g')):
            connection.query('set statement_timeout = 100')
            begin = time.monotonic()
            result = connection.query(text)[-1]
            took = time.monotonic() - begin
            print(f'timeout of {kind} {where}: {took * 1000:.0f} ms')
            got = result.error and (result.error.code, result.error.message)
            assert got == ('57014', 'canceling statement due to statement timeout'), (text, got)
            assert took < limit, (text, took)
            connection.query('set statement_timeout = 0')
            took = cancelled(address, connection, text, 0.1)
            print(f'cancel of {kind} {where}: {took * 1000:.0f} ms')
            assert took < limit, (text, took)
    connection.close()
