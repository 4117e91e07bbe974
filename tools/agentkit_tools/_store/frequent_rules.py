"""Rules by the second, minute or hour: laid out where they are asked for, within a bound.

Such a rule is not counted through from its start: what comes before the stretch of time
is jumped over, and only so many times are laid out in it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.recurrence_rules import clock, instances, many
from agentkit_tools._store.zones import localize

_STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
}
# Of all such rules of a calendar together, in one look; and of each at least.
MOST = 10_000
_LEAST = 100


@dataclass(frozen=True, slots=True)
class Frequent:
    """An event that repeats by the second, minute or hour.

    Attributes:
        first: its first occurrence.
        event: as icalendar holds it.
    """

    first: Occurrence
    event: Any

    def between(
        self, start: datetime, end: datetime, zone: tzinfo, left: int
    ) -> tuple[list[Occurrence], bool]:
        """Lay it out in a stretch of time.

        Args:
            start: begin of the stretch.
            end: end of it, exclusive.
            zone: the user's time zone.
            left: how many times may be laid out yet.

        Returns:
            Its occurrences, and whether there are more.
        """
        bound = max(left, _LEAST)
        # One more than may be laid out tells whether there are more.
        found = list(itertools.islice(self._all(start, end, zone), bound + 1))
        return found[:bound], len(found) > bound

    def _all(
        self, start: datetime, end: datetime, zone: tzinfo
    ) -> Iterator[Occurrence]:
        own, length = self.event["DTSTART"].dt.tzinfo, self.first.end - self.first.start
        skipped = set(_skipped(self.event))
        # An occurrence that began before the stretch may still go on.
        for moment in _times(self.event, _on_clock(start - length, own, zone)):
            key = moment.replace(tzinfo=own)
            begin = localize(key, zone)
            if begin >= end:
                return
            if key not in skipped and (begin + length > start or begin >= start):
                yield replace(self.first, key=key, start=begin, end=begin + length)


def is_frequent(event: Any) -> bool:
    """Whether an event has one rule alone, and that by the second, minute or hour."""
    rules = many(event, "RRULE")
    # Anything else, such as dates beside the rule, is left to the library.
    alone = len(rules) == 1 and not {"RDATE", "RECURRENCE-ID"} & set(event)
    timed = isinstance(event["DTSTART"].dt, datetime)
    return alone and timed and str(rules[0]["FREQ"][0]) in _STEPS


def _times(event: Any, since: datetime) -> Iterator[datetime]:
    """Yield when the rule takes place, on its own clock, not long before a moment."""
    rule, start = event["RRULE"], event["DTSTART"].dt
    step = _STEPS[str(rule["FREQ"][0])] * int(rule.get("INTERVAL", [1])[0])
    count = int(rule.get("COUNT", [0])[0])
    chooses = any(name.startswith("BY") for name in rule)
    # One step less, as clocks may have been moved in between.
    passed = max(0, (since - clock(start)) // step - 1)
    if count and chooses:
        passed = 0  # how many of them it has chosen has to be counted
    elif count and passed >= count:
        return
    changed = type(rule)(rule)
    if count:
        changed["COUNT"] = [count - passed]
    last = _last(rule, start)
    for moment in instances(changed, clock(start) + step * passed):
        if moment > last:
            return
        yield moment


def _last(rule: Any, start: datetime) -> datetime:
    """Return the end of a rule on its own clock."""
    until = next(iter(rule.get("UNTIL", [])), None)
    if until is None:
        return datetime.max
    if isinstance(until, datetime) and until.tzinfo and start.tzinfo:
        return clock(until.astimezone(start.tzinfo))
    return clock(until)


def _on_clock(moment: datetime, own: tzinfo | None, zone: tzinfo) -> datetime:
    return clock(moment.astimezone(own or zone))


def _skipped(event: Any) -> Iterator[date]:
    start = event["DTSTART"].dt
    for group in many(event, "EXDATE"):
        for one in group.dts:
            value = one.dt
            aware = isinstance(value, datetime) and value.tzinfo and start.tzinfo
            yield value.astimezone(start.tzinfo) if aware else value
