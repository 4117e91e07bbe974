"""The grammar in the notations of servers."""

from __future__ import annotations

import importlib.util
import json
import random
import re
from typing import Annotated, Any

import pytest
from pydantic import Field

from agentkit.errors import ToolsetError
from agentkit.grammar import (
    Guide,
    to_gbnf,
    to_json_schema,
    to_strict_tools,
    to_structural_tag,
    triggers,
)
from agentkit.pythonic import parse_calls
from agentkit.tools import Toolset, tool
from tests.agentkit.grammar.random_tools import make_toolset
from tests.agentkit.grammar.walks import fits, small_tokenizer, walk, write

needs_llguidance = pytest.mark.skipif(
    importlib.util.find_spec("llguidance") is None, reason="llguidance is not installed"
)


@tool
def book(
    seats: Annotated[int, Field(ge=1, le=9)],
    name: Annotated[str, Field(pattern="^[a-z]+$")],
    notes: dict[str, str] | None = None,
) -> str:
    """Book a table.

    Args:
        seats: how many.
        name: for whom.
        notes: what else.
    """
    return name


@tool
def cancel(name: str, late: bool = False) -> str:
    """Cancel a table.

    Args:
        name: of whom.
        late: whether it is late.
    """
    return name


TOOLS = Toolset(book, cancel)


def gbnf_guide(text: str) -> Guide:
    """Read GBNF through llguidance, which knows no eight-digit escapes."""
    library: Any = pytest.importorskip("llguidance")
    plain = re.sub(r"\\U([0-9A-F]{8})", lambda m: chr(int(m[1], 16)), text)
    source = library.grammar_from("gbnf", plain)
    matcher = library.LLMatcher(small_tokenizer().native, source, log_level=0)
    assert not matcher.get_error()
    return Guide(matcher, small_tokenizer())


@needs_llguidance
def test_gbnf_holds_calls() -> None:
    """Calls that validate are allowed, others are not."""
    guide = gbnf_guide(to_gbnf(TOOLS, mode="calls"))
    assert fits(guide.copy(), "[book(seats=2, name='ann', notes={'a': \"b\"})]")
    assert fits(guide.copy(), "[cancel(name=\"It's\"), cancel(name='x', late=True)]")
    assert not write(guide.copy(), "[book(seats=12")
    assert not write(guide.copy(), "[book(seats=2, name='Ann")
    assert not write(guide.copy(), "Hello")


@needs_llguidance
def test_gbnf_lets_a_model_talk() -> None:
    """In `auto` text is free, unless it begins as a list of calls does."""
    guide = gbnf_guide(to_gbnf(TOOLS))
    assert fits(guide.copy(), "See [the page](there).")
    assert fits(guide.copy(), "[cancel(name='x')]")
    assert not write(guide.copy(), "[order(")


@needs_llguidance
def test_random_calls_of_gbnf_parse() -> None:
    """Walks at random through GBNF end in calls without repairs."""
    rng = random.Random(4)
    toolset = make_toolset(rng, 8)
    guide = gbnf_guide(to_gbnf(toolset, mode="calls"))
    ended = 0
    for _ in range(12):
        one = guide.copy()
        text = walk(one, rng, 1500)
        parsed = parse_calls(text, toolset) if one.finished else None
        ended += one.finished
        assert parsed is None or (parsed.calls and not parsed.errors)
    assert ended > 3


def test_triggers_are_the_heads_of_calls() -> None:
    """A server that starts grammars in mid-text watches for these."""
    assert triggers(TOOLS) == ("[book(", "[cancel(")


def test_structural_tag_has_a_tag_for_each_tool() -> None:
    """Text is free up to `[name(`; then the rest of the list is held."""
    form = to_structural_tag(TOOLS)["format"]
    assert form["triggers"] == ["[book(", "[cancel("]
    assert [tag["begin"] for tag in form["tags"]] == form["triggers"]
    assert all(tag["content"]["grammar"].startswith("root ::=") for tag in form["tags"])
    json.dumps(form)


def test_json_schema_is_a_list_of_calls() -> None:
    """Names are constants; arguments keep ranges, patterns and what is required."""
    first = to_json_schema(TOOLS)["items"]["anyOf"][0]["properties"]
    assert first["name"] == {"const": "book"}
    assert first["arguments"]["required"] == ["seats", "name"]
    assert first["arguments"]["properties"]["seats"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "description": "how many.",
    }


def test_strict_tools_require_every_argument() -> None:
    """An optional argument may be null; a tool with a free object is not strict."""
    free, closed = (one["function"] for one in to_strict_tools(TOOLS))
    assert (free["strict"], closed["strict"]) == (False, True)
    assert [one["name"] for one in (free, closed)] == [one.name for one in TOOLS]
    assert closed["parameters"]["required"] == ["name", "late"]
    assert {"type": "null"} in closed["parameters"]["properties"]["late"]["anyOf"]
    assert closed["parameters"]["additionalProperties"] is False


@pytest.mark.parametrize("make", [to_structural_tag, to_json_schema])
def test_nothing_to_call_is_told(make: Any) -> None:
    """Without a tool there is nothing to write."""
    with pytest.raises(ToolsetError, match="no tool"):
        make(Toolset())
