#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the byte-level tests of the wire protocol: every function test_* of tests/protocol/*_test.py,
or of the files named (those of tests/ecosystem/ as well).

usage: run_protocol.py (--server PATH | --connect host:port:user:db) [file ...]
A test function takes the Address of a running server, opens what it needs and raises (mostly by
assert) when an answer is not PostgreSQL's. One that takes `program` starts servers of its own from
that path, and one that takes `client` runs that gotgan; with --connect these are left out.
Last line: `protocol: tests=.. passed=.. failed=..`.
"""
import argparse
import contextlib
import glob
import importlib.util
import inspect
import os
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.path.insert(0, HERE)
from pgwire import Address  # noqa: E402
from server_process import Gotgan  # noqa: E402


@contextlib.contextmanager
def server_of(options):
    if options.server:
        with Gotgan(options.server) as server:
            yield server.address
    else:
        yield options.connect


def tests_of(path):
    spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3], path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [(name, test) for name, test in vars(module).items() if name.startswith('test_')]


def run(test, address, server):
    """-> False: the test needs what there is not."""
    program = server and os.path.abspath(server)
    given = {'address': address, 'program': program,
             'client': program and os.path.join(os.path.dirname(program), '../client/gotgan')}
    wanted = inspect.signature(test).parameters
    if any(given[name] is None for name in wanted):
        return False
    test(**{name: given[name] for name in wanted})
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--server')
    parser.add_argument('--connect', type=Address)
    parser.add_argument('files', nargs='*')
    options = parser.parse_args()
    if bool(options.server) == bool(options.connect):
        parser.error('--server or --connect')
    passed = failed = 0
    for path in options.files or sorted(glob.glob(os.path.join(HERE, '*_test.py'))):
        try:
            with server_of(options) as address:
                for name, test in tests_of(path):
                    try:
                        passed += run(test, address, options.server)
                    except Exception:  # whatever a test raises is its failure
                        failed += 1
                        print(f'{os.path.basename(path)}: {name} failed')
                        traceback.print_exc(limit=-2)
        except RuntimeError as error:
            failed += 1
            print(f'{path}: {error}')
    print(f'protocol: tests={passed + failed} passed={passed} failed={failed}')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
