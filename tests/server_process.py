# SPDX-License-Identifier: Apache-2.0
"""Starts a server for tests: gotgand on a scratch directory and a free port, or a scratch cluster
of PostgreSQL 15 as the reference. Each is ended by the process id that it wrote itself."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from pgwire import Address

START_SECONDS = 60


class Gotgan:
    """with Gotgan(path) as server: server.address ..."""

    def __init__(self, path, arguments=()):
        self.path, self.arguments = os.path.abspath(path), list(arguments)

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='gotgan-test-')
        self.start()
        return self

    def start(self):
        data = os.path.join(self.directory, 'data')
        self.log = os.path.join(self.directory, 'log')
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(
                [self.path, '--data', data, '--port', '0'] + self.arguments,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while True:
            lines = [line for line in self.log_text().splitlines() if 'ready on ' in line]
            if lines:
                break
            if self.process.poll() is not None or time.monotonic() > deadline:
                text = self.log_text()
                self.stop()
                raise RuntimeError('the server did not start:\n' + text[-4000:])
            time.sleep(0.02)
        port = lines[-1].rsplit(':', 1)[1].strip()
        self.address = Address(f'127.0.0.1:{port}:gotgan:gotgan')

    def log_text(self):
        with open(self.log, errors='replace') as file:
            return file.read()

    def stop(self, how=signal.SIGTERM):
        """-> exit status"""
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def restart(self):
        self.stop()
        os.unlink(self.log)
        self.start()

    def __exit__(self, kind, error, trace):
        status = self.stop()
        text = self.log_text()
        shutil.rmtree(self.directory, ignore_errors=True)
        if kind is None and status != 0:
            raise RuntimeError(f'the server ended with status {status}:\n' + text[-8000:])


class Postgres:
    """A scratch cluster as the reference needs it: UTF8, C.UTF-8, TimeZone UTC."""

    def __init__(self):
        self.bin = self.find()

    @staticmethod
    def find():
        for folder in ('/usr/lib/postgresql/15/bin', '/usr/local/bin', '/usr/bin'):
            if os.path.exists(os.path.join(folder, 'initdb')):
                return folder
        raise RuntimeError('PostgreSQL 15 is not installed')

    def call(self, *command):
        if os.getuid() == 0:
            command = ('runuser', '-u', 'postgres', '--') + command
        subprocess.run(command, check=True, cwd=self.directory, stdout=subprocess.DEVNULL)

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='gotgan-peer-')
        if os.getuid() == 0:
            shutil.chown(self.directory, 'postgres')
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        data = os.path.join(self.directory, 'data')
        self.call(self.bin + '/initdb', '-D', data, '--encoding=UTF8', '--locale=C.UTF-8',
                  '-A', 'trust', '-U', 'postgres')
        settings = (f"-p {port} -c timezone=UTC -c unix_socket_directories='' -c fsync=off "
                    "-c listen_addresses=127.0.0.1")
        self.call(self.bin + '/pg_ctl', '-w', '-D', data, '-l', self.directory + '/log', '-o',
                  settings, 'start')
        self.address = Address(f'127.0.0.1:{port}:postgres:postgres')
        return self

    def __exit__(self, kind, error, trace):
        self.call(self.bin + '/pg_ctl', '-w', '-D', self.directory + '/data', '-m', 'immediate',
                  'stop')
        shutil.rmtree(self.directory, ignore_errors=True)
