#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the suites and sums them up; the last line is "N passed, N failed".

usage: run_all.py test|all [--jobs N]
`test`: tidy, the ASan build with every unit test, the fuzz corpus, the crash simulation, five kills of
the server, the SQL, protocol and TPC-H suites that tests/enabled.txt names, and the SQL files on the
build `small`. `all`: the release, tsan and clang builds with their tests, and suites_all.py.

A suite that ran nothing has failed, and so has one that ended without a count. What is not enabled
is counted apart, as skipped. Exit status 1 when anything failed.
"""
import argparse
import concurrent.futures
import fnmatch
import os
import re
import sys
import time

import suites_all
from bounded import bounded

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HISTORIES, KILLS = 300, 5


class Total:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add(self, suite, passed, failed, seconds, note=''):
        if passed + failed == 0:
            failed, note = 1, note or 'ran nothing'
        self.passed += passed
        self.failed += failed
        print(f'== {suite}: passed={passed} failed={failed} seconds={seconds:.0f} {note}'.rstrip(),
              flush=True)

    def skip(self, suite, count, why):
        self.skipped += count
        print(f'== {suite}: skipped={count} ({why})', flush=True)


def run(command, show=True, timeout=2400, **options):
    """-> (exit status, output, seconds); the output is shown as it is when the command fails."""
    status, output, seconds = bounded(command, timeout, **options)
    if show and status != 0:
        print(output[-20000:], flush=True)
    return status, output, seconds


def build(total, flavour, jobs, directory=None, environment=None, fuzz='OFF'):
    """Configures and builds build/<directory>; counts as one test. -> built"""
    directory = 'build/' + (directory or flavour)
    os.makedirs(os.path.join(ROOT, 'build'), exist_ok=True)
    status, _, seconds = run(
        ['cmake', '-S', '.', '-B', directory, '-G', 'Ninja', '-DGOTGAN_FLAVOUR=' + flavour,
         '-DGOTGAN_FUZZ=' + fuzz], env=dict(os.environ, **(environment or {})))
    if status == 0:
        status, _, more = run(['ninja', '-j', str(jobs), '-C', directory, '--quiet'])
        seconds += more
    total.add(f'build {directory}', int(status == 0), int(status != 0), seconds)
    return status == 0


def unit(total, directory, jobs, pattern='^(unit|fault|fuzz)/'):
    """The unit tests through ctest; counted are cmocka's tests, and a program that ends in another
    way than by failed tests as one failed."""
    status, _, seconds = run(['ctest', '--test-dir', directory, '-R', pattern, '-j', str(jobs),
                              '--output-on-failure', '--timeout', '600'])
    passed = failed = 0
    log = os.path.join(ROOT, directory, 'Testing/Temporary/LastTest.log')
    text = open(log, errors='replace').read() if os.path.exists(log) else ''
    programs = re.split(r'\n(?=\d+/\d+ Testing: )', text)
    for program in programs[1:]:
        good = re.search(r'^Test Passed\.$', program, re.M)
        ok = sum(int(n) for n in re.findall(r'^\[  PASSED  \] (\d+) test', program, re.M))
        bad = sum(int(n) for n in re.findall(r'^\[  FAILED  \] .*?(\d+) test', program, re.M))
        passed += ok if ok or not good else 1
        failed += bad if bad or good else 1
    if status != 0 and failed == 0:
        failed = 1
    total.add(f'unit {directory}', passed, failed, seconds, f'programs={len(programs) - 1}')


def crash(total, directory, histories):
    program = os.path.join(ROOT, directory, 'tests/simcrash')
    if not os.path.exists(program):
        total.add('crash', 0, 1, 0, 'tests/crash is not built')
        return
    status, output, seconds = run([program, str(histories)], timeout=900)
    note = ' | '.join(output.strip().splitlines()[-2:]) if status == 0 else ''
    total.add('crash', histories if status == 0 else 0, int(status != 0), seconds, note)


def kills(total, directory, count):
    status, output, seconds = run([sys.executable, 'tests/crash/kill.py', '--server',
                                   directory + '/server/gotgand', '--kills', str(count)])
    note = output.strip().splitlines()[-1:]
    total.add('kill -9', count if status == 0 else 0, int(status != 0), seconds, ''.join(note))


def tidy(total):
    status, output, seconds = run([sys.executable, 'tests/tidy/tidy.py'], show=False)
    print(output, end='')
    counts = re.findall(r'^tidy: .*?passed=(\d+) failed=(\d+)', output, re.M)
    passed, failed = (int(n) for n in counts[-1]) if counts else (0, 0)
    total.add('tidy', passed, max(failed, int(status != 0)), seconds)


def enabled_of(paths):
    lines = [line.split('#')[0].strip() for line in open(os.path.join(ROOT, 'tests/enabled.txt'))]
    patterns = [line for line in lines if line]
    on = [path for path in paths if any(fnmatch.fnmatch(path, p) for p in patterns)]
    return on, [path for path in paths if path not in on], patterns


def find(folder, ending):
    found = []
    for directory, _, names in os.walk(os.path.join(ROOT, folder)):
        found += [os.path.relpath(os.path.join(directory, name), ROOT) for name in names
                  if name.endswith(ending)]
    return sorted(found)


def last_count(output, pattern):
    """-> the numbers of the last line that has them; none: zeros."""
    found = list(re.finditer(pattern, output, re.M))
    return [int(n) for n in found[-1].groups()] if found else [0] * re.compile(pattern).groups


def server_suite(total, suite, paths, command, server, shares=1):
    """shares: into so many parts the files are dealt, which run side by side."""
    on, off, _ = enabled_of(paths)
    if off:
        total.skip(suite, len(off), 'files not in tests/enabled.txt')
    if not on:
        return
    if not os.path.exists(os.path.join(ROOT, server)):
        total.add(suite, 0, len(on), 0, 'enabled, but there is no ' + server)
        return
    parts = [on[i::shares] for i in range(min(shares, len(on)))]
    passed = failed = waiting = 0
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(len(parts)) as pool:
        for status, output, _ in pool.map(lambda part: bounded(command(part), 1200), parts):
            print(output, end='')
            counts = last_count(output, r'^\w+: .*?passed=(\d+) failed=(\d+)')
            passed += counts[0]
            failed += max(counts[1], int(status != 0 or sum(counts) == 0))
            waiting += last_count(output, r'^\w+: .*? skipped=(\d+)$')[0]
    total.add(suite, passed, failed, time.monotonic() - start)
    if waiting:
        total.skip(suite, waiting, 'records marked as not there yet')


def sql_suite(total, directory, jobs):
    server = directory + '/server/gotgand'
    server_suite(total, 'sql ' + directory, find('tests/sql', '.test'),
                 lambda on: [sys.executable, 'tests/run.py', '--server', server] + on, server, jobs)


def server_suites(total, directory, jobs, everything=False):
    server = directory + '/server/gotgand'
    start = [sys.executable]
    sql_suite(total, directory, jobs)
    server_suite(total, 'protocol', find('tests/protocol', '_test.py'),
                 lambda on: start + ['tests/protocol/run_protocol.py', '--server', server] + on,
                 server)
    clients = [path for path in find('tests/ecosystem', '_test.py')
               if everything or not path.endswith('pgbench_test.py')]  # it comes with the server
    server_suite(total, 'ecosystem', clients,
                 lambda on: start + ['tests/protocol/run_protocol.py', '--server', server] + on,
                 server)
    server_suite(total, 'concurrency', find('tests/concurrency', '.spec'),
                 lambda on: start + ['tests/concurrency/run_specs.py', '--server', server] + on,
                 server, jobs)
    server_suite(total, 'tpch', ['tests/tpch.py'],
                 lambda on: start + ['tests/tpch.py', '--server', server], server)
    if everything:
        server_suite(total, 'scale', ['tests/scale.py'],
                     lambda on: start + ['tests/scale.py', '--quick', '--server', server], server)


def missing_enabled(total):
    """A line of tests/enabled.txt that names nothing is a test that silently does not run."""
    paths = find('tests', '.test') + find('tests', '.py') + find('tests', '.spec')
    for pattern in enabled_of(paths)[2]:
        if not any(fnmatch.fnmatch(path, pattern) for path in paths):
            total.add('enabled.txt', 0, 1, 0, pattern + ' matches no file')


def tsan_pattern():
    """Unit tests that include headers of base, storage or executor only (and their tests')."""
    names = []
    for path in find('tests/unit', '_test.c'):
        floors = re.findall(r'^#include "(\w+)/', open(os.path.join(ROOT, path)).read(), re.M)
        if set(floors) & {'base', 'storage', 'executor'} and 'functions' not in floors:
            names.append(os.path.basename(path)[:-2])
    return '^unit/(' + '|'.join(names) + ')$'


def run_test(total, jobs):
    tidy(total)
    missing_enabled(total)
    if build(total, 'asan', jobs):
        unit(total, 'build/asan', jobs)
        crash(total, 'build/asan', HISTORIES)
        kills(total, 'build/asan', KILLS)
        server_suites(total, 'build/asan', jobs)
    if build(total, 'small', jobs):
        unit(total, 'build/small', jobs)
        sql_suite(total, 'build/small', jobs)


def run_test_all(total, jobs):
    if build(total, 'asan', jobs):
        crash(total, 'build/asan', suites_all.HISTORIES)
    if build(total, 'tsan', jobs):
        unit(total, 'build/tsan', jobs, tsan_pattern())
    if build(total, 'asan', jobs, 'clang', {'CC': 'clang'}, 'ON'):
        unit(total, 'build/clang', jobs)
    if build(total, 'release', jobs):
        unit(total, 'build/release', jobs)
        server_suites(total, 'build/release', jobs, everything=True)
        suites_all.run(total, jobs, enabled_of(find('tests/sql', '.test'))[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('mode', choices=['test', 'all'])
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    options = parser.parse_args()
    total, start = Total(), time.monotonic()
    if options.mode == 'test':
        run_test(total, options.jobs)
    else:
        run_test_all(total, options.jobs)
    if total.passed == 0:
        total.failed = max(total.failed, 1)
    print(f'skipped={total.skipped} seconds={time.monotonic() - start:.0f}')
    print(f'{total.passed} passed, {total.failed} failed')
    return 1 if total.failed else 0


if __name__ == '__main__':
    sys.exit(main())
