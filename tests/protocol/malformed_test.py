# SPDX-License-Identifier: Apache-2.0
"""Messages that are cut short, too long or out of place: the error and the state PostgreSQL 15 answers with.
The expected letters and codes were seen from it over a raw socket; this file passes against it as well."""
import struct

from pgwire import (SYNC, Closed, Connection, ServerError, bind_message, execute_message, message, parse_message,
                    query_message)

TWO = parse_message('', 'select $1::int4, $2::text')
STRING, FORMAT = 'invalid string in message', 'invalid message format'
SHORT = 'insufficient data left in message'


def answer(connection, data):
    """-> letters without S and N up to Z or the end of the connection, and the first error's code, message"""
    connection.send(data)
    letters, error = '', None
    while not letters.endswith('Z'):
        try:
            kind, body = connection.receive()
        except Closed:
            letters += '.'
            break
        if kind == 'E' and not error:
            error = ServerError(body)
        letters += '' if kind in 'SN' else kind
    return letters, (error.code, error.message) if error else None


def bind(rest):
    return message('B', b'\0\0' + rest)


def test_broken_messages(address):
    cases = (
        (message('Q', b'select 1'), 'EZ', STRING),
        (message('Q', b''), 'EZ', STRING),
        (message('Q', b'select 1\0select 2\0'), 'EZ', FORMAT),
        (message('S', b'xx'), 'EZ', FORMAT),
        (message('H', b'x') + SYNC, 'EZ', FORMAT),
        (message('P', b'abc') + SYNC, 'EZ', STRING),
        (message('P', b'\0select 1\0\0\5') + SYNC, 'EZ', SHORT),
        (message('P', b'\0select 1\0\0\0xx') + SYNC, 'EZ', FORMAT),
        (message('E', b'nosuch') + SYNC, 'EZ', STRING),
        (message('E', b'\0\0') + SYNC, 'EZ', SHORT),
        (message('D', b'S') + SYNC, 'EZ', STRING),
        (message('C', b'Sfoo\0x') + SYNC, 'EZ', FORMAT),
        (TWO + bind(b'\0\0' + b'\0\2' + b'\0\0\0\xff' + b'5') + SYNC, '1EZ', SHORT),
        (TWO + bind(b'\0\0' + b'\0\2' + b'\xff\xff\xff\xfe') + SYNC, '1EZ', SHORT),
        (TWO + bind(b'\0\0' + b'\0\2' + b'\0\0\0\1' + b'5' + b'\0\0\0\1x' + b'\0\0zz') + SYNC, '1EZ',
         FORMAT))
    for data, letters, text in cases:
        connection = Connection(address)
        assert answer(connection, data) == (letters, ('08P01', text)), (data, answer)
        assert answer(connection, query_message('select 1'))[0] == 'TDCZ', data
        connection.close()


def test_unsupported_formats(address):
    connection = Connection(address)
    wrong = ('22023', 'unsupported format code: 2')
    letters, error = answer(connection, TWO + bind_message('', '', [b'5', b'x'], (0, 2)) + SYNC)
    assert (letters, error) == ('1EZ', wrong)
    letters, error = answer(connection, TWO + bind_message('', '', [b'5', b'x'], results=(2,)) +
                            execute_message('') + SYNC)
    assert letters in ('1EZ', '12EZ') and error == wrong, letters  # PostgreSQL looks when it runs
    connection.close()


def test_one_portal_name_twice(address):
    connection = Connection(address)
    letters, error = answer(connection, parse_message('', 'select 1') + bind_message('p', '') * 2 + SYNC)
    assert (letters, error) == ('12EZ', ('42P03', 'cursor "p" already exists'))
    connection.close()


def test_messages_that_are_none(address):
    for data in (b'z' + struct.pack('!I', 4), message('p', b'secret\0')):
        connection = Connection(address)
        letters, error = answer(connection, data)
        assert letters == 'E.', letters
        assert error == ('08P01', f'invalid frontend message type {data[0]}')


def test_other_messages_end_copy_and_connection(address):
    for kind, body in (('Q', b'select 1\0'), ('B', b'1\n'), ('X', b'')):
        connection = Connection(address)
        connection.query('create temp table copy_target (a int)')
        connection.send(query_message('copy copy_target from stdin'))
        connection.receive_until('G')
        letters, error = answer(connection, message('d', b'1\n') + message(kind, body) + SYNC)
        assert letters == 'EE.', (kind, letters)
        assert error == ('08P01', f'unexpected message type 0x{ord(kind):02X} during COPY from stdin')


def test_copy_fail_without_its_end(address):
    connection = Connection(address)
    connection.query('create temp table copy_target (a int)')
    connection.send(query_message('copy copy_target from stdin'))
    connection.receive_until('G')
    assert answer(connection, message('f', b'because')) == ('EZ', ('08P01', STRING))
    assert connection.query('select count(*) from copy_target')[0].texts() == [['0']]
    connection.close()


def test_small_messages_have_a_limit(address):
    """10,000 bytes: what says it is longer ends the connection before it comes. We tell why."""
    for kind in 'SHXCDE':
        c = Connection(address)
        c.send(kind.encode() + struct.pack('>i', 10001))
        letters, error = answer(c, b'')
        assert letters in ('E.', '.') and error in (None, ('08P01', 'invalid message length')), kind
