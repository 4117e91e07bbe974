"""What a tool says about itself, as stems by field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from agentkit.selection.phrases import phrases_in
from agentkit.selection.words import read_stems
from agentkit.tools import AnyTool

Field = Literal[
    "name", "description", "argument", "about", "choice", "example", "phrase"
]

_SLOT = re.compile(r"\{\w+\}")
_DEEPEST = 5


def fields_of(tool: AnyTool) -> dict[Field, list[str]]:
    """List the stems of a tool's name, description, arguments and examples."""
    found: dict[Field, list[str]] = defaultdict(list)
    found["name"] = read_stems(tool.name)
    found["description"] = read_stems(tool.description)
    for kind, text in _schema_texts(tool.parameters):
        found[kind] += read_stems(text)
    for sentence in tool.examples:
        found["example"] += read_stems(_SLOT.sub(" ", sentence))
        found["phrase"] += phrases_in(sentence)
    return found


def _schema_texts(
    schema: Mapping[str, Any], depth: int = 0
) -> Iterator[tuple[Field, str]]:
    """Go through an object schema's argument names, descriptions and choices."""
    if depth > _DEEPEST:
        return
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return
    for name, part in cast(Mapping[str, Any], properties).items():
        yield "argument", name
        if isinstance(part, Mapping):
            yield from _part_texts(cast(Mapping[str, Any], part), depth)


def _part_texts(part: Mapping[str, Any], depth: int) -> Iterator[tuple[Field, str]]:
    yield "about", str(part.get("description", ""))
    items = part.get("items")
    inner: Mapping[str, Any] = {}
    if isinstance(items, Mapping):
        inner = cast(Mapping[str, Any], items)
    for choices in (part.get("enum"), inner.get("enum")):
        if isinstance(choices, list):
            for choice in cast(list[object], choices):
                yield "choice", str(choice)
    yield from _schema_texts(part, depth + 1)
    yield from _schema_texts(inner, depth + 1)
