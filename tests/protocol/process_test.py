# SPDX-License-Identifier: Apache-2.0
"""The server as a process: options, configuration file, pid file, start, stop, exit codes, --sample."""
import contextlib
import glob
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

from pgwire import Address, Connection


class Process:
    """A gotgand with the given arguments; its log is read as it comes."""

    def __init__(self, program, *arguments):
        self.lines = []
        self.begin = time.monotonic()
        self.child = subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.child.stdout:
            self.lines.append((time.monotonic() - self.begin, line.rstrip('\n')))

    def wait_for(self, pattern, seconds=60):
        """-> the match, and the seconds since the start"""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for when, line in list(self.lines):
                match = re.search(pattern, line)
                if match:
                    return match, when
            if self.child.poll() is not None and not self.reader.is_alive():
                break
            time.sleep(0.01)
        raise AssertionError(f'no {pattern} in the log:\n' + self.text())

    def address(self):
        match, _ = self.wait_for(r'ready on ([\w.:]+):(\d+)$')
        host = match.group(1)
        return Address(f'{host}:{match.group(2)}:gotgan:gotgan')

    def text(self):
        return '\n'.join(line for _, line in self.lines)

    def end(self, how=signal.SIGTERM, seconds=60):
        """-> exit status"""
        if self.child.poll() is None and how:
            self.child.send_signal(how)
        try:
            status = self.child.wait(seconds)
        finally:
            if self.child.poll() is None:
                self.child.kill()
                self.child.wait()
            self.reader.join()
            self.child.stdout.close()
        return status


@contextlib.contextmanager
def scratch():
    with tempfile.TemporaryDirectory(prefix='gotgan-test-') as folder:
        yield os.path.join(folder, 'data')


@contextlib.contextmanager
def running(program, data, *arguments):
    process = Process(program, '--data', data, '--port', '0', *arguments)
    try:
        yield process
    finally:
        if process.child.poll() is None:
            process.end(signal.SIGKILL)


def run(program, *arguments):
    """-> exit status and output of a server that ends by itself"""
    done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def value(connection, sql):
    result = connection.query(sql)[-1]
    assert not result.error, result.error
    return result.texts()[0][0]


def test_ready_within_a_second_and_pid_file(program):
    asan = 'asan' in program  # several times slower
    with scratch() as data, running(program, data) as process:
        _, seconds = process.wait_for('ready on 127.0.0.1:')
        assert seconds < (5 if asan else 1), seconds
        address = process.address()
        with open(os.path.join(data, 'gotgand.pid')) as file:
            assert file.read() == f'{process.child.pid}\n{address.port}\n127.0.0.1\n'
        assert ('running as root' in process.text()) == (os.geteuid() == 0)
        connection = Connection(address)
        assert value(connection, 'select 1') == '1'
        connection.close()
        assert process.end() == 0
        assert process.lines[-1][1].endswith('stopped')
        assert not os.path.exists(os.path.join(data, 'gotgand.pid'))


def test_usage_errors(program):
    with scratch() as data:
        for arguments, said in (
                (['--nosuch', '1'], 'unrecognized option "nosuch"'),
                (['--port'], 'option --port needs a value'),
                (['--port', '70000'], 'invalid value for "port": "70000" (0 to 65535)'),
                (['--port=x'], 'invalid value for "port"'),
                (['--workers', '0'], 'invalid value for "workers": "0" (1 to 256)'),
                (['--memory', '1MB'], 'invalid value for "memory": "1MB"'),
                (['--memory', 'much'], 'invalid value for "memory"'),
                (['data'], 'unexpected argument "data"'),
                (['--config', data + '/nosuch.conf'], 'cannot read'),
                (['--listen', '0.0.0.0'], 'only loopback addresses are allowed until there is '
                                          'authentication'),
                (['--listen', '192.168.1.1'], 'only loopback addresses'),
                (['--listen', '127.nonsense'], 'is not an IP address')):
            status, output = run(program, '--data', data, *arguments)
            assert status == 1 and said in output, (arguments, status, output)
    assert run(program, '--help')[0] == 0 and '--sample' in run(program, '--help')[1]
    assert run(program, '--version') == (0, run(program, '--version')[1])


def test_configuration_file(program):
    with scratch() as data:
        os.makedirs(data)
        path = os.path.join(data, 'gotgan.conf')

        def write(text):
            with open(path, 'w') as file:
                file.write(text)
        for text, said in (('# fine\n\nworkers = 1\nnosuch = 2\n',
                            path + ':4: unrecognized option "nosuch"'),
                           ('port\n', path + ':1: expected name = value'),
                           ('workers = many\n', path + ':1: invalid value for "workers"'),
                           ('default_transaction_isolation = serializable\n',
                            path + ':1: SERIALIZABLE transactions are not supported yet'),
                           ('role = nobody_here\n', path + ':1: role "nobody_here" does not exist'),
                           ('data = /elsewhere\n', path + ':1: "data" is set on the command line')):
            write(text)
            status, output = run(program, '--data', data)
            assert status == 1 and said in output, output
        write('port = 1  # a port nobody may take\nworkers = 2\nmemory = 128MB\n')
        with running(program, data) as process:  # --port 0 of the command line wins
            process.address()
            assert process.end() == 0


def test_port_and_directory_in_use(program):
    with scratch() as data, running(program, data) as process:
        address = process.address()
        status, output = run(program, '--data', data, '--port', '0')
        assert status == 2, output
        status, output = run(program, '--data', data + '2', '--port', str(address.port))
        assert status == 1 and 'Address already in use' in output, output
        assert process.end() == 0


def test_ipv6_loopback(program):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(('::1', 0))
    except OSError:
        return
    with scratch() as data, running(program, data, '--listen', '::1') as process:
        process.wait_for(r'ready on ::1:\d+')
        assert process.end() == 0


def test_damaged_data_is_exit_code_3(program):
    with scratch() as data:
        with running(program, data) as process:
            connection = Connection(process.address())
            connection.query('create table t as select g, g % 10 as h '
                             'from generate_series(1, 300000) g')
            assert process.end() == 0
        manifests = [p for p in glob.glob(data + '/**', recursive=True)
                     if os.path.isfile(p) and 'manifest' in os.path.basename(p).lower()]
        assert manifests, os.listdir(data)
        for path in manifests:
            with open(path, 'r+b') as file:
                file.seek(os.path.getsize(path) // 2)
                byte = file.read(1)
                file.seek(-1, os.SEEK_CUR)
                file.write(bytes([byte[0] ^ 0xff]))
        status, output = run(program, '--data', data, '--port', '0')
        assert status == 3, (status, output)


def test_damaged_delete_vector_is_exit_code_3(program):
    with scratch() as data:
        with running(program, data) as process:
            connection = Connection(process.address())
            connection.query('create table t as select g from generate_series(1, 300000) g')
            connection.query('delete from t where g % 1000 = 7')
            assert process.end() == 0
        damaged = 0
        for path in glob.glob(data + '/seg/*.seg'):
            with open(path, 'r+b') as file:
                header = file.read(64)
                if header[20] == 1:  # the kind of file: deletes
                    file.seek(-1, os.SEEK_END)
                    byte = file.read(1)
                    file.seek(-1, os.SEEK_CUR)
                    file.write(bytes([byte[0] ^ 1]))
                    name, damaged = os.path.basename(path), damaged + 1
        assert damaged == 1, damaged
        status, output = run(program, '--data', data, '--port', '0')
        assert status == 3, (status, output)
        assert name in output, (name, output)


def test_missing_log_file_is_exit_code_3(program):
    with scratch() as data:
        with running(program, data) as process:
            connection = Connection(process.address())
            connection.query('create table t as select g from generate_series(1, 100) g')
            connection.query('checkpoint')
            connection.query('insert into t select generate_series(101, 200)')
            process.end(signal.SIGKILL)
        for path in glob.glob(data + '/wal/*.wal'):
            os.remove(path)
        status, output = run(program, '--data', data, '--port', '0')
        assert status == 3, (status, output)
        assert 'is missing' in output, output


def test_object_numbers_are_given_once(program):
    """Those of constraints stand inside of other objects: after a crash they are taken all the same."""
    with scratch() as data:
        with running(program, data) as process:
            Connection(process.address()).query(
                'create table t(a int primary key, b int check (b > 0), c int unique)')
            process.end(signal.SIGKILL)
        with running(program, data) as process:
            connection = Connection(process.address())
            connection.query('create table u(a int check (a > 0)); create view v as select 1 as a')
            assert value(connection, """
                select count(*) - count(distinct oid) from (
                  select oid from pg_class where oid >= 16384 and relkind <> 'i'
                  union all select oid from pg_constraint) s""") == '0'
            process.end()


def slow(address, seconds, results):
    connection = Connection(address)
    sql = 'select count(*) from generate_series(1, 100000000) a'
    if seconds > 5:  # never ends by itself
        sql = 'select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b'
    results.append(connection.query(sql)[0])


def stop_with_a_statement(program, how, seconds):
    """-> what the statement answered, how long the stop took"""
    with scratch() as data, running(program, data) as process:
        results = []
        address = process.address()
        idle = Connection(address)
        thread = threading.Thread(target=slow, args=(address, seconds, results))
        thread.start()
        time.sleep(0.3)
        begin = time.monotonic()
        assert process.end(how) == 0
        took = time.monotonic() - begin
        thread.join()
        kind, body = idle.receive()
        assert kind == 'E' and b'57P01' in body, body
        return results[0], took


def test_a_running_statement_may_finish(program):
    if 'asan' in program:
        return  # its statement would take longer than five seconds
    result, took = stop_with_a_statement(program, signal.SIGTERM, 1)
    assert not result.error and result.texts() == [['100000000']], result.error
    assert took < 6, took


def test_a_statement_without_end_is_ended(program):
    result, took = stop_with_a_statement(program, signal.SIGINT, 60)
    assert result.error and result.error.code == '57P01', result.error
    assert 4.5 < took < 9, took


def test_sample(program):
    with scratch() as data:
        with running(program, data, '--sample') as process:
            process.wait_for('sample: loading')
            assert process.wait_for('ready on')[1] < process.wait_for('sample: loading')[1]
            process.end(signal.SIGKILL)
        with running(program, data, '--sample') as process:  # nothing is left of the first try
            process.wait_for('sample: loading')
            process.end(signal.SIGTERM)
            assert process.child.returncode == 0, process.text()
        with running(program, data, '--sample') as process:
            match, _ = process.wait_for(r'sample: (\d+) rows loaded in|sample: .* not empty', 300)
            if match.group(1):  # else the stop came after its end
                assert match.group(1) == '1046000'
            connection = Connection(process.address())
            assert value(connection, 'select sum(quantity) from sample.order_lines') == '1560161'
            assert process.end() == 0
        with running(program, data, '--sample') as process:
            process.wait_for('sample: the database is not empty, nothing is loaded')
            connection = Connection(process.address())
            assert value(connection, 'select count(*) from sample.web_events') == '350000'
            assert process.end() == 0
