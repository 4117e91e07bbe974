"""Whether anything in a home has changed, told by names, times and sizes of its files.

It is asked once a second for weeks. So a look is a few system calls: the files of the
home itself, and its folders, in which programs replace files whole. What is written in
place within a folder is seen by the sweep, a little later.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

# Looks. Each file of a folder is looked at once in a minute, or seldom enough that it
# is no more than fifty files a look.
_SWEEP, _PACE = 60, 50
# Folders within folders: `calendar/NAME/`.
_DEPTH = 2
# Nothing in these is due; what runs and sessions leave behind would be read for.
_PASSED_OVER = (".db", "-wal", "-shm", "-journal", ".part", ".jsonl", ".head")

_Stamp: TypeAlias = tuple[str, int, int]


class HomeStamp:
    """Looks at a home again and again."""

    def __init__(self, home: Path) -> None:
        """Take the home; the first look finds it changed."""
        self._home = str(home)
        self._folders: list[str] = []
        self._seen: object = None
        self._swept: list[_Stamp] = []
        self._left = 0

    def changed(self) -> bool:
        """Tell whether something is another than at the last look."""
        before = self._seen, self._swept
        self._left -= 1
        if self._left < 0:
            self._sweep()
        self._seen = self._glance()
        if self._seen != before[0]:
            self._sweep()  # a new folder is known from now on
        return (self._seen, self._swept) != before

    def _glance(self) -> list[_Stamp]:
        found = list(_files(self._home))
        for folder in self._folders:
            with suppress(OSError):
                found.append((folder, os.stat(folder).st_mtime_ns, 0))
        return found

    def _sweep(self) -> None:
        self._folders = list(_folders(self._home, _DEPTH))
        self._swept = [stamp for folder in self._folders for stamp in _files(folder)]
        self._left = max(_SWEEP, len(self._swept) // _PACE)


def _files(folder: str) -> Iterator[_Stamp]:
    """Yield what tells each file of a folder from another state of it."""
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
