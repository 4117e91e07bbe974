"""Dates in other languages: our own words for them, then the `dateparser` package.

`dateparser` is generous: it reads dates into numbers and short words, and where it
understands a day but not the hour it puts the present hour in. So what it says is
taken only when the text has a real word and every number in it is accounted for.
Not covered: ranges, parts of the day, and hours that it does not understand.
"""

import re
import warnings
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from agentkit.language.vocabularies import (
    DAY_NAMES,
    LANGUAGES,
    MONTH_NAMES,
    foreign_vocabulary,
    language_of,
    vocabulary,
)
from agentkit.slots.date_text import Prefer
from agentkit.slots.finder import read_whole
from agentkit.slots.periods import Grain, TimeSpan, unit
from agentkit.slots.translation import translated

_LANGUAGES = ["de", "fr", "it", "pt", "hi", "es", "th"]
_OTHERS = LANGUAGES[1:]
_GRAINS: dict[str, Grain] = {
    "time": "minute",
    "day": "day",
    "week": "day",
    "month": "month",
    "year": "year",
}


@cache
def _word() -> re.Pattern[str]:
    # Four ASCII letters, or two of any other script.
    return re.compile(r"[^\W\d_]{4,}|[^\x00-\x7f]{2,}")


def read_own(
    text: str, now: datetime, *, prefer: Prefer = "future", locale: str = ""
) -> TimeSpan | None:
    """The span that a text in the locale's language means; None for English."""
    mine = foreign_vocabulary(locale)
    english = translated(text, mine) if mine else None
    return read_whole(english, now, prefer=prefer) if english else None


def read_foreign(
    text: str, now: datetime, *, prefer: Prefer = "future", locale: str = ""
) -> TimeSpan | None:
    """The span that a text in another language than the locale's means, or None."""
    mine = language_of(locale)
    for code in _OTHERS:
        english = translated(text, vocabulary(code)) if code != mine else ""
        if not english or _too_short(text, english):
            continue
        span = read_whole(english, now, prefer=prefer)
        if span is not None:
            return span
    return _by_dateparser(text, now, prefer)


def _too_short(text: str, english: str) -> bool:
    """Whether it may be any word: "lun" and "so" for days, "once" for eleven."""
    lone = english in DAY_NAMES or english in MONTH_NAMES
    return english.isdigit() or (lone and len(text) <= 3 and text.isascii())


def _by_dateparser(text: str, now: datetime, prefer: Prefer) -> TimeSpan | None:
    if not _word().search(text):
        return None
    local = now.replace(tzinfo=None, microsecond=0)
    told = _ask(text, local, prefer)
    if told is None:
        return None
    moment, grain = told
    numbers = [int(digits) for digits in re.findall(r"[0-9]{1,9}", text)]
    if grain == "minute":
        good = _time_told(moment, local, numbers)
        return TimeSpan(moment, None, grain) if good else None
    if not all(_accounted(number, moment, local) for number in numbers):
        return None
    return unit(moment, grain)


def _ask(text: str, now: datetime, prefer: Prefer) -> tuple[datetime, Grain] | None:
    # Loading it takes a fifth of a second, and most texts never come here.
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]

    settings: Any = {
        "RELATIVE_BASE": now,
        "PREFER_DATES_FROM": prefer,
        "PREFER_DAY_OF_MONTH": "first",
        "RETURN_TIME_AS_PERIOD": True,
    }
    with warnings.catch_warnings():
        # Its own dependencies warn about years and zones; nobody here can act on it.
        warnings.simplefilter("ignore")
        parser = DateDataParser(languages=_LANGUAGES, settings=settings)
        data = parser.get_date_data(text)
    moment, period = data.date_obj, data.period
    if moment is None or period not in _GRAINS:
        return None
    moment = moment.replace(tzinfo=None, microsecond=0)
    grain = _GRAINS[period]
    if grain == "day" and moment.time() != now.time() and moment.hour + moment.minute:
        grain = "minute"
    return moment, grain


def _time_told(moment: datetime, now: datetime, numbers: list[int]) -> bool:
    """Whether the hour stands in the text, or is so many hours or minutes away."""
    away = moment - now
    counts = {away // timedelta(hours=1), away // timedelta(minutes=1)}
    if not numbers or any(abs(count) in numbers for count in counts):
        return abs(away) < timedelta(days=2)
    clock = moment.hour in numbers or moment.hour - 12 in numbers
    minute = not moment.minute or moment.minute in numbers
    return clock and minute


def _accounted(number: int, moment: datetime, now: datetime) -> bool:
    """Whether a number is part of the date, or counts the days, weeks or months."""
    if number in (moment.day, moment.month, moment.year, moment.year % 100):
        return True
    days = abs((moment.date() - now.date()).days)
    months = abs((moment.year - now.year) * 12 + moment.month - now.month)
    counts = (days, days / 7, months, months / 12)
    return number > 0 and number in counts
