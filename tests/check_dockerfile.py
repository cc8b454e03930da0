#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the steps of the Dockerfile without a Docker engine: each stage is a fresh Debian 12 of
check_fresh.py, RUN runs in it, COPY copies, and at the end the entry point is started as the user it
names and asked through psql. Not `docker build` itself: layers, caches and .dockerignore are not
tried.

usage: check_dockerfile.py (as root)
Prints `dockerfile: steps=.. passed=.. failed=..`.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from check_fresh import ROOT, inside, make_tree, put_files, unmount

PREFIX = os.path.join(ROOT, 'build', 'docker-')
KNOWN = {'FROM', 'RUN', 'WORKDIR', 'COPY', 'USER', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'ENTRYPOINT'}
ANSWER_SECONDS = 30


def steps():
    """-> [(instruction, text)]"""
    with open(os.path.join(ROOT, 'Dockerfile')) as file:
        lines = [line for line in file.read().replace('\\\n', ' ').splitlines()
                 if line.strip() and not line.startswith('#')]
    pairs = [line.split(None, 1) for line in lines]
    for name, _ in pairs:
        if name not in KNOWN:
            raise RuntimeError(f'the Dockerfile has a step {name} that this script does not know')
    return [(name, re.sub(r'\s+', ' ', text)) for name, text in pairs]


class Stage:
    def __init__(self, name):
        self.tree = PREFIX + name
        self.folder, self.user, self.stop_signal = '/', 'root', 'SIGTERM'
        make_tree(self.tree)

    def path(self, name):
        return os.path.join(self.tree, os.path.join(self.folder, name).lstrip('/'))

    def run(self, command):
        status = inside(command, self.tree, self.folder, self.user).wait()
        if status != 0:
            raise RuntimeError(f'status {status}')

    def copy(self, words, stages):
        source = next((w.split('=')[1] for w in words if w.startswith('--from=')), None)
        *names, target = [w for w in words if not w.startswith('--')]
        if not source and names == ['.']:
            put_files(self.path(target))
            return
        os.makedirs(self.path(target) if target.endswith('/') else
                    os.path.dirname(self.path(target)), exist_ok=True)
        for name in names:
            whole = os.path.join(stages[source].tree, name.lstrip('/')) if source \
                else os.path.join(ROOT, name)
            shutil.copy(whole, self.path(target))

    def start(self, words):
        """The entry point with another port answers, and ends well on the stop signal."""
        port = words.index('--port') + 1
        words[port] = '15433'
        server = inside('exec ' + ' '.join(words), self.tree, self.folder, self.user)
        question = ['psql', '-X', '-Atc', 'select 6 * 7', '-h', '127.0.0.1', '-p', words[port],
                    '-U', 'gotgan', 'gotgan']
        answer, deadline = '', time.monotonic() + ANSWER_SECONDS
        while answer != '42\n' and server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
            answer = subprocess.run(question, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                    text=True).stdout
        server.send_signal(getattr(signal, self.stop_signal))
        if server.wait(ANSWER_SECONDS) != 0 or answer != '42\n':
            raise RuntimeError(f'answer {answer!r}, status {server.returncode}')


def take(name, text, stages):
    stage = stages.get('')
    if name == 'FROM':
        words = text.split()
        stages[''] = stages[words[2] if len(words) > 2 else 'last'] = Stage(
            words[2] if len(words) > 2 else 'last')
    elif name == 'RUN':
        stage.run(text)
    elif name == 'WORKDIR':
        stage.folder = text
        os.makedirs(stage.path(''), exist_ok=True)
    elif name == 'COPY':
        stage.copy(text.split(), stages)
    elif name == 'USER':
        stage.user = text
    elif name == 'STOPSIGNAL':
        stage.stop_signal = text
    elif name == 'ENTRYPOINT':
        stage.start(json.loads(text))


def main():
    stages, passed, failed = {}, 0, 0
    try:
        for name, text in steps():
            try:
                take(name, text, stages)
                passed += 1
                print(f'ok: {name} {text}', flush=True)
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                failed += 1
                print(f'FAILED: {name} {text}: {error}', flush=True)
                break
    finally:
        for stage in stages.values():
            unmount(stage.tree)
    print(f'dockerfile: steps={passed + failed} passed={passed} failed={failed}')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
