import asyncio
from typing import Any

import pytest

from agentkit import Agent, Context, Toolset, ToolsetError, tool
from agentkit.backends import Reply, ScriptedBackend
from agentkit.errors import ToolError
from agentkit.messages import ToolCall

LLAMA = {
    "name": "weather.get_current",
    "description": "Get the weather.",
    "parameters": {
        "type": "dict",
        "properties": {
            "city": {"type": "string", "description": "Where."},
            "limits": {"type": "array", "items": {"type": "float"}},
        },
        "required": ["city"],
    },
}
JSON_SCHEMA = {
    "name": "lookup",
    "parameters": {
        "type": "object",
        "properties": {"from": {"type": "integer"}},
        "required": ["from"],
    },
}
OPENAI = {"type": "function", "function": JSON_SCHEMA}


@tool
def one() -> int:
    """Give one."""
    return 1


@tool
def two() -> int:
    """Give two."""
    return 2


def test_order_and_lookup() -> None:
    """A toolset keeps its order, and finds tools by name."""
    toolset = Toolset(two, [one])
    assert toolset.names == ("two", "one")
    assert (len(toolset), "one" in toolset, "six" in toolset) == (2, True, False)
    assert toolset["one"] is one
    assert list(toolset) == [two, one]
    with pytest.raises(KeyError):
        toolset["six"]


def test_joining_and_selecting() -> None:
    """Toolsets join, and a part is taken by names, in the order asked."""
    both = Toolset(one) + Toolset(two)
    assert both.names == ("one", "two")
    assert both.select(["two"]).names == ("two",)
    with pytest.raises(ToolsetError, match="six"):
        both.select(["one", "six"])


def test_tools_get_other_names() -> None:
    """By a table or a rule; the model calls the new name, and the tool is as it was."""
    both = Toolset(one, two)
    assert both.renamed({"two": "second"}).names == ("one", "second")
    prefixed = both.renamed("my_{}".format)
    joined = both + prefixed
    assert joined.names == ("one", "two", "my_one", "my_two")
    script = ScriptedBackend(["[my_two()]", "It is 2."])
    outcome = Agent(joined, script).run("Give me two")
    told = [one.result for one in outcome.conversation if one.result]
    assert [(one.name, one.value) for one in told] == [("my_two", 2)]
    assert both.names == ("one", "two")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        pytest.param({"six": "seven"}, "no tool 'six'", id="not there"),
        pytest.param({"one": "two"}, "two tools are named 'two'", id="taken"),
        pytest.param({"one": "a b"}, "'a b' is no tool name", id="no name"),
    ],
)
def test_names_that_cannot_be_given(names: dict[str, str], message: str) -> None:
    """The error says which name, and nothing is renamed."""
    with pytest.raises(ToolsetError, match=message):
        Toolset(one, two).renamed(names)


@pytest.mark.parametrize(
    ("things", "message"),
    [
        pytest.param((one, one), "two tools are named 'one'", id="twice"),
        pytest.param((int,), "give a function, or what @tool made", id="class"),
        pytest.param((None,), "None is no tool", id="none"),
        pytest.param(("one",), "'o' is no tool", id="text"),
        pytest.param(({"name": "x"},), "is no tool", id="document"),
    ],
)
def test_what_is_no_toolset(things: Any, message: str) -> None:
    """Equal names and things that are no tools are refused in words."""
    with pytest.raises(ToolsetError, match=message):
        Toolset(*things)


def test_fingerprint_follows_what_the_model_sees() -> None:
    """Equal toolsets have equal fingerprints; another order is another prompt."""
    assert Toolset(one, two).fingerprint == Toolset([one, two]).fingerprint
    assert Toolset(one, two).fingerprint != Toolset(two, one).fingerprint


@pytest.mark.parametrize(
    ("document", "name", "arguments"),
    [
        pytest.param(LLAMA, "weather.get_current", {"city": "Oslo"}, id="llama"),
        pytest.param(JSON_SCHEMA, "lookup", {"from": 1}, id="json-schema"),
        pytest.param(OPENAI, "lookup", {"from": 1}, id="openai"),
        pytest.param({"name": "ping"}, "ping", {}, id="bare"),
    ],
)
def test_documents_of_each_dialect(
    document: dict[str, Any], name: str, arguments: dict[str, Any]
) -> None:
    """Each dialect becomes a tool that checks its arguments."""
    (made,) = Toolset.from_schemas([document])
    assert made.name == name
    assert made.parameters["type"] == "object"
    assert made.check(arguments, Context()) == arguments


def test_documents_are_not_changed() -> None:
    """A document belongs to the caller."""
    before = repr(LLAMA)
    (made,) = Toolset.from_schemas([LLAMA])
    assert made.parameters["properties"]["limits"]["items"] == {"type": "number"}
    assert repr(LLAMA) == before


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param({}, "no name", id="empty"),
        pytest.param({"name": ""}, "no name", id="empty-name"),
        pytest.param({"name": 7}, "no name", id="number"),
        pytest.param("lookup", "no name", id="text"),
        pytest.param(None, "no name", id="none"),
        pytest.param({"name": "f", "parameters": [1]}, "no JSON Schema", id="list"),
        pytest.param(
            {"name": "f", "parameters": {"properties": ["a"]}},
            "'f': its properties are no object",
            id="properties",
        ),
    ],
)
def test_malformed_documents(document: Any, message: str) -> None:
    """A malformed document is refused in one sentence."""
    with pytest.raises(ToolsetError, match=message):
        Toolset.from_schemas([document])


def test_two_documents_of_one_name() -> None:
    """Names are unique across documents too."""
    with pytest.raises(ToolsetError, match="two tools are named 'lookup'"):
        Toolset.from_schemas([JSON_SCHEMA, OPENAI])


def test_a_handler_without_a_document() -> None:
    """A handler that no document names is a mistake, and told."""
    with pytest.raises(ToolsetError, match="'lokup'"):
        Toolset.from_schemas([JSON_SCHEMA], {"lokup": print})


def test_handlers_run() -> None:
    """A document's handler is called with the arguments under their own names."""
    seen: list[dict[str, Any]] = []

    async def lookup(**arguments: Any) -> str:
        await asyncio.sleep(0)
        seen.append(arguments)
        return "found"

    toolset = Toolset.from_schemas([JSON_SCHEMA], {"lookup": lookup})
    asks = Reply(calls=(ToolCall("lookup", {"from": 1}),))
    outcome = Agent(toolset, ScriptedBackend([asks, "done"])).run("go")
    assert seen == [{"from": 1}]
    assert [r.value for r in outcome.calls] == ["found"]


def test_a_handler_keeps_its_own_defaults() -> None:
    """An optional argument that the model leaves out is not passed as None."""

    def weather(city: str, limits: tuple[float, ...] = (0.0, 1.0)) -> str:
        return f"{city} {limits}"

    (made,) = Toolset.from_schemas([LLAMA], {"weather.get_current": weather})
    checked = made.check({"city": "Oslo"}, Context())
    assert made.invoke(checked) == "Oslo (0.0, 1.0)"


def test_without_a_handler_it_only_plans() -> None:
    """A document alone can be planned with; running it says why it does not run."""
    (made,) = Toolset.from_schemas([JSON_SCHEMA])
    with pytest.raises(ToolError, match="a document only"):
        made.invoke({"from": 1})
