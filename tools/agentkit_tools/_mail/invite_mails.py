"""Invite mails (iMIP, RFC 6047): the meeting they speak of, offered to the calendar.

What a mail says of a meeting that is not on the calendar waits in invites.ics. What
would change the calendar itself (a new time, a cancellation, a guest's answer) is only
shown: a mail's sender is not proven, so that the user says yes to each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

from agentkit import Context, ToolError
from agentkit_tools._itip_inbox import Weighed, receive_invite, weigh_invite
from agentkit_tools._store.blocks import split_blocks
from agentkit_tools._store.ics import parse
from agentkit_tools._store.mailbox import Letter, letters_of
from agentkit_tools._store.messages_db import id_of, opened

# Characters of a stranger's title, place or name.
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A meeting that a message invites to, changes, answers or calls off.

    Attributes:
        method: REQUEST asks for an answer, CANCEL calls off, REPLY answers,
            COUNTER proposes another time.
        uid: names the meeting; what `answer_invite` and the calendar know it by.
        sequence: counts the meeting's changes.
        start: ISO 8601, a bare date when it lasts all day.
        end: the same; empty when it has none.
        organizer: e-mail address.
    """

    method: str
    uid: str
    title: str
    start: str
    end: str = ""
    location: str = ""
    organizer: str = ""
    sequence: int = 0
    repeats: bool = False


def invite_in(text: str, zone: tzinfo) -> Invite | None:
    """Read an invite mail's calendar part; None when it is none that can be read."""
    method = re.search(r"(?im)^METHOD:[ \t]*([A-Z]+)[ \t]*\r?$", text)
    if method is None:
        return None
    try:
        calendar = parse(split_blocks(text))
        return _invite(calendar, method[1].upper(), zone)
    # A calendar of any program: the library fails in many ways, and the mail is
    # readable without it.
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return None


def _invite(calendar: Any, method: str, zone: tzinfo) -> Invite | None:
    event = next(iter(calendar.walk("VEVENT")), None)
    if event is None or not event.get("UID"):
        return None
    start = event.get("DTSTART").dt
    return Invite(
        method=method,
        uid=_line(event.get("UID")),
        title=_line(event.get("SUMMARY")) or "Meeting",
        start=_iso(start, zone),
        end=_iso(_end(event, start), zone),
        location=_line(event.get("LOCATION")),
        organizer=_line(event.get("ORGANIZER")).partition(":")[2],
        sequence=int(event.get("SEQUENCE", 0)),
        repeats="RRULE" in event,
    )


def _end(event: Any, start: date) -> date | None:
    if event.get("DTEND") is not None:
        end: date = event.get("DTEND").dt
        return end
    length: timedelta | None = event.get("DURATION") and event.get("DURATION").dt
    return start + length if length else None


def _iso(moment: date | None, zone: tzinfo) -> str:
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return local.astimezone(zone).isoformat()


def span_of(invite: Invite, zone: tzinfo) -> tuple[datetime, datetime, bool]:
    """Return an invite's start and end, and whether it lasts all day."""
    start = datetime.fromisoformat(invite.start)
    end = datetime.fromisoformat(invite.end or invite.start)
    if "T" not in invite.start:
        midnight = time(tzinfo=zone)
        start = datetime.combine(start.date(), midnight)
        return start, datetime.combine(end.date(), midnight), True
    return start, end, False


def _line(value: Any) -> str:
    """Return a property on one line: it is a stranger's text."""
    return " ".join(str(value or "").split())[:_LONGEST]


# Mails with a calendar part that are weighed, and how old they may be.
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
    # Oldest first: an invite before its update or cancellation.
    for letter in reversed(_letters(context, "batch = ?", batch)):
        news = _news(letter, context)
        # What would change the calendar waits for the user's yes.
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


def changes_offered(context: Context, back: timedelta = _LOOKED_BACK) -> list[News]:
    """Return the mails of the last months that would change the calendar.

    Of several about one meeting, from one side, only the newest counts.

    Args:
        context: the home and its user.
        back: how long ago they may have come.

    Raises:
        StoreError: a file cannot be read.
    """
    since = id_of(context.now - back)
    newest: dict[tuple[str, str], News | None] = {}
    for letter in _letters(context, "id >= ?", since):
        invite = None if letter.mine else invite_in(letter.invite, context.tz)
        if invite is None:
            continue
        # The organizer has one last word, and each guest one.
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
    # A series may still have times to come.
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
