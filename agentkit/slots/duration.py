"""`Duration`: how long, in the user's words, as a timedelta."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from agentkit.language.numbers import number
from agentkit.language.tokens import Tokens, tokenize
from agentkit.language.vocabularies import LANGUAGES, vocabulary
from agentkit.slots.lengths import length_at
from agentkit.slots.periods import Length
from agentkit.slots.slot_type import slot_schema

# As for a date, beside which a length may stand.
LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time.

    Attributes:
        delta: as a timedelta; a month counts 30 days and a year 365.
        text: the words.
    """

    delta: timedelta
    text: str

    @property
    def minutes(self) -> float:
        """The length in minutes."""
        return self.delta.total_seconds() / 60

    def isoformat(self) -> str:
        """ISO 8601: PT45M, P2D, P1DT2H30M."""
        return duration_iso(self.delta)

    def __str__(self) -> str:
        """In words for a person: "1 hour 30 minutes"."""
        return describe_delta(self.delta)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return slot_schema(lambda value, _: _validated(value), Duration.isoformat)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, str]:
        return {"type": "string", "format": "duration"}


@dataclass(frozen=True, slots=True)
class FoundDuration:
    """A length of time that stands in a longer text.

    Attributes:
        start_index: index of its first character.
        end_index: index after its last character.
        text: the words.
        duration: what they mean.
    """

    start_index: int
    end_index: int
    text: str
    duration: Duration


def resolve_duration(text: str) -> Duration:
    """The length that a text names: "45 minutes", "1h30", "PT45M", "45", "dos horas".

    Raises:
        ValueError: the text is no length of time.
    """
    words = text.strip()
    if len(words) <= LONGEST_TEXT:
        # From the strictest to the loosest; the other languages last, as they load
        # most.
        delta = _iso(words) or _plain(words) or _clock(words) or _spoken(words)
        delta = delta or _foreign(words)
        if delta is not None:
            return Duration(delta, words)
    raise ValueError(
        f"{words[:60]!r} is no length of time; write for example '45 minutes'"
        " or '1h30'."
    )


def find_duration(text: str) -> list[FoundDuration]:
    """Every length of time in a longer text, left to right."""
    tokens = tokenize(text)
    found: list[FoundDuration] = []
    index = 0
    while index < len(tokens):
        hit = length_at(tokens, index)
        if hit is None or _figure_of_speech(tokens, index, hit[1]):
            index = hit[1] if hit else index + 1
            continue
        start, end = tokens[index].start, tokens[hit[1] - 1].end
        duration = Duration(hit[0].delta, text[start:end])
        found.append(FoundDuration(start, end, text[start:end], duration))
        index = hit[1]
    return found


def _and_part(match: re.Match[str]) -> str:
    return f"{match[1] or 'an '}{match[2]} and a {match[3]}"


# What glossed words of a length mean where they would mean another thing in a date.
_LENGTH_ORDER = (
    # "2,5 Stunden"
    (r"(?<=\d),(?=\d)", "."),
    # "2 ore": in Italian "ore" stands before the hour, and counts hours behind a number.
    (r"^(an?|[\d.]+) at\b", r"\1 hours"),
    (r"\band half an (\w+)", r"and a half \1"),
    (r"^(\d+ |an? )?(hours?) and (half|quarter)\b", _and_part),
    (r"(?<!a )\b(?:1 )?half (?:an? )?hours?\b", "half an hour"),
    (r"\bhalfafter (\d+)", r"\1 and a half"),
    (r"\bquarterto 2\b", "1 3/4"),
    (r"\bquarterafter (\d+)", r"\1 1/4"),
    # "डेढ़ मिनट", "ढाई घंटे"
    (r"^1:30 (?=[a-z])", "1.5 "),
    (r"^2:30 (?=[a-z])", "2.5 "),
)


def _foreign(words: str) -> timedelta | None:
    """A length in one of the other languages, by its words in English."""
    # The grammar of dates is loaded where English does not do.
    from agentkit.slots.translation import glossed

    # With a point it would be a day of a month: "1.5".
    words = re.sub(r"(?<=\d)\.(?=\d)", ",", words)
    for code in LANGUAGES[1:]:
        english = glossed(words, vocabulary(code))
        for pattern, change in _LENGTH_ORDER if english else ():
            english = re.sub(pattern, change, english or "")
        delta = _spoken(english) if english else None
        if delta is not None:
            return delta
    return None


@cache
def _iso_pattern() -> re.Pattern[str]:
    clock = r"(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?"
    # The bounds keep the sum within what a timedelta holds.
    days = r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    return re.compile(days + clock, re.IGNORECASE)


def _iso(words: str) -> timedelta | None:
    match = _iso_pattern().fullmatch(words)
    if match is None or not any(match.groups()):
        return None
    years, months, weeks, days, hours, minutes, seconds = (
        int(part or 0) for part in match.groups()
    )
    days += Length(months=12 * years + months).delta.days
    return timedelta(days, seconds, 0, 0, minutes, hours, weeks)


def _plain(words: str) -> timedelta | None:
    """A lone number counts minutes."""
    tokens = tokenize(words)
    hit = number(tokens, 0) if tokens else None
    if hit is None or hit[1] < len(tokens) or hit[0] <= 0:
        return None
    return timedelta(minutes=hit[0])


def _clock(words: str) -> timedelta | None:
    """Hours and minutes with a colon: 1:30."""
    hours, colon, minutes = words.partition(":")
    digits = hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2
    if not colon or not digits or len(hours) > 3 or int(minutes) > 59:
        return None
    return timedelta(hours=int(hours), minutes=int(minutes)) or None


def _spoken(words: str) -> timedelta | None:
    tokens = tokenize(words)
    start = 0
    while tokens.words[start] in ("for", "about", "around", "roughly", "lasting"):
        start += 1
    hit = length_at(tokens, start)
    if hit is None:
        return None
    end = hit[1]
    while tokens.words[end] in (".", "long", "please", "or", "so"):
        end += 1
    return hit[0].delta if end == len(tokens) and hit[0].delta else None


def _figure_of_speech(tokens: Tokens, index: int, end: int) -> bool:
    """Whether no length is meant: "got a second?", "a minute of your time"."""
    small = tokens.words[end - 1] in ("second", "sec", "minute", "min", "moment")
    lone = end - index == 2 and tokens.words[index] in ("a", "one")
    if not (small and lone):
        return False
    return tokens.words[index - 1] not in ("for", "in", "takes", "lasts", "of")


def describe_delta(delta: timedelta) -> str:
    """In words for a person: "1 hour 30 minutes"."""
    minutes, seconds = divmod(round(delta.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    counts = (("day", days), ("hour", hours), ("minute", minutes), ("second", seconds))
    words = [f"{count} {unit}{'s' * (count != 1)}" for unit, count in counts if count]
    return " ".join(words) or "0 minutes"


def duration_iso(delta: timedelta) -> str:
    """ISO 8601: PT45M, P2D, P1DT2H30M."""
    minutes, seconds = divmod(round(delta.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    counts = (("H", hours), ("M", minutes), ("S", seconds))
    clock = "".join(f"{count}{letter}" for letter, count in counts if count)
    date = f"{days}D" if days else ""
    if not clock:
        return f"P{date}" if date else "PT0S"
    return f"P{date}T{clock}"


def _validated(value: Any) -> Duration:
    """What Pydantic calls: words, ISO 8601, minutes, timedelta or Duration."""
    if isinstance(value, Duration):
        return value
    if isinstance(value, timedelta):
        return Duration(value, duration_iso(value))
    # A bool is an int to Python, and no length.
    if isinstance(value, int | float) and not isinstance(value, bool):
        return resolve_duration(str(value))
    if isinstance(value, str):
        return resolve_duration(value)
    raise ValueError(
        "A length of time is given as text or as a number of minutes, not as"
        f" {type(value).__name__}."
    )
