"""The decorator `tool`: makes a callable a tool, or lists all faults of it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import partial
from typing import Any, ParamSpec, TypeVar, get_args, overload

from agentkit.errors import ToolDefinitionError
from agentkit.tools.definition import Effect, Tool
from agentkit.tools.schema import Place, Signature, Source, signature_of
from agentkit.tools.schema.docstrings import parse_docstring

P = ParamSpec("P")
R = TypeVar("R")

# How a function gets its signature; `agentkit.tools.packs` puts off what is known.
Sign = Callable[[Source, Callable[[], Signature]], Signature]
SIGNED: ContextVar[Sign] = ContextVar("SIGNED", default=lambda _, make: make())

# What the interfaces of large models take as a name, 64 characters at most.
TOOL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_SLOT = re.compile(r"\{(\w+)\}")


@overload
def tool(function: Callable[P, R], /) -> Tool[Callable[P, R]]: ...
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
) -> Callable[[Callable[P, R]], Tool[Callable[P, R]]]: ...
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
) -> Tool[Callable[P, R]] | Callable[[Callable[P, R]], Tool[Callable[P, R]]]:
    """Make a typed function, sync or async, a tool.

    A method of an object, a `functools.partial` and an object that can be called are
    functions, too; what a partial fills in, no model sees. In a class body it makes a
    method whose tool is taken from an object.

    Args:
        function: the function, when used without parentheses.
        name: what the model writes; the function's name by default, or that of the
            object's class, as `find_room` for `FindRoom`.
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
    # Looked at now: when `decorate` runs, the frame where the names are may be gone.
    caller = caller.f_back if caller else None

    def decorate(function: Callable[P, R]) -> Tool[Callable[P, R]]:
        place = Place.of_caller(caller, getattr(function, "__module__", ""))
        source = Source.of(function, place.body)
        label = name or source.name or "tool"
        docstring = parse_docstring(source.doc)
        told = docstring.parameters
        make = partial(signature_of, source, descriptions=told, namespace=place.names)
        signature = SIGNED.get()(source, make)
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
            function=source.call,
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
            # Names of a module are found in its globals; kept, they would hold the
            # frame's objects.
            namespace=place.names if "<locals>" in source.place else {},
            is_method=source.is_method,
        )

    return decorate if function is None else decorate(function)


def _own_faults(name: str, effect: str, description: str) -> list[str]:
    faults: list[str] = []
    if not TOOL_NAME.fullmatch(name):
        faults.append(f"{name!r} is no tool name: letters, digits, _ . - (64 at most)")
    if effect not in get_args(Effect):
        faults.append(f"effect {effect!r} is none of {', '.join(get_args(Effect))}")
    if not description:
        faults.append("it has no docstring: its first paragraph is what models read")
    return faults


def _example_faults(examples: tuple[str, ...], signature: Signature) -> list[str]:
    # Without a good signature every slot would be reported as unknown.
    if signature.faults:
        return []
    unknown = {slot for text in examples for slot in _SLOT.findall(text)}
    unknown -= set(signature.names)
    return [f"an example names {{{slot}}}, no parameter" for slot in sorted(unknown)]
