"""Watches a home, cheaply and one process at a time, until something is due.

Whether the home has changed is asked once a second for weeks. So a look is a few system
calls: the files of the home itself, and its folders, in which programs replace files
whole. What is written in place within a folder is seen by the sweep, a little later.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from agentkit.bells.rounds import (
    LATE,
    Due,
    Dues,
    Round,
    RungMemory,
    beginning,
    dues_of,
    keep_memory,
    key_of,
    next_round,
    read_memory,
)
from agentkit.errors import StoreError
from agentkit.settings import make_context, read_settings
from agentkit.stores.shared_files import file_lock, make_folder

# Looks. Each file of a folder is looked at once in a minute, or seldom enough that it
# is no more than fifty files a look.
_SWEEP, _PACE = 60, 50
# Folders within folders: `calendar/NAME/`.
_DEPTH = 2
# Nothing in these is due; what runs and sessions leave behind would be read for.
_PASSED_OVER = (".db", "-wal", "-shm", "-journal", ".part", ".jsonl", ".head")

_Stamp: TypeAlias = tuple[str, int, int]


class HomeStamp:
    """Notices changes in a home."""

    def __init__(self, home: Path) -> None:
        """Store the home; the first look finds it changed."""
        self._home = str(home)
        self._stamps: list[_Stamp] | None = None
        self._glance: dict[str, int] = {}
        self._left = 0

    def changed(self) -> bool:
        """Tell whether anything has changed since the last look."""
        before = self._stamps
        self._left -= 1
        glance = self._glance
        if self._left < 0 or any(_changed(path) != glance[path] for path in glance):
            self._sweep()
        return self._stamps != before

    def _sweep(self) -> None:
        # Times before contents: what changes in between is seen at the next look.
        folders = [self._home, *_folders(self._home, _DEPTH)]
        times = {folder: _changed(folder) for folder in folders}
        own, *inner = (list(_files(folder)) for folder in folders)
        self._stamps = own + [stamp for stamps in inner for stamp in stamps]
        self._glance = times | {path: changed for path, changed, _ in own}
        self._left = max(_SWEEP, len(self._stamps) // _PACE)


def _changed(path: str) -> int:
    """Return when a file or folder was changed; 0 for none."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _files(folder: str) -> Iterator[_Stamp]:
    """Yield the path, time and size of each file in a folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(_PASSED_OVER):
                continue
            with suppress(OSError):
                if not entry.is_dir():
                    facts = entry.stat()
                    yield entry.path, facts.st_mtime_ns, facts.st_size


def _folders(folder: str, depth: int) -> Iterator[str]:
    if not depth:
        return
    with suppress(OSError), os.scandir(folder) as entries:
        inner = [
            entry.path
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        ]
        for path in inner:
            yield path
            yield from _folders(path, depth - 1)


Ask: TypeAlias = Callable[[datetime, datetime, datetime], Dues]
"""From the clock and two moments to what is due between them."""

# So far ahead things are known; a day's worth is small, and read twice a day.
_AHEAD = timedelta(days=1)
# What was remembered is written at least so often, though nothing rings.
_KEPT_EVERY = timedelta(hours=1)
_LOCK = ".watch.lock"
# Seconds; as long as somebody may take to see whether the lock is held.
_PATIENCE = 0.5


@contextmanager
def watching(home: Path, *, patience: float = _PATIENCE) -> Generator[None]:
    """Watch a home while the block runs, as the only process that does.

    Args:
        home: the folder; made where it is not there.
        patience: seconds to wait for whoever does.

    Raises:
        StoreError: somebody else does, the home cannot be written, or its disk knows no
            locks: there things could ring twice.
    """
    busy = f"{home} is watched already: things ring there, once"
    with ExitStack() as stack:
        try:
            make_folder(home)
            lock = file_lock(home / _LOCK, busy=busy, patience=patience)
            stack.enter_context(lock)
        except OSError as exc:
            raise StoreError(f"{home} cannot be watched: {exc.strerror}") from exc
        yield


def is_watched(home: Path) -> bool:
    """Tell whether a process watches a home now."""
    lock = home / _LOCK
    if not lock.exists():
        return False
    try:
        with file_lock(lock, busy="watched", patience=0):
            return False
    except StoreError:
        return True
    except OSError:  # a disk without locks, where nobody can watch
        return False


def home_watcher(home: Path, clock: Callable[[], datetime]) -> Watcher:
    """Make the watcher of a home; it reads the settings again after each change.

    Args:
        home: the folder.
        clock: tells the time, with its time zone.

    Raises:
        StoreError: what has rung there cannot be read.
    """

    def ask(now: datetime, since: datetime, until: datetime) -> Dues:
        here = now.astimezone() if now.tzinfo is UTC else now
        return dues_of(make_context(home, read_settings(home), here), since, until)

    return Watcher(home, ask, clock)


class Watcher:
    """Looks at the clock and the home, and returns what rings.

    Its holder calls `look`, tells what rings, and then `keep`: what was not told when
    the machine stopped is shown at the next start.
    """

    def __init__(self, home: Path, ask: Ask, clock: Callable[[], datetime]) -> None:
        """Read what the home remembers.

        Args:
            home: the folder.
            ask: reads what is due.
            clock: tells the time, with its time zone.

        Raises:
            StoreError: what is remembered cannot be read.
        """
        self._home = home
        self._ask = ask
        self._clock = clock
        self._stamp = HomeStamp(home)
        now = clock()
        self._memory = read_memory(home, now)
        self._kept: RungMemory | None = None
        self._dues = Dues()
        # Nothing is known yet: the first look reads.
        self._looked = self._known_until = now
        self._next: datetime | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """What could not be read at the last look, a sentence each."""
        return self._dues.faults

    def look(self) -> Round:
        """Look once. A source that failed is read again when the home has changed.

        Raises:
            ConfigError: the home's settings cannot be read.
        """
        now = self._clock()
        went_back, self._looked = now < self._looked, now
        if self._stamp.changed() or went_back or now >= self._known_until:
            self._read(now)
        elif self._next is None or now < self._next:
            return Round((), (), self._memory)
        found = next_round(self._memory, self._dues.items, now)
        self._memory = found.memory
        waiting = filter(self._waits, self._dues.items)
        self._next = min((due.rings for due in waiting), default=None)
        return found

    def keep(self) -> None:
        """Write what has rung, if that is new.

        Raises:
            StoreError: it cannot be written. It is remembered as long as this lives.
        """
        kept = self._kept
        if (
            kept is None
            or kept.rung is not self._memory.rung
            or self._memory.since - kept.since > _KEPT_EVERY
        ):
            keep_memory(self._home, self._memory)
            self._kept = self._memory

    def _read(self, now: datetime) -> None:
        self._known_until = now + LATE  # what fails is tried again, not each second
        since = beginning(self._memory, now)
        self._dues = self._ask(now, since, now + _AHEAD)
        if not self._dues.faults:
            self._known_until = now + _AHEAD / 2

    def _waits(self, due: Due) -> bool:
        rung, since = self._memory.rung, self._memory.since
        return due.rings > since and key_of(due.id) not in rung
