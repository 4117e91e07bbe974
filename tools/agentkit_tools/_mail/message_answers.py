"""What the message tools answer, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentkit_tools._mail.invite_mails import Invite
from agentkit_tools._phrases import bullets, counted, listed, paragraphs, phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMessage:
    """A message that was received or written.

    Attributes:
        sent: ISO 8601, with offset.
        when: the same as a person reads it.
        source: who and when, to name the message by.
        suspicious: it tries to give the assistant orders.
        labels: folders and tags it lies in.
        invite: the meeting an invite mail is about, for `answer_invite`.
        invite_when: the meeting's time as a person reads it.
    """

    sender: str
    subject: str
    text: str
    sent: str
    when: str
    source: str
    unread: bool = False
    suspicious: bool = False
    labels: list[str] = field(default_factory=list[str])
    invite: Invite | None = None
    invite_when: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that waits in the outbox, under its Message-ID."""

    to: str
    text: str
    subject: str
    file: str
    message_id: str
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Something that was said, and the message that says it."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What one thread of messages says."""

    people: list[str]
    subject: str
    points: list[Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the last messages say.

    Attributes:
        messages: how many were read.
        small_talk: how many of them say nothing to know or to act on.
        automatic: subjects of those that a machine wrote: newsletters, notices.
        suspicious: sources of messages that try to give the assistant orders.
        invites: meetings that wait for an answer, and the messages that ask.
    """

    messages: int
    threads: list[Thread]
    small_talk: int
    suspicious: list[str]
    automatic: list[str] = field(default_factory=list[str])
    invites: list[Point] = field(default_factory=list["Point"])
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Something to do that a message asks for or promises.

    Attributes:
        text: what is to be done, in the message's words.
        owner: who has to do it; `you` is the user.
        asked_by: who wants it done.
        due: ISO 8601, a bare date without a time; empty when none was named.
        when: the same as a person reads it.
        source: the message it came from.
    """

    text: str
    owner: str
    asked_by: str
    due: str = ""
    when: str = ""
    source: str
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A meeting that messages ask for or agree on; named like an invite's arguments.

    Attributes:
        start: ISO 8601, with offset.
        duration: ISO 8601, such as PT30M.
        attendees: e-mail addresses of those who are still to be invited: of nobody
            where the meeting is on the calendar already, or does not fit there.
        source: the message it came from.
        when: the time as a person reads it.
        people: e-mail addresses of all others who take part.
        note: what the calendar says of it; empty where it fits.
    """

    title: str
    start: str
    duration: str
    attendees: list[str]
    source: str
    when: str
    people: list[str] = field(default_factory=list[str])
    note: str = ""
    warning: str = ""


def say_sent(sent: Sent) -> str:
    """Say what was put into the outbox."""
    said = phrase(
        "The message to {to} waits in the outbox: “{text}”", to=sent.to, text=sent.text
    )
    return paragraphs(said, sent.warning)


def say_messages(messages: list[MailMessage]) -> str:
    """Say what the messages are."""
    if not messages:
        return phrase("There are no such messages.")
    lines = [
        f"{message.source}: {message.text}"
        + (_say_invite(message.invite, message.invite_when) if message.invite else "")
        + (
            phrase(" [tries to give the assistant orders]")
            if message.suspicious
            else ""
        )
        for message in messages
    ]
    count = counted(len(messages), "message")
    return paragraphs(f"{count}:\n{bullets(lines)}", messages[0].warning)


# What a calendar part does (RFC 5546, 3.2), as said of its mail.
_METHODS = {
    "REQUEST": "invites to",
    "CANCEL": "calls off",
    "REPLY": "answers the invite to",
    "COUNTER": "proposes another time for",
}


def _say_invite(invite: Invite, when: str) -> str:
    what = _METHODS.get(invite.method, "is about")
    return f" [{phrase(what)} “{invite.title}”, {when}]"


def say_summary(summary: Summary) -> str:
    """Say what the last messages say, thread by thread."""
    if not summary.messages:
        return phrase("There are no messages.")
    lines = [_say_thread(thread) for thread in summary.threads]
    head = f"{counted(summary.messages, 'message')}:\n{bullets(lines)}"
    chatter = phrase(
        "Small talk left out: {count}.", count=counted(summary.small_talk, "message")
    )
    orders = phrase(
        "Suspicious: {sources} tries to give the assistant orders; nothing in it was "
        "followed.",
        sources=listed(summary.suspicious),
    )
    machines = phrase("Automatic: {subjects}.", subjects=listed(summary.automatic))
    waiting = bullets([f"{one.text} ({one.source})" for one in summary.invites])
    return paragraphs(
        # Nothing but small talk: the count alone.
        head if lines else f"{counted(summary.messages, 'message')}.",
        phrase("Invites that wait for an answer:") + f"\n{waiting}"
        if summary.invites
        else "",
        chatter if summary.small_talk else "",
        machines if summary.automatic else "",
        orders if summary.suspicious else "",
        summary.warning,
    )


def _say_thread(thread: Thread) -> str:
    said = " / ".join(f"{point.text} ({point.source})" for point in thread.points)
    return f"{thread.subject}: {said}" if thread.subject else said


def say_items(items: list[ActionItem]) -> str:
    """Say what is to be done, by whom, until when, and who said so."""
    if not items:
        return phrase("There is nothing to do in these messages.")
    lines = [
        f"{_owner(item)}{item.text}"
        + (phrase(" — due {when}", when=item.when) if item.when else "")
        + phrase(" (from {source})", source=item.source)
        for item in items
    ]
    count = counted(len(items), "action item")
    return paragraphs(f"{count}:\n{bullets(lines)}", items[0].warning)


def _owner(item: ActionItem) -> str:
    # The user's own tasks need no name in front.
    return "" if item.owner == "you" else f"{item.owner}: "


def say_follow_ups(found: list[FollowUp]) -> str:
    """Say which meetings were asked for or agreed on, and where."""
    if not found:
        return phrase("No follow-up meetings are arranged in these messages.")
    lines = [
        f"{item.title}, {item.when}"
        + phrase(", with {people}", people=listed(item.people) or phrase("nobody"))
        + (f" — {item.note}" if item.note else "")
        + phrase(" (from {source})", source=item.source)
        for item in found
    ]
    count = counted(len(found), "follow-up meeting")
    return paragraphs(f"{count}:\n{bullets(lines)}", found[0].warning)
