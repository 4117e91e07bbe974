"""JSON Schema documents, rewritten so that small models and parsers read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard, cast

Schema: TypeAlias = dict[str, Any]

# Type names of Java and Python, as BFCL's documents and Llama's prompts have them.
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


_PARTS = ("$ref", "allOf", "anyOf", "oneOf")
# A title repeats a name; a discriminator (OpenAPI) refers to definitions that are inlined,
# and says what the constants of the options say.
_UNSAID = ("title", "discriminator")
_VERBATIM = ("default", "enum", "const", "examples")


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Tell whether a JSON-like value is an array."""
    return isinstance(value, list)


def normalize(schema: Mapping[str, Any]) -> Schema:
    """Rewrite Llama's type names and older keywords as JSON Schema's, deeply.

    A list under `items` (before JSON Schema 2020) is `prefixItems`, and `nullable`
    (OpenAPI 3.0) one more type.
    """
    result: Schema = {}
    for key, value in schema.items():
        if key == "type":
            kind = _normal_type(value)
            if kind is not None:
                result[key] = kind
        elif key == "properties" and isinstance(value, Mapping):
            properties = cast(Mapping[str, Any], value)
            result[key] = {name: _normal(prop) for name, prop in properties.items()}
        else:
            named = "prefixItems" if key == "items" and is_list(value) else key
            if key == "additionalItems" and is_list(schema.get("items")):
                named = "items"
            result[named] = value if key in _VERBATIM else _normal(value)
    return _with_null(result) if result.get("nullable") is True else result


def _with_null(schema: Schema) -> Schema:
    """Let null be one of the values, where a keyword beside the type says so."""
    kind, members = schema.get("type"), schema.get("enum")
    kinds = kind if is_list(kind) else [kind]
    parts = {key: schema.pop(key) for key in _PARTS if kind is None and key in schema}
    if parts:
        return {**schema, "anyOf": [parts, {"type": "null"}]}
    if kind is not None and "null" not in kinds:
        schema["type"] = [*kinds, "null"]
    if is_list(members) and None not in members:
        schema["enum"] = [*members, None]
    return schema


def _normal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return normalize(cast(Mapping[str, Any], value))
    if is_list(value):
        return [_normal(item) for item in value]
    return value


def _normal_type(kind: Any) -> Any:
    if is_list(kind):
        return [_normal_type(item) for item in kind]
    lowered = str(kind).lower()
    # "any" says nothing, as a schema without a type does.
    return None if lowered == "any" else _DIALECT.get(lowered, lowered)


def tidy(schema: Schema) -> Schema:
    """Drop titles, inline `$defs` unless recursive, fold `X | None` into `X`."""
    definitions: dict[str, Schema] = schema.get("$defs", {})
    result: Schema = _inline(schema, definitions, ())
    kept = result.pop("$defs", {})
    used = _referenced(result, kept)
    if used:
        result["$defs"] = {name: kept[name] for name in used}
    return result


def _referenced(schema: Schema, definitions: Mapping[str, Schema]) -> list[str]:
    """Return the definitions that a schema needs, those needed by others included."""
    used: list[str] = []
    # The list grows while it is read: a definition may need further ones.
    texts = [repr(schema)]
    for text in texts:
        for name, node in definitions.items():
            if name not in used and f"/{name}'" in text:
                used.append(name)
                texts.append(repr(node))
    return used


def _inline(node: Any, definitions: Mapping[str, Schema], seen: tuple[str, ...]) -> Any:
    if is_list(node):
        return [_inline(item, definitions, seen) for item in node]
    if not isinstance(node, dict):
        return node
    schema = cast(Schema, node)
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    # A definition that refers to itself stays one.
    if name and name not in seen:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return _inline({**definitions[name], **rest}, definitions, (*seen, name))
    result: Schema = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            result[key] = {k: _inline(v, definitions, seen) for k, v in value.items()}
        elif key not in _UNSAID:
            verbatim = key in _VERBATIM
            result[key] = value if verbatim else _inline(value, definitions, seen)
    return _without_null(result)


def _without_null(node: Schema) -> Schema:
    """Fold `anyOf: [X, null]` into X: optional is said by `required`."""
    options = [o for o in node.get("anyOf", ()) if o != {"type": "null"}]
    if len(options) != 1:
        return node
    return {**options[0], **{k: v for k, v in node.items() if k != "anyOf"}}
