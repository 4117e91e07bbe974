"""Several calls of one tool that a request asks for, by the values that it lists.

"The factorial of 5, 7 and 9" wants three calls, and a small model writes one. Where the
numbers that were said are those of two calls or more, or several names stand in a row for
one argument, each call gets its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from agentkit.grammar.number_roles import number_roles
from agentkit.grammar.number_spans import SaidNumber
from agentkit.grammar.stretches import Stretch, stretches
from agentkit.grammar.value_types import Field, Fixed, Items, Real, TextValue, Whole

# Calls of one request; more numbers are a list or a table.
_MOST = 6
_IN_TURN = re.compile(r"\brespectively\b", re.IGNORECASE)

_LEAST = 2
_NAMING = ("name", "quote", "code")
# Between two names of one kind; a quote's marks stand there, too.
_JOINED = re.compile(r"['\u2019]?(?:,? and (?:the )?|, )['\u2018]?")
# Words that speak for one call's numbers speak for another's as well.
_ALIKE, _SPOKEN = 0.5, 0.25

Given = Mapping[str, str]


def call_groups(
    said: Sequence[SaidNumber], fields: Sequence[Field], text: str
) -> tuple[Given, ...]:
    """Return what each call must have, where there are several; as JSON, by arguments.

    Args:
        said: the numbers.
        fields: the tool's arguments.
        text: what was said.
    """
    needed = [f for f in fields if f.required and isinstance(f.value, Whole | Real)]
    if any(isinstance(f.value, Items) for f in fields if f.required):
        return ()
    given = number_roles(said, fields).given
    # What an argument that may be left out is given is none of the others'.
    spoken = {given[f.name] for f in fields if not f.required and f.name in given}
    left = [one for one in said if one.written not in spoken]
    numbered = _numbered(left, needed, text) if needed else ()
    named = _named(fields, text)
    if len(numbered) == len(named):
        return tuple(
            {**one, **other} for one, other in zip(numbered, named, strict=True)
        )
    return numbered or named


def _numbered(
    said: Sequence[SaidNumber], needed: Sequence[Field], text: str
) -> tuple[Given, ...]:
    """Give each call its numbers, where they are those of several."""
    starts = sorted({one.start for one in said if one.kind == "digits"})
    places = [[one for one in said if one.start == start] for start in starts]
    count = len(needed)
    varied = _varied(places, count)
    if not varied and len(places) >= 2 * count and len(places) % count == 0:
        return _given(_blocks(places, count, text), needed)
    return _given(varied, needed)


def _named(fields: Sequence[Field], text: str) -> tuple[Given, ...]:
    """Give each call one of the names that stand in a row, where one argument takes them."""
    wanting = [f for f in fields if f.required and isinstance(f.value, TextValue)]
    if len(wanting) != 1:
        return ()
    others = _choices(fields)
    listed = [
        one
        for one in stretches(text)
        if one.whole
        and one.kind in _NAMING
        and one.text.lower() not in others
        # "Denver, Colorado" may be two of a row.
        and ", " not in one.text
    ]
    # The longest of those that begin at one place: "Maroon 5", not "Maroon".
    named = list({one.start: one for one in sorted(listed, key=_by_place)}.values())
    row: list[str] = []
    # "Denver, Colorado" is one place; what stands in a row has an "and".
    ended = False
    last = -1
    for one in named:
        if last >= 0 and _JOINED.fullmatch(text[last : one.start]):
            row.append(one.text)
            ended |= "and" in text[last : one.start]
        elif len(row) < _LEAST:
            row, ended = [one.text], False
        last = one.end
    plain = all('"' not in one and "\\" not in one for one in row)
    if not ended or not _LEAST <= len(row) <= _MOST or not plain:
        return ()
    return tuple({wanting[0].name: json.dumps(one, ensure_ascii=False)} for one in row)


def _choices(fields: Sequence[Field]) -> set[str]:
    """Return the words, in lower case, that arguments with a choice may be."""
    values = [f.value.item if isinstance(f.value, Items) else f.value for f in fields]
    options = [one for v in values if isinstance(v, Fixed) for one in v.options]
    return {str(json.loads(one)).lower() for one in options}


def _by_place(one: Stretch) -> tuple[int, int]:
    return one.start, one.end


def _blocks(
    places: list[list[SaidNumber]], count: int, text: str
) -> list[list[SaidNumber]]:
    """Cut the numbers into those of each call."""
    calls = len(places) // count
    # "5 and 6 with weights 2 and 3 respectively": the first of each, the second of each.
    if _IN_TURN.search(text):
        return [_flat(places[at::calls]) for at in range(calls)]
    return [_flat(places[at * count : (at + 1) * count]) for at in range(calls)]


def _varied(places: list[list[SaidNumber]], count: int) -> list[list[SaidNumber]]:
    """Take one number of a list for each call, and the others for all of them."""
    runs = {place[0].run for place in places} - {0}
    for run in runs:
        listed = [place for place in places if place[0].run == run]
        others = [place for place in places if place[0].run != run]
        if len(listed) > 1 and len(others) == count - 1:
            return [_flat([*others, one]) for one in listed]
    return []


def _given(
    blocks: list[list[SaidNumber]], needed: Sequence[Field]
) -> tuple[Given, ...]:
    """Give the numbers of each call to its arguments; nothing where one lacks some."""
    if not 1 < len(blocks) <= _MOST:
        return ()
    roles = [number_roles(block, needed) for block in blocks]
    groups = [one.given for one in roles]
    if any(len(group) < len(needed) for group in groups):
        return ()
    runs = {one.run for block in blocks for one in block}
    in_one_run = len(runs) == 1 and runs != {0}
    weights = [one.evidence for one in roles]
    if not in_one_run and min(weights) < min(_SPOKEN, max(_ALIKE * max(weights), 0.01)):
        return ()
    return tuple(groups) if len({tuple(g.items()) for g in groups}) > 1 else ()


def _flat(places: Sequence[Sequence[SaidNumber]]) -> list[SaidNumber]:
    return [one for place in places for one in place]
