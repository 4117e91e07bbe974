"""The requests that were written one by one for nano, as rows to train on.

Their calls tell the tool, and which words fill what. Words of which this is not known
are marked as unknown, and teach no role. Each request is trained on in several fillings:
as it was written, and with words of other requests for the same tool in its place.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from agentkit.messages import ToolCall
from agentkit.pythonic import parse_calls
from agentkit.tools.schema.json_schema import is_list
from agentkit.understanding.features import read_tokens
from tests.benchmarks.nano.gold import ROLES
from tests.benchmarks.nano.rows import NONE, Asked, installed_tools
from tests.benchmarks.nano.written_rows import trained_rows
from tests.benchmarks.understanding.corpora import UNKNOWN, Row, Spans
from tests.benchmarks.understanding.frames import values

FILLINGS = 3
# What is said to any assistant in a word or two; no longer sentence is taken for it.
_CHAT = frozenset({
    "~greeting", "~goodbye", "~thanks", "~yes", "~no", "~stop", "~repeat", "~unclear",
})  # fmt: skip
_SHORT = 5
# The roles of parameters that sayings mark by a rule, or not at all.
_ROLES = {
    "when": "time", "repeat": "time", "since": "time", "until": "time",
    "propose": "time", "to_place": "place", "from_place": "place", "event": "title",
    "remind_before": "duration", "ahead": "duration", "later": "duration",
    "earlier": "duration", "longer": "duration", "shorter": "duration",
    "new_title": "title", "new_text": "text", "unit": "query", "to": "person",
}  # fmt: skip
_COMPANY = re.compile(r"\s(?:with|mit|avec|con|com)\s")
_AND = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|und|et|e|ed|y)\s+")
# Sayings hold a list of items or of people as one span each.
_SEVERAL = frozenset({"item", "person"})


def read_written(
    topics: Sequence[str], pool: Sequence[Row], seed: int = 0
) -> list[Row]:
    """Return the written requests in all their fillings.

    Args:
        topics: all that a request which no tool does may be about.
        pool: rows whose words go into the fillings, beside those of the written ones.
        seed: the same one fills them alike.
    """
    rows = [row for asked in trained_rows() for row in row_of(asked, topics)]
    words = words_by_role([*pool, *rows])
    chance = random.Random(seed)
    return [
        row if number == 0 else refilled(row, words, chance)
        for row in rows
        for number in range(FILLINGS)
    ]


def row_of(asked: Asked, topics: Sequence[str]) -> Iterator[Row]:
    """Turn a request into a row; what follows up on another one gives none."""
    if asked.turns:
        return
    if asked.answer == NONE:
        wanted, spans = _topics_of(asked.text, topics), None
    else:
        calls = parse_calls(asked.answer, installed_tools()).calls
        wanted = tuple(dict.fromkeys(call.name for call in calls))
        spans = spans_of(asked.text, calls, asked.lang)
    yield Row(asked.text, asked.lang, wanted, spans, asked.frame, "written")


def _topics_of(text: str, topics: Sequence[str]) -> tuple[str, ...]:
    """Return what a foreign request may be about: it was not told which."""
    barred = _CHAT if len(read_tokens(text)) > _SHORT else frozenset[str]()
    return tuple(
        name for name in topics if name not in barred and "followup" not in name
    )


def spans_of(text: str, calls: Sequence[ToolCall], lang: str) -> Spans | None:
    """Mark the words that fill arguments, and those that may; None where unsure."""
    found, whole = list[tuple[int, int, str]](), True
    for call in calls:
        for name, value in call.arguments.items():
            for role, words in _said(call.name, name, value):
                places = _places(text, words, role, lang)
                found += places
                whole = whole and bool(places)
        whole = whole and not _mentions(call.name)
    spans = _disjoint(found, text)
    return spans if spans is None or whole else _filled_up(spans, text)


def _mentions(tool: str) -> bool:
    """Whether requests for a tool mark words that fill nothing, so no call tells them."""
    roles = ROLES.get(tool, {})
    return any(not to and role != "person" for role, to in roles.items())


def _said(tool: str, name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the words of an argument, each with its role."""
    if isinstance(value, (bool, int)):
        if value is not True and value is not False:
            yield role_of(tool, name, str(value)), str(value)
        return
    schema: Any = installed_tools()[tool].parameters["properties"].get(name, {})
    if "enum" in str(schema):
        return
    for one in value if is_list(value) else [value]:
        role = role_of(tool, name, one)
        for words in _AND.split(one) if role in _SEVERAL else [one]:
            if words:
                yield role, words


def role_of(tool: str, name: str, words: str) -> str:
    """Return the role of a parameter's words; `UNKNOWN` where there may be two."""
    by_rule = ROLES.get(tool, {})
    roles = [role for role, to in by_rule.items() if to.rstrip("*+") == name]
    if {"time", "duration"} <= set(roles) or set(roles) == {"query", "text"}:
        return roles[0]
    if set(roles) == {"person", "number"}:
        return "number" if words.lstrip("+")[:1].isdigit() else "person"
    if len(roles) > 1:
        return UNKNOWN
    return roles[0] if roles else _ROLES.get(name, UNKNOWN)


def _places(text: str, words: str, role: str, lang: str) -> Spans:
    """Return where words stand, once; nothing where they do not, or twice."""
    found = list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text))
    if len(found) != 1:
        return ()
    start, end = found[0].span()
    if role == "time":
        start = _with_little_words(text, start, lang)
    company = _COMPANY.search(text, start, end) if role == "title" else None
    if company:  # who takes part is no part of the title
        return (start, company.start(), role), (company.end(), end, UNKNOWN)
    return ((start, end, role),)


def _with_little_words(text: str, start: int, lang: str) -> int:
    """Begin a time where the sayings would: "on Friday", "um drei"."""
    while before := re.search(r"(\w+)\s+$", text[:start]):
        if before[1].lower() not in _little_words(lang):
            break
        start = before.start(1)
    return start


@cache
def _little_words(lang: str) -> frozenset[str]:
    firsts: dict[str, set[str]] = defaultdict(set)
    for name, lines in values(lang).items():
        for line in lines if name.startswith("time") else ():
            first, _, rest = line.lower().partition(" ")
            firsts[first].add(rest)
    # "on" begins many times; "tomorrow" some, but stands alone as well.
    return frozenset(
        word
        for word, rest in firsts.items()
        if len(rest) > 2 and "" not in rest and word.isalpha()
    )


def _disjoint(found: Sequence[tuple[int, int, str]], text: str) -> Spans | None:
    """Put spans in order; None where one stands in another."""
    spans: list[tuple[int, int, str]] = []
    for start, end, role in sorted(set(found)):
        last = spans[-1] if spans else (0, 0, "")
        if start >= last[1]:
            spans.append((start, end, role))
        elif last[2] == UNKNOWN and start >= last[0]:
            # What was not sure of is told by the other argument: "with {Priya}".
            spans[-1:] = [(start, end, role)]
        else:
            return None
    return tuple(spans)


def _filled_up(spans: Spans, text: str) -> Spans:
    """Mark all words between as unknown: one of them is an argument in other words."""
    edges = [0, *(edge for start, end, _ in spans for edge in (start, end)), len(text)]
    gaps = [
        (start, end, UNKNOWN)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if start < end
    ]
    return tuple(sorted([*spans, *gaps]))


Words = Mapping[tuple[str, str, str], Sequence[str]]


def words_by_role(rows: Sequence[Row]) -> Words:
    """Return the words said in a language for a tool and a role."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in rows:
        if len(row.wanted) == 1:
            for start, end, role in row.spans or ():
                key = row.language, row.wanted[0], role
                found[key].append(row.text[start:end])
    return found


def refilled(row: Row, words: Words, chance: random.Random) -> Row:
    """Put other words of the same role into a request; of two tools they stay."""
    if row.spans is None or len(row.wanted) != 1:
        return row
    text, spans, at = "", list[tuple[int, int, str]](), 0
    for start, end, role in row.spans:
        text += row.text[at:start]
        some = words.get((row.language, row.wanted[0], role), ())
        said = row.text[start:end]
        if role != UNKNOWN and some:
            said = chance.choice(some)
        spans.append((len(text), len(text) + len(said), role))
        text += said
        at = end
    return replace(row, text=text + row.text[at:], spans=tuple(spans))
