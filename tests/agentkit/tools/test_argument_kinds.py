"""Arguments of every kind: made into a schema, written by a model, given to the function."""

from __future__ import annotations

import collections
import enum
import ipaddress
import json
import re
import typing
import uuid
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Optional,
    Required,
    TypeAlias,
    TypedDict,
    Union,
)

import pytest
import typing_extensions
from pydantic import (
    AfterValidator,
    AnyUrl,
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Discriminator,
    Field,
    HttpUrl,
    Json,
    PositiveInt,
    RootModel,
    SecretStr,
    StringConstraints,
    Tag,
    conint,
    constr,
)

from agentkit import (
    Agent,
    Amount,
    Context,
    Duration,
    Recurrence,
    ToolCall,
    When,
    format_calls,
)
from agentkit.backends import ScriptedBackend


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mode(enum.StrEnum):
    FAST = "fast"


class Rights(enum.IntFlag):
    READ = 1
    WRITE = 2


@dataclass
class Point:
    x: int
    y: int = 0


@dataclass(frozen=True, kw_only=True)
class Box:
    corner: Point
    tags: list[str] = field(default_factory=list[str])


@dataclass
class Tree:
    branches: list[Tree]


class Person(BaseModel):
    name: str
    home: Point | None = None


class Renamed(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    first: str = Field(alias="firstName")


class Numbers(RootModel[list[int]]):
    """A list with a name."""


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str]


class Movie(TypedDict):
    title: str
    year: NotRequired[int]


class Partly(TypedDict, total=False):
    sku: Required[str]
    movies: list[Movie]


class Folder(TypedDict):
    name: str
    inside: list[Folder]


class Extended(typing_extensions.TypedDict):
    title: str


class Pair(NamedTuple):
    left: int
    right: str = "r"


UserId = NewType("UserId", int)
Names: TypeAlias = list[str]
JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | bool | None"


def _kind(value: Any) -> str:
    return "point" if "x" in value else "box"


def _half(value: str) -> Fraction:
    return Fraction(value)


class Celsius:
    """Brings its own schema, as types of other libraries do."""

    def __init__(self, degrees: float) -> None:
        self.degrees = degrees

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Celsius) and other.degrees == self.degrees

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(
            cls, core_schema.float_schema()
        )


NOON = datetime(2030, 1, 2, 12, 0, tzinfo=UTC)
NOW = Context(now=datetime(2030, 1, 1, 9, 0, tzinfo=UTC))

# What the function's annotation is, what a model writes, what the function gets.
KINDS: dict[str, tuple[Any, Any, Any]] = {
    "int": (int, 3, 3),
    "float": (float, 2.5, 2.5),
    "str": (str, "x", "x"),
    "bool": (bool, True, True),
    "None": (None, None, None),
    "bytes": (bytes, "ab", b"ab"),
    "complex as text": (complex, "1+2j", 1 + 2j),
    "Any": (Any, {"a": [1]}, {"a": [1]}),
    "object": (object, "x", "x"),
    "optional": (int | None, None, None),
    "typing.Optional": (Optional[int], 4, 4),  # noqa: UP045
    "union": (int | str, "x", "x"),
    "typing.Union": (Union[bool, list[int]], [1], [1]),  # noqa: UP007
    "literal": (Literal["a", 2, True], 2, 2),
    "enum": (Colour, "red", Colour.RED),
    "int enum": (Level, 2, Level.HIGH),
    "text enum": (Mode, "fast", Mode.FAST),
    "flags": (Rights, 1, Rights.READ),
    "list": (list[int], [1, 2], [1, 2]),
    "bare list": (list, [1, "a"], [1, "a"]),
    "list of lists": (list[list[float]], [[1.5]], [[1.5]]),
    "set": (set[str], ["a", "a"], {"a"}),
    "frozenset": (frozenset[int], [1, 1], frozenset({1})),
    "pair": (tuple[int, str], [1, "a"], (1, "a")),
    "long tuple": (tuple[int, ...], [1, 2, 3], (1, 2, 3)),
    "sequence": (Sequence[int], [1], [1]),
    "iterable": (Iterable[int], [1, 2], [1, 2]),
    "deque": (collections.deque[int], [1], collections.deque([1])),
    "dict": (dict[str, int], {"a": 1}, {"a": 1}),
    "bare dict": (dict, {"a": [1]}, {"a": [1]}),
    "dict with number keys": (dict[int, str], {"1": "a"}, {1: "a"}),
    "mapping": (Mapping[str, list[int]], {"a": [1]}, {"a": [1]}),
    "mutable mapping": (MutableMapping[str, int], {"a": 1}, {"a": 1}),
    "defaultdict": (
        collections.defaultdict[str, int],
        {"a": 1},
        collections.defaultdict(int, {"a": 1}),
    ),
    "dataclass": (Point, {"x": 1}, Point(1, 0)),
    "nested dataclass": (Box, {"corner": {"x": 1}}, Box(corner=Point(1))),
    "recursive dataclass": (Tree, {"branches": [{"branches": []}]}, Tree([Tree([])])),
    "list of dataclasses": (list[Point], [{"x": 1}], [Point(1)]),
    "model": (Person, {"name": "A", "home": {"x": 1}}, Person(name="A", home=Point(1))),
    "model with an alias": (Renamed, {"firstName": "A"}, Renamed(firstName="A")),
    "root model": (Numbers, [1, 2], Numbers([1, 2])),
    "discriminated union": (
        Annotated[Cat | Dog, Field(discriminator="kind")],
        {"kind": "dog", "tricks": ["sit"]},
        Dog(kind="dog", tricks=["sit"]),
    ),
    "told apart by a function": (
        Annotated[
            Annotated[Point, Tag("point")] | Annotated[Box, Tag("box")],
            Discriminator(_kind),
        ],
        {"x": 2},
        Point(2),
    ),
    "typing.TypedDict": (Movie, {"title": "M"}, {"title": "M"}),
    "TypedDict in a TypedDict": (
        Partly,
        {"sku": "s", "movies": [{"title": "M", "year": 1931}]},
        {"sku": "s", "movies": [{"title": "M", "year": 1931}]},
    ),
    "TypedDict that holds itself": (
        Folder,
        {"name": "a", "inside": [{"name": "b", "inside": []}]},
        {"name": "a", "inside": [{"name": "b", "inside": []}]},
    ),
    "list of TypedDicts, or none": (list[Movie] | None, [{"title": "M"}], [{"title": "M"}]),
    "typing_extensions.TypedDict": (Extended, {"title": "M"}, {"title": "M"}),
    "named tuple": (Pair, [1, "x"], Pair(1, "x")),
    "new type": (UserId, 7, UserId(7)),
    "alias": (Names, ["a"], ["a"]),
    "recursive alias": (
        typing_extensions.TypeAliasType("Nested", "int | list[Nested]"),  # noqa: F821  # pyright: ignore
        [1, [2]],
        [1, [2]],
    ),
    "date": (date, "2030-01-02", date(2030, 1, 2)),
    "datetime": (datetime, "2030-01-02T12:00:00+00:00", NOON),
    "time": (time, "14:30", time(14, 30)),
    "timedelta": (timedelta, "PT90S", timedelta(seconds=90)),
    "decimal": (Decimal, "1.10", Decimal("1.10")),
    "UUID": (uuid.UUID, str(uuid.UUID(int=5)), uuid.UUID(int=5)),
    "path": (Path, "a/b.txt", Path("a/b.txt")),
    "pattern": (re.Pattern[str], "a+", re.compile("a+")),
    "IP address": (ipaddress.IPv4Address, "10.0.0.1", ipaddress.IPv4Address("10.0.0.1")),
    "URL": (HttpUrl, "https://a.org/x", HttpUrl("https://a.org/x")),
    "any URL": (AnyUrl, "ftp://a.org/", AnyUrl("ftp://a.org/")),
    "secret": (SecretStr, "hush", SecretStr("hush")),
    "JSON in a text": (Json[list[int]], json.dumps([1]), [1]),
    "bytes of a size": (ByteSize, "2KB", ByteSize(2000)),
    "bounded number": (Annotated[int, Field(ge=1, le=9)], 9, 9),
    "described by a text": (Annotated[str, "the city"], "Oslo", "Oslo"),
    "positive": (PositiveInt, 2, 2),
    "constrained by a call": (conint(gt=1), 2, 2),
    "text that fits a pattern": (
        Annotated[str, StringConstraints(pattern="^[a-z]+$", max_length=3)],
        "abc",
        "abc",
    ),
    "text that is tidied": (constr(strip_whitespace=True, to_lower=True), " AB ", "ab"),
    "validated before": (Annotated[Any, BeforeValidator(_half)], "1/2", Fraction(1, 2)),
    "validated after": (Annotated[int, AfterValidator(abs)], -3, 3),
    "a type with its own schema": (Celsius, 21.5, Celsius(21.5)),
    "When": (When, "2030-01-02T12:00:00+00:00", None),
    "Duration": (Duration, "half an hour", None),
    "Amount": (Amount, "3 EUR", None),
    "Recurrence": (Recurrence, "every day", None),
}  # fmt: skip


def tool_taking(hint: Any, got: list[Any]) -> Callable[[Any], str]:
    """Write a plain function, as a user does, that keeps what it is given."""

    def take(value: Any) -> str:
        """Take it."""
        got.append(list(value) if typing.get_origin(hint) is Iterable else value)
        return "taken"

    take.__annotations__["value"] = hint
    return take


@pytest.mark.parametrize(("hint", "written", "value"), KINDS.values(), ids=KINDS)
def test_an_argument_reaches_its_function(hint: Any, written: Any, value: Any) -> None:
    """A plain function is given the value that its annotation promises, through a run."""
    got: list[Any] = []
    call = format_calls([ToolCall("take", {"value": written})])
    backend = ScriptedBackend([call, "Done."])
    agent = Agent(
        tools=[tool_taking(hint, got)], backend=backend, context=NOW, journal=False
    )
    outcome = agent.run(f"Take {written}")
    assert [(one.status, one.value) for one in outcome.calls] == [("done", "taken")]
    assert agent.toolset["take"].parameters["properties"].keys() == {"value"}
    (given,) = got
    assert given == value if value is not None else given is not None or written is None


WRONG: dict[str, tuple[Any, Any, str]] = {
    "typing.TypedDict": (Movie, {"year": 1}, r"argument 'value\.title' is required"),
    "TypedDict in a TypedDict": (Partly, {"sku": "s", "movies": [{}]}, r"movies\.0\.title"),
    "TypedDict that holds itself": (Folder, {"name": "a", "inside": [{}]}, r"inside\.0"),
    "described by a text": (Annotated[int, "how many"], "x", "must be a whole number"),
    "list of TypedDicts, or none": (list[Movie] | None, [{}], r"0\.title"),
}  # fmt: skip


@pytest.mark.parametrize(("hint", "written", "fault"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_reaches_none(hint: Any, written: Any, fault: str) -> None:
    """The model is told what is wrong, and the function is not called."""
    got: list[Any] = []
    call = format_calls([ToolCall("take", {"value": written})])
    agent = Agent(
        tools=[tool_taking(hint, got)], backend=ScriptedBackend([call, "Sorry."])
    )
    (result,) = agent.run("Take what I say.").calls
    assert (result.status, got) == ("error", [])
    assert re.search(fault, str(result.value))
