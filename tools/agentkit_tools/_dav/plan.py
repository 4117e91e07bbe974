"""What a collection's files hold that the server does not have yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agentkit_tools._dav.desk import Files
from agentkit_tools._dav.entries import Entry, read_entry
from agentkit_tools._dav.requests import Kind
from agentkit_tools._dav.state import Known


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to go up.

    Attributes:
        renamed: what both sides have, under another file name now.
        changed: files that were changed here.
        new: files that the server does not know.
        gone: what was deleted here.
        twice: files whose UID another file has already.
    """

    renamed: dict[str, Known]
    changed: dict[str, Known]
    new: tuple[str, ...]
    gone: tuple[Known, ...]
    twice: tuple[str, ...]

    def lines(self, kind: Kind, files: Files) -> Iterable[str]:
        """Say it, an entry a line."""
        for file in self.new:
            yield f"new: {files.entries[file].title}"
        for file in self.changed:
            yield f"changed: {files.entries[file].title}"
        for known in self.gone:
            yield f"deleted: {title_of(kind, known)}"


def make_plan(files: Files, known: Iterable[Known]) -> Plan:
    """Compare a collection's files with what was agreed on."""
    by_file = {one.file: one for one in known}
    there = {*files.entries, *files.unfit}
    lost = {_uid(one): one for one in by_file.values() if one.file not in there}
    uids = {files.entries[file].uid for file in by_file if file in files.entries}
    renamed: dict[str, Known] = {}
    new: list[str] = []
    twice: list[str] = []
    for file, entry in files.entries.items():
        if file in by_file:
            continue
        if entry.uid in uids:
            twice.append(file)
        elif entry.uid in lost:
            renamed[file] = lost.pop(entry.uid)
        else:
            new.append(file)
        uids.add(entry.uid)
    pairs = {**{file: by_file[file] for file in files.entries if file in by_file},
             **renamed}  # fmt: skip
    changed = {
        file: one
        for file, one in pairs.items()
        if files.entries[file].digest != one.digest
    }
    return Plan(renamed, changed, tuple(new), tuple(lost.values()), tuple(twice))


def title_of(kind: Kind, known: Known) -> str:
    """Return the title of an entry as it was agreed on."""
    found = read_entry(kind, known.base or known.pending)
    return found.title if isinstance(found, Entry) else Path(known.file).stem


def _uid(known: Known) -> str:
    for kind in ("calendar", "contacts"):
        found = read_entry(kind, known.base or known.pending)
        if isinstance(found, Entry):
            return found.uid
    return known.href
