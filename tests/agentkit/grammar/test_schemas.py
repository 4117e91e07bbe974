"""The schemas of calls accept what a tool's own validator accepts, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from agentkit import Context
from agentkit.errors import InvalidArguments
from agentkit.grammar import to_json_schema, to_strict_tools
from agentkit.tools import AnyTool, Toolset
from tests.agentkit.grammar.random_tools import make_tool

Values = st.SearchStrategy[Any]
Fits = Callable[[Any], bool]


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
    "share": (
        Annotated[float, Field(ge=0, le=1)],
        st.sampled_from([-0.5, 0.0, 1.0, 1.5]),
    ),
    "inside": (Annotated[float, Field(gt=0, lt=1)], st.sampled_from([0.0, 0.5, 1.0])),
    "flag": (bool, st.booleans()),
    "choice": (Literal["one", "two"], st.sampled_from(["one", "two", "three"])),
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
    "table": (
        dict[str, Annotated[int, Field(ge=0)]],
        st.dictionaries(SOME_TEXT, NUMBERS),
    ),
}


def accepts(tool: AnyTool, arguments: dict[str, Any]) -> bool:
    """Tell whether the tool's own validator takes arguments."""
    try:
        tool.check(arguments, Context())
    except InvalidArguments:
        return False
    return True


def validator(schema: dict[str, Any]) -> Fits:
    """Return what tells whether a schema, which is one, allows a value."""
    library: Any = jsonschema
    library.Draft202012Validator.check_schema(schema)
    fits: Fits = library.Draft202012Validator(schema).is_valid
    return fits


@cache
def acting(name: str) -> AnyTool:
    """Make a tool that needs an argument `a` of a kind, and may have one `b`."""
    hint = (KINDS | LENGTHS)[name][0]
    return make_tool("act", {"a": (hint, True), "b": (hint, False)})


@cache
def loose(name: str) -> Fits:
    """Return the validator of a list of its calls."""
    return validator(to_json_schema(Toolset(acting(name))))


@cache
def strict(name: str) -> Fits:
    """Return the validator of its strict document."""
    [document] = to_strict_tools(Toolset(acting(name)))
    assert document["function"]["strict"] is True
    return validator(document["function"]["parameters"])


@pytest.mark.parametrize("name", [*KINDS, *LENGTHS])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_schema_of_calls_accepts_what_the_tool_accepts(
    name: str, data: st.DataObject
) -> None:
    """Bounds, patterns, lengths, choices and required arguments are all in it."""
    values = (KINDS | LENGTHS)[name][1]
    some: Values = st.fixed_dictionaries({}, optional={"a": values, "b": values})
    arguments: Any = data.draw(some)
    call = {"name": "act", "arguments": arguments}
    assert loose(name)([call]) == accepts(acting(name), arguments)


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_strict_schema_accepts_what_the_tool_accepts(
    name: str, data: st.DataObject
) -> None:
    """Every argument is there; null says that an optional one is left out."""
    values = KINDS[name][1]
    written = data.draw(st.fixed_dictionaries({"a": values, "b": st.none() | values}))
    meant = {key: one for key, one in written.items() if one is not None}
    assert strict(name)(in_full(written)) == accepts(acting(name), meant)
    assert not strict(name)({"a": written["a"]})


def in_full(written: dict[str, Any]) -> dict[str, Any]:
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
        schema = validator(to_json_schema(tools))
        assert schema([call])
        assert schema([call] * 16)
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
            assert not schema(wrong)
    both = validator(to_json_schema(Toolset(act, rest)))
    assert both([{"name": "rest", "arguments": {}}])
