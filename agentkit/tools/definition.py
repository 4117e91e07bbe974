"""A tool: a typed function that a model may call, made by the decorator."""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, Literal, ParamSpec, TypeVar, cast, get_args, overload

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from agentkit.context import Context
from agentkit.errors import ToolDefinitionError
from agentkit.messages import Label
from agentkit.tools.schema import Schema, Signature, return_adapter, signature_of
from agentkit.tools.schema.documents import parse_docstring

P = ParamSpec("P")
R = TypeVar("R")

Effect = Literal["read", "write", "send", "delete"]

# How a function gets its signature; `agentkit.tools.packs` puts off what is known.
Sign = Callable[[Callable[..., Any], Callable[[], Signature]], Signature]
SIGNED: ContextVar[Sign] = ContextVar("SIGNED", default=lambda _, make: make())

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, eq=False, kw_only=True)
class Tool(Generic[P, R]):
    """A function the model may call; still callable and typed as before.

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
    """

    name: str
    description: str
    parameters: Schema
    function: Callable[P, R]
    signature: Signature
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

    def __post_init__(self) -> None:
        """Look like the function to `help()` and `inspect.signature()`."""
        # A tool is frozen: only so can what it is made of still be written.
        for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
            value = getattr(self.function, attribute, None)
            object.__setattr__(self, attribute, value)
        object.__setattr__(self, "__wrapped__", self.function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function itself, as if it were not a tool."""
        return self.function(*args, **kwargs)

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
        return return_adapter(self.function, self.namespace)

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

    @property
    def is_async(self) -> bool:
        """Whether the function is a coroutine function."""
        return inspect.iscoroutinefunction(self.function)


def _is_cut(value: Any, returns: TypeAdapter[Any] | None) -> bool:
    """Whether a text stands in the place of a value, as an old session has it."""
    if not isinstance(value, str) or returns is None:
        return False
    try:
        returns.validate_python(value)
    except ValueError:
        return True
    return False


AnyTool = Tool[..., Any]


@overload
def tool(function: Callable[P, R], /) -> Tool[P, R]: ...
@overload
def tool(
    *,
    name: str = "",
    effect: Effect = "write",
    personal: bool = False,
    untrusted: bool | None = None,
    examples: Iterable[str] = (),
    wording: Callable[[Any], str] | None = None,
    preview: Callable[..., str] | None = None,
    undo: Callable[..., object] | None = None,
    timeout: float | None = None,
    settle: Callable[..., object] | None = None,
) -> Callable[[Callable[P, R]], Tool[P, R]]: ...
def tool(
    function: Callable[P, R] | None = None,
    /,
    *,
    name: str = "",
    effect: Effect = "write",
    personal: bool = False,
    untrusted: bool | None = None,
    examples: Iterable[str] = (),
    wording: Callable[[Any], str] | None = None,
    preview: Callable[..., str] | None = None,
    undo: Callable[..., object] | None = None,
    timeout: float | None = None,
    settle: Callable[..., object] | None = None,
) -> Tool[P, R] | Callable[[Callable[P, R]], Tool[P, R]]:
    """Make a typed function, sync or async, a tool.

    Args:
        function: the function, when used without parentheses.
        name: what the model writes; the function's name by default.
        effect: `read`, `write`, `send` or `delete`; `write` when not declared,
            which is shown, and done once however often the model repeats it.
        personal: its results are the user's private data.
        untrusted: its results hold text that somebody else wrote; say False where they
            never do. Where a tool does not say, they decide nothing for the user.
        examples: sentences a user may say, with `{slot}`, `[optional]`, `(a|b)`.
        wording: result to a sentence, for answers without a model.
        preview: checked arguments to a sentence, for approvals.
        undo: takes a call back, given its result and the context.
        timeout: seconds that one call may take; then a coroutine is cancelled, and a
            thread left, since nothing can stop it.
        settle: with the tool's own parameters: its result when a call that was cut off
            was done, None when it was not, an exception when that cannot be told.

    Raises:
        ToolDefinitionError: with every fault of the definition.
    """
    caller = inspect.currentframe()
    caller = caller.f_back if caller else None
    namespace = dict(caller.f_locals) if caller else {}

    def decorate(function: Callable[P, R]) -> Tool[P, R]:
        label = name or getattr(function, "__name__", "tool")
        docstring = parse_docstring(function.__doc__)
        told = docstring.parameters
        make = partial(signature_of, function, descriptions=told, namespace=namespace)
        signature = SIGNED.get()(function, make)
        sentences = tuple(examples)
        faults = [
            *_own_faults(label, effect, docstring.description),
            *([] if timeout is None or timeout > 0 else ["timeout must be above 0"]),
            *signature.faults,
            *_example_faults(sentences, signature),
        ]
        if faults:
            raise ToolDefinitionError(label, tuple(faults))
        return Tool(
            name=label,
            description=docstring.description,
            parameters=signature.schema,
            function=function,
            signature=signature,
            effect=effect,
            personal=personal,
            untrusted=untrusted,
            examples=sentences,
            wording=wording,
            preview=preview,
            undo=undo,
            settle=settle,
            timeout=timeout,
            namespace=namespace if "<locals>" in function.__qualname__ else {},
        )

    return decorate if function is None else decorate(function)


def _own_faults(name: str, effect: str, description: str) -> list[str]:
    faults: list[str] = []
    if not _NAME.fullmatch(name):
        faults.append(f"{name!r} is no tool name: letters, digits, _ . - (64 at most)")
    if effect not in get_args(Effect):
        faults.append(f"effect {effect!r} is none of {', '.join(get_args(Effect))}")
    if not description:
        faults.append("it has no docstring: its first paragraph is what models read")
    return faults


def _example_faults(examples: tuple[str, ...], signature: Signature) -> list[str]:
    if signature.faults:
        return []
    unknown = {slot for text in examples for slot in _SLOT.findall(text)}
    unknown -= set(signature.fields)
    return [f"an example names {{{slot}}}, no parameter" for slot in sorted(unknown)]
