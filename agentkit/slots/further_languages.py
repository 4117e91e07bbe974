"""Dates in languages beyond our own eight, read by the `dateparser` package.

A text is only given to it where a word or its script tells one of twenty languages;
loading it takes a fifth of a second. It is generous: it reads dates into short words,
and drops what it does not understand. So the time of day and "next" are read here, what
it lacks is put in words that it knows, and what it says is taken only when every number
of the text is accounted for. Where two languages read a text differently it is refused.

Not covered: ranges, parts of the day, hours without minutes ("at nine").
"""

import re
import unicodedata
import warnings
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from agentkit.language.tokens import fold
from agentkit.language.vocabularies import language_of, word_table
from agentkit.slots.date_text import Prefer
from agentkit.slots.periods import Grain, TimeSpan, day_span, unit

FURTHER_LANGUAGES = (
    "nl", "sv", "da", "nb", "fi", "pl", "cs", "hu", "ro", "ru", "uk", "el", "tr", "ar",
    "he", "id", "vi", "ja", "zh", "ko",
)  # fmt: skip
_GRAINS: dict[str, Grain] = {
    "time": "minute",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
}
# A lone word that is so short may be any: "min" is Sunday in Indonesian.
_SHORT = 3
Told = tuple[datetime, Grain]
# What words without a number name: a weekday, at most; "in a month" has a number.
_NEAR = 7


def read_further(
    text: str, now: datetime, *, prefer: Prefer = "future", locale: str = ""
) -> TimeSpan | None:
    """The span that a text in one of twenty further languages means, or None.

    Args:
        text: the whole date.
        now: the clock that the words are seen from.
        prefer: where a weekday or a date without its year is looked for.
        locale: language tag; where it is one of the twenty, no other is tried.
    """
    local = now.replace(tzinfo=None, microsecond=0)
    if text.isascii() and len(text) <= _SHORT and not is_further(locale):
        return None
    spans = {_read(text.lower(), code, local, prefer) for code in _told(text, locale)}
    # One answer, or none: what two languages read otherwise would be a guess.
    found = spans - {None}
    return found.pop() if len(found) == 1 else None


def is_further(locale: str) -> bool:
    """Whether a locale's language is one of the twenty."""
    return language_of(locale) in FURTHER_LANGUAGES


def _told(text: str, locale: str) -> Iterator[str]:
    """Yield the languages that a text's words or script may be of."""
    if is_further(locale):
        if any(sign.isalpha() for sign in text):
            yield language_of(locale)
        return
    # Folding takes the letters of Hangul apart, and so hides the script.
    words = " ".join(re.findall(r"[^\W_]+", fold(text)))
    for code in FURTHER_LANGUAGES:
        if _teller(code).search(f" {words} {text}"):
            yield code


@cache
def _teller(code: str) -> re.Pattern[str]:
    facts = word_table("further")[code]
    if "script" in facts:
        return re.compile(f"[{facts['script']}]")
    return re.compile(rf" (?:{'|'.join(facts['words'])})(?!\w)")


@cache
def _clock(code: str) -> re.Pattern[str]:
    """A time of day, with the words that stand beside one."""
    leads = "|".join(map(re.escape, word_table("further")[code].get("clock", ())))
    leads = leads or "(?!)"
    # A point stands between hours and minutes only where a word says that it is a clock.
    return re.compile(
        rf"(?:(?:{leads})\s*)?(?<!\d)(\d\d?):(\d\d)(?!\d)(?:{leads})?"
        rf"|(?:{leads})\s*(\d\d?)\.(\d\d)(?!\d)"
    )


@cache
def _following(code: str) -> re.Pattern[str]:
    """The words for "next"."""
    return re.compile("|".join(map(_bounded, word_table("further")[code]["next"])))


@cache
def _changes(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Replacements to make: numbers into digits, unknown words into known ones."""
    facts = word_table("further")[code]
    before = facts.get("before", ())
    numbers = [
        (_whole(word, before), str(number))
        for number, words in enumerate(facts.get("numbers", ()), 1)
        for word in words
    ]
    said = [(_whole(one, ()), known) for one, known in facts.get("said", ())]
    forms = [(re.compile(form), known) for form, known in facts.get("forms", ())]
    return (*numbers, *said, *forms)


def _bounded(word: str) -> str:
    """A pattern for a word by itself; in scripts without spaces it may stand anywhere."""
    if re.match(r"[\u3040-\u9fff\uac00-\ud7af]", word):
        return re.escape(word)
    return rf"(?<!\w){re.escape(word)}(?!\w)"


def _whole(word: str, before: tuple[str, ...]) -> re.Pattern[str]:
    """A word by itself or, in a language where that says little, before some others."""
    if not before:
        return re.compile(_bounded(word))
    return re.compile(rf"(?<!\w{{2}}){re.escape(word)}(?=\s?(?:{'|'.join(before)}))")


def _read(text: str, code: str, now: datetime, prefer: Prefer) -> TimeSpan | None:
    clock = _clock(code).search(text)
    words = " ".join(_clock(code).sub(" ", text, count=1).split())
    if clock is None:
        return _day(words, code, now, prefer)
    hour, minute = (int(part) for part in clock.groups() if part is not None)
    day = _day(words, code, now, prefer) if hour < 24 and minute < 60 else None
    if day is None or day.grain != "day":
        return None
    return TimeSpan(datetime.combine(day.start, time(hour, minute)), None, "minute")


def _day(words: str, code: str, now: datetime, prefer: Prefer) -> TimeSpan | None:
    """A day, a longer period, or a moment that is so many hours away."""
    weekday = _following(code).sub(" ", words, count=1)
    if weekday != words and not re.search(r"\d", weekday):
        day = _asked(_reworded(weekday, code), code, now, prefer)
        if day and day.grain == "day" and 0 < (day.start - now).days + 1 <= _NEAR:
            monday = unit(now, "week", 1).start
            return day_span(monday + timedelta(days=day.start.weekday()))
    return _asked(_reworded(words, code), code, now, prefer)


def _reworded(words: str, code: str) -> str:
    """The text as dateparser knows it, its small numbers in digits."""
    for pattern, known in _changes(code):
        words = pattern.sub(known, words)
    return " ".join(words.split())


def _asked(words: str, code: str, now: datetime, prefer: Prefer) -> TimeSpan | None:
    """What dateparser reads, if every number of the text is part of the result."""
    told = _ask(words, code, now, prefer) if words else None
    if told is None:
        return None
    moment, grain = told
    numbers = [int(digits) for digits in re.findall(r"[0-9]{1,9}", _ascii(words))]
    if grain == "week" and numbers:
        # "In five weeks" is a day; "next week" is all of it.
        grain = "day"
    # A lone number that says how far away it is: "in 3 days".
    if len(numbers) == 1 and numbers[0] in _counts(moment, now):
        if _turned(words, told, code, now, prefer):
            return None
    elif grain == "minute" or not _dated(
        words, numbers, (moment, grain), code, now, prefer
    ):
        return None
    return TimeSpan(moment, None, grain) if grain == "minute" else unit(moment, grain)


def _turned(words: str, told: Told, code: str, now: datetime, prefer: Prefer) -> float:
    """How many days it is off when the other direction is preferred.

    A weekday is whole weeks off. A length is twice as much: "3 hours", "two days", which
    dateparser takes for so long from now.
    """
    other = _ask(words, code, now, "past" if prefer == "future" else "future")
    return (told[0] - other[0]) / timedelta(days=1) if other else 0.0


def _counts(moment: datetime, now: datetime) -> set[float]:
    """How many hours, minutes, days, weeks, months or years it is away."""
    away = abs(moment - now)
    days = abs((moment.date() - now.date()).days)
    months = abs((moment.year - now.year) * 12 + moment.month - now.month)
    short = {away / timedelta(hours=1), away / timedelta(minutes=1)}
    return {days, days / 7, months, months / 12, *short} - {0}


def _dated(
    words: str,
    numbers: list[int],
    told: Told,
    code: str,
    now: datetime,
    prefer: Prefer,
) -> bool:
    """Whether every number is one of the date's, and no word is taken for a number."""
    moment, grain = told
    if grain != "day":
        # A year has four digits: two are as well the day.
        return set(numbers) <= {moment.year}
    if not numbers:
        turned = _turned(words, told, code, now, prefer)
        return abs((moment.date() - now.date()).days) <= _NEAR and turned % 7 == 0
    if moment.day not in numbers or not set(numbers) <= {*_parts(moment)}:
        return False
    if len(numbers) > 1:
        return True
    # Beside a lone number stands a month; "jam 3" is no 3rd of this month.
    month = _ask(re.sub(r"\d+\.?", " ", words).strip(), code, now, "future")
    return month is not None and month[1] == "month" and month[0].month == moment.month


def _parts(moment: datetime) -> tuple[int, int, int]:
    return moment.day, moment.month, moment.year


def _ask(words: str, code: str, now: datetime, prefer: Prefer) -> Told | None:
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]

    settings: Any = {
        "RELATIVE_BASE": now,
        "PREFER_DATES_FROM": prefer,
        "PREFER_DAY_OF_MONTH": "first",
        "RETURN_TIME_AS_PERIOD": True,
        "DATE_ORDER": word_table("further")[code].get("order", "DMY"),
    }
    with warnings.catch_warnings():
        # Its own dependencies warn about years and zones; nobody here can act on it.
        warnings.simplefilter("ignore")
        data = DateDataParser(languages=[code], settings=settings).get_date_data(words)
    moment, period = data.date_obj, data.period
    if moment is None or period not in _GRAINS:
        return None
    moment = moment.replace(tzinfo=None, microsecond=0)
    grain = _GRAINS[period]
    # It keeps the clock of now for days, and reports "day" for hours as well.
    if grain == "day" and moment.time() != now.time() and moment.hour + moment.minute:
        grain = "minute"
    return moment, grain


def _ascii(words: str) -> str:
    """Arabic and other digits as ASCII."""
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in words)
