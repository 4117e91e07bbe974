"""A tool: a typed function that a model may call, made by the decorator."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MethodType
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    Literal,
    ParamSpec,
    Self,
    TypeAlias,
    TypeVar,
    cast,
    overload,
)

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from agentkit.context import Context
from agentkit.messages import Label, ToolCall
from agentkit.tools.schema import (
    Function,
    Schema,
    Signature,
    Source,
    filled_in,
    return_adapter,
)
from agentkit.tools.schema.secret_values import marked, takes_secrets

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
Held = TypeVar("Held")

if TYPE_CHECKING:
    from typing_extensions import TypeVar as _TypeVar

    # Covariant, so that tools of different types are one list to type checkers.
    F = _TypeVar("F", covariant=True, default=Callable[..., Any])
else:
    # A default takes Python 3.13 or another package.
    F = TypeVar("F", covariant=True)

Effect = Literal["read", "write", "send", "delete"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Tool(Generic[F]):
    """A function the model may call; still callable and typed as before.

    One that was made in a class body is a method: on an object it is that object's tool.

    Attributes:
        name: unique in a toolset; what the model writes.
        description: the docstring's first paragraph, as the model reads it.
        parameters: JSON Schema of the arguments, an object.
        effect: what it does to the world: `read` nothing, `write` the user's own
            stores, `send` something to somebody, `delete` what cannot be had back.
        personal: its results are the user's private data.
        untrusted: its results hold text that somebody else wrote; None when the
            tool does not say: then nothing in them may decide for the user.
        examples: sentences a user may say for it; `{slot}` marks an argument,
            `[x]` is optional, `(a|b)` a choice.
        undo: takes a call back, called as `undo(result, context)`; None where the
            world does not allow it.
        settle: looks up whether a call that was cut off was done, with the call's own
            arguments; returns its result when it was, None when it was not.
        timeout: seconds that one call may take; the run's limit when None.
        is_method: it waits for the object that it is a method of.
        foreign: another program's document made it, and no code of the application's.
    """

    name: str
    description: str
    parameters: Schema
    function: F
    signature: Signature
    # The strict reading: what declares nothing may change something.
    effect: Effect = "write"
    personal: bool = False
    untrusted: bool | None = None
    examples: tuple[str, ...] = ()
    wording: Callable[[Any], str] | None = None
    preview: Callable[..., str] | None = None
    undo: Callable[..., object] | None = None
    timeout: float | None = None
    settle: Callable[..., object] | None = None
    namespace: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    is_method: bool = False
    foreign: bool = False

    def __post_init__(self) -> None:
        """Look like the function to `help()` and `inspect.signature()`."""
        # A tool is frozen: only so can what it is made of still be written.
        behind = Source.of(self.function).behind
        for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
            value = getattr(behind, attribute, None)
            object.__setattr__(self, attribute, value)
        # By which `inspect.signature` finds the parameters.
        object.__setattr__(self, "__wrapped__", self.function)

    def __call__(self: Tool[Callable[P, R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function itself, as if it were not a tool."""
        if self.signature.has_fields:
            filled = filled_in(self.function, args, kwargs)
            return cast(Callable[..., R], self.function)(*args, **{**filled, **kwargs})
        return self.function(*args, **kwargs)

    @overload
    def __get__(self, instance: None, owner: type, /) -> Self: ...
    @overload
    def __get__(
        self: Tool[Callable[Concatenate[Held, Q], R]],
        instance: Held,
        owner: type | None = None,
        /,
    ) -> Tool[Callable[Q, R]]: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None, /) -> AnyTool: ...
    def __get__(self, instance: object, owner: type | None = None, /) -> Any:
        """Return the tool of one object, where this is a method; else itself."""
        if not self.is_method or instance is None:
            return self
        return _bound(cast(AnyTool, self), instance)

    @functools.cached_property
    def label(self) -> Label:
        """Label of what it returns."""
        return Label(
            "tool",
            "personal" if self.personal else "public",
            "untrusted" if self.untrusted else "trusted",
        )

    @functools.cached_property
    def returns(self) -> TypeAdapter[Any] | None:
        """Serializer of its result; None when the function does not say."""
        return return_adapter(Source.of(self.function).behind, self.namespace)

    @functools.cached_property
    def returns_schema(self) -> Schema:
        """JSON Schema of its result; empty when unknown."""
        if self.returns is None:
            return {}
        return self.returns.json_schema(mode="serialization")

    def check(self, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Validate arguments, and return keyword arguments for `invoke`.

        Raises:
            InvalidArguments: with every fault, worded for the model.
            InputNeeded: only the user can say what is meant.
        """
        checked = self.signature.validate(arguments, context)
        if self.signature.context_name:
            checked[self.signature.context_name] = context
        return checked

    @functools.cached_property
    def takes_secrets(self) -> bool:
        """Whether an argument of it, or a part of one, is a secret."""
        return takes_secrets(self.parameters)

    def marked(self, call: ToolCall) -> ToolCall:
        """Return a call with its secrets marked, so that they are written nowhere."""
        if not self.takes_secrets:
            return call
        definitions = self.parameters.get("$defs", {})
        arguments = marked(dict(call.arguments), self.parameters, definitions)
        return replace(call, arguments=arguments)

    def describe(self, checked: Mapping[str, Any]) -> str:
        """Say what a call would change, as a person reads it."""
        if self.preview is not None:
            return self.preview(**checked)
        shown = {k: v for k, v in checked.items() if not isinstance(v, Context)}
        return ", ".join(f"{key}: {value}" for key, value in shown.items())

    def invoke(self, checked: Mapping[str, Any]) -> Any:
        """Run the function with checked arguments; a coroutine when it is async."""
        return cast(Callable[..., Any], self.function)(**checked)

    def dump(self, value: Any) -> Any:
        """Turn a result into JSON-like data; into text where that cannot be."""
        try:
            if self.returns is not None:
                # Without warnings: a value that is not quite of its type is still the
                # tool's answer.
                return self.returns.dump_python(value, mode="json", warnings=False)
            return to_jsonable_python(value, fallback=str)
        except (ValueError, RecursionError):
            # What the call did is done: a result that will not dump is no failure.
            return str(value)

    def word(self, value: Any) -> str:
        """Say a dumped result in the tool's own words."""
        if self.wording is not None and not _is_cut(value, self.returns):
            loaded = self.returns.validate_python(value) if self.returns else value
            return self.wording(loaded)
        return value if isinstance(value, str) else json.dumps(value, default=str)

    @functools.cached_property
    def is_async(self) -> bool:
        """Whether the function is a coroutine function."""
        return Source.of(self.function).is_async


def _is_cut(value: Any, returns: TypeAdapter[Any] | None) -> bool:
    """Whether a text replaces the value, as in a session whose result was cut."""
    if not isinstance(value, str) or returns is None:
        return False
    try:
        returns.validate_python(value)
    except ValueError:
        return True
    return False


AnyTool: TypeAlias = Tool[Callable[..., Any]]
# What may stand among the tools of an agent: a callable is made a tool that declares
# nothing. A list of several is to mypy one of `object` or of plain functions.
ToolLike: TypeAlias = Tool[object] | Callable[..., Any] | Function

# What a tool may have beside its function, and what is a method where that is one.
_BESIDE = ("wording", "preview", "undo", "settle")


def _bound(method: AnyTool, instance: object) -> AnyTool:
    """Bind a method's tool to one object, with its `wording`, `undo` and the like."""
    body = Source.of(method.function).place.rpartition(".")[0]
    beside = {name: getattr(method, name) for name in _BESIDE}
    ours: dict[str, Any] = {
        name: MethodType(one, instance)
        for name, one in beside.items()
        if one is not None and Source.of(one, body).is_method
    }
    return replace(
        method, function=MethodType(method.function, instance), is_method=False, **ours
    )
