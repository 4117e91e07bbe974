"""Processes that are forked from one that has loaded the tools already.

Each is killed in the middle of its work, and the next need not load them anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
from types import TracebackType
from typing import Self

# A child tells its number first, so that nothing it says can come before.
_SERVE = """
import json, os, sys, traceback

for line in sys.stdin:
    if not os.fork():
        try:
            print(os.getpid(), flush=True)
            work(*json.loads(line))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    # What a child was saying when it was killed ends in the middle of a line.
    print("\\nended", os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""


class Forker:
    """Forks one child at a time."""

    def __init__(self, program: str) -> None:
        """Load a program that defines `work(...)`, which each child calls."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", program + _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def start(self, *arguments: str | float) -> int:
        """Fork a child, and return its process number when it is about to work."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def ended(self) -> tuple[str, int]:
        """Wait for the child; return the lines it printed since, and its exit code."""
        printed: list[str] = []
        while not (line := self._line()).startswith("ended "):
            printed.append(line)
        # The last one is empty, or one that was cut off.
        return "".join(printed[:-1]), int(line.split()[1])

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process that forks is gone"
        return line
