"""Every word of every table of dates, alone and in a longer text."""

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest

from agentkit.slots import (
    When,
    find_recurrence,
    find_when,
    finder,
    resolve_recurrence,
    resolve_when,
)
from agentkit.slots.holidays import feasts
from agentkit.slots.named_days import MEALS, PARTS

NOW = datetime(2026, 9, 23, 10, 0, tzinfo=UTC)
# How each word of a table is put; the first of the phrases that is a date counts.
FRAMES: dict[str, tuple[str, ...]] = {
    "clock_words._POINTS": ("at {}",),
    "clock_words._FRACTIONS": ("{} past three",),
    "clock_words._MORNINGS": ("3 in the {}",),
    "vocabularies.MONTH_NAMES": ("{} 2027",),
    "vocabularies.DAY_NAMES": ("on {}",),
    "vocabularies.MONTHS": ("{} 2027",),
    "vocabularies.WEEKDAYS": ("on {}", "on {} at 3pm"),
    "date_words._BEFORE_THE_DAY": ("{} the 25th",),
    "named_days.PARTS": ("at {}", "in the {}", "{}"),
    "named_days._PLURALS": ("this {}",),
    "named_days._DEGREES": ("{} in the morning",),
    "named_days._ENDS_OF_DAY": ("by {}",),
    "named_days._FIRST_THING": ("{} in the morning",),
    "framed_periods._SPOKEN": ("in the {}",),
    "framed_periods._TO_DATE": ("{}", "{} to date"),
    "framed_periods._LONG": ("last {}",),
    "framed_periods._SEVERAL": ("last two {}",),
    "framed_periods._CALENDAR_YEAR": ("{}27",),
    "framed_periods._BEFORE_DECADE": ("{} 1990s", "{} the 1990s", "mid{}90s"),
    "framed_periods._BESIDE": ("the Friday {} May 8",),
    "named_days._LINK": ("christmas {} 2027", "christmas {} next year"),
    "inner_words._EDGES": ("{} of next month", "{} next month"),
    "inner_words._SHORT": ("by {}", "by the {upper}"),
    "inner_words._LAST": ("{} monday of May",),
    "inner_words._OF": ("first monday {} next month", "first monday {} May"),
    "framed_periods._OF": ("june {} next year", "june {} the next year"),
    "lengths.UNITS": ("next {}", "in 3 {}"),
    "lengths._FACTORS": ("next {}",),
    "lengths._LETTERS": ("in 3{}",),
    "lengths._VAGUE": ("in a {} days", "in a {} of days", "in {} days"),
    "lengths._FRACTIONS": ("in {} an hour", "in a {} of an hour"),
    "lengths._SIGNS": ("{} hour ago", "in 2{} hours"),
    "lengths._ARTICLES": ("{} week ago", "{} few weeks ago", "{} hour ago"),
    "lengths._PARTS": ("in {} thirds of an hour",),
    "lengths._FILLERS": ("in 3 {} weeks", "in 3 {} days"),
    "named_days.DAYS": ("{}", "{} Friday"),
    "named_days.NOWS": ("{}", "{} tomorrow"),
    "named_days._ON": ("all day {} Friday",),
    "period_rules._PARTS_OF_YEAR": ("{}1 2027",),
    "period_rules._WEEKS": ("{}27",),
    "period_rules._CALENDAR": ("{} week 27",),
    "period_rules._YEARS": ("2027{}q1", "2027 {} first quarter", "2027{} q1"),
    "numbers.ONES": ("in {} days",),
    "numbers.TENS": ("in {} days",),
    "numbers.ORDINALS": ("the {} of May",),
    "numbers._SUFFIXES": (
        "on the 21{} of May",
        "on the 22{} of May",
        "on the 23{} of May",
    ),
    "range_sides._UNTIL": ("{} Friday",),
    "range_sides._BEFORE": ("{} Friday",),
    "range_sides._AFTER": ("{} Friday",),
    "range_sides._SINCE": ("{} Friday",),
    "phrases._AT": ("{} 3pm",),
    "phrases._VAGUE": ("{} next week",),
    "phrases._GLUE": ("Friday {} 3pm", "Friday {} morning", "Friday {} may"),
    "phrases._TRAILING": ("tomorrow at 3 {}",),
    "phrases._HALVES": ("Tuesday {}",),
    "phrases._NIGHTS": ("late {}",),
    "ranges._TO": ("from 3pm {} 5pm",),
    "ranges._OR_LATER": ("Friday {}",),
    "ranges._BESIDE": ("an hour {} noon",),
    "ranges._OPENERS": ("{} 3pm to 5pm", "{} 3pm and 5pm"),
    "relative_words._FROM_NOW": ("3 days {}",),
    "relative_words._BOUNDS": ("in {} 3 days",),
    "relative_words._ABOUT": ("{} 3 days ago", "{} hour ago", "in {} 3 days"),
    "relative_words._WITHIN": ("{} 3 days",),
    "relative_words._SEEN_FROM": ("3 days before {}", "3 days from {}"),
    "relative_words._ANCHORED": ("3 days {} Christmas", "3 days {} to Christmas"),
    "relative_words._AHEAD": ("within {} 3 days",),
    "periods.SEASONS": ("last {}",),
    "unit_words.NEXT": ("{} week",),
    "unit_words.LAST": ("{} week",),
    "unit_words.THIS": ("{} week", "the {} week"),
    "unit_words._WHOLE": ("all {} week", "this {} week"),
    "unit_words._DETERMINERS": ("{} week", "{} week after next"),
    "unit_words._TODAYS": ("the rest of {} day",),
    "unit_words._SKIPPED": ("the {} next 3 weeks", "{} next 3 weeks"),
    "unit_words._RESTS": ("{} the week",),
    "unit_words._OFFSETS": ("the week {}",),
    "unit_words._WEEKENDS": ("this {}",),
    "unit_words._SEASONS": ("this {}",),
    "moment_draft._HOURS": ("3pm {}",),
    "moment_draft._REGIONS": ("3pm {} time", "3pm new {} time"),
}
# Tables of words that no date is told with: what they hold back or count is told by
# other tables, or by the tests of prose without dates.
OTHER = {
    "clock_words.NAMES", "day_fields.NAMES", "named_days.NAMES", "framed_periods.NAMES",
    "inner_words.NAMES", "lengths.NAMES", "lengths._FIRST", "lengths._SMALLER", "lengths._ENDS",
    "lengths._BEFORE_CLOCK", "numbers.NAMES", "numbers._SAID",
    "unit_words.NAMES", "date_words.LEADS", "named_days.LEADS", "framed_periods.LEADS",
    "inner_words.LEADS", "lengths.LEADS", "period_rules.LEADS", "range_sides.LEADS",
    "phrases.LEADS", "ranges.LEADS", "relative_words.LEADS", "unit_words.LEADS",
    "vocabularies.LANGUAGES", "finder._NAMES", "finder._LEADS", "finder._WORDS", "finder._PHRASES",
    "finder._LEADING", "named_days._DAYS", "named_days._NOWS",
    "periods.GRAINS", "periods._MONTHS", "periods._FIXED", "named_days._END_STARTS",
    "date_words._STOPS", "date_words._AFTER_DAY", "finder._MONTH_FIRST",
    "finder._FILLER", "named_days.MEALS", "date_lookalikes._OPENING",
    "date_lookalikes._AFTER_HOUR", "date_lookalikes._NUMBERED", "date_lookalikes._IDLE",
    "date_lookalikes._BEFORE_RANK", "date_lookalikes._SUFFIXES",
    "date_lookalikes._RANK_WORDS",
    "period_rules._AFTER_MAY", "range_sides._DOUBTFUL", "phrases._PREPOSITIONS",
    "phrases._WEAK_AFTER_THE", "phrases._IN_THE", "phrases._STOPS", "phrases._WEAK",
    "ranges._THE", "ranges._LINKS", "unit_words._STOPS", "moment_draft._LONG",
}  # fmt: skip
NOT_GRAMMAR = [
    "amount", "amount_numbers", "amount_text", "amount_words", "arithmetic", "contact",
    "duration", "feast_calendars", "foreign", "foreign_recurrence", "further_languages",
    "glossed_marks", "hindu_days", "holidays",
    "name_forms", "namesakes", "recurrence", "recurrence_words", "sky", "slot_type",
    "sum_notation", "translation", "units", "when",
]  # fmt: skip
GRAMMAR = [
    "vocabularies", "clock_words", "date_lookalikes", "date_text", "date_words", "day_fields", "finder",
    "framed_periods", "inner_words", "lengths", "moment_draft",
    "named_days", "numbers", "period_rules", "periods", "phrases", "range_sides",
    "ranges", "relative_words", "unit_words",
]  # fmt: skip


def place_of(module: str) -> str:
    """Where a module of the grammar lies: its words are partly those of all rooms."""
    shared = module in ("vocabularies", "numbers")
    return f"agentkit.{'language' if shared else 'slots'}.{module}"


def table(name: str) -> list[str]:
    """The words and phrases of a table."""
    module, _, attribute = name.partition(".")
    value = vars(import_module(place_of(module)))[attribute]
    return sorted(_texts(value))


def _texts(value: Any) -> list[str]:
    """What a table holds: its keys, or the phrases that are kept by first words."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, (dict, frozenset, tuple, list)):
        return []
    keys = cast("Collection[object]", value)
    held = cast("dict[str, object]", value).values() if isinstance(value, dict) else ()
    phrases = [one for each in held for one in _listed(each)]
    return phrases or [one for one in keys if isinstance(one, str)]


def _listed(value: object) -> list[str]:
    """The phrases of one first word; nothing where the table holds something else."""
    known = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
    texts = [one for one in known if isinstance(one, str)]
    return texts if len(texts) == len(known) else []


def tables_of(module: str) -> list[str]:
    """The tables that a module of the grammar makes itself."""
    loaded = import_module(place_of(module))
    source = Path(str(loaded.__file__)).read_text(encoding="utf-8")
    return [
        f"{module}.{name}"
        for name, value in vars(loaded).items()
        if re.search(rf"^{name}\b[^\n]*=", source, re.M)
        and not isinstance(value, str)
        and _texts(value)
    ]


def test_no_module_is_forgotten() -> None:
    """Each module of the slots is known to read dates, or to do something else."""
    folder = Path(str(finder.__file__)).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    shared = {"vocabularies", "numbers"}
    assert modules == {*GRAMMAR, *NOT_GRAMMAR} - shared


@pytest.mark.parametrize("module", GRAMMAR)
def test_every_table_is_tried(module: str) -> None:
    """A table that is added to the grammar gets a phrase to be tried in."""
    assert set(tables_of(module)) <= FRAMES.keys() | OTHER


@pytest.mark.parametrize("name", FRAMES)
def test_each_word_of_a_table(name: str) -> None:
    """Each word of a table is read alone and found, and means the same in both."""
    words = table(name)
    assert words
    for word in words:
        phrase, alone = first_read(word, FRAMES[name])
        assert found_in_text(phrase) == [(phrase, alone.start, alone.end)]


def first_read(word: str, frames: tuple[str, ...]) -> tuple[str, When]:
    """The first of the phrases with this word that is a date, and the date."""
    for frame in frames:
        phrase = frame.format(word, upper=word.upper())
        with suppress(ValueError):
            return phrase, resolve_when(phrase, NOW)
    raise AssertionError(f"No date: {[frame.format(word) for frame in frames]}")


def found_in_text(phrase: str) -> list[tuple[str, datetime, datetime | None]]:
    """The dates found in a sentence with a phrase."""
    found = find_when(f"We said {phrase}, as I recall.", NOW)
    return [(hit.text, hit.when.start, hit.when.end) for hit in found]


@pytest.mark.parametrize("part", [part for part in PARTS if part not in MEALS])
def test_part_of_the_day_behind_an_article(part: str) -> None:
    """Each part of the day is found behind "in the", as the morning is."""
    assert [text for text, *_ in found_in_text(f"in the {part}")] == [f"in the {part}"]


def test_each_name_of_a_feast() -> None:
    """Each of the feasts' names is read alone and found, with a year and without."""
    for name in feasts():
        for phrase in (name, f"{name} 2027"):
            alone = resolve_when(phrase, NOW)
            found = find_when(f"We said on {phrase}, as I recall.", NOW)
            assert [hit.when.start for hit in found] == [alone.start], phrase


@pytest.mark.parametrize("word", table("recurrence_words.BEGINNINGS"))
def test_each_beginning_of_a_recurrence(word: str) -> None:
    """What a recurrence can begin with is read alone and found in a longer text."""
    frames = ("{}", "{} day", "{} a week", "{} mondays", "{} first monday of the month")
    for phrase in [frame.format(word) for frame in frames]:
        with suppress(ValueError):
            resolve_recurrence(phrase, NOW)
            break
    else:
        raise AssertionError(f"No recurrence begins with {word!r}.")
    assert find_recurrence(f"We said {phrase}, as I recall.") == phrase
