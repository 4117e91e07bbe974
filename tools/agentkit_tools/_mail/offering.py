"""Invite mails offered to the calendar (iMIP, RFC 6047).

What a mail says of a meeting that is not on the calendar waits in invites.ics. What
would change the calendar itself (a new time, a cancellation, a guest's answer) is only
shown: a mail's sender is not proven, so that the user says yes to each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from agentkit import Context, ToolError
from agentkit_tools._mail.invites import Invite, invite_in, span_of
from agentkit_tools._receiving import Weighed, receive_invite, weigh_invite
from agentkit_tools._store.database import opened
from agentkit_tools._store.mailbox import Letter, letters_of
from agentkit_tools._store.tables import id_of

_MOST = 500
_LOOKED_BACK = timedelta(days=90)
_ORGANIZER = ("REQUEST", "CANCEL")


@dataclass(frozen=True, slots=True)
class Offered:
    """What came of the invite mails of a batch.

    Attributes:
        waiting: titles of the invites that wait for an answer now.
        changes: how many say something that would change the calendar.
        undos: what takes the waiting ones away again, in order.
    """

    waiting: tuple[str, ...] = ()
    changes: int = 0
    undos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """A mail that would change the calendar."""

    letter: Letter
    invite: Invite
    weighed: Weighed


def offer_invites(context: Context, batch: str) -> Offered:
    """Let the new invites of a batch wait for an answer.

    Raises:
        StoreError: a file cannot be read or written.
    """
    waiting: dict[str, None] = {}
    undos: list[str] = []
    for letter in reversed(_letters(context, "batch = ?", batch)):
        news = _news(letter, context)
        if news is None or news.weighed.on_calendar:
            continue
        done = receive_invite(context, letter.invite, letter.address)
        undos += [done.undo] if done.undo else []
        if done.method == "CANCEL":
            waiting.pop(done.title, None)
        else:
            waiting[done.title] = None
    changes = [one for one in changes_offered(context) if one.letter.batch == batch]
    return Offered(tuple(waiting), len(changes), tuple(undos))


def changes_offered(context: Context) -> list[News]:
    """Return the mails of the last months that would change the calendar.

    Of several about one meeting, from one side, only the newest counts.

    Raises:
        StoreError: a file cannot be read.
    """
    since = id_of(context.now - _LOOKED_BACK)
    newest: dict[tuple[str, str], News | None] = {}
    for letter in _letters(context, "id >= ?", since):
        invite = None if letter.mine else invite_in(letter.invite, context.tz)
        if invite is None:
            continue
        by = "organizer" if invite.method in _ORGANIZER else letter.address.casefold()
        if (invite.uid, by) not in newest:
            newest[invite.uid, by] = _news(letter, context)
    return [one for one in newest.values() if one and one.weighed.on_calendar]


def _news(letter: Letter, context: Context) -> News | None:
    """Return what a mail has to say; None when it is past, known or not allowed."""
    invite = None if letter.mine else invite_in(letter.invite, context.tz)
    if invite is None or _is_past(invite, context):
        return None
    try:
        weighed = weigh_invite(context, letter.invite, letter.address)
    except ToolError:
        return None
    return News(letter, invite, weighed) if weighed.news else None


def _is_past(invite: Invite, context: Context) -> bool:
    return not invite.repeats and span_of(invite, context.tz)[1] < context.now


def _letters(context: Context, test: str, value: str | int) -> list[Letter]:
    """Return the mails with a calendar part that pass a test, newest first."""
    if not Path(context.home / "messages.db").exists():
        return []
    query = (
        f"SELECT id FROM messages WHERE invite != '' AND {test} "
        "ORDER BY id DESC LIMIT ?"
    )
    with opened(context.home, context.now) as store:
        rows = store.database.execute(query, (value, _MOST)).fetchall()
        return letters_of(store.database, [row for (row,) in rows])
