"""One collection at work: its folder here, its server there, what both agreed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from agentkit_tools._dav.entries import SUFFIX, SyncEntry, plain_text, read_entry
from agentkit_tools._dav.remote import Remote
from agentkit_tools._dav.sync_db import Known, State, SyncShelf
from agentkit_tools._store.files import (
    keep_aside,
    locked,
    read_bytes,
    told,
    write_atomic,
)


@dataclass(slots=True)
class Report:
    """What came of an exchange; entries by their titles.

    Attributes:
        came: new or changed here, from the server.
        gone: deleted here, because they were deleted on the server.
        sent: new or changed on the server.
        removed: deleted on the server.
        merged: changed on both sides, and made one.
        clashes: changed on both sides in a way that cannot be made one, and how.
        problems: what could not be exchanged, and why.
    """

    came: list[str] = field(default_factory=list[str])
    gone: list[str] = field(default_factory=list[str])
    sent: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])
    merged: list[str] = field(default_factory=list[str])
    clashes: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])
    bytes_out: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was exchanged."""
        return any((self.came, self.gone, self.sent, self.removed, self.merged))


@dataclass(frozen=True, slots=True)
class Files:
    """A collection's files.

    Attributes:
        entries: those that can be exchanged.
        unfit: the others, and why.
    """

    entries: dict[str, SyncEntry]
    unfit: dict[str, str]


def read_files(shelf: SyncShelf, home: Path) -> Files:
    """Read a collection's folder.

    Raises:
        StoreError: a file of it cannot be read.
    """
    return files_in(home / shelf.kind / shelf.folder, shelf)


def files_in(folder: Path, shelf: SyncShelf) -> Files:
    """Read the entries of a kind that lie in a folder itself.

    Raises:
        StoreError: a file cannot be read.
    """
    found = Files({}, {})
    for path in _paths(folder, SUFFIX[shelf.kind]):
        entry = _read(path, shelf)
        if isinstance(entry, SyncEntry):
            found.entries[path.name] = entry
        elif entry:
            found.unfit[path.name] = entry
    return found


def _paths(folder: Path, suffix: str) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        # Half-written files and marks of our own begin with a dot.
        hidden = path.name.startswith(".") or path.suffix.lower() != suffix
        # A link could lead to any file of this device.
        if not hidden and path.is_file() and not path.is_symlink():
            yield path


def _read(path: Path, shelf: SyncShelf) -> SyncEntry | str:
    content = read_bytes(path)
    if content is None:
        return ""
    try:
        return read_entry(shelf.kind, content.decode())
    except UnicodeDecodeError:
        return "it is not UTF-8"


@dataclass(frozen=True, slots=True)
class Desk:
    """A collection and all that its exchange needs.

    Attributes:
        me: the user's address.
    """

    home: Path
    me: str
    now: datetime
    state: State
    shelf: SyncShelf
    remote: Remote
    report: Report

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.home / self.shelf.kind / self.shelf.folder

    def files(self) -> Files:
        """Read its files.

        Raises:
            StoreError: one cannot be read.
        """
        return read_files(self.shelf, self.home)

    def known(self) -> dict[str, Known]:
        """Return what both sides agreed on, by href."""
        return self.state.known(self.shelf.url)

    def agree(self, known: Known) -> None:
        """Note that both sides have this version."""
        self.state.put(self.shelf.url, known)

    def entry(self, file: str) -> SyncEntry | None:
        """Read one file; None when it is not there or is no entry."""
        found = _read(self.folder / file, self.shelf)
        return found if isinstance(found, SyncEntry) else None

    def entry_or_aside(self, file: str) -> SyncEntry | None:
        """Read one file; what is no entry is kept aside.

        Raises:
            StoreError: it cannot be read or moved.
        """
        if not self.there(file):
            return None
        found = self.entry(file)
        if found is None:
            kept = keep_aside(self.folder / file, self.now)
            self.report.problems.append(
                f"{self.shelf.kind}/{self.shelf.folder}/{file} could not be read; it "
                f"is kept as {kept.name}."
            )
        return found

    def __contains__(self, file: object) -> bool:
        """Whether a name is in use in its folder."""
        return isinstance(file, str) and self.there(file)

    def there(self, file: str) -> bool:
        """Whether a file is there, readable or not."""
        return (self.folder / file).exists()

    def write(self, file: str, text: str) -> None:
        """Write one file; the home's lock is held by the caller.

        Raises:
            StoreError: it cannot be written.
        """
        write_atomic(self.folder / file, plain_text(text).encode())

    def remove(self, file: str) -> None:
        """Delete one file; the home's lock is held by the caller.

        Raises:
            StoreError: it cannot be deleted.
        """
        with told(self.folder / file, "delete"):
            (self.folder / file).unlink(missing_ok=True)

    def replace(self, file: str, old: SyncEntry, text: str) -> SyncEntry:
        """Write a file anew unless another program changed it, and return what it is.

        Raises:
            StoreError: it cannot be written.
        """
        with locked(self.home):
            now = self.entry(file)
            # Looked at under the lock: another program may have written it since.
            if now is not None and now.digest == old.digest:
                self.write(file, text)
        # Whatever is there now: the other program's version, where it was changed.
        return self.entry(file) or old
