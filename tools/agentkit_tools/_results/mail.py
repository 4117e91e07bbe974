"""What the mail tools answer, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentkit_tools._phrases import bullets, counted, paragraphs, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import.

    Attributes:
        known: messages that were in the store before.
        merged: how many of those got new labels, or are read now.
        unreadable: messages that could not be read; `faults` tells the first ones.
        batch: names the import, to undo it.
        invites: titles of new invites, which wait for an answer.
        changes: how many messages say something that would change the calendar.
        undos: what takes the waiting invites away again.
    """

    path: str
    added: int
    known: int
    merged: int = 0
    unreadable: int
    faults: list[str]
    batch: str
    invites: list[str] = field(default_factory=list[str])
    changes: int = 0
    undos: list[str] = field(default_factory=list[str])
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of fetching mail.

    Attributes:
        more: how many still lie on the server.
        bytes_in: what was read from the server; only requests left the device.
        place: the account and folder, and how far it was fetched before, to undo.
        invites: titles of new invites, which wait for an answer.
        changes: how many messages say something that would change the calendar.
        undos: what takes the waiting invites away again.
        fault: why the server was cut off before the end; what came is kept.
    """

    folder: str
    added: int
    known: int
    more: int
    bytes_in: int
    batch: str
    place: tuple[str, int, int]
    invites: list[str] = field(default_factory=list[str])
    changes: int = 0
    undos: list[str] = field(default_factory=list[str])
    fault: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What was marked as read; `ids` undoes it."""

    count: int
    ids: list[str]
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """One mail of the outbox.

    Attributes:
        state: `queued`, `unsure` when it may have been sent already, or `sent`.
        reason: why it was not sent.
    """

    to: list[str]
    subject: str
    message_id: str
    state: str
    file: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What came of sending the outbox.

    Attributes:
        server: where it went.
        bytes_out: how many bytes left the device.
    """

    sent: list[Queued]
    waiting: list[Queued]
    server: str
    bytes_out: int


def say_imported(done: Imported) -> str:
    """Say what an import brought."""
    head = sentence(
        f"Imported {counted(done.added, 'message')} from {done.path}.",
        f"{done.known} were there before." if done.known else "",
        f"{done.merged} of them got new labels or are read now." if done.merged else "",
        f"{done.unreadable} could not be read: {'; '.join(done.faults)}."
        if done.unreadable
        else "",
    )
    return paragraphs(head, _say_invites(done.invites, done.changes), done.warning)


def _say_invites(titles: list[str], changes: int) -> str:
    return sentence(
        f"Invites that wait for your answer: {', '.join(titles)}." if titles else "",
        f"{counted(changes, 'message')} would change your calendar: list your invites."
        if changes
        else "",
    )


def say_marked(done: Marked) -> str:
    """Say how many messages are read now."""
    if not done.count:
        return paragraphs("There are no unread messages like that.", done.warning)
    return paragraphs(f"Marked {counted(done.count, 'message')} as read.", done.warning)


def say_fetched(done: Fetched) -> str:
    """Say what came in."""
    head = sentence(
        f"Fetched {counted(done.added, 'new message')} from {done.folder}.",
        f"{done.more} more lie on the server." if done.more else "",
        f"{done.fault} What came is kept; fetch again for the rest."
        if done.fault
        else "",
    )
    return paragraphs(head, _say_invites(done.invites, done.changes), done.warning)


def say_outbox(waiting: list[Queued]) -> str:
    """Say what waits to be sent."""
    if not waiting:
        return "The outbox is empty."
    lines = [_say_queued(one) for one in waiting]
    return f"{counted(len(waiting), 'message')} in the outbox:\n{bullets(lines)}"


def say_delivered(done: Delivered) -> str:
    """Say what was sent, what was not, and what left the device."""
    if not done.sent and not done.waiting:
        return "The outbox is empty."
    said = f"Sent {counted(len(done.sent), 'message')} through {done.server}"
    lines = [_say_queued(one) for one in done.waiting]
    return paragraphs(
        f"{said}: {done.bytes_out} bytes left the device.",
        f"Not sent:\n{bullets(lines)}" if lines else "",
    )


def _say_queued(one: Queued) -> str:
    about = f", “{one.subject}”" if one.subject else ""
    unsure = " (may have been sent already)" if one.state == "unsure" else ""
    reason = f": {one.reason}" if one.reason else ""
    return f"to {', '.join(one.to) or 'nobody'}{about}{unsure}{reason}"
