"""`Recurrence`: how often something comes back, in the user's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast

from agentkit.context import Context
from agentkit.language.vocabularies import Vocabulary
from agentkit.slots.slot_type import given_context, slot_schema

# A rule of RFC 5545 with every part of it has about 150.
LONGEST_TEXT = 200
# As RFC 5545 writes rules; those by the minute and second are nobody's reminders.
_RULE = re.compile(
    r"(?:RRULE:)?(FREQ=(?:HOURLY(?:;INTERVAL=[0-9]{1,3})?"
    r"|(?:DAI|WEEK|MONTH|YEAR)LY(?:;[A-Z]{2,10}=[A-Z0-9,+-]{1,60}){0,8}))"
)
_UTC = "%Y%m%dT%H%M%SZ"
_UNTIL = re.compile(r"UNTIL=([0-9TZ]+)")
_LIMITS = re.compile(r";(?:UNTIL|COUNT|INTERVAL)=[0-9TZ]+")
_PART = re.compile(r"\b(?:every|each) (morning|afternoon|evening|night)\b", re.I)
_TIMES = re.compile(r"(?:for )?([0-9]{1,3}) times")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often something comes back.

    Attributes:
        rule: RFC 5545, without "RRULE:": FREQ=WEEKLY;BYDAY=SU.
        clock: the time of day that was said with it; None when none was.
        text: the words.
    """

    rule: str
    clock: time | None = None
    text: str = field(default="", compare=False)

    def first(self, start: datetime) -> datetime:
        """When it takes place first, at or after a moment.

        Args:
            start: with a time zone; it gives the time of day where `clock` is None.

        Raises:
            ValueError: it never takes place from then on.
        """
        begin = start.replace(tzinfo=None)
        if self.clock is not None:
            begin = datetime.combine(begin.date(), self.clock)
        # A series of every second week begins with the next day that fits.
        moment = _series(self.rule, begin).after(start.replace(tzinfo=None), inc=True)
        until = _UNTIL.search(self.rule)
        # `dateutil` works without a zone, by the clock on the wall: nine stays nine
        # over a change of clocks.
        first = moment and moment.replace(tzinfo=start.tzinfo)
        if first and not (until and f"{first.astimezone(UTC):{_UTC}}" > until[1]):
            return cast(datetime, first)
        raise ValueError(f"{self.text or self.rule!r} never takes place from then on.")

    def __str__(self) -> str:
        """The rule of RFC 5545."""
        return self.rule

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return slot_schema(_validated, str)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, str]:
        return {"type": "string", "format": "recurrence"}


def resolve_recurrence(text: str, now: datetime, *, locale: str = "en") -> Recurrence:
    """How often a text says that something comes back.

    Args:
        text: the user's words in one of the eight languages, with a time of day, "until
            June" or "10 times" where told; or a rule of RFC 5545.
        now: the clock, with a time zone.
        locale: language tag, for the dates in the text.

    Raises:
        ValueError: the text is no recurrence.
    """
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"A recurrence of {len(text)} characters is too long.")
    words = " ".join(text.split())
    written = _RULE.fullmatch(words.upper())
    if written:
        return _checked(Recurrence(written[1], text=words), now)
    found = _in_english(words, now, locale) or _in_any_language(words, now)
    if found is None:
        raise _unknown(words)
    return found


def _in_english(words: str, now: datetime, locale: str = "en") -> Recurrence | None:
    from agentkit.slots.recurrence_words import rule_at

    said = words.lower().strip(" .,!?")
    # "Sundays at 9" and "the 15th of each month" are said without "every" or "on".
    tries = (said, f"every {said}", f"on {said}")
    hit = next(((one, found) for one in tries if (found := rule_at(one))), None)
    if hit is None:
        return None
    rule, end = hit[1]
    try:
        limit, clock = _rest(hit[0][end:].strip(" ,"), words, now, locale)
        return _checked(Recurrence(rule + limit, clock, words), now)
    except ValueError:
        return None


def _in_any_language(text: str, now: datetime) -> Recurrence | None:
    from agentkit.slots.foreign_recurrence import recurrence_languages

    languages = recurrence_languages()
    read = (_translated(text, now, one, whole=True) for one in languages)
    return next((one for one in read if one is not None), None)


def _translated(
    said: str, now: datetime, language: Vocabulary, *, whole: bool = False
) -> Recurrence | None:
    from agentkit.slots.foreign_recurrence import english_wordings

    ways = english_wordings(said, language, whole=whole)
    read = (_in_english(way, now) for way in ways)
    found = next((one for one in read if one is not None), None)
    return found and replace(found, text=" ".join(said.split()))


def find_recurrence(text: str) -> str:
    """The words of the first recurrence in a longer English text; empty when none."""
    from agentkit.slots.recurrence_words import beginnings, rule_at

    lowered = text.lower()
    # Letters such as İ get longer in small letters; places would no longer agree.
    if len(lowered) != len(text):
        return ""
    for start in beginnings(lowered):
        hit = rule_at(lowered, start)
        words = text[start : hit[1]] if hit else ""
        # "on Friday" and "the 3rd" are single days until "every" is said.
        if words and not re.match(r"on (?!week|\w+days\b)", words.lower()):
            return words
    return ""


@dataclass(frozen=True, slots=True)
class FoundRecurrence:
    """A recurrence and where it stands in a text, its time of day included."""

    start: int
    end: int
    recurrence: Recurrence


def find_foreign_recurrence(
    text: str, now: datetime, locale: str
) -> FoundRecurrence | None:
    """Find the first recurrence in a longer text of a language; None where it has none.

    Args:
        text: the user's words.
        now: the clock, for an end such as "until June".
        locale: language tag; English is not read here.
    """
    from agentkit.slots.foreign_recurrence import signed_runs

    for run, language in signed_runs(text, locale):
        hit = next(_hits(text, run, now, language), None)
        if hit is not None:
            return hit
    return None


def _hits(
    text: str, run: Sequence[tuple[int, int]], now: datetime, language: Vocabulary
) -> Iterator[FoundRecurrence]:
    """Yield what can be read, the leftmost first and of those the longest."""
    for place, (start, _) in enumerate(run):
        for _, end in reversed(run[place:]):
            found = _translated(text[start:end], now, language)
            if found is not None:
                yield FoundRecurrence(start, end, found)


def _rest(words: str, text: str, now: datetime, locale: str) -> tuple[str, time | None]:
    """Read what follows the rule: the end of the series, and the time of day."""
    from agentkit.slots.when import resolve_when

    times = _TIMES.search(words)
    if times:
        words = words.replace(times[0], "").strip(" ,")
        return f";COUNT={int(times[1])}", _clock(words, text, now, locale)
    words, _, last = words.partition("until ")
    limit = ""
    if last:
        until = resolve_when(last, now, locale=locale)
        # UNTIL of RFC 5545 is inclusive, and our ends are exclusive.
        end = until.until - timedelta(seconds=1)
        limit = f";UNTIL={end.astimezone(UTC):{_UTC}}"
    return limit, _clock(words.strip(" ,"), text, now, locale)


def _clock(words: str, text: str, now: datetime, locale: str) -> time | None:
    from agentkit.slots.when import resolve_when

    part = _PART.search(text)
    named = part[1].lower() if part else ""
    words += {"": "", "night": " at night"}.get(named, f" in the {named}")
    if not words:
        return None
    # Nine o'clock is in the morning, however late it is now.
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    when = resolve_when(words, midnight, locale=locale)
    if when.all_day:
        raise _unknown(text)
    return when.start.time()


def _series(rule: str, begin: datetime) -> Any:
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    # Without its limits: UNTIL would have to have the same zone as the start, and COUNT
    # and INTERVAL change no first day.
    return rrulestr(_LIMITS.sub("", rule), dtstart=begin)


def _checked(one: Recurrence, now: datetime) -> Recurrence:
    """Refuse rules that name no day at all, such as FREQ=WEEKLY;BYDAY=XX."""
    try:
        _series(one.rule, now.replace(tzinfo=None))
    # `dateutil` checks little itself: a wrong part of a rule fails somewhere inside of
    # it.
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise _unknown(one.text) from exc
    return one


def _unknown(text: str) -> ValueError:
    return ValueError(
        f"{text!r} does not say how often; write for example 'every Sunday at 9',"
        " 'every 2 weeks' or 'monthly on the 15th'."
    )


def _validated(value: Any, info: Any) -> Recurrence:
    """What Pydantic calls: words, a rule, or a Recurrence."""
    if isinstance(value, Recurrence):
        return value
    if not isinstance(value, str):
        raise ValueError(
            "How often is given as text in the user's words, not as"
            f" {type(value).__name__}."
        )
    context = given_context(info) or Context()
    return resolve_recurrence(value, context.now, locale=context.locale)
