# SPDX-License-Identifier: Apache-2.0
"""Packages of PyPI for the tests, in the environment build/python."""
import glob
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ENVIRONMENT = os.path.join(ROOT, 'build', 'python')


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f'{command[0]} failed:\n{done.stdout[-4000:]}')


def need(requirement):
    """Makes the pinned package importable; installs it when it is not there."""
    name, version = requirement.split('==')
    pattern = os.path.join(ENVIRONMENT, 'lib', 'python*', 'site-packages')
    stem = f'{name.replace("-", "_")}-{version}.dist-info'
    if not glob.glob(os.path.join(pattern, stem)):
        if not os.path.exists(os.path.join(ENVIRONMENT, 'bin', 'pip')):
            run(sys.executable, '-m', 'venv', ENVIRONMENT)
        run(os.path.join(ENVIRONMENT, 'bin', 'pip'), 'install', '--quiet', requirement)
    sys.path[:0] = [site for site in glob.glob(pattern) if site not in sys.path]
