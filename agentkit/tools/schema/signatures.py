"""Typed functions, each turned into one argument schema and validator."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import SimpleNamespace
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import PydanticUserError, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from agentkit.context import Context
from agentkit.errors import InputNeeded, InvalidArguments
from agentkit.tools.schema.arguments import NO_SCHEMA, Argument, told_apart
from agentkit.tools.schema.callables import Source
from agentkit.tools.schema.faults import fault_line
from agentkit.tools.schema.json_schema import Schema
from agentkit.tools.schema.typed_dicts import portable


@dataclass(frozen=True)
class Signature:
    """A validator for one tool's arguments.

    Attributes:
        schema: JSON Schema of the arguments, an object without `$ref` where possible.
        arguments: by the name that models write.
        context_name: the parameter that receives the Context; empty when none.
        faults: why the signature cannot be used; empty when it can.
        metadata: what `Annotated` adds to each argument's type.
        has_fields: a `Field(...)` is the default of a parameter.
    """

    schema: Schema
    arguments: Mapping[str, Argument] = field(default_factory=dict[str, Argument])
    context_name: str = ""
    faults: tuple[str, ...] = ()
    metadata: Mapping[str, tuple[Any, ...]] = field(
        default_factory=dict[str, tuple[Any, ...]]
    )
    has_fields: bool = False

    @classmethod
    def of(cls, arguments: Iterable[Argument], **others: Any) -> Signature:
        """Join arguments; `others` are attributes."""
        by_name = {one.written: one for one in told_apart(list(arguments))}
        return cls(_joined(by_name), by_name, **others)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What models call the arguments, in their order."""
        return tuple(self.arguments)

    def validate(
        self, arguments: Mapping[str, Any], context: Context
    ) -> dict[str, Any]:
        """Turn JSON-like arguments into values for the function.

        Raises:
            InvalidArguments: with every fault, worded for the model.
            InputNeeded: a slot type needs the user's answer.
        """
        if self.faults:
            raise InvalidArguments("; ".join(self.faults))
        values: dict[str, Any] = {}
        faults: list[Mapping[str, Any]] = []
        # One by one, so that all faults are reported together and in the order of the
        # arguments.
        for name, argument in self.arguments.items():
            try:
                if name in arguments:
                    found = argument.accepted.validator.validate_python(
                        arguments[name], context=context
                    )
                    values[argument.name] = found
                elif argument.is_required:
                    faults.append({"type": "missing", "loc": (name,)})
                elif not argument.left_out:
                    values[argument.name] = argument.when_left_out(values, context)
            except InputNeeded as exc:
                # A validator that several arguments share does not know which it is.
                slot = exc.slot or name
                raise InputNeeded(slot, exc.question, exc.candidates) from exc
            except ValidationError as exc:
                faults += [{**one, "loc": (name, *one["loc"])} for one in exc.errors()]
        faults += self._unknown(arguments)
        if faults:
            lines = [fault_line(one, self.names) for one in faults]
            raise InvalidArguments("; ".join(lines))
        return values

    def _unknown(self, given: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        for name in given:
            if name not in self.arguments:
                yield {"type": "unexpected_keyword_argument", "loc": (name,)}


def _joined(arguments: Mapping[str, Argument]) -> Schema:
    """Return the schema of an object that holds arguments."""
    properties = {name: one.schema for name, one in arguments.items()}
    required = [name for name, one in arguments.items() if one.is_required]
    definitions: Schema = {}
    for one in properties.values():
        # References count from the root, so the definitions move there.
        definitions |= one.pop("$defs", {})
    return {
        "properties": properties,
        **({"required": required} if required else {}),
        "type": "object",
        **({"$defs": definitions} if definitions else {}),
    }


def signature_of(
    source: Source,
    *,
    descriptions: Mapping[str, str],
    namespace: Mapping[str, Any],
) -> Signature:
    """Build the schema and validator of a typed function.

    Args:
        source: a callable, sync or async; its parameters annotated.
        descriptions: parameter descriptions; `Field(description=...)` wins.
        namespace: local names at the place of definition.
    """
    # First whether it is a function at all: nothing else could be read of it.
    faults = _function_faults(source)
    if faults:
        return Signature({}, faults=tuple(faults))
    hints, faults = _type_hints(source.behind, namespace)
    parameters = source.parameters()
    contexts = [name for name in parameters if _is_context(hints.get(name, Any))]
    given = {name: one for name, one in parameters.items() if name not in contexts}
    faults += [fault for one in given.values() for fault in _parameter_faults(one)]
    faults += [
        f"Args: describes {name!r}, which is not a parameter"
        for name in descriptions
        if name not in parameters and name not in source.filled
    ]
    arguments: list[Argument] = []
    for name, parameter in given.items():
        made = _argument(parameter, hints.get(name, Any), descriptions.get(name))
        fault = made if isinstance(made, str) else made.default_fault()
        faults += [fault] if fault else []
        arguments += [] if isinstance(made, str) else [made]
    if faults:
        return Signature({}, faults=tuple(faults))
    return Signature.of(
        arguments,
        context_name=contexts[-1] if contexts else "",
        metadata={name: getattr(hints[name], "__metadata__", ()) for name in given},
        has_fields=any(isinstance(p.default, FieldInfo) for p in parameters.values()),
    )


def _argument(
    parameter: inspect.Parameter, hint: Any, told: str | None
) -> Argument | str:
    """Read a parameter, or say why it cannot be an argument."""
    default = parameter.default
    if default is parameter.empty:
        default = PydanticUndefined
    try:
        return Argument.of(parameter.name, hint, default, told)
    except NO_SCHEMA as exc:
        # Pydantic's advice to set `arbitrary_types_allowed` helps nobody here.
        reason = str(exc).splitlines()[0].partition(". Set ")[0]
        return f"the type of {parameter.name!r} has no schema: {reason}"


_UNRESOLVED = (NameError, TypeError, SyntaxError, AttributeError)


def return_adapter(
    function: Callable[..., Any], namespace: Mapping[str, Any]
) -> TypeAdapter[Any] | None:
    """Return what serializes a function's result, or None without annotation."""
    hint = _type_hints(function, namespace)[0].get("return", Any)
    if hint is Any:
        return None
    try:
        return _plain_adapter(hint) if hint in _PLAIN else TypeAdapter(hint)
    # A result without a schema is dumped as what it is; only arguments need one.
    except (PydanticUserError, ImportError):
        return None


# What most tools return: one adapter serves all of them.
_PLAIN = (str, int, float, bool, None)


@cache
def _plain_adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint)


def _type_hints(
    function: Callable[..., Any], namespace: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Resolve the annotations, and tell of those that cannot be."""
    # Unwrapped: a decorator's globals are those of another module.
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    names = dict(namespace)
    try:
        found = get_type_hints(function, scope, names, include_extras=True)
        return {name: portable(hint) for name, hint in found.items()}, []
    except _UNRESOLVED:
        # Only now: all at once is quicker, and nearly always enough.
        return _hints_one_by_one(function, scope, names)


def _hints_one_by_one(
    function: Callable[..., Any], scope: dict[str, Any], names: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Resolve each annotation alone, to name all that cannot be."""
    hints: dict[str, Any] = {}
    faults: list[str] = []
    for name, annotation in getattr(function, "__annotations__", {}).items():
        alone = SimpleNamespace(__annotations__={name: annotation})
        try:
            found = get_type_hints(alone, scope, names, include_extras=True)
            hints[name] = portable(found[name])
        except _UNRESOLVED as exc:
            faults.append(f"the annotation of {name!r} cannot be resolved: {exc}")
            hints[name] = Any
    return hints, faults


def _is_context(hint: Any) -> bool:
    """Tell a parameter that is handed the context: `Context[Deps]`, or None beside it."""
    among = (hint, *get_args(hint))
    return any(one is Context or get_origin(one) is Context for one in among)


def _function_faults(source: Source) -> list[str]:
    if not inspect.isroutine(source.behind):
        return ["it is no function: write a `def` that calls it"]
    if inspect.isasyncgenfunction(source.behind):
        return ["it is an async generator: return a list"]
    try:
        inspect.signature(source.call)
    except ValueError:
        return ["it does not tell its parameters: write a `def` that calls it"]
    return []


def _parameter_faults(parameter: inspect.Parameter) -> list[str]:
    name = parameter.name
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        return [f"parameter {name!r} takes any number of values: name each argument"]
    faults: list[str] = []
    if parameter.kind is parameter.POSITIONAL_ONLY:
        faults.append(f"parameter {name!r} is positional-only: models pass by name")
    if name.startswith("_"):
        faults.append(f"parameter {name!r} starts with an underscore")
    if parameter.annotation is parameter.empty:
        faults.append(f"parameter {name!r} has no type annotation")
    return faults
