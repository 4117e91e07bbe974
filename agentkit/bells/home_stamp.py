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
        self._stamps: list[_Stamp] | None = None
        self._glance: dict[str, int] = {}
        self._left = 0

    def changed(self) -> bool:
        """Tell whether something is another than at the last look."""
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
