import re
from typing import Any

import pytest

from agentkit.tools.schema.json_schema import normalize, tidy


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("dict", "object", id="dict"),
        pytest.param("float", "number", id="float"),
        pytest.param("tuple", "array", id="tuple"),
        pytest.param("String", "string", id="capital"),
        pytest.param("integer", "integer", id="already"),
        pytest.param(["int", "null"], ["integer", "null"], id="several"),
    ],
)
def test_type_names_become_json_schema(written: Any, read: Any) -> None:
    """The type names of Llama's dialect are rewritten."""
    assert normalize({"type": written}) == {"type": read}


def test_any_is_dropped() -> None:
    """`any` is no JSON Schema type: it is left out."""
    assert normalize({"type": "any", "description": "x"}) == {"description": "x"}


def test_normalize_goes_deep() -> None:
    """Types inside properties, items and unions are rewritten too."""
    document = {
        "type": "dict",
        "properties": {
            "xs": {"type": "list", "items": {"type": "float"}},
            "y": {"anyOf": [{"type": "bool"}, {"type": "str"}]},
        },
    }
    assert normalize(document)["properties"] == {
        "xs": {"type": "array", "items": {"type": "number"}},
        "y": {"anyOf": [{"type": "boolean"}, {"type": "string"}]},
    }


@pytest.mark.parametrize("name", ["type", "default", "enum", "properties", "items"])
def test_an_argument_may_be_named_like_a_keyword(name: str) -> None:
    """A property named like a schema keyword is a property."""
    found = normalize({"type": "dict", "properties": {name: {"type": "float"}}})
    assert found["properties"] == {name: {"type": "number"}}


def test_values_are_not_types() -> None:
    """Defaults and choices are data: `dict` stays `dict` there."""
    document = {"type": "str", "default": "dict", "enum": ["dict", "list"]}
    assert normalize(document) == {**document, "type": "string"}


def test_the_input_is_left_alone() -> None:
    """Normalizing makes a new document."""
    document = {"type": "dict", "properties": {"a": {"type": "float"}}}
    normalize(document)
    assert document == {"type": "dict", "properties": {"a": {"type": "float"}}}


def test_tidy_inlines_and_folds() -> None:
    """Titles go, references are replaced by what they mean, `| None` is folded."""
    schema: dict[str, Any] = {
        "title": "Record",
        "type": "object",
        "$defs": {"P": {"title": "P", "type": "object", "properties": {}}},
        "properties": {
            "title": {"title": "Title", "type": "string"},
            "p": {"anyOf": [{"$ref": "#/$defs/P"}, {"type": "null"}], "default": None},
        },
    }
    assert tidy(schema) == {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "p": {"type": "object", "properties": {}, "default": None},
        },
    }


def test_no_reference_dangles() -> None:
    """Types that hold each other keep every definition that is referred to."""

    def node(*to: str) -> dict[str, Any]:
        refs = {name.lower(): {"$ref": f"#/$defs/{name}"} for name in to}
        return {"type": "object", "properties": refs}

    schema = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/A"}},
        "$defs": {"A": node("B", "C"), "B": node("C", "B"), "C": node("A", "C")},
    }
    found = tidy(schema)
    referred = set(re.findall(r"#/\$defs/(\w+)", repr(found)))
    assert referred
    assert referred <= set(found["$defs"])
