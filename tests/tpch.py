#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TPC-H as a test: data of scale 0.01, the 22 queries, answers of PostgreSQL 15.

The queries run with the validation parameters and with those of bench/tpch/set1.txt and set2.txt.

usage: tpch.py (--server PATH | --connect host:port:user:db) [--answers] [--time] [--scale S]
               [--config FILE] [--sets NAME,...]
The data comes from the PyPI package tpchgen-cli (pinned; in a virtual environment under build/) and
is loaded by COPY ... (format csv). Fields are compared exactly, floats with relative 1e-9; rows
that ORDER BY leaves equal may come in any order, so rows are compared sorted, and for a query with
ORDER BY its first column also in order. --answers (PostgreSQL 15 only) rewrites
tests/tpch/answers/sf0.01/; other scales are only timed. Last line: `tpch: ... passed=.. failed=..`.
"""
import argparse
import contextlib
import glob
import math
import os
import re
import subprocess
import sys
import time

from pgwire import Address, Connection
from server_process import Gotgan

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGE = 'tpchgen-cli==4.0.0'
SETS = ['validation', 'set1', 'set2']
TABLES = ['region', 'nation', 'part', 'supplier', 'partsupp', 'customer', 'orders', 'lineitem']


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f'{command[0]} failed:\n{done.stdout[-4000:]}')


def data_directory(scale):
    """Makes the data once per scale; a directory is complete when it has its final name."""
    directory = os.path.join(ROOT, 'build', 'tpch', 'sf' + scale)
    if os.path.isdir(directory):
        return directory
    environment = os.path.join(ROOT, 'build', 'python')
    program = os.path.join(environment, 'bin', 'tpchgen-cli')
    if not os.path.exists(program):
        run(sys.executable, '-m', 'venv', environment)
        run(os.path.join(environment, 'bin', 'pip'), 'install', '--quiet', PACKAGE)
    made = directory + '.new'
    os.makedirs(made, exist_ok=True)
    run(program, 'csv', '--scale-factor', scale, '--output-dir', made, '--overwrite')
    os.rename(made, directory)
    return directory


def must(connection, sql, copy_data=None):
    results = connection.query(sql, copy_data)
    for result in results:
        if result.error:
            raise RuntimeError(f'{sql[:100]}: {result.error}')
    return results[-1]


def load(connection, directory):
    for name in TABLES:
        must(connection, f'drop table if exists {name}')
    with open(os.path.join(ROOT, 'bench/tpch/schema.sql')) as file:
        must(connection, file.read())
    start = time.monotonic()
    rows = 0
    for name in TABLES:
        with open(os.path.join(directory, name + '.csv'), 'rb') as file:
            result = must(connection, f'copy {name} from stdin (format csv, header)', file.read())
        rows += int(result.tag.split()[1])
    return rows, time.monotonic() - start


def lines_of(result):
    return ['\t'.join('NULL' if value is None else value.decode() for value in row)
            for row in result.rows]


def same_field(a, b, is_float):
    if a == b or not is_float:
        return a == b
    return math.isclose(float(a), float(b), rel_tol=1e-9)


def differs(result, expected, ordered):
    """-> what is wrong, or None"""
    got = lines_of(result)
    if len(got) != len(expected):
        return f'{len(got)} rows, expected {len(expected)}'
    floats = [column.oid in (700, 701) for column in result.columns]
    if ordered and [g.split('\t')[0] for g in got] != [e.split('\t')[0] for e in expected] \
            and not floats[0]:
        return 'the first column is not in the expected order'
    for mine, theirs in zip(sorted(got), sorted(expected)):
        pairs = list(zip(mine.split('\t'), theirs.split('\t'), floats))
        if not all(same_field(a, b, f) for a, b, f in pairs):
            return f'expected {theirs}\n  got      {mine}'
    return None


def parameters(name):
    """-> query -> {text of the validation query: text in its place}"""
    found = {}
    if name != 'validation':
        with open(os.path.join(ROOT, 'bench/tpch', name + '.txt')) as file:
            for line in file:
                if not line.startswith('#'):
                    query, old, new = line.rstrip('\n').split(' | ')
                    found.setdefault(query, {})[old] = new
    return found


def query_texts(name='validation'):
    changes = parameters(name)
    for path in sorted(glob.glob(os.path.join(ROOT, 'bench/tpch/q??.sql'))):
        query = os.path.basename(path)[:-4]
        with open(path) as file:
            text = re.sub(r'^--.*\n', '', file.read(), flags=re.M).strip().rstrip(';')
        for old in changes.get(query, {}):
            if old not in text:
                raise RuntimeError(f'{query} of {name}: {old} is not in the query')
        if query in changes:
            pattern = '|'.join(re.escape(old) for old in
                               sorted(changes[query], key=len, reverse=True))
            text = re.sub(pattern, lambda found: changes[query][found[0]], text)
        yield query, text


def run_queries(connection, options, answers, name_of_set):
    passed = failed = 0
    total = 0.0
    for name, text in query_texts(name_of_set):
        start = time.monotonic()
        result = connection.query(text)[0]
        seconds = time.monotonic() - start
        total += seconds
        path = os.path.join(answers, name + '.tsv')
        if result.error:
            fault = str(result.error)
        elif options.answers:
            with open(path, 'w') as file:
                file.writelines(line + '\n' for line in lines_of(result))
            fault = None
        elif not os.path.isdir(answers):
            fault = None
        else:
            with open(path) as file:
                fault = differs(result, file.read().split('\n')[:-1], 'order by' in text)
        passed, failed = passed + (not fault), failed + bool(fault)
        if fault:
            print(f'{name} of {name_of_set}: {fault}')
        if options.time:
            print(f'{name} {seconds * 1000:9.1f} ms {len(result.rows):6} rows')
    return passed, failed, total


@contextlib.contextmanager
def server_of(options):
    if options.server:
        arguments = ['--config', options.config] if options.config else []
        with Gotgan(options.server, arguments) as server:
            yield server.address
    else:
        yield options.connect


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--server')
    parser.add_argument('--connect', type=Address)
    parser.add_argument('--answers', action='store_true')
    parser.add_argument('--time', action='store_true')
    parser.add_argument('--scale', default='0.01')
    parser.add_argument('--config')
    parser.add_argument('--sets', type=lambda text: text.split(','), default=SETS)
    options = parser.parse_args()
    if bool(options.server) == bool(options.connect):
        parser.error('--server or --connect')
    answers = os.path.join(ROOT, 'tests/tpch/answers/sf' + options.scale)
    passed = failed = 0
    try:
        directory = data_directory(options.scale)
        with server_of(options) as address:
            connection = Connection(address, {'TimeZone': 'UTC'}, timeout=900)
            version = must(connection, 'select version()').rows[0][0].decode()
            if options.answers:
                if not version.startswith('PostgreSQL 15.') or 'Gotgan' in version:
                    sys.exit('answers come from PostgreSQL 15 only')
            rows, seconds = load(connection, directory)
            print(f'loaded {rows} rows in {seconds:.2f} s')
            if 'Gotgan' not in version:  # without these Q20 takes minutes there
                must(connection, 'create index on lineitem(l_partkey, l_suppkey)')
                must(connection, 'analyze')
            for name in options.sets:
                folder = answers if name == 'validation' else os.path.join(answers, name)
                if options.answers:
                    os.makedirs(folder, exist_ok=True)
                good, bad, total = run_queries(connection, options, folder, name)
                passed, failed = passed + good, failed + bad
                print(f'22 queries with the parameters {name} in {total:.2f} s')
            connection.close()
    except RuntimeError as error:
        print(error)
        failed += 1
    print(f'tpch: scale={options.scale} passed={passed} failed={failed}')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
