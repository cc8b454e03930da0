# SPDX-License-Identifier: Apache-2.0
"""Settings where .test files cannot look: at the start of a connection, warnings, what SERIALIZABLE is refused by."""
from pgwire import PROTOCOL_3_0, Connection, ServerError, Wire, startup_packet

SERIALIZABLE = ('0A000', 'SERIALIZABLE transactions are not supported yet')


def refusal_at_start(address, **parameters):
    wire = Wire(address)
    names = dict({'user': address.user, 'database': address.database}, **parameters)
    wire.send(startup_packet(PROTOCOL_3_0, names))
    error = ServerError(wire.receive_until('E')[-1][1])
    assert error.severity == 'FATAL' and wire.is_closed(), error
    wire.close()
    return error.code, error.message


def refusal(connection, sql):
    error = connection.query(sql)[-1].error
    assert error, sql
    return error.code, error.message


def test_serializable_is_refused_at_start(address):
    for parameters in ({'default_transaction_isolation': 'serializable'},
                       {'transaction_isolation': 'SERIALIZABLE'},
                       {'options': '-c default_transaction_isolation=serializable'},
                       {'options': '--transaction_isolation=serializable'}):
        assert refusal_at_start(address, **parameters) == SERIALIZABLE, parameters
    other = Connection(address, {'options': '-c default_transaction_isolation=repeatable\\ read'})
    assert other.query('show transaction_isolation')[0].texts() == [['repeatable read']]
    other.close()


def test_serializable_is_refused_where_it_is_set(address):
    connection = Connection(address)
    for sql in ('set session characteristics as transaction isolation level serializable',
                "set default_transaction_isolation = 'serializable'",
                "set default_transaction_isolation to 'SERIALIZABLE'",
                "set local default_transaction_isolation = 'serializable'",
                "select set_config('default_transaction_isolation', 'serializable', false)",
                "set transaction_isolation = 'serializable'",
                'set transaction isolation level serializable',
                'begin isolation level serializable',
                'start transaction read only, isolation level serializable'):
        assert refusal(connection, sql) == SERIALIZABLE, sql
        assert connection.query('show default_transaction_isolation')[0].texts() == [['read committed']]
        assert connection.query('discard all')[0].tag == 'DISCARD ALL', sql
    connection.query('begin')
    assert refusal(connection, "set default_transaction_isolation = 'serializable'") == SERIALIZABLE
    connection.query('rollback')
    connection.query('begin')
    assert refusal(connection, "set transaction_isolation = 'serializable'") == SERIALIZABLE
    assert connection.query('rollback; begin; show transaction_isolation; commit')[2].texts() == [
        ['read committed']]
    connection.close()


def test_role_at_start(address):
    unknown = ('22023', 'role "nobody_here" does not exist')
    assert refusal_at_start(address, options='-c role=nobody_here') == unknown
    assert refusal_at_start(address, session_authorization='nobody_here') == unknown
    connection = Connection(address, {'options': '-c role=gotgan'})
    for sql, role in (('show role', 'gotgan'), ('set role none; show role', 'none'),
                      ('reset role; show role', 'gotgan')):
        assert connection.query(sql)[-1].texts() == [[role]], sql
    connection.close()


def test_warnings_outside_of_a_block(address):
    connection = Connection(address)
    for sql, warned, tag in (
            ('set constraints all deferred', 'SET CONSTRAINTS can only be used in transaction blocks',
             'SET CONSTRAINTS'),
            ('set local lock_timeout = 1', 'SET LOCAL can only be used in transaction blocks', 'SET'),
            ('set transaction read only', 'SET TRANSACTION can only be used in transaction blocks',
             'SET'),
            ("prepare transaction 'x'", 'there is no transaction in progress', 'ROLLBACK')):
        connection.notices.clear()
        result = connection.query(sql)[0]
        said = [(notice.severity, notice.code, notice.message) for notice in connection.notices]
        assert said == [('WARNING', '25P01', warned)] and result.tag == tag, (sql, said, result.tag)
    for sql in ('select 1; set constraints all deferred', 'set local lock_timeout = 1; select 1'):
        connection.notices.clear()
        assert not connection.query(sql)[-1].error and not connection.notices, sql
    connection.close()


def test_prepare_transaction_ends_the_block(address):
    connection = Connection(address)
    connection.query('begin; create table prepared_away (a int)')
    error = connection.query("prepare transaction 'x'")[0].error
    assert (error.code, error.fields['H']) == ('55000',
                                               'Set max_prepared_transactions to a nonzero value.')
    assert connection.status == 'I'
    assert refusal(connection, 'select * from prepared_away')[0] == '42P01'
    connection.query('begin; select 1/0')
    assert connection.status == 'E'
    assert connection.query("prepare transaction 'x'")[0].tag == 'ROLLBACK'
    assert connection.status == 'I'
    connection.close()
