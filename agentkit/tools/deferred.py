"""Tools that are known by what was kept of them; their code is loaded when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from agentkit.tools.definition import SIGNED, AnyTool, Tool
from agentkit.tools.schema import Signature

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
    return {
        **told,
        "examples": list(tool.examples),
        "fields": list(tool.signature.fields),
        "context_name": tool.signature.context_name,
    }


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
            told = {name: facts[name] for name in _TOLD}
            examples = tuple(facts["examples"])
            self.__dict__.update(told, examples=examples, _load=load)

    @cached_property
    def _real(self) -> AnyTool:
        load: Callable[[], AnyTool] = self.__dict__["_load"]
        return load()


class _DeferredSignature(Signature):
    """A signature that was found good before; its validator is made when it is used."""

    def __init__(self, facts: Mapping[str, Any], make: Callable[[], Signature]) -> None:
        self.__dict__.update(
            schema=facts["parameters"],
            fields={name: name for name in facts["fields"]},
            context_name=facts["context_name"],
            _make=make,
        )

    @cached_property
    def _real(self) -> Signature:
        make: Callable[[], Signature] = self.__dict__["_make"]
        return make()


@contextmanager
def known(facts: Iterable[Mapping[str, Any]]) -> Generator[None]:
    """Load tools whose definitions were found good before: nothing is checked again.

    Args:
        facts: as `facts_of` told them of the same code.
    """
    by_place = {(one["__module__"], one["__qualname__"]): one for one in facts}

    def sign(function: Callable[..., Any], make: Callable[[], Signature]) -> Signature:
        place = function.__module__, function.__qualname__
        return (
            _DeferredSignature(by_place[place], make) if place in by_place else make()
        )

    token = SIGNED.set(sign)
    try:
        yield
    finally:
        SIGNED.reset(token)


class _Asked:
    """What runs, and is no fact: asked of the thing itself unless it was given."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, deferred: Any, kind: type[Any] | None = None) -> Any:
        return self if deferred is None else getattr(deferred._real, self._name)


# Set from outside: to a type checker they are what the classes above say they are.
for _name in (
    *("function", "signature", "returns", "wording", "preview"),
    *("undo", "settle", "namespace"),
):
    setattr(DeferredTool, _name, _Asked(_name))
setattr(DeferredTool, "__wrapped__", _Asked("function"))  # noqa: B010
for _name in ("adapter", "metadata"):
    setattr(_DeferredSignature, _name, _Asked(_name))
