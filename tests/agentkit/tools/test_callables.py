"""Tools from whatever can be called, as applications have it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import EmailStr, Field

from agentkit import (
    Agent,
    Context,
    ToolDefinitionError,
    Toolset,
    ToolsetError,
    tool,
)
from agentkit.backends import ScriptedBackend
from agentkit.outcomes import Approval


def weather(city: str, unit: str = "C") -> str:
    """Tell the weather.

    Args:
        city: where.
        unit: of the temperature.
    """
    return f"20 {unit} in {city}"


async def later(city: str) -> str:
    """Tell tomorrow's weather."""
    return f"rain in {city}"


# As it stands in a signature: a default that is a field.
TAGS: list[str] = Field(default_factory=list[str])


class Notes:
    """Notes of one user."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def count(self, least: int = 0) -> int:
        """Count the notes."""
        return len([one for one in self.kept if len(one) >= least])

    def _unkeep(self, kept: int, context: Context) -> None:
        del self.kept[kept - 1]

    def _shown(self, text: str, tags: list[str]) -> str:
        return f"Keep {text!r} as number {len(self.kept) + 1}"

    @tool(effect="delete", undo=_unkeep, preview=_shown)
    def keep(
        self,
        text: str,
        tags: list[str] = TAGS,
    ) -> int:
        """Keep a note.

        Args:
            text: what to keep.
            tags: under which words.
        """
        self.kept.append(" ".join([text, *tags]))
        return len(self.kept)

    @tool(effect="read")
    async def find(self, word: str) -> list[str]:
        """Find notes."""
        return [one for one in self.kept if word in one]

    @tool(effect="read")
    @staticmethod
    def zone(city: str) -> str:
        """Tell a time zone."""
        return f"Europe/{city}"

    @classmethod
    @tool(effect="read")
    def limit(cls) -> str:
        """Tell how many notes there may be."""
        return f"{cls.__name__}: 100"


class FindRoom:
    """Find a room."""

    def __init__(self, house: str) -> None:
        self.house = house

    def __call__(self, seats: int, floor: int = 1) -> str:
        return f"{self.house}, floor {floor}, {seats} seats"


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


def ran(tools: Any, calls: str) -> list[tuple[str, Any]]:
    """Let an agent call tools; return what came of each call."""
    agent = Agent(
        tools=tools,
        backend=ScriptedBackend([calls, "Done."]),
        approve=lambda _: True,
    )
    outcome = agent.run(f"Please do {calls}")
    return [(one.status, one.value) for one in outcome.calls]


def notes() -> Notes:
    return Notes()


@pytest.mark.parametrize(
    ("given", "call", "value"),
    [
        (weather, "weather(city='Oslo')", "20 C in Oslo"),
        (later, "later(city='Oslo')", "rain in Oslo"),
        (functools.partial(weather, unit="F"), "weather(city='Rome')", "20 F in Rome"),
        (functools.partial(weather, "Rome"), "weather(unit='F')", "20 F in Rome"),
        (functools.partial(later, "Bonn"), "later()", "rain in Bonn"),
        (FindRoom("West"), "find_room(seats=4)", "West, floor 1, 4 seats"),
        (
            functools.partial(FindRoom("East"), floor=2),
            "find_room(seats=4)",
            "East, floor 2, 4 seats",
        ),
        (notes().count, "count()", 0),
        (logged(weather), "weather(city='Oslo')", "20 C in Oslo"),
        (functools.lru_cache(weather), "weather(city='Oslo')", "20 C in Oslo"),
        (notes().find, "find(word='x')", []),
        (Notes.zone, "zone(city='Oslo')", "Europe/Oslo"),
        (notes().zone, "zone(city='Oslo')", "Europe/Oslo"),
        (Notes.limit, "limit()", "Notes: 100"),
    ],
    ids=[
        "function", "coroutine function", "partial by name", "partial by place",
        "partial of a coroutine function", "object", "partial of an object", "method",
        "behind a decorator", "cached", "tool of a class body", "static",
        "static of an object", "class method",
    ],
)  # fmt: skip
def test_whatever_can_be_called(given: Any, call: str, value: Any) -> None:
    """An agent takes it as it is, and calls it."""
    assert ran([given], f"[{call}]") == [("done", value)]


def test_what_a_partial_fills_in_no_model_sees() -> None:
    """Neither the argument nor what the docstring says of it, and it cannot be passed."""
    (made,) = Toolset(functools.partial(weather, unit="F"))
    assert list(made.parameters["properties"]) == ["city"]
    ((status, told),) = ran([made], "[weather(city='Oslo', unit='C')]")
    assert status == "error"
    assert "no argument 'unit'" in told


def test_each_object_has_its_own_tools() -> None:
    """Two objects of a class with `@tool` in its body share no state."""
    mine, yours = Notes(), Notes()
    assert ran(Toolset.from_object(mine), "[keep(text='a')]") == [("done", 1)]
    assert ran([mine.find, mine.count], "[find(word='a')]") == [("done", ["a"])]
    assert (mine.kept, yours.kept) == (["a"], [])
    assert Toolset.from_object(yours).names == ("keep", "find", "zone", "limit")


def test_a_method_is_called_as_before() -> None:
    """By its object, with defaults that are a `Field` filled in."""
    mine = Notes()
    assert (mine.keep("a"), mine.keep("b", ["c"])) == (1, 2)
    assert mine.kept == ["a", "b c"]
    assert Notes.zone("Oslo") == "Europe/Oslo"


def test_what_stands_beside_a_method_is_bound_too() -> None:
    """Its preview and its undo see the object."""
    mine = Notes()
    asked: list[str] = []

    def approve(approval: Approval) -> bool:
        asked.append(approval.preview)
        return True

    agent = Agent(
        tools=[mine.keep],
        backend=ScriptedBackend(["[keep(text='milk')]", "Kept."]),
        approve=approve,
    )
    agent.run("Keep milk")
    assert (asked, mine.kept) == (["Keep 'milk' as number 1"], ["milk"])
    agent.undo()
    assert mine.kept == []


def test_a_required_field_must_be_given() -> None:
    """Who calls a tool directly without it is told as Python tells it."""

    @tool(effect="read")
    def twice(text: str = Field(..., min_length=1)) -> str:
        """Say it twice."""
        return text * 2

    assert twice("a") == twice(text="a") == "aa"
    with pytest.raises(TypeError, match="missing a required argument: 'text'"):
        twice()


def test_a_method_without_its_object() -> None:
    """It is no tool yet, and the error says what to write."""
    with pytest.raises(ToolsetError, match=r"is a method: .* Notes\(\.\.\.\)\.keep"):
        Toolset(Notes.keep)
    with pytest.raises(ToolsetError, match="FindRoom has no method that is a tool"):
        Toolset.from_object(FindRoom("West"))


def test_one_tool_without_a_list() -> None:
    """The error says what to write."""
    with pytest.raises(ToolsetError, match=r"tools=\[weather\]"):
        Agent(tools=tool(weather))  # type: ignore[arg-type]  # pyright: ignore


def test_types_of_the_place_where_the_agent_is_made() -> None:
    """Annotations of a plain function may speak of local types."""

    class Size(str):
        """A size."""

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
            return handler(str)

    def order(size: Size) -> str:
        """Order."""
        return size

    agent = Agent(tools=[order], backend=ScriptedBackend(["[order(size='small')]", ""]))
    assert agent.run("Order small").calls[0].value == "small"


def test_a_type_whose_package_is_missing() -> None:
    """The fault names the argument and what to install."""

    def write(to: EmailStr, text: str) -> None:
        """Write."""

    with pytest.raises(ToolDefinitionError, match=r"'to' .*pip install") as raised:
        Agent(tools=[write])
    assert "email-validator" in str(raised.value)


def test_tools_may_change_from_run_to_run(tmp_path: Path) -> None:
    """A function chooses them by the context; what is gone is no tool of the run."""

    def tools(context: Context[set[str]]) -> list[Callable[..., Any]]:
        return [weather] if "weather" in context.deps else [later]

    open_to = {"weather"}
    backend = ScriptedBackend(["[weather(city='Oslo')]", "20 C."] * 2)
    agent = Agent(
        tools=tools, backend=backend, context=Context(home=tmp_path, deps=open_to)
    )
    assert agent.run("Weather in Oslo?").calls[0].status == "done"
    assert agent.toolset.names == ("weather",)
    open_to.clear()
    result = agent.run("Weather in Oslo?").calls[0]
    assert (result.status, agent.toolset.names) == ("error", ("later",))
    assert "Unknown tool 'weather'" in result.value
