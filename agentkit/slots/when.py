"""`When`: a moment, day or stretch of time that the user named in words.

Clock words are read by the rules of `clock_words`: a bare "at 3" is 15:00 and "at
9" is 9:00. "Next Friday" is the Friday of next week. Ends are exclusive: "June 3
to 7" ends on June 8 at 0:00.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from agentkit.context import Context
from agentkit.slots.date_text import Prefer
from agentkit.slots.periods import GRAINS, Grain, TimeSpan, unit
from agentkit.slots.slot_type import given_context, slot_schema

# A range with both sides written out has about a hundred.
LONGEST_TEXT = 300
_DAY = GRAINS.index("day")


@dataclass(frozen=True, slots=True)
class When:
    """A moment or a stretch of time.

    Attributes:
        start: first moment, with a time zone.
        end: first moment after it; None for a plain moment, for exactly one unit
            such as "tomorrow" or "next week", and for "after 2pm".
        grain: the unit that the words speak of.
        text: the words.
    """

    start: datetime
    end: datetime | None
    grain: Grain
    text: str

    @property
    def all_day(self) -> bool:
        """Whether it speaks of days or longer, without a time of day."""
        return GRAINS.index(self.grain) >= _DAY

    @property
    def until(self) -> datetime:
        """First moment after it: `end`, or one unit on; a clock time is a point."""
        if self.end is not None or not self.all_day:
            return self.end or self.start
        end = unit(self.start.replace(tzinfo=None), self.grain).end
        return end.replace(tzinfo=self.start.tzinfo) if end else self.start

    def isoformat(self) -> str:
        """ISO 8601: the start, or `start/end`."""
        start = self.start.isoformat()
        return f"{start}/{self.end.isoformat()}" if self.end else start

    def __str__(self) -> str:
        """In words for a person: "Fri 25 Sep 2026, 15:00"."""
        return describe(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return slot_schema(_validated, When.isoformat)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, str]:
        return {"type": "string", "format": "when"}


@dataclass(frozen=True, slots=True)
class FoundWhen:
    """A date or time that stands in a longer text.

    Attributes:
        start_index: index of its first character.
        end_index: index after its last character.
        text: the words.
        when: what they mean.
        english: the words, in English.
    """

    start_index: int
    end_index: int
    text: str
    when: When
    english: str = ""


def resolve_when(
    text: str, now: datetime, *, prefer: Prefer = "future", locale: str = "en"
) -> When:
    """The time that a text names, seen from now.

    Args:
        text: the user's words, all of which must belong to the date; or ISO 8601.
        now: the clock, with a time zone.
        prefer: where "Friday" and "May 3" are looked for: ahead or behind.
        locale: language tag of the words; "en-GB" reads 3/4 as April 3, "en" as
            March 4, and the words of that language are tried first.

    Raises:
        ValueError: the text is no date, or `now` has no time zone.
    """
    zone = _zone(now)
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"A date of {len(text)} characters is too long to be one.")
    words = text.strip()
    # ISO 8601 needs no grammar, so none is loaded for it.
    exact = _iso(words, zone)
    if exact is not None:
        return exact
    # The grammar is loaded with the first date, not with every annotation.
    from agentkit.slots.finder import read_whole
    from agentkit.slots.foreign import read_foreign, read_own

    # The user's own language first: its words may be English ones of another meaning.
    readers = (read_own, read_whole, read_foreign)
    spans = (read(words, now, prefer=prefer, locale=locale) for read in readers)
    span = next((span for span in spans if span), None)
    if span is None:
        raise ValueError(
            f"{words!r} is no date or time that can be understood; write for"
            " example 'next Friday at 3pm' or '2026-09-25T15:00'."
        )
    return _when(span, words, zone)


def find_when(text: str, now: datetime, *, locale: str = "en") -> list[FoundWhen]:
    """Every date or time in a longer text, longest match, left to right.

    Args:
        text: a sentence or message, in the locale's language.
        now: the clock, with a time zone.
        locale: language tag; "en-GB" reads 3/4 as April 3, "en" as March 4.

    Raises:
        ValueError: `now` has no time zone.
    """
    zone = _zone(now)
    from agentkit.slots.foreign import find_in_language

    found: list[FoundWhen] = []
    for hit in find_in_language(text, now, locale):
        words = text[hit.start_index : hit.end_index]
        when = _when(hit.span, words, zone)
        english = hit.english or words
        found.append(FoundWhen(hit.start_index, hit.end_index, words, when, english))
    return found


def describe(when: When) -> str:
    """In words for a person: "Fri 25 Sep 2026, 15:00 to 16:00"."""
    if when.end is None:
        return _point(when.start, when.grain)
    first = _point(when.start, "day" if when.all_day else "minute")
    if when.all_day:
        last = when.end.replace(day=when.end.day)
        return f"{first} to {_point(_day_before(last), 'day')}"
    same = when.end.date() == when.start.date()
    last_words = f"{when.end:%H:%M}" if same else _point(when.end, "minute")
    return f"{first} to {last_words}"


def _day_before(moment: datetime) -> datetime:
    return datetime.fromordinal(moment.toordinal() - 1)


def _point(moment: datetime, grain: Grain) -> str:
    day = f"{moment:%a} {moment.day} {moment:%b %Y}"
    if grain == "year":
        return f"{moment:%Y}"
    if grain == "quarter":
        return f"Q{(moment.month + 2) // 3} {moment:%Y}"
    if grain == "month":
        return f"{moment:%B %Y}"
    if grain == "week":
        return f"week of {day}"
    if grain == "day":
        return day
    return f"{day}, {moment:%H:%M:%S}" if moment.second else f"{day}, {moment:%H:%M}"


def _zone(now: datetime) -> tzinfo:
    if now.tzinfo is None:
        raise ValueError("The clock needs a time zone to resolve dates by.")
    return now.tzinfo


def _when(span: TimeSpan, text: str, zone: tzinfo) -> When:
    # An end that the grain already tells is not repeated: "tomorrow" is a start and
    # "day".
    end = None if span.whole or span.end is None else span.end.replace(tzinfo=zone)
    return When(span.start.replace(tzinfo=zone), end, span.grain, text)


def _iso(text: str, zone: tzinfo) -> When | None:
    """ISO 8601: a date, a date and time, or two of them with a slash."""
    # Python's parser takes "20260925" too; without hyphens the grammar decides.
    if not text[:4].isdigit() or "-" not in text:
        return None
    first, _, last = text.partition("/")
    try:
        start = datetime.fromisoformat(first)
        end = datetime.fromisoformat(last) if last else None
    except ValueError:
        return None
    # "2026-09-25" has ten characters; more of them tell a time.
    grain: Grain = "day" if len(first) <= 10 else "minute"
    return When(_aware(start, zone), end and _aware(end, zone), grain, text)


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _validated(value: Any, info: Any) -> When:
    """What Pydantic calls: words, ISO 8601, datetime, date or When."""
    context = given_context(info) or Context()
    if isinstance(value, When):
        return value
    if isinstance(value, datetime):
        grain: Grain = "second" if value.second else "minute"
        return When(_aware(value, context.tz), None, grain, value.isoformat())
    if isinstance(value, date):
        start = datetime(value.year, value.month, value.day, tzinfo=context.tz)
        return When(start, None, "day", value.isoformat())
    if isinstance(value, str):
        return resolve_when(value, context.now, locale=context.locale)
    raise ValueError(
        f"A date is given as text in the user's words, not as {type(value).__name__}."
    )


# Letters behind the hour, hours that no half clock has, and parts of the day in the
# eight languages.
_SAYS_HALF = re.compile(
    r"\bpm\b|\bp\.m\.|\d\s*[ap]\.?\s?m\b|(?<![:.\d])(?:1[3-9]|2[0-3])\b|(?<![:.\d])0\d\b|(?:\b|(?<=\d))T\d"
    r"|morning|evening|night|noon"
    r"|früh|morgens|vormittag|mittag|abend|nacht|matin|midi|soir|nuit|mattin|mezzo|sera"
    r"|notte|(?<!a)manh|tarde|noite|(?:la|esta) mañana|noche|mediod|सुबह|दोपहर|शाम|रात|เช้า|เที่ยง|บ่าย"
    r"|เย็น|ทุ่ม|คืน|โมง",
    re.IGNORECASE,
)


def says_half(words: str) -> bool:
    """Whether an hour says itself which half of the day it is in: "8 pm", "20 Uhr"."""
    return bool(_SAYS_HALF.search(words))
