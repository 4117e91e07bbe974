"""A stretch of time that all occurrences of an event lie in, found at a glance.

It may be wider than the event, never narrower: times without a known offset count a
day more at both ends, and a rule whose end is not plain has none.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from agentkit_tools._store.blocks import Block
from agentkit_tools._store.foreign_lines import readable
from agentkit_tools._store.octets import text_of

Span: TypeAlias = tuple[float, float]
_ENDLESS = float("inf")
_DAY = 86_400.0
# A local time may be up to 14 hours ahead of UTC or 12 behind: together 26.
_MARGIN = 26 * 3600.0
_LINE = re.compile(
    r"(?im)^(DTSTART|DTEND|DURATION|RRULE|RDATE|RECURRENCE-ID)"
    r"((?:;(?:\"[^\"\n]*\"|[^\":\n])*)?):(.*)$"
)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_LENGTH = re.compile(
    r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_UNITS = (7 * _DAY, _DAY, 3600.0, 60.0, 1.0)
# The longest that a step can be: never too short.
_STEPS = {
    "SECONDLY": 1.0,
    "MINUTELY": 60.0,
    "HOURLY": 3600.0,
    "DAILY": _DAY,
    "WEEKLY": 7 * _DAY,
    "MONTHLY": 31 * _DAY,
    "YEARLY": 366 * _DAY,
}
_EPOCH = date(1970, 1, 1).toordinal()


def span_of(lines: str, content: bytes) -> Span | None:
    """Return when an event takes place, as seconds since 1970 in UTC.

    Args:
        lines: its own lines, unfolded.
        content: the whole component, read by icalendar when its lines are unusual.

    Returns:
        First and last moment; None when nothing can be made of it.
    """
    found = _LINE.findall(lines)
    named = {name.upper(): (params, value) for name, params, value in reversed(found)}
    start = _moment(named["DTSTART"][1]) if "DTSTART" in named else None
    end = _end(start, named) if start else None
    if start is None or end is None:
        return _careful(content)
    first, last, exact = start[0], max(start[0], end), start[1]
    for name, params, value in found:
        if name.upper() == "RRULE":
            last = max(last, _last(start[0], value.upper(), exact) + end - start[0])
        elif name.upper() == "RDATE":
            low, high = _dates(value)
            first, last = min(first, low), max(last, high + max(0.0, end - start[0]))
        # It changes all later times too.
        elif name.upper() == "RECURRENCE-ID" and "RANGE" in params.upper():
            first, last = float("-inf"), _ENDLESS
    margin = 0.0 if exact else _MARGIN
    return first - margin, last + margin


def _moment(value: str) -> tuple[float, bool] | None:
    """Return a time in seconds, and whether that is exact."""
    found = _TIME.fullmatch(value.strip())
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    try:
        days = date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
    if found[4] is None:
        return days * _DAY, False
    hour, minute, second = int(found[4]), int(found[5]), int(found[6])
    if hour > 23 or minute > 59 or second > 60:
        return None
    return days * _DAY + hour * 3600.0 + minute * 60.0 + second, bool(found[7])


def _end(start: tuple[float, bool], named: dict[str, tuple[str, str]]) -> float | None:
    if "DTEND" in named:
        found = _moment(named["DTEND"][1])
        if found is None:
            return None
        return found[0] + (0.0 if found[1] == start[1] else _MARGIN)
    if "DURATION" in named:
        length = _LENGTH.fullmatch(named["DURATION"][1].strip().upper())
        if not length:
            return None
        numbers = (int(number or 0) for number in length.groups())
        return start[0] + sum(n * unit for n, unit in zip(numbers, _UNITS, strict=True))
    return start[0] + _DAY


def _last(start: float, rule: str, exact: bool) -> float:
    """Return a moment after which a rule names none."""
    parts = dict(re.findall(r"([A-Z]+)=([^;\s]+)", rule))
    until = _moment(parts["UNTIL"]) if "UNTIL" in parts else None
    if until:
        # UNTIL may be a day, which counts to its end.
        return until[0] + _DAY + (0.0 if exact and until[1] else _MARGIN)
    number, often = parts.get("COUNT", ""), parts.get("FREQ", "")
    every = parts.get("INTERVAL", "1")
    if not number.isdecimal() or not every.isdecimal() or often not in _STEPS:
        return _ENDLESS
    chosen = {name for name in parts if name.startswith("BY")}
    # Parts that choose leave steps out: how many is not looked at here.
    if chosen - ({"BYDAY"} if often == "WEEKLY" else set()):
        return _ENDLESS
    # A 31st or a February 29 is not in every month or year.
    sparse = 1 if often not in ("MONTHLY", "YEARLY") else _sparse(start, often)
    return start + _STEPS[often] * (int(number) + 1) * int(every) * sparse


def _sparse(start: float, often: str) -> int:
    day = (datetime(1970, 1, 1) + timedelta(seconds=start)).day
    if day < 28:
        return 1
    # Of 12 months one at least has a 31st; a February 29 is 8 years away at most (1896,
    # 1904).
    return 12 if often == "MONTHLY" else 8


def _dates(value: str) -> Span:
    """Return the first and the last of some dates; of periods nothing is known."""
    times = [_moment(one.partition("/")[0]) for one in value.split(",")]
    if "/" in value or None in times:
        return float("-inf"), _ENDLESS
    known = [one[0] for one in times if one]
    # Other kinds of time than the start's may be told in other zones.
    return min(known) - _MARGIN, max(known) + _MARGIN


def _careful(content: bytes) -> Span | None:
    """Have icalendar read what is unusual."""
    from icalendar import Component

    # Without alarms and the like, which have no say in when it is.
    bare = readable([Block("VEVENT", text_of(content)).bare()])
    try:
        # A zone of an offset is put before it.
        event: Any = Component.from_ical(bare, multiple=True)[-1]
    except ValueError:
        return None
    start = event.get("DTSTART")
    if not _is_time(start):
        return None
    first = _seconds(start.dt)
    if {"RRULE", "RDATE", "RECURRENCE-ID"} & set(event):
        return float("-inf"), _ENDLESS
    ends = [event[name] for name in ("DTEND", "DURATION") if name in event]
    if not all(map(_is_time, ends)):
        ends = []
    last = first + _DAY
    for end in ends:
        length = end.dt
        is_length = isinstance(length, timedelta)
        last = first + abs(length.total_seconds()) if is_length else _seconds(length)
    return first - _MARGIN, max(first, last) + _MARGIN


def _is_time(value: Any) -> bool:
    """Whether a value is one time or length; not broken, repeated, of another type."""
    from icalendar import vBroken

    # Of a broken one nothing may be asked.
    return not isinstance(value, vBroken) and isinstance(
        getattr(value, "dt", None), (date, timedelta)
    )


def _seconds(value: date) -> float:
    if not isinstance(value, datetime):
        return (value.toordinal() - _EPOCH) * _DAY
    return value.replace(tzinfo=value.tzinfo or UTC).timestamp()
