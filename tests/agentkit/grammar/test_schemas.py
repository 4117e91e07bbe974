"""The schemas of calls accept what a tool's own validator accepts, and nothing else."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from agentkit.errors import InvalidArguments
from agentkit.grammar import to_json_schema, to_strict_tools
from agentkit.tools import AnyTool, Toolset
from tests.agentkit.grammar.random_tools import make_tool

Values = st.SearchStrategy[Any]


class Place(BaseModel):
    x: Annotated[float, Field(ge=-90, le=90)]
    label: Annotated[str, Field(pattern="^[a-z]+$")] = "here"


class Order(TypedDict):
    item: Literal["tea", "cake"]
    count: Annotated[int, Field(ge=1, le=9)]


SOME_TEXT = st.text("ab", max_size=8)
NUMBERS = st.integers(-4, 4)
# A type, and values of its kind, of which some fit and some do not.
KINDS: dict[str, tuple[Any, Values]] = {
    "text": (str, SOME_TEXT),
    "code": (
        Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{3,5}$")],
        st.from_regex(r"[A-Z]{1,3}-[0-9]{2,6}", fullmatch=True),
    ),
    "whole": (int, NUMBERS),
    "at least": (Annotated[int, Field(ge=2)], NUMBERS),
    "at most": (Annotated[int, Field(le=2)], NUMBERS),
    "above": (Annotated[int, Field(gt=2)], NUMBERS),
    "below": (Annotated[int, Field(lt=2)], NUMBERS),
    "share": (Annotated[float, Field(ge=0, le=1)], st.sampled_from([-0.5, 0.0, 1.0, 1.5])),
    "inside": (Annotated[float, Field(gt=0, lt=1)], st.sampled_from([0.0, 0.5, 1.0])),
    "flag": (bool, st.booleans()),
    "choice": (Literal["one", "two"], st.sampled_from(["one", "two", "three"])),
    "maybe": (str | None, st.none() | SOME_TEXT),
    "either": (
        Annotated[int, Field(ge=2)] | Literal["none"],
        NUMBERS | st.sampled_from(["none", "many"]),
    ),
    "few": (
        list[Annotated[int, Field(ge=0)]],
        st.lists(NUMBERS, max_size=3),
    ),
    "place": (
        Place,
        st.fixed_dictionaries(
            {"x": st.sampled_from([-91.0, -90.0, 0.0, 90.0, 91.0])},
            optional={"label": st.sampled_from(["", "home", "Home"])},
        ),
    ),
    "no place": (Place, st.just({"label": "home"})),
    "order": (
        Order,
        st.fixed_dictionaries(
            {"item": st.sampled_from(["tea", "soup"]), "count": st.integers(0, 10)}
        ),
    ),
    "half an order": (Order, st.just({"item": "tea"})),
}
# What a strict schema has no words for.
LENGTHS: dict[str, tuple[Any, Values]] = {
    "short": (Annotated[str, Field(max_length=5)], SOME_TEXT),
    "long": (Annotated[str, Field(min_length=3)], SOME_TEXT),
    "two or three": (
        Annotated[list[int], Field(min_length=2, max_length=3)],
        st.lists(NUMBERS, max_size=4),
    ),
    "pair": (tuple[int, str], st.tuples(NUMBERS, SOME_TEXT).map(list)),
    "table": (dict[str, Annotated[int, Field(ge=0)]], st.dictionaries(SOME_TEXT, NUMBERS)),
}


def accepts(tool: AnyTool, arguments: dict[str, Any]) -> bool:
    """Tell whether the tool's own validator takes arguments."""
    try:
        tool.check(arguments)
    except InvalidArguments:
        return False
    return True


def fits(schema: dict[str, Any], value: Any) -> bool:
    """Tell whether a schema allows a value."""
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema).is_valid(value)


def arguments_of(kinds: dict[str, tuple[Any, Values]], name: str) -> Values:
    """Draw arguments `a`, which is required, and `b`, which is not; or leave them out."""
    return st.fixed_dictionaries({}, optional={"a": kinds[name][1], "b": kinds[name][1]})


@pytest.mark.parametrize("name", [*KINDS, *LENGTHS])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_schema_of_calls_accepts_what_the_tool_accepts(
    name: str, data: st.DataObject
) -> None:
    """Bounds, patterns, lengths, choices and required arguments are all in it."""
    kinds = KINDS | LENGTHS
    tool = make_tool("act", {"a": (kinds[name][0], True), "b": (kinds[name][0], False)})
    arguments = data.draw(arguments_of(kinds, name))
    call = {"name": "act", "arguments": arguments}
    wanted = accepts(tool, arguments)
    assert fits(to_json_schema(Toolset(tool)), [call]) == wanted


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_strict_schema_accepts_what_the_tool_accepts(
    name: str, data: st.DataObject
) -> None:
    """Every argument is there; null says that an optional one is left out."""
    hint, values = KINDS[name]
    tool = make_tool("act", {"a": (hint, True), "b": (hint, False)})
    [document] = to_strict_tools(Toolset(tool))
    assert document["function"]["strict"] is True
    optional = st.none() | values
    written = data.draw(st.fixed_dictionaries({"a": values, "b": optional}))
    given_ones = {key: one for key, one in written.items() if key == "a" or one is not None}
    schema = document["function"]["parameters"]
    assert fits(schema, _in_full(schema, written)) == accepts(tool, given_ones)
    assert not fits(schema, {"a": written["a"]})


def _in_full(schema: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    """Write null for what an object inside leaves out, as a strict schema demands."""
    return {
        key: {"label": None, **one} if isinstance(one, dict) and "x" in one else one
        for key, one in written.items()
    }


def test_a_schema_of_calls_bars_every_other_shape() -> None:
    """No call at all, too many, another tool, and what no tool takes."""
    act = make_tool("act", {"a": (int, True)})
    rest = make_tool("rest", {})
    call = {"name": "act", "arguments": {"a": 1}}
    for tools in (Toolset(act), Toolset(act, rest)):
        schema = to_json_schema(tools)
        assert fits(schema, [call])
        assert fits(schema, [call] * 16)
        for wrong in (
            [],
            [call] * 17,
            call,
            [{"name": "act"}],
            [{"arguments": {"a": 1}}],
            [{**call, "more": 1}],
            [{"name": "other", "arguments": {"a": 1}}],
            [{"name": "act", "arguments": {"a": 1, "b": 2}}],
            [{"name": "rest", "arguments": {"a": 1}}],
        ):
            assert not fits(schema, wrong)
    assert fits(to_json_schema(Toolset(act, rest)), [{"name": "rest", "arguments": {}}])
