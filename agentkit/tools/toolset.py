"""An ordered set of tools, from functions or from plain documents."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from agentkit.context import Context
from agentkit.errors import MissingPackage, ToolsetError
from agentkit.tools.decoration import TOOL_NAME, tool
from agentkit.tools.definition import AnyTool, Tool, ToolLike
from agentkit.tools.plain_documents import tool_of_document


class Toolset:
    """An ordered set of tools with unique names."""

    def __init__(self, *tools: ToolLike | Iterable[ToolLike]) -> None:
        """Take tools, or lists of them; a function that is none is made one.

        Raises:
            ToolDefinitionError: a function cannot become a tool.
            ToolsetError: two share a name, or something is no tool.
        """
        self._tools: dict[str, AnyTool] = {}
        for item in tools:
            if isinstance(item, Iterable):
                for one in cast(Iterable[object], item):
                    self._add(one)
            else:
                self._add(item)

    @classmethod
    def from_object(cls, instance: object) -> Toolset:
        """Take all methods of an object that are tools, as its class has them in order.

        Args:
            instance: an object of a class with `@tool` in its body.

        Raises:
            ToolsetError: there is none, or two share a name.
        """
        # The base class first, in whose order the methods were written; a subclass
        # replaces in place.
        bodies = [vars(one) for one in reversed(type(instance).__mro__)]
        names = dict.fromkeys(name for body in bodies for name in body)
        # Statically: reading a property of the object would run it.
        static = ((name, inspect.getattr_static(instance, name)) for name in names)
        found = [getattr(instance, name) for name, one in static if _is_tool(one)]
        if not found:
            kind = type(instance).__name__
            raise ToolsetError(
                f"{kind} has no method that is a tool: write @tool above"
            )
        return cls(found)

    def _add(self, item: object) -> None:
        added = _made(item)
        if added.name in self._tools:
            raise ToolsetError(f"two tools are named {added.name!r}: rename one")
        self._tools[added.name] = added

    @classmethod
    def from_schemas(
        cls,
        documents: Iterable[Mapping[str, Any]],
        handlers: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Toolset:
        """Make a toolset from plain function documents.

        Args:
            documents: `{"name", "description", "parameters"}`, in JSON Schema or
                Llama's `"type": "dict"` dialect, OpenAI's `{"function": {...}}`, or
                MCP's with `inputSchema` and `annotations`. The hints there are
                believed: take them only from servers that you trust.
            handlers: functions to run, by name; a tool without one only plans.

        Raises:
            ToolsetError: a document is malformed, or a handler has none.
        """
        known = handlers or {}
        toolset = cls([tool_of_document(document, known) for document in documents])
        unknown = [name for name in known if name not in toolset]
        if unknown:
            raise ToolsetError(f"handlers name {unknown[0]!r}, which is no document")
        return toolset

    @classmethod
    def from_mcp(cls, config: str | Path, context: Context | None = None) -> Toolset:
        """Make a toolset of the MCP servers that a configuration file names.

        They stay connected until the process ends. `agentkit.mcp.McpServers` ends them
        earlier, tells what was left out, and asks about what has changed.

        Args:
            config: a JSON file with `mcpServers`, as other clients have it.
            context: its home holds pins, policy and ledger.

        Raises:
            ConfigError: the file cannot be read.
            MissingPackage: the extra `mcp` is not installed.
        """
        # The protocol stands above the tools that it makes, so it is found by its name.
        room = import_module("agentkit.mcp")
        try:
            servers = room.open_servers(config, context)
        except ImportError as exc:
            raise MissingPackage("mcp", "mcp", "Toolset.from_mcp") from exc
        return cast(Toolset, servers.toolset)

    def __iter__(self) -> Iterator[AnyTool]:
        """Iterate in the order given."""
        return iter(self._tools.values())

    def __len__(self) -> int:
        """Count the tools."""
        return len(self._tools)

    def __contains__(self, name: object) -> bool:
        """Tell whether a tool has this name."""
        return name in self._tools

    def __getitem__(self, name: str) -> AnyTool:
        """Return the tool of this name; KeyError when there is none."""
        return self._tools[name]

    def __add__(self, other: Toolset) -> Toolset:
        """Join two toolsets."""
        return Toolset(self, other)

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(self._tools)

    def select(self, names: Iterable[str]) -> Toolset:
        """Keep the named tools, in the order given.

        Raises:
            ToolsetError: a name is not there.
        """
        wanted = list(names)
        missing = [name for name in wanted if name not in self]
        if missing:
            known = ", ".join(self.names) or "none"
            raise ToolsetError(f"no tool {', '.join(missing)!r}; there are: {known}")
        return Toolset([self[name] for name in wanted])

    def renamed(self, names: Mapping[str, str] | Callable[[str], str]) -> Toolset:
        """Give the tools other names, such as where two toolsets share one.

        Args:
            names: the new names by the old ones, of those that change; or what makes a
                new name of each old one, such as `"work_{}".format`.

        Raises:
            ToolsetError: a name is not there, a new one is no tool name, or two tools
                would have one.
        """
        if callable(names):
            names = {name: names(name) for name in self.names}
        self.select(names)  # raises where one is not there
        if bad := [name for name in names.values() if not TOOL_NAME.fullmatch(name)]:
            raise ToolsetError(
                f"{bad[0]!r} is no tool name: letters, digits, _ . - (64 at most)"
            )
        return Toolset(
            [replace(one, name=names.get(one.name, one.name)) for one in self]
        )

    @functools.cached_property
    def fingerprint(self) -> str:
        """Hash of all that a model sees of the tools; equal sets have equal ones."""
        facts = [[t.name, t.description, t.parameters] for t in self]
        return sha256(json.dumps(facts, default=str).encode()).hexdigest()

    @functools.cached_property
    def likeness(self) -> str:
        """A key that is equal for toolsets with equal definitions and examples."""
        examples = hash(tuple(tool.examples for tool in self))
        return f"{self.fingerprint} {examples}"

    @functools.cached_property
    def words(self) -> str:
        """All that the tools tell a model of themselves, as one text."""
        return "\n".join(
            f"{tool.name} {tool.description} {tool.parameters}" for tool in self
        )


def _is_tool(one: object) -> bool:
    return isinstance(getattr(one, "__func__", one), Tool)


def _made(item: object) -> AnyTool:
    """Return what is given as a tool.

    Raises:
        ToolDefinitionError: a function cannot become one.
        ToolsetError: it is none, or a method without its object.
    """
    behind: object = getattr(item, "__func__", None)
    if isinstance(behind, Tool):
        # `@classmethod` above `@tool`, as Python 3.13 and later bind it.
        item = cast(AnyTool, behind).__get__(getattr(item, "__self__"))  # noqa: B009
    if isinstance(item, Tool):
        added = cast(AnyTool, item)
        if added.is_method:
            body = added.function.__qualname__.rpartition(".")[0]
            raise ToolsetError(
                f"{added.name!r} is a method: give that of an object, "
                f"{body}(...).{added.function.__name__}"
            )
        return added
    if callable(item) and not inspect.isclass(item):
        return tool(item)
    raise ToolsetError(f"{item!r} is no tool: give a function, or what @tool made")


Made = TypeVar("Made")
# Toolsets that are remembered at once.
_MOST = 16


class PerToolset(Generic[Made]):
    """Caches what is made of a toolset; equal toolsets share it.

    The toolsets that were asked for first are forgotten first.
    """

    def __init__(self, make: Callable[[Toolset], Made], most: int = _MOST) -> None:
        """Take what makes it, and how many are kept."""
        self._make = make
        self._most = most
        self._kept: dict[str, Made] = {}

    def of(self, toolset: Toolset) -> Made:
        """Return what was made of an equal toolset before, or make it."""
        # Not the toolset itself: equal ones are made anew, as for each request of a server.
        key = toolset.likeness
        if key in self._kept:
            return self._kept[key]
        if len(self._kept) >= self._most:
            # Dictionaries keep their order, so the first key is the oldest.
            self._kept.pop(next(iter(self._kept)))
        made = self._kept[key] = self._make(toolset)
        return made
