# SPDX-License-Identifier: Apache-2.0
"""Sequences between sessions and across ends of the server: no value is given twice."""
import signal
import socket
import threading

from pgwire import Closed, Connection, ProtocolError
from server_process import Gotgan

GONE = (Closed, ProtocolError, OSError, socket.timeout)
SESSIONS, KILLS, ROUND_SECONDS = 4, 6, 0.6


def rows(connection, sql):
    result = connection.query(sql)[-1]
    assert not result.error, (sql, result.error)
    return result.texts()


def value(connection, sql):
    return rows(connection, sql)[0][0]


def test_sessions_share_a_sequence(address):
    first, second = Connection(address), Connection(address)
    first.query('drop sequence if exists shared; create sequence shared')
    assert [value(c, "select nextval('shared')") for c in (first, second, first)] == ['1', '2', '3']
    assert value(first, "select currval('shared')") == '3'
    assert value(second, "select currval('shared')") == '2'
    first.query('begin')
    assert value(first, "select nextval('shared')") == '4'
    first.query('rollback')
    assert value(second, "select nextval('shared')") == '5'
    first.query('drop sequence shared')
    first.close()
    second.close()


def test_a_session_takes_its_cache(address):
    first, second = Connection(address), Connection(address)
    first.query('drop sequence if exists kept; create sequence kept cache 10')
    got = [value(c, "select nextval('kept')") for c in (first, second, first, second)]
    assert got == ['1', '11', '2', '12'], got
    assert value(first, 'select last_value from kept') == '20'
    first.query('discard sequences')
    assert value(first, "select nextval('kept')") == '21'
    first.query('drop sequence kept')
    first.close()
    second.close()


def test_nextval_does_not_wait_for_a_restart(address):
    first, second = Connection(address), Connection(address)
    first.query('drop sequence if exists anew; create sequence anew')
    first.query('begin; alter sequence anew restart with 100')
    assert value(second, "select nextval('anew')") == '1'
    assert value(first, "select nextval('anew')") == '100'
    first.query('commit')
    assert value(second, "select nextval('anew')") == '101'
    second.query('begin; drop sequence anew')
    second.query('rollback')
    assert value(second, "select nextval('anew')") == '102'
    first.query('drop sequence anew')
    first.close()
    second.close()


def test_temporary_ones_are_their_session_s(address):
    owner, other = Connection(address), Connection(address)
    owner.query('create temp sequence counter; create temp table counted(id serial, v int)')
    schema = value(owner, 'select nspname from pg_namespace where oid = pg_my_temp_schema()')
    assert value(owner, "select nextval('counter')") == '1'
    refused = ('0A000', 'cannot access temporary tables of other sessions')
    for sql in ("select nextval('{}.counter')", "select setval('{}.counter', 7)",
                'select * from {}.counter', 'alter sequence {}.counter restart',
                "select nextval('{}.counted_id_seq')"):
        error = other.query(sql.format(schema))[-1].error
        assert error and (error.code, error.message) == refused, sql
    assert other.query("select nextval('counter')")[-1].error.code == '42P01'
    assert value(owner, "select nextval('counter')") == '2'
    assert value(owner, 'insert into counted(v) values (1) returning id') == '1'
    owner.close()
    other.close()


KINDS = """drop table if exists kinds, counts_by cascade;
create table kinds(id serial, k int generated always as identity,
                   g int generated always as (k * 10) stored, h int generated always as (id + 1) stored);
create view kinds_all as select * from kinds; create view kinds_k as select k from kinds;
create table counts_by(a int default nextval('kinds_id_seq'))"""
WITH_ID = ['default value for column a of table counts_by', 'column h of table kinds', 'view kinds_all']


def dropped(session, sql):
    """-> what the notice of a CASCADE names"""
    session.notices.clear()
    assert not session.query(sql)[-1].error, sql
    return [line.removeprefix('drop cascades to ') for notice in session.notices
            for line in notice.fields['D'].split('\n')]


def test_what_goes_with_a_column_is_told_once(address):
    session = Connection(address)
    session.query(KINDS)
    error = session.query('alter table kinds drop column id')[-1].error
    told = [line.split(' depends on ')[0] for line in error.fields['D'].split('\n')]
    assert told == WITH_ID, told
    session.query('begin')
    assert dropped(session, 'alter table kinds drop column id cascade') == WITH_ID
    session.query('rollback; begin')
    got = dropped(session, 'alter table kinds drop column id cascade, drop column k cascade')
    assert got == WITH_ID + ['column g of table kinds', 'view kinds_k'], got
    session.query('rollback; begin')
    got = dropped(session, 'drop table kinds cascade')
    assert got == [WITH_ID[0], 'view kinds_all', 'view kinds_k'], got
    session.query('rollback; drop table kinds, counts_by cascade')
    session.close()


def test_many_definitions_leave_no_states(address):
    session = Connection(address)
    session.query('drop table if exists swept; create table swept (a serial, b int)')
    for _ in range(70):
        session.query('truncate swept restart identity')
    got = [row[0] for row in rows(session, 'insert into swept (b) values (1), (2) returning a')]
    assert got == ['1', '2'], got
    session.query('drop table swept')
    session.close()


def taker(address, seen, stop):
    """Adds to seen every value that was answered."""
    try:
        session = Connection(address)
        while not stop.is_set():
            for sql in ("select nextval('s')", "insert into t (b) values (1), (2) returning a",
                        "select nextval('s') from generate_series(1, 50)"):
                result = session.query(sql)[-1]
                if result.error:
                    return
                kind = 't' if 'insert' in sql else 's'
                seen.extend((kind, row[0]) for row in result.texts())
    except GONE:
        pass


def test_kill_gives_no_value_twice(program):
    seen = []
    with Gotgan(program) as server:
        Connection(server.address).query('create sequence s; create table t (a serial, b int)')
        for kill in range(KILLS):
            stop = threading.Event()
            threads = [threading.Thread(target=taker, args=(server.address, seen, stop))
                       for _ in range(SESSIONS)]
            for thread in threads:
                thread.start()
            stop.wait(ROUND_SECONDS)
            if kill % 3 == 2:
                stop.set()
            server.restart(signal.SIGKILL if kill % 3 < 2 else signal.SIGTERM)
            stop.set()
            for thread in threads:
                thread.join()
        assert len(seen) > KILLS * SESSIONS, len(seen)
        assert len(seen) == len(set(seen)), 'a value was given twice'
        session = Connection(server.address)
        assert rows(session, 'select a from t group by a having count(*) > 1') == []
        high = value(session, 'select max(a) from t')
        assert int(rows(session, 'insert into t (b) values (0) returning a')[0][0]) > int(high)
        session.close()


def test_a_clean_stop_leaves_no_gap(program):
    with Gotgan(program) as server:
        session = Connection(server.address)
        session.query('create sequence s; create table t (a serial, b int)')
        session.query("insert into t (b) values (1), (2); select nextval('s')")
        session.close()
        server.restart()
        session = Connection(server.address)
        assert value(session, "select nextval('s')") == '2'
        assert value(session, 'insert into t (b) values (3) returning a') == '3'
        session.close()
