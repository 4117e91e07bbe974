"""From the words of a call to the one mail of the outbox that is meant, or a question."""

from __future__ import annotations

from pathlib import Path

from agentkit import Contact, Context, InputNeeded, ToolError, match_contact
from agentkit_tools._people import address_book
from agentkit_tools._phrases import phrase
from agentkit_tools._store.outbox import Waiting, outbox_of

# Choices that can be told apart when they are read aloud.
_CHOICES = 6


def waiting_mail(context: Context, to: Contact | None) -> Waiting:
    """Return the mail that is meant: the newest that waits, of those to somebody.

    Raises:
        ToolError: none waits.
    """
    queued = [
        one
        for one in outbox_of(context.home, context.user_email)
        # Invites (.ics) wait there too; a time is set for mails only.
        if one.state == "queued" and one.path.suffix == ".eml"
    ]
    if to is not None:
        addresses = {email.casefold() for email in (*to.emails, *to.phones)}
        queued = [one for one in queued if addresses & set(_reached(one))]
    if not queued:
        raise ToolError(phrase("No such message waits in the outbox."))
    return queued[-1]


def _reached(waiting: Waiting) -> tuple[str, ...]:
    said = str(waiting.mail["To"] or "")
    return tuple(one.casefold() for one in (*waiting.recipients, said))


def words_of_mail(waiting: Waiting) -> str:
    """Return what a mail says."""
    body = waiting.mail.get_body(("plain",))
    return str(body.get_content()).strip() if body else ""


def mail_in_file(context: Context, file: str) -> Waiting:
    """Return the mail that an earlier call has named by its file.

    Raises:
        ToolError: it is not in the outbox any more.
    """
    name = Path(file).name
    for one in outbox_of(context.home, context.user_email):
        if one.path.name == name:
            return one
    raise ToolError(phrase("The message is not in the outbox any more: it was sent."))


def mail_meant(context: Context, to: str) -> Waiting:
    """Return the one mail that is meant, by whom it goes to.

    Raises:
        InputNeeded: several wait.
        ToolError: none does.
    """
    waiting = [
        one
        for one in outbox_of(context.home, context.user_email)
        if one.state == "queued" and _goes_to(one, to, context)
    ]
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise ToolError(phrase("No such message waits in the outbox."))
    choices = tuple(dict.fromkeys(", ".join(one.recipients) for one in waiting))
    # Several to the same people: the newest is the one that is regretted.
    if len(choices) == 1:
        return waiting[-1]
    raise InputNeeded("to", phrase("The message to whom?"), choices[:_CHOICES])


def _goes_to(waiting: Waiting, to: str, context: Context) -> bool:
    if not to.strip():
        return True
    people = match_contact(to, address_book(context)).sure
    known = {mail.casefold() for one in people for mail in (*one.emails, *one.phones)}
    said = to.casefold().strip()
    # Part of an address counts too: "the mail to example.org".
    return any(one in known or said in one for one in _reached(waiting))
