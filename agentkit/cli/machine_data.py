"""Finds calendars, contacts and mail of other programs on this machine.

Files that `agentkit import` takes in: iCalendar, vCard, mbox, Maildir, and the databases of
Thunderbird and Evolution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Files of one place, so that a whole disk is never walked.
_MOST = 200
# Of each program: its folders below the user's home, and what in them is taken.
_PLACES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Thunderbird",
        (
            ".thunderbird",
            "snap/thunderbird/common/.thunderbird",
            ".var/app/org.mozilla.Thunderbird/.thunderbird",
            "Library/Thunderbird/Profiles",
            "AppData/Roaming/Thunderbird/Profiles",
        ),
        (
            "*/calendar-data/local.sqlite",
            "*/abook*.sqlite",
            "*/Mail/*/*.msf",
            "*/ImapMail/*/*.msf",
            "*/Mail/**/cur",
        ),
    ),
    (
        "Evolution",
        (".local/share/evolution", ".var/app/org.gnome.Evolution/data/evolution"),
        (
            "calendar/*/*.ics",
            "tasks/*/*.ics",
            "addressbook/*/contacts.db",
            "mail/local",
            "mail/local/.*",
        ),
    ),
    (
        "KOrganizer",
        (".local/share/korganizer", ".kde/share/apps/korganizer"),
        ("*.ics",),
    ),
    ("KAddressBook", (".local/share/contacts",), ("*.vcf", "*/*.vcf")),
    (
        "calendar programs",
        (
            ".local/share/calendars",
            ".local/share/vdirsyncer",
            ".calendars",
            ".contacts",
        ),
        ("*.ics", "*.vcf", "*/*.ics", "*/*.vcf", "*/*/*.ics", "*/*/*.vcf"),
    ),
    ("macOS Calendar", ("Library/Calendars",), ("*.calendar/Events/*.ics",)),
    ("mail programs", ("Maildir", "Mail", "mail", ".mail"), (".", "*", "*/*")),
    (
        "other programs",
        ("Downloads", "Desktop", "Documents", ""),
        ("*.ics", "*.vcf", "*.mbox"),
    ),
)


_KNOWN = (".ics", ".vcf", ".mbox", ".sqlite", ".db")


@dataclass(frozen=True, slots=True)
class Find:
    """Files of one program that hold the user's data."""

    program: str
    paths: tuple[Path, ...]


def find_data(home: Path) -> list[Find]:
    """Return the user's data in the usual places, each file once."""
    seen: set[Path] = set()
    found: list[Find] = []
    for program, folders, kinds in _PLACES:
        here = [path for folder in folders for path in _in(home / folder, kinds)]
        # One file may lie in two places, by a link.
        new = {path.resolve(): path for path in reversed(here)}
        paths = tuple(path for path in here if new.get(path.resolve()) is path)
        paths = tuple(path for path in paths if path.resolve() not in seen)
        seen |= set(new)
        if paths:
            found.append(Find(program, paths[:_MOST]))
    return found


def _in(folder: Path, kinds: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of known kinds in a folder; none where it cannot be read."""
    for kind in kinds:
        try:
            for path in sorted([folder] if kind == "." else folder.glob(kind)):
                yield from _taken(path)
        except OSError:
            continue


def _taken(path: Path) -> Iterator[Path]:
    """Yield what to read for a path: the mbox beside an index, a Maildir, the file."""
    # Thunderbird's index of a folder: the mbox beside it has no ending.
    if path.suffix == ".msf":
        path = path.with_suffix("")
    elif path.name == "cur":
        path = path.parent
    if path.is_dir():
        if (path / "cur").is_dir() and (path / "new").is_dir():
            yield path
    elif path.suffix.lower() in _KNOWN or _is_mbox(path):
        yield path


def _is_mbox(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            # The first line of an mbox (RFC 4155).
            return stream.read(5) == b"From "
    except OSError:
        return False
