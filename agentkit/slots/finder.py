"""Dates and times in a text: where one can begin at all, and what it means."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache

from agentkit.slots.date_numbers import MONTHS, WEEKDAYS, day_first
from agentkit.slots.date_reading import Prefer, Reading
from agentkit.slots.holidays import feasts
from agentkit.slots.lengths import UNITS
from agentkit.slots.look_alikes import (
    MEALS,
    counts,
    goes_on,
    idle,
    inside_word,
    numbered,
    ranked,
    recurs,
    repeats,
)
from agentkit.slots.named_days import DAYS, NOWS, PARTS
from agentkit.slots.numbers import ONES, ORDINALS, TENS
from agentkit.slots.periods import SEASONS, Span
from agentkit.slots.ranges import moment_at
from agentkit.slots.tokens import Token, tokenize

# How many tokens may stand before the first that names a day, unit, time or number.
_REACH = 6
_COMMON_WORDS = ("a all an and as at before by day days day's for in international is just"
     " law long m mens night no of on our peoples read right s second see"
     " small take that the this time to up"
    )  # fmt: skip
_NAMING_WORDS = ("now moment minute asap soon possible noon midday noonish midnight weekend"
     " weekends season seasons half quarter eod cob eow eom eoq eoy bom boy couple few"
     " several pair dozen ytd mtd qtd twenties thirties forties fifties sixties noughties aughts"
     " seventies eighties nineties century decade day days night nights second time"
     " business cy"
    )  # fmt: skip
_JOINING_WORDS = ("a about after all an another any anytime approximately around as at before"
     " beginning between by circa close coming commencing current during early earlier end"
     " exactly final following for from h half immediately in inside just kw last"
     " late later least less mid middle more my next no not of on onwards our over"
     " past present previous prior q rest right roughly since sometime start starting"
     " the this through thru till til to until untill up upcoming w week whole within"
     " wk entire ' ( @ - , : > < = ~"
    )  # fmt: skip
_COMMON = frozenset(_COMMON_WORDS.split())
_NAMING = frozenset(_NAMING_WORDS.split())
_JOINING = frozenset(_JOINING_WORDS.split())


@cache
def _naming() -> frozenset[str]:
    tables = (MONTHS, WEEKDAYS, UNITS, ONES, TENS, ORDINALS, SEASONS, PARTS)
    known = {word for table in tables for name in table for word in name.split()}
    known |= {word for name in (*DAYS, *NOWS) for word in name.split()}
    known |= {word for name in feasts() for word in name.split()}
    return _NAMING | (frozenset(known) - _COMMON)


def starts(tokens: tuple[Token, ...]) -> list[bool]:
    """For each token whether a date may begin there."""
    naming = _naming()
    good = [False] * len(tokens)
    ahead = _REACH + 1
    for index in range(len(tokens) - 1, -1, -1):
        word = tokens[index].text
        names = word[0].isdigit() or not naming.isdisjoint(_forms(word))
        ahead = 0 if names else ahead + 1
        good[index] = names or (ahead <= _REACH and word in _JOINING)
    return good


def _forms(word: str) -> tuple[str, ...]:
    """The word, and what is left of it without its apostrophe."""
    if "'" not in word:
        return (word,)
    return word.partition("'")[0], word.replace("'", "")


_WINDOW = 40
# So many places may be tried at once, and one more per so many characters: twice
# what a letter full of dates needs, and a bound for a text made to take long.
_BURST = 150
_SPACING = 14
_MONTH_FIRST = frozenset({"", "c", "en", "en-us", "en-ph", "en-ca", "es-us"})
_FILLER = frozenset(
    [".", ",", ";", "!", "?", "'", '"', "(", ")", "please", "sometime", "on", "over"]
)


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span and where it stands in the text."""

    start_index: int
    end_index: int
    span: Span


def read_whole(
    text: str, now: datetime, *, prefer: Prefer = "future", locale: str = ""
) -> Span | None:
    """The span that the whole text means; None when some of it is left over."""
    tokens = _tokens(text, locale)
    reading = Reading(tokens, now.replace(tzinfo=None), prefer, _zone(now), whole=True)
    # The first words may belong to the date, as in "on or before Friday".
    for first in sorted({0, reading.skip(0, _FILLER)}):
        found = moment_at(reading, first, bare=True)
        if found and reading.skip(found[1], _FILLER) == len(tokens):
            return found[0]
    return None


def _zone(now: datetime) -> tzinfo:
    return now.tzinfo or UTC


def _tokens(text: str, locale: str) -> tuple[Token, ...]:
    """The words, with 3/4 in the order of the rules, month first.

    The month stands first in American English, which a bare "en" is taken for.
    """
    tag = locale.replace("_", "-").lower()
    tokens = tokenize(text)
    return tokens if tag in _MONTH_FIRST else day_first(tokens)


def find_spans(text: str, now: datetime, *, locale: str = "") -> list[FoundSpan]:
    """Every date or time in a longer text, longest match, left to right."""
    tokens = _tokens(text, locale)
    found: list[FoundSpan] = []
    index = first = 0
    reading = _window(tokens, first, now)
    possible = starts(tokens)
    tries = 0
    while index < len(tokens):
        if not possible[index] or tries > _BURST + tokens[index].start // _SPACING:
            index += 1
            continue
        tries += 1
        if index >= first + _WINDOW:
            first = max(index - 1, 0)
            reading = _window(tokens, first, now)
        hit = _read_at(reading, tokens, index, first)
        if hit is None:
            index += 1
            continue
        if not recurs(tokens, index, hit[0]):
            last = tokens[hit[1] - 1]
            found.append(FoundSpan(tokens[index].start, last.end, hit[0]))
        index = hit[1]
    return found


def _window(tokens: tuple[Token, ...], first: int, now: datetime) -> Reading:
    """A stretch of the text, so long that a date which starts in it ends in it."""
    stretch = tokens[first : first + 2 * _WINDOW]
    return Reading(stretch, now.replace(tzinfo=None), "future", _zone(now))


def _read_at(
    reading: Reading, tokens: tuple[Token, ...], index: int, first: int
) -> tuple[Span, int] | None:
    """The span that starts at a token, unless it is likelier something else."""
    if tokens[index].text in MEALS or inside_word(tokens, index):
        return None
    hit = moment_at(reading, index - first)
    if hit is None or hit[2]:
        return None
    end = first + hit[1]
    words = tokens[index:end]
    if (
        repeats(tokens, end)
        or goes_on(tokens, end)
        or counts(tokens, end, hit[0])
        or idle(words)
    ):
        return None
    if numbered(tokens, index) or ranked(words, tokens[end : end + 1]):
        return None
    return hit[0], end
