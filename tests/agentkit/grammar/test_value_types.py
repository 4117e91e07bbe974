"""Values of every type: what is written validates, and what is valid can be written."""

from __future__ import annotations

import importlib.util
import random
from typing import Any

import pytest

from agentkit.context import Context
from agentkit.errors import InputNeeded, InvalidArguments
from agentkit.grammar import compile_grammar, make_grammar
from agentkit.pythonic import parse_calls
from agentkit.tools import Toolset
from tests.agentkit.grammar.random_tools import TYPES, make_tool
from tests.agentkit.grammar.walks import fits, small_tokenizer, walk, write

if importlib.util.find_spec("llguidance") is None:
    pytest.skip("llguidance is not installed", allow_module_level=True)

_WORDS = ("when", "duration", "contact", "span")


def toolset_of(schema: dict[str, Any]) -> Toolset:
    """Make a tool `f` with one required argument `a`."""
    parameters = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    parameters["$defs"] = schema.pop("$defs", {})
    document = {"name": "f", "description": "Do it.", "parameters": parameters}
    return Toolset.from_schemas([document])


def takes(schema: dict[str, Any], value: str) -> bool:
    """Tell whether a value may be written."""
    grammar = make_grammar(toolset_of(dict(schema)), mode="calls")
    return fits(compile_grammar(grammar, small_tokenizer()), f"[f(a={value})]")


@pytest.mark.parametrize("name", TYPES)
def test_random_values_parse_and_validate(name: str) -> None:
    """A walk at random ends in calls without repairs, which the tool's check takes."""
    toolset = Toolset(make_tool("f", {name: (TYPES[name], True)}))
    guide = compile_grammar(make_grammar(toolset, mode="calls"), small_tokenizer())
    rng = random.Random(name)
    for _ in range(4):
        one = guide.copy()
        text = walk(one, rng)
        assert one.finished
        parsed = parse_calls(text, toolset)
        assert parsed.calls
        assert not parsed.errors
        assert not parsed.repairs
        for call in parsed.calls:
            try:
                toolset["f"].check(call.arguments, Context())
            except (InvalidArguments, InputNeeded):
                # Random words are no time and nobody's name.
                assert name in _WORDS


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        pytest.param(
            {"type": "string"}, ["''", '""', "'It\\'s'", '"\\u00e9 é"'], id="text"
        ),
        pytest.param({"type": "integer"}, ["0", "-7", "123456789"], id="integer"),
        pytest.param({"type": "number"}, ["0", "-7.25", "3.14159"], id="number"),
        pytest.param({"type": "boolean"}, ["True", "False"], id="boolean"),
        pytest.param({"type": ["string", "null"]}, ["None", "'x'"], id="nullable"),
        pytest.param(
            {"enum": ["a b", 2, None]}, ["'a b'", '"a b"', "2", "None"], id="enum"
        ),
        pytest.param({"const": "c"}, ["'c'"], id="const"),
        pytest.param(
            {"type": "integer", "minimum": -3, "maximum": 1234},
            ["-3", "0", "9", "99", "1000", "1234"],
            id="range",
        ),
        pytest.param(
            {"type": "number", "minimum": 0, "exclusiveMaximum": 2.5},
            ["0", "0.0", "1.75", "2", "2.4999", "2.25"],
            id="real range",
        ),
        pytest.param(
            {"type": "string", "pattern": "^[A-Z]{2}[0-9]+$"},
            ["'AB1'", '"ZZ99"'],
            id="pattern",
        ),
        pytest.param(
            {"type": "string", "pattern": "b+"}, ["'abba'", "'b'"], id="search"
        ),
        pytest.param({"type": "string", "format": "date"}, ["'2026-02-28'"], id="date"),
        pytest.param(
            {"type": "array", "items": {"type": "integer"}},
            ["[]", "[1]", "[1, 2]"],
            id="list",
        ),
        pytest.param(
            {"type": "object", "properties": {"x": {"type": "integer"}, "y": {}}},
            ["{}", "{'x': 1}", "{\"y\": [True, {'k': 1.5}]}", "{'x': 1, 'y': 'z'}"],
            id="object",
        ),
        pytest.param(
            {"type": "object", "additionalProperties": {"type": "integer"}},
            ["{}", "{'any key': 1}"],
            id="dictionary",
        ),
        pytest.param(
            {
                "$ref": "#/$defs/T",
                "$defs": {
                    "T": {
                        "type": "object",
                        "properties": {
                            "t": {"$ref": "#/$defs/T"},
                            "n": {"type": "integer"},
                        },
                        "required": ["n"],
                    }
                },
            },
            ["{'n': 1}", "{'t': {'n': 2}, 'n': 1}"],
            id="recursion",
        ),
        pytest.param(
            {"type": "string", "format": "when"}, ["'Friday at 6'"], id="slot type"
        ),
    ],
)
def test_valid_values_can_be_written(schema: dict[str, Any], values: list[str]) -> None:
    """What a schema allows is not held back."""
    assert [value for value in values if not takes(schema, value)] == []


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        pytest.param({"type": "integer"}, ["1.0", "'1'", "01", "-0"], id="integer"),
        pytest.param({"type": "number"}, ["nan", "inf", ".5", "1."], id="number"),
        pytest.param({"type": "boolean"}, ["true", "1"], id="boolean"),
        pytest.param(
            {"type": "integer", "exclusiveMinimum": 3, "maximum": 11},
            ["3", "12", "-4"],
            id="range",
        ),
        pytest.param(
            {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            ["0", "0.0", "1.5"],
            id="real",
        ),
        pytest.param(
            {"type": "integer", "multipleOf": 5, "minimum": 0, "maximum": 20},
            ["7"],
            id="multiple",
        ),
        pytest.param({"type": "string", "maxLength": 2}, ["'abc'"], id="too long"),
        pytest.param({"type": "string", "minLength": 2}, ["'a'"], id="too short"),
        pytest.param(
            {"type": "string", "pattern": "^a+$", "maxLength": 2},
            ["'aaa'", "'b'"],
            id="pattern",
        ),
        pytest.param({"type": "string", "format": "date"}, ["'2026-02-30'"], id="date"),
        pytest.param({"type": "string", "format": "when"}, ["''"], id="empty slot"),
        pytest.param(
            {
                "type": "array",
                "items": {"type": "integer"},
                "minItems": 1,
                "maxItems": 2,
            },
            ["[]", "[1, 2, 3]", "['a']"],
            id="list",
        ),
        pytest.param(
            {
                "type": "object",
                "properties": {"x": {"type": "integer"}},
                "required": ["x"],
            },
            ["{}", "{'z': 1}"],
            id="object",
        ),
    ],
)
def test_invalid_values_cannot_be_written(
    schema: dict[str, Any], values: list[str]
) -> None:
    """What a schema does not allow is held back."""
    assert [value for value in values if takes(schema, value)] == []


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        pytest.param(
            {"type": "array", "uniqueItems": True}, "uniqueItems", id="unique"
        ),
        pytest.param(
            {"type": "number", "multipleOf": 0.1}, "multipleOf", id="multiple"
        ),
        pytest.param({"type": "string", "pattern": "(?=a)b"}, "pattern", id="pattern"),
        pytest.param({"type": "string", "format": "iban"}, "iban", id="format"),
        pytest.param(
            {"type": "integer", "minimum": 2, "maximum": 1}, "no value", id="empty"
        ),
        pytest.param({"not": {"type": "string"}}, "not", id="not"),
        pytest.param(
            {
                "type": "array",
                "prefixItems": [{"type": "string"}],
                "items": {"type": "integer"},
                "maxItems": 3,
            },
            "maxItems",
            id="most behind a row",
        ),
        pytest.param({"$ref": "#/$defs/Gone"}, "leads nowhere", id="lost reference"),
    ],
)
def test_what_is_relaxed_is_named(schema: dict[str, Any], said: str) -> None:
    """A sentence names the argument and what the grammar does not express."""
    relaxed = make_grammar(toolset_of(schema), mode="calls").relaxed
    assert any(line.startswith("f.a") and said in line for line in relaxed)


def test_schemas_that_refer_to_one_another_stay_small() -> None:
    """Twenty types that all refer to all others make a bounded grammar."""
    names = [f"N{index}" for index in range(20)]
    properties = {name: {"$ref": f"#/$defs/{name}"} for name in names}
    node = {"type": "object", "properties": properties}
    schema = {"$ref": "#/$defs/N0", "$defs": dict.fromkeys(names, node)}
    grammar = make_grammar(toolset_of(schema), mode="calls")
    assert len(grammar.lark) < 100_000
    assert fits(compile_grammar(grammar, small_tokenizer()), "[f(a={})]")


def test_arguments_with_odd_names() -> None:
    """A name that is no identifier is written as the parser reads it."""
    document = {
        "name": "f",
        "description": "Do it.",
        "parameters": {
            "type": "object",
            "properties": {"user-id": {"type": "integer"}, "a b": {"type": "string"}},
            "required": ["user-id", "a b"],
        },
    }
    toolset = Toolset.from_schemas([document])
    text = '[f(**{"user-id": 5}, **{"a b": \'x\'})]'
    guide = compile_grammar(make_grammar(toolset, mode="calls"), small_tokenizer())
    assert fits(guide, text)
    assert dict(parse_calls(text, toolset).calls[0].arguments) == {
        "user-id": 5,
        "a b": "x",
    }


def test_a_name_that_no_parser_reads_is_told() -> None:
    """A tool whose name cannot be written is left out, and said so."""
    documents = [
        {"name": "two words", "description": "No.", "parameters": {"type": "object"}},
        {"name": "fine", "description": "Yes.", "parameters": {"type": "object"}},
    ]
    grammar = make_grammar(Toolset.from_schemas(documents), mode="calls")
    assert any("two words" in line for line in grammar.relaxed)
    assert not write(compile_grammar(grammar, small_tokenizer()), "[two")
