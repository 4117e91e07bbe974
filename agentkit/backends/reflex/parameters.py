"""What a tool's parameters can hold, read from its JSON schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from agentkit.backends.reflex.english import word_set
from agentkit.tools import AnyTool

Kind = Literal[
    "when", "duration", "person", "people", "enum", "integer", "number", "boolean",
    "recurrence", "texts", "text", "other", "email", "phone", "sum", "quantity", "role",
]  # fmt: skip

# Words of a description that tell that a text is a name.
_PERSON = re.compile(r"\b(person|people|somebody|someone|full name|recipient)\b", re.I)
_PEOPLE_NAMES = frozenset({"person", "sender", "recipient", "contact", "attendee"})
# Slots that take whole phrases; the others take a few words.
_LONG = word_set(
    "text body message content note title description query item subject question "
    "task label details summary comment event"
)
_VERBATIM = word_set("text body message content note question comment")
# Texts of a shape of their own, by the names that such parameters have.
_SHAPES: dict[str, Kind] = {
    "email": "email", "email_address": "email", "phone": "phone",
    "phone_number": "phone", "expression": "sum", "quantity": "quantity",
    "relation": "role",
}  # fmt: skip
_FORMATS: dict[str, Kind] = {
    "when": "when",
    "duration": "duration",
    "contact": "person",
    "recurrence": "recurrence",
}
_TYPES: dict[str, Kind] = {
    "integer": "integer", "number": "number", "boolean": "boolean", "string": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its name, what fills it, whether it must be given."""

    name: str
    kind: Kind
    required: bool
    values: tuple[str, ...] = ()
    description: str = ""

    @property
    def short(self) -> bool:
        """Whether it takes a few words, not a whole phrase."""
        return self.kind == "text" and self.name not in _LONG

    @property
    def verbatim(self) -> bool:
        """Whether its words are kept as they are said, a leading article too."""
        return self.name in _VERBATIM


def read_params(tool: AnyTool) -> tuple[Param, ...]:
    """List a tool's parameters in order."""
    schema = cast(Mapping[str, Any], tool.parameters)
    required = set(schema.get("required", ()))
    properties = cast(Mapping[str, Mapping[str, Any]], schema.get("properties", {}))
    found: list[Param] = []
    for name, raw in properties.items():
        facts = _plain(raw, schema)
        said = str(raw.get("description") or facts.get("description") or "")
        values = tuple(str(value) for value in facts.get("enum", ()))
        kind = _kind(name, facts, said)
        found.append(Param(name, kind, name in required, values, said))
    return tuple(found)


def _plain(facts: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Look behind `X | None` and `$ref`."""
    # The first that is not null: a parameter that may be left out is `X | None`.
    for option in facts.get("anyOf", ()):
        if option.get("type") != "null":
            return _plain(option, schema)
    ref = str(facts.get("$ref", ""))
    if ref.startswith("#/$defs/"):
        return cast(Mapping[str, Any], schema.get("$defs", {}).get(ref[8:], {}))
    # A `Literal` of one value has no list of values.
    if "const" in facts:
        return {**facts, "enum": [facts["const"]]}
    return facts


def _kind(name: str, facts: Mapping[str, Any], said: str) -> Kind:
    # A closed set first: what may be said is known, whatever the name says.
    if facts.get("enum"):
        return "enum"
    shape = str(facts.get("format", ""))
    if shape in _FORMATS:
        return _FORMATS[shape]
    if facts.get("type") == "array":
        inner = cast(Mapping[str, Any], facts.get("items", {}))
        return "people" if inner.get("format") == "contact" else "texts"
    kind = _TYPES.get(str(facts.get("type", "")), "other")
    if kind == "text" and name in _SHAPES:
        return _SHAPES[name]
    if kind == "text" and (name in _PEOPLE_NAMES or _PERSON.search(said)):
        return "person"
    return kind
