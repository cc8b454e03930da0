#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random statements against Gotgan and PostgreSQL 15: the answers must be the same.

usage: differential.py --server PATH [--peer host:port:user:db] [--seed S] [--count N]
                       [--only NUMBER] [--stop M] [--option ARGUMENT]...
Without --peer a scratch cluster is made and removed; on a peer a database is made. Every 50
statements there is a new schema with new data. Columns (names and types) and rows are compared as multisets, floats with relative 1e-9, what ORDER
BY fixes in order, errors by SQLSTATE. Data errors (class 22) may hide one another and, in
statements with more than one expression, depend on the order of evaluation: those are counted
apart, and so are those that PostgreSQL raises while it plans. A mismatch is reduced to a small
statement and printed with its seed; --only replays one.
Differences we want are lines of tests/differential.known. After --stop mismatches (50) it gives up.
The last line is `differential: seed=.. statements=.. passed=.. failed=.. ...`.
"""
import argparse
import collections
import contextlib
import decimal
import math
import os
import random
import re
import socket
import subprocess
import sys
import time

from pgwire import Address, Closed, Connection, ProtocolError
from random_statements import Statements, make_schema
from server_process import Gotgan, Postgres

HERE = os.path.dirname(os.path.abspath(__file__))
PER_SCHEMA = 50
REDUCE_TRIES = 250
STATEMENT_MS = 10000
SLOW_SECONDS = 3
LOST_SECONDS = 1
FLOATS, NUMERIC, INTERVAL, BPCHAR = (700, 701), 1700, 1186, 1042
UNLIKE_SHARE, MISSING_SHARE = 0.1, 0.02
SETTINGS = {'TimeZone': 'UTC', 'DateStyle': 'ISO, MDY', 'IntervalStyle': 'postgres',
            'extra_float_digits': '1', 'statement_timeout': str(STATEMENT_MS)}


class Side:
    """One of the two servers; connects again after a lost connection. revive starts a server that
    ended again, with what it holds, and says where it is."""

    def __init__(self, address, revive=None):
        self.address, self.revive = address, revive
        self.connection = None

    def ask(self, sql, extended=False, data=None):
        """-> Result of the last statement, or an error; a lost connection is an error too."""
        try:
            if self.connection is None:
                self.address = self.revive(0) if self.revive else self.address
                self.connection = Connection(self.address, SETTINGS, timeout=90)
            if extended:
                return self.connection.execute(sql)
            return self.connection.query(sql, data)[-1]
        except (Closed, ProtocolError, socket.timeout, OSError) as error:
            with contextlib.suppress(OSError):
                self.connection and self.connection.close()
            self.connection = None
            if self.revive:
                self.revive(LOST_SECONDS)
            return Lost(repr(error))


class Lost:
    """Stands for a Result when there is none."""
    columns, rows, tag = None, [], None

    def __init__(self, message):
        self.error = self
        self.code, self.message = 'LOST', message

    def __repr__(self):
        return f'connection lost: {self.message}'


def microseconds(text):
    """An interval's value as comparisons see it: a month is 30 days, a day 24 hours."""
    months = days = micros = 0
    for amount, unit in re.findall(r'([+-]?\d+) (year|mon|day)s?', text):
        if unit == 'day':
            days += int(amount)
        else:
            months += int(amount) * (12 if unit == 'year' else 1)
    clock = re.search(r'(-?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?', text)
    if clock:
        hour, minute, second = (int(part) for part in clock.groups()[1:4])
        micros = (hour * 3600 + minute * 60 + second) * 1000000 + int(
            (clock[5] or '').ljust(6, '0'))
        micros = -micros if clock[1] else micros
    return (months * 30 + days) * 86400000000 + micros


def canonical(value, column, strict):
    """A field as it is compared: a float as a float; by value what may be written in several ways.
    Gotgan keeps char(n) without its trailing blanks, and without a length does not show them."""
    oid = column.oid
    if value is None:
        return None
    text = value.decode('utf-8', 'replace')
    if oid == BPCHAR and column.typmod == -1:
        return text.rstrip(' ')
    if oid in FLOATS:
        return float(text)
    if strict:
        return text
    if oid == NUMERIC and text[-1].isdigit():
        return str(decimal.Decimal(text).normalize()) if decimal.Decimal(text) else '0'
    if oid == INTERVAL:
        return str(microseconds(text))
    if oid == BPCHAR:
        return text.rstrip(' ')
    return text


def sort_key(row):
    exact = [(v is not None, '' if isinstance(v, float) else v or '') for v in row]
    rough = [f'{v:.6g}' for v in row if isinstance(v, float)]
    return exact, rough


def same(a, b, relative, absolute):
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=relative, abs_tol=absolute) or \
            (math.isnan(a) and math.isnan(b))
    return a == b


def same_rows(mine, theirs, relative, absolute):
    return all(same(a, b, r, absolute) for x, y in zip(mine, theirs)
               for a, b, r in zip(x, y, relative))


def compare_rows(statement, mine, theirs):
    oids = [column.oid for column in theirs.columns]
    if len(mine.rows) != len(theirs.rows):
        return f'{len(mine.rows)} rows against {len(theirs.rows)}'
    if statement.count_only:
        return None
    relative = [1e-5 if oid == 700 else 1e-9 for oid in oids]
    absolute = 0 if statement.strict else 1e-9  # a sum near zero is what the order left of it
    ours, peers = ([[canonical(v, column, statement.strict)
                     for v, column in zip(row, theirs.columns)]
                    for row in result.rows] for result in (mine, theirs))
    if not same_rows(sorted(ours, key=sort_key), sorted(peers, key=sort_key), relative,
                     absolute):
        return 'rows differ'
    if statement.ordered and max(statement.ordered) < len(oids):
        places = statement.ordered
        if not same_rows([[row[p] for p in places] for row in ours],
                         [[row[p] for p in places] for row in peers], [1e-5] * len(places), absolute):
            return 'the order differs'
    return None


def compare(statement, mine, theirs):
    """-> None, or (class, text): 'unlike' may depend on the order of evaluation, 'missing' is
    0A000, 'skip' says nothing, 'wrong' is a mismatch."""
    ours, peers = (result.error.code if result.error else None for result in (mine, theirs))
    if peers in ('57014', '53200', '54000', '54001', '53100'):
        return 'skip', peers
    if ours == '0A000' and peers != ours:
        return 'missing', mine.error.message
    if ours == peers and ours:
        return None
    if ours or peers:
        data_errors = {code for code in (ours, peers) if code}
        if data_errors and all(code[:2] == '22' for code in data_errors - {'0A000'}):
            if ours and peers:
                return None
            if not statement.strict:
                return 'unlike', f'{ours} {peers}'
        return 'wrong', f'{mine.error or mine.tag} against {theirs.error or theirs.tag}'
    if mine.tag != theirs.tag:
        return 'wrong', f'{mine.tag} against {theirs.tag}'
    if (mine.columns is None) != (theirs.columns is None):
        return 'wrong', 'columns or no columns'
    if mine.columns is None:
        return None
    for a, b in zip(mine.columns, theirs.columns):
        if (a.name, a.oid) != (b.name, b.oid):
            return 'wrong', f'column {a.name} of type {a.oid} against {b.name} of {b.oid}'
    fault = compare_rows(statement, mine, theirs)
    return ('wrong', fault) if fault else None


class Differential:
    def __init__(self, options, ours, peer):
        self.options, self.server = options, ours
        self.sides = [Side(ours.address, self.revive), Side(peer)]
        self.counts = collections.Counter()
        self.missing = collections.Counter()
        self.known = read_known()
        self.known_met = set()

    def revive(self, seconds):
        """Starts the server again when it ended, for which it may take a moment."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.server.process.wait(seconds)
        if self.server.process.poll() is not None:
            print('the server ended: ' + self.server.log_text()[-500:])
            self.counts['ended'] += 1
            self.server.start()
        return self.server.address

    def both(self, sql, extended=False, data=None):
        return [side.ask(sql, extended, data) for side in self.sides]

    def make(self, tables):
        for table in tables:
            for sql, data in ((f'drop table if exists {table.name}', None), (table.create(), None),
                              (f'copy {table.name} from stdin', table.copy_text())):
                for result in self.both(sql, data=data):
                    if result.error:
                        raise RuntimeError(f'{sql}: {result.error}')
        self.sides[1].ask('analyze')

    def run_one(self, statement, extended=False):
        """Both servers' answers compared; what a statement wrote is compared and taken back."""
        sql = str(statement.node)
        if not statement.table:
            mine, theirs = self.both(sql, extended)
            return compare(statement, mine, theirs), mine, theirs
        self.both('begin')
        mine, theirs = self.both(sql, extended)
        fault = compare(statement, mine, theirs)
        if not fault and not mine.error:
            mine, theirs = self.both(f'select * from {statement.table}')
            fault = compare(statement, mine, theirs)
        self.both('rollback')
        return fault, mine, theirs

    def planned(self, statement, theirs):
        """Whether PostgreSQL fails while it plans: it evaluates constants that no row reaches. We do
        not: a row raises only when it is there."""
        if not theirs.error or theirs.error.code[:2] != '22':
            return False
        plan = self.sides[1].ask(f'explain {statement.node}')
        return bool(plan.error) and plan.error.code == theirs.error.code

    def reduce(self, statement, fault):
        """The smallest variant that goes wrong in the same way."""
        lost = 'connection lost' in fault[1]
        shape = re.sub(r'[0-9]+ rows|\d+', 'N', fault[1])
        tries, node, found = 0, statement.node, True
        while found and tries < REDUCE_TRIES:
            found = False
            for smaller in sorted(node.variants(), key=lambda n: len(str(n))):
                if len(str(smaller)) >= len(str(node)):
                    continue
                tries += 1
                other, _, _ = self.run_one(statement.with_node(smaller))
                if other and other[0] == 'wrong' and (
                        re.sub(r'[0-9]+ rows|\d+', 'N', other[1]) == shape or
                        (lost and 'connection lost' in other[1])):
                    node, found = smaller, True
                    break
                if tries >= REDUCE_TRIES:
                    break
        return statement.with_node(node)

    def known_difference(self, text):
        for pattern, reason in self.known:
            if re.search(pattern, text, re.S):
                self.known_met.add(pattern)
                return reason
        return None

    def report(self, number, statement, fault):
        small = self.reduce(statement, fault)
        again, mine, theirs = self.run_one(small)
        text = f'{small.node}\n{(again or fault)[1]}'
        if self.known_difference(text):
            self.counts['known'] += 1
            return
        self.counts['failed'] += 1
        print(f'--- seed {self.options.seed} statement {number}: {(again or fault)[1]}\n'
              f'{small.node}')
        for side, result in (('ours', mine), ('theirs', theirs)):
            rows = sorted(map(repr, result.rows or []))
            other = set(map(repr, (theirs if side == 'ours' else mine).rows or []))
            rows = [row for row in rows if row not in other] or rows
            shown = '; '.join(row[:300] for row in rows[:3])
            print(f'  {side}: {result.error or result.tag} {shown}', flush=True)

    def run(self):
        count, number = self.options.count, 0
        while number < count and self.counts['failed'] < self.options.stop:
            rng = random.Random(f'{self.options.seed}:{number // PER_SCHEMA}')
            tables = make_schema(rng)
            source = Statements(rng, tables)
            wanted = self.options.only
            if wanted is None or number <= wanted < number + PER_SCHEMA:
                self.make(tables)
            for number in range(number, min(number + PER_SCHEMA, count)):
                statement, extended = source.next(), rng.random() < 0.3
                if wanted is not None and number != wanted:
                    continue
                if self.options.verbose:
                    print(f'{number}: {statement.node}', flush=True)
                start = time.monotonic()
                fault, mine, theirs = self.run_one(statement, extended)
                if fault and fault[0] == 'wrong' and not mine.error and \
                        self.planned(statement, theirs):
                    fault = 'planned', ''
                seconds = time.monotonic() - start
                if seconds > SLOW_SECONDS and self.options.verbose:
                    print(f'  {seconds:.1f} s {fault}')
                self.counts['statements'] += 1
                if not fault:
                    self.counts['passed'] += 1
                elif fault[0] == 'wrong':
                    self.report(number, statement, fault)
                else:
                    self.counts[fault[0]] += 1
                    if fault[0] == 'missing':
                        self.missing[fault[1]] += 1
                if self.counts['failed'] >= self.options.stop:
                    break
            number += 1


def read_known():
    """-> list of (pattern, reason); a line is `pattern ==> reason`."""
    known = []
    with open(os.path.join(HERE, 'differential.known'), encoding='utf-8') as file:
        for line in file:
            if line.strip() and not line.startswith('#'):
                pattern, reason = line.rstrip('\n').split(' ==> ')
                known.append((pattern, reason))
    return known


@contextlib.contextmanager
def servers(options):
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(Gotgan(options.server, options.option))
        peer = options.peer or stack.enter_context(Postgres()).address
        name = f'differential_{os.getpid()}'
        admin = Connection(peer)
        made = admin.query(f"create database {name} template template0 encoding 'UTF8' "
                           "locale 'C.UTF-8'")
        if made[0].error:
            raise RuntimeError(repr(made[0].error))
        yield ours, Address(f'{peer.host}:{peer.port}:{peer.user}:{name}')
        admin.query(f'drop database {name} with (force)')
        admin.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--server', required=True)
    parser.add_argument('--peer', type=Address)
    parser.add_argument('--seed', default='1', help='a word; "today" is the date')
    parser.add_argument('--count', type=int, default=1000)
    parser.add_argument('--only', type=int)
    parser.add_argument('--stop', type=int, default=50)
    parser.add_argument('--option', action='append', default=[])
    parser.add_argument('--verbose', action='store_true')
    options = parser.parse_args()
    if options.only is not None:
        options.count = max(options.count, options.only + 1)
    if options.seed == 'today':
        options.seed = time.strftime('%Y-%m-%d')
    with servers(options) as (ours, peer):
        work = Differential(options, ours, peer)
        work.run()
    c = work.counts
    for message, times in work.missing.most_common(20):
        print(f'  0A000 {times} times: {message}')
    ran = max(c['statements'], 1)
    if c['unlike'] + c['skip'] > ran * UNLIKE_SHARE:
        print('too many statements whose answer may depend on the order of evaluation')
        c['failed'] += 1
    if c['missing'] > ran * MISSING_SHARE:
        print(f'more than {MISSING_SHARE:.0%} of the statements are not there yet')
        c['failed'] += 1
    print(f'differential: seed={options.seed} statements={c["statements"]} passed={c["passed"]} '
          f'failed={c["failed"]} known={c["known"]} missing={c["missing"]} unlike={c["unlike"]} '
          f'planned={c["planned"]} skipped={c["skip"]}')
    return 1 if c['failed'] or not c['passed'] else 0


if __name__ == '__main__':
    sys.exit(main())
