"""What a model that was not taught to call writes too much: the same thing twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from agentkit.grammar.stretches import stretches
from agentkit.grammar.value_types import Field, TextValue
from agentkit.messages import ToolCall
from agentkit.tools.schema.json_schema import is_list
from agentkit.tools.selection.stems import read_stems

# Stems of a person's or a place's name.
_NAME = 2
_TWICE = 2
# A value as a description offers it: "'red'", "(red)".
_OFFERED = r"(?i)['\"(]{}['\")]"
# An argument's name, with words that it has.
Taken: TypeAlias = tuple[str, str]


def without_surplus(call: ToolCall, fields: Sequence[Field], words: str) -> ToolCall:
    """Leave out of a call optional words that are another argument's, or the tool's.

    A model that was not taught to call fills in all that it is shown, and lists the
    same thing over and over.

    Args:
        call: as it was written.
        fields: the tool's arguments.
        words: what was said; the things of a list stand in its order.
    """
    given = {name: _listed(value, words) for name, value in call.arguments.items()}
    optional = {f.name: f for f in fields if not f.required}
    named = set(read_stems(call.name))
    taken = [_stems(value) for key, value in given.items() if key not in optional]
    kept: dict[str, Any] = {}
    for name, value in given.items():
        stems = _stems(value) if name in optional else set[str]()
        # A value that repeats the tool's own name, or another argument, tells nothing
        # new.
        if stems and (stems <= named or _is_taken(stems, taken)):
            continue
        if name in optional and _is_by_chance(value, optional[name], words):
            continue
        kept[name] = _others(value, taken)
        taken.append(stems)
    return replace(call, arguments=kept)


def taken_twice(call: ToolCall, words: str) -> tuple[Taken, ...]:
    """Return two arguments that have the same words, which were said once.

    Args:
        call: as it was written.
        words: what was said.

    Returns:
        Both arguments with the words; nothing where each has its own.
    """
    text = words.casefold()
    first: dict[str, Taken] = {}
    for name, value in call.arguments.items():
        for one in value if is_list(value) else (value,):
            if not isinstance(one, str) or not one:
                continue
            other = first.setdefault(one.casefold(), (name, one))
            if other[0] != name and text.count(one.casefold()) < _TWICE:
                return other, (name, one)
    return ()


def _is_by_chance(value: Any, field: Field, words: str) -> bool:
    """Whether plain words fill an argument that neither names nor offers them.

    "player" of "rating and player count" is no language; "red" is a colour where the
    color was spoken of, or where the description says "such as 'red'".
    """
    if not isinstance(field.value, TextValue) or not isinstance(value, str):
        return False
    plain = any(o.text == value and o.kind == "words" for o in stretches(words))
    spoken = set(read_stems(field.name)) & set(read_stems(words))
    return (
        plain
        and not spoken
        and not re.search(_OFFERED.format(re.escape(value)), field.about)
    )


def _listed(value: Any, words: str) -> Any:
    """Name each thing of a list of words once, in the order in which they were said."""
    if not _is_words(value):
        return value
    text = words.lower()
    return sorted(dict.fromkeys(value), key=lambda one: text.find(one.lower()))


def _is_words(value: Any) -> bool:
    return is_list(value) and all(isinstance(one, str) for one in value)


def _is_taken(stems: set[str], taken: Sequence[set[str]]) -> bool:
    """Whether words are those of another argument, a part of its name, or around it."""
    return any(
        one and (stems == one or one < stems or (stems < one and len(one) <= _NAME))
        for one in taken
    )


def _others(value: Any, taken: Sequence[set[str]]) -> Any:
    """Leave out of a list of words what another argument says already."""
    if not _is_words(value):
        return value
    return [one for one in value if _stems(one) not in taken] or value


def _stems(value: Any) -> set[str]:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return set()
    return set(read_stems(value if isinstance(value, str) else f"{value:g}"))
