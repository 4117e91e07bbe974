"""What an event shall become: at another time, longer, with another name or place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agentkit import Context, Duration, InputNeeded, When
from agentkit.slots import says_half
from agentkit_tools._known_facts import place_meant
from agentkit_tools._phrases import phrase
from agentkit_tools._store.agenda import Agenda
from agentkit_tools._store.bare_hours import nearer_half
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.zones import later as later_by


def moved_to(
    agenda: Agenda,
    item: Occurrence,
    to: When | None,
    later: Duration | None,
    earlier: Duration | None,
) -> Occurrence:
    """Return an event at its new time: another one, or so much later or earlier.

    Raises:
        InputNeeded: no time was given.
    """
    if to is not None:
        return _in_its_half(agenda.moved(item, to), item, to.text)
    if later is None and earlier is None:
        raise InputNeeded(
            "to", phrase("To what time shall I move “{title}”?", title=item.title)
        )
    by = later.delta if later else -earlier.delta if earlier else timedelta()
    return replace(item, start=later_by(item.start, by), end=later_by(item.end, by))


def _in_its_half(moved: Occurrence, item: Occurrence, said: str) -> Occurrence:
    """Put a bare hour into the half of the day that is nearer to the event's own.

    A concert at 20:00 that "starts at 7:30" starts at 19:30.
    """
    if moved.all_day or item.all_day:
        return moved
    start = nearer_half(moved.start, item.start, said)
    return replace(moved, start=start, end=moved.end + (start - moved.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to change about an event; what is left out stays.

    Attributes:
        longer: how much longer; negative for shorter.
        until: when it shall end.
    """

    title: str = ""
    location: str = ""
    length: timedelta | None = None
    longer: timedelta = timedelta()
    until: When | None = None


def as_wished(item: Occurrence, wish: Wish) -> Occurrence:
    """Return an event as it shall be.

    Raises:
        InputNeeded: it would end before it begins.
    """
    # An end that was named overrides a length, and a length a difference.
    end = later_by(item.end, wish.longer)
    if wish.length is not None:
        end = later_by(item.start, wish.length)
    if wish.until is not None:
        end = _after(item.start, wish.until)
    if end <= item.start:
        raise InputNeeded(
            "until", phrase("When shall “{title}” end?", title=item.title)
        )
    title = wish.title.strip() or item.title
    place = wish.location.strip() or item.location
    # An event without an end of its own keeps having none, unless its length was named.
    has_end = item.has_end or end != item.end
    return replace(item, title=title, location=place, end=end, has_end=has_end)


def _after(start: datetime, until: When) -> datetime:
    """Return the first time after the start at which the clock shows that hour."""
    end = datetime.combine(start.date(), until.start.time(), start.tzinfo)
    half = timedelta(hours=12)
    # A concert at 20:00 "until 11" ends at 23:00; "until 11 am" ends the next morning.
    if end <= start and not says_half(until.text):
        end += half
    return end if end > start else end + timedelta(days=1)


def wish_of(
    context: Context,
    new_title: str = "",
    location: str = "",
    duration: Duration | None = None,
    longer: Duration | None = None,
    shorter: Duration | None = None,
    until: When | None = None,
) -> Wish:
    """Gather a tool's arguments: what is to change about an event."""
    more = longer.delta if longer else timedelta()
    less = shorter.delta if shorter else timedelta()
    length = duration.delta if duration else None
    return Wish(
        title=new_title,
        location=place_meant(location, context),
        length=length,
        longer=more - less,
        until=until,
    )
