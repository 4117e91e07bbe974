"""What rings in a home: reminders, alarms and timers, and events with an alarm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from agentkit import Context, Due, InputNeeded, rung_last
from agentkit_tools._awaited import Awaited, awaited_by
from agentkit_tools._open_reminders import ALARM, TIMER, open_todos, reminders_file
from agentkit_tools._phrases import phrase
from agentkit_tools._store.almanac import Almanac
from agentkit_tools._store.blocks import Block, Blocks, known_uid
from agentkit_tools._store.ics import parse, read_ics
from agentkit_tools._store.notices import without_declined
from agentkit_tools._store.occurrences import occurrences
from agentkit_tools._store.octets import unfolded
from agentkit_tools._store.recurrence_rules import ended, instances
from agentkit_tools._store.todos import Todo, read_todos, todos_of
from agentkit_tools._store.zones import localize

_KINDS = {ALARM: "alarm", TIMER: "timer"}
# When a reminder for a whole day rings: people are up, and the day is still ahead.
_MORNING = 9
# How far ahead of an event its alarm is looked for: no calendar offers more than four
# weeks. One that rings after the start does so within a day.
_DAY = timedelta(days=1)
_AHEAD, _BEHIND = 31 * _DAY, _DAY
# Instances of a rule that are looked through: an hourly one of ten years.
_MOST = 100_000
# Alarms are cut out as text: to parse the whole event for them is slow.
_ALARM = re.compile(r"(?ims)^BEGIN:VALARM\s.*?^END:VALARM")
# The lines of an alarm that matter: its text and its sound are not parsed.
_TELLING = re.compile(r"(?im)^(?:TRIGGER|ACTION|ACKNOWLEDGED)[;:].*$")
# A time in UTC, as calendars write it, and as an id tells when it rings.
_AT = "%Y%m%dT%H%M%SZ"
# Whoever says "done" or "snooze" speaks of what was heard lately.
_HEARD = _DAY
# ACTION:EMAIL is sent by a server; Apple writes NONE for an alarm that is switched off.
_SILENT = {"EMAIL", "NONE"}


def rang_last(context: Context) -> tuple[Todo, datetime]:
    """Return what rang last, and when; an event as a reminder of its title, without id.

    Raises:
        InputNeeded: nothing has rung for a day, or it is not there any more.
        StoreError: a file of the home cannot be read.
    """
    uid, _, at = rung_last(context.home, context.now).rpartition("/")
    todos = read_todos(reminders_file(context), context.now).items
    found = [todo for todo in todos if todo.uid == uid and not todo.done]
    found += _as_reminder(Almanac(context.home, context.now).events([uid]))
    rang = _instant(at)
    if rang is None or rang < context.now - _HEARD or not found:
        choices = tuple(todo.text for todo in open_todos(context, "")[0][:6])
        raise InputNeeded("text", phrase("Which reminder do you mean?"), choices)
    return found[0], rang.astimezone(context.tz)


def _as_reminder(blocks: Blocks) -> list[Todo]:
    events: list[Any] = parse(blocks).walk("VEVENT")
    return [Todo(text=str(event.get("SUMMARY", ""))) for event in events]


class _Bell(NamedTuple):
    """One VALARM: when it rings, and until when it was heard."""

    trigger: timedelta | datetime
    from_end: bool
    heard: datetime | None

    def at(self, start: datetime, end: datetime) -> datetime:
        if isinstance(self.trigger, datetime):
            return localize(self.trigger, start.tzinfo or UTC).astimezone(UTC)
        days, rest = divmod(abs(self.trigger), _DAY)
        sign = -1 if self.trigger < timedelta() else 1
        # A day before is the same time of day, where clocks change in between too.
        day = (end if self.from_end else start) + sign * days * _DAY
        return day.astimezone(UTC) + sign * rest


class _Part(NamedTuple):
    """What a component says of its ringing.

    Attributes:
        key: the occurrence that it is about; None for all of a series.
        changed: when it was written last, where it says so.
        awaited: whose answer keeps it from ringing.
    """

    key: datetime | None
    bells: list[_Bell]
    changed: datetime | None
    awaited: Awaited | None = None

    def times(self, start: datetime, end: datetime) -> set[datetime]:
        """Return when it rings for something that takes place then."""
        at = ((bell.at(start, end), bell.heard) for bell in self.bells)
        # An alarm that was acknowledged at its time or later was heard (RFC 9074, 6.1).
        return {time for time, heard in at if heard is None or heard < time}


def reminders(context: Context, since: datetime, until: datetime) -> Iterator[Due]:
    """Yield what rings of the reminders; an entry point of `agentkit.dues`.

    Raises:
        StoreError: their file cannot be read.
    """
    blocks = read_ics(reminders_file(context), context.now).blocks
    parts = {known_uid(one): _part(one, context.tz) for one in blocks.of("VTODO")}
    for todo in todos_of(blocks, context.tz):
        part = parts.get(todo.uid)
        if todo.due is None or todo.done or part is None:
            continue
        if part.awaited and part.awaited.has_come(context):
            continue
        kind = _KINDS.get(todo.kind, "reminder")
        due = todo.due.replace(hour=_MORNING) if todo.all_day else todo.due
        for moment in _moments(replace(todo, due=due), since, until + _AHEAD):
            # Other programs set no alarm for what rings at its time.
            for at in {moment.astimezone(UTC), *part.times(moment, moment)}:
                yield _due(todo.uid, moment, at, todo.text, kind, part)


def _moments(todo: Todo, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when one is due: once, or as its rule says."""
    if todo.due is None:
        return
    if not todo.repeat:
        yield todo.due
        return
    from icalendar import vRecur

    rule: Any = vRecur.from_ical(todo.repeat)
    # Some rules never take place again: a bound keeps the search finite.
    for passed, moment in enumerate(islice(instances(rule, todo.due), _MOST)):
        due = moment.replace(tzinfo=todo.due.tzinfo)
        if due > until or ended(rule, due, passed):
            return
        if due > since - _BEHIND:
            yield due


def events(context: Context, since: datetime, until: datetime) -> Iterator[Due]:
    """Yield what rings of the calendar; an entry point of `agentkit.dues`.

    Raises:
        StoreError: it cannot be read.
    """
    start, end = since - _BEHIND, until + _AHEAD
    seen = Almanac(context.home, context.now).within(start, end)
    blocks = _ringing(without_declined(seen, context.user_email))
    parts: dict[str, list[_Part]] = {}
    for block in blocks.of("VEVENT"):
        parts.setdefault(block.uid, []).append(_part(block, context.tz))
    for item in occurrences(blocks, start, end, context.tz):
        key = localize(item.key, context.tz)
        own = [one for one in parts.get(item.uid, []) if one.key in (None, key)]
        if item.cancelled or not own:
            continue
        # The exception of an occurrence overrides its series.
        part = max(own, key=lambda one: one.key is not None)
        for at in part.times(item.start, item.end):
            yield _due(item.uid, item.start, at, item.title, "event", part)


def _ringing(blocks: Blocks) -> Blocks:
    """Keep the events with an alarm, with all that belongs to them."""
    events = blocks.of("VEVENT")
    uids = {block.uid for block in events if "BEGIN:VALARM" in block.text.upper()}
    kept = [block for block in events if block.uid in uids]
    return blocks.keeping((*blocks.of("VTIMEZONE"), *kept))


def _due(
    uid: str, moment: datetime, at: datetime, title: str, kind: str, part: _Part
) -> Due:
    return Due(
        id=f"{uid}/{at.strftime(_AT)}",
        moment=moment,
        title=title,
        kind=kind,
        lead=moment.astimezone(UTC) - at,
        made=part.changed,
    )


def _part(block: Block, zone: tzinfo) -> _Part:
    """Read what a component says of its ringing, and nothing else of it."""
    text = unfolded(block.text)
    own = tuple(block.lines("RECURRENCE-ID")) if "RECURRENCE-ID" in text.upper() else ()
    key = _moment(_parsed("VEVENT", own).get("RECURRENCE-ID"), zone) if own else None
    bells = [bell for alarm in _ALARM.findall(text) for bell in _bells(alarm)]
    # DTSTAMP is in every component, but may be the time of an export.
    stamps = (block.value("LAST-MODIFIED"), block.value("DTSTAMP"))
    changed = next(filter(None, map(_instant, stamps)), None)
    return _Part(key, bells, changed, awaited_by(block))


def _bells(alarm: str) -> Iterator[_Bell]:
    """Yield an alarm, unless it is a mail, or has no time that can be read."""
    told = _parsed("VALARM", tuple(map(str.strip, _TELLING.findall(alarm))))
    trigger = told.get("TRIGGER")
    when = getattr(trigger, "dt", None)
    silent = str(told.get("ACTION", "")).upper() in _SILENT
    if isinstance(when, timedelta | datetime) and not silent:
        # RELATED=END counts from the end (RFC 5545, 3.2.14).
        from_end = str(trigger.params.get("RELATED", "")).upper() == "END"
        yield _Bell(when, from_end, _moment(told.get("ACKNOWLEDGED"), UTC))


# Alarms are much alike: of a year's thousands there are a dozen.
@lru_cache(maxsize=1024)
def _parsed(kind: str, lines: tuple[str, ...]) -> Any:
    """Parse some lines of a component; those that nobody can read tell nothing."""
    text = "".join(f"{line}\r\n" for line in (f"BEGIN:{kind}", *lines, f"END:{kind}"))
    try:
        return parse(Blocks((Block(kind, text),))).subcomponents[0]
    except ValueError:
        return {}


def _moment(value: Any, zone: tzinfo) -> datetime | None:
    moment: object = getattr(value, "dt", None)
    return localize(moment, zone) if isinstance(moment, date) else None


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), _AT).replace(tzinfo=UTC)
    except ValueError:
        return None
