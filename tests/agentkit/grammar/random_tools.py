"""Makes tools with arguments of types drawn at random."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from agentkit.slots import Contact, Duration, When
from agentkit.tools import AnyTool, Toolset, tool


class Size(Enum):
    SMALL = "small"
    LARGE = "very large"


class Level(Enum):
    LOW = 1
    HIGH = 2


class Point(BaseModel):
    x: float
    y: float = 0.0
    label: str | None = None


class Order(TypedDict):
    item: str
    count: Annotated[int, Field(ge=1, le=99)]


@dataclass
class Tree:
    name: str
    children: list[Tree]


TYPES: dict[str, Any] = {
    "text": str,
    "short": Annotated[str, Field(max_length=5)],
    "long": Annotated[str, Field(min_length=20)],
    "code": Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{3,5}$")],
    "inner": Annotated[str, Field(pattern=r"ab|c+d?")],
    "file": Annotated[str, Field(pattern=r"^[^\s'\"]+\.(txt|md)$", max_length=30)],
    "whole": int,
    "percent": Annotated[int, Field(ge=0, le=100)],
    "year": Annotated[int, Field(gt=1899, lt=2101)],
    "offset": Annotated[int, Field(ge=-720, le=840)],
    "even": Annotated[int, Field(multiple_of=2, ge=0, le=50)],
    "real": float,
    "share": Annotated[float, Field(ge=0, le=1)],
    "latitude": Annotated[float, Field(ge=-90, le=90)],
    "positive": Annotated[float, Field(gt=0)],
    "narrow": Annotated[float, Field(gt=0.25, lt=0.375)],
    "below": Annotated[float, Field(lt=-3.5)],
    "flag": bool,
    "choice": Literal["celsius", "fahrenheit", 'it\'s "odd"', "None"],
    "mixed": Literal[1, "one", True],
    "size": Size,
    "level": Level,
    "maybe": str | None,
    "either": int | str,
    "words": list[str],
    "few": Annotated[list[int], Field(min_length=1, max_length=3)],
    "pair": tuple[int, str],
    "unique": set[str],
    "table": dict[str, int],
    "free": dict[str, Any],
    "anything": Any,
    "point": Point,
    "points": list[Point],
    "order": Order,
    "tree": Tree,
    "day": date,
    "moment": datetime,
    "clock": time,
    "span": timedelta,
    "id": UUID,
    "when": When,
    "duration": Duration,
    "contact": Contact,
    "rows": list[list[float]],
    "options": dict[str, list[Literal["a", "b"]]],
}


def make_tool(name: str, arguments: dict[str, tuple[Any, bool]]) -> AnyTool:
    """Make a tool.

    Args:
        name: of the tool.
        arguments: type of each argument, and whether it is required.
    """

    def run(**_: Any) -> str:
        return ""

    parameters = [
        inspect.Parameter(
            key,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if required else None,
            annotation=hint if required else hint | None,
        )
        for key, (hint, required) in arguments.items()
    ]
    function: Any = run
    function.__name__ = name
    function.__doc__ = f"Do what {name} says."
    function.__signature__ = inspect.Signature(parameters)
    function.__annotations__ = {p.name: p.annotation for p in parameters}
    make: Callable[[Any], AnyTool] = tool
    return make(function)


def make_toolset(
    rng: random.Random, tools: int, *, leave: Collection[str] = ()
) -> Toolset:
    """Make a toolset with up to six arguments a tool, of all types but those to leave."""
    types = [key for key in TYPES if key not in leave]
    return Toolset(
        [
            make_tool(
                f"tool_{index}",
                {
                    key: (TYPES[key], rng.random() < 0.6)
                    for key in rng.sample(types, rng.randint(0, 6))
                },
            )
            for index in range(tools)
        ]
    )
