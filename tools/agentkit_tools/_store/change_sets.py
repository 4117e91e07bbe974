"""Several files changed as one, and whether a change that was cut off was made.

What is to be written is noted in a file first; whoever finds that note finishes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from agentkit import ToolError, fresh_id, in_effect
from agentkit_tools._store.files import locked, read_bytes, told, write_atomic
from agentkit_tools._store.folder import Stamp, is_calendar_file, stamp
from agentkit_tools._store.octets import bytes_of, text_of

# What is to be written, in the home's folder, while it is being written.
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
    # One file needs no note: it is replaced as a whole.
    if len(contents) > 1:
        note = {
            name: [content if content is None else text_of(content), _stamp(home, name)]
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
            name: None if text is None else bytes_of(text)
            for name, (text, before) in note.items()
            # The note is a file that anybody may write: it reaches no other files of
            # the home.
            if is_calendar_file(name) and _stamp(home, name) == before
        },
    )
    _forget(home)


def _write(home: Path, contents: Mapping[str, bytes | None]) -> dict[str, Stamp]:
    stamps: dict[str, Stamp] = {}
    for name, content in contents.items():
        path = home / name
        # A link within the home is kept, and what it leads to is replaced.
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


_State = Literal["made", "not made", "unsure"]
# Mails that one call may have queued before it was cut off; their marks are drawn anew
# in the same order.
_MOST_QUEUED = 20


@dataclass(frozen=True, slots=True)
class Made:
    """A change that was made.

    Attributes:
        undo: what it is undone by.
        old: the entries it took out, as they were written.
        new: the entries it put in.
        queued: files of the outbox that belong to it.
    """

    undo: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    queued: tuple[str, ...]

    @property
    def text(self) -> str:
        """The last entry it is about: as it is now, else as it was."""
        return (self.new or self.old or ("",))[-1]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a change takes out of a file and puts in; `gone` where the file went."""

    file: str
    old: str
    new: str
    gone: bool = False


def change_name() -> str:
    """Name the next change of this call; the same when the call is tried again."""
    return fresh_id("change")[:8]


def change_made(home: Path) -> Made | None:
    """Return the change that this call made when it was tried before.

    Mails that were queued for one that was not made are taken back.

    Returns:
        None when it made none.

    Raises:
        ToolError: that cannot be told: the files were changed since.
        StoreError: a file cannot be read.
    """
    name = change_name()
    with locked(home):
        finish(home)
        content = read_bytes(home / "undo" / f"{name}.json")
        made = _made(home, name, json.loads(content)) if content else None
        if made is None:
            _withdraw_queued(home)
        return made


def _made(home: Path, name: str, record: dict[str, Any]) -> Made | None:
    pieces = list(_pieces(record))
    states = {_state(home, piece) for piece in pieces}
    # All or nothing is sure; anything in between was touched by others.
    if states == {"not made"}:
        return None
    if states != {"made"}:
        raise ToolError("what it changed has been changed since")
    return Made(
        undo=name,
        old=tuple(piece.old for piece in pieces if piece.old),
        new=tuple(piece.new for piece in pieces if piece.new),
        queued=tuple(record["queued"]),
    )


def note_page(home: Path, path: Path, content: str) -> None:
    """Keep which note a call is about to write, where it may be tried again.

    Raises:
        StoreError: it cannot be written.
    """
    if in_effect():
        record = {"page": path.name, "text": content}
        write_atomic(
            home / "undo" / f"{change_name()}.json", json.dumps(record).encode()
        )


def page_kept(home: Path) -> Path | None:
    """Return the note that this call wrote when it was tried before; None for none.

    Raises:
        StoreError: it cannot be read.
    """
    kept = read_bytes(home / "undo" / f"{change_name()}.json")
    if kept is None:
        return None
    record: dict[str, str] = json.loads(kept)
    path = home / "notes" / Path(record["page"]).name
    return path if read_bytes(path) == record["text"].encode() else None


def _pieces(record: dict[str, Any]) -> Iterator[_Piece]:
    for file in record.get("files", ()):
        for swap in file["swaps"]:
            # Time zones that were added along may serve other events, and tell nothing.
            if not swap["zone"]:
                yield _Piece(file["file"], swap["old"], swap["new"], file["gone"])
    for kind in ("out", "in"):
        for _, component, text in record.get(kind, ()):
            if component and component != "VTIMEZONE":
                old, new = (text, "") if kind == "out" else ("", text)
                yield _Piece(record["file"], old, new)


def _state(home: Path, piece: _Piece) -> _State:
    content = text_of(read_bytes(home / piece.file) or b"")
    if piece.gone:
        return "not made" if content else "made"
    if piece.new:
        if piece.new in content:
            return "made"
        # Neither the old nor the new is there: somebody else has changed it.
        return "not made" if not piece.old or piece.old in content else "unsure"
    return "not made" if piece.old in content else "made"


def _withdraw_queued(home: Path) -> None:
    """Take mails out of the outbox that no change belongs to."""
    folder = home / "outbox"
    if not folder.is_dir():
        return
    marks = tuple(f"-{queue_mark()}.ics" for _ in range(_MOST_QUEUED))
    for path in folder.iterdir():
        if path.name.endswith(marks):
            with told(path, "remove"):
                path.unlink(missing_ok=True)


def queue_mark() -> str:
    """Mark the next mail of this call; the same when the call is tried again."""
    return fresh_id("outbox")[:8]
