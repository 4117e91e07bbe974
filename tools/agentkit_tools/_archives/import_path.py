"""A file or folder of another program taken in, whatever of the user's it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from agentkit import Context, StoreError, ToolError
from agentkit_tools._archives.arrival import Arrival, content_of
from agentkit_tools._archives.calendar_archive import take_in_calendar
from agentkit_tools._archives.card_archive import take_in_cards
from agentkit_tools._archives.program_stores import files_of, is_database
from agentkit_tools._mail.sources import Import, import_from, kind_of
from agentkit_tools._store.files import told
from agentkit_tools._store.octets import as_utf8

TakeIn: TypeAlias = Callable[[bytes, str, Context], Arrival]
_TAKERS: dict[str, TakeIn] = {"calendar": take_in_calendar, "cards": take_in_cards}
_SUFFIXES = {
    ".ics": "calendar", ".ical": "calendar", ".ifb": "calendar",
    ".vcf": "cards", ".vcard": "cards",
}  # fmt: skip
_MAIL = {".eml", ".mbox"}
# Packed files are not unpacked here: what comes out of them could be of any size.
_UNPACK = {".zip", ".gz", ".tgz", ".tar", ".7z", ".rar"}
# Files of a folder; a year of a calendar that keeps each event in one.
_MOST = 20_000


@dataclass(slots=True)
class TakenFiles:
    """What came of all that was found under a path."""

    arrival: Arrival = field(default_factory=Arrival)
    mail: Import | None = None

    def add(self, other: Arrival) -> None:
        """Count another file in."""
        mine = self.arrival
        mine.events += other.events
        mine.todos += other.todos
        mine.contacts += other.contacts
        mine.known += other.known
        for fault in other.faults:
            mine.fault(fault)
        # `fault` has counted those that are named.
        mine.damaged += other.damaged - len(other.faults)
        mine.undos += other.undos
        mine.warning = other.warning or mine.warning


def take_in(path: Path, context: Context) -> TakenFiles:
    """Take a file or folder into the home; what is there stays as it is.

    Raises:
        ToolError: there is nothing of a known kind.
        StoreError: it cannot be read, or the home cannot be written.
    """
    taken = TakenFiles()
    if path.is_dir():
        _take_in_folder(path, context, taken)
        return taken
    if path.suffix.lower() in _UNPACK:
        raise ToolError(f"{path.name} is packed: unpack it, and import the folder.")
    if path.is_file() and is_database(path):
        for kind, content in files_of(path):
            taken.add(_TAKERS[kind](content, path.stem, context))
    elif path.is_file() and (kind := _kind(path)):
        taken.add(_TAKERS[kind](content_of(path), path.stem, context))
    else:
        taken.mail = import_from(path, context)
    return taken


def _take_in_folder(path: Path, context: Context, taken: TakenFiles) -> None:
    """Take in the files of a folder that may hold the user's data; note faults."""
    files = list(_entry_files(path))
    for file, kind in files:
        try:
            taken.add(_TAKERS[kind](content_of(file), file.stem, context))
        except ToolError as exc:
            # One bad file of a folder does not keep the others out.
            taken.arrival.fault(f"{file.name}: {exc}".rstrip("."))
    if kind_of(path) == "maildir" or any(_mail_files(path)):
        taken.mail = import_from(path, context)
    elif not files:
        raise ToolError(
            f"There is nothing to import in {path}: no mbox, Maildir, .eml, .ics or "
            ".vcf."
        )


def _entry_files(path: Path) -> Iterator[tuple[Path, str]]:
    with told(path, "list the folder"):
        found = sorted(file for file in path.rglob("*") if file.suffix)
    for file in found[:_MOST]:
        kind = _SUFFIXES.get(file.suffix.lower(), "")
        if kind and file.is_file():
            yield file, kind


def _mail_files(path: Path) -> Iterator[Path]:
    return (file for file in path.rglob("*") if file.suffix.lower() in _MAIL)


def _kind(path: Path) -> str:
    """Return what a file is, by its first lines or its name; empty for mail."""
    try:
        with told(path, "read"), path.open("rb") as stream:
            head = as_utf8(stream.read(2000)).lstrip(b"\xef\xbb\xbf\r\n\t ").upper()
    except StoreError:
        return ""
    # By content first: files are saved under any name.
    if head.startswith(b"BEGIN:VCALENDAR") or head.startswith(b"BEGIN:VEVENT"):
        return "calendar"
    if head.startswith(b"BEGIN:VCARD"):
        return "cards"
    return _SUFFIXES.get(path.suffix.lower(), "")
