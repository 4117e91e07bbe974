"""What tools say of themselves: docstrings, and plain documents made into validators."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from types import GenericAlias
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from agentkit.tools.schema.json_schema import Schema, is_list, normalize
from agentkit.tools.schema.signatures import NO_SCHEMA, Signature, record_adapter

_SCALARS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": None,
}


def signature_of_document(name: str, parameters: Mapping[str, Any]) -> Signature:
    """Build the validator of a tool document in JSON Schema or Llama's dialect."""
    schema = normalize(parameters)
    properties = schema.setdefault("properties", {})
    required = schema.get("required") or ()
    faults = _shape_faults(properties, required)
    if faults:
        return Signature(schema, None, faults=faults)
    members: list[tuple[str, Any]] = []
    for index, (key, prop) in enumerate(properties.items()):
        default = ... if key in required else prop.get("default")
        hint = _hint(prop) if key in required else _hint(prop) | None
        members.append((f"p{index}", Annotated[hint, Field(default, alias=key)]))
    try:
        adapter = record_adapter(_identifier(name), members)
    except NO_SCHEMA as exc:
        reason = f"no validator can be made: {str(exc).splitlines()[0]}"
        return Signature(schema, None, faults=(reason,))
    fields = {key: f"p{index}" for index, key in enumerate(properties)}
    unset = {key for key, prop in properties.items() if "default" not in prop}
    return Signature(schema, adapter, fields, omitted=frozenset(unset))


def _shape_faults(properties: object, required: object) -> tuple[str, ...]:
    if not isinstance(properties, dict):
        return ("its properties are no object",)
    if not isinstance(required, list | tuple):
        return ("its required is no list of names",)
    schemas = cast(dict[str, object], properties)
    return tuple(
        f"the schema of {name!r} is no object"
        for name, schema in schemas.items()
        if not isinstance(schema, dict)
    )


def _hint(schema: object) -> Any:
    """Return the Python annotation for one JSON Schema; Any where it says nothing."""
    if not isinstance(schema, dict):
        return Any
    facts = cast(Schema, schema)
    if facts.get("enum"):
        return _choice(facts)
    if isinstance(facts.get("const"), str | int):
        return Literal[facts["const"]]
    options = facts.get("anyOf") or facts.get("oneOf")
    if options:
        return _union([_hint(option) for option in options])
    kind = facts.get("type")
    if is_list(kind):
        return _union([_hint({**facts, "type": item}) for item in kind])
    row = facts.get("prefixItems")
    if kind in ("array", None) and is_list(row):
        return _row(row, facts)
    if kind == "array":
        return _bounded(GenericAlias(list, (_hint(facts.get("items")),)), facts)
    if kind == "object":
        return dict[str, Any]
    return _bounded(_SCALARS.get(str(kind), Any), facts)


# What JSON Schema calls a bound, and Pydantic, by the kind of value that it bounds.
_BOUNDS = {
    "minimum": ("ge", ("integer", "number")),
    "maximum": ("le", ("integer", "number")),
    "exclusiveMinimum": ("gt", ("integer", "number")),
    "exclusiveMaximum": ("lt", ("integer", "number")),
    "multipleOf": ("multiple_of", ("integer", "number")),
    "minLength": ("min_length", ("string",)),
    "maxLength": ("max_length", ("string",)),
    "minItems": ("min_length", ("array",)),
    "maxItems": ("max_length", ("array",)),
}


def _bounded(hint: Any, facts: Schema) -> Any:
    """Hold a value to the bounds of its schema, so that a model hears of a breach.

    Patterns are left to whoever runs the tool: dialects of them differ.
    """
    limits: dict[str, Any] = {}
    for keyword, (name, kinds) in _BOUNDS.items():
        value = facts.get(keyword)
        # Before JSON Schema 6 "exclusiveMinimum" was a yes or no to "minimum".
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        if plain and facts.get("type") in kinds and (name != "multiple_of" or value):
            limits[name] = value
    for keyword, loose, strict in (
        ("exclusiveMinimum", "ge", "gt"),
        ("exclusiveMaximum", "le", "lt"),
    ):
        if facts.get(keyword) is True and loose in limits:
            limits[strict] = limits.pop(loose)
    return Annotated[hint, Field(**limits)] if limits else hint


def _row(places: list[Any], facts: Schema) -> Any:
    """Return the annotation of a list whose first items have a type each."""
    adapters = [TypeAdapter[Any](_hint(place)) for place in places]
    beyond = facts.get("items", True)
    least = int(facts.get("minItems") or 0)
    others = TypeAdapter[Any](_hint(beyond))

    def checked(values: list[Any]) -> list[Any]:
        found = list(values)
        if len(found) < least or (beyond is False and len(found) > len(adapters)):
            count = f"{least} or more" if len(found) < least else f"{len(adapters)}"
            raise ValueError(f"{len(found)} items where {count} belong")
        kinds = [*adapters, *[others] * (len(found) - len(adapters))]
        for index, adapter in enumerate(kinds[: len(found)]):
            try:
                found[index] = adapter.validate_python(values[index])
            except ValidationError as exc:
                reason = exc.errors()[0]["msg"]
                raise ValueError(f"item {index + 1}: {reason}") from exc
        return found

    return Annotated[list[Any], AfterValidator(checked)]


def _choice(schema: Schema) -> Any:
    """Allow an enum's values; and its default, which documents leave out of it."""
    values = list(schema["enum"])
    default = schema.get("default")
    if isinstance(default, str) and default not in values:
        values.append(default)
    return Literal[tuple(values)]


def _union(hints: list[Any]) -> Any:
    union = hints[0]
    for hint in hints[1:]:
        union = union | hint
    return union


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name) or "document"


_SECTION = re.compile(
    r"^(Args|Arguments|Parameters|Returns|Return|Yields|Raises|Examples?|Notes?"
    r"|Attributes|Warnings?|See Also|References|Todo):\s*$"
)
_RULE = re.compile(r"\s*-{3,}\s*$")
_FIELD = re.compile(
    r":(?:param|parameter|arg|argument)\s+(?:[^:]*\s)?\*{0,2}(?P<name>\w+):(?P<text>.*)"
    r"|:(?:type|returns?|rtype|raises?)\b"
)
_ENTRY = re.compile(r"^\*{0,2}(?P<name>\w+)\s*(?:\([^)]*\))?\s*:\s*(?P<text>.*)$")


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring's summary and its parameters' descriptions."""

    description: str = ""
    parameters: dict[str, str] = field(default_factory=dict[str, str])


def parse_docstring(text: str | None) -> Docstring:
    """Read the first paragraph and the parameters of a docstring.

    They stand under `Args:` (Google Python Style Guide, 3.8.3), under an underlined
    `Parameters` (numpydoc), or behind `:param name:` (Sphinx).
    """
    if not text:
        return Docstring()
    lines = inspect.cleandoc(text).splitlines()
    found = _parameters(lines) or _underlined(lines) or _fields(lines)
    return Docstring(_first_paragraph(lines), found)


def _first_paragraph(lines: list[str]) -> str:
    words: list[str] = []
    for line in lines:
        if not line.strip() or _SECTION.match(line) or _FIELD.match(line):
            break
        words.append(line.strip())
    return " ".join(words)


def _parameters(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in _args_section(lines):
        entry = _ENTRY.match(line)
        if entry and not line.startswith(" "):
            name = entry["name"]
            found[name] = entry["text"].strip()
        elif name and line.strip():
            found[name] = f"{found[name]} {line.strip()}".strip()
    return found


def _underlined(lines: list[str]) -> dict[str, str]:
    """Read the section `Parameters` that numpydoc underlines."""
    starts = [
        index + 2
        for index, (title, line) in enumerate(pairwise(lines))
        if title.strip() in ("Parameters", "Other Parameters") and _RULE.match(line)
    ]
    found: dict[str, str] = {}
    for start in starts:
        names: list[str] = []
        for line, following in zip_longest(lines[start:], lines[start + 1 :]):
            if following is not None and _RULE.match(following):
                break
            if line[:1].strip():
                named = line.partition(":")[0].split(",")
                names = [one.strip().lstrip("*") for one in named]
                found |= dict.fromkeys(names, "")
            elif line.strip():
                found |= {one: f"{found[one]} {line.strip()}".strip() for one in names}
    return found


def _fields(lines: list[str]) -> dict[str, str]:
    """Read Sphinx's fields."""
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        field_ = _FIELD.match(line)
        if field_:
            name = field_["name"] or ""
            found |= {name: field_["text"].strip()} if name else {}
        elif name and line[:1].isspace() and line.strip():
            found[name] = f"{found[name]} {line.strip()}"
        else:
            name = ""
    return found


def _args_section(lines: list[str]) -> list[str]:
    """Return the lines below `Args:`, dedented, up to the next section."""
    body: list[str] = []
    inside = False
    for line in lines:
        section = _SECTION.match(line)
        if section:
            inside = section[1] in ("Args", "Arguments", "Parameters")
        elif inside:
            body.append(line)
    return inspect.cleandoc("\n" + "\n".join(body)).splitlines()
