#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a toy could not do: tables larger than memory, endless results, many columns, many
connections, writers side by side, statements and messages beyond every measure.

usage: scale.py --server PATH [--quick] [TEST ...]
--quick takes smaller numbers (seconds instead of minutes). A TEST is the part of a name behind
test_. Prints what was measured and `scale: tests=.. passed=.. failed=..`.
"""
import argparse
import glob
import os
import resource
import socket
import statistics
import struct
import sys
import threading
import time
import traceback

from pgwire import Closed, Connection, ServerError, message, query_message, startup_packet, text
from server_process import Gotgan

MEGABYTE = 1 << 20
# A number that looks drawn, from g.
HASH = '(g * 48271 % 2147483647) * 69621 % 2147483647 * 1000003'


def value(connection, sql):
    result = connection.query(sql)[-1]
    assert not result.error, result.error
    return result.texts()[0][0]


def run(connection, sql):
    for result in connection.query(sql):
        assert not result.error, result.error


def memory_peak(process):
    """Resident bytes at their highest."""
    with open(f'/proc/{process.pid}/status') as file:
        line = next(line for line in file if line.startswith('VmHWM'))
    return int(line.split()[1]) * 1024


def forget_peak(process):
    with open(f'/proc/{process.pid}/clear_refs', 'w') as file:
        file.write('5')


def in_threads(functions):
    """Runs them all at once; raises the first of their errors."""
    errors = []

    def guarded(function):
        try:
            function()
        except Exception as error:
            errors.append(error)
    threads = [threading.Thread(target=guarded, args=(f,)) for f in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def seg_bytes(server):
    return sum(os.path.getsize(path) for path in glob.glob(server.directory + '/data/seg/*'))


def test_table_larger_than_memory(options):
    """Three times the buffer pool, numbers that no encoding makes small, read by four at once."""
    memory = 128 * MEGABYTE
    pool = memory * 35 // 100
    step = 250000
    with Gotgan(options.server, ['--memory', '128MB']) as server:
        c = Connection(server.address)
        run(c, 'create table large(g bigint, a bigint, b bigint, c bigint)')
        rows = 0
        while seg_bytes(server) < 3 * pool:
            run(c, f'insert into large select g, {HASH}, {HASH} * 3 + g, {HASH} * 7 - g '
                   f'from generate_series({rows + 1}::bigint, {rows + step}) g')
            rows += step
            assert rows < 50000000, 'the table does not grow'
        # the same sums without a table
        want = value(c, f'select sum({HASH})::text || sum({HASH} * 3 + g) || sum({HASH} * 7 - g) '
                        f'from generate_series(1::bigint, {rows}) g')

        def read():
            reader = Connection(server.address)
            for _ in range(2):
                assert value(reader, 'select sum(a)::text || sum(b) || sum(c) from large') == want
                key = rows // 3
                assert value(reader, f'select count(*) from large where g = {key}') == '1'
            reader.close()
        begin = time.monotonic()
        in_threads([read] * 4)
        peak = memory_peak(server.process)
        print(f'larger than memory: {rows} rows, {seg_bytes(server) // MEGABYTE} MB of files, pool '
              f'{pool // MEGABYTE} MB, 8 scans in {time.monotonic() - begin:.1f} s, peak '
              f'{peak // MEGABYTE} MB')
        assert peak < memory + 96 * MEGABYTE, peak
        server.restart()
        c = Connection(server.address)
        assert value(c, 'select sum(a)::text || sum(b) || sum(c) from large') == want
        c.close()


def receive_bytes(wire, total, pause_at):
    """Reads total bytes without keeping them; rests once."""
    room = memoryview(bytearray(MEGABYTE))
    got = 0
    while got < total:
        count = wire.recv_into(room, min(len(room), total - got))
        assert count > 0
        if got < pause_at <= got + count:
            time.sleep(1.5)  # a client that does not keep up
        got += count


def test_endless_result(options):
    """Rows to a client that stops for a while: nobody's memory grows with them."""
    rows = 3000000 if options.quick else 50000000
    with Gotgan(options.server, ['--memory', '256MB']) as server:
        c = Connection(server.address)
        run(c, 'select count(*) from generate_series(1, 1000000)')
        before = memory_peak(server.process)
        forget_peak(server.process)
        mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        c.send(query_message(f'select 1000000000 + g from generate_series(1, {rows}) g'))
        kind, _ = c.receive()
        assert kind == 'T'
        row = 1 + 4 + 2 + 4 + 10
        begin = time.monotonic()
        kept = len(c.buffer) - c.at
        c.buffer, c.at = b'', 0
        receive_bytes(c.socket, rows * row - kept, rows * row // 2)
        seconds = time.monotonic() - begin - 1.5
        (kind, body), ready = c.receive(), c.receive()
        assert (kind, body, ready[0]) == ('C', text(f'SELECT {rows}'), 'Z'), (kind, body)
        peak = memory_peak(server.process)
        mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - mine
        print(f'endless result: {rows} rows in {seconds:.1f} s, server peak {peak // MEGABYTE} MB '
              f'(before {before // MEGABYTE}), client grew {mine // MEGABYTE} MB')
        assert peak < before + 48 * MEGABYTE and mine < 16 * MEGABYTE
        c.close()


def test_thousand_columns(options):
    count, rows = 1000, 3000 if not options.quick else 300
    names = [f'c{i}' for i in range(count)]
    kinds = ['int', 'text', 'numeric(10, 2)', 'date', 'bool', 'float8']
    with Gotgan(options.server) as server:
        c = Connection(server.address)
        columns = ', '.join(f'{n} {kinds[i % 6]}' for i, n in enumerate(names))
        run(c, f'create table wide({columns})')

        def field(row, i):
            return [str(row * i % 1000), f'text {row % 7} {i}', f'{row}.{i % 100:02d}',
                    f'2024-01-{1 + row % 28:02d}', 'ft'[row % 2], '0.5'][i % 6]
        lines = ['\t'.join(field(row, i) for i in range(count)) for row in range(rows)]
        result = c.query('copy wide from stdin', ('\n'.join(lines) + '\n').encode())[-1]
        assert result.tag == f'COPY {rows}', result.error
        got = c.query('select * from wide')[-1]
        assert len(got.columns) == count and sorted(
            '\t'.join(v for v in row) for row in got.texts()) == sorted(lines)
        sums = ', '.join(f'sum({n})' for i, n in enumerate(names) if i % 6 == 0)
        assert c.query(f'select {sums} from wide')[-1].texts()[0] == [
            str(sum(row * i % 1000 for row in range(rows))) for i in range(0, count, 6)]
        run(c, f'update wide set {names[999]} = null, {names[0]} = -1 where {names[2]} < 10')
        assert value(c, 'select count(*) from wide where c0 = -1 and c999 is null') == '10'
        server.restart()
        c = Connection(server.address)
        assert value(c, 'select count(*) from wide where c0 = -1 and c999 is null') == '10'
        columns = ', '.join(f'c{i} int' for i in range(1601))
        error = c.query(f'create table wider({columns})')[-1].error
        assert error and error.code == '54011', error
        c.close()


def test_hundred_connections(options):
    """A hundred clients beside one heavy query: every answer right, nobody left behind."""
    clients, seconds = 100, 4 if options.quick else 15
    with Gotgan(options.server) as server:
        c = Connection(server.address)
        run(c, 'create table shared as select g as a, g % 100 as b from generate_series(1, 200000) g')
        want = [str(sum(range(k or 100, 200001, 100))) for k in range(clients)]
        connections = [Connection(server.address) for _ in range(clients)]
        heavy = Connection(server.address)
        heavy.send(query_message('select count(*) from shared x, shared y where x.a + y.a = -1'))
        done, slowest = [0] * clients, [0.0] * clients
        end = time.monotonic() + seconds

        def ask(k):
            while time.monotonic() < end:
                begin = time.monotonic()
                assert value(connections[k], f'select sum(a) from shared where b = {k}') == want[k]
                slowest[k] = max(slowest[k], time.monotonic() - begin)
                done[k] += 1
        in_threads([lambda k=k: ask(k) for k in range(clients)])
        heavy.cancel()
        print(f'hundred connections: {sum(done)} answers in {seconds} s, per client {min(done)} to '
              f'{max(done)}, slowest answer {max(slowest):.2f} s')
        assert min(done) >= 1 and min(done) * 4 >= statistics.median(done), done
        for connection in connections + [heavy, c]:
            connection.close()


def test_copies_side_by_side(options):
    """Two into one table, and a third that takes all back."""
    rows = 100000 if options.quick else 1000000
    with Gotgan(options.server) as server:
        c = Connection(server.address)
        run(c, 'create table copied(who int, g bigint, t text)')

        def load(who):
            connection = Connection(server.address)
            data = ''.join(f'{who}\t{g}\ttext {g}\n' for g in range(rows)).encode()
            if who == 3:
                run(connection, 'begin')
            result = connection.query('copy copied from stdin', data)[-1]
            assert result.tag == f'COPY {rows}', result.error
            if who == 3:
                run(connection, 'rollback')
            connection.close()
        in_threads([lambda who=who: load(who) for who in (1, 2, 3)])
        for _ in range(2):
            got = c.query('select who, count(*), sum(g), count(distinct t) from copied '
                          'group by who order by who')[-1]
            total = str(rows * (rows - 1) // 2)
            assert got.texts() == [[who, str(rows), total, str(rows)] for who in '12'], got.texts()
            server.restart()
            c = Connection(server.address)
        c.close()


def test_deep_nesting(options):
    """54001 or an answer, and the connection lives on."""
    with Gotgan(options.server) as server:
        c = Connection(server.address)
        for deep in (1000, 3000, 10000, 30000, 200000):
            for name, sql in nested(deep).items():
                error = c.query(sql)[-1].error
                assert error is None or error.code in ('54001', '0A000'), (name, deep, error)
                assert value(c, 'select 1') == '1', name
        many = ' or '.join(f'1 = {i}' for i in range(2, 20000))
        assert value(c, f'select count(*) where {many} or true') == '1'
        long_list = ', '.join(str(i) for i in range(100000))
        assert value(c, f'select 99999 in ({long_list})') == 't'
        unions = ' union all '.join(['select 1'] * 3000)
        assert value(c, f'select count(*) from ({unions}) s') == '3000'
        c.close()


def nested(deep):
    return {
        'parentheses': 'select ' + '(' * deep + '1' + ')' * deep,
        'minus': 'select ' + '- ' * deep + '1',
        'not': 'select ' + 'not ' * deep + 'true',
        'casts': 'select 1' + '::int' * deep,
        'calls': 'select ' + 'abs(' * deep + '1' + ')' * deep,
        'case': 'select ' + 'case when true then ' * deep + '1' + ' end' * deep,
        'sub-queries': 'select ' + '(select ' * deep + '1' + ')' * deep,
        'from': 'select * from ' + '(select * from ' * deep + '(select 1) s' + ') s' * deep,
        'exists': 'select 1 where ' + 'exists (select 1 where ' * deep + 'true' + ')' * deep,
        'joins': 'select 1 from ' + '(' * deep + 'pg_am' + ''.join(
            f' join pg_am a{i} using (oid))' for i in range(deep)) if deep < 2000 else 'select 1',
        'with': 'with a as (' * deep + 'select 1' + ') select 1' * deep,
        'unions': 'select 1 ' + 'union all (select 1 ' * deep + ')' * deep,
        'concatenation': 'select ' + "'a' || (" * deep + "'b'" + ')' * deep,
        'arithmetic': 'select 1' + ' + 1' * deep,
        'conditions': 'select 1 where ' + 'true and (false or ' * deep + 'true' + ')' * deep,
        'in': 'select ' + 'true in (' * deep + 'true' + ')' * deep,
        'between': 'select ' + 'true between false and (' * deep + 'true' + ')' * deep,
        'explain': 'explain select ' + '(' * deep + '1' + ')' * deep,
        'prepare': f'prepare p{deep} as select ' + '(' * deep + '1' + ')' * deep,
        'view': 'create or replace view deep as select ' + '(' * deep + '1' + ')' * deep + ' as a',
    }


def closed_with(server, data, code):
    """The server answers data with a FATAL of this code (None: nothing) and closes."""
    connection = Connection(server.address)
    connection.send(data)
    kind, body = connection.receive()
    error = ServerError(body)
    assert kind == 'E' and error.code == code and error.severity == 'FATAL', error
    assert connection.is_closed()


def test_oversized_and_truncated(options):
    with Gotgan(options.server, ['--memory', '256MB']) as server:
        closed_with(server, b'Q' + struct.pack('>i', 0x7fffffff), '08P01')
        closed_with(server, b'Q' + struct.pack('>i', -1), '08P01')
        closed_with(server, b'S' + struct.pack('>i', 1 << 20), '08P01')
        c = Connection(server.address)
        large = 'x' * (20 * MEGABYTE)
        assert value(c, f"select length('{large}')") == str(len(large))
        run(c, 'create table text_rows(a text)')
        result = c.query('copy text_rows from stdin', (large + '\n').encode())[-1]
        assert result.tag == 'COPY 1', result.error
        assert value(c, 'select length(a) from text_rows') == str(len(large))
        c.close()
        # more than the server may take: refused, and the others do not notice
        other = Connection(server.address)
        c = Connection(server.address)
        try:
            error = c.query(f"select length('{'y' * (300 * MEGABYTE)}')")[-1].error
            assert error.code == '53200', error
        except Closed:
            pass  # closed while the client still sent
        assert value(other, 'select 1') == '1'
        for cut in (1, 3, 5, 9, 100):  # a client that dies within a message
            wire = socket.create_connection((server.address.host, server.address.port))
            wire.sendall(startup_packet(196608, {'user': 'gotgan'}))
            wire.sendall((message('Q', b'select 1' + b' ' * 1000 + b'\0'))[:cut])
            wire.close()
        assert value(other, 'select 1') == '1'
        other.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--server', required=True)
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('tests', nargs='*')
    options = parser.parse_args()
    passed = failed = 0
    for name, test in list(globals().items()):
        if not name.startswith('test_') or (options.tests and name[5:] not in options.tests):
            continue
        try:
            test(options)
            passed += 1
        except Exception:  # whatever a test raises is its failure
            failed += 1
            print(f'{name} failed')
            traceback.print_exc(limit=-3)
        sys.stdout.flush()
    print(f'scale: tests={passed + failed} passed={passed} failed={failed}')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
