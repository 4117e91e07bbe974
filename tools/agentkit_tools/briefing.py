"""The briefing: what a day holds, and what waits for the user; no model is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from agentkit import Context, When, tool
from agentkit_tools._answers import waiting_invites
from agentkit_tools._mail.invite_mails import changes_offered
from agentkit_tools._open_reminders import due_before
from agentkit_tools._pack import sentences
from agentkit_tools._phrases import (
    bullets,
    counted,
    paragraphs,
    phrase,
    say_day,
    say_full_day,
    say_moment,
    say_stretch,
)
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.card_book import cards_with
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.outbox import outbox_of
from agentkit_tools._store.todos import Todo
from agentkit_tools._store.vcards import Card
from agentkit_tools._unanswered import unanswered

SETTINGS = None
_SAY = sentences("briefing")
# Lines of a part; what is more is counted.
_SHOWN = 10
# Characters of what a message asks.
_LONGEST = 120
_DAY = timedelta(days=1)
# Invites further ahead are not for this morning; mails about them come in lately.
_AHEAD, _LATELY = timedelta(days=60), timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """What a day holds and what waits, each as a person reads it.

    Attributes:
        day: ISO 8601.
        name: the day as a person reads it.
        events: what is on the calendar.
        conflicts: events that are at the same time.
        tasks: reminders that are due on the day, or were before.
        birthdays: whose birthday it is.
        invites: those that wait for an answer, and what invite mails would change.
        messages: those that wait for an answer, with what they ask.
        sending: messages that go out on the day.
    """

    day: str
    name: str
    events: list[str]
    conflicts: list[str]
    tasks: list[str]
    birthdays: list[str]
    invites: list[str]
    messages: list[str]
    sending: list[str] = field(default_factory=list[str])
    warning: str = ""


def say_briefing(found: Briefing) -> str:
    """Say what a day holds; one line where there is nothing to tell."""
    parts = (
        (phrase("Calendar:"), found.events),
        (phrase("At the same time:"), found.conflicts),
        (phrase("To do:"), found.tasks),
        (phrase("Birthdays:"), found.birthdays),
        (phrase("Invites that wait for an answer:"), found.invites),
        (phrase("Messages that wait for your answer:"), found.messages),
        (phrase("Goes out:"), found.sending),
    )
    told = [f"{head}\n{bullets(_shortened(lines))}" for head, lines in parts if lines]
    if not told:
        return paragraphs(
            phrase("{day}: nothing to tell.", day=found.name), found.warning
        )
    return paragraphs(f"{found.name}", *told, found.warning)


def _shortened(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _SHOWN
    rest = [counted(more, "other")] if more > 0 else []
    return [*lines[:_SHOWN], *rest]


@tool(
    # It quotes mails and invites.
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["brief"],
    wording=say_briefing,
)
def brief(context: Context, day: When | None = None) -> Briefing:
    """Tell what a day holds: events, conflicts, tasks, birthdays, invites, open mails.

    Args:
        day: the day; today when left out.
    """
    start = _midnight(day.start if day else context.now)
    # Two hours more, then back to midnight: a day on which the clocks change has 23 or
    # 25 hours.
    end = _midnight(start + _DAY + timedelta(hours=2))
    agenda = Agenda.read(context)
    events = agenda.between(start, end)
    born = cards_with(context.home, _birthday_of(start.date()))
    return Briefing(
        day=start.date().isoformat(),
        name=say_full_day(start, year=start.year != context.now.year),
        events=[_say_event(item, start, context) for item in _by_time(events)],
        conflicts=list(_conflicts(events)),
        tasks=list(_tasks(due_before(context, end), start, context)),
        birthdays=list(_birthdays(born, start.date())),
        invites=list(_invites(context)),
        messages=list(_messages(context)),
        sending=list(_sending(start, end, context)),
        warning=agenda.damage,
    )


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), moment.tzinfo)


def _by_time(events: Iterable[Occurrence]) -> list[Occurrence]:
    """Put whole days before hours."""
    return sorted(events, key=lambda item: (not item.all_day, item.start))


def _say_event(item: Occurrence, start: datetime, context: Context) -> str:
    where = phrase(" at {place}", place=item.location) if item.location else ""
    if item.all_day:
        return f"{item.title}{where}"
    if item.start.date() == item.end.date() == start.date():
        clock = f"{item.start:%H:%M}"
        clock += f"-{item.end:%H:%M}" if item.end > item.start else ""
    else:
        clock = say_stretch(item.start, item.end, context.now)
    return f"{clock} {item.title}{where}"


def _conflicts(events: Iterable[Occurrence]) -> Iterator[str]:
    """Yield pairs of events that overlap."""
    timed = sorted(
        (item for item in events if not item.all_day and item.end > item.start),
        key=lambda item: item.start,
    )
    # `last` is the event that goes on longest so far, and not the one just before.
    last: Occurrence | None = None
    for item in timed:
        if last is not None and item.start < last.end:
            yield phrase("{items} and {last}", items=last.title, last=item.title)
        if last is None or item.end > last.end:
            last = item


def _tasks(todos: Iterable[Todo], start: datetime, context: Context) -> Iterator[str]:
    for todo in todos:
        if todo.due is None:
            continue
        past = todo.due < start
        if past or not todo.all_day:
            when = say_day(todo.due, context.now) if past else f"{todo.due:%H:%M}"
            yield f"{todo.text} ({when})"
        else:
            yield todo.text


def _birthday_of(day: date) -> re.Pattern[str]:
    """Return what the line of a birthday on a day looks like; the 29th of February, too."""
    days = [f"{day:%m}-?{day:%d}"]
    days += ["02-?29"] if (day.month, day.day) == (2, 28) else []
    # The cards are searched as text, and only those that fit are parsed.
    return re.compile(rf"(?im)^BDAY[^:\r\n]*:.*(?:{'|'.join(days)})")


def _birthdays(cards: Iterable[Card], day: date) -> Iterator[str]:
    for card in cards:
        year, born = _born(card.birthday)
        if born == (day.month, day.day) or (
            born == (2, 29) and (day.month, day.day) == (2, 28) and not _leaps(day.year)
        ):
            yield f"{card.name} ({day.year - year})" if year else card.name


def _born(birthday: str) -> tuple[int, tuple[int, int]]:
    """Return year and day of a birthday; zeros where they are not known."""
    # "--0412" and "--04-12" have no year (RFC 6350, 4.3.1); "1990-04-12T00:00" has a time.
    digits = birthday.replace("-", "")[:8]
    if birthday.startswith("--") and digits[:4].isdigit() and len(digits) >= 4:
        return 0, (int(digits[:2]), int(digits[2:4]))
    if len(digits) == 8 and digits.isdigit():
        return int(digits[:4]), (int(digits[4:6]), int(digits[6:]))
    return 0, (0, 0)


def _leaps(year: int) -> bool:
    return (date(year, 3, 1) - _DAY).day == 29


def _invites(context: Context) -> Iterator[str]:
    waiting = waiting_invites(context, _AHEAD)
    names = _names({by for _, by in waiting if by}, context)
    for item, by in waiting:
        when = say_stretch(item.start, item.end, context.now, all_day=item.all_day)
        owner = names.get(by.casefold(), by)
        yield f"{item.title}, {when}" + (f" ({owner})" if owner else "")
    for news in changes_offered(context, _LATELY):
        yield f"{news.invite.title} ({news.letter.sender})"


def _names(addresses: set[str], context: Context) -> dict[str, str]:
    """Name those of some addresses who are in the contacts."""
    if not addresses:
        return {}
    either = "|".join(map(re.escape, sorted(addresses)))
    cards = cards_with(context.home, re.compile(rf"(?i)(?:{either})"))
    return {mail.casefold(): card.name for card in cards for mail in card.emails}


def _messages(context: Context) -> Iterator[str]:
    # One more than is shown: enough to say that there are others.
    for letter, asked in unanswered(context, _SHOWN + 1):
        sent = say_moment(letter.sent.astimezone(context.tz), context.now)
        text = asked if len(asked) <= _LONGEST else f"{asked[: _LONGEST - 1]}…"
        yield f"{letter.sender}, {sent}: {text}"


def _sending(start: datetime, end: datetime, context: Context) -> Iterator[str]:
    for one in outbox_of(context.home, context.user_email):
        later = one.later.astimezone(context.tz) if one.later else None
        if later is not None and later < end and one.state == "queued":
            when = say_moment(later, context.now) if later < start else f"{later:%H:%M}"
            yield f"{when} {', '.join(one.recipients)}: {one.mail['Subject'] or ''}"
