# SPDX-License-Identifier: Apache-2.0
"""Parse, Bind, Describe, Execute, Close, Flush, Sync: portals with row limits, pipelines, errors until
Sync, formats. The expected letters were seen from PostgreSQL 15 over a raw socket."""
import struct

from pgwire import (FLUSH, SYNC, Connection, ServerError, bind_message, close_message, columns_of,
                    describe_message, execute_message, message, parse_message, query_message)

FOUR = "select x from (values (1), (2), (3), (4)) v(x)"


def letters(connection, *parts):
    """Sends the parts and a Sync -> (letters without S and N, messages)."""
    connection.send(b''.join(parts) + SYNC)
    return taken(connection)


def taken(connection):
    messages = [m for m in connection.receive_until('Z') if m[0] not in 'SN']
    return ''.join(kind for kind, _ in messages), messages


def tags(messages):
    return [body[:-1].decode() for kind, body in messages if kind == 'C']


def code(messages):
    return [ServerError(body).code for kind, body in messages if kind == 'E']


def begin(connection):
    connection.query('begin')


def test_limits_in_a_transaction(address):
    c = Connection(address)
    begin(c)
    got, messages = letters(c, parse_message('', FOUR), bind_message('p', ''),
                            *[execute_message('p', 2)] * 4)
    assert got == '12DDsDDsCCZ' and tags(messages) == ['SELECT 0', 'SELECT 0']
    c.close()


def test_limit_with_a_rest(address):
    c = Connection(address)
    begin(c)
    three = FOUR.replace(', (4)', '')
    got, messages = letters(c, parse_message('', three), bind_message('p', ''),
                            *[execute_message('p', 2)] * 2)
    assert got == '12DDsDCZ' and tags(messages) == ['SELECT 1']
    c.close()


def test_portal_survives_sync_in_a_transaction(address):
    c = Connection(address)
    begin(c)
    assert letters(c, parse_message('', FOUR), bind_message('p', ''),
                   execute_message('p', 1))[0] == '12DsZ'
    assert c.query('select 9')[0].texts() == [['9']]
    assert letters(c, execute_message('p', 0))[0] == 'DDDCZ'
    c.query('commit')
    got, messages = letters(c, execute_message('p', 0))
    assert got == 'EZ' and code(messages) == ['34000']
    c.close()


def test_portals_interleaved(address):
    c = Connection(address)
    begin(c)
    got, messages = letters(
        c, parse_message('s', FOUR), bind_message('a', 's'), bind_message('b', 's'),
        execute_message('a', 1), execute_message('b', 3), execute_message('a', 1),
        execute_message('b', 3), execute_message('a', 0))
    assert got == '122DsDDDsDsDCDDCZ', got
    rows = [body[6:] for kind, body in messages if kind == 'D']
    assert rows == [b'1', b'1', b'2', b'3', b'2', b'4', b'3', b'4']
    c.close()


def test_portal_ends_with_sync_outside(address):
    c = Connection(address)
    assert letters(c, parse_message('', FOUR), bind_message('p', ''),
                   execute_message('p', 1))[0] == '12DsZ'
    got, messages = letters(c, execute_message('p', 1))
    assert got == 'EZ' and code(messages) == ['34000']
    c.close()


def test_everything_skipped_until_sync(address):
    c = Connection(address)
    c.send(parse_message('', 'select 1/0') + bind_message('', '') + execute_message('') +
           query_message('select 5') + parse_message('', 'select 6') + SYNC +
           query_message('select 7'))
    got, messages = taken(c)
    assert got in ('1EZ', '12EZ') and code(messages) == ['22012'] and messages[-1][1] == b'I'
    got, messages = taken(c)
    assert got == 'TDCZ' and messages[1][1][6:] == b'7'
    c.close()


def test_pipeline_is_one_transaction(address):
    c = Connection(address)
    c.query('create table pipeline_one(a int)')
    insert = parse_message('', 'insert into pipeline_one values ($1::int)')
    got, messages = letters(c, insert, bind_message('', '', ['1']), execute_message(''),
                            insert, bind_message('', '', ['bad']), execute_message(''),
                            insert, bind_message('', '', ['3']), execute_message(''))
    assert got == '12C1EZ' and code(messages) == ['22P02']
    assert c.query('select count(*) from pipeline_one')[0].texts() == [['0']]
    c.send(insert + bind_message('', '', ['1']) + execute_message('') + SYNC +
           insert + bind_message('', '', ['bad']) + execute_message('') + SYNC +
           insert + bind_message('', '', ['3']) + execute_message('') + SYNC)
    assert [taken(c)[0] for _ in range(3)] == ['12CZ', '1EZ', '12CZ']
    assert c.query('select sum(a) from pipeline_one')[0].texts() == [['4']]
    c.query('drop table pipeline_one')
    c.close()


def test_many_groups_before_one_read(address):
    c = Connection(address)
    one = parse_message('', 'select $1::int + 1') + execute_group('41') + SYNC
    c.send(one * 100)
    for _ in range(100):
        assert taken(c)[0] == '12DCZ'
    c.close()


def execute_group(value):
    return bind_message('', '', [value]) + execute_message('')


def test_row_limit_on_commands(address):
    c = Connection(address)
    c.query('create table limited(a int)')
    c.query('insert into limited values (0)')
    got, messages = letters(
        c, parse_message('', 'begin'), bind_message('', ''), execute_message('', 1),
        parse_message('', 'insert into limited values (1), (2) returning a'),
        bind_message('', ''), execute_message('', 1),
        parse_message('', 'update limited set a = 9 where a = 0'), bind_message('', ''),
        execute_message('', 1))
    assert got == '12C12Ds12CZ', got  # both rows are inserted, one is asked for
    assert tags(messages) == ['BEGIN', 'UPDATE 1'], tags(messages)
    assert c.query('select count(*) from limited')[0].texts() == [['3']]
    c.query('rollback')
    c.query('drop table limited')
    c.close()


def test_flush_delivers_without_sync(address):
    c = Connection(address)
    c.send(parse_message('', FOUR) + describe_message('S', '') + FLUSH)
    assert [c.receive()[0] for _ in range(3)] == ['1', 't', 'T']
    c.send(bind_message('', '') + execute_message('', 2) + FLUSH)
    assert [c.receive()[0] for _ in range(4)] == ['2', 'D', 'D', 's']
    c.send(SYNC)
    assert taken(c)[0] == 'Z'
    c.close()


def test_empty_statements(address):
    c = Connection(address)
    for text in ('', ';', ' -- ping'):
        got = letters(c, parse_message('', text), bind_message('', ''),
                      describe_message('P', ''), execute_message(''))[0]
        assert got == '12nIZ', (text, got)
        c.send(query_message(text))
        assert taken(c)[0] == 'IZ'
    c.close()


def test_two_statements_in_parse(address):
    c = Connection(address)
    got, messages = letters(c, parse_message('', 'select 1; select 2'))
    assert got == 'EZ' and code(messages) == ['42601']
    assert ServerError(messages[0][1]).message == \
        'cannot insert multiple commands into a prepared statement'
    c.close()


def test_names_of_statements_and_portals(address):
    c = Connection(address)
    assert letters(c, parse_message('s', 'select 1'))[0] == '1Z'
    got, messages = letters(c, parse_message('s', 'select 2'))
    assert got == 'EZ' and code(messages) == ['42P05']
    got, messages = letters(c, bind_message('', 'nosuch'))
    assert got == 'EZ' and code(messages) == ['26000']
    got, messages = letters(c, bind_message('p', 's'), bind_message('p', 's'))
    assert got == '2EZ' and code(messages) == ['42P03']
    got, messages = letters(c, execute_message('nosuch'))
    assert got == 'EZ' and code(messages) == ['34000']
    assert letters(c, close_message('S', 's'), close_message('S', 'nosuch'),
                   close_message('P', 'nosuch'))[0] == '333Z'
    got, messages = letters(c, bind_message('', 's'))
    assert got == 'EZ' and code(messages) == ['26000']
    assert letters(c, parse_message('', 'select 1'), parse_message('', 'select 2'))[0] == '11Z'
    c.close()


def test_a_statement_that_failed_is_none(address):
    c = Connection(address)
    for wrong in ('select no_such_column', 'select no such', 'select nothing(1)'):
        got, messages = letters(c, parse_message('s', wrong))
        assert got == 'EZ', got
        for use in (bind_message('', 's'), describe_message('S', 's'), query_message('execute s')):
            c.send(use + SYNC)
            got, messages = taken(c)
            assert code(messages) == ['26000'], (wrong, messages)
            if use[:1] == b'Q':
                taken(c)
    assert letters(c, parse_message('s', 'select 1'))[0] == '1Z'
    assert c.query('prepare t as select no_such_column')[0].error.code == '42703'
    assert c.query('execute t')[0].error.code == '26000'
    assert c.query('explain execute t')[0].error.code == '26000'
    assert not c.query('prepare t as select 1')[0].error
    c.close()


def test_a_statement_of_a_failed_transaction(address):
    c = Connection(address)
    c.query('begin')
    assert c.query('select 1 / 0')[0].error.code == '22012'
    assert letters(c, parse_message('back', 'rollback'))[0] == '1Z'
    assert c.query('execute back')[0].error.code == '25P02'
    assert letters(c, bind_message('', 'back'), execute_message(''))[0] == '12CZ'[1:]
    c.query('begin')
    result = c.query('execute back')[0]
    assert result.error is None and result.tag == 'ROLLBACK', (result.error, result.tag)
    assert c.status == 'I', c.status
    assert letters(c, parse_message('every', 'deallocate all'))[0] == '1Z'
    assert c.query('execute every')[0].tag == 'DEALLOCATE ALL'
    assert c.query('execute every')[0].error.code == '26000'
    c.close()


def test_a_statement_that_executes_itself(address):
    c = Connection(address)
    assert letters(c, parse_message('again', 'execute again'))[0] == '1Z'
    assert c.query('execute again')[0].error.code == '54001'
    assert letters(c, parse_message('empty', ''))[0] == '1Z'
    assert c.query('execute empty')[0].tag == 'EXECUTE'
    explained = c.query('explain execute empty')[0]
    assert explained.tag == 'EXPLAIN' and explained.rows == []
    assert c.query('create table of_empty as execute empty')[0].error.code == '42809'
    assert c.query('select 1')[0].texts() == [['1']]
    c.close()


def test_describe_executes_nothing(address):
    c = Connection(address)
    c.query('create table described(a int, b text)')
    got, messages = letters(
        c, parse_message('', 'insert into described values ($1, $2) returning b, a'),
        describe_message('S', ''))
    assert got == '1tTZ'
    assert messages[1][1] == struct.pack('>hII', 2, 23, 25)
    assert [(x.name, x.oid) for x in columns_of(messages[2][1])] == [('b', 25), ('a', 23)]
    assert letters(c, parse_message('', 'create table described2(a int)'),
                   describe_message('S', ''))[0] == '1tnZ'
    assert letters(c, parse_message('', 'show datestyle'), describe_message('S', ''))[0] == '1tTZ'
    assert c.query('select count(*) from described')[0].texts() == [['0']]
    c.query('drop table described')
    c.close()


def test_parameter_types_are_inferred(address):
    c = Connection(address)
    for sql, types in (('select $1', [25]), ('select $1::int', [23]), ('select $1 + 1', [23]),
                       ('select 1 limit $1', [20]), ("select 'a' || $1", [25]),
                       ('select coalesce($1, 1.5)', [1700]), ('select $2::date, $1::bool', [16, 1082]),
                       ('select 1 where $1', [16]), ('select upper($1)', [25])):
        got, messages = letters(c, parse_message('', sql), describe_message('S', ''))
        assert got == '1tTZ', (sql, got)
        found = struct.unpack(f'>h{len(types)}I', messages[1][1])
        assert list(found[1:]) == types, (sql, found)
    got, messages = letters(c, parse_message('', 'select $1 = $3'), describe_message('S', ''))
    assert got == 'EZ' and code(messages) == ['42P18'], (got, code(messages))
    c.close()


def test_wrong_counts_in_bind(address):
    c = Connection(address)
    for bind in (bind_message('', '', []), bind_message('', '', ['1', '2']),
                 bind_message('', '', ['1'], (0, 0)), bind_message('', '', ['1'], (), (0, 0, 0))):
        got, messages = letters(c, parse_message('', 'select $1::int'), bind)
        assert got == '1EZ' and code(messages) == ['08P01'], (got, code(messages))
    c.close()


def test_binary_formats(address):
    c = Connection(address)
    for sql, raw in (("select 5::int2", struct.pack('>h', 5)),
                     ("select -5::int4", struct.pack('>i', -5)),
                     ("select 5::int8", struct.pack('>q', 5)),
                     ("select 1.5::float4", struct.pack('>f', 1.5)),
                     ("select -2.5::float8", struct.pack('>d', -2.5)),
                     ("select true", b'\1'), ("select 'ünï'::text", 'ünï'.encode()),
                     ("select '\\x0102'::bytea", b'\1\2'),
                     ("select date '2000-01-11'", struct.pack('>i', 10)),
                     ("select time '00:00:01'", struct.pack('>q', 1000000)),
                     ("select timestamp '2000-01-02'", struct.pack('>q', 86400000000)),
                     ("select timestamptz '2000-01-02 00:00+00'", struct.pack('>q', 86400000000)),
                     ("select interval '1 mon 2 days 3 seconds'",
                      struct.pack('>qii', 3000000, 2, 1)),
                     ("select 12345.678", struct.pack('>hhhhhhh', 3, 1, 0, 3, 1, 2345, 6780)),
                     ("select -1.50", struct.pack('>hhhhhh', 2, 0, 0x4000, 2, 1, 5000)),
                     ("select 'NaN'::numeric", struct.pack('>hhHh', 0, 0, 0xC000, 0)),
                     ("select 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
                      bytes.fromhex('a0eebc999c0b4ef8bb6d6bb9bd380a11'))):
        result = c.execute(sql, binary=True)
        assert result.rows == [[raw]], (sql, result.rows, result.error)
        again = c.execute(f'select $1 = ({sql[7:]})', [raw], [result.columns[0].oid], formats=(1,))
        assert again.texts() == [['t']], (sql, again.error)
    got, messages = letters(c, parse_message('', 'select 1, 2'),
                            bind_message('', '', (), (), (0, 1)), execute_message(''))
    assert messages[2][1] == struct.pack('>hi', 2, 1) + b'1' + struct.pack('>ii', 4, 2)
    got, messages = letters(c, parse_message('', 'select $1::int', [23]),
                            bind_message('', '', [b'\0\1'], (1,)))
    assert got == '1EZ' and code(messages) == ['08P01'], code(messages)
    c.close()


def test_rows_as_values(address):
    c = Connection(address)
    row = struct.pack('>iIiiIi', 4, 23, 4, 5, 25, 2) + b'ab' + struct.pack('>Ii', 701, -1)
    nested = struct.pack('>iI', 1, 16) + struct.pack('>i', 1) + b'\1'
    row += struct.pack('>Ii', 2249, len(nested)) + nested
    sql = "select r from (select row(5, 'ab'::text, null::float8, row(true)) r) s"
    assert c.execute(sql, binary=True).rows == [[row]]
    column = c.execute(sql).columns[0]
    assert (column.oid, column.typmod, column.size) == (2249, -1, -1)
    limbs = c.execute('select row(123456789012345678901234567890.5)', binary=True).rows[0][0]
    number = c.execute('select 123456789012345678901234567890.5', binary=True).rows[0][0]
    assert limbs == struct.pack('>iIi', 1, 1700, len(number)) + number
    error = c.execute('select $1 is null', [row], [2249], formats=(1,)).error
    assert error.code == '0A000' and 'input of anonymous composite types' in error.message, error
    c.close()


def test_prepared_statement_and_changed_table(address):
    c = Connection(address)
    c.query('create table changed(a int)')
    assert letters(c, parse_message('s', 'select * from changed'), bind_message('', 's'),
                   execute_message(''))[0] == '12CZ'
    c.query('alter table changed add column b int')
    got, messages = letters(c, bind_message('', 's'), execute_message(''))
    assert got == 'EZ' and code(messages) == ['0A000'], (got, messages)
    assert ServerError(messages[0][1]).message == 'cached plan must not change result type'
    assert ServerError(messages[0][1]).fields['R'] == 'RevalidateCachedQuery'  # drivers prepare again
    c.query('drop table changed')
    c.close()


def test_transaction_status(address):
    c = Connection(address)
    assert c.status == 'I'
    c.query('begin')
    assert c.status == 'T'
    c.query('select 1/0')
    assert c.status == 'E'
    got, messages = letters(c, parse_message('', 'select 1'))
    assert got == 'EZ' and code(messages) == ['25P02'] and messages[-1][1] == b'E'
    assert c.query('commit')[0].tag == 'ROLLBACK' and c.status == 'I'
    c.close()


def test_function_call(address):
    c = Connection(address)
    c.send(message('F', struct.pack('>ihhh', 999999, 0, 0, 0)))
    assert taken(c)[0] == 'EZ'
    c.close()


def test_simple_query_has_no_parameters(address):
    c = Connection(address)
    for sql, number in (('select $1', 1), ('select 1 + $2', 2), ('select ($1).a', 1),
                        ('create table v as select $1 as a', 1), ('select 1 limit $1', 1)):
        error = c.query(sql)[0].error
        assert (error.code, error.message) == ('42P02', f'there is no parameter ${number}'), (sql, error)
        assert error.fields['P'] == str(sql.index('$') + 1), sql
    c.query('prepare p as select $1::int + 1')
    assert c.query('execute p(2)')[0].texts() == [['3']]
    c.close()


def test_simple_query_of_several_statements(address):
    c = Connection(address)
    c.send(query_message('select 1; select 2, 3; create table several(a int); select 4'))
    assert taken(c)[0] == 'TDCTDCCTDCZ'
    c.send(query_message('insert into several values (1); select 1/0; select 2'))
    got, messages = taken(c)
    assert got == 'CTEZ' or got == 'CEZ', got
    assert c.query('select count(*) from several')[0].texts() == [['0']]
    c.query('drop table several')
    c.close()


def test_messages_in_single_bytes(address):
    c = Connection(address)
    data = (parse_message('', 'select $1::int') + bind_message('', '', ['7']) +
            describe_message('P', '') + execute_message('') + SYNC)
    for byte in data:
        c.send(bytes([byte]))
    got, messages = taken(c)
    assert got == '12TDCZ' and messages[3][1][6:] == b'7'
    c.close()


def test_error_fields(address):
    c = Connection(address)
    error = c.query('select nosuch from generate_series(1, 2)')[0].error
    assert error.fields['S'] == 'ERROR' and error.fields['V'] == 'ERROR'
    assert error.fields['C'] == '42703' and error.fields['P'] == '8'
    assert error.message == 'column "nosuch" does not exist'
    c.close()


def test_notices(address):
    c = Connection(address)
    c.query('drop table if exists nosuchtable')
    notice = c.notices[-1]
    assert notice.severity == 'NOTICE' and notice.code == '00000'
    assert notice.message == 'table "nosuchtable" does not exist, skipping'
    c.query('commit')
    assert c.notices[-1].severity == 'WARNING' and c.notices[-1].code == '25P01'
    c.close()


def test_parameter_status_on_change(address):
    c = Connection(address)
    c.query("set timezone = 'Europe/Berlin'")
    assert c.parameters['TimeZone'] == 'Europe/Berlin'
    c.query("begin")
    c.query("set application_name = 'inside'")
    assert c.parameters['application_name'] == 'inside'
    c.query('rollback')
    assert c.parameters['application_name'] != 'inside'
    c.close()
