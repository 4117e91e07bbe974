"""conflicts/: the versions of this device that could not be made one with the server's.

`conflicts/KIND/COLLECTION/NAME.mine-DIGEST.ics` is this device's version of
`KIND/COLLECTION/NAME.ics`, where the server's version is now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from agentkit import ToolError, make_folder
from agentkit_tools._dav.entries import SUFFIX, SyncEntry, read_entry
from agentkit_tools._dav.webdav import Kind
from agentkit_tools._phrases import phrase
from agentkit_tools._store.files import (
    locked,
    move_file,
    read_bytes,
    told,
    write_atomic,
)

# By digest, two versions of one entry may wait side by side.
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
    mine: SyncEntry
    theirs: SyncEntry | None


def set_aside(home: Path, kind: Kind, folder: str, file: str, mine: SyncEntry) -> None:
    """Keep this device's version of an entry; the same one is kept once.

    Raises:
        StoreError: it cannot be written.
    """
    place = home / "conflicts" / kind / folder
    with told(place, "make the folder"):
        make_folder(place)
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


@dataclass(frozen=True, slots=True)
class Ended:
    """How a conflict was ended, as paths within the home.

    Attributes:
        file: where this device's version was kept.
        target: the file that it is a version of.
        put: this device's version is in the place of the server's.
        server: where the server's version is kept; empty when it is not.
    """

    file: str
    target: str
    put: bool
    server: str = ""


def settle(home: Path, conflict: Conflict, *, keep_mine: bool) -> Ended:
    """End a conflict; the version that is not kept goes to conflicts/settled.

    Raises:
        ToolError: the server's version changed since.
        StoreError: a file cannot be written.
    """
    settled, server = home / "conflicts" / "settled", ""
    with locked(home):
        now = _entry(conflict.kind, conflict.target)
        # The user chose between the versions that were shown.
        if (now and now.text) != (conflict.theirs and conflict.theirs.text):
            raise ToolError(
                phrase("It has been changed again since; look at it once more.")
            )
        with told(settled, "make the folder"):
            make_folder(settled)
        if keep_mine:
            if now:
                server = f"{conflict.path.name}.server-{now.digest[:8]}"
                write_atomic(settled / server, now.text.encode())
            write_atomic(conflict.target, conflict.mine.text.encode())
        move_file(conflict.path, settled / conflict.path.name)
    file, target = (
        path.relative_to(home).as_posix() for path in (conflict.path, conflict.target)
    )
    return Ended(file, target, keep_mine, server)


def reopen(home: Path, ended: Ended) -> None:
    """Make a conflict wait for the user's word again, both versions as they were.

    Raises:
        ToolError: what is kept of it is gone, or the version in use was changed since.
        StoreError: a file cannot be written.
    """
    settled = home / "conflicts" / "settled"
    path, target = _inside(home, ended.file), _inside(home, ended.target)
    kept, server = settled / path.name, settled / Path(ended.server).name
    with locked(home):
        mine = read_bytes(kept)
        theirs = read_bytes(server) if ended.server else None
        if mine is None or (ended.server and theirs is None):
            raise ToolError(phrase("Nothing is kept of that conflict any more."))
        # Changed since, it holds more than this conflict.
        if ended.put and read_bytes(target) != mine:
            raise ToolError(
                phrase("It has been changed again since; nothing is undone.")
            )
        if ended.put and theirs is not None:
            write_atomic(target, theirs)
        elif ended.put:
            with told(target, "remove"):
                target.unlink()
        move_file(kept, path)
        if theirs is not None:
            with told(server, "remove"):
                server.unlink()


def _inside(home: Path, name: str) -> Path:
    """Return a path within the home; what is kept in a result never leads elsewhere."""
    path = Path(name)
    if not name or path.is_absolute() or ".." in path.parts:
        raise ToolError(
            phrase("What is kept of that conflict is damaged; nothing is undone.")
        )
    return home / path


def _conflict(home: Path, kind: Kind, path: Path) -> Conflict | None:
    name, mine = _NAME.fullmatch(path.name), _entry(kind, path)
    if not name or not mine:
        return None
    target = home / kind / path.parent.name / f"{name['stem']}{name['suffix']}"
    return Conflict(path, target, kind, mine, _entry(kind, target))


def _entry(kind: Kind, path: Path) -> SyncEntry | None:
    found = read_entry(kind, (read_bytes(path) or b"").decode("utf-8", "replace"))
    return found if isinstance(found, SyncEntry) else None
