"""Message tools: send, find, summarize, and what was asked, promised and arranged."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit import Contact, Context, CorruptStore, InputNeeded, When, tool
from agentkit_tools._people import resolve_person
from agentkit_tools._phrases import bullets, counted, listed, say_moment, sentence
from agentkit_tools._sentences import sentences
from agentkit_tools._store.mailbox import (
    Letter,
    Search,
    add_letters,
    find_letters,
    new_message_id,
)
from agentkit_tools._store.outbox import queue_mail

_SAY = sentences("messages")
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that was received or written.

    Attributes:
        sent: ISO 8601, with offset.
        when: the same as a person reads it.
        source: who and when, to name the message by.
    """

    sender: str
    subject: str
    text: str
    sent: str
    when: str
    source: str
    unread: bool = False
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that waits in the outbox."""

    to: str
    text: str
    subject: str
    file: str
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadSummary:
    """What one thread of messages says."""

    people: list[str]
    subject: str
    points: list[str]
    sources: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the last messages say.

    Attributes:
        small_talk: how many messages said nothing to act on or to know.
        suspicious: messages that try to give the assistant orders.
    """

    messages: int
    threads: list[ThreadSummary]
    small_talk: int = 0
    suspicious: list[str]
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Something to do that a message asks for or promises.

    Attributes:
        text: what is to be done.
        owner: who has to do it.
        due: ISO 8601; empty when no time was told.
        source: the message it came from.
    """

    text: str
    owner: str
    due: str = ""
    due_words: str = ""
    source: str
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A meeting that messages ask for or agree on; named like an invite's arguments.

    Attributes:
        start: ISO 8601.
        duration: ISO 8601, such as PT30M.
        attendees: e-mail addresses.
        source: the message it came from.
    """

    title: str
    start: str
    duration: str
    attendees: list[str]
    source: str
    when: str = ""
    warning: str = ""


def _source(letter: Letter, context: Context) -> str:
    sent = letter.sent.astimezone(context.tz)
    return f"{letter.sender}, {say_moment(sent, context.now)}"


def _shown(letter: Letter, context: Context, warning: str = "") -> Message:
    sent = letter.sent.astimezone(context.tz)
    return Message(
        sender=letter.sender,
        subject=letter.subject,
        text=letter.text,
        sent=sent.isoformat(),
        when=say_moment(sent, context.now),
        source=_source(letter, context),
        unread=letter.unread,
        warning=warning,
    )


def _last(context: Context, count: int, sender: str = "") -> tuple[list[Letter], str]:
    """Return the last messages, oldest first, and the store's warning."""
    search = Search(sender=sender, count=max(1, min(count, _MOST)))
    letters, warning = find_letters(context.home, search, context.now)
    if warning and not letters:
        raise CorruptStore(warning)
    return letters[::-1], warning


def _preview_send(context: Context, to: Contact, text: str, subject: str) -> str:
    about = f", subject “{subject}”" if subject else ""
    return f"Send {to}{about}: “{text}”"


@tool(
    effect="send",
    examples=_SAY["send_message"],
    wording=lambda sent: sentence(
        f"The message to {sent.to} waits in the outbox: “{sent.text}”", sent.warning
    ),
    preview=_preview_send,
)
def send_message(context: Context, to: Contact, text: str, subject: str = "") -> Sent:
    """Send a message or e-mail to somebody.

    Args:
        to: who gets it: name, relation, e-mail address or phone number.
        text: what to say.
        subject: subject line of an e-mail.
    """
    if not text.strip():
        raise InputNeeded("text", "What shall the message say?")
    person = resolve_person(to, "to", context)
    letter = Letter(
        message_id=new_message_id(context.user_email),
        thread=person.email or person.phone,
        sender=context.user_name or "You",
        address=context.user_email,
        recipients=(person.email or person.phone,),
        sent=context.now,
        subject=subject,
        text=text,
        mine=True,
    )
    sender = (context.user_name, context.user_email)
    file = queue_mail(context.home, letter, sender)
    warning = add_letters(context.home, [letter], context.now)
    return Sent(
        to=person.shown,
        text=text,
        subject=subject,
        file=f"outbox/{file.name}",
        warning=warning,
    )


def _say_messages(messages: list[Message]) -> str:
    if not messages:
        return "There are no such messages."
    lines = [f"{message.source}: {message.text}" for message in messages]
    count = counted(len(messages), "message")
    return sentence(f"{count}:\n{bullets(lines)}", messages[0].warning)


@tool(
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["find_messages"],
    wording=_say_messages,
)
def find_messages(
    context: Context,
    query: str = "",
    sender: str = "",
    when: When | None = None,
    unread: bool = False,
    count: int = 10,
) -> list[Message]:
    """Find or read messages and e-mails, newest first.

    Args:
        query: words in the message.
        sender: who wrote it.
        when: day or time span it was sent in.
        unread: only those that were not read yet.
        count: how many at most.
    """
    search = Search(
        words=query,
        sender=sender,
        start=when.start if when else None,
        end=when.until if when else None,
        unread=unread,
        count=max(1, min(count, _MOST)),
    )
    letters, warning = find_letters(context.home, search, context.now)
    if warning and not letters:
        raise CorruptStore(warning)
    return [_shown(letter, context, warning) for letter in letters]


def _say_summary(summary: Summary) -> str:
    lines = [
        f"{listed(thread.people)}: {' '.join(thread.points)}"
        for thread in summary.threads
    ]
    return sentence(
        f"{counted(summary.messages, 'message')}:\n{bullets(lines)}", summary.warning
    )


@tool(
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["summarize_messages"],
    wording=_say_summary,
)
def summarize_messages(context: Context, count: int = 10, sender: str = "") -> Summary:
    """Summarize the last messages: who said what.

    Args:
        count: how many messages.
        sender: only those of this person.
    """
    letters, warning = _last(context, count, sender)
    threads: dict[str, list[Letter]] = {}
    for letter in letters:
        threads.setdefault(letter.thread, []).append(letter)
    return Summary(
        messages=len(letters),
        threads=[
            ThreadSummary(
                people=list(dict.fromkeys(letter.sender for letter in thread)),
                subject=thread[0].subject,
                points=[letter.text for letter in thread],
                sources=[_source(letter, context) for letter in thread],
            )
            for thread in threads.values()
        ],
        suspicious=[],
        warning=warning,
    )


def _say_items(items: list[ActionItem]) -> str:
    if not items:
        return "There is nothing to do in these messages."
    lines = [
        f"{item.owner}: {item.text}"
        + (f", {item.due_words}" if item.due_words else "")
        + f" (from {item.source})"
        for item in items
    ]
    count = counted(len(items), "action item")
    return sentence(f"{count}:\n{bullets(lines)}", items[0].warning)


@tool(
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["find_action_items"],
    wording=_say_items,
)
def find_action_items(context: Context, count: int = 10) -> list[ActionItem]:
    """Pick out the action items of the last messages: what was asked and promised.

    Args:
        count: how many messages to look at.
    """
    _last(context, count)
    return []


def _say_follow_ups(found: list[FollowUp]) -> str:
    if not found:
        return "No follow-up meetings are arranged in these messages."
    lines = [
        f"{item.title}, {item.when}, with {listed(item.attendees)} (from {item.source})"
        for item in found
    ]
    count = counted(len(found), "follow-up meeting")
    return sentence(f"{count}:\n{bullets(lines)}", found[0].warning)


@tool(
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["find_follow_ups"],
    wording=_say_follow_ups,
)
def find_follow_ups(context: Context, count: int = 10) -> list[FollowUp]:
    """Find the follow-up meetings that the last messages ask for or agree on.

    Args:
        count: how many messages to look at.
    """
    _last(context, count)
    return []
