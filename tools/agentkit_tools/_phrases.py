"""Moments, stretches of time, lists and sentences, as a person says them.

What is said in another language than English stands in `wording/LANG.toml`, by what is
said in English; a sentence that is missing there is said in English. The user's own
words are never translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.language import read_table, spoken

_HERE = Path(__file__).parent / "wording"


@cache
def wording(language: str) -> Mapping[str, Any]:
    """Read what a language says; nothing for English, which stands in the code."""
    path = _HERE / f"{language}.toml"
    return read_table(path) if path.is_file() else {}


def phrase(english: str, **values: object) -> str:
    """Say a sentence in the user's language, with the values in their places."""
    said = wording(spoken()).get("phrases", {}).get(english, english)
    return str(said).format(**values)


def say_day(moment: datetime, now: datetime) -> str:
    """Name a day: Thu 26 Nov, with the year when it is another one."""
    dates = wording(spoken()).get("dates")
    if not dates:
        year = "" if moment.year == now.year else f" {moment.year}"
        return f"{moment:%a} {moment.day} {moment:%b}{year}"
    year = "" if moment.year == now.year else f" {moment.year}"
    return str(dates["day"]).format(
        weekday=dates["short_weekdays"][moment.weekday()],
        day=moment.day,
        month=dates["months"][moment.month - 1],
        year=year,
    )


def say_full_day(moment: datetime, *, year: bool = True) -> str:
    """Name a day in full: Thursday, 26 November 2026."""
    dates = wording(spoken()).get("dates")
    later = f" {moment.year}" if year else ""
    if not dates:
        return f"{moment:%A}, {moment.day} {moment:%B}{later}"
    return str(dates["full_day"]).format(
        weekday=dates["weekdays"][moment.weekday()],
        day=moment.day,
        month=dates["months"][moment.month - 1],
        year=str(dates["full_year"]).format(year=moment.year) if year else "",
    )


def say_date(day: date, *, year: bool = True) -> str:
    """Name a day without its weekday: 26 November 2026."""
    dates = wording(spoken()).get("dates")
    if not dates:
        return f"{day.day} {day:%B}" + (f" {day.year}" if year else "")
    return str(dates["date"]).format(
        day=day.day,
        month=dates["months"][day.month - 1],
        year=str(dates["full_year"]).format(year=day.year) if year else "",
    )


def say_weekday(day: date) -> str:
    """Name a day of the week: Thursday."""
    dates = wording(spoken()).get("dates")
    return str(dates["weekdays"][day.weekday()]) if dates else f"{day:%A}"


def say_moment(moment: datetime, now: datetime) -> str:
    """Name a day and a time: Thu 26 Nov 14:02."""
    return f"{say_day(moment, now)} {moment:%H:%M}"


def say_stretch(
    start: datetime, end: datetime, now: datetime, *, all_day: bool = False
) -> str:
    """Name a stretch of time: Thu 26 Nov 14:00-15:00, or its days."""
    if all_day:
        # The end of whole days is the midnight after the last one (RFC 5545, DTEND).
        last = max(end - timedelta(days=1), start)
        if last.date() == start.date():
            return phrase("{day}, all day", day=say_day(start, now))
        first, final = say_day(start, now), say_day(last, now)
        return phrase("{first} to {last}, all day", first=first, last=final)
    if end <= start:
        return say_moment(start, now)
    if end.date() == start.date():
        return f"{say_moment(start, now)}-{end:%H:%M}"
    first, final = say_moment(start, now), say_moment(end, now)
    return phrase("{first} to {last}", first=first, last=final)


def say_length(delta: timedelta) -> str:
    """Name a length: 1 hour 30 minutes."""
    seconds = max(round(delta.total_seconds()), 0)
    parts: list[str] = []
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(counted(count, unit))
    return " ".join(parts) or phrase("0 seconds")


_SECONDS = {"minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}


def say_between(
    start: datetime, end: datetime, unit: str | None, *, whole_days: bool
) -> str:
    """Say how long it is from one moment to another, whichever is first.

    Args:
        start: one of them.
        end: the other.
        unit: minutes, hours, days, weeks, months or years; the best one when None.
        whole_days: whether days on the calendar are counted, and no hours.
    """
    first, last = sorted((start, end))
    days = (last.date() - first.date()).days
    if unit in ("months", "years"):
        months = 12 * (last.year - first.year) + last.month - first.month
        # The last month counts only when it is full.
        months -= last.day < first.day
        count = months if unit == "months" else months // 12
        return f"{counted(count, unit[:-1])} ({counted(days, 'day')})"
    if whole_days and unit in ("weeks", "days", None):
        weeks, rest = divmod(days, 7)
        more = [counted(rest, "day")] if rest else []
        if unit != "weeks":
            return counted(days, "day")
        return listed([counted(weeks, "week"), *more])
    # Timestamps, as two local times in one zone differ by the wall clock, and a night
    # in which the clocks change is an hour longer or shorter.
    seconds = last.timestamp() - first.timestamp()
    if unit is None:
        # Whole minutes: nobody asks for the seconds until Friday.
        return say_length(timedelta(seconds=seconds // 60 * 60))
    count, left = divmod(int(seconds), _SECONDS[unit])
    more = [say_length(timedelta(seconds=left // 60 * 60))] if left >= 60 else []
    return listed([counted(count, unit[:-1]), *more])


def iso_length(delta: timedelta) -> str:
    """Write a length as ISO 8601: PT30M."""
    seconds = max(round(delta.total_seconds()), 0)
    days, seconds = divmod(seconds, 86400)
    parts = [f"{days}D"] if days else []
    clock = ""
    for letter, size in (("H", 3600), ("M", 60), ("S", 1)):
        count, seconds = divmod(seconds, size)
        clock += f"{count}{letter}" if count else ""
    # P1D has no T, and a length of zero is written PT0S: ISO 8601 wants one part at
    # least.
    return f"P{''.join(parts)}{'T' + clock if clock or not parts else ''}".replace(
        "PT", "PT" if clock else "PT0S", 1
    )


def say_figure(plain: str) -> str:
    """Write a number as the language does: 1,240.5 is 1.240,5 in German."""
    signs = wording(spoken()).get("numbers")
    if not signs:
        return plain
    # At once, so that the signs can change places.
    return plain.translate(str.maketrans({".": signs["decimal"], ",": signs["group"]}))


def say_measure(figure: str, name: str, sign: str, *, one: bool) -> str:
    """Say how much of a unit, by its name where the language has it, else by its sign."""
    forms = wording(spoken()).get("nouns", {}).get(name)
    if forms:
        return str(forms[0] if one else forms[-1]).format(n=figure)
    return f"{figure} {sign}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Say how many: 1 event, 2 events, no events."""
    forms = wording(spoken()).get("nouns", {}).get(noun)
    if forms:
        # French and Portuguese count nothing, too, in the singular; it is given as 0.
        return str(forms[0] if count == 1 else forms[-1]).format(n=count)
    if count == 1:
        return f"1 {noun}"
    # English says "no events"; the plural goes with it.
    return f"{count or 'no'} {plural or noun + 's'}"


def listed(items: Sequence[str]) -> str:
    """Join words: a, b and c."""
    if len(items) < 2:
        return "".join(items)
    return phrase("{items} and {last}", items=", ".join(items[:-1]), last=items[-1])


def bullets(lines: Sequence[str]) -> str:
    """Put each line on its own, with a dash."""
    return "\n".join(f"- {line}" for line in lines)


def sentence(*parts: str) -> str:
    """Join the parts that are not empty with spaces."""
    return " ".join(part for part in parts if part)


def paragraphs(*parts: str) -> str:
    """Put the parts that are not empty on lines of their own."""
    return "\n".join(part for part in parts if part)
