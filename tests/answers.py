#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rewrites every expected answer from a PostgreSQL 15: tests/sql, tests/tpch, tests/concurrency.

usage: answers.py [--connect host:port:user:db]
Without --connect a scratch cluster is made (UTF8, C.UTF-8, TimeZone UTC) and removed. A server that
is not PostgreSQL 15 is refused by the runners.
"""
import contextlib
import os
import subprocess
import sys

from server_process import Postgres

HERE = os.path.dirname(os.path.abspath(__file__))


@contextlib.contextmanager
def peer():
    if '--connect' in sys.argv:
        yield sys.argv[sys.argv.index('--connect') + 1]
    else:
        with Postgres() as server:
            yield str(server.address)


def main():
    failed = 0
    with peer() as address:
        for program in ('run.py', 'tpch.py', 'concurrency/run_specs.py'):
            failed |= subprocess.run([sys.executable, os.path.join(HERE, program), '--connect',
                                      address, '--answers']).returncode
    return failed


if __name__ == '__main__':
    sys.exit(main())
