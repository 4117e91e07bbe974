"""Run tests beside busy processes: no test may fail for want of time.

`python -m tests.loaded [N] [pytest's arguments]` starts N processes, 8 by default, that
do nothing but compute, runs pytest beside them and ends them. A process that is left
behind ends by itself, with this one or after an hour.
"""

from __future__ import annotations

import os
import subprocess
import sys

# Each is in a session of its own: some kernels share time between sessions first.
# What each process does: look now and then whether anybody still wants it.
_BUSY = """
import os, sys, time
end = time.monotonic() + 3600
while os.getppid() == int(sys.argv[1]) and time.monotonic() < end:
    sum(range(1_000_000))
"""
_PROCESSES = 8


def main(arguments: list[str]) -> int:
    """Run pytest with the arguments beside the processes; return its exit code."""
    count = _PROCESSES
    if arguments and arguments[0].isdecimal():
        count = int(arguments.pop(0))
    computing = [sys.executable, "-c", _BUSY, str(os.getpid())]
    busy = [subprocess.Popen(computing, start_new_session=True) for _ in range(count)]
    try:
        return subprocess.call([sys.executable, "-m", "pytest", "-q", *arguments])
    finally:
        for process in busy:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
