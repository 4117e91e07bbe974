"""Hints in a tool's description about its arguments, and whether a call follows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

from agentkit.messages import ToolCall
from agentkit.routing.confidence.said_text import (
    Said,
    is_number,
    leaves,
    trace,
    units_in,
)
from agentkit.tools import AnyTool
from agentkit.tools.selection.stems import read_words

_QUOTED = re.compile(
    r"(?<!\w)['\"\u2018\u201c]([^'\"\u2019\u201d]{1,40})['\"\u2019\u201d](?!\w)"
)
# "Default is 5", "defaults to 'metric'"; then "e.g. Paris", "such as 'mm'".
_DEFAULT = re.compile(
    r"default(?:s|ed)?(?: value)?(?: (?:is|to|=))*:? *['\"]?([\w.+-]+)", re.IGNORECASE
)
_EXAMPLE = re.compile(
    r"(?:e\.g\.?,?|i\.e\.?,?|for example,?|such as|like|example:)\s*:?\s*"
    r"['\"]?([^.;)('\"]{2,60})",
    re.IGNORECASE,
)
_PLACE = re.compile(r"city(?:,| and| &) (?:state|st\b|country)", re.IGNORECASE)
# "Berlin, Germany": an example shows the form that is wanted.
_PLACE_SHOWN = re.compile(r"[a-z], [A-Z]")
_PERCENT = re.compile(r"percent|%", re.IGNORECASE)
_FRACTION = re.compile(r"decimal|fraction|between 0 and 1|0 to 1", re.IGNORECASE)
# A form that a description names, and what a text in that form holds.
_FORMS = (
    (re.compile(r"yyyy-mm-dd", re.I), re.compile(r"\d{4}-\d\d-\d\d")),
    (re.compile(r"(?:mm/dd|dd/mm)/yyyy", re.I), re.compile(r"\d\d?/\d\d?/\d{4}")),
    (re.compile(r"(?:mm-dd|dd-mm)-yyyy", re.I), re.compile(r"\d\d?-\d\d?-\d{4}")),
    (re.compile(r"hh:mm", re.I), re.compile(r"\d\d?:\d\d")),
)
_NAMES = (
    "per_cent_clash", "unlisted", "overlooked_choice", "other_unit", "copied_example",
    "short_list", "options_given", "form_clash", "place_clash",
)  # fmt: skip
UNHEEDED: Mapping[str, float] = MappingProxyType(dict.fromkeys(_NAMES, 0.0))


@dataclass(frozen=True, slots=True)
class Hint:
    """What the description of one argument says of its values.

    Attributes:
        listed: texts in quotation marks, in lower case: the choices, often.
        choices: those of them that are not the default.
        examples: what follows "such as", in lower case.
        forms: patterns that a text must hold, such as that of a date.
        place: whether a place is wanted with its state or country.
        per_cent: whether a number is per cent.
        fraction: whether a number is a fraction of one.
        units: units that it speaks of.
        has_enum: whether the schema lists its choices.
    """

    listed: frozenset[str]
    choices: tuple[str, ...]
    examples: tuple[str, ...]
    forms: tuple[re.Pattern[str], ...]
    place: bool
    per_cent: bool
    fraction: bool
    units: frozenset[str]
    has_enum: bool


@dataclass(frozen=True, slots=True)
class Heeded:
    """Where one call does not follow its tool's hints.

    Attributes:
        values: by name, each 0 when there is nothing to object to.
        details: the argument that a value is about.
    """

    values: Mapping[str, float]
    details: Mapping[str, str]


@lru_cache(maxsize=512)
def hints_of(tool: AnyTool) -> Mapping[str, Hint]:
    """Read the hints of a tool's arguments, by name."""
    properties = cast(Mapping[str, Any], tool.parameters.get("properties") or {})
    return {
        name: _hint(name, cast(Mapping[str, Any], part))
        for name, part in properties.items()
        if isinstance(part, Mapping)
    }


def _hint(name: str, schema: Mapping[str, Any]) -> Hint:
    text = str(schema.get("description", ""))
    listed = [one.lower() for one in _QUOTED.findall(text)]
    default = _DEFAULT.search(text)
    # The default is taken where nothing is said, so it is no choice that could be
    # overlooked.
    usual = default[1].lower() if default else ""
    examples = _EXAMPLE.findall(text)
    spaced = [" ".join(read_words(one)) for one in listed if one != usual]
    return Hint(
        listed=frozenset(listed),
        choices=tuple(one for one in spaced if one),
        examples=tuple(one.lower() for one in examples),
        forms=tuple(form for told, form in _FORMS if told.search(text)),
        place=bool(
            _PLACE.search(text) or any(_PLACE_SHOWN.search(one) for one in examples)
        ),
        per_cent=bool(_PERCENT.search(text)),
        fraction=bool(_FRACTION.search(text)),
        units=units_in((*read_words(text), *read_words(name))),
        has_enum=bool(schema.get("enum")),
    )


def heed(call: ToolCall, tool: AnyTool, last: Said) -> Heeded:
    """Count where a call does not follow the hints of its tool.

    Args:
        call: what the model asks for.
        tool: the tool of that name.
        last: what the user said last.
    """
    found, details = dict(UNHEEDED), dict[str, str]()
    required = cast(list[str], tool.parameters.get("required") or [])
    for name, hint in hints_of(tool).items():
        before = dict(found)
        if name not in call.arguments:
            found["overlooked_choice"] += _is_overlooked(hint, last)
        else:
            _read(call.arguments[name], hint, last, found)
        for signal in found:
            if found[signal] > before[signal]:
                details.setdefault(signal, name)
        found["options_given"] += name in call.arguments and name not in required
    return Heeded(found, details)


def _is_overlooked(hint: Hint, last: Said) -> bool:
    return any(f" {choice} " in last.flat for choice in hint.choices)


def _read(value: Any, hint: Hint, last: Said, found: dict[str, float]) -> None:
    if isinstance(value, list | tuple):
        # One item where a list is wanted: others may have been dropped.
        found["short_list"] += len(cast(list[Any], value)) == 1
    for leaf in leaves(value):
        if is_number(leaf):
            _read_number(abs(float(leaf)), hint, last, found)
        elif isinstance(leaf, str):
            _read_text(leaf, hint, last, found)


def _read_number(
    number: float, hint: Hint, last: Said, found: dict[str, float]
) -> None:
    if number in last.percents and not hint.per_cent:
        found["per_cent_clash"] += 1
    hundredfold = float(f"{100 * number:.9g}")
    if hundredfold in last.percents and hint.per_cent and not hint.fraction:
        found["per_cent_clash"] += 1
    # Of a description with several units nobody knows which is meant.
    if len(hint.units) == 1 and last.units and hint.units.isdisjoint(last.units):
        found["other_unit"] += 1


def _read_text(text: str, hint: Hint, last: Said, found: dict[str, float]) -> None:
    lowered = text.lower()
    # One text in quotation marks is an example; several are choices.
    if len(hint.listed) > 1 and not hint.has_enum and lowered not in hint.listed:
        found["unlisted"] += 1
    if any(not form.search(text) for form in hint.forms):
        found["form_clash"] += 1
    if hint.place and "," not in text:
        found["place_clash"] += 1
    # An example's value that the user did say is no copy.
    if any(lowered in one for one in hint.examples) and trace(text, last) < 1:
        found["copied_example"] += 1
