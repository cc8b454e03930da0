#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of README.md on a fresh Debian 12: debootstrap under build/fresh, a copy of the
tracked files, then the first ```sh block of the README, line by line, until psql answers.

usage: check_fresh.py (as root). Proxy settings and apt's sources of this machine are taken along.
Prints `fresh: commands=.. passed=.. failed=..`.
"""
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TREE = os.path.join(ROOT, 'build', 'fresh')
SETTINGS = ['etc/resolv.conf', 'etc/apt/sources.list', 'etc/apt/sources.list.d',
            'etc/apt/apt.conf.d', 'etc/apt/auth.conf.d', 'etc/apt/keyrings', 'etc/pip.conf',
            'etc/ssl/certs', 'usr/local/share/ca-certificates']
PROC = os.path.join(TREE, 'proc')
START_SECONDS = 1800


def commands():
    with open(os.path.join(ROOT, 'README.md')) as file:
        block = re.search(r'```sh\n(.*?)```', file.read(), re.S)
    return [line for line in block.group(1).splitlines() if line and not line.startswith('#')]


def unmount():
    """Before anything below it is removed."""
    if os.path.ismount(PROC):
        subprocess.run(['umount', PROC], check=True)


def make_tree():
    unmount()
    shutil.rmtree(TREE, ignore_errors=True)
    subprocess.run(['debootstrap', '--variant=minbase', '--include=ca-certificates,make',
                    'bookworm', TREE], check=True)
    for name in SETTINGS:
        source, target = os.path.join('/', name), os.path.join(TREE, name)
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)  # cp keeps links, also those that lead nowhere here
            subprocess.run(['cp', '-a', '--remove-destination', source + '/.', target], check=True)
        elif os.path.exists(source):
            shutil.copy(source, target)
    archive = subprocess.Popen(['git', 'archive', 'HEAD'], cwd=ROOT, stdout=subprocess.PIPE)
    with tarfile.open(fileobj=archive.stdout, mode='r|') as tar:
        tar.extractall(os.path.join(TREE, 'gotgan'))
    if archive.wait() != 0:
        raise RuntimeError('git archive failed')
    subprocess.run(['mount', '-t', 'proc', 'proc', PROC], check=True)  # sanitizers read it


def inside(command):
    keep = {name: value for name, value in os.environ.items()
            if name.lower().endswith('_proxy') or name.startswith('PIP_')}
    keep.update(PATH='/usr/sbin:/usr/bin:/sbin:/bin', HOME='/tmp', LANG='C.UTF-8')
    return subprocess.Popen(['chroot', TREE, 'sh', '-c', 'cd /gotgan && exec ' + command],
                            env=keep, start_new_session=True)


def try_psql(command):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if inside(command + " -c 'select 1' >/dev/null 2>&1").wait() == 0:
            return True
        time.sleep(2)
    return False


def run_commands():
    """-> (passed, failed)"""
    passed = failed = 0
    server = None
    try:
        for command in commands():
            if command.startswith('psql'):
                good = try_psql(command)
            elif command.startswith('make run'):
                server, good = inside(command), True
            else:
                good = inside(command).wait() == 0
            passed, failed = passed + good, failed + (not good)
            print(f'{"ok" if good else "FAILED"}: {command}', flush=True)
    finally:
        if server:
            os.killpg(server.pid, 15)
            server.wait()
    return passed, failed


def main():
    try:
        make_tree()
        passed, failed = run_commands()
    finally:
        unmount()
    print(f'fresh: commands={passed + failed} passed={passed} failed={failed}')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
