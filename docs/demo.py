#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make demo: starts the server on a scratch directory with --sample, runs the queries of README.md
through psql, compares what psql prints with the README, and stops the server again.

usage: demo.py GOTGAND [--write]
A query of the README is a ```sql block; the ```text block behind it is its answer. --write puts
PostgreSQL 15's answers into the README instead (a scratch cluster is made and removed).
"""
import os
import re
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from server_process import Gotgan, Postgres  # noqa: E402

README = os.path.join(ROOT, 'README.md')
BLOCKS = re.compile(r'```sql\n(.*?)```\n\n```text\n(.*?)```', re.S)
LOAD_SECONDS = 300


def read(path):
    with open(path) as file:
        return file.read()


def psql(address, *arguments):
    """-> (exit status, what it printed)"""
    done = subprocess.run(['psql', '-X', '-q', '-h', address.host, '-p', str(address.port), '-U',
                           address.user, '-d', address.database, '-v', 'ON_ERROR_STOP=1',
                           *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout.rstrip('\n') + '\n'


def wait_for_sample(server):
    """-> the log line that says that the load is done; raises when it failed."""
    deadline = time.monotonic() + LOAD_SECONDS
    while time.monotonic() < deadline:
        lines = [line for line in server.log_text().splitlines() if 'sample: ' in line]
        for line in lines:
            if 'rows loaded' in line:
                return line
            if 'nothing is loaded' in line:
                raise RuntimeError(line)
        time.sleep(0.05)
    raise RuntimeError('the sample is not loaded after %d s' % LOAD_SECONDS)


def write_answers():
    with Postgres() as peer:
        status, output = psql(peer.address, '-f', os.path.join(ROOT, 'server/sample.sql'))
        if status != 0:
            raise RuntimeError(output)
        text = BLOCKS.sub(lambda m: '```sql\n%s```\n\n```text\n%s```' %
                          (m.group(1), psql(peer.address, '-c', m.group(1))[1]), read(README))
    with open(README, 'w') as file:
        file.write(text)


def show(address):
    """-> number of queries that did not answer what the README says"""
    wrong = 0
    queries = BLOCKS.findall(read(README))
    for query, answer in queries:
        start = time.monotonic()
        _, output = psql(address, '-c', query)
        seconds = time.monotonic() - start
        print(f'{query}\n{output}\n({seconds:.2f} s with psql)', flush=True)
        if output != answer:
            wrong += 1
            print('DIFFERENT from the README, which says\n' + answer)
    print(f'demo: {len(queries)} queries, {len(queries) - wrong} as the README says')
    return wrong if queries else 1


def main():
    if sys.argv[2:] == ['--write']:
        write_answers()
        return 0
    with Gotgan(sys.argv[1], ['--sample']) as server:
        print(wait_for_sample(server), flush=True)
        return int(show(server.address) > 0)


if __name__ == '__main__':
    sys.exit(main())
