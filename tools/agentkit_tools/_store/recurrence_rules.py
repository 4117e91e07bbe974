"""Recurrence rules (RFC 5545, 3.3.10): ended earlier, and moved to other days."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeGuard, cast

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Parts of a rule that name no day and no hour: they stay when a series is moved.
_FREE = {"FREQ", "INTERVAL", "WKST"}
_CLOCK = {"BYHOUR", "BYMINUTE", "BYSECOND"}


def ending(rule: Any, start: date, key: date) -> Any:
    """Let a rule end before an occurrence.

    Args:
        rule: as icalendar holds it.
        start: DTSTART of the series.
        key: start of the first occurrence that no longer takes place.
    """
    from icalendar import vRecur

    changed: Any = vRecur(rule)
    # One that is over by then is not to go on longer.
    if not reaches(rule, start, key):
        return changed
    # A rule has COUNT or UNTIL, never both (RFC 5545, 3.3.10).
    changed.pop("COUNT", None)
    changed["UNTIL"] = [_before(start, key)]
    return changed


def reaches(rule: Any, start: date, key: date) -> bool:
    """Whether a rule may take place at a moment, or later."""
    until = next(iter(rule.get("UNTIL", [])), None)
    if isinstance(until, datetime) and isinstance(key, datetime):
        zoned = bool(until.tzinfo) and bool(key.tzinfo)
        return until >= key if zoned else clock(until) >= clock(key)
    if until is not None:
        return clock(until).date() >= clock(key).date()
    if "COUNT" not in rule:
        return True
    return any(moment >= clock(key) for moment in instances(rule, start))


def _before(start: date, key: date) -> date:
    """UNTIL has DTSTART's kind of value, and is in UTC where that has a zone."""
    if not isinstance(start, datetime) or not isinstance(key, datetime):
        return key - timedelta(days=1)
    last = key - timedelta(seconds=1)
    return last.astimezone(UTC) if start.tzinfo else last


def many(parsed: Any, name: str) -> list[Any]:
    """Return a property's values: none, one, or several."""
    found: Any = parsed.get(name, [])
    return found if _is_list(found) else [found]


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def clock(value: date) -> datetime:
    """Return a time as the clock and the calendar show it, for comparing."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day)


def instances(rule: Any, start: date) -> Iterator[datetime]:
    """Yield when a rule takes place, on the clock; UNTIL does not end it."""
    yield from _endless(rule, start)


def is_known(rule: Any, start: date) -> bool:
    """Whether a rule is one that can be laid out; other calendars' rules are none."""
    try:
        _endless(rule, start)
    # Each unknown part has an error of its own in dateutil.
    except Exception:
        return False
    return True


def _endless(rule: Any, start: date) -> Any:
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    endless = type(rule)(rule)
    # dateutil wants UNTIL and the start to be both with a zone or both without; UNTIL
    # is looked at by whoever asks.
    endless.pop("UNTIL", None)
    return rrulestr(endless.to_ical().decode(), dtstart=clock(start))


def ended(rule: Any, due: datetime, passed: int) -> bool:
    """Return whether a rule is over: COUNT is used up, or UNTIL is past."""
    count: Any = rule.get("COUNT", [])
    if count and passed >= int(count[0]):
        return True
    until: Any = rule.get("UNTIL", [])
    if not until:
        return False
    last = until[0]
    if not isinstance(last, datetime):
        return bool(due.date() > last)
    zone = last.tzinfo or due.tzinfo
    return due > last.replace(tzinfo=zone)


def less(rule: Any, passed: int) -> str:
    """Write a rule of which some times have passed."""
    from icalendar import vRecur

    changed: Any = vRecur(rule)
    if "COUNT" in rule:
        changed["COUNT"] = [int(rule["COUNT"][0]) - passed]
    return cast(str, changed.to_ical().decode())


def daily_until(rule: str, due: datetime) -> str:
    """Let a rule for whole days end on a day, as RFC 5545 has it."""
    from icalendar import vRecur

    changed: Any = vRecur.from_ical(rule)
    until: Any = changed.get("UNTIL", [])
    if until and isinstance(until[0], datetime):
        changed["UNTIL"] = [until[0].astimezone(due.tzinfo).date()]
    return cast(str, changed.to_ical().decode())


def _count_before(rule: Any, start: date, first: date) -> int:
    before = clock(first)
    passed = itertools.takewhile(lambda one: one < before, instances(rule, start))
    return sum(1 for _ in passed)


def moved_rule(
    rule: Any, start: date, first: date, shift: Callable[[date], date]
) -> Any:
    """Return the rule of a series that begins elsewhere.

    Args:
        rule: as icalendar holds it.
        start: DTSTART of the series.
        first: the occurrence that the new series begins with.
        shift: moves any time of the series.

    Raises:
        ValueError: the days that it names cannot be moved.
    """
    from icalendar import vRecur

    changed: Any = vRecur(rule)
    begin = shift(first)
    if "COUNT" in rule:
        passed = _count_before(rule, start, first)
        changed["COUNT"] = [int(rule["COUNT"][0]) - passed]
    if "UNTIL" in rule:
        changed["UNTIL"] = [_until(rule["UNTIL"][0], first, begin, shift)]
    named = {name for name in rule if name.upper() not in _FREE | {"COUNT", "UNTIL"}}
    days = (clock(begin).date() - clock(first).date()).days
    # A rule that names hours would have to be written anew for each of them.
    if named & _CLOCK and clock(begin).time() != clock(first).time():
        raise ValueError(_cannot(rule))
    if days and named:
        _move_days(changed, named, days, clock(first), clock(begin))
    return changed


def _until(
    until: date, first: date, begin: date, shift: Callable[[date], date]
) -> date:
    if not isinstance(begin, datetime):
        return shift(until)
    zone = begin.tzinfo
    if isinstance(until, datetime) and isinstance(first, datetime):
        moved = shift(until.astimezone(first.tzinfo) if until.tzinfo else until)
    else:
        moved = shift(until)
    return moved.astimezone(UTC) if isinstance(moved, datetime) and zone else moved


def _move_days(
    rule: Any, named: set[str], days: int, first: datetime, begin: datetime
) -> None:
    if named == {"BYDAY"} and rule["FREQ"][0] == "WEEKLY":
        rule["BYDAY"] = _turned(rule, days)
        return
    if named <= {"BYMONTHDAY", "BYMONTH"} and _is_own_day(rule, first):
        same_month = named == {"BYMONTHDAY"} and begin.month == first.month
        # Days that every month has: the 31st would be skipped in half of them.
        if (same_month or "BYMONTH" in named) and begin.day <= 28:
            rule["BYMONTHDAY"] = [begin.day]
            if "BYMONTH" in named:
                rule["BYMONTH"] = [begin.month]
            return
    raise ValueError(_cannot(rule))


def _turned(rule: Any, days: int) -> list[str]:
    """Turn the days of a week on by some days, as long as they stay in one week."""
    names = [str(name) for name in rule["BYDAY"]]
    if all(name in _DAYS for name in names):
        places = [_DAYS.index(name) + days for name in names]
        # Of every second week, a day that leaves its week would come a week too early.
        weekly = int(rule.get("INTERVAL", [1])[0]) == 1
        if weekly or all(0 <= place < 7 for place in places):
            return [_DAYS[place % 7] for place in places]
    raise ValueError(_cannot(rule))


def _is_own_day(rule: Any, first: datetime) -> bool:
    """Whether a rule names one day of the month, that of its start."""
    months: object = rule.get("BYMONTH", [first.month])
    days: object = rule.get("BYMONTHDAY")
    return days == [first.day] and months == [first.month]


def _cannot(rule: Any) -> str:
    return f"it repeats by the rule {rule.to_ical().decode()}, which names other days"
