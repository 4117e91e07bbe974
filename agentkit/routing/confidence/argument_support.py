"""One call's arguments against the tool's schema and what the user said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

from agentkit.messages import ToolCall
from agentkit.routing.confidence.said_text import Said, is_number, leaves, trace
from agentkit.tools import AnyTool
from agentkit.tools.selection.stems import STOP, read_words, stem

_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
}


_NAMES = (
    "missing", "extra", "mistyped", "unsaid_number", "unsaid_text", "partly_said",
    "least_said", "unsaid_option", "same_as_default", "unsaid_choice",
    "overlooked_option", "overlooked_words", "given", "options_left", "nested",
    "as_per_cent", "as_fraction", "cut_name", "raised_flag",
)  # fmt: skip
NOTHING: Mapping[str, float] = MappingProxyType(dict.fromkeys(_NAMES, 0.0))


@dataclass(frozen=True, slots=True)
class Arguments:
    """What one call's arguments show.

    Attributes:
        values: by name, each 0 when there is nothing to object to.
        details: the argument that a value is about.
    """

    values: Mapping[str, float]
    details: Mapping[str, str]


def read_arguments(call: ToolCall, tool: AnyTool, last: Said, said: Said) -> Arguments:
    """Check a call's arguments one by one.

    Args:
        call: what the model asks for.
        tool: the tool of that name.
        last: what the user said last.
        said: all that was said and returned before the call.
    """
    reader = _Reader(call, tool, last, said)
    for name, value in call.arguments.items():
        reader.read(name, value)
    reader.look_for_left_out()
    return Arguments(reader.values, reader.details)


class _Reader:
    """Counts what it sees."""

    def __init__(self, call: ToolCall, tool: AnyTool, last: Said, said: Said) -> None:
        schema = tool.parameters
        self.given = call.arguments
        self.properties = cast(Mapping[str, Any], schema.get("properties") or {})
        self.required = set(cast(list[str], schema.get("required") or []))
        self.last, self.said = last, said
        self.options = _options(tool)
        self.values = dict(NOTHING)
        self.details: dict[str, str] = {}
        self.values["missing"] = float(len(self.required - set(self.given)))
        # Cut for the reason that the counts in `fit` are.
        self.values["given"] = float(min(len(self.given), 8))

    def note(self, signal: str, argument: str, amount: float = 1.0) -> None:
        """Add to a signal, and keep the argument for its reason."""
        self.values[signal] += amount
        self.details.setdefault(signal, argument)

    def read(self, name: str, value: Any) -> None:
        """Look at one argument that was given."""
        part = self.properties.get(name)
        if not isinstance(part, Mapping):
            self.note("extra", name)
            return
        schema = cast(Mapping[str, Any], part)
        if not fits(value, schema):
            self.note("mistyped", name)
        # What a tool takes by itself was not made up by the model.
        if name not in self.required and value == schema.get("default"):
            self.note("same_as_default", name)
            return
        # Choices are looked for in the last request only: earlier turns speak of other
        # choices.
        if schema.get("enum"):
            self._read_choice(name, value)
            return
        self._read_values(name, value)

    def _read_values(self, name: str, value: Any) -> None:
        found = list(leaves(value))
        self.values["nested"] += float(isinstance(value, list | dict))
        worst = 1.0
        for leaf in found:
            if isinstance(leaf, bool) or leaf is None:
                self._read_flag(name, leaf)
                continue
            share = trace(leaf, self.said)
            worst = min(worst, share)
            self._note_share(name, leaf, share)
        self.values["least_said"] = max(self.values["least_said"], 1 - worst)
        # Less than half of its words are the user's: it was made up.
        if name not in self.required and worst < 0.5:
            self.note("unsaid_option", name)

    def _note_share(self, name: str, leaf: Any, share: float) -> None:
        if is_number(leaf):
            number = abs(float(leaf))
            if number in self.said.percents:
                self.note("as_per_cent", name)
            # Nine digits, so that 0.07 times 100 is 7.
            elif float(f"{100 * number:.9g}") in self.said.percents:
                self.note("as_fraction", name)
            if share < 1:
                self.note("unsaid_number", name, 1 - share)
            return
        if share == 0:
            self.note("unsaid_text", name)
        elif share < 1:
            self.note("partly_said", name, 1 - share)
        elif self.last.is_cut(str(leaf)):
            self.note("cut_name", name)

    def _read_flag(self, name: str, flag: Any) -> None:
        # False is what most flags are without being named.
        if flag is True and not _is_named(name, self.last):
            self.note("raised_flag", name)

    def _read_choice(self, name: str, value: Any) -> None:
        # A choice of which less than half was said was made by the model.
        if any(trace(leaf, self.last) < 0.5 for leaf in leaves(value)):
            self.note("unsaid_choice", name)

    def look_for_left_out(self) -> None:
        """Look at the arguments that were not given: was there a word of them?"""
        for name, part in self.properties.items():
            if name in self.given or not isinstance(part, Mapping):
                continue
            self.values["options_left"] += 1
            schema = cast(Mapping[str, Any], part)
            if self._is_chosen(schema) or _is_named(name, self.last):
                self.note("overlooked_option", name)
                continue
            words = self.options[name]
            shared = len(words & self.last.content) / max(1, len(words))
            self.values["overlooked_words"] += shared

    def _is_chosen(self, schema: Mapping[str, Any]) -> bool:
        """Whether one of the choices, not the default, was said."""
        choices = cast(list[Any], schema.get("enum") or [])
        default = schema.get("default")
        return any(trace(c, self.last) == 1 for c in choices if c != default)


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value has the type, and is one of the choices, of a schema."""
    choices = schema.get("enum")
    if choices and not isinstance(value, list) and value not in choices:
        return False
    wanted = schema.get("type")
    if not isinstance(wanted, str) or wanted not in _TYPES:
        return True
    # A bool is an int to Python.
    if isinstance(value, bool) and wanted != "boolean":
        return False
    if not isinstance(value, _TYPES[wanted]):
        return False
    items = schema.get("items")
    if wanted == "array" and isinstance(items, Mapping):
        inner = cast(Mapping[str, Any], items)
        return all(fits(item, inner) for item in cast(list[Any], value))
    return True


@lru_cache(maxsize=512)
def about(tool: AnyTool) -> frozenset[str]:
    """Return the stems of all that a tool says about itself."""
    found = Said(f"{tool.name} {tool.description}").stems
    return found.union(*_options(tool).values())


@lru_cache(maxsize=512)
def _options(tool: AnyTool) -> Mapping[str, frozenset[str]]:
    """Return the stems of what is said about each argument."""
    properties = cast(Mapping[str, Any], tool.parameters.get("properties") or {})
    return {name: _option(name, part) for name, part in properties.items()}


def _option(name: str, part: Any) -> frozenset[str]:
    if not isinstance(part, Mapping):
        return frozenset()
    schema = cast(Mapping[str, Any], part)
    text = f"{name} {schema.get('description', '')} {schema.get('enum', '')}"
    return Said(text).content


def _is_named(name: str, said: Said) -> bool:
    stems = {stem(word) for word in read_words(name) if word not in STOP}
    return bool(stems) and stems <= said.stems
