"""undo/: what each change to an .ics file took out and put in, so it can be undone.

A record is written before the change that it tells of, under the home's lock. Other
changes made since are kept; only what the change itself wrote is taken back.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agentkit import ToolError, make_folder
from agentkit_tools._phrases import phrase
from agentkit_tools._store.blocks import Block, Blocks, split_blocks
from agentkit_tools._store.card_files import is_card_file
from agentkit_tools._store.change_sets import change_name, write_together
from agentkit_tools._store.edits import Swap, taken_back, zones_named
from agentkit_tools._store.files import (
    locked,
    open_home,
    read_bytes,
    told,
    write_atomic,
)
from agentkit_tools._store.folder import is_calendar_file
from agentkit_tools._store.octets import as_utf8, bytes_of, text_of
from agentkit_tools._store.scan import scan

# Records that are kept; an older change can no longer be undone.
_KEPT = 300
# Names come from the journal: nothing but such a name becomes part of a path.
_NAME = re.compile(r"[0-9a-f]{8}")


def note_change(
    path: Path,
    before: Blocks,
    after: Blocks,
    queued: Iterable[str] = (),
    home: Path | None = None,
) -> str:
    """Keep what a change takes out and puts in.

    Args:
        path: the file that is about to change.
        before: its blocks now.
        after: its blocks afterwards.
        queued: names of files in the outbox that belong to the change.
        home: the home folder; the file's own folder when None.

    Returns:
        What `undo_change` knows it by.

    Raises:
        StoreError: it cannot be written.
    """
    home = home or path.parent
    record = {
        "file": path.relative_to(home).as_posix(),
        "new": not path.exists(),
        "out": _missing(before, after),
        "in": _missing(after, before),
        "queued": list(queued),
    }
    return _keep(home, record)


def note_swaps(
    home: Path,
    swaps: Mapping[str, Iterable[Swap]],
    contents: Mapping[str, bytes | None],
    queued: Iterable[str] = (),
) -> str:
    """Keep what a change of the calendar's files takes out and puts in.

    Args:
        home: the home folder.
        swaps: path within the home to what changes there.
        contents: path within the home to its new content; None when it is removed.
        queued: names of files in the outbox that belong to the change.

    Returns:
        What `undo_change` knows it by.

    Raises:
        StoreError: it cannot be written.
    """
    files = [
        {
            "file": path,
            "new": not (home / path).exists(),
            "gone": contents[path] is None,
            "swaps": [asdict(swap) for swap in own],
        }
        for path, own in swaps.items()
    ]
    return _keep(home, {"files": files, "queued": list(queued)})


def _keep(home: Path, record: Mapping[str, Any]) -> str:
    name = change_name()
    folder = open_home(home) / "undo"
    with told(folder, "make the folder"):
        make_folder(folder)
    write_atomic(folder / f"{name}.json", json.dumps(record).encode())
    _forget_old(folder)
    return name


def _missing(blocks: Blocks, other: Blocks) -> list[tuple[int, str, str]]:
    """List what is in a file and not in another: index, kind and text."""
    # Counted: two equal blocks may be one afterwards.
    left = Counter(item.text for item in other.items)
    found: list[tuple[int, str, str]] = []
    for index, item in enumerate(blocks.items):
        if left[item.text]:
            left[item.text] -= 1
        else:
            found.append((index, item.kind, item.text))
    return found


def _forget_old(folder: Path) -> None:
    with told(folder, "tidy up"):
        records = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in records[:-_KEPT]:
            path.unlink(missing_ok=True)


def undo_change(home: Path, name: str) -> None:
    """Take a change back.

    Raises:
        ToolError: it is not known, was changed since, or was sent already.
        StoreError: a file cannot be read or written.
    """
    path = home / "undo" / f"{name}.json"
    # Read under the lock: of two undos at once the second finds no record any more.
    with locked(home):
        content = read_bytes(path) if _NAME.fullmatch(name) else None
        if content is None:
            raise ToolError(
                phrase("That change can no longer be undone: nothing is kept of it.")
            )
        record: dict[str, Any] = json.loads(content)
        queued = [home / "outbox" / Path(one).name for one in record["queued"]]
        if not all(one.exists() for one in queued):
            raise ToolError(
                phrase("What was changed has been sent already; nothing is undone.")
            )
        if "files" in record:
            write_together(home, dict(_taken_back(home, record["files"])))
        else:
            name = str(record["file"])
            # A record that was tampered with reaches no file outside of the home.
            inside = name if is_card_file(name) else Path(name).name
            _restore(home / inside, record)
        for one in (*queued, path):
            with told(one, "remove"):
                one.unlink(missing_ok=True)


def _taken_back(
    home: Path, files: Iterable[dict[str, Any]]
) -> Iterator[tuple[str, bytes | None]]:
    """Yield the contents of the calendar's files as they were."""
    for record in files:
        path, swaps = record["file"], [Swap(**swap) for swap in record["swaps"]]
        if not is_calendar_file(path):
            raise ToolError(
                phrase("What is kept of that change is damaged; nothing is undone.")
            )
        content = read_bytes(home / path)
        if record["gone"]:
            if content is not None:
                raise ToolError(
                    phrase(
                        "{file} was written again since; nothing is undone.", file=path
                    )
                )
            # A file that went with its last event is kept whole, as one swap.
            yield path, bytes_of(swaps[0].old)
            continue
        restored = taken_back(as_utf8(content or b""), swaps)
        left = scan(restored)
        # A file that the change made goes again, unless others have put something in.
        yield path, None if record["new"] and left and not left.parts else restored


def _restore(path: Path, record: dict[str, Any]) -> None:
    current = split_blocks(text_of(read_bytes(path) or b""))
    items = _taken_out(list(current.items), record["in"])
    for index, kind, text in record["out"]:
        # At its old place where that is still within the file.
        items.insert(min(index, _end(items)), Block(kind, text))
    restored = Blocks(tuple(items))
    if record["new"] and not any(item.kind for item in items):
        with told(path, "remove"):
            path.unlink(missing_ok=True)
    else:
        write_atomic(path, bytes_of(restored.text))


def _taken_out(items: list[Block], written: list[tuple[int, str, str]]) -> list[Block]:
    """Take out what the change wrote; a time zone stays while something needs it."""
    zones: list[str] = []
    for _, kind, text in written:
        place = next((i for i, item in enumerate(items) if item.text == text), None)
        if kind == "VTIMEZONE":
            zones.append(text)
        elif place is not None:
            del items[place]
        # Blank lines between blocks may be lost without harm.
        elif text.strip():
            raise ToolError(
                phrase("It has been changed again since; nothing is undone.")
            )
    for zone in zones:
        name = Block("VTIMEZONE", zone).value("TZID")
        if name not in zones_named(item.text for item in items):
            items = [item for item in items if item.text != zone]
    return items


def _end(items: list[Block]) -> int:
    """Return where the last entry may stand: before the line that ends the file."""
    for index in range(len(items) - 1, -1, -1):
        if items[index].text.strip().upper() == "END:VCALENDAR":
            return index
    return len(items)
