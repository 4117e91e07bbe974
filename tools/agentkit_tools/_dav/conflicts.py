"""conflicts/: the versions of this device that could not be made one with the server's.

`conflicts/KIND/COLLECTION/NAME.mine-DIGEST.ics` is this device's version of
`KIND/COLLECTION/NAME.ics`, where the server's version is now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from agentkit import ToolError
from agentkit_tools._dav.entries import SUFFIX, Entry, read_entry
from agentkit_tools._dav.requests import Kind
from agentkit_tools._store.files import (
    locked,
    move_file,
    read_bytes,
    told,
    write_atomic,
)

_NAME = re.compile(r"(?P<stem>.+)\.mine-(?P<digest>[0-9a-f]{8})(?P<suffix>\.\w+)")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A version of this device that waits for the user's word.

    Attributes:
        path: where it is kept.
        target: the file that it is a version of.
    """

    path: Path
    target: Path
    kind: Kind
    mine: Entry
    theirs: Entry | None


def set_aside(home: Path, kind: Kind, folder: str, file: str, mine: Entry) -> None:
    """Keep this device's version of an entry; the same one is kept once.

    Raises:
        StoreError: it cannot be written.
    """
    place = home / "conflicts" / kind / folder
    with told(place, "make the folder"):
        place.mkdir(parents=True, exist_ok=True)
    stem = file.removesuffix(SUFFIX[kind])
    name = f"{stem}.mine-{mine.digest[:8]}{SUFFIX[kind]}"
    write_atomic(place / name, mine.text.encode())


def conflicts_in(home: Path) -> list[Conflict]:
    """List what waits for the user's word.

    Raises:
        StoreError: a file cannot be read.
    """
    found = [
        _conflict(home, kind, path)
        for kind in get_args(Kind)
        for path in sorted((home / "conflicts" / kind).glob("*/*"))
        if path.is_file()
    ]
    return [one for one in found if one]


def settle(home: Path, conflict: Conflict, *, keep_mine: bool) -> None:
    """End a conflict; the version that is not kept goes to conflicts/settled.

    Raises:
        ToolError: the server's version changed since.
        StoreError: a file cannot be written.
    """
    settled = home / "conflicts" / "settled"
    with locked(home):
        now = _entry(conflict.kind, conflict.target)
        if (now and now.text) != (conflict.theirs and conflict.theirs.text):
            raise ToolError("It has been changed again since; look at it once more.")
        with told(settled, "make the folder"):
            settled.mkdir(parents=True, exist_ok=True)
        if keep_mine:
            if now:
                name = f"{conflict.path.name}.server-{now.digest[:8]}"
                write_atomic(settled / name, now.text.encode())
            write_atomic(conflict.target, conflict.mine.text.encode())
        move_file(conflict.path, settled / conflict.path.name)


def _conflict(home: Path, kind: Kind, path: Path) -> Conflict | None:
    name, mine = _NAME.fullmatch(path.name), _entry(kind, path)
    if not name or not mine:
        return None
    target = home / kind / path.parent.name / f"{name['stem']}{name['suffix']}"
    return Conflict(path, target, kind, mine, _entry(kind, target))


def _entry(kind: Kind, path: Path) -> Entry | None:
    found = read_entry(kind, (read_bytes(path) or b"").decode("utf-8", "replace"))
    return found if isinstance(found, Entry) else None
