"""Which arguments of a tool are secrets, by its schema: `SecretStr`, format password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from agentkit.messages.secret_text import SecretText
from agentkit.tools.schema.json_schema import Schema, is_list


def takes_secrets(schema: object) -> bool:
    """Tell whether an argument, or a part of one, is a secret."""
    if is_list(schema):
        return any(map(takes_secrets, schema))
    if not isinstance(schema, dict):
        return False
    facts = cast(Schema, schema)
    return _is_secret(facts) or any(map(takes_secrets, facts.values()))


def _is_secret(schema: Schema) -> bool:
    return schema.get("format") == "password"


def marked(value: Any, schema: Schema, definitions: Mapping[str, Schema]) -> Any:
    """Return a value with its secrets marked as such.

    Args:
        value: JSON-like, as a model wrote it.
        schema: of the value.
        definitions: what the schema refers to.
    """
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name:
        return marked(value, definitions.get(name, {}), definitions)
    if isinstance(value, str):
        return SecretText(value) if takes_secrets(_alone(schema)) else value
    options: list[Schema] = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    # All of them: which one a value is of is known only after validation.
    for option in options:
        value = marked(value, option, definitions)
    if isinstance(value, Mapping):
        known: Mapping[str, Schema] = schema.get("properties", {})
        # Objects of any keys, such as `dict[str, SecretStr]`.
        rest = schema.get("additionalProperties")
        other = cast(Schema, rest) if isinstance(rest, dict) else Schema()
        items = cast(Mapping[str, Any], value).items()
        return {k: marked(v, known.get(k, other), definitions) for k, v in items}
    if is_list(value):
        row: list[Schema] = schema.get("prefixItems", [])
        each = schema.get("items")
        other = cast(Schema, each) if isinstance(each, dict) else Schema()
        return [
            marked(one, row[place] if place < len(row) else other, definitions)
            for place, one in enumerate(value)
        ]
    return value


def _alone(schema: Schema) -> Schema:
    """Return what a schema says of a text: not of what an object of it would hold."""
    # A schema of several types may be a text or an object that holds a secret.
    inner = ("properties", "items", "prefixItems", "additionalProperties", "$defs")
    return {key: value for key, value in schema.items() if key not in inner}
