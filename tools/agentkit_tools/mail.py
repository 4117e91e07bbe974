"""Mail tools: import messages, show and send the outbox, fetch what came in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agentkit import Context, InputNeeded, tool
from agentkit_tools._mail.importing import import_from
from agentkit_tools._phrases import counted, paragraphs, sentence
from agentkit_tools._sentences import sentences
from agentkit_tools._store.imports import drop_batch

_SAY = sentences("mail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import.

    Attributes:
        known: messages that were in the store before.
        unreadable: messages that could not be read; `faults` tells the first ones.
        batch: names the import, to undo it.
    """

    path: str
    added: int
    known: int
    unreadable: int
    faults: list[str]
    batch: str
    warning: str = ""


def _say_imported(done: Imported) -> str:
    said = f"Imported {counted(done.added, 'message')} from {done.path}."
    known = f"{counted(done.known, 'message')} were there before."
    faults = f"{done.unreadable} could not be read: {'; '.join(done.faults)}."
    head = sentence(
        said,
        known if done.known else "",
        faults if done.unreadable else "",
    )
    return paragraphs(head, done.warning)


def _undo_import(done: Imported, context: Context) -> str:
    gone = drop_batch(context.home, done.batch, context.now)
    return f"Took out {counted(gone, 'imported message')} again."


def _preview_import(context: Context, path: str) -> str:
    return f"Import the messages of {path}."


@tool(
    effect="write",
    untrusted=True,
    examples=_SAY["import_messages"],
    wording=_say_imported,
    preview=_preview_import,
)
def import_messages(context: Context, path: str) -> Imported:
    """Import messages from a mail archive: mbox, Maildir, .eml or a JSON export.

    Args:
        path: file or folder to read.
    """
    if not path.strip():
        raise InputNeeded("path", "Which file or folder shall be imported?")
    source = Path(path.strip()).expanduser()
    done = import_from(source, context)
    return Imported(
        path=source.name,
        added=done.stored.added,
        known=done.stored.known,
        unreadable=done.unread,
        faults=list(done.faults),
        batch=done.batch,
        warning=done.stored.warning,
    )
