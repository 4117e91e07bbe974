from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal, Optional

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from agentkit.context import Context
from agentkit.errors import InvalidArguments
from agentkit.slots import When
from agentkit.tools.schema import Signature, Source, signature_of


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


@dataclass
class Point:
    x: int
    y: int = 0


class Person(BaseModel):
    name: str
    home: Point | None = None


class Movie(TypedDict):
    title: str
    year: int


class Node(BaseModel):
    name: str
    children: list[Node] = Field(default_factory=list["Node"])


@dataclass
class Tree:
    branches: list[Tree] = field(default_factory=list["Tree"])


def read(function: Callable[..., Any], **descriptions: str) -> Signature:
    return signature_of(Source.of(function), descriptions=descriptions, namespace={})


def check(function: Callable[..., Any], **arguments: Any) -> dict[str, Any]:
    signature = read(function)
    assert signature.faults == ()
    return signature.validate(arguments, Context())


def takes_scalars(a: int, b: float, c: str, d: bool) -> None: ...
def takes_literal(a: Literal["x", "y", 3]) -> None: ...
def takes_enum(a: Colour, b: Level = Level.LOW) -> None: ...
def takes_optional(a: int | None = None, b: Optional[str] = None) -> None: ...  # noqa: UP045
def takes_list(a: list[int], b: dict[str, list[float]], c: set[str]) -> None: ...
def takes_dataclass(a: Point) -> None: ...
def takes_model(a: Person) -> None: ...
def takes_typed_dict(a: Movie) -> None: ...
def takes_node(a: Node) -> None: ...
def takes_tree(a: Tree) -> None: ...
def takes_dates(a: date, b: datetime | None = None) -> None: ...
def takes_limit(a: Annotated[int, Field(ge=1, le=9)]) -> None: ...
def takes_slot(a: When) -> None: ...
def takes_nothing() -> None: ...


GOOD: list[tuple[Callable[..., Any], dict[str, Any], Any]] = [
    (takes_scalars, {"a": 1, "b": 2, "c": "x", "d": True}, None),
    (takes_literal, {"a": 3}, {"a": 3}),
    (takes_enum, {"a": "red", "b": 2}, {"a": Colour.RED, "b": Level.HIGH}),
    (takes_enum, {"a": "red"}, {"a": Colour.RED, "b": Level.LOW}),
    (takes_optional, {}, {"a": None, "b": None}),
    (takes_optional, {"a": None, "b": "x"}, {"a": None, "b": "x"}),
    (
        takes_list,
        {"a": [1], "b": {"k": [1.5]}, "c": ["x", "x"]},
        {"a": [1], "b": {"k": [1.5]}, "c": {"x"}},
    ),
    (takes_dataclass, {"a": {"x": 1}}, {"a": Point(1, 0)}),
    (
        takes_model,
        {"a": {"name": "Ann", "home": {"x": 1, "y": 2}}},
        {"a": Person(name="Ann", home=Point(1, 2))},
    ),
    (takes_typed_dict, {"a": {"title": "M", "year": 1931}}, None),
    (takes_tree, {"a": {"branches": [{}]}}, {"a": Tree([Tree()])}),
    (takes_dates, {"a": "2030-01-02"}, {"a": date(2030, 1, 2), "b": None}),
    (takes_nothing, {}, {}),
]


@pytest.mark.parametrize(("function", "written", "value"), GOOD)
def test_arguments_become_values(
    function: Callable[..., Any], written: dict[str, Any], value: dict[str, Any] | None
) -> None:
    """JSON-like arguments become the values that the annotations promise."""
    assert check(function, **written) == (written if value is None else value)


BAD: list[tuple[Callable[..., Any], dict[str, Any], Any]] = [
    (takes_scalars, {"b": 2, "c": "x", "d": True}, "argument 'a' is required"),
    (takes_literal, {"a": "z"}, "must be 'x', 'y' or 3"),
    (takes_enum, {"a": "green"}, "must be 'red' or 'blue'"),
    (takes_list, {"a": ["x"], "b": {}, "c": []}, r"argument 'a\.0'"),
    (takes_dataclass, {"a": {"y": 1}}, r"argument 'a\.x' is required"),
    (takes_model, {"a": {"name": 1}}, r"argument 'a\.name'"),
    (takes_typed_dict, {"a": {"title": "M"}}, r"argument 'a\.year' is required"),
    (takes_node, {"a": {"name": "x", "children": [{}]}}, r"children\.0\.name"),
    (takes_limit, {"a": 10}, "must be at most 9"),
    (takes_nothing, {"a": 1}, "there is no argument 'a'; known: none"),
    (takes_slot, {"a": "blurgh"}, "^argument 'a': 'blurgh' is no date or time"),
]


@pytest.mark.parametrize(("function", "written", "message"), BAD)
def test_bad_arguments_are_told_precisely(
    function: Callable[..., Any], written: dict[str, Any], message: str
) -> None:
    """The message names the argument, what is wrong and what would be right."""
    with pytest.raises(InvalidArguments, match=message):
        check(function, **written)


def test_all_bad_arguments_are_told_together() -> None:
    """One message tells every fault of a call."""
    with pytest.raises(InvalidArguments) as caught:
        check(takes_scalars, a="x", c=1, e=2)
    assert [name in str(caught.value) for name in ("'a'", "'b'", "'c'", "'e'")] == [
        True
    ] * 4


def test_a_long_value_is_cut() -> None:
    """A message to a model does not repeat 100 kB of what it wrote."""
    with pytest.raises(InvalidArguments) as caught:
        check(takes_dates, a="x" * 100_000)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("function", "schema"),
    [
        (takes_literal, {"enum": ["x", "y", 3]}),
        (takes_enum, {"type": "string", "enum": ["red", "blue"]}),
        (takes_list, {"type": "array", "items": {"type": "integer"}}),
        (takes_limit, {"type": "integer", "minimum": 1, "maximum": 9}),
        (takes_dates, {"type": "string", "format": "date"}),
    ],
)
def test_schema_of_an_argument(
    function: Callable[..., Any], schema: dict[str, Any]
) -> None:
    """The schema says what the annotation says, without titles or references."""
    assert read(function).schema["properties"]["a"] == schema


def test_required_and_optional() -> None:
    """`required` lists exactly the parameters without a default."""

    def function(a: int, b: int = 2, c: int | None = None) -> None: ...

    schema = read(function).schema
    assert schema["required"] == ["a"]
    assert schema["properties"]["b"] == {"type": "integer", "default": 2}
    assert schema["properties"]["c"] == {"type": "integer", "default": None}


def test_descriptions() -> None:
    """A description comes from the docstring, unless a `Field` has its own."""

    def function(a: int, b: Annotated[int, Field(description="own")]) -> None: ...

    properties = read(function, a="from doc", b="from doc").schema["properties"]
    assert [properties[name]["description"] for name in "ab"] == ["from doc", "own"]


def test_a_mutable_default_is_not_shared() -> None:
    """Each call has a list of its own."""

    def function(tags: list[str] = []) -> None: ...  # noqa: B006

    check(function)["tags"].append("x")
    assert check(function) == {"tags": []}


def test_a_default_that_json_cannot_hold() -> None:
    """A sentinel default works; the schema leaves it out."""
    sentinel = object()

    def function(a: Any = sentinel) -> None: ...

    assert read(function).schema["properties"] == {"a": {}}
    assert check(function)["a"] is sentinel


@pytest.mark.parametrize("function", [takes_node, takes_tree])
def test_recursive_types_keep_their_definition(function: Callable[..., Any]) -> None:
    """A type that holds itself is referred to by a definition that is there."""
    schema = read(function).schema
    assert set(schema["$defs"]) <= {"Node", "Tree"}
    assert "$ref" in repr(schema["properties"])


def test_the_context_is_no_argument() -> None:
    """A parameter of type Context is handed over, not asked of the model."""

    def plain(a: int, context: Context) -> None: ...
    def optional(a: int, where: Context | None = None) -> None: ...

    found = [read(plain), read(optional)]
    assert [list(s.schema["properties"]) for s in found] == [["a"], ["a"]]
    assert [s.context_name for s in found] == ["context", "where"]


class Odd:
    """A type that JSON cannot express."""


def nothing_known(a, b=1): ...  # type: ignore[no-untyped-def]  # pyright: ignore
def any_number(*args: int, **more: str) -> None: ...
def positional(a: int, /) -> None: ...
def hidden(_a: int) -> None: ...
def unresolved(a: int, b: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore
def odd(a: Odd, b: list[Odd]) -> None: ...
def bad_default(a: int = "x", b: Literal["p"] = "q") -> None: ...  # type: ignore[assignment]  # pyright: ignore
def everything(a: Odd, *args: int, b: int = "x", _c: int) -> None: ...  # type: ignore[assignment]  # pyright: ignore


FAULTY: list[tuple[Callable[..., Any], list[str]]] = [
    (nothing_known, ["'a' has no type", "'b' has no type"]),
    (any_number, ["'args' takes any number", "'more' takes any number"]),
    (positional, ["'a' is positional-only"]),
    (hidden, ["'_a' starts with an underscore"]),
    (unresolved, ["annotation of 'b' cannot be resolved: name 'Nowhere'"]),
    (odd, ["type of 'a' has no schema", "type of 'b' has no schema"]),
    (bad_default, ["default of 'a' does not fit", "default of 'b' does not fit"]),
    (everything, ["'args' takes", "'_c' starts", "type of 'a'", "default of 'b'"]),
]


@pytest.mark.parametrize(("function", "faults"), FAULTY)
def test_all_faults_are_found_together(
    function: Callable[..., Any], faults: list[str]
) -> None:
    """Every fault of a signature is told at once, each with its parameter."""
    found = read(function).faults
    assert len(found) == len(faults), found
    for part, fault in zip(faults, found, strict=True):
        assert part in fault


def test_a_description_of_no_parameter() -> None:
    """A docstring that describes a parameter that is gone is a fault."""
    (fault,) = read(takes_nothing, gone="x").faults
    assert "'gone'" in fault
