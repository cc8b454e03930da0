# SPDX-License-Identifier: Apache-2.0
"""pgbench -n -f in the simple, extended and prepared protocol: two clients, every transaction right.
pgbench is part of Debian's postgresql-15; without it this fails."""
import os
import re
import subprocess
import tempfile

from pgwire import Connection

PROGRAM = '/usr/lib/postgresql/15/bin/pgbench'
CLIENTS, TRANSACTIONS = 4, 50
SCRIPT = r"""
\set key random(1, 1000)
\set change random(-10, 10)
begin;
update bench_account set balance = balance + :change where id = :key;
select balance from bench_account where id = :key;
insert into bench_history(id, change, at) values (:key, :change, current_timestamp);
commit;
select count(*), sum(balance) from bench_account where id between :key and :key + 10;
"""


def count(connection, sql):
    result = connection.query(sql)[-1]
    assert not result.error, result.error
    return result.texts()[0]


def run(address, mode, path):
    done = subprocess.run(
        [PROGRAM, '-n', '-f', path, '-M', mode, '-c', str(CLIENTS), '-j', '2', '-t',
         str(TRANSACTIONS), '--max-tries', '100', '-h', address.host, '-p', str(address.port),
         '-U', address.user, address.database], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f'{CLIENTS * TRANSACTIONS}/{CLIENTS * TRANSACTIONS}' in done.stdout, done.stdout
    speed = re.search(r'tps = ([\d.]+)', done.stdout).group(1)
    print(f'pgbench {mode}: {speed} transactions/s')


def test_all_modes(address):
    session = Connection(address)
    session.query('create table bench_account as select g as id, 0 as balance '
                  'from generate_series(1, 1000) g')
    session.query('create table bench_history(id int, change int, at timestamptz)')
    with tempfile.NamedTemporaryFile('w', suffix='.sql') as script:
        script.write(SCRIPT)
        script.flush()
        for mode in ('simple', 'extended', 'prepared'):
            run(address, mode, script.name)
    assert count(session, 'select count(*) from bench_history') == [str(3 * CLIENTS * TRANSACTIONS)]
    assert count(session, 'select sum(balance) from bench_account') == count(
        session, 'select sum(change) from bench_history')
    assert os.path.exists(PROGRAM)
    session.query('drop table bench_account; drop table bench_history')
    session.close()
