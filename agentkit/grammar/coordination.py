"""Things that were named together: "Ana, Bo and Cy", and a call for each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agentkit.grammar.stretches import Stretch, stretches
from agentkit.grammar.value_types import Field, Fixed, TextValue
from agentkit.messages import ToolCall
from agentkit.tools.schema.json_schema import is_list

_AND = r"(?:\band|\bund|\bet|\by|\be|&)\W+(?:the\W+)?{}"
# What stands between two things that are named together.
_TOGETHER = re.compile(
    r"['\"\u2019\u201d]?(?:,? (?:and|und|et|y|e|&)(?: also)?(?: (?:the|an?))?|,) "
    r"['\"\u2018\u201c]?"
)


def coordinated(text: str, options: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the things that are named together: "Ana, Bo and Cy".

    Args:
        text: what was said.
        options: the stretches that may be one of them.

    Returns:
        Each list of two or more; of lists that overlap the longest one.
    """
    listed = [one for one in stretches(text) if one.text in options]
    # "Invite Ana, Bo and Cy": a sentence seldom begins with a name of two words.
    shorter = {one.end for one in listed if one.start > 0 and one.kind == "name"}
    listed = [one for one in listed if one.start > 0 or one.end not in shorter]
    # From the end: the longest list that each one begins, then the widest.
    lists: dict[Stretch, tuple[Stretch, ...]] = {}
    for one in sorted(listed, key=lambda o: -o.start):
        more = [lists[o] for o in lists if _stand_together(text, one, o)]
        lists[one] = (one, *max(more, key=_extent, default=()))
    found: list[tuple[Stretch, ...]] = []
    for chain in sorted(lists.values(), key=_extent, reverse=True):
        free = all(
            chain[-1].end <= o[0].start or o[-1].end <= chain[0].start for o in found
        )
        if len(chain) > 1 and free:
            found.append(chain)
    return [tuple(one.text for one in chain) for chain in found]


def _stand_together(text: str, one: Stretch, other: Stretch) -> bool:
    # A quote and other words are not of one kind.
    alike = (one.kind == "quote") == (other.kind == "quote")
    return alike and bool(_TOGETHER.fullmatch(text, one.end, other.start))


def _extent(chain: Sequence[Stretch]) -> tuple[int, int, int]:
    """Return how many there are, how many are names, and how long they are."""
    names = sum(one.kind != "words" for one in chain)
    return len(chain), names, sum(len(one.text) for one in chain)


def for_each(call: ToolCall, fields: Sequence[Field], words: str) -> list[ToolCall]:
    """Repeat a call for each of the things that were named together.

    "The weather in Berlin and Madrid" asks twice of a tool that takes one city. Of "from
    Berlin to Madrid and Rome", and where two arguments have two of them, nothing is
    repeated.

    Args:
        call: as it was written.
        fields: the tool's arguments.
        words: what was said.
    """
    single = [f.name for f in fields if isinstance(f.value, TextValue | Fixed)]
    for name in single:
        value = call.arguments.get(name)
        others = [v for key, v in call.arguments.items() if key != name]
        for chain in _together(words) if isinstance(value, str) else ():
            if value not in chain or any(_has(other, chain) for other in others):
                continue
            return [
                replace(call, arguments={**call.arguments, name: one}) for one in chain
            ]
    return [call]


def _together(words: str) -> list[tuple[str, ...]]:
    """Return the names and quotes that were named together, each as it stands alone."""
    options = [one.text for one in stretches(words) if one.kind != "words"]
    # "Miami, Florida" is one place.
    return [
        one
        for one in coordinated(words, options)
        if re.search(_AND.format(re.escape(one[-1])), words)
    ]


def _has(value: Any, chain: Sequence[str]) -> bool:
    values = value if is_list(value) else (value,)
    return any(one in chain for one in values)
