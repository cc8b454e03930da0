#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs tests/sql/**.test against a server and compares with the expected answers in the files.

usage: run.py (--server PATH | --connect host:port:user:db) [--answers]
              [--protocol simple|extended|alternate] [--config FILE] [--restart file|record]
             [--show N] [--list] [file or folder ...]

A .test file is a `# description` line and records divided by empty lines:

    statement ok                    succeeds
    statement count N               and its command tag ends in N
    statement error SQLSTATE        fails; after SQL and ---- the first line of the message
    query TYPES SORT [names]        TYPES: a letter per column: I integer, F float, N numeric,
                                    B bool, D date or time, T other; SORT: nosort, rowsort or
                                    valuesort; after SQL and ---- one line per row, fields divided
                                    by TAB, NULL, (empty), (no columns); line ends inside a field as \\n. names:
                                    the first line has the columns' names
    copy in ok | copy in error SQLSTATE   after ---- the data, after another ---- the message
    copy out                        after ---- the data
    restart                         the server (not a peer) is stopped and started
    skipif gotgan REASON            before a record: not run there, counted apart
    skipif postgresql REASON        the same for the reference: its minor versions differ

Floats are compared with relative 1e-9, everything else exactly. --answers writes the expected parts
anew from a PostgreSQL 15, and decides there what a record that begins with `?` is; it fails when
success or failure is not what the file says.
Each file has a server (--server) or database (peer) of its own. --protocol alternate (the default)
sends every second record through Parse, Bind, Describe, Execute; several statements in one record
always go through Query. --config is handed to the server. --restart record: the server is ended after
every record, by turns with SIGTERM and kill -9 (SIGTERM alone once there are sequences, whose values a
kill leaves gaps in), as long as no transaction is open, nothing was SET or PREPAREd, no currval asked and
no temporary relation made; file: once at the end, and the tables must hold what they held. The last line is `sql: files=.. records=.. passed=.. failed=.. skipped=..`.
"""
import argparse
import math
import os
import re
import signal
import socket
import sys

from pgwire import Address, Closed, Connection, ProtocolError
from server_process import Gotgan

LETTERS = {16: 'B', 20: 'I', 21: 'I', 23: 'I', 26: 'I', 700: 'F', 701: 'F', 1700: 'N', 1082: 'D',
           1083: 'D', 1114: 'D', 1184: 'D', 1186: 'D', 1266: 'D'}
NO_COLUMNS = '(no columns)'
CRASHES_MAX = 10
SESSION_WORDS = ('set', 'reset', 'prepare', 'declare', 'discard', 'deallocate', 'listen')
SESSION_CALLS = re.compile(r'\b(currval|lastval|cache)\b')  # what a session knows of sequences
COUNTED = re.compile(r'sequence|serial|identity')  # a kill leaves gaps in their values
TABLES = """select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'v') and c.relpersistence = 'p' and n.nspname not in ('pg_catalog', 'information_schema')"""
SCRATCH = 'gotgan_sql_test'


class Record:
    """One record of a file: its head words, SQL, and the parts after each ----."""

    def __init__(self, line, lines, skip):
        self.line, self.skip = line, skip
        self.head = lines[0].split(' ')
        self.sql, self.parts = [], []
        now = self.sql
        for text in lines[1:]:
            if text == '----' and len(self.parts) < self.parts_max():
                now = []
                self.parts.append(now)
            else:
                now.append(text)
        self.text = '\n'.join(self.sql)

    def parts_max(self):
        return 2 if self.head[:2] == ['copy', 'in'] else 1

    def part(self, number):
        return self.parts[number] if number < len(self.parts) else []

    def lines(self):
        out = [' '.join(self.head)] + self.sql
        for part in self.parts:
            out += ['----'] + part
        return out

    @property
    def code(self):
        return self.head[-1] if 'error' in self.head else None


def read_records(path):
    """-> (comment lines at the top, records); a comment before a record stays with it."""
    with open(path, encoding='utf-8', newline='') as file:
        lines = file.read().split('\n')
    if not lines[0].startswith('# '):
        raise ValueError(f'{path}: the first line is the description')
    items, now, first, skip = [], [], 0, None
    for number, line in enumerate(lines + [''], 1):
        if line == '' and now:
            items.append(Record(first, now, skip))
            now, skip = [], None
        elif not now and line.startswith('#'):
            items.append(line)
        elif not now and line.startswith(('skipif gotgan ', 'skipif postgresql ')):
            skip = line
        elif line != '':
            if not now:
                first = number
            now.append(line)
    return items


def write_records(path, items):
    out = []
    for number, item in enumerate(items):
        if isinstance(item, str):
            out.append(item)
            if number + 1 < len(items) and number == 0:
                out.append('')
        else:
            out += ([item.skip] if item.skip else []) + item.lines() + ['']
    with open(path, 'w', encoding='utf-8', newline='') as file:
        file.write('\n'.join(out).rstrip('\n') + '\n')


def field(value):
    if value is None:
        return 'NULL'
    text = value.decode('utf-8', 'backslashreplace')
    if text == '':
        return '(empty)'
    return text.replace('\n', '\\n').replace('\t', '\\t').replace('\r', '\\r')


def types_of(result):
    letters = ''.join(LETTERS.get(column.oid, 'T') for column in result.columns or [])
    return letters or '-'


def rows_of(result, sort, letters):
    rows = [[field(value) for value in row] for row in result.rows]
    return sorted_rows(rows, sort, letters)


def rounded(value, letter):
    if letter != 'F':
        return value
    try:
        return f'{float(value):.6g}'
    except ValueError:
        return value


def sorted_rows(rows, sort, letters):
    if sort == 'valuesort':
        return [[value] for value in sorted(value for row in rows for value in row)]
    if sort == 'rowsort':
        return sorted(rows, key=lambda row: ([rounded(v, t) for v, t in zip(row, letters)], row))
    return rows


def same(expected, got, letter):
    if expected == got:
        return True
    if letter != 'F':
        return False
    try:
        a, b = float(expected), float(got)
    except ValueError:
        return False
    return math.isclose(a, b, rel_tol=1e-9) or (math.isnan(a) and math.isnan(b))


def rows_differ(expected, got, letters, sort):
    if len(expected) != len(got):
        return True
    if sort == 'valuesort':
        letters = 'T'
    return any(len(a) != len(b) or not all(map(same, a, b, letters))
               for a, b in zip(expected, got))


def split_rows(lines):
    return [[] if line == NO_COLUMNS else line.split('\t') for line in lines]


def first_line(text):
    return text.split('\n')[0]


class Runner:
    """One file on one server: connection, counts, reports."""

    def __init__(self, options, path, connect, restart):
        self.options, self.path = options, path
        self.connect, self.restart_server = connect, restart
        self.connection = None
        self.passed = self.failed = self.skipped = self.crashes = 0
        self.keeps_session = self.counts = False

    def report(self, record, text):
        self.failed += 1
        if self.failed <= self.options.show:
            print(f'{self.path}:{record.line}: {text}\n  ' + record.text.replace('\n', '\n  '),
                  flush=True)

    def ask(self, record, number):
        """-> Result of the last statement, or of the first that failed."""
        sql = record.text
        data = None
        if record.head[:2] == ['copy', 'in']:
            data = ''.join(line + '\n' for line in record.part(0)).encode()
        several = ';' in sql.rstrip().rstrip(';')
        extended = {'simple': False, 'extended': True,
                    'alternate': number % 2 == 1}[self.options.protocol]
        if extended and not several and record.head[0] != '?':
            if data is not None:
                return self.connection.execute(sql, copy_data=data)
            return self.connection.execute(sql)
        results = self.connection.query(sql, data)
        failed = [result for result in results if result.error]
        return (failed or results)[-1 if not failed else 0]

    def run(self):
        items = read_records(self.path)
        records = [item for item in items if isinstance(item, Record)]
        self.connection = self.connect()
        for number, record in enumerate(records):
            self.run_record(record, number)
            if self.crashes > CRASHES_MAX:
                left = len(records) - number - 1
                print(f'{self.path}: given up after {self.crashes} lost connections')
                self.failed += left
                break
            if self.options.restart == 'record':
                self.restart_between(record, number)
        if self.options.restart == 'file':
            self.restart_at_end()
        self.connection.close()
        if self.options.answers:
            write_records(self.path, items)

    def run_record(self, record, number):
        engine = 'gotgan' if self.options.server else 'postgresql'
        if record.skip and record.skip.split()[1] == engine:
            self.skipped += 1
            return
        if record.head[0] == 'restart':
            self.run_restart()
            return
        try:
            result = self.ask(record, number)
        except (Closed, ProtocolError, socket.timeout, OSError) as error:
            self.report(record, f'connection lost: {error!r}')
            self.lost()
            return
        if self.options.answers:
            fault = answer(record, result)
        else:
            fault = differs(record, result)
        if fault:
            self.report(record, fault)
        else:
            self.passed += 1

    def run_restart(self):
        if self.restart_server:
            self.connection.close()
            self.restart_server()
            self.connection = self.connect()
        self.passed += 1

    def restart_between(self, record, number):
        """Nothing of the session may be needed by what follows."""
        words = record.text.lower().split()
        self.keeps_session |= bool(words) and words[0] in SESSION_WORDS
        text = record.text.lower()
        self.keeps_session |= re.search(r'temp(orary)?\b', text) is not None
        self.keeps_session |= bool(SESSION_CALLS.search(text))
        self.counts |= bool(COUNTED.search(text))
        if not self.keeps_session and self.connection.status == 'I':
            self.connection.close()
            kill = number % 2 and not self.counts
            self.restart_server(signal.SIGKILL if kill else signal.SIGTERM)
            self.connection = self.connect()

    def content(self):
        """-> what every table and view answers"""
        found = {}
        for schema, name in self.connection.query(TABLES)[0].texts():
            result = self.connection.query(f'select * from "{schema}"."{name}"')[0]
            found[f'{schema}.{name}'] = (sorted(map(repr, result.rows)),
                                         result.error and result.error.code)
        return found

    def restart_at_end(self):
        if self.connection.status != 'I':
            self.connection.query('rollback')
        before = self.content()
        self.connection.close()
        self.restart_server(signal.SIGKILL)
        self.connection = self.connect()
        after = self.content()
        if before == after:
            self.passed += 1
            return
        names = [name for name in set(before) | set(after) if before.get(name) != after.get(name)]
        self.failed += 1
        print(f'{self.path}: other content after a restart: {", ".join(names)}', flush=True)

    def lost(self):
        self.crashes += 1
        self.connection.close()
        try:
            self.connection = self.connect()
        except (Closed, ProtocolError, OSError):
            if not self.restart_server:
                raise
            self.restart_server()
            self.connection = self.connect()


def differs(record, result):
    """What is wrong with the result, or None."""
    kind, error = record.head[0], result.error
    if record.code:
        expected = record.parts[-1][0] if record.parts and record.parts[-1] else ''
        if not error:
            return f'expected error {record.code} {expected}, got {result.tag}'
        if error.code != record.code or first_line(error.message) != expected:
            return f'expected error {record.code} {expected}\n  got {error}'
        return None
    if error:
        return f'failed: {error}'
    if kind == 'query':
        return rows_fault(record, result)
    if record.head[:2] == ['copy', 'out']:
        got = (result.copy or b'').decode().split('\n')[:-1]
        return None if got == record.part(0) else 'expected\n  ' + '\n  '.join(
            record.part(0)[:20]) + '\n  got\n  ' + '\n  '.join(got[:20])
    if record.head[:2] == ['statement', 'count']:
        got = (result.tag or '').split(' ')[-1]
        return None if got == record.head[2] else f'expected count {record.head[2]}, got {got}'
    return None if kind in ('statement', 'copy') else f'unknown record {kind}'


def rows_fault(record, result):
    letters, sort = record.head[1], record.head[2]
    if types_of(result) != letters:
        return f'expected column types {letters}, got {types_of(result)}'
    expected = split_rows(record.part(0))
    if 'names' in record.head[3:]:
        names = [column.name for column in result.columns]
        if expected[:1] != [names]:
            return f'expected columns {expected[:1]}, got {names}'
        expected = expected[1:]
    got = rows_of(result, sort, letters)
    if rows_differ(expected, got, letters, sort):
        return 'expected\n  ' + '\n  '.join('\t'.join(row) for row in expected[:20]) + \
            f'\n  got {len(got)} rows\n  ' + '\n  '.join('\t'.join(row) for row in got[:20])
    return None


def answer(record, result):
    """Writes what the reference answered into the record; -> a fault, or None."""
    if record.head[0] == '?':
        decide(record, result)
    if record.code:
        if not result.error:
            return f'expected error {record.code}, but PostgreSQL answers {result.tag}'
        record.head[-1] = result.error.code
        message = [first_line(result.error.message)]
        if record.head[0] == 'copy':
            record.parts = [record.part(0), message]
        else:
            record.parts = [message]
        return None
    if result.error:
        return f'failed: {result.error}'
    if record.head[0] == 'query':
        answer_rows(record, result)
    elif record.head[:2] == ['copy', 'out']:
        record.parts = [(result.copy or b'').decode().split('\n')[:-1]]
    elif record.head[:2] == ['statement', 'count']:
        record.head[2] = (result.tag or '').split(' ')[-1]
    return None


def decide(record, result):
    names = ['names'] if 'names' in record.head else []
    if result.error:
        record.head = ['statement', 'error', result.error.code]
    elif result.copy is not None:
        record.head = ['copy', 'out']
    elif result.columns is not None:
        ordered = re.search(r'\border\s+by\b', record.text, re.I)
        record.head = ['query', '?', 'nosort' if ordered else 'rowsort'] + names
    elif re.fullmatch(r'(INSERT 0|UPDATE|DELETE|COPY|SELECT) \d+', result.tag or ''):
        record.head = ['statement', 'count', '?']
    else:
        record.head = ['statement', 'ok']


def answer_rows(record, result):
    letters, sort = types_of(result), record.head[2]
    record.head[1] = letters
    names = [[column.name for column in result.columns]] if 'names' in record.head[3:] else []
    rows = rows_of(result, sort, letters)
    record.parts = [['\t'.join(row) if row else NO_COLUMNS for row in names + rows]]


def files_of(arguments):
    found = []
    for argument in arguments or [os.path.join(os.path.dirname(__file__), 'sql')]:
        if os.path.isdir(argument):
            for folder, _, names in os.walk(argument):
                found += [os.path.join(folder, name) for name in names if name.endswith('.test')]
        else:
            found.append(argument)
    return sorted(found)


def fresh_database(address, name=SCRATCH):
    """A peer's database of the file's own."""
    admin = Connection(address)
    admin.query(f'drop database if exists {name} with (force)')
    made = admin.query(f"create database {name} template template0 encoding 'UTF8' "
                       "locale 'C.UTF-8'")
    admin.close()
    if made[0].error:
        raise RuntimeError(repr(made[0].error))
    return Address(f'{address.host}:{address.port}:{address.user}:{name}')


def is_reference(address):
    connection = Connection(address)
    version = connection.query('select version()')[0].rows[0][0].decode()
    connection.close()
    return version.startswith('PostgreSQL 15.') and 'Gotgan' not in version


def session(address):
    return Connection(address, {'TimeZone': 'UTC', 'DateStyle': 'ISO, MDY',
                                'IntervalStyle': 'postgres', 'extra_float_digits': '1'})


def run_file(options, path, reference):
    if options.server:
        arguments = ['--config', options.config] if options.config else []
        with Gotgan(options.server, arguments) as server:
            runner = Runner(options, path, lambda: session(server.address), server.restart)
            runner.run()
    else:
        address = fresh_database(options.connect) if reference else options.connect
        runner = Runner(options, path, lambda: session(address), None)
        runner.run()
    return runner


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--server')
    parser.add_argument('--connect', type=Address)
    parser.add_argument('--answers', action='store_true')
    parser.add_argument('--protocol', choices=['simple', 'extended', 'alternate'],
                        default='alternate')
    parser.add_argument('--config')
    parser.add_argument('--restart', choices=['file', 'record'])
    parser.add_argument('--show', type=int, default=20)
    parser.add_argument('--list', action='store_true')
    parser.add_argument('files', nargs='*')
    options = parser.parse_args()
    if not options.server and not options.connect:
        parser.error('--server or --connect')
    reference = bool(options.connect) and is_reference(options.connect)
    if options.restart and not options.server:
        parser.error('--restart needs --server')
    if options.answers and not reference:
        sys.exit('answers come from PostgreSQL 15 only')
    if options.answers:
        options.protocol = 'simple'
    passed = failed = skipped = 0
    files = files_of(options.files)
    for path in files:
        try:
            runner = run_file(options, path, reference)
            passed += runner.passed
            failed += runner.failed
            skipped += runner.skipped
            if options.list or runner.failed:
                print(f'{path}: passed={runner.passed} failed={runner.failed}', flush=True)
        except (RuntimeError, ValueError, OSError, Closed, ProtocolError) as error:
            failed += 1
            print(f'{path}: {error}', flush=True)
    print(f'sql: files={len(files)} records={passed + failed} passed={passed} failed={failed} '
          f'skipped={skipped}')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
