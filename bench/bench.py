#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TPC-H side by side: Gotgan, DuckDB and PostgreSQL 15 on the same files in one run.

usage: bench.py --server PATH [--scale S] [--passes N] [--engines a,b] [--queries 1,6,13]
                [--no-cold] [--keep a,b] [--timeout S] [--option ARGUMENT]... [--write]
                [--no-gates] [--parameters validation|set1|set2]
Every engine loads the files of tests/tpch.py and answers every query in turn, N passes over; a
time is the wall time from sending the text to the last row in the client's memory, a figure the
median of the passes. Answers are compared field by field in the first pass. Cold: a fresh process
for each query, the pages of its files dropped before. --keep takes the loaded database of these
engines from build/bench/ when it is there and leaves it there. A query of Gotgan or PostgreSQL that
takes longer than --timeout seconds (600) fails. --option is one more argument of
gotgand. --write puts the tables into bench/RESULTS.md. The gates are lines that begin with pass or
fail; the exit status is 1 when an answer differs or, without --no-gates, a gate failed.
"""
import argparse
import decimal
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests'))

import tpch  # noqa: E402
from engines import ENGINES, Load, install_duckdb  # noqa: E402

RATIO_MEAN, RATIO_MAX, COPY_RATIO, SPEEDUP, START_SECONDS = 2.5, 8.0, 0.5, 1.3, 1.0


def drop_pages(directory):
    """The files' pages leave the page cache; what is not on disk yet is written first."""
    os.sync()
    for folder, _, names in os.walk(directory):
        for name in names:
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def bytes_on_disk(directory):
    return sum(os.stat(os.path.join(folder, name)).st_blocks * 512
               for folder, _, names in os.walk(directory) for name in names)


def same_number(a, b, is_float):
    try:
        x, y = decimal.Decimal(a), decimal.Decimal(b)
    except decimal.InvalidOperation:
        return False
    return math.isclose(x, y, rel_tol=1e-9) if is_float else x == y


def same_field(a, b, is_float, padded):
    """padded: one of the two engines gives char(n) without its trailing blanks and has other
    types for averages, so numbers are compared as numbers."""
    if a == b:
        return True
    if a is None or b is None:
        return False
    if is_float or padded:
        return a.rstrip() == b.rstrip() or same_number(a, b, is_float)
    return False


def sort_key(row):
    """Brings rows into one order whatever engine they are from: numbers by six digits."""
    key = []
    for value in row:
        try:
            key.append(f'{float(value):.6g}')
        except (TypeError, ValueError):
            key.append('' if value is None else value.rstrip())
    return key


def difference(mine, theirs, padded):
    """-> what differs between two Answers, or None"""
    if len(mine.rows) != len(theirs.rows):
        return f'{len(mine.rows)} rows against {len(theirs.rows)}'
    floats = [a or b for a, b in zip(mine.floats, theirs.floats)]
    for a, b in zip(sorted(mine.rows, key=sort_key), sorted(theirs.rows, key=sort_key)):
        if not all(same_field(x, y, f, padded) for x, y, f in zip(a, b, floats)):
            return f'{a} against {b}'
    return None


def compare(name, answers):
    """answers: engine -> Answer. The first engine is compared with each other one. -> failures"""
    failed = 0
    names = list(answers)
    for other in names[1:]:
        padded = 'duckdb' in (names[0], other)
        fault = difference(answers[names[0]], answers[other], padded)
        if fault:
            failed += 1
            print(f'{name}: {names[0]} and {other} differ: {fault}')
    return failed


class Bench:
    def __init__(self, options):
        self.options = options
        self.texts = {name: text for name, text in tpch.query_texts(options.parameters)
                      if not options.queries or int(name[1:]) in options.queries}
        self.directory = os.path.join(ROOT, 'build', 'bench', 'sf' + options.scale)
        self.engines = [ENGINES[name](options, os.path.join(self.directory, name))
                        for name in options.engines]
        self.loads, self.sizes, self.memory, self.starts = {}, {}, {}, {}
        self.warm = {engine.name: {name: [] for name in self.texts} for engine in self.engines}
        self.cold = {engine.name: {} for engine in self.engines}
        self.failed = 0

    def load(self, engine, files, schema):
        kept = os.path.join(engine.directory, 'load.json')
        if engine.name in self.options.keep and os.path.exists(kept):
            with open(kept) as file:
                self.loads[engine.name] = Load(*json.load(file))
            print(f'{engine.name}: the kept database, loaded earlier')
        else:
            shutil.rmtree(engine.directory, ignore_errors=True)
            engine.start()
            self.loads[engine.name] = engine.load(files, schema)
            with open(kept, 'w') as file:
                json.dump(self.loads[engine.name], file)
            engine.stop()
        load = self.loads[engine.name]
        self.sizes[engine.name] = bytes_on_disk(engine.files())
        print(f'{engine.name}: loaded in {load.seconds:.1f} s, lineitem '
              f'{load.lineitem_rows / load.lineitem_seconds:,.0f} rows/s, '
              f'{self.sizes[engine.name] / 1e6:.0f} MB', flush=True)

    def run_warm(self):
        for number in range(self.options.passes):
            for name, text in self.texts.items():
                answers = {}
                for engine in self.engines:
                    answers[engine.name] = self.ask(engine, name, text, number == 0)
                    if answers[engine.name]:
                        self.warm[engine.name][name].append(answers[engine.name].seconds)
                if number == 0:
                    self.failed += compare(name, {k: v for k, v in answers.items() if v})
                times = ' '.join(f'{k} {v.seconds * 1000:.1f}' if v else f'{k} failed'
                                 for k, v in answers.items())
                print(f'pass {number + 1} {name}: {times}', flush=True)

    def ask(self, engine, name, text, rows):
        """-> Answer, or None after an error, which is counted once"""
        try:
            return engine.query(text, rows)
        except RuntimeError as error:
            self.failed += rows
            print(f'{name}: {engine.name}: {error}')
            return None

    def run_cold(self):
        for name, text in self.texts.items():
            for engine in self.engines:
                drop_pages(engine.files())
                engine.start()
                answer = self.ask(engine, name, text, False)
                engine.stop()
                if answer:
                    self.cold[engine.name][name] = answer.seconds
        print('cold runs done', flush=True)

    def speedup(self):
        """Q1 with one worker against two, in turn -> factor or None"""
        engine = self.engines[0]
        text = self.texts.get('q01')
        if engine.name != 'gotgan' or not text:
            return None
        times = {1: [], 2: []}
        for _ in range(max(3, self.options.passes)):
            for workers in times:
                engine.query(f'set gotgan.workers = {workers}')
                times[workers].append(engine.query(text, False).seconds)
        return statistics.median(times[1]) / statistics.median(times[2])

    def run(self):
        files = tpch.data_directory(self.options.scale)
        with open(os.path.join(ROOT, 'bench/tpch/schema.sql')) as file:
            schema = file.read()
        for engine in self.engines:
            self.load(engine, files, schema)
        for engine in self.engines:
            engine.start()
            self.starts[engine.name] = engine.start_seconds
        try:
            self.run_warm()
            self.memory = {engine.name: engine.memory() for engine in self.engines}
            self.factor = self.speedup()
        finally:
            for engine in self.engines:
                engine.stop()
        if self.options.cold:
            self.run_cold()
        for engine in self.engines:
            if engine.name not in self.options.keep:
                shutil.rmtree(engine.directory)

    def median(self, engine, name):
        times = self.warm.get(engine, {}).get(name)
        return statistics.median(times) if times else None

    def ratios(self, other):
        """query -> our median by the other engine's"""
        pairs = {name: (self.median('gotgan', name), self.median(other, name))
                 for name in self.texts}
        return {name: a / b for name, (a, b) in pairs.items() if a and b}


def geometric_mean(values):
    return math.exp(sum(math.log(value) for value in values) / len(values)) if values else None


def shown(value, form='{:.1f}', scale=1):
    return '' if value is None else form.format(value * scale)


def table(bench):
    """The queries' medians in milliseconds, then the ratios of Gotgan to each peer."""
    names = [engine.name for engine in bench.engines]
    peers = [name for name in names if name != 'gotgan']
    ratios = {peer: bench.ratios(peer) for peer in peers}
    head = ['query'] + [name + ' ms' for name in names] + [f'x {peer}' for peer in peers]
    if bench.options.cold:
        head += [name + ' cold ms' for name in names]
    lines = ['| ' + ' | '.join(head) + ' |', '|' + ' ---: |' * len(head)]
    for query in bench.texts:
        cells = [query] + [shown(bench.median(name, query), scale=1000) for name in names]
        cells += [shown(ratios[peer].get(query), '{:.2f}') for peer in peers]
        if bench.options.cold:
            cells += [shown(bench.cold[name].get(query), scale=1000) for name in names]
        lines.append('| ' + ' | '.join(cells) + ' |')
    means = [shown(geometric_mean(list(ratios[peer].values())), '{:.2f}') for peer in peers]
    rest = len(names) if bench.options.cold else 0
    lines.append('| ' + ' | '.join(['geometric mean'] + [''] * len(names) + means + [''] * rest)
                 + ' |')
    return lines


def engine_table(bench):
    lines = ['| engine | load until durable s | lineitem rows/s | size MB | start ms | '
             'peak memory MB |', '| --- | ---: | ---: | ---: | ---: | ---: |']
    for engine in bench.engines:
        load = bench.loads[engine.name]
        lines.append(f'| {engine.name} {engine.version} | {load.seconds:.1f} | '
                     f'{load.lineitem_rows / load.lineitem_seconds:,.0f} | '
                     f'{bench.sizes[engine.name] / 1e6:.0f} | '
                     f'{bench.starts[engine.name] * 1000:.0f} | '
                     f'{bench.memory[engine.name] / 1e6:.0f} |')
    return lines


def gates(bench):
    """-> list of (passed, text)"""
    out = []
    if 'gotgan' not in bench.loads:
        return out
    ratios = bench.ratios('duckdb')
    if ratios:
        mean, worst = geometric_mean(list(ratios.values())), max(ratios, key=ratios.get)
        out.append((mean <= RATIO_MEAN, f'geometric mean {mean:.2f} x DuckDB, limit {RATIO_MEAN}'))
        out.append((ratios[worst] <= RATIO_MAX,
                    f'worst query {worst} {ratios[worst]:.2f} x DuckDB, limit {RATIO_MAX}'))
    if 'duckdb' in bench.loads:
        rate = {name: bench.loads[name].lineitem_rows / bench.loads[name].lineitem_seconds
                for name in ('gotgan', 'duckdb')}
        share = rate['gotgan'] / rate['duckdb']
        out.append((share >= COPY_RATIO,
                    f'COPY of lineitem {share:.2f} x DuckDB rows/s, at least {COPY_RATIO}'))
    if bench.factor:
        out.append((bench.factor >= SPEEDUP,
                    f'Q1 with 2 workers {bench.factor:.2f} x 1 worker, at least {SPEEDUP}'))
    out.append((bench.starts['gotgan'] < START_SECONDS,
                f'start in {bench.starts["gotgan"]:.3f} s, limit {START_SECONDS}'))
    return out


def machine():
    with open('/proc/cpuinfo') as file:
        names = [line.split(':')[1].strip() for line in file if line.startswith('model name')]
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9
    return f'{len(names)} x {names[0] if names else "unknown"}, {memory:.0f} GB of memory'


def commit():
    done = subprocess.run(['git', 'describe', '--always', '--dirty'], cwd=ROOT,
                          capture_output=True, text=True)
    return done.stdout.strip() or 'unknown'


def write_results(bench, lines):
    head = ['# TPC-H, Gotgan beside its peers', '',
            f'Scale {bench.options.scale}, {bench.options.passes} passes, 2 threads each, '
            f'{time.strftime("%Y-%m-%d")}, commit {commit()}, {machine()}. Made by '
            '`make bench BENCH=--write`; how it is measured stands in the head of `bench.py`.', '']
    with open(os.path.join(ROOT, 'bench/RESULTS.md'), 'w') as file:
        file.write('\n'.join(head + lines) + '\n')


def options_of():
    def names(text):
        return [name for name in text.split(',') if name]
    parser = argparse.ArgumentParser()
    parser.add_argument('--server', required=True)
    parser.add_argument('--scale', default='1')
    parser.add_argument('--passes', type=int, default=5)
    parser.add_argument('--engines', type=names, default=list(ENGINES))
    parser.add_argument('--queries', type=lambda text: {int(name) for name in names(text)})
    parser.add_argument('--no-cold', dest='cold', action='store_false')
    parser.add_argument('--keep', type=names, default=[])
    parser.add_argument('--timeout', type=int, default=600)
    parser.add_argument('--option', action='append', default=[])
    parser.add_argument('--write', action='store_true')
    parser.add_argument('--parameters', choices=tpch.SETS, default='validation')
    parser.add_argument('--no-gates', dest='gates', action='store_false')
    options = parser.parse_args()
    for name in options.engines + options.keep:
        if name not in ENGINES:
            parser.error(f'no engine {name}; there are ' + ', '.join(ENGINES))
    return options


def main():
    options = options_of()
    if 'duckdb' in options.engines:
        install_duckdb()
    bench = Bench(options)
    bench.run()
    results = gates(bench)
    lines = table(bench) + [''] + engine_table(bench) + ['']
    lines += [f'- {"pass" if good else "fail"}: {text}' for good, text in results]
    print('\n'.join([''] + lines).replace('\n- ', '\n'))
    if options.write:
        write_results(bench, lines)
    missed = sum(not good for good, _ in results)
    print(f'bench: scale={options.scale} queries={len(bench.texts)} passes={options.passes} '
          f'wrong={bench.failed} gates_failed={missed}')
    return 1 if bench.failed or (missed and options.gates) else 0


if __name__ == '__main__':
    sys.exit(main())
