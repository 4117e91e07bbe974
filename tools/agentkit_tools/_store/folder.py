"""Where the calendar is kept: calendar.ics, and the .ics files below calendar/.

The folder calendar/ and each folder in it is a collection. A new event is a file of
its own there; without the folder it goes into calendar.ics. Files that a link leads
to out of the home are not read.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from agentkit_tools._store.card_files import free_name, is_entry_file, named_folder
from agentkit_tools._store.files import leads_out, told

SINGLE = "calendar.ics"
FOLDER = "calendar"
# In a folder of a calendar that is subscribed to: nothing in it is changed here.
SUBSCRIBED = ".subscription"
# Time of change, size, inode, and the inode's own time.
Stamp: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The calendar's files as they are on the disk.

    Attributes:
        stamps: path within the home, with `/`, to what tells one state of it from
            another: time of change, size, inode, and the inode's own time.
        folders: the same of the folders; they change when a file comes, goes, or is
            replaced.
        warnings: what is not served, and why.
    """

    stamps: dict[str, Stamp]
    folders: dict[str, Stamp]
    warnings: tuple[str, ...] = ()


def stamp(found: os.stat_result) -> Stamp:
    """Return what tells one state of a file from another."""
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns


def list_files(home: Path) -> FolderListing:
    """List the files that hold the calendar.

    Raises:
        StoreError: the folder is there and cannot be listed.
    """
    stamps = stamps_of(home, [SINGLE])
    folders: dict[str, Stamp] = {}
    warnings: list[str] = []
    for name in _folders(home, warnings):
        # Before its files are looked at: what comes later changes it again.
        folders |= stamps_of(home, [name])
        try:
            stamps |= dict(_files(home, name, warnings))
        except OSError as exc:
            # A folder of one collection is only named; without the top nothing is
            # served.
            if name == FOLDER:
                with told(home / name, "list the folder"):
                    raise
            warnings.append(f"The folder {name} cannot be listed: {exc.strerror}.")
    return FolderListing(stamps, folders, tuple(warnings))


def stamps_of(home: Path, names: Iterable[str]) -> dict[str, Stamp]:
    """Return the stamps of files or folders, of those that are there.

    Raises:
        StoreError: one cannot be looked at.
    """
    found: dict[str, Stamp] = {}
    for name in names:
        with told(home / name, "read"), contextlib.suppress(FileNotFoundError):
            found[name] = stamp((home / name).stat())
    return found


def calendar_paths(home: Path) -> list[Path]:
    """Return the file and the folders whose change tells that the calendar changed.

    Raises:
        StoreError: the folder is there and cannot be listed.
    """
    return [home / SINGLE, *(home / name for name in collections(home))]


def is_calendar_file(name: str) -> bool:
    """Whether a path within the home may be that of a file of the calendar."""
    return is_entry_file(name, SINGLE, FOLDER)


def collections(home: Path) -> list[str]:
    """List the folder and the folders in it, as paths within the home.

    Raises:
        StoreError: the folder is there and cannot be listed.
    """
    return list(_folders(home, []))


def is_subscribed(home: Path, path: str) -> bool:
    """Whether a file lies in a calendar that is subscribed to, as a path in the home."""
    folder = path.rpartition("/")[0]
    return folder.startswith(f"{FOLDER}/") and (home / folder / SUBSCRIBED).exists()


def new_file(home: Path, uid: str, beside: str = "") -> str:
    """Name the file that a new event goes into, as a path within the home.

    Args:
        home: the home folder.
        uid: the event's unique id; only its harmless characters are used.
        beside: file of the event that it comes from, whose collection it stays in.

    Raises:
        StoreError: the folder cannot be listed.
    """
    if beside == SINGLE or not (home / FOLDER).is_dir():
        return SINGLE
    folder = beside.rpartition("/")[0] or _default(home)
    return free_name(home, folder, uid, kind="event", suffix=".ics")


def _default(home: Path) -> str:
    """The collection that is named for it; the folder itself unless it has no files."""
    named = named_folder(home / FOLDER)
    if named is not None:
        return f"{FOLDER}/{named}" if named else FOLDER
    with told(home / FOLDER, "list the folder"):
        has_files = any(_files(home, FOLDER, []))
    own = [name for name in collections(home) if not is_subscribed(home, f"{name}/")]
    # `own` begins with the top folder: the first collection in it where there is one.
    return FOLDER if has_files else own[:2][-1]


def _folders(home: Path, warnings: list[str]) -> Iterator[str]:
    folder = home / FOLDER
    if not folder.is_dir():
        return
    if leads_out(folder, home):
        warnings.append(f"The folder {FOLDER} leads out of the home: it is not read.")
        return
    yield FOLDER
    with told(folder, "list the folder"), os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        # Names with a dot are those of programs that synchronise, and of half-written
        # files.
        if entry.name.startswith(".") or not entry.is_dir():
            continue
        name = f"{FOLDER}/{entry.name}"
        if entry.is_symlink() and leads_out(home / name, home):
            warnings.append(f"The folder {name} leads out of the home: it is not read.")
        else:
            yield name


def _files(home: Path, folder: str, warnings: list[str]) -> Iterator[tuple[str, Stamp]]:
    with os.scandir(home / folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or not entry.name.lower().endswith(".ics"):
                continue
            name = f"{folder}/{entry.name}"
            if entry.is_symlink() and leads_out(home / name, home):
                warnings.append(f"{name} leads out of the home: it is not read.")
            elif entry.is_file():
                yield name, stamp(entry.stat())
