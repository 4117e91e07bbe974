from dataclasses import dataclass
from typing import Any, Literal

import pytest

from agentkit.prompting.tool_documents import signature_line, tool_views
from agentkit.tools import tool


def signature(**properties: dict[str, Any]) -> str:
    """Write the signature of a tool whose arguments are all optional."""
    return signature_line("f", "Do it", {"type": "object", "properties": properties})


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": "string"}, "a?: str"),
        ({"type": "number", "default": 1.5}, "a: float = 1.5"),
        ({"type": "boolean", "default": False}, "a: bool = False"),
        ({"type": "string", "default": 'x "y"'}, r'a: str = "x \"y\""'),
        ({"type": "string", "format": "date"}, "a?: str<date>"),
        ({"enum": ["on", 2]}, 'a?: "on"|2'),
        ({"const": "on"}, 'a?: "on"'),
        ({"type": "array", "items": {"type": "integer"}}, "a?: list[int]"),
        ({"type": ["string", "null"]}, "a?: str|None"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "a?: int|str"),
        ({"type": "object"}, "a?: dict"),
        ({}, "a?: any"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_types_are_written_as_in_python(schema: dict[str, Any], written: str) -> None:
    """Each kind of schema has its short form."""
    assert signature(a=schema) == f"f({written}): Do it"


def test_what_a_type_cannot_say_follows_in_notes() -> None:
    """Descriptions and limits stand on lines of their own."""
    lines = signature(n={"type": "integer", "description": "How many", "minimum": 1})
    assert lines.splitlines()[1:] == ["  n: How many (minimum=1)"]


def test_descriptions_stay_on_their_line() -> None:
    """A line break in a description cannot start another tool."""
    assert signature_line("f", "One\ng(): Two", {}) == "f(): One g(): Two"


@dataclass
class Stop:
    """A place on the way."""

    city: str
    by: Literal["train", "bus"] = "train"


@tool(effect="read")
def plan_route(stops: list[Stop], nights: int = 0) -> str:
    """Plan a route.

    Args:
        stops: places in order.
        nights: how long to stay.
    """
    return f"{len(stops)} stops, {nights} nights"


def test_nested_types_of_a_function_are_written_out() -> None:
    """A dataclass becomes its members, with their enums and defaults."""
    (view,) = tool_views([plan_route])
    assert view.signature.splitlines()[0] == (
        'plan_route(stops: list[{city: str, by: "train"|"bus" = "train"}], '
        "nights: int = 0): Plan a route."
    )


def test_both_renderings_name_every_fact() -> None:
    """What the reference says of nested members, the signature says too."""
    (view,) = tool_views([plan_route])
    reference = str([argument.facts for argument in view.arguments])
    for fact in ("city", "by", "train", "bus", "places in order"):
        assert fact in reference
        assert fact in view.signature


def test_recursive_types_are_defined_once() -> None:
    """A type that holds itself is written under its name."""
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    schema = {"properties": {"head": {"$ref": "#/$defs/Node"}}, "$defs": {"Node": node}}
    assert signature_line("f", "Do it", schema).splitlines() == [
        "f(head?: Node): Do it",
        "  Node = {next?: Node}",
    ]


def test_a_required_argument_shows_its_default() -> None:
    """A default that a required argument's schema names is not lost."""
    schema = {
        "type": "object",
        "properties": {"a": {"type": "integer", "default": 5}},
        "required": ["a"],
    }

    assert signature_line("f", "Do it", schema) == "f(a: int (default 5)): Do it"
