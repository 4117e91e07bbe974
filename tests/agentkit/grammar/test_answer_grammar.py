"""Answers under their grammar: whatever is written is JSON of the wanted type."""

from __future__ import annotations

import importlib.util
import json
import random
import re
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, TypeAdapter

from agentkit.grammar import compile_grammar, make_answer_grammar
from agentkit.pythonic import parse_calls
from agentkit.tools import Toolset, tool
from tests.agentkit.grammar.random_tools import TYPES
from tests.agentkit.grammar.walks import fits, small_tokenizer, walk

if importlib.util.find_spec("llguidance") is None:
    pytest.skip("llguidance is not installed", allow_module_level=True)


class Person(BaseModel):
    """Somebody."""

    name: str
    age: int = Field(ge=0, le=150)
    mood: Literal["good", 'it\'s "bad"'] = "good"
    friends: list[Person] = []


@tool
def find(name: str) -> str:
    """Find somebody.

    Args:
        name: who.
    """
    return name


ADAPTERS: dict[str, TypeAdapter[Any]] = {
    kind: TypeAdapter(wanted) for kind, wanted in {**TYPES, "model": Person}.items()
}


def says_all(adapter: TypeAdapter[Any]) -> bool:
    """Tell whether a grammar holds all that a type's schema says.

    A format may be expressed in part; deep recursion is cut, which is no fault.
    """
    schema = adapter.json_schema()
    partly = [one for one in make_answer_grammar(schema).relaxed if "recurs" not in one]
    return not partly and '"format"' not in json.dumps(schema)


@pytest.mark.parametrize("kind", [k for k, a in ADAPTERS.items() if says_all(a)])
def test_whatever_is_written_fits(kind: str) -> None:
    """A walk at random through the grammar ends in JSON that the type takes."""
    adapter = ADAPTERS[kind]
    grammar = make_answer_grammar(adapter.json_schema())
    fresh = compile_grammar(grammar, small_tokenizer())
    rng = random.Random(kind)
    for _ in range(6):
        text = walk(fresh.copy(), rng)
        adapter.validate_json(re.sub(r"<\|\w+\|>\Z", "", text))


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        pytest.param('{"name": "Ann", "age": 31}', True, id="as asked for"),
        pytest.param('{"name": "Ann", "age": 31, "mood": "good"}', True, id="optional"),
        pytest.param("{'name': 'Ann', 'age': 31}", False, id="single quotes"),
        pytest.param('{"name": "Ann", "age": 151}', False, id="beyond its bounds"),
        pytest.param('{"name": "Ann"}', False, id="one is missing"),
        pytest.param('{"name": "A\\u00e9\\"", "age": 3}', True, id="escapes"),
        pytest.param('{"name": "A\\\'", "age": 3}', False, id="an escape of Python's"),
        pytest.param("Her name is Ann.", False, id="words"),
        pytest.param("[find(name='Ann')]", False, id="a call"),
    ],
)
def test_the_answer_alone(text: str, is_allowed: bool) -> None:
    """JSON of the schema is allowed, and nothing else."""
    grammar = make_answer_grammar(TypeAdapter(Person).json_schema())
    assert fits(compile_grammar(grammar, small_tokenizer()), text) is is_allowed


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        pytest.param('["a", "b"]', True, id="the answer"),
        pytest.param("[find(name='Ann')]", True, id="a call"),
        pytest.param("[found(name='Ann')]", False, id="no tool"),
        pytest.param("[find(name='Ann'), \"a\"]", False, id="both"),
        pytest.param("I will look.", False, id="words"),
    ],
)
def test_the_answer_or_calls(text: str, is_allowed: bool) -> None:
    """Beside tools an answer is a list of calls or the JSON, also where that is a list."""
    tools = Toolset([find])
    grammar = make_answer_grammar(TypeAdapter(list[str]).json_schema(), tools)
    assert fits(compile_grammar(grammar, small_tokenizer()), text) is is_allowed
    if is_allowed:
        called = parse_calls(text, tools).calls
        assert bool(called) == text.startswith("[find")


def test_equal_schemas_have_one_grammar() -> None:
    """The fingerprint follows from schema and tools."""
    schema = TypeAdapter(Person).json_schema()
    one, other = make_answer_grammar(schema), make_answer_grammar(dict(schema))
    beside = make_answer_grammar(schema, Toolset([find]))
    assert one == other
    assert beside.fingerprint != one.fingerprint
