"""Several files of the calendar changed as one: after a crash all of them, or none.

What is to be written is noted in a file first; whoever finds that note finishes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentkit_tools._store.files import read_bytes, told, write_atomic
from agentkit_tools._store.folder import Stamp, is_calendar_file, stamp

_NOTE = ".calendar-change.json"


def write_together(
    home: Path, contents: Mapping[str, bytes | None]
) -> dict[str, Stamp]:
    """Write files, or remove those whose content is None, under the home's lock.

    Args:
        home: the home folder.
        contents: path within the home to the new content.

    Returns:
        The stamps of the files that were written.

    Raises:
        StoreError: one cannot be written; none is changed, or all will be.
    """
    if len(contents) > 1:
        note = {
            name: [content if content is None else content.decode(), _stamp(home, name)]
            for name, content in contents.items()
        }
        write_atomic(home / _NOTE, json.dumps(note).encode())
    stamps = _write(home, contents)
    if len(contents) > 1:
        _forget(home)
    return stamps


def is_unfinished(home: Path) -> bool:
    """Whether a change was begun and not finished: by a program that ended, or yet."""
    return (home / _NOTE).exists()


def finish(home: Path) -> None:
    """Finish a change that was begun, under the home's lock.

    A file that another program has changed since stays as it is.

    Raises:
        StoreError: a file cannot be read or written.
    """
    content = read_bytes(home / _NOTE)
    if content is None:
        return
    note: dict[str, Any] = json.loads(content)
    _write(
        home,
        {
            name: None if text is None else text.encode()
            for name, (text, before) in note.items()
            if is_calendar_file(name) and _stamp(home, name) == before
        },
    )
    _forget(home)


def _write(home: Path, contents: Mapping[str, bytes | None]) -> dict[str, Stamp]:
    stamps: dict[str, Stamp] = {}
    for name, content in contents.items():
        path = home / name
        if path.is_symlink():
            path = path.resolve()
        if content is None:
            with told(path, "remove"):
                path.unlink(missing_ok=True)
        else:
            stamps[name] = stamp(write_atomic(path, content))
    return stamps


def _stamp(home: Path, name: str) -> list[int] | None:
    try:
        return list(stamp((home / name).stat()))
    except FileNotFoundError:
        return None


def _forget(home: Path) -> None:
    with told(home / _NOTE, "remove"):
        (home / _NOTE).unlink(missing_ok=True)
