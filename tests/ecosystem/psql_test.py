# SPDX-License-Identifier: Apache-2.0
"""psql: each psql/NAME.sql run by `psql -f` prints psql/NAME.out, byte for byte what it prints with
PostgreSQL 15. `python3 tests/ecosystem/psql_test.py` writes the .out files from a scratch cluster."""
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = sorted(glob.glob(os.path.join(HERE, 'psql', '*.sql')))


def psql(address, *arguments, cwd=None, stdin=None):
    """-> exit status, what was printed (errors among the rest, in their order)"""
    environment = dict(os.environ, PGCONNECT_TIMEOUT='10', LC_ALL='C.UTF-8', PGTZ='UTC')
    done = subprocess.run(['psql', '-X', '-h', address.host, '-p', str(address.port), '-U',
                           address.user, '-d', address.database, *arguments], input=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cwd,
                          env=environment, timeout=300)
    return done.returncode, done.stdout


def run_case(address, path):
    """The case's output; what a clock or a name of this machine is in it is taken out."""
    with tempfile.TemporaryDirectory() as folder:
        _, output = psql(address, '-a', '-f', path, cwd=folder)
    output = output.replace(path, os.path.basename(path))
    return re.sub(r'Time: [\d.]+ ms.*', 'Time: some ms', output)


def test_cases(address):
    different = []
    for path in CASES:
        with open(path[:-4] + '.out') as file:
            expected = file.read()
        got = run_case(address, path)
        if got != expected:
            different.append(os.path.basename(path))
            show_difference(expected, got)
    assert CASES and not different, different


def show_difference(expected, got):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (('expected', expected), ('got', got)):
            with open(os.path.join(folder, name), 'w') as file:
                file.write(text)
        subprocess.run(['diff', '-U1', 'expected', 'got'], cwd=folder)


def test_command_line(address):
    assert psql(address, '-Atc', "select 1, 'a'") == (0, '1|a\n')
    assert psql(address, '-Atc', 'select 1; select 2') == (0, '1\n2\n')
    assert psql(address, '-At', '-c', 'select 1', '-c', 'select 2') == (0, '1\n2\n')
    status, output = psql(address, '-c', 'select nosuch')
    assert (status, output) == (1, 'ERROR:  column "nosuch" does not exist\n'
                                   'LINE 1: select nosuch\n               ^\n')
    assert psql(address, '-Atq', '-v', 'ON_ERROR_STOP=1', '-f', '-',
                stdin='select 1;\nselect 1/0;\nselect 2;\n')[0] == 3
    assert psql(address, '-Atq1', '-f', '-', stdin='create table psql_one(a int);\nselect 1/0;\n')[0] == 0
    assert psql(address, '-Atc', "select count(*) from pg_class where relname = 'psql_one'") == (
        0, '0\n')
    assert psql(address, '-Atc', 'copy (select 1, null) to stdout') == (0, '1\t\\N\n')


def test_no_such_database_or_role(address):
    class Other:
        host, port, user, database = address.host, address.port, address.user, 'nosuch'
    status, output = psql(Other, '-c', 'select 1')
    assert status == 2 and 'FATAL:  database "nosuch" does not exist' in output, output
    Other.user = 'nobody_here'
    status, output = psql(Other, '-c', 'select 1')
    assert status == 2 and 'FATAL:  role "nobody_here" does not exist' in output, output


def write_answers():
    sys.path.insert(0, os.path.dirname(HERE))
    from pgwire import Address
    from server_process import Postgres
    with Postgres() as peer:  # owners and prompts as with us
        psql(peer.address, '-c', 'create role gotgan superuser login',
             '-c', 'create database gotgan owner gotgan')
        address = Address(f'{peer.address.host}:{peer.address.port}:gotgan:gotgan')
        for path in CASES:
            with open(path[:-4] + '.out', 'w') as file:
                file.write(run_case(address, path))


if __name__ == '__main__':
    write_answers()
