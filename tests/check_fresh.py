#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of README.md on a fresh Debian 12: debootstrap under build/fresh, a copy of the
tracked files, then the first ```sh block of the README, line by line, until psql answers.

usage: check_fresh.py [COMMAND ...] (as root); with commands, these instead of the README's.
Proxy settings and apt's sources of this machine are taken along.
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
BASE = os.path.join(ROOT, 'build', 'fresh-base')  # what debootstrap made, kept
SETTINGS = ['etc/resolv.conf', 'etc/apt/sources.list', 'etc/apt/sources.list.d',
            'etc/apt/apt.conf.d', 'etc/apt/auth.conf.d', 'etc/apt/keyrings', 'etc/pip.conf',
            'etc/ssl/certs', 'usr/local/share/ca-certificates']
START_SECONDS = 1800


def commands():
    with open(os.path.join(ROOT, 'README.md')) as file:
        block = re.search(r'```sh\n(.*?)```', file.read(), re.S)
    return [line for line in block.group(1).splitlines() if line and not line.startswith('#')]


def unmount(tree):
    """Before anything below it is removed."""
    proc = os.path.join(tree, 'proc')
    if os.path.ismount(proc):
        subprocess.run(['umount', proc], check=True)


def make_base():
    if os.path.isdir(BASE):
        return
    shutil.rmtree(BASE + '.new', ignore_errors=True)
    subprocess.run(['debootstrap', '--variant=minbase', '--include=ca-certificates',
                    'bookworm', BASE + '.new'], check=True)
    os.rename(BASE + '.new', BASE)


def make_tree(tree):
    """A fresh Debian with this machine's way to the packages."""
    make_base()
    unmount(tree)
    shutil.rmtree(tree, ignore_errors=True)
    subprocess.run(['cp', '-a', BASE, tree], check=True)
    for name in SETTINGS:
        source, target = os.path.join('/', name), os.path.join(tree, name)
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)  # cp keeps links, also those that lead nowhere here
            subprocess.run(['cp', '-a', '--remove-destination', source + '/.', target], check=True)
        elif os.path.exists(source):
            shutil.copy(source, target)
    subprocess.run(['mount', '-t', 'proc', 'proc', os.path.join(tree, 'proc')],
                   check=True)  # sanitizers read it


def put_files(folder):
    """The tracked files, as a clone would have them."""
    archive = subprocess.Popen(['git', 'archive', 'HEAD'], cwd=ROOT, stdout=subprocess.PIPE)
    with tarfile.open(fileobj=archive.stdout, mode='r|') as tar:
        tar.extractall(folder)
    if archive.wait() != 0:
        raise RuntimeError('git archive failed')


def inside(command, tree=TREE, folder='/gotgan', user='root'):
    keep = {name: value for name, value in os.environ.items()
            if name.lower().endswith('_proxy') or name.startswith('PIP_')}
    keep.update(PATH='/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME='/tmp', LANG='C.UTF-8')
    return subprocess.Popen(['chroot', f'--userspec={user}', tree, 'sh', '-c',
                             f'cd {folder} && {command}'], env=keep, start_new_session=True)


def try_psql(command, server):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if inside(command + " -c 'select 1' >/dev/null 2>&1").wait() == 0:
            return True
        time.sleep(2)
    return False


def run_commands(wanted):
    """-> (passed, failed)"""
    passed = failed = 0
    server = None
    try:
        for command in wanted:
            if command.startswith('psql'):
                good = try_psql(command, server)
            elif command.startswith('make run'):
                server, good = inside(command), True
            else:
                good = inside(command).wait() == 0
            passed, failed = passed + good, failed + (not good)
            print(f'{"ok" if good else "FAILED"}: {command}', flush=True)
    finally:
        if server and server.poll() is None:
            os.killpg(server.pid, 15)
            server.wait()
    return passed, failed


def main():
    try:
        make_tree(TREE)
        subprocess.run(['chroot', TREE, 'sh', '-c', 'apt-get update -qq && apt-get install -y -qq '
                        '--no-install-recommends make >/dev/null'], check=True)
        put_files(os.path.join(TREE, 'gotgan'))
        passed, failed = run_commands(sys.argv[1:] or commands())
    finally:
        unmount(TREE)
    print(f'fresh: commands={passed + failed} passed={passed} failed={failed}')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
