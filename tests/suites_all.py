# SPDX-License-Identifier: Apache-2.0
"""The suites of `make test-all` beyond those of `make test`: configurations, restarts, PostgreSQL as
the reference, kills, sanitizers and fuzzing. run_all.py calls run(); counts go into its Total.

What does not fit into 45 minutes on two cores is sampled by a fixed rule, never by chance: a file takes part
when the checksum of its name (and of the configuration's) says so.
"""
import concurrent.futures
import glob
import os
import re
import sys
import time
import zlib

from bounded import bounded
from server_process import Postgres
from tpch import SETS

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WHOLE = ('no_passes', 'workers_8', 'force_dictionary')  # run with every file
# 90 relations in FROM with their equalities in WHERE: without pushdown, 2 to the 90th rows
NEEDS_PUSHDOWN, WITHOUT_PUSHDOWN = 'tests/sql/joins/many.test', ('no_passes', 'no_pushdown')
# Plans as PostgreSQL makes them, which are others without a pass.
NEEDS_PASSES = 'tests/sql/select/explain.test'
SHARE = 4              # of the other configurations: every fourth file
RESTART_SHARE = 10     # files restarted after every statement
HISTORIES, KILLS, TSAN_KILLS = 2000, 30, 4
DIFFERENTIAL, DIFFERENTIAL_RELEASE = 2000, 1000
FUZZ_SECONDS = 20
FUZZ_INPUTS = {'wal': 2000, 'segment': 200000}  # about as long
CACHE_SHARE = 4        # of the data at scale 1: a buffer pool of a quarter
PYTHON = sys.executable


def chosen(name, share):
    return zlib.crc32(name.encode()) % share == 0


def counts_of(output, status):
    """-> (passed, failed) of a suite's last line"""
    lines = re.findall(r'^\w+: .*?passed=(\d+) failed=(\d+)', output, re.M)
    passed, failed = (int(n) for n in lines[-1]) if lines else (0, 0)
    return passed, max(failed, int(status != 0))


def in_turn(total, jobs, work):
    """work: list of (suite, command, timeout), so many at a time; the lines come as they end."""
    def one(item):
        suite, command, timeout = item
        return suite, *bounded(command, timeout)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for suite, status, output, seconds in pool.map(one, work):
            if status != 0:
                print(output[-8000:], flush=True)
            passed, failed = counts_of(output, status)
            total.add(suite, passed, failed, seconds, last_line(output) if status == 0 else '')


def last_line(output):
    return (output.strip().splitlines() or [''])[-1]


def sql(server, files, *more):
    return [PYTHON, 'tests/run.py', '--server', server, *more, *files]


def configurations(files, server):
    """The SQL files and TPC-H 0.01 in every configuration."""
    work = []
    for path in sorted(glob.glob(os.path.join(ROOT, 'tests/configs/*.conf'))):
        name = os.path.basename(path)[:-5]
        if name == 'restarts':
            continue
        part = [file for file in files if name in WHOLE or chosen(name + file, SHARE)]
        if name in WITHOUT_PUSHDOWN:
            part = [file for file in part if file != NEEDS_PUSHDOWN]
        if name.startswith('no_'):
            part = [file for file in part if file != NEEDS_PASSES]
        work.append((f'sql {name}', sql(server, part, '--config', path), 900))
        if name not in WITHOUT_PUSHDOWN:  # it would be the cross product of FROM
            work.append((f'tpch {name}', [PYTHON, 'tests/tpch.py', '--server', server, '--config',
                                          path], 300))
    return work


def restarts(files, server):
    often = [file for file in files if chosen(file, RESTART_SHARE)]
    rest = [file for file in files if file not in often]
    config = ['--config', 'tests/configs/restarts.conf']
    return [('sql restart after every statement',
             sql(server, often, '--restart', 'record', *config), 1800),
            ('sql restart after every file', sql(server, rest, '--restart', 'file', *config), 900)]


def reference(files, peer, release):
    """The expected answers are what PostgreSQL says today, and errors the same in every field."""
    return [('answers of PostgreSQL', [PYTHON, 'tests/run.py', '--connect', peer, '--protocol',
                                       'simple', *files], 900),
            ('error fields', [PYTHON, 'tests/error_fields.py', '--server', release, '--peer', peer,
                              *files], 900),
            ('tpch answers of PostgreSQL', [PYTHON, 'tests/tpch.py', '--connect', peer], 600)]


def differential(peer, release, asan):
    base = [PYTHON, 'tests/differential.py', '--peer', peer]
    return [('differential', base + ['--server', asan, '--seed', '1', '--count',
                                     str(DIFFERENTIAL)], 1200),
            ('differential release', base + ['--server', release, '--seed', '45', '--count',
                                             str(DIFFERENTIAL_RELEASE)], 900)]


def kills(release, tsan):
    base = [PYTHON, 'tests/crash/kill.py']
    work = [('kill -9', base + ['--server', release, '--kills', str(KILLS)], 900)]
    if os.path.exists(os.path.join(ROOT, tsan)):
        work.append(('kill -9 tsan', base + ['--server', tsan, '--kills', str(TSAN_KILLS),
                                             '--seconds', '8'], 600))
    return work


def fuzzing():
    """libFuzzer's targets of the clang build, and those with a mutator of their own."""
    today = str(int(time.time()) // 86400)
    work = []
    for program in sorted(glob.glob(os.path.join(ROOT, 'build/clang/tests/*_fuzz'))):
        name = os.path.basename(program)[:-5]
        if name in FUZZ_INPUTS:
            command = [program, str(FUZZ_INPUTS[name]), today]
        else:
            corpus = os.path.join(ROOT, 'build/clang/corpus', name)
            os.makedirs(corpus, exist_ok=True)
            command = [program, f'-max_total_time={FUZZ_SECONDS}', '-timeout=20', '-seed=1',
                       f'-artifact_prefix={corpus}/', corpus]
            kept = os.path.join(ROOT, 'tests/fuzz/corpus', name)
            command += [kept] if os.path.isdir(kept) else []
        work.append((f'fuzz {name}', command, 300))
    return work


def run_programs(total, jobs, work):
    """Programs that print no counts: ended well is one passed."""
    def one(item):
        suite, command, timeout = item
        return suite, *bounded(command, timeout)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for suite, status, output, seconds in pool.map(one, work):
            if status != 0:
                print(output[-8000:], flush=True)
            total.add(suite, int(status == 0), int(status != 0), seconds, last_line(output))


def scale_1(server):
    """TPC-H scale 1 beside DuckDB with 2, 1 and 8 workers and with a small buffer pool. The first
    run loads, the others take what it left."""
    base = [PYTHON, 'bench/bench.py', '--server', server, '--scale', '1', '--passes', '1',
            '--engines', 'gotgan,duckdb', '--no-cold', '--no-gates', '--keep', 'gotgan,duckdb']
    size = os.path.join(ROOT, 'build/bench/sf1/gotgan/data/seg')

    def quarter():
        data = sum(entry.stat().st_size for entry in os.scandir(size)) if os.path.isdir(size) else 0
        return max(data // CACHE_SHARE >> 20, 1)
    for name in SETS:
        yield f'tpch scale 1, 2 workers, parameters {name}', base + ['--parameters', name]
    for workers in (1, 8):
        yield f'tpch scale 1, {workers} workers', base + ['--option=--gotgan.workers',
                                                          f'--option={workers}']
    yield 'tpch scale 1, small buffer pool', base + ['--option=--gotgan.cache',
                                                     f'--option={quarter()}MB']


def missing_configurations(total):
    """Every optional pass of the planner and every encoding has its configuration."""
    with open(os.path.join(ROOT, 'planner/passes.c')) as file:
        passes = re.findall(r'^ +\{"(\w+)", +(?:pass_|NULL)', file.read(), re.M)
    with open(os.path.join(ROOT, 'storage/encoding.c')) as file:
        encodings = re.findall(r'^ +\[ENCODING_\w+\] += \{"(\w+)"', file.read(), re.M)
    with open(os.path.join(ROOT, 'tests/configs/no_passes.conf')) as file:
        off = file.read()
    wanted = [f'no_{name}' for name in passes] + [f'force_{name}' for name in encodings]
    missing = [name for name in wanted
               if not os.path.exists(os.path.join(ROOT, 'tests/configs', name + '.conf'))]
    missing += [f'no_passes without {name}' for name in passes if name not in off]
    failed = len(missing) + int(not passes) + int(not encodings)
    total.add('configurations', len(wanted) - len(missing), failed, 0, ', '.join(missing))


def run(total, jobs, files):
    missing_configurations(total)
    release, asan = 'build/release/server/gotgand', 'build/asan/server/gotgand'
    in_turn(total, jobs, configurations(files, release) + restarts(files, release))
    with Postgres() as peer:
        address = str(peer.address)
        in_turn(total, jobs, reference(files, address, release) + differential(address, release, asan))
    run_programs(total, 1, kills(release, 'build/tsan/server/gotgand'))
    run_programs(total, jobs, fuzzing())
    for item in scale_1(release):
        run_programs(total, 1, [(*item, 900)])
