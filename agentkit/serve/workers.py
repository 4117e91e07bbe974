"""Worker processes that serve at one socket; a dead one is replaced.

A worker is a fork of the command, made before that has loaded a model or begun a thread,
so it takes a system that has forks.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from agentkit.errors import ConfigError

# A fault that ends a worker again and again is told, and not tried for ever: so many
# deaths in so many seconds.
_DEATHS, _WITHIN = 5, 60.0
# Seconds that workers have to end: a little longer than uvicorn lets answers go on.
_PATIENCE = 8.0
_PAUSE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPlace:
    """Which worker a process is.

    Attributes:
        number: from 0 on; one that is started anew keeps it.
        count: how many there are.
        folder: of the sockets by which they ask each other.
        is_first: whether it is the first that was ever started: it tells what is served.
        started: written to, once, when it serves.
    """

    number: int
    count: int
    folder: Path
    is_first: bool
    started: int

    def serves(self) -> None:
        """Report that this worker serves from now on."""
        with suppress(BrokenPipeError):  # the first alone is waited for
            os.write(self.started, b".")
        os.close(self.started)


class Workers:
    """Starts the workers, and replaces those that die."""

    def __init__(self, count: int, tell: Callable[[str], None]) -> None:
        """Store how many there are, and who hears of those that die.

        Raises:
            ConfigError: this system has no forks.
        """
        if not hasattr(os, "fork"):
            raise ConfigError("--workers takes a system with forks, such as Linux")
        self._count = count
        self._tell = tell
        self._folder = Path(tempfile.mkdtemp(prefix="agentkit-"))
        # A worker whose parent is gone, however, reads the end of this, and ends.
        self._lifeline = os.pipe()
        self._process = os.getpid()
        self._numbers: dict[int, int] = {}
        self._deaths = deque[float](maxlen=_DEATHS)

    def run(self) -> WorkerPlace:
        """Start and watch the workers; returns in each worker, and nowhere else.

        Raises:
            ConfigError: they die again and again.
            SystemExit: all ended, in the process that saw to them.
        """
        place, heard = self._forked(0, is_first=True)
        if place is not None:
            return place
        try:
            return self._attend(heard)
        finally:
            if os.getpid() == self._process:  # and no worker, which goes on from here
                self._end()

    def _attend(self, heard: int) -> WorkerPlace:
        with os.fdopen(heard, "rb") as first:
            is_ready = bool(first.read(1))
        if not is_ready:  # it has said why
            raise SystemExit(self._reaped() or 1)
        signals = {signal.SIGCHLD, signal.SIGINT, signal.SIGTERM}
        # Blocked, so that `sigwait` takes them: one that comes between two steps is not
        # lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        got = int(signal.SIGCHLD)
        while got == signal.SIGCHLD:
            self._reaped()
            if place := self._refilled():
                return place
            got = signal.sigwait(signals)
        # As shells count a program that a signal ended.
        raise SystemExit(128 + got)

    def _forked(
        self, number: int, *, is_first: bool = False
    ) -> tuple[WorkerPlace | None, int]:
        """Start a worker; return its place in the child, and a pipe in the parent."""
        heard, started = os.pipe()
        process = os.fork()
        if process:
            os.close(started)
            self._numbers[process] = number
            return None, heard
        os.close(heard)
        # Only the parent may hold this end, or its death would close nothing.
        os.close(self._lifeline[1])
        self._numbers.clear()
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        watch = threading.Thread(
            target=_end_with, args=(self._lifeline[0],), daemon=True
        )
        watch.start()
        place = WorkerPlace(
            number=number,
            count=self._count,
            folder=self._folder,
            is_first=is_first,
            started=started,
        )
        return place, -1

    def _refilled(self) -> WorkerPlace | None:
        """Start the workers that are missing; return the place in each of them.

        Raises:
            ConfigError: they die again and again.
        """
        lately = time.monotonic() - _WITHIN
        if len(self._deaths) == _DEATHS and self._deaths[0] > lately:
            raise ConfigError(
                f"{_DEATHS} workers ended within {_WITHIN:g} s: stopped. What they said "
                "stands above; with --workers 1 it is seen at once"
            )
        # Ctrl-C reaches the workers, too: those that end by it are not started anew.
        if signal.sigpending() & {signal.SIGINT, signal.SIGTERM}:
            return None
        for number in sorted({*range(self._count)} - set(self._numbers.values())):
            place, heard = self._forked(number)
            if place is not None:
                return place
            os.close(heard)
        return None

    def _reaped(self) -> int:
        """Collect the workers that died; return the exit status of the last one."""
        status = 0
        while self._numbers:
            try:
                process, told = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                process, told = next(iter(self._numbers)), 0
            if not process:
                break
            number = self._numbers.pop(process, None)
            if number is None:
                continue
            status = os.waitstatus_to_exitcode(told)
            if not signal.sigpending() & {signal.SIGINT, signal.SIGTERM}:
                self._deaths.append(time.monotonic())
                self._tell(f"worker {number} ended ({_why(status)})")
        return abs(status)

    def _end(self) -> None:
        """End all workers, and wait for it."""
        until = time.monotonic() + _PATIENCE
        self._signal(signal.SIGTERM)
        while self._numbers and time.monotonic() < until:
            time.sleep(_PAUSE)
            for process in list(self._numbers):
                with suppress(ChildProcessError):
                    if os.waitpid(process, os.WNOHANG)[0]:
                        del self._numbers[process]
        self._signal(signal.SIGKILL)
        self._numbers.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        for process in self._numbers:
            with suppress(ProcessLookupError):
                os.kill(process, number)


def _why(status: int) -> str:
    if status < 0:
        return f"by signal {-status}"
    return f"with status {status}"


def _end_with(lifeline: int) -> None:
    """Wait for the parent's death, then end this process."""
    # Blocks until the last writer is gone; nobody ever writes.
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
