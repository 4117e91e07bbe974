"""Bringing values to the types of a schema, in every dialect of schemas."""

from __future__ import annotations

from typing import Any

import pytest

from agentkit.pythonic.coercion import Coercion, kinds

ENUM = {"type": "string", "enum": ["Low", "High"]}

CASES: dict[str, tuple[Any, dict[str, Any], Any]] = {
    "whole number": ("50", {"type": "integer"}, 50),
    "number": ("1.5", {"type": "number"}, 1.5),
    "float of Llama's dialect": ("1.5", {"type": "float"}, 1.5),
    "whole float": (5.0, {"type": "integer"}, 5),
    "unit": ("5 km", {"type": "number"}, 5),
    "currency": ("$3", {"type": "integer"}, 3),
    "truth": ("False", {"type": "boolean"}, False),
    "list": ("['Jan']", {"type": "array", "items": {"type": "string"}}, ["Jan"]),
    "list of numbers": (
        "[1, '2']",
        {"type": "array", "items": {"type": "integer"}},
        [1, 2],
    ),
    "tuple of Llama's dialect": (
        "(1, 2)",
        {"type": "tuple", "items": {"type": "integer"}},
        [1, 2],
    ),
    "object": ('{"a": 1}', {"type": "object"}, {"a": 1}),
    "dict of Llama's dialect": ('{"a": 1}', {"type": "dict"}, {"a": 1}),
    "inside an object": (
        {"a": "1"},
        {"type": "object", "properties": {"a": {"type": "integer"}}},
        {"a": 1},
    ),
    "enum": ("low", ENUM, "Low"),
    "enum in a union": ("HIGH", {"anyOf": [ENUM, {"type": "null"}]}, "High"),
    "reference": ("3", {"$ref": "#/$defs/Count"}, 3),
    "reference in allOf": ("3", {"allOf": [{"$ref": "#/$defs/Count"}]}, 3),
    "list of types": ("3", {"type": ["integer", "null"]}, 3),
    "one of": ("true", {"oneOf": [{"type": "boolean"}, {"type": "null"}]}, True),
    "number for a string": (7, {"type": "string"}, "7"),
    "one for a list": ("a", {"type": "array", "items": {"type": "string"}}, ["a"]),
}


@pytest.mark.parametrize(
    ("value", "schema", "wanted"), CASES.values(), ids=CASES.keys()
)
def test_a_value_is_brought_to_its_type(
    value: Any, schema: dict[str, Any], wanted: Any
) -> None:
    """A value of another type becomes one of the type asked for, with a note."""
    coercion = Coercion({"$defs": {"Count": {"type": "integer"}}})

    result = coercion.coerce(value, schema, "x")

    assert (result, type(result)) == (wanted, type(wanted))
    assert coercion.notes


LEFT: dict[str, tuple[Any, dict[str, Any]]] = {
    "no schema": ("5", {}),
    "any": ("5", {"type": "any"}),
    "a string that looks like a number": ("5", {"type": "string"}),
    "a string that looks like a list": ("[1]", {"type": "string"}),
    "words for a number": ("soon", {"type": "integer"}),
    "a broken number": (5.5, {"type": "integer"}),
    "yes for a truth": ("yes", {"type": "boolean"}),
    "no member of the enum": ("medium", ENUM),
    "a list for a string": (["a"], {"type": "string"}),
    "a string in a union": ("5", {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
    "several for a list": ("a, b", {"type": "array", "items": {"type": "string"}}),
    "code in a list": ("[open('x')]", {"type": "array", "items": {"type": "integer"}}),
    "a reference to nothing": ("5", {"$ref": "#/$defs/None"}),
    "a reference to itself": ("5", {"$ref": "#"}),
}


@pytest.mark.parametrize(("value", "schema"), LEFT.values(), ids=LEFT.keys())
def test_a_value_without_a_sure_conversion_is_left(
    value: Any, schema: dict[str, Any]
) -> None:
    """Where no conversion is certain the value stays as it was written."""
    coercion = Coercion({})
    result = coercion.coerce(value, schema, "x")

    assert result == value
    assert coercion.notes == []


def test_a_list_of_numbers_is_of_one_kind() -> None:
    """Whole numbers in a list of numbers become equal floats, which is no change."""
    coercion = Coercion({})
    schema = {"type": "array", "items": {"type": "number"}}

    result = coercion.coerce([1, 2.5, 2**60], schema, "x")

    assert result == [1, 2.5, 2**60]
    assert [type(item) for item in result] == [float, float, int]
    assert coercion.notes == []


def test_an_unsaid_type_is_taken_from_the_enum() -> None:
    """An enum without a type allows the kinds of its members."""
    assert kinds({"enum": ["a", 1]}, Coercion({})) == {"string", "integer"}
