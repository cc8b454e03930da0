#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what errors say besides SQLSTATE and message with PostgreSQL 15: position, detail, hint, and the names of schema, table, column, type and constraint.

usage: error_fields.py --server PATH --peer host:port:user:db [file or folder ...]

Every statement of tests/sql runs on both, each file in a database of its own. Statements that fail on
both with the same SQLSTATE are compared field by field; what run.py compares is left to it. Known
differences stand in error_fields.known: a field's letter, a blank, and the statement on one line.
The last line is `fields: errors=.. passed=.. failed=.. known=..`.
"""
import argparse
import os
import sys

from pgwire import Address, Closed, ProtocolError
from run import files_of, fresh_database, read_records, session
from server_process import Gotgan

FIELDS = {'P': 'position', 'D': 'detail', 'H': 'hint', 's': 'schema', 't': 'table', 'c': 'column',
          'd': 'data type', 'n': 'constraint'}
SCRATCH = 'gotgan_fields_test'  # beside the database of run.py
HERE = os.path.dirname(os.path.abspath(__file__))


def known_differences():
    with open(os.path.join(HERE, 'error_fields.known'), encoding='utf-8') as file:
        lines = [line.rstrip('\n') for line in file]
    return {(line[0], line[2:]) for line in lines if line and not line.startswith('#')}


def one_line(sql):
    return ' '.join(sql.split())


class Side:
    """One of the two servers: a connection that is opened again when a statement ends it."""

    def __init__(self, address):
        self.address, self.connection = address, session(address)

    def error_of(self, record):
        data = None
        if record.head[:2] == ['copy', 'in']:
            data = ('\n'.join(record.part(0)) + '\n').encode()
        try:
            return self.connection.query(record.text, data)[-1].error
        except (Closed, ProtocolError, OSError):
            self.connection = session(self.address)
            return None


class Comparison:
    def __init__(self):
        self.known = known_differences()
        self.errors = self.failed = self.allowed = 0

    def compare(self, place, record, ours, theirs):
        if not ours or not theirs or ours.code != theirs.code:
            return
        self.errors += 1
        for letter, name in FIELDS.items():
            a, b = ours.fields.get(letter), theirs.fields.get(letter)
            if a == b:
                continue
            if (letter, one_line(record.text)) in self.known:
                self.allowed += 1
                continue
            self.failed += 1
            print(f'{place}:{record.line}: {name} of {theirs!r}\n  {one_line(record.text)}\n'
                  f'  PostgreSQL: {b}\n  Gotgan:     {a}')

    def run_file(self, path, server, peer):
        place = os.path.relpath(path, HERE)
        with Gotgan(server) as gotgan:
            ours, theirs = Side(gotgan.address), Side(fresh_database(peer, SCRATCH))
            for record in read_records(path):
                if not isinstance(record, str) and record.head[0] != 'restart':
                    self.compare(place, record, ours.error_of(record), theirs.error_of(record))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--server', required=True)
    parser.add_argument('--peer', type=Address, required=True)
    parser.add_argument('files', nargs='*')
    options = parser.parse_args()
    comparison = Comparison()
    for path in files_of(options.files):
        comparison.run_file(path, options.server, options.peer)
    passed = comparison.errors - comparison.failed
    print(f'fields: errors={comparison.errors} passed={passed} failed={comparison.failed} '
          f'known={comparison.allowed}')
    return 1 if comparison.failed or not comparison.errors else 0


if __name__ == '__main__':
    sys.exit(main())
