"""A tool that is known by what was kept of it; its code is loaded when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from agentkit.tools.definition import AnyTool, Tool

_TOLD = (
    "name",
    "description",
    "parameters",
    "effect",
    "personal",
    "untrusted",
    "timeout",
    "__name__",
    "__qualname__",
    "__doc__",
    "__module__",
)


def facts_of(tool: AnyTool) -> dict[str, Any]:
    """Return what a tool tells of itself, as JSON can hold it."""
    told = {name: getattr(tool, name, None) for name in _TOLD}
    return {**told, "examples": list(tool.examples)}


class DeferredTool(Tool[..., Any]):
    """A tool made of its facts. What it does is asked of the tool itself, once loaded."""

    def __init__(
        self,
        facts: Mapping[str, Any] | None = None,
        load: Callable[[], AnyTool] | None = None,
        **fields: Any,
    ) -> None:
        """Take what `facts_of` told of a tool, and what loads it.

        Args:
            facts: as `facts_of` returned them.
            load: loads the tool itself.
            fields: instead of both, all fields of a tool: `dataclasses.replace` has them.
        """
        if facts is None:
            super().__init__(**fields)
        else:
            told = {**facts, "examples": tuple(facts["examples"]), "_load": load}
            self.__dict__.update(told)

    @cached_property
    def _real(self) -> AnyTool:
        load: Callable[[], AnyTool] = self.__dict__["_load"]
        return load()


class _Asked:
    """What runs, and is no fact: asked of the tool itself unless it was given."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, deferred: Any, kind: type[Any] | None = None) -> Any:
        return self if deferred is None else getattr(deferred._real, self._name)


# Set from outside: to a type checker they are what `Tool` says they are.
for _name in (
    *("function", "signature", "returns", "wording", "preview"),
    *("undo", "settle", "namespace"),
):
    setattr(DeferredTool, _name, _Asked(_name))
setattr(DeferredTool, "__wrapped__", _Asked("function"))  # noqa: B010
