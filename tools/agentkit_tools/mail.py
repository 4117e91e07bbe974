"""Mail tools: show and send the outbox, fetch what came in, mark as read."""

from __future__ import annotations

import contextlib

from agentkit import Context, InputNeeded, ToolError, When, tool
from agentkit_tools._cut_off_calls import try_again
from agentkit_tools._mail.imap import fetch_from
from agentkit_tools._mail.invite_mails import offer_invites
from agentkit_tools._mail.smtp import goes_out_later, send_queued
from agentkit_tools._pack import MailTable, sentences
from agentkit_tools._phrases import counted, phrase, say_moment
from agentkit_tools._results.mail_answers import (
    Delivered,
    Fetched,
    Marked,
    Queued,
    say_delivered,
    say_fetched,
    say_marked,
    say_outbox,
)
from agentkit_tools._store.changes import undo_change
from agentkit_tools._store.imports import FetchPlace, drop_batch, mark_fetched
from agentkit_tools._store.letter_search import Search, find_letters
from agentkit_tools._store.mailbox import mark_as_read, mark_unread
from agentkit_tools._store.outbox import Waiting, outbox_of

SETTINGS = MailTable
_SAY = sentences("mail")
# Messages that are fetched, and marked, by one call.
_MOST, _MOST_MARKED = 500, 10_000


def _take_back(undos: list[str], context: Context) -> None:
    """Take waiting invites away again; one that was answered since stays."""
    for name in reversed(undos):
        with contextlib.suppress(ToolError):
            undo_change(context.home, name)


def _queued(waiting: Waiting, context: Context, reason: str = "") -> Queued:
    mail = waiting.mail
    return Queued(
        to=list(waiting.recipients) or [str(mail["To"] or "")],
        subject=" ".join(str(mail["Subject"] or "").split()),
        message_id=str(mail["Message-ID"] or ""),
        state=waiting.state,
        file=f"outbox/{waiting.path.name}",
        later=_later(waiting, context),
        reason=reason,
    )


def _later(waiting: Waiting, context: Context) -> str:
    if waiting.later is None:
        return ""
    return say_moment(waiting.later.astimezone(context.tz), context.now)


@tool(
    effect="read",
    personal=True,
    examples=_SAY["show_outbox"],
    wording=say_outbox,
)
def show_outbox(context: Context) -> list[Queued]:
    """Show the messages and invites that wait to be sent."""
    waiting = outbox_of(context.home, context.user_email)
    return [_queued(one, context) for one in waiting]


def _preview_outbox(context: Context, again: bool) -> str:
    # "Unsure" are those whose sending was cut off: nobody knows whether they went out.
    wanted = ("queued", "unsure") if again else ("queued",)
    waiting = outbox_of(context.home, context.user_email)
    shown = [
        _queued(one, context)
        for one in waiting
        if one.state in wanted and not goes_out_later(one, context)
    ]
    server = context.mail.host or "a mail server, which is not set up"
    return f"Send through {server}. {say_outbox(shown)}"


@tool(
    # A server's refusal is quoted, in its own words.
    effect="send",
    personal=True,
    untrusted=True,
    examples=_SAY["send_outbox"],
    wording=say_delivered,
    preview=_preview_outbox,
    settle=try_again,
)
def send_outbox(context: Context, again: bool = False) -> Delivered:
    """Send the messages and invites of the outbox through the user's mail server.

    Args:
        again: also those that may have been sent already, because sending was cut off.
    """
    done = send_queued(context, again=again)
    later = [
        _queued(one, context)
        for one in outbox_of(context.home, context.user_email)
        if goes_out_later(one, context)
    ]
    # What was refused or is unsure first, as it needs the user.
    kept = [_queued(one, context, why) for one, why in (*done.failed, *done.unsure)]
    return Delivered(
        sent=[_queued(one, context) for one in done.sent],
        waiting=[*kept, *later],
        server=context.mail.host,
        bytes_out=done.bytes_out,
    )


def _undo_mark(done: Marked, context: Context) -> str:
    mark_unread(context.home, done.ids, context.now)
    return f"Marked {counted(done.count, 'message')} as unread again."


def _preview_mark(
    context: Context, sender: str, query: str, when: When | None, all_messages: bool
) -> str:
    search = _unread(context, sender, query, when, all_messages)
    letters, _ = find_letters(context.home, search, context.now)
    # As many as were asked for: there may be others.
    more = phrase("at least ") if len(letters) == search.count else ""
    count = counted(len(letters), "message")
    return phrase("Mark {more}{count} as read.", more=more, count=count)


def _unread(
    context: Context, sender: str, query: str, when: When | None, all_messages: bool
) -> Search:
    # A call without any condition is a model's slip: all has to be said.
    if not (sender.strip() or query.strip() or when or all_messages):
        question = phrase(
            "Which messages shall be marked as read: whose, or about what?"
        )
        raise InputNeeded("sender", question)
    return Search(
        words=query,
        sender=sender,
        start=when.start if when else None,
        end=when.until if when else None,
        unread=True,
        count=_MOST_MARKED,
    )


@tool(
    effect="write",
    examples=_SAY["mark_read"],
    wording=say_marked,
    preview=_preview_mark,
    undo=_undo_mark,
    settle=try_again,
)
def mark_read(
    context: Context,
    sender: str = "",
    query: str = "",
    when: When | None = None,
    all_messages: bool = False,
) -> Marked:
    """Mark messages as read on this device.

    Args:
        sender: those of this person.
        query: those with these words.
        when: those of this day or time span.
        all_messages: all of them.
    """
    search = _unread(context, sender, query, when, all_messages)
    letters, warning = find_letters(context.home, search, context.now)
    ids = [letter.message_id for letter in letters]
    mark_as_read(context.home, ids, context.now)
    return Marked(count=len(ids), ids=ids, warning=warning)


def _undo_fetch(done: Fetched, context: Context) -> str:
    _take_back(done.undos, context)
    gone = drop_batch(context.home, done.batch, context.now)
    # Else the next fetch would begin after the mails that were taken out.
    mark_fetched(context.home, FetchPlace(*done.place), context.now)
    return f"Took out {counted(gone, 'fetched message')} again."


def _preview_fetch(context: Context, folder: str, count: int) -> str:
    server = context.mail.imap_host or "a mail server, which is not set up"
    return f"Fetch new mail of the folder {folder} from {server}."


@tool(
    # What is stored is text of strangers, and titles of their invites are shown.
    effect="write",
    untrusted=True,
    examples=_SAY["fetch_mail"],
    wording=say_fetched,
    preview=_preview_fetch,
    undo=_undo_fetch,
    settle=try_again,
)
def fetch_mail(context: Context, folder: str = "INBOX", count: int = 100) -> Fetched:
    """Fetch new mail from the user's mail server.

    Args:
        folder: mail folder.
        count: how many messages at most.
    """
    done = fetch_from(context, folder.strip() or "INBOX", max(1, min(count, _MOST)))
    offered = offer_invites(context, done.batch)
    return Fetched(
        folder=folder,
        added=done.stored.added,
        known=done.stored.known,
        more=done.more,
        bytes_in=done.bytes_in,
        batch=done.batch,
        place=(done.before.folder, done.before.validity, done.before.uid),
        invites=list(offered.waiting),
        changes=offered.changes,
        undos=list(offered.undos),
        fault=done.fault,
        warning=done.stored.warning,
    )
