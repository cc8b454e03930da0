#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make demo: starts the server on a scratch directory, shows docs/demo.sql through psql, stops it."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'tests'))
from server_process import Gotgan  # noqa: E402


def main():
    with Gotgan(sys.argv[1]) as server:
        address = server.address
        return subprocess.run(['psql', '-X', '-a', '-h', address.host, '-p', str(address.port), '-U',
                               address.user, '-d', address.database, '-v', 'ON_ERROR_STOP=1', '-f',
                               os.path.join(HERE, 'demo.sql')]).returncode


if __name__ == '__main__':
    sys.exit(main())
