# SPDX-License-Identifier: Apache-2.0
"""psycopg2 as programs use it: values both ways, transactions, COPY, errors, PREPARE, cancel. What is
asserted holds for PostgreSQL 15 as well."""
import datetime
import decimal
import io
import os
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from python_package import need  # noqa: E402

need('psycopg2-binary==2.9.9')
import psycopg2  # noqa: E402
import psycopg2.errors  # noqa: E402
import psycopg2.extensions as extensions  # noqa: E402
import psycopg2.extras  # noqa: E402

D = decimal.Decimal
UTC = datetime.timezone.utc


def connect(address, **more):
    return psycopg2.connect(host=address.host, port=address.port, user=address.user,
                            dbname=address.database, **more)


def one(cursor, sql, values=None):
    cursor.execute(sql, values)
    return cursor.fetchone()


def test_connection(address):
    connection = connect(address, application_name='driver test')
    assert 150000 <= connection.server_version < 160000
    assert connection.encoding == 'UTF8' and connection.get_backend_pid() > 0
    assert connection.get_parameter_status('application_name') == 'driver test'
    assert connection.get_parameter_status('integer_datetimes') == 'on'
    assert connection.status == extensions.STATUS_READY
    connection.close()


def test_values_both_ways(address):
    connection = connect(address)
    cursor = connection.cursor()
    cursor.execute('create table driver_types(b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8,'
                   ' n numeric, p numeric(12, 3), d date, t time, ts timestamp, tz timestamptz,'
                   ' v interval, s text, c varchar(10), y bytea, u uuid)')
    rows = [
        (True, -32768, 2147483647, -2**63, 1.5, 0.1, D(10**30), D('123456789.125'),
         datetime.date(2024, 2, 29), datetime.time(1, 2, 3, 456789),
         datetime.datetime(1999, 12, 31, 23, 59, 59, 999999),
         datetime.datetime(2024, 6, 1, 12, tzinfo=UTC), datetime.timedelta(3, 4, 5),
         "it's \\ a \"t\u00ebxt\" \U0001f600\n", 'short', b'\x00\xff\\x', '123e4567-e89b-12d3-a456-426614174000'),
        (False, 0, -1, 2**63 - 1, float('inf'), 0.25, D('NaN'), D('-0.001'),
         datetime.date(1, 1, 1), datetime.time(0), datetime.datetime(2000, 1, 1),
         datetime.datetime(1970, 1, 1, tzinfo=UTC), datetime.timedelta(0), '', '', b'',
         '00000000-0000-0000-0000-000000000000'),
        (None,) * 17]
    marks = ', '.join(['%s'] * 17)
    for row in rows:
        cursor.execute(f'insert into driver_types values ({marks})', [
            psycopg2.Binary(v) if isinstance(v, bytes) else v for v in row])
    cursor.execute('select * from driver_types order by i2 nulls last')
    got = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor]
    assert [str(row) for row in got] == [str(row) for row in rows], got  # NaN differs from itself
    assert [c.name for c in cursor.description][:3] == ['b', 'i2', 'i4']
    assert [c.type_code for c in cursor.description] == [
        16, 21, 23, 20, 700, 701, 1700, 1700, 1082, 1083, 1114, 1184, 1186, 25, 1043, 17, 2950]
    price = cursor.description[7]
    assert (price.precision, price.scale) == (12, 3)
    connection.rollback()  # the table is gone again
    with connection, connection.cursor() as again:
        assert one(again, "select count(*) from pg_class where relname = 'driver_types'") == (0,)
    connection.close()


def test_parameters(address):
    connection = connect(address)
    cursor = connection.cursor()
    cursor.execute('create table driver_p(a int, b text)')
    cursor.executemany('insert into driver_p values (%s, %s)', [(i, f'%{i}') for i in range(50)])
    psycopg2.extras.execute_values(cursor, 'insert into driver_p values %s',
                                   [(i, 'v') for i in range(50, 1050)])
    psycopg2.extras.execute_batch(cursor, 'update driver_p set b = %s where a = %s',
                                  [('w', i) for i in range(50, 60)])
    assert one(cursor, 'select count(*) from driver_p where a in %s', ((1, 2, 60),)) == (3,)
    assert one(cursor, 'select b from driver_p where a = %(key)s', {'key': 7}) == ('%7',)
    cursor.execute('select a from driver_p order by a')
    assert cursor.rowcount == 1050 and cursor.fetchmany(2) == [(0,), (1,)]
    cursor.scroll(10)
    assert cursor.fetchone() == (12,)
    cursor.execute('delete from driver_p where a >= 50')
    assert cursor.rowcount == 1000 and cursor.statusmessage == 'DELETE 1000'
    cursor.execute('insert into driver_p values (1000, null) returning a * 2, b')
    assert cursor.fetchall() == [(2000, None)]
    connection.rollback()
    connection.close()


def test_transactions(address):
    connection, other = connect(address), connect(address)
    other.autocommit = True
    watch = other.cursor()
    with connection, connection.cursor() as cursor:
        cursor.execute('create table driver_t(a int)')
        cursor.execute('insert into driver_t values (1)')
        assert connection.get_transaction_status() == extensions.TRANSACTION_STATUS_INTRANS
    assert one(watch, 'select count(*) from driver_t') == (1,)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute('insert into driver_t values (2)')
            cursor.execute('select 1 / 0')
        raise AssertionError('no error')
    except psycopg2.errors.DivisionByZero as error:
        assert error.pgcode == '22012'
    assert one(watch, 'select count(*) from driver_t') == (1,)
    cursor = connection.cursor()
    try:
        cursor.execute('select * from nosuch')
    except psycopg2.errors.UndefinedTable:
        pass
    assert connection.get_transaction_status() == extensions.TRANSACTION_STATUS_INERROR
    try:
        cursor.execute('select 1')
        raise AssertionError('no error')
    except psycopg2.errors.InFailedSqlTransaction as error:
        assert error.pgcode == '25P02'
    connection.rollback()
    connection.set_session(isolation_level='REPEATABLE READ', readonly=True)
    assert one(cursor, 'show transaction_isolation') == ('repeatable read',)
    try:
        cursor.execute('insert into driver_t values (3)')
        raise AssertionError('no error')
    except psycopg2.errors.ReadOnlySqlTransaction as error:
        assert error.diag.message_primary == 'cannot execute INSERT in a read-only transaction'
    connection.rollback()
    watch.execute('drop table driver_t')
    connection.close()
    other.close()


def diag(cursor, sql):
    try:
        cursor.execute(sql)
    except psycopg2.Error as error:
        cursor.connection.rollback()
        return error
    raise AssertionError('no error: ' + sql)


def test_errors(address):
    connection = connect(address)
    cursor = connection.cursor()
    cursor.execute('create table driver_e(a int not null, b int check (b > 0))')
    connection.commit()
    error = diag(cursor, 'insert into driver_e values (null, 1)')
    assert isinstance(error, psycopg2.errors.NotNullViolation)
    assert (error.diag.schema_name, error.diag.table_name, error.diag.column_name) == (
        'public', 'driver_e', 'a')
    assert error.diag.message_detail == 'Failing row contains (null, 1).'
    error = diag(cursor, 'insert into driver_e values (1, 0)')
    assert isinstance(error, psycopg2.errors.CheckViolation)
    assert error.diag.constraint_name == 'driver_e_b_check'
    error = diag(cursor, 'select nosuch from driver_e')
    assert isinstance(error, psycopg2.errors.UndefinedColumn)
    assert error.diag.statement_position == '8' and error.diag.severity == 'ERROR'
    assert str(error) == ('column "nosuch" does not exist\nLINE 1: select nosuch from driver_e\n'
                          '               ^\n')
    error = diag(cursor, 'selec 1')
    assert isinstance(error, psycopg2.errors.SyntaxError) and error.pgcode == '42601'
    error = diag(cursor, "select 'x'::int")
    assert isinstance(error, psycopg2.errors.InvalidTextRepresentation)
    cursor.execute('drop table driver_e')
    connection.commit()
    cursor.execute('drop table if exists driver_e')
    assert connection.notices[-1] == 'NOTICE:  table "driver_e" does not exist, skipping\n'
    connection.close()


def test_copy(address):
    connection = connect(address)
    cursor = connection.cursor()
    cursor.execute('create table driver_c(a int, b text)')
    cursor.copy_from(io.StringIO('1\tone\n2\t\\N\n'), 'driver_c', columns=('a', 'b'))
    assert cursor.rowcount == 2
    cursor.copy_expert('copy driver_c from stdin (format csv, header)',
                       io.StringIO('a,b\n' + ''.join(f'{i},"x, {i}"\n' for i in range(3, 20003))))
    out = io.StringIO()
    cursor.copy_to(out, 'driver_c', sep='|', null='-')
    lines = out.getvalue().splitlines()
    assert len(lines) == 20002 and sorted(lines)[:1] == ['10000|x, 10000'] and '2|-' in lines
    out = io.StringIO()
    cursor.copy_expert('copy (select b, a from driver_c where a < 4 order by a) to stdout csv', out)
    assert out.getvalue() == 'one,1\n,2\n"x, 3",3\n'
    try:
        cursor.copy_expert('copy driver_c from stdin', io.StringIO('1\ta\nx\tb\n'))
        raise AssertionError('no error')
    except psycopg2.errors.InvalidTextRepresentation as error:
        assert error.diag.context == 'COPY driver_c, line 2, column a: "x"', error.diag.context
    connection.rollback()
    connection.close()


def test_prepare(address):
    connection = connect(address)
    cursor = connection.cursor()
    cursor.execute('create table driver_q as select g as a from generate_series(1, 100) g')
    cursor.execute('prepare find(int, text) as select a, $2 from driver_q where a = $1 '
                   'order by a')
    for key in range(1, 20):
        assert one(cursor, 'execute find(%s, %s)', (key, 'x')) == (key, 'x')
    cursor.execute('deallocate find')
    error = diag(cursor, 'execute find(1, 2)')
    assert isinstance(error, psycopg2.errors.InvalidSqlStatementName)
    connection.close()


def test_cancel(address):
    connection = connect(address)
    cursor = connection.cursor()
    timer = threading.Timer(0.2, connection.cancel)
    timer.start()
    begin = time.monotonic()
    error = diag(cursor, 'select max(a) from generate_series(1, 1000000000000) a')
    assert isinstance(error, psycopg2.errors.QueryCanceled) and time.monotonic() - begin < 5
    timer.join()
    assert one(cursor, 'select 1') == (1,)
    connection.close()


def test_a_large_result(address):
    connection = connect(address)
    cursor = connection.cursor()
    cursor.execute("select g, 'row ' || g from generate_series(1, 200000) g")
    assert cursor.rowcount == 200000
    assert all(a == i and b == f'row {i}' for i, (a, b) in enumerate(cursor, 1))
    connection.close()


def test_plans(address):
    """EXPLAIN (FORMAT JSON) comes as lists and dictionaries, the other forms as text."""
    with connect(address) as connection, connection.cursor() as cursor:
        plan = one(cursor, 'explain (format json) select 1')[0]
        assert plan[0]['Plan']['Node Type'] == 'Result' and plan[0]['Plan']['Plan Rows'] == 1, plan
        cursor.execute('explain (analyze, format json) select * from generate_series(1, 5)')
        plan = cursor.fetchone()[0]
        assert plan[0]['Plan']['Actual Rows'] == 5 and plan[0]['Triggers'] == [], plan
        assert one(cursor, 'explain (format xml) select 1')[0].startswith('<explain xmlns=')
        assert one(cursor, 'explain (format yaml) select 1')[0].startswith('- Plan: ')
    connection.close()
