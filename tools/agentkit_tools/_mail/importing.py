"""A file or folder of messages read into the store."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

from agentkit import Context, fresh_id
from agentkit_tools._mail.exports import entries_in
from agentkit_tools._mail.parsing import read_mail
from agentkit_tools._mail.sources import Raw, kind_of, mails_in
from agentkit_tools._store.imports import Batch, Incoming, add_batch

_TOLD = 5


@dataclass(slots=True)
class _Faults:
    """What could not be read; only the first few are told one by one."""

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
    known = (b"from:", b"date:", b"message-id:", b"subject:", b"received:")
    return "" if any(name in head for name in known) else "it is no mail"


def _of_batch(incoming: Incoming, batch: str) -> Incoming:
    return replace(incoming, letter=replace(incoming.letter, batch=batch))
