#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random statements against Gotgan and PostgreSQL 15: the answers must be the same.

usage: differential.py --server PATH [--peer host:port:user:db] [--seed S] [--count N]
                       [--only NUMBER] [--stop M] [--option ARGUMENT]...
Without --peer a scratch cluster is made and removed; on a peer a database is made. Every 50
statements there is a new schema with new data; definitions and committed transactions change it
until then. Columns (names and types) and rows are compared as multisets, floats with relative 1e-9,
what ORDER BY fixes in order, errors by SQLSTATE; after a write or a definition, what the relation
holds. Data errors (class 22) and broken constraints (23) may hide one another and, in statements
with more than one expression, depend on the order of evaluation: those are counted apart, and so
are those that PostgreSQL raises while it plans. A mismatch is reduced to a small statement and
printed with its seed and the transaction before it; --only replays one, with what stands before it
in its schema. Differences we want are lines of tests/differential.known. After --stop mismatches
(50) it gives up.
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
from random_statements import Statement, Statements, make_schema
from server_process import Gotgan, Postgres

HERE = os.path.dirname(os.path.abspath(__file__))
PER_SCHEMA = 50
REDUCE_TRIES = 250
STATEMENT_MS = 10000
SLOW_SECONDS = 3
LOST_SECONDS = 1
LITERAL_SHOWN = 200
FLOATS, NUMERIC, INTERVAL, BPCHAR = (700, 701), 1700, 1186, 1042
UNLIKE_SHARE, MISSING_SHARE = 0.1, 0.02
SETTINGS = {'TimeZone': 'UTC', 'DateStyle': 'ISO, MDY', 'IntervalStyle': 'postgres',
            'extra_float_digits': '1', 'statement_timeout': str(STATEMENT_MS), 'search_path': 'work'}


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


def identical(mine, theirs):
    """Whether both hold the same to the last digit, so that what follows cannot differ by it."""
    return sorted(map(repr, mine.rows)) == sorted(map(repr, theirs.rows))


def shortened(text):
    """Long literals cut, for the eye."""
    return re.sub(r"'((?:[^']|'')*)'", lambda m: m[0] if len(m[1]) <= LITERAL_SHOWN else
                  f"'{m[1][:20]}...'/* {len(m[1])} characters */", text)


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
        places = certain(statement.ordered, ours, peers)
        if not same_rows([[row[p] for p in places] for row in ours],
                         [[row[p] for p in places] for row in peers], [1e-5] * len(places), absolute):
            return 'the order differs'
    return None


def certain(places, ours, peers):
    """The keys of ORDER BY up to the first that floats of another last digit make uncertain."""
    for number, place in enumerate(places):
        if not all(isinstance(row[place], (float, type(None))) for row in ours + peers):
            continue
        if collections.Counter(repr(row[place]) for row in ours) != \
                collections.Counter(repr(row[place]) for row in peers):
            return places[:number + 1]
    return places


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
        if data_errors and all(code[:2] in ('22', '23', '44') for code in data_errors - {'0A000'}):
            if ours and peers:
                return None
            if not statement.strict and '22' in {code[:2] for code in data_errors}:
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


# took: whether it took place on both sides, and leaves the same behind
Outcome = collections.namedtuple('Outcome', 'fault mine theirs took')


class Differential:
    def __init__(self, options, ours, peer):
        self.options, self.server = options, ours
        self.sides = [Side(ours.address, self.revive), Side(peer)]
        self.counts = collections.Counter()
        self.missing = collections.Counter()
        self.known = read_known()
        self.known_met = set()
        self.open = []  # what was sent since BEGIN, with whether by the extended protocol

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

    def make(self, schema):
        """Both get the tables and their rows. Where PostgreSQL refuses definitions, the columns stay."""
        self.open = []
        for sql in ('rollback', 'drop schema if exists work cascade', 'create schema work'):
            self.both(sql)
        for table in list(schema.relations):
            fault, mine, theirs, _ = self.run_one(Statement(table.create()))
            if fault and fault[0] == 'wrong':
                self.tell(f'table {table.name}', table.create(), fault, mine, theirs)
            if mine.error or theirs.error:
                self.both(f'drop table if exists {table.name}')
                schema.replace(table, table.plain())
        for table in schema.relations:
            self.both(table.create())
            for result in self.both(table.copy(), data=table.copy_text()):
                if result.error:
                    raise RuntimeError(f'{table.create()}: {result.error}')
        self.sides[1].ask('analyze')

    def replay(self):
        """The open transaction once more, as it was before its last statement."""
        self.both('rollback')
        for sql, extended in self.open:
            self.both(sql, extended)

    def run_one(self, statement, extended=False, keep=False):
        """Both servers' answers compared, and what a statement wrote. Outside of a transaction it is taken
        back, but for definitions when they are to be kept -> Outcome"""
        alone = not self.open and (statement.written or statement.effect)
        if alone:
            self.both('begin')
        mine, theirs = self.both(str(statement.node), extended)
        fault, took = compare(statement, mine, theirs), not mine.error
        if statement.written and not fault and took:
            mine, theirs = self.both(f'select * from {statement.written}')
            fault = compare(statement, mine, theirs)
            took = took and (statement.view or bool(self.open) or identical(mine, theirs))
        took = took and not fault
        if alone:
            keep = keep and took and statement.effect
            self.both('commit' if keep else 'rollback')
        return Outcome(fault, mine, theirs, took)

    def end_transaction(self, statement, source):
        """COMMIT or ROLLBACK; what does not hold the same bytes on both sides is not committed."""
        word = statement.word
        if word == 'commit' and not source.failed:
            pairs = [self.both(f'select * from {table.name}') for table in source.schema.tables()]
            if not all(identical(mine, theirs) for mine, theirs in pairs):
                word = 'rollback'
        mine, theirs = self.both(word)
        self.open = []
        return Outcome(compare(statement, mine, theirs), mine, theirs, word == statement.word)

    def planned(self, statement, theirs):
        """Whether PostgreSQL fails while it plans: it evaluates constants that no row reaches. We do
        not: a row raises only when it is there."""
        if not theirs.error or theirs.error.code[:2] != '22':
            return False
        if self.open:
            self.replay()
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
                other = self.again(statement.with_node(smaller)).fault
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

    def again(self, statement):
        """The same where it was met, in its transaction"""
        if self.open:
            self.replay()
        return self.run_one(statement)

    def report(self, number, statement, outcome):
        small = statement if statement.word else self.reduce(statement, outcome.fault)
        again = outcome if statement.word else self.again(small)
        fault = again.fault or outcome.fault
        self.tell(f'statement {number}', str(small.node), fault, again.mine, again.theirs)

    def tell(self, what, sql, fault, mine, theirs):
        """Counts a mismatch and prints it, unless it is one that is known."""
        if self.known_difference(f'{sql}\n{fault[1]}'):
            self.counts['known'] += 1
            return
        self.counts['failed'] += 1
        print(f'--- seed {self.options.seed} {what}: {fault[1][:1000]}')
        for before, _ in self.open:
            print(f'  after {shortened(before)}')
        print(shortened(sql))
        for side, result in (('ours', mine), ('theirs', theirs)):
            rows = sorted(map(repr, result.rows or []))
            other = set(map(repr, (theirs if side == 'ours' else mine).rows or []))
            rows = [row for row in rows if row not in other] or rows
            shown = '; '.join(row[:300] for row in rows[:3])
            print(f'  {side}: {str(result.error or result.tag)[:1000]} {shown}', flush=True)

    def run(self):
        count, number = self.options.count, 0
        while number < count and self.counts['failed'] < self.options.stop:
            rng = random.Random(f'{self.options.seed}:{number // PER_SCHEMA}')
            schema, end = make_schema(rng), min(number + PER_SCHEMA, count)
            wanted = self.options.only
            if wanted is None or number <= wanted < number + PER_SCHEMA:
                self.make(schema)
                self.run_schema(rng, Statements(rng, schema), number, end)
            number = end

    def run_schema(self, rng, source, number, end):
        """The statements of one schema; with --only those up to the one that is wanted."""
        wanted = self.options.only
        for number in range(number, end if wanted is None else wanted + 1):
            statement, extended = source.next(), rng.random() < 0.3
            counted = wanted is None or number == wanted
            if self.options.verbose and counted:
                print(f'{number}: {shortened(str(statement.node))}', flush=True)
            start = time.monotonic()
            outcome = self.step(source, statement, extended)
            seconds = time.monotonic() - start
            if self.options.verbose and counted and (seconds > SLOW_SECONDS or outcome.fault):
                print(f'  {seconds:.1f} s {outcome.fault}')
            if counted:
                self.count(number, statement, outcome)
            self.after(source, statement, extended, outcome)
            if self.counts['failed'] >= self.options.stop:
                break

    def step(self, source, statement, extended):
        if statement.word in ('commit', 'rollback'):
            return self.end_transaction(statement, source)
        outcome = self.run_one(statement, extended, keep=True)
        fault = outcome.fault
        if fault and fault[0] == 'wrong' and not outcome.mine.error and \
                self.planned(statement, outcome.theirs):
            return outcome._replace(fault=('planned', ''))
        return outcome

    def count(self, number, statement, outcome):
        fault = outcome.fault
        self.counts['statements'] += 1
        if not fault:
            self.counts['passed'] += 1
        elif fault[0] == 'wrong':
            self.report(number, statement, outcome)
        else:
            self.counts[fault[0]] += 1
            if fault[0] == 'missing':
                self.missing[fault[1]] += 1

    def after(self, source, statement, extended, outcome):
        """The source learns how it went; a transaction in which the sides are not the same is over."""
        if outcome.fault and (self.open or statement.word):
            self.both('rollback')
            self.open = []
            source.end(False)
        elif statement.word in ('commit', 'rollback'):
            source.end(outcome.took and statement.word == 'commit' and not source.failed)
        elif not outcome.fault:
            if self.open or statement.word == 'begin':
                self.open.append((str(statement.node), extended))
            source.finished(statement, outcome.mine.error, outcome.theirs if outcome.took else None)


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
