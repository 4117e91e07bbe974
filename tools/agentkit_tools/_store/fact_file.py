"""notes/facts.md: what the user wants remembered, one fact a line, to be edited by hand."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path

from agentkit import StoreError, make_folder
from agentkit_tools._store.call_records import call_noted, note_call
from agentkit_tools._store.files import locked, read_bytes, told, write_atomic

FACTS = "facts.md"
_HEAD = ["# Facts", "", "Private: one fact a line, yours to edit.", ""]
# All signs that Markdown has for an item: the file is edited by hand.
_LINE = re.compile(r"[-*+]\s++(.*\S)")
# Characters of a fact, and bytes of the file, which is read with each request.
LONGEST_FACT = 500
_LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Dropped:
    """A fact that was taken out, and its place among the others."""

    fact: str
    place: int


def facts_file(home: Path) -> Path:
    """Return the file of the facts."""
    return home / "notes" / FACTS


def read_facts(home: Path) -> list[str]:
    """Return what is remembered, as it was said, the newest last.

    Raises:
        StoreError: the file cannot be read, or is too large to be read each time.
    """
    return [fact for line in _lines(home) if (fact := _fact(line))]


def add_fact(home: Path, fact: str) -> bool:
    """Put a fact at the end; False where it is there already.

    Raises:
        StoreError: it cannot be written.
    """
    with locked(home):
        lines = _lines(home)
        if fact.casefold() in {_fact(line).casefold() for line in lines}:
            return False
        lines = lines or list(_HEAD)
        # A list in Markdown begins after an empty line.
        gap = [""] if lines[-1].strip() and not _fact(lines[-1]) else []
        _write(home, [*lines, *gap, f"- {fact}"])
    return True


def drop_fact(home: Path, fact: str) -> Dropped | None:
    """Take a fact out; None where it is not there.

    Raises:
        StoreError: it cannot be written.
    """
    with locked(home):
        lines = _lines(home)
        facts = [_fact(line) for line in lines]
        if fact not in facts:
            return None
        at = facts.index(fact)
        # Its place among the facts, as other lines may come and go until it is put
        # back.
        dropped = Dropped(fact, sum(map(bool, facts[:at])))
        note_call(home, asdict(dropped))
        _write(home, [*lines[:at], *lines[at + 1 :]])
    return dropped


def put_fact(home: Path, dropped: Dropped) -> None:
    """Put a fact back to its place among the others.

    Raises:
        StoreError: it cannot be written.
    """
    with locked(home):
        lines = _lines(home) or list(_HEAD)
        places = [index for index, line in enumerate(lines) if _fact(line)]
        at = places[dropped.place] if dropped.place < len(places) else len(lines)
        _write(home, [*lines[:at], f"- {dropped.fact}", *lines[at:]])


def fact_dropped(home: Path) -> Dropped | None:
    """Return what this call took out when it was tried before; None for nothing.

    Raises:
        StoreError: it cannot be read.
    """
    record = call_noted(home)
    if record is None:
        return None
    dropped = Dropped(str(record["fact"]), int(record["place"]))
    return None if dropped.fact in read_facts(home) else dropped


def _write(home: Path, lines: list[str]) -> None:
    path = facts_file(home)
    # With the last fact the file goes: no trace of it is left.
    if lines == _HEAD:
        with told(path, "remove"):
            path.unlink(missing_ok=True)
        return
    with told(path.parent, "make the folder"):
        make_folder(path.parent)
    write_atomic(path, ("\n".join(lines) + "\n").encode())


def _lines(home: Path) -> list[str]:
    content = read_bytes(facts_file(home)) or b""
    if len(content) > _LARGEST:
        raise StoreError(
            f"{facts_file(home)} is larger than {_LARGEST // 1000} kB: shorten it by "
            "hand, or put long texts into notes."
        )
    return content.decode("utf-8", "replace").splitlines()


def _fact(line: str) -> str:
    found = _LINE.fullmatch(line.strip())
    return found[1] if found else ""
