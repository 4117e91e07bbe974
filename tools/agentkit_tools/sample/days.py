"""Days told relative to now, as the sample data tell them."""

from __future__ import annotations

import json
import re
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_POINT = re.compile(r"(day|workday|month|[A-Z]{2})([+-]\d+)")
_SLOT = re.compile(r"\{(date|weekday|workday)([+-]\d+)\}")


def load(name: str) -> Any:
    """Read one of the sample's JSON files."""
    return json.loads(
        files("agentkit_tools.sample").joinpath(f"{name}.json").read_text("utf-8")
    )


class Days:
    """A clock that days are counted from."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def day(self, offset: int) -> datetime:
        """Return midnight of the day so many days from now."""
        date = self.now.date() + timedelta(days=offset)
        return datetime.combine(date, time(), self.now.tzinfo)

    def at(self, day: datetime, clock: str, zone: str = "") -> datetime:
        """Return a time of a day, in a zone of its own when one is named."""
        tz = ZoneInfo(zone) if zone else self.now.tzinfo
        return datetime.combine(day.date(), time.fromisoformat(clock), tz)

    def point(self, words: str) -> datetime:
        """Return a day by its name.

        `day+3` is in three days, `workday+3` the first Monday to Friday from then
        on, `MO+1` the Monday of next week, `month-13` the first of the month that
        holds the day 13 days ago.
        """
        match = _POINT.fullmatch(words)
        if match is None:
            raise ValueError(f"{words!r} names no day of the sample")
        kind, offset = match[1], int(match[2])
        if kind in _WEEKDAYS:
            monday = self.day(-self.now.weekday())
            return _moved(monday, _WEEKDAYS.index(kind) + 7 * offset)
        day = self.day(offset)
        if kind == "workday":
            return _moved(day, max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
        return day.replace(day=1) if kind == "month" else day

    def fill(self, text: str) -> str:
        """Write the days into a text: `{workday+3}` becomes "Thursday"."""

        def word(match: re.Match[str]) -> str:
            kind = "day" if match[1] in ("date", "weekday") else match[1]
            day = self.point(f"{kind}{match[2]}")
            return f"{day:%B} {day.day}" if match[1] == "date" else f"{day:%A}"

        return _SLOT.sub(word, text)


def _moved(day: datetime, days: int) -> datetime:
    return datetime.combine(day.date() + timedelta(days=days), time(), day.tzinfo)
