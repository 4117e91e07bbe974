"""An ordered set of tools, from functions or from plain documents."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Generic, TypeVar, cast

from agentkit.errors import ToolError, ToolsetError
from agentkit.tools.definition import AnyTool, Effect, Tool
from agentkit.tools.schema import signature_of_document


class Toolset:
    """An ordered set of tools with unique names."""

    def __init__(self, *tools: AnyTool | Iterable[AnyTool]) -> None:
        """Take tools, or lists of them.

        Raises:
            ToolsetError: two share a name, or something is no tool.
        """
        self._tools: dict[str, AnyTool] = {}
        for item in tools:
            if isinstance(item, Iterable):
                for one in item:
                    self._add(one)
            else:
                self._add(item)

    def _add(self, item: object) -> None:
        if not isinstance(item, Tool):
            raise ToolsetError(f"{item!r} is no tool: decorate the function with @tool")
        added = cast(AnyTool, item)
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
        toolset = cls([_from_document(document, known) for document in documents])
        unknown = [name for name in known if name not in toolset]
        if unknown:
            raise ToolsetError(f"handlers name {unknown[0]!r}, which is no document")
        return toolset

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

    @functools.cached_property
    def fingerprint(self) -> str:
        """Hash of all that a model sees of the tools; equal sets have equal ones."""
        facts = [[t.name, t.description, t.parameters] for t in self]
        return sha256(json.dumps(facts, default=str).encode()).hexdigest()

    @functools.cached_property
    def likeness(self) -> str:
        """What is the same for two sets that are made of the same, their examples too."""
        examples = hash(tuple(tool.examples for tool in self))
        return f"{self.fingerprint} {examples}"

    @functools.cached_property
    def words(self) -> str:
        """All that the tools tell a model of themselves, as one text."""
        return "\n".join(
            f"{tool.name} {tool.description} {tool.parameters}" for tool in self
        )


def _from_document(
    document: object, handlers: Mapping[str, Callable[..., Any]]
) -> AnyTool:
    outer = _mapping(document)
    facts = _mapping(outer.get("function", outer))
    name = facts.get("name")
    if not isinstance(name, str) or not name:
        raise ToolsetError(f"a tool document has no name: {str(document)[:80]}")
    empty: dict[str, Any] = {"type": "object", "properties": {}}
    parameters: object = facts.get("parameters") or facts.get("inputSchema") or empty
    if not isinstance(parameters, Mapping):
        raise ToolsetError(f"the parameters of {name!r} are no JSON Schema object")
    signature = signature_of_document(name, _mapping(parameters))
    if signature.faults:
        raise ToolsetError(f"{name!r}: {'; '.join(signature.faults)}")
    return Tool(
        name=name,
        description=str(facts.get("description", "")),
        parameters=signature.schema,
        function=handlers.get(name) or functools.partial(_no_handler, name),
        signature=signature,
        effect=_strictest(
            _effect(_mapping(facts.get("annotations"))),
            _named_effect(name, str(facts.get("description", ""))),
        ),
        untrusted=_untrusted(_mapping(facts.get("annotations"))),
    )


_STRICT: tuple[Effect, ...] = ("read", "write", "send", "delete")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_VERBS: Mapping[Effect, frozenset[str]] = {
    "write": frozenset(
        [
            "add",
            "append",
            "create",
            "edit",
            "insert",
            "modify",
            "move",
            "overwrite",
            "put",
            "rename",
            "replace",
            "save",
            "set",
            "toggle",
            "update",
            "write",
        ]
    ),
    "send": frozenset(
        [
            "book",
            "buy",
            "email",
            "forward",
            "invite",
            "notify",
            "order",
            "pay",
            "post",
            "publish",
            "purchase",
            "reply",
            "send",
            "share",
            "submit",
            "transfer",
            "tweet",
            "upload",
            "withdraw",
        ]
    ),
    "delete": frozenset(
        [
            "cancel",
            "clear",
            "delete",
            "deactivate",
            "destroy",
            "discard",
            "drop",
            "erase",
            "kill",
            "purge",
            "remove",
            "reset",
            "revoke",
            "terminate",
            "trash",
            "truncate",
            "uninstall",
            "unsubscribe",
            "wipe",
        ]
    ),
}


def _effect(hints: Mapping[str, Any]) -> Effect:
    """Read an MCP tool's effect from its hints; what it leaves out is taken as risky.

    A tool without any hints is as one that declares nothing: it writes.
    """
    if not hints:
        return "write"
    if hints.get("readOnlyHint") is True:
        return "read"
    if hints.get("destructiveHint") is not False:
        return "delete"
    return "write" if hints.get("openWorldHint") is False else "send"


def _named_effect(name: str, description: str) -> Effect:
    """Tell what a tool does by the verbs of its name and the first of its description.

    A server's hints make a tool stricter than that, and never laxer.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    words += [word.lower().removesuffix("s") for word in description.split()[:1]]
    kinds: list[Effect] = [
        kind for kind in _STRICT if not _VERBS.get(kind, frozenset()).isdisjoint(words)
    ]
    return _strictest("read", *kinds)


def _strictest(*effects: Effect) -> Effect:
    return _STRICT[max(map(_STRICT.index, effects))]


def _untrusted(hints: Mapping[str, Any]) -> bool | None:
    """Tell whether an MCP tool says that it reads what the world wrote."""
    return True if hints.get("openWorldHint") is True else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def _no_handler(name: str, **_: Any) -> Any:
    raise ToolError(f"{name!r} is a document only: nothing runs it here")


Made = TypeVar("Made")
# Toolsets that are remembered at once.
_MOST = 16


class PerToolset(Generic[Made]):
    """Makes it of each toolset once; equal toolsets share it.

    The toolsets that were asked for first are forgotten first.
    """

    def __init__(self, make: Callable[[Toolset], Made], most: int = _MOST) -> None:
        """Take what makes it, and how many are kept."""
        self._make = make
        self._most = most
        self._kept: dict[str, Made] = {}

    def of(self, toolset: Toolset) -> Made:
        """Return what was made of an equal toolset before, or make it."""
        key = toolset.likeness
        if key in self._kept:
            return self._kept[key]
        if len(self._kept) >= self._most:
            self._kept.pop(next(iter(self._kept)))
        made = self._kept[key] = self._make(toolset)
        return made
