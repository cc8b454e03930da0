#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kill -9 of the real server under four writers: what was acknowledged is there after the restart.

usage: kill.py --server PATH [--kills N] [--seed S] [--seconds S]
The writers insert, update and delete, COPY, and create and drop tables, each in transactions of its
own tables, one connection each; a fifth connection asks for checkpoints. The client notes of each
transaction whether it was acknowledged, rolled back, or asked to commit without an answer. After
each kill the tables must hold what the model says: every acknowledged transaction whole, of the one
in doubt all or nothing, and nothing else. Every third restart is itself killed once while it
recovers. A kill does not test the disk: what was written stays in the page cache (simcrash does).
The last line is `kill: ... lost=0 uncommitted=0 partial=0 refused=0`; exit status 1 when not.
"""
import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from pgwire import Closed, Connection, ProtocolError  # noqa: E402
from server_process import Gotgan  # noqa: E402

GONE = (Closed, ProtocolError, OSError, socket.timeout)
KEYS = 60
BAD_WORDS = ('Sanitizer', 'runtime error:', 'PANIC')
INSERT_ROWS, COPY_ROWS = 40, 30000
ROUND_SECONDS = 1.5


class Failed(Exception):
    """A statement failed that must not."""


class Counts:
    def __init__(self):
        self.acknowledged = self.rolled_back = self.in_doubt = 0
        self.lost = self.uncommitted = self.partial = self.refused = 0

    def wrong(self):
        return self.lost + self.uncommitted + self.partial + self.refused


class Writer:
    """One stream of transactions. state is what the acknowledged ones left; doubt the state after
    the transaction whose COMMIT was sent but not answered; number counts transactions."""
    tables = ()

    def __init__(self, seed, counts):
        self.rng, self.counts = random.Random(seed), counts
        self.number, self.doubt = 0, None
        self.state = {}

    def create(self, connection):
        for sql in self.tables:
            self.must(connection, sql)

    def must(self, connection, sql, data=None):
        for result in connection.query(sql, data):
            if result.error:
                raise Failed(f'{sql[:80]}: {result.error}')

    def run(self, address, stop):
        try:
            connection = Connection(address)
            while not stop.is_set():
                self.transaction(connection)
        except GONE:
            pass
        except Failed as error:
            self.counts.refused += 1
            print(error, flush=True)

    def transaction(self, connection):
        """Statements, then COMMIT or ROLLBACK; a single statement may commit by itself."""
        self.number += 1
        steps, after = self.plan(dict(self.state))
        if len(steps) == 1 and self.rng.random() < 0.5:
            self.doubt = after
            self.must(connection, *steps[0])
        else:
            self.must(connection, 'begin')
            for step in steps:
                self.must(connection, *step)
            if self.rng.random() < 0.1:
                self.must(connection, 'rollback')
                self.counts.rolled_back += 1
                return
            self.doubt = after
            self.must(connection, 'commit')
        self.state, self.doubt = after, None
        self.counts.acknowledged += 1

    def check(self, connection):
        """Compares the tables with the model and goes on from what is there."""
        found = self.read(connection)
        if self.doubt is not None:
            self.counts.in_doubt += 1
            if found == self.doubt:
                self.state = found
        self.doubt = None
        if found != self.state:
            self.blame(found)
            self.state = found

    def blame(self, found):
        """Counts what is wrong, by entries of the model."""
        for key in set(found) | set(self.state):
            if key not in found:
                self.counts.lost += 1
            elif key not in self.state:
                self.counts.uncommitted += 1
            elif found[key] != self.state[key]:
                self.counts.partial += 1
            else:
                continue
            print(f'{type(self).__name__}: {key}: {found.get(key)}, expected '
                  f'{self.state.get(key)}', flush=True)


class Inserts(Writer):
    """state: transaction number -> its rows"""
    tables = ('create table inserts (number int, line int, filler text)',)

    def plan(self, state):
        steps, line = [], 0
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            count = self.rng.randint(1, INSERT_ROWS)
            rows = ', '.join(f"({self.number}, {line + n}, 'row {n}')" for n in range(count))
            steps.append((f'insert into inserts values {rows}',))
            line += count
        state[self.number] = (line, line * (line - 1) // 2)
        return steps, state

    def read(self, connection):
        rows = connection.query('select number, count(*), sum(line) from inserts group by 1')
        return {int(a): (int(b), int(c)) for a, b, c in rows[0].rows}


class Changes(Writer):
    """state: key -> value; updates, deletes and inserts of several keys at once"""
    tables = ('create table changes (key int, value bigint)',)

    def plan(self, state):
        steps = []
        for key in self.rng.sample(range(KEYS), self.rng.randint(1, 6)):
            if key not in state:
                state[key] = self.number
                steps.append((f'insert into changes values ({key}, {self.number})',))
            elif self.rng.random() < 0.3:
                del state[key]
                steps.append((f'delete from changes where key = {key}',))
            else:
                state[key] += self.number
                steps.append((f'update changes set value = value + {self.number} '
                              f'where key = {key}',))
        return steps, state

    def read(self, connection):
        rows = connection.query('select key, value from changes')[0].rows
        found = {int(a): int(b) for a, b in rows}
        if len(found) != len(rows):
            self.counts.partial += len(rows) - len(found)
        return found


class Copies(Writer):
    """state: transaction number -> its rows; large ones become data files at once"""
    tables = ('create table copies (number int, line int, filler text)',)

    def plan(self, state):
        count = self.rng.choice([10, 500, COPY_ROWS, COPY_ROWS])
        data = ''.join(f'{self.number}\t{n}\tline {n}\n' for n in range(count)).encode()
        state[self.number] = (count, count * (count - 1) // 2)
        return [('copy copies from stdin', data)], state

    read_sql = 'select number, count(*), sum(line) from copies group by 1'

    def read(self, connection):
        return {int(a): (int(b), int(c)) for a, b, c in connection.query(self.read_sql)[0].rows}


class Objects(Writer):
    """state: table name -> (columns, rows); CREATE, DROP, ADD COLUMN and rows in one transaction"""

    def plan(self, state):
        steps = []
        for name in {f'object_{self.rng.randint(0, 9)}' for _ in range(self.rng.randint(1, 3))}:
            draw = self.rng.random()
            if name not in state:
                count = self.rng.randint(0, 20)
                steps.append((f'create table {name} (a int)',))
                if count:
                    steps.append((f'insert into {name} select n from generate_series(1, {count}) g(n)',))
                state[name] = (1, count)
            elif draw < 0.5:
                steps.append((f'drop table {name}',))
                del state[name]
            else:
                columns, rows = state[name]
                steps.append((f'alter table {name} add column b{columns} text',))
                steps.append((f'insert into {name} (a) values (1)',))
                state[name] = (columns + 1, rows + 1)
        return steps, state

    def read(self, connection):
        found = {}
        for row in connection.query("select relname from pg_class where relname like 'object_%'"
                                    " and relkind = 'r'")[0].rows:
            name = row[0].decode()
            columns = connection.query(f'select * from {name} limit 0')[0].columns
            count = connection.query(f'select count(*) from {name}')[0].rows[0][0]
            found[name] = (len(columns), int(count))
        return found


def ask_checkpoints(address, stop, rng):
    try:
        connection = Connection(address)
        while not stop.wait(rng.uniform(0.05, 0.4)):
            connection.query('checkpoint')
    except GONE:
        pass


def look_at_log(server, counts):
    """A server that was killed cannot say by its status what a sanitizer found."""
    text = server.log_text()
    if any(word in text for word in BAD_WORDS):
        counts.refused += 1
        print(text[-8000:], flush=True)


def one_round(server, writers, rng, seconds, counts):
    """Writers at work, then the kill."""
    stop = threading.Event()
    threads = [threading.Thread(target=writer.run, args=(server.address, stop))
               for writer in writers]
    threads.append(threading.Thread(target=ask_checkpoints, args=(server.address, stop, rng)))
    for thread in threads:
        thread.start()
    time.sleep(rng.uniform(0.1, seconds))
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    look_at_log(server, counts)
    stop.set()
    for thread in threads:
        thread.join()


def kill_while_starting(server, rng):
    """Starts the server and kills it before it may be ready."""
    process = subprocess.Popen([server.path, '--data', os.path.join(server.directory, 'data'),
                                '--port', '0'], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(rng.uniform(0.0, 0.3))
    process.kill()
    process.wait()


def run(options, counts):
    """-> the longest restart in seconds"""
    rng = random.Random(options.seed)
    writers = [kind(f'{options.seed}:{kind.__name__}', counts)
               for kind in (Inserts, Changes, Copies, Objects)]
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix='gotgan-kill-') as directory, \
            Gotgan(options.server, directory=directory) as server:
        connection = Connection(server.address)
        for writer in writers:
            writer.create(connection)
        for number in range(options.kills):
            one_round(server, writers, rng, options.seconds, counts)
            if number % 3 == 2:
                kill_while_starting(server, rng)
            server.start()
            slowest = max(slowest, server.start_seconds)
            connection = Connection(server.address, timeout=300)
            for writer in writers:
                writer.check(connection)
        look_at_log(server, counts)
    return slowest


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--server', required=True)
    parser.add_argument('--kills', type=int, default=5)
    parser.add_argument('--seed', default='1')
    parser.add_argument('--seconds', type=float, default=ROUND_SECONDS)
    options = parser.parse_args()
    counts, start = Counts(), time.monotonic()
    slowest = 0.0
    try:
        slowest = run(options, counts)
    except (RuntimeError, Failed) as error:
        counts.refused += 1
        print(error)
    if counts.acknowledged == 0:
        counts.refused += 1
    print(f'kill: seed={options.seed} kills={options.kills} acknowledged={counts.acknowledged} '
          f'rolled_back={counts.rolled_back} in_doubt={counts.in_doubt} lost={counts.lost} '
          f'uncommitted={counts.uncommitted} partial={counts.partial} refused={counts.refused} '
          f'restart_max={slowest:.2f} seconds={time.monotonic() - start:.0f}')
    return 1 if counts.wrong() else 0


if __name__ == '__main__':
    sys.exit(main())
