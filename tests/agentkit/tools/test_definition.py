from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast

import pytest
from pydantic import BeforeValidator, Field

from agentkit import Context, InputNeeded, ToolDefinitionError, Toolset, tool
from agentkit.errors import InvalidArguments


@dataclass
class Event:
    title: str
    day: date


class Odd:
    """A type that JSON cannot express."""


@tool
def add(a: int, b: Annotated[int, Field(description="the second")] = 2) -> int:
    """Add two numbers.

    This paragraph is for people.

    Args:
        a: the first.
    """
    return a + b


@tool(effect="send", personal=True, untrusted=True, examples=["tell {to} [now]"])
async def text(to: str) -> str:
    """Send a text."""
    return f"sent to {to}"


def test_a_tool_is_still_its_function() -> None:
    """A decorated function is called, documented and inspected as before."""
    assert add(1) == 3
    assert asyncio.run(text("Ann")) == "sent to Ann"
    assert vars(add)["__name__"] == "add"
    assert (add.__doc__ or "").startswith("Add two numbers.")
    assert list(inspect.signature(add).parameters) == ["a", "b"]


def test_what_the_model_sees() -> None:
    """Name, first paragraph and argument schema are made from the function."""
    assert (add.name, add.description) == ("add", "Add two numbers.")
    assert add.parameters == {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "description": "the first."},
            "b": {"type": "integer", "description": "the second", "default": 2},
        },
        "required": ["a"],
    }


def test_declared_facts() -> None:
    """Effect, labels and examples are those declared."""
    assert (add.effect, add.is_async, add.examples) == ("write", False, ())
    assert (text.effect, text.is_async) == ("send", True)
    assert text.examples == ("tell {to} [now]",)
    assert (text.label.privacy, text.label.trust) == ("personal", "untrusted")
    assert (add.label.privacy, add.label.trust) == ("public", "trusted")


def test_name_can_be_given() -> None:
    """The model may know a tool by another name, dots included."""

    @tool(name="calendar.add_event")
    def function() -> None:
        """Add."""

    assert function.name == "calendar.add_event"


def test_local_types_resolve() -> None:
    """With postponed annotations, types local to the place of definition are found."""

    @dataclass
    class Here:
        x: int

    @tool
    def function(here: Here) -> Here:
        """Do it."""
        return here

    checked = function.check({"here": {"x": 1}}, Context())
    assert checked == {"here": Here(1)}
    assert function.dump(Here(1)) == {"x": 1}


def test_bound_method() -> None:
    """A method of an object with state becomes a tool without its `self`."""

    class Counter:
        def __init__(self) -> None:
            self.count = 0

        def more(self, by: int = 1) -> int:
            """Count on."""
            self.count += by
            return self.count

    counter = Counter()
    more = tool(counter.more)
    more.invoke(more.check({"by": 2}, Context()))
    assert counter.count == 2
    assert list(more.parameters["properties"]) == ["by"]


def test_wrapped_function() -> None:
    """A function behind another decorator keeps its signature."""

    def twice(function: Callable[[int], int]) -> Callable[[int], int]:
        @functools.wraps(function)
        def inner(a: int) -> int:
            return function(function(a))

        return inner

    @tool
    @twice
    def double(a: int) -> int:
        """Double it."""
        return 2 * a

    assert double.invoke(double.check({"a": 1}, Context())) == 4


def test_the_context_is_handed_over() -> None:
    """A tool that wants the context gets the run's."""

    @tool
    def home(context: Context) -> str:
        """Tell the home."""
        return str(context.home)

    context = Context()
    assert home.check({}, context) == {"context": context}
    with pytest.raises(InvalidArguments, match="no argument 'context'"):
        home.check({"context": {"home": "/"}}, context)


class _Nobody:
    """Holds a validator that only the user can satisfy."""

    @staticmethod
    def ask(value: Any) -> Any:
        raise InputNeeded("who", "Which Ann?", ("Ann A", "Ann B"))


def test_a_slot_type_may_ask() -> None:
    """InputNeeded from a validator comes out of `check` as it is."""

    @tool
    def call(who: Annotated[str, BeforeValidator(_Nobody.ask)]) -> None:
        """Call them."""

    with pytest.raises(InputNeeded, match="Which Ann"):
        call.check({"who": "Ann"}, Context())


@pytest.mark.parametrize(
    ("value", "dumped"),
    [
        pytest.param(
            [Event("x", date(2030, 1, 2))],
            [{"title": "x", "day": "2030-01-02"}],
            id="dataclass",
        ),
        pytest.param({"a": {1, 2}}, {"a": [1, 2]}, id="set"),
        pytest.param(b"\xff", "b'\\xff'", id="bytes"),
        pytest.param(_Nobody, str(_Nobody), id="class"),
    ],
)
def test_any_result_dumps(value: Any, dumped: Any) -> None:
    """Whatever a tool returns becomes JSON-like data or text, never an error."""

    @tool
    def function():  # type: ignore[no-untyped-def]
        """Do it."""

    assert function.dump(value) == dumped


def test_a_result_of_the_wrong_type_dumps() -> None:
    """A function that breaks its own promise has a result all the same."""

    @tool
    def function() -> int:
        """Do it."""
        return 0

    circle: list[Any] = []
    circle.append(circle)
    assert function.dump("text") == "text"
    assert isinstance(function.dump(object()), str)
    assert isinstance(function.dump(circle), str)


def test_wording_gets_the_value_back() -> None:
    """A tool's wording sees the type that the function returned."""

    @tool(wording=lambda event: f"{event.title} on {event.day:%A}")
    def find() -> Event:
        """Find it."""
        return Event("Lunch", date(2030, 1, 2))

    assert find.word(find.dump(find())) == "Lunch on Wednesday"
    assert add.word(3) == "3"
    assert text.word("ok") == "ok"


def test_preview_and_plain_description() -> None:
    """An approval shows the tool's preview, else the arguments."""

    def preview(to: str) -> str:
        return f"Text {to}"

    @tool(effect="send", preview=preview)
    def send(to: str) -> None:
        """Send it."""

    @tool(effect="send")
    def post(to: str, context: Context) -> None:
        """Post it."""

    assert send.describe({"to": "Ann"}) == "Text Ann"
    assert post.describe(post.check({"to": "Ann"}, Context())) == "to: Ann"


def faults_of(make: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(ToolDefinitionError) as caught:
        make()
    assert all(fault in str(caught.value) for fault in caught.value.faults)
    return caught.value.faults


def test_all_faults_are_told_together() -> None:
    """One error lists every fault: name, effect, docstring, parameters, types."""

    def function(a, *rest: int, b: Odd): ...  # type: ignore[no-untyped-def]  # pyright: ignore

    bad: Any = "explode"
    given = cast(Any, function)
    faults = faults_of(lambda: tool(name="no good", effect=bad)(given))
    parts = ["no tool name", "effect 'explode'", "no docstring", "'a'", "'rest'", "'b'"]
    assert [p for p, f in zip(parts, faults, strict=True) if p not in f] == []


def documented(a: int) -> None:
    """Do it."""


async def streaming(a: int) -> AsyncIterator[int]:
    """Do it."""
    yield a


@pytest.mark.parametrize(
    ("thing", "fault"),
    [
        pytest.param("name", "no function", id="text"),
        pytest.param(Event, "no function", id="class"),
        pytest.param(streaming, "async generator", id="async-generator"),
        pytest.param(lambda: 1, "no tool name", id="lambda"),
    ],
)
def test_only_functions_become_tools(thing: Any, fault: str) -> None:
    """What is no plain function is refused in words."""
    assert any(fault in found for found in faults_of(lambda: tool(thing)))


@pytest.mark.parametrize(
    "name", ["", "a" * 65, "7up", "with space", "a(b)", "ünïcode", "x\n"]
)
def test_names_that_no_parser_reads(name: str) -> None:
    """A name is letters, digits, `_ . -`, 64 at most."""
    if not name:
        assert tool(name=name)(documented).name == "documented"
        return
    assert any(
        "no tool name" in f for f in faults_of(lambda: tool(name=name)(documented))
    )


def test_examples_name_parameters() -> None:
    """An example sentence may only mark slots that are parameters."""
    (fault,) = faults_of(lambda: tool(examples=["do {b} and {a}"])(documented))
    assert "{b}" in fault


def test_a_tool_goes_into_a_set() -> None:
    """Tools are told apart by identity and can be keys."""
    assert len({add, text, add}) == 2
    assert Toolset(add, text).names == ("add", "text")
