"""The ledger: every text that left the device, in order, each entry bound to the last.

One JSON line an entry, in `egress.jsonl` of the home, readable by its owner only. An
entry's `chain` is the SHA-256 of the entry before and of this one, so that a changed,
inserted or removed line is found; `egress.head` holds the count, the last chain and
the size, so that lines cut off at the end are found too. An entry counts, and its text
leaves, only once it is in the head: what a crash leaves behind it is cut off by the
next entry, and each entry is written only where the last one is as it was. Not covered:
somebody who can write both files and knows this scheme, or who deletes both.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from agentkit.errors import CorruptStore, StoreError
from agentkit.stores.shared_files import locked, make_folder, set_aside

LEDGER_FILE = "egress.jsonl"
HEAD_FILE = "egress.head"
# What the first line is chained to: no digest is all zeros.
_START = "0" * 64
# Read from the end: a year's ledger has many megabytes, and two lines are wanted.
_BLOCK = 1 << 16
_WHAT_TO_DO = (
    "see `agentkit egress verify`; `agentkit egress restart` moves the damaged ledger "
    "aside and begins a new one"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One departure.

    Attributes:
        number: 1 for the first.
        time: ISO 8601, with a time zone.
        to: address it went to.
        size: bytes that left.
        label: privacy of what it was made from.
        grant: under which permission it left, in words.
        text: exactly what left.
        hash: SHA-256 of the text's bytes.
        chain: binds this entry to all before it.
    """

    number: int
    time: str
    to: str
    size: int
    label: str
    grant: str
    text: str
    hash: str
    chain: str


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the ledger ends: entries, last chain, bytes."""

    number: int = 0
    chain: str = _START
    size: int = 0


class Ledger:
    """The ledger of one home."""

    def __init__(self, home: Path) -> None:
        """Take the home; nothing is read or made yet."""
        self.path = home / LEDGER_FILE
        self._head = home / HEAD_FILE

    def add(self, *, to: str, content: bytes, label: str, grant: str) -> LedgerEntry:
        """Append an entry, on the disk before this returns.

        Raises:
            StoreError: it cannot be written; then nothing may leave.
            CorruptStore: its last line, or its head, is not as it was written.
        """
        try:
            make_folder(self.path.parent)
            # Several processes of a home send; the chain needs each entry to know the
            # one before.
            with locked(self.path):
                return self._append(to, content, label, grant)
        except OSError as exc:
            raise StoreError(
                f"{self.path} cannot be written ({exc.strerror}), so nothing was sent"
            ) from exc

    def entries(self) -> Iterator[LedgerEntry]:
        """Read the entries, oldest first.

        Raises:
            CorruptStore: a line is no entry; the line is named.
        """
        for number, line in enumerate(self._lines(), 1):
            try:
                yield LedgerEntry(**json.loads(line))
            except (ValueError, TypeError) as exc:
                raise CorruptStore(
                    f"{self.path}: line {number} is no entry: it was changed or damaged"
                ) from exc

    def verify(self) -> tuple[str, ...]:
        """Check every line; return what is wrong, by line, empty when nothing is.

        Raises:
            StoreError: it cannot be read, or another program writes it for too long.
        """
        faults = self._faults()
        if not faults or not self.path.parent.is_dir():
            return faults
        try:
            # Seen again with nobody writing: an entry that was on its way looks like
            # one that was added, or lost.
            with locked(self.path):
                return self._faults()
        # A home that cannot be written: nobody is.
        except OSError:
            return faults

    def _faults(self) -> tuple[str, ...]:
        faults: list[str] = []
        chain, count = _START, 0
        for count, line in enumerate(self._lines(), 1):
            fault, chain = _checked(line, count, chain)
            if fault:
                faults.append(f"line {count}: {fault}")
        try:
            head = self._read_head()
        except CorruptStore as exc:
            return (*faults, str(exc))
        if count < head.number:
            faults.append(f"line {count + 1}: {head.number - count} missing at the end")
        elif count > head.number:
            faults.append(
                f"line {head.number + 1}: it was never finished, or was added"
            )
        # A fault in a line changes the chain behind it, and is told already.
        elif chain != head.chain and not faults:
            faults.append(f"line {count}: it is not what {HEAD_FILE} says")
        return tuple(faults)

    def restart(self) -> tuple[Path, ...]:
        """Move a damaged ledger aside, so that the next entry begins a new one.

        Returns:
            Where its files are now; empty when nothing is wrong with it.

        Raises:
            StoreError: it cannot be moved.
        """
        if not self.verify():
            return ()
        try:
            with locked(self.path):
                # Another program may have done it while this one waited.
                if not self._faults():
                    return ()
                there = [one for one in (self.path, self._head) if one.exists()]
                return tuple(map(set_aside, there))
        except OSError as exc:
            raise StoreError(f"{self.path} stays: {exc.strerror}") from exc

    def _append(self, to: str, content: bytes, label: str, grant: str) -> LedgerEntry:
        head = self._read_head()
        facts: dict[str, Any] = {
            "number": head.number + 1,
            "time": datetime.now().astimezone().isoformat(timespec="milliseconds"),
            "to": to,
            "size": len(content),
            "label": label,
            "grant": grant,
            "text": content.decode("utf-8", "backslashreplace"),
            "hash": sha256(content).hexdigest(),
        }
        entry = LedgerEntry(**facts, chain=_chained(head.chain, facts))
        size = self._write(json.dumps(asdict(entry)), head)
        # The line first and the head second: between them a crash leaves a line that
        # counts for nothing.
        self._write_head(_Head(entry.number, entry.chain, size))
        return entry

    def _write(self, line: str, head: _Head) -> int:
        """Write a line where the last finished one ends; return where it ends."""
        # Readable by its owner alone: it holds all that left.
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fault = _fault_at_end(file, head)
            if fault:
                raise CorruptStore(f"{self.path}: {fault}; {_WHAT_TO_DO}")
            # What a crash left behind the last finished line.
            file.truncate(head.size)
            file.seek(head.size)
            file.write(line.encode("ascii") + b"\n")
            file.flush()
            # On the disk before the text leaves: a ledger that loses the last departure
            # is none.
            os.fsync(file.fileno())
            return file.tell()

    def _lines(self) -> list[str]:
        try:
            # Damaged bytes become signs that no entry has, so that the line is
            # reported. What stands behind the last line break was never finished.
            return self.path.read_text("ascii", "replace").split("\n")[:-1]
        except FileNotFoundError:
            return []
        except OSError as exc:
            raise StoreError(f"{self.path} cannot be read: {exc.strerror}") from exc

    def _read_head(self) -> _Head:
        try:
            number, chain, size = self._head.read_text("ascii").split()
            return _Head(int(number), chain, int(size))
        except FileNotFoundError:
            return _Head()
        except ValueError as exc:
            raise CorruptStore(
                f"{self._head} was changed or damaged; {_WHAT_TO_DO}"
            ) from exc

    def _write_head(self, head: _Head) -> None:
        fresh = self._head.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{head.number} {head.chain} {head.size}\n")
            file.flush()
            os.fsync(file.fileno())
        # Replaced in one step, so that a reader sees the old head or the new one.
        fresh.replace(self._head)


def _fault_at_end(file: BinaryIO, head: _Head) -> str:
    """Say what is wrong with the last line, or behind it; empty when nothing is.

    Only the end is read: what it costs does not grow with the ledger.
    """
    if file.seek(0, os.SEEK_END) < head.size:
        return f"line {head.number}: the end is missing"
    file.seek(head.size)
    if file.read().count(b"\n") > 1:  # no crash leaves more than one line
        return f"line {head.number + 1}: {HEAD_FILE} does not know it"
    if not head.number:
        return ""
    before, line = _last_lines(file, head.size)
    try:
        chain = json.loads(before)["chain"] if before else _START
    except (ValueError, TypeError, KeyError):
        return f"line {head.number - 1}: it is no entry"
    fault, found = _checked(line, head.number, chain)
    if not fault and found != head.chain:
        fault = f"it is not what {HEAD_FILE} says"
    return f"line {head.number}: {fault}" if fault else ""


def _last_lines(file: BinaryIO, end: int) -> tuple[str, str]:
    """Return the last two lines before a position; an empty text where there is none."""
    start, tail = end, b""
    while start and tail.count(b"\n") < 3:
        start, size = max(0, start - _BLOCK), min(start, _BLOCK)
        file.seek(start)
        tail = file.read(size) + tail
    lines = ["", *tail.decode("ascii", "replace").split("\n")]
    return lines[-3], lines[-2]


def _chained(chain: str, facts: Mapping[str, Any]) -> str:
    # Sorted, so that the order in which fields are written does not matter.
    return sha256(f"{chain} {json.dumps(facts, sort_keys=True)}".encode()).hexdigest()


def _checked(line: str, number: int, chain: str) -> tuple[str, str]:
    """Check one line against the chain before it; return a fault and its chain."""
    try:
        entry = LedgerEntry(**json.loads(line))
    except (ValueError, TypeError):
        return "it is no entry", chain
    facts = asdict(entry)
    facts.pop("chain")
    if entry.number != number:
        return f"it is entry {entry.number}: a line was added or removed", entry.chain
    if _chained(chain, facts) != entry.chain:
        return "it was changed", entry.chain
    return "", entry.chain
