"""What a reading of model output gives: calls, text, repairs and faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from agentkit.messages import Call, Dependency

__all__ = [
    "CallFault",
    "Dependency",
    "KnownTool",
    "KnownTools",
    "Parsed",
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
class Parsed:
    """Model output, read.

    Attributes:
        calls: the calls in the order in which they can be made.
        text: what is said besides the calls.
        repairs: every departure from what was written.
        errors: what was meant as a call but cannot be made one.
    """

    calls: tuple[Call, ...] = ()
    text: str = ""
    repairs: tuple[Repair, ...] = ()
    errors: tuple[CallFault, ...] = ()
