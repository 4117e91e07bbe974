"""The homes that field cases are tried in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agentkit import Context

Driver = Callable[[str, str, Path], bool]
NOW = datetime(2026, 11, 18, 9, tzinfo=ZoneInfo("Europe/Berlin"))


class Undriven(Exception):
    """No driver understands a row's prose."""


def context_of(home: Path, now: datetime = NOW) -> Context:
    """Make a context of Kim's."""
    return Context(home=home, now=now, user_email="kim@berg.example")


def use(one: Any, home: Path, **arguments: Any) -> Any:
    """Check a tool's arguments and run it."""
    context = context_of(home)
    return one.invoke(one.check(arguments, context))
