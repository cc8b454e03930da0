# SPDX-License-Identifier: Apache-2.0
"""COPY on the wire: responses, data cut anywhere, CopyFail, errors while data comes, stray messages."""
import struct

from pgwire import (FLUSH, SYNC, Connection, ServerError, bind_message, describe_message,
                    execute_message, message, parse_message, query_message, text)

COPY = 'copy wired from stdin'


def table(address):
    c = Connection(address)
    c.query('drop table if exists wired')
    c.query('create table wired(a int, b text)')
    return c


def taken(connection):
    messages = [m for m in connection.receive_until('Z') if m[0] not in 'SN']
    return ''.join(kind for kind, _ in messages), messages


def count(connection):
    return connection.query('select count(*) from wired')[0].texts()[0][0]


def data(raw):
    return message('d', raw)


def test_rows_cut_anywhere(address):
    c = table(address)
    c.send(query_message(COPY))
    assert c.receive() == ('G', struct.pack('>bhhh', 0, 2, 0, 0))
    for byte in '1\tünï\n2\t\\N\n'.encode():
        c.send(data(bytes([byte])))
    c.send(data(b'') + message('c'))
    got, messages = taken(c)
    assert got == 'CZ' and messages[0][1] == b'COPY 2\0'
    assert c.query('select b from wired order by a')[0].texts() == [['ünï'], [None]]
    c.close()


def test_data_of_every_length(address):
    """As many bytes may come as were consumed before: an answer that waits for more hangs."""
    c = table(address)
    for length in range(60):
        c.send(query_message(COPY))
        assert c.receive()[0] == 'G'
        c.send(data(b'1\t' + b'x' * length + b'\n') + message('c'))
        assert taken(c)[0] == 'CZ', length
    c.close()


def test_data_sent_before_the_response(address):
    c = table(address)
    c.send(query_message(COPY) + data(b'1\tx\n') + message('c') + query_message('select 7'))
    assert taken(c)[0] == 'GCZ' and taken(c)[0] == 'TDCZ' and count(c) == '1'
    c.close()


def test_copy_fail(address):
    c = table(address)
    c.send(query_message(COPY))
    assert c.receive()[0] == 'G'
    c.send(data(b'1\tx\n') + message('f', text('my reason')))
    got, messages = taken(c)
    error = ServerError(messages[0][1])
    assert got == 'EZ' and error.code == '57014'
    assert error.message == 'COPY from stdin failed: my reason'
    assert count(c) == '0'
    c.close()


def test_error_swallows_the_rest(address):
    c = table(address)
    c.send(query_message(COPY))
    assert c.receive()[0] == 'G'
    c.send(data(b'1\tx\nbad\ty\n') + data(b'3\tz\n') * 50 + message('c') + query_message('select 7'))
    got, messages = taken(c)
    error = ServerError(messages[0][1])
    assert got == 'EZ' and error.code == '22P02', (got, error)
    assert error.fields['W'].startswith('COPY wired, line 2, column a: "bad"'), error.fields
    assert taken(c)[0] == 'TDCZ' and count(c) == '0'
    c.close()


def test_stray_copy_messages_are_ignored(address):
    c = table(address)
    c.send(message('c') + message('f', text('x')) + data(b'1\tx\n') + query_message('select 7'))
    assert taken(c)[0] == 'TDCZ' and count(c) == '0'
    c.close()


def test_copy_to_extended(address):
    c = table(address)
    c.query("insert into wired values (1, 'x'), (2, null)")
    c.send(parse_message('', 'copy wired to stdout') + bind_message('', '') +
           describe_message('P', '') + execute_message('') + SYNC)
    got, messages = taken(c)
    assert got == '12nHddcCZ' and messages[3][1] == struct.pack('>bhhh', 0, 2, 0, 0)
    assert [body for kind, body in messages if kind == 'd'] == [b'1\tx\n', b'2\t\\N\n']
    c.close()


def test_copy_from_extended(address):
    c = table(address)
    c.send(parse_message('', COPY) + bind_message('', '') + execute_message('') + FLUSH)
    assert [c.receive()[0] for _ in range(3)] == ['1', '2', 'G']
    c.send(data(b'1\tx\n') + message('c') + SYNC)
    assert taken(c)[0] == 'CZ' and count(c) == '1'
    c.close()


def test_copy_fail_extended(address):
    c = table(address)
    c.send(parse_message('', COPY) + bind_message('', '') + execute_message('') + FLUSH)
    assert [c.receive()[0] for _ in range(3)] == ['1', '2', 'G']
    c.send(data(b'1\tx\n') + message('f', text('no')) + parse_message('', 'select 1') + SYNC)
    assert taken(c)[0] == 'EZ' and count(c) == '0'
    c.close()


def test_wrong_message_in_copy(address):
    c = table(address)
    c.send(query_message(COPY))
    assert c.receive()[0] == 'G'
    c.send(query_message('select 1'))
    kind, body = c.receive()
    assert kind == 'E' and ServerError(body).code == '08P01', ServerError(body)
    c.close()
    assert count(Connection(address)) == '0'


def test_large_copy_both_ways(address):
    c = table(address)
    rows = ''.join(f'{i}\t{"x" * (i % 300)}\n' for i in range(20000)).encode()
    assert c.query(COPY, rows)[0].tag == 'COPY 20000'
    out = c.query('copy (select a, b from wired order by a) to stdout')[0].copy
    assert out == rows
    c.query('drop table wired')
    c.close()


def test_connection_lost_in_copy(address):
    c = table(address)
    c.send(query_message(COPY) + data(b'1\tx\n'))
    assert c.receive()[0] == 'G'
    c.close()
    again = Connection(address)
    assert count(again) == '0'
    again.close()
