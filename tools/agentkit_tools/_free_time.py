"""Free time, and times at which several people have time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from agentkit import Contact, Context, ToolError, When
from agentkit.language import fold
from agentkit_tools._phrases import phrase, say_stretch
from agentkit_tools._store.agenda import Agenda, span
from agentkit_tools._store.event_components import EventDraft, Occurrence
from agentkit_tools._store.zones import later

Stretch = tuple[datetime, datetime]
_DAY_BEGINS, _DAY_ENDS = time(9), time(18)
# "Next year" is looked at for a month: a list of free days is of no use to anybody.
_LONGEST = timedelta(days=31)
_WEEK = timedelta(days=7)
_QUARTER = timedelta(minutes=15)
# Suggestions in all, and of one day, so that there is more than one day to choose from.
_MOST, _MOST_A_DAY = 5, 2


def free_stretches(
    agenda: Agenda,
    when: When | None,
    least: timedelta,
    context: Context,
    people: Iterable[Contact] = (),
) -> list[Stretch]:
    """Find free stretches; of whole days, those between 9 and 18 o'clock.

    Args:
        agenda: the calendar.
        when: where to look; the rest of today when left out.
        least: how long they have to be.
        context: the clock.
        people: whose events count too, though the user is free in them.
    """
    now = context.now
    start, end = span(when) if when else (now, _at(now, time.max))
    whole = when is None or when.all_day
    guests = list(people)
    busy = [item for item in agenda.between(start, end) if _takes_time(item, guests)]
    found: list[Stretch] = []
    for day, next_day in _days(start, min(end, start + _LONGEST)):
        first = max(day, _at(day, _DAY_BEGINS)) if whole else day
        last = min(end, _at(day, _DAY_ENDS)) if whole else min(end, next_day)
        found += _between(busy, max(first, now) if first < now < last else first, last)
    # Timestamps: local times of a zone differ by the wall clock, even where it was
    # moved.
    return [gap for gap in found if gap[1].timestamp() - gap[0].timestamp() >=
            least.total_seconds()]  # fmt: skip


def check_free(agenda: Agenda, draft: EventDraft, context: Context) -> None:
    """Refuse an event at whose time another one takes time.

    Raises:
        ToolError: there is one; it is named.
    """
    found = agenda.between(draft.start, draft.end or draft.start)
    taken = next((item for item in found if _takes_time(item, [])), None)
    if taken is None:
        return
    when = say_stretch(taken.start, taken.end, context.now, all_day=taken.all_day)
    said = phrase(
        "You are not free then: “{title}”, {when}.", title=taken.title, when=when
    )
    raise ToolError(said)


def slots(
    agenda: Agenda,
    length: timedelta,
    people: Iterable[Contact],
    when: When | None,
    context: Context,
) -> list[Stretch]:
    """Suggest times of a length, quarter hours on working days, soonest first."""
    # Who names a day or an hour may mean a Saturday; "next week" is working days.
    weekdays = when is None or when.grain not in ("day", "hour", "minute", "second")
    look = when or _coming_week(context.now)
    found: list[Stretch] = []
    taken: dict[object, int] = {}
    for start, end in free_stretches(agenda, look, length, context, people):
        begin = _next_quarter(max(start, context.now))
        while later(begin, length) <= end and len(found) < _MOST:
            day = begin.date()
            if (weekdays and begin.weekday() > 4) or taken.get(day, 0) == _MOST_A_DAY:
                break
            taken[day] = taken.get(day, 0) + 1
            found.append((begin, later(begin, length)))
            # An hour on at least: 9:00, 9:15 and 9:30 are one suggestion for a quarter
            # of an hour.
            begin = later(begin, max(length, timedelta(hours=1)))
    return found


def _coming_week(now: datetime) -> When:
    return When(now, _at(now, time()) + _WEEK, "day", "the next seven days")


def _next_quarter(moment: datetime) -> datetime:
    even = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    return even if even == moment else later(even, _QUARTER)


def _takes_time(item: Occurrence, people: list[Contact]) -> bool:
    """Whether an event keeps the user or one of the people from meeting."""
    guests = {guest.casefold() for guest in item.guests}
    # "Eva on holiday" keeps Eva from meeting all day, though she is no guest of it.
    names = fold(item.title).split() if item.all_day else []
    for person in people:
        first = fold(person.name).split()[:1]
        if person.email.casefold() in guests or (first and first[0] in names):
            return True
    # Birthdays and holidays last all day and keep nobody from meeting.
    return not item.free and not item.all_day


def _days(start: datetime, end: datetime) -> Iterator[Stretch]:
    day = start
    while day < end:
        next_day = _at(day, time()) + timedelta(days=1)
        yield day, next_day
        day = next_day


def _between(busy: list[Occurrence], start: datetime, end: datetime) -> list[Stretch]:
    """List what is free from one time to another."""
    free: list[Stretch] = []
    for item in busy:
        if start < item.start < end:
            free.append((start, item.start))
        if item.start < end:
            start = max(start, item.end)
    return [*free, (start, end)] if start < end else free


def _at(day: datetime, clock: time) -> datetime:
    return datetime.combine(day.date(), clock, day.tzinfo)
