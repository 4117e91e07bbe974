"""What arguments share, and what each has of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Optional

import pytest
from pydantic import AliasChoices, BaseModel, Field

from agentkit import Context, tool
from agentkit.errors import InvalidArguments
from agentkit.tools.schema.arguments import Accepted, Argument


@dataclass
class Seat:
    row: int


def node_of(kind: type[Any]) -> type[BaseModel]:
    """Return a type that holds itself, and is called as others are."""

    class Node(BaseModel):
        value: kind  # type: ignore[valid-type]  # pyright: ignore
        below: list[Node] = []

    Node.model_rebuild()
    return Node


def takes(**hints: Any) -> Callable[..., None]:
    """Return a function of two parameters of these types."""

    def take(first: Any, second: Any) -> None:
        """Take two values."""

    take.__annotations__ = {"first": str, "second": str, **hints}
    return take


@pytest.mark.parametrize(
    "make",
    [
        lambda: str,
        lambda: list[int],
        lambda: Annotated[str, Field(max_length=3, description="few")],
        lambda: Seat,
        lambda: Literal["a", "b"],
        lambda: int | None,
    ],
    ids=["text", "list", "bounds", "dataclass", "choice", "optional"],
)
def test_equal_types_share_their_validator(make: Callable[[], Any]) -> None:
    """Twenty tools with a text each have one validator of texts."""
    one, two = (tool(takes(first=make())).signature.arguments for _ in range(2))
    assert one["first"].accepted is two["first"].accepted


@pytest.mark.parametrize(
    ("hint", "other"),
    [
        (int | str, str | int),
        (Literal["a", "b"], Literal["b", "a"]),
        (Literal[1], Literal[True]),
    ],
    ids=str,
)
def test_what_is_written_otherwise_is_shown_otherwise(hint: Any, other: Any) -> None:
    """Equal unions and choices keep the order in which each was written."""
    shown = [Accepted.by(one).schema for one in (hint, other)]
    assert repr(shown[0]) != repr(shown[1])


def test_two_types_of_one_name_stay_two() -> None:
    """Recursive types that are called alike refer to a definition each."""
    made = tool(takes(first=node_of(int), second=node_of(str)))
    assert len(made.parameters["$defs"]) == 2
    kinds = {
        one["properties"]["value"]["type"] for one in made.parameters["$defs"].values()
    }
    assert kinds == {"integer", "string"}


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


def test_a_tagged_union_is_shown_once() -> None:
    """What a tag decides between stands in the options, and not in definitions again."""
    union = Annotated[Cat | Dog, Field(discriminator="kind")]
    made = tool(takes(first=union))
    assert "$defs" not in made.parameters
    options = made.parameters["properties"]["first"]["oneOf"]
    assert [one["properties"]["kind"]["const"] for one in options] == ["cat", "dog"]


def aliased(value: int = Field(alias="number")) -> int:
    """Take a number.

    Args:
        value: which one.
    """
    return value


def chosen(
    value: Annotated[int, Field(validation_alias=AliasChoices("n", "m"))],
) -> int:
    """Take a number."""
    return value


def made_later(value: Annotated[list[int], Field(default_factory=list)]) -> list[int]:
    """Take numbers."""
    return value


def checked_default(value: int = Field("7", validate_default=True)) -> int:  # pyright: ignore
    """Take a number."""
    return value


@pytest.mark.parametrize(
    ("function", "written", "passed"),
    [
        (aliased, {"number": 3}, {"value": 3}),
        (chosen, {"n": 3}, {"value": 3}),
        (made_later, {}, {"value": []}),
        (checked_default, {}, {"value": 7}),
    ],
    ids=["alias", "first of the aliases", "default factory", "checked default"],
)
def test_what_a_field_says_holds(
    function: Callable[..., Any], written: dict[str, Any], passed: dict[str, Any]
) -> None:
    """Alias, factory and checked default of a `Field(...)` are those of the argument."""
    made = tool(function)
    assert made.check(written, Context()) == passed
    assert set(written) <= set(made.parameters["properties"])


def test_what_is_made_later_is_not_asked_for() -> None:
    """An argument with a default factory is none that the model must write."""
    assert "required" not in tool(made_later).parameters


def test_a_surplus_value_inside_is_told_by_its_path() -> None:
    """A value too many inside of an argument is no argument that is not known."""

    def seat(place: Seat) -> None:
        """Take a seat."""

    with pytest.raises(InvalidArguments, match=r"there is no 'place\.side'"):
        tool(seat).check({"place": {"row": 1, "side": "left"}}, Context())


NOTED: tuple[Any, ...] = (
    Optional[Annotated[str, "who it is"]],  # noqa: UP045
    Optional[Annotated[str, Field(description="who it is")]],  # noqa: UP045
    Annotated[str | None, "who it is"],
)


@pytest.mark.parametrize("hint", NOTED)
def test_a_note_within_optional_describes_the_argument(hint: Any) -> None:
    """What is said of the one type of an optional argument is said of the argument."""
    argument = Argument.of("who", hint, None, None)
    assert argument.schema["description"] == "who it is"
