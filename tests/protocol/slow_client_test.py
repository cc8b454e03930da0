# SPDX-License-Identifier: Apache-2.0
"""Clients that do not keep up: every byte comes once and in order, the server keeps little of it, and
nobody who does not read at all can hold up its end."""
import time

from process_test import running, scratch
from pgwire import Connection, query_message, row_of

ROWS = 300000


def read_slowly(session, sql):
    """All messages of a query, read after the server had to wait several times."""
    session.send(query_message(sql))
    data = bytearray()
    while not data.endswith(b'Z\0\0\0\5I'):
        if len(data) < 3 << 20:
            time.sleep(0.02)
        more = session.socket.recv(40000)
        assert more
        data += more
    at, messages = 0, []
    while at < len(data):
        size = int.from_bytes(data[at + 1:at + 5], 'big')
        messages.append((chr(data[at]), bytes(data[at + 5:at + 1 + size])))
        at += 1 + size
    return messages


def test_rows_come_once_and_in_order(address):
    session = Connection(address)
    messages = read_slowly(session, f'select g, repeat(g::text, 5) from generate_series(1, {ROWS}) g')
    rows = [row_of(body) for kind, body in messages if kind == 'D']
    assert rows == [[b'%d' % g, b'%d' % g * 5] for g in range(1, ROWS + 1)]
    assert messages[-2] == ('C', b'SELECT %d\0' % ROWS)
    session.close()


def test_copy_comes_once_and_in_order(address):
    session = Connection(address)
    messages = read_slowly(session, f'copy (select g, repeat(g::text, 5) from generate_series(1, {ROWS})'
                                    ' g) to stdout')
    rows = [body for kind, body in messages if kind == 'd']
    assert b''.join(rows) == b''.join(b'%d\t%s\n' % (g, b'%d' % g * 5) for g in range(1, ROWS + 1))
    session.close()


def test_error_behind_unread_rows(address):
    session = Connection(address)
    messages = read_slowly(session, 'select g, 1 / (g - 250000) from generate_series(1, 300000) g')
    rows = [row_of(body) for kind, body in messages if kind == 'D']
    assert rows == [[b'%d' % g, (b'-1' if g == 249999 else b'0')] for g in range(1, len(rows) + 1)]
    assert messages[-2][0] == 'E' and b'22012' in messages[-2][1]
    session.close()


def test_a_client_that_never_reads(program):
    """It is parked, others work, and the server still stops."""
    with scratch() as data, running(program, data) as process:
        address = process.address()
        deaf = Connection(address)
        deaf.send(query_message("select repeat('x', 1000) from generate_series(1, 10000000)"))
        time.sleep(1.0)
        other = Connection(address)
        assert other.query('select sum(g) from generate_series(1, 1000000) g')[-1].texts() == [
            ['500000500000']]
        deaf.cancel()
        begin = time.monotonic()
        assert process.end() == 0
        assert time.monotonic() - begin < 15
        deaf.close()
