# SPDX-License-Identifier: Apache-2.0
"""The three engines that bench.py compares, behind one set of calls.

start(), stop(), load(data directory, schema) -> Load, query(sql, rows) -> Answer, memory(), files(). Each runs as a
process of its own with two threads for a query; Gotgan and PostgreSQL are asked through libpq,
DuckDB in its own process (duckdb_peer.py), so that its answer lies in its client's memory too.
"""
import collections
import json
import os
import subprocess
import sys
import time

from libpq import Session
from server_process import Gotgan, Postgres

HERE = os.path.dirname(os.path.abspath(__file__))
DUCKDB = 'duckdb==2.0.1'
TABLES = ['region', 'nation', 'part', 'supplier', 'partsupp', 'customer', 'orders', 'lineitem']
KEYS = {'region': 'r_regionkey', 'nation': 'n_nationkey', 'part': 'p_partkey',
        'supplier': 's_suppkey', 'partsupp': 'ps_partkey, ps_suppkey', 'customer': 'c_custkey',
        'orders': 'o_orderkey', 'lineitem': 'l_orderkey, l_linenumber'}
INDEXES = ['lineitem (l_partkey, l_suppkey)', 'orders (o_custkey)', 'partsupp (ps_suppkey)']
POSTGRES_SETTINGS = ('shared_buffers=2GB', 'work_mem=256MB', 'maintenance_work_mem=512MB',
                     'max_parallel_workers_per_gather=1', 'max_parallel_workers=2', 'jit=off',
                     'max_wal_size=8GB', 'autovacuum=off')
CHECKPOINT_SECONDS = 120

Answer = collections.namedtuple('Answer', 'seconds rows floats')
Load = collections.namedtuple('Load', 'seconds lineitem_seconds lineitem_rows')


def peak_memory(pid):
    """VmHWM in bytes."""
    with open(f'/proc/{pid}/status') as file:
        for line in file:
            if line.startswith('VmHWM:'):
                return int(line.split()[1]) * 1024
    return 0


class WireEngine:
    """What Gotgan and PostgreSQL share: one libpq session and COPY FROM STDIN."""

    def connect(self):
        self.session = Session(self.server.address)
        self.query(f'set statement_timeout = {self.timeout * 1000}')
        self.version = self.query('show server_version').rows[0][0]

    def query(self, sql, rows=True):
        return Answer(*self.session.query(sql, rows))

    def copy_tables(self, directory, schema):
        self.session.query(schema)
        for table in TABLES:
            seconds, rows = self.session.copy(f'copy {table} from stdin (format csv, header)',
                                              os.path.join(directory, table + '.csv'))
        return seconds, rows

    def files(self):
        return os.path.join(self.directory, 'data')


class GotganEngine(WireEngine):
    name = 'gotgan'

    def __init__(self, options, directory):
        self.directory, self.timeout = directory, options.timeout
        self.server = Gotgan(options.server, ['--workers', '2'] + options.option, directory)

    def start(self):
        self.server.__enter__()
        self.start_seconds = self.server.start_seconds
        self.connect()

    def stop(self):
        self.session.close()
        status = self.server.stop()
        if status != 0:
            raise RuntimeError(f'gotgand ended with status {status}:\n{self.server.log_text()}')

    def load(self, directory, schema):
        start = time.monotonic()
        seconds, rows = self.copy_tables(directory, schema)
        deadline = time.monotonic() + CHECKPOINT_SECONDS
        while True:
            try:
                self.query('checkpoint')
                return Load(time.monotonic() - start, seconds, rows)
            except RuntimeError as error:  # a flush or merge is running
                if 'checkpoint' not in str(error).lower() or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def memory(self):
        return peak_memory(self.server.process.pid)


class PostgresEngine(WireEngine):
    name = 'postgres'

    def __init__(self, options, directory):
        self.directory, self.timeout = directory, options.timeout
        self.server = Postgres(POSTGRES_SETTINGS, directory)

    def start(self):
        start = time.monotonic()
        self.server.__enter__()
        self.start_seconds = time.monotonic() - start
        self.connect()

    def stop(self):
        self.session.close()
        self.server.stop('fast')

    def load(self, directory, schema):
        start = time.monotonic()
        seconds, rows = self.copy_tables(directory, schema)
        for table, key in KEYS.items():
            self.query(f'alter table {table} add primary key ({key})')
        for index in INDEXES:
            self.query(f'create index on {index}')
        self.query('vacuum analyze')
        self.query('checkpoint')
        return Load(time.monotonic() - start, seconds, rows)

    def memory(self):
        """Of the session's process; it counts the shared buffers that this process touched."""
        return peak_memory(self.session.pid)


class DuckdbEngine:
    name = 'duckdb'

    def __init__(self, options, directory):
        self.directory = directory
        self.python = os.path.join(os.path.dirname(HERE), 'build', 'python', 'bin', 'python')

    def files(self):
        return os.path.join(self.directory, 'data')

    def start(self):
        os.makedirs(self.files(), exist_ok=True)
        start = time.monotonic()
        self.process = subprocess.Popen(
            [self.python, os.path.join(HERE, 'duckdb_peer.py'),
             os.path.join(self.files(), 'tpch.db'), '2'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.version = json.loads(self.process.stdout.readline())['version']
        self.start_seconds = time.monotonic() - start

    def stop(self):
        self.process.stdin.close()
        self.process.wait(60)

    def query(self, sql, rows=True):
        self.process.stdin.write(json.dumps({'sql': sql, 'rows': rows}) + '\n')
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError('DuckDB ended')
        reply = json.loads(line)
        if 'error' in reply:
            raise RuntimeError(reply['error'])
        floats = [kind in ('DOUBLE', 'FLOAT') for kind in reply['columns']]
        return Answer(reply['seconds'], reply['rows'], floats)

    def load(self, directory, schema):
        start = time.monotonic()
        self.query(schema)
        for table in TABLES:
            path = os.path.join(directory, table + '.csv')
            seconds = self.query(f"copy {table} from '{path}' (format csv, header)").seconds
        rows = int(self.query('select count(*) from lineitem').rows[0][0])
        self.query('checkpoint')
        return Load(time.monotonic() - start, seconds, rows)

    def memory(self):
        return peak_memory(self.process.pid)


def install_duckdb():
    """Into the virtual environment that tests/tpch.py makes for the generator."""
    environment = os.path.join(os.path.dirname(HERE), 'build', 'python')
    python = os.path.join(environment, 'bin', 'python')
    if not os.path.exists(python):
        subprocess.run([sys.executable, '-m', 'venv', environment], check=True)
    wanted = DUCKDB.split('==')[1]
    found = subprocess.run([python, '-c', 'import duckdb; print(duckdb.__version__)'],
                           capture_output=True, text=True)
    if found.stdout.strip() != wanted:
        subprocess.run([python, '-m', 'pip', 'install', '--quiet', DUCKDB], check=True)


ENGINES = {'gotgan': GotganEngine, 'duckdb': DuckdbEngine, 'postgres': PostgresEngine}
