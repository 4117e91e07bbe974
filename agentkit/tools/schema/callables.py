"""What a tool is made of: a function, a method, a partial, an object that can be called."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any, Protocol, cast

from pydantic.fields import FieldInfo


class Function(Protocol):
    """A function, as mypy sees those of a list whose signatures differ."""

    @property
    def __name__(self) -> str:
        """What it is called."""
        ...

    @property
    def __closure__(self) -> Any:
        """What it remembers of the place of its definition."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """A callable, and what is known of the function behind it.

    Attributes:
        call: what is called with the arguments.
        behind: the function whose annotations and docstring count.
        name: what it is called; empty when nothing tells.
        doc: its docstring.
        fixed: parameters that a partial has filled in by name: models never see them.
        is_method: it was defined in a class body, and gets its object first.
    """

    call: Callable[..., Any]
    behind: Callable[..., Any]
    name: str
    doc: str | None
    fixed: frozenset[str] = frozenset()
    is_method: bool = False

    @classmethod
    def of(cls, given: object, body: str = "") -> Source:
        """Look behind a callable.

        Args:
            given: what is to become a tool.
            body: the class in whose body it was defined; empty when in none.
        """
        call = cast(
            Callable[..., Any],
            given.__func__ if isinstance(given, staticmethod) else given,
        )
        fixed = frozenset[str]()
        behind: Any = call
        while isinstance(behind, functools.partial):
            fixed |= frozenset(behind.keywords)
            behind = cast(Any, behind).func
        name, doc = getattr(behind, "__name__", ""), behind.__doc__
        if not _is_function(behind) and callable(behind):
            kind = type(cast(object, behind))
            behind = behind.__call__
            # An object that can be called: its class has the name, its `__call__` the
            # annotations.
            name, doc = _snake(kind.__name__), behind.__doc__ or kind.__doc__
        return cls(
            call,
            behind,
            name,
            doc,
            fixed,
            bool(body) and call is given and _takes_object(behind, body),
        )

    @property
    def place(self) -> str:
        """Where the function was defined."""
        return getattr(self.behind, "__qualname__", "")

    @property
    def is_async(self) -> bool:
        """Whether a call gives a coroutine."""
        return inspect.iscoroutinefunction(self.behind)

    def parameters(self) -> dict[str, inspect.Parameter]:
        """Return the parameters that a caller still has to give, by name.

        Raises:
            ValueError: the function is not written in Python, and does not tell.
        """
        found = dict(inspect.signature(self.call).parameters)
        if self.is_method:
            found.pop(next(iter(found)), None)
        # `inspect` lists what a partial fills in by name, as it can still be changed.
        return {name: one for name, one in found.items() if name not in self.fixed}

    @property
    def filled(self) -> frozenset[str]:
        """The parameters that a partial has filled in, by name or by place."""
        own = inspect.signature(self.behind).parameters
        return self.fixed.union(own) - self.parameters().keys()


def _is_function(thing: object) -> bool:
    # A class is no object that can be called: what it makes is.
    return inspect.isroutine(thing) or inspect.isclass(thing)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _takes_object(function: Any, body: str) -> bool:
    """Tell whether it is a method: its first parameter is `self`, or has no type."""
    if getattr(function, "__qualname__", "").rpartition(".")[0] != body:
        return False
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and (
        # An annotated first parameter that is not `self` is an argument of a static
        # method.
        first.name == "self" or first.annotation is first.empty
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tool is made: the names there, and the class body, if it is one.

    Attributes:
        names: local names; annotations may speak of them.
        body: qualified name of the class whose body it is; empty elsewhere.
    """

    names: Mapping[str, Any]
    body: str = ""

    @classmethod
    def of_caller(cls, frame: FrameType | None, module: str) -> Place:
        """Return the nearest place that is not inside of agentkit.

        Args:
            frame: where to begin to look.
            module: where the function was defined, which may be inside.
        """
        while frame and _is_ours(frame) and frame.f_globals["__name__"] != module:
            frame = frame.f_back
        if frame is None:
            return cls({})
        names = dict(frame.f_locals)
        if frame.f_code.co_name == "<module>" or "__module__" not in names:
            return cls(names)
        # In a class body also the names around it, which its annotations may use.
        around = dict(frame.f_back.f_locals) if frame.f_back else {}
        return cls({**around, **names}, str(names.get("__qualname__", "")))


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == "agentkit"


def filled_in(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the defaults of parameters that were not given and have a `Field(...)`.

    Called by name, such a function would be given the field itself.

    Args:
        function: what is about to be called.
        args: the values that are passed by place.
        kwargs: those that are passed by name.

    Raises:
        TypeError: one is required.
    """
    signature = inspect.signature(function)
    given = signature.bind_partial(*args, **kwargs).arguments
    missing = {
        name: parameter.default
        for name, parameter in signature.parameters.items()
        if isinstance(parameter.default, FieldInfo) and name not in given
    }
    required = [name for name, info in missing.items() if info.is_required()]
    if required:
        raise TypeError(f"missing a required argument: {required[0]!r}")
    return {
        name: info.get_default(call_default_factory=True)
        for name, info in missing.items()
    }
