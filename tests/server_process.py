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
    """with Gotgan(path) as server: server.address ... A directory that is given is kept."""

    def __init__(self, path, arguments=(), directory=None):
        self.path, self.arguments = os.path.abspath(path), list(arguments)
        self.kept = directory

    def __enter__(self):
        self.directory = self.kept or tempfile.mkdtemp(prefix='gotgan-test-')
        os.makedirs(self.directory, exist_ok=True)
        self.start()
        return self

    def start(self):
        data = os.path.join(self.directory, 'data')
        self.log = os.path.join(self.directory, 'log')
        begin = time.monotonic()
        with open(self.log, 'wb') as log:
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
        self.start_seconds = time.monotonic() - begin
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

    def restart(self, how=signal.SIGTERM):
        self.stop(how)
        self.start()

    def __exit__(self, kind, error, trace):
        status = self.stop()
        text = self.log_text()
        if not self.kept:
            shutil.rmtree(self.directory, ignore_errors=True)
        if kind is None and status != 0:
            raise RuntimeError(f'the server ended with status {status}:\n' + text[-8000:])


class Postgres:
    """A scratch cluster as the reference needs it: UTF8, C.UTF-8, TimeZone UTC. settings are further
    options of the server, which by default does not wait for the disk. A directory that is given
    is kept, with the cluster that lies there."""

    def __init__(self, settings=('fsync=off',), directory=None):
        self.bin = self.find()
        self.settings, self.kept = settings, directory

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
        self.directory = self.kept or tempfile.mkdtemp(prefix='gotgan-peer-')
        os.makedirs(self.directory, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(self.directory, 'postgres')
        self.data = os.path.join(self.directory, 'data')
        if not os.path.exists(self.data):
            self.call(self.bin + '/initdb', '-D', self.data, '--encoding=UTF8',
                      '--locale=C.UTF-8', '-A', 'trust', '-U', 'postgres')
        self.start()
        return self

    def start(self):
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        settings = (f"-p {port} -c timezone=UTC -c unix_socket_directories='' "
                    "-c listen_addresses=127.0.0.1")
        settings += ''.join(f' -c {setting}' for setting in self.settings)
        self.call(self.bin + '/pg_ctl', '-w', '-D', self.data, '-l', self.directory + '/log', '-o',
                  settings, 'start')
        self.address = Address(f'127.0.0.1:{port}:postgres:postgres')

    def stop(self, how='immediate'):
        self.call(self.bin + '/pg_ctl', '-w', '-D', self.data, '-m', how, 'stop')

    def __exit__(self, kind, error, trace):
        self.stop('fast' if self.kept else 'immediate')
        if not self.kept:
            shutil.rmtree(self.directory, ignore_errors=True)
