"""Archive tools: files of other programs taken in, and calendars subscribed to."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from agentkit import Context, InputNeeded, ToolError, tool
from agentkit_tools._archives.arrival import Arrival
from agentkit_tools._archives.import_path import take_in
from agentkit_tools._archives.subscriptions import (
    Refreshed,
    refresh_all,
    resubscribe,
    subscribe,
    subscriptions,
    unsubscribe,
)
from agentkit_tools._cut_off_calls import try_again
from agentkit_tools._mail.invite_mails import Offered, offer_invites
from agentkit_tools._pack import sentences
from agentkit_tools._phrases import (
    bullets,
    counted,
    listed,
    paragraphs,
    phrase,
    sentence,
)
from agentkit_tools._results.mail_answers import say_invites
from agentkit_tools._store.changes import undo_change
from agentkit_tools._store.imports import Batch, drop_batch

SETTINGS = None
_SAY = sentences("archives")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import.

    Attributes:
        added: messages that are new.
        events: events that are new.
        todos: reminders that are new.
        contacts: contacts that are new.
        known: entries of all kinds that were there before.
        merged: messages that got new labels, or are read now.
        unreadable: entries that were left out; `faults` tells the first ones.
        batch: names the messages of this import, to undo it.
        invites: titles of new invites, which wait for an answer.
        changes: how many messages say something that would change the calendar.
        undos: what takes the waiting invites away again.
        entries: what takes events, reminders and contacts out again.
    """

    path: str
    added: int = 0
    events: int = 0
    todos: int = 0
    contacts: int = 0
    known: int = 0
    merged: int = 0
    unreadable: int = 0
    faults: list[str] = field(default_factory=list[str])
    batch: str = ""
    invites: list[str] = field(default_factory=list[str])
    changes: int = 0
    undos: list[str] = field(default_factory=list[str])
    entries: list[str] = field(default_factory=list[str])
    warning: str = ""


def _say_imported(done: Imported) -> str:
    counts = (
        (done.added, "message"),
        (done.events, "event"),
        (done.contacts, "contact"),
        (done.todos, "reminder"),
    )
    new = [counted(count, noun) for count, noun in counts if count]
    what = listed(new)
    head = sentence(
        phrase("Imported {what} from {path}.", what=what, path=done.path)
        if new
        else phrase("There is nothing new in {path}.", path=done.path),
        phrase("{n} were there before.", n=done.known) if done.known else "",
        phrase("{n} of them got new labels or are read now.", n=done.merged)
        if done.merged
        else "",
        phrase(
            "{n} could not be read and were left out: {faults}.",
            n=done.unreadable,
            faults="; ".join(done.faults),
        )
        if done.unreadable
        else "",
    )
    return paragraphs(head, say_invites(done.invites, done.changes), done.warning)


def _undo_import(done: Imported, context: Context) -> str:
    # Newest first: a later change may rest on an earlier one.
    for name in reversed(done.undos):
        # An invite that was answered since stays.
        with contextlib.suppress(ToolError):
            undo_change(context.home, name)
    for name in reversed(done.entries):
        undo_change(context.home, name)
    drop_batch(context.home, done.batch, context.now)
    return phrase("Took out again what came from {path}.", path=done.path)


def _preview_import(context: Context, path: str) -> str:
    return phrase("Import {path}.", path=path)


@tool(
    # Titles of what was imported are shown, which anybody may have written.
    effect="write",
    untrusted=True,
    examples=_SAY["import_messages"],
    wording=_say_imported,
    preview=_preview_import,
    undo=_undo_import,
    settle=try_again,
)
def import_messages(context: Context, path: str) -> Imported:
    """Import messages, events or contacts: mbox, Maildir, .eml, JSON, .ics, .vcf.

    Args:
        path: file or folder to read.
    """
    if not path.strip():
        raise InputNeeded("path", phrase("Which file or folder shall be imported?"))
    source = Path(path.strip()).expanduser()
    taken = take_in(source, context)
    mail, arrival = taken.mail, taken.arrival
    stored = mail.stored if mail else Batch()
    # Invites in imported mails wait for an answer too.
    offered = offer_invites(context, mail.batch) if mail else Offered()
    faults = [*arrival.faults, *(mail.faults if mail else ())]
    return Imported(
        path=source.name or str(source),
        added=stored.added,
        events=arrival.events,
        todos=arrival.todos,
        contacts=arrival.contacts,
        known=arrival.known + stored.known,
        merged=stored.merged,
        unreadable=arrival.damaged + (mail.unread if mail else 0),
        faults=faults,
        batch=mail.batch if mail else "",
        invites=list(offered.waiting),
        changes=offered.changes,
        undos=list(offered.undos),
        entries=arrival.undos,
        warning=" ".join(filter(None, (stored.warning, arrival.warning))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A calendar that is subscribed to.

    Attributes:
        name: its folder below `calendar/`.
        events: how many it has.
        unreadable: entries that were left out; `faults` tells the first ones.
        changed: whether it is another one than before.
        fault: why it could not be fetched; what was there stays.
    """

    name: str
    title: str
    url: str
    events: int = 0
    unreadable: int = 0
    faults: list[str] = field(default_factory=list[str])
    changed: bool = True
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """What came of subscribing, of fetching anew, or of ending a subscription.

    Attributes:
        feeds: those it is about.
        new: names the one that is new.
        ended: names the one that was ended.
    """

    feeds: list[Feed]
    new: str = ""
    ended: str = ""


def _say_subscribed(done: Subscribed) -> str:
    if not done.feeds:
        return phrase("No calendar is subscribed to.")
    if done.ended:
        return _ended(done.feeds[0].title)
    lines = [_say_feed(feed) for feed in done.feeds]
    if done.new:
        return phrase("Subscribed to {feed}", feed=lines[0])
    return phrase("Subscribed calendars:") + f"\n{bullets(lines)}"


def _say_feed(feed: Feed) -> str:
    if feed.fault:
        return f"{feed.title}: {feed.fault}"
    return sentence(
        f"{feed.title}: {counted(feed.events, 'event')}.",
        phrase(
            "{n} could not be read and were left out: {faults}.",
            n=feed.unreadable,
            faults="; ".join(feed.faults),
        )
        if feed.unreadable
        else "",
    )


def _ended(title: str) -> str:
    return phrase("The calendar {name} is not subscribed to any more.", name=title)


def _preview_subscribe(context: Context, url: str, name: str, stop: bool) -> str:
    if stop:
        return phrase("End the subscription of {name}.", name=url)
    if url.strip():
        return phrase("Subscribe to the calendar at {url}.", url=url.strip())
    titles = [one.title for one in subscriptions(context.home)]
    return phrase("Fetch the subscribed calendars: {names}.", names=listed(titles))


def _undo_subscribe(done: Subscribed, context: Context) -> str:
    if done.ended:
        resubscribe(context.home, done.ended)
        return phrase("Subscribed to {feed}", feed=_say_feed(done.feeds[0]))
    if not done.new:
        raise ToolError(phrase("There is nothing to take back."))
    return _ended(unsubscribe(context.home, done.new).title)


@tool(
    # The calendar's name and its faults are the publisher's words.
    effect="write",
    untrusted=True,
    examples=_SAY["subscribe_calendar"],
    wording=_say_subscribed,
    preview=_preview_subscribe,
    undo=_undo_subscribe,
    settle=try_again,
)
def subscribe_calendar(
    context: Context, url: str = "", name: str = "", stop: bool = False
) -> Subscribed:
    """Subscribe to a calendar on the web (ICS), read-only; without url fetch all anew.

    Args:
        url: its address, https or webcal; its name, to stop.
        name: what it shall be called.
        stop: end the subscription instead.
    """
    if stop:
        gone = unsubscribe(context.home, url.strip())
        return Subscribed(feeds=[_feed(Refreshed(gone, Arrival()))], ended=gone.name)
    if not url.strip():
        return Subscribed(feeds=[_feed(one) for one in refresh_all(context)])
    # To subscribe again is to fetch anew, and undoing that must not end it.
    before = {one.name for one in subscriptions(context.home)}
    done = subscribe(context, url, name)
    own = done.subscription.name
    return Subscribed(feeds=[_feed(done)], new="" if own in before else own)


def _feed(done: Refreshed) -> Feed:
    one = done.subscription
    return Feed(
        name=one.name,
        title=one.title,
        url=one.url,
        events=one.events,
        unreadable=done.arrival.damaged,
        faults=done.arrival.faults,
        changed=done.changed,
        fault=done.fault,
    )
