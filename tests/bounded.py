# SPDX-License-Identifier: Apache-2.0
"""Runs a suite for so long at most. It gets a process group of its own, which is ended with it: a
suite that hangs does not leave its server behind."""
import os
import signal
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TIMED_OUT = 124  # as timeout(1)


def bounded(command, timeout, **options):
    """-> (exit status, output, seconds)"""
    start = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors='replace', start_new_session=True,
                          **options) as process:
        try:
            output, _ = process.communicate(timeout=timeout)
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            output, status = output + f'\nended after {timeout} s\n', TIMED_OUT
        except BaseException:  # Ctrl-C does not reach the group by itself
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return status, output, time.monotonic() - start
