"""Where letters are imported from: mbox, Maildir, .eml files, JSON; and their import.

Files are read in pieces, so that their size does not matter; of a single mail that
is larger than 16 MB only the beginning is read.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from agentkit import Context, StoreError, ToolError, fresh_id
from agentkit_tools._mail.json_export import entries_in
from agentkit_tools._mail.letter import read_mail
from agentkit_tools._phrases import phrase
from agentkit_tools._store.files import told
from agentkit_tools._store.imports import Batch, Incoming, add_batch

LARGEST_MAIL = 16_000_000
# Bytes of a line that are read at once: a mail without line ends is read in pieces.
_LINE = 1_000_000
# With a time in it: "From " begins sentences too.
_FROM = re.compile(rb"From \S+.*\d{2}:\d{2}")
_QUOTED_FROM = re.compile(rb">+From ")
# What makes a folder a Maildir; `tmp` holds mails that are still being written.
_FOLDERS = {"cur", "new"}


@dataclass(frozen=True, slots=True)
class Raw:
    """One mail as it lies in its source.

    Attributes:
        unread: None where the source does not tell.
        fault: why it could not be read; the content is empty then.
    """

    content: bytes
    place: str
    labels: tuple[str, ...] = ()
    unread: bool | None = None
    fault: str = ""


def kind_of(path: Path) -> str:
    """Return what a file or folder is: maildir, folder, json, mbox or eml.

    Raises:
        ToolError: there is no such file, or it is empty.
    """
    if path.is_dir():
        return "maildir" if _is_maildir(path) else "folder"
    if not path.is_file():
        raise ToolError(phrase("There is no file or folder {path!r}.", path=str(path)))
    if path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        return "json"
    with told(path, "read"), path.open("rb") as stream:
        head = stream.read(1000).lstrip(b"\xef\xbb\xbf\r\n")
    if not head:
        raise ToolError(phrase("The file {path!r} is empty.", path=str(path)))
    if head[:1] in b"[{":
        return "json"
    return "mbox" if head.startswith(b"From ") else "eml"


def mails_in(path: Path) -> Iterator[Raw]:
    """Read a source's mails, one at a time.

    Raises:
        StoreError: it cannot be read.
    """
    kind = kind_of(path)
    if kind == "maildir":
        return _maildir(path)
    if kind == "folder":
        return _folder(path)
    if kind == "mbox":
        return _mbox(path)
    return iter([_file(path)])


def _is_maildir(path: Path) -> bool:
    return all((path / name).is_dir() for name in _FOLDERS)


def _file(path: Path, labels: tuple[str, ...] = (), unread: bool | None = None) -> Raw:
    try:
        with told(path, "read"), path.open("rb") as stream:
            return Raw(stream.read(LARGEST_MAIL), path.name, labels, unread)
    except StoreError as exc:
        return Raw(b"", path.name, fault=str(exc))


def _folder(path: Path) -> Generator[Raw, None, None]:
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() == ".eml" and file.is_file():
            yield _file(file)
        elif file.suffix.lower() == ".mbox" and file.is_file():
            yield from _mbox(file)


def _maildir(path: Path) -> Generator[Raw, None, None]:
    """Read a Maildir and its folders (`.Sent`, `.Archive.2025`)."""
    inner = [child for child in _listed(path) if _is_maildir(child)]
    for folder in (path, *inner):
        name = folder.name.lstrip(".").replace(".", "/") if folder != path else ""
        for place in sorted(_FOLDERS):
            for file in _listed(folder / place):
                if not file.is_file() or file.name.startswith("."):
                    continue
                # "S" after ":2," is a mail that was seen.
                flags = file.name.rpartition(":2,")[2] if ":2," in file.name else ""
                yield _file(file, (name,) if name else (), "S" not in flags)


def _listed(folder: Path) -> list[Path]:
    with told(folder, "read"):
        return sorted(folder.iterdir())


def _mbox(path: Path) -> Generator[Raw, None, None]:
    label = path.stem if path.suffix.lower() == ".mbox" else path.name
    # Such a name says nothing of its mails.
    labels = () if label.casefold() in ("inbox", "mbox", "all mail") else (label,)
    with told(path, "read"), path.open("rb") as stream:
        for number, content in enumerate(_split_mbox(stream), 1):
            yield Raw(content, f"{path.name}, mail {number}", labels)


def _split_mbox(stream: BinaryIO) -> Generator[bytes, None, None]:
    """Split at `From ` lines that follow an empty line (RFC 4155)."""
    lines: list[bytes] = []
    size, blank = 0, True
    while line := stream.readline(_LINE):
        if blank and _FROM.match(line):
            if lines:
                yield b"".join(lines)
            lines, size = [], 0
        elif size < LARGEST_MAIL:
            # mbox puts a ">" before "From " within a mail.
            lines.append(line[1:] if _QUOTED_FROM.match(line) else line)
            size += len(line)
        blank = line in (b"\n", b"\r\n")
    if lines:
        yield b"".join(lines)


# Faults that are named one by one; the others are counted.
_TOLD = 5


@dataclass(slots=True)
class _Faults:
    """What could not be read; only the first few are named one by one."""

    count: int = 0
    told: list[str] = field(default_factory=list[str])

    def note(self, place: str, fault: str) -> None:
        self.count += 1
        if len(self.told) < _TOLD:
            self.told.append(f"{place}: {fault}")


@dataclass(frozen=True, slots=True)
class Import:
    """What came of an import.

    Attributes:
        batch: names the import, to undo it.
        unread: how many messages of the source could not be read.
        faults: the first of them, and why.
    """

    batch: str
    stored: Batch
    unread: int
    faults: tuple[str, ...]


def import_from(path: Path, context: Context) -> Import:
    """Read a source of any known kind into the store; what is there stays as it is.

    Raises:
        ToolError: there is no such file, or it is empty.
        StoreError: it cannot be read, or the store cannot be written.
    """
    batch, faults = fresh_id("batch").replace("-", ""), _Faults()
    letters = (
        _exported(path, context, batch, faults)
        if kind_of(path) == "json"
        else _mailed(path, context, batch, faults)
    )
    stored = add_batch(context.home, letters, context.now)
    return Import(batch, stored, faults.count, tuple(faults.told))


def _exported(
    path: Path, context: Context, batch: str, faults: _Faults
) -> Generator[Incoming, None, None]:
    for entry in entries_in(path, context.user_email, context.tz):
        if entry.incoming is None:
            faults.note(entry.place, entry.fault)
        else:
            yield _of_batch(entry.incoming, batch)


def _mailed(
    path: Path, context: Context, batch: str, faults: _Faults
) -> Generator[Incoming, None, None]:
    for raw in mails_in(path):
        fault = raw.fault or _why_no_mail(raw)
        if fault:
            faults.note(raw.place, fault)
            continue
        incoming = read_mail(
            raw.content,
            context.user_email,
            labels=raw.labels,
            unread=raw.unread,
            now=context.now,
        )
        yield _of_batch(incoming, batch)


def _why_no_mail(raw: Raw) -> str:
    head = raw.content[:2000].lower()
    # Any file can be named .eml, and any text is a mail to Python's parser.
    known = (b"from:", b"date:", b"message-id:", b"subject:", b"received:")
    return "" if any(name in head for name in known) else "it is no mail"


def _of_batch(incoming: Incoming, batch: str) -> Incoming:
    return replace(incoming, letter=replace(incoming.letter, batch=batch))
