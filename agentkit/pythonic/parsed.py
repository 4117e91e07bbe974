"""What a reading of model output gives, and the books kept while reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from agentkit.messages import Dependency, ToolCall

__all__ = [
    "CallFault",
    "Dependency",
    "KnownTool",
    "KnownTools",
    "ParsedCalls",
    "Repair",
]


class KnownTool(Protocol):
    """The two facts about a tool that reading its calls needs."""

    @property
    def name(self) -> str:
        """The name that the model calls it by."""
        ...

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The JSON Schema of its arguments, an object schema."""
        ...


class KnownTools(Protocol):
    """The tools that a call may name; `agentkit.tools.Toolset` is one."""

    def __contains__(self, name: object, /) -> bool:
        """Whether a tool of this name is known."""
        ...

    def __getitem__(self, name: str, /) -> KnownTool:
        """Return the tool of this name."""
        ...

    def __iter__(self) -> Iterator[KnownTool]:
        """Go through the tools in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Repair:
    """Something that was read otherwise than it was written.

    Attributes:
        tool: the tool whose call was repaired; empty for the text as a whole.
        message: what was done, in words.
    """

    tool: str
    message: str

    def __str__(self) -> str:
        return f"{self.tool}: {self.message}" if self.tool else self.message


@dataclass(frozen=True, slots=True)
class CallFault:
    """Something that looks like a call and cannot be made one for certain.

    Attributes:
        tool: the name that was called.
        message: what is wrong, in words that the model can act on.
    """

    tool: str
    message: str


@dataclass(frozen=True, slots=True)
class ParsedCalls:
    """Model output, read.

    Attributes:
        calls: the calls in the order in which they can be made.
        text: what is said besides the calls.
        repairs: every departure from what was written.
        errors: what was meant as a call but cannot be made one.
    """

    calls: tuple[ToolCall, ...] = ()
    text: str = ""
    repairs: tuple[Repair, ...] = ()
    errors: tuple[CallFault, ...] = ()


# Of one turn; more is a model that repeats itself.
MAX_CALLS = 256

# What models put before a name, from OpenAI's and others' documents.
_PREFIXES = ("functions.", "function.", "tools.", "tool.", "api.")
# The id that `depend` gives to a call, and `format_calls` writes.
_PLACE = re.compile(r"call_(\d{1,3})")
_ASSIGNED = re.compile(r"^[ \t]*([^\W\d]\w*) *=(?!=)", re.MULTILINE)


class Books:
    """What one reading has found so far, and what its names refer to.

    Attributes:
        tools: the tools that may be called.
        source: the text that the calls are read from.
        calls: the calls that are sure, in order.
        repairs: what was read otherwise than written.
        errors: what could not be made a call.
        results: names that refer to the result of an earlier call.
        values: variables with where they are assigned and what; None before a look.
    """

    def __init__(self, tools: KnownTools, source: str) -> None:
        self.tools = tools
        self.source = source
        self.calls: list[ToolCall] = []
        self.repairs: list[Repair] = []
        self.errors: list[CallFault] = []
        self.results: dict[str, int] = {}
        self.values: dict[str, tuple[int, Any]] | None = None
        self._variables: set[str] | None = None

    def result_index(self, text: str) -> int:
        """Find the call whose result a word refers to; -1 when it refers to none."""
        if text in self.results:
            return self.results[text]
        place = _PLACE.fullmatch(text)
        index = int(place[1]) - 1 if place else -1
        return index if index < len(self.calls) else -1

    def variables(self) -> set[str]:
        """Name the variables that code around the calls assigns."""
        # Only looked for when a bare word needs it.
        if self._variables is None:
            self._variables = set(_ASSIGNED.findall(self.source))
        return self._variables

    def find_name(self, written: str) -> str:
        """Name the known tool that is meant; empty when none is, for certain."""
        if written in self.tools:
            return written
        trimmed = written.removesuffix(".call")
        for prefix in _PREFIXES:
            trimmed = trimmed.removeprefix(prefix)
        if trimmed in self.tools:
            return trimmed
        # Names of one tool in several spellings: `mail.send`, `mail_send`, `mail-send`.
        flat = _flat(trimmed)
        fits = [tool.name for tool in self.tools if _flat(tool.name) == flat]
        return fits[0] if len(fits) == 1 else ""

    def add(self, name: str, arguments: dict[str, Any], notes: list[str]) -> int:
        """Book a call with its repairs and return its index."""
        if notes:
            self.repairs.extend([Repair(name, note) for note in notes])
        self.calls.append(ToolCall(name, arguments))
        return len(self.calls) - 1

    def fail(self, name: str, why: str) -> int:
        """Book a call that cannot be made; returns -1."""
        end = "" if why.endswith("?") else "."
        message = f"The call of {name!r} was not made: {why}{end}"
        self.errors.append(CallFault(name, message))
        return -1

    def fail_unknown(self, name: str) -> int:
        """Book a call of a tool that there is not; returns -1."""
        self.errors.append(CallFault(name, self.unknown(name)))
        return -1

    def depend(self, index: int) -> Dependency:
        """Give a call an id, if it has none yet, and point to it."""
        call = self.calls[index]
        # Only calls that others depend on need an id.
        if not call.id:
            call = ToolCall(call.name, call.arguments, f"call_{index + 1}")
            self.calls[index] = call
        return Dependency(call.id)

    def unknown(self, name: str) -> str:
        """Say that there is no such tool, and which is meant if one is close."""
        # Imported here, since most answers have no fault.
        from difflib import get_close_matches

        names = [tool.name for tool in self.tools]
        close = get_close_matches(name[:80], names, n=1)
        message = f"Unknown tool {name[:80]!r}."
        if close:
            return f"{message} Did you mean {close[0]!r}?"
        return f"{message} The tools are: {', '.join(names[:20])}."


def _flat(name: str) -> str:
    """Write a name as Python could: models cannot call `get-weather` as it is."""
    return name.replace(".", "_").replace("-", "_")
