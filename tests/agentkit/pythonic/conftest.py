"""Small toolsets for reading tests: names, schemas and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass(frozen=True)
class Named:
    """A tool as far as reading its calls goes."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})


class Tools:
    """The tools of a test, in order."""

    def __init__(self, *tools: Named) -> None:
        self._tools = {tool.name: tool for tool in tools}

    def __contains__(self, name: object) -> bool:
        return name in self._tools

    def __getitem__(self, name: str) -> Named:
        return self._tools[name]

    def __iter__(self) -> Iterator[Named]:
        return iter(self._tools.values())


def schema(*required: str, **properties: Mapping[str, Any]) -> dict[str, Any]:
    """Write an object schema."""
    return {"type": "object", "properties": properties, "required": list(required)}


TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
REAL = {"type": "number"}
TRUTH = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}
UNITS = {"type": "string", "enum": ["celsius", "fahrenheit"]}
LABELS = {"type": "object"}


@pytest.fixture(scope="session")
def assistant() -> Tools:
    """Tools with schemas, as an assistant has them."""
    return Tools(
        Named("get_weather", schema("city", city=TEXT, days=WHOLE, unit=UNITS)),
        Named(
            "create_event",
            schema(
                "title", title=TEXT, guests=TEXTS, online=TRUTH, hours=REAL, tags=LABELS
            ),
        ),
        Named("calendar.find", schema(text=TEXT, **{"from": TEXT, "user-id": WHOLE})),
        Named("clock"),
    )


@pytest.fixture(scope="session")
def anything() -> Tools:
    """Tools that take whatever they are given."""
    return Tools(Named("f"), Named("g"), Named("calendar.find"))
