# SPDX-License-Identifier: Apache-2.0
"""Temporary relations over the lives of sessions and servers: how each way of ending takes them along,
what others see of them, and prepared statements that meet them."""
import signal
import time

from pgwire import Connection, bind_message, execute_message, message, parse_message
from server_process import Gotgan

LEFT = "select count(*) from pg_class where relpersistence = 't'"
SCHEMAS = r"select count(*) from pg_namespace where nspname like 'pg\_temp\_%'"


def value(connection, sql):
    result = connection.query(sql)[-1]
    assert not result.error, result.error
    return result.texts()[0][0]


def error_of(connection, sql):
    error = connection.query(sql)[-1].error
    assert error, sql
    return error.code, error.message


def wait_until_gone(connection):
    deadline = time.monotonic() + 10
    while (value(connection, LEFT), value(connection, SCHEMAS)) != ('0', '0'):
        assert time.monotonic() < deadline, value(connection, LEFT)
        time.sleep(0.02)


def fill(connection):
    connection.query('create temp table held(a int, b text)')
    connection.query("insert into held select g, 'x' from generate_series(1, 1000) g")
    connection.query('create temp view of_held as select count(*) from held')
    connection.query('create temp table counted(id serial, k int generated always as identity, v int)')
    connection.query("create temp sequence counter; insert into counted(v) values (1)")
    assert value(connection, "select nextval('counter')") == '1'
    assert value(connection, 'select * from of_held') == '1000'


def test_the_end_of_a_session_takes_them(address):
    watcher = Connection(address)
    for end in ('terminate', 'vanish', 'in a transaction', 'in a failed one'):
        session = Connection(address)
        fill(session)
        assert value(watcher, LEFT) == '6'
        if end == 'terminate':
            session.close()
        elif end == 'vanish':
            session.socket.close()
        else:
            session.query('begin; create temp table more(a int); insert into held values (1)')
            if end == 'in a failed one':
                session.query('select 1/0')
            session.socket.close()
        wait_until_gone(watcher)
    watcher.close()


def test_a_client_that_vanishes_while_a_statement_runs(address):
    watcher, session = Connection(address), Connection(address)
    fill(session)
    session.send(message('Q', b'insert into held select g, g::text from '
                              b'generate_series(1, 1000000000) g\0'))
    time.sleep(0.2)
    session.socket.close()
    wait_until_gone(watcher)
    watcher.close()


def test_an_idle_timeout_takes_them(address):
    watcher, session = Connection(address), Connection(address)
    fill(session)
    session.query("set idle_session_timeout = '100ms'")
    wait_until_gone(watcher)
    session = Connection(address)
    fill(session)
    session.query("set idle_in_transaction_session_timeout = '100ms'")
    session.query('begin')
    wait_until_gone(watcher)
    watcher.close()


def test_others_are_kept_out(address):
    owner, other = Connection(address), Connection(address)
    fill(owner)
    schema = value(owner, 'select nspname from pg_namespace where oid = pg_my_temp_schema()')
    refused = ('0A000', 'cannot access temporary tables of other sessions')
    for sql in ('select * from {}.held', 'insert into {}.held values (1)', 'delete from {}.held',
                'update {}.held set a = 1', 'select * from {}.of_held', 'copy {}.held to stdout',
                'copy {}.held from stdin', 'select 1 where exists (select from {}.held)'):
        assert error_of(other, sql.format(schema)) == refused, sql
    assert error_of(other, f'truncate {schema}.held') == \
        ('0A000', 'cannot truncate temporary tables of other sessions')
    assert error_of(other, f'alter table {schema}.held add column c int') == \
        ('0A000', 'cannot alter temporary tables of other sessions')
    assert error_of(other, f'create table {schema}.mine(a int)') == \
        ('42P16', 'cannot create relations in temporary schemas of other sessions')
    assert error_of(other, f'create temp view {schema}.mine as select 1')[0] == '42P16'
    assert error_of(other, 'select * from held')[0] == '42P01'
    assert error_of(other, 'select * from pg_temp.held')[0] == '42P01'
    assert value(owner, 'select count(*) from held') == '1000'
    owner.close()
    wait_until_gone(other)
    other.close()


def test_prepared_statements(address):
    session = Connection(address)
    session.query('drop table if exists prep; create table prep(a int); insert into prep values (1)')
    session.query('prepare p as select a from prep')
    assert value(session, 'execute p') == '1'
    session.query('create temp table prep(a int); insert into prep values (2)')
    assert value(session, 'execute p') == '2'
    session.query('drop table prep')
    assert value(session, 'execute p') == '1'
    session.query('create schema other_prep; create table other_prep.prep(a int)')
    session.query('insert into other_prep.prep values (3); set search_path = other_prep')
    assert value(session, 'execute p') == '3'
    session.query('reset search_path')
    assert value(session, 'execute p') == '1'
    session.query('drop table prep; drop schema other_prep cascade')
    session.close()


def run_again(session, name):
    """-> SQLSTATE of Bind and Execute of a statement that is prepared; None: it succeeded"""
    session.send(bind_message('', name) + execute_message('') + message('S'))
    codes = [body for kind, body in session.receive_until('Z') if kind == 'E']
    return codes[0] if codes else None


def test_a_definition_is_run_twice(address):
    session = Connection(address)
    session.send(parse_message('c', 'create temp table again(a int)') + message('S'))
    session.receive_until('Z')
    assert run_again(session, 'c') is None
    assert b'42P07' in run_again(session, 'c')
    session.query('discard temp')
    assert run_again(session, 'c') is None
    session.query('insert into again values (1)')
    session.query('begin')
    session.query('drop table again')
    assert run_again(session, 'c') is None
    assert value(session, 'select count(*) from again') == '0'
    session.query('rollback')
    assert value(session, 'select count(*) from again') == '1'
    session.close()


def test_kill_and_restart(program):
    with Gotgan(program) as server:
        for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
            first, second = Connection(server.address), Connection(server.address)
            first.query('create table if not exists stays(a int); insert into stays values (1)')
            fill(first)
            fill(second)
            second.query("insert into held select g, repeat('y', 100) "
                         "from generate_series(1, 200000) g; checkpoint")
            second.query('create temp table one_more(a int) on commit delete rows')
            first.query('begin; insert into held values (5)')
            before = value(second, 'select count(*) from stays')
            server.restart(how)
            after = Connection(server.address)
            assert value(after, LEFT) == '0' and value(after, SCHEMAS) == '0'
            assert value(after, 'select count(*) from pg_sequence') == '0'
            assert value(after, 'select count(*) from stays') == before
            fill(after)
            after.close()
            assert ('temporary objects' in server.log_text()) == (how == signal.SIGKILL)
