"""What is odd in other programs' events: made harmless for reading, and named.

The file itself is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from agentkit_tools._store.foreign_lines import EXACT
from agentkit_tools._store.frequent_rules import is_frequent
from agentkit_tools._store.recurrence_rules import clock, instances, is_known, many

# Times of a rule by the minute or second that has further parts.
_LONGEST = 10_000
# Days and seconds of a length, noted on the parsed event for `exact_length`; never
# written.
_LENGTH = "X-AGENTKIT-LENGTH"
# February with its 29th: some year has one.
_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY_PARTS = {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_STEPS = {"MINUTELY": timedelta(minutes=1), "SECONDLY": timedelta(seconds=1)}
BROKEN = {
    "DTEND": "has an end that cannot be read; it is left out.",
    "DURATION": "has a length that cannot be read; it is left out.",
    "EXDATE": "leaves out days that cannot be read; they are shown.",
    "RDATE": "has further days that cannot be read; they are left out.",
    "RRULE": "has a repetition that cannot be read; it is shown once.",
}
_MOMENTS = {"DTSTART", "DTEND", "RECURRENCE-ID"}
# Properties that an event has once at most; icalendar makes a list of several.
_ONCE = _MOMENTS | {
    "DESCRIPTION", "DURATION", "LOCATION", "ORGANIZER", "SEQUENCE", "STATUS",
    "SUMMARY", "TRANSP", "UID",
}  # fmt: skip
# UID of the event, and what is odd about it as a sentence.
Oddity = tuple[str, str]


def settle(calendar: Any, zone: tzinfo) -> list[Oddity]:
    """Mend a parsed calendar's events in place.

    Args:
        calendar: as icalendar holds it.
        zone: the user's time zone.

    Returns:
        UID and a sentence for each oddity; the UID is empty when the event cannot
        be shown at all.
    """
    found: list[Oddity] = []
    for event in list(calendar.walk("VEVENT")):
        title = str(next(iter(many(event, "SUMMARY")), "")) or "(no title)"
        broken = _drop_broken(event)
        gone = _unshown(event, broken)
        if gone:
            calendar.subcomponents.remove(event)
            found.append(("", f"“{title}” {gone}"))
            continue
        repeated = list(_drop_repeated(event))
        _as_days(event, zone)
        _note_length(event)
        uid = str(event.get("UID", "")).strip()
        faults = (
            *(BROKEN[name] for name in sorted(broken & set(BROKEN))),
            *repeated,
            *_zone(event),
            *_end(event),
            *_rules(event),
        )
        found += [(uid, f"“{title}” {fault}") for fault in faults]
    return found


def _drop_broken(event: Any) -> set[str]:
    """Take out the values that cannot be read; return the names they had."""
    found: set[str] = set()
    for name in list(event):
        values = many(event, name)
        good = [value for value in values if _is_readable(name, value)]
        if len(good) < len(values):
            found.add(name)
            event.pop(name)
            if good:
                event[name] = good
    return found


def _is_readable(name: str, value: Any) -> bool:
    """Whether a value is what its property holds, whatever a parameter calls it."""
    from icalendar import vBroken, vRecur

    if isinstance(value, vBroken):
        return False
    if name in _MOMENTS:
        return isinstance(getattr(value, "dt", None), date)
    if name == "DURATION":
        return isinstance(getattr(value, "dt", None), timedelta)
    if name in ("EXDATE", "RDATE"):
        return hasattr(value, "dts")
    return name != "RRULE" or isinstance(value, vRecur)


def _drop_repeated(event: Any) -> Iterable[str]:
    """Keep the first of what an event may have once (RFC 5545, 3.6.1)."""
    for name in _ONCE & set(event):
        values = many(event, name)
        event[name] = values[0]
        if len(values) > 1 and name in _MOMENTS:
            yield f"has {name} more than once; the first counts."


def _unshown(event: Any, broken: set[str]) -> str:
    """Say why an event cannot be shown; empty when it can."""
    if "DTSTART" not in event:
        lacks = "a start that cannot be read" if "DTSTART" in broken else "no start"
        return f"has {lacks} and is left out."
    if "RECURRENCE-ID" in broken - set(event):
        return "changes a time that cannot be read and is left out."
    return ""


def _as_days(event: Any, zone: tzinfo) -> None:
    """Read moments that a series of whole days leaves out as the user's days."""
    if isinstance(event["DTSTART"].dt, datetime) or "EXDATE" not in event:
        return
    days: list[date] = []
    for value in (one.dt for group in many(event, "EXDATE") for one in group.dts):
        aware = isinstance(value, datetime) and value.tzinfo
        own = value.astimezone(zone) if aware else value
        days.append(own.date() if isinstance(own, datetime) else own)
    event.pop("EXDATE")
    event.add("exdate", days)


def _note_length(event: Any) -> None:
    """Note a length in hours: it is real time, whatever the clocks do (3.3.6)."""
    start, length = event["DTSTART"].dt, event.get("DURATION")
    zoned = isinstance(start, datetime) and start.tzinfo
    if not zoned or length is None or "DTEND" in event:
        return
    # Whole days are days of the calendar; only a length with hours is real time.
    hours = length.params.get(EXACT)
    if length.dt > timedelta() and hours:
        days = length.dt - timedelta(seconds=int(hours))
        event[_LENGTH] = f"{days.days} {int(hours)}"


def exact_length(event: Any) -> tuple[timedelta, timedelta] | None:
    """Return an event's length: days of the calendar, and what is real time behind them.

    Returns:
        None where it tells its end, or has a length of days alone.
    """
    told = event.get(_LENGTH)
    if told is None:
        return None
    days, hours = map(int, str(told).split())
    return timedelta(days=days), timedelta(seconds=hours)


def _zone(event: Any) -> Iterable[str]:
    start = event["DTSTART"]
    name = start.params.get("TZID")
    if name and isinstance(start.dt, datetime) and start.dt.tzinfo is None:
        yield f"is in the unknown time zone {name!r}; its times are taken as yours."


def _end(event: Any) -> Iterable[str]:
    start: date = event["DTSTART"].dt
    backward = "ends before it begins; its end is left out."
    if "DURATION" in event and event["DURATION"].dt < timedelta():
        event.pop("DURATION")
        yield backward
    if "DTEND" not in event:
        return
    end: date = event["DTEND"].dt
    # A day and a time cannot be compared.
    if isinstance(start, datetime) != isinstance(end, datetime):
        event.pop("DTEND")
        yield "has a day at one end and a time at the other; its end is left out."
    elif _seconds(start, end) < 0:
        event.pop("DTEND")
        yield backward


def _seconds(start: date, end: date) -> float:
    begin, stop = clock(start), clock(end)
    if isinstance(start, datetime) and isinstance(end, datetime):
        # One with a zone and one without: then the clocks are compared.
        both = start.tzinfo and end.tzinfo
        begin, stop = (start, end) if both else (begin, stop)
    return stop.timestamp() - begin.timestamp()


def _rules(event: Any) -> Iterable[str]:
    rules = many(event, "RRULE")
    for rule in rules:
        _complete(rule, event["DTSTART"].dt)
        if not is_known(rule, event["DTSTART"].dt):
            event.pop("RRULE")
            yield BROKEN["RRULE"]
            return
        # Libraries count without end for an interval of 0, or a day that never comes.
        if int(rule.get("INTERVAL", [1])[0]) < 1 or _is_never(rule):
            event.pop("RRULE")
            yield "has a repetition that never comes; it is shown once."
            return
        if _is_over_before(rule, event):
            event.pop("RRULE")
            yield "has a repetition that is over before it begins; it is shown once."
            return
        step = _STEPS.get(rule["FREQ"][0])
        if is_frequent(event):
            continue
        if step and int(rule.get("COUNT", [_LONGEST + 1])[0]) > _LONGEST:
            _bound(rule, event["DTSTART"].dt, step)
            yield f"repeats very often; only its first {_LONGEST:,} times are shown."
        elif len(rules) == 1 and not _begins_with(rule, event):
            # Libraries agree that only what the rule names takes place.
            event.add("exdate", event["DTSTART"].dt)


def _complete(rule: Any, start: date) -> None:
    """Read a rule as RFC 5545 has it: parts for days only, the weekday from the start.

    A whole day has no hours to choose from; a week without a day is that of the start.
    What RFC 7529 says anew is left out where it says what holds in any case.
    """
    for name, value in (("RSCALE", "GREGORIAN"), ("SKIP", "OMIT")):
        if str(next(iter(rule.get(name, [])), "")).upper() == value:
            rule.pop(name)
    if not isinstance(start, datetime):
        for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            rule.pop(name, None)
    until = next(iter(rule.get("UNTIL", [])), None)
    if isinstance(start, datetime) and until is not None:
        rule["UNTIL"] = [_last_moment(until, start.tzinfo)]
    if "BYWEEKNO" in rule and not _DAY_PARTS & set(rule):
        rule["BYDAY"] = [_WEEKDAYS[start.weekday()]]


def _last_moment(until: date, zone: tzinfo | None) -> date:
    """Return the end of a rule with times: of a day its last second, in UTC (3.3.10)."""
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    if zone and until.tzinfo is None:
        return until.replace(tzinfo=zone).astimezone(UTC)
    return until


def _is_never(rule: Any) -> bool:
    """Whether a rule names only days that its months do not have: February 30."""
    days = [abs(int(day)) for day in rule.get("BYMONTHDAY", [])]
    months = [int(month) for month in rule.get("BYMONTH", range(1, 13))]
    most = max((_DAYS_IN[month - 1] for month in months if 0 < month < 13), default=31)
    return bool(days) and min(days) > most


def _is_over_before(rule: Any, event: Any) -> bool:
    """Whether the last moment of a rule is before the first that it names."""
    start, until = event["DTSTART"].dt, next(iter(rule.get("UNTIL", [])), None)
    # A rule by the minute that chooses may look long for what it names first.
    if until is None or (_chooses(rule) and rule["FREQ"][0] in _STEPS):
        return False
    first = next(instances(rule, start), None) if _chooses(rule) else clock(start)
    if first is None:
        return True
    zoned = isinstance(start, datetime)
    return _seconds(first.replace(tzinfo=start.tzinfo) if zoned else first, until) < 0


def _chooses(rule: Any) -> bool:
    return any(name.startswith("BY") for name in rule)


def _begins_with(rule: Any, event: Any) -> bool:
    """Whether a rule names the start of its series; RDATE may name it too."""
    if not _chooses(rule) or "RDATE" in event:
        return True
    start = event["DTSTART"].dt
    return next(instances(rule, start), None) == clock(start)


def _bound(rule: Any, start: date, step: timedelta) -> None:
    # UNTIL and not COUNT, as the library would count them through from the start.
    last = start + step * int(rule.get("INTERVAL", [1])[0]) * _LONGEST
    rule.pop("COUNT", None)
    if "UNTIL" not in rule or _seconds(rule["UNTIL"][0], last) < 0:
        rule["UNTIL"] = [last]
