"""What the mail tools and the server exchange answer, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentkit_tools._phrases import (
    bullets,
    counted,
    listed,
    paragraphs,
    phrase,
    sentence,
)


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
        later: when it goes out, as a person reads it; empty for with the others.
        reason: why it was not sent.
    """

    to: list[str]
    subject: str
    message_id: str
    state: str
    file: str
    later: str = ""
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


def say_invites(titles: list[str], changes: int) -> str:
    """Say which invites came by mail, and how many mails would change the calendar."""
    return sentence(
        f"Invites that wait for your answer: {', '.join(titles)}." if titles else "",
        f"{counted(changes, 'message')} would change your calendar: list your invites."
        if changes
        else "",
    )


def say_marked(done: Marked) -> str:
    """Say how many messages are read now."""
    if not done.count:
        return paragraphs(
            phrase("There are no unread messages like that."), done.warning
        )
    return paragraphs(
        phrase("Marked {count} as read.", count=counted(done.count, "message")),
        done.warning,
    )


def say_fetched(done: Fetched) -> str:
    """Say what came in."""
    head = sentence(
        f"Fetched {counted(done.added, 'new message')} from {done.folder}.",
        f"{done.more} more lie on the server." if done.more else "",
        f"{done.fault} What came is kept; fetch again for the rest."
        if done.fault
        else "",
    )
    return paragraphs(head, say_invites(done.invites, done.changes), done.warning)


def say_outbox(waiting: list[Queued]) -> str:
    """Say what waits to be sent."""
    if not waiting:
        return phrase("The outbox is empty.")
    lines = [_say_queued(one) for one in waiting]
    count = counted(len(waiting), "message")
    return phrase("{count} in the outbox:", count=count) + f"\n{bullets(lines)}"


def say_delivered(done: Delivered) -> str:
    """Say what was sent, what was not, and what left the device."""
    if not done.sent and not done.waiting:
        return phrase("The outbox is empty.")
    said = f"Sent {counted(len(done.sent), 'message')} through {done.server}"
    lines = [_say_queued(one) for one in done.waiting]
    return paragraphs(
        f"{said}: {done.bytes_out} bytes left the device.",
        f"Not sent:\n{bullets(lines)}" if lines else "",
    )


def _say_queued(one: Queued) -> str:
    about = f", “{one.subject}”" if one.subject else ""
    unsure = phrase(" (may have been sent already)") if one.state == "unsure" else ""
    reason = f": {one.reason}" if one.reason else ""
    to = phrase("to {people}", people=", ".join(one.to) or phrase("nobody"))
    later = phrase(", goes out {when}", when=one.later) if one.later else ""
    return f"{to}{about}{later}{unsure}{reason}"


# Titles of a line, and lines of a block; what is more is counted.
_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What came of an exchange with the server; entries by their titles.

    Attributes:
        came: new or changed on this device.
        gone: deleted on this device.
        sent: new or changed on the server.
        removed: deleted on the server.
        merged: changed on both sides, and made one.
        conflicts: waiting for the user's word: the server's version is in use, the
            other one is kept.
        problems: what was not exchanged, and why.
        bytes_out: what left the device.
    """

    server: str
    came: list[str]
    gone: list[str]
    sent: list[str]
    removed: list[str]
    merged: list[str]
    conflicts: list[str]
    problems: list[str]
    bytes_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A conflict that was ended; `kept` is `mine` or `server`.

    Attributes:
        file: where this device's version was kept, to undo it.
        target: the file that it is a version of.
        server: where the server's version is kept; empty when it is in use.
    """

    name: str
    kept: str
    file: str = ""
    target: str = ""
    server: str = ""


def say_synced(done: Synced) -> str:
    """Say what came of an exchange."""
    lines = [
        f"{words}: {_some(titles)}"
        for words, titles in (
            ("Came from the server", done.came),
            ("Deleted here", done.gone),
            ("Went to the server", done.sent),
            ("Deleted on the server", done.removed),
            ("Changed on both sides and made one", done.merged),
        )
        if titles
    ]
    head = f"Exchanged with {done.server}." if lines else f"{done.server}: no changes."
    return paragraphs(
        head,
        bullets(lines),
        _block(
            "Conflicts; the server's version is in use, yours is kept", done.conflicts
        ),
        _block("Not exchanged", done.problems),
    )


def _some(titles: list[str]) -> str:
    more = len(titles) - _SHOWN
    shown = titles[:_SHOWN]
    return listed([*shown, f"{counted(more, 'other')}"] if more > 0 else shown)


def _block(head: str, lines: list[str]) -> str:
    if not lines:
        return ""
    more = len(lines) - _SHOWN
    rest = [f"{counted(more, 'other')}"] if more > 0 else []
    return f"{head}:\n{bullets([*lines[:_SHOWN], *rest])}"


def say_settled(done: Settled) -> str:
    """Say which version stays."""
    if done.kept == "mine":
        return f"Your version of {done.name} is in use; it goes up at the next sync."
    return f"The server's version of {done.name} stays; yours is in conflicts/settled."
