#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs tests/concurrency/*.spec: sessions that take turns, and what each of them is answered.

usage: run_specs.py (--server PATH | --connect host:port:user:db) [--answers] [file ...]
A spec is a script. A line `name: SQL` sends SQL on the session of that name; a line `name>` waits
for the answer of a statement that had to wait. What comes back stands below as lines `=> ...`: a
tag, an error as `SQLSTATE message`, rows as `(1,x,null)`, or `waits` for a statement that has no
answer yet. Sessions are opened where they are first named; a file starts with an empty schema
public. --answers writes these lines anew from a PostgreSQL 15. Last line:
`concurrency: tests=.. passed=.. failed=..`.
"""
import argparse
import contextlib
import glob
import os
import queue
import re
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from pgwire import Address, Connection  # noqa: E402
from server_process import Gotgan, Postgres  # noqa: E402

WAIT_SECONDS = 0.7    # no answer by then: the statement waits for another session
ANSWER_SECONDS = 60
STEP = re.compile(r'(\w+)(:|>) ?(.*)$')


class Session:
    """A connection with a thread of its own, so that one may wait while others go on."""

    def __init__(self, address):
        self.connection = Connection(address)
        self.asked, self.answered = queue.Queue(), queue.Queue()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while (sql := self.asked.get()) is not None:
            try:
                self.answered.put(lines_of(self.connection.query(sql)))
            except Exception as error:  # a lost connection is an answer too
                self.answered.put([f'{type(error).__name__}'])

    def answer(self, seconds):
        try:
            return self.answered.get(timeout=seconds)
        except queue.Empty:
            return ['waits']

    def close(self):
        self.asked.put(None)
        self.connection.close()


def lines_of(results):
    lines = []
    for result in results:
        lines += ['(' + ','.join('null' if v is None else v for v in row) + ')'
                  for row in result.texts()]
        lines.append(f'{result.error.code} {result.error.message}' if result.error else result.tag)
    return lines


def steps_of(path):
    """-> [(line as written, session, is a statement, sql, expected lines)], None for the others"""
    steps = []
    for line in open(path).read().splitlines():
        step = None if line.startswith('#') else STEP.match(line)
        if line.startswith('=> '):
            steps[-1][4].append(line[3:])
        elif step:
            steps.append((line, step[1], step[2] == ':', step[3], []))
        else:
            steps.append((line, None, False, '', []))
    return steps


def run_spec(path, address, answers):
    """-> differences; with answers the file is written anew."""
    sessions, written, wrong = {}, [], []
    start = Connection(address)
    start.query('drop schema if exists public cascade')
    start.query('create schema public')
    start.close()
    for line, name, is_statement, sql, expected in steps_of(path):
        written.append(line)
        if name is None:
            continue
        session = sessions.get(name) or sessions.setdefault(name, Session(address))
        if is_statement:
            session.asked.put(sql)
        waits = answers or expected == ['waits']
        got = session.answer(WAIT_SECONDS if waits else ANSWER_SECONDS)
        written += ['=> ' + text for text in got]
        if got != expected:
            wrong.append(f'{os.path.basename(path)}: {line}\n  expected {expected}\n  got      {got}')
    for session in sessions.values():
        session.close()
    if answers:
        with open(path, 'w') as file:
            file.write('\n'.join(written) + '\n')
        return []
    return wrong


@contextlib.contextmanager
def server_of(options):
    if options.server:
        with Gotgan(options.server) as server:
            yield server.address
    elif options.connect:
        yield options.connect
    else:
        with Postgres() as server:
            yield server.address


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--server')
    parser.add_argument('--connect', type=Address)
    parser.add_argument('--answers', action='store_true')
    parser.add_argument('files', nargs='*')
    options = parser.parse_args()
    if not options.answers and bool(options.server) == bool(options.connect):
        parser.error('--server or --connect')
    passed = failed = 0
    with server_of(options) as address:
        for path in options.files or sorted(glob.glob(os.path.join(HERE, '*.spec'))):
            wrong = run_spec(path, address, options.answers)
            print(*wrong, sep='\n', end='\n' if wrong else '')
            passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f'concurrency: tests={passed + failed} passed={passed} failed={failed}')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
