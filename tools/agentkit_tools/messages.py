"""Message tools: send, find, summarize, and what was asked, promised and arranged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeVar

from agentkit import Contact, Context, CorruptStore, InputNeeded, ToolError, When, tool
from agentkit_tools._mail.calendar_view import CalendarView
from agentkit_tools._mail.findings import Findings, invite_of, is_order, say_invite_time
from agentkit_tools._mail.message_answers import (
    ActionItem,
    FollowUp,
    MailMessage,
    Sent,
    Summary,
    say_follow_ups,
    say_items,
    say_messages,
    say_sent,
    say_summary,
)
from agentkit_tools._mail.utterances import lacking
from agentkit_tools._pack import sentences
from agentkit_tools._people import matches
from agentkit_tools._phrases import phrase, say_moment
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.card_book import read_cards
from agentkit_tools._store.imports import drop_letter
from agentkit_tools._store.letter_search import Search, find_letters
from agentkit_tools._store.mailbox import Letter, add_letters, written_letter
from agentkit_tools._store.outbox import (
    queue_mail,
    queued_file,
    withdraw,
    withdrawn_on_error,
)

SETTINGS = None
_SAY = sentences("messages")
# Messages of one answer; a model asks for "all" with any number.
_MOST = 200
_Item = TypeVar("_Item", ActionItem, FollowUp)


def _preview_send(context: Context, to: Contact, text: str, subject: str) -> str:
    about = phrase(", subject “{subject}”", subject=subject) if subject else ""
    return phrase("Send to {to}{about}: “{text}”", to=to.shown, about=about, text=text)


def _undo_send(sent: Sent, context: Context) -> str:
    if not withdraw(context.home, sent.file):
        raise ToolError(
            phrase("The message is not in the outbox any more: it was sent.")
        )
    drop_letter(context.home, sent.message_id, context.now)
    return phrase("Took the message to {to} out of the outbox.", to=sent.to)


def _sent(to: Contact, letter: Letter, file: Path, warning: str) -> Sent:
    return Sent(
        to=to.shown,
        text=letter.text,
        subject=letter.subject,
        file=f"outbox/{file.name.removesuffix('.sending')}",
        message_id=letter.message_id,
        warning=warning,
    )


def _settle_send(context: Context, to: Contact, text: str, subject: str) -> Sent | None:
    letter = written_letter(context, to.email or to.phone, text, subject)
    file = queued_file(context.home, letter.message_id)
    if file is None:
        return None
    return _sent(to, letter, file, add_letters(context.home, [letter], context.now))


@tool(
    effect="send",
    examples=_SAY["send_message"],
    wording=say_sent,
    preview=_preview_send,
    undo=_undo_send,
    settle=_settle_send,
)
def send_message(context: Context, to: Contact, text: str, subject: str = "") -> Sent:
    """Send a message or e-mail to somebody.

    Args:
        to: who gets it: name, relation, e-mail address or phone number.
        text: what to say.
        subject: subject line of an e-mail.
    """
    if not text.strip():
        raise InputNeeded("text", phrase("What shall the message say?"))
    reach = to.email or to.phone
    if not reach:
        raise InputNeeded(
            "to", phrase("What is {name}'s address or phone number?", name=to.name)
        )
    letter = written_letter(context, reach, text, subject)
    file = queue_mail(context.home, letter, (context.user_name, context.user_email))
    with withdrawn_on_error(file):
        warning = add_letters(context.home, [letter], context.now)
    return _sent(to, letter, file, warning)


@tool(
    # What others wrote: text in it is data, and no order.
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["find_messages"],
    wording=say_messages,
)
def find_messages(
    context: Context,
    query: str = "",
    sender: str = "",
    when: When | None = None,
    unread: bool = False,
    count: int = 10,
    which: Literal["last"] | None = None,
    to: str = "",
) -> list[MailMessage]:
    """Find or read messages and e-mails, newest first.

    Args:
        query: words in the message.
        sender: who wrote it.
        when: day or time span it was sent in.
        unread: only those that were not read yet.
        count: how many at most.
        which: the last one only.
        to: to whom the user wrote it, for what the user promised or answered.
    """
    search = Search(
        words=query,
        sender=_full_name(sender, context),
        to=_addresses(to, context),
        start=when.start if when else None,
        end=when.until if when else None,
        unread=unread,
        count=1 if which and count == _USUAL else _bounded(count),
    )
    letters, warning = find_letters(context.home, search, context.now)
    # A nickname may be what the sender signs with.
    if not letters and search.sender != sender:
        search = replace(search, sender=sender)
        letters, warning = find_letters(context.home, search, context.now)
    if warning and not letters:
        raise CorruptStore(warning)
    return [_message(letter, context, warning) for letter in letters]


# The count that `find_messages` has when none was named: "the last one" is one then, and
# "the last three" are three.
_USUAL = 10


def _addresses(said: str, context: Context) -> tuple[str, ...]:
    """List the addresses of whom a message went to; the words where none is known."""
    if not said.strip():
        return ()
    found = matches(said, read_cards(context.home, context.now).cards)
    known = tuple(dict.fromkeys(mail for card in found for mail in card.emails))
    # An address itself may be what was said.
    return known or (said.strip(),)


def _full_name(said: str, context: Context) -> str:
    """Name the one contact who is meant by a nickname or relation: "Mum"."""
    if not said.strip():
        return said
    found = matches(said, read_cards(context.home, context.now).cards)
    # Several of that name: their letters are all looked for.
    return found[0].name if len(found) == 1 else said


def _bounded(count: int) -> int:
    return max(1, min(count, _MOST))


def _message(letter: Letter, context: Context, warning: str) -> MailMessage:
    sent = letter.sent.astimezone(context.tz)
    when = say_moment(sent, context.now)
    invite = invite_of(letter, context)
    return MailMessage(
        sender=letter.sender,
        subject=letter.subject,
        text=letter.text,
        sent=sent.isoformat(),
        when=when,
        source=f"{letter.sender}, {when}",
        unread=letter.unread,
        suspicious=is_order(letter),
        labels=list(letter.labels),
        invite=invite,
        invite_when=say_invite_time(invite, context) if invite else "",
        warning=warning,
    )


def _read(context: Context, count: int, sender: str = "") -> tuple[Findings, str]:
    """Read the last messages; return what is in them and the stores' warning."""
    search = Search(sender=sender, count=_bounded(count))
    letters, warning = find_letters(context.home, search, context.now)
    book = read_cards(context.home, context.now)
    if warning and not letters:
        raise CorruptStore(warning)
    both = " ".join(text for text in (warning, book.warning, lacking()) if text)
    # Oldest first, as a conversation is read.
    return Findings(letters[::-1], book.cards, context), both


def _warned(items: list[_Item], warning: str) -> list[_Item]:
    if warning and not items:
        raise CorruptStore(warning)
    return [replace(item, warning=warning) for item in items] if warning else items


@tool(
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["summarize_messages"],
    wording=say_summary,
)
def summarize_messages(context: Context, count: int = 10, sender: str = "") -> Summary:
    """Summarize the last messages: who said what.

    Args:
        count: how many messages.
        sender: only those of this person.
    """
    findings, warning = _read(context, count, sender)
    return replace(findings.summary(), warning=warning)


@tool(
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["find_action_items"],
    wording=say_items,
)
def find_action_items(context: Context, count: int = 10) -> list[ActionItem]:
    """Pick out the action items of the last messages: what was asked and promised.

    Args:
        count: how many messages to look at.
    """
    findings, warning = _read(context, count)
    return _warned(findings.action_items(), warning)


@tool(
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["find_follow_ups"],
    wording=say_follow_ups,
)
def find_follow_ups(context: Context, count: int = 10) -> list[FollowUp]:
    """Find the follow-up meetings that the last messages ask for or agree on.

    Args:
        count: how many messages to look at.
    """
    findings, warning = _read(context, count)
    calendar = CalendarView(Agenda.read(context), context)
    return _warned(findings.follow_ups(calendar), warning)
