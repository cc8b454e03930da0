#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Strings side by side: columns of 10 to 500,000 different values, in clustered order and shuffled.

usage: strings.py --server PATH [--before PATH] [--rows N] [--passes N] [--workers N] [--no-duckdb]
                  [--only WORD] [--option ARGUMENT]...
Makes one table by the same statement in every engine, asks every engine every query in turn, and
prints the medians in milliseconds; --before is another gotgand, to see what a change does. The
first pass compares the answers and is not timed. --only: queries whose name holds the word.
"""
import argparse
import os
import statistics
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests'))

from engines import DuckdbEngine, GotganEngine, install_duckdb  # noqa: E402

SIZES = {'10': 10, '1k': 1000, '50k': 50000, '500k': 500000}
PART = 500000


def table_columns(rows):
    for name, size in SIZES.items():
        text = "'city '" if size < 10000 else "'customer number '"
        yield f's{name}', f'{text} || (i * {size} / {rows})'
        yield f'r{name}', f'{text} || ((i * i + i * 7919) % 2147483647 * 48271 % 2147483647 % {size})'


def queries():
    found = []
    for column in [order + name for name in SIZES for order in 'rs']:
        found += [
            (f'group by {column}',
             f'select count(*), max(n) from (select {column}, count(*) as n from t group by {column}) q'),
            (f'count distinct {column}', f'select count(distinct {column}) from t'),
            (f'like {column}', f"select count(*) from t where {column} like '%77%'"),
            (f'upper {column}',
             f'select count(*), max(n) from (select upper({column}) as u, count(*) as n from t group by 1) q'),
            (f'equal {column}', f"select count(*) from t where {column} = 'customer number 777'"),
        ]
    found += [
        ('two keys r10, r1k',
         'select count(*), max(n) from (select r10, r1k, count(*) as n from t group by 1, 2) q'),
        ('two keys s10, s1k',
         'select count(*), max(n) from (select s10, s1k, count(*) as n from t group by 1, 2) q'),
        ('two keys r10, r50k',
         'select count(*), max(n) from (select r10, r50k, count(*) as n from t group by 1, 2) q'),
        ('all strings', 'select max(r10), max(r1k), max(r50k), max(r500k) from t'),
    ]
    return found


def engine_make(name, options, directory):
    if name == 'duckdb':
        return DuckdbEngine(options, directory)
    given = argparse.Namespace(**vars(options))
    given.server = options.server if name == 'gotgan' else options.before
    engine = GotganEngine(given, directory)
    engine.server.arguments = ['--workers', str(options.workers)] + options.option
    return engine


def load(engine, rows):
    columns = list(table_columns(rows))
    if engine.name == 'duckdb':
        engine.query('set integer_division = true')
    engine.query('create table t (i bigint, ' + ', '.join(f'{name} varchar' for name, _ in columns) + ')')
    start = time.monotonic()
    for first in range(0, rows, PART):
        last = min(first + PART, rows) - 1
        engine.query('insert into t select i, ' + ', '.join(text for _, text in columns) +
                     f' from generate_series({first}::bigint, {last}::bigint) as g(i)')
    engine.query('checkpoint')
    return time.monotonic() - start


def run(engines, asked, passes, times):
    for turn in range(passes + 1):
        for query, sql in asked:
            answers = {}
            for name, engine in engines.items():
                answer = engine.query(sql)
                answers[name] = answer.rows
                if turn:
                    times[name][query].append(answer.seconds)
            if len({str(rows) for rows in answers.values()}) > 1:
                sys.exit(f'{query}: the answers differ: {answers}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--server', required=True)
    parser.add_argument('--before')
    parser.add_argument('--rows', type=int, default=5000000)
    parser.add_argument('--passes', type=int, default=5)
    parser.add_argument('--workers', type=int, default=2)
    parser.add_argument('--only', default='')
    parser.add_argument('--option', action='append', default=[])
    parser.add_argument('--no-duckdb', action='store_true')
    options = parser.parse_args()
    options.timeout = 600
    names = (['before'] if options.before else []) + ['gotgan'] + ([] if options.no_duckdb else ['duckdb'])
    if 'duckdb' in names:
        install_duckdb()
    asked = [query for query in queries() if options.only in query[0]]
    times = {name: {query: [] for query, _ in asked} for name in names}
    with tempfile.TemporaryDirectory(prefix='gotgan-strings-') as directory:
        engines = {name: engine_make(name, options, os.path.join(directory, name)) for name in names}
        started = []
        try:
            for name, engine in engines.items():
                engine.start()
                started.append(engine)
                seconds = load(engine, options.rows)
                print(f'{name}: {options.rows / seconds:,.0f} rows/s loaded', flush=True)
            run(engines, asked, options.passes, times)
        finally:
            for engine in started:
                engine.stop()
    print(f'{"milliseconds":24}' + ''.join(f'{name:>10}' for name in names))
    for query, _ in asked:
        print(f'{query:24}' + ''.join(f'{statistics.median(times[name][query]) * 1000:10.1f}' for name in names))


if __name__ == '__main__':
    main()
