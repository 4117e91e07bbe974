"""Typed functions, each turned into one argument schema and validator."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, make_dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, Field, PydanticUserError, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind
from pydantic_core import PydanticUndefined

from agentkit.context import Context
from agentkit.errors import InvalidArguments
from agentkit.tools.schema.callables import Source
from agentkit.tools.schema.faults import fault_line
from agentkit.tools.schema.json_schema import Schema, tidy
from agentkit.tools.schema.typed_dicts import portable

_FORBID_EXTRA = ConfigDict(extra="forbid", arbitrary_types_allowed=False)
# A type may need a package that is not installed, as pydantic's `EmailStr` does.
NO_SCHEMA = (PydanticUserError, TypeError, ValueError, NameError, ImportError)


class _SilentSchema(GenerateJsonSchema):
    """Leaves a default that JSON cannot hold out of the schema, without a warning."""

    def emit_warning(self, kind: JsonSchemaWarningKind, detail: str) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Signature:
    """A validator for one tool's arguments.

    Attributes:
        schema: JSON Schema of the arguments, an object without `$ref` where possible.
        fields: argument name to attribute of the validated record.
        context_name: the parameter that receives the Context; empty when none.
        faults: why the signature cannot be used; empty when it can.
        omitted: arguments that are left out when the model leaves them out.
        metadata: what `Annotated` adds to each argument's type.
        has_fields: a `Field(...)` is the default of a parameter.
    """

    schema: Schema
    adapter: TypeAdapter[Any] | None
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    context_name: str = ""
    faults: tuple[str, ...] = ()
    omitted: frozenset[str] = frozenset()
    metadata: Mapping[str, tuple[Any, ...]] = field(
        default_factory=dict[str, tuple[Any, ...]]
    )
    has_fields: bool = False

    def validate(
        self, arguments: Mapping[str, Any], context: Context
    ) -> dict[str, Any]:
        """Turn JSON-like arguments into values for the function.

        Raises:
            InvalidArguments: with every fault, worded for the model.
            InputNeeded: a slot type needs the user's answer.
        """
        if self.adapter is None:
            raise InvalidArguments("; ".join(self.faults))
        try:
            record = self.adapter.validate_python(dict(arguments), context=context)
        except ValidationError as exc:
            raise InvalidArguments(self._explain(exc)) from exc
        return {
            name: getattr(record, attribute)
            for name, attribute in self.fields.items()
            if name in arguments or name not in self.omitted
        }

    def _explain(self, error: ValidationError) -> str:
        lines = [fault_line(item, tuple(self.fields)) for item in error.errors()]
        return "; ".join(lines)


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
    faults = _function_faults(source)
    if faults:
        return Signature({}, None, faults=tuple(faults))
    hints, faults = _type_hints(source.behind, namespace)
    members: list[tuple[str, Any]] = []
    metadata: dict[str, tuple[Any, ...]] = {}
    context_name = ""
    parameters = source.parameters()
    for name, parameter in parameters.items():
        hint = hints.get(name, Any)
        if _is_context(hint):
            context_name = name
            continue
        metadata[name] = getattr(hint, "__metadata__", ())
        faults += _parameter_faults(parameter)
        members.append((name, _described(hint, parameter, descriptions.get(name))))
    stray = [name for name in descriptions if name not in {context_name, *metadata}]
    faults += [
        f"Args: describes {name!r}, which is not a parameter"
        for name in stray
        if name not in source.filled
    ]
    if faults:
        faults += _type_faults(members)
        return Signature({}, None, faults=tuple(faults))
    made = _compiled(source.name or "call", members, context_name)
    has_fields = any(isinstance(p.default, FieldInfo) for p in parameters.values())
    return replace(made, metadata=metadata, has_fields=has_fields)


def _compiled(
    name: str, members: list[tuple[str, Any]], context_name: str
) -> Signature:
    try:
        adapter = record_adapter(name, members)
        schema = tidy(adapter.json_schema(schema_generator=_SilentSchema))
    except NO_SCHEMA as exc:
        reason = f"no schema can be made: {str(exc).splitlines()[0]}"
        return Signature({}, None, faults=tuple(_type_faults(members)) or (reason,))
    faults = tuple(_default_faults(adapter, schema))
    fields = {name: name for name, _ in members}
    return Signature(schema, adapter, fields, context_name, faults)


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
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    names = dict(namespace)
    try:
        found = get_type_hints(function, scope, names, include_extras=True)
        return {name: portable(hint) for name, hint in found.items()}, []
    except _UNRESOLVED:
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


def _type_faults(members: list[tuple[str, Any]]) -> list[str]:
    """Try each argument alone, to name all whose type or default cannot be used."""
    faults: list[str] = []
    for name, hint in members:
        try:
            adapter = record_adapter("alone", [(name, hint)])
            schema = tidy(adapter.json_schema(schema_generator=_SilentSchema))
            faults += _default_faults(adapter, schema)
        except NO_SCHEMA as exc:
            reason = str(exc).splitlines()[0].partition(". Set ")[0]
            faults.append(f"the type of {name!r} has no schema: {reason}")
    return faults


def _described(hint: Any, parameter: inspect.Parameter, description: str | None) -> Any:
    default = parameter.default
    notes: tuple[Any, ...] = getattr(hint, "__metadata__", ())
    told = next((note for note in notes if isinstance(note, str)), description)
    settings: dict[str, Any] = {"description": told} if told else {}
    if any(getattr(note, "description", 0) for note in notes):
        settings = {}
    if isinstance(default, FieldInfo):
        # As other libraries have it: the default and the bounds stand in a `Field(...)`.
        return Annotated[hint, Field(**settings), default]
    if default is not inspect.Parameter.empty:
        settings |= {"default": default, "validate_default": False}
    return Annotated[hint, Field(**settings)] if settings else hint


def record_adapter(name: str, members: list[tuple[str, Any]]) -> TypeAdapter[Any]:
    """Make the validator of one record type.

    Args:
        name: name of the record, for messages.
        members: attribute and annotation of each argument, in order.
    """
    config = {"__pydantic_config__": _FORBID_EXTRA}
    # Pydantic fills in the fields: no method of a dataclass is needed, and each takes time.
    record = make_dataclass(
        name,
        members,
        init=False,
        repr=False,
        eq=False,
        match_args=False,
        kw_only=True,
        namespace=config,
    )
    return TypeAdapter(record)


def _default_faults(adapter: TypeAdapter[Any], schema: Schema) -> list[str]:
    """Check every default as if a model had passed it."""
    defaults = {
        name: prop["default"]
        for name, prop in schema["properties"].items()
        if prop.get("default", PydanticUndefined) not in (None, PydanticUndefined)
    }
    try:
        adapter.validate_python(defaults, context=Context())
    except ValidationError as exc:
        return [
            f"the default of {item['loc'][0]!r} does not fit its type: {item['msg']}"
            for item in exc.errors()
            if item["type"] != "missing" and item["loc"]
        ]
    return []
