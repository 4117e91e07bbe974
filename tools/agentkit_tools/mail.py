"""Mail tools: import messages, show and send the outbox, fetch what came in."""

from __future__ import annotations

from pathlib import Path

from agentkit import Context, InputNeeded, tool
from agentkit_tools._mail.fetching import fetch_from
from agentkit_tools._mail.importing import import_from
from agentkit_tools._mail.sending import send_queued
from agentkit_tools._phrases import counted
from agentkit_tools._results.mail import (
    Delivered,
    Fetched,
    Imported,
    Queued,
    say_delivered,
    say_fetched,
    say_imported,
    say_outbox,
)
from agentkit_tools._sentences import sentences
from agentkit_tools._store.imports import Place, drop_batch, mark_fetched
from agentkit_tools._store.queue import Waiting, outbox_of

_SAY = sentences("mail")
_MOST = 500


def _undo_import(done: Imported, context: Context) -> str:
    gone = drop_batch(context.home, done.batch, context.now)
    return f"Took out {counted(gone, 'imported message')} again."


def _preview_import(context: Context, path: str) -> str:
    return f"Import the messages of {path}."


@tool(
    effect="write",
    untrusted=True,
    examples=_SAY["import_messages"],
    wording=say_imported,
    preview=_preview_import,
    undo=_undo_import,
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


def _queued(waiting: Waiting, reason: str = "") -> Queued:
    mail = waiting.mail
    return Queued(
        to=list(waiting.recipients) or [str(mail["To"] or "")],
        subject=" ".join(str(mail["Subject"] or "").split()),
        message_id=str(mail["Message-ID"] or ""),
        state=waiting.state,
        file=f"outbox/{waiting.path.name}",
        reason=reason,
    )


@tool(
    effect="read",
    personal=True,
    examples=_SAY["show_outbox"],
    wording=say_outbox,
)
def show_outbox(context: Context) -> list[Queued]:
    """Show the messages and invites that wait to be sent."""
    return [_queued(one) for one in outbox_of(context.home, context.user_email)]


def _preview_outbox(context: Context, again: bool) -> str:
    wanted = ("queued", "unsure") if again else ("queued",)
    waiting = outbox_of(context.home, context.user_email)
    shown = [_queued(one) for one in waiting if one.state in wanted]
    server = context.mail.host or "a mail server, which is not set up"
    return f"Send through {server}. {say_outbox(shown)}"


@tool(
    effect="send",
    personal=True,
    untrusted=True,
    examples=_SAY["send_outbox"],
    wording=say_delivered,
    preview=_preview_outbox,
)
def send_outbox(context: Context, again: bool = False) -> Delivered:
    """Send the messages and invites of the outbox through the user's mail server.

    Args:
        again: also those that may have been sent already, because sending was cut off.
    """
    done = send_queued(context, again=again)
    return Delivered(
        sent=[_queued(one) for one in done.sent],
        waiting=[_queued(one, why) for one, why in (*done.failed, *done.unsure)],
        server=context.mail.host,
        bytes_out=done.bytes_out,
    )


def _undo_fetch(done: Fetched, context: Context) -> str:
    gone = drop_batch(context.home, done.batch, context.now)
    mark_fetched(context.home, Place(*done.place), context.now)
    return f"Took out {counted(gone, 'fetched message')} again."


def _preview_fetch(context: Context, folder: str, count: int) -> str:
    server = context.mail.imap_host or "a mail server, which is not set up"
    return f"Fetch new mail of the folder {folder} from {server}."


@tool(
    effect="write",
    untrusted=True,
    examples=_SAY["fetch_mail"],
    wording=say_fetched,
    preview=_preview_fetch,
    undo=_undo_fetch,
)
def fetch_mail(context: Context, folder: str = "INBOX", count: int = 100) -> Fetched:
    """Fetch new mail from the user's mail server.

    Args:
        folder: mail folder.
        count: how many messages at most.
    """
    done = fetch_from(context, folder.strip() or "INBOX", max(1, min(count, _MOST)))
    return Fetched(
        folder=folder,
        added=done.stored.added,
        known=done.stored.known,
        more=done.more,
        bytes_in=done.bytes_in,
        batch=done.batch,
        place=(done.before.folder, done.before.validity, done.before.uid),
        warning=done.stored.warning,
    )
