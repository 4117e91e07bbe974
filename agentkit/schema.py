"""Signatures and JSON Schema documents, each turned into one schema and validator."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, make_dataclass
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import ConfigDict, Field, PydanticUserError, TypeAdapter, ValidationError
from pydantic_core import PydanticUndefined

from agentkit.context import Context
from agentkit.errors import InvalidArguments

Schema = dict[str, Any]

_FORBID_EXTRA = ConfigDict(extra="forbid", arbitrary_types_allowed=False)
_DIALECT = {
    "dict": "object",
    "hashmap": "object",
    "float": "number",
    "double": "number",
    "tuple": "array",
    "list": "array",
    "int": "integer",
    "long": "integer",
    "bool": "boolean",
    "str": "string",
    "char": "string",
}
_SCALARS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": None,
}


@dataclass(frozen=True, slots=True)
class Signature:
    """A validator for one tool's arguments.

    Attributes:
        schema: JSON Schema of the arguments, an object without `$ref` where possible.
        fields: argument name to attribute of the validated record.
        context_name: the parameter that receives the Context; empty when none.
        faults: why the signature cannot be used; empty when it can.
    """

    schema: Schema
    adapter: TypeAdapter[Any] | None
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    context_name: str = ""
    faults: tuple[str, ...] = ()

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
        return {name: getattr(record, attr) for name, attr in self.fields.items()}

    def _explain(self, error: ValidationError) -> str:
        lines = [_fault_line(item, tuple(self.fields)) for item in error.errors()]
        return "; ".join(lines)


def signature_of(
    function: Callable[..., Any],
    *,
    descriptions: Mapping[str, str],
    namespace: Mapping[str, Any],
) -> Signature:
    """Build the schema and validator of a typed function.

    Args:
        function: sync or async; parameters annotated.
        descriptions: parameter descriptions; `Field(description=...)` wins.
        namespace: local names at the place of definition.
    """
    faults: list[str] = []
    hints = _type_hints(function, namespace, faults)
    members: list[tuple[str, Any]] = []
    context_name = ""
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints.get(name)
        if hint is Context:
            context_name = name
            continue
        faults += _parameter_faults(parameter, annotated=hint is not None)
        members.append((name, _described(hint, parameter, descriptions.get(name))))
    known = {name for name, _ in members}
    faults += [
        f"Args: describes {name!r}, which is not a parameter"
        for name in descriptions
        if name not in known | {context_name}
    ]
    if faults:
        return Signature({}, None, faults=tuple(faults))
    fields = {name: name for name, _ in members}
    return _compile(function.__name__, members, fields, context_name)


def return_adapter(
    function: Callable[..., Any], namespace: Mapping[str, Any]
) -> TypeAdapter[Any] | None:
    """Return what serializes a function's result, or None without annotation."""
    hint = _type_hints(function, namespace, []).get("return", Any)
    if hint is Any:
        return None
    try:
        return TypeAdapter(hint)
    except PydanticUserError:
        return None


def signature_of_document(name: str, parameters: Mapping[str, Any]) -> Signature:
    """Build the validator of a tool document in JSON Schema or Llama's dialect."""
    schema = normalize(parameters)
    properties: Mapping[str, Schema] = schema.get("properties", {})
    required = schema.get("required", ())
    members: list[tuple[str, Any]] = []
    for index, (key, prop) in enumerate(properties.items()):
        default = ... if key in required else prop.get("default")
        hint = _hint(prop) if key in required else _hint(prop) | None
        members.append((f"p{index}", Annotated[hint, Field(default, alias=key)]))
    fields = {key: f"p{index}" for index, key in enumerate(properties)}
    compiled = _compile(_identifier(name), members, fields, "")
    return Signature(schema, compiled.adapter, fields, faults=compiled.faults)


def normalize(schema: Mapping[str, Any]) -> Schema:
    """Rewrite Llama's type names (`dict`, `float`, ...) as JSON Schema's, deeply."""
    result: Schema = {}
    for key, value in schema.items():
        if key == "type":
            kind = _normal_type(value)
            if kind is not None:
                result[key] = kind
        elif key == "properties" and isinstance(value, Mapping):
            result[key] = {name: _normal(prop) for name, prop in value.items()}
        else:
            result[key] = _normal(value)
    return result


def _normal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return normalize(value)
    return [_normal(item) for item in value] if isinstance(value, list) else value


def _normal_type(kind: Any) -> Any:
    if isinstance(kind, list):
        return [_DIALECT.get(str(item).lower(), str(item).lower()) for item in kind]
    lowered = str(kind).lower()
    return None if lowered == "any" else _DIALECT.get(lowered, lowered)


def _hint(schema: Mapping[str, Any]) -> Any:
    """Return the Python annotation for one JSON Schema."""
    if schema.get("enum"):
        return Literal[tuple(schema["enum"])]
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return _union([_hint(option) for option in options])
    kind = schema.get("type")
    if isinstance(kind, list):
        return _union([_hint({**schema, "type": item}) for item in kind])
    if kind == "array":
        return list[_hint(schema["items"])] if schema.get("items") else list[Any]
    if kind == "object":
        return dict[str, Any]
    return _SCALARS.get(str(kind), Any)


def _union(hints: list[Any]) -> Any:
    union = hints[0]
    for hint in hints[1:]:
        union = union | hint
    return union


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name) or "document"


def _type_hints(
    function: Callable[..., Any], namespace: Mapping[str, Any], faults: list[str]
) -> dict[str, Any]:
    try:
        return get_type_hints(function, localns=dict(namespace), include_extras=True)
    except (NameError, TypeError) as exc:
        faults.append(f"its annotations cannot be resolved: {exc}")
        return {}


def _parameter_faults(parameter: inspect.Parameter, *, annotated: bool) -> list[str]:
    name = parameter.name
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        return [f"parameter {name!r} takes any number of values: name each argument"]
    faults: list[str] = []
    if parameter.kind is parameter.POSITIONAL_ONLY:
        faults.append(f"parameter {name!r} is positional-only: models pass by name")
    if name.startswith("_"):
        faults.append(f"parameter {name!r} starts with an underscore")
    if not annotated:
        faults.append(f"parameter {name!r} has no type annotation")
    return faults


def _described(hint: Any, parameter: inspect.Parameter, description: str | None) -> Any:
    default = parameter.default
    settings: dict[str, Any] = {"description": description} if description else {}
    own = [m for m in getattr(hint, "__metadata__", ()) if getattr(m, "description", 0)]
    if own:
        settings = {}
    if default is not inspect.Parameter.empty:
        settings |= {"default": default, "validate_default": False}
    return Annotated[hint, Field(**settings)] if settings else hint


def _compile(
    name: str, members: list[tuple[str, Any]], fields: dict[str, str], context_name: str
) -> Signature:
    try:
        record = make_dataclass(
            name,
            members,
            kw_only=True,
            namespace={"__pydantic_config__": _FORBID_EXTRA},
        )
        adapter: TypeAdapter[Any] = TypeAdapter(record)
        schema = _tidy(adapter.json_schema())
    except (PydanticUserError, TypeError, ValueError, NameError) as exc:
        reason = str(exc).splitlines()[0]
        return Signature({}, None, faults=(f"no schema can be made: {reason}",))
    faults = tuple(_default_faults(adapter, schema, fields))
    return Signature(schema, adapter, fields, context_name, faults)


def _default_faults(
    adapter: TypeAdapter[Any], schema: Schema, fields: Mapping[str, str]
) -> list[str]:
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


def _tidy(schema: Schema) -> Schema:
    """Drop titles, inline `$defs` unless recursive, fold `X | None` into `X`."""
    definitions = schema.get("$defs", {})
    tidy = _inline(schema, definitions, ())
    tidy.pop("$defs", None)
    tidy.setdefault("properties", {})
    if "$ref" in repr(tidy):
        tidy["$defs"] = {
            key: _inline(value, definitions, (key,))
            for key, value in definitions.items()
        }
    tidy.pop("additionalProperties", None)
    return tidy


def _inline(node: Any, definitions: Schema, seen: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_inline(item, definitions, seen) for item in node]
    if not isinstance(node, dict):
        return node
    reference = str(node.get("$ref", "")).rpartition("/")[2]
    if reference and reference not in seen:
        target = {**definitions[reference], **{k: node[k] for k in node if k != "$ref"}}
        return _inline(target, definitions, (*seen, reference))
    result: Schema = {}
    for key, value in node.items():
        if key == "properties":
            result[key] = {k: _inline(v, definitions, seen) for k, v in value.items()}
        elif key != "title":
            result[key] = _inline(value, definitions, seen)
    return _without_null(result)


def _without_null(node: Schema) -> Schema:
    options = [o for o in node.get("anyOf", ()) if o != {"type": "null"}]
    if len(options) != 1:
        return node
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    return {**options[0], **rest}


def _fault_line(item: Any, known: tuple[str, ...]) -> str:
    path = ".".join(str(part) for part in item["loc"])
    if item["type"] == "missing":
        return f"argument {path!r} is required"
    if item["type"] == "unexpected_keyword_argument":
        return f"there is no argument {path!r}; known: {', '.join(known) or 'none'}"
    got = repr(item["input"])
    shown = got if len(got) <= 80 else got[:77] + "..."
    return f"argument {path!r}: {item['msg']} (got {shown})"
