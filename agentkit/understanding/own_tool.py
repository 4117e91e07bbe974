"""A tool of the developer, read for comparison with requests: its words and meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from agentkit.language import read_table
from agentkit.tools import AnyTool
from agentkit.understanding.features import read_tokens
from agentkit.understanding.network import Array
from agentkit.understanding.sense import Sense

# `getWeather`, `get_weather` and `weather/get` name the same words.
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_./-]+")
_SLOT = re.compile(r"\{(\w+)[^{}]*\}")
_OPTIONAL = re.compile(r"\[[^\[\]]*\]")
# In examples: `{name}` stands for a value, `[...]` may be left out, `(a|b)` is a
# choice, of which the first is taken.
_CHOICE = re.compile(r"\(([^()|]*)[^()]*\)")
# Reading one takes about a millisecond, once for a toolset.
_MOST_EXAMPLES = 40
# What a parameter's format, type or name says of the role of its words.
_FORMATS = {"when": "time", "duration": "duration", "contact": "person"}


@dataclass(frozen=True, slots=True)
class Own:
    """One tool as it is compared.

    Attributes:
        words: of its name, description and examples, by which a word is "asked for".
        about: what its name and description mean.
        examples: what each example means, without its values.
        fixed: the words of each example, without its values.
        contrary: words that say the contrary of what its name or an example says.
        values: words that stand for an argument's values.
        roles: that its arguments may have.
    """

    name: str
    words: frozenset[str]
    about: Array
    examples: Array
    fixed: tuple[frozenset[str], ...]
    contrary: frozenset[str]
    values: frozenset[str]
    roles: frozenset[str]


def read_tool(tool: AnyTool, sense: Sense) -> Own:
    """Read a tool; about a millisecond for each of its examples."""
    name = _CAMEL.sub(" ", tool.name)
    properties: dict[str, Any] = tool.parameters.get("properties", {})
    about = f"{name}. {tool.description}"
    plain = [_plain(example) for example in tool.examples[:_MOST_EXAMPLES]]
    means = sense.mean([about, *plain])
    fixed = tuple(_words(text) for text in plain)
    return Own(
        tool.name,
        _words(" ".join((about, *plain))),
        means[0],
        means[1:],
        fixed,
        _contraries(_words(name).union(*fixed)),
        frozenset(w for schema in properties.values() for w in _values(schema)),
        frozenset(_role(name, schema) for name, schema in properties.items()),
    )


@lru_cache(maxsize=10_000)
def _plain(example: str) -> str:
    """Write an example without its values and what may be left out."""
    text = _CHOICE.sub(r"\1", _OPTIONAL.sub(" ", example))
    return _SLOT.sub(" ", text).replace("...", " ")


def _words(text: str) -> frozenset[str]:
    return frozenset(t.text for t in read_tokens(text) if t.kind != "sign")


def _contraries(words: frozenset[str]) -> frozenset[str]:
    """Return the words that say the contrary of some, and are not among them."""
    found = {other for word in words for other in _opposites().get(word, ())}
    return frozenset(found - words)


@cache
def _opposites() -> Mapping[str, frozenset[str]]:
    pairs: dict[str, set[str]] = {}
    for rows in read_table(Path(__file__).with_name("opposites.toml")).values():
        for one, other in rows:
            pairs.setdefault(one, set()).add(other)
            pairs.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in pairs.items()}


def _values(schema: Mapping[str, Any]) -> list[str]:
    """List the words of the values that a parameter may have."""
    parts: list[Mapping[str, Any]] = [schema, *schema.get("anyOf", ())]
    parts += [schema["items"]] if "items" in schema else []
    values: list[Any] = [value for part in parts for value in part.get("enum", ())]
    return [w for value in values if isinstance(value, str) for w in _words(value)]


def _role(name: str, schema: Any) -> str:
    """Say which role the words of a parameter have, by its format, type and name."""
    kind = schema.get("format") or schema.get("type")
    if kind in ("integer", "number"):
        return "number"
    return _FORMATS.get(str(kind), _role_of_name(name.casefold()))


def _role_of_name(name: str) -> str:
    for role, words in _NAMES.items():
        if any(word in name for word in words):
            return role
    return ""


# The first role that fits is taken, so narrower words stand above wider ones; a name
# that holds none has no role.
_NAMES = {
    "time": ("time", "date", "when", "day", "start", "end"),
    "place": ("place", "city", "location", "destination", "origin", "address", "area"),
    "person": ("person", "name", "recipient", "contact", "who", "artist", "to"),
    "duration": ("duration", "length"),
    "number": ("number", "count", "amount", "quantity", "size"),
    "item": ("item", "product", "device"),
    "list": ("list",),
    "text": ("text", "message", "body", "note"),
    "title": ("title", "subject", "event", "movie", "song", "track", "album"),
    "query": ("query", "topic", "category", "genre", "type", "keyword"),
}


def with_examples(own: Own) -> Array:
    """Return what a tool means, its examples counted as much as its description."""
    if not len(own.examples):
        return own.about
    mean: Array = own.about + own.examples.mean(0)
    # Words that the table does not know have no length to divide by.
    return mean / max(float(np.linalg.norm(mean)), 1e-6)
